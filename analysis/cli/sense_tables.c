#include "analysis/cli/sense.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 30, RANGE = 48 };

static void say(const struct cmd_sense *m, const char *fmt, ...) SIM_FORMAT(2, 3);
static void say(const struct cmd_sense *m, const char *fmt, ...)
{
    va_list ap;

    if (m->quiet)
        return;
    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
}

static void *room(struct cmd_sense *m, size_t n, size_t size)
{
    return sim_arena_alloc(&m->w.arena, n, size);
}

static void found(struct cmd_sense *m, const char *method, const char *name, const char *measure,
                  const struct ana_interval *x)
{
    if (m->n_found == m->cap) {
        struct cmd_finding *more = room(m, m->cap ? 2 * m->cap : 64, sizeof *more);

        if (m->n_found > 0)
            memcpy(more, m->found, m->n_found * sizeof *more);
        m->found = more;
        m->cap = m->cap ? 2 * m->cap : 64;
    }
    m->found[m->n_found++] =
        (struct cmd_finding){.method = method, .name = name, .measure = measure, .x = *x};
}

static void found_number(struct cmd_sense *m, const char *method, const char *name,
                         const char *measure, double x, size_t n)
{
    found(m, method, name, measure, &(struct ana_interval){.n = n, .at = x, .lo = NAN, .hi = NAN});
}

/* "0.31 to 0.45", or "" where it is withheld. */
static const char *range(char to[RANGE], const struct ana_interval *x, const char *form)
{
    char lo[20], hi[20];

    *to = '\0';
    if (isnan(x->lo) || isnan(x->hi))
        return to;
    snprintf(lo, sizeof lo, form, x->lo);
    snprintf(hi, sizeof hi, form, x->hi);
    snprintf(to, RANGE, "%s to %s", lo, hi);
    return to;
}

/* ---- factors ---- */

static void left_out(const struct cmd_sense *m, size_t n, const char *what)
{
    if (n)
        say(m, "%zu %s left out: runs failed or are missing there\n", n, what);
}

static void sobol(struct cmd_sense *m, const struct ana_factors *f)
{
    char a[RANGE], b[RANGE];

    say(m, "Sobol' indices, %zu base rows; variance %.4g\n\n", f->n, f->variance);
    say(m, "%-*s %8s  %-17s %8s  %s\n", NAME, "factor", "first", "95 %", "total", "95 %");
    for (size_t j = 0; j < f->k; j++) {
        const struct ana_sobol *s = &f->sobol[j];

        say(m, "%-*.*s %8.3f  %-17s %8.3f  %s\n", NAME, NAME, f->name[j], s->first.at,
            range(a, &s->first, "%.3f"), s->total.at, range(b, &s->total, "%.3f"));
        found(m, "sobol", f->name[j], "first", &s->first);
        found(m, "sobol", f->name[j], "total", &s->total);
    }
    say(m, "%-*s %8.3f\n", NAME, "all first indices", f->first);
    found_number(m, "sobol", "all", "variance", f->variance, f->n);
    left_out(m, f->n_left_out, "base rows");
    if (f->chance)
        say(m, "chance: the share of luck, the numbers drawn within a run\n");
}

static void morris(struct cmd_sense *m, const struct ana_factors *f)
{
    char a[RANGE];

    say(m, "Elementary effects (Morris), %zu trajectories\n\n", f->n);
    say(m, "%-*s %11s  %-25s %11s %11s\n", NAME, "factor", "mu*", "95 %", "sigma", "mu");
    for (size_t j = 0; j < f->k; j++) {
        const struct ana_morris *s = &f->morris[j];

        say(m, "%-*.*s %11.4g  %-25s %11.4g %11.4g\n", NAME, NAME, f->name[j], s->mu_star.at,
            range(a, &s->mu_star, "%.4g"), s->sigma, s->mu);
        found(m, "morris", f->name[j], "mu_star", &s->mu_star);
        found_number(m, "morris", f->name[j], "sigma", s->sigma, f->n);
        found_number(m, "morris", f->name[j], "mu", s->mu, f->n);
    }
    left_out(m, f->n_left_out, "trajectories");
    say(m,
        "mu*: mean change over the whole range of the factor; sigma near mu* or above: its "
        "effect\nis not straight, or depends on others%s\n",
        f->chance ? "; chance: luck alone" : "");
}

static void ranks(struct cmd_sense *m, const struct ana_factors *f)
{
    char a[RANGE];

    say(m, "Regression on ranks, %zu points: R2 = %.2f%s\n\n", f->n, f->r2,
        f->r2 < ANA_OUTCOME_R2 ? " (below 0.7: do not rely on the order)" : "");
    say(m, "%-*s %11s  %s\n", NAME, "factor", "coefficient", "95 %");
    for (size_t j = 0; j < f->k; j++) {
        say(m, "%-*.*s %11.3f  %s\n", NAME, NAME, f->name[j], f->rank[j].at,
            range(a, &f->rank[j], "%.3f"));
        found(m, "ranks", f->name[j], "coefficient", &f->rank[j]);
    }
    found_number(m, "ranks", "all", "r2", f->r2, f->n);
    left_out(m, f->n_left_out, "points");
}

void cmd_sense_factors(struct cmd_sense *m)
{
    struct ana_factors f;

    cmd_progress_begin(&m->progress, "resamples", 0);
    ana_outcome_factors(&f, &m->o);
    cmd_progress_end(&m->progress);
    say(m, "%s (%s)", m->o.what, m->o.unit);
    if (ana_outcome_has_lever(&m->o))
        say(m, ", levers at their point %zu", m->o.plan.lever);
    say(m, "\n");
    switch (f.how) {
    case ANA_FACTORS_SOBOL:
        sobol(m, &f);
        break;
    case ANA_FACTORS_MORRIS:
        morris(m, &f);
        break;
    case ANA_FACTORS_RANKS:
        ranks(m, &f);
        break;
    case ANA_FACTORS_NONE:
        if (*f.why)
            say(m, "%s\n", f.why);
        break;
    }
}

void cmd_sense_noise(struct cmd_sense *m)
{
    struct ana_luck l;

    ana_outcome_luck(&l, &m->o);
    if (isnan(l.run_sd))
        return;
    say(m, "\nluck: single runs of a point differ by a standard deviation of %.4g", l.run_sd);
    found_number(m, "noise", "all", "run_sd", l.run_sd, l.n);
    if (isnan(l.share)) {
        say(m, "\n");
        return;
    }
    say(m, "; with %.3g runs of each\npoint it makes %.0f %% of the variance between points%s\n",
        m->o.noise_runs, 100 * l.share, l.share > 0.5 ? ": more runs are needed" : "");
    found_number(m, "noise", "all", "share", l.share, l.n);
}

/* ---- levers ---- */

static void regret(struct cmd_sense *m, const struct ana_levers *l)
{
    say(m,
        "\nRegret of levers (%s is good) at %zu points of the uncertainties, least worst first\n\n",
        m->o.plan.good == ANA_MORE_IS_GOOD ? "more" : "less", l->n_point);
    say(m, "%-42s %10s %10s %10s %10s  %s\n", "levers", "worst", "p90", "median", "mean",
        "best at");
    for (size_t j = 0; j < l->n; j++) {
        const struct ana_regret *x = &l->regret[j].x;
        const char *name = l->regret[j].name;

        if (j < m->top)
            say(m, "%-42.42s %10.4g %10.4g %10.4g %10.4g  %3.0f %%\n", name, x->max, x->p90, x->p50,
                x->mean, 100 * x->best.at);
        found_number(m, "regret", name, "max", x->max, l->n_point);
        found_number(m, "regret", name, "p90", x->p90, l->n_point);
        found_number(m, "regret", name, "p50", x->p50, l->n_point);
        found_number(m, "regret", name, "mean", x->mean, l->n_point);
        found(m, "regret", name, "best", &x->best);
    }
    if (l->n > m->top)
        say(m, "... and %zu more (--top)\n", l->n - m->top);
    left_out(m, l->n_left_out, "points");
}

static void satisfice(struct cmd_sense *m, const struct ana_levers *l)
{
    char a[RANGE];

    say(m, "\nShare of the %zu points of the uncertainties at which it is %s %.4g\n\n",
        l->n_share_point, m->o.plan.good == ANA_MORE_IS_GOOD ? "at least" : "at most",
        m->o.plan.threshold);
    say(m, "%-60s %8s  %s\n", "levers", "share", "95 %");
    for (size_t j = 0; j < l->n; j++) {
        const struct ana_lever_share *s = &l->share[j];

        if (j < m->top)
            say(m, "%-60.60s %8.3f  %s\n", s->name, s->x.at, range(a, &s->x, "%.3f"));
        found(m, "satisficing", s->name, "share", &s->x);
    }
    if (l->n > m->top)
        say(m, "... and %zu more (--top)\n", l->n - m->top);
    left_out(m, l->n_share_left_out, "points");
}

void cmd_sense_levers(struct cmd_sense *m)
{
    struct ana_levers l;

    ana_outcome_levers(&l, &m->o);
    if (l.n > 1 && l.regret == NULL)
        say(m, "\n%zu points of levers: say --good more or --good less to have them compared\n",
            l.n);
    if (l.regret)
        regret(m, &l);
    if (l.share)
        satisfice(m, &l);
}

/* ---- boxes ---- */

static void tell_limit(struct cmd_sense *m, const char *box, const struct ana_prim_limit *l)
{
    const struct ana_factor *f = &m->w.design.factor[l->factor];
    char sign[8], at[200], name[200];

    snprintf(name, sizeof name, "%s: %.150s", box, f->id);
    snprintf(sign, sizeof sign, "%s",
             l->side == ANA_PRIM_LOWER   ? ">"
             : l->side == ANA_PRIM_UPPER ? "<"
                                         : "not");
    if (l->side == ANA_PRIM_WITHOUT)
        snprintf(at, sizeof at, "%s", f->value[(size_t)l->at]);
    else
        snprintf(at, sizeof at, "%.4g", l->at);
    say(m, "    %-*.*s %3s %-12s quasi-p %.2g\n", NAME, NAME, f->id, sign, at, l->p);
    found_number(m, "prim", sim_arena_copy(&m->w.arena, name, strlen(name)),
                 l->side == ANA_PRIM_LOWER   ? "above"
                 : l->side == ANA_PRIM_UPPER ? "below"
                                             : "without",
                 l->at, 0);
}

static void tell_box(struct cmd_sense *m, const struct ana_prim_box *b, size_t i)
{
    char name[40];
    const char *box;

    snprintf(name, sizeof name, "box %zu", i + 1);
    box = sim_arena_copy(&m->w.arena, name, strlen(name));
    say(m,
        "\n  %s: %zu of its %zu points are worse (density %.2f);\n"
        "  it holds %.0f %% of the worse ones (coverage)\n",
        box, b->n_case, b->n_row, b->density, 100 * b->coverage);
    found_number(m, "prim", box, "density", b->density, b->n_row);
    found_number(m, "prim", box, "coverage", b->coverage, b->n_row);
    found_number(m, "prim", box, "mass", b->mass, b->n_row);
    for (size_t k = 0; k < b->n_limit; k++)
        tell_limit(m, box, &b->limit[k]);
}

void cmd_sense_prim(struct cmd_sense *m)
{
    const struct ana_outcome_plan *plan = &m->o.plan;
    struct ana_prim prim;

    cmd_progress_begin(&m->progress, "peels", 1);
    ana_outcome_prim(&prim, &m->o);
    cmd_progress_end(&m->progress);
    say(m, "\nWhere it is %s %.4g: %zu of %zu points (PRIM)\n",
        plan->good == ANA_MORE_IS_GOOD ? "below" : "above", plan->threshold, prim.n_case,
        prim.n_row);
    if (prim.n_box == 0 && (double)prim.n_case >= plan->density * (double)prim.n_row)
        say(m, "  that is as dense as --density asks of a box: ask for more\n");
    else if (prim.n_box == 0)
        say(m, "  no box of factors holds more of them than others\n");
    for (size_t i = 0; i < prim.n_box; i++)
        tell_box(m, &prim.box[i], i);
}
