#include "analysis/critical.h"
#include "analysis/compare_inner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- one run ---- */

/* Stock points at which a market is served, and what a unit is worth there. */
static size_t sold_points(const struct sim_result *r, size_t *point, double *value)
{
    const struct sim_axis *m = ana_axis(r, "market"), *p = ana_axis(r, "point");
    const char *const *site = ana_coord_text(m, "market_site"),
                      *const *product = ana_coord_text(m, "market_product"),
                      *const *at = ana_coord_text(p, "point_site"),
                      *const *of = ana_coord_text(p, "point_product");
    const double *usd = ana_coord_value(m, "market_value");
    size_t n = 0;

    if (!site || !product || !at || !of || !usd)
        return 0;
    for (size_t i = 0; i < p->n; i++)
        for (size_t k = 0; k < m->n; k++)
            if (strcmp(at[i], site[k]) == 0 && strcmp(of[i], product[k]) == 0) {
                point[n] = i;
                value[n++] = usd[k];
                break;
            }
    return n;
}

static int keep_plants(struct ana_critical_run *to, struct sim_arena *a, const struct sim_result *r)
{
    const struct sim_axis *p = ana_axis(r, "plant");
    const struct sim_column *started = sim_result_find(r, "started"),
                            *stop = sim_result_find(r, "stop_first");
    const double *value = ana_coord_value(p, "plant_value"),
                 *inputs = ana_coord_value(p, "plant_input_value");

    if (!started || !stop || !value || !inputs)
        return 0;
    to->n_plant = p->n;
    to->started = sim_arena_alloc(a, p->n, sizeof *to->started);
    to->gain = sim_arena_alloc(a, p->n, sizeof *to->gain);
    to->stop_first = sim_arena_alloc(a, p->n, sizeof *to->stop_first);
    for (size_t i = 0; i < p->n; i++) {
        to->started[i] = sim_column_at(started, i);
        to->gain[i] = value[i] - inputs[i];
        to->stop_first[i] = (float)sim_column_at(stop, i);
    }
    return 1;
}

int ana_critical_keep(struct ana_critical_run *to, struct sim_arena *a, const struct sim_result *r,
                      struct sim_err *err)
{
    const struct sim_column *made = sim_result_find(r, "day_made"),
                            *loss = sim_result_find(r, "loss_usd");
    const struct sim_axis *p = ana_axis(r, "point"), *day = ana_axis(r, "day");
    size_t *point;

    *to = (struct ana_critical_run){0};
    if (!made || !loss || !p || !day || !keep_plants(to, a, r))
        return sim_err_add(err, SIM_ERUN, "the result has no daily series of markets and plants");
    point = sim_arena_alloc(a, p->n, sizeof *point);
    to->value = sim_arena_alloc(a, p->n, sizeof *to->value);
    to->n_sold = sold_points(r, point, to->value);
    to->n_day = day->n;
    to->sold = sim_arena_alloc(a, to->n_sold * to->n_day, sizeof *to->sold);
    for (size_t i = 0; i < to->n_sold; i++)
        for (size_t d = 0; d < to->n_day; d++)
            to->sold[i * to->n_day + d] = (float)sim_column_at(made, point[i] * to->n_day + d);
    for (size_t i = 0; i < sim_column_n(r, loss); i++)
        to->loss_usd += sim_column_at(loss, i);
    return 0;
}

/* ---- a pair of runs ---- */

static const double short_of = 0.01; /* of a day's demand */

/* The first day by which a point has handed over less than in the baseline; -1 = never. */
static int first_short(const float *base, const float *with, size_t n_day)
{
    double all = 0, gap = 0;

    for (size_t d = 0; d < n_day; d++)
        all += (double)base[d];
    for (size_t d = 0; d < n_day; d++) {
        gap += (double)base[d] - (double)with[d];
        if (gap > short_of * all / (double)n_day)
            return (int)d;
    }
    return -1;
}

enum { RECOVER_MEAN_D = 28, RECOVER_HOLD_D = 56 };
static const double recovered = 0.95;

/* Value handed over on a day at the points that were short. */
static double value_on(const struct ana_critical_run *r, const char *is_short, size_t day)
{
    double usd = 0;

    for (size_t i = 0; i < r->n_sold; i++)
        if (is_short[i])
            usd += (double)r->sold[i * r->n_day + day] * r->value[i];
    return usd;
}

static double days_to_recover(const struct ana_critical_run *base,
                              const struct ana_critical_run *with, const char *is_short,
                              int32_t end)
{
    double x[RECOVER_MEAN_D] = {0}, y[RECOVER_MEAN_D] = {0};
    int32_t back = end, n = (int32_t)base->n_day;

    for (int32_t d = 0; d < n; d++) {
        double sx = 0, sy = 0;

        x[d % RECOVER_MEAN_D] = value_on(base, is_short, (size_t)d);
        y[d % RECOVER_MEAN_D] = value_on(with, is_short, (size_t)d);
        for (int k = 0; k < RECOVER_MEAN_D; k++) {
            sx += x[k];
            sy += y[k];
        }
        if (d >= end && sy < recovered * sx)
            back = d + 1;
    }
    return back > end && n - back < RECOVER_HOLD_D ? NAN : (double)(back - end);
}

void ana_critical_compare(struct ana_critical_effect *to, const struct ana_critical_run *base,
                          const struct ana_critical_run *with, int32_t first, int32_t end,
                          const char *ends)
{
    struct sim_arena a = {0};
    char *is_short = sim_arena_alloc(&a, base->n_sold, 1);
    int any = 0;

    *to = (struct ana_critical_effect){
        .loss_usd = with->loss_usd - base->loss_usd, .survive_d = NAN, .stop_d = NAN};
    for (size_t i = 0; i < base->n_sold; i++) {
        int d =
            first_short(base->sold + i * base->n_day, with->sold + i * base->n_day, base->n_day);

        if (d < 0)
            continue;
        any = is_short[i] = 1;
        to->survive_d = fmin(isnan(to->survive_d) ? INFINITY : to->survive_d, (double)(d - first));
    }
    for (size_t i = 0; i < base->n_plant; i++) {
        double b = (double)base->stop_first[i], w = (double)with->stop_first[i];

        to->net_usd += (base->started[i] - with->started[i]) * base->gain[i];
        if (ends[i] && !isnan(w) && (isnan(b) || w < b))
            to->stop_d = fmin(isnan(to->stop_d) ? INFINITY : to->stop_d, w - first);
    }
    if (any)
        to->recover_d = days_to_recover(base, with, is_short, end);
    sim_arena_free(&a);
}

/* ---- all runs ---- */

static int cmp_double(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The lower median, with what never comes as INFINITY. */
static double median(double *x, size_t n)
{
    if (n == 0)
        return NAN;
    for (size_t i = 0; i < n; i++)
        x[i] = isnan(x[i]) ? INFINITY : x[i];
    qsort(x, n, sizeof *x, cmp_double);
    return x[(n - 1) / 2];
}

static void take_row(struct ana_critical_row *row, const struct ana_critical_effect *x,
                     size_t n_run, double *scratch)
{
    double *col[5];
    size_t n = 0;

    for (int k = 0; k < 5; k++)
        col[k] = scratch + (size_t)k * n_run;
    for (size_t i = 0; i < n_run; i++) {
        if (isnan(x[i].loss_usd))
            continue;
        col[0][n] = x[i].loss_usd;
        col[1][n] = x[i].net_usd;
        col[2][n] = x[i].survive_d;
        col[3][n] = x[i].stop_d;
        col[4][n++] = x[i].recover_d;
    }
    (void)ana_stats_interval(col[0], n, 0.95, &row->loss_usd);
    (void)ana_stats_interval(col[1], n, 0.95, &row->net_usd);
    row->survive_d = median(col[2], n);
    row->stop_d = median(col[3], n);
    row->recover_d = median(col[4], n);
}

static int order(double x, double y) /* larger first, NaN last */
{
    if (isnan(x) || isnan(y))
        return isnan(x) - isnan(y);
    return (x < y) - (x > y);
}

static int cmp_row(const void *a, const void *b)
{
    const struct ana_critical_row *x = a, *y = b;
    int by[] = {order(x->loss_usd.at, y->loss_usd.at), order(x->net_usd.at, y->net_usd.at),
                -order(x->survive_d, y->survive_d), -order(x->stop_d, y->stop_d)};

    for (size_t i = 0; i < sizeof by / sizeof *by; i++)
        if (by[i])
            return by[i];
    return (x->target > y->target) - (x->target < y->target);
}

void ana_critical_rank(struct ana_critical_row *row, const struct ana_critical_effect *x,
                       size_t n_target, size_t n_run)
{
    struct sim_arena a = {0};
    double *scratch = sim_arena_alloc(&a, 5 * n_run, sizeof *scratch);

    for (size_t i = 0; i < n_target; i++) {
        row[i] = (struct ana_critical_row){.target = i};
        take_row(&row[i], x + i * n_run, n_run, scratch);
    }
    sim_arena_free(&a);
    qsort(row, n_target, sizeof *row, cmp_row);
}
