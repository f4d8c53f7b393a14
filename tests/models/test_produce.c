#include "tests/models/shop.h"

/* What a site makes of what it has. */

static void test_produce__processes_share_a_scarce_input_in_proportion(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    f = (struct fix){0};
    /* three lines for the same motors at one site, of which there are 90 for 3 x 100 */
    fix_table(&f, MDL_PRODUCTS,
              "id,name,stage,unit,quanta_per_unit,value_usd\nmotor,M,component,piece,1,1\n"
              "a,A,vehicle,piece,1,1\nb,B,vehicle,piece,1,1\nc,C,vehicle,piece,1,1\n");
    fix_table(&f, MDL_BOM,
              "recipe,role,product,quantity\nm,output,motor,1\na,output,a,1\n"
              "a,input,motor,1\nb,output,b,1\nb,input,motor,1\nc,output,c,1\n"
              "c,input,motor,1\n");
    fix_table(&f, MDL_SITES,
              "id,name,country,tier,review_d,out_cover_d,smooth_d\n"
              "s.motor,M,JP,component,7,0,1\ns.car,C,JP,vehicle,7,0,1\n"
              "s.market,M,JP,market,7,0,1\n");
    fix_table(&f, MDL_PROCESSES,
              "id,site,recipe,capacity_d\np.m,s.motor,m,0\np.a,s.car,a,\n"
              "p.b,s.car,b,\np.c,s.car,c,\n");
    fix_table(&f, MDL_LANES,
              "from,to,product,share,transit_d\ns.motor,s.car,motor,1,9\n"
              "s.car,s.market,a,1,1\ns.car,s.market,b,1,1\ns.car,s.market,c,1,1\n");
    fix_table(&f, MDL_DEMAND,
              "site,product,rate_d,dist\ns.market,a,100,constant\n"
              "s.market,b,100,constant\ns.market,c,100,constant\n");
    fix_table(&f, MDL_STOCKS,
              "site,product,initial\ns.car,motor,90\ns.motor,motor,0\ns.car,a,0\n"
              "s.car,b,0\ns.car,c,0\n");
    play(&f, "warm_up_d = 0; horizon_d = 1;", "", &r);
    FIX_NEAR(fix_at(&r, "planned", 0, 0, "p.a", NULL), 100, 0);
    FIX_NEAR(fix_at(&r, "started", 0, 0, "p.a", NULL), 30, 1);
    FIX_NEAR(fix_at(&r, "started", 0, 0, "p.b", NULL), 30, 1);
    FIX_NEAR(fix_at(&r, "started", 0, 0, "p.c", NULL), 30, 1);
    sim_result_free(&r);
    fix_free(&f);
}

/* Of 100 parts in stock a line for civilians and one for the military want 100 each: free stock is
 * the military's first, whatever the order of the lines. */
static void test_produce__the_military_has_the_first_claim_on_free_stock(void **state)
{
    struct fix f = {0};
    struct sim_result r;

    (void)state;
    fix_table(&f, MDL_PRODUCTS,
              "id,name,stage,unit,quanta_per_unit,value_usd\nmotor,M,component,piece,1,1\n"
              "a,A,vehicle,piece,1,1\nb,B,defence,piece,1,1\n");
    fix_table(&f, MDL_BOM,
              "recipe,role,product,quantity\nm,output,motor,1\na,output,a,1\n"
              "a,input,motor,1\nb,output,b,1\nb,input,motor,1\n");
    fix_table(&f, MDL_SITES,
              "id,name,country,tier,review_d,out_cover_d,smooth_d\n"
              "s.motor,M,JP,component,7,0,1\ns.plant,P,JP,vehicle,7,0,1\n"
              "s.market,M,JP,market,7,0,1\n");
    fix_table(&f, MDL_PROCESSES,
              "id,site,recipe,capacity_d\np.m,s.motor,m,0\np.a,s.plant,a,\np.b,s.plant,b,\n");
    fix_table(&f, MDL_LANES,
              "from,to,product,share,transit_d\ns.motor,s.plant,motor,1,9\n"
              "s.plant,s.market,a,1,1\ns.plant,s.market,b,1,1\n");
    fix_table(&f, MDL_DEMAND,
              "site,product,end_use,rate_d,dist\ns.market,a,civil,100,constant\n"
              "s.market,b,military,100,constant\n");
    fix_table(&f, MDL_STOCKS,
              "site,product,initial\ns.plant,motor,120\ns.motor,motor,0\n"
              "s.plant,a,0\ns.plant,b,0\n");
    play(&f, "warm_up_d = 0; horizon_d = 1;", "", &r);
    FIX_NEAR(fix_at(&r, "started", 0, 0, "p.b", NULL), 100, 0);
    FIX_NEAR(fix_at(&r, "started", 0, 0, "p.a", NULL), 20, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* Nine in ten come out; nothing is lost by rounding. */
static void test_produce__yield_is_exact_over_time(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    shop(&f);
    fix_set(&f, MDL_SITES, "cn.src", "review_d", "1");
    fix_set(&f, MDL_PROCESSES, "p.src", "capacity_d", "7");
    fix_set(&f, MDL_PROCESSES, "p.src", "yield", "0.9");
    fix_set(&f, MDL_STOCKS, "jp.shop", "S", "100000");
    play(&f, "warm_up_d = 0; horizon_d = 365;", "", &r);
    FIX_NEAR(fix_at(&r, "made", 0, 0, "cn.src~part", NULL),
             floor(0.9 * fix_at(&r, "started", 0, 0, "p.src", NULL)), 1);
    assert_true(fix_at(&r, "started", 0, 0, "p.src", NULL) > 2500);
    sim_result_free(&r);
    fix_free(&f);
}

static double started(const char *capacity, const char *batch)
{
    struct fix f;
    struct sim_result r;
    double n;

    shop(&f);
    fix_set(&f, MDL_SITES, "cn.src", "review_d", "1");
    fix_set(&f, MDL_PROCESSES, "p.src", "capacity_d", capacity);
    fix_set(&f, MDL_PROCESSES, "p.src", "min_batch", batch);
    fix_set(&f, MDL_STOCKS, "jp.shop", "S", "100");
    play(&f, "warm_up_d = 0; horizon_d = 60;", "", &r);
    n = fix_at(&r, "started", 0, 0, "p.src", NULL);
    sim_result_free(&r);
    fix_free(&f);
    return n;
}

static void test_produce__nothing_is_begun_below_the_least_batch(void **state)
{
    (void)state;
    FIX_NEAR(started("40", "41"), 0, 0);
    assert_true(started("40", "40") >= 40);
    FIX_NEAR(fmod(started("40", "40"), 40), 0, 0);
    assert_true(started("40", "0") > 500);
}

/* Of two lines the second comes into service on the sixteenth day. */
static void test_produce__a_new_line_takes_its_part_when_it_is_there(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    shop(&f);
    fix_set(&f, MDL_SITES, "cn.src", "review_d", "1");
    fix_add(&f, MDL_PROCESSES, "p.new,cn.src,make,10\n");
    fix_set(&f, MDL_PROCESSES, "p.src", "capacity_d", "10");
    fix_set(&f, MDL_PROCESSES, "p.new", "from", "2026-01-16");
    play(&f, "warm_up_d = 30; horizon_d = 30;", "", &r);
    FIX_NEAR(fix_at(&r, "started", 0, 0, "p.src", NULL), 150 + 75, 8);
    FIX_NEAR(fix_at(&r, "started", 0, 0, "p.new", NULL), 75, 8);
    FIX_NEAR(fix_sum(&r, "lost", 0, 0), 0, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* Twice the dysprosium per magnet makes the separator run for it: of the neodymium, twice too much,
 * some is kept and the rest is given up. */
static void test_produce__a_joint_output_that_nobody_wants_is_capped(void **state)
{
    struct fix f;
    struct sim_result r;
    double rate, made;

    (void)state;
    fix_toy(&f);
    fix_set_at(&f, MDL_BOM, fix_row(&f, MDL_BOM, "sinter") + 3, "quantity", "0.04");
    play(&f, "warm_up_d = 365; horizon_d = 730;", "", &r);
    rate = fix_at(&r, "shipped", 0, 0, "cn.sep~ox.nd", NULL) / 730;
    made = fix_at(&r, "made", 0, 0, "cn.sep~ox.nd", NULL) / 730;
    FIX_NEAR(made, 2 * rate, 0.1 * rate);
    assert_true(fix_at(&r, "stock_mean", 0, 0, "cn.sep~ox.nd", NULL) < 100 * rate);
    FIX_NEAR(fix_at(&r, "surplus", 0, 0, "cn.sep~ox.nd", NULL) / 730, made - rate, 0.1 * rate);
    FIX_NEAR(fix_at(&r, "surplus", 0, 0, "cn.sep~ox.dy", NULL), 0, 0);
    /* a by-product without a buyer is all given up */
    FIX_NEAR(fix_at(&r, "surplus", 0, 0, "cn.mag~swarf", NULL),
             fix_at(&r, "made", 0, 0, "cn.mag~swarf", NULL), 1);
    sim_result_free(&r);
    fix_free(&f);
}

static void test_produce__a_long_cycle_takes_its_time(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    shop(&f);
    fix_set(&f, MDL_SITES, "cn.src", "review_d", "1");
    fix_set(&f, MDL_PROCESSES, "p.src", "capacity_d", "10");
    fix_set(&f, MDL_PROCESSES, "p.src", "cycle_d", "900");
    fix_set(&f, MDL_DEMAND, "jp.shop", "rate_d", "0");
    fix_set(&f, MDL_STOCKS, "jp.shop", "S", "10");
    fix_set(&f, MDL_STOCKS, "jp.shop", "initial", "0");
    play(&f, "warm_up_d = 0; horizon_d = 901;", "", &r);
    FIX_NEAR(fix_at(&r, "made", 0, 0, "cn.src~part", NULL), 0, 0); /* begun on day 1 */
    sim_result_free(&r);
    play(&f, "warm_up_d = 0; horizon_d = 902;", "", &r);
    assert_true(fix_at(&r, "made", 0, 0, "cn.src~part", NULL) >= 1);
    sim_result_free(&r);
    fix_free(&f);
}

static void test_produce__works_on_working_days_and_in_service_only(void **state)
{
    struct fix f;
    struct sim_result r;
    double all;

    (void)state;
    shop(&f);
    fix_set(&f, MDL_SITES, "cn.src", "review_d", "1");
    fix_set(&f, MDL_PROCESSES, "p.src", "capacity_d", "10");
    fix_set(&f, MDL_STOCKS, "jp.shop", "S", "10000"); /* there is always enough to do */
    play(&f, "warm_up_d = 0; horizon_d = 30;", "", &r);
    all = fix_at(&r, "started", 0, 0, "p.src", NULL);
    FIX_NEAR(all, 290, 10);
    sim_result_free(&r);
    fix_table(&f, MDL_CALENDARS,
              "country,date,working\nCN,2026-01-10,0\nCN,2026-01-11,0.2\n"
              "JP,2026-01-12,0\n");
    play(&f, "warm_up_d = 0; horizon_d = 30;", "", &r);
    FIX_NEAR(fix_at(&r, "started", 0, 0, "p.src", NULL), all - 18, 0);
    FIX_NEAR(fix_at(&r, "stop_days", 0, 0, "p.src", NULL), 0, 0); /* a holiday is no stop */
    sim_result_free(&r);
    f.text[MDL_CALENDARS] = NULL;
    fix_set(&f, MDL_PROCESSES, "p.src", "until", "2026-01-20");
    play(&f, "warm_up_d = 0; horizon_d = 30;", "", &r);
    FIX_NEAR(fix_at(&r, "started", 0, 0, "p.src", NULL), all - 100, 0); /* 21 to 30 January */
    sim_result_free(&r);
    fix_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_produce__processes_share_a_scarce_input_in_proportion),
        cmocka_unit_test(test_produce__the_military_has_the_first_claim_on_free_stock),
        cmocka_unit_test(test_produce__yield_is_exact_over_time),
        cmocka_unit_test(test_produce__nothing_is_begun_below_the_least_batch),
        cmocka_unit_test(test_produce__a_new_line_takes_its_part_when_it_is_there),
        cmocka_unit_test(test_produce__a_joint_output_that_nobody_wants_is_capped),
        cmocka_unit_test(test_produce__a_long_cycle_takes_its_time),
        cmocka_unit_test(test_produce__works_on_working_days_and_in_service_only)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
