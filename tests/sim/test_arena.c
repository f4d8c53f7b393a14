#include "sim/arena.h"
#include "tests/dies.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static int is_zero(const unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i] != 0)
            return 0;
    }
    return 1;
}

static void test_arena_alloc__zeroed_aligned_and_apart(void **state)
{
    static const size_t size[] = {1, 3, 16, 17, 63, 64, 65, 100, 4000, 5000, 70000, 3000000};
    enum { N = 600 };
    struct sim_arena a = {0};
    unsigned char *p[N];
    size_t sum = 0;

    (void)state;
    for (int i = 0; i < N; i++) {
        size_t n = size[i * 7 % (i % 50 == 0 ? 12 : 10)];

        p[i] = sim_arena_alloc(&a, 1, n);
        assert_int_equal((uintptr_t)p[i] % (n >= 64 ? 64 : 16), 0);
        assert_true(is_zero(p[i], n));
        memset(p[i], i % 251, n);
        sum += n;
    }
    assert_int_equal(a.used, sum);
    assert_true(a.held >= a.used && a.held < 2 * a.used);
    for (int i = 0; i < N; i++) {
        size_t n = size[i * 7 % (i % 50 == 0 ? 12 : 10)];

        assert_int_equal(p[i][0], i % 251);
        assert_int_equal(p[i][n - 1], i % 251);
    }
    sim_arena_free(&a);
}

static void test_arena_alloc__a_small_run_stays_small(void **state)
{
    struct sim_arena a = {0};

    (void)state;
    sim_arena_alloc(&a, 10, 8);
    assert_true(a.held <= 8192);
    sim_arena_free(&a);
}

static void test_arena_alloc__many_small_requests_waste_little(void **state)
{
    struct sim_arena a = {0};

    (void)state;
    for (int i = 0; i < 100000; i++)
        sim_arena_alloc(&a, 4, 8);
    assert_int_equal(a.used, 3200000);
    assert_true(a.held < 2 * a.used);
    sim_arena_free(&a);
}

static void test_arena_alloc__nothing_is_a_valid_pointer(void **state)
{
    struct sim_arena a = {0};

    (void)state;
    assert_non_null(sim_arena_alloc(&a, 0, 8));
    assert_non_null(sim_arena_alloc(&a, 8, 0));
    assert_non_null(sim_arena_alloc(&a, SIZE_MAX, 0));
    assert_int_equal(a.used, 0);
    sim_arena_free(&a);
}

static void test_arena_copy__ends_with_a_nul(void **state)
{
    struct sim_arena a = {0};
    char *s = sim_arena_copy(&a, "lodestone", 4);

    (void)state;
    assert_string_equal(s, "lode");
    assert_string_equal(sim_arena_copy(&a, NULL, 0), "");
    assert_memory_equal(sim_arena_copy(&a, "a\0b", 3), "a\0b\0", 4);
    sim_arena_free(&a);
}

static void test_arena_free__may_be_called_twice(void **state)
{
    struct sim_arena a = {0};

    (void)state;
    sim_arena_alloc(&a, 1000, 1000);
    sim_arena_free(&a);
    sim_arena_free(&a);
    assert_int_equal(a.used, 0);
    assert_int_equal(a.held, 0);
    assert_null(a.head);
}

struct thing {
    uint64_t a, b, c;
};

static void test_pool_take__zeroed_and_never_id_0(void **state)
{
    enum { N = 5000 };
    struct sim_arena a = {0};
    struct sim_pool p;

    (void)state;
    sim_pool_init(&p, &a, sizeof(struct thing));
    for (uint32_t i = 0; i < N; i++) {
        uint32_t id = sim_pool_take(&p);
        struct thing *t = sim_pool_at(&p, id);

        assert_true(id > 0);
        assert_true(t->a == 0 && t->b == 0 && t->c == 0);
        *t = (struct thing){id, id, id};
    }
    assert_int_equal(p.live, N);
    for (uint32_t id = 1; id <= N; id++) { /* none moved, none was handed out twice */
        const struct thing *t = sim_pool_at(&p, id);

        assert_true(t->a == id && t->b == id && t->c == id);
    }
    sim_arena_free(&a);
}

static void test_pool_give__ids_come_again_zeroed(void **state)
{
    struct sim_arena a = {0};
    struct sim_pool p;
    uint32_t id[3000];
    size_t held;

    (void)state;
    sim_pool_init(&p, &a, sizeof(struct thing));
    for (int i = 0; i < 3000; i++)
        id[i] = sim_pool_take(&p);
    held = a.held;
    for (int round = 0; round < 50; round++) {
        for (int i = round % 3; i < 3000; i += 3) {
            memset(sim_pool_at(&p, id[i]), 0xff, sizeof(struct thing));
            sim_pool_give(&p, id[i]);
        }
        assert_int_equal(p.live, 2000);
        for (int i = round % 3; i < 3000; i += 3) {
            id[i] = sim_pool_take(&p);
            assert_true(is_zero(sim_pool_at(&p, id[i]), sizeof(struct thing)));
        }
    }
    assert_int_equal(p.live, 3000);
    assert_int_equal(p.next, 3001);
    assert_int_equal(a.held, held);
    sim_arena_free(&a);
}

static void test_pool_init__objects_of_4_bytes(void **state)
{
    struct sim_arena a = {0};
    struct sim_pool p;
    uint32_t first, second;

    (void)state;
    sim_pool_init(&p, &a, 4);
    first = sim_pool_take(&p);
    second = sim_pool_take(&p);
    *(uint32_t *)sim_pool_at(&p, first) = 7;
    sim_pool_give(&p, second);
    sim_pool_give(&p, first);
    assert_int_equal(sim_pool_take(&p), first);
    assert_int_equal(*(uint32_t *)sim_pool_at(&p, first), 0);
    assert_int_equal(sim_pool_take(&p), second);
    sim_arena_free(&a);
}

static void give_0(void *ctx)
{
    sim_pool_give(ctx, 0);
}

static void give_unknown(void *ctx)
{
    sim_pool_give(ctx, 2);
}

static void give_twice(void *ctx)
{
    sim_pool_give(ctx, 1);
    sim_pool_give(ctx, 1);
}

static void test_pool_give__what_was_not_taken_is_a_bug(void **state)
{
    struct sim_arena a = {0};
    struct sim_pool p;

    (void)state;
    sim_pool_init(&p, &a, 8);
    sim_pool_take(&p);
    assert_true(is_bug(give_0, &p));
    assert_true(is_bug(give_unknown, &p));
    assert_true(ends_with(give_twice, &p) != 0);
    sim_arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena_alloc__zeroed_aligned_and_apart),
        cmocka_unit_test(test_arena_alloc__a_small_run_stays_small),
        cmocka_unit_test(test_arena_alloc__many_small_requests_waste_little),
        cmocka_unit_test(test_arena_alloc__nothing_is_a_valid_pointer),
        cmocka_unit_test(test_arena_copy__ends_with_a_nul),
        cmocka_unit_test(test_arena_free__may_be_called_twice),
        cmocka_unit_test(test_pool_take__zeroed_and_never_id_0),
        cmocka_unit_test(test_pool_give__ids_come_again_zeroed),
        cmocka_unit_test(test_pool_init__objects_of_4_bytes),
        cmocka_unit_test(test_pool_give__what_was_not_taken_is_a_bug),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
