/* The system calls that a writer makes are our own here, and fail when told to. */
#define _DEFAULT_SOURCE /* syscall */

#include "analysis/export.h"
#include "analysis/file.h"
#include "analysis/store.h"
#include "tests/analysis/sample.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <cmocka.h>

enum { KILLED = 137, WRITE_MAX = 700 };

enum fault { NONE, ONCE, EVER, SHORT, LIE, KILL, TORN };

/* Counts calls from `begin` on; at number `at` the fault happens. */
static struct {
    enum fault kind;
    int at, error; /* errno, for ONCE and EVER */
    int calls;
    int counting;
    size_t write_max; /* no write takes more at once; 0: no limit */
    int ours[64];     /* the descriptors that came from openat: not those of libhdf5 */
} plan;

/* Does this call fail? */
static int struck(void)
{
    int n;

    if (!plan.counting)
        return 0;
    n = plan.calls++;
    if (n == plan.at && plan.kind == KILL)
        _exit(KILLED);
    if ((n == plan.at && plan.kind == ONCE) || (n >= plan.at && plan.kind == EVER)) {
        errno = plan.error;
        return 1;
    }
    return 0;
}

ssize_t write(int fd, const void *p, size_t n)
{
    int now = plan.counting && plan.calls == plan.at;

    if (struck())
        return -1;
    if (plan.counting && plan.write_max > 0 && n > plan.write_max)
        n = plan.write_max;
    if (now && (plan.kind == SHORT || plan.kind == TORN))
        n = (n + 1) / 2;
    if (now && plan.kind == TORN) {
        syscall(SYS_write, fd, p, n);
        _exit(KILLED);
    }
    return syscall(SYS_write, fd, p, n);
}

/* LIE: the disk gives back another byte than it was given. */
ssize_t read(int fd, void *p, size_t n)
{
    int now = plan.counting && plan.calls == plan.at;
    ssize_t k = struck() ? -1 : syscall(SYS_read, fd, p, n);

    if (now && plan.kind == LIE && k > 0)
        ((char *)p)[k / 2] ^= 1;
    return k;
}

/* The disk itself is left in peace: thousands of files are written here. */
int fsync(int fd)
{
    (void)fd;
    return struck() ? -1 : 0;
}

static int is_ours(int fd)
{
    return fd >= 0 && fd < (int)(sizeof plan.ours / sizeof *plan.ours) && plan.ours[fd];
}

/* As on Linux, the descriptor is gone even when close fails. */
int close(int fd)
{
    int bad = is_ours(fd) && struck(), error = errno, rc;

    if (is_ours(fd))
        plan.ours[fd] = 0;
    rc = (int)syscall(SYS_close, fd);
    if (bad)
        errno = error;
    return bad ? -1 : rc;
}

int openat(int dir, const char *path, int flags, ...)
{
    int fd = struck() ? -1 : (int)syscall(SYS_openat, dir, path, flags, 0666);

    if (fd >= 0 && fd < (int)(sizeof plan.ours / sizeof *plan.ours))
        plan.ours[fd] = 1;
    return fd;
}

int fstatat(int dir, const char *path, struct stat *st, int flags)
{
    return struck() ? -1 : (int)syscall(SYS_newfstatat, dir, path, st, flags);
}

int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
    return struck() ? -1 : (int)syscall(SYS_renameat, from_dir, from, to_dir, to);
}

/* ---- the loop ---- */

struct job {
    struct sample_place *place;
    const char *path; /* the file that is old or new */
    int (*run)(struct job *j, struct sim_err *err);
    char *old, *new;
    size_t n_old, n_new;
    struct sim_result r;
    int points, lies; /* lies: found out */
};

/* Counts the entries of a folder; with `sweep` removes the temporary ones, as a user would. */
static int entries(const char *dir, int sweep)
{
    DIR *d = opendir(dir);
    int n = 0;

    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        n += e->d_name[0] != '.';
        if (sweep && strstr(e->d_name, ".tmp-"))
            assert_int_equal(unlinkat(dirfd(d), e->d_name, 0), 0);
    }
    closedir(d);
    return n;
}

/* 0 the old file, 1 the new one; anything else fails the test. */
static int which(const struct job *j)
{
    size_t n;
    char *p = sample_bytes(j->path, &n);
    int is_old, is_new;

    assert_non_null(p);
    is_old = n == j->n_old && memcmp(p, j->old, n) == 0;
    is_new = n == j->n_new && memcmp(p, j->new, n) == 0;
    free(p);
    assert_true(is_old != is_new);
    return is_new;
}

static int attempt(struct job *j, enum fault kind, int at, int error, struct sim_err *err)
{
    int rc;

    plan.kind = kind;
    plan.at = at;
    plan.error = error;
    plan.calls = 0;
    plan.counting = 1;
    rc = j->run(j, err);
    plan.counting = 0;
    return rc;
}

static void put_old(const struct job *j)
{
    sample_put(j->path, j->old, j->n_old);
}

/* A call that fails must lead to an error and the old file, or to the complete new one. */
static int fail_at(struct job *j, enum fault kind, int at, int error, int n_entry)
{
    struct sim_err err = SIM_ERR_INIT;
    int rc, is_new;

    put_old(j);
    rc = attempt(j, kind, at, error, &err);
    is_new = which(j);
    if (rc == 0)
        assert_true(is_new);
    else {
        assert_int_equal(err.n, 1);
        assert_non_null(strstr(err.text, j->place->dir));
    }
    if (rc != 0 && is_new)
        assert_non_null(strstr(err.text, "was written whole"));
    if (rc != 0 && error == EIO && kind == ONCE && rc == SIM_EIO)
        assert_non_null(strstr(err.text, strerror(EIO)));
    assert_int_equal(entries(j->place->dir, 0), n_entry);
    sim_err_free(&err);
    j->points++;
    return rc;
}

static void kill_at(struct job *j, enum fault kind, int at)
{
    int status;
    pid_t pid;

    put_old(j);
    pid = fork();
    if (pid == 0)
        _exit(attempt(j, kind, at, 0, NULL) == 0 ? 0 : 1);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 0)
        assert_int_equal(which(j), 1);
    else
        assert_int_equal(WEXITSTATUS(status), KILLED);
    (void)which(j);
    (void)entries(j->place->dir, 1);
    j->points++;
}

/* Learns the new file and the number of calls, then strikes at every `step`-th of them. */
static int strike(struct job *j, int step, int kill_step)
{
    struct sim_err err = SIM_ERR_INIT;
    int calls, n_entry, at;

    put_old(j);
    assert_int_equal(attempt(j, NONE, 0, 0, &err), 0);
    calls = plan.calls;
    n_entry = entries(j->place->dir, 0);
    j->new = sample_bytes(j->path, &j->n_new);
    for (at = 0; at < calls; at += step) {
        fail_at(j, ONCE, at, ENOSPC, n_entry);
        fail_at(j, EVER, at, ENOSPC, n_entry);
        fail_at(j, ONCE, at, EIO, n_entry);
        fail_at(j, ONCE, at, EINTR, n_entry);
        fail_at(j, ONCE, at, EINVAL, n_entry);
        j->lies += fail_at(j, LIE, at, 0, n_entry) != 0;
        fail_at(j, SHORT, at, 0, n_entry);
    }
    for (at = 0; at < calls; at += kill_step) {
        kill_at(j, KILL, at);
        kill_at(j, TORN, at);
    }
    free(j->new);
    return calls;
}

/* ---- the jobs ---- */

static int put_text(struct job *j, struct sim_err *err)
{
    static const char piece[] = "0123456789abcdefghijklmnopqrstuvwxyz\n";
    struct ana_file f;
    int rc, i;

    rc = ana_file_open(&f, j->path, err);
    for (i = 0; i < 1500 && rc == 0; i++)
        rc = ana_file_add(&f, piece, sizeof piece - 1, err);
    if (rc == 0)
        rc = ana_file_finish(&f, NULL, NULL, err);
    if (rc == 0)
        rc = ana_file_name(&f, err);
    ana_file_drop(&f);
    return rc;
}

static int put_result(struct job *j, struct sim_err *err)
{
    return ana_store_write(&j->r, j->path, err);
}

static int put_tables(struct job *j, struct sim_err *err)
{
    return ana_export_csv(&j->r, j->place->dir, err);
}

static void test_file_finish__every_failing_call_leaves_old_or_new(void **state)
{
    struct job j = {.place = *state, .run = put_text, .old = (char *)(uintptr_t) "old", .n_old = 3};

    j.path = j.place->path;
    plan.write_max = WRITE_MAX;
    assert_true(strike(&j, 1, 1) > 80);
    assert_true(j.points > 500);
    assert_int_equal(j.lies, 1);
}

static void test_file_put__replaces_the_file(void **state)
{
    struct sample_place *p = *state;
    char *text;
    size_t n;

    assert_int_equal(ana_file_put(p->path, "one\n", 4, &p->err), 0);
    assert_int_equal(ana_file_put(p->path, "", 0, &p->err), 0);
    assert_int_equal(ana_file_put(p->path, "three\n", 6, &p->err), 0);
    text = sample_bytes(p->path, &n);
    assert_string_equal(text, "three\n");
    free(text);
    assert_int_equal(ana_file_put(p->dir, "x", 1, &p->err), SIM_EIO);
    assert_int_equal(ana_file_try(p->path, &p->err), 0);
    assert_int_equal(entries(p->dir, 0), 1);
}

static void test_store_write__every_failing_call_leaves_old_or_new(void **state)
{
    struct job j = {.place = *state, .run = put_result};
    int calls;

    j.path = j.place->path;
    sample_fill(&j.r);
    plan.write_max = 16000;
    assert_int_equal(ana_store_write(&j.r, j.path, NULL), 0);
    j.old = sample_bytes(j.path, &j.n_old);
    ((int32_t *)j.r.column[j.r.n_column - 1].data)[0] ^= 1;
    calls = strike(&j, 1, 3);
    assert_true(calls > 12);
    assert_true(j.lies > 1);
    free(j.old);
    sim_result_free(&j.r);
}

static void test_export_csv__every_failing_call_leaves_old_or_new(void **state)
{
    struct job j = {
        .place = *state, .run = put_tables, .old = (char *)(uintptr_t) "old", .n_old = 3};
    char path[400];

    snprintf(path, sizeof path, "%s/data_scenario-run.csv", j.place->dir);
    j.path = path;
    sample_fill(&j.r);
    j.r.n_column = 1; /* enough, and quick */
    plan.write_max = 0;
    assert_true(strike(&j, 2, 7) > 50);
    sim_result_free(&j.r);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)
    const struct CMUnitTest tests[] = {
        T(test_file_finish__every_failing_call_leaves_old_or_new),
        T(test_file_put__replaces_the_file),
        T(test_store_write__every_failing_call_leaves_old_or_new),
        T(test_export_csv__every_failing_call_leaves_old_or_new),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
