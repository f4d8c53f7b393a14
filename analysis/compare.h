/* Scenarios of one result against its first, run by run: what `lodestone show` says, as numbers.
 *
 * Scenarios share their random numbers, so every difference is taken between two runs of the same
 * number, and only runs that are done in both count: a pair. Axes and columns are found by name
 * (the list is in README.md, "What is measured", with every formula); what a result does not have
 * is left empty. Money is USD, times are days since the result's `start`. */
#ifndef ANA_COMPARE_H
#define ANA_COMPARE_H

#include "analysis/stats.h"
#include "sim/result.h"

/* A stop that counts lasts at least so many days; stops in half of the pairs or more are "stops".
 */
enum { ANA_STOP_D = 3 };
#define ANA_NO_BASE ((size_t)-1)
/* A spot price is back when it is under so many times its base. */
#define ANA_PRICE_BACK 1.2

/* A quantity of the scenario against the baseline. Without a baseline `base` is NaN and all else
 * is about the quantity itself. */
struct ana_effect {
    size_t n, n_more;         /* pairs; pairs in which with > base */
    double base, with;        /* means over the pairs */
    struct ana_interval diff; /* mean of with - base and its interval */
    double p05, p50, p95;     /* quantiles of with - base over the pairs: the range of outcomes */
    double skew;              /* of with - base; diff is by ana_stats_interval */
    double gain;              /* ana_stats_pairing; NaN without a baseline */
};

/* Quantiles over the runs that had it; NaN if none. */
struct ana_range {
    size_t n;
    double p05, p50, p95;
};

/* A line (one product of a site; a point of the axis `plant`), or a plant: all lines of a site. */
struct ana_plant {
    const char *site, *name, *product, *country, *tier, *unit; /* of the line that loses most */
    size_t line;                                               /* its place on the axis `plant` */
    size_t n_line, n_line_stop; /* lines; those that stop in half of the pairs or more */
    size_t n, n_stop;           /* pairs; pairs in which a line stops */
    struct ana_interval share;  /* n_stop / n with Wilson's interval */
    struct ana_range first;     /* day of the first stop */
    double days;    /* stop days beyond the baseline's, mean over pairs; of the worst line */
    double longest; /* longest stop, mean over the pairs that stop; of the worst line */
    double made_base, made; /* starts x value of a unit, USD, means over pairs */
    double lost_usd;        /* made_base - made: net of what is caught up later */
    double missed_usd;      /* starts planned and not made x value, minus the baseline's: gross */
    double net_usd;         /* lost starts x (value of a unit - value of its inputs in the model) */
    int cause;              /* main cause on the axis `cause`, or -1 */
    double cause_share;     /* of missed_usd, 0..1; NaN if there is none */
    int estimate;           /* 1 if the row of a line is marked estimate */
};

/* A stage of the chain in the focus country. */
struct ana_tier {
    const char *tier;
    size_t n_plant, n_plant_stop, n_line, n_line_stop; /* stop: in half of the pairs or more */
    double made_base, made, missed_usd, net_usd;       /* sums over the lines */
    struct ana_range earliest; /* first stop of any of its lines, over the pairs that have one */
    double typical;            /* median of the plants' median first stops, of those that stop */
    /* 28-day output against the baseline's, by week (README.md); NaN without a baseline */
    struct ana_range trough;    /* least ratio */
    struct ana_range trough_at; /* days from start to the 28 days with the least ratio */
    size_t n_dip;               /* pairs in which it falls under 95 % */
    size_t n_back;              /* of these, pairs in which it recovers before the end */
    double back;                /* days from trough to recovery, Kaplan-Meier median */
    int back_is_over;         /* 0: not reached in half of them; `back` is the longest time seen */
    double *week_base, *week; /* [axis week] output, USD, means over pairs; NULL without a baseline,
                                 or where the file has no output by week */
};

/* Final demand of some markets together, or of one row of the axis `market`. */
struct ana_demand {
    const char *site, *product, *use, *country; /* NULL for a total */
    size_t row;                                 /* its place on the axis `market` */
    struct ana_effect demand_usd, served_usd, lost_usd, backlog_usd;
    struct ana_effect loss_usd;                 /* lost or still waiting at the end */
    struct ana_effect fill, at_once, loss_part; /* shares of demand, per cent */
};

struct ana_cause {
    int cause;         /* place on the axis `cause` */
    double base, with; /* means of the loss booked to it, USD */
    double share;      /* of the sum of all increases, 0..1; negative where the loss is less */
};

/* A kind of root cause. */
struct ana_kind {
    const char *why;
    double loss;   /* part of the increases of final demand lost or waiting, 0..1 */
    double missed; /* part of the increases of missed starts in the focus country, by value */
};

/* Final demand of a country for the goods of a stage. */
struct ana_goods {
    const char *country, *stage;
    double loss_usd;    /* lost or waiting beyond the baseline, mean over pairs */
    int cause;          /* largest increase, on the axis `cause`; -1 = none */
    double cause_share; /* of the sum of increases, 0..1 */
};

/* A firm, an industry or all plants of the focus country, by net value added: value of what is
 * started less that of its inputs. */
enum ana_body_kind { ANA_BODY_TOTAL, ANA_BODY_SECTOR, ANA_BODY_FIRM };
struct ana_body {
    enum ana_body_kind kind;
    const char *name;
    size_t n_plant, n_plant_stop;
    struct ana_range impact; /* day of the first stop of any of its lines */
    struct ana_effect added; /* USD; its diff is the area of the loss, sign turned */
    struct ana_range trough; /* least 28 days against the baseline's */
    size_t n_dip, n_back;    /* pairs in which they fall under 95 %; that recover */
    double back;             /* days to recovery, Kaplan-Meier median; README.md, "Stages" */
    int back_is_over;
};

/* Orders of a stage of the focus country: baseline, scenario; NaN where nothing is ordered. */
struct ana_service {
    const char *tier;
    double due_usd;                 /* in the scenario */
    double on_time[2], received[2]; /* parts of the value that was due */
    double bullwhip[2];
};

/* An element in goods handed over in the focus country, of the stage with most demand. */
struct ana_content {
    const char *element;
    double *base, *with;                   /* [n_origin] kg, means over runs */
    double all_base, all, from_base, from; /* of all origins, of the main one */
};

/* An element in inputs in the focus country before anything differs. */
struct ana_exposure {
    const char *element;
    double share;           /* from the main origin, 0..1 */
    struct ana_range cover; /* days, over the stock points that hold some */
};

/* Lead times of a flow by quarter of the order. */
struct ana_cohort {
    const char *origin, *destination, *product;
    double promised;     /* days, median; NaN if unknown */
    double value_usd;    /* of what was ordered in the baseline */
    double *base, *with; /* [n_cohort] days, Kaplan-Meier medians; NaN if nothing was ordered */
    int *base_over, *with_over; /* 1: not reached; the days are the longest seen */
};

/* Orders and arrivals of a product from one country in another. */
struct ana_flow {
    size_t flow; /* place on the axis `flow` */
    const char *origin, *destination, *product, *unit;
    double value_usd;               /* of a unit; 0 if the result does not say */
    double value_base;              /* arrivals in the baseline x value, USD */
    double base, with;              /* arrivals in the flow's unit, means over pairs */
    double q50[2], q90[2];          /* days from order to receipt: baseline, scenario */
    int over50[2], over90[2];       /* 1: not reached; the days are the longest seen */
    double refused[2], open[2];     /* parts of what was ordered, 0..1; NaN if nothing was */
    double *quarter_base, *quarter; /* [n_quarter] arrivals, means over pairs */
};

struct ana_office {
    const char *office;
    double applied, granted, refused, waiting; /* means over runs */
    double days;  /* from filing to decision, mean over decisions of all runs */
    double queue; /* days before the review begins, mean over runs */
};

struct ana_rule {
    const char *rule;
    size_t n, n_exists; /* runs done; runs in whose world it exists */
};

/* A shock: in how many runs it comes, and its first and last day, from start, in those. */
struct ana_shock {
    const char *shock, *kind;
    size_t n, n_comes;
    struct ana_range first, last;
};

/* A price in this scenario; medians over the pairs. */
struct ana_price {
    const char *price, *unit; /* "dy~outside", "USD/kg" */
    double base;              /* when nothing is scarce */
    double peak, contract;    /* highest spot price, highest contract price, over base */
    double peak_at;           /* days from start to the week of the highest spot price */
    double back; /* to the first week after it with less than ANA_PRICE_BACK; INFINITY: not reached
                    in half of the pairs; NaN: never above */
};

/* What a reserve holds of a product (a point of the axis `reserve`), in this scenario. */
struct ana_reserve {
    const char *label, *unit;
    size_t n;               /* pairs */
    double released, usd;   /* means over pairs: in the reserve's unit; x value of a unit */
    struct ana_range range; /* of what is released */
    struct ana_range empty; /* first day on which nothing is left, over the pairs that have one */
};

/* Lines of the focus country that turn to a substitute, in this scenario. */
struct ana_swap {
    size_t n_ever, n_turn;  /* in some pair; in half of the pairs or more */
    struct ana_range first; /* day of the first of any of them, over the pairs that have one */
    double share; /* starts with a substitute / starts of the n_ever lines, by value, 0..1:
                     mean over pairs */
    struct ana_range range; /* of the same */
};

/* Weekly output of a stage of the focus country, by value, in the first scenario: does it begin
 * elsewhere than where it settles? README.md, "Warm-up". */
struct ana_warm_stage {
    const char *tier;
    size_t n_week, cut;       /* weeks looked at; how many MSER-5 leaves out at the beginning */
    struct ana_interval diff; /* by how much output in those differs, as a part of the output of a
                                 week; NaN for none */
    int drifts;               /* 1: by more than 5 %, surely */
};

/* One scenario against the baseline. Lists are sorted as said and live in the arena. */
struct ana_versus {
    size_t scenario, base; /* places on the axis `scenario`; base ANA_NO_BASE: nothing */
    const char *label, *title;
    size_t n_pair, n_lost; /* pairs; runs without a partner that is done */
    int same;              /* 1: not one number of any pair differs from the baseline */
    size_t n_plant, n_line, n_plant_stop, n_line_stop;
    struct ana_range stopped;  /* plants of the focus country that stop, over the pairs */
    struct ana_interval stood; /* days that a plant which stops stands (its worst line, beyond the
                                  baseline): mean over the plants of a pair, then over the pairs
                                  that have one */
    struct ana_plant *plant;   /* [n_plant] focus country; most lost value first */
    struct ana_plant *line;    /* [n_line] likewise */
    size_t n_also;             /* lines that stop in half of the pairs and, of these, in half of the
                                  baseline's too: not counted as stops */
    size_t n_tier;
    struct ana_tier *tier; /* [n_tier] most net value lost first */
    double lost_estimate;  /* part of the net value lost that is lost at rows marked estimate;
                                NaN if nothing is lost */
    double loss_estimate;  /* part of the loss of all markets that passes through rows marked
                              estimate (README.md); NaN if nothing is lost or the file cannot say */
    struct ana_demand all, focus; /* all markets; those of the focus country */
    double *loss;                 /* [n_run] loss of `focus`, with - base; NaN where there is no
                                     pair. NULL: the result has no markets */
    size_t n_market;
    struct ana_demand *market; /* [n_market] most lost first */
    size_t n_cause;
    struct ana_cause *cause; /* [n_cause] with a difference; largest increase first */
    double unexplained;      /* part of the increases booked to no cause */
    size_t n_flow;
    struct ana_flow *flow; /* [n_flow] into the focus country, by value_base: products that a
                              rule of the scenario or the baseline holds up, all if there is none */
    size_t n_kind;
    struct ana_kind *kind; /* [n_kind] with an increase; largest of final demand first */
    size_t n_goods;
    struct ana_goods *goods; /* [n_goods] of the focus country, with a loss; largest first */
    size_t n_body;
    struct ana_body *body; /* [n_body] total, sectors, firms; of each most lost first */
    size_t n_service;
    struct ana_service *service; /* [n_service] stages of the focus country that order, most
                                    due first */
    const char *content_stage;   /* NULL: all */
    size_t n_content;
    struct ana_content *content; /* [n_content] largest relative change of what comes
                                    from the main origin first */
    size_t n_exposure;
    struct ana_exposure *exposure; /* [n_exposure] elements that lie there */
    size_t n_cohort;               /* points of the axis cohort */
    size_t n_cohort_flow;
    struct ana_cohort *cohort; /* [n_cohort_flow] into the focus country, by value */
    size_t n_office;
    struct ana_office *office; /* [n_office] of this scenario, those at work */
    size_t n_price;
    struct ana_price *price; /* [n_price] that this scenario has, in the order of the axis */
    size_t n_reserve;
    struct ana_reserve *reserve; /* [n_reserve] that release something in this scenario; most USD
                                    first */
    struct ana_swap swap;        /* all 0 where the file has no substitution */
    size_t n_rule;
    struct ana_rule *rule; /* [n_rule] that exist in some run of this scenario */
    size_t n_shock;
    struct ana_shock *shock;     /* [n_shock] that come in some run of this scenario */
    size_t n_warm;               /* stages; 0: less than 102 weeks */
    struct ana_warm_stage *warm; /* [n_warm] of the first scenario by itself only */
    int can_least, can_most;     /* 1: its loss may be the least, the largest of all `versus` */
};

struct ana_compare_options {
    const char *country; /* NULL: the result's focus_country; "all": every country */
    const char *tier;    /* NULL: every stage */
};

struct ana_compare {
    struct sim_arena arena;     /* owns what is below */
    const struct sim_result *r; /* borrowed */
    const char *country, *tier; /* NULL: all */
    int32_t start;              /* day number */
    double horizon_d;           /* NaN if the result does not say */
    double level;               /* of each interval: 1 - 0.05 / n_versus (Bonferroni) */
    size_t n_run;
    struct ana_versus alone; /* the first scenario by itself */
    size_t n_versus;         /* scenarios but the first */
    struct ana_versus *versus;
    int ranked; /* can_least and can_most are known: two scenarios or more, ANA_STATS_MIN pairs */
    size_t n_quarter;
    const char **quarter;     /* [n_quarter] "2026Q1" */
    size_t *quarter_of_month; /* [points of the axis month] */
    const char *main_origin;  /* of the flows, by value in the baseline; NULL if there are none */
    size_t n_estimate, n_row; /* lines of the focus country marked estimate; all of them */
};

/* The columns that ana_compare reads, for ana_store_read_columns. */
extern const char *const ana_compare_columns[];
extern const size_t ana_compare_n_columns;

/* Fills c (freed and zeroed on failure); r must outlive it; free it with ana_compare_free. Returns
 * 0; SIM_EINPUT: no such country or stage in the result (the line lists those there are); SIM_ERUN:
 * r is not the result of a study (no axes scenario and run, no start), or no run is done. */
int ana_compare(struct ana_compare *c, const struct sim_result *r,
                const struct ana_compare_options *o, struct sim_err *err) SIM_CHECKED;
void ana_compare_free(struct ana_compare *c);

/* Of the plants that stop in half of the pairs or more, that with the earliest median first stop;
 * NULL: there is none. */
const struct ana_plant *ana_first_to_stop(const struct ana_versus *v);

/* The loss of one run: value of final demand lost, or waiting at the end, at the markets of
 * `country` (NULL or "all": all). NaN where the result has no such columns. With the runs of the
 * first scenario taken off it is what `loss` of ana_versus holds. */
double ana_compare_loss(const struct sim_result *r, size_t scenario, size_t run,
                        const char *country);

/* Puts the first scenario of `base` before the scenarios of `with` in a new result `to` (zeroed on
 * failure; free it with sim_result_free), so that they can be compared in pairs. Its label gets
 * "@against" when it is taken. Columns of both come along.
 * Runs are matched by their numbers; a run that `base` lacks counts as missing. Returns 0;
 * SIM_EINPUT when the two do not belong together (start, horizon, seed, network), one line for each
 * difference; SIM_ERUN if either is not the result of a study. */
int ana_compare_join(struct sim_result *to, const struct sim_result *with,
                     const struct sim_result *base, struct sim_err *err) SIM_CHECKED;

#endif
