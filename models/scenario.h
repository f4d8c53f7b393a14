/* A scenario: what differs from study to study. Read from a libconfig file by the key tables here.
 */
#ifndef MDL_SCENARIO_H
#define MDL_SCENARIO_H

#include "models/hoard.h"
#include "models/override.h"
#include "models/price.h"
#include "models/recycle.h"
#include "models/reserve.h"
#include "models/rule.h"
#include "models/shock.h"
#include "models/trigger.h"

/* Who is served first: applications of the first entry, by rank, that matches. */
struct mdl_priority {
    const char *id, *entity_list, *list;
    int64_t rank; /* applications that no entry matches have 100 */
    struct sim_strs destination;
    char *to;      /* [n_country] */
    double *buyer; /* [n_site] > 0 = on the list; NULL = everybody */
    double *goods; /* [n_product] > 0 = on the list */
    const struct sim_tree *tree;
};

/* From a day on. */
struct mdl_staffing {
    const char *id;
    int32_t from;
    int64_t reviewers; /* -1 = as before */
    double speed;      /* days of review are divided by it */
    const struct sim_tree *tree;
};

struct mdl_office {
    const char *id, *name, *country_id, *source;
    int64_t reviewers;        /* 0 = as many as needed: a pure delay */
    struct sim_dist review_d; /* days of work on one application */
    int working_days;         /* review_d and limits count working days of `country` */
    double approval;          /* default for rules that use it */
    double limit_d;           /* days from filing to the decision, INFINITY = no limit */
    double return_share;      /* of reviews that end with papers sent back */
    struct sim_dist return_d; /* days until they come again */
    uint32_t country;         /* UINT32_MAX if none */
    uint32_t n_priority, n_staffing;
    struct mdl_priority *priority; /* by rank, then id */
    struct mdl_staffing *staffing; /* by day */
    const struct sim_tree *tree;   /* where it was written */
};

/* A way through a third country that exporters take with goods that are refused. */
struct mdl_detour {
    const char *id, *list, *via_id, *source;
    int32_t from, until;
    struct sim_strs origin, destination;
    double share;            /* of refused order lines that try it */
    struct sim_dist extra_d; /* days on top of the lane's */
    double cost_share;       /* of the value, reported only */
    double seizure;          /* chance that a shipment is seized */
    double listing_d;        /* days until the buyer is listed after a seizure */
    uint32_t via;
    char *matches_origin, *matches_destination; /* [n_country] */
    double *goods;                              /* [n_product] > 0 = on the list */
    uint64_t hash;
    const struct sim_tree *tree;
};

/* Goods under a civil undertaking that go into military output all the same. */
struct mdl_diversion {
    const char *id, *entity_list, *source;
    int32_t from, until;
    struct sim_strs country;
    double caught;         /* chance a day on which such goods are used */
    double listing_d;      /* days until the buyer is listed */
    char *matches_country; /* [n_country] */
    double *firm;          /* [n_site] > 0 = on the list; NULL = everybody */
    uint64_t hash;
    const struct sim_tree *tree;
};

enum { MDL_MAX_PRIORITIES = 15 };

enum mdl_outputs { MDL_OUTPUTS_SUMMARY, MDL_OUTPUTS_FULL };

struct mdl_scenario {
    const char *title, *network, *focus_country, *extends;
    const char *label; /* file stem */
    const char *file;
    int32_t start;
    int64_t warm_up_d, horizon_d, runs, seed, message_s;
    double forecast_d, lead_weight, lead_cap_d, lead_cap_ratio, gap_d, expedite_d, retry_d;
    double cancel_over_d, cancel_share;            /* NAN = review period + cover */
    double share_up_m, share_down_m, share_late_d; /* contract shares that move */
    double switch_d, switch_share;                 /* NAN = never */
    int32_t qualify_from;                          /* as a lane's, for all */
    int outputs;                                   /* enum mdl_outputs */
    int substitution;
    uint32_t n_rule, n_office, n_detour, n_diversion, n_shock, n_trigger, n_reserve, n_recycling;
    struct mdl_rule *rule; /* sorted by id, as all that follow */
    struct mdl_office *office;
    struct mdl_detour *detour;
    struct mdl_diversion *diversion;
    struct mdl_shock *shock;
    struct mdl_trigger *trigger;
    struct mdl_prices prices;
    struct mdl_reserve *reserve;
    struct mdl_recycling *recycling;
    uint32_t n_hoarding;
    struct mdl_hoarding *hoarding;
    struct mdl_overrides set;       /* of the tables; filled by study.c */
    struct sim_inputs inputs;       /* keys that are uncertain: what is read here are their means */
    const struct sim_tree *written; /* as it was written, with the distributions */
    const struct sim_tree *tree;    /* resolved */
    const char *text;               /* canonical text of it, without extends */
};

extern const struct sim_key mdl_scenario_keys[], mdl_office_keys[], mdl_priority_keys[],
    mdl_staffing_keys[], mdl_detour_keys[], mdl_diversion_keys[];

/* Canonical text of a scenario, without extends; in `a`. */
const char *mdl_scenario_text(const struct sim_tree *tree, struct sim_arena *a);

/* Reads a scenario from a parsed and merged tree (`extends` is already resolved): keys, offices,
 * rules, detours, diversions, shocks, triggers, reserves, recycling. The network is not needed yet.
 * Returns 0 or SIM_EINPUT, all faults gathered. */
int mdl_scenario_read(struct mdl_scenario *s, struct sim_arena *a, const char *label,
                      const struct sim_tree *tree, struct sim_err *err) SIM_CHECKED;

/* Ties all of it to the network: lists, countries, entities. Returns 0 or SIM_EINPUT. */
int mdl_scenario_link(struct mdl_scenario *s, struct sim_arena *a, const struct mdl_network *n,
                      struct sim_err *err) SIM_CHECKED;

/* Could goods of a lane take the detour, dates aside? */
int mdl_detour_serves(const struct mdl_detour *d, const struct mdl_network *n,
                      const struct mdl_lane *lane);

/* The two legs of a lane's goods on a detour: out to a trader, and on to the buyer. */
void mdl_detour_legs(const struct mdl_detour *d, const struct mdl_network *n,
                     const struct mdl_lane *lane, struct mdl_leg leg[2]);

/* Reviewers of an office on a day, and how fast they are: its staffing. */
int64_t mdl_office_reviewers(const struct mdl_office *o, int32_t day);
double mdl_office_speed(const struct mdl_office *o, int32_t day);

#endif
