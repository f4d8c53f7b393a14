/* Inside of the designs, shared by design*.c. All others use design.h. */
#ifndef ANA_DESIGN_INNER_H
#define ANA_DESIGN_INNER_H

#include "analysis/design.h"
#include "sim/rng.h"

enum { ANA_SOBOL_DIMENSIONS = 40 };

enum ana_design_purpose {
    ANA_DRAW_PLACE,
    ANA_DRAW_STRATUM,
    ANA_DRAW_SHIFT,
    ANA_DRAW_LEVEL,
    ANA_DRAW_ORDER
};

/* Draws of a factor of a design; the names of a model's actors are others. */
struct sim_stream ana_design_stream(uint64_t seed, const char *id, enum ana_design_purpose purpose);

/* One fault at `key` of a group, at the group where it has no such key, at 'what' where there is no
 * group. Returns SIM_EINPUT. */
int ana_design_fault(const struct sim_tree *group, const char *key, const char *what,
                     struct sim_err *err, const char *fmt, ...) SIM_FORMAT(5, 6);

/* Is the text a finite decimal number? */
int ana_design_number(const char *text, double *x);

/* ---- design_factor.c: all of one factor ---- */

/* x of a place 0 < u < 1; listed values: place in the list. */
double ana_factor_at(const struct ana_factor *f, double u);
/* The same with distributions from their 1 % to their 99 % quantile: 0 <= u <= 1. */
double ana_factor_trimmed(const struct ana_factor *f, double u);
/* Values it has in a grid or zip; 0: no levels given. */
int64_t ana_factor_levels(const struct ana_factor *f, const struct ana_part *part);
/* x of level i of n. */
double ana_factor_level(const struct ana_factor *f, size_t i, size_t n);

/* ---- filling: to->x and to->u, which are there; factor: of the design, by to->factor ---- */
void ana_design_grid(struct ana_points *to, const struct ana_factor *factor);
void ana_design_zip(struct ana_points *to, const struct ana_factor *factor);
/* Also turns ANA_OPEN into ANA_VALUES. Returns 0 or SIM_EINPUT. */
int ana_design_list(struct ana_points *to, struct ana_factor *factor, struct sim_arena *a,
                    struct sim_err *err) SIM_CHECKED;
void ana_design_random(struct ana_points *to, const struct ana_factor *factor, uint64_t seed);
void ana_design_lhs(struct ana_points *to, const struct ana_factor *factor, uint64_t seed);
void ana_design_morris(struct ana_points *to, const struct ana_factor *factor, uint64_t seed,
                       struct sim_arena *a);
/* SIM_ENOMEM where GSL has no memory. */
int ana_design_sobol(struct ana_points *to, const struct ana_factor *factor, uint64_t seed,
                     struct sim_err *err) SIM_CHECKED;
int ana_design_saltelli(struct ana_points *to, const struct ana_factor *factor, uint64_t seed,
                        struct sim_arena *a, struct sim_err *err) SIM_CHECKED;

#endif
