#include "models/actors.h"

#include <math.h>

/* ---- the learned lead time ---- */

/* Mean over the lanes in use, pulled up by the age of open overdue orders in proportion to their
 * quantity. */
static struct mdl_lead learned_lead(const struct mdl_state *w, uint32_t point, int32_t today)
{
    const struct mdl_point *p = &w->net->point[point];
    double mean = 0, nominal = 0, weight = 0, over = 0, over_age = 0, all = 0;
    struct mdl_lead lead = {0};

    for (uint32_t i = 0; i < p->n_lane_in; i++) {
        double s = w->lane[p->lane_in[i]].share + 1e-9;

        mean += s * w->lane[p->lane_in[i]].lead_d;
        nominal += s * w->lane[p->lane_in[i]].nominal_d;
        weight += s;
    }
    for (uint32_t id = w->point[point].order_first; id; id = mdl_order_at(w, id)->next) {
        const struct mdl_order *o = mdl_order_at(w, id);
        double q = (double)o->open, age = (double)(today - o->placed);

        all += q;
        if (age > w->lane[o->lane].lead_d) {
            over += q;
            over_age += q * age;
        }
    }
    lead.learned = weight > 0 ? mean / weight : 0;
    lead.nominal = weight > 0 ? nominal / weight : 0;
    if (over > 0)
        lead.learned += over / all * (over_age / over - lead.learned);
    lead.capped = fmin(lead.learned, w->sc->lead_cap_d);
    if (w->sc->lead_cap_ratio > 0 && weight > 0)
        lead.capped = fmin(lead.capped, w->sc->lead_cap_ratio * nominal / weight);
    return lead;
}

/* ---- placing ---- */

uint32_t mdl_order_place(struct mdl_state *w, uint32_t lane, int use, int64_t q, int64_t diverted,
                         uint32_t cause)
{
    const struct mdl_lane *l = &w->net->lane[lane];
    struct mdl_point_state *p = &w->point[l->to_point];
    uint32_t id = sim_pool_take(&w->order), note = sim_pool_take(&w->note);
    struct mdl_order *o = mdl_order_at(w, id);
    struct mdl_note *n = sim_pool_at(&w->note, note);
    int32_t today = mdl_today(w);

    *o = (struct mdl_order){.lane = lane,
                            .quantity = q,
                            .open = q,
                            .placed = today,
                            .promised =
                                w->day0 + (int32_t)ceil((double)w->run.now / MDL_TICKS_PER_DAY +
                                                        w->lane[lane].nominal_d - 1e-9),
                            .placed_at = w->run.now,
                            .number = ++w->lane[lane].n_placed,
                            .use = (uint8_t)use,
                            .prev = p->order_last};
    if (p->order_last)
        mdl_order_at(w, p->order_last)->next = id;
    else
        p->order_first = id;
    p->order_last = id;
    p->pipe[use] += q;
    MDL_TRACE(w, order(w, MDL_TRACED_PLACED, o, q, 0));
    if (mdl_recording(w, today)) {
        p->ordered += q;
        p->order_lines++;
    }
    mdl_measure_placed(w, o);
    *n = (struct mdl_note){.lane = lane,
                           .order = id,
                           .quantity = q,
                           .diverted = diverted,
                           .cause = cause,
                           .placed = today,
                           .use = (uint8_t)use};
    sim_send(&w->run, l->to, l->from, w->run.lookahead, MDL_MSG_ORDER, MDL_MSG_ORDER, note);
    return id;
}

/* ---- policies ---- */

static int64_t textbook_need(const struct mdl_state *w, uint32_t point)
{
    const struct mdl_point *p = &w->net->point[point];
    const struct mdl_point_state *s = &w->point[point];
    double qpu = (double)w->net->product[p->product].qpu;
    int64_t ip = s->on_hand[0] + s->on_hand[1] + s->relief + s->pipe[0] + s->pipe[1] -
                 s->backlog[0] - s->backlog[1] - s->owed[0] - s->owed[1] -
                 llround(s->behind[0] + s->behind[1]);
    int64_t r, Q;

    switch ((enum mdl_ordering)p->policy) {
    case MDL_BASE_STOCK:
        return llround(p->S * qpu) - ip;
    case MDL_SS:
        return ip <= llround(p->s * qpu) ? llround(p->S * qpu) - ip : 0;
    case MDL_RQ:
        r = llround(p->r * qpu);
        Q = llround(p->Q * qpu);
        return ip <= r ? (r - ip) / Q * Q + Q : 0;
    case MDL_TQ:
        return llround(p->Q * qpu);
    case MDL_ORDER_UP_TO:
        break;
    }
    return 0;
}

void mdl_order_cancel(struct mdl_state *w, uint32_t id, int64_t q, int notice)
{
    const struct mdl_order *o = mdl_order_at(w, id);
    const struct mdl_lane *l = &w->net->lane[o->lane];
    uint32_t note = sim_pool_take(&w->note);

    MDL_TRACE(w, order(w, MDL_TRACED_ASKED_BACK, o, q, 0));
    *(struct mdl_note *)sim_pool_at(&w->note, note) = (struct mdl_note){
        .lane = o->lane, .order = id, .quantity = q, .use = o->use, .what = (uint8_t)notice};
    sim_send(&w->run, l->to, l->from, w->run.lookahead, MDL_MSG_CANCEL, MDL_MSG_CANCEL, note);
}

/* Takes back up to `excess` of the newest orders that are not yet due; the supplier answers with
 * what it could stop. */
static void cancel(struct mdl_state *w, uint32_t point, int use, int64_t excess)
{
    const struct mdl_point_state *s = &w->point[point];

    for (uint32_t id = s->order_last; id && excess > 0; id = mdl_order_at(w, id)->prev) {
        const struct mdl_order *o = mdl_order_at(w, id);
        int64_t q = o->open < excess ? o->open : excess;

        if (o->use != use)
            continue;
        mdl_order_cancel(w, id, q, MDL_NOTICE_CANCELLED);
        excess -= q;
    }
}

void mdl_order_take_back(struct mdl_state *w, uint32_t point)
{
    for (int u = 0; u < MDL_USES; u++)
        cancel(w, point, u, INT64_MAX);
}

/* What a gap between target and position makes a buyer order: what it used since the last review,
 * and of the rest only a part, so that a wrong forecast does not go up the chain as a wave. */
static int64_t smoothed(int64_t gap, double used, double review_d, double gap_d)
{
    if (gap_d <= review_d)
        return gap;
    return llround(used + ((double)gap - used) * review_d / gap_d);
}

/* What is on order or in stock beyond the target by more than cancel_over_d days of need (empty =
 * `span`, review period + cover), and of that the part that is taken back. */
static int64_t excess_of(const struct mdl_state *w, int64_t over, double forecast, double span)
{
    double days = isnan(w->sc->cancel_over_d) ? span : w->sc->cancel_over_d;
    int64_t excess = over - llround(forecast * days);

    return excess <= 0 || w->sc->cancel_share >= 1 ? excess
                                                   : llround((double)excess * w->sc->cancel_share);
}

/* Order up to forecast x (review period + learned lead time + cover), civil and military apart:
 * free stock up to the military target is the military's. */
static void order_up_to(struct mdl_state *w, uint32_t point, int32_t today)
{
    const struct mdl_point *p = &w->net->point[point];
    const struct mdl_site *site = &w->net->site[p->site];
    struct mdl_point_state *s = &w->point[point];
    struct mdl_lead lead = learned_lead(w, point, today);
    double gap_d = w->sc->gap_d,
           cover = (isnan(p->cover_d) ? site->cover_d : p->cover_d) +
                   mdl_hoard_cover(w, point, today, &lead, &gap_d),
           span;
    int64_t target[MDL_USES], have[MDL_USES], mine, free_goods = s->on_hand[MDL_FREE] + s->relief;

    s->lead_d = lead.capped;
    span = (double)site->review_d + s->lead_d + cover;
    for (int u = 0; u < MDL_USES; u++)
        target[u] = llround(s->forecast[u] * span);
    mine = free_goods < target[MDL_MILITARY] ? free_goods : target[MDL_MILITARY];
    have[MDL_MILITARY] =
        mine + s->pipe[MDL_MILITARY] - s->owed[MDL_MILITARY] - s->backlog[MDL_MILITARY];
    have[MDL_CIVIL] = free_goods + s->on_hand[MDL_CIVIL_ONLY] - mine + s->pipe[MDL_CIVIL] -
                      s->owed[MDL_CIVIL] - s->backlog[MDL_CIVIL];
    mdl_source_review(w, point, cover, today);
    for (int u = 0; u < MDL_USES; u++) {
        int64_t need, excess;

        have[u] -= llround(s->behind[u]);
        need = smoothed(target[u] - have[u], s->forecast[u] * (double)site->review_d,
                        (double)site->review_d, gap_d);
        excess = excess_of(w, have[u] - target[u], s->forecast[u], (double)site->review_d + cover);
        if (need > 0)
            mdl_source_split(w, point, u, need);
        else if (excess > 0 && s->pipe[u] > 0)
            cancel(w, point, u, excess);
    }
}

static void textbook(struct mdl_state *w, uint32_t point)
{
    const struct mdl_point *p = &w->net->point[point];
    int use = p->n_demand > 0 ? w->net->demand[p->demand[0]].use : MDL_CIVIL;
    int64_t need = textbook_need(w, point);

    mdl_source_review(w, point, 0, mdl_today(w));
    if (need > 0)
        mdl_source_split(w, point, use, need);
}

/* A need that was refused last time and is placed again stays on the books until goods ordered
 * since then come. */
void mdl_order_review(struct mdl_state *w, uint32_t point)
{
    const struct mdl_point *p = &w->net->point[point];
    struct mdl_point_state *s = &w->point[point];
    int64_t before[MDL_USES] = {s->unplaced_now[0], s->unplaced_now[1]};

    if (p->n_lane_in == 0 || (w->calendar.site && mdl_strike_gone(w, p->site, mdl_today(w))))
        return;
    s->unplaced_now[0] = s->unplaced_now[1] = 0;
    if (p->policy == MDL_ORDER_UP_TO)
        order_up_to(w, point, mdl_today(w));
    else
        textbook(w, point);
    for (int u = 0; u < MDL_USES; u++) {
        s->unplaced_old[u] = s->unplaced_now[u] == 0;
        if (s->unplaced_old[u])
            s->unplaced_now[u] = before[u];
    }
}

/* ---- what comes back ---- */

static void close_order(struct mdl_state *w, uint32_t id)
{
    struct mdl_order *o = mdl_order_at(w, id);
    struct mdl_point_state *p = &w->point[w->net->lane[o->lane].to_point];

    if (o->prev)
        mdl_order_at(w, o->prev)->next = o->next;
    else
        p->order_first = o->next;
    if (o->next)
        mdl_order_at(w, o->next)->prev = o->prev;
    else
        p->order_last = o->prev;
    sim_pool_give(&w->order, id);
}

static void lead_bin(struct mdl_state *w, const struct mdl_order *o, int64_t q, int32_t today,
                     int which)
{
    uint32_t flow = w->st->lane_flow[o->lane];
    int32_t bin = (today - o->placed) / MDL_LEAD_BIN_D;

    if (flow == UINT32_MAX || !mdl_recording(w, o->placed))
        return;
    bin = bin < MDL_LEAD_BINS ? bin : MDL_LEAD_BINS - 1;
    w->bin[which][(size_t)flow * MDL_LEAD_BINS + (size_t)bin] +=
        (float)mdl_units(w, w->net->lane[o->lane].product, (double)q);
    mdl_measure_lead(w, o, q, bin, which);
}

void mdl_order_receive(struct mdl_state *w, const struct sim_msg *m)
{
    struct mdl_note *n = sim_pool_at(&w->note, (uint32_t)m->arg);
    const struct mdl_lane *l = &w->net->lane[n->lane];
    struct mdl_point_state *p = &w->point[l->to_point];
    struct mdl_lane_state *ls = &w->lane[n->lane];
    struct mdl_order *o = n->order ? mdl_order_at(w, n->order) : NULL;
    int32_t today = mdl_today(w);

    mdl_stock_add(w, l->to_point, n->mark, n->quantity,
                  mdl_stock_share_at(w, l->product, n->share));
    p->a_in += n->quantity;
    ls->a_received += n->quantity;
    if (o) {
        double lead = (double)(w->run.now - o->placed_at) / MDL_TICKS_PER_DAY;

        ls->lead_d +=
            w->sc->lead_weight * (double)n->quantity / (double)o->quantity * (lead - ls->lead_d);
        o->open -= n->quantity;
        p->pipe[o->use] -= n->quantity;
        sim_bug_if(o->open < 0 || p->pipe[o->use] < 0);
        if (mdl_recording(w, o->placed)) {
            p->lead_sum += lead * (double)n->quantity;
            p->lead_weight += (double)n->quantity;
        }
        lead_bin(w, o, n->quantity, today, 0);
        MDL_TRACE(w, order(w, MDL_TRACED_RECEIVED, o, n->quantity, 0));
        mdl_measure_received(w, o, n->quantity);
        if (o->placed_at > p->unplaced_at[o->use])
            p->unplaced_now[o->use] = 0;
        if (o->open == 0)
            close_order(w, n->order);
    } else {
        p->pipe[n->use] -= n->quantity;
    }
    if (mdl_recording(w, today)) {
        size_t at = (size_t)n->lane * w->st->n_month + w->st->day_month[today - w->sc->start];

        p->received += n->quantity;
        w->arrived[at] += n->quantity;
        if (n->what)
            w->came_round[at] += n->quantity;
    }
    mdl_stock_drop_share(w, l->product, n->share);
    sim_pool_give(&w->note, (uint32_t)m->arg);
}

void mdl_order_notice(struct mdl_state *w, const struct sim_msg *m)
{
    struct mdl_note n = *(struct mdl_note *)sim_pool_at(&w->note, (uint32_t)m->arg);
    struct mdl_order *o = mdl_order_at(w, n.order);
    struct mdl_point_state *p = &w->point[w->net->lane[n.lane].to_point];
    struct mdl_lane_state *l = &w->lane[n.lane];
    int32_t today = mdl_today(w);

    sim_pool_give(&w->note, (uint32_t)m->arg);
    MDL_TRACE(w, notice(w, o, &n));
    if (n.what == MDL_NOTICE_CAUSE) {
        o->cause = n.cause;
        return;
    }
    o->open -= n.quantity;
    p->pipe[o->use] -= n.quantity;
    sim_bug_if(o->open < 0 || p->pipe[o->use] < 0);
    if (n.what == MDL_NOTICE_REFUSED) {
        int gone = n.rule == MDL_NO_RULE;

        mdl_source_refused(w, o);
        l->blocked_until[o->use] = gone ? INT32_MAX : today + (int32_t)w->sc->retry_d;
        l->blocked_rule[o->use] = n.rule;
        l->blocked_version[o->use] = gone ? 0 : mdl_gate_rule_version(w->gate, n.rule, today);
        l->blocked_cause[o->use] = n.cause;
        lead_bin(w, o, n.quantity, today, 2);
    }
    if (n.what == MDL_NOTICE_REFUSED && !o->sample) {
        if (p->unplaced_old[o->use])
            p->unplaced_now[o->use] = 0;
        p->unplaced_old[o->use] = 0;
        p->unplaced_now[o->use] += n.quantity;
        p->unplaced_cause[o->use] = n.cause;
        p->unplaced_at[o->use] = w->run.now;
    }
    if (n.what != MDL_NOTICE_REFUSED)
        mdl_measure_taken_back(w, o, n.quantity);
    if (mdl_recording(w, today)) {
        if (n.what == MDL_NOTICE_REFUSED)
            p->refused += n.quantity;
        else
            p->cancelled += n.quantity;
    }
    if (n.what == MDL_NOTICE_SWITCHED)
        mdl_source_elsewhere(w, o, n.quantity);
    if (o->open == 0)
        close_order(w, n.order);
}

static void add_to_mix(struct mdl_mix *m, uint32_t cause, double q)
{
    uint32_t i = 0, most = 0;

    while (i < m->n && m->cause[i] != cause)
        i++;
    if (i == m->n && m->n < MDL_MIX) {
        m->cause[m->n++] = cause;
        m->part[i] = 0;
    }
    if (i == MDL_MIX) {
        for (uint32_t k = 1; k < MDL_MIX; k++)
            most = m->part[k] > m->part[most] ? k : most;
        i = most;
    }
    m->part[i] += q;
}

/* What is refused and what is overdue. */
static void add_overdue(const struct mdl_state *w, const struct mdl_point_state *p, int use,
                        struct mdl_mix *m)
{
    if (p->unplaced_cause[use] && p->unplaced_now[use] > 0)
        add_to_mix(m, p->unplaced_cause[use], (double)p->unplaced_now[use]);
    for (uint32_t id = p->order_first; id; id = mdl_order_at(w, id)->next) {
        const struct mdl_order *o = mdl_order_at(w, id);

        if (o->use == use && m->day >= o->promised)
            add_to_mix(m, o->cause ? o->cause : MDL_WHY_TRANSPORT, (double)o->open);
    }
}

/* What suppliers say is held, though it is not overdue yet. */
static void add_held(const struct mdl_state *w, const struct mdl_point_state *p, int use,
                     struct mdl_mix *m)
{
    for (uint32_t id = p->order_first; id; id = mdl_order_at(w, id)->next) {
        const struct mdl_order *o = mdl_order_at(w, id);

        if (o->use == use && o->cause)
            add_to_mix(m, o->cause, (double)o->open);
    }
}

/* Nothing is overdue: the shock that moved what is asked of the point, or of what is made of it, or
 * the buyer's own policy. */
static uint32_t unsettled(const struct mdl_state *w, uint32_t point, int use)
{
    uint32_t cause = mdl_strike_gone(w, w->net->point[point].site, mdl_today(w));

    if (cause)
        return cause;
    return mdl_source_inherited(w, point, use, &cause) > 0.01 &&
                   w->st->cause[cause].why == MDL_WHY_SHOCK
               ? cause
               : MDL_WHY_OWN_STOCK;
}

const struct mdl_mix *mdl_order_causes(struct mdl_state *w, uint32_t point, int use)
{
    struct mdl_point_state *p = &w->point[point];
    struct mdl_mix *m = &p->mix[use];
    int32_t today = mdl_today(w);
    double all = 0;

    if (m->day == today && m->n > 0)
        return m;
    m->day = today;
    m->n = 0;
    for (int other = 0; other < MDL_USES && m->n == 0; other++) {
        add_overdue(w, p, use ^ other, m);
        if (m->n == 0)
            add_held(w, p, use ^ other, m);
    }
    if (m->n == 0)
        add_to_mix(m, w->sc->n_shock > 0 ? unsettled(w, point, use) : MDL_WHY_OWN_STOCK, 1);
    for (uint32_t i = 0; i < m->n; i++)
        all += m->part[i];
    for (uint32_t i = 0; i < m->n; i++)
        m->part[i] /= all;
    return m;
}

void mdl_order_record_month(struct mdl_state *w, uint32_t point, uint32_t month)
{
    for (uint32_t id = w->point[point].order_first; id; id = mdl_order_at(w, id)->next) {
        const struct mdl_order *o = mdl_order_at(w, id);

        w->still_open[(size_t)o->lane * w->st->n_month + month] += o->open;
    }
}

void mdl_order_record_open(struct mdl_state *w)
{
    int32_t last = w->sc->start + (int32_t)w->sc->horizon_d;

    for (uint32_t i = 0; i < w->net->n_point; i++)
        for (uint32_t id = w->point[i].order_first; id; id = mdl_order_at(w, id)->next)
            lead_bin(w, mdl_order_at(w, id), mdl_order_at(w, id)->open, last, 1);
}
