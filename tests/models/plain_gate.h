/* A second, slow and plain implementation of what rules match and ask, which knows the network of
 * gates.h by heart; random rules and shipments for it. */
#ifndef TEST_PLAIN_GATE_H
#define TEST_PLAIN_GATE_H

#include "tests/models/gates.h"

enum { MAX_RULES = 8, N_LIST = 10, N_FIRMS = 6, N_COUNTRIES = 9, N_HS = 5, N_CONTENT = 7 };
enum { FIRST = 10 }; /* number in the id of the first rule */
enum { DENY, INSPECT, LICENCE, NOTIFY, QUOTA, TAX, ACTIONS };

static const char *const action_name[ACTIONS] = {"deny",   "inspect", "licence",
                                                 "notify", "quota",   "tax"};
static const char *const action_keys[ACTIONS] = {
    "", "delay_d = 2.0; ", "", "delay_d = 5.0; ", "amount = 10.0; ", "rate = 0.25; "};

/* Sets of countries as a text and as bits CN 1, JP 2, US 4, DE 8. */
static const struct {
    const char *text;
    int bits;
} countries[N_COUNTRIES] = {{"", 15},
                            {"\"CN\"", 1},
                            {"\"JP\", \"DE\"", 10},
                            {"\"!CN\"", 14},
                            {"\"!CN\", \"!DE\"", 6},
                            {"\"allies\"", 6},
                            {"\"!allies\"", 9},
                            {"\"allies\", \"CN\", \"!US\"", 3},
                            {"\"allies\", \"!allies\", \"CN\"", 1}};

/* Products that a list names for sure, may name (a row with a chance), or by a category only. */
static const struct {
    const char *name, *sure, *may, *by_category;
} lists[N_LIST] = {{"", "ore ox.nd ox.dy magnet swarf motor car missile", "", ""},
                   {"codes", "ox.dy magnet", "", ""},
                   {"heading", "magnet", "", ""},
                   {"chapter", "magnet motor", "", ""},
                   {"goods", "car", "", ""},
                   {"mixed", "car magnet", "", ""},
                   {"maybe", "ore", "ox.dy magnet", ""},
                   {"never", "car", "", ""},
                   {"secret", "magnet", "", "ox.dy motor car"},
                   {"secret", "magnet", "", "ox.dy motor car"}}; /* 8: no scope, 9: a scope */

static const struct {
    const char *text, *covers;
} headings[N_HS] = {{"", "ore ox.nd ox.dy magnet swarf motor car missile"},
                    {"\"8505\"", "magnet"},
                    {"\"85\", \"87\"", "magnet motor car"},
                    {"\"284690\"", "ox.nd ox.dy"},
                    {"\"28\", \"7\", \"9\"", "ox.nd ox.dy swarf missile"}};

/* The part that the listed firm owns of each buyer's owner, and of each exporter; 0 = none. `may`:
 * the firm is listed with a chance only. */
static const struct {
    const char *name;
    double buyer[5], exporter[4];
    int buyer_may[5];
} firms[N_FIRMS] = {{"", {1, 1, 1, 1, 1}, {1, 1, 1, 1}, {0}},
                    {"owners", {0, 1, 0.8, 0.56, 0}, {0}, {0}},
                    {"others", {0, 0, 0, 0, 1}, {0, 0, 0, 1}, {0}},
                    {"mixed", {0, 0, 0, 0, 1}, {0, 0, 0, 1}, {0}},
                    {"makers", {0}, {1, 0.5, 0, 0}, {0}},
                    {"rumour", {0, 1, 0.8, 0.56, 1}, {0, 0, 0, 1}, {0, 1, 1, 1, 0}}};

static const struct {
    const char *text;
    int dy, nd;
    double g, share;
} content[N_CONTENT] = {{"", 0, 0, 0, 0},
                        {"content_elements = [ \"dy\" ]; ", 1, 0, 0, 0},
                        {"content_elements = [ \"nd\", \"dy\" ]; ", 1, 1, 0, 0},
                        {"content_elements = [ \"dy\" ]; content_g = 4.0; ", 1, 0, 4, 0},
                        {"content_elements = [ \"nd\" ]; content_share = 0.5; ", 0, 1, 0, 0.5},
                        {"content_elements = [ \"dy\" ]; content_share = 0.001; ", 1, 0, 0, 0.001},
                        {"content_elements = [ \"nd\", \"dy\" ]; content_share = 0.1; content_g = "
                         "100.0; ",
                         1, 1, 100, 0.1}};

static inline double grams(const char *product, int nd)
{
    if (strcmp(product, "ore") == 0)
        return nd ? 100 : 5;
    if (strcmp(product, "swarf") == 0)
        return nd ? 200 : 10;
    if (strcmp(product, "ox.nd") == 0)
        return nd ? 850 : 0;
    return strcmp(product, "ox.dy") == 0 && !nd ? 870 : 0;
}

static inline double worth(const char *product)
{
    static const double usd[] = {5, 60, 300, 80, 20, 40, 25000, 400000};

    for (int p = 0; p < 8; p++)
        if (strcmp(gates_product[p], product) == 0)
            return usd[p];
    return 0;
}

static inline double military_business(int country, int owner)
{
    if (country == 2 && owner == 0)
        return 0.6;
    if (country == 3 && owner == 3)
        return 0.5;
    return owner == 3 ? 0.2 : owner == 4 ? 0.3 : 0;
}

struct plain {
    int32_t announced, from, until, off, on;  /* SIM_DAY_NONE = not given */
    int origin, destination, list, hs, scope; /* numbers in the tables above */
    int content, content_origin;
    int buyers, exporters;
    double owned, arms, usd, number;
    int use; /* bits: 1 civil, 2 military, 0 = both */
    int action, mistaken, mistaken_deny, suspect, undertaking, grace, caught_only, decline_d;
    int exists;
    double chance; /* instead of 1 for all that is drawn; 0 and 1 are the plain one's only */
};

/* What the test makes up for a run: bits by rule. */
struct truth {
    int known; /* 0 = no world: all that can be is */
    int exists, suspects, declines;
    int goods[MAX_RULES];                      /* bits of products that are on an uncertain list */
    int buyer[MAX_RULES], exporter[MAX_RULES]; /* bits of owners, of exporters, the same */
};

struct plain_shipment {
    int from, to, owner, product, use, caught;
    int32_t day, placed;
    double units;
    int known; /* is the mix of origins known: */
    double part[4];
};

struct plain_verdict {
    int denied, declined, civil_only;
    int licences, notices, inspections, quotas, taxes; /* bits of rules */
    int later; /* of rules that ask, but only once the days of grace are over: on this sum of days
                */
    int32_t later_days;
    double days;
};

static const char start_text[] = "2026-01-01";

static inline int names(const char *list, const char *product)
{
    return strstr(list, product) != NULL;
}

static inline int is_uncertain(const struct plain *r)
{
    return r->list == 6 || (r->list == 9 && r->scope == 20) || r->buyers == 5;
}

static inline int covers_product(const struct plain *r, int k, const struct truth *t, int product)
{
    const char *p = gates_product[product];
    int by_category = names(lists[r->list].by_category, p);

    if (!names(lists[r->list].sure, p) && !names(lists[r->list].may, p) &&
        !(by_category && (r->list == 8 || r->scope > 0)))
        return 0;
    if (!names(headings[r->hs].covers, p))
        return 0;
    return !t->known || !is_uncertain(r) || t->goods[k] >> product & 1;
}

static inline int covers_content(const struct plain *r, const struct plain_shipment *s)
{
    const char *p = gates_product[s->product];
    int any = !s->known || r->content_origin == 0; /* also what nobody has separated */
    double g, usd, part = any;

    if (r->content == 0)
        return 1;
    for (int c = 0; c < 4 && !any; c++)
        if (countries[r->content_origin].bits >> c & 1)
            part += s->part[c];
    g = part * (content[r->content].dy * grams(p, 0) + content[r->content].nd * grams(p, 1));
    usd = part * (content[r->content].dy * grams(p, 0) * 0.3 +
                  content[r->content].nd * grams(p, 1) * 0.06);
    return g > 0 && g >= content[r->content].g && usd >= content[r->content].share * worth(p);
}

static inline int covers_firms(const struct plain *r, int k, const struct truth *t,
                               const struct plain_shipment *s)
{
    if (r->buyers &&
        (firms[r->buyers].buyer[s->owner] <= 0 || firms[r->buyers].buyer[s->owner] < r->owned))
        return 0;
    if (r->buyers && t->known && is_uncertain(r) && !(t->buyer[k] >> s->owner & 1))
        return 0;
    if (r->exporters && (firms[r->exporters].exporter[s->from] <= 0 ||
                         firms[r->exporters].exporter[s->from] < r->owned))
        return 0;
    return !(r->exporters && t->known && is_uncertain(r)) || t->exporter[k] >> s->from & 1;
}

static inline int meets(const struct plain *r, int k, const struct truth *t,
                        const struct plain_shipment *s)
{
    if (s->from == s->to || (t->known && !(t->exists >> k & 1)))
        return 0;
    if (!(countries[r->origin].bits >> s->from & 1) ||
        !(countries[r->destination].bits >> s->to & 1))
        return 0;
    if (!covers_product(r, k, t, s->product) || !covers_content(r, s) || !covers_firms(r, k, t, s))
        return 0;
    return military_business(s->to, s->owner) >= r->arms && s->units >= r->number &&
           s->units * worth(gates_product[s->product]) >= r->usd && (!r->caught_only || s->caught);
}

static inline int in_force(const struct plain *r, const struct plain_shipment *s, int32_t start)
{
    if (r->until != SIM_DAY_NONE && (r->until <= r->from || s->day >= r->until))
        return 0;
    if (r->off != SIM_DAY_NONE && s->day >= r->off && s->day < r->on)
        return 0;
    return r->from <= start || s->day >= r->from;
}

static inline int in_grace(const struct plain *r, const struct plain_shipment *s, int32_t start)
{
    return r->from > start && s->placed < r->from && s->day < r->from + r->grace;
}

static inline int declines(const struct plain *r, int k, const struct truth *t,
                           const struct plain_shipment *s, int32_t start)
{
    const struct plain_shipment later = {.day = r->from};

    return t->known && t->declines >> k & 1 && r->decline_d > 0 && r->from > start &&
           s->day >= r->announced && in_force(r, s->day > r->from ? s : &later, start) &&
           s->placed >= r->announced && s->placed < r->announced + r->decline_d;
}

/* In the days of grace nothing is refused or taxed; what is asked is asked from their end on. */
static inline void ask(struct plain_verdict *v, int action, int k, const struct plain *r, int grace)
{
    int *const to[ACTIONS] = {NULL,        &v->inspections, &v->licences,
                              &v->notices, &v->quotas,      &v->taxes};

    if (grace && action != DENY && action != TAX) {
        v->later |= 1 << k;
        v->later_days += r->from + r->grace;
    }
    if (grace)
        return;
    if (action == DENY)
        v->denied = v->denied ? v->denied : k + 1;
    else
        *to[action] |= 1 << k;
    v->days += action == INSPECT ? 2 : action == NOTIFY ? 5 : 0;
}

static inline struct plain_verdict judge(const struct plain *rule, int n, const struct truth *t,
                                         const struct plain_shipment *s)
{
    struct plain_verdict v = {0};
    int32_t start;

    assert_int_equal(sim_date_parse(&start, start_text), 0);
    for (int k = 0; k < n; k++) {
        const struct plain *r = &rule[k];
        int civil = r->use == 0 || (r->use & 1), military = r->use == 0 || (r->use & 2);

        if (!meets(r, k, t, s))
            continue;
        if (declines(r, k, t, s, start) && !v.declined)
            v.declined = k + 1;
        if (!in_force(r, s, start))
            continue;
        if (s->use == MDL_CIVIL && r->undertaking && !in_grace(r, s, start))
            v.civil_only = 1;
        if (s->use == MDL_CIVIL ? civil : military)
            ask(&v, r->action, k, r, in_grace(r, s, start));
        else if (s->use == MDL_CIVIL && military &&
                 (r->mistaken || (r->suspect && t->known && t->suspects >> k & 1)))
            ask(&v, r->mistaken_deny ? DENY : LICENCE, k, r, in_grace(r, s, start));
    }
    return v;
}

/* ---- random rules, as structs and as texts ---- */

static inline const char *date_key(struct fix *f, const char *key, int32_t day)
{
    char text[11];

    if (day == SIM_DAY_NONE)
        return "";
    sim_date_print(day, text);
    return fix_format(f, "%s = \"%s\"; ", key, text);
}

static inline const char *dates(struct fix *f, const struct plain *r)
{
    return fix_format(f, "%s%s%s%s%s", date_key(f, "announced", r->announced),
                      date_key(f, "from", r->from), date_key(f, "until", r->until),
                      date_key(f, "suspended_from", r->off), date_key(f, "suspended_until", r->on));
}

static inline const char *set_key(struct fix *f, const char *key, const char *inside)
{
    return *inside ? fix_format(f, "%s = [ %s ]; ", key, inside) : "";
}

static inline const char *text_key(struct fix *f, const char *key, const char *value)
{
    return *value ? fix_format(f, "%s = \"%s\"; ", key, value) : "";
}

static inline const char *rule_text(struct fix *f, const struct plain *r, int i)
{
    static const char *const uses[4] = {"", "\"civil\"", "\"military\"", "\"military\", \"civil\""};
    const char *what = fix_format(
        f, "%s%s%s%s%s%s%s%s", set_key(f, "origin", countries[r->origin].text),
        set_key(f, "destination", countries[r->destination].text),
        text_key(f, "list", lists[r->list].name),
        r->list == 9 ? fix_format(f, "scope = %d; ", r->scope) : "",
        set_key(f, "hs", headings[r->hs].text), content[r->content].text,
        r->content ? set_key(f, "content_origin", countries[r->content_origin].text) : "",
        set_key(f, "end_use", uses[r->use]));
    const char *who =
        fix_format(f,
                   "%s%sownership_min = %.2f; military_share_min = %.2f; order_usd_min = %.1f; "
                   "order_quantity_min = %.1f; caught_only = %s; ",
                   text_key(f, "entity_list", firms[r->buyers].name),
                   text_key(f, "exporter_list", firms[r->exporters].name), r->owned, r->arms,
                   r->usd, r->number, r->caught_only ? "true" : "false");
    const char *chance = fix_format(f, "%.2f; ", r->chance);
    const char *how =
        fix_format(f, "%s%s%s%s%s%s%s%sgrace_d = %d.0; undertaking = %s; probability = %.2f; ",
                   r->mistaken ? "mistaken_civil = " : "", r->mistaken ? chance : "",
                   r->suspect ? "suspect_buyer = " : "", r->suspect ? chance : "",
                   r->mistaken_deny ? "mistaken_action = \"deny\"; " : "",
                   r->action == INSPECT ? fix_format(f, "share = %s", chance) : "",
                   r->decline_d ? fix_format(f, "decline_d = %d.0; decline = ", r->decline_d) : "",
                   r->decline_d ? chance : "", r->grace, r->undertaking ? "true" : "false",
                   r->exists ? r->chance : 0);

    return fix_format(f, "{ id = \"r%d\"; action = \"%s\"; office = \"o\"; %s%s%s%s%s}", i,
                      action_name[r->action], action_keys[r->action], dates(f, r), what, who, how);
}

/* The inside of `rules`: rule i has the id r<first + i>. */
static inline const char *rules_text(struct fix *f, const struct plain *rule, int n, int first)
{
    const char *s = "";

    for (int i = 0; i < n; i++)
        s = fix_format(f, "%s%s%s", s, i ? ", " : "", rule_text(f, &rule[i], first + i));
    return s;
}

static inline void read_rules(struct gates *x, const struct plain *rule, int n)
{
    gates_rules(x, rules_text(&x->f, rule, n, FIRST));
}

/* One of 0..most, and 0 in `of` - 1 of `of` cases. */
static inline int rarely(struct fix_dice *d, int of, int most)
{
    return fix_int(d, 1, of) == 1 ? fix_int(d, 0, most) : 0;
}

static inline struct plain random_rule(struct fix_dice *d, int32_t start)
{
    static const double owned[] = {0, 0.5, 0.56, 0.6, 0.8, 1}, arms[] = {0, 0, 0, 0.2, 0.3, 0.55};
    struct plain r = {.from = start + fix_int(d, -60, 60),
                      .announced = SIM_DAY_NONE,
                      .until = SIM_DAY_NONE,
                      .off = SIM_DAY_NONE,
                      .on = SIM_DAY_NONE};

    r.announced = r.from - fix_int(d, 0, 20);
    if (fix_int(d, 0, 2) == 0)
        r.until = r.from + fix_int(d, 0, 90);
    if (fix_int(d, 0, 2) == 0) {
        r.off = r.from + fix_int(d, -10, 40);
        r.on = r.off + fix_int(d, 0, 30);
    }
    r.origin = rarely(d, 3, N_COUNTRIES - 1);
    r.destination = rarely(d, 3, N_COUNTRIES - 1);
    r.list = rarely(d, 2, N_LIST - 1);
    r.scope = fix_int(d, 0, 2) ? 20 : fix_int(d, 0, 1) ? 0 : 1000;
    r.hs = rarely(d, 5, N_HS - 1);
    r.content = rarely(d, 4, N_CONTENT - 1);
    r.content_origin = fix_int(d, 0, N_COUNTRIES - 1);
    r.buyers = rarely(d, 4, N_FIRMS - 1);
    r.exporters = rarely(d, 7, N_FIRMS - 1);
    r.buyers = r.buyers == 4 ? 0 : r.buyers;
    r.owned = owned[fix_int(d, 0, 5)];
    r.arms = arms[rarely(d, 4, 5)];
    r.usd = rarely(d, 5, 1) ? 100000 : 0;
    r.number = rarely(d, 5, 1) ? 4 : 0;
    r.use = fix_int(d, 0, 3);
    r.action = fix_int(d, 0, ACTIONS - 1);
    r.mistaken = fix_int(d, 0, 1);
    r.mistaken_deny = fix_int(d, 0, 1);
    r.suspect = fix_int(d, 0, 1);
    r.undertaking = fix_int(d, 0, 3) == 0;
    r.grace = fix_int(d, 0, 1) ? fix_int(d, 0, 20) : 0;
    r.caught_only = fix_int(d, 0, 7) == 0;
    r.decline_d = fix_int(d, 0, 1) ? 0 : fix_int(d, 1, 30);
    r.exists = fix_int(d, 0, 9) > 0;
    r.chance = 1;
    return r;
}

static inline struct truth random_truth(struct fix_dice *d)
{
    struct truth t = {.known = fix_int(d, 0, 3) > 0,
                      .exists = fix_int(d, 0, 1) ? -1 : fix_int(d, 0, 255),
                      .suspects = fix_int(d, 0, 255),
                      .declines = fix_int(d, 0, 255)};

    for (int k = 0; k < MAX_RULES; k++) {
        t.goods[k] = fix_int(d, 0, 255) | fix_int(d, 0, 255);
        t.buyer[k] = fix_int(d, 0, 31) | fix_int(d, 0, 31);
        t.exporter[k] = fix_int(d, 0, 15) | fix_int(d, 0, 15);
    }
    return t;
}

/* Brings a shipment near what a rule is about: its goods, its days. */
static inline void aim(struct fix_dice *d, struct plain_shipment *s, const struct plain *r)
{
    const struct truth nothing = {0};

    for (int tries = 0; tries < 8 && !covers_product(r, 0, &nothing, s->product); tries++)
        s->product = fix_int(d, 0, 7);
    for (int tries = 0;
         tries < 8 && !(s->from != s->to && countries[r->origin].bits >> s->from & 1 &&
                        countries[r->destination].bits >> s->to & 1);
         tries++) {
        s->from = fix_int(d, 0, 3);
        s->to = fix_int(d, 0, 3);
    }
    s->placed = fix_int(d, 0, 1) ? r->announced + fix_int(d, -2, 30) : r->from + fix_int(d, -5, 20);
    s->day = s->placed + fix_int(d, 0, 30);
}

/* Half of them near one of n rules. */
static inline struct plain_shipment random_shipment(struct fix_dice *d, int32_t start,
                                                    const struct plain *rule, int n)
{
    struct plain_shipment s = {.from = fix_int(d, 0, 3),
                               .to = fix_int(d, 0, 3),
                               .owner = fix_int(d, 0, 4),
                               .product = fix_int(d, 0, 7),
                               .use = fix_int(d, 0, 1),
                               .caught = fix_int(d, 0, 1),
                               .day = start + fix_int(d, -70, 90),
                               .units = fix_int(d, 1, 8),
                               .known = fix_int(d, 0, 2) > 0};
    int left = 8;

    s.placed = s.day - fix_int(d, 0, 30);
    for (int c = 0; c < 4; c++) {
        int part = fix_int(d, 0, 1) ? 0 : fix_int(d, 0, left);

        s.part[c] = part / 8.0;
        left -= part;
    }
    if (fix_int(d, 0, 1))
        aim(d, &s, &rule[fix_int(d, 0, n - 1)]);
    return s;
}

/* ---- the engine ---- */

static inline struct mdl_shipment shipment(struct gates *x, const struct plain_shipment *s)
{
    static const char *const country[] = {"CN", "JP", "US", "DE"};
    const struct mdl_lane *lane =
        gates_lane(x, s->from, s->to, s->owner, gates_product[s->product]);
    const struct mdl_product *p = &x->n.product[lane->product];
    double *share = sim_arena_alloc(&x->f.a, mdl_network_width(&x->n, p) + 1, sizeof *share);

    for (int k = 0; k < p->n_el; k++)
        for (int c = 0; c < 4; c++)
            share[k * x->n.n_share + x->n.n_mined +
                  x->n.origin_of[mdl_network_country(&x->n, country[c])]] = s->part[c];
    return (struct mdl_shipment){.net = &x->n,
                                 .lane = lane,
                                 .use = s->use,
                                 .quantity = llround(s->units * (double)p->qpu),
                                 .day = s->day,
                                 .placed = s->placed,
                                 .caught = s->caught,
                                 .share = s->known ? share : NULL,
                                 .seed = 1};
}

/* A table of a world, by site or product. */
static inline char *made_up(struct gates *x, int wanted)
{
    return wanted ? sim_arena_alloc(&x->f.a, x->n.n_site + x->n.n_product, 1) : NULL;
}

/* The made-up truth as a world of the engine's. Uncertain rules only have tables of their own. */
static inline void make_world(struct gates *x, struct mdl_world *w, const struct plain *rule, int n,
                              const struct truth *t)
{
    mdl_world_draw(w, &x->f.a, &x->s, &x->n, 1, 0);
    for (int k = 0; k < n; k++) {
        int some = is_uncertain(&rule[k]);

        w->exists[k] = (char)(t->exists >> k & 1);
        w->goods[k] = made_up(x, some);
        w->buyer[k] = made_up(x, some && rule[k].buyers);
        w->exporter[k] = made_up(x, some && rule[k].exporters);
        for (int p = 0; p < 8 && some; p++)
            w->goods[k][mdl_network_product(&x->n, gates_product[p])] =
                (char)(t->goods[k] >> p & 1);
        for (int c = 0; c < 4; c++) {
            uint32_t s = mdl_network_site(&x->n, fix_format(&x->f, "s.%d", c));

            if (w->exporter[k])
                w->exporter[k][s] = (char)(t->exporter[k] >> c & 1);
            if (w->declines[k])
                w->declines[k][s] = (char)(t->declines >> k & 1);
            for (int o = 0; o < 5; o++) {
                uint32_t b = mdl_network_site(&x->n, fix_format(&x->f, "b.%d.%d", c, o));

                if (w->buyer[k])
                    w->buyer[k][b] = (char)(t->buyer[k] >> o & 1);
                if (w->suspect[k])
                    w->suspect[k][b] = (char)(t->suspects >> k & 1);
            }
        }
    }
}

static inline struct plain_verdict plain_of(const struct mdl_verdict *w)
{
    struct plain_verdict v = {
        .denied = w->denied, .declined = w->declined, .civil_only = w->civil_only};
    int *const to[] = {[MDL_NEED_LICENCE] = &v.licences,
                       [MDL_NEED_NOTICE] = &v.notices,
                       [MDL_NEED_INSPECTION] = &v.inspections,
                       [MDL_NEED_QUOTA] = &v.quotas};

    for (int i = 0; i < w->n_ask; i++) {
        int later = w->ask[i].from != SIM_DAY_NONE;

        *(later ? &v.later : to[w->ask[i].kind]) |= 1 << w->ask[i].rule;
        v.days += later ? 0 : w->ask[i].days;
        v.later_days += later ? w->ask[i].from : 0;
    }
    for (int i = 0; i < w->n_tax; i++) {
        v.taxes |= 1 << w->tax[i].rule;
        FIX_NEAR(w->tax[i].rate, 0.25, 0);
    }
    return v;
}

static inline void assert_agree(const struct plain_verdict *a, const struct plain_verdict *b,
                                const char *who, int set, int k)
{
    if (a->denied != b->denied || a->declined != b->declined || a->civil_only != b->civil_only ||
        a->licences != b->licences || a->notices != b->notices ||
        a->inspections != b->inspections || a->quotas != b->quotas || a->taxes != b->taxes ||
        a->later != b->later || a->later_days != b->later_days || a->days != b->days)
        fail_msg("set %d, shipment %d: plain %d %d %d %x %x %x %x %x %g, %s %d %d %d %x %x %x %x "
                 "%x %g",
                 set, k, a->denied, a->declined, a->civil_only, (unsigned)a->licences,
                 (unsigned)a->notices, (unsigned)a->inspections, (unsigned)a->quotas,
                 (unsigned)a->taxes, a->days, who, b->denied, b->declined, b->civil_only,
                 (unsigned)b->licences, (unsigned)b->notices, (unsigned)b->inspections,
                 (unsigned)b->quotas, (unsigned)b->taxes, b->days);
}

#endif
