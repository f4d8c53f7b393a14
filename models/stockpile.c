#include "models/content.h"
#include "models/stockpile.h"

#include <math.h>
#include <string.h>

static const struct mdl_reserve *rules_of(const struct mdl_state *w, uint32_t reserve)
{
    return &w->sc->reserve[reserve];
}

static uint32_t actor_of(const struct mdl_state *w, uint32_t reserve)
{
    return mdl_actor(w, MDL_ACTOR_RESERVE, reserve);
}

/* ---- what a reserve holds ---- */

static void book_day(struct mdl_state *w, struct mdl_depot *d, int64_t *months, int64_t q, int sign)
{
    int32_t today = mdl_today(w);

    if (!mdl_recording(w, today))
        d->before += sign * q;
    for (uint32_t k = 0; mdl_recording(w, today) && k < w->st->n_month; k++)
        if (today < w->st->month_first[k + 1]) {
            months[k] += q;
            break;
        }
}

static void take_out(struct mdl_state *w, struct mdl_depot *d, int64_t q)
{
    sim_bug_if(q < 0 || d->held < q);
    d->held -= q;
    d->a_out += q;
    book_day(w, d, d->released, q, -1);
    if (d->held == 0 && d->empty == SIM_DAY_NONE)
        d->empty = mdl_today(w);
}

static void put_in(struct mdl_state *w, struct mdl_depot *d, int64_t q, const double *share)
{
    size_t n = mdl_network_width(w->net, &w->net->product[d->product]);

    if (q <= 0)
        return;
    if (n > 0)
        mdl_content_mix(d->share, (double)d->held, share, (double)q, n);
    d->held += q;
    d->a_in += q;
    book_day(w, d, d->taken, q, 1);
}

/* ---- who is short ---- */

static double rate_of(const struct mdl_state *w, uint32_t point)
{
    return w->point[point].forecast[0] + w->point[point].forecast[1];
}

static int64_t stock_of(const struct mdl_state *w, uint32_t point)
{
    const struct mdl_point_state *p = &w->point[point];

    return p->on_hand[0] + p->on_hand[1] + p->relief;
}

/* Free goods beyond the cover that a site keeps when a reserve is filled again. */
static int64_t excess(const struct mdl_state *w, const struct mdl_reserve *r, uint32_t point)
{
    int64_t q =
        w->point[point].on_hand[MDL_FREE] - (int64_t)ceil(r->refill_cover_d * rate_of(w, point));

    return q > 0 ? q : 0;
}

static int fills(const struct mdl_reserve *r, int32_t today)
{
    return !isnan(r->refill_d) && (r->refill_from == SIM_DAY_NONE || today >= r->refill_from);
}

static int opens(const struct mdl_reserve *r, int32_t today, double planned, double missed)
{
    return (r->from == SIM_DAY_NONE || today >= r->from) &&
           (r->until == SIM_DAY_NONE || today < r->until) &&
           (isnan(r->release_loss) || missed > r->release_loss * planned);
}

/* Value of a site's planned and missed starts of the 28 days that end with `last`, counted from the
 * first simulated one. */
static void lately(const struct mdl_state *w, uint32_t site, int32_t last, double *planned,
                   double *missed)
{
    const struct mdl_loss *l = w->stockpile->loss[site];
    const int32_t n = MDL_LOSS_DAYS + 1;

    *planned = *missed = 0;
    if (l == NULL || last < 0)
        return;
    *planned = l->planned[last % n] - l->planned[(last + 1) % n];
    *missed = l->missed[last % n] - l->missed[(last + 1) % n];
}

static void count_loss(struct mdl_state *w, uint32_t site)
{
    const struct mdl_site *s = &w->net->site[site];
    struct mdl_loss *l = w->stockpile->loss[site];
    int32_t at = (mdl_today(w) - w->day0) % (MDL_LOSS_DAYS + 1);

    if (l == NULL)
        return;
    l->planned[at] = l->missed[at] = 0;
    for (uint32_t k = s->first_process; k < s->first_process + s->n_process; k++) {
        const struct mdl_product *p = &w->net->product[mdl_recipe_of(w, k)->out[0].product];
        double usd = p->value_usd / (double)p->qpu;

        l->planned[at] += w->process[k].planned * usd;
        l->missed[at] += w->process[k].missed * usd;
    }
}

/* ---- a company's own ---- */

static int is_gone(const struct mdl_state *w, uint32_t point)
{
    return w->calendar.site && mdl_strike_gone(w, w->net->point[point].site, mdl_today(w));
}

static void release_own(struct mdl_state *w, struct mdl_relief *x)
{
    const struct mdl_reserve *r = rules_of(w, x->reserve);
    struct mdl_depot *d = &w->stockpile->depot[x->depot];
    struct mdl_point_state *p = &w->point[x->point];
    int64_t gap = (int64_t)ceil(mdl_reserve_low_d(r, w->net, x->point) * rate_of(w, x->point)) -
                  stock_of(w, x->point),
            q = gap < d->most_out ? gap : d->most_out;

    q = q < d->held ? q : d->held;
    if (q <= 0 || is_gone(w, x->point))
        return;
    mdl_stock_add(w, x->point, MDL_FREE, q, d->share);
    take_out(w, d, q);
    p->a_in += q;
    x->came += q;
    p->from_reserve += mdl_recording(w, mdl_today(w)) ? q : 0;
}

static void fill_own(struct mdl_state *w, struct mdl_relief *x)
{
    struct mdl_depot *d = &w->stockpile->depot[x->depot];
    struct mdl_point_state *p = &w->point[x->point];
    int64_t room = d->target - d->held, q = excess(w, rules_of(w, x->reserve), x->point);

    q = q < room ? q : room;
    q = q < d->most_in ? q : d->most_in;
    if (q <= 0)
        return;
    put_in(w, d, q, p->share[MDL_FREE]);
    mdl_stock_take(w, x->point, MDL_FREE, q);
    p->a_out += q;
    x->given += q;
}

void mdl_stockpile_morning(struct mdl_state *w, uint32_t site)
{
    struct mdl_stockpiles *s = w->stockpile;
    int32_t today = mdl_today(w);

    for (uint32_t i = s->relief_of[site]; i < s->relief_of[site + 1]; i++) {
        const struct mdl_reserve *r = rules_of(w, s->relief[i].reserve);
        double planned, missed;

        if (r->kind != MDL_RESERVE_COMPANY)
            continue;
        lately(w, site, today - w->day0 - 1, &planned, &missed);
        if (opens(r, today, planned, missed))
            release_own(w, &s->relief[i]);
        if (fills(r, today))
            fill_own(w, &s->relief[i]);
    }
}

/* ---- a site and a state's reserve ---- */

static uint32_t pack(struct mdl_state *w, struct mdl_report text)
{
    uint32_t id = sim_pool_take(&w->stockpile->report);

    *(struct mdl_report *)sim_pool_at(&w->stockpile->report, id) = text;
    return id;
}

/* A site asks for what it lacks to the cover below which it is served, and for what it uses until
 * goods come of its next report. */
static int64_t lacks(const struct mdl_state *w, const struct mdl_reserve *r, uint32_t point)
{
    double low = mdl_reserve_low_d(r, w->net, point), rate = rate_of(w, point);
    int64_t every = w->net->site[w->net->point[point].site].review_d, have = stock_of(w, point);

    if ((double)have >= low * rate || is_gone(w, point))
        return 0;
    return (int64_t)ceil((low + (double)(every > 0 ? every : 1) + 1 + r->transit_d) * rate) - have;
}

static void report(struct mdl_state *w, uint32_t site, uint32_t i, int32_t today)
{
    struct mdl_relief *x = &w->stockpile->relief[i];
    const struct mdl_reserve *r = rules_of(w, x->reserve);
    struct mdl_report text = {.relief = i, .what = MDL_REPORT, .promised = x->promised};
    int tells;

    if (r->kind != MDL_RESERVE_STATE)
        return;
    text.ask = lacks(w, r, x->point);
    text.offer = text.ask == 0 && fills(r, today) ? excess(w, r, x->point) : 0;
    lately(w, site, today - w->day0, &text.planned, &text.missed);
    tells = text.ask > 0 || text.offer > 0 || text.planned > 0;
    if (tells || x->told)
        sim_send(&w->run, site, actor_of(w, x->reserve), w->run.lookahead, MDL_MSG_REPORT,
                 MDL_MSG_REPORT, pack(w, text));
    x->told = tells;
}

void mdl_stockpile_evening(struct mdl_state *w, uint32_t site, int reviews)
{
    const struct mdl_stockpiles *s = w->stockpile;

    count_loss(w, site);
    for (uint32_t i = s->relief_of[site]; reviews && i < s->relief_of[site + 1]; i++)
        report(w, site, i, mdl_today(w));
}

static int64_t days(const struct mdl_state *w, const struct mdl_reserve *r)
{
    int64_t ticks = llround(r->transit_d * MDL_TICKS_PER_DAY);

    return ticks > w->run.lookahead ? ticks : w->run.lookahead;
}

/* What was asked for leaves, as far as the site can spare it. */
static void give(struct mdl_state *w, struct mdl_relief *x, uint32_t id, int64_t asked)
{
    const struct mdl_reserve *r = rules_of(w, x->reserve);
    struct mdl_point_state *p = &w->point[x->point];
    int64_t spare = excess(w, r, x->point), q = asked < spare ? asked : spare;
    uint32_t share = q > 0 ? mdl_stock_share(w, x->point, MDL_FREE) : 0;
    struct mdl_report text = {
        .relief = id, .share = share, .what = MDL_GIVE, .quantity = q, .asked = asked};

    mdl_stock_take(w, x->point, MDL_FREE, q);
    p->a_out += q;
    x->given += q;
    sim_send(&w->run, w->net->point[x->point].site, actor_of(w, x->reserve), days(w, r),
             MDL_MSG_REPORT, MDL_MSG_REPORT, pack(w, text));
}

uint32_t mdl_stockpile_receive(struct mdl_state *w, const struct sim_msg *m)
{
    struct mdl_report n =
        *(struct mdl_report *)sim_pool_at(&w->stockpile->report, (uint32_t)m->arg);
    struct mdl_relief *x = &w->stockpile->relief[n.relief];
    struct mdl_point_state *p = &w->point[x->point];
    uint32_t product = w->net->point[x->point].product;

    sim_pool_give(&w->stockpile->report, (uint32_t)m->arg);
    if (n.what == MDL_TAKE) {
        give(w, x, n.relief, n.quantity);
    } else if (n.what == MDL_PROMISE) {
        x->promised += n.quantity;
        p->relief += n.quantity;
    } else {
        mdl_stock_add(w, x->point, MDL_FREE, n.quantity, mdl_stock_share_at(w, product, n.share));
        mdl_stock_drop_share(w, product, n.share);
        p->a_in += n.quantity;
        p->relief -= n.quantity;
        x->came += n.quantity;
        p->from_reserve += mdl_recording(w, mdl_today(w)) ? n.quantity : 0;
    }
    return x->point;
}

/* ---- the day of a state's reserve ---- */

static void tell(struct mdl_state *w, const struct mdl_claim *c, int64_t delay,
                 struct mdl_report text)
{
    const struct mdl_relief *x = &w->stockpile->relief[c->relief];

    text.relief = c->relief;
    sim_send(&w->run, actor_of(w, x->reserve), w->net->point[x->point].site, delay, MDL_MSG_RELIEF,
             MDL_MSG_RELIEF, pack(w, text));
}

static void grant(struct mdl_state *w, struct mdl_depot *d, struct mdl_claim *c, int64_t q)
{
    struct sim_pool *pool = &w->share[w->net->product[d->product].n_el];
    size_t n = mdl_network_width(w->net, &w->net->product[d->product]);
    uint32_t share = n > 0 ? sim_pool_take_raw(pool) : 0;

    if (n > 0)
        memcpy(sim_pool_at(pool, share), d->share, n * sizeof(double));
    take_out(w, d, q);
    c->ask -= q;
    c->granted += q;
    tell(w, c, w->run.lookahead, (struct mdl_report){.what = MDL_PROMISE, .quantity = q});
    tell(w, c, days(w, rules_of(w, d->reserve)),
         (struct mdl_report){.what = MDL_GOODS, .quantity = q, .share = share});
}

static void call_in(struct mdl_state *w, struct mdl_depot *d, struct mdl_claim *c, int64_t q)
{
    c->offer -= q;
    d->coming += q;
    tell(w, c, w->run.lookahead, (struct mdl_report){.what = MDL_TAKE, .quantity = q});
}

/* Claims from..to - 1 in the order in which they began to ask, then by point. */
static void line_up(struct mdl_stockpiles *s, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++) {
        uint32_t k = i;

        for (; k > from && s->claim[s->order[k - 1]].since > s->claim[i].since; k--)
            s->order[k] = s->order[k - 1];
        s->order[k] = i;
    }
}

/* Shares out `room` to what claims want, in their order, or in proportion; what rounding keeps from
 * one the next in line gets. */
static void share_out(struct mdl_stockpiles *s, uint32_t from, uint32_t to, int64_t room, int fifo)
{
    mdl_wide all = 0, sum = 0;
    int64_t given = 0;

    for (uint32_t i = from; i < to; i++)
        all += s->want[i];
    for (uint32_t i = from; i < to; i++) {
        uint32_t k = s->order[i];
        int64_t most = room - given;

        sum += s->want[k];
        if (!fifo && all > room)
            most = (int64_t)(sum * room / all) - given;
        s->got[k] = s->want[k] < most ? s->want[k] : most;
        given += s->got[k];
    }
}

/* One product: what is asked for is given out; while nobody asks, what is offered is called in.
 * Returns 1 if there is more to do tomorrow. */
static int turn(struct mdl_state *w, uint32_t depot, int open, int filling)
{
    struct mdl_stockpiles *s = w->stockpile;
    struct mdl_depot *d = &s->depot[depot];
    const struct mdl_reserve_state *r = &s->reserve[d->reserve];
    uint32_t from = r->first_claim[depot - r->first_depot],
             to = r->first_claim[depot - r->first_depot + 1];
    int64_t asked = 0, offered = 0, room = d->held, lack;

    for (uint32_t i = from; i < to; i++) {
        asked += s->claim[i].ask;
        offered += s->claim[i].offer;
    }
    lack = d->target - d->held - d->coming;
    if (asked == 0) {
        if (!filling || offered == 0 || lack <= 0)
            return 0;
        room = lack;
    } else if (!open || d->held == 0) {
        return d->held > 0;
    }
    room = room < (asked ? d->most_out : d->most_in) ? room : asked ? d->most_out : d->most_in;
    line_up(s, from, to);
    for (uint32_t i = from; i < to; i++)
        s->want[i] = asked ? s->claim[i].ask : s->claim[i].offer;
    share_out(s, from, to, room, rules_of(w, d->reserve)->fifo);
    for (uint32_t i = from; i < to; i++)
        if (s->got[i] > 0)
            (asked ? grant : call_in)(w, d, &s->claim[i], s->got[i]);
    return asked ? asked > room && d->held > 0 : offered > room && lack > room;
}

static void wake(struct mdl_state *w, uint32_t reserve)
{
    struct mdl_reserve_state *r = &w->stockpile->reserve[reserve];
    int64_t into = w->run.now % MDL_TICKS_PER_DAY;

    if (r->awake)
        return;
    r->awake = 1;
    sim_send(&w->run, actor_of(w, reserve), actor_of(w, reserve), MDL_TICKS_PER_DAY - into,
             MDL_MSG_RESERVE, MDL_MSG_RESERVE, 0);
}

static void day(struct mdl_state *w, uint32_t reserve)
{
    struct mdl_reserve_state *r = &w->stockpile->reserve[reserve];
    const struct mdl_reserve *rules = rules_of(w, reserve);
    int32_t today = mdl_today(w);
    double planned = 0, missed = 0;
    int more = 0, open;

    for (uint32_t i = 0; r->planned && i < w->net->n_site; i++) {
        planned += r->planned[i];
        missed += r->missed[i];
    }
    open = opens(rules, today, planned, missed);
    r->awake = 0;
    for (uint32_t i = r->first_depot; i < r->first_depot + r->n_depot; i++)
        more |= turn(w, i, open, fills(rules, today));
    if (more)
        wake(w, reserve);
}

static void hear(struct mdl_state *w, uint32_t reserve, const struct mdl_report *n)
{
    struct mdl_stockpiles *s = w->stockpile;
    const struct mdl_relief *x = &s->relief[n->relief];
    struct mdl_claim *c = &s->claim[x->claim];
    uint32_t site = w->net->point[x->point].site;
    int64_t unheard = c->granted - n->promised, ask = n->ask > unheard ? n->ask - unheard : 0;

    if (c->ask == 0 && ask > 0)
        c->since = w->run.now;
    c->ask = ask;
    c->offer = n->offer;
    if (s->reserve[reserve].planned) {
        s->reserve[reserve].planned[site] = n->planned;
        s->reserve[reserve].missed[site] = n->missed;
    }
    if (ask > 0 || n->offer > 0)
        wake(w, reserve);
}

void mdl_stockpile_handle(struct mdl_state *w, const struct sim_msg *m)
{
    uint32_t reserve = m->dst - actor_of(w, 0);
    struct mdl_report n;
    struct mdl_depot *d;

    if (m->kind == MDL_MSG_RESERVE) {
        day(w, reserve);
        return;
    }
    n = *(struct mdl_report *)sim_pool_at(&w->stockpile->report, (uint32_t)m->arg);
    sim_pool_give(&w->stockpile->report, (uint32_t)m->arg);
    if (n.what == MDL_REPORT) {
        hear(w, reserve, &n);
        return;
    }
    d = &w->stockpile->depot[w->stockpile->relief[n.relief].depot];
    d->coming -= n.asked;
    put_in(w, d, n.quantity, mdl_stock_share_at(w, d->product, n.share));
    mdl_stock_drop_share(w, d->product, n.share);
}

/* ---- the beginning ---- */

static int64_t per_day(const struct mdl_state *w, uint32_t product, double units)
{
    double q = units * (double)w->net->product[product].qpu;

    return isnan(q) || q > 4e18 ? INT64_MAX : llround(q);
}

/* Quanta a day that a point buys in the steady state; from abroad only. */
static double bought(const struct mdl_state *w, uint32_t point, int imports)
{
    const struct mdl_balance *b = &w->st->balance;
    const struct mdl_point *p = &w->net->point[point];
    double sum = 0;

    for (uint32_t i = 0; i < p->n_lane_in; i++)
        if (!imports || w->net->lane[p->lane_in[i]].border)
            sum += b->flow[0][p->lane_in[i]] + b->flow[1][p->lane_in[i]];
    return sum;
}

/* Fills a depot that serves the points of `k`, or the only one of them that is `own`. */
static void fill_first(struct mdl_state *w, struct mdl_depot *d, const struct mdl_reserve_stock *k,
                       uint32_t own)
{
    const struct mdl_reserve *r = rules_of(w, d->reserve);
    const struct mdl_balance *b = &w->st->balance;
    size_t n = mdl_network_width(w->net, &w->net->product[d->product]);
    double need = 0;
    int64_t share;

    d->share = sim_arena_alloc(&w->run.arena, n, sizeof(double));
    d->released = sim_arena_alloc(&w->run.arena, w->st->n_month, sizeof(int64_t));
    d->taken = sim_arena_alloc(&w->run.arena, w->st->n_month, sizeof(int64_t));
    d->empty = SIM_DAY_NONE;
    for (uint32_t i = 0; i < k->n_point; i++) {
        uint32_t at = k->point[i];
        double rate = bought(w, at, r->imports) + 1e-9;

        if (own != UINT32_MAX && at != own)
            continue;
        if (n > 0)
            mdl_content_mix(d->share, need, b->share[at], rate, n);
        need += rate;
    }
    d->target = d->held =
        isnan(r->cover_d) ? per_day(w, d->product, r->quantity) : llround(r->cover_d * need);
    mdl_stock_book(w, w->net->point[own == UINT32_MAX ? k->point[0] : own].site, d->product,
                   (double)d->held, d->share);
    share = isnan(r->rate_share) ? INT64_MAX : llround(r->rate_share * (double)d->target);
    d->most_out = per_day(w, d->product, r->rate_d);
    d->most_out = d->most_out < share ? d->most_out : share;
    d->most_in = per_day(w, d->product, r->refill_d);
}

/* Where a site's relief begins: it is listed by site. */
static void count_relief(struct mdl_state *w)
{
    struct mdl_stockpiles *s = w->stockpile;

    s->relief_of = sim_arena_alloc(&w->run.arena, (size_t)w->net->n_site + 2, sizeof(uint32_t));
    for (uint32_t r = 0; r < w->sc->n_reserve; r++)
        for (uint32_t k = 0; k < rules_of(w, r)->n_stock; k++) {
            const struct mdl_reserve_stock *t = &rules_of(w, r)->stock[k];
            int state = rules_of(w, r)->kind == MDL_RESERVE_STATE;

            for (uint32_t i = 0; i < t->n_point; i++)
                s->relief_of[w->net->point[t->point[i]].site + 2]++;
            s->n_relief += t->n_point;
            s->n_claim += state ? t->n_point : 0;
            s->n_depot += state ? 1 : t->n_point;
        }
    for (uint32_t i = 2; i < w->net->n_site + 2; i++)
        s->relief_of[i] += s->relief_of[i - 1];
}

static void add_point(struct mdl_state *w, uint32_t reserve, uint32_t point, uint32_t depot)
{
    struct mdl_stockpiles *s = w->stockpile;
    uint32_t site = w->net->point[point].site, at = s->relief_of[site + 1]++;

    s->relief[at] = (struct mdl_relief){.point = point, .reserve = reserve, .depot = depot};
    if (rules_of(w, reserve)->kind == MDL_RESERVE_STATE) {
        s->claim[s->n_claim] = (struct mdl_claim){.relief = at};
        s->relief[at].claim = s->n_claim++;
    }
    if (!isnan(rules_of(w, reserve)->release_loss) && s->loss[site] == NULL)
        s->loss[site] = sim_arena_alloc(&w->run.arena, 1, sizeof *s->loss[site]);
}

static void start_reserve(struct mdl_state *w, uint32_t reserve)
{
    const struct mdl_reserve *r = rules_of(w, reserve);
    struct mdl_stockpiles *s = w->stockpile;
    struct mdl_reserve_state *to = &s->reserve[reserve];

    to->first_depot = s->n_depot;
    to->first_claim = sim_arena_alloc(&w->run.arena, (size_t)r->n_stock + 1, sizeof(uint32_t));
    if (!isnan(r->release_loss) && r->kind == MDL_RESERVE_STATE) {
        to->planned = sim_arena_alloc(&w->run.arena, w->net->n_site, sizeof(double));
        to->missed = sim_arena_alloc(&w->run.arena, w->net->n_site, sizeof(double));
    }
    for (uint32_t k = 0; k < r->n_stock; k++) {
        to->first_claim[k] = s->n_claim;
        for (uint32_t i = 0; i < r->stock[k].n_point; i++) {
            uint32_t own = r->kind == MDL_RESERVE_COMPANY ? r->stock[k].point[i] : UINT32_MAX;

            if (i == 0 || own != UINT32_MAX) {
                s->depot[s->n_depot] =
                    (struct mdl_depot){.reserve = reserve, .product = r->stock[k].product};
                fill_first(w, &s->depot[s->n_depot++], &r->stock[k], own);
            }
            add_point(w, reserve, r->stock[k].point[i], s->n_depot - 1);
        }
    }
    to->first_claim[r->n_stock] = s->n_claim;
    to->n_depot = s->n_depot - to->first_depot;
}

void mdl_stockpile_start(struct mdl_state *w)
{
    struct mdl_stockpiles *s;

    if (w->sc->n_reserve == 0)
        return;
    w->stockpile = s = sim_arena_alloc(&w->run.arena, 1, sizeof *s);
    count_relief(w);
    s->reserve = sim_arena_alloc(&w->run.arena, w->sc->n_reserve, sizeof *s->reserve);
    s->depot = sim_arena_alloc(&w->run.arena, s->n_depot, sizeof *s->depot);
    s->claim = sim_arena_alloc(&w->run.arena, s->n_claim, sizeof *s->claim);
    s->relief = sim_arena_alloc(&w->run.arena, s->n_relief, sizeof *s->relief);
    s->loss = sim_arena_alloc(&w->run.arena, w->net->n_site, sizeof *s->loss);
    s->want = sim_arena_alloc(&w->run.arena, s->n_claim, sizeof *s->want);
    s->got = sim_arena_alloc(&w->run.arena, s->n_claim, sizeof *s->got);
    s->order = sim_arena_alloc(&w->run.arena, s->n_claim, sizeof *s->order);
    sim_pool_init(&s->report, &w->run.arena, sizeof(struct mdl_report));
    s->n_depot = s->n_claim = 0;
    for (uint32_t r = 0; r < w->sc->n_reserve; r++)
        start_reserve(w, r);
}
