#include "models/draft.h"

#include "sim/source.h"

#include <stdio.h>
#include <string.h>

struct mdl_draft *mdl_draft_new(struct sim_arena *a, const struct mdl_overrides *set)
{
    struct mdl_draft *d = sim_arena_alloc(a, 1, sizeof *d);

    d->arena = a;
    for (size_t i = 0; set && i < set->inputs.n; i++)
        sim_inputs_add(&d->inputs, a, &set->inputs.at[i]);
    return d;
}

void mdl_draft_note(struct mdl_draft *d, const struct mdl_effect *f)
{
    if (d->n_effect == d->cap_effect) {
        size_t cap = 2 * d->cap_effect + 64;
        struct mdl_effect *more = sim_arena_alloc(d->arena, cap, sizeof *more);

        if (d->n_effect > 0)
            memcpy(more, d->effect, d->n_effect * sizeof *more);
        d->effect = more;
        d->cap_effect = cap;
    }
    d->effect[d->n_effect++] = *f;
}

const struct mdl_effect *mdl_draft_last(const struct mdl_draft *d, const struct mdl_effect *f)
{
    for (size_t i = d->n_effect; i-- > 0;)
        if (d->effect[i].row == f->row && d->effect[i].key == f->key &&
            d->effect[i].table == f->table)
            return &d->effect[i];
    return NULL;
}

/* ---- cells ---- */

/* Columns whose cells together name a row. */
static const char *const row_keys[MDL_TABLES][3] = {[MDL_PRODUCTS] = {"id"},
                                                    [MDL_ENTITIES] = {"id"},
                                                    [MDL_SITES] = {"id"},
                                                    [MDL_BOM] = {"recipe", "role", "product"},
                                                    [MDL_PROCESSES] = {"id"},
                                                    [MDL_LANES] = {"from", "to", "product"},
                                                    [MDL_DEMAND] = {"site", "product", "end_use"},
                                                    [MDL_LISTS] = {"list", "kind", "value"},
                                                    [MDL_CATALOGUE] = {"category"},
                                                    [MDL_ELEMENTS] = {"element"},
                                                    [MDL_CALENDARS] = {"country", "date"},
                                                    [MDL_STOCKS] = {"site", "product"},
                                                    [MDL_SUBSTITUTES] = {"id"}};

static const struct sim_key *key_of(int t, const char *head)
{
    const struct sim_key *k = mdl_tables[t].keys;

    while (k->name && strcmp(k->name, head) != 0)
        k++;
    return k->name ? k : NULL;
}

/* The text of a cell, its default where it is empty or there is no such column. */
static const char *cell_of(const struct sim_csv *c, int t, size_t row, const char *head)
{
    int col = sim_csv_find(c, head);
    const char *text = col < 0 ? "" : c->cell[row * c->n_col + (size_t)col];
    const struct sim_key *k = key_of(t, head);

    return *text || k == NULL || k->def == NULL ? text : k->def;
}

/* table:row:column, the row by its id or by what names it, joined by ~. */
static const char *name_of(const struct mdl_load *l, int t, size_t row, const char *head)
{
    const struct sim_csv *c = &l->csv[t];
    const char *id = cell_of(c, t, row, "id"), *part[3] = {id, NULL, NULL};
    size_t n = strlen(mdl_tables[t].name) + strlen(head) + 8;
    char *name;

    if (!*id)
        for (int i = 0; i < 3; i++)
            part[i] = row_keys[t][i] ? cell_of(c, t, row, row_keys[t][i]) : NULL;
    for (int i = 0; i < 3; i++)
        n += part[i] ? strlen(part[i]) : 0;
    name = sim_arena_alloc(l->n->arena, n, 1);
    snprintf(name, n, "%s:%s%s%s%s%s:%s", mdl_tables[t].name, part[0] ? part[0] : "",
             part[1] ? "~" : "", part[1] ? part[1] : "", part[2] ? "~" : "", part[2] ? part[2] : "",
             head);
    return name;
}

static void note_cell(struct mdl_load *l, int t, size_t row, size_t col, const struct sim_key *k)
{
    const struct sim_csv *c = &l->csv[t];
    struct mdl_effect f = {.table = t,
                           .row = (uint32_t)row,
                           .key = k,
                           .how = MDL_OVERRIDE_VALUE,
                           .input = (uint32_t)l->draft->inputs.n};
    struct sim_input u;
    struct sim_dist d;
    char why[600];
    int rc = sim_dist_parse_signed(&d, c->cell[row * c->n_col + col], why, sizeof why);

    if (rc != 0)
        d = (struct sim_dist){SIM_CONSTANT, {k->lo, 0, 0}};
    if (sim_input_make(&u, k, &d, rc ? (char[600]){0} : why, sizeof why) != 0 || rc != 0) {
        l->faults++;
        (void)!sim_csv_fault(c, row, (int)col, l->err, "%s", why);
    }
    u.name = name_of(l, t, row, k->name);
    sim_inputs_add(&l->draft->inputs, l->n->arena, &u);
    sim_input_ends(&u, &f.lo, &f.hi);
    mdl_draft_note(l->draft, &f);
}

void mdl_draft_cells(struct mdl_load *l, int t)
{
    const struct sim_csv *c = &l->csv[t];

    for (size_t j = 0; j < c->n_col; j++) {
        const struct sim_key *k = key_of(t, c->head[j]);

        if (k == NULL || (k->type != SIM_KEY_REAL && k->type != SIM_KEY_INT) ||
            k->sub == sim_key_fixed)
            continue;
        for (size_t i = 0; i < c->n_row; i++)
            if (sim_input_is(c->cell[i * c->n_col + j]))
                note_cell(l, t, i, j, k);
    }
}

void mdl_draft_means(struct mdl_load *l, int t)
{
    struct sim_csv *c = &l->csv[t];
    char text[32];

    for (size_t i = 0; i < l->draft->n_effect; i++) {
        const struct mdl_effect *f = &l->draft->effect[i];
        int col = f->table == t ? sim_csv_find(c, f->key->name) : -1;
        const char **cell = &c->cell[(size_t)f->row * c->n_col + (size_t)(col < 0 ? 0 : col)];

        if (col < 0 || !sim_input_is(*cell) || f->key->type == SIM_KEY_DIST)
            continue;
        sim_text_show(sim_input_mean(&l->draft->inputs.at[f->input]), text);
        *cell = sim_arena_copy(l->n->arena, text, strlen(text));
    }
}

/* ---- rows ---- */

/* What an input does to a field of a row. */
static void put(void *field, const struct mdl_effect *f, double v)
{
    double k = f->how == MDL_OVERRIDE_MULTIPLY ? v : f->how == MDL_OVERRIDE_ADD ? 1 : 0;
    double c = f->how == MDL_OVERRIDE_MULTIPLY ? 0 : v, x;
    struct sim_dist d;
    int64_t i;

    if (f->key->type == SIM_KEY_DIST) {
        memcpy(&d, field, sizeof d);
        (void)mdl_override_stretch(&d, k, c);
        memcpy(field, &d, sizeof d);
    } else if (f->key->type == SIM_KEY_INT) {
        memcpy(&i, field, sizeof i);
        i = (int64_t)sim_input_fit(f->how == MDL_OVERRIDE_VALUE ? v : (double)i * k + c, f->key->lo,
                                   f->key->hi, 1);
        memcpy(field, &i, sizeof i);
    } else {
        memcpy(&x, field, sizeof x);
        x = sim_input_fit(f->how == MDL_OVERRIDE_VALUE ? v : x * k + c, f->key->lo, f->key->hi, 0);
        memcpy(field, &x, sizeof x);
    }
}

static void put_all(const struct mdl_draft *d, void *const rows[], const double value[])
{
    for (size_t i = 0; i < d->n_effect; i++) {
        const struct mdl_effect *f = &d->effect[i];

        put((char *)rows[f->table] + f->row * mdl_tables[f->table].stride + f->key->offset, f,
            value[f->input]);
    }
}

const struct mdl_draft *mdl_draft_keep(struct mdl_load *l)
{
    struct mdl_draft *d = l->draft;
    double *mean = sim_arena_alloc(d->arena, d->inputs.n, sizeof *mean);

    if (d->n_effect == 0) {
        l->draft = NULL;
        return NULL;
    }
    for (int t = 0; t < MDL_TABLES; t++) {
        uint32_t *number = sim_arena_alloc(d->arena, l->count[t], sizeof *number);

        for (uint32_t i = 0; i < l->count[t]; i++)
            number[l->row_of[t][i]] = i;
        for (size_t i = 0; i < d->n_effect; i++)
            if (d->effect[i].table == t)
                d->effect[i].row = number[d->effect[i].row];
    }
    for (size_t i = 0; i < d->inputs.n; i++)
        mean[i] = sim_input_mean(&d->inputs.at[i]);
    d->load = *l;
    d->load.draft = d;
    mdl_draft_draw(d, l, mean);
    return d;
}

void mdl_draft_draw(const struct mdl_draft *d, struct mdl_load *l, const double value[])
{
    struct mdl_network *n = l->n;
    struct sim_err *err = l->err;

    *l = d->load;
    l->n = n;
    l->err = err;
    l->faults = 0;
    for (int t = 0; t < MDL_TABLES; t++) {
        size_t bytes = l->count[t] * mdl_tables[t].stride;

        l->rows[t] = sim_arena_alloc(n->arena, bytes, 1);
        if (bytes > 0)
            memcpy(l->rows[t], d->load.rows[t], bytes);
    }
    put_all(d, l->rows, value);
}

const char *mdl_draft_loose(const struct mdl_load *l)
{
    char *loose = NULL;

    for (size_t i = 0; l->draft && i < l->draft->n_effect; i++) {
        const struct mdl_effect *f = &l->draft->effect[i];

        if (f->table != MDL_LANES || strcmp(f->key->name, "share") != 0)
            continue;
        if (loose == NULL)
            loose = sim_arena_alloc(l->n->arena, l->n->n_lane, 1);
        loose[f->row] = 1;
    }
    return loose;
}
