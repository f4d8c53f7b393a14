#include "analysis/compare_inner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- orders of a stage ---- */

/* Means over pairs of column `name` at i: baseline (NaN without), scenario; NaN values are left
 * out. */
static void means(const struct ana_work *w, const char *name, size_t i, double to[2])
{
    struct ana_cube k = ana_cube_find(w->r, name, "scenario run stage");
    struct ana_moments m;

    for (size_t p = 0; p < w->v->n_pair; p++) {
        w->with[p] = k.c ? ana_with(w, &k, p, i) : NAN;
        w->base[p] = k.c && w->has_base ? ana_base(w, &k, p, i) : NAN;
    }
    ana_stats_moments(w->base, w->v->n_pair, &m);
    to[0] = m.n > 0 ? m.mean : NAN;
    ana_stats_moments(w->with, w->v->n_pair, &m);
    to[1] = m.n > 0 ? m.mean : NAN;
}

static int by_due(const void *a, const void *b)
{
    const struct ana_service *x = a, *y = b;

    if (x->due_usd != y->due_usd)
        return x->due_usd < y->due_usd ? 1 : -1;
    return strcmp(x->tier, y->tier);
}

static void take_stages(struct ana_work *w)
{
    const struct sim_axis *a = ana_axis(w->r, "stage");
    const char *const *country = ana_coord_text(a, "stage_country"), *const *tier = ana_coord_text(
                                                                         a, "stage_tier");
    struct ana_versus *v = w->v;

    if (!country || !tier || !w->c->country)
        return;
    v->service = sim_arena_alloc(&w->c->arena, a->n, sizeof *v->service);
    for (size_t i = 0; i < a->n; i++) {
        struct ana_service *to = &v->service[v->n_service];
        double due[2], received[2], on_time[2];

        if (!ana_in_country(w, country[i]) || !ana_in_tier(w, tier[i]))
            continue;
        means(w, "stage_due", i, due);
        means(w, "stage_due_received", i, received);
        means(w, "stage_on_time", i, on_time);
        if (!(due[1] > 0.0))
            continue;
        *to = (struct ana_service){.tier = tier[i], .due_usd = due[1]};
        means(w, "stage_bullwhip", i, to->bullwhip);
        for (int k = 0; k < 2; k++) {
            to->received[k] = due[k] > 0.0 ? received[k] / due[k] : NAN;
            to->on_time[k] = due[k] > 0.0 ? on_time[k] / due[k] : NAN;
        }
        v->n_service++;
    }
    if (v->n_service > 0)
        qsort(v->service, v->n_service, sizeof *v->service, by_due);
}

/* ---- lead times by quarter of the order ---- */

int ana_cohorts_find(struct ana_cohorts *c, const struct sim_result *r)
{
    static const char axes[] = "scenario watched cohort lead";

    *c = (struct ana_cohorts){.axis = ana_axis(r, "watched"),
                              .cohort = ana_axis(r, "cohort"),
                              .lead = ana_axis(r, "lead"),
                              .flow = ana_axis(r, "flow")};
    c->received = ana_cube_find(r, "cohort_received", axes);
    c->open = ana_cube_find(r, "cohort_open", axes);
    c->refused = ana_cube_find(r, "cohort_refused", axes);
    c->promised = ana_cube_find(r, "lead_promised", "scenario flow lead");
    c->origin = ana_coord_text(c->axis, "watched_origin");
    c->destination = ana_coord_text(c->axis, "watched_destination");
    c->product = ana_coord_text(c->axis, "watched_product");
    return c->received.c && c->open.c && c->refused.c && c->origin && c->destination &&
           c->product && c->lead->n >= 2;
}

size_t ana_cohorts_take(const struct ana_cohorts *c, size_t scenario, size_t i, size_t from,
                        size_t until, struct ana_duration d[])
{
    size_t bins = c->lead->n, n = 0;
    double half = (c->lead->value[1] - c->lead->value[0]) / 2.0;

    for (size_t k = 0; k < bins; k++) {
        double came = 0.0, open = 0.0, time = c->lead->value[k] + (k + 1 < bins ? half : 0);

        for (size_t q = from; q < until; q++) {
            size_t at = (i * c->cohort->n + q) * bins + k;

            came += ana_cube_at(&c->received, scenario, 0, at);
            open += ana_cube_at(&c->open, scenario, 0, at);
        }
        if (came > 0.0)
            d[n++] = (struct ana_duration){.time = time, .weight = came, .open = k + 1 == bins};
        if (open > 0.0)
            d[n++] = (struct ana_duration){.time = time, .weight = open, .open = 1};
    }
    return n;
}

double ana_cohorts_promised(const struct ana_cohorts *c, size_t scenario, size_t i,
                            struct ana_duration d[])
{
    size_t f = 0, n = 0;
    double days = NAN;

    while (f < c->flow->n && strcmp(c->flow->label[f], c->axis->label[i]) != 0)
        f++;
    for (size_t k = 0; c->promised.c && f < c->flow->n && k < c->lead->n; k++) {
        double q = ana_cube_at(&c->promised, scenario, 0, f * c->lead->n + k);

        if (q > 0.0)
            d[n++] = (struct ana_duration){.time = c->lead->value[k] +
                                                   (c->lead->value[1] - c->lead->value[0]) / 2.0,
                                           .weight = q};
    }
    if (n > 0)
        (void)ana_stats_duration(d, n, 0.5, &days);
    return days;
}

/* Median of an order of flow i in quarter q; 1: not reached. */
static int median(const struct ana_cohorts *c, size_t scenario, size_t i, size_t q,
                  struct ana_duration d[], double *days)
{
    size_t n = ana_cohorts_take(c, scenario, i, q, q + 1, d);

    *days = NAN;
    return n > 0 ? !ana_stats_duration(d, n, 0.5, days) : 0;
}

static void take_flow(struct ana_work *w, const struct ana_cohorts *c, size_t i,
                      struct ana_duration d[], struct ana_cohort *to)
{
    size_t n = c->cohort->n, bins = c->lead->n, base = w->has_base ? w->v->base : w->v->scenario;
    double value = ana_value_of(w->r, c->product[i]);

    *to = (struct ana_cohort){.origin = c->origin[i],
                              .destination = c->destination[i],
                              .product = c->product[i],
                              .promised = ana_cohorts_promised(c, w->v->scenario, i, d)};
    to->base = sim_arena_alloc(&w->c->arena, n, sizeof *to->base);
    to->with = sim_arena_alloc(&w->c->arena, n, sizeof *to->with);
    to->base_over = sim_arena_alloc(&w->c->arena, n, sizeof *to->base_over);
    to->with_over = sim_arena_alloc(&w->c->arena, n, sizeof *to->with_over);
    for (size_t q = 0; q < n; q++) {
        to->base_over[q] = median(c, base, i, q, d, &to->base[q]);
        to->with_over[q] = median(c, w->v->scenario, i, q, d, &to->with[q]);
    }
    for (size_t k = 0; k < n * bins; k++)
        to->value_usd += value * (ana_cube_at(&c->received, base, 0, i * n * bins + k) +
                                  ana_cube_at(&c->open, base, 0, i * n * bins + k) +
                                  ana_cube_at(&c->refused, base, 0, i * n * bins + k));
}

static int by_value(const void *a, const void *b)
{
    const struct ana_cohort *x = a, *y = b;
    int c = strcmp(x->product, y->product);

    if (x->value_usd != y->value_usd)
        return x->value_usd < y->value_usd ? 1 : -1;
    return c ? c : strcmp(x->origin, y->origin);
}

static void take_cohorts(struct ana_work *w)
{
    struct ana_versus *v = w->v;
    struct ana_cohorts c;
    struct ana_duration *d;

    if (!ana_cohorts_find(&c, w->r))
        return;
    d = sim_arena_alloc(&w->c->arena, 2 * c.lead->n, sizeof *d);
    v->n_cohort = c.cohort->n;
    v->cohort = sim_arena_alloc(&w->c->arena, c.axis->n, sizeof *v->cohort);
    for (size_t i = 0; i < c.axis->n; i++)
        if (ana_in_country(w, c.destination[i]))
            take_flow(w, &c, i, d, &v->cohort[v->n_cohort_flow++]);
    if (v->n_cohort_flow > 0)
        qsort(v->cohort, v->n_cohort_flow, sizeof *v->cohort, by_value);
}

void ana_compare_service(struct ana_work *w)
{
    if (w->v->n_pair == 0)
        return;
    take_stages(w);
    take_cohorts(w);
}
