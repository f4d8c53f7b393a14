#include "tests/models/gates.h"

/* The gate against a second, plain implementation, and against itself made stricter. Chances are 0
 * or 1 here, so that nothing is drawn. */

enum { MAX_RULES = 6, N_LIST = 6, N_ENTITY_LIST = 4 };

static const char *const country[4] = {"CN", "JP", "US", "DE"};
static const char *const list_name[N_LIST] = {"", "codes", "heading", "chapter", "goods", "mixed"};
static const char *const entity_list_name[N_ENTITY_LIST] = {"", "owners", "others", "mixed"};
static const char *const action_name[3] = {"deny", "inspect", "licence"};

struct plain {
    int32_t from, until, off, on; /* SIM_DAY_NONE = not given */
    unsigned origin, destination; /* bits of country, 0 = all */
    unsigned use;                 /* bits: 1 civil, 2 military, 0 = both */
    int list, entity_list, action, mistaken, mistaken_deny, undertaking, grace;
};

/* Is a product on a list? By hand, from the tables in gates.h. */
static int listed(int list, const char *product)
{
    static const char *const on[N_LIST] = {"ore ox.nd ox.dy magnet swarf motor car missile",
                                           "ox.dy magnet",
                                           "magnet",
                                           "magnet motor",
                                           "car",
                                           "car magnet"};
    const char *at = strstr(on[list], product);

    return at != NULL;
}

/* Owners: 0 none, 1 top, 2 its child, 3 its grandchild, 4 other. */
static int entity_listed(int list, int owner)
{
    if (list == 0)
        return 1;
    return list == 1 ? owner >= 1 && owner <= 3 : owner == 4;
}

struct plain_shipment {
    int from, to, owner, product, use;
    int32_t day, placed;
};

struct plain_verdict {
    int denied, licences, inspected, civil_only; /* licences, inspected: bits of rules */
};

static const char start_text[] = "2026-01-01";

static int in_force(const struct plain *r, const struct plain_shipment *s, int32_t start)
{
    if (r->until != SIM_DAY_NONE && r->until <= r->from)
        return 0;
    if (r->until != SIM_DAY_NONE && s->day >= r->until)
        return 0;
    if (r->off != SIM_DAY_NONE && s->day >= r->off && s->day < r->on)
        return 0;
    if (r->from <= start)
        return 1;
    if (s->day < r->from)
        return 0;
    return !(s->placed < r->from && s->day < r->from + r->grace);
}

static void ask(struct plain_verdict *v, int action, int number)
{
    if (action == 0)
        v->denied = v->denied ? v->denied : number + 1;
    else if (action == 1)
        v->inspected |= 1 << number;
    else
        v->licences |= 1 << number;
}

static struct plain_verdict judge(const struct plain *rule, int n, const struct plain_shipment *s)
{
    struct plain_verdict v = {0};
    int32_t start;

    assert_int_equal(sim_date_parse(&start, start_text), 0);
    for (int i = 0; i < n; i++) {
        const struct plain *r = &rule[i];
        int civil = r->use == 0 || (r->use & 1), military = r->use == 0 || (r->use & 2);

        if (s->from == s->to || !in_force(r, s, start))
            continue;
        if (r->origin && !(r->origin >> s->from & 1))
            continue;
        if (r->destination && !(r->destination >> s->to & 1))
            continue;
        if (!listed(r->list, gates_product[s->product]) || !entity_listed(r->entity_list, s->owner))
            continue;
        if (s->use == MDL_CIVIL && r->undertaking)
            v.civil_only = 1;
        if (s->use == MDL_CIVIL ? civil : military)
            ask(&v, r->action, i);
        else if (s->use == MDL_CIVIL && military && r->mistaken)
            ask(&v, r->mistaken_deny ? 0 : 2, i);
    }
    return v;
}

/* ---- random rules, as structs and as texts ---- */

static const char *date_key(struct fix *f, const char *key, int32_t day)
{
    char text[11];

    if (day == SIM_DAY_NONE)
        return "";
    sim_date_print(day, text);
    return fix_format(f, "%s = \"%s\"; ", key, text);
}

static const char *countries(struct fix *f, const char *key, unsigned bits)
{
    const char *s = fix_format(f, "%s = [", key);
    int n = 0;

    if (bits == 0)
        return "";
    for (int c = 0; c < 4; c++)
        if (bits >> c & 1)
            s = fix_format(f, "%s%s \"%s\"", s, n++ ? "," : "", country[c]);
    return fix_format(f, "%s ]; ", s);
}

static const char *rule_text(struct fix *f, const struct plain *r, int i)
{
    static const char *const uses[4] = {"", "end_use = [ \"civil\" ]; ",
                                        "end_use = [ \"military\" ]; ",
                                        "end_use = [ \"military\", \"civil\" ]; "};

    return fix_format(
        f,
        "%s{ id = \"r%d\"; action = \"%s\"; office = \"o\"; %s%s%s%s%s%s%s%s%s%sgrace_d = %d.0; "
        "undertaking = %s; %s}",
        i ? ", " : "", i, action_name[r->action], date_key(f, "from", r->from),
        date_key(f, "until", r->until), date_key(f, "suspended_from", r->off),
        date_key(f, "suspended_until", r->on), countries(f, "origin", r->origin),
        countries(f, "destination", r->destination), uses[r->use],
        r->list ? fix_format(f, "list = \"%s\"; ", list_name[r->list]) : "",
        r->entity_list ? fix_format(f, "entity_list = \"%s\"; ", entity_list_name[r->entity_list])
                       : "",
        r->mistaken ? fix_format(f, "mistaken_civil = 1.0; mistaken_action = \"%s\"; ",
                                 r->mistaken_deny ? "deny" : "licence")
                    : "",
        r->grace, r->undertaking ? "true" : "false", r->action == 1 ? "delay_d = 2.0; " : "");
}

static void read_rules(struct gates *x, const struct plain *rule, int n)
{
    const char *s = "";

    for (int i = 0; i < n; i++)
        s = fix_format(&x->f, "%s%s", s, rule_text(&x->f, &rule[i], i));
    gates_rules(x, s);
}

static struct plain random_rule(struct fix_dice *d, int32_t start)
{
    struct plain r = {.from = start + fix_int(d, -60, 60),
                      .until = SIM_DAY_NONE,
                      .off = SIM_DAY_NONE,
                      .on = SIM_DAY_NONE};

    if (fix_int(d, 0, 2) == 0)
        r.until = r.from + fix_int(d, 0, 60);
    if (fix_int(d, 0, 2) == 0) {
        r.off = r.from + fix_int(d, -10, 40);
        r.on = r.off + fix_int(d, 0, 30);
    }
    r.origin = fix_int(d, 0, 2) ? 0 : (unsigned)fix_int(d, 1, 15);
    r.destination = fix_int(d, 0, 2) ? 0 : (unsigned)fix_int(d, 1, 15);
    r.use = (unsigned)fix_int(d, 0, 3);
    r.list = fix_int(d, 0, 1) ? 0 : fix_int(d, 1, N_LIST - 1);
    r.entity_list = fix_int(d, 0, 2) ? 0 : fix_int(d, 1, N_ENTITY_LIST - 1);
    r.action = fix_int(d, 0, 2);
    r.mistaken = fix_int(d, 0, 1);
    r.mistaken_deny = fix_int(d, 0, 1);
    r.undertaking = fix_int(d, 0, 3) == 0;
    r.grace = fix_int(d, 0, 1) ? fix_int(d, 0, 20) : 0;
    return r;
}

static struct plain_shipment random_shipment(struct fix_dice *d, int32_t start)
{
    struct plain_shipment s = {.from = fix_int(d, 0, 3),
                               .to = fix_int(d, 0, 3),
                               .owner = fix_int(d, 0, 4),
                               .product = fix_int(d, 0, 7),
                               .use = fix_int(d, 0, 1),
                               .day = start + fix_int(d, -70, 120)};

    s.placed = s.day - fix_int(d, 0, 30);
    return s;
}

static struct mdl_shipment shipment(const struct gates *x, const struct plain_shipment *s)
{
    uint32_t buyer = mdl_network_site(
        &x->n, (const char *[]){
                   "b.0.0", "b.0.1", "b.0.2", "b.0.3", "b.0.4", "b.1.0", "b.1.1",
                   "b.1.2", "b.1.3", "b.1.4", "b.2.0", "b.2.1", "b.2.2", "b.2.3",
                   "b.2.4", "b.3.0", "b.3.1", "b.3.2", "b.3.3", "b.3.4"}[5 * s->to + s->owner]);
    const struct mdl_point *p = &x->n.point[mdl_network_point(
        &x->n, buyer, mdl_network_product(&x->n, gates_product[s->product]))];
    const struct mdl_lane *lane = NULL;

    for (uint32_t i = 0; i < p->n_lane_in; i++)
        if (strcmp(x->n.site[x->n.lane[p->lane_in[i]].from].country_id, country[s->from]) == 0)
            lane = &x->n.lane[p->lane_in[i]];
    assert_non_null(lane);
    return (struct mdl_shipment){.net = &x->n,
                                 .lane = lane,
                                 .use = s->use,
                                 .quantity = 1,
                                 .day = s->day,
                                 .placed = s->placed,
                                 .seed = 1};
}

static struct plain_verdict engine(const struct gates *x, const struct plain_shipment *s,
                                   double *inspect_d)
{
    struct mdl_shipment m = shipment(x, s);
    struct plain_verdict v = {0};
    struct mdl_verdict w;

    mdl_gate_judge(&x->g, NULL, &m, &w);
    v.denied = w.denied;
    v.civil_only = w.civil_only;
    for (int i = 0; i < w.n_ask; i++)
        *(w.ask[i].kind == MDL_NEED_LICENCE ? &v.licences : &v.inspected) |= 1 << w.ask[i].rule;
    *inspect_d = gates_days(&w);
    return v;
}

static int bits(int x)
{
    return __builtin_popcount((unsigned)x);
}

static void test_gate_judge__agrees_with_a_plain_second_implementation(void **state)
{
    struct gates *x = *state;
    struct fix_dice d = {1};
    struct plain rule[MAX_RULES];
    int asked = 0, refused = 0;
    int32_t start;

    assert_int_equal(sim_date_parse(&start, start_text), 0);
    for (int set = 0; set < 500; set++) {
        int n = fix_int(&d, 1, MAX_RULES);

        for (int i = 0; i < n; i++)
            rule[i] = random_rule(&d, start);
        read_rules(x, rule, n);
        for (int k = 0; k < 20; k++) {
            struct plain_shipment s = random_shipment(&d, start);
            struct plain_verdict a = judge(rule, n, &s), b;
            double inspect_d;

            b = engine(x, &s, &inspect_d);
            if (memcmp(&a, &b, sizeof a) != 0)
                fail_msg("set %d, shipment %d: plain %d %x %x %d, gate %d %x %x %d", set, k,
                         a.denied, (unsigned)a.licences, (unsigned)a.inspected, a.civil_only,
                         b.denied, (unsigned)b.licences, (unsigned)b.inspected, b.civil_only);
            FIX_NEAR(inspect_d, 2 * bits(a.inspected), 0);
            asked += a.denied || a.licences || a.inspected;
            refused += a.denied > 0;
        }
    }
    assert_true(asked > 2500 && refused > 1000); /* of 10,000: the cases are not empty */
}

/* ---- stricter ---- */

/* Makes a rule stricter in one way: what it asked before, it asks now. */
static void tighten(struct fix_dice *d, struct plain *r)
{
    switch (fix_int(d, 0, 9)) {
    case 0:
        r->until = SIM_DAY_NONE;
        break;
    case 1:
        r->off = r->on = SIM_DAY_NONE;
        break;
    case 2:
        r->grace = 0;
        break;
    case 3:
        r->origin = r->origin ? r->origin | (unsigned)fix_int(d, 0, 15) : 0;
        break;
    case 4:
        r->destination = 0;
        break;
    case 5:
        r->list = 0;
        break;
    case 6:
        r->entity_list = 0;
        break;
    case 7:
        r->use = 0;
        break;
    case 8:
        r->undertaking = 1;
        break;
    default:
        r->action = 0;
        break;
    }
}

static void test_gate_judge__a_stricter_rule_lets_no_more_through(void **state)
{
    struct gates *x = *state;
    struct fix_dice d = {3};
    struct plain rule[MAX_RULES];
    struct plain_shipment s[20];
    struct plain_verdict before[20];
    double inspect_d[20], after_d;
    int32_t start, changed = 0;

    assert_int_equal(sim_date_parse(&start, start_text), 0);
    for (int set = 0; set < 300; set++) {
        int n = fix_int(&d, 1, MAX_RULES - 1);

        for (int i = 0; i < n; i++) {
            rule[i] = random_rule(&d, start);
            if (rule[i].action != 0) /* being mistaken would ask for something else than matching */
                rule[i].mistaken = 0;
        }
        read_rules(x, rule, n);
        for (int k = 0; k < 20; k++) {
            s[k] = random_shipment(&d, start);
            before[k] = engine(x, &s[k], &inspect_d[k]);
        }
        if (fix_int(&d, 0, 3) == 0) {
            rule[n++] = random_rule(&d, start);
        } else {
            struct plain *r = &rule[fix_int(&d, 0, n - 1)];

            for (int times = fix_int(&d, 1, 3); times > 0; times--)
                tighten(&d, r);
        }
        read_rules(x, rule, n);
        for (int k = 0; k < 20; k++) {
            struct plain_verdict after = engine(x, &s[k], &after_d);

            changed += memcmp(&after, &before[k], sizeof after) != 0;
            assert_true(!before[k].denied || after.denied);
            assert_true(after.civil_only >= before[k].civil_only);
            if (after.denied)
                continue;
            assert_true((before[k].licences & ~after.licences) == 0);
            assert_true((before[k].inspected & ~after.inspected) == 0);
            assert_true(after_d >= inspect_d[k]);
        }
    }
    assert_true(changed > 200);
}

static void test_gate_judge__a_rule_for_other_goods_changes_nothing(void **state)
{
    struct gates *x = *state;
    struct fix_dice d = {4};
    struct plain rule[2];
    int32_t start;

    assert_int_equal(sim_date_parse(&start, start_text), 0);
    for (int set = 0; set < 100; set++) {
        rule[0] = random_rule(&d, start);
        rule[1] = random_rule(&d, start);
        rule[1].list = 4; /* cars */
        for (int k = 0; k < 20; k++) {
            struct plain_shipment s = random_shipment(&d, start);
            struct plain_verdict a, b;
            double p, q;

            s.product = fix_int(&d, 0, 5);
            read_rules(x, rule, 1);
            a = engine(x, &s, &p);
            read_rules(x, rule, 2);
            b = engine(x, &s, &q);
            assert_memory_equal(&a, &b, sizeof a);
            FIX_NEAR(p, q, 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_gate_judge__agrees_with_a_plain_second_implementation,
                                        gates_set_up, gates_tear_down),
        cmocka_unit_test_setup_teardown(test_gate_judge__a_stricter_rule_lets_no_more_through,
                                        gates_set_up, gates_tear_down),
        cmocka_unit_test_setup_teardown(test_gate_judge__a_rule_for_other_goods_changes_nothing,
                                        gates_set_up, gates_tear_down)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
