#include "tests/models/border.h"

/* What nobody publishes, drawn once per run or order line: what the columns say agrees with what
 * happened. Two rules at once. */

#define TO_JP " destination = [ 'JP' ]; "
#define TO_US " destination = [ 'US' ]; "

enum { RUNS = 24 };

static double in(const struct sim_result *r, uint32_t scenario, uint32_t run, const char *column,
                 const char *a, const char *b)
{
    return fix_at(r, column, scenario, run, a, b);
}

/* January's exports to a shop: 100 if they are refused from day 10 on, else 310. */
static int refused_to(const struct sim_result *r, uint32_t scenario, uint32_t run, const char *to)
{
    char flow[32];
    double q;

    snprintf(flow, sizeof flow, "CN>%s~part", to);
    q = in(r, scenario, run, "exports", flow, "0");
    assert_true(q == 100 || q == 310);
    return q == 100;
}

static void play(struct fix *f, const char *const text[], int n, int horizon_d,
                 struct sim_result *r)
{
    static const char *const label[] = {"s0", "s1", "s2"};

    for (int i = 0; i < n; i++)
        border_scenario(f, label[i], horizon_d, text[i]);
    fix_play(f, RUNS, r);
}

/* Of 24 runs at even chances all or none with probability 1e-7. */
static void assert_some(int n)
{
    assert_true(n > 0 && n < RUNS);
}

/* ---- rules ---- */

/* A rule of probability 0 or 1 is in none or all of the runs, one of 0.5 in some; it is in the same
 * ones whatever other rules a scenario has. */
static void test_exists__by_the_rules_own_name(void **state)
{
    static const char *const text[] = {
        "rules = ( { id = 'a'; from = @10; probability = 0.5; action = 'deny'; " TO_JP
        "}, { id = 'b'; from = @10; probability = 0.5; action = 'deny'; " TO_US "} );",
        "rules = ( { id = 'a'; from = @10; probability = 1; action = 'deny'; " TO_JP
        "}, { id = 'b'; from = @10; probability = 0; action = 'deny'; " TO_US "} );",
        "rules = ( { id = 'a'; from = @10; probability = 0.5; action = 'deny'; " TO_JP
        "}, { id = 'c'; from = @10; probability = 0.5; action = 'deny'; " TO_US "} );"};
    struct fix f;
    struct sim_result r;
    int n = 0, apart = 0;

    (void)state;
    border(&f);
    play(&f, text, 3, 31, &r);
    for (uint32_t k = 0; k < RUNS; k++) {
        int a = refused_to(&r, 0, k, "JP"), b = refused_to(&r, 0, k, "US");

        FIX_NEAR(in(&r, 0, k, "rule_exists", "a", NULL), a, 0);
        FIX_NEAR(in(&r, 0, k, "rule_exists", "b", NULL), b, 0);
        FIX_NEAR(refused_to(&r, 1, k, "JP"), 1, 0);
        FIX_NEAR(refused_to(&r, 1, k, "US"), 0, 0);
        FIX_NEAR(in(&r, 1, k, "rule_exists", "a", NULL), 1, 0);
        FIX_NEAR(in(&r, 1, k, "rule_exists", "b", NULL), 0, 0);
        FIX_NEAR(refused_to(&r, 2, k, "JP"), a, 0);
        FIX_NEAR(in(&r, 2, k, "rule_exists", "c", NULL), refused_to(&r, 2, k, "US"), 0);
        n += a;
        apart += a != b;
    }
    assert_some(n);
    assert_some(apart);
    sim_result_free(&r);
    fix_free(&f);
}

/* ---- goods and firms on lists ---- */

/* Two rules by one list see the same goods; a row of probability 1 is there in every run, one of 0
 * in none. */
static void test_listed__goods_of_two_rules(void **state)
{
    static const char *const text[] = {
        "rules = ( { id = 'a'; from = @10; list = 'perhaps'; action = 'deny'; " TO_JP
        "}, { id = 'b'; from = @10; list = 'perhaps'; action = 'deny'; " TO_US "} );",
        "rules = ( { id = 'a'; from = @10; list = 'surely'; action = 'deny'; " TO_JP
        "}, { id = 'b'; from = @10; list = 'never'; action = 'deny'; " TO_US "} );"};
    struct fix f;
    struct sim_result r;
    int n = 0;

    (void)state;
    border(&f);
    fix_table(&f, MDL_LISTS,
              "list,kind,value,probability\nperhaps,product,part,0.5\nsurely,product,part,1\n"
              "never,product,part,0\n");
    play(&f, text, 2, 31, &r);
    for (uint32_t k = 0; k < RUNS; k++) {
        int listed = refused_to(&r, 0, k, "JP");

        FIX_NEAR(in(&r, 0, k, "item_listed", "a", "part"), listed, 0);
        FIX_NEAR(in(&r, 0, k, "item_listed", "b", "part"), listed, 0);
        FIX_NEAR(refused_to(&r, 0, k, "US"), listed, 0);
        FIX_NEAR(refused_to(&r, 1, k, "JP"), 1, 0);
        FIX_NEAR(refused_to(&r, 1, k, "US"), 0, 0);
        FIX_NEAR(in(&r, 1, k, "item_listed", "a", "part"), 1, 0);
        FIX_NEAR(in(&r, 1, k, "item_listed", "b", "part"), 0, 0);
        n += listed;
    }
    assert_some(n);
    sim_result_free(&r);
    fix_free(&f);
}

/* A scope of 30 of the 60 entries of a category: chance 1/2; of 60: all. What a scope of 20 holds,
 * one of 40 holds too. */
static void test_listed__by_scope(void **state)
{
    static const char *const text[] = {
        "rules = ( { id = 'a'; from = @10; list = 'secret'; scope = 20; action = 'deny'; " TO_JP
        "}, { id = 'b'; from = @10; list = 'secret'; scope = 40; action = 'deny'; " TO_US "} );",
        "rules = ( { id = 'a'; from = @10; list = 'secret'; scope = 60; action = 'deny'; " TO_JP
        "}, { id = 'b'; from = @10; list = 'secret'; scope = 0; action = 'deny'; " TO_US "} );"};
    struct fix f;
    struct sim_result r;
    int narrow = 0, wide = 0;

    (void)state;
    border(&f);
    fix_set(&f, MDL_PRODUCTS, "part", "category", "1C");
    fix_table(&f, MDL_CATALOGUE, "category,name,entries\n1C,Materials,60\n");
    fix_table(&f, MDL_LISTS, "list,kind,value\nsecret,category,1C\n");
    play(&f, text, 2, 31, &r);
    for (uint32_t k = 0; k < RUNS; k++) {
        int a = refused_to(&r, 0, k, "JP"), b = refused_to(&r, 0, k, "US");

        FIX_NEAR(in(&r, 0, k, "item_listed", "a", "part"), a, 0);
        FIX_NEAR(in(&r, 0, k, "item_listed", "b", "part"), b, 0);
        assert_true(a <= b);
        FIX_NEAR(refused_to(&r, 1, k, "JP"), 1, 0);
        FIX_NEAR(refused_to(&r, 1, k, "US"), 0, 0);
        narrow += a;
        wide += b;
    }
    assert_some(narrow);
    assert_some(wide);
    assert_true(narrow < wide);
    sim_result_free(&r);
    fix_free(&f);
}

/* Buyers on a list with probability 0.5, and a parent of one of them: two rules by that list agree,
 * and a firm of which the listed one owns enough shares its fate. */
static void test_listed__firms_of_two_rules(void **state)
{
    static const char *const text[] = {
        "rules = ( { id = 'a'; from = @10; entity_list = 'rumour'; action = 'deny'; " TO_JP
        "}, { id = 'b'; from = @10; entity_list = 'rumour'; ownership_min = 0.6; action = "
        "'deny'; " TO_US "} );",
        "rules = ( { id = 'a'; from = @10; entity_list = 'rumour'; action = 'deny'; " TO_JP
        "}, { id = 'b'; from = @10; entity_list = 'rumour'; ownership_min = 0.7; action = "
        "'deny'; " TO_US "} );"};
    struct fix f;
    struct sim_result r;
    int n = 0;

    (void)state;
    border(&f);
    fix_table(&f, MDL_ENTITIES,
              "id,name,country,parent,parent_share\n"
              "cn.co,Maker,CN,,\njp.co,Buyer,JP,,\nus.co,Buyer,US,jp.co,0.6\n");
    fix_table(&f, MDL_LISTS, "list,kind,value,probability\nrumour,entity,jp.co,0.5\n");
    play(&f, text, 2, 31, &r);
    for (uint32_t k = 0; k < RUNS; k++) {
        int listed = refused_to(&r, 0, k, "JP");

        FIX_NEAR(refused_to(&r, 0, k, "US"), listed, 0);
        FIX_NEAR(refused_to(&r, 1, k, "JP"), listed, 0);
        FIX_NEAR(refused_to(&r, 1, k, "US"), 0, 0);
        n += listed;
    }
    assert_some(n);
    sim_result_free(&r);
    fix_free(&f);
}

/* ---- suspected buyers ---- */

/* Two rules against the military, each with its own suspects: of chance 0.5 with suspicion as a
 * refusal, and 0.25 x (1 + 3 x 1) = 1 for the buyer that is all military. */
static void test_suspect__as_the_column_says(void **state)
{
    static const char *const text[] = {
        "rules = ( { id = 'a'; from = @10; end_use = [ 'military' ]; suspect_buyer = 0.5; "
        "mistaken_action = 'deny'; action = 'deny'; " TO_JP
        "}, { id = 'b'; from = @10; end_use = [ 'military' ]; suspect_buyer = 0.5; mistaken_action "
        "= 'deny'; action = 'deny'; " TO_US "} );",
        "rules = ( { id = 'a'; from = @10; end_use = [ 'military' ]; suspect_buyer = 0.25; "
        "mistaken_by_share = 3; mistaken_action = 'deny'; action = 'deny'; " TO_US
        "}, { id = 'b'; from = @10; end_use = [ 'military' ]; suspect_buyer = 0; mistaken_by_share "
        "= 3; mistaken_action = 'deny'; action = 'deny'; " TO_JP "} );"};
    struct fix f;
    struct sim_result r;
    int jp = 0, us = 0, apart = 0;

    (void)state;
    border(&f);
    fix_set(&f, MDL_SITES, "us.shop", "military_share", "1");
    play(&f, text, 2, 31, &r);
    for (uint32_t k = 0; k < RUNS; k++) {
        int a = refused_to(&r, 0, k, "JP"), b = refused_to(&r, 0, k, "US");

        FIX_NEAR(in(&r, 0, k, "buyer_suspected", "a", "jp.shop"), a, 0);
        FIX_NEAR(in(&r, 0, k, "buyer_suspected", "b", "us.shop"), b, 0);
        FIX_NEAR(refused_to(&r, 1, k, "US"), 1, 0);
        FIX_NEAR(refused_to(&r, 1, k, "JP"), 0, 0);
        FIX_NEAR(in(&r, 1, k, "buyer_suspected", "a", "us.shop"), 1, 0);
        jp += a;
        us += b;
        apart += a != b;
    }
    assert_some(jp);
    assert_some(us);
    assert_some(apart);
    sim_result_free(&r);
    fix_free(&f);
}

/* ---- exporters that decline ---- */

/* Two exporters, one for each shop, of two companies, after two announcements on day 10; they take
 * no orders to the end of January. */
static void test_decline__as_the_column_says(void **state)
{
    static const char *const text[] = {"rules = ( { id = 'a'; announced = @10; from = @40; decline "
                                       "= 0.5; decline_d = 40; action = "
                                       "'tax'; rate = 0; " TO_JP
                                       "}, { id = 'b'; announced = @10; from = @40; decline = 0.5; "
                                       "decline_d = 40; action = 'tax'; "
                                       "rate = 0; " TO_US "} );"};
    struct fix f;
    struct sim_result r;
    int jp = 0, us = 0, apart = 0;

    (void)state;
    border(&f);
    fix_add(&f, MDL_ENTITIES, "cn.other,Maker,CN\n");
    fix_add(&f, MDL_SITES, "cn.two,Source,cn.other,CN,component,0,1\n");
    fix_add(&f, MDL_PROCESSES, "p.two,cn.two,make\n");
    fix_set_at(&f, MDL_LANES, 1, "from", "cn.two");
    play(&f, text, 1, 31, &r);
    for (uint32_t k = 0; k < RUNS; k++) {
        int a = refused_to(&r, 0, k, "JP"), b = refused_to(&r, 0, k, "US");

        FIX_NEAR(in(&r, 0, k, "exporter_declines", "a", "cn.src"), a, 0);
        FIX_NEAR(in(&r, 0, k, "exporter_declines", "b", "cn.two"), b, 0);
        jp += a;
        us += b;
        apart += a != b;
    }
    assert_some(jp);
    assert_some(us);
    assert_some(apart);
    sim_result_free(&r);
    fix_free(&f);
}

/* ---- civil orders taken for military ones ---- */

/* Share of the lines to a shop that waited five days more for a licence; over all runs. */
static double mistaken_share(const struct sim_result *r, uint32_t scenario, const char *point)
{
    double days = 0;

    for (uint32_t k = 0; k < RUNS; k++)
        days += in(r, scenario, k, "lead_mean", point, NULL) - (3 + 1.0 / 24);
    return days / RUNS / (5 + 2.0 / 24);
}

/* Two rules against the military from before the beginning: they take civil lines of the shop in
 * JP, half military, with chance 0.25 x (1 + 2 x 0.5) = 0.5, of that in US with 0.25 and of either
 * with 0 and with 1. Of 360 lines in each of 24 runs 4 standard errors are 0.021; 0.004 are for
 * lines of the last days that are received only if they do not wait. A right program fails with
 * probability 0.01 % for a seed. */
static void test_mistaken__grows_with_military_business(void **state)
{
    static const char rules[] =
        "offices = ( { id = 'five'; review_d = 5; } ); rules = ( { id = 'a'; from = '2025-01-01'; "
        "end_use = [ 'military' ]; mistaken_civil = %s; mistaken_by_share = %s; office = 'five'; "
        "action = 'deny'; " TO_JP "}, { id = 'b'; from = '2025-01-01'; end_use = [ 'military' ]; "
        "mistaken_civil = %s; mistaken_by_share = %s; office = 'five'; action = 'deny'; " TO_US
        "} );";
    struct fix f;
    struct sim_result r;
    const char *text[3];

    (void)state;
    border(&f);
    fix_set(&f, MDL_SITES, "jp.shop", "military_share", "0.5");
    text[0] = fix_format(&f, rules, "0.25", "2", "0.25", "2");
    text[1] = fix_format(&f, rules, "0.5", "2", "0", "100");
    text[2] = fix_format(&f, rules, "0", "100", "1", "0");
    play(&f, text, 3, 365, &r);
    FIX_NEAR(mistaken_share(&r, 0, "jp.shop~part"), 0.5, 0.025);
    FIX_NEAR(mistaken_share(&r, 0, "us.shop~part"), 0.25, 0.025);
    FIX_NEAR(mistaken_share(&r, 1, "jp.shop~part"), 1, 1e-6);
    FIX_NEAR(mistaken_share(&r, 1, "us.shop~part"), 0, 1e-6);
    FIX_NEAR(mistaken_share(&r, 2, "jp.shop~part"), 0, 1e-6);
    FIX_NEAR(mistaken_share(&r, 2, "us.shop~part"), 1, 1e-6);
    sim_result_free(&r);
    fix_free(&f);
}

/* Days from start, NaN where there is none: no such rule in the scenario, no end. */
static void test_rule_days__as_the_scenarios_say(void **state)
{
    static const char *const text[] = {
        "rules = ( { id = 'a'; announced = @4; from = @10; until = @20; action = 'deny'; " TO_JP
        "} );",
        "rules = ( { id = 'a'; from = @12; action = 'deny'; " TO_JP
        "}, { id = 'b'; from = '2020-01-01'; action = 'deny'; " TO_US "} );"};
    static const double days[][4] = {{4, (double)NAN, (double)NAN, (double)NAN},
                                     {10, (double)NAN, 12, -2192},
                                     {20, (double)NAN, (double)NAN, (double)NAN}};
    static const char *const column[] = {"rule_announced", "rule_from", "rule_until"};
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    play(&f, text, 2, 31, &r);
    for (int k = 0; k < 3; k++)
        for (size_t i = 0; i < 4; i++) {
            double x = sim_column_at(sim_result_find(&r, column[k]), i);

            if (isnan(days[k][i]) && k > 0)
                assert_true(isnan(x));
            else if (!isnan(days[k][i]))
                FIX_NEAR(x, days[k][i], 0);
        }
    sim_result_free(&r);
    fix_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exists__by_the_rules_own_name),
        cmocka_unit_test(test_rule_days__as_the_scenarios_say),
        cmocka_unit_test(test_listed__goods_of_two_rules),
        cmocka_unit_test(test_listed__by_scope),
        cmocka_unit_test(test_listed__firms_of_two_rules),
        cmocka_unit_test(test_suspect__as_the_column_says),
        cmocka_unit_test(test_decline__as_the_column_says),
        cmocka_unit_test(test_mistaken__grows_with_military_business)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
