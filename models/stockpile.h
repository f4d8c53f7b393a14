/* Reserves in a run. Internal to models/.
 *
 * A state reserve is an actor, after the offices and the quotas: it knows what the sites that it
 * serves last reported. A company reserve belongs to the site that it lies at. */
#ifndef MDL_STOCKPILE_H
#define MDL_STOCKPILE_H

#include "models/actors.h"

enum { MDL_LOSS_DAYS = 28 };

/* What a reserve holds of one product: of a state in all, of a company at one site. */
struct mdl_depot {
    uint32_t reserve, product;
    int64_t target, held;      /* quanta; at first, now */
    int64_t most_out, most_in; /* quanta a day */
    int64_t coming;            /* asked of sites and not yet come */
    double *share;             /* origin vector of what is held */
    int64_t a_in, a_out;       /* since the beginning */
    /* records, quanta */
    int64_t before;            /* change before `start` */
    int64_t *released, *taken; /* [n_month] */
    int32_t empty;             /* first day without anything; SIM_DAY_NONE */
};

/* A served stock point as the state reserve sees it. */
struct mdl_claim {
    uint32_t relief;
    int64_t ask, offer; /* quanta: lacks, can give */
    int64_t since;      /* tick at which it began to ask */
    int64_t granted;    /* in all */
};

/* The same as its site sees it. */
struct mdl_relief {
    uint32_t point, reserve, depot;
    uint32_t claim;   /* of a state */
    int64_t promised; /* in all */
    int64_t came;     /* in all */
    int64_t given;    /* in all */
    int told;         /* the last report was not of nothing */
};

struct mdl_reserve_state {
    uint32_t first_depot, n_depot;
    uint32_t *first_claim;    /* [n_depot + 1], of a state */
    double *planned, *missed; /* [n_site] last reported, with release_loss; else NULL */
    int awake;
};

/* Value of planned and missed starts from `start` on, at the end of the last days. */
struct mdl_loss {
    double planned[MDL_LOSS_DAYS + 1], missed[MDL_LOSS_DAYS + 1];
};

enum mdl_report_what { MDL_REPORT, MDL_PROMISE, MDL_GOODS, MDL_TAKE, MDL_GIVE };

/* What a message between a site and a state reserve carries; owned by it. */
struct mdl_report {
    uint32_t relief, share;
    uint8_t what;     /* enum mdl_report_what */
    int64_t quantity; /* promised, sent, to give */
    int64_t asked;    /* of a gift: what it answers */
    int64_t ask, offer, promised;
    double planned, missed; /* USD in 28 days */
};

struct mdl_stockpiles {
    uint32_t n_depot, n_claim, n_relief;
    struct mdl_reserve_state *reserve; /* [n_reserve] */
    struct mdl_depot *depot;           /* by reserve, product, point */
    struct mdl_claim *claim;           /* by depot, point */
    struct mdl_relief *relief;         /* by site */
    uint32_t *relief_of;               /* [n_site + 1] */
    struct mdl_loss **loss;            /* [n_site] NULL where nobody asks */
    struct sim_pool report;
    int64_t *want, *got; /* [n_claim] of the day's work */
    uint32_t *order;
};

/* Fills the reserves; NULL if the scenario has none. Origins are those of the steady state, by need
 * of those served. */
void mdl_stockpile_start(struct mdl_state *w);
/* The morning of a site: its own reserves are released, or filled again. */
void mdl_stockpile_morning(struct mdl_state *w, uint32_t site);
/* The evening: what was missed is counted; on the day of its review it reports to state reserves.
 */
void mdl_stockpile_evening(struct mdl_state *w, uint32_t site, int reviews);
/* A promise, goods or a request of a state reserve reach a site. Returns the stock point. */
uint32_t mdl_stockpile_receive(struct mdl_state *w, const struct sim_msg *m);
/* A report, a gift or the day's work reach a state reserve. */
void mdl_stockpile_handle(struct mdl_state *w, const struct sim_msg *m);

#endif
