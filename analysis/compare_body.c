#include "analysis/compare_inner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Recovered: two periods of 28 days in a row. */
enum { HOLD = 2 };

struct bodies {
    const struct sim_axis *axis, *period;
    struct ana_cube started;
    struct ana_stops stop;
    const char *const *entity, *const *sector, *const *site;
    const double *value, *inputs;
    size_t n;            /* whole periods */
    double *with, *base; /* [n] of one pair */
    struct ana_duration *back;
};

static int find_columns(struct bodies *b, struct ana_work *w)
{
    *b = (struct bodies){.axis = ana_axis(w->r, "plant"), .period = ana_axis(w->r, "period")};
    b->started = ana_cube_find(w->r, "period_started", "scenario run plant period");
    b->stop.first = ana_cube_find(w->r, "stop_first", "scenario run plant");
    b->stop.longest = ana_cube_find(w->r, "stop_longest", "scenario run plant");
    b->stop.longest_first = ana_cube_find(w->r, "stop_longest_first", "scenario run plant");
    b->entity = ana_coord_text(b->axis, "plant_entity");
    b->sector = ana_coord_text(b->axis, "plant_sector");
    b->site = ana_coord_text(b->axis, "plant_name");
    b->value = ana_coord_value(b->axis, "plant_value");
    b->inputs = ana_coord_value(b->axis, "plant_input_value");
    if (!b->started.c || !b->stop.first.c || !b->stop.longest.c || !b->stop.longest_first.c ||
        !b->entity || !b->sector || !b->site || !b->value || !b->inputs || !b->period->value ||
        isnan(w->c->horizon_d))
        return 0;
    b->n = b->period->n;
    while (b->n > 0 && b->period->value[b->n - 1] + 28.0 > w->c->horizon_d)
        b->n--;
    b->with = sim_arena_alloc(&w->c->arena, b->n, sizeof *b->with);
    b->base = sim_arena_alloc(&w->c->arena, b->n, sizeof *b->base);
    b->back = sim_arena_alloc(&w->c->arena, w->v->n_pair, sizeof *b->back);
    return 1;
}

/* The name by which line i belongs to a body of a kind. */
static const char *name_of(const struct bodies *b, enum ana_body_kind kind, size_t i)
{
    if (kind == ANA_BODY_TOTAL)
        return "all plants";
    if (kind == ANA_BODY_SECTOR)
        return b->sector[i];
    return *b->entity[i] ? b->entity[i] : b->site[i];
}

static int belongs(const struct bodies *b, const struct ana_body *to, size_t i)
{
    return strcmp(name_of(b, to->kind, i), to->name) == 0;
}

/* Net value added by period in pair p. */
static void add_up(const struct ana_work *w, struct bodies *b, const struct ana_body *to, size_t p)
{
    memset(b->with, 0, b->n * sizeof *b->with);
    memset(b->base, 0, b->n * sizeof *b->base);
    for (size_t i = 0; i < w->v->n_line; i++) {
        size_t line = w->v->line[i].line, at = line * b->period->n;
        double net = b->value[line] - b->inputs[line];

        for (size_t k = 0; k < b->n && belongs(b, to, line); k++) {
            b->with[k] += net * ana_with(w, &b->started, p, at + k);
            b->base[k] += net * ana_base(w, &b->started, p, at + k);
        }
    }
}

static double ratio(const struct bodies *b, size_t k)
{
    return b->base[k] > 0.0 ? b->with[k] / b->base[k] : NAN;
}

/* First period from `from` on from which the ratio holds; n if it does not. */
static size_t holds_from(const struct bodies *b, size_t from)
{
    size_t good = 0;

    for (size_t k = from; k < b->n; k++) {
        good = ratio(b, k) < ANA_RECOVERED ? 0 : good + 1;
        if (good == HOLD)
            return k + 1 - HOLD;
    }
    return b->n;
}

/* Least ratio of a pair; a dip is noted. */
static double take_dip(const struct ana_work *w, struct bodies *b, struct ana_body *to)
{
    double over = ana_policy_end(w), least, clock;
    size_t low = b->n, end;

    for (size_t k = 0; k < b->n; k++)
        if (!isnan(ratio(b, k)) && (low == b->n || ratio(b, k) < ratio(b, low)))
            low = k;
    least = low < b->n ? ratio(b, low) : NAN;
    if (!(least < ANA_RECOVERED))
        return least;
    clock = isnan(over) ? b->period->value[low] : over;
    while (low < b->n && b->period->value[low] < over)
        low++;
    end = holds_from(b, low);
    b->back[to->n_dip++] = (struct ana_duration){
        .time = fmax(0.0, b->period->value[end < b->n ? end : b->n - 1] - clock),
        .weight = 1.0,
        .open = end == b->n};
    to->n_back += end < b->n;
    return least;
}

static void take_body(struct ana_work *w, struct bodies *b, struct ana_body *to)
{
    const struct ana_versus *v = w->v;

    for (size_t i = 0; i < v->n_plant; i++)
        if (belongs(b, to, v->plant[i].line)) {
            to->n_plant++;
            to->n_plant_stop += v->plant[i].n > 0 && 2 * v->plant[i].n_stop >= v->plant[i].n;
        }
    for (size_t p = 0; p < v->n_pair; p++) {
        w->with[p] = NAN;
        for (size_t i = 0; i < v->n_line; i++)
            if (belongs(b, to, v->line[i].line))
                w->with[p] = fmin(w->with[p], ana_stop_day(w, &b->stop, p, v->line[i].line));
    }
    to->impact = ana_range_take(w->with, v->n_pair);
    for (size_t p = 0; p < v->n_pair; p++) {
        add_up(w, b, to, p);
        w->with[p] = take_dip(w, b, to);
    }
    to->trough = ana_range_take(w->with, v->n_pair);
    to->back_is_over = ana_stats_duration(b->back, to->n_dip, 0.5, &to->back);
    for (size_t p = 0; p < v->n_pair; p++) {
        w->with[p] = w->base[p] = 0.0;
        add_up(w, b, to, p);
        for (size_t k = 0; k < b->n; k++) {
            w->with[p] += b->with[k];
            w->base[p] += b->base[k];
        }
    }
    ana_effect_take(w, &to->added);
}

/* Within a kind, most lost first. */
static int by_loss(const void *a, const void *b)
{
    const struct ana_body *x = a, *y = b;

    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->added.diff.at != y->added.diff.at)
        return x->added.diff.at < y->added.diff.at ? -1 : 1;
    return strcmp(x->name, y->name);
}

static void take_kind(struct ana_work *w, struct bodies *b, enum ana_body_kind kind)
{
    struct ana_versus *v = w->v;

    for (size_t i = 0; i < v->n_line; i++) {
        struct ana_body to = {.kind = kind, .name = name_of(b, kind, v->line[i].line)};
        size_t k = 0;

        while (k < v->n_body && (v->body[k].kind != kind || strcmp(v->body[k].name, to.name) != 0))
            k++;
        if (k < v->n_body)
            continue;
        take_body(w, b, &to);
        v->body[v->n_body++] = to;
    }
}

void ana_compare_bodies(struct ana_work *w)
{
    struct bodies b;

    if (!w->has_base || w->v->n_pair == 0 || w->v->n_line == 0 || !find_columns(&b, w))
        return;
    w->v->body = sim_arena_alloc(&w->c->arena, 2 * w->v->n_line + 1, sizeof *w->v->body);
    take_kind(w, &b, ANA_BODY_TOTAL);
    take_kind(w, &b, ANA_BODY_SECTOR);
    take_kind(w, &b, ANA_BODY_FIRM);
    qsort(w->v->body, w->v->n_body, sizeof *w->v->body, by_loss);
}
