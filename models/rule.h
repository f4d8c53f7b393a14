/* A rule of export control: what it covers, when, and what it asks. The keys that all kinds share
 * are here; those of one kind are in policy/. */
#ifndef MDL_RULE_H
#define MDL_RULE_H

#include "models/policy/policy.h"

/* Keys of a licence; used by the licence kind, and where a civil order is taken for a military one.
 */
struct mdl_licence {
    const char *office_id;
    uint32_t office;          /* number in the scenario; UINT32_MAX if none */
    double approval;          /* NAN = the office's */
    struct sim_dist review_d; /* constant 0 = the office's */
    double limit_d;           /* days of the office in which it must decide; NAN = the office's */
    double validity_d;        /* INFINITY = no end */
    struct sim_dist file_d;   /* days from the order to the filing: papers of the end user */
    int apply_at;             /* 0 at the order, 1 when the goods are ready */
    int make_at;              /* 0 the exporter makes to the order, 1 to the licence */
    int32_t general_from;     /* day of the general licences by list; SIM_DAY_NONE = none */
    const char *general_list; /* exporters or buyers that get one */
    int64_t general_after;    /* so many licences granted to a pair give it one; 0 = never */
    double general_d;         /* days that a general licence is good for */
    char *general_site;       /* [n_site] by general_list; NULL = none */
};

struct mdl_rule {
    const char *id, *name, *list, *entity_list, *exporter_list, *source;
    int32_t announced, from, until, suspended_from, suspended_until;
    struct sim_strs origin, destination, end_use, hs, content_elements, content_origin;
    int64_t scope;        /* entries of the catalogue it covers, not disclosed; -1 = not said */
    double content_share; /* of the value, 0 = any */
    double content_g;     /* grams in one unit, 0 = any */
    double ownership_min; /* a firm owned by a listed one to this part is listed too */
    double military_share_min, order_usd_min, order_quantity_min;
    int caught_only;           /* only buyers listed for a diversion */
    int action;                /* index into mdl_policies */
    double probability;        /* that the rule exists, drawn once per run */
    double mistaken_civil;     /* chance that a civil order line is taken for a military one, ... */
    double mistaken_by_share;  /* ... times 1 + this x the buyer's military share */
    double suspect_buyer;      /* chance that all civil lines of a buyer are; drawn once per run */
    int mistaken_action;       /* 0 licence, 1 deny */
    double grace_d;            /* orders placed before `from` pass for so many days after it */
    int undertaking;           /* civil goods that pass are promised to civil use */
    double hoard_d;            /* days of cover that buyers add from the announcement on */
    int front_load;            /* exporters serve covered orders first until it is in force */
    double decline, decline_d; /* chance that an exporter takes no covered order for so many days
                                  after the announcement */
    struct mdl_licence licence;
    const void *own;     /* the kind's own keys, mdl_policies[action]->size bytes */
    double *chance;      /* [n_product] that it covers the product: list, scope, heading, the most
                            that the product can contain */
    double *list_chance; /* [n_product] the same by list and scope alone */
    double *buyer_chance, *exporter_chance;     /* [n_site] by their lists; NULL = everybody */
    int uncertain;                              /* some of these chances lie between 0 and 1 */
    char *matches_origin, *matches_destination; /* [n_country] */
    int matches_use[MDL_USES];
    uint32_t content;   /* bits of content_elements; 0 = does not ask */
    char *content_from; /* [n_country] content_origin */
    uint64_t hash;
    const struct sim_tree *tree;
};

extern const struct sim_key mdl_rule_keys[];

/* The kind of the entry `t` by its action, or NULL. */
const struct mdl_policy *mdl_rule_kind(const struct sim_tree *t);

/* Reads the entry `t` of a scenario's list of rules, whose offices are read. Returns 0 or
 * SIM_EINPUT, all faults gathered. */
int mdl_rule_read(struct mdl_rule *r, const struct mdl_scenario *s, const struct sim_tree *t,
                  struct sim_arena *a, struct sim_err *err) SIM_CHECKED;

/* Ties a rule to the network: lists, countries, entities, elements. Returns 0 or SIM_EINPUT. */
int mdl_rule_link(struct mdl_rule *r, struct sim_arena *a, const struct mdl_network *n,
                  struct sim_err *err) SIM_CHECKED;

/* Is the rule in force on a day? A rule with from <= start applies all through the warm-up. */
int mdl_rule_active(int32_t start, const struct mdl_rule *r, int32_t day);

/* Has it been announced, and does it stand: not ended, not suspended? Settled rules (from <= start)
 * have no announcement. */
int mdl_rule_announced(int32_t start, const struct mdl_rule *r, int32_t day);

/* First day on which orders placed before `from` pass no longer. */
int32_t mdl_rule_grace_end(const struct mdl_rule *r);

/* Could the rule ever meet goods on this lane (origin, destination, product, buyer, exporter)? */
int mdl_rule_covers(const struct mdl_rule *r, const struct mdl_network *n,
                    const struct mdl_lane *lane);

/* Countries by names: countries of the network, groups of lists.csv, "!X" for all but X. Fills
 * to[n_country] with 0 and 1 (all 1 for no names). key: for faults. Returns 0 or SIM_EINPUT. */
int mdl_rule_countries(char *to, struct sim_strs names, const struct sim_tree *at, const char *key,
                       const struct mdl_network *n, struct sim_err *err) SIM_CHECKED;

/* Goods by control list: fills chance[n_product] with the chance that a product is on the list (1
 * for all where list is NULL or empty). scope as in struct mdl_rule. Returns 0 or SIM_EINPUT. */
int mdl_rule_goods(double *chance, const char *list, int64_t scope, const struct sim_tree *at,
                   const struct mdl_network *n, struct sim_err *err) SIM_CHECKED;

/* Sites by entity list: fills chance[n_site] with the chance that a site's company is on the list
 * or owned by one that is, to ownership_min. draw: NULL, or the uniform numbers by which uncertain
 * entities are judged, [n_entity]: chance is then 0 or 1. Returns how many rows the list has. */
uint32_t mdl_rule_firms(double *chance, const char *list, double ownership_min, const double *draw,
                        const struct mdl_network *n);

/* The larger of the military shares of a site and its company; 0 for UINT32_MAX. */
double mdl_rule_military_share(const struct mdl_network *n, uint32_t site);

/* The largest of a company's sites, for what is drawn once for the company: chance that the rule
 * suspects it, at most 1. Source: suspect_buyer x (1 + mistaken_by_share x military share). */
double mdl_rule_suspicion(const struct mdl_rule *r, const struct mdl_network *n, uint32_t site);

/* Grams of the rule's elements of its origins in one unit of goods with this origin vector (NULL =
 * all that it holds). usd: their value, filled. Source: content x share separated in the origins,
 * models/README.md. */
double mdl_rule_content_g(const struct mdl_rule *r, const struct mdl_network *n, uint32_t product,
                          const double *share, double *usd);

/* Does what one unit contains reach the rule's thresholds? */
int mdl_rule_content(const struct mdl_rule *r, const struct mdl_network *n, uint32_t product,
                     const double *share);

#endif
