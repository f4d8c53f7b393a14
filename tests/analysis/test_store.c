#include "analysis/store_inner.h"
#include "analysis/file.h"
#include "tests/analysis/sample.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <cmocka.h>

static void write_sample(struct sample_place *p, char digest[ANA_DIGEST_MAX])
{
    struct sim_result r = {0};

    sample_fill(&r);
    if (digest)
        ana_store_digest(&r, digest);
    assert_int_equal(ana_store_write(&r, p->path, &p->err), 0);
    sim_result_free(&r);
}

static void same_text(const char *a, const char *b)
{
    assert_string_equal(a ? a : "", b ? b : "");
}

static void same_line(size_t n, const char *const *la, const char *const *lb, const double *va,
                      const double *vb)
{
    size_t i;

    assert_int_equal(!la, !lb);
    for (i = 0; la && i < n; i++)
        assert_string_equal(la[i], lb[i]);
    if (!la && n > 0)
        assert_memory_equal(va, vb, n * sizeof *va);
}

static void same_axis(const struct sim_axis *a, const struct sim_axis *b)
{
    int i;

    assert_string_equal(a->name, b->name);
    same_text(a->long_name, b->long_name);
    same_text(a->units, b->units);
    assert_int_equal(a->n, b->n);
    same_line(a->n, a->label, b->label, a->value, b->value);
    assert_int_equal(a->n_coord, b->n_coord);
    for (i = 0; i < a->n_coord; i++) {
        assert_string_equal(a->coord[i].name, b->coord[i].name);
        same_text(a->coord[i].long_name, b->coord[i].long_name);
        same_text(a->coord[i].units, b->coord[i].units);
        same_line(a->n, a->coord[i].label, b->coord[i].label, a->coord[i].value, b->coord[i].value);
    }
}

static void same_column(const struct sim_result *r, const struct sim_column *a,
                        const struct sim_column *b)
{
    assert_string_equal(a->name, b->name);
    same_text(a->units, b->units);
    same_text(a->long_name, b->long_name);
    same_text(a->meanings, b->meanings);
    assert_int_equal(a->type, b->type);
    assert_int_equal(a->keep, b->keep);
    assert_int_equal(a->n_axis, b->n_axis);
    assert_memory_equal(a->axis, b->axis, (size_t)a->n_axis * sizeof a->axis[0]);
    if (sim_column_n(r, a) > 0)
        assert_memory_equal(a->data, b->data, sim_column_n(r, a) * sim_type_size(a->type));
}

static void same_result(const struct sim_result *a, const struct sim_result *b)
{
    int i;

    assert_int_equal(a->n_axis, b->n_axis);
    for (i = 0; i < a->n_axis; i++)
        same_axis(&a->axis[i], &b->axis[i]);
    assert_int_equal(a->n_column, b->n_column);
    for (i = 0; i < a->n_column; i++)
        same_column(a, &a->column[i], &b->column[i]);
    assert_int_equal(a->n_attr, b->n_attr);
    for (i = 0; i < a->n_attr; i++) {
        assert_string_equal(a->attr[i].name, b->attr[i].name);
        assert_string_equal(a->attr[i].text, b->attr[i].text);
    }
    assert_int_equal(a->n_input, b->n_input);
    for (i = 0; i < a->n_input; i++) {
        assert_string_equal(a->input[i].name, b->input[i].name);
        assert_string_equal(a->input[i].text, b->input[i].text);
    }
}

/* ---- round trip ---- */

static void test_store_read__gives_back_what_was_written(void **state)
{
    struct sample_place *p = *state;
    struct sim_result a = {0}, b;
    char digest_a[ANA_DIGEST_MAX], digest_b[ANA_DIGEST_MAX], verified[ANA_DIGEST_MAX];

    sample_fill(&a);
    assert_int_equal(ana_store_write(&a, p->path, &p->err), 0);
    assert_int_equal(ana_store_read(&b, p->path, &p->err), 0);
    same_result(&a, &b);
    ana_store_digest(&a, digest_a);
    ana_store_digest(&b, digest_b);
    assert_string_equal(digest_a, digest_b);
    assert_int_equal(ana_store_verify(p->path, verified, &p->err), 0);
    assert_string_equal(digest_a, verified);
    assert_int_equal(sample_count(p->dir), 1);
    sim_result_free(&a);
    sim_result_free(&b);
}

static void test_store_read__takes_the_smallest_result(void **state)
{
    struct sample_place *p = *state;
    struct sim_result a = {0}, b;

    assert_int_equal(ana_store_write(&a, p->path, &p->err), 0);
    assert_int_equal(ana_store_read(&b, p->path, &p->err), 0);
    same_result(&a, &b);
    sim_result_free(&b);
}

static void test_store_write__same_result_gives_same_bytes(void **state)
{
    struct sample_place *p = *state;
    char second[300], *a, *b;
    size_t n_a, n_b;

    write_sample(p, NULL);
    snprintf(second, sizeof second, "%s", p->path);
    snprintf(p->path, sizeof p->path, "%s/another name.h5", p->dir);
    write_sample(p, NULL);
    a = sample_bytes(second, &n_a);
    b = sample_bytes(p->path, &n_b);
    assert_int_equal(n_a, n_b);
    assert_memory_equal(a, b, n_a);
    free(a);
    free(b);
}

static void test_store_write__a_result_read_back_gives_same_bytes(void **state)
{
    struct sample_place *p = *state;
    struct sim_result r;
    char *a, *b;
    size_t n_a, n_b;

    write_sample(p, NULL);
    a = sample_bytes(p->path, &n_a);
    assert_int_equal(ana_store_read(&r, p->path, &p->err), 0);
    assert_int_equal(ana_store_write(&r, p->path, &p->err), 0);
    b = sample_bytes(p->path, &n_b);
    assert_int_equal(n_a, n_b);
    assert_memory_equal(a, b, n_a);
    free(a);
    free(b);
    sim_result_free(&r);
}

static void test_store_read_columns__brings_those_named(void **state)
{
    struct sample_place *p = *state;
    const char *const names[] = {"cover_d", "no_such", "lost"};
    struct sim_result all, some;
    int trust;

    write_sample(p, NULL);
    assert_int_equal(ana_store_read(&all, p->path, &p->err), 0);
    for (trust = ANA_GUARD; trust <= ANA_TRUST; trust++) {
        assert_int_equal(
            ana_store_read_columns(&some, p->path, names, 3, (enum ana_trust)trust, &p->err), 0);
        assert_int_equal(some.n_column, 2);
        same_column(&all, sim_result_find(&all, "lost"), &some.column[0]);
        same_column(&all, sim_result_find(&all, "cover_d"), &some.column[1]);
        assert_int_equal(some.n_axis, all.n_axis);
        assert_string_equal(sim_result_find_input(&some, "sites.csv"), "id,name\na,b\n");
        sim_result_free(&some);
    }
    assert_int_equal(ana_store_read_columns(&some, p->path, names, 0, ANA_GUARD, &p->err), 0);
    assert_int_equal(some.n_column, 0);
    sim_result_free(&some);
    sim_result_free(&all);
}

static void test_store_digest__sees_every_change(void **state)
{
    struct sim_result r = {0};
    char was[ANA_DIGEST_MAX], is[ANA_DIGEST_MAX];
    struct sim_axis *site;
    const char *keep_text;
    int i;

    (void)state;
    sample_fill(&r);
    site = &r.axis[sim_result_find_axis(&r, "site")];
    ana_store_digest(&r, was);
#define CHANGED(place, other)                                                                      \
    do {                                                                                           \
        keep_text = (place);                                                                       \
        (place) = (other);                                                                         \
        ana_store_digest(&r, is);                                                                  \
        assert_string_not_equal(was, is);                                                          \
        (place) = keep_text;                                                                       \
    } while (0)
    CHANGED(r.attr[0].text, "x");
    CHANGED(r.attr[1].name, "x");
    CHANGED(r.input[0].text, "x");
    CHANGED(r.input[1].name, "x");
    CHANGED(r.axis[2].units, "days since 2026-01-07 00:00:00");
    CHANGED(site->long_name, "x");
    CHANGED(site->coord[1].units, "x");
    CHANGED(site->coord[0].name, "x");
    CHANGED(r.column[1].units, "kg");
    CHANGED(r.column[1].long_name, "x");
    CHANGED(r.column[1].name, "x");
    CHANGED(r.column[0].meanings, "missing failed done");
    CHANGED(*(const char **)(uintptr_t)&site->label[3], "x");
    CHANGED(*(const char **)(uintptr_t)&site->coord[0].label[3], "x");
#undef CHANGED
    for (i = 0; i < r.n_column; i++) {
        unsigned char *last = r.column[i].data;
        size_t n = sim_column_n(&r, &r.column[i]) * sim_type_size(r.column[i].type);

        if (n == 0)
            continue;
        last[n - 1] ^= 1;
        ana_store_digest(&r, is);
        assert_string_not_equal(was, is);
        last[n - 1] ^= 1;
    }
    ana_store_digest(&r, is);
    assert_string_equal(was, is);
    sim_result_free(&r);
}

static void test_store_write__opens_in_xarray(void **state)
{
    struct sample_place *p = *state;
    int status;

    if (access("/usr/bin/python3", X_OK) != 0 || access("tests/analysis/open_xarray.py", R_OK) != 0)
        skip();
    write_sample(p, NULL);
    status = sample_shell("/usr/bin/python3 tests/analysis/open_xarray.py '%s'", p->path);
    if (WEXITSTATUS(status) == 77)
        skip();
    assert_int_equal(status, 0);
}

/* Bytes of a chunk of a column, 0 when it is in one piece; its sides in side[]. */
static size_t chunk_of(const char *path, const char *name, size_t size, hsize_t side[])
{
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    hid_t set = H5Dopen2(file, name, H5P_DEFAULT), prop = H5Dget_create_plist(set);
    int n = H5Pget_layout(prop) == H5D_CHUNKED ? H5Pget_chunk(prop, SIM_MAX_AXES, side) : 0, i;

    for (i = 0; i < n; i++)
        size *= side[i];
    H5Pclose(prop);
    H5Dclose(set);
    H5Fclose(file);
    return n == 0 ? 0 : size;
}

/* Shapes from one number to several MiB for each run; values all alike pack to a thousandth. */
static void test_store_write__cuts_large_columns_into_chunks(void **state)
{
    static const struct {
        size_t n[5]; /* scenario, run, week, site, kind */
        const char *axes;
        hsize_t side[SIM_MAX_AXES];
    } shape[] = {
        {{2, 20, 105, 50, 1}, "scenario run week site", {2, 20, 105, 50}},
        {{2, 300, 105, 50, 1}, "scenario run week site", {1, 43, 105, 50}},
        {{2, 3, 105, 2900, 1}, "scenario run week site", {1, 1, 105, 1450}},
        {{2, 1, 105, 2900, 6}, "scenario week site kind", {1, 105, 415, 6}},
        {{2, 1, 1200, 2, 1}, "scenario run week site", {0}},
        {{3, 400000, 1, 1, 1}, "scenario run", {1, 200000}},
        {{1, 1, 9, 31, 30000}, "week site kind", {9, 31, 938}},
    };
    static const char *const name[] = {"scenario", "run", "week", "site", "kind"};
    struct sample_place *p = *state;
    double *value = calloc(400000, sizeof *value);
    size_t i, k;

    for (i = 0; i < sizeof shape / sizeof *shape; i++) {
        struct sim_result a = {0}, b;
        hsize_t side[SIM_MAX_AXES] = {0};
        size_t bytes;

        for (k = 0; k < 5; k++)
            sim_result_axis(
                &a, &(struct sim_axis){.name = name[k], .n = shape[i].n[k], .value = value});
        sim_result_column(&a, "x", shape[i].axes, SIM_F32, SIM_KEEP, "1", "");
        assert_int_equal(ana_store_write(&a, p->path, &p->err), 0);
        bytes = chunk_of(p->path, "x", 4, side);
        assert_true(bytes <= 1 << 20);
        assert_memory_equal(side, shape[i].side, sizeof side);
        assert_int_equal(ana_store_read(&b, p->path, &p->err), 0);
        same_result(&a, &b);
        sim_result_free(&a);
        sim_result_free(&b);
    }
    free(value);
}

static void test_store_bytes__is_the_size_of_the_file(void **state)
{
    struct sample_place *p = *state;
    struct sim_result r = {0};
    size_t bytes = 0, n;

    sample_fill(&r);
    assert_int_equal(ana_store_bytes(&r, &bytes, &p->err), 0);
    assert_int_equal(ana_store_write(&r, p->path, &p->err), 0);
    free(sample_bytes(p->path, &n));
    assert_int_equal(bytes, n);
    r.attr[0].text = "\xff";
    assert_int_equal(ana_store_bytes(&r, &bytes, &p->err), SIM_ERUN);
    sim_result_free(&r);
}

/* ---- what cannot be stored ---- */

static void refused(struct sample_place *p, const struct sim_result *r, const char *says)
{
    struct sim_err err = SIM_ERR_INIT;

    assert_int_equal(ana_store_write(r, p->path, &err), SIM_ERUN);
    assert_int_equal(err.n, 1);
    if (!strstr(err.text, says))
        fail_msg("'%s' does not say '%s'", err.text, says);
    sim_err_free(&err);
    assert_int_equal(sample_count(p->dir), 0);
}

static void test_store_write__refuses_what_others_could_not_open(void **state)
{
    static const char *const bad_utf8[] = {
        "\xff", "\xc3", "\xc0\xaf", "a\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe0\x80\xaf"};
    struct sample_place *p = *state;
    struct sim_result r = {0};
    struct sim_axis *site;
    size_t i;

    sample_fill(&r);
    site = &r.axis[sim_result_find_axis(&r, "site")];
    for (i = 0; i < sizeof bad_utf8 / sizeof *bad_utf8; i++) {
        r.attr[0].text = bad_utf8[i];
        refused(p, &r, "title");
        r.attr[0].text = "";
        site->coord[0].long_name = bad_utf8[i];
        refused(p, &r, "country");
        site->coord[0].long_name = "";
    }
    r.attr[0].name = "digest";
    refused(p, &r, "'digest'");
    r.attr[0].name = "start";
    refused(p, &r, "start");
    r.attr[0].name = "title";
    r.input[0].name = "a/b";
    refused(p, &r, "'a/b'");
    r.input[0].name = ".";
    refused(p, &r, "'.'");
    r.input[0].name = "a";
    r.column[3].name = "Upper";
    refused(p, &r, "'Upper'");
    r.column[3].name = "lost";
    refused(p, &r, "lost");
    r.column[3].name = "input";
    refused(p, &r, "input");
    r.column[3].name = "series";
    r.column[3].meanings = "yes no";
    refused(p, &r, "I8");
    sim_result_free(&r);
}

/* ---- targets ---- */

static void cannot_write(const char *path, const char *says)
{
    struct sim_result r = {0};
    struct sim_err err = SIM_ERR_INIT;

    assert_int_equal(ana_store_write(&r, path, &err), SIM_EIO);
    assert_int_equal(err.n, 1);
    if (!strstr(err.text, says) || strncmp(err.text, path, strlen(path)) != 0)
        fail_msg("'%s' does not say '%s'", err.text, says);
    sim_err_free(&err);
    assert_int_equal(ana_file_try(path, &err), SIM_EIO);
    sim_err_free(&err);
}

static void test_store_write__refuses_what_is_not_a_regular_file(void **state)
{
    struct sample_place *p = *state;
    char other[300], *bytes;
    size_t n;

    snprintf(other, sizeof other, "%s/other", p->dir);
    sample_put(other, "precious", 8);
    assert_int_equal(symlink("other", p->path), 0);
    cannot_write(p->path, "a symbolic link");
    assert_int_equal(unlink(p->path), 0);
    assert_int_equal(symlink("nowhere", p->path), 0);
    cannot_write(p->path, "a symbolic link");
    assert_int_equal(unlink(p->path), 0);
    assert_int_equal(mkdir(p->path, 0700), 0);
    cannot_write(p->path, "a folder");
    assert_int_equal(rmdir(p->path), 0);
    assert_int_equal(mkfifo(p->path, 0600), 0);
    cannot_write(p->path, "a pipe");
    assert_int_equal(unlink(p->path), 0);
    cannot_write("/dev/null", "a device");
    cannot_write("/dev/full", "a device");
    snprintf(p->path, sizeof p->path, "%s/none/out.h5", p->dir);
    cannot_write(p->path, strerror(ENOENT));
    snprintf(p->path, sizeof p->path, "%s/other/out.h5", p->dir);
    cannot_write(p->path, strerror(ENOTDIR));
    snprintf(p->path, sizeof p->path, "%s/", p->dir);
    cannot_write(p->path, "a folder");
    cannot_write("", "a folder");
    bytes = sample_bytes(other, &n);
    assert_string_equal(bytes, "precious");
    free(bytes);
    assert_int_equal(sample_count(p->dir), 1);
}

static void test_store_write__says_why_a_folder_cannot_be_written(void **state)
{
    struct sample_place *p = *state;
    int status;
    pid_t pid;

    assert_int_equal(chmod(p->dir, 0555), 0);
    pid = fork();
    if (pid == 0) {
        struct sim_result r = {0};

        if (getuid() == 0 && setuid(65534) != 0)
            _exit(9);
        _exit(ana_store_write(&r, p->path, &p->err) == SIM_EIO &&
                      strstr(p->err.text, strerror(EACCES))
                  ? 0
                  : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(chmod(p->dir, 0755), 0);
    assert_int_equal(status, 0);
}

static void test_store_write__a_stale_temporary_is_no_hindrance(void **state)
{
    struct sample_place *p = *state;
    char stale[400], *bytes;
    size_t n;

    snprintf(stale, sizeof stale, "%s.tmp-%ld", p->path, (long)getpid());
    sample_put(stale, "x", 1);
    write_sample(p, NULL);
    bytes = sample_bytes(stale, &n);
    assert_string_equal(bytes, "x");
    free(bytes);
    assert_int_equal(sample_count(p->dir), 2);
}

static void test_store_write__a_full_disk_leaves_the_old_file(void **state)
{
    struct sample_place *p = *state;
    struct rlimit was, small;
    struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
    struct sim_result r = {0};
    char *a, *b;
    size_t n_a, n_b;
    rlim_t limit;

    write_sample(p, NULL);
    a = sample_bytes(p->path, &n_a);
    sample_fill(&r);
    ((int32_t *)r.column[r.n_column - 1].data)[0] ^= 1;
    assert_int_equal(sigaction(SIGXFSZ, &ignore, &before), 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
    for (limit = 0; limit < n_a; limit += n_a / 7 + 1) {
        small = (struct rlimit){limit, was.rlim_max};
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
        assert_int_equal(ana_store_write(&r, p->path, &p->err), SIM_EIO);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
        assert_non_null(strstr(p->err.text, strerror(EFBIG)));
        sim_err_free(&p->err);
        assert_int_equal(sample_count(p->dir), 1);
        b = sample_bytes(p->path, &n_b);
        assert_int_equal(n_a, n_b);
        assert_memory_equal(a, b, n_a);
        free(b);
    }
    assert_int_equal(sigaction(SIGXFSZ, &before, NULL), 0);
    free(a);
    sim_result_free(&r);
}

static void test_store_write__a_full_file_system_is_an_error(void **state)
{
    struct sample_place *p = *state;
    struct sim_result r = {0};

    if (getuid() != 0 ||
        sample_shell("mount -t tmpfs -o size=64k none '%s' 2> /dev/null", p->dir) != 0)
        skip();
    sample_fill(&r);
    assert_int_equal(ana_store_write(&r, p->path, &p->err), SIM_EIO);
    assert_non_null(strstr(p->err.text, strerror(ENOSPC)));
    assert_int_equal(sample_count(p->dir), 0);
    assert_int_equal(sample_shell("umount '%s'", p->dir), 0);
    sim_result_free(&r);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)
    const struct CMUnitTest tests[] = {
        T(test_store_read__gives_back_what_was_written),
        T(test_store_read__takes_the_smallest_result),
        T(test_store_write__same_result_gives_same_bytes),
        T(test_store_write__a_result_read_back_gives_same_bytes),
        T(test_store_read_columns__brings_those_named),
        T(test_store_digest__sees_every_change),
        T(test_store_write__opens_in_xarray),
        T(test_store_bytes__is_the_size_of_the_file),
        T(test_store_write__cuts_large_columns_into_chunks),
        T(test_store_write__refuses_what_others_could_not_open),
        T(test_store_write__refuses_what_is_not_a_regular_file),
        T(test_store_write__says_why_a_folder_cannot_be_written),
        T(test_store_write__a_stale_temporary_is_no_hindrance),
        T(test_store_write__a_full_disk_leaves_the_old_file),
        T(test_store_write__a_full_file_system_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
