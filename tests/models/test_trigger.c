#include "tests/models/shop.h"

/* Shocks after a trigger. The shop of shop.h sells 10 a day; orders come four days later, so 160
 * are on its shelf after the customers of a day. Its source stands from day 10 to day 39: the shelf
 * is 160 - 10 (d - 13) after day d >= 13, and empty after day 29. What a day's reports say acts on
 * the next day at the earliest. */

static const char part[] = "jp.shop~part~civil";

#define DOWN                                                                                       \
    "{ id = \"k\"; kind = \"down\"; site = [ \"cn.src\" ]; from = \"2026-01-11\"; days = 30; }"
#define WATCH "id = \"low\"; site = [ \"jp.shop\" ]; "
#define HALF                                                                                       \
    "id = \"t\"; kind = \"demand\"; site = [ \"jp.shop\" ]; factor = 0.5; days = 10; after = "     \
    "\"low\"; "

static void run_shop(struct fix *f, const char *trigger, const char *shock, const char *more,
                     struct sim_result *r)
{
    shop(f);
    fix_set(f, MDL_SITES, "cn.src", "out_cover_d", "0");
    play(f, "warm_up_d = 20; horizon_d = 60;",
         fix_format(f, "triggers = ( { " WATCH "%s } ); shocks = ( " DOWN ", { %s } ); %s", trigger,
                    shock, more),
         r);
}

static void end(struct fix *f, struct sim_result *r)
{
    sim_result_free(r);
    fix_free(f);
}

/* Demand is halved from day `first` on for ten days; SIM_DAY_NONE: never. */
static void begins(const char *trigger, const char *shock, const char *more, int first)
{
    struct fix f;
    struct sim_result r;

    run_shop(&f, trigger, shock, more, &r);
    if (first == SIM_DAY_NONE) {
        assert_true(isnan(fix_at(&r, "shock_first", 0, 0, "t", NULL)));
    } else {
        FIX_NEAR(fix_at(&r, "shock_first", 0, 0, "t", NULL), first, 0);
        FIX_NEAR(fix_at(&r, "shock_last", 0, 0, "t", NULL), fmin(59, first + 9), 0);
    }
    FIX_NEAR(fix_at(&r, "demand", 0, 0, part, NULL),
             first == SIM_DAY_NONE ? 600 : 600 - 5 * fmin(10, 60 - first), 0);
    end(&f, &r);
}

/* Under 9.5 days of cover from day 20 on, with 90 on the shelf. */
static void test_trigger__cover_below_for_some_days(void **state)
{
    (void)state;
    begins("cover_d = 9.5;", HALF, "", 21);
    begins("cover_d = 9.5; days = 3;", HALF, "", 23);
    begins("cover_d = 9.5; days = 3;", HALF "after_d = 4;", "", 27);
    begins("cover_d = 9.5; days = 3; from = \"2026-01-31\";", HALF, "", 33);
    begins("cover_d = 9.5; days = 40;", HALF, "", SIM_DAY_NONE);
}

/* Of 280 wanted in 28 days more than 28 were not met on day 32 for the first time; in the first
 * days of the year nothing was lost. */
static void test_trigger__demand_unmet(void **state)
{
    (void)state;
    begins("unmet = 0.1;", HALF, "", 33);
    begins("unmet = 0.5;", HALF, "", SIM_DAY_NONE);
}

/* The source stands 28 days earlier: the shelf is empty after day 1, and on day 4 more than 28 of
 * 280 were not met. The days before the first count as met: one bad day is not 28. */
static void test_trigger__demand_unmet_in_the_first_days(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    shop(&f);
    fix_set(&f, MDL_SITES, "cn.src", "out_cover_d", "0");
    play(&f, "warm_up_d = 20; horizon_d = 60;",
         "triggers = ( { " WATCH
         "unmet = 0.1; } ); shocks = ( { id = \"k\"; kind = \"down\"; site = "
         "[ \"cn.src\" ]; from = \"2025-12-14\"; days = 30; }, { " HALF " } );",
         &r);
    FIX_NEAR(fix_at(&r, "shock_first", 0, 0, "t", NULL), 5, 0);
    end(&f, &r);
}

/* Prices are made on days 14 and 21, out of 15 and 8 days of cover: 1.07 and 2. The shop says on
 * day 22 that it heard of the second. */
static void test_trigger__price_heard(void **state)
{
    static const char price[] = "prices = ( { id = \"p\"; product = [ \"part\" ]; home = \"CN\"; "
                                "cover_d = 16.0; } );";

    (void)state;
    begins("price_ratio = 1.9;", HALF, price, 23);
    begins("price_ratio = 1.9; cover_d = 6.5;", HALF, price, 24); /* 70 after day 22, 60 after 23 */
    begins("price_ratio = 20.0;", HALF, price, SIM_DAY_NONE);
}

/* It comes once; not at all where chance says so. */
static void test_trigger__once_and_by_chance(void **state)
{
    (void)state;
    begins("cover_d = 16.5;", HALF, "", 1);
    begins("cover_d = 9.5;", HALF "probability = 0.0;", "", SIM_DAY_NONE);
}

/* Sites elsewhere are struck as well: the lane is closed from day 23 on, so nothing that is made
 * from day 40 on leaves, and the loss after day 42 is the trigger's shock's. */
static void test_trigger__closes_a_lane_of_another_site(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    run_shop(&f, "cover_d = 9.5; days = 3;",
             "id = \"t\"; kind = \"lane\"; site = [ \"cn.src\" ]; after = \"low\";", "", &r);
    FIX_NEAR(fix_at(&r, "lost", 0, 0, part, NULL), 300, 0);
    FIX_NEAR(fix_at(&r, "shock_first", 0, 0, "t", NULL), 23, 0);
    FIX_NEAR(fix_at(&r, "shock_last", 0, 0, "t", NULL), 59, 0);
    FIX_NEAR(fix_sum(&r, "loss_by_cause", 0, 0), 300 * 100, 1e-6);
    assert_true(fix_at(&r, "loss_by_cause", 0, 0, "t, shock", NULL) > 0);
    end(&f, &r);
}

/* 90 on the shelf after day 20; a third of what stands there on day 21, before its customers, is
 * destroyed. */
static void test_trigger__destroys_on_its_day(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    run_shop(
        &f, "cover_d = 9.5;",
        "id = \"t\"; kind = \"destroy\"; site = [ \"jp.shop\" ]; share = 0.3333333333; after = "
        "\"low\";",
        "", &r);
    FIX_NEAR(fix_at(&r, "destroyed", 0, 0, "jp.shop~part", NULL), 30, 0);
    FIX_NEAR(fix_at(&r, "shock_last", 0, 0, "t", NULL), 21, 0);
    end(&f, &r);
}

/* A trigger whose time does not come changes nothing. */
static void test_trigger__that_does_not_come_changes_nothing(void **state)
{
    struct fix f[2];
    struct sim_result r[2];

    (void)state;
    run_shop(&f[0], "cover_d = 1.0; days = 3000;", HALF, "", &r[0]);
    shop(&f[1]);
    fix_set(&f[1], MDL_SITES, "cn.src", "out_cover_d", "0");
    play(&f[1], "warm_up_d = 20; horizon_d = 60;",
         "shocks = ( " DOWN
         ", { id = \"t\"; kind = \"demand\"; site = [ \"jp.shop\" ]; factor = 0.5; "
         "from = \"2026-01-11\"; probability = 0.0; } );",
         &r[1]);
    fix_same(&r[0], 0, &r[1], 0, "events");
    for (int i = 0; i < 2; i++)
        end(&f[i], &r[i]);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trigger__cover_below_for_some_days),
        cmocka_unit_test(test_trigger__demand_unmet),
        cmocka_unit_test(test_trigger__demand_unmet_in_the_first_days),
        cmocka_unit_test(test_trigger__price_heard),
        cmocka_unit_test(test_trigger__once_and_by_chance),
        cmocka_unit_test(test_trigger__closes_a_lane_of_another_site),
        cmocka_unit_test(test_trigger__destroys_on_its_day),
        cmocka_unit_test(test_trigger__that_does_not_come_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
