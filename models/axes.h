/* The axes of a study's results: causes, pairs of firms, flows, groups, months and weeks. */
#ifndef MDL_AXES_H
#define MDL_AXES_H

#include "models/study.h"

/* Lists them, in the study's arena; its scenarios are linked to its network. */
void mdl_axes_list(struct mdl_study *st);

#endif
