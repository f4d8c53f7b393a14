#include "analysis/cli/sense.h"

#include "analysis/file.h"
#include "sim/batch.h"
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

/* ---- what is looked at ---- */

/* An output, and the label on the axis that it keeps. */
struct target {
    const struct sim_column *column;
    size_t n, at; /* numbers of a run; which of them */
};

static int is_output(const struct sim_result *r, const struct sim_column *c)
{
    return c->n_axis >= 3 && c->type == SIM_F64 && strcmp(r->axis[c->axis[1]].name, "point") == 0 &&
           strcmp(r->axis[c->axis[2]].name, "run") == 0;
}

static int no_label(const struct sim_axis *x, const char *output, const char *label,
                    struct sim_err *err)
{
    char mean[SIM_MEAN];

    return sim_err_add(
        err, SIM_EINPUT, "--output = %s: there is no '%s' on %s%s", output, label, x->name,
        sim_did_you_mean(x->label ? sim_nearest(label, x->label, x->n) : NULL, mean));
}

static int find_label(struct target *t, const struct sim_axis *x, const char *output,
                      const char *label, struct sim_err *err)
{
    t->n = x->n;
    if (label == NULL)
        return sim_err_add(err, SIM_EINPUT,
                           "--output = %s: it has a number for each %s: say %s:LABEL", output,
                           x->name, output);
    for (t->at = 0; t->at < x->n; t->at++) {
        char number[32] = "";

        if (x->value)
            sim_text_show(x->value[t->at], number);
        if (strcmp(x->label ? x->label[t->at] : number, label) == 0)
            return 0;
    }
    return no_label(x, output, label, err);
}

static int find_output(struct target *t, const struct sim_result *r, const char *output,
                       struct sim_arena *a, struct sim_err *err)
{
    const char **names = sim_arena_alloc(a, (size_t)r->n_column, sizeof *names), *colon;
    char mean[SIM_MEAN], *id = NULL;
    size_t n = 0;

    *t = (struct target){.n = 1};
    colon = output ? strchr(output, ':') : NULL;
    if (output)
        id = sim_arena_copy(a, output, colon ? (size_t)(colon - output) : strlen(output));
    for (int i = 0; i < r->n_column; i++) {
        const struct sim_column *c = &r->column[i];

        if (!is_output(r, c))
            continue;
        names[n++] = c->name;
        if (t->column == NULL && (id == NULL || strcmp(c->name, id) == 0))
            t->column = c;
    }
    if (t->column == NULL && n == 0)
        return sim_err_add(err, SIM_EINPUT, "the file has no runs: it is not a merged sweep");
    if (t->column == NULL)
        return sim_err_add(err, SIM_EINPUT, "--output = %s: the file has no such output%s", output,
                           sim_did_you_mean(sim_nearest(id, names, n), mean));
    if (t->column->n_axis == 3)
        return colon ? sim_err_add(err, SIM_EINPUT,
                                   "--output = %s: it is one number, without labels", output)
                     : 0;
    return find_label(t, &r->axis[t->column->axis[3]], output ? output : t->column->name,
                      colon ? colon + 1 : NULL, err);
}

static int find_scenario(const struct sim_result *r, const char *name, size_t *at,
                         struct sim_err *err)
{
    const struct sim_axis *x = &r->axis[sim_result_find_axis(r, "scenario")];
    char mean[SIM_MEAN];

    *at = x->n - 1;
    if (name == NULL)
        return 0;
    for (*at = 0; *at < x->n; ++*at)
        if (strcmp(x->label[*at], name) == 0)
            return 0;
    return sim_err_add(err, SIM_EINPUT, "--scenario = %s: the file has none of that name%s", name,
                       sim_did_you_mean(sim_nearest(name, x->label, x->n), mean));
}

/* ---- its values ---- */

/* The value of a run, or NAN where it is not done. */
static double value_of(const struct sim_result *r, const struct target *t, size_t slot)
{
    const int8_t *status = sim_result_find(r, "run_status")->data;

    return status[slot] == SIM_DONE ? ((const double *)t->column->data)[slot * t->n + t->at]
                                    : (double)NAN;
}

/* Values of the runs of all points: [points][runs]. */
static double *runs_of(struct cmd_sense *m, const struct sim_result *r, const struct target *t,
                       size_t scenario, int against, size_t runs)
{
    size_t n = m->w.design.n_point * runs;
    double *x = sim_arena_alloc(&m->w.arena, n, sizeof *x);

    for (size_t i = 0; i < n; i++) {
        x[i] = value_of(r, t, scenario * n + i);
        if (against)
            x[i] -= value_of(r, t, i);
        if (isinf(x[i]))
            x[i] = NAN;
    }
    return x;
}

/* Points have random numbers of their own where luck is a factor. */
static int has_chance(const struct cmd_sense *m)
{
    const struct ana_points *x = m->w.design.points;

    return x[ANA_UNCERTAINTY].part.chance || x[ANA_LEVER].part.chance;
}

static void take_values(struct cmd_sense *m, const struct sim_result *r, const struct target *t,
                        size_t scenario, int against)
{
    size_t points = m->w.design.n_point, runs = r->axis[sim_result_find_axis(r, "run")].n,
           n_var = 0;
    const double *x = runs_of(m, r, t, scenario, against, runs);
    double var = 0, all = 0;

    m->y = sim_arena_alloc(&m->w.arena, points, sizeof *m->y);
    for (size_t p = 0; p < points; p++) {
        struct ana_moments of;

        ana_stats_moments(x + p * runs, runs, &of);
        m->y[p] = of.mean;
        all += (double)of.n / (double)points;
        if (!isnan(of.var)) {
            var += of.var;
            n_var++;
        }
    }
    m->noise_var = n_var ? var / (double)n_var : (double)NAN;
    m->noise_runs = all;
    m->noise_mean_var = has_chance(m) ? m->noise_var / all : ana_noise(x, points, runs);
}

static int describe(struct cmd_sense *m, const struct sim_result *r, const struct options *o,
                    struct sim_err *err)
{
    struct target t;
    size_t scenario;
    int against = o->against != NULL, rc = find_output(&t, r, o->output, &m->w.arena, err),
        one = find_scenario(r, o->scenario, &scenario, err);
    const char *const *label = r->axis[sim_result_find_axis(r, "scenario")].label;
    char what[600];

    rc = rc ? rc : one;
    if (rc == 0 && against && scenario == 0)
        rc = sim_err_add(err, SIM_EINPUT, "--against base: %s is the base", label[0]);
    if (rc == 0 && (size_t)o->lever >= m->w.design.points[ANA_LEVER].n)
        rc = sim_err_add(err, SIM_EINPUT, "--lever = %lld: there are %zu points of levers, from 0",
                         (long long)o->lever, m->w.design.points[ANA_LEVER].n);
    if (rc != 0)
        return rc;
    snprintf(what, sizeof what, "%s in %s%s%s", o->output ? o->output : t.column->name,
             label[scenario], against ? ", less " : "", against ? label[0] : "");
    m->what = sim_arena_copy(&m->w.arena, what, strlen(what));
    m->unit = t.column->units;
    m->lever = (size_t)o->lever;
    take_values(m, r, &t, scenario, against);
    return 0;
}

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

static int check_prim(const struct ana_design *d, struct sim_err *err)
{
    int rc = 0;

    if (d->points[ANA_UNCERTAINTY].part.method == ANA_MORRIS ||
        d->points[ANA_LEVER].part.method == ANA_MORRIS)
        rc = sim_err_add(err, SIM_EINPUT,
                         "--prim needs points that fill the space: random, lhs, "
                         "sobol or saltelli, not morris");
    for (size_t f = 0; f < d->n_factor; f++)
        if (ana_sweep_is_word(d, f) && d->factor[f].n_value > ANA_PRIM_WORDS)
            rc = sim_err_add(err, SIM_EINPUT, "--prim: %s has %zu words; at most %d can be told",
                             d->factor[f].id, d->factor[f].n_value, ANA_PRIM_WORDS);
    return rc;
}

static int sense(struct cmd_sense *m, const struct sim_result *r, const struct options *o,
                 struct sim_err *err)
{
    int rc = cmd_sweep_load_design(&m->w, r, err);

    if (rc == 0 && sim_result_find(r, "run_status") == NULL)
        rc = sim_err_add(err, SIM_EINPUT, "the file is a plan: it has no runs yet");
    if (rc == 0)
        rc = describe(m, r, o, err);
    if (rc == 0 && (o->prim || o->threshold) && (m->good < 0 || o->threshold == NULL))
        rc =
            sim_err_add(err, SIM_EINPUT,
                        "--threshold X and --good more (or less) go together: X or better is good");
    if (rc == 0 && o->prim)
        rc = check_prim(&m->w.design, err);
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
    struct cmd_sense m = {.level = 0.95, .good = -1, .threshold = NAN};
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
    if (o.threshold && sim_text_real(o.threshold, &m.threshold) != 0)
        return cmd_misuse(&usage, "--threshold = %s: must be a number", o.threshold);
    if (o.good)
        m.good = *o.good == 'm' ? ANA_MORE_IS_GOOD : ANA_LESS_IS_GOOD;
    m.top = (size_t)o.top;
    m.density = 0.01 * (double)o.density;
    m.mass = 0.01 * (double)o.mass;
    m.quiet = o.quiet;
    m.watch = (struct ana_watch){tell_watch, &m.progress};
    rc = cmd_exists(args.operand[0], &err);
    if (rc == 0)
        rc = ana_store_read(&r, args.operand[0], &err);
    if (rc == 0)
        rc = sense(&m, &r, &o, &err);
    if (rc == 0 && m.progress.mode == CMD_PROGRESS_JSON)
        tell_end(&m, o.out, cmd_clock() - begin);
    cmd_sweep_free(&m.w);
    sim_result_free(&r);
    return cmd_end("sense", rc, &err, NULL);
}
