#include "tests/models/shop.h"

/* Why: a network in which one thing goes wrong books all of the loss to it; and what is promised to
 * civilians stays with them. */

#define EXPORT "origin = [ \"CN\" ]; destination = [ \"JP\" ]; "
#define OFFICE(more) "offices = ( { id = \"o\"; " more " } );\n"

static const char car[] = "jp.market~car~civil", missile[] = "jp.market~missile~military";

/* The toy with constant demand that waits for a day; 200 days. */
static void toy(struct fix *f)
{
    fix_toy(f);
    for (size_t i = 0; i < 2; i++) {
        fix_set_at(f, MDL_DEMAND, i, "dist", "constant");
        fix_set_at(f, MDL_DEMAND, i, "patience_d", "1");
    }
}

static void scenario(struct fix *f, const char *label, const char *text)
{
    fix_scenario(f, label, "");
    f->cfg[f->n_cfg - 1] =
        fix_format(f,
                   "title = \"%s\"; network = \"toy\"; start = \"2026-01-01\"; warm_up_d = 40;\n"
                   "horizon_d = 200; runs = 2; seed = 7;\n%s",
                   label, text);
}

static double lost(const struct sim_result *r, uint32_t s, const char *market)
{
    return fix_at(r, "lost", s, 0, market, NULL) + fix_at(r, "backlog", s, 0, market, NULL);
}

static void assert_loss_is_booked(const struct sim_result *r, uint32_t s)
{
    double usd = fix_sum(r, "loss_usd", s, 0);

    FIX_NEAR(fix_sum(r, "loss_by_cause", s, 0), usd, 1e-9 * (1 + usd));
}

/* All losses in all runs of a scenario have one cause. */
static void assert_one_cause(const struct sim_result *r, uint32_t s, const char *cause)
{
    double usd = fix_sum(r, "loss_usd", s, 0);

    assert_true(usd > 1000000);
    assert_loss_is_booked(r, s);
    FIX_NEAR(fix_at(r, "loss_by_cause", s, 0, cause, NULL), usd, 1e-9 * usd);
}

static void assert_missed_has_one_cause(const struct sim_result *r, uint32_t s, const char *plant,
                                        const char *why)
{
    double missed = fix_at(r, "missed", s, 0, plant, NULL);

    assert_true(missed > 0);
    FIX_NEAR(fix_at(r, "missed_by_why", s, 0, plant, why), missed, 1e-5 * missed);
}

static void one_cause(const char *rules, const char *cause, const char *why)
{
    struct fix f;
    struct sim_result r;

    toy(&f);
    scenario(&f, "s", rules);
    fix_play(&f, 1, &r);
    assert_one_cause(&r, 0, cause);
    assert_missed_has_one_cause(&r, 0, "p.car", why);
    assert_missed_has_one_cause(&r, 0, "p.def", why);
    sim_result_free(&r);
    fix_free(&f);
}

static void test_cause__a_ban(void **state)
{
    (void)state;
    one_cause("rules = ( { id = \"r\"; from = \"2026-01-10\"; " EXPORT "action = \"deny\"; } );",
              "r, denied, magnet", "denied");
}

static void test_cause__refused_licences(void **state)
{
    (void)state;
    one_cause(OFFICE("review_d = 3; approval = 0.0;") "rules = ( { id = \"r\"; from = "
                                                      "\"2026-01-10\"; " EXPORT
                                                      "action = \"licence\"; office = \"o\"; } );",
              "r, licence refused, magnet", "licence refused");
}

static void test_cause__a_slow_office(void **state)
{
    (void)state;
    one_cause(OFFICE("review_d = 3000;") "rules = ( { id = \"r\"; from = \"2026-01-10\"; " EXPORT
                                         "action = \"licence\"; office = \"o\"; } );",
              "r, licence pending, magnet", "licence pending");
}

static void test_cause__a_slow_office_asked_when_goods_are_ready(void **state)
{
    (void)state;
    one_cause(OFFICE("review_d = 3000;") "rules = ( { id = \"r\"; from = \"2026-01-10\"; " EXPORT
                                         "action = \"licence\"; office = \"o\"; apply_at = "
                                         "\"ready\"; } );",
              "r, licence pending, magnet", "licence pending");
}

static void test_cause__an_inspection(void **state)
{
    (void)state;
    one_cause("rules = ( { id = \"r\"; from = \"2026-01-10\"; " EXPORT
              "action = \"inspect\"; delay_d = 900.0; } );",
              "r, inspection, magnet", "inspection");
}

static void test_cause__a_ban_two_borders_away(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    toy(&f);
    fix_set(&f, MDL_SITES, "cn.mine", "country", "MM");
    fix_set(&f, MDL_SITES, "cn.sep", "country", "VN");
    scenario(&f, "s",
             "rules = ( { id = \"r\"; from = \"2026-01-10\"; origin = [ \"MM\" ]; action = "
             "\"deny\"; } );");
    fix_play(&f, 1, &r);
    assert_one_cause(&r, 0, "r, denied, ore");
    sim_result_free(&r);
    fix_free(&f);
}

static void test_cause__too_little_capacity(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    toy(&f);
    fix_set(&f, MDL_PROCESSES, "p.motor", "capacity_d", "100");
    scenario(&f, "s", "");
    fix_play(&f, 1, &r);
    assert_one_cause(&r, 0, "capacity, jp.motor");
    assert_missed_has_one_cause(&r, 0, "p.car", "capacity");
    FIX_NEAR(lost(&r, 0, missile), 0, 0);
    sim_result_free(&r);
    fix_free(&f);
}

static void test_cause__too_little_capacity_far_up(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    toy(&f);
    fix_set(&f, MDL_PROCESSES, "p.mine", "capacity_d", "100");
    scenario(&f, "s", "");
    fix_play(&f, 1, &r);
    assert_one_cause(&r, 0, "capacity, cn.mine");
    sim_result_free(&r);
    fix_free(&f);
}

static void test_cause__an_empty_shelf_that_nothing_is_late_for(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    toy(&f);
    fix_table(&f, MDL_STOCKS, "site,product,policy,S,initial\njp.market,car,base-stock,150,0\n");
    scenario(&f, "s", "");
    fix_play(&f, 1, &r);
    assert_one_cause(&r, 0, "own stock policy");
    sim_result_free(&r);
    fix_free(&f);
}

static void test_cause__transport(void **state)
{
    struct fix f;
    struct sim_result r;
    double missed;

    (void)state;
    toy(&f);
    fix_set_at(&f, MDL_LANES, 3, "transit_d", "gamma(20,1.5)"); /* nothing holds it but the sea */
    fix_set(&f, MDL_SITES, "jp.motor", "cover_d", "0");
    scenario(&f, "s", "");
    fix_play(&f, 1, &r);
    assert_loss_is_booked(&r, 0);
    missed = fix_at(&r, "missed", 0, 0, "p.motor", NULL);
    /* a wave of late orders also meets the capacity of the supplier */
    assert_true(fix_at(&r, "missed_by_why", 0, 0, "p.motor", "transport") > 0.8 * missed);
    FIX_NEAR(fix_sum(&r, "missed_by_why", 0, 0), fix_sum(&r, "missed", 0, 0),
             1e-5 * fix_sum(&r, "planned", 0, 0));
    sim_result_free(&r);
    fix_free(&f);
}

static void test_cause__two_rules_share_the_loss(void **state)
{
    struct fix f;
    struct sim_result r;
    double usd, ban, wait;

    (void)state;
    toy(&f);
    fix_add(&f, MDL_LISTS, "firm.arms,entity,yamato.arms\n");
    scenario(&f, "s",
             OFFICE("review_d = 3000;") "rules = ( { id = \"ban\"; from = \"2026-01-10\"; " EXPORT
                                        "action = \"deny\"; entity_list = \"firms\"; }, { id = "
                                        "\"slow\"; from = \"2026-01-10\"; " EXPORT
                                        "action = \"licence\"; office = \"o\"; end_use = [ "
                                        "\"civil\" ]; } );");
    fix_play(&f, 1, &r);
    usd = fix_sum(&r, "loss_usd", 0, 0);
    ban = fix_at(&r, "loss_by_cause", 0, 0, "ban, denied, magnet", NULL);
    wait = fix_at(&r, "loss_by_cause", 0, 0, "slow, licence pending, magnet", NULL);
    assert_loss_is_booked(&r, 0);
    FIX_NEAR(ban + wait, usd, 1e-9 * usd);
    FIX_NEAR(ban, fix_at(&r, "loss_usd", 0, 0, missile, NULL), 1e-9 * usd);
    FIX_NEAR(wait, fix_at(&r, "loss_usd", 0, 0, car, NULL), 1e-9 * usd);
    sim_result_free(&r);
    fix_free(&f);
}

static void test_cause__late_orders_share_the_loss_by_what_is_open(void **state)
{
    struct fix f = {0};
    struct sim_result r;
    double usd;

    (void)state;
    fix_table(&f, MDL_PRODUCTS,
              "id,name,stage,unit,quanta_per_unit,value_usd\npart,Part,component,piece,1,1000\n");
    fix_table(&f, MDL_SITES,
              "id,name,country,tier,review_d\ncn.src,S,CN,component,0\n"
              "us.src,S,US,component,0\njp.shop,S,JP,market,1\n");
    fix_table(&f, MDL_BOM, "recipe,role,product,quantity\nmake,output,part,1\n");
    fix_table(&f, MDL_PROCESSES, "id,site,recipe\np.cn,cn.src,make\np.us,us.src,make\n");
    fix_table(&f, MDL_LANES,
              "from,to,product,share,transit_d\ncn.src,jp.shop,part,0.8,3\n"
              "us.src,jp.shop,part,0.2,3\n");
    fix_table(&f, MDL_DEMAND, "site,product,rate_d,dist,patience_d\njp.shop,part,100,constant,0\n");
    fix_table(&f, MDL_STOCKS, "site,product,policy,S\njp.shop,part,base-stock,400\n");
    scenario(
        &f, "s",
        OFFICE("review_d = 3000;") "rules = ( { id = \"cn\"; from = \"2026-01-10\"; origin = [ "
                                   "\"CN\" ]; action = \"licence\"; office = \"o\"; }, { id = "
                                   "\"us\"; from = \"2026-01-10\"; origin = [ \"US\" ]; action = "
                                   "\"licence\"; office = \"o\"; } );");
    fix_play(&f, 1, &r);
    usd = fix_sum(&r, "loss_usd", 0, 0);
    assert_true(usd > 10000000);
    FIX_NEAR(fix_at(&r, "loss_by_cause", 0, 0, "cn, licence pending, part", NULL), 0.8 * usd,
             1e-9 * usd);
    FIX_NEAR(fix_at(&r, "loss_by_cause", 0, 0, "us, licence pending, part", NULL), 0.2 * usd,
             1e-9 * usd);
    sim_result_free(&r);
    fix_free(&f);
}

/* Customers triple in April. What a shop ordered since waits for a licence that takes a hundred
 * days and is not late before; its military orders are refused. What civilians lose is the
 * licence's. */
static void test_cause__a_licence_that_is_not_late_yet(void **state)
{
    struct fix f;
    struct sim_result r;
    double usd, civil;

    (void)state;
    shop(&f);
    fix_add(&f, MDL_DEMAND, "jp.shop,part,2,constant,0\n");
    fix_set_at(&f, MDL_DEMAND, 1, "end_use", "military");
    fix_set_at(&f, MDL_DEMAND, 0, "season", "0.4 0.4 0.4 1.2 1.2 1.2 1.2 1.2 1.2 1.2 1.2 1.2");
    f.text[MDL_STOCKS] = NULL;
    scenario(&f, "s",
             OFFICE("review_d = 100;") "rules = ( { id = \"ban\"; from = \"2026-01-10\"; " EXPORT
                                       "end_use = [ \"military\" ]; action = \"deny\"; }, { id = "
                                       "\"slow\"; from = \"2025-01-01\"; " EXPORT
                                       "action = \"licence\"; office = \"o\"; end_use = [ "
                                       "\"civil\" ]; } );");
    fix_play(&f, 1, &r);
    usd = fix_sum(&r, "loss_usd", 0, 0);
    civil = fix_at(&r, "loss_usd", 0, 0, "jp.shop~part~civil", NULL);
    assert_loss_is_booked(&r, 0);
    assert_true(civil > 10000);
    FIX_NEAR(fix_at(&r, "loss_by_cause", 0, 0, "slow, licence pending, part", NULL), civil,
             1e-9 * usd);
    FIX_NEAR(fix_at(&r, "loss_by_cause", 0, 0, "ban, denied, part", NULL), usd - civil, 1e-9 * usd);
    sim_result_free(&r);
    fix_free(&f);
}

/* A second source in JP can make no more than it is contracted for. Two rules send it what CN
 * refuses: of each end use, what it owes is short by the rule for that use. */
static void test_cause__orders_that_others_refuse(void **state)
{
    struct fix f;
    struct sim_result r;
    double usd, civil;

    (void)state;
    shop(&f);
    fix_add(&f, MDL_SITES, "jp.src,Source,JP,component,1,1\n");
    fix_add(&f, MDL_PROCESSES, "p.jp,jp.src,make,6\n");
    fix_set_at(&f, MDL_LANES, 0, "share", "0.5");
    fix_add(&f, MDL_LANES, "jp.src,jp.shop,part,0.5,3\n");
    fix_add(&f, MDL_DEMAND, "jp.shop,part,1,constant,0\n");
    fix_set_at(&f, MDL_DEMAND, 1, "end_use", "military");
    f.text[MDL_STOCKS] = NULL;
    scenario(&f, "s",
             "rules = ( { id = \"civ\"; from = \"2026-01-10\"; " EXPORT
             "end_use = [ \"civil\" ]; action = \"deny\"; }, { id = \"mil\"; from = "
             "\"2026-01-10\"; " EXPORT "end_use = [ \"military\" ]; action = \"deny\"; } );");
    fix_play(&f, 1, &r);
    usd = fix_sum(&r, "loss_usd", 0, 0);
    civil = fix_at(&r, "loss_usd", 0, 0, "jp.shop~part~civil", NULL);
    assert_loss_is_booked(&r, 0);
    assert_true(civil > 30000 && usd - civil > 3000);
    FIX_NEAR(fix_at(&r, "loss_by_cause", 0, 0, "civ, denied, part", NULL), civil, 0.02 * civil);
    FIX_NEAR(fix_at(&r, "loss_by_cause", 0, 0, "mil, denied, part", NULL), usd - civil,
             0.02 * civil);
    sim_result_free(&r);
    fix_free(&f);
}

/* ---- civil and military ---- */

#define DENY_MILITARY                                                                              \
    "rules = ( { id = \"r\"; from = \"2026-01-10\"; " EXPORT                                       \
    "end_use = [ \"military\" ]; action = \"deny\"; list = \"headings\"; %s } );"

static void test_military__a_ban_for_the_military_harms_no_civilian(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    fix_toy(&f);
    scenario(&f, "base", "");
    scenario(&f, "plain", fix_format(&f, DENY_MILITARY, ""));
    scenario(&f, "bound", fix_format(&f, DENY_MILITARY, "undertaking = true;"));
    fix_play(&f, 2, &r);
    for (uint32_t s = 0; s < 3; s++) {
        FIX_NEAR(lost(&r, s, car), 0, 0);
        FIX_NEAR(fix_at(&r, "served", s, 1, car, NULL), fix_at(&r, "served", 0, 1, car, NULL), 0);
        assert_true(isnan(fix_at(&r, "stop_first", s, 0, "p.motor", NULL)));
        assert_true(isnan(fix_at(&r, "stop_first", s, 0, "p.car", NULL)));
        assert_true(isnan(fix_at(&r, "stop_first", s, 0, "p.def", NULL)) == (s == 0));
    }
    assert_true(lost(&r, 1, missile) > 100 && lost(&r, 2, missile) > 100);
    sim_result_free(&r);
    fix_free(&f);
}

/* Motors go into cars and into missiles, at one site that buys magnets for both. */
static void mixed(struct fix *f)
{
    toy(f);
    fix_set_at(f, MDL_BOM, fix_row(f, MDL_BOM, "arm") + 1, "product", "motor");
    fix_set_at(f, MDL_LANES, 4, "from", "jp.motor");
    fix_set_at(f, MDL_LANES, 4, "product", "motor");
    fix_set_at(f, MDL_DEMAND, 1, "rate_d", "50");
    fix_set(f, MDL_PROCESSES, "p.def", "capacity_d", "100");
}

static void test_military__what_is_promised_to_civilians_never_enters_arms(void **state)
{
    static const char *const rule[] = {"", "undertaking = true;"};
    struct fix f;
    struct sim_result r;

    (void)state;
    mixed(&f);
    for (int i = 0; i < 2; i++)
        scenario(&f, rule[i] == rule[0] ? "plain" : "bound",
                 fix_format(&f, DENY_MILITARY, rule[i]));
    fix_play(&f, 1, &r);
    for (uint32_t s = 0; s < 2; s++) {
        FIX_NEAR(lost(&r, s, car), 0, 0);
        /* free stock and what was on the way feed the military for some weeks, then no more */
        for (int week = 16; week < 28; week++) {
            char at[16];

            snprintf(at, sizeof at, "%d", week);
            FIX_NEAR(fix_at(&r, "week_made", s, 0, "jp.car~car", at), 700, 350);
            if (s == 1)
                FIX_NEAR(fix_at(&r, "week_made", s, 0, "jp.def~missile", at), 0, 0);
        }
        assert_loss_is_booked(&r, s);
    }
    FIX_NEAR(fix_at(&r, "missed_by_why", 1, 0, "p.def", "denied"),
             fix_at(&r, "missed", 1, 0, "p.def", NULL), 1e-3);
    sim_result_free(&r);
    fix_free(&f);
}

static void test_military__mistaken_civil_orders_hurt_civilians_a_little(void **state)
{
    struct fix f;
    struct sim_result r;
    double refused;

    (void)state;
    fix_toy(&f);
    scenario(&f, "s",
             fix_format(&f, DENY_MILITARY, "mistaken_civil = 0.3; mistaken_action = \"deny\";"));
    fix_play(&f, 1, &r);
    refused = fix_at(&r, "refused", 0, 0, "jp.motor~magnet", NULL);
    assert_true(refused > 0);
    assert_true(refused < 0.7 * fix_at(&r, "ordered", 0, 0, "jp.motor~magnet", NULL));
    sim_result_free(&r);
    fix_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cause__a_ban),
        cmocka_unit_test(test_cause__refused_licences),
        cmocka_unit_test(test_cause__a_slow_office),
        cmocka_unit_test(test_cause__a_slow_office_asked_when_goods_are_ready),
        cmocka_unit_test(test_cause__an_inspection),
        cmocka_unit_test(test_cause__a_ban_two_borders_away),
        cmocka_unit_test(test_cause__too_little_capacity),
        cmocka_unit_test(test_cause__too_little_capacity_far_up),
        cmocka_unit_test(test_cause__an_empty_shelf_that_nothing_is_late_for),
        cmocka_unit_test(test_cause__transport),
        cmocka_unit_test(test_cause__two_rules_share_the_loss),
        cmocka_unit_test(test_cause__late_orders_share_the_loss_by_what_is_open),
        cmocka_unit_test(test_cause__a_licence_that_is_not_late_yet),
        cmocka_unit_test(test_cause__orders_that_others_refuse),
        cmocka_unit_test(test_military__a_ban_for_the_military_harms_no_civilian),
        cmocka_unit_test(test_military__what_is_promised_to_civilians_never_enters_arms),
        cmocka_unit_test(test_military__mistaken_civil_orders_hurt_civilians_a_little)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
