#include "tests/models/fixture.h"

#include "models/balance.h"
#include "models/content.h"

/* Steady states by hand. */

struct steady {
    struct fix f;
    struct mdl_network n;
    struct mdl_balance b;
};

static void solve(struct steady *s)
{
    struct sim_err err = SIM_ERR_INIT;

    fix_network_ok(&s->f, &s->n);
    if (mdl_balance_solve(&s->b, &s->f.a, &s->n, &err) != 0)
        fail_msg("%s", err.text);
}

static uint32_t point(const struct steady *s, const char *id)
{
    for (uint32_t i = 0; i < s->n.n_point; i++)
        if (strcmp(s->n.point[i].id, id) == 0)
            return i;
    fail_msg("there is no point %s", id);
    return 0;
}

static uint32_t process(const struct steady *s, const char *id)
{
    for (uint32_t i = 0; i < s->n.n_process; i++)
        if (strcmp(s->n.process[i].id, id) == 0)
            return i;
    fail_msg("there is no process %s", id);
    return 0;
}

/* Units a day of both uses. */
static double need(const struct steady *s, const char *id)
{
    uint32_t i = point(s, id);

    return (s->b.need[0][i] + s->b.need[1][i]) / (double)s->n.product[s->n.point[i].product].qpu;
}

static double level(const struct steady *s, const char *id)
{
    uint32_t k = process(s, id);
    uint32_t main = s->n.recipe[s->n.process[k].recipe].out[0].product;

    return (s->b.level[0][k] + s->b.level[1][k]) / (double)s->n.product[main].qpu;
}

static double flow(const struct steady *s, const char *id)
{
    for (uint32_t i = 0; i < s->n.n_lane; i++)
        if (strcmp(s->n.lane[i].id, id) == 0)
            return (s->b.flow[0][i] + s->b.flow[1][i]) /
                   (double)s->n.product[s->n.lane[i].product].qpu;
    fail_msg("there is no lane %s", id);
    return 0;
}

enum { MINED, SEPARATED };

/* Share of an element at a point that was mined, or separated, in a country; "" = not separated
 * yet.
 */
static double share(const struct steady *s, const char *id, const char *element, int kind,
                    const char *country)
{
    uint32_t i = point(s, id), c = mdl_network_country(&s->n, country);
    const struct mdl_product *p = &s->n.product[s->n.point[i].product];
    int e = 0, place = 0;

    while (strcmp(s->n.element[e], element) != 0)
        e++;
    if (*country)
        place = kind == MINED ? s->n.mined_of[c] : s->n.origin_of[c];
    assert_true(p->slot[e] >= 0 && place >= 0);
    return s->b.share[i][p->slot[e] * s->n.n_share + (kind == MINED ? 0 : s->n.n_mined) + place];
}

static void assert_is_whole(const double *x, int n)
{
    double sum = 0;

    for (int o = 0; o < n; o++) {
        assert_true(x[o] >= 0);
        sum += x[o];
    }
    FIX_NEAR(sum, 1, 1e-12);
}

static void assert_shares_add_up(const struct steady *s)
{
    assert_int_equal(s->n.n_share, s->n.n_mined + s->n.n_origin);
    for (uint32_t i = 0; i < s->n.n_point; i++) {
        const struct mdl_product *p = &s->n.product[s->n.point[i].product];

        for (int e = 0; e < p->n_el; e++) {
            assert_is_whole(s->b.share[i] + e * s->n.n_share, s->n.n_mined);
            assert_is_whole(s->b.share[i] + e * s->n.n_share + s->n.n_mined, s->n.n_origin);
        }
    }
}

/* What a point needs comes in, but for joint outputs, of which more may come. */
static void assert_supplied(const struct steady *s)
{
    for (uint32_t i = 0; i < s->n.n_point; i++) {
        double all = s->b.need[0][i] + s->b.need[1][i];

        assert_true(s->b.supply[i] >= all * (1 - 1e-9));
    }
}

static void done(struct steady *s)
{
    assert_shares_add_up(s);
    fix_free(&s->f);
}

static void test_balance_solve__a_chain(void **state)
{
    struct steady s;

    (void)state;
    fix_toy(&s.f);
    solve(&s);
    FIX_NEAR(need(&s, "jp.market~car"), 100, 1e-9);
    FIX_NEAR(level(&s, "p.car"), 100, 1e-9);
    FIX_NEAR(need(&s, "jp.motor~motor"), 200, 1e-9);
    FIX_NEAR(need(&s, "jp.motor~magnet"), 100, 1e-9);
    FIX_NEAR(need(&s, "jp.def~magnet"), 6, 1e-9);
    FIX_NEAR(need(&s, "cn.mag~magnet"), 106, 1e-9);
    FIX_NEAR(level(&s, "p.mag"), 106 / 0.95, 1e-9); /* more starts than magnets */
    FIX_NEAR(need(&s, "cn.mag~ox.nd"), 0.4 * 106 / 0.95, 1e-9);
    FIX_NEAR(need(&s, "cn.mag~ox.dy"), 0.02 * 106 / 0.95, 1e-9);
    /* 0.05 dysprosium a unit of neodymium: 0.02 / 0.4 is just that */
    FIX_NEAR(level(&s, "p.sep"), 0.4 * 106 / 0.95, 1e-9);
    FIX_NEAR(need(&s, "cn.mine~ore"), 9 * 0.4 * 106 / 0.95, 1e-9);
    FIX_NEAR(flow(&s, "cn.mag~jp.def~magnet"), 6, 1e-9);
    assert_true(s.b.need[MDL_CIVIL][point(&s, "jp.def~magnet")] == 0);
    FIX_NEAR(s.b.need[MDL_MILITARY][point(&s, "cn.mag~magnet")], 6e6, 1e-3);
    FIX_NEAR(share(&s, "jp.car~motor", "dy", MINED, "CN"), 1, 1e-12);
    assert_supplied(&s);
    done(&s);
}

static void test_balance_solve__a_supplier_of_two_and_two_suppliers_of_one(void **state)
{
    struct steady s;

    (void)state;
    fix_toy(&s.f);
    fix_add(&s.f, MDL_SITES,
            "us.mag,M,,US,magnet,7,14,7,7\nus.mine,M,,US,mine,7,14,7,7\n"
            "us.sep,S,,US,oxide,7,14,7,7\n");
    fix_add(&s.f, MDL_PROCESSES,
            "p.us.mag,us.mag,sinter,400,7,1\np.us.mine,us.mine,dig,2000,1,1\n"
            "p.us.sep,us.sep,separate,200,5,1\n");
    fix_add(&s.f, MDL_LANES,
            "us.mag,jp.motor,magnet,0.3,9,1\nus.mine,us.sep,ore,1,2,0\n"
            "us.sep,us.mag,ox.nd,1,1,0\nus.sep,us.mag,ox.dy,0.25,1,0\n"
            "cn.sep,us.mag,ox.dy,0.75,20,2\n");
    fix_set_at(&s.f, MDL_LANES, 3, "share", "0.7");
    solve(&s);
    FIX_NEAR(flow(&s, "cn.mag~jp.motor~magnet"), 70, 1e-9);
    FIX_NEAR(flow(&s, "us.mag~jp.motor~magnet"), 30, 1e-9);
    FIX_NEAR(level(&s, "p.us.mag"), 30, 1e-9);
    FIX_NEAR(need(&s, "us.sep~ox.nd"), 12, 1e-9);
    FIX_NEAR(flow(&s, "us.sep~us.mag~ox.dy"), 0.15, 1e-9);
    FIX_NEAR(flow(&s, "cn.sep~us.mag~ox.dy"), 0.45, 1e-9);
    /* US neodymium is all its own, its dysprosium three quarters Chinese */
    FIX_NEAR(share(&s, "us.mag~magnet", "nd", SEPARATED, "US"), 1, 1e-9);
    FIX_NEAR(share(&s, "us.mag~magnet", "dy", SEPARATED, "CN"), 0.75, 1e-9);
    FIX_NEAR(share(&s, "us.mag~magnet", "dy", MINED, "US"), 0.25, 1e-9);
    /* the motor takes 70 of 100 from CN, and 0.75 of the rest's dysprosium */
    FIX_NEAR(share(&s, "jp.motor~motor", "dy", SEPARATED, "CN"), 0.7 + 0.3 * 0.75, 1e-9);
    FIX_NEAR(share(&s, "jp.motor~motor", "nd", SEPARATED, "CN"), 0.7, 1e-9);
    assert_supplied(&s);
    done(&s);
}

static void test_balance_solve__mined_in_one_country_and_separated_in_another(void **state)
{
    struct steady s;

    (void)state;
    fix_toy(&s.f);
    fix_set(&s.f, MDL_SITES, "cn.mine", "country", "MM");
    solve(&s);
    FIX_NEAR(share(&s, "cn.sep~ore", "dy", MINED, "MM"), 1, 1e-12);
    FIX_NEAR(share(&s, "cn.sep~ore", "dy", SEPARATED, ""), 1, 1e-12);
    FIX_NEAR(share(&s, "jp.car~car", "dy", MINED, "MM"), 1, 1e-12);
    FIX_NEAR(share(&s, "jp.car~car", "dy", SEPARATED, "CN"), 1, 1e-12);
    done(&s);
}

static void test_balance_solve__the_scarcest_joint_output_sets_the_pace(void **state)
{
    struct steady s;

    (void)state;
    fix_toy(&s.f);
    /* twice the dysprosium per magnet: 0.04 / 0.05 = 0.8 > 0.4 */
    fix_set_at(&s.f, MDL_BOM, fix_row(&s.f, MDL_BOM, "sinter") + 3, "quantity", "0.04");
    solve(&s);
    FIX_NEAR(need(&s, "cn.sep~ox.dy"), 0.04 * 106 / 0.95, 1e-9);
    FIX_NEAR(level(&s, "p.sep"), 0.8 * 106 / 0.95, 1e-9);
    FIX_NEAR(need(&s, "cn.mine~ore"), 9 * 0.8 * 106 / 0.95, 1e-9);
    /* twice the neodymium that anybody asks for */
    FIX_NEAR(s.b.supply[point(&s, "cn.sep~ox.nd")] / 1e6, 2 * need(&s, "cn.sep~ox.nd"), 1e-9);
    assert_supplied(&s);
    done(&s);
}

static void test_balance_solve__processes_of_a_site_share_by_capacity_or_as_stated(void **state)
{
    struct steady s;

    (void)state;
    fix_toy(&s.f);
    fix_add(&s.f, MDL_BOM, "wind2,output,motor,1\nwind2,input,magnet,0.5\n");
    fix_add(&s.f, MDL_PROCESSES, "p.motor2,jp.motor,wind2,100,2,1\n");
    solve(&s);
    FIX_NEAR(level(&s, "p.motor"), 160, 1e-9); /* 400 of 500 */
    FIX_NEAR(level(&s, "p.motor2"), 40, 1e-9);
    fix_set(&s.f, MDL_PROCESSES, "p.motor", "share", "0.25");
    solve(&s);
    FIX_NEAR(level(&s, "p.motor"), 50, 1e-9);
    FIX_NEAR(level(&s, "p.motor2"), 150, 1e-9);
    fix_set(&s.f, MDL_PROCESSES, "p.motor2", "share", "0.75");
    solve(&s);
    FIX_NEAR(level(&s, "p.motor"), 50, 1e-9);
    FIX_NEAR(level(&s, "p.motor2"), 150, 1e-9);
    done(&s);
}

/* A tenth of a magnet is swarf, all of it goes back to ox.nd at 5 for 1 (its nd: 5 x 200 = 1000 g
 * for 850). Magnets need 0.4 x 106/0.95 of ox.nd, swarf gives back 0.1 x 106 / 5 of it. */
static void loop(struct fix *f)
{
    fix_toy(f);
    fix_add(f, MDL_SITES, "cn.rec,R,,CN,oxide,7,14,7,7\n");
    fix_add(f, MDL_BOM, "recycle,output,ox.nd,1\nrecycle,input,swarf,5\n");
    fix_add(f, MDL_PROCESSES, "p.rec,cn.rec,recycle,5,3,1\n");
    fix_add(f, MDL_LANES, "cn.mag,cn.rec,swarf,1,2,0\ncn.rec,cn.mag,ox.nd,0.05,2,0\n");
    fix_set_at(f, MDL_LANES, 1, "share", "0.95");
}

static void test_balance_solve__a_loop_through_scrap(void **state)
{
    struct steady s;
    double nd = 0.4 * 106 / 0.95;

    (void)state;
    loop(&s.f);
    solve(&s);
    FIX_NEAR(need(&s, "cn.mag~ox.nd"), nd, 1e-8);
    FIX_NEAR(flow(&s, "cn.rec~cn.mag~ox.nd"), 0.05 * nd, 1e-8);
    FIX_NEAR(need(&s, "cn.rec~swarf"), 5 * 0.05 * nd, 1e-8);
    FIX_NEAR(flow(&s, "cn.mag~cn.rec~swarf"), 5 * 0.05 * nd, 1e-8);
    FIX_NEAR(level(&s, "p.mag"), 106 / 0.95, 1e-8); /* nobody makes magnets for their swarf */
    FIX_NEAR(level(&s, "p.sep"), fmax(0.95 * nd, nd), 1e-8); /* the dysprosium sets the pace */
    done(&s);
}

static void test_balance_solve__a_loop_that_eats_itself_is_refused(void **state)
{
    struct steady s;
    struct sim_err err = SIM_ERR_INIT;

    (void)state;
    fix_toy(&s.f);
    /* each kilogram of ore from the mine needs 1.2 kg of the ore it gives */
    fix_add(&s.f, MDL_BOM, "enrich,output,ore,1\nenrich,input,ore,1.2\n");
    fix_add(&s.f, MDL_SITES, "cn.up,U,,CN,mine,7,14,7,7\n");
    fix_add(&s.f, MDL_PROCESSES, "p.up,cn.up,enrich,,1,1\n");
    fix_add(&s.f, MDL_LANES, "cn.up,cn.up2,ore,1,1,0\ncn.up2,cn.up,ore,1,1,0\n");
    fix_add(&s.f, MDL_SITES, "cn.up2,U,,CN,mine,7,14,7,7\n");
    fix_add(&s.f, MDL_PROCESSES, "p.up2,cn.up2,enrich,,1,1\n");
    fix_set_at(&s.f, MDL_LANES, 0, "from", "cn.up");
    fix_network_ok(&s.f, &s.n);
    assert_int_equal(mdl_balance_solve(&s.b, &s.f.a, &s.n, &err), SIM_EINPUT);
    assert_string_equal(err.text,
                        "toy: demand has no steady state: a loop through recipes or lanes "
                        "needs more of a product than it gives\n");
    sim_err_free(&err);
    fix_free(&s.f);
}

static void test_balance_solve__nothing_is_asked_for(void **state)
{
    struct steady s;

    (void)state;
    fix_toy(&s.f);
    fix_set_at(&s.f, MDL_DEMAND, 0, "rate_d", "0");
    fix_set_at(&s.f, MDL_DEMAND, 1, "rate_d", "0");
    solve(&s);
    for (uint32_t i = 0; i < s.n.n_point; i++)
        assert_true(s.b.need[0][i] == 0 && s.b.need[1][i] == 0);
    done(&s);
}

static void test_balance_solve__shares_of_nothing_are_numbers(void **state)
{
    struct steady s;

    (void)state;
    fix_toy(&s.f);
    fix_set(&s.f, MDL_PROCESSES, "p.mag", "share", "0");
    solve(&s);
    for (uint32_t i = 0; i < s.n.n_point; i++)
        assert_true(isfinite(s.b.need[0][i]) && isfinite(s.b.need[1][i]));
    done(&s);
}

/* A run begins in the steady state: without noise and with constant times nothing moves. */
static void test_balance_solve__is_where_a_run_begins(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    fix_toy(&f);
    fix_set_at(&f, MDL_DEMAND, 0, "dist", "constant");
    fix_set_at(&f, MDL_DEMAND, 1, "dist", "constant");
    fix_scenario(&f, "s", "");
    f.cfg[0] =
        "title = \"t\"; network = \"toy\"; start = \"2026-01-01\"; warm_up_d = 0; horizon_d = "
        "364;";
    fix_play(&f, 1, &r);
    FIX_NEAR(fix_at(&r, "made", 0, 0, "jp.car~car", NULL) / 364, 100, 2);
    FIX_NEAR(fix_at(&r, "made", 0, 0, "jp.motor~motor", NULL) / 364, 200, 4);
    FIX_NEAR(fix_at(&r, "made", 0, 0, "cn.mag~magnet", NULL) / 364, 106, 3);
    FIX_NEAR(fix_at(&r, "exports", 0, 0, "CN>JP~magnet", "5") / 30, 106, 10);
    FIX_NEAR(fix_at(&r, "made", 0, 0, "cn.mine~ore", NULL) / 364, 9 * 0.4 * 106 / 0.95, 20);
    FIX_NEAR(fix_sum(&r, "lost", 0, 0), 0, 0);
    FIX_NEAR(fix_sum(&r, "backlog", 0, 0), 0, 0);
    sim_result_free(&r);
    fix_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_balance_solve__a_chain),
        cmocka_unit_test(test_balance_solve__a_supplier_of_two_and_two_suppliers_of_one),
        cmocka_unit_test(test_balance_solve__mined_in_one_country_and_separated_in_another),
        cmocka_unit_test(test_balance_solve__the_scarcest_joint_output_sets_the_pace),
        cmocka_unit_test(test_balance_solve__processes_of_a_site_share_by_capacity_or_as_stated),
        cmocka_unit_test(test_balance_solve__a_loop_through_scrap),
        cmocka_unit_test(test_balance_solve__a_loop_that_eats_itself_is_refused),
        cmocka_unit_test(test_balance_solve__nothing_is_asked_for),
        cmocka_unit_test(test_balance_solve__shares_of_nothing_are_numbers),
        cmocka_unit_test(test_balance_solve__is_where_a_run_begins)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
