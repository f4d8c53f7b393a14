#include "analysis/cli/sweep.h"

#include "analysis/reduce.h"
#include "analysis/store.h"
#include "sim/batch.h"

#include <string.h>

struct options {
    const char *scenario, *out;
    int64_t run, point;
    int quiet, audit;
};

#define AT(field) offsetof(struct options, field)
static const struct cmd_option options[] = {
    {"--run", "K", CMD_WHOLE, 0, 999999, AT(run), "number of the run, from 0"},
    {"--point", "P", CMD_WHOLE, 0, UINT32_MAX, AT(point), "of a sweep: the point, from 0"},
    {"--scenario", "NAME", CMD_TEXT, 0, 0, AT(scenario), "this scenario only (default: all)"},
    {"-o", "FILE", CMD_TEXT, 0, 0, AT(out), "also write the run as a file of its own"},
    {"--audit", NULL, CMD_FLAG, 0, 0, AT(audit), "check that nothing appears or is lost"},
    {"--quiet", NULL, CMD_FLAG, 0, 0, AT(quiet), "print faults only"},
    {0}};

static const struct cmd_usage usage = {
    .name = "rerun",
    .operands = "FILE --run K",
    .what =
        "Does a run again from the input that the file carries, and compares every value of that\n"
        "run in the file, bit for bit.",
    .least = 1,
    .most = 1,
    .options = options,
    .more =
        "Exit status 0: identical. 1: the differences are listed. What a file keeps only as mean\n"
        "or quantiles over runs is not compared."};

enum { MAX_TOLD = 10 };

/* What is compared: `one` holds the run done again in slot 0, `file` all runs. */
struct comparison {
    const struct sim_result *file, *one;
    size_t slot;              /* of the run in the file */
    size_t values, different; /* columns that differ */
};

static int is_by_run(const struct sim_result *r, const struct sim_column *c)
{
    return c->n_axis >= 2 && strcmp(r->axis[c->axis[0]].name, "scenario") == 0 &&
           strcmp(r->axis[c->axis[1]].name, "run") == 0;
}

/* The column of the file that has the same name, type and axes behind the run; else NULL. */
static const struct sim_column *counterpart(const struct comparison *w, const struct sim_column *c)
{
    const struct sim_column *f = sim_result_find(w->file, c->name);

    if (f == NULL || !is_by_run(w->file, f) || f->type != c->type || f->n_axis != c->n_axis)
        return NULL;
    for (int i = 2; i < c->n_axis; i++)
        if (strcmp(w->file->axis[f->axis[i]].name, w->one->axis[c->axis[i]].name) != 0 ||
            w->file->axis[f->axis[i]].n != w->one->axis[c->axis[i]].n)
            return NULL;
    return f;
}

static void tell(struct comparison *w, const struct sim_column *c, const char *scenario, size_t n,
                 const struct sim_column *f, size_t at_file, size_t at_one)
{
    if (w->different++ >= MAX_TOLD)
        return;
    cmd_print(stdout, scenario);
    printf(": %s differs in %zu values; the first is %.17g in the file and %.17g now\n", c->name, n,
           sim_column_at(f, at_file), sim_column_at(c, at_one));
}

static void compare_column(struct comparison *w, const struct sim_column *c, size_t scenario)
{
    const struct sim_column *f = counterpart(w, c);
    size_t slot = sim_column_slot(w->one, c), size = sim_type_size(c->type), n = 0, first = 0;
    size_t runs = w->file->axis[sim_result_find_axis(w->file, "run")].n;
    size_t at_file = (scenario * runs + w->slot) * slot, at_one = scenario * slot;
    const char *name = w->one->axis[c->axis[0]].label[scenario];

    if (f == NULL) {
        if (w->different++ < MAX_TOLD)
            printf("%s: the file has no such column of this shape\n", c->name);
        return;
    }
    w->values += slot;
    for (size_t i = slot; i-- > 0;)
        if (memcmp((const char *)f->data + (at_file + i) * size,
                   (const char *)c->data + (at_one + i) * size, size) != 0) {
            n++;
            first = i;
        }
    if (n)
        tell(w, c, name, n, f, at_file + first, at_one + first);
}

static int find_run(const struct sim_result *file, int64_t run, size_t *slot, struct sim_err *err)
{
    int a = sim_result_find_axis(file, "run");

    for (size_t i = 0; a >= 0 && file->axis[a].value && i < file->axis[a].n; i++)
        if (file->axis[a].value[i] == (double)run) {
            *slot = i;
            return 0;
        }
    if (a >= 0 && file->axis[a].value && file->axis[a].n == 1)
        return sim_err_add(err, SIM_EINPUT, "--run = %lld: the file has one run, %.0f",
                           (long long)run, file->axis[a].value[0]);
    return sim_err_add(err, SIM_EINPUT, "--run = %lld: the file has %zu runs, numbered from 0",
                       (long long)run, a < 0 ? 0 : file->axis[a].n);
}

/* A run that the file does not have, as of a scenario that was not asked for, is not done again. */
static int is_there(const struct comparison *w, size_t scenario)
{
    const struct sim_column *c = sim_result_find(w->file, "run_status");
    size_t runs = w->file->axis[sim_result_find_axis(w->file, "run")].n;

    return c == NULL || sim_column_at(c, scenario * runs + w->slot) != SIM_MISSING;
}

static int find_scenario(const struct mdl_study *st, const char *name, uint32_t *from,
                         uint32_t *until, struct sim_err *err)
{
    *from = 0;
    *until = st->n_scenario;
    if (name == NULL)
        return 0;
    for (uint32_t i = 0; i < st->n_scenario; i++)
        if (strcmp(st->scenario[i].label, name) == 0) {
            *from = i;
            *until = i + 1;
            return 0;
        }
    sim_err_add(err, SIM_EINPUT,
                "--scenario = %s: the file has none of that name, but these:", name);
    for (uint32_t i = 0; i < st->n_scenario; i++)
        sim_err_add(err, SIM_EINPUT, "    %s", st->scenario[i].label);
    return SIM_EINPUT;
}

/* A run that failed in the file must fail again. */
static int do_one(const struct mdl_study *st, uint32_t scenario, const struct options *o,
                  struct comparison *w, struct sim_result *one, struct sim_err *err)
{
    const struct mdl_run_options ro = {.run = (uint32_t)o->run, .audit = o->audit};
    struct mdl_run_report report;
    int rc = mdl_run(st, scenario, &ro, one, &report, err);

    if (rc != 0 && rc != SIM_ERUN)
        return rc;
    ((int8_t *)sim_result_find(one, "run_status")->data)[scenario] = rc == 0 ? 1 : 2;
    for (int i = 0; i < one->n_column; i++)
        if (one->column[i].keep == SIM_KEEP && is_by_run(one, &one->column[i]))
            compare_column(w, &one->column[i], scenario);
    return 0;
}

static int finish(const struct options *o, const struct comparison *w, struct sim_result *one,
                  struct sim_err *err)
{
    const char *theirs = sim_result_find_attr(w->file, "version");
    int rc = 0;

    if (o->out) {
        rc = ana_reduce(one, 1, err);
        if (rc == 0)
            rc = ana_store_write(one, o->out, err);
    }
    if (rc != 0)
        return rc;
    if (w->different > MAX_TOLD)
        printf("... and %zu more\n", w->different - MAX_TOLD);
    if (w->different && theirs && strcmp(theirs, LODESTONE_VERSION) != 0) {
        printf("the file was written by version ");
        cmd_print(stdout, theirs);
        printf("; this is %s\n", LODESTONE_VERSION);
    }
    if (!w->different && !o->quiet)
        printf("run %lld: identical, all %zu values\n", (long long)o->run, w->values);
    if (o->out && !o->quiet) {
        cmd_print(stdout, o->out);
        printf(": run %lld by itself\n", (long long)o->run);
    }
    return 0;
}

/* The axis of a result with one run says which it is. */
static void number_run(struct sim_result *one, double run)
{
    double *value = sim_arena_alloc(&one->arena, 1, sizeof *value);

    *value = run;
    one->axis[sim_result_find_axis(one, "run")].value = value;
}

/* The input of a file holds what --set and --over made of it; the attributes say that they did. */
static void keep_changes(struct sim_result *one, const struct sim_result *file)
{
    static const char *const names[] = {"set", "over"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *text = sim_result_find_attr(file, names[i]);

        if (text)
            sim_result_attr(one, names[i], "%s", text);
    }
}

static int rerun(const struct options *o, const struct sim_result *file, struct mdl_study *st,
                 struct sim_result *one, struct comparison *w, struct sim_err *err)
{
    uint32_t from, until, done = 0;
    int rc = find_run(file, o->run, &w->slot, err);

    if (rc == 0)
        rc = mdl_study_load_result(st, file, err);
    if (rc == 0)
        rc = find_scenario(st, o->scenario, &from, &until, err);
    if (rc != 0)
        return rc;
    mdl_result_init(one, st, 1);
    sim_result_attr(one, "version", "%s", LODESTONE_VERSION);
    keep_changes(one, file);
    number_run(one, (double)o->run);
    for (uint32_t i = from; i < until && rc == 0; i++)
        if (is_there(w, i)) {
            rc = do_one(st, i, o, w, one, err);
            done++;
        }
    if (rc == 0 && done == 0)
        rc = sim_err_add(err, SIM_EINPUT, "--run = %lld: was not done", (long long)o->run);
    return rc ? rc : finish(o, w, one, err);
}

int cmd_rerun(int argc, char **argv)
{
    struct options o = {.run = -1, .point = -1};
    struct cmd_args args;
    struct sim_err err = SIM_ERR_INIT;
    struct sim_result file = {0}, one = {0};
    struct mdl_study st = {0};
    struct comparison w = {.file = &file, .one = &one};
    int rc = cmd_parse(&usage, argc, argv, &o, &args), status;

    if (rc != CMD_GO_ON)
        return rc;
    if (o.run < 0)
        return cmd_misuse(&usage, "--run K is missing: the number of the run");
    rc = cmd_exists(args.operand[0], &err);
    if (rc == 0)
        rc = ana_store_read(&file, args.operand[0], &err);
    if (rc == 0 && sim_result_find_input(&file, "sweep"))
        rc = cmd_sweep_rerun(&file,
                             &(struct cmd_sweep_rerun){o.point, o.run, o.scenario, o.out, o.quiet},
                             &w.different, &err);
    else if (rc == 0 && o.point >= 0)
        rc = sim_err_add(&err, SIM_EINPUT, "--point: the file is not that of a sweep");
    else if (rc == 0)
        rc = rerun(&o, &file, &st, &one, &w, &err);
    status = cmd_end("rerun", rc, &err, rc ? "no file was written" : NULL);
    sim_result_free(&one);
    sim_result_free(&file);
    mdl_study_free(&st);
    return status == CMD_DONE && w.different ? CMD_FAILED : status;
}
