/* Criticality: one thing after the other is taken out, each against the same baseline with the same
 * random numbers; what it does, and in which order they matter.
 *
 * A run is reduced to a few numbers at once; nothing here knows what was taken out. */
#ifndef ANA_CRITICAL_H
#define ANA_CRITICAL_H

#include "analysis/stats.h"
#include "sim/result.h"

#include <stdint.h>
#include <stdio.h>

/* What is kept of one run: one that the others are compared with. */
struct ana_critical_run {
    double loss_usd; /* final demand lost or waiting at the end, all markets */
    size_t n_sold, n_day, n_plant;
    float *sold;       /* [n_sold][n_day] handed over, by stock point of a market */
    double *value;     /* [n_sold] USD of a unit */
    double *started;   /* [n_plant] */
    double *gain;      /* [n_plant] USD of a unit less that of its inputs */
    float *stop_first; /* [n_plant] days from start; NaN = never */
};

/* Takes a run out of a result of one scenario and one run with daily series, which may be freed
 * afterwards; all lives in `a`. Returns 0, or SIM_ERUN if the result has not what is needed. */
int ana_critical_keep(struct ana_critical_run *to, struct sim_arena *a, const struct sim_result *r,
                      struct sim_err *err) SIM_CHECKED;

/* What one thing did in one run: the run without it minus that of the same number with it. */
struct ana_critical_effect {
    double loss_usd;  /* final demand lost */
    double net_usd;   /* lost starts of plants x (value of the output - value of its inputs) */
    double survive_d; /* days until a market has been handed over less than in the baseline, by 1 %
                         of a day's demand; NaN = never */
    double stop_d; /* days until a plant of `ends` stops that does not yet in the baseline; NaN */
    double recover_d; /* days from the end of the outage until the markets that were short are
                         handed over 95 % of the baseline's, as means of 28 days, for 56 days or
                         more; 0 = never less; NaN = not before the end of the record */
};

/* first, end: days from start on which it is out, end excluded. ends: [n_plant] 1 for plants of end
 * products. */
void ana_critical_compare(struct ana_critical_effect *to, const struct ana_critical_run *base,
                          const struct ana_critical_run *with, int32_t first, int32_t end,
                          const char *ends);

/* A thing by all its runs. Days are medians over all runs; INFINITY where less than half of the
 * runs come so far, of recovery too. */
struct ana_critical_row {
    size_t target;
    struct ana_interval loss_usd, net_usd; /* means, paired differences */
    double survive_d, stop_d, recover_d;
};

/* Ranks by mean loss, then mean net value lost, then survive_d and stop_d, the shorter first, then
 * by number. x: [n_target][n_run]; runs whose loss is NaN do not count. row: [n_target]. */
void ana_critical_rank(struct ana_critical_row *row, const struct ana_critical_effect *x,
                       size_t n_target, size_t n_run);

/* Is there anything that it does? Losses under 1/2 USD are none. */
int ana_critical_harms(const struct ana_critical_row *row);

/* What the table says of a thing. */
struct ana_critical_name {
    const char *name, *country, *tier;
};

enum { ANA_CRITICAL_TOP = 20 }; /* things shown, if nobody says how many */

/* Columns of a file that the command critical wrote, for ana_store_read_columns. */
extern const char *const ana_critical_columns[];
extern const size_t ana_critical_n_columns;

/* Is r such a file? By its attributes critical_what, _from, _days and its axes. */
int ana_critical_is(const struct sim_result *r);

/* The ranked rows of such a file: [points of the axis target], in `a`. Returns 0; SIM_ERUN if it
 * lacks a column. */
int ana_critical_read(struct ana_critical_row **row, struct sim_arena *a,
                      const struct sim_result *r, struct sim_err *err) SIM_CHECKED;

/* How it is printed. */
struct ana_critical_look {
    size_t top, width; /* rows; columns, 80 or more */
    int utf8;          /* the terminal shows names that are not ASCII */
};

/* The ranked table of the first `top` things that do any harm, in plain words. */
void ana_critical_print(FILE *to, const struct ana_critical_row *row,
                        const struct ana_critical_name *name, size_t n_target, size_t n_run,
                        const struct ana_critical_look *look);

/* What critical prints, out of its result: what was done, that table, and what its words mean. r
 * must be one (ana_critical_is). Returns 0; SIM_ERUN if it lacks a column. */
int ana_critical_show(FILE *to, const struct sim_result *r, const struct ana_critical_look *look,
                      struct sim_err *err) SIM_CHECKED;

#endif
