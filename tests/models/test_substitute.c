#include "tests/models/plant.h"

/* Substitutes and thrift, day by day. */

/* The forecast stands still. */
static const char on[] = "substitution = true; forecast_d = 3650.0;";

/* 250 parts. Day 0: 2.5 days of cover, 100 starts. Day 1: 1.5 days, under 2: the change-over begins
 * and takes a day; 100 starts. Day 2: 50 of parts, 30 of the substitute, its limit; 20 missed. Day
 * 3: 120 are planned, 100 of them for the first time; 36 can be made. Day 4: 184, 100, 55. */
static void test_substitute__fills_in_after_the_change_over_up_to_its_limit(void **state)
{
    static const double started[] = {100, 200, 280, 316, 371}, with[] = {0, 0, 30, 66, 121},
                        missed[] = {0, 0, 20, 84, 129};

    (void)state;
    for (int days = 1; days <= 5; days++) {
        struct fix f;
        struct sim_result r;

        plant(&f);
        other_for_part(&f, "2", "0.3");
        fix_set(&f, MDL_SUBSTITUTES, "x", "change_over_d", "1");
        run_days(&f, days, on, &r);
        FIX_NEAR(plant_at(&r, "started"), started[days - 1], 0);
        FIX_NEAR(plant_at(&r, "substituted"), with[days - 1], 0);
        FIX_NEAR(fix_at(&r, "used", 0, 0, "s.car~other", NULL), with[days - 1], 0);
        FIX_NEAR(fix_at(&r, "used", 0, 0, "s.car~part", NULL), started[days - 1] - with[days - 1],
                 0);
        FIX_NEAR(plant_at(&r, "missed"), missed[days - 1], 0);
        if (days > 1)
            FIX_NEAR(plant_at(&r, "substitution_first"), 1, 0);
        sim_result_free(&r);
        fix_free(&f);
    }
}

/* 340 cars of 250 parts and 90 substitutes: all are sold in 50 days, before more can come. They
 * hold 250 x 10 g and 90 x 4 g. */
static void test_substitute__its_cars_hold_less_and_the_elements_close(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    plant(&f);
    other_for_part(&f, "2", "1");
    fix_set_at(&f, MDL_STOCKS, 2, "policy", "base-stock");
    fix_set_at(&f, MDL_STOCKS, 2, "S", "0");
    fix_set_at(&f, MDL_STOCKS, 2, "initial", "90");
    fix_set_at(&f, MDL_STOCKS, 4, "S", "200");
    fix_set_at(&f, MDL_STOCKS, 4, "initial", "0");
    run_days(&f, 50, on, &r);
    FIX_NEAR(fix_at(&r, "served", 0, 0, "s.market~car~civil", NULL), 340, 0);
    FIX_NEAR(plant_at(&r, "substituted"), 90, 0);
    FIX_NEAR(fix_sum(&r, "delivered_kg", 0, 0), (250 * 10 + 90 * 4) / 1000.0, 1e-6);
    sim_result_free(&r);
    fix_free(&f);
}

/* Capacity 100, 40 parts. 48 starts with the substitute take as much capacity as 60: 88 starts, 12
 * lost to the penalty. */
static void test_substitute__penalty_costs_capacity(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    plant(&f);
    other_for_part(&f, "10", "1");
    fix_set(&f, MDL_SUBSTITUTES, "x", "penalty", "0.2");
    fix_set(&f, MDL_PROCESSES, "p.car", "capacity_d", "100");
    fix_set_at(&f, MDL_STOCKS, 1, "initial", "40");
    run_days(&f, 1, on, &r);
    FIX_NEAR(plant_at(&r, "started"), 88, 0);
    FIX_NEAR(plant_at(&r, "substituted"), 48, 0);
    FIX_NEAR(plant_at(&r, "substitution_idle"), 12, 0);
    FIX_NEAR(plant_at(&r, "missed"), 12, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* Half a unit of another kind in place of a part: quantities are exact. */
static void test_substitute__quantity_counts(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    plant(&f);
    other_for_part(&f, "10", "1");
    fix_set(&f, MDL_SUBSTITUTES, "x", "quantity", "2.5");
    fix_set_at(&f, MDL_STOCKS, 1, "initial", "0");
    run_days(&f, 4, on, &r);
    FIX_NEAR(plant_at(&r, "started"), 400, 0);
    FIX_NEAR(fix_at(&r, "used", 0, 0, "s.car~other", NULL), 1000, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* 1,000 parts, so 9 days of cover after day 0, half of the 18 at which the price is 1: it is 2, and
 * the site hears it on day 1. The change-over takes a day; from day 2 on 30 of 100 starts are made
 * with the substitute, though there are parts for all. On day 7 those of day 0 are there, the price
 * falls, and from day 8 on only parts are used. Nothing is missed. */
static void dear(struct fix *f, const char *ratio)
{
    plant(f);
    other_for_part(f, "0", "0.3");
    fix_set(f, MDL_SUBSTITUTES, "x", "change_over_d", "1");
    fix_set(f, MDL_SUBSTITUTES, "x", "back_cover_d", "20");
    fix_set(f, MDL_SUBSTITUTES, "x", "price_ratio", ratio);
    fix_set_at(f, MDL_STOCKS, 1, "initial", "1000");
    fix_set_at(f, MDL_STOCKS, 1, "S", "10000");
    fix_set_at(f, MDL_LANES, 1, "transit_d", "6");
}

#define DEAR                                                                                       \
    "substitution = true; forecast_d = 3650.0; prices = ( { id = \"p\"; product = [ \"part\" ]; "  \
    "home = \"CN\"; cover_d = 18.0; low = 0.1; } );"

static void test_substitute__a_price_sets_it_off_and_ends_it(void **state)
{
    static const double with[] = {0, 0, 30, 60, 90, 120, 150, 180, 180, 180};

    (void)state;
    for (int days = 1; days <= 10; days++) {
        struct fix f;
        struct sim_result r;

        dear(&f, "2");
        run_days(&f, days, DEAR, &r);
        FIX_NEAR(plant_at(&r, "started"), 100 * days, 0);
        FIX_NEAR(plant_at(&r, "substituted"), with[days - 1], 0);
        FIX_NEAR(fix_at(&r, "used", 0, 0, "s.car~part", NULL), 100 * days - with[days - 1], 0);
        FIX_NEAR(plant_at(&r, "missed"), 0, 0);
        if (days > 1)
            FIX_NEAR(plant_at(&r, "substitution_first"), 1, 0);
        sim_result_free(&r);
        fix_free(&f);
    }
}

/* A ratio that is not reached, a price that only rises inside another country, no price, no
 * substitution: parts only. */
static void test_substitute__other_prices_do_not(void **state)
{
    static const struct {
        const char *ratio, *keys;
    } cases[] = {{"2.01", DEAR},
                 {"2", "substitution = true; forecast_d = 3650.0; prices = ( { id = \"p\"; product "
                       "= [ \"part\" ]; home = "
                       "\"CN\"; cover_d = 1.0; cover_home_d = 3650.0; } );"},
                 {"2", "forecast_d = 3650.0; substitution = true; prices = ( { id = \"p\"; product "
                       "= [ \"body\" ]; "
                       "cover_d = 3650.0; } );"},
                 {"2", "forecast_d = 3650.0; substitution = true;"},
                 {"2", "forecast_d = 3650.0; prices = ( { id = \"p\"; product = [ \"part\" ]; "
                       "cover_d = 3650.0; } );"}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fix f;
        struct sim_result r;

        dear(&f, cases[i].ratio);
        run_days(&f, 10, cases[i].keys, &r);
        FIX_NEAR(fix_at(&r, "used", 0, 0, "s.car~other", NULL), 0, 0);
        FIX_NEAR(fix_at(&r, "used", 0, 0, "s.car~part", NULL), 1000, 0);
        sim_result_free(&r);
        fix_free(&f);
    }
}

/* Penalty 0.2: 4 starts with the substitute take the capacity of 5. Capacity 100 has no room;
 * 106 has it for 4 x 4 (two are kept back for rounding); 200 for all 30. No start is lost. */
static void test_substitute__by_price_only_where_capacity_is_left(void **state)
{
    static const struct {
        const char *capacity;
        double with;
    } cases[] = {{"100", 0}, {"106", 16}, {"200", 30}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fix f;
        struct sim_result r;

        dear(&f, "2");
        fix_set(&f, MDL_SUBSTITUTES, "x", "penalty", "0.2");
        fix_set(&f, MDL_PROCESSES, "p.car", "capacity_d", cases[i].capacity);
        run_days(&f, 3, DEAR, &r);
        FIX_NEAR(plant_at(&r, "started"), 300, 0);
        FIX_NEAR(plant_at(&r, "substituted"), cases[i].with, 0);
        FIX_NEAR(plant_at(&r, "substitution_idle"), 0, 0);
        sim_result_free(&r);
        fix_free(&f);
    }
}

/* Only with the scenario's key; without it the table changes nothing. */
static void test_substitute__is_off_unless_the_scenario_says_so(void **state)
{
    struct fix f;
    struct sim_result with, without;

    (void)state;
    plant(&f);
    run_days(&f, 20, "forecast_d = 3650.0;", &without);
    other_for_part(&f, "2", "0.3");
    run_days(&f, 20, "forecast_d = 3650.0;", &with);
    fix_same(&with, 0, &without, 0, NULL);
    sim_result_free(&with);
    sim_result_free(&without);
    fix_free(&f);
}

/* Parts are back after 60 days. A site that goes back to them stops to stock the substitute; one
 * that never does goes on. */
static void test_substitute__back_with_cover_it_is_stocked_no_more(void **state)
{
    double ordered[2];

    (void)state;
    for (int back = 0; back < 2; back++) {
        struct fix f;
        struct sim_result r;

        plant(&f);
        fix_set_at(&f, MDL_STOCKS, 1, "S", "10000");
        fix_set_at(&f, MDL_STOCKS, 2, "initial", "100");
        other_for_part(&f, "2", "0.5");
        if (back)
            fix_set(&f, MDL_SUBSTITUTES, "x", "back_cover_d", "5");
        run_days(&f, 365, on, &r);
        ordered[back] = fix_at(&r, "stock_mean", 0, 0, "s.car~other", NULL);
        FIX_NEAR(fix_at(&r, "used", 0, 0, "s.car~other", NULL), plant_at(&r, "substituted"), 0);
        sim_result_free(&r);
        fix_free(&f);
    }
    assert_true(ordered[1] < 0.8 * ordered[0]);
}

/* A tenth of the starts moves each year, at most 15 %: 5 % of the first year; 12.5 % of the first
 * half of the second and 15 % of the rest, parts in plenty or not. */
static void test_substitute__thrift_moves_its_share_by_the_calendar(void **state)
{
    static const double share[] = {0.05, 0.09375};

    (void)state;
    for (int years = 1; years <= 2; years++) {
        struct fix f;
        struct sim_result r;

        plant(&f);
        fix_set(&f, MDL_DEMAND, "s.market", "rate_d", "10000");
        fix_set_at(&f, MDL_STOCKS, 0, "S", "100000000");
        fix_set_at(&f, MDL_STOCKS, 0, "initial", "100000000");
        fix_set_at(&f, MDL_STOCKS, 1, "initial", "100000000");
        fix_set_at(&f, MDL_STOCKS, 1, "S", "100000000");
        fix_set_at(&f, MDL_STOCKS, 2, "initial", "20000");
        fix_set_at(&f, MDL_STOCKS, 2, "cover_d", "60");
        other_for_part(&f, "0", "0.15");
        fix_set(&f, MDL_SUBSTITUTES, "x", "thrift_y", "0.1");
        fix_set(&f, MDL_SUBSTITUTES, "x", "from", "2026-01-01");
        fix_set(&f, MDL_SUBSTITUTES, "x", "penalty", "0.5");
        run_days(&f, 365 * years, "substitution = true;", &r);
        FIX_NEAR(plant_at(&r, "substituted") / plant_at(&r, "started"), share[years - 1], 0.002);
        FIX_NEAR(plant_at(&r, "missed"), 0, 0);
        FIX_NEAR(plant_at(&r, "substitution_idle"), 0, 0);
        /* what it takes was ordered: the first stock would last for half a year */
        assert_true(fix_at(&r, "received", 0, 0, "s.car~other", NULL) > 100000);
        sim_result_free(&r);
        fix_free(&f);
    }
}

/* Of 100 substitutes two lines that want 60 each and no parts get 50 each. */
static void test_substitute__lines_share_it_in_proportion(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    plant(&f);
    fix_add(&f, MDL_PRODUCTS, "van,V,vehicle,piece,1,1,\n");
    fix_add(&f, MDL_BOM, "v,output,van,1,\nv,input,part,1,critical\n");
    fix_add(&f, MDL_PROCESSES, "p.van,s.car,v,\n");
    fix_add(&f, MDL_LANES, "s.car,s.market,van,1,1\n");
    fix_add(&f, MDL_DEMAND, "s.market,van,60,constant\n");
    fix_add(&f, MDL_STOCKS, "s.car,van,order-up-to,,0\n");
    fix_set(&f, MDL_DEMAND, "s.market", "rate_d", "60");
    fix_set_at(&f, MDL_STOCKS, 1, "initial", "0");
    fix_set_at(&f, MDL_STOCKS, 2, "initial", "100");
    other_for_part(&f, "2", "1");
    fix_set(&f, MDL_SUBSTITUTES, "x", "recipe", "*");
    run_days(&f, 1, on, &r);
    FIX_NEAR(plant_at(&r, "started"), 50, 0);
    FIX_NEAR(fix_at(&r, "started", 0, 0, "p.van", NULL), 50, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* The toy under a ban on magnets for Japan, with a magnet of half the dysprosium from a maker in
 * Japan: less is lost with substitutes than without, by the same luck; missiles get none, as the
 * row is for motors only. */
static void test_substitute__less_is_lost_under_a_ban(void **state)
{
    static const char rule[] =
        "rules = ( { id = \"r\"; from = \"2026-01-06\"; origin = [ \"CN\" ]; destination = [ "
        "\"JP\" ]; action = \"deny\"; } ); horizon_d = 200; gap_d = 30.0;";
    struct fix f;
    struct sim_result r;

    (void)state;
    fix_toy(&f);
    fix_add(&f, MDL_PRODUCTS, "grade,Grade,magnet,kg,1000000,90,850511,,10,5,300\n");
    fix_add(&f, MDL_BOM, "grade,output,grade,1\n");
    fix_add(&f, MDL_SITES, "jp.mag,Magnets,,JP,magnet,7,14,7,7\n");
    fix_add(&f, MDL_PROCESSES, "p.grade,jp.mag,grade,100,7,1\n");
    fix_add(&f, MDL_LANES, "jp.mag,jp.motor,grade,1,2,0\n");
    fix_table(&f, MDL_SUBSTITUTES,
              "id,recipe,product,substitute,cover_d,limit,change_over_d,penalty\n"
              "g,wind,magnet,grade,14,0.8,\"triangular(10,20,30)\",0.1\n");
    fix_scenario(&f, "off", "");
    fix_scenario(&f, "on", "");
    for (int i = 0; i < 2; i++)
        f.cfg[i] = fix_format(&f,
                              "title = \"t\"; network = \"toy\"; start = \"2026-01-01\"; warm_up_d "
                              "= 40; runs = 3; seed = 7;\n%s %s",
                              rule, i ? "substitution = true;" : "");
    fix_play(&f, 3, &r);
    for (uint32_t run = 0; run < 3; run++) {
        double car[2];

        for (uint32_t s = 0; s < 2; s++)
            car[s] = fix_at(&r, "served", s, run, "jp.market~car~civil", NULL);
        assert_true(car[1] > 1.5 * car[0]);
        FIX_NEAR(fix_at(&r, "substituted", 0, run, "p.motor", NULL), 0, 0);
        assert_true(fix_at(&r, "substituted", 1, run, "p.motor", NULL) > 1000);
        FIX_NEAR(fix_at(&r, "started", 1, run, "p.def", NULL),
                 fix_at(&r, "started", 0, run, "p.def", NULL), 0);
        assert_true(fix_at(&r, "substitution_first", 1, run, "p.motor", NULL) >= 5);
    }
    sim_result_free(&r);
    fix_free(&f);
}

/* Swarf for magnets in motors and missiles, while magnets come late and under a civil undertaking:
 * all balances, of quanta, marks and elements, are in fix_play. */
static void test_substitute__marks_and_elements_hold(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    fix_toy(&f);
    fix_add(&f, MDL_LANES, "cn.mag,jp.motor,swarf,1,7,2\ncn.mag,jp.def,swarf,1,7,2\n");
    fix_table(&f, MDL_SUBSTITUTES,
              "id,recipe,product,substitute,cover_d,limit,quantity,thrift_y,from\n"
              "x,*,magnet,swarf,14,0.5,0.9,0.2,2025-12-01\n");
    fix_scenario(&f, "s", "");
    f.cfg[0] =
        "title = \"t\"; network = \"toy\"; start = \"2026-01-01\"; warm_up_d = 40; horizon_d = "
        "150; "
        "runs = 3; substitution = true; rules = ( { id = \"u\"; from = \"2026-01-06\"; origin = [ "
        "\"CN\" ]; destination = [ \"JP\" ]; action = \"inspect\"; share "
        "= "
        "1.0; delay_d = 40.0; undertaking = true; } );";
    fix_play(&f, 3, &r);
    for (uint32_t run = 0; run < 3; run++) {
        assert_true(fix_at(&r, "substituted", 0, run, "p.motor", NULL) > 0);
        assert_true(fix_at(&r, "substituted", 0, run, "p.def", NULL) > 0);
    }
    sim_result_free(&r);
    fix_free(&f);
}

static void test_substitute__bad_rows_are_refused(void **state)
{
    static const struct {
        const char *column, *value, *text;
    } fault[] = {
        {"recipe", "d",
         "substitutes.csv:2:3: recipe = 'd': no process at such a site uses part in such a "
         "recipe\n"},
        {"site", "s.x", "no process at such a site uses part in such a recipe\n"},
        {"substitute", "spare",
         "no site that could use it buys or makes it: no lane brings it there\n"},
        {"substitute", "part", "is the product itself\n"},
        {"substitute", "parts", "no such product; did you mean 'part'?\n"},
        {"back_cover_d", "1", "must not be below cover_d\n"},
        {"until", "2025-01-01", "lies before the first day\n"},
        {"thrift_y", "0.1", "thrift needs a first day (from)\n"},
        {"limit", "1.5", "must be"},
        {"price_ratio", "1", "price_ratio = '1': must be 1.001 to 1000"},
        {"quantity", "3", "holds 12 g of dy where part holds 10"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof fault / sizeof *fault; i++) {
        struct fix f;
        struct mdl_network n;

        plant(&f);
        fix_add(&f, MDL_PRODUCTS, "spare,S,component,piece,1,1,0\n");
        fix_add(&f, MDL_BOM, "s,output,spare,1,\n");
        fix_add(&f, MDL_PROCESSES, "p.spare,s.other,s,\n");
        other_for_part(&f, "2", "0.3");
        if (strcmp(fault[i].column, "until") == 0)
            fix_set(&f, MDL_SUBSTITUTES, "x", "from", "2026-01-01");
        fix_set(&f, MDL_SUBSTITUTES, "x", fault[i].column, fault[i].value);
        assert_int_equal(fix_network(&f, &n), SIM_EINPUT);
        if (strstr(f.err.text, fault[i].text) == NULL)
            fail_msg("%s = %s: %s", fault[i].column, fault[i].value, f.err.text);
        fix_free(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_substitute__fills_in_after_the_change_over_up_to_its_limit),
        cmocka_unit_test(test_substitute__its_cars_hold_less_and_the_elements_close),
        cmocka_unit_test(test_substitute__penalty_costs_capacity),
        cmocka_unit_test(test_substitute__quantity_counts),
        cmocka_unit_test(test_substitute__a_price_sets_it_off_and_ends_it),
        cmocka_unit_test(test_substitute__other_prices_do_not),
        cmocka_unit_test(test_substitute__by_price_only_where_capacity_is_left),
        cmocka_unit_test(test_substitute__is_off_unless_the_scenario_says_so),
        cmocka_unit_test(test_substitute__back_with_cover_it_is_stocked_no_more),
        cmocka_unit_test(test_substitute__thrift_moves_its_share_by_the_calendar),
        cmocka_unit_test(test_substitute__lines_share_it_in_proportion),
        cmocka_unit_test(test_substitute__less_is_lost_under_a_ban),
        cmocka_unit_test(test_substitute__marks_and_elements_hold),
        cmocka_unit_test(test_substitute__bad_rows_are_refused)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
