/* The state of one run: what every actor holds. Internal to models/.
 *
 * Actors are numbered by kind (enum mdl_actor_kind), the sites first, and within a kind in order of
 * their ids. A handler changes only what belongs to its actor: the stock points, processes and
 * records of its site; lines it supplies, orders it placed. */
#ifndef MDL_STATE_H
#define MDL_STATE_H

#include "models/purpose.h"
#include "models/run.h"
#include "models/study.h"

#include "sim/engine.h"
#include "sim/rng.h"

/* Products of two quantities. */
__extension__ typedef __int128 mdl_wide;

enum { MDL_TICKS_PER_DAY = SIM_TICKS_PER_DAY, MDL_MAX_CYCLE = 4096 };

/* Kinds of actor, in the order of their numbers. */
enum mdl_actor_kind {
    MDL_ACTOR_SITE,
    MDL_ACTOR_OFFICE,
    MDL_ACTOR_QUOTA,
    MDL_ACTOR_PRICE,
    MDL_ACTOR_RESERVE,
    MDL_ACTORS
};

/* Kinds of message and, as their class, the order in which an actor handles them at one tick. */
enum mdl_kind {
    MDL_MSG_NOTICE, /* the supplier tells: a new cause, a refusal, a cancellation */
    MDL_MSG_SHIP,
    /* goods arrive at the buyer */ MDL_MSG_RELIEF, /* a state's reserve promises, sends or asks */
    MDL_MSG_SCRAP,                                  /* recycled goods arrive */
    MDL_MSG_ORDER,                                  /* an order line arrives at the supplier */
    MDL_MSG_DUE,                                    /* an order line is due: it may be served */
    MDL_MSG_CANCEL,                                 /* the buyer takes back what is not shipped */
    MDL_MSG_LISTED, /* the buyer of a lane has been caught and is listed */
    MDL_MSG_STAFF,  /* an office's staff changes */
    MDL_MSG_FILE,   /* the papers of an application are together */
    MDL_MSG_APPLY,  /* an application arrives at the office, or again after it was returned */
    MDL_MSG_REFILED,
    MDL_MSG_WITHDRAW, /* the supplier needs it no more */
    MDL_MSG_ASK,      /* a request for quota arrives */
    MDL_MSG_GRANT,    /* the day's work of a quota */
    MDL_MSG_REPORT,   /* a site tells a state's reserve what it lacks, or gives it goods */
    MDL_MSG_RESERVE,  /* the day's work of a state's reserve */
    MDL_MSG_DECISION, /* an answer arrives at the supplier; its own, when days have passed */
    MDL_MSG_REVIEWED, /* the office finished a batch of applications */
    MDL_MSG_LIMIT,    /* the statutory limit of an application is over */
    MDL_MSG_STOCKS,   /* a site's stock and use arrive at a price */
    MDL_MSG_PRICE,    /* the week's work of a price */
    MDL_MSG_PRICED,   /* a price arrives at a site: its number, and the bits of a float */
    MDL_MSG_ARRIVAL,  /* a customer comes, in continuous time */
    MDL_MSG_DAY       /* the day's work of a site */
};

enum mdl_notice {
    MDL_NOTICE_CAUSE,
    MDL_NOTICE_REFUSED,
    MDL_NOTICE_CANCELLED,
    MDL_NOTICE_SWITCHED /* taken back to be ordered elsewhere */
};

/* What a message carries; owned by the message until it is handled. */
struct mdl_note {
    uint32_t lane, order, line;
    int64_t quantity;
    int64_t diverted; /* part of an order that another supplier refused, for `cause` */
    uint32_t share;   /* origin vector in the pool of its width; 0 = none */
    uint32_t cause;
    int32_t placed;
    uint8_t use, mark;
    uint8_t what; /* enum mdl_notice, of a cancellation the answer; of goods: came through a third
                     country */
    uint8_t granted; /* enum mdl_answer */
    uint8_t need;    /* enum mdl_need_kind */
    uint8_t leg;     /* enum mdl_leg_of */
    uint32_t to;     /* of a request: country of destination of that leg */
    int32_t day;     /* of quota: when it was granted */
    uint32_t serial; /* of a request: the line's number of it */
    uint32_t rule;
    int64_t applications;
    double review_d;
    uint32_t nth;   /* as in mdl_shipment */
    uint32_t round; /* how often the papers came back */
    uint32_t times; /* applications that the line made for this before */
};

enum mdl_answer { MDL_REFUSED, MDL_GRANTED, MDL_WITHDRAWN, MDL_GRANTED_IN_PART };

/* One requirement of an order line. */
enum mdl_need_state { MDL_NEED_OPEN, MDL_NEED_FILING, MDL_NEED_ASKED, MDL_NEED_MET };
struct mdl_need {
    uint16_t rule;
    uint8_t kind, state;
    uint8_t leg;     /* enum mdl_leg_of */
    uint32_t serial; /* of the last request */
    uint32_t times;  /* requests made */
    uint32_t via;    /* third country; 0 where leg = MDL_STRAIGHT */
    int32_t until;   /* day on which a licence ends; on which quota was last granted */
    int64_t left;    /* quota that was granted and not yet used, quanta */
};

/* What the rules ask of an order line that crosses a border. */
struct mdl_papers {
    uint32_t n_need, n_tax;
    uint32_t detour; /* 1 + number; 0 = straight */
    uint32_t evaded; /* with a detour: the rule that refuses the straight way */
    int civil_only;
    struct mdl_need need[MDL_MAX_NEEDS];
    double days[MDL_MAX_NEEDS];  /* of notices and inspections */
    int32_t from[MDL_MAX_NEEDS]; /* before that day goods leave without it */
    struct mdl_levy tax[MDL_MAX_NEEDS];
};

/* An order line as its supplier sees it. */
struct mdl_line {
    uint32_t next, prev; /* in its list */
    uint32_t lane, order;
    int64_t quantity;        /* ordered */
    int64_t left;            /* not yet allocated */
    int64_t held[MDL_MARKS]; /* allocated, waiting at the gate */
    int32_t placed;
    uint32_t nth;    /* as in mdl_shipment */
    uint32_t number; /* on its lane, from 1; as its buyer numbers it */
    uint32_t cause;  /* told to the buyer */
    uint8_t use, closed, waits;
    uint8_t early;   /* not due yet */
    uint8_t parked;  /* not owed yet: early, or its goods are not made before it is licensed */
    uint8_t gone;    /* served or closed, and out of its list */
    uint32_t asked;  /* requests without an answer: it stays in the pool until they have one */
    uint32_t serial; /* of its last request */
    uint32_t papers; /* in their pool; 0 = no rule covers its lane */
    uint32_t share[MDL_MARKS]; /* origin vectors of what is held */
};

/* The same line as its buyer sees it. */
struct mdl_order {
    uint32_t next, prev; /* open orders of the stock point, oldest first */
    uint32_t lane;
    int64_t quantity, open;   /* ordered; not yet received, refused or cancelled */
    int32_t placed, promised; /* days; overdue if it is not there on the day's work of `promised` */
    int64_t placed_at;        /* tick; negative if it was on the way at the beginning */
    uint32_t cause;
    uint32_t number; /* on its lane, from 1 */
    uint8_t use;
    uint8_t sample;   /* of a supplier that is not qualified yet */
    uint8_t switched; /* some of it was to be ordered elsewhere, or was ordered so */
};

enum { MDL_MIX = 8 };

/* Causes of a point's overdue orders and their parts, which add up to 1, as of one day. A cause
 * that is met after MDL_MIX others goes to the largest of them so far. */
struct mdl_mix {
    int32_t day;
    uint32_t n;
    uint32_t cause[MDL_MIX];
    double part[MDL_MIX];
};

/* Order lines of a stock point, in the order in which they came in. */
struct mdl_list {
    uint32_t first, last, n;
};

struct mdl_point_state {
    /* every day; three lines of the cache */
    int64_t on_hand[MDL_MARKS];
    int64_t owed[MDL_USES];    /* open lines, not yet allocated */
    double want[MDL_USES];     /* required today */
    double forecast[MDL_USES]; /* quanta a day */
    double behind[MDL_USES];   /* quanta that missed starts still want */
    int64_t held;              /* allocated to lines that wait at the gate */
    struct mdl_list open;      /* lines to allocate, to release or to look at, first come first */
    uint32_t version;          /* of the rules by which its lines were judged */
    uint8_t news; /* a line came, was decided, served or closed since they were settled */
    uint32_t told[MDL_USES];   /* cause of shortage that the open lines were last told */
    double diverted[MDL_USES]; /* quanta a day, smoothed: orders that came because others refuse */
    double stock_sum;          /* record: quanta x days */
    double week_stock, week_made; /* record of the week in hand; made, or handed over at markets */
    double week_ordered, week_needed; /* orders placed, requirements; quanta */
    double day_made;
    int64_t need[MDL_USES];   /* of all processes of the site, today */
    double *share[MDL_MARKS]; /* origin vector of on_hand */
    /* now and then */
    int64_t pipe[MDL_USES];    /* ordered and not yet received */
    int64_t backlog[MDL_USES]; /* of customers at a market */
    int64_t relief;            /* promised by a state's reserve, and on the way */
    double lead_d; /* learned lead time, with the age of overdue orders, at the last review */
    uint32_t diverted_cause[MDL_USES]; /* of the last such order */
    struct mdl_list waiting; /* lines allocated in full, or parked, that wait at the gate */
    uint32_t order_first, order_last;
    uint32_t unplaced_cause[MDL_USES]; /* why the last need was refused or not placed, */
    int64_t unplaced_now[MDL_USES];    /* how much of it, until goods ordered later come, */
    int64_t unplaced_at[MDL_USES];     /* since which tick, */
    uint8_t unplaced_old[MDL_USES];    /* and whether it has been placed again since */
    struct mdl_mix mix[MDL_USES];      /* causes of its overdue orders */
    int32_t shares_moved;              /* day on which contract shares were last looked at */
    /* records, from `start` on, quanta */
    int64_t ordered, received, refused, cancelled, unplaced, shipped, made, used, sold, surplus;
    double moved, moved_today; /* quanta a day, smoothed: required, and met by substitutes */
    int64_t from_reserve;
    int64_t diverted_use;               /* civil-only goods used for military output */
    int64_t order_lines;                /* placed */
    int64_t due, due_received, on_time; /* orders promised within the horizon and not taken back; of
                                           them received, received by then */
    double lead_sum, lead_weight;       /* days x quanta, quanta */
    int64_t switched, lines_switched;
    double share_moved; /* beyond the contracts of the tables, share x days */
    double hoarded;     /* stock beyond review period and usual cover, quanta x days */
    /* since the beginning, for the audit, quanta */
    int64_t a_initial, a_in, a_out, a_made, a_used, a_sold, a_surplus;
};

struct mdl_lane_state {
    double lead_d; /* exponential mean over received lines */
    int32_t blocked_until[MDL_USES];
    int32_t qualified;  /* first day on which the buyer may use it; INT32_MAX = not under way */
    int32_t failed;     /* day on which a try to qualify it ends in vain; SIM_DAY_NONE = none */
    int64_t tries;      /* to qualify it */
    double qualify_usd; /* record */
    double share;       /* of the buyer's need, now */
    uint8_t in_trouble; /* blocked or late, when shares were last looked at */
    uint32_t blocked_rule[MDL_USES]; /* that refused, and its version then */
    uint32_t blocked_version[MDL_USES];
    uint32_t blocked_cause[MDL_USES];
    int32_t sent_day, sent;      /* shipments on one day, for the index of the draws */
    int32_t taken_day[MDL_USES]; /* lines placed on one day, for the same */
    uint32_t taken[MDL_USES];
    uint32_t n_placed, n_taken; /* lines so far: of the buyer, of the supplier */
    int64_t seized;             /* record */
    int64_t a_sent, a_received, a_seized;
    int32_t listed;   /* the supplier knows since then that the buyer is listed; SIM_DAY_NONE */
    double nominal_d; /* lead time without shortage or control */
};

/* Causes kept apart at one process; with one more, the last place becomes `unexplained` and takes
 * it and all later ones. */
enum { MDL_TOP = 12 };

struct mdl_process_state {
    int64_t plan, start; /* of the day, quanta of the main output */
    int64_t plan_use[MDL_USES];
    int64_t civil_most;          /* of the plan, if the military starts nothing */
    int64_t fresh_use[MDL_USES]; /* of it not yet planned on a day before: requirement, and what is
                                    missed if it is not started */
    double behind[MDL_USES];     /* starts missed and not yet made up */
    int64_t wip[MDL_MARKS];
    int64_t *ring; /* [n_ring][MDL_MARKS] due on day % n_ring, counted from the first */
    int32_t n_ring;
    double cycle_mean;
    double *share[MDL_MARKS]; /* origin vectors of the work in process, by recipe element */
    double mass[MDL_MARKS]
               [MDL_MAX_ELEMENTS]; /* kg taken in and not yet finished, by recipe element */
    int64_t *rem_in, *rem_out;     /* remainders of the bill of materials and the yield */
    int64_t rem_yield;
    uint32_t cause[MDL_USES]; /* of the last missed starts, the largest; holds until cause_until */
    int32_t cause_until[MDL_USES];
    /* records */
    double planned, started, missed;
    double cause_amount[MDL_TOP];
    uint32_t cause_id[MDL_TOP];
    int32_t stop_first, stop_days, slow_days, run_days, run_first, longest, longest_first;
    /* see maker.h */
    int32_t from, until;         /* days in service in this run */
    double cap;                  /* starts that capacity allows today */
    struct mdl_swap_state *swap; /* [n_swap of the process]; NULL = none */
    struct mdl_yard *yard;       /* NULL = no deferrable inputs */
    double substituted, idle;    /* records: starts with a substitute; those that penalties cost */
    int32_t turned;              /* first day on which shortage made it turn to a substitute */
};

struct mdl_market_state {
    int64_t *ring; /* [patience + 1] waiting by day of arrival; NULL if they wait for ever */
    int64_t backlog, today;
    double carry; /* fraction of a quantum not yet asked for */
    uint64_t arrivals;
    double demand, served, at_once, lost;
    double backlog_sum;              /* quanta x days */
    double priced_carry, priced_out; /* quanta that high prices keep away: fraction, record */
    double *cause;                   /* [n_cause] lost quanta */
    double *delivered;               /* [n_el x n_share] kg, from start on */
};

/* Applications of one line in an office's queue. */
struct mdl_file {
    uint32_t next;          /* in its queue */
    uint32_t before, after; /* among all undecided ones of the office */
    uint32_t serial;        /* of this filing: a limit set for an earlier one is void */
    uint32_t refs;          /* messages under way that name it: it stays in the pool until 0 */
    struct mdl_note note;
    int64_t waiting, under_review;
    int64_t filed, first_filed; /* ticks; of this filing, of the first */
    uint8_t queue, decided;     /* where it stands; answered */
};

struct mdl_queue {
    uint32_t first, last;
};

struct mdl_office_state {
    struct mdl_queue queue[MDL_MAX_PRIORITIES + 1]; /* files with applications not yet under review,
                                                       by priority entry; the last = none matches */
    uint32_t undecided;                             /* the first of all */
    int64_t busy;
    uint32_t serial;
    /* records per month; over all, in days: waits of applications before their review */
    double *applied, *granted, *refused, *returned, *days;
    double *backlog; /* undecided at the month's end; NAN = as at the end before */
    int64_t open;
    double wait_sum, wait_n;
};

/* A pot of a quota: all, a destination or an exporter. What is asked and granted is counted in the
 * quota's measure. */
struct mdl_pot {
    double share, left; /* of the amount; now */
    struct mdl_queue queue;
};
struct mdl_quota_state {
    const struct mdl_quota *keys;
    uint32_t rule, n_pot;
    uint32_t *pot_of; /* 1 + number of the pot of a holder: country, or company or site; 0 = none */
    struct mdl_pot *pot;
    int32_t begins; /* day of the period in hand */
    int awake;      /* a day's work is due */
    double *used;   /* [n_month] granted */
};

/* An exporter and a buyer under one licence rule that knows general licences. */
struct mdl_pair {
    int64_t good;  /* licences granted since the last general one */
    int32_t until; /* day on which their general licence ends; SIM_DAY_NONE = none */
};

/* What a site says once a week of the goods of a price, and the sum over a zone: USD at value_usd,
 * `use` and `needed` a day. */
struct mdl_price_report {
    double stock, use;
    double bought, needed; /* of points that buy */
    uint8_t zone, some;
};

struct mdl_price_zone_state {
    struct mdl_price_report week;
    double spot, contract; /* multiples of the base */
    double reference;      /* days of cover */
    double learned;        /* sum of n_learned covers */
    int64_t n_learned;
    float *spots, *contracts, *covers, *volumes; /* record: [n_week] USD, USD, days, units */
};
struct mdl_price_state {
    struct mdl_price_zone_state zone[MDL_ZONES];
};

/* A stock point under one entry of hoarding. */
struct mdl_hoard_point {
    double level, most; /* days of cover added; the most of it since it last rose */
    int32_t day, since; /* last review; first review with what sets it off, SIM_DAY_NONE = not on */
};
struct mdl_hoard_state {
    int32_t *delay;             /* [n_site] days until it reacts, -1 = never */
    struct mdl_hoard_point *at; /* [n_point] */
};

/* Days from order to receipt that a buyer reckons with. */
struct mdl_lead {
    double learned, capped, nominal; /* lived through; with the caps; without shortage or control */
};

struct mdl_state {
    const struct mdl_study *st;
    const struct mdl_network *net;
    const struct mdl_scenario *sc;
    const struct mdl_gate *gate;
    const uint32_t *rule_cause;
    struct sim_run run;
    struct mdl_run_options opt;
    struct sim_result *res;
    uint32_t scenario;
    int32_t day0;                         /* first simulated day */
    uint32_t first_actor[MDL_ACTORS + 1]; /* number of the first of each kind; of all */
    struct mdl_world world;
    struct mdl_calendar calendar; /* of shocks */
    struct mdl_point_state *point;
    struct mdl_lane_state *lane;
    struct mdl_process_state *process;
    struct mdl_market_state *market;
    struct mdl_office_state *office;
    struct mdl_quota_state *quota; /* [n_quota] */
    uint32_t n_quota;
    struct mdl_reclaim *reclaim;      /* NULL = nothing is recycled */
    uint32_t *quota_of;               /* [n_rule] number of its quota */
    struct mdl_pair *pair;            /* [n_lane_pair of the study][n_rule] */
    double *destroyed;                /* [n_point] record, units; NULL where nothing is */
    int64_t *a_destroyed;             /* the same since the beginning, quanta */
    struct mdl_hoard_state *hoard;    /* [n_hoarding] */
    uint32_t *diverts;                /* [n_site] 1 + number of the first diversion; 0 = none */
    struct mdl_stockpiles *stockpile; /* NULL = there are no reserves */
    uint32_t *turn;        /* [most processes of a site] order in which they take inputs, */
    double *turn_key;      /* and what it is by */
    char *used_civil_only; /* [n_site] civil-only goods went into military output today */
    /* with prices; else NULL */
    struct mdl_price_state *price; /* [n] */
    double *price_told;            /* [n_site * n] what each site heard last, of the base */
    int64_t *price_bought;         /* [n_point] quanta received by the last report */
    int32_t *marginal_from;        /* [n_process] first day on which a marginal plant runs */
    struct sim_pool report;
    struct sim_pool line, order, note, file, papers;
    struct sim_pool share[MDL_MAX_ELEMENTS + 1]; /* origin vectors by number of elements */
    double *scratch;                             /* one vector of all elements */
    int32_t *review_phase;                       /* [n_site] */
    /* records by lane and month, quanta */
    int64_t *exported, *imported;  /* [n_lane * n_month] */
    double *tax_usd;               /* [n_site * n_rule] */
    int64_t *detoured;             /* [n_lane] sent through third countries */
    double *detour_usd;            /* [n_lane] what that cost */
    int64_t *still_open;           /* [n_lane * n_month] on order at the end of the month */
    float *week_stock, *week_made; /* [n_point * n_week] units */
    float *day_stock, *day_made;   /* [n_point * horizon_d] units, with outputs = full; else NULL */
    /* measure.c, units */
    float *week_ordered, *week_needed; /* [n_point * n_week] */
    float *month_cover;                /* [n_point * n_month] days */
    float *period_started;             /* [n_process * n_period] */
    float *promised;                   /* [n_flow * n_bin] orders by promised days */
    float *cohort[3];                  /* [n_watched * n_cohort * n_bin], as bin */
    float *before_cover, *before_kg;   /* [n_point] days; [n_point * n_element * n_origin] */
    float *bin[3]; /* [n_flow * n_bin] lead times: received, open, refused; quanta as units */
    /* elements by origin that came in (mined, separated, there at the beginning) and went out
     * (sold, lost, surplus), kg, with audit: [n_site][n_element][n_share] */
    double *el_in, *el_out;
    struct mdl_tracer *trace; /* NULL = no trace is recorded */
};

enum { MDL_LEAD_BINS = 53, MDL_LEAD_BIN_D = 7, MDL_RANKS = 3, MDL_PERIOD_D = 28 };

static inline int32_t mdl_today(const struct mdl_state *w)
{
    return w->day0 + (int32_t)(w->run.now / MDL_TICKS_PER_DAY);
}

/* The actor of this kind and number. */
static inline uint32_t mdl_actor(const struct mdl_state *w, enum mdl_actor_kind kind, uint32_t i)
{
    return w->first_actor[kind] + i;
}
static inline int mdl_actor_is(const struct mdl_state *w, uint32_t actor, enum mdl_actor_kind kind)
{
    return actor >= w->first_actor[kind] && actor < w->first_actor[kind + 1];
}

static inline int mdl_recording(const struct mdl_state *w, int32_t day)
{
    return day >= w->sc->start;
}

static inline double *mdl_ledger(const struct mdl_state *w, double *ledger, uint32_t site)
{
    return ledger + (size_t)site * (size_t)w->net->n_element * (size_t)w->net->n_share;
}

static inline double mdl_units(const struct mdl_state *w, uint32_t product, double quanta)
{
    return quanta / (double)w->net->product[product].qpu;
}

/* ---- stock.c ---- */
/* Puts quanta with their origin vector into a stock point. */
void mdl_stock_add(struct mdl_state *w, uint32_t point, int mark, int64_t q, const double *share);
/* Books kilograms by origin that a site has without having received them: those that stand there at
 * the beginning, or are made out of nothing. For the audit. */
void mdl_stock_book(struct mdl_state *w, uint32_t site, uint32_t product, double quanta,
                    const double *share);
/* Takes quanta out; the origin vector of what was taken is the point's. Taking more than there is
 * is a bug. */
void mdl_stock_take(struct mdl_state *w, uint32_t point, int mark, int64_t q);
/* Takes quanta out that are lost, for the audit too; the caller keeps the count. */
void mdl_stock_lose(struct mdl_state *w, uint32_t point, int mark, int64_t q);
/* What can serve an end use: free stock for the military, all for civilians and where civil-only
 * goods are diverted. */
int64_t mdl_stock_usable(const struct mdl_state *w, uint32_t point, int use);
/* A copy of a point's origin vector in a pool; 0 if the product holds no tracked element. */
uint32_t mdl_stock_share(struct mdl_state *w, uint32_t point, int mark);
/* A copy of an origin vector. */
uint32_t mdl_stock_copy_share(struct mdl_state *w, uint32_t product, uint32_t share);
void mdl_stock_drop_share(struct mdl_state *w, uint32_t product, uint32_t share);
double *mdl_stock_share_at(struct mdl_state *w, uint32_t product, uint32_t share);

/* ---- order.c: the buyer ---- */
/* Reviews a stock point: orders what its policy asks for, by contract share among qualified
 * suppliers. */
void mdl_order_review(struct mdl_state *w, uint32_t point);
/* Places an order line of q quanta; returns it. `diverted` quanta of them come from a supplier that
 * refused, for `cause`. */
uint32_t mdl_order_place(struct mdl_state *w, uint32_t lane, int use, int64_t q, int64_t diverted,
                         uint32_t cause);
/* Asks the supplier to stop q of an order; it answers with what it could, as `notice`. */
void mdl_order_cancel(struct mdl_state *w, uint32_t id, int64_t q, int notice);
void mdl_order_receive(struct mdl_state *w, const struct sim_msg *m);
void mdl_order_notice(struct mdl_state *w, const struct sim_msg *m);
/* Causes of a point's overdue orders for one end use by open quantity, and of the need that no
 * supplier took; if it has none, of the orders that suppliers say they hold; if there are none
 * either, of those for the other use. Worked out once a day. */
const struct mdl_mix *mdl_order_causes(struct mdl_state *w, uint32_t point, int use);
void mdl_order_record_open(struct mdl_state *w);
/* Takes back all that a point has on order and nobody has set aside. */
void mdl_order_take_back(struct mdl_state *w, uint32_t point);
/* Records what a point has on order, by lane, as that of the month's end. */
void mdl_order_record_month(struct mdl_state *w, uint32_t point, uint32_t month);

/* ---- source.c: whom the buyer asks ---- */
/* Contract shares as the tables have them, no qualification under way. */
void mdl_source_start(struct mdl_state *w);
/* At a review: begins to qualify suppliers, moves contract shares, turns away from suppliers with
 * late lines. cover: days of need that stock should be, 0 = the policy knows none. */
void mdl_source_review(struct mdl_state *w, uint32_t point, double cover, int32_t today);
/* Splits a need over the suppliers that may be asked and places the orders: by contract share; what
 * blocked suppliers leave goes to all qualified ones, also to those without a contract. What nobody
 * can take is recorded as unplaced. */
void mdl_source_split(struct mdl_state *w, uint32_t point, int use, int64_t need);
/* How much of what a point is asked for, for an end use, comes from refusals elsewhere (0..1): of
 * what it sells, or of what is made of it; and the cause of the most. */
double mdl_source_inherited(const struct mdl_state *w, uint32_t point, int use, uint32_t *cause);
/* A supplier gave back q of a late order: it is placed with the others. */
void mdl_source_elsewhere(struct mdl_state *w, const struct mdl_order *o, int64_t q);
/* A refused sample ends the try to qualify the supplier. */
void mdl_source_refused(struct mdl_state *w, const struct mdl_order *o);

/* ---- hoard.c ---- */
void mdl_hoard_start(struct mdl_state *w);
/* Days of cover that a buyer adds today: the most of what rules (hoard_d) and entries of hoarding
 * say. gap_d: shortened where they say so. */
double mdl_hoard_cover(struct mdl_state *w, uint32_t point, int32_t today,
                       const struct mdl_lead *lead, double *gap_d);
/* Records a day's stock beyond what is usual. */
void mdl_hoard_record(struct mdl_state *w, uint32_t point);

/* ---- supply.c: the supplier ---- */
void mdl_supply_order(struct mdl_state *w, const struct sim_msg *m);
void mdl_supply_cancel(struct mdl_state *w, const struct sim_msg *m);
void mdl_supply_decision(struct mdl_state *w, const struct sim_msg *m);
void mdl_supply_due(struct mdl_state *w, const struct sim_msg *m);
void mdl_supply_listed(struct mdl_state *w, const struct sim_msg *m);
/* Allocates stock to the open lines of a point and lets go what the gate lets pass. */
void mdl_supply_allocate(struct mdl_state *w, uint32_t point);
/* A line that waits at the gate has news: back among the open ones. */
void mdl_supply_wake(struct mdl_state *w, uint32_t line);
/* Ends a line: goods that were held for it go back to stock, the buyer hears why. */
void mdl_supply_refuse(struct mdl_state *w, uint32_t line, uint32_t rule, int why);
/* The same by its cause; MDL_NO_RULE: the supplier is gone for good, the buyer does not ask again.
 */
enum { MDL_NO_RULE = UINT16_MAX + 1 };
void mdl_supply_end(struct mdl_state *w, uint32_t line, uint32_t rule, uint32_t cause);
/* A note to the buyer of a line: enum mdl_notice. */
void mdl_supply_tell(struct mdl_state *w, const struct mdl_line *l, int what, uint32_t cause,
                     uint32_t rule, int64_t q);
/* The cause that a rule is, for a product. */
uint32_t mdl_supply_cause(const struct mdl_state *w, uint32_t rule, int why, uint32_t product);

/* ---- ship.c: what leaves ---- */
/* Sends q of a line to its buyer, by the lane, by air if it is late, or round the rules; takes over
 * the origin vector `share`. Counts exports, taxes and costs. */
void mdl_ship(struct mdl_state *w, struct mdl_line *l, int mark, int64_t q, uint32_t share);
/* Goods of a line that wait at the gate go back to stock, up to q quanta; returns how many. */
int64_t mdl_ship_back(struct mdl_state *w, struct mdl_line *l, int64_t q);

/* ---- papers.c: what the rules ask of a line ---- */
static inline struct mdl_line *mdl_line_at(const struct mdl_state *w, uint32_t id)
{
    return sim_pool_at(&w->line, id);
}
/* Judges a line by today's rules and files what is to be filed with the order. What it has in hand
 * stays good under the rule that it was given for. Returns 0 if the line was refused. */
int mdl_papers_judge(struct mdl_state *w, uint32_t line);
/* How much of a line may leave now, INT64_MAX = all. Files what is to be filed by now; licences
 * that ended are applied for again. If it may not leave, the rule and enum mdl_why that hold it. */
struct mdl_hold {
    uint32_t rule;
    int why;
    uint32_t cause; /* of a lane that a shock has closed; 0 = the rule */
};
int64_t mdl_papers_clear(struct mdl_state *w, uint32_t line, struct mdl_hold *h);
/* Goods of a line leave: their quota is used. */
void mdl_papers_use(struct mdl_state *w, struct mdl_line *l, int64_t q);
/* The line is over: what it asked for is withdrawn, what it did not use goes back. */
void mdl_papers_close(struct mdl_state *w, uint32_t line);
/* Is a line owed by now? Keeps the books of its point. */
void mdl_papers_park(struct mdl_state *w, struct mdl_line *l);
/* The papers of an application are together: it goes to the office, if it is still needed. */
void mdl_papers_file(struct mdl_state *w, const struct sim_msg *m);
/* The answer to a request of a line. */
void mdl_papers_decision(struct mdl_state *w, uint32_t line, const struct mdl_note *n);

/* ---- evade.c: ways round the rules ---- */
/* A detour that takes a line which the rules refuse: its number + 1, and in v what both legs ask;
 * or 0, v untouched. */
uint32_t mdl_evade_detour(const struct mdl_state *w, const struct mdl_shipment *s,
                          struct mdl_verdict *v);
/* Is the shipment seized? */
int mdl_evade_seized(const struct mdl_state *w, uint32_t detour, uint32_t lane, uint64_t index);
/* Tells all suppliers of the company of a site, in listing_d days, that it is listed. */
void mdl_evade_list(struct mdl_state *w, uint32_t sender, uint32_t site, double listing_d);
/* Is a diversion for this site, dates aside? */
int mdl_evade_matches(const struct mdl_state *w, uint32_t diversion, uint32_t site);
/* The diversion by which the site may use civil-only goods for military output today: the first in
 * its dates that matches, its number + 1; 0 = it may not. */
uint32_t mdl_evade_diverts(const struct mdl_state *w, uint32_t site);
/* The end of a site's day: was a diversion found out? */
void mdl_evade_day(struct mdl_state *w, uint32_t site);

/* ---- strike.c: what shocks do; each is without effect where the scenario has none ---- */
/* The beginning of a site's day: stock is destroyed, firms go under, lanes open and close. */
void mdl_strike_day(struct mdl_state *w, uint32_t site);
/* The cause by which a site stands still, is gone for good; 0 = it does not, is not. */
uint32_t mdl_strike_down(const struct mdl_state *w, uint32_t site, int32_t day);
uint32_t mdl_strike_gone(const struct mdl_state *w, uint32_t site, int32_t day);
/* What a process's capacity is multiplied by, if it grows; 1 or more. */
double mdl_strike_growth(const struct mdl_state *w, uint32_t process, int32_t day);
/* Most starts of a process, and the cause; INT64_MAX = no limit. */
int64_t mdl_strike_most(const struct mdl_state *w, uint32_t process, int32_t day, uint32_t *cause);
/* The cause by which nobody can make a point's product; 0 = somebody can, or nobody ever does. */
uint32_t mdl_strike_halts(const struct mdl_state *w, uint32_t point, int32_t day);
/* So many quanta of what is asked of a point are due to a shock: what it lacks for that, and orders
 * that come of it, have this cause, as of what a refusal elsewhere sends. */
void mdl_strike_move(struct mdl_state *w, uint32_t point, int use, double q, uint32_t cause);
/* The cause by which nothing leaves by a lane; 0 = it does. */
uint32_t mdl_strike_closed(const struct mdl_state *w, uint32_t lane, int32_t day);
/* Days of a transit that takes `days` without shocks; the cause, 0 = as ever. */
double mdl_strike_transit(const struct mdl_state *w, uint32_t lane, double days, uint64_t index,
                          uint32_t *cause);
/* What demand is multiplied by; the cause, 0 = as ever. */
double mdl_strike_demand(const struct mdl_state *w, uint32_t demand, int32_t day, uint32_t *cause);

/* ---- plan.c ---- */
/* What a process would start today, by end use, and how much of it is planned for the first time.
 * working: share of the day that the country works. */
void mdl_produce_plan(struct mdl_state *w, uint32_t k, int32_t today, double working);

static inline const struct mdl_recipe *mdl_recipe_of(const struct mdl_state *w, uint32_t process)
{
    return &w->net->recipe[w->net->process[process].recipe];
}

static inline double mdl_ratio(const struct mdl_part *p)
{
    return (double)p->num / (double)p->den;
}

/* ---- produce.c ---- */
void mdl_produce_complete(struct mdl_state *w, uint32_t site);
void mdl_produce_start(struct mdl_state *w, uint32_t site);

/* ---- market.c ---- */
void mdl_market_day(struct mdl_state *w, uint32_t site);
void mdl_market_arrival(struct mdl_state *w, const struct sim_msg *m);
void mdl_market_first_arrival(struct mdl_state *w, uint32_t demand);
/* Books lost demand of a market to the causes of its overdue orders. */
void mdl_market_book(struct mdl_state *w, uint32_t demand, double q);
/* Serves waiting customers of a point from stock. */
void mdl_market_serve(struct mdl_state *w, uint32_t point);

/* ---- office.c ---- */
void mdl_office_start(struct mdl_state *w, uint32_t office);
void mdl_office_handle(struct mdl_state *w, const struct sim_msg *m);

/* ---- quota.c ---- */
void mdl_quota_start(struct mdl_state *w);
void mdl_quota_handle(struct mdl_state *w, const struct sim_msg *m);
/* The actor that keeps the quota of a rule. */
static inline uint32_t mdl_quota_actor(const struct mdl_state *w, uint32_t rule)
{
    return mdl_actor(w, MDL_ACTOR_QUOTA, w->quota_of[rule]);
}

/* ---- trace.c ---- */
/* MDL_TRACE(w, order(w, ...)) calls mdl_trace_order if a trace is recorded. */
#define MDL_TRACE(w, call)                                                                         \
    do {                                                                                           \
        if (__builtin_expect((w)->trace != NULL, 0))                                               \
            mdl_trace_##call;                                                                      \
    } while (0)
void mdl_trace_begin(struct mdl_state *w, const struct mdl_trace_plan *plan);
/* Hands over what was recorded, in order. */
void mdl_trace_end(struct mdl_state *w, struct mdl_trace *to);
/* Events of enum mdl_traced; cause 0 = none. Of the buyer: */
void mdl_trace_order(struct mdl_state *w, int kind, const struct mdl_order *o, int64_t q,
                     uint32_t cause);
void mdl_trace_notice(struct mdl_state *w, const struct mdl_order *o, const struct mdl_note *n);
void mdl_trace_unplaced(struct mdl_state *w, uint32_t point, int use, int64_t q, uint32_t cause);
/* Of the supplier; need->rule says the rule, n (may be NULL) the applications, delay ticks. */
void mdl_trace_line(struct mdl_state *w, int kind, const struct mdl_line *l, int64_t q,
                    double days);
void mdl_trace_refused(struct mdl_state *w, const struct mdl_line *l, int64_t q, uint32_t rule,
                       uint32_t cause);
void mdl_trace_paper(struct mdl_state *w, int kind, const struct mdl_line *l,
                     const struct mdl_need *need, const struct mdl_note *n, int64_t delay);
/* Of a process: its turn, before inputs are taken; a part of what it missed (binding UINT32_MAX:
 * not for want of an input); what it made. */
void mdl_trace_turn(struct mdl_state *w, uint32_t k, const int64_t n[MDL_USES],
                    const uint32_t binding[MDL_USES]);
void mdl_trace_missed(struct mdl_state *w, uint32_t k, int use, uint32_t binding, uint32_t cause,
                      double part, int64_t missed);
void mdl_trace_finished(struct mdl_state *w, uint32_t k, uint32_t product, int64_t q);
/* Of a market. */
void mdl_trace_lost(struct mdl_state *w, uint32_t demand, uint32_t cause, double q);
/* ---- spot.c: prices ---- */
void mdl_spot_start(struct mdl_state *w);
void mdl_spot_handle(struct mdl_state *w, const struct sim_msg *m);
/* The end of a site's day: once a week it reports. */
void mdl_spot_report(struct mdl_state *w, uint32_t site);
/* A price arrives at a site. */
void mdl_spot_told(struct mdl_state *w, const struct sim_msg *m);
/* Spot price of a product as the site heard it last, over its base; 1 without prices. */
double mdl_price_ratio(const struct mdl_state *w, uint32_t site, uint32_t product);
/* Share of a plant's capacity that runs today, 0..1, where there are marginal plants. */
double mdl_spot_capacity(const struct mdl_state *w, uint32_t process, int32_t today);
/* What is left of the day's demand, q quanta, at the prices that the market heard. */
int64_t mdl_spot_demand(struct mdl_state *w, uint32_t demand, int64_t q);

/* ---- site.c ---- */
void mdl_site_handle(struct sim_run *run, const struct sim_msg *m);

/* ---- start.c ---- */
void mdl_start(struct mdl_state *w);

/* ---- audit.c ---- */
int mdl_audit(struct mdl_state *w, struct mdl_run_report *report, struct sim_err *err);

/* ---- measure.c: service, lead times by cohort, bullwhip, exposure ---- */
void mdl_measure_allocate(struct mdl_state *w);
/* An order was placed; q of it arrived, were taken back. */
void mdl_measure_placed(struct mdl_state *w, const struct mdl_order *o);
void mdl_measure_received(struct mdl_state *w, const struct mdl_order *o, int64_t q);
void mdl_measure_taken_back(struct mdl_state *w, const struct mdl_order *o, int64_t q);
/* Quanta of an order that came (which = 0), are open (1) or were refused (2), in a bin of days. */
void mdl_measure_lead(struct mdl_state *w, const struct mdl_order *o, int64_t q, int32_t bin,
                      int which);
/* Starts of a process on a recorded day. */
void mdl_measure_started(struct mdl_state *w, uint32_t process, int32_t today, int64_t q);
/* The end of a recorded week, the end of a month, the day before anything differs. */
void mdl_measure_week(struct mdl_state *w, uint32_t point, uint32_t week);
void mdl_measure_month(struct mdl_state *w, uint32_t point, uint32_t month);
void mdl_measure_before(struct mdl_state *w, uint32_t point);
void mdl_measure_store(struct mdl_state *w);

/* ---- record.c ---- */
/* The place of this run's slot in a column; NULL if the result has no such column. */
void *mdl_record_slot(const struct mdl_state *w, const char *name);
void mdl_record_day(struct mdl_state *w, uint32_t site);
void mdl_record_store(struct mdl_state *w);

#endif
