/* The command line: what its files share.
 *
 * One file a subcommand, cmd_<name>.c, with one function `int cmd_<name>(int argc, char **argv)`:
 * argv[0] is the command's name, then come its options and operands; it returns the exit status.
 * main.c holds the table of commands and looks after standard output; here only files, standard
 * output (results, paths) and standard error (progress, faults) are written to. */
#ifndef CMD_CLI_H
#define CMD_CLI_H

#include "analysis/cli/progress.h"
#include "analysis/stop.h"
#include "models/run.h"

#include <stdio.h>

/* Exit status. */
enum {
    CMD_DONE = 0,
    CMD_FAILED = 1,   /* says whether a file was written */
    CMD_USAGE = 2,    /* wrong usage or input; nothing was written */
    CMD_STOPPED = 130 /* Ctrl-C; no file */
};

int cmd_list(int argc, char **argv);
int cmd_new(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_critical(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_sweep(int argc, char **argv);
int cmd_sense(int argc, char **argv);
int cmd_backtest(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_why(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_rerun(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_keys(int argc, char **argv);

/* ---- options.c ---- */

enum cmd_kind {
    CMD_FLAG,  /* int, 1 when given */
    CMD_TEXT,  /* const char * */
    CMD_TEXTS, /* struct cmd_texts: may be given again and again */
    CMD_WHOLE, /* int64_t, lo..hi */
    CMD_SIZE   /* double, bytes: 500M, 2G, 1.5G; powers of 1024 */
};
enum { CMD_MAX_TEXTS = 200 };
struct cmd_texts {
    int n;
    const char *s[CMD_MAX_TEXTS];
};

/* A row of the table that reads a command's options and prints its help. A NULL name ends it.
 * --help and -h need no row. */
struct cmd_option {
    const char *name; /* "-o", "--runs" */
    const char *arg;  /* what it takes, as the help shows it; NULL for a FLAG. Completion goes by
                         it: FILE a result, X.cfg, DIR, SCENARIO, or words: json, civil|military */
    enum cmd_kind kind;
    int64_t lo, hi; /* of a WHOLE */
    size_t offset;  /* into the struct that is filled; set the defaults before */
    const char *help;
};

struct cmd_command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *operands, *what; /* in a line of the help of what it belongs to */
};

struct cmd_usage {
    const char *name;     /* "run", "sweep run"; "" the program */
    const char *operands; /* "SCENARIO...", ""; completion goes by the first word, as for `arg` */
    const char *what;     /* what it does, one or more lines */
    int least, most;      /* operands */
    const struct cmd_option *options;
    const char *more;                /* after the options, or NULL */
    const struct cmd_command *verbs; /* [n_verb] with tables of their own */
    int n_verb;
};

struct cmd_args {
    int n;
    char **operand; /* [n], borrowed from argv, which is put in order */
};

enum { CMD_GO_ON = -1 };

/* Reads argv[1..] by the table into the struct at `to`: --name value, --name=value, -o value; after
 * -- all is operands. Returns CMD_GO_ON, or the status to end with: CMD_DONE after --help,
 * CMD_USAGE after one line that names the argument and what is allowed. */
int cmd_parse(const struct cmd_usage *u, int argc, char **argv, void *to, struct cmd_args *args);

/* Hands argv[1..] to the verb that argv[1] names, or prints the help. Returns the exit status. */
int cmd_dispatch(const struct cmd_usage *u, int argc, char **argv);

/* One line "lodestone <name>: <text>" and where help is. Returns CMD_USAGE. */
int cmd_misuse(const struct cmd_usage *u, const char *fmt, ...) SIM_FORMAT(2, 3);

/* ---- say.c ---- */

/* Prints the lines of err on standard error and frees it; then, where rc is not 0, a line
 * "lodestone <name>: <after>" (after NULL: only a count where there are many). Returns the exit
 * status for rc: SIM_EINPUT 2, SIM_ESTOP 130, any other fault 1. */
int cmd_end(const char *name, int rc, struct sim_err *err, const char *after);

/* The text without what could steer a terminal: control characters (C0, C1) become '?'. */
void cmd_print(FILE *to, const char *text);
/* "61.2 MB"; "0.28 s", "26 s", "4 min 05 s", "2 h 10 min". */
void cmd_bytes(double bytes, char to[24]);
void cmd_seconds(double s, char to[24]);
/* Does the terminal show names that are not ASCII? By LC_ALL, LC_CTYPE and LANG. */
int cmd_utf8(void);
/* Columns of the terminal: COLUMNS, else what the terminal at fd says, else `usual`. */
int cmd_columns(int fd, int usual);
/* Columns for text on standard output: as asked for (0: not), else those of the terminal within
 * what reads well, else ANA_SHOW_WIDTH. */
size_t cmd_width(int64_t asked);
/* Seconds on a clock that only goes forward. */
double cmd_clock(void);

/* Is a file of that name there? Returns 0, or SIM_EINPUT with one line. */
int cmd_exists(const char *path, struct sim_err *err) SIM_CHECKED;

/* Is it a file of scenarios side by side, and no sweep? Returns 0, or SIM_EINPUT with what can be
 * done with a sweep. */
int cmd_one_study(const struct sim_result *r, const char *path, struct sim_err *err) SIM_CHECKED;

/* ---- study.c: scenarios and runs ---- */

/* Where installed scenarios are. */
#define CMD_SHARE LODESTONE_SHARE "/scenarios"

/* What the columns of a result will take for `runs` runs, from a result made for `made` runs. */
struct cmd_needs {
    double all;     /* bytes in memory while runs go on */
    double kept;    /* after reduction */
    double largest; /* column, kept */
    double plain;   /* kept, of columns that the file holds as they are */
    double packed;  /* kept, of the others, before they are packed */
};
void cmd_needs(const struct sim_result *r, double made, double runs, struct cmd_needs *to);
/* Most memory that is needed at one time: the runs with `per_run` bytes on each thread, then the
 * reduction, then the writing of the file. */
double cmd_peak(const struct cmd_needs *n, double per_run, int threads);

/* Runs of a study as jobs of a batch: job = run * scenarios + scenario. */
struct cmd_jobs {
    const struct mdl_study *st;
    struct sim_result *res; /* made for `runs` runs of each scenario */
    uint32_t runs;
    int threads, audit;
    const volatile int *stop;
    struct cmd_progress progress;
    const struct mdl_trace_plan *plan; /* NULL = no traces */
    struct mdl_trace *trace;           /* [runs * scenarios] */
    size_t first;                      /* this batch does jobs first, first + 1, ... */
    uint8_t *status;                   /* [runs * scenarios] enum sim_status */
    struct mdl_run_report *report;     /* the same */
};
/* Does n jobs from j->first on. Returns as sim_batch_run. */
int cmd_jobs_run(struct cmd_jobs *j, size_t n, struct sim_err *err) SIM_CHECKED;

/* What changed the scenarios from outside: attribute `set`, the texts of --set in their order, a
 * line each; attribute `over`, the name of --over as given, or its last part where it is absolute.
 * Neither where nothing was given. */
void cmd_tell_changes(struct sim_result *r, const struct cmd_texts *set, const char *over);

/* From now on Ctrl-C does not end the program: what comes back becomes other than 0. */
const volatile int *cmd_catch_stop(void);
/* After it: SIGUSR1 does the same, and a second Ctrl-C ends the program at once. */
void cmd_catch_again(void);

/* Half of the machine's memory, bytes. */
double cmd_half_memory(void);

/* ---- work.c: from scenarios to a file of results ---- */

/* Options of commands that run scenarios; runs and seed < 0 are the scenarios' own. */
struct cmd_work_options {
    const char *out, *progress, *over;
    int64_t runs, seed, threads;
    struct cmd_texts set;
    int quiet, audit;
    double max_mem;
    int trace; /* the others that begin so imply it */
    struct cmd_texts trace_site, trace_product;
    const char *trace_from, *trace_until;
    const char *precision; /* "5%"; then `runs` come before the first look */
    int64_t max_runs;      /* 0: not given */
};

/* Runs until the loss is known well enough. */
struct cmd_precise {
    struct ana_stop_rule rule;
    double half; /* half-width wanted, as a part of the loss */
    struct ana_stop_look look;
    const char *worst; /* scenario */
    char text[300];    /* how it ended */
};

/* Everything that such a command holds. The caller fills the first part and zeroes the rest. */
struct cmd_work {
    const char *name; /* of the command */
    struct cmd_work_options o;
    int lax_first; /* as in mdl_options */
    /* Called, if not NULL, when `st` is loaded and `res` is empty; and when all runs are reduced,
     * before the file is written. They return 0 or a negative SIM_E* with lines in err. */
    int (*prepared)(struct cmd_work *w, struct sim_err *err);
    int (*finish)(struct cmd_work *w, struct sim_err *err);
    void *ctx; /* theirs */

    struct mdl_study st;
    struct sim_result res;
    struct cmd_jobs jobs;
    struct mdl_trace_plan plan;
    struct cmd_precise precise; /* with o.precision */
    char *out;                  /* the file, in the arena of `st` */
    size_t n;                   /* runs of all scenarios */
    int threads, written;
    double begin, runs_s; /* when it began; how long the runs took */
};

/* Loads the scenarios, does their runs and writes the file; says what it cost, and which runs
 * failed. Ctrl-C stops it. Returns the exit status; w->written: the file is there. */
int cmd_work_do(struct cmd_work *w, const char *const *files, int n);
void cmd_work_free(struct cmd_work *w);

/* ---- precise.c ---- */

/* Reads --precision, --runs and --max-runs; o.runs becomes the maximum. Returns 0 or SIM_EINPUT. */
int cmd_precise_begin(struct cmd_work *w, struct sim_err *err);
/* Does the runs after the first, in steps, until the loss of every scenario is known well enough or
 * the maximum is hit; says so in w->precise.text and the attribute `stopping`, and leaves the
 * result as if so many runs had been asked for. Returns as cmd_jobs_run. */
int cmd_precise_run(struct cmd_work *w, struct sim_err *err);

#endif
