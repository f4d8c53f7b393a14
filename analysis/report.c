#include "analysis/report_inner.h"

#include "analysis/show_inner.h"
#include "sim/date.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const ana_report_columns[] = {
    "rule_from", "rule_until",   "exports",      "office_backlog", "group_cover",
    "site_due",  "site_on_time", "site_planned", "site_missed",    "link_moved",
    "link_held", "content_kg",   "month_loss"};
const size_t ana_report_n_columns = sizeof ana_report_columns / sizeof *ana_report_columns;

const double ana_report_fan[ANA_REPORT_FAN] = {0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975};

/* ---- sections ---- */

void ana_report_section(struct ana_report *p, const char *id, const char *heading, const char *what)
{
    ana_text_add(p->to, "<section id=\"%s\">\n<h2>", id);
    ana_html(p->to, heading);
    ana_text_add(p->to, "</h2>\n");
    if (*what == '\0')
        return;
    ana_text_add(p->to, "<p>");
    ana_html(p->to, what);
    ana_text_add(p->to, "</p>\n");
}

void ana_report_end(struct ana_report *p)
{
    ana_text_add(p->to, "<div class=\"figures\"></div>\n</section>\n");
}

void ana_report_data(struct ana_report *p, const char *id)
{
    ana_text_add(p->to, "<script type=\"application/json\" id=\"data-%s\">{", id);
}

void ana_report_data_end(struct ana_report *p)
{
    ana_text_add(p->to, "}</script>\n");
}

const char *ana_report_text(struct ana_report *p, const char *fmt, ...)
{
    va_list ap;
    int n;
    char *text;

    va_start(ap, fmt);
    n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    text = sim_arena_alloc(&p->arena, (size_t)n + 1, 1);
    va_start(ap, fmt);
    vsnprintf(text, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return text;
}

const char *ana_report_day(struct ana_report *p, double day)
{
    char text[11] = "";

    if (isfinite(day))
        sim_date_print(p->c->start + (int32_t)floor(day), text);
    return ana_report_text(p, "%s", text);
}

void ana_report_date(struct ana_report *p, double day)
{
    ana_json_text(p->to, isfinite(day) ? ana_report_day(p, day) : NULL);
}

const char *ana_report_cause(struct ana_report *p, int cause)
{
    struct ana_show s = {.c = p->c};
    struct ana_para text = {.n = 0};

    if (cause < 0)
        return NULL;
    ana_show_cause(&s, &text, cause);
    return ana_report_text(p, "%s", text.s);
}

void ana_report_number(struct ana_report *p, const char *key, double x)
{
    ana_json_key(p->to, key);
    ana_json_number(p->to, x, ANA_REPORT_DIGITS);
}

double *ana_report_fan_of(struct ana_report *p, const double x[], size_t n_run, size_t n)
{
    double *all = sim_arena_alloc(&p->arena, n_run, sizeof *all),
           *q = sim_arena_alloc(&p->arena, n * ANA_REPORT_FAN, sizeof *q);

    for (size_t i = 0; i < n; i++) {
        double at[ANA_REPORT_FAN];

        for (size_t r = 0; r < n_run; r++)
            all[r] = x[r * n + i];
        ana_stats_quantiles(all, n_run, ana_report_fan, ANA_REPORT_FAN, at);
        for (int k = 0; k < ANA_REPORT_FAN; k++)
            q[(size_t)k * n + i] = at[k];
    }
    return q;
}

void ana_report_fan_put(struct ana_report *p, const double x[], size_t n_run, size_t n)
{
    const double *q = ana_report_fan_of(p, x, n_run, n);

    ana_json_open(p->to, '[');
    for (size_t k = 0; k < ANA_REPORT_FAN; k++)
        ana_json_packed(p->to, q + k * n, n);
    ana_json_close(p->to, ']');
}

void ana_report_note(struct ana_report *p, const char *text)
{
    ana_text_add(p->to, "<p class=\"note\">");
    ana_html(p->to, text);
    ana_text_add(p->to, "</p>\n");
}

void ana_report_figure(struct ana_report *p, const char *id, const char *title)
{
    ana_text_add(p->to, "<figure id=\"figure-%s\">\n<h3>", id);
    ana_html(p->to, title);
    ana_text_add(p->to, "</h3>\n<div class=\"chart\">\n");
}

void ana_report_figure_end(struct ana_report *p, const char *caption, const char *const column[],
                           size_t n_column, const struct ana_report_cell cell[], size_t n_row)
{
    ana_text_add(p->to, "</div>\n<details class=\"table\"><summary>Table</summary>\n"
                        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                        "aria-label=\"table\">\n");
    ana_report_table(p, caption, column, n_column, cell, n_row);
    ana_text_add(p->to, "</div></details>\n</figure>\n");
}

/* As the page's script says it: 4101000000 -> "4,101,000,000". */
static void put_number(struct ana_text *to, double x)
{
    char all[400], few[32];
    size_t n;

    snprintf(few, sizeof few, "%.*e", ANA_REPORT_DIGITS - 1, x);
    x = strtod(few, NULL);
    if (fabs(x) < 1000.0) {
        ana_text_add(to, "%.*g", ANA_REPORT_DIGITS, x);
        return;
    }
    n = (size_t)snprintf(all, sizeof all, "%.0f", fabs(x));
    ana_text_add(to, "%s", x < 0.0 ? "-" : "");
    for (size_t i = 0; i < n; i++)
        ana_text_add(to, "%s%c", i > 0 && (n - i) % 3 == 0 ? "," : "", all[i]);
}

void ana_report_table(struct ana_report *p, const char *caption, const char *const column[],
                      size_t n_column, const struct ana_report_cell cell[], size_t n_row)
{
    ana_text_add(p->to, "<table>\n<caption>");
    ana_html(p->to, caption);
    ana_text_add(p->to, "</caption>\n<thead><tr>");
    for (size_t j = 0; j < n_column; j++) {
        ana_text_add(p->to, "<th scope=\"col\">");
        ana_html(p->to, column[j]);
        ana_text_add(p->to, "</th>");
    }
    ana_text_add(p->to, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < n_row; i++) {
        ana_text_add(p->to, "<tr>");
        for (size_t j = 0; j < n_column; j++) {
            const struct ana_report_cell *x = &cell[i * n_column + j];

            ana_text_add(p->to, x->text ? "<td>" : "<td class=\"number\">");
            if (x->text)
                ana_html(p->to, x->text);
            else if (isfinite(x->x))
                put_number(p->to, x->x);
            ana_text_add(p->to, "</td>");
        }
        ana_text_add(p->to, "</tr>\n");
    }
    ana_text_add(p->to, "</tbody>\n</table>\n");
}

/* ---- what all sections share ---- */

size_t ana_report_whole(const struct ana_report *p, const char *axis)
{
    const struct sim_axis *a = ana_axis(p->r, axis);
    size_t n = a ? a->n : 0;
    double step = strcmp(axis, "week") == 0 ? 7.0 : 28.0;

    while (n > 0 && !(a->value && a->value[n - 1] + step <= p->c->horizon_d))
        n--;
    return n;
}

static void put_dates(struct ana_report *p, const char *axis)
{
    const struct sim_axis *a = ana_axis(p->r, axis);

    ana_json_key(p->to, axis);
    ana_json_open(p->to, '[');
    for (size_t i = 0; i < ana_report_whole(p, axis); i++)
        ana_report_date(p, a->value[i]);
    ana_json_close(p->to, ']');
}

double ana_report_rule_day(const struct ana_report *p, const char *column, size_t s, size_t rule)
{
    const struct sim_column *c = sim_result_find(p->r, column);
    size_t n = ana_axis(p->r, "rule")->n;

    return c && sim_column_n(p->r, c) == ana_axis(p->r, "scenario")->n * n
               ? sim_column_at(c, s * n + rule)
               : (double)NAN;
}

const char *ana_report_rule_name(const struct ana_report *p, size_t rule)
{
    const struct sim_axis *a = ana_axis(p->r, "rule");
    const char *const *name = ana_coord_text(a, "rule_name");

    return name && name[rule] && *name[rule] ? name[rule] : a->label[rule];
}

static int same_day(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

int ana_report_rule_is_new(const struct ana_report *p, size_t s, size_t i)
{
    double from = ana_report_rule_day(p, "rule_from", s, i);

    return !isnan(from) && (s == 0 || from != ana_report_rule_day(p, "rule_from", 0, i) ||
                            !same_day(ana_report_rule_day(p, "rule_until", s, i),
                                      ana_report_rule_day(p, "rule_until", 0, i)));
}

/* The rules of a scenario that the first has not, or has on other days. */
static void put_rules(struct ana_report *p, size_t s)
{
    const struct sim_axis *a = ana_axis(p->r, "rule");

    ana_json_key(p->to, "rules");
    ana_json_open(p->to, '[');
    for (size_t i = 0; a && i < a->n; i++) {
        double from = ana_report_rule_day(p, "rule_from", s, i);

        if (!ana_report_rule_is_new(p, s, i))
            continue;
        ana_json_open(p->to, '{');
        ana_json_key(p->to, "id");
        ana_json_text(p->to, a->label[i]);
        ana_json_key(p->to, "name");
        ana_json_text(p->to, ana_report_rule_name(p, i));
        ana_json_key(p->to, "from");
        ana_report_date(p, from);
        ana_json_key(p->to, "until");
        ana_report_date(p, ana_report_rule_day(p, "rule_until", s, i));
        ana_json_close(p->to, '}');
    }
    ana_json_close(p->to, ']');
}

static void put_names(struct ana_report *p, const char *axis, const char *coord)
{
    const struct sim_axis *a = ana_axis(p->r, axis);
    const char *const *name = ana_coord_text(a, coord);

    ana_json_key(p->to, axis);
    ana_json_open(p->to, '{');
    for (size_t i = 0; name && i < a->n; i++) {
        ana_json_key(p->to, a->label[i]);
        ana_json_text(p->to, name[i]);
    }
    ana_json_close(p->to, '}');
}

static void put_page(struct ana_report *p)
{
    const struct sim_axis *a = ana_axis(p->r, "scenario");
    const char *const *title = ana_coord_text(a, "scenario_title");

    ana_report_data(p, "page");
    ana_json_key(p->to, "start");
    ana_report_date(p, 0);
    ana_json_key(p->to, "horizon_d");
    ana_json_number(p->to, p->c->horizon_d, 9);
    ana_json_key(p->to, "runs");
    ana_json_number(p->to, (double)p->c->n_run, 9);
    ana_json_key(p->to, "focus");
    ana_json_text(p->to, p->c->country);
    put_dates(p, "week");
    put_dates(p, "month");
    ana_json_key(p->to, "scenarios");
    ana_json_open(p->to, '[');
    for (size_t i = 0; i < a->n; i++) {
        ana_json_open(p->to, '{');
        ana_json_key(p->to, "label");
        ana_json_text(p->to, a->label[i]);
        ana_json_key(p->to, "title");
        ana_json_text(p->to, title ? title[i] : "");
        put_rules(p, i);
        ana_json_close(p->to, '}');
    }
    ana_json_close(p->to, ']');
    put_names(p, "product", "product_name");
    put_names(p, "site", "site_name");
    ana_report_data_end(p);
}

/* ---- the page ---- */

static const struct ana_report_part sections[] = {
    {"answer", "Answer", ana_report_answer},
    {"time", "Over time", ana_report_time},
    {"flow", "Flow", ana_report_flow},
    {"map", "Map", ana_report_map},
    {"stop", "Who stops when", ana_report_stop},
    {"why", "Why", ana_report_why},
    {"lead", "Lead times", ana_report_lead},
    {"heat", "Who keeps its plan", ana_report_heat},
    {"critical", "Criticality", ana_report_critical},
    {"limits", "Limits", ana_report_limits},
    {0},
};
static const struct ana_report_part critical_sections[] = {
    {"critical", "Criticality", ana_report_critical},
    {0},
};

/* "japan-embargo against baseline". */
static void put_title(struct ana_report *p)
{
    const struct ana_compare *c = p->c;
    const char *title = p->o->title ? p->o->title
                        : c == NULL ? sim_result_find_attr(p->r, "title")
                                    : c->alone.title;

    if (p->o->title || c == NULL || c->n_versus == 0) {
        ana_html(p->to, title ? title : "Lodestone");
        return;
    }
    for (size_t i = 0; i < c->n_versus; i++) {
        ana_text_add(p->to, "%s", i == 0 ? "" : i + 1 < c->n_versus ? ", " : " and ");
        ana_html(p->to, c->versus[i].label);
    }
    ana_text_add(p->to, " against ");
    ana_html(p->to, c->alone.label);
}

static void head(struct ana_report *p)
{
    const struct ana_report_options *o = p->o;
    char script[ANA_HASH_MAX] = "", style[ANA_HASH_MAX];

    ana_text_hash(style, o->style, strlen(o->style));
    if (o->script)
        ana_text_hash(script, o->script, strlen(o->script));
    ana_text_add(p->to,
                 "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                 "script-src %s%s%s; style-src-elem '%s'; style-src-attr 'unsafe-inline'; "
                 "img-src data: blob:; base-uri 'none'; form-action 'none'\">\n"
                 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                 "<title>",
                 o->script ? "'" : "'none", o->script ? script : "", "'", style);
    put_title(p);
    ana_text_add(p->to, "</title>\n<style>");
    ana_text_put(p->to, o->style, strlen(o->style));
    ana_text_add(p->to, "</style>\n</head>\n<body>\n<header>\n<nav aria-label=\"Sections\">");
}

/* Puts the sections that have something to say, and links to them. */
static void body(struct ana_report *p, const struct ana_report_part *s)
{
    struct ana_text *page = p->to, text = {0};
    const char *seed = sim_result_find_attr(p->r, "seed");

    p->to = &text;
    for (; s->id; s++) {
        size_t before = text.n;

        s->put(p);
        if (text.n > before)
            ana_text_add(page, "<a href=\"#%s\">%s</a>\n", s->id, s->name);
    }
    p->to = page;
    ana_text_add(page, "</nav>\n<button type=\"button\" id=\"theme\" hidden>Light or dark</button>"
                       "\n</header>\n<main>\n<h1>");
    put_title(p);
    ana_text_add(page, "</h1>\n");
    if (p->is_static)
        ana_text_add(page, "<p class=\"note\">The program that wrote this page was built without "
                           "Node.js: each chart shows one choice, and none can be changed.</p>\n");
    ana_text_put(page, text.s ? text.s : "", text.n);
    page->full |= text.full;
    ana_text_free(&text);
    ana_text_add(page, "</main>\n<footer><p>Lodestone %s, from ", p->o->version);
    ana_html(page, p->o->file);
    if (p->c && p->critical)
        ana_html_add(page, " and %s", p->o->critical_file);
    ana_html_add(page, ", seed %s", seed ? seed : "unknown");
    if (p->o->against)
        ana_html_add(page, ", beside the first scenario of %s", p->o->against);
    ana_text_add(page, ".</p></footer>\n");
}

int ana_report_put(struct ana_report *p, const struct ana_report_part *part, struct sim_err *err)
{
    head(p);
    body(p, part);
    if (!p->is_static) {
        if (p->c)
            put_page(p);
        ana_text_add(p->to, "<script>");
        ana_text_put(p->to, p->o->script, strlen(p->o->script));
        ana_text_add(p->to, "</script>\n");
    }
    ana_text_add(p->to, "</body>\n</html>\n");
    return p->to->full ? sim_err_add(err, SIM_ENOMEM, "memory runs out") : 0;
}

int ana_report(struct ana_text *to, const struct ana_compare *c, const struct ana_report_options *o,
               struct sim_err *err)
{
    struct ana_report p = {
        .to = to, .c = c, .r = c ? c->r : o->critical, .o = o, .is_static = !o->script};
    struct ana_critical_row *row = NULL;
    int rc = o->critical ? ana_critical_read(&row, &p.arena, o->critical, err) : 0;

    p.critical = row;
    if (rc == 0)
        rc = ana_report_put(&p, c ? sections : critical_sections, err);
    sim_arena_free(&p.arena);
    return rc;
}
