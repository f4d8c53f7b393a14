#include "analysis/compare_inner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- final demand ---- */

struct markets {
    const struct sim_axis *axis;
    struct ana_cube demand, served, at_once, lost, backlog;
    const char *const *site, *const *product, *const *use, *const *country;
    const double *value;
    double *with, *base; /* [5][n_run] value of demand, served, at once, lost, backlog */
};

static int find_columns(struct markets *m, struct ana_work *w)
{
    *m = (struct markets){.axis = ana_axis(w->r, "market")};
    m->demand = ana_cube_find(w->r, "demand", "scenario run market");
    m->served = ana_cube_find(w->r, "served", "scenario run market");
    m->at_once = ana_cube_find(w->r, "served_at_once", "scenario run market");
    m->lost = ana_cube_find(w->r, "lost", "scenario run market");
    m->backlog = ana_cube_find(w->r, "backlog", "scenario run market");
    m->site = ana_coord_text(m->axis, "market_site");
    m->product = ana_coord_text(m->axis, "market_product");
    m->use = ana_coord_text(m->axis, "market_use");
    m->country = ana_coord_text(m->axis, "market_country");
    m->value = ana_coord_value(m->axis, "market_value");
    m->with = sim_arena_alloc(&w->c->arena, 5 * w->n_run, sizeof *m->with);
    m->base = sim_arena_alloc(&w->c->arena, 5 * w->n_run, sizeof *m->base);
    return m->demand.c && m->served.c && m->at_once.c && m->lost.c && m->backlog.c && m->site &&
           m->product && m->use && m->country && m->value;
}

enum { DEMAND, SERVED, AT_ONCE, LOST, BACKLOG };

static void add_market(struct ana_work *w, struct markets *m, size_t i)
{
    const struct ana_cube *k[] = {&m->demand, &m->served, &m->at_once, &m->lost, &m->backlog};

    for (size_t q = 0; q < 5; q++)
        for (size_t p = 0; p < w->v->n_pair; p++) {
            m->with[q * w->n_run + p] += ana_with(w, k[q], p, i) * m->value[i];
            m->base[q * w->n_run + p] += ana_base(w, k[q], p, i) * m->value[i];
        }
}

/* The effect on (a + b) scale / c, with c = 1 where it is negative. */
static void effect(struct ana_work *w, const struct markets *m, int a, int b, int c, double scale,
                   struct ana_effect *e)
{
    for (size_t p = 0; p < w->v->n_pair; p++) {
        const double *x[] = {m->with + p, m->base + p};
        double *to[] = {&w->with[p], &w->base[p]};

        for (int k = 0; k < 2; k++) {
            double sum = x[k][(size_t)a * w->n_run] + (b < 0 ? 0.0 : x[k][(size_t)b * w->n_run]),
                   by = c < 0 ? 1.0 : x[k][(size_t)c * w->n_run];

            *to[k] = by > 0.0 ? scale * sum / by : NAN;
        }
    }
    ana_effect_take(w, e);
}

static void finish(struct ana_work *w, struct markets *m, struct ana_demand *d)
{
    effect(w, m, DEMAND, -1, -1, 1.0, &d->demand_usd);
    effect(w, m, SERVED, -1, -1, 1.0, &d->served_usd);
    effect(w, m, LOST, -1, -1, 1.0, &d->lost_usd);
    effect(w, m, BACKLOG, -1, -1, 1.0, &d->backlog_usd);
    effect(w, m, LOST, BACKLOG, -1, 1.0, &d->loss_usd);
    effect(w, m, SERVED, -1, DEMAND, 100.0, &d->fill);
    effect(w, m, AT_ONCE, -1, DEMAND, 100.0, &d->at_once);
    effect(w, m, LOST, BACKLOG, DEMAND, 100.0, &d->loss_part);
    memset(m->with, 0, 5 * w->n_run * sizeof *m->with);
    memset(m->base, 0, 5 * w->n_run * sizeof *m->base);
}

static int by_loss(const void *a, const void *b)
{
    const struct ana_demand *x = a, *y = b;
    int c;

    if (x->loss_usd.diff.at != y->loss_usd.diff.at && !isnan(x->loss_usd.diff.at) &&
        !isnan(y->loss_usd.diff.at))
        return x->loss_usd.diff.at < y->loss_usd.diff.at ? 1 : -1;
    c = strcmp(x->site, y->site);
    c = c ? c : strcmp(x->product, y->product);
    return c ? c : strcmp(x->use, y->use);
}

/* Weighted by the mean loss of each market, where it is one. */
static void take_estimate(struct ana_work *w, const struct markets *m)
{
    const double *share = ana_coord_value(m->axis, "market_estimate");
    double all = 0.0, part = 0.0;

    for (size_t i = 0; share && i < m->axis->n; i++) {
        double loss = fmax(0.0, w->v->market[i].loss_usd.diff.at);

        all += loss;
        part += share[i] * loss;
    }
    w->v->loss_estimate = all > 0.0 ? part / all : NAN;
}

static void keep_loss(struct ana_work *w, const struct markets *m)
{
    double *to = w->v->loss = sim_arena_alloc(&w->c->arena, w->n_run, sizeof *to);

    for (size_t run = 0; run < w->n_run; run++)
        to[run] = NAN;
    for (size_t p = 0; p < w->v->n_pair; p++)
        to[w->pair[p]] = m->with[LOST * w->n_run + p] + m->with[BACKLOG * w->n_run + p] -
                         m->base[LOST * w->n_run + p] - m->base[BACKLOG * w->n_run + p];
}

static void take_demand(struct ana_work *w)
{
    struct ana_versus *v = w->v;
    struct markets m;

    v->loss_estimate = NAN;
    if (!find_columns(&m, w))
        return;
    v->market = sim_arena_alloc(&w->c->arena, m.axis->n, sizeof *v->market);
    v->n_market = m.axis->n;
    for (size_t i = 0; i < m.axis->n; i++) {
        v->market[i] = (struct ana_demand){.site = m.site[i],
                                           .product = m.product[i],
                                           .use = m.use[i],
                                           .country = m.country[i],
                                           .row = i};
        add_market(w, &m, i);
        finish(w, &m, &v->market[i]);
    }
    take_estimate(w, &m);
    for (size_t i = 0; i < m.axis->n; i++)
        add_market(w, &m, i);
    finish(w, &m, &v->all);
    for (size_t i = 0; i < m.axis->n; i++)
        if (ana_in_country(w, m.country[i]))
            add_market(w, &m, i);
    keep_loss(w, &m);
    finish(w, &m, &v->focus);
    if (v->n_market > 0)
        qsort(v->market, v->n_market, sizeof *v->market, by_loss);
}

double ana_compare_loss(const struct sim_result *r, size_t scenario, size_t run,
                        const char *country)
{
    const struct sim_axis *a = ana_axis(r, "market");
    struct ana_cube lost = ana_cube_find(r, "lost", "scenario run market"),
                    backlog = ana_cube_find(r, "backlog", "scenario run market");
    const char *const *of = ana_coord_text(a, "market_country");
    const double *value = ana_coord_value(a, "market_value");
    double sum_lost = 0.0, sum_backlog = 0.0;

    if (!lost.c || !backlog.c || !of || !value)
        return NAN;
    for (size_t i = 0; i < a->n; i++) {
        if (country && *country && strcmp(country, "all") != 0 && strcmp(country, of[i]) != 0)
            continue;
        sum_lost += ana_cube_at(&lost, scenario, run, i) * value[i];
        sum_backlog += ana_cube_at(&backlog, scenario, run, i) * value[i];
    }
    return sum_lost + sum_backlog;
}

/* ---- causes ---- */

static int by_share(const void *a, const void *b)
{
    const struct ana_cause *x = a, *y = b;

    if (x->share != y->share)
        return x->share < y->share ? 1 : -1;
    return (x->cause > y->cause) - (x->cause < y->cause);
}

static void take_causes(struct ana_work *w)
{
    struct ana_versus *v = w->v;
    const struct sim_axis *a = ana_axis(w->r, "cause");
    const char *const *why = ana_coord_text(a, "cause_why");
    struct ana_cube k = ana_cube_find(w->r, "loss_by_cause", "scenario run cause");
    double n = (double)v->n_pair, sum = 0.0;

    v->unexplained = NAN;
    if (!a || !k.c || v->n_pair == 0)
        return;
    v->cause = sim_arena_alloc(&w->c->arena, a->n, sizeof *v->cause);
    for (size_t i = 0; i < a->n; i++) {
        struct ana_cause c = {.cause = (int)i};

        for (size_t p = 0; p < v->n_pair; p++) {
            c.with += ana_with(w, &k, p, i) / n;
            c.base += ana_base(w, &k, p, i) / n;
        }
        c.share = c.with - c.base;
        sum += fmax(0.0, c.share);
        if (c.share != 0.0)
            v->cause[v->n_cause++] = c;
    }
    if (sum > 0.0)
        v->unexplained = 0.0;
    for (size_t i = 0; i < v->n_cause; i++) {
        v->cause[i].share /= sum > 0.0 ? sum : 1.0;
        if (sum > 0.0 && why && strcmp(why[v->cause[i].cause], "unexplained") == 0)
            v->unexplained += fmax(0.0, v->cause[i].share);
    }
    if (v->n_cause > 0)
        qsort(v->cause, v->n_cause, sizeof *v->cause, by_share);
}

void ana_compare_markets(struct ana_work *w)
{
    take_demand(w);
    take_causes(w);
}
