#include "models/reclaim.h"
#include "models/stockpile.h"

static int reviews_today(const struct mdl_state *w, uint32_t site, int32_t today)
{
    int64_t every = w->net->site[site].review_d;

    return every > 0 && (today - w->day0 + w->review_phase[site]) % every == 0;
}

/* The order inside a day: receipts (messages of a lower class), completions, demand, review,
 * starts, allocation, record. Reserves are looked after first and last. */
static void day(struct mdl_state *w, uint32_t site)
{
    const struct mdl_site *s = &w->net->site[site];
    int reviews = s->review_d == 0 || reviews_today(w, site, mdl_today(w));

    mdl_measure_morning(w, site);
    if (w->sc->n_shock > 0)
        mdl_strike_day(w, site);
    mdl_produce_complete(w, site);
    if (w->stockpile)
        mdl_stockpile_morning(w, site);
    mdl_market_day(w, site);
    if (reviews)
        for (uint32_t i = s->first_point; i < s->first_point + s->n_point; i++)
            mdl_order_review(w, i);
    mdl_produce_start(w, site);
    for (uint32_t i = s->first_point; i < s->first_point + s->n_point; i++)
        mdl_supply_allocate(w, i);
    mdl_evade_day(w, site);
    if (w->stockpile)
        mdl_stockpile_evening(w, site, reviews);
    if (w->reclaim)
        mdl_reclaim_evening(w, site);
    mdl_record_day(w, site);
    mdl_spot_report(w, site);
    if (w->watches)
        mdl_watch_report(w, site);
    sim_send(&w->run, site, site, MDL_TICKS_PER_DAY, MDL_MSG_DAY, MDL_MSG_DAY, 0);
}

/* What a site under continuous review does after stock or an order came in. */
static void react(struct mdl_state *w, uint32_t point)
{
    if (w->net->site[w->net->point[point].site].review_d > 0)
        return;
    mdl_market_serve(w, point);
    mdl_supply_allocate(w, point);
    mdl_order_review(w, point);
}

void mdl_site_handle(struct sim_run *run, const struct sim_msg *m)
{
    struct mdl_state *w = run->model;
    uint32_t lane;

    switch ((enum mdl_kind)m->kind) {
    case MDL_MSG_NOTICE:
        lane = ((struct mdl_note *)sim_pool_at(&w->note, (uint32_t)m->arg))->lane;
        mdl_order_notice(w, m);
        react(w, w->net->lane[lane].to_point);
        break;
    case MDL_MSG_SHIP:
        lane = ((struct mdl_note *)sim_pool_at(&w->note, (uint32_t)m->arg))->lane;
        mdl_order_receive(w, m);
        react(w, w->net->lane[lane].to_point);
        break;
    case MDL_MSG_RELIEF:
        react(w, mdl_stockpile_receive(w, m));
        break;
    case MDL_MSG_SCRAP:
        react(w, mdl_reclaim_receive(w, m));
        break;
    case MDL_MSG_ORDER:
        lane = ((struct mdl_note *)sim_pool_at(&w->note, (uint32_t)m->arg))->lane;
        mdl_supply_order(w, m);
        react(w, w->net->lane[lane].from_point);
        break;
    case MDL_MSG_CANCEL:
        mdl_supply_cancel(w, m);
        break;
    case MDL_MSG_DUE:
        mdl_supply_due(w, m);
        break;
    case MDL_MSG_LISTED:
        mdl_supply_listed(w, m);
        break;
    case MDL_MSG_FILE:
        mdl_papers_file(w, m);
        break;
    case MDL_MSG_DECISION:
        mdl_supply_decision(w, m);
        break;
    case MDL_MSG_STAFF:
    case MDL_MSG_APPLY:
    case MDL_MSG_REFILED:
    case MDL_MSG_REVIEWED:
    case MDL_MSG_LIMIT:
        mdl_office_handle(w, m);
        break;
    case MDL_MSG_ASK:
    case MDL_MSG_GRANT:
        mdl_quota_handle(w, m);
        break;
    case MDL_MSG_REPORT:
    case MDL_MSG_RESERVE:
        mdl_stockpile_handle(w, m);
        break;
    case MDL_MSG_WITHDRAW:
        if (mdl_actor_is(w, m->dst, MDL_ACTOR_OFFICE))
            mdl_office_handle(w, m);
        else
            mdl_quota_handle(w, m);
        break;
    case MDL_MSG_STOCKS:
    case MDL_MSG_PRICE:
        mdl_spot_handle(w, m);
        break;
    case MDL_MSG_PRICED:
        mdl_spot_told(w, m);
        break;
    case MDL_MSG_WATCHED:
    case MDL_MSG_TRIGGER:
        mdl_watch_handle(w, m);
        break;
    case MDL_MSG_STRUCK:
        mdl_strike_told(w, m);
        break;
    case MDL_MSG_ARRIVAL:
        mdl_market_arrival(w, m);
        break;
    case MDL_MSG_DAY:
        day(w, m->dst);
        break;
    }
}
