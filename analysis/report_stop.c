#include "analysis/report_inner.h"

#include "analysis/plot.h"
#include "analysis/show_inner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Plants that are shown of each scenario: of the focus country, of all others; and without a
 * script. */
enum { HERE = 80, ELSEWHERE = 12, STATIC = 25 };

/* Parts of the baseline's output under which a plant counts as down in 28 days. */
static const double limit[] = {0.1, 0.5, 0.9};
enum { N_LIMIT = sizeof limit / sizeof *limit, HALF = 1 };

struct stop {
    struct ana_report *p;
    struct ana_compare c; /* the same, of plants of every country */
    struct ana_versus v;  /* scenario in hand */
    struct ana_work w;
    struct ana_cube made; /* period_started */
    size_t n_period;      /* whole ones */
    double *output;       /* [pair][n_period][2] of a plant */
    const struct ana_plant **row;
    size_t n_row, left_out;
};

/* ---- which plants ---- */

static int by_net(const void *a, const void *b)
{
    const struct ana_plant *x = *(const struct ana_plant *const *)a,
                           *y = *(const struct ana_plant *const *)b;

    if (x->net_usd != y->net_usd)
        return x->net_usd < y->net_usd ? 1 : -1;
    return (x->line > y->line) - (x->line < y->line);
}

static int is_here(const struct stop *t, const struct ana_plant *x)
{
    return !t->p->c->country || strcmp(x->country, t->p->c->country) == 0;
}

/* Of the plants here, or elsewhere, that stop in some pair or lose something the worst; the first
 * to stop is always among them. */
static void choose(struct stop *t, int here, size_t most, const struct ana_plant *first)
{
    size_t from = t->n_row, n, k;

    for (size_t i = 0; i < t->v.n_plant; i++) {
        const struct ana_plant *x = &t->v.plant[i];

        if (is_here(t, x) == here && (x->n_stop > 0 || x->net_usd > 0.0))
            t->row[t->n_row++] = x;
    }
    n = t->n_row - from;
    if (n > 0)
        qsort(t->row + from, n, sizeof *t->row, by_net);
    if (n <= most)
        return;
    t->left_out += n - most;
    t->n_row = from + most;
    for (k = from; first && k < from + n && strcmp(t->row[k]->site, first->site) != 0; k++)
        ;
    if (first && k < from + n && k >= t->n_row)
        t->row[t->n_row - 1] = t->row[k];
}

static void take_scenario(struct stop *t, const struct ana_versus *of)
{
    t->v = *of;
    t->v.n_plant = t->v.n_line = t->v.n_plant_stop = t->v.n_line_stop = t->v.n_also = 0;
    t->v.n_tier = 0;
    ana_work_begin(&t->w, &t->c, &t->v);
    ana_compare_plants(&t->w);
    t->row = sim_arena_alloc(&t->c.arena, t->v.n_plant, sizeof *t->row);
    t->n_row = t->left_out = 0;
    choose(t, 1, HERE, ana_first_to_stop(of));
    if (t->p->c->country)
        choose(t, 0, ELSEWHERE, NULL);
}

/* ---- how likely it is down ---- */

/* Adds what line j makes, USD, to made[pair][n_period][scenario, baseline]. */
static void add_line(const struct stop *t, size_t j, double made[])
{
    const struct sim_axis *a = ana_axis(t->p->r, "plant");
    double value = ana_coord_value(a, "plant_value")[j];
    size_t n = t->made.n / a->n;

    for (size_t i = 0; i < t->v.n_pair; i++)
        for (size_t k = 0; k < t->n_period; k++) {
            double *to = made + 2 * (i * t->n_period + k);

            to[0] += value * ana_with(&t->w, &t->made, i, j * n + k);
            to[1] += value * ana_base(&t->w, &t->made, i, j * n + k);
        }
}

/* x[N_LIMIT][n_period]: share of the pairs in which output is under the limit; NaN where the
 * baseline makes nothing in any. */
static void take_shares(struct stop *t, const struct ana_plant *of, double x[])
{
    const struct sim_axis *a = ana_axis(t->p->r, "plant");
    const char *const *site = ana_coord_text(a, "plant_site");

    memset(t->output, 0, 2 * t->v.n_pair * t->n_period * sizeof *t->output);
    for (size_t j = 0; j < a->n; j++)
        if (strcmp(site[j], of->site) == 0)
            add_line(t, j, t->output);
    for (size_t k = 0; k < t->n_period; k++) {
        size_t n = 0, under[N_LIMIT] = {0};

        for (size_t i = 0; i < t->v.n_pair; i++) {
            const double *made = t->output + 2 * (i * t->n_period + k);

            if (!(made[1] > 0.0))
                continue;
            n++;
            for (size_t j = 0; j < N_LIMIT; j++)
                under[j] += made[0] < limit[j] * made[1];
        }
        for (size_t j = 0; j < N_LIMIT; j++)
            x[j * t->n_period + k] = n > 0 ? (double)under[j] / (double)n : (double)NAN;
    }
}

/* ---- as data ---- */

static void put_plant(struct stop *t, const struct ana_plant *x, double share[])
{
    struct ana_report *p = t->p;

    ana_json_open(p->to, '{');
    ana_json_key(p->to, "site");
    ana_json_text(p->to, x->site);
    ana_json_key(p->to, "product");
    ana_json_text(p->to, x->product);
    ana_json_key(p->to, "country");
    ana_json_text(p->to, x->country);
    ana_json_key(p->to, "stops");
    ana_json_numbers(p->to, (double[]){(double)x->n_stop, x->share.at, x->share.lo, x->share.hi}, 4,
                     ANA_REPORT_DIGITS);
    ana_json_key(p->to, "first");
    ana_json_open(p->to, '[');
    ana_report_date(p, x->first.p05);
    ana_report_date(p, x->first.p50);
    ana_report_date(p, x->first.p95);
    ana_json_close(p->to, ']');
    ana_report_number(p, "days", x->days);
    ana_report_number(p, "longest", x->longest);
    ana_report_number(p, "net", x->net_usd);
    ana_json_key(p->to, "cause");
    ana_json_text(p->to, ana_report_cause(p, x->cause));
    ana_report_number(p, "cause_share", x->cause_share);
    ana_json_key(p->to, "under");
    ana_json_open(p->to, '[');
    take_shares(t, x, share);
    for (size_t j = 0; j < N_LIMIT; j++)
        ana_json_numbers(p->to, share + j * t->n_period, t->n_period, 3);
    ana_json_close(p->to, ']');
    ana_json_close(p->to, '}');
}

static void put_scenario(struct stop *t, const struct ana_versus *of)
{
    struct ana_report *p = t->p;
    const struct ana_plant *first = ana_first_to_stop(of);
    double *share = sim_arena_alloc(&p->arena, N_LIMIT * t->n_period, sizeof *share);

    ana_json_open(p->to, '{');
    ana_report_number(p, "scenario", (double)of->scenario);
    ana_report_number(p, "pairs", (double)of->n_pair);
    ana_report_number(p, "plants", (double)of->n_plant);
    ana_report_number(p, "stop", (double)of->n_plant_stop);
    ana_report_number(p, "left_out", (double)t->left_out);
    ana_json_key(p->to, "first");
    ana_json_text(p->to, first ? first->site : NULL);
    ana_json_key(p->to, "rows");
    ana_json_open(p->to, '[');
    for (size_t i = 0; i < t->n_row; i++)
        put_plant(t, t->row[i], share);
    ana_json_close(p->to, ']');
    ana_json_close(p->to, '}');
}

static void put_data(struct stop *t)
{
    struct ana_report *p = t->p;
    const struct sim_axis *period = ana_axis(p->r, "period");

    ana_report_data(p, "stop");
    ana_json_key(p->to, "level");
    ana_json_number(p->to, p->c->level, ANA_REPORT_DIGITS);
    ana_json_key(p->to, "limits");
    ana_json_numbers(p->to, limit, N_LIMIT, ANA_REPORT_DIGITS);
    ana_json_key(p->to, "periods");
    ana_json_open(p->to, '[');
    for (size_t k = 0; k < t->n_period; k++)
        ana_report_date(p, period->value[k]);
    ana_json_close(p->to, ']');
    ana_json_key(p->to, "scenarios");
    ana_json_open(p->to, '[');
    for (size_t i = 0; i < p->c->n_versus; i++) {
        take_scenario(t, &p->c->versus[i]);
        put_scenario(t, &p->c->versus[i]);
    }
    ana_json_close(p->to, ']');
    ana_report_data_end(p);
}

/* ---- without a script ---- */

static const char *row_name(const struct stop *t, const struct ana_plant *x)
{
    return is_here(t, x) ? ana_report_text(t->p, "%s (%s)", x->name, x->product)
                         : ana_report_text(t->p, "%s: %s (%s)", x->country, x->name, x->product);
}

static void put_picture(struct stop *t, const char *label)
{
    struct ana_report *p = t->p;
    const double *day = ana_axis(p->r, "period")->value;
    const char **row = sim_arena_alloc(&p->arena, t->n_row, sizeof *row),
               **column = sim_arena_alloc(&p->arena, t->n_period, sizeof *column);
    double *x = sim_arena_alloc(&p->arena, t->n_row * t->n_period, sizeof *x),
           *share = sim_arena_alloc(&p->arena, N_LIMIT * t->n_period, sizeof *share);

    for (size_t i = 0; i < t->n_row; i++) {
        row[i] = row_name(t, t->row[i]);
        take_shares(t, t->row[i], share);
        memcpy(x + i * t->n_period, share + HALF * t->n_period, t->n_period * sizeof *x);
    }
    for (size_t k = 0; k < t->n_period; k++)
        column[k] = k % 4 ? "" : ana_report_day(p, day[k]);
    ana_plot_cells(p->to, label, row, t->n_row, column, t->n_period, x);
}

static void put_table(const struct stop *t, const char *label)
{
    static const char *const column[] = {
        "plant",      "product",      "country",       "runs that stop", "interval",  "first stop",
        "90 % of it", "days stopped", "longest, days", "net lost, USD",  "main cause"};
    enum { N = sizeof column / sizeof *column };
    struct ana_report *p = t->p;
    struct ana_report_cell *cell = sim_arena_alloc(&p->arena, N * t->n_row, sizeof *cell);

    for (size_t i = 0; i < t->n_row; i++) {
        const struct ana_plant *x = t->row[i];
        struct ana_report_cell *to = cell + N * i;
        const char *cause = ana_report_cause(p, x->cause);
        char usd[ANA_SHOW_CELL];

        ana_show_usd(usd, x->net_usd);
        to[0].text = x->name;
        to[1].text = x->product;
        to[2].text = x->country;
        to[3].text = ana_report_text(p, "%zu of %zu", x->n_stop, x->n);
        to[4].text = isnan(x->share.lo) ? ""
                                        : ana_report_text(p, "%.0f to %.0f %%", 100 * x->share.lo,
                                                          100 * x->share.hi);
        to[5].text = ana_report_day(p, x->first.p50);
        to[6].text = x->first.n > 0
                         ? ana_report_text(p, "%s to %s", ana_report_day(p, x->first.p05),
                                           ana_report_day(p, x->first.p95))
                         : "";
        to[7].x = x->days;
        to[8].x = x->longest;
        to[9].text = ana_report_text(p, "%s", usd);
        to[10].text = cause ? cause : "";
    }
    ana_report_figure_end(p, label, column, N, cell, t->n_row);
}

static void put_static(struct stop *t)
{
    const struct ana_compare *c = t->p->c;
    size_t worst = 0;
    const char *label;

    for (size_t i = 1; i < c->n_versus; i++)
        if (c->versus[i].n_plant_stop > c->versus[worst].n_plant_stop)
            worst = i;
    take_scenario(t, &c->versus[worst]);
    t->n_row = t->n_row > STATIC ? STATIC : t->n_row;
    label = ana_report_text(t->p,
                            "%s: %zu of %zu plants stop. Part of the runs in which a plant makes "
                            "less than half of the baseline's output in 28 days",
                            c->versus[worst].label, c->versus[worst].n_plant_stop,
                            c->versus[worst].n_plant);
    if (t->n_row == 0)
        return;
    ana_report_figure(t->p, "stop", label);
    put_picture(t, label);
    put_table(t, label);
}

void ana_report_stop(struct ana_report *p)
{
    struct stop t = {.p = p,
                     .c = *p->c,
                     .made = ana_cube_find(p->r, "period_started", "scenario run plant period"),
                     .n_period = ana_report_whole(p, "period")};

    if (p->c->n_versus == 0 || p->c->versus[0].n_plant == 0 || !t.made.c || t.n_period == 0)
        return;
    t.c.arena = (struct sim_arena){0};
    t.c.country = NULL;
    t.output = sim_arena_alloc(&t.c.arena, 2 * p->c->n_run * t.n_period, sizeof *t.output);
    ana_report_section(
        p, "stop", "Who stops when",
        "A plant is a site with all its lines. It stops in a run when one of its "
        "lines stands for three days in a row or more, and not in the baseline's run "
        "of the same number.");
    if (p->is_static)
        put_static(&t);
    else
        put_data(&t);
    ana_report_end(p);
    sim_arena_free(&t.c.arena);
}
