/* Inside of the sensitivity measures, shared by sense*.c. All others use sense.h. */
#ifndef ANA_SENSE_INNER_H
#define ANA_SENSE_INNER_H

#include "analysis/sense.h"

/* What is estimated, out[n_out], from the means of the columns of some rows. */
typedef void ana_sense_fn(const double mean[], void *ctx, double out[]);

/* Estimates and bootstrap intervals of all n_out at once.
 *   row  [n][m] finite
 *   to   [n_out] filled; n of it is that of the rows
 * O(n m boot.n). */
void ana_sense_boot(struct ana_interval *const to[], size_t n_out, const double row[], size_t n,
                    size_t m, ana_sense_fn *fn, void *ctx, const struct ana_boot *boot);

/* Is there one among the n that is no finite number? */
int ana_sense_missing(const double y[], size_t n);

/* Ranks 1..n of x into rank; equal values get the mean of theirs. O(n log n). */
void ana_sense_ranks(const double x[], size_t n, double rank[]);

/* Standardised regression by correlations of k + 1 columns, the last is what is explained:
 * r[(k + 1)(k + 1)], changed; to[k] and R2 in to[k]. Returns 0, or SIM_ERUN where columns move
 * together. */
int ana_sense_regress(double r[], size_t k, double to[]) SIM_CHECKED;

#endif
