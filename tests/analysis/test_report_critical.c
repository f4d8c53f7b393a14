#include "analysis/report.h"

#include "analysis/critical.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The page of what was taken out one after the other. */

#define EVIL "</script><img src=x onerror=alert(1)>"

enum { N = 4 };

/* Four sites: the second does most harm, the third none, the fourth less than nothing. In run i the
 * loss is that of the site + i. */
static void fill(struct sim_result *r, size_t runs)
{
    static const char *const scenario[] = {"baseline"}, *const id[N] = {"a", "b", "c", "d"},
                             *const name[N] = {"Alpha", EVIL, "Gamma", "Delta"},
                             *const country[N] = {"JP", "CN", "JP", "US"},
                             *const tier[N] = {"magnet", "mine", "mine", "alloy"};
    static const double loss[N] = {1000, 2.5e6, 0, -7}, net[N] = {5, 6e6, 0, -1},
                        survive[N] = {31, 12, NAN, NAN}, stop[N] = {NAN, 20, NAN, NAN},
                        recover[N] = {40, NAN, 0, 0};
    const double *const x[] = {loss, net, survive, stop, recover};
    double *run = calloc(runs, sizeof *run);

    for (size_t i = 0; i < runs; i++)
        run[i] = (double)i;
    sim_result_axis(r, &(struct sim_axis){
                           .name = "scenario", .long_name = "scenario", .n = 1, .label = scenario});
    sim_result_axis(r, &(struct sim_axis){.name = "run",
                                          .long_name = "number of the run",
                                          .units = "1",
                                          .n = runs,
                                          .value = run});
    sim_result_axis(
        r, &(struct sim_axis){
               .name = "target",
               .long_name = "what is taken out",
               .n = N,
               .label = id,
               .n_coord = 3,
               .coord = {{.name = "target_name", .long_name = "name", .label = name},
                         {.name = "target_country", .long_name = "country", .label = country},
                         {.name = "target_tier", .long_name = "stage", .label = tier}}});
    sim_result_attr(r, "title", "As it was");
    sim_result_attr(r, "critical_what", "site");
    sim_result_attr(r, "critical_from", "2026-01-05");
    sim_result_attr(r, "critical_days", "60");
    sim_result_attr(r, "set", "retry_d=60");
    for (size_t k = 0; k < ana_critical_n_columns; k++) {
        int at = sim_result_column(r, ana_critical_columns[k], "scenario run target", SIM_F64,
                                   SIM_KEEP, "1", "x");
        double *to = r->column[at].data;

        for (size_t i = 0; i < runs * N; i++)
            to[i] = x[k][i % N] + (k == 0 && i % N < 2 ? (double)(i / N) : 0.0);
    }
    free(run);
}

static char *page_of(const struct sim_result *r, const char *script)
{
    struct ana_text to = {0};
    struct sim_err err = SIM_ERR_INIT;
    const struct ana_report_options o = {.file = "c.h5",
                                         .version = "1",
                                         .style = "",
                                         .script = script,
                                         .critical = r,
                                         .critical_file = "c.h5"};

    assert_int_equal(ana_report(&to, NULL, &o, &err), 0);
    ana_text_put(&to, "", 1);
    return to.s;
}

static void has(const char *page, const char *text)
{
    if (strstr(page, text) == NULL)
        fail_msg("the page does not say: %s", text);
}

static void test_critical__numbers_and_words(void **state)
{
    struct sim_result r = {0};
    char *page;

    (void)state;
    fill(&r, 3);
    page = page_of(&r, "run();");
    has(page, "one site after the other makes nothing");
    has(page, "for 60 days from 2026-01-05");
    has(page, "3 of 4 make a difference; means and medians of 3 runs.");
    has(page, "Run with retry_d = 60 (--set); titles and files do not say so.");
    has(page, "No intervals: 3 runs");
    /* the mean of 2.5e6 + 0, 1, 2; the second comes first */
    has(page, "\"CN\",\"mine\",\"\"],\"loss\":[2.5e6,null,null],\"net\":[6e6,null,null],"
              "\"days\":[12,20,null],\"open\":1},{\"text\":[\"a\",\"Alpha\",\"JP\",\"magnet\",\"\"]"
              ",\"loss\":[1001,null,null],\"net\":[5,null,null],\"days\":[31,null,40],\"open\":0}");
    assert_null(strstr(page, "Gamma")); /* it makes none */
    has(page, "[\"d\",\"Delta\",\"US\",\"alloy\",\"\"],\"loss\":[-7,");
    assert_null(strstr(page, "<img"));
    has(page, "\\u003c/script\\u003e\\u003cimg src=x onerror=alert(1)\\u003e");
    assert_null(strstr(page, "id=\"data-page\"")); /* nothing is compared */
    free(page);
    sim_result_free(&r);
}

static void test_critical__intervals_from_twenty_runs(void **state)
{
    struct sim_result r = {0};
    struct ana_interval want;
    double x[20];
    char *page, text[200];

    (void)state;
    fill(&r, 20);
    for (size_t i = 0; i < 20; i++)
        x[i] = 1000.0 + (double)i;
    ana_stats_interval(x, 20, 0.95, &want);
    snprintf(text, sizeof text, "\"loss\":[%.4g,%.4g,%.4g]", want.at, want.lo, want.hi);
    page = page_of(&r, "run();");
    has(page, text);
    assert_null(strstr(page, "No intervals"));
    free(page);
    sim_result_free(&r);
}

static void test_critical__without_a_script_a_table(void **state)
{
    struct sim_result r = {0};
    char *page;

    (void)state;
    fill(&r, 3);
    page = page_of(&r, NULL);
    has(page, "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;");
    has(page, "<td>Alpha</td><td>JP</td><td>magnet</td>");
    has(page, "<td>not by the end</td>");
    has(page, "No intervals: 3 runs");
    assert_null(strstr(page, "<script"));
    free(page);
    sim_result_free(&r);
}

static void test_critical__a_column_that_is_not_there(void **state)
{
    struct sim_result r = {0};
    struct ana_text to = {0};
    struct sim_err err = SIM_ERR_INIT;

    (void)state;
    fill(&r, 3);
    r.n_column--;
    assert_int_equal(ana_report(&to, NULL,
                                &(struct ana_report_options){
                                    .file = "c.h5", .version = "1", .style = "", .critical = &r},
                                &err),
                     SIM_ERUN);
    assert_non_null(strstr(err.text, "the file has no column recover_d by target"));
    assert_int_equal(to.n, 0);
    sim_err_free(&err);
    ana_text_free(&to);
    sim_result_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_critical__numbers_and_words),
        cmocka_unit_test(test_critical__intervals_from_twenty_runs),
        cmocka_unit_test(test_critical__without_a_script_a_table),
        cmocka_unit_test(test_critical__a_column_that_is_not_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
