#include "analysis/design.h"
#include "sim/keys.h"
#include "sim/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEED = 20260106 };

#define RANGE(name, l, h, s)                                                                       \
    (struct ana_factor)                                                                            \
    {                                                                                              \
        .id = name, .form = ANA_RANGE, .lo = l, .hi = h, .scale = s                                \
    }
#define VALUES(name, n, ...)                                                                       \
    (struct ana_factor)                                                                            \
    {                                                                                              \
        .id = name, .form = ANA_VALUES, .n_value = n, .value = (const char *const[])               \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }

static struct ana_design made(const struct ana_factor f[], size_t n, struct ana_part u,
                              struct ana_part l)
{
    struct sim_err err = SIM_ERR_INIT;
    struct ana_part part[ANA_KINDS] = {u, l};
    struct ana_design d;

    if (ana_design_make(&d, f, n, part, SEED, &err) != 0)
        fail_msg("%s", err.text);
    return d;
}

static struct ana_design simple(const struct ana_factor f[], size_t n, enum ana_method m,
                                int64_t points)
{
    return made(f, n, (struct ana_part){.method = m, .points = points}, (struct ana_part){0});
}

static const struct ana_factor three[] = {
    {.id = "a", .form = ANA_RANGE, .lo = 0, .hi = 1},
    {.id = "b", .form = ANA_RANGE, .lo = 1, .hi = 100, .scale = ANA_LOG},
    {.id = "c", .form = ANA_RANGE, .lo = 1, .hi = 6, .scale = ANA_INTEGER}};

/* ---- values ---- */

static const char *text(const struct ana_design *d, size_t p, size_t f)
{
    static char to[4][64];
    static int turn;

    turn = (turn + 1) % 4;
    ana_design_text(d, p, f, to[turn], sizeof to[turn]);
    return to[turn];
}

static void test_design_grid__the_last_factor_changes_fastest(void **state)
{
    const struct ana_factor f[] = {VALUES("mode", 2, "deny", "licence"),
                                   RANGE("share", 0, 1, ANA_LINEAR),
                                   RANGE("size", 1, 100, ANA_LOG)};
    const char *want[][3] = {
        {"deny", "0", "1"},    {"deny", "0", "10"},    {"deny", "0", "100"},
        {"deny", "0.5", "1"},  {"deny", "0.5", "10"},  {"deny", "0.5", "100"},
        {"deny", "1", "1"},    {"deny", "1", "10"},    {"deny", "1", "100"},
        {"licence", "0", "1"}, {"licence", "0", "10"}, {"licence", "0", "100"}};
    struct ana_design d =
        made(f, 3, (struct ana_part){.method = ANA_GRID, .levels = 3}, (struct ana_part){0});

    (void)state;
    assert_int_equal(d.n_point, 18);
    for (size_t p = 0; p < sizeof want / sizeof *want; p++)
        for (size_t i = 0; i < 3; i++)
            if (i < 2)
                assert_string_equal(text(&d, p, i), want[p][i]);
            else
                assert_true(fabs(ana_design_x(&d, p, i) - atof(want[p][i])) < 1e-12);
    assert_true(ana_design_x(&d, 9, 0) == 1 && isnan(ana_design_u(&d, 9, 1)));
    ana_design_free(&d);
    ana_design_free(&d);
}

/* Levels of a factor go before those of the design; whole numbers are evenly spread; levels of a
 * distribution are the middles of equal parts: of an exponential with mean 1 -log(1 - 1/4), ... */
static void test_design_grid__levels(void **state)
{
    struct ana_factor f[] = {RANGE("a", 1, 9, ANA_INTEGER),
                             VALUES("b", 2, "7", "-2.50"),
                             {.id = "c", .form = ANA_DIST, .levels = 2}};
    const double a[] = {1, 4, 6, 9}; /* 3.67, 6.33 */
    struct ana_design d;

    (void)state;
    f[0].levels = 4;
    f[2].dist = (struct sim_dist){SIM_EXPONENTIAL, {1, 0, 0}};
    d = made(f, 3, (struct ana_part){.method = ANA_GRID, .levels = 9}, (struct ana_part){0});
    assert_int_equal(d.n_point, 16);
    for (size_t p = 0; p < 16; p++) {
        assert_true(ana_design_x(&d, p, 0) == a[p / 4]);
        assert_true(ana_design_x(&d, p, 1) == (p / 2 % 2 ? -2.5 : 7));
        assert_string_equal(text(&d, p, 1), p / 2 % 2 ? "-2.50" : "7");
        assert_true(fabs(ana_design_x(&d, p, 2) + log(p % 2 ? 0.25 : 0.75)) < 1e-12);
    }
    ana_design_free(&d);
}

static void test_design_zip__takes_the_first_of_each_then_the_second(void **state)
{
    const struct ana_factor f[] = {VALUES("a", 3, "x", "y", "z"), RANGE("b", 10, 20, ANA_LINEAR)};
    struct ana_design d =
        made(f, 2, (struct ana_part){.method = ANA_ZIP, .levels = 3}, (struct ana_part){0});

    (void)state;
    assert_int_equal(d.n_point, 3);
    assert_string_equal(text(&d, 1, 0), "y");
    assert_string_equal(text(&d, 1, 1), "15");
    assert_string_equal(text(&d, 2, 1), "20");
    ana_design_free(&d);
}

static void test_design__levers_are_crossed_with_uncertainties(void **state)
{
    struct ana_factor f[] = {VALUES("reserve", 3, "0", "30", "60"), RANGE("x", 0, 1, ANA_LINEAR),
                             VALUES("dual", 2, "false", "true")};
    struct ana_design d;

    (void)state;
    f[0].kind = f[2].kind = ANA_LEVER;
    d = made(f, 3, (struct ana_part){.method = ANA_RANDOM, .points = 5},
             (struct ana_part){.method = ANA_GRID});
    assert_int_equal(d.n_point, 30);
    for (size_t p = 0; p < 30; p++) {
        assert_true(ana_design_x(&d, p, 1) == ana_design_x(&d, p / 6 * 6, 1));
        assert_true(ana_design_x(&d, p, 0) == 30.0 * (double)(p % 6 / 2));
        assert_string_equal(text(&d, p, 2), p % 2 ? "true" : "false");
        assert_int_equal(ana_design_chance(&d, p), 0);
    }
    ana_design_free(&d);
    f[0].kind = ANA_UNCERTAINTY;
    f[2].kind = ANA_UNCERTAINTY;
    f[1].kind = ANA_LEVER;
    f[1].levels = 2;
    d = made(f + 1, 1, (struct ana_part){0}, (struct ana_part){.method = ANA_GRID});
    assert_int_equal(d.n_point, 2); /* levers alone */
    ana_design_free(&d);
}

static void test_design_list__takes_the_rows(void **state)
{
    const struct ana_factor f[] = {RANGE("a", 0, 10, ANA_LINEAR),
                                   VALUES("b", 2, "1", "high"),
                                   {.id = "c", .form = ANA_OPEN},
                                   {.id = "d", .form = ANA_OPEN}};
    const char *cell[] = {"2.5", "high", "z", "1e1", "10", "1.0", "a", "2", "0", "1", "z", "10"};
    struct ana_design d =
        made(f, 4, (struct ana_part){.method = ANA_LIST, .n_row = 3, .cell = cell},
             (struct ana_part){0});

    (void)state;
    assert_int_equal(d.n_point, 3);
    assert_string_equal(text(&d, 0, 0), "2.5");
    assert_string_equal(text(&d, 0, 1), "high");
    assert_string_equal(text(&d, 1, 1), "1"); /* as the factor writes it */
    assert_string_equal(text(&d, 2, 2), "z");
    assert_string_equal(text(&d, 1, 2), "a");
    assert_true(ana_design_x(&d, 0, 2) == ana_design_x(&d, 2, 2));
    assert_true(ana_design_x(&d, 0, 3) == 10 && ana_design_x(&d, 1, 3) == 2);
    assert_string_equal(text(&d, 0, 3), "1e1");
    ana_design_free(&d);
}

/* What the samples are made of is 0..1; here what becomes of it. */
static void test_design__scales_and_distributions(void **state)
{
    struct ana_factor f[] = {RANGE("a", -1, 3, ANA_LINEAR),
                             RANGE("b", 1, 10000, ANA_LOG),
                             RANGE("c", -2, 2, ANA_INTEGER),
                             VALUES("d", 3, "1", "2", "4"),
                             {.id = "e", .form = ANA_DIST}};
    struct ana_design d;
    int seen[5] = {0};

    (void)state;
    f[4].dist = (struct sim_dist){SIM_UNIFORM, {-5, -4, 0}};
    d = simple(f, 5, ANA_RANDOM, 5000);
    for (size_t p = 0; p < d.n_point; p++) {
        assert_true(fabs(ana_design_x(&d, p, 0) - (4 * ana_design_u(&d, p, 0) - 1)) < 1e-14);
        assert_true(fabs(log10(ana_design_x(&d, p, 1)) - 4 * ana_design_u(&d, p, 1)) < 1e-13);
        assert_true(ana_design_x(&d, p, 2) == floor(5 * ana_design_u(&d, p, 2)) - 2);
        assert_true(ana_design_x(&d, p, 3) == exp2(floor(3 * ana_design_u(&d, p, 3))));
        assert_true(fabs(ana_design_x(&d, p, 4) - (ana_design_u(&d, p, 4) - 5)) < 1e-14);
        seen[(int)ana_design_x(&d, p, 2) + 2]++;
    }
    for (int i = 0; i < 5; i++) /* 1000 -+ 4.5 standard deviations: once in 30,000 seeds */
        assert_in_range(seen[i], 1000 - 127, 1000 + 127);
    ana_design_free(&d);
}

static void test_design_text__reads_back(void **state)
{
    const struct ana_factor f[] = {
        RANGE("a", -1e-7, 1e7, ANA_LINEAR), RANGE("b", 1e-9, 1e9, ANA_LOG),
        RANGE("c", -9007199254740992.0, 9007199254740992.0, ANA_INTEGER)};
    struct ana_design d = simple(f, 3, ANA_RANDOM, 2000);

    (void)state;
    for (size_t p = 0; p < d.n_point; p++)
        for (size_t i = 0; i < 3; i++)
            assert_true(strtod(text(&d, p, i), NULL) == ana_design_x(&d, p, i));
    for (size_t p = 0; p < d.n_point; p++)
        assert_null(strpbrk(text(&d, p, 2), ".e"));
    ana_design_free(&d);
}

/* ---- keyed chance ---- */

static void test_design__more_points_change_no_earlier_ones(void **state)
{
    const enum ana_method m[] = {ANA_RANDOM, ANA_SOBOL, ANA_SALTELLI, ANA_MORRIS};

    (void)state;
    for (size_t i = 0; i < sizeof m / sizeof *m; i++) {
        struct ana_part few = {.method = m[i], .points = 8, .trajectories = 8}, many = few;
        struct ana_design a, b;

        many.points = many.trajectories = 32;
        a = made(three, 3, few, (struct ana_part){0});
        b = made(three, 3, many, (struct ana_part){0});
        assert_true(b.n_point == 4 * a.n_point);
        assert_memory_equal(a.points[0].x, b.points[0].x, 3 * a.n_point * sizeof(double));
        assert_memory_equal(a.points[0].u, b.points[0].u, 3 * a.n_point * sizeof(double));
        ana_design_free(&a);
        ana_design_free(&b);
    }
}

/* In Saltelli's design the AB_i come in the order of the factors: there A and B are compared. */
static void test_design__the_order_of_factors_changes_no_value(void **state)
{
    const struct ana_factor shuffled[] = {three[2], three[0], three[1]};
    const size_t at[] = {1, 2, 0};

    (void)state;
    for (enum ana_method m = ANA_RANDOM; m < ANA_METHODS; m++) {
        struct ana_part part = {.method = m, .points = 16, .trajectories = 16};
        struct ana_design a = made(three, 3, part, (struct ana_part){0}),
                          b = made(shuffled, 3, part, (struct ana_part){0});
        size_t block = m == ANA_SALTELLI ? 5 : 1;

        for (size_t p = 0; p < a.n_point; p++)
            for (size_t f = 0; f < 3; f++)
                if (m != ANA_SALTELLI || p % block == 0 || p % block == block - 1)
                    assert_true(ana_design_x(&a, p, f) == ana_design_x(&b, p, at[f]));
        ana_design_free(&a);
        ana_design_free(&b);
    }
}

static void test_design__a_further_factor_changes_no_other(void **state)
{
    const struct ana_factor four[] = {three[0], RANGE("aa", 0, 1, ANA_LINEAR), three[1], three[2]};
    const size_t at[] = {0, 2, 3};
    const enum ana_method m[] = {ANA_RANDOM, ANA_LHS};
    struct ana_part part = {.method = ANA_MORRIS, .trajectories = 10};
    struct ana_design a, b;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        a = simple(three, 3, m[i], 20);
        b = simple(four, 4, m[i], 20);
        for (size_t p = 0; p < 20; p++)
            for (size_t f = 0; f < 3; f++)
                assert_true(ana_design_x(&a, p, f) == ana_design_x(&b, p, at[f]));
        ana_design_free(&a);
        ana_design_free(&b);
    }
    a = made(three, 3, part, (struct ana_part){0});
    b = made(four, 4, part, (struct ana_part){0});
    for (size_t t = 0; t < 10; t++)
        for (size_t f = 0; f < 3; f++) {
            assert_true(ana_design_x(&a, 4 * t, f) == ana_design_x(&b, 5 * t, at[f]));
            assert_true(ana_design_x(&a, 4 * t + 3, f) == ana_design_x(&b, 5 * t + 4, at[f]));
        }
    ana_design_free(&a);
    ana_design_free(&b);
}

static void test_design__another_seed_gives_other_points(void **state)
{
    (void)state;
    for (enum ana_method m = ANA_RANDOM; m < ANA_METHODS; m++) {
        struct ana_part part[] = {{.method = m, .points = 16, .trajectories = 16}, {0}};
        struct ana_design a, b;

        assert_int_equal(ana_design_make(&a, three, 3, part, 1, NULL), 0);
        assert_int_equal(ana_design_make(&b, three, 3, part, 2, NULL), 0);
        assert_memory_not_equal(a.points[0].x, b.points[0].x, 3 * a.n_point * sizeof(double));
        ana_design_free(&a);
        ana_design_free(&b);
    }
}

/* ---- space filling ---- */

static void test_design_lhs__each_stratum_once(void **state)
{
    struct ana_design d = simple(three, 3, ANA_LHS, 1000);
    double product = 0;
    int low = 0, high = 0;

    (void)state;
    for (size_t f = 0; f < 3; f++) {
        char seen[1000] = {0};

        for (size_t p = 0; p < 1000; p++) {
            size_t stratum = (size_t)(ana_design_u(&d, p, f) * 1000);

            assert_int_equal(seen[stratum]++, 0);
        }
    }
    for (size_t p = 0; p < 1000; p++)
        product += (ana_design_u(&d, p, 0) - 0.5) * (ana_design_u(&d, p, 1) - 0.5) * 12 / 1000;
    assert_true(fabs(product) < 0.142); /* correlation; 4.5 standard errors */
    for (size_t p = 0; p < 1000; p++) {
        double in_stratum = fmod(ana_design_u(&d, p, 0) * 1000, 1);

        low += in_stratum < 0.25;
        high += in_stratum > 0.75;
    }
    assert_in_range(low, 250 - 62, 250 + 62); /* 4.5 standard deviations */
    assert_in_range(high, 250 - 62, 250 + 62);
    ana_design_free(&d);
}

/* 2^m Sobol' points: each of 2^m strata of every dimension holds one, and in the first two each
 * rectangle 2^-i x 2^-(m - i) does; a digital shift keeps both. Sobol', USSR Comp. Math. Phys. 7
 * (1967) 86-112. */
static void test_design_sobol__are_a_net(void **state)
{
    enum { M = 10, N = 1 << M, K = 40 };
    struct ana_factor f[K];
    char id[K][8];
    struct ana_design d;

    (void)state;
    for (size_t j = 0; j < K; j++) {
        snprintf(id[j], sizeof id[j], "x%02zu", j);
        f[j] = RANGE(id[j], 0, 1, ANA_LINEAR);
    }
    d = simple(f, K, ANA_SOBOL, N);
    assert_string_equal(d.note, "");
    for (size_t j = 0; j < K; j++) {
        char seen[N] = {0};

        for (size_t p = 0; p < N; p++)
            assert_int_equal(seen[(size_t)(ana_design_u(&d, p, j) * N)]++, 0);
    }
    for (int i = 0; i <= M; i++) {
        char seen[N] = {0};

        for (size_t p = 0; p < N; p++) {
            size_t a = (size_t)ldexp(ana_design_u(&d, p, 0), i),
                   b = (size_t)ldexp(ana_design_u(&d, p, 1), M - i);

            assert_int_equal(seen[a << (M - i) | b]++, 0);
        }
    }
    ana_design_free(&d);
    d = simple(f, 2, ANA_SOBOL, 100);
    assert_non_null(strstr(d.note, "points = 100 is no power of 2"));
    assert_non_null(strstr(d.note, "only at 64, 128"));
    ana_design_free(&d);
}

/* The zero point comes first: without the shift the second point is 1/2 in all dimensions, the
 * third and fourth are 1/4 and 3/4. */
static void test_design_sobol__begins_with_the_zero_point(void **state)
{
    struct ana_design d = simple(three, 3, ANA_SOBOL, 4);
    uint64_t u[4];

    (void)state;
    for (size_t f = 0; f < 3; f++) {
        for (size_t p = 0; p < 4; p++)
            u[p] = (uint64_t)ldexp(ana_design_u(&d, p, f), 30);
        assert_int_equal(u[0] ^ u[1], 1 << 29);
        assert_int_equal(u[2] ^ u[3], 1 << 29);
        assert_true((u[0] ^ u[2]) == 1 << 28 || (u[0] ^ u[2]) == 3 << 28);
    }
    ana_design_free(&d);
}

static void saltelli(int chance)
{
    struct ana_design d =
        made(three, 3, (struct ana_part){.method = ANA_SALTELLI, .points = 8, .chance = chance},
             (struct ana_part){0});
    size_t n = 5 + (size_t)chance;

    assert_int_equal(d.n_point, 8 * n);
    for (size_t row = 0; row < 8; row++)
        for (size_t i = 0; i < n; i++) {
            size_t p = row * n + i, a = row * n, b = row * n + n - 1;

            for (size_t f = 0; f < 3; f++)
                assert_true(ana_design_x(&d, p, f) ==
                            ana_design_x(&d, i == n - 1 || i == f + 1 ? b : a, f));
            assert_int_equal(ana_design_chance(&d, p), chance ? 2 * row + (i == 4 || i == 5) : 0);
            assert_true(ana_design_u(&d, a, 0) != ana_design_u(&d, b, 0));
        }
    ana_design_free(&d);
}

static void test_design_saltelli__one_column_is_taken_from_b(void **state)
{
    (void)state;
    saltelli(0);
    saltelli(1);
}

static void morris(int chance, int64_t levels)
{
    enum { T = 600 };
    struct ana_part part = {
        .method = ANA_MORRIS, .trajectories = T, .levels = levels, .chance = chance};
    struct ana_design d = made(three, 3, part, (struct ana_part){0});
    const struct ana_points *m = &d.points[0];
    size_t k = 3 + (size_t)chance, n = k + 1, p_levels = levels ? (size_t)levels : 4;
    double delta = (double)p_levels / (2 * ((double)p_levels - 1));
    int at[3][10] = {{0}};

    assert_int_equal(d.n_point, T * n);
    for (size_t t = 0; t < T; t++) {
        int moves[4] = {0};

        for (size_t s = 0; s < k; s++) {
            size_t p = t * n + s, j = m->moved[t * k + s];

            moves[j]++;
            for (size_t f = 0; f < 3; f++) {
                double by = ana_design_u(&d, p + 1, f) - ana_design_u(&d, p, f);

                assert_true(fabs(by - (f == j ? m->step[t * k + s] : 0)) < 1e-12);
            }
            assert_true(fabs(fabs(m->step[t * k + s]) - (j == 3 ? 1.0 / 3 : delta)) < 1e-12);
            assert_int_equal(ana_design_chance(&d, p + 1) - ana_design_chance(&d, p), j == 3);
        }
        assert_int_equal(ana_design_chance(&d, t * n), chance ? 2 * t : 0);
        for (size_t j = 0; j < k; j++)
            assert_int_equal(moves[j], 1);
        for (size_t f = 0; f < 3; f++)
            for (size_t end = 0; end < 2; end++) {
                double l = ana_design_u(&d, t * n + end * k, f) * (double)(p_levels - 1);

                assert_true(fabs(l - round(l)) < 1e-9);
                at[f][(int)round(l)]++;
            }
    }
    for (size_t f = 0; f < 3; f++) /* 600 pairs: 4.5 standard deviations; once in 7,000 seeds */
        for (size_t l = 0; l < p_levels; l++) {
            double want = 2.0 * T / (double)p_levels, share = 2 / (double)p_levels;

            assert_true(fabs(at[f][l] - want) <= 4.5 * sqrt(T * share * (1 - share)));
        }
    ana_design_free(&d);
}

static void test_design_morris__one_factor_a_step_and_levels_alike(void **state)
{
    (void)state;
    morris(0, 0);
    morris(1, 4);
    morris(1, 8);
    morris(0, 2);
}

/* The ends of 0..1 would be infinite: a distribution goes from its 1 % to its 99 % quantile. */
static void test_design_morris__distributions_are_trimmed(void **state)
{
    struct ana_factor f[] = {VALUES("a", 3, "x", "y", "z"),
                             {.id = "b", .form = ANA_DIST, .dist = {SIM_EXPONENTIAL, {1, 0, 0}}}};
    struct ana_design d = made(f, 2, (struct ana_part){.method = ANA_MORRIS, .trajectories = 50},
                               (struct ana_part){0});
    double lo = INFINITY, hi = 0;

    (void)state;
    for (size_t p = 0; p < d.n_point; p++) {
        lo = fmin(lo, ana_design_x(&d, p, 1));
        hi = fmax(hi, ana_design_x(&d, p, 1));
        assert_true(ana_design_x(&d, p, 0) ==
                    fmin(round(3 * ana_design_u(&d, p, 0)), 2)); /* 0 1 2 2 */
    }
    assert_true(fabs(lo + log(0.99)) < 1e-12 && fabs(hi + log(0.01)) < 1e-12);
    ana_design_free(&d);
}

/* 1/49 x 49 is less than 1 in doubles: whole numbers must not fall one short for that. */
static void test_design_morris__levels_meet_whole_numbers(void **state)
{
    const struct ana_factor f = RANGE("a", 1, 49, ANA_INTEGER);
    struct ana_design d =
        made(&f, 1, (struct ana_part){.method = ANA_MORRIS, .trajectories = 500, .levels = 50},
             (struct ana_part){0});

    (void)state;
    for (size_t p = 0; p < d.n_point; p++)
        assert_true(ana_design_x(&d, p, 0) == fmin(1 + round(49 * ana_design_u(&d, p, 0)), 49));
    ana_design_free(&d);
}

/* ---- faults ---- */

static void refuse(const struct ana_factor f[], size_t n, struct ana_part u, struct ana_part l,
                   const char *line)
{
    struct sim_err err = SIM_ERR_INIT;
    struct ana_part part[ANA_KINDS] = {u, l};
    struct ana_design d;

    assert_int_equal(ana_design_make(&d, f, n, part, SEED, &err), SIM_EINPUT);
    assert_true(d.n_point == 0 && d.factor == NULL);
    if (strstr(err.text, line) == NULL)
        fail_msg("'%s' does not say '%s'", err.text, line);
    sim_err_free(&err);
}

static void test_design__faults_of_factors(void **state)
{
    const struct {
        struct ana_factor f;
        const char *line;
    } t[] = {
        {RANGE("a b", 0, 1, ANA_LINEAR), "'a b': id: must be 1 to 64 of"},
        {RANGE("chance", 0, 1, ANA_LINEAR), "'chance': id: is the name of luck"},
        {VALUES("a", 1, "1"), "'a': values: needs two or more values; one that is the same at all"},
        {VALUES("a", 3, "1", "2", "1"), "'a': values: 1 is there twice"},
        {VALUES("a", 2, "1", ""), "'a': values: one is empty"},
        {RANGE("a", 1, 1, ANA_LINEAR), "'a': range: must be two numbers, the lower first, not 1"},
        {RANGE("a", 0, NAN, ANA_LINEAR), "'a': range: must be two numbers"},
        {RANGE("a", -INFINITY, 0, ANA_LINEAR), "'a': range: must be two numbers"},
        {RANGE("a", 0, 1, ANA_LOG), "'a': range: a log scale needs limits above 0, not 0"},
        {RANGE("a", 0.5, 3, ANA_INTEGER), "'a': range: with scale = \"integer\" the limits must"},
        {RANGE("a", 0, 1e17, ANA_INTEGER), "whole numbers up to 2^53"},
        {{.id = "a", .form = ANA_DIST, .dist = {SIM_EXPONENTIAL, {-1, 0, 0}}},
         "'a': dist: mean must be a number and not negative"},
        {{.id = "a", .form = ANA_DIST, .dist = {SIM_CONSTANT, {1, 0, 0}}},
         "'a': dist: has the same value from"},
        {{.id = "a", .form = ANA_OPEN}, "'a': needs values, a range or a dist"},
        {{.id = "a", .form = ANA_RANGE, .hi = 1, .levels = 1}, "'a': levels: must be 2 to"}};

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        refuse(&t[i].f, 1, (struct ana_part){.method = ANA_RANDOM, .points = 9},
               (struct ana_part){0}, t[i].line);
    refuse((const struct ana_factor[]){three[0], three[1], three[0]}, 3,
           (struct ana_part){.method = ANA_RANDOM, .points = 9}, (struct ana_part){0},
           "'a': id: is there twice");
    refuse(NULL, 0, (struct ana_part){0}, (struct ana_part){0}, "needs one factor or more");
}

static void test_design__faults_of_methods(void **state)
{
    const struct {
        struct ana_part u, l;
        const char *line;
    } t[] = {
        {{0}, {0}, "'uncertainties': method: there are uncertainties, but no method"},
        {{.method = ANA_RANDOM, .points = 4},
         {.method = ANA_GRID},
         "'levers': method: no factor has kind = \"lever\""},
        {{.method = ANA_RANDOM}, {0}, "'uncertainties': points: must be 1 to 10000000"},
        {{.method = ANA_LHS, .points = 100000000}, {0}, "points: must be 1 to 10000000"},
        {{.method = ANA_MORRIS}, {0}, "trajectories: must be 1 to"},
        {{.method = ANA_MORRIS, .trajectories = 4, .levels = 5}, {0}, "levels: must be an even"},
        {{.method = ANA_MORRIS, .trajectories = 4, .levels = -2}, {0}, "levels: must be an even"},
        {{.method = ANA_MORRIS, .trajectories = 4, .levels = 1002}, {0}, "levels: must be an even"},
        {{.method = ANA_GRID}, {0}, "'a': range: needs levels in a grid: levels = 5 here or in"},
        {{.method = ANA_GRID, .levels = 1}, {0}, "'uncertainties': levels: must be 2 to"},
        {{.method = ANA_GRID, .levels = 7},
         {0},
         "'c': range: has 6 whole numbers, fewer than 7 levels"},
        {{.method = ANA_LIST}, {0}, "'uncertainties': the list of points has no rows"},
        {{.method = ANA_LHS, .points = 4, .chance = 1},
         {0},
         "chance: luck is a factor only where method is saltelli or morris"},
        {{.method = ANA_SALTELLI, .points = 3000000},
         {0},
         "'uncertainties': saltelli of 3 factors = 15000000 points, at most 10000000"}};

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        refuse(three, 3, t[i].u, t[i].l, t[i].line);
}

static void test_design__faults_of_several_factors(void **state)
{
    struct ana_factor f[41] = {VALUES("a", 3, "1", "2", "3"), VALUES("b", 2, "1", "2")};
    struct ana_factor lever = RANGE("lever", 0, 1, ANA_LINEAR);
    char id[41][8];

    (void)state;
    refuse(f, 2, (struct ana_part){.method = ANA_ZIP}, (struct ana_part){0},
           "'b': values: has 2 values, but 'a' 3: a zip takes the first of each");
    lever.kind = ANA_LEVER;
    refuse((const struct ana_factor[]){three[0], lever}, 2,
           (struct ana_part){.method = ANA_RANDOM, .points = 5000},
           (struct ana_part){.method = ANA_GRID, .levels = 3000},
           "5000 uncertain points x 3000 lever points = 15000000 points, at most 10000000");
    refuse((const struct ana_factor[]){three[0], lever}, 2,
           (struct ana_part){.method = ANA_RANDOM, .points = 5}, (struct ana_part){0},
           "'levers': method: there are levers, but no method for them");
    refuse((const struct ana_factor[]){three[0], lever}, 2,
           (struct ana_part){.method = ANA_MORRIS, .trajectories = 5, .chance = 1},
           (struct ana_part){.method = ANA_MORRIS, .trajectories = 5, .chance = 1},
           "'levers': chance: luck is a factor among the uncertainties already");
    for (size_t i = 0; i < 41; i++) {
        snprintf(id[i], sizeof id[i], "x%zu", i);
        f[i] = RANGE(id[i], 0, 1, ANA_LINEAR);
    }
    refuse(f, 41, (struct ana_part){.method = ANA_SOBOL, .points = 8}, (struct ana_part){0},
           "method: Sobol' points have 40 dimensions: 40 factors at most, not 41; screen with");
    refuse(f, 21, (struct ana_part){.method = ANA_SALTELLI, .points = 8}, (struct ana_part){0},
           "and saltelli takes two for each factor: 20 factors at most, not 21; screen with morris "
           "first and fix those that do nothing");
    refuse(f, 30, (struct ana_part){.method = ANA_GRID, .levels = 10}, (struct ana_part){0},
           "grid of 30 factors = 1e+30 points, at most 10000000");
    refuse(f, 10, (struct ana_part){.method = ANA_RANDOM, .points = 6000000}, (struct ana_part){0},
           "= 120000000 values to keep, at most 100000000");
}

static void test_design_list__faults_of_cells(void **state)
{
    const struct ana_factor f[] = {RANGE("a", 0, 10, ANA_LINEAR),
                                   VALUES("b", 2, "1", "high"),
                                   RANGE("c", 1, 3, ANA_INTEGER),
                                   {.id = "d", .form = ANA_OPEN}};
    const char *cell[] = {"11", "low", "1.5", "x", "1", "0.5", "1", ""};
    const int line[] = {2, 3};
    struct ana_part part = {.method = ANA_LIST, .n_row = 2, .cell = cell};

    (void)state;
    refuse(f, 4, part, (struct ana_part){0}, "list, row 1: a = \"11\": must be a number 0 to 10");
    part.file = "points.csv";
    part.line = line;
    refuse(f, 4, part, (struct ana_part){0}, "points.csv:2: b = \"low\": must be one of 1, high");
    refuse(f, 4, part, (struct ana_part){0}, "points.csv:2: c = \"1.5\": must be a whole number 1");
    refuse(f, 4, part, (struct ana_part){0}, "points.csv:3: b = \"0.5\": must be one of 1, high");
    refuse(f, 4, part, (struct ana_part){0}, "points.csv:3: d = \"\": must be");
}

/* With the group a factor or part was read from, the fault stands at its key; all at once. */
static void test_design__faults_have_their_place(void **state)
{
    static const char cfg[] = "factors = (\n"
                              "  { id = \"a\"; range = [0.0, 1.0]; scale = \"log\"; },\n"
                              "  { id = \"b\";\n"
                              "    values = [1]; } );\n"
                              "design = { method = \"morris\";\n"
                              "  levels = 3; };\n";
    struct sim_arena a = {0};
    struct sim_err err = SIM_ERR_INIT;
    struct sim_tree *t;
    const struct sim_tree *list;
    struct ana_factor f[] = {RANGE("a", 0, 1, ANA_LOG), VALUES("b", 1, "1")};
    struct ana_part part[] = {{.method = ANA_MORRIS, .trajectories = 9, .levels = 3}, {0}};
    struct ana_design d;

    (void)state;
    assert_int_equal(sim_tree_parse(&t, &a, "s.cfg", cfg, strlen(cfg), &err), 0);
    list = sim_tree_get(t, "factors");
    f[0].tree = sim_tree_at(list, 0);
    f[1].tree = sim_tree_at(list, 1);
    part[0].tree = sim_tree_get(t, "design");
    assert_int_equal(ana_design_make(&d, f, 2, part, SEED, &err), SIM_EINPUT);
    assert_int_equal(err.n, 3);
    assert_non_null(strstr(err.text, "s.cfg:2: range: a log scale needs limits above 0, not 0;"));
    assert_non_null(strstr(err.text, "s.cfg:4: values: needs two or more values;"));
    assert_non_null(strstr(err.text, "s.cfg:6: levels = 3: must be an even number"));
    sim_err_free(&err);
    sim_arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_design_grid__the_last_factor_changes_fastest),
        cmocka_unit_test(test_design_grid__levels),
        cmocka_unit_test(test_design_zip__takes_the_first_of_each_then_the_second),
        cmocka_unit_test(test_design__levers_are_crossed_with_uncertainties),
        cmocka_unit_test(test_design_list__takes_the_rows),
        cmocka_unit_test(test_design__scales_and_distributions),
        cmocka_unit_test(test_design_text__reads_back),
        cmocka_unit_test(test_design__more_points_change_no_earlier_ones),
        cmocka_unit_test(test_design__the_order_of_factors_changes_no_value),
        cmocka_unit_test(test_design__a_further_factor_changes_no_other),
        cmocka_unit_test(test_design__another_seed_gives_other_points),
        cmocka_unit_test(test_design_lhs__each_stratum_once),
        cmocka_unit_test(test_design_sobol__are_a_net),
        cmocka_unit_test(test_design_sobol__begins_with_the_zero_point),
        cmocka_unit_test(test_design_saltelli__one_column_is_taken_from_b),
        cmocka_unit_test(test_design_morris__one_factor_a_step_and_levels_alike),
        cmocka_unit_test(test_design_morris__distributions_are_trimmed),
        cmocka_unit_test(test_design_morris__levels_meet_whole_numbers),
        cmocka_unit_test(test_design__faults_of_factors),
        cmocka_unit_test(test_design__faults_of_methods),
        cmocka_unit_test(test_design__faults_of_several_factors),
        cmocka_unit_test(test_design_list__faults_of_cells),
        cmocka_unit_test(test_design__faults_have_their_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
