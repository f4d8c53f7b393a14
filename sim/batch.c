#include "sim/batch.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

struct failure {
    size_t job;
    struct sim_err err;
};

/* What the threads share; the lock guards all of it. */
struct shared {
    omp_lock_t lock;
    size_t done, failed, cap;
    struct failure *failure; /* [failed], in the order in which they happened */
    int stopped;
};

int sim_batch_threads(int threads)
{
    int n = threads > 0 ? threads : omp_get_max_threads();

    return n < 1 ? 1 : n;
}

static void keep_failure(struct shared *s, size_t job, struct sim_err *err)
{
    struct failure *p;

    if (s->failed == s->cap) {
        s->cap = s->cap == 0 ? 16 : 2 * s->cap;
        p = realloc(s->failure, s->cap * sizeof *p);
        if (p == NULL)
            sim_out_of_memory(s->cap * sizeof *p);
        s->failure = p;
    }
    s->failure[s->failed++] = (struct failure){.job = job, .err = *err};
}

static void do_job(const struct sim_batch *b, struct shared *s, size_t job, uint8_t *status)
{
    struct sim_err err = SIM_ERR_INIT;
    int rc;

    omp_set_lock(&s->lock);
    if (b->stop != NULL && *b->stop)
        s->stopped = 1;
    rc = s->stopped;
    omp_unset_lock(&s->lock);
    if (rc)
        return;

    rc = b->work(b->ctx, job, omp_get_thread_num(), &err);

    omp_set_lock(&s->lock);
    if (rc == SIM_ESTOP) {
        s->stopped = 1;
        sim_err_free(&err);
    } else {
        *status = rc == 0 ? SIM_DONE : SIM_FAILED;
        if (rc == 0)
            sim_err_free(&err);
        else
            keep_failure(s, job, &err);
        s->done++;
        if (b->progress != NULL)
            b->progress(b->ctx, s->done, s->failed, b->n_job);
    }
    omp_unset_lock(&s->lock);
}

static int by_job(const void *a, const void *b)
{
    const struct failure *x = a, *y = b;

    return (x->job > y->job) - (x->job < y->job);
}

static void add_lines(struct sim_err *to, const struct failure *f)
{
    const char *line = f->err.text, *end;

    if (line == NULL)
        sim_err_add(to, SIM_ERUN, "job %zu failed", f->job);
    for (; line != NULL && *line != '\0'; line = end + 1) {
        end = strchr(line, '\n');
        sim_err_add(to, SIM_ERUN, "%.*s", (int)(end - line), line);
    }
}

int sim_batch_run(const struct sim_batch *b, uint8_t status[], struct sim_err *err)
{
    struct shared s = {.done = 0};
    int threads = sim_batch_threads(b->threads);

    for (size_t i = 0; i < b->n_job; i++)
        status[i] = SIM_MISSING;
    omp_init_lock(&s.lock);
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
    for (size_t i = 0; i < b->n_job; i++)
        do_job(b, &s, i, &status[i]);
    omp_destroy_lock(&s.lock);

    if (s.failed > 0)
        qsort(s.failure, s.failed, sizeof *s.failure, by_job);
    for (size_t i = 0; i < s.failed; i++) {
        add_lines(err, &s.failure[i]);
        sim_err_free(&s.failure[i].err);
    }
    free(s.failure);
    return s.stopped ? SIM_ESTOP : s.failed > 0 ? SIM_ERUN : 0;
}

struct sim_batch_lock {
    omp_lock_t lock;
};

struct sim_batch_lock *sim_batch_lock_new(void)
{
    struct sim_batch_lock *l = malloc(sizeof *l);

    if (l == NULL)
        sim_out_of_memory(sizeof *l);
    omp_init_lock(&l->lock);
    return l;
}

void sim_batch_lock_free(struct sim_batch_lock *l)
{
    if (l)
        omp_destroy_lock(&l->lock);
    free(l);
}

void sim_batch_alone(struct sim_batch_lock *l, void (*f)(void *ctx), void *ctx)
{
    omp_set_lock(&l->lock);
    f(ctx);
    omp_unset_lock(&l->lock);
}
