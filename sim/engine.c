#include "sim/engine.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum {
    TICK_MIN = 64,
    SELF_MIN = 16,
    FEW = 32,       /* messages that insertion sort is best for */
    RADIX_MIN = 8,  /* bits of a digit when there are few */
    RADIX_MAX = 11, /* and many messages */
    PER_ACTOR_MAX = 1000000
};

int sim_run_init(struct sim_run *r, uint32_t n_actor, int64_t lookahead, sim_handler *handler,
                 void (*prefetch)(void *, const struct sim_msg *), void *model, struct sim_err *err)
{
    sim_bug_if(lookahead < 1);
    *r = (struct sim_run){.lookahead = lookahead,
                          .n_actor = n_actor,
                          .model = model,
                          .handler = handler,
                          .tick_cap = TICK_MIN,
                          .self_cap = SELF_MIN};
    r->queue = sim_queue_new(prefetch, model);
    r->tick_buf = malloc(r->tick_cap * sizeof *r->tick_buf);
    r->self_heap = malloc(r->self_cap * sizeof *r->self_heap);
    r->sent = calloc(n_actor == 0 ? 1 : n_actor, sizeof *r->sent);
    if (r->queue == NULL || r->tick_buf == NULL || r->self_heap == NULL || r->sent == NULL) {
        sim_run_free(r);
        return sim_err_add(err, SIM_ENOMEM, "out of memory for a run of %" PRIu32 " actors",
                           n_actor);
    }
    return 0;
}

void sim_run_free(struct sim_run *r)
{
    sim_queue_free(r->queue);
    free(r->sent);
    free(r->tick_buf);
    free(r->tick_aux);
    free(r->keys);
    free(r->self_heap);
    sim_arena_free(&r->arena);
    *r = (struct sim_run){0};
}

/* The order of the messages of one tick. */
static int before(const struct sim_msg *a, const struct sim_msg *b)
{
    if (a->dst != b->dst)
        return a->dst < b->dst;
    if (a->cls != b->cls)
        return a->cls < b->cls;
    if (a->src != b->src)
        return a->src < b->src;
    return a->seq < b->seq;
}

static struct sim_msg *doubled(struct sim_msg *buf, size_t *cap)
{
    struct sim_msg *p = realloc(buf, 2 * *cap * sizeof *buf);

    if (p == NULL)
        sim_out_of_memory(2 * *cap * sizeof *buf);
    *cap *= 2;
    return p;
}

static void self_push(struct sim_run *r, const struct sim_msg *m)
{
    size_t k, up;

    if (r->self_n == r->self_cap)
        r->self_heap = doubled(r->self_heap, &r->self_cap);
    for (k = r->self_n++; k > 0; k = up) {
        up = (k - 1) / 2;
        if (!before(m, &r->self_heap[up]))
            break;
        r->self_heap[k] = r->self_heap[up];
    }
    r->self_heap[k] = *m;
}

static struct sim_msg self_pop(struct sim_run *r)
{
    struct sim_msg first = r->self_heap[0], last = r->self_heap[--r->self_n];
    size_t k = 0, down;

    while ((down = 2 * k + 1) < r->self_n) {
        if (down + 1 < r->self_n && before(&r->self_heap[down + 1], &r->self_heap[down]))
            down++;
        if (!before(&r->self_heap[down], &last))
            break;
        r->self_heap[k] = r->self_heap[down];
        k = down;
    }
    r->self_heap[k] = last;
    return first;
}

void sim_send(struct sim_run *r, uint32_t src, uint32_t dst, int64_t delay, uint16_t kind,
              uint8_t cls, uint64_t arg)
{
    struct sim_msg m;
    uint32_t seq;

    sim_bug_if(src >= r->n_actor || dst >= r->n_actor);
    sim_bug_if(r->in_tick && src != r->actor);
    sim_bug_if(delay < (src == dst ? 0 : r->lookahead) || delay > INT64_MAX - r->now);
    seq = r->sent[src];
    sim_bug_if(seq == UINT32_MAX);
    r->sent[src] = seq + 1;
    m = (struct sim_msg){.tick = r->now + delay,
                         .arg = arg,
                         .dst = dst,
                         .src = src,
                         .seq = seq,
                         .kind = kind,
                         .cls = cls};
    if (delay == 0 && r->in_tick)
        self_push(r, &m);
    else
        sim_queue_push(r->queue, &m);
}

static int by_key(const void *a, const void *b)
{
    return before(a, b) ? -1 : before(b, a);
}

static int is_sorted(const struct sim_msg m[], size_t n)
{
    for (size_t i = 1; i < n; i++) {
        if (before(&m[i], &m[i - 1]))
            return 0;
    }
    return 1;
}

static void sort_few(struct sim_msg m[], size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct sim_msg x = m[i];
        size_t k = i;

        for (; k > 0 && before(&x, &m[k - 1]); k--)
            m[k] = m[k - 1];
        m[k] = x;
    }
}

static void sort(struct sim_msg m[], size_t n)
{
    if (n <= FEW)
        sort_few(m, n);
    else if (!is_sorted(m, n))
        qsort(m, n, sizeof *m, by_key);
}

/* One pass of a radix sort of `actor << 32 | place` by some bits of the actor. */
static void radix_pass(uint64_t to[], const uint64_t from[], size_t n, int shift, int bits)
{
    uint32_t at[1 << RADIX_MAX], sum = 0;
    const uint64_t mask = (UINT64_C(1) << bits) - 1;

    memset(at, 0, (mask + 1) * sizeof at[0]);
    for (size_t i = 0; i < n; i++)
        at[(from[i] >> shift) & mask]++;
    for (size_t i = 0; i <= mask; i++) {
        uint32_t here = at[i];

        at[i] = sum;
        sum += here;
    }
    for (size_t i = 0; i < n; i++)
        to[at[(from[i] >> shift) & mask]++] = from[i];
}

static void need_aux(struct sim_run *r)
{
    if (r->aux_cap == r->tick_cap)
        return;
    free(r->tick_aux);
    free(r->keys);
    r->aux_cap = r->tick_cap;
    r->tick_aux = malloc(r->aux_cap * sizeof *r->tick_aux);
    r->keys = malloc(2 * r->aux_cap * sizeof *r->keys);
    if (r->tick_aux == NULL || r->keys == NULL)
        sim_out_of_memory(r->aux_cap * (sizeof *r->tick_aux + 2 * sizeof *r->keys));
}

/* Orders tick_buf by actor: small keys are sorted, then each message moves once. */
static void sort_by_actor(struct sim_run *r, size_t n)
{
    struct sim_msg *buf = r->tick_buf;
    uint64_t *from, *to, *swap;
    int bits = n < 1024 ? RADIX_MIN : RADIX_MAX;

    need_aux(r);
    from = r->keys;
    to = r->keys + r->aux_cap;
    for (size_t i = 0; i < n; i++)
        from[i] = (uint64_t)buf[i].dst << 32 | i;
    for (int done = 0; done < 32 && (r->n_actor - 1) >> done != 0; done += bits) {
        radix_pass(to, from, n, 32 + done, bits);
        swap = from;
        from = to;
        to = swap;
    }
    for (size_t i = 0; i < n; i++)
        r->tick_aux[i] = buf[from[i] & UINT32_MAX];
    r->tick_buf = r->tick_aux;
    r->tick_aux = buf;
}

static void sort_tick(struct sim_run *r, size_t n)
{
    struct sim_msg *m;
    size_t k;

    if (is_sorted(r->tick_buf, n))
        return;
    if (n <= FEW) {
        sort_few(r->tick_buf, n);
        return;
    }
    sort_by_actor(r, n);
    for (m = r->tick_buf; n > 0; m += k, n -= k) {
        for (k = 1; k < n && m[k].dst == m->dst; k++)
            ;
        sort(m, k);
    }
}

static int has_failed(struct sim_run *r, struct sim_err *err)
{
    if (r->failed == NULL)
        return 0;
    return sim_err_add(err, SIM_ERUN, "run %" PRIu32 " at tick %" PRId64 ": %s", r->index, r->now,
                       r->failed);
}

/* May one more message be handled, the `done`th after the first of this actor and tick? */
static int may_handle(struct sim_run *r, size_t done)
{
    if (done >= PER_ACTOR_MAX)
        sim_run_fail(r, "actor %" PRIu32 " handles more than %d messages at one tick", r->actor,
                     PER_ACTOR_MAX);
    else if (r->max_handled != 0 && r->handled >= r->max_handled)
        sim_run_fail(r, "more than %" PRIu64 " messages", r->max_handled);
    return r->failed == NULL;
}

/* Handles the messages of one actor, from tick_buf[tick_i] on, and those it sends itself at once.
 */
static void handle_actor(struct sim_run *r)
{
    const struct sim_msg *end = r->tick_buf + r->tick_n, *m;
    struct sim_msg own;

    r->actor = r->tick_buf[r->tick_i].dst;
    for (size_t done = 0; r->failed == NULL; done++) {
        m = r->tick_buf + r->tick_i;
        if (m == end || m->dst != r->actor) {
            if (r->self_n == 0)
                return;
            m = NULL;
        }
        if (!may_handle(r, done))
            return;
        if (r->self_n > 0 && (m == NULL || before(&r->self_heap[0], m))) {
            own = self_pop(r);
            m = &own;
        } else {
            r->tick_i++;
        }
        r->handled++;
        r->handler(r, m);
    }
}

/* Takes all messages of the next tick, if it is not after `until`, in their order. */
static size_t take_tick(struct sim_run *r, int64_t until)
{
    size_t n = sim_queue_take(r->queue, until, r->tick_buf, r->tick_cap);

    while (n == r->tick_cap) {
        r->tick_buf = doubled(r->tick_buf, &r->tick_cap);
        n += sim_queue_take(r->queue, r->tick_buf[0].tick, r->tick_buf + n, r->tick_cap - n);
    }
    if (n > 1)
        sort_tick(r, n);
    return n;
}

int sim_run_until(struct sim_run *r, int64_t until, struct sim_err *err)
{
    while (r->failed == NULL) {
        if (r->stop != NULL && *r->stop)
            return SIM_ESTOP;
        r->tick_n = take_tick(r, until);
        if (r->tick_n == 0)
            break;
        r->now = r->tick_buf[0].tick;
        r->in_tick = 1;
        for (r->tick_i = 0; r->tick_i < r->tick_n && r->failed == NULL;)
            handle_actor(r);
        r->in_tick = 0;
    }
    if (r->failed == NULL && until < INT64_MAX && until > r->now)
        r->now = until;
    return has_failed(r, err);
}

void sim_run_fail(struct sim_run *r, const char *fmt, ...)
{
    va_list ap;
    int n;

    if (r->failed != NULL)
        return;
    va_start(ap, fmt);
    n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    n = n < 0 ? 0 : n;
    r->failed = sim_arena_alloc(&r->arena, (size_t)n + 1, 1);
    va_start(ap, fmt);
    vsnprintf(r->failed, (size_t)n + 1, fmt, ap);
    va_end(ap);
}
