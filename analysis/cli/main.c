#include "analysis/cli/cli.h"

#include "analysis/store.h"
#include "sim/rng.h"
#include "sim/source.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *operands, *what;
};

static int cmd_help(int argc, char **argv);

static const struct command commands[] = {
    {"list", cmd_list, "", "the scenarios that are there"},
    {"new", cmd_new, "X.cfg --from Y", "a commented start of a scenario of one's own"},
    {"check", cmd_check, "SCENARIO...", "look for faults; balance sheet; time, memory, file size"},
    {"run", cmd_run, "SCENARIO... [-o FILE]", "scenarios side by side, into one file"},
    {"critical", cmd_critical, "SCENARIO [-o FILE]",
     "sites (or lanes, suppliers) ranked by what their loss does"},
    {"show", cmd_show, "FILE", "the answer: who stops, when, why, how sure"},
    {"report", cmd_report, "FILE [-o PAGE.html]", "one page to send: the answer, charts, tables"},
    {"why", cmd_why, "FILE", "the chain from a stopped line to its root cause; one order"},
    {"explain", cmd_explain, "SCENARIO --from A ...",
     "which rules meet a shipment, and what happens"},
    {"sweep", cmd_sweep, "plan|run|merge FILE", "many points of a design; resumes, shards, merges"},
    {"sense", cmd_sense, "FILE", "what decides an output of a sweep; which levers are robust"},
    {"backtest", cmd_backtest, "DIR", "a real episode: observed, simulated, error"},
    {"export", cmd_export, "FILE --csv DIR", "the results as tables"},
    {"rerun", cmd_rerun, "FILE --run K", "one run again, from the file alone"},
    {"verify", cmd_verify, "FILE", "is the file whole?"},
    {"keys", cmd_keys, "[NAME]", "every key of scenarios and tables"},
    {"help", cmd_help, "[COMMAND]", "this page, or that of a command"},
};
enum { N_COMMAND = sizeof commands / sizeof *commands };

static void print_help(FILE *to)
{
    fputs("Lodestone simulates how export controls disrupt supply chains.\n\n"
          "usage: lodestone COMMAND [OPTION...] ...\n\n",
          to);
    for (int i = 0; i < N_COMMAND; i++) {
        int used = fprintf(to, "  %s %s", commands[i].name, commands[i].operands);

        fprintf(to, "%*s%s\n", used < 32 ? 32 - used : 1, "", commands[i].what);
    }
    fputs(
        "\n  lodestone COMMAND --help      the options of a command\n"
        "  lodestone --version           version and libraries\n\n"
        "Exit status: 0 done; 1 failed (says whether a file was written); 2 wrong usage or input,\n"
        "nothing was written; 75 a sweep is to be started again; 130 stopped by Ctrl-C, no file.\n",
        to);
}

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

static const struct command *find(const char *name)
{
    for (int i = 0; i < N_COMMAND; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static int unknown(const char *word)
{
    struct sim_err err = SIM_ERR_INIT;
    const char *names[N_COMMAND], *near;

    for (int i = 0; i < N_COMMAND; i++)
        names[i] = commands[i].name;
    near = sim_nearest(word, names, N_COMMAND);
    sim_err_add(&err, SIM_EINPUT, "lodestone: there is no command '%s'%s%s%s", word,
                near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    sim_err_add(&err, SIM_EINPUT, "more: lodestone help");
    sim_err_print(&err, "", stderr);
    sim_err_free(&err);
    return CMD_USAGE;
}

static int cmd_help(int argc, char **argv)
{
    const struct command *c;
    char *args[] = {argc > 1 ? argv[1] : NULL, (char[]){"--help"}, NULL};

    if (argc < 2 || strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return CMD_DONE;
    }
    c = find(argv[1]);
    return c ? c->run(2, args) : unknown(argv[1]);
}

static int begin(int argc, char **argv)
{
    const struct command *c;

    if (argc < 2) {
        print_help(stderr);
        return CMD_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0)
        return print_version();
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help(stdout);
        return CMD_DONE;
    }
    c = find(argv[1]);
    return c ? c->run(argc - 1, argv + 1) : unknown(argv[1]);
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
