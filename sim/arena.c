#include "sim/arena.h"

#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHED 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define WATCHED 1
#endif
#ifdef WATCHED
#include <sanitizer/asan_interface.h>
enum { GUARD = 16 }; /* bytes behind each request that must not be touched */
#else
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
enum { GUARD = 0 };
#endif

enum { LINE = 64, SMALL = 16, BLOCK_MIN = 4 << 10, BLOCK_MAX = 1 << 20, CHUNK = 1024 };

struct sim_block {
    struct sim_block *next;
    size_t used, size; /* of data */
    char data[];       /* zero beyond `used` */
};

static struct sim_block *block_new(struct sim_arena *a, size_t size)
{
    struct sim_block *b = size > SIZE_MAX / 2 ? NULL : calloc(1, sizeof *b + size);

    if (b == NULL)
        sim_out_of_memory(size);
    b->size = size;
    a->held += sizeof *b + size;
    ASAN_POISON_MEMORY_REGION(b->data, size);
    return b;
}

static char *bump(struct sim_block *b, size_t bytes, size_t align)
{
    size_t off = (size_t)((uintptr_t)(b->data + b->used) % align);
    size_t from = b->used + (off == 0 ? 0 : align - off);

    if (from > b->size || b->size - from < bytes + GUARD)
        return NULL;
    b->used = from + bytes + GUARD;
    ASAN_UNPOISON_MEMORY_REGION(b->data + from, bytes);
    return b->data + from;
}

/* A large request gets a block of its own behind the newest one, which goes on being filled. */
static struct sim_block *block_for(struct sim_arena *a, size_t bytes)
{
    size_t half = a->held / 2;
    size_t size = half < BLOCK_MIN ? BLOCK_MIN : half > BLOCK_MAX ? BLOCK_MAX : half;
    struct sim_block *b;

    if (a->head != NULL && bytes > size / 4) {
        b = block_new(a, bytes);
        b->next = a->head->next;
        a->head->next = b;
    } else {
        b = block_new(a, bytes > size ? bytes : size);
        b->next = a->head;
        a->head = b;
    }
    return b;
}

void *sim_arena_alloc(struct sim_arena *a, size_t n, size_t size)
{
    size_t bytes, align;
    char *p = NULL;

    if (size != 0 && n > (SIZE_MAX / 4) / size)
        sim_out_of_memory(SIZE_MAX);
    bytes = n * size;
    align = bytes >= LINE ? LINE : SMALL;
    if (a->head != NULL)
        p = bump(a->head, bytes, align);
    if (p == NULL)
        p = bump(block_for(a, bytes + LINE + GUARD), bytes, align);
    a->used += bytes;
    return p;
}

char *sim_arena_copy(struct sim_arena *a, const char *s, size_t n)
{
    char *to = sim_arena_alloc(a, n + 1, 1);

    if (n > 0)
        memcpy(to, s, n);
    return to;
}

void sim_arena_free(struct sim_arena *a)
{
    struct sim_block *b, *next;

    for (b = a->head; b != NULL; b = next) {
        next = b->next;
        ASAN_UNPOISON_MEMORY_REGION(b->data, b->size);
        free(b);
    }
    *a = (struct sim_arena){0};
}

void sim_pool_init(struct sim_pool *p, struct sim_arena *a, size_t size)
{
    sim_bug_if(size < sizeof p->free);
    *p = (struct sim_pool){.arena = a, .size = size, .next = 1};
}

static void add_chunk(struct sim_pool *p)
{
    char **chunk;

    if (p->n_chunk == p->cap_chunk) {
        p->cap_chunk = p->cap_chunk == 0 ? 8 : 2 * p->cap_chunk;
        chunk = sim_arena_alloc(p->arena, p->cap_chunk, sizeof *chunk);
        if (p->n_chunk > 0)
            memcpy(chunk, p->chunk, p->n_chunk * sizeof *chunk);
        p->chunk = chunk;
    }
    p->chunk[p->n_chunk] = sim_arena_alloc(p->arena, CHUNK, p->size);
    ASAN_POISON_MEMORY_REGION(p->chunk[p->n_chunk], CHUNK * p->size);
    p->n_chunk++;
}

uint32_t sim_pool_take_raw(struct sim_pool *p)
{
    uint32_t id = p->free;
    char *at;

    if (id == 0) {
        id = p->next++;
        sim_bug_if(id == 0);
        if (id / CHUNK == p->n_chunk)
            add_chunk(p);
        at = sim_pool_at(p, id);
        ASAN_UNPOISON_MEMORY_REGION(at, p->size);
    } else {
        at = sim_pool_at(p, id);
        ASAN_UNPOISON_MEMORY_REGION(at, p->size);
        memcpy(&p->free, at, sizeof p->free);
    }
    p->live++;
    return id;
}

uint32_t sim_pool_take(struct sim_pool *p)
{
    uint32_t id = sim_pool_take_raw(p);

    memset(sim_pool_at(p, id), 0, p->size);
    return id;
}

void sim_pool_give(struct sim_pool *p, uint32_t id)
{
    char *at;

    sim_bug_if(id == 0 || id >= p->next || p->live == 0);
    at = sim_pool_at(p, id);
    memcpy(at, &p->free, sizeof p->free);
    p->free = id;
    p->live--;
    ASAN_POISON_MEMORY_REGION(at, p->size);
}
