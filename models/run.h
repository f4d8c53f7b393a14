/* One run of one scenario, and all runs of a study as jobs of a batch. */
#ifndef MDL_RUN_H
#define MDL_RUN_H

#include "models/study.h"
#include "models/trace.h"

/* Adds the axes, the columns and the input texts of a study to an empty result. `runs` results per
 * scenario. Every column is described in analysis/README.md. */
void mdl_result_init(struct sim_result *res, const struct mdl_study *st, uint32_t runs);

/* The axes and the columns of a study's results, for mdl_result_init; does any scenario ask for
 * daily series? */
void mdl_result_axes(struct sim_result *res, const struct mdl_study *st, uint32_t runs);
void mdl_result_columns(struct sim_result *res, const struct mdl_study *st);
int mdl_result_full(const struct mdl_study *st);
/* Points of the axis of prices: zones of the prices of any scenario. */
uint32_t mdl_result_prices(const struct mdl_study *st);

/* Bytes of the columns that mdl_result_init will make, before it is called: exact. */
double mdl_result_bytes(const struct mdl_study *st, uint32_t runs);

struct mdl_run_options {
    uint32_t run; /* number of the run, for the random streams */
    size_t slot;  /* place of the run on the run axis */
    int audit;    /* check all balances; SIM_ERUN when one does not hold */
    const volatile int *stop;
    const struct mdl_trace_plan *trace; /* NULL = no trace */
    struct mdl_trace *events; /* of the run; filled if it comes to its end and there is a plan */
};

/* What a run cost and, with audit, how well it closed. */
struct mdl_run_report {
    uint64_t events;
    size_t bytes;
    double element_error; /* largest relative gap of an element's balance by origin */
};

/* Does one run and writes its results into its slot of `res` (filled by mdl_result_init; other
 * slots are not touched). Returns 0, SIM_ERUN or SIM_ESTOP. */
int mdl_run(const struct mdl_study *st, uint32_t scenario, const struct mdl_run_options *o,
            struct sim_result *res, struct mdl_run_report *report, struct sim_err *err) SIM_CHECKED;

#endif
