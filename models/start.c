#include "models/maker.h"
#include "models/reclaim.h"
#include "models/stockpile.h"

#include <math.h>
#include <string.h>

/* Everything in one run's arena, and the first messages. The beginning is the steady state: stocks
 * at target, pipelines and work in process at rate x mean time, forecasts at the true means. */

static void *array(struct mdl_state *w, size_t n, size_t size)
{
    return sim_arena_alloc(&w->run.arena, n, size);
}

static void allocate(struct mdl_state *w)
{
    const struct mdl_network *n = w->net;
    const struct mdl_study *st = w->st;
    size_t no2 = (size_t)n->n_share;
    uint32_t most = 0;

    w->point = array(w, n->n_point, sizeof *w->point);
    w->lane = array(w, n->n_lane, sizeof *w->lane);
    w->process = array(w, n->n_process, sizeof *w->process);
    w->market = array(w, n->n_demand, sizeof *w->market);
    w->office = array(w, w->sc->n_office, sizeof *w->office);
    w->review_phase = array(w, n->n_site, sizeof *w->review_phase);
    w->scratch = array(w, MDL_MAX_ELEMENTS * (no2 + 1), sizeof(double));
    w->exported = array(w, (size_t)n->n_lane * st->n_month, sizeof(int64_t));
    w->arrived = array(w, (size_t)n->n_lane * st->n_month, sizeof(int64_t));
    if (w->sc->n_detour > 0)
        w->came_round = array(w, (size_t)n->n_lane * st->n_month, sizeof(int64_t));
    if (w->sc->n_rule > 0)
        w->kept = array(w, (size_t)n->n_lane * st->n_month, sizeof(int64_t));
    w->still_open = array(w, (size_t)n->n_lane * st->n_month, sizeof(int64_t));
    w->week_stock = array(w, (size_t)n->n_point * st->n_week, sizeof(float));
    w->week_made = array(w, (size_t)n->n_point * st->n_week, sizeof(float));
    if (w->sc->outputs == MDL_OUTPUTS_FULL) {
        w->day_stock = array(w, (size_t)n->n_point * (size_t)w->sc->horizon_d, sizeof(float));
        w->day_made = array(w, (size_t)n->n_point * (size_t)w->sc->horizon_d, sizeof(float));
    }
    w->tax_usd = array(w, (size_t)n->n_site * w->sc->n_rule, sizeof(double));
    w->detoured = array(w, n->n_lane, sizeof(int64_t));
    w->detour_usd = array(w, n->n_lane, sizeof(double));
    w->pair = array(w, (size_t)st->n_lane_pair * w->sc->n_rule, sizeof *w->pair);
    for (size_t i = 0; i < (size_t)st->n_lane_pair * w->sc->n_rule; i++)
        w->pair[i].until = SIM_DAY_NONE;
    w->diverts = array(w, n->n_site, sizeof *w->diverts);
    w->used_civil_only = array(w, n->n_site, 1);
    for (uint32_t i = 0; i < n->n_site; i++)
        most = n->site[i].n_process > most ? n->site[i].n_process : most;
    w->turn = array(w, most, sizeof *w->turn);
    w->turn_key = array(w, most, sizeof *w->turn_key);
    mdl_measure_allocate(w);
    for (int k = 0; k < 3; k++)
        w->bin[k] = array(w, (size_t)st->n_flow * MDL_LEAD_BINS, sizeof(float));
    if (w->opt.audit) {
        w->el_in = array(w, (size_t)n->n_site * (size_t)n->n_element * no2, sizeof(double));
        w->el_out = array(w, (size_t)n->n_site * (size_t)n->n_element * no2, sizeof(double));
    }
    sim_pool_init(&w->line, &w->run.arena, sizeof(struct mdl_line));
    sim_pool_init(&w->order, &w->run.arena, sizeof(struct mdl_order));
    sim_pool_init(&w->note, &w->run.arena, sizeof(struct mdl_note));
    sim_pool_init(&w->file, &w->run.arena, sizeof(struct mdl_file));
    sim_pool_init(&w->loss, &w->run.arena, sizeof(struct mdl_month_loss));
    sim_pool_init(&w->papers, &w->run.arena, sizeof(struct mdl_papers));
    for (int e = 1; e <= MDL_MAX_ELEMENTS; e++)
        sim_pool_init(&w->share[e], &w->run.arena, ((size_t)e * no2 + 1) * sizeof(double));
}

static double initial_stock(const struct mdl_state *w, uint32_t i)
{
    const struct mdl_point *p = &w->net->point[i];
    const struct mdl_site *s = &w->net->site[p->site];
    double rate = w->point[i].forecast[0] + w->point[i].forecast[1];
    double qpu = (double)w->net->product[p->product].qpu;
    double cover = isnan(p->cover_d) ? s->cover_d : p->cover_d;

    if (!isnan(p->initial))
        return p->initial * qpu;
    switch ((enum mdl_ordering)p->policy) {
    case MDL_BASE_STOCK:
    case MDL_SS:
        return p->S * qpu;
    case MDL_RQ:
        return (p->r + p->Q) * qpu;
    case MDL_TQ:
        return p->Q * qpu;
    case MDL_ORDER_UP_TO:
        break;
    }
    if (p->n_maker > 0)
        return rate * (s->out_cover_d + (p->wanted ? 0 : 14));
    return rate * (cover + (double)s->review_d / 2);
}

static void start_point(struct mdl_state *w, uint32_t i)
{
    const struct mdl_balance *b = &w->st->balance;
    struct mdl_point_state *p = &w->point[i];
    uint32_t product = w->net->point[i].product;
    size_t width = mdl_network_width(w->net, &w->net->product[product]);

    for (int m = 0; m < MDL_MARKS; m++) {
        p->share[m] = array(w, width, sizeof(double));
        memcpy(p->share[m], b->share[i], width * sizeof(double));
    }
    for (int u = 0; u < MDL_USES; u++)
        p->forecast[u] = b->need[u][i];
    p->on_hand[MDL_FREE] = p->a_initial = llround(initial_stock(w, i));
    mdl_stock_book(w, w->net->point[i].site, product, (double)p->on_hand[0], p->share[0]);
}

static void start_process(struct mdl_state *w, uint32_t k)
{
    const struct mdl_network *n = w->net;
    const struct mdl_process *q = &n->process[k];
    const struct mdl_recipe *r = &n->recipe[q->recipe];
    struct mdl_process_state *p = &w->process[k];
    size_t no2 = (size_t)n->n_share;
    double level = w->st->balance.level[0][k] + w->st->balance.level[1][k], top;
    int64_t each = llround(level);

    p->cycle_mean = sim_dist_mean(&q->cycle_d);
    top =
        q->cycle_d.kind == SIM_CONSTANT ? p->cycle_mean : sim_dist_quantile(&q->cycle_d, 1 - 1e-9);
    p->n_ring = (int32_t)fmin(ceil(top) + 2, MDL_MAX_CYCLE);
    p->ring = array(w, (size_t)p->n_ring * MDL_MARKS, sizeof(int64_t));
    p->rem_in = array(w, r->n_in, sizeof(int64_t));
    p->rem_out = array(w, r->n_out, sizeof(int64_t));
    p->stop_first = p->run_first = p->longest_first = p->turned = SIM_DAY_NONE;
    mdl_ramp_init(w, k);
    mdl_substitute_init(w, k);
    mdl_defer_init(w, k);
    for (int m = 0; m < MDL_MARKS; m++)
        p->share[m] = array(w, (size_t)r->n_el * no2, sizeof(double));
    mdl_balance_mix(&w->st->balance, k, p->share[MDL_FREE]);
    for (int32_t d = 1; d <= (int32_t)lround(p->cycle_mean) && d < p->n_ring; d++) {
        p->ring[(size_t)(d % p->n_ring) * MDL_MARKS] += each;
        p->wip[MDL_FREE] += each;
    }
    for (int e = 0; e < r->n_el && p->wip[MDL_FREE] > 0; e++) {
        double kg = 0, main_units = mdl_units(w, r->out[0].product, (double)p->wip[MDL_FREE]);
        const struct mdl_part *part = r->n_in ? r->in : r->out;
        uint32_t count = r->n_in ? r->n_in : r->n_out;

        for (uint32_t j = 0; j < count; j++)
            kg += main_units * part[j].units * n->product[part[j].product].el_g[r->el[e]] / 1000;
        p->mass[MDL_FREE][e] = kg;
        for (size_t o = 0; w->opt.audit && o < no2; o++)
            mdl_ledger(w, w->el_in, q->site)[(size_t)r->el[e] * no2 + o] +=
                kg * p->share[MDL_FREE][(size_t)e * no2 + o];
    }
}

/* Shipments that are on the way at the beginning: one for each review of the past whose goods have
 * not come yet. */
static void start_lane(struct mdl_state *w, uint32_t i, int use)
{
    const struct mdl_lane *l = &w->net->lane[i];
    const struct mdl_site *to = &w->net->site[l->to];
    double flow = w->st->balance.flow[use][i], lead = w->lane[i].nominal_d;
    int64_t every = to->review_d > 0 ? to->review_d : 1;
    int64_t next = (every - w->review_phase[l->to]) % every;
    struct mdl_point_state *p = &w->point[l->to_point];

    if (flow * (double)every < 1 || w->net->point[l->to_point].policy != MDL_ORDER_UP_TO)
        return;
    for (int64_t t = next - every; (double)t + lead > 0; t -= every) {
        int64_t q = llround(flow * (double)every);
        uint32_t id = sim_pool_take(&w->order), note = sim_pool_take(&w->note);
        struct mdl_order *o = mdl_order_at(w, id);
        struct mdl_note *m = sim_pool_at(&w->note, note);
        int64_t ticks = llround(((double)t + lead) * MDL_TICKS_PER_DAY);
        const struct mdl_product *prod = &w->net->product[l->product];

        *o = (struct mdl_order){.lane = i,
                                .quantity = q,
                                .open = q,
                                .placed = w->day0 + (int32_t)t,
                                .promised = w->day0 + (int32_t)t + (int32_t)ceil(lead),
                                .placed_at = t * MDL_TICKS_PER_DAY,
                                .number = ++w->lane[i].n_placed,
                                .use = (uint8_t)use};
        o->next = p->order_first;
        if (p->order_first)
            mdl_order_at(w, p->order_first)->prev = id;
        else
            p->order_last = id;
        p->order_first = id;
        p->pipe[use] += q;
        *m = (struct mdl_note){.lane = i, .order = id, .quantity = q, .use = (uint8_t)use};
        if (prod->n_el > 0) {
            m->share = sim_pool_take(&w->share[prod->n_el]);
            memcpy(mdl_stock_share_at(w, l->product, m->share), w->st->balance.share[l->from_point],
                   mdl_network_width(w->net, prod) * sizeof(double));
            mdl_stock_book(w, l->from, l->product, (double)q,
                           mdl_stock_share_at(w, l->product, m->share));
        }
        w->lane[i].a_sent += q;
        w->lane[i].n_taken = w->lane[i].n_placed;
        MDL_TRACE(w, order(w, MDL_TRACED_PLACED, o, q, 0));
        sim_send(&w->run, l->from, l->to, ticks > w->run.lookahead ? ticks : w->run.lookahead,
                 MDL_MSG_SHIP, MDL_MSG_SHIP, note);
    }
}

static void start_markets(struct mdl_state *w)
{
    const struct mdl_network *n = w->net;

    for (uint32_t i = 0; i < n->n_demand; i++) {
        const struct mdl_demand *d = &n->demand[i];
        struct mdl_market_state *s = &w->market[i];

        if (d->patience_d >= 0)
            s->ring = array(w, (size_t)d->patience_d + 1, sizeof(int64_t));
        s->cause = array(w, w->st->n_cause, sizeof(double));
        s->asked = array(w, w->st->n_month, sizeof(double));
        s->delivered =
            array(w, (size_t)n->product[d->product].n_el * (size_t)n->n_share, sizeof(double));
        if (n->site[d->site].review_d == 0 && d->arrivals == MDL_POISSON)
            mdl_market_first_arrival(w, i);
    }
}

/* Sites that divert: the first that matches. */
static void start_diversions(struct mdl_state *w)
{
    for (uint32_t s = 0; s < w->net->n_site; s++)
        for (uint32_t i = w->sc->n_diversion; i-- > 0;)
            if (mdl_evade_matches(w, i, s))
                w->diverts[s] = i + 1;
}

static void start_offices(struct mdl_state *w)
{
    size_t n = w->st->n_month;

    for (uint32_t i = 0; i < w->sc->n_office; i++) {
        struct mdl_office_state *s = &w->office[i];
        double **each[] = {&s->applied,  &s->granted, &s->refused,
                           &s->returned, &s->days,    &s->backlog};

        for (size_t k = 0; k < sizeof each / sizeof *each; k++)
            *each[k] = array(w, n, sizeof(double));
        for (size_t k = 0; k < n; k++)
            s->backlog[k] = NAN;
        mdl_office_start(w, i);
    }
}

static double review_mean(const struct mdl_state *w, const struct mdl_rule *r, uint32_t lane)
{
    const struct mdl_licence *l = &r->licence;
    const struct mdl_lane *way = &w->net->lane[lane];
    double own = sim_dist_mean(&l->review_d);

    if (l->general_site && l->general_from <= w->sc->start &&
        (l->general_site[way->from] || l->general_site[way->to]))
        return 0;
    return sim_dist_mean(&l->file_d) +
           (own > 0 ? own : sim_dist_mean(&w->sc->office[l->office].review_d));
}

/* Days from an order to its goods' departure on a lane, as settled rules have it at the beginning:
 * goods are made beside the papers, or after them; inspections follow. */
static double settled_days(const struct mdl_state *w, uint32_t lane)
{
    struct mdl_shipment s = {.net = w->net,
                             .lane = &w->net->lane[lane],
                             .day = w->day0,
                             .placed = w->day0,
                             .seed = w->run.seed,
                             .run = w->run.index};
    struct mdl_verdict v;
    double made = sim_dist_mean(&w->net->lane[lane].order_d), papers = 0, first = 0,
           inspections = 0;

    if (!w->net->lane[lane].border)
        return made;
    s.share = w->point[w->net->lane[lane].from_point].share[MDL_FREE];
    mdl_gate_judge(w->gate, &w->world, &s, &v);
    for (int i = 0; i < v.n_ask; i++) {
        const struct mdl_ask *a = &v.ask[i];

        if (a->kind == MDL_NEED_LICENCE && w->sc->rule[a->rule].licence.make_at)
            first = fmax(first, review_mean(w, &w->sc->rule[a->rule], lane));
        else if (a->kind == MDL_NEED_LICENCE)
            papers = fmax(papers, review_mean(w, &w->sc->rule[a->rule], lane));
        else if (a->kind == MDL_NEED_NOTICE)
            papers = fmax(papers, a->days);
        else
            inspections += a->days;
    }
    return fmax(first + made, papers) + inspections;
}

void mdl_start(struct mdl_state *w)
{
    const struct mdl_network *n = w->net;

    allocate(w);
    for (uint32_t i = 0; i < n->n_site; i++)
        if (n->site[i].review_d > 0)
            w->review_phase[i] = (int32_t)(n->site[i].hash % (uint64_t)n->site[i].review_d);
    mdl_world_draw(&w->world, &w->run.arena, w->sc, n, w->run.seed, w->run.index);
    mdl_shock_draw(&w->calendar, &w->run.arena, w->sc, n, w->world.exists, w->run.seed,
                   w->run.index);
    if (w->sc->n_shock > 0) {
        w->destroyed = array(w, n->n_point, sizeof *w->destroyed);
        w->a_destroyed = array(w, n->n_point, sizeof *w->a_destroyed);
    }
    for (uint32_t i = 0; i < n->n_point; i++)
        start_point(w, i);
    start_diversions(w);
    mdl_quota_start(w);
    mdl_spot_start(w);
    mdl_stockpile_start(w);
    mdl_watch_start(w);
    mdl_reclaim_start(w);
    for (uint32_t i = 0; i < n->n_lane; i++) {
        const struct mdl_lane *l = &n->lane[i];
        int periodic = n->site[l->from].review_d > 0;

        w->lane[i].nominal_d = (periodic ? 1 : (double)w->sc->message_s / MDL_TICKS_PER_DAY) +
                               settled_days(w, i) + sim_dist_mean(&l->transit_d) +
                               (l->border ? sim_dist_mean(&l->customs_d) : 0);
        w->lane[i].lead_d = w->lane[i].nominal_d;
        w->lane[i].sent_day = w->lane[i].listed = SIM_DAY_NONE;
        w->lane[i].blocked_until[0] = w->lane[i].blocked_until[1] = SIM_DAY_NONE;
    }
    mdl_source_start(w);
    mdl_hoard_start(w);
    for (uint32_t k = 0; k < n->n_process; k++)
        start_process(w, k);
    start_markets(w);
    start_offices(w);
    for (uint32_t i = 0; i < n->n_lane; i++)
        for (int u = 0; u < MDL_USES; u++)
            start_lane(w, i, u);
    for (uint32_t i = 0; i < n->n_site; i++)
        sim_send(&w->run, i, i, 0, MDL_MSG_DAY, MDL_MSG_DAY, 0);
}
