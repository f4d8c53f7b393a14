#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */

#include "analysis/store_inner.h"
#include "tests/analysis/sample.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <cmocka.h>

static void write_sample(const struct sample_place *p, char digest[ANA_DIGEST_MAX])
{
    struct sim_result r = {0};

    sample_fill(&r);
    if (digest)
        ana_store_digest(&r, digest);
    assert_int_equal(ana_store_write(&r, p->path, NULL), 0);
    sim_result_free(&r);
}

/* ---- what cannot be read ---- */

static void cannot_read(const char *path, int code, const char *says)
{
    struct sim_result r;
    struct sim_err err = SIM_ERR_INIT;
    char digest[ANA_DIGEST_MAX];

    assert_int_equal(ana_store_read(&r, path, &err), code);
    assert_int_equal(err.n, 1);
    if (!strstr(err.text, says) || strncmp(err.text, path, strlen(path)) != 0)
        fail_msg("'%s' does not say '%s'", err.text, says);
    assert_int_equal(r.n_axis + r.n_column + r.n_attr + r.n_input, 0);
    sim_err_free(&err);
    assert_int_equal(ana_store_verify(path, digest, &err), code);
    sim_err_free(&err);
}

static void test_store_read__says_what_is_wrong_with_a_file(void **state)
{
    struct sample_place *p = *state;

    cannot_read(p->path, SIM_EIO, strerror(ENOENT));
    cannot_read(p->dir, SIM_EIO, "a folder");
    assert_int_equal(mkfifo(p->path, 0600), 0);
    cannot_read(p->path, SIM_EIO, "not a regular file");
    assert_int_equal(unlink(p->path), 0);
    sample_put(p->path, "", 0);
    cannot_read(p->path, SIM_ERUN, "not a Lodestone result");
    sample_put(p->path, "a,b\n1,2\n", 8);
    cannot_read(p->path, SIM_ERUN, "not a Lodestone result");
}

/* Appends a seal that fits, as one who means harm would. */
static void reseal(const char *path)
{
    char seal[ANA_SEAL_LEN + 1], *bytes;
    size_t n;
    FILE *f;

    bytes = sample_bytes(path, &n);
    ana_seal_make(bytes, n, seal);
    free(bytes);
    f = fopen(path, "ab");
    assert_non_null(f);
    assert_int_equal(fwrite(seal, 1, ANA_SEAL_LEN, f), ANA_SEAL_LEN);
    assert_int_equal(fclose(f), 0);
}

static void test_store_read__refuses_other_hdf5_files(void **state)
{
    struct sample_place *p = *state;
    hid_t file = H5Fcreate(p->path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);

    H5Fclose(file);
    cannot_read(p->path, SIM_ERUN, "no seal");
    reseal(p->path);
    cannot_read(p->path, SIM_ERUN, "not a Lodestone result");
}

/* The sample, opened for changes. The library takes the seal off when it writes. */
static hid_t tamper(struct sample_place *p)
{
    hid_t file;

    write_sample(p, NULL);
    file = H5Fopen(p->path, H5F_ACC_RDWR, H5P_DEFAULT);
    assert_true(file >= 0);
    return file;
}

static void tampered(struct sample_place *p, hid_t file, const char *says)
{
    assert_true(H5Fclose(file) >= 0);
    reseal(p->path);
    cannot_read(p->path, SIM_ERUN, says);
    assert_int_equal(unlink(p->path), 0);
}

static hid_t add_set(hid_t file, const char *name, hid_t type, hid_t prop)
{
    const hsize_t n = 2;
    hid_t space = H5Screate_simple(1, &n, NULL);
    hid_t set = H5Dcreate2(file, name, type, space, H5P_DEFAULT, prop, H5P_DEFAULT);

    H5Sclose(space);
    return set;
}

static void test_store_read__refuses_links_and_other_storage(void **state)
{
    struct sample_place *p = *state;
    hid_t file, prop;

    ana_hdf5_begin();
    file = tamper(p);
    assert_true(H5Lcreate_external("/etc/passwd", "x", file, "evil", H5P_DEFAULT, H5P_DEFAULT) >=
                0);
    tampered(p, file, "is a link");

    file = tamper(p);
    assert_true(H5Lcreate_soft("/lost", file, "evil", H5P_DEFAULT, H5P_DEFAULT) >= 0);
    tampered(p, file, "is a link");

    file = tamper(p);
    prop = H5Pcreate(H5P_DATASET_CREATE);
    assert_true(H5Pset_external(prop, "/etc/passwd", 0, 16) >= 0);
    H5Dclose(add_set(file, "evil", H5T_IEEE_F64LE, prop));
    H5Pclose(prop);
    tampered(p, file, "stored in a way");

    file = tamper(p);
    H5Dclose(add_set(file, "evil", H5T_STD_U16BE, H5P_DEFAULT));
    tampered(p, file, "type");

    file = tamper(p);
    H5Gclose(H5Gcreate2(file, "evil", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    tampered(p, file, "not a dataset");
}

static void test_store_read__refuses_columns_off_their_axes(void **state)
{
    struct sample_place *p = *state;
    hid_t file;

    file = tamper(p);
    H5Dclose(add_set(file, "evil", H5T_IEEE_F64LE, H5P_DEFAULT));
    tampered(p, file, "evil");

    file = tamper(p);
    assert_true(H5Adelete_by_name(file, "lost", "axes", H5P_DEFAULT) >= 0);
    tampered(p, file, "does not fit its axes");

    file = tamper(p);
    assert_true(H5Ldelete(file, "input", H5P_DEFAULT) >= 0);
    tampered(p, file, "input");
}

static void test_store_verify__finds_a_changed_value(void **state)
{
    struct sample_place *p = *state;
    struct sim_err err = SIM_ERR_INIT;
    char digest[ANA_DIGEST_MAX];
    const int32_t x = 7;
    hid_t file, set;

    file = tamper(p);
    set = H5Dopen2(file, "alone", H5P_DEFAULT);
    assert_true(H5Dwrite(set, H5T_NATIVE_INT32, H5S_ALL, H5S_ALL, H5P_DEFAULT, &x) >= 0);
    H5Dclose(set);
    H5Fclose(file);
    assert_int_equal(ana_store_verify(p->path, digest, &err), SIM_ERUN);
    assert_non_null(strstr(err.text, "written to by another program"));
    sim_err_free(&err);
    reseal(p->path);
    assert_int_equal(ana_store_verify(p->path, digest, &err), SIM_ERUN);
    assert_non_null(strstr(err.text, "its digest says"));
    sim_err_free(&err);
}

/* Address space, not yet memory. */
static void *map(size_t n)
{
    return mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
                0);
}

static int a_child_that(void *ctx, char *text, size_t n, struct sim_err *err)
{
    const char *what = ctx;
    volatile int busy = 1;
    size_t room = 0;
    void *p;

    if (strcmp(what, "crashes") == 0)
        (void)raise(SIGSEGV);
    if (strcmp(what, "hangs") == 0)
        while (busy)
            ;
    if (strcmp(what, "grows") == 0)
        for (room = (size_t)1 << 20; (p = map(room)) != MAP_FAILED; room *= 2)
            munmap(p, room);
    if (strcmp(what, "is interrupted") == 0)
        (void)raise(SIGINT);
    snprintf(text, n, "%zu", room >> 20);
    sim_err_add(err, SIM_EINPUT, "line 1");
    return sim_err_add(err, SIM_EINPUT, "line 2");
}

static int child(const char *what, char text[32], struct sim_err *err)
{
    char copy[32];

    snprintf(copy, sizeof copy, "%s", what);
    sim_err_free(err);
    return ana_child_run("f.h5", 1, a_child_that, copy, text, 32, err);
}

static void test_store_child__is_limited_and_reports(void **state)
{
    struct sample_place *p = *state;
    char text[32];
    double half = 0.5 * (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);

    assert_int_equal(child("works", text, &p->err), SIM_EINPUT);
    assert_string_equal(text, "0");
    assert_string_equal(p->err.text, "line 1\nline 2\n");
    assert_int_equal(child("crashes", text, &p->err), SIM_ERUN);
    assert_non_null(strstr(p->err.text, "f.h5: damaged: reading it crashed"));
    assert_int_equal(child("hangs", text, &p->err), SIM_ERUN);
    assert_non_null(strstr(p->err.text, "too much time"));
    assert_int_equal(child("is interrupted", text, &p->err), SIM_ESTOP);
    assert_int_equal(child("grows", text, &p->err), SIM_EINPUT);
    assert_true(atof(text) * 1048576.0 <= 2.0 * half);
}

/* ---- damage ---- */

static void test_store_verify__finds_every_truncation(void **state)
{
    struct sample_place *p = *state;
    char *bytes, digest[ANA_DIGEST_MAX];
    size_t n, cut;
    int found = 0, tried = 0;

    write_sample(p, NULL);
    bytes = sample_bytes(p->path, &n);
    for (cut = 0; cut < n; cut = cut + n / 300 < n - 200 ? cut + n / 300
                                 : cut < n - 200         ? n - 200
                                                         : cut + 1) {
        sample_put(p->path, bytes, cut);
        found += ana_store_verify(p->path, digest, &p->err) == SIM_ERUN;
        tried++;
    }
    assert_true(tried > 480);
    assert_int_equal(found, tried);
    free(bytes);
}

static void test_store_verify__finds_every_flipped_bit(void **state)
{
    struct sample_place *p = *state;
    char *bytes, digest[ANA_DIGEST_MAX];
    size_t n;
    int found = 0, tried;

    write_sample(p, NULL);
    bytes = sample_bytes(p->path, &n);
    for (tried = 0; tried < 2000; tried++) {
        size_t at = (size_t)(sample_u((uint64_t)tried) * (double)n);
        char bit = (char)(1 << tried % 8);

        bytes[at] = (char)(bytes[at] ^ bit);
        sample_put(p->path, bytes, n);
        found += ana_store_verify(p->path, digest, &p->err) == SIM_ERUN;
        bytes[at] = (char)(bytes[at] ^ bit);
    }
    assert_int_equal(found, tried);
    free(bytes);
}

/* Where the seal fits a damaged file, the child and the digest are all there is: no mutant may pass
 * as another content. */
static void test_store_verify__a_fitting_seal_hides_no_change(void **state)
{
    struct sample_place *p = *state;
    char *bytes, whole[ANA_DIGEST_MAX], digest[ANA_DIGEST_MAX];
    size_t n;
    int tried, wrong = 0, refused_n = 0;

    write_sample(p, whole);
    bytes = sample_bytes(p->path, &n);
    n -= ANA_SEAL_LEN;
    for (tried = 0; tried < 150; tried++) {
        size_t at = (size_t)(sample_u(777u + (uint64_t)tried) * (double)n);
        char was = bytes[at];

        bytes[at] = (char)(was ^ (1 << tried % 8));
        sample_put(p->path, bytes, n);
        reseal(p->path);
        sim_err_free(&p->err);
        if (ana_store_verify(p->path, digest, &p->err) == 0)
            wrong += strcmp(digest, whole) != 0;
        else
            refused_n++;
        bytes[at] = was;
    }
    assert_int_equal(wrong, 0);
    assert_true(refused_n > 50);
    free(bytes);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)
    const struct CMUnitTest tests[] = {
        T(test_store_read__says_what_is_wrong_with_a_file),
        T(test_store_read__refuses_other_hdf5_files),
        T(test_store_read__refuses_links_and_other_storage),
        T(test_store_read__refuses_columns_off_their_axes),
        T(test_store_verify__finds_a_changed_value),
        T(test_store_child__is_limited_and_reports),
        T(test_store_verify__finds_every_truncation),
        T(test_store_verify__finds_every_flipped_bit),
        T(test_store_verify__a_fitting_seal_hides_no_change),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
