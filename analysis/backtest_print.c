#include "analysis/backtest_inner.h"

#include <math.h>
#include <string.h>

enum { CELL = 32, WIDE = 3 * CELL, NAME = 28 };
static const char *const status_letter[] = {" ", "d", "e"};

/* User's text without what could steer a terminal, at most so many characters. */
static void put_some(FILE *to, const char *s, size_t most)
{
    size_t n = 0;

    for (const unsigned char *p = (const unsigned char *)s; *p; p++) {
        n += (*p & 0xc0) != 0x80;
        if (n > most)
            return;
        if (p[0] == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f) {
            fputc('?', to);
            p++;
        } else {
            fputc(*p < 0x20 || *p == 0x7f ? '?' : *p, to);
        }
    }
}

static void put_text(FILE *to, const char *s)
{
    put_some(to, s, SIZE_MAX);
}

static const char *number(char to[CELL], double x, int digits)
{
    if (isnan(x))
        return "-";
    snprintf(to, CELL, "%.*f", digits, fabs(x) < 0.5 * pow(10, -digits) ? 0.0 : x);
    return to;
}

static const char *percent(char to[CELL], double x)
{
    if (isnan(x))
        return "-";
    snprintf(to, CELL, "%.1f %%", fabs(x) < 0.0005 ? 0.0 : 100 * x);
    return to;
}

static const char *month(char to[CELL], int m)
{
    if (m == ANA_NO_MONTH)
        return "-";
    snprintf(to, CELL, "%04d-%02d", m / 12, m % 12 + 1);
    return to;
}

static const char *span(char to[WIDE], double lo, double hi, int digits)
{
    char a[CELL], b[CELL];

    if (isnan(lo) || isnan(hi))
        return "-";
    snprintf(to, WIDE, "%s to %s", number(a, lo, digits), number(b, hi, digits));
    return to;
}

/* Digits behind the point, so that the largest number has three that tell. */
static int digits_of(const struct ana_backtest *b)
{
    double most = 0;

    for (size_t i = 0; i < b->n_month; i++)
        most = fmax(most, fmax(b->month[i].observed, b->month[i].quantity[ANA_P90]));
    return most >= 1000 || most <= 0 ? 0 : most >= 100 ? 1 : most >= 10 ? 2 : 3;
}

/* ---- head ---- */

static void words(FILE *to, const char *what, struct sim_strs s)
{
    if (s.n == 0)
        return;
    fprintf(to, "; %s", what);
    for (size_t i = 0; i < s.n; i++) {
        fputc(' ', to);
        put_text(to, s.s[i]);
    }
}

static void head(FILE *to, const struct ana_backtest *b)
{
    static const char *const measure[] = {"exports", "imports", "made"};
    const struct ana_backtest_plan *p = b->plan;
    char x[CELL], y[CELL];

    fputs("BACK-TEST: ", to);
    put_text(to, p->title);
    fputs("\n\nscenario  ", to);
    put_text(to, b->scenario);
    fprintf(to, ", %zu run%s", b->n_done, b->n_done == 1 ? "" : "s");
    if (b->n_done < b->n_run)
        fprintf(to, " of %zu", b->n_run);
    if (b->baseline) {
        fputs("; baseline ", to);
        put_text(to, b->baseline);
    }
    fprintf(to, "\nmeasure   %s in ", measure[p->measure]);
    put_text(to, p->unit);
    words(to, "from", p->origin);
    words(to, "to", p->destination);
    words(to, "products", p->product);
    words(to, "headings", p->hs);
    words(to, "stages", p->stage);
    if (p->base_from != ANA_NO_MONTH)
        fprintf(to, "\nindex     mean of %s to %s = 100, each run by its own",
                month(x, p->base_from), month(y, p->base_to));
    if (p->base_from != ANA_NO_MONTH && b->n_index < b->n_done)
        fprintf(to, "; %zu of %zu runs have none", b->n_done - b->n_index, b->n_done);
    fprintf(to, "\nnaive     the same month of the year before as observed, times %g\n",
            p->naive_growth);
}

/* ---- by month ---- */

static void months(FILE *to, const struct ana_backtest *b)
{
    int digits = digits_of(b), index = b->plan->base_from != ANA_NO_MONTH, status = 0;
    char x[8][CELL], band[2][WIDE];

    fprintf(to, "\nBY MONTH\n\n%-9s %8s %9s %15s %8s", "month", "observed", "simulated",
            "80 % of runs", "naive");
    fprintf(to, index ? " | index %8s %9s %13s\n" : "\n", "observed", "simulated", "80 % of runs");
    for (size_t i = 0; i < b->n_month; i++) {
        const struct ana_backtest_month *m = &b->month[i];

        status |= m->is_observed && m->status > 0;
        fprintf(to, "%s %s %8s %9s %15s %8s", month(x[0], m->month),
                m->is_observed ? status_letter[m->status] : " ", number(x[1], m->observed, digits),
                number(x[2], m->quantity[ANA_P50], digits),
                span(band[0], m->quantity[ANA_P10], m->quantity[ANA_P90], digits),
                number(x[3], m->naive, digits));
        if (index)
            fprintf(to, " | %14s %9s %13s", number(x[4], m->observed_index, 0),
                    number(x[5], m->index[ANA_P50], 0),
                    span(band[1], m->index[ANA_P10], m->index[ANA_P90], 0));
        fputc('\n', to);
    }
    if (status)
        fputs("d derived, e estimate; others are quoted\n", to);
}

/* ---- errors ---- */

static void errors(FILE *to, const struct ana_backtest *b)
{
    const struct ana_backtest_plan *p = b->plan;
    char x[3][CELL], from[CELL], until[CELL];

    if (p->n_window == 0)
        return;
    fputs("\nMEAN ABSOLUTE RELATIVE ERROR, of the simulated medians\n\n", to);
    fprintf(to, "%-32s %6s  %-18s %9s %9s %9s\n", "window", "months", "from, to", "index",
            "quantity", "naive");
    for (size_t i = 0; i < p->n_window; i++) {
        const struct ana_backtest_window *w = &p->window[i];
        char name[CELL];

        snprintf(name, sizeof name, "%s", w->id);
        fprintf(to, "%-32s %6zu  %s to %-7s %9s %9s %9s\n", name, w->n, month(from, w->month[0]),
                month(until, w->month[w->n - 1]), percent(x[0], b->error[i].index),
                percent(x[1], b->error[i].quantity), percent(x[2], b->error[i].naive));
    }
}

/* ---- trough, shortfall, sanity ---- */

static void shape(FILE *to, const struct ana_backtest *b)
{
    const struct ana_backtest_shortfall *s = &b->plan->shortfall;
    int digits = digits_of(b);
    char x[3][CELL], band[WIDE];

    fputs("\nSHAPE\n\n", to);
    fprintf(to, "trough      observed %s, simulated %s; in %s of runs in the observed month\n",
            month(x[0], b->trough_observed), month(x[1], b->trough), percent(x[2], b->trough_runs));
    if (!s->there)
        return;
    fprintf(to, "shortfall   %s to %s against the year before: observed %s", month(x[0], s->from),
            month(x[1], s->to), number(x[2], b->shortfall_observed, digits));
    fputc(' ', to);
    put_text(to, b->plan->unit);
    fprintf(to, ",\n            simulated%s %s (80 %% of runs %s) ",
            s->against ? " against the baseline" : "", number(x[0], b->shortfall[ANA_P50], digits),
            span(band, b->shortfall[ANA_P10], b->shortfall[ANA_P90], digits));
    put_text(to, b->plan->unit);
    fputc('\n', to);
    if (s->made_good_to != ANA_NO_MONTH)
        fprintf(to, "made good   by %s: observed %s, simulated %s (80 %% of runs %s %%)\n",
                month(x[0], s->made_good_to), percent(x[1], b->made_good_observed),
                percent(x[2], b->made_good[ANA_P50]),
                span(band, 100 * b->made_good[ANA_P10], 100 * b->made_good[ANA_P90], 0));
}

static void stops(FILE *to, const struct ana_backtest *b)
{
    char x[3][CELL];

    fprintf(
        to,
        "stops       sites that use goods under a rule of the scenario, directly or inside what "
        "they buy;\n"
        "            a stop: %lld days or more%s;\n"
        "            ever stop: mean over runs; longest stop: of those that do, in days\n\n"
        "%-24s %6s %10s %21s %6s\n",
        (long long)b->plan->sanity.stop_d,
        b->baseline ? ", and more days than in the baseline" : "", "users", "sites", "ever stop",
        "longest stop, median", "90 %");
    for (size_t i = 0; i < b->plan->n_users; i++) {
        const struct ana_backtest_users *u = &b->plan->users[i];
        const struct ana_backtest_stops *s = &b->stops[i];

        fprintf(to, "%-24.24s %6zu %10s %21s %6s", u->id, s->n_site, percent(x[0], s->share),
                number(x[1], s->p50, 0), number(x[2], s->p90, 0));
        if (strcmp(u->name, u->id) != 0) {
            fputs("  ", to);
            put_some(to, u->name, NAME);
        }
        fputc('\n', to);
    }
    fputc('\n', to);
}

static void sanity(FILE *to, const struct ana_backtest *b)
{
    char x[4][CELL];

    fputs("\nSANITY, of what the series does not show\n\n", to);
    if (b->dependent)
        stops(to, b);
    if (!isnan(b->open_most))
        fprintf(to,
                "orders      open, in weeks of use: %s in the first month, at most %s (%s), "
                "%s in the last\n",
                number(x[0], b->open_first, 1), number(x[1], b->open_most, 1),
                month(x[3], b->open_most_month), number(x[2], b->open_last, 1));
}

/* ---- verdict ---- */

static const char *amount(char to[WIDE], const struct ana_backtest_check *c, double x)
{
    char digits[CELL];

    if (strcmp(c->unit, "1") == 0)
        return percent(to, x);
    snprintf(to, WIDE, "%s %s", number(digits, x, strcmp(c->unit, "months") == 0 ? 0 : 1), c->unit);
    return to;
}

static void verdict(FILE *to, const struct ana_backtest *b)
{
    size_t n[2] = {0}, met[2] = {0};
    char x[WIDE], y[WIDE];

    fputs("\nCHECKS\n\n", to);
    for (size_t i = 0; i < b->n_check; i++) {
        const struct ana_backtest_check *c = &b->check[i];

        n[c->goal]++;
        met[c->goal] += c->met != 0;
        fputs(c->goal ? (c->met ? "goal met     " : "goal missed  ")
                      : (c->met ? "PASS         " : "FAIL         "),
              to);
        put_text(to, c->what);
        fprintf(to, ": %s (limit %s)\n", amount(x, c, c->value), amount(y, c, c->limit));
    }
    if (b->n_check == 0)
        fputs("none: backtest.cfg sets no limit\n", to);
    fprintf(to, "\nverdict: %s", b->passed ? "PASS" : "FAIL");
    if (n[0] > 0)
        fprintf(to, ", %zu of %zu checks met", met[0], n[0]);
    if (n[1] > 0)
        fprintf(to, "; %zu of %zu goals met", met[1], n[1]);
    fputc('\n', to);
}

void ana_backtest_print(FILE *to, const struct ana_backtest *b)
{
    head(to, b);
    months(to, b);
    errors(to, b);
    shape(to, b);
    sanity(to, b);
    verdict(to, b);
}
