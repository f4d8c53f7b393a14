#include "analysis/cli/help.h"

#include "analysis/store.h"
#include "sim/rng.h"
#include "sim/source.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static int cmd_help(int argc, char **argv);

static const struct cmd_command commands[] = {
    {"list", cmd_list, "", "the scenarios that are there"},
    {"new", cmd_new, "X.cfg --from SCENARIO", "a commented start of a scenario of one's own"},
    {"check", cmd_check, "SCENARIO...", "look for faults; balance sheet; time, memory, file size"},
    {"run", cmd_run, "SCENARIO... [-o FILE]", "scenarios side by side, into one file"},
    {"critical", cmd_critical, "SCENARIO [-o FILE]",
     "sites (or lanes, suppliers) ranked by what their loss does"},
    {"show", cmd_show, "FILE", "the answer: who stops, when, why, how sure"},
    {"report", cmd_report, "FILE [-o PAGE.html]", "one page to send: the answer, charts, tables"},
    {"why", cmd_why, "FILE", "the chain from a stopped line to its root cause; one order"},
    {"explain", cmd_explain, "SCENARIO --from A ...",
     "which rules meet a shipment, and what happens"},
    {"sweep", cmd_sweep, "plan|run|merge X.cfg",
     "many points of a design; resumes, shards, merges"},
    {"sense", cmd_sense, "FILE", "what decides an output of a sweep; which levers are robust"},
    {"backtest", cmd_backtest, "DIR", "a real episode: observed, simulated, error"},
    {"export", cmd_export, "FILE --csv DIR", "the results as tables"},
    {"rerun", cmd_rerun, "FILE --run K", "one run again, from the file alone"},
    {"verify", cmd_verify, "FILE", "is the file whole?"},
    {"keys", cmd_keys, "[NAME]", "every key of scenarios and tables"},
    {"help", cmd_help, "[COMMAND]", "this page, or that of a command; --man, --bash"},
};

static const struct cmd_option program_options[] = {
    {"--version", NULL, CMD_FLAG, 0, 0, 0, "version and libraries"}, {0}};

static const struct cmd_usage program = {
    .name = "",
    .operands = "COMMAND [OPTION...] ...",
    .what = "Lodestone simulates how export controls disrupt supply chains.",
    .options = program_options,
    .more =
        "Exit status: 0 done; 1 failed (says whether a file was written); 2 wrong usage or input,\n"
        "nothing was written; 75 a sweep is to be started again; 130 stopped by Ctrl-C, no file.",
    .verbs = commands,
    .n_verb = sizeof commands / sizeof *commands};

static int print_version(void)
{
    printf("lodestone %s\n", LODESTONE_VERSION);
#if defined(__clang__)
    printf("compiler   %s\n", __VERSION__);
#else
    printf("compiler   gcc %s\n", __VERSION__);
#endif
    printf("HDF5       %s\n", ana_store_library());
    printf("GSL        %s\n", sim_rng_library());
    printf("libconfig  %s\n", sim_tree_library());
    printf("scenarios  %s\n", CMD_SHARE);
    return CMD_DONE;
}

/* ---- help ---- */

struct options {
    int man, bash;
};

static const struct cmd_option help_options[] = {
    {"--man", NULL, CMD_FLAG, 0, 0, offsetof(struct options, man),
     "all of them as a manual page, for man"},
    {"--bash", NULL, CMD_FLAG, 0, 0, offsetof(struct options, bash),
     "completion of commands, options and files: source it in bash"},
    {0}};

static const struct cmd_usage help_usage = {.name = "help",
                                            .operands = "[COMMAND...]",
                                            .what = "The commands; what one of them does, and its "
                                                    "options.",
                                            .least = 0,
                                            .most = 2,
                                            .options = help_options};

static int cmd_help(int argc, char **argv)
{
    struct options o = {0};
    struct cmd_args args;
    int rc = cmd_parse(&help_usage, argc, argv, &o, &args);
    char *words[] = {NULL, args.n > 0 ? args.operand[0] : NULL, args.n > 1 ? args.operand[1] : NULL,
                     NULL, NULL};

    if (rc != CMD_GO_ON)
        return rc;
    if (o.man + o.bash + (args.n > 0) > 1)
        return cmd_misuse(&help_usage, "--man, --bash or a command: one of them");
    if (o.man)
        cmd_help_man(&program);
    if (o.bash)
        cmd_help_bash(&program);
    if (o.man || o.bash)
        return CMD_DONE;
    words[1 + args.n] = (char[]){"--help"};
    return cmd_dispatch(&program, 2 + args.n, words);
}

static int begin(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--version") == 0)
        return print_version();
    return cmd_dispatch(&program, argc, argv);
}

/* Files must not get the numbers of closed standard streams. Writing to a stream that was closed
 * fails, as it should: /dev/null is opened for the other direction. */
static void open_standard_streams(void)
{
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
            open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
            _exit(CMD_FAILED);
}

int main(int argc, char **argv)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    int status;

    open_standard_streams();
    sigaction(SIGXFSZ, &ignore, NULL); /* a file too large is an error like others */
    sim_rng_quiet();
    status = begin(argc, argv);
    errno = 0;
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "lodestone: standard output cannot be written%s%s\n", errno ? ": " : "",
                errno ? strerror(errno) : "");
        status = status == CMD_DONE ? CMD_FAILED : status;
    }
    return status;
}
