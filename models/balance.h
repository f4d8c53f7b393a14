/* The steady state that demand pulls through the network: the beginning of every run, and the
 * balance sheet of `check`. */
#ifndef MDL_BALANCE_H
#define MDL_BALANCE_H

#include "models/network.h"

#include <stdio.h>

struct mdl_balance {
    const struct mdl_network *net;
    double *
        need[MDL_USES]; /* [n_point] quanta a day that leave or are used at the point, by end use */
    double *level[MDL_USES]; /* [n_process] starts, quanta of the main output a day */
    double *flow[MDL_USES];  /* [n_lane] quanta a day */
    double *supply; /* [n_point] quanta a day made or bought there; differs from need for joint
                       outputs */
    double **share; /* [n_point] origin vector of the product, as in mdl_network_width: for each
                       element the shares mined in each origin, then the shares of controlled
                       origin; each adds up to 1 */
    int sweeps;     /* until the needs stood still */
};

/* Solves for mean demand at `start` (season averaged, no controls). Need at a point is split over
 * its wanted makers, else over its lanes by contract share; a process with joint outputs runs for
 * the scarcest; loops through scrap are iterated until no need moves by more than 1e-10 of itself.
 * Returns 0, or SIM_EINPUT when that takes more than 10,000 sweeps. */
int mdl_balance_solve(struct mdl_balance *b, struct sim_arena *a, const struct mdl_network *n,
                      struct sim_err *err) SIM_CHECKED;

/* Origin vectors of what process k has in work at the steady state, by element of its recipe:
 * mix[n_el x n_share]. */
void mdl_balance_mix(const struct mdl_balance *b, uint32_t k, double *mix);

/* Prints per tier and product: capacity, need, use of capacity, and shares by country, per year. */
void mdl_balance_print(const struct mdl_balance *b, FILE *to);

#endif
