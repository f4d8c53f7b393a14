#include "analysis/sense_inner.h"

#include "sim/rng.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BOOT_MIN = 500 };

int ana_sense_missing(const double y[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(y[i]))
            return 1;
    return 0;
}

/* ---- bootstrap ---- */

static void means(const double row[], size_t n, size_t m, double mean[])
{
    memset(mean, 0, m * sizeof *mean);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < m; j++)
            mean[j] += row[i * m + j];
    for (size_t j = 0; j < m; j++)
        mean[j] /= (double)n;
}

/* The means of n rows drawn with replacement: resample b. Rows are added in their order, each times
 * how often it was drawn: in the order of the draws they would come from all over the memory. */
static void resampled(const double row[], size_t n, size_t m, uint64_t seed, uint32_t b,
                      uint32_t drawn[], double mean[])
{
    struct sim_stream s = sim_stream_make(seed, b, sim_hash("bootstrap"), 0);

    memset(mean, 0, m * sizeof *mean);
    memset(drawn, 0, n * sizeof *drawn);
    for (size_t i = 0; i < n; i += 2) {
        struct sim_draws d = sim_draws_at(s, i);

        for (size_t two = i; two < n && two < i + 2; two++)
            drawn[(size_t)(sim_uniform(&d) * (double)n)]++;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; drawn[i] > 0 && j < m; j++)
            mean[j] += drawn[i] * row[i * m + j];
    for (size_t j = 0; j < m; j++)
        mean[j] /= (double)n;
}

void ana_sense_boot(struct ana_interval *const to[], size_t n_out, const double row[], size_t n,
                    size_t m, ana_sense_fn *fn, void *ctx, const struct ana_boot *boot)
{
    struct sim_arena a = {0};
    size_t n_boot = (size_t)boot->n;
    double *mean = sim_arena_alloc(&a, m, sizeof *mean),
           *out = sim_arena_alloc(&a, n_out, sizeof *out),
           *x = sim_arena_alloc(&a, n_out * n_boot, sizeof *x), q[2];
    uint32_t *drawn = sim_arena_alloc(&a, n, sizeof *drawn);
    double tail = 0.5 * (1 - boot->level);

    sim_bug_if(boot->n != 0 && (boot->n < BOOT_MIN || !(boot->level > 0 && boot->level < 1)));
    for (size_t i = 0; i < n_out; i++)
        *to[i] = (struct ana_interval){.n = n, .at = NAN, .lo = NAN, .hi = NAN};
    if (n > 0) {
        means(row, n, m, mean);
        fn(mean, ctx, out);
        for (size_t i = 0; i < n_out; i++)
            to[i]->at = out[i];
    }
    if (n >= ANA_STATS_MIN && boot->n > 0) {
        for (size_t b = 0; b < n_boot; b++) {
            resampled(row, n, m, boot->seed, (uint32_t)b, drawn, mean);
            fn(mean, ctx, out);
            for (size_t i = 0; i < n_out; i++)
                x[i * n_boot + b] = out[i];
            if (boot->watch)
                boot->watch->tell(boot->watch->ctx, b + 1, n_boot);
        }
        for (size_t i = 0; i < n_out && n_boot > 0; i++) {
            ana_stats_quantiles(x + i * n_boot, n_boot, (const double[]){tail, 1 - tail}, 2, q);
            to[i]->lo = q[0];
            to[i]->hi = q[1];
        }
    }
    sim_arena_free(&a);
}

/* ---- ranks ---- */

struct placed {
    double x;
    size_t at;
};

static int by_value(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;

    if (x->x != y->x)
        return x->x < y->x ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

void ana_sense_ranks(const double x[], size_t n, double rank[])
{
    struct sim_arena a = {0};
    struct placed *p = sim_arena_alloc(&a, n, sizeof *p);

    for (size_t i = 0; i < n; i++)
        p[i] = (struct placed){x[i], i};
    qsort(p, n, sizeof *p, by_value);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && p[end].x == p[i].x; end++)
            ;
        for (size_t j = i; j < end; j++)
            rank[p[j].at] = ((double)i + (double)end + 1) / 2;
    }
    sim_arena_free(&a);
}
