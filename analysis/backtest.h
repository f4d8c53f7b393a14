/* A back-test: an episode as it was published, month by month; the same as a scenario gives it; and
 * how far they lie apart.
 *
 * A folder holds backtest.cfg (the keys below) and observed.csv. The plan is read and checked
 * before the runs, then held against the axes of the result, and after the runs against its
 * columns. Formulas: README.md, "Back-test". Axes and columns are found by name. A month is a
 * number: 12 x year + month - 1. */
#ifndef ANA_BACKTEST_H
#define ANA_BACKTEST_H

#include "sim/csv.h"
#include "sim/keys.h"
#include "sim/result.h"

enum ana_backtest_measure { ANA_EXPORTS, ANA_IMPORTS, ANA_MADE };
enum ana_backtest_against { ANA_INDEX, ANA_QUANTITY };
enum ana_backtest_naive { ANA_NAIVE_NO, ANA_NAIVE_GOAL, ANA_NAIVE_PASS };
enum { ANA_NO_MONTH = -1 };

extern const struct sim_key ana_backtest_keys[], ana_backtest_window_keys[],
    ana_backtest_users_keys[], ana_backtest_trough_keys[], ana_backtest_shortfall_keys[],
    ana_backtest_sanity_keys[], ana_backtest_observed_keys[];

/* Months over which an error is the mean. */
struct ana_backtest_window {
    const char *id, *name, *from_text, *to_text;
    struct sim_strs month_texts;
    int against, beat_naive; /* enum ana_backtest_against, ana_backtest_naive */
    double max_mape, goal_mape;
    size_t n;
    int *month; /* [n] ascending */
    const struct sim_tree *tree;
};

/* Sites whose stops are counted together: those of some stages of the chain. */
struct ana_backtest_users {
    const char *id, *name;                /* name: the id where none is given */
    struct sim_strs tiers;                /* none = all */
    double max_stopped_share, max_stop_d; /* NaN = not checked */
    const struct sim_tree *tree;          /* NULL in the group that stands for all */
};

struct ana_backtest_trough {
    int there;
    const char *from_text, *to_text;
    int from, to;
    int64_t max_off_months;
};

struct ana_backtest_shortfall {
    int there;
    const char *from_text, *to_text, *made_good_text;
    int from, to, made_good_to; /* made_good_to: ANA_NO_MONTH if not asked for */
    int against;                /* of the simulation: 0 the year before as observed, 1 baseline */
    double max_error;
};

struct ana_backtest_sanity {
    int64_t stop_d;
    double max_open_weeks;
};

struct ana_backtest_observed {
    const char *month_text, *source, *note;
    double value;
    int status; /* 0 quoted, 1 derived, 2 estimate */
    int month;
};

struct ana_backtest_plan {
    const char *title, *scenario, *baseline, *unit, *source, *base_from_text, *base_to_text;
    int measure; /* enum ana_backtest_measure */
    struct sim_strs origin, destination, product, hs, stage;
    double scale, naive_growth;
    int base_from, base_to; /* ANA_NO_MONTH without an index */
    size_t n_window, n_users, n_observed;
    struct ana_backtest_window *window;
    struct ana_backtest_users *users; /* [n_users >= 1]; without any, one with id "all" */
    struct ana_backtest_trough trough;
    struct ana_backtest_shortfall shortfall;
    struct ana_backtest_sanity sanity;
    struct ana_backtest_observed *observed; /* [n_observed] by month */
    const struct sim_tree *tree;            /* where it was written */
    const char *cfg_text, *observed_text;   /* canonical */
};

/* Reads the plan from two texts (each with the name it has in messages). Everything lives in `a`,
 * but for the texts' own bytes nothing is borrowed. Faults, all gathered: those of libconfig and
 * CSV text; unknown keys and columns, values out of range; a month that is none, is there twice,
 * is asked for and was not observed, or was observed as 0 where a relative error is wanted; parts
 * that do not fit together. Returns 0 or SIM_EINPUT; the plan's `scenario` and `baseline` are
 * filled if they could be read. */
int ana_backtest_parse(struct ana_backtest_plan *p, struct sim_arena *a, const char *cfg_file,
                       const char *cfg, size_t n_cfg, const char *csv_file, const char *csv,
                       size_t n_csv, struct sim_err *err) SIM_CHECKED;

/* The same from backtest.cfg and observed.csv in a folder. Also SIM_EIO. */
int ana_backtest_read(struct ana_backtest_plan *p, struct sim_arena *a, const char *dir,
                      struct sim_err *err) SIM_CHECKED;

/* Can the plan be held against this result? Looks at axes only: every month of the plan is
 * simulated as a whole; every country, product, heading and stage it names is there, a stage of
 * users among those of the plants; some flow (or group) is left; all have one unit. Returns 0 or
 * SIM_EINPUT with a line for each fault. */
int ana_backtest_fit(const struct ana_backtest_plan *p, const struct sim_result *r,
                     struct sim_err *err) SIM_CHECKED;

/* 10 %, 50 % and 90 % quantiles over runs (type 7); NaN where there is nothing. */
enum { ANA_P10, ANA_P50, ANA_P90, ANA_BACKTEST_STATS };

struct ana_backtest_month {
    int month;
    int is_observed, is_simulated; /* simulated: as a whole */
    int status;
    const char *source;
    double observed, observed_index, naive; /* NaN if none */
    double quantity[ANA_BACKTEST_STATS], index[ANA_BACKTEST_STATS], open_weeks[ANA_BACKTEST_STATS];
};

/* Mean absolute relative errors over a window, 0.2 = 20 %. */
struct ana_backtest_error {
    double index, quantity; /* of the simulated medians */
    double naive;           /* of the naive forecast, as an index and as a quantity alike */
};

/* How the sites of a group of users stop. NaN for a group without sites. */
struct ana_backtest_stops {
    size_t n_site;
    double share;    /* that ever stop, mean over runs */
    double p50, p90; /* days, longest stop of those that do (type 7); 0 if none does */
};

struct ana_backtest_check {
    const char *id, *what, *unit; /* unit "1": a share, shown in per cent */
    int goal;                     /* 1: a goal, which does not decide the verdict */
    double value, limit;
    int met; /* value <= limit (against the naive forecast: <); never of a NaN */
};

struct ana_backtest {
    struct sim_arena arena; /* owns what lies below */
    const struct ana_backtest_plan *plan;
    const char *scenario, *baseline; /* labels; baseline NULL if there is none */
    size_t n_run, n_done;            /* runs; of them done, in both scenarios */
    size_t n_index;                  /* of them with something in the base months */
    size_t n_month;
    struct ana_backtest_month *month; /* all that are observed or simulated */
    struct ana_backtest_error *error; /* [plan->n_window] */
    int trough_observed, trough;      /* months; ANA_NO_MONTH */
    double trough_runs;               /* share of runs whose own trough is the observed month */
    double shortfall_observed, shortfall[ANA_BACKTEST_STATS];
    double made_good_observed, made_good[ANA_BACKTEST_STATS];
    const char *dependent;                   /* [plants of the result], copied; NULL: not known */
    struct ana_backtest_stops *stops;        /* [plan->n_users] of the sites with such a plant */
    double open_first, open_most, open_last; /* median open orders in weeks of use */
    int open_most_month;
    size_t n_check;
    struct ana_backtest_check *check;
    int passed; /* every check that is no goal is met */
};

/* The mean of |is - should| / should over n pairs; NaN for n = 0 or when one is NaN. */
double ana_backtest_mape(const double is[], const double should[], size_t n);

/* Works everything out. The last scenario of r is held against the observed series, the first is
 * the baseline if there are two. dependent[plant] (may be NULL: not known) says which plants use
 * goods under a rule of the scenario, directly or inside what they buy: only they count as stopped.
 * The plan is borrowed, and must fit. Returns 0, or SIM_ERUN if no run is done. O(runs x flows x
 * months). */
int ana_backtest(struct ana_backtest *b, const struct ana_backtest_plan *p,
                 const struct sim_result *r, const char dependent[],
                 struct sim_err *err) SIM_CHECKED;
void ana_backtest_free(struct ana_backtest *b);

/* Adds it to the result: axes and columns backtest_*, attributes, and the two texts as inputs
 * backtest.cfg and observed.csv. */
void ana_backtest_put(const struct ana_backtest *b, struct sim_result *r);

/* The table by month, the errors, the checks and the verdict, as text of at most 100 columns. */
void ana_backtest_print(FILE *to, const struct ana_backtest *b);

#endif
