/* Allocators that can be told to fail, for tests whose names end in _nomem: the linker sends
 * malloc, calloc, realloc and aligned_alloc here. */
#ifndef TESTS_NOMEM_H
#define TESTS_NOMEM_H

#include <stddef.h>

/* The `nomem_at`th allocation from now on fails, 1 = the next; 0 = none. With nomem_after all later
 * ones fail too. */
static long nomem_at;
static int nomem_after;

static inline int nomem_now(void)
{
    if (nomem_at == 0)
        return 0;
    if (nomem_at > 1) {
        nomem_at--;
        return 0;
    }
    nomem_at = nomem_after;
    return 1;
}

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__real_aligned_alloc(size_t align, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
void *__wrap_aligned_alloc(size_t align, size_t n);

void *__wrap_malloc(size_t n)
{
    return nomem_now() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return nomem_now() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
    return nomem_now() ? NULL : __real_realloc(p, n);
}

void *__wrap_aligned_alloc(size_t align, size_t n)
{
    return nomem_now() ? NULL : __real_aligned_alloc(align, n);
}

#endif
