#include "analysis/compare_inner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- reserves ---- */

static double mean(const double x[], size_t n)
{
    double sum = 0.0;

    for (size_t i = 0; i < n; i++)
        sum += x[i] / (double)n;
    return sum;
}

static void take_reserve(struct ana_work *w, const struct ana_cube *released,
                         const struct ana_cube *empty, size_t i, struct ana_reserve *to)
{
    size_t n = w->v->n_pair, months = ana_axis(w->r, "month")->n;

    for (size_t p = 0; p < n; p++) {
        w->with[p] = 0.0;
        for (size_t k = 0; k < months; k++)
            w->with[p] += ana_with(w, released, p, i * months + k);
        w->base[p] = ana_with(w, empty, p, i);
    }
    to->n = n;
    to->released = mean(w->with, n);
    to->range = ana_range_take(w->with, n);
    to->empty = ana_range_take(w->base, n);
}

static int by_usd(const void *a, const void *b)
{
    const struct ana_reserve *x = a, *y = b;

    if (x->usd != y->usd)
        return x->usd < y->usd ? 1 : -1;
    return strcmp(x->label, y->label);
}

static void take_reserves(struct ana_work *w)
{
    const struct sim_axis *a = ana_axis(w->r, "reserve");
    struct ana_cube released =
                        ana_cube_find(w->r, "reserve_released", "scenario run reserve month"),
                    empty = ana_cube_find(w->r, "reserve_empty", "scenario run reserve");
    const char *const *unit = ana_coord_text(a, "reserve_unit");
    const double *value = ana_coord_value(a, "reserve_value");

    if (!released.c || !empty.c || !unit || !value)
        return;
    w->v->reserve = sim_arena_alloc(&w->c->arena, a->n, sizeof *w->v->reserve);
    for (size_t i = 0; i < a->n; i++) {
        struct ana_reserve *to = &w->v->reserve[w->v->n_reserve];

        *to = (struct ana_reserve){.label = a->label[i], .unit = unit[i]};
        take_reserve(w, &released, &empty, i, to);
        to->usd = to->released * value[i];
        if (to->released > 0.0)
            w->v->n_reserve++;
    }
    if (w->v->n_reserve > 0)
        qsort(w->v->reserve, w->v->n_reserve, sizeof *w->v->reserve, by_usd);
}

/* ---- substitution ---- */

struct turns {
    struct ana_cube first, by, started;
    const double *value;
    double *day, *made, *all; /* [n_pair] first day, USD with a substitute, USD */
};

static void take_line(struct ana_work *w, const struct turns *t, size_t i, struct ana_swap *to)
{
    size_t n = 0;

    for (size_t p = 0; p < w->v->n_pair; p++)
        n += (size_t)!isnan(ana_with(w, &t->first, p, i));
    to->n_ever += n > 0;
    to->n_turn += n > 0 && 2 * n >= w->v->n_pair;
    for (size_t p = 0; n > 0 && p < w->v->n_pair; p++) {
        t->day[p] = fmin(t->day[p], ana_with(w, &t->first, p, i)); /* passes over NaN */
        t->made[p] += ana_with(w, &t->by, p, i) * t->value[i];
        t->all[p] += ana_with(w, &t->started, p, i) * t->value[i];
    }
}

static void take_swap(struct ana_work *w)
{
    const struct sim_axis *a = ana_axis(w->r, "plant");
    const char *const *country = ana_coord_text(a, "plant_country"), *const *tier = ana_coord_text(
                                                                         a, "plant_tier");
    struct turns t = {ana_cube_find(w->r, "substitution_first", "scenario run plant"),
                      ana_cube_find(w->r, "substituted", "scenario run plant"),
                      ana_cube_find(w->r, "started", "scenario run plant"),
                      ana_coord_value(a, "plant_value"),
                      w->with,
                      w->base,
                      w->other};
    struct ana_swap *to = &w->v->swap;
    size_t n = w->v->n_pair;

    if (!t.first.c || !t.by.c || !t.started.c || !t.value || !country || !tier)
        return;
    for (size_t p = 0; p < n; p++) {
        t.day[p] = NAN;
        t.made[p] = t.all[p] = 0.0;
    }
    for (size_t i = 0; i < a->n; i++)
        if (ana_in_country(w, country[i]) && ana_in_tier(w, tier[i]))
            take_line(w, &t, i, to);
    for (size_t p = 0; p < n; p++)
        t.made[p] = t.all[p] > 0.0 ? t.made[p] / t.all[p] : 0.0;
    to->share = mean(t.made, n);
    to->range = ana_range_take(t.made, n);
    to->first = ana_range_take(t.day, n);
}

void ana_compare_responses(struct ana_work *w)
{
    if (w->v->n_pair == 0)
        return;
    take_reserves(w);
    take_swap(w);
}
