#include "analysis/show_inner.h"

#include "analysis/compare_inner.h"

#include <math.h>
#include <string.h>

typedef char cell[ANA_SHOW_CELL];

enum { QUARTERS = 60, SHORT_NAME = 14 };

/* ---- trade ---- */

static void days_cell(cell to, double days, int over)
{
    cell number;

    ana_show_number(number, days, 0);
    snprintf(to, sizeof(cell), "%s%.20s", over && !isnan(days) ? ">" : "", number);
}

static void part_cell(cell to, double part)
{
    if (isnan(part))
        snprintf(to, sizeof(cell), "-");
    else
        snprintf(to, sizeof(cell), "%.0f %%", 100.0 * part);
}

static void lead_row(struct ana_show *s, const struct ana_flow *f)
{
    cell quantity, q50[2], q90[2], refused[2], open[2];
    char name[200];

    ana_show_quantity(quantity, isnan(f->q50[0]) ? f->with : f->base, f->unit);
    for (int k = 0; k < 2; k++) {
        days_cell(q50[k], f->q50[k], f->over50[k]);
        days_cell(q90[k], f->q90[k], f->over90[k]);
        part_cell(refused[k], f->refused[k]);
        part_cell(open[k], f->open[k]);
    }
    snprintf(name, sizeof name, "%.40s > %.40s  %.100s", f->origin, f->destination,
             ana_show_product(s, f->product));
    ana_show_name(s, 4, name, s->o->width - 76);
    ana_show_line(s, " %9s  %6s %6s  %6s %6s  %6s %6s  %6s %6s", quantity, q50[0], q50[1], q90[0],
                  q90[1], refused[0], refused[1], open[0], open[1]);
}

static void leads(struct ana_show *s, const struct ana_versus *v)
{
    size_t n = 0, shown = 0;
    int narrow = ana_show_narrow(s);

    for (size_t i = 0; i < v->n_flow; i++)
        n += isnan(v->flow[i].q50[1]) ? 0 : 1;
    if (n == 0)
        return;
    fputc('\n', s->to);
    ana_show_title(
        s, 2, narrow ? "LEAD TIMES from order of controlled products" : "LEAD TIMES from order",
        s->o->width - 74);
    ana_show_line(s, " %9s  %13s  %13s  %13s  %13s", "arrivals", "median, days", "9 in 10, days",
                  "refused", "open at end");
    ana_show_line(s, "  %-*s %9s  %6s %6s  %6s %6s  %6s %6s  %6s %6s", (int)s->o->width - 74,
                  narrow ? "" : "of controlled products", "base", "base", "scen", "base", "scen",
                  "base", "scen", "base", "scen");
    for (size_t i = 0; i < v->n_flow && shown < ana_show_rows(s, n); i++)
        if (!isnan(v->flow[i].q50[1])) {
            lead_row(s, &v->flow[i]);
            shown++;
        }
    if (shown < n)
        ana_show_line(s, "    %zu more flows", n - shown);
}

static void quarter_cell(const struct ana_show *s, double with, double base)
{
    cell part;

    ana_show_number(part, 100.0 * with / base, 0);
    if (!(base > 0.0))
        snprintf(part, sizeof part, with > 0.0 ? "new" : "-");
    fprintf(s->to, " %6s", part);
}

/* Columns of the names where n quarters follow. */
static size_t quarter_width(const struct ana_show *s, size_t n)
{
    return n > 8 ? s->o->width - 17 - 7 * n : s->o->width - 73;
}

/* A row: name, spark line, quantity, parts of the baseline. */
static void quarter_cells(const struct ana_show *s, const char *name, const char *quantity,
                          const double with[], const double base[], size_t n)
{
    size_t width = quarter_width(s, n);
    double part[QUARTERS];

    for (size_t q = 0; q < n; q++)
        part[q] = base[q] > 0.0 ? with[q] / base[q] : (double)NAN;
    if (s->o->plots != ANA_PLOTS_BLOCKS) { /* digits beside numbers say nothing */
        ana_show_name(s, 4, name, width);
    } else if (width < SHORT_NAME + n) {
        ana_show_name(s, 4, name, SHORT_NAME);
        ana_plot_spark(s, part, n);
        fprintf(s->to, "\n%*s", (int)(4 + width), "");
    } else {
        ana_show_name(s, 4, name, width - n);
        ana_plot_spark(s, part, n);
    }
    fprintf(s->to, " %11s", quantity);
    for (size_t q = 0; q < n; q++)
        quarter_cell(s, with[q], base[q]);
    fputc('\n', s->to);
}

static void quarter_row(struct ana_show *s, const struct ana_versus *v, const struct ana_flow *f,
                        size_t n_quarter)
{
    int alone = v->base == ANA_NO_BASE;
    double with[QUARTERS], base[QUARTERS];
    cell quantity;

    ana_show_quantity(quantity, (alone ? f->with : f->base) / (double)s->c->n_quarter, f->unit);
    for (size_t q = 0; q < n_quarter; q++) {
        with[q] = f->quarter[q];
        base[q] = alone ? f->quarter[0] : f->quarter_base[q];
    }
    quarter_cells(s, ana_show_product(s, f->product), quantity, with, base, n_quarter);
}

/* All controlled products of the origin together, by value. */
static void quarter_sum(struct ana_show *s, const struct ana_versus *v, size_t n_quarter)
{
    int alone = v->base == ANA_NO_BASE;
    double all = 0.0, with[QUARTERS], base[QUARTERS];
    cell money, quantity;

    for (size_t i = 0; i < v->n_flow; i++)
        all += strcmp(v->flow[i].origin, s->c->main_origin) == 0 ? v->flow[i].value_base : 0.0;
    ana_show_usd(money, all / (double)s->c->n_quarter);
    snprintf(quantity, sizeof quantity, "%.12s USD", money);
    for (size_t q = 0; q < n_quarter; q++) {
        with[q] = base[q] = 0.0;
        for (size_t i = 0; i < v->n_flow; i++) {
            const struct ana_flow *f = &v->flow[i];

            if (strcmp(f->origin, s->c->main_origin) != 0)
                continue;
            with[q] += f->quarter[q] * f->value_usd;
            base[q] += (alone ? f->quarter[0] : f->quarter_base[q]) * f->value_usd;
        }
    }
    quarter_cells(s, "all, by value", quantity, with, base, n_quarter);
}

static void quarters(struct ana_show *s, const struct ana_versus *v)
{
    size_t fit = s->o->width < 106 ? 8 : (s->o->width - 43) / 7, n_quarter = s->c->n_quarter, n = 0,
           shown = 0;
    const char *origin = s->c->main_origin;

    for (size_t i = 0; i < v->n_flow && origin; i++)
        n += strcmp(v->flow[i].origin, origin) == 0;
    if (n == 0)
        return;
    n_quarter = n_quarter < fit ? n_quarter : fit;
    fputc('\n', s->to);
    ana_show_heading(s, "ARRIVALS of controlled products from %s in %s, %s = 100%s", origin,
                     ana_show_where(s), v->base == ANA_NO_BASE ? s->c->quarter[0] : "baseline",
                     n_quarter < s->c->n_quarter ? ", first quarters" : "");
    fprintf(s->to, "    %-*s %11s", (int)quarter_width(s, n_quarter), "",
            v->base == ANA_NO_BASE ? "per quarter" : "base/qtr");
    for (size_t q = 0; q < n_quarter; q++)
        fprintf(s->to, " %6s", s->c->quarter[q]);
    fputc('\n', s->to);
    quarter_sum(s, v, n_quarter);
    for (size_t i = 0; i < v->n_flow && shown < ana_show_rows(s, n); i++)
        if (strcmp(v->flow[i].origin, origin) == 0) {
            quarter_row(s, v, &v->flow[i], n_quarter);
            shown++;
        }
    if (shown < n)
        ana_show_line(s, "    %zu more products", n - shown);
}

void ana_show_flows(struct ana_show *s, const struct ana_versus *v)
{
    leads(s, v);
    quarters(s, v);
}

/* ---- offices ---- */

static void office_rows(struct ana_show *s, const struct ana_versus *v)
{
    size_t width = s->o->width - 65;
    char name[200];

    for (size_t i = 0; i < v->n_office; i++) {
        const struct ana_office *o = &v->office[i];
        cell days, queue, refused;

        ana_show_number(days, o->days, 0);
        ana_show_number(queue, o->queue, 0);
        part_cell(refused, o->refused / (o->granted + o->refused));
        snprintf(name, sizeof name, "%.100s, %.90s", v->label, o->office);
        ana_show_name(s, 2, name, width);
        ana_show_line(s, " %9.0f %9.0f %9.0f %7s %9.0f %7s %6s", o->applied, o->granted, o->refused,
                      refused, o->waiting, days, queue);
    }
}

void ana_show_offices(struct ana_show *s)
{
    size_t n = s->c->alone.n_office, width = s->o->width - 65;

    for (size_t i = 0; i < s->c->n_versus; i++)
        n += s->c->versus[i].n_office;
    if (n == 0)
        return;
    fputc('\n', s->to);
    ana_show_title(s, 0, "LICENCES, means of a run", width + 2);
    ana_show_line(s, " %9s %9s %9s %7s %9s %7s %6s", "applied", "granted", "refused", "of them",
                  "waiting", "days to", "of it");
    ana_show_line(s, "%-*s %9s %9s %9s %7s %9s %7s %6s", (int)width + 2, "", "", "", "", "refused",
                  "at end", "decide", "queued");
    office_rows(s, &s->c->alone);
    for (size_t i = 0; i < s->c->n_versus; i++)
        if (ana_show_has(s, &s->c->versus[i]))
            office_rows(s, &s->c->versus[i]);
}
