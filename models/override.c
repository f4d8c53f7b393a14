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
     "what the cells become; a distribution as text", NULL, NULL},
    {"multiply", "", SIM_KEY_REAL, 0, 1e12, "", AT(multiply),
     "what numbers are multiplied by; a distribution is stretched", NULL, NULL},
    {"add", "", SIM_KEY_REAL, -1e15, 1e15, "", AT(add),
     "what is added to numbers; a uniform or triangular distribution is moved", NULL, NULL},
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

/* set = ( { id = "..."; applied = true; }, ... ) laid over the scenario. */
static int mark(struct sim_arena *a, struct sim_tree *scenario, const struct sim_tree *list,
                struct sim_tree **marked, struct sim_err *err)
{
    static const char one[] = "{ id = \"%s\"; applied = true; },\n";
    size_t n = sim_tree_n(list), size = 32 + n * (sizeof one + 64), used;
    char *text = sim_arena_alloc(a, size, 1);
    struct sim_tree *over;
    int rc;

    used = (size_t)snprintf(text, size, "set = (\n");
    for (size_t i = 0; i < n; i++)
        used += (size_t)snprintf(text + used, size - used, one,
                                 sim_tree_str(sim_tree_get(sim_tree_at(list, i), "id")));
    used -= n > 0 ? 2 : 0; /* the last comma */
    used += (size_t)snprintf(text + used, size - used, ");");
    rc = sim_tree_parse(&over, a, sim_tree_file(scenario), text, used, err);
    return rc ? rc : sim_tree_merge(marked, a, scenario, over, err);
}

int mdl_override_read(struct mdl_overrides *o, struct sim_arena *a, struct sim_tree *scenario,
                      struct sim_tree **marked, struct sim_err *err)
{
    const struct sim_key *const tables[] = {mdl_override_keys};
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
        int one;

        *e = (struct mdl_override){0};
        one = sim_keys_read(sim_tree_at(list, i), "set", tables, 1, e, a, err);
        e->tree = sim_tree_at(list, i);
        if (one == 0)
            one = check_entry(e, err);
        rc = rc ? rc : one;
        kept += !e->applied;
    }
    o->n = kept;
    if (rc == 0)
        rc = mark(a, scenario, list, marked, err);
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
