#include "sim/input.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct sim_input input(const char *name, const char *dist, double lo, double hi, int whole)
{
    const struct sim_key k = {"k",  "d", whole ? SIM_KEY_INT : SIM_KEY_REAL, lo, hi, "1", 0, "",
                              NULL, NULL};
    struct sim_input u;
    struct sim_dist d;
    char why[600];

    assert_int_equal(sim_dist_parse_signed(&d, dist, why, sizeof why), 0);
    if (sim_input_make(&u, &k, &d, why, sizeof why) != 0)
        fail_msg("%s", why);
    u.name = name;
    return u;
}

static void refused(const char *dist, double lo, double hi, const char *want)
{
    const struct sim_key k = {"k", "d", SIM_KEY_REAL, lo, hi, "1", 0, "", NULL, NULL};
    struct sim_input u;
    struct sim_dist d;
    char why[600];

    assert_int_equal(sim_dist_parse_signed(&d, dist, why, sizeof why), 0);
    assert_int_equal(sim_input_make(&u, &k, &d, why, sizeof why), SIM_EINPUT);
    assert_string_equal(why, want);
}

/* The uniform number of a run. */
static double uniform(const char *name, uint32_t run)
{
    struct sim_draws d = sim_draws_at(sim_stream_make(9, run, sim_hash(name), 5), 0);

    return sim_uniform(&d);
}

static void test_input_draw__is_the_quantile_of_the_stated_stream(void **state)
{
    struct sim_input u = input("a.b", "uniform(10,30)", 0, 100, 0),
                     t = input("a.b", "triangular(0,0,10)", 0, 100, 0);

    (void)state;
    for (uint32_t run = 0; run < 50; run++) {
        double p = uniform("a.b", run);

        assert_true(fabs(sim_input_draw(&u, 9, run, 5) - (10 + 20 * p)) <= 1e-7);
        assert_true(fabs(sim_input_draw(&t, 9, run, 5) - 10 * (1 - sqrt(1 - p))) <= 1e-7);
    }
}

static void test_input_draw__nine_digits_whole_and_in_range(void **state)
{
    struct sim_input u = input("x", "uniform(0,1)", 0, 1, 0),
                     w = input("x", "uniform(1,4)", 1, 4, 1),
                     g = input("x", "exponential(1)", 0, 4.7, 0);
    int clipped = 0;

    (void)state;
    for (uint32_t run = 0; run < 2000; run++) {
        double x = sim_input_draw(&u, 9, run, 5), y = sim_input_draw(&w, 9, run, 5);
        char text[32];

        snprintf(text, sizeof text, "%.9g", x);
        assert_true(strtod(text, NULL) == x);
        assert_true(y == floor(y) && y >= 1 && y <= 4);
        clipped += sim_input_draw(&g, 9, run, 5) == 4.7;
    }
    /* exp(-4.7) = 0.0091 of 2000: 18, within 4 deviations */
    assert_true(clipped >= 1 && clipped <= 35);
}

/* Error rate of the interval 6e-5. */
static void test_input_draw__has_the_mean_of_the_distribution(void **state)
{
    struct sim_input u = input("factor", "triangular(0.5,1,2.1)", 0, 100, 0);
    double sum = 0, n = 20000, sd = sqrt((0.25 + 1 + 4.41 - 0.5 - 2.1 - 1.05) / 18);

    (void)state;
    for (uint32_t run = 0; run < 20000; run++)
        sum += sim_input_draw(&u, 1, run, 5);
    assert_true(fabs(sum / n - 1.2) <= 4 * sd / sqrt(n));
    assert_true(fabs(sim_input_mean(&u) - 1.2) <= 1e-12);
}

static void test_input_make__refuses_what_leaves_the_range(void **state)
{
    (void)state;
    refused("uniform(0.5,1.2)", 0, 1, "must be 0 to 1; its values reach from 0.5 to 1.2");
    refused("triangular(-1,0,1)", 0, 1, "must be 0 to 1; its values reach from -1 to 1");
    refused("exponential(1)", 0, 4.6,
            "must be 0 to 4.6; 98 of 100 values reach from 0.0100503 to "
            "4.60517");
    (void)input("x", "uniform(-1,1)", -1, 1, 0);
    (void)input("x", "exponential(1)", 0, 4.61, 0);
}

/* ---- in a scenario ---- */

static const struct sim_key inner_keys[] = {
    {"id", "", SIM_KEY_ID, 0, 0, NULL, 0, "", NULL, NULL},
    {"share", "", SIM_KEY_REAL, 0, 1, "0", 0, "", NULL, NULL},
    {0}};
static const struct sim_key keys[] = {
    {"n", "", SIM_KEY_INT, 0, 100, "0", 0, "", NULL, NULL},
    {"runs", "", SIM_KEY_INT, 0, 100, "0", 0, "", NULL, sim_key_fixed},
    {"each_d", "d", SIM_KEY_DIST, 0, 100, "0", 0, "", NULL, NULL},
    {"list", "", SIM_KEY_LIST, 0, 0, "", 0, "", NULL, inner_keys},
    {"other", "", SIM_KEY_LIST, 0, 0, "", 0, "", NULL, inner_keys},
    {0}};

static int tables_of(const struct sim_key *list, const struct sim_tree *entry,
                     const struct sim_key *tables[2])
{
    (void)entry;
    tables[0] = list->sub;
    return strcmp(list->name, "list") == 0;
}

static int find(struct sim_inputs *in, struct sim_arena *a, const char *text,
                const struct sim_tree **t, struct sim_err *err)
{
    const struct sim_key *const tables[] = {keys};
    struct sim_tree *got;

    assert_int_equal(sim_tree_parse(&got, a, "f.cfg", text, strlen(text), err), 0);
    *t = got;
    return sim_inputs_find(in, a, got, tables, 1, "", tables_of, err);
}

static void test_inputs_find__names_and_places(void **state)
{
    struct sim_arena a = {0};
    struct sim_inputs in = {0};
    const struct sim_tree *t, *with;
    struct sim_err err = SIM_ERR_INIT;
    const double v[] = {7, 0.25};
    char *before;

    (void)state;
    assert_int_equal(find(&in, &a,
                          "n = \"uniform(1,9)\"; runs = 5; each_d = \"uniform(1,2)\";\n"
                          "list = ( { id = \"p.q\"; share = { dist = \"triangular\"; lo = 0.0; "
                          "mode = 0.5; hi = 1.0; }; }, { id = \"r\"; share = 0.5; } );\n"
                          "other = ( { id = \"p\"; share = \"uniform(0,1)\"; } );",
                          &t, &err),
                     0);
    assert_int_equal(in.n, 2);
    assert_string_equal(in.at[0].name, "n");
    assert_true(in.at[0].whole && sim_input_mean(&in.at[0]) == 5);
    assert_string_equal(in.at[1].name, "list.p.q.share");
    assert_true(sim_input_mean(&in.at[1]) == 0.5);
    before = sim_tree_print(t, &a);
    with = sim_inputs_put(t, &a, &in, v);
    assert_int_equal(sim_tree_int(sim_tree_get(with, "n")), 7);
    assert_true(sim_tree_real(sim_tree_get(sim_tree_at(sim_tree_get(with, "list"), 0), "share")) ==
                0.25);
    assert_ptr_equal(sim_tree_get(with, "other"), sim_tree_get(t, "other"));
    assert_string_equal(sim_tree_print(t, &a), before);
    sim_arena_free(&a);
}

/* What is drawn event by event may have parameters that are drawn once. */
static void test_inputs_find__parameters_of_a_distribution(void **state)
{
    struct sim_arena a = {0};
    struct sim_inputs in = {0};
    const struct sim_tree *t, *with;
    struct sim_err err = SIM_ERR_INIT;
    struct sim_dist d;
    const double v[] = {12, 3};

    (void)state;
    assert_int_equal(
        find(&in, &a,
             "each_d = { dist = \"erlang\"; mean = { dist = \"uniform\"; lo = 5.0; hi = "
             "15.0; }; k = \"uniform(1,6)\"; };",
             &t, &err),
        0);
    assert_int_equal(in.n, 2);
    assert_string_equal(in.at[0].name, "each_d.mean");
    assert_string_equal(in.at[0].unit, "d");
    assert_string_equal(in.at[1].name, "each_d.k");
    assert_string_equal(in.at[1].unit, "");
    assert_true(!in.at[0].whole && in.at[1].whole);
    with = sim_inputs_put(t, &a, &in, v);
    assert_int_equal(sim_keys_dist(sim_tree_get(with, "each_d"), &d, &err), 0);
    assert_true(d.kind == SIM_ERLANG && d.p[0] == 3 && d.p[1] == 12);
    in.n = 0;
    assert_int_equal(find(&in, &a,
                          "each_d = { dist = \"lognormal\"; median = \"uniform(-1,2)\"; sigma = "
                          "\"uniform(0,6)\"; };",
                          &t, &err),
                     SIM_EINPUT);
    assert_non_null(strstr(err.text, "median = \"uniform(-1,2)\": must be 0 to 1e+15"));
    assert_non_null(strstr(err.text, "sigma = \"uniform(0,6)\": must be 0 to 5"));
    sim_err_free(&err);
    sim_arena_free(&a);
}

static void test_inputs_find__faults(void **state)
{
    struct sim_arena a = {0};
    struct sim_inputs in = {0};
    const struct sim_tree *t;
    struct sim_err err = SIM_ERR_INIT;

    (void)state;
    assert_int_equal(
        find(&in, &a,
             "n = \"uniform(1,109)\";\nlist = ( { id = \"x\";\nshare = { dist = "
             "\"uniform\"; lo = 0.5; }; },\n{ id = \"y\";\nshare = \"gauss(0,1)\"; } );",
             &t, &err),
        SIM_EINPUT);
    assert_string_equal(
        err.text,
        "f.cfg:1: n = \"uniform(1,109)\": must be a whole number, 0 to 100; its values reach from "
        "1 "
        "to 109\n"
        "f.cfg:3: share: hi is missing: a parameter of uniform\n"
        "f.cfg:5: share = \"gauss(0,1)\": must be a number, uniform(lo, hi), triangular(lo, mode, "
        "hi), exponential(mean), lognormal(median, sigma), gamma(mean, cv), poisson(mean) or "
        "erlang(k, mean)\n");
    sim_err_free(&err);
    sim_arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_input_draw__is_the_quantile_of_the_stated_stream),
        cmocka_unit_test(test_input_draw__nine_digits_whole_and_in_range),
        cmocka_unit_test(test_input_draw__has_the_mean_of_the_distribution),
        cmocka_unit_test(test_input_make__refuses_what_leaves_the_range),
        cmocka_unit_test(test_inputs_find__names_and_places),
        cmocka_unit_test(test_inputs_find__parameters_of_a_distribution),
        cmocka_unit_test(test_inputs_find__faults),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
