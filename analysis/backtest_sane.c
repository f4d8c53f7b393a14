#include "analysis/backtest_inner.h"

#include "analysis/stats.h"

#include <math.h>
#include <string.h>

/* ---- sanity: stops ---- */

static const char *const *plant_sites(const struct sim_result *r)
{
    const struct sim_axis *a = &r->axis[sim_result_find_axis(r, "plant")];

    for (int i = 0; i < a->n_coord; i++)
        if (strcmp(a->coord[i].name, "plant_site") == 0)
            return a->coord[i].label;
    return NULL;
}

/* For each plant that depends the first such plant of its site, for others n. Returns how many
 * sites there are. */
static size_t group_by_site(const struct ana_backtest_work *w, size_t n, size_t first[])
{
    const char *dependent = w->b->dependent;
    const char *const *site = plant_sites(w->v.r);
    size_t sites = 0;

    for (size_t i = 0; i < n; i++) {
        first[i] = dependent[i] ? i : n;
        for (size_t k = 0; k < i && dependent[i] && site; k++)
            if (dependent[k] && strcmp(site[i], site[k]) == 0) {
                first[i] = k;
                break;
            }
        sites += first[i] == i;
    }
    return sites;
}

/* The longest stop of a plant in a run if it is long enough and the plant stands on more days than
 * in the baseline; else 0. */
static double stop_of(const struct ana_backtest_work *w, size_t run, size_t plant, size_t n)
{
    const struct sim_column *longest = sim_result_find(w->v.r, "stop_longest"),
                            *days = sim_result_find(w->v.r, "stop_days");
    size_t with = (w->with * w->v.n_run + run) * n + plant,
           base = (w->base * w->v.n_run + run) * n + plant;
    double x = sim_column_at(longest, with);

    if (x < (double)w->b->plan->sanity.stop_d ||
        (w->base != w->with && sim_column_at(days, with) <= sim_column_at(days, base)))
        return 0;
    return x;
}

/* One group: at[n] is scratch, and length[sites x runs]. */
static void stops_of(struct ana_backtest_work *w, size_t group, size_t n, const size_t first[],
                     double at[], double length[])
{
    struct ana_backtest_stops *to = &w->b->stops[group];
    size_t n_stop = 0;
    double q[2];

    for (size_t r = 0; r < w->b->n_done; r++) {
        for (size_t i = 0; i < n; i++)
            at[i] = -1; /* no site of the group */
        for (size_t i = 0; i < n; i++)
            if (first[i] < n && w->v.users[group][i])
                at[first[i]] = fmax(at[first[i]], stop_of(w, w->run[r], i, n));
        to->n_site = 0;
        for (size_t i = 0; i < n; i++) {
            to->n_site += at[i] >= 0;
            if (at[i] > 0)
                length[n_stop++] = at[i];
        }
    }
    if (to->n_site == 0)
        return;
    ana_stats_quantiles(length, n_stop, (const double[]){0.5, 0.9}, 2, q);
    to->share = (double)n_stop / (double)(to->n_site * w->b->n_done);
    to->p50 = n_stop ? q[0] : 0;
    to->p90 = n_stop ? q[1] : 0;
}

void ana_backtest_stops(struct ana_backtest_work *w)
{
    struct ana_backtest *b = w->b;
    size_t n = w->v.r->axis[sim_result_find_axis(w->v.r, "plant")].n, sites;
    size_t *first = sim_arena_alloc(&w->arena, n, sizeof *first);
    double *at = sim_arena_alloc(&w->arena, n, sizeof *at), *length;

    b->stops = sim_arena_alloc(&b->arena, b->plan->n_users, sizeof *b->stops);
    for (size_t g = 0; g < b->plan->n_users; g++)
        b->stops[g] = (struct ana_backtest_stops){.share = NAN, .p50 = NAN, .p90 = NAN};
    if (b->dependent == NULL)
        return;
    sites = group_by_site(w, n, first);
    length = sim_arena_alloc(&w->arena, sites * b->n_done, sizeof *length);
    for (size_t g = 0; g < b->plan->n_users; g++)
        stops_of(w, g, n, first, at, length);
}

/* ---- sanity: open orders ---- */

/* Arrivals a week: over all whole months of the baseline; without one, over the scenario's base
 * months, or over all. */
static double weekly_use(const struct ana_backtest_work *w, size_t run, double scratch[])
{
    const struct ana_backtest_plan *p = w->b->plan;
    int based = w->base == w->with && p->base_from != ANA_NO_MONTH;
    double sum = 0, days = 0;

    memset(scratch, 0, w->v.n_month * sizeof *scratch);
    ana_backtest_add_flows(w, "imports", w->base, run, scratch);
    for (size_t k = 0; k < w->v.n_month; k++) {
        int m = w->v.first + (int)k;

        if (!ana_backtest_is_whole(&w->v, m) || (based && (m < p->base_from || m > p->base_to)))
            continue;
        sum += scratch[k];
        days += ana_backtest_days(m);
    }
    return sum / days * ANA_WEEK_D;
}

void ana_backtest_open_orders(struct ana_backtest_work *w)
{
    struct ana_backtest *b = w->b;
    size_t m = w->v.n_month;
    double *weeks = sim_arena_alloc(&w->arena, b->n_done * m, sizeof *weeks),
           *scratch = sim_arena_alloc(&w->arena, m, sizeof *scratch);

    b->open_first = b->open_most = b->open_last = NAN;
    b->open_most_month = ANA_NO_MONTH;
    if (b->plan->measure == ANA_MADE || sim_result_find(w->v.r, "open_orders") == NULL)
        return;
    for (size_t r = 0; r < b->n_done; r++) {
        double use = weekly_use(w, w->run[r], scratch);

        ana_backtest_add_flows(w, "open_orders", w->with, w->run[r], weeks + r * m);
        for (size_t k = 0; k < m; k++)
            weeks[r * m + k] = use > 0 ? weeks[r * m + k] / use : NAN;
    }
    for (size_t i = 0; i < b->n_month; i++) {
        struct ana_backtest_month *at = &b->month[i];
        double x;

        if (!at->is_simulated)
            continue;
        ana_backtest_band_at(w, weeks, ana_backtest_place(w, at->month), at->open_weeks);
        x = at->open_weeks[ANA_P50];
        b->open_first = isnan(b->open_first) ? x : b->open_first;
        b->open_last = x;
        if (isnan(b->open_most) || x > b->open_most) {
            b->open_most = x;
            b->open_most_month = at->month;
        }
    }
}
