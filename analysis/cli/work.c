#include "analysis/cli/cli.h"

#include "analysis/file.h"
#include "analysis/reduce.h"
#include "analysis/store.h"
#include "sim/batch.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Set by the handler, the only state that is not a caller's: it has no other way to tell. */
static volatile int stopped;

static void stop(int signal)
{
    stopped = signal;
}

const volatile int *cmd_catch_stop(void)
{
    struct sigaction act = {.sa_handler = stop, .sa_flags = SA_RESTART};

    sigemptyset(&act.sa_mask);
    sigaction(SIGINT, &act, NULL);
    sigaction(SIGTERM, &act, NULL);
    return &stopped;
}

/* A second Ctrl-C must be able to end a program that waits for its runs. */
static void stop_or_end(int signal)
{
    if (stopped)
        _exit(CMD_STOPPED);
    stopped = signal;
}

void cmd_catch_again(void)
{
    struct sigaction act = {.sa_handler = stop, .sa_flags = SA_RESTART};

    sigemptyset(&act.sa_mask);
    sigaction(SIGUSR1, &act, NULL);
    act.sa_handler = stop_or_end;
    sigaction(SIGINT, &act, NULL);
}

static int refuse_memory(const struct cmd_work *w, double need, struct sim_err *err)
{
    char a[24], b[24];

    if (need <= w->o.max_mem)
        return 0;
    cmd_bytes(need, a);
    cmd_bytes(w->o.max_mem, b);
    return sim_err_add(err, SIM_ENOMEM,
                       "%zu runs need about %s of memory; at most %s are allowed (--max-mem)", w->n,
                       a, b);
}

static int load(struct cmd_work *w, const char *const *files, int n, struct sim_err *err)
{
    const struct mdl_options o = {.over = w->o.over,
                                  .set = w->o.set.s,
                                  .n_set = w->o.set.n,
                                  .lax_first = w->lax_first,
                                  .runs = w->o.runs,
                                  .seed = w->o.seed,
                                  .share_dir = CMD_SHARE};
    const char *label;
    size_t size;
    int rc = mdl_study_load(&w->st, files, n, &o, err);

    if (rc != 0)
        return rc;
    label = w->st.scenario[w->st.n_scenario - 1].label;
    size = strlen(w->o.out ? w->o.out : label) + sizeof ".h5";
    w->out = sim_arena_alloc(&w->st.arena, size, 1);
    snprintf(w->out, size, "%s%s", w->o.out ? w->o.out : label, w->o.out ? "" : ".h5");
    w->n = (size_t)w->st.runs * w->st.n_scenario;
    w->threads = sim_batch_threads((int)w->o.threads);
    rc = ana_file_try(w->out, err);
    if (rc == 0)
        rc = refuse_memory(w, mdl_result_bytes(&w->st, (uint32_t)w->st.runs), err);
    return rc;
}

/* ---- traces ---- */

static int read_date(const char *option, const char *text, int32_t *to, struct sim_err *err)
{
    *to = SIM_DAY_NONE;
    if (text == NULL || sim_date_parse(to, text) == 0)
        return 0;
    return sim_err_add(err, SIM_EINPUT, "%s = %s: must be a date YYYY-MM-DD", option, text);
}

static void tell_texts(struct sim_result *res, const char *name, const struct cmd_texts *t)
{
    char all[2000] = "";

    for (int i = 0; i < t->n; i++)
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", i ? " " : "", t->s[i]);
    sim_result_attr(res, name, "%s", all);
}

static int begin_trace(struct cmd_work *w, struct sim_err *err)
{
    const struct cmd_work_options *o = &w->o;
    int rc;

    if (!o->trace && !o->trace_site.n && !o->trace_product.n && !o->trace_from && !o->trace_until)
        return 0;
    rc = mdl_trace_plan(&w->plan, &w->st.arena, &w->st.net, o->trace_site.s, o->trace_site.n,
                        o->trace_product.s, o->trace_product.n, err);
    rc |= read_date("--trace-from", o->trace_from, &w->plan.from, err);
    rc |= read_date("--trace-until", o->trace_until, &w->plan.until, err);
    if (rc != 0)
        return SIM_EINPUT;
    tell_texts(&w->res, "trace_site", &o->trace_site);
    tell_texts(&w->res, "trace_product", &o->trace_product);
    sim_result_attr(&w->res, "trace_from", "%s", o->trace_from ? o->trace_from : "");
    sim_result_attr(&w->res, "trace_until", "%s", o->trace_until ? o->trace_until : "");
    w->jobs.plan = &w->plan;
    w->jobs.trace = calloc(w->n, sizeof *w->jobs.trace);
    return w->jobs.trace ? 0 : sim_err_add(err, SIM_ENOMEM, "out of memory for %zu runs", w->n);
}

/* What the traces of all runs will take, from those of the first n jobs. */
static void add_trace(const struct cmd_work *w, size_t n, struct cmd_needs *needs)
{
    double events = 0;

    for (size_t i = 0; w->jobs.trace && i < n; i++)
        events += (double)w->jobs.trace[i].n * (double)w->n / (double)n;
    needs->all += events * sizeof(struct mdl_trace_row);
    needs->kept += events * MDL_TRACE_COLUMN_BYTES;
}

static void store_trace(struct cmd_work *w)
{
    const struct sim_axis *run = &w->res.axis[sim_result_find_axis(&w->res, "run")];

    if (w->jobs.trace)
        mdl_trace_store(&w->res, &w->st, w->jobs.trace, run->value, w->jobs.runs);
}

/* ---- from scenarios to a file ---- */

static int prepare(struct cmd_work *w, struct sim_err *err)
{
    int rc;

    mdl_result_init(&w->res, &w->st, (uint32_t)w->st.runs);
    sim_result_attr(&w->res, "version", "%s", LODESTONE_VERSION);
    cmd_tell_changes(&w->res, &w->o.set, w->o.over);
    w->jobs = (struct cmd_jobs){.st = &w->st,
                                .res = &w->res,
                                .runs = (uint32_t)w->st.runs,
                                .threads = w->threads,
                                .audit = w->o.audit,
                                .stop = &stopped,
                                .progress = w->jobs.progress,
                                .status = calloc(w->n, 1),
                                .report = calloc(w->n, sizeof *w->jobs.report)};
    if (w->jobs.status == NULL || w->jobs.report == NULL)
        return sim_err_add(err, SIM_ENOMEM, "out of memory for %zu runs", w->n);
    rc = begin_trace(w, err);
    return rc == 0 && w->prepared ? w->prepared(w, err) : rc;
}

/* The first run of each scenario tells how much memory runs need; then come the others. */
static int do_runs(struct cmd_work *w, struct sim_err *err)
{
    struct cmd_needs needs;
    double most = 0;
    size_t first = w->st.n_scenario;
    int rc, rc2 = 0;

    cmd_progress_begin(&w->jobs.progress, "runs", w->o.precision != NULL);
    rc = cmd_jobs_run(&w->jobs, first, err);
    if (rc == SIM_ESTOP)
        return rc;
    for (size_t i = 0; i < first; i++)
        most = fmax(most, (double)w->jobs.report[i].bytes);
    cmd_needs(&w->res, w->jobs.runs, w->jobs.runs, &needs);
    add_trace(w, first, &needs);
    rc2 = refuse_memory(w, cmd_peak(&needs, most, w->threads), err);
    if (rc2 != 0)
        return rc2;
    for (size_t i = 0; i < first; i++)
        w->jobs.progress.failed += w->jobs.status[i] == SIM_FAILED;
    w->jobs.first = first;
    rc2 = w->o.precision ? cmd_precise_run(w, err) : cmd_jobs_run(&w->jobs, w->n - first, err);
    return rc2 ? rc2 : rc;
}

/* From the order of jobs into that of the result. */
static void keep_status(struct cmd_work *w)
{
    int8_t *to = sim_result_find(&w->res, "run_status")->data;

    for (size_t i = 0; i < w->n; i++)
        to[i % w->st.n_scenario * w->jobs.runs + i / w->st.n_scenario] = (int8_t)w->jobs.status[i];
}

static int store(struct cmd_work *w, struct sim_err *err)
{
    int rc;

    keep_status(w);
    rc = ana_reduce(&w->res, w->threads, err);
    if (rc == 0)
        store_trace(w);
    if (rc == 0 && w->finish)
        rc = w->finish(w, err);
    return rc ? rc : ana_store_write(&w->res, w->out, err);
}

/* What all runs cost together. */
struct totals {
    double events, gap, elapsed, bytes;
    size_t failed;
};

static struct totals add_up(const struct cmd_work *w)
{
    struct totals t = {.elapsed = cmd_clock() - w->begin};
    struct stat st;

    for (size_t i = 0; i < w->n; i++) {
        t.events += (double)w->jobs.report[i].events;
        t.gap = fmax(t.gap, w->jobs.report[i].element_error);
        t.failed += w->jobs.status[i] != SIM_DONE;
    }
    if (stat(w->out, &st) == 0)
        t.bytes = (double)st.st_size;
    return t;
}

static void close_json(const struct cmd_work *w, const struct totals *t)
{
    fprintf(stderr,
            "{\"event\": \"end\", \"runs\": %zu, \"failed\": %zu, \"threads\": %d, "
            "\"elapsed_s\": %.3f, \"events\": %.0f",
            w->n, t->failed, w->threads, t->elapsed, t->events);
    cmd_json_file(stderr, w->out);
    fputs("}\n", stderr);
}

static void close_line(const struct cmd_work *w, const struct totals *t)
{
    char time[24], each[24], size[24];

    cmd_seconds(t->elapsed, time);
    cmd_seconds(w->runs_s * fmin(w->threads, (double)w->n) / (double)w->n, each);
    cmd_bytes(t->bytes, size);
    if (w->o.audit)
        printf("audit: %sno quantum of a product is missing; elements by origin close to %.1g\n",
               t->failed ? "in the runs that did not fail " : "", t->gap);
    printf("%zu runs (%u x %lld", w->n, w->st.n_scenario, (long long)w->st.runs);
    if (t->failed)
        printf(", %zu failed", t->failed);
    printf(") on %d core%s in %s, %s a run, ", w->threads, w->threads == 1 ? "" : "s", time, each);
    printf(t->events < 1e6 ? "%.0f events; " : "%.1f million events; ",
           t->events < 1e6 ? t->events : t->events / 1e6);
    cmd_print(stdout, w->out);
    printf(": %s\n", size);
    if (w->o.precision)
        printf("%s\n", w->precise.text);
}

/* The file is written: says what it cost, and which runs failed. */
static int end_written(const struct cmd_work *w, struct sim_err *err)
{
    struct totals t = add_up(w);
    char after[128];

    if (w->jobs.progress.mode == CMD_PROGRESS_JSON)
        close_json(w, &t);
    if (!w->o.quiet)
        close_line(w, &t);
    snprintf(after, sizeof after,
             "%zu of %zu runs failed; the file was written and says which (run_status)", t.failed,
             w->n);
    return cmd_end(w->name, t.failed ? SIM_ERUN : 0, err, after);
}

int cmd_work_do(struct cmd_work *w, const char *const *files, int n)
{
    struct sim_err err = SIM_ERR_INIT, later = SIM_ERR_INIT;
    int rc;

    w->begin = cmd_clock();
    (void)cmd_catch_stop();
    rc = cmd_precise_begin(w, &err);
    if (rc == 0)
        rc = load(w, files, n, &err);
    if (rc == 0)
        rc = prepare(w, &err);
    if (rc != 0)
        return cmd_end(w->name, rc, &err, "nothing was written");
    rc = do_runs(w, &err);
    w->runs_s = cmd_clock() - w->jobs.progress.begin;
    cmd_progress_end(&w->jobs.progress);
    if (stopped)
        rc = SIM_ESTOP;
    if (rc == SIM_ESTOP)
        return cmd_end(w->name, rc, &err, "stopped; no file was written");
    if (rc != 0 && rc != SIM_ERUN)
        return cmd_end(w->name, rc, &err, "nothing was written");
    rc = store(w, &later);
    if (rc != 0) {
        (void)cmd_end(w->name, 0, &err, NULL);
        return cmd_end(w->name, rc, &later, "no file was written");
    }
    w->written = 1;
    return end_written(w, &err);
}

void cmd_work_free(struct cmd_work *w)
{
    for (size_t i = 0; w->jobs.trace && i < w->n; i++)
        mdl_trace_free(&w->jobs.trace[i]);
    free(w->jobs.trace);
    free(w->jobs.status);
    free(w->jobs.report);
    sim_result_free(&w->res);
    mdl_study_free(&w->st);
}
