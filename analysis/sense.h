/* Sensitivity: what decides an output. Functions of arrays; nothing here knows what was run.
 *
 * NaN is a run that failed. A base row, trajectory or uncertain point of which one value is NaN is
 * left out whole, so that what is compared stays balanced; a sample row where its own value or one
 * of its factors is NaN. Infinite values count as NaN, but in ana_satisfice they are values. n in
 * what comes back counts what is left. Factors are columns 0..k-1; a pseudo factor `chance` is the
 * last.
 *
 * Intervals are percentile intervals of the bootstrap: base rows, trajectories or rows are drawn
 * with replacement, keyed by (seed, resample, draw). They are withheld (lo = hi = NaN) below
 * ANA_STATS_MIN rows. Formulas and sources: README.md, "Designs and sensitivity". */
#ifndef ANA_SENSE_H
#define ANA_SENSE_H

#include "analysis/stats.h"
#include "sim/arena.h"

#include <stdint.h>

/* Is told how far a long computation is; changes nothing in what comes out. */
struct ana_watch {
    void (*tell)(void *ctx, size_t done, size_t of);
    void *ctx;
};

struct ana_boot {
    uint64_t seed;
    int n;                         /* resamples, 500 or more (else a bug), or 0: no intervals */
    double level;                  /* 0..1 */
    const struct ana_watch *watch; /* of the resamples; NULL: none */
};

/* ---- variance: Saltelli designs ---- */

struct ana_sobol {
    struct ana_interval first; /* share of the variance that knowing the factor alone takes away */
    struct ana_interval total; /* share that stays when all others are known */
};

/* First (Saltelli et al. 2010) and total (Jansen 1999) indices.
 *   to   [k] filled
 *   y    [n_base][k + 2] in the order of the design: A, AB_1 .. AB_k, B
 *   var  variance of the output over A and B, may be NULL
 * Indices are NaN where the output has no spread or no row is left. They are estimates: small ones
 * may come out below 0. Returns the base rows that were left out. O(n_base k boot.n). */
size_t ana_sobol(struct ana_sobol to[], const double y[], size_t n_base, size_t k,
                 const struct ana_boot *boot, double *var);

/* ---- luck between points that have several runs each ---- */

/* How much of the variance between the means of points is luck, where run r of all points has the
 * same random numbers: what a run adds at all points alike moves no point against another. The
 * residual variance of the two-way layout points x runs (over runs that are done at all points that
 * have any), times the mean of 1 / runs of a point.
 *   y  [n][runs]; NaN: not done. Points without any are left out
 * NaN below two such points or two such runs. */
double ana_noise(const double y[], size_t n, size_t runs);

/* ---- screening: Morris designs ---- */

struct ana_morris {
    double mu;                   /* mean effect of going through the whole range */
    struct ana_interval mu_star; /* mean size of it: what ranks the factors */
    double sigma; /* spread of the effects (n - 1): not straight, or with others; NaN for n < 2 */
};

/* Elementary effects (y after - y before) / step in the unit cube.
 *   to     [k] filled
 *   y      [n][k + 1] trajectories
 *   moved  [n][k] factor moved by each step, step [n][k] by how much: as in struct ana_points
 * Returns the trajectories that were left out. O(n k boot.n). */
size_t ana_morris(struct ana_morris to[], const double y[], const size_t moved[],
                  const double step[], size_t n, size_t k, const struct ana_boot *boot);

/* ---- regression on ranks ---- */

/* Standardised rank regression coefficients: ordinary least squares of the ranks of y (means of
 * equals) on those of all factors, each scaled to variance 1. For random points, Latin hypercubes
 * and Sobol' points, where the output rises or falls with each factor.
 *   to  [k] filled; NaN for a factor without spread, which is left out. Resamples keep the ranks
 *       of the sample
 *   r2  share of the variance of the ranks that it explains; below some 0.7 do not rely on it
 *   x   [n][k], y [n]
 *   n_left_out  rows, may be NULL
 * Returns 0, or SIM_ERUN: no more rows than factors; no spread in y; factors that move together (a
 * zip) and cannot be told apart. Then all are NaN. O(n k^2 boot.n). */
int ana_ranks(struct ana_interval to[], double *r2, const double x[], const double y[], size_t n,
              size_t k, const struct ana_boot *boot, size_t *n_left_out,
              struct sim_err *err) SIM_CHECKED;

/* ---- levers ---- */

enum ana_good { ANA_LESS_IS_GOOD, ANA_MORE_IS_GOOD };

/* Regret: how much worse than the best lever point under the same uncertainties; >= 0. */
struct ana_regret {
    double max, mean, p50, p90; /* over uncertain points, quantiles of type 7; NaN without any */
    struct ana_interval best;   /* share of uncertain points at which it is (a) best; Wilson */
};

/* to: [n_lever]; y: [n][n_lever] as the points of a design. Returns the uncertain points that were
 * left out. */
size_t ana_regret(struct ana_regret to[], const double y[], size_t n, size_t n_lever,
                  enum ana_good good, double level);

/* Satisficing: share of uncertain points at which the output is `limit` or better, with Wilson's
 * interval. Arguments and return as above; here too a point is left out for all levers. */
size_t ana_satisfice(struct ana_interval to[], const double y[], size_t n, size_t n_lever,
                     enum ana_good good, double limit, double level);

/* ---- scenario discovery: PRIM ---- */

enum { ANA_PRIM_WORDS = 64 }; /* most words of a factor */

struct ana_prim_plan {
    double alpha;   /* share of the rows in the box that a peel takes: 0..0.5; 0.05 */
    double mass;    /* least share of all rows in a box: 0..1; 0.05 */
    double density; /* wanted share of cases in a box: 0..1; 0.8 */
    size_t n_box;   /* one after the other, each among the rows outside those before; >= 1 */
    const struct ana_watch *watch; /* of the peels, of at most so many; NULL: none */
};

/* One limit of a box. */
struct ana_prim_limit {
    size_t factor;
    enum { ANA_PRIM_LOWER, ANA_PRIM_UPPER, ANA_PRIM_WITHOUT } side; /* WITHOUT: not that word */
    double at; /* half way between the nearest rows in and out; WITHOUT: the word's place */
    double p;  /* quasi-p: chance of as many cases in the box if the limit did not matter */
};

struct ana_prim_box {
    size_t n_row, n_case; /* inside */
    double coverage;      /* of all cases, those in this box */
    double density;       /* of the rows in the box, the cases */
    double mass;          /* of all rows, those in the box */
    size_t n_limit;
    struct ana_prim_limit *limit; /* by factor, then side, then at */
    size_t n_step;                /* rows of `path`: from all rows on, one a peel */
    struct ana_prim_step {
        double coverage, density, mass;
        size_t n_factor; /* that have a limit */
    } * path;
    size_t chosen; /* step of the path that was chosen, before pasting */
};

struct ana_prim {
    size_t n_row, n_case, n_left_out;
    size_t n_box;
    struct ana_prim_box *box;
};

/* Boxes that hold many of the cases of interest and few others. Patient peeling: of all peels of
 * one end of a factor (or one word) by a share alpha of the rows in the box, the one with most
 * density gained for a row, as long as the density rises and the mass allows. Chosen is the box of
 * the path with the most coverage among those with the density wanted, else the densest; then
 * pasted (ends widened again by a share alpha of its rows) while the density does not fall. A box
 * that is all rows, or holds no case, ends the search, so n_box may be 0.
 *   to       its boxes live in `a`
 *   x        [n][k]; is_word [k] or NULL: the column holds places of words, 0..ANA_PRIM_WORDS - 1
 *   is_case  [n] 1, 0; NaN: left out
 * Nothing is random; equal peels are settled by mass, then by the order of the factors. O(k n log
 * n) a peel. Plans out of range are bugs. */
void ana_prim(struct ana_prim *to, struct sim_arena *a, const double x[], const double is_case[],
              size_t n, size_t k, const char is_word[], const struct ana_prim_plan *plan);

#endif
