#include "sim/queue.h"

#include <stdlib.h>
#include <string.h>

enum {
    LEVELS = 8,       /* one per byte of a tick */
    SLOTS = 256,      /* one per value of that byte */
    CHUNK = 31,       /* messages: 1024 bytes with the head */
    EXTRA = 64,       /* messages: more would be costly to insert into */
    FEW = 8,          /* messages: a queue that holds no more keeps all in extra */
    INSERT_MAX = 16,  /* messages: insertion sort is best up to here */
    SPREAD_MAX = 256, /* messages of a slot above level 1 that are sorted at once */
    FRONT_MAX = 2048, /* the same for level 1, where one pass sorts them */
    SLAB_MIN = 8,     /* chunks */
    SLAB_MAX = 8192   /* chunks: 8 MiB */
};

struct chunk {
    struct chunk *next;
    uint32_t n;
    _Alignas(32) struct sim_msg m[CHUNK];
};

struct slab {
    struct slab *next;
    struct chunk *chunk; /* [n] */
    size_t n, used;
};

struct bucket {
    struct chunk *head, *tail; /* in order of push; only the tail may have room */
};

/* A message lies at the level of the highest byte in which its tick differs from `base`, in the
 * slot of that byte's value. The first slot is sorted into `front`; what is pushed later with a
 * tick before `edge`, the end of that slot, goes to `extra`. So equal ticks are never both in the
 * wheel and in front or extra, but for a slot of one tick that is taken a chunk at a time, and then
 * the wheel's are the later ones. */
struct sim_queue {
    int64_t base; /* all ticks are at or after it */
    int64_t edge;
    int64_t floor; /* no push may lie before it */
    size_t n;
    const struct sim_msg *front; /* in `sorted` or in `taken`; older than their equals in extra */
    uint32_t front_i, front_n;
    uint32_t extra_i, extra_n;
    struct chunk *taken; /* NULL or the chunk that front lies in */
    struct chunk *spare;
    struct slab *slab; /* newest first */
    size_t bytes;
    void (*prefetch)(void *ctx, const struct sim_msg *m);
    void *ctx;
    struct sim_msg *sorted; /* [sorted_cap] */
    size_t sorted_cap;
    uint64_t word[LEVELS];    /* bit w: used[level][w] is not 0 */
    uint64_t used[LEVELS][4]; /* bit s: slot s has messages */
    struct bucket bucket[LEVELS][SLOTS];
    struct sim_msg extra[EXTRA];
};
_Static_assert(sizeof(struct sim_queue) + SLAB_MIN * sizeof(struct chunk) < 65536,
               "an empty queue is small");

static struct slab *slab_new(size_t n)
{
    struct slab *s = malloc(sizeof *s);
    struct chunk *c = aligned_alloc(64, n * sizeof *c);

    if (s == NULL || c == NULL) {
        free(s);
        free(c);
        return NULL;
    }
    *s = (struct slab){.chunk = c, .n = n};
    return s;
}

static struct chunk *chunk_take(struct sim_queue *q)
{
    struct chunk *c = q->spare;
    struct slab *s = q->slab;
    size_t n;

    if (c != NULL) {
        q->spare = c->next;
    } else {
        if (s->used == s->n) {
            n = s->n < SLAB_MAX ? 2 * s->n : SLAB_MAX;
            s = slab_new(n);
            if (s == NULL)
                sim_out_of_memory(n * sizeof *c);
            s->next = q->slab;
            q->slab = s;
            q->bytes += n * sizeof *c;
        }
        c = &s->chunk[s->used++];
    }
    c->next = NULL;
    c->n = 0;
    return c;
}

static void chunk_give(struct sim_queue *q, struct chunk *c)
{
    c->next = q->spare;
    q->spare = c;
}

static void mark(struct sim_queue *q, int level, unsigned slot)
{
    q->used[level][slot >> 6] |= (uint64_t)1 << (slot & 63);
    q->word[level] |= (uint64_t)1 << (slot >> 6);
}

static void unmark(struct sim_queue *q, int level, unsigned slot)
{
    q->used[level][slot >> 6] &= ~((uint64_t)1 << (slot & 63));
    if (q->used[level][slot >> 6] == 0)
        q->word[level] &= ~((uint64_t)1 << (slot >> 6));
}

/* Puts a message into the wheel and returns its level. */
static int put(struct sim_queue *q, const struct sim_msg *m)
{
    uint64_t differs = (uint64_t)m->tick ^ (uint64_t)q->base;
    int level = differs == 0 ? 0 : (63 - __builtin_clzll(differs)) / 8;
    unsigned slot = (unsigned)((uint64_t)m->tick >> (8 * level)) & (SLOTS - 1);
    struct bucket *b = &q->bucket[level][slot];
    struct chunk *c = b->tail;

    if (c == NULL) {
        c = chunk_take(q);
        b->head = b->tail = c;
        mark(q, level, slot);
    } else if (c->n == CHUNK) {
        c = chunk_take(q);
        b->tail->next = c;
        b->tail = c;
    }
    c->m[c->n++] = *m;
    return level;
}

/* Moves all that front and extra hold to the wheel. Of equal ticks those in front go first. */
static void spill(struct sim_queue *q)
{
    q->edge = q->base;
    for (; q->front_i < q->front_n; q->front_i++)
        put(q, &q->front[q->front_i]);
    for (; q->extra_i < q->extra_n; q->extra_i++)
        put(q, &q->extra[q->extra_i]);
    q->extra_i = q->extra_n = 0;
}

static void extra_push(struct sim_queue *q, const struct sim_msg *m)
{
    uint32_t n = q->extra_n - q->extra_i, k;

    if (n >= (q->edge == INT64_MAX ? FEW : EXTRA)) {
        spill(q);
        put(q, m);
        return;
    }
    if (q->extra_n == EXTRA) {
        memmove(q->extra, q->extra + q->extra_i, n * sizeof *m);
        q->extra_i = 0;
        q->extra_n = n;
    }
    for (k = q->extra_n++; k > q->extra_i && q->extra[k - 1].tick > m->tick; k--)
        q->extra[k] = q->extra[k - 1];
    q->extra[k] = *m;
}

/* The first used slot of the lowest used level; there is one. */
static unsigned lowest(const struct sim_queue *q, int *level)
{
    int l = 0, w;

    while (q->word[l] == 0)
        l++;
    w = __builtin_ctzll(q->word[l]);
    *level = l;
    return (unsigned)(w * 64 + __builtin_ctzll(q->used[l][w]));
}

static int64_t slot_begin(const struct sim_queue *q, int level, unsigned slot)
{
    uint64_t above = level == LEVELS - 1 ? 0 : ~(uint64_t)0 << (8 * level + 8);

    return (int64_t)(((uint64_t)q->base & above) | (uint64_t)slot << (8 * level));
}

static int64_t slot_end(int64_t begin, int level)
{
    uint64_t end = (uint64_t)begin + ((uint64_t)1 << (8 * level));

    return end > INT64_MAX ? INT64_MAX : (int64_t)end;
}

static struct chunk *slot_clear(struct sim_queue *q, int level, unsigned slot)
{
    struct bucket *b = &q->bucket[level][slot];
    struct chunk *c = b->head;

    *b = (struct bucket){NULL, NULL};
    unmark(q, level, slot);
    return c;
}

static void set_front(struct sim_queue *q, const struct sim_msg *m, uint32_t n)
{
    q->front = m;
    q->front_i = 0;
    q->front_n = n;
}

/* A slot of one tick: its first chunk. */
static void take_tick(struct sim_queue *q, unsigned slot)
{
    struct bucket *b = &q->bucket[0][slot];
    struct chunk *c = b->head;

    if (c->next != NULL) {
        b->head = c->next;
        q->edge = q->base; /* pushes to this tick go behind those that stay */
    } else {
        slot_clear(q, 0, slot);
        q->edge = slot_end(q->base, 0);
    }
    q->taken = c;
    set_front(q, c->m, c->n);
}

/* Stable. */
static void insertion_sort(struct sim_msg *m, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct sim_msg x = m[i];
        size_t k = i;

        for (; k > 0 && m[k - 1].tick > x.tick; k--)
            m[k] = m[k - 1];
        m[k] = x;
    }
}

static void sort_chunk(struct sim_queue *q, int level, unsigned slot)
{
    struct chunk *c = slot_clear(q, level, slot);

    q->edge = slot_end(q->base, level);
    if (q->prefetch != NULL) {
        for (uint32_t i = 0; i < c->n; i++)
            q->prefetch(q->ctx, &c->m[i]);
    }
    insertion_sort(c->m, c->n);
    q->taken = c;
    set_front(q, c->m, c->n);
}

/* Number of messages in a slot, or `most` + 1 if there are more. */
static size_t slot_count(const struct chunk *c, size_t most)
{
    size_t n = 0;

    for (; c != NULL && n <= most; c = c->next)
        n += c->n;
    return n;
}

static void need_sorted(struct sim_queue *q, size_t n)
{
    size_t cap = q->sorted_cap == 0 ? 64 : q->sorted_cap;

    if (n <= q->sorted_cap)
        return;
    while (cap < n)
        cap *= 2;
    free(q->sorted);
    q->sorted = aligned_alloc(64, cap * sizeof *q->sorted);
    if (q->sorted == NULL)
        sim_out_of_memory(cap * sizeof *q->sorted);
    q->sorted_cap = cap;
}

/* Sorts the n messages of a slot into front: distributes them by the next lower byte, which at
 * level 1 is all there is. Above, few share that byte, or, being ties, they are in order. */
static void sort_slot(struct sim_queue *q, int level, unsigned slot, size_t n)
{
    uint32_t at[SLOTS] = {0}, sum = 0;
    int shift = 8 * (level - 1);
    struct chunk *c, *next;

    for (c = q->bucket[level][slot].head; c != NULL; c = c->next) {
        for (uint32_t i = 0; i < c->n; i++)
            at[(c->m[i].tick >> shift) & (SLOTS - 1)]++;
    }
    for (int i = 0; i < SLOTS; i++) {
        uint32_t here = at[i];

        at[i] = sum;
        sum += here;
    }
    need_sorted(q, n);
    q->edge = slot_end(q->base, level);
    for (c = slot_clear(q, level, slot); c != NULL; c = next) {
        next = c->next;
        for (uint32_t i = 0; i < c->n; i++) {
            if (q->prefetch != NULL)
                q->prefetch(q->ctx, &c->m[i]);
            q->sorted[at[(c->m[i].tick >> shift) & (SLOTS - 1)]++] = c->m[i];
        }
        chunk_give(q, c);
    }
    if (level > 1)
        insertion_sort(q->sorted, n);
    set_front(q, q->sorted, (uint32_t)n);
}

static void cascade(struct sim_queue *q, int level, unsigned slot)
{
    struct chunk *c = slot_clear(q, level, slot), *next;

    q->edge = q->base;
    for (; c != NULL; c = next) {
        next = c->next;
        if (next != NULL)
            __builtin_prefetch(next);
        for (uint32_t i = 0; i < c->n; i++) {
            if (put(q, &c->m[i]) == 0 && q->prefetch != NULL)
                q->prefetch(q->ctx, &c->m[i]);
        }
        chunk_give(q, c);
    }
}

/* Fills the empty front with the next messages, if there may be any at or before `limit`. From here
 * on no push may lie before the least of limit and the next pop. */
static int refill(struct sim_queue *q, int64_t limit)
{
    int level;
    unsigned slot;
    size_t n, most;
    int64_t begin;

    if (q->n == 0 || limit < q->edge)
        return 0;
    for (;;) {
        slot = lowest(q, &level);
        begin = slot_begin(q, level, slot);
        if (begin > limit)
            return 0;
        if (q->taken != NULL)
            chunk_give(q, q->taken);
        q->taken = NULL;
        q->base = begin;
        if (level == 0) {
            take_tick(q, slot);
            return 1;
        }
        most = level == 1 ? FRONT_MAX : SPREAD_MAX;
        n = slot_count(q->bucket[level][slot].head, most);
        if (n <= INSERT_MAX) {
            sort_chunk(q, level, slot);
            return 1;
        }
        if (n <= most) {
            sort_slot(q, level, slot, n);
            return 1;
        }
        cascade(q, level, slot);
    }
}

struct sim_queue *sim_queue_new(void (*prefetch)(void *ctx, const struct sim_msg *m), void *ctx)
{
    struct sim_queue *q = calloc(1, sizeof *q);

    if (q == NULL)
        return NULL;
    q->slab = slab_new(SLAB_MIN);
    if (q->slab == NULL) {
        free(q);
        return NULL;
    }
    q->bytes = SLAB_MIN * sizeof(struct chunk);
    q->front = q->extra;
    q->prefetch = prefetch;
    q->ctx = ctx;
    return q;
}

void sim_queue_free(struct sim_queue *q)
{
    struct slab *s, *next;

    if (q == NULL)
        return;
    for (s = q->slab; s != NULL; s = next) {
        next = s->next;
        free(s->chunk);
        free(s);
    }
    free(q->sorted);
    free(q);
}

void sim_queue_push(struct sim_queue *q, const struct sim_msg *m)
{
    sim_bug_if(m->tick < q->floor);
    if (q->n++ == 0)
        q->edge = INT64_MAX; /* as long as there are few, all are in extra */
    if (m->tick < q->edge)
        extra_push(q, m);
    else if (put(q, m) > 0)
        return;
    if (q->prefetch != NULL)
        q->prefetch(q->ctx, m);
}

/* The place of the first message, if it is at or before `limit`, else NULL. */
static const struct sim_msg *first(struct sim_queue *q, int64_t limit, uint32_t **i)
{
    const struct sim_msg *m = &q->front[q->front_i];
    int left = q->front_i < q->front_n;

    *i = &q->front_i;
    if (q->extra_i < q->extra_n && (!left || q->extra[q->extra_i].tick < m->tick)) {
        *i = &q->extra_i;
        m = &q->extra[q->extra_i];
    } else if (!left) {
        if (!refill(q, limit))
            return NULL;
        m = q->front;
    }
    return m->tick <= limit ? m : NULL;
}

size_t sim_queue_take(struct sim_queue *q, int64_t limit, struct sim_msg to[], size_t cap)
{
    const struct sim_msg *m;
    uint32_t *i;
    size_t k = 0;

    for (; k < cap && (m = first(q, limit, &i)) != NULL; k++) {
        to[k] = *m;
        limit = m->tick;
        ++*i;
        q->n--;
    }
    if (k > 0 || (limit > q->floor && limit < INT64_MAX))
        q->floor = limit;
    return k;
}

int sim_queue_pop(struct sim_queue *q, struct sim_msg *m)
{
    uint32_t *i;
    const struct sim_msg *p = first(q, INT64_MAX, &i);

    if (p == NULL)
        return 0;
    *m = *p;
    ++*i;
    q->n--;
    q->floor = m->tick;
    return 1;
}

int64_t sim_queue_first(struct sim_queue *q)
{
    int level;
    unsigned slot;
    int64_t tick = INT64_MAX;

    if (q->front_i < q->front_n)
        tick = q->front[q->front_i].tick;
    if (q->extra_i < q->extra_n && q->extra[q->extra_i].tick < tick)
        tick = q->extra[q->extra_i].tick;
    if (q->front_i < q->front_n || q->extra_i < q->extra_n || q->n == 0)
        return tick;
    slot = lowest(q, &level);
    for (const struct chunk *c = q->bucket[level][slot].head; c != NULL; c = c->next) {
        for (uint32_t i = 0; i < c->n; i++)
            tick = c->m[i].tick < tick ? c->m[i].tick : tick;
    }
    return tick;
}

size_t sim_queue_size(const struct sim_queue *q)
{
    return q->n;
}

size_t sim_queue_bytes(const struct sim_queue *q)
{
    return q->bytes + q->sorted_cap * sizeof *q->sorted;
}
