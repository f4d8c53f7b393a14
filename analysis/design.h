/* Designs: which values the factors of a sweep take at which point.
 *
 * Numbers only: what a factor is in a scenario, and how points are run, is the caller's. All chance
 * is keyed by (seed, id of the factor): the order of the factors in the file changes no value, but
 * for a list. With random points, a Latin hypercube and Morris' trajectories a further factor
 * changes no other one's values, and with random points and trajectories the first n points are the
 * same however many there are; Sobol' points (Saltelli's too) have the second property only.
 * Formulas and sources: README.md, "Designs and sensitivity". */
#ifndef ANA_DESIGN_H
#define ANA_DESIGN_H

#include "sim/arena.h"
#include "sim/dist.h"

#include <stdint.h>

struct sim_tree;

enum ana_factor_kind { ANA_UNCERTAINTY, ANA_LEVER, ANA_KINDS };
extern const char *const ana_kind_words[]; /* "uncertainty", "lever", NULL */

enum ana_form {
    ANA_VALUES, /* listed, numbers or words */
    ANA_RANGE,  /* lo..hi */
    ANA_DIST,   /* a distribution, by its quantile function */
    ANA_OPEN    /* none of them: only for a list, whose cells are then its values */
};
enum ana_scale { ANA_LINEAR, ANA_LOG, ANA_INTEGER };
extern const char *const ana_scale_words[]; /* "linear", "log", "integer", NULL */

struct ana_factor {
    const char *id;
    enum ana_factor_kind kind;
    enum ana_form form;
    size_t n_value; /* VALUES: two or more texts, each there once */
    const char *const *value;
    double lo, hi; /* RANGE: lo < hi; LOG: 0 < lo; INTEGER: whole numbers, both included */
    enum ana_scale scale;
    struct sim_dist dist;        /* DIST; may lie below 0 where it is uniform or triangular */
    int64_t levels;              /* RANGE and DIST in a grid or zip; 0: that of the part */
    const struct sim_tree *tree; /* where it was written, for faults; NULL: its id is named */
};

enum ana_method {
    ANA_NO_METHOD, /* for a kind that has no factors */
    ANA_GRID,      /* every combination; the last factor changes fastest */
    ANA_ZIP,       /* the first values of all, the second ... */
    ANA_LIST,      /* the rows that are given */
    ANA_RANDOM,
    ANA_LHS,      /* Latin hypercube: each factor once in each of `points` equal strata */
    ANA_SOBOL,    /* Sobol' points with a digital shift; 40 factors at most */
    ANA_SALTELLI, /* for each of `points` base rows A, AB_1 .. AB_k, B; 20 factors at most */
    ANA_MORRIS,   /* `trajectories` of k + 1 points on `levels` levels */
    ANA_METHODS
};
extern const char *const ana_method_words[]; /* "none", "grid", "zip", "list", "random", "lhs",
                                                "sobol", "saltelli", "morris", NULL */

/* How the factors of one kind are sampled. */
struct ana_part {
    enum ana_method method;
    int64_t points;          /* RANDOM, LHS, SOBOL; base rows of SALTELLI. >= 1 */
    int64_t trajectories;    /* MORRIS. >= 1 */
    int64_t levels;          /* MORRIS: even, 0 = 4. GRID and ZIP: of ranges and distributions */
    int chance;              /* 1: luck is one more factor, the last; SALTELLI and MORRIS only */
    size_t n_row;            /* LIST */
    const char *const *cell; /* LIST: [n_row][factors of this kind, in their order] texts */
    const char *file;        /* LIST: for faults; NULL: rows are counted */
    const int *line;         /* LIST: [n_row], may be NULL */
    const struct sim_tree *tree;
};

enum { ANA_POINTS_MAX = 10000000, ANA_CELLS_MAX = 100000000 /* values kept, of both parts */ };
#define ANA_CHANCE "chance" /* id of that pseudo factor; no other may have it */

/* The points of one kind, before they are crossed. */
struct ana_points {
    struct ana_part part; /* without the texts of a list */
    size_t n, k;          /* points (1 without factors), factors; without chance */
    const size_t *factor; /* [k] */
    double *x;            /* [n][k] the number; of listed values the place in the list, from 0 */
    double *u;            /* [n][k] place in 0..1 that x was made of; NaN in GRID, ZIP and LIST */
    uint32_t *chance;     /* [n], or NULL: 0 everywhere */
    /* MORRIS: which factor (a column, 0..k-1, k = chance) step 0..k' - 1 of a trajectory moves and
     * by how much of 0..1; k' = k + chance. Chance: 1/3, the mean distance of two uniform numbers.
     * [trajectories][k'], else NULL */
    size_t *moved;
    double *step;
};

/* Point p is uncertain point p / lever.n with lever point p % lever.n: all levers meet the same
 * uncertainties. */
struct ana_design {
    struct sim_arena arena; /* owns all below, texts of the factors too */
    size_t n_factor;
    struct ana_factor *factor; /* [n_factor] as given; ANA_OPEN has become ANA_VALUES */
    size_t *column;            /* [n_factor] among those of its kind */
    const double **number;     /* [n_factor] listed values as numbers; NULL: words, or not listed */
    struct ana_points points[ANA_KINDS];
    size_t n_point;
    char note[200]; /* what the user should know, one line, or "" */
};

/* Is the factor lawful by itself? Faults: an id that is none or is "chance"; fewer than two values,
 * one twice or empty; limits that are not finite or lo >= hi; log with lo <= 0; integer limits that
 * are not whole or beyond 2^53; a distribution that is none; levels that are not 0 or 2 to
 * ANA_POINTS_MAX. Returns 0 or SIM_EINPUT. */
int ana_factor_check(const struct ana_factor *f, struct sim_err *err) SIM_CHECKED;

/* Makes all points. f: [n] factors, part: [ANA_KINDS]; both borrowed, copied. All faults are
 * gathered, each at the factor or part it belongs to: those of ana_factor_check; an id twice;
 * factors of a kind without a method, and a method without factors (chance alone is none);
 * points, trajectories or levels out of range; odd levels in Morris; a grid or zip with a range or
 * distribution without levels, or with more levels than whole numbers; a zip of unequal lengths;
 * GSL's 40 dimensions; chance where it cannot be; in a list a cell that is no number, outside the
 * range or not among the values; more than ANA_POINTS_MAX points or ANA_CELLS_MAX values (the
 * product is shown). Returns 0, SIM_EINPUT or SIM_ENOMEM (then *d is empty). O(points x factors)
 * and a sort in LHS. */
int ana_design_make(struct ana_design *d, const struct ana_factor f[], size_t n,
                    const struct ana_part part[], uint64_t seed, struct sim_err *err) SIM_CHECKED;
void ana_design_free(struct ana_design *d);

/* Of point p, factor f (as given): the number, or the place in the list where values are words. */
double ana_design_x(const struct ana_design *d, size_t p, size_t f);
/* The same scaled to 0..1 as it was sampled; NaN in GRID, ZIP and LIST. */
double ana_design_u(const struct ana_design *d, size_t p, size_t f);
/* The value as a text that can be set: a listed value as it was written, else the fewest digits
 * that read back. to[0..n-1], n >= 32 for a number; a listed value that does not fit is cut. */
void ana_design_text(const struct ana_design *d, size_t p, size_t f, char *to, size_t n);
/* Block of run numbers of point p: run r has number chance x max + r. */
uint32_t ana_design_chance(const struct ana_design *d, size_t p);

#endif
