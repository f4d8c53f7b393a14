/* What is uncertain in the tables: cells that hold a distribution, and overrides that are drawn.
 * The rows as they were read, before they are tied together, are kept, so that every run can put
 * its own numbers in and tie them anew. */
#ifndef MDL_DRAFT_H
#define MDL_DRAFT_H

#include "models/load.h"
#include "models/override.h"

#include "sim/input.h"

/* One cell and what an uncertain input does to it, in the order in which they act. */
struct mdl_effect {
    int table;
    uint32_t row; /* in the file; once kept, in the network */
    const struct sim_key *key;
    int how;        /* MDL_OVERRIDE_VALUE, MULTIPLY or ADD */
    uint32_t input; /* number in inputs */
    double lo, hi;  /* what a number can be afterwards */
};
struct mdl_draft {
    struct sim_arena *arena;
    struct sim_inputs inputs; /* those of the overrides first; cells: table:row:column */
    size_t n_effect, cap_effect;
    struct mdl_effect *effect;
    struct mdl_load load; /* the rows as they were read; not linked */
};

/* An empty one with the inputs of `set` (may be NULL). */
struct mdl_draft *mdl_draft_new(struct sim_arena *a, const struct mdl_overrides *set);

/* Notes an effect (copied). */
void mdl_draft_note(struct mdl_draft *d, const struct mdl_effect *f);
/* The last one noted for the cell that f is about, or NULL. O(effects). */
const struct mdl_effect *mdl_draft_last(const struct mdl_draft *d, const struct mdl_effect *f);

/* Notes the cells of a table that hold a distribution where a number is wanted; faults are counted
 * in l->faults. Then puts means in their place, before the rows are read. */
void mdl_draft_cells(struct mdl_load *l, int t);
void mdl_draft_means(struct mdl_load *l, int t);

/* Keeps the sorted rows, puts the means into those of l. Returns l->draft, or NULL where nothing is
 * uncertain. */
const struct mdl_draft *mdl_draft_keep(struct mdl_load *l);

/* Fills l (n and err are set) with copies of the rows, value[i] put in for input i. */
void mdl_draft_draw(const struct mdl_draft *d, struct mdl_load *l, const double value[]);

/* [n_lane] is the contract share uncertain; NULL where none is. */
const char *mdl_draft_loose(const struct mdl_load *l);

#endif
