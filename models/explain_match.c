/* Does a rule meet a shipment? One check after the other, in the order of enum mdl_reason. */
#include "models/explain_inner.h"

#include <math.h>
#include <string.h>

/* Holds? Then `w` may be told what makes it so; else why not. */
typedef int check(const struct mdl_case *c, const struct mdl_rule *r, struct mdl_words *w);

/* ---- dates ---- */

/* What was in force on or before the first day applies through all of the warm-up. */
static int settled(const struct mdl_case *c, const struct mdl_rule *r)
{
    return r->from <= c->s->start;
}

static int crosses(const struct mdl_case *c, const struct mdl_rule *r, struct mdl_words *w)
{
    (void)r;
    if (c->leg.from != c->leg.to)
        return 1;
    mdl_explain_add(w, "border: the goods stay in %s; rules meet what crosses a border",
                    c->n->country[c->leg.from]);
    return 0;
}

static int is_announced(const struct mdl_case *c, const struct mdl_rule *r, struct mdl_words *w)
{
    char day[11], from[11];

    if (settled(c, r) || c->q->day >= r->announced)
        return 1;
    if (r->until != SIM_DAY_NONE && r->until <= r->from)
        return 1; /* told better as a rule that ends before it begins */
    mdl_explain_add(w, "date: not announced yet; announced on %s, in force from %s",
                    mdl_explain_date(r->announced, day), mdl_explain_date(r->from, from));
    return 0;
}

static int has_begun(const struct mdl_case *c, const struct mdl_rule *r, struct mdl_words *w)
{
    char day[11], from[11];

    if (settled(c, r) || c->q->day >= r->from || (r->until != SIM_DAY_NONE && r->until <= r->from))
        return 1;
    mdl_explain_add(w, "date: announced on %s, but not in force until %s",
                    mdl_explain_date(r->announced, day), mdl_explain_date(r->from, from));
    return 0;
}

static int has_not_ended(const struct mdl_case *c, const struct mdl_rule *r, struct mdl_words *w)
{
    char day[11];

    if (r->until == SIM_DAY_NONE)
        return 1;
    if (r->until <= r->from) {
        mdl_explain_add(w, "date: never in force; it ends on %s, the day it begins",
                        mdl_explain_date(r->until, day));
        return 0;
    }
    if (c->q->day < r->until)
        return 1;
    mdl_explain_add(w, "date: ended; no longer in force from %s", mdl_explain_date(r->until, day));
    return 0;
}

static int is_not_suspended(const struct mdl_case *c, const struct mdl_rule *r, struct mdl_words *w)
{
    char from[11], until[11];

    if (r->suspended_from == SIM_DAY_NONE || c->q->day < r->suspended_from ||
        c->q->day >= r->suspended_until) {
        mdl_explain_also(w, "in force since %s", mdl_explain_date(r->from, from));
        return 1;
    }
    mdl_explain_add(w, "date: suspended from %s until %s",
                    mdl_explain_date(r->suspended_from, from),
                    mdl_explain_date(r->suspended_until, until));
    return 0;
}

/* ---- from where, to where ---- */

static void add_names(struct mdl_words *w, struct sim_strs names)
{
    for (size_t i = 0; i < names.n; i++)
        mdl_explain_add(w, "%s%s", i ? ", " : "", names.s[i]);
}

static int comes_from(const struct mdl_case *c, const struct mdl_rule *r, struct mdl_words *w)
{
    if (r->matches_origin[c->leg.from]) {
        if (r->origin.n)
            mdl_explain_also(w, "from %s", c->n->country[c->leg.from]);
        return 1;
    }
    mdl_explain_add(w, "origin: the goods leave %s, the rule is for ", c->n->country[c->leg.from]);
    add_names(w, r->origin);
    return 0;
}

static int goes_to(const struct mdl_case *c, const struct mdl_rule *r, struct mdl_words *w)
{
    if (r->matches_destination[c->leg.to]) {
        if (r->destination.n)
            mdl_explain_also(w, "to %s", c->n->country[c->leg.to]);
        return 1;
    }
    mdl_explain_add(w, "destination: the goods go to %s, the rule is for ",
                    c->n->country[c->leg.to]);
    add_names(w, r->destination);
    return 0;
}

/* ---- goods ---- */

/* What may put goods on a list: their own name, codes, heading, category. */
static int by_row(const struct mdl_product *p, const struct mdl_list_row *row)
{
    switch (row->kind) {
    case MDL_LIST_PRODUCT:
        return strcmp(row->value, p->id) == 0;
    case MDL_LIST_HS:
        return p->hs && *row->value && strncmp(p->hs, row->value, strlen(row->value)) == 0;
    case MDL_LIST_CATEGORY:
        return p->category && strcmp(row->value, p->category) == 0;
    case MDL_LIST_CODE:
        for (size_t i = 0; i < p->codes.n; i++)
            if (strcmp(row->value, p->codes.s[i]) == 0)
                return 1;
    }
    return 0;
}

static void add_labels(struct mdl_words *w, const struct mdl_product *p)
{
    mdl_explain_add(w, " (code ");
    add_names(w, p->codes);
    mdl_explain_add(w, "%s; heading %s; category %s)", p->codes.n ? "" : "none",
                    p->hs && *p->hs ? p->hs : "none",
                    p->category && *p->category ? p->category : "none");
}

static int is_listed(const struct mdl_case *c, const struct mdl_rule *r, struct mdl_words *w)
{
    static const char *const kinds[] = {[MDL_LIST_CODE] = "code",
                                        [MDL_LIST_HS] = "heading",
                                        [MDL_LIST_PRODUCT] = "product",
                                        [MDL_LIST_CATEGORY] = "category"};

    if (r->list == NULL || !*r->list)
        return 1;
    if (r->list_chance[c->q->product] <= 0) {
        mdl_explain_add(w, "goods: %s", c->product->id);
        add_labels(w, c->product);
        mdl_explain_add(w, " is not on the list %s", r->list);
        return 0;
    }
    mdl_explain_also(w, "%s is on the list %s", c->product->id, r->list);
    for (uint32_t i = 0; i < c->n->n_list; i++) {
        const struct mdl_list_row *row = &c->n->list[i];

        if (strcmp(row->list, r->list) == 0 && by_row(c->product, row)) {
            mdl_explain_add(w, " by %s %s", kinds[row->kind], row->value);
            if (row->kind == MDL_LIST_CATEGORY && r->scope >= 0)
                mdl_explain_add(w, ", of whose entries it covers %lld without saying which",
                                (long long)r->scope);
            break;
        }
    }
    return 1;
}

static int has_heading(const struct mdl_case *c, const struct mdl_rule *r, struct mdl_words *w)
{
    const char *hs = c->product->hs ? c->product->hs : "";

    for (size_t i = 0; i < r->hs.n; i++) {
        size_t len = strlen(r->hs.s[i]);

        if (len > 0 && strncmp(hs, r->hs.s[i], len) == 0) {
            mdl_explain_also(w, "customs heading %s", hs);
            return 1;
        }
    }
    if (r->hs.n == 0)
        return 1;
    mdl_explain_add(w, "heading: %s has the customs heading %s, the rule is for ", c->product->id,
                    *hs ? hs : "none");
    add_names(w, r->hs);
    return 0;
}

/* ---- who ---- */

static const char *const use_words[MDL_USES] = {"civil", "military"};

static int is_for_use(const struct mdl_case *c, const struct mdl_rule *r, struct mdl_words *w)
{
    int u = c->use;

    if (r->matches_use[u]) {
        if (r->end_use.n)
            mdl_explain_also(w, "%s use", use_words[u]);
        return 1;
    }
    if (u == MDL_CIVIL && r->matches_use[MDL_MILITARY] &&
        (r->mistaken_civil > 0 || (r->suspect_buyer > 0 && c->leg.buyer != UINT32_MAX))) {
        mdl_explain_also(w, "for military use, but a civil order may be taken for a military one");
        return 1;
    }
    mdl_explain_add(w, "end use: %s, the rule is for ", use_words[u]);
    add_names(w, r->end_use);
    return 0;
}

static int is_buyer(const struct mdl_case *c, const struct mdl_rule *r, struct mdl_words *w)
{
    struct mdl_words who = {0};
    double chance =
        r->buyer_chance ? mdl_explain_firm(c, r, r->entity_list, c->leg.buyer, &who) : 1;

    if (r->buyer_chance && chance > 0)
        mdl_explain_also(w, "buyer %s", who.text);
    else if (chance <= 0)
        mdl_explain_add(w, "buyer: %s", who.text);
    return chance > 0;
}

static int is_exporter(const struct mdl_case *c, const struct mdl_rule *r, struct mdl_words *w)
{
    struct mdl_words who = {0};
    double chance =
        r->exporter_chance ? mdl_explain_firm(c, r, r->exporter_list, c->leg.exporter, &who) : 1;

    if (r->exporter_chance && chance > 0)
        mdl_explain_also(w, "exporter %s", who.text);
    else if (chance <= 0)
        mdl_explain_add(w, "exporter: %s", who.text);
    return chance > 0;
}

static int is_military_enough(const struct mdl_case *c, const struct mdl_rule *r,
                              struct mdl_words *w)
{
    double part = mdl_rule_military_share(c->n, c->leg.buyer);
    char has[MDL_NUMBER], wants[MDL_NUMBER];
    int holds = part >= r->military_share_min;

    mdl_explain_percent(part, has);
    mdl_explain_percent(r->military_share_min, wants);
    if (!holds)
        mdl_explain_add(w,
                        "military share: %s of the buyer's business is military, the rule wants "
                        "%s",
                        has, wants);
    else if (r->military_share_min > 0)
        mdl_explain_also(w, "%s of the buyer's business is military", has);
    return holds;
}

/* ---- how much ---- */

static int is_worth_enough(const struct mdl_case *c, const struct mdl_rule *r, struct mdl_words *w)
{
    char is[MDL_NUMBER], wants[MDL_NUMBER];

    if (c->units * c->product->value_usd >= r->order_usd_min)
        return 1;
    mdl_explain_add(w, "value: the order is worth %s USD, the rule wants %s USD",
                    mdl_explain_number(c->units * c->product->value_usd, is),
                    mdl_explain_number(r->order_usd_min, wants));
    return 0;
}

static int is_large_enough(const struct mdl_case *c, const struct mdl_rule *r, struct mdl_words *w)
{
    char is[MDL_NUMBER], wants[MDL_NUMBER];

    if (c->units >= r->order_quantity_min)
        return 1;
    mdl_explain_add(w, "quantity: the order is for %s %s, the rule wants %s",
                    mdl_explain_number(c->units, is), c->product->unit,
                    mdl_explain_number(r->order_quantity_min, wants));
    return 0;
}

static void add_elements(const struct mdl_case *c, const struct mdl_rule *r, struct mdl_words *w)
{
    int some = 0;

    for (int e = 0; e < c->n->n_element; e++)
        if (r->content >> e & 1)
            mdl_explain_add(w, "%s%s", some++ ? ", " : "", c->n->element[e]);
    if (r->content_origin.n) {
        mdl_explain_add(w, " of ");
        add_names(w, r->content_origin);
    }
}

static int contains_enough(const struct mdl_case *c, const struct mdl_rule *r, struct mdl_words *w)
{
    double usd, g, value = c->product->value_usd;
    char is[MDL_NUMBER], wants[MDL_NUMBER];

    if (r->content == 0)
        return 1;
    g = mdl_explain_content(c, r, &usd);
    if (mdl_rule_content(r, c->n, c->q->product, c->q->share)) {
        mdl_explain_also(w, "contains %s g of ", mdl_explain_number(g, is));
        add_elements(c, r, w);
        mdl_explain_add(w, " in one %s", c->product->unit);
        if (value > 0 && r->content_share > 0)
            mdl_explain_add(w, ", %s of its value", mdl_explain_percent(usd / value, is));
        return 1;
    }
    mdl_explain_add(w, "content: contains %s", g > 1e-12 ? "too little: " : "no ");
    if (g > 1e-12 && usd < r->content_share * value)
        mdl_explain_add(w, "%s of its value in ", mdl_explain_percent(usd / value, is));
    else if (g > 1e-12)
        mdl_explain_add(w, "%s g in one %s of ", mdl_explain_number(g, is), c->product->unit);
    add_elements(c, r, w);
    if (g > 1e-12 && usd < r->content_share * value)
        mdl_explain_add(w, ", the rule wants %s", mdl_explain_percent(r->content_share, wants));
    else if (g > 1e-12)
        mdl_explain_add(w, ", the rule wants %s g", mdl_explain_number(r->content_g, wants));
    return 0;
}

/* ---- what is left ---- */

int32_t mdl_explain_grace(const struct mdl_case *c, const struct mdl_rule *r)
{
    int32_t end = mdl_rule_grace_end(r);

    return settled(c, r) || c->q->placed >= r->from || c->q->day >= end ? SIM_DAY_NONE : end;
}

/* Grace lets through what would be refused or taxed; what is only asked for something is asked. */
static int is_past_grace(const struct mdl_case *c, const struct mdl_rule *r, struct mdl_words *w)
{
    int32_t end = mdl_explain_grace(c, r);
    const struct mdl_policy *p = mdl_policies[r->action];
    int denies = r->matches_use[c->use] ? p->whys >> MDL_WHY_DENIED & 1 || p == &mdl_policy_tax
                                        : r->mistaken_action == 1;
    char placed[11], until[11];

    if (end == SIM_DAY_NONE || !denies)
        return 1;
    mdl_explain_add(w, "grace: ordered on %s, before it came into force; such orders pass until %s",
                    mdl_explain_date(c->q->placed, placed), mdl_explain_date(end, until));
    return 0;
}

static int is_caught(const struct mdl_case *c, const struct mdl_rule *r, struct mdl_words *w)
{
    if (r->caught_only && !c->caught)
        mdl_explain_add(w, "caught: only buyers listed for a diversion or a detour that was found "
                           "out, and this one is not");
    else if (r->caught_only)
        mdl_explain_also(w, "the buyer was caught");
    return !r->caught_only || c->caught;
}

static check *const checks[MDL_REASONS] = {[MDL_NOT_BORDER] = crosses,
                                           [MDL_NOT_ANNOUNCED] = is_announced,
                                           [MDL_NOT_IN_FORCE] = has_begun,
                                           [MDL_NOT_ANY_MORE] = has_not_ended,
                                           [MDL_NOT_SUSPENDED] = is_not_suspended,
                                           [MDL_NOT_ORIGIN] = comes_from,
                                           [MDL_NOT_DESTINATION] = goes_to,
                                           [MDL_NOT_LIST] = is_listed,
                                           [MDL_NOT_HEADING] = has_heading,
                                           [MDL_NOT_USE] = is_for_use,
                                           [MDL_NOT_BUYER] = is_buyer,
                                           [MDL_NOT_EXPORTER] = is_exporter,
                                           [MDL_NOT_MILITARY_SHARE] = is_military_enough,
                                           [MDL_NOT_VALUE] = is_worth_enough,
                                           [MDL_NOT_QUANTITY] = is_large_enough,
                                           [MDL_NOT_CONTENT] = contains_enough,
                                           [MDL_NOT_GRACE] = is_past_grace,
                                           [MDL_NOT_CAUGHT] = is_caught};

unsigned mdl_explain_match(const struct mdl_case *c, const struct mdl_rule *r, struct mdl_words *w)
{
    struct mdl_words meets = {0};
    unsigned failed = 0;

    for (int k = MDL_NOT_BORDER; k < MDL_REASONS; k++) {
        size_t before = meets.n;

        if (checks[k](c, r, &meets))
            continue;
        if (failed == 0)
            mdl_explain_add(w, "%s", meets.text + before);
        failed |= 1u << k;
        meets.n = before;
        meets.text[before] = 0;
    }
    if (failed == 0)
        mdl_explain_add(w, "%s", meets.text);
    return failed;
}
