#include "analysis/cli/again.h"

#include "sim/batch.h"

#include <stdio.h>
#include <stdlib.h>

/* The run done again must be the one that the file tells of. */
static void compare(const struct sim_result *again, const struct sim_result *file,
                    const struct ana_why_question *q, struct sim_err *err)
{
    const struct sim_column *f = sim_result_find(file, "missed"),
                            *n = sim_result_find(again, "missed");
    const struct sim_axis *run = &file->axis[sim_result_find_axis(file, "run")];
    size_t slot = 0, lines = sim_column_slot(again, n), differ = 0;

    while (run->value[slot] != (double)q->run)
        slot++;
    for (size_t i = 0; f && i < lines; i++)
        differ += sim_column_at(f, ((size_t)q->scenario * run->n + slot) * lines + i) !=
                  sim_column_at(n, (size_t)q->scenario * lines + i);
    if (differ)
        sim_err_add(err, 0,
                    "the run done again differs from the file in %zu lines: lodestone rerun says "
                    "more",
                    differ);
}

int cmd_again(struct sim_result *to, const struct mdl_study *st, const struct sim_result *file,
              const struct ana_why_question *q, int32_t until, struct sim_err *err)
{
    struct mdl_trace_plan plan = {.from = SIM_DAY_NONE, .until = SIM_DAY_NONE};
    struct mdl_run_report report;
    struct mdl_run_options o = {.run = (uint32_t)q->run, .trace = &plan};
    struct mdl_trace *trace;
    double run = (double)q->run;
    int rc;

    if (until != SIM_DAY_NONE)
        plan.until = st->scenario[0].start + until;
    mdl_result_init(to, st, 1);
    trace = sim_arena_alloc(&to->arena, st->n_scenario, sizeof *trace);
    o.events = &trace[q->scenario];
    rc = mdl_run(st, (uint32_t)q->scenario, &o, to, &report, err);
    if (rc != 0)
        return rc;
    mdl_trace_store(to, st, trace, &run, 1);
    compare(to, file, q, err);
    return 0;
}

/* ---- chains for a report ---- */

/* The questions of a scenario, all of one run. */
struct scenario {
    size_t scenario, first, n; /* place on the axis of the comparison; in q[], chain[] */
};
struct work {
    const struct mdl_study *st;
    const struct sim_result *file;
    const struct ana_why_question *q;
    const struct scenario *job;
    struct cmd_chains *to;
};

static int write_chain(const struct sim_result *again, const struct ana_why_question *q, char **to,
                       struct sim_err *err)
{
    size_t size = 0;
    FILE *f = open_memstream(to, &size);
    int rc;

    if (f == NULL)
        return sim_err_add(err, SIM_ENOMEM, "out of memory for a chain of causes");
    rc = ana_why_chain(f, again, q, err);
    if (fclose(f) != 0 && rc == 0)
        rc = sim_err_add(err, SIM_ENOMEM, "out of memory for a chain of causes");
    return rc;
}

static int do_scenario(void *ctx, size_t job, int thread, struct sim_err *err)
{
    const struct work *w = ctx;
    const struct scenario *s = &w->job[job];
    struct sim_result again = {0};
    int32_t until = w->q[s->first].day;
    int rc;

    (void)thread;
    for (size_t i = s->first; i < s->first + s->n; i++)
        until = w->q[i].day > until ? w->q[i].day : until;
    rc = cmd_again(&again, w->st, w->file, &w->q[s->first], until, err);
    for (size_t i = s->first; rc == 0 && i < s->first + s->n; i++) {
        rc = write_chain(&again, &w->q[i], &w->to->text[i], err);
        w->to->chain[i] = (struct ana_report_chain){
            .scenario = s->scenario,
            .site = w->file->axis[sim_result_find_axis(w->file, "site")].label[w->q[i].site],
            .run = w->q[i].run,
            .text = w->to->text[i]};
    }
    sim_result_free(&again);
    return rc;
}

int cmd_chains(struct cmd_chains *to, const struct ana_compare *c, const struct sim_result *file,
               size_t n, struct sim_err *err)
{
    size_t room = c->n_versus * (n + 1), n_job = 0;
    struct sim_arena a = {0};
    struct ana_why_question *q = sim_arena_alloc(&a, room, sizeof *q);
    struct scenario *job = sim_arena_alloc(&a, c->n_versus, sizeof *job);
    uint8_t *status = sim_arena_alloc(&a, c->n_versus, 1);
    struct mdl_study st = {0};
    int rc;

    *to = (struct cmd_chains){0};
    for (size_t i = 0; i < c->n_versus; i++) {
        size_t found = ana_report_ask(c, i, file, n, q + to->n);

        if (found > 0)
            job[n_job++] = (struct scenario){c->versus[i].scenario, to->n, found};
        to->n += found;
    }
    to->chain = calloc(to->n + 1, sizeof *to->chain);
    to->text = calloc(to->n + 1, sizeof *to->text);
    rc = to->chain && to->text ? mdl_study_load_result(&st, file, err)
                               : sim_err_add(err, SIM_ENOMEM, "out of memory for chains of causes");
    if (rc == 0) {
        struct work w = {.st = &st, .file = file, .q = q, .job = job, .to = to};
        struct sim_batch b = {.n_job = n_job, .ctx = &w, .work = do_scenario};

        rc = sim_batch_run(&b, status, err);
    }
    mdl_study_free(&st);
    sim_arena_free(&a);
    return rc;
}

void cmd_chains_free(struct cmd_chains *to)
{
    for (size_t i = 0; to->text && i < to->n; i++)
        free(to->text[i]);
    free(to->text);
    free(to->chain);
    *to = (struct cmd_chains){0};
}
