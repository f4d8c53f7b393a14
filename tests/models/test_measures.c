#include "tests/models/fixture.h"

/* Measures of small networks in which nothing is drawn, against figures worked out by hand. A day
 * is counted from start, 2026-01-01 = day 0. Warm-up is 40 days. */

enum { RATE = 10 };

static void play(struct fix *f, int horizon_d, const char *rules, struct sim_result *r)
{
    fix_scenario(f, "s", "");
    f->cfg[0] =
        fix_format(f,
                   "title = \"t\"; network = \"toy\"; start = \"2026-01-01\"; warm_up_d = 40; "
                   "horizon_d = %d; runs = 1;\n%s",
                   horizon_d, rules);
    fix_play(f, 1, r);
}

/* A source makes parts to order; a shop in another country orders up to S every day at midnight. An
 * order is at the source at 1:00, leaves at once and is in the shop 3 days later, also at 1:00: it
 * serves from the fourth midnight on. After the demand of a day, 40 parts are on the way. */
static void shop(struct fix *f, int S, const char *patience)
{
    *f = (struct fix){0};
    fix_table(f, MDL_PRODUCTS,
              "id,name,stage,unit,quanta_per_unit,value_usd,per_application,el_dy_g\n"
              "part,Part,component,piece,1,100,4,2\n");
    fix_table(f, MDL_SITES,
              "id,name,country,tier,review_d\n"
              "cn.src,Source,CN,component,0\n"
              "jp.shop,Shop,JP,market,1\n");
    fix_table(f, MDL_BOM, "recipe,role,product,quantity\nmake,output,part,1\n");
    fix_table(f, MDL_PROCESSES, "id,site,recipe\np.src,cn.src,make\n");
    fix_table(f, MDL_LANES,
              "from,to,product,share,transit_d,customs_d\n"
              "cn.src,jp.shop,part,1,3,0\n");
    fix_table(f, MDL_DEMAND, "site,product,rate_d,dist,patience_d\n");
    fix_add(f, MDL_DEMAND, fix_format(f, "jp.shop,part,%d,constant,%s\n", RATE, patience));
    fix_table(f, MDL_STOCKS, "site,product,policy,S\n");
    fix_add(f, MDL_STOCKS, fix_format(f, "jp.shop,part,base-stock,%d\n", S));
}

static double at_shop(const struct sim_result *r, const char *column)
{
    return fix_at(r, column, 0, 0, "jp.shop~part~civil", NULL);
}

static double of_shop(const struct sim_result *r, const char *column)
{
    return fix_at(r, column, 0, 0, "jp.shop~part", NULL);
}

static void assert_market(const struct sim_result *r, double served, double at_once, double lost,
                          double backlog)
{
    FIX_NEAR(at_shop(r, "demand"), 310, 0);
    FIX_NEAR(at_shop(r, "served"), served, 0);
    FIX_NEAR(at_shop(r, "served_at_once"), at_once, 0);
    FIX_NEAR(at_shop(r, "lost"), lost, 0);
    FIX_NEAR(at_shop(r, "backlog"), backlog, 0);
    FIX_NEAR(at_shop(r, "loss_usd"), 100 * (lost + backlog), 0);
}

static void test_measures__of_a_shop_that_is_always_served(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    shop(&f, 45, "");
    play(&f, 31, "", &r);
    assert_market(&r, 310, 310, 0, 0);
    FIX_NEAR(of_shop(&r, "ordered"), 310, 0);
    FIX_NEAR(of_shop(&r, "order_lines"), 31, 0);
    FIX_NEAR(of_shop(&r, "received"), 310, 0);
    FIX_NEAR(of_shop(&r, "stock_mean"), 5, 0);
    FIX_NEAR(of_shop(&r, "cover_mean"), 0.5, 1e-6);
    FIX_NEAR(of_shop(&r, "lead_mean"), 3 + 1.0 / 24, 1e-6);
    FIX_NEAR(fix_at(&r, "made", 0, 0, "cn.src~part", NULL), 310, 0);
    FIX_NEAR(fix_at(&r, "shipped", 0, 0, "cn.src~part", NULL), 310, 0);
    FIX_NEAR(fix_at(&r, "exports", 0, 0, "CN>JP~part", "0"), 310, 0);
    FIX_NEAR(fix_at(&r, "imports", 0, 0, "CN>JP~part", "0"), 310, 0);
    /* on 31 January those of days 27 to 30: day 27's come later on that day */
    FIX_NEAR(fix_at(&r, "open_orders", 0, 0, "CN>JP~part", "0"), 40, 0);
    /* those of days 0 to 27 have come by day 30 */
    FIX_NEAR(fix_at(&r, "lead_received", 0, 0, "CN>JP~part", "0"), 280, 0);
    FIX_NEAR(fix_at(&r, "lead_open", 0, 0, "CN>JP~part", "0"), 30, 0);
    FIX_NEAR(fix_sum(&r, "lead_received", 0, 0), 280, 0);
    FIX_NEAR(fix_sum(&r, "lead_open", 0, 0), 30, 0);
    FIX_NEAR(fix_sum(&r, "lead_refused", 0, 0), 0, 0);
    FIX_NEAR(fix_at(&r, "week_stock", 0, 0, "jp.shop~part", "4"), 5, 0);
    FIX_NEAR(fix_at(&r, "group_made", 0, 0, "CN~component~part", "0"), 70, 0);
    FIX_NEAR(fix_at(&r, "group_made", 0, 0, "CN~component~part", "4"), 30, 0); /* three days */
    FIX_NEAR(fix_sum(&r, "delivered_kg", 0, 0), 310 * 0.002, 1e-6);
    sim_result_free(&r);
    fix_free(&f);
}

static void test_measures__of_a_shop_with_too_little_stock(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    shop(&f, 35, ""); /* 5 too few: half of each day waits for the next */
    play(&f, 31, "", &r);
    FIX_NEAR(at_shop(&r, "served"), 310, 0); /* 5 of the day before, and 5 */
    FIX_NEAR(at_shop(&r, "served_at_once"), 155, 0);
    FIX_NEAR(at_shop(&r, "backlog"), 5, 0);
    FIX_NEAR(at_shop(&r, "lost"), 0, 0);
    FIX_NEAR(at_shop(&r, "loss_usd"), 500, 0);
    FIX_NEAR(fix_at(&r, "loss_by_cause", 0, 0, "own stock policy", NULL), 500, 1e-9);
    FIX_NEAR(of_shop(&r, "stock_mean"), 0, 0);
    sim_result_free(&r);
    fix_free(&f);
}

static void test_measures__exports_count_on_the_day_of_release(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    shop(&f, 75, "");
    fix_set_at(&f, MDL_LANES, 0, "customs_d", "2");
    play(&f, 45, "", &r); /* until 14 February */
    FIX_NEAR(fix_at(&r, "exports", 0, 0, "CN>JP~part", "0"), 310, 0);
    FIX_NEAR(fix_at(&r, "exports", 0, 0, "CN>JP~part", "1"), 140, 0);
    FIX_NEAR(fix_at(&r, "imports", 0, 0, "CN>JP~part", "0"), 310, 0);
    FIX_NEAR(fix_at(&r, "imports", 0, 0, "CN>JP~part", "1"), 140, 0);
    /* five days and the day's own; the horizon ends within February */
    FIX_NEAR(fix_at(&r, "open_orders", 0, 0, "CN>JP~part", "0"), 60, 0);
    FIX_NEAR(fix_at(&r, "open_orders", 0, 0, "CN>JP~part", "1"), 60, 0);
    FIX_NEAR(of_shop(&r, "lead_mean"), 5 + 1.0 / 24, 1e-6);
    sim_result_free(&r);
    fix_free(&f);
}

/* A rule that begins on day 28 and holds each line for 2 days once it is ready leaves a gap of two
 * days in exports and shipments; the lines of the last two days stand at the gate. */
static void test_measures__an_inspection_makes_a_gap(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    shop(&f, 75, "");
    play(&f, 59,
         "rules = ( { id = \"r\"; from = \"2026-01-29\"; action = \"inspect\"; delay_d = 2.0; } );",
         &r);
    FIX_NEAR(fix_at(&r, "exports", 0, 0, "CN>JP~part", "0"), 290, 0); /* days 28 and 29 are empty */
    FIX_NEAR(fix_at(&r, "exports", 0, 0, "CN>JP~part", "1"), 280, 0);
    FIX_NEAR(fix_at(&r, "shipped", 0, 0, "cn.src~part", NULL), 570, 0);
    FIX_NEAR(fix_at(&r, "made", 0, 0, "cn.src~part", NULL), 590, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* ---- a ban from day 10 to day 19 ---- */

#define BAN                                                                                        \
    "rules = ( { id = \"ban\"; from = \"2026-01-11\"; until = \"2026-01-21\"; action = \"deny\"; " \
    "} );"

/* The line of day 9 is the last to leave: days 0 to 13 are served, and half of day 14. The order of
 * day 20 comes on day 23 and serves on day 24. */
static void test_measures__of_a_ban_that_customers_wait_out(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    shop(&f, 45, "");
    play(&f, 31, BAN, &r);
    assert_market(&r, 310, 215, 0, 0);
    FIX_NEAR(of_shop(&r, "refused"), 10, 0); /* the line of day 10; then the source is not asked */
    FIX_NEAR(fix_at(&r, "lead_refused", 0, 0, "CN>JP~part", "0"), 10, 0);
    FIX_NEAR(fix_at(&r, "exports", 0, 0, "CN>JP~part", "0"), 310, 0); /* 10 days, 110, 10 days */
    FIX_NEAR(of_shop(&r, "ordered"), 320, 0);
    FIX_NEAR(fix_sum(&r, "loss_by_cause", 0, 0), 0, 0);
    sim_result_free(&r);
    fix_free(&f);
}

static void assert_ban(const char *patience, double served, double lost)
{
    struct fix f;
    struct sim_result r;

    shop(&f, 45, patience);
    play(&f, 31, BAN, &r);
    assert_market(&r, served, 215, lost, 0);
    FIX_NEAR(fix_at(&r, "loss_by_cause", 0, 0, "ban, denied, part", NULL), 100 * lost, 1e-9);
    sim_result_free(&r);
    fix_free(&f);
}

static void test_measures__of_a_ban_when_customers_do_not_wait(void **state)
{
    (void)state;
    assert_ban("0", 215, 95); /* half of day 14, and days 15 to 23 */
}

static void test_measures__of_a_ban_when_customers_wait_two_days(void **state)
{
    (void)state;
    assert_ban("2", 235, 75); /* half of day 14, and days 15 to 21 */
}

static void test_measures__of_a_ban_that_lasts(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    shop(&f, 45, "");
    play(&f, 31, "rules = ( { id = \"ban\"; from = \"2026-01-11\"; action = \"deny\"; } );", &r);
    assert_market(&r, 145, 145, 0, 165);
    FIX_NEAR(fix_at(&r, "loss_by_cause", 0, 0, "ban, denied, part", NULL), 16500, 1e-9);
    FIX_NEAR(fix_at(&r, "exports", 0, 0, "CN>JP~part", "0"), 100, 0);
    FIX_NEAR(of_shop(&r, "refused"), 10, 0); /* asked again after 30 days: not in January */
    sim_result_free(&r);
    fix_free(&f);
}

static void test_measures__a_refused_supplier_is_asked_again(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    shop(&f, 45, "");
    play(&f, 31,
         "retry_d = 5.0; rules = ( { id = \"ban\"; from = \"2026-01-11\"; action = \"deny\"; } );",
         &r);
    /* refused on days 10, 15, 20, 25 and 30; what is short of 45 each time: 10, 60, 110, 160, 210
     */
    FIX_NEAR(of_shop(&r, "refused"), 10 + 60 + 110 + 160 + 210, 0);
    FIX_NEAR(fix_at(&r, "loss_by_cause", 0, 0, "ban, denied, part", NULL), 16500, 1e-9);
    sim_result_free(&r);
    fix_free(&f);
}

/* Nothing is left after each day, so each day from day 14 on is short; what was ordered on day 10
 * is due for day 14. */
static void test_measures__goods_are_late_on_the_day_they_are_due(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    shop(&f, 40, "0");
    play(&f, 31,
         "offices = ( { id = \"o\"; review_d = 3000; } ); rules = ( { id = \"lic\"; from = "
         "\"2026-01-11\"; action = \"licence\"; office = \"o\"; } );",
         &r);
    assert_market(&r, 140, 140, 170, 0);
    FIX_NEAR(fix_at(&r, "loss_by_cause", 0, 0, "lic, licence pending, part", NULL), 17000, 1e-9);
    sim_result_free(&r);
    fix_free(&f);
}

/* ---- an office ---- */

#define LICENCE                                                                                    \
    "offices = ( { id = \"o\"; review_d = 5; } ); rules = ( { id = \"lic\"; from = "               \
    "\"2025-01-01\"; action = \"licence\"; office = \"o\"; %s } );"

/* Filed at 2:00, decided five days later, known at 3:00, on the way three days: a line of 10 parts
 * stands for three applications of 4 at most. */
static void test_measures__of_an_office_that_takes_five_days(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    shop(&f, 100, "");
    play(&f, 31, fix_format(&f, LICENCE, ""), &r);
    assert_market(&r, 310, 310, 0, 0);
    FIX_NEAR(of_shop(&r, "lead_mean"), 8 + 3.0 / 24, 1e-6);
    FIX_NEAR(of_shop(&r, "stock_mean"), 10, 0);
    FIX_NEAR(fix_at(&r, "applied", 0, 0, "o", "0"), 93, 0);
    FIX_NEAR(fix_at(&r, "granted", 0, 0, "o", "0"), 93, 0);
    FIX_NEAR(fix_at(&r, "refused_licences", 0, 0, "o", "0"), 0, 0);
    FIX_NEAR(fix_at(&r, "review_days", 0, 0, "o", "0"), 93 * 5, 1e-9);
    FIX_NEAR(fix_at(&r, "waiting", 0, 0, "o", NULL), 15, 0); /* filed on days 26 to 30 */
    FIX_NEAR(fix_at(&r, "queue_wait", 0, 0, "o", NULL), 0, 0);
    FIX_NEAR(fix_at(&r, "exports", 0, 0, "CN>JP~part", "0"), 310, 0);
    FIX_NEAR(fix_at(&r, "lead_received", 0, 0, "CN>JP~part", "1"), 230, 0); /* days 0 to 22 */
    FIX_NEAR(fix_at(&r, "lead_open", 0, 0, "CN>JP~part", "1"), 20, 0);
    FIX_NEAR(fix_at(&r, "lead_open", 0, 0, "CN>JP~part", "0"), 60, 0);
    sim_result_free(&r);
    fix_free(&f);
}

static void test_measures__of_an_office_with_as_many_reviewers_as_needed_just(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    shop(&f, 100, "");
    /* three applications a day of five days each keep fifteen reviewers busy all the time */
    play(&f, 31,
         "offices = ( { id = \"o\"; review_d = 5; reviewers = 15; } ); rules = ( { id = \"lic\"; "
         "from = \"2025-01-01\"; action = \"licence\"; office = \"o\"; } );",
         &r);
    FIX_NEAR(fix_at(&r, "granted", 0, 0, "o", "0"), 93, 0);
    FIX_NEAR(fix_at(&r, "review_days", 0, 0, "o", "0"), 93 * 5, 1e-9);
    FIX_NEAR(fix_at(&r, "queue_wait", 0, 0, "o", NULL), 0, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* One reviewer takes six hours for each of the three applications of a line. */
static void test_measures__of_an_office_with_one_reviewer(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    shop(&f, 60, "");
    play(&f, 31,
         "offices = ( { id = \"o\"; review_d = 0.25; reviewers = 1; } ); rules = ( { id = \"lic\"; "
         "from = \"2025-01-01\"; action = \"licence\"; office = \"o\"; } );",
         &r);
    FIX_NEAR(of_shop(&r, "lead_mean"), 3 + 0.75 + 3.0 / 24, 1e-6);
    FIX_NEAR(fix_at(&r, "granted", 0, 0, "o", "0"), 93, 0);
    FIX_NEAR(fix_at(&r, "review_days", 0, 0, "o", "0"), 93 * 0.75, 1e-9); /* by the line */
    FIX_NEAR(fix_at(&r, "queue_wait", 0, 0, "o", NULL), (0 + 0.25 + 0.5) / 3, 1e-9);
    sim_result_free(&r);
    fix_free(&f);
}

static void test_measures__of_an_office_that_counts_working_days(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    shop(&f, 130, "");
    /* five working days are seven days, whatever the day, but for Saturdays and Sundays themselves:
     * what is filed then at 2:00 is begun on Monday at 0:00 and done on Friday at 24:00. Five times
     * in a week seven days, once 6 days 22 hours, once 5 days 22 hours */
    play(
        &f, 28,
        "offices = ( { id = \"o\"; review_d = 5; working_days = true; country = \"CN\"; } ); rules "
        "= ( { id = \"lic\"; from = \"2025-01-01\"; action = \"licence\"; office = \"o\"; } );",
        &r);
    FIX_NEAR(fix_at(&r, "granted", 0, 0, "o", "0"), 84, 0);
    FIX_NEAR(fix_at(&r, "review_days", 0, 0, "o", "0"),
             12 * (5 * 7 + 6 + 22.0 / 24 + 5 + 22.0 / 24), 1e-6);
    sim_result_free(&r);
    fix_free(&f);
}

static void test_measures__of_an_office_that_refuses_all(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    shop(&f, 100, "0");
    play(&f, 31, fix_format(&f, LICENCE, "approval = 0.0;"), &r);
    assert_market(&r, 0, 0, 310, 0);
    FIX_NEAR(fix_at(&r, "granted", 0, 0, "o", "0"), 0, 0);
    FIX_NEAR(fix_at(&r, "loss_by_cause", 0, 0, "lic, licence refused, part", NULL), 31000, 1e-9);
    FIX_NEAR(fix_at(&r, "exports", 0, 0, "CN>JP~part", "0"), 0, 0);
    /* the lines of days -40 to -35 are refused, the last on day -30: the source is asked again on
     * day 0, for 100 parts, and the answer of day 5 keeps the shop away for the rest of January */
    FIX_NEAR(fix_at(&r, "applied", 0, 0, "o", "0"), 25, 0);
    FIX_NEAR(fix_at(&r, "refused_licences", 0, 0, "o", "0"), 25, 0);
    FIX_NEAR(fix_at(&r, "waiting", 0, 0, "o", NULL), 0, 0);
    FIX_NEAR(of_shop(&r, "refused"), 100, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* ---- a plant ---- */

/* Parts from the source, made into goods two days later one to one, sold in the shop after a day on
 * the road. The plant orders parts up to 60 (40 on the way, 20 before and 10 after the day's
 * starts), the shop goods up to 30 (20 on the way, 10 left after the day's demand). The plant wants
 * 40 goods in process and on its shelf beyond what it owes: 10 in process, 20 on the shelf after
 * the day's shipment. */
static void plant(struct fix *f)
{
    shop(f, 30, "0");
    fix_add(f, MDL_PRODUCTS, "good,Good,vehicle,piece,1,1000,1,\n");
    fix_add(f, MDL_BOM, "build,output,good,1\nbuild,input,part,1\n");
    fix_table(f, MDL_SITES,
              "id,name,country,tier,review_d,out_cover_d,smooth_d\n"
              "cn.src,Source,CN,component,0,0,1\n"
              "jp.plant,Plant,JP,vehicle,1,1,1\n"
              "jp.shop,Shop,JP,market,1,0,1\n");
    fix_table(f, MDL_PROCESSES,
              "id,site,recipe,capacity_d,cycle_d\np.src,cn.src,make,,\n"
              "p.plant,jp.plant,build,20,2\n");
    fix_table(f, MDL_LANES,
              "from,to,product,share,transit_d\n"
              "cn.src,jp.plant,part,1,3\njp.plant,jp.shop,good,1,1\n");
    fix_table(f, MDL_DEMAND, "site,product,rate_d,dist,patience_d\njp.shop,good,10,constant,0\n");
    fix_table(f, MDL_STOCKS,
              "site,product,policy,S\njp.plant,part,base-stock,60\n"
              "jp.shop,good,base-stock,30\n");
}

static void test_measures__of_a_plant_that_runs(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    plant(&f);
    play(&f, 31, "", &r);
    FIX_NEAR(fix_at(&r, "served_at_once", 0, 0, "jp.shop~good~civil", NULL), 310, 0);
    FIX_NEAR(fix_at(&r, "planned", 0, 0, "p.plant", NULL), 310, 0);
    FIX_NEAR(fix_at(&r, "started", 0, 0, "p.plant", NULL), 310, 0);
    FIX_NEAR(fix_at(&r, "made", 0, 0, "jp.plant~good", NULL), 310, 0);
    FIX_NEAR(fix_at(&r, "used", 0, 0, "jp.plant~part", NULL), 310, 0);
    FIX_NEAR(fix_at(&r, "stock_mean", 0, 0, "jp.plant~part", NULL), 10, 0);
    FIX_NEAR(fix_at(&r, "stock_mean", 0, 0, "jp.plant~good", NULL), 20, 0);
    FIX_NEAR(fix_at(&r, "stock_mean", 0, 0, "jp.shop~good", NULL), 10, 0);
    FIX_NEAR(fix_at(&r, "lead_mean", 0, 0, "jp.shop~good", NULL), 2, 1e-6);
    assert_true(isnan(fix_at(&r, "stop_first", 0, 0, "p.plant", NULL)));
    FIX_NEAR(fix_at(&r, "stop_days", 0, 0, "p.plant", NULL), 0, 0);
    FIX_NEAR(fix_at(&r, "slow_days", 0, 0, "p.plant", NULL), 0, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* The parts of day 9 are in the plant for day 13, ten more are left for day 14. Goods started on
 * day 14 are on the shelf on day 16; the shelf is empty after day 18, the shop sells its last ten
 * on day 20 and orders no more, as what it ordered does not come. So the plant misses ten starts on
 * each of the days 15 to 21, and for the days after them nothing new is asked of it. */
static void test_measures__of_a_plant_that_stops(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    plant(&f);
    play(&f, 31, "rules = ( { id = \"ban\"; from = \"2026-01-11\"; action = \"deny\"; } );", &r);
    FIX_NEAR(fix_at(&r, "stop_first", 0, 0, "p.plant", NULL), 15, 0);
    FIX_NEAR(fix_at(&r, "stop_days", 0, 0, "p.plant", NULL), 16, 0);
    FIX_NEAR(fix_at(&r, "stop_longest", 0, 0, "p.plant", NULL), 16, 0);
    FIX_NEAR(fix_at(&r, "stop_longest_first", 0, 0, "p.plant", NULL), 15, 0);
    FIX_NEAR(fix_at(&r, "slow_days", 0, 0, "p.plant", NULL), 0, 0);
    FIX_NEAR(fix_at(&r, "started", 0, 0, "p.plant", NULL), 150, 0);
    FIX_NEAR(fix_at(&r, "planned", 0, 0, "p.plant", NULL), 150 + 7 * 10, 0);
    FIX_NEAR(fix_at(&r, "missed", 0, 0, "p.plant", NULL), 7 * 10, 0);
    FIX_NEAR(fix_at(&r, "site_planned", 0, 0, "jp.plant", "3"), 10 * 1000, 0);
    FIX_NEAR(fix_at(&r, "site_missed", 0, 0, "jp.plant", "2"), 6 * 10 * 1000, 0);
    FIX_NEAR(fix_at(&r, "site_missed", 0, 0, "jp.plant", "3"), 10 * 1000, 0);
    FIX_NEAR(fix_sum(&r, "site_missed", 0, 0), 7 * 10 * 1000 + 10 * 10 * 1000,
             0); /* and the shop */
    FIX_NEAR(fix_at(&r, "missed_by_why", 0, 0, "p.plant", "denied"), 7 * 10, 1e-3);
    FIX_NEAR(fix_at(&r, "missed_by_cause", 0, 0, "p.plant", "0"), 7 * 10, 1e-3);
    FIX_NEAR(fix_at(&r, "lost", 0, 0, "jp.shop~good~civil", NULL), 100, 0);
    FIX_NEAR(fix_at(&r, "served", 0, 0, "jp.shop~good~civil", NULL), 210, 0);
    FIX_NEAR(fix_at(&r, "loss_by_cause", 0, 0, "ban, denied, part", NULL), 100000, 1e-9);
    sim_result_free(&r);
    fix_free(&f);
}

/* The parts of days 10 to 12 do not leave. The order of day 13 brings 40 for day 17; days 15 and 16
 * are missed, and made up for on days 17 and 18. The plant goes on ordering ten a day for what it
 * misses, so it wants for nothing after. */
static void test_measures__of_a_plant_that_stops_for_a_while(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    plant(&f);
    play(&f, 31,
         "rules = ( { id = \"ban\"; from = \"2026-01-11\"; until = \"2026-01-14\"; action = "
         "\"deny\"; } );",
         &r);
    FIX_NEAR(fix_at(&r, "stop_first", 0, 0, "p.plant", NULL), 15, 0);
    FIX_NEAR(fix_at(&r, "stop_days", 0, 0, "p.plant", NULL), 2, 0);
    FIX_NEAR(fix_at(&r, "stop_longest", 0, 0, "p.plant", NULL), 2, 0);
    FIX_NEAR(fix_at(&r, "stop_longest_first", 0, 0, "p.plant", NULL), 15, 0);
    FIX_NEAR(fix_at(&r, "planned", 0, 0, "p.plant", NULL), 310, 0);
    FIX_NEAR(fix_at(&r, "missed", 0, 0, "p.plant", NULL), 20, 0);
    FIX_NEAR(fix_at(&r, "missed_by_why", 0, 0, "p.plant", "denied"), 20, 1e-3);
    FIX_NEAR(fix_at(&r, "lost", 0, 0, "jp.shop~good~civil", NULL), 0, 0);
    FIX_NEAR(fix_at(&r, "started", 0, 0, "p.plant", NULL), 310, 0); /* all is caught up with */
    sim_result_free(&r);
    fix_free(&f);
}

/* Without a warm-up: 10 of the parts go into day 0, what is left of them meets the plan of 10 on
 * day 1. */
static void test_measures__a_day_below_half_the_plan_is_a_stop_above_is_slow(void **state)
{
    static const struct {
        const char *parts;
        double started, stops, slow;
    } day[] = {
        {"20", 20, 0, 0}, {"19", 19, 0, 1}, {"15", 15, 0, 1}, {"14", 14, 1, 0}, {"10", 10, 1, 0}};
    struct fix f;
    struct sim_result r;

    (void)state;
    for (size_t i = 0; i < sizeof day / sizeof *day; i++) {
        plant(&f);
        fix_set(&f, MDL_STOCKS, "jp.plant", "initial", day[i].parts);
        fix_scenario(&f, "s", "");
        f.cfg[0] = "title = \"t\"; network = \"toy\"; start = \"2026-01-01\"; warm_up_d = 0; "
                   "horizon_d = 2; rules = ( { id = \"ban\"; from = \"2025-01-01\"; action = "
                   "\"deny\"; } );";
        fix_play(&f, 1, &r);
        FIX_NEAR(fix_at(&r, "planned", 0, 0, "p.plant", NULL), 20, 0);
        FIX_NEAR(fix_at(&r, "started", 0, 0, "p.plant", NULL), day[i].started, 0);
        FIX_NEAR(fix_at(&r, "stop_days", 0, 0, "p.plant", NULL), day[i].stops, 0);
        FIX_NEAR(fix_at(&r, "slow_days", 0, 0, "p.plant", NULL), day[i].slow, 0);
        if (day[i].stops > 0)
            FIX_NEAR(fix_at(&r, "stop_first", 0, 0, "p.plant", NULL), 1, 0);
        sim_result_free(&r);
        fix_free(&f);
    }
}

/* Parts are held on days 11 to 24; the line is replaced on day 20, ten starts a day behind since
 * day
 * 15. What the new line starts in its place it orders itself: long after, the stock is as ever. */
static void test_measures__of_a_line_that_is_replaced_while_it_is_behind(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    plant(&f);
    fix_table(&f, MDL_PROCESSES,
              "id,site,recipe,capacity_d,cycle_d,from,until\np.src,cn.src,make,,,,\n"
              "p.plant,jp.plant,build,20,2,,2026-01-20\np.next,jp.plant,build,20,2,2026-01-21,\n");
    play(&f, 100,
         "outputs = \"full\"; offices = ( { id = \"o\"; review_d = 3650; } ); rules = ( { id = "
         "\"lic\"; from = \"2026-01-11\"; until = \"2026-01-25\"; action = \"licence\"; office = "
         "\"o\"; } );",
         &r);
    /* but for a piece that rounding keeps in the plant */
    FIX_NEAR(fix_at(&r, "day_stock", 0, 0, "jp.plant~part", "99"), 10, 1);
    sim_result_free(&r);
    fix_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_measures__of_a_shop_that_is_always_served),
        cmocka_unit_test(test_measures__of_a_shop_with_too_little_stock),
        cmocka_unit_test(test_measures__exports_count_on_the_day_of_release),
        cmocka_unit_test(test_measures__an_inspection_makes_a_gap),
        cmocka_unit_test(test_measures__of_a_ban_that_customers_wait_out),
        cmocka_unit_test(test_measures__of_a_ban_when_customers_do_not_wait),
        cmocka_unit_test(test_measures__of_a_ban_when_customers_wait_two_days),
        cmocka_unit_test(test_measures__of_a_ban_that_lasts),
        cmocka_unit_test(test_measures__a_refused_supplier_is_asked_again),
        cmocka_unit_test(test_measures__goods_are_late_on_the_day_they_are_due),
        cmocka_unit_test(test_measures__of_an_office_that_takes_five_days),
        cmocka_unit_test(test_measures__of_an_office_with_as_many_reviewers_as_needed_just),
        cmocka_unit_test(test_measures__of_an_office_with_one_reviewer),
        cmocka_unit_test(test_measures__of_an_office_that_counts_working_days),
        cmocka_unit_test(test_measures__of_an_office_that_refuses_all),
        cmocka_unit_test(test_measures__of_a_plant_that_runs),
        cmocka_unit_test(test_measures__of_a_plant_that_stops),
        cmocka_unit_test(test_measures__of_a_plant_that_stops_for_a_while),
        cmocka_unit_test(test_measures__of_a_line_that_is_replaced_while_it_is_behind),
        cmocka_unit_test(test_measures__a_day_below_half_the_plan_is_a_stop_above_is_slow)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
