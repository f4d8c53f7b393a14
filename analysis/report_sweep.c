#include "analysis/report_sweep_inner.h"

#include "sim/rng.h"

#include <math.h>
#include <string.h>

/* ---- which outputs ---- */

/* What a page may cost beyond its first output: so many, and so many steps of their bootstraps
 * (some seconds). */
enum { VIEWS = 24 };
static const double room = 1e9;

static double cost(const struct ana_design *d)
{
    const struct ana_points *all = d->points, *x = all[ANA_UNCERTAINTY].n > 1
                                                       ? &all[ANA_UNCERTAINTY]
                                                       : &all[ANA_LEVER];
    double k = (double)x->k + 2;
    int is_ranks = x->part.method != ANA_SALTELLI && x->part.method != ANA_MORRIS;

    return (double)x->n * ANA_OUTCOME_BOOT * (is_ranks ? k * k / 2 : 2);
}

/* Is it the output that was asked for, or, where none of its labels was, one of them? */
static int is_asked(const char *name, const char *asked)
{
    size_t n = asked ? strlen(asked) : 0;

    return asked == NULL || strcmp(name, asked) == 0 ||
           (strncmp(name, asked, n) == 0 && name[n] == ':');
}

/* Plans of all outputs that could be shown, that which `sense` takes first: in the last scenario,
 * their differences to the base, in the other scenarios. */
static struct ana_outcome_plan *plans(const struct ana_swept_page *w, size_t *n)
{
    const struct ana_outcome_plan *asked = &w->s->plan;
    const struct sim_axis *x = ana_axis(w->s->r, "scenario");
    size_t n_name;
    const char **name = ana_outcome_names(&w->p->arena, w->s->r, &n_name);
    struct ana_outcome_plan *to = sim_arena_alloc(&w->p->arena, 2 * x->n * n_name + 1, sizeof *to);

    *n = 0;
    for (size_t i = x->n; i-- > 0;)
        for (int against = asked->against; against < (i > 0 ? 2 : 1); against++)
            for (size_t o = 0; o < n_name; o++) {
                if (!is_asked(name[o], asked->output) ||
                    (asked->scenario && strcmp(asked->scenario, x->label[i]) != 0))
                    continue;
                to[*n] = *asked;
                to[*n].output = name[o];
                to[*n].scenario = x->label[i];
                to[*n].against = against;
                if (against != asked->against || strcmp(name[o], to[0].output) != 0)
                    to[*n].threshold = NAN; /* it was meant for another */
                ++*n;
            }
    if (*n == 0)
        to[(*n)++] = *asked; /* says what is wrong with it */
    return to;
}

/* ---- an output ---- */

static void take_side(struct ana_view *v, enum ana_good good)
{
    struct ana_side *s = &v->side[v->n_side++];
    struct ana_outcome o = v->o;
    struct sim_err none = SIM_ERR_INIT;

    s->good = good;
    s->usual = isnan(v->o.plan.threshold);
    s->threshold = s->usual ? ana_outcome_quantile(&v->o, good == ANA_MORE_IS_GOOD ? 0.1 : 0.9)
                            : v->o.plan.threshold;
    s->has_prim =
        !v->is_constant && !isnan(s->threshold) && ana_outcome_prim_check(v->o.d, &none) == 0;
    sim_err_free(&none);
    o.plan.good = (int)good;
    o.plan.threshold = s->threshold;
    if (s->has_prim)
        ana_outcome_prim(&s->prim, &o);
    ana_outcome_levers(&s->levers, &o);
    ana_swept_say_side(v, s);
}

static int is_constant(const struct ana_outcome *o)
{
    double first = NAN;

    for (size_t p = 0; p < o->d->n_point; p++) {
        first = isnan(first) ? o->y[p] : first;
        if (o->y[p] != first && !isnan(o->y[p]))
            return 0;
    }
    return !isnan(first);
}

static const char *unit_of(struct sim_arena *a, const char *unit)
{
    char *to = sim_arena_alloc(a, strlen(unit) + 2, 1);

    if (strcmp(unit, "1") != 0)
        sprintf(to, " %s", unit);
    return to;
}

static int take_view(struct ana_view *v, const struct ana_swept_page *w,
                     const struct ana_outcome_plan *plan, struct sim_err *err)
{
    int rc = ana_outcome_take(&v->o, &w->p->arena, w->s->r, w->d, w->s->seed, plan, err);

    if (rc != 0)
        return rc;
    v->unit = unit_of(&w->p->arena, v->o.unit);
    ana_outcome_factors(&v->f, &v->o);
    ana_outcome_luck(&v->luck, &v->o);
    v->is_constant = is_constant(&v->o);
    ana_swept_say(v);
    if (plan->good != ANA_MORE_IS_GOOD)
        take_side(v, ANA_LESS_IS_GOOD);
    if (plan->good != ANA_LESS_IS_GOOD)
        take_side(v, ANA_MORE_IS_GOOD);
    return 0;
}

static int take_views(struct ana_swept_page *w, struct sim_err *err)
{
    size_t n;
    const struct ana_outcome_plan *plan = plans(w, &n);
    double spent = 0;
    int rc = 0;

    w->view = sim_arena_alloc(&w->p->arena, n, sizeof *w->view);
    while (rc == 0 && w->n_view < n && w->n_view < VIEWS &&
           (w->n_view == 0 || spent + cost(w->d) <= room)) {
        rc = take_view(&w->view[w->n_view], w, &plan[w->n_view], err);
        w->n_view++;
        spent += cost(w->d);
    }
    w->n_left_out = n - w->n_view;
    return rc;
}

/* ---- points that are drawn ---- */

static int is_lever(const struct ana_swept_page *w, size_t f)
{
    return w->d->factor[f].kind == ANA_LEVER;
}

int ana_swept_counts(const struct ana_swept_page *w, size_t p, size_t f, size_t g)
{
    return is_lever(w, f) || is_lever(w, g) || p % w->d->points[ANA_LEVER].n == w->s->plan.lever;
}

/* At most ANA_SAMPLE of the points p = first, first + step ..., each as likely, by the seed. */
static size_t *draw(const struct ana_swept_page *w, size_t first, size_t step, size_t *n)
{
    struct sim_stream s = sim_stream_make(w->s->seed, 0, sim_hash("points of a report"), 0);
    size_t left = (w->d->n_point - first + step - 1) / step,
           wanted = left < ANA_SAMPLE ? left : ANA_SAMPLE,
           *to = sim_arena_alloc(&w->p->arena, wanted, sizeof *to);

    *n = 0;
    for (size_t p = first; *n < wanted; p += step, left--) {
        struct sim_draws at = sim_draws_at(s, p);

        if (sim_uniform(&at) * (double)left < (double)(wanted - *n))
            to[(*n)++] = p;
    }
    return to;
}

/* ---- the sections ---- */

static void answer(struct ana_report *p)
{
    const struct ana_swept_page *w = p->swept;
    const struct ana_view *v = w->view;

    ana_report_section(p, "sweep", "Answer", v->answer.s);
    if (p->is_static)
        for (int i = 0; i < v->n_side; i++)
            for (int k = 0; k < 2; k++)
                if (v->side[i].answer[k].n)
                    ana_report_note(p, v->side[i].answer[k].s);
    if (p->is_static && w->n_view > 1)
        ana_report_note(p, "Without a script this page shows one output: --output, --scenario and "
                           "--against choose.");
    if (!p->is_static)
        ana_swept_put(w);
    ana_report_end(p);
}

static int has_factors(const struct ana_view *v)
{
    return v->f.how != ANA_FACTORS_NONE;
}

static int has_prim(const struct ana_view *v)
{
    return v->side[0].has_prim;
}

static int any(const struct ana_swept_page *w, int (*has)(const struct ana_view *))
{
    size_t i = 0;

    while (i < w->n_view && !has(&w->view[i]))
        i++;
    return i < w->n_view;
}

static void factors(struct ana_report *p)
{
    const struct ana_swept_page *w = p->swept;

    if (!any(w, has_factors))
        return;
    ana_report_section(p, "factors", "What matters", ana_swept_what(w));
    if (p->is_static)
        ana_swept_static_factors(w);
    ana_report_end(p);
}

static void response(struct ana_report *p)
{
    const struct ana_swept_page *w = p->swept;

    ana_report_section(p, "response", "How it answers",
                       "Means of the output over the points of the design, by the values of one "
                       "factor and of two; all other factors are whatever they are there. Where "
                       "there is no point, nothing is drawn.");
    if (p->is_static)
        ana_swept_static_response(w);
    ana_report_end(p);
}

static void boxes(struct ana_report *p)
{
    const struct ana_swept_page *w = p->swept;

    if (!any(w, has_prim))
        return;
    ana_report_section(p, "boxes", "Where it goes wrong",
                       "Boxes of factors in which most points are worse than a threshold (PRIM). "
                       "Density: of the points in the box, those that are worse; coverage: of all "
                       "that are worse, those in the box; mass: of all points, those in the box.");
    if (p->is_static)
        ana_swept_static_boxes(w);
    ana_report_end(p);
}

static void levers(struct ana_report *p)
{
    const struct ana_swept_page *w = p->swept;

    if (w->d->points[ANA_LEVER].n < 2 || ana_outcome_has_lever(&w->view->o) == 0)
        return;
    ana_report_section(p, "levers", "Which choice is robust",
                       "Regret: how much worse than the best choice at the same uncertainties. A "
                       "choice is robust if its worst regret is small.");
    if (p->is_static)
        ana_swept_static_levers(w);
    ana_report_end(p);
}

static void design(struct ana_report *p)
{
    ana_report_section(p, "design", "What was swept", ana_swept_runs(p->swept));
    ana_swept_static_design(p->swept);
    ana_report_end(p);
}

static const struct ana_report_part sections[] = {{"sweep", "Answer", answer},
                                                  {"factors", "What matters", factors},
                                                  {"response", "How it answers", response},
                                                  {"boxes", "Where it goes wrong", boxes},
                                                  {"levers", "Which choice", levers},
                                                  {"design", "What was swept", design},
                                                  {0}};

int ana_report_of_sweep(struct ana_text *to, const struct ana_report_sweep *s,
                        const struct ana_report_options *o, struct sim_err *err)
{
    struct ana_report p = {.to = to, .r = s->r, .o = o, .is_static = !o->script};
    struct ana_swept_page w = {.p = &p, .s = s, .d = s->d};
    size_t n_lever = s->d->points[ANA_LEVER].n;
    int rc = take_views(&w, err);

    p.swept = &w;
    if (rc == 0) {
        ana_swept_bin(&w);
        w.here = draw(&w, s->plan.lever, n_lever, &w.n_here);
        if (n_lever > 1)
            w.all = draw(&w, 0, 1, &w.n_all);
        rc = ana_report_put(&p, sections, err);
    }
    sim_arena_free(&p.arena);
    return rc;
}
