/* Outputs of a sweep: one number, or one for each point of an axis, out of a scenario of a run.
 *
 * A pick names a column, cuts it down by labels and dates, weighs it and reduces what is left. It
 * is bound to a result once, which finds every fault, and then taken from any run of it. */
#ifndef ANA_PICK_H
#define ANA_PICK_H

#include "sim/keys.h"
#include "sim/result.h"

enum ana_pick_reduce {
    ANA_PICK_SUM,   /* values that are NaN are passed over, by all of them; 0 where none is left */
    ANA_PICK_MEAN,  /* NaN where none is left; so are the four after COUNT */
    ANA_PICK_COUNT, /* of values other than 0 */
    ANA_PICK_MIN,
    ANA_PICK_MAX,
    ANA_PICK_FIRST, /* in the order of the axes */
    ANA_PICK_LAST
};

struct ana_pick {
    const char *id, *column, *times, *by, *unit; /* times, by, unit: NULL or "" = none */
    const struct sim_tree *where;                /* a group: axis or coordinate = labels; NULL */
    int reduce;                                  /* enum ana_pick_reduce */
    int32_t from, until;                         /* days, both inclusive; SIM_DAY_NONE = open */
    const struct sim_tree *at;                   /* where it was written, for faults */
};

/* Keys of an output; `at` is for the caller to set. */
extern const struct sim_key ana_pick_keys[];
extern const char *const ana_pick_words[]; /* of enum ana_pick_reduce, NULL-ended */

/* A pick bound to a result: cells of the slot of one (scenario, run), row-major. */
struct ana_picked {
    const struct ana_pick *pick;
    int column;           /* of the result */
    const char *units;    /* of the numbers */
    size_t n;             /* numbers it gives: 1, or the points of `kept` */
    struct sim_axis kept; /* of `by`, in the arena; n = 0 without */
    size_t n_cell, slot;
    size_t *cell;   /* [n_cell] ascending */
    double *weight; /* [n_cell], or NULL = 1 */
    uint32_t *bin;  /* [n_cell], or NULL = 0: which number it goes into */
};

/* Binds p to r. Everything lives in `a`. Faults, all gathered, at the node where p was written: an
 * unknown column (did you mean), one without scenario and run; an axis, coordinate or label that
 * matches nothing; dates without an axis of days; nothing left. Labels: X, X* = all that begin so,
 * !X = all but X. Returns 0 or SIM_EINPUT. */
int ana_pick_bind(struct ana_picked *to, const struct ana_pick *p, const struct sim_result *r,
                  struct sim_arena *a, struct sim_err *err) SIM_CHECKED;

/* The numbers of one slot (scenario * runs + run) of the result it is bound to, into x[n]. */
void ana_pick_take(const struct ana_picked *k, const struct sim_result *r, size_t slot, double x[]);

#endif
