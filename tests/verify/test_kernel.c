/* The kernel alone against queueing theory: a source and stations as actors that send each other
 * customers. A mean service is 10^6 ticks, a message takes one tick; time in the tables is in mean
 * services.
 *
 * 13 comparisons at 4 standard errors: a right program fails one with probability 0.4 % if the
 * seeds are drawn anew (theory.h); the seeds are fixed. */
#include "tests/verify/theory.h"

#include "sim/engine.h"

enum { UNIT = 1000000, STATIONS = 2, ARRIVE = 0, SERVED = 1, NEXT = 2 };

struct station {
    int64_t servers, busy;
    double mean;                /* service */
    int next;                   /* station, or 0 = leave */
    uint32_t *wait, head, tail; /* customers, first come first */
    int64_t *came;              /* [n] ticks */
    /* records, of customers from `skip` on, times from `begin` on, in ticks */
    double waits, waited, waited_2, stays, stayed_10, left;
    int64_t begin, last;
    double area, area_5, busy_time, busy_starts;
};

struct shop {
    uint32_t n, skip; /* customers, of which the first `skip` are not recorded */
    double rate;
    struct station at[STATIONS + 1]; /* from 1 */
};

static struct sim_draws draws(const struct sim_run *r, const char *name, int station, uint32_t k)
{
    return sim_draws_at(
        sim_stream_make(r->seed, r->index, sim_hash_with(sim_hash(name), (uint64_t)station), 1), k);
}

static int64_t in_system(const struct station *s)
{
    return s->busy + (s->tail - s->head);
}

static void count(struct station *s, int64_t now)
{
    if (s->begin >= 0) {
        double dt = (double)(now - s->last);

        s->area += dt * (double)in_system(s);
        s->area_5 += in_system(s) >= 5 ? dt : 0;
        s->busy_time += in_system(s) > 0 ? dt : 0;
    }
    s->last = now;
}

static void serve(struct sim_run *r, uint32_t station)
{
    struct shop *shop = r->model;
    struct station *s = &shop->at[station];

    while (s->busy < s->servers && s->head != s->tail) {
        uint32_t k = s->wait[s->head++];
        struct sim_draws d = draws(r, "service", (int)station, k);
        double w = (double)(r->now - s->came[k]) / UNIT;

        if (k >= shop->skip) {
            s->waits += w;
            s->waited += w > 0;
            s->waited_2 += w > 2;
        }
        s->busy++;
        sim_send(r, station, station, llround(s->mean * UNIT * sim_exponential(&d)), SERVED, 0, k);
    }
}

static void arrive(struct sim_run *r, uint32_t station, uint32_t k)
{
    struct shop *shop = r->model;
    struct station *s = &shop->at[station];

    if (s->begin < 0 && k >= shop->skip)
        s->begin = s->last = r->now;
    count(s, r->now);
    s->busy_starts += s->begin >= 0 && in_system(s) == 0;
    s->came[k] = r->now;
    s->wait[s->tail++] = k;
    serve(r, station);
}

static void leave(struct sim_run *r, uint32_t station, uint32_t k)
{
    struct shop *shop = r->model;
    struct station *s = &shop->at[station];
    double stay = (double)(r->now - s->came[k]) / UNIT;

    count(s, r->now);
    s->busy--;
    if (k >= shop->skip) {
        s->left++;
        s->stays += stay;
        s->stayed_10 += stay > 10;
    }
    if (s->next)
        sim_send(r, station, (uint32_t)s->next, 1, ARRIVE, 0, k);
    serve(r, station);
}

static void handle(struct sim_run *r, const struct sim_msg *m)
{
    struct shop *shop = r->model;
    uint32_t k = (uint32_t)m->arg;

    if (m->kind == NEXT) {
        struct sim_draws d = draws(r, "customer", 0, k);

        sim_send(r, 0, 1, 1, ARRIVE, 0, k);
        if (k + 1 < shop->n)
            sim_send(r, 0, 0, llround(sim_exponential(&d) / shop->rate * UNIT), NEXT, 0, k + 1);
    } else if (m->kind == ARRIVE) {
        arrive(r, m->dst, k);
    } else {
        leave(r, m->dst, k);
    }
}

/* One run until every customer has left. */
static void run_shop(struct shop *shop, uint32_t index, uint64_t seed)
{
    struct sim_run r;
    struct sim_err err = SIM_ERR_INIT;

    assert_int_equal(sim_run_init(&r, STATIONS + 1, 1, handle, NULL, shop, &err), 0);
    r.seed = seed;
    r.index = index;
    for (int i = 1; i <= STATIONS; i++) {
        struct station *s = &shop->at[i];

        s->begin = -1;
        s->wait = sim_arena_alloc(&r.arena, shop->n, sizeof *s->wait);
        s->came = sim_arena_alloc(&r.arena, shop->n, sizeof *s->came);
    }
    sim_send(&r, 0, 0, 0, NEXT, 0, 0);
    assert_int_equal(sim_run_until(&r, INT64_MAX, &err), 0);
    assert_true(shop->at[1].left == (double)(shop->n - shop->skip));
    sim_run_free(&r);
    sim_err_free(&err);
}

static void test_kernel__mm1(void **state)
{
    double L[RUNS], Lq[RUNS], W[RUNS], Wq[RUNS], W10[RUNS], N5[RUNS], busy[RUNS];
    int faults = 0;

    (void)state;
    for (uint32_t k = 0; k < RUNS; k++) {
        struct shop shop = {
            .n = 202000, .skip = 2000, .rate = 0.8, .at[1] = {.servers = 1, .mean = 1}};
        const struct station *s = &shop.at[1];
        double time;

        run_shop(&shop, k, 401);
        time = (double)(s->last - s->begin);
        L[k] = s->area / time;
        Lq[k] = (s->area - s->busy_time) / time;
        W[k] = s->stays / s->left;
        Wq[k] = s->waits / s->left;
        W10[k] = s->stayed_10 / s->left;
        N5[k] = s->area_5 / time;
        busy[k] = s->busy_time / UNIT / s->busy_starts;
    }
    theory_exact(&faults, "M/M/1 lambda=0.8: L", L, 0.006);
    theory_exact(&faults, "M/M/1 lambda=0.8: Lq", Lq, 0.008);
    theory_exact(&faults, "M/M/1 lambda=0.8: W", W, 0.006);
    theory_exact(&faults, "M/M/1 lambda=0.8: Wq", Wq, 0.007);
    theory_exact(&faults, "M/M/1 lambda=0.8: P(W>10)", W10, 0.012);
    theory_exact(&faults, "M/M/1 lambda=0.8: P(N>=5)", N5, 0.007);
    theory_exact(&faults, "M/M/1 lambda=0.8: mean busy period", busy, 0.006);
    assert_int_equal(faults, 0);
}

static void test_kernel__mm3(void **state)
{
    double L[RUNS], W[RUNS], Wq[RUNS], P0[RUNS], P2[RUNS];
    int faults = 0;

    (void)state;
    for (uint32_t k = 0; k < RUNS; k++) {
        struct shop shop = {
            .n = 202000, .skip = 2000, .rate = 2.5, .at[1] = {.servers = 3, .mean = 1}};
        const struct station *s = &shop.at[1];

        run_shop(&shop, k, 402);
        L[k] = s->area / (double)(s->last - s->begin);
        W[k] = s->stays / s->left;
        Wq[k] = s->waits / s->left;
        P0[k] = s->waited / s->left;
        P2[k] = s->waited_2 / s->left;
    }
    theory_exact(&faults, "M/M/3 lambda=2.5: L", L, 0.006);
    theory_exact(&faults, "M/M/3 lambda=2.5: W", W, 0.006);
    theory_exact(&faults, "M/M/3 lambda=2.5: Wq", Wq, 0.01);
    theory_exact(&faults, "M/M/3 lambda=2.5: P(wait)", P0, 0.002);
    theory_exact(&faults, "M/M/3 lambda=2.5: P(Wq>2)", P2, 0.01);
    assert_int_equal(faults, 0);
}

static void test_kernel__tandem(void **state)
{
    double W[RUNS];
    int faults = 0;

    (void)state;
    for (uint32_t k = 0; k < RUNS; k++) {
        struct shop shop = {.n = 101000,
                            .skip = 1000,
                            .rate = 0.6,
                            .at[1] = {.servers = 1, .mean = 1, .next = 2},
                            .at[2] = {.servers = 1, .mean = 1 / 0.9}};

        run_shop(&shop, k, 403);
        W[k] = (shop.at[1].stays + shop.at[2].stays) / shop.at[1].left;
    }
    theory_exact(&faults, "tandem lambda=0.6 mu=1,0.9: time in system", W, 0.005);
    assert_int_equal(faults, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kernel__mm1),
        cmocka_unit_test(test_kernel__mm3),
        cmocka_unit_test(test_kernel__tandem),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
