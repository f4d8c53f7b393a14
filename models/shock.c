#include "models/purpose.h"
#include "models/scenario.h"

#include <math.h>
#include <string.h>

const char *const mdl_shock_words[] = {"down",    "capacity", "lane",      "port",
                                       "destroy", "demand",   "insolvent", NULL};
static const char *const at_words[] = {"begin", "end", NULL};
static const char *const way_words[] = {"both", "in", "out", NULL};

#define AT(field) offsetof(struct mdl_shock, field)

const struct sim_key mdl_shock_keys[] = {
    {"id", "", SIM_KEY_ID, 0, 0, NULL, AT(id), "key of the shock", NULL, NULL},
    {"name", "", SIM_KEY_STR, 0, 0, "", AT(name), "name for people", NULL, NULL},
    {"kind", "", SIM_KEY_WORD, 0, 0, NULL, AT(kind), "what happens", mdl_shock_words, NULL},
    MDL_PICK_SITES(mdl_shock, pick),
    MDL_PICK_PRODUCTS(mdl_shock, pick),
    {"to_site", "", SIM_KEY_STRS, 0, 0, "", AT(to_site),
     "of lanes: sites they go to, as `site` are those they leave", NULL, NULL},
    {"to_country", "", SIM_KEY_STRS, 0, 0, "", AT(to_country), "of lanes: countries they go to",
     NULL, NULL},
    {"lane", "", SIM_KEY_STRS, 0, 0, "", AT(lane_names), "lanes by id, as sites; empty = all", NULL,
     NULL},
    {"direction", "", SIM_KEY_WORD, 0, 0, "both", AT(way),
     "of a port: goods that come into its country, that leave it, or both", way_words, NULL},
    {"from", "", SIM_KEY_DATE, 0, 0, "", AT(from), "first day; or say `after`", NULL, NULL},
    {"after", "", SIM_KEY_STR, 0, 0, "", AT(after_id),
     "id of another shock, of a rule or of a trigger: it comes after that, and only if that comes",
     NULL, NULL},
    {"at", "", SIM_KEY_WORD, 0, 0, "begin", AT(at_end), "after the begin or the end of that",
     at_words, NULL},
    {"after_d", "d", SIM_KEY_DIST, 0, 36500, "", AT(after_d), "days from then; empty = 0", NULL,
     NULL},
    {"jitter_d", "d", SIM_KEY_DIST, 0, 36500, "", AT(jitter_d), "days added to its day; empty = 0",
     NULL, NULL},
    {"days", "d", SIM_KEY_DIST, 0, 36500, "", AT(days), "how long it lasts; empty = for ever", NULL,
     NULL},
    {"probability", "", SIM_KEY_REAL, 0, 1, "1", AT(probability), "chance that it comes", NULL,
     NULL},
    {"each", "", SIM_KEY_BOOL, 0, 0, "false", AT(each),
     "true: chance and days are drawn for every site (or lane) by itself; false: for all together",
     NULL, NULL},
    {"factor", "", SIM_KEY_REAL, 0, 1000, "", AT(factor),
     "capacity, demand or days of transit are multiplied by it; lanes with neither factor nor "
     "extra_d are closed",
     NULL, NULL},
    {"extra_d", "d", SIM_KEY_DIST, 0, 3650, "", AT(extra_d),
     "days that every shipment of a slow lane takes longer", NULL, NULL},
    {"share", "", SIM_KEY_REAL, 0, 1, "", AT(share), "part of the stock on hand that is destroyed",
     NULL, NULL},
    {"source", "", SIM_KEY_STR, 0, 0, "", AT(source), "where the numbers come from", NULL, NULL},
    {0}};

/* ---- reading ---- */

/* Keys that only some kinds know, and which kinds must have them. */
static const struct {
    const char *key;
    unsigned may, must;
} only[] = {
#define BIT(kind) (1u << MDL_SHOCK_##kind)
    {"factor", BIT(CAPACITY) | BIT(LANE) | BIT(PORT) | BIT(DEMAND), BIT(CAPACITY) | BIT(DEMAND)},
    {"extra_d", BIT(LANE) | BIT(PORT), 0},
    {"share", BIT(DESTROY), BIT(DESTROY)},
    {"to_site", BIT(LANE), 0},
    {"to_country", BIT(LANE), 0},
    {"lane", BIT(LANE), 0},
    {"direction", BIT(PORT), 0},
    {"country", ~0u, BIT(PORT)},
    {"product", ~(BIT(DOWN) | BIT(INSOLVENT)), 0},
    {"days", ~(BIT(DESTROY) | BIT(INSOLVENT)), 0},
#undef BIT
};

static int check_keys(const struct mdl_shock *s, struct sim_err *err)
{
    const char *kind = mdl_shock_words[s->kind];
    int rc = 0;

    for (size_t i = 0; i < sizeof only / sizeof *only; i++) {
        const struct sim_tree *t = sim_tree_get(s->tree, only[i].key);

        if (t && !(only[i].may >> s->kind & 1))
            rc = sim_tree_fault(t, err, "means nothing for kind = \"%s\"", kind);
        if (t == NULL && only[i].must >> s->kind & 1)
            rc = sim_tree_fault(s->tree, err, "kind = \"%s\" needs %s", kind, only[i].key);
    }
    if ((s->from == SIM_DAY_NONE) == (s->after_id == NULL || !*s->after_id))
        rc = sim_tree_fault(s->tree, err, "give one of from and after");
    if (sim_tree_get(s->tree, "from"))
        for (int k = 0; k < 2; k++) {
            const struct sim_tree *t = sim_tree_get(s->tree, k ? "at" : "after_d");

            if (t)
                rc = sim_tree_fault(t, err, "belongs to after; jitter_d goes with from");
        }
    return rc;
}

int mdl_shock_read(struct mdl_scenario *s, struct sim_arena *a, struct sim_err *err)
{
    static const struct mdl_entries e = {"shocks", mdl_shock_keys, sizeof(struct mdl_shock),
                                         offsetof(struct mdl_shock, tree), NULL};
    void *at;
    int rc = mdl_entries_read(&e, sim_tree_get(s->tree, "shocks"), &at, &s->n_shock, a, err);

    s->shock = at;
    for (uint32_t i = 0; rc == 0 && i < s->n_shock; i++) {
        struct mdl_shock *k = &s->shock[i];
        int lanes = k->kind == MDL_SHOCK_LANE || k->kind == MDL_SHOCK_PORT;
        int one = check_keys(k, err);

        k->hash = sim_hash(k->id);
        k->after_shock = k->after_rule = k->after_trigger = UINT32_MAX;
        k->closes = lanes && isnan(k->factor) && sim_tree_get(k->tree, "extra_d") == NULL;
        if (isnan(k->factor))
            k->factor = 1;
        if (sim_tree_get(k->tree, "days") == NULL)
            k->days = (struct sim_dist){SIM_CONSTANT, {INFINITY, 0, 0}};
        rc = one ? one : rc;
    }
    return rc;
}

/* ---- linking ---- */

static int strikes_lane(const struct mdl_shock *s, const struct mdl_network *n, const char *to,
                        const struct mdl_lane *l)
{
    if (!s->pick.products[l->product])
        return 0;
    if (s->kind == MDL_SHOCK_PORT)
        return l->border && ((s->way != MDL_WAY_IN && s->pick.sites[l->from]) ||
                             (s->way != MDL_WAY_OUT && s->pick.sites[l->to]));
    return s->pick.sites[l->from] && to[n->site[l->to].country];
}

static int link_lanes(struct mdl_shock *s, struct sim_arena *a, const struct mdl_network *n,
                      struct sim_err *err)
{
    char *to = sim_arena_alloc(a, n->n_country, 1), *site = sim_arena_alloc(a, n->n_site, 1);
    const char **lane = sim_arena_alloc(a, n->n_lane, sizeof *lane),
               **id = sim_arena_alloc(a, n->n_site, sizeof *id);
    int rc = mdl_rule_countries(to, s->to_country, s->tree, "to_country", n, err), any = 0;

    s->lanes = sim_arena_alloc(a, n->n_lane, 1);
    memset(s->lanes, 1, n->n_lane);
    memset(site, 1, n->n_site);
    for (uint32_t i = 0; i < n->n_lane; i++)
        lane[i] = n->lane[i].id;
    for (uint32_t i = 0; i < n->n_site; i++)
        id[i] = n->site[i].id;
    rc |= mdl_pick_ids(s->lanes, lane, n->n_lane, s->lane_names, s->tree, "lane", a, err);
    rc |= mdl_pick_ids(site, id, n->n_site, s->to_site, s->tree, "to_site", a, err);
    for (uint32_t i = 0; i < n->n_lane; i++) {
        s->lanes[i] =
            (char)(s->lanes[i] && site[n->lane[i].to] && strikes_lane(s, n, to, &n->lane[i]));
        any |= s->lanes[i];
    }
    if (rc == 0 && !any)
        rc = sim_tree_fault(s->tree, err, "no lane is in all that it names");
    return rc;
}

/* Can it strike this site at all? */
static int strikes_site(const struct mdl_shock *s, const struct mdl_network *n, uint32_t site)
{
    const struct mdl_site *x = &n->site[site];
    int any = s->kind == MDL_SHOCK_DOWN || s->kind == MDL_SHOCK_INSOLVENT;

    if (!s->pick.sites[site])
        return 0;
    if (any || s->kind == MDL_SHOCK_CAPACITY)
        for (uint32_t k = x->first_process; k < x->first_process + x->n_process; k++)
            for (uint32_t j = 0; j < n->recipe[n->process[k].recipe].n_out; j++)
                if (any || s->pick.products[n->recipe[n->process[k].recipe].out[j].product])
                    return 1;
    for (uint32_t i = x->first_point; i < x->first_point + x->n_point; i++)
        if ((any && n->point[i].n_lane_out > 0) ||
            (s->pick.products[n->point[i].product] &&
             (s->kind == MDL_SHOCK_DESTROY ||
              (s->kind == MDL_SHOCK_DEMAND && n->point[i].n_demand > 0))))
            return 1;
    return 0;
}

static int link_sites(const struct mdl_shock *s, const struct mdl_network *n, struct sim_err *err)
{
    for (uint32_t i = 0; i < n->n_site; i++)
        if (strikes_site(s, n, i))
            return 0;
    return sim_tree_fault(s->tree, err, "none of the sites it picks has %s",
                          s->kind == MDL_SHOCK_DEMAND     ? "demand for its products"
                          : s->kind == MDL_SHOCK_DESTROY  ? "its products in stock"
                          : s->kind == MDL_SHOCK_CAPACITY ? "a process that makes its products"
                                                          : "a process or a lane that leaves it");
}

static uint32_t shock_by_id(const struct mdl_scenario *s, const char *id)
{
    for (uint32_t i = 0; i < s->n_shock; i++)
        if (strcmp(s->shock[i].id, id) == 0)
            return i;
    return UINT32_MAX;
}

static uint32_t rule_by_id(const struct mdl_scenario *s, const char *id)
{
    for (uint32_t i = 0; i < s->n_rule; i++)
        if (strcmp(s->rule[i].id, id) == 0)
            return i;
    return UINT32_MAX;
}

static uint32_t trigger_by_id(const struct mdl_scenario *s, const char *id)
{
    for (uint32_t i = 0; i < s->n_trigger; i++)
        if (strcmp(s->trigger[i].id, id) == 0)
            return i;
    return UINT32_MAX;
}

static int link_after(const struct mdl_scenario *sc, struct mdl_shock *s, struct sim_err *err)
{
    if (rule_by_id(sc, s->id) != UINT32_MAX)
        return sim_tree_fault(s->tree, err, "a rule has this id as well");
    if (s->after_id == NULL || !*s->after_id)
        return 0;
    s->after_shock = shock_by_id(sc, s->after_id);
    s->after_rule = rule_by_id(sc, s->after_id);
    s->after_trigger = trigger_by_id(sc, s->after_id);
    if (s->after_trigger != UINT32_MAX && s->at_end)
        return sim_tree_fault(sim_tree_get(s->tree, "at"), err, "a trigger has no end");
    if (s->after_shock == UINT32_MAX && s->after_rule == UINT32_MAX &&
        s->after_trigger == UINT32_MAX)
        return sim_tree_fault(sim_tree_get(s->tree, "after"), err,
                              "the scenario has no such shock, rule or trigger");
    return 0;
}

/* Every trigger has an id of its own, and a shock that comes after it itself. */
static int check_triggers(const struct mdl_scenario *s, struct sim_err *err)
{
    int rc = 0;

    for (uint32_t t = 0; t < s->n_trigger; t++) {
        int some = 0;

        if (shock_by_id(s, s->trigger[t].id) != UINT32_MAX ||
            rule_by_id(s, s->trigger[t].id) != UINT32_MAX)
            rc = sim_tree_fault(s->trigger[t].tree, err, "a shock or a rule has this id as well");
        for (uint32_t i = 0; i < s->n_shock; i++)
            some |= s->shock[i].after_trigger == t;
        if (!some)
            rc = sim_tree_fault(s->trigger[t].tree, err, "no shock comes after it");
    }
    for (uint32_t i = 0; i < s->n_shock; i++)
        if (s->shock[i].after_shock != UINT32_MAX &&
            s->shock[s->shock[i].after_shock].after_trigger != UINT32_MAX)
            rc = sim_tree_fault(sim_tree_get(s->shock[i].tree, "after"), err,
                                "that shock waits for a trigger; name the trigger (after_d may "
                                "say how much later)");
    return rc;
}

/* Every shock that is in a ring is told. */
static int check_rings(const struct mdl_scenario *s, struct sim_err *err)
{
    int rc = 0;

    for (uint32_t i = 0; i < s->n_shock; i++) {
        uint32_t at = s->shock[i].after_shock;

        for (uint32_t k = 0; k < s->n_shock && at != i && at != UINT32_MAX; k++)
            at = s->shock[at].after_shock;
        if (at == i)
            rc = sim_tree_fault(sim_tree_get(s->shock[i].tree, "after"), err,
                                "the shock comes after itself");
    }
    return rc;
}

int mdl_shock_link(struct mdl_scenario *s, struct sim_arena *a, const struct mdl_network *n,
                   struct sim_err *err)
{
    int rc = 0;

    for (uint32_t i = 0; i < s->n_shock; i++) {
        struct mdl_shock *k = &s->shock[i];
        int one = mdl_pick_link(&k->pick, k->tree, a, n, err);

        if (k->kind == MDL_SHOCK_LANE || k->kind == MDL_SHOCK_PORT)
            one = one ? one : link_lanes(k, a, n, err);
        else
            one = one ? one : link_sites(k, n, err);
        rc |= one | link_after(s, k, err);
    }
    rc |= check_rings(s, err) | check_triggers(s, err);
    return rc ? SIM_EINPUT : 0;
}

/* ---- drawing ---- */

struct drawing {
    struct mdl_calendar *c;
    const struct mdl_scenario *s;
    const struct mdl_network *n;
    const char *exists;
    char *drawn; /* [n_shock] */
    uint64_t seed;
    uint32_t run;
};

enum { DRAW_PROBABILITY, DRAW_AFTER, DRAW_JITTER, DRAW_DAYS };

static double draw_days(const struct drawing *d, const struct sim_dist *law, uint64_t name,
                        uint64_t what)
{
    struct sim_draws r = sim_draws_at(sim_stream_make(d->seed, d->run, name, MDL_FOR_SHOCK), what);

    return law->kind == SIM_CONSTANT ? law->p[0] : sim_dist_draw(law, &r);
}

static int32_t later(int32_t day, double days)
{
    return (double)day + days < 1e9 ? day + (int32_t)lround(days) : INT32_MAX;
}

/* The day that it is counted from; INT32_MAX = it does not come. */
static int32_t origin_of(const struct drawing *d, const struct mdl_shock *s)
{
    if (s->after_shock != UINT32_MAX) {
        int32_t day = (s->at_end ? d->c->end : d->c->first)[s->after_shock];

        return day == SIM_DAY_NONE ? INT32_MAX : day;
    }
    if (s->after_rule != UINT32_MAX) {
        const struct mdl_rule *r = &d->s->rule[s->after_rule];
        int32_t day = s->at_end ? r->until : r->from;

        return d->exists[s->after_rule] && day != SIM_DAY_NONE ? day : INT32_MAX;
    }
    return s->after_trigger != UINT32_MAX ? 0 : s->from;
}

/* When the shock is at a place of this name. Returns 0 if it does not come. */
static int spell_of(const struct drawing *d, uint32_t shock, uint64_t name, struct mdl_spell *to)
{
    const struct mdl_shock *s = &d->s->shock[shock];
    struct sim_draws r =
        sim_draws_at(sim_stream_make(d->seed, d->run, name, MDL_FOR_SHOCK), DRAW_PROBABILITY);
    int32_t begin = origin_of(d, s);

    if (begin == INT32_MAX || sim_uniform(&r) >= s->probability)
        return 0;
    begin = later(begin, draw_days(d, &s->after_d, name, DRAW_AFTER));
    begin = later(begin, draw_days(d, &s->jitter_d, name, DRAW_JITTER));
    *to = (struct mdl_spell){.begin = begin, .shock = shock};
    to->end = s->kind == MDL_SHOCK_DESTROY ? later(begin, 1)
                                           : later(begin, draw_days(d, &s->days, name, DRAW_DAYS));
    if (to->end <= to->begin)
        return 0;
    if (s->after_trigger != UINT32_MAX) {
        to->delay = begin;
        to->days = to->end == INT32_MAX ? INT32_MAX : to->end - begin;
        to->begin = to->end = INT32_MAX;
    }
    return 1;
}

void mdl_calendar_span(struct mdl_calendar *c, const struct mdl_spell *s)
{
    int32_t *first = &c->first[s->shock], *end = &c->end[s->shock];

    *first = *first == SIM_DAY_NONE || s->begin < *first ? s->begin : *first;
    *end = *end == SIM_DAY_NONE || s->end > *end ? s->end : *end;
}

/* Adds a spell to the list of a place of a site, behind what is there. */
static void add(struct mdl_calendar *c, uint32_t *list, uint32_t place, uint32_t site,
                const struct mdl_spell *s)
{
    uint32_t *at = &list[place];

    while (*at)
        at = &c->spell[*at].next;
    *at = ++c->n_spell;
    c->spell[*at] = *s;
    c->spell[*at].site = site;
}

static void add_at_site(const struct drawing *d, uint32_t site, const struct mdl_spell *s)
{
    const struct mdl_network *n = d->n;
    const struct mdl_site *x = &n->site[site];
    const struct mdl_shock *k = &d->s->shock[s->shock];
    const char *made = k->pick.products;

    if (k->kind == MDL_SHOCK_INSOLVENT || (k->kind == MDL_SHOCK_DOWN && x->n_process > 0))
        add(d->c, d->c->site, site, site, s);
    for (uint32_t i = x->first_process; i < x->first_process + x->n_process; i++) {
        const struct mdl_recipe *r = &n->recipe[n->process[i].recipe];
        int any = 0;

        for (uint32_t j = 0; j < r->n_out; j++)
            any |= made[r->out[j].product];
        if (k->kind == MDL_SHOCK_CAPACITY && any)
            add(d->c, d->c->process, i, site, s);
    }
    for (uint32_t i = x->first_point; i < x->first_point + x->n_point; i++) {
        const struct mdl_point *p = &n->point[i];

        if (k->kind == MDL_SHOCK_DESTROY && made[p->product])
            add(d->c, d->c->point, i, site, s);
        for (uint32_t j = 0; k->kind == MDL_SHOCK_DEMAND && made[p->product] && j < p->n_demand;
             j++)
            add(d->c, d->c->demand, p->demand[j], site, s);
        for (uint32_t j = 0; k->kind == MDL_SHOCK_DOWN && x->n_process == 0 && j < p->n_lane_out;
             j++)
            add(d->c, d->c->lane, p->lane_out[j], site, s);
    }
}

static void draw_shock(const struct drawing *d, uint32_t i)
{
    const struct mdl_shock *s = &d->s->shock[i];
    struct mdl_calendar *c = d->c;
    struct mdl_spell all = {0}, one;
    int comes;

    if (d->drawn[i])
        return;
    d->drawn[i] = 1;
    if (s->after_shock != UINT32_MAX)
        draw_shock(d, s->after_shock);
    c->first[i] = c->end[i] = SIM_DAY_NONE;
    comes = !s->each && spell_of(d, i, s->hash, &all);
    for (uint32_t k = 0; k < (s->lanes ? d->n->n_lane : d->n->n_site); k++) {
        uint64_t place = s->lanes ? d->n->lane[k].hash : d->n->site[k].hash;

        if (s->lanes ? !s->lanes[k] : !strikes_site(s, d->n, k))
            continue;
        one = all;
        if (s->each ? !spell_of(d, i, sim_hash_with(s->hash, place), &one) : !comes)
            continue;
        if (s->after_trigger == UINT32_MAX)
            mdl_calendar_span(c, &one);
        if (s->lanes)
            add(c, c->lane, k, d->n->lane[k].from, &one);
        else
            add_at_site(d, k, &one);
    }
}

static uint32_t places(const struct mdl_network *n, const struct mdl_shock *s)
{
    return s->lanes ? n->n_lane : n->n_site + n->n_process + n->n_point + n->n_demand + n->n_lane;
}

void mdl_shock_draw(struct mdl_calendar *c, struct sim_arena *a, const struct mdl_scenario *s,
                    const struct mdl_network *n, const char *exists, uint64_t seed, uint32_t run)
{
    struct drawing d = {c, s, n, exists, sim_arena_alloc(a, s->n_shock, 1), seed, run};
    size_t most = 1;

    *c = (struct mdl_calendar){0};
    if (s->n_shock == 0)
        return;
    for (uint32_t i = 0; i < s->n_shock; i++)
        most += places(n, &s->shock[i]);
    c->spell = sim_arena_alloc(a, most, sizeof *c->spell);
    c->first = sim_arena_alloc(a, s->n_shock, sizeof *c->first);
    c->end = sim_arena_alloc(a, s->n_shock, sizeof *c->end);
    c->site = sim_arena_alloc(a, n->n_site, sizeof *c->site);
    c->process = sim_arena_alloc(a, n->n_process, sizeof *c->process);
    c->lane = sim_arena_alloc(a, n->n_lane, sizeof *c->lane);
    c->point = sim_arena_alloc(a, n->n_point, sizeof *c->point);
    c->demand = sim_arena_alloc(a, n->n_demand, sizeof *c->demand);
    for (uint32_t i = 0; i < s->n_shock; i++)
        draw_shock(&d, i);
}
