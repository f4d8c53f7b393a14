#include "analysis/show_inner.h"

#include "analysis/compare_inner.h"
#include "sim/date.h"

#include <math.h>
#include <string.h>

typedef char cell[ANA_SHOW_CELL];

enum { MOST = 400, NAME_MOST = 32 };

static int blocks(const struct ana_show *s)
{
    return s->o->plots == ANA_PLOTS_BLOCKS;
}

/* ---- bars and spark lines ---- */

void ana_plot_bar(const struct ana_show *s, char to[ANA_PLOT_BAR], double share, size_t width)
{
    static const char *const part[] = {" ",      "\u258f", "\u258e", "\u258d", "\u258c",
                                       "\u258b", "\u258a", "\u2589", "\u2588"};
    double x = share > 0.0 ? fmin(share, 1.0) * (double)width : 0.0; /* NaN: nothing */
    size_t eighths = (size_t)(8.0 * x + 0.5), n = 0;

    if (share > 0.0 && eighths == 0)
        eighths = 1;
    for (size_t i = 0; i < width; i++) {
        size_t here = eighths > 8 * i ? eighths - 8 * i : 0;
        const char *ascii = here >= 4 ? "#" : here > 0 ? "." : " ";

        n += (size_t)snprintf(to + n, ANA_PLOT_BAR - n, "%s",
                              blocks(s) ? part[here < 8 ? here : 8] : ascii);
    }
}

void ana_plot_spark(const struct ana_show *s, const double x[], size_t n)
{
    static const char *const height[] = {"_",      "\u2581", "\u2582", "\u2583", "\u2584",
                                         "\u2585", "\u2586", "\u2587", "\u2588"};

    for (size_t i = 0; i < n; i++) {
        double at = fmax(0.0, fmin(x[i], 1.0));

        if (isnan(x[i]))
            fputc(' ', s->to);
        else if (blocks(s))
            fputs(height[(size_t)floor(8.0 * at + 0.5)], s->to);
        else
            fputc('0' + (int)fmin(9.0, floor(10.0 * at)), s->to);
    }
}

/* ---- loss ---- */

enum mark { BLANK, ZERO, RANGE, FROM, UNTIL, INTERVAL, MEAN };

struct scale {
    double lo, hi;
    size_t n; /* columns */
};

static size_t place(const struct scale *k, double x)
{
    double at = (x - k->lo) / (k->hi - k->lo) * (double)(k->n - 1);

    return at > 0.0 ? (size_t)fmin(at + 0.5, (double)(k->n - 1)) : 0;
}

static void fill(char mark[], const struct scale *k, double from, double until, enum mark with)
{
    for (size_t i = place(k, from); i <= place(k, until); i++)
        mark[i] = (char)with;
}

static void range_bar(const struct ana_show *s, const struct ana_effect *e, const struct scale *k)
{
    static const char *const block[] = {" ",      "\u250a", "\u2500", "\u251c",
                                        "\u2524", "\u2501", "\u254b"},
                             *const ascii[] = {" ", ":", "-", "|", "|", "=", "o"};
    char mark[MOST] = {0};

    mark[place(k, 0.0)] = ZERO;
    fill(mark, k, e->p05, e->p95, RANGE);
    mark[place(k, e->p05)] = FROM;
    mark[place(k, e->p95)] = UNTIL;
    if (!isnan(e->diff.lo))
        fill(mark, k, e->diff.lo, e->diff.hi, INTERVAL);
    mark[place(k, e->diff.at)] = MEAN;
    for (size_t i = 0; i < k->n; i++)
        fputs((blocks(s) ? block : ascii)[(int)mark[i]], s->to);
}

static const struct ana_effect *loss_of(const struct ana_show *s, const struct ana_versus *v)
{
    int there = ana_show_has(s, v) && v->n_pair > 0 && v->n_market > 0 && !v->same;

    return there ? &ana_show_demand_of(s, v)->loss_usd : NULL;
}

static void losses_title(struct ana_show *s, const struct scale *k)
{
    cell lo, hi;

    ana_show_usd(lo, k->lo);
    ana_show_usd(hi, k->hi);
    fputc('\n', s->to);
    ana_show_heading(
        s, "LOSS in %s, USD, from %s to %s: %s 90 %% of runs, %s interval of the mean, %s mean",
        ana_show_where(s), lo, hi, blocks(s) ? "\u251c\u2500\u2524" : "|-|",
        blocks(s) ? "\u2501" : "=", blocks(s) ? "\u254b" : "o");
}

void ana_show_losses(struct ana_show *s)
{
    struct scale k = {0};
    size_t width = 0;

    for (size_t i = 0; i < s->c->n_versus; i++) {
        const struct ana_effect *e = loss_of(s, &s->c->versus[i]);

        if (e == NULL)
            continue;
        k.lo = fmin(k.lo, fmin(e->p05, e->diff.at));
        k.hi = fmax(k.hi, fmax(e->p95, e->diff.at));
        width = (size_t)fmax((double)width, (double)ana_show_columns(s->c->versus[i].label));
    }
    if (!s->o->plots || !(k.hi > k.lo))
        return;
    width = width < NAME_MOST ? width : NAME_MOST;
    k.n = s->o->width - width - 4 - 12;
    losses_title(s, &k);
    for (size_t i = 0; i < s->c->n_versus; i++) {
        const struct ana_effect *e = loss_of(s, &s->c->versus[i]);
        cell mean;

        if (e == NULL)
            continue;
        ana_show_usd(mean, e->diff.at);
        ana_show_name(s, 4, s->c->versus[i].label, width);
        fputs("  ", s->to);
        range_bar(s, e, &k);
        ana_show_line(s, " %9s", mean);
    }
}

/* ---- output by week ---- */

/* Years above the weeks in which they begin. */
static void ruler(const struct ana_show *s, size_t width, const double week[], size_t n,
                  size_t step)
{
    char line[MOST + 8], date[11], last[5] = "";
    size_t bins = (n + step - 1) / step, end = 0;

    memset(line, ' ', sizeof line);
    for (size_t i = 0; i + 4 <= bins; i++) {
        sim_date_print(s->c->start + (int32_t)floor(week[i * step]), date);
        if (strncmp(date, last, 4) == 0)
            continue;
        memcpy(last, date, 4);
        if (i >= end) {
            memcpy(line + i, date, 4);
            end = i + 5;
        }
    }
    line[bins] = '\0';
    while (end > 0 && line[end - 1] == ' ')
        end--;
    fprintf(s->to, "%*s%.*s\n", (int)width, "", (int)end, line);
}

static void output_row(const struct ana_show *s, const struct ana_tier *t, size_t n, size_t step)
{
    double x[MOST];
    size_t bins = 0;

    for (size_t i = 0; i < n; i += step) {
        double with = 0.0, base = 0.0;

        for (size_t k = i; k < n && k < i + step; k++) {
            with += t->week[k];
            base += t->week_base[k];
        }
        x[bins++] = base > 0.0 ? with / base : (double)NAN;
    }
    ana_plot_spark(s, x, bins);
    fputc('\n', s->to);
}

void ana_show_output(struct ana_show *s, const struct ana_versus *v)
{
    const struct sim_axis *week = ana_axis(s->c->r, "week");
    size_t width = 0, step, shown = 0;
    char every[40] = "by week";

    for (size_t i = 0; i < v->n_tier; i++)
        width = (size_t)fmax((double)width, (double)ana_show_columns(v->tier[i].tier));
    width = width < NAME_MOST ? width : NAME_MOST;
    step = week ? (week->n + s->o->width - 6 - width) / (s->o->width - 5 - width) : 0;
    if (step > 1)
        snprintf(every, sizeof every, "every %zu weeks", step);
    for (size_t i = 0; i < v->n_tier && s->o->plots; i++) {
        const struct ana_tier *t = &v->tier[i];

        if (ana_show_quiet(t) || t->week == NULL)
            continue;
        if (shown++ == 0) {
            fputc('\n', s->to);
            ana_show_heading(s, "OUTPUT of stages %s%s", every,
                             blocks(s) ? "; full height: 94 % of the baseline's or more"
                                       : ", tenths of the baseline's; 9: 90 % or more");
            ruler(s, 4 + width + 1, week->value, week->n, step);
        }
        ana_show_name(s, 4, t->tier, width);
        fputc(' ', s->to);
        output_row(s, t, week->n, step);
    }
}
