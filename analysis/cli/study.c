#include "analysis/cli/cli.h"

#include "analysis/store.h"
#include "sim/batch.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

enum { BAND_VALUES = 6 };

static double reduced_size(enum sim_type t)
{
    return t == SIM_F32 ? 4 : 8;
}

void cmd_needs(const struct sim_result *r, double made, double runs, struct cmd_needs *to)
{
    *to = (struct cmd_needs){0};
    for (int i = 0; i < r->n_column; i++) {
        const struct sim_column *c = &r->column[i];
        double n = (double)sim_column_n(r, c), all, kept;
        int by_run = c->n_axis >= 2 && strcmp(r->axis[c->axis[1]].name, "run") == 0;

        all = n * (double)sim_type_size(c->type) * (by_run ? runs / made : 1);
        kept = all;
        if (by_run && c->keep != SIM_KEEP)
            kept = n / made * reduced_size(c->type) * (c->keep == SIM_KEEP_BAND ? BAND_VALUES : 1);
        to->all += all;
        to->kept += kept;
        if (kept > ANA_STORE_PLAIN_MAX)
            to->packed += kept;
        else
            to->plain += kept;
        to->largest = fmax(to->largest, kept);
    }
}

double cmd_peak(const struct cmd_needs *n, double per_run, int threads)
{
    double run = n->all + per_run * threads, reduce = n->all + n->kept,
           write = 3 * n->kept + n->largest;

    return fmax(run, fmax(reduce, write));
}

double cmd_half_memory(void)
{
    return 0.5 * (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
}

void cmd_tell_changes(struct sim_result *r, const struct cmd_texts *set, const char *over)
{
    const char *last = over && *over == '/' ? strrchr(over, '/') + 1 : over;
    size_t size = 1, n = 0;
    char *all;

    for (int i = 0; i < set->n; i++)
        size += strlen(set->s[i]) + 1;
    all = sim_arena_alloc(&r->arena, size, 1);
    for (int i = 0; i < set->n; i++)
        n += (size_t)snprintf(all + n, size - n, "%s%s", i ? "\n" : "", set->s[i]);
    if (set->n)
        sim_result_attr(r, "set", "%s", all);
    if (last)
        sim_result_attr(r, "over", "%s", last);
}

/* ---- runs ---- */

static void name_run(const struct cmd_jobs *j, size_t job, const struct sim_err *from,
                     struct sim_err *to)
{
    const char *label = j->st->scenario[job % j->st->n_scenario].label;
    size_t run = job / j->st->n_scenario;
    const char *line = from->text;

    if (line == NULL)
        sim_err_add(to, SIM_ERUN, "%s, run %zu: failed", label, run);
    while (line && *line) {
        int n = (int)strcspn(line, "\n");

        sim_err_add(to, SIM_ERUN, "%s, run %zu: %.*s", label, run, n, line);
        line += n + (line[n] == '\n');
    }
}

static int work(void *ctx, size_t at, int thread, struct sim_err *err)
{
    const struct cmd_jobs *j = ctx;
    size_t job = j->first + at;
    struct mdl_run_options o = {.run = (uint32_t)(job / j->st->n_scenario),
                                .slot = job / j->st->n_scenario,
                                .audit = j->audit,
                                .trace = j->plan,
                                .events = j->plan ? &j->trace[job] : NULL,
                                .stop = j->stop};
    struct sim_err own = SIM_ERR_INIT;
    int rc;

    (void)thread;
    rc = mdl_run(j->st, (uint32_t)(job % j->st->n_scenario), &o, j->res, &j->report[job], &own);
    if (rc != 0 && rc != SIM_ESTOP) {
        name_run(j, job, &own, err);
        rc = SIM_ERUN;
    }
    sim_err_free(&own);
    return rc;
}

static void progress(void *ctx, size_t done, size_t failed, size_t n)
{
    struct cmd_jobs *j = ctx;

    cmd_progress_show(&j->progress, j->first + done, j->progress.failed + failed,
                      (size_t)j->runs * j->st->n_scenario);
    (void)n;
}

int cmd_jobs_run(struct cmd_jobs *j, size_t n, struct sim_err *err)
{
    struct sim_batch b = {.n_job = n,
                          .threads = j->threads,
                          .ctx = j,
                          .work = work,
                          .progress = progress,
                          .stop = j->stop};

    return sim_batch_run(&b, j->status + j->first, err);
}
