/* Reserves: stockpiles of a state or of companies, and the rules by which they are released. The
 * list `reserves` of a scenario; what they do in a run is in stockpile.c. */
#ifndef MDL_RESERVE_H
#define MDL_RESERVE_H

#include "models/entry.h"

enum mdl_reserve_kind { MDL_RESERVE_STATE, MDL_RESERVE_COMPANY };

/* A product that a reserve holds, and the stock points that it serves: where picked sites buy it.
 */
struct mdl_reserve_stock {
    uint32_t product, n_point;
    uint32_t *point; /* ascending */
};

struct mdl_reserve {
    const char *id, *source;
    int kind;               /* enum mdl_reserve_kind */
    struct mdl_pick pick;   /* who is served with what */
    double quantity;        /* units of each product; NAN = by cover_d */
    double cover_d;         /* days of the need of those served in the steady state */
    int imports;            /* cover_d counts imports only */
    int32_t from, until;    /* days of release; SIM_DAY_NONE = open */
    double release_cover_d; /* days of need; NAN = the cover that each point aims at */
    double release_loss;    /* share of planned starts missed in 28 days; NAN = does not matter */
    double rate_d, rate_share; /* most a day: units, share of what was there at first; NAN = all */
    int fifo;                  /* who is short first is served first; else in proportion */
    double transit_d;
    int32_t refill_from;             /* SIM_DAY_NONE = any day */
    double refill_cover_d, refill_d; /* days of need; units a day; NAN = no refilling */
    uint32_t n_stock;
    struct mdl_reserve_stock *stock; /* by product; filled by mdl_reserve_link */
    const struct sim_tree *tree;
};

extern const struct sim_key mdl_reserve_keys[];

/* Reads the list (NULL = none), sorted by id, into `a`. Returns 0 or SIM_EINPUT, all faults
 * gathered. */
int mdl_reserve_read(const struct sim_tree *list, struct mdl_reserve **to, uint32_t *n,
                     struct sim_arena *a, struct sim_err *err) SIM_CHECKED;

/* Finds what each of n reserves holds and whom it serves. Faults: names that mean nothing, nobody
 * to serve, two state reserves for one stock point, a refill that would take back what was
 * released. Returns 0 or SIM_EINPUT, all faults gathered. */
int mdl_reserve_link(struct mdl_reserve *r, uint32_t n, struct sim_arena *a,
                     const struct mdl_network *net, struct sim_err *err) SIM_CHECKED;

/* "id~product" of its stock k, in `a`: its place on the axis `reserve` of results. */
char *mdl_reserve_label(const struct mdl_reserve *r, uint32_t k, const struct mdl_network *net,
                        struct sim_arena *a);

/* Days of cover below which a served point is short. */
double mdl_reserve_low_d(const struct mdl_reserve *r, const struct mdl_network *net,
                         uint32_t point);

#endif
