/* How much of what markets are supplied with passes through rows marked estimate. */
#ifndef MDL_TRUST_H
#define MDL_TRUST_H

#include "models/balance.h"

/* Fills share[n_demand], 0..1, with the part of the supply of each row of demand that passes
 * through a row marked estimate, in the steady state: 1 where the row of demand is an estimate;
 * else what reaches its stock point by lanes, and is made there, each by its quantity. A lane that
 * is an estimate counts whole, another as the point it comes from; so does a process where it, its
 * site or a row of its recipe is one, another as the worst of its inputs (0 for a mine). Source:
 * analysis/README.md, Sources. */
void mdl_trust_markets(double share[], const struct mdl_balance *b, struct sim_arena *a);

#endif
