#include "analysis/reduce.h"
#include "analysis/store.h"
#include "sim/batch.h"
#include "tests/analysis/sample.h"
#include "tests/dies.h"

#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

static const double band_p[ANA_BAND_N] = {NAN, 0.05, 0.25, 0.5, 0.75, 0.95};

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Statistic k over runs of cell `cell` of scenario s, written down plainly. */
static double plain(const struct sim_result *r, const struct sim_column *c, size_t s, size_t cell,
                    int k)
{
    const struct sim_column *status = sim_result_find(r, "run_status");
    size_t n_run = r->axis[sim_result_find_axis(r, "run")].n;
    size_t slot = sim_column_slot(r, c), run, n = 0, i;
    double x[SAMPLE_RUN], sum = 0.0, h;

    for (run = 0; run < n_run; run++) {
        double v = sim_column_at(c, (s * n_run + run) * slot + cell);

        if (isnan(v) || (status && sim_column_at(status, s * n_run + run) != SIM_DONE))
            continue;
        sum += v;
        x[n++] = v;
    }
    if (n == 0)
        return NAN;
    if (k == ANA_BAND_MEAN)
        return sum / (double)n;
    qsort(x, n, sizeof *x, ascending);
    h = (double)(n - 1) * band_p[k];
    i = (size_t)h;
    return i + 1 < n && h > (double)i ? x[i] + (h - (double)i) * (x[i + 1] - x[i]) : x[i];
}

static void same(double is, double want, enum sim_type type)
{
    if (type == SIM_F32)
        want = (double)(float)want;
    if (!(is == want || (isnan(is) && isnan(want))))
        fail_msg("%.17g is not %.17g", is, want);
}

/* Every value of a reduced column against the plain way. Returns how many are not NaN. */
static int check_column(const struct sim_result *was, const struct sim_result *is, const char *name)
{
    const struct sim_column *a = sim_result_find(was, name), *b = sim_result_find(is, name);
    size_t slot = sim_column_slot(was, a), s, cell;
    int band = a->keep == SIM_KEEP_BAND, k, n = 0;

    assert_int_equal(b->type, a->type == SIM_F32 ? SIM_F32 : SIM_F64);
    assert_int_equal(b->keep, SIM_KEEP);
    assert_int_equal(sim_column_n(is, b), was->axis[0].n * slot * (band ? ANA_BAND_N : 1));
    for (s = 0; s < was->axis[0].n; s++)
        for (cell = 0; cell < slot; cell++)
            for (k = 0; k < (band ? ANA_BAND_N : 1); k++) {
                double x = sim_column_at(b, band ? (s * slot + cell) * ANA_BAND_N + (size_t)k
                                                 : s * slot + cell);

                same(x, plain(was, a, s, cell, k), a->type);
                n += !isnan(x);
            }
    return n;
}

static void axes_are(const struct sim_result *r, const char *name, const char *axes)
{
    const struct sim_column *c = sim_result_find(r, name);
    char is[256] = "";
    int i;

    for (i = 0; i < c->n_axis; i++) {
        strcat(is, i ? " " : "");
        strcat(is, r->axis[c->axis[i]].name);
    }
    assert_string_equal(is, axes);
}

static void test_reduce__means_and_bands_are_those_of_the_runs_done(void **state)
{
    struct sim_result was = {0}, is = {0};

    (void)state;
    sample_fill(&was);
    sample_fill(&is);
    sample_column(&was, "whole", "scenario run site", SIM_I64, SIM_KEEP_BAND, "mg");
    sample_column(&is, "whole", "scenario run site", SIM_I64, SIM_KEEP_BAND, "mg");
    sample_column(&was, "flag", "scenario run", SIM_I8, SIM_KEEP_MEAN, "1");
    sample_column(&is, "flag", "scenario run", SIM_I8, SIM_KEEP_MEAN, "1");
    assert_int_equal(ana_reduce(&is, 1, NULL), 0);
    axes_are(&is, "series", "scenario week site");
    axes_are(&is, "cover_d", "scenario week site stat");
    axes_are(&is, "whole", "scenario site stat");
    axes_are(&is, "flag", "scenario");
    assert_true(check_column(&was, &is, "series") > 400);
    assert_true(check_column(&was, &is, "cover_d") > 2400);
    assert_true(check_column(&was, &is, "whole") > 80);
    assert_true(check_column(&was, &is, "flag") == 2);
    sim_result_free(&was);
    sim_result_free(&is);
}

static void test_reduce__what_is_kept_stays_as_it_is(void **state)
{
    static const char *const kept[] = {"run_status", "lost", "starts", "first_stop", "alone"};
    struct sim_result was = {0}, is = {0};
    const struct sim_axis *stat;
    size_t i;

    (void)state;
    sample_fill(&was);
    sample_fill(&is);
    assert_int_equal(ana_reduce(&is, 1, NULL), 0);
    assert_int_equal(is.n_column, was.n_column);
    for (i = 0; i < sizeof kept / sizeof *kept; i++) {
        const struct sim_column *a = sim_result_find(&was, kept[i]);
        const struct sim_column *b = sim_result_find(&is, kept[i]);

        assert_int_equal(a->type, b->type);
        assert_string_equal(a->long_name, b->long_name);
        assert_string_equal(a->meanings ? a->meanings : "", b->meanings ? b->meanings : "");
        assert_int_equal(sim_column_n(&was, a), sim_column_n(&is, b));
        assert_memory_equal(a->data, b->data, sim_column_n(&was, a) * sim_type_size(a->type));
    }
    assert_string_equal(sim_result_find_attr(&is, "title"), was.attr[0].text);
    assert_string_equal(sim_result_find_input(&is, "sites.csv"), was.input[0].text);
    assert_int_equal(is.n_axis, was.n_axis + 1);
    stat = &is.axis[sim_result_find_axis(&is, "stat")];
    assert_int_equal(stat->n, ANA_BAND_N);
    assert_string_equal(stat->label[ANA_BAND_MEAN], "mean");
    assert_string_equal(stat->label[ANA_BAND_P05], "p05");
    assert_string_equal(stat->label[ANA_BAND_P95], "p95");
    assert_non_null(strstr(sim_result_find(&is, "series")->long_name, "mean over runs"));
    sim_result_free(&was);
    sim_result_free(&is);
}

static void test_reduce__same_for_any_number_of_threads_and_done_once(void **state)
{
    char one[ANA_DIGEST_MAX], other[ANA_DIGEST_MAX];
    struct sim_result r = {0};
    int threads;

    (void)state;
    sample_fill(&r);
    assert_int_equal(ana_reduce(&r, 1, NULL), 0);
    ana_store_digest(&r, one);
    assert_int_equal(ana_reduce(&r, 1, NULL), 0);
    ana_store_digest(&r, other);
    assert_string_equal(one, other);
    sim_result_free(&r);
    for (threads = 2; threads <= 4; threads++) {
        sample_fill(&r);
        assert_int_equal(ana_reduce(&r, threads, NULL), 0);
        ana_store_digest(&r, other);
        assert_string_equal(one, other);
        sim_result_free(&r);
    }
}

/* Two values, and their band by hand: 10 and 20 in runs 0 and 2; run 1 failed, run 3 has NaN. */
static void test_reduce__by_hand(void **state)
{
    static const char *const scenario[] = {"only"};
    const double run[] = {0, 1, 2, 3};
    const int8_t status[] = {SIM_DONE, SIM_FAILED, SIM_DONE, SIM_DONE};
    const double x[] = {10, 1000, 20, NAN};
    const double want[ANA_BAND_N] = {15, 10.5, 12.5, 15, 17.5, 19.5};
    struct sim_result r = {0};
    int c, k;

    (void)state;
    sim_result_axis(&r, &(struct sim_axis){.name = "scenario", .n = 1, .label = scenario});
    sim_result_axis(&r, &(struct sim_axis){.name = "run", .n = 4, .value = run});
    c = sim_result_column(&r, "run_status", "scenario run", SIM_I8, SIM_KEEP, "1", "");
    memcpy(r.column[c].data, status, sizeof status);
    c = sim_result_column(&r, "x", "scenario run", SIM_F64, SIM_KEEP_BAND, "1", "");
    memcpy(r.column[c].data, x, sizeof x);
    assert_int_equal(ana_reduce(&r, 1, NULL), 0);
    for (k = 0; k < ANA_BAND_N; k++)
        assert_true(fabs(sim_column_at(sim_result_find(&r, "x"), (size_t)k) - want[k]) < 1e-13);
    sim_result_free(&r);
}

static void test_reduce__no_run_done_gives_nan(void **state)
{
    struct sim_result r = {0};
    size_t i;

    (void)state;
    sample_fill(&r);
    memset(r.column[0].data, SIM_MISSING, 2 * SAMPLE_RUN);
    assert_int_equal(ana_reduce(&r, 1, NULL), 0);
    for (i = 0; i < sim_column_n(&r, sim_result_find(&r, "cover_d")); i++)
        assert_true(isnan(sim_column_at(sim_result_find(&r, "cover_d"), i)));
    for (i = 0; i < sim_column_n(&r, sim_result_find(&r, "series")); i++)
        assert_true(isnan(sim_column_at(sim_result_find(&r, "series"), i)));
    sim_result_free(&r);
}

static void test_reduce__without_run_status_all_runs_count(void **state)
{
    struct sim_result was = {0}, is = {0};

    (void)state;
    sample_axes(&was);
    sample_axes(&is);
    sample_column(&was, "x", "scenario run week", SIM_F32, SIM_KEEP_BAND, "1");
    sample_column(&is, "x", "scenario run week", SIM_F32, SIM_KEEP_BAND, "1");
    assert_int_equal(ana_reduce(&is, 1, NULL), 0);
    check_column(&was, &is, "x");
    sim_result_free(&was);
    sim_result_free(&is);
}

static void test_reduce__gives_the_runs_memory_back(void **state)
{
    struct sim_result r = {0};
    double x[200];
    size_t held;
    int i;

    (void)state;
    for (i = 0; i < 200; i++)
        x[i] = i;
    sim_result_axis(&r, &(struct sim_axis){.name = "scenario", .n = 2, .value = x});
    sim_result_axis(&r, &(struct sim_axis){.name = "run", .n = 200, .value = x});
    sim_result_axis(&r, &(struct sim_axis){.name = "day", .n = 200, .value = x});
    sim_result_column(&r, "m", "scenario run day", SIM_F64, SIM_KEEP_MEAN, "1", "");
    sim_result_column(&r, "none", "scenario day", SIM_F64, SIM_KEEP_BAND, "1", "has no run axis");
    held = r.arena.held;
    assert_int_equal(ana_reduce(&r, 1, NULL), 0);
    assert_true(r.arena.held * 4 < held);
    axes_are(&r, "none", "scenario day");
    sim_result_free(&r);
}

static void reduce_wrong_axes(void *ctx)
{
    struct sim_result r = {0};

    sample_axes(&r);
    sample_column(&r, "x", ctx, SIM_F32, SIM_KEEP_MEAN, "1");
    if (ana_reduce(&r, 1, NULL) == 0)
        sim_result_free(&r);
}

static void test_reduce__other_axes_first_are_a_bug(void **state)
{
    char run_first[] = "run scenario week", late[] = "scenario week run", right[] = "scenario run";

    (void)state;
    assert_true(is_bug(reduce_wrong_axes, run_first));
    assert_true(is_bug(reduce_wrong_axes, late));
    assert_int_equal(ends_with(reduce_wrong_axes, right), 0);
}

/* ---- fewer runs ---- */

static void test_keep_runs__takes_the_others_out(void **state)
{
    enum { LESS = 11 };
    struct sim_result all = {0}, r = {0};

    (void)state;
    sample_fill(&all);
    sample_fill(&r);
    ana_keep_runs(&r, SAMPLE_RUN);
    ana_keep_runs(&r, LESS);
    assert_int_equal(r.axis[sim_result_find_axis(&r, "run")].n, LESS);
    for (int i = 0; i < all.n_column; i++) {
        const struct sim_column *a = &all.column[i], *b = &r.column[i];
        int by_run = a->n_axis >= 2 && strcmp(all.axis[a->axis[1]].name, "run") == 0;
        size_t bytes = sim_type_size(a->type) *
                       (by_run ? LESS * sim_column_slot(&all, a) : sim_column_n(&all, a));

        for (size_t s = 0; s < (by_run ? 2u : 1u); s++)
            assert_memory_equal((char *)b->data + s * bytes,
                                (char *)a->data + s * bytes / LESS * SAMPLE_RUN, bytes);
    }
    sim_result_free(&r);
    sim_result_free(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reduce__means_and_bands_are_those_of_the_runs_done),
        cmocka_unit_test(test_reduce__what_is_kept_stays_as_it_is),
        cmocka_unit_test(test_reduce__same_for_any_number_of_threads_and_done_once),
        cmocka_unit_test(test_reduce__by_hand),
        cmocka_unit_test(test_reduce__no_run_done_gives_nan),
        cmocka_unit_test(test_reduce__without_run_status_all_runs_count),
        cmocka_unit_test(test_reduce__gives_the_runs_memory_back),
        cmocka_unit_test(test_reduce__other_axes_first_are_a_bug),
        cmocka_unit_test(test_keep_runs__takes_the_others_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
