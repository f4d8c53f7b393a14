#include "tests/models/border.h"

/* Buyers that want more in stock for a while: what sets it off, who reacts and when, how it is let
 * go, what is taken back, and the rebound that comes of it.
 *
 * The shop in JP orders up to ten days of cover; goods ordered on day d are in the stock of day
 * d + 4. What is ordered shows in `ordered`, what is let go as days with less. */

#define TO_JP " destination = [ 'JP' ]; "

static void shops(struct fix *f)
{
    border(f);
    fix_set(f, MDL_STOCKS, "jp.shop", "policy", "order-up-to");
    fix_set(f, MDL_STOCKS, "jp.shop", "S", "");
    fix_set(f, MDL_STOCKS, "jp.shop", "cover_d", "10");
    fix_set(f, MDL_STOCKS, "jp.shop", "initial", "110");
}

/* Plays a scenario and asserts what came to the shop in JP. */
static void check(const char *text, int horizon_d, const char *runs)
{
    struct fix f;
    struct sim_result r;

    shops(&f);
    border_play(&f, horizon_d, text, &r);
    border_assert(&r, "jp.shop~part", runs);
    border_assert(&r, "us.shop~part", "");
    sim_result_free(&r);
    fix_free(&f);
}

/* ---- what sets it off ---- */

/* Six days more on day 10; the order of day 20 and those of the next five are left out. */
static void test_hoard__from_one_day_to_another(void **state)
{
    (void)state;
    check("hoarding = ( { id = 'h'; from = @10; until = @20; cover_d = 6; } );", 40,
          "13x10 70 9x10 6x0 10");
    check("hoarding = ( { id = 'h'; country = [ 'JP' ]; from = @10; cover_d = 6; } );", 40,
          "13x10 70 10");
    check("hoarding = ( { id = 'h'; country = [ 'CN' ]; from = @10; cover_d = 6; } );", 40, "");
    check("hoarding = ( { id = 'h'; from = @10; cover_d = 6; }, { id = 'k'; from = @15; cover_d = "
          "9; } );",
          40, "13x10 70 4x10 40 10");
}

/* A rule stands announced from day 10 to day 30, with a rest on days 20 and 21: six days of orders
 * are let go on day 20; by day 22 the shop has sold twenty, and orders the other ten of those days
 * ... in all what it had let go. */
static void test_hoard__while_a_rule_stands_announced(void **state)
{
    const char *rule =
        "rules = ( { id = 'a'; announced = @10; from = @15; until = @30; "
        "suspended_from = @20; suspended_until = @22; action = 'tax'; rate = 0.1;" TO_JP "} );";
    struct fix f;

    (void)state;
    f = (struct fix){0};
    check(fix_format(&f, "%s hoarding = ( { id = 'h'; announced = true; cover_d = 6; } );", rule),
          50, "13x10 70 9x10 2x0 30 7x10 6x0 10");
    check(fix_format(&f, "%s hoarding = ( { id = 'h'; from = @60; cover_d = 6; } );", rule), 50,
          "");
    fix_free(&f);
}

/* A licence takes thirty days, from day 10 to day 40: orders are late, and the buyer that has lived
 * through twice its usual lead time orders more than the one that does not mind. */
static double ordered_late(const char *hoarding)
{
    struct fix f;
    struct sim_result r;
    double q;

    shops(&f);
    border_play(&f, 60,
                fix_format(&f,
                           "offices = ( { id = 'o'; review_d = 30; } ); rules = ( { id = 'l'; from "
                           "= @10; until = @40; action = 'licence'; office = 'o'; " TO_JP "} ); %s",
                           hoarding),
                &r);
    q = fix_at(&r, "ordered", 0, 0, "jp.shop~part", NULL);
    sim_result_free(&r);
    fix_free(&f);
    return q;
}

static void test_hoard__by_lead_times_lived_through(void **state)
{
    double off = ordered_late(""),
           twice = ordered_late("hoarding = ( { id = 'h'; lead_ratio = 2; cover_d = 10; } );"),
           hundred = ordered_late("hoarding = ( { id = 'h'; lead_ratio = 100; cover_d = 10; } );"),
           follows = ordered_late("hoarding = ( { id = 'h'; cover_lead = 0.5; } );"),
           more = ordered_late("hoarding = ( { id = 'h'; cover_lead = 1; } );"),
           capped =
               ordered_late("lead_cap_ratio = 1; hoarding = ( { id = 'h'; cover_lead = 1; } );"),
           cap = ordered_late("lead_cap_ratio = 1;");

    (void)state;
    assert_true(twice > off + 50);
    FIX_NEAR(hundred, off, 0);
    assert_true(follows > off + 20 && more > follows + 20);
    FIX_NEAR(capped, cap, 0);
}

/* ---- who, and when ---- */

static void test_hoard__days_until_a_company_reacts(void **state)
{
    (void)state;
    check("hoarding = ( { id = 'h'; from = @10; cover_d = 6; delay_d = 4; } );", 40, "17x10 70 10");
    check("hoarding = ( { id = 'h'; from = @10; until = @13; cover_d = 6; delay_d = 4; } );", 40,
          "");
    check("hoarding = ( { id = 'h'; from = @10; cover_d = 6; share = 0; } );", 40, "");
}

/* In 400 runs half of the companies react, within 4 standard errors (error rate 6e-5); the sites of
 * one company all or none, those of another on their own. */
static void test_hoard__a_share_of_companies(void **state)
{
    struct fix f;
    struct sim_result r;
    int jp = 0, both = 0;

    (void)state;
    shops(&f);
    fix_add(&f, MDL_SITES, "jp.shop2,Shop,jp.co,JP,market,1,1\n");
    fix_add(&f, MDL_LANES, "cn.src,jp.shop2,part,1,3\n");
    fix_add(&f, MDL_DEMAND, "jp.shop2,part,10,constant,0\n");
    fix_set(&f, MDL_STOCKS, "us.shop", "policy", "order-up-to");
    fix_set(&f, MDL_STOCKS, "us.shop", "S", "");
    border_scenario(&f, "s", 20,
                    "hoarding = ( { id = 'h'; from = @5; cover_d = 9; share = 0.5; } );");
    fix_play(&f, 400, &r);
    for (uint32_t run = 0; run < 400; run++) {
        int a = fix_at(&r, "ordered", 0, run, "jp.shop~part", NULL) > 250,
            b = fix_at(&r, "ordered", 0, run, "jp.shop2~part", NULL) > 250,
            c = fix_at(&r, "ordered", 0, run, "us.shop~part", NULL) > 250;

        assert_int_equal(a, b);
        jp += a;
        both += a && c;
    }
    FIX_NEAR(jp / 400.0, 0.5, 0.1);
    FIX_NEAR(both / 400.0, 0.25, 0.087);
    sim_result_free(&r);
    fix_free(&f);
}

/* ---- letting go ---- */

/* Six days of cover are let go over twelve: five a day less are ordered. */
static void test_hoard__cover_is_let_go_over_days(void **state)
{
    (void)state;
    check("hoarding = ( { id = 'h'; from = @10; until = @20; cover_d = 6; release_d = 12; } );", 50,
          "13x10 70 9x10 12x5 10");
    check("hoarding = ( { id = 'h'; from = @10; until = @20; cover_d = 6; release_d = 12; }, { id "
          "= 'k'; from = @26; cover_d = 6; } );",
          50, "13x10 70 9x10 6x5 40 10");
}

/* Sixty pieces ahead of a rule's first day: at once, or over the days until then where gaps are
 * closed slowly; from that day on they are used up. */
static void test_hoard__bought_ahead_of_the_first_day(void **state)
{
    const char *rule = "rules = ( { id = 'a'; announced = @10; from = @20; action = 'tax'; rate = "
                       "0.1;" TO_JP "} );";
    struct fix f = {0};

    (void)state;
    check(fix_format(&f, "%s hoarding = ( { id = 'h'; advance_d = 6; } );", rule), 40,
          "13x10 70 9x10 6x0 10");
    check(fix_format(&f, "%s gap_d = 60.0; hoarding = ( { id = 'h'; advance_d = 6; } );", rule), 24,
          "13x10 10x16");
    check(fix_format(&f, "%s hoarding = ( { id = 'h'; advance_d = 6; delay_d = 5; } );", rule), 24,
          "18x10 70 10");
    check(fix_format(&f, "%s hoarding = ( { id = 'h'; advance_d = 6; delay_d = 10; } );", rule), 30,
          "");
    check(fix_format(&f,
                     "gap_d = 60.0; hoarding = ( { id = 'h'; from = @10; cover_d = 6; gap_d = 3; "
                     "} );%s",
                     ""),
          16, "13x10 30 23");
    fix_free(&f);
}

/* Goods are made once they are licensed, thirty days after the order, so what is on order can be
 * stopped. On day 10 the shop orders 200 more; on day 12 it has 190 too many, and takes back half,
 * 95; then half of 85, of 32, of 6: 157. As it is without the keys, what lies beyond eleven days of
 * need: 80. */
static void cancelled(const char *keys, double q)
{
    struct fix f;
    struct sim_result r;

    shops(&f);
    border_play(
        &f, 40,
        fix_format(&f,
                   "lead_weight = 0.0; %s offices = ( { id = 'o'; review_d = 30; } ); "
                   "rules = ( { id = 'l'; from = '2025-01-01'; action = 'licence'; office "
                   "= 'o'; make_at = 'licence'; " TO_JP
                   "} ); hoarding = ( { id = 'h'; from = @10; until = @12; cover_d = 20; } );",
                   keys),
        &r);
    FIX_NEAR(fix_at(&r, "cancelled", 0, 0, "jp.shop~part", NULL), q, 0);
    sim_result_free(&r);
    fix_free(&f);
}

static void test_cancel__threshold_and_share(void **state)
{
    (void)state;
    cancelled("", 80);
    cancelled("cancel_over_d = 0.0; cancel_share = 0.5;", 95 + 43 + 16 + 3);
    cancelled("cancel_over_d = 0.0;", 190);
    cancelled("cancel_over_d = 15.0;", 40);
    cancelled("cancel_share = 0.0;", 0);
}

/* ---- what comes of it ---- */

/* Nothing may leave for JP for sixty days, and the shop has stock for seventy. After that the one
 * that does not hoard makes up for it and goes on as before. The one that does fills a larger
 * shelf, and while it lets go what it fears no more, orders less than it sells: the rebound, and
 * the fall after it. */
static void test_hoard__a_rebound_after_a_stop_and_a_fall_after_that(void **state)
{
    static const char *const hoarding[] = {
        "", "hoarding = ( { id = 'h'; announced = true; cover_d = 20; release_d = 40; } );"};
    static const char *const came[] = {"23x10 60x0 610 10", "23x10 60x0 805 39x5 10"};

    (void)state;
    for (int on = 0; on < 2; on++) {
        struct fix f;
        struct sim_result r;

        shops(&f);
        fix_set(&f, MDL_STOCKS, "jp.shop", "cover_d", "70");
        border_play(
            &f, 140,
            fix_format(&f,
                       "rules = ( { id = 'a'; from = @20; until = @80; action = 'deny'; " TO_JP
                       "} ); %s",
                       hoarding[on]),
            &r);
        border_assert(&r, "jp.shop~part", came[on]);
        FIX_NEAR(fix_sum(&r, "lost", 0, 0), 0, 0);
        sim_result_free(&r);
        fix_free(&f);
    }
}

/* Stock beyond eleven days of need, mean over days. */
static void test_hoard__what_is_recorded(void **state)
{
    struct fix f;
    struct sim_result r;
    double sum = 0;

    (void)state;
    shops(&f);
    border_play(&f, 40, "hoarding = ( { id = 'h'; from = @10; until = @20; cover_d = 6; } );", &r);
    for (int d = 0; d < 40; d++) {
        char at[16];

        snprintf(at, sizeof at, "%d", d);
        sum += fmax(0, fix_at(&r, "day_stock", 0, 0, "jp.shop~part", at) - 110);
    }
    assert_true(sum > 0);
    FIX_NEAR(fix_at(&r, "hoarded", 0, 0, "jp.shop~part", NULL), sum / 40, 1e-4);
    sim_result_free(&r);
    fix_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hoard__from_one_day_to_another),
        cmocka_unit_test(test_hoard__while_a_rule_stands_announced),
        cmocka_unit_test(test_hoard__by_lead_times_lived_through),
        cmocka_unit_test(test_hoard__days_until_a_company_reacts),
        cmocka_unit_test(test_hoard__a_share_of_companies),
        cmocka_unit_test(test_hoard__cover_is_let_go_over_days),
        cmocka_unit_test(test_hoard__bought_ahead_of_the_first_day),
        cmocka_unit_test(test_cancel__threshold_and_share),
        cmocka_unit_test(test_hoard__a_rebound_after_a_stop_and_a_fall_after_that),
        cmocka_unit_test(test_hoard__what_is_recorded)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
