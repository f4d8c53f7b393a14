#include "analysis/best.h"
#include "analysis/compare_inner.h"

/* The screening with `sign` times the losses, into can[n_versus]. */
static int screen(struct ana_compare *c, double sign, double x[], int can[])
{
    for (size_t i = 0; i < c->n_versus; i++)
        for (size_t r = 0; r < c->n_run; r++)
            x[i * c->n_run + r] = sign * c->versus[i].loss[r];
    return ana_best(x, c->n_versus, c->n_run, 0.95, can);
}

void ana_compare_best(struct ana_compare *c)
{
    size_t n = c->n_versus;
    double *x = sim_arena_alloc(&c->arena, n * c->n_run, sizeof *x);
    int *least = sim_arena_alloc(&c->arena, n, sizeof *least),
        *most = sim_arena_alloc(&c->arena, n, sizeof *most);

    for (size_t i = 0; i < n; i++)
        if (!c->versus[i].loss)
            return;
    if (n < 2)
        return;
    c->ranked = screen(c, 1.0, x, least) && screen(c, -1.0, x, most);
    for (size_t i = 0; i < n; i++) {
        c->versus[i].can_least = least[i];
        c->versus[i].can_most = most[i];
    }
}
