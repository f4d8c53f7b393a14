#include "tests/models/shop.h"

#include "models/entry.h"

/* Shocks: what each kind does to a shop that is served every day, reckoned by hand; when they come;
 * and that a world with one shock books all of its loss to it. */

static const char part[] = "jp.shop~part~civil";

/* The shop of shop.h orders what it sold, 10 a day, an hour after midnight; goods leave at once and
 * come three days later. After the customers of a day S - 40 are on its shelf, as four orders are
 * on the way. Days count from 2026-01-01. */
static void run_shop(struct fix *f, const char *shocks, struct sim_result *r)
{
    play(f, "warm_up_d = 20; horizon_d = 60; outputs = \"full\";",
         fix_format(f, "shocks = ( %s );", shocks), r);
}

static void shelf(struct fix *f, const char *s)
{
    shop(f);
    fix_set(f, MDL_SITES, "cn.src", "out_cover_d", "0");
    fix_table(f, MDL_STOCKS,
              fix_format(f, "site,product,policy,S\njp.shop,part,base-stock,%s\n", s));
}

static double on_day(const struct sim_result *r, const char *column, const char *point, int day)
{
    char at[8];

    snprintf(at, sizeof at, "%d", day);
    return fix_at(r, column, 0, 0, point, at);
}

/* All that is lost is booked to the shock "k". */
static void assert_blame(const struct sim_result *r, uint32_t s)
{
    double usd = fix_sum(r, "loss_usd", s, 0);

    assert_true(usd > 0);
    FIX_NEAR(fix_sum(r, "loss_by_cause", s, 0), usd, 1e-9 * usd);
    FIX_NEAR(fix_at(r, "loss_by_cause", s, 0, "k, shock", NULL), usd, 1e-9 * usd);
}

/* Runs the shop with one shock and asserts what it loses. */
static void loses(const char *s, const char *shock, double lost, struct fix *f,
                  struct sim_result *r)
{
    shelf(f, s);
    run_shop(f, shock, r);
    FIX_NEAR(fix_at(r, "lost", 0, 0, part, NULL), lost, 0);
    if (lost > 0)
        assert_blame(r, 0);
}

static void end(struct fix *f, struct sim_result *r)
{
    sim_result_free(r);
    fix_free(f);
}

#define K "id = \"k\"; from = \"2026-01-11\"; "

/* The order of day 9 is the last that is made; it comes on day 12. So the shelf, 160 after the
 * customers of day 13, is empty after those of day 29; what is made on day 40 comes on day 43. */
static void test_down__nothing_is_made_until_it_is_over(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    loses("200", "{ " K "kind = \"down\"; site = [ \"cn.src\" ]; days = 30; }", 130, &f, &r);
    for (int day = 0; day < 60; day++) {
        int gap = day - 13;

        if (day < 40)
            FIX_NEAR(on_day(&r, "day_made", "cn.src~part", day), day < 10 ? 10 : 0, 0);
        if (day < 43)
            FIX_NEAR(on_day(&r, "day_stock", "jp.shop~part", day),
                     gap < 0    ? 160
                     : gap < 16 ? 160 - 10 * gap
                                : 0,
                     0);
    }
    FIX_NEAR(fix_at(&r, "shock_first", 0, 0, "k", NULL), 10, 0);
    FIX_NEAR(fix_at(&r, "shock_last", 0, 0, "k", NULL), 39, 0);
    end(&f, &r);
}

static void test_down__for_ever_where_no_days_are_said(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    loses("200", "{ " K "kind = \"down\"; site = [ \"cn.src\" ]; }", 300, &f, &r);
    FIX_NEAR(fix_at(&r, "shock_last", 0, 0, "k", NULL), 59, 0);
    end(&f, &r);
}

/* What is in process when the plant stops comes out as many days later as it stood. */
static void test_down__work_in_process_waits(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    shelf(&f, "200");
    fix_set(&f, MDL_SITES, "cn.src", "review_d", "1");
    fix_set(&f, MDL_PROCESSES, "p.src", "capacity_d", "30");
    fix_set_at(&f, MDL_PROCESSES, 0, "cycle_d", "5");
    run_shop(&f, "{ " K "kind = \"down\"; site = [ \"cn.src\" ]; days = 7; }", &r);
    for (int day = 0; day < 22; day++) /* started on days 5 to 9, due on 10 to 14 */
        FIX_NEAR(on_day(&r, "day_made", "cn.src~part", day), day >= 10 && day < 17 ? 0 : 10, 0);
    FIX_NEAR(on_day(&r, "day_made", "cn.src~part", 22), 30, 0); /* of day 17: as much as it can */
    end(&f, &r);
}

/* 2 of 20 a day can be made while 10 are wanted; then 20 until all is made up. */
static void test_capacity__starts_are_cut_and_made_up(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    shelf(&f, "100");
    fix_set(&f, MDL_SITES, "cn.src", "review_d", "1");
    fix_set(&f, MDL_PROCESSES, "p.src", "capacity_d", "20");
    run_shop(&f,
             "{ " K
             "kind = \"capacity\"; site = [ \"cn.*\" ]; product = [ \"part\" ]; factor = 0.1; "
             "days = 30; }",
             &r);
    for (int day = 0; day < 44; day++)
        FIX_NEAR(on_day(&r, "day_made", "cn.src~part", day), day < 10 ? 10 : day < 40 ? 2 : 20, 0);
    assert_blame(&r, 0);
    FIX_NEAR(fix_at(&r, "missed_by_why", 0, 0, "p.src", "shock"),
             fix_at(&r, "missed", 0, 0, "p.src", NULL), 1e-3);
    end(&f, &r);
}

static void test_capacity__more_of_it_lets_a_plant_keep_up(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    shelf(&f, "100");
    fix_set(&f, MDL_SITES, "cn.src", "review_d", "1");
    fix_set(&f, MDL_PROCESSES, "p.src", "capacity_d", "5");
    run_shop(&f, "{ " K "kind = \"capacity\"; factor = 4; site = [ \"cn.src\" ]; }", &r);
    FIX_NEAR(on_day(&r, "day_made", "cn.src~part", 9), 5, 0);
    FIX_NEAR(on_day(&r, "day_made", "cn.src~part", 10), 20, 0);
    end(&f, &r);
}

/* As if the source were down, but goods are made and stand at the gate. */
static void test_lane__closed_goods_wait_at_the_gate(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    loses("200", "{ " K "kind = \"lane\"; to_country = [ \"JP\" ]; days = 30; }", 130, &f, &r);
    for (int day = 0; day < 43; day++)
        FIX_NEAR(on_day(&r, "day_stock", "cn.src~part", day),
                 day < 11   ? 10
                 : day < 30 ? 10 + 10 * (day - 10)
                 : day < 40 ? 210
                            : 10,
                 0);
    FIX_NEAR(on_day(&r, "day_stock", "jp.shop~part", 43), 190, 0);
    end(&f, &r);
}

/* Goods of days 10 to 23 take six days. With nothing on the shelf the customers of three days go
 * away, and are not ordered for: days 14 to 16 and, for those orders, 21 to 23. */
static void test_lane__slow(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    loses("40", "{ " K "kind = \"lane\"; lane = [ \"cn.src*\" ]; days = 14; factor = 2; }", 60, &f,
          &r);
    end(&f, &r);
    loses("40", "{ " K "kind = \"lane\"; site = [ \"cn.src\" ]; days = 14; extra_d = 3; }", 60, &f,
          &r);
    for (int day = 0; day < 30; day++)
        FIX_NEAR(on_day(&r, "day_made", "jp.shop~part", day),
                 (day >= 14 && day < 17) || (day >= 21 && day < 24) ? 0 : 10, 0);
    end(&f, &r);
}

static void test_port__what_leaves_what_comes_in(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    loses("200", "{ " K "kind = \"port\"; country = [ \"CN\" ]; days = 30; }", 130, &f, &r);
    end(&f, &r);
    loses("200", "{ " K "kind = \"port\"; country = [ \"JP\" ]; direction = \"in\"; days = 30; }",
          130, &f, &r);
    end(&f, &r);
    loses("40",
          "{ " K
          "kind = \"port\"; country = [ \"CN\" ]; direction = \"out\"; days = 14; factor = 2; "
          "}",
          60, &f, &r);
    end(&f, &r);
}

/* 170 are on the shelf on the morning of day 10; the orders of days 7 to 9 come for the days
 * after, and 170 new ones on day 13. */
static void test_destroy__stock_is_gone_and_ordered_again(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    loses("200", "{ " K "kind = \"destroy\"; site = [ \"jp.shop\" ]; share = 1; }", 10, &f, &r);
    FIX_NEAR(fix_at(&r, "destroyed", 0, 0, "jp.shop~part", NULL), 170, 0);
    FIX_NEAR(fix_at(&r, "destroyed", 0, 0, "cn.src~part", NULL), 0, 0);
    FIX_NEAR(on_day(&r, "day_stock", "jp.shop~part", 13), 0, 0);
    FIX_NEAR(on_day(&r, "day_stock", "jp.shop~part", 14), 160, 0);
    FIX_NEAR(fix_at(&r, "shock_first", 0, 0, "k", NULL), 10, 0);
    FIX_NEAR(fix_at(&r, "shock_last", 0, 0, "k", NULL), 10, 0);
    end(&f, &r);
    loses("200", "{ " K "kind = \"destroy\"; product = [ \"part\" ]; share = 0.5; }", 0, &f, &r);
    FIX_NEAR(fix_at(&r, "destroyed", 0, 0, "jp.shop~part", NULL), 85, 0);
    end(&f, &r);
}

/* 30 a day for ten days: the shelf holds 60, and goods ordered on day 10 come for day 14. On day 13
 * 20 go away; the order of that day is 20 less, and on day 17 another 20 do. */
static void test_demand__a_jump(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    loses("100", "{ " K "kind = \"demand\"; factor = 3; days = 10; }", 40, &f, &r);
    FIX_NEAR(fix_at(&r, "demand", 0, 0, part, NULL), 10 * 50 + 30 * 10, 0);
    end(&f, &r);
    loses("100", "{ " K "kind = \"demand\"; factor = 0; days = 10; }", 0, &f, &r);
    FIX_NEAR(fix_at(&r, "demand", 0, 0, part, NULL), 10 * 50, 0);
    end(&f, &r);
}

/* Customers in continuous time, 10 a day; none come for 20 days, and twice as many for 20: 60 + 400
 * - 200 + ... = 10 x (60 - 20 + 20) a run on average, s.d. 24.5 for one run, 2.5 for a hundred; 4
 * s.d. either way. */
static void test_demand__in_continuous_time(void **state)
{
    struct fix f;
    struct sim_result r;
    double all = 0, none = 0;

    (void)state;
    shelf(&f, "1000");
    fix_set(&f, MDL_SITES, "jp.shop", "review_d", "0");
    fix_set_at(&f, MDL_DEMAND, 0, "dist", "poisson");
    fix_scenario(
        &f, "s",
        "outputs = \"full\"; shocks = ( { id = \"a\"; kind = \"demand\"; factor = 0; from = "
        "\"2026-01-11\"; days = 20; }, { id = \"b\"; kind = \"demand\"; factor = 2; from = "
        "\"2026-02-10\"; days = 20; } );");
    fix_play(&f, 100, &r);
    for (uint32_t run = 0; run < 100; run++) {
        all += fix_at(&r, "demand", 0, run, part, NULL);
        for (int day = 10; day < 29; day++) {
            char at[16];

            snprintf(at, sizeof at, "%d", day + 1); /* recorded at midnight: of the day before */
            none += fix_at(&r, "day_made", 0, run, "jp.shop~part", at);
        }
    }
    FIX_NEAR(none, 0, 0);
    FIX_NEAR(all / 100, 600, 10);
    end(&f, &r);
}

static void two_sources(struct fix *f)
{
    shop(f);
    fix_add(f, MDL_SITES, "us.src,Other,US,component,0,1\n");
    fix_add(f, MDL_PROCESSES, "p.us,us.src,make,\n");
    fix_set_at(f, MDL_LANES, 0, "share", "0.8");
    fix_add(f, MDL_LANES, "us.src,jp.shop,part,0.2,3\n");
    for (size_t i = 0; i < 2; i++)
        fix_set(f, MDL_SITES, i ? "us.src" : "cn.src", "out_cover_d", "0");
}

/* The order of day 10 is refused, and none is placed there again. */
static void test_insolvent__others_take_its_share(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    two_sources(&f);
    run_shop(&f, "{ " K "kind = \"insolvent\"; site = [ \"cn.src\" ]; }", &r);
    FIX_NEAR(fix_sum(&r, "lost", 0, 0), 0, 0);
    FIX_NEAR(fix_at(&r, "refused", 0, 0, "jp.shop~part", NULL), 8, 0);
    FIX_NEAR(fix_at(&r, "shipped", 0, 0, "cn.src~part", NULL), 80, 0);
    for (int day = 0; day < 60; day++) /* 2 of 10 come of day 10, 18 of day 11 */
        FIX_NEAR(on_day(&r, "day_stock", "jp.shop~part", day), day == 14 ? 152 : 160, 0);
    end(&f, &r);
}

static void test_insolvent__the_only_supplier(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    loses("200", "{ " K "kind = \"insolvent\"; site = [ \"cn.src\" ]; }", 300, &f, &r);
    FIX_NEAR(fix_at(&r, "refused", 0, 0, "jp.shop~part", NULL), 10, 0);
    end(&f, &r);
}

/* ---- when ---- */

static void draw(struct fix *f, const char *shocks, struct mdl_study *st)
{
    shop(f);
    fix_scenario(f, "s", shocks);
    fix_study_ok(f, st);
}

static void calendar(struct fix *f, const struct mdl_study *st, uint32_t run,
                     struct mdl_calendar *c)
{
    struct mdl_world w;

    mdl_world_draw(&w, &f->a, &st->scenario[0], &st->net, 7, run);
    mdl_shock_draw(c, &f->a, &st->scenario[0], &st->net, w.exists, 7, run);
}

static void test_shock_draw__chains(void **state)
{
    struct fix f;
    struct mdl_study st;
    struct mdl_calendar c;
    int32_t jan = sim_date_join(2026, 1, 1);

    (void)state;
    draw(&f,
         "rules = ( { id = \"r\"; from = \"2026-02-01\"; until = \"2026-03-01\"; action = "
         "\"deny\"; },"
         "          { id = \"open\"; from = \"2026-02-01\"; action = \"deny\"; },"
         "          { id = \"never\"; from = \"2026-02-01\"; probability = 0.0; action = \"deny\"; "
         "} "
         ");\n"
         "shocks = (\n"
         "{ id = \"a\"; kind = \"down\"; site = [ \"cn.src\" ]; after = \"z\"; at = \"end\"; "
         "after_d "
         "= 5; days = 4; },\n"
         "{ id = \"b\"; kind = \"demand\"; factor = 2; after = \"a\"; jitter_d = 2; days = 0; },\n"
         "{ id = \"c\"; kind = \"demand\"; factor = 2; after = \"r\"; after_d = 1; days = 1; },\n"
         "{ id = \"d\"; kind = \"demand\"; factor = 2; after = \"r\"; at = \"end\"; },\n"
         "{ id = \"e\"; kind = \"demand\"; factor = 2; after = \"open\"; at = \"end\"; },\n"
         "{ id = \"f\"; kind = \"demand\"; factor = 2; after = \"never\"; },\n"
         "{ id = \"g\"; kind = \"demand\"; factor = 2; after = \"b\"; },\n"
         "{ id = \"z\"; kind = \"lane\"; from = \"2026-01-05\"; days = 10; } );",
         &st);
    calendar(&f, &st, 0, &c);
    assert_int_equal(c.first[7] - jan, 4);
    assert_int_equal(c.end[7] - jan, 14);
    assert_int_equal(c.first[0] - jan, 19);
    assert_int_equal(c.end[0] - jan, 23);
    assert_int_equal(c.first[1], SIM_DAY_NONE); /* no days */
    assert_int_equal(c.first[2] - jan, 32);
    assert_int_equal(c.end[2] - jan, 33);
    assert_int_equal(c.first[3] - jan, 59);
    assert_int_equal(c.end[3], INT32_MAX);
    for (int i = 4; i < 7; i++)
        assert_int_equal(c.first[i], SIM_DAY_NONE);
    mdl_study_free(&st);
    fix_free(&f);
}

/* Of 4,000 runs: 4 standard errors of a share are 0.032 at most. What comes after it comes when it
 * does. */
static void test_shock_draw__chances(void **state)
{
    enum { RUNS = 4000 };
    struct fix f;
    struct mdl_study st;
    struct mdl_calendar c;
    int came[4] = {0}, both = 0;
    double days = 0;

    (void)state;
    draw(&f,
         "shocks = ( { id = \"a\"; kind = \"lane\"; probability = 0.3; from = \"2026-01-05\"; days "
         "= "
         "\"uniform(5,15)\"; },\n"
         "{ id = \"b\"; kind = \"demand\"; factor = 2; probability = 0.5; after = \"a\"; },\n"
         "{ id = \"c\"; kind = \"destroy\"; share = 1; probability = 0.5; each = true; from = "
         "\"2026-01-05\"; } );",
         &st);
    for (uint32_t run = 0; run < RUNS; run++) {
        uint32_t src = st.net.site[0].first_point, at = st.net.site[1].first_point;

        calendar(&f, &st, run, &c);
        came[0] += c.first[0] != SIM_DAY_NONE;
        came[1] += c.first[1] != SIM_DAY_NONE;
        assert_true(c.first[1] == SIM_DAY_NONE || c.first[1] == c.first[0]);
        if (c.first[0] != SIM_DAY_NONE)
            days += c.end[0] - c.first[0];
        came[2] += c.point[src] != 0;
        came[3] += c.point[at] != 0;
        both += c.point[src] != 0 && c.point[at] != 0;
    }
    FIX_NEAR(came[0] / (double)RUNS, 0.3, 0.032);
    FIX_NEAR(came[1] / (double)RUNS, 0.15, 0.032);
    FIX_NEAR(days / came[0], 10, 0.35); /* 4 x 2.9 / sqrt(1200) */
    FIX_NEAR(came[2] / (double)RUNS, 0.5, 0.032);
    FIX_NEAR(came[3] / (double)RUNS, 0.5, 0.032);
    FIX_NEAR(both / (double)RUNS, 0.25, 0.032); /* each for itself */
    mdl_study_free(&st);
    fix_free(&f);
}

/* A shock that is added to a loaded study does what it does in the scenario's own text. */
static void test_study_strike__as_if_it_stood_in_the_file(void **state)
{
    struct fix f;
    struct mdl_study st, one;
    struct sim_result own, added;
    const char *text = "shocks = ( { " K "kind = \"down\"; site = [ \"cn.src\" ]; days = 30; } );";

    (void)state;
    shelf(&f, "200");
    fix_scenario(&f, "s", text);
    fix_play(&f, 1, &own);
    f.n_cfg = 0;
    fix_scenario(&f, "s", "");
    fix_study_ok(&f, &st);
    assert_int_equal(mdl_study_strike(&one, &st, 0, text, &f.err), 0);
    fix_run(&one, 1, &added);
    fix_same(&own, 0, &added, 0, NULL);
    assert_true(fix_sum(&added, "lost", 0, 0) > 0);
    sim_result_free(&added);
    mdl_study_free(&one);
    assert_int_equal(mdl_study_strike(&one, &st, 0,
                                      "shocks = ( { " K "kind = \"down\"; site = [ \"cn\" ]; } );",
                                      &f.err),
                     SIM_EINPUT);
    fix_said(&f, "shocks:1: site: the network has no site 'cn'\n");
    mdl_study_free(&one);
    mdl_study_free(&st);
    end(&f, &own);
}

/* ---- why: the toy with constant demand, in which every shock hurts ---- */

static void toy(struct fix *f)
{
    fix_toy(f);
    for (size_t i = 0; i < 2; i++) {
        fix_set_at(f, MDL_DEMAND, i, "dist", "constant");
        fix_set_at(f, MDL_DEMAND, i, "patience_d", "1");
    }
}

/* Off and on: without it nothing is lost; with it all that is lost has it as its cause, also what
 * is lost while all is made up after it. */
static void one_cause(const char *shock)
{
    struct fix f;
    struct sim_result r;

    toy(&f);
    fix_scenario(&f, "off", "");
    fix_scenario(&f, "on", "");
    for (int s = 0; s < 2; s++)
        f.cfg[s] =
            fix_format(&f,
                       "title = \"t\"; network = \"toy\"; start = \"2026-01-01\"; warm_up_d = 40;\n"
                       "horizon_d = 300; runs = 1; seed = 7; shocks = ( %s%s%s );",
                       s ? "{ " K : "", s ? shock : "", s ? " }" : "");
    fix_play(&f, 1, &r);
    FIX_NEAR(fix_sum(&r, "loss_usd", 0, 0), 0, 0);
    assert_blame(&r, 1);
    FIX_NEAR(fix_sum(&r, "missed_by_why", 1, 0), fix_sum(&r, "missed", 1, 0),
             1e-5 * fix_sum(&r, "planned", 1, 0));
    end(&f, &r);
}

static void test_cause__down(void **state)
{
    (void)state;
    one_cause("kind = \"down\"; site = [ \"cn.mine\" ]; days = 180;");
    one_cause("kind = \"down\"; site = [ \"cn.mag\" ]; days = 60;");
    one_cause("kind = \"down\"; site = [ \"jp.motor\", \"jp.car\" ]; days = 60;");
}

static void test_cause__capacity(void **state)
{
    (void)state;
    one_cause("kind = \"capacity\"; site = [ \"cn.sep\" ]; factor = 0.02; days = 200;");
    one_cause("kind = \"capacity\"; site = [ \"jp.motor\" ]; factor = 0.05; days = 100;");
}

static void test_cause__lanes(void **state)
{
    (void)state;
    one_cause("kind = \"lane\"; site = [ \"cn.sep\" ]; product = [ \"ox.dy\" ]; days = 90;");
    one_cause("kind = \"port\"; country = [ \"JP\" ]; days = 80;");
    one_cause("kind = \"port\"; country = [ \"CN\" ]; extra_d = 60; days = 80;");
}

static void test_cause__stock_and_demand(void **state)
{
    (void)state;
    one_cause("kind = \"destroy\"; share = 1;");
    one_cause("kind = \"demand\"; product = [ \"car\" ]; factor = 3; days = 60;");
}

static void test_cause__insolvent(void **state)
{
    (void)state;
    one_cause("kind = \"insolvent\"; site = [ \"cn.sep\" ];");
    one_cause("kind = \"insolvent\"; site = [ \"jp.motor\" ];");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_down__nothing_is_made_until_it_is_over),
        cmocka_unit_test(test_down__for_ever_where_no_days_are_said),
        cmocka_unit_test(test_down__work_in_process_waits),
        cmocka_unit_test(test_capacity__starts_are_cut_and_made_up),
        cmocka_unit_test(test_capacity__more_of_it_lets_a_plant_keep_up),
        cmocka_unit_test(test_lane__closed_goods_wait_at_the_gate),
        cmocka_unit_test(test_lane__slow),
        cmocka_unit_test(test_port__what_leaves_what_comes_in),
        cmocka_unit_test(test_destroy__stock_is_gone_and_ordered_again),
        cmocka_unit_test(test_demand__a_jump),
        cmocka_unit_test(test_demand__in_continuous_time),
        cmocka_unit_test(test_insolvent__others_take_its_share),
        cmocka_unit_test(test_insolvent__the_only_supplier),
        cmocka_unit_test(test_shock_draw__chains),
        cmocka_unit_test(test_shock_draw__chances),
        cmocka_unit_test(test_study_strike__as_if_it_stood_in_the_file),
        cmocka_unit_test(test_cause__down),
        cmocka_unit_test(test_cause__capacity),
        cmocka_unit_test(test_cause__lanes),
        cmocka_unit_test(test_cause__stock_and_demand),
        cmocka_unit_test(test_cause__insolvent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
