/* A run: actors that send each other messages.
 *
 * A handler changes only its own actor's state and reaches others only by sim_send. A message to
 * another actor takes at least `lookahead` ticks; to itself it may take none. Messages to one actor
 * at one tick are handled by (class, sender, sender's count), never by address or by the order in
 * which they were sent; a message sent with no delay while its actor handles that tick takes its
 * place among those still waiting. */
#ifndef SIM_ENGINE_H
#define SIM_ENGINE_H

#include "sim/arena.h"
#include "sim/queue.h"

struct sim_run;
typedef void sim_handler(struct sim_run *run, const struct sim_msg *m);

struct sim_run {
    int64_t now;       /* tick being handled */
    int64_t lookahead; /* least delay between two actors, >= 1 */
    uint64_t handled;  /* messages handled so far */
    uint32_t n_actor;
    uint32_t index; /* number of this run, for messages and streams */
    uint64_t seed;
    void *model;          /* the model's own state, borrowed */
    sim_handler *handler; /* the model's dispatch on m->kind and m->dst */
    struct sim_queue *queue;
    uint32_t *sent;           /* [n_actor] messages each actor has sent */
    struct sim_arena arena;   /* freed with the run */
    struct sim_msg *tick_buf; /* the messages of the tick in hand */
    size_t tick_n, tick_i, tick_cap;
    struct sim_msg *tick_aux; /* [tick_cap] and */
    uint64_t *keys;           /* [2 * tick_cap], to sort them; NULL as long as not needed */
    size_t aux_cap;
    struct sim_msg *self_heap; /* sent without delay by the actor in hand to itself */
    size_t self_n, self_cap;
    uint32_t actor;           /* in hand */
    int in_tick;              /* a handler is running */
    const volatile int *stop; /* if not NULL and not 0, sim_run_until returns SIM_ESTOP */
    uint64_t max_handled;     /* SIM_ERUN beyond; 0 = no limit */
    char *failed;             /* set by sim_run_fail; in the arena */
};

/* Makes an empty run with time 0. `prefetch` as in sim_queue_new, or NULL. Returns 0 or SIM_ENOMEM.
 */
int sim_run_init(struct sim_run *r, uint32_t n_actor, int64_t lookahead, sim_handler *handler,
                 void (*prefetch)(void *, const struct sim_msg *), void *model,
                 struct sim_err *err) SIM_CHECKED;

/* Sends a message from `src` (the actor whose handler is running; before the run starts, any) to be
 * handled after `delay` ticks. delay < lookahead between different actors, a negative delay, or an
 * overflow of time is a bug. */
void sim_send(struct sim_run *r, uint32_t src, uint32_t dst, int64_t delay, uint16_t kind,
              uint8_t cls, uint64_t arg);

/* Handles every message with tick <= until; then `now` is `until` (INT64_MAX apart). Returns 0;
 * SIM_ESTOP, between two ticks, so that the run can go on; SIM_ERUN when a handler called
 * sim_run_fail, when more than 10^6 messages were handled at one tick by one actor, or past
 * max_handled. */
int sim_run_until(struct sim_run *r, int64_t until, struct sim_err *err) SIM_CHECKED;

/* A handler found that the run cannot go on: the text becomes the run's failure, the other runs of
 * a batch go on. */
void sim_run_fail(struct sim_run *r, const char *fmt, ...) SIM_FORMAT(2, 3);

void sim_run_free(struct sim_run *r);

#endif
