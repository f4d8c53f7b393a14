/* A distribution of a non-negative quantity, as a parameter.
 *
 * Text forms (CSV cells): a plain number (constant), uniform(lo,hi), triangular(lo,mode,hi),
 * exponential(mean), lognormal(median,sigma), gamma(mean,cv), poisson(mean), erlang(k,mean). In a
 * scenario file the same as a group: { dist = "lognormal"; median = 14.0; sigma = 0.6; }, with the
 * parameter names above. */
#ifndef SIM_DIST_H
#define SIM_DIST_H

#include "sim/err.h"
#include "sim/rng.h"

enum sim_dist_kind {
    SIM_CONSTANT,
    SIM_UNIFORM,
    SIM_TRIANGULAR,
    SIM_EXPONENTIAL,
    SIM_LOGNORMAL,
    SIM_GAMMA,
    SIM_POISSON,
    SIM_ERLANG
};
struct sim_dist {
    enum sim_dist_kind kind;
    double p[3]; /* in the order of the text form */
};

/* A row for each kind: its name and the names of its parameters (NULL after the last); for parsing
 * and for `keys`. */
struct sim_dist_form {
    const char *name;
    const char *param[4];
};
extern const struct sim_dist_form sim_dist_forms[]; /* ended by a NULL name */

/* Are the parameters lawful (finite, non-negative, each and the mean <= 1e15, lo <= mode <= hi,
 * sigma <= 5, cv <= 100, poisson mean <= 1e9, k a whole number 1..1e6)? Returns 0, or SIM_EINPUT
 * with the reason in why[0..n-1]. */
int sim_dist_check(const struct sim_dist *d, char *why, size_t n) SIM_CHECKED;

/* Parses the text form. Returns 0, or SIM_EINPUT with the reason in why. */
int sim_dist_parse(struct sim_dist *d, const char *text, char *why, size_t n) SIM_CHECKED;

/* The same two where uniform, triangular and constant may lie below 0: not for sim_dist_draw. */
int sim_dist_check_signed(const struct sim_dist *d, char *why, size_t n) SIM_CHECKED;
int sim_dist_parse_signed(struct sim_dist *d, const char *text, char *why, size_t n) SIM_CHECKED;

/* The canonical text form, shortest digits that read back to the same doubles. */
void sim_dist_print(const struct sim_dist *d, char *to, size_t n);

double sim_dist_mean(const struct sim_dist *d);
/* The value with probability p below, 0 < p < 1. */
double sim_dist_quantile(const struct sim_dist *d, double p);

/* One draw, finite and >= 0. */
double sim_dist_draw(const struct sim_dist *d, struct sim_draws *r);

#endif
