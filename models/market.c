#include "models/actors.h"

#include <math.h>

static struct sim_stream stream_of(const struct mdl_state *w, const struct mdl_demand *d,
                                   int purpose)
{
    return sim_stream_make(w->run.seed, w->run.index, sim_hash_with(d->hash, (uint64_t)d->use),
                           (uint16_t)purpose);
}

/* Mean demand of a day, units: rate x season x trend. */
static double mean_of(const struct mdl_state *w, const struct mdl_demand *d, int32_t day)
{
    int y, m, dom;

    sim_date_split(day, &y, &m, &dom);
    return d->rate_d * d->season[m - 1] *
           pow(1 + d->trend_y, (double)(day - w->sc->start) / 365.25);
}

static int64_t draw(struct mdl_state *w, uint32_t i, int32_t day)
{
    const struct mdl_demand *d = &w->net->demand[i];
    struct mdl_market_state *s = &w->market[i];
    struct sim_draws r = sim_draws_at(stream_of(w, d, MDL_FOR_DEMAND), (uint64_t)(uint32_t)day);
    double qpu = (double)w->net->product[d->product].qpu, mean = mean_of(w, d, day), x;
    double usual = mean;
    struct sim_dist law;
    uint32_t cause = 0;
    int64_t q;

    if (w->calendar.demand)
        mean *= mdl_strike_demand(w, i, day, &cause);
    law = (struct sim_dist){SIM_CONSTANT, {mean, 0, 0}};
    if (d->arrivals == MDL_POISSON)
        law = (struct sim_dist){SIM_POISSON, {mean, 0, 0}};
    else if (d->arrivals == MDL_GAMMA && d->cv > 0)
        law = (struct sim_dist){SIM_GAMMA, {mean, d->cv, 0}};
    x = mean > 0 ? sim_dist_draw(&law, &r) * qpu + s->carry : s->carry;
    q = (int64_t)floor(x);
    s->carry = x - (double)q;
    if (cause)
        mdl_strike_move(w, d->point, d->use, fabs(mean - usual) * qpu, cause);
    return mdl_spot_demand(w, i, q);
}

static void hand_over(struct mdl_state *w, uint32_t i, int mark, int64_t q)
{
    const struct mdl_demand *d = &w->net->demand[i];
    const struct mdl_product *prod = &w->net->product[d->product];
    struct mdl_point_state *p = &w->point[d->point];
    size_t no2 = (size_t)w->net->n_share;
    int recording = mdl_recording(w, mdl_today(w));

    for (int e = 0; e < prod->n_el; e++) {
        double kg = (double)q * prod->kg[prod->el[e]];
        const double *share = p->share[mark] + (size_t)e * no2;

        for (size_t o = 0; o < no2; o++) {
            if (recording)
                w->market[i].delivered[(size_t)e * no2 + o] += kg * share[o];
            if (w->opt.audit)
                mdl_ledger(w, w->el_out, d->site)[(size_t)prod->el[e] * no2 + o] += kg * share[o];
        }
    }
    mdl_stock_take(w, d->point, mark, q);
    p->a_sold += q;
    p->week_made += (double)q;
    if (recording)
        p->sold += q;
}

/* Serves up to q waiting customers of one demand row; returns how many. */
static int64_t serve(struct mdl_state *w, uint32_t i, int64_t q)
{
    const struct mdl_demand *d = &w->net->demand[i];
    struct mdl_point_state *p = &w->point[d->point];
    int64_t done = 0;

    if (d->use == MDL_CIVIL && p->on_hand[MDL_CIVIL_ONLY] > 0) {
        done = q < p->on_hand[MDL_CIVIL_ONLY] ? q : p->on_hand[MDL_CIVIL_ONLY];
        hand_over(w, i, MDL_CIVIL_ONLY, done);
    }
    if (done < q && p->on_hand[MDL_FREE] > 0) {
        int64_t more = q - done < p->on_hand[MDL_FREE] ? q - done : p->on_hand[MDL_FREE];

        hand_over(w, i, MDL_FREE, more);
        done += more;
    }
    return done;
}

void mdl_market_serve(struct mdl_state *w, uint32_t point)
{
    const struct mdl_point *p = &w->net->point[point];
    int32_t today = mdl_today(w);

    for (uint32_t n = 0; n < p->n_demand; n++) {
        uint32_t i = p->demand[n];
        struct mdl_market_state *s = &w->market[i];
        int64_t done, old;

        if (s->backlog == 0)
            continue;
        done = serve(w, i, s->backlog);
        old = s->backlog - s->today;
        s->backlog -= done;
        w->point[point].backlog[w->net->demand[i].use] -= done;
        if (mdl_recording(w, today)) {
            s->served += (double)done;
            s->at_once += done > old ? (double)(done - old) : 0;
        }
        if (done > old)
            s->today -= done - old;
        if (s->ring) {
            int32_t len = w->net->demand[i].patience_d + 1;

            for (int32_t age = old > 0 ? len - 1 : 0; age >= 0 && done > 0; age--) {
                int64_t *slot = &s->ring[(today - w->day0 + len - age) % len];
                int64_t q = *slot < done ? *slot : done;

                *slot -= q;
                done -= q;
            }
        }
    }
}

void mdl_market_book(struct mdl_state *w, uint32_t demand, double q, int waits)
{
    const struct mdl_mix *m =
        mdl_order_causes(w, w->net->demand[demand].point, w->net->demand[demand].use);

    for (uint32_t i = 0; i < m->n; i++) {
        w->market[demand].cause[m->cause[i]] += m->part[i] * q;
        if (waits)
            mdl_measure_waits(w, demand, m->cause[i], m->part[i]);
        else
            mdl_measure_lost(w, demand, m->cause[i], m->part[i] * q);
        MDL_TRACE(w, lost(w, demand, m->cause[i], m->part[i] * q));
    }
}

/* Customers who came patience_d days ago and still wait are lost at the end of the day. */
static void lose(struct mdl_state *w, uint32_t i, int32_t today)
{
    struct mdl_market_state *s = &w->market[i];
    const struct mdl_demand *d = &w->net->demand[i];
    int32_t len = d->patience_d + 1;
    int64_t *slot, q;

    if (s->ring == NULL)
        return;
    slot = &s->ring[(today - w->day0 + 1) % len];
    q = *slot;
    if (q == 0)
        return;
    *slot = 0;
    s->backlog -= q;
    w->point[d->point].backlog[d->use] -= q;
    if (len == 1)
        s->today -= q;
    if (mdl_recording(w, today)) {
        s->lost += (double)q;
        mdl_market_book(w, i, (double)q, 0);
    }
}

static void arrive(struct mdl_state *w, uint32_t i, int64_t q, int32_t today)
{
    const struct mdl_demand *d = &w->net->demand[i];
    struct mdl_market_state *s = &w->market[i];

    s->backlog += q;
    s->today += q;
    if (s->ring)
        s->ring[(today - w->day0) % (d->patience_d + 1)] += q;
    w->point[d->point].backlog[d->use] += q;
    w->point[d->point].want[d->use] += (double)q;
    if (mdl_recording(w, today))
        mdl_measure_asked(w, i, q);
}

void mdl_market_day(struct mdl_state *w, uint32_t site)
{
    const struct mdl_site *s = &w->net->site[site];
    int32_t today = mdl_today(w);

    for (uint32_t k = s->first_point; k < s->first_point + s->n_point; k++) {
        const struct mdl_point *p = &w->net->point[k];

        if (p->n_demand == 0)
            continue;
        for (uint32_t n = 0; n < p->n_demand; n++) {
            uint32_t i = p->demand[n];

            w->market[i].today = 0;
            if (s->review_d > 0 || w->net->demand[i].arrivals != MDL_POISSON)
                arrive(w, i, draw(w, i, today), today);
        }
        mdl_market_serve(w, k);
        for (uint32_t n = 0; n < p->n_demand; n++)
            lose(w, p->demand[n], today);
    }
}

/* ---- customers in continuous time, one unit each, Poisson ---- */

/* Days until the next customer, with demand as it is day by day, where it would be `days` with it
 * as ever: an hour's customers come in the share of the hour that the factor leaves. */
static double stretched(const struct mdl_state *w, uint32_t i, double days)
{
    double at = (double)w->run.now / MDL_TICKS_PER_DAY, from = at,
           last = (double)(w->sc->warm_up_d + w->sc->horizon_d) + 1;
    uint32_t cause;

    while (at < last) {
        double f = mdl_strike_demand(w, i, w->day0 + (int32_t)at, &cause), day = floor(at) + 1 - at;

        if (f * day >= days)
            return at + days / f - from;
        days -= f * day;
        at = floor(at) + 1;
    }
    return at - from;
}

static void next_arrival(struct mdl_state *w, uint32_t i)
{
    const struct mdl_demand *d = &w->net->demand[i];
    struct sim_draws r = sim_draws_at(stream_of(w, d, MDL_FOR_ARRIVAL), w->market[i].arrivals++);
    double days = sim_exponential(&r) / d->rate_d;

    if (w->calendar.demand && w->calendar.demand[i])
        days = stretched(w, i, days);
    sim_send(&w->run, d->site, d->site, (int64_t)llround(days * MDL_TICKS_PER_DAY), MDL_MSG_ARRIVAL,
             MDL_MSG_ARRIVAL, i);
}

void mdl_market_first_arrival(struct mdl_state *w, uint32_t demand)
{
    if (w->net->demand[demand].rate_d > 0)
        next_arrival(w, demand);
}

void mdl_market_arrival(struct mdl_state *w, const struct sim_msg *m)
{
    uint32_t i = (uint32_t)m->arg, cause = 0;
    const struct mdl_demand *d = &w->net->demand[i];
    double qpu = (double)w->net->product[d->product].qpu, f = 1;

    if (w->calendar.demand)
        f = mdl_strike_demand(w, i, mdl_today(w), &cause);
    if (cause && f > 0)
        mdl_strike_move(w, d->point, d->use, qpu * fabs(1 - 1 / f), cause);
    w->market[i].today = 0;
    arrive(w, i, w->net->product[d->product].qpu, mdl_today(w));
    mdl_market_serve(w, d->point);
    if (d->patience_d == 0)
        lose(w, i, mdl_today(w));
    w->market[i].today = 0;
    mdl_order_review(w, d->point);
    next_arrival(w, i);
}
