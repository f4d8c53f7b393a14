#include "analysis/stats.h"
#include "tests/analysis/sample.h"
#include "tests/dies.h"

#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

enum { TRIALS = 4000 };

static void near(double is, double want, double rel)
{
    if (!(fabs(is - want) <= rel * fmax(1.0, fabs(want))))
        fail_msg("%.17g is not %.17g", is, want);
}

/* Standard normal from the sample's numbers (Box & Muller). */
static double normal(uint64_t i)
{
    return sqrt(-2.0 * log(1.0 - sample_u(2 * i))) * cos(6.283185307179586 * sample_u(2 * i + 1));
}

/* ---- moments ---- */

/* 2 4 4 4 5 5 7 9: mean 5, squares 32, cubes -27 -3 +8 +64 = 42; g1 = 5.25 / 8. */
static void test_stats_moments__by_hand(void **state)
{
    const double x[] = {2, 4, NAN, 4, 4, 5, 5, 7, NAN, 9};
    struct ana_moments m;

    (void)state;
    ana_stats_moments(x, 10, &m);
    assert_int_equal(m.n, 8);
    near(m.mean, 5.0, 1e-15);
    near(m.var, 32.0 / 7.0, 1e-15);
    near(m.skew, 5.25 / 8.0 * sqrt(56.0) / 6.0, 1e-14);
}

static void test_stats_moments__too_few_values_have_none(void **state)
{
    const double x[] = {3.0, NAN, 3.0, 3.0};
    struct ana_moments m;

    (void)state;
    ana_stats_moments(x, 0, &m);
    assert_true(m.n == 0 && isnan(m.mean) && isnan(m.var) && isnan(m.skew));
    ana_stats_moments(x + 1, 1, &m);
    assert_true(m.n == 0 && isnan(m.mean));
    ana_stats_moments(x, 2, &m);
    assert_true(m.n == 1 && m.mean == 3.0 && isnan(m.var) && isnan(m.skew));
    ana_stats_moments(x, 4, &m);
    assert_true(m.n == 3 && m.mean == 3.0 && m.var == 0.0 && isnan(m.skew));
}

static void test_stats_moments__a_large_offset_does_not_hurt(void **state)
{
    const double x[] = {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16};
    struct ana_moments m;

    (void)state;
    ana_stats_moments(x, 4, &m);
    near(m.var, 30.0, 1e-15);
}

/* ---- intervals of means ---- */

/* 0..19: mean 9.5, variance 35; t(19) at 0.975 is 2.0930240544 in the tables. */
static void test_stats_mean__by_hand(void **state)
{
    double x[22];
    struct ana_interval i;
    int k;

    (void)state;
    for (k = 0; k < 20; k++)
        x[k] = k;
    x[20] = x[21] = NAN;
    assert_int_equal(ana_stats_mean(x, 22, 0.95, &i), 1);
    assert_int_equal(i.n, 20);
    near(i.at, 9.5, 1e-15);
    near(i.hi, 9.5 + 2.0930240544 * sqrt(35.0 / 20.0), 1e-10);
    near(i.lo, 9.5 - 2.0930240544 * sqrt(35.0 / 20.0), 1e-10);
}

static void test_stats_mean__withheld_below_20_values(void **state)
{
    double x[20];
    struct ana_interval i;
    int k;

    (void)state;
    for (k = 0; k < 20; k++)
        x[k] = k;
    assert_int_equal(ana_stats_mean(x, 19, 0.95, &i), 0);
    assert_true(i.at == 9.0 && i.n == 19 && isnan(i.lo) && isnan(i.hi));
    x[7] = NAN;
    assert_int_equal(ana_stats_mean(x, 20, 0.95, &i), 0);
    assert_int_equal(ana_stats_mean(x, 0, 0.95, &i), 0);
    assert_true(i.n == 0 && isnan(i.at));
}

static void test_stats_paired__is_the_interval_of_the_differences(void **state)
{
    double a[30], b[30], d[30];
    struct ana_interval p, m;
    int k;

    (void)state;
    for (k = 0; k < 30; k++) {
        a[k] = sample_u((uint64_t)k);
        b[k] = k == 5 ? (double)NAN : sample_u(1000u + (uint64_t)k);
        if (k == 9)
            a[k] = NAN;
        d[k] = a[k] - b[k];
    }
    assert_int_equal(ana_stats_paired(a, b, 30, 0.9, &p), 1);
    assert_int_equal(ana_stats_mean(d, 30, 0.9, &m), 1);
    assert_int_equal(p.n, 28);
    near(p.at, m.at, 1e-14);
    near(p.lo, m.lo, 1e-14);
    near(p.hi, m.hi, 1e-14);
    assert_int_equal(ana_stats_paired(a, b, 19, 0.9, &p), 0);
}

/* Nominal 95 % over 4,000 samples of 20: the share that covers has standard error 0.0034, so a
 * right interval leaves 0.935..0.965 with probability 1.4e-5 (4.35 standard errors). Seed fixed. */
static void test_stats_mean__covers_as_often_as_it_says(void **state)
{
    double x[20];
    struct ana_interval i;
    int trial, k, covered = 0;

    (void)state;
    for (trial = 0; trial < TRIALS; trial++) {
        for (k = 0; k < 20; k++)
            x[k] = 3.0 + 2.0 * normal((uint64_t)(20 * trial + k));
        assert_int_equal(ana_stats_mean(x, 20, 0.95, &i), 1);
        covered += i.lo <= 3.0 && 3.0 <= i.hi;
    }
    assert_in_range(covered, (int)(0.935 * TRIALS), (int)(0.965 * TRIALS));
}

/* The same for pairs that share most of their luck, whose own spread is ten times that of their
 * difference. */
static void test_stats_paired__covers_as_often_as_it_says(void **state)
{
    double a[20], b[20];
    struct ana_interval i;
    int trial, k, covered = 0, narrow = 0;

    (void)state;
    for (trial = 0; trial < TRIALS; trial++) {
        for (k = 0; k < 20; k++) {
            double common = 10.0 * normal((uint64_t)(40 * trial + k) + 10000000u);

            b[k] = common;
            a[k] = common + 1.0 + normal((uint64_t)(40 * trial + 20 + k) + 10000000u);
        }
        assert_int_equal(ana_stats_paired(a, b, 20, 0.95, &i), 1);
        covered += i.lo <= 1.0 && 1.0 <= i.hi;
        narrow += i.hi - i.lo < 2.0;
    }
    assert_in_range(covered, (int)(0.935 * TRIALS), (int)(0.965 * TRIALS));
    assert_true(narrow > 9 * TRIALS / 10);
}

/* Squares about the means: a 4, b 2; a - b = 0 1 0 -1 has 2: (4 + 2) / 2. */
static void test_stats_pairing__by_hand(void **state)
{
    const double a[] = {1, 1, -1, -1}, b[] = {1, 0, -1, 0}, c[] = {5, 5, 3, 3};
    const double flat[] = {2, 2, 2, 2}, gap[] = {NAN, 1, NAN, NAN};

    (void)state;
    near(ana_stats_pairing(a, b, 4), 3.0, 1e-15);
    assert_true(isinf(ana_stats_pairing(a, c, 4)));
    assert_true(isnan(ana_stats_pairing(flat, flat, 4)));
    assert_true(isnan(ana_stats_pairing(a, gap, 4)));
}

/* ---- quantiles ---- */

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double plain_type_7(const double sorted[], size_t n, double p)
{
    double h = ((double)n - 1.0) * p;
    size_t i = (size_t)floor(h);

    return i + 1 < n ? sorted[i] + (h - floor(h)) * (sorted[i + 1] - sorted[i]) : sorted[i];
}

static void test_stats_quantiles__by_hand(void **state)
{
    double x[] = {40, NAN, 10, 30, 20}, q[4], one = 7.0, none[2] = {NAN, NAN};
    const double p[] = {0.0, 0.25, 0.5, 1.0};

    (void)state;
    ana_stats_quantiles(x, 5, p, 4, q);
    near(q[0], 10.0, 0.0);
    near(q[1], 17.5, 1e-15);
    near(q[2], 25.0, 1e-15);
    near(q[3], 40.0, 0.0);
    ana_stats_quantiles(&one, 1, p, 4, q);
    assert_true(q[0] == 7.0 && q[3] == 7.0);
    ana_stats_quantiles(none, 2, p, 4, q);
    assert_true(isnan(q[0]) && isnan(q[3]));
}

/* Against sorting, for all sizes up to 400 and shapes that are hard for a selection. */
static void test_stats_quantiles__are_those_of_the_sorted_sample(void **state)
{
    const double p[] = {0.05, 0.25, 0.5, 0.75, 0.95};
    double x[400], sorted[400], q[5];
    size_t n, i;
    int shape;

    (void)state;
    for (shape = 0; shape < 6; shape++)
        for (n = 1; n <= 400; n++) {
            for (i = 0; i < n; i++) {
                double u = sample_u(n * 1000 + i);

                x[i] = shape == 0   ? u
                       : shape == 1 ? (double)i
                       : shape == 2 ? (double)(n - i)
                       : shape == 3 ? floor(3.0 * u)
                       : shape == 4 ? (double)(i < n / 2 ? i : n - i)
                                    : (u < 0.9 ? 0.0 : 1.0 / u);
                sorted[i] = x[i];
            }
            qsort(sorted, n, sizeof *sorted, ascending);
            ana_stats_quantiles(x, n, p, 5, q);
            for (i = 0; i < 5; i++)
                assert_true(q[i] == plain_type_7(sorted, n, p[i]));
            qsort(x, n, sizeof *x, ascending);
            assert_memory_equal(x, sorted, n * sizeof *x);
        }
}

static void test_stats_quantiles__takes_infinite_values(void **state)
{
    double x[] = {INFINITY, 1.0, -INFINITY, 2.0, INFINITY}, q[3];
    const double p[] = {0.0, 0.5, 0.9};

    (void)state;
    ana_stats_quantiles(x, 5, p, 3, q);
    assert_true(q[0] == -INFINITY && q[1] == 2.0 && q[2] == INFINITY);
}

/* Median of 25: Bin(25, 1/2) <= 7 has 0.0216, <= 8 has 0.0539, so the limits are x(8) and x(18). */
static void test_stats_quantile__by_hand(void **state)
{
    double x[400];
    struct ana_interval i;
    int k;

    (void)state;
    for (k = 0; k < 25; k++)
        x[k] = (k * 7) % 25 + 1;
    assert_int_equal(ana_stats_quantile(x, 25, 0.5, 0.95, &i), 1);
    assert_true(i.at == 13.0 && i.lo == 8.0 && i.hi == 18.0 && i.n == 25);
    assert_int_equal(ana_stats_quantile(x, 19, 0.5, 0.95, &i), 0);
    assert_true(!isnan(i.at) && isnan(i.lo) && isnan(i.hi));
}

/* 0.9^35 = 0.0250 > 0.025 >= 0.9^36: an upper limit from 36 values on, a lower one always here. */
static void test_stats_quantile__has_no_limit_where_the_sample_has_none(void **state)
{
    double x[400];
    struct ana_interval i;
    int k;

    (void)state;
    for (k = 0; k < 400; k++)
        x[k] = k;
    assert_int_equal(ana_stats_quantile(x, 35, 0.9, 0.95, &i), 1);
    assert_true(i.hi == INFINITY && isfinite(i.lo));
    assert_int_equal(ana_stats_quantile(x, 36, 0.9, 0.95, &i), 1);
    assert_true(i.hi == 35.0);
    assert_int_equal(ana_stats_quantile(x, 35, 0.1, 0.95, &i), 1);
    assert_true(i.lo == -INFINITY && isfinite(i.hi));
    assert_int_equal(ana_stats_quantile(x, 367, 0.99, 0.95, &i), 1);
    assert_true(i.hi == INFINITY);
    assert_int_equal(ana_stats_quantile(x, 368, 0.99, 0.95, &i), 1);
    assert_true(i.hi == 367.0);
}

/* The 0.75-quantile of an exponential from 40 values lies in x(24)..x(36) with probability 0.9724,
 * the sum of Bin(40, 0.75) over 24..35; 0.955 and 0.99 are 4.7 standard errors away. Seed fixed. */
static void test_stats_quantile__covers_at_least_as_said(void **state)
{
    const double true_q = -log(0.25);
    double x[40];
    struct ana_interval i;
    int trial, k, covered = 0;

    (void)state;
    for (trial = 0; trial < 2000; trial++) {
        for (k = 0; k < 40; k++)
            x[k] = -log(1.0 - sample_u((uint64_t)(40 * trial + k) + 77000000u));
        assert_int_equal(ana_stats_quantile(x, 40, 0.75, 0.95, &i), 1);
        covered += i.lo <= true_q && true_q <= i.hi;
    }
    assert_in_range(covered, 1910, 1980);
}

/* ---- shares ---- */

/* k = 0: upper limit z^2 / (n + z^2); k = n/2: 1/2 -+ z / (2 sqrt(n + z^2)). z = 1.959963985. */
static void test_stats_share__closed_forms(void **state)
{
    const double z = 1.959963984540054;
    struct ana_interval i;

    (void)state;
    assert_int_equal(ana_stats_share(0, 100, 0.95, &i), 1);
    assert_true(i.at == 0.0 && i.lo == 0.0);
    near(i.hi, z * z / (100.0 + z * z), 1e-14);
    assert_int_equal(ana_stats_share(100, 100, 0.95, &i), 1);
    assert_true(i.at == 1.0 && i.hi == 1.0);
    near(i.lo, 100.0 / (100.0 + z * z), 1e-14);
    assert_int_equal(ana_stats_share(30, 60, 0.95, &i), 1);
    near(i.hi, 0.5 + 0.5 * z / sqrt(60.0 + z * z), 1e-14);
    near(i.lo, 0.5 - 0.5 * z / sqrt(60.0 + z * z), 1e-14);
    assert_int_equal(ana_stats_share(3, 19, 0.95, &i), 0);
    assert_true(i.at == 3.0 / 19.0 && isnan(i.lo));
    assert_int_equal(ana_stats_share(0, 0, 0.95, &i), 0);
    assert_true(isnan(i.at));
}

/* ---- durations ---- */

static double quantile_of(const struct ana_duration d[], size_t n, double p, int *reached)
{
    struct ana_duration copy[64];
    double q;

    memcpy(copy, d, n * sizeof *d);
    *reached = ana_stats_duration(copy, n, p, &q);
    return q;
}

/* Freireich's 6-MP arm as in the textbooks: S = 0.857 at 6, 0.807 at 7, 0.753 at 10, 0.690 at 13,
 * 0.627 at 16, 0.538 at 22, 0.448 at 23; median 23. */
static void test_stats_duration__the_textbook_case(void **state)
{
    const struct ana_duration d[] = {
        {6, 1, 0},  {6, 1, 0},  {6, 1, 0},  {6, 1, 1},  {7, 1, 0},  {9, 1, 1},  {10, 1, 0},
        {10, 1, 1}, {11, 1, 1}, {13, 1, 0}, {16, 1, 0}, {17, 1, 1}, {19, 1, 1}, {20, 1, 1},
        {22, 1, 0}, {23, 1, 0}, {25, 1, 1}, {32, 1, 1}, {32, 1, 1}, {34, 1, 1}, {35, 1, 1}};
    const struct {
        double p, q;
    } want[] = {{0.14, 6},  {0.15, 7},  {0.193, 7},  {0.194, 10}, {0.24, 10}, {0.25, 13},
                {0.32, 16}, {0.40, 22}, {0.462, 22}, {0.463, 23}, {0.5, 23},  {0.55, 23}};
    size_t i;
    int reached;

    (void)state;
    for (i = 0; i < sizeof want / sizeof *want; i++) {
        near(quantile_of(d, 21, want[i].p, &reached), want[i].q, 0.0);
        assert_int_equal(reached, 1);
    }
    near(quantile_of(d, 21, 0.56, &reached), 35.0, 0.0);
    assert_int_equal(reached, 0);
}

/* The same patients: Kalbfleisch and Prentice's table of the 6-MP arm. */
static void test_stats_survival__the_textbook_curve(void **state)
{
    struct ana_duration d[] = {{6, 1, 0},  {6, 1, 0},  {6, 1, 0},  {6, 1, 1},  {7, 1, 0},
                               {9, 1, 1},  {10, 1, 0}, {10, 1, 1}, {11, 1, 1}, {13, 1, 0},
                               {16, 1, 0}, {17, 1, 1}, {19, 1, 1}, {20, 1, 1}, {22, 1, 0},
                               {23, 1, 0}, {25, 1, 1}, {32, 1, 1}, {32, 1, 1}, {34, 1, 1},
                               {35, 1, 1}, {1, 0, 0},  {NAN, 1, 0}};
    const double at[] = {6, 7, 9, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 34, 35},
                 want[] = {0.8571, 0.8067, 0.8067, 0.7529, 0.7529, 0.6902, 0.6275, 0.6275,
                           0.6275, 0.6275, 0.5378, 0.4482, 0.4482, 0.4482, 0.4482, 0.4482};
    double time[23], s[23];

    (void)state;
    assert_int_equal(ana_stats_survival(d, 23, time, s), 16);
    for (size_t i = 0; i < 16; i++) {
        near(time[i], at[i], 0.0);
        near(s[i], want[i], 5e-5);
    }
    assert_int_equal(ana_stats_survival(d, 0, time, s), 0);
}

/* Nothing open: the least time by which the share p of the weight has ended. */
static void test_stats_duration__without_open_ones_it_is_the_sample(void **state)
{
    struct ana_duration d[10];
    int i, k, reached;

    (void)state;
    for (i = 0; i < 10; i++)
        d[i] = (struct ana_duration){(i * 3) % 10 + 1, 1.0, 0};
    for (k = 1; k < 10; k++) {
        near(quantile_of(d, 10, k / 10.0, &reached), k, 0.0);
        assert_int_equal(reached, 1);
    }
    near(quantile_of(d, 10, 0.91, &reached), 10.0, 0.0);
}

static void test_stats_duration__a_weight_is_that_many_cases(void **state)
{
    const struct ana_duration one[] = {{5, 3, 0}, {2, 2, 1}, {9, 4, 0}, {7, 1, 1}, {5, 2, 1}};
    struct ana_duration many[64];
    size_t n = 0, i;
    int w, ra, rb;
    double p;

    (void)state;
    for (i = 0; i < 5; i++)
        for (w = 0; w < (int)one[i].weight; w++)
            many[n++] = (struct ana_duration){one[i].time, 1.0, one[i].open};
    for (p = 0.05; p < 1.0; p += 0.05) {
        near(quantile_of(one, 5, p, &ra), quantile_of(many, n, p, &rb), 0.0);
        assert_int_equal(ra, rb);
    }
}

/* An embargo: nearly all lines still open. The time of those received must not be the answer. */
static void test_stats_duration__open_lines_count(void **state)
{
    struct ana_duration d[] = {{10, 1, 0}, {300, 99, 1}, {NAN, 5, 0}, {1, 0, 0}, {2, NAN, 0}};
    double q;

    (void)state;
    assert_int_equal(ana_stats_duration(d, 5, 0.5, &q), 0);
    near(q, 300.0, 0.0);
    assert_int_equal(ana_stats_duration(d, 0, 0.5, &q), 0);
    assert_true(isnan(q));
}

/* Weights of milligrams beside one of 1e15: what remains is not lost in rounding. */
static void test_stats_duration__small_weights_after_a_huge_one(void **state)
{
    const struct ana_duration d[] = {{1, 1e15, 1}, {2, 1, 0}, {3, 1, 0}, {4, 1, 0}, {5, 1, 0}};
    int reached;

    (void)state;
    near(quantile_of(d, 5, 0.25, &reached), 2.0, 0.0);
    near(quantile_of(d, 5, 0.5, &reached), 3.0, 0.0);
    near(quantile_of(d, 5, 0.75, &reached), 4.0, 0.0);
}

/* ---- bugs ---- */

static void level_of(void *ctx)
{
    const double x[1] = {0};
    struct ana_interval i;

    ana_stats_mean(x, 1, *(double *)ctx, &i);
}

static void share_of(void *ctx)
{
    struct ana_interval i;

    ana_stats_share((size_t) * (double *)ctx, 3, 0.95, &i);
}

static void p_of(void *ctx)
{
    struct ana_duration d = {1, 1, 0};
    double q;

    ana_stats_duration(&d, 1, *(double *)ctx, &q);
}

static void quantile_at(void *ctx)
{
    double x = 1.0, q;

    ana_stats_quantiles(&x, 1, ctx, 1, &q);
}

static void test_stats__senseless_arguments_are_bugs(void **state)
{
    double bad[] = {0.0, 1.0, -1.0, 2.0, NAN}, four = 4.0, three = 3.0, half = 0.5;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_true(is_bug(level_of, &bad[i]));
        assert_true(is_bug(p_of, &bad[i]));
    }
    for (i = 2; i < sizeof bad / sizeof *bad; i++)
        assert_true(is_bug(quantile_at, &bad[i]));
    assert_true(is_bug(share_of, &four));
    assert_false(is_bug(share_of, &three));
    assert_false(is_bug(level_of, &half));
    assert_false(is_bug(quantile_at, &half));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stats_moments__by_hand),
        cmocka_unit_test(test_stats_moments__too_few_values_have_none),
        cmocka_unit_test(test_stats_moments__a_large_offset_does_not_hurt),
        cmocka_unit_test(test_stats_mean__by_hand),
        cmocka_unit_test(test_stats_mean__withheld_below_20_values),
        cmocka_unit_test(test_stats_paired__is_the_interval_of_the_differences),
        cmocka_unit_test(test_stats_mean__covers_as_often_as_it_says),
        cmocka_unit_test(test_stats_paired__covers_as_often_as_it_says),
        cmocka_unit_test(test_stats_pairing__by_hand),
        cmocka_unit_test(test_stats_quantiles__by_hand),
        cmocka_unit_test(test_stats_quantiles__are_those_of_the_sorted_sample),
        cmocka_unit_test(test_stats_quantiles__takes_infinite_values),
        cmocka_unit_test(test_stats_quantile__by_hand),
        cmocka_unit_test(test_stats_quantile__has_no_limit_where_the_sample_has_none),
        cmocka_unit_test(test_stats_quantile__covers_at_least_as_said),
        cmocka_unit_test(test_stats_share__closed_forms),
        cmocka_unit_test(test_stats_duration__the_textbook_case),
        cmocka_unit_test(test_stats_survival__the_textbook_curve),
        cmocka_unit_test(test_stats_duration__without_open_ones_it_is_the_sample),
        cmocka_unit_test(test_stats_duration__a_weight_is_that_many_cases),
        cmocka_unit_test(test_stats_duration__open_lines_count),
        cmocka_unit_test(test_stats_duration__small_weights_after_a_huge_one),
        cmocka_unit_test(test_stats__senseless_arguments_are_bugs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
