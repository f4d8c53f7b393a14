/* A binary heap of messages with the interface and the order of sim_queue: the plain reference for
 * tests and benchmarks. */
#ifndef SIM_HEAP_H
#define SIM_HEAP_H

#include "sim/queue.h"

struct sim_heap; /* opaque */

/* NULL when out of memory. */
struct sim_heap *sim_heap_new(void);
void sim_heap_free(struct sim_heap *h);

/* By tick, then by push. Running out of memory is fatal. O(log n). */
void sim_heap_push(struct sim_heap *h, const struct sim_msg *m);
int sim_heap_pop(struct sim_heap *h, struct sim_msg *m);
int64_t sim_heap_first(const struct sim_heap *h);
size_t sim_heap_size(const struct sim_heap *h);

#endif
