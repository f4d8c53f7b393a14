/* Uncertain inputs of a study: drawn once per run, by name, so that all scenarios of a study and a
 * run done again have the same. What a study holds are the means; every run has a network, a steady
 * state and a scenario of its own, tied anew from the numbers drawn. The axes are the study's. */
#ifndef MDL_UNCERTAIN_H
#define MDL_UNCERTAIN_H

#include "models/study.h"

/* mdl_scenario_read with the means in place of the uncertain keys, which are noted in s->inputs. */
int mdl_uncertain_read(struct mdl_scenario *s, struct sim_arena *a, const char *label,
                       const struct sim_tree *tree, struct sim_err *err) SIM_CHECKED;

/* Lists the uncertain inputs of all scenarios and of the network for the axis `uncertain`. */
void mdl_uncertain_list(struct mdl_study *st);

/* Ties the study with all inputs at their low and at their high ends, so that what cannot hold is
 * told before any run. Returns 0 or SIM_EINPUT. */
int mdl_uncertain_try(const struct mdl_study *st, struct sim_err *err) SIM_CHECKED;

/* The study as one run of a scenario has it: own is *st but for net, balance, scenario[scenario]
 * and gate[scenario], which live in `a`; st must live as long. Drawn values go into the column
 * input_value of `res`, at its slot. Returns 0 or SIM_ERUN where the numbers do not fit together.
 */
int mdl_uncertain_draw(struct mdl_study *own, const struct mdl_study *st, uint32_t scenario,
                       struct sim_arena *a, uint32_t run, struct sim_result *res, size_t slot,
                       struct sim_err *err) SIM_CHECKED;

#endif
