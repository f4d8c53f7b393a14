#include "tests/analysis/report_page.h"
#include "tests/analysis/study.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>

/* Ore, magnets, scrap and cars; CN's magnets go to eight countries, and a few come from DE. One
 * place is named like markup. In `cut` 40 of the 100 kg for JP move in the second month, and 30 lie
 * held back at its end. The fourth month is cut off. */
enum { MONTHS = 4, WHOLE = 3, LINKS = 13, RUNS = 2 };
#define EVIL "</script><img src=x onerror=alert(1)>"

static const struct {
    const char *from_tier, *from, *to_tier, *to, *product, *unit;
    double moved;
} links[LINKS] = {{"mine", "CN", "magnet", "CN", "ore", "kg", 1000},
                  {"magnet", "CN", "car", "JP", "mag", "kg", 100},
                  {"magnet", "CN", "car", "US", "mag", "kg", 50},
                  {"magnet", "CN", "mine", "CN", "scrap", "kg", 10},
                  {"car", "JP", "car", "US", "car", "piece", 3},
                  {"car", "JP", EVIL, EVIL, "car", "piece", 4},
                  {"magnet", "CN", "car", "DE", "mag", "kg", 40},
                  {"magnet", "CN", "car", "FR", "mag", "kg", 30},
                  {"magnet", "DE", "car", "JP", "mag", "kg", 0.5},
                  {"magnet", "CN", "car", "IT", "mag", "kg", 20},
                  {"magnet", "CN", "car", "ES", "mag", "kg", 15},
                  {"magnet", "CN", "car", "PL", "mag", "kg", 12},
                  {"magnet", "CN", "car", "PT", "mag", "kg", 8}};

static void axes(struct sim_result *r)
{
    static const double month[MONTHS] = {0, 31, 59, 90};
    const char *t[6][LINKS];

    for (size_t i = 0; i < LINKS; i++) {
        t[0][i] = links[i].from_tier;
        t[1][i] = links[i].from;
        t[2][i] = links[i].to_tier;
        t[3][i] = links[i].to;
        t[4][i] = links[i].product;
        t[5][i] = links[i].unit;
    }
    study_axis(r, "scenario", 2, TEXTS("base", "cut"), NULL, 0);
    study_numbers(r, "run", RUNS, 1.0);
    sim_result_axis(
        r, &(struct sim_axis){
               .name = "month", .long_name = "m", .units = "d", .n = MONTHS, .value = month});
    study_axis(r, "element", 2, TEXTS("dy", "none"), NULL, 0);
    study_axis(r, "product", 4, TEXTS("ore", "mag", "scrap", "car"),
               COORDS(study_text("product_stage", TEXTS("mine", "magnet", "scrap", "car")),
                      study_real("product_value", REALS(1, 50, 5, 20000))),
               2);
    study_axis(r, "link", LINKS,
               TEXTS("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"),
               COORDS(study_text("link_from_tier", t[0]), study_text("link_from_country", t[1]),
                      study_text("link_to_tier", t[2]), study_text("link_to_country", t[3]),
                      study_text("link_product", t[4]), study_text("link_unit", t[5])),
               6);
}

static void columns(struct sim_result *r)
{
    static const double kg[4][2] = {{0.01, 0}, {0.02, 0}, {0.02, 0}, {0, 0}};
    int at;
    double *x;

    at = sim_result_column(r, "run_status", "scenario run", SIM_I8, SIM_KEEP, "1", "status");
    memset(r->column[at].data, 1, (size_t)2 * RUNS);
    at = sim_result_column(r, "content_kg", "product element", SIM_F64, SIM_KEEP, "kg", "content");
    memcpy(r->column[at].data, kg, sizeof kg);
    at = sim_result_column(r, "link_held", "scenario link month", SIM_F64, SIM_KEEP, "1", "held");
    x = r->column[at].data;
    x[(LINKS + 1) * MONTHS + 1] = 30;
    at = sim_result_column(r, "link_moved", "scenario link month", SIM_F64, SIM_KEEP, "1", "moved");
    x = r->column[at].data;
    for (size_t i = 0; i < (size_t)2 * LINKS * MONTHS; i++)
        x[i] = i % MONTHS == WHOLE ? 1e9 : links[i / MONTHS % LINKS].moved;
    x[(LINKS + 1) * MONTHS + 1] = 40;
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    sim_result_attr(&f->r, "start", "2026-01-01");
    sim_result_attr(&f->r, "horizon_d", "100");
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

/* x[n] as the page has it. */
static const char *packed(const double x[], size_t n, char to[64])
{
    struct ana_text t = {0};

    ana_json_packed(&t, x, n);
    memcpy(to, t.s, t.n);
    to[t.n] = '\0';
    ana_text_free(&t);
    return to;
}

static const char *measure_of(const char *page, const char *id)
{
    char text[64];
    const char *at;

    snprintf(text, sizeof text, "{\"id\":\"%s\"", id);
    at = strstr(page, text);
    assert_non_null(at);
    return at;
}

/* The link between two groups of the measure that begins at `m` as the page has it. */
static void holds_link(const char *m, int from, int to, const double base[WHOLE],
                       const double cut[WHOLE], const double *held)
{
    char text[300], a[64], b[64], c[64] = "0";

    snprintf(text, sizeof text, "{\"from\":%d,\"to\":%d,\"moved\":[%s,%s],\"held\":[0,%s]}", from,
             to, packed(base, WHOLE, a), packed(cut, WHOLE, b),
             held ? packed(held, WHOLE, c) : "0");
    if (!strstr(m, text))
        fail_msg("%s is not in %.3000s", text, m);
}

static void test_report_flow__adds_up_what_a_place_sends_and_what_is_held(void **state)
{
    const char *m = measure_of(page_of(*state, "draw();"), "dy");
    static const double ore[] = {10, 10, 10}, base[] = {2, 2, 2}, cut[] = {2, 0.8, 2},
                        held[] = {0, 0.6, 0};
    char text[200], a[64];

    holds_link(m, 0, 1, ore, ore, NULL);
    holds_link(m, 1, 2, base, cut, held);
    snprintf(text, sizeof text, "\"held_in\":[{\"group\":1,\"held\":[0,%s]}]",
             packed(held, WHOLE, a));
    assert_non_null(strstr(m, text));
    assert_non_null(strstr(m, "\"unit\":\"kg\""));
    /* what a reader sees first: `cut`, the second month */
    assert_non_null(strstr(m, "\"scenario\":1,\"month\":1,"));
    assert_non_null(strstr(page_of(*state, "draw();"), "{\"first\":0,"));
}

static void test_report_flow__small_places_are_one_and_small_links_are_left_out(void **state)
{
    const char *m = measure_of(page_of(*state, "draw();"), "dy");
    static const double others[] = {0.4, 0.4, 0.4};
    const double all = 60 + 11.4 + 6 + 1.2 + 4.8 + 3.6 + 2.4 + 1.8 + 1.44 + 0.96 + 0.06;
    char text[64];

    /* PL and PT; places are numbered as they come */
    assert_non_null(strstr(m, "{\"stage\":1,\"country\":\"DE\"},{\"stage\":2,\"country\":\"IT\"},"
                              "{\"stage\":2,\"country\":\"ES\"},{\"stage\":2,\"country\":null}]"));
    holds_link(m, 1, 9, others, others, NULL);
    snprintf(text, sizeof text, "\"left_out\":%.4g,", 0.06 / all);
    assert_non_null(strstr(m, text));
}

static void test_report_flow__stages_are_in_the_order_of_the_larger_flows(void **state)
{
    const char *page = page_of(*state, "draw();");

    assert_non_null(strstr(page, "\"stages\":[{\"name\":\"mine\",\"depth\":0},{\"name\":\"magnet\","
                                 "\"depth\":1},{\"name\":\"car\",\"depth\":2},{\"name\":"));
    assert_non_null(strstr(page, "\"depth\":3}]"));
}

static void test_report_flow__magnets_are_goods_of_that_stage_and_value_ends_there(void **state)
{
    static const double us[] = {50, 50, 50}, usd[] = {2500, 2500, 2500};
    const char *page = page_of(*state, "draw();");

    holds_link(measure_of(page, "~magnets"), 0, 2, us, us, NULL);
    holds_link(measure_of(page, "~value"), 1, 3, usd, usd, NULL);
    assert_null(strstr(measure_of(page, "~value"), "onerror")); /* cars are not counted */
    assert_null(strstr(page, "\"id\":\"none\""));               /* nothing of it moves */
}

static void test_report_flow__without_a_script_there_are_bars_and_a_table(void **state)
{
    const char *page = page_of(*state, NULL);

    assert_non_null(strstr(page,
                           "cut, 2026-02: 0.6 kg of dy lie held back by rules at the month&#39;s "
                           "end (baseline 0 kg)."));
    assert_non_null(strstr(page, "<td>magnet</td><td>CN</td><td class=\"number\">4.3</td><td "
                                 "class=\"number\">0.6</td><td class=\"number\">5.5</td>"));
    assert_non_null(strstr(page, "<svg"));
    assert_null(strstr(page, "<img"));
}

static void test_report_flow__names_are_never_markup(void **state)
{
    const char *page = page_of(*state, "draw();");

    assert_non_null(strstr(page, "onerror=alert(1)"));
    assert_null(strstr(page, "<img"));
}

static void test_report_flow__an_older_result_has_no_such_section(void **state)
{
    struct fixture *f = *state;
    struct sim_column *c = study_column(&f->r, "link_held");

    c->name = "link_kept";
    assert_null(strstr(page_of(f, "draw();"), "\"data-flow\""));
    assert_null(strstr(page_of(f, NULL), "id=\"flow\""));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_report_flow__adds_up_what_a_place_sends_and_what_is_held, set_up,
            report_tear_down),
        cmocka_unit_test_setup_teardown(
            test_report_flow__small_places_are_one_and_small_links_are_left_out, set_up,
            report_tear_down),
        cmocka_unit_test_setup_teardown(
            test_report_flow__stages_are_in_the_order_of_the_larger_flows, set_up,
            report_tear_down),
        cmocka_unit_test_setup_teardown(
            test_report_flow__magnets_are_goods_of_that_stage_and_value_ends_there, set_up,
            report_tear_down),
        cmocka_unit_test_setup_teardown(
            test_report_flow__without_a_script_there_are_bars_and_a_table, set_up,
            report_tear_down),
        cmocka_unit_test_setup_teardown(test_report_flow__names_are_never_markup, set_up,
                                        report_tear_down),
        cmocka_unit_test_setup_teardown(test_report_flow__an_older_result_has_no_such_section,
                                        set_up, report_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
