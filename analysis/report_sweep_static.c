#include "analysis/report_sweep_inner.h"
#include "analysis/sweep.h"

#include "sim/batch.h"

#include <math.h>
#include <string.h>

/* What a sweep's page shows as plain HTML: without a script its charts; always what was swept. */

enum { BARS = 20, ROWS = 50 };

static const char *text_of(struct ana_report *p, const char *text)
{
    return sim_arena_copy(&p->arena, text, strlen(text));
}

static struct ana_report_cell word(const char *text)
{
    return (struct ana_report_cell){.text = text};
}

static struct ana_report_cell real(double x)
{
    return (struct ana_report_cell){.x = x};
}

/* ---- what matters ---- */

const char *ana_swept_what(const struct ana_swept_page *w)
{
    switch (w->view->f.how) {
    case ANA_FACTORS_SOBOL:
        return "Sobol' indices. First: the share of the variance that knowing the factor alone "
               "takes away; total: the share that stays when all others are known. Where total is "
               "larger, the factor acts together with others. Intervals hold 95 %.";
    case ANA_FACTORS_MORRIS:
        return "Elementary effects (Morris). mu*: mean size of the change over the whole range of "
               "the factor; mu: the same with its sign; sigma: how much the effect differs from "
               "place to place. Intervals hold 95 %.";
    default:
        return "Regression on ranks: how much the output rises (or falls) with each factor, in "
               "ranks, all others being what they are. Intervals hold 95 %.";
    }
}

static void size_of(const struct ana_factors *f, size_t i, struct ana_interval *to)
{
    *to = f->sobol ? f->sobol[i].total : f->morris ? f->morris[i].mu_star : f->rank[i];
    if (to->at < 0) /* bars begin at 0: a rank that falls by its size */
        *to = (struct ana_interval){to->n, f->rank ? -to->at : 0, f->rank ? -to->hi : to->lo,
                                    f->rank ? -to->lo : to->hi};
}

static void factor_row(const struct ana_factors *f, size_t i, struct ana_report_cell to[7])
{
    const struct ana_interval none = {.at = NAN, .lo = NAN, .hi = NAN},
                              *x = f->sobol    ? &f->sobol[i].total
                                   : f->morris ? &f->morris[i].mu_star
                                               : &f->rank[i],
                              *y = f->sobol ? &f->sobol[i].first : &none;

    to[0] = word(f->name[i]);
    to[1] = real(x->at);
    to[2] = real(x->lo);
    to[3] = real(x->hi);
    to[4] = real(f->morris ? f->morris[i].sigma : y->at);
    to[5] = real(f->morris ? f->morris[i].mu : y->lo);
    to[6] = real(y->hi);
}

void ana_swept_static_factors(const struct ana_swept_page *w)
{
    static const char *const column[][7] = {
        [ANA_FACTORS_SOBOL] = {"factor", "total index", "low", "high", "first index", "low",
                               "high"},
        [ANA_FACTORS_MORRIS] = {"factor", "mu*", "low", "high", "sigma", "mu"},
        [ANA_FACTORS_RANKS] = {"factor", "coefficient", "low", "high"}};
    static const size_t columns[] = {0, 7, 6, 4};
    const struct ana_factors *f = &w->view->f;
    size_t n = columns[f->how], bars = f->k < BARS ? f->k : BARS;
    struct ana_plot_bar *bar = sim_arena_alloc(&w->p->arena, bars, sizeof *bar);
    double *part = sim_arena_alloc(&w->p->arena, bars, sizeof *part);
    char title[300];
    struct ana_report_cell *cell = sim_arena_alloc(&w->p->arena, f->k * n, sizeof *cell);

    if (f->how == ANA_FACTORS_NONE)
        return;
    for (size_t i = 0; i < bars; i++) {
        struct ana_interval x;

        size_of(f, i, &x);
        part[i] = isnan(x.at) ? 0 : x.at;
        bar[i] = (struct ana_plot_bar){f->name[i], &part[i], x.lo, x.hi};
    }
    snprintf(title, sizeof title, "%.100s matters most for %.150s.", f->name[0], w->view->o.what);
    ana_report_figure(w->p, "factors", title);
    ana_plot_bars(w->p->to, w->view->o.what,
                  f->morris  ? w->view->o.unit
                  : f->sobol ? "share of the variance"
                             : "coefficient",
                  &column[f->how][1], 1, bar, bars);
    for (size_t i = 0; i < f->k; i++) {
        struct ana_report_cell row[7];

        factor_row(f, i, row);
        memcpy(cell + i * n, row, n * sizeof *row);
    }
    ana_report_figure_end(w->p, w->view->o.what, column[f->how], n, cell, f->k);
}

/* ---- how it answers ---- */

static const char *bin_name(struct ana_report *p, const struct ana_bins *b, size_t i)
{
    char text[80];

    if (!b->edge)
        return b->label[i];
    snprintf(text, sizeof text, "%.3g to %.3g", b->edge[i], b->edge[i + 1]);
    return text_of(p, text);
}

static void static_trend(const struct ana_swept_page *w, size_t f)
{
    const struct ana_bins *b = &w->fine[f];
    const char *const column[] = {w->d->factor[f].id, "mean", "10 % of points below",
                                  "90 % of points below", "points"};
    struct ana_report_cell *cell = sim_arena_alloc(&w->p->arena, 5 * b->n, sizeof *cell);
    struct ana_trend t;

    ana_swept_trend(&t, w, w->view, f);
    for (size_t i = 0; i < b->n; i++) {
        cell[5 * i] = word(bin_name(w->p, b, i));
        cell[5 * i + 1] = real(t.mean[i]);
        cell[5 * i + 2] = real(t.low[i]);
        cell[5 * i + 3] = real(t.high[i]);
        cell[5 * i + 4] = real(t.n[i]);
    }
    ana_text_add(w->p->to, "<details class=\"table\"><summary>Means by ");
    ana_html(w->p->to, w->d->factor[f].id);
    ana_text_add(w->p->to, "</summary>");
    ana_report_table(w->p, w->view->o.what, column, 5, cell, b->n);
    ana_text_add(w->p->to, "</details>\n");
}

/* The cells as a table, then the means as parts of what lies between the least and the most. */
static void surface_table(const struct ana_swept_page *w, const size_t by[2], const double mean[],
                          const double n[], const char *caption)
{
    const struct ana_bins *x = &w->coarse[by[0]], *y = &w->coarse[by[1]];
    const char *const column[] = {w->d->factor[by[0]].id, w->d->factor[by[1]].id, "mean", "points"};
    struct ana_report_cell *cell = sim_arena_alloc(&w->p->arena, 4 * x->n * y->n, sizeof *cell);

    for (size_t i = 0; i < x->n * y->n; i++) {
        cell[4 * i] = word(bin_name(w->p, x, i % x->n));
        cell[4 * i + 1] = word(bin_name(w->p, y, i / x->n));
        cell[4 * i + 2] = real(mean[i]);
        cell[4 * i + 3] = real(n[i]);
    }
    ana_report_figure_end(w->p, caption, column, 4, cell, x->n * y->n);
}

static void surface_cells(const struct ana_swept_page *w, const size_t by[2], const double mean[],
                          double lo, double hi)
{
    const struct ana_bins *x = &w->coarse[by[0]], *y = &w->coarse[by[1]];
    const char **row = sim_arena_alloc(&w->p->arena, y->n, sizeof *row),
               **column = sim_arena_alloc(&w->p->arena, x->n, sizeof *column);
    double *part = sim_arena_alloc(&w->p->arena, x->n * y->n, sizeof *part);

    for (size_t i = 0; i < x->n; i++)
        column[i] = bin_name(w->p, x, i);
    for (size_t j = 0; j < y->n; j++) { /* the largest on top */
        row[j] = bin_name(w->p, y, y->n - 1 - j);
        for (size_t i = 0; i < x->n; i++) {
            double m = mean[(y->n - 1 - j) * x->n + i];

            part[j * x->n + i] = hi > lo ? (m - lo) / (hi - lo) : m - lo;
        }
    }
    ana_plot_cells(w->p->to, w->view->o.what, row, y->n, column, x->n, part);
}

static void static_surface(const struct ana_swept_page *w, size_t f, size_t g)
{
    double mean[ANA_BINS_EACH * ANA_BINS_EACH], n[ANA_BINS_EACH * ANA_BINS_EACH], lo = INFINITY,
                                                                                  hi = -INFINITY;
    const size_t by[] = {f, g};
    char title[600], a[ANA_SHOW_CELL], b[ANA_SHOW_CELL];

    ana_swept_surface(mean, n, w, w->view, f, g);
    for (size_t i = 0; i < w->coarse[f].n * w->coarse[g].n; i++) {
        lo = fmin(lo, isnan(mean[i]) ? INFINITY : mean[i]);
        hi = fmax(hi, isnan(mean[i]) ? -INFINITY : mean[i]);
    }
    ana_swept_size(a, lo);
    ana_swept_size(b, hi);
    snprintf(title, sizeof title,
             "%.150s by %.100s (across) and %.100s (up) goes from %s to %s%s, the darkest.",
             w->view->o.what, w->d->factor[f].id, w->d->factor[g].id, a, b, w->view->unit);
    ana_report_figure(w->p, "surface", title);
    surface_cells(w, by, mean, lo, hi);
    surface_table(w, by, mean, n, w->view->o.what);
}

void ana_swept_static_response(const struct ana_swept_page *w)
{
    size_t top[ANA_SURFACE_TOP], n = ana_swept_crossed(w, w->view, top);

    if (n > 1)
        static_surface(w, top[0], top[1]);
    for (size_t i = 0; i < n && i < 2; i++)
        static_trend(w, top[i]);
}

/* ---- boxes, levers ---- */

void ana_swept_static_boxes(const struct ana_swept_page *w)
{
    static const char *const column[] = {"box",     "limits",   "points", "worse",
                                         "density", "coverage", "mass"};
    const struct ana_view *v = w->view;

    for (int k = 0; k < v->n_side; k++) {
        const struct ana_prim *p = &v->side[k].prim;
        struct ana_report_cell *cell = sim_arena_alloc(&w->p->arena, 7 * p->n_box, sizeof *cell);

        for (size_t i = 0; i < p->n_box; i++) {
            const struct ana_prim_box *b = &p->box[i];
            struct ana_para limits = {.n = 0};

            ana_swept_say_box(&limits, w->d, b);
            cell[7 * i] = real((double)i + 1);
            cell[7 * i + 1] = word(text_of(w->p, limits.s));
            cell[7 * i + 2] = real((double)b->n_row);
            cell[7 * i + 3] = real((double)b->n_case);
            cell[7 * i + 4] = real(b->density);
            cell[7 * i + 5] = real(b->coverage);
            cell[7 * i + 6] = real(b->mass);
        }
        if (p->n_box > 0)
            ana_report_table(w->p, v->side[k].answer[0].s, column, 7, cell, p->n_box);
    }
}

static void static_regret(const struct ana_swept_page *w, const struct ana_side *s)
{
    static const char *const column[] = {"levers", "worst",   "90 %", "median",
                                         "mean",   "best at", "low",  "high"};
    size_t n = s->levers.n < ROWS ? s->levers.n : ROWS;
    struct ana_report_cell *cell = sim_arena_alloc(&w->p->arena, 8 * n, sizeof *cell);

    for (size_t i = 0; i < n; i++) {
        const struct ana_regret *x = &s->levers.regret[i].x;
        const double at[] = {x->max, x->p90, x->p50, x->mean, x->best.at, x->best.lo, x->best.hi};

        cell[8 * i] = word(s->levers.regret[i].name);
        for (size_t k = 0; k < 7; k++)
            cell[8 * i + 1 + k] = real(at[k]);
    }
    ana_report_table(w->p, s->answer[1].s, column, 8, cell, n);
}

void ana_swept_static_levers(const struct ana_swept_page *w)
{
    for (int k = 0; k < w->view->n_side; k++)
        if (w->view->side[k].levers.regret)
            static_regret(w, &w->view->side[k]);
}

/* ---- what was swept ---- */

static void say_part(struct ana_para *to, const struct ana_points *x)
{
    switch (x->part.method) {
    case ANA_SALTELLI:
        ana_para_add(to, "%lld base rows of a Saltelli design", (long long)x->part.points);
        break;
    case ANA_MORRIS:
        ana_para_add(to, "%lld trajectories of a Morris design", (long long)x->part.trajectories);
        break;
    case ANA_LHS:
        ana_para_add(to, "a Latin hypercube of %zu points", x->n);
        break;
    case ANA_SOBOL:
        ana_para_add(to, "%zu Sobol' points", x->n);
        break;
    default:
        ana_para_add(to, "%zu points (%s)", x->n, ana_method_words[x->part.method]);
        break;
    }
}

static size_t with_status(const struct ana_swept_page *w, enum sim_status is, size_t *all)
{
    const struct sim_column *c = sim_result_find(w->s->r, "run_status");
    size_t n = 0;

    *all = sim_column_n(w->s->r, c);
    for (size_t i = 0; i < *all; i++)
        n += ((const int8_t *)c->data)[i] == (int8_t)is;
    return n;
}

const char *ana_swept_runs(const struct ana_swept_page *w)
{
    const struct ana_points *u = &w->d->points[ANA_UNCERTAINTY], *l = &w->d->points[ANA_LEVER];
    const struct sim_axis *x = ana_axis(w->s->r, "scenario");
    size_t all, done = with_status(w, SIM_DONE, &all), failed = with_status(w, SIM_FAILED, &all);
    struct ana_para to = {.n = 0};

    if (u->k)
        say_part(&to, u);
    if (l->k) {
        ana_para_add(&to, u->k ? ", each with " : "");
        say_part(&to, l);
        ana_para_add(&to, u->k ? " of levers" : "");
    }
    ana_para_add(&to,
                 ": %zu points in %zu scenario%s (%s%s%s), %zu run%s of each at most. %zu runs "
                 "are done, %zu failed, %zu are missing.",
                 w->d->n_point, x->n, x->n == 1 ? "" : "s", x->label[0], x->n > 1 ? " .. " : "",
                 x->n > 1 ? x->label[x->n - 1] : "", ana_axis(w->s->r, "run")->n,
                 ana_axis(w->s->r, "run")->n == 1 ? "" : "s", done, failed, all - done - failed);
    ana_para_add(&to, u->part.chance || l->part.chance
                          ? " Luck is a factor of its own: points have random numbers of their own."
                          : " All points have the same random numbers.");
    if (w->n_left_out)
        ana_para_add(&to,
                     " %zu more outputs, differences or scenarios are not on this page: --output, "
                     "--scenario and --against choose.",
                     w->n_left_out);
    return text_of(w->p, to.s);
}

static const char *values_text(struct ana_report *p, const struct ana_factor *f)
{
    struct ana_para to = {.n = 0};
    char dist[200];

    if (f->form == ANA_RANGE) {
        ana_para_add(&to, "%.6g to %.6g%s", f->lo, f->hi,
                     f->scale == ANA_LOG       ? ", logarithmic"
                     : f->scale == ANA_INTEGER ? ", whole numbers"
                                               : "");
    } else if (f->form == ANA_DIST) {
        sim_dist_print(&f->dist, dist, sizeof dist);
        ana_para_add(&to, "%s", dist);
    }
    for (size_t i = 0; f->form == ANA_VALUES && i < f->n_value; i++)
        ana_para_add(&to, "%s%s", i ? ", " : "", f->value[i]);
    return text_of(p, to.s);
}

void ana_swept_static_design(const struct ana_swept_page *w)
{
    static const char *const column[] = {"factor", "kind", "what it sets", "values"};
    const char *const *target = ana_coord_text(ana_axis(w->s->r, "factor"), "factor_target");
    size_t k = w->d->n_factor;
    struct ana_report_cell *cell = sim_arena_alloc(&w->p->arena, 4 * k, sizeof *cell);

    for (size_t f = 0; f < k; f++) {
        cell[4 * f] = word(w->d->factor[f].id);
        cell[4 * f + 1] = word(ana_kind_words[w->d->factor[f].kind]);
        cell[4 * f + 2] = word(target ? target[f] : "");
        cell[4 * f + 3] = word(values_text(w->p, &w->d->factor[f]));
    }
    ana_text_add(w->p->to, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                           "aria-label=\"factors\">");
    ana_report_table(w->p, "What was varied", column, 4, cell, k);
    ana_text_add(w->p->to, "</div>");
}
