/* What the files compare*.c share; for nobody else. */
#ifndef ANA_COMPARE_INNER_H
#define ANA_COMPARE_INNER_H

#include "analysis/compare.h"

/* A column with the axes scenario, run, rest; c is NULL when the result has none of that shape. */
struct ana_cube {
    const struct sim_column *c;
    size_t n_run, n; /* n: values of one run */
};

/* The comparison in hand. */
struct ana_work {
    struct ana_compare *c;
    const struct sim_result *r;
    struct ana_versus *v;
    size_t n_scenario, n_run;
    size_t *pair;        /* [v->n_pair] places on the axis run */
    double *with, *base; /* [n_run] scratch: one value for each pair */
    double *other;       /* [n_run] scratch */
    int has_base;
};

/* ---- compare.c ---- */

struct ana_cube ana_cube_find(const struct sim_result *r, const char *name, const char *axes);

/* What a comparison of v->scenario with v->base needs; finds the pairs of v. Memory is c's. */
void ana_work_begin(struct ana_work *w, struct ana_compare *c, struct ana_versus *v);

static inline double ana_cube_at(const struct ana_cube *k, size_t scenario, size_t run, size_t i)
{
    return sim_column_at(k->c, (scenario * k->n_run + run) * k->n + i);
}

/* Of the scenario and of the baseline in pair p; the baseline's is 0 without one. */
static inline double ana_with(const struct ana_work *w, const struct ana_cube *k, size_t p,
                              size_t i)
{
    return ana_cube_at(k, w->v->scenario, w->pair[p], i);
}
static inline double ana_base(const struct ana_work *w, const struct ana_cube *k, size_t p,
                              size_t i)
{
    return w->has_base ? ana_cube_at(k, w->v->base, w->pair[p], i) : 0.0;
}

const struct sim_axis *ana_axis(const struct sim_result *r, const char *name); /* or NULL */
/* Text or numbers beside an axis; NULL if there are none. */
const char *const *ana_coord_text(const struct sim_axis *a, const char *name);
const double *ana_coord_value(const struct sim_axis *a, const char *name);

/* From w->with and w->base ([v->n_pair]). */
void ana_effect_take(struct ana_work *w, struct ana_effect *e);
/* Of n values; x is reordered. */
struct ana_range ana_range_take(double x[], size_t n);

/* Is this country, this stage looked at? */
int ana_in_country(const struct ana_work *w, const char *country);
int ana_in_tier(const struct ana_work *w, const char *tier);

/* Day of the first stop of line i in pair p, NaN if it does not stop: README.md, "Stops". */
struct ana_stops {
    struct ana_cube first, longest, longest_first;
};
double ana_stop_day(const struct ana_work *w, const struct ana_stops *t, size_t p, size_t i);

/* Missed starts of the lines of a site by cause beyond the baseline's, USD, means over pairs:
 * by_cause[points of the axis cause]. Returns 0 where the result has no such columns. */
int ana_plant_causes(struct ana_work *w, const char *site, double by_cause[]);

/* Value of a unit of a product, from the axis plant; 0 if no plant makes it. */
double ana_value_of(const struct sim_result *r, const char *product);

/* Orders of the watched flows by quarter and by days since the order; means over runs. */
struct ana_cohorts {
    const struct sim_axis *axis, *cohort, *lead, *flow;
    struct ana_cube received, open, refused, promised;
    const char *const *origin, *const *destination, *const *product;
};
int ana_cohorts_find(struct ana_cohorts *c, const struct sim_result *r); /* 0: there are none */
/* How long orders of flow i took that were placed in the quarters from .. until - 1: README.md,
 * "lead time". d has room for 2 lead->n; returns how many. */
size_t ana_cohorts_take(const struct ana_cohorts *c, size_t scenario, size_t i, size_t from,
                        size_t until, struct ana_duration d[]);
/* Median of the days promised, over all quarters; NaN if unknown. */
double ana_cohorts_promised(const struct ana_cohorts *c, size_t scenario, size_t i,
                            struct ana_duration d[]);

/* Output counts as recovered from this part of the baseline's on. */
#define ANA_RECOVERED 0.95
/* Day on which the last rule ends that the baseline does not have; NaN: they go on, or unknown. */
double ana_policy_end(const struct ana_work *w);

/* ---- the parts ---- */

void ana_compare_plants(struct ana_work *w);  /* compare_plant.c: plants, lines, tiers */
void ana_compare_dips(struct ana_work *w);    /* compare_dip.c: trough and recovery of the tiers */
void ana_compare_markets(struct ana_work *w); /* compare_loss.c: demand, causes */
void ana_compare_trade(struct ana_work *w);   /* compare_trade.c: flows, offices, rules */
void ana_compare_prices(struct ana_work *w);  /* compare_price.c */
void ana_compare_responses(struct ana_work *w);   /* compare_response.c: reserves, substitutes */
void ana_compare_kinds(struct ana_work *w);       /* compare_kind.c: kinds of cause, goods */
void ana_compare_bodies(struct ana_work *w);      /* compare_body.c: firms, industries, the total */
void ana_compare_service(struct ana_work *w);     /* compare_service.c: orders of stages, cohorts */
void ana_compare_content(struct ana_work *w);     /* compare_content.c: elements by origin */
void ana_compare_quarters(struct ana_compare *c); /* compare_trade.c */
void ana_compare_warm(struct ana_work *w);        /* compare_warm.c: of the first scenario */
void ana_compare_best(struct ana_compare *c);     /* compare_best.c: whose loss is the least */

#endif
