#include "tests/models/shop.h"

#include "sim/batch.h"

/* Service, lead times by cohort, bullwhip, cover and exposure of small networks in which nothing is
 * drawn, by hand. Day 0 is 2026-01-01. An order of the shop placed on day d is promised for day d +
 * 4: an hour to the source, three days on the road, and the next midnight. */

#define TIMES(d) "warm_up_d = 40; horizon_d = " #d ";"

static double of_shop(const struct sim_result *r, const char *column)
{
    return fix_at(r, column, 0, 0, "jp.shop~part", NULL);
}

static void assert_service(const struct sim_result *r, double due, double received, double on_time)
{
    FIX_NEAR(of_shop(r, "due"), due, 0);
    FIX_NEAR(of_shop(r, "due_received"), received, 0);
    FIX_NEAR(of_shop(r, "on_time"), on_time, 0);
    FIX_NEAR(fix_at(r, "stage_due", 0, 0, "JP~market", NULL), 100 * due, 0);
    FIX_NEAR(fix_at(r, "stage_due_received", 0, 0, "JP~market", NULL), 100 * received, 0);
    FIX_NEAR(fix_at(r, "stage_on_time", 0, 0, "JP~market", NULL), 100 * on_time, 0);
    FIX_NEAR(fix_at(r, "stage_due", 0, 0, "CN~component", NULL), 0, 0);
}

static void test_measure__all_orders_come_by_the_promised_day(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    shop(&f);
    play(&f, TIMES(31), "", &r);
    assert_service(&r, 270, 270, 270); /* of days 0 to 26; later ones are promised for February */
    FIX_NEAR(fix_at(&r, "lead_promised", 0, 0, "CN>JP~part", "0"), 310, 0);
    FIX_NEAR(fix_sum(&r, "lead_promised", 0, 0), 310, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* Refused on day 10; not asked again until day 20, then for 110. */
static void test_measure__what_is_refused_was_due(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    shop(&f);
    fix_set(&f, MDL_DEMAND, "jp.shop", "patience_d", "");
    play(&f, TIMES(31),
         "rules = ( { id = \"ban\"; from = \"2026-01-11\"; until = \"2026-01-21\"; action = "
         "\"deny\"; } );",
         &r);
    assert_service(&r, 110 + 110 + 60, 270, 270);
    sim_result_free(&r);
    fix_free(&f);
}

/* From day 10 on a licence takes five days more: goods ordered on day d come on day d + 8, four
 * days late. */
static void slow_office(struct sim_result *r)
{
    struct fix f;

    shop(&f);
    play(&f, TIMES(120),
         "offices = ( { id = \"o\"; review_d = 5; } ); rules = ( { id = \"lic\"; from = "
         "\"2026-01-11\"; action = \"licence\"; office = \"o\"; } );",
         r);
    fix_free(&f);
}

static void test_measure__late_orders_are_received_but_not_on_time(void **state)
{
    struct sim_result r;

    (void)state;
    slow_office(&r);
    assert_service(&r, 1160, 1120, 100); /* of days 0..115, 0..111, 0..9 */
    sim_result_free(&r);
}

static double cohort(const struct sim_result *r, const char *name, size_t quarter, size_t bin)
{
    const struct sim_column *c = fix_column(r, name);
    size_t bins = r->axis[c->axis[4]].n;

    assert_int_equal(r->axis[c->axis[2]].n, 1);
    assert_string_equal(r->axis[c->axis[2]].label[0], "CN>JP~part");
    return sim_column_at(c, quarter * bins + bin);
}

/* The second quarter begins on day 90, the horizon ends with day 119. */
static void test_measure__lead_times_by_quarter_of_the_order(void **state)
{
    struct sim_result r;

    (void)state;
    slow_office(&r);
    FIX_NEAR(r.axis[sim_result_find_axis(&r, "cohort")].value[1], 90, 0);
    FIX_NEAR(cohort(&r, "cohort_received", 0, 0), 100, 0); /* days 0..9 */
    FIX_NEAR(cohort(&r, "cohort_received", 0, 1), 800, 0); /* days 10..89 */
    FIX_NEAR(cohort(&r, "cohort_received", 1, 1), 220, 0); /* days 90..111 */
    FIX_NEAR(fix_sum(&r, "cohort_received", 0, 0), 1120, 0);
    FIX_NEAR(cohort(&r, "cohort_open", 1, 1), 20, 0); /* of days 112, 113 */
    FIX_NEAR(cohort(&r, "cohort_open", 1, 0), 60, 0);
    FIX_NEAR(fix_sum(&r, "cohort_open", 0, 0), 80, 0);
    FIX_NEAR(fix_sum(&r, "cohort_refused", 0, 0), 0, 0);
    sim_result_free(&r);
}

static void test_measure__only_flows_that_a_rule_may_hold_are_watched(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    shop(&f);
    play(&f, TIMES(31),
         "rules = ( { id = \"r\"; from = \"2026-01-11\"; destination = [ \"CN\" ]; action = "
         "\"deny\"; } );",
         &r);
    assert_int_equal(r.axis[sim_result_find_axis(&r, "watched")].n, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* ---- bullwhip ---- */

/* Fifteen parts a day in January, five in February: 420 in the first 28 days, 45 + 125 in the next.
 */
static void seasonal(struct fix *f)
{
    shop(f);
    fix_table(f, MDL_DEMAND,
              "site,product,rate_d,dist,patience_d,season\n"
              "jp.shop,part,10,constant,0,1.5 0.5 1 1 1 1 1 1 1 1 1 1\n");
}

static void test_measure__who_orders_what_is_asked_for_has_a_bullwhip_of_one(void **state)
{
    struct fix f;
    struct sim_result r;
    double cv = 250 / sqrt(2) / 295;

    (void)state;
    seasonal(&f);
    play(&f, "warm_up_d = 0; horizon_d = 60;", "", &r);
    FIX_NEAR(of_shop(&r, "need_cv"), cv, 1e-6);
    FIX_NEAR(of_shop(&r, "order_cv"), cv, 1e-6);
    FIX_NEAR(of_shop(&r, "bullwhip"), 1, 1e-6);
    FIX_NEAR(fix_at(&r, "stage_bullwhip", 0, 0, "JP~market", NULL), 1, 1e-6);
    /* the source is asked for what the shop orders, a day later: 405 and 180; it orders nothing */
    FIX_NEAR(fix_at(&r, "need_cv", 0, 0, "cn.src~part", NULL), 225 / sqrt(2) / 292.5, 1e-6);
    assert_true(isnan(fix_at(&r, "order_cv", 0, 0, "cn.src~part", NULL)));
    assert_true(isnan(fix_at(&r, "bullwhip", 0, 0, "cn.src~part", NULL)));
    assert_true(isnan(fix_at(&r, "stage_bullwhip", 0, 0, "CN~component", NULL)));
    sim_result_free(&r);
    fix_free(&f);
}

/* In lots of 300: one on day 19, when 300 are sold, the next on day 57. */
static void test_measure__lots_make_a_bullwhip(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    seasonal(&f);
    fix_table(&f, MDL_STOCKS, "site,product,policy,r,Q\njp.shop,part,rQ,400,300\n");
    play(&f, "warm_up_d = 0; horizon_d = 56;", "", &r);
    FIX_NEAR(of_shop(&r, "order_lines"), 1, 0);
    FIX_NEAR(of_shop(&r, "order_cv"), sqrt(2), 1e-6);
    FIX_NEAR(of_shop(&r, "bullwhip"), 2 * 295.0 * 295 / 31250, 1e-5);
    sim_result_free(&r);
    fix_free(&f);
}

static void test_measure__without_variance_there_is_no_bullwhip(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    shop(&f);
    play(&f, TIMES(56), "", &r);
    FIX_NEAR(of_shop(&r, "need_cv"), 0, 0);
    assert_true(isnan(of_shop(&r, "bullwhip")));
    sim_result_free(&r);
    fix_free(&f);
}

/* ---- cover and exposure ---- */

static void test_measure__cover_by_month(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    shop(&f);
    play(&f, TIMES(45), "rules = ( { id = \"ban\"; from = \"2026-01-11\"; action = \"deny\"; } );",
         &r);
    /* 200 less 40 on the way, sixteen days; on day 9 that is left and four days' more on the way,
     * so the shelf is bare after day 29 */
    FIX_NEAR(of_shop(&r, "before_cover"), 16, 1e-5);
    FIX_NEAR(fix_at(&r, "month_cover", 0, 0, "jp.shop~part", "0"), 0, 0);
    FIX_NEAR(fix_at(&r, "month_cover", 0, 0, "jp.shop~part", "1"), 0, 0);
    assert_string_equal(sim_result_find_attr(&r, "before"), "2025-12-31");
    sim_result_free(&r);
    fix_free(&f);
    shop(&f);
    play(&f, TIMES(45), "", &r);
    FIX_NEAR(fix_at(&r, "month_cover", 0, 0, "jp.shop~part", "0"), 16, 1e-5);
    FIX_NEAR(fix_at(&r, "month_cover", 0, 0, "jp.shop~part", "1"), 16, 1e-5);
    sim_result_free(&r);
    fix_free(&f);
}

static double kg_at(const struct sim_result *r, const char *point, const char *element,
                    const char *origin)
{
    const struct sim_column *c = fix_column(r, "before_kg");
    size_t at = fix_place(&r->axis[c->axis[2]], point);

    at = at * r->axis[c->axis[3]].n + fix_place(&r->axis[c->axis[3]], element);
    return sim_column_at(c, at * r->axis[c->axis[4]].n + fix_place(&r->axis[c->axis[4]], origin));
}

/* Magnets lie at the motor maker before the ban is announced on 10 February; a kilogram holds the
 * 0.02 x 870 g of dysprosium of its oxide less the gram in its swarf, separated in CN. */
static void test_measure__exposure_before_anything_differs(void **state)
{
    const struct sim_axis *a;
    struct fix f;
    struct sim_result r;
    double kg;

    (void)state;
    fix_toy(&f);
    fix_scenario(&f, "base", "outputs = \"full\";");
    fix_scenario(&f, "ban",
                 "outputs = \"full\"; rules = ( { id = \"ban\"; announced = \"2026-02-10\"; from = "
                 "\"2026-02-15\"; until = \"2026-02-20\"; action = \"deny\"; } );");
    fix_play(&f, 2, &r);
    assert_string_equal(sim_result_find_attr(&r, "before"), "2026-02-09");
    a = &r.axis[sim_result_find_axis(&r, "scenario")];
    assert_string_equal(a->coord[1].name, "scenario_begins");
    assert_true(isnan(a->coord[1].value[0]) && isnan(a->coord[2].value[0]));
    FIX_NEAR(a->coord[1].value[1], 40, 0);
    FIX_NEAR(a->coord[2].value[1], 50, 0);
    kg = fix_at(&r, "day_stock", 0, 0, "jp.motor~magnet", "39") * 0.0164;
    assert_true(kg > 0);
    FIX_NEAR(kg_at(&r, "jp.motor~magnet", "dy", "CN") / kg, 1, 1e-5);
    FIX_NEAR(kg_at(&r, "jp.motor~magnet", "dy", "unseparated"), 0, 0);
    FIX_NEAR(kg_at(&r, "cn.sep~ore", "dy", "CN"), 0, 0);
    assert_true(kg_at(&r, "cn.sep~ore", "dy", "unseparated") > 0);
    for (uint32_t run = 0; run < 2; run++) /* the same in both */
        FIX_NEAR(fix_at(&r, "before_cover", 1, run, "jp.motor~magnet", NULL),
                 fix_at(&r, "before_cover", 0, run, "jp.motor~magnet", NULL), 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* ---- losses and starts ---- */

static void test_measure__losses_by_goods_are_the_losses(void **state)
{
    struct fix f;
    struct sim_result r;
    const struct sim_column *c;
    size_t n_cause;

    (void)state;
    fix_toy(&f);
    fix_scenario(&f, "ban", "");
    f.cfg[0] = "title = \"t\"; network = \"toy\"; start = \"2026-01-01\"; horizon_d = 150; rules = "
               "( { id = \"ban\"; from = \"2026-01-05\"; action = \"deny\"; } );";
    fix_play(&f, 1, &r);
    c = fix_column(&r, "loss_by_goods");
    n_cause = r.axis[c->axis[3]].n;
    assert_int_equal(r.axis[c->axis[2]].n, 2); /* JP~defence, JP~vehicle */
    for (size_t k = 0; k < n_cause; k++)
        FIX_NEAR(sim_column_at(c, k) + sim_column_at(c, n_cause + k),
                 sim_column_at(fix_column(&r, "loss_by_cause"), k), 1e-6);
    for (size_t g = 0; g < 2; g++) {
        double sum = 0, usd = 0;

        for (size_t k = 0; k < n_cause; k++)
            sum += sim_column_at(c, g * n_cause + k);
        usd = fix_at(&r, "loss_usd", 0, 0,
                     g == 0 ? "jp.market~missile~military" : "jp.market~car~civil", NULL);
        assert_true(usd > 0);
        FIX_NEAR(sum / usd, 1, 1e-9);
    }
    sim_result_free(&r);
    fix_free(&f);
}

static void test_measure__starts_by_28_days_are_the_starts(void **state)
{
    struct fix f;
    struct sim_result r;
    const struct sim_column *c;

    (void)state;
    fix_toy(&f);
    fix_scenario(&f, "s", "");
    fix_play(&f, 1, &r);
    c = fix_column(&r, "period_started");
    assert_int_equal(r.axis[c->axis[3]].n, 3); /* 28, 28 and 4 days */
    for (size_t k = 0; k < r.axis[c->axis[2]].n; k++) {
        double sum = 0;

        for (size_t i = 0; i < 3; i++)
            sum += sim_column_at(c, 3 * k + i);
        FIX_NEAR(sum / sim_column_at(fix_column(&r, "started"), k), 1, 1.0 / 4096);
    }
    sim_result_free(&r);
    fix_free(&f);
}

/* ---- memory ---- */

static void test_measure__the_estimate_of_memory_is_what_is_allocated(void **state)
{
    static const char *const more[] = {
        "", "outputs = \"full\";",
        "rules = ( { id = \"q\"; from = \"2026-02-01\"; action = \"quota\"; amount = 1.0; decline "
        "= 0.5; decline_d = 9.0; } ); detours = ( { id = \"d\"; from = \"2026-02-01\"; via = "
        "\"JP\"; "
        "extra_d = 9.0; } ); diversions = ( { id = \"v\"; from = \"2026-02-01\"; } );"};

    (void)state;
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        struct fix f;
        struct mdl_study st;
        struct sim_result r;
        double bytes = 0;

        fix_toy(&f);
        fix_scenario(&f, "a", "");
        fix_scenario(&f, "b", more[i]);
        fix_study_ok(&f, &st);
        mdl_result_init(&r, &st, 7);
        for (int k = 0; k < r.n_column; k++)
            bytes +=
                (double)sim_column_n(&r, &r.column[k]) * (double)sim_type_size(r.column[k].type);
        FIX_NEAR(mdl_result_bytes(&st, 7), bytes, 0);
        assert_true(bytes > 0 && bytes <= (double)r.arena.held);
        sim_result_free(&r);
        mdl_study_free(&st);
        fix_free(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_measure__all_orders_come_by_the_promised_day),
        cmocka_unit_test(test_measure__what_is_refused_was_due),
        cmocka_unit_test(test_measure__late_orders_are_received_but_not_on_time),
        cmocka_unit_test(test_measure__lead_times_by_quarter_of_the_order),
        cmocka_unit_test(test_measure__only_flows_that_a_rule_may_hold_are_watched),
        cmocka_unit_test(test_measure__who_orders_what_is_asked_for_has_a_bullwhip_of_one),
        cmocka_unit_test(test_measure__lots_make_a_bullwhip),
        cmocka_unit_test(test_measure__without_variance_there_is_no_bullwhip),
        cmocka_unit_test(test_measure__cover_by_month),
        cmocka_unit_test(test_measure__exposure_before_anything_differs),
        cmocka_unit_test(test_measure__losses_by_goods_are_the_losses),
        cmocka_unit_test(test_measure__starts_by_28_days_are_the_starts),
        cmocka_unit_test(test_measure__the_estimate_of_memory_is_what_is_allocated)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
