#include "analysis/show_inner.h"

#include "analysis/compare_inner.h"

#include <math.h>
#include <string.h>

typedef char cell[ANA_SHOW_CELL];
typedef char wide[3 * ANA_SHOW_CELL];

enum { LABEL = 12 }; /* columns of "    stops   " */

int ana_show_has(const struct ana_show *s, const struct ana_versus *v)
{
    return !s->o->scenario || strcmp(s->o->scenario, v->label) == 0;
}

const char *ana_show_where(const struct ana_show *s)
{
    return s->c->country ? s->c->country : "all countries";
}

/* ---- in short ---- */

static void say_rules(struct ana_show *s, const struct ana_versus *v)
{
    struct ana_para p = {.n = 0};

    for (size_t i = 0; i < v->n_rule; i++) {
        size_t k = 0;

        while (k < s->c->alone.n_rule && strcmp(s->c->alone.rule[k].rule, v->rule[i].rule) != 0)
            k++;
        if (k < s->c->alone.n_rule && v->base != ANA_NO_BASE)
            continue;
        ana_para_add(&p, "%s%s", p.n ? ", " : "", v->rule[i].rule);
        if (v->rule[i].n_exists < v->rule[i].n)
            ana_para_add(&p, " (in %zu of %zu runs)", v->rule[i].n_exists, v->rule[i].n);
    }
    if (p.n > 0)
        ana_para_end(s, &p, v->base == ANA_NO_BASE ? "    rules   " : "    adds    ", LABEL);
}

/* "kuantan (down, from 2026-03-01 to 2026-04-29)": medians where runs differ. */
static void say_shocks(struct ana_show *s, const struct ana_versus *v)
{
    struct ana_para p = {.n = 0};

    for (size_t i = 0; i < v->n_shock; i++) {
        const struct ana_shock *k = &v->shock[i];
        cell from, to;

        ana_show_date(s, from, k->first.p50);
        ana_show_date(s, to, k->last.p50);
        ana_para_add(&p, "%s%s (%s, ", p.n ? ", " : "", k->shock, k->kind);
        if (k->n_comes < k->n)
            ana_para_add(&p, "in %zu of %zu runs, ", k->n_comes, k->n);
        ana_para_add(&p, "%s%s to %s)",
                     k->first.p05 < k->first.p95 || k->last.p05 < k->last.p95 ? "median " : "",
                     from, to);
    }
    if (p.n > 0)
        ana_para_end(s, &p, "    shocks  ", LABEL);
}

/* ": 12 vehicle from 2026-04-18, 4 magnet from 2026-03-25". */
static void add_tiers(const struct ana_show *s, const struct ana_versus *v, struct ana_para *to)
{
    size_t n = 0;
    cell from, change;

    for (size_t i = 0; i < v->n_tier; i++)
        if (v->tier[i].n_plant_stop > 0) {
            ana_show_date(s, from, v->tier[i].earliest.p50);
            ana_para_add(to, "%s%zu %s from %s", n++ ? ", " : ": ", v->tier[i].n_plant_stop,
                         v->tier[i].tier, from);
            if (v->base != ANA_NO_BASE) {
                ana_show_change(change, v->tier[i].made, v->tier[i].made_base);
                ana_para_add(to, " (output %s)", change);
            }
        }
}

void ana_show_tell_stops(struct ana_show *s, const struct ana_versus *v, struct ana_para *to)
{
    const struct ana_plant *first = ana_first_to_stop(v);
    size_t some = 0;
    cell at, from, till;

    if (v->n_plant == 0)
        return;
    for (size_t i = 0; i < v->n_plant; i++)
        some += v->plant[i].n_stop > 0;
    ana_para_add(to, "%zu of %zu%s%s plants in %s", v->n_plant_stop, v->n_plant,
                 s->c->tier ? " " : "", s->c->tier ? s->c->tier : "", ana_show_where(s));
    if (!first) {
        ana_para_add(to, "; %zu in at least one run", some);
    } else {
        if (!s->c->tier)
            add_tiers(s, v, to);
        ana_show_date(s, at, first->first.p50);
        ana_show_date(s, from, first->first.p05);
        ana_show_date(s, till, first->first.p95);
        ana_para_add(to, ". First: %s (%s), median %s, 90 %% of runs %s to %s", first->name,
                     ana_show_product(s, first->product), at, from, till);
        if (first->cause >= 0) {
            ana_para_add(to, "; cause: ");
            ana_show_cause(s, to, first->cause);
            if (!isnan(first->cause_share))
                ana_para_add(to, " (%.0f %% of its missed starts)", 100.0 * first->cause_share);
        }
    }
}

/* "mean 2.1 bn USD (95 % interval 1.9 bn to 2.3 bn), 90 % of runs 1.6 bn to 2.8 bn"; the median
 * too where the mean alone would mislead. */
static void add_money(struct ana_show *s, const struct ana_effect *e, struct ana_para *to)
{
    cell mean, median, lo, hi;
    wide interval;

    ana_show_usd(mean, e->diff.at);
    ana_show_usd(median, e->p50);
    ana_show_usd(lo, e->p05);
    ana_show_usd(hi, e->p95);
    ana_para_add(to, "mean %s USD", mean);
    if (!isnan(e->diff.lo)) {
        ana_show_interval(s, interval, e, ana_show_usd);
        ana_para_add(to, " (95 %% interval %s)", interval);
    }
    if (fabs(e->skew) > 2.0)
        ana_para_add(to, ", very skewed: median %s", median);
    ana_para_add(to, ", 90 %% of runs %s to %s", lo, hi);
}

const struct ana_demand *ana_show_demand_of(const struct ana_show *s, const struct ana_versus *v)
{
    return s->c->country ? &v->focus : &v->all;
}

/* Does the scenario lose less than the baseline? Then no cause is one of a loss. */
static int is_less(const struct ana_demand *d)
{
    return d->loss_usd.diff.at <= -0.5;
}

static void add_loss(struct ana_show *s, const struct ana_demand *d, struct ana_para *to)
{
    cell part;

    add_money(s, &d->loss_usd, to);
    ana_show_percent(part, d->loss_part.diff.at);
    if (fabs(d->loss_part.diff.at) < 0.001)
        snprintf(part, sizeof part, "under 0.001 %%");
    ana_para_add(to, "; on average %s of final demand in %s", part, ana_show_where(s));
}

void ana_show_tell_loss(struct ana_show *s, const struct ana_versus *v, struct ana_para *to)
{
    const struct ana_demand *d = ana_show_demand_of(s, v);
    cell part, other;

    if (v->n_market == 0)
        return;
    if (is_less(d)) {
        ana_show_usd(part, -d->loss_usd.diff.at);
        ana_para_add(to, "%s USD less than the baseline: ", part);
        add_loss(s, d, to);
    } else if (d->loss_usd.n_more == 0) {
        ana_para_add(to, "no final demand in %s, in any run", ana_show_where(s));
        if (d->loss_usd.n >= ANA_STATS_MIN)
            ana_para_add(to, ": 0 of %zu seen, at most %.2g %% of runs (3/%zu)", d->loss_usd.n,
                         300.0 / (double)d->loss_usd.n, d->loss_usd.n);
    } else {
        add_loss(s, d, to);
        if (d->loss_usd.n_more < d->loss_usd.n)
            ana_para_add(to, "; a loss in %zu of %zu runs", d->loss_usd.n_more, d->loss_usd.n);
    }
    if (s->c->country) {
        ana_show_usd(other, v->all.loss_usd.diff.at - v->focus.loss_usd.diff.at);
        ana_para_add(to, ". Other markets: mean %s USD", other);
    }
}

void ana_show_tell_cause(struct ana_show *s, const struct ana_versus *v, struct ana_para *to)
{
    const char *const *rule = ana_coord_text(ana_axis(s->c->r, "cause"), "cause_rule");
    const struct ana_cause *most = v->cause;
    double share = 0.0;

    if (v->n_cause == 0 || is_less(ana_show_demand_of(s, v)) || most->share <= 0.0 ||
        isnan(v->unexplained))
        return;
    for (size_t i = 0; rule && i < v->n_cause; i++)
        if (v->cause[i].share > 0.0 && strcmp(rule[v->cause[i].cause], rule[most->cause]) == 0)
            share += v->cause[i].share;
    ana_show_cause(s, to, most->cause);
    ana_para_add(to, ", %.0f %% of the loss", 100.0 * most->share);
    if (rule && *rule[most->cause] && share >= most->share + 0.005)
        ana_para_add(to, "; %.0f %% with all else under that rule", 100.0 * share);
}

static void say_fill(struct ana_show *s, const struct ana_versus *v)
{
    const struct ana_demand *d = ana_show_demand_of(s, v);
    cell fill, once;

    if (v->n_market == 0)
        return;
    ana_show_percent(fill, d->fill.with);
    ana_show_percent(once, d->at_once.with);
    ana_show_line(s, "    demand  %s met in %s, %s on the day it came", fill, ana_show_where(s),
                  once);
}

static void tell(struct ana_show *s, const struct ana_versus *v,
                 void (*what)(struct ana_show *, const struct ana_versus *, struct ana_para *),
                 const char *label)
{
    struct ana_para p = {.n = 0};

    what(s, v, &p);
    if (p.n > 0)
        ana_para_end(s, &p, label, LABEL);
}

static void headline(struct ana_show *s, const struct ana_versus *v)
{
    struct ana_para text = {.n = 0};
    int alone = v->base == ANA_NO_BASE;

    ana_para_add(
        &text, "%s%s%s%s", v->label,
        alone && s->c->n_versus > 0 && strcmp(v->label, "baseline") != 0 ? " (the baseline)" : "",
        *v->title ? ": " : "", v->title);
    ana_show_strong(s, 1);
    ana_para_end(s, &text, "", 4);
    ana_show_strong(s, 0);
    if (v->n_pair == 0) {
        ana_show_line(s, "    no run is done both here and in the baseline: nothing to compare");
        return;
    }
    say_rules(s, v);
    say_shocks(s, v);
    if (v->same) {
        ana_show_line(s, "    nothing differs from the baseline, in any run");
        return;
    }
    tell(s, v, ana_show_tell_stops, "    stops   ");
    if (alone)
        say_fill(s, v);
    if (!alone || s->c->n_versus == 0) {
        tell(s, v, ana_show_tell_loss, "    loss    ");
        tell(s, v, ana_show_tell_cause, "    cause   ");
        ana_show_kinds(s, v, !is_less(ana_show_demand_of(s, v)));
        ana_show_exposure(s, v);
    }
}

/* "licensing or embargo": who may be it. Returns how many. */
static size_t candidates(const struct ana_compare *c, int most, struct ana_para *to)
{
    size_t n = 0, said = 0;

    for (size_t i = 0; i < c->n_versus; i++)
        n += (most ? c->versus[i].can_most : c->versus[i].can_least) ? 1 : 0;
    for (size_t i = 0; i < c->n_versus; i++)
        if (most ? c->versus[i].can_most : c->versus[i].can_least) {
            ana_para_add(to, "%s%s",
                         said == 0       ? ""
                         : said + 1 == n ? " or "
                                         : ", ",
                         c->versus[i].label);
            said++;
        }
    return n;
}

void ana_show_tell_order(struct ana_show *s, struct ana_para *to)
{
    size_t least, most;

    if (!s->c->ranked || s->o->scenario)
        return;
    ana_para_add(to, "Loss in %s, run by run, each 95 %% sure: it is least in ", ana_show_where(s));
    least = candidates(s->c, 0, to);
    ana_para_add(to, ", largest in ");
    most = candidates(s->c, 1, to);
    if (least > 1 || most > 1)
        ana_para_add(to, "; %zu runs do not tell more", s->c->n_run);
    ana_para_add(to, ".");
}

/* ---- the frame ---- */

size_t ana_show_add_changes(struct ana_para *p, const char *set, const char *over)
{
    size_t n = 0;

    for (const char *at = set; at && *at; n++) {
        int line = (int)strcspn(at, "\n"), key = (int)strcspn(at, "=");

        ana_para_add(p, "%s%.*s", n ? ", " : "", key < line ? key : line, at);
        if (key < line)
            ana_para_add(p, " = %.*s", line - key - 1, at + key + 1);
        at += line + (at[line] == '\n');
    }
    if (n)
        ana_para_add(p, " (--set)");
    if (over)
        ana_para_add(p, "%s%s (--over)", n++ ? ", on top of " : "the keys of ", over);
    return n;
}

void ana_show_tell_changes(struct ana_show *s, struct ana_para *to)
{
    const struct sim_result *r = s->c->r;
    struct ana_para here = {.n = 0}, there = {.n = 0};
    size_t n = ana_show_add_changes(&here, sim_result_find_attr(r, "set"),
                                    sim_result_find_attr(r, "over")),
           m = ana_show_add_changes(&there, sim_result_find_attr(r, "against_set"),
                                    sim_result_find_attr(r, "against_over"));

    if (n + m == 0)
        return;
    if (!s->o->against || strcmp(here.s, there.s) == 0)
        ana_para_add(to, "All scenarios with %s; titles and files do not say so.", here.s);
    else
        ana_para_add(to,
                     "Scenarios of %s with %s, the baseline of %s with %s: they differ in this "
                     "too.",
                     s->o->file, n ? here.s : "nothing changed", s->o->against,
                     m ? there.s : "nothing changed");
}

void ana_show_changes(struct ana_show *s)
{
    struct ana_para p = {.n = 0};

    ana_show_tell_changes(s, &p);
    if (p.n > 0)
        ana_para_end(s, &p, "", 4);
}

static void heading(struct ana_show *s)
{
    struct ana_para text = {.n = 0};
    cell from, till;

    ana_show_date(s, from, 0.0);
    ana_para_add(&text, "%s: ", s->o->file);
    if (s->c->n_versus == 0)
        ana_para_add(&text, "1 scenario, ");
    else
        ana_para_add(&text, "%zu scenario%s against a baseline, ", s->c->n_versus,
                     s->c->n_versus == 1 ? "" : "s");
    ana_para_add(&text, "%zu runs of each, ", s->c->n_run);
    if (isnan(s->c->horizon_d)) {
        ana_para_add(&text, "from %s", from);
    } else {
        ana_show_date(s, till, s->c->horizon_d - 1.0);
        ana_para_add(&text, "%s to %s", from, till);
    }
    if (s->o->against)
        ana_para_add(&text, "; the baseline is the first scenario of %s", s->o->against);
    ana_para_end(s, &text, "", 4);
    ana_show_changes(s);
    ana_para_add(&text,
                 "Read IN SHORT first; below it stand, for each scenario, who stops, who loses, "
                 "why, and how late orders are; NOTES say what the words mean. A plant that "
                 "\"stops\" is not shut: on some line it makes under half of the starts it "
                 "planned, for %d days or more in a row, in half of the runs or more.",
                 ANA_STOP_D);
    ana_para_end(s, &text, "", 0);
    fputc('\n', s->to);
    ana_show_title(s, 0, "IN SHORT", 8);
    fputs("\n\n", s->to);
}

static void chapter(struct ana_show *s, const struct ana_versus *v)
{
    struct ana_para text = {.n = 0};

    if (v->n_pair == 0 || v->same)
        return;
    ana_para_add(&text, "%s%s%s", v->label, v->base == ANA_NO_BASE ? ", by itself" : " against ",
                 v->base == ANA_NO_BASE ? "" : s->c->alone.label);
    fputc('\n', s->to);
    for (size_t i = 0; i < s->o->width; i++)
        fputc('-', s->to);
    fputc('\n', s->to);
    ana_show_strong(s, 1);
    ana_para_end(s, &text, "", 4);
    ana_show_strong(s, 0);
    ana_show_plants(s, v);
    ana_show_tiers(s, v);
    ana_show_bodies(s, v);
    ana_show_demand(s, v);
    ana_show_causes(s, v);
    ana_show_content(s, v);
    ana_show_service(s, v);
    ana_show_cohorts(s, v);
    ana_show_flows(s, v);
    ana_show_prices(s, v);
    ana_show_responses(s, v);
}

static int no_such(const struct ana_compare *c, const char *label, struct sim_err *err)
{
    struct ana_para p = {.n = 0};

    for (size_t i = 0; i < c->n_versus; i++) {
        if (strcmp(c->versus[i].label, label) == 0)
            return 0;
        ana_para_add(&p, " %s", c->versus[i].label);
    }
    if (c->n_versus == 0 && strcmp(c->alone.label, label) == 0)
        return 0;
    if (strcmp(c->alone.label, label) == 0)
        return sim_err_add(err, SIM_EINPUT, "%s is the baseline; compared with it are:%s", label,
                           p.s);
    return sim_err_add(err, SIM_EINPUT, "no scenario %s in the result; it has: %s%s", label,
                       c->alone.label, p.s);
}

int ana_show(FILE *to, const struct ana_compare *c, const struct ana_show_options *o,
             struct sim_err *err)
{
    struct ana_show s = {.to = to, .c = c, .o = o};
    struct ana_para order = {.n = 0};
    int rc = o->scenario ? no_such(c, o->scenario, err) : 0;

    sim_bug_if(o->width < ANA_SHOW_WIDTH_MIN || o->top == 0);
    if (rc != 0)
        return rc;
    heading(&s);
    headline(&s, &c->alone);
    for (size_t i = 0; i < c->n_versus; i++)
        if (ana_show_has(&s, &c->versus[i])) {
            fputc('\n', to);
            headline(&s, &c->versus[i]);
        }
    ana_show_losses(&s);
    ana_show_tell_order(&s, &order);
    if (order.n > 0) {
        fputc('\n', to);
        ana_para_end(&s, &order, "", 4);
    }
    if (c->n_versus == 0)
        chapter(&s, &c->alone);
    for (size_t i = 0; i < c->n_versus; i++)
        if (ana_show_has(&s, &c->versus[i]))
            chapter(&s, &c->versus[i]);
    ana_show_offices(&s);
    fputc('\n', to);
    ana_show_title(&s, 0, "NOTES", 5);
    fputc('\n', to);
    ana_show_note_words(&s);
    ana_show_note_limits(&s);
    return 0;
}
