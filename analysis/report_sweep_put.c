#include "analysis/report_sweep_inner.h"
#include "analysis/sweep.h"

#include <math.h>
#include <string.h>

/* The numbers of a sweep's page, as JSON. */

enum { D = ANA_REPORT_DIGITS };

static void key_number(struct ana_text *to, const char *key, double x)
{
    ana_json_key(to, key);
    ana_json_number(to, x, D);
}

/* A count: all its digits. */
static void key_count(struct ana_text *to, const char *key, size_t n)
{
    ana_json_key(to, key);
    ana_json_number(to, (double)n, 12);
}

static void key_text(struct ana_text *to, const char *key, const char *text)
{
    ana_json_key(to, key);
    ana_json_text(to, text);
}

static void key_interval(struct ana_text *to, const char *key, const struct ana_interval *x)
{
    const double at[] = {x->at, x->lo, x->hi};

    ana_json_key(to, key);
    ana_json_numbers(to, at, 3, D);
}

/* ---- factors and points: the same for all outputs ---- */

static void put_bins(const struct ana_swept_page *w, const char *key, const struct ana_bins *b)
{
    struct ana_text *to = w->p->to;

    ana_json_key(to, key);
    ana_json_open(to, '{');
    ana_json_key(to, "value");
    ana_json_numbers(to, b->value, b->n, D);
    if (b->edge) {
        ana_json_key(to, "edge");
        ana_json_numbers(to, b->edge, b->n + 1, D);
    } else {
        ana_json_key(to, "label");
        ana_json_texts(to, (const char *const *)b->label, b->n);
    }
    ana_json_close(to, '}');
}

static void put_factors(const struct ana_swept_page *w)
{
    struct ana_text *to = w->p->to;

    ana_json_key(to, "factors");
    ana_json_open(to, '[');
    for (size_t f = 0; f < w->d->n_factor; f++) {
        const struct ana_factor *is = &w->d->factor[f];

        ana_json_open(to, '{');
        key_text(to, "id", is->id);
        key_count(to, "lever", is->kind == ANA_LEVER);
        key_count(to, "log", is->form == ANA_RANGE && is->scale == ANA_LOG);
        put_bins(w, "fine", &w->fine[f]);
        put_bins(w, "coarse", &w->coarse[f]);
        ana_json_close(to, '}');
    }
    ana_json_close(to, ']');
}

/* Points that are drawn: [factors][n]. */
static void put_points(const struct ana_swept_page *w, const char *key, const size_t at[], size_t n)
{
    struct ana_text *to = w->p->to;
    double *x = sim_arena_alloc(&w->p->arena, n, sizeof *x);

    ana_json_key(to, key);
    ana_json_open(to, '[');
    for (size_t f = 0; f < w->d->n_factor; f++) {
        for (size_t i = 0; i < n; i++)
            x[i] = ana_design_x(w->d, at[i], f);
        ana_json_numbers(to, x, n, D);
    }
    ana_json_close(to, ']');
}

static void put_values(const struct ana_swept_page *w, const char *key, const struct ana_view *v,
                       const size_t at[], size_t n)
{
    double *y = sim_arena_alloc(&w->p->arena, n, sizeof *y);

    for (size_t i = 0; i < n; i++)
        y[i] = v->o.y[at[i]];
    ana_json_key(w->p->to, key);
    ana_json_numbers(w->p->to, y, n, D);
}

/* ---- an output ---- */

static void put_ranking(const struct ana_swept_page *w, const struct ana_view *v)
{
    static const char *const how[] = {"none", "sobol", "morris", "ranks"};
    struct ana_text *to = w->p->to;
    const struct ana_factors *f = &v->f;

    key_text(to, "how", how[f->how]);
    key_count(to, "n", f->n);
    key_count(to, "left_out", f->n_left_out);
    key_number(to, "variance", f->how == ANA_FACTORS_SOBOL ? f->variance : (double)NAN);
    key_number(to, "r2", f->r2);
    ana_json_key(to, "ranking");
    ana_json_open(to, '[');
    for (size_t i = 0; i < f->k; i++) {
        ana_json_open(to, '{');
        key_text(to, "name", f->name[i]);
        if (f->sobol) {
            key_interval(to, "first", &f->sobol[i].first);
            key_interval(to, "total", &f->sobol[i].total);
        } else if (f->morris) {
            key_interval(to, "mu_star", &f->morris[i].mu_star);
            key_number(to, "sigma", f->morris[i].sigma);
            key_number(to, "mu", f->morris[i].mu);
        } else {
            key_interval(to, "rank", &f->rank[i]);
        }
        ana_json_close(to, '}');
    }
    ana_json_close(to, ']');
}

static void put_trends(const struct ana_swept_page *w, const struct ana_view *v)
{
    struct ana_text *to = w->p->to;

    ana_json_key(to, "trend");
    ana_json_open(to, '[');
    for (size_t f = 0; f < w->d->n_factor; f++) {
        size_t n = w->fine[f].n;
        struct ana_trend t;

        ana_swept_trend(&t, w, v, f);
        ana_json_open(to, '[');
        ana_json_numbers(to, t.mean, n, D);
        ana_json_numbers(to, t.low, n, D);
        ana_json_numbers(to, t.high, n, D);
        ana_json_numbers(to, t.n, n, 12);
        ana_json_close(to, ']');
    }
    ana_json_close(to, ']');
}

static void put_surfaces(const struct ana_swept_page *w, const struct ana_view *v)
{
    struct ana_text *to = w->p->to;
    size_t top[ANA_SURFACE_TOP], n = ana_swept_crossed(w, v, top);

    ana_json_key(to, "surface");
    ana_json_open(to, '[');
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            double mean[ANA_BINS_EACH * ANA_BINS_EACH], count[ANA_BINS_EACH * ANA_BINS_EACH];
            size_t cells = w->coarse[top[i]].n * w->coarse[top[j]].n;

            ana_swept_surface(mean, count, w, v, top[i], top[j]);
            ana_json_open(to, '{');
            key_count(to, "x", top[i]);
            key_count(to, "y", top[j]);
            ana_json_key(to, "mean");
            ana_json_numbers(to, mean, cells, D);
            ana_json_key(to, "n");
            ana_json_numbers(to, count, cells, 12);
            ana_json_close(to, '}');
        }
    ana_json_close(to, ']');
}

/* ---- what goes wrong, what is robust ---- */

static void put_limit(const struct ana_swept_page *w, const struct ana_prim_limit *l)
{
    static const char *const side[] = {"above", "below", "without"};
    struct ana_text *to = w->p->to;

    ana_json_open(to, '{');
    key_count(to, "factor", l->factor);
    key_text(to, "side", side[l->side]);
    if (l->side == ANA_PRIM_WITHOUT)
        key_text(to, "word", w->d->factor[l->factor].value[(size_t)l->at]);
    else
        key_number(to, "at", l->at);
    key_number(to, "p", l->p);
    ana_json_close(to, '}');
}

static void put_boxes(const struct ana_swept_page *w, const struct ana_prim *p)
{
    struct ana_text *to = w->p->to;

    key_count(to, "points", p->n_row);
    key_count(to, "worse", p->n_case);
    ana_json_key(to, "boxes");
    ana_json_open(to, '[');
    for (size_t i = 0; i < p->n_box; i++) {
        const struct ana_prim_box *b = &p->box[i];

        ana_json_open(to, '{');
        key_count(to, "points", b->n_row);
        key_count(to, "worse", b->n_case);
        key_number(to, "density", b->density);
        key_number(to, "coverage", b->coverage);
        key_number(to, "mass", b->mass);
        ana_json_key(to, "limits");
        ana_json_open(to, '[');
        for (size_t k = 0; k < b->n_limit; k++)
            put_limit(w, &b->limit[k]);
        ana_json_close(to, ']');
        ana_json_close(to, '}');
    }
    ana_json_close(to, ']');
}

/* Regret and share of each point of the levers, in the order of the regret. */
static void put_levers(const struct ana_swept_page *w, const struct ana_levers *l)
{
    struct ana_text *to = w->p->to;
    struct ana_interval none = {.at = NAN, .lo = NAN, .hi = NAN};

    key_count(to, "uncertain", l->n_point);
    ana_json_key(to, "levers");
    ana_json_open(to, '[');
    for (size_t i = 0; l->regret && i < l->n; i++) {
        const struct ana_regret *x = &l->regret[i].x;
        const struct ana_interval *share = &none;

        for (size_t k = 0; l->share && k < l->n; k++)
            if (strcmp(l->share[k].name, l->regret[i].name) == 0)
                share = &l->share[k].x;
        ana_json_open(to, '{');
        key_text(to, "name", l->regret[i].name);
        key_number(to, "max", x->max);
        key_number(to, "p90", x->p90);
        key_number(to, "p50", x->p50);
        key_number(to, "mean", x->mean);
        key_interval(to, "best", &x->best);
        key_interval(to, "share", share);
        ana_json_close(to, '}');
    }
    ana_json_close(to, ']');
}

static void put_side(const struct ana_swept_page *w, const struct ana_side *s)
{
    struct ana_text *to = w->p->to;

    ana_json_open(to, '{');
    key_text(to, "good", s->good == ANA_MORE_IS_GOOD ? "more" : "less");
    key_number(to, "threshold", s->threshold);
    key_count(to, "usual", (size_t)s->usual);
    ana_json_key(to, "answer");
    ana_json_texts(to, (const char *const[]){s->answer[0].s, s->answer[1].s}, 2);
    put_boxes(w, &s->prim);
    put_levers(w, &s->levers);
    ana_json_close(to, '}');
}

static void put_view(const struct ana_swept_page *w, const struct ana_view *v)
{
    struct ana_text *to = w->p->to;

    ana_json_open(to, '{');
    key_text(to, "what", v->o.what);
    key_text(to, "unit", v->o.unit);
    key_text(to, "answer", v->answer.s);
    key_number(to, "run_sd", v->luck.run_sd);
    key_number(to, "luck", v->luck.share);
    put_ranking(w, v);
    put_values(w, "here", v, w->here, w->n_here);
    put_values(w, "all", v, w->all, w->n_all);
    put_trends(w, v);
    put_surfaces(w, v);
    ana_json_key(to, "sides");
    ana_json_open(to, '[');
    for (int i = 0; i < v->n_side; i++)
        put_side(w, &v->side[i]);
    ana_json_close(to, ']');
    ana_json_close(to, '}');
}

void ana_swept_put(const struct ana_swept_page *w)
{
    struct ana_text *to = w->p->to;

    ana_report_data(w->p, "sweep");
    put_factors(w);
    key_count(to, "points", w->d->n_point);
    key_count(to, "n_lever", w->d->points[ANA_LEVER].n);
    key_text(to, "lever", ana_outcome_lever_name(&w->view->o, w->s->plan.lever));
    key_count(to, "left_out", w->n_left_out);
    put_points(w, "here", w->here, w->n_here);
    put_points(w, "all", w->all, w->n_all);
    ana_json_key(to, "views");
    ana_json_open(to, '[');
    for (size_t i = 0; i < w->n_view; i++)
        put_view(w, &w->view[i]);
    ana_json_close(to, ']');
    ana_report_data_end(w->p);
}
