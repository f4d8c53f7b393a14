#include "analysis/show_inner.h"

#include "analysis/compare_inner.h"
#include "sim/date.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { WIDE = 96 }; /* from so many columns on names fit into the rows of tables */

/* ---- text of any kind, as it may go to a terminal ---- */

/* Bytes of the character at p: 1 for ASCII and for what is no UTF-8. */
static size_t char_length(const unsigned char *p)
{
    size_t n = p[0] < 0xc2 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 1;

    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 1;
    return n;
}

/* Columns of the n bytes at s: one for each character. */
static size_t columns(const char *s, size_t n)
{
    size_t k = 0;

    for (size_t i = 0; i < n; k++)
        i += char_length((const unsigned char *)s + i);
    return k;
}

/* Control characters (C0, C1), what is no UTF-8 and, without utf8, what is not ASCII: '?'. */
static void put(const struct ana_show *s, const char *text, size_t n)
{
    for (size_t i = 0; i < n;) {
        const unsigned char *p = (const unsigned char *)text + i;
        size_t len = char_length(p);

        if (len == 1 ? p[0] >= 0x20 && p[0] < 0x7f : s->o->utf8 && !(p[0] == 0xc2 && p[1] < 0xa0))
            fwrite(p, 1, len, s->to);
        else
            fputc('?', s->to);
        i += len;
    }
}

void ana_show_cell(const struct ana_show *s, const char *text, size_t width, int left)
{
    size_t n = strlen(text), used = columns(text, n);
    int cut = used > width;

    if (cut) {
        for (n = 0, used = 0; used + 2 < width; used++)
            n += char_length((const unsigned char *)text + n);
        used += 2;
    }
    if (!left)
        fprintf(s->to, "%*s", (int)(width - used), "");
    put(s, text, n);
    fputs(cut ? ".." : "", s->to);
    if (left)
        fprintf(s->to, "%*s", (int)(width - used), "");
}

size_t ana_show_columns(const char *text)
{
    return columns(text, strlen(text));
}

int ana_show_narrow(const struct ana_show *s)
{
    return s->o->width < WIDE;
}

void ana_show_strong(const struct ana_show *s, int on)
{
    if (s->o->strong)
        fputs(on ? "\033[1m" : "\033[0m", s->to);
}

void ana_show_name(const struct ana_show *s, size_t indent, const char *name, size_t width)
{
    fprintf(s->to, "%*s", (int)indent, "");
    if (ana_show_columns(name) > width && ana_show_narrow(s)) {
        put(s, name, strlen(name));
        fprintf(s->to, "\n%*s", (int)(indent + width), "");
    } else {
        ana_show_cell(s, name, width, 1);
    }
}

void ana_show_title(const struct ana_show *s, size_t indent, const char *title, size_t width)
{
    ana_show_strong(s, 1);
    ana_show_name(s, indent, title, width);
    ana_show_strong(s, 0);
}

void ana_show_line(const struct ana_show *s, const char *fmt, ...)
{
    char text[ANA_SHOW_LINE];
    size_t n;
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    n = strlen(text);
    put(s, text, n);
    fputc('\n', s->to);
}

/* ---- paragraphs ---- */

void ana_para_add(struct ana_para *p, const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(p->s + p->n, sizeof p->s - p->n, fmt, ap);
    va_end(ap);
    p->n += n < 0 ? 0 : (size_t)n;
    p->n = p->n < sizeof p->s ? p->n : sizeof p->s - 1;
}

void ana_para_end(struct ana_show *s, struct ana_para *p, const char *first, size_t indent)
{
    const char *at = p->s;
    size_t used = columns(first, strlen(first)), begin = used;

    put(s, first, strlen(first));
    while (*at) {
        size_t n = strcspn(at, " "), wide = columns(at, n);

        if (used > begin && used + 1 + wide > s->o->width) {
            fprintf(s->to, "\n%*s", (int)indent, "");
            used = begin = indent;
        }
        if (used > begin)
            fputc(' ', s->to);
        put(s, at, n);
        used += wide + (used > begin);
        at += n;
        at += strspn(at, " ");
    }
    fputc('\n', s->to);
    p->n = 0;
    p->s[0] = '\0';
}

void ana_show_heading(struct ana_show *s, const char *fmt, ...)
{
    struct ana_para p = {.n = 0};
    va_list ap;

    va_start(ap, fmt);
    p.n = (size_t)vsnprintf(p.s, sizeof p.s, fmt, ap);
    va_end(ap);
    ana_show_strong(s, 1);
    ana_para_end(s, &p, "  ", 4);
    ana_show_strong(s, 0);
}

/* ---- numbers ---- */

static void scaled(char to[ANA_SHOW_CELL], double x, const char *unit)
{
    double size = fabs(x);
    int digits = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;

    snprintf(to, ANA_SHOW_CELL, "%.*f%s%s", digits, x, *unit ? " " : "", unit);
}

void ana_show_usd(char to[ANA_SHOW_CELL], double x)
{
    double size = fabs(x);

    if (isnan(x))
        snprintf(to, ANA_SHOW_CELL, "-");
    else if (isinf(x))
        snprintf(to, ANA_SHOW_CELL, "open");
    else if (size >= 0.9995e12)
        scaled(to, x / 1e12, "tn");
    else if (size >= 0.9995e9)
        scaled(to, x / 1e9, "bn");
    else if (size >= 0.9995e6)
        scaled(to, x / 1e6, "m");
    else if (size >= 0.9995e3)
        scaled(to, x / 1e3, "k");
    else
        snprintf(to, ANA_SHOW_CELL, "%.0f", size < 0.5 ? 0.0 : x);
}

void ana_show_percent(char to[ANA_SHOW_CELL], double x)
{
    double size = fabs(x);

    if (isnan(x))
        snprintf(to, ANA_SHOW_CELL, "-");
    else if (isinf(x))
        snprintf(to, ANA_SHOW_CELL, "open");
    else if (size < 1e-9)
        snprintf(to, ANA_SHOW_CELL, "0 %%");
    else if (size < 0.001)
        snprintf(to, ANA_SHOW_CELL, "%s0.001 %%", x < 0.0 ? "-<" : "<");
    else
        snprintf(to, ANA_SHOW_CELL, "%.*f %%", size >= 0.0995 ? 1 : size >= 0.00995 ? 2 : 3, x);
}

void ana_show_change(char to[ANA_SHOW_CELL], double with, double base)
{
    double x = 100.0 * (with / base - 1.0);

    if (!(base > 0.0) || isnan(x))
        snprintf(to, ANA_SHOW_CELL, "-");
    else
        snprintf(to, ANA_SHOW_CELL, "%+.1f %%", fabs(x) < 0.05 ? 0.0 : x);
}

void ana_show_date(const struct ana_show *s, char to[ANA_SHOW_CELL], double day)
{
    char text[11];

    if (isnan(day)) {
        snprintf(to, ANA_SHOW_CELL, "-");
        return;
    }
    sim_date_print(s->c->start + (int32_t)floor(day), text);
    snprintf(to, ANA_SHOW_CELL, "%s", text);
}

void ana_show_number(char to[ANA_SHOW_CELL], double x, int digits)
{
    if (isnan(x))
        snprintf(to, ANA_SHOW_CELL, "-");
    else
        snprintf(to, ANA_SHOW_CELL, "%.*f", digits, fabs(x) < 0.5 * pow(10.0, -digits) ? 0.0 : x);
}

void ana_show_two(char to[ANA_SHOW_CELL], double x)
{
    char round[ANA_SHOW_CELL];

    if (isnan(x)) {
        snprintf(to, ANA_SHOW_CELL, "-");
    } else if (fabs(x) < 0.001) {
        snprintf(to, ANA_SHOW_CELL, "0");
    } else {
        snprintf(round, sizeof round, "%.1e", x);
        snprintf(to, ANA_SHOW_CELL, fabs(x) < 9.95 ? "%.2g" : "%.0f", strtod(round, NULL));
    }
}

void ana_show_quantity(char to[ANA_SHOW_CELL], double x, const char *unit)
{
    int kg = strcmp(unit, "kg") == 0;

    if (kg && fabs(x) >= 999.5)
        scaled(to, x / 1e3, "t");
    else if (kg)
        scaled(to, x, "kg");
    else
        ana_show_usd(to, x);
}

void ana_show_interval(struct ana_show *s, char to[3 * ANA_SHOW_CELL], const struct ana_effect *e,
                       void (*f)(char[ANA_SHOW_CELL], double))
{
    char lo[ANA_SHOW_CELL], hi[ANA_SHOW_CELL];

    if (isnan(e->diff.lo)) {
        snprintf(to, 3 * ANA_SHOW_CELL, "%s", e->n < ANA_STATS_MIN ? "withheld" : "-");
        return;
    }
    f(lo, e->diff.lo);
    f(hi, e->diff.hi);
    s->skewed |= ana_stats_skewed(e->n, e->skew);
    s->doubtful |= ana_stats_doubtful(e->n, e->skew);
    snprintf(to, 3 * ANA_SHOW_CELL, "%s to %s%s", lo, hi,
             ana_stats_doubtful(e->n, e->skew) ? " ~" : "");
}

size_t ana_show_rows(const struct ana_show *s, size_t n)
{
    size_t most = s->o->top > 1 ? s->o->top / 2 : 1;

    return s->o->all || n < most ? n : most;
}

/* ---- names ---- */

const char *ana_show_product(struct ana_show *s, const char *product)
{
    for (size_t i = 0; i < s->n_said; i++)
        if (strcmp(s->said[i], product) == 0)
            return product;
    if (s->n_said < ANA_SHOW_MAX_SAID)
        s->said[s->n_said++] = product;
    return product;
}

static const char *site_name(const struct sim_result *r, const char *site)
{
    const struct sim_axis *a = ana_axis(r, "site");
    const char *const *name = ana_coord_text(a, "site_name");

    for (size_t i = 0; name && i < a->n; i++)
        if (strcmp(a->label[i], site) == 0)
            return name[i];
    return site;
}

void ana_show_cause(struct ana_show *s, struct ana_para *to, int cause)
{
    const struct sim_axis *a = ana_axis(s->c->r, "cause");
    const char *const *why = ana_coord_text(a, "cause_why"),
                      *const *rule = ana_coord_text(a, "cause_rule"),
                      *const *site = ana_coord_text(a, "cause_site"),
                      *const *product = ana_coord_text(a, "cause_product");

    if (!why || !rule || !site || !product) {
        ana_para_add(to, "%s", a->label[cause]);
        return;
    }
    ana_para_add(to, "%s", why[cause]);
    if (*product[cause])
        ana_para_add(to, " for %s", ana_show_product(s, product[cause]));
    if (*site[cause])
        ana_para_add(to, " at %s", site_name(s->c->r, site[cause]));
    if (*rule[cause])
        ana_para_add(to, *product[cause] || *site[cause] ? " under %s" : " %s", rule[cause]);
}
