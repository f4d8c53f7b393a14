/* Which part of a sweep a process does, and on how many threads. A launcher that starts many
 * processes tells each its number in environment variables:
 *
 *   job arrays  SLURM_ARRAY_TASK_ID (_MIN _MAX _STEP, _COUNT to check), SGE_TASK_ID (_FIRST _LAST
 *               _STEPSIZE); PBS_ARRAY_INDEX comes without a count and is refused
 *   ranks       OMPI_COMM_WORLD_RANK / _SIZE, else PMI_RANK / PMI_SIZE, else SLURM_PROCID /
 *               SLURM_STEP_NUM_TASKS (of srun; a batch script has a SLURM_PROCID of 0 too, but is
 *               alone). Open MPI and PMI go before srun, which may have started their daemons.
 *
 * Ranks in each task of an array are counted through: task * ranks + rank. */
#ifndef CMD_SHARD_H
#define CMD_SHARD_H

#include "sim/err.h"

#include <stdint.h>

enum { CMD_MAX_SHARDS = 1000000 };

struct cmd_shard {
    uint32_t i, n; /* from 0, unlike on the command line; n at most CMD_MAX_SHARDS */
    char from[64]; /* what said so: "--shard", variables, or "" for one process alone */
};

/* Looks up a variable as getenv does; NULL where it is not set. */
typedef char *cmd_env(const char *name);

/* Finds the shard.
 *   given  text of --shard, "3/7", or NULL; goes before all variables
 * Returns 0, or SIM_EINPUT with one line that names the option or the variables: not i/N, half of a
 * pair missing, no whole number, out of range, ids of an array with gaps, two arrays or two
 * launchers that say different things. */
int cmd_shard_find(struct cmd_shard *to, const char *given, cmd_env *env,
                   struct sim_err *err) SIM_CHECKED;

/* Threads to wish for, as sim_batch_threads takes them. Where *threads is not above 0 (--threads
 * was not given) it becomes SLURM_CPUS_PER_TASK, or 0 where OMP_NUM_THREADS is set or neither is.
 * Returns 0, or SIM_EINPUT with one line where that is not 1 to 1024. */
int cmd_shard_threads(int64_t *threads, cmd_env *env, struct sim_err *err) SIM_CHECKED;

#endif
