#include "analysis/critical.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What taking something out did in a pair of runs, and the ranking, reckoned by hand. */

enum { N_DAY = 200 };

/* Two markets, each handed over 10 a day at 5 and 1 USD; two plants that start 100 each, of which
 * the second stops on day 7 in any case. */
static struct ana_critical_run run(struct sim_arena *a)
{
    struct ana_critical_run r = {.n_sold = 2, .n_day = N_DAY, .n_plant = 2};

    r.sold = sim_arena_alloc(a, r.n_sold * r.n_day, sizeof *r.sold);
    r.value = sim_arena_alloc(a, 2, sizeof *r.value);
    r.started = sim_arena_alloc(a, 2, sizeof *r.started);
    r.gain = sim_arena_alloc(a, 2, sizeof *r.gain);
    r.stop_first = sim_arena_alloc(a, 2, sizeof *r.stop_first);
    for (size_t i = 0; i < r.n_sold * r.n_day; i++)
        r.sold[i] = 10;
    for (size_t i = 0; i < 2; i++) {
        r.value[i] = i ? 1 : 5;
        r.started[i] = 100;
        r.gain[i] = i ? 3 : 2;
        r.stop_first[i] = i ? 7 : NAN;
    }
    return r;
}

static const char both[] = {1, 1};

static void test_compare__the_same_run_did_nothing(void **state)
{
    struct sim_arena a = {0};
    struct ana_critical_run base = run(&a), with = run(&a);
    struct ana_critical_effect e;

    (void)state;
    ana_critical_compare(&e, &base, &with, 10, 70, both);
    assert_true(e.loss_usd == 0 && e.net_usd == 0 && e.recover_d == 0);
    assert_true(isnan(e.survive_d) && isnan(e.stop_d));
    sim_arena_free(&a);
}

/* Out from day 10 to 19. The first market gets nothing on days 30 to 49: of the last 28 days 1.4
 * may be missing, so the mean is back on the day on which one of the twenty is left in it: 27 days
 * after day 49 there is 1, after day 48 there are 2: day 75 has 2, day 76 has 1. */
static void test_compare__days_by_hand(void **state)
{
    struct sim_arena a = {0};
    struct ana_critical_run base = run(&a), with = run(&a);
    struct ana_critical_effect e;

    (void)state;
    for (int d = 30; d < 50; d++)
        with.sold[d] = 0;
    with.loss_usd = 20 * 10 * 5;
    with.started[0] = 90;
    with.started[1] = 120;
    with.stop_first[0] = 33;
    ana_critical_compare(&e, &base, &with, 10, 20, both);
    assert_true(e.loss_usd == 1000);
    assert_true(e.net_usd == 10 * 2 - 20 * 3);
    assert_true(e.survive_d == 20);
    assert_true(e.stop_d == 23);
    assert_true(e.recover_d == 76 - 20);
    ana_critical_compare(&e, &base, &with, 10, 20, (const char[]){0, 1});
    assert_true(isnan(e.stop_d)); /* that one stops anyway */
    with.stop_first[1] = 6;
    ana_critical_compare(&e, &base, &with, 5, 20, (const char[]){0, 1});
    assert_true(e.stop_d == 1);
    sim_arena_free(&a);
}

/* What comes a day later is short by that day; what is short by less than a hundredth of a day is
 * not; what is not back 56 days before the end is not back. */
static void test_compare__late_little_and_never(void **state)
{
    struct sim_arena a = {0};
    struct ana_critical_run base = run(&a), with = run(&a);
    struct ana_critical_effect e;

    (void)state;
    with.sold[40] = 9;
    with.sold[41] = 11;
    with.sold[N_DAY + 20] = 9.95f;
    ana_critical_compare(&e, &base, &with, 0, 30, both);
    assert_true(e.survive_d == 40 && e.recover_d == 0);
    for (int d = 100; d < N_DAY - 50; d++)
        with.sold[N_DAY + d] = 5;
    ana_critical_compare(&e, &base, &with, 0, 30, both);
    assert_true(e.survive_d == 40 && isnan(e.recover_d));
    sim_arena_free(&a);
}

static void test_rank__by_loss_then_output_then_days(void **state)
{
    enum { N = 6, RUNS = 3 };
    struct ana_critical_effect x[N][RUNS];
    struct ana_critical_row row[N];
    const double loss[N] = {0, 5, 9, 0, 0, 5}, net[N] = {0, 1, 0, 0, 4, 2},
                 survive[N] = {NAN, 3, 8, 50, 60, 2};
    const size_t want[N] = {2, 5, 1, 4, 3, 0};

    (void)state;
    for (size_t i = 0; i < N; i++)
        for (size_t r = 0; r < RUNS; r++)
            x[i][r] =
                (struct ana_critical_effect){loss[i] + (double)r - 1, net[i], survive[i], NAN, 0};
    ana_critical_rank(row, x[0], N, RUNS);
    for (size_t i = 0; i < N; i++)
        assert_int_equal(row[i].target, want[i]);
    assert_true(row[0].loss_usd.at == 9 && isnan(row[0].loss_usd.lo)); /* three runs: no interval */
    assert_true(row[5].survive_d == INFINITY && row[0].stop_d == INFINITY);
}

/* A run that failed does not count; days that do not come in half of the runs are INFINITY. */
static void test_rank__failed_runs_and_medians(void **state)
{
    struct ana_critical_effect x[4] = {
        {10, 0, 4, NAN, 0}, {NAN, NAN, NAN, NAN, NAN}, {20, 0, NAN, NAN, NAN}, {30, 0, 6, 9, NAN}};
    struct ana_critical_row row;

    (void)state;
    ana_critical_rank(&row, x, 1, 4);
    assert_true(row.loss_usd.at == 20 && row.loss_usd.n == 3);
    assert_true(row.survive_d == 6 && row.stop_d == INFINITY && row.recover_d == INFINITY);
}

/* From twenty runs on with an interval: mean 1 and standard deviation 1 (values 0 and 2) of 20
 * runs, t = 2.093. */
static void test_rank__interval_from_twenty_runs(void **state)
{
    struct ana_critical_effect x[20];
    struct ana_critical_row row;
    double half = 2.093024 * sqrt(20.0 / 19.0) / sqrt(20.0);

    (void)state;
    for (int i = 0; i < 20; i++)
        x[i] = (struct ana_critical_effect){i % 2 ? 2 : 0, 0, NAN, NAN, 0};
    ana_critical_rank(&row, x, 1, 20);
    assert_true(fabs(row.loss_usd.lo - (1 - half)) < 1e-6);
    assert_true(fabs(row.loss_usd.hi - (1 + half)) < 1e-6);
}

static void test_print__one_hundred_columns(void **state)
{
    const struct ana_critical_row row[] = {
        {1, {3, 2.5e9, NAN, NAN}, {3, 1e9, NAN, NAN}, 31, 40, 300},
        {0, {3, 0, NAN, NAN}, {3, 2e3, NAN, NAN}, INFINITY, 12, 0},
        {2, {3, 0, NAN, NAN}, {3, 0, NAN, NAN}, INFINITY, INFINITY, 0}};
    const struct ana_critical_name name[] = {
        {"A plant whose name is longer than the column", "JP", "component"},
        {"Mine", "CN", "mine"},
        {"Nobody", "US", "oxide"}};
    char text[4096];
    FILE *f = fmemopen(text, sizeof text, "w");

    (void)state;
    ana_critical_print(f, row, name, 3, 3, &(struct ana_critical_look){.top = 1, .width = 100});
    fclose(f);
    assert_non_null(strstr(text, "   1  Mine"));
    assert_non_null(strstr(text, "2.50 bn"));
    assert_non_null(strstr(text, "31 d"));
    assert_non_null(strstr(text, "1 more does harm"));
    assert_non_null(strstr(text, "1 does none"));
    assert_null(strstr(text, "Nobody"));
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
        assert_true(strcspn(line, "\n") <= 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_compare__the_same_run_did_nothing),
        cmocka_unit_test(test_compare__days_by_hand),
        cmocka_unit_test(test_compare__late_little_and_never),
        cmocka_unit_test(test_rank__by_loss_then_output_then_days),
        cmocka_unit_test(test_rank__failed_runs_and_medians),
        cmocka_unit_test(test_rank__interval_from_twenty_runs),
        cmocka_unit_test(test_print__one_hundred_columns),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
