#include "analysis/design_inner.h"

#include <gsl/gsl_qrng.h>
#include <stdlib.h>
#include <string.h>

enum { BITS = 30 }; /* of GSL's points */

/* Sobol' points with a digital shift, point by point. Dimensions go to the factors in the order of
 * their ids. */
struct points {
    gsl_qrng *q;
    size_t k, i;             /* factors, points given */
    int turns;               /* dimensions of a factor */
    const size_t *dimension; /* [k] the first of each factor; the next is k further */
    const uint64_t *shift;   /* [turns][k] */
    double raw[ANA_SOBOL_DIMENSIONS];
};

struct name {
    const char *id;
    size_t at;
};

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct name *)a)->id, ((const struct name *)b)->id);
}

static int start(struct points *p, const struct ana_points *to, const struct ana_factor *factor,
                 uint64_t seed, int turns, struct sim_arena *a, struct sim_err *err)
{
    struct name name[ANA_SOBOL_DIMENSIONS];
    size_t *dimension = sim_arena_alloc(a, to->k, sizeof *dimension);
    uint64_t *shift = sim_arena_alloc(a, (size_t)turns * to->k, sizeof *shift);

    *p = (struct points){.k = to->k, .turns = turns, .dimension = dimension, .shift = shift};
    sim_bug_if((size_t)turns * to->k > ANA_SOBOL_DIMENSIONS || to->k == 0);
    for (size_t j = 0; j < to->k; j++)
        name[j] = (struct name){factor[to->factor[j]].id, j};
    qsort(name, to->k, sizeof *name, by_id);
    for (size_t j = 0; j < to->k; j++) {
        struct sim_draws d = sim_draws_at(ana_design_stream(seed, name[j].id, ANA_DRAW_SHIFT), 0);

        dimension[name[j].at] = j;
        for (int t = 0; t < turns; t++)
            shift[(size_t)t * to->k + name[j].at] = sim_bits(&d) >> 11;
    }
    p->q = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)turns * (unsigned)to->k);
    return p->q ? 0 : sim_err_add(err, SIM_ENOMEM, "no memory for Sobol' points");
}

/* The next point: u[turns][k], 0 < u < 1. GSL leaves the first one, 0, out. */
static void next(struct points *p, double u[])
{
    if (p->i++ > 0)
        gsl_qrng_get(p->q, p->raw);
    for (size_t t = 0; t < (size_t)p->turns; t++)
        for (size_t j = 0; j < p->k; j++) {
            double raw = p->raw[t * p->k + p->dimension[j]];
            uint64_t bits = (uint64_t)(raw * (double)(1 << BITS)) << (53 - BITS);

            u[t * p->k + j] = (double)((bits ^ p->shift[t * p->k + j]) | 1) * 0x1p-53;
        }
}

int ana_design_sobol(struct ana_points *to, const struct ana_factor *factor, uint64_t seed,
                     struct sim_err *err)
{
    struct sim_arena scratch = {0};
    struct points p;
    int rc = start(&p, to, factor, seed, 1, &scratch, err);

    for (size_t i = 0; i < to->n && rc == 0; i++) {
        next(&p, to->u + i * to->k);
        for (size_t j = 0; j < to->k; j++)
            to->x[i * to->k + j] = ana_factor_at(&factor[to->factor[j]], to->u[i * to->k + j]);
    }
    if (p.q)
        gsl_qrng_free(p.q);
    sim_arena_free(&scratch);
    return rc;
}

/* The points of a base row: A, AB_1 .. AB_k, B; with chance AB_chance comes after AB_k. ab: A's
 * places, then B's. */
static void base_row(struct ana_points *to, const struct ana_factor *factor, size_t row,
                     const double *ab)
{
    size_t k = to->k, n = k + (to->part.chance != 0) + 2;

    for (size_t i = 0; i < n; i++) {
        size_t at = row * n + i;

        for (size_t j = 0; j < k; j++) {
            int b = i == n - 1 || i == j + 1;

            to->u[at * k + j] = ab[b ? k + j : j];
            to->x[at * k + j] = ana_factor_at(&factor[to->factor[j]], to->u[at * k + j]);
        }
        if (to->chance)
            to->chance[at] = (uint32_t)(2 * row + (i >= k + 1));
    }
}

int ana_design_saltelli(struct ana_points *to, const struct ana_factor *factor, uint64_t seed,
                        struct sim_arena *a, struct sim_err *err)
{
    struct sim_arena scratch = {0};
    struct points p;
    double ab[ANA_SOBOL_DIMENSIONS];
    int rc = start(&p, to, factor, seed, 2, &scratch, err);

    if (to->part.chance)
        to->chance = sim_arena_alloc(a, to->n, sizeof *to->chance);
    for (size_t row = 0; row < (size_t)to->part.points && rc == 0; row++) {
        next(&p, ab);
        base_row(to, factor, row, ab);
    }
    if (p.q)
        gsl_qrng_free(p.q);
    sim_arena_free(&scratch);
    return rc;
}
