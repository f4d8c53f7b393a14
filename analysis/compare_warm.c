#include "analysis/compare_inner.h"
#include "analysis/warm.h"

#include <math.h>
#include <string.h>

/* One day of five weeks is 2.9 %: a holiday may fall a day later in the next year. */
#define DRIFT 0.05
enum { YEAR = 52 }; /* weeks */

struct weeks {
    const struct sim_axis *axis, *week;
    struct ana_cube made;
    const char *const *country, *const *tier, *const *product;
    double *of_run; /* [n_pair][weeks] output of the stage in hand, USD */
    double *mean;   /* [weeks] over runs, each week less that a year later */
    double size;    /* mean output of a week */
};

static int find_columns(struct weeks *g, struct ana_work *w)
{
    *g = (struct weeks){.axis = ana_axis(w->r, "group"), .week = ana_axis(w->r, "week")};
    g->made = ana_cube_find(w->r, "group_made", "scenario run group week");
    g->country = ana_coord_text(g->axis, "group_country");
    g->tier = ana_coord_text(g->axis, "group_tier");
    g->product = ana_coord_text(g->axis, "group_product");
    if (!g->made.c || !g->country || !g->tier || !g->product || w->v->n_pair == 0)
        return 0;
    g->of_run = sim_arena_alloc(&w->c->arena, w->v->n_pair * g->week->n, sizeof *g->of_run);
    g->mean = sim_arena_alloc(&w->c->arena, g->week->n, sizeof *g->mean);
    return 1;
}

static void take_output(struct ana_work *w, struct weeks *g, const char *tier)
{
    size_t n = g->week->n, n_pair = w->v->n_pair;

    memset(g->of_run, 0, n_pair * n * sizeof *g->of_run);
    for (size_t i = 0; i < g->axis->n; i++) {
        double value = ana_value_of(w->r, g->product[i]);

        if (!ana_in_country(w, g->country[i]) || strcmp(g->tier[i], tier) != 0)
            continue;
        for (size_t p = 0; p < n_pair; p++)
            for (size_t k = 0; k < n; k++)
                g->of_run[p * n + k] += value * ana_with(w, &g->made, p, i * n + k);
    }
}

/* Whole weeks that have one a year later, in whole batches; 0 where that is too few. */
static size_t weeks_to_look_at(const struct ana_work *w, const struct weeks *g)
{
    size_t n = g->week->n;

    if (w->c->horizon_d < 7.0 * (double)n)
        n--;
    n = n > YEAR ? (n - YEAR) / ANA_WARM_BATCH : 0;
    return n < ANA_WARM_MIN ? 0 : n * ANA_WARM_BATCH;
}

/* Seasons go out with the year's difference; what is left is noise about 0, after the beginning. */
static void take_years(const struct ana_work *w, struct weeks *g, size_t n)
{
    double n_pair = (double)w->v->n_pair;

    memset(g->mean, 0, g->week->n * sizeof *g->mean);
    g->size = 0.0;
    for (size_t p = 0; p < w->v->n_pair; p++) {
        double *x = g->of_run + p * g->week->n;

        for (size_t k = 0; k < n; k++) {
            g->size += x[k + YEAR] / n_pair / (double)n;
            x[k] -= x[k + YEAR];
            g->mean[k] += x[k] / n_pair;
        }
    }
}

static double mean_of(const double x[], size_t from, size_t to)
{
    double sum = 0.0;

    for (size_t i = from; i < to; i++)
        sum += x[i];
    return sum / (double)(to - from);
}

static void take_stage(struct ana_work *w, struct weeks *g, size_t n, struct ana_warm_stage *to)
{
    size_t looks = w->v->n_tier * (n / ANA_WARM_BATCH / 2);

    take_output(w, g, to->tier);
    take_years(w, g, n);
    to->n_week = n;
    to->cut = g->size > 0.0 ? ana_warm_mser5(g->mean, n) : 0;
    to->diff = (struct ana_interval){.at = NAN, .lo = NAN, .hi = NAN};
    if (to->cut == 0)
        return;
    for (size_t p = 0; p < w->v->n_pair; p++) {
        const double *x = g->of_run + p * g->week->n;

        w->other[p] = (mean_of(x, 0, to->cut) - mean_of(x, to->cut, n)) / g->size;
    }
    (void)ana_stats_interval(w->other, w->v->n_pair, 1.0 - 0.05 / (double)looks, &to->diff);
    to->drifts = to->diff.lo > DRIFT || to->diff.hi < -DRIFT;
}

void ana_compare_warm(struct ana_work *w)
{
    struct ana_versus *v = w->v;
    struct weeks g;
    size_t n;

    if (!find_columns(&g, w) || (n = weeks_to_look_at(w, &g)) == 0)
        return;
    v->warm = sim_arena_alloc(&w->c->arena, v->n_tier, sizeof *v->warm);
    v->n_warm = v->n_tier;
    for (size_t i = 0; i < v->n_warm; i++) {
        v->warm[i].tier = v->tier[i].tier;
        take_stage(w, &g, n, &v->warm[i]);
    }
}
