#include "tests/models/shop.h"

#include "sim/date.h"

/* New capacity: its ramp, and how much later than planned it comes. */

/* The shop wants more than can be made. */
static void hurry(struct fix *f)
{
    fix_set(f, MDL_SITES, "cn.src", "review_d", "1");
    fix_set(f, MDL_STOCKS, "jp.shop", "S", "1000000");
    fix_set(f, MDL_STOCKS, "jp.shop", "initial", "0");
    fix_set(f, MDL_PROCESSES, "p.src", "capacity_d", "1000");
    fix_set(f, MDL_PROCESSES, "p.src", "from", "2026-01-03");
}

static double made_in(struct fix *f, int days)
{
    struct sim_result r;
    double n;

    play(f, fix_format(f, "warm_up_d = 0; horizon_d = %d;", days), "", &r);
    n = fix_at(&r, "started", 0, 0, "p.src", NULL);
    sim_result_free(&r);
    return n;
}

static void factory(struct fix *f)
{
    shop(f);
    hurry(f);
}

/* 200, 280, 360, ... of 1,000 on the first ten days in service, then all. */
static void test_ramp__capacity_grows_in_a_straight_line(void **state)
{
    struct fix f;
    double sum = 0;

    (void)state;
    factory(&f);
    fix_set(&f, MDL_PROCESSES, "p.src", "ramp_d", "10");
    fix_set(&f, MDL_PROCESSES, "p.src", "ramp_start", "0.2");
    for (int day = 0; day < 16; day++) {
        sum += day < 2 ? 0 : day < 12 ? 200 + 80 * (day - 2) : 1000;
        FIX_NEAR(made_in(&f, day + 1), sum, 0);
    }
    fix_free(&f);
}

/* A power of 2 on four days from nothing: 0, 1/16, 4/16, 9/16. */
/* Half of what the plant could make on that day. */
static void test_ramp__a_shock_halves_what_has_been_ramped_up(void **state)
{
    struct fix f;
    struct sim_result r;
    double sum = 0;

    (void)state;
    factory(&f);
    fix_set(&f, MDL_PROCESSES, "p.src", "ramp_d", "10");
    fix_set(&f, MDL_PROCESSES, "p.src", "ramp_start", "0.2");
    for (int day = 2; day < 12; day++)
        sum += (200 + 80 * (day - 2)) / 2;
    play(&f, "warm_up_d = 0; horizon_d = 12;",
         "shocks = ( { id = \"half\"; kind = \"capacity\"; site = [ \"cn.src\" ]; from = "
         "\"2026-01-01\"; factor = 0.5; } );",
         &r);
    FIX_NEAR(fix_at(&r, "started", 0, 0, "p.src", NULL), sum, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* Of 1,000 starts a day 500, 540, 580, ... are good on the first ten days, then 900. */
static void test_ramp__yield_grows_with_it(void **state)
{
    struct fix f;
    double sum = 0;

    (void)state;
    factory(&f);
    fix_set(&f, MDL_PROCESSES, "p.src", "ramp_d", "10");
    fix_set(&f, MDL_PROCESSES, "p.src", "ramp_start", "1");
    fix_set(&f, MDL_PROCESSES, "p.src", "yield", "0.9");
    fix_set(&f, MDL_PROCESSES, "p.src", "yield_start", "0.5");
    for (int day = 0; day < 16; day++) {
        struct sim_result r;

        sum += day < 2 ? 0 : day < 12 ? 500 + 40 * (day - 2) : 900;
        play(&f, fix_format(&f, "warm_up_d = 0; horizon_d = %d;", day + 1), "", &r);
        FIX_NEAR(fix_at(&r, "started", 0, 0, "p.src", NULL), fmax(0, 1000 * (day - 1)), 0);
        FIX_NEAR(fix_at(&r, "made", 0, 0, "cn.src~part", NULL), sum, 0);
        sim_result_free(&r);
    }
    fix_free(&f);
}

/* A shop that wants 10 a day gets them as soon as two starts for a good one are planned: 20 on the
 * first day of a yield of a half. */
static void test_ramp__plans_know_the_yield(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    factory(&f);
    fix_set(&f, MDL_STOCKS, "jp.shop", "S", "10");
    fix_set(&f, MDL_STOCKS, "jp.shop", "initial", "0");
    fix_set(&f, MDL_SITES, "cn.src", "out_cover_d", "0");
    fix_set(&f, MDL_PROCESSES, "p.src", "from", "2026-01-01");
    fix_set(&f, MDL_PROCESSES, "p.src", "ramp_d", "1000");
    fix_set(&f, MDL_PROCESSES, "p.src", "ramp_start", "1");
    fix_set(&f, MDL_PROCESSES, "p.src", "ramp_shape", "10");
    fix_set(&f, MDL_PROCESSES, "p.src", "yield_start", "0.5");
    play(&f, "warm_up_d = 0; horizon_d = 20;", "", &r);
    FIX_NEAR(fix_at(&r, "started", 0, 0, "p.src", NULL) / 2,
             fix_at(&r, "made", 0, 0, "cn.src~part", NULL), 0);
    assert_true(fix_at(&r, "made", 0, 0, "cn.src~part", NULL) > 0);
    FIX_NEAR(fix_at(&r, "missed", 0, 0, "p.src", NULL), 0, 0);
    sim_result_free(&r);
    fix_free(&f);
}

static void test_ramp__its_shape_is_a_power(void **state)
{
    static const double sum[] = {0, 0, 0, 63, 313, 876, 1876};
    struct fix f;

    (void)state;
    factory(&f);
    fix_set(&f, MDL_PROCESSES, "p.src", "ramp_d", "4");
    fix_set(&f, MDL_PROCESSES, "p.src", "ramp_shape", "2");
    for (int day = 0; day < 7; day++)
        FIX_NEAR(made_in(&f, day + 1), sum[day], 1);
    fix_free(&f);
}

/* Five days late, first day and last. */
static void test_ramp__a_delay_moves_the_days_in_service(void **state)
{
    struct fix f;

    (void)state;
    factory(&f);
    fix_set(&f, MDL_PROCESSES, "p.src", "until", "2026-01-12");
    FIX_NEAR(made_in(&f, 30), 10000, 0);
    fix_set(&f, MDL_PROCESSES, "p.src", "delay_d", "5");
    FIX_NEAR(made_in(&f, 7), 0, 0);
    FIX_NEAR(made_in(&f, 8), 1000, 0);
    FIX_NEAR(made_in(&f, 30), 10000, 0);
    fix_free(&f);
}

/* Delays of 0 to 100 days: two lines of one plant come on the same day, those of another on
 * another; scenario and run share the draw. Mean of 200 runs: 50 within 4 standard errors (28.9 /
 * sqrt(200)), a chance of 6e-5 to fail by luck. */
static void test_ramp__one_delay_a_run_and_plant(void **state)
{
    enum { RUNS = 200 };
    struct fix f;
    struct mdl_study st;
    struct sim_result r;
    double mean = 0;
    int differ = 0;

    (void)state;
    shop(&f);
    fix_add(&f, MDL_PRODUCTS, "b,B,component,piece,1,1,10\n");
    fix_add(&f, MDL_BOM, "b,output,b,1\n");
    fix_add(&f, MDL_SITES, "cn.two,T,CN,component,1,1\n");
    fix_add(&f, MDL_PROCESSES, "p.b,cn.src,b,1000\np.c,cn.two,b,1000\n");
    fix_add(&f, MDL_LANES, "cn.src,jp.shop,b,0.5,3\ncn.two,jp.shop,b,0.5,3\n");
    fix_add(&f, MDL_DEMAND, "jp.shop,b,10,constant,0\n");
    fix_add(&f, MDL_STOCKS, "jp.shop,b,base-stock,2000000\n");
    hurry(&f);
    fix_set_at(&f, MDL_STOCKS, 1, "initial", "0");
    for (size_t i = 0; i < 3; i++) {
        fix_set_at(&f, MDL_PROCESSES, i, "from", "2026-01-03");
        fix_set_at(&f, MDL_PROCESSES, i, "delay_d", "uniform(0,100)");
    }
    fix_scenario(&f, "s", "");
    f.cfg[0] = "title = \"t\"; network = \"toy\"; start = \"2026-01-01\"; warm_up_d = 0; horizon_d "
               "= 120; runs = 200;";
    fix_study_ok(&f, &st);
    fix_run(&st, RUNS, &r);
    for (uint32_t run = 0; run < RUNS; run++) {
        double a = fix_at(&r, "started", 0, run, "p.src", NULL),
               b = fix_at(&r, "started", 0, run, "p.b", NULL),
               c = fix_at(&r, "started", 0, run, "p.c", NULL);

        FIX_NEAR(a, b, 0);
        differ += a != c;
        mean += (118 - a / 1000) / RUNS;
    }
    assert_true(differ > RUNS / 2);
    FIX_NEAR(mean - 0.5, 50, 4 * 28.9 / sqrt(RUNS)); /* days are rounded up */
    sim_result_free(&r);
    mdl_study_free(&st);
    fix_free(&f);
}

static void test_ramp__what_it_needs_is_asked_for(void **state)
{
    struct fix f;

    (void)state;
    shop(&f);
    fix_set(&f, MDL_PROCESSES, "p.src", "ramp_d", "4");
    fix_refused(&f,
                "processes.csv:2:32: ramp_d = '4': a ramp needs a first day in service (from) and "
                "a capacity (capacity_d)\n");
    fix_free(&f);
    shop(&f);
    fix_set(&f, MDL_PROCESSES, "p.src", "delay_d", "4");
    fix_refused(&f,
                "processes.csv:2:32: delay_d = '4': a delay needs a first day in service (from)\n");
    fix_free(&f);
    shop(&f);
    fix_set(&f, MDL_PROCESSES, "p.src", "yield_start", "0.5");
    fix_refused(&f, "processes.csv:2:32: yield_start = '0.5': a yield that grows needs ramp_d\n");
    fix_free(&f);
    factory(&f);
    fix_set(&f, MDL_PROCESSES, "p.src", "ramp_d", "10");
    fix_set(&f, MDL_PROCESSES, "p.src", "yield", "0.4");
    fix_set(&f, MDL_PROCESSES, "p.src", "yield_start", "0.5");
    fix_refused(&f, "processes.csv:2:54: yield_start = '0.5': lies above yield\n");
    fix_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ramp__capacity_grows_in_a_straight_line),
        cmocka_unit_test(test_ramp__a_shock_halves_what_has_been_ramped_up),
        cmocka_unit_test(test_ramp__yield_grows_with_it),
        cmocka_unit_test(test_ramp__plans_know_the_yield),
        cmocka_unit_test(test_ramp__its_shape_is_a_power),
        cmocka_unit_test(test_ramp__a_delay_moves_the_days_in_service),
        cmocka_unit_test(test_ramp__one_delay_a_run_and_plant),
        cmocka_unit_test(test_ramp__what_it_needs_is_asked_for)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
