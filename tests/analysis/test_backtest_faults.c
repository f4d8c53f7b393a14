#include "tests/analysis/episode.h"

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
        {"users = ( { id = \"u\"; }, { id = \"u\"; } );", "b.cfg:3: "},
        {"users = ( { tiers = [ \"vehicle\" ]; } );", "b.cfg:3: id is missing"},
        {"users = ( { id = \"u\"; max_stop_d = -1.0; } );",
         "b.cfg:3: max_stop_d = -1.0: must be 0"},
        {"sanity = { max_stop_d = 21.0; };", "b.cfg:3: unknown key 'max_stop_d'"},
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
    unfit(
        "hs = [ \"850511\" ];\nusers = ( { id = \"u\"; tiers = [ \"vehicle\" ]; },\n{ id = \"v\"; "
        "tiers = [ \"!vehicl\" ]; } );",
        "b.cfg:4: tiers: no plant of this network has 'vehicl'");
    unfit("hs = [ \"9999\" ]; users = ( { id = \"u\"; tiers = [ \"market\" ]; } );",
          "tiers: no plant of this network has 'market'");
    unfit("hs = [ \"850511\" ]; trough = { to = \"2024-04\"; };",
          "b.cfg:2: trough: no month is both observed and simulated");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_backtest_parse__faults_of_the_plan),
        cmocka_unit_test(test_backtest_parse__faults_of_the_series),
        cmocka_unit_test(test_backtest_fit__faults),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
