/* Shocks: what befalls sites, lanes and markets besides export control. The list `shocks` of a
 * scenario, and the calendar that a run draws from it before its first day: immutable, but for the
 * days of shocks that wait for a trigger, which each site sets for itself when it hears of that. */
#ifndef MDL_SHOCK_H
#define MDL_SHOCK_H

#include "models/entry.h"

enum mdl_shock_kind {
    MDL_SHOCK_DOWN,      /* sites do nothing */
    MDL_SHOCK_CAPACITY,  /* their processes' capacity x factor */
    MDL_SHOCK_LANE,      /* lanes are closed or slow */
    MDL_SHOCK_PORT,      /* the same for all lanes over the borders of countries */
    MDL_SHOCK_DESTROY,   /* a share of stock is lost on one day */
    MDL_SHOCK_DEMAND,    /* demand x factor */
    MDL_SHOCK_INSOLVENT, /* the supplier is gone for good */
    MDL_SHOCK_KINDS
};
extern const char *const mdl_shock_words[]; /* their names, ended by NULL */

enum mdl_shock_way { MDL_WAY_BOTH, MDL_WAY_IN, MDL_WAY_OUT };

struct mdl_shock {
    const char *id, *name, *after_id, *source;
    int kind;             /* enum mdl_shock_kind */
    struct mdl_pick pick; /* sites; of lanes, those that they leave */
    struct sim_strs to_site, to_country, lane_names;
    int way;       /* of a port: enum mdl_shock_way */
    int32_t from;  /* SIM_DAY_NONE where it comes after something */
    int at_end;    /* after the end of that, not its beginning */
    double factor; /* NAN = none */
    double share;  /* of stock on hand */
    double probability;
    int each;                                /* every site or lane draws for itself */
    struct sim_dist after_d, jitter_d, days; /* constant days INFINITY = for ever */
    struct sim_dist extra_d;                 /* of a slow lane */
    int closes;                              /* a lane or port: neither factor nor extra_d */
    uint32_t after_shock, after_rule, after_trigger; /* numbers in the scenario, or UINT32_MAX */
    char *lanes;                                     /* [n_lane] 0 or 1; NULL unless of lanes */
    uint64_t hash;
    const struct sim_tree *tree;
};

extern const struct sim_key mdl_shock_keys[];

struct mdl_scenario;

/* Reads the list `shocks` of a scenario's tree into s->shock, sorted by id. Returns 0 or
 * SIM_EINPUT, all faults gathered. */
int mdl_shock_read(struct mdl_scenario *s, struct sim_arena *a, struct sim_err *err) SIM_CHECKED;

/* Ties them to the network, to each other and to the scenario's rules, which are read. What picks
 * nothing that it could strike, and shocks that follow each other in a ring, are faults. Returns 0
 * or SIM_EINPUT. */
int mdl_shock_link(struct mdl_scenario *s, struct sim_arena *a, const struct mdl_network *n,
                   struct sim_err *err) SIM_CHECKED;

/* One shock at one place. */
struct mdl_spell {
    int32_t begin, end; /* days, end excluded; INT32_MAX = for ever */
    uint32_t shock;
    uint32_t next; /* of the same place, by number of the shock; 0 = none */
    uint32_t site; /* whose it is: nobody else reads it */
    /* of a shock after a trigger; begin and end are INT32_MAX until its site hears of that */
    int32_t delay, days; /* from the day after; INT32_MAX = for ever */
};

/* When which shock strikes what in one run. Lists begin at 0 = none; an array is NULL where no
 * shock of the scenario is about such things. */
struct mdl_calendar {
    uint32_t n_spell;
    struct mdl_spell *spell; /* from 1 */
    int32_t *first, *end;    /* [n_shock] over all places; SIM_DAY_NONE = it does not come */
    uint32_t *site;          /* [n_site] down or gone */
    uint32_t *process;       /* [n_process] of another capacity */
    uint32_t *lane;          /* [n_lane] closed or slow */
    uint32_t *point;         /* [n_point] part of the stock destroyed on `begin` */
    uint32_t *demand;        /* [n_demand] of another size */
};

/* Draws the calendar of a run; everything lives in `a`. exists: which rules do, [n_rule]. O(shocks
 * x places). */
void mdl_shock_draw(struct mdl_calendar *c, struct sim_arena *a, const struct mdl_scenario *s,
                    const struct mdl_network *n, const char *exists, uint64_t seed, uint32_t run);

/* Widens first and end of the shock to a spell of it. */
void mdl_calendar_span(struct mdl_calendar *c, const struct mdl_spell *s);

/* The first spell from `at` (0 = none) on that is on at a day; 0 = none. */
static inline uint32_t mdl_spell_on(const struct mdl_calendar *c, uint32_t at, int32_t day)
{
    while (at && (day < c->spell[at].begin || day >= c->spell[at].end))
        at = c->spell[at].next;
    return at;
}

#endif
