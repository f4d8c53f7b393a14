/* What the files of `explain` share. Internal to models/. */
#ifndef MDL_EXPLAIN_INNER_H
#define MDL_EXPLAIN_INNER_H

#include "models/explain.h"

/* A text that grows; what does not fit is cut off. */
struct mdl_words {
    size_t n;
    char text[4000];
};
void mdl_explain_add(struct mdl_words *w, const char *fmt, ...) SIM_FORMAT(2, 3);
/* The same after "; " where there is something already. */
void mdl_explain_also(struct mdl_words *w, const char *fmt, ...) SIM_FORMAT(2, 3);
const char *mdl_explain_keep(const struct mdl_words *w, struct sim_arena *a);

const char *mdl_explain_date(int32_t day, char to[11]);

/* One leg of a way, and the rule that is looked at. */
struct mdl_case {
    const struct mdl_scenario *s;
    const struct mdl_network *n;
    const struct mdl_question *q;
    const struct mdl_product *product;
    int use; /* as declared */
    struct mdl_leg leg;
    int caught;
    double units;
};

/* Chance that a firm is on an entity list, itself or through its owners; in words who is, or why it
 * is not. site UINT32_MAX = a trader, on no list. */
double mdl_explain_firm(const struct mdl_case *c, const struct mdl_rule *r, const char *list,
                        uint32_t site, struct mdl_words *w);

/* Grams in one unit of the rule's elements of its origins, and their value. */
double mdl_explain_content(const struct mdl_case *c, const struct mdl_rule *r, double *usd);

/* Bits 1 << enum mdl_reason of all that keeps the rule from meeting the case; in words the first of
 * them, or what makes it meet. */
unsigned mdl_explain_match(const struct mdl_case *c, const struct mdl_rule *r, struct mdl_words *w);

/* Reasons that do not say whether a rule is about such goods and firms at all. */
enum {
    MDL_OF_TIME = 1 << MDL_NOT_ANNOUNCED | 1 << MDL_NOT_IN_FORCE | 1 << MDL_NOT_ANY_MORE |
                  1 << MDL_NOT_SUSPENDED | 1 << MDL_NOT_USE | 1 << MDL_NOT_GRACE
};

/* Fills f->alone, f->picked and f->asks by what the rule, whose number is k, asks. mistaken: of
 * civil goods taken for military ones. */
void mdl_explain_asks(const struct mdl_case *c, uint32_t k, int mistaken, struct mdl_finding *f,
                      struct sim_arena *a);

/* Fills f->also and f->declined, for a rule that is about such goods and firms; known = chance that
 * it exists and covers them. */
void mdl_explain_besides(const struct mdl_case *c, uint32_t k, double known, struct mdl_finding *f,
                         struct sim_arena *a);

/* "14 d", "14 d (90 %: 5 to 38)", divided by speed; unit: "d", "working days". */
void mdl_explain_add_days(struct mdl_words *w, const struct sim_dist *d, double speed,
                          const char *unit);

/* The step of a licence: median of its days from the order (or from the goods' being ready) to the
 * decision, on the calendar, without the queue. Kind, rule, chance and text are left empty. */
struct mdl_step mdl_explain_licence(const struct mdl_case *c, const struct mdl_rule *r);

/* Day from which goods may not leave without what the rule asks; SIM_DAY_NONE where the order has
 * no grace. */
int32_t mdl_explain_grace(const struct mdl_case *c, const struct mdl_rule *r);

#endif
