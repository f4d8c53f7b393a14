/* Which of several alternatives can be the best, under common random numbers? */
#ifndef ANA_BEST_H
#define ANA_BEST_H

#include "analysis/stats.h"

/* x[i * n + r]: value of alternative i in run r, NaN where it is not there; the least mean is best.
 * can[i] = 0 where another alternative j is surely better: the lower limit of the mean of x_i -
 * x_j, by ana_stats_interval with each end at (1 - level) / (k - 1), is above 0; else 1. The truly
 * best is among those with 1 with probability `level` or more, whatever the variances and however
 * the alternatives go together: it goes out only when one of k - 1 limits fails. Subset selection
 * as by Nelson, Swann, Goldsman & Song, Operations Research 49 (2001) 950-963, with the paired
 * differences and Bonferroni's inequality of Nelson & Matejcik, Management Science 41 (1995)
 * 1935-1945. k >= 2, 0.5 < level < 1. Returns 1, or 0 when withheld: some pair has fewer than
 * ANA_STATS_MIN values (then every can[i] is 1). */
int ana_best(const double x[], size_t k, size_t n, double level, int can[]);

#endif
