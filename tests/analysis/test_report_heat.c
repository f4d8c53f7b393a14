#include "tests/analysis/report_page.h"
#include "tests/analysis/study.h"

#define EVIL "</script><img src=x onerror=alert(1)>"

/* Two sites of one firm, and one that has none. */
static void add_sites(struct sim_result *r, const char *const stage[])
{
    static const char *const entity[] = {"firm", "", "firm"}, *const country[] = {"JP", "JP", "JP"};
    struct sim_axis *a = &r->axis[sim_result_find_axis(r, "site")];

    a->coord[a->n_coord++] = study_text("site_entity", entity);
    a->coord[a->n_coord++] = study_text("site_country", country);
    a->coord[a->n_coord++] = study_text("site_tier", stage);
}

/* Every week each of three sites plans 100 (works 10, far 300), and misses in the cut from week 2
 * on 50 (0, 150); of 80 (0, 40) due 60 (0, 30) are on time in all scenarios. */
static void add_columns(struct sim_result *r)
{
    static const char *const name[] = {"site_planned", "site_missed", "site_due", "site_on_time"};
    static const double usd[][3] = {{100, 10, 300}, {50, 0, 150}, {80, 0, 40}, {60, 0, 30}};

    for (int k = 0; k < 4; k++) {
        int at = sim_result_column(r, name[k], "scenario site week", SIM_F32, SIM_KEEP, "USD", "x");
        float *x = r->column[at].data;

        for (size_t s = 0; s < 3; s++)
            for (size_t i = 0; i < 3; i++)
                for (size_t w = 0; w < STUDY_WEEK; w++)
                    *x++ = k == 1 && (s != CUT || w < 2) ? 0 : (float)usd[k][i];
    }
}

static int set_up(void **state)
{
    static const char *const stage[] = {"vehicle", "magnet", "vehicle"};
    struct sim_result *r = calloc(1, sizeof *r);

    study_fill(r);
    add_sites(r, stage);
    add_columns(r);
    *state = r;
    return 0;
}

static int tear_down(void **state)
{
    sim_result_free(*state);
    free(*state);
    return 0;
}

/* The record is 168 days, 24 weeks: the firm plans 9600 and misses 22 x 200 = 4400 in the cut, so
 * it keeps 54.17 %; 2160 of 2880 are on time. */
static void test_heat__sums_of_a_firm(void **state)
{
    char *data = report_data(*state, NULL, "heat");

    report_has(data,
               "{\"text\":[\"firm\",\"JP\",\"vehicle\"],\"sites\":2,\"sums\":[[9600,0,100,2880,"
               "720,75],[9600,4400,54.17,2880,720,75],[9600,0,100,2880,720,75]],");
    report_has(data,
               "{\"text\":[\"Magnet works\",\"JP\",\"magnet\"],\"sites\":1,\"sums\":[[240,0,100,"
               "0,0,null],");
    report_has(data, "\"left_out\":0");
    assert_true(strstr(data, "\"firm\"") < strstr(data, "Magnet works")); /* what misses most */
    free(data);
}

/* Week by week: 100, 100, then 50 per cent; nothing due is nothing there. */
static void test_heat__weeks(void **state)
{
    double kept[STUDY_WEEK], none[STUDY_WEEK];
    char *data = report_data(*state, NULL, "heat");
    struct ana_text want = {0};

    for (size_t w = 0; w < STUDY_WEEK; w++) {
        kept[w] = w < 2 ? 100 : 50;
        none[w] = NAN;
    }
    ana_json_packed(&want, kept, STUDY_WEEK);
    ana_text_put(&want, "", 1);
    report_has(strstr(data, "\"plan\":["), want.s);
    want.n = 0;
    ana_json_open(&want, '[');
    ana_json_packed(&want, none, STUDY_WEEK);
    ana_text_put(&want, "", 1);
    report_has(strstr(data, "Magnet works"), want.s);
    ana_text_free(&want);
    free(data);
}

/* In other stages they are rows of their own, by the names of the sites, which may be anything. */
static void test_heat__stages_apart_and_any_name(void **state)
{
    static const char *const stage[] = {"vehicle", "magnet", "component"}, *const name[] = {
                                                                               EVIL, "Magnet works",
                                                                               "Far works"};
    struct sim_result r = {0};
    char *data;

    (void)state;
    study_fill(&r);
    add_sites(&r, stage);
    add_columns(&r);
    r.axis[sim_result_find_axis(&r, "site")].coord[0].label = name;
    data = report_data(&r, NULL, "heat");
    report_has(data, "[\"\\u003c/script\\u003e\\u003cimg src=x onerror=alert(1)\\u003e\",\"JP\","
                     "\"vehicle\"],\"sites\":1");
    report_has(data, "[\"Far works\",\"JP\",\"component\"],\"sites\":1");
    free(data);
    sim_result_free(&r);
}

static void test_heat__without_a_script(void **state)
{
    char *text = report_static(*state, "heat");

    report_has(text, "cut: firm (JP, vehicle) misses 4.40 k USD of its plan.");
    report_has(text, "<td>firm</td><td>JP</td><td>vehicle</td><td class=\"number\">9,600</td>"
                     "<td class=\"number\">4,400</td><td class=\"number\">54.17</td>");
    report_has(text, "<svg");
    free(text);
}

static void test_heat__nothing_without_its_columns(void **state)
{
    struct sim_result r = {0};
    char *page;

    (void)state;
    study_fill(&r);
    page = report_page(&r, NULL, 1);
    assert_null(strstr(page, "id=\"heat\""));
    free(page);
    sim_result_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_heat__sums_of_a_firm, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_heat__weeks, set_up, tear_down),
        cmocka_unit_test(test_heat__stages_apart_and_any_name),
        cmocka_unit_test_setup_teardown(test_heat__without_a_script, set_up, tear_down),
        cmocka_unit_test(test_heat__nothing_without_its_columns),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
