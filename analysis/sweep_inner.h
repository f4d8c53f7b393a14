/* What sweep_read.c and sweep_factor.c share. */
#ifndef ANA_SWEEP_INNER_H
#define ANA_SWEEP_INNER_H

#include "analysis/sweep.h"

/* The list `factors` of s->tree into s->factor and s->target. All faults are gathered; returns 0 or
 * SIM_EINPUT. */
int ana_sweep_read_factors(struct ana_sweep *s, struct sim_arena *a, struct sim_err *err);

#endif
