#include "analysis/cli/help.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BAR_WIDTH = 30, BAR_LEAST = 5, LINE = 200 };
static const double between = 0.1; /* seconds */

const char cmd_progress_text[] =
    "--progress=json prints lines of JSON on standard error. {\"event\": \"progress\"} says what\n"
    "is counted (runs, resamples, peels), how many are done, failed, and of how many; at_most:\n"
    "it may end before those; elapsed_s since the first began, left_s until the last ends, in\n"
    "seconds, null while it is not known. {\"event\": \"end\"} is the last line, of a command "
    "that\n"
    "did its work: runs, failed, threads (or points), elapsed_s; file and bytes of what was\n"
    "written.";

int cmd_progress_mode(struct cmd_progress *p, const struct cmd_usage *u, const char *format,
                      int quiet)
{
    const char *terminal = getenv("TERM");

    if (format && strcmp(format, "json") != 0)
        return cmd_misuse(u, "--progress = %s: must be json", format);
    p->mode = CMD_PROGRESS_NONE;
    if (format)
        p->mode = CMD_PROGRESS_JSON;
    else if (!quiet && isatty(STDERR_FILENO) && !(terminal && strcmp(terminal, "dumb") == 0))
        p->mode = CMD_PROGRESS_BAR;
    return CMD_GO_ON;
}

void cmd_progress_begin(struct cmd_progress *p, const char *what, int at_most)
{
    p->what = what;
    p->at_most = at_most;
    p->begin = cmd_clock();
    p->shown = 0;
}

/* In one line of the terminal, so that \r takes all of it away. */
static void show_bar(const struct cmd_progress *p, size_t done, size_t failed, size_t of,
                     double left)
{
    static const char full[] = "##############################",
                      empty[] = "..............................";
    char text[LINE], time[24] = "?", fail[40] = "";
    int columns = cmd_columns(STDERR_FILENO, 80) - 1, width, part;

    if (isfinite(left))
        cmd_seconds(left, time);
    if (failed)
        snprintf(fail, sizeof fail, "%zu failed, ", failed);
    width = snprintf(text, sizeof text, "%zu of %s%zu %s, %s%s left", done,
                     p->at_most ? "at most " : "", of, p->what, fail, time);
    width = columns - width - 3;
    width = width > BAR_WIDTH ? BAR_WIDTH : width;
    part = of ? (int)((double)done / (double)of * width) : 0;
    if (width >= BAR_LEAST)
        fprintf(stderr, "\r[%.*s%.*s] %s\033[K", part, full, width - part, empty, text);
    else
        fprintf(stderr, "\r%.*s\033[K", columns, text);
}

static void show_json(const struct cmd_progress *p, size_t done, size_t failed, size_t of,
                      double elapsed, double left)
{
    char seconds[32] = "null";

    if (isfinite(left))
        snprintf(seconds, sizeof seconds, "%.3f", left);
    fprintf(
        stderr,
        "{\"event\": \"progress\", \"what\": \"%s\", \"done\": %zu, \"failed\": %zu, \"of\": %zu, "
        "\"at_most\": %s, \"elapsed_s\": %.3f, \"left_s\": %s}\n",
        p->what, done, failed, of, p->at_most ? "true" : "false", elapsed, seconds);
}

void cmd_progress_show(struct cmd_progress *p, size_t done, size_t failed, size_t of)
{
    double now = cmd_clock(), left;

    if (p->mode == CMD_PROGRESS_NONE || (done < of && now - p->shown < between))
        return;
    p->shown = now;
    left = done ? (now - p->begin) / (double)done * ((double)of - (double)done) : (double)NAN;
    if (p->mode == CMD_PROGRESS_BAR)
        show_bar(p, done, failed, of, left);
    else
        show_json(p, done, failed, of, now - p->begin, left);
    fflush(stderr);
}

void cmd_progress_end(struct cmd_progress *p)
{
    if (p->mode == CMD_PROGRESS_BAR && p->shown > 0)
        fputs("\r\033[K", stderr);
    p->shown = 0;
}
