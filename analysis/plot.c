#include "analysis/plot_inner.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { FONT = 12, ROW = 22, HEAT = 6 };

/* ---- text ---- */

/* Width of a character, in ems, and its bytes. As in a wide font, so that what fits here fits. */
static double char_em(const char *p, size_t *bytes)
{
    unsigned char c = (unsigned char)*p;

    *bytes = 1;
    while (c >= 0x80 && ((unsigned char)p[*bytes] & 0xc0) == 0x80)
        ++*bytes;
    if (c >= 0xe1)
        return 1.0;
    if (strchr("iljI.,:;'|!()[] /", c))
        return 0.38;
    return strchr("mwMW@%", c) ? 0.95 : c >= 'A' && c <= 'Z' ? 0.72 : 0.62;
}

double ana_plot_width(const char *text)
{
    double w = 0.0;
    size_t bytes;

    for (const char *p = text; *p; p += bytes)
        w += char_em(p, &bytes);
    return w * FONT;
}

double ana_plot_widest(double w, const char *text)
{
    return fmin(fmax(w, ana_plot_width(text)), ANA_PLOT_NAME);
}

/* The text, escaped, or as much as has room, then dots. */
static void put_fit(struct ana_text *to, const char *text, double room)
{
    char few[256];
    double w = FONT;
    size_t n = 0, bytes;

    if (ana_plot_width(text) <= room) {
        ana_html(to, text);
        return;
    }
    for (const char *p = text; *p; p += bytes) {
        w += char_em(p, &bytes) * FONT;
        if (w > room || n + bytes >= sizeof few)
            break;
        memcpy(few + n, p, bytes);
        n += bytes;
    }
    few[n] = '\0';
    ana_html(to, few);
    ana_text_add(to, "\xe2\x80\xa6<title>");
    ana_html(to, text);
    ana_text_add(to, "</title>");
}

void ana_plot_text(struct ana_text *to, double x, double y, const char *anchor, const char *text,
                   double room)
{
    ana_text_add(to, "<text class=\"text\" x=\"%.1f\" y=\"%.1f\"%s%s%s>", x, y,
                 *anchor ? " text-anchor=\"" : "", anchor, *anchor ? "\"" : "");
    put_fit(to, text, room);
    ana_text_add(to, "</text>\n");
}

void ana_plot_short(char to[32], double x)
{
    static const struct {
        double at;
        const char *unit;
    } unit[] = {{1e12, " tn"}, {1e9, " bn"}, {1e6, " m"}, {1e3, " k"}, {1.0, ""}};
    double size = fabs(x);
    size_t k = 0;
    char *end;

    if (size < 0.001 || size >= 1e15) {
        snprintf(to, 32, "%.3g", size > 0.0 ? x : 0.0);
        return;
    }
    while (k < 4 && size < 0.9995 * unit[k].at)
        k++;
    size /= unit[k].at;
    snprintf(to, 24, "%.*f",
             size >= 99.95    ? 0
             : size >= 9.995  ? 1
             : size >= 0.0995 ? 2
                              : 4,
             x / unit[k].at);
    if (strchr(to, '.')) {
        end = to + strlen(to);
        while (end[-1] == '0')
            *--end = '\0';
        if (end[-1] == '.')
            end[-1] = '\0';
    }
    strcat(to, unit[k].unit);
}

/* ---- the picture ---- */

void ana_plot_open(struct ana_text *to, const char *label, double height)
{
    ana_text_add(to,
                 "<svg class=\"plot\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %.0f\" "
                 "font-size=\"%d\" font-family=\"sans-serif\" role=\"img\" aria-label=\"",
                 ANA_PLOT_WIDTH, height, FONT);
    ana_html(to, label);
    ana_text_add(to, "\">\n");
}

void ana_plot_close(struct ana_text *to)
{
    ana_text_add(to, "</svg>\n");
}

void ana_plot_nothing(struct ana_text *to, const char *label)
{
    ana_plot_open(to, label, 3 * ROW);
    ana_plot_text(to, ANA_PLOT_WIDTH / 2.0, 1.7 * ROW, "middle", "no data", ANA_PLOT_WIDTH);
    ana_plot_close(to);
}

void ana_plot_rule(struct ana_text *to, const char *class, double x1, double y1, double x2,
                   double y2)
{
    ana_text_add(to, "<path class=\"%s\" d=\"M%.1f %.1fL%.1f %.1f\"/>\n", class, x1, y1, x2, y2);
}

static void rect(struct ana_text *to, const char *class, size_t k, double x, double y, double w,
                 double h)
{
    ana_text_add(to, "<rect class=\"%s%zu\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"",
                 class, k, x, y, w, h);
}

struct ana_plot_key ana_plot_key_first(void)
{
    return (struct ana_plot_key){ANA_PLOT_EDGE, ANA_PLOT_EDGE + ANA_PLOT_KEY / 2.0, ANA_PLOT_EDGE};
}
void ana_plot_key_place(struct ana_plot_key *k, const char *name)
{
    double w = 28.0 + ana_plot_widest(0.0, name) + 14.0;

    k->x = k->next;
    if (k->x > ANA_PLOT_EDGE && k->x + w > ANA_PLOT_WIDTH) {
        k->x = ANA_PLOT_EDGE;
        k->y += ANA_PLOT_KEY;
    }
    k->next = k->x + w;
}

/* ---- axes ---- */

void ana_plot_scale_set(struct ana_plot_scale *s, double lo, double hi)
{
    double rough, power;

    lo = fmin(lo, 0.0);
    hi = fmax(hi, 0.0);
    if (!(hi > lo))
        hi = 1.0;
    rough = (hi - lo) / 5.0;
    power = pow(10.0, floor(log10(rough)));
    s->step = power * (rough <= 1.0001 * power ? 1.0 : rough <= 2.0001 * power ? 2.0 : 5.0);
    if (rough > 5.0001 * power)
        s->step = 10.0 * power;
    s->lo = floor(lo / s->step + 1e-9) * s->step;
    s->hi = ceil(hi / s->step - 1e-9) * s->step;
}

void ana_plot_scale_place(struct ana_plot_scale *s, double from, double until)
{
    s->per = (until - from) / (s->hi - s->lo);
    s->at = from - s->per * s->lo;
}

double ana_plot_place(const struct ana_plot_scale *s, double x)
{
    return s->at + s->per * x;
}

double ana_plot_tick(const struct ana_plot_scale *s, int i)
{
    double x = s->lo + s->step * i;

    return fabs(x) < 1e-9 * s->step ? 0.0 : x;
}
int ana_plot_n_tick(const struct ana_plot_scale *s)
{
    return (int)floor((s->hi - s->lo) / s->step + 0.5) + 1;
}

/* ---- bars ---- */

static double bar_sum(const struct ana_plot_bar *b, size_t n)
{
    double sum = 0.0;

    for (size_t k = 0; k < n; k++)
        sum += isfinite(b->part[k]) ? fmax(b->part[k], 0.0) : 0.0;
    return sum;
}

static void put_whisker(struct ana_text *to, const struct ana_plot_scale *s, double lo, double hi,
                        double y)
{
    double a = ana_plot_place(s, lo), b = ana_plot_place(s, hi);

    ana_plot_rule(to, "whisker", a, y, b, y);
    ana_plot_rule(to, "whisker", a, y - 4.0, a, y + 4.0);
    ana_plot_rule(to, "whisker", b, y - 4.0, b, y + 4.0);
}

static void put_bar(struct ana_text *to, const struct ana_plot_scale *s,
                    const struct ana_plot_bar *b, const char *const part[], size_t n, double y)
{
    double sum = 0.0, end = bar_sum(b, n);
    char text[32];

    for (size_t k = 0; k < n; k++) {
        double from = ana_plot_place(s, sum);

        if (!isfinite(b->part[k]) || !(b->part[k] > 0.0))
            continue;
        sum += b->part[k];
        ana_plot_short(text, b->part[k]);
        rect(to, "part p", k % ANA_PLOT_CATEGORIES, from, y + 3.0, ana_plot_place(s, sum) - from,
             ROW - 6.0);
        ana_text_add(to, "><title>");
        ana_html(to, part[k]);
        ana_text_add(to, ": %s</title></rect>\n", text);
    }
    ana_plot_short(text, end);
    if (isfinite(b->lo) && isfinite(b->hi)) {
        put_whisker(to, s, b->lo, b->hi, y + ROW / 2.0);
        end = fmax(end, b->hi);
    }
    ana_plot_text(to, ana_plot_place(s, end) + 6.0, y + ROW / 2.0 + 4.0, "", text, ANA_PLOT_WIDTH);
}

static void put_bar_axis(struct ana_text *to, const struct ana_plot_scale *s, const char *unit,
                         double left, double top, double bottom)
{
    char text[32];

    for (int i = 0; i < ana_plot_n_tick(s); i++) {
        double x = ana_plot_place(s, ana_plot_tick(s, i));

        ana_plot_short(text, ana_plot_tick(s, i));
        ana_plot_rule(to, "grid", x, top, x, bottom);
        ana_plot_text(to, x, bottom + 16.0, "middle", text, ANA_PLOT_WIDTH);
    }
    ana_plot_text(to, left, bottom + 34.0, "", unit, ANA_PLOT_WIDTH - left);
}

void ana_plot_bars(struct ana_text *to, const char *label, const char *unit,
                   const char *const part[], size_t n_part, const struct ana_plot_bar bar[],
                   size_t n_bar)
{
    struct ana_plot_key key = ana_plot_key_first(), again = key;
    struct ana_plot_scale s = {0};
    double lo = 0.0, hi = 0.0, w = 0.0, left, top, bottom;

    if (n_bar == 0 || n_part == 0) {
        ana_plot_nothing(to, label);
        return;
    }
    for (size_t i = 0; i < n_bar; i++) {
        w = ana_plot_widest(w, bar[i].name);
        hi = fmax(hi, bar_sum(&bar[i], n_part));
        if (isfinite(bar[i].lo) && isfinite(bar[i].hi)) {
            lo = fmin(lo, bar[i].lo);
            hi = fmax(hi, bar[i].hi);
        }
    }
    for (size_t k = 0; n_part > 1 && k < n_part; k++)
        ana_plot_key_place(&key, part[k]);
    left = ANA_PLOT_EDGE + w + 8.0;
    top = n_part > 1 ? key.y + ANA_PLOT_KEY : ANA_PLOT_EDGE;
    bottom = top + (double)n_bar * ROW;
    ana_plot_scale_set(&s, lo, hi);
    ana_plot_scale_place(&s, left, ANA_PLOT_WIDTH - 64.0);
    ana_plot_open(to, label, bottom + 42.0);
    put_bar_axis(to, &s, unit, left, top, bottom);
    for (size_t k = 0; n_part > 1 && k < n_part; k++) {
        ana_plot_key_place(&again, part[k]);
        rect(to, "part p", k % ANA_PLOT_CATEGORIES, again.x + 6.0, again.y - 6.0, 12.0, 12.0);
        ana_text_add(to, "/>\n");
        ana_plot_text(to, again.x + 24.0, again.y + 4.0, "", part[k], ANA_PLOT_NAME);
    }
    for (size_t i = 0; i < n_bar; i++) {
        double y = top + (double)i * ROW;

        ana_plot_text(to, left - 8.0, y + ROW / 2.0 + 4.0, "end", bar[i].name, ANA_PLOT_NAME);
        put_bar(to, &s, &bar[i], part, n_part, y);
    }
    ana_plot_close(to);
}

/* ---- cells ---- */

static size_t heat(double x)
{
    return x > 0.0 ? (size_t)fmin(ceil((HEAT - 1) * x), HEAT - 1) : 0;
}

static void put_cells(struct ana_text *to, const double x[], size_t n, double left, double y,
                      double w)
{
    size_t end;

    for (size_t j = 0; j < n; j = end) {
        end = j + 1;
        if (!isfinite(x[j]))
            continue;
        while (end < n && isfinite(x[end]) && heat(x[end]) == heat(x[j]))
            end++;
        rect(to, "h", heat(x[j]), left + (double)j * w, y, (double)(end - j) * w, ROW - 4.0);
        ana_text_add(to, "/>\n");
    }
}

static void put_heat_key(struct ana_text *to, double left, double y)
{
    double wide = (ANA_PLOT_WIDTH - left) / HEAT;

    for (size_t k = 0; k < HEAT; k++) {
        double x = left + wide * (double)k;
        char text[32] = "0";

        if (k > 0)
            snprintf(text, sizeof text, "to %zu %%", 100 * k / (HEAT - 1));
        rect(to, "cell h", k, x, y, 18.0, 12.0);
        ana_text_add(to, "/>\n");
        ana_plot_text(to, x + 24.0, y + 10.0, "", text, ANA_PLOT_NAME);
    }
}

void ana_plot_cells(struct ana_text *to, const char *label, const char *const row[], size_t n_row,
                    const char *const column[], size_t n_column, const double x[])
{
    double w = 0.0, left, wide, top = ANA_PLOT_EDGE + ANA_PLOT_KEY,
           bottom = top + (double)n_row * (ROW - 4.0), taken = 0.0;

    if (n_row == 0 || n_column == 0) {
        ana_plot_nothing(to, label);
        return;
    }
    for (size_t i = 0; i < n_row; i++)
        w = ana_plot_widest(w, row[i]);
    left = ANA_PLOT_EDGE + w + 8.0;
    wide = (ANA_PLOT_WIDTH - 2 * ANA_PLOT_EDGE - left) / (double)n_column;
    ana_plot_open(to, label, bottom + 34.0);
    for (size_t j = 0; j < n_column; j++) {
        double at = left + (double)j * wide;

        if (*column[j] == '\0' || at < taken)
            continue;
        ana_plot_text(to, at, top - 6.0, "", column[j], fmax(ANA_PLOT_WIDTH - at, 24.0));
        taken = at + ana_plot_width(column[j]) + 8.0;
    }
    for (size_t i = 0; i < n_row; i++) {
        double y = top + (double)i * (ROW - 4.0);

        ana_plot_text(to, left - 8.0, y + ROW / 2.0 + 2.0, "end", row[i], ANA_PLOT_NAME);
        put_cells(to, x + i * n_column, n_column, left, y, wide);
        ana_plot_rule(to, "grid", left, y + ROW - 4.0, ANA_PLOT_WIDTH - 2 * ANA_PLOT_EDGE,
                      y + ROW - 4.0);
    }
    put_heat_key(to, left, bottom + 14.0);
    ana_plot_close(to);
}
