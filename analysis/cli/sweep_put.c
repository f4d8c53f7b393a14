/* A sweep as a result: its axes, its design, its input, and what it is known by. */
#include "analysis/cli/sweep.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *join(struct sim_arena *a, const char *x, const char *y, const char *z)
{
    size_t n = strlen(x) + strlen(y) + strlen(z) + 1;
    char *to = sim_arena_alloc(a, n, 1);

    snprintf(to, n, "%s%s%s", x, y, z);
    return to;
}

struct sim_column *cmd_sweep_column(struct sim_result *r, const char *name, const char *axes,
                                    enum sim_type type, const char *units, const char *long_name)
{
    int at = sim_result_column(r, name, axes, type, SIM_KEEP, units, long_name);

    return &r->column[at];
}

/* "deny | licence": the texts that x numbers. */
static const char *words_of(const struct cmd_sweep *w, size_t i, struct sim_arena *a)
{
    const struct ana_factor *f = &w->design.factor[i];
    size_t size = 1;
    char *to, *text;

    if (!ana_sweep_is_word(&w->design, i))
        return "";
    for (size_t k = 0; k < f->n_value; k++)
        size += strlen(f->value[k]) + 3;
    text = to = sim_arena_alloc(a, size, 1);
    for (size_t k = 0; k < f->n_value; k++)
        to += sprintf(to, "%s%s", k ? " | " : "", f->value[k]);
    return text;
}

static void add_factor_axis(const struct cmd_sweep *w, struct sim_result *r)
{
    size_t n = w->s.n_factor;
    const char **id = sim_arena_alloc(&r->arena, n, sizeof *id),
               **kind = sim_arena_alloc(&r->arena, n, sizeof *kind),
               **target = sim_arena_alloc(&r->arena, n, sizeof *target),
               **words = sim_arena_alloc(&r->arena, n, sizeof *words);

    for (size_t i = 0; i < n; i++) {
        const struct ana_sweep_target *t = &w->s.target[i];
        const struct ana_factor *f = &w->design.factor[i];

        id[i] = f->id;
        kind[i] = ana_kind_words[f->kind];
        target[i] = t->path && *t->path     ? t->path
                    : t->table && *t->table ? join(&r->arena, t->table, ".", t->column)
                                            : "";
        words[i] = words_of(w, i, &r->arena);
    }
    sim_result_axis(
        r,
        &(struct sim_axis){
            .name = "factor",
            .long_name = "what is varied",
            .n = n,
            .label = id,
            .n_coord = 3,
            .coord = {{.name = "factor_kind", .long_name = "uncertainty or lever", .label = kind},
                      {.name = "factor_target",
                       .long_name = "key of the scenarios or column of a table",
                       .label = target},
                      {.name = "factor_words",
                       .long_name = "texts that x numbers from 0, where values are no numbers",
                       .label = words}}});
}

static const double *numbers(struct sim_result *r, size_t n)
{
    double *to = sim_arena_alloc(&r->arena, n, sizeof *to);

    for (size_t i = 0; i < n; i++)
        to[i] = (double)i;
    return to;
}

static void add_axes(const struct cmd_sweep *w, struct sim_result *r)
{
    size_t n = w->design.n_point, levers = w->design.points[ANA_LEVER].n;
    double *uncertain = sim_arena_alloc(&r->arena, n, sizeof *uncertain),
           *lever = sim_arena_alloc(&r->arena, n, sizeof *lever);

    for (size_t i = 0; i < n; i++) {
        uncertain[i] = (double)(i / levers);
        lever[i] = (double)(i % levers);
    }
    sim_result_axis(r, &(struct sim_axis){.name = "scenario",
                                          .long_name = "scenario; the first is the base",
                                          .n = w->n_scenario,
                                          .label = w->label});
    sim_result_axis(r, &(struct sim_axis){.name = "point",
                                          .long_name = "point of the design",
                                          .units = "1",
                                          .n = n,
                                          .value = numbers(r, n),
                                          .n_coord = 2,
                                          .coord = {{.name = "point_uncertain",
                                                     .long_name = "its point of the uncertainties",
                                                     .units = "1",
                                                     .value = uncertain},
                                                    {.name = "point_lever",
                                                     .long_name = "its point of the levers",
                                                     .units = "1",
                                                     .value = lever}}});
    add_factor_axis(w, r);
}

static void add_design(const struct cmd_sweep *w, struct sim_result *r)
{
    size_t n = w->design.n_point, k = w->s.n_factor;
    double *x = cmd_sweep_column(r, "x", "point factor", SIM_F64, "1",
                                 "value of the factor, in its own unit; the place in "
                                 "factor_words where there are some")
                    ->data;
    int64_t *chance =
        cmd_sweep_column(r, "chance", "point", SIM_I64, "1",
                         "block of random numbers: run r is run number chance x runs + r "
                         "of the scenario")
            ->data;

    for (size_t p = 0; p < n; p++) {
        chance[p] = ana_design_chance(&w->design, p);
        for (size_t f = 0; f < k; f++)
            x[p * k + f] = ana_design_x(&w->design, p, f);
    }
}

/* ---- the plan, and what it is known by ---- */

/* What the sweep file says, whatever its comments: its keys, its lists, the order of its outputs.
 */
static void digest_sweep(const struct cmd_sweep *w, char to[ANA_DIGEST_MAX])
{
    struct sim_result r = {0};

    sim_result_input(&r, "sweep", w->s.plain);
    for (int k = 0; k < ANA_KINDS; k++)
        if (w->s.list_text[k])
            sim_result_input(&r, ana_kind_words[k], w->s.list_text[k]);
    for (size_t i = 0; i < w->s.n_output; i++)
        sim_result_attr(&r, w->s.output[i].id, "%zu", i);
    ana_store_digest(&r, to);
    sim_result_free(&r);
}

void cmd_sweep_make_plan(struct cmd_sweep *w)
{
    struct sim_result *r = &w->plan;
    struct ana_ledger_head *h = &w->head;
    char text[ANA_DIGEST_MAX];

    digest_sweep(w, text);
    sim_result_attr(r, "title", "%s", w->s.title);
    sim_result_attr(r, "source", "Lodestone");
    sim_result_attr(r, "kind", "sweep");
    sim_result_attr(r, "seed", "%lld", (long long)w->seed);
    sim_result_attr(r, "runs", "%u", w->runs);
    sim_result_attr(r, "first", "%lld", (long long)w->s.first);
    sim_result_attr(r, "sweep_text", "%s", text);
    add_axes(w, r);
    add_design(w, r);
    *h = (struct ana_ledger_head){.points = (uint32_t)w->design.n_point,
                                  .scenarios = w->n_scenario,
                                  .runs = w->runs,
                                  .values = (uint32_t)w->n_value,
                                  .shards = 1};
    snprintf(h->version, sizeof h->version, "%s", LODESTONE_VERSION);
    ana_store_digest(r, h->sweep);
    ana_store_digest(&w->texts, h->input);
    sim_result_attr(r, "version", "%s", LODESTONE_VERSION);
    sim_result_attr(r, "sweep_digest", "%s", h->sweep);
    sim_result_attr(r, "input_digest", "%s", h->input);
    ana_sweep_put(&w->s, r);
    for (int i = 0; i < w->texts.n_input; i++)
        sim_result_input(r, w->texts.input[i].name, w->texts.input[i].text);
}

int cmd_sweep_planned(const struct cmd_sweep *w, int *planned, struct sim_err *err)
{
    char path[4096];
    static const char *const none[] = {""};
    struct sim_result r = {0};
    const char *version, *sweep, *input;
    int rc;

    snprintf(path, sizeof path, "%s/plan.h5", w->dir);
    *planned = access(path, F_OK) == 0;
    if (!*planned)
        return 0;
    rc = ana_store_read_columns(&r, path, none, 0, ANA_GUARD, err);
    if (rc != 0)
        return rc;
    version = sim_result_find_attr(&r, "version");
    sweep = sim_result_find_attr(&r, "sweep_digest");
    input = sim_result_find_attr(&r, "input_digest");
    if (version == NULL || strcmp(version, w->head.version) != 0)
        rc = sim_err_add(err, SIM_EINPUT, "%s: was written by version %s, this is %s", path,
                         version ? version : "none", w->head.version);
    else if (sweep == NULL || strcmp(sweep, w->head.sweep) != 0)
        rc =
            sim_err_add(err, SIM_EINPUT,
                        "%s: is of another sweep file; plan it anew, in another folder (-o)", path);
    else if (input == NULL || strcmp(input, w->head.input) != 0)
        rc = sim_err_add(err, SIM_EINPUT,
                         "%s: is of other scenarios or tables than there are now; plan it anew, in "
                         "another folder (-o)",
                         path);
    sim_result_free(&r);
    return rc;
}
