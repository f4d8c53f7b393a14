#include "analysis/cli/sense.h"

#include "analysis/file.h"
#include "sim/source.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct options {
    const char *output, *scenario, *against, *good, *threshold, *out, *progress;
    int64_t lever, top, density, mass;
    int prim, quiet;
};

#define AT(field) offsetof(struct options, field)
static const struct cmd_option options[] = {
    {"--output", "ID[:LABEL]", CMD_TEXT, 0, 0, AT(output),
     "output; its label where an axis is kept (default: the first)"},
    {"--scenario", "NAME", CMD_TEXT, 0, 0, AT(scenario), "in this scenario (default: the last)"},
    {"--against", "base", CMD_TEXT, 0, 0, AT(against), "its difference to the base, run by run"},
    {"--lever", "L", CMD_WHOLE, 0, ANA_POINTS_MAX, AT(lever),
     "factors at this point of the levers (default: 0)"},
    {"--good", "more|less", CMD_TEXT, 0, 0, AT(good),
     "is more of the output good, or less: for regret and --threshold"},
    {"--threshold", "X", CMD_TEXT, 0, 0, AT(threshold),
     "how often is the output X or better, by levers; what --prim looks for is worse"},
    {"--prim", NULL, CMD_FLAG, 0, 0, AT(prim),
     "where are the points at which it is worse than the threshold"},
    {"--density", "PERCENT", CMD_WHOLE, 1, 100, AT(density),
     "wanted of a box: worse ones among its points (default: 80)"},
    {"--mass", "PERCENT", CMD_WHOLE, 1, 50, AT(mass),
     "least part of all points in a box (default: 5)"},
    {"--top", "N", CMD_WHOLE, 1, 1000000, AT(top), "rows of a table (default: 20)"},
    {"-o", "FILE", CMD_TEXT, 0, 0, AT(out), "also write all of it as a table (CSV)"},
    {"--quiet", NULL, CMD_FLAG, 0, 0, AT(quiet), "print faults only"},
    {"--progress", "json", CMD_TEXT, 0, 0, AT(progress), "a line of JSON now and then, on stderr"},
    {0}};

static const struct cmd_usage usage = {
    .name = "sense",
    .operands = "FILE",
    .what = "What decides an output of a sweep: FILE is what `sweep merge` wrote. The method is "
            "that of the\n"
            "design: Sobol' indices (saltelli), elementary effects (morris), regression on ranks "
            "(random,\n"
            "lhs, sobol, list, grid); regret and satisficing of levers; PRIM.",
    .least = 1,
    .most = 1,
    .options = options,
    .more = "Formulas and sources: analysis/README.md, \"Designs and sensitivity\". Intervals hold "
            "95 %."};

/* ---- the table ---- */

static int by_text(char **to, const struct cmd_sense *m)
{
    size_t size = 200, n = 0;

    for (size_t i = 0; i < m->n_found; i++)
        size += strlen(m->found[i].name) + strlen(m->found[i].measure) + 200;
    *to = malloc(size);
    if (*to == NULL)
        sim_out_of_memory(size);
    n += (size_t)snprintf(*to, size, "method,name,measure,value,low,high,n\n");
    for (size_t i = 0; i < m->n_found; i++) {
        const struct cmd_finding *f = &m->found[i];
        double x[] = {f->x.at, f->x.lo, f->x.hi};
        char cell[3][32] = {"", "", ""};

        for (int k = 0; k < 3; k++)
            if (!isnan(x[k]))
                sim_text_show(x[k], cell[k]);
        n += (size_t)snprintf(*to + n, size - n, "%s,\"%s\",%s,%s,%s,%s,%zu\n", f->method, f->name,
                              f->measure, cell[0], cell[1], cell[2], f->x.n);
    }
    return (int)n;
}

static int write_table(const struct cmd_sense *m, const char *path, struct sim_err *err)
{
    char *text;
    int n = by_text(&text, m), rc = ana_file_put(path, text, (size_t)n, err);

    free(text);
    return rc;
}

/* ---- all of it ---- */

static int sense(struct cmd_sense *m, const struct sim_result *r, const struct options *o,
                 struct ana_outcome_plan *plan, struct sim_err *err)
{
    int rc = cmd_sweep_load_design(&m->w, r, err);

    plan->output = o->output;
    plan->scenario = o->scenario;
    plan->against = o->against != NULL;
    plan->lever = (size_t)o->lever;
    plan->density = 0.01 * (double)o->density;
    plan->mass = 0.01 * (double)o->mass;
    if (rc == 0)
        rc = ana_outcome_take(&m->o, &m->w.arena, r, &m->w.design, (uint64_t)m->w.seed, plan, err);
    if (rc == 0 && (o->prim || o->threshold) && (plan->good < 0 || o->threshold == NULL))
        rc =
            sim_err_add(err, SIM_EINPUT,
                        "--threshold X and --good more (or less) go together: X or better is good");
    if (rc == 0 && o->prim)
        rc = ana_outcome_prim_check(&m->w.design, err);
    if (rc != 0)
        return rc;
    cmd_sense_factors(m);
    cmd_sense_noise(m);
    cmd_sense_levers(m);
    if (o->prim)
        cmd_sense_prim(m);
    return o->out ? write_table(m, o->out, err) : 0;
}

static void tell_watch(void *ctx, size_t done, size_t of)
{
    cmd_progress_show(ctx, done, 0, of);
}

static void tell_end(const struct cmd_sense *m, const char *out, double elapsed)
{
    fprintf(stderr, "{\"event\": \"end\", \"points\": %zu, \"elapsed_s\": %.3f",
            m->w.design.n_point, elapsed);
    if (out)
        cmd_json_file(stderr, out);
    fputs("}\n", stderr);
}

int cmd_sense(int argc, char **argv)
{
    struct options o = {.top = 20, .density = 80, .mass = 5};
    struct cmd_args args;
    struct cmd_sense m = {0};
    struct ana_outcome_plan plan = {.level = 0.95, .good = -1, .threshold = NAN};
    struct sim_result r = {0};
    struct sim_err err = SIM_ERR_INIT;
    double begin = cmd_clock();
    int rc = cmd_parse(&usage, argc, argv, &o, &args);

    if (rc != CMD_GO_ON)
        return rc;
    rc = cmd_progress_mode(&m.progress, &usage, o.progress, o.quiet);
    if (rc != CMD_GO_ON)
        return rc;
    if (o.against && strcmp(o.against, "base") != 0)
        return cmd_misuse(&usage, "--against = %s: must be base", o.against);
    if (o.good && strcmp(o.good, "more") != 0 && strcmp(o.good, "less") != 0)
        return cmd_misuse(&usage, "--good = %s: must be more or less", o.good);
    if (o.threshold && sim_text_real(o.threshold, &plan.threshold) != 0)
        return cmd_misuse(&usage, "--threshold = %s: must be a number", o.threshold);
    if (o.good)
        plan.good = *o.good == 'm' ? ANA_MORE_IS_GOOD : ANA_LESS_IS_GOOD;
    m.top = (size_t)o.top;
    m.quiet = o.quiet;
    m.watch = (struct ana_watch){tell_watch, &m.progress};
    plan.watch = &m.watch;
    rc = cmd_exists(args.operand[0], &err);
    if (rc == 0)
        rc = ana_store_read(&r, args.operand[0], &err);
    if (rc == 0)
        rc = sense(&m, &r, &o, &plan, &err);
    if (rc == 0 && m.progress.mode == CMD_PROGRESS_JSON)
        tell_end(&m, o.out, cmd_clock() - begin);
    cmd_sweep_free(&m.w);
    sim_result_free(&r);
    return cmd_end("sense", rc, &err, NULL);
}
