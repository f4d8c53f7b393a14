#include "tests/models/border.h"

/* Offices: desks, priorities, working days, staff that changes, returned papers, and what becomes
 * of a queue when rules change. Both shops need a licence in most of them, so that two lines a day
 * wait. border.h says when what happens. */

#define TO_JP " destination = [ 'JP' ]; "
#define LICENCE(office) "action = 'licence'; office = '" office "'; "

/* ---- priorities ---- */

/* One desk, a day for a line, two lines a day: the desk takes JP's of day 10 first, as it is free
 * then, and after that only those of US, a day after they came. On day 20 there are desks for all:
 * JP's of days 11 to 19 are reviewed, and the line of US of day 19. */
static void test_priority__by_destination_company_and_goods(void **state)
{
    static const char *const priority[] = {
        "{ id = 'us'; rank = 0; destination = [ 'US' ]; }",
        "{ id = 'us'; rank = 0; destination = [ '!JP' ]; }, { id = 'all'; rank = 1; }",
        "{ id = 'us'; rank = 7; entity_list = 'us.buyers'; }, { id = 'all'; rank = 8; list = "
        "'parts'; }",
        "{ id = 'jp'; rank = 101; destination = [ 'JP' ]; }",
        "{ id = 'b'; rank = 99; entity_list = 'us.buyers'; }, { id = 'a'; rank = 100; destination "
        "= [ 'JP' ]; }",
        "{ id = 'jp'; rank = 200; entity_list = 'jp.buyers'; }, { id = 'us'; rank = 150; "
        "destination = [ 'US' ]; list = 'parts'; }"};

    (void)state;
    for (size_t i = 0; i < sizeof priority / sizeof *priority; i++) {
        struct fix f;
        struct sim_result r;

        border(&f);
        border_play(&f, 40,
                    fix_format(&f,
                               "offices = ( { id = 'o'; reviewers = 1; review_d = 1; priority = ( "
                               "%s ); staffing = ( { id = 's'; from = @20; reviewers = 0; } ); } "
                               "); rules = ( { id = 'a'; from = @10; " LICENCE("o") "} );",
                               priority[i]),
                    &r);
        border_assert(&r, "jp.shop~part", "13x10 0 10 9x0 100");
        border_assert(&r, "us.shop~part", "13x10 2x0 9x10 20");
        sim_result_free(&r);
        fix_free(&f);
    }
}

/* The same desk without priorities, and with entries that give both the same rank: lines in the
 * order in which they came. JP's of days 10 to 14 are decided on days 11, 13, 15, 17 and 19, US's
 * of days 10 to 14 a day later; the rest begins on day 20. */
static void test_priority__none_is_first_come_first_served(void **state)
{
    static const char *const priority[] = {"", "{ id = 'all'; rank = 3; }",
                                           "{ id = 'all'; rank = 300; list = 'parts'; }"};

    (void)state;
    for (size_t i = 0; i < sizeof priority / sizeof *priority; i++) {
        struct fix f;
        struct sim_result r;

        border(&f);
        border_play(&f, 40,
                    fix_format(&f,
                               "offices = ( { id = 'o'; reviewers = 1; review_d = 1; priority = ( "
                               "%s ); staffing = ( { id = 's'; from = @20; reviewers = 0; } ); } "
                               "); rules = ( { id = 'a'; from = @10; " LICENCE("o") "} );",
                               priority[i]),
                    &r);
        border_assert(&r, "jp.shop~part", "13x10 0 10 0 10 0 10 0 10 0 10 0 60");
        border_assert(&r, "us.shop~part", "13x10 2x0 10 0 10 0 10 0 10 0 10 60");
        sim_result_free(&r);
        fix_free(&f);
    }
}

/* ---- working days ---- */

/* Day 10 is a Sunday, Monday day 11 a holiday. A working day for a line from day 5 on: that of
 * Friday, day 8, is decided on Tuesday at 2:00, those of days 9 to 11 on Wednesday at 0:00, with
 * that of Tuesday; the next week that of Friday on Monday, those of the weekend on Tuesday at 0:00.
 * It is the same for a limit of one working day. */
static void test_working_days__of_reviews_and_limits(void **state)
{
    static const char *const office[] = {"review_d = 1;", "review_d = 50; limit_d = 1;"};

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct fix f;
        struct sim_result r;

        border(&f);
        fix_table(&f, MDL_CALENDARS, "country,date,working\nCN,2026-01-12,0\nJP,2026-01-13,0\n");
        border_play(&f, 31,
                    fix_format(&f,
                               "offices = ( { id = 'o'; country = 'CN'; working_days = true; %s }, "
                               "{ id = 'p'; review_d = 1; } ); rules = ( { id = 'a'; from = "
                               "@5; " LICENCE("o") TO_JP "}, { id = 'b'; from = @5; " LICENCE("p")
                                   TO_JP "} );",
                               office[i]),
                    &r);
        border_assert(&r, "jp.shop~part", "8x10 0 3x10 3x0 10 40 2x10 2x0 10 30 3x10 2x0 10 30");
        border_assert(&r, "us.shop~part", "");
        sim_result_free(&r);
        fix_free(&f);
    }
}

/* ---- staff ---- */

/* Four days for a line; two from day 20, one from day 25 on: a review that has begun goes on as it
 * was. */
static void test_staffing__a_new_speed_is_for_new_reviews(void **state)
{
    (void)state;
    border_check("offices = ( { id = 'o'; review_d = 4; staffing = ( { id = 's'; from = @20; speed "
                 "= 2; }, { id = 't'; from = @25; speed = 4; } ); } ); rules = ( { id = 'a'; from "
                 "= @10; " LICENCE("o") TO_JP "}, { id = 'b'; from = @10; " LICENCE("o") TO_JP
                 "} );",
                 45, "13x10 4x0 8x10 2x20 2x10 20");
}

/* Desks for all, one from day 20 on, for all from day 29 on. On day 20 four lines are under review:
 * that of day 20 begins when the last of them is done, on day 23, that of day 21 four days later.
 * Those of days 22 to 28 begin on day 29. */
static void test_staffing__fewer_desks_and_more(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    border_play(&f, 45,
                "offices = ( { id = 'o'; review_d = 4; staffing = ( { id = 's'; from = @20; "
                "reviewers = 1; }, { id = 't'; from = @25; speed = 1; }, { id = 'u'; from = @29; "
                "reviewers = 0; } ); } ); rules = ( { id = 'a'; from = @10; " LICENCE("o") TO_JP
                "} );",
                &r);
    border_assert(&r, "jp.shop~part", "13x10 4x0 10x10 3x0 10 3x0 10 0 80");
    border_assert(&r, "us.shop~part", "");
    /* days 20 and 21 wait three and six days, days 22 to 28 until day 29 at 0:00, 26 others not */
    FIX_NEAR(fix_at(&r, "queue_wait", 0, 0, "o", NULL),
             (3 + 6 + (7 + 6 + 5 + 4 + 3 + 2 + 1) - 7 * 2.0 / 24) / 35, 1e-9);
    sim_result_free(&r);
    fix_free(&f);
}

/* ---- returned papers ---- */

/* Half of the reviews end with papers returned, for two days: a line has 1 return in the mean, with
 * variance 2, and each takes three days more. Of 560 lines of two rules the standard error of the
 * mean is 0.06; at 4 of them a right program fails with probability 0.01 % for a seed. */
static void test_return__papers_come_again_and_queue(void **state)
{
    struct fix f;
    struct sim_result r;
    double returned, decided, days;

    (void)state;
    border(&f);
    border_play(
        &f, 300,
        "offices = ( { id = 'o'; review_d = 1; return_share = 0.5; return_d = 2; } ); rules "
        "= ( { id = 'a'; from = '2025-01-01'; " LICENCE("o") TO_JP
        "}, { id = 'b'; from = '2025-01-01'; until = @280; " LICENCE("o") TO_JP "} );",
        &r);
    returned = fix_sum(&r, "returned", 0, 0);
    decided = fix_sum(&r, "granted", 0, 0);
    days = fix_sum(&r, "review_days", 0, 0);
    assert_true(decided > 560);
    FIX_NEAR(returned / decided, 1, 0.24);
    /* but for lines that are with the office on the first and the last day */
    FIX_NEAR(days, decided + 3 * returned, 100);
    FIX_NEAR(remainder(days - decided, 3), 0, 1e-6);
    sim_result_free(&r);
    fix_free(&f);
}

/* ---- queues and changes of rules ---- */

/* One desk and two lines a day from day 10. On day 20 another rule takes the place of the first:
 * lines that wait, US's of day 14 to US's of day 19, apply anew in their order; the desk ends what
 * it has at 2:00 and begins with US's of day 14 again. On day 25 there are desks for all. */
static void test_backlog__goes_over_to_the_rule_that_follows(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    border_play(
        &f, 45,
        "offices = ( { id = 'o'; reviewers = 1; review_d = 1; staffing = ( { id = 's'; from "
        "= @25; reviewers = 0; } ); } ); rules = ( { id = 'a'; from = @10; until = @20; " LICENCE(
            "o") "}, { id = 'b'; from = @20; " LICENCE("o") "} );",
        &r);
    border_assert(&r, "jp.shop~part", "13x10 0 10 0 10 0 10 0 10 0 10 2x0 10 0 10 0 90");
    border_assert(&r, "us.shop~part", "13x10 2x0 10 0 10 0 10 0 10 2x0 10 0 10 0 10 90");
    FIX_NEAR(fix_at(&r, "applied", 0, 0, "o", "0"), 20 + 11 + 22, 0);
    FIX_NEAR(fix_at(&r, "granted", 0, 0, "o", "0"), 53 - 11 - 2, 0); /* of day 30 later */
    sim_result_free(&r);
    fix_free(&f);
}

/* Two rules that take for ever. The first rests on days 20 to 24 and ends on day 30, the second
 * rests on days 18 to 22 and ends on day 28. On day 20 lines of days 10 to 19 leave, on day 30
 * those of days 23 to 29. Nothing is left at the offices. */
static void test_backlog__is_let_go_when_rules_rest_and_end(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    border_play(&f, 40,
                "offices = ( { id = 'o'; reviewers = 2; review_d = 1000; }, { id = 'p'; review_d = "
                "1000; } ); rules = ( { id = 'a'; from = @10; until = @30; suspended_from = @20; "
                "suspended_until = @25; " LICENCE("o") TO_JP
                "}, { id = 'b'; from = @12; until = @28; suspended_from = @18; suspended_until = "
                "@23; " LICENCE("p") TO_JP "} );",
                &r);
    border_assert(&r, "jp.shop~part", "13x10 9x0 100 3x10 6x0 70");
    border_assert(&r, "us.shop~part", "");
    FIX_NEAR(fix_at(&r, "applied", 0, 0, "o", "0"), 10 + 7, 0);
    FIX_NEAR(fix_at(&r, "applied", 0, 0, "p", "0"), 8 + 5, 0);
    FIX_NEAR(fix_sum(&r, "granted", 0, 0), 0, 0);
    FIX_NEAR(fix_sum(&r, "refused_licences", 0, 0), 0, 0);
    FIX_NEAR(fix_sum(&r, "waiting", 0, 0), 0, 0);
    FIX_NEAR(fix_at(&r, "office_backlog", 0, 0, "o", "0"), 0, 0);
    FIX_NEAR(fix_at(&r, "office_backlog", 0, 0, "p", "0"), 0, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* What waits at the end of January, and at the end of the run, if the first rule never ends. */
static void test_backlog__at_the_end_of_a_month(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    border_play(
        &f, 40,
        "offices = ( { id = 'o'; review_d = 1000; }, { id = 'p'; review_d = 5; } ); rules = "
        "( { id = 'a'; from = @10; " LICENCE("o") TO_JP "}, { id = 'b'; from = @10; until "
                                                        "= @35; " LICENCE("p") TO_JP "} );",
        &r);
    FIX_NEAR(fix_at(&r, "office_backlog", 0, 0, "o", "0"), 21, 0); /* days 10 to 30 */
    FIX_NEAR(fix_at(&r, "office_backlog", 0, 0, "p", "0"), 5, 0);  /* days 26 to 30 */
    FIX_NEAR(fix_at(&r, "waiting", 0, 0, "o", NULL), 30, 0);
    FIX_NEAR(fix_at(&r, "waiting", 0, 0, "p", NULL), 0, 0);
    sim_result_free(&r);
    fix_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_priority__by_destination_company_and_goods),
        cmocka_unit_test(test_priority__none_is_first_come_first_served),
        cmocka_unit_test(test_working_days__of_reviews_and_limits),
        cmocka_unit_test(test_staffing__a_new_speed_is_for_new_reviews),
        cmocka_unit_test(test_staffing__fewer_desks_and_more),
        cmocka_unit_test(test_return__papers_come_again_and_queue),
        cmocka_unit_test(test_backlog__goes_over_to_the_rule_that_follows),
        cmocka_unit_test(test_backlog__is_let_go_when_rules_rest_and_end),
        cmocka_unit_test(test_backlog__at_the_end_of_a_month)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
