#include "analysis/compare_inner.h"

#include <math.h>
#include <string.h>

/* Weeks: output is summed over 28 days, and counts as recovered when 56 days in a row are at 95 %
 * of the baseline's. */
enum { SUM_WEEKS = 4, HOLD_WEEKS = 8 };

struct groups {
    const struct sim_axis *axis, *week;
    struct ana_cube made;
    const char *const *country, *const *tier, *const *product;
    double *value;       /* [groups] USD of a unit, 0 where unknown */
    double *with, *base; /* [weeks] */
};

double ana_value_of(const struct sim_result *r, const char *product)
{
    const struct sim_axis *a = ana_axis(r, "plant");
    const char *const *name = ana_coord_text(a, "plant_product");
    const double *value = ana_coord_value(a, "plant_value");

    for (size_t i = 0; name && value && i < a->n; i++)
        if (strcmp(name[i], product) == 0)
            return value[i];
    return 0.0;
}

static int find_columns(struct groups *g, struct ana_work *w)
{
    *g = (struct groups){.axis = ana_axis(w->r, "group"), .week = ana_axis(w->r, "week")};
    g->made = ana_cube_find(w->r, "group_made", "scenario run group week");
    g->country = ana_coord_text(g->axis, "group_country");
    g->tier = ana_coord_text(g->axis, "group_tier");
    g->product = ana_coord_text(g->axis, "group_product");
    if (!g->made.c || !g->country || !g->tier || !g->product || g->week->n < SUM_WEEKS)
        return 0;
    g->value = sim_arena_alloc(&w->c->arena, g->axis->n, sizeof *g->value);
    for (size_t i = 0; i < g->axis->n; i++)
        g->value[i] = ana_value_of(w->r, g->product[i]);
    g->with = sim_arena_alloc(&w->c->arena, g->week->n, sizeof *g->with);
    g->base = sim_arena_alloc(&w->c->arena, g->week->n, sizeof *g->base);
    return 1;
}

/* Output of a stage by week in pair p, USD, then 28-day ratios into g->with. */
static void take_ratios(const struct ana_work *w, struct groups *g, const struct ana_tier *to,
                        size_t p)
{
    size_t n = g->week->n;

    memset(g->with, 0, n * sizeof *g->with);
    memset(g->base, 0, n * sizeof *g->base);
    for (size_t i = 0; i < g->axis->n; i++) {
        if (!ana_in_country(w, g->country[i]) || strcmp(g->tier[i], to->tier) != 0)
            continue;
        for (size_t k = 0; k < n; k++) {
            g->with[k] += g->value[i] * ana_with(w, &g->made, p, i * n + k);
            g->base[k] += g->value[i] * ana_base(w, &g->made, p, i * n + k);
        }
    }
    for (size_t k = 0; k < n; k++) {
        to->week[k] += g->with[k] / (double)w->v->n_pair;
        to->week_base[k] += g->base[k] / (double)w->v->n_pair;
    }
    for (size_t k = 0; k + SUM_WEEKS <= n; k++) {
        double s = 0.0, b = 0.0;

        for (size_t j = k; j < k + SUM_WEEKS; j++) {
            s += g->with[j];
            b += g->base[j];
        }
        g->with[k] = b > 0.0 ? s / b : NAN;
    }
}

/* First week from which the ratio holds, at or after `from`; n if it does not. */
static size_t holds_from(const double ratio[], size_t n, size_t from)
{
    size_t good = 0;

    for (size_t k = from; k < n; k++) {
        good = isnan(ratio[k]) || ratio[k] >= ANA_RECOVERED ? good + 1 : 0;
        if (good == HOLD_WEEKS)
            return k + 1 - HOLD_WEEKS;
    }
    return n;
}

static void take_dip(struct ana_work *w, struct groups *g, struct ana_tier *to,
                     struct ana_duration *back)
{
    size_t n = g->week->n - SUM_WEEKS + 1;
    double *least = w->with, *at = w->base, over = ana_policy_end(w);

    to->week = sim_arena_alloc(&w->c->arena, g->week->n, sizeof *to->week);
    to->week_base = sim_arena_alloc(&w->c->arena, g->week->n, sizeof *to->week_base);
    for (size_t p = 0; p < w->v->n_pair; p++) {
        size_t low = n, end;

        take_ratios(w, g, to, p);
        for (size_t k = 0; k < n; k++)
            if (!isnan(g->with[k]) && (low == n || g->with[k] < g->with[low]))
                low = k;
        least[p] = low < n ? g->with[low] : NAN;
        at[p] = low < n ? g->week->value[low] : NAN;
        if (!(least[p] < ANA_RECOVERED))
            continue;
        while (low < n && g->week->value[low] < over)
            low++;
        end = holds_from(g->with, n, low);
        back[to->n_dip++] = (struct ana_duration){
            .time = fmax(0.0, g->week->value[end < n ? end : n - 1] - (isnan(over) ? at[p] : over)),
            .weight = 1.0,
            .open = end == n};
        to->n_back += end < n;
    }
    to->back_is_over = ana_stats_duration(back, to->n_dip, 0.5, &to->back);
    to->trough_at = ana_range_take(at, w->v->n_pair);
    to->trough = ana_range_take(least, w->v->n_pair);
}

void ana_compare_dips(struct ana_work *w)
{
    struct ana_range none = {.p05 = NAN, .p50 = NAN, .p95 = NAN};
    struct ana_duration *back = sim_arena_alloc(&w->c->arena, w->v->n_pair, sizeof *back);
    struct groups g;
    int found = find_columns(&g, w) && w->has_base && g.week->value;

    for (size_t k = 0; k < w->v->n_tier; k++) {
        struct ana_tier *to = &w->v->tier[k];

        to->trough = to->trough_at = none;
        to->back = NAN;
        if (found)
            take_dip(w, &g, to, back);
    }
}
