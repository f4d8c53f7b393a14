/* The axes of a study's results: causes, pairs of firms, flows, groups, months and weeks. */
#ifndef MDL_AXES_H
#define MDL_AXES_H

#include "models/study.h"

/* Lists them, in the study's arena; its scenarios are linked to its network. */
void mdl_axes_list(struct mdl_study *st);

/* The same for what measures need: stages, goods, links, cohorts, periods, and when something
 * differs. */
void mdl_axes_list_measures(struct mdl_study *st);

/* Adds the axes stage, goods, watched, link, period and cohort to a result that has flow and week.
 */
void mdl_axes_measures(struct sim_result *res, const struct mdl_study *st);

/* Adds the axes of shocks, prices, reserves, recycling and uncertain inputs, where there are any.
 */
void mdl_axes_lists(struct sim_result *res, const struct mdl_study *st);

#endif
