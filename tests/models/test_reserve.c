#include "tests/models/border.h"

/* Reserves, day by day. The shop in JP aims at 100: of these 40 are on the way at the end of a day
 * and 60 in stock. What is ordered from day 1 on is refused; the last goods come on day 4, and from
 * day 5 on the stock falls by ten a day: 50 40 30 20 10 0 on the days 5 to 10. */

#define DENY(until)                                                                                \
    "rules = ( { id = 'r'; from = @1; " until " origin = [ 'CN' ]; destination = [ 'JP' ]; "       \
    "action = 'deny'; } ); "
#define STATE(more)                                                                                \
    "reserves = ( { id = 'r'; kind = 'state'; country = [ 'JP' ]; quantity = 100; "                \
    "release_cover_d = 3.0; transit_d = 2.0; " more " } );"
#define COMPANY(more)                                                                              \
    "reserves = ( { id = 'r'; kind = 'company'; country = [ 'JP' ]; cover_d = 5.0; "               \
    "release_cover_d = 2.0; " more " } );"

static void small_shops(struct fix *f)
{
    border(f);
    fix_set(f, MDL_STOCKS, "jp.shop", "S", "100");
    fix_set(f, MDL_STOCKS, "us.shop", "S", "100");
}

/* Asserts the stock of a point at the end of the days 0, 1, ...: "3x60 50" is 60 on three days,
 * then 50. */
static void assert_stock(const struct sim_result *r, const char *point, const char *want)
{
    const struct sim_column *c = fix_column(r, "day_stock");
    int days = (int)r->axis[c->axis[3]].n, d = 0;

    while (*want) {
        char *end, at[16];
        long n = 1, q = strtol(want, &end, 10);

        if (*end == 'x') {
            n = q;
            q = strtol(end + 1, &end, 10);
        }
        want = end + (*end == ' ');
        for (; n > 0; n--, d++) {
            snprintf(at, sizeof at, "%d", d);
            assert_true(d < days);
            if (fix_at(r, "day_stock", 0, 0, point, at) != (double)q)
                fail_msg("%s, day %d: %g in stock, not %ld", point, d,
                         fix_at(r, "day_stock", 0, 0, point, at), q);
        }
    }
    assert_int_equal(d, days);
}

static void play_small(int days, const char *text, const char *stock, struct sim_result *r)
{
    struct fix f;

    small_shops(&f);
    border_play(&f, days, text, r);
    if (stock)
        assert_stock(r, "jp.shop~part", stock);
    border_assert(r, "us.shop~part", "");
    fix_free(&f);
}

static void check(int days, const char *text, const char *stock)
{
    struct sim_result r;

    play_small(days, text, stock, &r);
    sim_result_free(&r);
}

/* ---- a state's ---- */

/* Day 8: 20 are less than three days' need, so it asks for 3 + 1 + 1 + 2 days' less 20 = 50; they
 * leave at midnight and are there on day 11. Day 9, not knowing of them: 60, of which 10 are new.
 * Day 14: 50 again, but 40 are left. */
static void test_stockpile__a_state_serves_below_the_cover_until_it_is_empty(void **state)
{
    struct sim_result r;

    (void)state;
    play_small(22, DENY("") STATE(""), "5x60 50 40 30 20 10 0 2x40 30 20 10 0 30 20 10 0 0", &r);
    FIX_NEAR(fix_at(&r, "from_reserve", 0, 0, "jp.shop~part", NULL), 100, 0);
    FIX_NEAR(fix_at(&r, "reserve_released", 0, 0, "r~part", "0"), 100, 0);
    FIX_NEAR(fix_at(&r, "reserve_level", 0, 0, "r~part", "0"), 0, 0);
    FIX_NEAR(fix_at(&r, "reserve_usd", 0, 0, "r~part", NULL), 10000, 0);
    FIX_NEAR(fix_at(&r, "reserve_empty", 0, 0, "r~part", NULL), 15, 0);
    /* it is no import, and not in lead times */
    FIX_NEAR(fix_at(&r, "imports", 0, 0, "CN>JP~part", "0"), 40, 0);
    FIX_NEAR(fix_at(&r, "received", 0, 0, "jp.shop~part", NULL), 40, 0);
    FIX_NEAR(fix_at(&r, "lead_mean", 0, 0, "jp.shop~part", NULL), 3 + 1.0 / 24, 1e-5);
    FIX_NEAR(fix_at(&r, "lost", 0, 0, "jp.shop~part~civil", NULL), 10, 0);
    sim_result_free(&r);
    check(22, DENY(""), "5x60 50 40 30 20 10 12x0");
}

static void test_stockpile__only_between_its_dates(void **state)
{
    (void)state;
    /* open from day 13 on: then 70 are asked for, and there on day 15 */
    check(20, DENY("") STATE("from = @13;"), "5x60 50 40 30 20 10 5x0 60 50 40 30 20");
    /* the 50 of day 9 leave, the 10 of day 10 do not */
    check(17, DENY("") STATE("until = @10;"), "5x60 50 40 30 20 10 0 40 30 20 10 0 0");
    check(14, DENY("") STATE("until = @9;"), "5x60 50 40 30 20 10 4x0");
}

static void test_stockpile__at_a_rate(void **state)
{
    static const char stock[] = "5x60 50 40 30 20 10 0 10 20 30 20 10 0 10 20 10 0";

    (void)state;
    check(21, DENY("") STATE("rate_d = 20;"), stock);
    check(21, DENY("") STATE("rate_share = 0.2;"), stock);
    check(21, DENY("") STATE("rate_share = 0.2; rate_d = 90;"), stock);
}

static void test_stockpile__the_cover_is_the_points_own_where_none_is_said(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    small_shops(&f);
    fix_set(&f, MDL_STOCKS, "jp.shop", "cover_d", "4");
    border_play(&f, 12,
                DENY("") "reserves = ( { id = 'r'; kind = 'state'; country = [ 'JP' ]; "
                         "quantity = 100; transit_d = 1.0; } );",
                &r);
    /* day 7: 30; 4 + 1 + 1 + 1 days less 30 = 40 leave on day 8, 10 more on day 9 */
    assert_stock(&r, "jp.shop~part", "5x60 50 40 30 20 50 50 40");
    sim_result_free(&r);
    fix_free(&f);
}

/* Both shops are cut off; the one in US aims at 90 and is short a day before the other. 30 a day
 * leave: on day 8 for US alone; then it lacks 30 more, and JP lacks 50. */
static void shares(const char *allot, double jp, double us)
{
    struct fix f;
    struct sim_result r;

    small_shops(&f);
    fix_set(&f, MDL_STOCKS, "us.shop", "S", "90");
    border_play(&f, 12,
                fix_format(&f,
                           "rules = ( { id = 'r'; from = @1; action = 'deny'; } ); reserves = ( { "
                           "id = 'r'; kind = 'state'; quantity = 100; release_cover_d = 3.0; "
                           "transit_d = 2.0; rate_d = 30; %s } );",
                           allot),
                &r);
    FIX_NEAR(fix_at(&r, "from_reserve", 0, 0, "jp.shop~part", NULL), jp, 0);
    FIX_NEAR(fix_at(&r, "from_reserve", 0, 0, "us.shop~part", NULL), us, 0);
    sim_result_free(&r);
    fix_free(&f);
}

static void test_stockpile__in_proportion_or_who_was_short_first(void **state)
{
    (void)state;
    shares("", 19, 41); /* 30 x 30 / 80 = 11.25 for US, the rest for JP */
    shares("allot = 'fifo';", 0, 60);
}

/* Tests keep the goods for three days: in the end the shop has 30 less in stock, is short at less
 * than 40, and takes all of the 100. All of it is ordered less; nobody is lost in either run. */
static void test_stockpile__what_is_promised_is_not_ordered_again(void **state)
{
    static const char slow[] = "rules = ( { id = 'r'; from = @1; destination = [ 'JP' ]; action = "
                               "'inspect'; delay_d = 3.0; } ); ";
    struct fix f;
    struct sim_result r;

    (void)state;
    small_shops(&f);
    border_scenario(&f, "off", 60, slow);
    border_scenario(&f, "on", 60,
                    fix_format(&f,
                               "%s reserves = ( { id = 'r'; kind = 'state'; country = [ 'JP' ]; "
                               "quantity = 100; release_cover_d = 4.0; transit_d = 2.0; } );",
                               slow));
    fix_play(&f, 1, &r);
    for (uint32_t s = 0; s < 2; s++)
        FIX_NEAR(fix_sum(&r, "lost", s, 0), 0, 0);
    FIX_NEAR(fix_at(&r, "from_reserve", 1, 0, "jp.shop~part", NULL), 100, 0);
    FIX_NEAR(fix_at(&r, "ordered", 0, 0, "jp.shop~part", NULL) -
                 fix_at(&r, "ordered", 1, 0, "jp.shop~part", NULL),
             100, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* Trade is back on day 16. What came is worth 100 less to the shop until the reserve is full. */
static void test_stockpile__a_state_is_filled_again(void **state)
{
    static const char rules[] = DENY("until = @16;");
    struct sim_result r;
    struct fix f = {0};

    (void)state;
    play_small(70, fix_format(&f, "%s %s", rules, STATE("refill_cover_d = 4.0; refill_d = 15;")),
               NULL, &r);
    FIX_NEAR(fix_sum(&r, "reserve_released", 0, 0), 100, 0);
    FIX_NEAR(fix_sum(&r, "reserve_filled", 0, 0), 100, 0);
    FIX_NEAR(fix_at(&r, "reserve_level", 0, 0, "r~part", "2"), 100, 0);
    sim_result_free(&r);
    play_small(45,
               fix_format(&f, "%s %s", rules,
                          STATE("refill_cover_d = 4.0; refill_d = 15; refill_from = @44;")),
               NULL, &r);
    FIX_NEAR(fix_sum(&r, "reserve_filled", 0, 0), 0, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* ---- a company's ---- */

/* In the morning the shop brings its stock up to two days' need from its own reserve of 50. */
static void test_stockpile__a_company_uses_its_own(void **state)
{
    struct sim_result r;

    (void)state;
    play_small(18, DENY("") COMPANY(""), "5x60 50 40 30 20 6x10 3x0", &r);
    FIX_NEAR(fix_at(&r, "from_reserve", 0, 0, "jp.shop~part", NULL), 50, 0);
    FIX_NEAR(fix_at(&r, "reserve_empty", 0, 0, "r~part", NULL), 14, 0);
    sim_result_free(&r);
    check(18, DENY("") COMPANY("from = @11; "), "5x60 50 40 30 20 10 0 4x10 3x0");
    check(14, DENY("") COMPANY("until = @11; "), "5x60 50 40 30 20 10 10 3x0");
}

/* Trade is back on day 16: 100 are ordered, and are there on day 20. Five a day of what is beyond
 * four days' need go back into the reserve, and are ordered again: 15 a day, which come from day 24
 * on, until the reserve is full on day 29. */
static void test_stockpile__a_company_fills_its_own_again(void **state)
{
    struct sim_result r;

    (void)state;
    play_small(36, DENY("until = @16;") COMPANY("refill_cover_d = 4.0; refill_d = 5;"),
               "5x60 50 40 30 20 6x10 5x0 85 70 55 40 6x40 45 50 55 3x60", &r);
    FIX_NEAR(fix_at(&r, "reserve_filled", 0, 0, "r~part", "0"), 50, 0);
    FIX_NEAR(fix_at(&r, "reserve_level", 0, 0, "r~part", "1"), 50, 0);
    sim_result_free(&r);
}

/* ---- a plant, for the rule about losses ---- */

/* It makes ten goods a day of ten parts. From day 10 on it has none; of what was planned since day
 * 0 it has missed 10 / 110 on that day, then 20 / 120, 30 / 130. */
static void plant(struct fix *f)
{
    border(f);
    fix_add(f, MDL_PRODUCTS, "good,Good,goods,piece,1,1000,10\n");
    fix_add(f, MDL_BOM, "build,output,good,1\nbuild,input,part,1\n");
    fix_add(f, MDL_SITES,
            "jp.plant,Plant,jp.co,JP,component,1,1\njp.market,Market,,JP,market,1,1\n");
    fix_add(f, MDL_PROCESSES, "p.plant,jp.plant,build\n");
    fix_add(f, MDL_LANES, "cn.src,jp.plant,part,1,3\njp.plant,jp.market,good,1,0\n");
    fix_add(f, MDL_DEMAND, "jp.market,good,10,constant,0\n");
    fix_add(f, MDL_STOCKS, "jp.plant,part,base-stock,100\njp.market,good,base-stock,1000\n");
}

static int plant_got(const char *kind, const char *share, int days)
{
    struct fix f;
    struct sim_result r;
    double got;

    plant(&f);
    border_play(&f, days,
                fix_format(&f,
                           DENY("") "reserves = ( { id = 'r'; site = [ 'jp.plant' ]; product = [ "
                                    "'part' ]; release_cover_d = 3.0; %s release_loss = %s; } );",
                           kind, share),
                &r);
    FIX_NEAR(fix_at(&r, "planned", 0, 0, "p.plant", NULL), 10 * days, 0);
    got = fix_at(&r, "from_reserve", 0, 0, "jp.plant~part", NULL);
    sim_result_free(&r);
    fix_free(&f);
    return (int)got;
}

static void test_stockpile__only_when_enough_was_missed(void **state)
{
    static const char of_state[] = "kind = 'state'; quantity = 100; transit_d = 2.0;",
                      own[] = "kind = 'company'; cover_d = 10.0;";

    (void)state;
    /* reported in the evening, released at midnight, there two days later: what it uses in 3 + 1 +
     * 1 + 2 days */
    assert_int_equal(plant_got(of_state, "0.15", 14), 0);
    assert_in_range(plant_got(of_state, "0.15", 15), 70, 71);
    assert_int_equal(plant_got(of_state, "0.20", 15), 0);
    assert_in_range(plant_got(of_state, "0.20", 16), 70, 71);
    /* the next morning, what it uses in 3 */
    assert_int_equal(plant_got(own, "0.15", 12), 0);
    assert_in_range(plant_got(own, "0.15", 13), 30, 31);
    assert_int_equal(plant_got(own, "0.20", 13), 0);
    assert_in_range(plant_got(own, "0.20", 14), 30, 31);
}

/* ---- whole runs, with the balances of goods and elements ---- */

#define BAN                                                                                        \
    "rules = ( { id = \"r\"; from = \"2026-01-02\"; origin = [ "                                   \
    "\"CN\" ]; list = \"headings\"; action = \"deny\"; } ); "

static void test_stockpile__it_saves_sales_and_loses_nothing(void **state)
{
    static const char *const on[] = {
        "reserves = ( { id = \"s\"; kind = \"state\"; product = [ \"magnet\" ]; cover_d = 30.0; "
        "transit_d = 3.0; refill_cover_d = 16.0; refill_d = 5.0; } );",
        "reserves = ( { id = \"c\"; kind = \"company\"; product = [ \"magnet\" ]; cover_d = 30.0; "
        "refill_cover_d = 16.0; refill_d = 2.0; } );",
        "reserves = ( { id = \"c\"; kind = \"company\"; country = [ \"JP\" ]; cover_d = 10.0; }, "
        "{ id = \"s\"; kind = \"state\"; cover_d = 20.0; cover_of = \"imports\"; } );"};

    (void)state;
    for (size_t i = 0; i < sizeof on / sizeof *on; i++) {
        struct fix f;
        struct sim_result r;

        fix_toy(&f);
        fix_set(&f, MDL_SITES, "jp.motor", "cover_d", "5");
        fix_set(&f, MDL_SITES, "jp.car", "cover_d", "5");
        fix_set(&f, MDL_SITES, "jp.market", "cover_d", "5");
        fix_scenario(&f, "off", BAN);
        fix_scenario(&f, "on", fix_format(&f, BAN "%s", on[i]));
        fix_play(&f, 3, &r);
        for (uint32_t run = 0; run < 3; run++) {
            assert_true(fix_sum(&r, "loss_usd", 0, run) > 1e6);
            assert_true(fix_sum(&r, "loss_usd", 1, run) < fix_sum(&r, "loss_usd", 0, run));
            assert_true(fix_sum(&r, "reserve_released", 1, run) > 0);
            FIX_NEAR(fix_sum(&r, "demand", 0, run), fix_sum(&r, "demand", 1, run), 0);
        }
        sim_result_free(&r);
        fix_free(&f);
    }
}

/* A reserve of nothing changes nothing but the count of messages. */
static void test_stockpile__an_empty_one_changes_nothing(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    fix_toy(&f);
    fix_scenario(&f, "off", BAN);
    fix_scenario(&f, "on",
                 BAN "reserves = ( { id = \"s\"; kind = \"state\"; quantity = 0; }, { id = \"t\"; "
                     "kind = \"company\"; cover_d = 0.0; } );");
    fix_play(&f, 2, &r);
    fix_same(&r, 0, &r, 1, "events");
    sim_result_free(&r);
    fix_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stockpile__a_state_serves_below_the_cover_until_it_is_empty),
        cmocka_unit_test(test_stockpile__only_between_its_dates),
        cmocka_unit_test(test_stockpile__at_a_rate),
        cmocka_unit_test(test_stockpile__the_cover_is_the_points_own_where_none_is_said),
        cmocka_unit_test(test_stockpile__in_proportion_or_who_was_short_first),
        cmocka_unit_test(test_stockpile__what_is_promised_is_not_ordered_again),
        cmocka_unit_test(test_stockpile__a_state_is_filled_again),
        cmocka_unit_test(test_stockpile__a_company_uses_its_own),
        cmocka_unit_test(test_stockpile__a_company_fills_its_own_again),
        cmocka_unit_test(test_stockpile__only_when_enough_was_missed),
        cmocka_unit_test(test_stockpile__it_saves_sales_and_loses_nothing),
        cmocka_unit_test(test_stockpile__an_empty_one_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
