#include "models/entry.h"
#include "models/load.h"

#include "sim/rng.h"

#include <math.h>
#include <string.h>

#define PRODUCT(l, i, head, name)                                                                  \
    mdl_load_refer(l, MDL_SUBSTITUTES, i, head, name, "product", (l)->n->product,                  \
                   (l)->n->n_product, sizeof(struct mdl_product),                                  \
                   offsetof(struct mdl_product, id))

void mdl_load_check_ramp(struct mdl_load *l, uint32_t i)
{
    const struct mdl_process *p = &l->n->process[i];

    if (p->ramp_d > 0 && (p->from == SIM_DAY_NONE || isnan(p->capacity_d)))
        MDL_FAULT(l, MDL_PROCESSES, i, "ramp_d",
                  "a ramp needs a first day in service (from) and a capacity (capacity_d)");
    if (!isnan(p->yield_start) && p->ramp_d <= 0)
        MDL_FAULT(l, MDL_PROCESSES, i, "yield_start", "a yield that grows needs ramp_d");
    if (p->yield_start > p->yield)
        MDL_FAULT(l, MDL_PROCESSES, i, "yield_start", "lies above yield");
    if (sim_dist_mean(&p->delay_d) > 0 && p->from == SIM_DAY_NONE)
        MDL_FAULT(l, MDL_PROCESSES, i, "delay_d", "a delay needs a first day in service (from)");
}

static void read_row(struct mdl_load *l, uint32_t i)
{
    struct mdl_substitute *s = &l->n->substitute[i];

    s->hash = sim_hash(s->id);
    s->product = PRODUCT(l, i, "product", s->product_id);
    s->substitute = PRODUCT(l, i, "substitute", s->substitute_id);
    if (s->product == s->substitute && s->product != UINT32_MAX)
        MDL_FAULT(l, MDL_SUBSTITUTES, i, "substitute", "is the product itself");
    if (s->back_cover_d < s->cover_d)
        MDL_FAULT(l, MDL_SUBSTITUTES, i, "back_cover_d", "must not be below cover_d");
    if (s->from != SIM_DAY_NONE && s->until != SIM_DAY_NONE && s->from > s->until)
        MDL_FAULT(l, MDL_SUBSTITUTES, i, "until", "lies before the first day");
    if (s->thrift_y > 0 && s->from == SIM_DAY_NONE)
        MDL_FAULT(l, MDL_SUBSTITUTES, i, "thrift_y", "thrift needs a first day (from)");
}

/* Can the site get the product: does it buy or make it? */
static int gets(const struct mdl_network *n, uint32_t point)
{
    return point != UINT32_MAX && (n->point[point].n_lane_in > 0 || n->point[point].n_maker > 0);
}

static int has_swap(const struct mdl_process *q, uint32_t input)
{
    for (uint32_t k = 0; k < q->n_swap; k++)
        if (q->swap[k].input == input)
            return 1;
    return 0;
}

/* Adds row i to process k, whose input j it may replace, if the site can get the substitute and no
 * row before does the same. Returns whether the site can get it. */
static int add_swap(struct mdl_load *l, uint32_t i, uint32_t k, uint32_t j)
{
    struct mdl_network *n = l->n;
    const struct mdl_substitute *s = &n->substitute[i];
    struct mdl_process *q = &n->process[k];
    const struct mdl_recipe *r = &n->recipe[q->recipe];
    struct mdl_swap w = {.input = j, .row = i, .part = r->in[j]};

    w.point = mdl_network_point(n, q->site, s->substitute);
    if (!gets(n, w.point) || has_swap(q, j))
        return gets(n, w.point);
    w.part.product = s->substitute;
    w.part.units = r->in[j].units * s->quantity;
    if (!(w.part.units >= 1e-9 && w.part.units <= 9e6) ||
        !mdl_load_part_ratio(&w.part, n, r->out[0].product))
        MDL_FAULT(l, MDL_SUBSTITUTES, i, "quantity",
                  "%.9g units of it per unit of %s in recipe %s: must lie between 1e-9 and 9e6 and "
                  "have few digits",
                  w.part.units, n->product[r->out[0].product].id, r->id);
    if (q->swap == NULL)
        q->swap = sim_arena_alloc(n->arena, r->n_in, sizeof *q->swap);
    q->swap[q->n_swap++] = w;
    return 1;
}

static void link_row(struct mdl_load *l, uint32_t i)
{
    struct mdl_network *n = l->n;
    const struct mdl_substitute *s = &n->substitute[i];
    int users = 0, served = 0, deferred = 0;

    for (uint32_t k = 0; k < n->n_process; k++) {
        const struct mdl_process *q = &n->process[k];
        const struct mdl_recipe *r = &n->recipe[q->recipe];

        if (!mdl_pick_fits(s->recipe, r->id) || !mdl_pick_fits(s->site, q->site_id))
            continue;
        for (uint32_t j = 0; j < r->n_in; j++) {
            if (r->in[j].product != s->product)
                continue;
            users++;
            if (r->in[j].kind == MDL_DEFERRABLE && deferred++ == 0)
                MDL_FAULT(l, MDL_SUBSTITUTES, i, "product",
                          "is deferrable in recipe %s: an input is deferrable or has a substitute",
                          r->id);
            served += add_swap(l, i, k, j);
        }
    }
    if (users == 0)
        MDL_FAULT(l, MDL_SUBSTITUTES, i, "recipe",
                  "no process at such a site uses %s in such a recipe", s->product_id);
    else if (served == 0)
        MDL_FAULT(l, MDL_SUBSTITUTES, i, "substitute",
                  "no site that could use it buys or makes it: no lane brings it there");
}

void mdl_load_substitutes(struct mdl_load *l)
{
    int before = l->faults;

    for (uint32_t i = 0; i < l->n->n_substitute; i++)
        read_row(l, i);
    for (uint32_t i = 0; i < l->n->n_substitute && l->faults == before; i++)
        link_row(l, i);
}

/* Does a process that follows a recipe that separates elements use row i? */
static const struct mdl_recipe *separated_with(const struct mdl_network *n, uint32_t i)
{
    for (uint32_t k = 0; k < n->n_process; k++)
        for (uint32_t j = 0; j < n->process[k].n_swap; j++)
            if (n->process[k].swap[j].row == i && n->recipe[n->process[k].recipe].separates)
                return &n->recipe[n->process[k].recipe];
    return NULL;
}

void mdl_load_check_makers(struct mdl_load *l)
{
    const struct mdl_network *n = l->n;

    for (uint32_t i = 0; i < n->n_recipe; i++)
        if (n->recipe[i].separates && n->recipe[i].n_deferrable > 0) {
            l->faults++;
            (void)!sim_err_add(l->err, SIM_EINPUT,
                               "%s: recipe %s: it separates elements; none of its inputs can be "
                               "deferrable",
                               n->recipe[i].place, n->recipe[i].id);
        }

    for (uint32_t i = 0; i < n->n_substitute; i++) {
        const struct mdl_substitute *s = &n->substitute[i];
        const struct mdl_recipe *r = separated_with(n, i);

        for (int e = 0; e < n->n_element; e++) {
            double with = n->product[s->substitute].el_g[e] * s->quantity,
                   without = n->product[s->product].el_g[e];

            if (with > without * (1 + 1e-9) + 1e-12)
                MDL_FAULT(
                    l, MDL_SUBSTITUTES, i, "substitute",
                    "holds %.9g g of %s where %s holds %.9g; a substitute may hold less of an "
                    "element, not more: nothing made of it could carry that",
                    with, n->element[e], s->product_id, without);
        }
        if (r)
            MDL_FAULT(l, MDL_SUBSTITUTES, i, "recipe",
                      "recipe %s separates elements; no substitute for its inputs", r->id);
    }
}
