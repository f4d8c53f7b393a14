#include "sim/batch.h"
#include "sim/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <time.h>

enum { JOBS = 300 };

struct work {
    uint64_t slot[JOBS];
    int times[JOBS]; /* how often each job was done */
    int thread[JOBS];
    size_t calls, last_done, last_failed; /* of progress; guarded by the batch */
    int inside;                           /* is progress running? */
    int out_of_turn;
    size_t stop_after; /* progress sets stop when so many are done; 0 = never */
    volatile int stop;
    struct sim_batch_lock *lock;
    _Atomic int job_80_done;
    int threads;
};

/* Some jobs take longer, so that they end out of order. */
static void be_slow(size_t job)
{
    struct timespec t = {0, job % 7 == 0 ? 200000 : 0};

    nanosleep(&t, NULL);
}

static int compute(void *ctx, size_t job, int thread, struct sim_err *err)
{
    struct work *w = ctx;
    struct sim_draws d = sim_draws_at(sim_stream_make(1, (uint32_t)job, 2, 3), 4);

    (void)err;
    be_slow(job);
    w->slot[job] = sim_bits(&d);
    w->times[job]++;
    w->thread[job] = thread;
    return 0;
}

static void watch(void *ctx, size_t done, size_t failed, size_t n_job)
{
    struct work *w = ctx;

    w->out_of_turn |= w->inside || done != w->last_done + 1 || failed < w->last_failed ||
                      failed > done || n_job != JOBS;
    w->inside = 1;
    w->calls++;
    w->last_done = done;
    w->last_failed = failed;
    if (w->stop_after != 0 && done >= w->stop_after)
        w->stop = 1;
    w->inside = 0;
}

static struct sim_batch batch(struct work *w, int threads,
                              int (*work)(void *, size_t, int, struct sim_err *))
{
    *w = (struct work){.threads = threads};
    return (struct sim_batch){.n_job = JOBS,
                              .threads = threads,
                              .ctx = w,
                              .work = work,
                              .progress = watch,
                              .stop = &w->stop};
}

static void test_batch_run__each_job_once_and_the_same_for_any_threads(void **state)
{
    static struct work one, many;
    static uint8_t status[JOBS];
    struct sim_batch b = batch(&one, 1, compute);
    struct sim_err err = SIM_ERR_INIT;

    (void)state;
    assert_int_equal(sim_batch_run(&b, status, &err), 0);
    for (int threads = 2; threads <= 8; threads *= 2) {
        b = batch(&many, threads, compute);
        memset(status, 99, sizeof status);
        assert_int_equal(sim_batch_run(&b, status, &err), 0);
        for (size_t i = 0; i < JOBS; i++) {
            assert_int_equal(status[i], SIM_DONE);
            assert_int_equal(many.times[i], 1);
            assert_true(many.slot[i] == one.slot[i]);
            assert_in_range(many.thread[i], 0, threads - 1);
        }
        assert_int_equal(many.calls, JOBS);
        assert_false(many.out_of_turn);
        assert_int_equal(many.last_failed, 0);
    }
    assert_int_equal(err.n, 0);
}

/* Every tenth job fails, job 50 without a word, job 60 with two lines, job 70 after job 80 if there
 * is another thread to do that. */
static int sometimes(void *ctx, size_t job, int thread, struct sim_err *err)
{
    struct work *w = ctx;
    struct timespec ms = {0, 1000000};
    int rc = compute(ctx, job, thread, err);

    if (job == 80)
        w->job_80_done = 1;
    for (int i = 0; i < 5000 && job == 70 && w->threads > 1 && !w->job_80_done; i++)
        nanosleep(&ms, NULL);

    if (job % 10 != 0)
        return rc;
    if (job == 50)
        return SIM_ERUN;
    if (job == 60)
        sim_err_add(err, SIM_ERUN, "job 60: first line");
    return sim_err_add(err, SIM_ERUN, "job %zu: stock below zero", job);
}

static void test_batch_run__failures_are_told_in_job_order(void **state)
{
    static struct work w;
    static uint8_t status[JOBS];
    char *text = NULL;

    (void)state;
    for (int threads = 1; threads <= 4; threads++) {
        struct sim_batch b = batch(&w, threads, sometimes);
        struct sim_err err = SIM_ERR_INIT;

        assert_int_equal(sim_batch_run(&b, status, &err), SIM_ERUN);
        assert_int_equal(err.code, SIM_ERUN);
        assert_int_equal(err.n, JOBS / 10 + 1);
        for (size_t i = 0; i < JOBS; i++) {
            assert_int_equal(status[i], i % 10 == 0 ? SIM_FAILED : SIM_DONE);
            assert_int_equal(w.times[i], 1); /* the others went on */
        }
        assert_int_equal(w.last_failed, JOBS / 10);
        assert_false(w.out_of_turn);
        if (text == NULL) {
            text = err.text;
            assert_non_null(strstr(text, "job 40: stock below zero\njob 50 failed\n"
                                         "job 60: first line\njob 60: stock below zero\njob 70"));
        } else {
            assert_string_equal(err.text, text);
            sim_err_free(&err);
        }
    }
    free(text);
}

static void test_batch_run__stop_flag_begins_no_further_job(void **state)
{
    static struct work w;
    static uint8_t status[JOBS];

    (void)state;
    for (int threads = 1; threads <= 4; threads++) {
        struct sim_batch b = batch(&w, threads, compute);
        size_t done = 0;

        w.stop_after = 20;
        assert_int_equal(sim_batch_run(&b, status, NULL), SIM_ESTOP);
        for (size_t i = 0; i < JOBS; i++) {
            assert_true(status[i] == SIM_DONE || status[i] == SIM_MISSING);
            assert_int_equal(w.times[i], status[i] == SIM_DONE);
            done += status[i] == SIM_DONE;
        }
        assert_true(done >= 20 && done < 20 + (size_t)threads);
        assert_int_equal(w.calls, done);
    }
}

static int stop_at_100(void *ctx, size_t job, int thread, struct sim_err *err)
{
    if (job == 100)
        return sim_err_add(err, SIM_ESTOP, "not told");
    if (job == 10)
        return sim_err_add(err, SIM_ERUN, "job 10 failed first");
    return compute(ctx, job, thread, err);
}

static void test_batch_run__a_job_may_stop_the_batch(void **state)
{
    static struct work w;
    static uint8_t status[JOBS];
    struct sim_batch b = batch(&w, 1, stop_at_100);
    struct sim_err err = SIM_ERR_INIT;

    (void)state;
    assert_int_equal(sim_batch_run(&b, status, &err), SIM_ESTOP);
    assert_int_equal(status[9], SIM_DONE);
    assert_int_equal(status[10], SIM_FAILED);
    assert_int_equal(status[100], SIM_MISSING);
    assert_int_equal(status[101], SIM_MISSING);
    assert_string_equal(err.text, "job 10 failed first\n");
    sim_err_free(&err);
}

static void test_batch_run__no_jobs(void **state)
{
    struct sim_batch b = {.n_job = 0, .work = compute};

    (void)state;
    assert_int_equal(sim_batch_run(&b, NULL, NULL), 0);
}

static void test_batch_run__without_progress_and_stop(void **state)
{
    static struct work w;
    static uint8_t status[JOBS];
    struct sim_batch b = batch(&w, 2, sometimes);

    (void)state;
    b.progress = NULL;
    b.stop = NULL;
    assert_int_equal(sim_batch_run(&b, status, NULL), SIM_ERUN);
    assert_int_equal(status[JOBS - 1], SIM_DONE);
}

static void add_alone(void *ctx)
{
    struct work *w = ctx;

    w->out_of_turn |= w->inside;
    w->inside = 1;
    be_slow(0);
    w->calls++;
    w->inside = 0;
}

static int work_alone(void *ctx, size_t job, int thread, struct sim_err *err)
{
    (void)job;
    (void)thread;
    (void)err;
    sim_batch_alone(((struct work *)ctx)->lock, add_alone, ctx);
    return 0;
}

static void test_batch_alone__one_at_a_time(void **state)
{
    static struct work w;
    static uint8_t status[JOBS];
    struct sim_batch b = {.n_job = JOBS, .threads = 4, .ctx = &w, .work = work_alone};
    struct sim_err err = SIM_ERR_INIT;

    (void)state;
    w.lock = sim_batch_lock_new();
    assert_int_equal(sim_batch_run(&b, status, &err), 0);
    sim_batch_lock_free(w.lock);
    assert_int_equal(w.calls, JOBS);
    assert_false(w.out_of_turn);
}

static void test_batch_threads__at_least_one(void **state)
{
    (void)state;
    assert_int_equal(sim_batch_threads(1), 1);
    assert_int_equal(sim_batch_threads(5), 5);
    assert_true(sim_batch_threads(0) >= 1);
    assert_int_equal(sim_batch_threads(-3), sim_batch_threads(0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_batch_run__each_job_once_and_the_same_for_any_threads),
        cmocka_unit_test(test_batch_run__failures_are_told_in_job_order),
        cmocka_unit_test(test_batch_run__stop_flag_begins_no_further_job),
        cmocka_unit_test(test_batch_run__a_job_may_stop_the_batch),
        cmocka_unit_test(test_batch_run__no_jobs),
        cmocka_unit_test(test_batch_run__without_progress_and_stop),
        cmocka_unit_test(test_batch_alone__one_at_a_time),
        cmocka_unit_test(test_batch_threads__at_least_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
