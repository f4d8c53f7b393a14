#include "analysis/plot.h"
#include "analysis/report_inner.h"
#include "sim/date.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Fans over time. A series is a sum of points of a column (weighed by the value of a unit where
 * several goods are added up), or one of them. */
struct series {
    const char *measure, *country, *stage, *product, *unit;
    const struct ana_cube *cube;
    const double *value; /* [points] weights; NULL = 1 */
    size_t n_t, n_whole; /* points of time; those that are whole */
    size_t *point;       /* [n_point] places on the axis before time */
    size_t n_point;
    double size; /* by which the series are chosen */
    size_t rank; /* by size, among those of its measure that are stages, or goods, here, or not */
    int first;   /* 1: always there */
};

struct time {
    struct ana_report *p;
    struct series *s;
    size_t n, cap, n_scenario, n_run;
};

/* Bytes of data that series beyond those that are always there may come to. */
enum { ROOM = 800 << 10 };

static struct series *add(struct time *t, const struct series *like, size_t room)
{
    struct sim_arena *a = &t->p->arena;

    if (t->n == t->cap) {
        struct series *more = sim_arena_alloc(a, 2 * t->cap + 64, sizeof *more);

        if (t->n > 0)
            memcpy(more, t->s, t->n * sizeof *more);
        t->s = more;
        t->cap = 2 * t->cap + 64;
    }
    t->s[t->n] = *like;
    t->s[t->n].point = sim_arena_alloc(a, room, sizeof *t->s->point);
    return &t->s[t->n++];
}

/* Adds point i, of one unit's value v, to the series with these names. */
static void put_point(struct time *t, size_t from, const struct series *like, size_t i, double size,
                      size_t room)
{
    size_t k = from;

    while (k < t->n &&
           (strcmp(t->s[k].country, like->country) != 0 ||
            strcmp(t->s[k].stage, like->stage) != 0 || strcmp(t->s[k].product, like->product) != 0))
        k++;
    if (k == t->n)
        add(t, like, room);
    t->s[k].point[t->s[k].n_point++] = i;
    t->s[k].size += size;
}

/* Sum over time of point i in the first scenario, mean over runs. */
static double size_of(const struct time *t, const struct ana_cube *k, size_t n_t, size_t i)
{
    double sum = 0.0;

    for (size_t r = 0; r < t->n_run; r++)
        for (size_t w = 0; w < n_t; w++) {
            double x = ana_cube_at(k, 0, r, i * n_t + w);

            sum += isnan(x) ? 0.0 : x;
        }
    return sum / (double)t->n_run;
}

/* ---- output and stock of country, stage, product ---- */

static double *values(struct time *t, const struct sim_axis *of, const char *const *product)
{
    const struct sim_axis *a = ana_axis(t->p->r, "product");
    const double *usd = ana_coord_value(a, "product_value");
    double *v = sim_arena_alloc(&t->p->arena, of->n, sizeof *v);

    for (size_t i = 0; usd && i < of->n; i++)
        for (size_t k = 0; k < a->n; k++)
            if (strcmp(a->label[k], product[i]) == 0)
                v[i] = usd[k];
    return v;
}

/* Markets hand over what others made: their stage comes after those with plants. */
static int has_plants(const struct time *t, const char *stage)
{
    const struct sim_axis *a = ana_axis(t->p->r, "plant");
    const char *const *tier = ana_coord_text(a, "plant_tier");

    for (size_t i = 0; tier && i < a->n; i++)
        if (strcmp(tier[i], stage) == 0)
            return 1;
    return tier == NULL;
}

static void add_groups(struct time *t, const char *measure, const struct ana_cube *cube,
                       const char *time_axis, int adds_up)
{
    const struct sim_axis *g = ana_axis(t->p->r, "group"), *x = ana_axis(t->p->r, time_axis);
    const char *const *country = ana_coord_text(g, "group_country"),
                      *const *tier = ana_coord_text(g, "group_tier"),
                      *const *product = ana_coord_text(g, "group_product"),
                      *const *unit = ana_coord_text(g, "group_unit");
    size_t from = t->n;
    double *value;

    if (!cube->c || !x || !country || !tier || !product || !unit)
        return;
    value = values(t, g, product);
    for (size_t i = 0; i < g->n; i++) {
        struct series s = {.measure = measure,
                           .country = country[i],
                           .stage = tier[i],
                           .product = "",
                           .unit = "USD",
                           .cube = cube,
                           .value = value,
                           .n_t = x->n,
                           .n_whole = ana_report_whole(t->p, time_axis)};
        int here = t->p->c->country && strcmp(country[i], t->p->c->country) == 0;
        double size = size_of(t, cube, x->n, i) * (adds_up ? value[i] : 1.0);

        if (!(size > 0.0))
            continue;
        size *= has_plants(t, tier[i]) ? 1.0 : 1e-6;
        s.first = here;
        if (adds_up)
            put_point(t, from, &s, i, size, g->n);
        s.product = product[i];
        s.unit = adds_up ? unit[i] : "d";
        s.value = NULL;
        s.first = 0;
        put_point(t, from, &s, i, size, g->n);
    }
}

/* ---- exports of a country ---- */

static void add_exports(struct time *t, const struct ana_cube *cube)
{
    const struct sim_axis *f = ana_axis(t->p->r, "flow"), *x = ana_axis(t->p->r, "month");
    const char *const *origin = ana_coord_text(f, "flow_origin"),
                      *const *to = ana_coord_text(f, "flow_destination"),
                      *const *product = ana_coord_text(f, "flow_product"),
                      *const *unit = ana_coord_text(f, "flow_unit");
    size_t from = t->n;
    double *value;

    if (!cube->c || !x || !origin || !to || !product || !unit)
        return;
    value = values(t, f, product);
    for (size_t i = 0; i < f->n; i++) {
        int main = t->p->c->main_origin && strcmp(origin[i], t->p->c->main_origin) == 0,
            here = t->p->c->country && strcmp(to[i], t->p->c->country) == 0;
        double size = size_of(t, cube, x->n, i) * value[i];
        struct series s = {.measure = "exports",
                           .country = origin[i],
                           .cube = cube,
                           .n_t = x->n,
                           .n_whole = ana_report_whole(t->p, "month")};

        if (!main || !(size > 0.0))
            continue;
        s.stage = "all countries";
        s.product = product[i];
        s.unit = unit[i];
        put_point(t, from, &s, i, size, f->n);
        s.stage = to[i];
        if (here)
            put_point(t, from, &s, i, size, f->n);
        s.product = "";
        s.unit = "USD";
        s.value = value;
        s.first = here;
        put_point(t, from, &s, i, size, f->n);
    }
}

/* ---- one fan for each point of an axis ---- */

static void add_each(struct time *t, const char *measure, const struct ana_cube *cube,
                     const char *axis, const char *time_axis, const char *unit_coord,
                     const char *unit)
{
    const struct sim_axis *a = ana_axis(t->p->r, axis), *x = ana_axis(t->p->r, time_axis);
    const char *const *units = unit_coord ? ana_coord_text(a, unit_coord) : NULL;

    for (size_t i = 0; cube->c && x && i < a->n; i++) {
        struct series *s = add(t,
                               &(struct series){.measure = measure,
                                                .country = "",
                                                .stage = a->label[i],
                                                .product = "",
                                                .unit = units ? units[i] : unit,
                                                .cube = cube,
                                                .n_t = x->n,
                                                .n_whole = ana_report_whole(t->p, time_axis),
                                                .first = 1},
                               1);

        s->point[s->n_point++] = i;
    }
}

/* ---- out ---- */

/* [n_run][n_whole] of a scenario; NaN where the run is not done. */
static void take(const struct time *t, const struct series *s, size_t scenario, double x[])
{
    const struct ana_cube done = ana_cube_find(t->p->r, "run_status", "scenario run");

    for (size_t r = 0; r < t->n_run; r++) {
        int is_done = !done.c || ana_cube_at(&done, scenario, r, 0) == 1.0;

        for (size_t w = 0; w < s->n_whole; w++) {
            double sum = is_done ? 0.0 : (double)NAN;

            for (size_t i = 0; is_done && i < s->n_point; i++)
                sum += ana_cube_at(s->cube, scenario, r, s->point[i] * s->n_t + w) *
                       (s->value ? s->value[s->point[i]] : 1.0);
            x[r * s->n_whole + w] = sum;
        }
    }
}

static void put_series(struct time *t, const struct series *s)
{
    struct ana_text *to = t->p->to;
    double *x = sim_arena_alloc(&t->p->arena, t->n_run * s->n_whole, sizeof *x);

    ana_json_open(to, '{');
    ana_json_key(to, "measure");
    ana_json_text(to, s->measure);
    ana_json_key(to, "country");
    ana_json_text(to, s->country);
    ana_json_key(to, "stage");
    ana_json_text(to, s->stage);
    ana_json_key(to, "product");
    ana_json_text(to, s->product);
    ana_json_key(to, "unit");
    ana_json_text(to, s->unit);
    ana_json_key(to, "fans");
    ana_json_open(to, '[');
    for (size_t i = 0; i < t->n_scenario; i++) {
        take(t, s, i, x);
        ana_report_fan_put(t->p, x, t->n_run, s->n_whole);
    }
    ana_json_close(to, ']');
    ana_json_close(to, '}');
}

/* ---- a page without a script: output of the country in question ---- */

enum { MEDIAN = 3, LOW = 1, HIGH = 5, SHOWN = 3 };

static const struct series *default_choice(const struct time *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->s[i].measure, "output") == 0 && *t->s[i].product == '\0')
            return &t->s[i];
    return NULL;
}

/* Rules that a scenario adds to the first, each day of their beginning once. */
static size_t spans(struct time *t, struct ana_plot_span *span)
{
    const struct ana_report *p = t->p;
    const struct sim_axis *a = ana_axis(p->r, "rule");
    size_t n = 0, seen;

    for (size_t i = 0; a && i < a->n; i++)
        for (size_t s = 1; s < t->n_scenario; s++) {
            double from = ana_report_rule_day(p, "rule_from", s, i);

            for (seen = 0; seen < s && ana_report_rule_day(p, "rule_from", seen, i) != from; seen++)
                ;
            if (!isnan(from) && seen == s)
                span[n++] = (struct ana_plot_span){ana_report_rule_name(p, i), from,
                                                   ana_report_rule_day(p, "rule_until", s, i)};
        }
    return n;
}

/* The scenario that takes most of the sum over time, and when its median is least of the first's.
 */
/* The deepest fall of a median below the baseline's, of any scenario; as the script tells it. */
static void put_finding(struct time *t, const struct series *s, double *const fan[],
                        const char *step, struct ana_text *to)
{
    const char *const *label = ana_axis(t->p->r, "scenario")->label;
    const double *base = fan[0] + MEDIAN * s->n_whole;
    double least = INFINITY, most = -INFINITY;
    size_t worst[2] = {0}, at[2] = {0};
    char date[11];
    int up;

    for (size_t k = 1; k < t->n_scenario; k++)
        for (size_t w = 0; w < s->n_whole; w++) {
            double ratio = fan[k][MEDIAN * s->n_whole + w] / base[w];

            if (!(base[w] > 0.0) || isnan(ratio))
                continue;
            if (ratio < least) {
                least = ratio;
                worst[0] = k;
                at[0] = w;
            }
            if (ratio > most) {
                most = ratio;
                worst[1] = k;
                at[1] = w;
            }
        }
    ana_text_add(to, "Output, %s, %s", s->country, s->stage);
    up = least >= 0.95;
    if (worst[0] == 0) {
        ana_text_add(to, ".");
    } else if (up && most <= 1.05) {
        ana_text_add(to, ": no scenario moves the median by more than 5 %% in a %s.", step);
    } else {
        sim_date_print(t->p->c->start + (int32_t)ana_axis(t->p->r, step)->value[at[up]], date);
        ana_text_add(to, ": in %s the median %s %.0f %% of the baseline's in the %s of %s.",
                     label[worst[up]], up ? "rises to" : "falls to", 100.0 * (up ? most : least),
                     step, date);
    }
}

/* Quantiles 10, 50 and 90 % of each scenario, by time. */
static void put_table(struct time *t, const struct series *s, double *const fan[], const char *step,
                      const char *caption)
{
    static const int shown[SHOWN] = {LOW, MEDIAN, HIGH};
    struct sim_arena *a = &t->p->arena;
    size_t n_column = 1 + SHOWN * t->n_scenario;
    const char **column = sim_arena_alloc(a, n_column, sizeof *column);
    struct ana_report_cell *cell = sim_arena_alloc(a, s->n_whole * n_column, sizeof *cell),
                           *x = cell;
    const struct sim_axis *axis = ana_axis(t->p->r, step),
                          *scenario = ana_axis(t->p->r, "scenario");

    column[0] = step;
    for (size_t k = 0; k < t->n_scenario; k++)
        for (size_t j = 0; j < SHOWN; j++) {
            size_t size = strlen(scenario->label[k]) + strlen(s->unit) + 64;
            char *text = sim_arena_alloc(a, size, 1);

            snprintf(text, size, "%s, %g %% quantile (%s a %s)", scenario->label[k],
                     100.0 * ana_report_fan[shown[j]], s->unit, step);
            column[1 + SHOWN * k + j] = text;
        }
    for (size_t w = 0; w < s->n_whole; w++) {
        char *date = sim_arena_alloc(a, 11, 1);

        sim_date_print(t->p->c->start + (int32_t)axis->value[w], date);
        *x++ = (struct ana_report_cell){date, 0.0};
        for (size_t k = 0; k < t->n_scenario; k++)
            for (size_t j = 0; j < SHOWN; j++)
                *x++ = (struct ana_report_cell){NULL, fan[k][(size_t)shown[j] * s->n_whole + w]};
    }
    ana_report_figure_end(t->p, caption, column, n_column, cell, s->n_whole);
}

static void put_static(struct time *t, const struct series *s)
{
    struct sim_arena *a = &t->p->arena;
    const struct sim_axis *scenario = ana_axis(t->p->r, "scenario"),
                          *rule = ana_axis(t->p->r, "rule");
    const char *step = s->n_t == ana_axis(t->p->r, "week")->n ? "week" : "month";
    double *x = sim_arena_alloc(a, t->n_run * s->n_whole, sizeof *x),
           **fan = sim_arena_alloc(a, t->n_scenario, sizeof *fan);
    struct ana_plot_line *line = sim_arena_alloc(a, t->n_scenario, sizeof *line);
    struct ana_plot_span *span =
        sim_arena_alloc(a, (rule ? rule->n : 0) * t->n_scenario + 1, sizeof *span);
    struct ana_text finding = {0};
    const char *title;
    char unit[64];

    for (size_t k = 0; k < t->n_scenario; k++) {
        take(t, s, k, x);
        fan[k] = ana_report_fan_of(t->p, x, t->n_run, s->n_whole);
        line[k] = (struct ana_plot_line){scenario->label[k], fan[k] + MEDIAN * s->n_whole,
                                         fan[k] + LOW * s->n_whole, fan[k] + HIGH * s->n_whole};
    }
    put_finding(t, s, fan, step, &finding);
    title = finding.s ? finding.s : "";
    ana_report_section(t->p, "time", "Over time",
                       "Lines are the median of the runs; 80 % of them lie in the band. Grey spans "
                       "are rules that a scenario adds.");
    snprintf(unit, sizeof unit, "%s a %s", s->unit, step);
    ana_report_figure(t->p, "time", title);
    ana_plot_lines(t->p->to, title, unit, t->p->c->start, ana_axis(t->p->r, step)->value,
                   s->n_whole, line, t->n_scenario, span, spans(t, span));
    put_table(t, s, fan, step, title);
    ana_report_end(t->p);
    t->p->to->full |= finding.full;
    ana_text_free(&finding);
}

/* ---- the section ---- */

static int by_size(const void *a, const void *b)
{
    const struct series *x = a, *y = b;
    int c = (x->first < y->first) - (x->first > y->first);

    if (c == 0)
        c = (x->size < y->size) - (x->size > y->size);
    if (c == 0)
        c = strcmp(x->measure, y->measure);
    if (c == 0)
        c = strcmp(x->country, y->country);
    if (c == 0)
        c = strcmp(x->stage, y->stage);
    return c ? c : strcmp(x->product, y->product);
}

static int same_kind(const struct time *t, const struct series *a, const struct series *b)
{
    const char *here = t->p->c->country ? t->p->c->country : "";

    return strcmp(a->measure, b->measure) == 0 && (*a->product == 0) == (*b->product == 0) &&
           (strcmp(a->country, here) == 0) == (strcmp(b->country, here) == 0);
}

static int by_rank(const void *a, const void *b)
{
    const struct series *x = a, *y = b;
    int c = (x->first < y->first) - (x->first > y->first);

    if (c == 0)
        c = (x->rank > y->rank) - (x->rank < y->rank);
    return c ? c : by_size(a, b);
}

/* In the order in which they are shown, as far as there is room: the largest of each kind, the
 * second of each, and so on. */
static void put_in_order(struct time *t)
{
    qsort(t->s, t->n, sizeof *t->s, by_size);
    for (size_t i = 0; i < t->n; i++)
        for (size_t k = 0; k < i; k++)
            t->s[i].rank += (size_t)same_kind(t, &t->s[i], &t->s[k]);
    qsort(t->s, t->n, sizeof *t->s, by_rank);
}

void ana_report_time(struct ana_report *p)
{
    struct time t = {.p = p, .n_scenario = ana_axis(p->r, "scenario")->n, .n_run = p->c->n_run};
    struct ana_cube made = ana_cube_find(p->r, "group_made", "scenario run group week"),
                    cover = ana_cube_find(p->r, "group_cover", "scenario run group month"),
                    exports = ana_cube_find(p->r, "exports", "scenario run flow month"),
                    waiting = ana_cube_find(p->r, "office_backlog", "scenario run office month"),
                    price = ana_cube_find(p->r, "price_spot", "scenario run price week");
    size_t room = 0, n;

    add_groups(&t, "output", &made, "week", 1);
    add_groups(&t, "cover", &cover, "month", 0);
    add_exports(&t, &exports);
    add_each(&t, "waiting", &waiting, "office", "month", NULL, "applications");
    add_each(&t, "price", &price, "price", "week", "price_unit", "");
    if (t.n == 0)
        return;
    put_in_order(&t);
    if (p->is_static) {
        if (default_choice(&t))
            put_static(&t, default_choice(&t));
        return;
    }
    for (n = 0; n < t.n; n++) {
        room += t.s[n].n_whole * t.n_scenario * ANA_REPORT_FAN * ANA_PACKED;
        if (!t.s[n].first && room > ROOM)
            break;
    }
    ana_report_section(p, "time", "Over time",
                       "Each fan is the median of the runs, and where 50, 80 and 95 % of them lie. "
                       "Grey spans are rules that the scenario adds.");
    ana_report_data(p, "time");
    ana_json_key(p->to, "left_out");
    ana_json_number(p->to, (double)(t.n - n), 9);
    ana_json_key(p->to, "quantiles");
    ana_json_numbers(p->to, ana_report_fan, ANA_REPORT_FAN, 4);
    ana_json_key(p->to, "series");
    ana_json_open(p->to, '[');
    for (size_t i = 0; i < n; i++)
        put_series(&t, &t.s[i]);
    ana_json_close(p->to, ']');
    ana_report_data_end(p);
    ana_report_end(p);
}
