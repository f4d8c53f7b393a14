/* A scenario: what differs from study to study. Read from a libconfig file by the key tables here.
 */
#ifndef MDL_SCENARIO_H
#define MDL_SCENARIO_H

#include "models/network.h"
#include "models/override.h"
#include "models/policy/policy.h"

struct mdl_office {
    const char *id, *name, *country_id, *source;
    int64_t reviewers;           /* 0 = as many as needed: a pure delay */
    struct sim_dist review_d;    /* days of work on one application */
    int working_days;            /* review_d counts working days of `country` */
    double approval;             /* default for rules that use it */
    uint32_t country;            /* UINT32_MAX if none */
    const struct sim_tree *tree; /* where it was written */
};

/* Keys of a licence; filled by the licence kind, and used where a civil order is taken for a
 * military one. */
struct mdl_licence {
    const char *office_id;
    uint32_t office;          /* number in the scenario; UINT32_MAX if none */
    double approval;          /* NAN = the office's */
    struct sim_dist review_d; /* constant 0 = the office's */
    double validity_d;        /* INFINITY = no end */
    int apply_at;             /* 0 at the order, 1 when the goods are ready */
};

struct mdl_rule {
    const char *id, *name, *list, *entity_list, *source;
    int32_t announced, from, until, suspended_from, suspended_until;
    struct sim_strs origin, destination, end_use;
    int action;            /* index into mdl_policies */
    double probability;    /* that the rule exists, drawn once per run */
    double mistaken_civil; /* chance that a civil order line is taken for a military one */
    int mistaken_action;   /* 0 licence, 1 deny */
    double grace_d;        /* goods accepted before `from` and ready within these days pass */
    int undertaking;       /* civil goods that pass are promised to civil use */
    struct mdl_licence licence;
    const void *own;       /* the kind's own keys, mdl_policies[action]->size bytes */
    char *matches_product; /* [n_product] by list; all 1 without a list */
    char *matches_entity;  /* [n_entity] by entity_list; NULL = everybody */
    char *matches_origin, *matches_destination; /* [n_country] */
    int matches_use[MDL_USES];
    uint64_t hash;
    const struct sim_tree *tree;
};

enum mdl_outputs { MDL_OUTPUTS_SUMMARY, MDL_OUTPUTS_FULL };

struct mdl_scenario {
    const char *title, *network, *focus_country, *extends;
    const char *label; /* file stem */
    const char *file;
    int32_t start;
    int64_t warm_up_d, horizon_d, runs, seed, message_s;
    double forecast_d, lead_weight, lead_cap_d, retry_d;
    int outputs; /* enum mdl_outputs */
    uint32_t n_rule, n_office;
    struct mdl_rule *rule; /* sorted by id */
    struct mdl_office *office;
    struct mdl_overrides set;    /* of the tables; filled by study.c */
    const struct sim_tree *tree; /* resolved */
    const char *text;            /* canonical text of it, without extends */
};

extern const struct sim_key mdl_scenario_keys[], mdl_rule_keys[], mdl_office_keys[];

/* Reads a scenario from a parsed and merged tree (`extends` is already resolved): keys, offices,
 * rules. The network is not needed yet. Returns 0 or SIM_EINPUT, all faults gathered. */
int mdl_scenario_read(struct mdl_scenario *s, struct sim_arena *a, const char *label,
                      const struct sim_tree *tree, struct sim_err *err) SIM_CHECKED;

/* Ties rules to the network: lists, countries, entities. Returns 0 or SIM_EINPUT. */
int mdl_scenario_link(struct mdl_scenario *s, struct sim_arena *a, const struct mdl_network *n,
                      struct sim_err *err) SIM_CHECKED;

/* Is the rule in force on a day? A rule with from <= start applies all through the warm-up. */
int mdl_rule_active(const struct mdl_scenario *s, const struct mdl_rule *r, int32_t day);

/* Could the rule ever meet goods on this lane (origin, destination, product, buyer)? */
int mdl_rule_covers(const struct mdl_rule *r, const struct mdl_network *n,
                    const struct mdl_lane *lane);

#endif
