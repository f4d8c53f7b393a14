#include "analysis/cli/sweep.h"

#include "analysis/file.h"
#include "analysis/ledger_inner.h"

#include <stdlib.h>
#include <string.h>

struct options {
    const char *out;
    int dry, quiet;
};

#define AT(field) offsetof(struct options, field)
static const struct cmd_option options[] = {
    {"-o", "DIR", CMD_TEXT, 0, 0, AT(out),
     "folder of the parts (default: the sweep file's name, .sweep)"},
    {"--dry-run", NULL, CMD_FLAG, 0, 0, AT(dry), "write nothing"},
    {"--quiet", NULL, CMD_FLAG, 0, 0, AT(quiet), "print faults only"},
    {0}};

static const struct cmd_usage usage = {
    .name = "sweep plan",
    .operands = "X.cfg",
    .what = "Looks for faults in a sweep file and its scenarios, says how many runs it asks for, "
            "does one\n"
            "run of each scenario to measure what they cost, and writes DIR/plan.h5: the points of "
            "the\n"
            "design with the whole input.",
    .least = 1,
    .most = 1,
    .options = options,
    .more = "`sweep run` needs no plan; where there is one it must be of the same sweep."};

/* ---- what it costs ---- */

int cmd_sweep_probe(struct cmd_sweep_cost *to, const struct cmd_sweep *w, struct sim_err *err)
{
    double tasks = (double)w->design.n_point * w->n_scenario * w->runs, begin = cmd_clock(), now;
    double *value = calloc(w->n_value, sizeof *value);
    struct cmd_point p;
    int rc;

    if (value == NULL)
        sim_out_of_memory(w->n_value);
    *to =
        (struct cmd_sweep_cost){.part_bytes = tasks * (double)(ANA_LEDGER_FRONT + ANA_LEDGER_TASK +
                                                               ANA_LEDGER_CHECK + 8 * w->n_value),
                                .file_bytes = tasks * (double)(8 * w->n_value + 1)};
    rc = cmd_point_load(&p, w, 0, err);
    now = cmd_clock();
    to->load_s = now - begin;
    for (uint32_t s = 0; s < w->n_scenario && rc == 0; s++)
        rc = cmd_point_run(&p, s, 0, value, err);
    to->run_s = (cmd_clock() - now) / w->n_scenario;
    to->memory = (double)(p.st.arena.held + p.res.arena.held + p.arena.held + p.run_bytes);
    cmd_point_free(&p);
    free(value);
    return rc;
}

/* ---- what is said ---- */

static void tell_part(const struct cmd_sweep *w, enum ana_factor_kind kind)
{
    const struct ana_points *x = &w->design.points[kind];

    if (x->k + (size_t)x->part.chance == 0)
        return;
    printf("  %-10s %zu factor%s, %s: %zu point%s%s\n", kind == ANA_LEVER ? "levers" : "uncertain",
           x->k, x->k == 1 ? "" : "s", ana_method_words[x->part.method], x->n, x->n == 1 ? "" : "s",
           x->part.chance ? ", luck is one more factor" : "");
}

static void tell_size(const struct cmd_sweep *w)
{
    double tasks = (double)w->design.n_point * w->n_scenario * w->runs;

    cmd_print(stdout, w->s.title);
    printf("\n");
    tell_part(w, ANA_UNCERTAINTY);
    tell_part(w, ANA_LEVER);
    printf("  %-10s %zu\n", "points", w->design.n_point);
    printf("  %-10s %u:", "scenarios", w->n_scenario);
    for (uint32_t i = 0; i < w->n_scenario; i++) {
        printf("%s ", i ? "," : "");
        cmd_print(stdout, w->label[i]);
    }
    if (w->s.n_stop)
        printf("\n  %-10s %lld to %u of each scenario at a point, %.0f at most\n", "runs",
               (long long)w->s.first, w->runs, tasks);
    else
        printf("\n  %-10s %u of each scenario at a point, %.0f in all\n", "runs", w->runs, tasks);
    printf("  %-10s %zu, %zu number%s of a run\n", "outputs", w->s.n_output, w->n_value,
           w->n_value == 1 ? "" : "s");
    if (*w->design.note)
        printf("  %-10s %s\n", "note", w->design.note);
}

static void tell_cost(const struct cmd_sweep *w, const struct cmd_sweep_cost *c)
{
    double tasks = (double)w->design.n_point * w->n_scenario * w->runs;
    double seconds = tasks * c->run_s + (double)cmd_sweep_units(w) * c->load_s;
    char run[24], load[24], all[24], memory[24], parts[24], file[24];

    cmd_seconds(c->run_s, run);
    cmd_seconds(c->load_s, load);
    cmd_seconds(seconds, all);
    cmd_bytes(c->memory, memory);
    cmd_bytes(c->part_bytes, parts);
    cmd_bytes(c->file_bytes, file);
    printf("  %-10s %s a run, %s to load a point, %s of memory a core (measured here once)\n",
           "cost", run, load, memory);
    printf("  %-10s %.3g core-hours (%s on one core); parts %s, results %s before packing\n",
           "in all", seconds / 3600, all, parts, file);
}

static int write_plan(const struct cmd_sweep *w, const struct options *o, struct sim_err *err)
{
    char path[4096];
    int rc = ana_file_folder(w->dir, err);

    snprintf(path, sizeof path, "%s/plan.h5", w->dir);
    if (rc == 0)
        rc = ana_store_write(&w->plan, path, err);
    if (rc == 0 && !o->quiet) {
        cmd_print(stdout, path);
        printf(": the design and its input\n");
    }
    return rc;
}

int cmd_sweep_plan(int argc, char **argv)
{
    struct options o = {0};
    struct cmd_args args;
    struct cmd_sweep w;
    struct cmd_sweep_cost cost;
    struct sim_err err = SIM_ERR_INIT;
    int rc = cmd_parse(&usage, argc, argv, &o, &args);

    if (rc != CMD_GO_ON)
        return rc;
    rc = cmd_sweep_load(&w, args.operand[0], o.out, &err);
    if (w.design.n_point > 0) {
        int one = cmd_sweep_try(&w, &err);

        rc = rc ? rc : one;
    }
    if (rc == 0 && !o.quiet)
        tell_size(&w);
    if (rc == 0 && !o.quiet) {
        rc = cmd_sweep_probe(&cost, &w, &err);
        if (rc == 0)
            tell_cost(&w, &cost);
    }
    if (rc == 0 && !o.dry)
        rc = write_plan(&w, &o, &err);
    cmd_sweep_free(&w);
    return cmd_end("sweep plan", rc, &err, "nothing was written");
}
