#include "models/maker.h"

#include <math.h>

/* The input of which the site has the least for the day's needs; UINT32_MAX if it has enough of
 * all. */
static uint32_t scarcest(const struct mdl_state *w, const struct mdl_site *s)
{
    uint32_t worst = UINT32_MAX;
    double least = 1;

    for (uint32_t i = s->first_point; i < s->first_point + s->n_point; i++) {
        const struct mdl_point_state *p = &w->point[i];
        double need = (double)(p->need[0] + p->need[1]),
               f = need > 0 ? (double)(p->on_hand[0] + p->on_hand[1]) / need : 1;

        if (f < least) {
            least = f;
            worst = i;
        }
    }
    return worst;
}

/* USD that a unit of the scarcest input earns in a process: value of outputs minus that of inputs.
 * INFINITY if it takes none of it. */
static double margin(const struct mdl_state *w, uint32_t k, uint32_t point)
{
    const struct mdl_process *q = &w->net->process[k];
    const struct mdl_recipe *r = mdl_recipe_of(w, k);
    double usd = 0, takes = 0;

    for (uint32_t j = 0; j < r->n_out; j++)
        usd += r->out[j].units * q->yield * w->net->product[r->out[j].product].value_usd;
    for (uint32_t j = 0; j < r->n_in; j++) {
        usd -= r->in[j].units * w->net->product[r->in[j].product].value_usd;
        if (q->in_point[j] == point)
            takes += r->in[j].units;
    }
    return takes > 0 ? usd / takes : INFINITY;
}

const uint32_t *mdl_ration_turns(struct mdl_state *w, uint32_t site)
{
    const struct mdl_site *s = &w->net->site[site];
    uint32_t at = scarcest(w, s);

    if (s->ration == MDL_RATION_PROPORTIONAL || at == UINT32_MAX)
        return NULL;
    for (uint32_t i = 0; i < s->n_process; i++) {
        uint32_t k = s->first_process + i, to = i;
        double key = s->ration == MDL_RATION_PRIORITY ? -(double)w->net->process[k].priority
                                                      : margin(w, k, at);

        for (; to > 0 && w->turn_key[to - 1] < key; to--) {
            w->turn[to] = w->turn[to - 1];
            w->turn_key[to] = w->turn_key[to - 1];
        }
        w->turn[to] = k;
        w->turn_key[to] = key;
    }
    return w->turn;
}
