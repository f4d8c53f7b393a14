/* Prices of goods inside and outside the country that controls them: the lists `prices` and
 * `marginal` of a scenario. How a price moves in a run is in spot.c; README.md has the formulas. */
#ifndef MDL_PRICE_H
#define MDL_PRICE_H

#include "models/balance.h"
#include "models/entry.h"

enum { MDL_MAX_PRICES = 32 };
enum mdl_zone { MDL_OUTSIDE, MDL_INSIDE, MDL_ZONES };

/* One price: goods that are one market, such as an oxide and its metal. */
struct mdl_price {
    const char *id, *home_id, *source;
    struct mdl_pick pick;         /* goods */
    double base_usd;              /* USD per unit of the first product, NAN = its value_usd */
    double cover_d, cover_home_d; /* reference, NAN = learned before start */
    double elasticity;            /* of the spot price to days of cover */
    double low, high;             /* bounds, as multiples of the base */
    double speed_d;               /* days in which the spot price adjusts; 0 = at once */
    double contract_d;            /* days' worth of goods that one round of contracts covers */
    double demand_elasticity, pass;
    uint32_t home;              /* country; UINT32_MAX = one zone, MDL_OUTSIDE */
    uint32_t first;             /* first product */
    double *cost_share;         /* [n_product] of value_usd that these goods are, 0..1 */
    uint32_t n_reader, *reader; /* sites that hear of it, in order */
    const struct sim_tree *tree;
};

/* Plants that run only while a price is high. */
struct mdl_marginal {
    const char *id, *price_id, *source;
    struct mdl_pick pick;            /* sites, main outputs */
    double price_min, price_stop;    /* multiples of the base; NAN = price_min */
    double start_d;                  /* days from the price to the first start */
    double share, supply_elasticity; /* of capacity at price_min; how it grows with the price */
    uint32_t price;                  /* number */
    const struct sim_tree *tree;
};

struct mdl_prices {
    uint32_t n, n_marginal;
    struct mdl_price *price; /* by id, as the next */
    struct mdl_marginal *marginal;
    uint8_t *of;        /* [n_product] 1 + number of its price; 0 = none */
    uint32_t *of_plant; /* [n_process] 1 + number of its marginal entry; 0 = it always runs */
};

extern const struct sim_key mdl_price_keys[], mdl_marginal_keys[];

/* Reads both lists of a scenario's tree. Returns 0 or SIM_EINPUT, all faults gathered. */
int mdl_prices_read(struct mdl_prices *p, const struct sim_tree *scenario, struct sim_arena *a,
                    struct sim_err *err) SIM_CHECKED;

/* Ties them to the network. Faults: unknown names, a product with two prices, a plant with two
 * entries, an entry without a plant. Returns 0 or SIM_EINPUT. */
int mdl_prices_link(struct mdl_prices *p, struct sim_arena *a, const struct mdl_network *n,
                    struct sim_err *err) SIM_CHECKED;

/* Fills cost_share and the readers, once the steady state is known: the value of the priced goods
 * in one unit, through the recipes of its makers (weighted by what they make), over its value. */
void mdl_prices_weigh(struct mdl_prices *p, struct sim_arena *a, const struct mdl_network *n,
                      const struct mdl_balance *b);

/* The zone of a price that a site is in. */
static inline int mdl_price_zone(const struct mdl_price *p, const struct mdl_network *n,
                                 uint32_t site)
{
    return p->home == n->site[site].country ? MDL_INSIDE : MDL_OUTSIDE;
}

/* The entry by which a plant is marginal, or NULL. */
static inline const struct mdl_marginal *mdl_price_marginal(const struct mdl_prices *p,
                                                            uint32_t process)
{
    return p->of_plant[process] ? &p->marginal[p->of_plant[process] - 1] : NULL;
}

/* The name of a zone: inside or outside; world where there is one price only. */
const char *mdl_price_zone_name(const struct mdl_price *p, int zone);

/* "id~zone", in the arena. */
const char *mdl_price_label(const struct mdl_price *p, int zone, struct sim_arena *a);

/* How many rows of substitutes.csv wait for the price (price_ratio) of a product that has none
 * here; *first is the first of them. */
uint32_t mdl_prices_unheard(const struct mdl_prices *p, const struct mdl_network *n,
                            const struct mdl_substitute **first);

/* USD per unit of the first product at which the price stands when nothing is scarce. */
double mdl_price_base(const struct mdl_price *p, const struct mdl_network *n);

#endif
