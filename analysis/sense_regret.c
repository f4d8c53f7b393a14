#include "analysis/sense_inner.h"

#include <math.h>

static int failed(const double y[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (isnan(y[i]))
            return 1;
    return 0;
}

/* The uncertain points with nothing missing, in order, and how many they are. */
static size_t whole(size_t at[], const double y[], size_t n, size_t n_lever,
                    int (*missing)(const double y[], size_t n))
{
    size_t n_left = 0;

    for (size_t i = 0; i < n; i++)
        if (!missing(y + i * n_lever, n_lever))
            at[n_left++] = i;
    return n_left;
}

static double best_of(const double y[], size_t n_lever, enum ana_good good)
{
    double best = y[0];

    for (size_t l = 1; l < n_lever; l++)
        best = good == ANA_LESS_IS_GOOD ? fmin(best, y[l]) : fmax(best, y[l]);
    return best;
}

size_t ana_regret(struct ana_regret to[], const double y[], size_t n, size_t n_lever,
                  enum ana_good good, double level)
{
    struct sim_arena a = {0};
    size_t *at = sim_arena_alloc(&a, n, sizeof *at),
           n_left = whole(at, y, n, n_lever, ana_sense_missing);
    double *x = sim_arena_alloc(&a, n, sizeof *x), q[3];

    for (size_t l = 0; l < n_lever; l++) {
        struct ana_moments m;
        size_t n_best = 0;

        for (size_t i = 0; i < n_left; i++) {
            const double *row = y + at[i] * n_lever;

            x[i] = fabs(row[l] - best_of(row, n_lever, good));
            n_best += x[i] == 0;
        }
        ana_stats_moments(x, n_left, &m);
        ana_stats_quantiles(x, n_left, (const double[]){0.5, 0.9, 1}, 3, q);
        to[l] = (struct ana_regret){.max = q[2], .mean = m.mean, .p50 = q[0], .p90 = q[1]};
        (void)ana_stats_share(n_best, n_left, level, &to[l].best);
    }
    sim_arena_free(&a);
    return n - n_left;
}

size_t ana_satisfice(struct ana_interval to[], const double y[], size_t n, size_t n_lever,
                     enum ana_good good, double limit, double level)
{
    struct sim_arena a = {0};
    size_t *at = sim_arena_alloc(&a, n, sizeof *at), n_left = whole(at, y, n, n_lever, failed);

    for (size_t l = 0; l < n_lever; l++) {
        size_t met = 0;

        for (size_t i = 0; i < n_left; i++) {
            double x = y[at[i] * n_lever + l];

            met += good == ANA_LESS_IS_GOOD ? x <= limit : x >= limit;
        }
        (void)ana_stats_share(met, n_left, level, &to[l]);
    }
    sim_arena_free(&a);
    return n - n_left;
}
