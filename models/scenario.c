#include "models/scenario.h"

#include "sim/rng.h"
#include "sim/source.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const outputs_words[] = {"summary", "full", NULL};
static const char *const mistaken_words[] = {"licence", "deny", NULL};
static const char *const apply_words[] = {"order", "ready", NULL};
/* in the order of mdl_policies; checked in mdl_scenario_read */
static const char *const action_words[] = {"deny", "inspect", "licence", NULL};

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
     "review_d counts working days of the office's country", NULL, NULL},
    {"approval", "", SIM_KEY_REAL, 0, 1, "1", AT(mdl_office, approval),
     "chance that an application is granted, where the rule does not say", NULL, NULL},
    {"source", "", SIM_KEY_STR, 0, 0, "", AT(mdl_office, source), "where the numbers come from",
     NULL, NULL},
    {0}};

const struct sim_key mdl_rule_keys[] = {
    {"id", "", SIM_KEY_ID, 0, 0, NULL, AT(mdl_rule, id), "key of the rule", NULL, NULL},
    {"name", "", SIM_KEY_STR, 0, 0, "", AT(mdl_rule, name), "name for people", NULL, NULL},
    {"announced", "", SIM_KEY_DATE, 0, 0, "", AT(mdl_rule, announced),
     "day it was announced, for people: nobody acts on it before `from`", NULL, NULL},
    {"from", "", SIM_KEY_DATE, 0, 0, NULL, AT(mdl_rule, from), "first day in force", NULL, NULL},
    {"until", "", SIM_KEY_DATE, 0, 0, "", AT(mdl_rule, until),
     "first day no longer in force, empty = open", NULL, NULL},
    {"suspended_from", "", SIM_KEY_DATE, 0, 0, "", AT(mdl_rule, suspended_from),
     "first day of a suspension", NULL, NULL},
    {"suspended_until", "", SIM_KEY_DATE, 0, 0, "", AT(mdl_rule, suspended_until),
     "first day after the suspension", NULL, NULL},
    {"origin", "", SIM_KEY_STRS, 0, 0, "", AT(mdl_rule, origin),
     "countries that goods leave; empty = all", NULL, NULL},
    {"destination", "", SIM_KEY_STRS, 0, 0, "", AT(mdl_rule, destination),
     "countries that goods go to; empty = all", NULL, NULL},
    {"list", "", SIM_KEY_STR, 0, 0, "", AT(mdl_rule, list),
     "control list in lists.csv (codes, customs headings, products); empty = all goods", NULL,
     NULL},
    {"entity_list", "", SIM_KEY_STR, 0, 0, "", AT(mdl_rule, entity_list),
     "entity list in lists.csv: only buyers on it, or owned by one on it; empty = all", NULL, NULL},
    {"end_use", "", SIM_KEY_STRS, 0, 0, "", AT(mdl_rule, end_use), "civil, military; empty = both",
     NULL, NULL},
    {"action", "", SIM_KEY_WORD, 0, 0, NULL, AT(mdl_rule, action), "what it does", action_words,
     NULL},
    {"probability", "", SIM_KEY_REAL, 0, 1, "1", AT(mdl_rule, probability),
     "chance that the rule exists, drawn once per run", NULL, NULL},
    {"mistaken_civil", "", SIM_KEY_REAL, 0, 1, "0", AT(mdl_rule, mistaken_civil),
     "chance that a civil order line is taken for a military one", NULL, NULL},
    {"mistaken_action", "", SIM_KEY_WORD, 0, 0, "licence", AT(mdl_rule, mistaken_action),
     "what such a line meets", mistaken_words, NULL},
    {"grace_d", "d", SIM_KEY_REAL, 0, 3650, "0", AT(mdl_rule, grace_d),
     "orders accepted before `from` pass for so many days after it", NULL, NULL},
    {"undertaking", "", SIM_KEY_BOOL, 0, 0, "false", AT(mdl_rule, undertaking),
     "civil goods that pass are promised to civil use and may not enter military output", NULL,
     NULL},
    {"office", "", SIM_KEY_STR, 0, 0, "", AT(mdl_rule, licence.office_id), "office that decides",
     NULL, NULL},
    {"approval", "", SIM_KEY_REAL, 0, 1, "", AT(mdl_rule, licence.approval),
     "chance that a licence is granted; empty = the office's", NULL, NULL},
    {"review_d", "d", SIM_KEY_DIST, 0, 3650, "", AT(mdl_rule, licence.review_d),
     "days of review of one application; empty = the office's", NULL, NULL},
    {"validity_d", "d", SIM_KEY_REAL, 1, 36500, "", AT(mdl_rule, licence.validity_d),
     "days a licence is good for; empty = no end", NULL, NULL},
    {"apply_at", "", SIM_KEY_WORD, 0, 0, "order", AT(mdl_rule, licence.apply_at),
     "when the application is filed: with the order, or when the goods are ready", apply_words,
     NULL},
    {"source", "", SIM_KEY_STR, 0, 0, "", AT(mdl_rule, source), "where it is documented", NULL,
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
     "days simulated before start and not recorded", NULL, NULL},
    {"horizon_d", "d", SIM_KEY_INT, 1, 100000, "730", AT(mdl_scenario, horizon_d), "recorded days",
     NULL, NULL},
    {"runs", "", SIM_KEY_INT, 1, 1000000, "100", AT(mdl_scenario, runs), "runs of every scenario",
     NULL, NULL},
    {"seed", "", SIM_KEY_INT, 0, 9007199254740992, "1", AT(mdl_scenario, seed),
     "seed shared by all scenarios of a file", NULL, NULL},
    {"message_s", "s", SIM_KEY_INT, 1, 86400, "3600", AT(mdl_scenario, message_s),
     "time an order or a notice takes", NULL, NULL},
    {"forecast_d", "d", SIM_KEY_REAL, 1, 3650, "60", AT(mdl_scenario, forecast_d),
     "days over which requirements are smoothed", NULL, NULL},
    {"lead_weight", "", SIM_KEY_REAL, 0, 1, "0.2", AT(mdl_scenario, lead_weight),
     "weight of a received line in the learned lead time", NULL, NULL},
    {"lead_cap_d", "d", SIM_KEY_REAL, 1, 3650, "180", AT(mdl_scenario, lead_cap_d),
     "longest lead time that buyers reckon with", NULL, NULL},
    {"retry_d", "d", SIM_KEY_REAL, 1, 3650, "30", AT(mdl_scenario, retry_d),
     "days after a refusal before the same supplier is asked again", NULL, NULL},
    {"outputs", "", SIM_KEY_WORD, 0, 0, "summary", AT(mdl_scenario, outputs),
     "full adds daily series of every run", outputs_words, NULL},
    {"offices", "", SIM_KEY_LIST, 0, 0, "", 0, "licence offices", NULL, mdl_office_keys},
    {"rules", "", SIM_KEY_LIST, 0, 0, "", 0, "rules of export control", NULL, mdl_rule_keys},
    {"set", "", SIM_KEY_LIST, 0, 0, "", 0, "overrides of the network's tables, in order", NULL,
     mdl_override_keys},
    {0}};

static int by_rule(const void *a, const void *b)
{
    return strcmp(((const struct mdl_rule *)a)->id, ((const struct mdl_rule *)b)->id);
}

static int by_office(const void *a, const void *b)
{
    return strcmp(((const struct mdl_office *)a)->id, ((const struct mdl_office *)b)->id);
}

static int read_offices(struct mdl_scenario *s, struct sim_arena *a, const struct sim_tree *list,
                        struct sim_err *err)
{
    const struct sim_key *const tables[] = {mdl_office_keys};
    int rc = 0;

    s->n_office = list ? (uint32_t)sim_tree_n(list) : 0;
    s->office = sim_arena_alloc(a, s->n_office, sizeof *s->office);
    for (uint32_t i = 0; i < s->n_office; i++) {
        int one = sim_keys_read(sim_tree_at(list, i), "offices", tables, 1, &s->office[i], a, err);

        rc = rc ? rc : one;
        s->office[i].tree = sim_tree_at(list, i);
        s->office[i].country = UINT32_MAX;
    }
    for (uint32_t i = 0; i < s->n_office; i++)
        if (s->office[i].id == NULL)
            return rc;
    qsort(s->office, s->n_office, sizeof *s->office, by_office);
    return rc;
}

static int check_rule(const struct mdl_scenario *s, struct mdl_rule *r, struct sim_err *err)
{
    const struct mdl_policy *kind = mdl_policies[r->action];
    int rc = 0;

    r->licence.office = UINT32_MAX;
    for (uint32_t k = 0; k < s->n_office; k++)
        if (r->licence.office_id && s->office[k].id &&
            strcmp(s->office[k].id, r->licence.office_id) == 0)
            r->licence.office = k;
    if (r->licence.office_id && *r->licence.office_id && r->licence.office == UINT32_MAX)
        rc = sim_tree_fault(sim_tree_get(r->tree, "office"), err,
                            "there is no office '%s' in this scenario", r->licence.office_id);
    if (r->mistaken_civil > 0 && r->mistaken_action == 0 && r->licence.office == UINT32_MAX &&
        rc == 0)
        rc = sim_tree_fault(
            sim_tree_get(r->tree, "mistaken_civil"), err,
            "orders taken for military ones need a licence (mistaken_action), so the rule "
            "needs an office: office = \"<id>\"");
    if (r->until != SIM_DAY_NONE && r->until < r->from)
        rc = sim_tree_fault(sim_tree_get(r->tree, "until"), err, "lies before from");
    if ((r->suspended_from == SIM_DAY_NONE) != (r->suspended_until == SIM_DAY_NONE) ||
        r->suspended_until < r->suspended_from)
        rc = sim_tree_fault(
            r->tree, err,
            "give both suspended_from and suspended_until, the first not after the second");
    if (isnan(r->licence.validity_d))
        r->licence.validity_d = INFINITY;
    if (kind->check && rc == 0)
        rc = kind->check(s, r, err);
    return rc;
}

/* A rule's keys and its kind's own keys as one table, so that one pass knows all names; the own
 * keys fill a struct that lies behind the rule's. */
enum { OWN_AT = (sizeof(struct mdl_rule) + 15) / 16 * 16 };

static const struct sim_key *rule_table(struct sim_arena *a, const struct mdl_policy *kind)
{
    size_t n = 0, m = 0;
    struct sim_key *all;

    while (mdl_rule_keys[n].name)
        n++;
    while (kind && kind->keys[m].name)
        m++;
    all = sim_arena_alloc(a, n + m + 1, sizeof *all);
    memcpy(all, mdl_rule_keys, n * sizeof *all);
    for (size_t i = 0; i < m; i++) {
        all[n + i] = kind->keys[i];
        all[n + i].offset += OWN_AT;
    }
    return all;
}

static int read_rules(struct mdl_scenario *s, struct sim_arena *a, const struct sim_tree *list,
                      struct sim_err *err)
{
    int rc = 0;

    s->n_rule = list ? (uint32_t)sim_tree_n(list) : 0;
    s->rule = sim_arena_alloc(a, s->n_rule, sizeof *s->rule);
    for (uint32_t i = 0; i < s->n_rule; i++) {
        const struct sim_tree *t = sim_tree_at(list, i);
        struct mdl_rule *r = &s->rule[i];
        const char *action = sim_tree_str(sim_tree_get(t, "action"));
        const struct mdl_policy *kind = NULL;
        const struct sim_key *table;
        char *block;
        int one;

        for (int k = 0; mdl_policies[k]; k++)
            if (action && strcmp(mdl_policies[k]->name, action) == 0)
                kind = mdl_policies[k];
        table = rule_table(a, kind);
        block = sim_arena_alloc(a, 1, OWN_AT + (kind ? kind->size : 0));
        one = sim_keys_read(t, "rules", &table, 1, block, a, err);
        memcpy(r, block, sizeof *r);
        r->own = block + OWN_AT;
        rc = rc ? rc : one;
        r->tree = t;
        if (one == 0) {
            r->hash = sim_hash(r->id);
            one = check_rule(s, r, err);
            rc = rc ? rc : one;
        }
    }
    if (rc == 0)
        qsort(s->rule, s->n_rule, sizeof *s->rule, by_rule);
    return rc;
}

/* The word list of `action` and the registry must agree. */
static void check_registry(void)
{
    for (int k = 0; mdl_policies[k] || action_words[k]; k++)
        sim_bug_if(mdl_policies[k] == NULL || action_words[k] == NULL ||
                   strcmp(mdl_policies[k]->name, action_words[k]) != 0);
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

int mdl_scenario_read(struct mdl_scenario *s, struct sim_arena *a, const char *label,
                      const struct sim_tree *tree, struct sim_err *err)
{
    const struct sim_key *const tables[] = {mdl_scenario_keys};
    int rc, rc2;

    check_registry();
    *s = (struct mdl_scenario){0};
    rc = sim_keys_read(tree, "scenario", tables, 1, s, a, err);
    s->label = label;
    s->file = sim_tree_file(tree);
    s->tree = tree;
    rc2 = read_offices(s, a, sim_tree_get(tree, "offices"), err);
    rc = rc ? rc : rc2;
    rc2 = read_rules(s, a, sim_tree_get(tree, "rules"), err);
    rc = rc ? rc : rc2;
    if (rc == 0)
        s->text = without_extends(sim_tree_print(tree, a));
    return rc;
}

/* ---- linking to a network ---- */

static int has_prefix(const char *s, const char *prefix)
{
    return *prefix && strncmp(s, prefix, strlen(prefix)) == 0;
}

static int lists_product(const struct mdl_list_row *row, const struct mdl_product *p)
{
    if (row->kind == MDL_LIST_PRODUCT)
        return strcmp(row->value, p->id) == 0;
    if (row->kind == MDL_LIST_HS)
        return p->hs && has_prefix(p->hs, row->value);
    if (row->kind == MDL_LIST_CODE)
        for (size_t k = 0; k < p->codes.n; k++)
            if (strcmp(p->codes.s[k], row->value) == 0)
                return 1;
    return 0;
}

static int link_list(struct mdl_rule *r, struct sim_arena *a, const struct mdl_network *n,
                     struct sim_err *err)
{
    int found = 0;

    r->matches_product = sim_arena_alloc(a, n->n_product, 1);
    if (r->list == NULL || !*r->list) {
        memset(r->matches_product, 1, n->n_product);
        return 0;
    }
    for (uint32_t i = 0; i < n->n_list; i++) {
        if (strcmp(n->list[i].list, r->list) != 0 || n->list[i].kind == MDL_LIST_ENTITY)
            continue;
        found = 1;
        for (uint32_t p = 0; p < n->n_product; p++)
            r->matches_product[p] |= (char)lists_product(&n->list[i], &n->product[p]);
    }
    if (!found)
        return sim_tree_fault(sim_tree_get(r->tree, "list"), err,
                              "lists.csv of this network has no such list of goods");
    return 0;
}

static int link_entities(struct mdl_rule *r, struct sim_arena *a, const struct mdl_network *n,
                         struct sim_err *err)
{
    int found = 0;

    if (r->entity_list == NULL || !*r->entity_list)
        return 0;
    r->matches_entity = sim_arena_alloc(a, n->n_entity, 1);
    for (uint32_t i = 0; i < n->n_list; i++)
        if (strcmp(n->list[i].list, r->entity_list) == 0 && n->list[i].kind == MDL_LIST_ENTITY) {
            found = 1;
            r->matches_entity[mdl_network_entity(n, n->list[i].value)] = 1;
        }
    for (uint32_t depth = 0; depth < 8; depth++)
        for (uint32_t e = 0; e < n->n_entity; e++)
            if (n->entity[e].parent_id != UINT32_MAX && r->matches_entity[n->entity[e].parent_id])
                r->matches_entity[e] = 1;
    if (!found)
        return sim_tree_fault(sim_tree_get(r->tree, "entity_list"), err,
                              "lists.csv of this network has no such list of entities");
    return 0;
}

static int link_countries(char **to, struct sim_strs names, const char *key,
                          const struct mdl_rule *r, struct sim_arena *a,
                          const struct mdl_network *n, struct sim_err *err)
{
    int rc = 0;

    *to = sim_arena_alloc(a, n->n_country, 1);
    memset(*to, names.n == 0, n->n_country);
    for (size_t i = 0; i < names.n; i++) {
        uint32_t c = mdl_network_country(n, names.s[i]);

        if (c == UINT32_MAX)
            rc = sim_tree_fault(sim_tree_get(r->tree, key), err, "the network has no country '%s'",
                                names.s[i]);
        else
            (*to)[c] = 1;
    }
    return rc;
}

static int link_uses(struct mdl_rule *r, struct sim_err *err)
{
    int rc = 0;

    for (int u = 0; u < MDL_USES; u++)
        r->matches_use[u] = r->end_use.n == 0;
    for (size_t i = 0; i < r->end_use.n; i++) {
        if (strcmp(r->end_use.s[i], "civil") == 0)
            r->matches_use[MDL_CIVIL] = 1;
        else if (strcmp(r->end_use.s[i], "military") == 0)
            r->matches_use[MDL_MILITARY] = 1;
        else
            rc = sim_tree_fault(sim_tree_get(r->tree, "end_use"), err,
                                "'%s' is none of civil, military", r->end_use.s[i]);
    }
    return rc;
}

int mdl_scenario_link(struct mdl_scenario *s, struct sim_arena *a, const struct mdl_network *n,
                      struct sim_err *err)
{
    int rc = 0;

    for (uint32_t i = 0; i < s->n_office; i++) {
        struct mdl_office *o = &s->office[i];

        if (o->country_id && *o->country_id)
            o->country = mdl_network_country(n, o->country_id);
        if ((o->country_id && *o->country_id && o->country == UINT32_MAX) ||
            (o->working_days && o->country == UINT32_MAX))
            rc = sim_tree_fault(
                o->tree, err,
                "country must be one of the network (working_days counts by its calendar)");
    }
    for (uint32_t i = 0; i < s->n_rule; i++) {
        struct mdl_rule *r = &s->rule[i];

        rc |= link_list(r, a, n, err);
        rc |= link_entities(r, a, n, err);
        rc |= link_countries(&r->matches_origin, r->origin, "origin", r, a, n, err);
        rc |= link_countries(&r->matches_destination, r->destination, "destination", r, a, n, err);
        rc |= link_uses(r, err);
    }
    if (s->focus_country && *s->focus_country &&
        mdl_network_country(n, s->focus_country) == UINT32_MAX)
        rc = sim_tree_fault(sim_tree_get(s->tree, "focus_country"), err,
                            "the network has no such country");
    return rc ? SIM_EINPUT : 0;
}

int mdl_rule_active(const struct mdl_scenario *s, const struct mdl_rule *r, int32_t day)
{
    if (r->until != SIM_DAY_NONE && (day >= r->until || r->until <= r->from))
        return 0;
    if (r->suspended_from != SIM_DAY_NONE && day >= r->suspended_from && day < r->suspended_until)
        return 0;
    return day >= r->from || r->from <= s->start;
}

int mdl_rule_covers(const struct mdl_rule *r, const struct mdl_network *n,
                    const struct mdl_lane *lane)
{
    uint32_t buyer = n->site[lane->to].entity;

    return lane->border && r->matches_product[lane->product] &&
           r->matches_origin[n->site[lane->from].country] &&
           r->matches_destination[n->site[lane->to].country] &&
           (r->matches_entity == NULL || (buyer != UINT32_MAX && r->matches_entity[buyer]));
}
