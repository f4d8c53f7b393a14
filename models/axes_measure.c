#include "models/axes.h"

#include "models/actors.h"
#include "models/axes_inner.h"

#include <stdlib.h>
#include <string.h>

/* ---- pairs of names: (country, tier), (country, stage) ---- */

struct names {
    const char *country, *other;
};

static int cmp_names(const void *a, const void *b)
{
    const struct names *x = a, *y = b;
    int c = strcmp(x->country, y->country);

    return c ? c : strcmp(x->other, y->other);
}

/* Lists the different ones of of[n], sorted; at[i] is the place of of[i]. */
static uint32_t list_names(struct sim_arena *a, const struct names *of, uint32_t n,
                           const char ***country, const char ***other, uint32_t **at)
{
    struct names *s = sim_arena_alloc(a, n, sizeof *s);
    uint32_t k = 0;

    *country = sim_arena_alloc(a, n, sizeof **country);
    *other = sim_arena_alloc(a, n, sizeof **other);
    *at = sim_arena_alloc(a, n, sizeof **at);
    if (n == 0)
        return 0;
    memcpy(s, of, n * sizeof *s);
    qsort(s, n, sizeof *s, cmp_names);
    for (uint32_t i = 0; i < n; i++)
        if (k == 0 || cmp_names(&s[k - 1], &s[i]) != 0)
            s[k++] = s[i];
    for (uint32_t i = 0; i < k; i++) {
        (*country)[i] = s[i].country;
        (*other)[i] = s[i].other;
    }
    for (uint32_t i = 0; i < n; i++) {
        const struct names *found = bsearch(&of[i], s, k, sizeof *s, cmp_names);

        (*at)[i] = (uint32_t)(found - s);
    }
    return k;
}

static void list_stages(struct mdl_study *st)
{
    const struct mdl_network *n = &st->net;
    struct names *s = sim_arena_alloc(&st->arena, n->n_site, sizeof *s),
                 *d = sim_arena_alloc(&st->arena, n->n_demand, sizeof *d);

    for (uint32_t i = 0; i < n->n_site; i++)
        s[i] = (struct names){n->site[i].country_id, n->site[i].tier};
    for (uint32_t i = 0; i < n->n_demand; i++) {
        const char *stage = n->product[n->demand[i].product].stage;

        d[i] = (struct names){n->site[n->demand[i].site].country_id, stage ? stage : ""};
    }
    st->n_stage =
        list_names(&st->arena, s, n->n_site, &st->stage_country, &st->stage_tier, &st->site_stage);
    st->n_goods = list_names(&st->arena, d, n->n_demand, &st->goods_country, &st->goods_stage,
                             &st->demand_goods);
}

/* ---- links ---- */

static int cmp_links(const void *a, const void *b)
{
    const struct mdl_link *x = a, *y = b;
    int c = strcmp(x->from_country, y->from_country);

    c = c ? c : strcmp(x->from_tier, y->from_tier);
    c = c ? c : strcmp(x->to_country, y->to_country);
    c = c ? c : strcmp(x->to_tier, y->to_tier);
    return c ? c : (x->product > y->product) - (x->product < y->product);
}

static struct mdl_link link_of(const struct mdl_network *n, const struct mdl_lane *l)
{
    const struct mdl_site *from = &n->site[l->from], *to = &n->site[l->to];

    return (struct mdl_link){from->country_id, from->tier, to->country_id, to->tier, l->product};
}

static void list_links(struct mdl_study *st)
{
    const struct mdl_network *n = &st->net;
    struct mdl_link *s = sim_arena_alloc(&st->arena, n->n_lane, sizeof *s);

    st->link = s;
    st->n_link = 0;
    st->lane_link = sim_arena_alloc(&st->arena, n->n_lane, sizeof *st->lane_link);
    for (uint32_t i = 0; i < n->n_lane; i++)
        s[i] = link_of(n, &n->lane[i]);
    if (n->n_lane > 0)
        qsort(s, n->n_lane, sizeof *s, cmp_links);
    for (uint32_t i = 0; i < n->n_lane; i++)
        if (i == 0 || cmp_links(&s[st->n_link - 1], &s[i]) != 0)
            s[st->n_link++] = s[i];
    for (uint32_t i = 0; i < n->n_lane; i++) {
        struct mdl_link l = link_of(n, &n->lane[i]), *at;

        at = bsearch(&l, s, st->n_link, sizeof *s, cmp_links);
        st->lane_link[i] = (uint32_t)(at - s);
    }
}

/* ---- flows that a rule may hold up ---- */

static int may_hold(const struct mdl_study *st, const struct mdl_lane *lane)
{
    for (uint32_t s = 0; s < st->n_scenario; s++)
        for (uint32_t r = 0; r < st->scenario[s].n_rule; r++) {
            const struct mdl_rule *rule = &st->scenario[s].rule[r];

            if (mdl_policies[rule->action]->whys && mdl_rule_covers(rule, &st->net, lane))
                return 1;
        }
    return 0;
}

static void list_watched(struct mdl_study *st)
{
    char *held = sim_arena_alloc(&st->arena, (size_t)st->n_flow + 1, 1);

    for (uint32_t i = 0; i < st->net.n_lane; i++)
        if (st->lane_flow[i] != UINT32_MAX && !held[st->lane_flow[i]])
            held[st->lane_flow[i]] = (char)may_hold(st, &st->net.lane[i]);
    st->n_watched = 0;
    st->watched = sim_arena_alloc(&st->arena, st->n_flow, sizeof *st->watched);
    st->flow_watched = sim_arena_alloc(&st->arena, st->n_flow, sizeof *st->flow_watched);
    for (uint32_t f = 0; f < st->n_flow; f++) {
        st->flow_watched[f] = held[f] ? st->n_watched : UINT32_MAX;
        if (held[f])
            st->watched[st->n_watched++] = f;
    }
}

/* ---- times ---- */

static void list_periods(struct mdl_study *st)
{
    const struct mdl_scenario *s = &st->scenario[0];
    int32_t last = s->start + (int32_t)s->horizon_d - 1;
    int y, m, d, y2, m2;

    st->n_period = (uint32_t)((s->horizon_d + MDL_PERIOD_D - 1) / MDL_PERIOD_D);
    sim_date_split(s->start, &y, &m, &d);
    sim_date_split(last, &y2, &m2, &d);
    st->n_cohort = (uint32_t)((y2 - y) * 4 + (m2 - 1) / 3 - (m - 1) / 3 + 1);
    st->cohort_first =
        sim_arena_alloc(&st->arena, (size_t)st->n_cohort + 1, sizeof *st->cohort_first);
    for (uint32_t k = 0; k <= st->n_cohort; k++) {
        int q = y * 4 + (m - 1) / 3 + (int)k;

        st->cohort_first[k] = sim_date_join(q / 4, q % 4 * 3 + 1, 1);
    }
}

/* Does the first scenario have the same rule, with the same dates? */
static int settled(const struct mdl_study *st, const struct mdl_rule *r)
{
    const struct mdl_scenario *s = &st->scenario[0];

    for (uint32_t i = 0; i < s->n_rule; i++)
        if (strcmp(s->rule[i].id, r->id) == 0)
            return s->rule[i].from == r->from && s->rule[i].until == r->until &&
                   s->rule[i].suspended_from == r->suspended_from &&
                   s->rule[i].suspended_until == r->suspended_until &&
                   s->rule[i].action == r->action;
    return 0;
}

static int has_shock(const struct mdl_scenario *s, const char *id)
{
    for (uint32_t i = 0; i < s->n_shock; i++)
        if (strcmp(s->shock[i].id, id) == 0)
            return 1;
    return 0;
}

/* Shocks that the first scenario does not have: the first day of those that have a date. Their end
 * is drawn in each run, so none is known. */
static int32_t shocks_begin(const struct mdl_study *st, uint32_t scenario, int32_t first)
{
    const struct mdl_scenario *s = &st->scenario[scenario];

    for (uint32_t i = 0; i < s->n_shock; i++)
        if (!has_shock(&st->scenario[0], s->shock[i].id) && s->shock[i].from != SIM_DAY_NONE) {
            int32_t from = s->shock[i].from > s->start ? s->shock[i].from : s->start;

            first = from < first ? from : first;
        }
    return first;
}

static void when(struct mdl_study *st, uint32_t scenario)
{
    const struct mdl_scenario *s = &st->scenario[scenario];
    int32_t first = INT32_MAX, end = INT32_MIN;

    for (uint32_t i = 0; i < s->n_rule; i++) {
        const struct mdl_rule *r = &s->rule[i];
        int32_t begins =
            r->announced != SIM_DAY_NONE && r->announced < r->from ? r->announced : r->from;

        if (settled(st, r))
            continue;
        begins = begins > s->start ? begins : s->start;
        first = begins < first ? begins : first;
        if (r->until == SIM_DAY_NONE)
            end = INT32_MAX;
        else
            end = r->until > end ? r->until : end;
    }
    if (shocks_begin(st, scenario, INT32_MAX) < INT32_MAX) {
        first = shocks_begin(st, scenario, first);
        end = INT32_MAX;
    }
    st->begins[scenario] = first < INT32_MAX ? first : SIM_DAY_NONE;
    st->ends[scenario] = end > INT32_MIN && end < INT32_MAX ? end : SIM_DAY_NONE;
}

static void list_differences(struct mdl_study *st)
{
    const struct mdl_scenario *s = &st->scenario[0];
    int32_t first = INT32_MAX, day0 = s->start - (int32_t)s->warm_up_d;

    st->begins = sim_arena_alloc(&st->arena, st->n_scenario, sizeof *st->begins);
    st->ends = sim_arena_alloc(&st->arena, st->n_scenario, sizeof *st->ends);
    for (uint32_t i = 0; i < st->n_scenario; i++) {
        when(st, i);
        if (st->begins[i] != SIM_DAY_NONE && st->begins[i] < first)
            first = st->begins[i];
    }
    first = first < s->start + (int32_t)s->horizon_d ? first : s->start;
    st->before = first - 1 > day0 ? first - 1 : day0;
}

void mdl_axes_list_measures(struct mdl_study *st)
{
    list_stages(st);
    list_links(st);
    list_watched(st);
    list_periods(st);
    list_differences(st);
}

/* ---- into a result ---- */

static const char *joined(struct sim_result *res, const char *a, const char *b)
{
    size_t len = strlen(a) + strlen(b) + 2;
    char *s = sim_arena_alloc(&res->arena, len, 1);

    snprintf(s, len, "%s~%s", a, b);
    return s;
}

/* An axis of pairs of names. */
static void pairs_axis(struct sim_result *res, const char *name, const char *long_name, uint32_t n,
                       const char *const *country, const char *const *other, const char *coord,
                       const char *coord_long)
{
    const char **label = sim_arena_alloc(&res->arena, n, sizeof *label);
    char first[64];

    snprintf(first, sizeof first, "%s_country", name);
    for (uint32_t i = 0; i < n; i++)
        label[i] = joined(res, country[i], other[i]);
    sim_result_axis(
        res, &(struct sim_axis){.name = name,
                                .long_name = long_name,
                                .n = n,
                                .label = label,
                                .coord = {{.name = first, .long_name = "country", .label = country},
                                          {.name = coord, .long_name = coord_long, .label = other}},
                                .n_coord = 2});
}

static void watched_axis(struct sim_result *res, const struct mdl_study *st)
{
    const struct mdl_network *n = &st->net;
    const char **l[5];

    for (int k = 0; k < 5; k++)
        l[k] = sim_arena_alloc(&res->arena, st->n_watched, sizeof(char *));
    for (uint32_t i = 0; i < st->n_watched; i++) {
        uint32_t f = st->watched[i];

        l[0][i] = res->axis[sim_result_find_axis(res, "flow")].label[f];
        l[1][i] = n->country[st->flow_from[f]];
        l[2][i] = n->country[st->flow_to[f]];
        l[3][i] = n->product[st->flow_product[f]].id;
        l[4][i] = n->product[st->flow_product[f]].unit;
    }
    sim_result_axis(
        res,
        &(struct sim_axis){
            .name = "watched",
            .long_name = "flow that some rule may hold up",
            .n = st->n_watched,
            .label = l[0],
            .coord = {{.name = "watched_origin", .long_name = "exporting country", .label = l[1]},
                      {.name = "watched_destination",
                       .long_name = "importing country",
                       .label = l[2]},
                      {.name = "watched_product", .long_name = "product", .label = l[3]},
                      {.name = "watched_unit", .long_name = "unit of quantities", .label = l[4]}},
            .n_coord = 4});
}

static void link_axis(struct sim_result *res, const struct mdl_study *st)
{
    const char **l[7];

    for (int k = 0; k < 7; k++)
        l[k] = labels(res, st->n_link);
    for (uint32_t i = 0; i < st->n_link; i++) {
        const struct mdl_link *k = &st->link[i];
        const struct mdl_product *p = &st->net.product[k->product];
        size_t len = strlen(k->from_tier) + strlen(k->to_tier) + strlen(p->id) + 140;
        char *text = sim_arena_alloc(&res->arena, len, 1);

        snprintf(text, len, "%.64s~%s>%.64s~%s~%s", k->from_country, k->from_tier, k->to_country,
                 k->to_tier, p->id);
        l[0][i] = text;
        l[1][i] = k->from_country;
        l[2][i] = k->from_tier;
        l[3][i] = k->to_country;
        l[4][i] = k->to_tier;
        l[5][i] = p->id;
        l[6][i] = p->unit;
    }
    add_texts(res, "link", "what moves between two stages of the chain", l[0], st->n_link,
              (struct sim_coord[]){
                  text_coord("link_from_country", "country that it comes from", l[1]),
                  text_coord("link_from_tier", "stage of the chain that it comes from", l[2]),
                  text_coord("link_to_country", "country that it goes to", l[3]),
                  text_coord("link_to_tier", "stage of the chain that it goes to", l[4]),
                  text_coord("link_product", "product", l[5]),
                  text_coord("link_unit", "unit of quantities", l[6])},
              6);
}

void mdl_axes_measures(struct sim_result *res, const struct mdl_study *st)
{
    const char *units = res->axis[sim_result_find_axis(res, "week")].units;
    double *period = sim_arena_alloc(&res->arena, st->n_period, sizeof *period),
           *cohort = sim_arena_alloc(&res->arena, st->n_cohort, sizeof *cohort);

    pairs_axis(res, "stage", "stage of the chain in a country", st->n_stage, st->stage_country,
               st->stage_tier, "stage_tier", "stage of the chain");
    pairs_axis(res, "goods", "final demand of a country for the goods of a stage", st->n_goods,
               st->goods_country, st->goods_stage, "goods_stage", "stage of the goods");
    watched_axis(res, st);
    link_axis(res, st);
    for (uint32_t i = 0; i < st->n_period; i++)
        period[i] = (double)MDL_PERIOD_D * i;
    for (uint32_t i = 0; i < st->n_cohort; i++)
        cohort[i] = (double)(st->cohort_first[i] - st->scenario[0].start);
    sim_result_axis(res, &(struct sim_axis){.name = "period",
                                            .long_name = "first of 28 days",
                                            .units = units,
                                            .n = st->n_period,
                                            .value = period});
    sim_result_axis(res, &(struct sim_axis){.name = "cohort",
                                            .long_name = "first day of the quarter of an order",
                                            .units = units,
                                            .n = st->n_cohort,
                                            .value = cohort});
}
