#include "tests/models/border.h"

/* Ways round the rules: through a third country, and civil goods in arms. border.h says when what
 * happens. */

#define TO_JP " destination = [ 'JP' ]; "
#define BAN(dates) "{ id = 'ban'; " dates " origin = [ 'CN' ]; action = 'deny'; " TO_JP "}"
#define DETOUR(more)                                                                               \
    "detours = ( { id = 'd'; origin = [ 'CN' ]; destination = [ 'JP' ]; via = 'SG'; " more " } );"

/* A trader in SG; buyers who are refused ask again the next day. */
static void with_trader(struct fix *f)
{
    border(f);
    fix_add(f, MDL_SITES, "sg.trade,Trader,,SG,store,1,1\n");
}

static void play(struct fix *f, int horizon_d, const char *text, struct sim_result *r)
{
    border_play(f, horizon_d, fix_format(f, "retry_d = 1; %s", text), r);
}

static void check(const char *text, int horizon_d, const char *jp)
{
    struct fix f;
    struct sim_result r;

    with_trader(&f);
    play(&f, horizon_d, text, &r);
    border_assert(&r, "jp.shop~part", jp);
    border_assert(&r, "us.shop~part", "");
    sim_result_free(&r);
    fix_free(&f);
}

/* ---- detours ---- */

/* A ban on days 10 to 39, a detour of six days more on days 15 to 24. What is refused on days 10 to
 * 14, first 10, then 20, is ordered again; the 60 of day 15 and the ten of days 16 to 24 take the
 * detour. What is refused from day 25 on, first 10, then 20, leaves on day 40: 160. */
static void test_detour__in_its_days(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    with_trader(&f);
    play(&f, 50,
         DETOUR("from = @15; until = @25; extra_d = 6; cost_share = 0.2;") "rules = ( " BAN(
             "from = @10; until = @40;") ", { id = 'tax'; from = @10; origin = [ 'CN' ]; action = "
                                         "'tax'; rate = 0.1; " TO_JP
                                         "}, { id = 'toll'; from = @10; action = 'tax'; rate = "
                                         "0.1; " TO_JP "} );",
         &r);
    border_assert(&r, "jp.shop~part", "13x10 11x0 60 9x10 9x0 160");
    border_assert(&r, "us.shop~part", "");
    FIX_NEAR(fix_at(&r, "refused", 0, 0, "jp.shop~part", NULL), 150 + 1200, 0);
    FIX_NEAR(fix_at(&r, "detoured", 0, 0, "CN>JP~part", NULL), 150, 0);
    FIX_NEAR(fix_at(&r, "detour_usd", 0, 0, "CN>JP~part", NULL), 0.2 * 15000, 1e-9);
    FIX_NEAR(fix_at(&r, "seized", 0, 0, "CN>JP~part", NULL), 0, 0);
    FIX_NEAR(fix_at(&r, "exports", 0, 0, "CN>JP~part", "0"), 100, 0);
    FIX_NEAR(fix_at(&r, "exports", 0, 0, "CN>JP~part", "1"), 160 + 90, 0);
    FIX_NEAR(fix_at(&r, "imports", 0, 0, "CN>JP~part", "0"), 130, 0); /* orders of days -3 to 9 */
    FIX_NEAR(fix_sum(&r, "detoured", 0, 0), 150, 0);
    /* with the detours, nine days each: 60 of day 15, ten of each of days 16 to 21; the rest in
     * February, with the orders of days 40 to 46 */
    FIX_NEAR(fix_at(&r, "link_moved", 0, 0, "CN~component>JP~market~part", "0"), 130 + 120, 0);
    FIX_NEAR(fix_at(&r, "link_moved", 0, 0, "CN~component>JP~market~part", "1"), 30 + 160 + 60, 0);
    FIX_NEAR(fix_at(&r, "imports", 0, 0, "CN>JP~part", "1"), 160 + 60, 0);
    /* the first is for goods from CN to JP, the second also for those from SG */
    FIX_NEAR(fix_at(&r, "tax_usd", 0, 0, "tax", NULL), 2500, 1e-9);
    FIX_NEAR(fix_at(&r, "tax_usd", 0, 0, "toll", NULL), 2500 + 1500, 1e-9);
    sim_result_free(&r);
    fix_free(&f);
}

/* It is for the countries and goods that it says, and for the share of lines that try it. */
static void test_detour__only_if_the_scenario_says_so(void **state)
{
    static const char *const detour[] = {
        "",
        "detours = ( { id = 'd'; from = @10; destination = [ 'US' ]; via = 'SG'; extra_d = 6; } );",
        "detours = ( { id = 'd'; from = @10; origin = [ '!CN' ]; via = 'SG'; extra_d = 6; } );",
        "detours = ( { id = 'd'; from = @10; list = 'others'; via = 'SG'; extra_d = 6; } );",
        "detours = ( { id = 'd'; from = @10; via = 'SG'; extra_d = 6; share = 0; } );",
        "detours = ( { id = 'd'; from = @10; via = 'JP'; extra_d = 6; } );"};

    (void)state;
    for (size_t i = 0; i < sizeof detour / sizeof *detour; i++) {
        struct fix f;
        struct sim_result r;

        with_trader(&f);
        fix_add(&f, MDL_PRODUCTS, "other,Other,component,piece,1,1,1\n");
        fix_add(&f, MDL_LISTS, "others,product,other\n");
        play(&f, 30,
             fix_format(&f, "%srules = ( " BAN("from = @10; until = @15;") " );", detour[i]), &r);
        border_assert(&r, "jp.shop~part", "13x10 5x0 60");
        FIX_NEAR(fix_at(&r, "refused", 0, 0, "jp.shop~part", NULL), 150, 0);
        sim_result_free(&r);
        fix_free(&f);
    }
}

/* Half of the lines try it: each is either refused, and its goods are ordered again, or comes six
 * days later. Nothing is lost and nothing comes twice. */
static void test_detour__a_share_of_lines_tries_it(void **state)
{
    struct fix f;
    struct sim_result r;
    double detoured, refused;

    (void)state;
    with_trader(&f);
    play(&f, 100,
         DETOUR("from = @10; extra_d = 6; share = 0.5;") "rules = ( " BAN(
             "from = @10;") ", { id = 'ban.2'; from = @30; origin = [ 'CN' ]; action = "
                            "'deny'; " TO_JP "} );",
         &r);
    detoured = fix_at(&r, "detoured", 0, 0, "CN>JP~part", NULL);
    refused = fix_at(&r, "refused", 0, 0, "jp.shop~part", NULL);
    /* all but what was refused last: 20 refusals in a row have probability 1e-6 */
    assert_true(detoured > 700);
    assert_true(refused > 0);
    FIX_NEAR(fix_at(&r, "ordered", 0, 0, "jp.shop~part", NULL), 100 + detoured + refused, 10);
    sim_result_free(&r);
    fix_free(&f);
}

/* Rules from SG to JP bind the second leg: a licence of five days on days 15 to 19, a ban on days
 * 20 and 21. On day 20 the lines of days 15 to 19 wait for the licence and are refused, and so is
 * that of day 20; 70 are refused on day 21; 80 take the detour on day 22. A notification of two
 * days from CN to SG runs beside the licence: without it, until day 14, lines take six days more,
 * with it eight. */
static void test_detour__meets_the_rules_of_both_legs(void **state)
{
    static const char text[] = "offices = ( { id = 'five'; review_d = 5; } );" DETOUR(
        "from = @10; extra_d = 6;") "rules = ( " BAN("from = @10;") ", { id = 'l'; from = @15; "
                                                                    "until = @20; origin = [ 'SG' "
                                                                    "]; "
                                                                    "action = 'licence'; office = "
                                                                    "'five'; " TO_JP
                                                                    "}, { id = 'n'; from = @15; "
                                                                    "until = @24; "
                                                                    "origin = [ 'CN' ]; "
                                                                    "destination = [ 'SG' ]; "
                                                                    "action = 'notify'; delay_d = "
                                                                    "2; }, { id = 's'; "
                                                                    "from = @20; until = @22; "
                                                                    "origin = [ 'SG' ]; action = "
                                                                    "'deny'; " TO_JP "} );";

    (void)state;
    /* the line of day 22 is notified until day 24, at 0:00 of which the rule ends */
    check(text, 45, "13x10 6x0 5x10 8x0 90 10");
}

/* Seized: what is sent on days 10 to 14, each day with what was seized the day before, is gone. On
 * day 15 the ban ends, 60 are ordered. The buyer's company is listed 9.5 days after the first
 * seizure, on day 19 at 13:00: from the order of day 20 on it needs a licence. */
static void test_detour__seized_and_listed(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    with_trader(&f);
    play(&f, 40,
         "offices = ( { id = 'five'; review_d = 5; } );" DETOUR(
             "from = @10; extra_d = 6; seizure = 1; listing_d = 9.5;") "rules = ( " BAN("from = "
                                                                                        "@10; "
                                                                                        "until = "
                                                                                        "@15;") ", "
                                                                                                "{ "
                                                                                                "id"
                                                                                                " ="
                                                                                                " '"
                                                                                                "c'"
                                                                                                "; "
                                                                                                "fr"
                                                                                                "om"
                                                                                                " ="
                                                                                                " '"
                                                                                                "20"
                                                                                                "25"
                                                                                                "-0"
                                                                                                "1-"
                                                                                                "01"
                                                                                                "';"
                                                                                                " c"
                                                                                                "au"
                                                                                                "gh"
                                                                                                "t_"
                                                                                                "on"
                                                                                                "ly"
                                                                                                " ="
                                                                                                " t"
                                                                                                "ru"
                                                                                                "e;"
                                                                                                " a"
                                                                                                "ct"
                                                                                                "io"
                                                                                                "n "
                                                                                                "= "
                                                                                                "'l"
                                                                                                "ic"
                                                                                                "en"
                                                                                                "ce"
                                                                                                "';"
                                                                                                " o"
                                                                                                "ff"
                                                                                                "ic"
                                                                                                "e "
                                                                                                "= "
                                                                                                "'f"
                                                                                                "iv"
                                                                                                "e'"
                                                                                                "; "
                                                                                                "} "
                                                                                                ")"
                                                                                                ";",
         &r);
    border_assert(&r, "jp.shop~part", "13x10 5x0 60 4x10 5x0");
    border_assert(&r, "us.shop~part", "");
    FIX_NEAR(fix_at(&r, "seized", 0, 0, "CN>JP~part", NULL), 150, 0);
    FIX_NEAR(fix_at(&r, "detoured", 0, 0, "CN>JP~part", NULL), 150, 0);
    FIX_NEAR(fix_at(&r, "caught_first", 0, 0, "jp.shop", NULL), 19, 0);
    assert_true(isnan(fix_at(&r, "caught_first", 0, 0, "us.shop", NULL)));
    sim_result_free(&r);
    fix_free(&f);
}

/* A shop with stock for half a day loses 5 on day 14 and ten a day to day 30: all seized. */
static void test_detour__seized_goods_are_the_cause(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    with_trader(&f);
    fix_set(&f, MDL_STOCKS, "jp.shop", "S", "45");
    play(&f, 31,
         DETOUR("from = @10; extra_d = 6; seizure = 1;") "rules = ( " BAN(
             "from = @10;") ", { id = 'z'; from = @10; action = 'deny'; destination = [ 'SG' ]; "
                            "origin = [ 'US' ]; } "
                            ");",
         &r);
    FIX_NEAR(fix_at(&r, "loss_by_cause", 0, 0, "ban, seized, part", NULL), 16500, 1e-9);
    FIX_NEAR(fix_sum(&r, "loss_usd", 0, 0), 16500, 1e-9);
    sim_result_free(&r);
    fix_free(&f);
}

/* The ban of days 10 and 11 is followed by one for listed buyers, as this one is then. The rule by
 * which goods went round is the cause, not the first of the scenario. */
static void test_detour__seized_under_a_rule_for_listed_buyers(void **state)
{
    static const char text[] =
        "%srules = ( { id = 'a'; from = @5; action = 'tax'; rate = 0.1; " TO_JP
        "}, %s, { id = 'z'; from = @10; origin = [ 'CN' ]; caught_only = true; action = 'deny'; } "
        ");";
    struct fix f;
    struct sim_result r;
    double z;

    (void)state;
    with_trader(&f);
    fix_set(&f, MDL_STOCKS, "jp.shop", "S", "45");
    play(&f, 31,
         fix_format(&f, text, DETOUR("from = @10; extra_d = 6; seizure = 1; listing_d = 1;"),
                    BAN("from = @10; until = @12;")),
         &r);
    z = fix_at(&r, "loss_by_cause", 0, 0, "z, seized, part", NULL);
    assert_true(z > 0);
    FIX_NEAR(fix_at(&r, "loss_by_cause", 0, 0, "ban, seized, part", NULL) + z, 16500, 1e-9);
    FIX_NEAR(fix_sum(&r, "loss_usd", 0, 0), 16500, 1e-9);
    sim_result_free(&r);
    fix_free(&f);
}

/* A licence from SG to JP that takes longer than the run lasts holds all that goes round: the shop
 * loses 5 on day 14 and ten a day to day 30. */
static void test_detour__a_rule_of_a_leg_is_the_cause(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    with_trader(&f);
    fix_set(&f, MDL_STOCKS, "jp.shop", "S", "45");
    play(&f, 31,
         fix_format(&f,
                    "offices = ( { id = 'o'; review_d = 90; } ); %srules = ( %s, { id = 'l'; from "
                    "= @10; origin = [ 'SG' ]; action = 'licence'; office = 'o'; " TO_JP "} );",
                    DETOUR("from = @10; extra_d = 6;"), BAN("from = @10;")),
         &r);
    FIX_NEAR(fix_at(&r, "loss_by_cause", 0, 0, "l, licence pending, part", NULL), 16500, 1e-9);
    FIX_NEAR(fix_sum(&r, "loss_usd", 0, 0), 16500, 1e-9);
    sim_result_free(&r);
    fix_free(&f);
}

/* ---- undertakings ---- */

/* Parts come from CN to a store or a plant in JP, which ordered up to 300 and serves a civil market
 * of ten a day and a military one of five. An undertaking from day 10 on: what comes from 1:00 of
 * day 13 on is for civil use. 240 free parts are left then, and no civilian takes any: the military
 * gets five a day for 48 days, days 14 to 61. */
static void chain(struct fix *f, int plant)
{
    border(f);
    fix_table(f, MDL_SITES,
              "id,name,entity,country,tier,review_d,smooth_d,out_cover_d\n"
              "cn.src,Source,cn.co,CN,component,0,1,0\n"
              "jp.hub,Hub,jp.co,JP,vehicle,1,1,0\n"
              "jp.civ,Market,,JP,market,1,1,0\n"
              "jp.mil,Market,,JP,market,1,1,0\n");
    fix_add(f, MDL_PRODUCTS, "good,Good,vehicle,piece,1,500,1\n");
    if (plant) {
        fix_add(f, MDL_BOM, "build,output,good,1\nbuild,input,part,1\n");
        fix_add(f, MDL_PROCESSES, "p.hub,jp.hub,build\n");
    }
    fix_table(f, MDL_LANES, "from,to,product,share,transit_d\ncn.src,jp.hub,part,1,3\n");
    fix_add(f, MDL_LANES,
            fix_format(f, "jp.hub,jp.civ,%s,1,1\njp.hub,jp.mil,%s,1,1\n", plant ? "good" : "part",
                       plant ? "good" : "part"));
    fix_table(f, MDL_DEMAND, "site,product,end_use,rate_d,dist,patience_d\n");
    fix_add(f, MDL_DEMAND,
            fix_format(f, "jp.civ,%s,civil,10,constant,0\njp.mil,%s,military,5,constant,0\n",
                       plant ? "good" : "part", plant ? "good" : "part"));
    fix_table(f, MDL_STOCKS, "site,product,policy,S\njp.hub,part,base-stock,300\n");
    fix_add(f, MDL_STOCKS,
            fix_format(f, "jp.civ,%s,base-stock,2000\njp.mil,%s,base-stock,2000\n",
                       plant ? "good" : "part", plant ? "good" : "part"));
}

/* A ban on arms and two undertakings, the second of which changes nothing. */
#define UNDERTAKING                                                                                \
    "{ id = 'u'; from = @10; end_use = [ 'military' ]; undertaking = true; action = "              \
    "'deny'; " TO_JP "}, { id = 'v'; from = @40; end_use = [ 'military' ]; undertaking = true; "   \
    "action = 'deny'; " TO_JP "}"

static void test_undertaking__military_orders_get_free_stock_only(void **state)
{
    (void)state;
    for (int plant = 0; plant < 2; plant++) {
        struct fix f;
        struct sim_result r;

        chain(&f, plant);
        border_play(&f, 80, "rules = ( " UNDERTAKING " );", &r);
        border_assert_at(&r, plant ? "jp.civ~good" : "jp.civ~part", 10, "");
        border_assert_at(&r, plant ? "jp.mil~good" : "jp.mil~part", 5, "62x5 17x0");
        sim_result_free(&r);
        fix_free(&f);
    }
}

/* An undertaking that is asked for on days 10 to 19 only: 150 parts, which civilians use up by
 * day 28, while free ones come again from day 23 on. */
static void test_undertaking__is_for_what_passes_in_its_days(void **state)
{
    (void)state;
    for (int plant = 0; plant < 2; plant++) {
        struct fix f;
        struct sim_result r;

        chain(&f, plant);
        border_play(&f, 80,
                    "rules = ( { id = 'u'; from = @10; until = @20; end_use = [ 'military' ]; "
                    "undertaking = true; action = 'deny'; } );",
                    &r);
        border_assert_at(&r, plant ? "jp.civ~good" : "jp.civ~part", 10, "");
        border_assert_at(&r, plant ? "jp.mil~good" : "jp.mil~part", 5, "");
        sim_result_free(&r);
        fix_free(&f);
    }
}

/* ---- diversions ---- */

/* Free parts last until day 60; then the plant takes five a day of what was promised to civil use.
 */
static void divert(const char *text, int horizon_d, double used, double caught, double refused,
                   const char *mil)
{
    struct fix f;
    struct sim_result r;

    chain(&f, 1);
    border_play(&f, horizon_d, text, &r);
    border_assert_at(&r, "jp.mil~good", 5, mil);
    FIX_NEAR(fix_at(&r, "diverted_use", 0, 0, "jp.hub~part", NULL), used, 0);
    FIX_NEAR(fix_sum(&r, "diverted_use", 0, 0), used, 0);
    if (isnan(caught))
        assert_true(isnan(fix_at(&r, "caught_first", 0, 0, "jp.hub", NULL)));
    else
        FIX_NEAR(fix_at(&r, "caught_first", 0, 0, "jp.hub", NULL), caught, 0);
    FIX_NEAR(fix_at(&r, "refused", 0, 0, "jp.hub~part", NULL), refused, 0);
    sim_result_free(&r);
    fix_free(&f);
}

#define CAUGHT                                                                                     \
    ", { id = 'x'; from = @10; caught_only = true; action = 'deny'; " TO_JP                        \
    "}, { id = 'y'; from = @10; caught_only = true; action = 'tax'; rate = 1; destination = [ "    \
    "'US' ]; }"

static void test_diversion__is_not_found_out(void **state)
{
    (void)state;
    divert("diversions = ( { id = 'd'; from = @20; country = [ 'JP' ]; } ); rules = "
           "( " UNDERTAKING CAUGHT " );",
           71, 50, NAN, 0, "");
    divert("diversions = ( { id = 'd'; from = @20; until = @65; entity_list = 'jp.buyers'; } ); "
           "rules = ( " UNDERTAKING CAUGHT " );",
           80, 20, NAN, 0, "66x5 13x0");
    divert("diversions = ( { id = 'd'; from = @20; country = [ '!JP' ]; } ); rules = "
           "( " UNDERTAKING CAUGHT " );",
           80, 0, NAN, 0, "62x5 17x0");
    divert("diversions = ( { id = 'd'; from = @20; entity_list = 'us.buyers'; } ); rules = "
           "( " UNDERTAKING CAUGHT " );",
           80, 0, NAN, 0, "62x5 17x0");
}

/* Found out on the first day, day 61, it stops. Ten days later, on day 71 at 0:00, its suppliers
 * know: the order of that day is refused, the next would be placed after 30 days. It is for 15, as
 * the plant wants parts for the starts that it misses. */
static void test_diversion__found_out_is_listed(void **state)
{
    (void)state;
    divert("diversions = ( { id = 'd'; from = @20; caught = 1; listing_d = 10; } ); rules = "
           "( " UNDERTAKING CAUGHT " );",
           90, 5, 71, 15, "63x5 26x0");
    divert("diversions = ( { id = 'd'; from = @20; caught = 1; listing_d = 10; } ); rules = "
           "( " UNDERTAKING " );",
           90, 5, 71, 0, "63x5 26x0");
}

/* Of two for the same plant one ends on day 63, before which it takes ten, and the other begins on
 * day 65: it takes five and makes up for the ten of days 63 and 64, whose orders are served from
 * goods in stock, is found out and stops. The order of day 70 is refused. */
static void test_diversion__each_acts_in_its_dates(void **state)
{
    (void)state;
    divert("diversions = ( { id = 'd'; from = @20; until = @63; }, { id = 'e'; from = @65; until = "
           "@68; caught = 1; listing_d = 5; } ); rules = ( " UNDERTAKING CAUGHT " );",
           71, 25, 70, 15, "64x5 0 10 5 3x0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_detour__in_its_days),
        cmocka_unit_test(test_detour__only_if_the_scenario_says_so),
        cmocka_unit_test(test_detour__a_share_of_lines_tries_it),
        cmocka_unit_test(test_detour__meets_the_rules_of_both_legs),
        cmocka_unit_test(test_detour__seized_and_listed),
        cmocka_unit_test(test_detour__seized_goods_are_the_cause),
        cmocka_unit_test(test_detour__seized_under_a_rule_for_listed_buyers),
        cmocka_unit_test(test_detour__a_rule_of_a_leg_is_the_cause),
        cmocka_unit_test(test_undertaking__military_orders_get_free_stock_only),
        cmocka_unit_test(test_undertaking__is_for_what_passes_in_its_days),
        cmocka_unit_test(test_diversion__is_not_found_out),
        cmocka_unit_test(test_diversion__found_out_is_listed),
        cmocka_unit_test(test_diversion__each_acts_in_its_dates)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
