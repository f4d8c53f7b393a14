#include "sim/heap.h"
#include "sim/rng.h"
#include "tests/dies.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

enum { DAY = 86400 };

static struct sim_msg message(int64_t tick, uint64_t arg)
{
    return (struct sim_msg){.tick = tick, .arg = arg};
}

static void push(struct sim_queue *q, int64_t tick, uint64_t arg)
{
    struct sim_msg m = message(tick, arg);

    sim_queue_push(q, &m);
}

static void assert_pops(struct sim_queue *q, int64_t tick, uint64_t arg)
{
    struct sim_msg m;

    assert_int_equal(sim_queue_pop(q, &m), 1);
    assert_int_equal(m.tick, tick);
    assert_int_equal(m.arg, arg);
}

static void test_queue_new__is_empty_and_small(void **state)
{
    struct sim_queue *q = sim_queue_new(NULL, NULL);
    struct sim_msg m;

    (void)state;
    assert_int_equal(sim_queue_pop(q, &m), 0);
    assert_int_equal(sim_queue_pop(q, &m), 0);
    assert_true(sim_queue_first(q) == INT64_MAX);
    assert_int_equal(sim_queue_size(q), 0);
    assert_true(sim_queue_bytes(q) < 64 * 1024);
    sim_queue_free(q);
    sim_queue_free(NULL);
}

static void test_queue_pop__gives_back_every_field(void **state)
{
    struct sim_queue *q = sim_queue_new(NULL, NULL);
    struct sim_msg in = {.tick = 7,
                         .arg = UINT64_MAX - 1,
                         .dst = UINT32_MAX - 2,
                         .src = UINT32_MAX - 3,
                         .seq = UINT32_MAX - 4,
                         .kind = UINT16_MAX - 5,
                         .cls = UINT8_MAX - 6};
    struct sim_msg out;

    (void)state;
    sim_queue_push(q, &in);
    assert_int_equal(sim_queue_pop(q, &out), 1);
    assert_memory_equal(&in, &out, sizeof in);
    sim_queue_free(q);
}

static void test_queue_pop__ties_come_out_in_push_order(void **state)
{
    static const uint64_t many[] = {2, 31, 32, 193, 5000};

    (void)state;
    for (size_t k = 0; k < sizeof many / sizeof many[0]; k++) {
        struct sim_queue *q = sim_queue_new(NULL, NULL);

        for (uint64_t i = 0; i < many[k]; i++) {
            push(q, 90000, i);
            push(q, 90000 + 70000, i);
        }
        for (uint64_t i = 0; i < many[k]; i++) {
            assert_pops(q, 90000, i);
            push(q, 90000, many[k] + i); /* to the tick in hand: behind the others */
        }
        for (uint64_t i = 0; i < many[k]; i++)
            assert_pops(q, 90000, many[k] + i);
        for (uint64_t i = 0; i < many[k]; i++)
            assert_pops(q, 160000, i);
        assert_int_equal(sim_queue_size(q), 0);
        sim_queue_free(q);
    }
}

static void test_queue_pop__far_ticks_are_in_order(void **state)
{
    struct sim_queue *q = sim_queue_new(NULL, NULL);

    (void)state;
    push(q, INT64_MAX, 1);
    push(q, INT64_MAX - 1, 0);
    for (int b = 62; b >= 2; b--) {
        push(q, (INT64_C(1) << b) + 1, (uint64_t)b);
        push(q, INT64_C(1) << b, (uint64_t)b);
    }
    push(q, INT64_MAX, 2);
    push(q, 0, 99);
    assert_pops(q, 0, 99);
    for (int b = 2; b <= 62; b++) {
        assert_pops(q, INT64_C(1) << b, (uint64_t)b);
        assert_pops(q, (INT64_C(1) << b) + 1, (uint64_t)b);
    }
    assert_pops(q, INT64_MAX - 1, 0);
    push(q, INT64_MAX, 3);
    assert_pops(q, INT64_MAX, 1);
    push(q, INT64_MAX, 4);
    for (uint64_t i = 2; i <= 4; i++)
        assert_pops(q, INT64_MAX, i);
    sim_queue_free(q);
}

static void test_queue_push__into_the_last_stretch_of_time(void **state)
{
    struct sim_queue *q = sim_queue_new(NULL, NULL);
    const int64_t late = INT64_C(127) << 56;

    (void)state;
    for (int64_t i = 0; i < 12; i++)
        push(q, late + 1000 * i, (uint64_t)i);
    assert_pops(q, late, 0);
    push(q, late + 500, 99);
    assert_pops(q, late + 500, 99);
    assert_pops(q, late + 1000, 1);
    sim_queue_free(q);
}

static void test_queue_first__changes_nothing(void **state)
{
    struct sim_queue *q = sim_queue_new(NULL, NULL);

    (void)state;
    push(q, 5, 0);
    assert_pops(q, 5, 0);
    for (uint64_t i = 0; i < 100; i++)
        push(q, 1000000 + (int64_t)(i * 7919 % 100), i);
    assert_int_equal(sim_queue_first(q), 1000000);
    push(q, 300, 1); /* earlier than what was seen, and lawful */
    assert_int_equal(sim_queue_first(q), 300);
    push(q, 5, 2);
    assert_int_equal(sim_queue_first(q), 5);
    assert_pops(q, 5, 2);
    assert_pops(q, 300, 1);
    for (int64_t t = 1000000; t < 1000100; t++) {
        struct sim_msg m;

        assert_int_equal(sim_queue_first(q), t);
        assert_int_equal(sim_queue_pop(q, &m), 1);
        assert_int_equal(m.tick, t);
    }
    sim_queue_free(q);
}

static void test_queue_take__one_tick_at_a_time_and_none_after_limit(void **state)
{
    struct sim_queue *q = sim_queue_new(NULL, NULL);
    struct sim_msg to[64];

    (void)state;
    for (uint64_t i = 0; i < 100; i++) {
        push(q, 50, i);
        push(q, 51, i);
        push(q, 70000, i);
    }
    assert_int_equal(sim_queue_take(q, 49, to, 64), 0);
    assert_int_equal(sim_queue_take(q, 1000, to, 64), 64);
    assert_int_equal(to[63].arg, 63);
    assert_int_equal(sim_queue_take(q, 50, to, 64), 36);
    assert_int_equal(to[0].arg, 64);
    assert_int_equal(to[35].tick, 50);
    assert_int_equal(sim_queue_take(q, 50, to, 64), 0);
    push(q, 50, 1);
    assert_int_equal(sim_queue_take(q, 50, to, 64), 1);
    assert_int_equal(sim_queue_take(q, 69999, to, 64), 64);
    assert_int_equal(sim_queue_take(q, 69999, to, 64), 36);
    assert_int_equal(sim_queue_take(q, 69999, to, 64), 0);
    push(q, 69999, 7);
    assert_int_equal(sim_queue_take(q, INT64_MAX, to, 64), 1);
    assert_int_equal(to[0].arg, 7);
    assert_int_equal(sim_queue_take(q, INT64_MAX, to, 1), 1);
    assert_int_equal(to[0].tick, 70000);
    assert_int_equal(sim_queue_size(q), 99);
    sim_queue_free(q);
}

static uint64_t next(uint64_t *s)
{
    *s = sim_hash_with(*s, 1);
    return *s;
}

/* Delays of all kinds: none, ties, short, days, far. */
static int64_t some_delay(uint64_t *s)
{
    switch (next(s) % 8) {
    case 0:
        return 0;
    case 1:
        return (int64_t)(next(s) % 3);
    case 2:
        return (int64_t)(next(s) % 300);
    case 3:
        return (int64_t)(next(s) % 70000);
    case 4:
        return DAY * (int64_t)(next(s) % 30);
    case 5:
        return (int64_t)(next(s) % (UINT64_C(1) << 33));
    case 6:
        return 259200 / (int64_t)(1 + next(s) % 1000);
    default:
        return (int64_t)(next(s) % 20000000);
    }
}

struct pair {
    struct sim_queue *q;
    struct sim_heap *h;
    uint64_t id, luck;
    int64_t now;
};

static void push_both(struct pair *p, int64_t delay)
{
    struct sim_msg m = message(p->now + delay, p->id++);

    sim_queue_push(p->q, &m);
    sim_heap_push(p->h, &m);
}

static void assert_same_pop(struct pair *p)
{
    struct sim_msg m, n;
    int got = sim_heap_pop(p->h, &n);

    if (sim_queue_pop(p->q, &m) != got || (got && (m.tick != n.tick || m.arg != n.arg)))
        fail_msg("queue: %lld #%llu, heap: %lld #%llu", (long long)m.tick,
                 (unsigned long long)m.arg, (long long)n.tick, (unsigned long long)n.arg);
    if (got)
        p->now = m.tick;
}

/* Takes up to a limit from both; afterwards it is `limit`. */
static void assert_same_take(struct pair *p, int64_t limit)
{
    struct sim_msg to[16], n;
    size_t got;

    while ((got = sim_queue_take(p->q, limit, to, 1 + next(&p->luck) % 16)) > 0) {
        for (size_t i = 0; i < got; i++) {
            assert_int_equal(sim_heap_pop(p->h, &n), 1);
            assert_true(to[i].tick == n.tick && to[i].arg == n.arg);
            assert_true(to[i].tick == to[0].tick);
        }
    }
    assert_true(sim_heap_first(p->h) > limit);
    p->now = limit;
}

/* Random operations, some in bursts; `pushes` of 100 are pushes, so that above 50 the queue grows.
 */
static void assert_like_heap(uint64_t seed, int ops, unsigned pushes)
{
    struct pair p = {sim_queue_new(NULL, NULL), sim_heap_new(), 0, seed, 0};

    for (int i = 0; i < ops; i++) {
        uint64_t burst = next(&p.luck) % 200 == 0 ? next(&p.luck) % 700 : 1;
        uint64_t op = next(&p.luck) % 100;
        int64_t delay = some_delay(&p.luck);

        if (op < pushes) {
            while (burst-- > 0)
                push_both(&p, delay + (burst % 8 == 7));
        } else if (op < 97) {
            while (burst-- > 0)
                assert_same_pop(&p);
        } else if (op == 97) {
            assert_same_take(&p, p.now + some_delay(&p.luck) % 100000);
        } else {
            assert_true(sim_queue_first(p.q) == sim_heap_first(p.h));
        }
        assert_int_equal(sim_queue_size(p.q), sim_heap_size(p.h));
    }
    while (sim_heap_size(p.h) > 0)
        assert_same_pop(&p);
    assert_same_pop(&p);
    sim_queue_free(p.q);
    sim_heap_free(p.h);
}

static void test_queue__like_a_heap_when_it_grows(void **state)
{
    (void)state;
    assert_like_heap(1, 300000, 60);
}

static void test_queue__like_a_heap_when_it_stays_small(void **state)
{
    (void)state;
    for (uint64_t seed = 2; seed < 12; seed++)
        assert_like_heap(seed, 30000, 47);
}

/* The hold model at sizes that fill the slots of each level otherwise. */
static void test_queue__like_a_heap_in_steady_state(void **state)
{
    static const int64_t mean[] = {3, 300, 20000, 259200, INT64_C(1) << 40};

    (void)state;
    for (size_t k = 0; k < 15; k++) {
        struct pair p = {sim_queue_new(NULL, NULL), sim_heap_new(), 0, k, 0};
        int n = k % 3 == 0 ? 20 : k % 3 == 1 ? 700 : 9000;

        for (int i = 0; i < n; i++)
            push_both(&p, (int64_t)(next(&p.luck) % (uint64_t)mean[k / 3]));
        for (int i = 0; i < 30000; i++) {
            assert_same_pop(&p);
            push_both(&p, (int64_t)(next(&p.luck) % (uint64_t)(2 * mean[k / 3])));
        }
        sim_queue_free(p.q);
        sim_heap_free(p.h);
    }
}

/* Many pushes into the stretch that is being popped. */
static void test_queue__like_a_heap_when_crowded(void **state)
{
    (void)state;
    for (uint64_t k = 0; k < 6; k++) {
        struct pair p = {sim_queue_new(NULL, NULL), sim_heap_new(), 0, k, 1000000};

        for (int i = 0; i < 1000; i++)
            push_both(&p, (int64_t)(next(&p.luck) % (UINT64_C(256) << 4 * k)));
        assert_same_pop(&p);
        for (int i = 0; i < 3000; i++)
            push_both(&p, (int64_t)(next(&p.luck) % (UINT64_C(16) << 4 * k)));
        while (sim_heap_size(p.h) > 0)
            assert_same_pop(&p);
        sim_queue_free(p.q);
        sim_heap_free(p.h);
    }
}

static void test_queue_bytes__stay_when_nothing_is_added(void **state)
{
    struct sim_queue *q = sim_queue_new(NULL, NULL);
    struct sim_msg m;
    uint64_t luck = 5;
    size_t bytes;

    (void)state;
    for (uint64_t i = 0; i < 1000; i++)
        push(q, (int64_t)(next(&luck) % 500000), i);
    for (int i = 0; i < 50000; i++) {
        assert_int_equal(sim_queue_pop(q, &m), 1);
        push(q, m.tick + (int64_t)(next(&luck) % 500000), 0);
    }
    bytes = sim_queue_bytes(q);
    for (int i = 0; i < 200000; i++) {
        assert_int_equal(sim_queue_pop(q, &m), 1);
        push(q, m.tick + (int64_t)(next(&luck) % 500000), 0);
    }
    assert_true(sim_queue_bytes(q) <= 2 * bytes);
    sim_queue_free(q);
}

static void test_queue_bytes__under_40_a_message_when_many(void **state)
{
    struct sim_queue *q = sim_queue_new(NULL, NULL);
    uint64_t luck = 5;

    (void)state;
    for (uint64_t i = 0; i < 1000000; i++)
        push(q, (int64_t)(next(&luck) % 500000), i);
    assert_true(sim_queue_bytes(q) < 40 * 1000000);
    sim_queue_free(q);
}

struct calls {
    unsigned char seen[100000];
    size_t n;
};

static void note(void *ctx, const struct sim_msg *m)
{
    struct calls *c = ctx;

    c->seen[m->arg] = 1;
    c->n++;
}

static void test_queue_new__prefetch_sees_each_message_before_it_is_popped(void **state)
{
    static const uint64_t span[] = {1, 200, 100000, 1000000000};

    (void)state;
    for (size_t k = 0; k < 4; k++) {
        struct calls *c = test_calloc(1, sizeof *c);
        struct sim_queue *q = sim_queue_new(note, c);
        struct sim_msg m;
        uint64_t luck = k;
        const size_t n = sizeof c->seen;

        for (uint64_t i = 0; i < n / 2; i++)
            push(q, (int64_t)(next(&luck) % span[k]), i);
        for (uint64_t i = n / 2; sim_queue_pop(q, &m); i++) {
            assert_int_equal(c->seen[m.arg], 1);
            if (i < n)
                push(q, m.tick + (int64_t)(next(&luck) % span[k]), i);
        }
        assert_true(c->n >= n && c->n <= 2 * n);
        sim_queue_free(q);
        test_free(c);
    }
}

static void push_into_the_past(void *ctx)
{
    push(ctx, 99, 0);
}

static void test_queue_push__into_the_past_is_a_bug(void **state)
{
    struct sim_queue *q = sim_queue_new(NULL, NULL);
    struct sim_msg m;

    (void)state;
    push(q, 100, 0);
    assert_false(is_bug(push_into_the_past, q));
    assert_pops(q, 100, 0);
    assert_true(is_bug(push_into_the_past, q));
    push(q, 100, 0);
    sim_queue_free(q);

    q = sim_queue_new(NULL, NULL);
    push(q, 1000, 0);
    assert_int_equal(sim_queue_take(q, 99, &m, 1), 0);
    assert_false(is_bug(push_into_the_past, q));
    assert_int_equal(sim_queue_take(q, 100, &m, 1), 0);
    assert_true(is_bug(push_into_the_past, q));
    sim_queue_free(q);

    q = sim_queue_new(NULL, NULL);
    push(q, INT64_MAX, 0);
    assert_int_equal(sim_queue_take(q, INT64_MAX, &m, 1), 1);
    assert_true(is_bug(push_into_the_past, q));
    sim_queue_free(q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queue_new__is_empty_and_small),
        cmocka_unit_test(test_queue_pop__gives_back_every_field),
        cmocka_unit_test(test_queue_pop__ties_come_out_in_push_order),
        cmocka_unit_test(test_queue_pop__far_ticks_are_in_order),
        cmocka_unit_test(test_queue_push__into_the_last_stretch_of_time),
        cmocka_unit_test(test_queue_first__changes_nothing),
        cmocka_unit_test(test_queue_take__one_tick_at_a_time_and_none_after_limit),
        cmocka_unit_test(test_queue__like_a_heap_when_it_grows),
        cmocka_unit_test(test_queue__like_a_heap_when_it_stays_small),
        cmocka_unit_test(test_queue__like_a_heap_in_steady_state),
        cmocka_unit_test(test_queue__like_a_heap_when_crowded),
        cmocka_unit_test(test_queue_bytes__stay_when_nothing_is_added),
        cmocka_unit_test(test_queue_bytes__under_40_a_message_when_many),
        cmocka_unit_test(test_queue_new__prefetch_sees_each_message_before_it_is_popped),
        cmocka_unit_test(test_queue_push__into_the_past_is_a_bug),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
