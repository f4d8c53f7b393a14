#include "analysis/sense_inner.h"

#include <math.h>

static void mean_sizes(const double mean[], void *ctx, double out[])
{
    size_t k = *(size_t *)ctx;

    for (size_t i = 0; i < k; i++)
        out[i] = mean[i];
}

size_t ana_morris(struct ana_morris to[], const double y[], const size_t moved[],
                  const double step[], size_t n, size_t k, const struct ana_boot *boot)
{
    struct sim_arena a = {0};
    double *effect = sim_arena_alloc(&a, n * k, sizeof *effect),
           *size = sim_arena_alloc(&a, n * k, sizeof *size),
           *of_one = sim_arena_alloc(&a, n, sizeof *of_one);
    struct ana_interval **out = sim_arena_alloc(&a, k, sizeof(struct ana_interval *));
    size_t n_left = 0;

    for (size_t t = 0; t < n; t++) {
        const double *path = y + t * (k + 1);

        if (ana_sense_missing(path, k + 1))
            continue;
        for (size_t s = 0; s < k; s++) {
            size_t j = moved[t * k + s];

            sim_bug_if(j >= k || step[t * k + s] == 0);
            effect[n_left * k + j] = (path[s + 1] - path[s]) / step[t * k + s];
            size[n_left * k + j] = fabs(effect[n_left * k + j]);
        }
        n_left++;
    }
    for (size_t j = 0; j < k; j++) {
        struct ana_moments m;

        for (size_t t = 0; t < n_left; t++)
            of_one[t] = effect[t * k + j];
        ana_stats_moments(of_one, n_left, &m);
        to[j].mu = m.mean;
        to[j].sigma = sqrt(m.var);
        out[j] = &to[j].mu_star;
    }
    ana_sense_boot(out, k, size, n_left, k, mean_sizes, &k, boot);
    sim_arena_free(&a);
    return n - n_left;
}
