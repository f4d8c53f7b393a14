#include "analysis/plot_inner.h"

#include "sim/date.h"

#include <math.h>
#include <stdio.h>

struct lines {
    struct ana_text *to;
    int32_t start;
    const double *day;
    size_t n;
    struct ana_plot_scale x, y;
    double left, right, top, bottom;
};

static double line_x(const struct lines *p, size_t i)
{
    return ana_plot_place(&p->x, p->day[i]);
}

/* Days between marks, and months (the days are then what they come to). */
static const struct {
    double days;
    int months;
} date_step[] = {{1, 0},     {2, 0},      {7, 0},       {14, 0},      {31, 1},
                 {61, 2},    {92, 3},     {183, 6},     {366, 12},    {731, 24},
                 {1827, 60}, {3653, 120}, {18263, 600}, {36525, 1200}};
enum { N_DATE_STEP = sizeof date_step / sizeof *date_step, MARKS = 8 };

static void put_date(struct lines *p, int32_t day, int months, int with_year)
{
    static const char *const name[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char text[32] = "", year[16];
    double x = ana_plot_place(&p->x, (double)(day - p->start));
    int y, m, d;

    sim_date_split(day, &y, &m, &d);
    snprintf(year, sizeof year, "%d", y);
    if (months == 0)
        snprintf(text, sizeof text, "%d %s%s%s", d, name[m - 1], with_year ? " " : "",
                 with_year ? year : "");
    else if (months < 12)
        snprintf(text, sizeof text, "%s%s%s", name[m - 1], with_year ? " " : "",
                 with_year ? year : "");
    ana_plot_rule(p->to, "grid", x, p->bottom, x, p->bottom + 4.0);
    ana_plot_text(p->to, x, p->bottom + 18.0, "middle", months < 12 ? text : year, ANA_PLOT_WIDTH);
}

static void put_dates(struct lines *p)
{
    int32_t first = p->start + (int32_t)ceil(p->x.lo), last = p->start + (int32_t)floor(p->x.hi);
    int k = 0, y, m, d, was = INT32_MIN;

    while (k < N_DATE_STEP - 1 && p->x.hi - p->x.lo > MARKS * date_step[k].days)
        k++;
    for (int32_t day = first; day <= last;) {
        int months = date_step[k].months, count;

        sim_date_split(day, &y, &m, &d);
        count = 12 * y + m - 1;
        if (months == 0 || (d == 1 && count % months == 0)) {
            put_date(p, day, months, y != was);
            was = y;
        }
        if (months == 0) {
            day += (int32_t)date_step[k].days;
        } else {
            count += months - count % months;
            day = sim_date_join(count / 12, count % 12 + 1, 1);
        }
    }
}

static double ticks_width(const struct ana_plot_scale *s)
{
    char text[32];
    double w = 0.0;

    for (int i = 0; i < ana_plot_n_tick(s); i++) {
        ana_plot_short(text, ana_plot_tick(s, i));
        w = ana_plot_widest(w, text);
    }
    return w;
}

static void put_values(struct lines *p, const char *unit)
{
    char text[32];

    for (int i = 0; i < ana_plot_n_tick(&p->y); i++) {
        double y = ana_plot_place(&p->y, ana_plot_tick(&p->y, i));

        ana_plot_short(text, ana_plot_tick(&p->y, i));
        ana_plot_rule(p->to, "grid", p->left, y, p->right, y);
        ana_plot_text(p->to, p->left - 6.0, y + 4.0, "end", text, ANA_PLOT_WIDTH);
    }
    ana_plot_text(p->to, ANA_PLOT_EDGE, p->top - 14.0, "", unit,
                  ANA_PLOT_WIDTH - 2 * ANA_PLOT_EDGE);
}

/* Names stand one below the other, at the top; where there are many only as <title>. */
static void put_spans(struct lines *p, const struct ana_plot_span span[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double from = fmax(span[i].from, p->x.lo),
               until = isfinite(span[i].until) ? fmin(span[i].until, p->x.hi) : p->x.hi,
               x = ana_plot_place(&p->x, from);

        if (!isfinite(span[i].from) || !(until >= from))
            continue;
        ana_text_add(p->to,
                     "<rect class=\"span\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\">"
                     "<title>",
                     x, p->top, fmax(ana_plot_place(&p->x, until) - x, 1.0), p->bottom - p->top);
        ana_html(p->to, span[i].name);
        ana_text_add(p->to, "</title></rect>\n");
    }
}

static void put_span_names(struct lines *p, const struct ana_plot_span span[], size_t n)
{
    double y = p->top + 14.0;

    for (size_t i = 0; n <= 5 && i < n; i++) {
        double x = ana_plot_place(&p->x, fmax(span[i].from, p->x.lo)) + 4.0;

        if (!isfinite(span[i].from) || span[i].from > p->x.hi ||
            (isfinite(span[i].until) && span[i].until < p->x.lo))
            continue;
        if (p->right - x < 120.0)
            ana_plot_text(p->to, x - 8.0, y, "end", span[i].name, ANA_PLOT_NAME);
        else
            ana_plot_text(p->to, x, y, "", span[i].name, p->right - x);
        y += 14.0;
    }
}

/* Colours are told apart by how the line is broken as well. */
static void dashes(struct ana_text *to, size_t k)
{
    static const char *const dash[] = {"", "7 4", "2 3", "10 3 2 3"};

    if (k % 4 > 0)
        ana_text_add(to, " stroke-dasharray=\"%s\"", dash[k % 4]);
}

static void put_band(struct lines *p, const struct ana_plot_line *l, size_t k)
{
    size_t end;

    for (size_t i = 0; l->lo && l->hi && i < p->n; i = end) {
        for (end = i; end < p->n && isfinite(l->lo[end]) && isfinite(l->hi[end]); end++)
            ;
        if (end == i) {
            end++;
            continue;
        }
        ana_text_add(p->to, "<path class=\"band p%zu\" d=\"", k % ANA_PLOT_CATEGORIES);
        for (size_t j = i; j < end; j++)
            ana_text_add(p->to, "%s%.1f %.1f", j == i ? "M" : "L", line_x(p, j),
                         ana_plot_place(&p->y, l->hi[j]));
        for (size_t j = end; j-- > i;)
            ana_text_add(p->to, "L%.1f %.1f", line_x(p, j), ana_plot_place(&p->y, l->lo[j]));
        ana_text_add(p->to, "Z\"/>\n");
    }
}

/* A point with gaps on both sides is a dot. */
static void put_line(struct lines *p, const struct ana_plot_line *l, size_t k)
{
    size_t end;

    for (size_t i = 0; i < p->n; i = end) {
        for (end = i; end < p->n && isfinite(l->mid[end]); end++)
            ;
        if (end == i) {
            end++;
            continue;
        }
        if (end == i + 1) {
            ana_text_add(p->to, "<circle class=\"p%zu\" cx=\"%.1f\" cy=\"%.1f\" r=\"2\"/>\n",
                         k % ANA_PLOT_CATEGORIES, line_x(p, i), ana_plot_place(&p->y, l->mid[i]));
            continue;
        }
        ana_text_add(p->to, "<path class=\"line p%zu\"", k % ANA_PLOT_CATEGORIES);
        dashes(p->to, k);
        ana_text_add(p->to, " d=\"");
        for (size_t j = i; j < end; j++)
            ana_text_add(p->to, "%s%.1f %.1f", j == i ? "M" : "L", line_x(p, j),
                         ana_plot_place(&p->y, l->mid[j]));
        ana_text_add(p->to, "\"/>\n");
    }
}

static int finite_of(const double x[], size_t n, double *lo, double *hi)
{
    int found = 0;

    for (size_t i = 0; x && i < n; i++)
        if (isfinite(x[i])) {
            *lo = fmin(*lo, x[i]);
            *hi = fmax(*hi, x[i]);
            found = 1;
        }
    return found;
}

void ana_plot_lines(struct ana_text *to, const char *label, const char *unit, int32_t start,
                    const double day[], size_t n, const struct ana_plot_line line[], size_t n_line,
                    const struct ana_plot_span span[], size_t n_span)
{
    struct lines p = {.to = to, .start = start, .day = day, .n = n, .right = ANA_PLOT_WIDTH - 24.0};
    struct ana_plot_key key = ana_plot_key_first(), again = key;
    double lo = 0.0, hi = 0.0;
    int found = 0;

    for (size_t k = 0; k < n_line; k++) {
        found |= finite_of(line[k].mid, n, &lo, &hi);
        if (line[k].lo && line[k].hi)
            found |= finite_of(line[k].lo, n, &lo, &hi) | finite_of(line[k].hi, n, &lo, &hi);
        ana_plot_key_place(&key, line[k].name);
    }
    if (!found) {
        ana_plot_nothing(to, label);
        return;
    }
    ana_plot_scale_set(&p.y, lo, hi);
    p.left = ANA_PLOT_EDGE + ticks_width(&p.y) + 6.0;
    p.top = key.y + ANA_PLOT_KEY + 26.0;
    p.bottom = p.top + 240.0;
    ana_plot_scale_place(&p.y, p.bottom, p.top);
    p.x = (struct ana_plot_scale){.lo = day[0], .hi = n > 1 ? day[n - 1] : day[0] + 1.0};
    ana_plot_scale_place(&p.x, p.left, p.right);
    ana_plot_open(to, label, p.bottom + 26.0);
    put_spans(&p, span, n_span);
    put_values(&p, unit);
    put_dates(&p);
    for (size_t k = 0; k < n_line; k++)
        put_band(&p, &line[k], k);
    for (size_t k = 0; k < n_line; k++) {
        put_line(&p, &line[k], k);
        ana_plot_key_place(&again, line[k].name);
        ana_text_add(to, "<path class=\"line p%zu\"", k % ANA_PLOT_CATEGORIES);
        dashes(to, k);
        ana_text_add(to, " d=\"M%.1f %.1fh22\"/>\n", again.x, again.y);
        ana_plot_text(to, again.x + 28.0, again.y + 4.0, "", line[k].name, ANA_PLOT_NAME);
    }
    put_span_names(&p, span, n_span);
    ana_plot_close(to);
}
