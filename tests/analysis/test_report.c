#include "analysis/compare.h"
#include "tests/analysis/report_page.h"
#include "tests/analysis/study.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>

/* The study, with values of goods: JP's vehicles are 50 x 10 + 20 x 20 = 900 m USD a week. In the
 * cut the petrol cars of 15 of its 21 runs are not made in weeks 6 to 8, of three a fifth after
 * that. */
static const char evil[] = "</title></script><img src=x onerror=alert(1)>";

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    study_fill(&f->r);
    study_axis(&f->r, "product", 3, TEXTS("car.ice", "car.hev", "mag.sh"),
               COORDS(study_real("product_value", REALS(1e7, 2e7, 1))), 1);
    sim_result_attr(&f->r, "title", evil);
    *state = f;
    return ana_compare(&f->c, &f->r, &(struct ana_compare_options){0}, &f->err);
}

static const char *page_of(struct fixture *f, const char *script)
{
    return report_page_of(f, evil, script);
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;

    for (const char *p = strstr(text, what); p; p = strstr(p + 1, what))
        n++;
    return n;
}

static void test_report__policy_names_the_script_and_the_style_by_hash(void **state)
{
    const char *page = page_of(*state, "draw();");
    char hash[ANA_HASH_MAX], policy[256];

    ana_text_hash(hash, "draw();", 7);
    snprintf(policy, sizeof policy, "default-src 'none'; script-src '%s'; ", hash);
    assert_non_null(strstr(page, policy));
    ana_text_hash(hash, "p { color: red; }", 17);
    snprintf(policy, sizeof policy, "style-src-elem '%s'; ", hash);
    assert_non_null(strstr(page, policy));
    assert_int_equal(count(page, "<script>draw();</script>"), 1);
    assert_int_equal(count(page, "<style>p { color: red; }</style>"), 1);
}

static void test_report__texts_of_files_are_never_markup(void **state)
{
    for (int is_static = 0; is_static < 2; is_static++) {
        const char *page = page_of(*state, is_static ? NULL : "draw();");

        assert_int_equal(count(page, "<img"), 0);
        assert_true(count(page, "&lt;/title&gt;&lt;/script&gt;&lt;img src=x") >= 3);
        assert_true(is_static || count(page, "<title>") == 1);
        assert_int_equal(count(page, "<script"), count(page, "</script>"));
    }
}

static void test_report__static_page_has_no_script_and_no_data(void **state)
{
    const char *page = page_of(*state, NULL);

    assert_non_null(strstr(page, "script-src 'none'; "));
    assert_int_equal(count(page, "<script"), 0);
    assert_non_null(strstr(page, "built without Node.js"));
    assert_null(strstr(page_of(*state, "draw();"), "built without Node.js"));
}

static void test_report_time__static_page_shows_the_last_stage(void **state)
{
    const char *
        page = page_of(*state, NULL),
       *title = "Output, JP, vehicle: in cut the median falls to 44 % of the baseline&#39;s in the "
                "week of 2026-02-12.";
    char *section;

    assert_int_equal(count(page, "<figure id=\"figure-time\">"), 1);
    assert_int_equal(count(page, title), 3); /* heading, label of the picture, caption */
    assert_int_equal(count(page, "<path class=\"band p"), 3);
    assert_int_equal(count(page, ">800 m</text>"), 1);
    assert_non_null(strstr(page, "<th scope=\"col\">cut, 10 % quantile (USD a week)</th>"));
    section = report_cut(page, "<section id=\"time\">", "</section>");
    assert_int_equal(count(section, "<th scope=\"col\">"), 1 + 3 * 3);
    free(section);
}

static void row(char *to, const char *date, const double x[9])
{
    to += sprintf(to, "<tr><td>%s</td>", date);
    for (int i = 0; i < 9; i++)
        to += sprintf(to, "<td class=\"number\">%.0f,000,000</td>", x[i]);
    sprintf(to, "</tr>");
}

static void test_report_time__static_table_has_quantiles_over_runs_done(void **state)
{
    const char *page = page_of(*state, NULL);
    char want[1024];

    row(want, "2026-01-01", REALS(900, 900, 900, 900, 900, 900, 900, 900, 900));
    assert_non_null(strstr(page, want));
    row(want, "2026-02-12", REALS(900, 900, 900, 400, 400, 900, 900, 900, 900));
    assert_non_null(strstr(page, want));
    row(want, "2026-03-05", REALS(900, 900, 900, 800, 900, 900, 900, 900, 900));
    assert_non_null(strstr(page, want));
    assert_int_equal(count(page, "<tr><td>2026-"), STUDY_WEEK);
}

static void test_report_time__data_begin_with_the_last_stage(void **state)
{
    const char *page = page_of(*state, "draw();"), *cut;
    struct ana_text first = {0}, half = {0};

    ana_text_add(&first, "{\"measure\":\"output\",\"country\":\"JP\",\"stage\":\"vehicle\","
                         "\"product\":\"\",\"unit\":\"USD\",\"fans\":[[");
    ana_json_packed(&first, REALS(9e8, 9e8), 2);
    first.s[--first.n] = '\0'; /* the quote: more follows */
    page = strstr(page, "id=\"data-time\">");
    assert_non_null(page);
    page = strstr(page, "\"series\":[");
    assert_non_null(page);
    assert_ptr_equal(strstr(page, first.s), page + strlen("\"series\":["));
    ana_json_packed(&half, REALS(9e8, 9e8, 9e8, 9e8, 9e8, 9e8, 4e8, 4e8, 4e8, 8e8), 10);
    half.s[--half.n] = '\0';
    cut = strstr(page, half.s);
    assert_non_null(cut);
    ana_text_free(&first);
    ana_text_free(&half);
}

static void test_report__same_arguments_same_bytes(void **state)
{
    struct fixture *f = *state;
    struct ana_text first;

    page_of(f, "draw();");
    first = f->page;
    f->page = (struct ana_text){0};
    page_of(f, "draw();");
    assert_int_equal(first.n, f->page.n);
    assert_memory_equal(first.s, f->page.s, first.n);
    ana_text_free(&first);
}

#define EACH(t) cmocka_unit_test_setup_teardown(t, set_up, report_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(test_report__policy_names_the_script_and_the_style_by_hash),
        EACH(test_report__texts_of_files_are_never_markup),
        EACH(test_report__static_page_has_no_script_and_no_data),
        EACH(test_report_time__static_page_shows_the_last_stage),
        EACH(test_report_time__static_table_has_quantiles_over_runs_done),
        EACH(test_report_time__data_begin_with_the_last_stage),
        EACH(test_report__same_arguments_same_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
