#include "tests/models/gates.h"

static int denied(const struct gates *x, const struct mdl_shipment *s)
{
    struct mdl_verdict v;

    mdl_gate_judge(&x->g, NULL, s, &v);
    return v.denied;
}

/* Is a magnet from CN to JP, civil, refused on a day? */
static int denied_on(const struct gates *x, const char *today)
{
    struct mdl_shipment s = gates_shipment(x, gates_lane(x, 0, 1, 0, "magnet"), MDL_CIVIL, today);

    return denied(x, &s);
}

/* ---- dates ---- */

static void test_gate_judge__a_rule_begins_on_from_and_ends_before_until(void **state)
{
    struct gates *x = *state;

    gates_rules(
        x, "{ id = \"r\"; action = \"deny\"; from = \"2026-02-10\"; until = \"2026-03-10\"; }");
    assert_int_equal(denied_on(x, "2026-02-09"), 0);
    assert_int_equal(denied_on(x, "2026-02-10"), 1);
    assert_int_equal(denied_on(x, "2026-03-09"), 1);
    assert_int_equal(denied_on(x, "2026-03-10"), 0);
}

static void test_gate_judge__a_suspension_ends_before_its_until(void **state)
{
    struct gates *x = *state;

    gates_rules(x, "{ id = \"r\"; action = \"deny\"; from = \"2026-02-10\"; suspended_from = "
                   "\"2026-03-01\"; suspended_until = \"2026-04-01\"; }");
    assert_int_equal(denied_on(x, "2026-02-28"), 1);
    assert_int_equal(denied_on(x, "2026-03-01"), 0);
    assert_int_equal(denied_on(x, "2026-03-31"), 0);
    assert_int_equal(denied_on(x, "2026-04-01"), 1);
}

static void
test_gate_judge__a_rule_from_before_the_start_holds_all_through_the_warm_up(void **state)
{
    struct gates *x = *state;

    gates_rules(x, "{ id = \"r\"; action = \"deny\"; from = \"2026-01-01\"; }");
    assert_int_equal(denied_on(x, "2025-01-01"), 1);
    assert_int_equal(denied_on(x, "2026-01-01"), 1);
    gates_rules(x, "{ id = \"r\"; action = \"deny\"; from = \"2025-06-01\"; }");
    assert_int_equal(denied_on(x, "2025-01-01"), 1);
    gates_rules(x, "{ id = \"r\"; action = \"deny\"; from = \"2026-01-02\"; }");
    assert_int_equal(denied_on(x, "2025-01-01"), 0);
    assert_int_equal(denied_on(x, "2026-01-01"), 0);
    assert_int_equal(denied_on(x, "2026-01-02"), 1);
}

static void test_gate_judge__a_rule_of_no_length_never_holds(void **state)
{
    static const char *const from[] = {"2025-06-01", "2026-01-01", "2026-02-10"};
    static const char *const today[] = {"2025-01-01", "2025-05-31", "2025-06-01", "2025-12-31",
                                        "2026-01-01", "2026-02-09", "2026-02-10", "2026-02-11"};
    struct gates *x = *state;

    for (size_t i = 0; i < 3; i++) {
        gates_rules(x,
                    fix_format(&x->f,
                               "{ id = \"r\"; action = \"deny\"; from = \"%s\"; until = \"%s\"; }",
                               from[i], from[i]));
        for (size_t k = 0; k < sizeof today / sizeof *today; k++)
            assert_int_equal(denied_on(x, today[k]), 0);
        assert_int_equal(x->g.n_change, 0);
    }
}

static void test_gate_judge__grace_is_for_orders_from_before_and_ends(void **state)
{
    struct gates *x = *state;
    struct mdl_shipment s =
        gates_shipment(x, gates_lane(x, 0, 1, 0, "magnet"), MDL_CIVIL, "2026-02-10");

    gates_rules(x, "{ id = \"r\"; action = \"deny\"; from = \"2026-02-10\"; grace_d = 5.0; }");
    s.placed = gates_day("2026-02-09");
    assert_int_equal(denied(x, &s), 0);
    s.day = gates_day("2026-02-14");
    assert_int_equal(denied(x, &s), 0);
    s.day = gates_day("2026-02-15");
    assert_int_equal(denied(x, &s), 1);
    s.day = gates_day("2026-02-14");
    s.placed = gates_day("2026-02-10");
    assert_int_equal(denied(x, &s), 1);
    gates_rules(x, "{ id = \"r\"; action = \"deny\"; from = \"2025-12-31\"; grace_d = 5.0; }");
    s.day = gates_day("2026-01-01");
    s.placed = gates_day("2025-12-30");
    assert_int_equal(denied(x, &s), 1); /* settled practice: no grace */
}

static void test_gate_version__changes_whenever_a_verdict_may(void **state)
{
    struct gates *x = *state;
    struct fix_dice dice = {23};

    for (int round = 0; round < 200; round++) {
        int32_t from = gates_day("2025-11-01") + fix_int(&dice, 0, 150);
        int32_t off = from + fix_int(&dice, 0, 40), on = off + fix_int(&dice, 0, 40);
        int32_t until = from + fix_int(&dice, 0, 120);
        char text[4][11];
        struct mdl_shipment s =
            gates_shipment(x, gates_lane(x, 0, 1, 0, "magnet"), MDL_CIVIL, "2025-10-01");

        sim_date_print(from, text[0]);
        sim_date_print(off, text[1]);
        sim_date_print(on, text[2]);
        sim_date_print(until, text[3]);
        gates_rules(
            x, fix_format(&x->f,
                          "{ id = \"r\"; action = \"deny\"; from = \"%s\"; suspended_from = "
                          "\"%s\"; suspended_until = \"%s\"; until = \"%s\"; grace_d = %d.0; }",
                          text[0], text[1], text[2], text[3], fix_int(&dice, 0, 20)));
        s.placed = from - fix_int(&dice, 0, 2);
        for (int32_t d = gates_day("2025-10-01"); d < gates_day("2026-08-01"); d++) {
            struct mdl_shipment before = s;

            s.day = d;
            before.day = d - 1;
            if (denied(x, &before) != denied(x, &s) &&
                mdl_gate_version(&x->g, d - 1) == mdl_gate_version(&x->g, d))
                fail_msg("round %d: the verdict changes on day %d, the version does not", round,
                         (int)(d - gates_day("2025-10-01")));
        }
    }
}

/* ---- what, from where, to whom ---- */

static void assert_matches(struct gates *x, const char *rule, int from, int to, int owner,
                           const char *product, int use, int expected)
{
    struct mdl_shipment s =
        gates_shipment(x, gates_lane(x, from, to, owner, product), use, "2026-02-01");

    gates_rules(
        x, fix_format(&x->f, "{ id = \"r\"; action = \"deny\"; from = \"2026-01-02\"; %s }", rule));
    assert_int_equal(denied(x, &s), expected);
}

static void test_gate_judge__matches_origin_and_destination(void **state)
{
    struct gates *x = *state;

    assert_matches(x, "", 0, 1, 0, "car", MDL_CIVIL, 1);
    assert_matches(x, "", 0, 0, 0, "car", MDL_CIVIL, 0); /* no border */
    assert_matches(x, "origin = [ \"CN\" ];", 0, 1, 0, "car", MDL_CIVIL, 1);
    assert_matches(x, "origin = [ \"CN\" ];", 2, 1, 0, "car", MDL_CIVIL, 0);
    assert_matches(x, "origin = [ \"US\", \"CN\" ];", 2, 1, 0, "car", MDL_CIVIL, 1);
    assert_matches(x, "destination = [ \"JP\" ];", 0, 1, 0, "car", MDL_CIVIL, 1);
    assert_matches(x, "destination = [ \"JP\" ];", 0, 2, 0, "car", MDL_CIVIL, 0);
    assert_matches(x, "origin = [ \"JP\" ]; destination = [ \"CN\" ];", 0, 1, 0, "car", MDL_CIVIL,
                   0);
    assert_matches(x, "origin = [ ];", 3, 1, 0, "car", MDL_CIVIL, 1);
}

static void test_gate_judge__matches_lists_by_code_heading_and_product(void **state)
{
    struct gates *x = *state;

    assert_matches(x, "list = \"codes\";", 0, 1, 0, "ox.dy", MDL_CIVIL, 1);
    assert_matches(x, "list = \"codes\";", 0, 1, 0, "magnet", MDL_CIVIL, 1); /* its second code */
    assert_matches(x, "list = \"codes\";", 0, 1, 0, "ox.nd", MDL_CIVIL, 0);
    assert_matches(x, "list = \"heading\";", 0, 1, 0, "magnet", MDL_CIVIL, 1);
    assert_matches(x, "list = \"heading\";", 0, 1, 0, "motor", MDL_CIVIL, 0);
    assert_matches(x, "list = \"chapter\";", 0, 1, 0, "motor", MDL_CIVIL, 1);
    assert_matches(x, "list = \"chapter\";", 0, 1, 0, "car", MDL_CIVIL, 0);
    assert_matches(x, "list = \"goods\";", 0, 1, 0, "car", MDL_CIVIL, 1);
    assert_matches(x, "list = \"goods\";", 0, 1, 0, "missile", MDL_CIVIL, 0);
    assert_matches(x, "list = \"mixed\";", 0, 1, 0, "car", MDL_CIVIL, 1);
    assert_matches(x, "list = \"mixed\";", 0, 1, 0, "magnet", MDL_CIVIL, 1);
    assert_matches(x, "list = \"mixed\";", 0, 1, 0, "ox.dy", MDL_CIVIL, 0);
}

static void test_gate_judge__matches_end_use(void **state)
{
    struct gates *x = *state;

    assert_matches(x, "end_use = [ \"military\" ];", 0, 1, 0, "car", MDL_MILITARY, 1);
    assert_matches(x, "end_use = [ \"military\" ];", 0, 1, 0, "car", MDL_CIVIL, 0);
    assert_matches(x, "end_use = [ \"civil\" ];", 0, 1, 0, "car", MDL_MILITARY, 0);
    assert_matches(x, "end_use = [ \"civil\", \"military\" ];", 0, 1, 0, "car", MDL_MILITARY, 1);
}

static void test_gate_judge__matches_entities_and_what_they_own(void **state)
{
    struct gates *x = *state;

    for (int owner = 0; owner < 5; owner++) { /* none, top, child, grandchild, other */
        assert_matches(x, "entity_list = \"owners\";", 0, 1, owner, "car", MDL_CIVIL,
                       owner >= 1 && owner <= 3);
        assert_matches(x, "entity_list = \"others\";", 0, 1, owner, "car", MDL_CIVIL, owner == 4);
        assert_matches(x, "entity_list = \"mixed\"; list = \"mixed\";", 0, 1, owner, "car",
                       MDL_CIVIL, owner == 4);
    }
}

/* ---- several rules ---- */

static void test_gate_judge__denial_beats_all_and_requirements_add_up(void **state)
{
    struct gates *x = *state;
    struct mdl_shipment s =
        gates_shipment(x, gates_lane(x, 0, 1, 0, "car"), MDL_CIVIL, "2026-02-01");
    struct mdl_verdict v;

    gates_rules(x, "{ id = \"d\"; action = \"licence\"; office = \"o\"; from = \"2026-01-02\"; },"
                   "{ id = \"a\"; action = \"licence\"; office = \"o\"; from = \"2026-01-02\"; },"
                   "{ id = \"b\"; action = \"inspect\"; delay_d = 3.0; from = \"2026-01-02\"; },"
                   "{ id = \"c\"; action = \"inspect\"; delay_d = 4.0; from = \"2026-01-02\"; }");
    mdl_gate_judge(&x->g, NULL, &s, &v);
    assert_int_equal(v.denied, 0);
    assert_int_equal(v.n_ask, 4); /* in the order of the rules */
    for (int i = 0; i < 4; i++) {
        assert_int_equal(v.ask[i].rule, i);
        assert_int_equal(v.ask[i].kind, i == 0 || i == 3 ? MDL_NEED_LICENCE : MDL_NEED_INSPECTION);
    }
    FIX_NEAR(gates_days(&v), 7, 0);
    assert_int_equal(v.civil_only, 0);
    gates_rules(x, "{ id = \"a\"; action = \"licence\"; office = \"o\"; from = \"2026-01-02\"; },"
                   "{ id = \"b\"; action = \"deny\"; from = \"2026-01-02\"; },"
                   "{ id = \"c\"; action = \"deny\"; from = \"2026-01-02\"; }");
    mdl_gate_judge(&x->g, NULL, &s, &v);
    assert_int_equal(v.denied, 2); /* 1 + the number of the first that refuses */
}

static void test_gate_judge__a_rule_that_does_not_exist_asks_nothing(void **state)
{
    struct gates *x = *state;
    struct mdl_shipment s =
        gates_shipment(x, gates_lane(x, 0, 1, 0, "car"), MDL_CIVIL, "2026-02-01");
    char exists[] = {0, 1};
    const struct mdl_world w = {.exists = exists};
    struct mdl_verdict v;

    gates_rules(x, "{ id = \"a\"; action = \"deny\"; from = \"2026-01-02\"; },"
                   "{ id = \"b\"; action = \"inspect\"; delay_d = 3.0; from = \"2026-01-02\"; }");
    mdl_gate_judge(&x->g, &w, &s, &v);
    assert_int_equal(v.denied, 0);
    assert_int_equal(v.n_ask, 1);
    assert_int_equal(v.ask[0].kind, MDL_NEED_INSPECTION);
}

static void test_gate_judge__an_undertaking_binds_civil_goods_only(void **state)
{
    struct gates *x = *state;
    struct mdl_verdict v;
    struct mdl_shipment s =
        gates_shipment(x, gates_lane(x, 0, 1, 0, "car"), MDL_CIVIL, "2026-02-01");

    gates_rules(x,
                "{ id = \"a\"; action = \"deny\"; end_use = [ \"military\" ]; undertaking = true; "
                "list = \"goods\"; from = \"2026-01-10\"; }");
    mdl_gate_judge(&x->g, NULL, &s, &v);
    assert_int_equal(v.denied, 0);
    assert_int_equal(v.civil_only, 1);
    s.use = MDL_MILITARY;
    mdl_gate_judge(&x->g, NULL, &s, &v);
    assert_int_equal(v.denied, 1);
    assert_int_equal(v.civil_only, 0);
    s.use = MDL_CIVIL;
    s.day = gates_day("2026-01-09");
    mdl_gate_judge(&x->g, NULL, &s, &v);
    assert_int_equal(v.civil_only, 0);
    s.day = gates_day("2026-02-01");
    s.lane = gates_lane(x, 0, 1, 0, "motor");
    mdl_gate_judge(&x->g, NULL, &s, &v);
    assert_int_equal(v.civil_only, 0);
}

/* ---- chance ---- */

enum { DRAWS = 20000 };

/* Orders placed on so many days, of which a verdict says something. */
static int count(struct gates *x, int use, int (*says)(const struct mdl_verdict *v))
{
    struct mdl_shipment s = gates_shipment(x, gates_lane(x, 0, 1, 0, "car"), use, "2026-02-01");
    struct mdl_verdict v;
    int n = 0;

    for (int i = 0; i < DRAWS; i++) {
        s.placed = i;
        mdl_gate_judge(&x->g, NULL, &s, &v);
        n += says(&v);
    }
    return n;
}

static int says_licence(const struct mdl_verdict *v)
{
    return gates_asks(v, MDL_NEED_LICENCE) > 0;
}

static int says_denied(const struct mdl_verdict *v)
{
    return v->denied > 0;
}

static int says_inspect(const struct mdl_verdict *v)
{
    return gates_asks(v, MDL_NEED_INSPECTION) > 0;
}

/* 4.5 standard deviations of a binomial count: beyond by chance once in 150,000. The seeds are
 * fixed, so the test either always passes or never. */
static void assert_binomial(int n, double p)
{
    FIX_NEAR((double)n, DRAWS * p, 4.5 * sqrt(DRAWS * p * (1 - p)) + 1e-9);
}

static void test_gate_judge__so_many_civil_orders_are_mistaken(void **state)
{
    static const double share[] = {0, 0.01, 0.05, 0.5, 1};
    struct gates *x = *state;

    for (size_t i = 0; i < sizeof share / sizeof *share; i++) {
        gates_rules(
            x, fix_format(&x->f,
                          "{ id = \"r\"; action = \"deny\"; end_use = [ \"military\" ]; from = "
                          "\"2026-01-02\"; mistaken_civil = %.2f; office = \"o\"; }",
                          share[i]));
        assert_binomial(count(x, MDL_CIVIL, says_licence), share[i]);
        assert_int_equal(count(x, MDL_CIVIL, says_denied), 0);
        assert_int_equal(count(x, MDL_MILITARY, says_denied), DRAWS);
        gates_rules(
            x, fix_format(&x->f,
                          "{ id = \"r\"; action = \"deny\"; end_use = [ \"military\" ]; from = "
                          "\"2026-01-02\"; mistaken_civil = %.2f; mistaken_action = \"deny\"; }",
                          share[i]));
        assert_binomial(count(x, MDL_CIVIL, says_denied), share[i]);
        assert_int_equal(count(x, MDL_CIVIL, says_licence), 0);
    }
}

static void test_gate_judge__who_is_mistaken_at_a_low_rate_is_at_a_higher(void **state)
{
    struct gates *x = *state, y;
    struct mdl_shipment s =
        gates_shipment(x, gates_lane(x, 0, 1, 0, "car"), MDL_CIVIL, "2026-02-01");
    const char *rule = "{ id = \"r\"; action = \"deny\"; end_use = [ \"military\" ]; from = "
                       "\"2026-01-02\"; mistaken_action = \"deny\"; mistaken_civil = %s; }";
    int low = 0, high = 0;

    gates_rules(x, fix_format(&x->f, rule, "0.1"));
    y = *x;
    gates_rules(&y, fix_format(&x->f, rule, "0.3"));
    for (int i = 0; i < DRAWS; i++) {
        int a, b;

        s.placed = i;
        a = denied(x, &s);
        b = denied(&y, &s);
        assert_true(b >= a);
        low += a;
        high += b;
    }
    assert_true(low > 0 && high > low);
    x->f = y.f; /* holds what both readings took */
}

static void test_gate_judge__so_many_shipments_are_inspected(void **state)
{
    static const double share[] = {0, 0.2, 1};
    struct gates *x = *state;

    for (size_t i = 0; i < sizeof share / sizeof *share; i++) {
        gates_rules(x, fix_format(&x->f,
                                  "{ id = \"r\"; action = \"inspect\"; delay_d = 3.0; from = "
                                  "\"2026-01-02\"; share = %.2f; }",
                                  share[i]));
        assert_binomial(count(x, MDL_CIVIL, says_inspect), share[i]);
    }
}

static void test_gate_judge__draws_of_two_runs_seeds_and_buyers_are_independent(void **state)
{
    struct gates *x = *state;
    const struct mdl_lane *here = gates_lane(x, 0, 1, 0, "car"),
                          *there = gates_lane(x, 0, 1, 1, "car");
    struct mdl_shipment s = gates_shipment(x, here, MDL_CIVIL, "2026-02-01"), t = s;
    struct mdl_verdict v, w;

    gates_rules(x,
                "{ id = \"a\"; action = \"inspect\"; delay_d = 3.0; from = \"2026-01-02\"; share = "
                "0.5; }");
    for (int k = 0; k < 3; k++) {
        int both = 0;

        for (int i = 0; i < DRAWS; i++) {
            s.placed = t.placed = i;
            t.run = s.run + (k == 0);
            t.seed = s.seed + (k == 1);
            t.lane = k == 2 ? there : here;
            mdl_gate_judge(&x->g, NULL, &s, &v);
            mdl_gate_judge(&x->g, NULL, &t, &w);
            both += v.n_ask && w.n_ask;
        }
        assert_binomial(both, 0.25);
    }
}

static void test_gate_judge__draws_of_two_rules_are_independent(void **state)
{
    struct gates *x = *state;
    struct mdl_shipment s =
        gates_shipment(x, gates_lane(x, 0, 1, 0, "car"), MDL_CIVIL, "2026-02-01");
    struct mdl_verdict v;
    int both = 0;

    gates_rules(x,
                "{ id = \"a\"; action = \"inspect\"; delay_d = 3.0; from = \"2026-01-02\"; share = "
                "0.5; }, { id = \"b\"; action = \"inspect\"; delay_d = 3.0; from = \"2026-01-02\"; "
                "share = 0.5; }");
    for (int i = 0; i < DRAWS; i++) {
        s.placed = i;
        mdl_gate_judge(&x->g, NULL, &s, &v);
        both += v.n_ask == 2;
    }
    assert_binomial(both, 0.25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_gate_judge__a_rule_begins_on_from_and_ends_before_until, gates_set_up,
            gates_tear_down),
        cmocka_unit_test_setup_teardown(test_gate_judge__a_suspension_ends_before_its_until,
                                        gates_set_up, gates_tear_down),
        cmocka_unit_test_setup_teardown(
            test_gate_judge__a_rule_from_before_the_start_holds_all_through_the_warm_up,
            gates_set_up, gates_tear_down),
        cmocka_unit_test_setup_teardown(test_gate_judge__a_rule_of_no_length_never_holds,
                                        gates_set_up, gates_tear_down),
        cmocka_unit_test_setup_teardown(test_gate_judge__grace_is_for_orders_from_before_and_ends,
                                        gates_set_up, gates_tear_down),
        cmocka_unit_test_setup_teardown(test_gate_version__changes_whenever_a_verdict_may,
                                        gates_set_up, gates_tear_down),
        cmocka_unit_test_setup_teardown(test_gate_judge__matches_origin_and_destination,
                                        gates_set_up, gates_tear_down),
        cmocka_unit_test_setup_teardown(test_gate_judge__matches_lists_by_code_heading_and_product,
                                        gates_set_up, gates_tear_down),
        cmocka_unit_test_setup_teardown(test_gate_judge__matches_end_use, gates_set_up,
                                        gates_tear_down),
        cmocka_unit_test_setup_teardown(test_gate_judge__matches_entities_and_what_they_own,
                                        gates_set_up, gates_tear_down),
        cmocka_unit_test_setup_teardown(test_gate_judge__denial_beats_all_and_requirements_add_up,
                                        gates_set_up, gates_tear_down),
        cmocka_unit_test_setup_teardown(test_gate_judge__a_rule_that_does_not_exist_asks_nothing,
                                        gates_set_up, gates_tear_down),
        cmocka_unit_test_setup_teardown(test_gate_judge__an_undertaking_binds_civil_goods_only,
                                        gates_set_up, gates_tear_down),
        cmocka_unit_test_setup_teardown(test_gate_judge__so_many_civil_orders_are_mistaken,
                                        gates_set_up, gates_tear_down),
        cmocka_unit_test_setup_teardown(
            test_gate_judge__who_is_mistaken_at_a_low_rate_is_at_a_higher, gates_set_up,
            gates_tear_down),
        cmocka_unit_test_setup_teardown(test_gate_judge__so_many_shipments_are_inspected,
                                        gates_set_up, gates_tear_down),
        cmocka_unit_test_setup_teardown(
            test_gate_judge__draws_of_two_runs_seeds_and_buyers_are_independent, gates_set_up,
            gates_tear_down),
        cmocka_unit_test_setup_teardown(test_gate_judge__draws_of_two_rules_are_independent,
                                        gates_set_up, gates_tear_down)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
