#include "analysis/cli/cli.h"

enum { BAR_WIDTH = 30 };
static const double between = 0.1; /* seconds */

static void show_bar(size_t done, size_t failed, size_t n, double left)
{
    char bar[BAR_WIDTH + 1], time[24];
    size_t full = n ? done * BAR_WIDTH / n : 0;

    for (size_t i = 0; i < BAR_WIDTH; i++)
        bar[i] = i < full ? '#' : '.';
    bar[BAR_WIDTH] = '\0';
    cmd_seconds(left, time);
    fprintf(stderr, "\r[%s] %zu of %zu runs, ", bar, done, n);
    if (failed)
        fprintf(stderr, "%zu failed, ", failed);
    fprintf(stderr, "%s left\033[K", time);
}

void cmd_progress_show(struct cmd_progress *p, size_t done, size_t failed, size_t n)
{
    double now = cmd_clock(), left;

    if (p->mode == 0 || (done < n && now - p->shown < between))
        return;
    p->shown = now;
    left = (now - p->begin) / (double)done * (double)(n - done);
    if (p->mode == 1)
        show_bar(done, failed, n, left);
    else
        fprintf(stderr,
                "{\"event\": \"progress\", \"done\": %zu, \"failed\": %zu, \"runs\": %zu, "
                "\"elapsed_s\": %.3f, \"left_s\": %.3f}\n",
                done, failed, n, now - p->begin, left);
    fflush(stderr);
}

void cmd_progress_end(struct cmd_progress *p)
{
    if (p->mode == 1 && p->shown > 0)
        fputs("\r\033[K", stderr);
    p->shown = 0;
}
