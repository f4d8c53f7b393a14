/* When enough runs are done: a pure rule on the values of the runs so far.
 *
 * Looks are taken after fixed numbers of runs (first, first + step, ..., max), and a look sees runs
 * 0..n-1 and nothing else, so the answer does not depend on threads, shards or the order of work.
 * Each target names an output; the rule is satisfied at the first look at which the interval of the
 * mean of every one is tight enough (Law, Simulation Modeling and Analysis, 5th ed. (2015), section
 * 9.4.1; Chow & Robbins, Ann. Math. Statist. 36 (1965) 457-462). The interval is the one that
 * `lodestone show` prints: ana_stats_interval. */
#ifndef ANA_STOP_H
#define ANA_STOP_H

#include "analysis/stats.h"

/* Fewer runs before the first look end too early by luck too often: take fewer only with a word to
 * the user. Fewer than ANA_STATS_MIN have no interval and are a bug. */
enum { ANA_STOP_FIRST = 30 };

struct ana_stop_rule {
    size_t first; /* runs before the first look, >= ANA_STATS_MIN */
    size_t step;  /* further runs before the next, >= 1 */
    size_t max;   /* >= first */
    double level; /* coverage of each interval, 0..1 exclusive; e.g. 0.95 */
};

/* How tight, and of what. Values are by run, [max] or as many as are there; NaN: a run that failed.
 * `base`: the difference with - base, run by run (common random numbers). */
struct ana_stop_target {
    const double *with;
    const double *base; /* NULL: `with` itself */
    double half;        /* half-width allowed, > 0: in the unit of the output, or, if relative, as a
                           part of the size of the mean (0.05 = 5 %) */
    int relative;
};

enum ana_stop_state { ANA_STOP_MORE, ANA_STOP_SATISFIED, ANA_STOP_MAX };

struct ana_stop_look {
    enum ana_stop_state state;
    size_t n;      /* runs looked at */
    size_t worst;  /* the target that is furthest from tight enough */
    double half;   /* its half-width, in its unit; NaN with fewer than ANA_STATS_MIN values */
    double wanted; /* what it may be */
    size_t n_flat; /* targets without any spread so far: tight, but perhaps only not yet seen */
};

/* Runs at the first look that is not before n runs: n = 0 gives `first`, n = first + 1 gives the
 * next; never more than max. A rule that breaks what is said above is a bug. */
size_t ana_stop_next(const struct ana_stop_rule *r, size_t n);

/* Looks at runs 0..n-1. Satisfied: every target has ANA_STATS_MIN values or more and a half-width
 * (the longer side of its interval) of at most what is wanted; a mean of 0 with spread is never
 * tight relatively. Not so and n >= max: ANA_STOP_MAX. Else ANA_STOP_MORE: go on to
 * ana_stop_next(r, n + 1). n_target >= 1. */
void ana_stop_at(const struct ana_stop_rule *r, const struct ana_stop_target t[], size_t n_target,
                 size_t n, struct ana_stop_look *to);

/* "satisfied", "maximum hit", "more runs". */
const char *ana_stop_word(enum ana_stop_state s);

#endif
