#include "sim/csv.h"

#include "sim/source.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_COL = 4096, MAX_CELL = 1 << 24, SHOWN = 60, WHY = 512 };

/* ---- reading ---- */

enum stop { AT_COMMA, AT_LINE, AT_END, AT_FAULT };

struct scanner {
    const char *file;
    struct sim_err *err;
    char *s, *end; /* cells are cut out of it in place; *end is \0 */
    int line, column;
    int rc;
};

SIM_FORMAT(3, 4)
static enum stop fault(struct scanner *p, const struct scanner *at, const char *fmt, ...)
{
    char what[256];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    p->rc = sim_err_add(p->err, SIM_EINPUT, "%s:%d:%d: %s", p->file, at->line, at->column, what);
    return AT_FAULT;
}

static enum stop fault_control(struct scanner *p)
{
    if (*p->s == '\t')
        return fault(p, p, "a tab: cells are separated by commas");
    return fault(p, p, "control character 0x%02x", (unsigned)(unsigned char)*p->s);
}

/* Also the C1 ones, which are two bytes in UTF-8. */
static int is_control(const char *s)
{
    unsigned char c = (unsigned char)*s;

    return c < 0x20 || c == 0x7f || (c == 0xc2 && (unsigned char)s[1] < 0xa0);
}

static int at_break(const struct scanner *p)
{
    return *p->s == '\n' || (*p->s == '\r' && p->s[1] == '\n');
}

static void step(struct scanner *p)
{
    p->column += ((unsigned char)*p->s & 0xc0) != 0x80;
    p->s++;
}

static void pass_break(struct scanner *p)
{
    p->s += *p->s == '\r' ? 2 : 1;
    p->line++;
    p->column = 1;
}

static void skip_line(struct scanner *p)
{
    char *end = p->s < p->end ? memchr(p->s, '\n', (size_t)(p->end - p->s)) : NULL;

    p->s = end != NULL ? end + 1 : p->end;
    p->line++;
    p->column = 1;
}

/* The scanner is on what follows a cell: passes that, and ends the cell at `end`. */
static enum stop pass_stop(struct scanner *p, char *end)
{
    enum stop stop = AT_COMMA;

    if (p->s == p->end) {
        stop = AT_END;
    } else if (*p->s == ',') {
        step(p);
    } else {
        pass_break(p);
        stop = AT_LINE;
    }
    *end = '\0';
    return stop;
}

static enum stop scan_quoted(struct scanner *p, char **cell)
{
    const struct scanner begin = *p;
    char *to;

    step(p);
    *cell = to = p->s;
    while (p->s < p->end) {
        if (*p->s == '"') {
            step(p);
            if (p->s == p->end || *p->s == ',' || at_break(p))
                return pass_stop(p, to);
            if (*p->s != '"')
                return fault(p, p, "text after a closing quote (a quote in a text is doubled)");
        } else if (at_break(p)) {
            pass_break(p);
            *to++ = '\n';
            continue;
        } else if (is_control(p->s)) {
            return fault_control(p);
        }
        *to++ = *p->s;
        step(p);
    }
    return fault(p, &begin, "this quote is never ended");
}

static enum stop scan_cell(struct scanner *p, char **cell)
{
    if (*p->s == '"')
        return scan_quoted(p, cell);
    *cell = p->s;
    while (p->s < p->end && *p->s != ',' && !at_break(p)) {
        if (*p->s == '"')
            return fault(p, p, "a quote in a cell that does not begin with one");
        if (is_control(p->s))
            return fault_control(p);
        step(p);
    }
    return pass_stop(p, p->s);
}

/* Returns 0 if the header is too broken to go on. */
static int scan_head(struct scanner *p, struct sim_csv *t, struct sim_arena *a)
{
    enum stop stop = AT_COMMA;
    struct scanner at;
    char *cell;

    if (p->s == p->end || at_break(p)) {
        fault(p, p, "no header: the first line must name the columns");
        return 0;
    }
    t->head = sim_arena_alloc(a, MAX_COL, sizeof *t->head);
    t->head_column = sim_arena_alloc(a, MAX_COL, sizeof *t->head_column);
    while (stop == AT_COMMA) {
        at = *p;
        stop = scan_cell(p, &cell);
        if (stop == AT_FAULT)
            return 0;
        if (t->n_col == MAX_COL) {
            fault(p, &at, "more than %d columns", MAX_COL);
            return 0;
        }
        if (*cell == '\0')
            fault(p, &at, "an empty column name");
        else if (sim_csv_find(t, cell) >= 0)
            fault(p, &at, "column '%.*s' is named twice", SHOWN, cell);
        t->head_column[t->n_col] = at.column;
        t->head[t->n_col++] = cell;
    }
    return 1;
}

/* No more rows than lines, and each has n_col - 1 commas and a line end. */
static size_t most_rows(const struct scanner *p, size_t n_col)
{
    size_t left = (size_t)(p->end - p->s), lines = 1;
    const char *s = p->s;

    while ((s = memchr(s, '\n', (size_t)(p->end - s))) != NULL) {
        lines++;
        s++;
    }
    if (lines > left / n_col + 1)
        lines = left / n_col + 1;
    return lines < MAX_CELL / n_col ? lines : MAX_CELL / n_col;
}

/* A row of the wrong length is read to its end, told, and left out. */
static void scan_row(struct scanner *p, struct sim_csv *t, size_t most)
{
    const struct scanner begin = *p;
    enum stop stop = AT_COMMA;
    size_t n = 0, at;
    char *cell;
    int column;

    if (t->n_row == most) {
        fault(p, p, "more than %d cells", MAX_CELL);
        p->s = p->end;
        return;
    }
    if (at_break(p)) {
        fault(p, p, "a blank line");
        pass_break(p);
        return;
    }
    for (; stop == AT_COMMA; n++) {
        column = p->column;
        stop = scan_cell(p, &cell);
        if (stop == AT_FAULT) {
            skip_line(p);
            return;
        }
        if (n < t->n_col) {
            at = t->n_row * t->n_col + n;
            t->cell[at] = cell;
            t->column[at] = column;
        }
    }
    if (n != t->n_col) {
        fault(p, &begin, "%zu cell%s, but the header names %zu columns", n, n == 1 ? "" : "s",
              t->n_col);
        return;
    }
    t->line[t->n_row++] = begin.line;
}

int sim_csv_parse(struct sim_csv *t, struct sim_arena *a, const char *file, const char *text,
                  size_t n, struct sim_err *err)
{
    struct scanner p = {.err = err, .line = 1, .column = 1};
    size_t good = sim_text_utf8(text, n), most;

    *t = (struct sim_csv){0};
    t->file = p.file = sim_arena_copy(a, file, strlen(file));
    if (n > SIM_MAX_FILE)
        return sim_err_add(err, SIM_EINPUT, "%s: has %zu bytes: must be at most %d", file, n,
                           SIM_MAX_FILE);
    if (good < n)
        return sim_err_add(err, SIM_EINPUT, "%s:%d: byte 0x%02x is not UTF-8", file,
                           sim_text_line(text, good), (unsigned)(unsigned char)text[good]);
    if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        n -= 3;
    }
    p.s = sim_arena_copy(a, text, n);
    p.end = p.s + n;
    if (!scan_head(&p, t, a))
        return p.rc;
    most = most_rows(&p, t->n_col);
    t->cell = sim_arena_alloc(a, most * t->n_col, sizeof *t->cell);
    t->column = sim_arena_alloc(a, most * t->n_col, sizeof *t->column);
    t->line = sim_arena_alloc(a, most, sizeof *t->line);
    while (p.s < p.end)
        scan_row(&p, t, most);
    return p.rc;
}

int sim_csv_find(const struct sim_csv *t, const char *head)
{
    for (size_t i = 0; i < t->n_col; i++) {
        if (strcmp(t->head[i], head) == 0)
            return (int)i;
    }
    return -1;
}

/* ---- rows into structs ---- */

static int is_added(const struct sim_csv *t, size_t row)
{
    return t->row_at != NULL && t->row_at[row] != NULL;
}

const char *sim_csv_place(const struct sim_csv *t, size_t row, char to[SIM_CSV_PLACE])
{
    if (is_added(t, row))
        snprintf(to, SIM_CSV_PLACE, "%s", t->row_at[row]);
    else
        snprintf(to, SIM_CSV_PLACE, "%s:%d", t->file, t->line[row]);
    return to;
}

const char *sim_csv_other(const struct sim_csv *t, size_t from, size_t row, char to[SIM_CSV_PLACE])
{
    if (is_added(t, from) || is_added(t, row))
        return sim_csv_place(t, row, to);
    snprintf(to, SIM_CSV_PLACE, "line %d", t->line[row]);
    return to;
}

int sim_csv_fault(const struct sim_csv *t, size_t row, int col, struct sim_err *err,
                  const char *fmt, ...)
{
    char what[1024], place[SIM_CSV_PLACE], column[16] = "";
    const char *cell, *by = NULL;
    size_t at = row * t->n_col + (size_t)(col < 0 ? 0 : col), cut;
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    sim_csv_place(t, row, place);
    if (col < 0)
        return sim_err_add(err, SIM_EINPUT, "%s: %s", place, what);
    if (!is_added(t, row))
        snprintf(column, sizeof column, ":%d", t->column[at]);
    if (t->set_by != NULL)
        by = t->set_by[at];
    cell = t->cell[at];
    cut = strlen(cell);
    if (cut > SHOWN) {
        for (cut = SHOWN; ((unsigned char)cell[cut] & 0xc0) == 0x80; cut--)
            continue;
    }
    return sim_err_add(err, SIM_EINPUT, "%s%s: %s = '%.*s%s': %s%s%s", place, column, t->head[col],
                       (int)cut, cell, cell[cut] == '\0' ? "" : "...", what,
                       by != NULL ? "; set by " : "", by != NULL ? by : "");
}

/* The key of each column (NULL: none). */
static int match_columns(const struct sim_csv *t, const struct sim_key *keys, const char *extra,
                         const struct sim_key **key_of, struct sim_err *err)
{
    const struct sim_key *k;
    const char *near;
    char mean[SIM_MEAN];
    int rc = 0;

    for (size_t i = 0; i < t->n_col; i++) {
        for (k = keys; k->name != NULL && strcmp(k->name, t->head[i]) != 0; k++)
            continue;
        if (k->name != NULL) {
            key_of[i] = k;
        } else if (extra == NULL || strncmp(t->head[i], extra, strlen(extra)) != 0) {
            near = sim_keys_nearest(t->head[i], &keys, 1);
            rc = sim_err_add(err, SIM_EINPUT, "%s:1:%d: unknown column '%.*s'%s", t->file,
                             t->head_column[i], SHOWN, t->head[i], sim_did_you_mean(near, mean));
        }
    }
    return rc;
}

/* A row of defaults. */
static int fill_defaults(const struct sim_csv *t, const struct sim_key *keys, char *row,
                         struct sim_arena *a, struct sim_err *err)
{
    char allowed[WHY];
    int rc = 0;

    for (const struct sim_key *k = keys; k->name != NULL; k++) {
        if (k->def != NULL) {
            if (sim_keys_value(k, "", row + k->offset, a, allowed, sizeof allowed) != 0)
                sim_bug(__FILE__, __LINE__, k->name); /* a default that its own key refuses */
        } else if (sim_csv_find(t, k->name) < 0) {
            sim_keys_allowed(k, allowed, sizeof allowed);
            rc = sim_err_add(err, SIM_EINPUT, "%s:1: column %s is missing: %s (%s)", t->file,
                             k->name, k->meaning, allowed);
        }
    }
    return rc;
}

/* A text that fits needs no copy: the cell lives as long as the table. */
static int is_text_as_it_is(const struct sim_key *k, const char *cell)
{
    if (k->type == SIM_KEY_ID)
        return sim_keys_is_id(cell);
    return k->type == SIM_KEY_STR && *cell != '\0' && *cell != ' ' && cell[strlen(cell) - 1] != ' ';
}

static int read_cell(const struct sim_csv *t, size_t row, size_t col, const struct sim_key *k,
                     char *to, struct sim_arena *a, struct sim_err *err)
{
    const char *cell = t->cell[row * t->n_col + col];
    char why[WHY];

    if (*cell == '\0' && k->def != NULL)
        return 0;
    if (is_text_as_it_is(k, cell)) {
        memcpy(to, &cell, sizeof cell);
        return 0;
    }
    if (sim_keys_value(k, cell, to, a, why, sizeof why) == 0)
        return 0;
    return sim_csv_fault(t, row, (int)col, err, "%s", why);
}

int sim_csv_rows(const struct sim_csv *t, const struct sim_key *keys, const char *extra, void *rows,
                 size_t stride, struct sim_arena *a, struct sim_err *err)
{
    struct sim_arena scratch = {0};
    char *defaults = sim_arena_alloc(&scratch, 1, stride), *row = rows;
    const struct sim_key **key_of = sim_arena_alloc(&scratch, t->n_col, sizeof *key_of);
    int unknown = match_columns(t, keys, extra, key_of, err);
    int missing = fill_defaults(t, keys, defaults, a, err);
    int rc = unknown != 0 ? unknown : missing;

    for (size_t i = 0; i < t->n_row; i++, row += stride) {
        memcpy(row, defaults, stride);
        for (size_t j = 0; j < t->n_col; j++) {
            if (key_of[j] != NULL &&
                read_cell(t, i, j, key_of[j], row + key_of[j]->offset, a, err) != 0)
                rc = SIM_EINPUT;
        }
    }
    sim_arena_free(&scratch);
    return rc;
}

/* ---- canonical text ---- */

struct row {
    const char *const *cell; /* in the order of the sorted header */
    size_t n;
};
struct column {
    const char *head;
    size_t at;
};

static int by_head(const void *a, const void *b)
{
    const struct column *x = a, *y = b;

    return strcmp(x->head, y->head);
}

static int by_cells(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    int order = 0;

    for (size_t i = 0; order == 0 && i < x->n; i++)
        order = strcmp(x->cell[i], y->cell[i]);
    return order;
}

/* Writes, or only counts where `to` is NULL. */
struct writer {
    char *to;
    size_t n;
};

static void put(struct writer *w, char c)
{
    if (w->to != NULL)
        w->to[w->n] = c;
    w->n++;
}

static void put_cell(struct writer *w, const char *s, int quoted)
{
    if (quoted)
        put(w, '"');
    for (; *s != '\0'; s++) {
        if (*s == '"')
            put(w, '"');
        put(w, *s);
    }
    if (quoted)
        put(w, '"');
}

static void put_row(struct writer *w, const struct row *r)
{
    for (size_t i = 0; i < r->n; i++) {
        const char *s = r->cell[i];
        int blank_line = *s == '\0' && r->n == 1;
        int mark = strncmp(s, "\xef\xbb\xbf", 3) == 0; /* unquoted it would be dropped */

        if (i > 0)
            put(w, ',');
        put_cell(w, s, blank_line || mark || s[strcspn(s, ",\"\n")] != '\0');
    }
    put(w, '\n');
}

static struct row *sorted_rows(const struct sim_csv *t, struct sim_arena *scratch)
{
    struct column *column = sim_arena_alloc(scratch, t->n_col, sizeof *column);
    struct row *row = sim_arena_alloc(scratch, t->n_row + 1, sizeof *row);
    const char **cell = sim_arena_alloc(scratch, (t->n_row + 1) * t->n_col, sizeof *cell);

    for (size_t j = 0; j < t->n_col; j++)
        column[j] = (struct column){t->head[j], j};
    qsort(column, t->n_col, sizeof *column, by_head);
    for (size_t i = 0; i <= t->n_row; i++) {
        row[i] = (struct row){cell + i * t->n_col, t->n_col};
        for (size_t j = 0; j < t->n_col; j++)
            cell[i * t->n_col + j] =
                i == 0 ? column[j].head : t->cell[(i - 1) * t->n_col + column[j].at];
    }
    if (t->n_row > 1)
        qsort(row + 1, t->n_row, sizeof *row, by_cells);
    return row;
}

char *sim_csv_print(const struct sim_csv *t, struct sim_arena *a)
{
    struct sim_arena scratch = {0};
    const struct row *row = sorted_rows(t, &scratch);
    struct writer w = {NULL, 0};

    for (size_t i = 0; i <= t->n_row; i++)
        put_row(&w, &row[i]);
    w.to = sim_arena_alloc(a, w.n + 1, 1);
    w.n = 0;
    for (size_t i = 0; i <= t->n_row; i++)
        put_row(&w, &row[i]);
    sim_arena_free(&scratch);
    return w.to;
}
