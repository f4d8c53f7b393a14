/* Bootstrap, stopping, warm-up, screening: what says how sure a number is. */
#include "analysis/best.h"
#include "analysis/stop.h"
#include "analysis/warm.h"
#include "tests/analysis/sample.h"
#include "tests/dies.h"

#include <gsl/gsl_cdf.h>
#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

static void near(double is, double want, double rel)
{
    if (!(fabs(is - want) <= rel * fmax(1.0, fabs(want))))
        fail_msg("%.17g is not %.17g", is, want);
}

static double normal(uint64_t i)
{
    return sqrt(-2.0 * log(1.0 - sample_u(2 * i))) * cos(6.283185307179586 * sample_u(2 * i + 1));
}

/* ---- bootstrap-t ---- */

/* The limits of k ones and n - k zeros when j of a resample are ones, at the j that a binomial
 * number stays under with probability c: the share of ones decides t' alone. */
static double limit_of_ones(unsigned k, unsigned n, double c, int more)
{
    double p = (double)k / n, s = sqrt(p * (1.0 - p) * n / (n - 1.0));
    unsigned j = 0;

    while (gsl_cdf_binomial_P(j, p, n) < c)
        j++;
    j += (unsigned)more;
    return p - ((double)j / n - p) / sqrt((double)j / n * (1.0 - (double)j / n) / (n - 1.0)) * s /
                   sqrt(n);
}

/* 999 resamples put the quantile of a count within one of its true value with probability > 0.999:
 * P(Bin(100, 0.3) = j) is 0.03 at either end, the share beyond has standard error 0.005. */
static void test_stats_bootstrap__zeros_and_ones_are_binomial(void **state)
{
    double x[100];
    struct ana_interval i;

    (void)state;
    for (int k = 0; k < 100; k++)
        x[k] = k % 10 < 3;
    assert_int_equal(ana_stats_bootstrap(x, 100, 0.95, &i), 1);
    assert_true(i.at == 0.3 && i.n == 100);
    assert_true(limit_of_ones(30, 100, 0.975, 1) <= i.lo &&
                i.lo <= limit_of_ones(30, 100, 0.975, -1));
    assert_true(limit_of_ones(30, 100, 0.025, 1) <= i.hi &&
                i.hi <= limit_of_ones(30, 100, 0.025, -1));
}

/* The sum of equal values divided by their number may be off by a rounding: that is no spread. */
static void test_stats_interval__of_equal_values_is_the_value(void **state)
{
    static const double value[] = {0.1, 0.3, 1234.56, 7.7e9 + 0.1, -1e-3 / 7};
    static const size_t runs[] = {20, 30, 50, 100, 200};
    double x[200], y[200];

    (void)state;
    for (size_t v = 0; v < 5; v++)
        for (size_t n = 0; n < 5; n++) {
            struct ana_interval i;
            struct ana_stop_rule rule = {20, 10, 200, 0.95};
            struct ana_stop_target to = {.with = x, .half = 0.01, .relative = 1};
            struct ana_stop_look look;

            for (size_t k = 0; k < 200; k++) {
                x[k] = value[v];
                y[k] = 0.0;
            }
            assert_int_equal(ana_stats_interval(x, runs[n], 0.95, &i), 1);
            assert_true(i.at == value[v] && i.lo == value[v] && i.hi == value[v]);
            assert_int_equal(ana_stats_paired(x, y, runs[n], 0.95, &i), 1);
            assert_true(i.at == value[v] && i.lo == value[v] && i.hi == value[v]);
            assert_true(isnan(ana_stats_pairing(x, y, runs[n])));
            ana_stop_at(&rule, &to, 1, runs[n], &look);
            assert_int_equal(look.state, ANA_STOP_SATISFIED);
            assert_int_equal(look.n_flat, 1);
        }
}

static void test_stats_bootstrap__goes_with_scale_and_sign(void **state)
{
    double x[60], y[60];
    struct ana_interval a, b;

    (void)state;
    for (size_t k = 0; k < 60; k++) {
        x[k] = exp(1.5 * normal(k));
        y[k] = 1e9 - 1e6 * x[k];
    }
    assert_int_equal(ana_stats_bootstrap(x, 60, 0.95, &a), 1);
    assert_int_equal(ana_stats_bootstrap(y, 60, 0.95, &b), 1);
    near(b.lo, 1e9 - 1e6 * a.hi, 1e-9);
    near(b.hi, 1e9 - 1e6 * a.lo, 1e-9);
    assert_true(a.hi - a.at > 1.2 * (a.at - a.lo));
}

static void test_stats_bootstrap__a_missing_value_is_not_there(void **state)
{
    double x[41], y[40];
    struct ana_interval a, b;

    (void)state;
    for (size_t k = 0; k < 40; k++)
        x[k] = y[k] = exp(normal(k));
    memmove(x + 8, x + 7, 33 * sizeof *x);
    x[7] = NAN;
    assert_int_equal(ana_stats_bootstrap(x, 41, 0.95, &a), 1);
    assert_int_equal(ana_stats_bootstrap(y, 40, 0.95, &b), 1);
    assert_memory_equal(&a, &b, sizeof a);
    assert_int_equal(ana_stats_bootstrap(y, 19, 0.95, &a), 0);
    assert_true(a.n == 19 && isnan(a.lo) && isnan(a.hi));
}

/* One of 20: 0.95^20 = 36 % of resamples have none, and t' of those is -infinite. */
static void test_stats_bootstrap__few_that_differ_give_no_limit(void **state)
{
    double x[20] = {0.0};
    struct ana_interval i;

    (void)state;
    assert_int_equal(ana_stats_bootstrap(x, 20, 0.95, &i), 1);
    assert_true(i.lo == 0.0 && i.hi == 0.0);
    x[3] = 5.0;
    assert_int_equal(ana_stats_bootstrap(x, 20, 0.95, &i), 1);
    assert_true(isfinite(i.lo) && i.hi == INFINITY);
}

static void test_stats_bootstrap__is_nearly_t_for_a_normal_sample(void **state)
{
    double x[400];
    struct ana_interval a, b;

    (void)state;
    for (size_t k = 0; k < 400; k++)
        x[k] = normal(k);
    assert_int_equal(ana_stats_bootstrap(x, 400, 0.95, &a), 1);
    assert_int_equal(ana_stats_mean(x, 400, 0.95, &b), 1);
    near((a.hi - a.lo) / (b.hi - b.lo), 1.0, 0.08);
}

/* 600 samples of 40 of a lognormal with squared coefficient of variation 4: t covers 0.86, this
 * 0.91, standard errors 0.014 and 0.012; that they are 15 apart or more of 600, on the same
 * samples, fails with probability < 1e-3. Seed fixed. */
static void test_stats_interval__holds_a_skewed_mean_more_often_than_t(void **state)
{
    const double s2 = log(5.0);
    int by_t = 0, by_boot = 0;

    (void)state;
    for (uint64_t trial = 0; trial < 600; trial++) {
        double x[40];
        struct ana_interval t, b;

        for (uint64_t k = 0; k < 40; k++)
            x[k] = exp(sqrt(s2) * normal(40 * trial + k) - 0.5 * s2);
        assert_int_equal(ana_stats_mean(x, 40, 0.95, &t), 1);
        assert_int_equal(ana_stats_interval(x, 40, 0.95, &b), 1);
        by_t += t.lo <= 1.0 && 1.0 <= t.hi;
        by_boot += b.lo <= 1.0 && 1.0 <= b.hi;
    }
    assert_true(by_boot >= by_t + 15);
    assert_true(by_boot >= 520);
}

static void test_stats_skewed__where_the_rules_change(void **state)
{
    (void)state;
    assert_false(ana_stats_skewed(100, 1.0));
    assert_true(ana_stats_skewed(100, -1.01));
    assert_false(ana_stats_skewed(1000, 2.0));
    assert_true(ana_stats_skewed(1000, -2.01));
    assert_false(ana_stats_skewed(1001, 2.01));
    assert_true(ana_stats_skewed(1001, 6.5));
    assert_false(ana_stats_skewed(50, NAN));
    assert_false(ana_stats_doubtful(100, -3.33));
    assert_true(ana_stats_doubtful(100, -3.34));
    assert_false(ana_stats_doubtful(100, NAN));
}

/* ---- stopping ---- */

static const struct ana_stop_rule rule = {.first = 30, .step = 20, .max = 75, .level = 0.95};

static void test_stop_next__looks_at_fixed_numbers_of_runs(void **state)
{
    const size_t want[][2] = {{0, 30},  {30, 30}, {31, 50}, {50, 50},
                              {51, 70}, {71, 75}, {75, 75}, {1000, 75}};

    (void)state;
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        assert_int_equal(ana_stop_next(&rule, want[i][0]), want[i][1]);
}

/* 9 11 9 11 ...: s = sqrt(30 / 29), so the half-width at 30 is t(29) / sqrt(29) = 0.37980. */
static void test_stop_at__by_hand(void **state)
{
    double x[75], y[75];
    struct ana_stop_look look;
    struct ana_stop_target t = {.with = x, .half = 0.3799};

    (void)state;
    for (int k = 0; k < 75; k++) {
        x[k] = k < 30 ? 10.0 + (k % 2 ? 1.0 : -1.0) : (double)NAN;
        y[k] = k < 30 ? x[k] + 100.0 - (k % 2 ? 1.0 : -1.0) * 0.5 : 1e9;
    }
    ana_stop_at(&rule, &t, 1, 30, &look);
    near(look.half, 2.0452296421327 / sqrt(29.0), 1e-12);
    assert_true(look.state == ANA_STOP_SATISFIED && look.n == 30 && look.wanted == 0.3799);
    t.half = 0.3797;
    ana_stop_at(&rule, &t, 1, 30, &look);
    assert_true(look.state == ANA_STOP_MORE);
    t = (struct ana_stop_target){.with = x, .half = 0.038, .relative = 1};
    ana_stop_at(&rule, &t, 1, 30, &look);
    assert_true(look.state == ANA_STOP_SATISFIED);
    near(look.wanted, 0.38, 1e-15);
    t.half = 0.0379;
    ana_stop_at(&rule, &t, 1, 30, &look);
    assert_true(look.state == ANA_STOP_MORE);
    /* y - x = 100 -+ 0.5: half of the half-width, a hundredth of it relatively */
    t = (struct ana_stop_target){.with = y, .base = x, .half = 0.0019, .relative = 1};
    ana_stop_at(&rule, &t, 1, 30, &look);
    near(look.half, 0.5 * 2.0452296421327 / sqrt(29.0), 1e-12);
    assert_true(look.state == ANA_STOP_SATISFIED);
}

static void test_stop_at__all_must_hold_and_the_worst_is_named(void **state)
{
    double x[75], flat[75];
    struct ana_stop_look look;
    struct ana_stop_target t[] = {
        {.with = flat, .half = 1e-9}, {.with = x, .half = 0.2}, {.with = x, .half = 0.5}};

    (void)state;
    for (int k = 0; k < 75; k++) {
        x[k] = 10.0 + (k % 2 ? 1.0 : -1.0);
        flat[k] = 0.0;
    }
    ana_stop_at(&rule, t, 3, 30, &look);
    assert_true(look.state == ANA_STOP_MORE && look.worst == 1 && look.n_flat == 1);
    assert_string_equal(ana_stop_word(look.state), "more runs");
    ana_stop_at(&rule, t, 3, 75, &look);
    assert_true(look.state == ANA_STOP_MAX && look.worst == 1);
    assert_string_equal(ana_stop_word(look.state), "maximum hit");
    t[1].half = 0.24;
    ana_stop_at(&rule, t, 3, 75, &look);
    assert_true(look.state == ANA_STOP_SATISFIED && look.worst == 1);
    assert_string_equal(ana_stop_word(look.state), "satisfied");
    t[0].relative = 1;
    ana_stop_at(&rule, t, 3, 75, &look);
    assert_true(look.state == ANA_STOP_SATISFIED);
}

/* Half of the runs failed: 15 values are no interval, 25 are one. */
static void test_stop_at__runs_that_failed_do_not_count(void **state)
{
    double x[75];
    struct ana_stop_look look;
    const struct ana_stop_target t = {.with = x, .half = 1e9};

    (void)state;
    for (int k = 0; k < 75; k++)
        x[k] = k % 2 ? (double)NAN : k;
    ana_stop_at(&rule, &t, 1, 30, &look);
    assert_true(look.state == ANA_STOP_MORE && isnan(look.half));
    ana_stop_at(&rule, &t, 1, 50, &look);
    assert_true(look.state == ANA_STOP_SATISFIED);
}

static void rule_of(void *ctx)
{
    (void)ana_stop_next(ctx, 0);
}

static void target_of(void *ctx)
{
    double x[75] = {0.0};
    const struct ana_stop_target t = {.with = x, .half = *(double *)ctx};
    struct ana_stop_look look;

    ana_stop_at(&rule, &t, 1, 30, &look);
}

static void test_stop__senseless_rules_are_bugs(void **state)
{
    struct ana_stop_rule few = rule, still = rule, over = rule, sure = rule;
    double zero = 0.0, nan = NAN, one = 1.0;

    (void)state;
    few.first = ANA_STATS_MIN - 1;
    still.step = 0;
    over.max = 29;
    sure.level = 1.0;
    assert_true(is_bug(rule_of, &few) && is_bug(rule_of, &still));
    assert_true(is_bug(rule_of, &over) && is_bug(rule_of, &sure));
    assert_true(is_bug(target_of, &zero) && is_bug(target_of, &nan));
    assert_false(is_bug(target_of, &one));
}

/* ---- warm-up ---- */

static void batches(double to[], const double z[], size_t n)
{
    for (size_t i = 0; i < 5 * n; i++)
        to[i] = z[i / 5] + (i % 5 == 0 ? 2.0 : i % 5 == 4 ? -2.0 : 0.0);
}

/* 10 1 x 9: d = 0 gives (8.1^2 + 9 0.9^2) / 10^2 = 0.729, d = 1 gives 0. Six 1 and -1 after 4 2:
 * 6 / 36 = 0.167 at d = 4 (of the 6), 8 / 64 = 0.125 at d = 2 (of the 8), with the 2 0.42. */
static void test_warm_mser5__by_hand(void **state)
{
    const double one[] = {10, 1, 1, 1, 1, 1, 1, 1, 1, 1}, flat[10] = {0},
                 two[] = {4, 2, 1, -1, 1, -1, 1, -1, 1, -1},
                 late[] = {9, 9, 9, 9, 9, 1, 1, 1, 1, 1};
    double x[54];

    (void)state;
    x[50] = x[51] = x[52] = x[53] = 1e9;
    batches(x, one, 10);
    assert_int_equal(ana_warm_mser5(x, 50), 5);
    assert_int_equal(ana_warm_mser5(x, 54), 5);
    assert_int_equal(ana_warm_mser5(x, 49), 0);
    batches(x, two, 10);
    assert_int_equal(ana_warm_mser5(x, 50), 10);
    batches(x, flat, 10);
    assert_int_equal(ana_warm_mser5(x, 50), 0);
    batches(x, late, 10);
    assert_int_equal(ana_warm_mser5(x, 50), 25);
}

/* Mean over `runs` of x(t) = 0.8 x(t - 1) + e(t) from x(0) = bias: its mean is bias 0.8^t. */
static void ar1(double to[], size_t n, size_t runs, double bias, uint64_t seed)
{
    memset(to, 0, n * sizeof *to);
    for (size_t r = 0; r < runs; r++) {
        double x = bias + normal(seed * 1000003u + r) / 0.6;

        for (size_t t = 0; t < n; t++) {
            to[t] += x / (double)runs;
            x = 0.8 * x + normal((seed * 1000u + r) * 10007u + t + 500000000u);
        }
    }
}

/* 20 runs that begin 12 deviations high: 20 0.8^t falls under 0.2, half a deviation of the mean of
 * 20, at t = 21: at least 15 of 200 values must go, and more than 45 in 13 of 40 series at most (a
 * rate of 0.145: 14 or more have probability 0.001). Without the bias 40 % must go in 5 of 40 at
 * most (0.04: 6 or more have 0.006). Rates measured over 1,000 series of other seeds; these are
 * fixed. */
static void test_warm_mser5__finds_the_beginning_of_an_ar1(void **state)
{
    double x[200];
    size_t alarms = 0, late = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        ar1(x, 200, 20, 20.0, seed);
        assert_true(ana_warm_mser5(x, 200) >= 15);
        late += ana_warm_mser5(x, 200) > 45;
        ar1(x, 200, 20, 0.0, seed);
        alarms += (double)ana_warm_mser5(x, 200) >= ANA_WARM_SHORT * 200.0;
    }
    assert_true(late <= 13 && alarms <= 5);
}

/* One that has not settled at all: a slow fall, the second half of which still falls. */
static void test_warm_mser5__a_series_that_does_not_settle_is_too_short(void **state)
{
    double x[100];

    (void)state;
    for (int t = 0; t < 100; t++)
        x[t] = 100.0 * exp(-t / 60.0) + 0.1 * normal((uint64_t)t);
    assert_true((double)ana_warm_mser5(x, 100) >= ANA_WARM_SHORT * 100.0);
}

/* ---- the best of several ---- */

enum { N = 25 };

/* The same luck, ten times the difference, in all. */
static void test_best__pairs_tell_apart_what_shares_its_luck(void **state)
{
    double x[3 * N];
    int can[3];

    (void)state;
    for (uint64_t r = 0; r < N; r++) {
        x[r] = 10.0 * normal(r);
        x[N + r] = x[r] + 1.0 + 0.1 * normal(1000 + r);
        x[2 * N + r] = x[r] + 0.01 * normal(2000 + r);
    }
    assert_int_equal(ana_best(x, 3, N, 0.95, can), 1);
    assert_true(can[0] == 1 && can[1] == 0 && can[2] == 1);
    for (size_t i = 0; i < 3 * N; i++)
        x[i] = -x[i];
    assert_int_equal(ana_best(x, 3, N, 0.95, can), 1);
    assert_true(can[0] == 0 && can[1] == 1 && can[2] == 0);
}

/* A difference that is the same in every run tells them apart for sure. */
static void test_best__one_that_is_always_so_much_better(void **state)
{
    static const double by[] = {0.1, 0.3, 1234.56};
    double x[2 * 60];
    int can[2];

    (void)state;
    for (size_t v = 0; v < 3; v++)
        for (size_t n = 20; n <= 60; n += 10) {
            for (size_t k = 0; k < n; k++) {
                x[k] = 0.0;
                x[n + k] = by[v];
            }
            assert_int_equal(ana_best(x, 2, n, 0.95, can), 1);
            assert_true(can[0] && !can[1]);
        }
}

static void test_best__equal_ones_and_too_few_runs(void **state)
{
    double x[3 * N];
    int can[3];

    (void)state;
    for (size_t i = 0; i < 3 * N; i++)
        x[i] = i < 2 * N ? 1.0 : 2.0;
    assert_int_equal(ana_best(x, 3, N, 0.95, can), 1);
    assert_true(can[0] && can[1] && !can[2]);
    for (size_t r = 0; r < 6; r++)
        x[r] = NAN;
    assert_int_equal(ana_best(x, 3, N, 0.95, can), 0);
    assert_true(can[0] && can[1] && can[2]);
}

/* Four with equal means: the first goes out in at most 5 % of 2,000 trials, standard error 0.5 %;
 * more than 6.5 % has probability < 0.002. Bonferroni must not cost all either: 1 % at least. */
static void test_best__the_best_stays_as_often_as_said(void **state)
{
    double x[4 * N];
    int can[4], out = 0;

    (void)state;
    for (uint64_t trial = 0; trial < 2000; trial++) {
        for (size_t i = 0; i < 4 * N; i++)
            x[i] = normal(trial * 4 * N + i + 90000000u);
        assert_int_equal(ana_best(x, 4, N, 0.95, can), 1);
        out += !can[0];
    }
    assert_in_range(out, 20, 130);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stats_bootstrap__zeros_and_ones_are_binomial),
        cmocka_unit_test(test_stats_interval__of_equal_values_is_the_value),
        cmocka_unit_test(test_stats_bootstrap__goes_with_scale_and_sign),
        cmocka_unit_test(test_stats_bootstrap__a_missing_value_is_not_there),
        cmocka_unit_test(test_stats_bootstrap__few_that_differ_give_no_limit),
        cmocka_unit_test(test_stats_bootstrap__is_nearly_t_for_a_normal_sample),
        cmocka_unit_test(test_stats_interval__holds_a_skewed_mean_more_often_than_t),
        cmocka_unit_test(test_stats_skewed__where_the_rules_change),
        cmocka_unit_test(test_stop_next__looks_at_fixed_numbers_of_runs),
        cmocka_unit_test(test_stop_at__by_hand),
        cmocka_unit_test(test_stop_at__all_must_hold_and_the_worst_is_named),
        cmocka_unit_test(test_stop_at__runs_that_failed_do_not_count),
        cmocka_unit_test(test_stop__senseless_rules_are_bugs),
        cmocka_unit_test(test_warm_mser5__by_hand),
        cmocka_unit_test(test_warm_mser5__finds_the_beginning_of_an_ar1),
        cmocka_unit_test(test_warm_mser5__a_series_that_does_not_settle_is_too_short),
        cmocka_unit_test(test_best__pairs_tell_apart_what_shares_its_luck),
        cmocka_unit_test(test_best__one_that_is_always_so_much_better),
        cmocka_unit_test(test_best__equal_ones_and_too_few_runs),
        cmocka_unit_test(test_best__the_best_stays_as_often_as_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
