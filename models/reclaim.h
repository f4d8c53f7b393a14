/* Recycling in a run. Internal to models/. */
#ifndef MDL_RECLAIM_H
#define MDL_RECLAIM_H

#include "models/actors.h"

/* A stock point whose goods come back, as its site keeps it. */
struct mdl_reclaim_base {
    uint32_t entry, point;
    int64_t counted; /* sold or made, at the end of the last period */
    double usual;    /* quanta of a period in the steady state */
    double *due;     /* [n_period] quanta of goods that come to their end */
    double *share;   /* origin vector of what was sold or made since the beginning */
    double sum;      /* of it, quanta */
    double carry;    /* of a quantum of scrap */
    double yield;    /* quanta of scrap per quantum */
};

struct mdl_reclaim {
    uint32_t n_base;
    struct mdl_reclaim_base *base; /* by site */
    uint32_t *base_of;             /* [n_site + 1] */
    int64_t **month; /* [n_recycling][n_month] quanta of scrap that came, each kept by the site that
                        gets it */
    double *mix;     /* scratch, an origin vector of goods and one of scrap */
};

/* Sets it up; NULL if the scenario recycles nothing. */
void mdl_reclaim_start(struct mdl_state *w);
/* The evening of a site: at the end of a period what came to its end is sent off. */
void mdl_reclaim_evening(struct mdl_state *w, uint32_t site);
/* Scrap reaches its site. Returns the stock point. */
uint32_t mdl_reclaim_receive(struct mdl_state *w, const struct sim_msg *m);
/* What came back, into the result. */
void mdl_reclaim_store(struct mdl_state *w);

#endif
