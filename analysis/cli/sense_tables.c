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

/* The factors of a kind as columns of its design; luck comes last. */
static size_t columns(const struct ana_points *x)
{
    return x->k + (size_t)x->part.chance;
}

/* Is the point one of a plain sample? Of a Saltelli design A and B are, and of a Morris design
 * where each trajectory begins. */
static int is_sampled(const struct ana_points *x, size_t i)
{
    size_t k = columns(x);

    switch (x->part.method) {
    case ANA_SALTELLI:
        return i % (k + 2) == 0 || i % (k + 2) == k + 1;
    case ANA_MORRIS:
        return i % (k + 1) == 0;
    default:
        return 1;
    }
}

static const char *name_of(const struct cmd_sense *m, const struct ana_points *x, size_t k)
{
    return k < x->k ? m->w.design.factor[x->factor[k]].id : ANA_CHANCE;
}

/* Columns by what ranks them, largest first; equals in their order. */
static size_t *by_size(struct cmd_sense *m, const double size[], size_t k)
{
    size_t *at = room(m, k, sizeof *at);

    for (size_t i = 0; i < k; i++) {
        size_t j = i;

        for (; j > 0 && (size[i] > size[at[j - 1]] || (isnan(size[at[j - 1]]) && !isnan(size[i])));
             j--)
            at[j] = at[j - 1];
        at[j] = i;
    }
    return at;
}

/* The points that are looked at: of the uncertainties; of levers where nothing is uncertain. */
static const struct ana_points *looked_at(const struct cmd_sense *m)
{
    const struct ana_points *x = m->w.design.points;

    return columns(&x[ANA_UNCERTAINTY]) > 0 ? &x[ANA_UNCERTAINTY] : &x[ANA_LEVER];
}

/* Point i of them as a point of the design: uncertainties at one point of the levers. */
static size_t point_of(const struct cmd_sense *m, const struct ana_points *x, size_t i)
{
    return x == &m->w.design.points[ANA_LEVER] ? i : i * m->w.design.points[ANA_LEVER].n + m->lever;
}

static double *output_at(struct cmd_sense *m, const struct ana_points *x)
{
    double *y = room(m, x->n, sizeof *y);

    for (size_t i = 0; i < x->n; i++)
        y[i] = m->y[point_of(m, x, i)];
    return y;
}

/* From now on its resamples are counted. */
static struct ana_boot boot_of(struct cmd_sense *m)
{
    cmd_progress_begin(&m->progress, "resamples", 0);
    return (struct ana_boot){
        .seed = (uint64_t)m->w.seed, .n = CMD_SENSE_BOOT, .level = m->level, .watch = &m->watch};
}

static void left_out(const struct cmd_sense *m, size_t n, const char *what)
{
    if (n)
        say(m, "%zu %s left out: runs failed or are missing there\n", n, what);
}

static void sobol(struct cmd_sense *m, const struct ana_points *x)
{
    size_t k = columns(x), n = x->n / (k + 2), out, *order;
    struct ana_sobol *s = room(m, k, sizeof *s);
    struct ana_boot boot = boot_of(m);
    double *size = room(m, k, sizeof *size), var, sum = 0;
    char a[RANGE], b[RANGE];

    out = ana_sobol(s, output_at(m, x), n, k, &boot, &var);
    cmd_progress_end(&m->progress);
    for (size_t i = 0; i < k; i++)
        size[i] = s[i].total.at;
    order = by_size(m, size, k);
    say(m, "Sobol' indices, %zu base rows; variance %.4g\n\n", n - out, var);
    say(m, "%-*s %8s  %-17s %8s  %s\n", NAME, "factor", "first", "95 %", "total", "95 %");
    for (size_t j = 0; j < k; j++) {
        size_t i = order[j];

        say(m, "%-*.*s %8.3f  %-17s %8.3f  %s\n", NAME, NAME, name_of(m, x, i), s[i].first.at,
            range(a, &s[i].first, "%.3f"), s[i].total.at, range(b, &s[i].total, "%.3f"));
        found(m, "sobol", name_of(m, x, i), "first", &s[i].first);
        found(m, "sobol", name_of(m, x, i), "total", &s[i].total);
        sum += s[i].first.at;
    }
    say(m, "%-*s %8.3f\n", NAME, "all first indices", sum);
    found_number(m, "sobol", "all", "variance", var, n - out);
    left_out(m, out, "base rows");
    if (x->part.chance)
        say(m, "chance: the share of luck, the numbers drawn within a run\n");
}

static void morris(struct cmd_sense *m, const struct ana_points *x)
{
    size_t k = columns(x), n = x->n / (k + 1), out, *order;
    struct ana_morris *s = room(m, k, sizeof *s);
    struct ana_boot boot = boot_of(m);
    double *size = room(m, k, sizeof *size);
    char a[RANGE];

    out = ana_morris(s, output_at(m, x), x->moved, x->step, n, k, &boot);
    cmd_progress_end(&m->progress);
    for (size_t i = 0; i < k; i++)
        size[i] = s[i].mu_star.at;
    order = by_size(m, size, k);
    say(m, "Elementary effects (Morris), %zu trajectories\n\n", n - out);
    say(m, "%-*s %11s  %-25s %11s %11s\n", NAME, "factor", "mu*", "95 %", "sigma", "mu");
    for (size_t j = 0; j < k; j++) {
        size_t i = order[j];

        say(m, "%-*.*s %11.4g  %-25s %11.4g %11.4g\n", NAME, NAME, name_of(m, x, i),
            s[i].mu_star.at, range(a, &s[i].mu_star, "%.4g"), s[i].sigma, s[i].mu);
        found(m, "morris", name_of(m, x, i), "mu_star", &s[i].mu_star);
        found_number(m, "morris", name_of(m, x, i), "sigma", s[i].sigma, n - out);
        found_number(m, "morris", name_of(m, x, i), "mu", s[i].mu, n - out);
    }
    left_out(m, out, "trajectories");
    say(m,
        "mu*: mean change over the whole range of the factor; sigma near mu* or above: its "
        "effect\nis not straight, or depends on others%s\n",
        x->part.chance ? "; chance: luck alone" : "");
}

/* The values of the factors, of listed numbers too: their place in the list is no rank. */
static double *values_of(struct cmd_sense *m, const struct ana_points *x)
{
    double *to = room(m, x->n * x->k, sizeof *to);

    for (size_t i = 0; i < x->n * x->k; i++)
        to[i] = ana_design_x(&m->w.design, point_of(m, x, i / x->k), x->factor[i % x->k]);
    return to;
}

static void ranks(struct cmd_sense *m, const struct ana_points *x)
{
    size_t k = x->k, out, *order;
    struct ana_interval *s = room(m, k, sizeof *s);
    struct ana_boot boot = boot_of(m);
    struct sim_err why = SIM_ERR_INIT;
    double *size = room(m, k, sizeof *size), r2;
    char a[RANGE];
    int rc;

    rc = ana_ranks(s, &r2, values_of(m, x), output_at(m, x), x->n, k, &boot, &out, &why);
    cmd_progress_end(&m->progress);
    if (rc != 0) {
        say(m, "%s", why.text ? why.text : "regression on ranks: cannot be done\n");
        sim_err_free(&why);
        return;
    }
    for (size_t i = 0; i < k; i++)
        size[i] = fabs(s[i].at);
    order = by_size(m, size, k);
    say(m, "Regression on ranks, %zu points: R2 = %.2f%s\n\n", x->n - out, r2,
        r2 < 0.7 ? " (below 0.7: do not rely on the order)" : "");
    say(m, "%-*s %11s  %s\n", NAME, "factor", "coefficient", "95 %");
    for (size_t j = 0; j < k; j++) {
        size_t i = order[j];

        say(m, "%-*.*s %11.3f  %s\n", NAME, NAME, name_of(m, x, i), s[i].at,
            range(a, &s[i], "%.3f"));
        found(m, "ranks", name_of(m, x, i), "coefficient", &s[i]);
    }
    found_number(m, "ranks", "all", "r2", r2, x->n - out);
    left_out(m, out, "points");
}

void cmd_sense_factors(struct cmd_sense *m)
{
    const struct ana_points *x = looked_at(m);

    say(m, "%s (%s)", m->what, m->unit);
    if (x != &m->w.design.points[ANA_LEVER] && m->w.design.points[ANA_LEVER].n > 1)
        say(m, ", levers at their point %zu", m->lever);
    say(m, "\n");
    if (columns(x) == 0)
        return;
    switch (x->part.method) {
    case ANA_SALTELLI:
        sobol(m, x);
        break;
    case ANA_MORRIS:
        morris(m, x);
        break;
    default:
        ranks(m, x);
        break;
    }
}

void cmd_sense_noise(struct cmd_sense *m)
{
    struct ana_moments of;
    double share;

    if (isnan(m->noise_var))
        return;
    ana_stats_moments(m->y, m->w.design.n_point, &of);
    share = fmin(1, m->noise_mean_var / of.var);
    say(m, "\nluck: single runs of a point differ by a standard deviation of %.4g",
        sqrt(m->noise_var));
    found_number(m, "noise", "all", "run_sd", sqrt(m->noise_var), of.n);
    if (!(of.var > 0) || isnan(m->noise_mean_var)) {
        say(m, "\n");
        return;
    }
    say(m, "; with %.3g runs of each\npoint it makes %.0f %% of the variance between points%s\n",
        m->noise_runs, 100 * share, share > 0.5 ? ": more runs are needed" : "");
    found_number(m, "noise", "all", "share", share, of.n);
}

/* ---- levers ---- */

/* "reserve = 30, ramp = 0.5" at a point of the levers. */
static const char *lever_name(struct cmd_sense *m, size_t lever)
{
    const struct ana_points *x = &m->w.design.points[ANA_LEVER];
    char text[600] = "", value[200];

    for (size_t i = 0; i < x->k; i++) {
        ana_design_text(&m->w.design, lever, x->factor[i], value, sizeof value);
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s = %s", i ? ", " : "",
                 m->w.design.factor[x->factor[i]].id, value);
    }
    return sim_arena_copy(&m->w.arena, text, strlen(text));
}

/* The outputs at the uncertain points of the plain sample, [*n][levers]: the others lie beside one
 * of them, and as many would look surer than they are. */
static const double *plain_sample(struct cmd_sense *m, size_t levers, size_t *n)
{
    const struct ana_points *x = &m->w.design.points[ANA_UNCERTAINTY];
    double *y = room(m, x->n * levers, sizeof *y);

    *n = 0;
    for (size_t i = 0; i < x->n; i++)
        if (is_sampled(x, i))
            memcpy(y + (*n)++ * levers, m->y + i * levers, levers * sizeof *y);
    return y;
}

static void regret(struct cmd_sense *m, const double y[], size_t n, size_t levers)
{
    struct ana_regret *s = room(m, levers, sizeof *s);
    double *size = room(m, levers, sizeof *size);
    size_t out = ana_regret(s, y, n, levers, (enum ana_good)m->good, m->level), *order;

    for (size_t i = 0; i < levers; i++)
        size[i] = -s[i].max;
    order = by_size(m, size, levers);
    say(m,
        "\nRegret of levers (%s is good) at %zu points of the uncertainties, least worst first\n\n",
        m->good == ANA_MORE_IS_GOOD ? "more" : "less", n - out);
    say(m, "%-42s %10s %10s %10s %10s  %s\n", "levers", "worst", "p90", "median", "mean",
        "best at");
    for (size_t j = 0; j < levers; j++) {
        size_t i = order[j];
        const char *name = lever_name(m, i);

        if (j < m->top)
            say(m, "%-42.42s %10.4g %10.4g %10.4g %10.4g  %3.0f %%\n", name, s[i].max, s[i].p90,
                s[i].p50, s[i].mean, 100 * s[i].best.at);
        found_number(m, "regret", name, "max", s[i].max, n - out);
        found_number(m, "regret", name, "p90", s[i].p90, n - out);
        found_number(m, "regret", name, "p50", s[i].p50, n - out);
        found_number(m, "regret", name, "mean", s[i].mean, n - out);
        found(m, "regret", name, "best", &s[i].best);
    }
    if (levers > m->top)
        say(m, "... and %zu more (--top)\n", levers - m->top);
    left_out(m, out, "points");
}

static void satisfice(struct cmd_sense *m, const double y[], size_t n, size_t levers)
{
    struct ana_interval *s = room(m, levers, sizeof *s);
    double *size = room(m, levers, sizeof *size);
    size_t out = ana_satisfice(s, y, n, levers, (enum ana_good)m->good, m->threshold, m->level),
           *order;
    char a[RANGE];

    for (size_t i = 0; i < levers; i++)
        size[i] = s[i].at;
    order = by_size(m, size, levers);
    say(m, "\nShare of the %zu points of the uncertainties at which it is %s %.4g\n\n", n - out,
        m->good == ANA_MORE_IS_GOOD ? "at least" : "at most", m->threshold);
    say(m, "%-60s %8s  %s\n", "levers", "share", "95 %");
    for (size_t j = 0; j < levers; j++) {
        size_t i = order[j];
        const char *name = levers > 1 ? lever_name(m, i) : "all";

        if (j < m->top)
            say(m, "%-60.60s %8.3f  %s\n", name, s[i].at, range(a, &s[i], "%.3f"));
        found(m, "satisficing", name, "share", &s[i]);
    }
    if (levers > m->top)
        say(m, "... and %zu more (--top)\n", levers - m->top);
    left_out(m, out, "points");
}

void cmd_sense_levers(struct cmd_sense *m)
{
    size_t levers = m->w.design.points[ANA_LEVER].n, n;
    const double *y = plain_sample(m, levers, &n);

    if (levers > 1 && m->good < 0)
        say(m, "\n%zu points of levers: say --good more or --good less to have them compared\n",
            levers);
    if (levers > 1 && m->good >= 0)
        regret(m, y, n, levers);
    if (!isnan(m->threshold))
        satisfice(m, y, n, levers);
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
    const struct ana_design *d = &m->w.design;
    const struct ana_points *of = looked_at(m);
    size_t levers = d->points[ANA_LEVER].n, k = d->n_factor, n = 0;
    double *x = room(m, d->n_point * k, sizeof *x), *y = room(m, d->n_point, sizeof *y);
    char *word = room(m, k, 1);
    struct ana_prim_plan plan = {
        .alpha = 0.05, .mass = m->mass, .density = m->density, .n_box = 3, .watch = &m->watch};
    struct ana_prim prim;

    for (size_t f = 0; f < k; f++)
        word[f] = (char)ana_sweep_is_word(d, f);
    for (size_t p = 0; p < d->n_point; p++) {
        int better =
            m->good == ANA_MORE_IS_GOOD ? m->y[p] >= m->threshold : m->y[p] <= m->threshold;

        if (!is_sampled(of, of == &d->points[ANA_LEVER] ? p : p / levers))
            continue;
        for (size_t f = 0; f < k; f++)
            x[n * k + f] = ana_design_x(d, p, f);
        y[n++] = isnan(m->y[p]) ? (double)NAN : !better;
    }
    cmd_progress_begin(&m->progress, "peels", 1);
    ana_prim(&prim, &m->w.arena, x, y, n, k, word, &plan);
    cmd_progress_end(&m->progress);
    say(m, "\nWhere it is %s %.4g: %zu of %zu points (PRIM)\n",
        m->good == ANA_MORE_IS_GOOD ? "below" : "above", m->threshold, prim.n_case, prim.n_row);
    if (prim.n_box == 0 && (double)prim.n_case >= m->density * (double)prim.n_row)
        say(m, "  that is as dense as --density asks of a box: ask for more\n");
    else if (prim.n_box == 0)
        say(m, "  no box of factors holds more of them than others\n");
    for (size_t i = 0; i < prim.n_box; i++)
        tell_box(m, &prim.box[i], i);
}
