#include "models/override.h"

#include "sim/source.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* In the order of the tables' own `status`: each weaker than the one before. */
const char *const mdl_override_statuses[] = {"quoted", "derived", "estimate", NULL};

#define AT(field) offsetof(struct mdl_override, field)

const struct sim_key mdl_override_keys[] = {
    {"id", "", SIM_KEY_ID, 0, 0, NULL, AT(id), "key of the override", NULL, NULL},
    {"table", "", SIM_KEY_STR, 0, 0, NULL, AT(table), "table of the network: sites, lanes, ...",
     NULL, NULL},
    {"where", "", SIM_KEY_FREE, 0, 0, "", AT(where),
     "which rows: column = a text or a list of texts, any of which the cell must be; a * at the "
     "end "
     "stands for anything, a ! before it for rows whose cell is not that; all columns must fit; "
     "empty = all rows",
     NULL, NULL},
    {"column", "", SIM_KEY_STR, 0, 0, "", AT(column), "column that value, multiply or add changes",
     NULL, NULL},
    {"value", "", SIM_KEY_SCALAR, 0, 0, "", AT(value),
     "what the cells become; a distribution as text, which in a column of numbers is drawn once "
     "per "
     "run for all rows of the entry",
     NULL, NULL},
    {"multiply", "", SIM_KEY_REAL, 0, 1e12, "", AT(multiply),
     "what numbers are multiplied by; a distribution is stretched. The factor itself may be a "
     "distribution, drawn once per run for all rows of the entry",
     NULL, NULL},
    {"add", "", SIM_KEY_REAL, -1e15, 1e15, "", AT(add),
     "what is added to numbers; a uniform or triangular distribution is moved. May be a "
     "distribution "
     "as multiply may",
     NULL, NULL},
    {"add_row", "", SIM_KEY_FREE, 0, 0, "", AT(add_row), "a new row: column = value", NULL, NULL},
    {"remove_row", "", SIM_KEY_BOOL, 0, 0, "false", AT(remove_row), "takes the rows out", NULL,
     NULL},
    {"applied", "", SIM_KEY_BOOL, 0, 0, "false", AT(applied),
     "the tables are so already: nothing is done (as in the input that a result holds)", NULL,
     NULL},
    {"status", "", SIM_KEY_WORD, 0, 0, "estimate", AT(status),
     "what a changed row is at best, and what an added one is that does not say",
     mdl_override_statuses, NULL},
    {"source", "", SIM_KEY_STR, 0, 0, "", AT(source),
     "where it comes from; follows the row's own source", NULL, NULL},
    {0}};

const char *const mdl_override_words[MDL_OVERRIDE_HOWS] = {"value", "multiply", "add", "add_row",
                                                           "remove_row"};

/* ---- reading ---- */

static int find_table(struct mdl_override *o, struct sim_err *err)
{
    const char *names[MDL_TABLES];
    char all[512] = "", mean[SIM_MEAN];
    size_t used = 0;

    for (int t = 0; t < MDL_TABLES; t++) {
        names[t] = mdl_tables[t].name;
        used += (size_t)snprintf(all + used, sizeof all - used, "%s%s", t ? ", " : "", names[t]);
        if (strcmp(names[t], o->table) == 0) {
            o->number = t;
            return 0;
        }
    }
    return sim_tree_fault(sim_tree_get(o->tree, "table"), err, "must be one of %s%s", all,
                          sim_did_you_mean(sim_nearest(o->table, names, MDL_TABLES), mean));
}

static int find_how(struct mdl_override *o, struct sim_err *err)
{
    const int given[MDL_OVERRIDE_HOWS] = {o->value != NULL, !isnan(o->multiply), !isnan(o->add),
                                          o->add_row != NULL, o->remove_row};
    int n = 0;

    for (int h = 0; h < MDL_OVERRIDE_HOWS; h++)
        if (given[h]) {
            n++;
            o->how = (enum mdl_override_how)h;
            o->place = sim_tree_get(o->tree, mdl_override_words[h]);
        }
    if (n != 1)
        return sim_tree_fault(o->tree, err,
                              "must say one of value, multiply, add, add_row and remove_row = "
                              "true; it says %s",
                              n ? "several" : "none");
    return 0;
}

/* A `where` holds texts and lists of texts. */
static int check_where(const struct sim_tree *where, struct sim_err *err)
{
    int rc = 0;

    for (size_t i = 0; i < sim_tree_n(where); i++) {
        const struct sim_tree *c = sim_tree_at(where, i);
        int list = sim_tree_kind(c) == SIM_TREE_ARRAY || sim_tree_kind(c) == SIM_TREE_LIST;
        int texts = list ? sim_tree_n(c) > 0 : sim_tree_str(c) != NULL;

        for (size_t k = 0; list && k < sim_tree_n(c); k++)
            texts = texts && sim_tree_str(sim_tree_at(c, k)) != NULL;
        if (!texts)
            rc = sim_tree_fault(c, err,
                                "must be a text or a list of texts, in quotes: cells are compared "
                                "as they are written");
    }
    return rc;
}

/* What a table cannot hold is not written into it. */
static int check_text(const struct sim_tree *t, struct sim_err *err)
{
    for (const char *s = t ? sim_tree_str(t) : NULL; s && *s; s++)
        if ((unsigned char)*s < 0x20 || *s == 0x7f)
            return sim_tree_fault(t, err, "holds the control character 0x%02x",
                                  (unsigned)(unsigned char)*s);
    return 0;
}

static int check_row(const struct sim_tree *row, struct sim_err *err)
{
    int rc = 0, one;

    for (size_t i = 0; i < sim_tree_n(row); i++) {
        one = check_text(sim_tree_at(row, i), err);
        rc = rc ? rc : one;
        if (sim_tree_kind(sim_tree_at(row, i)) <= SIM_TREE_ARRAY)
            rc =
                sim_tree_fault(sim_tree_at(row, i), err, "must be a text, a number, true or false");
    }
    return rc;
}

static int check_entry(struct mdl_override *o, struct sim_err *err)
{
    int changes, rc = find_table(o, err), one = find_how(o, err);

    rc = rc ? rc : one;
    if (one != 0)
        return rc;
    changes = o->how <= MDL_OVERRIDE_ADD;
    if (changes != (o->column != NULL && *o->column))
        rc = sim_tree_fault(changes ? o->tree : sim_tree_get(o->tree, "column"), err,
                            changes ? "column is missing: which column %s changes"
                                    : "a whole row has no column; take it out, %s says all",
                            mdl_override_words[o->how]);
    if (o->how == MDL_OVERRIDE_ADD_ROW && o->where)
        rc = sim_tree_fault(o->where, err, "a new row needs no where");
    one = check_where(o->where, err);
    rc = rc ? rc : one;
    one = check_row(o->add_row, err);
    rc = rc ? rc : one;
    one = check_text(o->value, err);
    rc = rc ? rc : one;
    one = check_text(sim_tree_get(o->tree, "source"), err);
    return rc ? rc : one;
}

/* What an entry does is uncertain: its multiply or add, or its value for a column of numbers. */
static int find_input(struct mdl_overrides *o, struct mdl_override *e, struct sim_arena *a,
                      struct sim_err *err)
{
    const char *text = e->how == MDL_OVERRIDE_VALUE ? sim_tree_str(e->value) : NULL;
    const struct sim_key *k = mdl_tables[e->number].keys;
    struct sim_input u;
    struct sim_dist d;
    char why[600], name[128];

    if (e->input > 0 || text == NULL || !sim_input_is(text))
        return 0;
    while (k->name && strcmp(k->name, e->column) != 0)
        k++;
    if (k->name == NULL || (k->type != SIM_KEY_REAL && k->type != SIM_KEY_INT) ||
        k->sub == sim_key_fixed)
        return 0; /* a text for the cell, which its own key judges */
    if (sim_dist_parse_signed(&d, text, why, sizeof why) != 0 ||
        sim_input_make(&u, k, &d, why, sizeof why) != 0)
        return sim_tree_fault(e->value, err, "%s", why);
    snprintf(name, sizeof name, "set.%s.value", e->id);
    u.name = sim_arena_copy(a, name, strlen(name));
    sim_inputs_add(&o->inputs, a, &u);
    e->input = (uint32_t)o->inputs.n;
    return 0;
}

static int no_lists(const struct sim_key *list, const struct sim_tree *entry,
                    const struct sim_key *tables[2])
{
    (void)list;
    (void)entry;
    (void)tables;
    return 0;
}

/* Reads an entry with the means of what is uncertain in it. */
static int read_entry(struct mdl_overrides *o, struct mdl_override *e, const struct sim_tree *t,
                      struct sim_arena *a, struct sim_err *err)
{
    const struct sim_key *const tables[] = {mdl_override_keys};
    const char *id = sim_tree_str(sim_tree_get(t, "id"));
    struct sim_inputs own = {0};
    double mean[2] = {0};
    char path[128];
    int rc, one;

    snprintf(path, sizeof path, "set.%.64s", id ? id : "");
    *e = (struct mdl_override){0};
    rc = sim_inputs_find(&own, a, t, tables, 1, path, no_lists, err);
    for (size_t i = 0; i < own.n && i < 2; i++)
        mean[i] = sim_input_mean(&own.at[i]);
    one = sim_keys_read(sim_inputs_put(t, a, &own, mean), "set", tables, 1, e, a, err);
    rc = rc ? rc : one;
    e->tree = t;
    if (rc == 0)
        rc = check_entry(e, err);
    if (own.n > 0 && !e->applied) {
        sim_inputs_add(&o->inputs, a, &own.at[0]);
        e->input = (uint32_t)o->inputs.n;
    }
    if (rc == 0 && !e->applied)
        rc = find_input(o, e, a, err);
    return rc;
}

static int is_certain(const struct mdl_overrides *o, const struct sim_tree *entry)
{
    for (size_t i = 0; i < o->n; i++)
        if (o->at[i].tree == entry)
            return o->at[i].input == 0;
    return 1;
}

/* set = ( { id = "..."; applied = true; }, ... ) laid over the scenario. */
static int mark(const struct mdl_overrides *o, struct sim_arena *a, struct sim_tree *scenario,
                struct sim_tree **marked, struct sim_err *err)
{
    const struct sim_tree *list = o->tree;
    static const char one[] = "{ id = \"%s\"; applied = true; },\n";
    size_t n = sim_tree_n(list), size = 32 + n * (sizeof one + 64), used, empty;
    char *text = sim_arena_alloc(a, size, 1);
    struct sim_tree *over;
    int rc;

    used = empty = (size_t)snprintf(text, size, "set = (\n");
    for (size_t i = 0; i < n; i++)
        if (is_certain(o, sim_tree_at(list, i)))
            used += (size_t)snprintf(text + used, size - used, one,
                                     sim_tree_str(sim_tree_get(sim_tree_at(list, i), "id")));
    if (used == empty)
        return 0;
    used -= 2; /* the last comma */
    used += (size_t)snprintf(text + used, size - used, ");");
    rc = sim_tree_parse(&over, a, sim_tree_file(scenario), text, used, err);
    return rc ? rc : sim_tree_merge(marked, a, scenario, over, err);
}

int mdl_override_read(struct mdl_overrides *o, struct sim_arena *a, struct sim_tree *scenario,
                      struct sim_tree **marked, struct sim_err *err)
{
    const struct sim_tree *list = sim_tree_get(scenario, "set");
    size_t kept = 0;
    int rc = 0;

    *o = (struct mdl_overrides){0};
    *marked = scenario;
    if (list == NULL || sim_tree_n(list) == 0 || !sim_tree_is_list(list))
        return 0; /* what is no list is told with the scenario's other keys */
    o->tree = list;
    o->n = sim_tree_n(list);
    o->at = sim_arena_alloc(a, o->n, sizeof *o->at);
    for (size_t i = 0; i < o->n; i++) {
        struct mdl_override *e = &o->at[kept];
        int one = read_entry(o, e, sim_tree_at(list, i), a, err);

        rc = rc ? rc : one;
        kept += !e->applied;
    }
    o->n = kept;
    if (rc == 0)
        rc = mark(o, a, scenario, marked, err);
    if (rc != 0) {
        *o = (struct mdl_overrides){0};
        *marked = scenario;
    }
    return rc;
}

int mdl_override_same(const struct mdl_overrides *x, const char *file_x,
                      const struct mdl_overrides *y, const char *file_y, struct sim_err *err)
{
    size_t n = sim_tree_n(x->tree), m = sim_tree_n(y->tree), i = 0;
    const struct sim_tree *at_x, *at_y;
    struct sim_arena scratch = {0};

    while (i < n && i < m &&
           strcmp(sim_tree_print(sim_tree_at(x->tree, i), &scratch),
                  sim_tree_print(sim_tree_at(y->tree, i), &scratch)) == 0)
        i++;
    sim_arena_free(&scratch);
    if (i == n && i == m)
        return 0;
    at_x = i < n ? sim_tree_at(x->tree, i) : x->tree;
    at_y = i < m ? sim_tree_at(y->tree, i) : y->tree;
    return sim_err_add(err, SIM_EINPUT,
                       "%s:%d: set differs from %s:%d; scenarios in one file share one network, so "
                       "they must say the same in set, in the same order",
                       at_y ? sim_tree_file(at_y) : file_y, at_y ? sim_tree_line(at_y) : 1,
                       at_x ? sim_tree_file(at_x) : file_x, at_x ? sim_tree_line(at_x) : 1);
}
