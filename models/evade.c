#include "models/actors.h"

#include <math.h>

/* ---- detours ---- */

static int open_to(const struct mdl_detour *d, const struct mdl_shipment *s)
{
    return s->day >= d->from && (d->until == SIM_DAY_NONE || s->day < d->until) &&
           mdl_detour_serves(d, s->net, s->lane);
}

static int tries(const struct mdl_detour *d, const struct mdl_shipment *s)
{
    struct sim_draws r = sim_draws_at(
        sim_stream_make(s->seed, s->run, sim_hash_with(s->lane->hash, d->hash), MDL_FOR_DETOUR),
        mdl_line_index(s->placed, s->use, s->nth));

    return sim_uniform(&r) < d->share;
}

/* Both legs: out to a trader, declared civil, and on to the buyer. */
static int passes(const struct mdl_state *w, const struct mdl_detour *d,
                  const struct mdl_shipment *s, struct mdl_verdict *v)
{
    struct mdl_shipment leg = *s;
    struct mdl_leg way[2];
    struct mdl_verdict second;

    mdl_detour_legs(d, s->net, s->lane, way);
    leg.leg = &way[0];
    leg.use = MDL_CIVIL;
    leg.caught = 0;
    mdl_gate_judge(w->gate, &w->world, &leg, v);
    leg.leg = &way[1];
    leg.use = s->use;
    leg.caught = s->caught;
    mdl_gate_judge(w->gate, &w->world, &leg, &second);
    if (v->denied || v->declined || second.denied || second.declined)
        return 0;
    sim_bug_if(v->n_ask + second.n_ask > MDL_MAX_NEEDS || v->n_tax + second.n_tax > MDL_MAX_NEEDS);
    for (int i = 0; i < v->n_ask; i++)
        v->ask[i].leg = MDL_LEG_OUT;
    for (int i = 0; i < second.n_ask; i++) {
        v->ask[v->n_ask] = second.ask[i];
        v->ask[v->n_ask++].leg = MDL_LEG_ON;
    }
    for (int i = 0; i < second.n_tax; i++)
        v->tax[v->n_tax++] = second.tax[i];
    v->civil_only = second.civil_only;
    return 1;
}

uint32_t mdl_evade_detour(const struct mdl_state *w, const struct mdl_shipment *s,
                          struct mdl_verdict *v)
{
    for (uint32_t i = 0; i < w->sc->n_detour; i++) {
        const struct mdl_detour *d = &w->sc->detour[i];
        struct mdl_verdict both;

        if (!open_to(d, s) || !tries(d, s) || !passes(w, d, s, &both))
            continue;
        *v = both;
        return i + 1;
    }
    return 0;
}

int mdl_evade_seized(const struct mdl_state *w, uint32_t detour, uint32_t lane, uint64_t index)
{
    const struct mdl_detour *d = &w->sc->detour[detour - 1];
    struct sim_draws r = sim_draws_at(
        sim_stream_make(w->run.seed, w->run.index, sim_hash_with(w->net->lane[lane].hash, d->hash),
                        MDL_FOR_SEIZURE),
        index);

    return sim_uniform(&r) < d->seizure;
}

void mdl_evade_list(struct mdl_state *w, uint32_t sender, uint32_t site, double listing_d)
{
    uint32_t company = w->net->site[site].entity;
    int64_t ticks = llround(listing_d * MDL_TICKS_PER_DAY);

    for (uint32_t i = 0; i < w->net->n_lane; i++) {
        const struct mdl_lane *l = &w->net->lane[i];

        if (l->to == site || (company != UINT32_MAX && w->net->site[l->to].entity == company))
            sim_send(&w->run, sender, l->from, ticks > w->run.lookahead ? ticks : w->run.lookahead,
                     MDL_MSG_LISTED, MDL_MSG_LISTED, i);
    }
}

/* ---- diversion ---- */

int mdl_evade_matches(const struct mdl_state *w, uint32_t diversion, uint32_t site)
{
    const struct mdl_diversion *d = &w->sc->diversion[diversion];

    return d->matches_country[w->net->site[site].country] && (d->firm == NULL || d->firm[site] > 0);
}

uint32_t mdl_evade_diverts(const struct mdl_state *w, uint32_t site)
{
    int32_t today = mdl_today(w);

    if (w->diverts[site] == 0)
        return 0;
    for (uint32_t i = w->diverts[site] - 1; i < w->sc->n_diversion; i++) {
        const struct mdl_diversion *d = &w->sc->diversion[i];

        if (today >= d->from && (d->until == SIM_DAY_NONE || today < d->until) &&
            mdl_evade_matches(w, i, site))
            return i + 1;
    }
    return 0;
}

void mdl_evade_day(struct mdl_state *w, uint32_t site)
{
    const struct mdl_diversion *d;
    struct sim_draws r;

    if (!w->used_civil_only[site])
        return;
    w->used_civil_only[site] = 0;
    d = &w->sc->diversion[mdl_evade_diverts(w, site) - 1];
    r = sim_draws_at(sim_stream_make(w->run.seed, w->run.index,
                                     sim_hash_with(w->net->site[site].hash, d->hash),
                                     MDL_FOR_CAUGHT),
                     (uint64_t)(uint32_t)mdl_today(w));
    if (sim_uniform(&r) >= d->caught)
        return;
    mdl_evade_list(w, site, site, d->listing_d);
    w->diverts[site] = 0; /* caught once, it stops */
}

/* ---- into the result ---- */

void mdl_evade_store(struct mdl_state *w)
{
    const struct mdl_network *n = w->net;
    float *detoured = mdl_record_slot(w, "detoured"), *seized = mdl_record_slot(w, "seized"),
          *caught = mdl_record_slot(w, "caught_first"),
          *diverted = mdl_record_slot(w, "diverted_use");
    double *usd = mdl_record_slot(w, "detour_usd");

    for (uint32_t i = 0; caught && i < n->n_site; i++)
        caught[i] = NAN;
    for (uint32_t i = 0; i < n->n_lane; i++) {
        uint32_t f = w->st->lane_flow[i], to = n->lane[i].to, product = n->lane[i].product;

        if (caught && w->lane[i].listed != SIM_DAY_NONE)
            caught[to] = fminf(isnan(caught[to]) ? INFINITY : caught[to],
                               (float)mdl_days_since(w, w->lane[i].listed));
        if (detoured == NULL || f == UINT32_MAX)
            continue;
        detoured[f] += (float)mdl_units(w, product, (double)w->detoured[i]);
        seized[f] += (float)mdl_units(w, product, (double)w->lane[i].seized);
        usd[f] += w->detour_usd[i];
    }
    for (uint32_t i = 0; diverted && i < n->n_point; i++)
        diverted[i] = (float)mdl_units(w, n->point[i].product, (double)w->point[i].diverted_use);
}
