#include "sim/heap.h"

#include <stdlib.h>

struct entry {
    struct sim_msg m;
    uint64_t pushed;
};

struct sim_heap {
    struct entry *e; /* [n], children of k at 2k + 1 and 2k + 2 */
    size_t n, cap;
    uint64_t pushed;
};

struct sim_heap *sim_heap_new(void)
{
    struct sim_heap *h = malloc(sizeof *h);

    if (h != NULL)
        *h = (struct sim_heap){.n = 0};
    return h;
}

void sim_heap_free(struct sim_heap *h)
{
    if (h == NULL)
        return;
    free(h->e);
    free(h);
}

static int before(const struct entry *a, const struct entry *b)
{
    return a->m.tick < b->m.tick || (a->m.tick == b->m.tick && a->pushed < b->pushed);
}

void sim_heap_push(struct sim_heap *h, const struct sim_msg *m)
{
    struct entry e = {.m = *m, .pushed = h->pushed++};
    size_t k;

    if (h->n == h->cap) {
        h->cap = h->cap == 0 ? 64 : 2 * h->cap;
        h->e = realloc(h->e, h->cap * sizeof *h->e);
        if (h->e == NULL)
            sim_out_of_memory(h->cap * sizeof *h->e);
    }
    for (k = h->n++; k > 0 && before(&e, &h->e[(k - 1) / 2]); k = (k - 1) / 2)
        h->e[k] = h->e[(k - 1) / 2];
    h->e[k] = e;
}

int sim_heap_pop(struct sim_heap *h, struct sim_msg *m)
{
    struct entry last;
    size_t k = 0, down;

    if (h->n == 0)
        return 0;
    *m = h->e[0].m;
    last = h->e[--h->n];
    while ((down = 2 * k + 1) < h->n) {
        if (down + 1 < h->n && before(&h->e[down + 1], &h->e[down]))
            down++;
        if (!before(&h->e[down], &last))
            break;
        h->e[k] = h->e[down];
        k = down;
    }
    h->e[k] = last;
    return 1;
}

int64_t sim_heap_first(const struct sim_heap *h)
{
    return h->n == 0 ? INT64_MAX : h->e[0].m.tick;
}

size_t sim_heap_size(const struct sim_heap *h)
{
    return h->n;
}
