#include "models/world.h"

#include "models/purpose.h"

#include "sim/rng.h"

#include <math.h>

struct dice {
    struct sim_arena *a;
    const struct mdl_network *n;
    uint64_t seed;
    uint32_t run;
};

static double uniform(const struct dice *d, uint64_t name, int purpose)
{
    struct sim_draws r = sim_draws_at(sim_stream_make(d->seed, d->run, name, (uint16_t)purpose), 0);

    return sim_uniform(&r);
}

/* Goods and firms are drawn by the names of their list and their own: two rules with one list see
 * the same, and a wider scope holds the narrower one. */
static uint64_t listed_name(const char *list, const char *id)
{
    return sim_hash_with(sim_hash(list ? list : ""), sim_hash(id));
}

static char *draw_goods(const struct dice *d, const struct mdl_rule *r)
{
    char *to = sim_arena_alloc(d->a, d->n->n_product, 1);

    for (uint32_t p = 0; p < d->n->n_product; p++)
        to[p] = r->chance[p] > 0 && uniform(d, listed_name(r->list, d->n->product[p].id),
                                            MDL_FOR_LISTED) < r->chance[p];
    return to;
}

static char *draw_firms(const struct dice *d, const struct mdl_rule *r, const char *list)
{
    double *u = sim_arena_alloc(d->a, d->n->n_entity, sizeof *u),
           *chance = sim_arena_alloc(d->a, d->n->n_site, sizeof *chance);
    char *to = sim_arena_alloc(d->a, d->n->n_site, 1);

    for (uint32_t e = 0; e < d->n->n_entity; e++)
        u[e] = uniform(d, listed_name(list, d->n->entity[e].id), MDL_FOR_LISTED);
    (void)mdl_rule_firms(chance, list, r->ownership_min, u, d->n);
    for (uint32_t s = 0; s < d->n->n_site; s++)
        to[s] = chance[s] > 0;
    return to;
}

/* A company is suspected, or takes no orders, as a whole. */
static uint64_t firm_name(const struct dice *d, const struct mdl_rule *r, uint32_t site)
{
    const struct mdl_site *s = &d->n->site[site];

    return sim_hash_with(r->hash,
                         s->entity == UINT32_MAX ? s->hash : sim_hash(d->n->entity[s->entity].id));
}

static char *draw_suspects(const struct dice *d, const struct mdl_rule *r)
{
    char *to = sim_arena_alloc(d->a, d->n->n_site, 1);

    for (uint32_t s = 0; s < d->n->n_site; s++)
        to[s] = uniform(d, firm_name(d, r, s), MDL_FOR_SUSPECT) < mdl_rule_suspicion(r, d->n, s);
    return to;
}

static char *draw_declining(const struct dice *d, const struct mdl_rule *r)
{
    char *to = sim_arena_alloc(d->a, d->n->n_site, 1);

    for (uint32_t s = 0; s < d->n->n_site; s++)
        to[s] = uniform(d, firm_name(d, r, s), MDL_FOR_DECLINE) < r->decline;
    return to;
}

void mdl_world_draw(struct mdl_world *w, struct sim_arena *a, const struct mdl_scenario *s,
                    const struct mdl_network *n, uint64_t seed, uint32_t run)
{
    const struct dice d = {a, n, seed, run};
    char ***each[] = {&w->goods, &w->buyer, &w->exporter, &w->suspect, &w->declines};

    *w = (struct mdl_world){.scenario = s, .exists = sim_arena_alloc(a, s->n_rule, 1)};
    for (size_t k = 0; k < sizeof each / sizeof *each; k++)
        *each[k] = sim_arena_alloc(a, s->n_rule, sizeof(char *));
    for (uint32_t i = 0; i < s->n_rule; i++) {
        const struct mdl_rule *r = &s->rule[i];

        w->exists[i] = uniform(&d, r->hash, MDL_FOR_WORLD) < r->probability;
        if (r->uncertain)
            w->goods[i] = draw_goods(&d, r);
        if (r->uncertain && r->buyer_chance)
            w->buyer[i] = draw_firms(&d, r, r->entity_list);
        if (r->uncertain && r->exporter_chance)
            w->exporter[i] = draw_firms(&d, r, r->exporter_list);
        if (r->suspect_buyer > 0)
            w->suspect[i] = draw_suspects(&d, r);
        if (r->decline > 0)
            w->declines[i] = draw_declining(&d, r);
    }
}
