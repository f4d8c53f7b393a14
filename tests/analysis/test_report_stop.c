#include "tests/analysis/report_page.h"
#include "tests/analysis/study.h"

enum { PERIOD = 6 };

/* Each line makes 100 a period, and in the cut the car works make as written here. */
static int set_up(void **state)
{
    struct sim_result *r = calloc(1, sizeof *r);

    study_fill(r);
    study_numbers(r, "period", PERIOD, 28.0);
    sim_result_column(r, "period_started", "scenario run plant period", SIM_F32, SIM_KEEP, "1",
                      "starts");
    for (size_t s = 0; s < 3; s++)
        for (size_t i = 0; i < STUDY_LINE * PERIOD; i++)
            study_all(r, "period_started", s, i, 100);
    study_set(r, "period_started", CUT, 0, 15, ICE * PERIOD + 2, 0); /* 25 / 45 of the value left */
    study_set(r, "period_started", CUT, 0, 5, HEV * PERIOD + 2, 0);
    study_set(r, "period_started", CUT, 0, 4, ICE * PERIOD + 3, 0);
    study_set(r, "period_started", CUT, 0, 4, HEV * PERIOD + 3, 70); /* 0.389 */
    for (size_t s = 0; s < 3; s++) { /* nobody makes cars in the last */
        study_all(r, "period_started", s, ICE * PERIOD + 5, 0);
        study_all(r, "period_started", s, HEV * PERIOD + 5, 0);
    }
    study_all(r, "period_started", CUT, FAR * PERIOD + 1, 45);
    study_all(r, "started", CUT, FAR, 2000);
    *state = r;
    return 0;
}

static int tear_down(void **state)
{
    sim_result_free(*state);
    free(*state);
    return 0;
}

static void test_report_stop__shares_are_of_pairs_and_by_value(void **state)
{
    char *data = report_data(*state, NULL, "stop");

    report_has(data, "\"limits\":[0.1,0.5,0.9]");
    /* 5 of 20 pairs make nothing, 15 less than 0.9 */
    report_has(data, "\"under\":[[0,0,0.25,0,0,null],[0,0,0.25,0.2,0,null],[0,0,0.75,0.2,0,null]]");
    free(data);
}

static void test_report_stop__a_row_says_what_the_comparison_says(void **state)
{
    char *data = report_data(*state, NULL, "stop");

    report_has(data, "\"scenario\":1,\"pairs\":20,\"plants\":2,\"stop\":1,\"left_out\":0,"
                     "\"first\":\"s.car\"");
    report_has(data, "\"site\":\"s.car\",\"product\":\"car.ice\",\"country\":\"JP\","
                     "\"stops\":[15,0.75,");
    report_has(data, "\"cause\":\"licence pending for mag.sh under r1\"");
    free(data);
}

static void test_report_stop__a_plant_elsewhere_is_there_when_it_loses(void **state)
{
    char *data = report_data(*state, NULL, "stop"), *same;

    report_has(data, "\"site\":\"x.far\",\"product\":\"mag.sh\",\"country\":\"CN\","
                     "\"stops\":[0,0,");
    report_has(data, "\"net\":3e4"); /* 1000 x (70 - 40) */
    report_has(data, "\"under\":[[0,0,0,0,0,0],[0,1,0,0,0,0],[0,1,0,0,0,0]]");
    same = strstr(data, "\"scenario\":2");
    report_has(same, "\"first\":null,\"rows\":[]"); /* nothing stops, nothing is lost */
    free(data);
}

static void test_report_stop__is_left_out_without_periods_or_a_baseline(void **state)
{
    struct sim_result plain = {0};
    char *data;

    (void)state;
    study_fill(&plain);
    data = report_data(&plain, NULL, "stop");
    assert_null(data);
    sim_result_free(&plain);
}

static void test_report_stop__names_are_never_markup(void **state)
{
    static const char bad[] = "</script><img src=x onerror=alert(1)>";
    const char *name[] = {bad, bad, "Magnet works", "Far works"};
    struct sim_result *r = *state;
    struct sim_axis *a = &r->axis[sim_result_find_axis(r, "plant")];
    char *text;

    for (int i = 0; i < a->n_coord; i++)
        if (strcmp(a->coord[i].name, "plant_name") == 0)
            a->coord[i].label = name;
    text = report_static(r, "stop");
    assert_null(strstr(text, "<img"));
    report_has(text, "&lt;img src=x onerror=alert(1)&gt;");
    free(text);
}

static void test_report_stop__a_page_without_a_script_has_picture_and_table(void **state)
{
    char *text = report_static(*state, "stop");

    report_has(text, "<svg");
    report_has(text, "cut: 1 of 2 plants stop");
    report_has(text, "<td>15 of 20</td>");
    report_has(text, "<td>licence pending for mag.sh under r1</td>");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_report_stop__shares_are_of_pairs_and_by_value, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_report_stop__a_row_says_what_the_comparison_says,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_report_stop__a_plant_elsewhere_is_there_when_it_loses,
                                        set_up, tear_down),
        cmocka_unit_test(test_report_stop__is_left_out_without_periods_or_a_baseline),
        cmocka_unit_test_setup_teardown(test_report_stop__names_are_never_markup, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            test_report_stop__a_page_without_a_script_has_picture_and_table, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
