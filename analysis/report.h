/* A comparison as one page of HTML that stands alone: what `lodestone report` writes.
 *
 * No part of it is fetched. Its Content-Security-Policy names the one script and the one style by
 * their hashes; texts of input files are escaped, or JSON. Each section has its numbers as JSON in
 * a data block, which the script draws; without a script each has a static SVG and a table. */
#ifndef ANA_REPORT_H
#define ANA_REPORT_H

#include "analysis/compare.h"
#include "analysis/markup.h"
#include "analysis/outcome.h"
#include "analysis/why.h"

/* The chain of causes of a plant, as text: what ana_why_chain wrote. */
struct ana_report_chain {
    size_t scenario;  /* place on the axis `scenario` */
    const char *site; /* its id */
    int64_t run;      /* number of the run */
    const char *text;
};

/* The questions that the chains of c->versus[i] answer: in the run whose loss is the median one (of
 * an even number the lower of the two) the n plants that lose most output, of those that stop in
 * it, and the first plant to stop. Fills q[n + 1] and returns how many; 0 where no loss is known.
 * Places are those of `file`, which has a scenario of that label and the columns ana_why_columns.
 */
size_t ana_report_ask(const struct ana_compare *c, size_t i, const struct sim_result *file,
                      size_t n, struct ana_why_question q[]);

struct ana_report_options {
    const char *title;                    /* of the page; NULL: the scenarios */
    const char *file;                     /* name of the result, without folders */
    const char *against;                  /* name of the baseline's file, or NULL */
    const char *version;                  /* of the program */
    const char *style;                    /* CSS */
    const char *script;                   /* NULL: a static page */
    const struct ana_report_chain *chain; /* [n_chain], borrowed */
    size_t n_chain;
    const struct sim_result *critical; /* what the command critical wrote, or NULL */
    const char *critical_file;         /* its name */
};

/* A merged sweep: all borrowed. */
struct ana_report_sweep {
    const struct sim_result *r;
    const struct ana_design *d; /* of r */
    uint64_t seed;
    struct ana_outcome_plan plan; /* output, scenario NULL: several; good -1: both; threshold NaN:
                                     that beyond which a tenth of the points is */
};

/* The columns that ana_report reads beside ana_compare_columns, for ana_store_read_columns. */
extern const char *const ana_report_columns[];
extern const size_t ana_report_n_columns;

/* Appends the page to `to`. Depends on nothing but its arguments. c NULL: the page of o->critical
 * alone. Returns 0; SIM_ENOMEM; SIM_ERUN if o->critical lacks a column. */
int ana_report(struct ana_text *to, const struct ana_compare *c, const struct ana_report_options *o,
               struct sim_err *err) SIM_CHECKED;

/* The page of a sweep: what decides its outputs, as `lodestone sense` has it, and what was swept.
 * As many outputs as can be had in some seconds. Returns 0; SIM_ENOMEM; as ana_outcome_take. */
int ana_report_of_sweep(struct ana_text *to, const struct ana_report_sweep *s,
                        const struct ana_report_options *o, struct sim_err *err) SIM_CHECKED;

#endif
