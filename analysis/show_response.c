#include "analysis/show_inner.h"

#include <math.h>

typedef char cell[ANA_SHOW_CELL];

enum { RESERVES_SAID = 3, INDENT = 6 };

/* "first on 2026-05-01", "first on 2026-05-01 (2026-04-20 to 2026-06-01)" */
static void add_first(const struct ana_show *s, const struct ana_range *r, struct ana_para *to)
{
    cell at, from, till;

    ana_show_date(s, at, r->p50);
    ana_show_date(s, from, r->p05);
    ana_show_date(s, till, r->p95);
    ana_para_add(to, "first on %s", at);
    if (floor(r->p05) < floor(r->p95))
        ana_para_add(to, " (%s to %s)", from, till);
}

static void say_reserve(struct ana_show *s, const struct ana_reserve *r)
{
    struct ana_para p = {.n = 0};
    cell q, lo, hi, usd;

    ana_show_quantity(q, r->released, r->unit);
    ana_show_quantity(lo, r->range.p05, r->unit);
    ana_show_quantity(hi, r->range.p95, r->unit);
    ana_show_usd(usd, r->usd);
    ana_para_add(&p, "reserve %s: releases %s (%s to %s), %s USD; ", r->label, q, lo, hi, usd);
    if (r->empty.n == 0) {
        ana_para_add(&p, "never empty");
    } else {
        ana_para_add(&p, "empty in %zu of %zu runs, ", r->empty.n, r->n);
        add_first(s, &r->empty, &p);
    }
    ana_para_end(s, &p, "    ", INDENT);
}

static void say_swap(struct ana_show *s, const struct ana_swap *x)
{
    struct ana_para p = {.n = 0};
    cell at, lo, hi;

    ana_show_percent(at, 100.0 * x->share);
    ana_show_percent(lo, 100.0 * x->range.p05);
    ana_show_percent(hi, 100.0 * x->range.p95);
    ana_para_add(&p, "substitutes: %zu line%s in %s turn%s to one in half of the runs or more",
                 x->n_turn, x->n_turn == 1 ? "" : "s", ana_show_where(s),
                 x->n_turn == 1 ? "s" : "");
    if (x->n_ever > x->n_turn)
        ana_para_add(&p, " (%zu in at least one)", x->n_ever);
    ana_para_add(&p, ", ");
    add_first(s, &x->first, &p);
    ana_para_add(&p, "; %s (%s to %s) of their starts, by value, use one", at, lo, hi);
    ana_para_end(s, &p, "    ", INDENT);
}

void ana_show_responses(struct ana_show *s, const struct ana_versus *v)
{
    size_t most = s->o->all || v->n_reserve < RESERVES_SAID ? v->n_reserve : RESERVES_SAID;
    double rest = 0.0;
    cell usd;

    if (v->n_reserve == 0 && v->swap.n_ever == 0)
        return;
    fputc('\n', s->to);
    ana_show_heading(s, "RESPONSES in this scenario: mean (90 %% of runs), first dates median");
    for (size_t i = 0; i < most; i++)
        say_reserve(s, &v->reserve[i]);
    for (size_t i = most; i < v->n_reserve; i++)
        rest += v->reserve[i].usd;
    ana_show_usd(usd, rest);
    if (most < v->n_reserve)
        ana_show_line(s, "    %zu more of what reserves hold: %s USD released", v->n_reserve - most,
                      usd);
    if (v->swap.n_ever > 0)
        say_swap(s, &v->swap);
}
