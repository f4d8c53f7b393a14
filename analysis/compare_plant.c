#include "analysis/compare_inner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct plants {
    const struct sim_axis *axis;
    struct ana_cube missed, started, days, cause, amount;
    struct ana_stops stop;
    const char *const *site,
        *const *name, *const *product, *const *country, *const *tier, *const *unit, *const *status;
    const double *value, *inputs;
    double *count, *stood;  /* [n_pair] plants that stop, days that they stand; NULL: not asked */
    double *by_cause;       /* scratch [n_cause] */
    size_t n_cause, n_rank; /* 0: no causes */
};

static int find_columns(struct plants *t, struct ana_work *w)
{
    const struct sim_axis *cause = ana_axis(w->r, "cause"), *rank = ana_axis(w->r, "rank");

    *t = (struct plants){.axis = ana_axis(w->r, "plant")};
    t->missed = ana_cube_find(w->r, "missed", "scenario run plant");
    t->started = ana_cube_find(w->r, "started", "scenario run plant");
    t->stop.first = ana_cube_find(w->r, "stop_first", "scenario run plant");
    t->days = ana_cube_find(w->r, "stop_days", "scenario run plant");
    t->stop.longest = ana_cube_find(w->r, "stop_longest", "scenario run plant");
    t->stop.longest_first = ana_cube_find(w->r, "stop_longest_first", "scenario run plant");
    t->cause = ana_cube_find(w->r, "missed_cause", "scenario run plant rank");
    t->amount = ana_cube_find(w->r, "missed_by_cause", "scenario run plant rank");
    t->site = ana_coord_text(t->axis, "plant_site");
    t->name = ana_coord_text(t->axis, "plant_name");
    t->product = ana_coord_text(t->axis, "plant_product");
    t->country = ana_coord_text(t->axis, "plant_country");
    t->tier = ana_coord_text(t->axis, "plant_tier");
    t->unit = ana_coord_text(t->axis, "plant_unit");
    t->status = ana_coord_text(t->axis, "plant_status");
    t->value = ana_coord_value(t->axis, "plant_value");
    t->inputs = ana_coord_value(t->axis, "plant_input_value");
    if (cause && rank && t->cause.c && t->amount.c) {
        t->n_cause = cause->n;
        t->n_rank = rank->n;
    }
    return t->missed.c && t->started.c && t->stop.first.c && t->days.c && t->stop.longest.c &&
           t->stop.longest_first.c && t->site && t->name && t->product && t->country && t->tier &&
           t->unit && t->status && t->value && t->inputs;
}

double ana_stop_day(const struct ana_work *w, const struct ana_stops *t, size_t p, size_t i)
{
    double first, first_base;

    if (!(ana_with(w, &t->longest, p, i) >= ANA_STOP_D) ||
        ana_base(w, &t->longest, p, i) >= ANA_STOP_D)
        return NAN;
    first = ana_with(w, &t->first, p, i);
    first_base = w->has_base ? ana_base(w, &t->first, p, i) : NAN;
    return isnan(first_base) || first < first_base ? first : ana_with(w, &t->longest_first, p, i);
}

static void take_stops(struct ana_work *w, const struct plants *t, const size_t *line,
                       struct ana_plant *to)
{
    double longest_sum = 0.0, days_sum = 0.0;

    to->n = w->v->n_pair;
    for (size_t p = 0; p < to->n; p++) {
        double first = NAN, days = -INFINITY, longest = 0.0;

        for (size_t k = 0; k < to->n_line; k++) {
            double day = ana_stop_day(w, &t->stop, p, line[k]);

            days =
                fmax(days, ana_with(w, &t->days, p, line[k]) - ana_base(w, &t->days, p, line[k]));
            if (isnan(day))
                continue;
            first = fmin(first, day); /* passes over NaN */
            longest = fmax(longest, ana_with(w, &t->stop.longest, p, line[k]));
        }
        w->with[p] = first;
        days_sum += days;
        if (!isnan(first)) {
            to->n_stop++;
            longest_sum += longest;
            if (t->count) {
                t->count[p]++;
                t->stood[p] += days;
            }
        }
    }
    ana_stats_share(to->n_stop, to->n, w->c->level, &to->share);
    to->days = to->n > 0 ? days_sum / (double)to->n : NAN;
    to->longest = to->n_stop > 0 ? longest_sum / (double)to->n_stop : NAN;
    to->first = ana_range_take(w->with, to->n);
}

static void take_output(struct ana_work *w, const struct plants *t, const size_t *line,
                        struct ana_plant *to)
{
    double n = (double)to->n;

    for (size_t k = 0; k < to->n_line; k++) {
        size_t i = line[k];
        double with = 0.0, base = 0.0, missed = 0.0;

        for (size_t p = 0; p < to->n; p++) {
            double s = ana_with(w, &t->started, p, i), b = ana_base(w, &t->started, p, i);

            with += s / n;
            base += b / n;
            missed += (ana_with(w, &t->missed, p, i) - ana_base(w, &t->missed, p, i)) / n;
        }
        to->made += with * t->value[i];
        to->made_base += base * t->value[i];
        to->missed_usd += missed * t->value[i];
        to->net_usd += (base - with) * (t->value[i] - t->inputs[i]);
        to->estimate |= strcmp(t->status[i], "estimate") == 0;
    }
    if (!w->has_base)
        to->made_base = to->net_usd = NAN;
    to->lost_usd = to->made_base - to->made;
}

/* Adds those of line i, summed over pairs. */
static void add_causes(const struct ana_work *w, const struct plants *t, size_t i,
                       double by_cause[])
{
    for (size_t p = 0; p < w->v->n_pair; p++)
        for (size_t r = 0; r < t->n_rank; r++) {
            size_t at = i * t->n_rank + r;
            double with = ana_with(w, &t->cause, p, at),
                   base = w->has_base ? ana_base(w, &t->cause, p, at) : -1.0;

            if (with >= 0.0 && with < (double)t->n_cause)
                by_cause[(size_t)with] += ana_with(w, &t->amount, p, at) * t->value[i];
            if (base >= 0.0 && base < (double)t->n_cause)
                by_cause[(size_t)base] -= ana_base(w, &t->amount, p, at) * t->value[i];
        }
}

static void take_cause(struct ana_work *w, const struct plants *t, const size_t *line,
                       struct ana_plant *to)
{
    double most = 0.0;

    to->cause = -1;
    to->cause_share = NAN;
    if (t->n_cause == 0)
        return;
    memset(t->by_cause, 0, t->n_cause * sizeof *t->by_cause);
    for (size_t k = 0; k < to->n_line; k++)
        add_causes(w, t, line[k], t->by_cause);
    for (size_t i = 0; i < t->n_cause; i++)
        if (t->by_cause[i] > most) {
            most = t->by_cause[i];
            to->cause = (int)i;
        }
    if (to->cause >= 0 && to->missed_usd > 0.0)
        to->cause_share = fmin(1.0, most / (double)to->n / to->missed_usd);
}

int ana_plant_causes(struct ana_work *w, const char *site, double by_cause[])
{
    struct plants t;

    if (!find_columns(&t, w) || t.n_cause == 0)
        return 0;
    memset(by_cause, 0, t.n_cause * sizeof *by_cause);
    for (size_t i = 0; i < t.axis->n; i++)
        if (strcmp(t.site[i], site) == 0)
            add_causes(w, &t, i, by_cause);
    for (size_t i = 0; i < t.n_cause; i++)
        by_cause[i] /= (double)w->v->n_pair;
    return 1;
}

/* A row of the lines line[0..n). `name` is the line whose names it bears. */
static void take_row(struct ana_work *w, const struct plants *t, const size_t *line, size_t n,
                     size_t name, struct ana_plant *to)
{
    *to = (struct ana_plant){.site = t->site[name],
                             .name = t->name[name],
                             .product = t->product[name],
                             .country = t->country[name],
                             .tier = t->tier[name],
                             .unit = t->unit[name],
                             .line = name,
                             .n_line = n};
    take_stops(w, t, line, to);
    take_output(w, t, line, to);
    take_cause(w, t, line, to);
}

static int stops(size_t n_stop, size_t n)
{
    return n > 0 && 2 * n_stop >= n;
}

/* Lines that stand in half of the pairs, and in half of the baseline's too. */
static int stops_in_both(const struct ana_work *w, const struct plants *t, size_t i)
{
    size_t with = 0, base = 0;

    for (size_t p = 0; p < w->v->n_pair; p++) {
        with += ana_with(w, &t->stop.longest, p, i) >= ANA_STOP_D;
        base += ana_base(w, &t->stop.longest, p, i) >= ANA_STOP_D;
    }
    return stops(with, w->v->n_pair) && stops(base, w->v->n_pair);
}

/* Most lost value first; without a value, most stops; then by place. */
static int by_loss(const void *a, const void *b)
{
    const struct ana_plant *x = a, *y = b;

    if (!isnan(x->lost_usd) && !isnan(y->lost_usd) && x->lost_usd != y->lost_usd)
        return x->lost_usd < y->lost_usd ? 1 : -1;
    if (isnan(x->lost_usd) != isnan(y->lost_usd))
        return isnan(x->lost_usd) ? 1 : -1;
    if (x->n_stop != y->n_stop)
        return x->n_stop < y->n_stop ? 1 : -1;
    if (x->days != y->days)
        return x->days < y->days ? 1 : -1;
    return (x->line > y->line) - (x->line < y->line);
}

static void take_lines(struct ana_work *w, const struct plants *t)
{
    struct ana_versus *v = w->v;

    v->line = sim_arena_alloc(&w->c->arena, t->axis->n, sizeof *v->line);
    for (size_t i = 0; i < t->axis->n; i++) {
        if (!ana_in_country(w, t->country[i]) || !ana_in_tier(w, t->tier[i]))
            continue;
        take_row(w, t, &i, 1, i, &v->line[v->n_line]);
        v->line[v->n_line].n_line_stop =
            (size_t)stops(v->line[v->n_line].n_stop, v->line[v->n_line].n);
        v->n_line_stop += v->line[v->n_line].n_line_stop;
        v->n_also += w->has_base && (size_t)stops_in_both(w, t, i);
        v->n_line++;
    }
}

static void take_stood(struct ana_work *w, const struct plants *t)
{
    struct ana_versus *v = w->v;

    for (size_t p = 0; p < v->n_pair; p++)
        t->stood[p] = t->count[p] > 0.0 ? t->stood[p] / t->count[p] : NAN;
    ana_stats_interval(t->stood, v->n_pair, w->c->level, &v->stood);
    v->stopped = ana_range_take(t->count, v->n_pair);
}

/* From the lines, which are still in the order of the axis. */
static void take_plants(struct ana_work *w, struct plants *t)
{
    struct ana_versus *v = w->v;
    size_t *line = sim_arena_alloc(&w->c->arena, v->n_line, sizeof *line);
    char *taken = sim_arena_alloc(&w->c->arena, v->n_line, 1);

    t->count = sim_arena_alloc(&w->c->arena, v->n_pair, sizeof *t->count);
    t->stood = sim_arena_alloc(&w->c->arena, v->n_pair, sizeof *t->stood);
    v->plant = sim_arena_alloc(&w->c->arena, v->n_line, sizeof *v->plant);
    for (size_t i = 0; i < v->n_line; i++) {
        struct ana_plant *to = &v->plant[v->n_plant];
        size_t n = 0, n_stop = 0;
        const struct ana_plant *worst = &v->line[i];

        if (taken[i])
            continue;
        for (size_t k = i; k < v->n_line; k++)
            if (strcmp(v->line[k].site, v->line[i].site) == 0) {
                taken[k] = 1;
                line[n++] = v->line[k].line;
                n_stop += v->line[k].n_line_stop;
                if (by_loss(&v->line[k], worst) < 0)
                    worst = &v->line[k];
            }
        take_row(w, t, line, n, worst->line, to);
        to->n_line_stop = n_stop;
        v->n_plant_stop += (size_t)stops(to->n_stop, to->n);
        v->n_plant++;
    }
    take_stood(w, t);
}

/* ---- stages ---- */

static void take_earliest(struct ana_work *w, const struct plants *t, struct ana_tier *to)
{
    for (size_t p = 0; p < w->v->n_pair; p++) {
        w->with[p] = NAN;
        for (size_t k = 0; k < w->v->n_line; k++)
            if (strcmp(w->v->line[k].tier, to->tier) == 0)
                w->with[p] = fmin(w->with[p], ana_stop_day(w, &t->stop, p, w->v->line[k].line));
    }
    to->earliest = ana_range_take(w->with, w->v->n_pair);
}

static void take_typical(struct ana_work *w, struct ana_tier *to)
{
    const struct ana_versus *v = w->v;
    double *x = sim_arena_alloc(&w->c->arena, v->n_plant, sizeof *x);
    size_t n = 0;

    for (size_t i = 0; i < v->n_plant; i++)
        if (strcmp(v->plant[i].tier, to->tier) == 0 && stops(v->plant[i].n_stop, v->plant[i].n))
            x[n++] = v->plant[i].first.p50;
    to->typical = ana_range_take(x, n).p50;
}

static void take_tier(struct ana_work *w, const struct plants *t, struct ana_tier *to)
{
    const struct ana_versus *v = w->v;

    for (size_t i = 0; i < v->n_plant; i++)
        if (strcmp(v->plant[i].tier, to->tier) == 0) {
            to->n_plant++;
            to->n_plant_stop += (size_t)stops(v->plant[i].n_stop, v->plant[i].n);
        }
    for (size_t i = 0; i < v->n_line; i++)
        if (strcmp(v->line[i].tier, to->tier) == 0) {
            to->n_line++;
            to->n_line_stop += v->line[i].n_line_stop;
            to->made_base += v->line[i].made_base;
            to->made += v->line[i].made;
            to->missed_usd += v->line[i].missed_usd;
            to->net_usd += v->line[i].net_usd;
        }
    take_earliest(w, t, to);
    take_typical(w, to);
}

static int by_net(const void *a, const void *b)
{
    const struct ana_tier *x = a, *y = b;

    if (x->net_usd != y->net_usd && !isnan(x->net_usd) && !isnan(y->net_usd))
        return x->net_usd < y->net_usd ? 1 : -1;
    return strcmp(x->tier, y->tier);
}

static void take_tiers(struct ana_work *w, const struct plants *t)
{
    struct ana_versus *v = w->v;
    double all = 0.0, estimate = 0.0;

    v->tier = sim_arena_alloc(&w->c->arena, v->n_line, sizeof *v->tier);
    for (size_t i = 0; i < v->n_line; i++) {
        size_t k = 0;

        while (k < v->n_tier && strcmp(v->tier[k].tier, v->line[i].tier) != 0)
            k++;
        if (k == v->n_tier)
            v->tier[v->n_tier++].tier = v->line[i].tier;
        all += fmax(0.0, v->line[i].net_usd);
        estimate += v->line[i].estimate ? fmax(0.0, v->line[i].net_usd) : 0.0;
    }
    for (size_t k = 0; k < v->n_tier; k++)
        take_tier(w, t, &v->tier[k]);
    qsort(v->tier, v->n_tier, sizeof *v->tier, by_net);
    v->lost_estimate = all > 0.0 ? estimate / all : NAN;
}

const struct ana_plant *ana_first_to_stop(const struct ana_versus *v)
{
    const struct ana_plant *first = NULL;

    for (size_t i = 0; i < v->n_plant; i++) {
        const struct ana_plant *p = &v->plant[i];

        if (stops(p->n_stop, p->n) && (!first || p->first.p50 < first->first.p50))
            first = p;
    }
    return first;
}

void ana_compare_plants(struct ana_work *w)
{
    struct plants t;

    w->v->lost_estimate = NAN;
    if (!find_columns(&t, w))
        return;
    t.by_cause = sim_arena_alloc(&w->c->arena, t.n_cause, sizeof *t.by_cause);
    take_lines(w, &t);
    take_plants(w, &t);
    take_tiers(w, &t);
    if (w->v->n_line > 0) {
        qsort(w->v->line, w->v->n_line, sizeof *w->v->line, by_loss);
        qsort(w->v->plant, w->v->n_plant, sizeof *w->v->plant, by_loss);
    }
}
