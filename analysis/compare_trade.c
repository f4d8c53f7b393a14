#include "analysis/compare_inner.h"

#include "sim/date.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- calendar ---- */

void ana_compare_quarters(struct ana_compare *c)
{
    const struct sim_axis *a = ana_axis(c->r, "month");

    if (!a || !a->value)
        return;
    c->quarter = sim_arena_alloc(&c->arena, a->n, sizeof *c->quarter);
    c->quarter_of_month = sim_arena_alloc(&c->arena, a->n, sizeof *c->quarter_of_month);
    for (size_t i = 0; i < a->n; i++) {
        char text[32];
        int y, m, d;

        sim_date_split(c->start + (int32_t)a->value[i], &y, &m, &d);
        snprintf(text, sizeof text, "%04dQ%d", y, (m + 2) / 3);
        if (c->n_quarter == 0 || strcmp(c->quarter[c->n_quarter - 1], text) != 0)
            c->quarter[c->n_quarter++] = sim_arena_copy(&c->arena, text, strlen(text));
        c->quarter_of_month[i] = c->n_quarter - 1;
    }
}

/* ---- flows ---- */

struct flows {
    const struct sim_axis *axis, *month, *lead;
    struct ana_cube imports, received, open, refused;
    const char *const *origin, *const *destination, *const *product, *const *unit;
    struct ana_duration *duration; /* scratch [2 x bins] */
};

static int find_columns(struct flows *f, struct ana_work *w)
{
    *f = (struct flows){.axis = ana_axis(w->r, "flow"),
                        .month = ana_axis(w->r, "month"),
                        .lead = ana_axis(w->r, "lead")};
    f->imports = ana_cube_find(w->r, "imports", "scenario run flow month");
    f->received = ana_cube_find(w->r, "lead_received", "scenario flow lead");
    f->open = ana_cube_find(w->r, "lead_open", "scenario flow lead");
    f->refused = ana_cube_find(w->r, "lead_refused", "scenario flow lead");
    f->origin = ana_coord_text(f->axis, "flow_origin");
    f->destination = ana_coord_text(f->axis, "flow_destination");
    f->product = ana_coord_text(f->axis, "flow_product");
    f->unit = ana_coord_text(f->axis, "flow_unit");
    if (f->lead && f->lead->value && f->lead->n > 1)
        f->duration = sim_arena_alloc(&w->c->arena, 2 * f->lead->n, sizeof *f->duration);
    return f->imports.c && f->origin && f->destination && f->product && f->unit &&
           w->c->quarter_of_month;
}

static int has_rule(const struct ana_versus *v, const char *rule)
{
    for (size_t i = 0; i < v->n_rule; i++)
        if (strcmp(v->rule[i].rule, rule) == 0)
            return 1;
    return 0;
}

/* Does a rule of the scenario or the baseline hold up this product? All, if there is no rule. */
static int controlled(const struct ana_work *w, const char *product)
{
    const struct sim_axis *a = ana_axis(w->r, "cause");
    const char *const *rule = ana_coord_text(a, "cause_rule"), *const *held = ana_coord_text(
                                                                   a, "cause_product");
    int any = 0;

    for (size_t i = 0; rule && held && i < a->n; i++) {
        if (!has_rule(w->v, rule[i]) && !has_rule(&w->c->alone, rule[i]))
            continue;
        any = 1;
        if (strcmp(held[i], product) == 0)
            return 1;
    }
    return !any;
}

/* Value of a unit, from the axes plant and market; 0 if neither knows it. */
static double value_of(const struct sim_result *r, const char *product)
{
    static const char *const where[][3] = {{"plant", "plant_product", "plant_value"},
                                           {"market", "market_product", "market_value"}};

    for (size_t k = 0; k < 2; k++) {
        const struct sim_axis *a = ana_axis(r, where[k][0]);
        const char *const *name = ana_coord_text(a, where[k][1]);
        const double *value = ana_coord_value(a, where[k][2]);

        for (size_t i = 0; name && value && i < a->n; i++)
            if (strcmp(name[i], product) == 0)
                return value[i];
    }
    return 0.0;
}

static void take_arrivals(struct ana_work *w, const struct flows *f, struct ana_flow *to)
{
    double n = (double)w->v->n_pair;

    to->quarter = sim_arena_alloc(&w->c->arena, w->c->n_quarter, sizeof *to->quarter);
    to->quarter_base = sim_arena_alloc(&w->c->arena, w->c->n_quarter, sizeof *to->quarter);
    for (size_t m = 0; m < f->month->n; m++)
        for (size_t p = 0; p < w->v->n_pair; p++) {
            size_t at = to->flow * f->month->n + m, q = w->c->quarter_of_month[m];
            double with = ana_with(w, &f->imports, p, at) / n,
                   base = ana_base(w, &f->imports, p, at) / n;

            to->with += with;
            to->base += base;
            to->quarter[q] += with;
            to->quarter_base[q] += base;
        }
}

/* Lead times of orders of one scenario. Bins of whole days count at their middle; what is in the
 * last bin, or is open, had not come by then. */
static void take_leads(const struct flows *f, size_t scenario, struct ana_flow *to, int which)
{
    const double *bin = f->lead->value;
    double width = bin[1] - bin[0], got = 0.0, open = 0.0, refused = 0.0;
    size_t n = f->lead->n, m = 0;

    for (size_t k = 0; k < n; k++) {
        size_t at = to->flow * n + k;
        double middle = bin[k] + (width - 1.0) / 2.0;
        double r = ana_cube_at(&f->received, scenario, 0, at),
               o = ana_cube_at(&f->open, scenario, 0, at);

        got += r;
        open += o;
        refused += ana_cube_at(&f->refused, scenario, 0, at);
        f->duration[m++] = (struct ana_duration){k + 1 < n ? middle : bin[k], r, k + 1 == n};
        f->duration[m++] = (struct ana_duration){k + 1 < n ? middle : bin[k], o, 1};
    }
    to->over50[which] = !ana_stats_duration(f->duration, m, 0.5, &to->q50[which]);
    to->over90[which] = !ana_stats_duration(f->duration, m, 0.9, &to->q90[which]);
    to->refused[which] = refused / (got + open + refused); /* NaN if nothing was ordered */
    to->open[which] = open / (got + open + refused);
}

static int by_value(const void *a, const void *b)
{
    const struct ana_flow *x = a, *y = b;

    if (x->value_base != y->value_base)
        return x->value_base < y->value_base ? 1 : -1;
    return (x->flow > y->flow) - (x->flow < y->flow);
}

static void take_flow(struct ana_work *w, const struct flows *f, size_t i)
{
    struct ana_flow *to = &w->v->flow[w->v->n_flow++];

    *to = (struct ana_flow){.flow = i,
                            .origin = f->origin[i],
                            .destination = f->destination[i],
                            .product = f->product[i],
                            .unit = f->unit[i]};
    take_arrivals(w, f, to);
    to->value_usd = value_of(w->r, to->product);
    to->value_base = (w->has_base ? to->base : to->with) * to->value_usd;
    for (int k = 0; k < 2; k++) {
        to->q50[k] = to->q90[k] = to->refused[k] = to->open[k] = NAN;
        if (f->duration && f->received.c && f->open.c && f->refused.c && (k == 1 || w->has_base))
            take_leads(f, k == 0 ? w->v->base : w->v->scenario, to, k);
    }
}

/* The origin of most value among the flows of the baseline by itself. */
static void find_main_origin(struct ana_work *w)
{
    const struct ana_versus *v = w->v;
    double most = 0.0;

    for (size_t i = 0; i < v->n_flow; i++) {
        double sum = 0.0;

        for (size_t k = 0; k < v->n_flow; k++)
            if (strcmp(v->flow[k].origin, v->flow[i].origin) == 0)
                sum += v->flow[k].value_base;
        if (sum > most) {
            most = sum;
            w->c->main_origin = v->flow[i].origin;
        }
    }
}

static void take_flows(struct ana_work *w)
{
    struct flows f;

    if (!find_columns(&f, w) || w->v->n_pair == 0)
        return;
    w->v->flow = sim_arena_alloc(&w->c->arena, f.axis->n, sizeof *w->v->flow);
    for (size_t i = 0; i < f.axis->n; i++)
        if (ana_in_country(w, f.destination[i]) && controlled(w, f.product[i]))
            take_flow(w, &f, i);
    if (w->v->n_flow > 0)
        qsort(w->v->flow, w->v->n_flow, sizeof *w->v->flow, by_value);
    if (!w->has_base)
        find_main_origin(w);
}

/* ---- offices and rules ---- */

static void take_offices(struct ana_work *w)
{
    struct ana_versus *v = w->v;
    const struct sim_axis *a = ana_axis(w->r, "office"), *month = ana_axis(w->r, "month");
    struct ana_cube filed = ana_cube_find(w->r, "applied", "scenario run office month"),
                    granted = ana_cube_find(w->r, "granted", "scenario run office month"),
                    refused = ana_cube_find(w->r, "refused_licences", "scenario run office month"),
                    days = ana_cube_find(w->r, "review_days", "scenario run office month"),
                    waiting = ana_cube_find(w->r, "waiting", "scenario run office"),
                    queue = ana_cube_find(w->r, "queue_wait", "scenario run office");
    double n = (double)v->n_pair;

    if (!filed.c || !granted.c || !refused.c || !days.c || !waiting.c || !queue.c || n == 0.0)
        return;
    v->office = sim_arena_alloc(&w->c->arena, a->n, sizeof *v->office);
    for (size_t i = 0; i < a->n; i++) {
        struct ana_office o = {.office = a->label[i]};
        double sum = 0.0;
        struct ana_moments m;

        for (size_t p = 0; p < v->n_pair; p++) {
            o.waiting += ana_with(w, &waiting, p, i) / n;
            w->other[p] = ana_with(w, &queue, p, i);
            for (size_t k = 0; k < month->n; k++) {
                size_t at = i * month->n + k;

                o.applied += ana_with(w, &filed, p, at) / n;
                o.granted += ana_with(w, &granted, p, at) / n;
                o.refused += ana_with(w, &refused, p, at) / n;
                sum += ana_with(w, &days, p, at) / n;
            }
        }
        ana_stats_moments(w->other, v->n_pair, &m);
        o.queue = m.mean;
        o.days = sum / (o.granted + o.refused); /* NaN before the first decision */
        if (o.applied + o.granted + o.refused + o.waiting > 0.0)
            v->office[v->n_office++] = o;
    }
}

static void take_rules(struct ana_work *w)
{
    struct ana_versus *v = w->v;
    const struct sim_axis *a = ana_axis(w->r, "rule");
    struct ana_cube k = ana_cube_find(w->r, "rule_exists", "scenario run rule");

    if (!k.c)
        return;
    v->rule = sim_arena_alloc(&w->c->arena, a->n, sizeof *v->rule);
    for (size_t i = 0; i < a->n; i++) {
        struct ana_rule rule = {.rule = a->label[i], .n = v->n_pair};

        for (size_t p = 0; p < v->n_pair; p++)
            rule.n_exists += ana_with(w, &k, p, i) > 0.0;
        if (rule.n_exists > 0)
            v->rule[v->n_rule++] = rule;
    }
}

static void take_shocks(struct ana_work *w)
{
    struct ana_versus *v = w->v;
    const struct sim_axis *a = ana_axis(w->r, "shock");
    const char *const *kind = ana_coord_text(a, "shock_kind");
    struct ana_cube first = ana_cube_find(w->r, "shock_first", "scenario run shock"),
                    last = ana_cube_find(w->r, "shock_last", "scenario run shock");
    double *day[2];

    if (!first.c || !last.c || !kind)
        return;
    for (int k = 0; k < 2; k++)
        day[k] = sim_arena_alloc(&w->c->arena, v->n_pair, sizeof(double));
    v->shock = sim_arena_alloc(&w->c->arena, a->n, sizeof *v->shock);
    for (size_t i = 0; i < a->n; i++) {
        struct ana_shock *s = &v->shock[v->n_shock];

        *s = (struct ana_shock){.shock = a->label[i], .kind = kind[i], .n = v->n_pair};
        for (size_t p = 0; p < v->n_pair; p++) {
            if (isnan(ana_with(w, &first, p, i)))
                continue;
            day[0][s->n_comes] = ana_with(w, &first, p, i);
            day[1][s->n_comes++] = ana_with(w, &last, p, i);
        }
        if (s->n_comes == 0)
            continue;
        s->first = ana_range_take(day[0], s->n_comes);
        s->last = ana_range_take(day[1], s->n_comes);
        v->n_shock++;
    }
}

void ana_compare_trade(struct ana_work *w)
{
    take_rules(w);
    take_shocks(w);
    take_offices(w);
    take_flows(w);
}
