#include "sim/result.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

size_t sim_type_size(enum sim_type t)
{
    switch (t) {
    case SIM_F64:
    case SIM_I64:
        return 8;
    case SIM_F32:
    case SIM_I32:
        return 4;
    case SIM_I8:
        return 1;
    }
    return 0;
}

void sim_result_free(struct sim_result *r)
{
    sim_arena_free(&r->arena);
    *r = (struct sim_result){0};
}

static char *copy(struct sim_result *r, const char *s)
{
    return s == NULL ? NULL : sim_arena_copy(&r->arena, s, strlen(s));
}

static const char *const *copy_labels(struct sim_result *r, const char *const *label, size_t n)
{
    const char **to;

    if (label == NULL)
        return NULL;
    to = sim_arena_alloc(&r->arena, n, sizeof *to);
    for (size_t i = 0; i < n; i++)
        to[i] = copy(r, label[i]);
    return to;
}

static const double *copy_values(struct sim_result *r, const double *value, size_t n)
{
    double *to;

    if (value == NULL)
        return NULL;
    to = sim_arena_alloc(&r->arena, n, sizeof *to);
    if (n > 0)
        memcpy(to, value, n * sizeof *to);
    return to;
}

/* Room for one more in a list of n: its room doubles whenever n reaches a power of two. */
static void *grow(struct sim_result *r, const void *list, int n, size_t size)
{
    void *to;

    if ((n & (n - 1)) != 0)
        return NULL;
    to = sim_arena_alloc(&r->arena, n == 0 ? 1 : 2 * (size_t)n, size);
    if (n > 0)
        memcpy(to, list, (size_t)n * size);
    return to;
}

int sim_result_axis(struct sim_result *r, const struct sim_axis *a)
{
    struct sim_axis *list = grow(r, r->axis, r->n_axis, sizeof *list);
    struct sim_axis *to;

    sim_bug_if((a->label == NULL) == (a->value == NULL));
    sim_bug_if(sim_result_find_axis(r, a->name) >= 0);
    sim_bug_if(a->n_coord < 0 || a->n_coord > (int)(sizeof a->coord / sizeof a->coord[0]));
    if (list != NULL)
        r->axis = list;
    to = &r->axis[r->n_axis];
    *to = (struct sim_axis){.name = copy(r, a->name),
                            .long_name = copy(r, a->long_name),
                            .units = copy(r, a->units),
                            .n = a->n,
                            .label = copy_labels(r, a->label, a->n),
                            .value = copy_values(r, a->value, a->n),
                            .n_coord = a->n_coord};
    for (int i = 0; i < a->n_coord; i++)
        to->coord[i] = (struct sim_coord){.name = copy(r, a->coord[i].name),
                                          .long_name = copy(r, a->coord[i].long_name),
                                          .units = copy(r, a->coord[i].units),
                                          .label = copy_labels(r, a->coord[i].label, a->n),
                                          .value = copy_values(r, a->coord[i].value, a->n)};
    return r->n_axis++;
}

void sim_result_attr(struct sim_result *r, const char *name, const char *fmt, ...)
{
    struct sim_text *list = grow(r, r->attr, r->n_attr, sizeof *list);
    va_list ap;
    int n;
    char *text;

    sim_bug_if(sim_result_find_attr(r, name) != NULL);
    if (list != NULL)
        r->attr = list;
    va_start(ap, fmt);
    n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    n = n < 0 ? 0 : n;
    text = sim_arena_alloc(&r->arena, (size_t)n + 1, 1);
    va_start(ap, fmt);
    vsnprintf(text, (size_t)n + 1, fmt, ap);
    va_end(ap);
    r->attr[r->n_attr++] = (struct sim_text){.name = copy(r, name), .text = text};
}

void sim_result_input(struct sim_result *r, const char *name, const char *text)
{
    struct sim_text *list = grow(r, r->input, r->n_input, sizeof *list);

    sim_bug_if(sim_result_find_input(r, name) != NULL);
    if (list != NULL)
        r->input = list;
    r->input[r->n_input++] = (struct sim_text){.name = copy(r, name), .text = copy(r, text)};
}

/* Reads the axis names, separated by blanks. */
static void set_axes(const struct sim_result *r, struct sim_column *c, const char *axes)
{
    char name[64];
    size_t n;
    int axis;

    for (axes += strspn(axes, " "); *axes != '\0'; axes += strspn(axes, " ")) {
        n = strcspn(axes, " ");
        sim_bug_if(n >= sizeof name || c->n_axis == SIM_MAX_AXES);
        memcpy(name, axes, n);
        name[n] = '\0';
        axis = sim_result_find_axis(r, name);
        sim_bug_if(axis < 0);
        c->axis[c->n_axis++] = axis;
        axes += n;
    }
}

int sim_result_column(struct sim_result *r, const char *name, const char *axes, enum sim_type type,
                      enum sim_keep keep, const char *units, const char *long_name)
{
    struct sim_column *list, *c;

    sim_bug_if(sim_result_find(r, name) != NULL);
    if (r->n_column == r->cap_column) {
        r->cap_column = r->cap_column == 0 ? 32 : 2 * r->cap_column;
        list = sim_arena_alloc(&r->arena, (size_t)r->cap_column, sizeof *list);
        if (r->n_column > 0)
            memcpy(list, r->column, (size_t)r->n_column * sizeof *list);
        r->column = list;
    }
    c = &r->column[r->n_column];
    *c = (struct sim_column){.name = copy(r, name),
                             .units = copy(r, units),
                             .long_name = copy(r, long_name),
                             .type = type,
                             .keep = keep};
    set_axes(r, c, axes);
    c->data = sim_arena_alloc(&r->arena, sim_column_n(r, c), sim_type_size(type));
    return r->n_column++;
}

int sim_result_find_axis(const struct sim_result *r, const char *name)
{
    for (int i = 0; i < r->n_axis; i++) {
        if (strcmp(r->axis[i].name, name) == 0)
            return i;
    }
    return -1;
}

const struct sim_column *sim_result_find(const struct sim_result *r, const char *name)
{
    for (int i = 0; i < r->n_column; i++) {
        if (strcmp(r->column[i].name, name) == 0)
            return &r->column[i];
    }
    return NULL;
}

static const char *find_text(const struct sim_text *list, int n, const char *name)
{
    for (int i = 0; i < n; i++) {
        if (strcmp(list[i].name, name) == 0)
            return list[i].text;
    }
    return NULL;
}

const char *sim_result_find_attr(const struct sim_result *r, const char *name)
{
    return find_text(r->attr, r->n_attr, name);
}

const char *sim_result_find_input(const struct sim_result *r, const char *name)
{
    return find_text(r->input, r->n_input, name);
}

/* Product of the axes from the given one on. */
static size_t product(const struct sim_result *r, const struct sim_column *c, int from)
{
    size_t n = 1;

    for (int i = from; i < c->n_axis; i++) {
        size_t k = r->axis[c->axis[i]].n;

        if (k != 0 && n > SIZE_MAX / k)
            sim_out_of_memory(SIZE_MAX);
        n *= k;
    }
    return n;
}

size_t sim_column_n(const struct sim_result *r, const struct sim_column *c)
{
    return product(r, c, 0);
}

size_t sim_column_slot(const struct sim_result *r, const struct sim_column *c)
{
    return product(r, c, 2);
}

size_t sim_result_axes_n(const struct sim_result *r, const char *axes)
{
    struct sim_column c = {0};

    set_axes(r, &c, axes);
    return product(r, &c, 0);
}

double sim_column_at(const struct sim_column *c, size_t i)
{
    switch (c->type) {
    case SIM_F64:
        return ((const double *)c->data)[i];
    case SIM_F32:
        return (double)((const float *)c->data)[i];
    case SIM_I64:
        return (double)((const int64_t *)c->data)[i];
    case SIM_I32:
        return (double)((const int32_t *)c->data)[i];
    case SIM_I8:
        return (double)((const int8_t *)c->data)[i];
    }
    return NAN;
}
