/* Is the warm-up long enough? */
#ifndef ANA_WARM_H
#define ANA_WARM_H

#include <stddef.h>

/* Where so much would have to go the series is too short to say where its beginning ends. */
#define ANA_WARM_SHORT 0.4
enum { ANA_WARM_BATCH = 5, ANA_WARM_MIN = 10 }; /* values of a batch; batches */

/* MSER-5: z_0 .. z_(k-1) are the means of batches of 5 values, what is left over at the end is not
 * looked at; the cut is the least d in 0 .. k / 2 with the smallest sum over j >= d of (z_j - mean
 * of z_d ..)^2 / (k - d)^2. Returns 5 d, the values to leave out at the beginning; 0 with fewer
 * than ANA_WARM_MIN batches. Meant for a series averaged over runs: in the series of one run it
 * cuts what is chance. x without NaN. Source: White, Cobb & Spratt, Proceedings of the 2000 Winter
 * Simulation Conference, 755-760. */
size_t ana_warm_mser5(const double x[], size_t n);

#endif
