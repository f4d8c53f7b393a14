#include "analysis/report_inner.h"

#include "analysis/show_inner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Groups of causes that are named; the others are one. Plants of each scenario, and causes of
 * each. */
enum { NAMED = 8, PLANTS = 30, CAUSES = 6 };

/* Causes are put together by cause, by rule, by kind. */
enum { BY_CAUSE, BY_RULE, BY_KIND, N_BY };
static const char *const by_word[N_BY] = {"cause", "rule", "kind"};

struct group {
    const char *name;
    double total, share; /* USD beyond the baseline; of all increases, 0..1 */
    double *month;       /* [n_month] */
};

struct why {
    struct ana_report *p;
    struct ana_cube loss; /* month_loss */
    size_t n_month, n_cause;
    struct group *group; /* [n_group] of the scenario in hand */
    size_t n_group;
    double *by_cause; /* [n_cause] scratch */
};

/* Scenarios are compared with the first; a single one is by itself. */
static size_t n_versus(const struct ana_report *p)
{
    return p->c->n_versus ? p->c->n_versus : 1;
}
static const struct ana_versus *versus(const struct ana_report *p, size_t i)
{
    return p->c->n_versus ? &p->c->versus[i] : &p->c->alone;
}

/* ---- loss by month ---- */

static const char *group_name(struct why *t, size_t cause, int by)
{
    const struct sim_axis *a = ana_axis(t->p->r, "cause");
    const char *const *why = ana_coord_text(a, "cause_why"), *const *rule =
                                                                 ana_coord_text(a, "cause_rule");

    if (by == BY_CAUSE || !why || !rule)
        return ana_report_cause(t->p, (int)cause);
    return by == BY_RULE && *rule[cause] ? rule[cause] : why[cause];
}

static struct group *group_of(struct why *t, const char *name)
{
    size_t k = 0;

    while (k < t->n_group && strcmp(t->group[k].name, name) != 0)
        k++;
    if (k == t->n_group) {
        t->group[k] = (struct group){
            .name = name, .month = sim_arena_alloc(&t->p->arena, t->n_month, sizeof(double))};
        t->n_group++;
    }
    return &t->group[k];
}

static double month_loss(const struct why *t, const struct ana_versus *v, size_t cause, size_t m)
{
    size_t at = cause * t->n_month + m;
    double base = v->base == ANA_NO_BASE ? 0.0 : ana_cube_at(&t->loss, v->base, 0, at);

    return ana_cube_at(&t->loss, v->scenario, 0, at) - base;
}

static int by_total(const void *a, const void *b)
{
    const struct group *x = a, *y = b;

    if (fabs(x->total) != fabs(y->total))
        return fabs(x->total) < fabs(y->total) ? 1 : -1;
    return strcmp(x->name, y->name);
}

static void take_groups(struct why *t, const struct ana_versus *v, int by)
{
    double all = 0.0;

    t->group = sim_arena_alloc(&t->p->arena, t->n_cause, sizeof *t->group);
    t->n_group = 0;
    for (size_t i = 0; i < t->n_cause; i++) {
        double total = 0.0;
        struct group *g = NULL;

        for (size_t m = 0; m < t->n_month; m++) {
            double x = month_loss(t, v, i, m);

            if (x == 0.0)
                continue;
            g = g ? g : group_of(t, group_name(t, i, by));
            g->month[m] += x;
            total += x;
        }
        if (g == NULL)
            continue;
        g->total += total;
        g->share += fmax(0.0, total);
        all += fmax(0.0, total);
    }
    for (size_t k = 0; k < t->n_group; k++)
        t->group[k].share /= all;
    if (t->n_group > 0)
        qsort(t->group, t->n_group, sizeof *t->group, by_total);
}

/* Puts all groups after those that are named together. */
static void fold(struct why *t)
{
    struct group *to = &t->group[NAMED];

    if (t->n_group <= NAMED + 1)
        return;
    to->name = ana_report_text(t->p, "%zu others", t->n_group - NAMED);
    for (size_t k = NAMED + 1; k < t->n_group; k++) {
        to->total += t->group[k].total;
        to->share += t->group[k].share;
        for (size_t m = 0; m < t->n_month; m++)
            to->month[m] += t->group[k].month[m];
    }
    t->n_group = NAMED + 1;
}

/* ---- as data ---- */

static void put_groups(struct why *t, const struct ana_versus *v, int by)
{
    struct ana_report *p = t->p;

    take_groups(t, v, by);
    fold(t);
    ana_json_key(p->to, by_word[by]);
    ana_json_open(p->to, '[');
    for (size_t k = 0; k < t->n_group; k++) {
        ana_json_open(p->to, '{');
        ana_json_key(p->to, "name");
        ana_json_text(p->to, t->group[k].name);
        ana_report_number(p, "total", t->group[k].total);
        ana_report_number(p, "share", t->group[k].share);
        ana_json_key(p->to, "month");
        ana_json_numbers(p->to, t->group[k].month, t->n_month, ANA_REPORT_DIGITS);
        ana_json_close(p->to, '}');
    }
    ana_json_close(p->to, ']');
}

static void put_loss(struct why *t)
{
    struct ana_report *p = t->p;
    const struct sim_axis *month = ana_axis(p->r, "month");

    ana_json_key(p->to, "months");
    ana_json_open(p->to, '[');
    for (size_t m = 0; m < t->n_month; m++)
        ana_report_date(p, month->value[m]);
    ana_json_close(p->to, ']');
    ana_json_key(p->to, "loss");
    ana_json_open(p->to, '[');
    for (size_t i = 0; i < n_versus(p); i++) {
        const struct ana_versus *v = versus(p, i);

        ana_json_open(p->to, '{');
        ana_report_number(p, "scenario", (double)v->scenario);
        ana_report_number(p, "total", v->all.loss_usd.diff.at);
        ana_report_number(p, "lost_runs", (double)v->n_lost);
        for (int by = 0; by < N_BY; by++)
            put_groups(t, v, by);
        ana_json_close(p->to, '}');
    }
    ana_json_close(p->to, ']');
}

/* ---- plants ---- */

struct part {
    size_t cause;
    double usd;
};

static int by_usd(const void *a, const void *b)
{
    const struct part *x = a, *y = b;

    if (x->usd != y->usd)
        return x->usd < y->usd ? 1 : -1;
    return (x->cause > y->cause) - (x->cause < y->cause);
}

/* The causes of a plant with an increase, most first; their sum in *all. */
static size_t take_parts(struct why *t, struct ana_work *w, const char *site, struct part part[],
                         double *all)
{
    size_t n = 0;

    *all = 0.0;
    if (!ana_plant_causes(w, site, t->by_cause))
        return 0;
    for (size_t i = 0; i < t->n_cause; i++)
        if (t->by_cause[i] > 0.0) {
            part[n++] = (struct part){i, t->by_cause[i]};
            *all += t->by_cause[i];
        }
    if (n > 0)
        qsort(part, n, sizeof *part, by_usd);
    return n;
}

static void put_plant(struct why *t, struct ana_work *w, const struct ana_plant *x,
                      struct part part[])
{
    struct ana_report *p = t->p;
    double all, other = 0.0;
    size_t n = take_parts(t, w, x->site, part, &all);

    if (n == 0)
        return;
    ana_json_open(p->to, '{');
    ana_json_key(p->to, "site");
    ana_json_text(p->to, x->site);
    ana_json_key(p->to, "product");
    ana_json_text(p->to, x->product);
    ana_report_number(p, "missed", x->missed_usd);
    ana_json_key(p->to, "causes");
    ana_json_open(p->to, '[');
    for (size_t k = 0; k < n && k < CAUSES; k++)
        ana_json_text(p->to, ana_report_cause(p, (int)part[k].cause));
    ana_json_close(p->to, ']');
    ana_json_key(p->to, "usd");
    ana_json_open(p->to, '[');
    for (size_t k = 0; k < n && k < CAUSES; k++)
        ana_json_number(p->to, part[k].usd, ANA_REPORT_DIGITS);
    ana_json_close(p->to, ']');
    for (size_t k = CAUSES; k < n; k++)
        other += part[k].usd;
    ana_report_number(p, "other", other);
    ana_json_close(p->to, '}');
}

/* Has the plant a chain, or is it one of those that lose most? */
static int is_shown(const struct ana_report *p, const struct ana_versus *v, size_t i)
{
    for (size_t k = 0; k < p->o->n_chain; k++)
        if (p->o->chain[k].scenario == v->scenario &&
            strcmp(p->o->chain[k].site, v->plant[i].site) == 0)
            return 1;
    return i < PLANTS;
}

static void put_plants(struct why *t)
{
    struct ana_report *p = t->p;
    struct ana_compare own = *p->c;
    struct part *part = sim_arena_alloc(&p->arena, t->n_cause, sizeof *part);

    own.arena = (struct sim_arena){0};
    ana_json_key(p->to, "plants");
    ana_json_open(p->to, '[');
    for (size_t i = 0; i < n_versus(p); i++) {
        struct ana_versus v = *versus(p, i);
        struct ana_work w;

        ana_work_begin(&w, &own, &v);
        ana_json_open(p->to, '{');
        ana_report_number(p, "scenario", (double)v.scenario);
        ana_json_key(p->to, "rows");
        ana_json_open(p->to, '[');
        for (size_t k = 0; k < v.n_plant; k++)
            if (is_shown(p, &v, k))
                put_plant(t, &w, &v.plant[k], part);
        ana_json_close(p->to, ']');
        ana_json_close(p->to, '}');
    }
    ana_json_close(p->to, ']');
    sim_arena_free(&own.arena);
}

static void put_chains(struct why *t)
{
    struct ana_report *p = t->p;

    ana_json_key(p->to, "chains");
    ana_json_open(p->to, '[');
    for (size_t k = 0; k < p->o->n_chain; k++) {
        ana_json_open(p->to, '{');
        ana_report_number(p, "scenario", (double)p->o->chain[k].scenario);
        ana_json_key(p->to, "site");
        ana_json_text(p->to, p->o->chain[k].site);
        ana_json_key(p->to, "run");
        ana_json_number(p->to, (double)p->o->chain[k].run, 9);
        ana_json_key(p->to, "text");
        ana_json_text(p->to, p->o->chain[k].text);
        ana_json_close(p->to, '}');
    }
    ana_json_close(p->to, ']');
}

/* ---- without a script ---- */

static const struct ana_versus *worst(const struct ana_report *p)
{
    const struct ana_versus *v = versus(p, 0);

    for (size_t i = 1; i < n_versus(p); i++)
        if (versus(p, i)->all.loss_usd.diff.at > v->all.loss_usd.diff.at)
            v = versus(p, i);
    return v;
}

/* Bars by month; what is less than in the baseline is in the table only. */
static void put_picture(struct why *t, const char *label)
{
    struct ana_report *p = t->p;
    const char **name = sim_arena_alloc(&p->arena, t->n_group, sizeof *name);
    struct ana_plot_bar *bar = sim_arena_alloc(&p->arena, t->n_month, sizeof *bar);

    for (size_t k = 0; k < t->n_group; k++)
        name[k] = t->group[k].name;
    for (size_t m = 0; m < t->n_month; m++) {
        double *part = sim_arena_alloc(&p->arena, t->n_group, sizeof *part);

        for (size_t k = 0; k < t->n_group; k++)
            part[k] = fmax(0.0, t->group[k].month[m]);
        bar[m] = (struct ana_plot_bar){
            .name =
                ana_report_text(p, "%.7s", ana_report_day(p, ana_axis(p->r, "month")->value[m])),
            .part = part,
            .lo = NAN,
            .hi = NAN};
    }
    ana_plot_bars(p->to, label, "USD", name, t->n_group, bar, t->n_month);
}

static void put_table(struct why *t, const char *label)
{
    struct ana_report *p = t->p;
    size_t n = t->n_group + 1;
    const char **column = sim_arena_alloc(&p->arena, n, sizeof *column);
    struct ana_report_cell *cell = sim_arena_alloc(&p->arena, n * (t->n_month + 1), sizeof *cell);

    column[0] = "month";
    for (size_t m = 0; m <= t->n_month; m++)
        cell[m * n].text =
            m < t->n_month
                ? ana_report_text(p, "%.7s", ana_report_day(p, ana_axis(p->r, "month")->value[m]))
                : "all";
    for (size_t k = 0; k < t->n_group; k++) {
        column[k + 1] = t->group[k].name;
        for (size_t m = 0; m <= t->n_month; m++) {
            char usd[ANA_SHOW_CELL];

            ana_show_usd(usd, m < t->n_month ? t->group[k].month[m] : t->group[k].total);
            cell[m * n + k + 1].text = ana_report_text(p, "%s", usd);
        }
    }
    ana_report_figure_end(p, label, column, n, cell, t->n_month + 1);
}

static void put_static_chains(struct why *t)
{
    struct ana_report *p = t->p;

    for (size_t k = 0; k < p->o->n_chain; k++) {
        ana_text_add(p->to, "<pre>");
        ana_html(p->to, p->o->chain[k].text);
        ana_text_add(p->to, "</pre>\n");
    }
}

static void put_static(struct why *t)
{
    const struct ana_versus *v = worst(t->p);
    char usd[ANA_SHOW_CELL];

    if (t->loss.c) {
        const char *label;

        take_groups(t, v, BY_CAUSE);
        fold(t);
        ana_show_usd(usd, v->all.loss_usd.diff.at);
        label = ana_report_text(t->p, "%s: %s USD of final demand lost or waiting, by cause",
                                v->label, usd);
        ana_report_figure(t->p, "why", label);
        put_picture(t, label);
        put_table(t, label);
    }
    put_static_chains(t);
}

void ana_report_why(struct ana_report *p)
{
    const struct sim_axis *cause = ana_axis(p->r, "cause"), *month = ana_axis(p->r, "month");
    struct why t = {.p = p, .loss = ana_cube_find(p->r, "month_loss", "scenario cause month")};

    if (!cause || cause->n == 0 || !month || (!t.loss.c && p->c->alone.n_plant == 0))
        return;
    t.n_cause = cause->n;
    t.n_month = month->n;
    t.by_cause = sim_arena_alloc(&p->arena, t.n_cause, sizeof *t.by_cause);
    ana_report_section(p, "why", "Why",
                       "What is lost is booked to the root cause: of what a supplier lacks it is "
                       "the cause that the supplier has, up the chain.");
    if (p->is_static) {
        put_static(&t);
    } else {
        ana_report_data(p, "why");
        if (t.loss.c)
            put_loss(&t);
        put_plants(&t);
        put_chains(&t);
        ana_report_data_end(p);
    }
    ana_report_end(p);
}
