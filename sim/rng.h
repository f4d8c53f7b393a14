/* Random numbers that are keyed, not consumed in turn.
 *
 * Philox2x64-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"). A draw is a
 * function of (seed, run, name, purpose, index, sub-counter): it does not move when another actor,
 * draw, thread or scenario does, so scenarios that share a seed share their luck (common random
 * numbers). key     = mix(seed, name) counter = { index, run << 32 | purpose << 16 | block }    the
 * block counts the 128-bit outputs taken for one index */
#ifndef SIM_RNG_H
#define SIM_RNG_H

#include <gsl/gsl_rng.h>
#include <stdint.h>

/* 64-bit hash of a name (FNV-1a finished by a 64-bit mixer); the same on every machine. */
uint64_t sim_hash(const char *name);
/* Mixes a second number into a hash: sim_hash_with(sim_hash("lane"), day) ... */
uint64_t sim_hash_with(uint64_t h, uint64_t x);

/* One Philox2x64-10 block: in[2] is the counter. */
void sim_philox(uint64_t out[2], const uint64_t in[2], uint64_t key);

/* A stream: everything about a draw but its index. */
struct sim_stream {
    uint64_t key;
    uint64_t high; /* run and purpose, block bits 0 */
};
/* purpose 0..65535: the model's enum; run 0..2^32-1. */
struct sim_stream sim_stream_make(uint64_t seed, uint32_t run, uint64_t name_hash,
                                  uint16_t purpose);

/* The draws for one index of a stream; 65,536 blocks (131,072 numbers) at most, one more is a bug.
 */
struct sim_draws {
    uint64_t key, index, high;
    uint64_t second; /* number of the last block */
    uint32_t left;   /* 1 if it was not read yet; bit 31: no block is left */
};
static inline struct sim_draws sim_draws_at(struct sim_stream s, uint64_t index)
{
    return (struct sim_draws){.key = s.key, .index = index, .high = s.high};
}

uint64_t sim_bits(struct sim_draws *d);  /* 64 random bits */
double sim_uniform(struct sim_draws *d); /* in the open interval (0, 1): odd multiples of 2^-53 */
double sim_exponential(struct sim_draws *d); /* mean 1; ziggurat (Marsaglia & Tsang 2000) */
double sim_normal(struct sim_draws *d);      /* mean 0, variance 1; ziggurat */

/* The draws as a gsl_rng, so that every GSL distribution works on them. The caller holds both; `r`
 * is valid while `d` is, is not to be freed, and needs no allocation. */
extern const gsl_rng_type *const sim_gsl_type;
struct sim_gsl {
    gsl_rng rng;
};
gsl_rng *sim_gsl_wrap(struct sim_gsl *g, struct sim_draws *d);

/* Takes GSL's error handler away, which ends the process. To be called once, before any thread. */
void sim_rng_quiet(void);
/* Version of GSL in use. */
const char *sim_rng_library(void);

#endif
