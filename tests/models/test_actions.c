#include "tests/models/border.h"

/* What every kind of rule does to goods, two rules at once, on the first and the last of its days.
 * Figures are worked out by hand: border.h says when what happens. */

#define TO_JP " destination = [ 'JP' ]; "
#define OFFICES "offices = ( { id = 'five'; review_d = 5; }, { id = 'eight'; review_d = 8; } );"

/* ---- deny ---- */

/* The order of day 10 is refused and none is placed on days 11 to 14. On day 15 a new rule is
 * asked: it refuses 60. On day 16 it rests: 70 leave, and the ten of day 17. Those of day 18 are
 * refused; 30 leave on day 20. */
static void test_deny__two_rules_one_after_the_other(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    border_play(&f, 40,
                "rules = ( { id = 'a'; from = @10; until = @15; action = 'deny';" TO_JP "},"
                "{ id = 'b'; from = @13; until = @20; suspended_from = @16; suspended_until = @18;"
                "action = 'deny';" TO_JP "} );",
                &r);
    border_assert(&r, "jp.shop~part", "13x10 6x0 70 10 2x0 30");
    border_assert(&r, "us.shop~part", "");
    FIX_NEAR(fix_at(&r, "refused", 0, 0, "jp.shop~part", NULL), 10 + 60 + 10, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* Licences take five days. On day 15 lines of days 10 to 14 wait: they are refused, as is that of
 * day 15. On day 20 the ban is over: 110 are ordered and wait for a licence. */
static void test_deny__refuses_what_waits_for_a_licence(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    border_play(&f, 50,
                OFFICES "rules = ( { id = 'ban'; from = @15; until = @20; action = 'deny';" TO_JP
                        "}, { id = 'lic'; from = @10; action = 'licence'; office = 'five';" TO_JP
                        "} );",
                &r);
    border_assert(&r, "jp.shop~part", "13x10 15x0 110");
    border_assert(&r, "us.shop~part", "");
    FIX_NEAR(fix_at(&r, "refused", 0, 0, "jp.shop~part", NULL), 60, 0);
    /* lines of days 10 to 14, 11 applications on day 20, then one a day */
    FIX_NEAR(fix_at(&r, "applied", 0, 0, "five", "0"), 5 + 11 + 10, 0);
    FIX_NEAR(fix_at(&r, "granted", 0, 0, "five", "0"), 11 + 5, 0); /* by day 30: days 20 to 25 */
    sim_result_free(&r);
    fix_free(&f);
}

/* A shop with stock for half a day and customers who do not wait. Licences from day 10 leave it
 * short on days 14 (half) to 18: 45 parts. What it sold less it orders less: 5 on day 14, nothing
 * on days 15 to 18. From day 20 on all is refused: the 5 of day 14 are the last to come, on day 23;
 * the rest of it and days 24 to 30 are lost to the ban. */
static void test_deny__and_a_licence_share_the_loss_by_day(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    fix_set(&f, MDL_STOCKS, "jp.shop", "S", "45");
    border_play(&f, 31,
                OFFICES "rules = ( { id = 'ban'; from = @20; action = 'deny';" TO_JP "},"
                        "{ id = 'lic'; from = @10; action = 'licence'; office = 'five';" TO_JP
                        "} );",
                &r);
    FIX_NEAR(fix_at(&r, "loss_by_cause", 0, 0, "lic, licence pending, part", NULL), 4500, 1e-9);
    FIX_NEAR(fix_at(&r, "loss_by_cause", 0, 0, "ban, denied, part", NULL), 7500, 1e-9);
    FIX_NEAR(fix_sum(&r, "loss_usd", 0, 0), 12000, 1e-9);
    sim_result_free(&r);
    fix_free(&f);
}

/* ---- licences and notifications side by side ---- */

/* Five days from day 10 to 29, eight from day 20 to 39 but for days 34 and 35. Lines of days 10 to
 * 14 are licensed before the second rule; those of days 15 to 19 apply again on day 20 and leave
 * with that of day 20 on day 28. On day 34 lines of days 26 to 33 are free, together with that of
 * day 25, licensed on day 33, they are in stock on day 37. Those of days 36 to 39 wait for
 * day 40. */
static void test_licence__two_rules_take_the_longer(void **state)
{
    (void)state;
    border_check(OFFICES
                 "rules = ( { id = 'a'; from = @10; until = @30; action = 'licence'; office = "
                 "'five';" TO_JP "}, { id = 'b'; from = @20; until = @40; suspended_from = @34; "
                 "suspended_until = @36; action = 'licence'; office = 'eight';" TO_JP "} );",
                 60, "13x10 5x0 5x10 8x0 60 4x10 90 2x10 3x0 40");
}

/* A notification of two days is over before the licence. One of seven, from day 20 on, is not:
 * lines of days 15 to 19 leave with it on day 27 at 0:00, those of days 20 to 22 seven days after
 * their order; lines of days 23 to 29 are free on day 30. */
static void test_licence__and_notifications_take_the_longest(void **state)
{
    (void)state;
    border_check(OFFICES
                 "rules = ( { id = 'l'; from = @10; until = @30; action = 'licence'; office = "
                 "'five';" TO_JP "}, { id = 'm'; from = @10; action = 'notify'; delay_d = 2;" TO_JP
                 "until = @30; }, { id = 'n'; from = @20; until = @30; action = 'notify'; delay_d "
                 "= 7;" TO_JP "} );",
                 50, "13x10 5x0 5x10 6x0 50 2x10 80");
}

/* Three days from day 10 to 19, five from day 12 to 17 but for days 14 and 15. Lines of days 10, 11
 * and 12: the first is free on day 14 at 0:00, the others three days after their order. Those of
 * days 13 and 14 are caught by day 16 and free on day 18, that of day 15 at 1:00 of that day, of
 * day 16 on day 19; the rest on day 20. */
static void test_notify__two_rules_at_their_dates(void **state)
{
    (void)state;
    border_check("rules = ( { id = 'a'; from = @10; until = @20; action = 'notify'; delay_d = "
                 "3;" TO_JP "}, { id = 'b'; from = @12; until = @18; suspended_from = @14; "
                 "suspended_until = @16; action = 'notify'; delay_d = 5;" TO_JP "} );",
                 40, "13x10 3x0 3x10 0 20 10 40");
}

/* The line of day 10 is notified again when the second rule comes back on day 13: five days from
 * then, not from its order. Lines of days 10 to 12 leave on day 18 at 0:00. */
static void test_notify__begins_anew_after_a_suspension(void **state)
{
    (void)state;
    border_check("rules = ( { id = 'a'; from = @10; action = 'notify'; delay_d = 4;" TO_JP
                 "}, { id = 'b'; from = @10; suspended_from = @12; suspended_until = @13; action = "
                 "'notify'; delay_d = 5;" TO_JP "} );",
                 40, "13x10 7x0 30");
}

/* ---- inspections, one after the other ---- */

/* Five days for the licence from day 10 to 29, then two for the inspection, from day 20 to 39. On
 * day 30 lines of days 25 to 29 are inspected at once. */
static void test_inspect__comes_after_the_licence(void **state)
{
    (void)state;
    border_check(OFFICES
                 "rules = ( { id = 'i'; from = @20; until = @40; action = 'inspect'; delay_d = "
                 "2;" TO_JP "}, { id = 'l'; from = @10; until = @30; action = 'licence'; office = "
                 "'five';" TO_JP "} );",
                 60, "13x10 5x0 5x10 2x0 9x10 60 7x10 30");
}

/* Two and three days. The second rests on days 20 to 24: lines of days 15 to 17, which are through
 * with the first, are free on day 20, those of days 18 to 22 after two days. The line of day 23 is
 * through with the first at 1:00 of day 25 and meets the second again. */
static void test_inspect__two_rules_add_up(void **state)
{
    (void)state;
    border_check("rules = ( { id = 'a'; from = @10; action = 'inspect'; delay_d = 2;" TO_JP
                 "}, { id = 'b'; from = @10; suspended_from = @20; suspended_until = @25; action = "
                 "'inspect'; delay_d = 3;" TO_JP "} );",
                 50, "13x10 5x0 4x10 40 5x10 3x0");
}

/* A laboratory with one desk takes a day and a half for a line, from day 10 to 15: the lines of
 * days 10, 11 and 12 come out on day 11 at 14:00, day 13 at 2:00, day 14 at 14:00; those of days 13
 * to 15 are let off on day 16. After it a day at the border. */
static void test_inspect__in_a_laboratory_and_at_the_border(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    border_play(&f, 31,
                "offices = ( { id = 'lab'; reviewers = 1; review_d = 100; } ); rules = ( { id = "
                "'a'; from = @10; until = @16; action = 'inspect'; office = 'lab'; delay_d = "
                "1.5;" TO_JP "}, { id = 'b'; from = @10; action = 'inspect'; delay_d = 1;" TO_JP
                "} );",
                &r);
    border_assert(&r, "jp.shop~part", "13x10 2x0 10 0 2x10 30");
    border_assert(&r, "us.shop~part", "");
    FIX_NEAR(fix_at(&r, "applied", 0, 0, "lab", "0"), 6, 0);
    FIX_NEAR(fix_at(&r, "granted", 0, 0, "lab", "0"), 3, 0);
    FIX_NEAR(fix_at(&r, "review_days", 0, 0, "lab", "0"), 1.5 + 2 + 2.5, 1e-9);
    FIX_NEAR(fix_at(&r, "queue_wait", 0, 0, "lab", NULL), (0 + 0.5 + 1 + 1.5) / 4, 1e-9);
    FIX_NEAR(fix_at(&r, "waiting", 0, 0, "lab", NULL), 0, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* Five days for the first, two for the second. The first rests on day 12: lines of days 10 to 12
 * are inspected by the second and, from day 13 on, again by the first, for five days from then. */
static void test_inspect__begins_anew_after_a_suspension(void **state)
{
    (void)state;
    border_check("rules = ( { id = 'a'; from = @10; suspended_from = @12; suspended_until = @13; "
                 "action = 'inspect'; delay_d = 5;" TO_JP "}, { id = 'b'; from = @10; action = "
                 "'inspect'; delay_d = 2;" TO_JP "} );",
                 40, "13x10 7x0 30 2x0");
}

/* ---- taxes ---- */

/* A tenth of 1000 USD a day from day 10 on, a quarter on days 20 to 29 but for days 24 and 25. */
static void test_tax__two_rules_each_take_their_share(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    border_play(&f, 60,
                "rules = ( { id = 'a'; from = @10; action = 'tax'; rate = 0.1;" TO_JP
                "}, { id = 'b'; from = @20; until = @30; suspended_from = @24; suspended_until = "
                "@26; action = 'tax'; rate = 0.25;" TO_JP "} );",
                &r);
    border_assert(&r, "jp.shop~part", "");
    FIX_NEAR(fix_at(&r, "tax_usd", 0, 0, "a", NULL), 50 * 100, 1e-9);
    FIX_NEAR(fix_at(&r, "tax_usd", 0, 0, "b", NULL), 8 * 250, 1e-9);
    sim_result_free(&r);
    fix_free(&f);
}

/* Goods leave two days after their order. Those ordered on days 8 and 9 leave in the days of grace
 * of the first rule and are not taxed by it; the second has none. Those of day 37 are the last. */
static void test_tax__is_not_taken_in_the_days_of_grace(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    border_play(&f, 40,
                "rules = ( { id = 'n'; from = '2025-01-01'; action = 'notify'; delay_d = 2;" TO_JP
                "}, { id = 'a'; from = @10; grace_d = 5; action = 'tax'; rate = 0.1;" TO_JP
                "}, { id = 'b'; from = @10; action = 'tax'; rate = 0.25;" TO_JP "} );",
                &r);
    FIX_NEAR(fix_at(&r, "tax_usd", 0, 0, "a", NULL), 28 * 100, 1e-9);
    FIX_NEAR(fix_at(&r, "tax_usd", 0, 0, "b", NULL), 30 * 250, 1e-9);
    sim_result_free(&r);
    fix_free(&f);
}

/* Only what leaves is taxed: what a ban refuses on days 20 to 24 is not, 60 that leave on day 25
 * are. */
static void test_tax__only_of_what_leaves(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    border_play(&f, 40,
                "rules = ( { id = 'a'; from = @10; action = 'tax'; rate = 0.1;" TO_JP
                "}, { id = 'b'; from = @20; until = @25; action = 'deny';" TO_JP "} );",
                &r);
    border_assert(&r, "jp.shop~part", "23x10 5x0 60");
    FIX_NEAR(fix_at(&r, "tax_usd", 0, 0, "a", NULL), 10 * 100 + 600 + 14 * 100, 1e-9);
    FIX_NEAR(fix_at(&r, "tax_usd", 0, 0, "b", NULL), 0, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* ---- what goods hold ---- */

/* A store in JP orders parts up to 300 and sells ten a day to the shop in US. A part holds 2 g of
 * dysprosium from CN until a ban on day 10; the 20 of day 11 and ten a day after them come from VN.
 * 250 parts are left when they come, on day 14 at 1:00: on day 15 + k the part from CN is 250/270 x
 * (26/27)^k. Goods with 1.5 g from CN, until day 20, are tested for four days, with 1 g, until
 * day 31, for two more. */
static void test_content__of_the_goods_that_are_about_to_leave(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    fix_set(&f, MDL_PRODUCTS, "part", "el_dy_g", "2");
    fix_table(&f, MDL_SITES,
              "id,name,country,tier,review_d,smooth_d\n"
              "cn.src,Source,CN,component,0,1\nvn.src,Source,VN,component,0,1\n"
              "jp.hub,Store,JP,store,1,1\nus.shop,Shop,US,market,1,1\n");
    fix_add(&f, MDL_PROCESSES, "p.vn,vn.src,make\n");
    fix_table(&f, MDL_LANES,
              "from,to,product,share,transit_d\n"
              "cn.src,jp.hub,part,1,3\nvn.src,jp.hub,part,0,3\njp.hub,us.shop,part,1,3\n");
    fix_drop(&f, MDL_DEMAND, "jp.shop");
    fix_table(&f, MDL_STOCKS,
              "site,product,policy,S\njp.hub,part,base-stock,300\n"
              "us.shop,part,base-stock,2000\n");
    border_play(
        &f, 50,
        "rules = ( { id = 'a'; from = '2025-01-01'; origin = [ 'JP' ]; content_elements = [ "
        "'dy' ]; content_origin = [ 'CN' ]; content_g = 1.5; action = 'inspect'; delay_d = "
        "4; }, { id = 'b'; from = '2025-01-01'; origin = [ 'JP' ]; content_elements = [ "
        "'dy' ]; content_origin = [ 'CN' ]; content_g = 1.0; action = 'inspect'; delay_d = "
        "2; }, { id = 'ban'; from = @10; origin = [ 'CN' ]; action = 'deny'; } );",
        &r);
    border_assert(&r, "us.shop~part", "25x10 4x20 5x10 2x20");
    sim_result_free(&r);
    fix_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_deny__two_rules_one_after_the_other),
        cmocka_unit_test(test_deny__refuses_what_waits_for_a_licence),
        cmocka_unit_test(test_deny__and_a_licence_share_the_loss_by_day),
        cmocka_unit_test(test_licence__two_rules_take_the_longer),
        cmocka_unit_test(test_licence__and_notifications_take_the_longest),
        cmocka_unit_test(test_notify__two_rules_at_their_dates),
        cmocka_unit_test(test_notify__begins_anew_after_a_suspension),
        cmocka_unit_test(test_inspect__comes_after_the_licence),
        cmocka_unit_test(test_inspect__two_rules_add_up),
        cmocka_unit_test(test_inspect__in_a_laboratory_and_at_the_border),
        cmocka_unit_test(test_inspect__begins_anew_after_a_suspension),
        cmocka_unit_test(test_tax__two_rules_each_take_their_share),
        cmocka_unit_test(test_tax__is_not_taken_in_the_days_of_grace),
        cmocka_unit_test(test_tax__only_of_what_leaves),
        cmocka_unit_test(test_content__of_the_goods_that_are_about_to_leave)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
