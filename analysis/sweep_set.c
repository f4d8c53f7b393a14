/* From a point of the design to what is set in the scenarios. */
#include "analysis/sweep.h"

#include <string.h>

static int by_table(const struct ana_sweep_target *t)
{
    return t->table != NULL && *t->table != '\0';
}

int ana_sweep_is_word(const struct ana_design *d, size_t f)
{
    return d->factor[f].form == ANA_VALUES && d->number[f] == NULL;
}

/* Room for a value as text: numbers need 32 bytes, words what they have. */
static char *value_of(const struct ana_design *d, size_t p, size_t f, struct sim_arena *a)
{
    size_t n = 32;
    char *to;

    for (size_t i = 0; i < d->factor[f].n_value; i++) {
        size_t need = strlen(d->factor[f].value[i]) + 1;

        n = need > n ? need : n;
    }
    to = sim_arena_alloc(a, n, 1);
    ana_design_text(d, p, f, to, n);
    return to;
}

/* A text as libconfig has it. */
static const char *quoted(const char *text, struct sim_arena *a)
{
    char *to = sim_arena_alloc(a, 2 * strlen(text) + 3, 1), *at = to;

    *at++ = '"';
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            *at++ = '\\';
        *at++ = *text;
    }
    *at = '"';
    return to;
}

/* The rows of a table as one line. */
static const char *rows_of(const struct ana_sweep_target *t, struct sim_arena *a)
{
    char *text = t->where ? sim_tree_print(t->where, a) : sim_arena_copy(a, "", 0);

    for (char *c = text; *c; c++)
        if (*c == '\n')
            *c = ' ';
    return text;
}

/* An entry of the list `set`, on the line on which the factor stands. */
static const char *entry_of(const struct ana_sweep *s, const struct ana_design *d, size_t p,
                            size_t f, struct sim_arena *a)
{
    const struct ana_sweep_target *t = &s->target[f];
    const char *id = s->factor[f].id, *plain = value_of(d, p, f, a),
               *value = ana_sweep_is_word(d, f) ? quoted(plain, a) : plain, *rows = rows_of(t, a);
    size_t line = sim_tree_line(t->tree) > 0 ? (size_t)sim_tree_line(t->tree) - 1 : 0;
    size_t n = line + strlen(id) * 2 + strlen(value) + strlen(rows) + strlen(t->table) +
               strlen(t->column) + 200;
    char *text = sim_arena_alloc(a, n, 1);

    memset(text, '\n', line);
    snprintf(text + line, n - line,
             "set = ( { id = \"%s\"; table = \"%s\"; %s%s%s column = \"%s\"; %s = %s; source = "
             "\"factor %s of a sweep\"; } );\n",
             id, t->table, *rows ? "where = { " : "", rows, *rows ? "};" : "", t->column,
             ana_sweep_hows[t->how], value, id);
    return text;
}

void ana_sweep_settings(struct ana_settings *to, const struct ana_sweep *s,
                        const struct ana_design *d, size_t p, struct sim_arena *a)
{
    size_t *factor = sim_arena_alloc(a, s->n_factor, sizeof *factor);

    *to = (struct ana_settings){.set = sim_arena_alloc(a, s->n_factor, sizeof *to->set),
                                .lay = sim_arena_alloc(a, s->n_factor, sizeof *to->lay),
                                .set_factor = factor};
    for (size_t f = 0; f < s->n_factor; f++) {
        const char *path = s->target[f].path, *value;
        size_t n;
        char *text;

        if (by_table(&s->target[f])) {
            to->lay[to->n_lay++] = entry_of(s, d, p, f, a);
            continue;
        }
        value = value_of(d, p, f, a);
        n = strlen(path) + strlen(value) + 2;
        text = sim_arena_alloc(a, n, 1);
        snprintf(text, n, "%s=%s", path, value);
        factor[to->n_set] = f;
        to->set[to->n_set++] = text;
    }
}
