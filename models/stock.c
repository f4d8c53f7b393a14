#include "models/content.h"
#include "models/actors.h"

#include <string.h>

static size_t width(const struct mdl_state *w, uint32_t product)
{
    return mdl_network_width(w->net, &w->net->product[product]);
}

void mdl_stock_add(struct mdl_state *w, uint32_t point, int mark, int64_t q, const double *share)
{
    struct mdl_point_state *p = &w->point[point];
    size_t n = width(w, w->net->point[point].product);

    if (q <= 0)
        return;
    if (n > 0 && share)
        mdl_content_mix(p->share[mark], (double)p->on_hand[mark], share, (double)q, n);
    p->on_hand[mark] += q;
}

void mdl_stock_book(struct mdl_state *w, uint32_t site, uint32_t product, double quanta,
                    const double *share)
{
    const struct mdl_product *p = &w->net->product[product];
    size_t no2 = (size_t)w->net->n_share;

    for (int e = 0; w->opt.audit && e < p->n_el; e++)
        for (size_t o = 0; o < no2; o++)
            mdl_ledger(w, w->el_in, site)[(size_t)p->el[e] * no2 + o] +=
                mdl_units(w, product, quanta) * p->el_g[p->el[e]] / 1000 *
                share[(size_t)e * no2 + o];
}

void mdl_stock_take(struct mdl_state *w, uint32_t point, int mark, int64_t q)
{
    sim_bug_if(q < 0 || w->point[point].on_hand[mark] < q);
    w->point[point].on_hand[mark] -= q;
}

void mdl_stock_lose(struct mdl_state *w, uint32_t point, int mark, int64_t q)
{
    const struct mdl_point *at = &w->net->point[point];
    const struct mdl_product *p = &w->net->product[at->product];
    size_t no2 = (size_t)w->net->n_share;

    for (int e = 0; w->opt.audit && e < p->n_el; e++)
        for (size_t o = 0; o < no2; o++)
            mdl_ledger(w, w->el_out, at->site)[(size_t)p->el[e] * no2 + o] +=
                mdl_units(w, at->product, (double)q) * p->el_g[p->el[e]] / 1000 *
                w->point[point].share[mark][(size_t)e * no2 + o];
    mdl_stock_take(w, point, mark, q);
}

int64_t mdl_stock_usable(const struct mdl_state *w, uint32_t point, int use)
{
    const struct mdl_point_state *p = &w->point[point];

    return use == MDL_MILITARY && !mdl_evade_diverts(w, w->net->point[point].site)
               ? p->on_hand[MDL_FREE]
               : p->on_hand[MDL_FREE] + p->on_hand[MDL_CIVIL_ONLY];
}

uint32_t mdl_stock_share(struct mdl_state *w, uint32_t point, int mark)
{
    uint32_t product = w->net->point[point].product, id;
    size_t n = width(w, product);

    if (n == 0)
        return 0;
    id = sim_pool_take_raw(&w->share[w->net->product[product].n_el]);
    memcpy(mdl_stock_share_at(w, product, id), w->point[point].share[mark], n * sizeof(double));
    return id;
}

uint32_t mdl_stock_copy_share(struct mdl_state *w, uint32_t product, uint32_t share)
{
    uint32_t id = sim_pool_take_raw(&w->share[w->net->product[product].n_el]);

    memcpy(mdl_stock_share_at(w, product, id), mdl_stock_share_at(w, product, share),
           width(w, product) * sizeof(double));
    return id;
}

double *mdl_stock_share_at(struct mdl_state *w, uint32_t product, uint32_t share)
{
    return share ? sim_pool_at(&w->share[w->net->product[product].n_el], share) : NULL;
}

void mdl_stock_drop_share(struct mdl_state *w, uint32_t product, uint32_t share)
{
    if (share)
        sim_pool_give(&w->share[w->net->product[product].n_el], share);
}
