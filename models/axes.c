#include "models/axes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- causes ---- */

static uint32_t add_cause(struct mdl_study *st, struct mdl_cause c, const char *label)
{
    c.label = sim_arena_copy(&st->arena, label, strlen(label));
    st->cause[st->n_cause] = c;
    return st->n_cause++;
}

/* The cause that a rule of this id has in an earlier scenario, or 0. */
static uint32_t same_cause(const struct mdl_study *st, uint32_t scenario, const char *id, int why,
                           uint32_t product)
{
    for (uint32_t s = 0; s < scenario; s++)
        for (uint32_t r = 0; r < st->scenario[s].n_rule; r++) {
            uint32_t at =
                st->rule_cause[s][((size_t)r * MDL_RULE_WHYS + (size_t)why) * st->net.n_product +
                                  product];

            if (at && strcmp(st->scenario[s].rule[r].id, id) == 0)
                return at;
        }
    return 0;
}

/* Causes that a rule can be: bits 1 << enum mdl_why. */
static unsigned whys_of(const struct mdl_scenario *s, const struct mdl_rule *r)
{
    unsigned whys = mdl_policies[r->action]->whys;

    if (r->mistaken_civil > 0 || r->suspect_buyer > 0)
        whys |= (r->mistaken_action == 0 ? &mdl_policy_licence : &mdl_policy_deny)->whys;
    if (r->decline > 0)
        whys |= 1u << MDL_WHY_DECLINED;
    if (s->n_detour > 0 && whys >> MDL_WHY_DENIED & 1)
        whys |= 1u << MDL_WHY_SEIZED;
    return whys;
}

/* The same for a rule that is met on a leg of a detour: one that refuses there closes the detour,
 * and the goods are refused by the rule that they would go round. */
static unsigned whys_on_leg(const struct mdl_scenario *s, const struct mdl_rule *r)
{
    return whys_of(s, r) & ~(1u << MDL_WHY_DENIED | 1u << MDL_WHY_DECLINED | 1u << MDL_WHY_SEIZED);
}

static int met_on_leg(const struct mdl_study *st, const struct mdl_scenario *sc, uint32_t rule,
                      const struct mdl_lane *lane)
{
    const struct mdl_gate gate = {.scenario = sc, .net = &st->net};
    struct mdl_leg leg[2];

    for (uint32_t d = 0; d < sc->n_detour; d++) {
        if (!mdl_detour_serves(&sc->detour[d], &st->net, lane))
            continue;
        mdl_detour_legs(&sc->detour[d], &st->net, lane, leg);
        if (mdl_gate_may_meet(&gate, rule, lane, &leg[0]) ||
            mdl_gate_may_meet(&gate, rule, lane, &leg[1]))
            return 1;
    }
    return 0;
}

/* The scenario with rules that are as wide as any run can make them. Means are above 0 where some
 * value is, so only thresholds are in the way. */
static struct mdl_scenario widest(struct mdl_study *st, uint32_t s)
{
    struct mdl_scenario sc = st->scenario[s];
    const struct mdl_rule *own = sc.rule;

    if (st->n_input == 0)
        return sc;
    sc.rule = sim_arena_alloc(&st->arena, sc.n_rule, sizeof *sc.rule);
    for (uint32_t r = 0; r < sc.n_rule; r++) {
        sc.rule[r] = own[r];
        sc.rule[r].military_share_min = 0;
        sc.rule[r].chance = own[r].list_chance;
        sc.rule[r].buyer_chance = sc.rule[r].exporter_chance = NULL;
    }
    return sc;
}

static void add_rule_causes(struct mdl_study *st, uint32_t s, uint32_t rule, uint32_t product,
                            unsigned whys)
{
    const struct mdl_network *n = &st->net;
    const char *id = st->scenario[s].rule[rule].id;
    char label[512];

    for (int w = 0; w < MDL_RULE_WHYS; w++) {
        uint32_t *at =
            &st->rule_cause[s][((size_t)rule * MDL_RULE_WHYS + (size_t)w) * n->n_product + product];

        if (*at || !(whys >> (w + MDL_WHY_DENIED) & 1))
            continue;
        *at = same_cause(st, s, id, w, product);
        snprintf(label, sizeof label, "%s, %s, %s", id, mdl_why_words[w + MDL_WHY_DENIED],
                 n->product[product].id);
        if (*at == 0)
            *at = add_cause(
                st,
                (struct mdl_cause){
                    .why = w + MDL_WHY_DENIED, .rule = id, .site = UINT32_MAX, .product = product},
                label);
    }
}

static void rule_causes(struct mdl_study *st, uint32_t s)
{
    const struct mdl_network *n = &st->net;
    const struct mdl_scenario wide = widest(st, s), *sc = &wide;

    st->rule_cause[s] = sim_arena_alloc(
        &st->arena, (size_t)sc->n_rule * MDL_RULE_WHYS * n->n_product, sizeof(uint32_t));
    for (uint32_t r = 0; r < sc->n_rule; r++)
        for (uint32_t l = 0; l < n->n_lane; l++) {
            const struct mdl_rule *rule = &sc->rule[r];

            if (mdl_rule_covers(rule, n, &n->lane[l]))
                add_rule_causes(st, s, r, n->lane[l].product, whys_of(sc, rule));
            else if (met_on_leg(st, sc, r, &n->lane[l]))
                add_rule_causes(st, s, r, n->lane[l].product, whys_on_leg(sc, rule));
        }
}

/* A shock is one cause, whatever it strikes; of the same id in two scenarios, the same one. */
static void shock_causes(struct mdl_study *st, uint32_t s)
{
    const struct mdl_scenario *sc = &st->scenario[s];
    char label[512];

    st->shock_cause[s] = sim_arena_alloc(&st->arena, sc->n_shock, sizeof(uint32_t));
    for (uint32_t i = 0; i < sc->n_shock; i++) {
        uint32_t *at = &st->shock_cause[s][i];

        for (uint32_t c = 1; c < st->n_cause && *at == 0; c++)
            if (st->cause[c].why == MDL_WHY_SHOCK &&
                strcmp(st->cause[c].rule, sc->shock[i].id) == 0)
                *at = c;
        snprintf(label, sizeof label, "%s, %s", sc->shock[i].id, mdl_why_words[MDL_WHY_SHOCK]);
        if (*at == 0)
            *at = add_cause(st,
                            (struct mdl_cause){.why = MDL_WHY_SHOCK,
                                               .rule = sc->shock[i].id,
                                               .site = UINT32_MAX,
                                               .product = UINT32_MAX},
                            label);
    }
}

static void list_causes(struct mdl_study *st)
{
    const struct mdl_network *n = &st->net;
    size_t cap = MDL_WHY_DENIED + n->n_site;
    char label[512];

    for (uint32_t s = 0; s < st->n_scenario; s++)
        cap +=
            (size_t)st->scenario[s].n_rule * MDL_RULE_WHYS * n->n_product + st->scenario[s].n_shock;
    st->cause = sim_arena_alloc(&st->arena, cap, sizeof *st->cause);
    st->capacity_cause = sim_arena_alloc(&st->arena, n->n_site, sizeof(uint32_t));
    st->rule_cause = sim_arena_alloc(&st->arena, st->n_scenario, sizeof *st->rule_cause);
    for (int w = 0; w < MDL_WHY_CAPACITY; w++)
        add_cause(st, (struct mdl_cause){.why = w, .site = UINT32_MAX, .product = UINT32_MAX},
                  mdl_why_words[w]);
    for (uint32_t i = 0; i < n->n_site; i++) {
        snprintf(label, sizeof label, "capacity, %s", n->site[i].id);
        st->capacity_cause[i] = add_cause(
            st, (struct mdl_cause){.why = MDL_WHY_CAPACITY, .site = i, .product = UINT32_MAX},
            label);
    }
    for (uint32_t s = 0; s < st->n_scenario; s++)
        rule_causes(st, s);
    st->shock_cause = sim_arena_alloc(&st->arena, st->n_scenario, sizeof *st->shock_cause);
    for (uint32_t s = 0; s < st->n_scenario; s++)
        shock_causes(st, s);
    st->n_why = MDL_WHY_SEIZED + 1;
    for (uint32_t c = 0; c < st->n_cause; c++)
        st->n_why = st->cause[c].why >= st->n_why ? st->cause[c].why + 1 : st->n_why;
}

/* ---- axes of the results ---- */

static int cmp_key(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static uint32_t sort_unique(uint64_t *key, size_t n)
{
    uint32_t k = 0;

    qsort(key, n, sizeof *key, cmp_key);
    for (size_t i = 0; i < n; i++)
        if (k == 0 || key[k - 1] != key[i])
            key[k++] = key[i];
    return k;
}

static uint32_t find_key(const uint64_t *key, uint32_t n, uint64_t x)
{
    const uint64_t *at = bsearch(&x, key, n, sizeof *key, cmp_key);

    return at ? (uint32_t)(at - key) : UINT32_MAX;
}

static uint64_t flow_key(const struct mdl_network *n, const struct mdl_lane *l)
{
    return (uint64_t)n->site[l->from].country << 48 | (uint64_t)n->site[l->to].country << 32 |
           l->product;
}

static void list_flows(struct mdl_study *st)
{
    const struct mdl_network *n = &st->net;
    uint64_t *key = sim_arena_alloc(&st->arena, n->n_lane, sizeof *key);
    size_t k = 0;

    for (uint32_t i = 0; i < n->n_lane; i++)
        if (n->lane[i].border)
            key[k++] = flow_key(n, &n->lane[i]);
    st->n_flow = sort_unique(key, k);
    st->flow_from = sim_arena_alloc(&st->arena, st->n_flow, sizeof(uint32_t));
    st->flow_to = sim_arena_alloc(&st->arena, st->n_flow, sizeof(uint32_t));
    st->flow_product = sim_arena_alloc(&st->arena, st->n_flow, sizeof(uint32_t));
    for (uint32_t i = 0; i < st->n_flow; i++) {
        st->flow_from[i] = (uint32_t)(key[i] >> 48);
        st->flow_to[i] = (uint32_t)(key[i] >> 32 & 0xffff);
        st->flow_product[i] = (uint32_t)key[i];
    }
    st->lane_flow = sim_arena_alloc(&st->arena, n->n_lane, sizeof(uint32_t));
    for (uint32_t i = 0; i < n->n_lane; i++)
        st->lane_flow[i] =
            n->lane[i].border ? find_key(key, st->n_flow, flow_key(n, &n->lane[i])) : UINT32_MAX;
}

static void list_pairs(struct mdl_study *st)
{
    const struct mdl_network *n = &st->net;
    uint64_t *key = sim_arena_alloc(&st->arena, n->n_lane, sizeof *key);

    for (uint32_t i = 0; i < n->n_lane; i++)
        key[i] = (uint64_t)n->lane[i].from << 32 | n->lane[i].to;
    st->n_lane_pair = sort_unique(key, n->n_lane);
    st->lane_pair = sim_arena_alloc(&st->arena, n->n_lane, sizeof(uint32_t));
    for (uint32_t i = 0; i < n->n_lane; i++)
        st->lane_pair[i] =
            find_key(key, st->n_lane_pair, (uint64_t)n->lane[i].from << 32 | n->lane[i].to);
}

static uint64_t group_key(const struct mdl_network *n, const struct mdl_point *p)
{
    uint64_t tier = 0;

    while (strcmp(n->tier[tier], n->site[p->site].tier) != 0)
        tier++;
    return (uint64_t)n->site[p->site].country << 48 | tier << 32 | p->product;
}

static void list_groups(struct mdl_study *st)
{
    const struct mdl_network *n = &st->net;
    uint64_t *key = sim_arena_alloc(&st->arena, n->n_point, sizeof *key);
    size_t k = 0;

    for (uint32_t i = 0; i < n->n_point; i++)
        if (n->point[i].n_maker > 0 || n->point[i].n_demand > 0)
            key[k++] = group_key(n, &n->point[i]);
    st->n_group = sort_unique(key, k);
    st->group_country = sim_arena_alloc(&st->arena, st->n_group, sizeof(uint32_t));
    st->group_product = sim_arena_alloc(&st->arena, st->n_group, sizeof(uint32_t));
    st->group_tier = sim_arena_alloc(&st->arena, st->n_group, sizeof(char *));
    for (uint32_t i = 0; i < st->n_group; i++) {
        st->group_country[i] = (uint32_t)(key[i] >> 48);
        st->group_tier[i] = n->tier[key[i] >> 32 & 0xffff];
        st->group_product[i] = (uint32_t)key[i];
    }
    st->point_group = sim_arena_alloc(&st->arena, n->n_point, sizeof(uint32_t));
    for (uint32_t i = 0; i < n->n_point; i++) {
        int in = n->point[i].n_maker > 0 || n->point[i].n_demand > 0;

        st->point_group[i] =
            in ? find_key(key, st->n_group, group_key(n, &n->point[i])) : UINT32_MAX;
    }
}

/* Months of the calendar from the one that holds `start` to the one that holds the last day. */
static void list_times(struct mdl_study *st)
{
    const struct mdl_scenario *s = &st->scenario[0];
    int32_t last = s->start + (int32_t)s->horizon_d - 1;
    int y, m, d, y2, m2;

    st->n_week = (uint32_t)((s->horizon_d + 6) / 7);
    sim_date_split(s->start, &y, &m, &d);
    sim_date_split(last, &y2, &m2, &d);
    st->n_month = (uint32_t)((y2 - y) * 12 + m2 - m + 1);
    st->month_first = sim_arena_alloc(&st->arena, (size_t)st->n_month + 1, sizeof(int32_t));
    st->month_value = sim_arena_alloc(&st->arena, st->n_month, sizeof(double));
    for (uint32_t k = 0; k <= st->n_month; k++) {
        int i = y * 12 + m - 1 + (int)k;

        st->month_first[k] = sim_date_join(i / 12, i % 12 + 1, 1);
        if (k < st->n_month)
            st->month_value[k] = (double)(st->month_first[k] - s->start);
    }
    st->day_month = sim_arena_alloc(&st->arena, (size_t)s->horizon_d, sizeof(uint32_t));
    for (uint32_t i = 0, k = 0; i < (uint32_t)s->horizon_d; i++) {
        k += s->start + (int32_t)i >= st->month_first[k + 1];
        st->day_month[i] = k;
    }
}

void mdl_axes_list(struct mdl_study *st)
{
    list_causes(st);
    list_pairs(st);
    list_flows(st);
    list_groups(st);
    list_times(st);
    mdl_axes_list_measures(st);
}
