#include "analysis/cli/sweep.h"

#include "analysis/cli/shard.h"
#include "analysis/file.h"
#include "sim/batch.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct options {
    const char *out, *shard, *scratch, *progress;
    int64_t threads;
    int quiet, again;
};

#define AT(field) offsetof(struct options, field)
static const struct cmd_option options[] = {
    {"-o", "DIR", CMD_TEXT, 0, 0, AT(out),
     "folder of the parts (default: the sweep file's name, .sweep)"},
    {"--shard", "i/N", CMD_TEXT, 0, 0, AT(shard),
     "this part of N, from 1 (default: as Slurm, mpirun ... say, else all)"},
    {"--threads", "T", CMD_WHOLE, 1, 1024, AT(threads),
     "cores to use (default: those of the Slurm task, else all)"},
    {"--scratch", "DIR", CMD_TEXT, 0, 0, AT(scratch),
     "folder on this machine where the part is written; it is moved at the end"},
    {"--retry-failed", NULL, CMD_FLAG, 0, 0, AT(again), "do runs again that failed"},
    {"--quiet", NULL, CMD_FLAG, 0, 0, AT(quiet), "print faults only"},
    {"--progress", "json", CMD_TEXT, 0, 0, AT(progress), "a line of JSON now and then, on stderr"},
    {0}};

static const struct cmd_usage usage = {
    .name = "sweep run",
    .operands = "X.cfg",
    .what = "Does the runs of a sweep that are not yet done, and keeps each as soon as it is "
            "finished.",
    .least = 1,
    .most = 1,
    .options = options,
    .more =
        "Any number of these may work side by side, here or on other machines with the same "
        "folder:\n"
        "each takes its shard. On Ctrl-C, SIGTERM or SIGUSR1 the runs in hand are finished; exit\n"
        "status 75 says: start it again, with any --shard. A second Ctrl-C ends it at once. "
        "Without\n"
        "warning (kill -9) only the runs in hand are lost."};

static const double between_syncs = 10; /* seconds */

/* What the threads share; changed under its lock only. */
struct work {
    const struct cmd_sweep *w;
    struct sim_batch_lock *lock;
    struct cmd_sweep_state state;
    struct ana_ledger ledger;
    size_t n_unit, *unit; /* with something left to do */
    const volatile int *stop;
    struct cmd_progress progress;
    uint64_t done, failed, total; /* tasks of this process */
    double synced, run_s, load_s, memory;
    int halted; /* the file cannot be written: why is in err */
    struct sim_err err;
};

/* A unit in the hands of a thread. */
struct hand {
    struct work *k;
    struct cmd_point p;
    double load_s;
    double untold_s;    /* of it, what no task has told yet */
    struct sim_err why; /* the point cannot be loaded */
    double *value;
    /* of the task to be kept */
    struct ana_ledger_task task;
    double run_s;
    uint32_t ended; /* of a point, instead of a task */
    int satisfied;
    int halted; /* as it was when it was kept */
};

/* ---- keeping what is done, one thread at a time ---- */

static void keep_end(struct work *k, const struct hand *h)
{
    k->halted = ana_ledger_end_point(&k->ledger, h->p.point, h->ended, h->satisfied, &k->err);
    k->state.ended[h->p.point] = h->ended;
    k->total -= (uint64_t)(k->w->runs - h->ended) * k->w->n_scenario;
}

static void keep_task(struct work *k, const struct hand *h)
{
    const struct ana_ledger_task *t = &h->task;

    k->halted = ana_ledger_add(&k->ledger, t, &k->err);
    if (k->halted)
        return;
    cmd_sweep_note(&k->state, k->w, t);
    k->done++;
    k->failed += t->status == SIM_FAILED;
    k->run_s += h->run_s;
    if (t->status == SIM_FAILED)
        sim_err_add(&k->err, SIM_ERUN, "%s, point %u, run %u: %s", k->w->label[t->scenario],
                    t->point, t->run, t->message);
    cmd_progress_show(&k->progress, k->done, k->failed, k->total);
}

static void keep(void *ctx)
{
    struct hand *h = ctx;
    struct work *k = h->k;
    double now = cmd_clock();

    if (k->halted == 0 && h->ended)
        keep_end(k, h);
    else if (k->halted == 0)
        keep_task(k, h);
    if (k->halted == 0 && now - k->synced > between_syncs) {
        k->halted = ana_ledger_sync(&k->ledger, &k->err);
        k->synced = now;
    }
    h->halted = k->halted;
}

static void keep_cost(void *ctx)
{
    struct hand *h = ctx;
    double bytes = (double)(h->p.st.arena.held + h->p.res.arena.held + h->p.arena.held) +
                   (double)h->p.run_bytes;

    h->k->load_s += h->load_s;
    if (bytes > h->k->memory)
        h->k->memory = bytes;
}

/* ---- one thread ---- */

/* The sweep file is called `sweep`, as in results, whatever path it was given by: the message is
 * kept, and must be the same for all who do the run. */
static void first_line(const struct sim_err *err, const char *file, char to[1000])
{
    const char *text = err->text ? err->text : "failed", *begin = text,
               *end = text + strcspn(text, "\n");
    size_t n = 0, path = strlen(file);

    while (text < end && n + sizeof "sweep" < 1000) {
        if ((text == begin || text[-1] == ' ') && strncmp(text, file, path) == 0 &&
            text[path] == ':') {
            n += (size_t)snprintf(to + n, 1000 - n, "sweep");
            text += path;
        } else {
            to[n++] = *text++;
        }
    }
    to[n] = '\0';
}

static int do_task(struct hand *h, uint32_t run, uint32_t scenario)
{
    struct work *k = h->k;
    struct sim_err own = SIM_ERR_INIT;
    char message[1000];
    double begin = cmd_clock();
    int rc;

    if (cmd_sweep_has(k->w, &k->state, h->p.point, run, scenario) != SIM_MISSING)
        return 0;
    if (*k->stop)
        return SIM_ESTOP;
    if (h->why.code)
        rc = h->why.code;
    else
        rc = cmd_point_run(&h->p, scenario, run, h->value, &own);
    h->run_s = cmd_clock() - begin;
    first_line(h->why.code ? &h->why : &own, k->w->s.file, message);
    h->task = (struct ana_ledger_task){.point = h->p.point,
                                       .scenario = scenario,
                                       .run = run,
                                       .status = rc == 0 ? SIM_DONE : SIM_FAILED,
                                       .seconds = (float)(h->run_s + h->untold_s),
                                       .value = h->value,
                                       .message = message};
    h->ended = 0;
    h->untold_s = 0;
    sim_batch_alone(k->lock, keep, h);
    sim_err_free(&own);
    return h->halted ? SIM_ESTOP : 0;
}

static int do_runs(struct hand *h, uint32_t from, uint32_t until)
{
    int rc = 0;

    for (uint32_t r = from; r < until && rc == 0; r++)
        for (uint32_t s = 0; s < h->k->w->n_scenario && rc == 0; s++)
            rc = do_task(h, r, s);
    return rc;
}

/* Runs until the rule says that it is enough. */
static int do_until_enough(struct hand *h)
{
    const struct work *k = h->k;
    enum ana_stop_state state = ANA_STOP_MORE;
    uint32_t n = 0;
    int rc = 0;

    if (k->state.ended[h->p.point])
        return do_runs(h, 0, k->state.ended[h->p.point]);
    while (rc == 0 && state == ANA_STOP_MORE) {
        uint32_t next = (uint32_t)ana_stop_next(&k->w->rule, n ? n + 1 : 0);

        rc = do_runs(h, n, next);
        n = next;
        if (rc == 0)
            state = cmd_sweep_enough(k->w, &k->state, h->p.point, n);
    }
    if (rc == 0) {
        h->ended = n;
        h->satisfied = state == ANA_STOP_SATISFIED;
        sim_batch_alone(k->lock, keep, h);
        rc = h->halted ? SIM_ESTOP : 0;
    }
    return rc;
}

static int work(void *ctx, size_t job, int thread, struct sim_err *err)
{
    struct work *k = ctx;
    struct hand h = {.k = k, .value = calloc(k->w->n_value, sizeof *h.value)};
    double begin = cmd_clock();
    uint32_t point, from, until;
    int rc;

    (void)thread;
    if (h.value == NULL)
        return sim_err_add(err, SIM_ENOMEM, "out of memory");
    cmd_sweep_unit(k->w, k->unit[job], &point, &from, &until);
    if (cmd_point_load(&h.p, k->w, point, &h.why) != 0 && h.why.code == 0)
        h.why.code = SIM_ERUN;
    h.load_s = h.untold_s = cmd_clock() - begin;
    rc = k->w->s.n_stop ? do_until_enough(&h) : do_runs(&h, from, until);
    sim_batch_alone(k->lock, keep_cost, &h);
    cmd_point_free(&h.p);
    sim_err_free(&h.why);
    free(h.value);
    return rc;
}

/* ---- the process ---- */

static void list_units(struct work *k, const struct cmd_shard *shard)
{
    size_t n = cmd_sweep_units(k->w);

    k->unit = calloc(n / shard->n + 1, sizeof *k->unit);
    if (k->unit == NULL)
        sim_out_of_memory(n);
    for (size_t u = shard->i; u < n; u += shard->n) {
        uint64_t left = cmd_sweep_left(k->w, &k->state, u);

        if (left > 0)
            k->unit[k->n_unit++] = u;
        k->total += left;
    }
}

/* Runs that failed are as if they had never been. */
static void forget_failed(struct work *k)
{
    size_t n = k->w->design.n_point * k->w->runs * k->w->n_scenario;

    for (size_t i = 0; i < n; i++)
        if (k->state.status[i] == SIM_FAILED)
            k->state.status[i] = SIM_MISSING;
    k->state.failed = 0;
}

static int do_units(struct work *k, int threads)
{
    struct sim_batch b = {
        .n_job = k->n_unit, .threads = threads, .ctx = k, .work = work, .stop = k->stop};
    uint8_t *status = calloc(k->n_unit, 1);
    int rc;

    if (status == NULL)
        sim_out_of_memory(k->n_unit);
    cmd_progress_begin(&k->progress, "runs", k->w->s.n_stop > 0);
    k->synced = cmd_clock();
    rc = sim_batch_run(&b, status, &k->err);
    cmd_progress_end(&k->progress);
    free(status);
    return k->halted ? k->halted : rc;
}

static void tell_json(const struct work *k, int threads, double elapsed)
{
    if (k->progress.mode == CMD_PROGRESS_JSON)
        fprintf(stderr,
                "{\"event\": \"end\", \"runs\": %llu, \"failed\": %llu, \"missing\": %llu, "
                "\"threads\": %d, \"elapsed_s\": %.3f, \"in_runs_s\": %.3f, \"loading_s\": %.3f, "
                "\"memory_bytes\": %.0f}\n",
                (unsigned long long)k->done, (unsigned long long)k->failed,
                (unsigned long long)(k->total - k->done), threads, elapsed, k->run_s, k->load_s,
                k->memory);
}

static void tell(const struct work *k, int threads, double elapsed)
{
    char time[24], each[24], memory[24];

    cmd_seconds(elapsed, time);
    cmd_seconds(k->done ? k->run_s / (double)k->done : 0, each);
    cmd_bytes(k->memory, memory);
    printf("%llu runs on %d core%s in %s, %s a run", (unsigned long long)k->done, threads,
           threads == 1 ? "" : "s", time, each);
    if (k->memory > 0)
        printf(", %s of memory a core", memory);
    if (k->failed)
        printf("; %llu failed", (unsigned long long)k->failed);
    printf("\n");
}

/* Where the part is written: the folder, or scratch. */
static int open_ledger(struct work *k, const struct options *o, const struct cmd_shard *shard)
{
    struct ana_ledger_head head = k->w->head;
    int rc = ana_file_folder(k->w->dir, &k->err);

    head.shard = shard->i;
    head.shards = shard->n;
    if (rc == 0 && o->scratch)
        rc = ana_file_folder(o->scratch, &k->err);
    return rc ? rc
              : ana_ledger_open(&k->ledger, o->scratch ? o->scratch : k->w->dir, &head, &k->err);
}

static int close_ledger(struct work *k, const struct options *o, int complete)
{
    int rc = ana_ledger_close(&k->ledger, complete, &k->err);

    if (rc == 0 && o->scratch && k->ledger.tasks > 0)
        rc = ana_ledger_move(&k->ledger, k->w->dir, &k->err);
    return rc;
}

static int end(struct work *k, int rc, int stopped)
{
    char after[200];

    if (rc == SIM_EIO) {
        snprintf(after, sizeof after,
                 "what was finished is kept in %.100s; start it again to go on", k->w->dir);
        return cmd_end("sweep run", rc, &k->err, after);
    }
    if (stopped) {
        snprintf(after, sizeof after,
                 "stopped; %llu runs of this shard are missing; start it again to go on",
                 (unsigned long long)(k->total - k->done));
        (void)cmd_end("sweep run", SIM_ESTOP, &k->err, after);
        return CMD_SWEEP_AGAIN;
    }
    snprintf(after, sizeof after, "%llu of %llu runs failed; the parts say which",
             (unsigned long long)k->failed, (unsigned long long)k->done);
    return cmd_end("sweep run", k->failed ? SIM_ERUN : 0, &k->err, after);
}

static int run(struct work *k, const struct options *o, const struct cmd_shard *shard)
{
    int threads = sim_batch_threads((int)o->threads), rc, rc2, stopped, complete;
    double begin = cmd_clock();

    rc = open_ledger(k, o, shard);
    if (rc != 0)
        return cmd_end("sweep run", rc, &k->err, "nothing was done");
    rc = do_units(k, threads);
    stopped = rc == SIM_ESTOP;
    complete = !stopped && k->halted == 0;
    rc2 = close_ledger(k, o, complete);
    if (k->halted || rc2)
        rc = SIM_EIO;
    tell_json(k, threads, cmd_clock() - begin);
    if (!o->quiet)
        tell(k, threads, cmd_clock() - begin);
    return end(k, rc, stopped);
}

static int begin(struct work *k, const struct options *o, const struct cmd_shard *shard)
{
    uint64_t failed;
    int planned, rc = cmd_sweep_planned(k->w, &planned, &k->err);

    if (rc == 0 && !planned)
        rc = cmd_sweep_try(k->w, &k->err);
    if (rc == 0)
        rc = cmd_sweep_look(&k->state, k->w, &k->err);
    if (rc != 0)
        return cmd_end("sweep run", rc, &k->err, "nothing was done");
    if (!o->quiet && shard->n > 1)
        printf("shard %u/%u, by %s\n", shard->i + 1, shard->n, shard->from);
    failed = k->state.failed;
    if (o->again)
        forget_failed(k);
    list_units(k, shard);
    if (k->n_unit > 0)
        return run(k, o, shard);
    tell_json(k, 0, 0);
    if (!o->quiet)
        printf("nothing is left to do%s\n", shard->n > 1 ? " in this shard" : "");
    if (failed && !o->quiet)
        printf("%llu runs of the sweep failed; --retry-failed does them again\n",
               (unsigned long long)failed);
    return failed ? CMD_FAILED : CMD_DONE;
}

int cmd_sweep_run(int argc, char **argv)
{
    struct options o = {0};
    struct cmd_args args;
    struct cmd_sweep w;
    struct work k = {.w = &w, .ledger = ANA_LEDGER_INIT};
    struct cmd_shard shard = {.n = 1};
    int rc = cmd_parse(&usage, argc, argv, &o, &args), status;

    if (rc != CMD_GO_ON)
        return rc;
    rc = cmd_progress_mode(&k.progress, &usage, o.progress, o.quiet);
    if (rc != CMD_GO_ON)
        return rc;
    k.lock = sim_batch_lock_new();
    k.stop = cmd_catch_stop();
    cmd_catch_again();
    rc = cmd_shard_find(&shard, o.shard, getenv, &k.err);
    if (rc == 0)
        rc = cmd_shard_threads(&o.threads, getenv, &k.err);
    if (rc == 0)
        rc = cmd_sweep_load(&w, args.operand[0], o.out, &k.err);
    else
        w = (struct cmd_sweep){0};
    status = rc ? cmd_end("sweep run", rc, &k.err, "nothing was done") : begin(&k, &o, &shard);
    ana_ledger_free(&k.ledger);
    cmd_sweep_state_free(&k.state);
    sim_batch_lock_free(k.lock);
    free(k.unit);
    sim_err_free(&k.err);
    cmd_sweep_free(&w);
    return status;
}
