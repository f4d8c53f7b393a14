#include "analysis/markup.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

static void assert_text(struct ana_text *t, const char *want)
{
    assert_int_equal(t->full, 0);
    assert_int_equal(t->n, strlen(want));
    assert_string_equal(t->s, want);
    ana_text_free(t);
}

static void test_html__nothing_can_become_markup(void **state)
{
    struct ana_text t = {0};

    (void)state;
    ana_html(&t, "</script><img src=\"x\" onerror='a&b'>\x01\x1b[1m\n\t\x7f é");
    assert_text(&t,
                "&lt;/script&gt;&lt;img src=&quot;x&quot; onerror=&#39;a&amp;b&#39;&gt;??[1m\n\t"
                "\x7f é");
}

static void test_json__nothing_can_end_the_script_it_stands_in(void **state)
{
    struct ana_text t = {0};

    (void)state;
    ana_json_text(&t, "</script><!-- \"\\ &\n\x01 é");
    assert_text(&t, "\"\\u003c/script\\u003e\\u003c!-- \\u0022\\u005c \\u0026\\u000a\\u0001 é\"");
}

static void test_json__commas_come_by_themselves(void **state)
{
    static const double x[] = {1.0, 2.0};
    static const char *const s[] = {"a:", NULL};
    struct ana_text t = {0};

    (void)state;
    ana_json_open(&t, '{');
    ana_json_key(&t, "a");
    ana_json_open(&t, '[');
    ana_json_close(&t, ']');
    ana_json_key(&t, "b");
    ana_json_numbers(&t, x, 2, 4);
    ana_json_key(&t, "c");
    ana_json_texts(&t, s, 2);
    ana_json_key(&t, "d");
    ana_json_open(&t, '[');
    ana_json_open(&t, '{');
    ana_json_close(&t, '}');
    ana_json_open(&t, '{');
    ana_json_close(&t, '}');
    ana_json_close(&t, ']');
    ana_json_close(&t, '}');
    assert_text(&t, "{\"a\":[],\"b\":[1,2],\"c\":[\"a:\",null],\"d\":[{},{}]}");
}

static void test_json__numbers_are_short_and_read_back(void **state)
{
    static const double x[] = {0.0,   -0.0,           1234567.0,   0.000123456,
                               -1.5,  1e300,          1e-9,        999949.0,
                               100.0, 123456789012.0, (double)NAN, (double)INFINITY};
    struct ana_text t = {0};

    (void)state;
    ana_json_numbers(&t, x, sizeof x / sizeof *x, 4);
    assert_text(&t, "[0,0,1.235e6,0.0001235,-1.5,1e300,1e-9,9.999e5,100,1.235e11,null,null]");
}

/* Digests of "" and "abc": FIPS 180-4; in base64. */
static void test_hash__as_a_policy_names_it(void **state)
{
    char hash[ANA_HASH_MAX];

    (void)state;
    ana_text_hash(hash, "", 0);
    assert_string_equal(hash, "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    ana_text_hash(hash, "abc", 3);
    assert_string_equal(hash, "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
}

static void test_add__long_texts_come_whole(void **state)
{
    static char many[5000];
    struct ana_text t = {0};

    (void)state;
    memset(many, 'x', sizeof many - 1);
    ana_text_add(&t, "%s|", many);
    ana_html_add(&t, "%s<", many);
    assert_int_equal(t.n, 2 * (sizeof many - 1) + strlen("|&lt;"));
    assert_string_equal(t.s + t.n - 5, "x&lt;");
    ana_text_free(&t);
    ana_text_free(&t);
}

/* As unpack of format.js does it; NaN for "none". */
static double unpack(const char *three)
{
    static const char letter[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    long code = 0;
    char text[32];

    for (int i = 0; i < ANA_PACKED; i++)
        code = code << 6 | (strchr(letter, three[i]) - letter);
    if (code == 0 || code == 0x3ffff)
        return code == 0 ? 0.0 : (double)NAN;
    snprintf(text, sizeof text, "%lde%ld", 1000 + (code - 1) % 9000, (code - 1) / 9000 - 12);
    return strtod(text, NULL);
}

static void test_json_packed__four_digits_come_back(void **state)
{
    static const double x[] = {0,    1,     9.9996,  1234.4,   1234.6,  0.00123456,
                               1e-9, 1e-11, 9.99e19, 123456.7, 99995.0, 3.0 / 7};
    enum { N = sizeof x / sizeof *x };
    struct ana_text t = {0};
    char digits[32];

    (void)state;
    ana_json_packed(&t, x, N);
    assert_int_equal(t.n, ANA_PACKED * N + 2);
    for (size_t i = 0; i < N; i++) {
        snprintf(digits, sizeof digits, "%.3e", x[i]);
        assert_true(unpack(t.s + 1 + ANA_PACKED * i) == (i == 7 ? 0.0 : strtod(digits, NULL)));
    }
    ana_text_free(&t);
}

static void test_json_packed__what_has_no_code_is_none(void **state)
{
    static const double x[] = {NAN, -1, INFINITY, 1e20};
    struct ana_text t = {0};

    (void)state;
    ana_json_packed(&t, x, 4);
    assert_memory_equal(t.s, "\"____________\"", t.n);
    ana_text_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_html__nothing_can_become_markup),
        cmocka_unit_test(test_json__nothing_can_end_the_script_it_stands_in),
        cmocka_unit_test(test_json__commas_come_by_themselves),
        cmocka_unit_test(test_json__numbers_are_short_and_read_back),
        cmocka_unit_test(test_hash__as_a_policy_names_it),
        cmocka_unit_test(test_add__long_texts_come_whole),
        cmocka_unit_test(test_json_packed__four_digits_come_back),
        cmocka_unit_test(test_json_packed__what_has_no_code_is_none)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
