#include "analysis/show_inner.h"

#include "analysis/compare_inner.h"

#include <math.h>
#include <string.h>

typedef char cell[ANA_SHOW_CELL];
typedef char wide[3 * ANA_SHOW_CELL];

enum { SHARE_BAR = 5, CAUSE_BAR = 10 };

static int half(size_t n_stop, size_t n)
{
    return n > 0 && 2 * n_stop >= n;
}

/* ---- plants ---- */

static void plant_products(struct ana_show *s, const struct ana_versus *v,
                           const struct ana_plant *p, struct ana_para *to)
{
    size_t n = 0;

    if (p->n_line == 1) {
        ana_para_add(to, "%s", ana_show_product(s, p->product));
        return;
    }
    for (size_t i = 0; i < v->n_line; i++) {
        const struct ana_plant *line = &v->line[i];

        if (strcmp(line->site, p->site) != 0 || !line->n_line_stop)
            continue;
        if (n++ < 4)
            ana_para_add(to, "%s%s", n > 1 ? ", " : "", ana_show_product(s, line->product));
    }
    if (n > 4)
        ana_para_add(to, " and %zu more", n - 4);
    ana_para_add(to, n > 0 ? " (%zu of %zu lines)" : "no line by itself in half of the runs", n,
                 p->n_line);
}

static void plant_details(struct ana_show *s, const struct ana_versus *v, const struct ana_plant *p)
{
    struct ana_para text = {.n = 0};
    cell from, till;

    plant_products(s, v, p, &text);
    if (p->n_stop < p->n && !isnan(p->share.lo))
        ana_para_add(&text, "; stops in %.0f to %.0f %% of runs", 100.0 * p->share.lo,
                     100.0 * p->share.hi);
    if (p->first.n > 1) {
        ana_show_date(s, from, p->first.p05);
        ana_show_date(s, till, p->first.p95);
        ana_para_add(&text, "; first stop in 90 %% of runs %s to %s", from, till);
    }
    if (p->cause >= 0) {
        ana_para_add(&text, "; ");
        ana_show_cause(s, &text, p->cause);
        if (!isnan(p->cause_share))
            ana_para_add(&text, " (%.0f %%)", 100.0 * p->cause_share);
    }
    ana_para_end(s, &text, "      ", 6);
}

static void plant_row(struct ana_show *s, const struct ana_plant *p, size_t name_width)
{
    cell runs, first, days, longest, output, lost;
    char share[ANA_PLOT_BAR];

    snprintf(runs, sizeof runs, "%.0f %%", 100.0 * p->share.at);
    ana_show_date(s, first, p->first.p50);
    ana_show_number(days, p->days, 0);
    ana_show_number(longest, p->longest, 0);
    ana_show_change(output, p->made, p->made_base);
    ana_show_usd(lost, p->lost_usd);
    ana_show_name(s, 2, p->name, name_width);
    if (s->o->plots) {
        ana_plot_bar(s, share, p->share.at, SHARE_BAR);
        fprintf(s->to, " %s", share);
    }
    ana_show_line(s, " %6s %11s %7s %8s %9s %10s", runs, first, days, longest, output, lost);
}

/* Those that stop, but in less than half of the runs. */
static void plant_others(struct ana_show *s, const struct ana_versus *v)
{
    struct ana_para text = {.n = 0};
    const struct ana_plant *most = NULL;
    size_t n = 0;

    for (size_t i = 0; i < v->n_plant; i++) {
        const struct ana_plant *p = &v->plant[i];

        if (p->n_stop == 0 || half(p->n_stop, p->n))
            continue;
        n++;
        if (!most || p->n_stop > most->n_stop)
            most = p;
    }
    if (n == 0)
        return;
    ana_para_add(&text, "%zu more plant%s in less than half of the runs%s: %s, in %.0f %%.", n,
                 n == 1 ? " stops" : "s stop", n == 1 ? "" : "; most often", most->name,
                 100.0 * most->share.at);
    ana_para_end(s, &text, "  ", 2);
}

void ana_show_plants(struct ana_show *s, const struct ana_versus *v)
{
    const struct ana_plant *list = s->o->all ? v->line : v->plant;
    size_t n = s->o->all ? v->n_line : v->n_plant, bar = s->o->plots ? SHARE_BAR + 1 : 0,
           width = s->o->width - 59 - bar, shown = 0, stop = 0;

    if (v->n_line == 0)
        return;
    for (size_t i = 0; i < n; i++)
        stop += (s->o->all ? list[i].n_stop > 0 : half(list[i].n_stop, list[i].n)) ? 1 : 0;
    if (stop > 0) {
        fputc('\n', s->to);
        ana_show_title(s, 2, s->o->all ? "LINES THAT STOP" : "PLANTS THAT STOP", width + bar);
        ana_show_line(s, " %6s %11s %7s %8s %9s %10s", "stops", "first stop", "stopped", "longest",
                      "output", "output");
        ana_show_line(s, "  %*s %6s %11s %7s %8s %9s %10s", (int)(width + bar), "", "in", "median",
                      "days", "days", "vs base", "lost, USD");
    }
    for (size_t i = 0; i < n && stop > 0; i++) {
        if (s->o->all ? list[i].n_stop == 0 : !half(list[i].n_stop, list[i].n))
            continue;
        if (!s->o->all && shown == s->o->top)
            break;
        plant_row(s, &list[i], width);
        plant_details(s, v, &list[i]);
        shown++;
    }
    if (shown < stop)
        ana_show_line(s, "  %zu more in half of the runs or more; --top %zu shows %s.",
                      stop - shown, stop, stop - shown == 1 ? "it" : "them");
    if (!s->o->all)
        plant_others(s, v);
}

/* ---- stages ---- */

int ana_show_quiet(const struct ana_tier *t)
{
    return t->n_line_stop == 0 && t->n_plant_stop == 0 &&
           !(fabs(t->made - t->made_base) >= 0.001 * t->made_base);
}

enum { TIER_CELLS = 9 };
static const int tier_wide[TIER_CELLS] = {7, 7, 9, 10, 10, 9, 9, 10, 6},
                 tier_narrow[TIER_CELLS] = {6, 6, 8, 10, 10, 9, 5, 10, 5};

/* Columns that are left for the name. */
static size_t tier_width(const struct ana_show *s)
{
    return s->o->width - (ana_show_narrow(s) ? 80 : 88);
}

static void tier_cells(const struct ana_show *s, const char *const cells[TIER_CELLS])
{
    const int *width = ana_show_narrow(s) ? tier_narrow : tier_wide;

    for (int i = 0; i < TIER_CELLS; i++)
        fprintf(s->to, " %*s", width[i], cells[i]);
    fputc('\n', s->to);
}

static void tier_row(struct ana_show *s, const struct ana_versus *v, const struct ana_tier *t)
{
    cell plants, lines, output, earliest, typical, added, trough, at, back, days;
    int dips = t->n_dip > 0 && 2 * t->n_dip >= v->n_pair;

    snprintf(plants, sizeof plants, "%zu/%zu", t->n_plant_stop, t->n_plant);
    snprintf(lines, sizeof lines, "%zu/%zu", t->n_line_stop, t->n_line);
    ana_show_change(output, t->made, t->made_base);
    ana_show_date(s, earliest, t->n_plant_stop ? t->earliest.p50 : NAN);
    ana_show_date(s, typical, t->typical);
    ana_show_usd(added, t->net_usd);
    ana_show_number(days, 100.0 * t->trough.p50, 0);
    snprintf(trough, sizeof trough, dips ? "%.20s %%" : "-  ", days);
    ana_show_date(s, at, dips ? t->trough_at.p50 : NAN);
    ana_show_number(days, dips ? t->back : NAN, 0);
    snprintf(back, sizeof back, "%s%.20s", dips && !t->back_is_over ? "> " : "", days);
    ana_show_name(s, 2, t->tier, tier_width(s));
    tier_cells(s, (const char *const[]){plants, lines, output, earliest, typical, added, trough, at,
                                        back});
}

static void tier_title(struct ana_show *s)
{
    int narrow = ana_show_narrow(s);

    fputc('\n', s->to);
    ana_show_title(s, 2, "STAGES", tier_width(s));
    tier_cells(s,
               (const char *const[]){"plants", "lines", "output", "earliest", "typical",
                                     "net value", narrow ? "worst" : "worst 28", "which", "back"});
    fprintf(s->to, "  %*s", (int)tier_width(s), "");
    tier_cells(s, (const char *const[]){"stop", "stop", "vs base", "stop", "stop", "lost, USD",
                                        narrow ? "28 d" : "days, of", "begin", "after"});
}

void ana_show_tiers(struct ana_show *s, const struct ana_versus *v)
{
    struct ana_para quiet = {.n = 0};
    size_t shown = 0;

    for (size_t i = 0; i < v->n_tier; i++) {
        const struct ana_tier *t = &v->tier[i];

        if (ana_show_quiet(t)) {
            ana_para_add(&quiet, "%s%s", quiet.n ? ", " : "", t->tier);
            continue;
        }
        if (shown++ == 0)
            tier_title(s);
        tier_row(s, v, t);
    }
    if (quiet.n > 0) {
        ana_para_add(&quiet, v->base == ANA_NO_BASE ? ": none stops." : ": as in the baseline.");
        ana_para_end(s, &quiet, "  ", 2);
    }
    ana_show_output(s, v);
}

/* ---- final demand ---- */

/* The columns of a row of effects: with, base, difference, interval of its mean, range; where it is
 * narrow the last two have a line of their own. */
static void effect_row(struct ana_show *s, const char *name, const struct ana_effect *e,
                       void (*f)(cell, double))
{
    cell base, with, diff, lo, hi;
    wide interval, range;

    f(base, e->base);
    f(with, e->with);
    f(diff, e->diff.at);
    ana_show_interval(s, interval, e, f);
    f(lo, e->p05);
    f(hi, e->p95);
    snprintf(range, sizeof range, "%s to %s", lo, hi);
    ana_show_name(s, 4, name, s->o->width - (ana_show_narrow(s) ? 34 : 77));
    if (ana_show_narrow(s)) {
        ana_show_line(s, " %9s %9s %9s", base, with, diff);
        ana_show_line(s, "      mean %s; 90 %% of runs %s", interval, range);
    } else {
        ana_show_line(s, " %9s %9s %9s  %20s  %19s", base, with, diff, interval, range);
    }
}

static void demand_block(struct ana_show *s, const char *where, const struct ana_demand *d)
{
    cell demand;

    ana_show_usd(demand, d->demand_usd.with);
    ana_show_line(s, "  %s: demand %s USD", where, demand);
    effect_row(s, "met", &d->fill, ana_show_percent);
    effect_row(s, "met the same day", &d->at_once, ana_show_percent);
    effect_row(s, "lost, USD", &d->lost_usd, ana_show_usd);
    effect_row(s, "waiting at end, USD", &d->backlog_usd, ana_show_usd);
    effect_row(s, "lost or waiting, USD", &d->loss_usd, ana_show_usd);
    effect_row(s, "  of demand", &d->loss_part, ana_show_percent);
}

static void market_rows(struct ana_show *s, const struct ana_versus *v)
{
    size_t n = 0, most;
    char name[200];

    while (n < v->n_market && v->market[n].loss_usd.diff.at > 0.0)
        n++;
    if (n == 0)
        return;
    most = ana_show_rows(s, n);
    ana_show_line(s, "  by market, lost or waiting, USD%s", most < n ? " (largest)" : "");
    for (size_t i = 0; i < most; i++) {
        const struct ana_demand *d = &v->market[i];

        snprintf(name, sizeof name, "%.60s %.60s%s", d->country, ana_show_product(s, d->product),
                 strcmp(d->use, "military") == 0 ? " (mil)" : "");
        effect_row(s, name, &d->loss_usd, ana_show_usd);
    }
    if (most < n)
        ana_show_line(s, "    %zu more with a loss", n - most);
}

static void demand_title(struct ana_show *s)
{
    int narrow = ana_show_narrow(s);

    ana_show_title(s, 2, "FINAL DEMAND", s->o->width - (narrow ? 32 : 75));
    ana_show_line(s, " %9s %9s %9s%s", "baseline", "scenario", "change",
                  narrow ? "" : "  interval of the mean         90 % of runs");
    if (narrow)
        ana_show_line(s, "      interval of the mean; 90 %% of runs");
}

void ana_show_demand(struct ana_show *s, const struct ana_versus *v)
{
    char head[100];
    cell demand;

    if (v->n_market == 0)
        return;
    fputc('\n', s->to);
    demand_title(s);
    if (!s->c->country) {
        demand_block(s, "all markets", &v->all);
    } else {
        snprintf(head, sizeof head, "markets in %.60s", s->c->country);
        demand_block(s, head, &v->focus);
        ana_show_usd(demand, v->all.demand_usd.with);
        ana_show_line(s, "  all markets: demand %s USD", demand);
        effect_row(s, "lost or waiting, USD", &v->all.loss_usd, ana_show_usd);
        effect_row(s, "  of demand", &v->all.loss_part, ana_show_percent);
    }
    market_rows(s, v);
}

/* ---- causes ---- */

static void cause_row(struct ana_show *s, double share, double usd, struct ana_para *text)
{
    char first[200], bar[ANA_PLOT_BAR] = "";
    cell money, part;

    ana_show_usd(money, usd);
    ana_show_number(part, 100.0 * share, 1);
    if (s->o->plots)
        ana_plot_bar(s, bar, share, CAUSE_BAR);
    snprintf(first, sizeof first, "    %s%s%5s %s %10s  ", bar, *bar ? " " : "", part,
             isnan(share) ? " " : "%", money);
    ana_para_end(s, text, first, ana_show_columns(first));
}

/* Sums over the causes of each rule; "" for those without one. Returns how many. */
static size_t sum_by_rule(const struct ana_versus *v, const char *const *rule, const char *name[],
                          double share[], size_t most)
{
    size_t n = 0;

    for (size_t i = 0; rule && i < v->n_cause; i++) {
        size_t k = 0;

        if (v->cause[i].share <= 0.0)
            continue;
        while (k < n && strcmp(name[k], rule[v->cause[i].cause]) != 0)
            k++;
        if (k == most)
            continue;
        if (k == n) {
            name[n] = rule[v->cause[i].cause];
            share[n++] = 0.0;
        }
        share[k] += v->cause[i].share;
    }
    return n;
}

static void rules_line(struct ana_show *s, const struct ana_versus *v)
{
    const char *name[20];
    double share[20];
    size_t n =
        sum_by_rule(v, ana_coord_text(ana_axis(s->c->r, "cause"), "cause_rule"), name, share, 20);
    struct ana_para text = {.n = 0};

    for (size_t done = 0; done < n; done++) {
        size_t best = 0;

        for (size_t k = 1; k < n; k++)
            if (share[k] > share[best])
                best = k;
        if (done == 0 || share[best] >= 0.005)
            ana_para_add(&text, "%s%s %.0f %%",
                         done ? ", " : "By rule: ", *name[best] ? name[best] : "none",
                         100.0 * share[best]);
        share[best] = -1.0;
    }
    ana_para_add(&text, "%snexplained: %.1f %%.", n > 0 ? ". U" : "U", 100.0 * v->unexplained);
    ana_para_end(s, &text, "    ", 4);
}

void ana_show_causes(struct ana_show *s, const struct ana_versus *v)
{
    struct ana_para text = {.n = 0};
    size_t n = 0, most = 0;
    double rest = 0.0, rest_share = 0.0, less = 0.0;

    while (n < v->n_cause && v->cause[n].share > 0.0)
        n++;
    if (n == 0 || isnan(v->unexplained))
        return;
    while (most < n && (s->o->all || (most < 8 && v->cause[most].share >= 0.005)))
        most++;
    fputc('\n', s->to);
    ana_show_heading(s, "ROOT CAUSES of final demand lost or waiting, all markets, USD");
    for (size_t i = 0; i < v->n_cause; i++) {
        const struct ana_cause *k = &v->cause[i];

        if (i < most) {
            ana_show_cause(s, &text, k->cause);
            cause_row(s, k->share, k->with - k->base, &text);
        } else if (i < n) {
            rest += k->with - k->base;
            rest_share += k->share;
        } else {
            less += k->with - k->base;
        }
    }
    if (most < n) {
        ana_para_add(&text, "%zu other%s", n - most, n - most == 1 ? "" : "s");
        cause_row(s, rest_share, rest, &text);
    }
    if (less < 0.0) {
        ana_para_add(&text, "%zu that cost%s less than in the baseline", v->n_cause - n,
                     v->n_cause - n == 1 ? "s" : "");
        cause_row(s, NAN, less, &text);
    }
    rules_line(s, v);
    ana_show_goods(s, v);
}
