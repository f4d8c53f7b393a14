/* Results as tidy tables, for spreadsheets and for whoever has no HDF5. */
#ifndef ANA_EXPORT_H
#define ANA_EXPORT_H

#include "sim/result.h"

/* Writes CSV files into the folder `dir`, made if it is not there:
 *   data_<axes>.csv   columns that have the same axes side by side: first one label column for each
 *                     axis, then the values; one row for each point. <axes>: names joined by '-';
 *                     data_single.csv for columns without axes
 *   axis_<axis>.csv   an axis with the coordinates on it
 *   columns.csv       what each column means: name, file, units, meaning, type
 *   about.csv         the attributes of the result
 *
 * UTF-8, header row, LF, quotes as in RFC 4180. Numbers have the fewest digits that read back to
 * the same value; NaN is an empty cell; infinite values are inf and -inf. Where units are "days
 * since DATE", whole days are YYYY-MM-DD and others YYYY-MM-DDThh:mm:ss. Flags are written as their
 * meanings. A text cell that begins with = + - @ TAB or CR gets an apostrophe before it, so that no
 * spreadsheet takes it for a formula.
 *
 * All tables are on the disk under temporary names before the first gets its own; files of these
 * names are replaced, others stay. Returns 0, or as ana_file_open. */
int ana_export_csv(const struct sim_result *r, const char *dir, struct sim_err *err) SIM_CHECKED;

/* The runs of a sweep (analysis/sweep.h) in the shape that EMA Workbench and SALib read, into the
 * folder `dir`, which is there:
 *   experiments.csv  a row for each run, scenarios outermost, then points, then runs: the factors
 *                    (and `chance`), scenario = point of the uncertainties, policy = that of the
 *                    levers, model = the scenario, point, run
 *   outcomes.csv     the same rows: the outputs; `output:label` where an axis is kept; empty =
 * failed problem.json     num_vars, names, bounds: the limits of a range, else those of the design
 * Runs that were not asked for have no row. Returns 0; SIM_ERUN: no sweep; or as ana_file_open. */
int ana_export_sweep(const struct sim_result *r, const char *dir, struct sim_err *err) SIM_CHECKED;

#endif
