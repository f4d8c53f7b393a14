#include "analysis/report_sweep_inner.h"
#include "analysis/sweep.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- how a factor is cut ---- */

static int up(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Values of the factor at all points, in order. */
static double *sorted(const struct ana_swept_page *w, size_t f)
{
    size_t n = w->d->n_point;
    double *x = sim_arena_alloc(&w->p->arena, n, sizeof *x);

    for (size_t p = 0; p < n; p++)
        x[p] = ana_design_x(w->d, p, f);
    qsort(x, n, sizeof *x, up);
    return x;
}

/* Different values, in order, into to[] if they are no more than room; how many there are. */
static size_t different(const double x[], size_t n, double to[], size_t room)
{
    size_t k = 0;

    for (size_t i = 0; i < n; i++)
        if (i == 0 || x[i] != x[i - 1]) {
            if (k < room)
                to[k] = x[i];
            k++;
        }
    return k;
}

static void cut_each(struct ana_bins *to, const struct ana_swept_page *w, size_t f,
                     const double value[], size_t n)
{
    struct sim_arena *a = &w->p->arena;

    to->n = n;
    to->value = sim_arena_alloc(a, n, sizeof *to->value);
    to->label = sim_arena_alloc(a, n, sizeof *to->label);
    memcpy(to->value, value, n * sizeof *value);
    for (size_t b = 0; b < n; b++) {
        char text[32];
        const char *is = text;

        snprintf(text, sizeof text, "%.4g", value[b]);
        if (ana_sweep_is_word(w->d, f))
            is = w->d->factor[f].value[(size_t)value[b]];
        to->label[b] = sim_arena_copy(a, is, strlen(is));
    }
}

/* Edges: of a distribution so that each part has as many points; else equally far apart. */
static void cut_range(struct ana_bins *to, const struct ana_swept_page *w, size_t f,
                      const double x[], size_t n)
{
    const struct ana_factor *is = &w->d->factor[f];
    size_t all = w->d->n_point;
    double lo = is->form == ANA_RANGE ? is->lo : x[0],
           hi = is->form == ANA_RANGE ? is->hi : x[all - 1];
    int log_scale = is->form == ANA_RANGE && is->scale == ANA_LOG;

    to->n = n;
    to->edge = sim_arena_alloc(&w->p->arena, n + 1, sizeof *to->edge);
    to->value = sim_arena_alloc(&w->p->arena, n, sizeof *to->value);
    for (size_t b = 0; b <= n; b++) {
        double u = (double)b / (double)n;

        to->edge[b] = is->form == ANA_DIST ? x[(size_t)(u * (double)(all - 1))]
                      : log_scale          ? lo * pow(hi / lo, u)
                                           : lo + u * (hi - lo);
    }
    for (size_t b = 0; b < n; b++)
        to->value[b] =
            log_scale ? sqrt(to->edge[b] * to->edge[b + 1]) : 0.5 * (to->edge[b] + to->edge[b + 1]);
}

static size_t place_of(const struct ana_bins *b, double x)
{
    size_t i = 0;

    while (i + 1 < b->n && (b->edge ? x >= b->edge[i + 1] : x > b->value[i]))
        i++;
    return i;
}

static void cut(struct ana_bins *to, const struct ana_swept_page *w, size_t f, const double x[],
                size_t n)
{
    double value[ANA_BINS_EACH];
    size_t all = w->d->n_point, k = different(x, all, value, ANA_BINS_EACH);

    if (k <= ANA_BINS_EACH)
        cut_each(to, w, f, value, k);
    else
        cut_range(to, w, f, x, n);
    to->place = sim_arena_alloc(&w->p->arena, all, sizeof *to->place);
    for (size_t p = 0; p < all; p++)
        to->place[p] = (uint8_t)place_of(to, ana_design_x(w->d, p, f));
}

void ana_swept_bin(struct ana_swept_page *w)
{
    size_t k = w->d->n_factor;

    w->fine = sim_arena_alloc(&w->p->arena, k, sizeof *w->fine);
    w->coarse = sim_arena_alloc(&w->p->arena, k, sizeof *w->coarse);
    for (size_t f = 0; f < k; f++) {
        const double *x = sorted(w, f);

        cut(&w->fine[f], w, f, x, ANA_BINS_FINE);
        cut(&w->coarse[f], w, f, x, ANA_BINS_COARSE);
    }
}

/* ---- means ---- */

/* Reorders y[] so that those of a bin stand together; first[b] .. first[b + 1]. */
static double *by_bin(const struct ana_swept_page *w, const struct ana_view *v, size_t f,
                      size_t first[ANA_BINS_EACH + 2])
{
    const struct ana_bins *b = &w->fine[f];
    size_t n = w->d->n_point, at[ANA_BINS_EACH + 2];
    double *y = sim_arena_alloc(&w->p->arena, n, sizeof *y);

    memset(first, 0, (ANA_BINS_EACH + 2) * sizeof *first);
    for (size_t p = 0; p < n; p++)
        if (!isnan(v->o.y[p]) && ana_swept_counts(w, p, f, f))
            first[b->place[p] + 1]++;
    for (size_t i = 0; i <= b->n; i++)
        first[i + 1] += first[i];
    memcpy(at, first, sizeof at);
    for (size_t p = 0; p < n; p++)
        if (!isnan(v->o.y[p]) && ana_swept_counts(w, p, f, f))
            y[at[b->place[p]]++] = v->o.y[p];
    return y;
}

void ana_swept_trend(struct ana_trend *to, const struct ana_swept_page *w, const struct ana_view *v,
                     size_t f)
{
    static const double tenth[] = {0.1, 0.9};
    size_t n = w->fine[f].n, first[ANA_BINS_EACH + 2];
    double *x = sim_arena_alloc(&w->p->arena, 4 * n, sizeof *x), *y = by_bin(w, v, f, first);

    *to = (struct ana_trend){.mean = x, .low = x + n, .high = x + 2 * n, .n = x + 3 * n};
    for (size_t b = 0; b < n; b++) {
        size_t m = first[b + 1] - first[b];
        struct ana_moments is;
        double q[2];

        ana_stats_moments(y + first[b], m, &is);
        ana_stats_quantiles(y + first[b], m, tenth, 2, q);
        to->mean[b] = is.mean;
        to->low[b] = q[0];
        to->high[b] = q[1];
        to->n[b] = (double)m;
    }
}

void ana_swept_surface(double mean[], double n[], const struct ana_swept_page *w,
                       const struct ana_view *v, size_t f, size_t g)
{
    const struct ana_bins *x = &w->coarse[f], *y = &w->coarse[g];
    size_t cells = x->n * y->n;

    memset(mean, 0, cells * sizeof *mean);
    memset(n, 0, cells * sizeof *n);
    for (size_t p = 0; p < w->d->n_point; p++) {
        size_t at = y->place[p] * x->n + x->place[p];

        if (isnan(v->o.y[p]) || !ana_swept_counts(w, p, f, g))
            continue;
        mean[at] += v->o.y[p];
        n[at]++;
    }
    for (size_t i = 0; i < cells; i++)
        mean[i] = n[i] > 0 ? mean[i] / n[i] : (double)NAN;
}

size_t ana_swept_crossed(const struct ana_swept_page *w, const struct ana_view *v,
                         size_t to[ANA_SURFACE_TOP])
{
    size_t n = 0, k = w->d->n_factor;

    for (size_t j = 0; j < v->f.k && n < ANA_SURFACE_TOP; j++)
        if (v->f.factor[j] < k)
            to[n++] = v->f.factor[j];
    for (size_t f = 0; f < k && n < ANA_SURFACE_TOP; f++) {
        size_t j = 0;

        while (j < n && to[j] != f)
            j++;
        if (j == n)
            to[n++] = f;
    }
    return n;
}
