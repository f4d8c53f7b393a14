#include "tests/analysis/report_page.h"
#include "tests/analysis/study.h"

/* Loss of the cut by month: pending 100 and 50, denied 30 and 70, of its own stock 10 less than in
 * the baseline. */
static int set_up(void **state)
{
    struct sim_result *r = calloc(1, sizeof *r);
    struct sim_column *c;

    study_fill(r);
    sim_result_column(r, "month_loss", "scenario cause month", SIM_F64, SIM_KEEP, "USD", "loss");
    c = study_column(r, "month_loss");
    for (size_t s = 0; s < 3; s++)
        study_put(c, (s * STUDY_CAUSE + OWN) * STUDY_MONTH + 1, s == CUT ? 5 : 15);
    study_put(c, (CUT * STUDY_CAUSE + PENDING) * STUDY_MONTH + 2, 100);
    study_put(c, (CUT * STUDY_CAUSE + PENDING) * STUDY_MONTH + 3, 50);
    study_put(c, (CUT * STUDY_CAUSE + DENIED) * STUDY_MONTH + 3, 30);
    study_put(c, (CUT * STUDY_CAUSE + DENIED) * STUDY_MONTH + 5, 70);
    *state = r;
    return 0;
}

static int tear_down(void **state)
{
    sim_result_free(*state);
    free(*state);
    return 0;
}

static void test_report_why__months_are_what_comes_on_top_of_the_baseline(void **state)
{
    char *data = report_data(*state, NULL, "why");

    report_has(data, "\"cause\":[{\"name\":\"licence pending for mag.sh under r1\",\"total\":150,"
                     "\"share\":0.6,\"month\":[0,0,100,50,0,0]},{\"name\":\"denied for mag.sh "
                     "under r2\",\"total\":100,\"share\":0.4,\"month\":[0,0,0,30,0,70]},{\"name\":"
                     "\"own stock policy\",\"total\":-10,\"share\":0,\"month\":[0,-10,0,0,0,0]}]");
    report_has(data, "\"rule\":[{\"name\":\"r1\",\"total\":150,");
    report_has(data, "{\"name\":\"own stock policy\",\"total\":-10,"); /* no rule: its kind */
    report_has(data, "\"kind\":[{\"name\":\"licence pending\",\"total\":150,");
    report_has(strstr(data, "\"scenario\":2"), "\"cause\":[],\"rule\":[],\"kind\":[]");
    free(data);
}

static void test_report_why__more_than_eight_causes_are_put_together(void **state)
{
    struct sim_result *r = *state;
    struct sim_axis *a = &r->axis[sim_result_find_axis(r, "cause")];
    enum { N = 12 };
    const char *name[N], *none[N], *rule[N];
    double *x = sim_arena_alloc(&r->arena, 3 * N * STUDY_MONTH, sizeof *x);
    char text[N][4], *data;

    for (size_t i = 0; i < N; i++) {
        snprintf(text[i], sizeof text[i], "c%zu", i);
        name[i] = text[i];
        none[i] = "";
        rule[i] = i < 6 ? "r1" : "r2";
        x[(CUT * N + i) * STUDY_MONTH] = (double)(N - i);
    }
    a->n = N;
    a->label = name;
    a->coord[0] = study_text("cause_why", name);
    a->coord[1] = study_text("cause_rule", rule);
    a->coord[2] = study_text("cause_site", none);
    a->coord[3] = study_text("cause_product", none);
    study_column(r, "month_loss")->data = x;
    for (int i = 0; i < r->n_column; i++) /* of the old causes */
        if (strcmp(r->column[i].name, "loss_by_cause") == 0)
            r->column[i].name = "no_more";
    data = report_data(r, NULL, "why");
    report_has(data, "{\"name\":\"c7 r2\",\"total\":5,\"share\":0.0641,\"month\":[5,0,0,0,0,0]},"
                     "{\"name\":\"4 others\",\"total\":10,\"share\":0.1282,"
                     "\"month\":[10,0,0,0,0,0]}]");
    report_has(data, "\"rule\":[{\"name\":\"r1\",\"total\":57,");
    free(data);
}

static void test_report_why__a_plant_has_its_causes_beyond_the_baseline(void **state)
{
    char *data = report_data(*state, NULL, "why");

    /* of 20 pairs 15 miss 80 and 20 x 20,000 USD, 8 miss 50 x 25,000 */
    report_has(data, "{\"site\":\"s.car\",\"product\":\"car.ice\",\"missed\":2e6,\"causes\":["
                     "\"licence pending for mag.sh under r1\",\"denied for mag.sh under r2\"],"
                     "\"usd\":[1.2e6,8e5],\"other\":0}");
    report_has(data, "\"chains\":[]");
    free(data);
}

static void test_report_why__a_chain_is_text(void **state)
{
    const struct ana_report_chain chain = {
        .scenario = CUT, .site = "s.car", .run = 7, .text = "1 </script><img src=x>\n"};
    const struct ana_report_options o = {.chain = &chain, .n_chain = 1};
    char *page = report_page(*state, &o, 0), *data = report_data(*state, &o, "why");

    report_has(data, "\"chains\":[{\"scenario\":1,\"site\":\"s.car\",\"run\":7,\"text\":\"1 "
                     "\\u003c/script\\u003e\\u003cimg src=x\\u003e\\u000a\"}]");
    report_has(page, "<pre>1 &lt;/script&gt;&lt;img src=x&gt;\n</pre>");
    free(data);
    free(page);
}

static void test_report_why__a_page_without_a_script_has_picture_and_table(void **state)
{
    char *text = report_static(*state, "why");

    report_has(text, "<svg");
    report_has(text, "<tr><td>2026-04</td><td>50</td><td>30</td><td>0</td></tr>");
    report_has(text, "<tr><td>all</td><td>150</td><td>100</td><td>-10</td></tr>");
    free(text);
}

/* ---- which chains ---- */

static size_t ask(const struct sim_result *r, size_t i, size_t n, struct ana_why_question q[])
{
    struct ana_compare c = {0};
    struct sim_err err = SIM_ERR_INIT;
    size_t found;

    assert_int_equal(ana_compare(&c, r, &(struct ana_compare_options){0}, &err), 0);
    found = ana_report_ask(&c, i, r, n, q);
    ana_compare_free(&c);
    sim_err_free(&err);
    return found;
}

static void test_report_ask__the_run_with_the_median_loss(void **state)
{
    struct ana_why_question q[3];

    /* pair p loses p + 2 cars: of 20 the tenth is the lower of the two in the middle */
    assert_int_equal(ask(*state, 0, 2, q), 2);
    assert_int_equal(q[0].scenario, CUT);
    assert_int_equal(q[0].run, 9);
    assert_int_equal(q[0].site, 0); /* the car works lose most */
    assert_int_equal(q[0].day, 69); /* longest stop of its petrol line */
    assert_int_equal(q[1].site, 1);
    assert_int_equal(q[1].day, 20);
}

static void test_report_ask__no_plant_twice_and_none_that_does_not_stop(void **state)
{
    struct ana_why_question q[3];

    assert_int_equal(ask(*state, 0, 1, q), 1); /* the first to stop is the one that loses most */
    study_set(*state, "stop_longest_first", CUT, 9, 10, ICE, NAN);
    study_set(*state, "stop_longest_first", CUT, 9, 10, HEV, NAN);
    assert_int_equal(ask(*state, 0, 2, q), 1); /* in this run it does not stop */
    assert_int_equal(q[0].site, 1);
}

static void test_report_ask__nothing_stops(void **state)
{
    struct ana_why_question q[3];

    for (size_t i = 0; i < STUDY_LINE; i++)
        study_all(*state, "stop_longest_first", SAME, i, NAN);
    assert_int_equal(ask(*state, 1, 2, q), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_report_why__months_are_what_comes_on_top_of_the_baseline),
        TEST(test_report_why__more_than_eight_causes_are_put_together),
        TEST(test_report_why__a_plant_has_its_causes_beyond_the_baseline),
        TEST(test_report_why__a_chain_is_text),
        TEST(test_report_why__a_page_without_a_script_has_picture_and_table),
        TEST(test_report_ask__the_run_with_the_median_loss),
        TEST(test_report_ask__no_plant_twice_and_none_that_does_not_stop),
        TEST(test_report_ask__nothing_stops),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
