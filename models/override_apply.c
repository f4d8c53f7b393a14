#include "models/draft.h"
#include "models/entry.h"

#include "sim/source.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

struct edit {
    struct sim_csv *t;
    const struct mdl_table *tab;
    struct sim_arena *a;
    struct sim_err *err;
    int rc;
    size_t n_empty, first_empty; /* cells of an entry that hold no number; the row of the first */
};

static const struct sim_key content_key = {"", "g/unit", SIM_KEY_REAL, 0, 0, "", 0, "", NULL, NULL};

/* The key of a column; NULL if the table knows no such column. */
static const struct sim_key *key_of(const struct edit *e, const char *column)
{
    for (const struct sim_key *k = e->tab->keys; k->name; k++)
        if (strcmp(k->name, column) == 0)
            return k;
    return sim_csv_find(e->t, column) >= 0 ? &content_key : NULL;
}

static void fault_column(struct edit *e, const struct sim_tree *at, const char *column)
{
    const char *near = sim_keys_nearest(column, &e->tab->keys, 1);
    char mean[SIM_MEAN];

    if (near == NULL)
        near = sim_nearest(column, e->t->head, e->t->n_col);
    e->rc = sim_tree_fault(at, e->err, "%s.csv has no such column%s", e->tab->name,
                           sim_did_you_mean(near, mean));
}

/* "file:line" of a node, or the argument it came from. */
static const char *place_of(struct edit *e, const struct sim_tree *t)
{
    size_t n = strlen(sim_tree_file(t)) + 16;
    char *s = sim_arena_alloc(e->a, n, 1);

    if (sim_tree_line(t) > 0)
        snprintf(s, n, "%s:%d", sim_tree_file(t), sim_tree_line(t));
    else
        snprintf(s, n, "%s", sim_tree_file(t));
    return s;
}

/* The text of a cell that a scalar stands for. */
static const char *cell_of(struct edit *e, const struct sim_tree *t)
{
    char text[32];

    if (sim_tree_str(t))
        return sim_tree_str(t);
    if (sim_tree_kind(t) == SIM_TREE_BOOL)
        return sim_tree_int(t) ? "true" : "false";
    if (sim_tree_kind(t) == SIM_TREE_INT)
        snprintf(text, sizeof text, "%" PRId64, sim_tree_int(t));
    else
        sim_text_show(sim_tree_real(t), text);
    return sim_arena_copy(e->a, text, strlen(text));
}

/* ---- the shape of the table: all columns and rows that the overrides need ---- */

static void want_column(struct edit *e, const char **more, size_t *n, const char *name)
{
    size_t i = 0;

    while (i < *n && strcmp(more[i], name) != 0)
        i++;
    if (i == *n && sim_csv_find(e->t, name) < 0 && key_of(e, name))
        more[(*n)++] = name;
}

static size_t new_columns(struct edit *e, const struct mdl_overrides *o, const char **more)
{
    size_t n = 0;

    for (size_t i = 0; i < o->n; i++) {
        const struct mdl_override *v = &o->at[i];

        if (&mdl_tables[v->number] != e->tab)
            continue;
        if (v->how <= MDL_OVERRIDE_ADD)
            want_column(e, more, &n, v->column);
        for (size_t k = 0; k < sim_tree_n(v->add_row); k++)
            want_column(e, more, &n, sim_tree_name(sim_tree_at(v->add_row, k)));
    }
    return n;
}

/* Makes room for so many rows and for the columns that are new; these are empty in every row. */
static void reshape(struct edit *e, size_t rows, const char *const *more, size_t n_more)
{
    struct sim_csv *t = e->t, old = *t;
    size_t w = old.n_col + n_more;

    t->n_col = w;
    t->head = sim_arena_alloc(e->a, w, sizeof *t->head);
    t->head_column = sim_arena_alloc(e->a, w, sizeof *t->head_column);
    t->cell = sim_arena_alloc(e->a, rows * w, sizeof *t->cell);
    t->column = sim_arena_alloc(e->a, rows * w, sizeof *t->column);
    t->set_by = sim_arena_alloc(e->a, rows * w, sizeof *t->set_by);
    t->line = sim_arena_alloc(e->a, rows, sizeof *t->line);
    t->row_at = sim_arena_alloc(e->a, rows, sizeof *t->row_at);
    for (size_t j = 0; j < w; j++) {
        t->head[j] = j < old.n_col ? old.head[j] : more[j - old.n_col];
        t->head_column[j] = j < old.n_col ? old.head_column[j] : 1;
    }
    for (size_t i = 0; i < old.n_row; i++) {
        t->line[i] = old.line[i];
        for (size_t j = 0; j < w; j++) {
            t->cell[i * w + j] = j < old.n_col ? old.cell[i * old.n_col + j] : "";
            t->column[i * w + j] = j < old.n_col ? old.column[i * old.n_col + j] : 1;
        }
    }
}

static void prepare(struct edit *e, const struct mdl_overrides *o)
{
    size_t rows = e->t->n_row, names = 0;
    const char **more;

    for (size_t i = 0; i < o->n; i++)
        if (&mdl_tables[o->at[i].number] == e->tab) {
            rows += o->at[i].how == MDL_OVERRIDE_ADD_ROW;
            names += 1 + sim_tree_n(o->at[i].add_row);
        }
    more = sim_arena_alloc(e->a, names, sizeof *more);
    reshape(e, rows, more, new_columns(e, o, more));
}

/* ---- which rows ---- */

/* Is the cell one of the texts, where some say what it may be, and none of those that it may not?
 */
static int cell_fits(const struct sim_tree *c, const char *cell)
{
    size_t n = sim_tree_str(c) ? 1 : sim_tree_n(c);
    int asked = 0, found = 0;

    for (size_t i = 0; i < n; i++) {
        const char *s = sim_tree_str(sim_tree_str(c) ? c : sim_tree_at(c, i));

        if (*s == '!') {
            if (mdl_pick_fits(s + 1, cell))
                return 0;
            continue;
        }
        asked = 1;
        found |= mdl_pick_fits(s, cell);
    }
    return found || !asked;
}

static const char *cell_at(const struct sim_csv *t, size_t row, int col)
{
    return col < 0 ? "" : t->cell[row * t->n_col + (size_t)col];
}

/* Clears the marks of rows that one column of `where` leaves out; 0 if it leaves all out. */
static int narrow(const struct sim_csv *t, const struct sim_tree *c, char *in)
{
    int col = sim_csv_find(t, sim_tree_name(c)), some = 0;

    for (size_t i = 0; i < t->n_row; i++) {
        int fits = cell_fits(c, cell_at(t, i, col));

        some |= fits;
        in[i] = (char)(in[i] && fits);
    }
    return some;
}

/* Marks the rows that `where` means. Returns 0 after a fault. */
static int select_rows(struct edit *e, const struct mdl_override *v, char *in)
{
    int good = 1, any = 0;

    memset(in, 1, e->t->n_row);
    for (size_t k = 0; k < sim_tree_n(v->where); k++) {
        const struct sim_tree *c = sim_tree_at(v->where, k);

        if (key_of(e, sim_tree_name(c)) == NULL) {
            fault_column(e, c, sim_tree_name(c));
            good = 0;
        } else if (!narrow(e->t, c, in)) {
            e->rc = sim_tree_fault(c, e->err, "no row of %s.csv has it", e->tab->name);
            good = 0;
        }
    }
    for (size_t i = 0; i < e->t->n_row; i++)
        any |= in[i];
    if (good && !any) {
        e->rc = sim_tree_fault(v->tree, e->err, "no row of %s.csv has all that its where asks for",
                               e->tab->name);
        good = 0;
    }
    return good;
}

/* ---- what is done to them ---- */

/* The row says that it was changed: in status and source. */
static void sign(struct edit *e, const struct mdl_override *v, size_t row, int changed)
{
    struct sim_csv *t = e->t;
    int status = sim_csv_find(t, "status"), source = sim_csv_find(t, "source");
    const char **cell = &t->cell[row * t->n_col], *own = cell_at(t, row, source);
    const char *more = v->source && *v->source ? v->source : NULL;
    size_t n = strlen(own) + strlen(v->id) + strlen(t->head[changed]) + 32;
    char *s;

    if (changed == status || changed == source || source < 0 || status < 0)
        return;
    for (int k = 0; k < v->status; k++)
        if (strcmp(cell[status], mdl_override_statuses[k]) == 0)
            cell[status] = mdl_override_statuses[v->status];
    n += more ? strlen(more) : 0;
    s = sim_arena_alloc(e->a, n, 1);
    snprintf(s, n, "%s; %s by set %s%s%s", own, t->head[changed], v->id, more ? ": " : "",
             more ? more : "");
    cell[source] = s;
}

static void put(struct edit *e, const struct mdl_override *v, const char *place, size_t row,
                int col, const char *text)
{
    size_t at = row * e->t->n_col + (size_t)col;

    e->t->set_by[at] = place;
    if (strcmp(e->t->cell[at], text) == 0)
        return;
    e->t->cell[at] = text;
    sign(e, v, row, col);
}

const char *mdl_override_stretch(struct sim_dist *d, double k, double c)
{
    switch (d->kind) {
    case SIM_CONSTANT:
    case SIM_UNIFORM:
    case SIM_TRIANGULAR:
        for (int i = 0; i < 3; i++)
            d->p[i] = d->p[i] * k + c;
        return NULL;
    case SIM_POISSON:
        return "poisson(mean) counts whole things and is neither multiplied nor moved: give it as "
               "value";
    default:
        break;
    }
    if (c != 0)
        return "only numbers, uniform and triangular can be added to: give it as value";
    d->p[d->kind == SIM_ERLANG] *= k;
    return NULL;
}

static void note_empty(struct edit *e, size_t row)
{
    if (e->n_empty++ == 0)
        e->first_empty = row;
}

/* One line for all cells of an entry in column col that hold no number. */
static void tell_empty(struct edit *e, int col)
{
    char more[160] = "";

    if (e->n_empty == 0)
        return;
    if (e->n_empty > 1)
        snprintf(more, sizeof more,
                 ", or leave out such rows (where = { %.64s = \"!\"; }): %zu more like it",
                 e->t->head[col], e->n_empty - 1);
    e->rc = sim_csv_fault(e->t, e->first_empty, col, e->err,
                          "is empty, so there is no number to multiply or add to; give a value%s",
                          more);
    e->n_empty = 0;
}

/* The text of a cell times k plus c, or NULL: the cell is no number, which its own key tells, or a
 * fault was told. */
static const char *computed(struct edit *e, const struct sim_key *key, size_t row, int col,
                            double k, double c)
{
    const char *text = cell_at(e->t, row, col), *why;
    char to[160];
    struct sim_dist d;
    double x;

    if (*text == '\0' && key->def)
        text = key->def;
    if (*text == '\0' && key->def) {
        note_empty(e, row);
        return NULL;
    }
    if (key->type == SIM_KEY_DIST) {
        if (sim_dist_parse(&d, text, to, sizeof to) != 0)
            return NULL;
        why = mdl_override_stretch(&d, k, c);
        if (why) {
            e->rc = sim_csv_fault(e->t, row, col, e->err, "%s", why);
            return NULL;
        }
        sim_dist_print(&d, to, sizeof to);
    } else {
        if (sim_text_real(text, &x) != 0)
            return NULL;
        sim_text_show(x * k + c, to);
    }
    return sim_arena_copy(e->a, to, strlen(to));
}

static void change(struct edit *e, const struct mdl_override *v, const char *in)
{
    const struct sim_key *key = key_of(e, v->column);
    const struct sim_tree *at = sim_tree_get(v->tree, "column");
    int col = sim_csv_find(e->t, v->column), sum = v->how != MDL_OVERRIDE_VALUE;
    const char *place = place_of(e, v->place), *text = sum ? NULL : cell_of(e, v->value);

    if (key == NULL) {
        fault_column(e, at, v->column);
        return;
    }
    if (sum && key->type != SIM_KEY_REAL && key->type != SIM_KEY_INT && key->type != SIM_KEY_DIST) {
        e->rc = sim_tree_fault(at, e->err, "%s needs a column of numbers; this one takes a value",
                               mdl_override_words[v->how]);
        return;
    }
    for (size_t i = 0; i < e->t->n_row; i++) {
        if (!in[i])
            continue;
        e->t->set_by[i * e->t->n_col + (size_t)col] = place;
        if (sum)
            text = computed(e, key, i, col, v->how == MDL_OVERRIDE_MULTIPLY ? v->multiply : 1,
                            v->how == MDL_OVERRIDE_ADD ? v->add : 0);
        if (text)
            put(e, v, place, i, col, text);
    }
    tell_empty(e, col);
}

static void remove_rows(struct edit *e, const char *in)
{
    struct sim_csv *t = e->t;
    size_t w = t->n_col, to = 0;

    for (size_t i = 0; i < t->n_row; i++) {
        if (in[i])
            continue;
        t->line[to] = t->line[i];
        t->row_at[to] = t->row_at[i];
        memmove(&t->cell[to * w], &t->cell[i * w], w * sizeof *t->cell);
        memmove(&t->column[to * w], &t->column[i * w], w * sizeof *t->column);
        memmove(&t->set_by[to * w], &t->set_by[i * w], w * sizeof *t->set_by);
        to++;
    }
    t->n_row = to;
}

static void fill_if_empty(struct edit *e, const char **cell, const char *column, const char *text)
{
    int col = sim_csv_find(e->t, column);

    if (col >= 0 && *cell[col] == '\0' && text)
        cell[col] = text;
}

static void add_row(struct edit *e, const struct mdl_override *v)
{
    struct sim_csv *t = e->t;
    size_t row = t->n_row++;
    const char **cell = &t->cell[row * t->n_col];

    t->line[row] = 0;
    t->row_at[row] = place_of(e, v->tree);
    for (size_t j = 0; j < t->n_col; j++) {
        cell[j] = "";
        t->column[row * t->n_col + j] = 0;
        t->set_by[row * t->n_col + j] = NULL;
    }
    for (size_t k = 0; k < sim_tree_n(v->add_row); k++) {
        const struct sim_tree *c = sim_tree_at(v->add_row, k);
        int col = sim_csv_find(t, sim_tree_name(c));

        if (col < 0)
            fault_column(e, c, sim_tree_name(c));
        else
            cell[col] = cell_of(e, c);
    }
    fill_if_empty(e, cell, "status", mdl_override_statuses[v->status]);
    fill_if_empty(e, cell, "source", v->source);
}

int mdl_override_apply(const struct mdl_overrides *o, int number, struct sim_csv *t,
                       struct sim_arena *a, struct sim_err *err)
{
    struct edit e = {.t = t, .tab = &mdl_tables[number], .a = a, .err = err};
    int prepared = 0;
    char *in = NULL;

    for (size_t i = 0; i < o->n; i++) {
        const struct mdl_override *v = &o->at[i];

        if (v->number != number || (v->input > 0 && t != NULL))
            continue;
        if (t == NULL) {
            e.rc = sim_tree_fault(sim_tree_get(v->tree, "table"), err,
                                  "the network has no table %s.csv", e.tab->name);
            continue;
        }
        if (!prepared++)
            prepare(&e, o);
        if (v->how == MDL_OVERRIDE_ADD_ROW) {
            add_row(&e, v);
            continue;
        }
        in = sim_arena_alloc(a, t->n_row, 1);
        if (!select_rows(&e, v, in))
            continue;
        if (v->how == MDL_OVERRIDE_REMOVE_ROW)
            remove_rows(&e, in);
        else
            change(&e, v, in);
    }
    return e.rc;
}

/* ---- uncertain ones ---- */

/* What a cell can be before the entry: by the last thing that was noted for it, else its text. 0 if
 * it is no number, which its own key tells. */
static int base_of(struct edit *e, const struct mdl_draft *d, const struct mdl_effect *f, int col,
                   double *lo, double *hi)
{
    const struct mdl_effect *last = mdl_draft_last(d, f);
    const char *text = cell_at(e->t, f->row, col);

    if (last) {
        *lo = last->lo;
        *hi = last->hi;
        return 1;
    }
    if (*text == '\0' && f->key->def)
        text = f->key->def;
    *lo = *hi = 0;
    if (f->how == MDL_OVERRIDE_VALUE)
        return 1;
    if (*text == '\0') {
        note_empty(e, f->row);
        return 0;
    }
    if (sim_text_real(text, lo) != 0)
        return 0;
    *hi = *lo;
    return 1;
}

/* Fills what the cell can be afterwards. Returns 0 after a fault. */
static int reach(struct edit *e, const struct mdl_draft *d, struct mdl_effect *f,
                 const struct sim_input *u, int col)
{
    double base[2], by[2];
    char allowed[300];

    if (!base_of(e, d, f, col, &base[0], &base[1]))
        return 0;
    sim_input_ends(u, &by[0], &by[1]);
    f->lo = f->how == MDL_OVERRIDE_VALUE ? by[0] : INFINITY;
    f->hi = f->how == MDL_OVERRIDE_VALUE ? by[1] : -INFINITY;
    for (int i = 0; i < 4 && f->how != MDL_OVERRIDE_VALUE; i++) {
        double x = f->how == MDL_OVERRIDE_ADD ? base[i / 2] + by[i % 2] : base[i / 2] * by[i % 2];

        f->lo = fmin(f->lo, x);
        f->hi = fmax(f->hi, x);
    }
    if (f->lo >= f->key->lo && f->hi <= f->key->hi)
        return 1;
    sim_keys_allowed(f->key, allowed, sizeof allowed);
    e->rc = sim_csv_fault(e->t, f->row, col, e->err, "must be %s; it would reach from %.6g to %.6g",
                          allowed, f->lo, f->hi);
    return 0;
}

/* The same for a distribution: at both ends of the factor. */
static int stretches(struct edit *e, const struct mdl_effect *f, const struct sim_input *u, int col)
{
    const char *text = cell_at(e->t, f->row, col), *why = NULL;
    char told[160], allowed[300];
    double by[2];

    sim_input_ends(u, &by[0], &by[1]);
    for (int i = 0; i < 2 && why == NULL; i++) {
        struct sim_dist d;

        if (sim_dist_parse(&d, *text || f->key->def == NULL ? text : f->key->def, told,
                           sizeof told) != 0)
            return *text != '\0'; /* its own key tells */
        why = mdl_override_stretch(&d, f->how == MDL_OVERRIDE_MULTIPLY ? by[i] : 1,
                                   f->how == MDL_OVERRIDE_ADD ? by[i] : 0);
        if (why == NULL && sim_dist_check(&d, told, sizeof told) != 0)
            why = told;
        sim_keys_allowed(f->key, allowed, sizeof allowed);
        if (why == NULL && (sim_dist_mean(&d) < f->key->lo || sim_dist_mean(&d) > f->key->hi))
            why = allowed;
    }
    if (why)
        e->rc =
            sim_csv_fault(e->t, f->row, col, e->err, "%s%s", why == allowed ? "must be " : "", why);
    return why == NULL;
}

static void draw(struct edit *e, const struct mdl_overrides *o, const struct mdl_override *v,
                 const char *in, struct mdl_draft *d)
{
    const struct sim_key *key = key_of(e, v->column);
    const struct sim_tree *at = sim_tree_get(v->tree, "column");
    int col = sim_csv_find(e->t, v->column);

    if (key == NULL) {
        fault_column(e, at, v->column);
        return;
    }
    if ((key->type != SIM_KEY_REAL && key->type != SIM_KEY_INT && key->type != SIM_KEY_DIST) ||
        key->sub == sim_key_fixed || key == &content_key) {
        e->rc = sim_tree_fault(at, e->err,
                               "%s cannot be a distribution there: the column is the "
                               "same in all runs",
                               mdl_override_words[v->how]);
        return;
    }
    for (size_t i = 0; i < e->t->n_row; i++) {
        struct mdl_effect f = {.table = v->number,
                               .row = (uint32_t)i,
                               .key = key,
                               .how = (int)v->how,
                               .input = v->input - 1};
        const struct sim_input *u = &o->inputs.at[v->input - 1];

        if (!in[i])
            continue;
        e->t->set_by[i * e->t->n_col + (size_t)col] = place_of(e, v->place);
        if (key->type == SIM_KEY_DIST ? !stretches(e, &f, u, col) : !reach(e, d, &f, u, col))
            continue;
        sign(e, v, i, col);
        mdl_draft_note(d, &f);
    }
    tell_empty(e, col);
}

int mdl_override_draw(const struct mdl_overrides *o, int number, struct sim_csv *t,
                      struct sim_arena *a, struct mdl_draft *d, struct sim_err *err)
{
    struct edit e = {.t = t, .tab = &mdl_tables[number], .a = a, .err = err};

    for (size_t i = 0; i < o->n; i++) {
        const struct mdl_override *v = &o->at[i];
        char *in;

        if (v->number != number || v->input == 0)
            continue;
        if (t->set_by == NULL)
            prepare(&e, o);
        in = sim_arena_alloc(a, t->n_row, 1);
        if (select_rows(&e, v, in))
            draw(&e, o, v, in, d);
    }
    return e.rc;
}
