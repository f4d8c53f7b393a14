/* What elements a product holds, and where they come from. */
#ifndef MDL_CONTENT_H
#define MDL_CONTENT_H

#include "models/network.h"

/* Fills el_g of products without a stated content from their bill of materials (the first recipe
 * that makes them as main output, by recipe id; every other one must give the same within 1e-6),
 * the element lists of products and recipes, and the axis of origins. Refuses a recipe whose
 * outputs hold more of an element than its inputs (by more than 1e-9 of it). Returns 0 or
 * SIM_EINPUT. */
int mdl_content_compute(struct mdl_network *n, struct sim_err *err) SIM_CHECKED;

/* Mixes: share[0..w-1] becomes the mean of itself (weight q) and of add (weight dq); dq > 0. */
static inline void mdl_content_mix(double *share, double q, const double *add, double dq, size_t w)
{
    double f = dq / (q + dq);

    for (size_t i = 0; i < w; i++)
        share[i] += (add[i] - share[i]) * f;
}

#endif
