#include "analysis/why_inner.h"

/* A market on a day: customers who were lost, by cause. */

/* Is the event a loss of the question's site, day and product? */
static int is_loss(const struct ana_events *e, size_t i, const struct ana_why_question *q)
{
    return ana_event_at(e, i) == ANA_EV_LOST && e->site[i] == q->site && e->day[i] == q->day &&
           (q->product < 0 || e->product[i] == q->product);
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

void ana_market_say(struct ana_why *w, const struct ana_at *at, const struct ana_mix *mix)
{
    char a[ANA_SHOW_CELL];

    ana_para_add(&w->p, "%s ", ana_why_date(a, w, at->day));
    ana_why_site(w, at->site);
    ana_para_add(&w->p, ", ");
    ana_why_product(w, at->input);
    ana_why_amount(a, w, at->input, mix->all);
    ana_para_add(&w->p, ": customers%s for %s are lost.", at->use ? " for military use" : "", a);
    ana_para_end(&w->s, &w->p, " 1  ", 4);
    ana_line_causes(w, mix, at->cause);
}
