/* Why a shipment may leave, or not: which rules of a scenario meet it and which do not, with what
 * chance, what they ask, and what happens then. For people (`lodestone explain`).
 *
 * A code path of its own: it shares the tables and the rules with the gate (gate.h), not the code
 * that judges, so that a test can hold one against the other. */
#ifndef MDL_EXPLAIN_H
#define MDL_EXPLAIN_H

#include "models/scenario.h"

/* The shipment that is asked about. A lane is not needed. */
struct mdl_question {
    uint32_t from, to, product; /* numbers in the network */
    int use;                    /* enum mdl_use, the declared end use */
    int64_t quantity;           /* quanta ordered */
    int32_t day;                /* of the test at the border */
    int32_t placed;             /* day the order was placed */
    int caught;                 /* the buyer's company is listed for a diversion */
    const double *share; /* origin vector of the goods (mdl_network_width doubles), borrowed; NULL =
                            unknown: they may come from anywhere */
};

/* Why a rule does not meet a shipment: the first of these that holds. */
enum mdl_reason {
    MDL_MEETS,
    MDL_NOT_BORDER,
    MDL_NOT_ANNOUNCED,
    MDL_NOT_IN_FORCE, /* announced */
    MDL_NOT_ANY_MORE,
    MDL_NOT_SUSPENDED,
    MDL_NOT_ORIGIN,
    MDL_NOT_DESTINATION,
    MDL_NOT_LIST,
    MDL_NOT_HEADING,
    MDL_NOT_USE,
    MDL_NOT_BUYER,
    MDL_NOT_EXPORTER,
    MDL_NOT_MILITARY_SHARE,
    MDL_NOT_VALUE,
    MDL_NOT_QUANTITY,
    MDL_NOT_CONTENT,
    MDL_NOT_GRACE, /* the rule would refuse it, but for its days of grace */
    MDL_NOT_CAUGHT,
    MDL_REASONS
};

/* What one rule says of a shipment. The texts are in the arena. */
struct mdl_finding {
    int reason;      /* enum mdl_reason */
    const char *why; /* the reason in words, or what makes it meet */
    /* chances of what is not known, 1 where it is: the rule exists; goods, buyer and exporter are
     * on its lists; the order is taken for one that the rule is for (mistaken, suspected); the
     * share of order lines that it does something to */
    double exists, listed, buyer, exporter, taken, picked;
    double chance;            /* of all that together: that it does to this order what it does */
    double bound;             /* chance that goods under an undertaking are civil-only */
    double declined;          /* chance that the exporter takes no such order on `placed` */
    const char *chances;      /* in words; "" where nothing is uncertain */
    struct mdl_verdict alone; /* what it asks if it does: days are medians */
    const char *asks;         /* in words; "" for nothing */
    const char *also;         /* what it does besides: hoarding, declining ...; "" for nothing */
};

/* A thing that takes time on the way, in the order in which it is served. */
enum mdl_step_kind {
    MDL_STEP_ORDER,  /* made to order: days before the supplier lets it go */
    MDL_STEP_PAPERS, /* a licence or a notification: all of them side by side, beside the making */
    MDL_STEP_INSPECTION, /* one after the other */
    MDL_STEP_QUOTA,
    MDL_STEP_CUSTOMS,
    MDL_STEP_TRANSIT,
    MDL_STEP_EXTRA /* of a way through a third country */
};
struct mdl_step {
    int kind;
    uint32_t rule;  /* UINT32_MAX = none */
    double chance;  /* that it is asked */
    double days;    /* median, on the calendar, without what is in the queue before it */
    double granted; /* chance that the licence is, 1 for all else */
    int queue;      /* there is a queue: of an office with so many reviewers, of a quota */
    int ready;      /* papers that are filed when the goods are ready */
    int32_t from;   /* goods may leave without it before that day; SIM_DAY_NONE = it has no grace */
    const char *text;
};

/* The steps of a way, one after the other but for papers. */
struct mdl_course {
    uint32_t n_step;
    struct mdl_step *step;
    double least_d, most_d; /* sum of the medians of the certain steps, of all steps */
    double granted;         /* chance that the offices grant all licences that are asked */
};

/* One leg of a way, over one border. */
struct mdl_path {
    struct mdl_leg leg;
    struct mdl_finding *rule; /* [n_rule of the scenario], in its order */
    /* What is certain, and all that may be asked: any verdict of the gate, in any run, lies between
     * the two, and where nothing is left to chance they are equal to it. A verdict holds the first
     * MDL_MAX_NEEDS requirements. Days are medians. */
    struct mdl_verdict surely, possibly;
    double refused; /* chance that a rule refuses it, if the chances of the rules are independent */
};

/* A way through a third country, for goods that a rule refuses: out to a trader, declared civil,
 * and on to the buyer. Orders that a rule refuses on either leg do not take it. */
struct mdl_bypass {
    uint32_t detour;  /* number in the scenario */
    const char *text; /* who tries it, how long it takes, at what risk */
    struct mdl_path leg[2];
    struct mdl_course course; /* of both: their papers are side by side too */
};

struct mdl_explanation {
    uint32_t lane; /* the first that joins the two with these goods; UINT32_MAX = none */
    struct mdl_path way;
    struct mdl_course course;
    uint32_t n_bypass; /* 0 where no rule can refuse it */
    struct mdl_bypass *bypass;
};

/* Explains; everything in `e` lives in `a`. O(rules x (detours + 1) x rows of lists). */
void mdl_explain(struct mdl_explanation *e, struct sim_arena *a, const struct mdl_scenario *s,
                 const struct mdl_network *n, const struct mdl_question *q);

/* Numbers for people: three digits, whole ones with commas from 1,000 on (0.015, 14.2, 12,500); a
 * share as "2.5 %"; days as "8.4", "17". Return `to`. */
enum { MDL_NUMBER = 40 };
const char *mdl_explain_number(double x, char to[MDL_NUMBER]);
const char *mdl_explain_percent(double share, char to[MDL_NUMBER]);
const char *mdl_explain_days(double d, char to[MDL_NUMBER]);

#endif
