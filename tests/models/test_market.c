#include "tests/models/fixture.h"

/* Final demand: its mean, its season and trend, its spread, and that no fraction is lost. */

static void shop(struct fix *f, const char *columns, const char *row)
{
    *f = (struct fix){0};
    fix_table(f, MDL_PRODUCTS,
              "id,name,stage,unit,quanta_per_unit,value_usd\npart,Part,component,piece,1,1\n");
    fix_table(f, MDL_SITES,
              "id,name,country,tier,review_d\nsrc,S,JP,component,0\n"
              "shop,S,JP,market,1\nother,O,JP,market,1\n");
    fix_table(f, MDL_BOM, "recipe,role,product,quantity\nmake,output,part,1\n");
    fix_table(f, MDL_PROCESSES, "id,site,recipe\np,src,make\n");
    fix_table(f, MDL_LANES,
              "from,to,product,share,transit_d\nsrc,shop,part,1,1\n"
              "src,other,part,1,1\n");
    fix_table(f, MDL_DEMAND, fix_format(f, "site,product,%s\nshop,part,%s\n", columns, row));
}

static double demand(const char *columns, const char *row, const char *start, int horizon_d,
                     int run)
{
    struct fix f;
    struct mdl_study st;
    struct sim_result r;
    struct sim_err err = SIM_ERR_INIT;
    double q;

    shop(&f, columns, row);
    fix_scenario(&f, "s", "");
    f.cfg[0] = fix_format(&f,
                          "title = \"t\"; network = \"toy\"; start = \"%s\"; warm_up_d = 30; "
                          "horizon_d = %d; seed = 3;",
                          start, horizon_d);
    fix_study_ok(&f, &st);
    mdl_result_init(&r, &st, (uint32_t)run + 1);
    assert_int_equal(fix_run_one(&st, 0, (uint32_t)run, &r, &err), 0);
    q = fix_at(&r, "demand", 0, (uint32_t)run, "shop~part~civil", NULL);
    sim_result_free(&r);
    mdl_study_free(&st);
    fix_free(&f);
    return q;
}

static void test_market__fractions_are_carried(void **state)
{
    (void)state;
    FIX_NEAR(demand("rate_d,dist", "0.3,constant", "2026-01-01", 100, 0), 30, 1);
    FIX_NEAR(demand("rate_d,dist", "0.01,constant", "2026-01-01", 1000, 0), 10, 1);
    FIX_NEAR(demand("rate_d,dist", "7.75,constant", "2026-01-01", 400, 0), 3100, 1);
    FIX_NEAR(demand("rate_d,dist", "0,constant", "2026-01-01", 100, 0), 0, 0);
}

static void test_market__season_goes_by_month(void **state)
{
    (void)state;
    FIX_NEAR(
        demand("rate_d,dist,season", "10,constant,2 0 1 1 1 1 1 1 1 1 1 1", "2026-01-01", 31, 0),
        620, 0);
    FIX_NEAR(
        demand("rate_d,dist,season", "10,constant,2 0 1 1 1 1 1 1 1 1 1 1", "2026-02-01", 28, 0), 0,
        0);
    FIX_NEAR(
        demand("rate_d,dist,season", "10,constant,2 0 1 1 1 1 1 1 1 1 1 1", "2026-03-01", 31, 0),
        310, 0);
    FIX_NEAR(
        demand("rate_d,dist,season", "10,constant,2 0 1 1 1 1 1 1 1 1 1 1", "2025-12-31", 60, 0),
        10 + 620, 0);
}

static void test_market__trend_is_one_at_start(void **state)
{
    double sum = 0;

    (void)state;
    for (int day = 0; day < 730; day++)
        sum += 100 * pow(1.1, day / 365.25);
    FIX_NEAR(demand("rate_d,dist,trend_y", "100,constant,0.1", "2026-01-01", 730, 0), sum, 1);
    FIX_NEAR(demand("rate_d,dist,trend_y", "100,constant,0.1", "2026-01-01", 1, 0), 100, 1);
    FIX_NEAR(demand("rate_d,dist,trend_y", "100,constant,-0.5", "2026-01-01", 731, 0),
             100 * (1 - pow(0.5, 731 / 365.25)) / (1 - pow(0.5, 1 / 365.25)), 1);
}

/* 4.5 standard errors; the seed is fixed. */
static void assert_spread(const char *row, double mean, double sd_of_day)
{
    enum { DAYS = 400, RUNS = 40 };
    double sum = 0, square = 0, per_run = mean * DAYS;

    for (int i = 0; i < RUNS; i++) {
        double x = demand("rate_d,dist,cv", row, "2026-01-01", DAYS, i) - per_run;

        sum += x;
        square += x * x;
    }
    FIX_NEAR(sum / RUNS, 0, 4.5 * sd_of_day * sqrt(DAYS) / sqrt(RUNS) + 1);
    /* the variance of a variance of RUNS nearly normal sums is 2 / RUNS of its square */
    FIX_NEAR(square / RUNS / (DAYS * sd_of_day * sd_of_day), 1, 4.5 * sqrt(2.0 / RUNS));
}

static void test_market__a_day_has_its_mean_and_spread(void **state)
{
    (void)state;
    assert_spread("20,gamma,0.4", 20, 8);
    assert_spread("20,gamma,1.5", 20, 30);
    assert_spread("20,poisson,0", 20, sqrt(20));
}

static void test_market__no_spread_is_constant(void **state)
{
    (void)state;
    FIX_NEAR(demand("rate_d,dist,cv", "12,gamma,0", "2026-01-01", 50, 0), 600, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_market__fractions_are_carried),
                                       cmocka_unit_test(test_market__season_goes_by_month),
                                       cmocka_unit_test(test_market__trend_is_one_at_start),
                                       cmocka_unit_test(test_market__a_day_has_its_mean_and_spread),
                                       cmocka_unit_test(test_market__no_spread_is_constant)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
