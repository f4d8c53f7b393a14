#include "models/recycle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const sources[] = {"sold", "made", NULL};

#define AT(field) offsetof(struct mdl_recycling, field)

const struct sim_key mdl_recycling_keys[] = {
    {"id", "", SIM_KEY_ID, 0, 0, NULL, AT(id), "key of the entry", NULL, NULL},
    {"of", "", SIM_KEY_WORD, 0, 0, "sold", AT(of),
     "sold: goods handed over at picked markets come back at the end of their life; made: swarf of "
     "what picked sites make",
     sources, NULL},
    MDL_PICK_SITES(mdl_recycling, pick),
    MDL_PICK_PRODUCTS(mdl_recycling, pick),
    {"to_site", "", SIM_KEY_STR, 0, 0, NULL, AT(to_site_id), "site that gets the scrap", NULL,
     NULL},
    {"to_product", "", SIM_KEY_STR, 0, 0, NULL, AT(to_product_id),
     "product that the scrap is; the site buys, makes or uses it", NULL, NULL},
    {"collection", "", SIM_KEY_REAL, 0, 1, NULL, AT(collection),
     "share of what comes to its end that is collected", NULL, NULL},
    {"collection_y", "", SIM_KEY_REAL, -1, 10, "0", AT(growth_y),
     "growth of that share a year from start on; it stays at most 1", NULL, NULL},
    {"steps", "", SIM_KEY_LIST, 0, 0, "", 0, "other shares from a day on", NULL,
     mdl_collection_keys},
    {"delay_d", "d", SIM_KEY_DIST, 0, 36500, NULL, AT(delay_d),
     "days from the sale, or the making, until it comes back; counted in weeks", NULL, NULL},
    {"yield", "", SIM_KEY_REAL, 0, 1e9, "", AT(yield),
     "units of scrap from a unit collected; empty = as much as its elements allow", NULL, NULL},
    {"past_y", "", SIM_KEY_REAL, -0.9, 10, "0", AT(past_y),
     "growth a year of what was sold or made before the simulated days, up to what the steady "
     "state "
     "sells",
     NULL, NULL},
    {"source", "", SIM_KEY_STR, 0, 0, "", AT(source), "where the numbers come from", NULL, NULL},
    {0}};

#undef AT
#define AT(field) offsetof(struct mdl_collection, field)

const struct sim_key mdl_collection_keys[] = {
    {"id", "", SIM_KEY_ID, 0, 0, NULL, AT(id), "key of the step", NULL, NULL},
    {"from", "", SIM_KEY_DATE, 0, 0, NULL, AT(from), "first day", NULL, NULL},
    {"share", "", SIM_KEY_REAL, 0, 1, NULL, AT(share), "collection from then on", NULL, NULL},
    {0}};

static int by_day(const void *a, const void *b)
{
    const struct mdl_collection *x = a, *y = b;

    return x->from != y->from ? (x->from > y->from) - (x->from < y->from) : strcmp(x->id, y->id);
}

int mdl_recycle_read(const struct sim_tree *list, struct mdl_recycling **to, uint32_t *n,
                     struct sim_arena *a, struct sim_err *err)
{
    static const struct mdl_entries all = {"recycling", mdl_recycling_keys,
                                           sizeof(struct mdl_recycling),
                                           offsetof(struct mdl_recycling, tree), NULL},
                                    steps = {"steps", mdl_collection_keys,
                                             sizeof(struct mdl_collection),
                                             offsetof(struct mdl_collection, tree), by_day};
    void *at;
    int rc = mdl_entries_read(&all, list, &at, n, a, err);

    *to = at;
    for (uint32_t i = 0; i < *n; i++) {
        struct mdl_recycling *r = &(*to)[i];
        int one = r->tree ? mdl_entries_read(&steps, sim_tree_get(r->tree, "steps"), &at,
                                             &r->n_step, a, err)
                          : 0;

        r->step = r->tree ? at : NULL;
        rc = rc ? rc : one;
    }
    return rc ? SIM_EINPUT : 0;
}

double mdl_recycle_share(const struct mdl_recycling *r, int32_t start, int32_t day)
{
    double share = r->collection;

    for (uint32_t i = 0; i < r->n_step && r->step[i].from <= day; i++)
        share = r->step[i].share;
    if (day > start)
        share *= pow(1 + r->growth_y, (double)(day - start) / 365.25);
    return fmin(share, 1);
}

/* ---- delays ---- */

/* Chance that a delay is at most x days. */
static double cdf(const struct sim_dist *d, double x)
{
    double lo = 1e-12, hi = 1 - 1e-12;

    if (d->kind == SIM_CONSTANT)
        return x >= sim_dist_mean(d);
    if (x < sim_dist_quantile(d, lo))
        return 0;
    if (x >= sim_dist_quantile(d, hi))
        return 1;
    for (int i = 0; i < 60; i++) {
        double p = (lo + hi) / 2;

        if (sim_dist_quantile(d, p) <= x)
            lo = p;
        else
            hi = p;
    }
    return lo;
}

/* Goods of a period come back in the k-th one after it with chance F(7 (k + 1)) - F(7 k). */
static void spread(struct mdl_recycling *r, int64_t days, struct sim_arena *a)
{
    double most = r->delay_d.kind == SIM_CONSTANT ? sim_dist_mean(&r->delay_d)
                                                  : sim_dist_quantile(&r->delay_d, 1 - 1e-12);
    uint32_t n = (uint32_t)(days / MDL_RECYCLE_D + 1),
             all = n + (uint32_t)fmin(most / MDL_RECYCLE_D, 1e4) + 2;
    double *part = sim_arena_alloc(a, all, sizeof *part), before = 0,
           week = pow(1 + r->past_y, -MDL_RECYCLE_D / 365.25);

    for (uint32_t k = 0; k < all; k++) {
        double f = cdf(&r->delay_d, (double)(k + 1) * MDL_RECYCLE_D - 1e-9);

        part[k] = f - before;
        before = f;
    }
    r->n_period = n;
    r->back = part;
    r->past = sim_arena_alloc(a, n, sizeof *r->past);
    for (uint32_t k = 0; k < n; k++) {
        double size = 1;

        for (uint32_t i = k + 1; i < all; i++)
            r->past[k] += (size *= week) * part[i];
    }
}

/* ---- what comes back of a unit ---- */

/* Grams of an element in a unit of goods; or lost in making one, by the process that loses least.
 */
static double grams(const struct mdl_recycling *r, const struct mdl_network *net, uint32_t point,
                    int e)
{
    const struct mdl_point *p = &net->point[point];
    double least = INFINITY;

    if (r->of == MDL_OF_SOLD)
        return net->product[p->product].el_g[e];
    for (uint32_t i = 0; i < p->n_maker; i++) {
        const struct mdl_process *q = &net->process[p->maker[i]];
        const struct mdl_recipe *c = &net->recipe[q->recipe];
        double lost = 0, made = 0;

        for (uint32_t j = 0; j < c->n_in; j++)
            lost += c->in[j].units * net->product[c->in[j].product].el_g[e];
        for (uint32_t j = 0; j < c->n_out; j++) {
            lost -= c->out[j].units * net->product[c->out[j].product].el_g[e] * q->yield;
            if (q->out_point[j] == point)
                made += c->out[j].units * q->yield;
        }
        least = fmin(least, c->n_in > 0 ? fmax(0, lost) / made : 0);
    }
    return least;
}

/* Units of scrap that the elements of a unit allow; INFINITY if scrap holds none that is tracked.
 */
static double most_of(const struct mdl_recycling *r, const struct mdl_network *net, uint32_t point)
{
    const struct mdl_product *scrap = &net->product[net->point[r->to_point].product];
    double most = INFINITY;

    for (int e = 0; e < scrap->n_el; e++)
        most = fmin(most, grams(r, net, point, scrap->el[e]) / scrap->el_g[scrap->el[e]]);
    return most;
}

static int picks(const struct mdl_recycling *r, const struct mdl_network *net, uint32_t point)
{
    const struct mdl_point *p = &net->point[point];

    return r->pick.sites[p->site] && r->pick.products[p->product] &&
           (r->of == MDL_OF_SOLD ? p->n_demand : p->n_maker) > 0;
}

/* Scrap can only hold what the goods hold. */
static int holds_all(const struct mdl_recycling *r, const struct mdl_network *net, uint32_t point,
                     struct sim_err *err)
{
    const struct mdl_product *goods = &net->product[net->point[point].product],
                             *scrap = &net->product[net->point[r->to_point].product];

    for (int e = 0; e < scrap->n_el; e++)
        if (goods->slot[scrap->el[e]] < 0)
            return sim_tree_fault(r->tree, err, "%s holds no %s, which %s does",
                                  net->point[point].id, net->element[scrap->el[e]],
                                  r->to_product_id);
    return 0;
}

static int list_bases(struct mdl_recycling *r, struct sim_arena *a, const struct mdl_network *net,
                      struct sim_err *err)
{
    int rc = 0;

    r->base = sim_arena_alloc(a, net->n_point, sizeof *r->base);
    for (uint32_t i = 0; i < net->n_point; i++) {
        double most;

        if (!picks(r, net, i))
            continue;
        rc = holds_all(r, net, i, err);
        if (rc != 0)
            return rc;
        most = most_of(r, net, i);
        if (isnan(r->yield) && isinf(most))
            return sim_tree_fault(r->tree, err, "%s holds no tracked element: give yield",
                                  r->to_product_id);
        if (!isnan(r->yield) && r->yield > most * (1 + 1e-9))
            rc = sim_tree_fault(sim_tree_get(r->tree, "yield"), err,
                                "the elements of %s allow %.6g %s of %s", net->point[i].id, most,
                                net->product[net->point[r->to_point].product].unit,
                                r->to_product_id);
        r->base[r->n_base++] =
            (struct mdl_recycle_base){.point = i, .yield = isnan(r->yield) ? most : r->yield};
    }
    if (r->n_base == 0)
        rc = sim_tree_fault(r->tree, err, "no picked site %s a picked product",
                            r->of == MDL_OF_SOLD ? "sells" : "makes");
    return rc;
}

static int link_one(struct mdl_recycling *r, int64_t days, struct sim_arena *a,
                    const struct mdl_network *net, struct sim_err *err)
{
    uint32_t site = mdl_network_site(net, r->to_site_id),
             product = mdl_network_product(net, r->to_product_id);
    int rc = mdl_pick_link(&r->pick, r->tree, a, net, err);

    if (site == UINT32_MAX)
        rc = sim_tree_fault(sim_tree_get(r->tree, "to_site"), err, "the network has no such site");
    if (product == UINT32_MAX)
        rc = sim_tree_fault(sim_tree_get(r->tree, "to_product"), err,
                            "the network has no such product");
    if (site == UINT32_MAX || product == UINT32_MAX)
        return rc;
    r->to_point = mdl_network_point(net, site, product);
    if (r->to_point == UINT32_MAX)
        return sim_tree_fault(sim_tree_get(r->tree, "to_product"), err,
                              "%s does not buy, make or use it", r->to_site_id);
    if (rc != 0)
        return rc;
    spread(r, days, a);
    return list_bases(r, a, net, err);
}

int mdl_recycle_link(struct mdl_recycling *r, uint32_t n, int64_t days, struct sim_arena *a,
                     const struct mdl_network *net, struct sim_err *err)
{
    int rc = 0;

    for (uint32_t i = 0; i < n; i++)
        rc |= link_one(&r[i], days, a, net, err);
    return rc ? SIM_EINPUT : 0;
}
