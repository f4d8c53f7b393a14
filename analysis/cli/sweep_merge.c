#include "analysis/cli/sweep.h"

#include "analysis/file.h"
#include "sim/batch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct options {
    const char *out, *to;
    int partial, quiet;
};

#define AT(field) offsetof(struct options, field)
static const struct cmd_option options[] = {
    {"-o", "DIR", CMD_TEXT, 0, 0, AT(out),
     "folder of the parts (default: the sweep file's name, .sweep)"},
    {"--to", "FILE", CMD_TEXT, 0, 0, AT(to), "file to write (default: the sweep file's name, .h5)"},
    {"--partial", NULL, CMD_FLAG, 0, 0, AT(partial),
     "with what there is, although runs are missing"},
    {"--quiet", NULL, CMD_FLAG, 0, 0, AT(quiet), "print faults only"},
    {0}};

static const struct cmd_usage usage = {
    .name = "sweep merge",
    .operands = "X.cfg",
    .what = "Makes one file of results out of all parts of a sweep.",
    .least = 1,
    .most = 1,
    .options = options,
    .more = "However the runs were shared out, the file has the same bytes. Exit status 75: runs "
            "are\n"
            "missing, and no file was written; 1: it was, but runs failed, or it could not be."};

enum { MAX_GAPS = 20, MAX_MESSAGES = 100000 };

struct failure {
    uint64_t task;
    char *line;
};

struct merge {
    const struct cmd_sweep *w;
    struct cmd_sweep_state state;
    struct sim_result *r; /* the plan, with columns added */
    size_t runs;          /* on the axis */
    double **value;       /* [outputs] data of its column */
    int8_t *status;
    int gaps; /* ranges of points of which something is missing */
    size_t n_failure, cap;
    struct failure *failure;
};

/* ---- what is missing ---- */

static int tell_gap(const struct merge *m, uint32_t from, uint32_t until, uint64_t n,
                    struct sim_err *err)
{
    uint32_t shards = m->state.shards;
    char list[200] = "";

    for (uint32_t i = 0, k = 0; i < shards && shards > 1; i++) {
        int hit = 0;

        for (size_t u = i; u < cmd_sweep_units(m->w) && !hit; u += shards) {
            uint32_t point, a, b;

            cmd_sweep_unit(m->w, u, &point, &a, &b);
            hit = point >= from && point <= until && cmd_sweep_left(m->w, &m->state, u) > 0;
        }
        if (hit && k++ < 12)
            snprintf(list + strlen(list), sizeof list - strlen(list), "%s%u", k > 1 ? ", " : "",
                     i + 1);
        else if (hit && k == 13)
            snprintf(list + strlen(list), sizeof list - strlen(list), " ...");
    }
    if (from == until)
        return sim_err_add(err, SIM_ERUN, "point %u: %llu runs are missing%s%s", from,
                           (unsigned long long)n, *list ? "; shard " : "", list);
    return sim_err_add(err, SIM_ERUN, "points %u to %u: %llu runs are missing%s%s", from, until,
                       (unsigned long long)n, *list ? "; shards " : "", list);
}

static uint64_t left_at(const struct merge *m, uint32_t point)
{
    size_t n = cmd_sweep_units(m->w) / m->w->design.n_point;
    uint64_t left = 0;

    for (size_t b = 0; b < n; b++)
        left += cmd_sweep_left(m->w, &m->state, point * n + b);
    return left;
}

/* Ranges of points of which something is missing. Returns their number. */
static int tell_gaps(const struct merge *m, struct sim_err *err)
{
    uint32_t points = (uint32_t)m->w->design.n_point;
    int gaps = 0;

    for (uint32_t p = 0; p < points; p++) {
        uint64_t n = left_at(m, p), one = n;
        uint32_t from = p;

        if (n == 0)
            continue;
        for (; p + 1 < points && (one = left_at(m, p + 1)) > 0; p++)
            n += one;
        if (++gaps <= MAX_GAPS)
            (void)tell_gap(m, from, p, n, err);
    }
    if (gaps > MAX_GAPS)
        sim_err_add(err, SIM_ERUN, "... and %d more ranges of points", gaps - MAX_GAPS);
    return gaps;
}

/* ---- columns ---- */

static int same_axis(const struct sim_axis *x, const struct sim_axis *y)
{
    if (x->n != y->n || (x->label == NULL) != (y->label == NULL))
        return 0;
    for (size_t i = 0; i < x->n; i++)
        if (x->label ? strcmp(x->label[i], y->label[i]) != 0 : x->value[i] != y->value[i])
            return 0;
    return 1;
}

/* The axis that an output keeps, shared with others that keep the same points of it. */
static const char *add_axis(struct sim_result *r, const struct ana_picked *k, char name[200])
{
    struct sim_axis x = k->kept;
    int at;

    snprintf(name, 200, "%s", x.name);
    at = sim_result_find_axis(r, name);
    if (at >= 0 && !same_axis(&r->axis[at], &x)) {
        snprintf(name, 200, "%s_%s", k->pick->id, x.name);
        at = -1;
    }
    x.name = name;
    if (at < 0)
        sim_result_axis(r, &x);
    return name;
}

static void add_output(struct merge *m, size_t i)
{
    const struct ana_picked *k = &m->w->picked[i];
    const struct ana_pick *p = k->pick;
    char name[200], axes[300] = "scenario point run", about[600];
    size_t n;
    double *x;

    if (k->kept.n > 0)
        snprintf(axes + strlen(axes), sizeof axes - strlen(axes), " %s", add_axis(m->r, k, name));
    if (m->w->s.model)
        snprintf(about, sizeof about, "the function at the point");
    else
        snprintf(about, sizeof about, "%s of %s%s%s", ana_pick_words[p->reduce], p->column,
                 p->times && *p->times ? " x " : "", p->times ? p->times : "");
    x = cmd_sweep_column(m->r, p->id, axes, SIM_F64, k->units, about)->data;
    n = m->w->n_scenario * m->w->design.n_point * m->runs * k->n;
    for (size_t j = 0; j < n; j++)
        x[j] = NAN;
    m->value[i] = x;
}

/* Most runs that some point has. */
static size_t runs_of(const struct merge *m)
{
    const struct cmd_sweep *w = m->w;
    size_t n = 1;

    if (w->s.n_stop == 0)
        return w->runs;
    for (uint32_t p = 0; p < w->design.n_point; p++)
        for (uint32_t r = (uint32_t)n; r < w->runs; r++)
            for (uint32_t s = 0; s < w->n_scenario; s++)
                if (cmd_sweep_has(w, &m->state, p, r, s) != SIM_MISSING)
                    n = r + 1;
    return n;
}

static void add_columns(struct merge *m)
{
    const struct cmd_sweep *w = m->w;
    double *run = sim_arena_alloc(&m->r->arena, m->runs, sizeof *run);
    struct sim_column *c;

    for (size_t i = 0; i < m->runs; i++)
        run[i] = (double)i;
    sim_result_axis(m->r, &(struct sim_axis){.name = "run",
                                             .long_name = "number of the run at its point",
                                             .units = "1",
                                             .n = m->runs,
                                             .value = run});
    m->value = sim_arena_alloc(&m->r->arena, w->s.n_output, sizeof *m->value);
    for (size_t i = 0; i < w->s.n_output; i++)
        add_output(m, i);
    c = cmd_sweep_column(m->r, "run_status", "scenario point run", SIM_I8, "1", "was the run done");
    c->meanings = "missing done failed";
    m->status = c->data;
}

/* Runs that are done in all scenarios at a point, and why there are no more. */
static void add_counts(struct merge *m)
{
    const struct cmd_sweep *w = m->w;
    size_t points = w->design.n_point;
    int32_t *done = cmd_sweep_column(m->r, "runs_done", "point", SIM_I32, "1",
                                     "runs that are done in all scenarios")
                        ->data;
    struct sim_column *c = cmd_sweep_column(
        m->r, "enough", "point", SIM_I8, "1",
        "why there are no more runs: as many as asked for, the rule was satisfied, its maximum was "
        "hit, some are missing");
    int8_t *enough = c->data;

    c->meanings = "fixed satisfied maximum incomplete";
    for (uint32_t p = 0; p < points; p++) {
        for (size_t r = 0; r < m->runs; r++) {
            int all = 1;

            for (uint32_t s = 0; s < w->n_scenario; s++)
                all &= m->status[(s * points + p) * m->runs + r] == SIM_DONE;
            done[p] += all;
        }
        if (left_at(m, p) > 0)
            enough[p] = 3;
        else if (w->s.n_stop)
            enough[p] =
                cmd_sweep_enough(w, &m->state, p, m->state.ended[p]) == ANA_STOP_SATISFIED ? 1 : 2;
    }
}

/* ---- reading the parts into them ---- */

static int by_task(const void *a, const void *b)
{
    const struct failure *x = a, *y = b;

    return (x->task > y->task) - (x->task < y->task);
}

/* Of too many the first tasks are kept, whatever the order of the parts. */
static void drop_last(struct merge *m)
{
    if (m->n_failure > 0)
        qsort(m->failure, m->n_failure, sizeof *m->failure, by_task);
    while (m->n_failure > MAX_MESSAGES)
        free(m->failure[--m->n_failure].line);
}

static int keep_failure(struct merge *m, uint64_t task, const struct ana_ledger_task *t)
{
    size_t size = strlen(t->message) + 200;
    char *line;

    if (m->n_failure == 2 * MAX_MESSAGES)
        drop_last(m);
    if (m->n_failure == m->cap) {
        m->cap = m->cap ? 2 * m->cap : 64;
        m->failure = realloc(m->failure, m->cap * sizeof *m->failure);
        if (m->failure == NULL)
            sim_out_of_memory(m->cap);
    }
    line = malloc(size);
    if (line == NULL)
        sim_out_of_memory(size);
    snprintf(line, size, "%.100s, point %u, run %u: %s", m->w->label[t->scenario], t->point, t->run,
             t->message);
    m->failure[m->n_failure++] = (struct failure){.task = task, .line = line};
    return 0;
}

static int put_task(void *ctx, const char *file, const struct ana_ledger_task *t,
                    struct sim_err *err)
{
    struct merge *m = ctx;
    const struct cmd_sweep *w = m->w;
    size_t slot = (t->scenario * w->design.n_point + t->point) * m->runs + t->run;

    if (t->run >= m->runs)
        return 0;
    if (t->status == SIM_FAILED && m->status[slot] == SIM_MISSING) {
        m->status[slot] = SIM_FAILED;
        return keep_failure(m, slot, t);
    }
    if (t->status != SIM_DONE)
        return 0;
    for (size_t i = 0; i < w->s.n_output; i++) {
        size_t n = w->picked[i].n;
        double *to = m->value[i] + slot * n;

        if (m->status[slot] == SIM_DONE &&
            memcmp(to, t->value + w->first_value[i], n * sizeof *to) != 0)
            return sim_err_add(err, SIM_ERUN,
                               "%s: %s, point %u, run %u has other numbers than in another part",
                               file, w->label[t->scenario], t->point, t->run);
        memcpy(to, t->value + w->first_value[i], n * sizeof *to);
    }
    m->status[slot] = SIM_DONE;
    return 0;
}

/* Why runs failed, as a text of the result. */
static size_t add_failures(struct merge *m)
{
    size_t size = 1, n = 0;
    char *text, *to;

    drop_last(m);
    for (size_t i = 0; i < m->n_failure; i++)
        size += strlen(m->failure[i].line) + 1;
    text = to = sim_arena_alloc(&m->r->arena, size, 1);
    for (size_t i = 0; i < m->n_failure; i++) {
        if (m->status[m->failure[i].task] != SIM_FAILED)
            continue;
        to += sprintf(to, "%s\n", m->failure[i].line);
    }
    if (to > text)
        sim_result_input(m->r, "sweep-failed", text);
    for (size_t i = 0; i < m->w->n_scenario * m->w->design.n_point * m->runs; i++)
        n += m->status[i] == SIM_FAILED;
    return n;
}

/* ---- the file ---- */

static int merge(struct merge *m, const struct options *o, const char *path, size_t *failed,
                 struct sim_err *err)
{
    const struct ana_ledger_visit v = {.ctx = m, .task = put_task};
    int rc = cmd_sweep_look(&m->state, m->w, err);

    if (rc == 0 && !o->partial)
        m->gaps = tell_gaps(m, err);
    if (m->gaps > 0)
        return SIM_ERUN;
    if (rc == 0)
        rc = ana_file_try(path, err);
    if (rc != 0)
        return rc;
    m->runs = runs_of(m);
    add_columns(m);
    rc = ana_ledger_read(m->w->dir, &m->w->head, &v, err);
    if (rc != 0)
        return rc;
    add_counts(m);
    *failed = add_failures(m);
    return ana_store_write(m->r, path, err);
}

static void tell(const struct merge *m, const char *path, size_t failed)
{
    struct stat st;
    char size[24];

    cmd_bytes(stat(path, &st) == 0 ? (double)st.st_size : 0, size);
    cmd_print(stdout, path);
    printf(": %s; %zu points, %u scenario%s, %llu runs", size, m->w->design.n_point,
           m->w->n_scenario, m->w->n_scenario == 1 ? "" : "s",
           (unsigned long long)(m->state.done + m->state.failed));
    if (failed)
        printf(", %zu failed", failed);
    printf("\n");
}

int cmd_sweep_merge(int argc, char **argv)
{
    struct options o = {0};
    struct cmd_args args;
    struct cmd_sweep w;
    struct merge m = {.w = &w, .r = &w.plan};
    struct sim_err err = SIM_ERR_INIT;
    int rc = cmd_parse(&usage, argc, argv, &o, &args);
    char path[4096];
    size_t failed = 0;

    if (rc != CMD_GO_ON)
        return rc;
    rc = cmd_sweep_load(&w, args.operand[0], o.out, &err);
    snprintf(path, sizeof path, "%s%s", o.to ? o.to : w.stem ? w.stem : "", o.to ? "" : ".h5");
    if (rc == 0)
        rc = merge(&m, &o, path, &failed, &err);
    if (rc == 0 && !o.quiet)
        tell(&m, path, failed);
    while (m.n_failure > 0)
        free(m.failure[--m.n_failure].line);
    free(m.failure);
    cmd_sweep_state_free(&m.state);
    cmd_sweep_free(&w);
    if (m.gaps > 0) {
        (void)cmd_end("sweep merge", rc, &err,
                      "no file was written; `sweep run` does what is missing, --partial does "
                      "without");
        return CMD_SWEEP_AGAIN;
    }
    rc = cmd_end("sweep merge", rc, &err, "no file was written");
    return rc == 0 && failed ? CMD_FAILED : rc;
}
