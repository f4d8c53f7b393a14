#include "tests/models/border.h"

/* Licences of one order line: limits, refusals, validity, when they are asked for, general ones,
 * days of grace; two rules at once. border.h says when what happens. */

#define TO_JP " destination = [ 'JP' ]; "
#define OFFICES                                                                                    \
    "offices = ( { id = 'two'; review_d = 2; }, { id = 'three'; review_d = 3; }, { id = 'five'; "  \
    "review_d = 5; }, { id = 'eight'; review_d = 8; } );"
#define LICENCE(office) "action = 'licence'; office = '" office "';" TO_JP

/* ---- limits and refusals ---- */

/* Reviews take fifty days, but the first rule wants an answer in five, the office in eight. The
 * second rule is in force on days 20 to 29: lines of days 15 to 20 wait for the eight days, that of
 * day 21 to 29; lines of days 22 to 24 are through with the first rule when the second ends on
 * day 30. */
static void test_limit__of_the_rule_and_of_the_office(void **state)
{
    (void)state;
    border_check("offices = ( { id = 'o'; review_d = 50; limit_d = 8; } ); rules = ( { id = 'a'; "
                 "from = @10; limit_d = 5; " LICENCE(
                     "o") "}, { id = 'b'; from = @20; until = @30; " LICENCE("o") "} );",
                 50, "13x10 5x0 5x10 8x0 60 40");
}

/* The limit decides as the review would have: it refuses at once what a review of fifty days would
 * refuse. The order of day 10 is refused on day 15; those of days 11 to 14 follow. On day 20 both
 * rules end: that of day 15 is free, 100 are ordered. */
static void test_limit__refuses_what_would_have_been_refused(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    border_play(&f, 45,
                "offices = ( { id = 'o'; review_d = 50; limit_d = 8; } ); rules = ( { id = 'a'; "
                "from = @10; until = @20; limit_d = 5; approval = 0; " LICENCE(
                    "o") "}, { id = 'b'; from = @10; until = @20; " LICENCE("o") "} );",
                &r);
    border_assert(&r, "jp.shop~part", "13x10 9x0 10 100");
    FIX_NEAR(fix_at(&r, "refused", 0, 0, "jp.shop~part", NULL), 50, 0);
    FIX_NEAR(fix_at(&r, "refused_licences", 0, 0, "o", "0"), 5, 0);
    FIX_NEAR(fix_at(&r, "review_days", 0, 0, "o", "0"), 25, 1e-9);
    FIX_NEAR(fix_at(&r, "waiting", 0, 0, "o", NULL), 0, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* The first rule grants all after five days, the second, on days 20 to 28, refuses all after eight.
 * On day 28 lines of days 15 to 20 are refused; on day 29 those of days 21 to 23 are free, 70 are
 * ordered and licensed by the first. */
static void test_approval__one_rule_grants_all_and_one_nothing(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    border_play(
        &f, 50,
        OFFICES "rules = ( { id = 'a'; from = @10; approval = 1; " LICENCE(
            "five") "}, { id = 'b'; from = @20; until = @29; approval = 0; " LICENCE("eight") "} "
                                                                                              ");",
        &r);
    border_assert(&r, "jp.shop~part", "13x10 5x0 5x10 8x0 30 5x10 70");
    border_assert(&r, "us.shop~part", "");
    FIX_NEAR(fix_at(&r, "refused", 0, 0, "jp.shop~part", NULL), 60, 0);
    FIX_NEAR(fix_at(&r, "applied", 0, 0, "eight", "0"), 14, 0); /* lines of days 15 to 28 */
    FIX_NEAR(fix_at(&r, "granted", 0, 0, "eight", "0"), 0, 0);
    FIX_NEAR(fix_at(&r, "refused_licences", 0, 0, "eight", "0"), 6, 0);
    FIX_NEAR(fix_at(&r, "waiting", 0, 0, "eight", NULL), 0, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* A refusal after three days ends the line, and what it asked for elsewhere is taken back. */
static void test_approval__a_refusal_takes_the_other_application_back(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    border_play(&f, 45,
                OFFICES "rules = ( { id = 'a'; from = @10; until = @20; approval = 0; " LICENCE(
                    "three") "}, { id = 'b'; from = @10; until = @20; " LICENCE("eight") "} );",
                &r);
    border_assert(&r, "jp.shop~part", "13x10 10x0 110");
    FIX_NEAR(fix_at(&r, "refused", 0, 0, "jp.shop~part", NULL), 40, 0); /* days 10 to 13 */
    FIX_NEAR(fix_at(&r, "refused_licences", 0, 0, "three", "0"), 4, 0);
    FIX_NEAR(fix_at(&r, "applied", 0, 0, "eight", "0"), 4, 0);
    FIX_NEAR(fix_at(&r, "granted", 0, 0, "eight", "0"), 0, 0);
    FIX_NEAR(fix_at(&r, "refused_licences", 0, 0, "eight", "0"), 0, 0);
    FIX_NEAR(fix_at(&r, "waiting", 0, 0, "eight", NULL), 0, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* ---- validity ---- */

/* Licensed after five days and inspected for two more: good for two days the licence has just
 * ended, and is applied for again; good for three it has not. */
static void test_validity__ends_during_an_inspection(void **state)
{
    static const char rules[] =
        OFFICES "rules = ( { id = 'i'; from = @10; action = 'inspect'; delay_d = 2; " TO_JP
                "}, { id = 'l'; from = @10; validity_d = %s; " LICENCE("five") "} );";
    struct fix f = {0};

    (void)state;
    border_check(fix_format(&f, rules, "3"), 45, "13x10 7x0");
    border_check(fix_format(&f, rules, "2"), 45, "13x10 12x0");
    fix_free(&f);
}

/* Two licences, after five and after eight days. Good for three days the first has ended when the
 * second comes, on the eighth day, and comes again on the thirteenth: the second must be good for
 * six days then. Good for five, it has ended in its turn: it comes again eight days later, when the
 * first has ended once more; and so on for ever. */
static void test_validity__of_two_licences(void **state)
{
    static const char rules[] =
        OFFICES "rules = ( { id = 'a'; from = @10; validity_d = %s; " LICENCE(
            "five") "}, { id = 'b'; from = @10; validity_d = %s; " LICENCE("eight") "} );";
    struct fix f = {0};

    (void)state;
    border_check(fix_format(&f, rules, "4", "1"), 45, "13x10 8x0");
    border_check(fix_format(&f, rules, "3", "6"), 45, "13x10 13x0");
    border_check(fix_format(&f, rules, "3", "5"), 45, "13x10 31x0");
    fix_free(&f);
}

/* ---- when it is asked for ---- */

/* Goods are ready four days after their order. Five days for the licence that is asked for with the
 * order; two for the one that is asked for when goods are ready, from day 20 to 29. On day 10 lines
 * of days 6 to 9 are not ready: they apply then, and leave with that of day 10. On day 20 the goods
 * of day 15 are ready, those of days 16 to 19 are not; on day 30 those of day 24 are let go, those
 * of day 25 wait for the first licence until 3:00. */
static void test_apply_at__the_order_and_when_goods_are_ready(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    fix_set_at(&f, MDL_LANES, 0, "order_d", "4");
    fix_set_at(&f, MDL_LANES, 1, "order_d", "0");
    border_play(&f, 50,
                OFFICES "rules = ( { id = 'a'; from = @10; " LICENCE(
                    "five") "}, { id = 'b'; from = @20; until = "
                            "@30; apply_at = 'ready'; " LICENCE("two") "} );",
                &r);
    border_assert(&r, "jp.shop~part", "13x10 5x0 50 4x10 2x0 20 6x10 20");
    border_assert(&r, "us.shop~part", "");
    sim_result_free(&r);
    fix_free(&f);
}

/* Papers of the end user take four days before an office that takes five; another office takes
 * eight at once. On day 20 the first rule ends: lines of days 10 and 11 have the second licence,
 * those of days 16 to 19 have not filed with the first, and never will. */
static void test_file_d__and_a_slower_office(void **state)
{
    static const char rules[] =
        OFFICES "rules = ( { id = 'a'; from = @10; until = @20; file_d = 4; " LICENCE(
            "five") "}, { id = 'b'; from = @10; " LICENCE("eight") "} );";

    (void)state;
    border_check(rules, 45, "13x10 9x0 20");
}

static void test_file_d__what_is_needed_no_more_is_never_filed(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    border_play(&f, 45,
                OFFICES "rules = ( { id = 'a'; from = @10; until = @20; file_d = 4; " LICENCE(
                    "five") "}, { id = 'b'; from = @10; " LICENCE("eight") "} );",
                &r);
    FIX_NEAR(fix_at(&r, "applied", 0, 0, "five", "0"), 6, 0); /* lines of days 10 to 15 */
    FIX_NEAR(fix_at(&r, "granted", 0, 0, "five", "0"), 1, 0); /* of day 10, on day 19 */
    sim_result_free(&r);
    fix_free(&f);
}

/* What stands at the source at the end of a day, beyond what stands there without rules. */
static double held(struct fix *f, const char *rules, const char *day)
{
    struct sim_result r;
    double q;

    border_scenario(f, "none", 40, "");
    border_scenario(f, "s", 40, rules);
    fix_play(f, 1, &r);
    f->n_cfg = 0;
    q = fix_at(&r, "day_stock", 1, 0, "cn.src~part", day) -
        fix_at(&r, "day_stock", 0, 0, "cn.src~part", day);
    sim_result_free(&r);
    return q;
}

/* What stands at the source at the end of the days: with make_at = licence nothing is made before
 * day 5 of an order; from day 20 on it then waits for a second licence until its eighth day. Lines
 * of days 15 to 19 are made on days 20 to 24 and leave on day 28 with that of day 20. */
static void test_make_at__the_licence(void **state)
{
    static const char rules[] =
        OFFICES "rules = ( { id = 'a'; from = @10; make_at = 'licence'; " LICENCE(
            "five") "}, { id = 'b'; from = @20; make_at = 'order'; " LICENCE("eight") "} );";
    static const struct {
        const char *day;
        double stock;
    } at[] = {{"15", 0},  {"20", 0},  {"21", 10}, {"22", 20}, {"25", 50},
              {"26", 60}, {"28", 80}, {"29", 30}, {"39", 30}};

    (void)state;
    border_check(rules, 40, "13x10 5x0 5x10 8x0 60");
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        struct fix f;

        border(&f);
        FIX_NEAR(held(&f, rules, at[i].day), at[i].stock, 1); /* whole pieces */
        fix_free(&f);
    }
}

/* Made to the order: eight lines stand there; made when the first licence is there, three; when the
 * second is there, none. One of two rules is enough to put it off. */
static void test_make_at__one_of_two_rules_is_enough(void **state)
{
    static const char *const make[][2] = {
        {"order", "order"}, {"licence", "order"}, {"order", "licence"}, {"licence", "licence"}};
    static const double stock[] = {80, 30, 0, 0};

    (void)state;
    for (int i = 0; i < 4; i++) {
        struct fix f;
        const char *rules;

        border(&f);
        rules = fix_format(
            &f,
            OFFICES "rules = ( { id = 'a'; from = @10; make_at = '%s'; " LICENCE(
                "five") "}, { id = 'b'; from = @10; make_at = '%s'; " LICENCE("eight") "} );",
            make[i][0], make[i][1]);
        FIX_NEAR(held(&f, rules, "30"), stock[i], 1);
        border_check(rules, 40, "13x10 8x0");
        fix_free(&f);
    }
}

/* ---- general licences ---- */

/* Buyers on a list are free of the first rule on days 20 to 29, all goods of the maker of the
 * second on days 22 to 26; that rule ends on day 29. On day 22 lines of days 14 to 21 leave, that
 * of day 13 has just been licensed. Lines of days 27 and 28 need the second again, until day 29.
 * From day 30 on the first is needed again. */
static void test_general__by_two_lists(void **state)
{
    (void)state;
    border_check(
        OFFICES
        "rules = ( { id = 'a'; from = @10; general_from = @20; general_list = "
        "'jp.buyers'; general_d = 10; " LICENCE(
            "five") "}, { id = 'b'; from = @10; until = @29; general_from = @22; general_list "
                    "= 'makers'; general_d = 5; " LICENCE("eight") "} );",
        50, "13x10 8x0 3x10 90 5x10 0 20 10 5x0");
}

/* Those of others are no help. */
static void test_general__is_for_those_on_the_list(void **state)
{
    (void)state;
    border_check(OFFICES
                 "rules = ( { id = 'a'; from = @10; general_from = @20; general_list = "
                 "'us.buyers'; general_d = 10; " LICENCE(
                     "five") "}, { id = 'b'; from = @10; general_from = @20; general_list = "
                             "'us.buyers'; " LICENCE("three") "} );",
                 45, "13x10 5x0");
}

/* Settled rules, with general licences from before the beginning: that of the first ends with
 * day 9, that of the second with day 19. The first rule ends on day 17. */
static void test_general__from_before_the_start_ends_on_its_day(void **state)
{
    (void)state;
    border_check(OFFICES
                 "rules = ( { id = 'a'; from = '2025-01-01'; until = @17; general_from = "
                 "'2025-12-01'; "
                 "general_list = 'jp.buyers'; general_d = 41; " LICENCE(
                     "five") "}, { id = 'b'; from = '2025-01-01'; general_from = '2025-12-02'; "
                             "general_list = 'makers'; general_d = 50; " LICENCE("eight") "} );",
                 50, "13x10 5x0 10 60 3x10 8x0");
}

/* The third licence, on day 17 at 3:00, brings a general one for ten days, to a pair that has
 * earned it: both shops do, each for itself. Lines of days 13 to 17 leave with that of day 12.
 * Those of days 27 to 29 are licensed one by one; with the third those of days 30 to 34 leave. */
static void test_general__after_three_licences_of_a_pair(void **state)
{
    static const char came[] = "13x10 5x0 2x10 60 9x10 5x0 2x10 60 9x10 5x0 2x10 60";
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    border_play(&f, 60,
                OFFICES "rules = ( { id = 'a'; from = @10; general_after = 3; general_d = 10; "
                        "action = 'licence'; office = 'five'; } );",
                &r);
    border_assert(&r, "jp.shop~part", came);
    border_assert(&r, "us.shop~part", came);
    sim_result_free(&r);
    fix_free(&f);
}

/* Beside it a rule that takes two days and grants nothing general. Lines of days 25 and 26 get that
 * licence on days 27 and 28, when the general one has ended: they apply after all. Day 28's is the
 * third licence, on day 33: lines of days 26 and 29 to 31 leave. */
static void test_general__earned_under_one_of_two_rules(void **state)
{
    (void)state;
    border_check(OFFICES
                 "rules = ( { id = 'a'; from = @10; general_after = 3; general_d = 10; " LICENCE(
                     "five") "}, { id = 'b'; from = @10; " LICENCE("two") "} );",
                 45, "13x10 5x0 2x10 40 9x10 5x0 20 50 4x10");
}

/* ---- days of grace ---- */

#define NOTICE "{ id = 'n'; from = '2025-01-01'; action = 'notify'; delay_d = 6;" TO_JP "},"

/* Goods leave six days after their order. A ban from day 20 on lets what was ordered before pass
 * for three days: lines of days 14 to 16; those of days 17 to 19 are refused on day 23. When it is
 * over on day 25, 90 are ordered. */
static void test_grace__of_a_ban(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    border_play(&f, 45,
                "rules = ( " NOTICE
                "{ id = 'ban'; from = @20; until = @25; grace_d = 3; action = 'deny';" TO_JP "} );",
                &r);
    border_assert(&r, "jp.shop~part", "26x10 8x0 90");
    FIX_NEAR(fix_at(&r, "refused", 0, 0, "jp.shop~part", NULL), 40, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* Two licences from day 20 on, with three days of grace and with five or six. Lines of days 14
 * to 16 pass. Those of days 17 to 19 have the first on day 25: it is the sixth day, and they need
 * the second or not. */
static void test_grace__of_two_licences(void **state)
{
    static const char rules[] =
        OFFICES "rules = ( " NOTICE "{ id = 'a'; from = @20; grace_d = 3; " LICENCE(
            "five") "}, { id = 'b'; from = @20; grace_d = %d; " LICENCE("eight") "} );";
    struct fix f = {0};

    (void)state;
    border_check(fix_format(&f, rules, 5), 45, "26x10 5x0 40");
    border_check(fix_format(&f, rules, 6), 45, "26x10 2x0 30 2x0");
    fix_free(&f);
}

/* Each line needs a licence for two days and a paper that takes four: every one that was granted is
 * asked for again, and the second answer has nothing to do with the first. Half of them twice lets
 * a quarter pass. Error rate: of 365 lines 65 % or less are refused with a chance under 0.01 %. */
static void test_approval__of_a_second_application_is_drawn_anew(void **state)
{
    struct fix f;
    struct sim_result r;
    double refused, received;

    (void)state;
    border(&f);
    border_play(&f, 365,
                "retry_d = 1; offices = ( { id = 'o'; review_d = 1; approval = 0.5; } ); "
                "rules = ( { id = 'l'; from = @10; validity_d = 2; action = 'licence'; office = "
                "'o'; " TO_JP "}, { id = 'm'; from = @10; action = 'licence'; office = 'o'; "
                "review_d = 4; approval = 1; " TO_JP "} );",
                &r);
    refused = fix_at(&r, "refused", 0, 0, "jp.shop~part", NULL);
    received = fix_at(&r, "received", 0, 0, "jp.shop~part", NULL);
    assert_true(refused > 0.65 * (refused + received));
    assert_true(refused < 0.85 * (refused + received));
    sim_result_free(&r);
    fix_free(&f);
}

/* A source that makes twelve a day works at an order of 400. What is held for it leaves when the
 * rule ends, not when the order is complete. */
static void test_licence__that_is_needed_no_more_frees_an_order_filled_in_part(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    fix_table(&f, MDL_SITES,
              "id,name,entity,country,tier,review_d,smooth_d\n"
              "cn.src,Source,cn.co,CN,component,1,1\njp.shop,Shop,jp.co,JP,market,1,1\n");
    fix_table(&f, MDL_PROCESSES, "id,site,recipe,capacity_d\np.src,cn.src,make,12\n");
    fix_table(&f, MDL_LANES, "from,to,product,share,transit_d\ncn.src,jp.shop,part,1,3\n");
    fix_table(&f, MDL_DEMAND, "site,product,rate_d,dist,patience_d\njp.shop,part,10,constant,0\n");
    fix_table(&f, MDL_STOCKS, "site,product,policy,r,Q\njp.shop,part,rQ,400,400\n");
    border_play(
        &f, 24,
        "offices = ( { id = 'o'; review_d = 500; } ); rules = ( { id = 'l'; from = @1; until "
        "= @20; action = 'licence'; office = 'o'; " TO_JP "} );",
        &r);
    /* before the ban, and what was made on 19 days */
    FIX_NEAR(fix_at(&r, "received", 0, 0, "jp.shop~part", NULL), 104 + 19 * 12, 0);
    sim_result_free(&r);
    fix_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_limit__of_the_rule_and_of_the_office),
        cmocka_unit_test(test_limit__refuses_what_would_have_been_refused),
        cmocka_unit_test(test_approval__one_rule_grants_all_and_one_nothing),
        cmocka_unit_test(test_approval__a_refusal_takes_the_other_application_back),
        cmocka_unit_test(test_approval__of_a_second_application_is_drawn_anew),
        cmocka_unit_test(test_licence__that_is_needed_no_more_frees_an_order_filled_in_part),
        cmocka_unit_test(test_validity__ends_during_an_inspection),
        cmocka_unit_test(test_validity__of_two_licences),
        cmocka_unit_test(test_apply_at__the_order_and_when_goods_are_ready),
        cmocka_unit_test(test_file_d__and_a_slower_office),
        cmocka_unit_test(test_file_d__what_is_needed_no_more_is_never_filed),
        cmocka_unit_test(test_make_at__the_licence),
        cmocka_unit_test(test_make_at__one_of_two_rules_is_enough),
        cmocka_unit_test(test_general__by_two_lists),
        cmocka_unit_test(test_general__is_for_those_on_the_list),
        cmocka_unit_test(test_general__from_before_the_start_ends_on_its_day),
        cmocka_unit_test(test_general__after_three_licences_of_a_pair),
        cmocka_unit_test(test_general__earned_under_one_of_two_rules),
        cmocka_unit_test(test_grace__of_a_ban),
        cmocka_unit_test(test_grace__of_two_licences)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
