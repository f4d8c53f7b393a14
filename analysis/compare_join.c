#include "analysis/compare_inner.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NOWHERE = -1 };

/* Where the points of an axis of the new result are in `with` and `base`: [n], or NOWHERE. */
struct merged {
    int32_t *in_with, *in_base;
    int32_t *base_to; /* [n of the axis in base] the way back */
};

struct join {
    struct sim_result *to;
    const struct sim_result *with, *base;
    struct merged *axis; /* [with->n_axis] */
    struct sim_err *err;
    int rc;
};

/* Axes that may differ: labels of both are kept. Others must be the same but for scenario, run. */
static int united(const char *name)
{
    return strcmp(name, "cause") == 0 || strcmp(name, "rule") == 0 || strcmp(name, "office") == 0 ||
           strcmp(name, "watched") == 0;
}

static void differ(struct join *j, const char *what, const char *a, const char *b)
{
    j->rc = sim_err_add(j->err, SIM_EINPUT, "cannot be compared in pairs: %s is %s, against %s",
                        what, a ? a : "not given", b ? b : "not given");
}

static int32_t find_label(const struct sim_axis *a, const char *label)
{
    for (size_t i = 0; i < a->n; i++)
        if (strcmp(a->label[i], label) == 0)
            return (int32_t)i;
    return NOWHERE;
}

static int32_t find_value(const struct sim_axis *a, double value)
{
    for (size_t i = 0; i < a->n; i++)
        if (a->value[i] == value)
            return (int32_t)i;
    return NOWHERE;
}

static int same_points(const struct sim_axis *a, const struct sim_axis *b)
{
    if (a->n != b->n || (a->label == NULL) != (b->label == NULL))
        return 0;
    for (size_t i = 0; i < a->n; i++)
        if (a->label ? strcmp(a->label[i], b->label[i]) != 0 : a->value[i] != b->value[i])
            return 0;
    return 1;
}

/* ---- axes ---- */

static void map_axis(struct join *j, int k, size_t n)
{
    const struct sim_axis *a = &j->with->axis[k], *b = ana_axis(j->base, a->name);
    struct merged *m = &j->axis[k];
    int is_scenario = strcmp(a->name, "scenario") == 0, is_run = strcmp(a->name, "run") == 0;

    m->in_with = sim_arena_alloc(&j->to->arena, n, sizeof *m->in_with);
    m->in_base = sim_arena_alloc(&j->to->arena, n, sizeof *m->in_base);
    m->base_to = sim_arena_alloc(&j->to->arena, b->n, sizeof *m->base_to);
    for (size_t i = 0; i < b->n; i++)
        m->base_to[i] = NOWHERE;
    for (size_t i = 0; i < n; i++) {
        m->in_with[i] = i < a->n ? (int32_t)i : NOWHERE;
        m->in_base[i] = (int32_t)i;
        if (is_scenario) {
            m->in_with[i] = (int32_t)i - 1; /* NOWHERE for the first */
            m->in_base[i] = i == 0 ? 0 : NOWHERE;
        } else if (is_run) {
            m->in_base[i] = find_value(b, a->value[i]);
        } else if (united(a->name)) {
            const struct sim_axis *to = ana_axis(j->to, a->name);

            m->in_base[i] = find_label(b, to->label[i]);
        }
        if (m->in_base[i] != NOWHERE)
            m->base_to[m->in_base[i]] = (int32_t)i;
    }
}

/* Adds an axis of n points; from[i] says whose point it is, at[i] which. */
static void add_axis(struct join *j, const struct sim_axis *a, const struct sim_axis *b, size_t n,
                     const char *from_base, const size_t *at)
{
    struct sim_arena *arena = &j->to->arena;
    struct sim_axis to = *a;
    const char **label = sim_arena_alloc(arena, n, sizeof *label);

    to.n = n;
    for (size_t i = 0; i < n; i++)
        label[i] = from_base[i] ? b->label[at[i]] : a->label[at[i]];
    to.label = label;
    to.n_coord = 0;
    for (int k = 0; k < a->n_coord; k++) {
        const char *const *text = ana_coord_text(b, a->coord[k].name);
        const double *value = ana_coord_value(b, a->coord[k].name);
        struct sim_coord *c = &to.coord[to.n_coord];
        const char **t = sim_arena_alloc(arena, n, sizeof *t);
        double *v = sim_arena_alloc(arena, n, sizeof *v);

        if (a->coord[k].label ? !text : !value)
            continue;
        *c = a->coord[k];
        for (size_t i = 0; i < n && c->label; i++)
            t[i] = from_base[i] ? text[at[i]] : a->coord[k].label[at[i]];
        for (size_t i = 0; i < n && !c->label; i++)
            v[i] = from_base[i] ? value[at[i]] : a->coord[k].value[at[i]];
        c->label = c->label ? t : NULL;
        c->value = c->label ? NULL : v;
        to.n_coord++;
    }
    sim_result_axis(j->to, &to);
}

static void unite(struct join *j, const struct sim_axis *a, const struct sim_axis *b)
{
    char *from_base = sim_arena_alloc(&j->to->arena, a->n + b->n, 1);
    size_t *at = sim_arena_alloc(&j->to->arena, a->n + b->n, sizeof *at), n = 0;

    for (size_t i = 0; i < a->n; i++)
        at[n++] = i;
    for (size_t i = 0; i < b->n; i++)
        if (find_label(a, b->label[i]) == NOWHERE) {
            from_base[n] = 1;
            at[n++] = i;
        }
    add_axis(j, a, b, n, from_base, at);
}

static void unite_scenarios(struct join *j, const struct sim_axis *a, const struct sim_axis *b)
{
    char *from_base = sim_arena_alloc(&j->to->arena, a->n + 1, 1);
    size_t *at = sim_arena_alloc(&j->to->arena, a->n + 1, sizeof *at);
    struct sim_axis renamed = *b;
    size_t room = strlen(b->label[0]) + sizeof "@against";
    char *name = sim_arena_alloc(&j->to->arena, room, 1);
    const char *const label[] = {name};

    snprintf(name, room, "%s%s", b->label[0],
             find_label(a, b->label[0]) == NOWHERE ? "" : "@against");
    renamed.label = label;
    from_base[0] = 1;
    for (size_t i = 0; i < a->n; i++)
        at[i + 1] = i;
    add_axis(j, a, &renamed, a->n + 1, from_base, at);
}

static void join_axes(struct join *j)
{
    for (int k = 0; k < j->with->n_axis && j->rc == 0; k++) {
        const struct sim_axis *a = &j->with->axis[k], *b = ana_axis(j->base, a->name);

        if (b && strcmp(a->name, "scenario") == 0)
            unite_scenarios(j, a, b);
        else if (b && united(a->name) && a->label && b->label)
            unite(j, a, b);
        else if (b && (strcmp(a->name, "run") == 0 || same_points(a, b)))
            sim_result_axis(j->to, a);
        else
            j->rc = sim_err_add(j->err, SIM_EINPUT,
                                "cannot be compared in pairs: the axis %s differs; was it another "
                                "network?",
                                a->name);
    }
    for (int k = 0; k < j->with->n_axis && j->rc == 0; k++)
        map_axis(j, k, j->to->axis[k].n);
}

/* ---- columns ---- */

static void put(struct sim_column *c, size_t i, double x)
{
    switch (c->type) {
    case SIM_F64:
        ((double *)c->data)[i] = x;
        break;
    case SIM_F32:
        ((float *)c->data)[i] = (float)x;
        break;
    case SIM_I64:
        ((int64_t *)c->data)[i] = (int64_t)x;
        break;
    case SIM_I32:
        ((int32_t *)c->data)[i] = (int32_t)x;
        break;
    case SIM_I8:
        ((int8_t *)c->data)[i] = (int8_t)x;
        break;
    }
}

/* The value at the point `at` of the new result. Where its source has no such point: 0, which for a
 * status means missing; NaN for days. */
static double value_at(const struct join *j, const struct sim_column *c, const struct sim_column *b,
                       const size_t at[])
{
    int from_base = at[0] == 0;
    const struct sim_result *r = from_base ? j->base : j->with;
    const struct sim_column *from = from_base ? b : c;
    size_t i = 0;

    for (int k = 0; k < c->n_axis; k++) {
        const struct merged *m = &j->axis[c->axis[k]];
        int32_t x = from_base ? m->in_base[at[k]] : m->in_with[at[k]];

        if (x == NOWHERE)
            return strcmp(c->units, "d") == 0 ? (double)NAN : 0.0;
        i = i * r->axis[from->axis[k]].n + (size_t)x;
    }
    return sim_column_at(from, i);
}

static int32_t cause_of_base(const struct join *j, double old)
{
    int k = sim_result_find_axis(j->with, "cause"), b = sim_result_find_axis(j->base, "cause");

    if (k < 0 || b < 0 || old < 0.0 || old >= (double)j->base->axis[b].n)
        return -1;
    return j->axis[k].base_to[(size_t)old];
}

static void join_column(struct join *j, const struct sim_column *c, const struct sim_column *b)
{
    char axes[SIM_MAX_AXES * 70] = "";
    size_t at[SIM_MAX_AXES] = {0}, len = 0, n;
    int is_cause = strcmp(c->name, "missed_cause") == 0, added;
    struct sim_column *to;

    for (int k = 0; k < c->n_axis; k++)
        len += (size_t)snprintf(axes + len, sizeof axes - len, "%.60s ",
                                j->with->axis[c->axis[k]].name);
    added = sim_result_column(j->to, c->name, axes, c->type, c->keep, c->units, c->long_name);
    to = &j->to->column[added];
    n = sim_column_n(j->to, to);
    for (size_t i = 0; i < n; i++) {
        double x = value_at(j, c, b, at);

        put(to, i, is_cause && at[0] == 0 ? cause_of_base(j, x) : x);
        for (int k = c->n_axis - 1; k >= 0 && ++at[k] == j->to->axis[to->axis[k]].n; k--)
            at[k] = 0;
    }
}

/* One that has nothing to do with scenarios, from tables that are the same in both. */
static void keep_column(struct join *j, const struct sim_column *c)
{
    char axes[SIM_MAX_AXES * 70] = "";
    size_t len = 0, n = sim_column_n(j->with, c);
    int added;

    for (int k = 0; k < c->n_axis; k++) {
        const struct sim_axis *a = &j->with->axis[c->axis[k]];

        if (ana_axis(j->to, a->name)->n != a->n)
            return;
        len += (size_t)snprintf(axes + len, sizeof axes - len, "%.60s ", a->name);
    }
    added = sim_result_column(j->to, c->name, axes, c->type, c->keep, c->units, c->long_name);
    memcpy(j->to->column[added].data, c->data, n * sim_type_size(c->type));
}

static int same_axes(const struct join *j, const struct sim_column *c, const struct sim_column *b)
{
    if (c->n_axis != b->n_axis)
        return 0;
    for (int k = 0; k < c->n_axis; k++)
        if (strcmp(j->with->axis[c->axis[k]].name, j->base->axis[b->axis[k]].name) != 0)
            return 0;
    return 1;
}

static void join_columns(struct join *j)
{
    for (int i = 0; i < j->with->n_column; i++) {
        const struct sim_column *c = &j->with->column[i], *b = sim_result_find(j->base, c->name);

        if (!b || c->n_axis == 0)
            continue;
        if (c->axis[0] != sim_result_find_axis(j->with, "scenario"))
            keep_column(j, c);
        else if (same_axes(j, c, b))
            join_column(j, c, b);
    }
}

/* ---- both ---- */

/* The tables must be the same; scenarios may differ. */
static void check_tables(struct join *j)
{
    for (int i = 0; i < j->with->n_input; i++) {
        const char *name = j->with->input[i].name, *dot = strrchr(name, '.'),
                   *other = sim_result_find_input(j->base, name);

        if (dot && strcmp(dot, ".csv") == 0 &&
            (!other || strcmp(other, j->with->input[i].text) != 0))
            j->rc = sim_err_add(j->err, SIM_EINPUT,
                                "cannot be compared in pairs: the table %s differs", name);
    }
}

static int is_study(const struct sim_result *r)
{
    const struct sim_axis *scenario = ana_axis(r, "scenario"), *run = ana_axis(r, "run");

    return scenario && scenario->label && scenario->n > 0 && run && run->value;
}

/* What --set and --over did to the baseline's file. */
static void keep_changes(struct join *j, const char *name, const char *as)
{
    const char *text = sim_result_find_attr(j->base, name);

    if (text)
        sim_result_attr(j->to, as, "%s", text);
}

static void join_attrs(struct join *j)
{
    static const char *const must[] = {"start", "horizon_d", "seed"};

    for (size_t i = 0; i < sizeof must / sizeof *must; i++) {
        const char *a = sim_result_find_attr(j->with, must[i]),
                   *b = sim_result_find_attr(j->base, must[i]);

        if (!a || !b || strcmp(a, b) != 0)
            differ(j, must[i], a, b);
    }
    for (int i = 0; i < j->with->n_attr; i++)
        sim_result_attr(j->to, j->with->attr[i].name, "%s", j->with->attr[i].text);
    keep_changes(j, "set", "against_set");
    keep_changes(j, "over", "against_over");
}

int ana_compare_join(struct sim_result *to, const struct sim_result *with,
                     const struct sim_result *base, struct sim_err *err)
{
    struct join j = {.to = to, .with = with, .base = base, .err = err};

    *to = (struct sim_result){0};
    if (!is_study(with) || !is_study(base))
        return sim_err_add(err, SIM_ERUN, "not the result of a study: no axis scenario or run");
    j.axis = sim_arena_alloc(&to->arena, (size_t)with->n_axis, sizeof *j.axis);
    join_attrs(&j);
    check_tables(&j);
    if (j.rc == 0)
        join_axes(&j);
    if (j.rc == 0)
        join_columns(&j);
    if (j.rc != 0)
        sim_result_free(to);
    return j.rc;
}
