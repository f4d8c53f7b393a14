#include "tests/models/border.h"

/* What happens between the announcement of a rule and its first day: buyers hoard, exporters hurry
 * goods or take no orders. The rules are taxes, which hold nothing back. */

#define TO_JP " destination = [ 'JP' ]; "
#define TAX "action = 'tax'; rate = 0.1; "

/* ---- hoarding ---- */

/* The shop in JP orders up to ten days of cover. Sixty more from day 10 on, when the first rule is
 * announced, thirty more on day 15 for the second; not on days 27 and 28, when it rests, and again
 * on day 29, when the orders of three days are made up for; from day 30, when it ends, three days
 * without, from day 40, when the first ends, six. Goods are in stock on the fourth day. */
static void test_hoard__from_the_announcement_to_the_end(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    fix_set(&f, MDL_STOCKS, "jp.shop", "policy", "order-up-to");
    fix_set(&f, MDL_STOCKS, "jp.shop", "S", "");
    fix_set(&f, MDL_STOCKS, "jp.shop", "cover_d", "10");
    fix_set(&f, MDL_STOCKS, "us.shop", "policy", "order-up-to");
    fix_set(&f, MDL_STOCKS, "us.shop", "S", "");
    fix_set(&f, MDL_STOCKS, "us.shop", "cover_d", "10");
    border_play(
        &f, 60,
        "rules = ( { id = 'a'; announced = @10; from = @20; until = @40; hoard_d = 6; " TAX TO_JP
        "}, { id = 'b'; announced = @15; from = @25; until = @30; suspended_from = @27; "
        "suspended_until = @29; hoard_d = 9; " TAX TO_JP "} );",
        &r);
    border_assert(&r, "jp.shop~part", "13x10 70 4x10 40 11x10 2x0 30 3x0 7x10 6x0");
    border_assert(&r, "us.shop~part", "");
    sim_result_free(&r);
    fix_free(&f);
}

/* Nobody hoards for what was settled at the start, what is announced on its first day begins then,
 * and what does not exist in this world is not hoarded for. */
static void test_hoard__not_for_settled_rules(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    fix_set(&f, MDL_STOCKS, "jp.shop", "policy", "order-up-to");
    fix_set(&f, MDL_STOCKS, "jp.shop", "S", "");
    fix_set(&f, MDL_STOCKS, "jp.shop", "cover_d", "10");
    border_play(
        &f, 40,
        "rules = ( { id = 'a'; announced = '2025-12-01'; from = @0; hoard_d = 20; " TAX TO_JP
        "}, { id = 'b'; from = @20; hoard_d = 5; " TAX TO_JP
        "}, { id = 'c'; from = @10; hoard_d = 15; probability = 0; " TAX TO_JP "} );",
        &r);
    border_assert(&r, "jp.shop~part", "23x10 60");
    sim_result_free(&r);
    fix_free(&f);
}

/* ---- hurrying ---- */

/* From day 10 on the source makes ten a day for twenty. Its shelf holds goods for a day: lines of
 * days 9 and 10 leave on time, then one line a day in the order in which they came: JP's of day 11
 * on day 12, US's on day 13, JP's of day 12 on day 14. */
static void scarce(struct fix *f)
{
    border(f);
    fix_table(f, MDL_SITES,
              "id,name,entity,country,tier,review_d,smooth_d,out_cover_d,allocation\n"
              "cn.src,Source,cn.co,CN,component,1,1,0,fifo\n"
              "jp.shop,Shop,jp.co,JP,market,1,1,0,fifo\n"
              "us.shop,Shop,us.co,US,market,1,1,0,fifo\n");
    fix_table(f, MDL_PROCESSES,
              "id,site,recipe,capacity_d,until,from\n"
              "p.much,cn.src,make,20,2026-01-10,\np.little,cn.src,make,10,,2026-01-11\n");
}

static void assert_scarce(const char *rules, const char *jp, const char *us)
{
    struct fix f;
    struct sim_result r;

    scarce(&f);
    border_play(&f, 44, rules, &r);
    border_assert(&r, "jp.shop~part", jp);
    border_assert(&r, "us.shop~part", us);
    sim_result_free(&r);
    fix_free(&f);
}

/* Goods for JP go first on days 20 to 29: lines of days 15 to 24. From day 30 on the oldest: those
 * of US of days 15 to 24. */
static void test_front_load__between_announcement_and_first_day(void **state)
{
    (void)state;
    assert_scarce("", "15x10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0 10",
                  "14x10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0");
    assert_scarce("rules = ( { id = 'a'; announced = @20; from = @30; front_load = true; " TAX TO_JP
                  "} );",
                  "15x10 0 10 0 10 0 10 0 10x10 10x0 10", "14x10 0 10 0 10 0 10 0 10 10x0 10x10 0");
}

/* From day 25 on those for US are hurried too: the oldest of both, US's of days 15 to 19. */
static void test_front_load__of_two_rules(void **state)
{
    (void)state;
    assert_scarce("rules = ( { id = 'a'; announced = @20; from = @40; front_load = true; " TAX TO_JP
                  "}, { id = 'b'; announced = @25; from = @40; front_load = true; destination = [ "
                  "'US' ]; " TAX "} );",
                  "15x10 0 10 0 10 0 10 0 5x10 5x0 10 0 10 0 10 0 10 0 10 0 10",
                  "14x10 0 10 0 10 0 10 0 10 5x0 5x10 0 10 0 10 0 10 0 10 0 10 0");
}

/* ---- taking no orders ---- */

/* The first rule is announced on day 10: no orders for five days. The order of day 10 is refused;
 * that of day 15, of 60, is refused for the second rule, announced on day 13: no orders for six
 * days. On day 19 100 leave. */
static void test_decline__in_the_days_after_two_announcements(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    border_play(
        &f, 40,
        "rules = ( { id = 'a'; announced = @10; from = @30; decline = 1; decline_d = 5; " TAX TO_JP
        "}, { id = 'b'; announced = @13; from = @14; decline = 1; decline_d = "
        "6; " TAX TO_JP "} );",
        &r);
    border_assert(&r, "jp.shop~part", "13x10 9x0 100");
    border_assert(&r, "us.shop~part", "");
    FIX_NEAR(fix_at(&r, "refused", 0, 0, "jp.shop~part", NULL), 70, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* Orders from before the announcement are served: they wait for a licence. An exporter that is not
 * drawn declines nothing, nor one whose rule is settled. */
static void test_decline__only_new_orders(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    border_play(&f, 40,
                "offices = ( { id = 'five'; review_d = 5; } ); rules = ( { id = 'l'; from = "
                "'2025-01-01'; action = 'licence'; office = 'five'; " TO_JP
                "}, { id = 'a'; announced = @10; from = @30; decline = 1; decline_d = 5; " TAX TO_JP
                "}, { id = 'b'; announced = @20; from = @30; decline = 0; " TAX TO_JP
                "}, { id = 'c'; from = @0; decline = 1; decline_d = 5; " TAX TO_JP "} );",
                &r);
    border_assert(&r, "jp.shop~part", "18x10 5x0 60");
    FIX_NEAR(fix_at(&r, "refused", 0, 0, "jp.shop~part", NULL), 10, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* A shop with stock for half a day: what it loses on days 14 to 18 is booked to the rule. */
static void test_decline__is_the_cause_of_what_is_lost(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    fix_set(&f, MDL_STOCKS, "jp.shop", "S", "45");
    border_play(
        &f, 19,
        "rules = ( { id = 'a'; announced = @10; from = @30; decline = 1; decline_d = 5; " TAX TO_JP
        "}, { id = 'b'; announced = @30; from = @30; decline = 1; decline_d = "
        "5; " TAX TO_JP "} );",
        &r);
    FIX_NEAR(fix_at(&r, "loss_by_cause", 0, 0, "a, exporter declines, part", NULL), 4500, 1e-9);
    FIX_NEAR(fix_sum(&r, "loss_usd", 0, 0), 4500, 1e-9);
    sim_result_free(&r);
    fix_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hoard__from_the_announcement_to_the_end),
        cmocka_unit_test(test_hoard__not_for_settled_rules),
        cmocka_unit_test(test_front_load__between_announcement_and_first_day),
        cmocka_unit_test(test_front_load__of_two_rules),
        cmocka_unit_test(test_decline__in_the_days_after_two_announcements),
        cmocka_unit_test(test_decline__only_new_orders),
        cmocka_unit_test(test_decline__is_the_cause_of_what_is_lost)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
