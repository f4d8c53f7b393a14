#include "models/content.h"
#include "models/actors.h"

#include <math.h>
#include <string.h>

static struct mdl_papers *papers_of(const struct mdl_state *w, const struct mdl_line *l)
{
    return sim_pool_at(&w->papers, l->papers);
}

static int64_t held(const struct mdl_line *l)
{
    return l->held[MDL_FREE] + l->held[MDL_CIVIL_ONLY];
}

/* ---- general licences ---- */

static struct mdl_pair *pair_of(const struct mdl_state *w, uint32_t lane, uint32_t rule)
{
    return &w->pair[(size_t)w->st->lane_pair[lane] * w->sc->n_rule + rule];
}

/* Day on which a general licence of the line's pair ends, if it has one today: by list or earned;
 * else SIM_DAY_NONE. One by list from before `start` is settled practice. A trader in between has
 * none. */
static int32_t general_until(const struct mdl_state *w, uint32_t lane, uint32_t rule, int leg,
                             int32_t today)
{
    const struct mdl_licence *lic = &w->sc->rule[rule].licence;
    const struct mdl_lane *l = &w->net->lane[lane];
    int32_t until = leg == MDL_STRAIGHT ? pair_of(w, lane, rule)->until : SIM_DAY_NONE;

    if (until != SIM_DAY_NONE && today < until)
        return until;
    until = lic->general_from + (int32_t)ceil(lic->general_d);
    if (lic->general_site &&
        ((leg != MDL_LEG_ON && lic->general_site[l->from]) ||
         (leg != MDL_LEG_OUT && lic->general_site[l->to])) &&
        (today >= lic->general_from || lic->general_from <= w->sc->start) && today < until)
        return until;
    return SIM_DAY_NONE;
}

/* A licence was granted: the pair may have earned a general one, and its other lines get news. */
static void earn_general(struct mdl_state *w, uint32_t lane, uint32_t rule)
{
    const struct mdl_licence *lic = &w->sc->rule[rule].licence;
    struct mdl_pair *p = pair_of(w, lane, rule);
    const struct mdl_site *from = &w->net->site[w->net->lane[lane].from];
    int32_t today = mdl_today(w);

    if (lic->general_after == 0 || (p->until != SIM_DAY_NONE && today < p->until) ||
        ++p->good < lic->general_after)
        return;
    p->good = 0;
    p->until = today + (int32_t)ceil(lic->general_d);
    for (uint32_t i = from->first_point; i < from->first_point + from->n_point; i++) {
        uint32_t next;

        for (uint32_t id = w->point[i].waiting.first; id; id = next) {
            next = mdl_line_at(w, id)->next;
            if (w->st->lane_pair[mdl_line_at(w, id)->lane] == w->st->lane_pair[lane])
                mdl_supply_wake(w, id);
        }
        w->point[i].news = 1;
    }
}

/* ---- asking ---- */

static uint64_t review_index(const struct mdl_line *l)
{
    return mdl_line_index(l->placed, l->use, l->nth);
}

static int64_t applications(const struct mdl_state *w, const struct mdl_line *l)
{
    const struct mdl_product *p = &w->net->product[w->net->lane[l->lane].product];
    double units = (double)(l->left + held(l)) / (double)p->qpu;

    return (int64_t)ceil(units / p->per_application - 1e-9);
}

/* Draws what the office will do with an application; returns the ticks until it is filed. */
static int64_t draw_review(const struct mdl_state *w, const struct mdl_line *l,
                           const struct mdl_rule *r, struct mdl_note *n)
{
    const struct mdl_lane *lane = &w->net->lane[l->lane];
    const struct mdl_office *o = &w->sc->office[r->licence.office];
    uint64_t point = sim_hash_with(w->net->point[lane->to_point].hash, lane->hash),
             rule = n->leg ? sim_hash_with(r->hash, n->leg) : r->hash,
             name = sim_hash_with(point, n->times ? sim_hash_with(rule, n->times) : rule);
    struct sim_draws review = sim_draws_at(
        sim_stream_make(w->run.seed, w->run.index, name, MDL_FOR_REVIEW), review_index(l));
    struct sim_draws approval = sim_draws_at(
        sim_stream_make(w->run.seed, w->run.index, name, MDL_FOR_APPROVAL), review_index(l));
    const struct sim_dist *d =
        sim_dist_mean(&r->licence.review_d) > 0 ? &r->licence.review_d : &o->review_d;
    double p = isnan(r->licence.approval) ? o->approval : r->licence.approval;

    struct sim_draws filing = sim_draws_at(
        sim_stream_make(w->run.seed, w->run.index, name, MDL_FOR_FILING), review_index(l));

    n->review_d = sim_dist_draw(d, &review);
    n->granted = sim_uniform(&approval) < p ? MDL_GRANTED : MDL_REFUSED;
    return llround(sim_dist_draw(&r->licence.file_d, &filing) * MDL_TICKS_PER_DAY);
}

/* Where the goods of a requirement go: of the way out of a detour, to the third country. */
static uint32_t destination(const struct mdl_state *w, uint32_t lane, const struct mdl_need *need)
{
    return need->leg == MDL_LEG_OUT ? need->via : w->net->site[w->net->lane[lane].to].country;
}

/* Files what a line needs: at an office, a laboratory or a quota; what only takes days answers
 * itself when they are over. */
static void ask(struct mdl_state *w, struct mdl_line *l, uint32_t id, uint32_t slot)
{
    struct mdl_papers *p = papers_of(w, l);
    struct mdl_need *need = &p->need[slot];
    const struct mdl_rule *r = &w->sc->rule[need->rule];
    uint32_t from = w->net->lane[l->lane].from, note = sim_pool_take(&w->note), to = from;
    struct mdl_note *n = sim_pool_at(&w->note, note);
    int kind = MDL_MSG_DECISION;
    int64_t delay = w->run.lookahead, file = 0;

    *n = (struct mdl_note){.lane = l->lane,
                           .line = id,
                           .placed = l->placed,
                           .use = l->use,
                           .rule = need->rule,
                           .need = need->kind,
                           .leg = need->leg,
                           .to = destination(w, l->lane, need),
                           .granted = MDL_GRANTED,
                           .review_d = p->days[slot],
                           .applications = applications(w, l),
                           .quantity = held(l) - need->left,
                           .nth = l->nth,
                           .serial = ++l->serial,
                           .times = need->times++};
    if (need->kind == MDL_NEED_LICENCE)
        file = draw_review(w, l, r, n);
    if (need->kind == MDL_NEED_QUOTA) {
        to = mdl_quota_actor(w, need->rule);
        kind = MDL_MSG_ASK;
    } else if (need->kind == MDL_NEED_LICENCE ||
               (need->kind == MDL_NEED_INSPECTION && r->licence.office != UINT32_MAX)) {
        to = w->net->n_site + r->licence.office;
        kind = MDL_MSG_APPLY;
    } else {
        delay = llround(p->days[slot] * MDL_TICKS_PER_DAY);
    }
    if (file > 0) {
        to = from;
        kind = MDL_MSG_FILE;
        delay = file;
    }
    need->state = file > 0 ? MDL_NEED_FILING : MDL_NEED_ASKED;
    need->serial = l->serial;
    l->asked++;
    MDL_TRACE(w, paper(w,
                       file > 0                         ? MDL_TRACED_PREPARED
                       : need->kind == MDL_NEED_LICENCE ? MDL_TRACED_FILED
                                                        : MDL_TRACED_ASKED,
                       l, need, n, delay));
    sim_send(&w->run, from, to, delay, (uint16_t)kind, (uint8_t)kind, note);
}

/* A line needs something no more: the office or the quota hears; what days alone decide comes and
 * is not listened to. */
static void drop(struct mdl_state *w, const struct mdl_line *l, uint32_t id,
                 const struct mdl_need *need)
{
    const struct mdl_rule *r = &w->sc->rule[need->rule];
    uint32_t from = w->net->lane[l->lane].from, note, to;

    if (need->kind == MDL_NEED_QUOTA ? need->state != MDL_NEED_ASKED && need->left == 0
                                     : need->state != MDL_NEED_ASKED)
        return;
    if (need->kind == MDL_NEED_QUOTA)
        to = mdl_quota_actor(w, need->rule);
    else if (need->kind == MDL_NEED_LICENCE ||
             (need->kind == MDL_NEED_INSPECTION && r->licence.office != UINT32_MAX))
        to = w->net->n_site + r->licence.office;
    else
        return;
    MDL_TRACE(w, paper(w, MDL_TRACED_WITHDRAWN, l, need, NULL, 0));
    note = sim_pool_take(&w->note);
    *(struct mdl_note *)sim_pool_at(&w->note, note) =
        (struct mdl_note){.lane = l->lane,
                          .line = id,
                          .rule = need->rule,
                          .need = need->kind,
                          .leg = need->leg,
                          .to = destination(w, l->lane, need),
                          .day = need->until,
                          .serial = need->serial,
                          .quantity = need->left};
    sim_send(&w->run, from, to, w->run.lookahead, MDL_MSG_WITHDRAW, MDL_MSG_WITHDRAW, note);
}

void mdl_papers_close(struct mdl_state *w, uint32_t id)
{
    struct mdl_line *l = mdl_line_at(w, id);
    struct mdl_papers *p;

    if (l->papers == 0)
        return;
    p = papers_of(w, l);
    for (uint32_t i = 0; i < p->n_need; i++)
        drop(w, l, id, &p->need[i]);
    sim_pool_give(&w->papers, l->papers);
    l->papers = 0;
}

/* ---- parked lines ---- */

/* What is made only to the licence is not owed before; goods of orders from before the rule are in
 * hand or in process already. */
void mdl_papers_park(struct mdl_state *w, struct mdl_line *l)
{
    const struct mdl_papers *p = l->papers ? papers_of(w, l) : NULL;
    struct mdl_point_state *point = &w->point[w->net->lane[l->lane].from_point];
    int on = l->early;

    for (uint32_t i = 0; p && i < p->n_need; i++)
        on |= p->need[i].kind == MDL_NEED_LICENCE && p->need[i].state != MDL_NEED_MET &&
              w->sc->rule[p->need[i].rule].licence.make_at &&
              l->placed >= w->sc->rule[p->need[i].rule].from;
    if (on == l->parked)
        return;
    l->parked = (uint8_t)on;
    point->owed[l->use] += on ? -l->left : l->left;
    point->news = 1;
}

/* ---- judging ---- */

static void take_over(struct mdl_state *w, struct mdl_line *l, uint32_t id,
                      const struct mdl_verdict *v)
{
    struct mdl_papers *p = papers_of(w, l), old = *p;

    p->n_need = (uint32_t)v->n_ask;
    p->civil_only = v->civil_only;
    p->n_tax = (uint32_t)v->n_tax;
    memcpy(p->tax, v->tax, sizeof p->tax);
    for (int i = 0; i < v->n_ask; i++) {
        p->need[i] = (struct mdl_need){
            .rule = (uint16_t)v->ask[i].rule,
            .kind = (uint8_t)v->ask[i].kind,
            .leg = (uint8_t)v->ask[i].leg,
            .via = v->ask[i].leg == MDL_STRAIGHT ? 0 : w->sc->detour[p->detour - 1].via};
        p->days[i] = v->ask[i].days;
        p->from[i] = v->ask[i].from;
        for (uint32_t k = 0; k < old.n_need; k++)
            if (old.need[k].rule == p->need[i].rule && old.need[k].kind == p->need[i].kind &&
                old.need[k].leg == p->need[i].leg && old.need[k].via == p->need[i].via) {
                p->need[i] = old.need[k];
                old.need[k] = (struct mdl_need){.kind = MDL_NEED_NOTICE};
            }
    }
    for (uint32_t k = 0; k < old.n_need; k++)
        drop(w, l, id, &old.need[k]);
}

/* Origin vector of the goods of a line: of what is held for it and what would be given to it now.
 * In the run's scratch. */
static const double *mix_of(struct mdl_state *w, const struct mdl_line *l)
{
    const struct mdl_lane *lane = &w->net->lane[l->lane];
    const struct mdl_point_state *p = &w->point[lane->from_point];
    size_t width = mdl_network_width(w->net, &w->net->product[lane->product]);
    int64_t left = l->left;
    double mass = 0;

    memcpy(w->scratch, p->share[MDL_FREE], width * sizeof *w->scratch);
    for (int k = MDL_MARKS - 1; k >= 0; k--) { /* civilians take civil-only goods first */
        int64_t more = k == MDL_CIVIL_ONLY && l->use != MDL_CIVIL ? 0 : p->on_hand[k];

        more = more < left ? more : left;
        left -= more;
        if (l->held[k] > 0 && l->share[k]) {
            mdl_content_mix(w->scratch, mass, mdl_stock_share_at(w, lane->product, l->share[k]),
                            (double)l->held[k], width);
            mass += (double)l->held[k];
        }
        if (more > 0) {
            mdl_content_mix(w->scratch, mass, p->share[k], (double)more, width);
            mass += (double)more;
        }
    }
    return w->scratch;
}

static struct mdl_shipment shipment_of(struct mdl_state *w, const struct mdl_line *l)
{
    const struct mdl_lane *lane = &w->net->lane[l->lane];

    return (struct mdl_shipment){.net = w->net,
                                 .lane = lane,
                                 .use = l->use,
                                 .quantity = l->quantity,
                                 .day = mdl_today(w),
                                 .placed = l->placed,
                                 .nth = l->nth,
                                 .seed = w->run.seed,
                                 .run = w->run.index,
                                 .share = w->gate->by_content[l->lane]
                                              ? mix_of(w, l)
                                              : w->point[lane->from_point].share[MDL_FREE],
                                 .caught = w->lane[l->lane].listed != SIM_DAY_NONE};
}

int mdl_papers_judge(struct mdl_state *w, uint32_t id)
{
    struct mdl_line *l = mdl_line_at(w, id);
    struct mdl_shipment s;
    struct mdl_verdict v;
    struct mdl_papers *p;

    if (w->gate->first[l->lane] == w->gate->first[l->lane + 1]) {
        mdl_papers_park(w, l);
        return 1;
    }
    if (l->papers == 0)
        l->papers = sim_pool_take(&w->papers);
    p = papers_of(w, l);
    s = shipment_of(w, l);
    mdl_gate_judge(w->gate, &w->world, &s, &v);
    p->evaded = v.denied ? (uint32_t)v.denied - 1 : 0;
    p->detour = v.denied ? mdl_evade_detour(w, &s, &v) : 0;
    if (v.denied || v.declined) {
        mdl_supply_refuse(w, id, (uint32_t)(v.denied ? v.denied : v.declined) - 1,
                          v.denied ? MDL_WHY_DENIED : MDL_WHY_DECLINED);
        return 0;
    }
    take_over(w, l, id, &v);
    for (uint32_t i = 0; i < p->n_need; i++)
        if (p->need[i].state == MDL_NEED_OPEN &&
            (p->need[i].kind == MDL_NEED_NOTICE ||
             (p->need[i].kind == MDL_NEED_LICENCE &&
              w->sc->rule[p->need[i].rule].licence.apply_at == 0 &&
              general_until(w, l->lane, p->need[i].rule, p->need[i].leg, s.day) == SIM_DAY_NONE)))
            ask(w, l, id, i);
    mdl_papers_park(w, l);
    return 1;
}

/* ---- clearing ---- */

static const int why_of[] = {[MDL_NEED_LICENCE] = MDL_WHY_LICENCE,
                             [MDL_NEED_NOTICE] = MDL_WHY_NOTICE,
                             [MDL_NEED_INSPECTION] = MDL_WHY_INSPECTION,
                             [MDL_NEED_QUOTA] = MDL_WHY_QUOTA};

static void hold(struct mdl_hold *h, const struct mdl_need *need)
{
    h->rule = need->rule;
    h->why = why_of[need->kind];
}

/* Licences and notices, side by side. */
static int papers_in_hand(struct mdl_state *w, struct mdl_line *l, uint32_t id, int32_t today,
                          struct mdl_hold *h)
{
    struct mdl_papers *p = papers_of(w, l);
    int all = 1, changed = 0;

    for (uint32_t i = p->n_need; i-- > 0;) {
        struct mdl_need *n = &p->need[i];
        int32_t general;

        if (n->kind > MDL_NEED_NOTICE)
            continue;
        if (n->kind == MDL_NEED_LICENCE && n->state == MDL_NEED_MET && today >= n->until) {
            n->state = MDL_NEED_OPEN;
            changed = 1;
        }
        if (n->kind == MDL_NEED_LICENCE && n->state != MDL_NEED_MET &&
            (general = general_until(w, l->lane, n->rule, n->leg, today)) != SIM_DAY_NONE) {
            drop(w, l, id, n);
            n->state = MDL_NEED_MET;
            n->until = general;
            changed = 1;
            MDL_TRACE(w, paper(w, MDL_TRACED_CLEARED, l, n, NULL, 0));
        }
        if (n->state == MDL_NEED_MET)
            continue;
        if (n->state == MDL_NEED_OPEN &&
            (n->kind == MDL_NEED_NOTICE || w->sc->rule[n->rule].licence.apply_at == 0 ||
             held(l) > 0))
            ask(w, l, id, i);
        if (today < p->from[i])
            continue;
        hold(h, n);
        all = 0;
    }
    if (changed)
        mdl_papers_park(w, l);
    return all;
}

/* Inspections one after the other, once there are goods to look at. */
static int inspected(struct mdl_state *w, struct mdl_line *l, uint32_t id, struct mdl_hold *h)
{
    struct mdl_papers *p = papers_of(w, l);

    for (uint32_t i = 0; i < p->n_need; i++) {
        struct mdl_need *n = &p->need[i];

        if (n->kind != MDL_NEED_INSPECTION || n->state == MDL_NEED_MET || mdl_today(w) < p->from[i])
            continue;
        if (n->state == MDL_NEED_OPEN && held(l) > 0)
            ask(w, l, id, i);
        hold(h, n);
        return 0;
    }
    return 1;
}

static int64_t quota_in_hand(struct mdl_state *w, struct mdl_line *l, uint32_t id,
                             struct mdl_hold *h)
{
    struct mdl_papers *p = papers_of(w, l);
    int64_t most = INT64_MAX;

    for (uint32_t i = 0; i < p->n_need; i++) {
        struct mdl_need *n = &p->need[i];

        if (n->kind != MDL_NEED_QUOTA || mdl_today(w) < p->from[i])
            continue;
        if (n->state == MDL_NEED_OPEN && held(l) > n->left)
            ask(w, l, id, i);
        most = n->left < most ? n->left : most;
        hold(h, n);
    }
    return most;
}

static int64_t cleared(struct mdl_state *w, uint32_t id, struct mdl_hold *h)
{
    struct mdl_line *l = mdl_line_at(w, id);

    if (l->papers == 0 || papers_of(w, l)->n_need == 0)
        return INT64_MAX;
    if (!papers_in_hand(w, l, id, mdl_today(w), h) || !inspected(w, l, id, h))
        return 0;
    return quota_in_hand(w, l, id, h);
}

int64_t mdl_papers_clear(struct mdl_state *w, uint32_t id, struct mdl_hold *h)
{
    int64_t most = cleared(w, id, h);

    h->cause = 0;
    if (w->calendar.lane && most > 0) /* goods that are free to go wait for their lane */
        h->cause = mdl_strike_closed(w, mdl_line_at(w, id)->lane, mdl_today(w));
    return h->cause ? 0 : most;
}

int64_t mdl_papers_keep(const struct mdl_state *w, const struct mdl_line *l)
{
    const struct mdl_papers *p = l->papers ? papers_of(w, l) : NULL;
    int64_t ready = l->held[0] + l->held[1], most = 0;

    for (uint32_t i = 0; p && i < p->n_need; i++) {
        const struct mdl_need *n = &p->need[i];
        int64_t q = ready;

        if (mdl_today(w) < p->from[i])
            continue;
        if (n->kind == MDL_NEED_QUOTA)
            q -= n->left;
        else if (n->state == MDL_NEED_FILING || n->state == MDL_NEED_ASKED)
            q += n->kind == MDL_NEED_INSPECTION ? 0 : l->left;
        else if (n->state == MDL_NEED_MET &&
                 (n->kind != MDL_NEED_LICENCE || mdl_today(w) < n->until))
            q = 0;
        most = q > most ? q : most;
    }
    return most;
}

void mdl_papers_use(struct mdl_state *w, struct mdl_line *l, int64_t q)
{
    struct mdl_papers *p;

    if (l->papers == 0)
        return;
    p = papers_of(w, l);
    for (uint32_t i = 0; i < p->n_need; i++)
        if (p->need[i].kind == MDL_NEED_QUOTA && mdl_today(w) >= p->from[i]) {
            p->need[i].left -= q;
            sim_bug_if(p->need[i].left < 0);
        }
}

/* ---- answers ---- */

static void answered(struct mdl_state *w, struct mdl_line *l, uint32_t id, struct mdl_need *need,
                     const struct mdl_note *n)
{
    double until = (double)mdl_today(w) + w->sc->rule[n->rule].licence.validity_d;

    if (n->need == MDL_NEED_QUOTA) {
        need->left += n->quantity;
        MDL_TRACE(w, paper(w, MDL_TRACED_CLEARED, l, need, NULL, 0));
        if (n->quantity > 0)
            need->until = n->day;
        if (n->granted != MDL_GRANTED_IN_PART)
            need->state = MDL_NEED_OPEN; /* for goods that are ready later */
        mdl_supply_wake(w, id);
        return;
    }
    if (need->state != MDL_NEED_ASKED || n->granted == MDL_WITHDRAWN)
        return;
    mdl_supply_wake(w, id);
    MDL_TRACE(w, paper(w,
                       n->need != MDL_NEED_LICENCE ? MDL_TRACED_CLEARED
                       : n->granted == MDL_REFUSED ? MDL_TRACED_TURNED_DOWN
                                                   : MDL_TRACED_GRANTED,
                       l, need, NULL, 0));
    if (n->granted == MDL_REFUSED) {
        mdl_supply_refuse(w, id, n->rule, MDL_WHY_REFUSED);
        return;
    }
    need->state = MDL_NEED_MET;
    need->until = n->need == MDL_NEED_LICENCE && until < INT32_MAX ? (int32_t)until : INT32_MAX;
    mdl_papers_park(w, l);
    if (n->need == MDL_NEED_LICENCE && n->leg == MDL_STRAIGHT)
        earn_general(w, l->lane, n->rule);
}

/* Quota that comes when the line needs it no more goes back. */
static void give_back(struct mdl_state *w, const struct mdl_line *l, uint32_t id,
                      const struct mdl_note *n)
{
    const struct mdl_need need = {.rule = (uint16_t)n->rule,
                                  .kind = MDL_NEED_QUOTA,
                                  .leg = n->leg,
                                  .via = n->to,
                                  .until = n->day,
                                  .left = n->quantity};

    if (n->need == MDL_NEED_QUOTA && n->quantity > 0)
        drop(w, l, id, &need);
}

/* The need of a line that made a request; NULL if it has it no more. */
static struct mdl_need *need_of(const struct mdl_state *w, const struct mdl_line *l,
                                const struct mdl_note *n)
{
    struct mdl_papers *p = l->papers ? papers_of(w, l) : NULL;

    for (uint32_t i = 0; p && !l->closed && i < p->n_need; i++)
        if (p->need[i].rule == n->rule && p->need[i].kind == n->need && p->need[i].leg == n->leg &&
            p->need[i].serial == n->serial)
            return &p->need[i];
    return NULL;
}

void mdl_papers_file(struct mdl_state *w, const struct sim_msg *m)
{
    struct mdl_note *n = sim_pool_at(&w->note, (uint32_t)m->arg);
    struct mdl_need *need = need_of(w, mdl_line_at(w, n->line), n);

    if (need == NULL || need->state != MDL_NEED_FILING) {
        n->granted = MDL_WITHDRAWN;
        mdl_supply_decision(w, m);
        return;
    }
    need->state = MDL_NEED_ASKED;
    MDL_TRACE(w, paper(w, MDL_TRACED_FILED, mdl_line_at(w, n->line), need, n, 0));
    sim_send(&w->run, m->dst, w->net->n_site + w->sc->rule[n->rule].licence.office,
             w->run.lookahead, MDL_MSG_APPLY, MDL_MSG_APPLY, (uint32_t)m->arg);
}

void mdl_papers_decision(struct mdl_state *w, uint32_t id, const struct mdl_note *n)
{
    struct mdl_line *l = mdl_line_at(w, id);
    struct mdl_need *need = need_of(w, l, n);

    if (n->granted != MDL_GRANTED_IN_PART)
        l->asked--;
    if (need)
        answered(w, l, id, need, n);
    else
        give_back(w, l, id, n);
}
