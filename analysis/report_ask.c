#include "analysis/report_inner.h"

#include <math.h>
#include <stdlib.h>

/* Columns that a chain is broken to. */
enum { WIDTH = 96 };

struct run {
    double loss;
    int64_t number;
};

static int by_loss(const void *a, const void *b)
{
    const struct run *x = a, *y = b;

    if (x->loss != y->loss)
        return (x->loss > y->loss) - (x->loss < y->loss);
    return (x->number > y->number) - (x->number < y->number);
}

/* The number of the run whose loss is the median one; -1: no loss is known. */
static int64_t median_run(const struct ana_compare *c, const struct ana_versus *v)
{
    const struct sim_axis *a = ana_axis(c->r, "run");
    struct sim_arena scratch = {0};
    struct run *run = sim_arena_alloc(&scratch, a->n, sizeof *run);
    size_t n = 0;
    int64_t number = -1;

    for (size_t i = 0; v->loss && i < a->n; i++)
        if (!isnan(v->loss[i]))
            run[n++] = (struct run){v->loss[i], (int64_t)a->value[i]};
    if (n > 0) {
        qsort(run, n, sizeof *run, by_loss);
        number = run[(n - 1) / 2].number;
    }
    sim_arena_free(&scratch);
    return number;
}

/* Adds the question about a plant, if it stops in that run and is not asked about yet. */
static size_t add(const struct ana_plant *x, const struct sim_result *file,
                  struct ana_why_question q[], size_t n, struct ana_why_question ask)
{
    struct sim_err err = SIM_ERR_INIT;
    int found = ana_why_place(file, "site", "site", x->site, &ask.site, &err) == 0;

    for (size_t i = 0; found && i < n; i++)
        found = q[i].site != ask.site;
    if (found && ana_why_complete(&ask, file, &err) == 0)
        q[n++] = ask;
    sim_err_free(&err);
    return n;
}

size_t ana_report_ask(const struct ana_compare *c, size_t i, const struct sim_result *file,
                      size_t n, struct ana_why_question q[])
{
    const struct ana_versus *v = &c->versus[i];
    const struct ana_plant *first = ana_first_to_stop(v);
    struct ana_why_question ask = {.run = median_run(c, v),
                                   .site = ANA_WHY_ANY,
                                   .product = ANA_WHY_ANY,
                                   .plant = ANA_WHY_ANY,
                                   .day = SIM_DAY_NONE,
                                   .width = WIDTH,
                                   .utf8 = 1};
    struct sim_err err = SIM_ERR_INIT;
    size_t found = 0;

    if (ask.run >= 0 &&
        ana_why_place(file, "scenario", "scenario", v->label, &ask.scenario, &err) == 0) {
        for (size_t k = 0; k < v->n_plant && found < n; k++)
            found = add(&v->plant[k], file, q, found, ask);
        if (first)
            found = add(first, file, q, found, ask);
    }
    sim_err_free(&err);
    return found;
}
