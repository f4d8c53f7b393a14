/* The pending-event set: a radix-256 hierarchical timing wheel with chunked buckets, of which the
 * first is sorted before it is popped.
 *
 * Pops come in order of tick; equal ticks in order of push. A push may not lie before the tick last
 * popped. Amortised O(1); no tuning. Source of the idea and its measurements: sim/README.md. */
#ifndef SIM_QUEUE_H
#define SIM_QUEUE_H

#include "sim/err.h"

#include <stdint.h>

/* A message to an actor; also the record that waits in the queue. 32 bytes. */
struct sim_msg {
    int64_t tick;  /* when it is handled, >= 0 */
    uint64_t arg;  /* the model's: a pool id or a small value */
    uint32_t dst;  /* actor that handles it */
    uint32_t src;  /* actor that sent it */
    uint32_t seq;  /* the sender's own count of messages */
    uint16_t kind; /* the model's: what it says */
    uint8_t cls;   /* order among the messages of one actor at one tick, lower first */
    uint8_t unused;
};

struct sim_queue; /* opaque */

/* NULL when out of memory. An empty queue takes less than 64 KiB. `prefetch`, if given, is called
 * with a message when it makes its last move before it is popped, so that its actor's state can be
 * brought near; it must not change anything. */
struct sim_queue *sim_queue_new(void (*prefetch)(void *ctx, const struct sim_msg *m), void *ctx);
void sim_queue_free(struct sim_queue *q);

/* Running out of memory is fatal (as in sim_arena_alloc). m->tick before the tick last popped is a
 * bug. */
void sim_queue_push(struct sim_queue *q, const struct sim_msg *m);

/* Takes the first message into *m and returns 1, or returns 0 if there is none. */
int sim_queue_pop(struct sim_queue *q, struct sim_msg *m);

/* Takes messages of the first tick, if it is at or before `limit`, in order of push into to[cap],
 * cap >= 1, and returns how many. cap of them: there may be more, a second call with that tick as
 * limit gives them. After 0 no push may lie before `limit` (INT64_MAX apart). What the engine
 * calls: one call a tick. */
size_t sim_queue_take(struct sim_queue *q, int64_t limit, struct sim_msg to[], size_t cap);

/* Tick of the first message, or INT64_MAX if there is none. Changes nothing. O(1), or one pass over
 * the first slot if none of it was popped yet. */
int64_t sim_queue_first(struct sim_queue *q);

size_t sim_queue_size(const struct sim_queue *q);
/* Bytes held for messages. */
size_t sim_queue_bytes(const struct sim_queue *q);

#endif
