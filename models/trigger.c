#include "models/trigger.h"
#include "models/price.h"

#include <math.h>

#define AT(field) offsetof(struct mdl_trigger, field)

const struct sim_key mdl_trigger_keys[] = {
    {"id", "", SIM_KEY_ID, 0, 0, NULL, AT(id), "key of the trigger, for `after` of shocks", NULL,
     NULL},
    MDL_PICK_SITES(mdl_trigger, pick),
    MDL_PICK_PRODUCTS(mdl_trigger, pick),
    {"cover_d", "d", SIM_KEY_REAL, 0.01, 3650, "", AT(cover_d),
     "holds while the stock of these products at these sites, taken together by value, is less "
     "than so many days of what is required of it; empty = does not matter",
     NULL, NULL},
    {"unmet", "", SIM_KEY_REAL, 0, 1, "", AT(unmet),
     "holds while more than this share of the final demand for these products at these sites, by "
     "value, was not met in 28 days (those before start count as met); empty = does not matter",
     NULL, NULL},
    {"price_ratio", "", SIM_KEY_REAL, 1.001, 1000, "", AT(price_ratio),
     "holds while one of these sites hears of a price of one of these products at or over this "
     "multiple of its base; empty = does not matter",
     NULL, NULL},
    {"days", "d", SIM_KEY_INT, 1, 3650, "1", AT(days),
     "days, one after the other, on which all that is given must hold", NULL, NULL},
    {"from", "", SIM_KEY_DATE, 0, 0, "", AT(from), "first day that counts, empty = start", NULL,
     NULL},
    {"source", "", SIM_KEY_STR, 0, 0, "", AT(source), "where the numbers come from", NULL, NULL},
    {0}};

int mdl_trigger_read(const struct sim_tree *list, struct mdl_trigger **to, uint32_t *n,
                     struct sim_arena *a, struct sim_err *err)
{
    static const struct mdl_entries e = {"triggers", mdl_trigger_keys, sizeof(struct mdl_trigger),
                                         AT(tree), NULL};
    void *at;
    int rc = mdl_entries_read(&e, list, &at, n, a, err);

    *to = at;
    for (uint32_t i = 0; rc == 0 && i < *n; i++) {
        const struct mdl_trigger *t = &(*to)[i];

        if (isnan(t->cover_d) && isnan(t->unmet) && isnan(t->price_ratio))
            rc |= sim_tree_fault(t->tree, err, "give one of cover_d, unmet and price_ratio");
    }
    return rc ? SIM_EINPUT : 0;
}

/* What there is to watch: stock, demand, a price. */
static void look(const struct mdl_trigger *t, const struct mdl_prices *prices,
                 const struct mdl_network *net, int *stock, int *demand, int *price)
{
    *stock = *demand = *price = 0;
    for (uint32_t i = 0; i < net->n_point; i++)
        if (mdl_trigger_watches(t, &net->point[i])) {
            *stock = 1;
            *demand |= net->point[i].n_demand > 0;
            *price |= prices->of[net->point[i].product] > 0;
        }
}

int mdl_trigger_link(struct mdl_trigger *t, uint32_t n, const struct mdl_prices *prices,
                     struct sim_arena *a, const struct mdl_network *net, struct sim_err *err)
{
    int rc = 0, stock, demand, price;

    for (uint32_t i = 0; i < n; i++) {
        int one = mdl_pick_link(&t[i].pick, t[i].tree, a, net, err);

        rc |= one;
        if (one)
            continue;
        look(&t[i], prices, net, &stock, &demand, &price);
        if (!stock)
            rc = sim_tree_fault(t[i].tree, err, "none of these sites has one of these products");
        else if (!isnan(t[i].unmet) && !demand)
            rc = sim_tree_fault(sim_tree_get(t[i].tree, "unmet"), err,
                                "none of these sites has customers for these products");
        else if (!isnan(t[i].price_ratio) && !price)
            rc = sim_tree_fault(sim_tree_get(t[i].tree, "price_ratio"), err,
                                "the scenario has no price for any of these products");
    }
    return rc ? SIM_EINPUT : 0;
}
