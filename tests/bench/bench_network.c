/* What the shipped network costs: messages and CPU time of a run, runs a second on 1 and 2 threads,
 * memory, and how much of it is the kernel. For the last, the messages of one run (sender,
 * receiver, delay, class; linked with --wrap=sim_send) are sent again through sim_run by a handler
 * that does nothing else. Runs from the root of the repository. */
#include "models/run.h"

#include "sim/batch.h"
#include "sim/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RUNS = 5 };

/* ---- the messages of a run ---- */

struct sent {
    int64_t delay;
    uint32_t src, dst;
    uint64_t after; /* messages handled before it was sent */
    uint16_t kind;
    uint8_t cls, in_tick;
};

struct trace {
    struct sent *sent;
    size_t n, cap;
    uint32_t n_actor;
    int64_t lookahead, end; /* ticks */
    uint64_t handled;
};

/* NULL, or where the calls of sim_send are written down: the run in hand is a tape recording. */
static struct trace *tape;

void __real_sim_send(struct sim_run *r, uint32_t src, uint32_t dst, int64_t delay, uint16_t kind,
                     uint8_t cls, uint64_t arg);
void __wrap_sim_send(struct sim_run *r, uint32_t src, uint32_t dst, int64_t delay, uint16_t kind,
                     uint8_t cls, uint64_t arg);

void __wrap_sim_send(struct sim_run *r, uint32_t src, uint32_t dst, int64_t delay, uint16_t kind,
                     uint8_t cls, uint64_t arg)
{
    __real_sim_send(r, src, dst, delay, kind, cls, arg);
    if (tape == NULL)
        return;
    if (tape->n == tape->cap) {
        tape->cap = 2 * tape->cap + 1000000;
        tape->sent = realloc(tape->sent, tape->cap * sizeof *tape->sent);
        sim_bug_if(tape->sent == NULL);
    }
    tape->n_actor = r->n_actor;
    tape->lookahead = r->lookahead;
    tape->sent[tape->n++] =
        (struct sent){delay, src, dst, r->handled, kind, cls, (uint8_t)(r->in_tick != 0)};
}

struct replay {
    const struct sent *next, *end;
};

static void replay_handle(struct sim_run *r, const struct sim_msg *m)
{
    struct replay *p = r->model;

    (void)m;
    for (; p->next < p->end && p->next->after == r->handled; p->next++)
        __real_sim_send(r, p->next->src, p->next->dst, p->next->delay, p->next->kind, p->next->cls,
                        0);
}

/* ---- time ---- */

static double seconds(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Sorts. */
static double median(double *x, size_t n)
{
    qsort(x, n, sizeof *x, by_value);
    return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

/* CPU seconds to send and handle the messages of a trace with nothing else to do. */
static double replay(const struct trace *t)
{
    struct replay p = {t->sent, t->sent + t->n};
    double begin = seconds(CLOCK_PROCESS_CPUTIME_ID);
    struct sim_run r;

    sim_bug_if(sim_run_init(&r, t->n_actor, t->lookahead, replay_handle, NULL, &p, NULL) != 0);
    for (; p.next < p.end && !p.next->in_tick; p.next++)
        __real_sim_send(&r, p.next->src, p.next->dst, p.next->delay, p.next->kind, p.next->cls, 0);
    sim_bug_if(sim_run_until(&r, t->end, NULL) != 0);
    sim_bug_if(r.handled != t->handled || p.next != p.end);
    sim_run_free(&r);
    return seconds(CLOCK_PROCESS_CPUTIME_ID) - begin;
}

/* ---- runs ---- */

struct bench {
    struct mdl_study st;
    struct sim_result res;
    double cpu[RUNS], events[RUNS], bytes[RUNS], ns[RUNS];
};

static int one_run(void *ctx, size_t job, int thread, struct sim_err *err)
{
    struct bench *b = ctx;
    struct mdl_run_options o = {.run = (uint32_t)job, .slot = job};
    struct mdl_run_report report;
    double begin = seconds(CLOCK_THREAD_CPUTIME_ID);
    int rc = mdl_run(&b->st, 0, &o, &b->res, &report, err);

    (void)thread;
    b->cpu[job] = seconds(CLOCK_THREAD_CPUTIME_ID) - begin;
    b->events[job] = (double)report.events;
    b->ns[job] = b->cpu[job] / b->events[job] * 1e9;
    b->bytes[job] = (double)report.bytes;
    return rc;
}

/* All runs; returns seconds by the clock on the wall. */
static double all_runs(struct bench *b, int threads)
{
    struct sim_batch batch = {.n_job = RUNS, .threads = threads, .ctx = b, .work = one_run};
    struct sim_err err = SIM_ERR_INIT;
    uint8_t status[RUNS];
    double begin = seconds(CLOCK_MONOTONIC);

    sim_result_free(&b->res);
    mdl_result_init(&b->res, &b->st, RUNS);
    if (sim_batch_run(&batch, status, &err) != 0) {
        sim_err_print(&err, "bench_network: ", stderr);
        exit(1);
    }
    return seconds(CLOCK_MONOTONIC) - begin;
}

/* Order lines of run 0, all stock points, in the recorded days. */
static double order_lines(const struct bench *b)
{
    const struct sim_column *c = sim_result_find(&b->res, "order_lines");
    double sum = 0;

    for (size_t i = 0; i < sim_column_slot(&b->res, c); i++)
        sum += sim_column_at(c, i);
    return sum;
}

static struct trace record(struct bench *b)
{
    const struct mdl_scenario *s = &b->st.scenario[0];
    struct trace t = {.end = (s->warm_up_d + s->horizon_d) * SIM_TICKS_PER_DAY - 1};
    struct sim_err err = SIM_ERR_INIT;

    tape = &t;
    sim_bug_if(one_run(b, 0, 0, &err) != 0);
    tape = NULL;
    t.handled = (uint64_t)b->events[0];
    return t;
}

/* ---- report ---- */

static void print_kernel(struct bench *b, double run_ns)
{
    struct trace t = record(b);
    double ns[RUNS], waiting = 0, mid;

    for (int i = 0; i < RUNS; i++)
        ns[i] = replay(&t) / (double)t.handled * 1e9;
    mid = median(ns, RUNS);
    for (size_t i = 0; i + 1 < t.n; i++)
        waiting += ((double)i + 1 - (double)t.sent[i].after) *
                   (double)(t.sent[i + 1].after - t.sent[i].after) / (double)t.handled;
    printf(
        "  kernel: the %llu messages of run 0 (%u actors, %.0f waiting on average) sent again by "
        "a handler that does nothing else: %.1f ns a message (%.1f to %.1f), %.1f %% of a run; "
        "at least, as the caches are its own\n",
        (unsigned long long)t.handled, t.n_actor, waiting, mid, ns[0], ns[RUNS - 1],
        100 * mid / run_ns);
    free(t.sent);
}

/* All runs on 1 and on 2 threads, with the processors that the machine gave. */
static void print_threads(struct bench *b)
{
    double per_s[2], had[2];

    for (int i = 0; i < 2; i++) {
        double begin = seconds(CLOCK_PROCESS_CPUTIME_ID), wall = all_runs(b, i + 1);

        per_s[i] = RUNS / wall;
        had[i] = (seconds(CLOCK_PROCESS_CPUTIME_ID) - begin) / wall;
    }
    printf("  by the clock on the wall: %.2f runs a second on 1 thread (it had %.2f processors), "
           "%.2f on 2 (%.2f processors)\n",
           per_s[0], had[0], per_s[1], had[1]);
}

static void bench(const char *file)
{
    struct bench b = {0};
    struct mdl_options o = {.runs = RUNS, .seed = -1};
    struct sim_err err = SIM_ERR_INIT;
    const struct mdl_scenario *s;
    double cpu, ns, days;

    if (mdl_study_load(&b.st, &file, 1, &o, &err) != 0) {
        sim_err_print(&err, "bench_network: ", stderr);
        exit(1);
    }
    s = &b.st.scenario[0];
    days = (double)(s->warm_up_d + s->horizon_d);
    printf("%s: %u sites, %u lanes, %.0f days (%lld of them recorded), %d runs, no audit\n", file,
           b.st.net.n_site, b.st.net.n_lane, days, (long long)s->horizon_d, RUNS);
    print_threads(&b);
    (void)all_runs(&b, 1);
    cpu = median(b.cpu, RUNS);
    ns = median(b.ns, RUNS);
    printf("  a run: %.0f messages, %.3f CPU s (%.3f to %.3f), %.0f ns a message\n",
           median(b.events, RUNS), cpu, b.cpu[0], b.cpu[RUNS - 1], ns);
    printf("  in a CPU second: %.0f node-days (a site's day), %.0f order lines (if the warm-up has "
           "as many a day as what follows)\n",
           b.st.net.n_site * days / cpu, order_lines(&b) / (double)s->horizon_d * days / cpu);
    printf("  memory: %.2f MB a run, %.2f MB of results a run, %.2f MB of network for all\n",
           median(b.bytes, RUNS) / 1e6, mdl_result_bytes(&b.st, 1) / 1e6,
           (double)b.st.arena.held / 1e6);
    print_kernel(&b, ns);
    sim_result_free(&b.res);
    mdl_study_free(&b.st);
}

static void print_load(void)
{
    char line[64] = "unknown\n";
    FILE *f = fopen("/proc/loadavg", "r");

    if (f != NULL) {
        if (fgets(line, sizeof line, f) == NULL)
            strcpy(line, "unknown\n");
        fclose(f);
    }
    printf("load of this machine (1, 5, 15 minutes; running; last pid): %s", line);
}

int main(void)
{
    print_load();
    bench("scenarios/baseline.cfg");
    bench("scenarios/japan-embargo.cfg");
    print_load();
    return 0;
}
