#include "analysis/export.h"

#include "analysis/file.h"
#include "sim/date.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CELL_MAX = 64, NAME_MAX_LEN = 512 };

/* One table being written; rc is kept so that cells can be added without a test after each. */
struct table {
    struct ana_file file;
    char name[NAME_MAX_LEN];
    int first; /* no cell in this row yet */
    int rc;
    struct sim_err *err;
};

struct tables {
    const struct sim_result *r;
    const char *dir;
    struct table *table;
    int n;
    struct sim_err *err;
};

/* ---- cells ---- */

static void add(struct table *t, const char *s, size_t n)
{
    if (t->rc == 0)
        t->rc = ana_file_add(&t->file, s, n, t->err);
}

static void next(struct table *t)
{
    if (!t->first)
        add(t, ",", 1);
    t->first = 0;
}

static void row(struct table *t)
{
    add(t, "\n", 1);
    t->first = 1;
}

static void text(struct table *t, const char *s)
{
    const char *p;
    int guard;

    next(t);
    if (!s)
        return;
    guard = s[0] != '\0' && strchr("=+-@\t\r", s[0]) != NULL;
    if (!strpbrk(s, ",\"\n\r")) {
        add(t, "'", (size_t)guard);
        add(t, s, strlen(s));
        return;
    }
    add(t, "\"'", 1 + (size_t)guard);
    for (; (p = strchr(s, '"')) != NULL; s = p + 1) {
        add(t, s, (size_t)(p - s));
        add(t, "\"\"", 2);
    }
    add(t, s, strlen(s));
    add(t, "\"", 1);
}

/* Fewest digits that read back: whole numbers at once, else more and more of them. */
static int print_number(char to[CELL_MAX], double x, int is_float)
{
    int digits;

    if (isnan(x))
        return 0;
    if (isinf(x))
        return snprintf(to, CELL_MAX, x < 0.0 ? "-inf" : "inf");
    if (fabs(x) < 1e15 && x == floor(x) && !(x == 0.0 && signbit(x)))
        return snprintf(to, CELL_MAX, "%" PRId64, (int64_t)x);
    for (digits = is_float ? 6 : 15; digits < (is_float ? 9 : 17); digits++) {
        snprintf(to, CELL_MAX, "%.*g", digits, x);
        if (is_float ? (double)strtof(to, NULL) == x : strtod(to, NULL) == x)
            break;
    }
    return snprintf(to, CELL_MAX, "%.*g", digits, x);
}

static void number(struct table *t, double x, int is_float)
{
    char to[CELL_MAX];
    int n = print_number(to, x, is_float);

    next(t);
    add(t, to, (size_t)n);
}

/* Day number of "days since YYYY-MM-DD...", or SIM_DAY_NONE. */
static int32_t epoch(const char *units)
{
    char date[11];
    int32_t day;

    if (!units || strncmp(units, "days since ", 11) != 0 || strlen(units) < 21)
        return SIM_DAY_NONE;
    memcpy(date, units + 11, 10);
    date[10] = '\0';
    return sim_date_parse(&day, date) == 0 ? day : SIM_DAY_NONE;
}

/* A date where the units have one and it lies in the calendar's years, else a number. */
static void value(struct table *t, double x, int is_float, int32_t from)
{
    char date[11], to[CELL_MAX];
    double day = floor(x), s = floor((x - day) * 86400.0 + 0.5);
    int32_t at;
    int y, m, d;

    if (from == SIM_DAY_NONE || !(fabs(x) < 1e6)) {
        number(t, x, is_float);
        return;
    }
    if (s >= 86400.0) {
        s = 0.0;
        day += 1.0;
    }
    at = from + (int32_t)day;
    sim_date_split(at, &y, &m, &d);
    if (y < 1900 || y > 2999) {
        number(t, x, is_float);
        return;
    }
    sim_date_print(at, date);
    next(t);
    add(t, date, 10);
    if (s > 0.0) {
        int k = (int)s;

        add(t, to,
            (size_t)snprintf(to, sizeof to, "T%02d:%02d:%02d", k / 3600, k / 60 % 60, k % 60));
    }
}

/* The word for flag k in "missing done failed". */
static void flag(struct table *t, const char *meanings, int k)
{
    const char *p = meanings + strspn(meanings, " ");
    char to[CELL_MAX];
    int i;

    for (i = 0; i < k && *p; i++) {
        p += strcspn(p, " ");
        p += strspn(p, " ");
    }
    next(t);
    if (k >= 0 && *p)
        add(t, p, strcspn(p, " "));
    else
        add(t, to, (size_t)snprintf(to, sizeof to, "%d", k));
}

/* ---- tables ---- */

static struct table *open_table(struct tables *all, const char *name)
{
    struct table *t = &all->table[all->n++];
    size_t n = strlen(all->dir) + strlen(name) + 2;
    char *path = malloc(n);

    *t = (struct table){.first = 1, .err = all->err};
    snprintf(t->name, sizeof t->name, "%s", name);
    if (!path) {
        t->rc = sim_err_add(all->err, SIM_ENOMEM, "%s: out of memory", all->dir);
        return t;
    }
    snprintf(path, n, "%s/%s", all->dir, name);
    t->rc = ana_file_open(&t->file, path, all->err);
    free(path);
    return t;
}

static int close_table(struct table *t)
{
    if (t->rc == 0)
        t->rc = ana_file_finish(&t->file, NULL, NULL, t->err);
    return t->rc;
}

static int write_axis(struct tables *all, const struct sim_axis *a)
{
    char name[NAME_MAX_LEN];
    struct table *t;
    int32_t from = epoch(a->units), of[12];
    size_t i;
    int c;

    snprintf(name, sizeof name, "axis_%s.csv", a->name);
    t = open_table(all, name);
    text(t, a->name);
    for (c = 0; c < a->n_coord; c++) {
        text(t, a->coord[c].name);
        of[c] = epoch(a->coord[c].units);
    }
    row(t);
    for (i = 0; i < a->n && t->rc == 0; i++) {
        if (a->label)
            text(t, a->label[i]);
        else
            value(t, a->value[i], 0, from);
        for (c = 0; c < a->n_coord; c++)
            if (a->coord[c].label)
                text(t, a->coord[c].label[i]);
            else
                value(t, a->coord[c].value[i], 0, of[c]);
        row(t);
    }
    return close_table(t);
}

static int same_axes(const struct sim_column *a, const struct sim_column *b)
{
    return a->n_axis == b->n_axis &&
           memcmp(a->axis, b->axis, (size_t)a->n_axis * sizeof a->axis[0]) == 0;
}

static void table_name(const struct sim_result *r, const struct sim_column *c,
                       char to[NAME_MAX_LEN])
{
    size_t n = (size_t)snprintf(to, NAME_MAX_LEN, "data_%s", c->n_axis == 0 ? "single" : "");
    int i;

    for (i = 0; i < c->n_axis && n < NAME_MAX_LEN; i++)
        n += (size_t)snprintf(to + n, NAME_MAX_LEN - n, "%s%s", i > 0 ? "-" : "",
                              r->axis[c->axis[i]].name);
    if (n < NAME_MAX_LEN)
        snprintf(to + n, NAME_MAX_LEN - n, ".csv");
}

static void write_cell(struct table *t, const struct sim_column *c, size_t i, int32_t from)
{
    char to[CELL_MAX];

    if (c->meanings) {
        flag(t, c->meanings, (int)sim_column_at(c, i));
    } else if (c->type == SIM_I64) {
        next(t);
        add(t, to, (size_t)snprintf(to, sizeof to, "%" PRId64, ((const int64_t *)c->data)[i]));
    } else {
        value(t, sim_column_at(c, i), c->type == SIM_F32, from);
    }
}

/* What the table of one set of axes needs for each row. */
struct plan {
    const struct sim_axis *axis[SIM_MAX_AXES];
    int32_t axis_from[SIM_MAX_AXES];
    int n_axis;
    const struct sim_column **column; /* owned */
    int32_t *column_from;             /* owned */
    int n_column;
};

static int plan_init(struct plan *p, const struct sim_result *r, const struct sim_column *first)
{
    int i;

    *p = (struct plan){.n_axis = first->n_axis};
    p->column = malloc((size_t)r->n_column * sizeof *p->column);
    p->column_from = malloc((size_t)r->n_column * sizeof *p->column_from);
    if (!p->column || !p->column_from)
        return SIM_ENOMEM;
    for (i = 0; i < p->n_axis; i++) {
        p->axis[i] = &r->axis[first->axis[i]];
        p->axis_from[i] = epoch(p->axis[i]->units);
    }
    for (i = 0; i < r->n_column; i++)
        if (same_axes(&r->column[i], first)) {
            p->column[p->n_column] = &r->column[i];
            p->column_from[p->n_column++] = epoch(r->column[i].units);
        }
    return 0;
}

static void plan_free(struct plan *p)
{
    free(p->column);
    free(p->column_from);
}

/* The row of the point with flat index i: labels, then values. */
static void write_row(struct table *t, const struct plan *p, size_t i)
{
    size_t at[SIM_MAX_AXES], rest = i;
    int k;

    for (k = p->n_axis - 1; k >= 0; k--) {
        at[k] = rest % p->axis[k]->n;
        rest /= p->axis[k]->n;
    }
    for (k = 0; k < p->n_axis; k++)
        if (p->axis[k]->label)
            text(t, p->axis[k]->label[at[k]]);
        else
            value(t, p->axis[k]->value[at[k]], 0, p->axis_from[k]);
    for (k = 0; k < p->n_column; k++)
        write_cell(t, p->column[k], i, p->column_from[k]);
    row(t);
}

/* The table of all columns that have the axes of `first`. */
static int write_data(struct tables *all, const struct sim_column *first)
{
    size_t n = sim_column_n(all->r, first), i;
    char name[NAME_MAX_LEN];
    struct table *t;
    struct plan p;
    int k, rc;

    table_name(all->r, first, name);
    t = open_table(all, name);
    rc = plan_init(&p, all->r, first);
    if (rc != 0)
        rc = sim_err_add(all->err, rc, "%s: out of memory", all->dir);
    for (k = 0; k < p.n_axis && rc == 0; k++)
        text(t, p.axis[k]->name);
    for (k = 0; k < p.n_column; k++)
        text(t, p.column[k]->name);
    row(t);
    for (i = 0; i < n && t->rc == 0 && rc == 0; i++)
        write_row(t, &p, i);
    plan_free(&p);
    return rc != 0 ? rc : close_table(t);
}

static int write_columns(struct tables *all)
{
    static const char *const type[] = {"f64", "f32", "i64", "i32", "i8"};
    static const char *const head[] = {"name", "file", "units", "meaning", "type", "flags"};
    struct table *t = open_table(all, "columns.csv");
    char name[NAME_MAX_LEN];
    size_t k;
    int i;

    for (k = 0; k < sizeof head / sizeof *head; k++)
        text(t, head[k]);
    row(t);
    for (i = 0; i < all->r->n_column; i++) {
        const struct sim_column *c = &all->r->column[i];

        table_name(all->r, c, name);
        text(t, c->name);
        text(t, name);
        text(t, c->units);
        text(t, c->long_name);
        text(t, type[c->type]);
        text(t, c->meanings);
        row(t);
    }
    return close_table(t);
}

static int write_about(struct tables *all)
{
    struct table *t = open_table(all, "about.csv");
    int i;

    text(t, "name");
    text(t, "value");
    row(t);
    for (i = 0; i < all->r->n_attr; i++) {
        text(t, all->r->attr[i].name);
        text(t, all->r->attr[i].text);
        row(t);
    }
    return close_table(t);
}

static int write_tables(struct tables *all)
{
    const struct sim_result *r = all->r;
    int rc, i, j;

    rc = write_about(all);
    if (rc == 0)
        rc = write_columns(all);
    for (i = 0; i < r->n_axis && rc == 0; i++)
        rc = write_axis(all, &r->axis[i]);
    for (i = 0; i < r->n_column && rc == 0; i++) {
        for (j = 0; j < i && !same_axes(&r->column[j], &r->column[i]); j++)
            ;
        if (j == i)
            rc = write_data(all, &r->column[i]);
    }
    for (i = 0; i < all->n && rc == 0; i++)
        rc = ana_file_name(&all->table[i].file, all->err);
    return rc;
}

int ana_export_csv(const struct sim_result *r, const char *dir, struct sim_err *err)
{
    struct tables all = {.r = r, .dir = dir, .err = err};
    int rc, i;

    rc = ana_file_folder(dir, err);
    if (rc != 0)
        return rc;
    all.table = calloc((size_t)(r->n_axis + r->n_column) + 2, sizeof *all.table);
    if (!all.table)
        return sim_err_add(err, SIM_ENOMEM, "%s: out of memory", dir);
    rc = write_tables(&all);
    for (i = 0; i < all.n; i++)
        ana_file_drop(&all.table[i].file);
    free(all.table);
    return rc;
}
