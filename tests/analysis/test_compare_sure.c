/* What a comparison says of its own sureness: skewed losses, pairing, which loss is least, the
 * warm-up. Made-up results of three scenarios. */
#include "analysis/compare.h"
#include "analysis/show.h"
#include "sim/batch.h"
#include "tests/analysis/sample.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

enum { BASE, SOME, RARE, SCENARIO, RUN = 25 };

#define TEXTS(...) ((const char *const[]){__VA_ARGS__})
#define TEXT(of, ...)                                                                              \
    {                                                                                              \
        .name = of, .long_name = of, .label = TEXTS(__VA_ARGS__)                                   \
    }
#define REAL(of, x)                                                                                \
    {                                                                                              \
        .name = of, .long_name = of, .units = "USD", .value = x                                    \
    }

static void numbers(struct sim_result *r, const char *name, size_t n, double step)
{
    double value[RUN + 200];

    for (size_t i = 0; i < n; i++)
        value[i] = step * (double)i;
    sim_result_axis(r, &(struct sim_axis){
                           .name = name, .long_name = name, .units = "d", .n = n, .value = value});
}

static void axes(struct sim_result *r, size_t n_week)
{
    static const double one[] = {1};

    sim_result_attr(r, "start", "2026-01-01");
    sim_result_attr(r, "horizon_d", "%zu", 7 * n_week);
    sim_result_axis(r, &(struct sim_axis){.name = "scenario",
                                          .long_name = "scenario",
                                          .n = SCENARIO,
                                          .label = TEXTS("base", "some", "rare")});
    numbers(r, "run", RUN, 1.0);
    numbers(r, "week", n_week, 7.0);
    sim_result_axis(
        r, &(struct sim_axis){.name = "plant",
                              .long_name = "plant",
                              .n = 1,
                              .label = TEXTS("s.car"),
                              .n_coord = 9,
                              .coord = {TEXT("plant_site", "s"), TEXT("plant_name", "Works"),
                                        TEXT("plant_product", "car"), TEXT("plant_country", "JP"),
                                        TEXT("plant_tier", "vehicle"), TEXT("plant_unit", "piece"),
                                        TEXT("plant_status", "quoted"), REAL("plant_value", one),
                                        REAL("plant_input_value", one)}});
    sim_result_axis(
        r, &(struct sim_axis){.name = "group",
                              .long_name = "group",
                              .n = 1,
                              .label = TEXTS("g"),
                              .n_coord = 3,
                              .coord = {TEXT("group_country", "JP"), TEXT("group_tier", "vehicle"),
                                        TEXT("group_product", "car")}});
    sim_result_axis(
        r, &(struct sim_axis){.name = "market",
                              .long_name = "market",
                              .n = 1,
                              .label = TEXTS("m"),
                              .n_coord = 5,
                              .coord = {TEXT("market_site", "m"), TEXT("market_product", "car"),
                                        TEXT("market_use", "civil"), TEXT("market_country", "JP"),
                                        REAL("market_value", one)}});
}

static double *column(struct sim_result *r, const char *name, const char *rest)
{
    char shape[64];
    int i;

    snprintf(shape, sizeof shape, "scenario run %s", rest);
    i = sim_result_column(r, name, shape, SIM_F64, SIM_KEEP, "1", name);
    return r->column[i].data;
}

/* Loss of base: luck; of some: 5 more, and a little of its own; of rare: 1,000 more in run 3.
 * Weekly output 100 with holidays in week 10 of the year, `high` (t) times as much in week t. */
static void fill(struct sim_result *r, size_t n_week, double (*high)(size_t week))
{
    static const char *const plain[] = {"missed",    "started",      "stop_first",
                                        "stop_days", "stop_longest", "stop_longest_first"};
    double *demand, *served, *lost, *made;

    *r = (struct sim_result){0};
    axes(r, n_week);
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        (void)column(r, plain[i], "plant");
    demand = column(r, "demand", "market");
    served = column(r, "served", "market");
    lost = column(r, "lost", "market");
    (void)column(r, "backlog", "market");
    (void)column(r, "served_at_once", "market");
    made = column(r, "group_made", "group week");
    for (size_t i = 0; i < SCENARIO * RUN; i++) {
        size_t run = i % RUN, s = i / RUN;

        demand[i] = 1e6;
        lost[i] = 100.0 + 50.0 * sample_u(run);
        lost[i] += s == SOME ? 5.0 + sample_u(1000 + run) : s == RARE && run == 3 ? 1000.0 : 0.0;
        served[i] = demand[i] - lost[i];
        for (size_t t = 0; t < n_week; t++)
            made[i * n_week + t] = (t % 52 == 10 ? 20.0 : 100.0) * (high ? high(t) : 1.0) +
                                   10.0 * sample_u(777 + 1000 * i + t);
    }
}

static void compare(struct ana_compare *c, const struct sim_result *r)
{
    struct sim_err err = SIM_ERR_INIT;

    if (ana_compare(c, r, &(struct ana_compare_options){.country = "JP"}, &err) != 0)
        fail_msg("%s", err.text);
}

static char *shown(const struct ana_compare *c)
{
    const struct ana_show_options o = {.file = "f.h5", .top = 10, .width = 200};
    char *text;
    size_t n;
    FILE *to = open_memstream(&text, &n);

    assert_int_equal(ana_show(to, c, &o, NULL), 0);
    fclose(to);
    return text;
}

static void assert_says(const struct ana_compare *c, const char *what, int does)
{
    char *text = shown(c);

    if ((strstr(text, what) != NULL) != does)
        fail_msg("%s: %s\n%s", does ? "does not say" : "says", what, text);
    free(text);
}

static void done(struct ana_compare *c, struct sim_result *r)
{
    ana_compare_free(c);
    sim_result_free(r);
}

/* ---- losses ---- */

static void test_compare__skewed_effects_are_bootstrapped(void **state)
{
    struct sim_result r;
    struct ana_compare c;
    double d[RUN] = {0.0};
    struct ana_interval want;
    const struct ana_effect *e;

    (void)state;
    fill(&r, 20, NULL);
    compare(&c, &r);
    e = &c.versus[1].focus.loss_usd;
    d[3] = 1000.0;
    assert_int_equal(ana_stats_bootstrap(d, RUN, 0.975, &want), 1);
    assert_true(fabs(e->diff.at - 40.0) < 1e-9 && fabs(e->diff.lo - want.lo) < 1e-6);
    assert_true(e->diff.hi == INFINITY && fabs(e->skew - 5.0) < 1e-9);
    assert_says(&c, "to open ~), very skewed: median 0,", 1);
    assert_says(&c, "by bootstrap-t", 1);
    done(&c, &r);
}

/* var(some) + var(base) over var(u): luck is 50 u, so about 2 x 2500. */
static void test_compare__the_gain_of_pairing_is_told(void **state)
{
    struct sim_result r;
    struct ana_compare c;

    (void)state;
    fill(&r, 20, NULL);
    compare(&c, &r);
    assert_true(c.versus[0].focus.loss_usd.gain > 2000.0);
    assert_true(c.versus[1].focus.loss_usd.gain > 0.9 && c.versus[1].focus.loss_usd.gain < 1.1);
    assert_true(isnan(c.alone.focus.loss_usd.gain));
    assert_says(&c, "Common random numbers divide the variance", 1);
    done(&c, &r);
}

static void test_compare__losses_by_run_and_whose_is_least(void **state)
{
    struct sim_result r;
    struct ana_compare c;

    (void)state;
    fill(&r, 20, NULL);
    compare(&c, &r);
    for (size_t run = 0; run < RUN; run++)
        for (size_t s = 1; s < SCENARIO; s++)
            assert_true(c.versus[s - 1].loss[run] ==
                        ana_compare_loss(&r, s, run, "JP") - ana_compare_loss(&r, 0, run, "all"));
    assert_true(ana_compare_loss(&r, 0, 0, "US") == 0.0);
    assert_int_equal(c.ranked, 1);
    /* 5 to 6 against 40 +- 40: not told apart */
    assert_true(c.versus[0].can_least && c.versus[1].can_least);
    assert_true(c.versus[0].can_most && c.versus[1].can_most);
    assert_says(&c, "it is least in some or rare, largest in some or rare; 25 runs do not tell", 1);
    done(&c, &r);
    fill(&r, 20, NULL);
    ((double *)sim_result_find(&r, "lost")->data)[RARE * RUN + 3] -= 1000.0;
    compare(&c, &r);
    assert_true(!c.versus[0].can_least && c.versus[1].can_least);
    assert_true(c.versus[0].can_most && !c.versus[1].can_most);
    assert_says(&c, "it is least in rare, largest in some.", 1);
    assert_says(&c, "in any run: 0 of 25 seen, at most 12 % of runs (3/25)", 1);
    done(&c, &r);
}

/* What was not seen in the pairs that are left is known as badly as those are few. */
static void test_compare__runs_that_failed_are_not_seen(void **state)
{
    struct sim_result r;
    struct ana_compare c;
    int8_t *status;

    (void)state;
    fill(&r, 20, NULL);
    status = r.column[sim_result_column(&r, "run_status", "scenario run", SIM_I8, SIM_KEEP, "1",
                                        "run_status")]
                 .data;
    for (size_t i = 0; i < SCENARIO * RUN; i++)
        status[i] = i / RUN == SOME && i % RUN < 4 ? SIM_FAILED : SIM_DONE;
    compare(&c, &r);
    assert_says(&c, "some: 4 of 25 runs failed or are missing here or in the baseline; 21 pairs",
                1);
    assert_says(&c, "What was seen in 0 of 21 runs happens in at most 14 % of them (3/21)", 1);
    done(&c, &r);
}

/* ---- warm-up ---- */

static double high_at_first(size_t week)
{
    return week < 15 ? 1.5 : 1.0;
}

static double falls_for_ever(size_t week)
{
    return 1.0 + 3.0 * exp(-(double)week / 60.0);
}

static void test_compare_warm__seasons_are_no_warm_up(void **state)
{
    struct sim_result r;
    struct ana_compare c;

    (void)state;
    fill(&r, 110, NULL);
    compare(&c, &r);
    assert_int_equal(c.alone.n_warm, 1);
    assert_int_equal(c.alone.warm[0].n_week, 55);
    assert_int_equal(c.alone.warm[0].drifts, 0);
    assert_says(&c, "has not settled", 0);
    done(&c, &r);
}

/* Weeks 0 to 14 make 50 more than a year later, 10 in the holidays. */
static void test_compare_warm__finds_output_that_begins_high(void **state)
{
    struct sim_result r;
    struct ana_compare c;
    const struct ana_warm_stage *t;

    (void)state;
    fill(&r, 110, high_at_first);
    compare(&c, &r);
    t = &c.alone.warm[0];
    assert_string_equal(t->tier, "vehicle");
    /* 46 of 103 when the first 15 weeks go, 35 of 103 when 20 do */
    assert_true(t->cut == 15 || t->cut == 20);
    assert_true(t->drifts && t->diff.lo > 0.3 && t->diff.hi < 0.5 && t->diff.lo < t->diff.hi);
    assert_says(&c, "against a year later: vehicle in its first ", 1);
    assert_says(&c, "run too short", 0);
    done(&c, &r);
}

static void test_compare_warm__says_when_the_run_is_too_short(void **state)
{
    struct sim_result r;
    struct ana_compare c;

    (void)state;
    fill(&r, 110, falls_for_ever);
    compare(&c, &r);
    assert_says(&c, "run too short to see where it settles", 1);
    done(&c, &r);
    fill(&r, 101, falls_for_ever);
    compare(&c, &r);
    assert_int_equal(c.alone.n_warm, 0);
    done(&c, &r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_compare__skewed_effects_are_bootstrapped),
        cmocka_unit_test(test_compare__the_gain_of_pairing_is_told),
        cmocka_unit_test(test_compare__losses_by_run_and_whose_is_least),
        cmocka_unit_test(test_compare__runs_that_failed_are_not_seen),
        cmocka_unit_test(test_compare_warm__seasons_are_no_warm_up),
        cmocka_unit_test(test_compare_warm__finds_output_that_begins_high),
        cmocka_unit_test(test_compare_warm__says_when_the_run_is_too_short),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
