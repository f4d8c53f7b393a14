/* A study: scenarios side by side on one network, with common random numbers; the causes that
 * losses are booked to; and what all its runs share. Immutable after mdl_study_load. */
#ifndef MDL_STUDY_H
#define MDL_STUDY_H

#include "models/balance.h"
#include "models/gate.h"

#include "sim/result.h"

struct mdl_cause {
    int why;          /* enum mdl_why */
    const char *rule; /* id of the rule or shock, or NULL */
    uint32_t site;    /* for capacity; UINT32_MAX */
    uint32_t product; /* UINT32_MAX */
    const char *label;
};

/* What moves between two stages of the chain in two countries (or one): the axis `link`. */
struct mdl_link {
    const char *from_country, *from_tier, *to_country, *to_tier;
    uint32_t product;
};

/* A market's demand for a product, one row per demand row of the network: the axis `market`. */

/* An uncertain input of some scenario: the axis `uncertain`. */
struct mdl_study_input {
    const char *name, *unit;
    const char *dist; /* as text; "a or b" where scenarios say different ones */
};

struct mdl_study {
    struct sim_arena arena;
    struct mdl_network net;
    struct mdl_balance balance;
    uint32_t n_scenario;
    struct mdl_scenario *scenario;
    struct mdl_gate *gate;
    int64_t runs, seed; /* after --runs and --seed */
    uint32_t n_cause;
    struct mdl_cause *cause;
    uint32_t *capacity_cause; /* [n_site] */
    uint32_t **rule_cause; /* [n_scenario][(rule * MDL_RULE_WHYS + why - MDL_WHY_DENIED) * n_product
                              + product], 0 = cannot be */
    uint32_t **shock_cause; /* [n_scenario][n_shock] */
    int n_why;              /* kinds of cause that the results know: all but trailing ones that
                               nothing here can be */
    /* axes of the results */
    uint32_t n_flow; /* (origin country, destination country, product) that some lane joins over a
                        border */
    uint32_t *flow_from, *flow_to, *flow_product;
    uint32_t *lane_flow; /* [n_lane], UINT32_MAX inside a country */
    uint32_t *lane_pair; /* [n_lane] pairs of an exporter and a buyer; lanes of a pair share one */
    uint32_t n_lane_pair;
    uint32_t n_group; /* (country, tier, product) of stock points that make or sell something */
    uint32_t *group_country, *group_product;
    const char **group_tier;
    uint32_t *point_group; /* [n_point], UINT32_MAX if none */
    /* what is drawn once per run, sorted by name; net, scenario and balance above hold the means */
    uint32_t n_input;
    struct mdl_study_input *input;
    uint32_t *table_input;     /* [net.draft inputs] numbers on the axis */
    uint32_t **scenario_input; /* [n_scenario][its inputs] */
    uint32_t n_week, n_month;
    int32_t *month_first; /* [n_month + 1] days */
    uint32_t *day_month;  /* [horizon_d] month of a day from start */
    double *month_value;
    /* of the measures */
    uint32_t n_stage; /* (country, tier) of sites */
    const char **stage_country, **stage_tier;
    uint32_t *site_stage; /* [n_site] */
    uint32_t n_link;
    struct mdl_link *link; /* of some lane, sorted */
    uint32_t *lane_link;   /* [n_lane] */
    uint32_t n_goods;      /* (country of a market, stage of what it buys) */
    const char **goods_country, **goods_stage;
    uint32_t *demand_goods; /* [n_demand] */
    uint32_t n_watched;     /* flows that some rule of some scenario may hold up */
    uint32_t *watched;      /* [n_watched] flows */
    uint32_t *flow_watched; /* [n_flow], UINT32_MAX if it is none */
    uint32_t n_period;      /* of 28 days from start */
    uint32_t n_cohort;      /* quarters of the calendar, from that of start */
    int32_t *cohort_first;  /* [n_cohort + 1] days */
    int32_t before;         /* the day before something differs from the first scenario, at the
                               earliest that before start */
    int32_t *begins, *ends; /* [n_scenario] first day, announcements among them, of a rule or
                               shock that the first scenario does not have; last + 1 of such rules,
                               if there is no shock. SIM_DAY_NONE = there is none; no end */
};

/* Keys that are laid over every scenario, as libconfig text; `file` is for messages. */
struct mdl_lay {
    const char *file, *text;
};

struct mdl_options {
    const char *over; /* a file of keys that is laid over every scenario, before --set; NULL */
    const char *const *set; /* --set path=value */
    int n_set;
    int lax_first; /* a `set` that finds nothing in the first scenario is passed over there: it is
                      a baseline without what the others are about */
    int lax;       /* the same in any scenario, where another one takes it */
    const struct mdl_lay *lay; /* after `over`, before --set */
    int n_lay;
    struct sim_result *texts; /* NULL, or empty: gets the input as it is before overrides act, for
                                 mdl_study_load_texts */
    int64_t runs, seed;       /* < 0 = the scenario's */
    const char *share_dir;    /* PREFIX/share/lodestone/scenarios, looked up last; may be NULL */
};

/* Where a file that is named in `folder` is: in it, in the folders above it up to scenarios/, in
 * share_dir (may be NULL). A path in `a`, or NULL if it is nowhere. */
char *mdl_study_find(struct sim_arena *a, const char *folder, const char *name,
                     const char *share_dir);

/* Loads scenario files (each looked up as it is written, then under scenarios/, then in share_dir),
 * with their `extends` and their network, checks that they fit together (same network, start,
 * warm-up, horizon, runs, seed; labels unique), and prepares everything that runs share. All faults
 * are gathered. Returns 0 or a negative SIM_E*. */
int mdl_study_load(struct mdl_study *st, const char *const *files, int n,
                   const struct mdl_options *o, struct sim_err *err) SIM_CHECKED;

/* The same from a result's own input texts, "<label>.cfg" and "<table>.csv". */
int mdl_study_load_result(struct mdl_study *st, const struct sim_result *r,
                          struct sim_err *err) SIM_CHECKED;

/* The same for n scenarios by their labels, with the options lax, lay, set, runs and seed. */
int mdl_study_load_texts(struct mdl_study *st, const struct sim_result *texts,
                         const char *const *labels, int n, const struct mdl_options *o,
                         struct sim_err *err) SIM_CHECKED;

/* A study of one scenario of `st` with the shocks that a text adds (shocks = ( ... );), read as if
 * it were in a file that extends it. The rest is that of st, which must outlive it. Returns 0 or
 * SIM_EINPUT; to be freed in both cases. */
int mdl_study_strike(struct mdl_study *to, const struct mdl_study *st, uint32_t scenario,
                     const char *text, struct sim_err *err) SIM_CHECKED;

/* Quanta are counted in 64 bits from the first day to the last: SIM_EINPUT where they could be too
 * many. */
int mdl_study_check_counts(const struct mdl_study *st, struct sim_err *err) SIM_CHECKED;

/* What a scenario, linked to the network, needs of the steady state: weights of its prices, its
 * gate. Everything lives in `a`. Returns 0 or SIM_EINPUT. */
int mdl_study_prepare(struct mdl_study *st, uint32_t scenario, struct sim_arena *a,
                      struct sim_err *err) SIM_CHECKED;

void mdl_study_free(struct mdl_study *st);

#endif
