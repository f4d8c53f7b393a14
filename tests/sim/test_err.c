#include "sim/err.h"
#include "tests/dies.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

/* What is printed; to be freed. */
static char *printed(const struct sim_err *err, const char *prefix)
{
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);

    assert_non_null(f);
    sim_err_print(err, prefix, f);
    fclose(f);
    return text;
}

static void test_err_add__returns_the_code_and_keeps_the_first(void **state)
{
    struct sim_err err = SIM_ERR_INIT;

    (void)state;
    assert_int_equal(sim_err_add(&err, SIM_EINPUT, "a.cfg:%d: %s = %g", 12, "cover_d", -1.5),
                     SIM_EINPUT);
    assert_int_equal(sim_err_add(&err, SIM_EIO, "second"), SIM_EIO);
    assert_int_equal(err.code, SIM_EINPUT);
    assert_int_equal(err.n, 2);
    assert_string_equal(err.text, "a.cfg:12: cover_d = -1.5\nsecond\n");
    sim_err_free(&err);
}

static void test_err_add__null_drops_the_line(void **state)
{
    (void)state;
    assert_int_equal(sim_err_add(NULL, SIM_ENOMEM, "nobody %d", 1), SIM_ENOMEM);
}

static void test_err_add__one_line_whatever_it_holds(void **state)
{
    static const struct {
        const char *in, *out;
    } table[] = {
        {"ends in a newline\n", "ends in a newline\n"},
        {"two\nlines\r\n", "two?lines?\n"},
        {"\x1b[31mred\x07\x7f", "?[31mred??\n"},
        {"csi in UTF-8 \xc2\x9b"
         "31m",
         "csi in UTF-8 ??31m\n"},
        {"Gr\xc3\xb6\xc3\x9f"
         "e \xe7\xa3\x81\xe7\x9f\xb3 \xc2\xa0",
         "Gr\xc3\xb6\xc3\x9f"
         "e \xe7\xa3\x81\xe7\x9f\xb3 \xc2\xa0\n"},
        {"ends early \xc2", "ends early \xc2\n"},
        {"", "\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct sim_err err = SIM_ERR_INIT;

        sim_err_add(&err, SIM_EINPUT, "%s", table[i].in);
        assert_string_equal(err.text, table[i].out);
        sim_err_free(&err);
    }
}

static void test_err_add__a_long_line_is_whole(void **state)
{
    struct sim_err err = SIM_ERR_INIT;
    char word[5001];

    (void)state;
    memset(word, 'x', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    sim_err_add(&err, SIM_EINPUT, "short");
    sim_err_add(&err, SIM_EINPUT, "%s", word);
    assert_int_equal(err.len, 6 + 5001);
    assert_int_equal(strlen(err.text), err.len);
    sim_err_free(&err);
}

static void test_err_add__beyond_1000_lines_only_counts(void **state)
{
    struct sim_err err = SIM_ERR_INIT;
    char *text;
    size_t lines = 0;

    (void)state;
    for (int i = 1; i <= 1234; i++)
        sim_err_add(&err, SIM_EINPUT, "line %d", i);
    assert_int_equal(err.n, 1234);
    text = printed(&err, "> ");
    for (const char *s = text; *s != '\0'; s++)
        lines += *s == '\n';
    assert_int_equal(lines, 1001);
    assert_non_null(strstr(text, "> line 1\n"));
    assert_non_null(strstr(text, "> line 1000\n> and 234 more\n"));
    assert_null(strstr(text, "line 1001"));
    free(text);
    sim_err_free(&err);
}

static void test_err_print__puts_the_prefix_before_each_line(void **state)
{
    struct sim_err err = SIM_ERR_INIT;
    char *text = printed(&err, "lodestone: ");

    (void)state;
    assert_string_equal(text, "");
    free(text);
    sim_err_add(&err, SIM_EINPUT, "one");
    sim_err_add(&err, SIM_EINPUT, "two %%");
    text = printed(&err, "lodestone: ");
    assert_string_equal(text, "lodestone: one\nlodestone: two %\n");
    free(text);
    sim_err_free(&err);
}

static void test_err_free__may_be_called_twice(void **state)
{
    struct sim_err err = SIM_ERR_INIT;

    (void)state;
    sim_err_add(&err, SIM_EINPUT, "one");
    sim_err_free(&err);
    sim_err_free(&err);
    assert_int_equal(err.n, 0);
    assert_int_equal(err.code, 0);
    assert_null(err.text);
}

static void bug_if(void *ctx)
{
    sim_bug_if(*(int *)ctx == 3);
}

static void out_of_memory(void *ctx)
{
    sim_out_of_memory(*(size_t *)ctx);
}

static void test_bug__aborts_and_only_if(void **state)
{
    int three = 3, four = 4;
    size_t bytes = 1;

    (void)state;
    assert_int_equal(ends_with(bug_if, &three), SIGABRT);
    assert_int_equal(ends_with(bug_if, &four), 0);
    assert_int_equal(ends_with(out_of_memory, &bytes), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_err_add__returns_the_code_and_keeps_the_first),
        cmocka_unit_test(test_err_add__null_drops_the_line),
        cmocka_unit_test(test_err_add__one_line_whatever_it_holds),
        cmocka_unit_test(test_err_add__a_long_line_is_whole),
        cmocka_unit_test(test_err_add__beyond_1000_lines_only_counts),
        cmocka_unit_test(test_err_print__puts_the_prefix_before_each_line),
        cmocka_unit_test(test_err_free__may_be_called_twice),
        cmocka_unit_test(test_bug__aborts_and_only_if),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
