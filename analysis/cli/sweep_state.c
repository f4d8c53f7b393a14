#include "analysis/cli/sweep.h"

#include "sim/batch.h"
#include "sim/source.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- reading the folder ---- */

struct looking {
    const struct cmd_sweep *w;
    struct cmd_sweep_state *to;
};

static size_t task_of(const struct cmd_sweep *w, uint32_t point, uint32_t run, uint32_t scenario)
{
    return ((size_t)point * w->runs + run) * w->n_scenario + scenario;
}

static int see_task(void *ctx, const char *file, const struct ana_ledger_task *t,
                    struct sim_err *err)
{
    const struct looking *l = ctx;

    (void)file;
    (void)err;
    cmd_sweep_note(l->to, l->w, t);
    return 0;
}

void cmd_sweep_note(struct cmd_sweep_state *s, const struct cmd_sweep *w,
                    const struct ana_ledger_task *t)
{
    uint8_t *status = &s->status[task_of(w, t->point, t->run, t->scenario)];

    if (*status == SIM_DONE)
        return;
    s->failed -= *status == SIM_FAILED;
    s->done += t->status == SIM_DONE;
    s->failed += t->status == SIM_FAILED;
    s->files.seconds += t->seconds;
    *status = (uint8_t)t->status;
    for (size_t k = 0; k < w->s.n_stop && t->status == SIM_DONE; k++) {
        size_t at = (w->s.n_stop * t->point + k) * w->runs + t->run;

        if (t->scenario == w->to[k].scenario)
            s->target[0][at] = t->value[w->to[k].value];
        if (t->scenario == 0)
            s->target[1][at] = t->value[w->to[k].value];
    }
}

static int see_end(void *ctx, uint32_t point, uint32_t runs, int satisfied)
{
    const struct looking *l = ctx;

    (void)satisfied;
    l->to->ended[point] = runs;
    return 0;
}

static void see_file(void *ctx, const char *file, const struct ana_ledger_head *head, int sealed,
                     uint64_t torn)
{
    const struct looking *l = ctx;
    struct cmd_sweep_files *f = &l->to->files;
    struct stat st;

    f->files++;
    f->sealed += (uint64_t)sealed;
    f->torn += torn > 0;
    f->bytes += stat(file, &st) == 0 ? (double)st.st_size : 0;
    if (head)
        l->to->shards = head->shards;
}

static void *room(size_t n, size_t size)
{
    void *to = calloc(n ? n : 1, size);

    if (to == NULL)
        sim_out_of_memory(n * size);
    return to;
}

int cmd_sweep_look(struct cmd_sweep_state *to, const struct cmd_sweep *w, struct sim_err *err)
{
    struct looking l = {.w = w, .to = to};
    const struct ana_ledger_visit v = {
        .ctx = &l, .task = see_task, .end_point = see_end, .file = see_file};
    size_t points = w->design.n_point, n = points * w->runs * w->s.n_stop;

    *to = (struct cmd_sweep_state){.shards = 1};
    to->status = room(points * w->runs * w->n_scenario, 1);
    to->ended = room(points, sizeof *to->ended);
    for (int k = 0; k < 2 && n > 0; k++) {
        to->target[k] = room(n, sizeof(double));
        for (size_t i = 0; i < n; i++)
            to->target[k][i] = NAN;
    }
    return ana_ledger_read(w->dir, &w->head, &v, err);
}

void cmd_sweep_state_free(struct cmd_sweep_state *s)
{
    free(s->status);
    free(s->ended);
    free(s->target[0]);
    free(s->target[1]);
    *s = (struct cmd_sweep_state){0};
}

/* ---- units ---- */

static uint32_t blocks(const struct cmd_sweep *w)
{
    return w->s.n_stop ? 1 : (w->runs + CMD_SWEEP_BLOCK - 1) / CMD_SWEEP_BLOCK;
}

size_t cmd_sweep_units(const struct cmd_sweep *w)
{
    return w->design.n_point * blocks(w);
}

void cmd_sweep_unit(const struct cmd_sweep *w, size_t unit, uint32_t *point, uint32_t *from,
                    uint32_t *until)
{
    uint32_t n = blocks(w);

    *point = (uint32_t)(unit / n);
    *from = n == 1 ? 0 : (uint32_t)(unit % n) * CMD_SWEEP_BLOCK;
    *until = n == 1 || *from + CMD_SWEEP_BLOCK > w->runs ? w->runs : *from + CMD_SWEEP_BLOCK;
}

int cmd_sweep_has(const struct cmd_sweep *w, const struct cmd_sweep_state *s, uint32_t point,
                  uint32_t run, uint32_t scenario)
{
    return s->status[task_of(w, point, run, scenario)];
}

uint64_t cmd_sweep_left(const struct cmd_sweep *w, const struct cmd_sweep_state *s, size_t unit)
{
    uint32_t point, from, until;
    uint64_t n = 0;

    cmd_sweep_unit(w, unit, &point, &from, &until);
    if (s->ended[point] > 0)
        until = s->ended[point];
    for (uint32_t r = from; r < until; r++)
        for (uint32_t k = 0; k < w->n_scenario; k++)
            n += cmd_sweep_has(w, s, point, r, k) == SIM_MISSING;
    return n + (w->s.n_stop && s->ended[point] == 0 && n == 0);
}

/* ---- when it is enough ---- */

enum ana_stop_state cmd_sweep_enough(const struct cmd_sweep *w, const struct cmd_sweep_state *s,
                                     uint32_t point, uint32_t n)
{
    struct ana_stop_target *t = room(w->s.n_stop, sizeof *t);
    struct ana_stop_look look;

    for (size_t k = 0; k < w->s.n_stop; k++) {
        const struct ana_sweep_stop *stop = &w->s.stop[k];
        size_t at = (w->s.n_stop * point + k) * w->runs;

        t[k] = (struct ana_stop_target){.with = s->target[0] + at,
                                        .base = stop->against_base ? s->target[1] + at : NULL,
                                        .half = isnan(stop->half) ? stop->relative : stop->half,
                                        .relative = isnan(stop->half)};
    }
    ana_stop_at(&w->rule, t, w->s.n_stop, n, &look);
    free(t);
    return look.state;
}
