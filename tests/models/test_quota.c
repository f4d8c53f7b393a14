#include "tests/models/border.h"

/* Quotas. A line asks for its part at 1:00 of its order, is given it at the next midnight and
 * leaves at 1:00: a day later than without, which is five days after its order in the stock. */

#define TO_JP " destination = [ 'JP' ]; "
#define QUOTA "action = 'quota'; "

/* January has 125 from day 10 on, the whole amount of its month: the lines of days 10 to 21 and
 * half of that of day 22. On 1 February, day 31, 85 wait; the lines of days 31 to 34 are the last.
 * When the quota ends on day 50, those of days 35 to 49 leave at once. */
static const char month_of_125[] = "13x10 0 12x10 5 7x0 85 4x10 13x0 150";

static void test_quota__of_a_month(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    border_play(&f, 60,
                "rules = ( { id = 'q'; from = @10; until = @50; amount = 125; period = "
                "'month'; " QUOTA TO_JP "} );",
                &r);
    border_assert(&r, "jp.shop~part", month_of_125);
    border_assert(&r, "us.shop~part", "");
    FIX_NEAR(fix_at(&r, "quota_used", 0, 0, "q", "0"), 125, 1e-9);
    FIX_NEAR(fix_at(&r, "quota_used", 0, 0, "q", "1"), 125, 1e-9);
    sim_result_free(&r);
    fix_free(&f);
}

/* 12,500 USD are 125 parts; a second quota in parts that is never used up makes no difference. */
static void test_quota__by_value_beside_a_larger_one(void **state)
{
    (void)state;
    border_check("rules = ( { id = 'q'; from = @10; until = @50; amount = 12500; measure = 'usd'; "
                 "period = 'month'; " QUOTA TO_JP
                 "}, { id = 'r'; from = @10; until = @50; amount = 300; measure = 'units'; period "
                 "= 'month'; " QUOTA TO_JP "} );",
                 60, month_of_125);
}

/* It rests on days 25 to 27: half the line of day 22 and those of days 23 to 27 leave. What leaves
 * then is not counted: those of day 28 on wait for February, which lasts to half of that of day 40.
 * On 1 March, day 59, 125 of 185 leave. */
static void test_quota__rests(void **state)
{
    (void)state;
    border_check("rules = ( { id = 'q'; from = @10; suspended_from = @25; suspended_until = @28; "
                 "amount = 125; period = 'month'; " QUOTA TO_JP "} );",
                 64, "13x10 0 12x10 5 25 3x10 3x0 30 9x10 5 17x0 125");
}

/* A quota of 200 a month and one of 500 a quarter, from day 1: the smaller holds. The months give
 * lines of days 1 to 20, 21 to 40 and 41 to 60; the quarter those of days 1 to 50, then nothing
 * before 1 April, day 90: then lines of days 51 to 60, and of 61 to 80 with the month's. */
static void test_quota__the_smaller_of_two(void **state)
{
    static const double a[] = {200, 200, 200, 200}, b[] = {290, 210, 0, 440};
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    border_play(&f, 96,
                "rules = ( { id = 'a'; from = @1; amount = 200; period = 'month'; " QUOTA TO_JP
                "}, { id = 'b'; from = @1; amount = 500; period = 'quarter'; " QUOTA TO_JP "} );",
                &r);
    border_assert(&r, "jp.shop~part", "4x10 0 20x10 9x0 100 10x10 17x0 100 30x0 300 0");
    for (int k = 0; k < 4; k++) {
        char month[8];

        snprintf(month, sizeof month, "%d", k);
        FIX_NEAR(fix_at(&r, "quota_used", 0, 0, "a", month), a[k], 1e-9);
        FIX_NEAR(fix_at(&r, "quota_used", 0, 0, "b", month), b[k], 1e-9);
    }
    sim_result_free(&r);
    fix_free(&f);
}

/* From day 1 on, more than half a year's amount lasts for: 600 are used up on day 61, with the line
 * of day 60, and new ones come on the first day of the next period, to all who wait. */
static void test_quota__begins_with_its_period(void **state)
{
    static const struct {
        const char *period;
        int first; /* day of the next period */
    } c[] = {{"quarter", 90}, {"half-year", 181}};

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct fix f = {0};

        border_check(
            fix_format(&f,
                       "rules = ( { id = 'q'; from = @1; amount = 600; period = '%s'; " QUOTA TO_JP
                       "}, { id = 'y'; from = @1; amount = 10000; " QUOTA TO_JP "} );",
                       c[i].period),
            c[i].first + 5,
            fix_format(&f, "4x10 0 60x10 %dx0 %d", c[i].first - 62,
                       (c[i].first - 61 > 60 ? 60 : c[i].first - 61) * 10));
        fix_free(&f);
    }
}

/* The year's first day is day 0: what was left of the last year's 1000, of which the warm-up takes
 * 390, is not carried over. The line of day -1 is given its part on day 0, that of day 59 the last.
 */
static void test_quota__of_a_year_begins_on_its_first_day(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    border_play(
        &f, 80,
        "rules = ( { id = 'q'; from = '2025-01-01'; amount = 605; period = 'year'; " QUOTA TO_JP
        "}, { id = 'r'; from = '2025-01-01'; amount = 605; period = 'year'; " QUOTA TO_JP "} );",
        &r);
    border_assert(&r, "jp.shop~part", "63x10 5 15x0");
    FIX_NEAR(fix_at(&r, "quota_used", 0, 0, "q", "0"), 310, 1e-9);
    FIX_NEAR(fix_at(&r, "quota_used", 0, 0, "q", "1"), 280, 1e-9);
    FIX_NEAR(fix_at(&r, "quota_used", 0, 0, "q", "2"), 15, 1e-9);
    sim_result_free(&r);
    fix_free(&f);
}

/* Settled rules. Of November's 280 nine days of the warm-up use 80; a quarter of what is left makes
 * December's 330, of which 310 are used, and a quarter of that January's 285, which ends with half
 * of the line of day 27. February has nothing on top and ends with half of that of day 55. The
 * second quota never holds. */
static void test_quota__carries_over_a_part(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    border_play(&f, 66,
                "rules = ( { id = 'q'; from = '2025-01-01'; amount = 280; period = 'month'; "
                "carry_over = 0.25; " QUOTA TO_JP
                "}, { id = 'r'; from = '2025-01-01'; amount = 320; period = 'month'; carry_over = "
                "1; " QUOTA TO_JP "} );",
                &r);
    border_assert(&r, "jp.shop~part", "31x10 5 2x0 35 24x10 5 2x0 35");
    FIX_NEAR(fix_at(&r, "quota_used", 0, 0, "q", "0"), 285, 1e-9);
    FIX_NEAR(fix_at(&r, "quota_used", 0, 0, "q", "1"), 280, 1e-9);
    sim_result_free(&r);
    fix_free(&f);
}

/* 200 of January's 250 are used: half of the 50 left makes February's 275. It ends with half of the
 * line of day 57, the rest of which leaves in March with that of day 58. Of
 * December, when there was no quota, nothing is left over. The second quota never holds; it has
 * granted the whole line of day 57. */
static void test_quota__carries_nothing_over_from_before_it_was_in_force(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    border_play(&f, 66,
                "rules = ( { id = 'q'; from = @10; amount = 250; period = 'month'; carry_over = "
                "0.5; " QUOTA TO_JP
                "}, { id = 'r'; from = @10; amount = 300; period = 'month'; " QUOTA TO_JP "} );",
                &r);
    border_assert(&r, "jp.shop~part", "13x10 0 47x10 5 15");
    FIX_NEAR(fix_at(&r, "quota_used", 0, 0, "q", "0"), 200, 1e-9);
    FIX_NEAR(fix_at(&r, "quota_used", 0, 0, "q", "1"), 275, 1e-9);
    FIX_NEAR(fix_at(&r, "quota_used", 0, 0, "r", "1"), 280, 1e-9);
    sim_result_free(&r);
    fix_free(&f);
}

/* Quota is asked for when the licence is there: six days later than without both. January's 100 go
 * to lines of days 10 to 19. On day 31 those of days 20 to 25 are licensed and leave; four more
 * do in February. */
static void test_quota__comes_after_the_licence(void **state)
{
    (void)state;
    border_check("offices = ( { id = 'five'; review_d = 5; } ); rules = ( { id = 'l'; from = @10; "
                 "action = 'licence'; office = 'five'; " TO_JP
                 "}, { id = 'q'; from = @10; amount = 100; period = 'month'; " QUOTA TO_JP "} );",
                 42, "13x10 6x0 10x10 5x0 60 4x10 2x0");
}

/* Goods leave two days after their order. A quota of nothing lets those of day 8 pass in its day of
 * grace; those of days 9 to 17 wait for its end on day 20. */
static void test_quota__of_nothing_with_a_day_of_grace(void **state)
{
    (void)state;
    border_check("rules = ( { id = 'n'; from = '2025-01-01'; action = 'notify'; delay_d = 2; " TO_JP
                 "}, { id = 'q'; from = @10; until = @20; grace_d = 1; amount = 0; period = "
                 "'month'; " QUOTA TO_JP "} );",
                 40, "14x10 8x0 90");
}

/* Of two quotas the second is for nothing to day 24, so that lines wait with the first in hand. A
 * ban on day 20 refuses them: what they had of the first goes back, and so does what is given on
 * that day. January's 200 are enough for the 120 of day 21 and lines of days 22 to 29. */
static void test_quota__of_what_is_refused_goes_back(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    border_play(&f, 40,
                "rules = ( { id = 'a'; from = @10; amount = 200; period = 'month'; " QUOTA TO_JP
                "}, { id = 'b'; from = @10; until = @25; amount = 0; period = 'month'; " QUOTA TO_JP
                "}, { id = 'ban'; from = @20; until = @21; action = 'deny'; " TO_JP "} );",
                &r);
    border_assert(&r, "jp.shop~part", "13x10 14x0 140");
    border_assert(&r, "us.shop~part", "");
    FIX_NEAR(fix_at(&r, "refused", 0, 0, "jp.shop~part", NULL), 110, 0);
    FIX_NEAR(fix_at(&r, "quota_used", 0, 0, "a", "0"), 200, 1e-9);
    FIX_NEAR(fix_at(&r, "quota_used", 0, 0, "b", "0"), 0, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* Quota 'b' of nothing holds all lines until day 36. Those of days 10 to 29 have January's 200,
 * those of days 30 to 32 some of February's. A ban on day 33 sends all of it back. January's is
 * over, or half of it adds to February's 200, for the 250 ordered until day 36 and five days more.
 */
static void test_quota__what_comes_back_late_is_over(void **state)
{
    static const struct {
        const char *carry, *jp;
        double used;
    } c[] = {{"0", "13x10 25x0 200 18x0", 200}, {"0.5", "13x10 25x0 250 5x10 13x0", 300}};

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct fix f;
        struct sim_result r;

        border(&f);
        border_play(
            &f, 58,
            fix_format(
                &f,
                "rules = ( { id = 'a'; from = @10; amount = 200; period = 'month'; carry_over = "
                "%s; " QUOTA TO_JP
                "}, { id = 'b'; from = @10; until = @36; amount = 0; period = 'month'; " QUOTA TO_JP
                "}, { id = 'ban'; from = @33; until = @34; action = 'deny'; " TO_JP "} );",
                c[i].carry),
            &r);
        border_assert(&r, "jp.shop~part", c[i].jp);
        FIX_NEAR(fix_at(&r, "quota_used", 0, 0, "a", "0"), 0, 1e-9);
        FIX_NEAR(fix_at(&r, "quota_used", 0, 0, "a", "1"), c[i].used, 1e-9);
        sim_result_free(&r);
        fix_free(&f);
    }
}

/* ---- whose it is ---- */

/* 110 for both shops: ten each on five days; of the last ten the first to ask gets all, or each
 * half. */
static void test_quota__first_come_and_in_proportion(void **state)
{
    static const char rules[] =
        "rules = ( { id = 'q'; from = @10; amount = 110; period = 'month'; "
        "allot = '%s'; " QUOTA "}, { id = 'r'; from = @10; amount = 1000; " QUOTA "} );";
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    border_play(&f, 34, fix_format(&f, rules, "first-come"), &r);
    border_assert(&r, "jp.shop~part", "13x10 0 6x10 13x0");
    border_assert(&r, "us.shop~part", "13x10 0 5x10 14x0");
    sim_result_free(&r);
    border_play(&f, 34, fix_format(&f, rules, "pro-rata"), &r);
    border_assert(&r, "jp.shop~part", "13x10 0 5x10 5 13x0");
    border_assert(&r, "us.shop~part", "13x10 0 5x10 5 13x0");
    FIX_NEAR(fix_at(&r, "quota_used", 0, 0, "q", "0"), 110, 1e-9);
    sim_result_free(&r);
    fix_free(&f);
}

/* Nothing of a quota in proportion lies idle while somebody waits: on day 31 310 wait for 110. */
static void test_quota__in_proportion_gives_all_of_it(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    border_play(&f, 59,
                "rules = ( { id = 'q'; from = @10; amount = 110; period = 'month'; allot = "
                "'pro-rata'; " QUOTA "}, { id = 'r'; from = @10; amount = 1000; " QUOTA "} );",
                &r);
    FIX_NEAR(fix_at(&r, "quota_used", 0, 0, "q", "1"), 110, 1e-9);
    sim_result_free(&r);
    fix_free(&f);
}

/* The shop in US sells thirty a day, from a maker of its own, and needs a licence of five days
 * first. */
static void two_makers(struct fix *f, const char *second)
{
    border(f);
    fix_add(f, MDL_ENTITIES, "cn.other,Maker,CN\n");
    fix_add(f, MDL_SITES, fix_format(f, "cn.two,Source,%s,CN,component,0,1\n", second));
    fix_add(f, MDL_PROCESSES, "p.two,cn.two,make\n");
    fix_set_at(f, MDL_LANES, 1, "from", "cn.two");
    fix_set_at(f, MDL_DEMAND, 1, "rate_d", "30");
    fix_set(f, MDL_STOCKS, "us.shop", "S", "6000");
}

/* 200 for all: JP alone uses 50 by day 15, then both 40 a day, and on day 19 JP 10, US 20. Split by
 * trade, 50 are for JP and 150 for US; so it is by exporter, if they are two companies. */
static void test_quota__of_all_of_destinations_and_of_exporters(void **state)
{
    static const char all[][48] = {"13x10 0 9x10 10x0", "13x30 6x0 3x30 20 10x0"},
                      split[][48] = {"13x10 0 5x10 14x0", "13x30 6x0 5x30 9x0"};
    static const struct {
        const char *per, *second;
        const char (*came)[48];
    } c[] = {{"all", "cn.other", all},
             {"destination", "cn.co", split},
             {"exporter", "cn.other", split},
             {"exporter", "cn.co", all},
             {"exporter", "", split}};

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        struct fix f;
        struct sim_result r;

        two_makers(&f, c[i].second);
        border_play(&f, 34,
                    fix_format(&f,
                               "offices = ( { id = 'five'; review_d = 5; } ); rules = ( { id = "
                               "'q'; from = @10; amount = 200; period = 'month'; per = '%s'; " QUOTA
                               "}, { id = 'l'; from = @10; action = 'licence'; office = 'five'; "
                               "destination = [ 'US' ]; } );",
                               c[i].per),
                    &r);
        border_assert_at(&r, "jp.shop~part", 10, c[i].came[0]);
        border_assert_at(&r, "us.shop~part", 30, c[i].came[1]);
        sim_result_free(&r);
        fix_free(&f);
    }
}

/* What JP is refused from day 10 on goes by SG, one day longer, and meets a quota of 130 a month on
 * the way out. For all together both have ten a day on six days, and JP ten more: it asks first. By
 * destination US has all of it, as nothing goes to SG in normal times, and one for SG alone is all
 * SG's. By exporter there is one. The way on to JP is a trader's, who exports nothing else. */
static void test_quota__on_a_leg_of_a_detour(void **state)
{
    static const struct {
        const char *keys, *jp, *us;
    } c[] = {
        {"per = 'all'; origin = [ 'CN' ]; destination = [ 'SG', 'US' ];", "13x10 2x0 7x10 11x0",
         "13x10 0 6x10 13x0"},
        {"per = 'destination'; origin = [ 'CN' ]; destination = [ 'SG', 'US' ];", "13x10 20x0",
         "13x10 0 13x10 6x0"},
        {"per = 'destination'; origin = [ 'CN' ]; destination = [ 'SG' ];", "13x10 2x0 13x10 5x0",
         ""},
        {"per = 'exporter'; origin = [ 'CN' ]; destination = [ 'SG', 'US' ];",
         "13x10 2x0 7x10 11x0", "13x10 0 6x10 13x0"},
        {"per = 'exporter'; destination = [ 'JP', 'US' ];", "13x10 20x0", "13x10 0 13x10 6x0"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        struct fix f;
        struct sim_result r;

        border(&f);
        fix_add(&f, MDL_SITES, "sg.trade,Trader,,SG,store,1,1\n");
        border_play(
            &f, 34,
            fix_format(&f,
                       "detours = ( { id = 'd'; destination = [ 'JP' ]; via = 'SG'; from = "
                       "@10; extra_d = 1; } ); rules = ( { id = 'ban'; from = @10; origin "
                       "= [ 'CN' ]; action = 'deny'; " TO_JP
                       "}, { id = 'q'; from = @10; amount = 130; period = 'month'; %s " QUOTA
                       "} );",
                       c[i].keys),
            &r);
        border_assert(&r, "jp.shop~part", c[i].jp);
        border_assert(&r, "us.shop~part", c[i].us);
        sim_result_free(&r);
        fix_free(&f);
    }
}

/* By SG until day 20, by TH from then on; of 100 a month by destination each has half, as nobody
 * has other trade. SG's is for the lines of days 10 to 14; those of the next five days ask again,
 * for TH's. */
static void test_quota__of_two_third_countries(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    fix_add(&f, MDL_SITES, "sg.trade,Trader,,SG,store,1,1\nth.trade,Trader,,TH,store,1,1\n");
    border_play(
        &f, 34,
        "detours = ( { id = 'd'; via = 'SG'; from = @10; until = @20; extra_d = 1; " TO_JP
        "}, { id = 'e'; via = 'TH'; from = @20; extra_d = 1; " TO_JP
        "} ); rules = ( { id = 'ban'; from = @10; origin = [ 'CN' ]; action = 'deny'; " TO_JP
        "}, { id = 'q'; from = @10; amount = 100; period = 'month'; per = 'destination'; "
        "destination = [ 'SG', 'TH' ]; " QUOTA "} );",
        &r);
    border_assert(&r, "jp.shop~part", "13x10 2x0 5x10 5x0 50 8x0");
    FIX_NEAR(fix_at(&r, "quota_used", 0, 0, "q", "0"), 100, 1e-9);
    sim_result_free(&r);
    fix_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quota__of_a_month),
        cmocka_unit_test(test_quota__by_value_beside_a_larger_one),
        cmocka_unit_test(test_quota__rests),
        cmocka_unit_test(test_quota__the_smaller_of_two),
        cmocka_unit_test(test_quota__begins_with_its_period),
        cmocka_unit_test(test_quota__of_a_year_begins_on_its_first_day),
        cmocka_unit_test(test_quota__carries_over_a_part),
        cmocka_unit_test(test_quota__carries_nothing_over_from_before_it_was_in_force),
        cmocka_unit_test(test_quota__comes_after_the_licence),
        cmocka_unit_test(test_quota__of_nothing_with_a_day_of_grace),
        cmocka_unit_test(test_quota__of_what_is_refused_goes_back),
        cmocka_unit_test(test_quota__what_comes_back_late_is_over),
        cmocka_unit_test(test_quota__first_come_and_in_proportion),
        cmocka_unit_test(test_quota__in_proportion_gives_all_of_it),
        cmocka_unit_test(test_quota__of_all_of_destinations_and_of_exporters),
        cmocka_unit_test(test_quota__on_a_leg_of_a_detour),
        cmocka_unit_test(test_quota__of_two_third_countries)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
