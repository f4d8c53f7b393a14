/* Triggers: states of a run after which shocks come. The list `triggers` of a scenario; who watches
 * in a run is in watch.c. */
#ifndef MDL_TRIGGER_H
#define MDL_TRIGGER_H

#include "models/entry.h"

struct mdl_prices;

struct mdl_trigger {
    const char *id, *source;
    struct mdl_pick pick; /* the stock points that are watched */
    double cover_d;       /* days; NAN, as the next two = does not matter */
    double unmet;         /* share of demand in 28 days */
    double price_ratio;   /* of the base */
    int64_t days;         /* on which all must hold, one after the other */
    int32_t from;         /* SIM_DAY_NONE = start */
    const struct sim_tree *tree;
};

extern const struct sim_key mdl_trigger_keys[];

/* Reads the list (NULL = none), sorted by id, into `a`. Returns 0 or SIM_EINPUT, all faults
 * gathered. */
int mdl_trigger_read(const struct sim_tree *list, struct mdl_trigger **to, uint32_t *n,
                     struct sim_arena *a, struct sim_err *err) SIM_CHECKED;

/* Ties n triggers to the network and the scenario's prices, which are linked. Faults: names that
 * mean nothing, nothing to watch. Returns 0 or SIM_EINPUT, all faults gathered. */
int mdl_trigger_link(struct mdl_trigger *t, uint32_t n, const struct mdl_prices *prices,
                     struct sim_arena *a, const struct mdl_network *net,
                     struct sim_err *err) SIM_CHECKED;

/* Is the point one of those that are watched? */
static inline int mdl_trigger_watches(const struct mdl_trigger *t, const struct mdl_point *p)
{
    return t->pick.sites[p->site] && t->pick.products[p->product];
}

#endif
