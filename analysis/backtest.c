#include "analysis/backtest_inner.h"

#include "analysis/stats.h"
#include "sim/batch.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const double band_p[ANA_BACKTEST_STATS] = {0.1, 0.5, 0.9};

double ana_backtest_mape(const double is[], const double should[], size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += fabs(is[i] - should[i]) / should[i];
    return n > 0 ? sum / (double)n : NAN;
}

static void no_band(double q[ANA_BACKTEST_STATS])
{
    for (int i = 0; i < ANA_BACKTEST_STATS; i++)
        q[i] = NAN;
}

static void band(double x[], size_t n, double q[ANA_BACKTEST_STATS])
{
    ana_stats_quantiles(x, n, band_p, ANA_BACKTEST_STATS, q);
}

/* ---- series of the runs ---- */

size_t ana_backtest_place(const struct ana_backtest_work *w, int month)
{
    size_t k = (size_t)(month - w->v.first);

    return month >= w->v.first && k < w->v.n_month && ana_backtest_is_whole(&w->v, month)
               ? k
               : w->v.n_month;
}

void ana_backtest_add_flows(const struct ana_backtest_work *w, const char *column, size_t scenario,
                            size_t run, double to[])
{
    const struct sim_column *c = sim_result_find(w->v.r, column);
    size_t n = w->v.r->axis[w->v.axis].n, m = w->v.n_month;
    size_t at = (scenario * w->v.n_run + run) * n * m;

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < m && w->v.pick[i]; k++)
            to[k] += sim_column_at(c, at + i * m + k);
}

/* The same of what is made, which is recorded by weeks: a week that two months share goes to them
 * by days. */
static void add_made(const struct ana_backtest_work *w, size_t scenario, size_t run, double to[])
{
    const struct sim_column *c = sim_result_find(w->v.r, "group_made");
    size_t n = w->v.r->axis[w->v.axis].n, n_week = w->v.r->axis[c->axis[3]].n;
    size_t at = (scenario * w->v.n_run + run) * n * n_week;

    for (size_t k = 0; k < n_week; k++) {
        int32_t first = (int32_t)k * ANA_WEEK_D,
                days = first + ANA_WEEK_D <= w->v.horizon_d ? ANA_WEEK_D : w->v.horizon_d - first;
        double sum = 0;

        for (size_t i = 0; i < n; i++)
            sum += w->v.pick[i] ? sim_column_at(c, at + i * n_week + k) : 0;
        for (int32_t d = 0; d < days; d++) {
            int y, m, day;

            sim_date_split(w->v.start + first + d, &y, &m, &day);
            to[12 * y + m - 1 - w->v.first] += sum / days;
        }
    }
}

static double *series(struct ana_backtest_work *w, size_t scenario)
{
    static const char *const column[] = {"exports", "imports"};
    size_t m = w->v.n_month;
    double *to = sim_arena_alloc(&w->arena, w->b->n_done * m, sizeof *to);

    for (size_t r = 0; r < w->b->n_done; r++) {
        if (w->b->plan->measure == ANA_MADE)
            add_made(w, scenario, w->run[r], to + r * m);
        else
            ana_backtest_add_flows(w, column[w->b->plan->measure], scenario, w->run[r], to + r * m);
        for (size_t k = 0; k < m; k++)
            to[r * m + k] *= w->b->plan->scale;
    }
    return to;
}

/* Each run by the mean of its own base months. */
static double *indices(struct ana_backtest_work *w)
{
    const struct ana_backtest_plan *p = w->b->plan;
    size_t m = w->v.n_month;
    double *to;

    if (p->base_from == ANA_NO_MONTH)
        return NULL;
    to = sim_arena_alloc(&w->arena, w->b->n_done * m, sizeof *to);
    for (size_t r = 0; r < w->b->n_done; r++) {
        double sum = 0;

        for (int b = p->base_from; b <= p->base_to; b++)
            sum += w->quantity[r * m + ana_backtest_place(w, b)];
        sum /= p->base_to - p->base_from + 1;
        w->b->n_index += sum > 0;
        for (size_t k = 0; k < m; k++)
            to[r * m + k] = sum > 0 ? 100 * w->quantity[r * m + k] / sum : NAN;
    }
    return to;
}

void ana_backtest_band_at(struct ana_backtest_work *w, const double *of, size_t k,
                          double q[ANA_BACKTEST_STATS])
{
    for (size_t r = 0; of && r < w->b->n_done; r++)
        w->x[r] = of[r * w->v.n_month + k];
    band(w->x, of ? w->b->n_done : 0, q);
}

/* ---- months ---- */

static double observed_value(const struct ana_backtest_plan *p, int month)
{
    const struct ana_backtest_observed *o = ana_backtest_at(p, month);

    return o ? o->value : NAN;
}

static double observed_base(const struct ana_backtest_plan *p)
{
    double sum = 0;

    for (int m = p->base_from; p->base_from != ANA_NO_MONTH && m <= p->base_to; m++)
        sum += observed_value(p, m);
    return p->base_from == ANA_NO_MONTH ? NAN : sum / (p->base_to - p->base_from + 1);
}

static void fill_month(struct ana_backtest_work *w, int month)
{
    const struct ana_backtest_plan *p = w->b->plan;
    const struct ana_backtest_observed *o = ana_backtest_at(p, month);
    size_t k = ana_backtest_place(w, month);
    struct ana_backtest_month *to = &w->b->month[w->b->n_month];

    if (o == NULL && k == w->v.n_month)
        return;
    w->b->n_month++;
    *to = (struct ana_backtest_month){.month = month,
                                      .is_observed = o != NULL,
                                      .is_simulated = k < w->v.n_month,
                                      .status = o ? o->status : 0,
                                      .source = o ? o->source : NULL,
                                      .observed = o ? o->value : NAN};
    to->observed_index = 100 * to->observed / observed_base(p);
    to->naive = observed_value(p, month - 12) * p->naive_growth;
    no_band(to->open_weeks);
    if (to->is_simulated) {
        ana_backtest_band_at(w, w->quantity, k, to->quantity);
        ana_backtest_band_at(w, w->index, k, to->index);
    } else {
        no_band(to->quantity);
        no_band(to->index);
    }
}

static void fill_months(struct ana_backtest_work *w)
{
    const struct ana_backtest_plan *p = w->b->plan;
    int first = w->v.first, last = first + (int)w->v.n_month - 1;

    if (p->n_observed > 0) {
        int a = p->observed[0].month, z = p->observed[p->n_observed - 1].month;

        first = a < first ? a : first;
        last = z > last ? z : last;
    }
    w->b->month = sim_arena_alloc(&w->b->arena, (size_t)(last - first + 1), sizeof *w->b->month);
    for (int m = first; m <= last; m++)
        fill_month(w, m);
}

static struct ana_backtest_month *month_at(const struct ana_backtest *b, int month)
{
    for (size_t i = 0; i < b->n_month; i++)
        if (b->month[i].month == month)
            return &b->month[i];
    return NULL;
}

/* ---- errors ---- */

static void errors(struct ana_backtest_work *w)
{
    struct ana_backtest *b = w->b;
    const struct ana_backtest_plan *p = b->plan;

    b->error = sim_arena_alloc(&b->arena, p->n_window, sizeof *b->error);
    for (size_t i = 0; i < p->n_window; i++) {
        const struct ana_backtest_window *win = &p->window[i];
        double *x = sim_arena_alloc(&w->arena, 5 * win->n, sizeof *x), *should = x + win->n,
               *index = x + 2 * win->n, *index_should = x + 3 * win->n, *naive = x + 4 * win->n;

        for (size_t k = 0; k < win->n; k++) {
            const struct ana_backtest_month *m = month_at(b, win->month[k]);

            x[k] = m->quantity[ANA_P50];
            should[k] = m->observed;
            index[k] = m->index[ANA_P50];
            index_should[k] = m->observed_index;
            naive[k] = m->naive;
        }
        b->error[i] =
            (struct ana_backtest_error){.index = ana_backtest_mape(index, index_should, win->n),
                                        .quantity = ana_backtest_mape(x, should, win->n),
                                        .naive = ana_backtest_mape(naive, should, win->n)};
    }
}

/* ---- trough ---- */

static void trough(struct ana_backtest_work *w)
{
    struct ana_backtest *b = w->b;
    const struct ana_backtest_trough *t = &b->plan->trough;
    const struct ana_backtest_month *seen = NULL, *made = NULL;
    size_t same = 0;
    int *own = sim_arena_alloc(&w->arena, b->n_done, sizeof *own);
    double *least = sim_arena_alloc(&w->arena, b->n_done, sizeof *least);

    b->trough = b->trough_observed = ANA_NO_MONTH;
    for (size_t i = 0; i < b->n_month; i++) {
        const struct ana_backtest_month *m = &b->month[i];

        if (!m->is_observed || !m->is_simulated ||
            (t->from != ANA_NO_MONTH && m->month < t->from) ||
            (t->to != ANA_NO_MONTH && m->month > t->to))
            continue;
        for (size_t r = 0; r < b->n_done; r++) {
            double x = w->quantity[r * w->v.n_month + ana_backtest_place(w, m->month)];

            if (seen == NULL || x < least[r]) {
                least[r] = x;
                own[r] = m->month;
            }
        }
        if (seen == NULL || m->observed < seen->observed)
            seen = m;
        if (made == NULL || m->quantity[ANA_P50] < made->quantity[ANA_P50])
            made = m;
    }
    if (seen == NULL)
        return;
    b->trough_observed = seen->month;
    b->trough = made->month;
    for (size_t r = 0; r < b->n_done; r++)
        same += own[r] == seen->month;
    b->trough_runs = (double)same / (double)b->n_done;
}

/* ---- shortfall ---- */

/* Reference minus value over months from..to: of the observed series, or of a run. */
static double short_of(const struct ana_backtest_work *w, int from, int to, size_t run,
                       int observed)
{
    const struct ana_backtest_plan *p = w->b->plan;
    double sum = 0;

    for (int m = from; m <= to; m++) {
        size_t at = run * w->v.n_month + ana_backtest_place(w, m);

        if (observed)
            sum += observed_value(p, m - 12) - observed_value(p, m);
        else
            sum += (p->shortfall.against == 1 ? w->base_quantity[at] : observed_value(p, m - 12)) -
                   w->quantity[at];
    }
    return sum;
}

/* A share of nothing is none. */
static double made_good(double missing, double later)
{
    return missing > 0 ? -later / missing : NAN;
}

static void shortfall(struct ana_backtest_work *w)
{
    struct ana_backtest *b = w->b;
    const struct ana_backtest_shortfall *s = &b->plan->shortfall;
    double *missing = sim_arena_alloc(&w->arena, b->n_done, sizeof *missing);

    b->shortfall_observed = b->made_good_observed = NAN;
    no_band(b->shortfall);
    no_band(b->made_good);
    if (!s->there)
        return;
    b->shortfall_observed = short_of(w, s->from, s->to, 0, 1);
    for (size_t r = 0; r < b->n_done; r++)
        missing[r] = short_of(w, s->from, s->to, r, 0);
    if (s->made_good_to != ANA_NO_MONTH) {
        b->made_good_observed =
            made_good(b->shortfall_observed, short_of(w, s->to + 1, s->made_good_to, 0, 1));
        for (size_t r = 0; r < b->n_done; r++)
            w->x[r] = made_good(missing[r], short_of(w, s->to + 1, s->made_good_to, r, 0));
        band(w->x, b->n_done, b->made_good);
    }
    band(missing, b->n_done, b->shortfall);
}

/* ---- checks ---- */

static struct ana_backtest_check *check(struct ana_backtest *b, const char *of, const char *id,
                                        const char *unit, double value, double limit,
                                        const char *fmt, ...) SIM_FORMAT(7, 8);

static struct ana_backtest_check *check(struct ana_backtest *b, const char *of, const char *id,
                                        const char *unit, double value, double limit,
                                        const char *fmt, ...)
{
    struct ana_backtest_check *c = &b->check[b->n_check++];
    char text[200];
    va_list ap;

    snprintf(text, sizeof text, "%s%s%s", of, *of ? "." : "", id);
    *c = (struct ana_backtest_check){.id = sim_arena_copy(&b->arena, text, strlen(text)),
                                     .unit = unit,
                                     .value = value,
                                     .limit = limit,
                                     .met = value <= limit};
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    c->what = sim_arena_copy(&b->arena, text, strlen(text));
    return c;
}

static void check_window(struct ana_backtest *b, size_t i)
{
    static const char *const what[] = {"mean error of the index", "mean error of the quantity"};
    const struct ana_backtest_window *w = &b->plan->window[i];
    const char *name = w->name && *w->name ? w->name : w->id;
    double x = w->against == ANA_INDEX ? b->error[i].index : b->error[i].quantity;
    struct ana_backtest_check *c;

    if (!isnan(w->max_mape))
        check(b, w->id, "max_mape", "1", x, w->max_mape, "%.80s: %s", name, what[w->against]);
    if (!isnan(w->goal_mape))
        check(b, w->id, "goal_mape", "1", x, w->goal_mape, "%.80s: %s", name, what[w->against])
            ->goal = 1;
    if (w->beat_naive != ANA_NAIVE_NO) {
        c = check(b, w->id, "beat_naive", "1", x, b->error[i].naive, "%.80s: %s, below naive", name,
                  what[w->against]);
        c->met = c->value < c->limit;
        c->goal = w->beat_naive == ANA_NAIVE_GOAL;
    }
}

static void check_users(struct ana_backtest *b, size_t i)
{
    const struct ana_backtest_users *u = &b->plan->users[i];

    if (!isnan(u->max_stopped_share))
        check(b, u->id, "max_stopped_share", "1", b->stops[i].share, u->max_stopped_share,
              "%s: sites that ever stop", u->id);
    if (!isnan(u->max_stop_d))
        check(b, u->id, "max_stop_d", "d", b->stops[i].p90, u->max_stop_d,
              "%s: longest stops of those sites, 90 %% of them", u->id);
}

static void checks(struct ana_backtest *b)
{
    const struct ana_backtest_plan *p = b->plan;
    const struct ana_backtest_sanity *s = &p->sanity;

    b->check = sim_arena_alloc(&b->arena, 3 * p->n_window + 2 * p->n_users + 3, sizeof *b->check);
    for (size_t i = 0; i < p->n_window; i++)
        check_window(b, i);
    if (p->trough.there)
        check(b, "trough", "max_off_months", "months", abs(b->trough - b->trough_observed),
              (double)p->trough.max_off_months, "trough, months from the observed one");
    if (p->shortfall.there && !isnan(p->shortfall.max_error))
        check(b, "shortfall", "max_error", "1",
              b->shortfall_observed > 0 ? fabs(b->shortfall[ANA_P50] / b->shortfall_observed - 1)
                                        : NAN,
              p->shortfall.max_error, "error of the shortfall");
    for (size_t i = 0; i < p->n_users; i++)
        check_users(b, i);
    if (!isnan(s->max_open_weeks))
        check(b, "sanity", "max_open_weeks", "weeks", b->open_most, s->max_open_weeks,
              "open orders in weeks of use, largest month");
    b->passed = 1;
    for (size_t i = 0; i < b->n_check; i++)
        b->passed &= b->check[i].goal || b->check[i].met;
}

/* ---- all of it ---- */

/* Runs that are done in the scenario and in the baseline. */
static int list_runs(struct ana_backtest_work *w, struct sim_err *err)
{
    const struct sim_column *c = sim_result_find(w->v.r, "run_status");
    size_t n = w->v.n_run;

    w->run = sim_arena_alloc(&w->arena, n, sizeof *w->run);
    for (size_t r = 0; r < n; r++)
        if (c == NULL || ((int)sim_column_at(c, w->with * n + r) == SIM_DONE &&
                          (int)sim_column_at(c, w->base * n + r) == SIM_DONE))
            w->run[w->b->n_done++] = r;
    w->b->n_run = n;
    if (w->b->n_done == 0)
        return sim_err_add(err, SIM_ERUN, "no run is done, so there is no back-test");
    w->x = sim_arena_alloc(&w->arena, w->b->n_done, sizeof *w->x);
    return 0;
}

static void work_out(struct ana_backtest_work *w)
{
    w->quantity = series(w, w->with);
    w->base_quantity = w->base != w->with ? series(w, w->base) : NULL;
    w->index = indices(w);
    fill_months(w);
    errors(w);
    trough(w);
    shortfall(w);
    ana_backtest_stops(w);
    ana_backtest_open_orders(w);
    checks(w->b);
}

int ana_backtest(struct ana_backtest *b, const struct ana_backtest_plan *p,
                 const struct sim_result *r, const char dependent[], struct sim_err *err)
{
    struct ana_backtest_work w = {.b = b};
    const struct sim_axis *scenario;
    int rc;

    *b = (struct ana_backtest){.plan = p};
    rc = ana_backtest_look(&w.v, p, r, &w.arena, err);
    if (rc == 0) {
        scenario = &r->axis[sim_result_find_axis(r, "scenario")];
        w.with = scenario->n - 1;
        b->scenario =
            sim_arena_copy(&b->arena, scenario->label[w.with], strlen(scenario->label[w.with]));
        if (w.with > 0)
            b->baseline = sim_arena_copy(&b->arena, scenario->label[0], strlen(scenario->label[0]));
        else
            w.base = w.with;
        if (dependent)
            b->dependent =
                sim_arena_copy(&b->arena, dependent, r->axis[sim_result_find_axis(r, "plant")].n);
        rc = list_runs(&w, err);
    }
    if (rc == 0)
        work_out(&w);
    sim_arena_free(&w.arena);
    return rc;
}

void ana_backtest_free(struct ana_backtest *b)
{
    sim_arena_free(&b->arena);
    *b = (struct ana_backtest){0};
}
