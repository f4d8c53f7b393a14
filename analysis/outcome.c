#include "analysis/outcome_inner.h"

#include "sim/batch.h"
#include "sim/source.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* An output, and the label on the axis that it keeps. */
struct target {
    const struct sim_column *column;
    size_t n, at; /* numbers of a run; which of them */
};

/* ---- which ---- */

static int is_output(const struct sim_result *r, const struct sim_column *c)
{
    return c->n_axis >= 3 && c->type == SIM_F64 && strcmp(r->axis[c->axis[1]].name, "point") == 0 &&
           strcmp(r->axis[c->axis[2]].name, "run") == 0;
}

static void label_of(const struct sim_axis *x, size_t i, char number[32], const char **label)
{
    if (x->label == NULL)
        sim_text_show(x->value[i], number);
    *label = x->label ? x->label[i] : number;
}

static int no_label(const struct sim_axis *x, const char *output, const char *label,
                    struct sim_err *err)
{
    char mean[SIM_MEAN];

    return sim_err_add(
        err, SIM_EINPUT, "--output = %s: there is no '%s' on %s%s", output, label, x->name,
        sim_did_you_mean(x->label ? sim_nearest(label, x->label, x->n) : NULL, mean));
}

static int find_label(struct target *t, const struct sim_axis *x, const char *output,
                      const char *label, struct sim_err *err)
{
    t->n = x->n;
    if (label == NULL)
        return sim_err_add(err, SIM_EINPUT,
                           "--output = %s: it has a number for each %s: say %s:LABEL", output,
                           x->name, output);
    for (t->at = 0; t->at < x->n; t->at++) {
        char number[32];
        const char *is;

        label_of(x, t->at, number, &is);
        if (strcmp(is, label) == 0)
            return 0;
    }
    return no_label(x, output, label, err);
}

static int find_output(struct target *t, const struct sim_result *r, const char *output,
                       struct sim_arena *a, struct sim_err *err)
{
    const char **names = sim_arena_alloc(a, (size_t)r->n_column, sizeof *names), *colon;
    char mean[SIM_MEAN], *id = NULL;
    size_t n = 0;

    *t = (struct target){.n = 1};
    colon = output ? strchr(output, ':') : NULL;
    if (output)
        id = sim_arena_copy(a, output, colon ? (size_t)(colon - output) : strlen(output));
    for (int i = 0; i < r->n_column; i++) {
        const struct sim_column *c = &r->column[i];

        if (!is_output(r, c))
            continue;
        names[n++] = c->name;
        if (t->column == NULL && (id == NULL || strcmp(c->name, id) == 0))
            t->column = c;
    }
    if (t->column == NULL && n == 0)
        return sim_err_add(err, SIM_EINPUT, "the file has no runs: it is not a merged sweep");
    if (t->column == NULL)
        return sim_err_add(err, SIM_EINPUT, "--output = %s: the file has no such output%s", output,
                           sim_did_you_mean(sim_nearest(id, names, n), mean));
    if (t->column->n_axis == 3)
        return colon ? sim_err_add(err, SIM_EINPUT,
                                   "--output = %s: it is one number, without labels", output)
                     : 0;
    return find_label(t, &r->axis[t->column->axis[3]], output ? output : t->column->name,
                      colon ? colon + 1 : NULL, err);
}

const char **ana_outcome_names(struct sim_arena *a, const struct sim_result *r, size_t *n)
{
    size_t all = 0;
    const char **to;

    for (int i = 0; i < r->n_column; i++)
        if (is_output(r, &r->column[i]))
            all += r->column[i].n_axis == 3 ? 1 : r->axis[r->column[i].axis[3]].n;
    to = sim_arena_alloc(a, all, sizeof *to);
    *n = 0;
    for (int i = 0; i < r->n_column; i++) {
        const struct sim_column *c = &r->column[i];
        const struct sim_axis *x = c->n_axis == 4 ? &r->axis[c->axis[3]] : NULL;

        for (size_t k = 0; is_output(r, c) && k < (x ? x->n : 1); k++) {
            char number[32], *text;
            const char *label = "";

            if (x)
                label_of(x, k, number, &label);
            text = sim_arena_alloc(a, strlen(c->name) + strlen(label) + 2, 1);
            sprintf(text, "%s%s%s", c->name, x ? ":" : "", label);
            to[(*n)++] = text;
        }
    }
    return to;
}

static int find_scenario(const struct sim_result *r, const char *name, size_t *at,
                         struct sim_err *err)
{
    const struct sim_axis *x = &r->axis[sim_result_find_axis(r, "scenario")];
    char mean[SIM_MEAN];

    *at = x->n - 1;
    if (name == NULL)
        return 0;
    for (*at = 0; *at < x->n; ++*at)
        if (strcmp(x->label[*at], name) == 0)
            return 0;
    return sim_err_add(err, SIM_EINPUT, "--scenario = %s: the file has none of that name%s", name,
                       sim_did_you_mean(sim_nearest(name, x->label, x->n), mean));
}

/* ---- its values ---- */

/* The value of a run, or NAN where it is not done. */
static double value_of(const struct sim_result *r, const struct target *t, size_t slot)
{
    const int8_t *status = sim_result_find(r, "run_status")->data;

    return status[slot] == SIM_DONE ? ((const double *)t->column->data)[slot * t->n + t->at]
                                    : (double)NAN;
}

/* Values of the runs of all points: [points][runs]. */
static double *runs_of(const struct ana_outcome *o, const struct sim_result *r,
                       const struct target *t, size_t scenario, size_t runs)
{
    size_t n = o->d->n_point * runs;
    double *x = sim_arena_alloc(o->a, n, sizeof *x);

    for (size_t i = 0; i < n; i++) {
        x[i] = value_of(r, t, scenario * n + i);
        if (o->plan.against)
            x[i] -= value_of(r, t, i);
        if (isinf(x[i]))
            x[i] = NAN;
    }
    return x;
}

/* Points have random numbers of their own where luck is a factor. */
static int has_chance(const struct ana_design *d)
{
    return d->points[ANA_UNCERTAINTY].part.chance || d->points[ANA_LEVER].part.chance;
}

static void take_values(struct ana_outcome *o, const struct sim_result *r, const struct target *t,
                        size_t scenario)
{
    size_t points = o->d->n_point, runs = r->axis[sim_result_find_axis(r, "run")].n, n_var = 0;
    const double *x = runs_of(o, r, t, scenario, runs);
    double var = 0, all = 0;

    o->y = sim_arena_alloc(o->a, points, sizeof *o->y);
    for (size_t p = 0; p < points; p++) {
        struct ana_moments of;

        ana_stats_moments(x + p * runs, runs, &of);
        o->y[p] = of.mean;
        all += (double)of.n / (double)points;
        if (!isnan(of.var)) {
            var += of.var;
            n_var++;
        }
    }
    o->noise_var = n_var ? var / (double)n_var : (double)NAN;
    o->noise_runs = all;
    o->noise_mean_var = has_chance(o->d) ? o->noise_var / all : ana_noise(x, points, runs);
}

int ana_outcome_take(struct ana_outcome *to, struct sim_arena *a, const struct sim_result *r,
                     const struct ana_design *d, uint64_t seed, const struct ana_outcome_plan *plan,
                     struct sim_err *err)
{
    struct target t;
    size_t scenario, levers = d->points[ANA_LEVER].n;
    int rc, one;
    const char *const *label = r->axis[sim_result_find_axis(r, "scenario")].label;
    char what[600];

    *to = (struct ana_outcome){.a = a, .d = d, .seed = seed, .plan = *plan};
    if (sim_result_find(r, "run_status") == NULL)
        return sim_err_add(err, SIM_EINPUT, "the file is a plan: it has no runs yet");
    rc = find_output(&t, r, plan->output, a, err);
    one = find_scenario(r, plan->scenario, &scenario, err);
    rc = rc ? rc : one;
    if (rc == 0 && plan->against && scenario == 0)
        rc = sim_err_add(err, SIM_EINPUT, "--against base: %s is the base", label[0]);
    if (rc == 0 && plan->lever >= levers)
        rc = sim_err_add(err, SIM_EINPUT, "--lever = %zu: there are %zu points of levers, from 0",
                         plan->lever, levers);
    if (rc != 0)
        return rc;
    snprintf(what, sizeof what, "%s in %s%s%s", plan->output ? plan->output : t.column->name,
             label[scenario], plan->against ? ", less " : "", plan->against ? label[0] : "");
    to->what = sim_arena_copy(a, what, strlen(what));
    to->unit = t.column->units;
    take_values(to, r, &t, scenario);
    return 0;
}

/* ---- the plain sample ---- */

int ana_outcome_sampled(const struct ana_points *x, size_t i)
{
    size_t k = ana_outcome_columns(x);

    switch (x->part.method) {
    case ANA_SALTELLI:
        return i % (k + 2) == 0 || i % (k + 2) == k + 1;
    case ANA_MORRIS:
        return i % (k + 1) == 0;
    default:
        return 1;
    }
}

const struct ana_points *ana_outcome_looked_at(const struct ana_outcome *o)
{
    const struct ana_points *x = o->d->points;

    return ana_outcome_columns(&x[ANA_UNCERTAINTY]) > 0 ? &x[ANA_UNCERTAINTY] : &x[ANA_LEVER];
}

int ana_outcome_is_sampled(const struct ana_outcome *o, size_t p)
{
    const struct ana_points *x = ana_outcome_looked_at(o), *lever = &o->d->points[ANA_LEVER];

    return ana_outcome_sampled(x, x == lever ? p : p / lever->n);
}

double ana_outcome_quantile(const struct ana_outcome *o, double p)
{
    double *y = sim_arena_alloc(o->a, o->d->n_point, sizeof *y), q;
    size_t n = 0;

    for (size_t i = 0; i < o->d->n_point; i++)
        if (ana_outcome_is_sampled(o, i))
            y[n++] = o->y[i];
    ana_stats_quantiles(y, n, &p, 1, &q);
    return q;
}
