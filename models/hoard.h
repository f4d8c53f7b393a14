/* Hoarding: firms that want more in stock for a while, because of a rule that is announced, from a
 * day on, or because of what they have lived through. */
#ifndef MDL_HOARD_H
#define MDL_HOARD_H

#include "models/entry.h"

struct mdl_hoarding {
    const char *id, *source;
    struct mdl_pick who;
    double cover_d, cover_lead, advance_d;
    double share;            /* of companies that react; drawn once per run */
    struct sim_dist delay_d; /* days from what sets it off; drawn once per run and company */
    int announced;           /* set off by rules that are announced and cover what is bought */
    int32_t from, until;     /* set off by these days; SIM_DAY_NONE = not, for ever */
    double lead_ratio;       /* set off by lead times beyond this multiple of usual; NAN = not */
    double release_d;        /* days over which it is let go */
    double gap_d;            /* as the scenario's, while it lasts; NAN = the scenario's */
    uint64_t hash;
    const struct sim_tree *tree;
};

extern const struct sim_key mdl_hoarding_keys[];

/* Reads the list `hoarding` of a scenario (NULL = none), sorted by id, into `a`. Returns 0 or
 * SIM_EINPUT, all faults gathered. */
int mdl_hoarding_read(struct mdl_hoarding **to, uint32_t *n, const struct sim_tree *list,
                      struct sim_arena *a, struct sim_err *err) SIM_CHECKED;

/* Ties it to the network. Returns 0 or SIM_EINPUT. */
int mdl_hoarding_link(struct mdl_hoarding *h, uint32_t n, struct sim_arena *a,
                      const struct mdl_network *net, struct sim_err *err) SIM_CHECKED;

#endif
