#include "analysis/cli/sweep.h"

#include <string.h>

void cmd_point_options(struct mdl_options *o, const struct cmd_sweep *w, uint32_t point,
                       struct sim_arena *a)
{
    struct ana_settings set;
    struct mdl_lay *lay;
    const char **all;
    size_t n = w->s.set.n;

    ana_sweep_settings(&set, &w->s, &w->design, point, a);
    lay = sim_arena_alloc(a, (size_t)set.n_lay, sizeof *lay);
    for (int i = 0; i < set.n_lay; i++)
        lay[i] = (struct mdl_lay){.file = w->s.file, .text = set.lay[i]};
    all = sim_arena_alloc(a, n + (size_t)set.n_set, sizeof *all);
    for (size_t i = 0; i < n; i++)
        all[i] = w->s.set.s[i];
    for (int i = 0; i < set.n_set; i++)
        all[n + (size_t)i] = set.set[i];
    *o = (struct mdl_options){.lay = lay,
                              .n_lay = set.n_lay,
                              .set = all,
                              .n_set = (int)n + set.n_set,
                              .lax = 1,
                              .runs = w->s.first,
                              .seed = w->seed,
                              .share_dir = CMD_SHARE};
}

uint32_t cmd_point_run_number(const struct cmd_sweep *w, uint32_t point, uint32_t run)
{
    return ana_design_chance(&w->design, point) * w->runs + run;
}

/* ---- loading ---- */

static int same_axis(const struct sim_axis *x, const struct sim_axis *y)
{
    if (x->n != y->n || (x->label == NULL) != (y->label == NULL))
        return 0;
    for (size_t i = 0; i < x->n; i++)
        if (x->label ? strcmp(x->label[i], y->label[i]) != 0 : x->value[i] != y->value[i])
            return 0;
    return 1;
}

int cmd_point_bind(struct cmd_point *p, struct sim_err *err)
{
    const struct cmd_sweep *w = p->w;

    mdl_result_axes(&p->res, &p->st, 1);
    mdl_result_columns(&p->res, &p->st);
    p->picked = sim_arena_alloc(&p->arena, w->s.n_output, sizeof *p->picked);
    for (size_t i = 0; i < w->s.n_output; i++) {
        int rc = ana_pick_bind(&p->picked[i], &w->s.output[i], &p->res, &p->arena, err);

        if (rc != 0)
            return rc;
        if (!same_axis(&p->picked[i].kept, &w->picked[i].kept))
            return sim_err_add(err, SIM_ERUN,
                               "output %s: %s has other labels at this point than without factors: "
                               "it cannot be kept",
                               w->s.output[i].id, w->picked[i].kept.name);
    }
    return 0;
}

int cmd_point_load(struct cmd_point *p, const struct cmd_sweep *w, uint32_t point,
                   struct sim_err *err)
{
    struct mdl_options o;
    int rc;

    *p = (struct cmd_point){.w = w, .point = point};
    if (w->s.model)
        return 0;
    cmd_point_options(&o, w, point, &p->arena);
    o.set += w->s.set.n; /* the texts have these already */
    o.n_set -= (int)w->s.set.n;
    rc = mdl_study_load_texts(&p->st, &w->texts, w->label, (int)w->n_scenario, &o, err);
    return rc ? rc : cmd_point_bind(p, err);
}

/* ---- running ---- */

/* Results of the run before are taken out: columns are added to. */
static void clear(struct sim_result *r, uint32_t scenario, uint32_t n_scenario)
{
    for (int i = 0; i < r->n_column; i++) {
        const struct sim_column *c = &r->column[i];
        size_t size = sim_column_n(r, c) / n_scenario * sim_type_size(c->type);

        memset((char *)c->data + scenario * size, 0, size);
    }
}

enum { MODEL_FACTORS = 64 };

static int run_model(const struct cmd_point *p, double value[])
{
    const struct cmd_sweep *w = p->w;
    double x[MODEL_FACTORS];

    sim_bug_if(w->s.n_factor > MODEL_FACTORS);

    for (size_t f = 0; f < w->s.n_factor; f++)
        x[f] = ana_design_x(&w->design, p->point, f);
    value[0] = w->s.model->y(x, w->s.n_factor);
    return 0;
}

int cmd_point_run(struct cmd_point *p, uint32_t scenario, uint32_t run, double value[],
                  struct sim_err *err)
{
    const struct cmd_sweep *w = p->w;
    const struct mdl_run_options o = {.run = cmd_point_run_number(w, p->point, run)};
    struct mdl_run_report report = {0};
    int rc;

    if (w->s.model)
        return run_model(p, value);
    clear(&p->res, scenario, w->n_scenario);
    rc = mdl_run(&p->st, scenario, &o, &p->res, &report, err);
    if (report.bytes > p->run_bytes)
        p->run_bytes = report.bytes;
    for (size_t i = 0; rc == 0 && i < w->s.n_output; i++)
        ana_pick_take(&p->picked[i], &p->res, scenario, value + w->first_value[i]);
    return rc;
}

void cmd_point_free(struct cmd_point *p)
{
    mdl_study_free(&p->st);
    sim_result_free(&p->res);
    sim_arena_free(&p->arena);
}
