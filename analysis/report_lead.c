#include "analysis/report_inner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Flows that are shown, those of most value; pools of quarters: all, before, during, after. */
enum { FLOWS = 16, POOLS = 4 };

/* Quarters from .. until - 1 of the order, and how they are called. */
struct span {
    const char *name;
    size_t from, until;
};

struct flow {
    size_t i;     /* place on the axis `watched` */
    double value; /* of what is ordered in the first scenario, USD */
};

struct lead {
    struct ana_report *p;
    struct ana_cohorts c;
    struct ana_duration *d; /* [2 lead] scratch, as the next two */
    double *time, *left;
    size_t n_scenario, n_span, first; /* first: the first quarter that is under the rules */
    struct span *span;                /* [n_span] quarters, then pools */
    struct flow *flow;
    size_t n_flow, left_out;
};

/* What became of orders of a span. */
struct orders {
    double ordered, refused, open;
    double median, most; /* days, NaN if there are none; 9 in 10 */
    int median_over, most_over;
    size_t n; /* of the curve in time[], left[] */
};

/* ---- spans ---- */

/* The first day of scenario_begins, the last of scenario_ends, of all scenarios. NaN: none; the end
 * INFINITY: some go on. */
static void rules(const struct lead *t, double *from, double *until)
{
    const struct sim_axis *a = ana_axis(t->p->r, "scenario");
    const double *begins = ana_coord_value(a, "scenario_begins"),
                 *ends = ana_coord_value(a, "scenario_ends");

    *from = *until = NAN;
    for (size_t i = 0; begins && ends && i < a->n; i++)
        if (!isnan(begins[i])) {
            *from = fmin(*from, begins[i]);
            *until = fmax(*until, isnan(ends[i]) ? INFINITY : ends[i]);
        }
}

static void add_pool(struct lead *t, const char *name, size_t from, size_t until)
{
    if (from < until)
        t->span[t->n_span++] = (struct span){name, from, until};
}

/* "2026Q2". */
static const char *quarter_name(struct ana_report *p, double day)
{
    const char *date = ana_report_day(p, day);
    int month = 10 * (date[5] - '0') + date[6] - '0';

    return ana_report_text(p, "%.4sQ%d", date, (month + 2) / 3);
}

static void take_spans(struct lead *t)
{
    const struct sim_axis *a = t->c.cohort;
    size_t before = 0, after = a->n;
    double from, until;

    t->span = sim_arena_alloc(&t->p->arena, a->n + POOLS, sizeof *t->span);
    for (size_t q = 0; q < a->n; q++)
        t->span[t->n_span++] = (struct span){quarter_name(t->p, a->value[q]), q, q + 1};
    rules(t, &from, &until);
    while (before + 1 < a->n && a->value[before + 1] <= from)
        before++;
    while (after > before && a->value[after - 1] >= until)
        after--;
    while (t->first < a->n && a->value[t->first] < from)
        t->first++;
    t->first = t->first < a->n ? t->first : 0;
    add_pool(t, "all quarters", 0, a->n);
    if (before > 0 || after < a->n) {
        add_pool(t, "before the rules", 0, before);
        add_pool(t, "under the rules", before, after);
        add_pool(t, "after the rules", after, a->n);
    }
}

/* ---- flows ---- */

static int by_value(const void *a, const void *b)
{
    const struct flow *x = a, *y = b;

    if (x->value != y->value)
        return x->value < y->value ? 1 : -1;
    return (x->i > y->i) - (x->i < y->i);
}

static double sum(const struct lead *t, const struct ana_cube *k, size_t scenario, size_t i,
                  const struct span *s)
{
    size_t n = t->c.lead->n, at = i * t->c.cohort->n * n;
    double x = 0.0;

    for (size_t j = s->from * n; j < s->until * n; j++)
        x += ana_cube_at(k, scenario, 0, at + j);
    return x;
}

static void take_flows(struct lead *t)
{
    const struct span all = {"", 0, t->c.cohort->n};

    t->flow = sim_arena_alloc(&t->p->arena, t->c.axis->n, sizeof *t->flow);
    for (size_t i = 0; i < t->c.axis->n; i++) {
        double q = 0.0;

        if (t->p->c->country && strcmp(t->c.destination[i], t->p->c->country) != 0)
            continue;
        q = sum(t, &t->c.received, 0, i, &all) + sum(t, &t->c.open, 0, i, &all) +
            sum(t, &t->c.refused, 0, i, &all);
        if (q > 0.0)
            t->flow[t->n_flow++] =
                (struct flow){.i = i, .value = q * ana_value_of(t->p->r, t->c.product[i])};
    }
    if (t->n_flow > 0)
        qsort(t->flow, t->n_flow, sizeof *t->flow, by_value);
    if (t->n_flow > FLOWS) {
        t->left_out = t->n_flow - FLOWS;
        t->n_flow = FLOWS;
    }
}

static struct orders take(const struct lead *t, size_t scenario, size_t i, const struct span *s)
{
    struct orders o = {.refused = sum(t, &t->c.refused, scenario, i, s),
                       .open = sum(t, &t->c.open, scenario, i, s)};
    size_t n = ana_cohorts_take(&t->c, scenario, i, s->from, s->until, t->d);

    o.ordered = sum(t, &t->c.received, scenario, i, s) + o.open + o.refused;
    o.median = o.most = NAN;
    if (n == 0)
        return o;
    o.median_over = !ana_stats_duration(t->d, n, 0.5, &o.median);
    o.most_over = !ana_stats_duration(t->d, n, 0.9, &o.most);
    o.n = ana_stats_survival(t->d, n, t->time, t->left);
    return o;
}

/* The flow and scenario for which most value waits longer than in the first scenario, in the first
 * quarter under the rules; if none does, of which most value is refused; else the flow of most
 * value. */
static void worst(const struct lead *t, size_t *flow, size_t *scenario)
{
    double most = 0.0, most_refused = 0.0;

    *flow = *scenario = 0;
    for (size_t f = 0; f < t->n_flow; f++) {
        struct orders base = take(t, 0, t->flow[f].i, &t->span[t->first]);

        for (size_t s = 1; s < t->n_scenario; s++) {
            struct orders o = take(t, s, t->flow[f].i, &t->span[t->first]);
            double x = (o.median - base.median) * t->flow[f].value,
                   refused = isnan(o.median) && o.ordered > 0.0
                                 ? o.refused / o.ordered * t->flow[f].value
                                 : 0.0;

            if (x > most || (most <= 0.0 && refused > most_refused)) {
                most = x > most ? x : most;
                most_refused = refused;
                *flow = f;
                *scenario = s;
            }
        }
    }
}

/* ---- as data ---- */

/* Share arrived after each bin, at the middle of its week, up to the longest time seen. */
static void put_curve(struct lead *t, const struct orders *o)
{
    struct ana_report *p = t->p;
    const double *bin = t->c.lead->value;
    double s = 1.0;
    size_t k = 0;

    ana_json_open(p->to, '[');
    for (size_t i = 0; k < o->n; i++) {
        for (; k < o->n && (i + 1 == t->c.lead->n || t->time[k] < bin[i + 1]); k++)
            s = t->left[k];
        ana_json_number(p->to, 1.0 - s, 3);
    }
    ana_json_close(p->to, ']');
}

static void put_orders(struct lead *t, size_t scenario, size_t i, const struct span *s)
{
    struct ana_report *p = t->p;
    struct orders o = take(t, scenario, i, s);

    ana_json_open(p->to, '{');
    ana_report_number(p, "ordered", o.ordered);
    ana_report_number(p, "refused", o.ordered > 0.0 ? o.refused / o.ordered : (double)NAN);
    ana_report_number(p, "open", o.ordered > 0.0 ? o.open / o.ordered : (double)NAN);
    ana_json_key(p->to, "days");
    ana_json_numbers(p->to, (double[]){o.median, o.most}, 2, ANA_REPORT_DIGITS);
    ana_json_key(p->to, "over");
    ana_json_numbers(p->to, (double[]){o.median_over, o.most_over}, 2, 1);
    ana_json_key(p->to, "curve");
    put_curve(t, &o);
    ana_json_close(p->to, '}');
}

static void put_flow(struct lead *t, const struct flow *f)
{
    struct ana_report *p = t->p;
    const char *const *unit = ana_coord_text(t->c.axis, "watched_unit");

    ana_json_open(p->to, '{');
    ana_json_key(p->to, "from");
    ana_json_text(p->to, t->c.origin[f->i]);
    ana_json_key(p->to, "to");
    ana_json_text(p->to, t->c.destination[f->i]);
    ana_json_key(p->to, "product");
    ana_json_text(p->to, t->c.product[f->i]);
    ana_json_key(p->to, "unit");
    ana_json_text(p->to, unit ? unit[f->i] : "");
    ana_json_key(p->to, "promised");
    ana_json_open(p->to, '[');
    for (size_t s = 0; s < t->n_scenario; s++)
        ana_json_number(p->to, ana_cohorts_promised(&t->c, s, f->i, t->d), ANA_REPORT_DIGITS);
    ana_json_close(p->to, ']');
    ana_json_key(p->to, "spans");
    ana_json_open(p->to, '[');
    for (size_t k = 0; k < t->n_span; k++) {
        ana_json_open(p->to, '[');
        for (size_t s = 0; s < t->n_scenario; s++)
            put_orders(t, s, f->i, &t->span[k]);
        ana_json_close(p->to, ']');
    }
    ana_json_close(p->to, ']');
    ana_json_close(p->to, '}');
}

static void put_data(struct lead *t)
{
    struct ana_report *p = t->p;
    const struct sim_axis *lead = t->c.lead;
    double half = (lead->value[1] - lead->value[0]) / 2.0;
    size_t flow, scenario;

    worst(t, &flow, &scenario);
    ana_report_data(p, "lead");
    ana_report_number(p, "left_out", (double)t->left_out);
    ana_report_number(p, "flow", (double)flow);
    ana_report_number(p, "span", (double)t->first);
    ana_report_number(p, "quarters", (double)t->c.cohort->n);
    ana_json_key(p->to, "spans");
    ana_json_open(p->to, '[');
    for (size_t k = 0; k < t->n_span; k++)
        ana_json_text(p->to, t->span[k].name);
    ana_json_close(p->to, ']');
    ana_json_key(p->to, "begins");
    ana_json_open(p->to, '[');
    for (size_t q = 0; q < t->c.cohort->n; q++)
        ana_report_date(p, t->c.cohort->value[q]);
    ana_json_close(p->to, ']');
    ana_json_key(p->to, "days");
    ana_json_open(p->to, '[');
    for (size_t k = 0; k < lead->n; k++)
        ana_json_number(p->to, lead->value[k] + (k + 1 < lead->n ? half : 0), ANA_REPORT_DIGITS);
    ana_json_close(p->to, ']');
    ana_json_key(p->to, "flows");
    ana_json_open(p->to, '[');
    for (size_t f = 0; f < t->n_flow; f++)
        put_flow(t, &t->flow[f]);
    ana_json_close(p->to, ']');
    ana_report_data_end(p);
}

/* ---- without a script ---- */

static const char *days(struct ana_report *p, double x, int over)
{
    return isnan(x) ? "-" : ana_report_text(p, "%s%.0f", over ? ">" : "", x);
}

/* Medians by quarter. */
static void put_picture(struct lead *t, size_t i, const char *label)
{
    struct ana_report *p = t->p;
    const struct sim_axis *scenario = ana_axis(p->r, "scenario");
    size_t n = t->c.cohort->n;
    struct ana_plot_line *line = sim_arena_alloc(&p->arena, t->n_scenario, sizeof *line);

    for (size_t s = 0; s < t->n_scenario; s++) {
        double *mid = sim_arena_alloc(&p->arena, n, sizeof *mid);

        for (size_t q = 0; q < n; q++)
            mid[q] = take(t, s, i, &t->span[q]).median;
        line[s] = (struct ana_plot_line){.name = scenario->label[s], .mid = mid};
    }
    ana_plot_lines(p->to, label, "d", p->c->start, t->c.cohort->value, n, line, t->n_scenario, NULL,
                   0);
}

static void put_table(struct lead *t, size_t i, const char *label)
{
    static const char *const column[] = {"ordered in",    "scenario",      "promised, days",
                                         "median, days",  "9 in 10, days", "refused, %",
                                         "open at end, %"};
    enum { N = sizeof column / sizeof *column };
    struct ana_report *p = t->p;
    const struct sim_axis *scenario = ana_axis(p->r, "scenario");
    struct ana_report_cell *cell =
        sim_arena_alloc(&p->arena, N * t->n_span * t->n_scenario, sizeof *cell);

    for (size_t k = 0; k < t->n_span; k++)
        for (size_t s = 0; s < t->n_scenario; s++) {
            struct ana_report_cell *to = cell + N * (k * t->n_scenario + s);
            struct orders o = take(t, s, i, &t->span[k]);

            to[0].text = t->span[k].name;
            to[1].text = scenario->label[s];
            to[3].text = days(p, o.median, o.median_over);
            to[4].text = days(p, o.most, o.most_over);
            to[5].x = 100.0 * o.refused / o.ordered;
            to[6].x = 100.0 * o.open / o.ordered;
            to[2].x = ana_cohorts_promised(&t->c, s, i, t->d);
        }
    ana_report_figure_end(p, label, column, N, cell, t->n_span * t->n_scenario);
}

static void put_static(struct lead *t)
{
    size_t flow, scenario, i;
    struct orders base, o;
    const char *label;

    worst(t, &flow, &scenario);
    i = t->flow[flow].i;
    base = take(t, 0, i, &t->span[t->first]);
    o = take(t, scenario, i, &t->span[t->first]);
    label = ana_report_text(t->p,
                            "%s, %s to %s, ordered in %s: %s days in the median in %s, %s in the "
                            "first scenario",
                            t->c.product[i], t->c.origin[i], t->c.destination[i],
                            t->span[t->first].name, days(t->p, o.median, o.median_over),
                            ana_axis(t->p->r, "scenario")->label[scenario],
                            days(t->p, base.median, base.median_over));
    ana_report_figure(t->p, "lead", label);
    put_picture(t, i, label);
    put_table(t, i, label);
}

void ana_report_lead(struct ana_report *p)
{
    struct lead t = {.p = p};

    if (!ana_cohorts_find(&t.c, p->r))
        return;
    t.n_scenario = ana_axis(p->r, "scenario")->n;
    t.d = sim_arena_alloc(&p->arena, 2 * t.c.lead->n, sizeof *t.d);
    t.time = sim_arena_alloc(&p->arena, 2 * t.c.lead->n, sizeof *t.time);
    t.left = sim_arena_alloc(&p->arena, 2 * t.c.lead->n, sizeof *t.left);
    take_spans(&t);
    take_flows(&t);
    if (t.n_flow == 0)
        return;
    ana_report_section(
        p, "lead", "Lead times",
        "How long goods take from order to receipt. Orders that are still open at the end count as "
        "far as they are known (Kaplan-Meier); refused orders are left out and counted apart.");
    if (p->is_static)
        put_static(&t);
    else
        put_data(&t);
    ana_report_end(p);
}
