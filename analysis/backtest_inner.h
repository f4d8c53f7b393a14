/* What the files backtest*.c share; for nobody else. */
#ifndef ANA_BACKTEST_INNER_H
#define ANA_BACKTEST_INNER_H

#include "analysis/backtest.h"

/* A result as the plan looks at it. */
struct ana_backtest_view {
    const struct ana_backtest_plan *p;
    const struct sim_result *r;
    int axis;     /* flow, or group for what is made */
    char *pick;   /* [points of that axis] */
    char **users; /* [p->n_users][plants] 1 where the plant's stage is one of the group's */
    int32_t start, horizon_d;
    int first;      /* month of `start` */
    size_t n_month; /* on the result's axis month, the last may be cut short */
    size_t n_run, n_scenario;
};

/* Fills v (pick in `a`), and tells what is wrong. Returns 0 or SIM_EINPUT. */
int ana_backtest_look(struct ana_backtest_view *v, const struct ana_backtest_plan *p,
                      const struct sim_result *r, struct sim_arena *a,
                      struct sim_err *err) SIM_CHECKED;

/* Is the month simulated from its first day to its last? Its days. */
int ana_backtest_is_whole(const struct ana_backtest_view *v, int month);
int ana_backtest_days(int month);

/* The observed row of a month, or NULL. */
const struct ana_backtest_observed *ana_backtest_at(const struct ana_backtest_plan *p, int month);

/* What is worked with: runs that are done in every scenario, and their series by month. */
struct ana_backtest_work {
    struct ana_backtest *b;
    struct ana_backtest_view v;
    struct sim_arena arena; /* scratch */
    size_t with, base;      /* scenarios; the same if there is no baseline */
    size_t *run;            /* [n_done] places on the axis run */
    double *quantity;       /* [n_done][n_month] in the plan's unit */
    double *base_quantity;  /* the same of the baseline; NULL if there is none */
    double *index;          /* [n_done][n_month]; NULL without an index */
    double *x;              /* [n_done] scratch */
};

enum { ANA_WEEK_D = 7 };

/* Place of a month among the simulated ones; n_month if it is none, or cut short. */
size_t ana_backtest_place(const struct ana_backtest_work *w, int month);
/* Adds one run's values of a column (scenario, run, flow, month) over the flows that are picked, to
 * [n_month]. */
void ana_backtest_add_flows(const struct ana_backtest_work *w, const char *column, size_t scenario,
                            size_t run, double to[]);
/* Quantiles over runs of a series [n_done][n_month] (NULL: there is none) at one month. */
void ana_backtest_band_at(struct ana_backtest_work *w, const double *of, size_t k,
                          double q[ANA_BACKTEST_STATS]);

/* ---- backtest_sane.c: what the series does not show ---- */
void ana_backtest_stops(struct ana_backtest_work *w);
void ana_backtest_open_orders(struct ana_backtest_work *w);

#endif
