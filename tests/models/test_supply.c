#include "tests/models/fixture.h"

/* Suppliers: who gets scarce goods, what licences do to a line, and what a site makes. */

static void play(struct fix *f, const char *times, const char *rules, struct sim_result *r)
{
    fix_scenario(f, "s", "");
    f->cfg[f->n_cfg - 1] = fix_format(
        f, "title = \"t\"; network = \"toy\"; start = \"2026-01-01\"; %s\n%s", times, rules);
    fix_play(f, 1, r);
    f->n_cfg = 0;
}

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

/* ---- licences: a source that makes to order, a shop that orders ten a day ---- */

static void shop(struct fix *f)
{
    *f = (struct fix){0};
    fix_table(f, MDL_PRODUCTS,
              "id,name,stage,unit,quanta_per_unit,value_usd,per_application\n"
              "part,Part,component,piece,1,100,10\n");
    fix_table(f, MDL_SITES,
              "id,name,country,tier,review_d,smooth_d\ncn.src,Source,CN,component,0,1\n"
              "jp.shop,Shop,JP,market,1,1\n");
    fix_table(f, MDL_BOM, "recipe,role,product,quantity\nmake,output,part,1\n");
    fix_table(f, MDL_PROCESSES, "id,site,recipe,capacity_d\np.src,cn.src,make,\n");
    fix_table(f, MDL_LANES, "from,to,product,share,transit_d\ncn.src,jp.shop,part,1,3\n");
    fix_table(f, MDL_DEMAND, "site,product,rate_d,dist,patience_d\njp.shop,part,10,constant,0\n");
    fix_table(f, MDL_STOCKS, "site,product,policy,S\njp.shop,part,base-stock,200\n");
}

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

static void test_supply__a_licence_that_ends_is_applied_for_again(void **state)
{
    (void)state;
    FIX_NEAR(applied(""), 1, 0);
    FIX_NEAR(applied("validity_d = 60.0;"), 1, 0);
    assert_true(applied("validity_d = 5.0;") >= 3);
    assert_true(applied("validity_d = 5.0;") <= 5);
    assert_true(applied("validity_d = 2.0;") > applied("validity_d = 5.0;"));
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

/* ---- what a site makes ---- */

static void test_produce__processes_share_a_scarce_input_in_proportion(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    f = (struct fix){0};
    /* three lines for the same motors at one site, of which there are 90 for 3 x 100 */
    fix_table(&f, MDL_PRODUCTS,
              "id,name,stage,unit,quanta_per_unit,value_usd\nmotor,M,component,piece,1,1\n"
              "a,A,vehicle,piece,1,1\nb,B,vehicle,piece,1,1\nc,C,vehicle,piece,1,1\n");
    fix_table(&f, MDL_BOM,
              "recipe,role,product,quantity\nm,output,motor,1\na,output,a,1\n"
              "a,input,motor,1\nb,output,b,1\nb,input,motor,1\nc,output,c,1\n"
              "c,input,motor,1\n");
    fix_table(&f, MDL_SITES,
              "id,name,country,tier,review_d,out_cover_d,smooth_d\n"
              "s.motor,M,JP,component,7,0,1\ns.car,C,JP,vehicle,7,0,1\n"
              "s.market,M,JP,market,7,0,1\n");
    fix_table(&f, MDL_PROCESSES,
              "id,site,recipe,capacity_d\np.m,s.motor,m,0\np.a,s.car,a,\n"
              "p.b,s.car,b,\np.c,s.car,c,\n");
    fix_table(&f, MDL_LANES,
              "from,to,product,share,transit_d\ns.motor,s.car,motor,1,9\n"
              "s.car,s.market,a,1,1\ns.car,s.market,b,1,1\ns.car,s.market,c,1,1\n");
    fix_table(&f, MDL_DEMAND,
              "site,product,rate_d,dist\ns.market,a,100,constant\n"
              "s.market,b,100,constant\ns.market,c,100,constant\n");
    fix_table(&f, MDL_STOCKS,
              "site,product,initial\ns.car,motor,90\ns.motor,motor,0\ns.car,a,0\n"
              "s.car,b,0\ns.car,c,0\n");
    play(&f, "warm_up_d = 0; horizon_d = 1;", "", &r);
    FIX_NEAR(fix_at(&r, "planned", 0, 0, "p.a", NULL), 100, 0);
    FIX_NEAR(fix_at(&r, "started", 0, 0, "p.a", NULL), 30, 1);
    FIX_NEAR(fix_at(&r, "started", 0, 0, "p.b", NULL), 30, 1);
    FIX_NEAR(fix_at(&r, "started", 0, 0, "p.c", NULL), 30, 1);
    sim_result_free(&r);
    fix_free(&f);
}

/* Twice the dysprosium per magnet makes the separator run for it: of the neodymium, twice too much,
 * some is kept and the rest is given up. */
static void test_produce__a_joint_output_that_nobody_wants_is_capped(void **state)
{
    struct fix f;
    struct sim_result r;
    double rate, made;

    (void)state;
    fix_toy(&f);
    fix_set_at(&f, MDL_BOM, fix_row(&f, MDL_BOM, "sinter") + 3, "quantity", "0.04");
    play(&f, "warm_up_d = 365; horizon_d = 730;", "", &r);
    rate = fix_at(&r, "shipped", 0, 0, "cn.sep~ox.nd", NULL) / 730;
    made = fix_at(&r, "made", 0, 0, "cn.sep~ox.nd", NULL) / 730;
    FIX_NEAR(made, 2 * rate, 0.1 * rate);
    assert_true(fix_at(&r, "stock_mean", 0, 0, "cn.sep~ox.nd", NULL) < 100 * rate);
    FIX_NEAR(fix_at(&r, "surplus", 0, 0, "cn.sep~ox.nd", NULL) / 730, made - rate, 0.1 * rate);
    FIX_NEAR(fix_at(&r, "surplus", 0, 0, "cn.sep~ox.dy", NULL), 0, 0);
    /* a by-product without a buyer is all given up */
    FIX_NEAR(fix_at(&r, "surplus", 0, 0, "cn.mag~swarf", NULL),
             fix_at(&r, "made", 0, 0, "cn.mag~swarf", NULL), 1);
    sim_result_free(&r);
    fix_free(&f);
}

static void test_produce__a_long_cycle_takes_its_time(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    shop(&f);
    fix_set(&f, MDL_SITES, "cn.src", "review_d", "1");
    fix_set(&f, MDL_PROCESSES, "p.src", "capacity_d", "10");
    fix_set(&f, MDL_PROCESSES, "p.src", "cycle_d", "900");
    fix_set(&f, MDL_DEMAND, "jp.shop", "rate_d", "0");
    fix_set(&f, MDL_STOCKS, "jp.shop", "S", "10");
    fix_set(&f, MDL_STOCKS, "jp.shop", "initial", "0");
    play(&f, "warm_up_d = 0; horizon_d = 901;", "", &r);
    FIX_NEAR(fix_at(&r, "made", 0, 0, "cn.src~part", NULL), 0, 0); /* begun on day 1 */
    sim_result_free(&r);
    play(&f, "warm_up_d = 0; horizon_d = 902;", "", &r);
    assert_true(fix_at(&r, "made", 0, 0, "cn.src~part", NULL) >= 1);
    sim_result_free(&r);
    fix_free(&f);
}

static void test_produce__works_on_working_days_and_in_service_only(void **state)
{
    struct fix f;
    struct sim_result r;
    double all;

    (void)state;
    shop(&f);
    fix_set(&f, MDL_SITES, "cn.src", "review_d", "1");
    fix_set(&f, MDL_PROCESSES, "p.src", "capacity_d", "10");
    fix_set(&f, MDL_STOCKS, "jp.shop", "S", "10000"); /* there is always enough to do */
    play(&f, "warm_up_d = 0; horizon_d = 30;", "", &r);
    all = fix_at(&r, "started", 0, 0, "p.src", NULL);
    FIX_NEAR(all, 290, 10);
    sim_result_free(&r);
    fix_table(&f, MDL_CALENDARS,
              "country,date,working\nCN,2026-01-10,0\nCN,2026-01-11,0.2\n"
              "JP,2026-01-12,0\n");
    play(&f, "warm_up_d = 0; horizon_d = 30;", "", &r);
    FIX_NEAR(fix_at(&r, "started", 0, 0, "p.src", NULL), all - 18, 0);
    FIX_NEAR(fix_at(&r, "stop_days", 0, 0, "p.src", NULL), 0, 0); /* a holiday is no stop */
    sim_result_free(&r);
    f.text[MDL_CALENDARS] = NULL;
    fix_set(&f, MDL_PROCESSES, "p.src", "until", "2026-01-20");
    play(&f, "warm_up_d = 0; horizon_d = 30;", "", &r);
    FIX_NEAR(fix_at(&r, "started", 0, 0, "p.src", NULL), all - 100, 0); /* 21 to 30 January */
    sim_result_free(&r);
    fix_free(&f);
}

/* ---- in the long run ---- */

static void toy_that_gives_up(struct fix *f)
{
    fix_toy(f);
    fix_set_at(f, MDL_DEMAND, 0, "patience_d", "30");
    fix_set_at(f, MDL_DEMAND, 1, "patience_d", "30");
}

static double on_order(const char *times, const char *point)
{
    struct fix f;
    struct sim_result r;
    double q;

    toy_that_gives_up(&f);
    play(&f, times,
         "offices = ( { id = \"o\"; review_d = 3650; } ); rules = ( { id = \"r\"; from = "
         "\"2026-02-01\"; origin = [ \"CN\" ]; destination = [ \"JP\" ]; action = \"licence\"; "
         "office = \"o\"; } );",
         &r);
    q = fix_at(&r, "ordered", 0, 0, point, NULL) - fix_at(&r, "cancelled", 0, 0, point, NULL) -
        fix_at(&r, "received", 0, 0, point, NULL);
    sim_result_free(&r);
    fix_free(&f);
    return q;
}

/* Under a wait without end buyers end up with open orders for (review + longest lead time + cover)
 * days of what their lines could use and 30 days of waiting customers, and order no more. */
static void test_order__settles_when_licences_never_come(void **state)
{
    static const char *const point[] = {"jp.motor~magnet", "jp.car~motor", "jp.market~car"};
    static const double could_use[] = {200, 400, 100}; /* capacity; demand at the market */

    (void)state;
    for (int i = 0; i < 3; i++) {
        double two = on_order("warm_up_d = 60; horizon_d = 730;", point[i]);
        double three = on_order("warm_up_d = 60; horizon_d = 1095;", point[i]);

        FIX_NEAR(three, two, 0.02 * two);
        assert_true(two <= 1.05 * could_use[i] * (7 + 180 + 14 + 30));
    }
}

/* The office's work does not depend on how often a buyer orders. */
static void test_order__an_office_has_the_same_work_if_buyers_order_twice_as_often(void **state)
{
    double n[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct fix f;
        struct sim_result r;

        toy_that_gives_up(&f);
        fix_set(&f, MDL_PRODUCTS, "magnet", "per_application", "2");
        fix_set(&f, MDL_SITES, "jp.motor", "review_d", i ? "7" : "14");
        play(&f, "warm_up_d = 180; horizon_d = 1095;",
             "offices = ( { id = \"o\"; review_d = 20; } ); rules = ( { id = \"r\"; from = "
             "\"2025-01-01\"; origin = [ \"CN\" ]; destination = [ \"JP\" ]; action = \"licence\"; "
             "office = \"o\"; list = \"headings\"; } );",
             &r);
        n[i] = fix_sum(&r, "applied", 0, 0);
        FIX_NEAR(fix_sum(&r, "lost", 0, 0), 0, 0);
        sim_result_free(&r);
        fix_free(&f);
    }
    assert_true(n[0] > 1095 * 106 / 2 * 0.95);
    FIX_NEAR(n[1], n[0], 0.03 * n[0]);
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
        cmocka_unit_test(test_supply__an_order_accepted_before_the_rule_has_its_days_of_grace),
        cmocka_unit_test(test_produce__processes_share_a_scarce_input_in_proportion),
        cmocka_unit_test(test_produce__a_joint_output_that_nobody_wants_is_capped),
        cmocka_unit_test(test_produce__a_long_cycle_takes_its_time),
        cmocka_unit_test(test_produce__works_on_working_days_and_in_service_only),
        cmocka_unit_test(test_order__settles_when_licences_never_come),
        cmocka_unit_test(test_order__an_office_has_the_same_work_if_buyers_order_twice_as_often)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
