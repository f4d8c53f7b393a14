/* An output of a merged sweep and what decides it: the numbers that `lodestone sense` prints and a
 * report draws. What is measured, and by which formula: sense.h.
 *
 * The method is that of the design: Sobol' indices (saltelli), elementary effects (morris),
 * regression on ranks (all others). Everything lives in the arena of the outcome. */
#ifndef ANA_OUTCOME_H
#define ANA_OUTCOME_H

#include "analysis/design.h"
#include "analysis/sense.h"
#include "sim/result.h"

enum { ANA_OUTCOME_BOOT = 1000, ANA_OUTCOME_BOXES = 3 };
#define ANA_OUTCOME_R2 0.7 /* of a regression on ranks: below it do not rely on the order */

struct ana_outcome_plan {
    const char *output;            /* "id", or "id:label" where an axis is kept; NULL: the first */
    const char *scenario;          /* NULL: the last */
    int against;                   /* 1: its difference to the base, run by run */
    size_t lever;                  /* point of the levers at which factors are looked at */
    int good;                      /* enum ana_good; -1 = not said */
    double threshold;              /* NaN = none */
    double density, mass;          /* of PRIM, as in struct ana_prim_plan */
    double level;                  /* of intervals */
    const struct ana_watch *watch; /* of resamples and peels; NULL: none */
};

struct ana_outcome {
    struct sim_arena *a;
    const struct ana_design *d;
    uint64_t seed;
    struct ana_outcome_plan plan;
    const char *what;      /* "loss in licence, less baseline" */
    const char *unit;      /* of the output */
    double *y;             /* [points] mean over runs; NaN where none is done */
    double noise_var;      /* of one run within its point, mean over points; NaN with one run */
    double noise_mean_var; /* luck in the variance between means of points; NaN: not known */
    double noise_runs;     /* runs of a point, mean */
};

/* Takes an output out of r, whose design is d. All but r is borrowed by the outcome. Returns 0, or
 * SIM_EINPUT in terms of the options --output, --scenario, --lever, --against base: there is none
 * of that name (did you mean); an output with labels of which none is named; the base against
 * itself. */
int ana_outcome_take(struct ana_outcome *to, struct sim_arena *a, const struct sim_result *r,
                     const struct ana_design *d, uint64_t seed, const struct ana_outcome_plan *plan,
                     struct sim_err *err) SIM_CHECKED;

/* All outputs of r as a plan names them, "id" or "id:label", in the order of the file. */
const char **ana_outcome_names(struct sim_arena *a, const struct sim_result *r, size_t *n);

/* Is point p of the design one of a plain sample? Of a Saltelli design A and B are, and of a Morris
 * design where each trajectory begins. */
int ana_outcome_is_sampled(const struct ana_outcome *o, size_t p);

/* The p-quantile of y over the plain sample; NaN without any. */
double ana_outcome_quantile(const struct ana_outcome *o, double p);

/* ---- what ranks the factors ---- */

enum ana_factors_how {
    ANA_FACTORS_NONE, /* nothing is varied, or ranks that cannot be had: `why` says it */
    ANA_FACTORS_SOBOL,
    ANA_FACTORS_MORRIS,
    ANA_FACTORS_RANKS
};
struct ana_factors {
    enum ana_factors_how how;
    size_t k;                  /* factors, and luck where the design has it; the largest first */
    const char **name;         /* [k]; luck is ANA_CHANCE */
    size_t *factor;            /* [k] place in the design; n_factor of it for luck */
    struct ana_sobol *sobol;   /* [k], by total index; the one that `how` says, else NULL */
    struct ana_morris *morris; /* [k], by mu* */
    struct ana_interval *rank; /* [k], by the size of the coefficient */
    size_t n, n_left_out;      /* base rows, trajectories or points */
    double variance, first;    /* SOBOL: of the output; sum of the first indices */
    double r2;                 /* RANKS */
    int chance;                /* 1: luck is among them */
    char why[256];             /* one line, or "" */
};
void ana_outcome_factors(struct ana_factors *to, const struct ana_outcome *o);
/* The factors that are ranked are uncertainties, looked at where the levers are at plan.lever. */
int ana_outcome_has_lever(const struct ana_outcome *o);

/* Luck between points. */
struct ana_luck {
    size_t n;      /* points */
    double run_sd; /* between single runs of a point; NaN with one run */
    double share;  /* of the variance between points, 0..1; NaN: not known */
};
void ana_outcome_luck(struct ana_luck *to, const struct ana_outcome *o);

/* ---- levers ---- */

/* "reserve = 30, ramp = 0.5": a point of the levers. */
const char *ana_outcome_lever_name(const struct ana_outcome *o, size_t lever);

struct ana_lever_regret {
    const char *name; /* "reserve = 30, ramp = 0.5" */
    struct ana_regret x;
};
struct ana_lever_share {
    const char *name; /* "all" where there is one point of levers */
    struct ana_interval x;
};
struct ana_levers {
    size_t n;                        /* points of the levers */
    size_t n_point, n_left_out;      /* uncertain points: of regret */
    struct ana_lever_regret *regret; /* [n] least worst first; NULL for n = 1 or good = -1 */
    size_t n_share_point, n_share_left_out;
    struct ana_lever_share *share; /* [n] at the threshold or better, most first; NULL without */
};
void ana_outcome_levers(struct ana_levers *to, const struct ana_outcome *o);

/* ---- boxes ---- */

/* Boxes of points that are worse than the threshold; the factors are those of the design. The plan
 * must have a threshold and a good, and the design must do. */
void ana_outcome_prim(struct ana_prim *to, const struct ana_outcome *o);
/* Will the design do? Returns 0, or SIM_EINPUT: it does not fill the space, or a factor has too
 * many words. */
int ana_outcome_prim_check(const struct ana_design *d, struct sim_err *err) SIM_CHECKED;

#endif
