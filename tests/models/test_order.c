#include "tests/models/shop.h"

/* Buyers: what they take back, whom they turn to, and that they settle. */

/* Customers stay away from March on: what waits for a licence is taken back. */
static void test_order__what_nobody_wants_any_more_is_taken_back(void **state)
{
    struct fix f;
    struct sim_result r;
    double open;

    (void)state;
    shop(&f);
    f.text[MDL_STOCKS] = NULL;
    fix_set(&f, MDL_DEMAND, "jp.shop", "season", "6 6 0 0 0 0 0 0 0 0 0 0");
    fix_set(&f, MDL_SITES, "cn.src", "review_d", "1");
    fix_set(&f, MDL_PROCESSES, "p.src", "capacity_d", "0");
    play(&f, "warm_up_d = 0; horizon_d = 365; forecast_d = 20.0;", "", &r);
    open = fix_at(&r, "ordered", 0, 0, "jp.shop~part", NULL) -
           fix_at(&r, "received", 0, 0, "jp.shop~part", NULL);
    assert_true(open > 500);
    FIX_NEAR(fix_at(&r, "cancelled", 0, 0, "jp.shop~part", NULL), open, 0.1 * open);
    sim_result_free(&r);
    fix_free(&f);
}

/* A second source, without a contract, for the shop whose own is banned, or slow for ever. */
static double second(const char *qualified, const char *qualify_d, const char *rules)
{
    struct fix f;
    struct sim_result r;
    double q;

    shop(&f);
    f.text[MDL_STOCKS] = NULL;
    fix_add(&f, MDL_SITES, "us.src,Source,US,component,0,1\n");
    fix_add(&f, MDL_PROCESSES, "p.us,us.src,make,\n");
    fix_set(&f, MDL_LANES, "cn.src", "qualified", "yes");
    fix_set(&f, MDL_LANES, "cn.src", "qualify_d", "");
    f.text[MDL_LANES] = fix_format(&f, "%sus.src,jp.shop,part,0,3,quoted,test,%s,%s\n",
                                   f.text[MDL_LANES], qualified, qualify_d);
    play(&f, "warm_up_d = 60; horizon_d = 120;", rules, &r);
    q = fix_sum(&r, "exports", 0, 0);
    for (int month = 0; month < 4; month++)
        q -= fix_at(&r, "exports", 0, 0, "CN>JP~part", fix_format(&f, "%d", month));
    sim_result_free(&r);
    fix_free(&f);
    return q;
}

static void test_order__a_supplier_without_a_contract_takes_over(void **state)
{
    const char *ban = "rules = ( { id = \"r\"; from = \"2026-01-11\"; origin = [ \"CN\" ]; action "
                      "= \"deny\"; } );";
    const char *slow = "offices = ( { id = \"o\"; review_d = 3000; } ); rules = ( { id = \"r\"; "
                       "from = \"2026-01-11\"; origin = [ \"CN\" ]; action = \"licence\"; office = "
                       "\"o\"; } );";
    double at_once = second("yes", "", ban), later;

    (void)state;
    FIX_NEAR(second("yes", "", ""), 0, 0);
    FIX_NEAR(second("no", "20", ""), 0, 0);
    FIX_NEAR(second("no", "", ban), 0, 0);
    assert_true(at_once > 800); /* 110 days at 10, less what was in stock */
    later = second("no", "20", ban);
    assert_true(later > 500 && later < at_once);
    assert_true(second("no", "40", ban) < later);
    /* nothing is refused, but orders are late; the contract still names the first */
    FIX_NEAR(second("no", "", slow), 0, 0);
}

static void toy_that_gives_up(struct fix *f)
{
    fix_toy(f);
    fix_set_at(f, MDL_DEMAND, 0, "patience_d", "30");
    fix_set_at(f, MDL_DEMAND, 1, "patience_d", "30");
}

static double on_order(const char *times, const char *point)
{
    struct fix f;
    struct sim_result r;
    double q;

    toy_that_gives_up(&f);
    play(&f, times,
         "offices = ( { id = \"o\"; review_d = 3650; } ); rules = ( { id = \"r\"; from = "
         "\"2026-02-01\"; origin = [ \"CN\" ]; destination = [ \"JP\" ]; action = \"licence\"; "
         "office = \"o\"; } );",
         &r);
    q = fix_at(&r, "ordered", 0, 0, point, NULL) - fix_at(&r, "cancelled", 0, 0, point, NULL) -
        fix_at(&r, "received", 0, 0, point, NULL);
    sim_result_free(&r);
    fix_free(&f);
    return q;
}

/* Under a wait without end buyers end up with open orders for (review + longest lead time + cover)
 * days of what their lines could use and 30 days of waiting customers, and order no more. */
static void test_order__settles_when_licences_never_come(void **state)
{
    static const char *const point[] = {"jp.motor~magnet", "jp.car~motor", "jp.market~car"};
    static const double could_use[] = {200, 400, 100}; /* capacity; demand at the market */

    (void)state;
    for (int i = 0; i < 3; i++) {
        double three = on_order("warm_up_d = 60; horizon_d = 1095;", point[i]);
        double four = on_order("warm_up_d = 60; horizon_d = 1460;", point[i]);

        FIX_NEAR(four, three, 0.001 * three);
        assert_true(three <= 1.05 * could_use[i] * (7 + 180 + 14 + 30));
    }
}

/* The office's work does not depend on how often a buyer orders. */
static void test_order__an_office_has_the_same_work_if_buyers_order_twice_as_often(void **state)
{
    double n[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct fix f;
        struct sim_result r;

        toy_that_gives_up(&f);
        fix_set(&f, MDL_PRODUCTS, "magnet", "per_application", "2");
        fix_set(&f, MDL_SITES, "jp.motor", "review_d", i ? "7" : "14");
        play(&f, "warm_up_d = 180; horizon_d = 1095;",
             "offices = ( { id = \"o\"; review_d = 20; } ); rules = ( { id = \"r\"; from = "
             "\"2025-01-01\"; origin = [ \"CN\" ]; destination = [ \"JP\" ]; action = \"licence\"; "
             "office = \"o\"; list = \"headings\"; } );",
             &r);
        n[i] = fix_sum(&r, "applied", 0, 0);
        FIX_NEAR(fix_sum(&r, "lost", 0, 0), 0, 0);
        sim_result_free(&r);
        fix_free(&f);
    }
    assert_true(n[0] > 1095 * 106 / 2 * 0.95);
    FIX_NEAR(n[1], n[0], 0.03 * n[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order__what_nobody_wants_any_more_is_taken_back),
        cmocka_unit_test(test_order__a_supplier_without_a_contract_takes_over),
        cmocka_unit_test(test_order__settles_when_licences_never_come),
        cmocka_unit_test(test_order__an_office_has_the_same_work_if_buyers_order_twice_as_often)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
