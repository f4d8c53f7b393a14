#include "analysis/report.h"

#include "analysis/sweep.h"
#include "sim/batch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The page of a sweep, by hand: words and numbers as factors, a lever, runs that failed. */

enum { SIDE = 4, RUNS = 2 };

static const char *const words[] = {"deny", "</script><b>", "wait", "licence"},
                         *const numbers[] = {"10", "20", "30", "40"}, *const lever[] = {"1", "2"};

struct swept {
    struct ana_design d;
    struct sim_result r;
};

/* A grid of word x number, each with two points of the lever. y = 100 place of the word + number,
 * + 1000 with the second lever, + run; it is not done at word 2, number 20. `flat`: 5. */
static double y_of(const struct ana_design *d, size_t p)
{
    return 100 * ana_design_x(d, p, 0) + ana_design_x(d, p, 1) +
           (ana_design_x(d, p, 2) == 2 ? 1000 : 0);
}

static void add_axes(struct sim_result *r, size_t points)
{
    static const char *const scenario[] = {"plain", "cut"}, *const id[] = {"word", "number", "n"};
    double run[RUNS] = {0, 1}, *point = calloc(points, sizeof *point);

    sim_result_axis(r, &(struct sim_axis){
                           .name = "scenario", .long_name = "scenario", .n = 2, .label = scenario});
    sim_result_axis(
        r, &(struct sim_axis){
               .name = "point", .long_name = "point", .units = "1", .n = points, .value = point});
    sim_result_axis(r,
                    &(struct sim_axis){
                        .name = "run", .long_name = "run", .units = "1", .n = RUNS, .value = run});
    sim_result_axis(
        r, &(struct sim_axis){.name = "factor", .long_name = "factor", .n = 3, .label = id});
    free(point);
}

static void set_up(struct swept *s)
{
    const struct ana_factor f[] = {{.id = "word", .n_value = SIDE, .value = words},
                                   {.id = "number", .n_value = SIDE, .value = numbers},
                                   {.id = "n", .kind = ANA_LEVER, .n_value = 2, .value = lever}};
    const struct ana_part part[ANA_KINDS] = {{.method = ANA_GRID}, {.method = ANA_GRID}};
    struct sim_err err = SIM_ERR_INIT;
    size_t n, skip = 2 * (2 * SIDE + 1);
    int y, flat, status;

    *s = (struct swept){0};
    assert_int_equal(ana_design_make(&s->d, f, 3, part, 1, &err), 0);
    n = s->d.n_point;
    add_axes(&s->r, n);
    sim_result_attr(&s->r, "title", "By hand");
    status =
        sim_result_column(&s->r, "run_status", "scenario point run", SIM_I8, SIM_KEEP, "1", "");
    y = sim_result_column(&s->r, "y", "scenario point run", SIM_F64, SIM_KEEP, "USD", "y");
    flat = sim_result_column(&s->r, "flat", "scenario point run", SIM_F64, SIM_KEEP, "1", "flat");
    for (size_t i = 0; i < 2 * n * RUNS; i++) {
        size_t p = i / RUNS % n;

        ((int8_t *)s->r.column[status].data)[i] =
            p == skip || p == skip + 1 ? SIM_FAILED : SIM_DONE;
        ((double *)s->r.column[y].data)[i] =
            (i < n * RUNS ? 0.5 : 1.0) * y_of(&s->d, p) + (double)(i % RUNS);
        ((double *)s->r.column[flat].data)[i] = 5;
    }
}

static void tear_down(struct swept *s)
{
    ana_design_free(&s->d);
    sim_result_free(&s->r);
}

static char *page_of(const struct swept *s, const char *script, const struct ana_outcome_plan *plan)
{
    struct ana_text to = {0};
    struct sim_err err = SIM_ERR_INIT;
    struct ana_report_sweep sweep = {.r = &s->r, .d = &s->d, .seed = 1};
    const struct ana_report_options o = {
        .file = "s.h5", .version = "1", .style = "", .script = script};

    sweep.plan = (struct ana_outcome_plan){
        .good = -1, .threshold = NAN, .density = 0.8, .mass = 0.05, .level = 0.95};
    if (plan)
        sweep.plan = *plan;
    assert_int_equal(ana_report_of_sweep(&to, &sweep, &o, &err), 0);
    ana_text_put(&to, "", 1);
    return to.s;
}

static void has(const char *page, const char *text)
{
    if (strstr(page, text) == NULL)
        fail_msg("the page does not say: %s", text);
}

/* Where the lever is 1: word 0 has 10 .. 40 + 0.5 (the mean of its runs), so 25.5; word 2 has 200 +
 * 10, 30, 40, so 227.2 of three. Over both: all of a lever, of 15 points. */
static void test_sweep__means_by_factor(void **state)
{
    struct swept s;
    char *page;

    (void)state;
    set_up(&s);
    page = page_of(&s, "run();", NULL);
    has(page, "\"trend\":[[[25.5,125.5,227.2,325.5],[13.5,113.5,214.5,313.5],"
              "[37.5,137.5,238.5,337.5],[4,4,3,4]],[[160.5,153.8,180.5,190.5],");
    has(page, "\"label\":[\"deny\",\"\\u003c/script\\u003e\\u003cb\\u003e\",\"wait\",\"licence\"]");
    assert_null(strstr(page, "<b>"));
    has(page, "{\"x\":0,\"y\":1,\"mean\":[10.5,110.5,210.5,310.5,20.5,120.5,null,320.5,30.5,");
    has(page, "\"n\":[1,1,1,1,1,1,0,1,1,1,1,1,1,1,1,1]");
    has(page, "\"lever\":\"n = 1\"");
    free(page);
    tear_down(&s);
}

/* More levers than one: 1 is better by 1000 everywhere. */
static void test_sweep__what_is_robust(void **state)
{
    const struct ana_outcome_plan plan = {.output = "y",
                                          .good = ANA_LESS_IS_GOOD,
                                          .threshold = 300,
                                          .density = 0.8,
                                          .mass = 0.05,
                                          .level = 0.95};
    struct swept s;
    char *page;

    (void)state;
    set_up(&s);
    page = page_of(&s, "run();", &plan);
    has(page,
        "Of 2 points of levers n = 1 is the most robust: at 15 points of the uncertainties it "
        "is never more than 0 USD worse than the best, and best (or as good) at 100 %; n = 2, "
        "the next, is up to 1000 worse. It is at most 300 at 73 % of points with n = 1");
    has(page, "y in cut is above 300 at 19 of 30 points.");
    assert_null(strstr(page, "\"good\":\"more\""));
    /* the threshold was meant for y, and not for the difference to the base, of which the four
     * largest are 655, 660, 665 and 670: h = 29 x 0.9 = 26.1 */
    has(page, "y in cut, less plain is above 656 (the 90 % quantile)");
    free(page);
    tear_down(&s);
}

static void test_sweep__all_outputs_and_one_that_is_flat(void **state)
{
    struct swept s;
    char *page;
    size_t n = 0;

    (void)state;
    set_up(&s);
    page = page_of(&s, "run();", NULL);
    for (const char *at = page; (at = strstr(at, "\"what\":")) != NULL; at++)
        n++;
    assert_int_equal(n, 6); /* y and flat, in two scenarios, and their differences */
    has(page, "flat in cut is 5 at all points: nothing decides it.");
    has(page, "16 points (grid), each with 2 points (grid) of levers: 32 points in 2 scenarios "
              "(plain .. cut), 2 runs of each at most. 120 runs are done, 8 failed, 0 are "
              "missing.");
    free(page);
    tear_down(&s);
}

static void test_sweep__without_a_script_tables(void **state)
{
    struct swept s;
    char *page;

    (void)state;
    set_up(&s);
    page = page_of(&s, NULL, NULL);
    has(page, "<td>deny</td><td class=\"number\">25.5</td>");
    has(page, "<td>&lt;/script&gt;&lt;b&gt;</td><td class=\"number\">125.5</td>");
    has(page, "Without a script this page shows one output");
    has(page, "<td>n</td><td>lever</td><td></td><td>1, 2</td>");
    has(page, "<td>n = 1</td><td class=\"number\">0</td>");
    assert_null(strstr(page, "<script"));
    free(page);
    tear_down(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sweep__means_by_factor),
        cmocka_unit_test(test_sweep__what_is_robust),
        cmocka_unit_test(test_sweep__all_outputs_and_one_that_is_flat),
        cmocka_unit_test(test_sweep__without_a_script_tables),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
