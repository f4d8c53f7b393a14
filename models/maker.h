/* What makers do when an input is short, and how new plants begin. Internal to models/. */
#ifndef MDL_MAKER_H
#define MDL_MAKER_H

#include "models/actors.h"

/* A substitute at a process, beside its mdl_swap of the network. Shares are of the day's plan. */
struct mdl_swap_state {
    int32_t ready; /* first day on which it can be used; SIM_DAY_NONE = change-over not begun */
    int in_use;    /* the site has turned to it because the product was short */
    double wanted; /* share for which the site stocks it */
    double thrift; /* share that moves to it today, short of the product or not, by the calendar; */
    double chosen; /* and with what a high price adds */
    double most;   /* largest share it may have today */
    double base[MDL_USES];     /* share that the product allows, of all but thrift */
    int64_t n[MDL_USES];       /* starts of the day with it, */
    int64_t thrifty[MDL_USES]; /* of them by thrift, */
    int64_t all[MDL_USES];     /* of so many */
    int64_t left[MDL_USES];    /* not yet taken out of stock */
    int64_t idle[MDL_USES];    /* starts that its penalty costs today */
    int64_t rem;               /* remainder of its quantity */
};

/* Units without their deferrable inputs: in the cycle, and waiting in the yard. */
struct mdl_yard {
    int64_t limit;          /* quanta of the main output */
    int64_t wip[MDL_MARKS]; /* in the cycle and waiting */
    int64_t waiting[MDL_MARKS];
    int64_t *ring; /* as in mdl_process_state */
    double *share[MDL_MARKS];
    double mass[MDL_MARKS][MDL_MAX_ELEMENTS];
    int64_t now[MDL_USES]; /* starts of the day without parts */
    double sum;            /* record: waiting, quanta x days */
    int64_t top;
};

/* ---- produce.c ---- */
/* Part of the day's need of one use that stock of an input allows, 0..1. */
double mdl_produce_allowed(const struct mdl_state *w, uint32_t point, int use, double stretch_d);
/* Quanta of n x num / den with the remainder carried. */
int64_t mdl_produce_scale(int64_t n, int64_t num, int64_t den, int64_t *rem);
/* Takes `all` quanta of an input for n starts of one use and mixes their elements into the scratch
 * vector and mass; returns how many of the n are civil-only by it. */
int64_t mdl_produce_take(struct mdl_state *w, const struct mdl_recipe *r, uint32_t point,
                         int64_t all, int64_t n, int use, double mass[MDL_MAX_ELEMENTS]);
/* Adds a part of the mix in the scratch vector to the work in process, with n units. */
void mdl_produce_add_work(struct mdl_state *w, uint32_t k, int mark, int64_t n,
                          const double mass[MDL_MAX_ELEMENTS], double part);
/* n units of the work in process are done. */
void mdl_produce_finish(struct mdl_state *w, uint32_t k, int mark, int64_t n);
/* Starts of one use that stock of an input has room for. */
int64_t mdl_produce_room(const struct mdl_state *w, uint32_t point, const struct mdl_part *part,
                         int64_t rem, int use);

/* ---- miss.c ---- */
/* Books missed starts of one use to the causes of the input that bound them, or to the shock that
 * did (a cause; 0 = none). */
void mdl_miss_book(struct mdl_state *w, uint32_t k, int use, uint32_t binding, uint32_t shock,
                   int64_t missed, int32_t today);
/* Was the day a stop, or a slow day? */
void mdl_miss_count_stops(struct mdl_process_state *p, int32_t today);

/* ---- substitute.c; all but the first need process[k].swap ---- */
/* Sets up the substitutes of a process, if the scenario has substitution. */
void mdl_substitute_init(struct mdl_state *w, uint32_t k);
/* The day's decisions, once the plan is made: change-over, going back, thrift. */
void mdl_substitute_day(struct mdl_state *w, uint32_t k, int32_t today);
/* The substitute of an input, NULL if it has none. */
struct mdl_swap_state *mdl_substitute_of(const struct mdl_state *w, uint32_t k, uint32_t input);
/* Adds what the plan needs of substitutes to their points, or takes it away. */
void mdl_substitute_reserve(struct mdl_state *w, uint32_t k, int sign);
/* What product and substitute allow together, where the product alone allows a. */
double mdl_substitute_allows(struct mdl_state *w, uint32_t k, uint32_t input, int use, double a);
/* Splits n starts (for civilians with those of the military) over products and substitutes; returns
 * how many can be made. */
int64_t mdl_substitute_clamp(struct mdl_state *w, uint32_t k, int use, int64_t n);
/* Takes substitutes for some of n starts of one use, returns for how many; *bound is increased by
 * those that are civil-only by it. */
int64_t mdl_substitute_take(struct mdl_state *w, uint32_t k, uint32_t input, int use, int64_t n,
                            double mass[MDL_MAX_ELEMENTS], int64_t *bound);
/* Nothing is started today after all. */
void mdl_substitute_none(struct mdl_state *w, uint32_t k);
/* After the day's starts: requirements go where they were met, and are recorded. */
void mdl_substitute_done(struct mdl_state *w, uint32_t k, int recording);
/* The end of the day for a site. */
void mdl_substitute_close(struct mdl_state *w, uint32_t site);

/* ---- defer.c; all but the first need process[k].yard ---- */
void mdl_defer_init(struct mdl_state *w, uint32_t k);
/* Units that come out of the cycle go to the yard; what all that wait need is reserved. */
void mdl_defer_arrive(struct mdl_state *w, uint32_t k, int32_t today);
/* Units whose parts are there are finished; scarce parts go to a site's processes in proportion. */
void mdl_defer_complete(struct mdl_state *w, uint32_t site);
/* How many of n starts of one use can be made, with parts or without as far as the yard has room;
 * binding is the scarcest part if that is fewer. */
int64_t mdl_defer_limit(struct mdl_state *w, uint32_t k, int use, int64_t n, int64_t military,
                        uint32_t *binding);
/* Puts n units without parts into process, with a part of the mix in the scratch vector. */
void mdl_defer_enter(struct mdl_state *w, uint32_t k, int mark, int64_t n,
                     const double mass[MDL_MAX_ELEMENTS], double part, int32_t due, int at_once);
/* The end of the day: what waits wants its parts; the record. */
void mdl_defer_close(struct mdl_state *w, uint32_t k, int recording);

/* ---- ration.c ---- */
/* The order in which the processes of a site take scarce inputs, in w->turn; NULL = side by side,
 * each in proportion. Needs must be reserved. */
const uint32_t *mdl_ration_turns(struct mdl_state *w, uint32_t site);

/* ---- ramp.c ---- */
/* Days in service with the run's delay. */
void mdl_ramp_init(struct mdl_state *w, uint32_t k);
int mdl_ramp_in_service(const struct mdl_state *w, uint32_t k, int32_t today);
/* Share of its capacity that a process in service has: ramp_start + (1 - ramp_start) (t / ramp_d) ^
 * ramp_shape on the t-th day after the first, then 1. */
double mdl_ramp_share(const struct mdl_state *w, uint32_t k, int32_t today);
/* Good output per start of what is finished today, from yield_start to yield in the same way. */
double mdl_ramp_yield(const struct mdl_state *w, uint32_t k, int32_t today);

#endif
