#include "analysis/compare_inner.h"

#include <math.h>

/* A run's price, week by week, over its base. */
struct path {
    double peak, peak_at, back, contract;
};

/* `back`: the first week after the peak in which the price is under ANA_PRICE_BACK of its base;
 * INFINITY if there is none, NaN if it was never above. */
static struct path path_of(const struct ana_work *w, const struct ana_cube *spot,
                           const struct ana_cube *contract, size_t pair, size_t price, double base)
{
    const struct sim_axis *week = ana_axis(w->r, "week");
    struct path x = {NAN, NAN, NAN, NAN};

    for (size_t k = 0; k < week->n; k++) {
        double at = ana_with(w, spot, pair, price * week->n + k) / base,
               paid = ana_with(w, contract, pair, price * week->n + k) / base;

        x.contract = fmax(x.contract, paid); /* passes over NaN */
        if (at > x.peak || isnan(x.peak)) {
            x.peak = at;
            x.peak_at = week->value[k];
            x.back = at >= ANA_PRICE_BACK ? INFINITY : NAN;
        } else if (x.back == INFINITY && at < ANA_PRICE_BACK) {
            x.back = week->value[k];
        }
    }
    return x;
}

/* The median; INFINITY if it is not reached in half of the runs that have it. */
static double median(double x[], size_t n)
{
    double half = 0.5, to;
    size_t some = 0, never = 0;

    for (size_t i = 0; i < n; i++) {
        if (!isnan(x[i]))
            some++;
        if (x[i] == INFINITY)
            never++;
    }
    if (some > 0 && 2 * never >= some)
        return INFINITY;
    ana_stats_quantiles(x, n, &half, 1, &to);
    return to;
}

static void take_price(struct ana_work *w, const struct ana_cube *spot,
                       const struct ana_cube *contract, size_t price, struct ana_price *to)
{
    size_t n = w->v->n_pair;
    double *back = sim_arena_alloc(&w->c->arena, n, sizeof *back);

    for (size_t p = 0; p < n; p++) {
        struct path x = path_of(w, spot, contract, p, price, to->base);

        w->with[p] = x.peak;
        w->base[p] = x.peak_at;
        w->other[p] = x.contract;
        back[p] = x.back;
    }
    to->peak = median(w->with, n);
    to->peak_at = median(w->base, n);
    to->contract = median(w->other, n);
    to->back = to->peak >= ANA_PRICE_BACK ? median(back, n) : NAN;
}

void ana_compare_prices(struct ana_work *w)
{
    const struct sim_axis *a = ana_axis(w->r, "price");
    struct ana_cube spot = ana_cube_find(w->r, "price_spot", "scenario run price week"),
                    contract = ana_cube_find(w->r, "price_contract", "scenario run price week");
    const char *const *unit = ana_coord_text(a, "price_unit");
    const double *base = ana_coord_value(a, "price_base");

    if (!spot.c || !contract.c || !unit || !base || w->v->n_pair == 0)
        return;
    w->v->price = sim_arena_alloc(&w->c->arena, a->n, sizeof *w->v->price);
    for (size_t i = 0; i < a->n; i++) {
        struct ana_price *p = &w->v->price[w->v->n_price];

        if (!(base[i] > 0))
            continue;
        *p = (struct ana_price){.price = a->label[i], .unit = unit[i], .base = base[i]};
        take_price(w, &spot, &contract, i, p);
        if (!isnan(p->peak))
            w->v->n_price++;
    }
}
