#include "models/scenario.h"
#include "models/entry.h"

#include "sim/rng.h"
#include "sim/source.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const outputs_words[] = {"summary", "full", NULL};

#define AT(type, field) offsetof(struct type, field)

const struct sim_key mdl_office_keys[] = {
    {"id", "", SIM_KEY_ID, 0, 0, NULL, AT(mdl_office, id), "key of the office", NULL, NULL},
    {"name", "", SIM_KEY_STR, 0, 0, "", AT(mdl_office, name), "name for people", NULL, NULL},
    {"country", "", SIM_KEY_STR, 0, 0, "", AT(mdl_office, country_id),
     "whose working days it keeps", NULL, NULL},
    {"reviewers", "", SIM_KEY_INT, 0, 1000000, "0", AT(mdl_office, reviewers),
     "applications under review at one time, 0 = no limit", NULL, NULL},
    {"review_d", "d", SIM_KEY_DIST, 0, 3650, NULL, AT(mdl_office, review_d),
     "days of review of one application", NULL, NULL},
    {"working_days", "", SIM_KEY_BOOL, 0, 0, "false", AT(mdl_office, working_days),
     "review_d and limits count working days of the office's country", NULL, NULL},
    {"approval", "", SIM_KEY_REAL, 0, 1, "1", AT(mdl_office, approval),
     "chance that an application is granted, where the rule does not say", NULL, NULL},
    {"limit_d", "d", SIM_KEY_REAL, 1, 3650, "", AT(mdl_office, limit_d),
     "days from filing in which it must decide, where the rule does not say; empty = no limit",
     NULL, NULL},
    {"return_share", "", SIM_KEY_REAL, 0, 0.99, "0", AT(mdl_office, return_share),
     "share of reviews that end with papers returned; they are filed again and queue anew", NULL,
     NULL},
    {"return_d", "d", SIM_KEY_DIST, 0, 3650, "", AT(mdl_office, return_d),
     "days until returned papers come again", NULL, NULL},
    {"priority", "", SIM_KEY_LIST, 0, 0, "", 0, "who is served first", NULL, mdl_priority_keys},
    {"staffing", "", SIM_KEY_LIST, 0, 0, "", 0, "reviewers and their speed from a day on", NULL,
     mdl_staffing_keys},
    {"source", "", SIM_KEY_STR, 0, 0, "", AT(mdl_office, source), "where the numbers come from",
     NULL, NULL},
    {0}};

const struct sim_key mdl_priority_keys[] = {
    {"id", "", SIM_KEY_ID, 0, 0, NULL, AT(mdl_priority, id), "key of the entry", NULL, NULL},
    {"rank", "", SIM_KEY_INT, 0, 1000, NULL, AT(mdl_priority, rank),
     "0 is served first; applications that no entry matches have 100", NULL, sim_key_fixed},
    {"destination", "", SIM_KEY_STRS, 0, 0, "", AT(mdl_priority, destination),
     "countries, groups, \"!X\", as in rules; empty = all", NULL, NULL},
    {"entity_list", "", SIM_KEY_STR, 0, 0, "", AT(mdl_priority, entity_list),
     "entity list of buyers; empty = all", NULL, NULL},
    {"list", "", SIM_KEY_STR, 0, 0, "", AT(mdl_priority, list), "list of goods; empty = all", NULL,
     NULL},
    {0}};

const struct sim_key mdl_staffing_keys[] = {
    {"id", "", SIM_KEY_ID, 0, 0, NULL, AT(mdl_staffing, id), "key of the entry", NULL, NULL},
    {"from", "", SIM_KEY_DATE, 0, 0, NULL, AT(mdl_staffing, from), "first day", NULL, NULL},
    {"reviewers", "", SIM_KEY_INT, -1, 1000000, "-1", AT(mdl_staffing, reviewers),
     "applications under review at one time, 0 = no limit, -1 = as before", NULL, NULL},
    {"speed", "", SIM_KEY_REAL, 0.01, 100, "", AT(mdl_staffing, speed),
     "days of review are divided by it; empty = as before, at first 1", NULL, NULL},
    {0}};

const struct sim_key mdl_detour_keys[] = {
    {"id", "", SIM_KEY_ID, 0, 0, NULL, AT(mdl_detour, id), "key of the detour", NULL, NULL},
    {"from", "", SIM_KEY_DATE, 0, 0, NULL, AT(mdl_detour, from), "first day", NULL, NULL},
    {"until", "", SIM_KEY_DATE, 0, 0, "", AT(mdl_detour, until),
     "first day without it, empty = open", NULL, NULL},
    {"origin", "", SIM_KEY_STRS, 0, 0, "", AT(mdl_detour, origin),
     "countries that goods leave, as in rules", NULL, NULL},
    {"destination", "", SIM_KEY_STRS, 0, 0, "", AT(mdl_detour, destination),
     "countries that goods go to, as in rules", NULL, NULL},
    {"list", "", SIM_KEY_STR, 0, 0, "", AT(mdl_detour, list), "list of goods; empty = all", NULL,
     NULL},
    {"via", "", SIM_KEY_STR, 0, 0, NULL, AT(mdl_detour, via_id), "country of the trader in between",
     NULL, NULL},
    {"share", "", SIM_KEY_REAL, 0, 1, "1", AT(mdl_detour, share),
     "share of refused order lines that try it", NULL, NULL},
    {"extra_d", "d", SIM_KEY_DIST, 0, 3650, NULL, AT(mdl_detour, extra_d),
     "days on top of the lane's own", NULL, NULL},
    {"cost_share", "", SIM_KEY_REAL, 0, 100, "0", AT(mdl_detour, cost_share),
     "extra cost as a share of the value, reported only (detour_usd)", NULL, NULL},
    {"seizure", "", SIM_KEY_REAL, 0, 1, "0", AT(mdl_detour, seizure),
     "chance that a shipment is found out and seized", NULL, NULL},
    {"listing_d", "d", SIM_KEY_REAL, 1, 3650, "30", AT(mdl_detour, listing_d),
     "days from a seizure to the listing of the buyer's company, for rules with caught_only", NULL,
     NULL},
    {"source", "", SIM_KEY_STR, 0, 0, "", AT(mdl_detour, source), "where it is documented", NULL,
     NULL},
    {0}};

const struct sim_key mdl_diversion_keys[] = {
    {"id", "", SIM_KEY_ID, 0, 0, NULL, AT(mdl_diversion, id), "key of the diversion", NULL, NULL},
    {"from", "", SIM_KEY_DATE, 0, 0, NULL, AT(mdl_diversion, from), "first day", NULL, NULL},
    {"until", "", SIM_KEY_DATE, 0, 0, "", AT(mdl_diversion, until),
     "first day without it, empty = open", NULL, NULL},
    {"country", "", SIM_KEY_STRS, 0, 0, "", AT(mdl_diversion, country),
     "countries of the plants, as in rules; empty = all", NULL, NULL},
    {"entity_list", "", SIM_KEY_STR, 0, 0, "", AT(mdl_diversion, entity_list),
     "entity list of the plants' companies; empty = all", NULL, NULL},
    {"caught", "", SIM_KEY_REAL, 0, 1, "0", AT(mdl_diversion, caught),
     "chance of being found out, each day on which a plant uses civil-only goods for military "
     "output",
     NULL, NULL},
    {"listing_d", "d", SIM_KEY_REAL, 1, 3650, "30", AT(mdl_diversion, listing_d),
     "days from then to the listing of its company, for rules with caught_only", NULL, NULL},
    {"source", "", SIM_KEY_STR, 0, 0, "", AT(mdl_diversion, source), "where it is documented", NULL,
     NULL},
    {0}};

const struct sim_key mdl_scenario_keys[] = {
    {"title", "", SIM_KEY_STR, 0, 0, NULL, AT(mdl_scenario, title),
     "what the scenario says, in a line", NULL, NULL},
    {"extends", "", SIM_KEY_STR, 0, 0, "", AT(mdl_scenario, extends),
     "file of which this one says only the differences", NULL, NULL},
    {"network", "", SIM_KEY_STR, 0, 0, NULL, AT(mdl_scenario, network), "folder of the tables",
     NULL, NULL},
    {"focus_country", "", SIM_KEY_STR, 0, 0, "", AT(mdl_scenario, focus_country),
     "country whose plants `show` lists first", NULL, NULL},
    {"start", "", SIM_KEY_DATE, 0, 0, NULL, AT(mdl_scenario, start), "first recorded day", NULL,
     NULL},
    {"warm_up_d", "d", SIM_KEY_INT, 0, 36500, "365", AT(mdl_scenario, warm_up_d),
     "days simulated before start and not recorded", NULL, sim_key_fixed},
    {"horizon_d", "d", SIM_KEY_INT, 1, 100000, "730", AT(mdl_scenario, horizon_d), "recorded days",
     NULL, sim_key_fixed},
    {"runs", "", SIM_KEY_INT, 1, 1000000, "100", AT(mdl_scenario, runs), "runs of every scenario",
     NULL, sim_key_fixed},
    {"seed", "", SIM_KEY_INT, 0, 9007199254740992, "1", AT(mdl_scenario, seed),
     "seed shared by all scenarios of a file", NULL, sim_key_fixed},
    {"message_s", "s", SIM_KEY_INT, 1, 86400, "3600", AT(mdl_scenario, message_s),
     "time an order or a notice takes", NULL, sim_key_fixed},
    {"forecast_d", "d", SIM_KEY_REAL, 1, 3650, "60", AT(mdl_scenario, forecast_d),
     "days over which requirements are smoothed", NULL, NULL},
    {"lead_weight", "", SIM_KEY_REAL, 0, 1, "0.2", AT(mdl_scenario, lead_weight),
     "weight of a received line in the learned lead time", NULL, NULL},
    {"lead_cap_d", "d", SIM_KEY_REAL, 1, 3650, "180", AT(mdl_scenario, lead_cap_d),
     "longest lead time that buyers reckon with", NULL, NULL},
    {"lead_cap_ratio", "", SIM_KEY_REAL, 0, 100, "0", AT(mdl_scenario, lead_cap_ratio),
     "longest lead time that buyers reckon with, as a multiple of the one without shortage or "
     "control; 0 = only lead_cap_d",
     NULL, NULL},
    {"gap_d", "d", SIM_KEY_REAL, 0, 3650, "0", AT(mdl_scenario, gap_d),
     "days over which order-up-to buyers close a gap beyond what they used since the last review; "
     "0 "
     "= at once",
     NULL, NULL},
    {"expedite_d", "d", SIM_KEY_REAL, 0, 3650, "", AT(mdl_scenario, expedite_d),
     "goods that leave so many days later than they should go by air, where a lane says how long "
     "that takes (air_d); empty = never",
     NULL, NULL},
    {"retry_d", "d", SIM_KEY_REAL, 1, 3650, "30", AT(mdl_scenario, retry_d),
     "days after a refusal before the same supplier is asked again", NULL, NULL},
    {"substitution", "", SIM_KEY_BOOL, 0, 0, "false", AT(mdl_scenario, substitution),
     "makers use the substitutes of substitutes.csv", NULL, NULL},
    {"cancel_over_d", "d", SIM_KEY_REAL, 0, 3650, "", AT(mdl_scenario, cancel_over_d),
     "days of need that stock and orders may lie beyond the target before orders are taken back; "
     "empty = review period + cover",
     NULL, NULL},
    {"cancel_share", "", SIM_KEY_REAL, 0, 1, "1", AT(mdl_scenario, cancel_share),
     "share of what lies beyond that which is taken back at a review", NULL, NULL},
    {"qualify_from", "", SIM_KEY_DATE, 0, 0, "", AT(mdl_scenario, qualify_from),
     "day from which on buyers qualify every supplier that they can (lanes with qualify_d); empty "
     "= as the lanes say",
     NULL, NULL},
    {"share_up_m", "1/30 d", SIM_KEY_REAL, 0, 100, "0", AT(mdl_scenario, share_up_m),
     "part of a buyer's need that moves in 30 days from suppliers that are blocked or late to "
     "qualified ones that deliver, up to their share_max",
     NULL, NULL},
    {"share_down_m", "1/30 d", SIM_KEY_REAL, 0, 100, "0", AT(mdl_scenario, share_down_m),
     "part of a buyer's need that moves back in 30 days to those who deliver again", NULL, NULL},
    {"share_late_d", "d", SIM_KEY_REAL, 0, 3650, "14", AT(mdl_scenario, share_late_d),
     "a supplier is late, for moving shares, with a line so many days beyond its promise", NULL,
     NULL},
    {"switch_d", "d", SIM_KEY_REAL, 0, 3650, "", AT(mdl_scenario, switch_d),
     "days beyond its promise from which a line is taken back in part, once, and ordered from the "
     "others; empty = never",
     NULL, NULL},
    {"switch_share", "", SIM_KEY_REAL, 0, 1, "0.5", AT(mdl_scenario, switch_share),
     "part of the line that is", NULL, NULL},
    {"outputs", "", SIM_KEY_WORD, 0, 0, "summary", AT(mdl_scenario, outputs),
     "full adds daily series of every run", outputs_words, NULL},
    {"offices", "", SIM_KEY_LIST, 0, 0, "", 0, "licence offices", NULL, mdl_office_keys},
    {"rules", "", SIM_KEY_LIST, 0, 0, "", 0, "rules of export control", NULL, mdl_rule_keys},
    {"detours", "", SIM_KEY_LIST, 0, 0, "", 0, "ways through third countries that firms take", NULL,
     mdl_detour_keys},
    {"diversions", "", SIM_KEY_LIST, 0, 0, "", 0,
     "plants that use goods under a civil undertaking for military output", NULL,
     mdl_diversion_keys},
    {"shocks", "", SIM_KEY_LIST, 0, 0, "", 0, "what befalls sites, lanes and markets", NULL,
     mdl_shock_keys},
    {"triggers", "", SIM_KEY_LIST, 0, 0, "", 0, "states of a run after which shocks come", NULL,
     mdl_trigger_keys},
    {"prices", "", SIM_KEY_LIST, 0, 0, "", 0, "goods whose price follows days of cover", NULL,
     mdl_price_keys},
    {"marginal", "", SIM_KEY_LIST, 0, 0, "", 0, "plants that run only while a price is high", NULL,
     mdl_marginal_keys},
    {"reserves", "", SIM_KEY_LIST, 0, 0, "", 0, "stockpiles of states and companies", NULL,
     mdl_reserve_keys},
    {"recycling", "", SIM_KEY_LIST, 0, 0, "", 0, "goods and swarf that come back as scrap", NULL,
     mdl_recycling_keys},
    {"hoarding", "", SIM_KEY_LIST, 0, 0, "", 0,
     "firms that want more in stock: on an announcement, from a day on, or as lead times grow",
     NULL, mdl_hoarding_keys},
    {"set", "", SIM_KEY_LIST, 0, 0, "", 0, "overrides of the network's tables, in order", NULL,
     mdl_override_keys},
    {0}};

/* The first member of every struct that is read from a list of entries with ids is its id. */
static int by_id(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int by_rank(const void *a, const void *b)
{
    const struct mdl_priority *x = a, *y = b;

    return x->rank != y->rank ? (x->rank > y->rank) - (x->rank < y->rank) : strcmp(x->id, y->id);
}

static int by_day(const void *a, const void *b)
{
    const struct mdl_staffing *x = a, *y = b;

    return x->from != y->from ? (x->from > y->from) - (x->from < y->from) : strcmp(x->id, y->id);
}

static int read_office(struct mdl_office *o, struct sim_arena *a, struct sim_err *err)
{
    static const struct mdl_entries priority = {"priority", mdl_priority_keys,
                                                sizeof(struct mdl_priority),
                                                offsetof(struct mdl_priority, tree), by_rank},
                                    staffing = {"staffing", mdl_staffing_keys,
                                                sizeof(struct mdl_staffing),
                                                offsetof(struct mdl_staffing, tree), by_day};
    void *at;
    int rc = mdl_entries_read(&priority, sim_tree_get(o->tree, "priority"), &at, &o->n_priority, a,
                              err),
        rc2;

    o->priority = at;
    rc2 =
        mdl_entries_read(&staffing, sim_tree_get(o->tree, "staffing"), &at, &o->n_staffing, a, err);
    o->staffing = at;
    o->country = UINT32_MAX;
    if (isnan(o->limit_d))
        o->limit_d = INFINITY;
    if (o->return_share > 0 && sim_tree_get(o->tree, "return_d") == NULL)
        rc = sim_tree_fault(o->tree, err, "give both return_share and return_d");
    if (o->n_priority > MDL_MAX_PRIORITIES)
        rc = sim_tree_fault(sim_tree_get(o->tree, "priority"), err, "at most %d entries",
                            MDL_MAX_PRIORITIES);
    return rc ? rc : rc2;
}

static int read_offices(struct mdl_scenario *s, struct sim_arena *a, struct sim_err *err)
{
    static const struct mdl_entries e = {"offices", mdl_office_keys, sizeof(struct mdl_office),
                                         offsetof(struct mdl_office, tree), NULL};
    void *at;
    int rc = mdl_entries_read(&e, sim_tree_get(s->tree, "offices"), &at, &s->n_office, a, err);

    s->office = at;
    for (uint32_t i = 0; i < s->n_office; i++) {
        int one = s->office[i].tree ? read_office(&s->office[i], a, err) : 0;

        rc = rc ? rc : one;
    }
    return rc;
}

static int read_rules(struct mdl_scenario *s, struct sim_arena *a, struct sim_err *err)
{
    const struct sim_tree *list = sim_tree_get(s->tree, "rules");
    int rc = 0;

    s->n_rule = list ? (uint32_t)sim_tree_n(list) : 0;
    s->rule = sim_arena_alloc(a, s->n_rule, sizeof *s->rule);
    for (uint32_t i = 0; i < s->n_rule; i++) {
        int one = mdl_rule_read(&s->rule[i], s, sim_tree_at(list, i), a, err);

        rc = rc ? rc : one;
    }
    if (rc == 0)
        qsort(s->rule, s->n_rule, sizeof *s->rule, by_id);
    return rc;
}

static int read_evasions(struct mdl_scenario *s, struct sim_arena *a, struct sim_err *err)
{
    static const struct mdl_entries detour = {"detours", mdl_detour_keys, sizeof(struct mdl_detour),
                                              offsetof(struct mdl_detour, tree), NULL},
                                    diversion = {"diversions", mdl_diversion_keys,
                                                 sizeof(struct mdl_diversion),
                                                 offsetof(struct mdl_diversion, tree), NULL};
    void *at;
    int rc = mdl_entries_read(&detour, sim_tree_get(s->tree, "detours"), &at, &s->n_detour, a, err),
        rc2;

    s->detour = at;
    rc2 = mdl_entries_read(&diversion, sim_tree_get(s->tree, "diversions"), &at, &s->n_diversion, a,
                           err);
    s->diversion = at;
    return rc ? rc : rc2;
}

/* What it extends is in it by now: takes that line out of the canonical text. */
static char *without_extends(char *text)
{
    static const char key[] = "extends = ";
    char *at = text, *next;

    while (at && strncmp(at, key, sizeof key - 1) != 0) {
        next = strchr(at, '\n');
        at = next ? next + 1 : NULL;
    }
    if (at) {
        next = strchr(at, '\n');
        memmove(at, next ? next + 1 : at + strlen(at), next ? strlen(next + 1) + 1 : 1);
    }
    return text;
}

const char *mdl_scenario_text(const struct sim_tree *tree, struct sim_arena *a)
{
    return without_extends(sim_tree_print(tree, a));
}

int mdl_scenario_read(struct mdl_scenario *s, struct sim_arena *a, const char *label,
                      const struct sim_tree *tree, struct sim_err *err)
{
    const struct sim_key *const tables[] = {mdl_scenario_keys};
    int rc, rc2;

    *s = (struct mdl_scenario){0};
    rc = sim_keys_read(tree, "scenario", tables, 1, s, a, err);
    s->label = label;
    s->file = sim_tree_file(tree);
    s->tree = tree;
    rc2 = read_offices(s, a, err);
    rc = rc ? rc : rc2;
    rc2 = read_rules(s, a, err);
    rc = rc ? rc : rc2;
    rc2 = read_evasions(s, a, err);
    rc = rc ? rc : rc2;
    rc2 = mdl_shock_read(s, a, err);
    rc = rc ? rc : rc2;
    rc2 = mdl_trigger_read(sim_tree_get(tree, "triggers"), &s->trigger, &s->n_trigger, a, err);
    rc = rc ? rc : rc2;
    rc2 = mdl_prices_read(&s->prices, tree, a, err);
    rc = rc ? rc : rc2;
    rc2 = mdl_recycle_read(sim_tree_get(tree, "recycling"), &s->recycling, &s->n_recycling, a, err);
    rc = rc ? rc : rc2;
    rc2 = mdl_reserve_read(sim_tree_get(tree, "reserves"), &s->reserve, &s->n_reserve, a, err);
    rc = rc ? rc : rc2;
    rc2 = mdl_hoarding_read(&s->hoarding, &s->n_hoarding, sim_tree_get(tree, "hoarding"), a, err);
    rc = rc ? rc : rc2;
    if (rc == 0)
        s->text = mdl_scenario_text(tree, a);
    return rc;
}

/* ---- linking to a network ---- */

static int link_goods(double **to, const char *list, const struct sim_tree *at, struct sim_arena *a,
                      const struct mdl_network *n, struct sim_err *err)
{
    *to = sim_arena_alloc(a, n->n_product, sizeof **to);
    return mdl_rule_goods(*to, list, -1, at, n, err);
}

/* Firms on a list, owned by one on it to a half or more; NULL = everybody. */
static int link_firms(double **to, const char *list, const struct sim_tree *at, struct sim_arena *a,
                      const struct mdl_network *n, struct sim_err *err)
{
    if (list == NULL || !*list)
        return 0;
    *to = sim_arena_alloc(a, n->n_site, sizeof **to);
    return mdl_rule_firms(*to, list, 0.5, NULL, n) > 0
               ? 0
               : sim_tree_fault(sim_tree_get(at, "entity_list"), err,
                                "lists.csv of this network has no such list of entities");
}

static int link_countries(char **to, struct sim_strs names, const struct sim_tree *at,
                          const char *key, struct sim_arena *a, const struct mdl_network *n,
                          struct sim_err *err)
{
    *to = sim_arena_alloc(a, n->n_country, 1);
    return mdl_rule_countries(*to, names, at, key, n, err);
}

static int link_office(struct mdl_office *o, struct sim_arena *a, const struct mdl_network *n,
                       struct sim_err *err)
{
    int rc = 0;

    if (o->country_id && *o->country_id)
        o->country = mdl_network_country(n, o->country_id);
    if ((o->country_id && *o->country_id && o->country == UINT32_MAX) ||
        (o->working_days && o->country == UINT32_MAX))
        rc = sim_tree_fault(o->tree, err,
                            "country must be one of the network (working_days counts by its "
                            "calendar)");
    for (uint32_t i = 0; i < o->n_priority; i++) {
        struct mdl_priority *p = &o->priority[i];

        rc |= link_countries(&p->to, p->destination, p->tree, "destination", a, n, err);
        rc |= link_firms(&p->buyer, p->entity_list, p->tree, a, n, err);
        rc |= link_goods(&p->goods, p->list, p->tree, a, n, err);
    }
    return rc;
}

/* The one country of a set; UINT32_MAX if there are more or none. */
static uint32_t only(const char *in, const struct mdl_network *n)
{
    uint32_t one = UINT32_MAX;

    for (uint32_t c = 0; c < n->n_country; c++)
        if (in[c]) {
            if (one != UINT32_MAX)
                return UINT32_MAX;
            one = c;
        }
    return one;
}

static int link_detour(struct mdl_detour *d, struct sim_arena *a, const struct mdl_network *n,
                       struct sim_err *err)
{
    int rc = 0;

    d->hash = sim_hash(d->id);
    d->via = mdl_network_country(n, d->via_id);
    if (d->via == UINT32_MAX)
        rc = sim_tree_fault(sim_tree_get(d->tree, "via"), err, "the network has no such country");
    if (d->until != SIM_DAY_NONE && d->until < d->from)
        rc = sim_tree_fault(sim_tree_get(d->tree, "until"), err, "lies before from");
    rc |= link_countries(&d->matches_origin, d->origin, d->tree, "origin", a, n, err);
    rc |=
        link_countries(&d->matches_destination, d->destination, d->tree, "destination", a, n, err);
    if (d->via != UINT32_MAX &&
        (only(d->matches_origin, n) == d->via || only(d->matches_destination, n) == d->via))
        rc = sim_tree_fault(sim_tree_get(d->tree, "via"), err,
                            "is where the goods come from or go to: no lane can take it");
    return rc | link_goods(&d->goods, d->list, d->tree, a, n, err);
}

static int link_diversion(struct mdl_diversion *d, struct sim_arena *a, const struct mdl_network *n,
                          struct sim_err *err)
{
    d->hash = sim_hash(d->id);
    if (d->until != SIM_DAY_NONE && d->until < d->from)
        return sim_tree_fault(sim_tree_get(d->tree, "until"), err, "lies before from");
    return link_countries(&d->matches_country, d->country, d->tree, "country", a, n, err) |
           link_firms(&d->firm, d->entity_list, d->tree, a, n, err);
}

int mdl_scenario_link(struct mdl_scenario *s, struct sim_arena *a, const struct mdl_network *n,
                      struct sim_err *err)
{
    int rc = 0;

    for (uint32_t i = 0; i < s->n_office; i++)
        rc |= link_office(&s->office[i], a, n, err);
    for (uint32_t i = 0; i < s->n_rule; i++)
        rc |= mdl_rule_link(&s->rule[i], a, n, err);
    for (uint32_t i = 0; i < s->n_detour; i++)
        rc |= link_detour(&s->detour[i], a, n, err);
    for (uint32_t i = 0; i < s->n_diversion; i++)
        rc |= link_diversion(&s->diversion[i], a, n, err);
    rc |= mdl_shock_link(s, a, n, err);
    rc |= mdl_prices_link(&s->prices, a, n, err);
    rc |= mdl_trigger_link(s->trigger, s->n_trigger, &s->prices, a, n, err);
    rc |= mdl_recycle_link(s->recycling, s->n_recycling, s->warm_up_d + s->horizon_d, a, n, err);
    rc |= mdl_reserve_link(s->reserve, s->n_reserve, a, n, err);
    rc |= mdl_hoarding_link(s->hoarding, s->n_hoarding, a, n, err);
    if (s->focus_country && *s->focus_country &&
        mdl_network_country(n, s->focus_country) == UINT32_MAX)
        rc = sim_tree_fault(sim_tree_get(s->tree, "focus_country"), err,
                            "the network has no such country");
    return rc ? SIM_EINPUT : 0;
}

/* ---- detours ---- */

int mdl_detour_serves(const struct mdl_detour *d, const struct mdl_network *n,
                      const struct mdl_lane *lane)
{
    uint32_t from = n->site[lane->from].country, to = n->site[lane->to].country;

    return lane->border && d->via != from && d->via != to && d->matches_origin[from] &&
           d->matches_destination[to] && d->goods[lane->product] > 0;
}

void mdl_detour_legs(const struct mdl_detour *d, const struct mdl_network *n,
                     const struct mdl_lane *lane, struct mdl_leg leg[2])
{
    leg[0] = (struct mdl_leg){n->site[lane->from].country, d->via, lane->from, UINT32_MAX};
    leg[1] = (struct mdl_leg){d->via, n->site[lane->to].country, UINT32_MAX, lane->to};
}

/* ---- offices ---- */

int64_t mdl_office_reviewers(const struct mdl_office *o, int32_t day)
{
    int64_t n = o->reviewers;

    for (uint32_t i = 0; i < o->n_staffing; i++)
        if (o->staffing[i].from <= day && o->staffing[i].reviewers >= 0)
            n = o->staffing[i].reviewers;
    return n;
}

double mdl_office_speed(const struct mdl_office *o, int32_t day)
{
    double speed = 1;

    for (uint32_t i = 0; i < o->n_staffing; i++)
        if (o->staffing[i].from <= day && !isnan(o->staffing[i].speed))
            speed = o->staffing[i].speed;
    return speed;
}
