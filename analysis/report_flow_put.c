#include "analysis/report_flow_inner.h"

#include "analysis/plot.h"
#include "sim/date.h"

#include <stdio.h>
#include <string.h>

static void put_series(struct ana_flows *f, const char *key, const double *x)
{
    struct ana_text *to = f->p->to;

    ana_json_key(to, key);
    ana_json_open(to, '[');
    for (size_t s = 0; s < f->n_scenario; s++) {
        int any = 0;

        for (size_t t = 0; t < f->n_whole; t++)
            any |= x[s * f->n_whole + t] > 0.0;
        if (any)
            ana_json_packed(to, x + s * f->n_whole, f->n_whole);
        else
            ana_json_number(to, 0.0, 1);
    }
    ana_json_close(to, ']');
}

static void put_held_by(struct ana_flows *f, const struct ana_flow_measure *m)
{
    size_t n = f->n_scenario * f->n_whole;
    double *x = sim_arena_alloc(&f->p->arena, n, sizeof *x);

    ana_json_key(f->p->to, "held_in");
    ana_json_open(f->p->to, '[');
    for (size_t g = 0; g < m->n_group; g++) {
        double any = 0.0;

        memset(x, 0, n * sizeof *x);
        for (size_t i = 0; i < f->n_link; i++)
            for (size_t t = 0; f->place[f->at[0][i]].group == g && m->weight[i] > 0.0 && t < n; t++)
                x[t] += m->weight[i] * ana_flow_at(f, &f->held, t / f->n_whole, i, t % f->n_whole);
        for (size_t t = 0; t < n; t++)
            any += x[t];
        if (!(any > 0.0))
            continue;
        ana_json_open(f->p->to, '{');
        ana_report_number(f->p, "group", (double)g);
        put_series(f, "held", x);
        ana_json_close(f->p->to, '}');
    }
    ana_json_close(f->p->to, ']');
}

static void put_measure(struct ana_flows *f, struct ana_flow_measure *m)
{
    struct ana_text *to = f->p->to;

    ana_flow_take(f, m);
    ana_json_open(to, '{');
    ana_json_key(to, "id");
    ana_json_text(to, m->id);
    ana_json_key(to, "name");
    ana_json_text(to, m->name);
    ana_json_key(to, "unit");
    ana_json_text(to, m->unit);
    ana_report_number(f->p, "left_out", m->left_out);
    ana_report_number(f->p, "scenario", (double)m->scenario);
    ana_report_number(f->p, "month", (double)m->month);
    put_series(f, "held", m->held);
    ana_json_key(to, "groups");
    ana_json_open(to, '[');
    for (size_t i = 0; i < m->n_group; i++) {
        ana_json_open(to, '{');
        ana_report_number(f->p, "stage", (double)m->group[i].stage);
        ana_json_key(to, "country");
        ana_json_text(to, m->group[i].country);
        ana_json_close(to, '}');
    }
    ana_json_close(to, ']');
    put_held_by(f, m);
    ana_json_key(to, "links");
    ana_json_open(to, '[');
    for (size_t i = 0; i < m->n_pair; i++) {
        ana_json_open(to, '{');
        ana_report_number(f->p, "from", (double)m->pair[i].from);
        ana_report_number(f->p, "to", (double)m->pair[i].to);
        put_series(f, "moved", m->pair[i].moved);
        put_series(f, "held", m->pair[i].held);
        ana_json_close(to, '}');
    }
    ana_json_close(to, ']');
    ana_json_close(to, '}');
}

static void put_data(struct ana_flows *f)
{
    struct ana_text *to = f->p->to;

    ana_report_data(f->p, "flow");
    ana_report_number(f->p, "first", (double)ana_flow_first(f));
    ana_json_key(to, "stages");
    ana_json_open(to, '[');
    for (size_t i = 0; i < f->n_stage; i++) {
        ana_json_open(to, '{');
        ana_json_key(to, "name");
        ana_json_text(to, f->stage[i].name);
        ana_report_number(f->p, "depth", (double)f->stage[i].depth);
        ana_json_close(to, '}');
    }
    ana_json_close(to, ']');
    ana_json_key(to, "measures");
    ana_json_open(to, '[');
    for (size_t i = 0; i < f->n_measure; i++)
        put_measure(f, &f->measure[i]);
    ana_json_close(to, ']');
    ana_report_data_end(f->p);
}

/* ---- without a script ---- */

/* What leaves a group in the month that is shown: moved, held back, moved in the first scenario. */
struct row {
    const char *stage, *country;
    double part[2], base;
};

/* To a later stage? */
static int goes_on(const struct ana_flows *f, const struct ana_flow_measure *m,
                   const struct ana_flow_pair *x)
{
    return f->stage[m->group[x->to].stage].depth > f->stage[m->group[x->from].stage].depth;
}

static struct row row_of(const struct ana_flows *f, const struct ana_flow_measure *m, size_t g)
{
    size_t t = m->scenario * f->n_whole + m->month;
    const char *country = m->group[g].country;
    struct row r = {f->stage[m->group[g].stage].name, country ? country : "others", {0.0}, 0.0};

    for (size_t k = 0; k < m->n_pair; k++)
        if (m->pair[k].from == g && goes_on(f, m, &m->pair[k])) {
            r.part[0] += m->pair[k].moved[t];
            r.part[1] += m->pair[k].held[t];
            r.base += m->pair[k].moved[m->month];
        }
    return r;
}

static const char *name_of(struct ana_flows *f, const struct row *r)
{
    size_t len = strlen(r->stage) + strlen(r->country) + 2;
    char *name = sim_arena_alloc(&f->p->arena, len, 1);

    snprintf(name, len, "%s %s", r->country, r->stage);
    return name;
}

/* Rows in the order of the stages; returns their number. */
static size_t take_rows(struct ana_flows *f, const struct ana_flow_measure *m, struct row row[])
{
    size_t n = 0;

    for (size_t depth = 0; depth <= f->n_stage; depth++)
        for (size_t stage = 0; stage < f->n_stage; stage++)
            for (size_t g = 0; f->stage[stage].depth == depth && g < m->n_group; g++) {
                row[n] = row_of(f, m, g);
                n += m->group[g].stage == stage &&
                     row[n].part[0] + row[n].part[1] + row[n].base > 0.0;
            }
    return n;
}

static void add_amount(struct ana_text *to, double x, const char *unit)
{
    int tonnes = strcmp(unit, "kg") == 0 && x >= 1000.0;
    double y = tonnes ? x / 1000.0 : x;

    ana_text_add(to, y < 1000.0 ? "%.3g %s" : "%.0f %s", y, tonnes ? "t" : unit);
}

static void add_finding(const struct ana_flows *f, const struct ana_flow_measure *m,
                        const char *date, struct ana_text *to)
{
    ana_text_add(to, "%s, %.7s: ", ana_axis(f->p->r, "scenario")->label[m->scenario], date);
    add_amount(to, m->held[m->scenario * f->n_whole + m->month], m->unit);
    ana_text_add(to, " of %s lie held back by rules at the month's end (baseline ", m->name);
    add_amount(to, m->held[m->month], m->unit);
    ana_text_add(to, ").");
}

static void put_static(struct ana_flows *f, struct ana_flow_measure *m)
{
    static const char *const part[] = {"moved", "held back by rules at the end"},
                             *const column[] = {"stage", "country", "moved", "held back",
                                                "moved in the baseline"};
    enum { N_COLUMN = sizeof column / sizeof *column };
    struct sim_arena *a = &f->p->arena;
    struct row *row = sim_arena_alloc(a, m->n_group + 1, sizeof *row);
    struct ana_plot_bar *bar = sim_arena_alloc(a, m->n_group, sizeof *bar);
    struct ana_report_cell *cell = sim_arena_alloc(a, N_COLUMN * m->n_group, sizeof *cell),
                           *x = cell;
    struct ana_text title = {0}, caption = {0};
    char date[11];
    size_t n;

    ana_flow_take(f, m);
    n = take_rows(f, m, row);
    sim_date_print(f->p->c->start + (int32_t)ana_axis(f->p->r, "month")->value[m->month], date);
    add_finding(f, m, date, &title);
    ana_text_add(&caption, "%s that leaves each stage, %.7s, %s", m->name, date, m->unit);
    for (size_t i = 0; i < n; i++) {
        bar[i] = (struct ana_plot_bar){name_of(f, &row[i]), row[i].part, (double)NAN, (double)NAN};
        *x++ = (struct ana_report_cell){row[i].stage, 0.0};
        *x++ = (struct ana_report_cell){row[i].country, 0.0};
        *x++ = (struct ana_report_cell){NULL, row[i].part[0]};
        *x++ = (struct ana_report_cell){NULL, row[i].part[1]};
        *x++ = (struct ana_report_cell){NULL, row[i].base};
    }
    ana_report_figure(f->p, "flow", title.s ? title.s : "");
    ana_plot_bars(f->p->to, title.s ? title.s : "", m->unit, part, 2, bar, n);
    ana_report_figure_end(f->p, caption.s ? caption.s : "", column, N_COLUMN, cell, n);
    f->p->to->full |= title.full | caption.full;
    ana_text_free(&title);
    ana_text_free(&caption);
}

/* ---- the section ---- */

void ana_report_flow(struct ana_report *p)
{
    struct ana_flows f;

    if (!ana_flow_find(&f, p))
        return;
    ana_report_section(p, "flow", "Flow",
                       "From mine to market, in one month: the mean of the runs. What rules keep "
                       "back at a border is shown beside the stage that it waits at.");
    if (p->is_static)
        put_static(&f, &f.measure[ana_flow_first(&f)]);
    else
        put_data(&f);
    ana_report_end(p);
}
