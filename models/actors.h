/* What the actors do, by file: the handlers of their messages, the parts of a site's day, what the
 * parts ask of each other. Internal to models/. */
#ifndef MDL_ACTORS_H
#define MDL_ACTORS_H

#include "models/state.h"

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
static inline struct mdl_order *mdl_order_at(const struct mdl_state *w, uint32_t id)
{
    return sim_pool_at(&w->order, id);
}
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
/* How much of a line the rules keep back as it stands: all of it while notices or licences that are
 * applied for are not there; else of the goods that are set aside for it those that wait for
 * papers, an inspection or quota. */
int64_t mdl_papers_keep(const struct mdl_state *w, const struct mdl_line *l);
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
void mdl_evade_store(struct mdl_state *w);

/* ---- strike.c: what shocks do; each is without effect where the scenario has none ---- */
/* The beginning of a site's day: stock is destroyed, firms go under, lanes open and close. */
void mdl_strike_day(struct mdl_state *w, uint32_t site);
/* A site hears of a trigger: the spells of its shocks begin tomorrow, or as much later as they do.
 */
void mdl_strike_told(struct mdl_state *w, const struct sim_msg *m);
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
void mdl_strike_store(struct mdl_state *w);

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
/* Books lost demand of a market to the causes of its overdue orders; waits: it is all that waits at
 * the end. */
void mdl_market_book(struct mdl_state *w, uint32_t demand, double q, int waits);
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
void mdl_spot_store(struct mdl_state *w);

/* ---- watch.c: triggers ---- */
void mdl_watch_start(struct mdl_state *w);
void mdl_watch_handle(struct mdl_state *w, const struct sim_msg *m);
/* The end of a site's day: it reports to those that watch it. */
void mdl_watch_report(struct mdl_state *w, uint32_t site);

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
/* The beginning of a site's day: if a recorded week is over, what was planned and missed by then.
 */
void mdl_measure_morning(struct mdl_state *w, uint32_t site);
/* Demand of a market today, quanta; what is lost of it today for a cause; the part of all that
 * waits at the end which is booked to a cause: who waits came last. */
void mdl_measure_asked(struct mdl_state *w, uint32_t demand, int64_t q);
void mdl_measure_lost(struct mdl_state *w, uint32_t demand, uint32_t cause, double q);
void mdl_measure_waits(struct mdl_state *w, uint32_t demand, uint32_t cause, double part);
/* The end of a recorded week, the end of a month, the day before anything differs. */
void mdl_measure_week(struct mdl_state *w, uint32_t point, uint32_t week);
void mdl_measure_month(struct mdl_state *w, uint32_t point, uint32_t month);
void mdl_measure_before(struct mdl_state *w, uint32_t point);
void mdl_measure_store(struct mdl_state *w);

/* ---- record.c; what a response did is stored by its own file: mdl_..._store ---- */
/* The place of this run's slot in a column; NULL if the result has no such column. */
void *mdl_record_slot(const struct mdl_state *w, const char *name);
/* From start; NAN for SIM_DAY_NONE. */
double mdl_days_since(const struct mdl_state *w, int32_t day);
void mdl_record_day(struct mdl_state *w, uint32_t site);
void mdl_record_store(struct mdl_state *w);

#endif
