/* What the files why*.c share; for nobody else. */
#ifndef ANA_WHY_INNER_H
#define ANA_WHY_INNER_H

#include "analysis/compare_inner.h"
#include "analysis/show_inner.h"
#include "analysis/why.h"

/* Kinds of event, by their words in the file. */
enum ana_event {
    ANA_EV_PLACED,
    ANA_EV_UNPLACED,
    ANA_EV_TOLD,
    ANA_EV_TURNED_AWAY,
    ANA_EV_ASKED_BACK,
    ANA_EV_TAKEN_BACK,
    ANA_EV_RECEIVED,
    ANA_EV_ACCEPTED,
    ANA_EV_REFUSED,
    ANA_EV_DUE,
    ANA_EV_PREPARED,
    ANA_EV_FILED,
    ANA_EV_GRANTED,
    ANA_EV_TURNED_DOWN,
    ANA_EV_ASKED,
    ANA_EV_CLEARED,
    ANA_EV_WITHDRAWN,
    ANA_EV_HELD,
    ANA_EV_CANCELLED,
    ANA_EV_SHIPPED,
    ANA_EV_SEIZED,
    ANA_EV_STARTED,
    ANA_EV_SHORT,
    ANA_EV_MISSED,
    ANA_EV_LOST,
    ANA_EV_OTHER
};

/* The events of one run: rows from .. until - 1 of the columns. */
struct ana_events {
    const struct sim_result *r;
    size_t from, until;
    const int32_t *day, *site, *partner, *product, *plant, *cause, *rule, *input, *office;
    const int64_t *order;
    const float *quantity, *against, *days;
    const int8_t *kind, *use;
    int8_t word[128]; /* enum ana_event of a value of `kind` */
};

/* Finds the rows of q's run. Returns 0, or SIM_EINPUT when r has no trace. */
int ana_events_find(struct ana_events *e, const struct sim_result *r,
                    const struct ana_why_question *q, struct sim_err *err) SIM_CHECKED;

static inline enum ana_event ana_event_at(const struct ana_events *e, size_t i)
{
    return (enum ana_event)e->word[(unsigned char)e->kind[i] & 127];
}

/* An order line as its buyer knows it. */
struct ana_order {
    int64_t number;
    int32_t supplier, placed, promised, cause, since; /* days; cause told last, -1 = none */
    int use;
    double quantity, open;
    double weight; /* for sorting */
};
struct ana_orders {
    struct ana_order *o;
    size_t n, cap;
};
/* Open orders of a site for a product before row `upto`. Returns 0 or SIM_ENOMEM; freed by the
 * caller. */
int ana_orders_open(struct ana_orders *to, const struct ana_events *e, int site, int product,
                    size_t upto, struct sim_err *err) SIM_CHECKED;

/* What is said, and to whom. */
struct ana_why {
    struct ana_show s;
    struct ana_show_options o;
    struct ana_compare c;
    struct ana_events e;
    struct ana_para p;
    struct sim_err *err;
    char *said_site, *said_rule, *said_product; /* those named in full before */
};
/* Returns 0 or SIM_ENOMEM; freed by ana_why_end in any case. */
int ana_why_begin(struct ana_why *w, FILE *to, const struct sim_result *r,
                  const struct ana_why_question *q, struct sim_err *err) SIM_CHECKED;
void ana_why_end(struct ana_why *w);
/* "1,120 kg", "3 pieces" */
void ana_why_amount(char to[ANA_SHOW_CELL], const struct ana_why *w, int product, double x);
/* The date of a day; the label of a point. */
const char *ana_why_date(char to[ANA_SHOW_CELL], const struct ana_why *w, int32_t day);
const char *ana_why_label(const struct ana_why *w, const char *axis, int i);
/* A site, a rule, a product into the paragraph: with its name the first time, then by its id. */
void ana_why_site(struct ana_why *w, int site);
void ana_why_rule(struct ana_why *w, int rule);
void ana_why_product(struct ana_why *w, int product);

/* Missed starts by cause (places on the axis; -1 = nobody has said). */
enum { ANA_MIX_MAX = 32 };
struct ana_mix {
    size_t n;
    int cause[ANA_MIX_MAX];
    double q[ANA_MIX_MAX], all;
};

/* A line on a day. The input is the one that most of the missed starts lacked; -1 = none. */
struct ana_line {
    int plant, product, input, use;
    double planned, started, missed, stock, need, cover;
    struct ana_mix mix;
    size_t row; /* the last of its rows on that day */
};

/* Where the chain stands: a site that lacks `input`, or whose line is to be looked at. */
struct ana_at {
    int site, plant, cause; /* plant -1: it only trades; cause -1: not known yet */
    int input, use;         /* use -1: both */
    int32_t day;
    size_t upto; /* what happened before this row counts */
};

/* What holds an order at its supplier. */
struct ana_fate {
    size_t paper, shipped; /* rows; 0 = none. paper: asked for under the cause's rule, unanswered */
    double held, sent;
};

/* ---- why_line.c ---- */

void ana_mix_add(struct ana_mix *m, int cause, double q);
int ana_mix_most(const struct ana_mix *m); /* -1 = none */
/* Text beside a cause on its axis ("cause_rule"), "" where there is none; is its kind this one? */
const char *ana_why_cause(const struct ana_why *w, const char *coord, int cause);
int ana_why_is(const struct ana_why *w, int cause, const char *why);
/* The input for which most starts are missed where the chain stands, by the cause that is followed;
 * without missed starts one that is short; -1 = none. wanted -1: any. */
int ana_line_input(const struct ana_events *e, const struct ana_at *at, int wanted);
void ana_line_look(const struct ana_events *e, struct ana_line *l, const struct ana_at *at,
                   int wanted);
/* The line of a site that lost most on a day, by value of the starts missed; else one that is
 * short; else one that planned. -1: none planned anything. */
int ana_line_pick(const struct ana_why *w, const struct ana_why_question *q);
void ana_line_say(struct ana_why *w, int step, int site, int32_t day, const struct ana_line *l);
void ana_line_causes(struct ana_why *w, const struct ana_mix *m, int followed);

/* ---- why_market.c ---- */

/* What a market lost on the day of the question: the goods and end use of which most was lost by
 * value into at, by cause into mix; the largest cause is followed. Returns 0 where nothing was. */
int ana_market_look(const struct ana_why *w, const struct ana_why_question *q, struct ana_at *at,
                    struct ana_mix *mix);
void ana_market_say(struct ana_why *w, const struct ana_at *at, const struct ana_mix *mix,
                    const struct ana_why_question *q);
/* The day on which most was lost there, by value; the last, on which all who wait count too, only
 * where nothing was lost before. SIM_DAY_NONE: nothing was lost. */
int32_t ana_market_worst_day(const struct ana_why *w, const struct ana_why_question *q);

/* ---- why_root.c: the ends of a chain ---- */

struct ana_fate ana_fate_of(const struct ana_why *w, int64_t order, size_t upto, int cause);
void ana_root_paper(struct ana_why *w, const struct ana_fate *f, const struct ana_at *at);
/* Refusals that left a need without an order: were there any? Returns 0 if there are none. */
int ana_root_refused(const struct ana_why *w, const struct ana_at *at);
int ana_root_refusal(struct ana_why *w, const struct ana_at *at);
/* What a supplier was asked for, started and owes of a product. */
void ana_root_capacity(struct ana_why *w, int site, const struct ana_at *at);
void ana_root_transport(struct ana_why *w, const struct ana_order *o, const struct ana_fate *f,
                        const struct ana_at *at);
void ana_root_other(struct ana_why *w, const struct ana_at *at, const struct ana_order *o);

#endif
