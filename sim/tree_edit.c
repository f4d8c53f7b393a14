#include "sim/tree.h"

#include "sim/source.h"

#include <stdarg.h>
#include <string.h>
#include <strings.h>

/* A hostile file could ask for the nearest of a million ids a million times. */
enum { HELPED_FAULTS = 20, HELPED_IDS = 5000 };

struct merge {
    struct sim_arena *a;
    struct sim_arena scratch;
    struct sim_err *err;
    size_t n; /* values made */
    int rc;
};

static struct sim_tree *lay(struct merge *m, const struct sim_tree *base,
                            const struct sim_tree *over);

static struct sim_tree *twin(struct merge *m, const struct sim_tree *t)
{
    struct sim_tree *to = sim_tree_new(m->a, t->kind, t->name, t->file, t->line);

    if (!sim_tree_has(t))
        *to = *t;
    m->n++;
    return to;
}

static struct sim_tree *copy(struct merge *m, const struct sim_tree *t)
{
    struct sim_tree *to = twin(m, t);

    for (size_t i = 0; i < sim_tree_n(t); i++)
        sim_tree_add(to, m->a, copy(m, t->child[i]));
    return to;
}

/* The parameters of one distribution mean nothing to another. */
static int other_dist(const struct sim_tree *base, const struct sim_tree *over)
{
    const char *below = sim_tree_str(sim_tree_get(base, "dist"));
    const char *above = sim_tree_str(sim_tree_get(over, "dist"));

    return below != NULL && above != NULL && strcmp(below, above) != 0;
}

static void limit_group(struct merge *m, const struct sim_tree *t)
{
    if (t->n > SIM_TREE_GROUP_MAX)
        m->rc = sim_tree_fault(t, m->err, "more than %d settings in one group", SIM_TREE_GROUP_MAX);
}

static struct sim_tree *lay_group(struct merge *m, const struct sim_tree *base,
                                  const struct sim_tree *over)
{
    struct sim_tree *to = twin(m, over);
    const struct sim_tree_entry *below = NULL, *above = sim_tree_index(over, &m->scratch), *e;
    const struct sim_tree *child;

    if (base != NULL) {
        below = sim_tree_index(base, &m->scratch);
        for (uint32_t i = 0; i < base->n; i++) {
            child = base->child[i];
            e = sim_tree_look(above, over->n, child->name);
            sim_tree_add(to, m->a, e != NULL ? lay(m, child, over->child[e->at]) : copy(m, child));
        }
    }
    for (uint32_t i = 0; i < over->n; i++) {
        child = over->child[i];
        if (base == NULL || sim_tree_look(below, base->n, child->name) == NULL)
            sim_tree_add(to, m->a, lay(m, NULL, child));
    }
    limit_group(m, to);
    return to;
}

/* Has the entry remove = true? */
static int is_removed(struct merge *m, const struct sim_tree *entry)
{
    const struct sim_tree *remove = sim_tree_get(entry, "remove");

    if (remove == NULL)
        return 0;
    if (remove->kind != SIM_TREE_BOOL) {
        m->rc = sim_tree_fault(remove, m->err, "must be true or false");
        return 0;
    }
    return remove->i != 0;
}

static void fault_not_inherited(struct merge *m, const struct sim_tree *base,
                                const struct sim_tree *entry)
{
    size_t n = sim_tree_n(base);
    const char **ids, *near = NULL;
    char mean[SIM_MEAN];

    if (m->err != NULL && m->err->n < HELPED_FAULTS && n <= HELPED_IDS) {
        ids = sim_arena_alloc(&m->scratch, n, sizeof *ids);
        for (size_t i = 0; i < n; i++)
            ids[i] = sim_tree_id(sim_tree_at(base, i));
        near = sim_nearest(sim_tree_id(entry), ids, n);
    }
    m->rc = sim_tree_fault(sim_tree_get(entry, "remove"), m->err, "no entry '%s' is inherited%s",
                           sim_tree_id(entry), sim_did_you_mean(near, mean));
}

static struct sim_tree *lay_entry(struct merge *m, const struct sim_tree *base,
                                  const struct sim_tree *over)
{
    struct sim_tree *to = lay(m, base, over);

    for (uint32_t i = 0; i < to->n; i++) {
        if (strcmp(to->child[i]->name, "remove") == 0) {
            memmove(to->child + i, to->child + i + 1, (to->n - i - 1) * sizeof *to->child);
            to->n--;
        }
    }
    return to;
}

static struct sim_tree *lay_list(struct merge *m, const struct sim_tree *base,
                                 const struct sim_tree *over)
{
    struct sim_tree *to = twin(m, over);
    const struct sim_tree_entry *below = NULL, *above = sim_tree_index(over, &m->scratch), *e;
    const struct sim_tree *child;

    if (base != NULL) {
        below = sim_tree_index(base, &m->scratch);
        for (uint32_t i = 0; i < base->n; i++) {
            child = base->child[i];
            e = sim_tree_look(above, over->n, sim_tree_id(child));
            if (e == NULL)
                sim_tree_add(to, m->a, copy(m, child));
            else if (!is_removed(m, over->child[e->at]))
                sim_tree_add(to, m->a, lay_entry(m, child, over->child[e->at]));
        }
    }
    for (uint32_t i = 0; i < over->n; i++) {
        child = over->child[i];
        if (base != NULL && sim_tree_look(below, base->n, sim_tree_id(child)) != NULL)
            continue;
        if (is_removed(m, child))
            fault_not_inherited(m, base, child);
        else
            sim_tree_add(to, m->a, lay_entry(m, NULL, child));
    }
    return to;
}

static struct sim_tree *lay(struct merge *m, const struct sim_tree *base,
                            const struct sim_tree *over)
{
    struct sim_tree *to;

    if (over->kind == SIM_TREE_GROUP)
        return lay_group(m, sim_tree_is_group(base) && !other_dist(base, over) ? base : NULL, over);
    if (sim_tree_has_ids(over))
        return lay_list(m, sim_tree_has_ids(base) ? base : NULL, over);
    to = twin(m, over);
    for (size_t i = 0; i < sim_tree_n(over); i++)
        sim_tree_add(to, m->a, lay(m, NULL, over->child[i]));
    return to;
}

int sim_tree_merge(struct sim_tree **out, struct sim_arena *a, const struct sim_tree *base,
                   const struct sim_tree *over, struct sim_err *err)
{
    struct merge m = {.a = a, .err = err};

    *out = lay(&m, base, over);
    if (m.n > SIM_TREE_VALUES_MAX)
        m.rc = sim_tree_fault(over, err, "more than %d values: large tables belong in CSV files",
                              SIM_TREE_VALUES_MAX);
    sim_arena_free(&m.scratch);
    if (m.rc != 0)
        *out = NULL;
    return m.rc;
}

/* ---- one value by its path ---- */

struct setter {
    struct sim_arena *a;
    struct sim_err *err;
    const char *place; /* "--set path=value" */
    char *path;        /* what is left of it */
    char *value;
    struct sim_tree *at;   /* where the path has come to */
    struct sim_tree *list; /* the list of which `at` is an entry, or NULL */
    uint32_t entry;        /* and which */
    int depth;
};

SIM_FORMAT(2, 3) static int refuse(struct setter *s, const char *fmt, ...)
{
    char what[1024];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    sim_err_add(s->err, SIM_EINPUT, "%s: %s", s->place, what);
    return SIM_EINPUT;
}

static int fault_near(struct setter *s, const char *what, const char *word, const char *near)
{
    char mean[SIM_MEAN];

    return refuse(s, "%s '%s'%s", what, word, sim_did_you_mean(near, mean));
}

static int is_name(const char *s)
{
    if (!sim_lex_name_char(*s, 1) || strlen(s) > SIM_TREE_NAME_MAX)
        return 0;
    while (sim_lex_name_char(*s, 0))
        s++;
    return *s == '\0';
}

/* From..end without the blanks around. */
static char *trimmed(char *from, char *end)
{
    while (from < end && (*from == ' ' || *from == '\t'))
        from++;
    while (end > from && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    *end = '\0';
    return from;
}

static int split(struct setter *s, const char *assignment)
{
    size_t n = strlen(assignment);
    char *text = sim_arena_copy(s->a, assignment, n), *place, *equals = strchr(text, '=');

    place = sim_arena_alloc(s->a, n + 7, 1);
    snprintf(place, n + 7, "--set %s", assignment);
    s->place = place;
    if (equals == NULL)
        return refuse(s, "must be path=value");
    s->path = trimmed(text, equals);
    s->value = trimmed(equals + 1, text + n);
    if (*s->path == '\0')
        return refuse(s, "a path must stand before the =");
    if (*s->value == '\0')
        return refuse(s, "a value must follow the = (\"\" is an empty text)");
    return 0;
}

/* The first n + 1 parts of a path that are joined by dots. */
static size_t parts(const char *path, size_t n)
{
    size_t at = 0;

    for (;; at++) {
        if (path[at] == '\0' || (path[at] == '.' && n-- == 0))
            return at;
    }
}

static size_t dots(const char *s)
{
    size_t n = 0;

    for (; *s != '\0'; s++)
        n += *s == '.';
    return n;
}

/* The id nearest to what the path goes on with, but not the same. */
static const char *nearest_id(struct setter *s)
{
    const char *best = NULL, *id, *word;
    int gap, least = 0;

    for (uint32_t i = 0; i < s->at->n; i++) {
        id = sim_tree_id(s->at->child[i]);
        word = sim_arena_copy(s->a, s->path, parts(s->path, dots(id)));
        if (sim_nearest(word, &id, 1) == NULL)
            continue;
        gap = sim_distance(word, id);
        if (gap > 0 && (best == NULL || gap < least)) {
            best = id;
            least = gap;
        }
    }
    return best;
}

static int fault_no_entry(struct setter *s, const char *near)
{
    s->path[parts(s->path, near != NULL ? dots(near) : 0)] = '\0';
    return fault_near(s, "there is no entry", s->path, near);
}

/* From a list to the entry whose id the path goes on with: the longest that fits. */
static int enter_list(struct setter *s)
{
    size_t n, longest = 0;
    const char *id, *near;

    if (!sim_tree_has_ids(s->at))
        return refuse(s, "the entries of '%s' have no ids to name them by", s->at->name);
    for (uint32_t i = 0; i < s->at->n; i++) {
        id = sim_tree_id(s->at->child[i]);
        n = strlen(id);
        if (n > longest && strncmp(s->path, id, n) == 0 &&
            (s->path[n] == '.' || s->path[n] == '\0')) {
            longest = n;
            s->entry = i;
        }
    }
    if (longest == 0)
        return fault_no_entry(s, nearest_id(s));
    if (s->path[longest] == '\0')
        return refuse(s, "'%s' is a whole entry: say which key of it", s->path);
    if (!sim_lex_name_char(s->path[longest + 1], 1)) { /* perhaps more of an id */
        near = nearest_id(s);
        if (near != NULL)
            return fault_no_entry(s, near);
    }
    s->list = s->at;
    s->at = s->at->child[s->entry];
    s->path += longest + 1;
    return 0;
}

static int fault_no_name(struct setter *s)
{
    size_t n = sim_tree_n(s->at);
    const char **names = sim_arena_alloc(s->a, n, sizeof *names);

    for (size_t i = 0; i < n; i++)
        names[i] = s->at->child[i]->name;
    return fault_near(s, "there is no", s->path, sim_nearest(s->path, names, n));
}

/* Where the member `name` of a group is, or its number of members. */
static uint32_t place_of(const struct sim_tree *t, const char *name)
{
    uint32_t i = 0;

    while (i < t->n && strcmp(t->child[i]->name, name) != 0)
        i++;
    return i;
}

/* From a group to the member that the path goes on with; *last if nothing follows it. */
static int enter_group(struct setter *s, int *last)
{
    size_t n = strcspn(s->path, ".");
    uint32_t i;

    *last = s->path[n] == '\0';
    s->path[n] = '\0';
    if (!is_name(s->path))
        return refuse(s, "'%s' is no name", s->path);
    if (*last)
        return 0;
    i = place_of(s->at, s->path);
    if (i == s->at->n)
        return fault_no_name(s);
    s->list = NULL;
    s->at = s->at->child[i];
    s->path += n + 1;
    return 0;
}

static int follow(struct setter *s)
{
    int rc = 0, last = 0;

    for (; rc == 0 && !last; s->depth++) {
        if (sim_tree_is_group(s->at))
            rc = enter_group(s, &last);
        else if (sim_tree_has(s->at))
            rc = enter_list(s);
        else
            rc = refuse(s, "'%s' is no group: nothing lies under it", s->at->name);
    }
    return rc;
}

static int height(const struct sim_tree *t)
{
    int most = 0, h;

    if (!sim_tree_has(t))
        return 0;
    for (uint32_t i = 0; i < t->n; i++) {
        h = height(t->child[i]);
        most = h > most ? h : most;
    }
    return most + 1;
}

static int is_libconfig(const char *v)
{
    return strchr("\"[({", *v) != NULL || strcasecmp(v, "true") == 0 ||
           strcasecmp(v, "false") == 0 || sim_lex_is_number(v);
}

/* NULL where it is faulty. */
static struct sim_tree *read_value(struct setter *s)
{
    size_t n = strlen(s->value);
    struct sim_tree *t;
    char *text;

    if (!is_libconfig(s->value)) {
        if (n > SIM_TREE_TEXT_MAX) {
            refuse(s, "a text over %d bytes", SIM_TREE_TEXT_MAX);
            return NULL;
        }
        t = sim_tree_new(s->a, SIM_TREE_STR, NULL, s->place, 0);
        t->s = s->value;
        return t;
    }
    text = sim_arena_alloc(s->a, n + 5, 1);
    snprintf(text, n + 5, "v = %s", s->value);
    if (sim_tree_read(&t, s->a, s->place, 1, text, n + 4, s->err) != 0)
        return NULL;
    if (t->n != 1) {
        refuse(s, "must be one value");
        return NULL;
    }
    return t->child[0];
}

static int remove_entry(struct setter *s, const struct sim_tree *value)
{
    struct sim_tree *list = s->list;

    if (value->kind != SIM_TREE_BOOL)
        return refuse(s, "must be true or false");
    if (value->i) {
        list->n--;
        memmove(list->child + s->entry, list->child + s->entry + 1,
                (list->n - s->entry) * sizeof *list->child);
    }
    return 0;
}

static int put_value(struct setter *s, struct sim_tree *value)
{
    uint32_t i = place_of(s->at, s->path);

    if (s->list != NULL && strcmp(s->path, "remove") == 0)
        return remove_entry(s, value);
    if (s->list != NULL && strcmp(s->path, "id") == 0)
        return refuse(s, "an id cannot be changed");
    if (s->depth - 1 + height(value) > SIM_TREE_DEPTH)
        return refuse(s, "more than %d groups and lists within each other", SIM_TREE_DEPTH);
    if (i == SIM_TREE_GROUP_MAX)
        return refuse(s, "more than %d settings in one group", SIM_TREE_GROUP_MAX);
    value->name = s->path;
    if (i < s->at->n)
        s->at->child[i] = value;
    else
        sim_tree_add(s->at, s->a, value);
    return 0;
}

int sim_tree_set(struct sim_tree *t, struct sim_arena *a, const char *assignment,
                 struct sim_err *err)
{
    struct setter s = {.a = a, .err = err, .at = t};
    struct sim_tree *value;
    size_t n = strlen(assignment);

    if (sim_text_utf8(assignment, n) < n)
        return sim_err_add(err, SIM_EINPUT, "--set: the argument is not UTF-8");
    if (split(&s, assignment) != 0 || follow(&s) != 0)
        return SIM_EINPUT;
    value = read_value(&s);
    return value != NULL ? put_value(&s, value) : SIM_EINPUT;
}
