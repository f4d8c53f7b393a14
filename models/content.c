#include "models/content.h"

#include <math.h>
#include <string.h>

/* Content of the main output through a recipe, once all inputs are known. */
static int through_recipe(const struct mdl_network *n, const struct mdl_recipe *r,
                          const char *known, double el_g[MDL_MAX_ELEMENTS])
{
    for (int e = 0; e < MDL_MAX_ELEMENTS; e++)
        el_g[e] = 0;
    for (uint32_t i = 0; i < r->n_in; i++) {
        const struct mdl_product *p = &n->product[r->in[i].product];

        if (!known[r->in[i].product])
            return 0;
        for (int e = 0; e < n->n_element; e++)
            el_g[e] += p->el_g[e] * r->in[i].units;
    }
    for (uint32_t i = 1; i < r->n_out; i++) {
        const struct mdl_product *p = &n->product[r->out[i].product];

        if (!known[r->out[i].product])
            return 0;
        for (int e = 0; e < n->n_element; e++)
            el_g[e] = fmax(0, el_g[e] - p->el_g[e] * r->out[i].units);
    }
    return 1;
}

static int unknown(const struct mdl_network *n, const struct mdl_recipe *r, uint32_t p, char *known,
                   struct sim_err *err)
{
    known[p] = 1; /* one line each */
    return sim_err_add(err, SIM_EINPUT,
                       "%s: recipe %s: the content of %s cannot be computed; state it in "
                       "products.csv",
                       r->place, r->id, n->product[p].id);
}

/* What no recipe tells: first what is only a by-product or bought, then what is made from itself.
 */
static int check_known(const struct mdl_network *n, char *known, struct sim_err *err)
{
    char *is_main = sim_arena_alloc(n->arena, n->n_product, 1);
    int rc = 0;

    for (uint32_t i = 0; i < n->n_recipe; i++)
        is_main[n->recipe[i].out[0].product] = 1;
    for (uint32_t i = 0; i < n->n_recipe; i++) {
        const struct mdl_recipe *r = &n->recipe[i];

        for (uint32_t k = 0; k < r->n_in; k++)
            if (!known[r->in[k].product] && !is_main[r->in[k].product])
                rc = unknown(n, r, r->in[k].product, known, err);
        for (uint32_t k = 1; k < r->n_out; k++)
            if (!known[r->out[k].product] && !is_main[r->out[k].product])
                rc = unknown(n, r, r->out[k].product, known, err);
    }
    for (uint32_t i = 0; i < n->n_recipe && rc == 0; i++)
        if (!known[n->recipe[i].out[0].product])
            rc = unknown(n, &n->recipe[i], n->recipe[i].out[0].product, known, err);
    return rc;
}

static int compute_missing(struct mdl_network *n, struct sim_err *err)
{
    char *known = sim_arena_alloc(n->arena, n->n_product, 1);
    int rc = 0;

    for (uint32_t i = 0; i < n->n_product; i++)
        known[i] = !n->product[i].computed;
    for (int more = 1; more;) {
        more = 0;
        for (uint32_t i = 0; i < n->n_recipe; i++) {
            const struct mdl_recipe *r = &n->recipe[i];
            uint32_t p = r->out[0].product;
            double el_g[MDL_MAX_ELEMENTS];

            if (known[p] || !through_recipe(n, r, known, el_g))
                continue;
            memcpy(n->product[p].el_g, el_g, sizeof el_g);
            known[p] = 1;
            more = 1;
        }
    }
    if (n->n_element > 0)
        rc = check_known(n, known, err);
    for (uint32_t i = 0; i < n->n_recipe && rc == 0; i++) {
        const struct mdl_recipe *r = &n->recipe[i];
        const struct mdl_product *p = &n->product[r->out[0].product];
        double el_g[MDL_MAX_ELEMENTS];

        if (!p->computed || !through_recipe(n, r, known, el_g))
            continue;
        for (int e = 0; e < n->n_element; e++)
            if (fabs(el_g[e] - p->el_g[e]) > 1e-6 * (1e-9 + p->el_g[e]))
                rc = sim_err_add(err, SIM_EINPUT,
                                 "%s: recipe %s gives %s %.9g g of %s per %s, another recipe "
                                 "gives %.9g; another content is another product, or state the "
                                 "content in products.csv",
                                 r->place, r->id, p->id, el_g[e], n->element[e], p->unit,
                                 p->el_g[e]);
    }
    return rc;
}

static int check_gain(const struct mdl_network *n, struct sim_err *err)
{
    int rc = 0;

    for (uint32_t i = 0; i < n->n_recipe; i++) {
        const struct mdl_recipe *r = &n->recipe[i];

        for (int e = 0; e < n->n_element && r->n_in > 0; e++) {
            double in = 0, out = 0;

            for (uint32_t k = 0; k < r->n_in; k++)
                in += n->product[r->in[k].product].el_g[e] * r->in[k].units;
            for (uint32_t k = 0; k < r->n_out; k++)
                out += n->product[r->out[k].product].el_g[e] * r->out[k].units;
            if (out > in * (1 + 1e-9) + 1e-12)
                rc = sim_err_add(
                    err, SIM_EINPUT,
                    "%s: recipe %s: its outputs hold %.9g g of %s per unit, its inputs only "
                    "%.9g",
                    r->place, r->id, out, n->element[e], in);
        }
    }
    return rc;
}

static void list_elements(struct mdl_network *n)
{
    for (uint32_t i = 0; i < n->n_product; i++) {
        struct mdl_product *p = &n->product[i];

        for (int e = 0; e < MDL_MAX_ELEMENTS; e++) {
            p->slot[e] = -1;
            p->kg[e] = p->el_g[e] / 1000 / (double)p->qpu;
            if (e < n->n_element && p->el_g[e] > 0) {
                p->slot[e] = (int8_t)p->n_el;
                p->el[p->n_el++] = (uint8_t)e;
            }
        }
    }
    for (uint32_t i = 0; i < n->n_recipe; i++) {
        struct mdl_recipe *r = &n->recipe[i];
        int in_el = 0, single = 0;

        for (int e = 0; e < n->n_element; e++) {
            int in = r->n_in == 0, out = 0;

            for (uint32_t k = 0; k < r->n_in; k++)
                in |= n->product[r->in[k].product].slot[e] >= 0;
            for (uint32_t k = 0; k < r->n_out; k++)
                out |= n->product[r->out[k].product].slot[e] >= 0;
            in_el += in;
            if (out || (in && r->n_in > 0))
                r->el[r->n_el++] = (uint8_t)e;
        }
        for (uint32_t k = 0; k < r->n_out; k++)
            single |= n->product[r->out[k].product].n_el == 1;
        r->separates = single && (r->n_in == 0 ? r->n_el == 1 : in_el > 1);
    }
}

/* Countries with mines, or with separation: their numbers from place `first` on, and the place of
 * each. */
static int list_countries(struct mdl_network *n, int mines, int first, uint32_t **list,
                          int8_t **place)
{
    char *is = sim_arena_alloc(n->arena, n->n_country, 1);
    int count = first;

    for (uint32_t i = 0; i < n->n_process; i++) {
        const struct mdl_recipe *r = &n->recipe[n->process[i].recipe];

        if (r->n_el > 0 && (mines ? r->n_in == 0 : r->separates))
            is[n->site[n->process[i].site].country] = 1;
    }
    *list = sim_arena_alloc(n->arena, n->n_country + 1u, sizeof **list);
    *place = sim_arena_alloc(n->arena, n->n_country, 1);
    for (uint32_t c = 0; c < n->n_country; c++) {
        (*place)[c] = -1;
        if (is[c]) {
            (*place)[c] = (int8_t)count;
            (*list)[count++] = c;
        }
    }
    return count;
}

static void list_origins(struct mdl_network *n)
{
    n->n_mined = list_countries(n, 1, 0, &n->mined, &n->mined_of);
    n->n_origin = list_countries(n, 0, 1, &n->origin, &n->origin_of);
    n->origin[0] = UINT32_MAX;
    n->n_share = n->n_mined + n->n_origin;
}

int mdl_content_compute(struct mdl_network *n, struct sim_err *err)
{
    int rc = compute_missing(n, err);
    int rc2 = check_gain(n, err);

    list_elements(n);
    list_origins(n);
    return rc ? rc : rc2;
}
