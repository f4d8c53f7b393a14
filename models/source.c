#include "models/actors.h"

#include <math.h>

void mdl_source_start(struct mdl_state *w)
{
    for (uint32_t i = 0; i < w->net->n_lane; i++) {
        w->lane[i].share = w->net->lane[i].share;
        w->lane[i].qualified = w->net->lane[i].qualified ? INT32_MIN : INT32_MAX;
        w->lane[i].failed = SIM_DAY_NONE;
    }
    for (uint32_t i = 0; i < w->net->n_point; i++)
        w->point[i].shares_moved = w->day0;
}

static int blocked(const struct mdl_state *w, uint32_t lane, int use, int32_t today)
{
    const struct mdl_lane_state *l = &w->lane[lane];

    return l->blocked_until[use] > today &&
           (l->blocked_rule[use] == MDL_NO_RULE ||
            l->blocked_version[use] == mdl_gate_rule_version(w->gate, l->blocked_rule[use], today));
}

static int may_ask(const struct mdl_state *w, uint32_t lane, int use, int32_t today)
{
    return w->lane[lane].qualified <= today && !blocked(w, lane, use, today);
}

/* The use that a point needs more for. */
static int main_use(const struct mdl_state *w, uint32_t point)
{
    const struct mdl_point_state *s = &w->point[point];

    return s->forecast[MDL_MILITARY] > s->forecast[MDL_CIVIL] ? MDL_MILITARY : MDL_CIVIL;
}

/* ---- qualifying ---- */

/* Is a supplier blocked, or an order overdue? */
static int in_trouble(const struct mdl_state *w, uint32_t point, int32_t today)
{
    const struct mdl_point *p = &w->net->point[point];
    uint32_t first = w->point[point].order_first;

    for (uint32_t i = 0; i < p->n_lane_in; i++)
        if (blocked(w, p->lane_in[i], MDL_CIVIL, today) ||
            blocked(w, p->lane_in[i], MDL_MILITARY, today))
            return 1;
    return first && today >= mdl_order_at(w, first)->promised;
}

static int is_due(int32_t from, int32_t today)
{
    return from != SIM_DAY_NONE && today >= from;
}

/* A try to qualify a supplier begins: its days, its outcome, its samples. */
static void begin(struct mdl_state *w, uint32_t lane, int32_t today)
{
    const struct mdl_lane *l = &w->net->lane[lane];
    struct mdl_lane_state *s = &w->lane[lane];
    uint64_t nth = (uint64_t)s->tries++;
    struct sim_draws d = sim_draws_at(
                         sim_stream_make(w->run.seed, w->run.index, l->hash, MDL_FOR_QUALIFY), nth),
                     luck = sim_draws_at(
                         sim_stream_make(w->run.seed, w->run.index, l->hash, MDL_FOR_UNFIT), nth);
    int32_t over = today + (int32_t)ceil(sim_dist_draw(&l->qualify_d, &d));
    int64_t sample = llround(l->sample * (double)w->net->product[l->product].qpu);

    if (l->qualify_fail > 0 && sim_uniform(&luck) < l->qualify_fail)
        s->failed = over;
    else
        s->qualified = over;
    if (mdl_recording(w, today))
        s->qualify_usd += l->qualify_usd;
    if (sample > 0)
        mdl_order_at(w, mdl_order_place(w, lane, main_use(w, l->to_point), sample, 0, 0))->sample =
            1;
}

/* Suppliers that a buyer does not know yet: it begins to qualify one when its stock is under a part
 * of its cover while orders are refused or overdue, or when the day for it has come. */
static void qualify(struct mdl_state *w, uint32_t point, double cover, int32_t today)
{
    const struct mdl_point *p = &w->net->point[point];
    const struct mdl_point_state *s = &w->point[point];
    double stock = (double)(s->on_hand[0] + s->on_hand[1]),
           usual = (s->forecast[0] + s->forecast[1]) * cover;

    for (uint32_t i = 0; i < p->n_lane_in; i++) {
        const struct mdl_lane *l = &w->net->lane[p->lane_in[i]];
        struct mdl_lane_state *ls = &w->lane[p->lane_in[i]];

        if (ls->qualified != INT32_MAX || sim_dist_mean(&l->qualify_d) <= 0)
            continue;
        if (ls->tries > 0 && (today < ls->failed || ls->tries >= l->qualify_tries))
            continue;
        if (is_due(l->qualify_from, today) || is_due(w->sc->qualify_from, today) ||
            (stock < l->qualify_cover * usual && in_trouble(w, point, today)))
            begin(w, p->lane_in[i], today);
    }
}

void mdl_source_refused(struct mdl_state *w, const struct mdl_order *o)
{
    struct mdl_lane_state *l = &w->lane[o->lane];

    if (!o->sample || l->qualified <= mdl_today(w))
        return;
    l->qualified = INT32_MAX;
    l->failed = mdl_today(w);
}

/* ---- contract shares that move ---- */

/* Is a supplier blocked, or one of its lines late? */
static int fails(const struct mdl_state *w, uint32_t point, uint32_t lane, int32_t today)
{
    if (blocked(w, lane, main_use(w, point), today))
        return 1;
    for (uint32_t id = w->point[point].order_first; id; id = mdl_order_at(w, id)->next) {
        const struct mdl_order *o = mdl_order_at(w, id);

        if (o->lane == lane && (double)(today - o->promised) >= w->sc->share_late_d)
            return 1;
    }
    return 0;
}

/* What each lane of a point can give to the others and take from them. */
struct moves {
    double give, take; /* sums */
};

static double can_give(const struct mdl_state *w, uint32_t lane, int back)
{
    const struct mdl_lane_state *l = &w->lane[lane];

    if (back)
        return fmax(0, l->share - w->net->lane[lane].share);
    return l->in_trouble ? l->share : 0;
}

static double can_take(const struct mdl_state *w, uint32_t lane, int back, int32_t today)
{
    const struct mdl_lane *n = &w->net->lane[lane];
    const struct mdl_lane_state *l = &w->lane[lane];

    if (l->in_trouble || l->qualified > today)
        return 0;
    return fmax(0, (back ? n->share : n->share_max) - l->share);
}

/* Moves up to `most` of the need, in proportion to what each lane can give and take. */
static void move(struct mdl_state *w, uint32_t point, double most, int back, int32_t today)
{
    const struct mdl_point *p = &w->net->point[point];
    struct moves m = {0};

    for (uint32_t i = 0; i < p->n_lane_in; i++) {
        m.give += can_give(w, p->lane_in[i], back);
        m.take += can_take(w, p->lane_in[i], back, today);
    }
    most = fmin(most, fmin(m.give, m.take));
    if (most <= 0)
        return;
    for (uint32_t i = 0; i < p->n_lane_in; i++) {
        double give = can_give(w, p->lane_in[i], back),
               take = can_take(w, p->lane_in[i], back, today);

        w->lane[p->lane_in[i]].share += most * (take / m.take - give / m.give);
    }
}

static void move_shares(struct mdl_state *w, uint32_t point, int32_t today)
{
    const struct mdl_point *p = &w->net->point[point];
    double days = (double)(today - w->point[point].shares_moved), beyond = 0;

    for (uint32_t i = 0; i < p->n_lane_in; i++) {
        struct mdl_lane_state *l = &w->lane[p->lane_in[i]];

        beyond += fmax(0, l->share - w->net->lane[p->lane_in[i]].share);
        l->in_trouble = (uint8_t)fails(w, point, p->lane_in[i], today);
    }
    if (mdl_recording(w, today))
        w->point[point].share_moved += beyond * fmin(days, (double)(today - w->sc->start));
    w->point[point].shares_moved = today;
    move(w, point, w->sc->share_up_m * days / 30, 0, today);
    move(w, point, w->sc->share_down_m * days / 30, 1, today);
}

/* ---- splitting a need ---- */

/* A need, and who does not get any of it. */
struct need {
    uint32_t point;
    int use;
    int64_t quantity;
    uint32_t not_lane; /* UINT32_MAX = all may */
    uint32_t cause;    /* why not */
};

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
    return w->lane[lane].share > 0 ? w->lane[lane].share : 1.0 / p->n_lane_in;
}

static struct offer look_around(const struct mdl_state *w, const struct need *n, int32_t today)
{
    const struct mdl_point *p = &w->net->point[n->point];
    struct offer o = {.cause = n->cause};
    double most = n->cause ? 2 : -1;

    for (uint32_t i = 0; i < p->n_lane_in; i++) {
        uint32_t k = p->lane_in[i];
        double share = w->lane[k].share;

        if (w->lane[k].qualified > today)
            continue;
        if (k == n->not_lane) {
            o.shut += share;
        } else if (blocked(w, k, n->use, today)) {
            o.shut += share;
            if (share > most) {
                most = share;
                o.cause = w->lane[k].blocked_cause[n->use];
            }
        } else {
            o.open += share;
            o.weight += weight_of(w, p, k);
        }
    }
    return o;
}

double mdl_source_inherited(const struct mdl_state *w, uint32_t point, int use, uint32_t *cause)
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

/* Places a need with those who may be asked, of whom there is at least one. */
static void place_all(struct mdl_state *w, const struct need *n, const struct offer *o,
                      int32_t today)
{
    const struct mdl_point *p = &w->net->point[n->point];
    uint32_t cause = o->cause;
    double all = o->open + o->shut, cum = 0,
           passed = mdl_source_inherited(w, n->point, n->use, cause ? &(uint32_t){0} : &cause);
    int64_t given = 0;

    for (uint32_t i = 0; i < p->n_lane_in && given < n->quantity; i++) {
        uint32_t k = p->lane_in[i];
        double contract, extra;
        int64_t q;

        if (k == n->not_lane || !may_ask(w, k, n->use, today))
            continue;
        contract = all > 0 ? w->lane[k].share / all : 0;
        extra = all > 0 ? o->shut / all * weight_of(w, p, k) / o->weight
                        : weight_of(w, p, k) / o->weight;
        if (contract + extra <= 0)
            continue;
        cum += contract + extra;
        q = (int64_t)llround((double)n->quantity * fmin(1, cum)) - given;
        if (q > 0) {
            double moved = n->cause ? 1 : extra / (contract + extra) * (o->shut > 0) + passed;

            mdl_order_at(
                w, mdl_order_place(w, k, n->use, q, (int64_t)((double)q * fmin(1, moved)), cause))
                ->switched = n->not_lane != UINT32_MAX;
            given += q;
        }
    }
}

void mdl_source_split(struct mdl_state *w, uint32_t point, int use, int64_t quantity)
{
    const struct need need = {point, use, quantity, UINT32_MAX, 0};
    struct mdl_point_state *s = &w->point[point];
    int32_t today = mdl_today(w);
    struct offer o = look_around(w, &need, today);

    if (o.weight > 0) {
        place_all(w, &need, &o, today);
        return;
    }
    s->unplaced_now[use] += quantity;
    s->unplaced_cause[use] = o.cause;
    s->unplaced_at[use] = w->run.now;
    MDL_TRACE(w, unplaced(w, point, use, quantity, o.cause));
    if (mdl_recording(w, today))
        s->unplaced += quantity;
}

/* ---- turning away from late suppliers ---- */

static int others(const struct mdl_state *w, uint32_t point, const struct mdl_order *o,
                  int32_t today)
{
    const struct mdl_point *p = &w->net->point[point];

    for (uint32_t i = 0; i < p->n_lane_in; i++)
        if (p->lane_in[i] != o->lane && may_ask(w, p->lane_in[i], o->use, today))
            return 1;
    return 0;
}

static void turn_away(struct mdl_state *w, uint32_t point, int32_t today)
{
    for (uint32_t id = w->point[point].order_first; id; id = mdl_order_at(w, id)->next) {
        struct mdl_order *o = mdl_order_at(w, id);
        int64_t q = llround((double)o->open * w->sc->switch_share);

        if (o->switched || o->sample || q == 0 || (double)(today - o->promised) < w->sc->switch_d ||
            !others(w, point, o, today))
            continue;
        o->switched = 1;
        mdl_order_cancel(w, id, q, MDL_NOTICE_SWITCHED);
    }
}

void mdl_source_elsewhere(struct mdl_state *w, const struct mdl_order *o, int64_t q)
{
    const struct need need = {w->net->lane[o->lane].to_point, o->use, q, o->lane, o->cause};
    int32_t today = mdl_today(w);
    struct offer offer = look_around(w, &need, today);

    if (q == 0 || offer.weight <= 0 ||
        (w->calendar.site && mdl_strike_gone(w, w->net->point[need.point].site, today)))
        return;
    if (mdl_recording(w, today)) {
        w->point[need.point].switched += q;
        w->point[need.point].lines_switched++;
    }
    place_all(w, &need, &offer, today);
}

void mdl_source_review(struct mdl_state *w, uint32_t point, double cover, int32_t today)
{
    qualify(w, point, cover, today);
    if (w->net->point[point].n_lane_in < 2)
        return;
    if (w->sc->share_up_m > 0 && today > w->point[point].shares_moved)
        move_shares(w, point, today);
    if (!isnan(w->sc->switch_d))
        turn_away(w, point, today);
}
