#include "models/gate.h"
#include "models/purpose.h"

#include "sim/rng.h"

#include <math.h>
#include <stdlib.h>

static int cmp_day(const void *a, const void *b)
{
    return (*(const int32_t *)a > *(const int32_t *)b) -
           (*(const int32_t *)a < *(const int32_t *)b);
}

enum { RULE_CHANGES = 7 };

static int declines(const struct mdl_scenario *s, const struct mdl_rule *r)
{
    return r->decline > 0 && r->from > s->start;
}

/* Days on which a rule begins, ends, rests and goes on, exporters begin and end to decline, general
 * licences come; returns how many. */
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
    if (declines(s, r)) {
        day[n++] = r->announced;
        day[n++] = r->announced + (int32_t)ceil(r->decline_d);
    }
    if (r->licence.general_from != SIM_DAY_NONE)
        day[n++] = r->licence.general_from;
    return n;
}

static void list_changes(struct mdl_gate *g, struct sim_arena *a)
{
    const struct mdl_scenario *s = g->scenario;
    uint32_t k = 0;

    g->change = sim_arena_alloc(a, (RULE_CHANGES + 1) * (size_t)s->n_rule + 2 * (size_t)s->n_detour,
                                sizeof *g->change);
    for (uint32_t r = 0; r < s->n_rule; r++) {
        const struct mdl_rule *p = &s->rule[r];
        uint32_t more = changes_of(s, p, g->change + g->n_change);

        g->n_change += more;
        if (more > 0 && p->grace_d > 0 && p->from > s->start)
            g->change[g->n_change++] = mdl_rule_grace_end(p);
    }
    for (uint32_t i = 0; i < s->n_detour; i++) {
        g->change[g->n_change++] = s->detour[i].from;
        if (s->detour[i].until != SIM_DAY_NONE)
            g->change[g->n_change++] = s->detour[i].until;
    }
    qsort(g->change, g->n_change, sizeof *g->change, cmp_day);
    for (uint32_t i = 0; i < g->n_change; i++)
        if (k == 0 || g->change[k - 1] != g->change[i])
            g->change[k++] = g->change[i];
    g->n_change = k;
}

static void list_hoards(struct mdl_gate *g, struct sim_arena *a)
{
    const struct mdl_scenario *s = g->scenario;

    g->hoard = sim_arena_alloc(a, s->n_rule, sizeof *g->hoard);
    g->point = sim_arena_alloc(a, s->n_rule, sizeof *g->point);
    for (uint32_t r = 0; r < s->n_rule; r++) {
        g->front_load |= s->rule[r].front_load;
        if (s->rule[r].hoard_d <= 0 && s->n_hoarding == 0)
            continue;
        g->point[r] = sim_arena_alloc(a, g->net->n_point, 1);
        for (uint32_t l = 0; l < g->net->n_lane; l++)
            g->point[r][g->net->lane[l].to_point] |=
                (char)mdl_rule_covers(&s->rule[r], g->net, &g->net->lane[l]);
        if (s->rule[r].hoard_d > 0)
            g->hoard[g->n_hoard++] = r;
    }
}

/* Could the rule ask a line for something that must be kept track of? */
static int asks(const struct mdl_rule *r)
{
    const struct mdl_policy *p = mdl_policies[r->action];

    return p != &mdl_policy_deny || r->mistaken_civil > 0 || r->suspect_buyer > 0;
}

static uint32_t buyer_of(const struct mdl_shipment *s)
{
    return s->leg ? s->leg->buyer : s->lane->to;
}

static uint32_t exporter_of(const struct mdl_shipment *s)
{
    return s->leg ? s->leg->exporter : s->lane->from;
}

/* Is a firm among those that a rule is for? Nobody knows a trader in between. */
static int among(const double *chance, char *const *drawn, uint32_t rule, uint32_t site)
{
    if (chance == NULL)
        return 1;
    if (site == UINT32_MAX)
        return 0;
    return drawn && drawn[rule] ? drawn[rule][site] : chance[site] > 0;
}

/* Origin, destination and military business on a leg; the lane's own are known to match. */
static int on_leg(const struct mdl_rule *r, const struct mdl_shipment *s)
{
    return s->leg->from != s->leg->to && r->chance[s->lane->product] > 0 &&
           r->matches_origin[s->leg->from] && r->matches_destination[s->leg->to] &&
           mdl_rule_military_share(s->net, s->leg->buyer) >= r->military_share_min;
}

int mdl_gate_may_meet(const struct mdl_gate *g, uint32_t rule, const struct mdl_lane *lane,
                      const struct mdl_leg *leg)
{
    const struct mdl_rule *r = &g->scenario->rule[rule];
    const struct mdl_shipment s = {.net = g->net, .lane = lane, .leg = leg};

    return on_leg(r, &s) && among(r->buyer_chance, NULL, rule, leg->buyer) &&
           among(r->exporter_chance, NULL, rule, leg->exporter);
}

static int too_many(const struct mdl_gate *g, const struct mdl_lane *lane, uint32_t n,
                    const struct mdl_detour *by, struct sim_err *err)
{
    if (n <= MDL_MAX_NEEDS)
        return 0;
    return sim_err_add(err, SIM_EINPUT,
                       "%s: %u rules may ask something of goods on lane %s%s%s; at most %d can be "
                       "held",
                       g->scenario->file, n, lane->id, by ? ", by way of detour " : "",
                       by ? by->id : "", MDL_MAX_NEEDS);
}

/* The rules of each lane, counted or written. */
static int list_rules(struct mdl_gate *g, int fill, struct sim_err *err)
{
    const struct mdl_scenario *s = g->scenario;
    const struct mdl_network *n = g->net;
    uint32_t total = 0;
    int rc = 0;

    for (uint32_t l = 0; l < n->n_lane; l++) {
        uint32_t needs = 0;

        g->first[l] = total;
        for (uint32_t r = 0; r < s->n_rule; r++) {
            if (!mdl_rule_covers(&s->rule[r], n, &n->lane[l]))
                continue;
            if (fill)
                g->rule[total] = r;
            g->by_content[l] |= s->rule[r].content != 0;
            needs += (uint32_t)asks(&s->rule[r]);
            total++;
        }
        if (!fill)
            rc |= too_many(g, &n->lane[l], needs, NULL, err);
    }
    g->first[n->n_lane] = total;
    return rc;
}

static int check_detours(const struct mdl_gate *g, struct sim_err *err)
{
    const struct mdl_scenario *s = g->scenario;
    int rc = 0;

    for (uint32_t d = 0; d < s->n_detour; d++)
        for (uint32_t l = 0; l < g->net->n_lane; l++) {
            const struct mdl_lane *lane = &g->net->lane[l];
            struct mdl_leg leg[2];
            uint32_t needs = 0;

            if (!mdl_detour_serves(&s->detour[d], g->net, lane))
                continue;
            mdl_detour_legs(&s->detour[d], g->net, lane, leg);
            for (uint32_t r = 0; r < s->n_rule; r++)
                for (int k = 0; k < 2; k++)
                    needs +=
                        (uint32_t)(asks(&s->rule[r]) && mdl_gate_may_meet(g, r, lane, &leg[k]));
            rc |= too_many(g, lane, needs, &s->detour[d], err);
        }
    return rc;
}

int mdl_gate_init(struct mdl_gate *g, struct sim_arena *a, const struct mdl_scenario *s,
                  const struct mdl_network *n, struct sim_err *err)
{
    int rc;

    *g = (struct mdl_gate){.scenario = s, .net = n};
    g->first = sim_arena_alloc(a, (size_t)n->n_lane + 1, sizeof *g->first);
    g->by_content = sim_arena_alloc(a, n->n_lane, 1);
    rc = list_rules(g, 0, err) | check_detours(g, err);
    if (rc != 0)
        return SIM_EINPUT;
    g->rule = sim_arena_alloc(a, g->first[n->n_lane], sizeof *g->rule);
    (void)list_rules(g, 1, err);
    list_changes(g, a);
    list_hoards(g, a);
    return 0;
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

/* Does the rule, if it is in force, meet these goods, this exporter and this buyer? */
static int meets(const struct mdl_world *w, const struct mdl_rule *r, uint32_t k,
                 const struct mdl_shipment *s)
{
    const struct mdl_product *p = &s->net->product[s->lane->product];
    double units = (double)s->quantity / (double)p->qpu;

    return (s->leg == NULL || on_leg(r, s)) && (w == NULL || w->exists[k]) &&
           (w == NULL || w->goods == NULL || w->goods[k] == NULL ||
            w->goods[k][s->lane->product]) &&
           among(r->buyer_chance, w ? w->buyer : NULL, k, buyer_of(s)) &&
           among(r->exporter_chance, w ? w->exporter : NULL, k, exporter_of(s)) &&
           units >= r->order_quantity_min && units * p->value_usd >= r->order_usd_min &&
           (!r->caught_only || s->caught) &&
           mdl_rule_content(r, s->net, s->lane->product, s->share);
}

/* Is a civil line taken for a military one by this rule? */
static int mistaken(const struct mdl_world *w, const struct mdl_rule *r, uint32_t k,
                    const struct mdl_shipment *s)
{
    struct sim_draws d;
    uint64_t name;
    uint32_t buyer = buyer_of(s);

    if (s->use != MDL_CIVIL || r->matches_use[MDL_CIVIL] || !r->matches_use[MDL_MILITARY])
        return 0;
    if (w && w->suspect && w->suspect[k] && buyer != UINT32_MAX && w->suspect[k][buyer])
        return 1;
    if (r->mistaken_civil <= 0)
        return 0;
    name =
        sim_hash_with(sim_hash_with(s->net->point[s->lane->to_point].hash, s->lane->hash), r->hash);
    d = sim_draws_at(sim_stream_make(s->seed, s->run, name, MDL_FOR_MISTAKEN),
                     mdl_line_index(s->placed, s->use, s->nth));
    return sim_uniform(&d) <
           r->mistaken_civil * (1 + r->mistaken_by_share * mdl_rule_military_share(s->net, buyer));
}

static int in_grace(const struct mdl_scenario *s, const struct mdl_rule *r,
                    const struct mdl_shipment *sh)
{
    return r->from > s->start && sh->placed < r->from && sh->day < mdl_rule_grace_end(r);
}

/* Does the exporter take no such order since the rule was announced? */
static int refuses_orders(const struct mdl_gate *g, const struct mdl_world *w,
                          const struct mdl_rule *r, uint32_t k, const struct mdl_shipment *s)
{
    uint32_t exporter = exporter_of(s);

    return w && w->declines && w->declines[k] && exporter != UINT32_MAX &&
           w->declines[k][exporter] && declines(g->scenario, r) &&
           mdl_rule_announced(g->scenario->start, r, s->day) && s->placed >= r->announced &&
           s->placed < r->announced + (int32_t)ceil(r->decline_d);
}

/* In its days of grace a rule refuses nothing, taxes nothing, binds nobody to civil use; what it
 * asks for is filed, and goods may leave without it. */
struct before {
    int denied, n_ask, n_tax, civil_only;
};

static void give_grace(struct mdl_verdict *v, const struct before *before, int32_t until)
{
    for (int i = before->n_ask; i < v->n_ask; i++)
        v->ask[i].from = until;
    v->denied = before->denied;
    v->n_tax = before->n_tax;
    v->civil_only = before->civil_only;
}

static void judge_one(const struct mdl_gate *g, const struct mdl_world *w, uint32_t k,
                      const struct mdl_shipment *s, struct mdl_verdict *v)
{
    const struct mdl_rule *r = &g->scenario->rule[k];
    struct before before = {v->denied, v->n_ask, v->n_tax, v->civil_only};

    if (!meets(w, r, k, s))
        return;
    if (!v->declined && refuses_orders(g, w, r, k, s))
        v->declined = (int)k + 1;
    if (!mdl_rule_active(g->scenario->start, r, s->day))
        return;
    if (s->use == MDL_CIVIL)
        v->civil_only |= r->undertaking;
    if (r->matches_use[s->use])
        mdl_policies[r->action]->judge(r, k, s, v);
    else if (mistaken(w, r, k, s))
        (r->mistaken_action == 0 ? &mdl_policy_licence : &mdl_policy_deny)->judge(r, k, s, v);
    if (in_grace(g->scenario, r, s))
        give_grace(v, &before, mdl_rule_grace_end(r));
}

void mdl_gate_judge(const struct mdl_gate *g, const struct mdl_world *w,
                    const struct mdl_shipment *s, struct mdl_verdict *v)
{
    uint32_t lane = (uint32_t)(s->lane - g->net->lane);

    v->denied = v->declined = v->n_ask = v->n_tax = v->civil_only = 0;
    if (s->leg)
        for (uint32_t k = 0; k < g->scenario->n_rule; k++)
            judge_one(g, w, k, s, v);
    else
        for (uint32_t i = g->first[lane]; i < g->first[lane + 1]; i++)
            judge_one(g, w, g->rule[i], s, v);
}

/* Of rules whose points are listed. */
static int stands_announced(const struct mdl_gate *g, const struct mdl_world *w, uint32_t rule,
                            uint32_t point, int32_t day)
{
    return g->point[rule][point] && w->exists[rule] &&
           mdl_rule_announced(g->scenario->start, &g->scenario->rule[rule], day);
}

double mdl_gate_hoard_d(const struct mdl_gate *g, const struct mdl_world *w, uint32_t point,
                        int32_t day)
{
    double most = 0;

    for (uint32_t i = 0; i < g->n_hoard; i++)
        if (stands_announced(g, w, g->hoard[i], point, day))
            most = fmax(most, g->scenario->rule[g->hoard[i]].hoard_d);
    return most;
}

int mdl_gate_announced(const struct mdl_gate *g, const struct mdl_world *w, uint32_t point,
                       int32_t day)
{
    for (uint32_t r = 0; r < g->scenario->n_rule; r++)
        if (stands_announced(g, w, r, point, day))
            return 1;
    return 0;
}

int32_t mdl_gate_coming(const struct mdl_gate *g, const struct mdl_world *w, uint32_t point,
                        int32_t day, int32_t delay)
{
    int32_t first = SIM_DAY_NONE;

    for (uint32_t r = 0; r < g->scenario->n_rule; r++) {
        const struct mdl_rule *rule = &g->scenario->rule[r];

        if (day < rule->from && stands_announced(g, w, r, point, day) &&
            day >= rule->announced + delay && (first == SIM_DAY_NONE || rule->from < first))
            first = rule->from;
    }
    return first;
}

int mdl_gate_front_load(const struct mdl_gate *g, const struct mdl_world *w, uint32_t lane,
                        int32_t day)
{
    for (uint32_t i = g->front_load ? g->first[lane] : g->first[lane + 1]; i < g->first[lane + 1];
         i++) {
        const struct mdl_rule *r = &g->scenario->rule[g->rule[i]];

        if (r->front_load && w->exists[g->rule[i]] && day < r->from &&
            mdl_rule_announced(g->scenario->start, r, day))
            return 1;
    }
    return 0;
}
