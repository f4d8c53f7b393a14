/* What is true in one run though nobody publishes it: which rules exist, which goods and firms are
 * on lists, which buyers are suspected, which exporters take no orders. Drawn once per run, keyed
 * by names, so that a run has the same world whatever else a scenario changes. */
#ifndef MDL_WORLD_H
#define MDL_WORLD_H

#include "models/scenario.h"

struct mdl_world {
    const struct mdl_scenario *scenario;
    char *exists;    /* [n_rule] */
    char **goods;    /* [n_rule] of [n_product]: covered; NULL = all that can be */
    char **buyer;    /* [n_rule] of [n_site]: on the list; NULL = all that can be */
    char **exporter; /* the same */
    char **suspect;  /* [n_rule] of [n_site]: suspected buyers; NULL = nobody */
    char **declines; /* [n_rule] of [n_site]: exporters that take no new orders; NULL = nobody */
};

/* Draws the world of a run; everything lives in `a`. */
void mdl_world_draw(struct mdl_world *w, struct sim_arena *a, const struct mdl_scenario *s,
                    const struct mdl_network *n, uint64_t seed, uint32_t run);

#endif
