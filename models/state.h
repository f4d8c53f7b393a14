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
    MDL_ACTOR_TRIGGER,
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
    MDL_MSG_WATCHED,  /* a site's report arrives at a trigger */
    MDL_MSG_TRIGGER,  /* the day's work of a trigger */
    MDL_MSG_STRUCK,   /* a site hears that what a shock waits for has come: the trigger's number */
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
    double *asked;                   /* [n_month] quanta asked for */
    double *cause;                   /* [n_cause] lost quanta */
    uint32_t loss;                   /* the same by month, newest first */
    double *delivered;               /* [n_el x n_share] kg, from start on */
};

/* What a market lost in a month for a cause. */
struct mdl_month_loss {
    uint32_t next, month, cause;
    double quanta;
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
    struct mdl_watches *watches;      /* NULL = there are no triggers */
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
    int64_t *exported;             /* [n_lane * n_month] */
    int64_t *arrived, *came_round; /* the same, at home too; of it through third countries, NULL
                                      where there are no detours */
    int64_t *kept;                 /* the same at the end of the month, by rules; NULL without */
    double *tax_usd;               /* [n_site * n_rule] */
    int64_t *detoured;             /* [n_lane] sent through third countries */
    double *detour_usd;            /* [n_lane] what that cost */
    int64_t *still_open;           /* [n_lane * n_month] on order at the end of the month */
    float *week_stock, *week_made; /* [n_point * n_week] units */
    float *day_stock, *day_made;   /* [n_point * horizon_d] units, with outputs = full; else NULL */
    /* measure.c, units */
    float *week_ordered, *week_needed;  /* [n_point * n_week] */
    float *month_cover;                 /* [n_point * n_month] days */
    float *month_stock, *month_rate;    /* [n_point * n_month] its parts, quanta */
    double *site_due, *site_on_time;    /* [n_site * n_week] USD, by the promised day */
    double *site_planned, *site_missed; /* [n_site * n_week] USD from start to the week's end */
    struct sim_pool loss;
    float *period_started;           /* [n_process * n_period] */
    float *promised;                 /* [n_flow * n_bin] orders by promised days */
    float *cohort[3];                /* [n_watched * n_cohort * n_bin], as bin */
    float *before_cover, *before_kg; /* [n_point] days; [n_point * n_element * n_origin] */
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

#endif
