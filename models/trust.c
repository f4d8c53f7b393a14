#include "models/trust.h"

#include <math.h>
#include <string.h>

enum { ESTIMATE = 2, SWEEPS = 200 };

struct trust {
    const struct mdl_balance *b;
    double *point;        /* [n_point] the share sought */
    double *sum, *weight; /* [n_point] of the sweep in hand */
};

static void arrive(struct trust *t, uint32_t point, double quantity, double share)
{
    t->sum[point] += quantity * share;
    t->weight[point] += quantity;
}

static double of_process(const struct trust *t, uint32_t k)
{
    const struct mdl_network *n = t->b->net;
    const struct mdl_process *p = &n->process[k];
    const struct mdl_recipe *r = &n->recipe[p->recipe];
    double worst = 0;

    if (p->status == ESTIMATE || n->site[p->site].status == ESTIMATE || r->status == ESTIMATE)
        return 1;
    for (uint32_t j = 0; j < r->n_in; j++)
        worst = fmax(worst, t->point[p->in_point[j]]);
    return worst;
}

/* Returns the largest change. What has no flow in the steady state has a little, as in balance.c.
 */
static double sweep(struct trust *t)
{
    const struct mdl_balance *b = t->b;
    const struct mdl_network *n = b->net;
    double change = 0;

    memset(t->sum, 0, n->n_point * sizeof *t->sum);
    memset(t->weight, 0, n->n_point * sizeof *t->weight);
    for (uint32_t k = 0; k < n->n_process; k++) {
        const struct mdl_recipe *r = &n->recipe[n->process[k].recipe];

        for (uint32_t j = 0; j < r->n_out; j++)
            arrive(t, n->process[k].out_point[j],
                   (b->level[0][k] + b->level[1][k] + 1e-9) * (double)r->out[j].num /
                       (double)r->out[j].den,
                   of_process(t, k));
    }
    for (uint32_t i = 0; i < n->n_lane; i++) {
        const struct mdl_lane *l = &n->lane[i];

        arrive(t, l->to_point, b->flow[0][i] + b->flow[1][i] + 1e-9 * l->share + 1e-12,
               l->status == ESTIMATE ? 1 : t->point[l->from_point]);
    }
    for (uint32_t i = 0; i < n->n_point; i++) {
        double x = t->weight[i] > 0 ? t->sum[i] / t->weight[i] : 0;

        change = fmax(change, fabs(x - t->point[i]));
        t->point[i] = x;
    }
    return change;
}

void mdl_trust_markets(double share[], const struct mdl_balance *b, struct sim_arena *a)
{
    const struct mdl_network *n = b->net;
    struct trust t = {.b = b,
                      .point = sim_arena_alloc(a, n->n_point, sizeof(double)),
                      .sum = sim_arena_alloc(a, n->n_point, sizeof(double)),
                      .weight = sim_arena_alloc(a, n->n_point, sizeof(double))};

    for (int i = 0; i < SWEEPS && sweep(&t) > 1e-12; i++)
        ;
    for (uint32_t i = 0; i < n->n_demand; i++)
        share[i] = n->demand[i].status == ESTIMATE ? 1 : t.point[n->demand[i].point];
}
