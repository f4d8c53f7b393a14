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

/* Sites in four countries, some with owners; every product from every country to every other. */
static inline void gates_network(struct gates *x)
{
    static const char *const country[] = {"CN", "JP", "US", "DE"};
    const char *sites = "id,name,entity,country,tier\n",
               *lanes = "from,to,product,share,transit_d\n";
    const char *processes = "id,site,recipe\n";
    struct fix *f = &x->f;

    fix_toy(f);
    fix_table(f, MDL_ENTITIES,
              "id,name,country,parent\n"
              "top,Top,JP,\n"
              "child,Child,JP,top\n"
              "grandchild,Grandchild,US,child\n"
              "other,Other,JP,\n");
    fix_table(f, MDL_LISTS,
              "list,kind,value\n"
              "codes,code,1C904\n"
              "heading,hs,8505\n"
              "chapter,hs,85\n"
              "goods,product,car\n"
              "mixed,product,car\n"
              "mixed,code,1C905\n"
              "mixed,entity,other\n"
              "owners,entity,top\n"
              "others,entity,other\n");
    fix_table(f, MDL_BOM, "recipe,role,product,quantity\n");
    for (int p = 0; p < 8; p++)
        fix_add(f, MDL_BOM, fix_format(f, "r%d,output,%s,1\n", p, gates_product[p]));
    for (int c = 0; c < 4; c++) {
        static const char *const owner[] = {"", "top", "child", "grandchild", "other"};

        sites = fix_format(f, "%ss.%d,S,,%s,mine\n", sites, c, country[c]);
        for (int p = 0; p < 8; p++)
            processes = fix_format(f, "%sp.%d.%d,s.%d,r%d\n", processes, c, p, c, p);
        for (int o = 0; o < 5; o++)
            sites = fix_format(f, "%sb.%d.%d,B,%s,%s,market\n", sites, c, o, owner[o], country[c]);
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
