#include "analysis/backtest.h"
#include "tests/analysis/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* January to April 2025; runs 0 to 2 are done, run 3 failed and holds absurd values. */
enum { RUN = 4, MONTH = 4, FLOW = 3, PLANT = 4, WEEK = 18, BASE = 0, WITH = 1 };
enum { JAN = 12 * 2025, FEB, MAR, APR };

#define TEXTS(...) ((const char *const[]){__VA_ARGS__})
#define COORD(key, ...)                                                                            \
    {                                                                                              \
        .name = key, .long_name = key, .label = TEXTS(__VA_ARGS__)                                 \
    }

static const double day[] = {0, 31, 59, 90};
static const double exported[RUN][MONTH] = {{1000, 1000, 400, 1200},
                                            {2000, 2000, 1000, 2200},
                                            {3000, 3000, 900, 3900},
                                            {1e9, 1e9, 1e9, 1e9}};
static const double on_order[RUN][MONTH] = {
    {140, 210, 700, 350}, {140, 210, 700, 350}, {280, 420, 1400, 700}, {1e9, 1e9, 1e9, 1e9}};

static void near(double is, double want)
{
    if (!(fabs(is - want) <= 1e-9 * fmax(1, fabs(want))))
        fail_msg("%.12g is not %.12g", is, want);
}

/* ---- a result ---- */

static void axes(struct sim_result *r, size_t n_scenario)
{
    static double week[WEEK], run[RUN] = {0, 1, 2, 3};

    sim_result_attr(r, "start", "2025-01-01");
    sim_result_attr(r, "horizon_d", "120");
    sim_result_axis(
        r, &(struct sim_axis){.name = "scenario",
                              .n = n_scenario,
                              .label = n_scenario > 1 ? TEXTS("base", "with") : TEXTS("with")});
    sim_result_axis(r, &(struct sim_axis){.name = "run", .units = "1", .n = RUN, .value = run});
    sim_result_axis(r, &(struct sim_axis){.name = "month", .n = MONTH, .value = day});
    sim_result_axis(r, &(struct sim_axis){.name = "week", .n = WEEK, .value = week});
    sim_result_axis(r, &(struct sim_axis){.name = "plant",
                                          .n = PLANT,
                                          .label = TEXTS("a.one", "a.two", "b.one", "c.one"),
                                          .coord = {COORD("plant_site", "a", "a", "b", "c")},
                                          .n_coord = 1});
    sim_result_axis(r, &(struct sim_axis){.name = "flow",
                                          .n = FLOW,
                                          .label = TEXTS("CN>JP~mag", "CN>US~mag", "AU>JP~motor"),
                                          .coord = {COORD("flow_origin", "CN", "CN", "AU"),
                                                    COORD("flow_destination", "JP", "US", "JP"),
                                                    COORD("flow_product", "mag", "mag", "motor"),
                                                    COORD("flow_hs", "850511", "850511", "850132"),
                                                    COORD("flow_unit", "kg", "kg", "piece")},
                                          .n_coord = 5});
    sim_result_axis(r, &(struct sim_axis){.name = "group",
                                          .n = 2,
                                          .label = TEXTS("CN~magnet~mag", "JP~market~mag"),
                                          .coord = {COORD("group_country", "CN", "JP"),
                                                    COORD("group_tier", "magnet", "market"),
                                                    COORD("group_product", "mag", "mag"),
                                                    COORD("group_unit", "kg", "kg")},
                                          .n_coord = 4});
}

static void set(struct sim_result *r, const char *name, size_t at, double x)
{
    const struct sim_column *c = sim_result_find(r, name);

    assert_true(at < sim_column_n(r, c));
    ((float *)c->data)[at] = (float)x;
}

static void flows(struct sim_result *r, size_t s, size_t run)
{
    const double days[] = {31, 28, 31, 30};

    for (size_t k = 0; k < MONTH; k++) {
        size_t at = ((s * RUN + run) * FLOW) * MONTH + k;
        int with = s + 1 == r->axis[0].n;

        /* a quarter to JP, the rest to US; the flow that is not picked is absurd */
        set(r, "exports", at, with ? exported[run][k] * 250 : 500e3);
        set(r, "exports", at + MONTH, with ? exported[run][k] * 750 : 1500e3);
        set(r, "exports", at + 2 * MONTH, 7e7);
        set(r, "imports", at, 10 * days[k]);
        set(r, "imports", at + 2 * MONTH, 7e7);
        set(r, "open_orders", at + MONTH, with ? on_order[run][k] : 5);
    }
    for (size_t k = 0; k < WEEK; k++) {
        set(r, "group_made", ((s * RUN + run) * 2) * WEEK + k, k + 1 < WEEK ? 70 : 10);
        set(r, "group_made", ((s * RUN + run) * 2 + 1) * WEEK + k, 1e6);
    }
}

static void stops(struct sim_result *r, size_t s)
{
    static const double longest[RUN][PLANT] = {
        {5, 9, 2, 50}, {0, 4, 30, 50}, {3, 0, 0, 50}, {99, 99, 99, 99}};
    static const double days[RUN][PLANT] = {
        {6, 9, 2, 50}, {0, 4, 30, 50}, {3, 0, 0, 50}, {99, 99, 99, 99}};
    static const double base_days[RUN][PLANT] = {{0, 9, 0, 0}, {0, 1, 0, 0}};
    int with = s + 1 == r->axis[0].n;

    for (size_t i = 0; i < RUN; i++)
        for (size_t k = 0; k < PLANT; k++) {
            set(r, "stop_longest", (s * RUN + i) * PLANT + k, with ? longest[i][k] : 0);
            set(r, "stop_days", (s * RUN + i) * PLANT + k, with ? days[i][k] : base_days[i][k]);
        }
}

static void make(struct sim_result *r, size_t n_scenario)
{
    static const char *const by_flow[] = {"exports", "imports", "open_orders"};
    int8_t *status;

    *r = (struct sim_result){0};
    axes(r, n_scenario);
    sim_result_column(r, "run_status", "scenario run", SIM_I8, SIM_KEEP, "1", "how the run ended");
    status = r->column[0].data;
    for (size_t i = 0; i < n_scenario * RUN; i++)
        status[i] = i % RUN < 3 ? 1 : 2;
    for (size_t i = 0; i < 3; i++)
        sim_result_column(r, by_flow[i], "scenario run flow month", SIM_F32, SIM_KEEP, "flow_unit",
                          by_flow[i]);
    sim_result_column(r, "group_made", "scenario run group week", SIM_F32, SIM_KEEP, "group_unit",
                      "made");
    sim_result_column(r, "stop_longest", "scenario run plant", SIM_F32, SIM_KEEP, "d", "longest");
    sim_result_column(r, "stop_days", "scenario run plant", SIM_F32, SIM_KEEP, "d", "days");
    for (size_t s = 0; s < n_scenario; s++) {
        for (size_t i = 0; i < RUN; i++)
            flows(r, s, i);
        stops(r, s);
    }
}

/* ---- a plan ---- */

static const char csv[] = "month,value,status,source\n"
                          "2025-04,2000,derived,here\n" /* rows in any order */
                          "2024-01,1900,quoted,here\n2024-02,1900,quoted,here\n"
                          "2024-03,1500,quoted,here\n2024-04,1600,quoted,here\n"
                          "2025-01,1800,quoted,here\n2025-02,2200,quoted,here\n"
                          "2025-03,1000,estimate,here\n";
static const char head[] = "title = \"t\"; scenario = \"with.cfg\"; baseline = \"base.cfg\"; "
                           "measure = \"exports\"; hs = [ \"8505\" ]; naive_growth = 1.5;\n";
static const char based[] = "base_from = \"2025-01\"; base_to = \"2025-02\";\n";

static int parse(struct ana_backtest_plan *p, struct sim_arena *a, const char *cfg,
                 const char *observed, struct sim_err *err)
{
    return ana_backtest_parse(p, a, "b.cfg", cfg, strlen(cfg), "o.csv", observed, strlen(observed),
                              err);
}

struct fixture {
    struct sim_arena arena;
    struct ana_backtest_plan plan;
    struct sim_result result;
    struct ana_backtest b;
};

/* Plan and result worked out; `more` is added to the plan. */
static void play(struct fixture *f, size_t n_scenario, const char *more)
{
    struct sim_err err = SIM_ERR_INIT;
    char cfg[4000];
    int rc;

    *f = (struct fixture){0};
    snprintf(cfg, sizeof cfg, "%s%s%s", head, based, more);
    rc = parse(&f->plan, &f->arena, cfg, csv, &err);
    make(&f->result, n_scenario);
    if (rc == 0)
        rc = ana_backtest_fit(&f->plan, &f->result, &err);
    if (rc == 0)
        rc = ana_backtest(&f->b, &f->plan, &f->result, "\1\1\1\0", &err);
    if (rc != 0)
        fail_msg("%s", err.text);
}

static void drop(struct fixture *f)
{
    ana_backtest_free(&f->b);
    sim_result_free(&f->result);
    sim_arena_free(&f->arena);
}

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

static void test_backtest__stops(void **state)
{
    struct fixture f;

    (void)state;
    play(&f, 2, "sanity = { max_stopped_share = 0.66; max_stop_d = 22.6; };");
    assert_int_equal(f.b.n_licensed, 2);
    near(f.b.stopped_share, 4.0 / 6); /* site a in all three runs, b in run 1 */
    near(f.b.stop_p50, 4.5);          /* 3 4 5 30 */
    near(f.b.stop_p90, 22.5);
    assert_true(!f.b.check[0].met && f.b.check[1].met);
    drop(&f);
    play(&f, 1, "sanity = { stop_d = 5; };"); /* without a baseline a.two stops in run 0 too */
    near(f.b.stopped_share, 2.0 / 6);
    near(f.b.stop_p50, 19.5); /* 9 30 */
    assert_null(f.b.baseline);
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
    assert_true(isnan(at(&f, APR)->index[ANA_P50]) && isnan(f.b.stopped_share));
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

/* What is put into the result is what was worked out, and carries the two texts. */
static void test_backtest_put__columns_and_texts(void **state)
{
    struct fixture f;
    const struct sim_column *c;

    (void)state;
    play(&f, 2,
         "windows = ( { id = \"all\"; from = \"2025-03\"; to = \"2025-04\"; max_mape = 0.2; } );");
    ana_backtest_put(&f.b, &f.result);
    c = sim_result_find(&f.result, "backtest_simulated");
    assert_int_equal(sim_column_n(&f.result, c), 8 * 3);
    near(sim_column_at(c, 6 * 3 + ANA_P50), 900);
    near(sim_column_at(sim_result_find(&f.result, "backtest_mape_index"), 0), 0.2);
    near(sim_column_at(sim_result_find(&f.result, "backtest_met"), 0), 1);
    near(sim_column_at(sim_result_find(&f.result, "backtest_needs_licence"), 2), 1);
    assert_string_equal(sim_result_find_attr(&f.result, "backtest_verdict"), "pass");
    assert_non_null(strstr(sim_result_find_input(&f.result, "backtest.cfg"), "naive_growth = 1.5"));
    assert_non_null(
        strstr(sim_result_find_input(&f.result, "observed.csv"), "2025-04,here,derived,2000"));
    near(f.result.axis[sim_result_find_axis(&f.result, "backtest_month")].value[0], -366);
    drop(&f);
}

/* ---- faults ---- */

static void refused(const char *cfg, const char *observed, const char *line)
{
    struct sim_arena a = {0};
    struct sim_err err = SIM_ERR_INIT;
    struct ana_backtest_plan p;

    assert_int_equal(parse(&p, &a, cfg, observed, &err), SIM_EINPUT);
    if (strstr(err.text, line) == NULL)
        fail_msg("%s does not say: %s", err.text, line);
    sim_err_free(&err);
    sim_arena_free(&a);
}

static void test_backtest_parse__faults_of_the_plan(void **state)
{
    static const struct {
        const char *more, *line;
    } t[] = {
        {"wndows = ();", "b.cfg:3: unknown key 'wndows'; did you mean 'windows'?"},
        {"scale = 0.0;", "b.cfg:3: scale = 0.0: must be"},
        {"trough = { from = \"2025-13\"; };", "b.cfg:3: from = \"2025-13\": must be a month"},
        {"trough = { from = \"2025-04\"; to = \"2025-03\"; };",
         "b.cfg:3: to = \"2025-03\": lies before from = 2025-04"},
        {"windows = ( { id = \"w\"; } );", "b.cfg:3: 'w': needs from and to, or months"},
        {"windows = ( { id = \"w\"; from = \"2025-03\"; } );", "'w': needs both from and to"},
        {"windows = ( { id = \"w\"; months = [ \"2025-3\" ]; } );", "'2025-3' must be a month"},
        {"windows = ( { id = \"w\"; months = [ \"2025-03\", \"2025-03\" ]; } );",
         "'2025-03' does not come after '2025-03'"},
        {"windows = ( { id = \"w\"; from = \"2025-04\"; to = \"2025-06\"; } );",
         "b.cfg:3: 'w': observed.csv has no value above 0 for 2025-05 2025-06"},
        {"windows = ( { id = \"w\"; from = \"2024-03\"; to = \"2024-03\"; beat_naive = \"pass\"; } "
         ");",
         "'w': observed.csv has no value for 2023-03"},
        {"shortfall = { from = \"2025-03\"; };", "b.cfg:3: to is missing"},
        {"shortfall = { from = \"2025-03\"; to = \"2025-04\"; made_good_to = \"2025-04\"; };",
         "b.cfg:3: made_good_to = \"2025-04\": lies before to = 2025-04"},
        {"shortfall = { from = \"2024-03\"; to = \"2024-04\"; };",
         "shortfall: observed.csv has no value for 2023-03 2023-04"},
        {"stage = [ \"magnet\" ];", "stage: does not go with measure = \"exports\""}};
    char cfg[4000];

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        snprintf(cfg, sizeof cfg, "%s%s%s", head, based, t[i].more);
        refused(cfg, csv, t[i].line);
    }
    snprintf(cfg, sizeof cfg, "%sbase_from = \"2025-01\";", head);
    refused(cfg, csv, "b.cfg:2: base_from = \"2025-01\": give both base_from and base_to");
    snprintf(cfg, sizeof cfg,
             "%swindows = ( { id = \"w\"; from = \"2025-03\"; to = \"2025-03\"; } );", head);
    refused(cfg, csv, "b.cfg:2: 'w': there is no index");
    refused("title = \"t\"; scenario = \"x\"; measure = \"exports\"; shortfall = { from = "
            "\"2025-03\"; to = \"2025-03\"; simulated_against = \"baseline\"; };",
            csv, "simulated_against = \"baseline\": there is no baseline");
    refused("title = \"t\"; scenario = \"x\"; measure = \"made\"; sanity = { max_open_weeks = 1; "
            "};",
            csv, "max_open_weeks = 1: needs measure = \"exports\" or \"imports\"");
}

static void test_backtest_parse__faults_of_the_series(void **state)
{
    char cfg[4000];

    (void)state;
    snprintf(cfg, sizeof cfg, "%s%s", head, based);
    refused(cfg, "month,value,status,source\n2025-01,5,quoted,x\n2025-1,5,quoted,x\n",
            "o.csv:3:1: month = '2025-1': must be a month YYYY-MM");
    refused(cfg, "month,value,status,source\n2025-01,5,quoted,x\n2025-01,6,quoted,x\n",
            "o.csv:3:1: month = '2025-01': is there already, on line 2");
    refused(cfg, "month,value,status,source\n2025-01,-5,quoted,x\n",
            "o.csv:2:9: value = '-5': must be 0 to");
    refused(cfg, "month,value,status,source\n2025-01,5,guess,x\n",
            "o.csv:2:11: status = 'guess': must be one of quoted, derived, estimate");
    refused(cfg, "month,value,status\n2025-01,5,quoted\n", "o.csv:1");
    refused(cfg, "month,value,status,source\n", "o.csv:1:1: no month is observed");
    refused(cfg, "month,value,status,source\n2025-01,0,quoted,x\n2025-02,1,quoted,x\n",
            "b.cfg:2: base_from = \"2025-01\": observed.csv has no value above 0 for 2025-01");
}

static void unfit(const char *more, const char *line)
{
    struct sim_arena a = {0};
    struct sim_err err = SIM_ERR_INIT;
    struct sim_result r;
    struct ana_backtest_plan p;
    char cfg[2000];

    snprintf(cfg, sizeof cfg, "title = \"t\"; scenario = \"x\"; measure = \"exports\";\n%s", more);
    if (parse(&p, &a, cfg, csv, &err) != 0)
        fail_msg("%s", err.text);
    make(&r, 1);
    assert_int_equal(ana_backtest_fit(&p, &r, &err), SIM_EINPUT);
    if (strstr(err.text, line) == NULL)
        fail_msg("%s does not say: %s", err.text, line);
    sim_err_free(&err);
    sim_result_free(&r);
    sim_arena_free(&a);
}

static void test_backtest_fit__faults(void **state)
{
    (void)state;
    unfit("origin = [ \"XX\" ]; hs = [ \"85\" ];", "b.cfg:2: origin: no flow of this network has "
                                                   "'XX'");
    unfit("hs = [ \"9999\" ];", "b.cfg:2: hs: no flow of this network has '9999'");
    unfit("", "b.cfg:1: measure = \"exports\": what is picked is counted in kg and in piece");
    unfit("origin = [ \"AU\" ]; hs = [ \"850511\" ];", "no flow fits origin");
    unfit("hs = [ \"850511\" ]; windows = ( { id = \"w\"; from = \"2024-03\"; to = \"2024-04\"; "
          "against = \"quantity\"; } );",
          "b.cfg:2: 'w': the scenario runs from 2025-01-01 to 2025-04-30 and lacks days of 2024-03 "
          "2024-04");
    unfit("hs = [ \"850511\" ]; trough = { to = \"2024-04\"; };",
          "b.cfg:2: trough: no month is both observed and simulated");
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
        cmocka_unit_test(test_backtest__open_orders_in_weeks),
        cmocka_unit_test(test_backtest__made_weeks_go_to_months_by_days),
        cmocka_unit_test(test_backtest__filters),
        cmocka_unit_test(test_backtest__no_run_is_done),
        cmocka_unit_test(test_backtest_put__columns_and_texts),
        cmocka_unit_test(test_backtest_parse__faults_of_the_plan),
        cmocka_unit_test(test_backtest_parse__faults_of_the_series),
        cmocka_unit_test(test_backtest_fit__faults),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
