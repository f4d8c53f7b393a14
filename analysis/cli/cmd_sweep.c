#include "analysis/cli/sweep.h"

static const struct cmd_command verbs[] = {
    {"plan", cmd_sweep_plan, "X.cfg", "look for faults; points, runs, what they will cost"},
    {"run", cmd_sweep_run, "X.cfg [--shard i/N]", "do the runs that are missing; may be stopped"},
    {"submit", cmd_sweep_submit, "X.cfg --slurm", "hand it to a cluster, as an array of tasks"},
    {"status", cmd_sweep_status, "X.cfg", "what is done, what is missing"},
    {"merge", cmd_sweep_merge, "X.cfg [--to FILE]", "one file of results out of all parts"},
};

static const struct cmd_option options[] = {{0}};

static const struct cmd_usage usage = {
    .name = "sweep",
    .operands = "VERB X.cfg [OPTION...]",
    .what = "Runs scenarios at many points of a design, here or on a cluster. X.cfg is a sweep\n"
            "file: which factors are varied, how, and what is kept of each run. lodestone sense\n"
            "then says what decides an output.",
    .options = options,
    .more = "Exit status: 0 done; 1 a run failed, or a disk was full; 2 wrong usage or input; 75\n"
            "stopped or not complete: start it again, nothing that was finished is done twice.",
    .verbs = verbs,
    .n_verb = sizeof verbs / sizeof *verbs};

int cmd_sweep(int argc, char **argv)
{
    return cmd_dispatch(&usage, argc, argv);
}
