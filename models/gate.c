#include "models/gate.h"
#include "models/purpose.h"

#include "sim/rng.h"

#include <stdio.h>
#include <stdlib.h>

static int cmp_day(const void *a, const void *b)
{
    return (*(const int32_t *)a > *(const int32_t *)b) -
           (*(const int32_t *)a < *(const int32_t *)b);
}

enum { RULE_CHANGES = 4 };

/* Days on which a rule begins, ends, rests and goes on; returns how many. */
static uint32_t changes_of(const struct mdl_scenario *s, const struct mdl_rule *r,
                           int32_t day[RULE_CHANGES])
{
    uint32_t n = 0;

    if (r->until != SIM_DAY_NONE && r->until <= r->from)
        return 0;
    if (r->from > s->start)
        day[n++] = r->from;
    if (r->until != SIM_DAY_NONE)
        day[n++] = r->until;
    if (r->suspended_from != SIM_DAY_NONE) {
        day[n++] = r->suspended_from;
        day[n++] = r->suspended_until;
    }
    return n;
}

void mdl_gate_init(struct mdl_gate *g, struct sim_arena *a, const struct mdl_scenario *s,
                   const struct mdl_network *n)
{
    uint32_t total = 0, k = 0;

    *g = (struct mdl_gate){.scenario = s, .net = n};
    g->first = sim_arena_alloc(a, (size_t)n->n_lane + 1, sizeof *g->first);
    for (int fill = 0; fill < 2; fill++) {
        total = 0;
        for (uint32_t l = 0; l < n->n_lane; l++) {
            g->first[l] = total;
            for (uint32_t r = 0; r < s->n_rule; r++)
                if (mdl_rule_covers(&s->rule[r], n, &n->lane[l])) {
                    if (fill)
                        g->rule[total] = r;
                    total++;
                }
        }
        g->first[n->n_lane] = total;
        if (!fill)
            g->rule = sim_arena_alloc(a, total, sizeof *g->rule);
    }
    g->change = sim_arena_alloc(a, (RULE_CHANGES + 1) * (size_t)s->n_rule, sizeof *g->change);
    for (uint32_t r = 0; r < s->n_rule; r++) {
        const struct mdl_rule *p = &s->rule[r];
        uint32_t more = changes_of(s, p, g->change + g->n_change);

        g->n_change += more;
        if (more > 0 && p->grace_d > 0 && p->from > s->start)
            g->change[g->n_change++] = p->from + (int32_t)p->grace_d;
    }
    qsort(g->change, g->n_change, sizeof *g->change, cmp_day);
    for (uint32_t i = 0; i < g->n_change; i++)
        if (k == 0 || g->change[k - 1] != g->change[i])
            g->change[k++] = g->change[i];
    g->n_change = k;
}

uint32_t mdl_gate_version(const struct mdl_gate *g, int32_t day)
{
    uint32_t k = 0;

    while (k < g->n_change && g->change[k] <= day)
        k++;
    return k;
}

uint32_t mdl_gate_rule_version(const struct mdl_gate *g, uint32_t rule, int32_t day)
{
    int32_t change[RULE_CHANGES];
    uint32_t n = changes_of(g->scenario, &g->scenario->rule[rule], change), k = 0;

    for (uint32_t c = 0; c < n; c++)
        k += change[c] <= day;
    return k;
}

/* Is a civil line taken for a military one by this rule? */
static int mistaken(const struct mdl_rule *r, const struct mdl_shipment *s)
{
    struct sim_draws d;
    uint64_t name;

    if (r->mistaken_civil <= 0 || s->use != MDL_CIVIL || r->matches_use[MDL_CIVIL] ||
        !r->matches_use[MDL_MILITARY])
        return 0;
    name =
        sim_hash_with(sim_hash_with(s->net->point[s->lane->to_point].hash, s->lane->hash), r->hash);
    d = sim_draws_at(sim_stream_make(s->seed, s->run, name, MDL_FOR_MISTAKEN),
                     mdl_line_index(s->placed, s->use, s->nth));
    return sim_uniform(&d) < r->mistaken_civil;
}

static int in_grace(const struct mdl_scenario *s, const struct mdl_rule *r,
                    const struct mdl_shipment *sh)
{
    return r->from > s->start && sh->placed < r->from && sh->day < r->from + (int32_t)r->grace_d;
}

void mdl_gate_judge(const struct mdl_gate *g, const char *exists, const struct mdl_shipment *s,
                    struct mdl_verdict *v)
{
    uint32_t lane = (uint32_t)(s->lane - g->net->lane);

    *v = (struct mdl_verdict){0};
    for (uint32_t i = g->first[lane]; i < g->first[lane + 1]; i++) {
        uint32_t k = g->rule[i];
        const struct mdl_rule *r = &g->scenario->rule[k];

        if ((exists && !exists[k]) || !mdl_rule_active(g->scenario, r, s->day) ||
            in_grace(g->scenario, r, s))
            continue;
        if (s->use == MDL_CIVIL)
            v->civil_only |= r->undertaking;
        if (r->matches_use[s->use])
            mdl_policies[r->action]->judge(r, k, s, v);
        else if (mistaken(r, s))
            (r->mistaken_action == 0 ? &mdl_policy_licence : &mdl_policy_deny)->judge(r, k, s, v);
    }
}

int mdl_gate_explain(const struct mdl_gate *g, uint32_t rule, const struct mdl_shipment *s,
                     char *why, size_t n)
{
    const struct mdl_rule *r = &g->scenario->rule[rule];
    const struct mdl_network *net = g->net;
    const struct mdl_site *from = &net->site[s->lane->from], *to = &net->site[s->lane->to];

    if (from->country == to->country)
        snprintf(why, n, "the goods do not cross a border");
    else if (!mdl_rule_active(g->scenario, r, s->day))
        snprintf(why, n, "not in force on that day");
    else if (!r->matches_origin[from->country])
        snprintf(why, n, "origin %s is not covered", from->country_id);
    else if (!r->matches_destination[to->country])
        snprintf(why, n, "destination %s is not covered", to->country_id);
    else if (!r->matches_product[s->lane->product])
        snprintf(why, n, "%s is not on list %s", net->product[s->lane->product].id, r->list);
    else if (r->matches_entity && (to->entity == UINT32_MAX || !r->matches_entity[to->entity]))
        snprintf(why, n, "the buyer is not on list %s", r->entity_list);
    else if (in_grace(g->scenario, r, s))
        snprintf(why, n,
                 "the order was accepted before the rule and is ready within its days of grace");
    else if (!r->matches_use[s->use])
        snprintf(why, n, "end use %s is not covered", s->use == MDL_CIVIL ? "civil" : "military");
    else {
        snprintf(why, n, "matches");
        return 1;
    }
    return 0;
}
