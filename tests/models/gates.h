/* A network in which every country sends everything to everybody, and rules to test it by. */
#ifndef TEST_GATES_H
#define TEST_GATES_H

#include "tests/models/fixture.h"

struct gates {
    struct fix f;
    struct mdl_network n;
    struct mdl_scenario s;
    struct mdl_gate g;
};

static const char *const gates_product[8] = {"ore",   "ox.nd", "ox.dy", "magnet",
                                             "swarf", "motor", "car",   "missile"};

/* Sites in four countries, some with owners; every product from every country to every other.
 *
 *   owners of buyers  0 none; 1 top; 2 child, 0.8 of it top's; 3 grandchild, 0.7 of it child's; 4
 *                     other
 *   exporters         s.0 CN maker; s.1 JP half, 0.5 of it maker's; s.2 US none; s.3 DE other
 *   military shares   grandchild 0.2, other 0.3; the sites b.2.0 0.6, b.3.3 0.5
 *   contents          ore 5 g dysprosium and 100 g neodymium in a kg worth 5 USD; ox.nd 850 g
 *                     neodymium of 60 USD; ox.dy 870 g dysprosium of 300 USD; swarf 10 g and 200 g
 *                     of 20 USD; dysprosium is worth 300 USD/kg, neodymium 60 USD/kg */
static inline void gates_network(struct gates *x)
{
    static const char *const country[] = {"CN", "JP", "US", "DE"};
    static const char *const exporter[] = {"maker", "half", "", "other"};
    const char *sites = "id,name,entity,country,tier,military_share\n",
               *lanes = "from,to,product,share,transit_d\n";
    const char *processes = "id,site,recipe\n";
    struct fix *f = &x->f;

    fix_toy(f);
    fix_table(f, MDL_ENTITIES,
              "id,name,country,parent,parent_share,military_share\n"
              "top,Top,JP,,,\n"
              "child,Child,JP,top,0.8,\n"
              "grandchild,Grandchild,US,child,0.7,0.2\n"
              "other,Other,JP,,,0.3\n"
              "maker,Maker,CN,,,\n"
              "half,Half,JP,maker,0.5,\n");
    fix_table(f, MDL_LISTS,
              "list,kind,value,probability\n"
              "codes,code,1C904,\n"
              "heading,hs,8505,\n"
              "chapter,hs,85,\n"
              "goods,product,car,\n"
              "mixed,product,car,\n"
              "mixed,code,1C905,\n"
              "mixed,entity,other,\n"
              "owners,entity,top,\n"
              "others,entity,other,\n"
              "makers,entity,maker,\n"
              "allies,country,JP,\n"
              "allies,country,US,\n"
              "maybe,product,ore,1\n"
              "maybe,code,1C904,0.5\n"
              "never,product,ore,0\n"
              "never,product,car,1\n"
              "secret,category,3A,\n"
              "secret,category,1C,\n"
              "secret,product,magnet,\n"
              "rumour,entity,top,0.5\n"
              "rumour,entity,other,1\n");
    fix_table(f, MDL_CATALOGUE, "category,name,entries\n1C,Materials,40\n3A,Electronics,60\n");
    fix_table(f, MDL_ELEMENTS, "element,name,value_usd_kg\ndy,Dysprosium,300\nnd,Neodymium,60\n");
    fix_set(f, MDL_PRODUCTS, "ox.dy", "category", "1C");
    fix_set(f, MDL_PRODUCTS, "magnet", "category", "1C");
    fix_set(f, MDL_PRODUCTS, "motor", "category", "3A");
    fix_set(f, MDL_PRODUCTS, "car", "category", "3A");
    fix_table(f, MDL_BOM, "recipe,role,product,quantity\n");
    for (int p = 0; p < 8; p++)
        fix_add(f, MDL_BOM, fix_format(f, "r%d,output,%s,1\n", p, gates_product[p]));
    for (int c = 0; c < 4; c++) {
        static const char *const owner[] = {"", "top", "child", "grandchild", "other"};

        sites = fix_format(f, "%ss.%d,S,%s,%s,mine,\n", sites, c, exporter[c], country[c]);
        for (int p = 0; p < 8; p++)
            processes = fix_format(f, "%sp.%d.%d,s.%d,r%d\n", processes, c, p, c, p);
        for (int o = 0; o < 5; o++)
            sites =
                fix_format(f, "%sb.%d.%d,B,%s,%s,market,%s\n", sites, c, o, owner[o], country[c],
                           c == 2 && o == 0   ? "0.6"
                           : c == 3 && o == 3 ? "0.5"
                                              : "");
    }
    for (int from = 0; from < 4; from++)
        for (int to = 0; to < 4; to++)
            for (int o = 0; o < 5; o++)
                for (int p = 0; p < 8; p++)
                    lanes = fix_format(f, "%ss.%d,b.%d.%d,%s,0.25,3\n", lanes, from, to, o,
                                       gates_product[p]);
    fix_table(f, MDL_SITES, sites);
    fix_table(f, MDL_PROCESSES, processes);
    fix_table(f, MDL_LANES, lanes);
    fix_table(f, MDL_DEMAND, "site,product,rate_d\n");
    fix_network_ok(f, &x->n);
}

/* Reads rules (the inside of the list) in a scenario that starts on 2026-01-01. */
static inline void gates_rules(struct gates *x, const char *text)
{
    struct fix *f = &x->f;
    struct sim_tree *tree;
    const char *all = fix_format(f,
                                 "title = \"t\"; network = \"toy\"; start = \"2026-01-01\";\n"
                                 "offices = ( { id = \"o\"; review_d = 10; } );\n"
                                 "rules = ( %s );",
                                 text);

    sim_err_free(&f->err);
    if (sim_tree_parse(&tree, &f->a, "t.cfg", all, strlen(all), &f->err) != 0 ||
        mdl_scenario_read(&x->s, &f->a, "t", tree, &f->err) != 0 ||
        mdl_scenario_link(&x->s, &f->a, &x->n, &f->err) != 0)
        fail_msg("%s", f->err.text);
    if (mdl_gate_init(&x->g, &f->a, &x->s, &x->n, &f->err) != 0)
        fail_msg("%s", f->err.text);
}

static inline int32_t gates_day(const char *text)
{
    int32_t d;

    assert_int_equal(sim_date_parse(&d, text), 0);
    return d;
}

/* The lane from s.<from> to b.<to>.<owner>. */
static inline const struct mdl_lane *gates_lane(const struct gates *x, int from, int to, int owner,
                                                const char *product)
{
    char id[80];

    snprintf(id, sizeof id, "s.%d~b.%d.%d~%s", from, to, owner, product);
    for (uint32_t i = 0; i < x->n.n_lane; i++)
        if (strcmp(x->n.lane[i].id, id) == 0)
            return &x->n.lane[i];
    fail_msg("there is no lane %s", id);
    return NULL;
}

/* A thousand quanta, ordered and tested on a day. */
static inline struct mdl_shipment gates_shipment(const struct gates *x, const struct mdl_lane *l,
                                                 int use, const char *today)
{
    return (struct mdl_shipment){.net = &x->n,
                                 .lane = l,
                                 .use = use,
                                 .quantity = 1000,
                                 .day = gates_day(today),
                                 .placed = gates_day(today),
                                 .seed = 5,
                                 .run = 3};
}

/* How many requirements of a kind a verdict has, and the days of all of them. */
static inline int gates_asks(const struct mdl_verdict *v, int kind)
{
    int n = 0;

    for (int i = 0; i < v->n_ask; i++)
        n += v->ask[i].kind == kind;
    return n;
}

static inline double gates_days(const struct mdl_verdict *v)
{
    double days = 0;

    for (int i = 0; i < v->n_ask; i++)
        days += v->ask[i].days;
    return days;
}

static inline int gates_set_up(void **state)
{
    struct gates *x = calloc(1, sizeof *x);

    if (x == NULL)
        return -1;
    gates_network(x);
    *state = x;
    return 0;
}

static inline int gates_tear_down(void **state)
{
    struct gates *x = *state;

    fix_free(&x->f);
    free(x);
    return 0;
}

#endif
