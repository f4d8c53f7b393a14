#include "analysis/pick.h"

#include "sim/source.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const ana_pick_words[] = {"sum", "mean", "count", "min", "max", "first", "last", NULL};

#define AT(field) offsetof(struct ana_pick, field)
const struct sim_key ana_pick_keys[] = {
    {"id", "", SIM_KEY_ID, 0, 0, NULL, AT(id), "name of the output, [a-z][a-z0-9_]*", NULL, NULL},
    {"column", "", SIM_KEY_STR, 0, 0, NULL, AT(column), "column of the results of a run", NULL,
     NULL},
    {"where", "", SIM_KEY_FREE, 0, 0, "", AT(where),
     "axis or coordinate = label or list of labels that are kept; X* = all that begin so, !X = all "
     "but X",
     NULL, NULL},
    {"times", "", SIM_KEY_STR, 0, 0, "", AT(times),
     "coordinate of numbers that values are multiplied with, such as plant_value", NULL, NULL},
    {"from", "", SIM_KEY_DATE, 0, 0, "", AT(from), "first day that is kept, of an axis of days",
     NULL, NULL},
    {"until", "", SIM_KEY_DATE, 0, 0, "", AT(until), "last day that is kept", NULL, NULL},
    {"reduce", "", SIM_KEY_WORD, 0, 0, "sum", AT(reduce),
     "what becomes of the values that are kept; count = how many are not 0; first and last in the "
     "order of the axes",
     ana_pick_words, NULL},
    {"by", "", SIM_KEY_STR, 0, 0, "", AT(by),
     "axis, or coordinate of texts, that is kept: one number for each label", NULL, NULL},
    {"unit", "", SIM_KEY_STR, 0, 0, "", AT(unit), "unit of the output; empty = that of the column",
     NULL, NULL},
    {0}};

static int given(const char *text)
{
    return text != NULL && *text != '\0';
}

/* ---- names ---- */

/* An axis of the column, by the name of the axis or of a coordinate on it. */
struct found {
    int place; /* among the axes of the column; -1 = none */
    const struct sim_axis *axis;
    const struct sim_coord *coord; /* NULL = the axis itself */
};

static const char *const *labels_of(const struct found *f)
{
    return f->coord ? f->coord->label : f->axis->label;
}

/* Names of a coordinate in a file: as it is. All of them are tried for "did you mean". */
static struct found find_name(const struct sim_result *r, const struct sim_column *c,
                              const char *name, const char **near)
{
    const char *names[SIM_MAX_AXES * (SIM_MAX_COORDS + 1)];
    size_t n = 0;

    for (int i = 2; i < c->n_axis; i++) {
        const struct sim_axis *x = &r->axis[c->axis[i]];

        names[n++] = x->name;
        if (strcmp(x->name, name) == 0)
            return (struct found){.place = i, .axis = x};
        for (int k = 0; k < x->n_coord; k++) {
            names[n++] = x->coord[k].name;
            if (strcmp(x->coord[k].name, name) == 0)
                return (struct found){.place = i, .axis = x, .coord = &x->coord[k]};
        }
    }
    *near = sim_nearest(name, names, n);
    return (struct found){.place = -1};
}

static const struct sim_tree *place_of(const struct ana_pick *p, const char *key)
{
    const struct sim_tree *at = sim_tree_get(p->at, key);

    return at ? at : p->at;
}

/* The axes that a column has, for a fault. */
static void list_axes(const struct sim_result *r, const struct sim_column *c, char *to, size_t n)
{
    *to = '\0';
    for (int i = 2; i < c->n_axis; i++)
        snprintf(to + strlen(to), n - strlen(to), "%s%s", i > 2 ? ", " : "",
                 r->axis[c->axis[i]].name);
    if (*to == '\0')
        snprintf(to, n, "no axis beside scenario and run");
}

static int no_such_name(const struct sim_tree *at, const struct sim_result *r,
                        const struct sim_column *c, const char *name, const char *near,
                        struct sim_err *err)
{
    char mean[SIM_MEAN], axes[200];

    list_axes(r, c, axes, sizeof axes);
    return sim_tree_fault(at, err,
                          "'%s' is no axis of the column %s (%s), nor a coordinate on one%s", name,
                          c->name, axes, sim_did_you_mean(near, mean));
}

/* ---- what is kept ---- */

static int matches(const char *pattern, const char *label)
{
    size_t n = strlen(pattern);

    if (n > 0 && pattern[n - 1] == '*')
        return strncmp(pattern, label, n - 1) == 0;
    return strcmp(pattern, label) == 0;
}

static int unknown_label(const struct sim_tree *at, const char *pattern, const struct found *f,
                         struct sim_err *err)
{
    char mean[SIM_MEAN];

    return sim_tree_fault(at, err, "there is no '%s' on %s%s", pattern,
                          f->coord ? f->coord->name : f->axis->name,
                          sim_did_you_mean(sim_nearest(pattern, labels_of(f), f->axis->n), mean));
}

/* Marks in keep[] what one key of `where` keeps of its axis. */
static int keep_labels(const struct sim_tree *at, const struct found *f, char keep[],
                       struct sim_err *err)
{
    const char *const *label = labels_of(f);
    size_t n = sim_tree_str(at) ? 1 : sim_tree_n(at);
    int rc = 0, negative = 0;
    char *hit = calloc(f->axis->n + 1, 1);

    if (hit == NULL)
        sim_out_of_memory(f->axis->n);
    for (size_t k = 0; k < n; k++) {
        const char *s = sim_tree_str(sim_tree_str(at) ? at : sim_tree_at(at, k));
        size_t found = 0;

        if (s == NULL) {
            rc = sim_tree_fault(at, err, "must be a label or a list of labels, in quotes");
            break;
        }
        negative = k == 0 ? *s == '!' : negative;
        if ((*s == '!') != negative) {
            rc = sim_tree_fault(at, err, "either all labels begin with ! or none");
            break;
        }
        for (size_t i = 0; i < f->axis->n; i++)
            if (matches(s + negative, label[i])) {
                hit[i] = 1;
                found++;
            }
        if (found == 0)
            rc = unknown_label(at, s + negative, f, err);
    }
    if (n == 0)
        rc = sim_tree_fault(at, err, "must be a label or a list of labels, in quotes");
    for (size_t i = 0; i < f->axis->n; i++)
        keep[i] = (char)(keep[i] && hit[i] != negative);
    free(hit);
    return rc;
}

static int keep_where(const struct ana_pick *p, const struct sim_result *r,
                      const struct sim_column *c, char *keep[], struct sim_err *err)
{
    int rc = 0;

    for (size_t k = 0; p->where && k < sim_tree_n(p->where); k++) {
        const struct sim_tree *at = sim_tree_at(p->where, k);
        const char *near = NULL;
        struct found f = find_name(r, c, sim_tree_name(at), &near);
        int one;

        if (f.place < 0)
            one = no_such_name(at, r, c, sim_tree_name(at), near, err);
        else if (labels_of(&f) == NULL)
            one = sim_tree_fault(at, err, "holds numbers; only texts can be picked");
        else
            one = keep_labels(at, &f, keep[f.place], err);
        rc = rc ? rc : one;
    }
    return rc;
}

static int keep_days(const struct ana_pick *p, const struct sim_result *r,
                     const struct sim_column *c, char *keep[], struct sim_err *err)
{
    static const char since[] = "days since ";

    if (p->from == SIM_DAY_NONE && p->until == SIM_DAY_NONE)
        return 0;
    for (int i = 2; i < c->n_axis; i++) {
        const struct sim_axis *x = &r->axis[c->axis[i]];
        char date[11] = "";
        int32_t first;

        if (x->value == NULL || x->units == NULL || strncmp(x->units, since, strlen(since)) != 0)
            continue;
        snprintf(date, sizeof date, "%.10s", x->units + strlen(since));
        if (sim_date_parse(&first, date) != 0)
            continue;
        for (size_t k = 0; k < x->n; k++) {
            double day = first + x->value[k];

            if ((p->from != SIM_DAY_NONE && day < p->from) ||
                (p->until != SIM_DAY_NONE && day >= (double)p->until + 1))
                keep[i][k] = 0;
        }
        return 0;
    }
    return sim_tree_fault(place_of(p, p->from != SIM_DAY_NONE ? "from" : "until"), err,
                          "the column %s has no axis of days", c->name);
}

/* ---- the axis that stays ---- */

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Labels of a coordinate, each once, of the points that are kept. */
static void keep_groups(struct sim_axis *to, const struct found *f, const char keep[],
                        struct sim_arena *a)
{
    const char **label = sim_arena_alloc(a, f->axis->n, sizeof *label);
    size_t n = 0, m = 0;

    for (size_t i = 0; i < f->axis->n; i++)
        if (keep[i])
            label[n++] = f->coord->label[i];
    qsort(label, n, sizeof *label, compare);
    for (size_t i = 0; i < n; i++)
        if (m == 0 || strcmp(label[m - 1], label[i]) != 0)
            label[m++] = label[i];
    *to = (struct sim_axis){
        .name = f->coord->name, .long_name = f->coord->long_name, .n = m, .label = label};
}

/* The points of an axis that are kept, without its coordinates. */
static void keep_points(struct sim_axis *to, const struct sim_axis *x, const char keep[],
                        struct sim_arena *a)
{
    const char **label = x->label ? sim_arena_alloc(a, x->n, sizeof *label) : NULL;
    double *value = x->value ? sim_arena_alloc(a, x->n, sizeof *value) : NULL;
    size_t n = 0;

    for (size_t i = 0; i < x->n; i++)
        if (keep[i]) {
            if (label)
                label[n] = x->label[i];
            else
                value[n] = x->value[i];
            n++;
        }
    *to = (struct sim_axis){.name = x->name,
                            .long_name = x->long_name,
                            .units = x->units,
                            .n = n,
                            .label = label,
                            .value = value};
}

/* Number of the output for each point of the axis `by`, in `a`; NULL without. */
static int keep_by(struct ana_picked *to, const struct ana_pick *p, const struct sim_result *r,
                   const struct sim_column *c, char *keep[], struct sim_arena *a, int *place,
                   uint32_t **bin, struct sim_err *err)
{
    const char *near = NULL;
    struct found f;
    uint32_t next = 0;

    *place = -1;
    if (!given(p->by))
        return 0;
    f = find_name(r, c, p->by, &near);
    if (f.place < 0)
        return no_such_name(place_of(p, "by"), r, c, p->by, near, err);
    if (f.coord && f.coord->label == NULL)
        return sim_tree_fault(place_of(p, "by"), err, "holds numbers; must be an axis or texts");
    *place = f.place;
    *bin = sim_arena_alloc(a, f.axis->n, sizeof **bin);
    if (f.coord)
        keep_groups(&to->kept, &f, keep[f.place], a);
    else
        keep_points(&to->kept, f.axis, keep[f.place], a);
    for (size_t i = 0; i < f.axis->n; i++) {
        const char *const *at;

        if (!keep[f.place][i])
            continue;
        if (f.coord == NULL) {
            (*bin)[i] = next++;
            continue;
        }
        at = bsearch(&f.coord->label[i], to->kept.label, to->kept.n, sizeof *at, compare);
        (*bin)[i] = (uint32_t)(at - to->kept.label);
    }
    return 0;
}

static int find_weights(const struct ana_pick *p, const struct sim_result *r,
                        const struct sim_column *c, struct found *f, struct sim_err *err)
{
    const char *near = NULL;

    *f = (struct found){.place = -1};
    if (!given(p->times))
        return 0;
    *f = find_name(r, c, p->times, &near);
    if (f->place < 0)
        return no_such_name(place_of(p, "times"), r, c, p->times, near, err);
    if (f->coord == NULL || f->coord->value == NULL)
        return sim_tree_fault(place_of(p, "times"), err, "must be a coordinate of numbers");
    return 0;
}

/* ---- cells ---- */

struct cells {
    char *keep[SIM_MAX_AXES];
    int by;
    uint32_t *bin;
    struct found times;
};

/* Walks the slot and lists the cells that are kept. */
static void list_cells(struct ana_picked *to, const struct sim_result *r,
                       const struct sim_column *c, const struct cells *s, struct sim_arena *a)
{
    size_t at[SIM_MAX_AXES] = {0}, n = 1;

    for (int i = 2; i < c->n_axis; i++) {
        size_t left = 0;

        for (size_t k = 0; k < r->axis[c->axis[i]].n; k++)
            left += s->keep[i][k] != 0;
        n *= left;
    }
    to->cell = sim_arena_alloc(a, n, sizeof *to->cell);
    to->weight = s->times.place < 0 ? NULL : sim_arena_alloc(a, n, sizeof *to->weight);
    to->bin = s->by < 0 ? NULL : sim_arena_alloc(a, n, sizeof *to->bin);
    for (size_t j = 0; j < to->slot && to->n_cell < n; j++) {
        size_t rest = j;
        int kept = 1;

        for (int i = c->n_axis - 1; i >= 2; i--) {
            at[i] = rest % r->axis[c->axis[i]].n;
            rest /= r->axis[c->axis[i]].n;
            kept = kept && s->keep[i][at[i]];
        }
        if (!kept)
            continue;
        to->cell[to->n_cell] = j;
        if (to->weight)
            to->weight[to->n_cell] = s->times.coord->value[at[s->times.place]];
        if (to->bin)
            to->bin[to->n_cell] = s->bin[at[s->by]];
        to->n_cell++;
    }
}

static int find_column(struct ana_picked *to, const struct ana_pick *p, const struct sim_result *r,
                       struct sim_arena *a, struct sim_err *err)
{
    const struct sim_column *c = sim_result_find(r, p->column);
    const char **names;
    char mean[SIM_MEAN];

    if (c == NULL) {
        names = sim_arena_alloc(a, (size_t)r->n_column, sizeof *names);
        for (int i = 0; i < r->n_column; i++)
            names[i] = r->column[i].name;
        return sim_tree_fault(
            place_of(p, "column"), err, "the results of these scenarios have no such column%s",
            sim_did_you_mean(sim_nearest(p->column, names, (size_t)r->n_column), mean));
    }
    to->column = (int)(c - r->column);
    if (c->n_axis < 2 || strcmp(r->axis[c->axis[0]].name, "scenario") != 0 ||
        strcmp(r->axis[c->axis[1]].name, "run") != 0)
        return sim_tree_fault(place_of(p, "column"), err, "has no values of single runs");
    return 0;
}

static const char *units_of(const struct ana_pick *p, const struct sim_column *c,
                            const struct cells *s)
{
    if (given(p->unit))
        return p->unit;
    if (p->reduce == ANA_PICK_COUNT)
        return "1";
    if (s->times.place >= 0 && s->times.coord->units)
        return s->times.coord->units;
    return c->units;
}

int ana_pick_bind(struct ana_picked *to, const struct ana_pick *p, const struct sim_result *r,
                  struct sim_arena *a, struct sim_err *err)
{
    struct cells s = {.by = -1, .times = {.place = -1}};
    const struct sim_column *c;
    int rc = 0, one;

    *to = (struct ana_picked){.pick = p, .n = 1};
    one = find_column(to, p, r, a, err);
    if (one != 0)
        return one;
    c = &r->column[to->column];
    to->slot = sim_column_slot(r, c);
    for (int i = 2; i < c->n_axis; i++) {
        s.keep[i] = sim_arena_alloc(a, r->axis[c->axis[i]].n, 1);
        memset(s.keep[i], 1, r->axis[c->axis[i]].n);
    }
    rc = keep_where(p, r, c, s.keep, err);
    one = keep_days(p, r, c, s.keep, err);
    rc = rc ? rc : one;
    one = find_weights(p, r, c, &s.times, err);
    rc = rc ? rc : one;
    one = keep_by(to, p, r, c, s.keep, a, &s.by, &s.bin, err);
    rc = rc ? rc : one;
    if (rc != 0)
        return rc;
    to->units = units_of(p, c, &s);
    list_cells(to, r, c, &s, a);
    if (to->n_cell == 0)
        return sim_tree_fault(p->at, err, "keeps nothing of the column %s", c->name);
    if (s.by >= 0)
        to->n = to->kept.n;
    return 0;
}

/* ---- taking ---- */

void ana_pick_take(const struct ana_picked *k, const struct sim_result *r, size_t slot, double x[])
{
    const struct sim_column *c = &r->column[k->column];
    const int how = k->pick->reduce;
    const double none = how == ANA_PICK_SUM || how == ANA_PICK_COUNT ? 0 : NAN;
    size_t *seen = NULL;

    for (size_t i = 0; i < k->n; i++)
        x[i] = none;
    if (how == ANA_PICK_MEAN) {
        seen = calloc(k->n, sizeof *seen);
        if (seen == NULL)
            sim_out_of_memory(k->n * sizeof *seen);
    }
    for (size_t i = 0; i < k->n_cell; i++) {
        double *to = &x[k->bin ? k->bin[i] : 0];
        double y = sim_column_at(c, slot * k->slot + k->cell[i]);

        if (isnan(y))
            continue;
        y *= k->weight ? k->weight[i] : 1;
        switch (how) {
        case ANA_PICK_SUM:
            *to += y;
            break;
        case ANA_PICK_MEAN:
            *to = seen[to - x]++ == 0 ? y : *to + y;
            break;
        case ANA_PICK_COUNT:
            *to += y != 0;
            break;
        case ANA_PICK_MIN:
            *to = isnan(*to) || y < *to ? y : *to;
            break;
        case ANA_PICK_MAX:
            *to = isnan(*to) || y > *to ? y : *to;
            break;
        case ANA_PICK_FIRST:
            *to = isnan(*to) ? y : *to;
            break;
        case ANA_PICK_LAST:
            *to = y;
            break;
        }
    }
    for (size_t i = 0; seen && i < k->n; i++)
        x[i] = seen[i] ? x[i] / (double)seen[i] : x[i];
    free(seen);
}
