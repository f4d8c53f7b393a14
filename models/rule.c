#include "models/scenario.h"

#include "sim/rng.h"

#include <math.h>
#include <string.h>

static const char *const mistaken_words[] = {"licence", "deny", NULL};
static const char *const order_words[] = {"order", "ready", NULL};
static const char *const make_words[] = {"order", "licence", NULL};

#define AT(field) offsetof(struct mdl_rule, field)
#define REAL(key, unit, lo, hi, def, field, text)                                                  \
    {                                                                                              \
        key, unit, SIM_KEY_REAL, lo, hi, def, AT(field), text, NULL, NULL                          \
    }
#define STR(key, field, text)                                                                      \
    {                                                                                              \
        key, "", SIM_KEY_STR, 0, 0, "", AT(field), text, NULL, NULL                                \
    }
#define STRS(key, field, text)                                                                     \
    {                                                                                              \
        key, "", SIM_KEY_STRS, 0, 0, "", AT(field), text, NULL, NULL                               \
    }
#define DATE(key, def, field, text)                                                                \
    {                                                                                              \
        key, "", SIM_KEY_DATE, 0, 0, def, AT(field), text, NULL, NULL                              \
    }
#define BOOL(key, field, text)                                                                     \
    {                                                                                              \
        key, "", SIM_KEY_BOOL, 0, 0, "false", AT(field), text, NULL, NULL                          \
    }
#define WORD(key, def, field, words, text)                                                         \
    {                                                                                              \
        key, "", SIM_KEY_WORD, 0, 0, def, AT(field), text, words, NULL                             \
    }
#define INT(key, lo, hi, def, field, text)                                                         \
    {                                                                                              \
        key, "", SIM_KEY_INT, lo, hi, def, AT(field), text, NULL, NULL                             \
    }

const struct sim_key mdl_rule_keys[] = {
    {"id", "", SIM_KEY_ID, 0, 0, NULL, AT(id), "key of the rule", NULL, NULL},
    STR("name", name, "name for people"),
    DATE("announced", "", announced, "day it was announced; empty = from"),
    DATE("from", NULL, from, "first day in force"),
    DATE("until", "", until, "first day no longer in force, empty = open"),
    DATE("suspended_from", "", suspended_from, "first day of a suspension"),
    DATE("suspended_until", "", suspended_until, "first day after the suspension"),
    STRS("origin", origin,
         "countries that goods leave, groups of them in lists.csv, or \"!X\" = all but X; empty = "
         "all"),
    STRS("destination", destination, "countries that goods go to, as for origin; empty = all"),
    STR("list", list,
        "control list in lists.csv (codes, customs headings, products, categories of the "
        "catalogue); empty = all goods"),
    STRS("hs", hs, "customs headings, by their first digits; empty = all"),
    INT("scope", -1, 1000000, "-1", scope,
        "entries of the catalogue that the rule covers without saying which: goods that only a "
        "category of its list names are covered with chance scope / entries, drawn once per run; "
        "-1 = by the list"),
    STRS("content_elements", content_elements,
         "elements that the goods must contain, of content_origin; empty = does not ask"),
    STRS("content_origin", content_origin,
         "countries where these elements were separated, as for origin; empty = all"),
    REAL("content_share", "", 0, 1, "0", content_share,
         "least share of the goods' value that these elements are worth (elements.csv)"),
    REAL("content_g", "g/unit", 0, 1e12, "0", content_g, "least grams of them in one unit"),
    STR("entity_list", entity_list,
        "entity list in lists.csv: only buyers on it, or owned by one on it; empty = all"),
    STR("exporter_list", exporter_list, "the same for exporters"),
    REAL("ownership_min", "", 0, 1, "0.5", ownership_min,
         "a firm of which a listed one owns this share, also through others, counts as listed"),
    REAL("military_share_min", "", 0, 1, "0", military_share_min,
         "only buyers with this much military business (the site's or the company's)"),
    REAL("order_usd_min", "USD", 0, 1e15, "0", order_usd_min, "only order lines of this value"),
    REAL("order_quantity_min", "unit", 0, 1e15, "0", order_quantity_min,
         "only order lines of this quantity"),
    BOOL("caught_only", caught_only,
         "only buyers that are listed because a diversion or a detour was found out"),
    STRS("end_use", end_use, "civil, military; empty = both"),
    WORD("action", NULL, action, mdl_policy_words, "what it does"),
    REAL("probability", "", 0, 1, "1", probability,
         "chance that the rule exists, drawn once per run"),
    REAL("mistaken_civil", "", 0, 1, "0", mistaken_civil,
         "chance that a rule for military goods alone takes a civil order line for a military one"),
    REAL("mistaken_by_share", "", 0, 100, "0", mistaken_by_share,
         "that chance and suspect_buyer grow by this times the buyer's military share"),
    REAL("suspect_buyer", "", 0, 1, "0", suspect_buyer,
         "chance that a buyer is suspected, drawn once per run: all its civil lines are then taken "
         "for military ones"),
    WORD("mistaken_action", "licence", mistaken_action, mistaken_words, "what such a line meets"),
    REAL("grace_d", "d", 0, 3650, "0", grace_d,
         "orders placed before `from` pass for so many days after it"),
    BOOL("undertaking", undertaking,
         "civil goods that pass are promised to civil use and may not enter military output"),
    REAL("hoard_d", "d", 0, 3650, "0", hoard_d,
         "days of cover that buyers of covered goods add from the announcement on, as long as the "
         "rule stands"),
    BOOL("front_load", front_load,
         "exporters serve covered orders first between announcement and `from`"),
    REAL("decline", "", 0, 1, "0", decline,
         "chance, for each exporter and run, that it takes no covered order of any end use ..."),
    REAL("decline_d", "d", 0, 3650, "0", decline_d, "... in so many days after the announcement"),
    STR("office", licence.office_id, "office that decides, or laboratory that tests"),
    REAL("approval", "", 0, 1, "", licence.approval,
         "chance that a licence is granted; empty = the office's"),
    {"review_d", "d", SIM_KEY_DIST, 0, 3650, "", AT(licence.review_d),
     "days of review of one application; empty = the office's", NULL, NULL},
    REAL("limit_d", "d", 1, 3650, "", licence.limit_d,
         "days of the office in which it must decide; empty = the office's"),
    REAL("validity_d", "d", 1, 36500, "", licence.validity_d,
         "days a licence is good for; empty = no end"),
    {"file_d", "d", SIM_KEY_DIST, 0, 365, "0", AT(licence.file_d),
     "days until the application is filed: papers of the end user", NULL, NULL},
    WORD("apply_at", "order", licence.apply_at, order_words,
         "when the application is filed: with the order, or when the goods are ready"),
    WORD("make_at", "order", licence.make_at, make_words,
         "when the exporter makes and sets aside the goods of orders placed under the rule: with "
         "the "
         "order, or once it is licensed"),
    DATE("general_from", "", licence.general_from, "day of the general licences by general_list"),
    STR("general_list", licence.general_list,
        "entity list: pairs whose exporter or buyer is on it get a general licence"),
    INT("general_after", 0, 1000000, "0", licence.general_after,
        "so many licences granted give an exporter and a buyer a general one; 0 = never"),
    REAL("general_d", "d", 1, 36500, "365", licence.general_d,
         "days a general licence is good for"),
    STR("source", source, "where it is documented"),
    {0}};

/* ---- reading ---- */

static int check_own(const struct mdl_rule *r, struct sim_err *err)
{
    int rc = 0;

    if (r->until != SIM_DAY_NONE && r->until < r->from)
        rc = sim_tree_fault(sim_tree_get(r->tree, "until"), err, "lies before from");
    if ((r->suspended_from == SIM_DAY_NONE) != (r->suspended_until == SIM_DAY_NONE) ||
        r->suspended_until < r->suspended_from)
        rc = sim_tree_fault(
            r->tree, err,
            "give both suspended_from and suspended_until, the first not after the second");
    for (size_t i = 0; i < r->hs.n; i++)
        if (!*r->hs.s[i] || r->hs.s[i][strspn(r->hs.s[i], "0123456789")])
            rc = sim_tree_fault(sim_tree_get(r->tree, "hs"), err,
                                "'%s' is no customs heading: digits, or the first of them",
                                r->hs.s[i]);
    if (r->announced > r->from)
        rc = sim_tree_fault(sim_tree_get(r->tree, "announced"), err, "lies after from");
    if ((r->decline > 0) != (r->decline_d > 0))
        rc = sim_tree_fault(r->tree, err, "give both decline and decline_d");
    if ((r->licence.general_from == SIM_DAY_NONE) !=
        (r->licence.general_list == NULL || !*r->licence.general_list))
        rc = sim_tree_fault(r->tree, err, "give both general_from and general_list");
    return rc;
}

static int check_rule(const struct mdl_scenario *s, struct mdl_rule *r, struct sim_err *err)
{
    const struct mdl_policy *kind = mdl_policies[r->action];
    int rc = 0, rc2;

    r->licence.office = UINT32_MAX;
    for (uint32_t k = 0; k < s->n_office; k++)
        if (r->licence.office_id && s->office[k].id &&
            strcmp(s->office[k].id, r->licence.office_id) == 0)
            r->licence.office = k;
    if (r->licence.office_id && *r->licence.office_id && r->licence.office == UINT32_MAX)
        rc = sim_tree_fault(sim_tree_get(r->tree, "office"), err,
                            "there is no office '%s' in this scenario", r->licence.office_id);
    if ((r->mistaken_civil > 0 || r->suspect_buyer > 0) && r->mistaken_action == 0 &&
        r->licence.office == UINT32_MAX && rc == 0)
        rc = sim_tree_fault(
            sim_tree_get(r->tree, r->mistaken_civil > 0 ? "mistaken_civil" : "suspect_buyer"), err,
            "orders taken for military ones need a licence (mistaken_action), so the rule "
            "needs an office: office = \"<id>\"");
    if (r->licence.make_at == 1 && r->licence.apply_at == 1)
        rc = sim_tree_fault(sim_tree_get(r->tree, "make_at"), err,
                            "goods that are made once they are licensed cannot be licensed when "
                            "they are ready (apply_at)");
    rc2 = check_own(r, err);
    rc = rc ? rc : rc2;
    if (isnan(r->licence.validity_d))
        r->licence.validity_d = INFINITY;
    if (r->announced == SIM_DAY_NONE)
        r->announced = r->from;
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

const struct mdl_policy *mdl_rule_kind(const struct sim_tree *t)
{
    const char *action = sim_tree_str(sim_tree_get(t, "action"));

    for (int k = 0; mdl_policies[k]; k++)
        if (action && strcmp(mdl_policies[k]->name, action) == 0)
            return mdl_policies[k];
    return NULL;
}

int mdl_rule_read(struct mdl_rule *r, const struct mdl_scenario *s, const struct sim_tree *t,
                  struct sim_arena *a, struct sim_err *err)
{
    const struct mdl_policy *kind = mdl_rule_kind(t);
    const struct sim_key *table;
    char *block;
    int rc;

    table = rule_table(a, kind);
    block = sim_arena_alloc(a, 1, OWN_AT + (kind ? kind->size : 0));
    rc = sim_keys_read(t, "rules", &table, 1, block, a, err);
    memcpy(r, block, sizeof *r);
    r->own = block + OWN_AT;
    r->tree = t;
    if (rc != 0)
        return rc;
    r->hash = sim_hash(r->id);
    return check_rule(s, r, err);
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
    if (row->kind == MDL_LIST_CATEGORY)
        return p->category && strcmp(p->category, row->value) == 0;
    if (row->kind == MDL_LIST_CODE)
        for (size_t k = 0; k < p->codes.n; k++)
            if (strcmp(p->codes.s[k], row->value) == 0)
                return 1;
    return 0;
}

static int lists_goods(const struct mdl_list_row *row)
{
    return row->kind != MDL_LIST_ENTITY && row->kind != MDL_LIST_COUNTRY;
}

static int lists_category(const struct mdl_network *n, const char *list, const char *category)
{
    for (uint32_t i = 0; i < n->n_list; i++)
        if (n->list[i].kind == MDL_LIST_CATEGORY && strcmp(n->list[i].list, list) == 0 &&
            strcmp(n->list[i].value, category) == 0)
            return 1;
    return 0;
}

int mdl_rule_goods(double *chance, const char *list, int64_t scope, const struct sim_tree *at,
                   const struct mdl_network *n, struct sim_err *err)
{
    double entries = 0, hit;
    int found = 0;

    for (uint32_t p = 0; p < n->n_product; p++)
        chance[p] = list == NULL || !*list;
    if ((list == NULL || !*list) && scope >= 0)
        return sim_tree_fault(sim_tree_get(at, "scope"), err,
                              "needs a list that names categories of the catalogue");
    if (list == NULL || !*list)
        return 0;
    for (uint32_t c = 0; c < n->n_category; c++)
        entries += lists_category(n, list, n->category[c].id)
                       ? (double)mdl_network_entries(n, n->category[c].id)
                       : 0;
    hit = scope < 0 ? -1 : fmin(1, (double)scope / fmax(entries, 1));
    if (scope >= 0 && entries <= 0)
        return sim_tree_fault(sim_tree_get(at, "scope"), err,
                              "list '%s' names no category of the catalogue to draw from", list);
    for (uint32_t i = 0; i < n->n_list; i++) {
        const struct mdl_list_row *row = &n->list[i];

        if (strcmp(row->list, list) != 0 || !lists_goods(row))
            continue;
        found = 1;
        for (uint32_t p = 0; p < n->n_product; p++)
            if (lists_product(row, &n->product[p]))
                chance[p] = fmax(
                    chance[p], row->kind == MDL_LIST_CATEGORY && hit >= 0 ? hit : row->probability);
    }
    if (!found)
        return sim_tree_fault(sim_tree_get(at, "list"), err,
                              "lists.csv of this network has no such list of goods");
    return 0;
}

uint32_t mdl_rule_firms(double *chance, const char *list, double ownership_min, const double *draw,
                        const struct mdl_network *n)
{
    uint32_t found = 0;

    for (uint32_t s = 0; s < n->n_site; s++)
        chance[s] = 0;
    for (uint32_t i = 0; i < n->n_list; i++) {
        const struct mdl_list_row *row = &n->list[i];
        uint32_t listed;

        if (strcmp(row->list, list) != 0 || row->kind != MDL_LIST_ENTITY)
            continue;
        found++;
        listed = mdl_network_entity(n, row->value);
        for (uint32_t s = 0; s < n->n_site; s++) {
            uint32_t e = n->site[s].entity;
            double owned = 1;

            for (int depth = 0; depth < 32 && e != UINT32_MAX && e != listed; depth++) {
                owned *= n->entity[e].parent_share;
                e = n->entity[e].parent_id;
            }
            if (e != listed || owned < ownership_min - 1e-12)
                continue;
            chance[s] = fmax(chance[s], draw ? draw[e] < row->probability : row->probability);
        }
    }
    return found;
}

int mdl_rule_countries(char *to, struct sim_strs names, const struct sim_tree *at, const char *key,
                       const struct mdl_network *n, struct sim_err *err)
{
    int rc = 0, only_not = 1;

    for (size_t i = 0; i < names.n; i++)
        only_not &= *names.s[i] == '!';
    memset(to, only_not, n->n_country);
    for (int pass = 0; pass < 2; pass++) /* what is left out has the last word */
        for (size_t i = 0; i < names.n; i++) {
            int no = *names.s[i] == '!', found = 0;
            const char *name = names.s[i] + no;
            uint32_t c = mdl_network_country(n, name);

            if (no != pass)
                continue;
            if (c != UINT32_MAX)
                to[c] = (char)!no;
            for (uint32_t k = 0; k < n->n_list; k++)
                if (n->list[k].kind == MDL_LIST_COUNTRY && strcmp(n->list[k].list, name) == 0) {
                    to[mdl_network_country(n, n->list[k].value)] = (char)!no;
                    found = 1;
                }
            if (c == UINT32_MAX && !found)
                rc = sim_tree_fault(sim_tree_get(at, key), err,
                                    "the network has no country '%s', lists.csv no such group",
                                    name);
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

static int link_firms(double **to, const char *list, const char *key, const struct mdl_rule *r,
                      struct sim_arena *a, const struct mdl_network *n, struct sim_err *err)
{
    if (list == NULL || !*list)
        return 0;
    *to = sim_arena_alloc(a, n->n_site, sizeof **to);
    if (mdl_rule_firms(*to, list, r->ownership_min, NULL, n) == 0)
        return sim_tree_fault(sim_tree_get(r->tree, key), err,
                              "lists.csv of this network has no such list of entities");
    return 0;
}

static int link_general(struct mdl_rule *r, struct sim_arena *a, const struct mdl_network *n,
                        struct sim_err *err)
{
    double *chance = NULL;
    int rc = link_firms(&chance, r->licence.general_list, "general_list", r, a, n, err);

    if (chance == NULL)
        return rc;
    r->licence.general_site = sim_arena_alloc(a, n->n_site, 1);
    for (uint32_t i = 0; i < n->n_site; i++)
        r->licence.general_site[i] = chance[i] > 0;
    for (uint32_t i = 0; i < n->n_list; i++)
        if (strcmp(n->list[i].list, r->licence.general_list) == 0 && n->list[i].probability < 1)
            rc = sim_tree_fault(sim_tree_get(r->tree, "general_list"), err,
                                "'%s' is on it with probability %g: who has a general licence must "
                                "be certain",
                                n->list[i].value, n->list[i].probability);
    return rc;
}

static int link_content(struct mdl_rule *r, struct sim_arena *a, const struct mdl_network *n,
                        struct sim_err *err)
{
    int rc = 0;

    for (size_t i = 0; i < r->content_elements.n; i++) {
        int e = mdl_network_element(n, r->content_elements.s[i]);

        if (e < 0)
            rc = sim_tree_fault(sim_tree_get(r->tree, "content_elements"), err,
                                "the network has no element '%s'", r->content_elements.s[i]);
        else
            r->content |= 1u << e;
        if (e >= 0 && r->content_share > 0 && isnan(n->element_usd_kg[e]))
            rc = sim_tree_fault(sim_tree_get(r->tree, "content_share"), err,
                                "elements.csv does not say what element '%s' is worth",
                                n->element[e]);
    }
    if (r->content == 0 && rc == 0 &&
        (r->content_share > 0 || r->content_g > 0 || r->content_origin.n > 0))
        rc = sim_tree_fault(r->tree, err, "a rule on content needs content_elements");
    r->content_from = sim_arena_alloc(a, n->n_country, 1);
    return rc | mdl_rule_countries(r->content_from, r->content_origin, r->tree, "content_origin", n,
                                   err);
}

static int matches_heading(const struct mdl_rule *r, const struct mdl_product *p)
{
    for (size_t i = 0; i < r->hs.n; i++)
        if (p->hs && has_prefix(p->hs, r->hs.s[i]))
            return 1;
    return r->hs.n == 0;
}

static int link_goods(struct mdl_rule *r, struct sim_arena *a, const struct mdl_network *n,
                      struct sim_err *err)
{
    int rc;

    r->list_chance = sim_arena_alloc(a, n->n_product, sizeof(double));
    r->chance = sim_arena_alloc(a, n->n_product, sizeof(double));
    rc = mdl_rule_goods(r->list_chance, r->list, r->scope, r->tree, n, err);
    for (uint32_t p = 0; p < n->n_product; p++) {
        r->chance[p] = matches_heading(r, &n->product[p]) && mdl_rule_content(r, n, p, NULL)
                           ? r->list_chance[p]
                           : 0;
        r->uncertain |= r->chance[p] > 0 && r->chance[p] < 1;
    }
    return rc;
}

int mdl_rule_link(struct mdl_rule *r, struct sim_arena *a, const struct mdl_network *n,
                  struct sim_err *err)
{
    int rc = 0;

    r->matches_origin = sim_arena_alloc(a, n->n_country, 1);
    r->matches_destination = sim_arena_alloc(a, n->n_country, 1);
    rc |= mdl_rule_countries(r->matches_origin, r->origin, r->tree, "origin", n, err);
    rc |=
        mdl_rule_countries(r->matches_destination, r->destination, r->tree, "destination", n, err);
    rc |= link_content(r, a, n, err);
    rc |= link_goods(r, a, n, err);
    rc |= link_firms(&r->buyer_chance, r->entity_list, "entity_list", r, a, n, err);
    rc |= link_firms(&r->exporter_chance, r->exporter_list, "exporter_list", r, a, n, err);
    rc |= link_general(r, a, n, err);
    rc |= link_uses(r, err);
    for (uint32_t i = 0; i < n->n_site; i++)
        r->uncertain |=
            (r->buyer_chance && r->buyer_chance[i] > 0 && r->buyer_chance[i] < 1) ||
            (r->exporter_chance && r->exporter_chance[i] > 0 && r->exporter_chance[i] < 1);
    return rc ? SIM_EINPUT : 0;
}

/* ---- what it covers ---- */

int mdl_rule_active(int32_t start, const struct mdl_rule *r, int32_t day)
{
    if (r->until != SIM_DAY_NONE && (day >= r->until || r->until <= r->from))
        return 0;
    if (r->suspended_from != SIM_DAY_NONE && day >= r->suspended_from && day < r->suspended_until)
        return 0;
    return day >= r->from || r->from <= start;
}

int mdl_rule_announced(int32_t start, const struct mdl_rule *r, int32_t day)
{
    if (r->from <= start || day < r->announced)
        return 0;
    return mdl_rule_active(start, r, day > r->from ? day : r->from);
}

int32_t mdl_rule_grace_end(const struct mdl_rule *r)
{
    return r->from + (int32_t)ceil(r->grace_d);
}

int mdl_rule_covers(const struct mdl_rule *r, const struct mdl_network *n,
                    const struct mdl_lane *lane)
{
    return lane->border && r->chance[lane->product] > 0 &&
           r->matches_origin[n->site[lane->from].country] &&
           r->matches_destination[n->site[lane->to].country] &&
           (r->buyer_chance == NULL || r->buyer_chance[lane->to] > 0) &&
           (r->exporter_chance == NULL || r->exporter_chance[lane->from] > 0) &&
           mdl_rule_military_share(n, lane->to) >= r->military_share_min;
}

double mdl_rule_military_share(const struct mdl_network *n, uint32_t site)
{
    uint32_t e = site == UINT32_MAX ? UINT32_MAX : n->site[site].entity;

    if (site == UINT32_MAX)
        return 0;
    return fmax(n->site[site].military_share, e == UINT32_MAX ? 0 : n->entity[e].military_share);
}

double mdl_rule_suspicion(const struct mdl_rule *r, const struct mdl_network *n, uint32_t site)
{
    uint32_t company = site == UINT32_MAX ? UINT32_MAX : n->site[site].entity;
    double share = mdl_rule_military_share(n, site);

    for (uint32_t s = 0; company != UINT32_MAX && s < n->n_site; s++)
        if (n->site[s].entity == company)
            share = fmax(share, n->site[s].military_share);
    return site == UINT32_MAX ? 0 : fmin(1, r->suspect_buyer * (1 + r->mistaken_by_share * share));
}

double mdl_rule_content_g(const struct mdl_rule *r, const struct mdl_network *n, uint32_t product,
                          const double *share, double *usd)
{
    const struct mdl_product *p = &n->product[product];
    double grams = 0;

    *usd = 0;
    for (int k = 0; k < p->n_el; k++) {
        double part = share == NULL || r->content_origin.n == 0, g;

        if (!(r->content >> p->el[k] & 1))
            continue;
        for (int o = 1; part < 1 && share && o < n->n_origin; o++)
            if (r->content_from[n->origin[o]])
                part += share[(size_t)k * (size_t)n->n_share + (size_t)n->n_mined + (size_t)o];
        g = p->el_g[p->el[k]] * part;
        grams += g;
        if (!isnan(n->element_usd_kg[p->el[k]]))
            *usd += g / 1000 * n->element_usd_kg[p->el[k]];
    }
    return grams;
}

/* Shares of origins are sums of rounded parts. */
#define CONTENT_TOLERANCE 1e-9

int mdl_rule_content(const struct mdl_rule *r, const struct mdl_network *n, uint32_t product,
                     const double *share)
{
    double usd, g;

    if (r->content == 0)
        return 1;
    g = mdl_rule_content_g(r, n, product, share, &usd);
    return g > 1e-12 && g >= r->content_g * (1 - CONTENT_TOLERANCE) &&
           usd >= r->content_share * n->product[product].value_usd * (1 - CONTENT_TOLERANCE);
}
