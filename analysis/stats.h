/* Statistics of a sample: one value for each run.
 *
 * NaN is a value that is not there: it is passed over everywhere (in pairs, when either is NaN),
 * and n in what comes back counts the others. Infinite values are values. `level` is the coverage
 * asked for, 0 < level < 1, e.g. 0.95; anything else is a bug. */
#ifndef ANA_STATS_H
#define ANA_STATS_H

#include <stddef.h>

/* Below this many values no interval is given: it would look surer than it is. */
enum { ANA_STATS_MIN = 20 };

struct ana_moments {
    size_t n;
    double mean; /* NaN for n = 0 */
    double var;  /* with divisor n - 1; NaN for n < 2 */
    double skew; /* adjusted Fisher-Pearson G1; NaN for n < 3 or no spread */
};

struct ana_interval {
    size_t n;
    double at;     /* the estimate; NaN when there is none */
    double lo, hi; /* NaN while withheld; infinite where the sample gives no limit */
};

/* Two passes. Source of G1: Joanes & Gill, The Statistician 47 (1998) 183-189. */
void ana_stats_moments(const double x[], size_t n, struct ana_moments *m);

/* Student's t interval of the mean: at -+ t(n - 1) s / sqrt(n).
 * Returns 1, or 0 when it is withheld (fewer than ANA_STATS_MIN values). Covers as said for a mean
 * that is about normal; else see ana_stats_interval. */
int ana_stats_mean(const double x[], size_t n, double level, struct ana_interval *to);

/* The same of the mean of a[i] - b[i]: scenario and baseline under the same random numbers. */
int ana_stats_paired(const double a[], const double b[], size_t n, double level,
                     struct ana_interval *to);

/* Bootstrap-t interval of the mean: of resamples of n values with means m' and deviations s', the
 * quantiles of t' = (m' - m) / (s' / sqrt n) take the place of Student's: m - t'(1 - a) s / sqrt(n)
 * to m - t'(a) s / sqrt(n), a = (1 - level) / 2. A resample without spread has an infinite t'; lo
 * or hi is infinite where more than a of them are so: the sample gives no limit there. 1000 j - 1
 * resamples with j = 0.05 / (1 - level), at least 1 and at most 4: 25 beyond each end down to the
 * level 0.9875. The draws are keyed by resample and place (sim/rng.h): the same values give the
 * same interval, and x times c gives it times c. Returns 1, or 0 when withheld. O(resamples n): 7
 * ms for 1,000 values. Source: Efron & Tibshirani, An Introduction to the Bootstrap (1993), section
 * 12.5. */
int ana_stats_bootstrap(const double x[], size_t n, double level, struct ana_interval *to);

/* Does the interval of a mean need the bootstrap? Beyond 1,000 values where n < 25 skew^2: Cochran,
 * Sampling Techniques, 3rd ed. (1977), section 2.15. Up to 1,000, where it costs little, wherever
 * it was measured to cover better: skewness above 2 in size, or n < 100 skew^2. */
int ana_stats_skewed(size_t n, double skew);
/* Is it too skewed even for that, n < 9 skew^2? Coverage as measured is in README.md. */
int ana_stats_doubtful(size_t n, double skew);

/* The interval of a mean as it is printed and as runs stop by it: ana_stats_bootstrap where the
 * values are skewed, else ana_stats_mean. For a difference, x are the differences. Returns 1, or 0
 * when withheld. */
int ana_stats_interval(const double x[], size_t n, double level, struct ana_interval *to);

/* By how much pairing cut the variance of the difference: (var a + var b) / var (a - b). NaN for
 * fewer than two pairs or none with spread, INFINITY when all differences are equal. */
double ana_stats_pairing(const double a[], const double b[], size_t n);

/* Quantiles at p[0..n_p), ascending in 0..1, into q. Type 7 of Hyndman & Fan, The American
 * Statistician 50 (1996) 361-365: h = (m - 1) p, linear between order statistics floor(h) and
 * floor(h) + 1 of the m values; NaN for m = 0. x is reordered, NaN go to its end. O(m). */
void ana_stats_quantiles(double x[], size_t n, const double p[], int n_p, double q[]);

/* The quantile at 0 < p < 1 with its distribution-free interval of order statistics x(l), x(u): l
 * is the largest with P(Bin(m, p) < l) <= (1 - level) / 2, u the smallest with P(Bin(m, p) >= u) <=
 * (1 - level) / 2; lo is -INFINITY or hi INFINITY where there is none (for p = 0.9 an upper limit
 * needs 36 values). Covers at least as said, whatever the distribution. x is reordered. Source:
 * David & Nagaraja, Order Statistics, 3rd ed. (2003), section 7.1.
 * Returns 1, or 0 when withheld (`at` is filled all the same). */
int ana_stats_quantile(double x[], size_t n, double p, double level, struct ana_interval *to);

/* Wilson's interval of a share, k of n. Source: Wilson, JASA 22 (1927) 209-212. Returns 1, or 0
 * when withheld; k > n is a bug. */
int ana_stats_share(size_t k, size_t n, double level, struct ana_interval *to);

/* A duration, or how long one has lasted that is not over. */
struct ana_duration {
    double time;
    double weight; /* >= 0, e.g. the quantity */
    int open;      /* 1: not over at `time` (censored) */
};

/* Weighted Kaplan-Meier: S(t) = product over ended times s <= t of (1 - d(s) / n(s)), with d the
 * weight ended at s and n the weight at risk just before; what is open at s counts as at risk
 * there. The p-quantile is the least t with S(t) <= 1 - p (to 1e-9, so that it is the p-quantile of
 * the sample when nothing is open). Source: Kaplan & Meier, JASA 53 (1958) 457-481. d  is sorted;
 * entries with a time or weight that is NaN, or weight 0, are passed over Returns 1 with the
 * quantile in *q; 0 when S does not come down so far: then *q is the longest time seen, to be shown
 * as "> q", or NaN when there is nothing. 0 < p < 1, else a bug. */
int ana_stats_duration(struct ana_duration d[], size_t n, double p, double *q);

/* S itself: at the distinct times, ascending, into time[] and s[], which have room for n. Returns
 * how many. d is sorted as above. */
size_t ana_stats_survival(struct ana_duration d[], size_t n, double time[], double s[]);

#endif
