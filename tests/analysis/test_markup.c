#include "analysis/markup.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <setjmp.h>
#include <cmocka.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_html__nothing_can_become_markup),
        cmocka_unit_test(test_json__nothing_can_end_the_script_it_stands_in),
        cmocka_unit_test(test_json__commas_come_by_themselves),
        cmocka_unit_test(test_json__numbers_are_short_and_read_back),
        cmocka_unit_test(test_hash__as_a_policy_names_it),
        cmocka_unit_test(test_add__long_texts_come_whole)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
