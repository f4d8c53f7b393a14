#include "models/actors.h"

#include <math.h>

/* Customs statistics count goods on the day they are released at the origin; those that go
 * through a third country are not in them. */
static void count_export(struct mdl_state *w, const struct mdl_line *l, int64_t q, double border_d)
{
    int32_t day = mdl_today(w) + (int32_t)border_d;

    if (!mdl_recording(w, day) || day >= w->sc->start + (int32_t)w->sc->horizon_d)
        return;
    w->exported[(size_t)l->lane * w->st->n_month + w->st->day_month[day - w->sc->start]] += q;
}

/* Taxes and the cost of a detour, for the record. */
static void count_cost(struct mdl_state *w, const struct mdl_line *l, int64_t q)
{
    const struct mdl_lane *lane = &w->net->lane[l->lane];
    const struct mdl_papers *p = l->papers ? sim_pool_at(&w->papers, l->papers) : NULL;
    double usd = mdl_units(w, lane->product, (double)q) * w->net->product[lane->product].value_usd;

    if (p == NULL || !mdl_recording(w, mdl_today(w)))
        return;
    for (uint32_t i = 0; i < p->n_tax; i++)
        w->tax_usd[(size_t)lane->from * w->sc->n_rule + p->tax[i].rule] += p->tax[i].rate * usd;
    if (p->detour) {
        w->detoured[l->lane] += q;
        w->detour_usd[l->lane] += w->sc->detour[p->detour - 1].cost_share * usd;
    }
}

/* Seized goods are gone; the buyer hears with the next message, as of a refusal by the rule that
 * they went round, and its company is listed. */
static void seize(struct mdl_state *w, struct mdl_line *l, int64_t q, uint32_t share,
                  const struct mdl_papers *papers)
{
    const struct mdl_lane *lane = &w->net->lane[l->lane];
    const struct mdl_product *p = &w->net->product[lane->product];
    uint32_t rule = papers->evaded;

    for (int e = 0; w->opt.audit && e < p->n_el; e++)
        for (int o = 0; o < w->net->n_share; o++)
            mdl_ledger(w, w->el_out,
                       lane->from)[(size_t)p->el[e] * (size_t)w->net->n_share + (size_t)o] +=
                mdl_units(w, lane->product, (double)q) * p->el_g[p->el[e]] / 1000 *
                mdl_stock_share_at(w, lane->product, share)[e * w->net->n_share + o];
    mdl_stock_drop_share(w, lane->product, share);
    MDL_TRACE(w, line(w, MDL_TRACED_SEIZED, l, q, NAN));
    w->lane[l->lane].a_seized += q;
    if (mdl_recording(w, mdl_today(w)))
        w->lane[l->lane].seized += q;
    mdl_supply_tell(w, l, MDL_NOTICE_REFUSED,
                    mdl_supply_cause(w, rule, MDL_WHY_SEIZED, lane->product), rule, q);
    mdl_evade_list(w, lane->from, lane->to, w->sc->detour[papers->detour - 1].listing_d);
}

/* Late goods go by air. */
static int flies(const struct mdl_state *w, const struct mdl_line *l, int32_t today)
{
    const struct mdl_lane *lane = &w->net->lane[l->lane];

    return sim_dist_mean(&lane->air_d) > 0 &&
           today - l->placed > sim_dist_mean(&lane->order_d) + 1 + w->sc->expedite_d;
}

/* On a lane that a shock has made slow; the buyer hears why its goods are late. */
static double slowed(struct mdl_state *w, struct mdl_line *l, double days, uint64_t index)
{
    uint32_t cause;

    days = mdl_strike_transit(w, l->lane, days, index, &cause);
    if (cause && cause != l->cause) {
        l->cause = cause;
        mdl_supply_tell(w, l, MDL_NOTICE_CAUSE, cause, 0, 0);
    }
    return days;
}

void mdl_ship(struct mdl_state *w, struct mdl_line *l, int mark, int64_t q, uint32_t share)
{
    const struct mdl_lane *lane = &w->net->lane[l->lane];
    const struct mdl_papers *papers = l->papers ? sim_pool_at(&w->papers, l->papers) : NULL;
    uint32_t detour = papers ? papers->detour : 0, note;
    struct mdl_lane_state *ls = &w->lane[l->lane];
    struct mdl_point_state *p = &w->point[lane->from_point];
    int32_t today = mdl_today(w);
    uint64_t index;
    struct sim_draws d;
    double days;
    int64_t ticks;

    if (ls->sent_day != today) {
        ls->sent_day = today;
        ls->sent = 0;
    }
    index = (uint64_t)(uint32_t)today << 16 | (uint64_t)(uint16_t)ls->sent++;
    d = sim_draws_at(sim_stream_make(w->run.seed, w->run.index, lane->hash, MDL_FOR_TRANSIT),
                     index);
    days = sim_dist_draw(flies(w, l, today) ? &lane->air_d : &lane->transit_d, &d);
    if (w->calendar.lane)
        days = slowed(w, l, days, index);
    if (lane->border) {
        double border_d = sim_dist_draw(&lane->customs_d, &d);

        days += border_d;
        if (!detour)
            count_export(w, l, q, border_d);
    }
    if (detour)
        days += sim_dist_draw(&w->sc->detour[detour - 1].extra_d, &d);
    ls->a_sent += q;
    p->a_out += q;
    if (mdl_recording(w, today))
        p->shipped += q;
    count_cost(w, l, q);
    mdl_papers_use(w, l, q);
    MDL_TRACE(w, line(w, MDL_TRACED_SHIPPED, l, q, days));
    if (detour && mdl_evade_seized(w, detour, l->lane, index)) {
        seize(w, l, q, share, papers);
        return;
    }
    note = sim_pool_take(&w->note);
    *(struct mdl_note *)sim_pool_at(&w->note, note) =
        (struct mdl_note){.lane = l->lane,
                          .order = l->order,
                          .quantity = q,
                          .share = share,
                          .use = l->use,
                          .what = detour != 0,
                          .mark = (uint8_t)(papers && papers->civil_only ? MDL_CIVIL_ONLY : mark)};
    ticks = (int64_t)llround(days * MDL_TICKS_PER_DAY);
    sim_send(&w->run, lane->from, lane->to, ticks > w->run.lookahead ? ticks : w->run.lookahead,
             MDL_MSG_SHIP, MDL_MSG_SHIP, note);
}

int64_t mdl_ship_back(struct mdl_state *w, struct mdl_line *l, int64_t q)
{
    const struct mdl_lane *lane = &w->net->lane[l->lane];
    int64_t back = 0;

    for (int k = 0; k < MDL_MARKS && back < q; k++) {
        int64_t part = l->held[k] < q - back ? l->held[k] : q - back;

        mdl_stock_add(w, lane->from_point, k, part,
                      mdl_stock_share_at(w, lane->product, l->share[k]));
        w->point[lane->from_point].held -= part;
        l->held[k] -= part;
        back += part;
        if (l->held[k] == 0) {
            mdl_stock_drop_share(w, lane->product, l->share[k]);
            l->share[k] = 0;
        }
    }
    return back;
}
