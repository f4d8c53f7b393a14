/* Kinds of export-control rule. One file a kind: its keys and what it asks of a shipment that it
 * matches. */
#ifndef MDL_POLICY_H
#define MDL_POLICY_H

#include "models/network.h"

/* The kinds, in the order of their names: a new one is a new file and one word here. */
#define MDL_POLICIES(X) X(deny) X(inspect) X(licence) X(notify) X(quota) X(tax)

enum { MDL_MAX_NEEDS = 12 }; /* requirements that one order line can meet */

struct mdl_rule;
struct mdl_scenario;

/* One leg of a way through a third country. */
struct mdl_leg {
    uint32_t from, to; /* countries */
    uint32_t exporter; /* site; UINT32_MAX = a trader on no list */
    uint32_t buyer;    /* the same */
};

/* What a rule is asked about: one order line at the border. */
struct mdl_shipment {
    const struct mdl_network *net;
    const struct mdl_lane *lane;
    const struct mdl_leg *leg; /* NULL = straight from the lane's supplier to its buyer */
    int use;                   /* enum mdl_use: the declared end use */
    int64_t quantity;          /* quanta ordered */
    int32_t day;               /* of the test */
    int32_t placed;            /* day the order was placed */
    uint32_t nth; /* among the lines of this lane and end use that were placed that day, from 0 */
    uint64_t seed;
    uint32_t run;
    const double *share; /* origin vector of the goods (mdl_network_width doubles); NULL = unknown:
                            they may come from anywhere */
    int caught;          /* the buyer is listed for a diversion that was found out */
};

/* Index of the draws that belong to one order line: the day it was placed, its end use, and its
 * number among the lines of that lane, use and day. */
static inline uint64_t mdl_line_index(int32_t placed, int use, uint32_t nth)
{
    return (uint64_t)(uint32_t)placed << 17 | (uint64_t)(uint16_t)nth << 1 | (uint64_t)use;
}

/* Requirements, in the order in which they are served: papers in parallel, then inspections of the
 * goods, then quota. */
enum mdl_need_kind {
    MDL_NEED_LICENCE,    /* from the rule's office */
    MDL_NEED_NOTICE,     /* a notification: a number of days */
    MDL_NEED_INSPECTION, /* days at the border, or a test in a laboratory */
    MDL_NEED_QUOTA       /* part of the rule's quota */
};
enum mdl_leg_of { MDL_STRAIGHT, MDL_LEG_OUT, MDL_LEG_ON };
struct mdl_ask {
    uint32_t rule;
    int kind;     /* enum mdl_need_kind */
    int leg;      /* enum mdl_leg_of: of a way through a third country */
    double days;  /* of a notice, an inspection; 0 */
    int32_t from; /* goods may leave without it before that day: the end of the days of grace */
};
struct mdl_levy {
    uint32_t rule;
    double rate; /* share of the value */
};

/* What all matching rules ask together. A refusal beats everything. Filled by policies, in rule
 * order. */
struct mdl_verdict {
    int denied;   /* 1 + number of the first rule that refuses; 0 = none */
    int declined; /* the same for a rule whose announcement makes the exporter refuse */
    int n_ask, n_tax;
    struct mdl_ask ask[MDL_MAX_NEEDS];
    struct mdl_levy tax[MDL_MAX_NEEDS];
    int civil_only; /* passes under a civil end-use undertaking */
};

/* Adds a requirement, without grace. More than MDL_MAX_NEEDS are a bug: loading a study refuses
 * such rules. */
void mdl_verdict_ask(struct mdl_verdict *v, uint32_t rule, int kind, double days);

struct mdl_policy {
    const char *name; /* the word after `action =` */
    const char *meaning;
    const struct sim_key *keys; /* its own keys; the struct that they fill has `size` bytes */
    size_t size;
    unsigned whys; /* bits 1 << enum mdl_why: causes that its rules can be */
    /* Checks what the keys alone cannot (an office that exists). 0 or SIM_EINPUT. May be NULL. */
    int (*check)(const struct mdl_scenario *s, const struct mdl_rule *r, struct sim_err *err);
    /* Adds what the rule asks of a shipment that it matches. Changes nothing else; draws are keyed.
     */
    void (*judge)(const struct mdl_rule *r, uint32_t number, const struct mdl_shipment *s,
                  struct mdl_verdict *v);
};

/* Why an order line waits, or a plant stands. From MDL_WHY_DENIED to MDL_WHY_SEIZED a rule is the
 * cause. */
enum mdl_why {
    MDL_WHY_UNEXPLAINED,
    MDL_WHY_OWN_STOCK, /* no order line is overdue: the buyer's own stock policy */
    MDL_WHY_TRANSPORT, /* shipped, and late on the way */
    MDL_WHY_CAPACITY,  /* a site makes as much as it can */
    MDL_WHY_DENIED,    /* a rule refuses it */
    MDL_WHY_REFUSED,   /* a licence was refused */
    MDL_WHY_LICENCE,   /* waits for a licence */
    MDL_WHY_INSPECTION,
    MDL_WHY_NOTICE,   /* a notification runs */
    MDL_WHY_QUOTA,    /* the quota is used up */
    MDL_WHY_DECLINED, /* the exporter takes no new orders since the rule was announced */
    MDL_WHY_SEIZED,   /* seized on a way through a third country */
    MDL_WHY_SHOCK,    /* what befell a site, a lane or a market: no rule */
    MDL_WHYS
};
static inline int mdl_why_is_rule(int why)
{
    return why >= MDL_WHY_DENIED && why <= MDL_WHY_SEIZED;
}
enum { MDL_RULE_WHYS = MDL_WHY_SHOCK - MDL_WHY_DENIED };
extern const char *const mdl_why_words[MDL_WHYS];

#define MDL_POLICY_DECLARE(x) extern const struct mdl_policy mdl_policy_##x;
MDL_POLICIES(MDL_POLICY_DECLARE)
#undef MDL_POLICY_DECLARE
extern const struct mdl_policy *const mdl_policies[]; /* ended by NULL */
extern const char *const mdl_policy_words[];          /* their names, ended by NULL */

/* The own keys of a quota, which an actor keeps: quota.c. */
enum mdl_quota_period { MDL_MONTH, MDL_QUARTER, MDL_HALF_YEAR, MDL_YEAR };
enum mdl_quota_per { MDL_PER_ALL, MDL_PER_DESTINATION, MDL_PER_EXPORTER };
struct mdl_quota {
    double amount;     /* a period */
    int measure;       /* 0 units, 1 USD */
    int period, per;   /* as above */
    int pro_rata;      /* 0 first come, first served */
    double carry_over; /* share of what is left that the next period gets on top */
};

#endif
