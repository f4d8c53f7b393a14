#include "analysis/design_inner.h"

#include <stdlib.h>
#include <string.h>

struct sim_stream ana_design_stream(uint64_t seed, const char *id, enum ana_design_purpose purpose)
{
    return sim_stream_make(seed, 0, sim_hash_with(sim_hash("design"), sim_hash(id)),
                           (uint16_t)purpose);
}

static double uniform_at(struct sim_stream s, uint64_t i)
{
    struct sim_draws d = sim_draws_at(s, i);

    return sim_uniform(&d);
}

static uint64_t bits_at(struct sim_stream s, uint64_t i)
{
    struct sim_draws d = sim_draws_at(s, i);

    return sim_bits(&d);
}

void ana_design_random(struct ana_points *to, const struct ana_factor *factor, uint64_t seed)
{
    for (size_t j = 0; j < to->k; j++) {
        const struct ana_factor *f = &factor[to->factor[j]];
        struct sim_stream s = ana_design_stream(seed, f->id, ANA_DRAW_PLACE);

        for (size_t i = 0; i < to->n; i++) {
            to->u[i * to->k + j] = uniform_at(s, i);
            to->x[i * to->k + j] = ana_factor_at(f, to->u[i * to->k + j]);
        }
    }
}

/* A thing with a random key: sorted, they are a random order. */
struct ticket {
    uint64_t key;
    const char *id; /* settles equal keys, then `at` does */
    size_t at;
};

static int by_key(const void *a, const void *b)
{
    const struct ticket *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    if (x->id != y->id)
        return strcmp(x->id, y->id);
    return (x->at > y->at) - (x->at < y->at);
}

void ana_design_lhs(struct ana_points *to, const struct ana_factor *factor, uint64_t seed)
{
    struct sim_arena scratch = {0};
    struct ticket *t = sim_arena_alloc(&scratch, to->n, sizeof *t);

    for (size_t j = 0; j < to->k; j++) {
        const struct ana_factor *f = &factor[to->factor[j]];
        struct sim_stream order = ana_design_stream(seed, f->id, ANA_DRAW_STRATUM),
                          place = ana_design_stream(seed, f->id, ANA_DRAW_PLACE);

        for (size_t i = 0; i < to->n; i++)
            t[i] = (struct ticket){bits_at(order, i), f->id, i};
        qsort(t, to->n, sizeof *t, by_key);
        for (size_t stratum = 0; stratum < to->n; stratum++) {
            size_t cell = t[stratum].at * to->k + j;

            to->u[cell] = ((double)stratum + uniform_at(place, t[stratum].at)) / (double)to->n;
            if (to->u[cell] >= 1) /* rounded up */
                to->u[cell] = 1 - 0x1p-53;
            to->x[cell] = ana_factor_at(f, to->u[cell]);
        }
    }
    sim_arena_free(&scratch);
}

/* ---- Morris ---- */

/* Where a factor stands in trajectory t before its step, in levels, and by how many it moves. */
static void start_of(const struct ana_factor *f, uint64_t seed, size_t t, int64_t half,
                     int64_t *start, int64_t *by)
{
    struct sim_draws d = sim_draws_at(ana_design_stream(seed, f->id, ANA_DRAW_LEVEL), t);
    int64_t low = (int64_t)(sim_uniform(&d) * (double)half);
    int up = (int)(sim_bits(&d) >> 63);

    *start = up ? low : low + half;
    *by = up ? half : -half;
}

/* The columns of trajectory t in the order in which they move. */
static void order_of(struct ticket *to, const struct ana_points *p, const struct ana_factor *factor,
                     uint64_t seed, size_t t, size_t n)
{
    for (size_t j = 0; j < n; j++) {
        const char *id = j < p->k ? factor[p->factor[j]].id : ANA_CHANCE;

        to[j] = (struct ticket){bits_at(ana_design_stream(seed, id, ANA_DRAW_ORDER), t), id, j};
    }
    qsort(to, n, sizeof *to, by_key);
}

static void trajectory(struct ana_points *to, const struct ana_factor *factor, uint64_t seed,
                       size_t t, struct ticket *order)
{
    size_t k = to->k, n = k + (to->part.chance != 0), *moved = to->moved + t * n;
    int64_t top = to->part.levels - 1, half = to->part.levels / 2, start, by;
    double *x = to->x + t * (n + 1) * k, *u = to->u + t * (n + 1) * k, *step = to->step + t * n;
    uint32_t *chance = to->chance ? to->chance + t * (n + 1) : NULL;

    order_of(order, to, factor, seed, t, n);
    for (size_t s = 0; s < n; s++) {
        size_t j = moved[s] = order[s].at;

        if (j == k) {
            step[s] = 1.0 / 3;
            for (size_t i = 0; i <= n; i++)
                chance[i] = (uint32_t)(2 * t + (i > s));
            continue;
        }
        start_of(&factor[to->factor[j]], seed, t, half, &start, &by);
        step[s] = (double)by / (double)top;
        for (size_t i = 0; i <= n; i++) {
            u[i * k + j] = (double)(i > s ? start + by : start) / (double)top;
            x[i * k + j] = ana_factor_trimmed(&factor[to->factor[j]], u[i * k + j]);
        }
    }
}

void ana_design_morris(struct ana_points *to, const struct ana_factor *factor, uint64_t seed,
                       struct sim_arena *a)
{
    size_t n = to->k + (to->part.chance != 0), n_traj = (size_t)to->part.trajectories;
    struct sim_arena scratch = {0};
    struct ticket *order = sim_arena_alloc(&scratch, n, sizeof *order);

    to->moved = sim_arena_alloc(a, n_traj * n, sizeof *to->moved);
    to->step = sim_arena_alloc(a, n_traj * n, sizeof *to->step);
    if (to->part.chance)
        to->chance = sim_arena_alloc(a, to->n, sizeof *to->chance);
    for (size_t t = 0; t < n_traj; t++)
        trajectory(to, factor, seed, t, order);
    sim_arena_free(&scratch);
}
