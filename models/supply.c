#include "models/content.h"
#include "models/actors.h"

#include <math.h>
#include <string.h>

/* ---- lists of lines ---- */

static void append(struct mdl_state *w, struct mdl_list *list, uint32_t id)
{
    struct mdl_line *l = mdl_line_at(w, id);

    l->next = 0;
    l->prev = list->last;
    if (list->last)
        mdl_line_at(w, list->last)->next = id;
    else
        list->first = id;
    list->last = id;
    list->n++;
}

static void take_out(struct mdl_state *w, struct mdl_list *list, uint32_t id)
{
    struct mdl_line *l = mdl_line_at(w, id);

    if (l->prev)
        mdl_line_at(w, l->prev)->next = l->next;
    else
        list->first = l->next;
    if (l->next)
        mdl_line_at(w, l->next)->prev = l->prev;
    else
        list->last = l->prev;
    list->n--;
}

void mdl_supply_wake(struct mdl_state *w, uint32_t id)
{
    struct mdl_line *l = mdl_line_at(w, id);
    struct mdl_point_state *p = &w->point[w->net->lane[l->lane].from_point];

    p->news = 1;
    if (!l->waits)
        return;
    take_out(w, &p->waiting, id);
    append(w, &p->open, id);
    l->waits = 0;
}

uint32_t mdl_supply_cause(const struct mdl_state *w, uint32_t rule, int why, uint32_t product)
{
    return w->rule_cause[((size_t)rule * MDL_RULE_WHYS + (size_t)(why - MDL_WHY_DENIED)) *
                             w->net->n_product +
                         product];
}

/* ---- notices to the buyer ---- */

void mdl_supply_tell(struct mdl_state *w, const struct mdl_line *l, int what, uint32_t cause,
                     uint32_t rule, int64_t q)
{
    const struct mdl_lane *lane = &w->net->lane[l->lane];
    uint32_t note = sim_pool_take(&w->note);

    *(struct mdl_note *)sim_pool_at(&w->note, note) = (struct mdl_note){.lane = l->lane,
                                                                        .order = l->order,
                                                                        .what = (uint8_t)what,
                                                                        .cause = cause,
                                                                        .rule = rule,
                                                                        .quantity = q,
                                                                        .use = l->use};
    sim_send(&w->run, lane->from, lane->to, w->run.lookahead, MDL_MSG_NOTICE, MDL_MSG_NOTICE, note);
}

static void tell_cause(struct mdl_state *w, struct mdl_line *l, uint32_t cause)
{
    if (cause == l->cause)
        return;
    l->cause = cause;
    mdl_supply_tell(w, l, MDL_NOTICE_CAUSE, cause, 0, 0);
}

void mdl_supply_end(struct mdl_state *w, uint32_t id, uint32_t rule, uint32_t cause)
{
    struct mdl_line *l = mdl_line_at(w, id);
    const struct mdl_lane *lane = &w->net->lane[l->lane];
    struct mdl_point_state *p = &w->point[lane->from_point];
    int64_t q = l->left + mdl_ship_back(w, l, INT64_MAX);

    if (!l->parked)
        p->owed[l->use] -= l->left;
    l->left = 0;
    l->closed = 1;
    p->news = 1;
    MDL_TRACE(w, refused(w, l, q, rule, cause));
    mdl_papers_close(w, id);
    mdl_supply_tell(w, l, MDL_NOTICE_REFUSED, cause, rule, q);
}

void mdl_supply_refuse(struct mdl_state *w, uint32_t id, uint32_t rule, int why)
{
    uint32_t product = w->net->lane[mdl_line_at(w, id)->lane].product;

    mdl_supply_end(w, id, rule, mdl_supply_cause(w, rule, why, product));
}

/* ---- giving ---- */

/* Lets go up to `most` of what waits at the gate. */
static void release_held(struct mdl_state *w, struct mdl_line *l, int64_t most)
{
    const struct mdl_lane *lane = &w->net->lane[l->lane];

    for (int k = 0; k < MDL_MARKS; k++) {
        int64_t q = l->held[k] < most ? l->held[k] : most;
        uint32_t share = l->share[k];

        if (q == 0)
            continue;
        w->point[lane->from_point].held -= q;
        l->held[k] -= q;
        most -= q;
        if (l->held[k] > 0 && share)
            share = mdl_stock_copy_share(w, lane->product, share);
        else
            l->share[k] = 0;
        mdl_ship(w, l, k, q, share);
    }
}

/* Gives q of a line's quantity from stock of one mark: out of the gate, or into what waits there.
 */
static void give(struct mdl_state *w, struct mdl_line *l, int mark, int64_t q, int pass)
{
    const struct mdl_lane *lane = &w->net->lane[l->lane];
    struct mdl_point_state *p = &w->point[lane->from_point];

    if (q <= 0)
        return;
    l->left -= q;
    p->owed[l->use] -= q;
    if (pass) {
        uint32_t share = mdl_stock_share(w, lane->from_point, mark);

        mdl_stock_take(w, lane->from_point, mark, q);
        mdl_ship(w, l, mark, q, share);
        return;
    }
    if (l->share[mark] == 0)
        l->share[mark] = mdl_stock_share(w, lane->from_point, mark);
    else
        mdl_content_mix(mdl_stock_share_at(w, lane->product, l->share[mark]), (double)l->held[mark],
                        p->share[mark], (double)q,
                        mdl_network_width(w->net, &w->net->product[lane->product]));
    mdl_stock_take(w, lane->from_point, mark, q);
    l->held[mark] += q;
    p->held += q;
    MDL_TRACE(w, line(w, MDL_TRACED_HELD, l, q, NAN));
}

/* Gives a line up to q: civilians take civil-only stock first, the military free stock only. What
 * a rule asks about the goods' content is asked of the goods that are about to leave. */
static void serve(struct mdl_state *w, uint32_t id, int64_t q)
{
    struct mdl_line *l = mdl_line_at(w, id);
    const struct mdl_point_state *p = &w->point[w->net->lane[l->lane].from_point];
    struct mdl_hold h;
    int pass;

    if (l->parked || (w->gate->by_content[l->lane] && !mdl_papers_judge(w, id)))
        return;
    pass = mdl_papers_clear(w, id, &h) == INT64_MAX;
    if (l->parked)
        return;
    q = q < l->left ? q : l->left;
    if (l->use == MDL_CIVIL) {
        int64_t c = p->on_hand[MDL_CIVIL_ONLY] < q ? p->on_hand[MDL_CIVIL_ONLY] : q;

        give(w, l, MDL_CIVIL_ONLY, c, pass);
        q -= c;
    }
    give(w, l, MDL_FREE, p->on_hand[MDL_FREE] < q ? p->on_hand[MDL_FREE] : q, pass);
    if (l->left == 0)
        w->point[w->net->lane[l->lane].from_point].news = 1;
}

/* ---- allocation ---- */

struct fraction {
    double of[MDL_USES];
};

/* Share of each line that stock can serve, if it is given out in proportion. */
static struct fraction fractions(const struct mdl_point_state *p)
{
    double bound = (double)p->on_hand[MDL_CIVIL_ONLY], open = (double)p->on_hand[MDL_FREE];
    double civil = (double)p->owed[MDL_CIVIL], military = (double)p->owed[MDL_MILITARY];
    double claim = fmax(0, civil - bound),
           f = claim + military > open ? open / (claim + military) : 1;
    struct fraction r = {{1, 1}};

    if (civil > 0)
        r.of[MDL_CIVIL] = fmin(1, (fmin(bound, civil) + claim * f) / civil);
    r.of[MDL_MILITARY] = f;
    return r;
}

enum {
    SMALLEST_PART = 16
}; /* a partial delivery is at least 1/16 of the order, so that scarce goods do not go out as dust
    */

/* Largest contract share first: the next share below `below`. */
static double next_share(const struct mdl_state *w, uint32_t first, double below)
{
    double best = -1;

    for (uint32_t id = first; id; id = mdl_line_at(w, id)->next) {
        double s = w->net->lane[mdl_line_at(w, id)->lane].share;

        if (s < below && s > best)
            best = s;
    }
    return best;
}

/* Which lines of a point a round serves, and how much of each. */
struct round {
    int rule;  /* enum mdl_allocation; MDL_FIFO = all in turn, as much as there is */
    int front; /* only lines that are hurried before a rule is in force */
    const struct fraction *part; /* for MDL_PROPORTIONAL */
    double share;                /* for MDL_PRIORITY: lanes of this contract share */
};

static void serve_round(struct mdl_state *w, uint32_t point, struct round r, int32_t today)
{
    struct mdl_point_state *p = &w->point[point];

    for (uint32_t id = p->open.first; id && p->on_hand[0] + p->on_hand[1] > 0;
         id = mdl_line_at(w, id)->next) {
        struct mdl_line *l = mdl_line_at(w, id);
        int64_t q = l->left;

        if (q == 0 || l->parked ||
            (r.front && !mdl_gate_front_load(w->gate, &w->world, l->lane, today)) ||
            (r.rule == MDL_HOME && w->net->lane[l->lane].border) ||
            (r.rule == MDL_PRIORITY && w->net->lane[l->lane].share != r.share))
            continue;
        if (r.rule == MDL_PROPORTIONAL) {
            q = (int64_t)((double)q * r.part->of[l->use]);
            if (q < l->quantity / SMALLEST_PART)
                continue;
        }
        serve(w, id, q);
    }
}

/* The site's rule first; what is left over by it (parts too small to ship, in proportion) goes
 * first come, first served, so that scarce goods never lie still while somebody waits for them. */
static void allocate_scarce(struct mdl_state *w, uint32_t point, int rule, int32_t today)
{
    struct mdl_point_state *p = &w->point[point];
    struct fraction f = fractions(p);
    struct round r = {.rule = MDL_FIFO, .part = &f, .share = 2, .front = 1};

    if (w->gate->front_load) {
        serve_round(w, point, r, today);
        f = fractions(p);
    }
    r.front = 0;
    r.rule = rule;
    if ((rule == MDL_PROPORTIONAL && fmax(f.of[0], f.of[1]) * SMALLEST_PART >= 1) ||
        rule == MDL_HOME)
        serve_round(w, point, r, today);
    while (rule == MDL_PRIORITY && (r.share = next_share(w, p->open.first, r.share)) >= 0)
        serve_round(w, point, r, today);
    r.rule = MDL_FIFO;
    serve_round(w, point, r, today);
}

/* ---- causes ---- */

/* The refusal elsewhere that sent orders here of late: for the end use, if it sent more than a
 * hundredth of what is asked for it; else for the other, if more than a hundredth of all; else 0.
 */
static uint32_t diverted_cause(const struct mdl_state *w, uint32_t point, int use)
{
    const struct mdl_point_state *p = &w->point[point];

    if (p->diverted[use] > 0.01 * p->forecast[use])
        return p->diverted_cause[use];
    return p->diverted[!use] > 0.01 * (p->forecast[0] + p->forecast[1]) ? p->diverted_cause[!use]
                                                                        : 0;
}

/* What the missed starts of a point's makers lacked of late, for an end use; 0 = nothing. */
static uint32_t missed_cause(const struct mdl_state *w, uint32_t point, int use, int32_t today)
{
    const struct mdl_point *p = &w->net->point[point];

    for (uint32_t i = 0; i < p->n_maker; i++) {
        const struct mdl_process_state *q = &w->process[p->maker[i]];

        if (q->cause[use] && q->cause_until[use] >= today)
            return q->cause[use];
    }
    return 0;
}

/* Why the point is short of what it owes for an end use: the shock by which nobody can make it;
 * what its own missed starts lacked; else, if orders were sent here by a refusal elsewhere, that
 * refusal; else what its starts for the other use lacked, unless a rule is to blame; else its
 * capacity. A point that only trades passes on why its own orders are late. */
static uint32_t shortage_cause(struct mdl_state *w, uint32_t point, int use, int32_t today)
{
    const struct mdl_point *p = &w->net->point[point];
    const struct mdl_mix *m;
    uint32_t most = 0, cause = w->calendar.site ? mdl_strike_halts(w, point, today) : 0;

    if (cause == 0)
        cause = missed_cause(w, point, use, today);
    if (cause == 0)
        cause = diverted_cause(w, point, use);
    if (cause == 0) {
        cause = missed_cause(w, point, !use, today);
        cause = mdl_why_is_rule(w->st->cause[cause].why) ? 0 : cause;
    }
    if (cause)
        return cause;
    if (p->n_maker > 0)
        return w->st->capacity_cause[p->site];
    m = mdl_order_causes(w, point, use);
    for (uint32_t i = 1; i < m->n; i++)
        most = m->part[i] > m->part[most] ? i : most;
    return m->cause[most];
}

/* After the day's allocation: a line that is done goes; one that only waits at the gate is put
 * aside; the rest is told why. Nothing is to be done when nothing has changed since the last time.
 */
static void settle(struct mdl_state *w, uint32_t point, int32_t today)
{
    struct mdl_point_state *p = &w->point[point];
    uint32_t short_of[MDL_USES], next;

    for (int u = 0; u < MDL_USES; u++) {
        short_of[u] = p->owed[u] > 0 ? shortage_cause(w, point, u, today) : 0;
        p->news |= short_of[u] != p->told[u];
        p->told[u] = short_of[u];
    }
    if (!p->news)
        return;
    p->news = 0;
    for (uint32_t id = p->open.first; id; id = next) {
        struct mdl_line *l = mdl_line_at(w, id);
        struct mdl_hold h;

        next = l->next;
        if (l->closed || l->left + l->held[0] + l->held[1] == 0) {
            take_out(w, &p->open, id);
            mdl_papers_close(w, id);
            l->closed = l->gone = 1;
            if (l->asked == 0)
                sim_pool_give(&w->line, id);
        } else {
            int held = mdl_papers_clear(w, id, &h) < l->left + l->held[0] + l->held[1];

            if (held)
                tell_cause(w, l,
                           h.cause
                               ? h.cause
                               : mdl_supply_cause(w, h.rule, h.why, w->net->lane[l->lane].product));
            else if (l->left > 0 && !l->parked)
                tell_cause(w, l, short_of[l->use]);
            if (l->parked || (held && l->left == 0)) {
                take_out(w, &p->open, id);
                append(w, &p->waiting, id);
                l->waits = 1;
            }
        }
    }
}

/* ---- the day ---- */

/* A point that makes its product out of nothing, at once and without limit, makes what it owes. */
static void make_to_order(struct mdl_state *w, uint32_t point)
{
    const struct mdl_point *p = &w->net->point[point];
    struct mdl_point_state *s = &w->point[point];
    int64_t q = s->owed[0] + s->owed[1] - s->on_hand[0] - s->on_hand[1];
    const struct mdl_process *k;

    if (q <= 0 || p->n_maker == 0)
        return;
    k = &w->net->process[p->maker[0]];
    if (w->calendar.site && mdl_strike_halts(w, point, mdl_today(w)))
        return;
    if (w->net->recipe[k->recipe].n_in > 0 || w->net->recipe[k->recipe].n_out > 1 ||
        k->capacity != INT64_MAX || sim_dist_mean(&k->cycle_d) > 0)
        return;
    mdl_stock_book(w, p->site, p->product, (double)q, w->st->balance.share[point]);
    mdl_stock_add(w, point, MDL_FREE, q, w->st->balance.share[point]);
    s->a_made += q;
    s->week_made += (double)q;
    if (mdl_recording(w, mdl_today(w)))
        s->made += q;
}

/* The rules have changed: every line is judged anew. */
static void judge_all(struct mdl_state *w, uint32_t point)
{
    struct mdl_point_state *p = &w->point[point];

    while (p->waiting.first)
        mdl_supply_wake(w, p->waiting.first);
    for (uint32_t id = p->open.first; id; id = mdl_line_at(w, id)->next)
        if (!mdl_line_at(w, id)->closed)
            (void)mdl_papers_judge(w, id);
    p->news = 1; /* what was held may be free */
}

void mdl_supply_allocate(struct mdl_state *w, uint32_t point)
{
    struct mdl_point_state *p = &w->point[point];
    const struct mdl_site *site = &w->net->site[w->net->point[point].site];
    int32_t today = mdl_today(w);
    uint32_t version = mdl_gate_version(w->gate, today);
    struct fraction f;
    int enough;

    if (p->version != version) {
        judge_all(w, point);
        p->version = version;
    }
    if (p->open.n == 0)
        return;
    if (site->review_d == 0)
        make_to_order(w, point);
    f = fractions(p);
    enough = f.of[MDL_CIVIL] >= 1 && f.of[MDL_MILITARY] >= 1;
    for (uint32_t id = p->news || enough ? p->open.first : 0; id; id = mdl_line_at(w, id)->next) {
        struct mdl_line *l = mdl_line_at(w, id);
        struct mdl_hold h;
        int64_t most = l->held[0] + l->held[1] > 0 ? mdl_papers_clear(w, id, &h) : 0;

        if (most > 0)
            release_held(w, l, most);
        if (enough && l->left > 0)
            serve(w, id, l->left);
    }
    if (!enough && p->on_hand[0] + p->on_hand[1] > 0)
        allocate_scarce(w, point, site->allocation, today);
    settle(w, point, today);
}

/* ---- messages ---- */

/* What is made to order is not due before so many days. */
static void make_early(struct mdl_state *w, struct mdl_line *l, uint32_t id)
{
    const struct mdl_lane *lane = &w->net->lane[l->lane];
    struct sim_draws d;

    if (sim_dist_mean(&lane->order_d) <= 0)
        return;
    d = sim_draws_at(sim_stream_make(w->run.seed, w->run.index, lane->hash, MDL_FOR_ORDER),
                     mdl_line_index(l->placed, l->use, l->nth));
    l->early = 1;
    l->asked++;
    sim_send(&w->run, lane->from, lane->from,
             llround(sim_dist_draw(&lane->order_d, &d) * MDL_TICKS_PER_DAY), MDL_MSG_DUE,
             MDL_MSG_DUE, id);
}

void mdl_supply_order(struct mdl_state *w, const struct sim_msg *m)
{
    struct mdl_note n = *(struct mdl_note *)sim_pool_at(&w->note, (uint32_t)m->arg);
    struct mdl_point_state *p = &w->point[w->net->lane[n.lane].from_point];
    uint32_t id = sim_pool_take(&w->line), gone;
    struct mdl_line *l = mdl_line_at(w, id);
    struct mdl_lane_state *ls = &w->lane[n.lane];

    sim_pool_give(&w->note, (uint32_t)m->arg);
    if (ls->taken_day[n.use] != n.placed) {
        ls->taken_day[n.use] = n.placed;
        ls->taken[n.use] = 0;
    }
    *l = (struct mdl_line){.lane = n.lane,
                           .order = n.order,
                           .nth = ls->taken[n.use]++,
                           .number = ++ls->n_taken,
                           .quantity = n.quantity,
                           .left = n.quantity,
                           .placed = n.placed,
                           .use = n.use};
    p->owed[n.use] += n.quantity;
    p->want[n.use] += (double)n.quantity;
    if (n.diverted > 0) {
        p->diverted[n.use] += (double)n.diverted / w->sc->forecast_d;
        p->diverted_cause[n.use] = n.cause;
    }
    append(w, &p->open, id);
    p->news = 1;
    MDL_TRACE(w, line(w, MDL_TRACED_ACCEPTED, l, n.quantity, NAN));
    make_early(w, l, id);
    gone = w->calendar.site ? mdl_strike_gone(w, m->dst, mdl_today(w)) : 0;
    if (gone)
        mdl_supply_end(w, id, MDL_NO_RULE, gone);
    else
        (void)mdl_papers_judge(w, id);
}

void mdl_supply_due(struct mdl_state *w, const struct sim_msg *m)
{
    uint32_t id = (uint32_t)m->arg, point;
    struct mdl_line *l = mdl_line_at(w, id);

    l->asked--;
    l->early = 0;
    point = w->net->lane[l->lane].from_point;
    if (l->gone && l->asked == 0) {
        sim_pool_give(&w->line, id);
    } else if (!l->closed) {
        MDL_TRACE(w, line(w, MDL_TRACED_DUE, l, l->left, NAN));
        mdl_supply_wake(w, id);
        mdl_papers_park(w, l);
    }
    if (w->net->site[m->dst].review_d == 0)
        mdl_supply_allocate(w, point);
}

static uint32_t find_in(const struct mdl_state *w, const struct mdl_list *list, uint32_t lane,
                        uint32_t order)
{
    for (uint32_t id = list->first; id; id = mdl_line_at(w, id)->next)
        if (mdl_line_at(w, id)->lane == lane && mdl_line_at(w, id)->order == order &&
            !mdl_line_at(w, id)->closed)
            return id;
    return 0;
}

/* What is not allocated can be stopped; for a buyer that goes elsewhere, also what waits at the
 * gate. */
void mdl_supply_cancel(struct mdl_state *w, const struct sim_msg *m)
{
    struct mdl_note n = *(struct mdl_note *)sim_pool_at(&w->note, (uint32_t)m->arg);
    struct mdl_point_state *p = &w->point[w->net->lane[n.lane].from_point];
    uint32_t id = find_in(w, &p->open, n.lane, n.order);
    struct mdl_line *l;
    int64_t q;

    sim_pool_give(&w->note, (uint32_t)m->arg);
    if (id == 0)
        id = find_in(w, &p->waiting, n.lane, n.order);
    if (id == 0)
        return;
    l = mdl_line_at(w, id);
    q = n.quantity < l->left ? n.quantity : l->left;
    if (q == 0 && n.what != MDL_NOTICE_SWITCHED)
        return;
    mdl_supply_wake(w, id);
    l->left -= q;
    if (!l->parked)
        p->owed[l->use] -= q;
    if (n.what == MDL_NOTICE_SWITCHED)
        q += mdl_ship_back(w, l, n.quantity - q);
    if (l->left + l->held[0] + l->held[1] == 0)
        l->closed = 1;
    p->news = 1;
    MDL_TRACE(w, line(w, MDL_TRACED_CANCELLED, l, q, NAN));
    mdl_supply_tell(w, l, n.what, 0, 0, q);
}

void mdl_supply_decision(struct mdl_state *w, const struct sim_msg *m)
{
    struct mdl_note n = *(struct mdl_note *)sim_pool_at(&w->note, (uint32_t)m->arg);
    struct mdl_line *l = mdl_line_at(w, n.line);

    sim_pool_give(&w->note, (uint32_t)m->arg);
    mdl_papers_decision(w, n.line, &n);
    if (l->gone && l->asked == 0)
        sim_pool_give(&w->line, n.line);
    if (w->net->site[m->dst].review_d == 0)
        mdl_supply_allocate(w, w->net->lane[n.lane].from_point);
}

void mdl_supply_listed(struct mdl_state *w, const struct sim_msg *m)
{
    uint32_t lane = (uint32_t)m->arg, point = w->net->lane[lane].from_point;

    if (w->lane[lane].listed != SIM_DAY_NONE)
        return;
    w->lane[lane].listed = mdl_today(w);
    judge_all(w, point);
    if (w->net->site[m->dst].review_d == 0)
        mdl_supply_allocate(w, point);
}
