#include "analysis/cli/cli.h"

#include <string.h>

#define AT(field) offsetof(struct cmd_work_options, field)
static const struct cmd_option options[] = {
    {"-o", "FILE", CMD_TEXT, 0, 0, AT(out),
     "file to write (default: the last scenario's name, .h5)"},
    {"--runs", "N", CMD_WHOLE, 1, 1000000, AT(runs), "runs of each scenario, instead of its own"},
    {"--seed", "S", CMD_WHOLE, 0, INT64_C(1) << 53, AT(seed),
     "seed, instead of the scenarios' own"},
    {"--precision", "P%", CMD_TEXT, 0, 0, AT(precision),
     "go on until the mean loss is known to this part of it"},
    {"--max-runs", "N", CMD_WHOLE, 20, 1000000, AT(max_runs),
     "with --precision: no more than these (default: 300)"},
    {"--threads", "T", CMD_WHOLE, 1, 1024, AT(threads), "cores to use (default: all)"},
    {"--set", "PATH=VALUE", CMD_TEXTS, 0, 0, AT(set),
     "change a key in every scenario: retry_d=60, rules.ID.approval=0.5"},
    {"--over", "X.cfg", CMD_TEXT, 0, 0, AT(over),
     "keys that are laid over every scenario, before --set: rare-earth/uncertain"},
    {"--audit", NULL, CMD_FLAG, 0, 0, AT(audit),
     "check in every run that nothing appears or is lost"},
    {"--trace", NULL, CMD_FLAG, 0, 0, AT(trace),
     "also write what happened, event by event (lodestone why)"},
    {"--trace-site", "SITE", CMD_TEXTS, 0, 0, AT(trace_site),
     "only events of this site, or of its orders; x* = all that begin so"},
    {"--trace-product", "PRODUCT", CMD_TEXTS, 0, 0, AT(trace_product),
     "only events of this product; x* = all that begin so"},
    {"--trace-from", "DATE", CMD_TEXT, 0, 0, AT(trace_from), "only events from this day on"},
    {"--trace-until", "DATE", CMD_TEXT, 0, 0, AT(trace_until), "only events until this day"},
    {"--max-mem", "SIZE", CMD_SIZE, 0, 0, AT(max_mem),
     "refuse to start above this (default: half of the machine's)"},
    {"--quiet", NULL, CMD_FLAG, 0, 0, AT(quiet), "print faults only"},
    {"--progress", "json", CMD_TEXT, 0, 0, AT(progress), "a line of JSON now and then, on stderr"},
    {0}};

static const struct cmd_usage usage = {
    .name = "run",
    .operands = "SCENARIO...",
    .what =
        "Runs scenarios side by side with the same random numbers and writes one file. The first\n"
        "is the baseline that `lodestone show` compares the others with.",
    .least = 1,
    .most = 10000,
    .options = options,
    .more =
        "A scenario is a file, or a name under scenarios/ here or among those installed. The same\n"
        "input and seed give the same bytes, for any number of cores. When a run fails the others\n"
        "go on, the file is written, and the exit status is 1. --trace-site and --trace-product "
        "may be\n"
        "given again and again, and each of --trace-... implies --trace. --precision 5% looks "
        "after 30 runs (or --runs), then\n"
        "after every 10 more, and ends when the 95 % interval of the mean loss of every scenario\n"
        "against the first is no wider than 5 % of it to either side, or at --max-runs."};

int cmd_run(int argc, char **argv)
{
    struct cmd_work w = {.name = "run",
                         .o = {.runs = -1, .seed = -1, .max_mem = cmd_half_memory()}};
    struct cmd_args args;
    int status = cmd_parse(&usage, argc, argv, &w.o, &args);

    if (status == CMD_GO_ON)
        status = cmd_progress_mode(&w.jobs.progress, &usage, w.o.progress, w.o.quiet);
    if (status != CMD_GO_ON)
        return status;
    status = cmd_work_do(&w, (const char *const *)args.operand, args.n);
    cmd_work_free(&w);
    return status;
}
