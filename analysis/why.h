/* Why a line stood on a day, and what became of an order line: text from the trace of one run.
 *
 * A trace is a set of columns on the axis `event` (README.md). It may be in a file of results, or
 * come from a run that was done again; what is said is the same. */
#ifndef ANA_WHY_H
#define ANA_WHY_H

#include "sim/date.h"
#include "sim/result.h"

#include <stdio.h>

/* Columns that are needed beside the trace, for ana_store_read_columns; and those of a trace. */
extern const char *const ana_why_columns[];
extern const size_t ana_why_n_columns;
extern const char *const ana_why_events[];
extern const size_t ana_why_n_events;

enum { ANA_WHY_ANY = -1 };

/* A question. Numbers are places on the axes of the result; ANA_WHY_ANY = not said. */
struct ana_why_question {
    int64_t run; /* its number */
    int scenario, site, product, plant;
    int32_t day;   /* since start; SIM_DAY_NONE = not said */
    int64_t order; /* 0 = not said */
    size_t width;  /* columns, >= 80 */
    int utf8;      /* 0: characters that are not ASCII become '?' */
};

/* The place of a name on an axis. A fault names the option, what is near, and what has the word in
 * its id or name. Returns 0 or SIM_EINPUT. */
int ana_why_place(const struct sim_result *r, const char *axis, const char *option,
                  const char *name, int *to, struct sim_err *err) SIM_CHECKED;

/* Fills in what was not said, from the columns of r: the site that loses most beyond the first
 * scenario, among those that stop (starts missed x value); the first day of the longest stop of
 * its line that loses most. The day of a site without a line stays SIM_DAY_NONE. Returns 0;
 * SIM_EINPUT where nothing stops, or the run is not there or not done. */
int ana_why_complete(struct ana_why_question *q, const struct sim_result *r,
                     struct sim_err *err) SIM_CHECKED;

/* Does r hold a trace that answers q? One that leaves out sites, products or days before does not.
 */
int ana_why_covered(const struct ana_why_question *q, const struct sim_result *r);

/* Writes the chain from the line that stood, or of a site without such a line from its customers
 * who were lost, to the root cause: at each step the branch with the largest share of the missed
 * starts (the quantity lost). Without a day: that on which most was lost there, by value; the last,
 * when those who wait count too, only where there is no other. r holds the trace. Returns 0;
 * SIM_EINPUT where no line of the site planned anything and no customer was lost on that day, or on
 * any; SIM_ENOMEM. */
int ana_why_chain(FILE *to, const struct sim_result *r, const struct ana_why_question *q,
                  struct sim_err *err) SIM_CHECKED;

/* Writes all events of an order line, with its days since placement. Returns 0; SIM_EINPUT where
 * the run has no such order. */
int ana_why_order(FILE *to, const struct sim_result *r, const struct ana_why_question *q,
                  struct sim_err *err) SIM_CHECKED;

#endif
