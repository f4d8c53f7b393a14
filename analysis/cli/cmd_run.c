#include "analysis/cli/cli.h"

#include "analysis/file.h"
#include "analysis/reduce.h"
#include "analysis/store.h"
#include "sim/batch.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct options {
    const char *out, *progress;
    int64_t runs, seed, threads;
    struct cmd_texts set;
    int quiet, audit;
    double max_mem;
};

#define AT(field) offsetof(struct options, field)
static const struct cmd_option options[] = {
    {"-o", "FILE", CMD_TEXT, 0, 0, AT(out),
     "file to write (default: the last scenario's name, .h5)"},
    {"--runs", "N", CMD_WHOLE, 1, 1000000, AT(runs), "runs of each scenario, instead of its own"},
    {"--seed", "S", CMD_WHOLE, 0, INT64_C(1) << 53, AT(seed),
     "seed, instead of the scenarios' own"},
    {"--threads", "T", CMD_WHOLE, 1, 1024, AT(threads), "cores to use (default: all)"},
    {"--set", "PATH=VALUE", CMD_TEXTS, 0, 0, AT(set),
     "change a key in every scenario: retry_d=60, rules.ID.approval=0.5"},
    {"--audit", NULL, CMD_FLAG, 0, 0, AT(audit),
     "check in every run that nothing appears or is lost"},
    {"--max-mem", "SIZE", CMD_SIZE, 0, 0, AT(max_mem),
     "refuse to start above this (default: half of the machine's)"},
    {"--quiet", NULL, CMD_FLAG, 0, 0, AT(quiet), "print faults only"},
    {"--progress", "json", CMD_TEXT, 0, 0, AT(progress), "a line of JSON now and then, on stderr"},
    {0}};

static const struct cmd_usage usage = {
    .name = "run",
    .operands = "SCENARIO...",
    .what =
        "Runs scenarios side by side with the same random numbers and writes one file. The first\n"
        "is the baseline that `lodestone show` compares the others with.",
    .least = 1,
    .most = 10000,
    .options = options,
    .more =
        "A scenario is a file, or a name under scenarios/ here or among those installed. The same\n"
        "input and seed give the same bytes, for any number of cores. When a run fails the others\n"
        "go on, the file is written, and the exit status is 1."};

/* Set by the handler, the only state that is not a caller's: it has no other way to tell. */
static volatile int stopped;

static void stop(int signal)
{
    stopped = signal;
}

static void catch_stop(void)
{
    struct sigaction act = {.sa_handler = stop, .sa_flags = SA_RESTART};

    sigemptyset(&act.sa_mask);
    sigaction(SIGINT, &act, NULL);
    sigaction(SIGTERM, &act, NULL);
}

/* Everything `run` holds. */
struct job {
    struct options o;
    struct mdl_study st;
    struct sim_result res;
    struct cmd_jobs jobs;
    char *out;
    size_t n; /* runs of all scenarios */
    int threads;
    double begin, runs_s; /* when it began; how long the runs took */
};

static int refuse_memory(const struct job *w, double need, struct sim_err *err)
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

static int load(struct job *w, const struct cmd_args *args, struct sim_err *err)
{
    const struct mdl_options o = {.set = w->o.set.s,
                                  .n_set = w->o.set.n,
                                  .runs = w->o.runs,
                                  .seed = w->o.seed,
                                  .share_dir = CMD_SHARE};
    const char *label;
    size_t size;
    int rc = mdl_study_load(&w->st, (const char *const *)args->operand, args->n, &o, err);

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

static int prepare(struct job *w, struct sim_err *err)
{
    mdl_result_init(&w->res, &w->st, (uint32_t)w->st.runs);
    sim_result_attr(&w->res, "version", "%s", LODESTONE_VERSION);
    w->jobs = (struct cmd_jobs){
        .st = &w->st,
        .res = &w->res,
        .runs = (uint32_t)w->st.runs,
        .threads = w->threads,
        .audit = w->o.audit,
        .stop = &stopped,
        .progress = {.mode = w->o.progress ? 2 : !w->o.quiet && isatty(STDERR_FILENO)},
        .status = calloc(w->n, 1),
        .report = calloc(w->n, sizeof *w->jobs.report)};
    if (w->jobs.status == NULL || w->jobs.report == NULL)
        return sim_err_add(err, SIM_ENOMEM, "out of memory for %zu runs", w->n);
    return 0;
}

/* The first run of each scenario tells how much memory runs need; then come the others. */
static int do_runs(struct job *w, struct sim_err *err)
{
    struct cmd_needs needs;
    double most = 0;
    size_t first = w->st.n_scenario;
    int rc, rc2 = 0;

    w->jobs.progress.begin = cmd_clock();
    rc = cmd_jobs_run(&w->jobs, first, err);
    if (rc == SIM_ESTOP)
        return rc;
    for (size_t i = 0; i < first; i++)
        most = fmax(most, (double)w->jobs.report[i].bytes);
    cmd_needs(&w->res, w->jobs.runs, w->jobs.runs, &needs);
    rc2 = refuse_memory(w, cmd_peak(&needs, most, w->threads), err);
    if (rc2 != 0)
        return rc2;
    for (size_t i = 0; i < first; i++)
        w->jobs.progress.failed += w->jobs.status[i] == SIM_FAILED;
    w->jobs.first = first;
    rc2 = cmd_jobs_run(&w->jobs, w->n - first, err);
    return rc2 ? rc2 : rc;
}

/* From the order of jobs into that of the result. */
static void keep_status(struct job *w)
{
    int8_t *to = sim_result_find(&w->res, "run_status")->data;

    for (size_t i = 0; i < w->n; i++)
        to[i % w->st.n_scenario * w->jobs.runs + i / w->st.n_scenario] = (int8_t)w->jobs.status[i];
}

static int store(struct job *w, struct sim_err *err)
{
    int rc;

    keep_status(w);
    rc = ana_reduce(&w->res, w->threads, err);
    return rc ? rc : ana_store_write(&w->res, w->out, err);
}

static void print_json_text(FILE *to, const char *s)
{
    fputc('"', to);
    for (; *s; s++) {
        if (*s == '"' || *s == '\\')
            fputc('\\', to);
        if ((unsigned char)*s < 0x20)
            fprintf(to, "\\u%04x", (unsigned)(unsigned char)*s);
        else
            fputc(*s, to);
    }
    fputc('"', to);
}

/* What all runs cost together. */
struct totals {
    double events, gap, elapsed, bytes;
    size_t failed;
};

static struct totals add_up(const struct job *w)
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

static void close_json(const struct job *w, const struct totals *t)
{
    fprintf(stderr,
            "{\"event\": \"end\", \"runs\": %zu, \"failed\": %zu, \"threads\": %d, "
            "\"elapsed_s\": %.3f, \"events\": %.0f, \"bytes\": %.0f, \"file\": ",
            w->n, t->failed, w->threads, t->elapsed, t->events, t->bytes);
    print_json_text(stderr, w->out);
    fputs("}\n", stderr);
}

static void close_line(const struct job *w, const struct totals *t)
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
}

/* The file is written: says what it cost, and which runs failed. */
static int end_written(const struct job *w, struct sim_err *err)
{
    struct totals t = add_up(w);
    char after[128];

    if (w->jobs.progress.mode == 2)
        close_json(w, &t);
    if (!w->o.quiet)
        close_line(w, &t);
    snprintf(after, sizeof after,
             "%zu of %zu runs failed; the file was written and says which (run_status)", t.failed,
             w->n);
    return cmd_end("run", t.failed ? SIM_ERUN : 0, err, after);
}

static int run(struct job *w, const struct cmd_args *args)
{
    struct sim_err err = SIM_ERR_INIT, later = SIM_ERR_INIT;
    int rc = load(w, args, &err);

    if (rc == 0)
        rc = prepare(w, &err);
    if (rc != 0)
        return cmd_end("run", rc, &err, "nothing was written");
    rc = do_runs(w, &err);
    w->runs_s = cmd_clock() - w->jobs.progress.begin;
    cmd_progress_end(&w->jobs.progress);
    if (stopped)
        rc = SIM_ESTOP;
    if (rc == SIM_ESTOP)
        return cmd_end("run", rc, &err, "stopped; no file was written");
    if (rc != 0 && rc != SIM_ERUN)
        return cmd_end("run", rc, &err, "nothing was written");
    rc = store(w, &later);
    if (rc != 0) {
        (void)cmd_end("run", 0, &err, NULL);
        return cmd_end("run", rc, &later, "no file was written");
    }
    return end_written(w, &err);
}

int cmd_run(int argc, char **argv)
{
    struct job w = {.o = {.runs = -1, .seed = -1, .max_mem = cmd_half_memory()}};
    struct cmd_args args;
    int status = cmd_parse(&usage, argc, argv, &w.o, &args);

    if (status != CMD_GO_ON)
        return status;
    if (w.o.progress && strcmp(w.o.progress, "json") != 0)
        return cmd_misuse(&usage, "--progress = %s: must be json", w.o.progress);
    w.begin = cmd_clock();
    catch_stop();
    status = run(&w, &args);
    free(w.jobs.status);
    free(w.jobs.report);
    sim_result_free(&w.res);
    mdl_study_free(&w.st);
    return status;
}
