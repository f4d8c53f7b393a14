#include "analysis/sense_inner.h"

#include <math.h>

/* Is run r done at all points that have any? */
static int is_whole(const double y[], size_t n, size_t runs, const size_t done[], size_t r)
{
    for (size_t p = 0; p < n; p++)
        if (done[p] > 0 && !isfinite(y[p * runs + r]))
            return 0;
    return 1;
}

/* Sum of squares of y less the means of its row and column; rows = points that have runs. */
static double residual(const double y[], size_t n, size_t runs, const size_t done[],
                       const size_t whole[], size_t n_whole, struct sim_arena *a)
{
    double *of_run = sim_arena_alloc(a, n_whole, sizeof *of_run),
           *of_point = sim_arena_alloc(a, n, sizeof *of_point), all = 0, sum = 0;
    size_t points = 0;

    for (size_t p = 0; p < n; p++) {
        if (done[p] == 0)
            continue;
        points++;
        for (size_t k = 0; k < n_whole; k++) {
            of_run[k] += y[p * runs + whole[k]];
            of_point[p] += y[p * runs + whole[k]] / (double)n_whole;
        }
        all += of_point[p];
    }
    for (size_t p = 0; p < n; p++)
        for (size_t k = 0; k < n_whole && done[p] > 0; k++) {
            double e = y[p * runs + whole[k]] - of_point[p] - (of_run[k] - all) / (double)points;

            sum += e * e;
        }
    return sum / ((double)points - 1) / ((double)n_whole - 1);
}

double ana_noise(const double y[], size_t n, size_t runs)
{
    struct sim_arena a = {0};
    size_t *done = sim_arena_alloc(&a, n, sizeof *done),
           *whole = sim_arena_alloc(&a, runs, sizeof *whole), n_whole = 0, points = 0;
    double per = 0, var = NAN;

    for (size_t i = 0; i < n * runs; i++)
        done[i / runs] += isfinite(y[i]) != 0;
    for (size_t p = 0; p < n; p++) {
        points += done[p] > 0;
        per += done[p] > 0 ? 1 / (double)done[p] : 0;
    }
    for (size_t r = 0; r < runs; r++)
        if (is_whole(y, n, runs, done, r))
            whole[n_whole++] = r;
    if (points > 1 && n_whole > 1)
        var = residual(y, n, runs, done, whole, n_whole, &a) * per / (double)points;
    sim_arena_free(&a);
    return var;
}
