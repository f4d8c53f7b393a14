#include "analysis/outcome_inner.h"
#include "analysis/sweep.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- levers ---- */

const char *ana_outcome_lever_name(const struct ana_outcome *o, size_t lever)
{
    const struct ana_points *x = &o->d->points[ANA_LEVER];
    char text[600] = "", value[200];

    for (size_t i = 0; i < x->k; i++) {
        ana_design_text(o->d, lever, x->factor[i], value, sizeof value);
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s = %s", i ? ", " : "",
                 o->d->factor[x->factor[i]].id, value);
    }
    return sim_arena_copy(o->a, text, strlen(text));
}

/* The outputs at the uncertain points of the plain sample, [*n][levers]: the others lie beside one
 * of them, and as many would look surer than they are. */
static const double *plain_sample(const struct ana_outcome *o, size_t levers, size_t *n)
{
    const struct ana_points *x = &o->d->points[ANA_UNCERTAINTY];
    double *y = sim_arena_alloc(o->a, x->n * levers, sizeof *y);

    *n = 0;
    for (size_t i = 0; i < x->n; i++)
        if (ana_outcome_sampled(x, i))
            memcpy(y + (*n)++ * levers, o->y + i * levers, levers * sizeof *y);
    return y;
}

static void regret(struct ana_levers *to, const struct ana_outcome *o, const double y[], size_t n)
{
    struct ana_regret *s = sim_arena_alloc(o->a, to->n, sizeof *s);
    double *size = sim_arena_alloc(o->a, to->n, sizeof *size);
    const size_t *order;

    to->n_left_out = ana_regret(s, y, n, to->n, (enum ana_good)o->plan.good, o->plan.level);
    to->n_point = n - to->n_left_out;
    for (size_t i = 0; i < to->n; i++)
        size[i] = -s[i].max;
    order = ana_outcome_order(o->a, size, to->n);
    to->regret = sim_arena_alloc(o->a, to->n, sizeof *to->regret);
    for (size_t j = 0; j < to->n; j++)
        to->regret[j] = (struct ana_lever_regret){ana_outcome_lever_name(o, order[j]), s[order[j]]};
}

static void satisfice(struct ana_levers *to, const struct ana_outcome *o, const double y[],
                      size_t n)
{
    struct ana_interval *s = sim_arena_alloc(o->a, to->n, sizeof *s);
    double *size = sim_arena_alloc(o->a, to->n, sizeof *size);
    const size_t *order;

    to->n_share_left_out = ana_satisfice(s, y, n, to->n, (enum ana_good)o->plan.good,
                                         o->plan.threshold, o->plan.level);
    to->n_share_point = n - to->n_share_left_out;
    for (size_t i = 0; i < to->n; i++)
        size[i] = s[i].at;
    order = ana_outcome_order(o->a, size, to->n);
    to->share = sim_arena_alloc(o->a, to->n, sizeof *to->share);
    for (size_t j = 0; j < to->n; j++)
        to->share[j] = (struct ana_lever_share){
            to->n > 1 ? ana_outcome_lever_name(o, order[j]) : "all", s[order[j]]};
}

void ana_outcome_levers(struct ana_levers *to, const struct ana_outcome *o)
{
    size_t n;
    const double *y;

    *to = (struct ana_levers){.n = o->d->points[ANA_LEVER].n};
    if (o->plan.good < 0)
        return;
    y = plain_sample(o, to->n, &n);
    if (to->n > 1)
        regret(to, o, y, n);
    if (!isnan(o->plan.threshold))
        satisfice(to, o, y, n);
}

/* ---- boxes ---- */

int ana_outcome_prim_check(const struct ana_design *d, struct sim_err *err)
{
    int rc = 0;

    if (d->points[ANA_UNCERTAINTY].part.method == ANA_MORRIS ||
        d->points[ANA_LEVER].part.method == ANA_MORRIS)
        rc = sim_err_add(err, SIM_EINPUT,
                         "--prim needs points that fill the space: random, lhs, "
                         "sobol or saltelli, not morris");
    for (size_t f = 0; f < d->n_factor; f++)
        if (ana_sweep_is_word(d, f) && d->factor[f].n_value > ANA_PRIM_WORDS)
            rc = sim_err_add(err, SIM_EINPUT, "--prim: %s has %zu words; at most %d can be told",
                             d->factor[f].id, d->factor[f].n_value, ANA_PRIM_WORDS);
    return rc;
}

void ana_outcome_prim(struct ana_prim *to, const struct ana_outcome *o)
{
    const struct ana_design *d = o->d;
    size_t k = d->n_factor, n = 0;
    double *x = sim_arena_alloc(o->a, d->n_point * k, sizeof *x),
           *y = sim_arena_alloc(o->a, d->n_point, sizeof *y);
    char *word = sim_arena_alloc(o->a, k, 1);
    const struct ana_prim_plan plan = {.alpha = 0.05,
                                       .mass = o->plan.mass,
                                       .density = o->plan.density,
                                       .n_box = ANA_OUTCOME_BOXES,
                                       .watch = o->plan.watch};

    for (size_t f = 0; f < k; f++)
        word[f] = (char)ana_sweep_is_word(d, f);
    for (size_t p = 0; p < d->n_point; p++) {
        int better = o->plan.good == ANA_MORE_IS_GOOD ? o->y[p] >= o->plan.threshold
                                                      : o->y[p] <= o->plan.threshold;

        if (!ana_outcome_is_sampled(o, p))
            continue;
        for (size_t f = 0; f < k; f++)
            x[n * k + f] = ana_design_x(d, p, f);
        y[n++] = isnan(o->y[p]) ? (double)NAN : !better;
    }
    ana_prim(to, o->a, x, y, n, k, word, &plan);
}
