/* Runs side by side on OpenMP threads. The only file that knows OpenMP. */
#ifndef SIM_BATCH_H
#define SIM_BATCH_H

#include "sim/err.h"

#include <stdint.h>

enum sim_status { SIM_MISSING = 0, SIM_DONE = 1, SIM_FAILED = 2 };

struct sim_batch {
    size_t n_job; /* scenario x run, job = scenario * runs + run */
    int threads;  /* 0 = OMP_NUM_THREADS or all cores */
    void *ctx;
    /* Does job `job` on thread `thread` and writes its results into its own slot. Returns 0,
     * SIM_ERUN (recorded, the others go on) or SIM_ESTOP. Called from several threads at once. */
    int (*work)(void *ctx, size_t job, int thread, struct sim_err *err);
    /* Called by one thread at a time after each finished job; may be NULL. */
    void (*progress)(void *ctx, size_t done, size_t failed, size_t n_job);
    const volatile int *stop; /* set from a signal handler: no further job is begun */
};

/* Threads that will be used for `threads` wished (0 as above), at least 1. */
int sim_batch_threads(int threads);

/* Does all jobs. status[n_job] is filled with enum sim_status. A failed job's line is added to err
 * in job order, so that nothing depends on threads. Returns 0, SIM_ERUN if at least one job failed,
 * SIM_ESTOP if stopped. */
int sim_batch_run(const struct sim_batch *b, uint8_t status[], struct sim_err *err) SIM_CHECKED;

/* A lock for what jobs share. */
struct sim_batch_lock;
struct sim_batch_lock *sim_batch_lock_new(void);
void sim_batch_lock_free(struct sim_batch_lock *l); /* NULL is fine */
/* Does f(ctx) while no other thread does anything under this lock. */
void sim_batch_alone(struct sim_batch_lock *l, void (*f)(void *ctx), void *ctx);

#endif
