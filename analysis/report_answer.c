#include "analysis/plot.h"
#include "analysis/report_inner.h"
#include "analysis/show_inner.h"

#include "sim/date.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef char cell[ANA_SHOW_CELL];
typedef char wide[3 * ANA_SHOW_CELL];

/* ---- a table with a column for each scenario ---- */

struct glance {
    struct ana_report *p;
    struct ana_show *s;
    const char *name; /* of the row */
    /* One cell: what is said, and in smaller letters how sure. */
    void (*put)(struct glance *g, const struct ana_versus *v, struct ana_para *to,
                struct ana_para *sure);
};

static const char *product_name(const struct ana_report *p, const char *product)
{
    const struct sim_axis *a = ana_axis(p->r, "product");
    const char *const *name = ana_coord_text(a, "product_name");

    for (size_t i = 0; name && i < a->n; i++)
        if (strcmp(a->label[i], product) == 0)
            return name[i];
    return product;
}

static void put_stops(struct glance *g, const struct ana_versus *v, struct ana_para *to,
                      struct ana_para *sure)
{
    (void)g;
    ana_para_add(to, "%zu of %zu plants", v->n_plant_stop, v->n_plant);
    if (v->stopped.n >= ANA_STATS_MIN)
        ana_para_add(sure, "in 90 %% of runs %.0f to %.0f", v->stopped.p05, v->stopped.p95);
    if (v->base != ANA_NO_BASE)
        ana_para_add(sure, "%snot counting stops of the baseline's run", sure->n ? "; " : "");
}

static void put_first(struct glance *g, const struct ana_versus *v, struct ana_para *to,
                      struct ana_para *sure)
{
    const struct ana_plant *first = ana_first_to_stop(v);
    cell at, from, till;

    if (first == NULL) {
        ana_para_add(to, "none in half of the runs");
        return;
    }
    ana_show_date(g->s, at, first->first.p50);
    ana_show_date(g->s, from, first->first.p05);
    ana_show_date(g->s, till, first->first.p95);
    ana_para_add(to, "%s: %s", at, first->name);
    ana_para_add(sure, "makes %s; stops in %.0f %% of runs", product_name(g->p, first->product),
                 100.0 * first->share.at);
    if (g->p->c->n_run >= ANA_STATS_MIN)
        ana_para_add(sure, "; in 90 %% of these from %s to %s", from, till);
}

static void put_first_why(struct glance *g, const struct ana_versus *v, struct ana_para *to,
                          struct ana_para *sure)
{
    const struct ana_plant *first = ana_first_to_stop(v);
    const struct sim_axis *a = ana_axis(g->p->r, "cause");
    const char *const *product = ana_coord_text(a, "cause_product");

    if (first == NULL || first->cause < 0) {
        ana_para_add(to, "-");
        return;
    }
    ana_show_cause(g->s, to, first->cause);
    if (product && *product[first->cause])
        ana_para_add(sure, "%s", product_name(g->p, product[first->cause]));
    if (!isnan(first->cause_share))
        ana_para_add(sure, "%s%.0f %% of its missed starts", sure->n ? "; " : "",
                     100.0 * first->cause_share);
}

static void put_long(struct glance *g, const struct ana_versus *v, struct ana_para *to,
                     struct ana_para *sure)
{
    (void)g;
    if (isnan(v->stood.at)) {
        ana_para_add(to, "-");
        return;
    }
    ana_para_add(to, "%.0f days", v->stood.at);
    if (isfinite(v->stood.lo) && isfinite(v->stood.hi))
        ana_para_add(sure, "interval of the mean %.0f to %.0f", v->stood.lo, v->stood.hi);
}

static void put_loss(struct glance *g, const struct ana_versus *v, struct ana_para *to,
                     struct ana_para *sure)
{
    const struct ana_effect *e = &ana_show_demand_of(g->s, v)->loss_usd;
    cell at, lo, hi;
    wide interval;

    if (v->n_market == 0) {
        ana_para_add(to, "-");
        return;
    }
    ana_show_usd(at, e->diff.at);
    ana_para_add(to, "%s USD", at);
    if (!isnan(e->diff.lo)) {
        ana_show_interval(g->s, interval, e, ana_show_usd);
        ana_para_add(sure, "interval of the mean %s; ", interval);
    }
    if (e->n < ANA_STATS_MIN) {
        ana_para_add(sure, "%zu runs: too few to say how sure", e->n);
        return;
    }
    ana_show_usd(lo, e->p05);
    ana_show_usd(hi, e->p95);
    ana_para_add(sure, "90 %% of runs %s to %s", lo, hi);
}

static void put_cause(struct glance *g, const struct ana_versus *v, struct ana_para *to,
                      struct ana_para *sure)
{
    const struct sim_axis *a = ana_axis(g->p->r, "cause");
    const char *const *product = ana_coord_text(a, "cause_product");

    if (v->n_cause == 0 || v->cause->share <= 0.0 || isnan(v->unexplained) ||
        ana_show_demand_of(g->s, v)->loss_usd.diff.at <= -0.5) {
        ana_para_add(to, "-");
        return;
    }
    ana_show_cause(g->s, to, v->cause->cause);
    if (product && *product[v->cause->cause])
        ana_para_add(sure, "%s; ", product_name(g->p, product[v->cause->cause]));
    ana_para_add(sure, "%.0f %% of what causes add", 100.0 * v->cause->share);
}

static const struct ana_flow *flow_of(const struct ana_versus *v, size_t flow)
{
    for (size_t i = 0; i < v->n_flow; i++)
        if (v->flow[i].flow == flow)
            return &v->flow[i];
    return NULL;
}

/* The flow with most value in the baseline that all scenarios tell of. */
static const struct ana_flow *main_flow(const struct ana_compare *c)
{
    const struct ana_versus *v = c->n_versus > 0 ? c->versus : &c->alone;
    const struct ana_flow *most = NULL;

    for (size_t i = 0; i < v->n_flow; i++) {
        size_t n = 0;

        for (size_t k = 0; k < c->n_versus; k++)
            n += flow_of(&c->versus[k], v->flow[i].flow) != NULL;
        if (n == c->n_versus && (!most || v->flow[i].value_base > most->value_base))
            most = &v->flow[i];
    }
    return most;
}

static void put_flow(struct glance *g, const struct ana_versus *v, struct ana_para *to,
                     struct ana_para *sure)
{
    const struct ana_flow *most = main_flow(g->p->c), *f = most;
    int k = v->base == ANA_NO_BASE && g->p->c->n_versus > 0 ? 0 : 1;

    if (most != NULL && v->base != ANA_NO_BASE)
        f = flow_of(v, most->flow);
    if (f == NULL) {
        ana_para_add(to, "-");
        return;
    }
    if (isnan(f->q50[k]))
        ana_para_add(to, "nothing is received");
    else
        ana_para_add(to, "%s%.0f days", f->over50[k] ? "> " : "", f->q50[k]);
    ana_para_add(sure, "%s from %s", product_name(g->p, f->product), f->origin);
    if (k == 1 && isfinite(f->q50[0]) && isfinite(f->q50[1]) && !f->over50[0])
        ana_para_add(sure, "; %s%.0f days %s than in the baseline", f->over50[1] ? "over " : "",
                     fabs(f->q50[1] - f->q50[0]), f->q50[1] < f->q50[0] ? "less" : "more");
    if (isfinite(f->q90[k]))
        ana_para_add(sure, "; slowest tenth %s%.0f", f->over90[k] ? "> " : "over ", f->q90[k]);
    if (f->refused[k] >= 0.005)
        ana_para_add(sure, "; %.0f %% of orders refused", 100.0 * f->refused[k]);
}

static const struct {
    const char *name;
    void (*put)(struct glance *, const struct ana_versus *, struct ana_para *, struct ana_para *);
    int not_alone; /* says something of a difference */
} rows[] = {
    {"What stops", put_stops, 0},
    {"The first to stop", put_first, 0},
    {"Why it stops", put_first_why, 0},
    {"How long a plant that stops stands (not the same plants in each column)", put_long, 0},
    {"Final demand lost or waiting, beyond the baseline", put_loss, 1},
    {"Main cause of losses at all markets", put_cause, 1},
    {"Order to receipt, median, in steps of 7 days", put_flow, 0}};

static void put_cell(struct glance *g, const struct ana_versus *v, size_t row)
{
    struct ana_para *said = sim_arena_alloc(&g->p->arena, 2, sizeof *said);
    struct ana_text *to = g->p->to;

    ana_text_add(to, "<td>");
    if (v->n_pair == 0)
        ana_para_add(said, "no run is done");
    else if (v->base == ANA_NO_BASE && rows[row].not_alone && g->p->c->n_versus > 0)
        ana_para_add(said, "-");
    else
        rows[row].put(g, v, &said[0], &said[1]);
    ana_html(to, said[0].s);
    if (said[1].n > 0) {
        ana_text_add(to, "<br><small>");
        ana_html(to, said[1].s);
        ana_text_add(to, "</small>");
    }
    ana_text_add(to, "</td>");
}

static void put_glance(struct glance *g)
{
    const struct ana_compare *c = g->p->c;
    struct ana_text *to = g->p->to;

    ana_text_add(to, "<div class=\"scroll all\" tabindex=\"0\" role=\"region\" "
                     "aria-label=\"At a glance\"><table class=\"glance\">\n<caption>At a glance");
    ana_html_add(to, ": plants in %s, %zu runs of each scenario", ana_show_where(g->s), c->n_run);
    ana_text_add(to, "</caption>\n<thead><tr><td></td><th scope=\"col\">");
    ana_html(to, c->alone.label);
    for (size_t i = 0; i < c->n_versus; i++) {
        ana_text_add(to, "</th><th scope=\"col\">");
        ana_html(to, c->versus[i].label);
    }
    ana_text_add(to, "</th></tr></thead>\n<tbody>\n");
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        ana_text_add(to, "<tr><th scope=\"row\">");
        ana_html(to, rows[k].name);
        ana_text_add(to, "</th>");
        put_cell(g, &c->alone, k);
        for (size_t i = 0; i < c->n_versus; i++)
            put_cell(g, &c->versus[i], k);
        ana_text_add(to, "</tr>\n");
    }
    ana_text_add(to, "</tbody>\n</table></div>\n");
}

/* ---- one scenario against another ---- */

/* What of the loss of i is avoided with j instead: mean of the paired difference, and its part of
 * the mean loss of i with the interval of a ratio of means (README.md, "One against another"). */
struct avoided {
    struct ana_interval usd, share;
    double mean;
};

static int avoid(const struct ana_report *p, const struct ana_versus *i, const struct ana_versus *j,
                 double *x, struct avoided *to)
{
    size_t n = p->c->n_run, m = 0;
    double sum = 0.0;

    if (i->loss == NULL || j->loss == NULL)
        return 0;
    for (size_t r = 0; r < n; r++) {
        x[r] = i->loss[r] - j->loss[r];
        if (!isnan(x[r])) {
            sum += i->loss[r];
            m++;
        }
    }
    to->mean = m > 0 ? sum / (double)m : NAN;
    ana_stats_interval(x, n, p->c->level, &to->usd);
    if (!(to->mean > 0.5) || !(to->usd.at > 0.0))
        return 0;
    to->share.at = to->usd.at / to->mean;
    for (size_t r = 0; r < n; r++)
        x[r] = (x[r] - to->share.at * i->loss[r]) / to->mean;
    ana_stats_interval(x, n, p->c->level, &to->share);
    to->share.at += to->usd.at / to->mean;
    to->share.lo += to->usd.at / to->mean;
    to->share.hi += to->usd.at / to->mean;
    return 1;
}

static void put_avoided_row(struct ana_report *p, const struct ana_versus *i,
                            const struct ana_versus *j, const struct avoided *a)
{
    struct ana_text *to = p->to;
    cell usd, lo, hi;

    ana_text_add(to, "<tr><td>");
    ana_html(to, i->label);
    ana_text_add(to, "</td><td>");
    ana_html(to, j->label);
    ana_show_usd(usd, a->usd.at);
    ana_text_add(to, "</td><td class=\"number\">%.0f %%</td><td class=\"number\">",
                 100.0 * a->share.at);
    if (isfinite(a->share.lo) && isfinite(a->share.hi))
        ana_text_add(to, "%.0f to %.0f %%", 100.0 * a->share.lo, 100.0 * a->share.hi);
    else
        ana_text_add(to, "withheld");
    ana_text_add(to, "</td><td class=\"number\">%s</td><td class=\"number\">", usd);
    if (isfinite(a->usd.lo) && isfinite(a->usd.hi)) {
        ana_show_usd(lo, a->usd.lo);
        ana_show_usd(hi, a->usd.hi);
        ana_text_add(to, "%s to %s", lo, hi);
    } else {
        ana_text_add(to, "withheld");
    }
    ana_text_add(to, "</td></tr>\n");
}

static void put_avoided(struct ana_report *p)
{
    const struct ana_compare *c = p->c;
    double *x = sim_arena_alloc(&p->arena, c->n_run, sizeof *x);
    size_t n = 0;

    for (size_t i = 0; i < c->n_versus; i++)
        for (size_t j = 0; j < c->n_versus; j++) {
            struct avoided a;

            if (i == j || !avoid(p, &c->versus[i], &c->versus[j], x, &a))
                continue;
            if (n++ == 0)
                ana_text_add(
                    p->to,
                    "<h3>What part of the loss another scenario avoids</h3>\n"
                    "<div class=\"scroll all\" tabindex=\"0\" role=\"region\" "
                    "aria-label=\"One scenario against another\">"
                    "<table>\n<caption>Mean over runs, run by run under the same random "
                    "numbers; intervals of the mean, %.4g %% sure each</caption>\n<thead><tr>"
                    "<th scope=\"col\">Of the loss in</th><th scope=\"col\">this one "
                    "avoids</th><th scope=\"col\">share</th><th "
                    "scope=\"col\">interval</th><th scope=\"col\">USD</th><th "
                    "scope=\"col\">interval</th></tr></thead>\n<tbody>\n",
                    100.0 * c->level);
            put_avoided_row(p, &c->versus[i], &c->versus[j], &a);
        }
    if (n > 0)
        ana_text_add(p->to, "</tbody>\n</table></div>\n");
}

/* ---- words ---- */

static void put_rules(struct ana_report *p, const struct ana_versus *v)
{
    const struct sim_axis *a = ana_axis(p->r, "rule");
    const char *const *name = ana_coord_text(a, "rule_name");
    size_t n = 0;

    for (size_t i = 0; a && i < a->n; i++) {
        double from = ana_report_rule_day(p, "rule_from", v->scenario, i),
               until = ana_report_rule_day(p, "rule_until", v->scenario, i);
        char day[11];

        if (!ana_report_rule_is_new(p, v->scenario, i))
            continue;
        ana_text_add(p->to, n++ ? "<br>" : "<dt>Rules</dt><dd>");
        ana_html(p->to, a->label[i]);
        if (name && name[i] && *name[i]) {
            ana_text_add(p->to, ": ");
            ana_html(p->to, name[i]);
        }
        sim_date_print(p->c->start + (int32_t)from, day);
        ana_text_add(p->to, ", from %s", day);
        if (isfinite(until)) {
            sim_date_print(p->c->start + (int32_t)until, day);
            ana_text_add(p->to, " until %s", day);
        }
    }
    if (n > 0)
        ana_text_add(p->to, "</dd>\n");
}

static void put_words(struct ana_report *p, struct ana_show *s, const struct ana_versus *v)
{
    static void (*const tell[])(struct ana_show *, const struct ana_versus *, struct ana_para *) = {
        ana_show_tell_stops, ana_show_tell_loss, ana_show_tell_cause};
    static const char *const name[] = {"Stops", "Loss", "Cause"};

    ana_text_add(p->to, "<h3>");
    ana_html(p->to, v->label);
    ana_text_add(p->to, "<br><small>");
    ana_html(p->to, v->title);
    ana_text_add(p->to, "</small></h3>\n<dl>\n");
    put_rules(p, v);
    for (size_t k = 0; k < sizeof tell / sizeof *tell; k++) {
        struct ana_para *text = sim_arena_alloc(&p->arena, 1, sizeof *text);

        if (v->n_pair > 0 && !v->same)
            tell[k](s, v, text);
        else if (k == 0)
            ana_para_add(text, v->same ? "nothing differs from the baseline, in any run"
                                       : "no run is done both here and in the baseline");
        if (text->n == 0)
            continue;
        ana_text_add(p->to, "<dt>%s</dt><dd>", name[k]);
        ana_html(p->to, text->s);
        ana_text_add(p->to, ".</dd>\n");
    }
    ana_text_add(p->to, "</dl>\n");
}

static void put_text(struct ana_report *p)
{
    struct sim_err err = SIM_ERR_INIT;
    struct ana_show_options o = {.file = p->o->file,
                                 .against = p->o->against,
                                 .top = ANA_SHOW_TOP,
                                 .width = ANA_SHOW_WIDTH,
                                 .utf8 = 1};
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);
    int rc = f ? ana_show(f, p->c, &o, &err) : SIM_ENOMEM;

    if (f && fclose(f) != 0)
        rc = SIM_ENOMEM;
    if (rc != 0) {
        p->to->full = 1;
    } else {
        ana_text_add(p->to, "<details><summary>All of it as text, as lodestone show prints "
                            "it</summary>\n<pre tabindex=\"0\">");
        ana_html(p->to, text);
        ana_text_add(p->to, "</pre></details>\n");
    }
    free(text);
    sim_err_free(&err);
}

/* ---- losses of all runs, to be drawn ---- */

static void put_losses_static(struct ana_report *p, const struct ana_show *s)
{
    static const char *const column[] = {"scenario",      "mean (USD)",      "from (USD)",
                                         "to (USD)",      "5 % under (USD)", "median (USD)",
                                         "5 % over (USD)"};
    enum { N = sizeof column / sizeof *column };
    size_t n = p->c->n_versus;
    struct ana_plot_bar *bar = sim_arena_alloc(&p->arena, n, sizeof *bar);
    struct ana_report_cell *row = sim_arena_alloc(&p->arena, n * N, sizeof *row);
    double *mean = sim_arena_alloc(&p->arena, n, sizeof *mean);
    const char *title = "Final demand lost or waiting beyond the baseline, mean and its interval";

    for (size_t i = 0; i < n; i++) {
        const struct ana_versus *v = &p->c->versus[i];
        const struct ana_effect *e = &ana_show_demand_of(s, v)->loss_usd;
        const double one[] = {e->diff.at, e->diff.lo, e->diff.hi, e->p05, e->p50, e->p95};

        mean[i] = fmax(0.0, e->diff.at);
        bar[i] = (struct ana_plot_bar){v->label, &mean[i], e->diff.lo, e->diff.hi};
        row[i * N].text = v->label;
        for (size_t k = 1; k < N; k++)
            row[i * N + k].x = one[k - 1];
    }
    ana_report_figure(p, "answer", title);
    ana_plot_bars(p->to, title, "USD", (const char *const[]){""}, 1, bar, n);
    ana_report_figure_end(p, title, column, N, row, n);
}

/* The loss of every run. */
static void put_losses(struct ana_report *p, const struct ana_show *s)
{
    size_t n = 0;

    for (size_t i = 0; i < p->c->n_versus; i++)
        n += p->c->versus[i].loss != NULL;
    if (n == 0)
        return;
    if (p->is_static) {
        put_losses_static(p, s);
        return;
    }
    ana_report_data(p, "answer");
    ana_json_key(p->to, "where");
    ana_json_text(p->to, ana_show_where(s));
    ana_json_key(p->to, "run");
    ana_json_numbers(p->to, ana_axis(p->r, "run")->value, p->c->n_run, 9);
    ana_json_key(p->to, "losses");
    ana_json_open(p->to, '[');
    for (size_t i = 0; i < p->c->n_versus; i++) {
        const struct ana_versus *v = &p->c->versus[i];
        const struct ana_effect *e = &ana_show_demand_of(s, v)->loss_usd;
        const double one[] = {e->diff.at, e->diff.lo, e->diff.hi, e->p05, e->p50, e->p95};

        if (v->loss == NULL)
            continue;
        ana_json_open(p->to, '{');
        ana_json_key(p->to, "label");
        ana_json_text(p->to, v->label);
        ana_json_key(p->to, "mean_lo_hi_p05_p50_p95");
        ana_json_numbers(p->to, one, sizeof one / sizeof *one, ANA_REPORT_DIGITS);
        ana_json_key(p->to, "runs");
        ana_json_numbers(p->to, v->loss, p->c->n_run, ANA_REPORT_DIGITS);
        ana_json_close(p->to, '}');
    }
    ana_json_close(p->to, ']');
    ana_report_data_end(p);
    ana_text_add(p->to, "<div class=\"figures\"></div>\n");
}

/* What was run, and what was changed from outside. */
static void put_frame(struct ana_report *p, struct ana_show *s)
{
    struct ana_para *text = sim_arena_alloc(&p->arena, 1, sizeof *text);
    cell from, till;

    ana_show_date(s, from, 0.0);
    ana_para_add(text, "Plants and markets of %s; %zu run%s of each scenario from %s",
                 ana_show_where(s), p->c->n_run, p->c->n_run == 1 ? "" : "s", from);
    if (!isnan(p->c->horizon_d)) {
        ana_show_date(s, till, p->c->horizon_d - 1.0);
        ana_para_add(text, " to %s", till);
    }
    ana_para_add(text,
                 ", under the same random numbers. A plant \"stops\" when on some line it makes "
                 "under half of the starts it planned, for %d days or more in a row; what stops in "
                 "half of the runs or more counts. ",
                 ANA_STOP_D);
    if (p->o->against)
        ana_para_add(text, "The baseline is the first scenario of %s. ", p->o->against);
    ana_show_tell_changes(s, text);
    ana_text_add(p->to, "<p>");
    ana_html(p->to, text->s);
    ana_text_add(p->to, "</p>\n");
}

void ana_report_answer(struct ana_report *p)
{
    struct ana_show_options o = {.file = p->o->file,
                                 .against = p->o->against,
                                 .top = ANA_SHOW_TOP,
                                 .width = ANA_SHOW_WIDTH,
                                 .utf8 = 1};
    struct ana_show s = {.c = p->c, .o = &o, .html = p->to};
    struct ana_para *order = sim_arena_alloc(&p->arena, 1, sizeof *order);
    struct glance g = {.p = p, .s = &s};

    ana_report_section(p, "answer", "Answer", "");
    put_frame(p, &s);
    put_glance(&g);
    ana_show_tell_order(&s, order);
    if (order->n > 0) {
        ana_text_add(p->to, "<p>");
        ana_html(p->to, order->s);
        ana_text_add(p->to, "</p>\n");
    }
    put_losses(p, &s);
    put_avoided(p);
    for (size_t i = 0; i < p->c->n_versus; i++)
        put_words(p, &s, &p->c->versus[i]);
    if (p->c->n_versus == 0)
        put_words(p, &s, &p->c->alone);
    ana_report_end(p);
}

void ana_report_limits(struct ana_report *p)
{
    struct ana_show_options o = {
        .file = p->o->file, .top = ANA_SHOW_TOP, .width = ANA_SHOW_WIDTH, .utf8 = 1};
    struct ana_show s = {.c = p->c, .o = &o, .html = p->to};

    ana_report_section(p, "limits", "What this does not say", "");
    ana_text_add(p->to, "<ul>\n");
    ana_show_note_limits(&s);
    ana_text_add(p->to, "</ul>\n<details><summary>What the words and intervals mean</summary>\n"
                        "<ul>\n");
    ana_show_note_words(&s);
    ana_text_add(p->to, "</ul></details>\n");
    put_text(p);
    ana_report_end(p);
}
