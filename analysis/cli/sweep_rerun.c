#include "analysis/cli/sweep.h"

#include "analysis/reduce.h"
#include "sim/batch.h"

#include <stdlib.h>
#include <string.h>

struct again {
    const struct sim_result *file;
    const struct cmd_sweep_rerun *o;
    struct cmd_sweep w;
    struct cmd_point p;
    uint32_t from, until; /* scenarios */
    double *value;        /* [n_value] */
    size_t values, different;
};

static int find(struct again *g, struct sim_err *err)
{
    int run = sim_result_find_axis(g->file, "run");
    const char *name = g->o->scenario;

    if (g->o->point < 0)
        return sim_err_add(err, SIM_EINPUT, "--point P is missing: the file is that of a sweep");
    if ((size_t)g->o->point >= g->w.design.n_point)
        return sim_err_add(err, SIM_EINPUT, "--point = %lld: the file has %zu points, from 0",
                           (long long)g->o->point, g->w.design.n_point);
    if (run < 0 || (size_t)g->o->run >= g->file->axis[run].n)
        return sim_err_add(err, SIM_EINPUT, "--run = %lld: the file has %zu runs, from 0",
                           (long long)g->o->run, run < 0 ? 0 : g->file->axis[run].n);
    g->until = g->w.n_scenario;
    for (uint32_t i = 0; name && i < g->w.n_scenario; i++)
        if (strcmp(g->w.label[i], name) == 0) {
            g->from = i;
            g->until = i + 1;
            return 0;
        }
    if (name == NULL)
        return 0;
    sim_err_add(err, SIM_EINPUT,
                "--scenario = %s: the file has none of that name, but these:", name);
    for (uint32_t i = 0; i < g->w.n_scenario; i++)
        sim_err_add(err, SIM_EINPUT, "    %s", g->w.label[i]);
    return SIM_EINPUT;
}

static size_t slot_of(const struct again *g, uint32_t scenario)
{
    size_t runs = g->file->axis[sim_result_find_axis(g->file, "run")].n;

    return (scenario * g->w.design.n_point + (size_t)g->o->point) * runs + (size_t)g->o->run;
}

/* Compares the outputs of a scenario; what failed in the file must fail again. */
static void compare(struct again *g, uint32_t scenario, int failed)
{
    const struct cmd_sweep *w = &g->w;
    size_t slot = slot_of(g, scenario);
    const int8_t *status = sim_result_find(g->file, "run_status")->data;

    if ((status[slot] == SIM_FAILED) != failed) {
        g->different++;
        printf("%s: %s in the file, and %s now\n", w->label[scenario],
               status[slot] == SIM_FAILED ? "failed" : "done", failed ? "failed" : "done");
        return;
    }
    for (size_t i = 0; i < w->s.n_output && !failed; i++) {
        const struct sim_column *c = sim_result_find(g->file, w->s.output[i].id);
        size_t n = w->picked[i].n;
        const double *now = g->value + w->first_value[i],
                     *then = c ? (const double *)c->data + slot * n : NULL;

        g->values += n;
        if (then && memcmp(now, then, n * sizeof *now) == 0)
            continue;
        g->different++;
        printf("%s: %s differs; the first is %.17g in the file and %.17g now\n", w->label[scenario],
               w->s.output[i].id, then ? then[0] : 0.0, now[0]);
    }
}

/* All results of the run as a file of its own. */
static int write_whole(struct again *g, struct sim_err *err)
{
    struct sim_result one;
    double *number;
    int rc = 0;

    if (g->w.s.model)
        return sim_err_add(err, SIM_EINPUT, "-o: a function has no results of its own");
    mdl_result_init(&one, &g->p.st, 1);
    sim_result_attr(&one, "version", "%s", LODESTONE_VERSION);
    number = sim_arena_alloc(&one.arena, 1, sizeof *number);
    *number = cmd_point_run_number(&g->w, g->p.point, (uint32_t)g->o->run);
    one.axis[sim_result_find_axis(&one, "run")].value = number;
    for (uint32_t s = g->from; s < g->until && rc == 0; s++) {
        struct mdl_run_options ro = {.run = (uint32_t)*number};
        struct mdl_run_report report;

        rc = mdl_run(&g->p.st, s, &ro, &one, &report, err);
        ((int8_t *)sim_result_find(&one, "run_status")->data)[s] = rc == 0 ? 1 : 2;
    }
    if (rc == 0)
        rc = ana_reduce(&one, 1, err);
    if (rc == 0)
        rc = ana_store_write(&one, g->o->out, err);
    sim_result_free(&one);
    return rc;
}

static void tell_failure(const char *scenario, const struct sim_err *why)
{
    const char *text = why->text ? why->text : "";

    cmd_print(stdout, scenario);
    printf(": failed now: %.*s\n", (int)strcspn(text, "\n"), text);
}

/* A point that cannot be loaded fails in all scenarios. */
static int do_scenario(struct again *g, uint32_t s, const struct sim_err *load, struct sim_err *err)
{
    const int8_t *status = sim_result_find(g->file, "run_status")->data;
    struct sim_err own = SIM_ERR_INIT;
    int failed = load->code != 0;

    if (status[slot_of(g, s)] == SIM_MISSING)
        return sim_err_add(err, SIM_EINPUT, "%s, point %lld, run %lld is not in the file",
                           g->w.label[s], (long long)g->o->point, (long long)g->o->run);
    if (!failed)
        failed = cmd_point_run(&g->p, s, (uint32_t)g->o->run, g->value, &own) != 0;
    compare(g, s, failed);
    if (failed && !g->o->quiet)
        tell_failure(g->w.label[s], load->code ? load : &own);
    sim_err_free(&own);
    return 0;
}

static int do_again(struct again *g, struct sim_err *err)
{
    struct sim_err load = SIM_ERR_INIT;
    int rc = find(g, err);

    if (rc != 0)
        return rc;
    if (cmd_point_load(&g->p, &g->w, (uint32_t)g->o->point, &load) != 0 && load.code == 0)
        load.code = SIM_ERUN;
    g->value = calloc(g->w.n_value, sizeof *g->value);
    if (g->value == NULL)
        sim_out_of_memory(g->w.n_value);
    for (uint32_t s = g->from; s < g->until && rc == 0; s++)
        rc = do_scenario(g, s, &load, err);
    if (rc == 0 && g->o->out)
        rc = load.code ? sim_err_add(err, SIM_ERUN, "-o: the point cannot be loaded")
                       : write_whole(g, err);
    sim_err_free(&load);
    return rc;
}

int cmd_sweep_rerun(const struct sim_result *file, const struct cmd_sweep_rerun *o,
                    size_t *different, struct sim_err *err)
{
    struct again g = {.file = file, .o = o};
    int rc = cmd_sweep_load_result(&g.w, file, err);

    if (rc == 0 && sim_result_find(file, "run_status") == NULL)
        rc = sim_err_add(err, SIM_EINPUT, "the file is a plan: it has no runs yet");
    if (rc == 0)
        rc = do_again(&g, err);
    if (rc == 0 && g.different == 0 && !o->quiet)
        printf("point %lld, run %lld: identical, all %zu values\n", (long long)o->point,
               (long long)o->run, g.values);
    if (rc == 0 && o->out && !o->quiet) {
        cmd_print(stdout, o->out);
        printf(": the run by itself, with all its results\n");
    }
    *different = g.different;
    free(g.value);
    cmd_point_free(&g.p);
    cmd_sweep_free(&g.w);
    return rc;
}
