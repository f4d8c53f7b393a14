#include "models/price.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define AT(type, field) offsetof(struct type, field)

const struct sim_key mdl_price_keys[] = {
    {"id", "", SIM_KEY_ID, 0, 0, NULL, AT(mdl_price, id), "key of the price", NULL, NULL},
    {"product", "", SIM_KEY_STRS, 0, 0, NULL, AT(mdl_price, pick.product),
     "goods that have this price together, as in picks of products", NULL, NULL},
    {"home", "", SIM_KEY_STR, 0, 0, "", AT(mdl_price, home_id),
     "country inside which there is a price of its own; empty = one price for the world", NULL,
     NULL},
    {"base_usd", "USD/unit", SIM_KEY_REAL, 0, 1e12, "", AT(mdl_price, base_usd),
     "price when nothing is scarce, of the first of the goods by id; empty = its value_usd", NULL,
     NULL},
    {"cover_d", "d", SIM_KEY_REAL, 0.01, 3650, "", AT(mdl_price, cover_d),
     "days of cover at which the price is base_usd; empty = the zone's mean in the 91 days before "
     "start",
     NULL, NULL},
    {"cover_home_d", "d", SIM_KEY_REAL, 0.01, 3650, "", AT(mdl_price, cover_home_d),
     "the same inside home", NULL, NULL},
    {"elasticity", "", SIM_KEY_REAL, 0, 20, "1", AT(mdl_price, elasticity),
     "per cent by which the spot price rises when cover falls by one per cent", NULL, NULL},
    {"low", "", SIM_KEY_REAL, 0.01, 1, "0.5", AT(mdl_price, low),
     "least spot price, as a multiple of base_usd", NULL, NULL},
    {"high", "", SIM_KEY_REAL, 1, 1000, "10", AT(mdl_price, high),
     "highest spot price, as a multiple of base_usd", NULL, NULL},
    {"speed_d", "d", SIM_KEY_REAL, 0, 3650, "0", AT(mdl_price, speed_d),
     "days in which the spot price goes 63 % of the way; 0 = at once, which is within a week", NULL,
     NULL},
    {"contract_d", "d", SIM_KEY_REAL, 0.01, 36500, "180", AT(mdl_price, contract_d),
     "days' worth of goods bought until 63 % of the contracts are made anew at the spot price",
     NULL, NULL},
    {"demand_elasticity", "", SIM_KEY_REAL, 0, 20, "0", AT(mdl_price, demand_elasticity),
     "per cent by which final demand falls when the cost of the good rises by one per cent through "
     "this price; 0 = demand does not answer",
     NULL, NULL},
    {"pass", "", SIM_KEY_REAL, 0, 1, "1", AT(mdl_price, pass),
     "share of the rise of the spot price that reaches the buyer of the final good", NULL, NULL},
    {"source", "", SIM_KEY_STR, 0, 0, "", AT(mdl_price, source), "where the numbers come from",
     NULL, NULL},
    {0}};

const struct sim_key mdl_marginal_keys[] = {
    {"id", "", SIM_KEY_ID, 0, 0, NULL, AT(mdl_marginal, id), "key of the entry", NULL, NULL},
    MDL_PICK_SITES(mdl_marginal, pick),
    {"product", "", SIM_KEY_STRS, 0, 0, "", AT(mdl_marginal, pick.product),
     "main outputs of the plants, as in picks of products; empty = all", NULL, NULL},
    {"price", "", SIM_KEY_STR, 0, 0, NULL, AT(mdl_marginal, price_id),
     "id of the price that they watch, in their own zone", NULL, NULL},
    {"price_min", "", SIM_KEY_REAL, 0, 1000, NULL, AT(mdl_marginal, price_min),
     "spot price from which they run, as a multiple of base_usd", NULL, NULL},
    {"price_stop", "", SIM_KEY_REAL, 0, 1000, "", AT(mdl_marginal, price_stop),
     "spot price below which they stop; empty = price_min", NULL, NULL},
    {"start_d", "d", SIM_KEY_REAL, 0, 3650, "0", AT(mdl_marginal, start_d),
     "days from that price to the first start", NULL, NULL},
    {"share", "", SIM_KEY_REAL, 0, 1, "1", AT(mdl_marginal, share),
     "share of the capacity that runs at price_min", NULL, NULL},
    {"supply_elasticity", "", SIM_KEY_REAL, 0, 20, "0", AT(mdl_marginal, supply_elasticity),
     "per cent by which that share grows when the price rises by one per cent, up to all of it",
     NULL, NULL},
    {"source", "", SIM_KEY_STR, 0, 0, "", AT(mdl_marginal, source), "where the numbers come from",
     NULL, NULL},
    {0}};

/* ---- reading ---- */

int mdl_prices_read(struct mdl_prices *p, const struct sim_tree *scenario, struct sim_arena *a,
                    struct sim_err *err)
{
    static const struct mdl_entries price = {"prices", mdl_price_keys, sizeof(struct mdl_price),
                                             AT(mdl_price, tree), NULL},
                                    marginal = {"marginal", mdl_marginal_keys,
                                                sizeof(struct mdl_marginal), AT(mdl_marginal, tree),
                                                NULL};
    const struct sim_tree *list = sim_tree_get(scenario, "prices");
    void *at;
    int rc = mdl_entries_read(&price, list, &at, &p->n, a, err), rc2;

    p->price = at;
    if (p->n > MDL_MAX_PRICES)
        rc = sim_tree_fault(list, err, "at most %d entries", MDL_MAX_PRICES);
    rc2 = mdl_entries_read(&marginal, sim_tree_get(scenario, "marginal"), &at, &p->n_marginal, a,
                           err);
    p->marginal = at;
    for (uint32_t i = 0; rc == 0 && i < p->n; i++) {
        const struct mdl_price *k = &p->price[i];

        if (pow(1 - k->pass * (1 - k->low), -k->demand_elasticity) > 10)
            rc = sim_tree_fault(k->tree, err,
                                "at the lowest price demand would grow more than tenfold: a higher "
                                "low, a smaller demand_elasticity or pass");
    }
    for (uint32_t i = 0; rc2 == 0 && i < p->n_marginal; i++) {
        struct mdl_marginal *m = &p->marginal[i];

        if (isnan(m->price_stop))
            m->price_stop = m->price_min;
        if (m->price_stop > m->price_min)
            rc = sim_tree_fault(sim_tree_get(m->tree, "price_stop"), err, "lies above price_min");
    }
    return rc ? rc : rc2;
}

/* ---- linking ---- */

static int link_price(struct mdl_prices *all, uint32_t i, struct sim_arena *a,
                      const struct mdl_network *n, struct sim_err *err)
{
    struct mdl_price *p = &all->price[i];
    int rc = mdl_pick_link(&p->pick, p->tree, a, n, err);

    p->home = UINT32_MAX;
    p->first = UINT32_MAX;
    if (p->home_id && *p->home_id) {
        p->home = mdl_network_country(n, p->home_id);
        if (p->home == UINT32_MAX)
            rc = sim_tree_fault(sim_tree_get(p->tree, "home"), err,
                                "the network has no such country");
    }
    for (uint32_t k = 0; rc == 0 && k < n->n_product; k++) {
        if (!p->pick.products[k])
            continue;
        p->first = p->first == UINT32_MAX ? k : p->first;
        if (all->of[k])
            rc =
                sim_tree_fault(sim_tree_get(p->tree, "product"), err, "%s has the price %s already",
                               n->product[k].id, all->price[all->of[k] - 1].id);
        all->of[k] = (uint8_t)(i + 1);
    }
    if (rc == 0 && p->first == UINT32_MAX)
        rc = sim_tree_fault(sim_tree_get(p->tree, "product"), err, "names no product");
    return rc;
}

static int link_marginal(struct mdl_prices *all, uint32_t i, struct sim_arena *a,
                         const struct mdl_network *n, struct sim_err *err)
{
    struct mdl_marginal *m = &all->marginal[i];
    int rc = mdl_pick_link(&m->pick, m->tree, a, n, err), some = 0;

    m->price = 0;
    while (m->price < all->n && strcmp(all->price[m->price].id, m->price_id) != 0)
        m->price++;
    if (m->price == all->n)
        rc = sim_tree_fault(sim_tree_get(m->tree, "price"), err, "there is no such price");
    for (uint32_t k = 0; rc == 0 && k < n->n_process; k++) {
        const struct mdl_process *q = &n->process[k];

        if (!m->pick.sites[q->site] || !m->pick.products[n->recipe[q->recipe].out[0].product])
            continue;
        some = 1;
        if (all->of_plant[k])
            rc = sim_tree_fault(m->tree, err, "%s is a plant of %s already", q->id,
                                all->marginal[all->of_plant[k] - 1].id);
        all->of_plant[k] = i + 1;
    }
    if (rc == 0 && !some)
        rc = sim_tree_fault(m->tree, err,
                            "no plant of these sites has one of these products as "
                            "its main output");
    return rc;
}

int mdl_prices_link(struct mdl_prices *p, struct sim_arena *a, const struct mdl_network *n,
                    struct sim_err *err)
{
    int rc = 0;

    p->of = sim_arena_alloc(a, n->n_product, 1);
    p->of_plant = sim_arena_alloc(a, n->n_process, sizeof *p->of_plant);
    for (uint32_t i = 0; i < p->n; i++)
        rc |= link_price(p, i, a, n, err);
    for (uint32_t i = 0; i < p->n_marginal; i++)
        rc |= link_marginal(p, i, a, n, err);
    return rc ? SIM_EINPUT : 0;
}

uint32_t mdl_prices_unheard(const struct mdl_prices *p, const struct mdl_network *n,
                            const struct mdl_substitute **first)
{
    uint32_t some = 0;

    for (uint32_t i = 0; i < n->n_substitute; i++)
        if (!isnan(n->substitute[i].price_ratio) && p->of[n->substitute[i].product] == 0 &&
            some++ == 0)
            *first = &n->substitute[i];
    return some;
}

const char *mdl_price_zone_name(const struct mdl_price *p, int zone)
{
    if (p->home == UINT32_MAX)
        return "world";
    return zone == MDL_INSIDE ? "inside" : "outside";
}

const char *mdl_price_label(const struct mdl_price *p, int zone, struct sim_arena *a)
{
    const char *name = mdl_price_zone_name(p, zone);
    size_t n = strlen(p->id) + strlen(name) + 2;
    char *text = sim_arena_alloc(a, n, 1);

    snprintf(text, n, "%s~%s", p->id, name);
    return text;
}

double mdl_price_base(const struct mdl_price *p, const struct mdl_network *n)
{
    return isnan(p->base_usd) ? n->product[p->first].value_usd : p->base_usd;
}

/* ---- what goods cost through the priced ones ---- */

/* USD of priced goods in a unit of each product, one stage further than `usd` knows. Makers count
 * by what they make in the steady state, evenly if none makes anything. */
static void one_stage(const struct mdl_price *p, const struct mdl_network *n,
                      const struct mdl_balance *b, double *usd, double *sum, double *weight)
{
    memset(sum, 0, n->n_product * sizeof *sum);
    memset(weight, 0, n->n_product * sizeof *weight);
    for (uint32_t k = 0; k < n->n_process; k++) {
        const struct mdl_recipe *r = &n->recipe[n->process[k].recipe];
        double w = b->level[0][k] + b->level[1][k] + 1e-9, cost = 0;

        for (uint32_t j = 0; j < r->n_in; j++)
            cost += r->in[j].units * usd[r->in[j].product];
        sum[r->out[0].product] += w * cost / n->process[k].yield;
        weight[r->out[0].product] += w;
    }
    for (uint32_t i = 0; i < n->n_product; i++)
        if (p->pick.products[i])
            usd[i] = n->product[i].value_usd;
        else
            usd[i] = weight[i] > 0 ? sum[i] / weight[i] : 0;
}

enum { STAGES = 32 };

static void weigh_costs(struct mdl_price *p, struct sim_arena *a, const struct mdl_network *n,
                        const struct mdl_balance *b)
{
    double *sum = sim_arena_alloc(a, n->n_product, sizeof *sum),
           *weight = sim_arena_alloc(a, n->n_product, sizeof *weight);

    p->cost_share = sim_arena_alloc(a, n->n_product, sizeof *p->cost_share);
    for (int i = 0; i < STAGES; i++)
        one_stage(p, n, b, p->cost_share, sum, weight);
    for (uint32_t i = 0; i < n->n_product; i++) {
        double value = n->product[i].value_usd;

        p->cost_share[i] = value > 0 ? fmin(1, p->cost_share[i] / value) : 0;
    }
}

/* Does a site hold the goods, have customers who answer to their price, or a plant that does? */
static int reads(const struct mdl_prices *all, const struct mdl_price *p,
                 const struct mdl_network *n, uint32_t site)
{
    const struct mdl_site *s = &n->site[site];
    uint32_t number = (uint32_t)(p - all->price);

    for (uint32_t i = s->first_point; i < s->first_point + s->n_point; i++)
        if (p->pick.products[n->point[i].product] ||
            (p->demand_elasticity > 0 && n->point[i].n_demand > 0 &&
             p->cost_share[n->point[i].product] > 0))
            return 1;
    for (uint32_t k = s->first_process; k < s->first_process + s->n_process; k++)
        if (mdl_price_marginal(all, k) && mdl_price_marginal(all, k)->price == number)
            return 1;
    return 0;
}

void mdl_prices_weigh(struct mdl_prices *all, struct sim_arena *a, const struct mdl_network *n,
                      const struct mdl_balance *b)
{
    for (uint32_t i = 0; i < all->n; i++) {
        struct mdl_price *p = &all->price[i];

        weigh_costs(p, a, n, b);
        p->n_reader = 0;
        p->reader = sim_arena_alloc(a, n->n_site, sizeof *p->reader);
        for (uint32_t s = 0; s < n->n_site; s++)
            if (reads(all, p, n, s))
                p->reader[p->n_reader++] = s;
    }
}
