#include "analysis/cli/sweep.h"

#include "sim/source.h"

#include <string.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *operands, *what;
} verbs[] = {
    {"plan", cmd_sweep_plan, "FILE", "look for faults; points, runs, what they will cost"},
    {"run", cmd_sweep_run, "FILE [--shard i/N]", "do the runs that are missing; may be stopped"},
    {"submit", cmd_sweep_submit, "FILE --slurm", "hand it to a cluster, as an array of tasks"},
    {"status", cmd_sweep_status, "FILE", "what is done, what is missing"},
    {"merge", cmd_sweep_merge, "FILE [--to FILE]", "one file of results out of all parts"},
};
enum { N_VERB = sizeof verbs / sizeof *verbs };

static void print_help(FILE *to)
{
    fputs("usage: lodestone sweep VERB FILE [OPTION...]\n\n"
          "Runs scenarios at many points of a design, here or on a cluster. FILE is a sweep file:\n"
          "which factors are varied, how, and what is kept of each run.\n\n",
          to);
    for (int i = 0; i < N_VERB; i++)
        fprintf(to, "  %-7s %-24s %s\n", verbs[i].name, verbs[i].operands, verbs[i].what);
    fputs("\n  lodestone sweep VERB --help      the options of a verb\n"
          "  lodestone sense FILE.h5          what decides an output\n\n"
          "Exit status: 0 done; 1 a run failed, or a disk was full; 2 wrong usage or input; 75\n"
          "stopped or not complete: start it again, nothing that was finished is done twice.\n",
          to);
}

int cmd_sweep(int argc, char **argv)
{
    const char *names[N_VERB];
    char mean[SIM_MEAN];

    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help(argc < 2 ? stderr : stdout);
        return argc < 2 ? CMD_USAGE : CMD_DONE;
    }
    for (int i = 0; i < N_VERB; i++) {
        names[i] = verbs[i].name;
        if (strcmp(argv[1], verbs[i].name) == 0)
            return verbs[i].run(argc - 1, argv + 1);
    }
    fprintf(stderr, "lodestone sweep: %s", *argv[1] == '-' ? "unknown option " : "no verb ");
    cmd_print(stderr, argv[1]);
    fprintf(stderr,
            "%s\nusage: lodestone sweep VERB FILE [OPTION...]\nmore: lodestone sweep --help\n",
            sim_did_you_mean(sim_nearest(argv[1], names, N_VERB), mean));
    return CMD_USAGE;
}
