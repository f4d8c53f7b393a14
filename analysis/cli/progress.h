/* How far a long command is, for people and for programs. */
#ifndef CMD_PROGRESS_H
#define CMD_PROGRESS_H

#include <stddef.h>
#include <stdio.h>

struct cmd_usage;

/* A bar where standard error is a terminal, lines of JSON, or nothing. */
enum cmd_progress_mode { CMD_PROGRESS_NONE, CMD_PROGRESS_BAR, CMD_PROGRESS_JSON };
struct cmd_progress {
    enum cmd_progress_mode mode;
    const char *what; /* is counted: "runs" */
    int at_most;      /* 1: it may end before all are done */
    double begin, shown;
    size_t failed; /* runs that failed before this batch */
};
/* The fields of the lines of JSON, for the help of commands with --progress. */
extern const char cmd_progress_text[];
/* From --progress (NULL: not given) and --quiet. Returns CMD_GO_ON, or CMD_USAGE after one line. */
int cmd_progress_mode(struct cmd_progress *p, const struct cmd_usage *u, const char *format,
                      int quiet);
/* What is counted from now on, and from when the time is taken. */
void cmd_progress_begin(struct cmd_progress *p, const char *what, int at_most);
/* So many are done; now and then that is shown. */
void cmd_progress_show(struct cmd_progress *p, size_t done, size_t failed, size_t of);
/* Takes the bar away, so that the next line begins clean. */
void cmd_progress_end(struct cmd_progress *p);

/* ---- say.c ---- */

/* A string of JSON, in quotes; what is no UTF-8 becomes U+FFFD. */
void cmd_json_text(FILE *to, const char *text);
/* `, "file": "x.h5", "bytes": 1234` of a file that was written. */
void cmd_json_file(FILE *to, const char *path);

#endif
