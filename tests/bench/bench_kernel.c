/* What the kernel costs: the queue against the plain heap, a queueing model through sim_run, random
 * draws. CPU time, median of BLOCKS blocks; queue and heap take turns so that both meet the same
 * neighbours. Usage: bench_kernel [--ratio], which fails if the queue is not the wished factor
 * faster than the heap. */
#include "sim/dist.h"
#include "sim/engine.h"
#include "sim/heap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BLOCKS = 7, STEPS = 1 << 16, DAY = 86400 };

static double cpu_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double x[BLOCKS])
{
    qsort(x, BLOCKS, sizeof *x, by_value);
    return x[BLOCKS / 2];
}

/* ---- hold: take the first message, put it back an exponential time later ---- */

static void fill_steps(int64_t step[STEPS])
{
    struct sim_stream s = sim_stream_make(1, 0, sim_hash("steps"), 0);

    for (uint64_t i = 0; i < STEPS; i++) {
        struct sim_draws d = sim_draws_at(s, i);

        step[i] = 1 + (int64_t)(3 * DAY * sim_exponential(&d));
    }
}

#define HOLD(name, type, pop, push)                                                                \
    static double name(struct type *q, const int64_t step[STEPS], size_t n, size_t *next)          \
    {                                                                                              \
        double begin = cpu_s();                                                                    \
        struct sim_msg m;                                                                          \
                                                                                                   \
        for (size_t i = 0; i < n && pop(q, &m); i++) {                                             \
            m.tick += step[(*next)++ % STEPS];                                                     \
            push(q, &m);                                                                           \
        }                                                                                          \
        return (cpu_s() - begin) / (double)n * 1e9;                                                \
    }
HOLD(hold_queue, sim_queue, sim_queue_pop, sim_queue_push)
HOLD(hold_heap, sim_heap, sim_heap_pop, sim_heap_push)

/* Returns heap / queue. */
static double bench_hold(size_t pending, const int64_t step[STEPS])
{
    struct sim_queue *q = sim_queue_new(NULL, NULL);
    struct sim_heap *h = sim_heap_new();
    size_t n = pending < 500000 ? 500000 : pending, qi = 0, hi = 0;
    double tq[BLOCKS], th[BLOCKS], mq, mh;

    sim_bug_if(q == NULL || h == NULL);
    for (size_t i = 0; i < pending; i++) {
        struct sim_msg m = {.tick = step[qi++ % STEPS], .dst = (uint32_t)i};

        sim_queue_push(q, &m);
        sim_heap_push(h, &m);
    }
    hi = qi;
    hold_queue(q, step, 2 * n, &qi);
    hold_heap(h, step, n, &hi);
    for (int i = 0; i < BLOCKS; i++) {
        tq[i] = hold_queue(q, step, n, &qi);
        th[i] = hold_heap(h, step, n, &hi);
    }
    mq = median(tq);
    mh = median(th);
    printf("hold, %8zu pending: queue %6.1f ns (%.1f to %.1f), heap %6.1f ns, heap/queue %5.2f, "
           "queue %.1f bytes a message\n",
           pending, mq, tq[0], tq[BLOCKS - 1], mh, mh / mq,
           (double)sim_queue_bytes(q) / (double)pending);
    sim_queue_free(q);
    sim_heap_free(h);
    return mh / mq;
}

/* ---- M/M/1: one station, rho 0.9 ---- */

enum { ARRIVE, DEPART, BATCH = 1024 };
struct station {
    struct sim_stream luck[2];
    struct sim_draws draws[2]; /* of a batch of customers: gaps, service times */
    uint64_t drawn[2];
    int64_t here, last; /* customers in the station; tick of the last change */
    double area;        /* of customers over ticks */
};

static const double gap = 1e6, rho = 0.9;

static double exponential(struct station *s, int which)
{
    uint64_t i = s->drawn[which]++;

    if (i % BATCH == 0)
        s->draws[which] = sim_draws_at(s->luck[which], i / BATCH);
    return sim_exponential(&s->draws[which]);
}

static void station_handle(struct sim_run *r, const struct sim_msg *m)
{
    struct station *s = r->model;
    int busy;

    s->area += (double)s->here * (double)(r->now - s->last);
    s->last = r->now;
    if (m->kind == ARRIVE) {
        busy = s->here++ > 0;
        sim_send(r, 0, 0, 1 + (int64_t)(gap * exponential(s, ARRIVE)), ARRIVE, 0, 0);
        if (busy)
            return;
    } else if (--s->here == 0) {
        return;
    }
    sim_send(r, 0, 0, 1 + (int64_t)(rho * gap * exponential(s, DEPART)), DEPART, 0, 0);
}

static void bench_station(void)
{
    struct sim_run r;
    struct station s = {.luck = {sim_stream_make(1, 0, sim_hash("station"), 0),
                                 sim_stream_make(1, 0, sim_hash("station"), 1)}};
    const int64_t span = 1000000 * (int64_t)gap; /* about 10^6 customers a block */
    double rate[BLOCKS], events[BLOCKS], begin, used;
    uint64_t customers, handled;

    sim_bug_if(sim_run_init(&r, 1, 1, station_handle, NULL, &s, NULL) != 0);
    sim_send(&r, 0, 0, 1, ARRIVE, 0, 0);
    for (int i = 0; i < BLOCKS; i++) {
        customers = s.drawn[ARRIVE];
        handled = r.handled;
        begin = cpu_s();
        sim_bug_if(sim_run_until(&r, (i + 1) * span, NULL) != 0);
        used = cpu_s() - begin;
        rate[i] = (double)(s.drawn[ARRIVE] - customers) / used;
        events[i] = (double)(r.handled - handled) / used;
    }
    printf("M/M/1, rho 0.9: %.1f M customers/s, %.1f M messages/s; mean in the station %.2f "
           "(theory 9)\n",
           median(rate) / 1e6, median(events) / 1e6, s.area / (double)r.now);
    sim_run_free(&r);
}

/* ---- many actors: all at each day boundary, and PHOLD ---- */

struct actor {
    struct sim_stream luck;
    uint64_t n, sum, spare[4]; /* a cache line */
};

static void actor_near(void *ctx, const struct sim_msg *m)
{
    __builtin_prefetch((struct actor *)ctx + m->dst, 1, 2);
}

static void daily_handle(struct sim_run *r, const struct sim_msg *m)
{
    struct actor *a = (struct actor *)r->model + m->dst;

    a->sum += (uint64_t)r->now;
    if (m->kind == 0) { /* the day begins: three steps within it, and a word to another */
        sim_send(r, m->dst, m->dst, DAY, 0, 0, 0);
        sim_send(r, m->dst, m->dst, 0, 1, 2, 0);
        sim_send(r, m->dst, m->dst, 0, 1, 1, 0);
        sim_send(r, m->dst, (uint32_t)(sim_hash_with(m->dst, a->n++) % r->n_actor), DAY, 1, 3, 0);
    }
}

/* 25 % to another actor, lookahead a tenth of the mean, one message an actor. */
static void phold_handle(struct sim_run *r, const struct sim_msg *m)
{
    struct actor *a = (struct actor *)r->model + m->dst;
    struct sim_draws d = sim_draws_at(a->luck, a->n++);
    uint64_t u = sim_bits(&d);
    uint32_t dst = m->dst;

    if (u >> 62 == 0)
        dst = (uint32_t)((u & UINT32_MAX) * r->n_actor >> 32);
    sim_send(r, m->dst, dst, DAY + (int64_t)(9 * DAY * sim_exponential(&d)), 0, 0, 0);
}

static void bench_actors(const char *what, uint32_t n, sim_handler *handler, int64_t block)
{
    struct sim_run r;
    struct actor *a = malloc(n * sizeof *a);
    double t[BLOCKS], begin;
    uint64_t handled;

    sim_bug_if(a == NULL || sim_run_init(&r, n, DAY, handler, actor_near, a, NULL) != 0);
    for (uint32_t i = 0; i < n; i++) {
        a[i] = (struct actor){.luck = sim_stream_make(1, 0, i, 0)};
        sim_send(&r, i, i, handler == daily_handle ? DAY : 1 + i % DAY, 0, 0, 0);
    }
    sim_bug_if(sim_run_until(&r, block, NULL) != 0);
    for (int i = 0; i < BLOCKS; i++) {
        handled = r.handled;
        begin = cpu_s();
        sim_bug_if(sim_run_until(&r, (i + 2) * block, NULL) != 0);
        t[i] = (cpu_s() - begin) / (double)(r.handled - handled) * 1e9;
    }
    printf("%s, %7u actors: %.1f ns a message\n", what, n, median(t));
    sim_run_free(&r);
    free(a);
}

/* ---- random draws, each at an index of its own ---- */

static double normal_of(const struct sim_dist *d, struct sim_draws *r)
{
    (void)d;
    return sim_normal(r);
}

static double uniform_of(const struct sim_dist *d, struct sim_draws *r)
{
    (void)d;
    return sim_uniform(r);
}

static double exponential_of(const struct sim_dist *d, struct sim_draws *r)
{
    (void)d;
    return sim_exponential(r);
}

static void bench_draw(const char *what,
                       double (*draw)(const struct sim_dist *, struct sim_draws *),
                       const char *dist)
{
    struct sim_stream s = sim_stream_make(1, 0, sim_hash(what), 0);
    struct sim_dist d = {SIM_CONSTANT, {0, 0, 0}};
    const uint64_t n = 1 << 20;
    double t[BLOCKS], begin, sum = 0;
    char why[200];

    sim_bug_if(dist != NULL && sim_dist_parse(&d, dist, why, sizeof why) != 0);
    for (int i = 0; i < BLOCKS; i++) {
        begin = cpu_s();
        for (uint64_t k = 0; k < n; k++) {
            struct sim_draws at = sim_draws_at(s, k);

            sum += draw(&d, &at);
        }
        t[i] = (cpu_s() - begin) / (double)n * 1e9;
    }
    printf("draw %-22s %5.1f ns (mean %.3f)\n", what, median(t), sum / (double)n / BLOCKS);
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

int main(int argc, char **argv)
{
    static const struct {
        size_t pending;
        double wish;
    } hold[] = {{1000, 1.8}, {100000, 4}, {1000000, 10}};
    int64_t *step = malloc(STEPS * sizeof *step);
    int slow = 0;

    sim_bug_if(step == NULL);
    print_load();
    fill_steps(step);
    for (size_t i = 0; i < sizeof hold / sizeof hold[0]; i++)
        slow += bench_hold(hold[i].pending, step) < hold[i].wish;
    free(step);
    if (argc > 1 && strcmp(argv[1], "--ratio") == 0)
        return slow > 0;
    bench_station();
    bench_actors("daily ties", 1000, daily_handle, 100 * DAY);
    bench_actors("daily ties", 100000, daily_handle, DAY);
    bench_actors("PHOLD", 1000, phold_handle, 2000 * DAY);
    bench_actors("PHOLD", 100000, phold_handle, 50 * DAY);
    bench_actors("PHOLD", 1000000, phold_handle, 10 * DAY);
    bench_draw("uniform", uniform_of, NULL);
    bench_draw("exponential", exponential_of, NULL);
    bench_draw("normal", normal_of, NULL);
    bench_draw("lognormal(14,0.6)", sim_dist_draw, "lognormal(14,0.6)");
    bench_draw("gamma(10,0.5)", sim_dist_draw, "gamma(10,0.5)");
    bench_draw("triangular(1,2,4)", sim_dist_draw, "triangular(1,2,4)");
    bench_draw("poisson(5)", sim_dist_draw, "poisson(5)");
    bench_draw("poisson(200)", sim_dist_draw, "poisson(200)");
    print_load();
    return 0;
}
