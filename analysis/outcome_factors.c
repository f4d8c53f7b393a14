#include "analysis/outcome_inner.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

size_t *ana_outcome_order(struct sim_arena *a, const double size[], size_t n)
{
    size_t *at = sim_arena_alloc(a, n, sizeof *at);

    for (size_t i = 0; i < n; i++) {
        size_t j = i;

        for (; j > 0 && (size[i] > size[at[j - 1]] || (isnan(size[at[j - 1]]) && !isnan(size[i])));
             j--)
            at[j] = at[j - 1];
        at[j] = i;
    }
    return at;
}

/* Point i of x as a point of the design: uncertainties at one point of the levers. */
static size_t point_of(const struct ana_outcome *o, const struct ana_points *x, size_t i)
{
    const struct ana_points *lever = &o->d->points[ANA_LEVER];

    return x == lever ? i : i * lever->n + o->plan.lever;
}

static double *output_at(const struct ana_outcome *o, const struct ana_points *x)
{
    double *y = sim_arena_alloc(o->a, x->n, sizeof *y);

    for (size_t i = 0; i < x->n; i++)
        y[i] = o->y[point_of(o, x, i)];
    return y;
}

static struct ana_boot boot_of(const struct ana_outcome *o)
{
    return (struct ana_boot){
        .seed = o->seed, .n = ANA_OUTCOME_BOOT, .level = o->plan.level, .watch = o->plan.watch};
}

/* Names in the order of size[]; returns it. */
static const size_t *name_all(struct ana_factors *to, const struct ana_outcome *o,
                              const struct ana_points *x, const double size[])
{
    const size_t *order = ana_outcome_order(o->a, size, to->k);

    to->name = sim_arena_alloc(o->a, to->k, sizeof *to->name);
    to->factor = sim_arena_alloc(o->a, to->k, sizeof *to->factor);
    for (size_t j = 0; j < to->k; j++) {
        int luck = order[j] >= x->k;

        to->factor[j] = luck ? o->d->n_factor : x->factor[order[j]];
        to->name[j] = luck ? ANA_CHANCE : o->d->factor[to->factor[j]].id;
    }
    return order;
}

static void sobol(struct ana_factors *to, const struct ana_outcome *o, const struct ana_points *x)
{
    size_t k = to->k = ana_outcome_columns(x), n = x->n / (k + 2);
    struct ana_sobol *s = sim_arena_alloc(o->a, k, sizeof *s);
    double *size = sim_arena_alloc(o->a, k, sizeof *size);
    const struct ana_boot boot = boot_of(o);
    const size_t *order;

    to->how = ANA_FACTORS_SOBOL;
    to->n_left_out = ana_sobol(s, output_at(o, x), n, k, &boot, &to->variance);
    to->n = n - to->n_left_out;
    for (size_t i = 0; i < k; i++)
        size[i] = s[i].total.at;
    order = name_all(to, o, x, size);
    to->sobol = sim_arena_alloc(o->a, k, sizeof *to->sobol);
    for (size_t j = 0; j < k; j++) {
        to->sobol[j] = s[order[j]];
        to->first += s[order[j]].first.at;
    }
}

static void morris(struct ana_factors *to, const struct ana_outcome *o, const struct ana_points *x)
{
    size_t k = to->k = ana_outcome_columns(x), n = x->n / (k + 1);
    struct ana_morris *s = sim_arena_alloc(o->a, k, sizeof *s);
    double *size = sim_arena_alloc(o->a, k, sizeof *size);
    const struct ana_boot boot = boot_of(o);
    const size_t *order;

    to->how = ANA_FACTORS_MORRIS;
    to->n_left_out = ana_morris(s, output_at(o, x), x->moved, x->step, n, k, &boot);
    to->n = n - to->n_left_out;
    for (size_t i = 0; i < k; i++)
        size[i] = s[i].mu_star.at;
    order = name_all(to, o, x, size);
    to->morris = sim_arena_alloc(o->a, k, sizeof *to->morris);
    for (size_t j = 0; j < k; j++)
        to->morris[j] = s[order[j]];
}

/* The values of the factors, of listed numbers too: their place in the list is no rank. */
static double *values_of(const struct ana_outcome *o, const struct ana_points *x)
{
    double *to = sim_arena_alloc(o->a, x->n * x->k, sizeof *to);

    for (size_t i = 0; i < x->n * x->k; i++)
        to[i] = ana_design_x(o->d, point_of(o, x, i / x->k), x->factor[i % x->k]);
    return to;
}

static void ranks(struct ana_factors *to, const struct ana_outcome *o, const struct ana_points *x)
{
    struct ana_interval *s = sim_arena_alloc(o->a, x->k, sizeof *s);
    double *size = sim_arena_alloc(o->a, x->k, sizeof *size);
    const struct ana_boot boot = boot_of(o);
    struct sim_err why = SIM_ERR_INIT;
    const size_t *order;

    if (ana_ranks(s, &to->r2, values_of(o, x), output_at(o, x), x->n, x->k, &boot, &to->n_left_out,
                  &why) != 0) {
        snprintf(to->why, sizeof to->why, "%.*s", why.text ? (int)strcspn(why.text, "\n") : 0,
                 why.text ? why.text : "");
        if (*to->why == '\0')
            snprintf(to->why, sizeof to->why, "regression on ranks: cannot be done");
        sim_err_free(&why);
        return;
    }
    to->how = ANA_FACTORS_RANKS;
    to->k = x->k;
    to->n = x->n - to->n_left_out;
    for (size_t i = 0; i < x->k; i++)
        size[i] = fabs(s[i].at);
    order = name_all(to, o, x, size);
    to->rank = sim_arena_alloc(o->a, x->k, sizeof *to->rank);
    for (size_t j = 0; j < x->k; j++)
        to->rank[j] = s[order[j]];
}

int ana_outcome_has_lever(const struct ana_outcome *o)
{
    const struct ana_points *lever = &o->d->points[ANA_LEVER];

    return ana_outcome_looked_at(o) != lever && lever->n > 1;
}

void ana_outcome_factors(struct ana_factors *to, const struct ana_outcome *o)
{
    const struct ana_points *x = ana_outcome_looked_at(o);

    *to = (struct ana_factors){.chance = x->part.chance, .r2 = NAN};
    if (ana_outcome_columns(x) == 0)
        return;
    switch (x->part.method) {
    case ANA_SALTELLI:
        sobol(to, o, x);
        break;
    case ANA_MORRIS:
        morris(to, o, x);
        break;
    default:
        ranks(to, o, x);
        break;
    }
}

void ana_outcome_luck(struct ana_luck *to, const struct ana_outcome *o)
{
    struct ana_moments of;

    ana_stats_moments(o->y, o->d->n_point, &of);
    *to = (struct ana_luck){.n = of.n, .run_sd = sqrt(o->noise_var), .share = NAN};
    if (of.var > 0 && !isnan(o->noise_mean_var) && !isnan(o->noise_var))
        to->share = fmin(1, o->noise_mean_var / of.var);
}
