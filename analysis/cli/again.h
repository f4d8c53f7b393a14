/* Runs of a file of results done again, for the questions of `lodestone why`. */
#ifndef CMD_AGAIN_H
#define CMD_AGAIN_H

#include "analysis/compare.h"
#include "analysis/report.h"
#include "analysis/why.h"
#include "models/run.h"

/* Does run q->run of scenario q->scenario of `file` again, with a trace of all events up to the day
 * `until` since start (SIM_DAY_NONE: to the end), into `to` (empty; to be freed in any case). st
 * was loaded from `file`. A line in err where what it misses differs from the file. Returns 0 or
 * what mdl_run returns. Safe on several threads at once. */
int cmd_again(struct sim_result *to, const struct mdl_study *st, const struct sim_result *file,
              const struct ana_why_question *q, int32_t until, struct sim_err *err) SIM_CHECKED;

/* Chains of causes for a report. */
struct cmd_chains {
    struct ana_report_chain *chain; /* [n] */
    size_t n;
    char **text; /* [n] owned */
};
/* What ana_report_ask asks for, of each scenario but the first of c, with n plants; the runs are
 * done again side by side. `file` holds the scenarios. Frees nothing of `to` on failure: call
 * cmd_chains_free in any case. */
int cmd_chains(struct cmd_chains *to, const struct ana_compare *c, const struct sim_result *file,
               size_t n, struct sim_err *err) SIM_CHECKED;
void cmd_chains_free(struct cmd_chains *to);

#endif
