/* Columns too large to keep for each run become their mean or their spread over runs. */
#ifndef ANA_REDUCE_H
#define ANA_REDUCE_H

#include "sim/result.h"

/* Statistics of a band, in the order of the axis `stat`. */
enum {
    ANA_BAND_MEAN,
    ANA_BAND_P05,
    ANA_BAND_P25,
    ANA_BAND_P50,
    ANA_BAND_P75,
    ANA_BAND_P95,
    ANA_BAND_N
};

/* Brings the columns of r into the form they are kept in:
 *   SIM_KEEP       as they are;
 *   SIM_KEEP_MEAN  scenario, run, rest -> scenario, rest: the mean over runs;
 *   SIM_KEEP_BAND  scenario, run, rest -> scenario, rest, stat: mean, p05, p25, p50, p75, p95 over
 *                  runs. The axis `stat` is added when there is none.
 * Both count the runs that are done by the column `run_status` (scenario, run; I8; 1 = done; all
 * runs when there is no such column) and pass over values that are NaN; where nothing is left the
 * result is NaN. Quantiles are exact: the sample's own order statistics with linear interpolation
 * at 1 + (n - 1) p (type 7 of Hyndman & Fan, The American Statistician 50, 1996, 361-365). Sums are
 * taken in run order, so that nothing depends on threads. F32 stays F32, every other type becomes
 * F64. Reduced columns are SIM_KEEP afterwards; long_name says what was done.
 *
 * A column to be reduced must have `scenario` and `run` as its first axes: all else is a bug; one
 * without a run axis is kept.
 *
 * r is replaced as a whole: the arrays of the runs are given back to the system. While it works it
 * needs the old and the new data side by side. threads as in sim/batch.h.
 *
 * Returns 0, or SIM_ENOMEM with r unchanged. */
int ana_reduce(struct sim_result *r, int threads, struct sim_err *err) SIM_CHECKED;

/* Takes the runs from the n-th on out of r, in place: of every column with `scenario` and `run` as
 * its first axes, and of the axis `run`. n beyond its length is a bug. */
void ana_keep_runs(struct sim_result *r, size_t n);

#endif
