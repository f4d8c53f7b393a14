#include "analysis/compare_inner.h"

#include "sim/batch.h"
#include "sim/date.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const ana_compare_columns[] = {"run_status",
                                           "rule_exists",
                                           "shock_first",
                                           "shock_last",
                                           "demand",
                                           "served",
                                           "served_at_once",
                                           "lost",
                                           "backlog",
                                           "loss_by_cause",
                                           "missed",
                                           "started",
                                           "stop_first",
                                           "stop_days",
                                           "stop_longest",
                                           "stop_longest_first",
                                           "missed_cause",
                                           "missed_by_cause",
                                           "group_made",
                                           "imports",
                                           "lead_received",
                                           "lead_open",
                                           "lead_refused",
                                           "applied",
                                           "granted",
                                           "refused_licences",
                                           "review_days",
                                           "waiting",
                                           "queue_wait",
                                           "loss_by_goods",
                                           "missed_by_why",
                                           "period_started",
                                           "stage_due",
                                           "stage_due_received",
                                           "stage_on_time",
                                           "stage_bullwhip",
                                           "delivered_kg",
                                           "before_kg",
                                           "before_cover",
                                           "lead_promised",
                                           "cohort_received",
                                           "cohort_open",
                                           "cohort_refused",
                                           "price_spot",
                                           "price_contract",
                                           "reserve_released",
                                           "reserve_empty",
                                           "substituted",
                                           "substitution_first"};
const size_t ana_compare_n_columns = sizeof ana_compare_columns / sizeof *ana_compare_columns;

/* ---- finding ---- */

const struct sim_axis *ana_axis(const struct sim_result *r, const char *name)
{
    int i = sim_result_find_axis(r, name);

    return i < 0 ? NULL : &r->axis[i];
}

static const struct sim_coord *coord(const struct sim_axis *a, const char *name)
{
    for (int i = 0; a && i < a->n_coord; i++)
        if (strcmp(a->coord[i].name, name) == 0)
            return &a->coord[i];
    return NULL;
}

const char *const *ana_coord_text(const struct sim_axis *a, const char *name)
{
    const struct sim_coord *c = coord(a, name);

    return c ? c->label : NULL;
}

const double *ana_coord_value(const struct sim_axis *a, const char *name)
{
    const struct sim_coord *c = coord(a, name);

    return c ? c->value : NULL;
}

/* Are the axes of c those named, separated by blanks? */
static int has_axes(const struct sim_result *r, const struct sim_column *c, const char *axes)
{
    for (int i = 0; i < c->n_axis; i++) {
        const char *name = r->axis[c->axis[i]].name;
        size_t n = strlen(name);

        if (strncmp(axes, name, n) != 0 || (axes[n] != ' ' && axes[n] != '\0'))
            return 0;
        axes += n + (axes[n] == ' ');
    }
    return *axes == '\0';
}

struct ana_cube ana_cube_find(const struct sim_result *r, const char *name, const char *axes)
{
    const struct sim_column *c = sim_result_find(r, name);
    struct ana_cube k = {0};

    if (!c || !has_axes(r, c, axes))
        return k;
    k.c = c;
    k.n_run = 1;
    k.n = 1;
    for (int i = 1; i < c->n_axis; i++) {
        const struct sim_axis *a = &r->axis[c->axis[i]];

        if (strcmp(a->name, "run") == 0)
            k.n_run = a->n;
        else
            k.n *= a->n;
    }
    return k;
}

int ana_in_country(const struct ana_work *w, const char *country)
{
    return !w->c->country || strcmp(w->c->country, country) == 0;
}

int ana_in_tier(const struct ana_work *w, const char *tier)
{
    return !w->c->tier || strcmp(w->c->tier, tier) == 0;
}

/* ---- statistics of the pairs ---- */

struct ana_range ana_range_take(double x[], size_t n)
{
    static const double p[] = {0.05, 0.5, 0.95};
    struct ana_range g = {0};
    double q[3];

    ana_stats_quantiles(x, n, p, 3, q);
    for (size_t i = 0; i < n; i++)
        g.n += isnan(x[i]) ? 0 : 1;
    g.p05 = q[0];
    g.p50 = q[1];
    g.p95 = q[2];
    return g;
}

double ana_policy_end(const struct ana_work *w)
{
    const double *end = ana_coord_value(ana_axis(w->r, "scenario"), "scenario_ends");

    return end ? end[w->v->scenario] : NAN;
}

void ana_effect_take(struct ana_work *w, struct ana_effect *e)
{
    size_t n = w->v->n_pair;
    struct ana_moments m;
    struct ana_range g;

    *e = (struct ana_effect){.base = NAN, .gain = NAN};
    ana_stats_moments(w->with, n, &m);
    e->with = m.mean;
    if (w->has_base) {
        ana_stats_moments(w->base, n, &m);
        e->base = m.mean;
        ana_stats_paired(w->with, w->base, n, w->c->level, &e->diff);
        e->gain = ana_stats_pairing(w->with, w->base, n);
    } else {
        ana_stats_mean(w->with, n, w->c->level, &e->diff);
    }
    for (size_t p = 0; p < n; p++) {
        w->other[p] = w->has_base ? w->with[p] - w->base[p] : w->with[p];
        e->n_more += w->other[p] > 0.0;
    }
    ana_stats_moments(w->other, n, &m);
    e->n = m.n;
    e->skew = m.skew;
    if (ana_stats_skewed(m.n, m.skew))
        ana_stats_bootstrap(w->other, n, w->c->level, &e->diff);
    g = ana_range_take(w->other, n);
    e->p05 = g.p05;
    e->p50 = g.p50;
    e->p95 = g.p95;
}

/* ---- one scenario ---- */

static void find_pairs(struct ana_work *w)
{
    struct ana_cube done = ana_cube_find(w->r, "run_status", "scenario run");
    struct ana_versus *v = w->v;

    v->n_pair = v->n_lost = 0;
    for (size_t run = 0; run < w->n_run; run++) {
        int with = !done.c || (int)ana_cube_at(&done, v->scenario, run, 0) == SIM_DONE;
        int base = !w->has_base || !done.c || (int)ana_cube_at(&done, v->base, run, 0) == SIM_DONE;

        if (with && base)
            w->pair[v->n_pair++] = run;
        else
            v->n_lost++;
    }
}

/* Bit for bit the same numbers in all pairs? */
static int same(const struct ana_work *w)
{
    static const char *const what[][2] = {{"served", "scenario run market"},
                                          {"loss_by_cause", "scenario run cause"},
                                          {"started", "scenario run plant"},
                                          {"imports", "scenario run flow month"},
                                          {"applied", "scenario run office month"}};

    for (size_t k = 0; k < sizeof what / sizeof *what; k++) {
        struct ana_cube q = ana_cube_find(w->r, what[k][0], what[k][1]);

        for (size_t p = 0; q.c && p < w->v->n_pair; p++)
            for (size_t i = 0; i < q.n; i++) {
                double x = ana_with(w, &q, p, i), y = ana_base(w, &q, p, i);

                if (x != y && !(isnan(x) && isnan(y)))
                    return 0;
            }
    }
    return 1;
}

void ana_work_begin(struct ana_work *w, struct ana_compare *c, struct ana_versus *v)
{
    *w = (struct ana_work){.c = c,
                           .r = c->r,
                           .v = v,
                           .n_scenario = ana_axis(c->r, "scenario")->n,
                           .n_run = c->n_run,
                           .has_base = v->base != ANA_NO_BASE};
    w->pair = sim_arena_alloc(&c->arena, c->n_run, sizeof *w->pair);
    w->with = sim_arena_alloc(&c->arena, c->n_run, sizeof *w->with);
    w->base = sim_arena_alloc(&c->arena, c->n_run, sizeof *w->base);
    w->other = sim_arena_alloc(&c->arena, c->n_run, sizeof *w->other);
    find_pairs(w);
}

static void versus(struct ana_compare *c, struct ana_versus *v, size_t scenario, size_t base)
{
    const struct sim_axis *a = ana_axis(c->r, "scenario");
    const char *const *title = ana_coord_text(a, "scenario_title");
    struct ana_work w;

    *v = (struct ana_versus){.scenario = scenario, .base = base, .label = a->label[scenario]};
    v->title = title ? title[scenario] : "";
    ana_work_begin(&w, c, v);
    v->same = w.has_base && same(&w);
    ana_compare_plants(&w);
    ana_compare_dips(&w);
    ana_compare_markets(&w);
    ana_compare_trade(&w);
    ana_compare_prices(&w);
    ana_compare_responses(&w);
    ana_compare_kinds(&w);
    ana_compare_bodies(&w);
    ana_compare_service(&w);
    ana_compare_content(&w);
    if (!w.has_base)
        ana_compare_warm(&w);
}

/* ---- all of them ---- */

static int no_such(const struct ana_compare *c, const char *what, const char *name,
                   const char *coord_name, struct sim_err *err)
{
    const struct sim_axis *a = ana_axis(c->r, "plant");
    const char *const *have = ana_coord_text(a, coord_name);
    char list[1000] = "";
    size_t len = 0;

    for (size_t i = 0; have && i < a->n && len < sizeof list - 80; i++) {
        size_t k = 0;

        while (k < i && strcmp(have[k], have[i]) != 0)
            k++;
        if (k == i)
            len += (size_t)snprintf(list + len, sizeof list - len, " %.60s", have[i]);
    }
    return sim_err_add(err, SIM_EINPUT, "the result has no plant of %s %.60s; it has:%s", what,
                       name, list);
}

static int has_plant(const struct ana_compare *c, const char *coord_name, const char *name)
{
    const struct sim_axis *a = ana_axis(c->r, "plant");
    const char *const *have = ana_coord_text(a, coord_name);

    for (size_t i = 0; have && i < a->n; i++)
        if (strcmp(have[i], name) == 0)
            return 1;
    return 0;
}

static int take_options(struct ana_compare *c, const struct ana_compare_options *o,
                        struct sim_err *err)
{
    const char *country = o->country ? o->country : sim_result_find_attr(c->r, "focus_country");
    int rc = 0;

    if (country && *country != '\0' && strcmp(country, "all") != 0)
        c->country = country;
    c->tier = o->tier;
    if (o->country && c->country && !has_plant(c, "plant_country", c->country))
        rc = no_such(c, "country", c->country, "plant_country", err);
    if (c->tier && !has_plant(c, "plant_tier", c->tier))
        rc = no_such(c, "tier", c->tier, "plant_tier", err);
    return rc;
}

static int take_frame(struct ana_compare *c, struct sim_err *err)
{
    const struct sim_axis *scenario = ana_axis(c->r, "scenario"), *run = ana_axis(c->r, "run");
    const char *start = sim_result_find_attr(c->r, "start"),
               *horizon = sim_result_find_attr(c->r, "horizon_d");

    if (!scenario || !scenario->label || scenario->n == 0 || !run || run->n == 0 || !start ||
        sim_date_parse(&c->start, start) != 0)
        return sim_err_add(err, SIM_ERUN,
                           "not the result of a study: no axis scenario or run, or no start");
    c->n_run = run->n;
    c->n_versus = scenario->n - 1;
    c->level = c->n_versus > 1 ? 1.0 - 0.05 / (double)c->n_versus : 0.95;
    c->horizon_d = horizon ? strtod(horizon, NULL) : NAN;
    return 0;
}

static void count_estimates(struct ana_compare *c)
{
    const struct sim_axis *a = ana_axis(c->r, "plant");
    const char *const *status = ana_coord_text(a, "plant_status"),
                      *const *country = ana_coord_text(a, "plant_country"),
                      *const *tier = ana_coord_text(a, "plant_tier");

    for (size_t i = 0; status && country && tier && i < a->n; i++) {
        if ((c->country && strcmp(country[i], c->country) != 0) ||
            (c->tier && strcmp(tier[i], c->tier) != 0))
            continue;
        c->n_row++;
        c->n_estimate += strcmp(status[i], "estimate") == 0;
    }
}

int ana_compare(struct ana_compare *c, const struct sim_result *r,
                const struct ana_compare_options *o, struct sim_err *err)
{
    int rc;

    *c = (struct ana_compare){.r = r};
    rc = take_frame(c, err);
    if (rc == 0)
        rc = take_options(c, o, err);
    if (rc != 0)
        goto out;
    count_estimates(c);
    ana_compare_quarters(c);
    versus(c, &c->alone, 0, ANA_NO_BASE);
    if (c->alone.n_pair == 0) {
        rc = sim_err_add(err, SIM_ERUN, "no run of the first scenario is done");
        goto out;
    }
    c->versus = sim_arena_alloc(&c->arena, c->n_versus, sizeof *c->versus);
    for (size_t i = 0; i < c->n_versus; i++)
        versus(c, &c->versus[i], i + 1, 0);
    ana_compare_best(c);
out:
    if (rc != 0)
        ana_compare_free(c);
    return rc;
}

void ana_compare_free(struct ana_compare *c)
{
    sim_arena_free(&c->arena);
    *c = (struct ana_compare){0};
}
