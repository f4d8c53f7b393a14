#include "analysis/show_inner.h"

#include <math.h>
#include <stdio.h>

typedef char cell[ANA_SHOW_CELL];

static void price_row(struct ana_show *s, const struct ana_price *p)
{
    cell base, peak, paid, at, back;

    snprintf(base, sizeof base, "%.4g", p->base);
    ana_show_number(peak, p->peak, 2);
    ana_show_number(paid, p->contract, 2);
    ana_show_date(s, at, p->peak_at);
    if (isinf(p->back))
        snprintf(back, sizeof back, "not by the end");
    else
        ana_show_date(s, back, p->back);
    ana_show_name(s, 4, p->price, s->o->width - 73);
    ana_show_line(s, " %8s %-10.10s %8s %-10s %-14s %10s", base, p->unit, peak, at, back, paid);
}

void ana_show_prices(struct ana_show *s, const struct ana_versus *v)
{
    if (v->n_price == 0)
        return;
    fputc('\n', s->to);
    ana_show_heading(s, "PRICES, spot, as multiples of the base; medians over the runs");
    ana_show_line(s, "    %-*s %8s %-10s %8s %-10s %-14s %10s", (int)s->o->width - 73, "", "base",
                  "", "highest", "on", "under 1.2 from", "contract's");
    for (size_t i = 0; i < v->n_price; i++)
        price_row(s, &v->price[i]);
}
