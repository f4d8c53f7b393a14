/* What the files outcome*.c share; for nobody else. */
#ifndef ANA_OUTCOME_INNER_H
#define ANA_OUTCOME_INNER_H

#include "analysis/outcome.h"

/* Columns of a design: its factors, and luck, which comes last. */
static inline size_t ana_outcome_columns(const struct ana_points *x)
{
    return x->k + (size_t)x->part.chance;
}

/* Is its point i one of a plain sample? */
int ana_outcome_sampled(const struct ana_points *x, size_t i);

/* The points that are looked at: of the uncertainties; of levers where nothing is uncertain. */
const struct ana_points *ana_outcome_looked_at(const struct ana_outcome *o);

/* Places by what ranks them, largest first; equals in their order, NaN last. */
size_t *ana_outcome_order(struct sim_arena *a, const double size[], size_t n);

#endif
