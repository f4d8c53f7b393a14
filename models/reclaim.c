#include "models/reclaim.h"
#include "models/content.h"

#include <math.h>
#include <string.h>

static const struct mdl_recycling *entry_of(const struct mdl_state *w,
                                            const struct mdl_reclaim_base *b)
{
    return &w->sc->recycling[b->entry];
}

static size_t width(const struct mdl_state *w, uint32_t point)
{
    return mdl_network_width(w->net, &w->net->product[w->net->point[point].product]);
}

static int64_t count(const struct mdl_state *w, const struct mdl_reclaim_base *b)
{
    const struct mdl_point_state *p = &w->point[b->point];

    return entry_of(w, b)->of == MDL_OF_SOLD ? p->a_sold : p->a_made;
}

/* The goods of the period that ends, with the origins that its stock has now. */
static void count_period(struct mdl_state *w, struct mdl_reclaim_base *b, uint32_t period)
{
    const struct mdl_recycling *r = entry_of(w, b);
    const struct mdl_point_state *p = &w->point[b->point];
    int64_t now = count(w, b);
    double q = (double)(now - b->counted), free_goods = (double)p->on_hand[MDL_FREE],
           bound = (double)p->on_hand[MDL_CIVIL_ONLY], all = free_goods + bound;
    size_t n = width(w, b->point);

    b->counted = now;
    if (q <= 0)
        return;
    for (uint32_t k = period; k < r->n_period; k++)
        b->due[k] += q * r->back[k - period];
    for (int m = 0; n > 0 && m < MDL_MARKS; m++) {
        double part =
            all > 0 ? q * (m == MDL_FREE ? free_goods : bound) / all : (m == MDL_FREE ? q : 0);

        if (part <= 0)
            continue;
        mdl_content_mix(b->share, b->sum, p->share[m], part, n);
        b->sum += part;
    }
}

/* The origins of scrap are those of the goods: of the steady state, and of what was counted. */
static uint32_t scrap_share(struct mdl_state *w, const struct mdl_reclaim_base *b, double old,
                            double counted)
{
    const struct mdl_network *net = w->net;
    const struct mdl_product *goods = &net->product[net->point[b->point].product],
                             *scrap = &net->product[net->point[entry_of(w, b)->to_point].product];
    size_t n = width(w, b->point), no2 = (size_t)net->n_share;
    uint32_t id;

    if (scrap->n_el == 0)
        return 0;
    memcpy(w->reclaim->mix, w->st->balance.share[b->point], n * sizeof(double));
    if (counted > 0 && b->sum > 0)
        mdl_content_mix(w->reclaim->mix, old, b->share, counted, n);
    id = sim_pool_take_raw(&w->share[scrap->n_el]);
    for (int e = 0; e < scrap->n_el; e++)
        memcpy((double *)sim_pool_at(&w->share[scrap->n_el], id) + (size_t)e * no2,
               w->reclaim->mix + (size_t)goods->slot[scrap->el[e]] * no2, no2 * sizeof(double));
    return id;
}

static void send_off(struct mdl_state *w, struct mdl_reclaim_base *b, uint32_t period)
{
    const struct mdl_recycling *r = entry_of(w, b);
    const struct mdl_network *net = w->net;
    double old = b->usual * r->past[period],
           x = (old + b->due[period]) * mdl_recycle_share(r, w->sc->start, mdl_today(w)) *
                   b->yield +
               b->carry;
    int64_t q = (int64_t)floor(x);
    uint32_t note;

    b->carry = x - (double)q;
    if (q == 0)
        return;
    note = sim_pool_take(&w->note);
    *(struct mdl_note *)sim_pool_at(&w->note, note) = (struct mdl_note){
        .order = b->entry, .quantity = q, .share = scrap_share(w, b, old, b->due[period])};
    sim_send(&w->run, net->point[b->point].site, net->point[r->to_point].site, w->run.lookahead,
             MDL_MSG_SCRAP, MDL_MSG_SCRAP, note);
}

void mdl_reclaim_evening(struct mdl_state *w, uint32_t site)
{
    const struct mdl_reclaim *s = w->reclaim;
    uint32_t day = (uint32_t)(mdl_today(w) - w->day0), period = day / MDL_RECYCLE_D;

    if (day % MDL_RECYCLE_D != MDL_RECYCLE_D - 1)
        return;
    for (uint32_t i = s->base_of[site]; i < s->base_of[site + 1]; i++) {
        count_period(w, &s->base[i], period);
        send_off(w, &s->base[i], period);
    }
}

uint32_t mdl_reclaim_receive(struct mdl_state *w, const struct sim_msg *m)
{
    struct mdl_note n = *(struct mdl_note *)sim_pool_at(&w->note, (uint32_t)m->arg);
    uint32_t point = w->sc->recycling[n.order].to_point, product = w->net->point[point].product;
    const double *share = mdl_stock_share_at(w, product, n.share);
    int32_t today = mdl_today(w);

    sim_pool_give(&w->note, (uint32_t)m->arg);
    mdl_stock_add(w, point, MDL_FREE, n.quantity, share);
    w->point[point].a_in += n.quantity;
    if (share)
        mdl_stock_book(w, m->dst, product, (double)n.quantity, share);
    mdl_stock_drop_share(w, product, n.share);
    for (uint32_t k = 0; mdl_recording(w, today) && k < w->st->n_month; k++)
        if (today < w->st->month_first[k + 1]) {
            w->reclaim->month[n.order][k] += n.quantity;
            break;
        }
    return point;
}

/* ---- the beginning ---- */

/* Quanta a day that are sold or made in the steady state. */
static double usual(const struct mdl_state *w, const struct mdl_recycling *r, uint32_t point)
{
    const struct mdl_point *p = &w->net->point[point];
    double sum = 0;

    if (r->of == MDL_OF_MADE)
        return w->st->balance.supply[point];
    for (uint32_t i = 0; i < p->n_demand; i++)
        sum += w->net->demand[p->demand[i]].rate_d * (double)w->net->product[p->product].qpu;
    return sum;
}

static void add_base(struct mdl_state *w, uint32_t entry, uint32_t k)
{
    const struct mdl_recycling *r = &w->sc->recycling[entry];
    struct mdl_reclaim *s = w->reclaim;
    uint32_t point = r->base[k].point;
    const struct mdl_product *goods = &w->net->product[w->net->point[point].product],
                             *scrap = &w->net->product[w->net->point[r->to_point].product];

    s->base[s->base_of[w->net->point[point].site + 1]++] = (struct mdl_reclaim_base){
        .entry = entry,
        .point = point,
        .usual = usual(w, r, point) * MDL_RECYCLE_D,
        .due = sim_arena_alloc(&w->run.arena, r->n_period, sizeof(double)),
        .share = sim_arena_alloc(&w->run.arena, width(w, point), sizeof(double)),
        .yield = r->base[k].yield * (double)scrap->qpu / (double)goods->qpu};
}

void mdl_reclaim_start(struct mdl_state *w)
{
    const struct mdl_network *n = w->net;
    struct mdl_reclaim *s;

    if (w->sc->n_recycling == 0)
        return;
    w->reclaim = s = sim_arena_alloc(&w->run.arena, 1, sizeof *s);
    s->base_of = sim_arena_alloc(&w->run.arena, (size_t)n->n_site + 2, sizeof(uint32_t));
    s->month = sim_arena_alloc(&w->run.arena, w->sc->n_recycling, sizeof *s->month);
    s->mix = sim_arena_alloc(&w->run.arena, MDL_MAX_ELEMENTS * (size_t)n->n_share, sizeof(double));
    for (uint32_t i = 0; i < w->sc->n_recycling; i++) {
        const struct mdl_recycling *r = &w->sc->recycling[i];

        s->month[i] = sim_arena_alloc(&w->run.arena, w->st->n_month, sizeof(int64_t));
        s->n_base += r->n_base;
        for (uint32_t k = 0; k < r->n_base; k++)
            s->base_of[n->point[r->base[k].point].site + 2]++;
    }
    for (uint32_t i = 2; i < n->n_site + 2; i++)
        s->base_of[i] += s->base_of[i - 1];
    s->base = sim_arena_alloc(&w->run.arena, s->n_base, sizeof *s->base);
    for (uint32_t i = 0; i < w->sc->n_recycling; i++)
        for (uint32_t k = 0; k < w->sc->recycling[i].n_base; k++)
            add_base(w, i, k);
}

void mdl_reclaim_store(struct mdl_state *w)
{
    double *came = mdl_record_slot(w, "recycled");
    int axis = sim_result_find_axis(w->res, "recycling");

    for (uint32_t i = 0; w->reclaim && i < w->sc->n_recycling; i++) {
        const struct mdl_recycling *r = &w->sc->recycling[i];
        size_t at = 0;

        while (strcmp(w->res->axis[axis].label[at], r->id) != 0)
            at++;
        for (uint32_t k = 0; k < w->st->n_month; k++)
            came[at * w->st->n_month + k] =
                mdl_units(w, w->net->point[r->to_point].product, (double)w->reclaim->month[i][k]);
    }
}
