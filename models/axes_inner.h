/* How axes with labels are put together. Internal to result.c, axes_lists.c and
 * axes_measure.c. */
#ifndef MDL_AXES_INNER_H
#define MDL_AXES_INNER_H

#include "sim/result.h"

#include <string.h>

/* Room for n texts. */
static inline const char **labels(struct sim_result *r, size_t n)
{
    return sim_arena_alloc(&r->arena, n, sizeof(char *));
}

/* Adds an axis of n texts with coordinates. */
static inline void add_texts(struct sim_result *res, const char *name, const char *long_name,
                             const char **text, size_t n, const struct sim_coord *coord,
                             int n_coord)
{
    struct sim_axis a = {
        .name = name, .long_name = long_name, .n = n, .label = text, .n_coord = n_coord};

    memcpy(a.coord, coord ? coord : a.coord, (size_t)n_coord * sizeof *coord);
    sim_result_axis(res, &a);
}

static inline struct sim_coord text_coord(const char *name, const char *long_name,
                                          const char *const *label)
{
    return (struct sim_coord){.name = name, .long_name = long_name, .label = label};
}

static inline struct sim_coord real_coord(const char *name, const char *long_name,
                                          const char *units, const double *v)
{
    return (struct sim_coord){.name = name, .long_name = long_name, .units = units, .value = v};
}

#endif
