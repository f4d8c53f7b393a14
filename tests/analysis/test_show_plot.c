/* Bars, lines and titles among the text of show: what each shows, and that without them it is the
 * same text. */
#include "analysis/compare_inner.h"
#include "analysis/show_inner.h"
#include "tests/analysis/study.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

static const enum ana_plots kinds[] = {ANA_PLOTS_NONE, ANA_PLOTS_ASCII, ANA_PLOTS_BLOCKS};

struct fixture {
    struct sim_result r;
    struct ana_compare c;
    struct sim_err err;
    char *text; /* the last that was shown */
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    study_fill(&f->r);
    *state = f;
    return ana_compare(&f->c, &f->r, &(struct ana_compare_options){0}, &f->err);
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    ana_compare_free(&f->c);
    sim_result_free(&f->r);
    sim_err_free(&f->err);
    free(f->text);
    free(f);
    return 0;
}

static char *shown(struct fixture *f, const struct ana_show_options *o)
{
    size_t n = 0;
    FILE *to;

    free(f->text);
    f->text = NULL;
    to = open_memstream(&f->text, &n);
    assert_int_equal(ana_show(to, &f->c, o, &f->err), 0);
    assert_int_equal(fclose(to), 0);
    return f->text;
}

/* ---- bars and spark lines, by hand ---- */

static void assert_bar(enum ana_plots kind, double share, const char *want)
{
    const struct ana_show_options o = {.plots = kind};
    const struct ana_show s = {.o = &o};
    char bar[ANA_PLOT_BAR];

    ana_plot_bar(&s, bar, share, 4);
    assert_string_equal(bar, want);
}

static void test_bar__shares_in_eighths_and_what_is_not_nothing_is_seen(void **state)
{
    (void)state;
    assert_bar(ANA_PLOTS_BLOCKS, 0, "    ");
    assert_bar(ANA_PLOTS_BLOCKS, NAN, "    ");
    assert_bar(ANA_PLOTS_BLOCKS, -0.5, "    ");
    assert_bar(ANA_PLOTS_BLOCKS, 1e-9, "\u258f   ");
    assert_bar(ANA_PLOTS_BLOCKS, 0.5, "\u2588\u2588  ");
    assert_bar(ANA_PLOTS_BLOCKS, 0.5 + 3.0 / 32, "\u2588\u2588\u258d ");
    assert_bar(ANA_PLOTS_BLOCKS, 31.0 / 32, "\u2588\u2588\u2588\u2589");
    assert_bar(ANA_PLOTS_BLOCKS, 1, "\u2588\u2588\u2588\u2588");
    assert_bar(ANA_PLOTS_BLOCKS, 7, "\u2588\u2588\u2588\u2588");
    assert_bar(ANA_PLOTS_ASCII, 0, "    ");
    assert_bar(ANA_PLOTS_ASCII, 0.01, ".   ");
    assert_bar(ANA_PLOTS_ASCII, 0.5, "##  ");
    assert_bar(ANA_PLOTS_ASCII, 0.5 + 3.0 / 32, "##. ");
    assert_bar(ANA_PLOTS_ASCII, 1, "####");
}

static void assert_spark(enum ana_plots kind, const double x[], size_t n, const char *want)
{
    const struct ana_show_options o = {.plots = kind};
    char text[100] = "";
    FILE *to = fmemopen(text, sizeof text, "w");
    const struct ana_show s = {.o = &o, .to = to};

    ana_plot_spark(&s, x, n);
    assert_int_equal(fclose(to), 0);
    assert_string_equal(text, want);
}

static void test_spark__heights_and_digits(void **state)
{
    const double x[] = {0, 0.06, 0.07, 0.5, 0.93, 0.94, 1, 3, NAN, -1};

    (void)state;
    assert_spark(ANA_PLOTS_BLOCKS, x, 10, "__\u2581\u2584\u2587\u2588\u2588\u2588 _");
    assert_spark(ANA_PLOTS_ASCII, x, 10, "00059999 0");
}

/* ---- what is drawn ---- */

/* Output of a stage by week: the mean over the pairs of what the columns hold. */
static void test_compare__output_by_week_is_the_mean_over_pairs(void **state)
{
    struct fixture *f = *state;
    const struct ana_versus *v = &f->c.versus[0];
    const struct sim_column *made = sim_result_find(&f->r, "group_made");
    size_t seen = 0;

    for (size_t i = 0; i < v->n_tier; i++) {
        if (strcmp(v->tier[i].tier, "vehicle") != 0)
            continue;
        seen++;
        for (size_t k = 0; k < STUDY_WEEK; k++) {
            double mean[2] = {0, 0};

            for (size_t p = 0; p < STUDY_PAIR; p++)
                for (size_t s = 0; s < 2; s++) {
                    size_t at = (s * STUDY_RUN + p) * 4 * STUDY_WEEK;

                    mean[s] += (20000 * sim_column_at(made, at + k) +
                                25000 * sim_column_at(made, at + STUDY_WEEK + k)) /
                               STUDY_PAIR;
                }
            assert_true(fabs(v->tier[i].week_base[k] - mean[BASE]) <= 1e-9 * mean[BASE]);
            assert_true(fabs(v->tier[i].week[k] - mean[CUT]) <= 1e-9 * mean[BASE]);
        }
    }
    assert_int_equal(seen, 1);
    assert_null(f->c.alone.tier[0].week);
}

static const char *line_after(const char *text, const char *title, const char *begin)
{
    const char *at = strstr(text, title);

    assert_non_null(at);
    at = strstr(at, begin);
    assert_non_null(at);
    return at + strlen(begin);
}

static void test_output__digits_are_tenths_of_the_baseline_week_by_week(void **state)
{
    struct fixture *f = *state;
    struct ana_show_options o = {
        .file = "x", .top = 5, .width = 100, .plots = ANA_PLOTS_ASCII, .scenario = "cut"};
    char *text = shown(f, &o);
    const struct ana_versus *v = &f->c.versus[0];
    const char *at = line_after(text, "  OUTPUT of stages by week", "\n    vehicle ");

    for (size_t i = 0; i < v->n_tier; i++)
        for (size_t k = 0; k < STUDY_WEEK && strcmp(v->tier[i].tier, "vehicle") == 0; k++)
            assert_int_equal(at[k], '0' + (int)fmin(9, floor(10 * v->tier[i].week[k] /
                                                             v->tier[i].week_base[k])));
    assert_int_equal(at[STUDY_WEEK], '\n');
    at = line_after(text, "  OUTPUT of stages by week", "\n");
    assert_memory_equal(at, "            2026\n", 17);
}

/* The marks of a row stand where the numbers are on a scale from 0 to the largest. */
static void test_losses__marks_stand_on_one_scale(void **state)
{
    struct fixture *f = *state;
    struct ana_show_options o = {.file = "x", .top = 5, .width = 80, .plots = ANA_PLOTS_ASCII};
    char *text = shown(f, &o);
    const struct ana_effect *e = &f->c.versus[0].focus.loss_usd;
    const char *at = line_after(text, "  LOSS in JP, USD, from 0 to ", "\n    cut  ");
    size_t n = 80 - 3 - 4 - 12;

    assert_int_equal(at[0], ':');
    assert_int_equal(at[(size_t)(e->p05 / e->p95 * (double)(n - 1) + 0.5)], '|');
    assert_int_equal(at[n - 1], '|');
    assert_int_equal(at[(size_t)(e->diff.at / e->p95 * (double)(n - 1) + 0.5)], 'o');
    assert_int_equal(at[(size_t)(e->diff.lo / e->p95 * (double)(n - 1) + 0.5)], '=');
    assert_int_equal(at[(size_t)(e->diff.hi / e->p95 * (double)(n - 1) + 0.5)], '=');
    assert_null(strstr(text, "\n    same  :"));
}

static void test_losses__less_than_the_baseline_is_left_of_0(void **state)
{
    struct fixture *f = *state;
    struct ana_show_options o = {.file = "x", .top = 5, .width = 80, .plots = ANA_PLOTS_ASCII};
    const char *at, *zero;
    char *text;

    study_all(&f->r, "lost", BASE, 0, 30);
    ana_compare_free(&f->c);
    assert_int_equal(ana_compare(&f->c, &f->r, &(struct ana_compare_options){0}, &f->err), 0);
    text = shown(f, &o);
    at = line_after(text, "  LOSS in JP, USD, from -", "\n    cut  ");
    zero = strchr(at, ':');
    assert_true(zero && strchr(at, 'o') < zero && zero < strchr(at, '\n'));
}

/* ---- the whole text ---- */

/* Without escape sequences; counts characters of the longest line. */
static size_t plain(char *text)
{
    size_t most = 0, now = 0;
    char *to = text;

    for (const char *at = text; *at; at++) {
        if (strncmp(at, "\033[", 2) == 0) {
            at += strcspn(at, "m");
            continue;
        }
        now = *at == '\n' ? 0 : now + ((*at & 0xc0) != 0x80);
        most = now > most ? now : most;
        *to++ = *at;
    }
    *to = '\0';
    return most;
}

static void test_show__every_kind_fits_every_width(void **state)
{
    struct fixture *f = *state;
    struct ana_show_options o = {.file = "out.h5", .top = 10, .utf8 = 1, .strong = 1};

    for (size_t k = 0; k < 3; k++)
        for (o.width = ANA_SHOW_WIDTH_MIN; o.width <= 400; o.width += o.width < 140 ? 1 : 13)
            for (o.all = 0; o.all < 2; o.all++) {
                char *text;

                o.plots = kinds[k];
                text = shown(f, &o);
                assert_true(plain(text) <= o.width);
            }
}

static void test_show__without_plots_no_trace_of_them(void **state)
{
    struct fixture *f = *state;
    struct ana_show_options o = {.file = "out.h5", .top = 10, .width = 80, .utf8 = 1};
    char *text = strdup(shown(f, &o)), *strong;

    assert_non_null(text);
    for (const char *at = text; *at; at++)
        assert_true(*at == '\n' || (*at >= 0x20 && *at < 0x7f));
    assert_null(strstr(text, "  LOSS in"));
    assert_null(strstr(text, "  OUTPUT of"));
    o.strong = 1;
    strong = shown(f, &o);
    assert_non_null(strstr(strong, "\033[1mIN SHORT\033[0m"));
    (void)plain(strong);
    assert_string_equal(strong, text);
    free(text);
}

/* At 80 columns names that do not fit have a line of their own; none is cut. */
static void test_show__narrow_cuts_no_name(void **state)
{
    struct fixture *f = *state;
    struct ana_show_options o = {.file = "x", .top = 10, .all = 1, .width = 80, .utf8 = 1};
    const char *long_name = "Works with a name that is longer than any column for it is at eighty";
    struct sim_axis *plant = &f->r.axis[sim_result_find_axis(&f->r, "plant")];
    char *text;

    for (int i = 0; i < plant->n_coord; i++)
        if (strcmp(plant->coord[i].name, "plant_name") == 0)
            ((const char **)(uintptr_t)plant->coord[i].label)[0] = long_name;
    ana_compare_free(&f->c);
    assert_int_equal(ana_compare(&f->c, &f->r, &(struct ana_compare_options){0}, &f->err), 0);
    text = shown(f, &o);
    assert_non_null(strstr(text, long_name));
    assert_null(strstr(text, ".. "));
    assert_null(strstr(text, "..\n"));
    o.width = 100;
    text = shown(f, &o);
    assert_non_null(strstr(text, "  Works with a name that is longer than a.. "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bar__shares_in_eighths_and_what_is_not_nothing_is_seen),
        cmocka_unit_test(test_spark__heights_and_digits),
        cmocka_unit_test_setup_teardown(test_compare__output_by_week_is_the_mean_over_pairs, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_output__digits_are_tenths_of_the_baseline_week_by_week,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_losses__marks_stand_on_one_scale, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_losses__less_than_the_baseline_is_left_of_0, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_show__every_kind_fits_every_width, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_show__without_plots_no_trace_of_them, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_show__narrow_cuts_no_name, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
