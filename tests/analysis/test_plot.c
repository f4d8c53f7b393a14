#include "analysis/plot.h"
#include "sim/date.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { N = 6, DEEP = 8 };
static const char evil[] = "</text></svg><script>alert('\"&')</script>";

static size_t count(const char *text, const char *what)
{
    size_t n = 0;

    for (const char *p = strstr(text, what); p; p = strstr(p + 1, what))
        n++;
    return n;
}

/* One tag at p, up to its end: attributes are name="value" without < in them. */
static const char *skip_tag(const char *p, int *is_empty)
{
    int quoted = 0;

    for (; *p && (quoted || *p != '>'); p++) {
        quoted ^= *p == '"';
        assert_false(*p == '<');
        assert_false(*p == '\'' && !quoted);
    }
    assert_int_equal(*p, '>');
    *is_empty = p[-1] == '/';
    return p;
}

/* Is it XML as far as a picture needs it: elements closed in order, one root, & only as an entity?
 */
static void assert_well_formed(const char *text)
{
    char open[DEEP][16];
    int depth = 0, roots = 0, is_empty;

    for (const char *p = text; *p; p++) {
        assert_true(*p != '&' || strspn(p + 1, "abcdefghijklmnopqrstuvwxyz#0123456789") > 0);
        if (*p == '&')
            assert_non_null(memchr(p, ';', 7));
        if (*p != '<') {
            assert_true(depth > 0 || *p == '\n');
            continue;
        }
        if (p[1] == '/') {
            assert_true(depth-- > 0);
            assert_int_equal(strncmp(p + 2, open[depth], strlen(open[depth])), 0);
            assert_int_equal(p[2 + strlen(open[depth])], '>');
            p = strchr(p, '>');
            continue;
        }
        roots += depth == 0;
        assert_true(depth < DEEP);
        assert_int_equal(sscanf(p + 1, "%15[a-z]", open[depth]), 1);
        p = skip_tag(p + 1, &is_empty);
        depth += !is_empty;
    }
    assert_int_equal(depth, 0);
    assert_int_equal(roots, 1);
}

/* No number that is none, and no colour but by class. */
static void assert_picture(const struct ana_text *t, const char *label)
{
    assert_false(t->full);
    assert_well_formed(t->s);
    assert_int_equal(strncmp(t->s, "<svg ", 5), 0);
    assert_non_null(strstr(t->s, "role=\"img\""));
    assert_non_null(strstr(t->s, label));
    assert_null(strstr(t->s, "nan"));
    assert_null(strstr(t->s, "inf"));
    assert_null(strstr(t->s, "style="));
    assert_null(strstr(t->s, "<script"));
}

static int32_t day_of(const char *date)
{
    int32_t day;

    assert_int_equal(sim_date_parse(&day, date), 0);
    return day;
}

static const double week[N] = {0, 7, 14, 21, 28, 35};
static const double mid[N] = {100, 90, 60, 30, 80, 100}, lo[N] = {90, 80, 40, 10, 60, 90},
                    hi[N] = {110, 100, 80, 50, 100, 110};

static void lines(struct ana_text *t, const double *m, const double *l, const double *h, size_t n)
{
    ana_plot_lines(t, "Output", "USD a week", day_of("2026-01-05"), week, n,
                   &(struct ana_plot_line){"base", m, l, h}, 1, NULL, 0);
}

static void test_plot_lines__a_line_a_band_and_axes(void **state)
{
    struct ana_text t = {0};

    lines(&t, mid, lo, hi, N);
    assert_picture(&t, "aria-label=\"Output\"");
    assert_int_equal(count(t.s, "class=\"band p0\""), 1);
    assert_int_equal(count(t.s, "class=\"line p0\""), 2); /* and its key */
    assert_non_null(strstr(t.s, ">USD a week</text>"));
    assert_non_null(strstr(t.s, ">base</text>"));
    for (int y = 0; y <= 150; y += 50) {
        char tick[32];

        snprintf(tick, sizeof tick, ">%d</text>", y);
        assert_int_equal(count(t.s, tick), 1);
    }
    assert_non_null(strstr(t.s, ">5 Jan 2026</text>"));
    assert_non_null(strstr(t.s, ">12 Jan</text>"));
    assert_non_null(strstr(t.s, ">9 Feb</text>"));
    ana_text_free(&t);
    (void)state;
}

/* The first week is 100 of 150 from the bottom, the fourth 30. */
static void test_plot_lines__points_are_where_they_belong(void **state)
{
    struct ana_text t = {0};
    double x[N], y[N], base, top;
    const char *p;

    lines(&t, mid, NULL, NULL, N);
    p = strstr(t.s, "class=\"line p0\"");
    p = strstr(p, " d=\"M");
    for (size_t i = 0; i < N; i++) {
        assert_int_equal(sscanf(p, i == 0 ? " d=\"M%lf %lf" : "L%lf %lf", &x[i], &y[i]), 2);
        p = strchr(p + 1, 'L');
        assert_true(i == 0 || x[i] > x[i - 1]);
    }
    p = strstr(t.s, "class=\"grid\" d=\"M");
    assert_int_equal(sscanf(p, "class=\"grid\" d=\"M%*f %lf", &base), 1);
    top = base - (base - y[0]) * 100.0 / mid[0];
    for (size_t i = 0; i < N; i++)
        assert_true(fabs(y[i] - (base - (base - top) * mid[i] / 100.0)) < 0.11);
    assert_true(fabs((x[3] - x[0]) - 3.0 * (x[1] - x[0])) < 0.31);
    ana_text_free(&t);
    (void)state;
}

static void test_plot_lines__what_is_nan_is_a_gap(void **state)
{
    const double gap[N] = {100, 90, NAN, 30, NAN, INFINITY},
                 none[N] = {NAN, NAN, NAN, NAN, NAN, NAN};
    struct ana_text t = {0};

    lines(&t, gap, gap, hi, N);
    assert_picture(&t, "Output");
    assert_int_equal(count(t.s, "class=\"line p0\""), 2); /* two points, and the key */
    assert_int_equal(count(t.s, "<circle class=\"p0\""), 1);
    assert_int_equal(count(t.s, "class=\"band p0\""), 2);
    ana_text_free(&t);
    lines(&t, none, NULL, NULL, N);
    assert_picture(&t, "Output");
    assert_non_null(strstr(t.s, ">no data</text>"));
    ana_text_free(&t);
    (void)state;
}

static void test_plot_lines__spans_are_cut_to_the_days(void **state)
{
    const struct ana_plot_span span[] = {{"before", -50, -10},
                                         {evil, -50, 14},
                                         {"open", 21, NAN},
                                         {"never", NAN, NAN},
                                         {"after", 99, NAN}};
    struct ana_text t = {0};

    ana_plot_lines(&t, "Output", "USD", day_of("2026-01-05"), week, N,
                   &(struct ana_plot_line){"base", mid, NULL, NULL}, 1, span, 5);
    assert_picture(&t, "Output");
    assert_int_equal(count(t.s, "class=\"span\""), 2);
    assert_int_equal(count(t.s, ">open<"), 2);
    assert_int_equal(count(t.s, "before") + count(t.s, "never") + count(t.s, "after"), 0);
    ana_text_free(&t);
    (void)state;
}

static void test_plot_lines__dates_at_months_and_years(void **state)
{
    double day[40];
    struct ana_text t = {0};

    for (size_t i = 0; i < 40; i++)
        day[i] = 14.0 * (double)i;
    ana_plot_lines(&t, "x", "d", day_of("2026-11-17"), day, 40,
                   &(struct ana_plot_line){"a", day, NULL, NULL}, 1, NULL, 0);
    assert_non_null(strstr(t.s, ">Jan 2027</text>"));
    assert_non_null(strstr(t.s, ">Apr</text>"));
    assert_non_null(strstr(t.s, ">Jan 2028</text>"));
    assert_null(strstr(t.s, ">Feb</text>"));
    ana_text_free(&t);
    for (size_t i = 0; i < 40; i++)
        day[i] = 91.0 * (double)i;
    ana_plot_lines(&t, "x", "d", day_of("2026-11-17"), day, 40,
                   &(struct ana_plot_line){"a", day, NULL, NULL}, 1, NULL, 0);
    assert_non_null(strstr(t.s, ">2028</text>"));
    assert_null(strstr(t.s, ">2029</text>"));
    assert_null(strstr(t.s, "Jan"));
    ana_text_free(&t);
    (void)state;
}

static void test_plot_lines__nothing_and_one_point(void **state)
{
    struct ana_text t = {0};

    lines(&t, NULL, NULL, NULL, 0);
    assert_picture(&t, "Output");
    assert_non_null(strstr(t.s, ">no data</text>"));
    ana_text_free(&t);
    lines(&t, mid, lo, hi, 1);
    assert_picture(&t, "Output");
    assert_int_equal(count(t.s, "<circle"), 1);
    ana_text_free(&t);
    (void)state;
}

static void test_plot_lines__the_scale_fits_any_size(void **state)
{
    static const struct {
        double x;
        const char *tick;
    } at[] = {{0, ">1</text>"},     {3e-7, ">2e-07</text>"},  {0.7, ">0.6</text>"},
              {7, ">6</text>"},     {4.2e9, ">4 bn</text>"},  {999, ">1 k</text>"},
              {-30, ">-20</text>"}, {2.4e12, ">2 tn</text>"}, {1e300, ">1e+300</text>"}};

    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        const double y[N] = {at[i].x, at[i].x, at[i].x, at[i].x, at[i].x, at[i].x};
        struct ana_text t = {0};

        lines(&t, y, NULL, NULL, N);
        assert_picture(&t, "Output");
        assert_non_null(strstr(t.s, at[i].tick));
        ana_text_free(&t);
    }
    (void)state;
}

static const char *const cause[] = {"licences", evil, "denied"};

static void test_plot_bars__parts_one_after_the_other(void **state)
{
    const double a[] = {100, 0, 50}, b[] = {NAN, 30, 20};
    const struct ana_plot_bar bar[] = {{"first", a, 120, 190}, {evil, b, NAN, NAN}};
    struct ana_text t = {0};
    double x, w, x2, w2;

    ana_plot_bars(&t, "Loss", "USD", cause, 3, bar, 2);
    assert_picture(&t, "aria-label=\"Loss\"");
    assert_int_equal(count(t.s, "class=\"part p"), 3 + 4); /* key; 100, 50, 30, 20 */
    assert_int_equal(count(t.s, "class=\"whisker\""), 3);
    assert_non_null(strstr(t.s, ">150</text>"));
    assert_non_null(strstr(t.s, ">50</text>"));
    assert_non_null(strstr(t.s, "<title>licences: 100</title>"));
    assert_int_equal(sscanf(strstr(strstr(t.s, ">first<"), "<rect"),
                            "<rect class=\"part p0\" x=\"%lf\" y=\"%*f\" width=\"%lf\"", &x, &w),
                     2);
    assert_int_equal(sscanf(strstr(strstr(t.s, "licences: 100"), "<rect"),
                            "<rect class=\"part p2\" x=\"%lf\" y=\"%*f\" width=\"%lf\"", &x2, &w2),
                     2);
    assert_true(fabs(x + w - x2) < 0.11 && fabs(w - 2.0 * w2) < 0.21);
    ana_text_free(&t);
    (void)state;
}

static void test_plot_bars__one_part_needs_no_key(void **state)
{
    const double a[] = {3};
    struct ana_text t = {0};

    ana_plot_bars(&t, "Loss", "USD", cause, 1, &(struct ana_plot_bar){"x", a, NAN, NAN}, 1);
    assert_picture(&t, "Loss");
    assert_int_equal(count(t.s, "class=\"part p0\""), 1);
    assert_null(strstr(t.s, ">licences</text>"));
    ana_text_free(&t);
    ana_plot_bars(&t, "Loss", "USD", cause, 1, NULL, 0);
    assert_picture(&t, "Loss");
    assert_non_null(strstr(t.s, "no data"));
    ana_text_free(&t);
    (void)state;
}

static void test_plot_cells__six_steps_and_gaps(void **state)
{
    const double x[] = {0, 0.2, 0.21, 1, NAN, 0.99, 0.99, 2};
    const char *const row[] = {"plant", evil}, *const column[] = {"Jan 2026", "", "", evil};
    struct ana_text t = {0};
    size_t key = 1;

    ana_plot_cells(&t, "Stops", row, 2, column, 4, x);
    assert_picture(&t, "aria-label=\"Stops\"");
    for (size_t k = 0; k < 6; k++) {
        const size_t drawn[6] = {1, 1, 1, 0, 0, 2}; /* equal neighbours are one */
        char class[32];

        snprintf(class, sizeof class, "class=\"cell h%zu\"", k);
        assert_int_equal(count(t.s, class), key);
        snprintf(class, sizeof class, "class=\"h%zu\"", k);
        assert_int_equal(count(t.s, class), drawn[k]);
    }
    assert_non_null(strstr(t.s, ">Jan 2026</text>"));
    ana_text_free(&t);
    ana_plot_cells(&t, "Stops", NULL, 0, column, 4, NULL);
    assert_picture(&t, "Stops");
    assert_non_null(strstr(t.s, "no data"));
    ana_text_free(&t);
    (void)state;
}

static void test_plot_text__names_are_cut_between_characters_and_kept_whole(void **state)
{
    char name[400] = "";
    struct ana_text t = {0};
    const double a[] = {3};
    const char *p;

    for (int i = 0; i < 100; i++)
        strcat(name, "\xe6\x9d\xb1");
    ana_plot_bars(&t, "x", "d", cause, 1, &(struct ana_plot_bar){name, a, NAN, NAN}, 1);
    assert_picture(&t, "x");
    assert_int_equal(count(t.s, name), 1); /* in the <title> */
    p = strstr(t.s, "\xe2\x80\xa6<title>");
    assert_non_null(p);
    assert_int_equal((unsigned char)p[-1], 0xb1);
    ana_text_free(&t);
    (void)state;
}

static void test_plot__same_arguments_same_bytes(void **state)
{
    struct ana_text a = {0}, b = {0};

    lines(&a, mid, lo, hi, N);
    lines(&b, mid, lo, hi, N);
    assert_int_equal(a.n, b.n);
    assert_memory_equal(a.s, b.s, a.n);
    ana_text_free(&a);
    ana_text_free(&b);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plot_lines__a_line_a_band_and_axes),
        cmocka_unit_test(test_plot_lines__points_are_where_they_belong),
        cmocka_unit_test(test_plot_lines__what_is_nan_is_a_gap),
        cmocka_unit_test(test_plot_lines__spans_are_cut_to_the_days),
        cmocka_unit_test(test_plot_lines__dates_at_months_and_years),
        cmocka_unit_test(test_plot_lines__nothing_and_one_point),
        cmocka_unit_test(test_plot_lines__the_scale_fits_any_size),
        cmocka_unit_test(test_plot_bars__parts_one_after_the_other),
        cmocka_unit_test(test_plot_bars__one_part_needs_no_key),
        cmocka_unit_test(test_plot_cells__six_steps_and_gaps),
        cmocka_unit_test(test_plot_text__names_are_cut_between_characters_and_kept_whole),
        cmocka_unit_test(test_plot__same_arguments_same_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
