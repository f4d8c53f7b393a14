#include "models/explain.h"
#include "models/gate.h"
#include "tests/models/fixture.h"

/* The toy with companies that own each other, lists of all kinds, and a lane from CN to JP. */
struct desk {
    struct fix f;
    struct mdl_network n;
    struct mdl_scenario s;
    struct mdl_question q;
    struct mdl_explanation e;
};

static void network(struct desk *x)
{
    struct fix *f = &x->f;

    fix_toy(f);
    fix_table(f, MDL_ENTITIES,
              "id,name,country,parent,parent_share,military_share\n"
              "top,Top,JP,,1,0\n"
              "child,Child,JP,top,0.6,0.25\n"
              "grandchild,Grandchild,JP,child,0.5,0\n"
              "maker,Maker,CN,,1,0\n"
              "trader,Trader,SG,,1,0\n");
    fix_table(f, MDL_LISTS,
              "list,kind,value,probability\n"
              "codes,code,1C904,1\n"
              "cars,product,car,0.25\n"
              "motors,category,3A,1\n"
              "tops,entity,top,1\n"
              "children,entity,child,0.5\n"
              "makers,entity,maker,1\n"
              "bloc,country,JP,1\n"
              "bloc,country,SG,1\n");
    fix_table(f, MDL_CATALOGUE, "category,name,entries\n3A,Electronics,40\n");
    fix_table(f, MDL_ELEMENTS, "element,name,value_usd_kg\ndy,Dysprosium,250\nnd,Neodymium,80\n");
    fix_set(f, MDL_PRODUCTS, "motor", "category", "3A");
    fix_set(f, MDL_SITES, "cn.mag", "entity", "maker");
    fix_set(f, MDL_SITES, "jp.motor", "entity", "child");
    fix_set(f, MDL_SITES, "jp.def", "entity", "grandchild");
    fix_set(f, MDL_SITES, "jp.motor", "military_share", "0.1");
    fix_network_ok(f, &x->n);
}

static int32_t day(const char *text)
{
    int32_t d;

    assert_int_equal(sim_date_parse(&d, text), 0);
    return d;
}

static uint32_t site(const struct desk *x, const char *id)
{
    uint32_t s = mdl_network_site(&x->n, id);

    assert_true(s != UINT32_MAX);
    return s;
}

/* 1,000 kg of magnets from CN to the motor maker in JP, civil, ordered and ready on 2026-02-01. */
static void usual(struct desk *x)
{
    x->q = (struct mdl_question){.from = site(x, "cn.mag"),
                                 .to = site(x, "jp.motor"),
                                 .product = mdl_network_product(&x->n, "magnet"),
                                 .use = MDL_CIVIL,
                                 .quantity = INT64_C(1000) * 1000000,
                                 .day = day("2026-02-01"),
                                 .placed = day("2026-02-01")};
}

static int set_up(void **state)
{
    struct desk *x = calloc(1, sizeof *x);

    if (x == NULL)
        return -1;
    network(x);
    usual(x);
    *state = x;
    return 0;
}

static int tear_down(void **state)
{
    struct desk *x = *state;

    fix_free(&x->f);
    free(x);
    return 0;
}

/* Reads rules, and what else the scenario holds, and explains the question by them. */
static void explain_with(struct desk *x, const char *rules, const char *more)
{
    struct fix *f = &x->f;
    struct sim_tree *tree;
    const char *all = fix_format(
        f,
        "title = \"t\"; network = \"toy\"; start = \"2026-01-01\";\n"
        "offices = ( { id = \"o\"; name = \"Office\"; review_d = 10; approval = 0.9; },\n"
        "            { id = \"w\"; country = \"CN\"; review_d = 10; working_days = true;\n"
        "              reviewers = 3; limit_d = 30.0; } );\n"
        "rules = ( %s );\n%s",
        rules, more);

    sim_err_free(&f->err);
    if (sim_tree_parse(&tree, &f->a, "t.cfg", all, strlen(all), &f->err) != 0 ||
        mdl_scenario_read(&x->s, &f->a, "t", tree, &f->err) != 0 ||
        mdl_scenario_link(&x->s, &f->a, &x->n, &f->err) != 0)
        fail_msg("%s", f->err.text);
    mdl_explain(&x->e, &f->a, &x->s, &x->n, &x->q);
}

static void explain(struct desk *x, const char *rules)
{
    explain_with(x, rules, "");
}

/* One rule that refuses from 2026-01-02 on, with these keys. */
static const struct mdl_finding *one(struct desk *x, const char *keys)
{
    explain(
        x, fix_format(&x->f, "{ id = \"r\"; action = \"deny\"; from = \"2026-01-02\"; %s }", keys));
    return &x->e.way.rule[0];
}

/* ---- the reasons ---- */

/* The rule does not meet the question, for this reason, in these words. */
static void assert_no(const struct desk *x, const struct mdl_finding *f, int reason,
                      const char *why)
{
    assert_string_equal(f->why, why);
    assert_int_equal(f->reason, reason);
    assert_true(f->chance <= 0);
    assert_string_equal(f->asks, "");
    assert_int_equal(x->e.way.possibly.denied, 0);
    assert_int_equal(x->e.way.surely.denied, 0);
}

static void test_explain__a_rule_is_not_announced_or_not_in_force(void **state)
{
    struct desk *x = *state;

    x->q.day = day("2026-01-09");
    explain(x, "{ id = \"r\"; action = \"deny\"; announced = \"2026-01-10\"; from = "
               "\"2026-01-20\"; }");
    assert_no(x, &x->e.way.rule[0], MDL_NOT_ANNOUNCED,
              "date: not announced yet; announced on 2026-01-10, in force from 2026-01-20");
    x->q.day = day("2026-01-10");
    mdl_explain(&x->e, &x->f.a, &x->s, &x->n, &x->q);
    assert_no(x, &x->e.way.rule[0], MDL_NOT_IN_FORCE,
              "date: announced on 2026-01-10, but not in force until 2026-01-20");
    x->q.day = day("2026-01-20");
    mdl_explain(&x->e, &x->f.a, &x->s, &x->n, &x->q);
    assert_int_equal(x->e.way.rule[0].reason, MDL_MEETS);
}

static void test_explain__a_rule_from_before_the_start_is_settled_practice(void **state)
{
    struct desk *x = *state;

    x->q.day = day("2025-06-01");
    explain(x, "{ id = \"r\"; action = \"deny\"; from = \"2026-01-01\"; }");
    assert_int_equal(x->e.way.rule[0].reason, MDL_MEETS);
    assert_int_equal(x->e.way.surely.denied, 1);
}

static void test_explain__a_rule_has_ended_or_is_suspended(void **state)
{
    struct desk *x = *state;

    assert_no(x, one(x, "until = \"2026-02-01\";"), MDL_NOT_ANY_MORE,
              "date: ended; no longer in force from 2026-02-01");
    assert_int_equal(one(x, "until = \"2026-02-02\";")->reason, MDL_MEETS);
    assert_no(x, one(x, "until = \"2026-01-02\";"), MDL_NOT_ANY_MORE,
              "date: never in force; it ends on 2026-01-02, the day it begins");
    assert_no(x, one(x, "suspended_from = \"2026-02-01\"; suspended_until = \"2026-02-02\";"),
              MDL_NOT_SUSPENDED, "date: suspended from 2026-02-01 until 2026-02-02");
    assert_int_equal(
        one(x, "suspended_from = \"2026-01-20\"; suspended_until = \"2026-02-01\";")->reason,
        MDL_MEETS);
}

static void test_explain__a_rule_is_for_other_countries(void **state)
{
    struct desk *x = *state;

    assert_no(x, one(x, "origin = [ \"SG\", \"JP\" ];"), MDL_NOT_ORIGIN,
              "origin: the goods leave CN, the rule is for SG, JP");
    assert_no(x, one(x, "destination = [ \"!bloc\" ];"), MDL_NOT_DESTINATION,
              "destination: the goods go to JP, the rule is for !bloc");
    assert_int_equal(one(x, "origin = [ \"CN\" ]; destination = [ \"bloc\" ];")->reason, MDL_MEETS);
    x->q.from = site(x, "jp.car");
    assert_no(x, one(x, ""), MDL_NOT_BORDER,
              "border: the goods stay in JP; rules meet what crosses a border");
}

static void test_explain__a_rule_is_for_other_goods(void **state)
{
    struct desk *x = *state;

    assert_no(x, one(x, "list = \"cars\";"), MDL_NOT_LIST,
              "goods: magnet (code 1C905, 1C904; heading 850511; category none) is not on the list "
              "cars");
    assert_no(x, one(x, "hs = [ \"8506\", \"84\" ];"), MDL_NOT_HEADING,
              "heading: magnet has the customs heading 850511, the rule is for 8506, 84");
    assert_int_equal(one(x, "list = \"codes\"; hs = [ \"8505\" ];")->reason, MDL_MEETS);
    assert_string_equal(x->e.way.rule[0].why, "in force since 2026-01-02; magnet is on the list "
                                              "codes by code 1C904; customs heading 850511");
}

static void test_explain__a_rule_is_for_another_end_use(void **state)
{
    struct desk *x = *state;

    assert_no(x, one(x, "end_use = [ \"military\" ];"), MDL_NOT_USE,
              "end use: civil, the rule is for military");
    x->q.use = MDL_MILITARY;
    assert_no(x, one(x, "end_use = [ \"civil\" ];"), MDL_NOT_USE,
              "end use: military, the rule is for civil");
    assert_no(x, one(x, "end_use = [ \"civil\" ]; mistaken_civil = 1.0; office = \"o\";"),
              MDL_NOT_USE, "end use: military, the rule is for civil");
}

static void test_explain__a_firm_is_not_on_the_list(void **state)
{
    struct desk *x = *state;

    assert_no(x, one(x, "entity_list = \"makers\";"), MDL_NOT_BUYER,
              "buyer: Child (child) is not on the list makers, nor owned by a firm that is");
    assert_no(x, one(x, "exporter_list = \"tops\";"), MDL_NOT_EXPORTER,
              "exporter: Maker (maker) is not on the list tops, nor owned by a firm that is");
    x->q.to = site(x, "jp.car");
    assert_no(x, one(x, "entity_list = \"tops\";"), MDL_NOT_BUYER,
              "buyer: jp.car is run by no company that the list tops could name");
    x->q.to = site(x, "jp.def");
    assert_no(
        x, one(x, "entity_list = \"tops\";"), MDL_NOT_BUYER,
        "buyer: Grandchild (grandchild), owned 50 % by Child (child), owned 60 % by Top (top), "
        "on the list tops, but to 30 % in all, and the rule wants 50 %");
    assert_int_equal(one(x, "entity_list = \"tops\"; ownership_min = 0.3;")->reason, MDL_MEETS);
    assert_string_equal(x->e.way.rule[0].why,
                        "in force since 2026-01-02; buyer Grandchild (grandchild), owned 50 % by "
                        "Child (child), owned 60 % by Top (top), on the list tops");
}

static void test_explain__a_buyer_or_an_order_is_too_small(void **state)
{
    struct desk *x = *state;

    assert_no(x, one(x, "military_share_min = 0.26;"), MDL_NOT_MILITARY_SHARE,
              "military share: 25 % of the buyer's business is military, the rule wants 26 %");
    assert_int_equal(one(x, "military_share_min = 0.25;")->reason, MDL_MEETS);
    assert_no(x, one(x, "order_usd_min = 80001.0;"), MDL_NOT_VALUE,
              "value: the order is worth 80,000 USD, the rule wants 80,001 USD");
    assert_int_equal(one(x, "order_usd_min = 80000.0;")->reason, MDL_MEETS);
    assert_no(x, one(x, "order_quantity_min = 1000.5;"), MDL_NOT_QUANTITY,
              "quantity: the order is for 1,000 kg, the rule wants 1,000");
    assert_int_equal(one(x, "order_quantity_min = 1000.0;")->reason, MDL_MEETS);
}

#define CN "content_origin = [ \"CN\" ]; "

static void test_explain__goods_contain_too_little(void **state)
{
    /* dy, then nd: mined in CN; not separated, separated in CN */
    static const double share[] = {1, 0.25, 0.75, 1, 1, 0};
    struct desk *x = *state;
    const struct mdl_product *p = &x->n.product[x->q.product];
    int dy = mdl_network_element(&x->n, "dy");

    assert_int_equal(mdl_network_width(&x->n, p), 6);
    FIX_NEAR(p->el_g[dy], 16.4, 1e-9); /* 0.02 x 870 g, less what the swarf holds */
    x->q.share = share;
    assert_no(x, one(x, "content_elements = [ \"dy\" ]; " CN "content_g = 12.4;"), MDL_NOT_CONTENT,
              "content: contains too little: 12.3 g in one kg of dy of CN, the rule wants 12.4 g");
    assert_int_equal(one(x, "content_elements = [ \"dy\" ]; " CN "content_g = 12.2;")->reason,
                     MDL_MEETS);
    assert_int_equal(one(x, "content_elements = [ \"dy\" ]; content_g = 16.4;")->reason, MDL_MEETS);
    /* 12.3 g x 250 USD/kg of 80 USD */
    assert_no(x, one(x, "content_elements = [ \"dy\", \"nd\" ]; " CN "content_share = 0.04;"),
              MDL_NOT_CONTENT,
              "content: contains too little: 3.84 % of its value in dy, nd of CN, the rule wants 4 "
              "%");
    assert_int_equal(one(x, "content_elements = [ \"dy\" ]; " CN "content_share = 0.038;")->reason,
                     MDL_MEETS);
    assert_string_equal(x->e.way.rule[0].why, "in force since 2026-01-02; contains 12.3 g of dy of "
                                              "CN in one kg, 3.84 % of its value");
    assert_no(x, one(x, "content_elements = [ \"nd\" ]; " CN), MDL_NOT_CONTENT,
              "content: contains no nd of CN");
    x->q.share = NULL; /* it may come from anywhere */
    assert_int_equal(one(x, "content_elements = [ \"nd\" ];")->reason, MDL_MEETS);
}

static void test_explain__an_order_has_grace_or_nobody_was_caught(void **state)
{
    struct desk *x = *state;

    x->q.placed = day("2026-01-01");
    assert_no(x, one(x, "grace_d = 31.0;"), MDL_NOT_GRACE,
              "grace: ordered on 2026-01-01, before it came into force; such orders pass until "
              "2026-02-02");
    assert_int_equal(one(x, "grace_d = 30.0;")->reason, MDL_MEETS);
    assert_no(x, one(x, "caught_only = true;"), MDL_NOT_CAUGHT,
              "caught: only buyers listed for a diversion or a detour that was found out, and this "
              "one is not");
    x->q.caught = 1;
    assert_int_equal(one(x, "caught_only = true;")->reason, MDL_MEETS);
}

static void test_explain__what_is_asked_is_not_waited_for_in_the_days_of_grace(void **state)
{
    static const char rule[] = "{ id = \"r\"; action = \"licence\"; office = \"o\"; from = "
                               "\"2026-01-20\"; grace_d = %d.0; }";
    struct desk *x = *state;

    x->q.placed = day("2026-01-19");
    explain(x, fix_format(&x->f, rule, 13));
    assert_int_equal(x->e.way.rule[0].reason, MDL_MEETS);
    assert_int_equal(x->e.way.surely.n_ask, 1);
    assert_int_equal(x->e.way.surely.ask[0].from, day("2026-02-02"));
    assert_non_null(strstr(x->e.way.rule[0].asks,
                           "grace: ordered before it came into force, so the "
                           "goods may leave without it until 2026-02-02"));
    FIX_NEAR(x->e.course.least_d, 2 + 7, 1e-9);
    FIX_NEAR(x->e.course.granted, 1, 0);
    explain(x, fix_format(&x->f, rule, 12));
    assert_int_equal(x->e.way.surely.ask[0].from, SIM_DAY_NONE);
    FIX_NEAR(x->e.course.least_d, 10 + 2 + 7, 1e-9);
}

static void test_explain__of_several_reasons_the_first_is_told(void **state)
{
    struct desk *x = *state;

    assert_int_equal(
        one(x, "until = \"2026-01-20\"; origin = [ \"JP\" ]; list = \"cars\";")->reason,
        MDL_NOT_ANY_MORE);
    assert_int_equal(one(x, "origin = [ \"JP\" ]; list = \"cars\";")->reason, MDL_NOT_ORIGIN);
    assert_int_equal(one(x, "list = \"cars\"; entity_list = \"makers\";")->reason, MDL_NOT_LIST);
}

/* ---- chances ---- */

static void test_explain__what_is_uncertain_multiplies(void **state)
{
    struct desk *x = *state;

    assert_string_equal(one(x, "")->chances, "");
    FIX_NEAR(one(x, "probability = 0.3;")->chance, 0.3, 0);
    assert_string_equal(x->e.way.rule[0].chances, "30 %: the rule exists (30 %)");
    assert_int_equal(x->e.way.surely.denied, 0);
    assert_int_equal(x->e.way.possibly.denied, 1);
    FIX_NEAR(x->e.way.refused, 0.3, 1e-12);
    FIX_NEAR(one(x, "probability = 0.4; entity_list = \"children\";")->chance, 0.2, 1e-12);
    assert_string_equal(x->e.way.rule[0].chances,
                        "20 %: the rule exists (40 %), the buyer is on its list (50 %)");
    x->q.product = mdl_network_product(&x->n, "car");
    FIX_NEAR(one(x, "list = \"cars\";")->chance, 0.25, 0);
    x->q.product = mdl_network_product(&x->n, "motor");
    FIX_NEAR(one(x, "list = \"motors\"; scope = 10;")->chance, 0.25, 0);
    assert_string_equal(x->e.way.rule[0].why,
                        "in force since 2026-01-02; motor is on the list motors by category 3A, of "
                        "whose entries it covers 10 without saying which");
}

static void test_explain__civil_orders_are_taken_for_military_ones(void **state)
{
    struct desk *x = *state;
    const struct mdl_finding *f =
        one(x, "end_use = [ \"military\" ]; mistaken_civil = 0.1; suspect_buyer = 0.2; "
               "mistaken_by_share = 4.0; office = \"o\";");

    assert_int_equal(f->reason, MDL_MEETS);
    FIX_NEAR(f->chance, 1 - 0.8 * 0.6, 1e-12); /* the buyer's share of 0.25 doubles both */
    assert_string_equal(
        f->chances, "52 %: the order is taken for a military one (52 %); the buyer is suspected "
                    "in 40 % of runs, a single order is mistaken with chance 20 %");
    assert_string_equal(f->asks, "if taken for a military one, a licence from Office (o): review "
                                 "about 10 d; 90 % are granted; filed with the order");
    assert_int_equal(x->e.way.possibly.n_ask, 1);
    assert_int_equal(x->e.way.surely.n_ask, 0);
    assert_int_equal(x->e.way.possibly.denied, 0);
    f = one(x, "end_use = [ \"military\" ]; mistaken_civil = 1.0; mistaken_action = \"deny\";");
    FIX_NEAR(f->chance, 1, 0);
    assert_int_equal(x->e.way.surely.denied, 1);
    x->q.use = MDL_MILITARY;
    f = one(x, "end_use = [ \"military\" ]; mistaken_civil = 0.1; office = \"o\";");
    FIX_NEAR(f->chance, 1, 0);
    assert_string_equal(f->asks, "refused");
}

/* ---- what rules ask ---- */

static void assert_asks(struct desk *x, const char *keys, int kind, double days, const char *asks)
{
    const struct mdl_verdict *v = &x->e.way.surely;

    explain(x, fix_format(&x->f, "{ id = \"r\"; from = \"2026-01-02\"; %s }", keys));
    assert_string_equal(x->e.way.rule[0].asks, asks);
    assert_int_equal(v->denied, 0);
    assert_int_equal(v->n_ask, 1);
    assert_int_equal(v->ask[0].kind, kind);
    assert_int_equal(v->ask[0].rule, 0);
    FIX_NEAR(v->ask[0].days, days, 1e-9);
}

static void test_explain__each_kind_says_what_it_asks(void **state)
{
    struct desk *x = *state;

    assert_asks(x, "action = \"licence\"; office = \"o\"; validity_d = 90.0;", MDL_NEED_LICENCE, 0,
                "a licence from Office (o): review about 10 d; 90 % are granted; good for 90 d; "
                "filed with the order");
    /* ten days of work from a Sunday on */
    assert_asks(
        x,
        "action = \"licence\"; office = \"w\"; approval = 0.5; apply_at = \"ready\"; "
        "general_after = 3;",
        MDL_NEED_LICENCE, 0,
        "a licence from w (w): review about 10 working days, 13 d on the calendar, after its "
        "queue; 50 % are granted; decided within 30 working days; filed when the goods are "
        "ready; 3 licences granted give the pair a general one for 365 d");
    assert_asks(x, "action = \"notify\"; delay_d = 12.0;", MDL_NEED_NOTICE, 12,
                "a notification with the order, then 12 d");
    assert_asks(x, "action = \"inspect\"; delay_d = 5.0; office = \"o\";", MDL_NEED_INSPECTION, 5,
                "inspection of 100 % of order lines, 5 d in the laboratory Office (o)");
    assert_asks(x, "action = \"inspect\"; delay_d = 6.0; office = \"w\";", MDL_NEED_INSPECTION, 6,
                "inspection of 100 % of order lines, 6 d in the laboratory w (w), after its queue");
    assert_asks(
        x,
        "action = \"quota\"; amount = 4000.0; measure = \"usd\"; period = \"quarter\"; per = "
        "\"exporter\"; allot = \"pro-rata\"; carry_over = 0.5;",
        MDL_NEED_QUOTA, 0,
        "part of a quota: 4,000 USD a quarter, split by exporter, what is left in "
        "proportion; 50 % of what is left goes to the next quarter");
    explain(x, "{ id = \"r\"; from = \"2026-01-02\"; action = \"tax\"; rate = 0.15; }");
    assert_string_equal(x->e.way.rule[0].asks, "a tax of 15 % of the value, 12,000 USD for this "
                                               "order");
    assert_int_equal(x->e.way.surely.n_tax, 1);
    FIX_NEAR(x->e.way.surely.tax[0].rate, 0.15, 0);
    assert_string_equal(one(x, "")->asks, "refused");
    assert_int_equal(x->e.way.surely.denied, 1);
}

static void test_explain__a_share_is_inspected(void **state)
{
    struct desk *x = *state;

    explain(x, "{ id = \"r\"; from = \"2026-01-02\"; action = \"inspect\"; share = 0.2; delay_d = "
               "3.0; }");
    FIX_NEAR(x->e.way.rule[0].chance, 0.2, 0);
    assert_int_equal(x->e.way.surely.n_ask, 0);
    assert_int_equal(x->e.way.possibly.n_ask, 1);
    explain(x, "{ id = \"r\"; from = \"2026-01-02\"; action = \"inspect\"; share = 0.0; delay_d = "
               "3.0; }");
    assert_int_equal(x->e.way.possibly.n_ask, 0);
}

static void test_explain__pairs_on_a_list_have_a_general_licence_while_it_is_good(void **state)
{
    static const char rule[] =
        "{ id = \"r\"; action = \"licence\"; office = \"o\"; from = \"2026-01-02\"; general_list = "
        "\"makers\"; general_from = \"2026-01-22\"; general_d = %d.0; }";
    struct desk *x = *state;

    explain(x, fix_format(&x->f, rule, 11));
    assert_string_equal(x->e.way.rule[0].asks,
                        "a licence from Office (o); this pair has a general licence by the list "
                        "makers from 2026-01-22 until 2026-02-02");
    FIX_NEAR(x->e.course.step[0].days, 0, 0);
    FIX_NEAR(x->e.course.granted, 1, 0);
    explain(x, fix_format(&x->f, rule, 10));
    FIX_NEAR(x->e.course.step[0].days, 10, 0);
    FIX_NEAR(x->e.course.granted, 0.9, 1e-12);
}

static void test_explain__civil_goods_are_bound_by_a_rule_on_the_military(void **state)
{
    struct desk *x = *state;
    const struct mdl_finding *f = one(x, "end_use = [ \"military\" ]; undertaking = true;");

    assert_int_equal(f->reason, MDL_NOT_USE);
    assert_string_equal(f->also,
                        "civil goods that pass are promised to civil use and may not enter "
                        "military output");
    assert_int_equal(x->e.way.surely.civil_only, 1);
    assert_int_equal(x->e.way.surely.denied, 0);
    (void)one(x, "end_use = [ \"military\" ]; undertaking = true; probability = 0.5;");
    assert_int_equal(x->e.way.surely.civil_only, 0);
    assert_int_equal(x->e.way.possibly.civil_only, 1);
    (void)one(x, "end_use = [ \"military\" ]; undertaking = true; until = \"2026-02-01\";");
    assert_int_equal(x->e.way.possibly.civil_only, 0);
    x->q.use = MDL_MILITARY;
    (void)one(x, "undertaking = true;");
    assert_int_equal(x->e.way.possibly.civil_only, 0);
}

static void test_explain__an_announcement_has_effects(void **state)
{
    static const char rule[] =
        "{ id = \"r\"; action = \"deny\"; announced = \"2026-01-20\"; from = \"2026-02-10\"; "
        "end_use = [ \"military\" ]; decline = 0.3; decline_d = %d.0; hoard_d = 30.0; front_load = "
        "true; }";
    struct desk *x = *state;

    explain(x, fix_format(&x->f, rule, 13));
    assert_string_equal(
        x->e.way.rule[0].also,
        "the exporter takes no such order, with chance 30 %, placed from 2026-01-20 "
        "until 2026-02-02; buyers aim at 30 d more of cover since 2026-01-20; "
        "exporters serve such orders first until 2026-02-10");
    FIX_NEAR(x->e.way.rule[0].declined, 0.3, 0);
    assert_int_equal(x->e.way.possibly.declined, 1);
    assert_int_equal(x->e.way.surely.declined, 0);
    explain(x, fix_format(&x->f, rule, 12));
    FIX_NEAR(x->e.way.rule[0].declined, 0, 0);
    assert_non_null(strstr(x->e.way.rule[0].also, "until 2026-02-01 (this one was not)"));
}

/* ---- what happens in all ---- */

static void test_explain__papers_run_side_by_side_all_else_adds_up(void **state)
{
    struct desk *x = *state;
    const struct mdl_course *p = &x->e.course;

    explain(x, "{ id = \"a\"; from = \"2026-01-02\"; action = \"licence\"; office = \"o\"; },"
               "{ id = \"b\"; from = \"2026-01-02\"; action = \"notify\"; delay_d = 25.0; "
               "probability = 0.5; },"
               "{ id = \"c\"; from = \"2026-01-02\"; action = \"inspect\"; delay_d = 4.0; },"
               "{ id = \"d\"; from = \"2026-01-02\"; action = \"inspect\"; delay_d = 3.0; },"
               "{ id = \"e\"; from = \"2026-01-02\"; action = \"quota\"; amount = 1.0; },"
               "{ id = \"f\"; from = \"2026-01-02\"; action = \"licence\"; office = \"o\"; "
               "review_d = 20; approval = 0.8; }");
    assert_int_equal(p->n_step, 8);
    assert_int_equal(p->step[0].kind, MDL_STEP_PAPERS);
    assert_int_equal(p->step[2].rule, 5);
    assert_int_equal(p->step[3].kind, MDL_STEP_INSPECTION);
    assert_int_equal(p->step[5].kind, MDL_STEP_QUOTA);
    assert_int_equal(p->step[6].kind, MDL_STEP_CUSTOMS);
    assert_int_equal(p->step[7].kind, MDL_STEP_TRANSIT);
    FIX_NEAR(p->least_d, 20 + 4 + 3 + 2 + 7, 1e-9);
    FIX_NEAR(p->most_d, 25 + 4 + 3 + 2 + 7, 1e-9);
    FIX_NEAR(p->granted, 0.9 * 0.8, 1e-12);
    FIX_NEAR(x->e.way.refused, 0, 0);
    assert_int_equal(x->e.way.surely.n_ask, 5);
    assert_int_equal(x->e.way.possibly.n_ask, 6);
}

static void test_explain__goods_are_made_beside_papers_that_are_filed_with_the_order(void **state)
{
    static const char rule[] = "{ id = \"r\"; action = \"licence\"; office = \"o\"; from = "
                               "\"2026-01-02\"; apply_at = \"%s\"; file_d = %d; }";
    struct desk *x = *state;

    fix_set(&x->f, MDL_LANES, "cn.mag", "order_d", "15"); /* its first row: to jp.motor */
    fix_network_ok(&x->f, &x->n);
    usual(x);
    explain(x, fix_format(&x->f, rule, "order", 3));
    assert_int_equal(x->e.course.step[0].kind, MDL_STEP_ORDER);
    FIX_NEAR(x->e.course.step[1].days, 13, 1e-9);
    FIX_NEAR(x->e.course.least_d, 15 + 2 + 7, 1e-9);
    assert_string_equal(x->e.way.rule[0].asks,
                        "a licence from Office (o): review about 10 d; 90 % "
                        "are granted; filed with the order after 3 d for the "
                        "papers of the end user");
    explain(x, fix_format(&x->f, rule, "order", 8));
    FIX_NEAR(x->e.course.least_d, 18 + 2 + 7, 1e-9);
    explain(x, fix_format(&x->f, rule, "ready", 8));
    FIX_NEAR(x->e.course.least_d, 15 + 18 + 2 + 7, 1e-9);
}

static void test_explain__two_sites_without_a_lane_are_explained_all_the_same(void **state)
{
    struct desk *x = *state;

    x->q.to = site(x, "jp.car");
    assert_string_equal(one(x, "destination = [ \"JP\" ];")->asks, "refused");
    assert_true(x->e.lane == UINT32_MAX);
    assert_int_equal(x->e.course.n_step, 0);
    usual(x);
    assert_string_equal(one(x, "destination = [ \"JP\" ];")->asks, "refused");
    assert_string_equal(x->n.lane[x->e.lane].id, "cn.mag~jp.motor~magnet");
}

static void test_explain__detours_are_explained_leg_by_leg(void **state)
{
    static const char detour[] =
        "detours = ( { id = \"d\"; from = \"2026-01-01\"; destination = [ \"JP\" ]; via = \"SG\"; "
        "share = 0.2; extra_d = 10; cost_share = 0.1; seizure = 0.05; } );";
    static const char rules[] = "{ id = \"a\"; action = \"deny\"; from = \"2026-01-02\"; "
                                "destination = [ \"JP\" ]; origin = "
                                "[ \"CN\" ]; },"
                                "{ id = \"b\"; action = \"notify\"; delay_d = 5.0; from = "
                                "\"2026-01-02\"; origin = [ \"SG\" "
                                "]; },"
                                "{ id = \"c\"; action = \"deny\"; from = \"2026-01-02\"; "
                                "entity_list = \"tops\"; origin = [ "
                                "\"CN\" ]; caught_only = true; }";
    struct desk *x = *state;
    const struct mdl_bypass *b;

    x->q.caught = 1;
    explain_with(x, rules, detour);
    assert_int_equal(x->e.way.surely.denied, 1);
    assert_int_equal(x->e.n_bypass, 1);
    b = &x->e.bypass[0];
    assert_string_equal(
        b->text, "20 % of orders that rules refuse try a trader in SG: 10 d more; 10 % of the "
                 "value more; seized with chance 5 %, and the buyer is listed 30 d "
                 "later");
    assert_int_equal(b->leg[0].rule[0].reason, MDL_NOT_DESTINATION);
    assert_int_equal(b->leg[0].rule[2].reason, MDL_NOT_BUYER);
    assert_non_null(strstr(b->leg[0].rule[2].why, "a trader in between, whom no list names"));
    assert_int_equal(b->leg[0].possibly.n_ask, 0);
    assert_int_equal(b->leg[1].rule[0].reason, MDL_NOT_ORIGIN);
    assert_int_equal(b->leg[1].surely.n_ask, 1);
    FIX_NEAR(b->course.least_d, 5 + 2 + 7 + 10, 1e-9);
    x->q.use = MDL_MILITARY; /* declared civil on the way to the trader */
    explain_with(
        x, "{ id = \"a\"; action = \"deny\"; from = \"2026-01-02\"; end_use = [ \"military\" ]; }",
        detour);
    assert_int_equal(x->e.bypass[0].leg[0].surely.denied, 0);
    assert_int_equal(x->e.bypass[0].leg[1].surely.denied, 1);
    explain_with(x, "", detour); /* nothing refuses */
    assert_int_equal(x->e.n_bypass, 0);
}

/* ---- beside the gate ---- */

static void test_explain__the_gate_says_the_same(void **state)
{
    struct desk *x = *state;
    struct sim_err err = SIM_ERR_INIT;
    struct mdl_shipment s;
    struct mdl_verdict v;
    struct mdl_gate g;

    explain(x, "{ id = \"a\"; from = \"2026-01-02\"; action = \"licence\"; office = \"o\"; },"
               "{ id = \"b\"; from = \"2026-01-02\"; action = \"notify\"; delay_d = 25.0; list = "
               "\"codes\"; },"
               "{ id = \"c\"; from = \"2026-01-02\"; action = \"deny\"; list = \"cars\"; },"
               "{ id = \"d\"; from = \"2026-01-02\"; action = \"inspect\"; delay_d = 3.0; "
               "entity_list = \"tops\"; undertaking = true; },"
               "{ id = \"e\"; from = \"2026-01-02\"; action = \"deny\"; hs = [ \"85\" ]; }");
    assert_int_equal(mdl_gate_init(&g, &x->f.a, &x->s, &x->n, &err), 0);
    s = (struct mdl_shipment){.net = &x->n,
                              .lane = &x->n.lane[x->e.lane],
                              .use = x->q.use,
                              .quantity = x->q.quantity,
                              .day = x->q.day,
                              .placed = x->q.placed};
    mdl_gate_judge(&g, NULL, &s, &v);
    assert_int_equal(v.denied, 5);
    assert_int_equal(x->e.way.surely.denied, 5);
    assert_int_equal(v.n_ask, 3);
    assert_int_equal(x->e.way.surely.n_ask, 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(v.ask[i].rule, x->e.way.surely.ask[i].rule);
        assert_int_equal(v.ask[i].kind, x->e.way.surely.ask[i].kind);
        FIX_NEAR(v.ask[i].days, x->e.way.surely.ask[i].days, 1e-9);
    }
    assert_int_equal(v.civil_only, 1);
    assert_int_equal(x->e.way.surely.civil_only, 1);
    sim_err_free(&err);
}

/* ---- numbers for people ---- */

static void test_explain_number__has_three_digits_or_commas(void **state)
{
    char to[MDL_NUMBER];

    (void)state;
    assert_string_equal(mdl_explain_number(0.0151, to), "0.0151");
    assert_string_equal(mdl_explain_number(999.4, to), "999");
    assert_string_equal(mdl_explain_number(999.6, to), "1,000");
    assert_string_equal(mdl_explain_number(1234567, to), "1,234,567");
    assert_string_equal(mdl_explain_number(-12345, to), "-12,345");
    assert_string_equal(mdl_explain_percent(0.025, to), "2.5 %");
    assert_string_equal(mdl_explain_days(8.44, to), "8.4");
    assert_string_equal(mdl_explain_days(17.02, to), "17");
    assert_string_equal(mdl_explain_days(145.6, to), "146");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_explain__a_rule_is_not_announced_or_not_in_force),
        TEST(test_explain__a_rule_from_before_the_start_is_settled_practice),
        TEST(test_explain__a_rule_has_ended_or_is_suspended),
        TEST(test_explain__a_rule_is_for_other_countries),
        TEST(test_explain__a_rule_is_for_other_goods),
        TEST(test_explain__a_rule_is_for_another_end_use),
        TEST(test_explain__a_firm_is_not_on_the_list),
        TEST(test_explain__a_buyer_or_an_order_is_too_small),
        TEST(test_explain__goods_contain_too_little),
        TEST(test_explain__an_order_has_grace_or_nobody_was_caught),
        TEST(test_explain__what_is_asked_is_not_waited_for_in_the_days_of_grace),
        TEST(test_explain__goods_are_made_beside_papers_that_are_filed_with_the_order),
        TEST(test_explain__of_several_reasons_the_first_is_told),
        TEST(test_explain__what_is_uncertain_multiplies),
        TEST(test_explain__civil_orders_are_taken_for_military_ones),
        TEST(test_explain__each_kind_says_what_it_asks),
        TEST(test_explain__a_share_is_inspected),
        TEST(test_explain__pairs_on_a_list_have_a_general_licence_while_it_is_good),
        TEST(test_explain__civil_goods_are_bound_by_a_rule_on_the_military),
        TEST(test_explain__an_announcement_has_effects),
        TEST(test_explain__papers_run_side_by_side_all_else_adds_up),
        TEST(test_explain__two_sites_without_a_lane_are_explained_all_the_same),
        TEST(test_explain__detours_are_explained_leg_by_leg),
        TEST(test_explain__the_gate_says_the_same),
        TEST(test_explain_number__has_three_digits_or_commas)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
