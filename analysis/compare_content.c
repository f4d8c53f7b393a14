#include "analysis/compare_inner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is in the goods handed over ---- */

/* Stage of a row of the axis market: the stage of its goods. */
static const char *stage_of(const struct sim_result *r, const char *goods)
{
    const struct sim_axis *a = ana_axis(r, "goods");
    const char *const *stage = ana_coord_text(a, "goods_stage");

    for (size_t i = 0; stage && i < a->n; i++)
        if (strcmp(a->label[i], goods) == 0)
            return stage[i];
    return "";
}

/* The stage with most demand by value in the focus country, in this scenario. */
static const char *largest_stage(const struct ana_work *w, const char *const *goods)
{
    const struct sim_axis *a = ana_axis(w->r, "goods");
    double most = 0.0;
    const char *best = NULL;

    for (size_t g = 0; g < a->n; g++) {
        double sum = 0.0;

        for (size_t i = 0; i < w->v->n_market; i++) {
            const struct ana_demand *d = &w->v->market[i];

            if (ana_in_country(w, d->country) && strcmp(goods[d->row], a->label[g]) == 0)
                sum += d->demand_usd.with;
        }
        if (sum > most) {
            most = sum;
            best = stage_of(w->r, a->label[g]);
        }
    }
    return best;
}

/* Of what comes from the main origin. */
static double change(const struct ana_content *c)
{
    return c->from_base > 0.0 ? fabs(c->from / c->from_base - 1.0) : 0.0;
}

static int by_change(const void *a, const void *b)
{
    const struct ana_content *x = a, *y = b;

    if (change(x) != change(y))
        return change(x) < change(y) ? 1 : -1;
    return strcmp(x->element, y->element);
}

static void take_content(struct ana_work *w)
{
    const struct sim_axis *market = ana_axis(w->r, "market"), *element = ana_axis(w->r, "element"),
                          *origin = ana_axis(w->r, "origin");
    const char *const *goods = ana_coord_text(market, "market_goods");
    struct ana_cube k = ana_cube_find(w->r, "delivered_kg", "scenario market element origin");
    struct ana_versus *v = w->v;

    if (!k.c || !goods || !w->has_base || !ana_axis(w->r, "goods"))
        return;
    v->content_stage = largest_stage(w, goods);
    if (!v->content_stage)
        return;
    v->content = sim_arena_alloc(&w->c->arena, element->n, sizeof *v->content);
    for (size_t e = 0; e < element->n; e++) {
        struct ana_content *to = &v->content[v->n_content];

        *to = (struct ana_content){.element = element->label[e]};
        to->base = sim_arena_alloc(&w->c->arena, origin->n, sizeof *to->base);
        to->with = sim_arena_alloc(&w->c->arena, origin->n, sizeof *to->with);
        for (size_t i = 0; i < v->n_market; i++) {
            const struct ana_demand *d = &v->market[i];
            size_t at = (d->row * element->n + e) * origin->n;

            if (!ana_in_country(w, d->country) ||
                strcmp(stage_of(w->r, goods[d->row]), v->content_stage) != 0)
                continue;
            for (size_t o = 0; o < origin->n; o++) {
                to->base[o] += ana_cube_at(&k, v->base, 0, at + o);
                to->with[o] += ana_cube_at(&k, v->scenario, 0, at + o);
            }
        }
        for (size_t o = 0; o < origin->n; o++) {
            to->all_base += to->base[o];
            to->all += to->with[o];
            if (w->c->main_origin && strcmp(origin->label[o], w->c->main_origin) == 0) {
                to->from_base = to->base[o];
                to->from = to->with[o];
            }
        }
        v->n_content += to->all_base > 0.0 || to->all > 0.0;
    }
    if (v->n_content > 0)
        qsort(v->content, v->n_content, sizeof *v->content, by_change);
}

/* ---- what lay there before ---- */

struct stocks {
    const struct sim_axis *axis, *element, *origin;
    struct ana_cube kg, cover;
    const char *const *country, *const *role, *const *tier;
    size_t n_stat;
    double *days; /* [points] scratch */
};

static int find_columns(struct stocks *s, struct ana_work *w)
{
    *s = (struct stocks){.axis = ana_axis(w->r, "point"),
                         .element = ana_axis(w->r, "element"),
                         .origin = ana_axis(w->r, "origin")};
    s->kg = ana_cube_find(w->r, "before_kg", "scenario point element origin");
    s->cover = ana_cube_find(w->r, "before_cover", "scenario point stat");
    s->country = ana_coord_text(s->axis, "point_country");
    s->role = ana_coord_text(s->axis, "point_role");
    s->tier = ana_coord_text(s->axis, "point_tier");
    if (!s->kg.c || !s->cover.c || !s->country || !s->role || !s->tier || !w->c->main_origin)
        return 0;
    s->n_stat = s->cover.n / s->axis->n;
    s->days = sim_arena_alloc(&w->c->arena, s->axis->n, sizeof *s->days);
    return 1;
}

static void take_exposure(struct ana_work *w)
{
    struct ana_versus *v = w->v;
    struct stocks s;

    if (!find_columns(&s, w))
        return;
    v->exposure = sim_arena_alloc(&w->c->arena, s.element->n, sizeof *v->exposure);
    for (size_t e = 0; e < s.element->n; e++) {
        double sum = 0.0, from = 0.0;
        size_t n = 0;

        for (size_t i = 0; i < s.axis->n; i++) {
            double kg = 0.0;

            if (!ana_in_country(w, s.country[i]) || !ana_in_tier(w, s.tier[i]) ||
                strcmp(s.role[i], "input") != 0)
                continue;
            for (size_t o = 0; o < s.origin->n; o++) {
                double x =
                    ana_cube_at(&s.kg, v->scenario, 0, (i * s.element->n + e) * s.origin->n + o);

                kg += x;
                from += strcmp(s.origin->label[o], w->c->main_origin) == 0 ? x : 0.0;
            }
            if (kg > 0.0)
                s.days[n++] = ana_cube_at(&s.cover, v->scenario, 0, i * s.n_stat);
            sum += kg;
        }
        if (sum > 0.0)
            v->exposure[v->n_exposure++] =
                (struct ana_exposure){.element = s.element->label[e],
                                      .share = from / sum,
                                      .cover = ana_range_take(s.days, n)};
    }
}

void ana_compare_content(struct ana_work *w)
{
    if (w->v->n_pair == 0)
        return;
    take_content(w);
    take_exposure(w);
}
