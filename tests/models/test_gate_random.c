#include "tests/models/plain_gate.h"

#include "models/explain.h"

/* The gate against a second, plain implementation, and against itself made stricter or with one
 * rule more: 10,000 pairs of a scenario and a shipment each, or as many as are said. mdl_explain()
 * must say of the same rules the same. */

static struct plain_verdict engine(struct gates *x, const struct mdl_world *w,
                                   const struct plain_shipment *s)
{
    struct mdl_shipment m = shipment(x, s);
    struct mdl_verdict v;

    mdl_gate_judge(&x->g, w, &m, &v);
    return plain_of(&v);
}

static int32_t start_day(void)
{
    return gates_day(start_text);
}

/* Where the test makes up what is true, or nothing is known. */
static void test_gate_judge__agrees_with_a_plain_second_implementation(void **state)
{
    struct gates *x = *state;
    struct fix_dice d = {1};
    struct plain rule[MAX_RULES];
    int asked = 0, refused = 0, declined = 0, kinds[5] = {0};

    for (int set = 0; set < 500; set++) {
        int n = fix_int(&d, 1, MAX_RULES);
        struct truth t = random_truth(&d);
        struct mdl_world w;

        for (int i = 0; i < n; i++)
            rule[i] = random_rule(&d, start_day());
        read_rules(x, rule, n);
        make_world(x, &w, rule, n, &t);
        for (int k = 0; k < 20; k++) {
            struct plain_shipment s = random_shipment(&d, start_day(), rule, n);
            struct plain_verdict a = judge(rule, n, &t, &s), b = engine(x, t.known ? &w : NULL, &s);

            assert_agree(&a, &b, "the gate", set, k);
            refused += a.denied > 0;
            declined += a.declined > 0;
            asked += a.denied || a.licences || a.inspections || a.notices || a.quotas;
            kinds[0] += a.licences != 0;
            kinds[1] += a.notices != 0;
            kinds[2] += a.inspections != 0;
            kinds[3] += a.quotas != 0;
            kinds[4] += a.taxes != 0;
        }
    }
    assert_true(asked > 2500 && refused > 600 && declined > 100); /* the cases are not empty */
    for (int i = 0; i < 5; i++)
        assert_true(kinds[i] > 400);
}

static void explain_agrees(struct gates *x, const struct plain_shipment *s,
                           const struct plain_verdict *a, int set, int k)
{
    struct mdl_shipment m = shipment(x, s);
    struct mdl_question q = {.from = m.lane->from,
                             .to = m.lane->to,
                             .product = m.lane->product,
                             .use = m.use,
                             .quantity = m.quantity,
                             .day = m.day,
                             .placed = m.placed,
                             .caught = m.caught,
                             .share = m.share};
    struct mdl_explanation e;
    struct plain_verdict surely, possibly;

    mdl_explain(&e, &x->f.a, &x->s, &x->n, &q);
    surely = plain_of(&e.way.surely);
    possibly = plain_of(&e.way.possibly);
    assert_agree(a, &surely, "surely", set, k);
    assert_agree(a, &possibly, "possibly", set, k);
}

/* Where all chances are 0 or 1 and the world is drawn. */
static void test_gate_judge__agrees_with_it_in_a_drawn_world(void **state)
{
    struct gates *x = *state;
    struct fix_dice d = {2};
    struct plain rule[MAX_RULES];
    int asked = 0;

    for (int set = 0; set < 500; set++) {
        int n = fix_int(&d, 1, MAX_RULES);
        struct truth t = {.known = 1, .suspects = -1, .declines = -1};
        struct mdl_world w;

        for (int i = 0; i < n; i++) {
            do
                rule[i] = random_rule(&d, start_day());
            while (is_uncertain(&rule[i]));
            t.exists |= rule[i].exists << i;
        }
        read_rules(x, rule, n);
        mdl_world_draw(&w, &x->f.a, &x->s, &x->n, (uint64_t)set, 3);
        for (int k = 0; k < 20; k++) {
            struct plain_shipment s = random_shipment(&d, start_day(), rule, n);
            struct plain_verdict a = judge(rule, n, &t, &s), b = engine(x, &w, &s);

            assert_agree(&a, &b, "the gate", set, k);
            explain_agrees(x, &s, &a, set, k);
            asked += a.denied || a.licences || a.inspections || a.notices || a.quotas;
        }
    }
    assert_true(asked > 2500);
}

/* ---- one rule more ---- */

/* Nothing that was asked before is missing now. `shift`: how much the numbers of rules grew. */
static void assert_no_less(const struct plain_verdict *a, const struct plain_verdict *b, int shift,
                           int set, int k)
{
    const int lost = (a->licences << shift & ~b->licences) | (a->notices << shift & ~b->notices) |
                     (a->inspections << shift & ~b->inspections) |
                     (a->quotas << shift & ~b->quotas) | (a->taxes << shift & ~b->taxes);

    if ((a->denied && !b->denied) || (a->declined && !b->declined) || lost ||
        a->civil_only > b->civil_only || b->days < a->days)
        fail_msg("set %d, shipment %d: one rule more asks less", set, k);
}

/* Random rules of all kinds, chances of 1 and between, and a world drawn by the rules' names: the
 * same rules and one more, before all others or after them, let no shipment through that they held
 * back, and for no less time. */
static void test_gate_judge__one_rule_more_never_lets_more_through(void **state)
{
    struct gates *x = *state;
    struct fix_dice d = {3};
    struct plain rule[MAX_RULES + 1];
    struct plain_shipment s[20];
    struct plain_verdict before[20];
    int changed = 0;

    for (int set = 0; set < 500; set++) {
        int n = fix_int(&d, 1, MAX_RULES - 1), first = fix_int(&d, 0, 1);
        struct mdl_world w;

        for (int i = 0; i <= n; i++) {
            rule[i] = random_rule(&d, start_day());
            rule[i].chance = fix_int(&d, 0, 1) ? 1 : 0.5;
        }
        gates_rules(x, rules_text(&x->f, rule + first, n, FIRST + first));
        mdl_world_draw(&w, &x->f.a, &x->s, &x->n, (uint64_t)set, 1);
        for (int k = 0; k < 20; k++) {
            s[k] = random_shipment(&d, start_day(), rule, n);
            before[k] = engine(x, &w, &s[k]);
        }
        gates_rules(x, rules_text(&x->f, rule, n + 1, FIRST));
        mdl_world_draw(&w, &x->f.a, &x->s, &x->n, (uint64_t)set, 1);
        for (int k = 0; k < 20; k++) {
            struct plain_verdict after = engine(x, &w, &s[k]);

            assert_no_less(&before[k], &after, first, set, k);
            changed += memcmp(&before[k], &after, sizeof after) != 0;
        }
    }
    assert_true(changed > 1500);
}

/* ---- stricter ---- */

/* Makes a rule stricter in one way: what it asked before, it asks now. */
static void tighten(struct fix_dice *d, struct plain *r)
{
    switch (fix_int(d, 0, 15)) {
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
        r->origin = 0;
        break;
    case 4:
        r->destination = 0;
        break;
    case 5:
        r->list = 0;
        break;
    case 6:
        r->buyers = r->exporters = 0;
        break;
    case 7:
        r->use = 0;
        break;
    case 8:
        r->undertaking = 1;
        break;
    case 9:
        r->hs = 0;
        break;
    case 10:
        r->content = 0;
        break;
    case 11:
        r->arms = r->usd = r->number = 0;
        break;
    case 12:
        r->caught_only = 0;
        break;
    case 13:
        r->owned = 0;
        break;
    case 14:
        r->exists = 1;
        break;
    default:
        r->action = DENY;
        break;
    }
}

static void test_gate_judge__a_stricter_rule_lets_no_more_through(void **state)
{
    struct gates *x = *state;
    struct fix_dice d = {4};
    struct plain rule[MAX_RULES];
    struct plain_shipment s[20];
    struct plain_verdict before[20];
    int changed = 0;

    for (int set = 0; set < 300; set++) {
        int n = fix_int(&d, 1, MAX_RULES), at = fix_int(&d, 0, n - 1);
        struct mdl_world w;

        for (int i = 0; i < n; i++) {
            rule[i] = random_rule(&d, start_day());
            if (rule[i].action != DENY) /* being mistaken would ask something else than matching */
                rule[i].mistaken = rule[i].suspect = 0;
        }
        read_rules(x, rule, n);
        mdl_world_draw(&w, &x->f.a, &x->s, &x->n, (uint64_t)set, 1);
        for (int k = 0; k < 20; k++) {
            s[k] = random_shipment(&d, start_day(), rule, n);
            before[k] = engine(x, &w, &s[k]);
        }
        for (int times = fix_int(&d, 1, 3); times > 0; times--)
            tighten(&d, &rule[at]);
        read_rules(x, rule, n);
        mdl_world_draw(&w, &x->f.a, &x->s, &x->n, (uint64_t)set, 1);
        for (int k = 0; k < 20; k++) {
            struct plain_verdict after = engine(x, &w, &s[k]);

            changed += memcmp(&after, &before[k], sizeof after) != 0;
            assert_true(after.denied || !before[k].denied);
            if (!after.denied)
                assert_no_less(&before[k], &after, 0, set, k);
        }
    }
    assert_true(changed > 200);
}

static void test_gate_judge__a_rule_for_other_goods_changes_nothing(void **state)
{
    struct gates *x = *state;
    struct fix_dice d = {5};
    struct plain rule[2];

    for (int set = 0; set < 100; set++) {
        rule[0] = random_rule(&d, start_day());
        rule[1] = random_rule(&d, start_day());
        rule[1].list = 4; /* cars */
        for (int k = 0; k < 20; k++) {
            struct plain_shipment s = random_shipment(&d, start_day(), rule, 1);
            struct plain_verdict a, b;

            s.product = fix_int(&d, 0, 5);
            read_rules(x, rule, 1);
            a = engine(x, NULL, &s);
            read_rules(x, rule, 2);
            b = engine(x, NULL, &s);
            assert_agree(&a, &b, "with one for cars", set, k);
        }
    }
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, gates_set_up, gates_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_gate_judge__agrees_with_a_plain_second_implementation),
        TEST(test_gate_judge__agrees_with_it_in_a_drawn_world),
        TEST(test_gate_judge__one_rule_more_never_lets_more_through),
        TEST(test_gate_judge__a_stricter_rule_lets_no_more_through),
        TEST(test_gate_judge__a_rule_for_other_goods_changes_nothing)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
