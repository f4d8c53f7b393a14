#include "analysis/report_sweep_inner.h"
#include "analysis/sweep.h"

#include <math.h>
#include <string.h>

/* The answer of a sweep in sentences. */

void ana_swept_size(char to[ANA_SHOW_CELL], double x)
{
    if (isfinite(x) && fabs(x) < 9999.5)
        snprintf(to, ANA_SHOW_CELL, fabs(x) < 999.5 ? "%.3g" : "%.0f", x == 0 ? 0.0 : x);
    else
        ana_show_usd(to, x);
}

void ana_swept_interval(struct ana_para *to, const struct ana_interval *x, int is_share)
{
    char lo[ANA_SHOW_CELL], hi[ANA_SHOW_CELL];

    if (isnan(x->lo) || isnan(x->hi))
        return;
    ana_swept_size(lo, x->lo);
    ana_swept_size(hi, x->hi);
    if (is_share)
        ana_para_add(to, " (95 %%: %.0f to %.0f %%)", 100 * x->lo, 100 * x->hi);
    else
        ana_para_add(to, " (95 %%: %s to %s)", lo, hi);
}

/* "luck" for the pseudo factor. */
static const char *name_of(const struct ana_factors *f, size_t i)
{
    return strcmp(f->name[i], ANA_CHANCE) == 0 ? "luck" : f->name[i];
}

static int overlap(const struct ana_interval *x, const struct ana_interval *y)
{
    return x->lo <= y->hi && y->lo <= x->hi;
}

/* What the first two are called where their order is not sure. */
static void say_order(struct ana_para *to, const struct ana_factors *f,
                      const struct ana_interval *first, const struct ana_interval *second)
{
    if (overlap(first, second))
        ana_para_add(to, " The intervals of %s and %s overlap: their order is not sure.",
                     name_of(f, 0), name_of(f, 1));
}

/* ---- the factors ---- */

static void say_sobol(struct ana_para *to, const struct ana_view *v)
{
    const struct ana_factors *f = &v->f;

    if (isnan(f->sobol[0].total.at)) {
        ana_para_add(to, "What decides %s is not told: too few runs are done.", v->o.what);
        return;
    }
    ana_para_add(to,
                 "%s decides most of %s: as long as it is not known, %.0f %% of the variance stay",
                 name_of(f, 0), v->o.what, 100 * f->sobol[0].total.at);
    ana_swept_interval(to, &f->sobol[0].total, 1);
    ana_para_add(to, "; known by itself it takes away %.0f %%", 100 * f->sobol[0].first.at);
    ana_swept_interval(to, &f->sobol[0].first, 1);
    ana_para_add(to, ".");
    for (size_t i = 1; i < f->k && i < 3; i++) {
        ana_para_add(to, "%s %s %.0f %%", i == 1 ? " Next:" : ",", name_of(f, i),
                     100 * f->sobol[i].total.at);
        ana_swept_interval(to, &f->sobol[i].total, 1);
    }
    if (f->k > 1) {
        ana_para_add(to, ".");
        say_order(to, f, &f->sobol[0].total, &f->sobol[1].total);
    }
    if (f->sobol[0].total.hi - f->sobol[0].total.lo > 0.5)
        ana_para_add(to, " The intervals are wide: %zu base rows are few.", f->n);
    else if (f->first > 0 && f->first < 0.95)
        ana_para_add(to,
                     " Alone they take away %.0f %%; the other %.0f %% come only from several "
                     "together.",
                     100 * f->first, 100 * (1 - f->first));
}

static void say_morris(struct ana_para *to, const struct ana_view *v)
{
    const struct ana_factors *f = &v->f;
    char size[ANA_SHOW_CELL];
    size_t bent = 0;

    ana_swept_size(size, f->morris[0].mu_star.at);
    ana_para_add(to, "%s moves %s most: over its whole range by %s%s on average", name_of(f, 0),
                 v->o.what, size, v->unit);
    ana_swept_interval(to, &f->morris[0].mu_star, 0);
    if (fabs(f->morris[0].mu) > 0.9 * f->morris[0].mu_star.at)
        ana_para_add(to, f->morris[0].mu > 0 ? ", upwards" : ", downwards");
    ana_para_add(to, ".");
    for (size_t i = 1; i < f->k && i < 3; i++) {
        ana_swept_size(size, f->morris[i].mu_star.at);
        ana_para_add(to, "%s %s %s", i == 1 ? " Next:" : ",", name_of(f, i), size);
        ana_swept_interval(to, &f->morris[i].mu_star, 0);
    }
    if (f->k > 1) {
        ana_para_add(to, ".");
        say_order(to, f, &f->morris[0].mu_star, &f->morris[1].mu_star);
    }
    for (size_t i = 0; i < f->k; i++)
        bent += f->morris[i].sigma >= f->morris[i].mu_star.at && f->morris[i].mu_star.at > 0;
    if (bent)
        ana_para_add(to,
                     " The effect of %zu of %zu factors is not straight, or depends on others: "
                     "sigma is mu* or more.",
                     bent, f->k);
    if (f->n < ANA_STATS_MIN)
        ana_para_add(to, " %zu trajectories are too few for intervals.", f->n);
}

static void say_ranks(struct ana_para *to, const struct ana_view *v)
{
    const struct ana_factors *f = &v->f;

    if (f->r2 < ANA_OUTCOME_R2) {
        ana_para_add(to,
                     "%s does not simply rise or fall with the factors: their ranks explain %.0f "
                     "%% of the variance of its own. Do not rely on their order below; look at how "
                     "it answers.",
                     v->o.what, 100 * f->r2);
        return;
    }
    ana_para_add(to, "%s %s most with %s: coefficient of ranks %.2f", v->o.what,
                 f->rank[0].at > 0 ? "rises" : "falls", name_of(f, 0), f->rank[0].at);
    ana_swept_interval(to, &f->rank[0], 0);
    ana_para_add(to, ".");
    for (size_t i = 1; i < f->k && i < 3; i++) {
        ana_para_add(to, "%s %s %.2f", i == 1 ? " Next:" : ",", name_of(f, i), f->rank[i].at);
        ana_swept_interval(to, &f->rank[i], 0);
    }
    ana_para_add(to, "%s Together they explain %.0f %% of the variance of ranks.",
                 f->k > 1 ? "." : "", 100 * f->r2);
}

static void say_luck(struct ana_para *to, const struct ana_view *v)
{
    char size[ANA_SHOW_CELL];

    if (isnan(v->luck.run_sd))
        return;
    ana_swept_size(size, v->luck.run_sd);
    ana_para_add(to, " Single runs of a point differ by a standard deviation of %s", size);
    if (!isnan(v->luck.share))
        ana_para_add(to, "; with %.3g runs of each, luck makes %.0f %% of what points differ by%s",
                     v->o.noise_runs, 100 * v->luck.share,
                     v->luck.share > 0.5 ? ", so more runs are needed" : "");
    ana_para_add(to, ".");
}

void ana_swept_say(struct ana_view *v)
{
    struct ana_para *to = &v->answer;
    char size[ANA_SHOW_CELL];

    if (v->is_constant) {
        ana_swept_size(size, ana_outcome_quantile(&v->o, 0.5));
        ana_para_add(to, "%s is %s at all points: nothing decides it.", v->o.what, size);
        return;
    }
    if (v->f.how == ANA_FACTORS_SOBOL)
        say_sobol(to, v);
    else if (v->f.how == ANA_FACTORS_MORRIS)
        say_morris(to, v);
    else if (v->f.how == ANA_FACTORS_RANKS)
        say_ranks(to, v);
    else if (*v->f.why)
        ana_para_add(to, "What decides %s is not told: %s.", v->o.what, v->f.why);
    say_luck(to, v);
}

/* ---- what goes wrong, what is robust ---- */

void ana_swept_say_box(struct ana_para *to, const struct ana_design *d,
                       const struct ana_prim_box *b)
{
    for (size_t i = 0; i < b->n_limit; i++) {
        const struct ana_prim_limit *l = &b->limit[i];
        const struct ana_factor *f = &d->factor[l->factor];

        if (i)
            ana_para_add(to, i + 1 == b->n_limit ? " and " : ", ");
        if (l->side == ANA_PRIM_WITHOUT)
            ana_para_add(to, "%s not %s", f->id, f->value[(size_t)l->at]);
        else
            ana_para_add(to, "%s %c %.4g", f->id, l->side == ANA_PRIM_LOWER ? '>' : '<', l->at);
    }
}

static void say_prim(struct ana_para *to, const struct ana_view *v, const struct ana_side *s)
{
    const struct ana_prim *p = &s->prim;
    char limit[ANA_SHOW_CELL];

    ana_swept_size(limit, s->threshold);
    if (p->n_case == 0 && s->usual) {
        ana_para_add(to,
                     "%s is %s, its %s, at a tenth of the points or more: no tenth is worse than "
                     "others. --threshold chooses what is bad.",
                     v->o.what, limit, s->good == ANA_MORE_IS_GOOD ? "least" : "most");
        return;
    }
    ana_para_add(to, "%s is %s %s%s at %zu of %zu points.", v->o.what,
                 s->good == ANA_MORE_IS_GOOD ? "below" : "above", limit,
                 !s->usual                     ? ""
                 : s->good == ANA_MORE_IS_GOOD ? " (the 10 % quantile)"
                                               : " (the 90 % quantile)",
                 p->n_case, p->n_row);
    if (p->n_box == 0) {
        ana_para_add(to, (double)p->n_case >= v->o.plan.density * (double)p->n_row
                             ? " That is most of them, so no box is looked for."
                             : " No box of factors holds more of them than others.");
        return;
    }
    ana_para_add(to, " %.0f %% of these have ", 100 * p->box[0].coverage);
    ana_swept_say_box(to, v->o.d, &p->box[0]);
    ana_para_add(to, "; of all points there %.0f %% are that bad.", 100 * p->box[0].density);
}

static void say_levers(struct ana_para *to, const struct ana_view *v, const struct ana_side *s)
{
    const struct ana_levers *l = &s->levers;
    char size[ANA_SHOW_CELL], limit[ANA_SHOW_CELL];

    if (l->regret && l->n_point > 1) {
        ana_swept_size(size, l->regret[0].x.max);
        ana_para_add(to,
                     "Of %zu points of levers %s is the most robust: at %zu points of the "
                     "uncertainties it is never more than %s%s worse than the best, and best (or "
                     "as good) at %.0f %%",
                     l->n, l->regret[0].name, l->n_point, size, v->unit,
                     100 * l->regret[0].x.best.at);
        ana_swept_interval(to, &l->regret[0].x.best, 1);
        ana_swept_size(size, l->regret[1].x.max);
        ana_para_add(to, "; %s, the next, is up to %s worse.", l->regret[1].name, size);
    }
    if (l->share && !s->usual && l->n_share_point > 0) {
        ana_swept_size(limit, s->threshold);
        ana_para_add(to, "%sIt is %s %s at %.0f %% of points", to->n ? " " : "",
                     s->good == ANA_MORE_IS_GOOD ? "at least" : "at most", limit,
                     100 * l->share[0].x.at);
        ana_swept_interval(to, &l->share[0].x, 1);
        if (l->n > 1)
            ana_para_add(to, " with %s, the most of all", l->share[0].name);
        ana_para_add(to, ".");
    }
}

void ana_swept_say_side(struct ana_view *v, struct ana_side *s)
{
    if (v->is_constant)
        return;
    if (s->has_prim)
        say_prim(&s->answer[0], v, s);
    if (s->levers.n > 1 || !s->usual)
        say_levers(&s->answer[1], v, s);
}
