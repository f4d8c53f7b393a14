#include "analysis/compare_inner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- kinds of cause ---- */

/* Missed starts of the focus country by kind, value beyond the baseline's; [n_kind]. */
static void take_missed(const struct ana_work *w, double missed[])
{
    const struct sim_axis *why = ana_axis(w->r, "why"), *plant = ana_axis(w->r, "plant");
    struct ana_cube k = ana_cube_find(w->r, "missed_by_why", "scenario plant why");
    const char *const *country = ana_coord_text(plant, "plant_country");
    const double *value = ana_coord_value(plant, "plant_value");

    if (!k.c || !country || !value)
        return;
    for (size_t i = 0; i < plant->n; i++)
        for (size_t c = 0; c < why->n && ana_in_country(w, country[i]); c++) {
            double with = ana_cube_at(&k, w->v->scenario, 0, i * why->n + c),
                   base = w->has_base ? ana_cube_at(&k, w->v->base, 0, i * why->n + c) : 0.0;

            missed[c] += value[i] * (with - base);
        }
}

static int by_part(const void *a, const void *b)
{
    const struct ana_kind *x = a, *y = b;

    if (x->loss != y->loss)
        return x->loss < y->loss ? 1 : -1;
    if (x->missed != y->missed)
        return x->missed < y->missed ? 1 : -1;
    return strcmp(x->why, y->why);
}

static void take_kinds(struct ana_work *w)
{
    const struct sim_axis *why = ana_axis(w->r, "why");
    const char *const *of = ana_coord_text(ana_axis(w->r, "cause"), "cause_why");
    struct ana_versus *v = w->v;
    double *missed, sum = 0.0;

    if (!why || !why->label || !of)
        return;
    v->kind = sim_arena_alloc(&w->c->arena, why->n, sizeof *v->kind);
    missed = sim_arena_alloc(&w->c->arena, why->n, sizeof *missed);
    take_missed(w, missed);
    for (size_t i = 0; i < why->n; i++)
        sum += fmax(0.0, missed[i]);
    for (size_t i = 0; i < why->n; i++) {
        struct ana_kind k = {.why = why->label[i],
                             .missed = sum > 0.0 ? fmax(0.0, missed[i]) / sum : 0.0};

        for (size_t c = 0; c < v->n_cause; c++)
            if (strcmp(of[v->cause[c].cause], k.why) == 0)
                k.loss += fmax(0.0, v->cause[c].share);
        if (k.loss > 0.0 || k.missed > 0.0)
            v->kind[v->n_kind++] = k;
    }
    if (v->n_kind > 0)
        qsort(v->kind, v->n_kind, sizeof *v->kind, by_part);
}

/* ---- goods ---- */

static int by_loss(const void *a, const void *b)
{
    const struct ana_goods *x = a, *y = b;
    int c = strcmp(x->country, y->country);

    if (x->loss_usd != y->loss_usd)
        return x->loss_usd < y->loss_usd ? 1 : -1;
    return c ? c : strcmp(x->stage, y->stage);
}

static struct ana_goods goods_of(const struct ana_work *w, const struct ana_cube *k, size_t i,
                                 size_t n_cause)
{
    struct ana_goods g = {.cause = -1};
    double n = (double)w->v->n_pair, most = 0.0, sum = 0.0;

    for (size_t c = 0; c < n_cause; c++) {
        double more = 0.0;

        for (size_t p = 0; p < w->v->n_pair; p++)
            more += (ana_with(w, k, p, i * n_cause + c) - ana_base(w, k, p, i * n_cause + c)) / n;
        g.loss_usd += more;
        sum += fmax(0.0, more);
        if (more > most) {
            most = more;
            g.cause = (int)c;
        }
    }
    g.cause_share = sum > 0.0 ? most / sum : 0.0;
    return g;
}

static void take_goods(struct ana_work *w)
{
    const struct sim_axis *a = ana_axis(w->r, "goods"), *cause = ana_axis(w->r, "cause");
    const char *const *country = ana_coord_text(a, "goods_country"), *const *stage = ana_coord_text(
                                                                         a, "goods_stage");
    struct ana_cube k = ana_cube_find(w->r, "loss_by_goods", "scenario run goods cause");
    struct ana_versus *v = w->v;

    if (!k.c || !country || !stage)
        return;
    v->goods = sim_arena_alloc(&w->c->arena, a->n, sizeof *v->goods);
    for (size_t i = 0; i < a->n; i++) {
        struct ana_goods g;

        if (!ana_in_country(w, country[i]))
            continue;
        g = goods_of(w, &k, i, cause->n);
        g.country = country[i];
        g.stage = stage[i];
        if (g.loss_usd > 0.0)
            v->goods[v->n_goods++] = g;
    }
    if (v->n_goods > 0)
        qsort(v->goods, v->n_goods, sizeof *v->goods, by_loss);
}

void ana_compare_kinds(struct ana_work *w)
{
    if (w->v->n_pair == 0)
        return;
    take_kinds(w);
    take_goods(w);
}
