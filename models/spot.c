#include "models/actors.h"

#include <math.h>
#include <string.h>

/* A price is an actor. Once a week each site that holds its goods reports stock, use and purchases;
 * from the days of cover of a zone the actor makes the spot price, and tells it to the sites. */

enum { WEEK_D = 7, REFERENCE_D = 91 };

/* ---- what a site reports ---- */

static int reports_today(const struct mdl_state *w, int32_t today)
{
    return (today - w->sc->start) % WEEK_D == 0;
}

static void add_point(struct mdl_state *w, uint32_t point, struct mdl_price_report *r)
{
    const struct mdl_point *p = &w->net->point[point];
    const struct mdl_point_state *s = &w->point[point];
    const struct mdl_product *prod = &w->net->product[p->product];
    double usd = prod->value_usd / (double)prod->qpu, use = s->forecast[0] + s->forecast[1];
    int64_t bought = 0;

    for (uint32_t i = 0; i < p->n_lane_in; i++)
        bought += w->lane[p->lane_in[i]].a_received;
    if (use > 0) {
        r->stock += usd * (double)(s->on_hand[0] + s->on_hand[1] + s->held);
        r->use += usd * use;
    }
    if (p->n_lane_in > 0) {
        r->needed += usd * use;
        r->bought += usd * (double)(bought - w->price_bought[point]);
        w->price_bought[point] = bought;
    }
}

void mdl_spot_report(struct mdl_state *w, uint32_t site)
{
    const struct mdl_site *s = &w->net->site[site];
    const struct mdl_prices *all = &w->sc->prices;
    struct mdl_price_report sum[MDL_MAX_PRICES] = {{0}};

    if (all->n == 0 || !reports_today(w, mdl_today(w)))
        return;
    for (uint32_t i = s->first_point; i < s->first_point + s->n_point; i++)
        if (all->of[w->net->point[i].product]) {
            struct mdl_price_report *r = &sum[all->of[w->net->point[i].product] - 1];

            r->some = 1;
            add_point(w, i, r);
        }
    for (uint32_t k = 0; k < all->n; k++)
        if (sum[k].some) {
            uint32_t id = sim_pool_take(&w->report);

            sum[k].zone = (uint8_t)mdl_price_zone(&all->price[k], w->net, site);
            memcpy(sim_pool_at(&w->report, id), &sum[k], sizeof sum[k]);
            sim_send(&w->run, site, mdl_actor(w, MDL_ACTOR_PRICE, k), w->run.lookahead,
                     MDL_MSG_STOCKS, MDL_MSG_STOCKS, id);
        }
}

/* ---- the actor ---- */

static void take_report(struct mdl_state *w, struct mdl_price_state *s, const struct sim_msg *m)
{
    const struct mdl_price_report *r = sim_pool_at(&w->report, (uint32_t)m->arg);
    struct mdl_price_report *sum = &s->zone[r->zone].week;

    sum->stock += r->stock;
    sum->use += r->use;
    sum->needed += r->needed;
    sum->bought += r->bought;
    sim_pool_give(&w->report, (uint32_t)m->arg);
}

/* Spot price after a week with so many days of cover, as a multiple of the base: it goes towards
 * (reference / cover)^elasticity, within its bounds. */
static double next_spot(const struct mdl_price *p, const struct mdl_price_zone_state *z,
                        double cover)
{
    double aim = cover > 0 ? pow(z->reference / cover, p->elasticity)
                           : (p->elasticity > 0 && z->reference > 0 ? p->high : 1),
           go = p->speed_d > 0 ? 1 - exp(-WEEK_D / p->speed_d) : 1;

    return z->spot * pow(fmin(fmax(aim, p->low), p->high) / z->spot, go);
}

/* Contracts are made anew as goods are bought, at the spot price that stood in that week. */
static double next_contract(const struct mdl_price *p, const struct mdl_price_zone_state *z)
{
    double days = z->week.needed > 0 ? z->week.bought / z->week.needed : 0;

    return z->contract + (1 - exp(-days / p->contract_d)) * (z->spot - z->contract);
}

static void publish(struct mdl_state *w, uint32_t k, int zone, double spot)
{
    const struct mdl_price *p = &w->sc->prices.price[k];
    float ratio = (float)spot;
    uint32_t bits;

    memcpy(&bits, &ratio, sizeof bits);
    for (uint32_t i = 0; i < p->n_reader; i++)
        if (mdl_price_zone(p, w->net, p->reader[i]) == zone)
            sim_send(&w->run, mdl_actor(w, MDL_ACTOR_PRICE, k), p->reader[i], w->run.lookahead,
                     MDL_MSG_PRICED, MDL_MSG_PRICED, (uint64_t)k << 32 | bits);
}

static void record(const struct mdl_state *w, uint32_t k, int zone, int32_t since, double cover)
{
    const struct mdl_price_state *s = &w->price[k];
    const struct mdl_price_zone_state *z = &s->zone[zone];
    const struct mdl_price *p = &w->sc->prices.price[k];
    double usd = mdl_price_base(p, w->net);
    uint32_t week = (uint32_t)(since / WEEK_D);

    if (since < 0 || week >= w->st->n_week)
        return;
    z->spots[week] = (float)(usd * z->spot);
    z->contracts[week] = (float)(usd * z->contract);
    z->covers[week] = (float)cover;
    z->volumes[week] = (float)(z->week.bought / w->net->product[p->first].value_usd);
}

/* A week of one zone: until `start` the price stands at its base and the reference is learned. */
static void week_of(struct mdl_state *w, uint32_t k, int zone, int32_t today)
{
    const struct mdl_price *p = &w->sc->prices.price[k];
    struct mdl_price_zone_state *z = &w->price[k].zone[zone];
    int32_t since = today - w->sc->start;
    double cover = z->week.use > 0 ? z->week.stock / z->week.use : NAN, old = z->spot;
    int learns = isnan(zone == MDL_INSIDE ? p->cover_home_d : p->cover_d);

    if (!isnan(cover) && learns && ((since < 0 && since >= -REFERENCE_D) || z->n_learned == 0)) {
        z->learned += cover;
        z->n_learned++;
        z->reference = z->learned / (double)z->n_learned;
    }
    if (since >= 0 && !isnan(cover)) {
        z->contract = next_contract(p, z);
        z->spot = next_spot(p, z, cover);
    }
    record(w, k, zone, since, cover);
    if ((float)z->spot != (float)old)
        publish(w, k, zone, z->spot);
    z->week = (struct mdl_price_report){0};
}

void mdl_spot_handle(struct mdl_state *w, const struct sim_msg *m)
{
    uint32_t k = m->dst - mdl_actor(w, MDL_ACTOR_PRICE, 0);

    if (m->kind == MDL_MSG_STOCKS) {
        take_report(w, &w->price[k], m);
        return;
    }
    for (int z = 0; z < MDL_ZONES; z++)
        week_of(w, k, z, mdl_today(w));
    sim_send(&w->run, m->dst, m->dst, WEEK_D * MDL_TICKS_PER_DAY, MDL_MSG_PRICE, MDL_MSG_PRICE, 0);
}

/* ---- what sites do with it ---- */

double mdl_price_ratio(const struct mdl_state *w, uint32_t site, uint32_t product)
{
    const struct mdl_prices *all = &w->sc->prices;

    if (all->n == 0 || all->of[product] == 0)
        return 1;
    return w->price_told[(size_t)site * all->n + all->of[product] - 1];
}

/* Plants that the price lets in or sends away. */
static void watch(struct mdl_state *w, uint32_t site, uint32_t price, double ratio)
{
    const struct mdl_site *s = &w->net->site[site];

    for (uint32_t i = s->first_process; i < s->first_process + s->n_process; i++) {
        const struct mdl_marginal *m = mdl_price_marginal(&w->sc->prices, i);

        if (m == NULL || m->price != price)
            continue;
        if (ratio < m->price_stop)
            w->marginal_from[i] = INT32_MAX;
        else if (ratio >= m->price_min && w->marginal_from[i] == INT32_MAX)
            w->marginal_from[i] = mdl_today(w) + (int32_t)ceil(m->start_d);
    }
}

void mdl_spot_told(struct mdl_state *w, const struct sim_msg *m)
{
    uint32_t price = (uint32_t)(m->arg >> 32), bits = (uint32_t)m->arg;
    float ratio;

    memcpy(&ratio, &bits, sizeof ratio);
    w->price_told[(size_t)m->dst * w->sc->prices.n + price] = ratio;
    watch(w, m->dst, price, ratio);
}

double mdl_spot_capacity(const struct mdl_state *w, uint32_t process, int32_t today)
{
    const struct mdl_marginal *m = mdl_price_marginal(&w->sc->prices, process);
    double ratio;

    if (m == NULL)
        return 1;
    if (today < w->marginal_from[process])
        return 0;
    ratio = w->price_told[(size_t)w->net->process[process].site * w->sc->prices.n + m->price];
    if (m->price_min <= 0 || m->supply_elasticity <= 0)
        return m->share;
    return fmin(1, m->share * pow(ratio / m->price_min, m->supply_elasticity));
}

/* Part of final demand that stays at the prices of the day. */
static double demand_left(const struct mdl_state *w, const struct mdl_demand *d)
{
    double left = 1;

    for (uint32_t k = 0; k < w->sc->prices.n; k++) {
        const struct mdl_price *p = &w->sc->prices.price[k];
        double dearer = p->pass * p->cost_share[d->product] *
                        (w->price_told[(size_t)d->site * w->sc->prices.n + k] - 1);

        if (p->demand_elasticity > 0 && dearer != 0)
            left *= pow(1 + dearer, -p->demand_elasticity);
    }
    return left;
}

int64_t mdl_spot_demand(struct mdl_state *w, uint32_t demand, int64_t q)
{
    struct mdl_market_state *s = &w->market[demand];
    double left, x;
    int64_t gone;

    if (w->sc->prices.n == 0)
        return q;
    left = demand_left(w, &w->net->demand[demand]);
    if (left == 1 && s->priced_carry == 0)
        return q;
    x = (double)q * (1 - left) + s->priced_carry;
    gone = (int64_t)floor(x);
    gone = gone < q ? gone : q;
    s->priced_carry = x - (double)gone;
    if (mdl_recording(w, mdl_today(w)))
        s->priced_out += (double)gone;
    return q - gone;
}

/* ---- the beginning ---- */

static void start_price(struct mdl_state *w, uint32_t k)
{
    const struct mdl_price *p = &w->sc->prices.price[k];
    uint32_t actor = mdl_actor(w, MDL_ACTOR_PRICE, k);
    int32_t first = (w->sc->start - w->day0) % WEEK_D;

    for (int i = 0; i < MDL_ZONES; i++) {
        struct mdl_price_zone_state *z = &w->price[k].zone[i];
        float **each[] = {&z->spots, &z->contracts, &z->covers, &z->volumes};

        z->spot = z->contract = 1;
        z->reference = i == MDL_INSIDE ? p->cover_home_d : p->cover_d;
        for (size_t c = 0; c < sizeof each / sizeof *each; c++)
            *each[c] = sim_arena_alloc(&w->run.arena, w->st->n_week, sizeof(float));
    }
    /* when the reports of that day are there */
    sim_send(&w->run, actor, actor, first * MDL_TICKS_PER_DAY + w->run.lookahead, MDL_MSG_PRICE,
             MDL_MSG_PRICE, 0);
}

void mdl_spot_start(struct mdl_state *w)
{
    const struct mdl_prices *all = &w->sc->prices;
    size_t told = (size_t)w->net->n_site * all->n;

    if (all->n == 0)
        return;
    sim_pool_init(&w->report, &w->run.arena, sizeof(struct mdl_price_report));
    w->price = sim_arena_alloc(&w->run.arena, all->n, sizeof *w->price);
    w->price_told = sim_arena_alloc(&w->run.arena, told, sizeof *w->price_told);
    w->price_bought = sim_arena_alloc(&w->run.arena, w->net->n_point, sizeof *w->price_bought);
    w->marginal_from = sim_arena_alloc(&w->run.arena, w->net->n_process, sizeof *w->marginal_from);
    for (size_t i = 0; i < told; i++)
        w->price_told[i] = 1;
    for (uint32_t i = 0; i < w->net->n_process; i++)
        w->marginal_from[i] = INT32_MAX;
    for (uint32_t k = 0; k < all->n; k++) {
        start_price(w, k);
        for (uint32_t i = 0; i < all->price[k].n_reader; i++)
            watch(w, all->price[k].reader[i], k, 1);
    }
}

/* ---- into the result ---- */

/* Place of a zone's price on the axis of all scenarios' prices. */
static size_t price_at(struct mdl_state *w, uint32_t price, int zone)
{
    int axis = sim_result_find_axis(w->res, "price");
    const char *label = mdl_price_label(&w->sc->prices.price[price], zone, &w->run.arena);
    size_t i = 0;

    while (strcmp(w->res->axis[axis].label[i], label) != 0)
        i++;
    return i;
}

/* NaN where this scenario has no such price. */
static void store_prices(struct mdl_state *w)
{
    static const char *const names[] = {"price_spot", "price_contract", "price_cover",
                                        "price_volume"};
    const struct mdl_prices *all = &w->sc->prices;
    uint32_t weeks = w->st->n_week;

    for (size_t c = 0; c < sizeof names / sizeof *names && mdl_record_slot(w, names[c]); c++) {
        float *to = mdl_record_slot(w, names[c]);
        size_t n = sim_column_slot(w->res, sim_result_find(w->res, names[c]));

        for (size_t i = 0; i < n; i++)
            to[i] = NAN;
        for (uint32_t k = 0; k < all->n; k++)
            for (int z = 0; z < (all->price[k].home == UINT32_MAX ? 1 : MDL_ZONES); z++) {
                const struct mdl_price_zone_state *s = &w->price[k].zone[z];
                const float *const from[] = {s->spots, s->contracts, s->covers, s->volumes};

                memcpy(to + price_at(w, k, z) * weeks, from[c], weeks * sizeof(float));
            }
    }
}

void mdl_spot_store(struct mdl_state *w)
{
    double *to = mdl_record_slot(w, "priced_out");

    store_prices(w);
    for (uint32_t i = 0; to && i < w->net->n_demand; i++)
        to[i] = mdl_units(w, w->net->demand[i].product, w->market[i].priced_out);
}
