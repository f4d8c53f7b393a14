#include "sim/rng.h"
#include "sim/ziggurat.h"
#include "tests/dies.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

enum { N = 200000 };
static const uint64_t seed = 20260106;

/* ---- the generator and its keys ---- */

/* kat_vectors of Random123 (D. E. Shaw Research), philox2x64 with 10 rounds. */
static void test_philox__published_known_answers(void **state)
{
    static const struct {
        uint64_t in[2], key, out[2];
    } table[] = {
        {{0, 0}, 0, {0xca00a0459843d731, 0x66c24222c9a845b5}},
        {{UINT64_MAX, UINT64_MAX}, UINT64_MAX, {0x65b021d60cd8310f, 0x4d02f3222f86df20}},
        {{0x243f6a8885a308d3, 0x13198a2e03707344},
         0xa4093822299f31d0,
         {0x0a5e742c2997341c, 0xb0f883d38000de5d}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        uint64_t out[2];

        sim_philox(out, table[i].in, table[i].key);
        assert_memory_equal(out, table[i].out, sizeof out);
    }
}

/* Frozen: other values would change every result. Computed apart, from the words of rng.h. */
static void test_stream__known_answers_of_the_keys(void **state)
{
    static const uint64_t want[6] = {0x7582c101368216dc, 0x8aafdb3a478b1338, 0x497b1802a1685606,
                                     0x23ef875fadde6b3c, 0x5a61d5293ea02694, 0xfc0efaba1691737a};
    struct sim_stream s = sim_stream_make(seed, 17, sim_hash("jp-magnet-1"), 3);
    struct sim_draws d = sim_draws_at(s, 12345);

    (void)state;
    assert_true(sim_hash("") == 0xf52a15e9a9b5e89b);
    assert_true(sim_hash("a") == 0x02c0bdbf481420f8);
    assert_true(sim_hash("jp-toyota") == 0x1050b275d0635935);
    assert_true(sim_hash_with(sim_hash("lane"), 20459) == 0xe21ee741d5e50d19);
    assert_true(s.key == 0x69021b6c0567ea71);
    for (int i = 0; i < 6; i++)
        assert_true(sim_bits(&d) == want[i]);
    d = sim_draws_at(sim_stream_make(UINT64_MAX, UINT32_MAX, sim_hash("a"), UINT16_MAX),
                     UINT64_MAX);
    assert_true(sim_bits(&d) == 0x247626fe25ed5445);
    assert_true(sim_bits(&d) == 0x2033d6a00486ce8b);
}

static int by_bits(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static uint64_t first_of(uint64_t s, uint32_t run, uint64_t name, uint16_t purpose, uint64_t index)
{
    struct sim_draws d = sim_draws_at(sim_stream_make(s, run, name, purpose), index);

    return sim_bits(&d);
}

/* Each of the five parts of the key counts: no two of 65,536 combinations agree. (64-bit numbers
 * drawn at random would hold a pair with probability 1e-10.) */
static void test_stream__no_part_of_the_key_is_lost(void **state)
{
    static const uint64_t wide[8] = {
        0, 1, 2, 255, 65536, UINT64_C(1) << 32, UINT64_C(1) << 63, UINT64_MAX};
    static const uint32_t run[8] = {0, 1, 2, 255, 65535, 65536, UINT32_C(1) << 31, UINT32_MAX};
    static const uint16_t purpose[16] = {0, 1, 2,  3,   4,   5,    6,     7,
                                         8, 9, 10, 255, 256, 4096, 32768, UINT16_MAX};
    static uint64_t got[65536];
    size_t n = 0;

    (void)state;
    for (int i = 0; i < 8 * 8 * 8 * 8 * 16; i++)
        got[n++] = first_of(wide[i & 7], run[i >> 3 & 7], wide[i >> 6 & 7], purpose[i >> 12 & 15],
                            wide[i >> 9 & 7]);
    assert_int_equal(n, 65536);
    qsort(got, n, sizeof got[0], by_bits);
    for (size_t i = 1; i < n; i++)
        assert_true(got[i] != got[i - 1]);
}

static void read_bits(void *ctx)
{
    sim_bits(ctx);
}

static void test_bits__131072_numbers_and_then_a_bug(void **state)
{
    struct sim_stream s = sim_stream_make(seed, 5, sim_hash("x"), 9), next = s;
    struct sim_draws d = sim_draws_at(s, 77);
    uint64_t last = 0, in[2], out[2];

    (void)state;
    for (int i = 0; i < 131072; i++)
        last = sim_bits(&d);
    in[0] = 77;
    in[1] = s.high | 0xffff;
    sim_philox(out, in, s.key);
    assert_true(last == out[1]);
    assert_true(is_bug(read_bits, &d));
    next.high += 1 << 16; /* the next purpose has not been touched */
    d = sim_draws_at(next, 77);
    in[1] = next.high;
    sim_philox(out, in, s.key);
    assert_true(sim_bits(&d) == out[0]);
}

/* ---- shapes ---- */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double cdf_uniform(double x)
{
    return x;
}

static double cdf_exponential(double x)
{
    return -expm1(-x);
}

static double cdf_normal(double x)
{
    return gsl_cdf_ugaussian_P(x);
}

/* Kolmogorov-Smirnov: sqrt(n) D, which exceeds 1.95 once in 1,000 for true draws. Sorts x. */
static double ks(double x[], size_t n, double (*cdf)(double))
{
    double d = 0;

    qsort(x, n, sizeof *x, by_value);
    for (size_t i = 0; i < n; i++) {
        double f = cdf(x[i]);

        d = fmax(d, fmax(f - (double)i / (double)n, (double)(i + 1) / (double)n - f));
    }
    return d * sqrt((double)n);
}

static double draw_x[N];

static void fill(double (*draw)(struct sim_draws *), uint64_t s)
{
    struct sim_stream stream = sim_stream_make(s, 0, sim_hash("shape"), 0);

    for (uint64_t i = 0; i < N; i++) {
        struct sim_draws d = sim_draws_at(stream, i);

        draw_x[i] = draw(&d);
    }
}

/* Mean of x^k about its true value, in standard errors: beyond 4 once in 16,000. */
static double moment_error(int k, double mean, double var)
{
    double sum = 0;

    for (size_t i = 0; i < N; i++)
        sum += pow(draw_x[i], k);
    return (sum / N - mean) / sqrt(var / N);
}

/* Fixed seeds; each bound would fail about once in 1,000 seeds for a true generator. */
static void test_uniform__has_its_shape(void **state)
{
    (void)state;
    for (uint64_t s = 1; s <= 3; s++) {
        fill(sim_uniform, s);
        assert_true(fabs(moment_error(1, 0.5, 1.0 / 12)) < 4);
        assert_true(fabs(moment_error(2, 1.0 / 3, 1.0 / 5 - 1.0 / 9)) < 4);
        assert_true(ks(draw_x, N, cdf_uniform) < 1.95);
    }
}

static void test_exponential__has_its_shape(void **state)
{
    (void)state;
    for (uint64_t s = 1; s <= 3; s++) {
        fill(sim_exponential, s);
        assert_true(fabs(moment_error(1, 1, 1)) < 4);
        assert_true(fabs(moment_error(2, 2, 20)) < 4);
        assert_true(fabs(moment_error(3, 6, 720 - 36)) < 4);
        assert_true(ks(draw_x, N, cdf_exponential) < 1.95);
        assert_true(draw_x[0] > 0);
        assert_true(draw_x[N - 1] > SIM_ZIG_EXP_R); /* the tail is drawn */
    }
}

static void test_normal__has_its_shape(void **state)
{
    (void)state;
    for (uint64_t s = 1; s <= 3; s++) {
        fill(sim_normal, s);
        assert_true(fabs(moment_error(1, 0, 1)) < 4);
        assert_true(fabs(moment_error(2, 1, 2)) < 4);
        assert_true(fabs(moment_error(3, 0, 15)) < 4);
        assert_true(fabs(moment_error(4, 3, 105 - 9)) < 4);
        assert_true(ks(draw_x, N, cdf_normal) < 1.95);
        assert_true(draw_x[0] < -SIM_ZIG_NORMAL_R && draw_x[N - 1] > SIM_ZIG_NORMAL_R);
    }
}

/* The same through GSL, which takes 32 bits at a time. */
static double gsl_normal(struct sim_draws *d)
{
    struct sim_gsl g;

    return gsl_ran_gaussian_ziggurat(sim_gsl_wrap(&g, d), 1);
}

static double gsl_gamma_1(struct sim_draws *d)
{
    struct sim_gsl g;

    return gsl_ran_gamma(sim_gsl_wrap(&g, d), 1, 1);
}

static void test_gsl__its_distributions_have_their_shape(void **state)
{
    (void)state;
    fill(gsl_normal, 1);
    assert_true(ks(draw_x, N, cdf_normal) < 1.95);
    fill(gsl_gamma_1, 2);
    assert_true(ks(draw_x, N, cdf_exponential) < 1.95);
}

/* Correlation of the uniform draws a and b steps apart in some part of the key; beyond 4 standard
 * errors once in 16,000. */
static void assert_unrelated(const double a[], const double b[])
{
    double sum = 0;

    for (size_t i = 0; i < N; i++)
        sum += (a[i] - 0.5) * (b[i] - 0.5);
    assert_true(fabs(12 * sum / sqrt(N)) < 4);
}

static void test_uniform__neighbours_are_unrelated(void **state)
{
    static double a[N], b[N];
    struct sim_stream s = sim_stream_make(seed, 0, sim_hash("site-1"), 0);
    struct sim_stream other[4] = {sim_stream_make(seed + 1, 0, sim_hash("site-1"), 0),
                                  sim_stream_make(seed, 1, sim_hash("site-1"), 0),
                                  sim_stream_make(seed, 0, sim_hash("site-2"), 0),
                                  sim_stream_make(seed, 0, sim_hash("site-1"), 1)};

    (void)state;
    for (uint64_t i = 0; i < N; i++) {
        struct sim_draws d = sim_draws_at(s, i);

        a[i] = sim_uniform(&d);
        b[i] = sim_uniform(&d); /* the next of the same index */
    }
    assert_unrelated(a, b);
    for (uint64_t i = 0; i < N; i++)
        b[i] = a[(i + 1) % N];
    assert_unrelated(a, b);
    for (int k = 0; k < 4; k++) {
        for (uint64_t i = 0; i < N; i++) {
            struct sim_draws d = sim_draws_at(other[k], i);

            b[i] = sim_uniform(&d);
        }
        assert_unrelated(a, b);
    }
}

/* ---- edges ---- */

/* Draws whose next number is u; those after it depend on the index. */
static struct sim_draws scripted(uint64_t u, uint64_t index)
{
    struct sim_draws d = sim_draws_at(sim_stream_make(seed, 0, 1, 0), index);

    sim_bits(&d);
    d.second = u;
    return d;
}

static void test_uniform__never_0_or_1(void **state)
{
    struct sim_draws low = scripted(0, 0), high = scripted(UINT64_MAX, 0);
    double x;

    (void)state;
    x = sim_uniform(&low);
    assert_true(x == 0x1p-53);
    x = sim_uniform(&high);
    assert_true(x == 1 - 0x1p-53);
}

static void test_ziggurat__tail_wedge_and_sides(void **state)
{
    struct sim_draws d = scripted(UINT64_MAX & ~UINT64_C(255), 0); /* layer 0, far right */

    (void)state;
    assert_true(sim_exponential(&d) > SIM_ZIG_EXP_R);
    d = scripted(UINT64_MAX & ~UINT64_C(255), 0);
    assert_true(sim_normal(&d) < -SIM_ZIG_NORMAL_R);
    d = scripted(UINT64_MAX & ~UINT64_C(511), 0);
    assert_true(sim_normal(&d) > SIM_ZIG_NORMAL_R);
    for (uint64_t layer = 1; layer < 256; layer++) { /* inside: the place itself is the draw */
        d = scripted(layer, 0);
        if (layer < 255)
            assert_true(sim_exponential(&d) == 0x1p-53 * sim_zig_exp_x[layer]);
        d = scripted(layer | 256, 0);
        if (layer < 255)
            assert_true(sim_normal(&d) == -0x1p-53 * sim_zig_normal_x[layer]);
    }
}

static double cdf_exponential_tail(double x)
{
    return -expm1(SIM_ZIG_EXP_R - x);
}

static double cdf_normal_tail(double x)
{
    return 1 - gsl_cdf_ugaussian_Q(x) / gsl_cdf_ugaussian_Q(SIM_ZIG_NORMAL_R);
}

/* Draws forced into the tail follow the density there (false alarm once in 1,000 seeds). */
static void test_ziggurat__tails_have_their_shape(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < N; i++) {
        struct sim_draws d = scripted(UINT64_MAX & ~UINT64_C(511), i);

        draw_x[i] = sim_exponential(&d);
    }
    assert_true(ks(draw_x, N, cdf_exponential_tail) < 1.95);
    for (uint64_t i = 0; i < N; i++) {
        struct sim_draws d = scripted(UINT64_MAX & ~UINT64_C(511), i);

        draw_x[i] = sim_normal(&d);
    }
    assert_true(ks(draw_x, N, cdf_normal_tail) < 1.95);
}

/* In the wedge of a layer a place x is taken with probability (f(x) - y[i]) / (y[i+1] - y[i]):
 * within 4.5 standard errors (false alarm once in 10,000 sets of seeds). */
static void assert_wedges(double (*draw)(struct sim_draws *), double (*f)(double),
                          const double edge[257], const double y[257])
{
    static const unsigned layer[] = {1, 2, 5, 30, 128, 200, 254, 255};
    enum { TRIES = 20000 };

    for (size_t k = 0; k < sizeof layer / sizeof layer[0]; k++) {
        unsigned i = layer[k], hits = 0;
        uint64_t place = (uint64_t)((0.6 * edge[i + 1] + 0.4 * edge[i]) / edge[i] * 0x1p53) | 1;
        double x = (double)place * 0x1p-53 * edge[i], p = (f(x) - y[i]) / (y[i + 1] - y[i]);

        for (uint64_t try = 0; try < TRIES; try++) {
            struct sim_draws d = scripted(place << 11 | i, try);

            hits += draw(&d) == x;
        }
        assert_true(fabs(hits - TRIES * p) < 4.5 * sqrt(TRIES * p * (1 - p)));
    }
}

/* The tables again from their formula: equal areas, and the last layer ends at the top. */
static void assert_table(const double x[257], const double y[257], double r, double tail,
                         double (*f)(double))
{
    double v = r * f(r) + tail;

    assert_true(fabs(x[0] - v / f(r)) < 1e-14 * x[0]);
    assert_true(x[1] == r && x[256] == 0 && y[256] == 1);
    for (int i = 0; i < 257; i++)
        assert_true(fabs(y[i] - f(x[i])) <= 1e-15 * fmax(1, x[i]) * 16 * y[i]);
    for (int i = 1; i < 256; i++) {
        assert_true(x[i + 1] < x[i]);
        assert_true(fabs(x[i] * (y[i + 1] - y[i]) - v) < 1e-14);
    }
}

static double density_exponential(double x)
{
    return exp(-x);
}

static double density_normal(double x)
{
    return exp(-0.5 * x * x);
}

static void test_ziggurat__tables_follow_the_formula(void **state)
{
    (void)state;
    assert_table(sim_zig_exp_x, sim_zig_exp_y, SIM_ZIG_EXP_R, exp(-SIM_ZIG_EXP_R),
                 density_exponential);
    assert_table(sim_zig_normal_x, sim_zig_normal_y, SIM_ZIG_NORMAL_R,
                 sqrt(acos(-1) / 2) * erfc(SIM_ZIG_NORMAL_R / sqrt(2)), density_normal);
}

static void test_ziggurat__wedges_are_cut_by_the_density(void **state)
{
    (void)state;
    assert_wedges(sim_exponential, density_exponential, sim_zig_exp_x, sim_zig_exp_y);
    assert_wedges(sim_normal, density_normal, sim_zig_normal_x, sim_zig_normal_y);
}

/* ---- as a gsl_rng ---- */

static void test_gsl__is_the_same_stream(void **state)
{
    struct sim_draws a = sim_draws_at(sim_stream_make(seed, 1, 2, 3), 4), b = a;
    struct sim_gsl g;
    gsl_rng *r = sim_gsl_wrap(&g, &a);

    (void)state;
    assert_int_equal(gsl_rng_min(r), 0);
    assert_true(gsl_rng_max(r) == 0xffffffff); /* the fast path of gaussian_ziggurat needs it */
    for (int i = 0; i < 1000; i++) {
        assert_true(gsl_rng_get(r) == sim_bits(&b) >> 32);
        assert_true(gsl_rng_uniform(r) == sim_uniform(&b));
        assert_true(gsl_rng_uniform_int(r, 10) < 10);
        b = a;
    }
}

static void test_gsl__set_and_clone_work(void **state)
{
    struct sim_draws a = sim_draws_at(sim_stream_make(seed, 1, 2, 3), 4);
    struct sim_draws b = sim_draws_at(sim_stream_make(seed, 1, 2, 3), 99);
    struct sim_gsl g;
    gsl_rng *r = sim_gsl_wrap(&g, &a), *twin;

    (void)state;
    for (int i = 0; i < 3; i++)
        gsl_rng_get(r);
    twin = gsl_rng_clone(r);
    assert_non_null(twin);
    for (int i = 0; i < 9; i++)
        assert_true(gsl_rng_get(r) == gsl_rng_get(twin));
    gsl_rng_free(twin);
    gsl_rng_set(r, 99);
    for (int i = 0; i < 9; i++)
        assert_true(gsl_rng_get(r) == sim_bits(&b) >> 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_philox__published_known_answers),
        cmocka_unit_test(test_stream__known_answers_of_the_keys),
        cmocka_unit_test(test_stream__no_part_of_the_key_is_lost),
        cmocka_unit_test(test_bits__131072_numbers_and_then_a_bug),
        cmocka_unit_test(test_uniform__has_its_shape),
        cmocka_unit_test(test_exponential__has_its_shape),
        cmocka_unit_test(test_normal__has_its_shape),
        cmocka_unit_test(test_gsl__its_distributions_have_their_shape),
        cmocka_unit_test(test_uniform__neighbours_are_unrelated),
        cmocka_unit_test(test_uniform__never_0_or_1),
        cmocka_unit_test(test_ziggurat__tail_wedge_and_sides),
        cmocka_unit_test(test_ziggurat__tails_have_their_shape),
        cmocka_unit_test(test_ziggurat__wedges_are_cut_by_the_density),
        cmocka_unit_test(test_ziggurat__tables_follow_the_formula),
        cmocka_unit_test(test_gsl__is_the_same_stream),
        cmocka_unit_test(test_gsl__set_and_clone_work),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
