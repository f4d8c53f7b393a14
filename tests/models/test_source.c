#include "tests/models/border.h"

/* Second sources: when a buyer begins to qualify one and what becomes of it, contract shares that
 * move and come back, late lines that are ordered elsewhere.
 *
 * The shop in JP has a contract with the source in CN and none with the one in US, which supplies
 * as fast. Goods ordered on day d are in the stock of day d + 4. */

#define CN_TO_JP " origin = [ 'CN' ]; destination = [ 'JP' ]; "
#define BAN "{ id = 'a'; from = @5; action = 'deny'; " CN_TO_JP "}"

static void sources(struct fix *f, const char *head, const char *us)
{
    border(f);
    fix_add(f, MDL_SITES, "us.src,Source,us.co,US,component,0,1\n");
    fix_add(f, MDL_PROCESSES, "p.us,us.src,make\n");
    fix_table(f, MDL_LANES,
              fix_format(f,
                         "from,to,product,share,transit_d%s\n"
                         "cn.src,us.shop,part,1,3%s\ncn.src,jp.shop,part,1,3%s\n"
                         "us.src,jp.shop,part,0,3%s\n",
                         head, us[0] ? ",yes,,,,,,,," : "", us[0] ? ",yes,,,,,,,," : "", us));
}

#define QUALIFY                                                                                    \
    ",qualified,qualify_d,qualify_cover,qualify_from,qualify_fail,qualify_tries,qualify_usd,"      \
    "sample,share_max"

/* The source in US can be qualified; its cells from qualify_d on. */
static void stranger(struct fix *f, const char *cells)
{
    char us[80];

    snprintf(us, sizeof us, ",no,%s", cells);
    sources(f, QUALIFY, us);
}

static double point(const struct sim_result *r, const char *column)
{
    return fix_at(r, column, 0, 0, "jp.shop~part", NULL);
}

/* ---- qualifying ---- */

/* Banned on day 5. Twenty days of work from day 10 on: on day 30 the other source gets the orders
 * of 26 days. On day 35 the first is asked again, in vain. A date of the scenario does the same;
 * the earlier of both counts. */
static void test_qualify__from_a_day_on(void **state)
{
    static const char *const lane[] = {"20,,2026-01-11,,,,,", "20,,,,,,,", "20,,2026-02-01,,,,,"};
    static const char *const keys[] = {"", "qualify_from = @10;", "qualify_from = @10;"};

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct fix f;
        struct sim_result r;

        stranger(&f, lane[i]);
        border_play(&f, 60, fix_format(&f, "%s rules = ( " BAN " );", keys[i]), &r);
        border_assert(&r, "jp.shop~part", "8x10 25x0 260 4x10 0 20 10");
        border_assert(&r, "us.shop~part", "");
        FIX_NEAR(point(&r, "qualified_first"), 30, 0);
        FIX_NEAR(point(&r, "qualify_usd"), 0, 0);
        sim_result_free(&r);
        fix_free(&f);
    }
}

/* With 100 in stock for ten days of cover, and none coming from day 9 on, the shop has 40 on day 14
 * and 70 on day 11. */
static void test_qualify__under_a_part_of_the_cover(void **state)
{
    static const char *const cover[] = {"", "0.5", "0.75", "0"};
    static const double first[] = {34, 34, 31, NAN};

    (void)state;
    for (int i = 0; i < 4; i++) {
        struct fix f;
        struct sim_result r;
        char cells[64];

        snprintf(cells, sizeof cells, "20,%s,,,,1000,,", cover[i]);
        stranger(&f, cells);
        fix_set(&f, MDL_STOCKS, "jp.shop", "policy", "order-up-to");
        fix_set(&f, MDL_STOCKS, "jp.shop", "S", "");
        fix_set(&f, MDL_STOCKS, "jp.shop", "cover_d", "10");
        border_play(&f, 60, "rules = ( " BAN " );", &r);
        if (isnan(first[i]))
            assert_true(isnan(point(&r, "qualified_first")));
        else
            FIX_NEAR(point(&r, "qualified_first"), first[i], 0);
        FIX_NEAR(point(&r, "qualify_usd"), isnan(first[i]) ? 0 : 1000, 0);
        sim_result_free(&r);
        fix_free(&f);
    }
}

/* Three tries that fail, from days 10, 30 and 50 on; the last is over on day 70. */
static void test_qualify__fails(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    stranger(&f, "20,,2026-01-11,1,3,500,,");
    border_play(&f, 120, "rules = ( " BAN " );", &r);
    border_assert(&r, "jp.shop~part", "8x10 111x0");
    assert_true(isnan(point(&r, "qualified_first")));
    FIX_NEAR(point(&r, "qualify_usd"), 1500, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* In 400 runs half of the first tries and half of the second ones fail, within 4 standard errors
 * (error rate 6e-5). */
static void test_qualify__fails_by_chance(void **state)
{
    struct fix f;
    struct sim_result r;
    int first = 0, second = 0;

    (void)state;
    stranger(&f, "20,,2026-01-11,0.5,2,500,,");
    border_scenario(&f, "s", 60, border_text(&f, "rules = ( " BAN " );"));
    fix_play(&f, 400, &r);
    for (uint32_t run = 0; run < 400; run++) {
        double day = fix_at(&r, "qualified_first", 0, run, "jp.shop~part", NULL),
               usd = fix_at(&r, "qualify_usd", 0, run, "jp.shop~part", NULL);

        first += day == 30;
        second += day == 50;
        assert_true(isnan(day) || day == 30 || day == 50);
        FIX_NEAR(usd, day == 30 ? 500 : 1000, 0);
    }
    FIX_NEAR(first / 400.0, 0.5, 0.1);
    FIX_NEAR(second / 400.0, 0.25, 0.087);
    sim_result_free(&r);
    fix_free(&f);
}

/* Seven pieces on day 10, which are so many less to order on day 11. If nothing may leave US for
 * JP, they are refused, and the source is not qualified. */
static void test_qualify__samples(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    stranger(&f, "20,,2026-01-11,,,,7,");
    border_play(&f, 60, "", &r);
    border_assert(&r, "jp.shop~part", "13x10 17 3 10");
    FIX_NEAR(fix_at(&r, "exports", 0, 0, "US>JP~part", "0"), 7, 0);
    FIX_NEAR(point(&r, "qualified_first"), 30, 0);
    sim_result_free(&r);
    fix_free(&f);
    stranger(&f, "20,,2026-01-11,,2,500,7,");
    border_play(&f, 60,
                "rules = ( { id = 'b'; from = @0; action = 'deny'; origin = [ 'US' ]; destination "
                "= [ 'JP' ]; } );",
                &r);
    border_assert(&r, "jp.shop~part", "13x10 10 10");
    FIX_NEAR(point(&r, "refused"), 14, 0);
    FIX_NEAR(point(&r, "unplaced"), 0, 0);
    FIX_NEAR(point(&r, "qualify_usd"), 1000, 0);
    assert_true(isnan(point(&r, "qualified_first")));
    sim_result_free(&r);
    fix_free(&f);
}

/* ---- shares ---- */

/* A thousand a day, banned from day 10 to day 40. From day 11 on the other source gains a hundredth
 * of the need a day: 0.29 on day 39; then it loses half of one a day until it has none, on day 97.
 * Of the need, all in both: nothing is lost, and in February the other has 9,000 under the ban and
 * (0.285 + ... + 0.195) x 1,000 after it. */
static void moved(const char *keys, const char *share_max, double mean, double february)
{
    struct fix f;
    struct sim_result r;
    char us[64];

    snprintf(us, sizeof us, ",yes,,,,,,,,%s", share_max);
    sources(&f, QUALIFY, us);
    fix_set(&f, MDL_DEMAND, "jp.shop", "rate_d", "1000");
    fix_set(&f, MDL_STOCKS, "jp.shop", "S", "60000");
    border_play(&f, 200,
                fix_format(&f,
                           "%s rules = ( { id = 'a'; from = @10; until = @40; action = 'deny'; "
                           "" CN_TO_JP "} );",
                           keys),
                &r);
    if (sim_result_find(&r, "share_moved"))
        FIX_NEAR(point(&r, "share_moved"), mean, 1e-6);
    FIX_NEAR(fix_at(&r, "exports", 0, 0, "US>JP~part", "1"), february, 0.5);
    border_assert_at(&r, "jp.shop~part", 1000, "13x1000 0 2000 1000");
    FIX_NEAR(fix_at(&r, "ordered", 0, 0, "jp.shop~part", NULL), 201000, 0);
    sim_result_free(&r);
    fix_free(&f);
}

static void test_shares__move_and_come_back(void **state)
{
    double up = 0, down = 0, capped = 0, left = 0;

    (void)state;
    for (int k = 1; k <= 29; k++) {
        up += 0.01 * k;
        capped += fmin(0.2, 0.01 * k);
    }
    for (int k = 1; k <= 58; k++)
        down += 0.29 - 0.005 * k;
    for (int k = 1; k <= 40; k++)
        left += 0.2 - 0.005 * k;
    moved("", "", 0, 9000);
    moved("share_up_m = 0.3; share_down_m = 0.15;", "", (up + down) / 200,
          9000 + 19 * 290 - 5 * 19 * 20 / 2);
    moved("share_up_m = 0.3; share_down_m = 0.15;", "0.2", (capped + left) / 200,
          9000 + 19 * 200 - 5 * 19 * 20 / 2);
    moved("share_up_m = 0.3;", "", (up + 0.29 * (199 - 40)) / 200, 9000 + 19 * 290);
}

/* Licences of forty days: a line of day 10 is late, by the ten days that count, on day 24. */
static void test_shares__move_for_late_lines(void **state)
{
    static const char *const late[] = {"10", "20", "60"};
    static const double days[] = {15, 5, 0};

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct fix f;
        struct sim_result r;
        double sum = 0;

        sources(&f, QUALIFY, ",yes,,,,,,,,");
        border_play(&f, 40,
                    fix_format(&f,
                               "share_up_m = 0.3; share_late_d = %s.0; offices = ( { id = 'o'; "
                               "review_d = 40; } ); rules = ( { id = 'l'; from = @10; action = "
                               "'licence'; office = 'o'; " CN_TO_JP "} );",
                               late[i]),
                    &r);
        for (int k = 1; k <= (int)days[i]; k++)
            sum += 0.01 * k;
        FIX_NEAR(point(&r, "share_moved"), sum / 40, 1e-6);
        sim_result_free(&r);
        fix_free(&f);
    }
}

/* ---- turning away ---- */

/* Licences of sixty days from day 10 on. Each line is taken back by half on the tenth day after it
 * was promised, day 24 for that of day 10, and comes from the other source on the fourth day after
 * that; the other half comes with the licence, on day 74. */
static void turned(const char *keys, const char *qualified, const char *runs, double lines)
{
    struct fix f;
    struct sim_result r;
    char us[64];

    snprintf(us, sizeof us, ",%s,,,2027-01-01,,,,,", qualified);
    sources(&f, QUALIFY, us);
    border_play(&f, 100,
                fix_format(&f,
                           "%s offices = ( { id = 'o'; review_d = 60; } ); rules = ( { id = 'l'; "
                           "from = @10; action = 'licence'; office = 'o'; " CN_TO_JP "} );",
                           keys),
                &r);
    border_assert(&r, "jp.shop~part", runs);
    FIX_NEAR(point(&r, "lines_switched"), lines, 0);
    FIX_NEAR(point(&r, "switched"), 5 * lines, 0);
    FIX_NEAR(point(&r, "cancelled"), 5 * lines, 0);
    FIX_NEAR(point(&r, "ordered"), 1000 + 5 * lines, 0);
    sim_result_free(&r);
    fix_free(&f);
}

static void test_switch__half_of_a_late_line(void **state)
{
    (void)state;
    turned("", "yes", "13x10 60x0 10", 0);
    turned("switch_d = 10;", "yes", "13x10 14x0 46x5 10", 76);
    turned("switch_d = 10;", "no", "13x10 60x0 10", 0);
    turned("switch_d = 10; switch_share = 0.0;", "yes", "13x10 60x0 10", 0);
}

/* All of it: what the shop has is the other source's, ten a day, and nothing comes twice. */
static void test_switch__all_of_a_late_line(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    sources(&f, "", "");
    border_play(&f, 100,
                "switch_d = 10; switch_share = 1; offices = ( { id = 'o'; review_d = 60; } ); "
                "rules = ( { id = 'l'; from = @10; action = 'licence'; office = 'o'; " CN_TO_JP
                "} );",
                &r);
    border_assert(&r, "jp.shop~part", "13x10 14x0 10");
    FIX_NEAR(point(&r, "lines_switched"), 76, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* Both sources need the licence: what the other got on day 24 is there on day 88, and is not taken
 * back again, or lines would grow in number without end. */
static void test_switch__a_line_is_switched_once(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    sources(&f, "", "");
    fix_set(&f, MDL_STOCKS, "jp.shop", "S", "2000");
    border_play(&f, 200,
                "switch_d = 10; offices = ( { id = 'o'; review_d = 60; } ); rules = ( { id = 'l'; "
                "from = @10; action = 'licence'; office = 'o'; destination = [ 'JP' ]; } );",
                &r);
    border_assert(&r, "jp.shop~part", "13x10 60x0 14x5 10");
    FIX_NEAR(point(&r, "lines_switched"), 176, 0);
    FIX_NEAR(point(&r, "switched"), 880, 0);
    sim_result_free(&r);
    fix_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_qualify__from_a_day_on),
                                       cmocka_unit_test(test_qualify__under_a_part_of_the_cover),
                                       cmocka_unit_test(test_qualify__fails),
                                       cmocka_unit_test(test_qualify__fails_by_chance),
                                       cmocka_unit_test(test_qualify__samples),
                                       cmocka_unit_test(test_shares__move_and_come_back),
                                       cmocka_unit_test(test_shares__move_for_late_lines),
                                       cmocka_unit_test(test_switch__half_of_a_late_line),
                                       cmocka_unit_test(test_switch__all_of_a_late_line),
                                       cmocka_unit_test(test_switch__a_line_is_switched_once)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
