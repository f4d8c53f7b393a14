/* Memory of one run: an arena that is freed once, and pools of equal objects on it. No malloc in a
 * handler. */
#ifndef SIM_ARENA_H
#define SIM_ARENA_H

#include "sim/err.h"

#include <stdint.h>

struct sim_block;
struct sim_arena {
    struct sim_block *head; /* newest block first; owned */
    size_t used;            /* bytes handed out */
    size_t held;            /* bytes taken from the system */
};

/* n * size zeroed bytes, aligned to 64 if the request is 64 or more, else to 16. Freed by
 * sim_arena_free only. Running out of memory or n * size overflowing is fatal for the run: prints
 * one line and exits with status 1
 * (`check` and the batch runner estimate memory first). n or size 0 gives a valid pointer to
 * nothing. */
void *sim_arena_alloc(struct sim_arena *a, size_t n, size_t size);

/* A copy of the n bytes at s with a \0 after them. */
char *sim_arena_copy(struct sim_arena *a, const char *s, size_t n);

/* Frees everything and zeroes. May be called twice. */
void sim_arena_free(struct sim_arena *a);

/* A pool of objects of one size, named by a 32-bit id (never 0). Objects do not move: chunks of
 * 1024 are kept in a table. */
struct sim_pool {
    struct sim_arena *arena;
    size_t size;
    char **chunk;
    uint32_t n_chunk, cap_chunk;
    uint32_t free; /* first free id, 0 if none */
    uint32_t next; /* next id never used */
    uint32_t live; /* objects in use */
};

/* size  bytes per object, at least 4. The arena is borrowed and must outlive the pool. */
void sim_pool_init(struct sim_pool *p, struct sim_arena *a, size_t size);

/* A zeroed object; its id is > 0. Amortised O(1). */
uint32_t sim_pool_take(struct sim_pool *p);

/* The same without the zeroing: for objects that the caller fills whole. */
uint32_t sim_pool_take_raw(struct sim_pool *p);

/* Gives the object back. The id may be handed out again. Giving back id 0 or twice is a bug. */
void sim_pool_give(struct sim_pool *p, uint32_t id);

static inline void *sim_pool_at(const struct sim_pool *p, uint32_t id)
{
    return p->chunk[id >> 10] + (size_t)(id & 1023u) * p->size;
}

#endif
