#include "analysis/cli/sweep.h"

#include <stdlib.h>
#include <string.h>

static char *join(struct sim_arena *a, const char *x, const char *y, const char *z)
{
    size_t n = strlen(x) + strlen(y) + strlen(z) + 1;
    char *to = sim_arena_alloc(a, n, 1);

    snprintf(to, n, "%s%s%s", x, y, z);
    return to;
}

/* ---- outputs ---- */

/* A copy of the axis that an output keeps. */
static void keep_axis(struct cmd_sweep *w, struct sim_axis *x)
{
    const char **label = x->label ? sim_arena_alloc(&w->arena, x->n, sizeof *label) : NULL;
    double *value = x->value ? sim_arena_alloc(&w->arena, x->n, sizeof *value) : NULL;

    for (size_t i = 0; i < x->n; i++) {
        if (label)
            label[i] = join(&w->arena, x->label[i], "", "");
        else
            value[i] = x->value[i];
    }
    x->name = join(&w->arena, x->name, "", "");
    x->long_name = join(&w->arena, x->long_name, "", "");
    x->units = x->units ? join(&w->arena, x->units, "", "") : NULL;
    x->label = label;
    x->value = value;
}

/* What outputs are at a point: a study that is loaded. */
static int bind_outputs(struct cmd_sweep *w, const struct mdl_study *st, struct sim_err *err)
{
    struct sim_result res = {0};
    struct sim_arena own = {0};
    int rc = 0;

    mdl_result_axes(&res, st, 1);
    mdl_result_columns(&res, st);
    for (size_t i = 0; i < w->s.n_output; i++) {
        struct ana_picked *k = &w->picked[i];
        int one = ana_pick_bind(k, &w->s.output[i], &res, &own, err);

        rc = rc ? rc : one;
        if (one == 0 && k->kept.n > 0)
            keep_axis(w, &k->kept);
        if (one == 0)
            k->units = join(&w->arena, k->units, "", "");
        k->cell = NULL;
        k->weight = NULL;
        k->bin = NULL;
    }
    sim_arena_free(&own);
    sim_result_free(&res);
    return rc;
}

/* ---- the scenarios ---- */

/* Beside the sweep file or in the folders above it; else as it is named. */
static const char *find(struct cmd_sweep *w, const char *name)
{
    const char *slash = strrchr(w->s.file, '/');
    const char *folder =
        slash ? sim_arena_copy(&w->arena, w->s.file, (size_t)(slash - w->s.file)) : ".";
    const char *path = mdl_study_find(&w->arena, folder, name, NULL);

    return path ? path : name;
}

/* The files of a point's scenarios, the base first. */
static const char **list_files(struct cmd_sweep *w)
{
    const char **file = sim_arena_alloc(&w->arena, w->n_scenario, sizeof *file);

    file[0] = find(w, w->s.base);
    for (size_t i = 0; i < w->s.scenarios.n; i++)
        file[i + 1] = find(w, w->s.scenarios.s[i]);
    return file;
}

static void common_options(const struct cmd_sweep *w, struct mdl_options *o)
{
    o->lax = 1;
    o->runs = w->s.first > 0 ? w->s.first : -1;
    o->seed = w->s.seed;
    o->share_dir = CMD_SHARE;
}

/* A factor of a table becomes an entry of a scenario's list `set`: its name must be free. */
static int check_ids(const struct cmd_sweep *w, const struct mdl_study *st, struct sim_err *err)
{
    int rc = 0;

    for (size_t f = 0; f < w->s.n_factor; f++)
        for (uint32_t i = 0; i < st->n_scenario; i++) {
            const struct sim_tree *set = sim_tree_get(st->scenario[i].tree, "set");

            if (w->s.target[f].table == NULL || *w->s.target[f].table == '\0')
                break;
            for (size_t k = 0; set && k < sim_tree_n(set); k++) {
                const char *id = sim_tree_str(sim_tree_get(sim_tree_at(set, k), "id"));

                if (id && strcmp(id, w->s.factor[f].id) == 0)
                    rc = sim_tree_fault(w->s.factor[f].tree, err,
                                        "%s has an entry of its list set of that name; give the "
                                        "factor another",
                                        st->scenario[i].label);
            }
        }
    return rc;
}

/* The scenarios without any factor: their texts, labels, seed and number of runs. */
static int load_base(struct cmd_sweep *w, struct sim_err *err)
{
    struct mdl_options o = {.set = w->s.set.s, .n_set = (int)w->s.set.n, .texts = &w->texts};
    struct mdl_study st;
    int rc, one;

    w->over = w->s.over && *w->s.over ? find(w, w->s.over) : NULL;
    o.over = w->over;
    common_options(w, &o);
    rc = mdl_study_load(&st, w->file, (int)w->n_scenario, &o, err);
    w->label = sim_arena_alloc(&w->arena, w->n_scenario, sizeof *w->label);
    for (uint32_t i = 0; rc == 0 && i < w->n_scenario; i++)
        w->label[i] = join(&w->arena, st.scenario[i].label, "", "");
    if (rc == 0) {
        w->seed = st.seed;
        w->s.first = st.runs;
        rc = bind_outputs(w, &st, err);
        one = check_ids(w, &st, err);
        rc = rc ? rc : one;
    }
    mdl_study_free(&st);
    return rc;
}

/* ---- runs ---- */

static int set_targets(struct cmd_sweep *w, struct sim_err *err)
{
    int rc = 0;

    w->to = sim_arena_alloc(&w->arena, w->s.n_stop, sizeof *w->to);
    for (size_t i = 0; i < w->s.n_stop; i++) {
        const struct ana_sweep_stop *stop = &w->s.stop[i];
        uint32_t k = w->n_scenario - 1;

        if (stop->scenario && *stop->scenario)
            for (k = 0; k < w->n_scenario && strcmp(w->label[k], stop->scenario) != 0;)
                k++;
        if (k == w->n_scenario)
            rc = sim_tree_fault(sim_tree_get(stop->tree, "scenario"), err,
                                "there is no such scenario here; the last is %s",
                                w->label[w->n_scenario - 1]);
        else if (stop->against_base && k == 0)
            rc = sim_tree_fault(stop->tree, err, "is the base itself: against_base tells nothing");
        w->to[i].scenario = k;
    }
    return rc;
}

/* How often each scenario is run at a point. */
static int set_runs(struct cmd_sweep *w, struct sim_err *err)
{
    const struct sim_tree *t = sim_tree_get(w->s.tree, "replications");
    double tasks;

    w->runs = (uint32_t)(w->s.n_stop ? w->s.max : w->s.first);
    w->rule = (struct ana_stop_rule){.first = (size_t)w->s.first,
                                     .step = (size_t)w->s.step,
                                     .max = (size_t)w->s.max,
                                     .level = w->s.confidence};
    if (w->s.n_stop && w->s.first < ANA_STOP_FIRST)
        return sim_tree_fault(t ? t : w->s.tree, err,
                              "with stop, first = %lld is too few: must be %d or more",
                              (long long)w->s.first, ANA_STOP_FIRST);
    if (w->s.n_stop && w->s.max < w->s.first)
        return sim_tree_fault(sim_tree_get(t, "max"), err, "is below first = %lld",
                              (long long)w->s.first);
    tasks = (double)w->design.n_point * w->n_scenario * w->runs;
    if (tasks > 2e9)
        return sim_tree_fault(w->s.design, err,
                              "%zu points x %u scenarios x %u runs are more than 2e9 runs",
                              w->design.n_point, w->n_scenario, w->runs);
    for (size_t p = 0; p < w->design.n_point; p++)
        if (((double)ana_design_chance(&w->design, p) + 1) * w->runs > (double)UINT32_MAX)
            return sim_tree_fault(w->s.design, err, "needs more than 4e9 numbers of runs");
    return w->s.n_stop ? set_targets(w, err) : 0;
}

static int make_design(struct cmd_sweep *w, struct sim_err *err)
{
    int rc =
        ana_design_make(&w->design, w->s.factor, w->s.n_factor, w->s.part, (uint64_t)w->seed, err);

    return rc ? rc : set_runs(w, err);
}

/* The axes that outputs keep, and outputs, have one name each in the merged file. */
static int check_names(const struct cmd_sweep *w, struct sim_err *err)
{
    int rc = 0;

    for (size_t i = 0; i < w->s.n_output; i++)
        for (size_t k = 0; k < w->s.n_output; k++) {
            const char *id = w->s.output[i].id, *of = w->s.output[k].id,
                       *axis = w->picked[k].kept.n ? w->picked[k].kept.name : NULL;
            size_t n = strlen(of);

            if (axis && (strcmp(id, axis) == 0 || (strncmp(id, of, n) == 0 && id[n] == '_' &&
                                                   strcmp(id + n + 1, axis) == 0)))
                rc = sim_tree_fault(sim_tree_get(w->s.output[i].at, "id"), err,
                                    "is the name of the axis that the output %s keeps: give "
                                    "another name",
                                    of);
        }
    return rc;
}

/* Numbers of a task, and where those of each output begin. */
static int place_outputs(struct cmd_sweep *w, struct sim_err *err)
{
    int rc = check_names(w, err);

    w->n_value = 0;
    for (size_t i = 0; i < w->s.n_output; i++) {
        w->first_value[i] = w->n_value;
        w->n_value += w->picked[i].n;
    }
    for (size_t i = 0; i < w->s.n_stop; i++) {
        size_t at = w->s.stop[i].at;

        w->to[i].value = w->first_value[at];
        if (w->picked[at].n != 1)
            rc = sim_tree_fault(w->s.stop[i].tree, err,
                                "the output %s is %zu numbers; a rule needs one without `by`",
                                w->s.output[at].id, w->picked[at].n);
    }
    return rc;
}

/* ---- loading ---- */

/* What else is known once the design is. */
static int finish(struct cmd_sweep *w, int rc, struct sim_err *err)
{
    int one = make_design(w, err);

    rc = rc ? rc : one;
    if (rc == 0)
        rc = place_outputs(w, err);
    if (rc == 0)
        cmd_sweep_make_plan(w);
    return rc;
}

static int load_scenarios(struct cmd_sweep *w, struct sim_err *err)
{
    int rc;

    w->file = list_files(w);
    rc = load_base(w, err);
    return w->s.first > 0 ? finish(w, rc, err) : rc;
}

/* A function is one scenario; a factor without values has its whole range. */
static int load_model(struct cmd_sweep *w, struct sim_err *err)
{
    w->label[0] = w->s.model->name;
    w->seed = w->s.seed >= 0 ? w->s.seed : 1;
    for (size_t i = 0; i < w->s.n_factor; i++)
        if (w->s.factor[i].form == ANA_OPEN) {
            w->s.factor[i].form = ANA_RANGE;
            w->s.factor[i].lo = w->s.model->lo;
            w->s.factor[i].hi = w->s.model->hi;
        }
    w->picked[0] = (struct ana_picked){.pick = w->s.output, .n = 1, .units = "1"};
    return finish(w, 0, err);
}

static void begin(struct cmd_sweep *w)
{
    w->n_scenario = w->s.model ? 1 : 1 + (uint32_t)w->s.scenarios.n;
    w->label = sim_arena_alloc(&w->arena, w->n_scenario, sizeof *w->label);
    w->picked = sim_arena_alloc(&w->arena, w->s.n_output, sizeof *w->picked);
    w->first_value = sim_arena_alloc(&w->arena, w->s.n_output, sizeof *w->first_value);
}

static const char *stem_of(struct sim_arena *a, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path,
               *dot = strrchr(name, '.');

    return sim_arena_copy(a, name, dot && dot > name ? (size_t)(dot - name) : strlen(name));
}

int cmd_sweep_load(struct cmd_sweep *w, const char *file, const char *dir, struct sim_err *err)
{
    int rc;

    *w = (struct cmd_sweep){0};
    rc = cmd_exists(file, err);
    if (rc == 0)
        rc = ana_sweep_read(&w->s, &w->arena, file, err);
    if (rc != 0)
        return rc;
    w->stem = stem_of(&w->arena, file);
    w->dir = dir ? dir : join(&w->arena, w->stem, ".sweep", "");
    begin(w);
    return w->s.model ? load_model(w, err) : load_scenarios(w, err);
}

/* ---- from a result ---- */

/* Scenarios and tables have a tail, what belongs to the sweep itself has none. */
static int is_of_sweep(const char *name)
{
    return strncmp(name, "sweep", 5) == 0 && strchr(name, '.') == NULL;
}

static int load_base_again(struct cmd_sweep *w, const struct sim_result *r, struct sim_err *err)
{
    const struct sim_axis *x = &r->axis[sim_result_find_axis(r, "scenario")];
    struct mdl_options o = {0};
    struct mdl_study st;
    int rc;

    for (int i = 0; i < r->n_input; i++)
        if (!is_of_sweep(r->input[i].name))
            sim_result_input(&w->texts, r->input[i].name, r->input[i].text);
    if (x->n != w->n_scenario || x->label == NULL)
        return sim_err_add(err, SIM_ERUN, "the file's scenarios are not those of its sweep");
    for (uint32_t i = 0; i < w->n_scenario; i++)
        w->label[i] = join(&w->arena, x->label[i], "", "");
    common_options(w, &o);
    rc = mdl_study_load_texts(&st, &w->texts, w->label, (int)w->n_scenario, &o, err);
    if (rc == 0)
        rc = bind_outputs(w, &st, err);
    mdl_study_free(&st);
    return rc;
}

/* The sweep that a file carries, without its scenarios. */
static int begin_result(struct cmd_sweep *w, const struct sim_result *r, struct sim_err *err)
{
    const char *seed = sim_result_find_attr(r, "seed"), *first = sim_result_find_attr(r, "first");
    int rc;

    *w = (struct cmd_sweep){0};
    if (seed == NULL || first == NULL || sim_result_find_axis(r, "scenario") < 0)
        return sim_err_add(
            err, SIM_EINPUT,
            "the file is not that of a sweep; lodestone show says what is in others");
    rc = ana_sweep_from(&w->s, &w->arena, r, err);
    if (rc != 0)
        return rc;
    w->s.seed = w->seed = strtoll(seed, NULL, 10);
    w->s.first = strtoll(first, NULL, 10);
    w->stem = w->dir = "";
    begin(w);
    return 0;
}

static int other_design(struct sim_err *err)
{
    return sim_err_add(err, SIM_ERUN,
                       "this version makes another design of the sweep than the file has");
}

int cmd_sweep_load_result(struct cmd_sweep *w, const struct sim_result *r, struct sim_err *err)
{
    const char *digest = sim_result_find_attr(r, "sweep_digest");
    int rc = begin_result(w, r, err);

    if (rc != 0)
        return rc;
    if (w->s.model) {
        rc = load_model(w, err);
    } else {
        rc = load_base_again(w, r, err);
        rc = rc ? rc : finish(w, 0, err);
    }
    if (rc == 0 && (digest == NULL || strcmp(w->head.sweep, digest) != 0))
        rc = other_design(err);
    return rc;
}

int cmd_sweep_load_design(struct cmd_sweep *w, const struct sim_result *r, struct sim_err *err)
{
    const struct sim_column *x = sim_result_find(r, "x");
    size_t k;
    int rc = begin_result(w, r, err);

    if (rc == 0)
        rc = w->s.model ? load_model(w, err)
                        : ana_design_make(&w->design, w->s.factor, w->s.n_factor, w->s.part,
                                          (uint64_t)w->seed, err);
    if (rc != 0)
        return rc;
    k = w->s.n_factor;
    if (x == NULL || x->type != SIM_F64 || sim_column_n(r, x) != w->design.n_point * k)
        return other_design(err);
    for (size_t i = 0; i < w->design.n_point * k; i++)
        if (((const double *)x->data)[i] != ana_design_x(&w->design, i / k, i % k))
            return other_design(err);
    return 0;
}

void cmd_sweep_free(struct cmd_sweep *w)
{
    ana_design_free(&w->design);
    sim_result_free(&w->texts);
    sim_result_free(&w->plan);
    sim_arena_free(&w->arena);
    *w = (struct cmd_sweep){0};
}
