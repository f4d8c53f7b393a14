#include "analysis/ledger.h"
#include "sim/batch.h"
#include "tests/analysis/sample.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static const struct ana_ledger_head head = {.version = "1",
                                            .sweep = "s",
                                            .input = "i",
                                            .points = 10,
                                            .scenarios = 2,
                                            .runs = 4,
                                            .values = 2,
                                            .shard = 1,
                                            .shards = 3};

/* What a reading saw. */
struct seen {
    int tasks, failed, ends, files, sealed;
    uint64_t torn;
    double sum;
    char message[100];
};

static int see_task(void *ctx, const char *file, const struct ana_ledger_task *t,
                    struct sim_err *err)
{
    struct seen *s = ctx;

    (void)file;
    (void)err;
    s->tasks++;
    if (t->status == SIM_FAILED) {
        s->failed++;
        snprintf(s->message, sizeof s->message, "%s", t->message);
        return 0;
    }
    s->sum += t->value[0] + 100 * t->point + 10 * t->run + t->scenario;
    assert_true(isnan(t->value[1]));
    return 0;
}

static int see_end(void *ctx, uint32_t point, uint32_t runs, int satisfied)
{
    struct seen *s = ctx;

    s->ends += (int)(point * 100 + runs * 10) + satisfied;
    return 0;
}

static void see_file(void *ctx, const char *file, const struct ana_ledger_head *h, int sealed,
                     uint64_t torn)
{
    struct seen *s = ctx;

    (void)file;
    s->files++;
    s->sealed += sealed;
    s->torn += torn;
    assert_true(h == NULL || (h->shard == 1 && h->shards == 3));
}

static int look(const char *dir, const struct ana_ledger_head *h, struct seen *s,
                struct sim_err *err)
{
    const struct ana_ledger_visit v = {
        .ctx = s, .task = see_task, .end_point = see_end, .file = see_file};

    *s = (struct seen){0};
    return ana_ledger_read(dir, h, &v, err);
}

/* A ledger with n tasks of point 0, 1 ... in the sample's folder. */
static void begin(struct ana_ledger *l, const struct sample_place *p, struct sim_err *err, int n)
{
    assert_int_equal(ana_ledger_open(l, p->dir, &head, err), 0);
    for (int i = 0; i < n; i++) {
        const double x[] = {1.5, NAN};
        const struct ana_ledger_task t = {
            .point = (uint32_t)i, .scenario = 1, .run = 3, .status = SIM_DONE, .value = x};

        assert_int_equal(ana_ledger_add(l, &t, err), 0);
    }
}

static void test_ledger__what_is_written_is_read(void **state)
{
    struct sample_place *p = *state;
    struct ana_ledger l;
    struct seen s;

    assert_int_equal(look("/nonexistent/folder", &head, &s, &p->err), 0);
    assert_int_equal(s.files, 0);
    begin(&l, p, &p->err, 3);
    assert_int_equal(
        ana_ledger_add(
            &l, &(struct ana_ledger_task){.point = 9, .status = SIM_FAILED, .message = "no luck"},
            &p->err),
        0);
    assert_int_equal(ana_ledger_end_point(&l, 2, 3, 1, &p->err), 0);
    assert_int_equal(look(p->dir, &head, &s, &p->err), 0);
    assert_int_equal(s.tasks, 4);
    assert_int_equal(s.sealed, 0);
    assert_int_equal(ana_ledger_close(&l, 1, &p->err), 0);
    assert_non_null(strstr(l.path, "/shard-2-of-3."));
    assert_non_null(strstr(l.path, ".done"));
    assert_int_equal(look(p->dir, &head, &s, &p->err), 0);
    assert_int_equal(s.tasks, 4);
    assert_int_equal(s.failed, 1);
    assert_int_equal(s.ends, 231);
    assert_string_equal(s.message, "no luck");
    assert_true(s.sum == 3 * (1.5 + 30 + 1) + 0 + 100 + 200);
    assert_true(s.files == 1 && s.sealed == 1 && s.torn == 0);
    ana_ledger_free(&l);
}

static void test_ledger__cut_off_anywhere(void **state)
{
    struct sample_place *p = *state;
    struct ana_ledger l;
    struct seen s;
    struct stat st;
    int was = 5;

    begin(&l, p, &p->err, 5);
    assert_int_equal(ana_ledger_close(&l, 1, &p->err), 0);
    assert_int_equal(stat(l.path, &st), 0);
    for (off_t size = st.st_size - 1; size >= 0; size--) {
        assert_int_equal(truncate(l.path, size), 0);
        assert_int_equal(look(p->dir, &head, &s, &p->err), 0);
        assert_true(s.tasks <= was && s.tasks >= was - 1);
        assert_int_equal(s.sealed, 0);
        was = s.tasks;
    }
    assert_int_equal(was, 0);
    ana_ledger_free(&l);
}

static void test_ledger__a_changed_byte_ends_the_file(void **state)
{
    struct sample_place *p = *state;
    struct ana_ledger l;
    struct seen s;
    size_t n;
    char *bytes;

    begin(&l, p, &p->err, 5);
    assert_int_equal(ana_ledger_close(&l, 1, &p->err), 0);
    bytes = sample_bytes(l.path, &n);
    for (size_t i = n - 200; i < n; i++) {
        int rc;

        bytes[i] ^= 0x40;
        sample_put(l.path, bytes, n);
        rc = look(p->dir, &head, &s, &p->err);
        assert_int_equal(rc, 0);
        assert_true(s.tasks < 5 || i >= n - 21);
        assert_true(s.sealed == 0 && s.torn > 0);
        bytes[i] ^= 0x40;
    }
    free(bytes);
    ana_ledger_free(&l);
}

static void test_ledger__files_of_another_sweep_are_refused(void **state)
{
    struct sample_place *p = *state;
    struct ana_ledger l;
    struct seen s;
    struct ana_ledger_head h;

    begin(&l, p, &p->err, 1);
    h = head;
    strcpy(h.version, "2");
    assert_int_equal(look(p->dir, &h, &s, &p->err), SIM_EINPUT);
    assert_non_null(strstr(p->err.text, "was written by version 1, this is 2"));
    h = head;
    strcpy(h.sweep, "t");
    assert_int_equal(look(p->dir, &h, &s, &p->err), SIM_EINPUT);
    assert_non_null(strstr(p->err.text, "the sweep file differs"));
    h = head;
    strcpy(h.input, "j");
    assert_int_equal(look(p->dir, &h, &s, &p->err), SIM_EINPUT);
    assert_non_null(strstr(p->err.text, "other scenarios or tables"));
    h = head;
    h.values = 3;
    assert_int_equal(look(p->dir, &h, &s, &p->err), SIM_EINPUT);
    assert_int_equal(s.tasks, 0);
    ana_ledger_free(&l);
}

static void test_ledger__two_in_one_folder_and_one_that_did_nothing(void **state)
{
    struct sample_place *p = *state;
    struct ana_ledger l, m, n;
    struct seen s;

    begin(&l, p, &p->err, 2);
    begin(&m, p, &p->err, 3);
    begin(&n, p, &p->err, 0);
    assert_string_not_equal(l.path, m.path);
    assert_int_equal(ana_ledger_close(&n, 1, &p->err), 0);
    assert_int_equal(access(n.path, F_OK), -1);
    assert_int_equal(look(p->dir, &head, &s, &p->err), 0);
    assert_int_equal(s.tasks, 5);
    assert_int_equal(s.files, 2);
    ana_ledger_free(&l);
    ana_ledger_free(&m);
    ana_ledger_free(&n);
}

static void test_ledger_move__whole_or_still_there(void **state)
{
    struct sample_place *p = *state;
    struct ana_ledger l;
    struct seen s;
    char to[512];

    snprintf(to, sizeof to, "%s/to", p->dir);
    begin(&l, p, &p->err, 2);
    assert_int_equal(ana_ledger_close(&l, 0, &p->err), 0);
    assert_int_equal(ana_ledger_move(&l, to, &p->err), SIM_EIO);
    assert_non_null(strstr(p->err.text, "is still there, and whole: copy it into"));
    assert_int_equal(mkdir(to, 0777), 0);
    assert_int_equal(ana_ledger_move(&l, to, &p->err), 0);
    assert_int_equal(look(to, &head, &s, &p->err), 0);
    assert_int_equal(s.tasks, 2);
    assert_int_equal(look(p->dir, &head, &s, &p->err), 0);
    assert_int_equal(s.tasks, 0);
    ana_ledger_free(&l);
}

static void test_ledger_open__no_folder(void **state)
{
    struct sample_place *p = *state;
    struct ana_ledger l;

    assert_int_equal(ana_ledger_open(&l, "/nonexistent/folder", &head, &p->err), SIM_EIO);
    assert_non_null(strstr(p->err.text, strerror(ENOENT)));
    ana_ledger_free(&l);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)
    const struct CMUnitTest tests[] = {
        T(test_ledger__what_is_written_is_read),
        T(test_ledger__cut_off_anywhere),
        T(test_ledger__a_changed_byte_ends_the_file),
        T(test_ledger__files_of_another_sweep_are_refused),
        T(test_ledger__two_in_one_folder_and_one_that_did_nothing),
        T(test_ledger_move__whole_or_still_there),
        T(test_ledger_open__no_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
