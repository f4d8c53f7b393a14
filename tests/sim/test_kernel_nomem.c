#include "sim/batch.h"
#include "sim/engine.h"
#include "sim/heap.h"
#include "sim/result.h"
#include "tests/dies.h"
#include "tests/nomem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static void test_err_add__without_memory_counts_the_line(void **state)
{
    struct sim_err err = SIM_ERR_INIT;
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);

    (void)state;
    assert_non_null(f);
    nomem_at = 1;
    assert_int_equal(sim_err_add(&err, SIM_EIO, "lost"), SIM_EIO);
    assert_int_equal(nomem_at, 0);
    assert_int_equal(sim_err_add(&err, SIM_EINPUT, "kept"), SIM_EINPUT);
    assert_int_equal(err.code, SIM_EIO);
    assert_int_equal(err.n, 2);
    sim_err_print(&err, "", f);
    fclose(f);
    assert_string_equal(text, "kept\nand 1 more\n");
    free(text);
    sim_err_free(&err);
}

static void test_queue_new__null_whichever_allocation_fails(void **state)
{
    int failed = 0;

    (void)state;
    for (long at = 1;; at++) {
        struct sim_queue *q;

        nomem_at = at;
        q = sim_queue_new(NULL, NULL);
        if (nomem_at > 0) { /* it needed fewer */
            nomem_at = 0;
            assert_non_null(q);
            sim_queue_free(q);
            break;
        }
        assert_null(q);
        failed++;
    }
    assert_true(failed >= 3);
}

static void nobody(struct sim_run *r, const struct sim_msg *m)
{
    (void)r;
    (void)m;
}

static void test_run_init__enomem_whichever_allocation_fails(void **state)
{
    int failed = 0;

    (void)state;
    for (long at = 1;; at++) {
        struct sim_err err = SIM_ERR_INIT;
        struct sim_run r;
        int rc;

        nomem_at = at;
        rc = sim_run_init(&r, 10, 1, nobody, NULL, NULL, &err);
        if (nomem_at > 0) {
            nomem_at = 0;
            assert_int_equal(rc, 0);
            sim_run_free(&r);
            break;
        }
        assert_int_equal(rc, SIM_ENOMEM);
        assert_int_equal(err.n, 1);
        sim_err_free(&err);
        sim_run_free(&r); /* safe after a failure */
        failed++;
    }
    assert_true(failed >= 5);
}

static void alloc_small(void *ctx)
{
    nomem_at = 1;
    sim_arena_alloc(ctx, 1, 16);
}

static void alloc_overflow(void *ctx)
{
    sim_arena_alloc(ctx, SIZE_MAX / 8, 16);
}

static void test_arena_alloc__without_memory_ends_with_status_1(void **state)
{
    struct sim_arena a = {0};

    (void)state;
    assert_int_equal(ends_with(alloc_small, &a), -1);
    assert_int_equal(ends_with(alloc_overflow, &a), -1);
}

static void push_many(void *ctx)
{
    struct sim_msg m = {.tick = 1};

    nomem_at = 1;
    nomem_after = 1;
    for (int i = 0; i < 1000; i++, m.tick += 7)
        sim_queue_push(ctx, &m);
}

static void heap_push_many(void *ctx)
{
    struct sim_msg m = {.tick = 1};

    nomem_at = 1;
    for (int i = 0; i < 1000; i++)
        sim_heap_push(ctx, &m);
}

static void test_queue_push__without_memory_ends_with_status_1(void **state)
{
    struct sim_queue *q = sim_queue_new(NULL, NULL);
    struct sim_heap *h = sim_heap_new();

    (void)state;
    assert_int_equal(ends_with(push_many, q), -1);
    assert_int_equal(ends_with(heap_push_many, h), -1);
    sim_queue_free(q);
    sim_heap_free(h);
    nomem_at = 1;
    assert_null(sim_heap_new());
}

static int work_fails(void *ctx, size_t job, int thread, struct sim_err *err)
{
    (void)ctx;
    (void)job;
    (void)thread;
    nomem_at = 1; /* the record of this failure finds no memory */
    return sim_err_add(err, SIM_ERUN, "no");
}

static void test_batch_run__a_failure_without_memory_is_still_a_failure(void **state)
{
    struct sim_batch b = {.n_job = 1, .threads = 1, .work = work_fails};
    struct sim_err err = SIM_ERR_INIT;
    uint8_t status[1];

    (void)state;
    assert_int_equal(sim_batch_run(&b, status, &err), SIM_ERUN);
    nomem_at = 0;
    assert_int_equal(status[0], SIM_FAILED);
    assert_int_equal(err.n, 1);
    sim_err_free(&err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_err_add__without_memory_counts_the_line),
        cmocka_unit_test(test_queue_new__null_whichever_allocation_fails),
        cmocka_unit_test(test_run_init__enomem_whichever_allocation_fails),
        cmocka_unit_test(test_arena_alloc__without_memory_ends_with_status_1),
        cmocka_unit_test(test_queue_push__without_memory_ends_with_status_1),
        cmocka_unit_test(test_batch_run__a_failure_without_memory_is_still_a_failure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
