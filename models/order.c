#include "models/state.h"

#include <math.h>

static struct mdl_order *order_at(const struct mdl_state *w, uint32_t id)
{
    return sim_pool_at(&w->order, id);
}

/* ---- the learned lead time ---- */

/* Mean over the lanes in use, pulled up by the age of open overdue orders in proportion to their
 * quantity. */
static double learned_lead(const struct mdl_state *w, uint32_t point, int32_t today)
{
    const struct mdl_point *p = &w->net->point[point];
    double mean = 0, nominal = 0, weight = 0, over = 0, over_age = 0, all = 0, lead;

    for (uint32_t i = 0; i < p->n_lane_in; i++) {
        double s = w->net->lane[p->lane_in[i]].share + 1e-9;

        mean += s * w->lane[p->lane_in[i]].lead_d;
        nominal += s * w->lane[p->lane_in[i]].nominal_d;
        weight += s;
    }
    for (uint32_t id = w->point[point].order_first; id; id = order_at(w, id)->next) {
        const struct mdl_order *o = order_at(w, id);
        double q = (double)o->open, age = (double)(today - o->placed);

        all += q;
        if (age > w->lane[o->lane].lead_d) {
            over += q;
            over_age += q * age;
        }
    }
    lead = weight > 0 ? mean / weight : 0;
    if (over > 0)
        lead += over / all * (over_age / over - lead);
    lead = fmin(lead, w->sc->lead_cap_d);
    return w->sc->lead_cap_ratio > 0 && weight > 0
               ? fmin(lead, w->sc->lead_cap_ratio * nominal / weight)
               : lead;
}

/* ---- placing ---- */

static int blocked(const struct mdl_state *w, uint32_t lane, int use, int32_t today)
{
    const struct mdl_lane_state *l = &w->lane[lane];

    return l->blocked_until[use] > today &&
           (l->blocked_rule[use] == MDL_NO_RULE ||
            l->blocked_version[use] == mdl_gate_rule_version(w->gate, l->blocked_rule[use], today));
}

/* `diverted` quanta of the line come from a supplier that refused, for `cause`. */
static void place(struct mdl_state *w, uint32_t lane, int use, int64_t q, int64_t diverted,
                  uint32_t cause)
{
    const struct mdl_lane *l = &w->net->lane[lane];
    struct mdl_point_state *p = &w->point[l->to_point];
    uint32_t id = sim_pool_take(&w->order), note = sim_pool_take(&w->note);
    struct mdl_order *o = order_at(w, id);
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
        order_at(w, p->order_last)->next = id;
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
}

/* A buyer whose stock has fallen under half its cover while orders are refused or overdue begins to
 * qualify the suppliers that it does not know yet. */
static void qualify(struct mdl_state *w, uint32_t point, int32_t today)
{
    const struct mdl_point *p = &w->net->point[point];

    for (uint32_t i = 0; i < p->n_lane_in; i++) {
        const struct mdl_lane *l = &w->net->lane[p->lane_in[i]];
        struct mdl_lane_state *s = &w->lane[p->lane_in[i]];
        struct sim_draws d;

        if (s->qualified != INT32_MAX || sim_dist_mean(&l->qualify_d) <= 0)
            continue;
        d = sim_draws_at(sim_stream_make(w->run.seed, w->run.index, l->hash, MDL_FOR_QUALIFY), 0);
        s->qualified = today + (int32_t)ceil(sim_dist_draw(&l->qualify_d, &d));
    }
}

/* What a lane is given of a need: its contract share of it, and of the part that blocked suppliers
 * leave a share by weight, which is the contract share, or 1 / n for one of n lanes that has no
 * contract. */
struct offer {
    double open, shut,
        weight;     /* sums of contract shares, and of weights of lanes that may be used */
    uint32_t cause; /* of the largest blocked share */
};

static double weight_of(const struct mdl_state *w, const struct mdl_point *p, uint32_t lane)
{
    return w->net->lane[lane].share > 0 ? w->net->lane[lane].share : 1.0 / p->n_lane_in;
}

static struct offer look_around(const struct mdl_state *w, uint32_t point, int use, int32_t today)
{
    const struct mdl_point *p = &w->net->point[point];
    struct offer o = {0};
    double most = -1;

    for (uint32_t i = 0; i < p->n_lane_in; i++) {
        uint32_t k = p->lane_in[i];
        double share = w->net->lane[k].share;

        if (w->lane[k].qualified > today)
            continue;
        if (blocked(w, k, use, today)) {
            o.shut += share;
            if (share > most) {
                most = share;
                o.cause = w->lane[k].blocked_cause[use];
            }
        } else {
            o.open += share;
            o.weight += weight_of(w, p, k);
        }
    }
    return o;
}

/* How much of what a point is asked for, for an end use, comes from refusals elsewhere: of what it
 * sells, or of what is made of it. */
static double inherited(const struct mdl_state *w, uint32_t point, int use, uint32_t *cause)
{
    const struct mdl_point *p = &w->net->point[point];
    double most = 0;

    for (uint32_t i = 0; i <= p->n_user; i++) {
        uint32_t at = i < p->n_user ? w->net->process[p->user[i]].out_point[0] : point;
        const struct mdl_point_state *s = &w->point[at];
        double f = s->diverted[use] / (s->forecast[use] + 1e-9);

        if (f > most) {
            most = f;
            *cause = s->diverted_cause[use];
        }
    }
    return fmin(1, most);
}

/* Splits a need over the suppliers that may be asked: by contract share; what blocked suppliers
 * leave goes to all qualified ones, also to those without a contract. What nobody can take is
 * recorded as unplaced. */
static void split(struct mdl_state *w, uint32_t point, int use, int64_t need)
{
    const struct mdl_point *p = &w->net->point[point];
    struct mdl_point_state *s = &w->point[point];
    int32_t today = mdl_today(w);
    struct offer o = look_around(w, point, use, today);
    uint32_t cause = o.cause;
    double all = o.open + o.shut, cum = 0,
           passed = inherited(w, point, use, cause ? &(uint32_t){0} : &cause);
    int64_t given = 0;

    if (o.weight <= 0) {
        s->unplaced_now[use] += need;
        s->unplaced_cause[use] = o.cause;
        s->unplaced_at[use] = w->run.now;
        MDL_TRACE(w, unplaced(w, point, use, need, o.cause));
        if (mdl_recording(w, today))
            s->unplaced += need;
        return;
    }
    for (uint32_t i = 0; i < p->n_lane_in && given < need; i++) {
        uint32_t k = p->lane_in[i];
        double contract, extra;
        int64_t q;

        if (w->lane[k].qualified > today || blocked(w, k, use, today))
            continue;
        contract = all > 0 ? w->net->lane[k].share / all : 0;
        extra =
            all > 0 ? o.shut / all * weight_of(w, p, k) / o.weight : weight_of(w, p, k) / o.weight;
        if (contract + extra <= 0)
            continue;
        cum += contract + extra;
        q = (int64_t)llround((double)need * fmin(1, cum)) - given;
        if (q > 0) {
            place(
                w, k, use, q,
                (int64_t)((double)q * fmin(1, extra / (contract + extra) * (o.shut > 0) + passed)),
                cause);
            given += q;
        }
    }
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

/* Takes back up to `excess` of the newest orders that are not yet due; the supplier answers with
 * what it could stop. */
static void cancel(struct mdl_state *w, uint32_t point, int use, int64_t excess)
{
    const struct mdl_point_state *s = &w->point[point];

    for (uint32_t id = s->order_last; id && excess > 0; id = order_at(w, id)->prev) {
        const struct mdl_order *o = order_at(w, id);
        int64_t q = o->open < excess ? o->open : excess;
        uint32_t note;

        if (o->use != use)
            continue;
        MDL_TRACE(w, order(w, MDL_TRACED_ASKED_BACK, o, q, 0));
        note = sim_pool_take(&w->note);
        *(struct mdl_note *)sim_pool_at(&w->note, note) =
            (struct mdl_note){.lane = o->lane, .order = id, .quantity = q, .use = (uint8_t)use};
        sim_send(&w->run, w->net->lane[o->lane].to, w->net->lane[o->lane].from, w->run.lookahead,
                 MDL_MSG_CANCEL, MDL_MSG_CANCEL, note);
        excess -= q;
    }
}

void mdl_order_take_back(struct mdl_state *w, uint32_t point)
{
    for (int u = 0; u < MDL_USES; u++)
        cancel(w, point, u, INT64_MAX);
}

/* Is a supplier blocked, or an order overdue? */
static int in_trouble(const struct mdl_state *w, uint32_t point, int32_t today)
{
    const struct mdl_point *p = &w->net->point[point];
    uint32_t first = w->point[point].order_first;

    for (uint32_t i = 0; i < p->n_lane_in; i++)
        if (blocked(w, p->lane_in[i], MDL_CIVIL, today) ||
            blocked(w, p->lane_in[i], MDL_MILITARY, today))
            return 1;
    return first && today >= order_at(w, first)->promised;
}

/* What a gap between target and position makes a buyer order: what it used since the last review,
 * and of the rest only a part, so that a wrong forecast does not go up the chain as a wave. */
static int64_t smoothed(const struct mdl_state *w, int64_t gap, double used, double review_d)
{
    if (w->sc->gap_d <= review_d)
        return gap;
    return llround(used + ((double)gap - used) * review_d / w->sc->gap_d);
}

/* Order up to forecast x (review period + learned lead time + cover), civil and military apart:
 * free stock up to the military target is the military's. */
static void order_up_to(struct mdl_state *w, uint32_t point, int32_t today)
{
    const struct mdl_point *p = &w->net->point[point];
    const struct mdl_site *site = &w->net->site[p->site];
    struct mdl_point_state *s = &w->point[point];
    double cover = (isnan(p->cover_d) ? site->cover_d : p->cover_d) +
                   mdl_gate_hoard_d(w->gate, &w->world, point, today),
           span;
    int64_t target[MDL_USES], have[MDL_USES], mine, free_goods = s->on_hand[MDL_FREE] + s->relief;

    s->lead_d = learned_lead(w, point, today);
    span = (double)site->review_d + s->lead_d + cover;
    for (int u = 0; u < MDL_USES; u++)
        target[u] = llround(s->forecast[u] * span);
    mine = free_goods < target[MDL_MILITARY] ? free_goods : target[MDL_MILITARY];
    have[MDL_MILITARY] =
        mine + s->pipe[MDL_MILITARY] - s->owed[MDL_MILITARY] - s->backlog[MDL_MILITARY];
    have[MDL_CIVIL] = free_goods + s->on_hand[MDL_CIVIL_ONLY] - mine + s->pipe[MDL_CIVIL] -
                      s->owed[MDL_CIVIL] - s->backlog[MDL_CIVIL];
    if (2 * (double)(s->on_hand[0] + s->on_hand[1]) < (s->forecast[0] + s->forecast[1]) * cover &&
        in_trouble(w, point, today))
        qualify(w, point, today);
    for (int u = 0; u < MDL_USES; u++) {
        int64_t slack = llround(s->forecast[u] * ((double)site->review_d + cover)), need;

        have[u] -= llround(s->behind[u]);
        need = smoothed(w, target[u] - have[u], s->forecast[u] * (double)site->review_d,
                        (double)site->review_d);
        if (need > 0)
            split(w, point, u, need);
        else if (have[u] - target[u] > slack && s->pipe[u] > 0)
            cancel(w, point, u, have[u] - target[u] - slack);
    }
}

static void textbook(struct mdl_state *w, uint32_t point)
{
    const struct mdl_point *p = &w->net->point[point];
    int use = p->n_demand > 0 ? w->net->demand[p->demand[0]].use : MDL_CIVIL;
    int64_t need = textbook_need(w, point);

    if (need > 0)
        split(w, point, use, need);
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
    struct mdl_order *o = order_at(w, id);
    struct mdl_point_state *p = &w->point[w->net->lane[o->lane].to_point];

    if (o->prev)
        order_at(w, o->prev)->next = o->next;
    else
        p->order_first = o->next;
    if (o->next)
        order_at(w, o->next)->prev = o->prev;
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
    struct mdl_order *o = n->order ? order_at(w, n->order) : NULL;
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
        p->received += n->quantity;
        if (l->border && !n->what)
            for (uint32_t k = 0; k < w->st->n_month; k++)
                if (today < w->st->month_first[k + 1]) {
                    w->imported[(size_t)n->lane * w->st->n_month + k] += n->quantity;
                    break;
                }
    }
    mdl_stock_drop_share(w, l->product, n->share);
    sim_pool_give(&w->note, (uint32_t)m->arg);
}

void mdl_order_notice(struct mdl_state *w, const struct sim_msg *m)
{
    struct mdl_note n = *(struct mdl_note *)sim_pool_at(&w->note, (uint32_t)m->arg);
    struct mdl_order *o = order_at(w, n.order);
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

        l->blocked_until[o->use] = gone ? INT32_MAX : today + (int32_t)w->sc->retry_d;
        l->blocked_rule[o->use] = n.rule;
        l->blocked_version[o->use] = gone ? 0 : mdl_gate_rule_version(w->gate, n.rule, today);
        l->blocked_cause[o->use] = n.cause;
        lead_bin(w, o, n.quantity, today, 2);
        if (p->unplaced_old[o->use])
            p->unplaced_now[o->use] = 0;
        p->unplaced_old[o->use] = 0;
        p->unplaced_now[o->use] += n.quantity;
        p->unplaced_cause[o->use] = n.cause;
        p->unplaced_at[o->use] = w->run.now;
    }
    if (n.what == MDL_NOTICE_CANCELLED)
        mdl_measure_taken_back(w, o, n.quantity);
    if (mdl_recording(w, today)) {
        if (n.what == MDL_NOTICE_REFUSED)
            p->refused += n.quantity;
        else
            p->cancelled += n.quantity;
    }
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
    for (uint32_t id = p->order_first; id; id = order_at(w, id)->next) {
        const struct mdl_order *o = order_at(w, id);

        if (o->use == use && m->day >= o->promised)
            add_to_mix(m, o->cause ? o->cause : MDL_WHY_TRANSPORT, (double)o->open);
    }
}

/* What suppliers say is held, though it is not overdue yet. */
static void add_held(const struct mdl_state *w, const struct mdl_point_state *p, int use,
                     struct mdl_mix *m)
{
    for (uint32_t id = p->order_first; id; id = order_at(w, id)->next) {
        const struct mdl_order *o = order_at(w, id);

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
    return inherited(w, point, use, &cause) > 0.01 && w->st->cause[cause].why == MDL_WHY_SHOCK
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
    for (uint32_t id = w->point[point].order_first; id; id = order_at(w, id)->next) {
        const struct mdl_order *o = order_at(w, id);

        w->still_open[(size_t)o->lane * w->st->n_month + month] += o->open;
    }
}

void mdl_order_record_open(struct mdl_state *w)
{
    int32_t last = w->sc->start + (int32_t)w->sc->horizon_d;

    for (uint32_t i = 0; i < w->net->n_point; i++)
        for (uint32_t id = w->point[i].order_first; id; id = order_at(w, id)->next)
            lead_bin(w, order_at(w, id), order_at(w, id)->open, last, 1);
}
