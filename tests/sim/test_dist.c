#include "sim/dist.h"
#include "tests/dies.h"

#include <gsl/gsl_cdf.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N = 100000 };

static struct sim_dist parsed(const char *text)
{
    struct sim_dist d = {SIM_CONSTANT, {-1, -1, -1}};
    char why[200] = "";

    if (sim_dist_parse(&d, text, why, sizeof why) != 0)
        fail_msg("%s: %s", text, why);
    return d;
}

static void test_dist_parse__all_forms_and_their_canonical_text(void **state)
{
    static const struct {
        const char *in, *out;
        enum sim_dist_kind kind;
    } table[] = {
        {"5", "5", SIM_CONSTANT},
        {"0", "0", SIM_CONSTANT},
        {"-0", "0", SIM_CONSTANT},
        {" 1e3 ", "1000", SIM_CONSTANT},
        {"1e15", "1e+15", SIM_CONSTANT},
        {"1e-7", "1e-07", SIM_CONSTANT},
        {"0.1", "0.1", SIM_CONSTANT},
        {"0.30000000000000004", "0.30000000000000004", SIM_CONSTANT},
        {"constant(7)", "7", SIM_CONSTANT},
        {"uniform(1,2.5)", "uniform(1,2.5)", SIM_UNIFORM},
        {"uniform( 1 ,\t2.5 )  ", "uniform(1,2.5)", SIM_UNIFORM},
        {"triangular(1,2,4)", "triangular(1,2,4)", SIM_TRIANGULAR},
        {"exponential(3)", "exponential(3)", SIM_EXPONENTIAL},
        {"lognormal(14.0,0.60)", "lognormal(14,0.6)", SIM_LOGNORMAL},
        {"gamma (10, 0.5)", "gamma(10,0.5)", SIM_GAMMA},
        {"poisson(4)", "poisson(4)", SIM_POISSON},
        {"erlang(3,12)", "erlang(3,12)", SIM_ERLANG},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct sim_dist d = parsed(table[i].in), again;
        char text[200];

        assert_int_equal(d.kind, table[i].kind);
        sim_dist_print(&d, text, sizeof text);
        assert_string_equal(text, table[i].out);
        again = parsed(text);
        assert_true(again.kind == d.kind && memcmp(again.p, d.p, sizeof d.p) == 0);
    }
}

static void test_dist_print__reads_back_to_the_same_doubles(void **state)
{
    struct sim_stream s = sim_stream_make(1, 0, sim_hash("print"), 0);

    (void)state;
    for (uint64_t i = 0; i < 2000; i++) {
        struct sim_draws r = sim_draws_at(s, i);
        struct sim_dist d = {SIM_TRIANGULAR, {0, 0, 0}}, again;
        char text[200];

        d.p[0] = pow(10, 30 * sim_uniform(&r) - 20);
        d.p[1] = d.p[0] * (1 + sim_uniform(&r));
        d.p[2] = d.p[1] * (1 + sim_uniform(&r));
        sim_dist_print(&d, text, sizeof text);
        again = parsed(text);
        assert_memory_equal(again.p, d.p, sizeof d.p);
    }
}

static void test_dist_parse__refuses_and_says_why(void **state)
{
    static const struct {
        const char *text, *why;
    } table[] = {
        {"", "must be a number"},
        {"-1", "value must be a number and not negative"},
        {"1e16", "value must be at most 1e+15"},
        {"1e999", "not negative"},
        {"nan", "must be a number, uniform"},
        {"inf", "must be a number, uniform"},
        {"0x10", "must be a number"},
        {"1.2.3", "must be a number"},
        {"5 days", "must be a number"},
        {"1,5", "must be a number"},
        {"gauss(1,2)", "must be a number, uniform(lo, hi)"},
        {"gamma", "must be a number, uniform(lo, hi)"},
        {"gamma()", "gamma: mean must be a number"},
        {"gamma(10)", "gamma takes 2 numbers: ',' expected after mean"},
        {"gamma(10,0.5", "')' expected after cv"},
        {"gamma(10,0.5,1)", "')' expected after cv"},
        {"gamma(10,0.5)x", "nothing may follow"},
        {"gamma(10,nan)", "gamma: cv must be a number"},
        {"gamma(10,inf)", "gamma: cv must be a number"},
        {"gamma(-10,0.5)", "mean must be a number and not negative"},
        {"gamma(10,101)", "cv must be at most 100"},
        {"exponential(1,2)", "exponential takes 1 number: ')' expected after mean"},
        {"uniform(2,1)", "lo must not be above hi"},
        {"triangular(1,5,4)", "lo <= mode <= hi"},
        {"triangular(3,2,4)", "lo <= mode <= hi"},
        {"lognormal(1,5.1)", "sigma must be at most 5"},
        {"lognormal(1e15,1)", "the mean must be at most 1e+15"},
        {"poisson(2e9)", "mean must be at most 1e+09"},
        {"erlang(0,1)", "k must be a whole number"},
        {"erlang(1.5,1)", "k must be a whole number"},
        {"erlang(1e7,1)", "k must be a whole number"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct sim_dist d = {SIM_POISSON, {1, 2, 3}};
        char why[300] = "";

        assert_int_equal(sim_dist_parse(&d, table[i].text, why, sizeof why), SIM_EINPUT);
        if (strstr(why, table[i].why) == NULL)
            fail_msg("'%s': '%s' does not hold '%s'", table[i].text, why, table[i].why);
        assert_true(d.kind == SIM_POISSON && d.p[0] == 1); /* untouched */
    }
}

static void test_dist_check__refuses_what_no_text_can_say(void **state)
{
    static const struct sim_dist table[] = {
        {SIM_CONSTANT, {NAN, 0, 0}},        {SIM_CONSTANT, {INFINITY, 0, 0}},
        {SIM_UNIFORM, {0, INFINITY, 0}},    {SIM_UNIFORM, {-INFINITY, 0, 0}},
        {SIM_TRIANGULAR, {0, NAN, 1}},      {SIM_LOGNORMAL, {1, NAN, 0}},
        {SIM_ERLANG, {NAN, 1, 0}},          {SIM_POISSON, {NAN, 0, 0}},
        {(enum sim_dist_kind)8, {0, 0, 0}},
    };
    char why[4];

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        assert_int_equal(sim_dist_check(&table[i], why, sizeof why), SIM_EINPUT);
        assert_int_equal(strlen(why), 3); /* cut, and ended */
    }
}

/* ---- draws, quantiles and means tell the same story ---- */

static const char *const shapes[] = {
    "uniform(2,5)",        "uniform(0,1e15)", "triangular(1,2,4)", "triangular(1,1,4)",
    "triangular(0,3,3)",   "exponential(3)",  "exponential(1e-9)", "lognormal(14,0.6)",
    "lognormal(1,2)",      "gamma(10,0.5)",   "gamma(10,1)",       "gamma(2,3)",
    "gamma(5,1e-3)",       "gamma(100,0.05)", "erlang(1,2)",       "erlang(7,2)",
    "erlang(1000000,3)",   "poisson(0.01)",   "poisson(4)",        "poisson(200)",
    "poisson(1000000000)",
};

static double draw_x[N];

static void fill(const struct sim_dist *d, const char *name)
{
    struct sim_stream s = sim_stream_make(7, 0, sim_hash(name), 0);

    for (uint64_t i = 0; i < N; i++) {
        struct sim_draws r = sim_draws_at(s, i);

        draw_x[i] = sim_dist_draw(d, &r);
    }
}

/* The sample mean, in standard errors by the sample's own spread; beyond 4.5 once in 150,000. */
static void test_dist_draw__has_its_mean(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof shapes / sizeof shapes[0]; k++) {
        struct sim_dist d = parsed(shapes[k]);
        double mean = 0, var = 0;

        fill(&d, shapes[k]);
        for (size_t i = 0; i < N; i++)
            mean += draw_x[i] / N;
        for (size_t i = 0; i < N; i++)
            var += (draw_x[i] - mean) * (draw_x[i] - mean) / (N - 1);
        if (fabs(mean - sim_dist_mean(&d)) > 4.5 * sqrt(var / N))
            fail_msg("%s: mean %.17g, should be %.17g", shapes[k], mean, sim_dist_mean(&d));
    }
}

/* Of N draws, the share at or below the p-quantile is p, within 4.5 standard errors (for 19 p and
 * 21 shapes together, beyond once in 370 sets of seeds). For whole numbers the share below the
 * quantile is at most p and the share at or below at least p. */
static void test_dist_quantile__is_that_of_the_draws(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof shapes / sizeof shapes[0]; k++) {
        struct sim_dist d = parsed(shapes[k]);

        fill(&d, shapes[k]);
        for (int j = 1; j < 20; j++) {
            double p = j / 20.0, q = sim_dist_quantile(&d, p), slack = 4.5 * sqrt(p * (1 - p) / N);
            double below = 0, to = 0;

            for (size_t i = 0; i < N; i++) {
                below += draw_x[i] < q;
                to += draw_x[i] <= q;
            }
            if (to / N < p - slack || below / N > p + slack)
                fail_msg("%s: %g of the draws below and %g up to the quantile of %g", shapes[k],
                         below / N, to / N, p);
        }
    }
}

static const double probability[] = {1e-12, 1e-6, 0.001, 0.1, 0.5, 0.9, 0.999, 1 - 1e-6, 1 - 1e-12};

/* Against GSL's distribution functions, which find the quantile nowhere in this code. */
static void test_dist_quantile__inverts_the_gamma_distribution(void **state)
{
    static const double cv[] = {0.01, 0.03, 0.04, 0.1, 0.5, 1, 3, 10, 100};

    (void)state;
    for (size_t k = 0; k < sizeof cv / sizeof cv[0]; k++) {
        double shape = 1 / (cv[k] * cv[k]);
        struct sim_dist d = {SIM_GAMMA, {10, cv[k], 0}};

        for (size_t i = 0; i < sizeof probability / sizeof probability[0]; i++) {
            double p = probability[i], x = sim_dist_quantile(&d, p);

            assert_true(x >= 0 && x <= DBL_MAX);
            if (x < 1e-300) /* smaller than a double can say */
                continue;
            if (p <= 0.5)
                assert_true(fabs(gsl_cdf_gamma_P(x, shape, 10 / shape) / p - 1) < 1e-5);
            else
                assert_true(fabs(gsl_cdf_gamma_Q(x, shape, 10 / shape) / (1 - p) - 1) < 1e-5);
        }
    }
}

static void test_dist_quantile__known_values(void **state)
{
    static const struct {
        const char *text;
        double p, x;
    } table[] = {
        {"12", 0.3, 12},
        {"uniform(2,6)", 0.25, 3},
        {"triangular(0,2,4)", 0.5, 2},
        {"triangular(0,2,4)", 0.125, 1},
        {"triangular(0,2,4)", 0.875, 3},
        {"triangular(3,3,3)", 0.7, 3},
        {"exponential(1)", 0.6321205588285577, 1},
        {"lognormal(14,0.6)", 0.5, 14},
        {"lognormal(1,1)", 0.8413447460685429, 2.718281828459045},
        {"gamma(1,1)", 0.6321205588285577, 1},
        {"gamma(3,0)", 0.4, 3},
        {"gamma(0,0.5)", 0.4, 0},
        {"erlang(1,2)", 0.6321205588285577, 2},
        {"poisson(0)", 0.9, 0},
        {"poisson(1)", 0.36, 0},
        {"poisson(1)", 0.37, 1},
        {"poisson(1)", 0.999, 5},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct sim_dist d = parsed(table[i].text);
        double x = sim_dist_quantile(&d, table[i].p);

        if (fabs(x - table[i].x) > 1e-12 * table[i].x)
            fail_msg("%s at %g: %.17g", table[i].text, table[i].p, x);
    }
}

static void test_dist_quantile__grows_with_p_and_stays_finite(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof shapes / sizeof shapes[0]; k++) {
        struct sim_dist d = parsed(shapes[k]);
        double last = 0;

        for (size_t i = 0; i < sizeof probability / sizeof probability[0]; i++) {
            double x = sim_dist_quantile(&d, probability[i]);

            assert_true(x >= last && x <= DBL_MAX);
            last = x;
        }
    }
}

/* ---- edges ---- */

static void test_dist_draw__finite_and_in_range_at_the_edges(void **state)
{
    static const struct {
        const char *text;
        double lo, hi;
    } table[] = {
        {"0", 0, 0},
        {"1e15", 1e15, 1e15},
        {"uniform(0,0)", 0, 0},
        {"uniform(3,3)", 3, 3},
        {"uniform(0,1e-300)", 0, 1e-300},
        {"triangular(2,2,2)", 2, 2},
        {"triangular(0.1,0.3,0.3)", 0.1, 0.3},
        {"triangular(0.1,0.1,0.7)", 0.1, 0.7},
        {"exponential(0)", 0, 0},
        {"exponential(1e15)", 0, 1e17},
        {"lognormal(0,1)", 0, 0},
        {"lognormal(5,0)", 5, 5},
        {"lognormal(1e9,5)", 0, 1e30},
        {"gamma(0,1)", 0, 0},
        {"gamma(7,0)", 7, 7},
        {"gamma(7,1e-9)", 6.99999, 7.00001},
        {"gamma(1,1e-300)", 0.99999, 1.00001},
        {"gamma(1e15,100)", 0, 1e25},
        {"poisson(0)", 0, 0},
        {"poisson(1e-300)", 0, 0},
        {"poisson(1000000000)", 999700000, 1000300000},
        {"erlang(1000000,0)", 0, 0},
        {"erlang(1000000,1e15)", 0.99e15, 1.01e15},
    };

    (void)state;
    for (size_t k = 0; k < sizeof table / sizeof table[0]; k++) {
        struct sim_dist d = parsed(table[k].text);

        fill(&d, table[k].text);
        for (size_t i = 0; i < N; i++) {
            if (!(draw_x[i] >= table[k].lo && draw_x[i] <= table[k].hi))
                fail_msg("%s: %.17g", table[k].text, draw_x[i]);
        }
    }
}

static void test_dist_draw__poisson_is_whole(void **state)
{
    struct sim_dist d = parsed("poisson(3.7)");

    (void)state;
    fill(&d, "whole");
    for (size_t i = 0; i < N; i++)
        assert_true(draw_x[i] == floor(draw_x[i]));
}

/* Frozen: other values would change results. To 1e-12, since exp and log differ in the last bit
 * between machines. */
static void test_dist_draw__known_answers(void **state)
{
    static const struct {
        const char *text;
        double x;
    } table[] = {
        {"uniform(2,5)", 3.3770791896709165},
        {"triangular(1,2,4)", 2.1983780583434918},
        {"exponential(3)", 0.8844373175427378},
        {"lognormal(14,0.6)", 17.760205413944899},
        {"gamma(10,0.5)", 8.3921709238319586},
        {"poisson(4)", 3},
        {"poisson(200)", 180},
        {"erlang(7,2)", 1.7845047950153483},
    };
    struct sim_stream s = sim_stream_make(20260106, 17, sim_hash("jp-magnet-1"), 3);

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct sim_dist d = parsed(table[i].text);
        struct sim_draws r = sim_draws_at(s, 12345);
        double x = sim_dist_draw(&d, &r);

        if (fabs(x - table[i].x) > 1e-12 * table[i].x)
            fail_msg("%s: %.17g", table[i].text, x);
    }
}

static void quantile_of(void *ctx)
{
    struct sim_dist d = {SIM_UNIFORM, {0, 1, 0}};

    if (sim_dist_quantile(&d, *(double *)ctx) > 2)
        abort();
}

static void test_dist_quantile__p_of_0_or_1_is_a_bug(void **state)
{
    double p[] = {0, 1, NAN, -0.5}, half = 0.5;

    (void)state;
    for (int i = 0; i < 4; i++)
        assert_true(is_bug(quantile_of, &p[i]));
    assert_false(is_bug(quantile_of, &half));
}

static void test_dist_forms__one_for_each_kind(void **state)
{
    int n = 0;

    (void)state;
    while (sim_dist_forms[n].name != NULL)
        n++;
    assert_int_equal(n, SIM_ERLANG + 1);
    assert_string_equal(sim_dist_forms[SIM_TRIANGULAR].param[1], "mode");
    assert_string_equal(sim_dist_forms[SIM_GAMMA].param[1], "cv");
    assert_null(sim_dist_forms[SIM_GAMMA].param[2]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dist_parse__all_forms_and_their_canonical_text),
        cmocka_unit_test(test_dist_print__reads_back_to_the_same_doubles),
        cmocka_unit_test(test_dist_parse__refuses_and_says_why),
        cmocka_unit_test(test_dist_check__refuses_what_no_text_can_say),
        cmocka_unit_test(test_dist_draw__has_its_mean),
        cmocka_unit_test(test_dist_quantile__is_that_of_the_draws),
        cmocka_unit_test(test_dist_quantile__inverts_the_gamma_distribution),
        cmocka_unit_test(test_dist_quantile__known_values),
        cmocka_unit_test(test_dist_quantile__grows_with_p_and_stays_finite),
        cmocka_unit_test(test_dist_draw__finite_and_in_range_at_the_edges),
        cmocka_unit_test(test_dist_draw__poisson_is_whole),
        cmocka_unit_test(test_dist_draw__known_answers),
        cmocka_unit_test(test_dist_quantile__p_of_0_or_1_is_a_bug),
        cmocka_unit_test(test_dist_forms__one_for_each_kind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
