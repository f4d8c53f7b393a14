/* Uncertain inputs: numbers of the input that are given as distributions, drawn once per run.
 *
 * In a scenario an INT or REAL key may be a distribution, as text or as a group { dist = ...; };
 * in a table the cell of such a column, as text. Not where the key is sim_key_fixed. A key or
 * column of type DIST is no uncertain input: it is drawn event by event. But in a scenario the
 * parameters of its group may be: { dist = "lognormal"; median = "uniform(8,20)"; sigma = 0.5; }.
 */
#ifndef SIM_INPUT_H
#define SIM_INPUT_H

#include "sim/keys.h"

struct sim_input {
    const char *name;          /* of the draw: a path in a scenario, or what the caller says */
    const char *unit;          /* of the key */
    struct sim_dist dist;      /* uniform and triangular may lie below 0 */
    double lo, hi;             /* range of the key; values beyond it are set to its end */
    int whole;                 /* values are rounded to whole numbers */
    const struct sim_tree *at; /* where it stands in a scenario, or NULL */
};
struct sim_inputs {
    size_t n, cap;
    struct sim_input *at;
};

/* Is the text that of a distribution: a name and an opening bracket? */
int sim_input_is(const char *text);

/* Checks a distribution against the range of an INT or REAL key and fills all of u but name and at.
 * All values of uniform, triangular and constant must lie in it. Of the others, which have no end,
 * all but one in a hundred on either side. Returns 0, or SIM_EINPUT with the reason in why. */
int sim_input_make(struct sim_input *u, const struct sim_key *k, const struct sim_dist *d,
                   char *why, size_t n) SIM_CHECKED;

/* Appends a copy; amortised O(1). */
void sim_inputs_add(struct sim_inputs *to, struct sim_arena *a, const struct sim_input *u);

/* The least and the largest value that is reckoned with: the ends, or where there is none the
 * quantile 0.01 or 0.99; within the range. */
void sim_input_ends(const struct sim_input *u, double *lo, double *hi);

/* The mean, and the value in one run: the quantile at a uniform number of the stream (seed, run,
 * name, purpose), index 0. Both in the range, whole where the key is, with nine digits (so that
 * they can stand in tables). */
double sim_input_mean(const struct sim_input *u);
double sim_input_draw(const struct sim_input *u, uint64_t seed, uint32_t run, uint16_t purpose);
/* A number as the two give it: in lo..hi, whole, with nine digits. */
double sim_input_fit(double x, double lo, double hi, int whole);

/* The key tables of an entry of a list, read together; returns how many (0 to 2), 0 = it has no
 * uncertain inputs. */
typedef int sim_inputs_tables(const struct sim_key *list, const struct sim_tree *entry,
                              const struct sim_key *tables[2]);

/* Finds the uncertain inputs of a group by its key tables, in its groups and lists too; named
 * path.key, path.list.id.key, path.key.parameter (path "" = none). Every one is checked. Returns 0
 * or SIM_EINPUT, all faults gathered. */
int sim_inputs_find(struct sim_inputs *to, struct sim_arena *a, const struct sim_tree *t,
                    const struct sim_key *const *tables, int n_tables, const char *path,
                    sim_inputs_tables *entry, struct sim_err *err) SIM_CHECKED;

/* The tree with numbers in place of the inputs: value[i] for in->at[i]. Shares all else with t,
 * which is not changed; t itself where nothing is uncertain. */
const struct sim_tree *sim_inputs_put(const struct sim_tree *t, struct sim_arena *a,
                                      const struct sim_inputs *in, const double value[]);

#endif
