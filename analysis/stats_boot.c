#include "analysis/stats.h"

#include "sim/arena.h"
#include "sim/rng.h"

#include <math.h>
#include <stdlib.h>

enum { RESAMPLES = 1000, MOST = 4, FEW = 1000 };
static const double no_spread = 1e-10; /* of the sample's variance: rounding */

int ana_stats_skewed(size_t n, double skew)
{
    double k = (double)n, square = skew * skew;

    return n > FEW ? k < 25.0 * square : square > 4.0 || k < 100.0 * square;
}

int ana_stats_doubtful(size_t n, double skew)
{
    return (double)n < 9.0 * skew * skew;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Sum and sum of squares of n values drawn from z[n]: resample b. */
static void resample(const double z[], size_t n, size_t b, uint64_t key, double *sum,
                     double *squares)
{
    uint64_t bits[2];
    double s = 0.0, ss = 0.0;

    for (size_t i = 0; i < n; i++) {
        uint64_t quarter = i % 4;
        double y;

        if (quarter == 0)
            sim_philox(bits, (const uint64_t[]){i / 4, b}, key);
        y = z[((bits[quarter / 2] >> 32 * (quarter % 2) & 0xffffffffu) * n) >> 32];
        s += y;
        ss += y * y;
    }
    *sum = s;
    *squares = ss;
}

/* t'[n_t] in ascending order, from values z with mean 0 and variance 1. */
static void take_t(const double z[], size_t n, double t[], size_t n_t)
{
    double k = (double)n;
    uint64_t key = sim_hash("bootstrap");

    for (size_t b = 0; b < n_t; b++) {
        double sum, ss, mean, var;

        resample(z, n, b, key, &sum, &ss);
        mean = sum / k;
        var = (ss - k * mean * mean) / (k - 1.0);
        if (var > no_spread)
            t[b] = mean / sqrt(var / k);
        else
            t[b] = mean < 0.0 ? -INFINITY : mean > 0.0 ? INFINITY : 0.0;
    }
    qsort(t, n_t, sizeof *t, ascending);
}

static size_t resamples(double level)
{
    double j = ceil(0.05 / (1.0 - level) - 1e-9);

    return (size_t)(RESAMPLES * fmin(MOST, fmax(1.0, j))) - 1;
}

int ana_stats_bootstrap(const double x[], size_t n, double level, struct ana_interval *to)
{
    struct sim_arena arena = {0};
    size_t n_t = resamples(level), k = 0, tail;
    struct ana_moments m;
    double *z, *t, s;
    int rc = ana_stats_mean(x, n, level, to);

    if (rc == 0)
        return 0;
    ana_stats_moments(x, n, &m);
    s = sqrt(m.var);
    if (!(s > 0.0) || isinf(s))
        return rc;
    z = sim_arena_alloc(&arena, m.n, sizeof *z);
    t = sim_arena_alloc(&arena, n_t, sizeof *t);
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i]))
            z[k++] = (x[i] - m.mean) / s;
    take_t(z, m.n, t, n_t);
    tail = (size_t)(0.5 * (1.0 - level) * (double)(n_t + 1) + 1e-6);
    tail = tail > 0 ? tail - 1 : 0;
    to->lo = m.mean - t[n_t - 1 - tail] * s / sqrt((double)m.n);
    to->hi = m.mean - t[tail] * s / sqrt((double)m.n);
    sim_arena_free(&arena);
    return 1;
}

int ana_stats_interval(const double x[], size_t n, double level, struct ana_interval *to)
{
    struct ana_moments m;

    ana_stats_moments(x, n, &m);
    return ana_stats_skewed(m.n, m.skew) ? ana_stats_bootstrap(x, n, level, to)
                                         : ana_stats_mean(x, n, level, to);
}
