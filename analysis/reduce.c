#include "analysis/reduce.h"

#include "analysis/stats.h"
#include "sim/batch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_MAX = 512, SCRATCH_VALUES = 1 << 18 };

static const double band_p[ANA_BAND_N] = {[ANA_BAND_P05] = 0.05,
                                          [ANA_BAND_P25] = 0.25,
                                          [ANA_BAND_P50] = 0.5,
                                          [ANA_BAND_P75] = 0.75,
                                          [ANA_BAND_P95] = 0.95};

/* One column of one scenario. */
struct task {
    const struct sim_column *from;
    struct sim_column *to;
    size_t scenario;
};

struct reduction {
    const struct sim_result *from;
    const int8_t *done; /* [scenario][run], or NULL: all */
    size_t n_run;
    struct task *task;
    size_t n_task;
};

static int reduced(const struct sim_result *r, const struct sim_column *c)
{
    int run = sim_result_find_axis(r, "run"), i, has = 0;

    for (i = 0; i < c->n_axis; i++)
        has |= c->axis[i] == run;
    if (c->keep == SIM_KEEP || run < 0 || !has)
        return 0;
    sim_bug_if(c->n_axis < 2 || c->axis[1] != run ||
               c->axis[0] != sim_result_find_axis(r, "scenario"));
    return 1;
}

static void put(struct sim_column *c, size_t i, double x)
{
    if (c->type == SIM_F32)
        ((float *)c->data)[i] = (float)x;
    else
        ((double *)c->data)[i] = x;
}

/* Values of `n` cells from `first` on, one row of runs for each cell, without NaN and without runs
 * that are not done: n_of[cell] of them. */
static void gather(const struct reduction *d, const struct task *t, size_t slot, size_t first,
                   size_t n, double x[], size_t n_of[])
{
    size_t run, i;

    memset(n_of, 0, n * sizeof *n_of);
    for (run = 0; run < d->n_run; run++) {
        size_t at = t->scenario * d->n_run + run;

        if (d->done && d->done[at] != SIM_DONE)
            continue;
        for (i = 0; i < n; i++) {
            double v = sim_column_at(t->from, at * slot + first + i);

            if (!isnan(v))
                x[i * d->n_run + n_of[i]++] = v;
        }
    }
}

static double mean(const double x[], size_t n)
{
    double sum = 0.0;
    size_t i;

    for (i = 0; i < n; i++)
        sum += x[i];
    return n > 0 ? sum / (double)n : NAN;
}

static void reduce_cell(const struct task *t, size_t to, double x[], size_t n)
{
    double q[ANA_BAND_N];
    int i;

    q[ANA_BAND_MEAN] = mean(x, n);
    if (t->from->keep == SIM_KEEP_MEAN) {
        put(t->to, to, q[ANA_BAND_MEAN]);
        return;
    }
    ana_stats_quantiles(x, n, band_p + 1, ANA_BAND_N - 1, q + 1);
    for (i = 0; i < ANA_BAND_N; i++)
        put(t->to, to * ANA_BAND_N + (size_t)i, q[i]);
}

static int reduce_task(void *ctx, size_t job, int thread, struct sim_err *err)
{
    const struct reduction *d = ctx;
    const struct task *t = &d->task[job];
    size_t slot = sim_column_slot(d->from, t->from);
    size_t room = SCRATCH_VALUES / (d->n_run + 1);
    size_t block = room < 1 ? 1 : room < BLOCK_MAX ? room : BLOCK_MAX;
    size_t first, i, n_of[BLOCK_MAX];
    double *x = malloc((block * d->n_run + 1) * sizeof *x);

    (void)thread;
    if (!x)
        return sim_err_add(err, SIM_ERUN, "out of memory for column %s", t->from->name);
    for (first = 0; first < slot; first += block) {
        size_t n = slot - first < block ? slot - first : block;

        gather(d, t, slot, first, n, x, n_of);
        for (i = 0; i < n; i++)
            reduce_cell(t, t->scenario * slot + first + i, x + i * d->n_run, n_of[i]);
    }
    free(x);
    return 0;
}

static void add_stat_axis(struct sim_result *to)
{
    static const char *const label[ANA_BAND_N] = {"mean", "p05", "p25", "p50", "p75", "p95"};

    if (sim_result_find_axis(to, "stat") < 0)
        sim_result_axis(to, &(struct sim_axis){.name = "stat",
                                               .long_name = "mean and quantiles over runs",
                                               .n = ANA_BAND_N,
                                               .label = label});
    sim_bug_if(to->axis[sim_result_find_axis(to, "stat")].n != ANA_BAND_N);
}

static void axes_kept(const struct sim_result *r, const struct sim_column *c, int is_reduced,
                      char *to, size_t n)
{
    size_t len = 0;
    int i;

    to[0] = '\0';
    for (i = 0; i < c->n_axis; i++)
        if (!is_reduced || i != 1)
            len += (size_t)snprintf(to + len, n - len, "%s ", r->axis[c->axis[i]].name);
    if (is_reduced && c->keep == SIM_KEEP_BAND)
        snprintf(to + len, n - len, "stat");
}

/* Adds the column to the new result; data that stay are copied. */
static void add_column(struct sim_result *to, const struct sim_result *r,
                       const struct sim_column *c)
{
    int is_reduced = reduced(r, c), i;
    const char *name = c->long_name ? c->long_name : "";
    enum sim_type type = is_reduced && c->type != SIM_F32 ? SIM_F64 : c->type;
    char axes[SIM_MAX_AXES * 70], *long_name;
    size_t n = strlen(name) + 64, n_value;

    if (is_reduced && c->keep == SIM_KEEP_BAND)
        add_stat_axis(to);
    axes_kept(r, c, is_reduced, axes, sizeof axes);
    long_name = sim_arena_alloc(&to->arena, n, 1);
    snprintf(long_name, n, "%s%s", name,
             !is_reduced                ? ""
             : c->keep == SIM_KEEP_MEAN ? " (mean over runs)"
                                        : " (mean and quantiles over runs)");
    i = sim_result_column(to, c->name, axes, type, SIM_KEEP, c->units, long_name);
    if (is_reduced)
        return;
    n_value = sim_column_n(r, c);
    if (c->meanings)
        to->column[i].meanings = sim_arena_copy(&to->arena, c->meanings, strlen(c->meanings));
    if (n_value > 0)
        memcpy(to->column[i].data, c->data, n_value * sim_type_size(c->type));
}

static void build(struct sim_result *to, const struct sim_result *r)
{
    int i;

    for (i = 0; i < r->n_axis; i++)
        sim_result_axis(to, &r->axis[i]);
    for (i = 0; i < r->n_attr; i++)
        sim_result_attr(to, r->attr[i].name, "%s", r->attr[i].text);
    for (i = 0; i < r->n_input; i++)
        sim_result_input(to, r->input[i].name, r->input[i].text);
    for (i = 0; i < r->n_column; i++)
        add_column(to, r, &r->column[i]);
}

static int run_tasks(struct reduction *d, struct sim_result *to, int threads, struct sim_err *err)
{
    const struct sim_result *r = d->from;
    size_t n_scenario = r->axis[sim_result_find_axis(r, "scenario")].n, s;
    struct sim_batch batch = {.threads = threads, .ctx = d, .work = reduce_task};
    uint8_t *status;
    int rc = SIM_ENOMEM, i;

    d->task = malloc(((size_t)r->n_column * n_scenario + 1) * sizeof *d->task);
    status = malloc((size_t)r->n_column * n_scenario + 1);
    for (i = 0; d->task && i < r->n_column; i++)
        for (s = 0; s < n_scenario && reduced(r, &r->column[i]); s++)
            d->task[d->n_task++] = (struct task){&r->column[i], &to->column[i], s};
    batch.n_job = d->n_task;
    if (d->task && status)
        rc = d->n_task > 0 ? sim_batch_run(&batch, status, err) : 0;
    else
        sim_err_add(err, SIM_ENOMEM, "out of memory for the means over runs");
    free(d->task);
    free(status);
    return rc == SIM_ERUN ? SIM_ENOMEM : rc;
}

int ana_reduce(struct sim_result *r, int threads, struct sim_err *err)
{
    const struct sim_column *status = sim_result_find(r, "run_status");
    int run = sim_result_find_axis(r, "run"), rc;
    struct reduction d = {.from = r};
    struct sim_result to = {0};

    if (run < 0)
        return 0;
    sim_bug_if(status && (status->type != SIM_I8 || status->n_axis != 2 || status->axis[1] != run));
    d.done = status ? status->data : NULL;
    d.n_run = r->axis[run].n;
    build(&to, r);
    rc = run_tasks(&d, &to, threads, err);
    if (rc != 0) {
        sim_result_free(&to);
        return rc;
    }
    sim_result_free(r);
    *r = to;
    return 0;
}

void ana_keep_runs(struct sim_result *r, size_t n)
{
    int scenario = sim_result_find_axis(r, "scenario"), run = sim_result_find_axis(r, "run");

    sim_bug_if(scenario < 0 || run < 0 || n > r->axis[run].n);
    for (int i = 0; i < r->n_column; i++) {
        const struct sim_column *c = &r->column[i];
        size_t slot = sim_column_slot(r, c) * sim_type_size(c->type);

        if (c->n_axis < 2 || c->axis[0] != scenario || c->axis[1] != run)
            continue;
        for (size_t s = 1; s < r->axis[scenario].n; s++)
            memmove((char *)c->data + s * n * slot, (char *)c->data + s * r->axis[run].n * slot,
                    n * slot);
    }
    r->axis[run].n = n;
}
