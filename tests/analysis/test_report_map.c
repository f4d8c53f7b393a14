#include "tests/analysis/report_page.h"
#include "tests/analysis/study.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>

/* Four sites that plan 10 USD in each of 13 weeks, one of them nowhere on the map, and two lanes.
 * In `cut` JP's misses 6 in the second month, where it misses 1 in the baseline; CN's misses as
 * little in both; the third misses all of the last month, and has a name like markup. */
enum { MONTHS = 4, WHOLE = 3, WEEKS = 14, SITES = 4, LINKS = 3, RUNS = 2 };
#define EVIL "</script><img src=x onerror=alert(1)>"

static void axes(struct sim_result *r)
{
    static const double month[MONTHS] = {0, 31, 59, 90}, lat[SITES] = {35, 31.5, 10, NAN},
                        lon[SITES] = {139.25, 121, -70, 0};

    study_axis(r, "scenario", 2, TEXTS("base", "cut"), NULL, 0);
    study_numbers(r, "run", RUNS, 1.0);
    study_numbers(r, "week", WEEKS, 7.0);
    sim_result_axis(
        r, &(struct sim_axis){
               .name = "month", .long_name = "m", .units = "d", .n = MONTHS, .value = month});
    study_axis(r, "product", 1, TEXTS("mag"), COORDS(study_real("product_value", REALS(50))), 1);
    study_axis(r, "site", SITES, TEXTS("s.jp", "s.cn", "s.evil", "s.nowhere"),
               COORDS(study_text("site_name", TEXTS("Works", "Mine", EVIL, "Nowhere")),
                      study_text("site_country", TEXTS("JP", "CN", "US", "US")),
                      study_text("site_tier", TEXTS("car", "magnet", "car", "car")),
                      study_real("site_lat", lat), study_real("site_lon", lon)),
               5);
    study_axis(r, "link", LINKS, TEXTS("0", "1", "2"),
               COORDS(study_text("link_from_country", TEXTS("CN", "CN", "CN")),
                      study_text("link_from_tier", TEXTS("magnet", "magnet", "magnet")),
                      study_text("link_to_country", TEXTS("JP", "CN", "US")),
                      study_text("link_to_tier", TEXTS("car", "car", "car")),
                      study_text("link_product", TEXTS("mag", "mag", "mag")),
                      study_text("link_unit", TEXTS("kg", "kg", "kg"))),
               6);
}

static double *column(struct sim_result *r, const char *name, const char *on)
{
    return r->column[sim_result_column(r, name, on, SIM_F64, SIM_KEEP, "1", name)].data;
}

static void columns(struct sim_result *r)
{
    static const double kg[LINKS] = {100, 1000, 0.5};
    int at = sim_result_column(r, "run_status", "scenario run", SIM_I8, SIM_KEEP, "1", "status");
    double *planned = column(r, "site_planned", "scenario site week"),
           *missed = column(r, "site_missed", "scenario site week"),
           *moved = column(r, "link_moved", "scenario link month");

    memset(r->column[at].data, 1, (size_t)2 * RUNS);
    column(r, "link_held", "scenario link month");
    for (size_t i = 0; i < (size_t)2 * SITES * WEEKS; i++) {
        planned[i] = 10;
        missed[i] = i / WEEKS % SITES == 1 ? 0.05 : i % WEEKS == WEEKS - 1 ? 1e9 : 0;
    }
    for (size_t i = 0; i < (size_t)2 * LINKS * MONTHS; i++)
        moved[i] = kg[i / MONTHS % LINKS];
    moved[LINKS * MONTHS + 1] = 40;
    missed[5] = 1;
    missed[SITES * WEEKS + 5] = 4; /* the week from day 35 on */
    missed[SITES * WEEKS + 8] = 2; /* from day 56: it ends in the next month */
    for (size_t w = 9; w < 13; w++)
        missed[(SITES + 2) * WEEKS + w] = 10;
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    sim_result_attr(&f->r, "start", "2026-01-01");
    sim_result_attr(&f->r, "horizon_d", "94");
    sim_result_attr(&f->r, "focus_country", "JP");
    axes(&f->r);
    columns(&f->r);
    *state = f;
    return ana_compare(&f->c, &f->r, &(struct ana_compare_options){0}, &f->err);
}

static const char *page_of(struct fixture *f, const char *script)
{
    return report_page_of(f, "x.h5", script);
}

static void holds(const char *page, const char *text)
{
    const char *map = strstr(page, "id=\"data-map\"");

    if (!strstr(page, text))
        fail_msg("%s is not in %.1500s", text, map ? map : page);
}

/* The page has `before`, then two series. */
static void holds_series(const char *page, const char *before, const double base[WHOLE],
                         const double cut[WHOLE])
{
    struct ana_text t = {0};

    ana_text_add(&t, "%s[", before);
    ana_json_packed(&t, base, WHOLE);
    ana_json_packed(&t, cut, WHOLE);
    ana_text_add(&t, "]]");
    holds(page, t.s);
    ana_text_free(&t);
}

static void test_report_map__sites_miss_a_part_of_a_months_plan(void **state)
{
    static const double base[] = {0, 1.0 / 40, 0}, cut[] = {0, 6.0 / 40, 0}, none[] = {0, 0, 0},
                        last[] = {0, 0, 1};
    const char *page = page_of(*state, "draw();");

    holds_series(page, "[\"s.jp\",0,\"JP\",35,139.2,10,", base, cut);
    /* that which misses most comes first */
    holds_series(page, "\"sites\":[[\"s.evil\",0,\"US\",10,-70,10,", none, last);
    holds(page, "{\"scenario\":1,\"month\":2,\"left_out\":0,");
}

static void test_report_map__a_site_that_misses_no_more_has_no_series(void **state)
{
    holds(page_of(*state, "draw();"), "[\"s.cn\",1,\"CN\",31.5,121,10]]");
}

static void test_report_map__what_is_nowhere_is_not_on_it(void **state)
{
    const char *page = page_of(*state, "draw();"), *map = strstr(page, "id=\"data-map\"");

    assert_non_null(map);
    assert_null(strstr(map, "[\"s.nowhere\""));
}

static void test_report_map__lanes_cross_borders_by_value(void **state)
{
    static const double base[] = {5000, 5000, 5000}, cut[] = {5000, 2000, 5000};
    const char *page = page_of(*state, "draw();");

    /* one lane: the other is inland, or carries 0.5 % */
    holds_series(page, "\"lanes\":[[1,\"CN\",\"JP\",", base, cut);
    holds(page, "]]],\"stages\":[\"car\",\"magnet\"]}");
    holds(page, "\"countries\":{\"US\":[10,-70],\"JP\":[35,139.2],\"CN\":[31.5,121]}");
}

static void test_report_map__without_a_script_there_are_bars_and_a_table(void **state)
{
    const char *page = page_of(*state, NULL);

    holds(page, "cut, 2026-03: by value most is missing at &lt;/script&gt;&lt;img");
    holds(page, "<td>US</td><td>car</td><td class=\"number\">10</td><td class=\"number\">1</td>"
                "<td class=\"number\">0</td></tr>");
    assert_null(strstr(page, "<td>Mine</td>"));
    assert_null(strstr(page, "<img"));
}

static void test_report_map__names_are_never_markup(void **state)
{
    const char *page = page_of(*state, "draw();");

    assert_non_null(strstr(page, "onerror=alert(1)"));
    assert_null(strstr(page, "<img"));
}

static void test_report_map__an_older_result_has_no_such_section(void **state)
{
    struct fixture *f = *state;

    study_column(&f->r, "site_planned")->name = "site_meant";
    assert_null(strstr(page_of(f, "draw();"), "\"data-map\""));
    assert_null(strstr(page_of(f, NULL), "id=\"map\""));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_report_map__sites_miss_a_part_of_a_months_plan, set_up,
                                        report_tear_down),
        cmocka_unit_test_setup_teardown(test_report_map__a_site_that_misses_no_more_has_no_series,
                                        set_up, report_tear_down),
        cmocka_unit_test_setup_teardown(test_report_map__what_is_nowhere_is_not_on_it, set_up,
                                        report_tear_down),
        cmocka_unit_test_setup_teardown(test_report_map__lanes_cross_borders_by_value, set_up,
                                        report_tear_down),
        cmocka_unit_test_setup_teardown(
            test_report_map__without_a_script_there_are_bars_and_a_table, set_up, report_tear_down),
        cmocka_unit_test_setup_teardown(test_report_map__names_are_never_markup, set_up,
                                        report_tear_down),
        cmocka_unit_test_setup_teardown(test_report_map__an_older_result_has_no_such_section,
                                        set_up, report_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
