#include "analysis/compare.h"
#include "analysis/show.h"
#include "tests/analysis/study.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>

/* What reserves and substitutes did in `cut`: pairs are runs 0 to 19, the others hold 77. */

static void near(double have, double want)
{
    if (!(fabs(have - want) <= 1e-9 * fmax(1, fabs(want))))
        fail_msg("%.17g is not %.17g", have, want);
}

static void fill(struct sim_result *r)
{
    *r = (struct sim_result){0};
    study_fill(r);
    study_axis(r, "reserve", 3, TEXTS("state~mag.sh", "state~ore", "own~ore"),
               COORDS(study_text("reserve_unit", TEXTS("kg", "kg", "kg")),
                      study_real("reserve_value", REALS(70, 5, 5))),
               2);
    sim_result_column(r, "reserve_released", "scenario run reserve month", SIM_F64, SIM_KEEP, "kg",
                      "released");
    sim_result_column(r, "reserve_empty", "scenario run reserve", SIM_F32, SIM_KEEP, "d", "empty");
    sim_result_column(r, "substituted", "scenario run plant", SIM_F64, SIM_KEEP, "1", "made so");
    sim_result_column(r, "substitution_first", "scenario run plant", SIM_F32, SIM_KEEP, "d",
                      "first");
    for (size_t s = 0; s < 3; s++) {
        for (size_t i = 0; i < 3; i++)
            study_all(r, "reserve_empty", s, i, NAN);
        for (size_t i = 0; i < STUDY_LINE; i++)
            study_all(r, "substitution_first", s, i, NAN);
    }
    /* magnets: 10 kg in month 1 and p in month 2, empty in runs 5 to 19; ore: 20 kg, never */
    study_all(r, "reserve_released", CUT, 1, 10);
    for (size_t p = 0; p < STUDY_PAIR; p++)
        study_set(r, "reserve_released", CUT, p, p + 1, 2, (double)p);
    study_set(r, "reserve_empty", CUT, 5, 20, 0, 59);
    study_all(r, "reserve_released", CUT, STUDY_MONTH, 20);
    /* the petrol line in runs 0 to 11, the hybrid in run 3, a line elsewhere in all */
    study_set(r, "substitution_first", CUT, 0, 12, ICE, 31);
    study_set(r, "substituted", CUT, 0, 12, ICE, 90);
    study_set(r, "substitution_first", CUT, 3, 4, HEV, 10);
    study_set(r, "substituted", CUT, 3, 4, HEV, 45);
    study_all(r, "substitution_first", CUT, FAR, 5);
    study_all(r, "substituted", CUT, FAR, 100);
}

static void test_responses__reserves_that_release_by_value(void **state)
{
    struct sim_result r;
    struct ana_compare c;
    const struct ana_versus *v;

    (void)state;
    fill(&r);
    assert_int_equal(ana_compare(&c, &r, &(struct ana_compare_options){0}, NULL), 0);
    v = &c.versus[0];
    assert_int_equal(v->n_reserve, 2);
    assert_string_equal(v->reserve[0].label, "state~mag.sh");
    near(v->reserve[0].released, 19.5);
    near(v->reserve[0].usd, 19.5 * 70);
    near(v->reserve[0].range.p50, 19.5);
    near(v->reserve[0].range.p05, 10.95);
    assert_int_equal(v->reserve[0].empty.n, 15);
    near(v->reserve[0].empty.p50, 59);
    assert_string_equal(v->reserve[1].label, "state~ore");
    assert_int_equal(v->reserve[1].empty.n, 0);
    assert_int_equal(c.versus[1].n_reserve, 0);
    ana_compare_free(&c);
    sim_result_free(&r);
}

static void test_responses__lines_that_turn(void **state)
{
    /* started: petrol 900 in runs 0 to 14, else 1000; hybrid 450 in 0 to 7, else 500 */
    double all = 900 * 2e4 + 450 * 2.5e4, less = 900 * 2e4 + 500 * 2.5e4;
    double want = (7 * 90 * 2e4 / all + (90 * 2e4 + 45 * 2.5e4) / all + 4 * 90 * 2e4 / less) / 20;
    struct sim_result r;
    struct ana_compare c;
    const struct ana_swap *x;

    (void)state;
    fill(&r);
    assert_int_equal(ana_compare(&c, &r, &(struct ana_compare_options){0}, NULL), 0);
    x = &c.versus[0].swap;
    assert_int_equal(x->n_ever, 2);
    assert_int_equal(x->n_turn, 1);
    assert_int_equal(x->first.n, 12);
    near(x->first.p50, 31);
    near(x->share, want);
    assert_int_equal(c.versus[1].swap.n_ever, 0);
    ana_compare_free(&c);
    sim_result_free(&r);
}

static char *shown(const struct sim_result *r, size_t *lines)
{
    struct ana_show_options o = {.file = "out.h5", .top = 8, .width = 100};
    struct ana_compare c;
    char *text = NULL;
    size_t n;
    FILE *to = open_memstream(&text, &n);

    assert_int_equal(ana_compare(&c, r, &(struct ana_compare_options){0}, NULL), 0);
    assert_int_equal(ana_show(to, &c, &o, NULL), 0);
    fclose(to);
    ana_compare_free(&c);
    *lines = 0;
    for (const char *at = strstr(text, "  RESPONSES"); at && *at && *at != '\n'; ++*lines)
        at = strchr(at, '\n') + 1;
    return text;
}

static void test_responses__as_text(void **state)
{
    static const char want[] =
        "  RESPONSES in this scenario: mean (90 % of runs), first dates median\n"
        "    reserve state~mag.sh: releases 19.5 kg (10.9 kg to 28.1 kg), 1.36 k USD; empty in 15 "
        "of "
        "20 runs,\n"
        "      first on 2026-03-01\n"
        "    reserve state~ore: releases 20.0 kg (20.0 kg to 20.0 kg), 100 USD; never empty\n"
        "    substitutes: 1 line in JP turns to one in half of the runs or more (2 in at least "
        "one), "
        "first on\n"
        "      2026-02-01 (2026-01-22 to 2026-02-01); 3.8 % (0 % to 6.3 %) of their starts, by "
        "value, "
        "use one\n";
    struct sim_result r;
    char *text;
    size_t lines;

    (void)state;
    fill(&r);
    text = shown(&r, &lines);
    if (!strstr(text, want))
        fail_msg("%s", strstr(text, "  RESPONSES"));
    assert_int_equal(lines, 6);
    free(text);
    sim_result_free(&r);
    r = (struct sim_result){0};
    study_fill(&r); /* neither reserves nor substitutes in the file */
    text = shown(&r, &lines);
    assert_int_equal(lines, 0);
    free(text);
    sim_result_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_responses__reserves_that_release_by_value),
        cmocka_unit_test(test_responses__lines_that_turn),
        cmocka_unit_test(test_responses__as_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
