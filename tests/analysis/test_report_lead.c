#include "tests/analysis/report_page.h"
#include "tests/analysis/study.h"

enum { QUARTER = 3, BIN = 4, FLOWS = 3 };

static void put(struct sim_result *r, const char *column, size_t scenario, size_t flow,
                size_t quarter, size_t bin, double x)
{
    study_put(study_column(r, column), ((scenario * FLOWS + flow) * QUARTER + quarter) * BIN + bin,
              x);
}

static void add_axes(struct sim_result *r)
{
    sim_result_axis(r, &(struct sim_axis){.name = "cohort",
                                          .long_name = "quarter",
                                          .units = "d",
                                          .n = QUARTER,
                                          .value = REALS(0, 90, 181)});
    study_axis(r, "watched", FLOWS, TEXTS("CN>JP~mag.sh", "CN>US~mag.sh", "CN>JP~car.ice"),
               COORDS(study_text("watched_origin", TEXTS("CN", "CN", "CN")),
                      study_text("watched_destination", TEXTS("JP", "US", "JP")),
                      study_text("watched_product", TEXTS("mag.sh", "mag.sh", "car.ice")),
                      study_text("watched_unit", TEXTS("kg", "kg", "piece"))),
               4);
}

/* Each quarter 60 come within a week, 40 in the second; of the cut's second quarter 25 in each of
 * the second and third, 25 are open since then, 25 are refused. Cars have more value, and no delay.
 */
static int set_up(void **state)
{
    struct sim_result *r = calloc(1, sizeof *r);

    study_fill(r);
    add_axes(r);
    for (int i = 0; i < 3; i++)
        sim_result_column(r, TEXTS("cohort_received", "cohort_open", "cohort_refused")[i],
                          "scenario watched cohort lead", SIM_F32, SIM_KEEP, "kg", "orders");
    sim_result_column(r, "lead_promised", "scenario flow lead", SIM_F32, SIM_KEEP, "kg", "orders");
    for (size_t s = 0; s < 3; s++) {
        study_put(study_column(r, "lead_promised"), s * 4 * BIN + 1, 100);
        for (size_t q = 0; q < QUARTER; q++) {
            put(r, "cohort_received", s, 0, q, 0, 60);
            put(r, "cohort_received", s, 0, q, 1, 40);
            put(r, "cohort_received", s, 2, q, 0, 100);
        }
    }
    put(r, "cohort_received", CUT, 0, 1, 0, 0);
    put(r, "cohort_received", CUT, 0, 1, 1, 25);
    put(r, "cohort_received", CUT, 0, 1, 2, 25);
    put(r, "cohort_open", CUT, 0, 1, 2, 25);
    put(r, "cohort_refused", CUT, 0, 1, 0, 25);
    *state = r;
    return 0;
}

static int tear_down(void **state)
{
    sim_result_free(*state);
    free(*state);
    return 0;
}

static void add_rules(struct sim_result *r, double begins, double ends)
{
    struct sim_axis *a = &r->axis[sim_result_find_axis(r, "scenario")];
    double *x = sim_arena_alloc(&r->arena, 6, sizeof *x);

    for (int i = 0; i < 3; i++) {
        x[i] = i == CUT ? begins : (double)NAN;
        x[3 + i] = i == CUT ? ends : (double)NAN;
    }
    a->coord[a->n_coord++] = study_real("scenario_begins", x);
    a->coord[a->n_coord++] = study_real("scenario_ends", x + 3);
}

static void test_report_lead__curves_count_open_orders_as_far_as_they_are_known(void **state)
{
    char *data, *flow;

    add_rules(*state, 5, NAN);
    data = report_data(*state, NULL, "lead");
    report_has(data, "\"days\":[3.5,10.5,17.5,21]");
    flow = strstr(data, "\"product\":\"mag.sh\"");
    report_has(flow, "\"promised\":[10.5,10.5,10.5]");
    report_has(flow, "{\"ordered\":100,\"refused\":0,\"open\":0,\"days\":[3.5,10.5],\"over\":[0,0],"
                     "\"curve\":[0.6,1]}");
    /* 25 of 75 at 10.5 d, then 25 of 50 that are at risk at 17.5 d, of which 25 are open */
    report_has(flow, "{\"ordered\":100,\"refused\":0.25,\"open\":0.25,\"days\":[17.5,17.5],"
                     "\"over\":[0,1],\"curve\":[0,0.333,0.667]}");
    free(data);
}

static void test_report_lead__the_first_choice_is_where_most_value_waits_longer(void **state)
{
    char *data;

    add_rules(*state, 5, NAN);
    data = report_data(*state, NULL, "lead");
    report_has(data, "\"left_out\":0,\"flow\":1,\"span\":1,\"quarters\":3,"
                     "\"spans\":[\"2026Q1\",\"2026Q2\",\"2026Q3\",\"all quarters\"]");
    assert_null(strstr(data, "\"to\":\"US\"")); /* not of the focus country */
    free(data);
}

static void test_report_lead__quarters_are_pooled_before_under_and_after(void **state)
{
    char *data;

    add_rules(*state, 90, 181);
    data = report_data(*state, NULL, "lead");
    report_has(data, "\"span\":1,\"quarters\":3,\"spans\":[\"2026Q1\",\"2026Q2\",\"2026Q3\","
                     "\"all quarters\",\"before the rules\",\"under the rules\","
                     "\"after the rules\"]");
    /* all quarters of the cut: 120 of 275 at once */
    report_has(data, "{\"ordered\":300,\"refused\":0.08333,\"open\":0.08333,");
    free(data);
}

static void test_report_lead__without_rules_there_is_one_pool(void **state)
{
    char *data = report_data(*state, NULL, "lead");

    report_has(data, "\"span\":0,\"quarters\":3,\"spans\":[\"2026Q1\",\"2026Q2\",\"2026Q3\","
                     "\"all quarters\"]");
    free(data);
}

static void test_report_lead__is_left_out_without_cohorts(void **state)
{
    struct sim_result plain = {0};

    (void)state;
    study_fill(&plain);
    assert_null(report_data(&plain, NULL, "lead"));
    sim_result_free(&plain);
}

static void test_report_lead__a_page_without_a_script_has_picture_and_table(void **state)
{
    char *text;

    add_rules(*state, 5, NAN);
    text = report_static(*state, "lead");
    report_has(text, "<svg");
    report_has(text, "mag.sh, CN to JP, ordered in 2026Q2: 18 days in the median in cut, 4 in the "
                     "first scenario");
    report_has(text, "<td>2026Q2</td><td>cut</td><td class=\"number\">10.5</td><td>18</td>"
                     "<td>&gt;18</td><td class=\"number\">25</td><td class=\"number\">25</td>");
    free(text);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_report_lead__curves_count_open_orders_as_far_as_they_are_known),
        TEST(test_report_lead__the_first_choice_is_where_most_value_waits_longer),
        TEST(test_report_lead__quarters_are_pooled_before_under_and_after),
        TEST(test_report_lead__without_rules_there_is_one_pool),
        cmocka_unit_test(test_report_lead__is_left_out_without_cohorts),
        TEST(test_report_lead__a_page_without_a_script_has_picture_and_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
