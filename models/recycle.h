/* Recycling: goods that were sold, and swarf of what was made, come back as scrap. The list
 * `recycling` of a scenario; what it does in a run is in reclaim.c. */
#ifndef MDL_RECYCLE_H
#define MDL_RECYCLE_H

#include "models/entry.h"

enum { MDL_RECYCLE_D = 7 }; /* days of a period: sales are summed up, and come back, by periods */
enum mdl_recycle_of { MDL_OF_SOLD, MDL_OF_MADE };

/* From a day on. */
struct mdl_collection {
    const char *id;
    int32_t from;
    double share;
    const struct sim_tree *tree;
};

/* A stock point whose sales or output come back. */
struct mdl_recycle_base {
    uint32_t point;
    double yield; /* units of scrap per unit */
};

struct mdl_recycling {
    const char *id, *to_site_id, *to_product_id, *source;
    struct mdl_pick pick;
    int of;                      /* enum mdl_recycle_of */
    double collection, growth_y; /* share collected; growth of it a year from `start` on */
    double yield;                /* NAN = as much as the elements allow */
    double past_y;               /* growth a year of what was sold or made before the record */
    struct sim_dist delay_d;
    uint32_t n_step, n_base, to_point;
    struct mdl_collection *step;   /* by day */
    struct mdl_recycle_base *base; /* by point */
    uint32_t n_period;             /* of the record with its warm-up */
    double *back; /* [n_period] share of the goods of a period that comes back in the k-th after it,
                     or in the same (k = 0) */
    double *past; /* [n_period] what comes back in a period of goods from before the record, in
                     periods of the sales in the steady state */
    const struct sim_tree *tree;
};

extern const struct sim_key mdl_recycling_keys[], mdl_collection_keys[];

/* Reads the list (NULL = none), sorted by id, into `a`. Returns 0 or SIM_EINPUT, all faults
 * gathered. */
int mdl_recycle_read(const struct sim_tree *list, struct mdl_recycling **to, uint32_t *n,
                     struct sim_arena *a, struct sim_err *err) SIM_CHECKED;

/* Ties n entries to the network, for a record of `days` days with its warm-up. Faults: names that
 * mean nothing, nothing that comes back, more of an element than there is. Returns 0 or SIM_EINPUT,
 * all faults gathered. */
int mdl_recycle_link(struct mdl_recycling *r, uint32_t n, int64_t days, struct sim_arena *a,
                     const struct mdl_network *net, struct sim_err *err) SIM_CHECKED;

/* Share collected on a day, 0..1; `start` is the first recorded day. */
double mdl_recycle_share(const struct mdl_recycling *r, int32_t start, int32_t day);

#endif
