/* The factors of a sweep file. */
#include "analysis/sweep_inner.h"

#include "sim/source.h"

#include <string.h>

const char *const ana_sweep_hows[] = {"value", "multiply", "add", NULL};

struct factor_row {
    struct ana_factor f;
    struct ana_sweep_target t;
    int kind, scale;
    struct sim_reals range;
    const struct sim_tree *values, *dist;
};
#define AT(field) offsetof(struct factor_row, field)
const struct sim_key ana_sweep_factor_keys[] = {
    {"id", "", SIM_KEY_ID, 0, 0, NULL, AT(f.id), "name of the factor", NULL, NULL},
    {"path", "", SIM_KEY_STR, 0, 0, "", AT(t.path),
     "key of the scenarios, as for --set: rules.ID.approval; scenarios without it are passed over",
     NULL, NULL},
    {"table", "", SIM_KEY_STR, 0, 0, "", AT(t.table),
     "in place of path: table of the network whose cells it changes", NULL, NULL},
    {"where", "", SIM_KEY_FREE, 0, 0, "", AT(t.where),
     "rows that it changes, as in the list set of a scenario; empty = all", NULL, NULL},
    {"column", "", SIM_KEY_STR, 0, 0, "", AT(t.column), "column of the table", NULL, NULL},
    {"how", "", SIM_KEY_WORD, 0, 0, "multiply", AT(t.how),
     "is a cell set to the factor's value, or multiplied with it, or is it added", ana_sweep_hows,
     NULL},
    {"range", "", SIM_KEY_REALS, -1e15, 1e15, "", AT(range), "least and largest value", NULL, NULL},
    {"scale", "", SIM_KEY_WORD, 0, 0, "linear", AT(scale),
     "how values of a range lie: evenly, evenly in the logarithm, or whole numbers",
     ana_scale_words, NULL},
    {"dist", "", SIM_KEY_ANY, 0, 0, "", AT(dist), "in place of range: a distribution", NULL, NULL},
    {"values", "", SIM_KEY_ANY, 0, 0, "", AT(values),
     "in place of range: a list of values, numbers or texts", NULL, NULL},
    {"levels", "", SIM_KEY_INT, 0, ANA_POINTS_MAX, "0", AT(f.levels),
     "values of a range or distribution in a grid or zip; 0 = those of the design", NULL, NULL},
    {"kind", "", SIM_KEY_WORD, 0, 0, "uncertainty", AT(kind),
     "is it what nobody knows, or what somebody decides", ana_kind_words, NULL},
    {0}};

static int given(const char *text)
{
    return text != NULL && *text != '\0';
}

/* The values of a list as texts that can be set. */
static int read_values(struct ana_factor *f, const struct sim_tree *list, struct sim_arena *a,
                       struct sim_err *err)
{
    const char **value;

    if (sim_tree_kind(list) != SIM_TREE_ARRAY && sim_tree_kind(list) != SIM_TREE_LIST)
        return sim_tree_fault(list, err, "must be a list of numbers or texts");
    f->form = ANA_VALUES;
    f->n_value = sim_tree_n(list);
    f->value = value = sim_arena_alloc(a, f->n_value, sizeof *value);
    for (size_t i = 0; i < f->n_value; i++) {
        const struct sim_tree *t = sim_tree_at(list, i);
        char number[32];

        switch (sim_tree_kind(t)) {
        case SIM_TREE_STR:
            value[i] = sim_tree_str(t);
            continue;
        case SIM_TREE_BOOL:
            value[i] = sim_tree_int(t) ? "true" : "false";
            continue;
        case SIM_TREE_INT:
            snprintf(number, sizeof number, "%lld", (long long)sim_tree_int(t));
            break;
        case SIM_TREE_REAL:
            sim_text_show(sim_tree_real(t), number);
            break;
        default:
            return sim_tree_fault(list, err, "must be a list of numbers or texts");
        }
        value[i] = sim_arena_copy(a, number, strlen(number));
    }
    return 0;
}

static int read_form(struct factor_row *row, const struct sim_tree *t, struct sim_arena *a,
                     struct sim_err *err)
{
    const struct sim_tree *range = sim_tree_get(t, "range");
    int n = (row->values != NULL) + (row->dist != NULL) + (range != NULL);

    row->f.form = ANA_OPEN;
    if (n > 1)
        return sim_tree_fault(t, err, "give one of range, dist and values");
    if (row->values)
        return read_values(&row->f, row->values, a, err);
    if (row->dist) {
        row->f.form = ANA_DIST;
        return sim_keys_dist(row->dist, &row->f.dist, err);
    }
    if (range == NULL)
        return 0;
    if (row->range.n != 2)
        return sim_tree_fault(range, err, "must be two numbers, the least and the largest value");
    row->f.form = ANA_RANGE;
    row->f.lo = row->range.x[0];
    row->f.hi = row->range.x[1];
    return 0;
}

/* Keys that a point cannot change: it runs with the seed, the runs and the tables of the sweep. */
static int check_path(const struct ana_sweep_target *to, const struct sim_tree *t,
                      struct sim_err *err)
{
    static const char *const fixed[][2] = {
        {"seed", "luck is varied by replications, and by chance = true in the design"},
        {"runs", "replications say how often a point is run"},
        {"network", "all points have the same tables; vary cells of them (table, column)"},
        {"extends", "all points have the same scenarios"}};

    if (strchr(to->path, '='))
        return sim_tree_fault(sim_tree_get(t, "path"), err, "a path has no =");
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (strcmp(to->path, fixed[i][0]) == 0)
            return sim_tree_fault(sim_tree_get(t, "path"), err, "is no factor: %s", fixed[i][1]);
    return 0;
}

/* Factors are columns of a table in which these have a meaning (export_sweep.c). */
static int check_factor_id(const struct ana_factor *f, const struct sim_tree *t,
                           struct sim_err *err)
{
    static const char *const taken[] = {"scenario", "policy", "model", "point", "run"};

    for (size_t i = 0; f->id && i < sizeof taken / sizeof *taken; i++)
        if (strcmp(f->id, taken[i]) == 0)
            return sim_tree_fault(sim_tree_get(t, "id"), err, "is taken: give another name");
    return 0;
}

static int check_target(const struct ana_sweep *s, const struct factor_row *row,
                        const struct sim_tree *t, struct sim_err *err)
{
    int by_path = given(row->t.path), by_table = given(row->t.table);

    if (given(s->model_name))
        return by_path || by_table
                   ? sim_tree_fault(t, err, "a factor of a model has no path and no table")
                   : 0;
    if (by_path == by_table)
        return sim_tree_fault(t, err, "give path, or table and column");
    if (by_path && (given(row->t.column) || row->t.where || sim_tree_get(t, "how")))
        return sim_tree_fault(t, err, "where, column and how go with table, not with path");
    if (by_path)
        return check_path(&row->t, t, err);
    if (by_table && !given(row->t.column))
        return sim_tree_fault(t, err, "column is missing: which column of %s", row->t.table);
    return 0;
}

/* Of two factors with one path only the last would act. */
static int check_twice(const struct ana_sweep *s, size_t i, struct sim_err *err)
{
    const struct ana_sweep_target *t = &s->target[i];

    for (size_t k = 0; k < i && given(t->path); k++)
        if (given(s->target[k].path) && strcmp(s->target[k].path, t->path) == 0)
            return sim_tree_fault(sim_tree_get(t->tree, "path"), err,
                                  "is the path of the factor %s already",
                                  s->factor[k].id ? s->factor[k].id : "above");
    return 0;
}

int ana_sweep_read_factors(struct ana_sweep *s, struct sim_arena *a, struct sim_err *err)
{
    static const struct sim_key *const tables[] = {ana_sweep_factor_keys};
    const struct sim_tree *list = sim_tree_get(s->tree, "factors");
    int rc = 0, one;

    s->n_factor = list && sim_tree_is_list(list) ? sim_tree_n(list) : 0;
    s->factor = sim_arena_alloc(a, s->n_factor, sizeof *s->factor);
    s->target = sim_arena_alloc(a, s->n_factor, sizeof *s->target);
    for (size_t i = 0; i < s->n_factor; i++) {
        const struct sim_tree *t = sim_tree_at(list, i);
        struct factor_row row = {0};

        one = sim_keys_read(t, "factor", tables, 1, &row, a, err);
        if (one == 0)
            one = read_form(&row, t, a, err);
        if (one == 0)
            one = check_factor_id(&row.f, t, err);
        if (one == 0)
            one = check_target(s, &row, t, err);
        rc = rc ? rc : one;
        row.f.kind = (enum ana_factor_kind)row.kind;
        row.f.scale = (enum ana_scale)row.scale;
        row.f.tree = row.t.tree = t;
        s->factor[i] = row.f;
        s->target[i] = row.t;
        one = check_twice(s, i, err);
        rc = rc ? rc : one;
    }
    if (list && sim_tree_is_list(list) && s->n_factor == 0)
        rc = sim_tree_fault(list, err, "there must be a factor");
    return rc;
}
