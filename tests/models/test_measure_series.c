#include "tests/models/shop.h"

/* What pictures are made of: service of sites by week, links and losses by month, cover of groups,
 * contents. By hand on the shop of shop.h: an order of day d is at the source at 1:00, leaves at
 * once, comes on day d + 3 and is promised for day d + 4; days 30 and 44 end a month. Then what
 * must add up, on a toy and on the shipped network. */

#define DAYS(d) "warm_up_d = 40; horizon_d = " #d ";"
#define SHIFT "CN~component>JP~market~part"
#define BAN "rules = ( { id = \"ban\"; from = \"2026-01-11\"; action = \"deny\"; } );"
#define OFFICE "offices = ( { id = \"o\"; review_d = 5; } ); "
#define LICENCE(more)                                                                              \
    OFFICE "rules = ( { id = \"lic\"; from = \"2025-01-01\"; action = \"licence\"; office = "      \
           "\"o\"; " more " } );"

static double at(const struct sim_result *r, const char *column, const char *a, const char *b)
{
    return fix_at(r, column, 0, 0, a, b);
}

static void of_shop(int horizon_d, const char *patience, const char *S, const char *rules,
                    struct sim_result *r)
{
    struct fix f;

    shop(&f);
    fix_set(&f, MDL_DEMAND, "jp.shop", "patience_d", patience);
    fix_set(&f, MDL_STOCKS, "jp.shop", "S", S);
    play(&f, fix_format(&f, "warm_up_d = 40; horizon_d = %d;", horizon_d), rules, r);
    fix_free(&f);
}

/* ---- sites by week ---- */

static void assert_weeks(const struct sim_result *r, const char *column, const char *site,
                         const double *want, size_t n)
{
    const struct sim_column *c = fix_column(r, column);

    assert_int_equal(r->axis[c->axis[3]].n, n);
    for (size_t k = 0; k < n; k++) {
        char week[24];

        snprintf(week, sizeof week, "%zu", k);
        FIX_NEAR(at(r, column, site, week), want[k], 1e-6);
    }
}

/* Orders of days 0 to 26 are promised for days 4 to 30. */
static void test_measure__service_of_a_site_by_the_promised_week(void **state)
{
    static const double due[] = {3000, 7000, 7000, 7000, 3000}, none[5] = {0},
                        on_time[] = {3000, 7000, 0, 0, 0};
    struct sim_result r;

    (void)state;
    of_shop(31, "0", "200", "", &r);
    assert_weeks(&r, "site_due", "jp.shop", due, 5);
    assert_weeks(&r, "site_on_time", "jp.shop", due, 5);
    assert_weeks(&r, "site_due", "cn.src", none, 5);
    sim_result_free(&r);
    /* from day 10 on four days late: those promised for day 14 and later */
    of_shop(31, "0", "200",
            OFFICE "rules = ( { id = \"lic\"; from = \"2026-01-11\"; action = \"licence\"; office "
                   "= \"o\"; } );",
            &r);
    assert_weeks(&r, "site_due", "jp.shop", due, 5);
    assert_weeks(&r, "site_on_time", "jp.shop", on_time, 5);
    sim_result_free(&r);
}

/* The shelf is bare after day 29; with 35 in place of 200, half of each day waits for the next. */
static void test_measure__demand_that_is_missed_by_week(void **state)
{
    static const double planned[] = {7000, 7000, 7000, 7000, 7000, 7000, 3000},
                        bare[] = {0, 0, 0, 0, 5000, 7000, 3000},
                        half[] = {3500, 3500, 3500, 3500, 3500, 3500, 1500};
    struct sim_result r;

    (void)state;
    of_shop(45, "0", "200", BAN, &r);
    assert_weeks(&r, "site_planned", "jp.shop", planned, 7);
    assert_weeks(&r, "site_missed", "jp.shop", bare, 7);
    sim_result_free(&r);
    of_shop(45, "", "35", "", &r);
    assert_weeks(&r, "site_planned", "jp.shop", planned, 7);
    assert_weeks(&r, "site_missed", "jp.shop", half, 7);
    sim_result_free(&r);
}

/* ---- links by month ---- */

static void assert_held(const char *rules, double january, double february)
{
    struct sim_result r;

    of_shop(45, "0", "200", rules, &r);
    FIX_NEAR(at(&r, "link_held", SHIFT, "0"), january, 0);
    FIX_NEAR(at(&r, "link_held", SHIFT, "1"), february, 0);
    FIX_NEAR(fix_sum(&r, "link_held", 0, 0), january + february, 0);
    sim_result_free(&r);
}

/* At midnight of day 30 and of day 44, before the orders of those days are at the source. */
static void test_measure__what_rules_keep_at_the_supplier(void **state)
{
    (void)state;
    assert_held("", 0, 0);
    assert_held(BAN, 0, 0); /* is refused, and does not wait */
    /* filed at 2:00, decided five days later, known at 3:00: orders of days 25 to 29 */
    assert_held(LICENCE(""), 50, 50);
    assert_held(LICENCE("apply_at = \"ready\";"), 50, 50);
    assert_held(LICENCE("make_at = \"licence\";"), 50, 50); /* not made yet, and waits for it */
    /* until 1:00 of the second day after the order */
    assert_held("rules = ( { id = \"look\"; from = \"2025-01-01\"; action = \"inspect\"; delay_d = "
                "2.0; } );",
                20, 20);
    /* orders of days 1 to 10 and half of day 11's leave, those of days 12 to 29 do not. The shop
     * sells 305 parts after day 0, the last half of a day's on day 31, when another 105 leave; from
     * day 35 on it sells and orders ten a day again: 185 + 15 - 105 + 90 */
    assert_held("rules = ( { id = \"quota\"; from = \"2026-01-02\"; action = \"quota\"; amount = "
                "105.0; period = \"month\"; } );",
                185, 185);
}

/* The source makes five a day of the ten that are asked for; what is not made yet is looked at by
 * nobody and waits for no rule. */
static void test_measure__what_is_not_made_yet_is_not_held(void **state)
{
    struct fix f;
    struct sim_result r;
    double held;

    (void)state;
    shop(&f);
    fix_set(&f, MDL_SITES, "cn.src", "review_d", "1");
    fix_set(&f, MDL_PROCESSES, "p.src", "capacity_d", "5");
    fix_set(&f, MDL_DEMAND, "jp.shop", "patience_d", "");
    play(&f, DAYS(45),
         "rules = ( { id = \"look\"; from = \"2025-01-01\"; action = \"inspect\"; delay_d = 2.0; } "
         ");",
         &r);
    held = at(&r, "link_held", SHIFT, "1");
    assert_true(held >= 5 && held <= 10);
    assert_true(at(&r, "open_orders", "CN>JP~part", "1") > 100);
    sim_result_free(&r);
    fix_free(&f);
}

static void test_measure__what_moves_by_month(void **state)
{
    const struct sim_axis *a;
    struct sim_result r;

    (void)state;
    of_shop(45, "0", "200", BAN, &r); /* orders of days -3 to 9 come on days 0 to 12 */
    FIX_NEAR(at(&r, "link_moved", SHIFT, "0"), 130, 0);
    FIX_NEAR(at(&r, "link_moved", SHIFT, "1"), 0, 0);
    a = &r.axis[sim_result_find_axis(&r, "link")];
    assert_int_equal(a->n, 1);
    assert_int_equal(a->n_coord, 6);
    for (int k = 0; k < 6; k++) {
        static const char *const said[] = {"CN", "component", "JP", "market", "part", "piece"};

        assert_string_equal(a->coord[k].label[0], said[k]);
    }
    sim_result_free(&r);
}

/* ---- losses and cover by month, contents ---- */

static void assert_losses(const char *patience, double january, double february)
{
    struct sim_result r;

    of_shop(45, patience, "200", BAN, &r);
    FIX_NEAR(at(&r, "month_loss", "ban, denied, part", "0"), january, 1e-9);
    FIX_NEAR(at(&r, "month_loss", "ban, denied, part", "1"), february, 1e-9);
    FIX_NEAR(fix_sum(&r, "month_loss", 0, 0), january + february, 1e-9);
    sim_result_free(&r);
}

static void test_measure__losses_by_month(void **state)
{
    (void)state;
    assert_losses("0", 1000, 14000); /* of days 30 to 44 */
    assert_losses("5", 0, 15000);    /* day 30's on day 35; what waits on day 44 */
    assert_losses("", 1000, 14000);  /* all wait, in the month in which they came */
}

/* 160 in one shop, 60 in the other, which sells as much; when all is sold, nothing. */
static void test_measure__cover_of_a_group(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    for (int ban = 0; ban < 2; ban++) {
        shop(&f);
        fix_add(&f, MDL_SITES, "jp.stall,Stall,JP,market,1,1\n");
        fix_add(&f, MDL_LANES, "cn.src,jp.stall,part,1,3\n");
        fix_add(&f, MDL_DEMAND, "jp.stall,part,10,constant,0\n");
        fix_add(&f, MDL_STOCKS, "jp.stall,part,base-stock,100\n");
        play(&f, DAYS(45), ban ? BAN : "", &r);
        FIX_NEAR(at(&r, "group_cover", "JP~market~part", "0"), ban ? 0 : 11, 11.0 / 8192);
        FIX_NEAR(at(&r, "group_cover", "JP~market~part", "1"), ban ? 0 : 11, 11.0 / 8192);
        sim_result_free(&r);
        fix_free(&f);
    }
    shop(&f); /* nobody asks for it */
    fix_set(&f, MDL_DEMAND, "jp.shop", "rate_d", "0");
    play(&f, DAYS(45), "", &r);
    assert_true(isnan(at(&r, "group_cover", "JP~market~part", "0")));
    sim_result_free(&r);
    fix_free(&f);
}

static double content(const struct sim_result *r, const char *product, const char *element)
{
    const struct sim_column *c = fix_column(r, "content_kg");

    assert_int_equal(c->n_axis, 2);
    return sim_column_at(c, fix_place(&r->axis[c->axis[0]], product) * r->axis[c->axis[1]].n +
                                fix_place(&r->axis[c->axis[1]], element));
}

/* A kilogram of magnets holds what its oxides bring in less what its swarf takes away. */
static void test_measure__contents_are_those_of_the_bill_of_materials(void **state)
{
    struct fix f;
    struct mdl_study st;
    struct sim_result r;

    (void)state;
    fix_toy(&f);
    fix_scenario(&f, "s", "");
    fix_study_ok(&f, &st);
    mdl_result_init(&r, &st, 3);
    FIX_NEAR(content(&r, "ore", "nd"), 0.1, 1e-12);
    FIX_NEAR(content(&r, "ox.dy", "nd"), 0, 0);
    FIX_NEAR(content(&r, "magnet", "dy"), 0.02 * 0.87 - 0.1 * 0.01, 1e-12);
    FIX_NEAR(content(&r, "magnet", "nd"), 0.4 * 0.85 - 0.1 * 0.2, 1e-12);
    FIX_NEAR(content(&r, "car", "dy"), 2 * 0.5 * 0.0164, 1e-12);
    FIX_NEAR(content(&r, "missile", "nd"), 3 * 0.32, 1e-12);
    sim_result_free(&r);
    mdl_study_free(&st);
    fix_free(&f);
}

/* ---- what must add up ---- */

/* The sum over the last axis of a column at one point of the axis before it. */
static double row(const struct sim_result *r, const char *name, size_t i)
{
    const struct sim_column *c = fix_column(r, name);
    size_t n = r->axis[c->axis[3]].n;
    double sum = 0;

    for (size_t k = 0; k < n; k++)
        sum += sim_column_at(c, i * n + k);
    return sum;
}

static double of(const struct sim_result *r, const char *name, size_t i)
{
    return sim_column_at(fix_column(r, name), i);
}

static void assert_near(const char *what, double x, double y, double relative)
{
    if (!(fabs(x - y) <= relative * (fabs(y) + 1)))
        fail_msg("%s: %.17g, not %.17g", what, x, y);
}

static void assert_sites(const struct sim_result *r, const struct mdl_network *n)
{
    for (uint32_t s = 0; s < n->n_site; s++) {
        const struct mdl_site *site = &n->site[s];
        double due = 0, on_time = 0, planned = 0, missed = 0;

        for (uint32_t i = site->first_point; i < site->first_point + site->n_point; i++) {
            double v = n->product[n->point[i].product].value_usd;

            due += v * of(r, "due", i);
            on_time += v * of(r, "on_time", i);
            for (uint32_t k = 0; k < n->point[i].n_demand; k++) {
                uint32_t m = n->point[i].demand[k];

                planned += v * of(r, "demand", m);
                missed += v * (of(r, "demand", m) - of(r, "served_at_once", m));
            }
        }
        for (uint32_t k = site->first_process; k < site->first_process + site->n_process; k++) {
            double v = n->product[n->recipe[n->process[k].recipe].out[0].product].value_usd;

            planned += v * of(r, "planned", k);
            missed += v * of(r, "missed", k);
        }
        assert_near(site->id, row(r, "site_due", s), due, 1e-5);
        assert_near(site->id, row(r, "site_on_time", s), on_time, 1e-5);
        assert_near(site->id, row(r, "site_planned", s), planned, 1e-5);
        assert_near(site->id, row(r, "site_missed", s), missed, 1e-5);
    }
}

static void assert_links(const struct sim_result *r, const struct mdl_study *st)
{
    const struct mdl_network *n = &st->net;
    double *moved = calloc(n->n_product, sizeof *moved),
           *received = calloc(n->n_product, sizeof *received),
           *imports = calloc((size_t)st->n_flow + 1, sizeof *imports);

    for (uint32_t i = 0; i < st->n_link; i++) {
        const struct mdl_link *l = &st->link[i];
        uint32_t f = 0;

        moved[l->product] += row(r, "link_moved", i);
        while (f < st->n_flow && (strcmp(n->country[st->flow_from[f]], l->from_country) != 0 ||
                                  strcmp(n->country[st->flow_to[f]], l->to_country) != 0 ||
                                  st->flow_product[f] != l->product))
            f++;
        assert_int_equal(f < st->n_flow, strcmp(l->from_country, l->to_country) != 0);
        imports[f] += row(r, "link_moved", i);
    }
    for (uint32_t f = 0; f < st->n_flow; f++)
        assert_near("imports", imports[f], row(r, "imports", f), 1e-5);
    for (uint32_t i = 0; i < n->n_point; i++)
        received[n->point[i].product] += of(r, "received", i);
    for (uint32_t p = 0; p < n->n_product; p++)
        assert_near(n->product[p].id, moved[p], received[p], 1e-5);
    free(moved);
    free(received);
    free(imports);
}

static void assert_all(const struct sim_result *r, const struct mdl_study *st)
{
    assert_sites(r, &st->net);
    assert_links(r, st);
    for (uint32_t c = 0; c < st->n_cause; c++)
        assert_near(st->cause[c].label, row(r, "month_loss", c), of(r, "loss_by_cause", c), 1e-9);
    assert_true(fix_sum(r, "site_due", 0, 0) > fix_sum(r, "site_on_time", 0, 0));
    assert_true(fix_sum(r, "site_missed", 0, 0) > 0 && fix_sum(r, "month_loss", 0, 0) > 0);
    assert_true(fix_sum(r, "link_held", 0, 0) > 0);
}

static void test_measure__series_add_up_on_a_toy(void **state)
{
    struct fix f;
    struct mdl_study st;
    struct sim_result r;

    (void)state;
    fix_toy(&f);
    fix_scenario(&f, "s", "");
    f.cfg[0] = "title = \"t\"; network = \"toy\"; start = \"2026-01-10\"; warm_up_d = 40; "
               "horizon_d = 150; cancel_share = 1.0; offices = ( { id = \"o\"; review_d = 90; } ); "
               "rules = ( { id = \"lic\"; from = \"2026-01-15\"; action = \"licence\"; office = "
               "\"o\"; list = \"goods\"; } );";
    fix_study_ok(&f, &st);
    fix_run(&st, 1, &r);
    assert_all(&r, &st);
    sim_result_free(&r);
    mdl_study_free(&st);
    fix_free(&f);
}

static void test_measure__series_add_up_on_the_shipped_network(void **state)
{
    static const char *const file[] = {"scenarios/japan-2026-broad-licensing.cfg"},
                             *const set[] = {"horizon_d=200"};
    const struct mdl_options o = {.runs = 1, .seed = -1, .set = set, .n_set = 1};
    struct sim_err err = SIM_ERR_INIT;
    struct mdl_study st;
    struct sim_result r;

    (void)state;
    assert_int_equal(mdl_study_load(&st, file, 1, &o, &err), 0);
    fix_run(&st, 1, &r);
    assert_all(&r, &st);
    sim_result_free(&r);
    mdl_study_free(&st);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_measure__service_of_a_site_by_the_promised_week),
        cmocka_unit_test(test_measure__demand_that_is_missed_by_week),
        cmocka_unit_test(test_measure__what_rules_keep_at_the_supplier),
        cmocka_unit_test(test_measure__what_is_not_made_yet_is_not_held),
        cmocka_unit_test(test_measure__what_moves_by_month),
        cmocka_unit_test(test_measure__losses_by_month),
        cmocka_unit_test(test_measure__cover_of_a_group),
        cmocka_unit_test(test_measure__contents_are_those_of_the_bill_of_materials),
        cmocka_unit_test(test_measure__series_add_up_on_a_toy),
        cmocka_unit_test(test_measure__series_add_up_on_the_shipped_network)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
