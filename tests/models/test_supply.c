#include "tests/models/shop.h"

/* Suppliers: who gets scarce goods, and what licences do to a line. */

/* ---- allocation ---- */

/* A store with 100 in stock and no more to come owes 120, 60 and 20; the shares of the contracts
 * are 0.5, 1 and 0.25; the first buyer is abroad. */
static void store(struct fix *f, const char *allocation)
{
    *f = (struct fix){0};
    fix_table(f, MDL_PRODUCTS,
              "id,name,stage,unit,quanta_per_unit,value_usd\npart,Part,component,piece,1,1\n");
    fix_table(f, MDL_SITES, "id,name,country,tier,review_d,allocation\n");
    fix_add(f, MDL_SITES, fix_format(f, "jp.store,S,JP,component,1,%s\n", allocation));
    fix_add(f, MDL_SITES,
            "jp.other,O,JP,component,1,\ncn.a,A,CN,market,1,\njp.b,B,JP,market,1,\n"
            "jp.c,C,JP,market,1,\n");
    fix_table(f, MDL_BOM, "recipe,role,product,quantity\nmake,output,part,1\n");
    fix_table(f, MDL_PROCESSES,
              "id,site,recipe,capacity_d\np,jp.store,make,0\nq,jp.other,make,0\n");
    fix_table(f, MDL_LANES,
              "from,to,product,share,transit_d\njp.store,cn.a,part,0.5,0\n"
              "jp.other,cn.a,part,0.5,0\njp.store,jp.b,part,1,0\n"
              "jp.store,jp.c,part,0.25,0\njp.other,jp.c,part,0.75,0\n");
    fix_table(f, MDL_DEMAND, "site,product,rate_d\n");
    fix_table(f, MDL_STOCKS,
              "site,product,policy,S,initial\njp.store,part,,,100\n"
              "cn.a,part,base-stock,240,0\njp.b,part,base-stock,60,0\n"
              "jp.c,part,base-stock,80,0\n");
}

static void assert_gets(const char *allocation, double a, double b, double c)
{
    struct fix f;
    struct sim_result r;

    store(&f, allocation);
    play(&f, "warm_up_d = 0; horizon_d = 3;", "", &r);
    FIX_NEAR(fix_at(&r, "received", 0, 0, "cn.a~part", NULL), a, 0);
    FIX_NEAR(fix_at(&r, "received", 0, 0, "jp.b~part", NULL), b, 0);
    FIX_NEAR(fix_at(&r, "received", 0, 0, "jp.c~part", NULL), c, 0);
    sim_result_free(&r);
    fix_free(&f);
}

static void test_supply_allocate__in_proportion(void **state)
{
    (void)state;
    assert_gets("proportional", 60, 30, 10);
}

static void test_supply_allocate__first_come_first_served(void **state)
{
    (void)state;
    assert_gets("fifo", 100, 0, 0); /* orders of one minute come by the name of the buyer */
}

static void test_supply_allocate__the_largest_contract_first(void **state)
{
    (void)state;
    assert_gets("priority", 40, 60, 0);
}

static void test_supply_allocate__home_first(void **state)
{
    (void)state;
    assert_gets("home", 20, 60, 20);
}

/* ---- licences ---- */

#define LICENCE(id, office, more)                                                                  \
    "{ id = \"" id "\"; from = \"2025-01-01\"; action = \"licence\"; office = \"" office           \
    "\"; " more " }"

static double lead(const char *rules)
{
    struct fix f;
    struct sim_result r;
    double d;

    shop(&f);
    play(&f, "warm_up_d = 40; horizon_d = 60;", rules, &r);
    d = fix_at(&r, "lead_mean", 0, 0, "jp.shop~part", NULL);
    sim_result_free(&r);
    fix_free(&f);
    return d;
}

static void test_supply__licences_run_in_parallel_and_inspection_adds(void **state)
{
    const double hour = 1.0 / 24;

    (void)state;
    FIX_NEAR(lead(""), 3 + hour, 1e-5);
    FIX_NEAR(
        lead("offices = ( { id = \"o\"; review_d = 5; } ); rules = ( " LICENCE("a", "o", "") " "
                                                                                             ");"),
        8 + 3 * hour, 1e-5);
    FIX_NEAR(
        lead("offices = ( { id = \"o\"; review_d = 5; }, { id = \"p\"; review_d = 9; } ); rules "
             "= ( " LICENCE("a", "o", "") ", " LICENCE("b", "p", "") " );"),
        12 + 3 * hour, 1e-5);
    FIX_NEAR(
        lead("offices = ( { id = \"o\"; review_d = 5; }, { id = \"p\"; review_d = 9; } ); rules "
             "= ( " LICENCE("a", "o", "") ", " LICENCE("b", "p", "") ", { id = \"c\"; from = "
                                                                     "\"2025-01-01\"; action "
                                                                     "= \"inspect\"; delay_d "
                                                                     "= 2; } );"),
        14 + 3 * hour, 1e-5);
    /* the rule's own time of review, before the office's */
    FIX_NEAR(lead("offices = ( { id = \"o\"; review_d = 5; } ); rules = ( " LICENCE(
                 "a", "o", "review_d = 2;") " );"),
             5 + 3 * hour, 1e-5);
    FIX_NEAR(lead("offices = ( { id = \"o\"; review_d = 5; } ); rules = ( " LICENCE(
                 "a", "o", "apply_at = \"ready\";") " );"),
             8 + 3 * hour, 1e-5);
}

static void test_supply__so_many_applications_are_granted(void **state)
{
    struct fix f;
    struct sim_result r;
    double granted, refused, all;

    (void)state;
    shop(&f);
    play(&f, "warm_up_d = 0; horizon_d = 3000; retry_d = 1.0; seed = 11;",
         "offices = ( { id = \"o\"; review_d = 0; approval = 0.7; } ); rules = ( " LICENCE(
             "a", "o", "") " );",
         &r);
    granted = fix_sum(&r, "granted", 0, 0);
    refused = fix_sum(&r, "refused_licences", 0, 0);
    FIX_NEAR(granted * 10, fix_sum(&r, "exports", 0, 0), 15 * 10);
    /* a day's line holds ten parts, more after a refusal: count lines, not papers. 4.5 standard
     * deviations; the seed is fixed */
    all = fix_at(&r, "order_lines", 0, 0, "jp.shop~part", NULL);
    assert_true(all > 2000 && granted > 0 && refused > 0);
    FIX_NEAR(refused / (granted + refused), 0.3, 4.5 * 2 * sqrt(0.21 / all));
    sim_result_free(&r);
    fix_free(&f);
}

/* More papers than fit into 32 bits are all dealt with. */
static void test_supply__a_line_may_stand_for_very_many_applications(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    shop(&f);
    fix_set(&f, MDL_PRODUCTS, "part", "per_application", "0.000001");
    fix_set(&f, MDL_DEMAND, "jp.shop", "rate_d", "10000");
    fix_set(&f, MDL_STOCKS, "jp.shop", "S", "200000");
    play(&f, "warm_up_d = 20; horizon_d = 20;",
         "offices = ( { id = \"o\"; review_d = 5; } ); rules = ( " LICENCE("a", "o", "") " );", &r);
    FIX_NEAR(fix_sum(&r, "applied", 0, 0), 20 * 1e10, 0);
    FIX_NEAR(fix_sum(&r, "granted", 0, 0), 20 * 1e10, 0);
    FIX_NEAR(fix_sum(&r, "exports", 0, 0), 20 * 1e4, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* A source of five a day owes 100 at once: a licence of five days lets about 25 go. */
static double applied(const char *validity)
{
    struct fix f;
    struct sim_result r;
    double n;

    shop(&f);
    fix_set(&f, MDL_SITES, "cn.src", "review_d", "1");
    fix_set(&f, MDL_PROCESSES, "p.src", "capacity_d", "5");
    fix_set(&f, MDL_PRODUCTS, "part", "per_application", "100");
    fix_set(&f, MDL_DEMAND, "jp.shop", "rate_d", "0");
    fix_set(&f, MDL_STOCKS, "jp.shop", "S", "100");
    fix_set(&f, MDL_STOCKS, "jp.shop", "initial", "0");
    play(&f, "warm_up_d = 0; horizon_d = 60;",
         fix_format(&f,
                    "offices = ( { id = \"o\"; review_d = 1; } ); rules = ( " LICENCE("a", "o",
                                                                                      "%s") " );",
                    validity),
         &r);
    FIX_NEAR(fix_at(&r, "received", 0, 0, "jp.shop~part", NULL), 100, 0);
    n = fix_sum(&r, "applied", 0, 0);
    sim_result_free(&r);
    fix_free(&f);
    return n;
}

/* Good on days 1 to 5, asked for again on day 6, good on days 7 to 11, and so on: 25, 30, 30 and 15
 * parts go under one licence each. Of two days each: 10, and then six times 15. */
static void test_supply__a_licence_that_ends_is_applied_for_again(void **state)
{
    (void)state;
    FIX_NEAR(applied(""), 1, 0);
    FIX_NEAR(applied("validity_d = 60.0;"), 1, 0);
    FIX_NEAR(applied("validity_d = 5.0;"), 4, 0);
    FIX_NEAR(applied("validity_d = 2.0;"), 7, 0);
}

/* Lines that wait for an endless review leave on the day the rule is suspended. */
static void test_supply__what_waits_leaves_when_the_rule_rests(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    shop(&f);
    play(&f, "warm_up_d = 0; horizon_d = 59;",
         "offices = ( { id = \"o\"; review_d = 3000; } ); rules = ( " LICENCE(
             "a", "o", "suspended_from = \"2026-02-01\"; suspended_until = \"2026-02-03\";") " );",
         &r);
    FIX_NEAR(fix_at(&r, "exports", 0, 0, "CN>JP~part", "0"), 0, 0);
    FIX_NEAR(fix_at(&r, "exports", 0, 0, "CN>JP~part", "1"), 200, 0); /* all that the shop lacks */
    assert_true(fix_at(&r, "received", 0, 0, "jp.shop~part", NULL) >= 200);
    sim_result_free(&r);
    fix_free(&f);
}

static void test_supply__an_order_accepted_before_the_rule_has_its_days_of_grace(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    /* a source of five a day owes 100; it sends five from day 1 on, and none from the day on which
     * the rule bites */
    for (int grace = 0; grace <= 8; grace += 4) {
        shop(&f);
        fix_set(&f, MDL_SITES, "cn.src", "review_d", "1");
        fix_set(&f, MDL_PROCESSES, "p.src", "capacity_d", "5");
        fix_set(&f, MDL_DEMAND, "jp.shop", "rate_d", "0");
        fix_set(&f, MDL_STOCKS, "jp.shop", "S", "100");
        fix_set(&f, MDL_STOCKS, "jp.shop", "initial", "0");
        play(&f, "warm_up_d = 0; horizon_d = 30;",
             fix_format(
                 &f,
                 "rules = ( { id = \"r\"; from = \"2026-01-11\"; action = \"deny\"; grace_d = "
                 "%d.0; } );",
                 grace),
             &r);
        FIX_NEAR(fix_at(&r, "received", 0, 0, "jp.shop~part", NULL), 5 * (9 + grace), 0);
        sim_result_free(&r);
        fix_free(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_supply_allocate__in_proportion),
        cmocka_unit_test(test_supply_allocate__first_come_first_served),
        cmocka_unit_test(test_supply_allocate__the_largest_contract_first),
        cmocka_unit_test(test_supply_allocate__home_first),
        cmocka_unit_test(test_supply__licences_run_in_parallel_and_inspection_adds),
        cmocka_unit_test(test_supply__so_many_applications_are_granted),
        cmocka_unit_test(test_supply__a_line_may_stand_for_very_many_applications),
        cmocka_unit_test(test_supply__a_licence_that_ends_is_applied_for_again),
        cmocka_unit_test(test_supply__what_waits_leaves_when_the_rule_rests),
        cmocka_unit_test(test_supply__an_order_accepted_before_the_rule_has_its_days_of_grace)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
