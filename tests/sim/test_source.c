#include "sim/source.h"

#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    char folder[64];
    char path[96];
    struct sim_arena arena;
    struct sim_err err;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    if (f == NULL)
        return -1;
    *state = f;
    snprintf(f->folder, sizeof f->folder, "/tmp/lodestone-test-XXXXXX");
    if (mkdtemp(f->folder) == NULL)
        return -1;
    snprintf(f->path, sizeof f->path, "%s/input", f->folder);
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    unlink(f->path);
    rmdir(f->folder);
    sim_arena_free(&f->arena);
    sim_err_free(&f->err);
    free(f);
    return 0;
}

static void write_file(const struct fixture *f, const char *text, size_t n)
{
    FILE *to = fopen(f->path, "wb");

    assert_non_null(to);
    assert_int_equal(fwrite(text, 1, n, to), n);
    assert_int_equal(fclose(to), 0);
}

static void expect_refused(struct fixture *f, const char *path, size_t max, int rc,
                           const char *what)
{
    char line[256];
    char *text = NULL;
    size_t n = 77;

    assert_int_equal(sim_source_read(&f->arena, path, max, &text, &n, &f->err), rc);
    assert_null(text);
    assert_int_equal(n, 77);
    assert_int_equal(f->err.n, 1);
    snprintf(line, sizeof line, "%s%s\n", path, what);
    assert_string_equal(f->err.text, line);
}

static void test_source_read__gives_the_bytes_and_a_nul(void **state)
{
    struct fixture *f = *state;
    static const char content[] = "one\r\ntwo \xc3\xbc\n";
    char *text;
    size_t n;

    write_file(f, content, sizeof content - 1);
    assert_int_equal(sim_source_read(&f->arena, f->path, sizeof content - 1, &text, &n, &f->err),
                     0);
    assert_int_equal(n, sizeof content - 1);
    assert_memory_equal(text, content, sizeof content);
    assert_int_equal(f->err.n, 0);
}

static void test_source_read__takes_an_empty_file(void **state)
{
    struct fixture *f = *state;
    char *text;
    size_t n;

    write_file(f, "", 0);
    assert_int_equal(sim_source_read(&f->arena, f->path, 10, &text, &n, &f->err), 0);
    assert_int_equal(n, 0);
    assert_string_equal(text, "");
}

static void test_source_read__refuses_a_missing_file(void **state)
{
    struct fixture *f = *state;

    expect_refused(f, f->path, 100, SIM_EINPUT, ": there is no such file");
}

static void test_source_read__refuses_a_folder(void **state)
{
    struct fixture *f = *state;

    expect_refused(f, f->folder, 100, SIM_EINPUT, ": is a folder");
}

static void test_source_read__refuses_a_fifo_without_waiting(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(mkfifo(f->path, 0600), 0);
    expect_refused(f, f->path, 100, SIM_EINPUT, ": is no regular file");
}

static void test_source_read__refuses_a_device(void **state)
{
    expect_refused(*state, "/dev/zero", 100, SIM_EINPUT, ": is no regular file");
}

static void test_source_read__refuses_one_byte_too_many(void **state)
{
    struct fixture *f = *state;

    write_file(f, "12345", 5);
    expect_refused(f, f->path, 4, SIM_EINPUT, ": has 5 bytes: must be at most 4");
}

static void test_source_read__names_the_line_of_a_nul(void **state)
{
    struct fixture *f = *state;

    write_file(f, "a\nb\n\0c\n", 7);
    expect_refused(f, f->path, 100, SIM_EINPUT, ":3: a NUL byte: this is no text file");
}

static void test_source_read__names_the_line_of_bad_utf8(void **state)
{
    struct fixture *f = *state;

    write_file(f, "a\n\xff\n", 4);
    expect_refused(f, f->path, 100, SIM_EINPUT, ":2: byte 0xff is not UTF-8");
}

static void test_source_read__refuses_a_file_that_has_more_than_it_said(void **state)
{
    expect_refused(*state, "/proc/self/status", 1 << 20, SIM_EINPUT, ": grew while it was read");
}

static void test_source_read__tells_what_the_system_refuses(void **state)
{
    struct fixture *f = *state;
    char path[300], name[260];

    memset(name, 'x', sizeof name);
    name[sizeof name - 1] = '\0';
    snprintf(path, sizeof path, "/tmp/%s", name);
    assert_int_equal(sim_source_read(&f->arena, path, 9, &(char *){NULL}, &(size_t){0}, &f->err),
                     SIM_EIO);
    assert_non_null(strstr(f->err.text, ": cannot be read: "));
}

static void test_text_utf8__stops_at_the_first_fault(void **state)
{
    static const struct {
        const char *text;
        size_t n, good;
    } cases[] = {{"", 0, 0},
                 {"plain ascii, longer than eight", 30, 30},
                 {"\0\0", 2, 2},
                 {"\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80", 9, 9},
                 {"12345678\x80", 9, 8},     /* a lone continuation */
                 {"a\xc3", 2, 1},            /* cut short */
                 {"a\xe2\x82", 3, 1},        /* cut short */
                 {"\xc0\xaf", 2, 0},         /* overlong */
                 {"\xc1\xbf", 2, 0},         /* overlong */
                 {"\xe0\x9f\xbf", 3, 0},     /* overlong */
                 {"\xe0\xa0\x80", 3, 3},     /* the first of three */
                 {"\xf0\x8f\xbf\xbf", 4, 0}, /* overlong */
                 {"\xf0\x90\x80\x80", 4, 4}, /* the first of four */
                 {"\xed\xa0\x80", 3, 0},     /* a surrogate */
                 {"\xed\x9f\xbf", 3, 3},     /* just below them */
                 {"\xf4\x8f\xbf\xbf", 4, 4}, /* the last character */
                 {"\xf4\x90\x80\x80", 4, 0}, /* beyond it */
                 {"\xf5\x80\x80\x80", 4, 0},
                 {"\xfe", 1, 0},
                 {"\xc3\xc3", 2, 0}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(sim_text_utf8(cases[i].text, cases[i].n), cases[i].good);
}

static void test_text_int__reads_exactly_or_refuses(void **state)
{
    static const struct {
        const char *text;
        int rc;
        int64_t x;
    } cases[] = {{"0", 0, 0},
                 {"-0", 0, 0},
                 {"+7", 0, 7},
                 {"010", 0, 10},
                 {"2147483647", 0, 2147483647},
                 {"2147483648", 0, 2147483648},
                 {"4294967296", 0, 4294967296},
                 {"9007199254740993", 0, 9007199254740993},
                 {"9223372036854775807", 0, INT64_MAX},
                 {"-9223372036854775808", 0, INT64_MIN},
                 {"9223372036854775808", SIM_TOO_FAR, 0},
                 {"-9223372036854775809", SIM_TOO_FAR, 0},
                 {"99999999999999999999999999", SIM_TOO_FAR, 0},
                 {"", SIM_NO_NUMBER, 0},
                 {"-", SIM_NO_NUMBER, 0},
                 {" 1", SIM_NO_NUMBER, 0},
                 {"1 ", SIM_NO_NUMBER, 0},
                 {"1.0", SIM_NO_NUMBER, 0},
                 {"1e3", SIM_NO_NUMBER, 0},
                 {"1_000", SIM_NO_NUMBER, 0},
                 {"0x10", SIM_NO_NUMBER, 0},
                 {"nan", SIM_NO_NUMBER, 0},
                 {"+-1", SIM_NO_NUMBER, 0}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t x = 4711;

        assert_int_equal(sim_text_int(cases[i].text, &x), cases[i].rc);
        assert_true(x == (cases[i].rc == 0 ? cases[i].x : 4711));
    }
}

static void test_text_real__reads_the_nearest_double_or_refuses(void **state)
{
    static const struct {
        const char *text;
        int rc;
        double x;
    } cases[] = {{"0", 0, 0},
                 {"5", 0, 5},
                 {"-5.", 0, -5},
                 {".5", 0, 0.5},
                 {"+1.5e-3", 0, 0.0015},
                 {"1E3", 0, 1000},
                 {"1e23", 0, 1e23},
                 {"0.1", 0, 0.1},
                 {"0.000e999", 0, 0},
                 {"1.7976931348623157e308", 0, 1.7976931348623157e308},
                 {"5e-324", 0, 5e-324},
                 {"1.8e308", SIM_TOO_FAR, 0},
                 {"1e999", SIM_TOO_FAR, 0},
                 {"-1e999", SIM_TOO_FAR, 0},
                 {"1e-999", SIM_TOO_FAR, 0},
                 {"0.0e1x", SIM_NO_NUMBER, 0},
                 {"", SIM_NO_NUMBER, 0},
                 {".", SIM_NO_NUMBER, 0},
                 {"-", SIM_NO_NUMBER, 0},
                 {"e5", SIM_NO_NUMBER, 0},
                 {"1e", SIM_NO_NUMBER, 0},
                 {"1e+", SIM_NO_NUMBER, 0},
                 {"1.2.3", SIM_NO_NUMBER, 0},
                 {"1,5", SIM_NO_NUMBER, 0},
                 {" 1", SIM_NO_NUMBER, 0},
                 {"1 ", SIM_NO_NUMBER, 0},
                 {"nan", SIM_NO_NUMBER, 0},
                 {"inf", SIM_NO_NUMBER, 0},
                 {"-inf", SIM_NO_NUMBER, 0},
                 {"infinity", SIM_NO_NUMBER, 0},
                 {"0x1p3", SIM_NO_NUMBER, 0}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double x = 4711;

        assert_int_equal(sim_text_real(cases[i].text, &x), cases[i].rc);
        assert_true(x == (cases[i].rc == 0 ? cases[i].x : 4711));
    }
}

static uint64_t next(uint64_t *s)
{
    *s += 0x9e3779b97f4a7c15u;
    uint64_t z = *s;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static void test_text_show__is_short_and_reads_back(void **state)
{
    char to[32];
    uint64_t seed = 1, bits;
    double x, back;

    (void)state;
    sim_text_show(0.1, to);
    assert_string_equal(to, "0.1");
    sim_text_show(1e23, to);
    assert_string_equal(to, "1e+23");
    sim_text_show(100000, to);
    assert_string_equal(to, "100000");
    sim_text_show(5e-324, to);
    assert_string_equal(to, "5e-324");
    for (int i = 0; i < 20000; i++) {
        bits = next(&seed);
        memcpy(&x, &bits, sizeof x);
        if (!isfinite(x))
            continue;
        sim_text_show(x, to);
        assert_int_equal(sim_text_real(to, &back), 0);
        assert_memory_equal(&x, &back, sizeof x);
    }
}

/* The textbook recursion (optimal string alignment), for words of a few letters. */
static int slow_distance(const char *a, size_t n, const char *b, size_t m)
{
    int best, other;

    if (n == 0 || m == 0)
        return (int)(n + m);
    best = slow_distance(a, n - 1, b, m - 1) + (a[n - 1] != b[m - 1]);
    other = slow_distance(a, n - 1, b, m) + 1;
    best = other < best ? other : best;
    other = slow_distance(a, n, b, m - 1) + 1;
    best = other < best ? other : best;
    if (n > 1 && m > 1 && a[n - 1] == b[m - 2] && a[n - 2] == b[m - 1]) {
        other = slow_distance(a, n - 2, b, m - 2) + 1;
        best = other < best ? other : best;
    }
    return best;
}

static void test_distance__is_that_of_the_slow_recursion(void **state)
{
    uint64_t seed = 2;
    char a[7], b[7];

    (void)state;
    for (int i = 0; i < 2000; i++) {
        size_t n = next(&seed) % sizeof a, m = next(&seed) % sizeof b;

        for (size_t j = 0; j < n; j++)
            a[j] = (char)('a' + next(&seed) % 3);
        for (size_t j = 0; j < m; j++)
            b[j] = (char)('a' + next(&seed) % 3);
        a[n] = b[m] = '\0';
        assert_int_equal(sim_distance(a, b), slow_distance(a, n, b, m));
    }
}

static void test_distance__does_not_look_into_long_texts(void **state)
{
    char a[301];

    (void)state;
    memset(a, 'a', 300);
    a[300] = '\0';
    assert_int_equal(sim_distance(a, "a"), 300);
    assert_int_equal(sim_distance("a", a), 300);
    a[255] = '\0';
    assert_int_equal(sim_distance(a, "a"), 254);
}

static void test_nearest__takes_the_nearest_and_nothing_far(void **state)
{
    static const char *const names[] = {"approval", "approve", "runs", "seed"};
    char mean[SIM_MEAN];

    (void)state;
    assert_string_equal(sim_nearest("aproval", names, 4), "approval");
    assert_string_equal(sim_nearest("appvroe", names, 4), "approve");
    assert_string_equal(sim_nearest("urns", names, 4), "runs");
    assert_string_equal(sim_nearest("seed", names, 4), "seed");
    assert_null(sim_nearest("horizon_d", names, 4));
    assert_null(sim_nearest("urn", names + 3, 1));
    assert_null(sim_nearest("runs", names, 0));
    assert_string_equal(sim_did_you_mean("runs", mean), "; did you mean 'runs'?");
    assert_string_equal(sim_did_you_mean(NULL, mean), "");
}

#define WITH_FILE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FILE(test_source_read__gives_the_bytes_and_a_nul),
        WITH_FILE(test_source_read__takes_an_empty_file),
        WITH_FILE(test_source_read__refuses_a_missing_file),
        WITH_FILE(test_source_read__refuses_a_folder),
        WITH_FILE(test_source_read__refuses_a_fifo_without_waiting),
        WITH_FILE(test_source_read__refuses_a_device),
        WITH_FILE(test_source_read__refuses_one_byte_too_many),
        WITH_FILE(test_source_read__names_the_line_of_a_nul),
        WITH_FILE(test_source_read__names_the_line_of_bad_utf8),
        WITH_FILE(test_source_read__refuses_a_file_that_has_more_than_it_said),
        WITH_FILE(test_source_read__tells_what_the_system_refuses),
        cmocka_unit_test(test_text_utf8__stops_at_the_first_fault),
        cmocka_unit_test(test_text_int__reads_exactly_or_refuses),
        cmocka_unit_test(test_text_real__reads_the_nearest_double_or_refuses),
        cmocka_unit_test(test_text_show__is_short_and_reads_back),
        cmocka_unit_test(test_distance__is_that_of_the_slow_recursion),
        cmocka_unit_test(test_distance__does_not_look_into_long_texts),
        cmocka_unit_test(test_nearest__takes_the_nearest_and_nothing_far),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
