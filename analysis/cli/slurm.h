/* Job scripts for Slurm: the shards of a sweep as an array, and the merge after it. */
#ifndef CMD_SLURM_H
#define CMD_SLURM_H

#include "sim/err.h"

#include <stdio.h>

struct cmd_slurm {
    const char *name;               /* of the jobs */
    const char *program;            /* lodestone itself; all paths are absolute */
    const char *sweep, *dir, *here; /* sweep file, its folder, where to start from */
    int tasks, threads;             /* of the array; of each task */
    int minutes;                    /* time limit of a task */
    double bytes, merge_bytes;      /* memory of a task; of the merge */
    const char *const *option;      /* [n_option] words for sbatch, in both scripts; borrowed */
    int n_option;
};

/* Can all texts stand in a script? Returns 0, or SIM_EINPUT with a line for each that holds a
 * quote, a backslash or a control character. */
int cmd_slurm_check(const struct cmd_slurm *s, struct sim_err *err) SIM_CHECKED;

/* Print the scripts; faults of the stream are the caller's to find. */
void cmd_slurm_array(const struct cmd_slurm *s, FILE *to);
void cmd_slurm_merge(const struct cmd_slurm *s, FILE *to);

/* Hands a script to sbatch.
 *   after  job that must have ended before, well or not (a task with a failed run ends with 1, and
 *          the merge itself finds what is missing); NULL = none
 *   job    the new job's number as a text
 * Returns 0, or SIM_EIO: sbatch is not there or refused, and has said why. */
int cmd_slurm_submit(const char *script, const char *after, char job[32],
                     struct sim_err *err) SIM_CHECKED;

#endif
