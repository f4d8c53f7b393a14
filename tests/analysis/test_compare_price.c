#include "analysis/compare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

enum { RUNS = 3, WEEKS = 5, N = RUNS * 2 * WEEKS };

static const float none = NAN;

/* A scenario without prices, and one with a price of 10 USD outside and one inside; in the last run
 * the price outside does not come back. */
static void study(struct sim_result *r, const float spot[RUNS][2][WEEKS])
{
    static const char *const scenario[] = {"a", "b"}, *const price[] = {"p~inside", "p~outside"},
                             *const unit[] = {"USD/kg", "USD/kg"};
    static const double run[RUNS] = {0, 1, 2}, week[WEEKS] = {0, 7, 14, 21, 28}, base[] = {10, 10};
    float *to[2];

    *r = (struct sim_result){0};
    sim_result_attr(r, "start", "2026-01-01");
    sim_result_axis(
        r, &(struct sim_axis){.name = "scenario", .long_name = "s", .n = 2, .label = scenario});
    sim_result_axis(r, &(struct sim_axis){
                           .name = "run", .long_name = "r", .units = "1", .n = RUNS, .value = run});
    sim_result_axis(r,
                    &(struct sim_axis){
                        .name = "week", .long_name = "w", .units = "d", .n = WEEKS, .value = week});
    sim_result_axis(
        r, &(struct sim_axis){
               .name = "price",
               .long_name = "p",
               .n = 2,
               .label = price,
               .n_coord = 2,
               .coord = {{.name = "price_unit", .long_name = "u", .label = unit},
                         {.name = "price_base", .long_name = "b", .units = "USD", .value = base}}});
    for (int c = 0; c < 2; c++) {
        int at = sim_result_column(r, c ? "price_contract" : "price_spot",
                                   "scenario run price week", SIM_F32, SIM_KEEP, "price_unit", "p");

        to[c] = r->column[at].data;
        memcpy(to[c] + N, spot, N * sizeof(float));
        for (int i = 0; i < N; i++) {
            to[c][i] = none;
            to[c][N + i] /= c ? 2.0F : 1.0F;
        }
    }
}

static void test_ana_compare__prices(void **state)
{
    static const float spot[RUNS][2][WEEKS] = {
        {{10, 9, 8, 9, 10}, {10, 20, 40, 11, 13}},
        {{10, 9, 8, 9, 10}, {10, 30, 13, 11, 10}},
        {{10, 9, 8, 9, 11}, {10, 12, 20, 20, 13}},
    };
    struct sim_result r;
    struct ana_compare c;
    struct sim_err err = SIM_ERR_INIT;
    const struct ana_price *p;

    (void)state;
    study(&r, spot);
    assert_int_equal(ana_compare(&c, &r, &(struct ana_compare_options){0}, &err), 0);
    assert_int_equal(c.alone.n_price, 0);
    assert_int_equal(c.n_versus, 1);
    assert_int_equal(c.versus[0].n_price, 2);
    p = c.versus[0].price;
    assert_string_equal(p[0].price, "p~inside");
    assert_true(p[0].peak == 1 && p[0].peak_at == 0 && isnan(p[0].back));
    /* largest 4, 3 and 2; in weeks 2, 1 and 2; under 12 from weeks 3 and 3, and never */
    assert_string_equal(p[1].unit, "USD/kg");
    assert_true(p[1].peak == 3 && p[1].contract == 1.5 && p[1].peak_at == 14 && p[1].back == 21);
    ana_compare_free(&c);
    sim_result_free(&r);
    sim_err_free(&err);
}

/* Two of three runs do not come back. */
static void test_ana_compare__prices_that_stay(void **state)
{
    static const float spot[RUNS][2][WEEKS] = {
        {{10, 10, 10, 10, 10}, {10, 20, 15, 11, 11}},
        {{10, 10, 10, 10, 10}, {10, 20, 15, 15, 15}},
        {{10, 10, 10, 10, 10}, {10, 20, 15, 15, 12.5F}},
    };
    struct sim_result r;
    struct ana_compare c;
    struct sim_err err = SIM_ERR_INIT;

    (void)state;
    study(&r, spot);
    assert_int_equal(ana_compare(&c, &r, &(struct ana_compare_options){0}, &err), 0);
    assert_true(isinf(c.versus[0].price[1].back));
    ana_compare_free(&c);
    sim_result_free(&r);
    sim_err_free(&err);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ana_compare__prices),
        cmocka_unit_test(test_ana_compare__prices_that_stay),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
