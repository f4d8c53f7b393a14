#include "tests/models/border.h"

#include "models/recycle.h"

/* Recycling, week by week. The shop in JP sells ten parts a day, 70 in each of the weeks that end
 * on the days -34, -27 ... 1, 8, 15. At the end of a week scrap leaves for the recycler in JP, who
 * has it in stock on the next day; nobody buys what could be made of it. */

static void yard(struct fix *f)
{
    border(f);
    fix_set(f, MDL_STOCKS, "jp.shop", "S", "100");
    fix_add(f, MDL_PRODUCTS,
            "old,Old part,scrap,piece,1,1,10\nnew,New part,component,piece,1,1,10\n");
    fix_add(f, MDL_BOM, "dig,output,old,1\nmelt,output,new,1\nmelt,input,old,1\n");
    fix_add(f, MDL_SITES, "jp.mine,Mine,,JP,mine,1,1\njp.rec,Recycler,,JP,component,1,1\n");
    fix_add(f, MDL_PROCESSES, "p.mine,jp.mine,dig\np.rec,jp.rec,melt\n");
    fix_add(f, MDL_LANES, "jp.mine,jp.rec,old,1,1\n");
}

#define BACK(more)                                                                                 \
    "recycling = ( { id = 'r'; country = [ 'JP' ]; product = [ 'part' ]; to_site = 'jp.rec'; "     \
    "to_product = 'old'; " more " } );"

/* Asserts the scrap that came at the ends of the weeks before start in all, and after it. */
static void check(const char *text, double before, int n, const double *weeks)
{
    struct fix f;
    struct sim_result r;
    double sum = 0;

    yard(&f);
    border_play(&f, 7 * n - 4, text, &r);
    FIX_NEAR(fix_at(&r, "day_stock", 0, 0, "jp.rec~old", "1"), before, 0);
    for (int i = 0; i < n; i++) {
        char at[16];

        snprintf(at, sizeof at, "%d", 7 * i + 2);
        sum += weeks[i];
        FIX_NEAR(fix_at(&r, "day_stock", 0, 0, "jp.rec~old", at), before + sum, 0);
    }
    FIX_NEAR(fix_sum(&r, "recycled", 0, 0), sum, 0);
    sim_result_free(&r);
    fix_free(&f);
}

static void test_reclaim__goods_come_back_after_their_delay(void **state)
{
    static const double steady[] = {70, 70, 70, 70, 70, 70}, ends[] = {70, 70, 70, 70, 20, 0},
                        fractions[] = {11, 10, 11, 10, 11, 10};

    (void)state;
    /* 70 x 0.5 x 2 a week, also of goods from before the first simulated day */
    check(BACK("collection = 0.5; yield = 2.0; delay_d = 14;"), 350, 6, steady);
    check(BACK("collection = 1.0; yield = 1.0; delay_d = 3000;"), 350, 6, steady);
    /* the last goods are sold on day 10, two of them in the week that ends on day 15 */
    check("rules = ( { id = 'r'; from = @1; origin = [ 'CN' ]; action = 'deny'; } ); " BACK(
              "collection = 0.5; yield = 2.0; delay_d = 14;"),
          350, 6, ends);
    /* 10.5 a week in whole pieces: 52 of five weeks, then 63, 73 ... */
    check(BACK("collection = 0.5; yield = 0.3; delay_d = 14;"), 52, 6, fractions);
}

static void test_reclaim__a_spread_of_delays_keeps_the_steady_state(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    yard(&f);
    border_play(&f, 700, BACK("collection = 1.0; yield = 1.0; delay_d = 'lognormal(300,0.7)';"),
                &r);
    FIX_NEAR(fix_sum(&r, "recycled", 0, 0), 70 * 100, 1);
    sim_result_free(&r);
    fix_free(&f);
}

static void test_reclaim__more_is_collected_from_a_day_on(void **state)
{
    static const double weeks[] = {70, 70, 140, 140};

    (void)state;
    check(BACK("collection = 0.5; yield = 2.0; delay_d = 14; "
               "steps = ( { id = 'more'; from = @15; share = 1.0; } );"),
          350, 4, weeks);
}

static void test_recycle_share__grows_up_to_all(void **state)
{
    struct mdl_collection step = {.from = 1000, .share = 0.8};
    struct mdl_recycling r = {.collection = 0.1, .growth_y = 1};

    (void)state;
    FIX_NEAR(mdl_recycle_share(&r, 0, -500), 0.1, 0);
    FIX_NEAR(mdl_recycle_share(&r, 0, 0), 0.1, 0);
    FIX_NEAR(mdl_recycle_share(&r, 0, 1461), 1, 0);
    FIX_NEAR(mdl_recycle_share(&r, 0, 487), 0.1 * pow(2, 487 / 365.25), 1e-15);
    r.growth_y = 0;
    r.n_step = 1;
    r.step = &step;
    FIX_NEAR(mdl_recycle_share(&r, 0, 999), 0.1, 0);
    FIX_NEAR(mdl_recycle_share(&r, 0, 1000), 0.8, 0);
}

/* Sales grew elevenfold a year up to the first simulated day: what is sold ten weeks before a week
 * comes back in it, and the first ten weeks bring what was sold then. */
static void test_reclaim__less_was_sold_long_ago(void **state)
{
    struct fix f;
    struct sim_result r;
    double want = 0;

    (void)state;
    yard(&f);
    border_play(&f, 58, BACK("collection = 1.0; yield = 1.0; delay_d = 70; past_y = 10.0;"), &r);
    for (int k = 0; k < 13; k++)
        want += 70 * (k < 10 ? pow(11, -7.0 / 365.25 * (10 - k)) : 1);
    FIX_NEAR(fix_at(&r, "day_stock", 0, 0, "jp.rec~old", "57"), floor(want), 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* The recycler makes parts of old ones and sells one in ten to the shop; nothing else comes. */
static void test_reclaim__it_saves_sales(void **state)
{
    static const char ban[] = "rules = ( { id = 'r'; from = @1; origin = [ 'CN' ]; destination = [ "
                              "'JP' ]; action = 'deny'; } ); ";
    struct fix f;
    struct sim_result r;

    (void)state;
    yard(&f);
    fix_set(&f, MDL_BOM, "melt", "product", "part");
    fix_set(&f, MDL_PROCESSES, "p.mine", "capacity_d", "2");
    fix_set(&f, MDL_LANES, "cn.src", "share", "0.9");
    fix_add(&f, MDL_LANES, "jp.rec,jp.shop,part,0.1,1\n");
    border_scenario(&f, "off", 100, ban);
    border_scenario(
        &f, "some", 100,
        fix_format(&f, "%s%s", ban, BACK("collection = 0.2; yield = 1.0; delay_d = 3000;")));
    border_scenario(
        &f, "on", 100,
        fix_format(&f, "%s%s", ban, BACK("collection = 1.0; yield = 1.0; delay_d = 3000;")));
    fix_play(&f, 1, &r);
    assert_true(fix_sum(&r, "lost", 0, 0) > 600);
    assert_true(fix_sum(&r, "lost", 1, 0) < fix_sum(&r, "lost", 0, 0) - 50);
    assert_true(fix_sum(&r, "lost", 2, 0) < fix_sum(&r, "lost", 1, 0) - 200);
    FIX_NEAR(fix_sum(&r, "recycled", 0, 0), 0, 0);
    FIX_NEAR(fix_at(&r, "lost", 2, 0, "us.shop~part~civil", NULL), 0, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* Elements: what comes back holds no more than what went out, by origin; the audit of every run
 * closes. A car holds a kilogram of magnets; swarf of what is lost in making magnets. */
static void test_reclaim__elements_keep_their_origins(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    fix_toy(&f);
    fix_scenario(&f, "off", "");
    fix_scenario(
        &f, "on",
        "recycling = ( { id = \"cars\"; product = [ \"car\" ]; to_site = \"cn.mag\"; to_product = "
        "\"swarf\"; collection = 0.5; delay_d = \"lognormal(30,0.5)\"; }, { id = \"waste\"; of = "
        "\"made\"; product = [ \"magnet\" ]; to_site = \"cn.mag\"; to_product = \"swarf\"; "
        "collection = 1.0; delay_d = 7; } );");
    fix_play(&f, 3, &r);
    for (uint32_t run = 0; run < 3; run++) {
        assert_true(fix_at(&r, "recycled", 1, run, "cars", "1") > 0);
        assert_true(fix_at(&r, "recycled", 1, run, "waste", "1") > 0);
        FIX_NEAR(fix_sum(&r, "demand", 0, run), fix_sum(&r, "demand", 1, run), 0);
    }
    sim_result_free(&r);
    fix_free(&f);
}

static void test_recycle_link__scrap_without_elements_needs_a_yield(void **state)
{
    struct fix f;
    struct mdl_study st;

    (void)state;
    yard(&f);
    border_scenario(&f, "s", 10, BACK("collection = 1.0; delay_d = 14;"));
    assert_int_equal(fix_study(&f, &st), SIM_EINPUT);
    assert_non_null(strstr(f.err.text, "'r': old holds no tracked element: give yield"));
    fix_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reclaim__goods_come_back_after_their_delay),
        cmocka_unit_test(test_reclaim__a_spread_of_delays_keeps_the_steady_state),
        cmocka_unit_test(test_reclaim__more_is_collected_from_a_day_on),
        cmocka_unit_test(test_recycle_share__grows_up_to_all),
        cmocka_unit_test(test_reclaim__less_was_sold_long_ago),
        cmocka_unit_test(test_reclaim__it_saves_sales),
        cmocka_unit_test(test_reclaim__elements_keep_their_origins),
        cmocka_unit_test(test_recycle_link__scrap_without_elements_needs_a_yield),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
