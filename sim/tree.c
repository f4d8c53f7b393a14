#include "sim/tree.h"

#include "sim/source.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <libconfig.h>

enum { SHOWN = 40, WIDTH = 96, INDENT = 2 };

/* ---- nodes ---- */

int sim_tree_has(const struct sim_tree *t)
{
    return t != NULL && t->kind <= SIM_TREE_ARRAY;
}

struct sim_tree *sim_tree_new(struct sim_arena *a, enum sim_tree_kind kind, const char *name,
                              const char *file, int line)
{
    struct sim_tree *t = sim_arena_alloc(a, 1, sizeof *t);

    t->kind = kind;
    t->name = name;
    t->file = file;
    t->line = line;
    return t;
}

void sim_tree_add(struct sim_tree *t, struct sim_arena *a, struct sim_tree *child)
{
    struct sim_tree **grown;

    if (t->n == t->cap) {
        t->cap = t->cap == 0 ? 4 : 2 * t->cap;
        grown = sim_arena_alloc(a, t->cap, sizeof *grown);
        if (t->n > 0)
            memcpy(grown, t->child, t->n * sizeof *grown);
        t->child = grown;
    }
    t->child[t->n++] = child;
}

const struct sim_tree *sim_tree_get(const struct sim_tree *t, const char *name)
{
    if (!sim_tree_is_group(t))
        return NULL;
    for (uint32_t i = 0; i < t->n; i++) {
        if (strcmp(t->child[i]->name, name) == 0)
            return t->child[i];
    }
    return NULL;
}

const struct sim_tree *sim_tree_at(const struct sim_tree *t, size_t i)
{
    return i < sim_tree_n(t) ? t->child[i] : NULL;
}

size_t sim_tree_n(const struct sim_tree *t)
{
    return sim_tree_has(t) ? t->n : 0;
}

const char *sim_tree_name(const struct sim_tree *t)
{
    return t->name;
}

const char *sim_tree_file(const struct sim_tree *t)
{
    return t->file;
}

int sim_tree_line(const struct sim_tree *t)
{
    return t->line;
}

enum sim_tree_kind sim_tree_kind(const struct sim_tree *t)
{
    return t->kind;
}

const char *sim_tree_str(const struct sim_tree *t)
{
    return t != NULL && t->kind == SIM_TREE_STR ? t->s : NULL;
}

int64_t sim_tree_int(const struct sim_tree *t)
{
    return t->kind == SIM_TREE_INT || t->kind == SIM_TREE_BOOL ? t->i : 0;
}

double sim_tree_real(const struct sim_tree *t)
{
    if (t->kind == SIM_TREE_INT)
        return (double)t->i;
    return t->kind == SIM_TREE_REAL ? t->x : NAN;
}

int sim_tree_is_group(const struct sim_tree *t)
{
    return t != NULL && t->kind == SIM_TREE_GROUP;
}

int sim_tree_is_list(const struct sim_tree *t)
{
    if (!sim_tree_has(t) || t->kind == SIM_TREE_GROUP)
        return 0;
    for (uint32_t i = 0; i < t->n; i++) {
        if (!sim_tree_is_group(t->child[i]))
            return 0;
    }
    return 1;
}

const char *sim_tree_id(const struct sim_tree *t)
{
    return sim_tree_str(sim_tree_get(t, "id"));
}

int sim_tree_has_ids(const struct sim_tree *t)
{
    if (!sim_tree_is_list(t) || t->n == 0)
        return 0;
    for (uint32_t i = 0; i < t->n; i++) {
        if (sim_tree_id(t->child[i]) == NULL)
            return 0;
    }
    return 1;
}

static int by_key(const void *a, const void *b)
{
    const struct sim_tree_entry *x = a, *y = b;
    int order = strcmp(x->key, y->key);

    return order != 0 ? order : x->at < y->at ? -1 : x->at > y->at;
}

struct sim_tree_entry *sim_tree_index(const struct sim_tree *t, struct sim_arena *scratch)
{
    struct sim_tree_entry *index = sim_arena_alloc(scratch, t->n, sizeof *index);

    for (uint32_t i = 0; i < t->n; i++) {
        index[i].key = t->kind == SIM_TREE_GROUP ? t->child[i]->name : sim_tree_id(t->child[i]);
        index[i].at = i;
    }
    if (t->n > 1)
        qsort(index, t->n, sizeof *index, by_key);
    return index;
}

const struct sim_tree_entry *sim_tree_look(const struct sim_tree_entry *index, size_t n,
                                           const char *key)
{
    size_t lo = 0, hi = n, mid;

    while (lo < hi) {
        mid = lo + (hi - lo) / 2;
        if (strcmp(index[mid].key, key) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < n && strcmp(index[lo].key, key) == 0 ? &index[lo] : NULL;
}

/* ---- faults ---- */

static void show_real(double x, char to[40])
{
    char digits[32];

    sim_text_show(x, digits);
    snprintf(to, 40, "%s%s", digits, strpbrk(digits, ".en") == NULL ? ".0" : "");
}

void sim_tree_show(const struct sim_tree *t, char *to, size_t n)
{
    char number[40];
    size_t cut;

    *to = '\0';
    if (t->kind == SIM_TREE_BOOL) {
        snprintf(to, n, "%s", t->i ? "true" : "false");
    } else if (t->kind == SIM_TREE_INT) {
        snprintf(to, n, "%" PRId64, t->i);
    } else if (t->kind == SIM_TREE_REAL) {
        show_real(t->x, number);
        snprintf(to, n, "%s", number);
    } else if (t->kind == SIM_TREE_STR) {
        cut = strlen(t->s);
        if (cut > SHOWN) {
            for (cut = SHOWN; ((unsigned char)t->s[cut] & 0xc0) == 0x80; cut--)
                continue;
        }
        snprintf(to, n, "\"%.*s%s\"", (int)cut, t->s, t->s[cut] == '\0' ? "" : "...");
    }
}

static int fault_at(const struct sim_tree *t, struct sim_err *err, const char *subject,
                    const char *fmt, va_list ap)
{
    char what[1024], place[24] = "";

    vsnprintf(what, sizeof what, fmt, ap);
    if (t->line > 0)
        snprintf(place, sizeof place, ":%d", t->line);
    return sim_err_add(err, SIM_EINPUT, "%s%s: %s%s%s", t->file, place, subject,
                       *subject != '\0' ? ": " : "", what);
}

int sim_tree_fault_at(const struct sim_tree *t, struct sim_err *err, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    fault_at(t, err, "", fmt, ap);
    va_end(ap);
    return SIM_EINPUT;
}

int sim_tree_fault(const struct sim_tree *t, struct sim_err *err, const char *fmt, ...)
{
    char value[2 * SHOWN], subject[SIM_TREE_NAME_MAX + sizeof value + 8];
    const char *id = sim_tree_id(t);
    va_list ap;

    sim_tree_show(t, value, sizeof value);
    if (t->name != NULL)
        snprintf(subject, sizeof subject, "%s%s%s", t->name, *value != '\0' ? " = " : "", value);
    else if (id != NULL)
        snprintf(subject, sizeof subject, "'%.*s'", SHOWN, id);
    else
        snprintf(subject, sizeof subject, "%s", value);
    va_start(ap, fmt);
    fault_at(t, err, subject, fmt, ap);
    va_end(ap);
    return SIM_EINPUT;
}

/* ---- reading ---- */

struct reader {
    struct sim_arena *a;
    struct sim_err *err;
    const char *file;
    const struct sim_lex *lex;
    size_t next; /* value of lex */
    int rc;
};

static enum sim_tree_kind kind_of(const config_setting_t *s)
{
    switch (config_setting_type(s)) {
    case CONFIG_TYPE_GROUP:
        return SIM_TREE_GROUP;
    case CONFIG_TYPE_LIST:
        return SIM_TREE_LIST;
    case CONFIG_TYPE_ARRAY:
        return SIM_TREE_ARRAY;
    case CONFIG_TYPE_BOOL:
        return SIM_TREE_BOOL;
    case CONFIG_TYPE_FLOAT:
        return SIM_TREE_REAL;
    case CONFIG_TYPE_STRING:
        return SIM_TREE_STR;
    default:
        return SIM_TREE_INT;
    }
}

static void read_text(struct reader *r, struct sim_tree *t, const config_setting_t *s)
{
    const char *text = config_setting_get_string(s);
    size_t n = strlen(text);

    t->s = sim_arena_copy(r->a, text, n);
    if (sim_text_utf8(text, n) < n)
        r->rc = sim_tree_fault_at(t, r->err, "a text that is not UTF-8");
}

/* What libconfig read must be what lex.c saw, value by value. */
static struct sim_tree *read_node(struct reader *r, const config_setting_t *s, int in_array)
{
    const struct sim_lex_value *v = &r->lex->value[r->next++];
    enum sim_tree_kind kind = kind_of(s);
    const char *name = config_setting_name(s);
    struct sim_tree *t;

    sim_bug_if(r->next > r->lex->n);
    sim_bug_if(kind != v->kind && !(in_array && v->kind == SIM_TREE_REAL));
    if (name != NULL)
        name = sim_arena_copy(r->a, name, strlen(name));
    t = sim_tree_new(r->a, v->kind, name, r->file, v->line);
    if (t->kind == SIM_TREE_BOOL) {
        t->i = v->i;
        sim_bug_if(config_setting_get_bool(s) != (int)v->i);
    } else if (t->kind == SIM_TREE_INT) {
        t->i = v->i;
        sim_bug_if(!in_array && config_setting_get_int64(s) != v->i);
    } else if (t->kind == SIM_TREE_REAL) {
        t->x = v->x;
    } else if (t->kind == SIM_TREE_STR) {
        read_text(r, t, s);
    } else {
        int n = config_setting_length(s);

        for (int i = 0; i < n; i++)
            sim_tree_add(
                t, r->a,
                read_node(r, config_setting_get_elem(s, (unsigned)i), t->kind == SIM_TREE_ARRAY));
    }
    return t;
}

static void check_repeated(struct reader *r, const struct sim_tree *t, struct sim_arena *scratch)
{
    const struct sim_tree_entry *index = sim_tree_index(t, scratch);
    const struct sim_tree *id, *first = sim_tree_get(t->child[index[0].at], "id");
    char where[40] = "";

    for (uint32_t i = 1; i < t->n; i++) {
        id = sim_tree_get(t->child[index[i].at], "id");
        if (strcmp(id->s, first->s) != 0) {
            first = id;
            continue;
        }
        if (first->line > 0)
            snprintf(where, sizeof where, " (first on line %d)", first->line);
        r->rc = sim_tree_fault(id, r->err, "this id is given twice%s", where);
    }
}

/* The ids of every list of groups: given once, and by all entries or none. */
static void check_ids(struct reader *r, const struct sim_tree *t, struct sim_arena *scratch)
{
    const struct sim_tree *some = NULL;

    for (uint32_t i = 0; i < sim_tree_n(t); i++) {
        check_ids(r, t->child[i], scratch);
        if (some == NULL)
            some = sim_tree_get(t->child[i], "id");
    }
    if (t->kind != SIM_TREE_LIST || some == NULL || some->kind != SIM_TREE_STR)
        return;
    if (sim_tree_has_ids(t)) {
        check_repeated(r, t, scratch);
        return;
    }
    for (uint32_t i = 0; i < t->n; i++) {
        if (sim_tree_id(t->child[i]) == NULL)
            r->rc = sim_tree_fault(t->child[i], r->err,
                                   "must be a group with an id (a text), as another one has: '%s'",
                                   some->s);
    }
}

static int fault_of_libconfig(const config_t *c, const struct sim_lex *lex, const char *file,
                              int argument, struct sim_err *err)
{
    int line = config_error_line(c);
    const char *text = config_error_text(c);
    const char *where = strcmp(text, "syntax error") == 0 ? " here or just before" : "";

    if (argument)
        return sim_err_add(err, SIM_EINPUT, "%s: %s", file, text);
    return sim_err_add(err, SIM_EINPUT, "%s:%d: %s%s", file, line < lex->lines ? line : lex->lines,
                       text, where);
}

int sim_tree_read(struct sim_tree **t, struct sim_arena *a, const char *file, int argument,
                  const char *text, size_t n, struct sim_err *err)
{
    struct sim_arena scratch = {0};
    struct sim_lex lex;
    struct reader r = {.a = a, .err = err, .lex = &lex};
    const config_setting_t *root;
    config_t c;

    *t = NULL;
    if (n > SIM_MAX_FILE)
        return sim_err_add(err, SIM_EINPUT, "%s: has %zu bytes: must be at most %d", file, n,
                           SIM_MAX_FILE);
    r.file = sim_arena_copy(a, file, strlen(file));
    config_init(&c);
    r.rc = sim_lex_scan(&lex, &scratch, file, argument, text, n, err);
    if (!lex.broken && config_read_string(&c, lex.text) != CONFIG_TRUE)
        r.rc = fault_of_libconfig(&c, &lex, file, argument, err);
    if (r.rc != 0)
        goto out;
    root = config_root_setting(&c);
    *t = sim_tree_new(a, SIM_TREE_GROUP, NULL, r.file, argument ? 0 : 1);
    for (int i = 0; i < config_setting_length(root); i++)
        sim_tree_add(*t, a, read_node(&r, config_setting_get_elem(root, (unsigned)i), 0));
    sim_bug_if(r.next != lex.n);
    check_ids(&r, *t, &scratch);
    if (r.rc != 0)
        *t = NULL;
out:
    config_destroy(&c);
    sim_arena_free(&scratch);
    return r.rc;
}

int sim_tree_parse(struct sim_tree **t, struct sim_arena *a, const char *file, const char *text,
                   size_t n, struct sim_err *err)
{
    return sim_tree_read(t, a, file, 0, text, n, err);
}

/* ---- printing ---- */

struct writer {
    struct sim_arena *scratch;
    char *to;
    size_t n, cap, line_begin;
};

static void put(struct writer *w, const char *s, size_t n)
{
    char *grown;

    if (w->cap - w->n < n) {
        w->cap = 2 * (w->n + n) + 1024;
        grown = sim_arena_alloc(w->scratch, w->cap, 1);
        if (w->n > 0)
            memcpy(grown, w->to, w->n);
        w->to = grown;
    }
    if (n > 0)
        memcpy(w->to + w->n, s, n);
    w->n += n;
}

static void puts_to(struct writer *w, const char *s)
{
    put(w, s, strlen(s));
}

static void new_line(struct writer *w, int depth)
{
    static const char blanks[] = "                                                                ";
    size_t n = (size_t)(depth * INDENT);

    put(w, "\n", 1);
    w->line_begin = w->n;
    put(w, blanks, n < sizeof blanks - 1 ? n : sizeof blanks - 1);
}

static int full(const struct writer *w)
{
    return w->n - w->line_begin > WIDTH;
}

/* A long text is cut into some, side by side on lines of their own. */
static void put_text(struct writer *w, const char *s, int depth)
{
    static const char plain[] = "\n\r\t\f\"\\", letters[] = "nrtf\"\\";
    char two[8];
    const char *found;

    put(w, "\"", 1);
    for (; *s != '\0'; s++) {
        if (full(w) && ((unsigned char)*s & 0xc0) != 0x80) {
            put(w, "\"", 1);
            new_line(w, depth);
            put(w, "\"", 1);
        }
        found = strchr(plain, *s);
        if (found != NULL)
            snprintf(two, sizeof two, "\\%c", letters[found - plain]);
        else if ((unsigned char)*s < 0x20 || *s == 0x7f)
            snprintf(two, sizeof two, "\\x%02x", (unsigned)(unsigned char)*s);
        else
            snprintf(two, sizeof two, "%c", *s);
        puts_to(w, two);
    }
    put(w, "\"", 1);
}

static void put_value(struct writer *w, const struct sim_tree *t, int depth);

static void put_group(struct writer *w, const struct sim_tree *t, int depth)
{
    const struct sim_tree_entry *index = sim_tree_index(t, w->scratch);
    const struct sim_tree *child;

    for (uint32_t i = 0; i < t->n; i++) {
        child = t->child[index[i].at];
        if (i > 0 || depth > 0)
            new_line(w, depth);
        puts_to(w, child->name);
        put(w, " = ", 3);
        put_value(w, child, depth + 1);
        put(w, ";", 1);
    }
}

static void put_list(struct writer *w, const struct sim_tree *t, int depth)
{
    const struct sim_tree_entry *index = NULL;
    const struct sim_tree *child;
    int upright = t->kind == SIM_TREE_LIST && t->n > 0;

    if (sim_tree_has_ids(t))
        index = sim_tree_index(t, w->scratch);
    put(w, t->kind == SIM_TREE_LIST ? "(" : "[", 1);
    for (uint32_t i = 0; i < t->n; i++) {
        child = t->child[index != NULL ? index[i].at : i];
        if (upright || full(w))
            new_line(w, depth);
        else
            put(w, " ", 1);
        put_value(w, child, depth + 1);
        if (i + 1 < t->n)
            put(w, ",", 1);
    }
    if (upright)
        new_line(w, depth - 1);
    else
        put(w, " ", 1);
    put(w, t->kind == SIM_TREE_LIST ? ")" : "]", 1);
}

static void put_value(struct writer *w, const struct sim_tree *t, int depth)
{
    char number[40];

    if (t->kind == SIM_TREE_GROUP) {
        put(w, "{", 1);
        put_group(w, t, depth);
        new_line(w, depth - 1);
        put(w, "}", 1);
    } else if (sim_tree_has(t)) {
        put_list(w, t, depth);
    } else if (t->kind == SIM_TREE_STR) {
        put_text(w, t->s, depth);
    } else {
        sim_tree_show(t, number, sizeof number);
        puts_to(w, number);
        if (t->kind == SIM_TREE_INT && (t->i > INT32_MAX || t->i < INT32_MIN))
            put(w, "L", 1);
    }
}

char *sim_tree_print(const struct sim_tree *t, struct sim_arena *a)
{
    struct sim_arena scratch = {0};
    struct writer w = {.scratch = &scratch};
    char *text;

    if (t->kind == SIM_TREE_GROUP)
        put_group(&w, t, 0);
    else
        put_value(&w, t, 1);
    if (w.n > 0)
        put(&w, "\n", 1);
    text = sim_arena_copy(a, w.to, w.n);
    sim_arena_free(&scratch);
    return text;
}

#define TEXT_OF(x) #x
#define VERSION(major, minor) TEXT_OF(major) "." TEXT_OF(minor)
const char *sim_tree_library(void)
{
    return VERSION(LIBCONFIG_VER_MAJOR, LIBCONFIG_VER_MINOR);
}
