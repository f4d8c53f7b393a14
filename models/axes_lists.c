#include "models/actors.h"
#include "models/axes.h"
#include "models/axes_inner.h"
#include "models/load.h"

#include <stdio.h>
#include <stdlib.h>

/* Axes of what stands in lists of the scenarios; each is there only where something is. */

struct price_point {
    const char *label;
    const struct mdl_price *price;
    uint32_t scenario;
    int zone;
};

static int by_label(const void *a, const void *b)
{
    const struct price_point *x = a, *y = b;
    int c = strcmp(x->label, y->label);

    return c ? c : (x->scenario > y->scenario) - (x->scenario < y->scenario);
}

/* Zones of the prices of all scenarios, each once, sorted; at most MDL_ZONES for each price. */
static uint32_t list_prices(struct price_point *to, struct sim_arena *a, const struct mdl_study *st)
{
    uint32_t n = 0, k = 0;

    for (uint32_t s = 0; s < st->n_scenario; s++)
        for (uint32_t i = 0; i < st->scenario[s].prices.n; i++) {
            const struct mdl_price *p = &st->scenario[s].prices.price[i];

            for (int z = 0; z < (p->home == UINT32_MAX ? 1 : MDL_ZONES); z++)
                to[n++] = (struct price_point){mdl_price_label(p, z, a), p, s, z};
        }
    if (n > 0)
        qsort(to, n, sizeof *to, by_label);
    for (uint32_t i = 0; i < n; i++)
        if (k == 0 || strcmp(to[k - 1].label, to[i].label) != 0)
            to[k++] = to[i];
    return k;
}

static uint32_t most_prices(const struct mdl_study *st)
{
    uint32_t n = 0;

    for (uint32_t s = 0; s < st->n_scenario; s++)
        n += MDL_ZONES * st->scenario[s].prices.n;
    return n;
}

uint32_t mdl_result_prices(const struct mdl_study *st)
{
    struct sim_arena a = {0};
    uint32_t n =
        list_prices(sim_arena_alloc(&a, most_prices(st), sizeof(struct price_point)), &a, st);

    sim_arena_free(&a);
    return n;
}

static void price_axis(struct sim_result *res, const struct mdl_study *st)
{
    struct price_point *at = sim_arena_alloc(&res->arena, most_prices(st), sizeof *at);
    uint32_t n = list_prices(at, &res->arena, st);
    const char **label = labels(res, n), **id = labels(res, n), **zone = labels(res, n),
               **product = labels(res, n), **unit = labels(res, n), **volume = labels(res, n);
    double *base = sim_arena_alloc(&res->arena, n, sizeof *base);

    if (n == 0)
        return;
    for (uint32_t i = 0; i < n; i++) {
        const struct mdl_product *p = &st->net.product[at[i].price->first];
        size_t len = strlen(p->unit) + 5;
        char *text = sim_arena_alloc(&res->arena, len, 1);

        snprintf(text, len, "USD/%s", p->unit);
        label[i] = at[i].label;
        id[i] = at[i].price->id;
        zone[i] = mdl_price_zone_name(at[i].price, at[i].zone);
        product[i] = p->id;
        unit[i] = text;
        volume[i] = p->unit;
        base[i] = mdl_price_base(at[i].price, &st->net);
    }
    add_texts(res, "price", "price of goods in a zone", label, n,
              (struct sim_coord[]){
                  text_coord("price_id", "price", id),
                  text_coord("price_zone", "inside or outside the country that controls", zone),
                  text_coord("price_product", "first of its goods", product),
                  text_coord("price_unit", "unit of the price", unit),
                  text_coord("price_volume_unit", "unit of quantities", volume),
                  real_coord("price_base", "price when nothing is scarce", "USD", base)},
              6);
}

static void shock_axis(struct sim_result *res, const struct mdl_study *st)
{
    size_t n = 0;
    const char **id, **name, **kind;

    for (uint32_t s = 0; s < st->n_scenario; s++)
        n += st->scenario[s].n_shock;
    if (n == 0)
        return;
    id = labels(res, n);
    name = labels(res, n);
    kind = labels(res, n);
    n = 0;
    for (uint32_t s = 0; s < st->n_scenario; s++)
        for (uint32_t k = 0; k < st->scenario[s].n_shock; k++)
            id[n++] = st->scenario[s].shock[k].id;
    n = mdl_load_unique(id, (uint32_t)n);
    for (size_t i = 0; i < n; i++)
        for (uint32_t s = 0; s < st->n_scenario; s++)
            for (uint32_t k = 0; k < st->scenario[s].n_shock; k++)
                if (strcmp(st->scenario[s].shock[k].id, id[i]) == 0 && kind[i] == NULL) {
                    name[i] = st->scenario[s].shock[k].name ? st->scenario[s].shock[k].name : "";
                    kind[i] = mdl_shock_words[st->scenario[s].shock[k].kind];
                }
    add_texts(res, "shock", "shock", id, n,
              (struct sim_coord[]){text_coord("shock_name", "name of the shock", name),
                                   text_coord("shock_kind", "what happens", kind)},
              2);
}

/* A reserve and a product that it holds, "id~product": of all scenarios, sorted. */
static void reserve_axis(struct sim_result *res, const struct mdl_study *st)
{
    const struct mdl_network *n = &st->net;
    size_t most = 0, m = 0;
    const char **label, **id, **product, **unit;
    double *value;

    for (uint32_t s = 0; s < st->n_scenario; s++)
        for (uint32_t r = 0; r < st->scenario[s].n_reserve; r++)
            most += st->scenario[s].reserve[r].n_stock;
    if (most == 0)
        return;
    label = labels(res, most);
    for (uint32_t s = 0; s < st->n_scenario; s++)
        for (uint32_t r = 0; r < st->scenario[s].n_reserve; r++)
            for (uint32_t k = 0; k < st->scenario[s].reserve[r].n_stock; k++)
                label[m++] = mdl_reserve_label(&st->scenario[s].reserve[r], k, n, &res->arena);
    m = mdl_load_unique(label, (uint32_t)m);
    id = labels(res, m);
    product = labels(res, m);
    unit = labels(res, m);
    value = sim_arena_alloc(&res->arena, m, sizeof *value);
    for (size_t i = 0; i < m; i++) {
        const char *tilde = strchr(label[i], '~');
        const struct mdl_product *p = &n->product[mdl_network_product(n, tilde + 1)];

        id[i] = sim_arena_copy(&res->arena, label[i], (size_t)(tilde - label[i]));
        product[i] = p->id;
        unit[i] = p->unit;
        value[i] = p->value_usd;
    }
    add_texts(res, "reserve", "reserve of a product", label, m,
              (struct sim_coord[]){text_coord("reserve_id", "reserve", id),
                                   text_coord("reserve_product", "product", product),
                                   text_coord("reserve_unit", "unit of quantities", unit),
                                   real_coord("reserve_value", "value of one unit", "USD", value)},
              4);
}

/* Entries of all scenarios, sorted; their scrap is that of the first scenario that has them. */
static void recycling_axis(struct sim_result *res, const struct mdl_study *st)
{
    size_t most = 0, m = 0;
    const char **label, **product, **unit;

    for (uint32_t s = 0; s < st->n_scenario; s++)
        most += st->scenario[s].n_recycling;
    if (most == 0)
        return;
    label = labels(res, most);
    for (uint32_t s = 0; s < st->n_scenario; s++)
        for (uint32_t r = 0; r < st->scenario[s].n_recycling; r++)
            label[m++] = st->scenario[s].recycling[r].id;
    m = mdl_load_unique(label, (uint32_t)m);
    product = labels(res, m);
    unit = labels(res, m);
    for (size_t i = 0; i < m; i++)
        for (uint32_t s = 0; s < st->n_scenario; s++)
            for (uint32_t r = 0; r < st->scenario[s].n_recycling; r++) {
                const struct mdl_recycling *e = &st->scenario[s].recycling[r];

                if (product[i] || strcmp(e->id, label[i]) != 0)
                    continue;
                product[i] = e->to_product_id;
                unit[i] = st->net.product[st->net.point[e->to_point].product].unit;
            }
    add_texts(res, "recycling", "goods or swarf that come back", label, m,
              (struct sim_coord[]){text_coord("recycling_product", "scrap", product),
                                   text_coord("recycling_unit", "unit of quantities", unit)},
              2);
}

static void input_axis(struct sim_result *res, const struct mdl_study *st)
{
    size_t m = st->n_input;
    const char **name = labels(res, m), **dist = labels(res, m), **unit = labels(res, m);

    for (size_t i = 0; i < m; i++) {
        name[i] = st->input[i].name;
        dist[i] = st->input[i].dist;
        unit[i] = st->input[i].unit;
    }
    if (m > 0)
        add_texts(res, "uncertain",
                  "uncertain input: key of a scenario, cell or override of a table", name, m,
                  (struct sim_coord[]){
                      text_coord("uncertain_dist", "distribution that it is drawn from", dist),
                      text_coord("uncertain_unit", "unit of its values", unit)},
                  2);
}

void mdl_axes_lists(struct sim_result *res, const struct mdl_study *st)
{
    shock_axis(res, st);
    price_axis(res, st);
    reserve_axis(res, st);
    recycling_axis(res, st);
    input_axis(res, st);
}
