#include "sim/rng.h"
#include "sim/err.h"
#include "sim/ziggurat.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_version.h>
#include <math.h>

__extension__ typedef unsigned __int128 wide;

enum { BLOCK_LAST = 0xffff };
static const uint32_t exhausted = UINT32_C(1) << 31; /* in `left`: no block follows */

/* Stafford's variant 13 of the 64-bit finaliser of MurmurHash3. */
static uint64_t mixed(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint64_t sim_hash(const char *name)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);

    for (; *name != '\0'; name++)
        h = (h ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
    return mixed(h);
}

uint64_t sim_hash_with(uint64_t h, uint64_t x)
{
    return mixed(h ^ mixed(x + UINT64_C(0x9e3779b97f4a7c15)));
}

#define ROUND                                                                                      \
    p = (wide)a * UINT64_C(0xd2b74407b1ce6e93);                                                    \
    a = (uint64_t)(p >> 64) ^ key ^ b;                                                             \
    b = (uint64_t)p;                                                                               \
    key += UINT64_C(0x9e3779b97f4a7c15);

/* Written out, since compilers keep a loop at -O2. */
static inline void philox(uint64_t out[2], uint64_t a, uint64_t b, uint64_t key)
{
    wide p;

    ROUND ROUND ROUND ROUND ROUND ROUND ROUND ROUND ROUND ROUND out[0] = a;
    out[1] = b;
}

void sim_philox(uint64_t out[2], const uint64_t in[2], uint64_t key)
{
    philox(out, in[0], in[1], key);
}

struct sim_stream sim_stream_make(uint64_t seed, uint32_t run, uint64_t name_hash, uint16_t purpose)
{
    return (struct sim_stream){.key = sim_hash_with(name_hash, seed),
                               .high = (uint64_t)run << 32 | (uint64_t)purpose << 16};
}

static inline uint64_t bits(struct sim_draws *d)
{
    uint64_t out[2];

    if (d->left & 1) {
        d->left--;
        return d->second;
    }
    sim_bug_if(d->left != 0);
    philox(out, d->index, d->high, d->key);
    d->second = out[1];
    d->left = (d->high & BLOCK_LAST) == BLOCK_LAST ? 1 | exhausted : 1;
    d->high++;
    return out[0];
}

/* An odd multiple of 2^-53: symmetrical, never 0 or 1. */
static inline double unit(uint64_t u)
{
    return (double)(u >> 11 | 1) * 0x1p-53;
}

uint64_t sim_bits(struct sim_draws *d)
{
    return bits(d);
}

double sim_uniform(struct sim_draws *d)
{
    return unit(bits(d));
}

/* In a ziggurat the low 8 bits choose the layer, the next its side, the upper 53 the place. */
double sim_exponential(struct sim_draws *d)
{
    for (;;) {
        uint64_t u = bits(d);
        unsigned i = u & 255;
        double x = unit(u) * sim_zig_exp_x[i], low, high;

        if (x < sim_zig_exp_x[i + 1])
            return x;
        if (i == 0)
            return SIM_ZIG_EXP_R - log(unit(bits(d)));
        low = sim_zig_exp_y[i];
        high = sim_zig_exp_y[i + 1];
        if (low + unit(bits(d)) * (high - low) < exp(-x))
            return x;
    }
}

/* Marsaglia 1964. */
static double normal_tail(struct sim_draws *d)
{
    double x, y;

    do {
        x = -log(unit(bits(d))) / SIM_ZIG_NORMAL_R;
        y = -log(unit(bits(d)));
    } while (2 * y < x * x);
    return SIM_ZIG_NORMAL_R + x;
}

double sim_normal(struct sim_draws *d)
{
    for (;;) {
        uint64_t u = bits(d);
        unsigned i = u & 255;
        double sign = 1.0 - (double)(u >> 7 & 2);
        double x = unit(u) * sim_zig_normal_x[i], low, high;

        if (x < sim_zig_normal_x[i + 1])
            return sign * x;
        if (i == 0)
            return sign * normal_tail(d);
        low = sim_zig_normal_y[i];
        high = sim_zig_normal_y[i + 1];
        if (low + unit(bits(d)) * (high - low) < exp(-0.5 * x * x))
            return sign * x;
    }
}

static void gsl_restart(void *state, unsigned long index)
{
    struct sim_draws *d = state;

    d->index = index;
    d->high &= ~(uint64_t)BLOCK_LAST;
    d->left = 0;
}

static unsigned long gsl_bits(void *state)
{
    return (unsigned long)(bits(state) >> 32);
}

static double gsl_unit(void *state)
{
    return unit(bits(state));
}

static const gsl_rng_type type = {.name = "philox2x64-10",
                                  .max = 0xffffffff,
                                  .min = 0,
                                  .size = sizeof(struct sim_draws),
                                  .set = gsl_restart,
                                  .get = gsl_bits,
                                  .get_double = gsl_unit};
const gsl_rng_type *const sim_gsl_type = &type;

gsl_rng *sim_gsl_wrap(struct sim_gsl *g, struct sim_draws *d)
{
    g->rng = (gsl_rng){.type = sim_gsl_type, .state = d};
    return &g->rng;
}

void sim_rng_quiet(void)
{
    gsl_set_error_handler_off();
}

const char *sim_rng_library(void)
{
    return gsl_version;
}
