#include "analysis/export.h"
#include "tests/analysis/sample.h"

#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

static void put_sample(struct sample_place *p)
{
    struct sim_result r = {0};

    sample_fill(&r);
    assert_int_equal(ana_export_csv(&r, p->dir, &p->err), 0);
    sim_result_free(&r);
}

static char *table(const struct sample_place *p, const char *name)
{
    char path[512];
    size_t n;
    char *text;

    snprintf(path, sizeof path, "%s/%s", p->dir, name);
    text = sample_bytes(path, &n);
    if (!text)
        fail_msg("no table %s", name);
    return text;
}

static void table_is(const struct sample_place *p, const char *name, const char *want)
{
    char *text = table(p, name);

    assert_string_equal(text, want);
    free(text);
}

/* Line `n` (0 is the header) of a table whose cells hold no line ends. */
static void line_is(const struct sample_place *p, const char *name, int n, const char *want)
{
    char *text = table(p, name), *line = text;

    for (; n > 0; n--)
        line = strchr(line, '\n') + 1;
    *strchr(line, '\n') = '\0';
    assert_string_equal(line, want);
    free(text);
}

static void test_export_csv__one_table_for_each_set_of_axes(void **state)
{
    static const char *const names[] = {"about.csv",
                                        "columns.csv",
                                        "axis_scenario.csv",
                                        "axis_run.csv",
                                        "axis_week.csv",
                                        "axis_site.csv",
                                        "axis_rule.csv",
                                        "data_single.csv",
                                        "data_scenario-run.csv",
                                        "data_scenario-run-site.csv",
                                        "data_scenario-run-week-site.csv",
                                        "data_scenario-rule.csv"};
    struct sample_place *p = *state;
    size_t i;

    put_sample(p);
    for (i = 0; i < sizeof names / sizeof *names; i++)
        free(table(p, names[i]));
    assert_int_equal(sample_count(p->dir), sizeof names / sizeof *names);
    line_is(p, "data_scenario-run-site.csv", 0, "scenario,run,site,lost,first_stop");
    line_is(p, "data_scenario-run-week-site.csv", 0,
            "scenario,run,week,site,starts,series,cover_d");
    table_is(p, "data_scenario-rule.csv", "scenario,rule,blocked\n");
    table_is(p, "axis_rule.csv", "rule\n");
    line_is(p, "columns.csv", 0, "name,file,units,meaning,type,flags");
    line_is(p, "columns.csv", 1,
            "run_status,data_scenario-run.csv,1,a column of the sample,i8,missing done failed");
}

static void test_export_csv__flags_are_words_and_dates_are_dates(void **state)
{
    struct sample_place *p = *state;

    put_sample(p);
    line_is(p, "data_scenario-run.csv", 1, "baseline,0,missing");
    line_is(p, "data_scenario-run.csv", 2, "baseline,1,done");
    line_is(p, "data_scenario-run.csv", 3, "baseline,2,failed");
    line_is(p, "data_scenario-run.csv", 26, "japan-2026-military,0,done");
    line_is(p, "axis_week.csv", 0, "week");
    line_is(p, "axis_week.csv", 1, "2026-01-06");
    line_is(p, "axis_week.csv", 30, "2026-07-28");
}

static void test_export_csv__quotes_and_disarms_text(void **state)
{
    struct sample_place *p = *state;

    put_sample(p);
    table_is(p, "axis_site.csv",
             "site,country,x,week,since\n"
             "'=1+1,CN,0,0,2026-01-06\n"
             "\xe6\x9d\xb1\xe4\xba\xac \xf0\x9f\xa7\xb2,JP,0.1,0.1,2026-01-06T02:24:00\n"
             "\"say \"\"so\"\", then\nstop\",DE,,,\n"
             ",,0.30000000000000004,0.30000000000000004,2026-01-06T07:12:00\n"
             "'@x,US,0.4,0.4,2026-01-06T09:36:00\n"
             "caf\xc3\xa9 <&>,FR,0.5,0.5,2026-01-06T12:00:00\n"
             "'\ttab,'-,0.6000000000000001,0.6000000000000001,2026-01-06T14:24:00\n");
    table_is(p, "about.csv",
             "name,value\ntitle,\"S\xc3\xa4mple, \"\"quoted\"\"\"\nstart,2026-01-06\nnothing,\n");
}

/* One text per case, alone on an axis, and the cell it must become. */
static void test_export_csv__cells_of_text(void **state)
{
    static const char *const text[] = {"+1",   "-1",  "\rx", "a=b", "'x", "a,b",
                                       "=a,b", "x\r", "\"",  "=\"", " =x"};
    static const char *const cell[] = {"'+1",      "'-1",        "\"'\rx\"",  "a=b",
                                       "'x",       "\"a,b\"",    "\"'=a,b\"", "\"x\r\"",
                                       "\"\"\"\"", "\"'=\"\"\"", " =x"};
    struct sample_place *p = *state;
    char want[64];
    size_t i;

    for (i = 0; i < sizeof text / sizeof *text; i++) {
        struct sim_result r = {0};

        sim_result_axis(&r, &(struct sim_axis){.name = "a", .n = 1, .label = &text[i]});
        assert_int_equal(ana_export_csv(&r, p->dir, &p->err), 0);
        snprintf(want, sizeof want, "a\n%s\n", cell[i]);
        table_is(p, "axis_a.csv", want);
        sim_result_free(&r);
    }
}

/* Shortest digits that read back to the same bits: whole columns of odd numbers. */
static void test_export_csv__numbers_read_back(void **state)
{
    static const double odd[] = {0.0,
                                 -0.0,
                                 0.1,
                                 1e15,
                                 1e16,
                                 123456789012345678.0,
                                 5e-324,
                                 1e308,
                                 -2.5,
                                 1.0 / 3,
                                 4503599627370497.5,
                                 1e-7,
                                 100.0};
    enum { N = 400, ODD = sizeof odd / sizeof *odd };
    struct sample_place *p = *state;
    struct sim_result r = {0};
    double i[N], *f64;
    float *f32;
    int64_t *i64;
    char *text, *at, *end;
    size_t k;

    for (k = 0; k < N; k++)
        i[k] = (double)k;
    sim_result_axis(&r, &(struct sim_axis){.name = "i", .n = N, .value = i});
    sim_result_column(&r, "f64", "i", SIM_F64, SIM_KEEP, "1", "");
    sim_result_column(&r, "f32", "i", SIM_F32, SIM_KEEP, "1", "");
    sim_result_column(&r, "i64", "i", SIM_I64, SIM_KEEP, "1", "");
    f64 = r.column[0].data;
    f32 = r.column[1].data;
    i64 = r.column[2].data;
    for (k = 0; k < N; k++) {
        f64[k] = k < ODD ? odd[k] : ldexp(sample_u(k) - 0.5, (int)(k % 200) - 100);
        f32[k] = (float)f64[k];
        i64[k] = k == 0   ? INT64_MIN
                 : k == 1 ? INT64_MAX
                 : k == 2 ? 7
                          : (int64_t)(9e18 * (sample_u(k) - 0.5));
    }
    assert_int_equal(ana_export_csv(&r, p->dir, &p->err), 0);
    text = table(p, "data_i.csv");
    at = strchr(text, '\n') + 1;
    for (k = 0; k < N; k++) {
        double d = strtod(strchr(at, ',') + 1, &end);
        float f = strtof(end + 1, &end);
        int64_t n = strtoll(end + 1, &end, 10);

        assert_memory_equal(&d, &f64[k], sizeof d);
        assert_memory_equal(&f, &f32[k], sizeof f);
        assert_true(n == i64[k]);
        assert_int_equal(*end, '\n');
        at = end + 1;
    }
    assert_int_equal(*at, '\0');
    free(text);
    line_is(p, "data_i.csv", 3, "2,0.1,0.1,7");
    sim_result_free(&r);
}

static void test_export_csv__what_is_not_a_number(void **state)
{
    static const char *const label[] = {"a", "b", "c"};
    const double x[] = {NAN, INFINITY, -INFINITY};
    struct sample_place *p = *state;
    struct sim_result r = {0};

    sim_result_axis(&r, &(struct sim_axis){.name = "l", .n = 3, .label = label});
    sim_result_column(&r, "x", "l", SIM_F64, SIM_KEEP, "days since 2026-01-06", "");
    memcpy(r.column[0].data, x, sizeof x);
    assert_int_equal(ana_export_csv(&r, p->dir, &p->err), 0);
    table_is(p, "data_l.csv", "l,x\na,\nb,inf\nc,-inf\n");
    sim_result_free(&r);
}

static void test_export_csv__dates_at_the_edges(void **state)
{
    const double x[] = {-1.0, 51.99999999, 53.5, 355000.0, -50000.0};
    struct sample_place *p = *state;
    struct sim_result r = {0};

    sim_result_axis(
        &r, &(struct sim_axis){
                .name = "t", .units = "days since 2024-01-08 00:00:00", .n = 5, .value = x});
    assert_int_equal(ana_export_csv(&r, p->dir, &p->err), 0);
    table_is(p, "axis_t.csv",
             "t\n2024-01-07\n2024-02-29\n2024-03-01T12:00:00\n2995-12-23\n-50000\n");
    sim_result_free(&r);
}

static void test_export_csv__same_bytes_again_and_others_stay(void **state)
{
    struct sample_place *p = *state;
    char other[300], *a, *b;
    size_t n_a, n_b;

    snprintf(other, sizeof other, "%s/notes.txt", p->dir);
    sample_put(other, "mine", 4);
    put_sample(p);
    a = table(p, "data_scenario-run-week-site.csv");
    n_a = strlen(a);
    put_sample(p);
    b = table(p, "data_scenario-run-week-site.csv");
    n_b = strlen(b);
    assert_int_equal(n_a, n_b);
    assert_memory_equal(a, b, n_a);
    free(a);
    free(b);
    a = sample_bytes(other, &n_a);
    assert_string_equal(a, "mine");
    free(a);
}

static void test_export_csv__makes_the_folder_or_says_why_not(void **state)
{
    struct sample_place *p = *state;
    struct sim_result r = {0};
    char path[400];

    sample_fill(&r);
    snprintf(path, sizeof path, "%s/new", p->dir);
    assert_int_equal(ana_export_csv(&r, path, &p->err), 0);
    snprintf(path, sizeof path, "%s/none/new", p->dir);
    assert_int_equal(ana_export_csv(&r, path, &p->err), SIM_EIO);
    assert_non_null(strstr(p->err.text, strerror(ENOENT)));
    sim_err_free(&p->err);
    snprintf(path, sizeof path, "%s/file", p->dir);
    sample_put(path, "x", 1);
    assert_int_equal(ana_export_csv(&r, path, &p->err), SIM_EIO);
    assert_non_null(strstr(p->err.text, "a file of that name is there"));
    sim_result_free(&r);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)
    const struct CMUnitTest tests[] = {
        T(test_export_csv__one_table_for_each_set_of_axes),
        T(test_export_csv__flags_are_words_and_dates_are_dates),
        T(test_export_csv__quotes_and_disarms_text),
        T(test_export_csv__cells_of_text),
        T(test_export_csv__numbers_read_back),
        T(test_export_csv__what_is_not_a_number),
        T(test_export_csv__dates_at_the_edges),
        T(test_export_csv__same_bytes_again_and_others_stay),
        T(test_export_csv__makes_the_folder_or_says_why_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
