/* What the files report_flow*.c share; for nobody else. */
#ifndef ANA_REPORT_FLOW_INNER_H
#define ANA_REPORT_FLOW_INNER_H

#include "analysis/report_inner.h"

#include <math.h>

/* What moves from stage to stage of the chain, and what rules keep back.
 *
 * A place is a stage in a country; a group is a place that is shown by itself, or the smaller
 * places of a stage together. */
struct ana_flow_stage {
    const char *name;
    size_t depth; /* stages before it on the longest way from a mine */
};
struct ana_flow_place {
    size_t stage;
    const char *country;
    double in, out;
    size_t group;
};
struct ana_flow_group {
    size_t stage;
    const char *country; /* NULL: other countries */
};
struct ana_flow_pair {
    size_t from, to;      /* groups */
    double size, share;   /* over scenarios and months; its part of what moves there */
    double *moved, *held; /* [n_scenario * n_whole] */
    int waits;            /* 1: some of it is held at some time */
};
struct ana_flow_measure {
    const char *id, *name, *unit;
    double *weight; /* [n_link] of one unit */
    struct ana_flow_group *group;
    struct ana_flow_pair *pair;
    size_t n_group, n_pair;
    double left_out;        /* part of what moves that is not on the page */
    double *moved, *held;   /* [n_scenario * n_whole] of all links */
    size_t scenario, month; /* in which most waits beyond the first scenario */
    double
        waits; /* value of that, as far as it is the element's, USD, times its part of what waits */
};
struct ana_flows {
    struct ana_report *p;
    struct ana_cube moved, held;
    size_t n_scenario, n_month, n_whole, n_link;
    const char *const *country[2], *const *tier[2], *const *product, *const *unit; /* from, to */
    size_t *product_at, *at[2]; /* [n_link] places on the axis product, in `place` */
    double *sum;                /* [n_link] moved and held, over scenarios and months */
    char *waits;                /* [n_link] 1: some of it is held at some time */
    struct ana_flow_stage *stage;
    struct ana_flow_place *place;
    struct ana_flow_measure *measure;
    size_t n_stage, n_place, n_measure;
    size_t most;  /* places of a stage that are shown by themselves */
    double small; /* share under which a pair is left out */
};

static inline double ana_flow_at(const struct ana_flows *f, const struct ana_cube *k, size_t s,
                                 size_t link, size_t month)
{
    double x = ana_cube_at(k, s, 0, link * f->n_month + month);

    return isnan(x) ? 0.0 : x;
}

/* ---- report_flow.c ---- */

/* Finds the columns, in p's arena: what comes before `sum`. 0: the result has not got them. */
int ana_flow_open(struct ana_flows *f, struct ana_report *p);
/* Finds the columns, stages, places and measures, in p's arena. 0: the result has not got them, or
 * nothing ever moves. */
int ana_flow_find(struct ana_flows *f, struct ana_report *p);
/* Groups and pairs of a measure; only of one at a time. */
void ana_flow_take(struct ana_flows *f, struct ana_flow_measure *m);
/* The one that a reader sees first: the element of which most waits because of the scenario. */
size_t ana_flow_first(const struct ana_flows *f);

#endif
