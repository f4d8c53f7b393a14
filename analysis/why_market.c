#include "analysis/why_inner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A market on a day: customers who were lost, or wait at the end, by cause. */

/* Is the event a loss of the question's site, day and product? */
static int is_loss(const struct ana_events *e, size_t i, const struct ana_why_question *q)
{
    return ana_event_at(e, i) == ANA_EV_LOST && e->site[i] == q->site && e->day[i] == q->day &&
           (q->product < 0 || e->product[i] == q->product);
}

/* Losses of the last day are customers who gave up and customers who still wait. */
static int32_t last_day(const struct ana_why *w)
{
    const char *days = sim_result_find_attr(w->c.r, "horizon_d");

    return days ? (int32_t)strtol(days, NULL, 10) - 1 : SIM_DAY_NONE;
}

/* What waits at the end of these goods; NaN where the result does not say. */
static double waiting(const struct ana_why *w, const struct ana_at *at,
                      const struct ana_why_question *q)
{
    struct ana_cube backlog = ana_cube_find(w->c.r, "backlog", "scenario run market");
    const struct sim_axis *a = ana_axis(w->c.r, "market"), *run = ana_axis(w->c.r, "run");
    const char *const *site = ana_coord_text(a, "market_site"),
                      *const *product = ana_coord_text(a, "market_product"),
                      *const *use = ana_coord_text(a, "market_use");
    double sum = 0;
    size_t slot = 0;

    if (!backlog.c || !site || !product || !use)
        return NAN;
    while (run->n > 1 && slot < run->n && run->value[slot] != (double)q->run)
        slot++;
    for (size_t i = 0; slot < run->n && i < a->n; i++)
        if (strcmp(site[i], ana_why_label(w, "site", at->site)) == 0 &&
            strcmp(product[i], ana_why_label(w, "product", at->input)) == 0 &&
            (strcmp(use[i], "military") == 0) == (at->use == 1))
            sum += ana_cube_at(&backlog, (size_t)q->scenario, slot, i);
    return sum;
}

/* The goods and end use of which most was lost, by value. Returns 0 where nothing was. */
static int worst_goods(const struct ana_why *w, const struct ana_why_question *q, int *goods,
                       int *use)
{
    const struct ana_events *e = &w->e;
    const double *value = ana_coord_value(ana_axis(w->c.r, "product"), "product_value");
    double most = -1;

    for (size_t i = e->from; i < e->until; i++) {
        double usd = 0;

        if (!is_loss(e, i, q))
            continue;
        for (size_t k = i; k < e->until && e->day[k] == q->day; k++)
            if (is_loss(e, k, q) && e->product[k] == e->product[i] && e->use[k] == e->use[i])
                usd += e->quantity[k] * (value ? value[e->product[k]] : 1);
        if (usd > most) {
            most = usd;
            *goods = e->product[i];
            *use = e->use[i];
        }
    }
    return most >= 0;
}

int32_t ana_market_worst_day(const struct ana_why *w, const struct ana_why_question *q)
{
    const struct ana_events *e = &w->e;
    const double *value = ana_coord_value(ana_axis(w->c.r, "product"), "product_value");
    struct ana_why_question day = *q;
    int32_t last = last_day(w), worst = SIM_DAY_NONE;
    double most = 0, usd = 0;

    for (size_t i = e->from; i < e->until; i++) {
        usd = e->day[i] == day.day ? usd : 0;
        day.day = e->day[i];
        if (!is_loss(e, i, &day))
            continue;
        usd += e->quantity[i] * (value ? value[e->product[i]] : 1);
        if (worst == SIM_DAY_NONE || (usd > most && day.day != last)) {
            most = usd;
            worst = day.day;
        }
    }
    return worst;
}

int ana_market_look(const struct ana_why *w, const struct ana_why_question *q, struct ana_at *at,
                    struct ana_mix *mix)
{
    const struct ana_events *e = &w->e;

    *mix = (struct ana_mix){0};
    if (!worst_goods(w, q, &at->input, &at->use))
        return 0;
    for (size_t i = e->from; i < e->until; i++)
        if (is_loss(e, i, q) && e->product[i] == at->input && e->use[i] == at->use) {
            ana_mix_add(mix, e->cause[i], e->quantity[i]);
            at->upto = i + 1;
        }
    at->cause = ana_mix_most(mix);
    return 1;
}

/* "lost", "for 3 pieces lost, for 20 pieces still wait" */
static void say_fate(struct ana_why *w, const struct ana_at *at, const struct ana_mix *mix,
                     const struct ana_why_question *q)
{
    double wait = at->day == last_day(w) ? waiting(w, at, q) : 0;
    char a[ANA_SHOW_CELL], b[ANA_SHOW_CELL];

    ana_why_amount(a, w, at->input, mix->all);
    if (isnan(wait)) {
        ana_para_add(&w->p, " for %s are lost, or still wait at the end.", a);
        return;
    }
    wait = fmin(wait, mix->all);
    ana_why_amount(a, w, at->input, mix->all - wait);
    ana_why_amount(b, w, at->input, wait);
    if (wait <= 0)
        ana_para_add(&w->p, " for %s are lost.", a);
    else if (wait >= (1 - 1e-6) * mix->all) /* the sum is one of f32 */
        ana_para_add(&w->p, " for %s still wait at the end.", b);
    else
        ana_para_add(&w->p, " for %s are lost, for %s still wait at the end.", a, b);
}

void ana_market_say(struct ana_why *w, const struct ana_at *at, const struct ana_mix *mix,
                    const struct ana_why_question *q)
{
    char a[ANA_SHOW_CELL];

    ana_para_add(&w->p, "%s ", ana_why_date(a, w, at->day));
    ana_why_site(w, at->site);
    ana_para_add(&w->p, ", ");
    ana_why_product(w, at->input);
    ana_para_add(&w->p, ": customers%s", at->use ? " for military use" : "");
    say_fate(w, at, mix, q);
    ana_para_end(&w->s, &w->p, " 1  ", 4);
    ana_line_causes(w, mix, at->cause);
}
