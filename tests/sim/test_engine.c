#include "sim/engine.h"
#include "sim/heap.h"
#include "sim/rng.h"
#include "tests/dies.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

enum { DAY = 86400, LOG = 64 };

/* ---- a model that writes down what it handles ---- */

struct log {
    struct sim_msg m[LOG];
    int64_t now[LOG];
    size_t n;
};

static void write_down(struct sim_run *r, const struct sim_msg *m)
{
    struct log *l = r->model;

    assert_true(l->n < LOG);
    l->now[l->n] = r->now;
    l->m[l->n++] = *m;
}

static void init(struct sim_run *r, uint32_t n_actor, int64_t lookahead, sim_handler *handler,
                 void *model)
{
    assert_int_equal(sim_run_init(r, n_actor, lookahead, handler, NULL, model, NULL), 0);
}

/* The args of the log as a string of digits. */
static const char *args(const struct log *l, char to[LOG + 1])
{
    for (size_t i = 0; i < l->n; i++)
        to[i] = (char)('0' + l->m[i].arg % 10);
    to[l->n] = '\0';
    return to;
}

static void test_run_until__in_order_of_time(void **state)
{
    struct log l = {.n = 0};
    struct sim_run r;
    char text[LOG + 1];

    (void)state;
    init(&r, 3, 1, write_down, &l);
    sim_send(&r, 0, 0, 300, 7, 0, 3);
    sim_send(&r, 1, 2, 100, 8, 0, 1);
    sim_send(&r, 2, 0, 200, 9, 0, 2);
    assert_int_equal(sim_run_until(&r, INT64_MAX, NULL), 0);
    assert_string_equal(args(&l, text), "123");
    for (int i = 0; i < 3; i++)
        assert_true(l.now[i] == 100 * (i + 1) && l.m[i].tick == l.now[i]);
    assert_true(l.m[0].src == 1 && l.m[0].dst == 2 && l.m[0].kind == 8);
    assert_int_equal(r.handled, 3);
    assert_true(r.now == 300);
    sim_run_free(&r);
}

static void test_run_until__one_tick_by_actor_class_sender_count(void **state)
{
    struct log l = {.n = 0};
    struct sim_run r;
    char text[LOG + 1];

    (void)state;
    init(&r, 4, 1, write_down, &l);
    sim_send(&r, 3, 1, 10, 0, 2, 8);
    sim_send(&r, 3, 1, 10, 0, 1, 6); /* class before sender, */
    sim_send(&r, 2, 1, 10, 0, 1, 4); /* sender before count, */
    sim_send(&r, 2, 1, 10, 0, 1, 5); /* count last */
    sim_send(&r, 0, 1, 10, 0, 2, 7);
    sim_send(&r, 0, 3, 10, 0, 0, 9);
    sim_send(&r, 3, 0, 10, 0, 3, 1);
    sim_send(&r, 1, 1, 10, 0, 0, 3);
    sim_send(&r, 0, 0, 10, 0, 9, 2);
    assert_int_equal(sim_run_until(&r, 10, NULL), 0);
    assert_string_equal(args(&l, text), "123456789");
    sim_run_free(&r);
}

static void test_run_until__stops_at_the_tick_and_goes_on(void **state)
{
    struct log l = {.n = 0};
    struct sim_run r;

    (void)state;
    init(&r, 1, 1, write_down, &l);
    for (int64_t t = 10; t <= 50; t += 10)
        sim_send(&r, 0, 0, t, 0, 0, 0);
    assert_int_equal(sim_run_until(&r, 9, NULL), 0);
    assert_true(l.n == 0 && r.now == 9);
    assert_int_equal(sim_run_until(&r, 30, NULL), 0);
    assert_true(l.n == 3 && r.now == 30);
    assert_int_equal(sim_run_until(&r, 30, NULL), 0);
    assert_int_equal(l.n, 3);
    sim_send(&r, 0, 0, 5, 0, 0, 0); /* counted from where the run stands */
    assert_int_equal(sim_run_until(&r, 39, NULL), 0);
    assert_true(l.n == 4 && l.now[3] == 35 && r.now == 39);
    assert_int_equal(sim_run_until(&r, INT64_MAX, NULL), 0);
    assert_true(l.n == 6 && r.now == 50);
    sim_run_free(&r);
}

/* ---- messages without delay ---- */

/* Arg 2 and 4 wait for actor 1 with classes 2 and 4; arg 1 has class 1 and sends four to itself. */
static void send_at_once(struct sim_run *r, const struct sim_msg *m)
{
    write_down(r, m);
    if (m->arg == 1) {
        sim_send(r, 1, 1, 0, 0, 5, 5);
        sim_send(r, 1, 1, 0, 0, 3, 3);
        sim_send(r, 1, 1, 0, 0, 2, 9); /* class 2 as the waiting one, but from sender 1, not 0 */
        sim_send(r, 1, 1, 0, 0, 0, 0); /* a class that is over already: next */
    }
    if (m->arg == 3)
        sim_send(r, 1, 1, 0, 0, 3, 7);
}

static void test_send__without_delay_takes_its_place_among_those_waiting(void **state)
{
    struct log l = {.n = 0};
    struct sim_run r;
    char text[LOG + 1];

    (void)state;
    init(&r, 3, 1, send_at_once, &l);
    sim_send(&r, 0, 1, 10, 0, 4, 4);
    sim_send(&r, 0, 1, 10, 0, 2, 2);
    sim_send(&r, 0, 1, 10, 0, 1, 1);
    sim_send(&r, 0, 2, 10, 0, 0, 8);
    assert_int_equal(sim_run_until(&r, 10, NULL), 0);
    assert_string_equal(args(&l, text), "102937458");
    sim_run_free(&r);
}

static void countdown(struct sim_run *r, const struct sim_msg *m)
{
    for (uint64_t i = 0; i < m->arg; i++)
        sim_send(r, m->dst, m->dst, 0, 0, (uint8_t)(i % 7), 0);
    *(uint64_t *)r->model += 1;
}

static void test_send__many_without_delay(void **state)
{
    struct sim_run r;
    uint64_t n = 0;

    (void)state;
    init(&r, 2, 1, countdown, &n);
    sim_send(&r, 0, 0, 5, 0, 0, 300000);
    sim_send(&r, 1, 1, 5, 0, 0, 100);
    assert_int_equal(sim_run_until(&r, 5, NULL), 0);
    assert_int_equal(n, 300000 + 100 + 2);
    sim_run_free(&r);
}

/* ---- bugs of a model ---- */

static void ignore(struct sim_run *r, const struct sim_msg *m)
{
    (void)r;
    (void)m;
}

struct bad {
    uint32_t src, dst;
    int64_t delay;
};

static void send_bad(void *ctx)
{
    const struct bad *b = ctx;
    struct sim_run r;

    if (sim_run_init(&r, 3, 100, ignore, NULL, NULL, NULL) != 0)
        return;
    r.now = 1000;
    sim_send(&r, b->src, b->dst, b->delay, 0, 0, 0);
}

static void test_send__what_breaks_the_contract_is_a_bug(void **state)
{
    static struct bad good[] = {{0, 1, 100}, {0, 0, 0}, {2, 2, 99}, {0, 1, INT64_MAX - 1000}};
    static struct bad bad[] = {{0, 1, 99},
                               {0, 1, 0},
                               {0, 0, -1},
                               {0, 1, -1},
                               {3, 0, 100},
                               {0, 3, 100},
                               {0, 1, INT64_MAX - 999},
                               {UINT32_MAX, 0, 100},
                               {0, 0, INT64_MIN}};

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_int_equal(ends_with(send_bad, &good[i]), 0);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_true(is_bug(send_bad, &bad[i]));
}

static void in_the_name_of_another(struct sim_run *r, const struct sim_msg *m)
{
    sim_send(r, m->dst + 1, m->dst, 10, 0, 0, 0);
}

static void run_impostor(void *ctx)
{
    struct sim_run r;

    (void)ctx;
    if (sim_run_init(&r, 2, 1, in_the_name_of_another, NULL, NULL, NULL) != 0)
        return;
    sim_send(&r, 0, 0, 1, 0, 0, 0);
    if (sim_run_until(&r, 1, NULL) != 0)
        return;
}

static void test_send__in_the_name_of_another_actor_is_a_bug(void **state)
{
    (void)state;
    assert_true(is_bug(run_impostor, NULL));
}

/* ---- ends of a run ---- */

static void fail_at_3(struct sim_run *r, const struct sim_msg *m)
{
    *(uint64_t *)r->model += 1;
    if (m->arg == 3) {
        sim_run_fail(r, "stock of %s is %d", "dy-metal", -1);
        sim_run_fail(r, "a second failure");
    }
}

static void test_run_fail__ends_this_run_with_its_text(void **state)
{
    struct sim_err err = SIM_ERR_INIT;
    struct sim_run r;
    uint64_t n = 0;

    (void)state;
    init(&r, 1, 1, fail_at_3, &n);
    r.index = 17;
    for (uint64_t i = 1; i <= 5; i++)
        sim_send(&r, 0, 0, 10, 0, 0, i);
    assert_int_equal(sim_run_until(&r, 100, &err), SIM_ERUN);
    assert_int_equal(n, 3);
    assert_string_equal(err.text, "run 17 at tick 10: stock of dy-metal is -1\n");
    assert_int_equal(sim_run_until(&r, 100, &err), SIM_ERUN);
    assert_int_equal(n, 3);
    assert_string_equal(r.failed, "stock of dy-metal is -1");
    sim_run_free(&r);
    sim_err_free(&err);
}

static void forever(struct sim_run *r, const struct sim_msg *m)
{
    *(uint64_t *)r->model += 1;
    sim_send(r, m->dst, m->dst, (int64_t)m->arg, 0, 0, m->arg);
}

static void test_run_until__an_endless_tick_fails(void **state)
{
    struct sim_err err = SIM_ERR_INIT;
    struct sim_run r;
    uint64_t n = 0;

    (void)state;
    init(&r, 1, 1, forever, &n);
    sim_send(&r, 0, 0, 10, 0, 0, 0);
    assert_int_equal(sim_run_until(&r, 100, &err), SIM_ERUN);
    assert_int_equal(n, 1000000);
    assert_non_null(strstr(err.text, "actor 0 handles more than 1000000 messages at one tick"));
    sim_run_free(&r);
    sim_err_free(&err);
}

static void test_run_until__max_handled(void **state)
{
    struct sim_err err = SIM_ERR_INIT;
    struct sim_run r;
    uint64_t n = 0;

    (void)state;
    init(&r, 1, 1, forever, &n);
    r.max_handled = 500;
    sim_send(&r, 0, 0, 1, 0, 0, 1);
    assert_int_equal(sim_run_until(&r, 500, &err), 0);
    assert_int_equal(n, 500);
    assert_int_equal(sim_run_until(&r, 501, &err), SIM_ERUN);
    assert_int_equal(n, 500);
    assert_non_null(strstr(err.text, "more than 500 messages"));
    sim_run_free(&r);
    sim_err_free(&err);
}

struct stopper {
    volatile int stop;
    int n;
};

static void stop_at_7(struct sim_run *r, const struct sim_msg *m)
{
    struct stopper *s = r->model;

    if (++s->n == 7)
        s->stop = 1;
    sim_send(r, m->dst, m->dst, 1, 0, 0, 0);
}

static void test_run_until__stop_flag(void **state)
{
    struct sim_run r;
    struct stopper s = {0, 0};

    (void)state;
    init(&r, 1, 1, stop_at_7, &s);
    r.stop = &s.stop;
    sim_send(&r, 0, 0, 1, 0, 0, 0);
    assert_int_equal(sim_run_until(&r, 1000, NULL), SIM_ESTOP);
    assert_int_equal(s.n, 7);
    s.stop = 0;
    assert_int_equal(sim_run_until(&r, 20, NULL), 0);
    assert_int_equal(s.n, 20);
    sim_run_free(&r);
}

static void test_run_free__may_be_called_twice(void **state)
{
    struct sim_run r;

    (void)state;
    init(&r, 100, 1, ignore, NULL);
    sim_arena_alloc(&r.arena, 100, 100);
    sim_run_free(&r);
    sim_run_free(&r);
    assert_null(r.queue);
}

/* ---- the same as a plain engine ---- */

/* What a world does is a function of what each actor has seen, so that any other order of one
 * actor's messages changes everything after it. */
struct world {
    uint32_t n_actor;
    int64_t lookahead, day;
    uint64_t seed, handled;
    uint64_t *history; /* [n_actor] hash of all that the actor has handled, in order */
    void *engine;
    void (*send)(void *engine, uint32_t src, uint32_t dst, int64_t delay, uint8_t cls,
                 uint64_t arg);
};

static uint64_t pick(uint64_t *luck, uint64_t n)
{
    *luck = sim_hash_with(*luck, 7);
    return *luck % n;
}

static int64_t some_delay(const struct world *w, int64_t now, uint64_t *luck)
{
    int64_t least = w->lookahead;

    switch (pick(luck, 4)) {
    case 0:
        return least + (int64_t)pick(luck, 3);
    case 1: /* a day boundary: many meet there */
        return least + w->day - (now + least) % w->day;
    case 2:
        return least + (int64_t)pick(luck, (uint64_t)(3 * w->day));
    default:
        return least * (int64_t)(1 + pick(luck, 4));
    }
}

enum { TRAVELS = 1 }; /* in arg: sends one such message on, so that their number stays */

static void world_handle(struct world *w, int64_t now, const struct sim_msg *m)
{
    uint64_t *h = &w->history[m->dst], luck;
    uint32_t dst = m->dst;

    *h = sim_hash_with(sim_hash_with(*h, (uint64_t)now ^ m->arg),
                       (uint64_t)m->src << 32 ^ m->seq ^ (uint64_t)m->cls << 24);
    w->handled++;
    luck = *h ^ w->seed;
    if (m->arg & TRAVELS) {
        if (pick(&luck, 2) == 0)
            dst = (uint32_t)pick(&luck, w->n_actor);
        w->send(w->engine, m->dst, dst, some_delay(w, now, &luck), (uint8_t)pick(&luck, 3),
                luck | TRAVELS);
    }
    for (uint64_t i = pick(&luck, 3) == 0 ? pick(&luck, 3) : 0; i > 0; i--)
        w->send(w->engine, m->dst, m->dst, 0, (uint8_t)pick(&luck, 3), luck & ~(uint64_t)TRAVELS);
}

static void world_init(struct world *w, const struct world *like, uint64_t seed)
{
    uint32_t n_actor = like->n_actor;

    *w = (struct world){
        .n_actor = n_actor, .lookahead = like->lookahead, .day = like->day, .seed = seed};
    w->history = test_calloc(n_actor, sizeof *w->history);
}

/* First messages: `each` from every actor, the senders in an order by `shuffle`. */
static void world_begin(struct world *w, unsigned each, uint64_t shuffle)
{
    uint32_t *turn = test_calloc((size_t)w->n_actor * each, sizeof *turn), n = 0, *sent;

    sent = test_calloc(w->n_actor, sizeof *sent);
    for (unsigned k = 0; k < each; k++) {
        for (uint32_t i = 0; i < w->n_actor; i++)
            turn[n++] = i;
    }
    for (uint32_t i = n; shuffle != 0 && i > 1; i--) {
        uint32_t k = (uint32_t)pick(&shuffle, i), x = turn[i - 1];

        turn[i - 1] = turn[k];
        turn[k] = x;
    }
    for (uint32_t i = 0; i < n; i++) {
        uint64_t luck = sim_hash_with(w->seed, (uint64_t)turn[i] << 20 | sent[turn[i]]++);

        w->send(w->engine, turn[i], (uint32_t)pick(&luck, w->n_actor), some_delay(w, 0, &luck),
                (uint8_t)pick(&luck, 3), luck | TRAVELS);
    }
    test_free(turn);
    test_free(sent);
}

static void run_handle(struct sim_run *r, const struct sim_msg *m)
{
    world_handle(r->model, r->now, m);
}

static void run_send(void *engine, uint32_t src, uint32_t dst, int64_t delay, uint8_t cls,
                     uint64_t arg)
{
    sim_send(engine, src, dst, delay, 0, cls, arg);
}

/* The plain engine: a heap by tick; at a tick all messages are gathered and the first by (actor,
 * class, sender, count) is searched anew each time. */
struct plain {
    struct sim_heap *heap;
    struct sim_msg *at; /* the messages of the tick in hand */
    size_t n, cap;
    int64_t now;
    uint32_t *sent, actor;
    int running;
};

static void plain_add(struct plain *p, const struct sim_msg *m)
{
    if (p->n == p->cap) {
        p->cap = p->cap == 0 ? 16 : 2 * p->cap;
        p->at = realloc(p->at, p->cap * sizeof *p->at);
        assert_non_null(p->at);
    }
    p->at[p->n++] = *m;
}

static void plain_send(void *engine, uint32_t src, uint32_t dst, int64_t delay, uint8_t cls,
                       uint64_t arg)
{
    struct plain *p = engine;
    struct sim_msg m = {.tick = p->now + delay,
                        .arg = arg,
                        .dst = dst,
                        .src = src,
                        .seq = p->sent[src]++,
                        .cls = cls};

    if (p->running && delay == 0)
        plain_add(p, &m);
    else
        sim_heap_push(p->heap, &m);
}

static int plain_order(const void *a, const void *b)
{
    const struct sim_msg *x = a, *y = b;

    if (x->dst != y->dst)
        return x->dst < y->dst ? -1 : 1;
    if (x->cls != y->cls)
        return x->cls < y->cls ? -1 : 1;
    if (x->src != y->src)
        return x->src < y->src ? -1 : 1;
    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

static void plain_run(struct world *w, struct plain *p, int64_t until)
{
    while (sim_heap_first(p->heap) <= until) {
        size_t i = 0;

        p->now = sim_heap_first(p->heap);
        p->n = 0;
        p->running = 1;
        while (sim_heap_first(p->heap) == p->now) {
            struct sim_msg m;

            sim_heap_pop(p->heap, &m);
            plain_add(p, &m);
        }
        qsort(p->at, p->n, sizeof *p->at, plain_order);
        while (i < p->n) {
            struct sim_msg m = p->at[i++];
            size_t before = p->n;

            world_handle(w, p->now, &m);
            if (p->n > before)
                qsort(p->at + i, p->n - i, sizeof *p->at, plain_order);
        }
        p->running = 0;
    }
}

/* Runs the world by the plain engine. Returns the number of messages handled. */
static uint64_t plain_history(const struct world *like, uint64_t seed, unsigned each, int64_t until,
                              uint64_t *history)
{
    struct plain p = {.heap = sim_heap_new(), .sent = test_calloc(like->n_actor, sizeof *p.sent)};
    struct world w;

    world_init(&w, like, seed);
    w.engine = &p;
    w.send = plain_send;
    world_begin(&w, each, 0);
    plain_run(&w, &p, until);
    memcpy(history, w.history, w.n_actor * sizeof *history);
    test_free(w.history);
    test_free(p.sent);
    free(p.at);
    sim_heap_free(p.heap);
    return w.handled;
}

/* The same by the engine, the senders shuffled and the span cut into pieces. */
static void assert_history(const struct world *like, uint64_t seed, unsigned each, int64_t until,
                           int pieces, uint64_t shuffle, const uint64_t *history)
{
    struct sim_run r;
    struct world w;

    world_init(&w, like, seed);
    init(&r, w.n_actor, w.lookahead, run_handle, &w);
    w.engine = &r;
    w.send = run_send;
    world_begin(&w, each, shuffle);
    for (int i = 1; i <= pieces; i++)
        assert_int_equal(sim_run_until(&r, until / pieces * i, NULL), 0);
    assert_int_equal(sim_run_until(&r, until, NULL), 0);
    assert_int_equal(r.handled, w.handled);
    assert_memory_equal(w.history, history, w.n_actor * sizeof *history);
    sim_run_free(&r);
    test_free(w.history);
}

/* Each actor's whole history, over more than 10^6 messages in all. */
static void test_run_until__like_a_plain_engine(void **state)
{
    static const struct {
        struct world w;
        unsigned each;
        int64_t days;
    } table[] = {
        {{.n_actor = 1, .lookahead = 1, .day = 50}, 100, 400},              /* one actor */
        {{.n_actor = 3, .lookahead = 1, .day = 10}, 20, 1600},              /* ties at each tick */
        {{.n_actor = 40, .lookahead = 3600, .day = DAY}, 3, 1000},          /* a supply chain */
        {{.n_actor = 3000, .lookahead = 60, .day = DAY}, 2, 6},             /* radix sort */
        {{.n_actor = 5000, .lookahead = DAY, .day = DAY}, 2, 8},            /* at day boundaries */
        {{.n_actor = 300, .lookahead = 1, .day = INT64_C(1) << 40}, 3, 30}, /* far apart */
    };
    uint64_t total = 0;

    (void)state;
    for (size_t k = 0; k < sizeof table / sizeof table[0]; k++) {
        const struct world *w = &table[k].w;
        uint64_t *history = test_calloc(w->n_actor, sizeof *history);
        int64_t until = table[k].days * w->day;

        for (uint64_t seed = 1; seed <= 2; seed++) {
            total += plain_history(w, seed, table[k].each, until, history);
            assert_history(w, seed, table[k].each, until, 1, 0, history);
            assert_history(w, seed, table[k].each, until, 37, seed + 99, history);
        }
        test_free(history);
    }
    assert_true(total > 1000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_run_until__in_order_of_time),
        cmocka_unit_test(test_run_until__one_tick_by_actor_class_sender_count),
        cmocka_unit_test(test_run_until__stops_at_the_tick_and_goes_on),
        cmocka_unit_test(test_send__without_delay_takes_its_place_among_those_waiting),
        cmocka_unit_test(test_send__many_without_delay),
        cmocka_unit_test(test_send__what_breaks_the_contract_is_a_bug),
        cmocka_unit_test(test_send__in_the_name_of_another_actor_is_a_bug),
        cmocka_unit_test(test_run_fail__ends_this_run_with_its_text),
        cmocka_unit_test(test_run_until__an_endless_tick_fails),
        cmocka_unit_test(test_run_until__max_handled),
        cmocka_unit_test(test_run_until__stop_flag),
        cmocka_unit_test(test_run_free__may_be_called_twice),
        cmocka_unit_test(test_run_until__like_a_plain_engine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
