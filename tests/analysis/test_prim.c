#include "analysis/sense.h"
#include "tests/analysis/sample.h"
#include "tests/dies.h"

#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

enum { N = 2000, K = 4 };

static const struct ana_prim_plan usual = {0.05, 0.05, 0.8, 1, NULL};

static void near(double is, double want, double slack)
{
    if (!(fabs(is - want) <= slack))
        fail_msg("%.17g is not %.17g", is, want);
}

static void fill(double x[N * K], double y[N])
{
    for (uint64_t i = 0; i < N * K; i++)
        x[i] = sample_u(i + 31000000);
    memset(y, 0, N * sizeof *y);
}

static int in_first(const double *x)
{
    return x[0] > 0.7 && x[2] < 0.4;
}

static const struct ana_prim_limit *limit(const struct ana_prim_box *b, size_t factor, int side)
{
    for (size_t i = 0; i < b->n_limit; i++)
        if (b->limit[i].factor == factor && (int)b->limit[i].side == side)
            return &b->limit[i];
    return NULL;
}

/* ---- by hand ---- */

/* One factor 0..19, cases at 12..19, peels of two rows: 0 1 | 2 3 | ... | 10 11, then all are cases
 * and no peel makes it denser. The limit is half way between 11 and 12. Quasi-p: 8 of 8 rows where
 * 8 of 20 are cases: 0.4^8. */
static void test_prim__one_factor_by_hand(void **state)
{
    const struct ana_prim_plan plan = {0.1, 0.05, 1, 5, NULL};
    struct sim_arena a = {0};
    struct ana_prim p;
    double x[20], y[20];
    const size_t left[] = {20, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8};

    (void)state;
    for (int i = 0; i < 20; i++) {
        x[i] = (i * 7) % 20;
        y[i] = x[i] >= 12;
    }
    ana_prim(&p, &a, x, y, 20, 1, NULL, &plan);
    assert_true(p.n_row == 20 && p.n_case == 8 && p.n_left_out == 0 && p.n_box == 1);
    assert_true(p.box[0].n_row == 8 && p.box[0].n_case == 8 && p.box[0].n_limit == 1);
    near(p.box[0].coverage, 1, 0);
    near(p.box[0].density, 1, 0);
    near(p.box[0].mass, 0.4, 0);
    assert_int_equal(p.box[0].limit[0].side, ANA_PRIM_LOWER);
    near(p.box[0].limit[0].at, 11.5, 0);
    near(p.box[0].limit[0].p, pow(0.4, 8), 1e-15);
    assert_int_equal(p.box[0].n_step, sizeof left / sizeof *left);
    for (size_t i = 0; i < p.box[0].n_step; i++) {
        near(p.box[0].path[i].mass, (double)left[i] / 20, 1e-15);
        near(p.box[0].path[i].density, 8.0 / (double)left[i], 1e-15);
        assert_int_equal(p.box[0].path[i].n_factor, i > 0);
    }
    assert_int_equal(p.box[0].chosen, p.box[0].n_step - 1);
    sim_arena_free(&a);
}

/* Peeling goes past what is wanted in the other end and pasting brings it back: cases at 4..15,
 * peels of a quarter. 0..19: both ends lose 5 rows, 4 of them no case; the lower end goes first.
 * 5..19: 3 rows from above, no case. 5..16: 11 of 12. Then 3 rows from below lose cases; from above
 * 14 15 16 go: all 9 are cases. Pasting 2 rows below would add 4 (a case) and 3 (none); above 14 15
 * (cases): taken; then 4 and 3 would thin it out. */
static void test_prim__pasting_by_hand(void **state)
{
    const struct ana_prim_plan plan = {0.25, 0.05, 1, 1, NULL};
    struct sim_arena a = {0};
    struct ana_prim p;
    double x[20], y[20];

    (void)state;
    for (int i = 0; i < 20; i++) {
        x[i] = i;
        y[i] = i >= 4 && i <= 15;
    }
    ana_prim(&p, &a, x, y, 20, 1, NULL, &plan);
    assert_int_equal(p.n_box, 1);
    assert_int_equal(p.box[0].n_step, 4);
    near(p.box[0].path[3].mass, 9.0 / 20, 1e-15);
    near(limit(&p.box[0], 0, ANA_PRIM_LOWER)->at, 4.5, 0);
    near(limit(&p.box[0], 0, ANA_PRIM_UPPER)->at, 15.5, 0);
    assert_true(p.box[0].n_row == 11 && p.box[0].n_case == 11);
    sim_arena_free(&a);
}

/* ---- planted boxes ---- */

static void test_prim__finds_a_planted_box(void **state)
{
    static double x[N * K], y[N];
    const struct ana_prim_plan plan = {0.05, 0.05, 0.98, 1, NULL};
    struct sim_arena a = {0};
    struct ana_prim p;
    const struct ana_prim_box *b;

    (void)state;
    fill(x, y);
    for (size_t i = 0; i < N; i++)
        y[i] = in_first(x + i * K);
    ana_prim(&p, &a, x, y, N, K, NULL, &plan);
    assert_int_equal(p.n_box, 1);
    b = &p.box[0];
    assert_true(b->coverage > 0.95 && b->density >= 0.98);
    near(b->density, (double)b->n_case / (double)b->n_row, 0);
    near(b->coverage, (double)b->n_case / (double)p.n_case, 0);
    assert_int_equal(b->n_limit, 2);
    near(limit(b, 0, ANA_PRIM_LOWER)->at, 0.7, 0.05);
    near(limit(b, 2, ANA_PRIM_UPPER)->at, 0.4, 0.05);
    assert_true(b->limit[0].p < 1e-9 && b->limit[1].p < 1e-9);
    for (size_t i = 1; i < b->n_step; i++) {
        assert_true(b->path[i].density > b->path[i - 1].density);
        assert_true(b->path[i].mass < b->path[i - 1].mass && b->path[i].mass >= 0.05);
        assert_true(b->path[i].coverage <= b->path[i - 1].coverage);
    }
    sim_arena_free(&a);
}

/* Cases with noise: 9 of 10 in the box and 1 of 20 outside. Limits of factors that do nothing have
 * a quasi-p that says so, if there are any. */
static void test_prim__finds_it_under_noise(void **state)
{
    static double x[N * K], y[N];
    struct sim_arena a = {0};
    struct ana_prim p;
    const struct ana_prim_box *b;

    (void)state;
    fill(x, y);
    for (size_t i = 0; i < N; i++)
        y[i] = sample_u(i + 77000000) < (in_first(x + i * K) ? 0.9 : 0.05);
    ana_prim(&p, &a, x, y, N, K, NULL, &usual);
    b = &p.box[0];
    assert_true(p.n_box == 1 && b->density >= 0.8 && b->coverage > 0.6);
    near(limit(b, 0, ANA_PRIM_LOWER)->at, 0.7, 0.06);
    near(limit(b, 2, ANA_PRIM_UPPER)->at, 0.4, 0.06);
    for (size_t i = 0; i < b->n_limit; i++)
        if (b->limit[i].factor == 1 || b->limit[i].factor == 3)
            assert_true(b->limit[i].p > 1e-3);
        else
            assert_true(b->limit[i].p < 1e-9);
    sim_arena_free(&a);
}

static void test_prim__a_second_box_among_the_rest(void **state)
{
    static double x[N * K], y[N];
    const struct ana_prim_plan plan = {0.05, 0.02, 0.9, 4, NULL};
    struct sim_arena a = {0};
    struct ana_prim p;

    (void)state;
    fill(x, y);
    for (size_t i = 0; i < N; i++)
        y[i] = in_first(x + i * K) || (x[i * K] < 0.3 && x[i * K + 3] > 0.75);
    ana_prim(&p, &a, x, y, N, K, NULL, &plan);
    assert_true(p.n_box >= 2);
    near(limit(&p.box[0], 0, ANA_PRIM_LOWER)->at, 0.7, 0.05);
    near(limit(&p.box[0], 2, ANA_PRIM_UPPER)->at, 0.4, 0.05);
    near(limit(&p.box[1], 0, ANA_PRIM_UPPER)->at, 0.3, 0.05);
    near(limit(&p.box[1], 3, ANA_PRIM_LOWER)->at, 0.75, 0.05);
    assert_true(p.box[0].coverage + p.box[1].coverage > 0.9);
    assert_true(p.box[0].n_case + p.box[1].n_case <= p.n_case);
    near(p.box[1].path[0].mass + p.box[0].mass, 1, 1e-12);
    sim_arena_free(&a);
}

/* ---- words, equal values ---- */

/* Words 0..3; cases where the word is 1 or 2 and x is high. Peels whole words, at once. */
static void test_prim__words_and_few_values(void **state)
{
    static double x[N * 2], y[N];
    const char is_word[] = {1, 0};
    struct sim_arena a = {0};
    struct ana_prim p;
    const struct ana_prim_box *b;

    (void)state;
    for (uint64_t i = 0; i < N; i++) {
        x[2 * i] = floor(4 * sample_u(i));
        x[2 * i + 1] = floor(5 * sample_u(i + 50000)); /* a fifth of the rows each */
        y[i] = (x[2 * i] == 1 || x[2 * i] == 2) && x[2 * i + 1] >= 3;
    }
    ana_prim(&p, &a, x, y, N, 2, is_word, &usual);
    b = &p.box[0];
    assert_true(p.n_box == 1 && b->density == 1 && b->coverage == 1 && b->n_limit == 3);
    assert_true(b->limit[0].side == ANA_PRIM_WITHOUT && b->limit[0].at == 0);
    assert_true(b->limit[1].side == ANA_PRIM_WITHOUT && b->limit[1].at == 3);
    assert_true(b->limit[2].factor == 1 && b->limit[2].side == ANA_PRIM_LOWER);
    near(b->limit[2].at, 2.5, 0);
    sim_arena_free(&a);
}

/* 100 rows, 30 cases. Without word 0 (40 rows, 8 cases) 22 of 60 are cases, 0.0017 more for a row;
 * without the two lowest values (no case) 30 of 98, 0.0031 more for a row: the small peel first. */
static void test_prim__is_patient(void **state)
{
    double x[200], y[100];
    const char is_word[] = {1, 0};
    const struct ana_prim_plan plan = {0.02, 0.05, 1, 1, NULL};
    struct sim_arena a = {0};
    struct ana_prim p;

    (void)state;
    for (int i = 0; i < 100; i++) {
        x[2 * i] = i < 40 ? 0 : 1;
        x[2 * i + 1] = i == 90 ? 0 : i == 91 ? 1 : i % 10 + 2;
        y[i] = i % 5 == 1 && i < 40; /* 8 */
        y[i] += i >= 40 && i < 62;   /* 22 */
    }
    ana_prim(&p, &a, x, y, 100, 2, is_word, &plan);
    assert_int_equal(p.n_case, 30);
    near(p.box[0].path[1].mass, 0.98, 1e-15);
    sim_arena_free(&a);
}

/* ---- what is not there ---- */

static void test_prim__nothing_to_find(void **state)
{
    static double x[N * K], y[N];
    struct sim_arena a = {0};
    struct ana_prim p;

    (void)state;
    fill(x, y);
    ana_prim(&p, &a, x, y, N, K, NULL, &usual);
    assert_true(p.n_box == 0 && p.n_case == 0 && p.n_row == N);
    for (size_t i = 0; i < N; i++)
        y[i] = 1;
    ana_prim(&p, &a, x, y, N, K, NULL, &usual);
    assert_true(p.n_box == 0 && p.n_case == N);
    ana_prim(&p, &a, x, y, 0, K, NULL, &usual);
    assert_true(p.n_box == 0 && p.n_row == 0);
    sim_arena_free(&a);
}

/* Failed runs go; and nothing depends on the order of the rows. */
static void test_prim__left_out_rows_and_the_order_of_rows(void **state)
{
    static double x[N * K], y[N], back[N * K], y_back[N];
    struct sim_arena a = {0};
    struct ana_prim p, q;

    (void)state;
    fill(x, y);
    for (size_t i = 0; i < N; i++)
        y[i] = i % 100 == 7 ? NAN : sample_u(i + 77) < (in_first(x + i * K) ? 0.9 : 0.05);
    for (size_t i = 0; i < N; i++) {
        y_back[N - 1 - i] = y[i];
        for (size_t j = 0; j < K; j++)
            back[(N - 1 - i) * K + j] = x[i * K + j];
    }
    ana_prim(&p, &a, x, y, N, K, NULL, &usual);
    ana_prim(&q, &a, back, y_back, N, K, NULL, &usual);
    assert_int_equal(p.n_left_out, N / 100);
    assert_int_equal(p.n_row, N - N / 100);
    assert_true(p.box[0].n_row == q.box[0].n_row && p.box[0].n_case == q.box[0].n_case);
    assert_int_equal(p.box[0].n_limit, q.box[0].n_limit);
    assert_int_equal(p.box[0].n_step, q.box[0].n_step);
    for (size_t i = 0; i < p.box[0].n_limit; i++)
        assert_true(p.box[0].limit[i].at == q.box[0].limit[i].at &&
                    p.box[0].limit[i].p == q.box[0].limit[i].p);
    assert_memory_equal(p.box[0].path, q.box[0].path, p.box[0].n_step * sizeof *p.box[0].path);
    sim_arena_free(&a);
}

static void plan_of(void *ctx)
{
    struct sim_arena a = {0};
    struct ana_prim p;
    double x[] = {1, 2}, y[] = {0, 1};

    ana_prim(&p, &a, x, y, 2, 1, NULL, ctx);
}

static void case_of(void *ctx)
{
    struct sim_arena a = {0};
    struct ana_prim p;
    double x[] = {1, 2};

    ana_prim(&p, &a, x, ctx, 2, 1, NULL, &usual);
}

struct told {
    size_t n, done, of;
};

static void keep_told(void *ctx, size_t done, size_t of)
{
    struct told *t = ctx;

    assert_true(done >= t->done && done <= of && (t->n == 0 || of == t->of));
    *t = (struct told){t->n + 1, done, of};
}

/* Also where one peel takes more than alpha (few values), or there are many more (no least mass).
 */
static void test_prim__a_watch_is_told_how_far_it_is(void **state)
{
    struct told told[2] = {{0, 0, 0}};
    const struct ana_watch watch[] = {{keep_told, &told[0]}, {keep_told, &told[1]}};
    const struct ana_prim_plan plan[] = {{0.05, 0.05, 0.9, 3, &watch[0]},
                                         {0.3, 0, 1, 2, &watch[1]}};
    static double x[N * K], y[N];
    struct sim_arena a = {0};
    struct ana_prim p;

    (void)state;
    fill(x, y);
    for (size_t i = 0; i < N; i++) {
        x[i * K + 1] = floor(3 * x[i * K + 1]);
        y[i] = in_first(x + i * K) || x[i * K + 3] > 0.95;
    }
    for (int k = 0; k < 2; k++) {
        ana_prim(&p, &a, x, y, N, K, NULL, &plan[k]);
        assert_true(told[k].n > 10 && told[k].done == told[k].of);
    }
    sim_arena_free(&a);
}

static void test_prim__senseless_arguments_are_bugs(void **state)
{
    struct ana_prim_plan bad[] = {{0, 0.05, 0.8, 1, NULL},
                                  {0.6, 0.05, 0.8, 1, NULL},
                                  {0.05, 2, 0.8, 1, NULL},
                                  {0.05, 0.05, NAN, 1, NULL},
                                  {0.05, 0.05, 0.8, 0, NULL}};
    double half[] = {0, 0.5}, fine[] = {0, 1};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_true(is_bug(plan_of, &bad[i]));
    assert_true(is_bug(case_of, half));
    assert_false(is_bug(case_of, fine));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prim__one_factor_by_hand),
        cmocka_unit_test(test_prim__pasting_by_hand),
        cmocka_unit_test(test_prim__finds_a_planted_box),
        cmocka_unit_test(test_prim__finds_it_under_noise),
        cmocka_unit_test(test_prim__a_second_box_among_the_rest),
        cmocka_unit_test(test_prim__words_and_few_values),
        cmocka_unit_test(test_prim__is_patient),
        cmocka_unit_test(test_prim__nothing_to_find),
        cmocka_unit_test(test_prim__left_out_rows_and_the_order_of_rows),
        cmocka_unit_test(test_prim__a_watch_is_told_how_far_it_is),
        cmocka_unit_test(test_prim__senseless_arguments_are_bugs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
