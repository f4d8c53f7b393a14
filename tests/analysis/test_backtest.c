#include "tests/analysis/episode.h"

static const struct ana_backtest_month *at(const struct fixture *f, int month)
{
    for (size_t i = 0; i < f->b.n_month; i++)
        if (f->b.month[i].month == month)
            return &f->b.month[i];
    fail_msg("month %d is not there", month);
    return NULL;
}

static void band(const double q[ANA_BACKTEST_STATS], double p10, double p50, double p90)
{
    near(q[ANA_P10], p10);
    near(q[ANA_P50], p50);
    near(q[ANA_P90], p90);
}

/* ---- the statistics, by hand ---- */

static void test_backtest_mape__by_hand(void **state)
{
    (void)state;
    near(ana_backtest_mape((double[]){90, 130, 50}, (double[]){100, 100, 100}, 3), 0.3);
    near(ana_backtest_mape((double[]){90, 130}, (double[]){45, 130}, 2), 0.5);
    assert_true(isnan(ana_backtest_mape(NULL, NULL, 0)));
    assert_true(isnan(ana_backtest_mape((double[]){NAN, 1}, (double[]){1, 1}, 2)));
}

static void test_backtest__bands_by_month(void **state)
{
    struct fixture f;

    (void)state;
    play(&f, 2, "");
    assert_int_equal(f.b.n_done, 3);
    assert_int_equal(f.b.n_index, 3);
    assert_int_equal(f.b.n_month, 8);
    assert_string_equal(f.b.scenario, "with");
    assert_string_equal(f.b.baseline, "base");
    band(at(&f, JAN)->quantity, 1200, 2000, 2800);
    band(at(&f, MAR)->quantity, 500, 900, 980); /* 400 900 1000 */
    band(at(&f, MAR)->index, 32, 40, 48);       /* 40 50 30, each by its own January, February */
    band(at(&f, APR)->index, 112, 120, 128);
    near(at(&f, MAR)->observed_index, 50);
    near(at(&f, MAR)->naive, 2250);
    assert_true(isnan(at(&f, MAR - 12)->naive) && isnan(at(&f, MAR - 12)->quantity[ANA_P50]));
    assert_false(at(&f, MAR - 12)->is_simulated);
    drop(&f);
}

static void test_backtest__errors_of_windows(void **state)
{
    struct fixture f;

    (void)state;
    play(&f, 2,
         "windows = ( { id = \"all\"; from = \"2025-03\"; to = \"2025-04\"; max_mape = 0.2; "
         "goal_mape = 0.15; beat_naive = \"goal\"; },\n"
         "{ id = \"one\"; months = [ \"2025-01\", \"2025-04\" ]; against = \"quantity\"; "
         "max_mape = 0.05; beat_naive = \"pass\"; } );");
    near(f.b.error[0].index, 0.2);                         /* 10 / 50, 20 / 100 */
    near(f.b.error[0].quantity, 0.1);                      /* 100 / 1000, 200 / 2000 */
    near(f.b.error[0].naive, (1.25 + 0.2) / 2);            /* 2250, 2400 */
    near(f.b.error[1].quantity, (200.0 / 1800 + 0.1) / 2); /* 2000, 2200 */
    near(f.b.error[1].naive, (1050.0 / 1800 + 0.2) / 2);   /* 2850, 2400 */
    assert_int_equal(f.b.n_check, 5);
    assert_true(f.b.check[0].met && !f.b.check[0].goal); /* 0.2 <= 0.2 */
    assert_true(!f.b.check[1].met && f.b.check[1].goal);
    assert_true(f.b.check[2].met && f.b.check[2].goal);
    assert_string_equal(f.b.check[2].id, "all.beat_naive");
    assert_true(!f.b.check[3].met);
    assert_true(f.b.check[4].met && !f.b.check[4].goal);
    assert_false(f.b.passed);
    drop(&f);
}

static void test_backtest__a_missed_goal_does_not_fail(void **state)
{
    struct fixture f;

    (void)state;
    play(&f, 2,
         "windows = ( { id = \"all\"; from = \"2025-03\"; to = \"2025-04\"; goal_mape = 0.1; } );");
    assert_false(f.b.check[0].met);
    assert_true(f.b.passed);
    drop(&f);
}

static void test_backtest__trough(void **state)
{
    struct fixture f;

    (void)state;
    play(&f, 2, "trough = { };");
    assert_int_equal(f.b.trough_observed, MAR);
    assert_int_equal(f.b.trough, MAR);
    near(f.b.trough_runs, 1);
    assert_true(f.b.passed && f.b.n_check == 1);
    drop(&f);
    play(&f, 2, "trough = { to = \"2025-02\"; max_off_months = 1; };");
    assert_int_equal(f.b.trough_observed, JAN); /* 1800 < 2200; 2000 = 2000: the first */
    assert_int_equal(f.b.trough, JAN);
    drop(&f);
    play(&f, 2, "trough = { from = \"2025-02\"; to = \"2025-02\"; };");
    assert_int_equal(f.b.trough, FEB);
    drop(&f);
}

static void test_backtest__shortfall(void **state)
{
    struct fixture f;
    static const char *const more =
        "shortfall = { from = \"2025-03\"; to = \"2025-03\"; made_good_to = \"2025-04\"; "
        "max_error = 0.19; %s };";
    char text[400];

    (void)state;
    snprintf(text, sizeof text, more, "");
    play(&f, 2, text);
    near(f.b.shortfall_observed, 500);
    band(f.b.shortfall, 520, 600, 1000); /* 1100 500 600 */
    near(f.b.made_good_observed, 0.8);
    near(f.b.made_good[ANA_P50], 1.2); /* -400 / 1100, 600 / 500, 2300 / 600 */
    near(f.b.check[0].value, 0.2);
    assert_false(f.b.passed);
    drop(&f);
    snprintf(text, sizeof text, more, "simulated_against = \"baseline\";");
    play(&f, 2, text);
    near(f.b.shortfall[ANA_P50], 1100); /* 2000 - 400, 1000, 900 */
    near(f.b.made_good[ANA_P50], 0.2);  /* -800 / 1600, 200 / 1000, 1900 / 1100 */
    drop(&f);
}

static void stops_are(const struct ana_backtest_stops *s, size_t n_site, double share, double p50,
                      double p90)
{
    assert_int_equal(s->n_site, n_site);
    near(s->share, share);
    near(s->p50, p50);
    near(s->p90, p90);
}

/* Site a stops for 5, 4, 3 days in runs 0, 1, 2 (a.two no longer than in the baseline in run 0), b
 * for 30 in run 1. c stops in every run and does not count. */
static void test_backtest__stops(void **state)
{
    struct fixture f;

    (void)state;
    play(&f, 2, "");
    assert_int_equal(f.plan.n_users, 1);
    assert_string_equal(f.plan.users[0].id, "all");
    stops_are(&f.b.stops[0], 2, 4.0 / 6, 4.5, 22.5); /* 3 4 5 30 */
    assert_int_equal(f.b.n_check, 0);
    drop(&f);
    play(&f, 1, "sanity = { stop_d = 5; };"); /* without a baseline a.two stops in run 0 too */
    stops_are(&f.b.stops[0], 2, 2.0 / 6, 19.5, 9 + 0.9 * 21); /* 9 30 */
    assert_null(f.b.baseline);
    drop(&f);
}

static void test_backtest__stops_by_group_of_users(void **state)
{
    static const char users[] =
        "users = ( { id = \"cars\"; tiers = [ \"vehicle\" ]; max_stopped_share = 0.99; "
        "max_stop_d = 4.8; },\n"
        "{ id = \"rest\"; tiers = [ \"!vehicle\" ]; max_stopped_share = 0.34; max_stop_d = 29.9; "
        "},\n"
        "{ id = \"both\"; tiers = [ \"component\", \"vehicle\" ]; } );";
    struct fixture f;

    (void)state;
    play(&f, 2, users);
    stops_are(&f.b.stops[0], 1, 1, 4, 4.8);
    stops_are(&f.b.stops[1], 1, 1.0 / 3, 30, 30);
    stops_are(&f.b.stops[2], 2, 4.0 / 6, 4.5, 22.5);
    assert_int_equal(f.b.n_check, 4);
    assert_string_equal(f.b.check[0].id, "cars.max_stopped_share");
    assert_string_equal(f.b.check[3].id, "rest.max_stop_d");
    assert_non_null(strstr(f.b.check[3].what, "rest: "));
    assert_true(!f.b.check[0].met && f.b.check[1].met && f.b.check[2].met && !f.b.check[3].met);
    assert_false(f.b.passed);
    drop(&f);
    play(&f, 1, users);
    stops_are(&f.b.stops[0], 1, 1, 4, 8); /* 3 4 9 */
    drop(&f);
}

/* Nobody stops: 0, which keeps to any limit. Nobody is there: nothing, which keeps to none. */
static void test_backtest__groups_without_stops_or_sites(void **state)
{
    struct fixture f;

    (void)state;
    play(&f, 2,
         "sanity = { stop_d = 31; };\n"
         "users = ( { id = \"parts\"; tiers = [ \"component\" ]; max_stopped_share = 0.0; "
         "max_stop_d = 0.0; },\n"
         "{ id = \"magnets\"; tiers = [ \"magnet\" ]; max_stopped_share = 1.0; max_stop_d = "
         "3650.0; } );");
    stops_are(&f.b.stops[0], 1, 0, 0, 0);
    assert_int_equal(f.b.stops[1].n_site, 0);
    assert_true(isnan(f.b.stops[1].share) && isnan(f.b.stops[1].p50) && isnan(f.b.stops[1].p90));
    assert_true(f.b.check[0].met && f.b.check[1].met);
    assert_true(!f.b.check[2].met && !f.b.check[3].met);
    drop(&f);
}

static void test_backtest__open_orders_in_weeks(void **state)
{
    struct fixture f;

    (void)state;
    for (size_t n = 1; n <= 2; n++) { /* with a baseline, and by the base months */
        play(&f, n, "sanity = { max_open_weeks = 9.9; };");
        band(at(&f, MAR)->open_weeks, 10, 10, 18);
        near(f.b.open_first, 2);
        near(f.b.open_most, 10);
        assert_int_equal(f.b.open_most_month, MAR);
        near(f.b.open_last, 5);
        assert_false(f.b.passed);
        drop(&f);
    }
}

/* 70 a week and 10 on the last day: 10 a day. */
static void test_backtest__made_weeks_go_to_months_by_days(void **state)
{
    static const char cfg[] =
        "title = \"t\"; scenario = \"with.cfg\"; measure = \"made\"; origin = [ \"CN\" ]; "
        "stage = [ \"!market\" ]; product = [ \"mag\" ]; scale = 2.0;";
    struct fixture f = {0};
    struct sim_err err = SIM_ERR_INIT;

    (void)state;
    assert_int_equal(parse(&f.plan, &f.arena, cfg, csv, &err), 0);
    make(&f.result, 1);
    assert_int_equal(ana_backtest(&f.b, &f.plan, &f.result, NULL, &err), 0);
    near(at(&f, JAN)->quantity[ANA_P50], 620);
    near(at(&f, FEB)->quantity[ANA_P50], 560);
    near(at(&f, APR)->quantity[ANA_P50], 600);
    assert_true(isnan(at(&f, APR)->index[ANA_P50]) && isnan(f.b.stops[0].share));
    drop(&f);
}

static void test_backtest__filters(void **state)
{
    static const struct {
        const char *more;
        double jan; /* of run 0 to 2 the middle, times 1000 */
    } t[] = {{"destination = [ \"JP\" ];", 500},
             {"destination = [ \"!JP\" ];", 1500},
             {"destination = [ \"JP\", \"US\" ]; product = [ \"mag\" ];", 2000}};
    struct fixture f;

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        play(&f, 2, t[i].more);
        near(at(&f, JAN)->quantity[ANA_P50], t[i].jan);
        drop(&f);
    }
}

static void test_backtest__no_run_is_done(void **state)
{
    struct fixture f;
    struct sim_err err = SIM_ERR_INIT;

    (void)state;
    play(&f, 2, "");
    ana_backtest_free(&f.b);
    for (size_t i = 0; i < 3; i++) /* each fails in one of the two */
        ((int8_t *)sim_result_find(&f.result, "run_status")->data)[i % 2 * RUN + i] = 2;
    assert_int_equal(ana_backtest(&f.b, &f.plan, &f.result, NULL, &err), SIM_ERUN);
    sim_err_free(&err);
    drop(&f);
}

static void put_users(const struct sim_result *r)
{
    static const char *const column[] = {"backtest_sites", "backtest_stopped_share",
                                         "backtest_stop_p50", "backtest_stop_p90"};
    static const double want[3][4] = {
        {1, 1, 4, 4.8}, {1, 1.0 / 3, 30, 30}, {2, 4.0 / 6, 4.5, 22.5}};
    const struct sim_axis *a = &r->axis[sim_result_find_axis(r, "backtest_users")];

    assert_int_equal(a->n, 3);
    for (size_t i = 0; i < 4; i++)
        for (size_t k = 0; k < 3; k++)
            near(sim_column_at(sim_result_find(r, column[i]), k), want[k][i]);
    assert_string_equal(a->label[1], "rest");
    assert_string_equal(a->coord[0].label[0], "Cars");
    assert_string_equal(a->coord[0].label[1], "rest");
    assert_string_equal(a->coord[1].label[1], "component magnet");
    assert_string_equal(a->coord[1].label[2], "all");
}

/* What is put into the result is what was worked out, and carries the two texts. */
static void test_backtest_put__columns_and_texts(void **state)
{
    struct fixture f;
    const struct sim_column *c;

    (void)state;
    play(&f, 2,
         "windows = ( { id = \"all\"; from = \"2025-03\"; to = \"2025-04\"; max_mape = 0.2; } );\n"
         "users = ( { id = \"cars\"; name = \"Cars\"; tiers = [ \"vehicle\" ]; }, { id = "
         "\"rest\"; tiers = [ \"component\", \"magnet\" ]; }, { id = \"both\"; } );");
    ana_backtest_put(&f.b, &f.result);
    c = sim_result_find(&f.result, "backtest_simulated");
    assert_int_equal(sim_column_n(&f.result, c), 8 * 3);
    near(sim_column_at(c, 6 * 3 + ANA_P50), 900);
    near(sim_column_at(sim_result_find(&f.result, "backtest_mape_index"), 0), 0.2);
    near(sim_column_at(sim_result_find(&f.result, "backtest_met"), 0), 1);
    near(sim_column_at(sim_result_find(&f.result, "backtest_dependent"), 2), 1);
    near(sim_column_at(sim_result_find(&f.result, "backtest_dependent"), 3), 0);
    put_users(&f.result);
    assert_string_equal(sim_result_find_attr(&f.result, "backtest_verdict"), "pass");
    assert_non_null(strstr(sim_result_find_input(&f.result, "backtest.cfg"), "naive_growth = 1.5"));
    assert_non_null(
        strstr(sim_result_find_input(&f.result, "observed.csv"), "2025-04,here,derived,2000"));
    near(f.result.axis[sim_result_find_axis(&f.result, "backtest_month")].value[0], -366);
    drop(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_backtest_mape__by_hand),
        cmocka_unit_test(test_backtest__bands_by_month),
        cmocka_unit_test(test_backtest__errors_of_windows),
        cmocka_unit_test(test_backtest__a_missed_goal_does_not_fail),
        cmocka_unit_test(test_backtest__trough),
        cmocka_unit_test(test_backtest__shortfall),
        cmocka_unit_test(test_backtest__stops),
        cmocka_unit_test(test_backtest__stops_by_group_of_users),
        cmocka_unit_test(test_backtest__groups_without_stops_or_sites),
        cmocka_unit_test(test_backtest__open_orders_in_weeks),
        cmocka_unit_test(test_backtest__made_weeks_go_to_months_by_days),
        cmocka_unit_test(test_backtest__filters),
        cmocka_unit_test(test_backtest__no_run_is_done),
        cmocka_unit_test(test_backtest_put__columns_and_texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
