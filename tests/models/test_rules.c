#include "tests/models/gates.h"

/* What a rule matches: every key, two rules at a time, on the days at the edges of both. Rule a
 * refuses from 10 February to 9 March, rule b asks for a notice from 1 to 31 March, so that they
 * overlap for nine days. The network is that of gates.h. */

#define A_DATES "from = \"2026-02-10\"; until = \"2026-03-10\"; "
#define B_DATES "from = \"2026-03-01\"; until = \"2026-04-01\"; "

/* The day before, the first, the last and the day after, of either rule: which are in force? */
static const struct {
    const char *day;
    int a, b;
} edge[] = {{"2026-02-09", 0, 0}, {"2026-02-10", 1, 0}, {"2026-02-28", 1, 0}, {"2026-03-01", 1, 1},
            {"2026-03-09", 1, 1}, {"2026-03-10", 0, 1}, {"2026-03-31", 0, 1}, {"2026-04-01", 0, 0}};
enum { EDGES = sizeof edge / sizeof *edge };

/* Reads the two rules with these keys. */
static void read_two(struct gates *x, const char *a, const char *b)
{
    gates_rules(x, fix_format(&x->f,
                              "{ id = \"a\"; action = \"deny\"; " A_DATES "%s },\n"
                              "{ id = \"b\"; action = \"notify\"; delay_d = 3.0; " B_DATES "%s }",
                              a, b));
}

/* On each of the days: does each rule meet the shipment just when it is in force and matches? */
static void assert_edges(const struct gates *x, const struct mdl_world *w, struct mdl_shipment s,
                         int a, int b, const char *what)
{
    for (int i = 0; i < EDGES; i++) {
        struct mdl_verdict v;

        s.day = s.placed = gates_day(edge[i].day);
        mdl_gate_judge(&x->g, w, &s, &v);
        if ((v.denied == 1) != (a && edge[i].a) || v.denied > 1)
            fail_msg("%s: on %s rule a says %d", what, edge[i].day, v.denied);
        if (v.n_ask != (b && edge[i].b) || (v.n_ask == 1 && v.ask[0].rule != 1))
            fail_msg("%s: on %s rule b asks %d", what, edge[i].day, v.n_ask);
        FIX_NEAR(gates_days(&v), v.n_ask ? 3 : 0, 0);
    }
}

/* ---- keys that need no chance ---- */

struct row {
    const char *a, *b; /* keys of the two rules */
    int from, to, owner;
    const char *product;
    int use;
    double units;
    int caught;
    int a_matches, b_matches;
};

enum { CN, JP, US, DE };
enum { NONE, TOP, CHILD, GRANDCHILD, OTHER };
#define CIVIL 0
#define MILITARY 1

#define ORIGIN "origin = [ \"CN\", \"JP\" ];", "origin = [ \"!CN\" ];"
#define GROUP "destination = [ \"allies\" ];", "destination = [ \"!allies\" ];"
#define LESS                                                                                       \
    "destination = [ \"allies\", \"!US\" ];", "destination = [ \"DE\", \"!allies\", \"US\" ];"
#define LISTS "list = \"chapter\";", "list = \"codes\";"
#define HEADING "hs = [ \"8505\", \"87\" ];", "list = \"chapter\"; hs = [ \"850511\" ];"
#define OWNED                                                                                      \
    "entity_list = \"owners\"; ownership_min = 0.56;",                                             \
        "entity_list = \"owners\"; ownership_min = 0.57;"
#define HALF "entity_list = \"owners\";", "entity_list = \"owners\"; ownership_min = 0.81;"
#define SELLERS "exporter_list = \"makers\";", "exporter_list = \"makers\"; ownership_min = 0.51;"
#define ARMS "military_share_min = 0.3;", "military_share_min = 0.31;"
#define VALUE "order_usd_min = 100000.0;", "order_usd_min = 100000.5;"
#define NUMBER "order_quantity_min = 4.0;", "order_quantity_min = 4.000001;"
#define CAUGHT "caught_only = true;", "caught_only = false;"
#define USE "end_use = [ \"military\" ];", "end_use = [ \"civil\" ];"
#define BOTH "end_use = [ \"military\", \"civil\" ];", "end_use = [ ];"

static const struct row rows[] = {
    {ORIGIN, CN, JP, NONE, "car", CIVIL, 1, 0, 1, 0},
    {ORIGIN, JP, CN, NONE, "car", CIVIL, 1, 0, 1, 1},
    {ORIGIN, US, JP, NONE, "car", CIVIL, 1, 0, 0, 1},
    {ORIGIN, JP, JP, NONE, "car", CIVIL, 1, 0, 0, 0}, /* no border */
    {GROUP, CN, JP, NONE, "car", CIVIL, 1, 0, 1, 0},
    {GROUP, CN, US, NONE, "car", CIVIL, 1, 0, 1, 0},
    {GROUP, CN, DE, NONE, "car", CIVIL, 1, 0, 0, 1},
    {GROUP, JP, CN, NONE, "car", CIVIL, 1, 0, 0, 1},
    {LESS, CN, JP, NONE, "car", CIVIL, 1, 0, 1, 0},
    {LESS, CN, US, NONE, "car", CIVIL, 1, 0, 0, 0}, /* what is left out has the last word */
    {LESS, CN, DE, NONE, "car", CIVIL, 1, 0, 0, 1},
    {LESS, JP, CN, NONE, "car", CIVIL, 1, 0, 0, 0},
    {LISTS, CN, JP, NONE, "motor", CIVIL, 1, 0, 1, 0},
    {LISTS, CN, JP, NONE, "ox.dy", CIVIL, 1, 0, 0, 1},
    {LISTS, CN, JP, NONE, "magnet", CIVIL, 1, 0, 1, 1},
    {LISTS, CN, JP, NONE, "car", CIVIL, 1, 0, 0, 0},
    {HEADING, CN, JP, NONE, "magnet", CIVIL, 1, 0, 1, 1},
    {HEADING, CN, JP, NONE, "motor", CIVIL, 1, 0, 0, 0}, /* on b's list, not of its heading */
    {HEADING, CN, JP, NONE, "car", CIVIL, 1, 0, 1, 0},
    {HEADING, CN, JP, NONE, "missile", CIVIL, 1, 0, 0, 0},
    {OWNED, CN, JP, NONE, "car", CIVIL, 1, 0, 0, 0},
    {OWNED, CN, JP, TOP, "car", CIVIL, 1, 0, 1, 1},
    {OWNED, CN, JP, CHILD, "car", CIVIL, 1, 0, 1, 1},
    {OWNED, CN, JP, GRANDCHILD, "car", CIVIL, 1, 0, 1, 0}, /* 0.8 x 0.7 = 0.56 */
    {OWNED, CN, JP, OTHER, "car", CIVIL, 1, 0, 0, 0},
    {HALF, CN, JP, GRANDCHILD, "car", CIVIL, 1, 0, 1, 0},
    {HALF, CN, JP, CHILD, "car", CIVIL, 1, 0, 1, 0},
    {HALF, CN, JP, TOP, "car", CIVIL, 1, 0, 1, 1},
    {SELLERS, CN, DE, NONE, "car", CIVIL, 1, 0, 1, 1},
    {SELLERS, JP, DE, NONE, "car", CIVIL, 1, 0, 1, 0},
    {SELLERS, US, DE, NONE, "car", CIVIL, 1, 0, 0, 0},
    {SELLERS, DE, JP, TOP, "car", CIVIL, 1, 0, 0, 0},
    {ARMS, CN, JP, NONE, "car", CIVIL, 1, 0, 0, 0},
    {ARMS, CN, US, NONE, "car", CIVIL, 1, 0, 1, 1}, /* the site's own */
    {ARMS, CN, JP, GRANDCHILD, "car", CIVIL, 1, 0, 0, 0},
    {ARMS, CN, DE, GRANDCHILD, "car", CIVIL, 1, 0, 1, 1}, /* the site's is the larger */
    {ARMS, CN, JP, OTHER, "car", CIVIL, 1, 0, 1, 0},
    {VALUE, CN, JP, NONE, "car", CIVIL, 4, 0, 1, 0},
    {VALUE, CN, JP, NONE, "car", CIVIL, 3, 0, 0, 0},
    {VALUE, CN, JP, NONE, "car", CIVIL, 5, 0, 1, 1},
    {VALUE, CN, JP, NONE, "ox.dy", CIVIL, 333.333333, 0, 0, 0},
    {VALUE, CN, JP, NONE, "ox.dy", CIVIL, 333.334, 0, 1, 0},
    {NUMBER, CN, JP, NONE, "car", CIVIL, 3, 0, 0, 0},
    {NUMBER, CN, JP, NONE, "car", CIVIL, 4, 0, 1, 0},
    {NUMBER, CN, JP, NONE, "ox.dy", CIVIL, 4.000001, 0, 1, 1},
    {NUMBER, CN, JP, NONE, "ox.dy", CIVIL, 3.999999, 0, 0, 0},
    {CAUGHT, CN, JP, NONE, "car", CIVIL, 1, 0, 0, 1},
    {CAUGHT, CN, JP, NONE, "car", MILITARY, 1, 1, 1, 1},
    {USE, CN, JP, NONE, "car", CIVIL, 1, 0, 0, 1},
    {USE, CN, JP, NONE, "car", MILITARY, 1, 0, 1, 0},
    {BOTH, CN, JP, NONE, "car", CIVIL, 1, 0, 1, 1},
    {BOTH, CN, JP, NONE, "car", MILITARY, 1, 0, 1, 1},
    /* two keys of a rule must both match */
    {"origin = [ \"CN\" ]; list = \"codes\"; end_use = [ \"military\" ];",
     "entity_list = \"owners\"; exporter_list = \"makers\";", CN, JP, TOP, "magnet", MILITARY, 1, 0,
     1, 1},
    {"origin = [ \"CN\" ]; list = \"codes\"; end_use = [ \"military\" ];",
     "entity_list = \"owners\"; exporter_list = \"makers\";", JP, US, OTHER, "magnet", MILITARY, 1,
     0, 0, 0}};

static void test_gate_judge__two_rules_of_every_key_at_their_edges(void **state)
{
    struct gates *x = *state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *r = &rows[i];
        struct mdl_shipment s = gates_shipment(
            x, gates_lane(x, r->from, r->to, r->owner, r->product), r->use, "2026-02-01");

        read_two(x, r->a, r->b);
        s.quantity = llround(r->units * (double)x->n.product[s.lane->product].qpu);
        s.caught = r->caught;
        assert_edges(x, NULL, s, r->a_matches, r->b_matches,
                     fix_format(&x->f, "row %zu (%s | %s)", i, r->a, r->b));
    }
}

/* ---- dates ---- */

/* Each rule rests on its own days; a suspension that began before `from`, or ends after `until`,
 * makes the rule no longer. */
static void test_gate_judge__two_rules_rest_each_on_its_own_days(void **state)
{
    static const struct {
        const char *day;
        int a, b;
    } at[] = {{"2026-02-09", 0, 0}, {"2026-02-10", 0, 0}, {"2026-02-14", 0, 0},
              {"2026-02-15", 1, 0}, {"2026-03-01", 1, 1}, {"2026-03-05", 1, 1},
              {"2026-03-06", 1, 0}, {"2026-03-09", 1, 0}, {"2026-03-10", 0, 0},
              {"2026-03-20", 0, 0}, {"2026-03-21", 0, 1}, {"2026-03-31", 0, 1},
              {"2026-04-01", 0, 0}};
    struct gates *x = *state;
    struct mdl_shipment s = gates_shipment(x, gates_lane(x, CN, JP, NONE, "car"), CIVIL, at[0].day);

    read_two(x, "suspended_from = \"2026-02-01\"; suspended_until = \"2026-02-15\";",
             "suspended_from = \"2026-03-06\"; suspended_until = \"2026-03-21\";");
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        struct mdl_verdict v;

        s.day = s.placed = gates_day(at[i].day);
        mdl_gate_judge(&x->g, NULL, &s, &v);
        assert_int_equal(v.denied, at[i].a);
        assert_int_equal(v.n_ask, at[i].b);
        assert_true(mdl_gate_version(&x->g, s.day) >= mdl_gate_version(&x->g, s.day - 1));
    }
}

/* An announcement alone asks nothing. */
static void test_gate_judge__an_announced_rule_asks_nothing_before_it_is_in_force(void **state)
{
    struct gates *x = *state;
    struct mdl_shipment s =
        gates_shipment(x, gates_lane(x, CN, JP, NONE, "car"), CIVIL, "2026-02-01");

    read_two(x, "announced = \"2026-01-15\";", "announced = \"2025-12-15\";");
    assert_edges(x, NULL, s, 1, 1, "announced");
}

/* What was ordered before `from` passes a for five days and b for one; what is ordered on `from`
 * does not. b asks all the same, so that papers are ready, but goods may leave without until then.
 * In its days of grace a rule neither refuses nor taxes nor binds to civil use. */
static void test_gate_judge__two_rules_have_each_their_days_of_grace(void **state)
{
    static const struct {
        const char *placed, *day;
        int a, b, later; /* b asks; only from 2 March on */
    } at[] = {{"2026-02-09", "2026-02-10", 0, 0, 0}, {"2026-02-09", "2026-02-14", 0, 0, 0},
              {"2026-02-09", "2026-02-15", 1, 0, 0}, {"2026-02-10", "2026-02-10", 1, 0, 0},
              {"2026-02-28", "2026-03-01", 1, 1, 1}, {"2026-02-09", "2026-03-01", 1, 1, 1},
              {"2026-02-28", "2026-03-02", 1, 1, 0}, {"2026-03-01", "2026-03-01", 1, 1, 0},
              {"2026-02-09", "2026-03-10", 0, 1, 0}, {"2026-02-09", "2026-04-01", 0, 0, 0}};
    struct gates *x = *state;
    struct mdl_shipment s =
        gates_shipment(x, gates_lane(x, CN, JP, NONE, "car"), CIVIL, "2026-02-01");

    read_two(x, "grace_d = 5.0;", "grace_d = 1.0; undertaking = true;");
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        struct mdl_verdict v;

        s.placed = gates_day(at[i].placed);
        s.day = gates_day(at[i].day);
        mdl_gate_judge(&x->g, NULL, &s, &v);
        if (v.denied != at[i].a || v.n_ask != at[i].b)
            fail_msg("placed %s, tested %s: %d %d", at[i].placed, at[i].day, v.denied, v.n_ask);
        if (v.n_ask)
            assert_int_equal(v.ask[0].from, at[i].later ? gates_day("2026-03-02") : SIM_DAY_NONE);
        assert_int_equal(v.civil_only, at[i].b && !at[i].later);
    }
}

/* Half a day of grace is that day. */
static void test_gate_judge__days_of_grace_are_whole_ones(void **state)
{
    struct gates *x = *state;
    struct mdl_shipment s =
        gates_shipment(x, gates_lane(x, CN, JP, NONE, "car"), CIVIL, "2026-02-10");

    gates_rules(x, "{ id = \"a\"; action = \"deny\"; grace_d = 1.5; " A_DATES "}");
    s.placed = gates_day("2026-02-09");
    for (int late = 0; late < 3; late++) {
        struct mdl_verdict v;

        s.day = gates_day("2026-02-10") + late;
        mdl_gate_judge(&x->g, NULL, &s, &v);
        assert_int_equal(v.denied, late == 2);
    }
}

static void test_gate_judge__no_tax_in_the_days_of_grace(void **state)
{
    struct gates *x = *state;
    struct mdl_shipment s =
        gates_shipment(x, gates_lane(x, CN, JP, NONE, "car"), CIVIL, "2026-02-10");

    gates_rules(x, "{ id = \"a\"; action = \"tax\"; rate = 0.1; grace_d = 5.0; " A_DATES "},"
                   "{ id = \"b\"; action = \"tax\"; rate = 0.2; " A_DATES "}");
    for (int late = 0; late < 6; late++)
        for (int before = 0; before < 2; before++) {
            struct mdl_verdict v;

            s.placed = gates_day("2026-02-10") - before;
            s.day = gates_day("2026-02-10") + late;
            mdl_gate_judge(&x->g, NULL, &s, &v);
            assert_int_equal(v.n_tax, before && late < 5 ? 1 : 2);
            FIX_NEAR(v.tax[v.n_tax - 1].rate, 0.2, 0);
        }
}

/* Either rule's undertaking binds civil goods while that rule is in force and covers them, whatever
 * its end use; both bind no more than one. */
static void test_gate_judge__undertakings_of_two_rules(void **state)
{
    struct gates *x = *state;
    const char *military = "undertaking = true; end_use = [ \"military\" ]; list = \"goods\";";

    for (int which = 0; which < 4; which++)
        for (int use = 0; use < 2; use++) {
            struct mdl_shipment s =
                gates_shipment(x, gates_lane(x, CN, JP, NONE, "car"), use, "2026-02-01");

            read_two(x, which & 1 ? military : "end_use = [ \"military\" ];",
                     which & 2 ? military : "end_use = [ \"military\" ];");
            assert_edges(x, NULL, s, use, use, "undertaking");
            for (int i = 0; i < EDGES; i++) {
                struct mdl_verdict v;

                s.day = s.placed = gates_day(edge[i].day);
                mdl_gate_judge(&x->g, NULL, &s, &v);
                assert_int_equal(v.civil_only, use == CIVIL && ((which & 1 && edge[i].a) ||
                                                                (which & 2 && edge[i].b)));
            }
            s.lane = gates_lane(x, CN, JP, NONE, "motor");
            s.day = s.placed = gates_day("2026-03-05");
            if (which == 3) {
                struct mdl_verdict v;

                mdl_gate_judge(&x->g, NULL, &s, &v);
                assert_int_equal(v.civil_only, 0);
            }
        }
}

/* ---- content ---- */

/* An origin vector of goods whose elements were separated in the four countries in these parts; the
 * rest has not been separated. NULL = all of every element. */
static const double *mix(struct gates *x, const char *product, const double part[4])
{
    const char *const country[] = {"CN", "JP", "US", "DE"};
    const struct mdl_product *p = &x->n.product[mdl_network_product(&x->n, product)];
    double *share = sim_arena_alloc(&x->f.a, mdl_network_width(&x->n, p), sizeof *share);

    for (int k = 0; k < p->n_el; k++) {
        double *own = share + k * x->n.n_share + x->n.n_mined, left = 1;

        for (int c = 0; c < 4; c++) {
            own[x->n.origin_of[mdl_network_country(&x->n, country[c])]] = part[c];
            left -= part[c];
        }
        own[0] = left;
    }
    return share;
}

struct content {
    const char *a, *b, *product;
    double part[4]; /* CN JP US DE; all 0 with known = 0 for an unknown mix */
    int known, a_matches, b_matches;
};

#define DY "content_elements = [ \"dy\" ]; "
#define DYND "content_elements = [ \"dy\", \"nd\" ]; "
#define FROM "content_origin = [ \"CN\" ]; "
#define NOT "content_origin = [ \"!CN\" ]; "

/* By hand: dysprosium of a kg of swarf is 10 g, 3 USD of 20 = 0.15; its neodymium 200 g, 12 USD,
 * 0.6. Of ore 5 g, 1.5 USD of 5 = 0.3, and 100 g, 6 USD. */
static const struct content contents[] = {
    /* any trace */
    {DY, DYND, "swarf", {0}, 0, 1, 1},
    {DY, DYND, "ox.nd", {0}, 0, 0, 1},
    {DY, DYND, "car", {0}, 0, 0, 0},
    {DY FROM, DY NOT, "swarf", {0}, 0, 1, 1}, /* unknown: from anywhere */
    {DY FROM, DY NOT, "swarf", {1, 0, 0, 0}, 1, 1, 0},
    {DY FROM, DY NOT, "swarf", {0, 1, 0, 0}, 1, 0, 1},
    {DY FROM, DY NOT, "swarf", {0, 0, 0, 0}, 1, 0, 0}, /* not separated yet: of no country */
    {DY FROM, DY NOT, "swarf", {0.001, 0.999, 0, 0}, 1, 1, 1},
    /* by mass */
    {DY "content_g = 10.0;", DY "content_g = 10.1;", "swarf", {1, 0, 0, 0}, 1, 1, 0},
    {DYND "content_g = 210.0;", DYND "content_g = 210.1;", "swarf", {0}, 0, 1, 0},
    {DY FROM "content_g = 2.5;",
     DY FROM "content_g = 2.6;",
     "swarf",
     {0.25, 0.5, 0, 0.25},
     1,
     1,
     0},
    {DY NOT "content_g = 7.5;", DY FROM "content_g = 2.5;", "swarf", {0.25, 0.5, 0, 0.25}, 1, 1, 1},
    {DY "content_origin = [ \"allies\" ]; content_g = 7.0;",
     DY "content_origin = [ \"JP\" ]; content_g = 7.0;",
     "swarf",
     {0.25, 0.5, 0.25, 0},
     1,
     1,
     0},
    /* by value */
    {DY "content_share = 0.15;", DY "content_share = 0.1501;", "swarf", {0}, 0, 1, 0},
    {DYND "content_share = 0.75;", DYND "content_share = 0.751;", "swarf", {0}, 0, 1, 0},
    {DY FROM "content_share = 0.001;",
     DY FROM "content_share = 0.0011;",
     "swarf",
     {0.007, 0.993, 0, 0}, /* 0.007 x 0.15 = 0.00105: the 0.1 % rule */
     1,
     1,
     0},
    /* both must be reached */
    {DY "content_share = 0.15; content_g = 10.0;",
     DY "content_share = 0.15; content_g = 11.0;",
     "swarf",
     {0},
     0,
     1,
     0},
    {DY "content_share = 0.3; content_g = 5.0;",
     DY "content_share = 0.31; content_g = 5.0;",
     "ore",
     {1, 0, 0, 0},
     1,
     1,
     0},
    /* beside a list */
    {DY "list = \"codes\";", "list = \"codes\";", "ox.dy", {0}, 0, 1, 1},
    {DY "list = \"chapter\";", "list = \"chapter\";", "swarf", {0}, 0, 0, 0}};

/* From CN and from US (goods made abroad): what they contain counts, not where they come from. */
static void test_gate_judge__content_of_two_rules_at_their_edges(void **state)
{
    struct gates *x = *state;

    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++)
        for (int from = 0; from <= US; from += US) {
            const struct content *c = &contents[i];
            struct mdl_shipment s =
                gates_shipment(x, gates_lane(x, from, JP, NONE, c->product), CIVIL, "2026-02-01");

            read_two(x, c->a, c->b);
            s.share = c->known ? mix(x, c->product, c->part) : NULL;
            assert_edges(x, NULL, s, c->a_matches, c->b_matches,
                         fix_format(&x->f, "content %zu (%s | %s)", i, c->a, c->b));
        }
}

/* ---- lists that are not disclosed ---- */

/* A rule covers what its list may hold; where the world of a run says what is on it, that counts.
 */
static void test_gate_judge__uncertain_lists_are_as_the_world_says(void **state)
{
    struct gates *x = *state;
    static const char *const product[] = {"ore", "ox.dy", "magnet", "motor", "missile"};
    static const int maybe[] = {1, 1, 1, 0, 0}, scoped[] = {0, 1, 1, 1, 0};
    struct mdl_world w;

    read_two(x, "list = \"maybe\";", "list = \"secret\"; scope = 20;");
    for (int truth = 0; truth < 8; truth++) {
        mdl_world_draw(&w, &x->f.a, &x->s, &x->n, 1, 0);
        assert_non_null(w.goods[0]);
        assert_non_null(w.goods[1]);
        for (uint32_t p = 0; p < x->n.n_product; p++)
            w.goods[0][p] = w.goods[1][p] = 0;
        for (int k = 0; k < 3; k++) /* ox.dy, magnet, motor */
            w.goods[1][mdl_network_product(&x->n, product[1 + k])] = (char)(truth >> k & 1);
        w.goods[0][mdl_network_product(&x->n, "magnet")] = (char)(truth & 1);
        for (int p = 0; p < 5; p++) {
            struct mdl_shipment s =
                gates_shipment(x, gates_lane(x, CN, JP, NONE, product[p]), CIVIL, "2026-02-01");

            assert_edges(x, NULL, s, maybe[p], scoped[p], product[p]);
            assert_edges(x, &w, s, p == 2 && truth & 1, p >= 1 && p <= 3 && truth >> (p - 1) & 1,
                         product[p]);
        }
    }
    read_two(x, "list = \"never\";", "list = \"secret\"; scope = 0;");
    for (int p = 0; p < 5; p++) {
        struct mdl_shipment s =
            gates_shipment(x, gates_lane(x, CN, JP, NONE, product[p]), CIVIL, "2026-02-01");

        assert_edges(x, NULL, s, 0, p == 2,
                     "a chance of nought"); /* magnets by a row of their own */
    }
}

static void test_gate_judge__uncertain_firms_are_as_the_world_says(void **state)
{
    struct gates *x = *state;
    struct mdl_world w;

    read_two(x, "entity_list = \"rumour\";", "exporter_list = \"rumour\";");
    mdl_world_draw(&w, &x->f.a, &x->s, &x->n, 1, 0);
    for (int truth = 0; truth < 2; truth++)
        for (int owner = 0; owner < 5; owner++) {
            const struct mdl_lane *l = gates_lane(x, DE, JP, owner, "car");
            struct mdl_shipment s = gates_shipment(x, l, CIVIL, "2026-02-01");

            assert_edges(x, NULL, s, owner != NONE, 1, "firms"); /* s.3 is other's */
            w.buyer[0][l->to] = (char)truth;
            w.exporter[1][l->from] = (char)!truth;
            assert_edges(x, &w, s, owner != NONE && truth, !truth, "firms of the world");
        }
}

/* ---- mistaken and suspected ---- */

/* With certainty: civil orders meet mistaken_action while the rule is in force, military ones the
 * rule's own; a civil order is not mistaken by a rule for civil use. */
static void test_gate_judge__two_rules_mistake_civil_orders(void **state)
{
    struct gates *x = *state;

    gates_rules(
        x, "{ id = \"a\"; action = \"notify\"; delay_d = 3.0; " A_DATES
           "end_use = [ \"military\" ]; mistaken_civil = 1.0; mistaken_action = \"deny\"; },"
           "{ id = \"b\"; action = \"deny\"; " B_DATES
           "end_use = [ \"military\" ]; mistaken_civil = 1.0; office = \"o\"; },"
           "{ id = \"c\"; action = \"deny\"; " B_DATES
           "end_use = [ \"civil\" ]; list = \"codes\"; mistaken_civil = 1.0; office = \"o\"; }");
    for (int use = 0; use < 2; use++)
        for (int i = 0; i < EDGES; i++) {
            struct mdl_shipment s =
                gates_shipment(x, gates_lane(x, CN, JP, NONE, "car"), use, edge[i].day);
            struct mdl_verdict v;

            mdl_gate_judge(&x->g, NULL, &s, &v);
            if (use == CIVIL) {
                assert_int_equal(v.denied, edge[i].a);
                assert_int_equal(gates_asks(&v, MDL_NEED_LICENCE), edge[i].b);
                assert_int_equal(v.n_ask, edge[i].b);
            } else {
                assert_int_equal(v.denied, edge[i].b ? 2 : 0);
                assert_int_equal(gates_asks(&v, MDL_NEED_NOTICE), edge[i].a);
                assert_int_equal(v.n_ask, edge[i].a);
            }
        }
}

enum { DRAWS = 20000 };

/* Of so many orders of an owner, on a day on which both rules hold: refused ones and asked ones. */
static void count(const struct gates *x, int owner, int *refused, int *asked)
{
    struct mdl_shipment s =
        gates_shipment(x, gates_lane(x, CN, JP, owner, "car"), CIVIL, "2026-03-05");

    *refused = *asked = 0;
    for (int i = 0; i < DRAWS; i++) {
        struct mdl_verdict v;

        s.placed = i;
        mdl_gate_judge(&x->g, NULL, &s, &v);
        *refused += v.denied > 0;
        *asked += v.n_ask > 0;
    }
}

/* Within 4 standard errors of a binomial count: beyond once in 16,000 comparisons, were the seed
 * drawn anew; it is fixed. */
static void assert_share(int n, int of, double p)
{
    FIX_NEAR((double)n, of * p, 4 * sqrt(of * p * (1 - p)) + 1e-9);
}

static void test_gate_judge__mistakes_grow_with_military_business(void **state)
{
    struct gates *x = *state;
    int refused, asked;

    gates_rules(x, "{ id = \"a\"; action = \"deny\"; " A_DATES
                   "end_use = [ \"military\" ]; mistaken_civil = 0.1; mistaken_by_share = 20.0; "
                   "mistaken_action = \"deny\"; },"
                   "{ id = \"b\"; action = \"deny\"; " B_DATES "end_use = [ \"military\" ]; "
                   "mistaken_civil = 0.2; mistaken_by_share = 100.0; office = \"o\"; }");
    count(x, NONE, &refused, &asked);
    assert_share(refused, DRAWS, 0.1);
    assert_share(asked, DRAWS, 0.2);
    count(x, GRANDCHILD, &refused, &asked); /* 0.1 x (1 + 20 x 0.2), and 0.2 x 21 > 1 */
    assert_share(refused, DRAWS, 0.5);
    assert_int_equal(asked, DRAWS);
    count(x, OTHER, &refused, &asked); /* 0.1 x (1 + 20 x 0.3) */
    assert_share(refused, DRAWS, 0.7);
    assert_int_equal(asked, DRAWS);
}

/* A suspected buyer is suspected by one rule in all its civil lines, and in all its sites. */
static void test_gate_judge__suspected_buyers_by_two_rules(void **state)
{
    struct gates *x = *state;

    gates_rules(x, "{ id = \"a\"; action = \"deny\"; " A_DATES
                   "end_use = [ \"military\" ]; suspect_buyer = 0.5; mistaken_action = \"deny\"; },"
                   "{ id = \"b\"; action = \"deny\"; " B_DATES
                   "end_use = [ \"military\" ]; suspect_buyer = 0.5; office = \"o\"; }");
    for (uint32_t run = 0; run < 8; run++)
        for (int owner = 0; owner < 5; owner++) {
            const struct mdl_lane *l = gates_lane(x, CN, JP, owner, "car"),
                                  *other = gates_lane(x, CN, US, owner, "magnet");
            struct mdl_shipment s = gates_shipment(x, l, CIVIL, "2026-02-01");
            struct mdl_world w;

            mdl_world_draw(&w, &x->f.a, &x->s, &x->n, 9, run);
            for (int i = 0; i < EDGES; i++) {
                struct mdl_verdict v;

                s.day = s.placed = gates_day(edge[i].day);
                mdl_gate_judge(&x->g, &w, &s, &v);
                assert_int_equal(v.denied, w.suspect[0][l->to] && edge[i].a);
                assert_int_equal(v.n_ask, w.suspect[1][l->to] && edge[i].b);
            }
            if (owner != NONE)
                assert_int_equal(w.suspect[0][l->to], w.suspect[0][other->to]);
        }
}

/* ---- before a rule is in force ---- */

/* Exporters decline new orders of any end use from the announcement on for decline_d days: what was
 * placed before, or after, they do not. */
static void test_gate_judge__exporters_decline_after_two_announcements(void **state)
{
    static const struct {
        const char *placed;
        int by; /* 1 + number of the rule */
    } at[] = {{"2026-01-09", 0}, {"2026-01-10", 1}, {"2026-01-19", 1}, {"2026-01-20", 2},
              {"2026-01-24", 2}, {"2026-01-25", 0}, {"2026-02-10", 0}};
    struct gates *x = *state;
    struct mdl_world w;

    read_two(
        x,
        "announced = \"2026-01-10\"; decline = 1.0; decline_d = 10.0; end_use = [ \"military\" "
        "]; exporter_list = \"makers\";",
        "announced = \"2026-01-15\"; decline = 1.0; decline_d = 9.5; list = \"goods\";");
    mdl_world_draw(&w, &x->f.a, &x->s, &x->n, 1, 0);
    for (size_t i = 0; i < sizeof at / sizeof *at; i++)
        for (int use = 0; use < 2; use++) {
            struct mdl_shipment s =
                gates_shipment(x, gates_lane(x, CN, JP, NONE, "car"), use, at[i].placed);
            struct mdl_verdict v;

            mdl_gate_judge(&x->g, &w, &s, &v);
            assert_int_equal(v.declined, at[i].by);
            s.day += 30; /* it stays declined */
            mdl_gate_judge(&x->g, &w, &s, &v);
            assert_int_equal(v.declined, at[i].by);
            mdl_gate_judge(&x->g, NULL, &s, &v);
            assert_int_equal(v.declined, 0);
            s.lane = gates_lane(x, US, JP, NONE, "motor"); /* covered by neither */
            mdl_gate_judge(&x->g, &w, &s, &v);
            assert_int_equal(v.declined, 0);
        }
}

/* Buyers of covered goods hoard from the announcement until the rule ends, not while it rests; of
 * two rules the larger counts. */
static void test_gate_hoard_d__two_announced_rules(void **state)
{
    static const struct {
        const char *day;
        double car, motor;
    } at[] = {{"2026-01-09", 0, 0},   {"2026-01-10", 10, 10}, {"2026-01-31", 10, 10},
              {"2026-02-01", 25, 10}, {"2026-02-09", 25, 10}, {"2026-02-10", 25, 10},
              {"2026-02-19", 25, 10}, {"2026-02-20", 25, 0},  {"2026-02-24", 25, 0},
              {"2026-02-25", 25, 10}, {"2026-03-09", 25, 10}, {"2026-03-10", 25, 0},
              {"2026-03-31", 25, 0},  {"2026-04-01", 0, 0}};
    struct gates *x = *state;
    struct mdl_world w;
    uint32_t car = gates_lane(x, CN, JP, NONE, "car")->to_point,
             motor = gates_lane(x, CN, JP, NONE, "motor")->to_point,
             ore = gates_lane(x, CN, JP, NONE, "ore")->to_point;

    read_two(x,
             "announced = \"2026-01-10\"; hoard_d = 10.0; hs = [ \"8\" ]; suspended_from = "
             "\"2026-02-20\"; suspended_until = \"2026-02-25\";",
             "announced = \"2026-02-01\"; hoard_d = 25.0; list = \"goods\";");
    mdl_world_draw(&w, &x->f.a, &x->s, &x->n, 1, 0);
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        int32_t day = gates_day(at[i].day);

        FIX_NEAR(mdl_gate_hoard_d(&x->g, &w, car, day), at[i].car, 0);
        FIX_NEAR(mdl_gate_hoard_d(&x->g, &w, motor, day), at[i].motor, 0);
        FIX_NEAR(mdl_gate_hoard_d(&x->g, &w, ore, day), 0, 0);
    }
    w.exists[1] = 0;
    FIX_NEAR(mdl_gate_hoard_d(&x->g, &w, car, gates_day("2026-02-10")), 10, 0);
}

/* Exporters hurry covered goods from the announcement to the day before `from`. */
static void test_gate_front_load__two_announced_rules(void **state)
{
    static const struct {
        const char *day;
        int car, motor;
    } at[] = {{"2026-01-09", 0, 0}, {"2026-01-10", 0, 1}, {"2026-02-09", 0, 1},
              {"2026-02-10", 0, 0}, {"2026-02-14", 0, 0}, {"2026-02-15", 1, 0},
              {"2026-02-28", 1, 0}, {"2026-03-01", 0, 0}};
    struct gates *x = *state;
    struct mdl_world w;
    uint32_t car = (uint32_t)(gates_lane(x, CN, JP, NONE, "car") - x->n.lane),
             motor = (uint32_t)(gates_lane(x, CN, JP, NONE, "motor") - x->n.lane);

    read_two(x, "announced = \"2026-01-10\"; front_load = true; list = \"chapter\";",
             "announced = \"2026-02-15\"; front_load = true; list = \"goods\";");
    mdl_world_draw(&w, &x->f.a, &x->s, &x->n, 1, 0);
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        assert_int_equal(mdl_gate_front_load(&x->g, &w, car, gates_day(at[i].day)), at[i].car);
        assert_int_equal(mdl_gate_front_load(&x->g, &w, motor, gates_day(at[i].day)), at[i].motor);
    }
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, gates_set_up, gates_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_gate_judge__two_rules_of_every_key_at_their_edges),
        TEST(test_gate_judge__two_rules_rest_each_on_its_own_days),
        TEST(test_gate_judge__an_announced_rule_asks_nothing_before_it_is_in_force),
        TEST(test_gate_judge__two_rules_have_each_their_days_of_grace),
        TEST(test_gate_judge__no_tax_in_the_days_of_grace),
        TEST(test_gate_judge__days_of_grace_are_whole_ones),
        TEST(test_gate_judge__undertakings_of_two_rules),
        TEST(test_gate_judge__content_of_two_rules_at_their_edges),
        TEST(test_gate_judge__uncertain_lists_are_as_the_world_says),
        TEST(test_gate_judge__uncertain_firms_are_as_the_world_says),
        TEST(test_gate_judge__two_rules_mistake_civil_orders),
        TEST(test_gate_judge__mistakes_grow_with_military_business),
        TEST(test_gate_judge__suspected_buyers_by_two_rules),
        TEST(test_gate_judge__exporters_decline_after_two_announcements),
        TEST(test_gate_hoard_d__two_announced_rules),
        TEST(test_gate_front_load__two_announced_rules)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
