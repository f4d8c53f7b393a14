#include "analysis/sweep_inner.h"

#include "sim/csv.h"
#include "sim/source.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- keys ---- */

struct part_row {
    int method;
    int64_t points, trajectories, levels;
    int chance;
    const char *file;
};
struct design_row {
    struct part_row one; /* first: ana_sweep_part_keys are read into the whole */
    struct part_row of[ANA_KINDS];
};

#define AT_P(field) offsetof(struct part_row, field)
#define AT_D(field) offsetof(struct design_row, field)
#define AT_S(field) offsetof(struct ana_sweep, field)
#define AT_T(field) offsetof(struct ana_sweep_stop, field)

const struct sim_key ana_sweep_part_keys[] = {
    {"method", "", SIM_KEY_WORD, 0, 0, "none", AT_P(method), "how points are chosen",
     ana_method_words, NULL},
    {"points", "", SIM_KEY_INT, 0, ANA_POINTS_MAX, "0", AT_P(points),
     "points of random, lhs and sobol; base rows of saltelli, each k + 2 points", NULL, NULL},
    {"trajectories", "", SIM_KEY_INT, 0, ANA_POINTS_MAX, "0", AT_P(trajectories),
     "trajectories of morris, each k + 1 points", NULL, NULL},
    {"levels", "", SIM_KEY_INT, 0, ANA_POINTS_MAX, "0", AT_P(levels),
     "values of ranges in grid and zip; grid lines of morris, even (0 = 4)", NULL, NULL},
    {"chance", "", SIM_KEY_BOOL, 0, 0, "false", AT_P(chance),
     "saltelli and morris: luck is one more factor, so that its share is told", NULL, NULL},
    {"file", "", SIM_KEY_STR, 0, 0, "", AT_P(file),
     "list: table (.csv) beside this file, a column for each factor", NULL, NULL},
    {0}};
const struct sim_key ana_sweep_design_keys[] = {
    {"uncertainties", "", SIM_KEY_GROUP, 0, 0, "", AT_D(of[ANA_UNCERTAINTY]),
     "the other keys, for uncertainties only", NULL, ana_sweep_part_keys},
    {"levers", "", SIM_KEY_GROUP, 0, 0, "", AT_D(of[ANA_LEVER]),
     "the other keys, for levers only: each of their points meets each of the uncertainties; "
     "without it a grid",
     NULL, ana_sweep_part_keys},
    {0}};

const struct sim_key ana_sweep_stop_keys[] = {
    {"output", "", SIM_KEY_STR, 0, 0, NULL, AT_T(output), "id of an output that is one number",
     NULL, NULL},
    {"scenario", "", SIM_KEY_STR, 0, 0, "", AT_T(scenario), "its scenario; empty = the last", NULL,
     NULL},
    {"against_base", "", SIM_KEY_BOOL, 0, 0, "false", AT_T(against_base),
     "the difference to the base, run by run, in place of the output itself", NULL, NULL},
    {"relative", "", SIM_KEY_REAL, 1e-9, 1e9, "", AT_T(relative),
     "half-width of the interval of its mean, as a part of the mean", NULL, NULL},
    {"half", "", SIM_KEY_REAL, 1e-300, 1e300, "", AT_T(half),
     "in place of relative: half-width in the output's unit", NULL, NULL},
    {0}};
const struct sim_key ana_sweep_runs_keys[] = {
    {"first", "", SIM_KEY_INT, 0, ANA_SWEEP_FIRST_MAX, "0", AT_S(first),
     "runs of each scenario at each point; with stop: before the first look. 0 = runs of the base; "
     "1 with chance",
     NULL, NULL},
    {"max", "", SIM_KEY_INT, 0, ANA_SWEEP_FIRST_MAX, "0", AT_S(max),
     "with stop: most runs of each scenario at a point", NULL, NULL},
    {"step", "", SIM_KEY_INT, 1, ANA_SWEEP_FIRST_MAX, "10", AT_S(step),
     "with stop: runs from one look to the next", NULL, NULL},
    {"confidence", "", SIM_KEY_REAL, 0.5, 0.9999, "0.95", AT_S(confidence),
     "coverage of each interval that stop looks at", NULL, NULL},
    {"stop", "", SIM_KEY_LIST, 0, 0, "", 0,
     "outputs whose means must be known well; a point is done when all of them are", NULL,
     ana_sweep_stop_keys},
    {0}};

const struct sim_key ana_sweep_keys[] = {
    {"title", "", SIM_KEY_STR, 0, 0, NULL, AT_S(title), "the sweep, in a line", NULL, NULL},
    {"base", "", SIM_KEY_STR, 0, 0, "", AT_S(base),
     "first scenario of every point, to which differences are taken", NULL, NULL},
    {"scenarios", "", SIM_KEY_STRS, 0, 0, "", AT_S(scenarios),
     "further scenarios of every point; they share their random numbers with the base", NULL, NULL},
    {"over", "", SIM_KEY_STR, 0, 0, "", AT_S(over),
     "file of keys that is laid over every scenario, as run --over", NULL, NULL},
    {"set", "", SIM_KEY_STRS, 0, 0, "", AT_S(set),
     "keys of all scenarios, as run --set, before the factors", NULL, NULL},
    {"seed", "", SIM_KEY_INT, -1, 9007199254740992.0, "-1", AT_S(seed),
     "of the design and of the runs; -1 = that of the scenarios", NULL, NULL},
    {"model", "", SIM_KEY_STR, 0, 0, "", AT_S(model_name),
     "in place of scenarios: a function whose sensitivity is known, ishigami or g-function", NULL,
     NULL},
    {"factors", "", SIM_KEY_LIST, 0, 0, NULL, 0, "what is varied", NULL, ana_sweep_factor_keys},
    {"design", "", SIM_KEY_FREE, 0, 0, NULL, AT_S(design),
     "which values of the factors go together", NULL, ana_sweep_design_keys},
    {"replications", "", SIM_KEY_GROUP, 0, 0, "", 0, "how often each point is run", NULL,
     ana_sweep_runs_keys},
    {"outputs", "", SIM_KEY_LIST, 0, 0, "", 0, "numbers of a run that are kept", NULL,
     ana_pick_keys},
    {0}};

static int given(const char *text)
{
    return text != NULL && *text != '\0';
}

/* ---- the design ---- */

/* A number with a blank at its end would be a text, and its whole column with it. */
static int check_cell(const struct sim_csv *t, size_t row, size_t col, struct sim_err *err)
{
    const char *s = t->cell[row * t->n_col + col];
    size_t n = strlen(s);

    if (n > 0 && strchr(" \t", s[0]) == NULL && strchr(" \t", s[n - 1]) == NULL)
        return 0;
    return sim_err_add(err, SIM_EINPUT,
                       "%s:%d: %s = \"%s\": must not be empty, nor begin or end with a blank",
                       t->file, t->line[row], t->head[col], s);
}

/* The cells of a list in the order of the factors of its kind. */
static int read_cells(struct ana_sweep *s, enum ana_factor_kind kind, const char *file,
                      const char *text, size_t n, struct sim_arena *a, struct sim_err *err)
{
    struct ana_part *part = &s->part[kind];
    struct sim_csv t;
    const char **cell;
    size_t k = 0, at = 0;
    int rc = sim_csv_parse(&t, a, file, text, n, err);

    if (rc != 0)
        return rc;
    for (size_t i = 0; i < s->n_factor; i++)
        k += s->factor[i].kind == kind;
    cell = sim_arena_alloc(a, t.n_row * k, sizeof *cell);
    for (size_t i = 0; i < s->n_factor; i++) {
        int col = sim_csv_find(&t, s->factor[i].id);

        if (s->factor[i].kind != kind)
            continue;
        if (col < 0)
            rc = sim_tree_fault(s->factor[i].tree, err, "%s has no column of that name", file);
        for (size_t row = 0; row < t.n_row && col >= 0; row++) {
            int one = check_cell(&t, row, (size_t)col, err);

            rc = rc ? rc : one;
            cell[row * k + at] = t.cell[row * t.n_col + (size_t)col];
        }
        at++;
    }
    for (size_t c = 0; c < t.n_col; c++) {
        int known = 0;

        for (size_t i = 0; i < s->n_factor; i++)
            known |= s->factor[i].kind == kind && strcmp(s->factor[i].id, t.head[c]) == 0;
        if (!known)
            rc = sim_err_add(err, SIM_EINPUT, "%s:1:%d: there is no %s '%s' in %s", file,
                             t.head_column[c], ana_kind_words[kind], t.head[c], s->file);
    }
    part->n_row = t.n_row;
    part->cell = cell;
    part->file = t.file;
    part->line = t.line;
    s->list_text[kind] = sim_arena_copy(a, text, n);
    return rc;
}

static int read_part(struct ana_sweep *s, enum ana_factor_kind kind, const struct part_row *row,
                     const struct sim_tree *t, ana_sweep_list *list, void *ctx, struct sim_arena *a,
                     struct sim_err *err)
{
    const struct sim_tree *file = row->file && *row->file ? sim_tree_get(t, "file") : NULL;
    const char *text;
    size_t n;
    int rc;

    s->part[kind] = (struct ana_part){.method = (enum ana_method)row->method,
                                      .points = row->points,
                                      .trajectories = row->trajectories,
                                      .levels = row->levels,
                                      .chance = row->chance,
                                      .tree = t};
    if (row->method != ANA_LIST)
        return file ? sim_tree_fault(file, err, "goes with method = \"list\"") : 0;
    if (!given(row->file))
        return sim_tree_fault(t, err, "a list needs its file");
    s->list_file[kind] = row->file;
    rc = list(ctx, kind, file, &text, &n, err);
    return rc ? rc : read_cells(s, kind, row->file, text, n, a, err);
}

static int has_kind(const struct ana_sweep *s, enum ana_factor_kind kind)
{
    for (size_t i = 0; i < s->n_factor; i++)
        if (s->factor[i].kind == kind)
            return 1;
    return 0;
}

static int read_design(struct ana_sweep *s, struct sim_arena *a, ana_sweep_list *list, void *ctx,
                       struct sim_err *err)
{
    static const struct sim_key *const tables[] = {ana_sweep_part_keys, ana_sweep_design_keys};
    const struct sim_tree *t = s->design, *of[ANA_KINDS];
    struct design_row row = {0};
    enum ana_factor_kind one_kind = has_kind(s, ANA_UNCERTAINTY) ? ANA_UNCERTAINTY : ANA_LEVER;
    int rc, one;

    if (t == NULL || !sim_tree_is_group(t))
        return 0; /* told already */
    rc = sim_keys_read(t, "design", tables, 2, &row, a, err);
    of[ANA_UNCERTAINTY] = sim_tree_get(t, "uncertainties");
    of[ANA_LEVER] = sim_tree_get(t, "levers");
    if (rc != 0)
        return rc;
    if (sim_tree_get(t, "method")) {
        if (of[one_kind])
            return sim_tree_fault(of[one_kind], err, "there is a method for these already");
        row.of[one_kind] = row.one;
        of[one_kind] = t;
    }
    if (of[ANA_LEVER] == NULL && has_kind(s, ANA_LEVER))
        row.of[ANA_LEVER].method = ANA_GRID;
    for (int k = 0; k < ANA_KINDS; k++) {
        one =
            read_part(s, (enum ana_factor_kind)k, &row.of[k], of[k] ? of[k] : t, list, ctx, a, err);
        rc = rc ? rc : one;
    }
    return rc;
}

/* ---- outputs and runs ---- */

static int check_output_id(const struct ana_pick *p, struct sim_err *err)
{
    static const char *const taken[] = {
        "x",     "run_status",      "runs_done",   "enough", "chance",      "scenario",
        "point", "point_uncertain", "point_lever", "factor", "factor_kind", "factor_target",
        "run",   "factor_words"};
    const struct sim_tree *at = sim_tree_get(p->at, "id");
    size_t n = strspn(p->id, "abcdefghijklmnopqrstuvwxyz0123456789_");

    if (p->id[n] != '\0' || *p->id < 'a' || *p->id > 'z')
        return sim_tree_fault(at, err, "must be a letter, then letters, digits and _");
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (strcmp(p->id, taken[i]) == 0)
            return sim_tree_fault(at, err, "is taken: give another name");
    return 0;
}

static int read_outputs(struct ana_sweep *s, struct sim_arena *a, struct sim_err *err)
{
    static const struct sim_key *const tables[] = {ana_pick_keys};
    const struct sim_tree *list = sim_tree_get(s->tree, "outputs");
    int rc = 0, one;

    s->n_output = list && sim_tree_is_list(list) ? sim_tree_n(list) : 0;
    if (given(s->model_name)) {
        s->n_output = 1;
        s->output = sim_arena_alloc(a, 1, sizeof *s->output);
        s->output->id = "y";
        return list ? sim_tree_fault(list, err, "a model has one output, y; leave them out") : 0;
    }
    if (s->n_output == 0)
        return list && !sim_tree_is_list(list)
                   ? 0
                   : sim_tree_fault(s->tree, err, "outputs are missing: which numbers are kept");
    s->output = sim_arena_alloc(a, s->n_output, sizeof *s->output);
    for (size_t i = 0; i < s->n_output; i++) {
        one = sim_keys_read(sim_tree_at(list, i), "output", tables, 1, &s->output[i], a, err);
        s->output[i].at = sim_tree_at(list, i);
        if (one == 0)
            one = check_output_id(&s->output[i], err);
        rc = rc ? rc : one;
    }
    return rc;
}

static int read_stop(struct ana_sweep *s, struct ana_sweep_stop *stop, const struct sim_tree *t,
                     struct sim_arena *a, struct sim_err *err)
{
    static const struct sim_key *const tables[] = {ana_sweep_stop_keys};
    const char **id = sim_arena_alloc(a, s->n_output, sizeof *id);
    char mean[SIM_MEAN];
    int rc = sim_keys_read(t, "stop", tables, 1, stop, a, err);

    stop->tree = t;
    if (rc != 0)
        return rc;
    if (isnan(stop->relative) == isnan(stop->half))
        return sim_tree_fault(t, err, "give relative or half");
    for (size_t i = 0; i < s->n_output; i++) {
        id[i] = s->output[i].id ? s->output[i].id : "";
        if (strcmp(id[i], stop->output) == 0) {
            stop->at = i;
            return 0;
        }
    }
    return sim_tree_fault(sim_tree_get(t, "output"), err, "there is no such output%s",
                          sim_did_you_mean(sim_nearest(stop->output, id, s->n_output), mean));
}

static int read_runs(struct ana_sweep *s, struct sim_arena *a, struct sim_err *err)
{
    static const struct sim_key *const tables[] = {ana_sweep_runs_keys};
    const struct sim_tree *t = sim_tree_get(s->tree, "replications"),
                          *list = t ? sim_tree_get(t, "stop") : NULL;
    int rc, one, chance = s->part[0].chance || s->part[1].chance;

    if (t && !sim_tree_is_group(t))
        return 0;
    rc = sim_keys_read(t, "replications", tables, 1, s, a, err);
    if (rc != 0)
        return rc;
    s->n_stop = list && sim_tree_is_list(list) ? sim_tree_n(list) : 0;
    s->stop = sim_arena_alloc(a, s->n_stop, sizeof *s->stop);
    for (size_t i = 0; i < s->n_stop; i++) {
        one = read_stop(s, &s->stop[i], sim_tree_at(list, i), a, err);
        rc = rc ? rc : one;
    }
    if (s->first == 0 && (chance || given(s->model_name)))
        s->first = 1;
    if (s->n_stop == 0 && s->max != 0)
        return sim_tree_fault(sim_tree_get(t, "max"), err, "goes with stop: when is it enough?");
    if (s->n_stop > 0 && s->max == 0)
        return sim_tree_fault(t, err, "stop needs max: the most runs of a scenario at a point");
    return rc;
}

/* ---- all of it ---- */

static int check_model(struct ana_sweep *s, struct sim_err *err)
{
    static const char *const not_with[] = {"base", "scenarios", "over", "set", NULL};
    int rc = 0;

    if (!given(s->model_name))
        return given(s->base) ? 0
                              : sim_tree_fault(s->tree, err,
                                               "base is missing: the scenario that "
                                               "is varied");
    s->model = ana_testbed_find(s->model_name);
    if (s->model == NULL)
        rc = sim_tree_fault(sim_tree_get(s->tree, "model"), err, "must be ishigami or g-function");
    else if (s->n_factor < s->model->k_min || s->n_factor > s->model->k_max)
        rc = sim_tree_fault(sim_tree_get(s->tree, "factors"), err, "%s has %zu to %zu factors",
                            s->model_name, s->model->k_min, s->model->k_max);
    for (int i = 0; not_with[i]; i++)
        if (sim_tree_get(s->tree, not_with[i]))
            rc =
                sim_tree_fault(sim_tree_get(s->tree, not_with[i]), err, "does not go with a model");
    return rc;
}

int ana_sweep_parse(struct ana_sweep *s, struct sim_arena *a, const char *file, const char *text,
                    size_t n, ana_sweep_list *list, void *ctx, struct sim_err *err)
{
    static const struct sim_key *const tables[] = {ana_sweep_keys};
    struct sim_tree *tree;
    int rc, one;

    *s = (struct ana_sweep){.file = sim_arena_copy(a, file, strlen(file))};
    rc = sim_tree_parse(&tree, a, file, text, n, err);
    if (rc != 0)
        return rc;
    rc = sim_keys_read(tree, "sweep", tables, 1, s, a, err);
    s->tree = tree;
    one = ana_sweep_read_factors(s, a, err);
    rc = rc ? rc : one;
    one = check_model(s, err);
    rc = rc ? rc : one;
    one = read_design(s, a, list, ctx, err);
    rc = rc ? rc : one;
    one = read_outputs(s, a, err);
    rc = rc ? rc : one;
    one = read_runs(s, a, err);
    rc = rc ? rc : one;
    s->text = sim_arena_copy(a, text, n);
    if (rc == 0)
        s->plain = sim_tree_print(tree, a);
    return rc;
}

struct beside {
    struct sim_arena *arena;
    const char *path;
};

static int list_beside(void *ctx, enum ana_factor_kind kind, const struct sim_tree *at,
                       const char **text, size_t *n, struct sim_err *err)
{
    const struct beside *b = ctx;
    const char *slash = strrchr(b->path, '/'), *name = sim_tree_str(at);
    size_t folder = slash && *name != '/' ? (size_t)(slash + 1 - b->path) : 0;
    char *path = sim_arena_alloc(b->arena, folder + strlen(name) + 1, 1), *own = NULL;
    int rc;

    (void)kind;
    memcpy(path, b->path, folder);
    strcpy(path + folder, name);
    rc = sim_source_read(b->arena, path, SIM_MAX_FILE, &own, n, err);
    *text = own;
    return rc;
}

int ana_sweep_read(struct ana_sweep *s, struct sim_arena *a, const char *path, struct sim_err *err)
{
    struct beside b = {.arena = a, .path = path};
    char *text;
    size_t n;
    int rc = sim_source_read(a, path, SIM_MAX_CFG, &text, &n, err);

    *s = (struct ana_sweep){0};
    return rc ? rc : ana_sweep_parse(s, a, path, text, n, list_beside, &b, err);
}

/* ---- in a result ---- */

static const char *const list_names[] = {"sweep-uncertainties", "sweep-levers"};
static const char sweep_name[] = "sweep";

static int list_from(void *ctx, enum ana_factor_kind kind, const struct sim_tree *at,
                     const char **text, size_t *n, struct sim_err *err)
{
    const struct sim_result *r = ctx;

    *text = sim_result_find_input(r, list_names[kind]);
    if (*text == NULL)
        return sim_tree_fault(at, err, "the file does not carry this list");
    *n = strlen(*text);
    return 0;
}

int ana_sweep_from(struct ana_sweep *s, struct sim_arena *a, const struct sim_result *r,
                   struct sim_err *err)
{
    const char *text = sim_result_find_input(r, sweep_name);

    *s = (struct ana_sweep){0};
    if (text == NULL)
        return sim_err_add(err, SIM_ERUN, "the file carries no sweep");
    return ana_sweep_parse(s, a, sweep_name, text, strlen(text), list_from, (void *)(uintptr_t)r,
                           err);
}

void ana_sweep_put(const struct ana_sweep *s, struct sim_result *r)
{
    sim_result_input(r, sweep_name, s->text);
    for (int k = 0; k < ANA_KINDS; k++)
        if (s->list_text[k])
            sim_result_input(r, list_names[k], s->list_text[k]);
}
