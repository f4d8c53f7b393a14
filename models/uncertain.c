#include "models/uncertain.h"
#include "models/draft.h"
#include "models/purpose.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading ---- */

/* Overrides have their own: override.c. */
static int tables_of(const struct sim_key *list, const struct sim_tree *entry,
                     const struct sim_key *tables[2])
{
    const struct mdl_policy *kind = list->sub == mdl_rule_keys ? mdl_rule_kind(entry) : NULL;

    tables[0] = list->sub;
    if (kind)
        tables[1] = kind->keys;
    return list->sub == mdl_override_keys ? 0 : kind ? 2 : 1;
}

int mdl_uncertain_read(struct mdl_scenario *s, struct sim_arena *a, const char *label,
                       const struct sim_tree *tree, struct sim_err *err)
{
    const struct sim_key *const tables[] = {mdl_scenario_keys};
    struct sim_inputs in = {0};
    int rc = sim_inputs_find(&in, a, tree, tables, 1, "", tables_of, err), one;
    double *mean = sim_arena_alloc(a, in.n, sizeof *mean);

    for (size_t i = 0; i < in.n; i++)
        mean[i] = sim_input_mean(&in.at[i]);
    one = mdl_scenario_read(s, a, label, sim_inputs_put(tree, a, &in, mean), err);
    s->inputs = in;
    s->written = tree;
    if (one == 0 && in.n > 0)
        s->text = mdl_scenario_text(tree, a);
    return rc ? rc : one;
}

/* ---- the axis ---- */

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct mdl_study_input *)a)->name,
                  ((const struct mdl_study_input *)b)->name);
}

static const char *dist_text(struct mdl_study *st, const struct sim_input *u)
{
    char text[160];

    sim_dist_print(&u->dist, text, sizeof text);
    return sim_arena_copy(&st->arena, text, strlen(text));
}

static void add(struct mdl_study *st, const struct sim_input *u)
{
    st->input[st->n_input++] =
        (struct mdl_study_input){.name = u->name, .unit = u->unit, .dist = dist_text(st, u)};
}

static uint32_t find(const struct mdl_study *st, const char *name)
{
    const struct mdl_study_input key = {.name = name}, *at;

    at = bsearch(&key, st->input, st->n_input, sizeof key, by_name);
    return (uint32_t)(at - st->input);
}

/* Joins inputs of one name; where scenarios say different distributions, both are told. */
static void merge(struct mdl_study *st)
{
    uint32_t k = 0;

    qsort(st->input, st->n_input, sizeof *st->input, by_name);
    for (uint32_t i = 0; i < st->n_input; i++) {
        struct mdl_study_input *to = &st->input[k > 0 ? k - 1 : 0];

        if (k == 0 || strcmp(to->name, st->input[i].name) != 0) {
            st->input[k++] = st->input[i];
        } else if (strstr(to->dist, st->input[i].dist) == NULL) {
            const char *const both[2] = {to->dist, st->input[i].dist};
            size_t n = strlen(both[0]) + strlen(both[1]) + 5;
            int first = strcmp(both[0], both[1]) < 0 ? 0 : 1;
            char *text = sim_arena_alloc(&st->arena, n, 1);

            snprintf(text, n, "%s or %s", both[first], both[!first]);
            to->dist = text;
        }
    }
    st->n_input = k;
}

void mdl_uncertain_list(struct mdl_study *st)
{
    const struct sim_inputs *in = st->net.draft ? &st->net.draft->inputs : NULL;
    size_t n = in ? in->n : 0;

    for (uint32_t s = 0; s < st->n_scenario; s++)
        n += st->scenario[s].inputs.n;
    st->n_input = 0;
    st->input = sim_arena_alloc(&st->arena, n, sizeof *st->input);
    for (size_t i = 0; in && i < in->n; i++)
        add(st, &in->at[i]);
    for (uint32_t s = 0; s < st->n_scenario; s++)
        for (size_t i = 0; i < st->scenario[s].inputs.n; i++)
            add(st, &st->scenario[s].inputs.at[i]);
    merge(st);
    st->table_input = sim_arena_alloc(&st->arena, in ? in->n : 0, sizeof(uint32_t));
    st->scenario_input = sim_arena_alloc(&st->arena, st->n_scenario, sizeof *st->scenario_input);
    for (size_t i = 0; in && i < in->n; i++)
        st->table_input[i] = find(st, in->at[i].name);
    for (uint32_t s = 0; s < st->n_scenario; s++) {
        const struct sim_inputs *own = &st->scenario[s].inputs;

        st->scenario_input[s] = sim_arena_alloc(&st->arena, own->n, sizeof(uint32_t));
        for (size_t i = 0; i < own->n; i++)
            st->scenario_input[s][i] = find(st, own->at[i].name);
    }
}

/* ---- tying ---- */

/* Is everything that the axes are made of as in the study? */
static int same_shape(const struct mdl_network *n, const struct mdl_network *nominal,
                      struct sim_err *err)
{
    if (n->n_point == nominal->n_point && n->n_mined == nominal->n_mined &&
        n->n_origin == nominal->n_origin)
        return 0;
    return sim_err_add(err, SIM_EINPUT,
                       "%s: with these numbers elements come from other countries than with the "
                       "means; a joint output takes all of an element out of a product, or none",
                       n->name);
}

static int tie_network(struct mdl_study *own, const struct mdl_study *st, struct sim_arena *a,
                       const double value[], struct sim_err *err)
{
    int rc = mdl_network_redraw(&own->net, a, &st->net, value, err);

    if (rc == 0)
        rc = same_shape(&own->net, &st->net, err);
    if (rc == 0)
        rc = mdl_balance_solve(&own->balance, a, &own->net, err);
    return rc ? rc : mdl_study_check_counts(own, err);
}

static int tie_scenario(struct mdl_study *own, const struct mdl_study *st, uint32_t scenario,
                        struct sim_arena *a, const double value[], struct sim_err *err)
{
    const struct mdl_scenario *from = &st->scenario[scenario];
    struct mdl_scenario *s = &own->scenario[scenario];
    int rc = mdl_scenario_read(s, a, from->label,
                               sim_inputs_put(from->written, a, &from->inputs, value), err);

    if (rc == 0)
        rc = mdl_scenario_link(s, a, &own->net, err);
    s->file = from->file;
    s->outputs = from->outputs;
    s->set = from->set;
    s->inputs = from->inputs;
    s->written = from->written;
    s->text = from->text;
    return rc ? rc : mdl_study_prepare(own, scenario, a, err);
}

static void begin(struct mdl_study *own, const struct mdl_study *st, struct sim_arena *a)
{
    *own = *st;
    own->arena = (struct sim_arena){0};
    own->scenario = sim_arena_alloc(a, st->n_scenario, sizeof *own->scenario);
    own->gate = sim_arena_alloc(a, st->n_scenario, sizeof *own->gate);
    memcpy(own->scenario, st->scenario, st->n_scenario * sizeof *own->scenario);
    memcpy(own->gate, st->gate, st->n_scenario * sizeof *own->gate);
}

/* Values of inputs at one end: 0 low, 1 high. */
static double *at_end(const struct sim_inputs *in, int end, struct sim_arena *a)
{
    double *v = sim_arena_alloc(a, in->n, sizeof *v), e[2];

    for (size_t i = 0; i < in->n; i++) {
        sim_input_ends(&in->at[i], &e[0], &e[1]);
        v[i] = e[end];
    }
    return v;
}

int mdl_uncertain_try(const struct mdl_study *st, struct sim_err *err)
{
    static const char *const words[] = {"low", "high"};
    int rc = 0;

    for (int end = 0; end < 2 && st->n_input > 0 && rc == 0; end++) {
        struct sim_arena scratch = {0};
        struct mdl_study own;

        begin(&own, st, &scratch);
        if (st->net.draft)
            rc =
                tie_network(&own, st, &scratch, at_end(&st->net.draft->inputs, end, &scratch), err);
        for (uint32_t s = 0; s < st->n_scenario && rc == 0; s++)
            rc = tie_scenario(&own, st, s, &scratch, at_end(&st->scenario[s].inputs, end, &scratch),
                              err);
        if (rc != 0)
            rc = sim_err_add(err, SIM_EINPUT,
                             "%s: so it is with all uncertain inputs at their %s "
                             "ends; what is drawn must fit together in every run",
                             st->scenario[0].file, words[end]);
        sim_arena_free(&scratch);
    }
    return rc;
}

/* ---- one run ---- */

static double *draw_all(const struct sim_inputs *in, const uint32_t *number, uint64_t seed,
                        uint32_t run, double *to, struct sim_arena *a)
{
    double *v = sim_arena_alloc(a, in->n, sizeof *v);

    for (size_t i = 0; i < in->n; i++) {
        v[i] = sim_input_draw(&in->at[i], seed, run, MDL_FOR_INPUT);
        if (to)
            to[number[i]] = v[i];
    }
    return v;
}

int mdl_uncertain_draw(struct mdl_study *own, const struct mdl_study *st, uint32_t scenario,
                       struct sim_arena *a, uint32_t run, struct sim_result *res, size_t slot,
                       struct sim_err *err)
{
    const struct sim_column *c = sim_result_find(res, "input_value");
    size_t runs = c ? res->axis[c->axis[1]].n : 0;
    double *to = c ? (double *)c->data + (scenario * runs + slot) * st->n_input : NULL, *v;
    int rc = 0;

    begin(own, st, a);
    for (uint32_t i = 0; to && i < st->n_input; i++)
        to[i] = NAN;
    if (st->net.draft) {
        v = draw_all(&st->net.draft->inputs, st->table_input, (uint64_t)st->seed, run, to, a);
        rc = tie_network(own, st, a, v, err);
    }
    v = draw_all(&st->scenario[scenario].inputs, st->scenario_input[scenario], (uint64_t)st->seed,
                 run, to, a);
    if (rc == 0)
        rc = tie_scenario(own, st, scenario, a, v, err);
    return rc ? SIM_ERUN : 0;
}
