#include "analysis/sense_inner.h"

#include <math.h>

/* Columns of a base row: f(A) + f(B), f(A)^2 + f(B)^2, then for each factor the terms of its first
 * and of its total index. Values are less the mean of all A and B, which makes the estimates better
 * and changes none of them in the limit. */
static void terms(double to[], const double y[], size_t k, double mean)
{
    double a = y[0] - mean, b = y[k + 1] - mean;

    to[0] = a + b;
    to[1] = a * a + b * b;
    for (size_t i = 0; i < k; i++) {
        double ab = y[i + 1] - mean;

        to[2 + 2 * i] = b * (ab - a);
        to[3 + 2 * i] = (a - ab) * (a - ab) / 2;
    }
}

static double variance(const double mean[])
{
    return mean[1] / 2 - mean[0] * mean[0] / 4;
}

static void indices(const double mean[], void *ctx, double out[])
{
    size_t k = *(size_t *)ctx;
    double var = variance(mean);

    for (size_t i = 0; i < 2 * k; i++)
        out[i] = var > 0 ? mean[2 + i] / var : NAN;
}

static void keep_variance(const double mean[], void *ctx, double out[])
{
    (void)ctx;
    out[0] = variance(mean);
}

size_t ana_sobol(struct ana_sobol to[], const double y[], size_t n_base, size_t k,
                 const struct ana_boot *boot, double *var)
{
    struct sim_arena a = {0};
    size_t m = 2 * k + 2, n = 0, width = k + 2;
    double *row = sim_arena_alloc(&a, n_base * m, sizeof *row), mean = 0;
    struct ana_interval **out = sim_arena_alloc(&a, 2 * k, sizeof(struct ana_interval *)), of_var;
    struct ana_interval *only[] = {&of_var};
    char *missing = sim_arena_alloc(&a, n_base, 1);

    for (size_t i = 0; i < n_base; i++) {
        missing[i] = (char)ana_sense_missing(y + i * width, width);
        if (!missing[i]) {
            mean += y[i * width] + y[i * width + width - 1];
            n++;
        }
    }
    mean /= 2 * (double)n;
    n = 0;
    for (size_t i = 0; i < n_base; i++)
        if (!missing[i])
            terms(row + n++ * m, y + i * width, k, mean);
    for (size_t i = 0; i < k; i++) {
        out[2 * i] = &to[i].first;
        out[2 * i + 1] = &to[i].total;
    }
    ana_sense_boot(out, 2 * k, row, n, m, indices, &k, boot);
    if (var) {
        ana_sense_boot(only, 1, row, n, m, keep_variance, NULL, &(struct ana_boot){.n = 0});
        *var = of_var.at;
    }
    sim_arena_free(&a);
    return n_base - n;
}
