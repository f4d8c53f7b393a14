#include "analysis/best.h"

#include "sim/arena.h"

int ana_best(const double x[], size_t k, size_t n, double level, int can[])
{
    struct sim_arena arena = {0};
    double each, *d;
    int rc = 1;

    sim_bug_if(k < 2 || !(level > 0.5 && level < 1.0));
    each = 1.0 - 2.0 * (1.0 - level) / (double)(k - 1);
    d = sim_arena_alloc(&arena, n, sizeof *d);
    for (size_t i = 0; i < k; i++)
        can[i] = 1;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            struct ana_interval to;

            if (i == j)
                continue;
            for (size_t r = 0; r < n; r++)
                d[r] = x[i * n + r] - x[j * n + r];
            rc &= ana_stats_interval(d, n, each, &to);
            can[i] &= !(to.lo > 0.0);
        }
    for (size_t i = 0; i < k && !rc; i++)
        can[i] = 1;
    sim_arena_free(&arena);
    return rc;
}
