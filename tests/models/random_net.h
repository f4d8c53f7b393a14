/* Random small networks and rules, as texts. What comes out loads, and every need has a supplier;
 * the same dice give the same texts. */
#ifndef TEST_RANDOM_NET_H
#define TEST_RANDOM_NET_H

#include "tests/models/fixture.h"

enum { NET_TIERS = 4, NET_GOODS = 3 };

struct net {
    struct fix *f;
    struct fix_dice *d;
    int n_good[NET_TIERS];                   /* products of a tier */
    int pieces[NET_TIERS][NET_GOODS];        /* counted in pieces, not in kilograms */
    int n_maker[NET_TIERS][NET_GOODS];       /* sites that make one */
    double content[NET_TIERS][NET_GOODS][2]; /* grams of two elements */
    const char *goods, *sites, *bom, *processes, *lanes, *demand, *stocks;
    int continuous; /* review at once everywhere */
};

static inline const char *net_country(struct net *x)
{
    static const char *const country[] = {"CN", "JP", "US", "DE"};

    return country[fix_int(x->d, 0, 3)];
}

static inline const char *net_time(struct net *x, int longest)
{
    int a = fix_int(x->d, 0, longest), b = a + fix_int(x->d, 0, longest);

    switch (fix_int(x->d, 0, 4)) {
    case 0:
        return fix_format(x->f, "\"uniform(%d,%d)\"", a, b);
    case 1:
        return fix_format(x->f, "\"triangular(%d,%d,%d)\"", a, (a + b) / 2, b);
    case 2:
        return fix_format(x->f, "\"lognormal(%d,0.5)\"", a + 1);
    case 3:
        return fix_format(x->f, "\"gamma(%d,0.7)\"", a + 1);
    default:
        return fix_format(x->f, "%d", a);
    }
}

/* A product of a tier, its recipe from products of the tier below, and swarf with a part of the
 * first element. Mines make tier 0 from nothing. */
static inline void net_good(struct net *x, int t, int i)
{
    struct fix *f = x->f;
    int piece = x->pieces[t][i] = t > 0 && fix_int(x->d, 0, 1);
    double *el = x->content[t][i], most = 0;
    const char *stated = ",";

    if (t == 0) {
        for (int e = 0; e < 2; e++)
            el[e] = fix_int(x->d, 0, 2) ? fix_int(x->d, 1, 500) : 0;
        stated = fix_format(f, "%.17g,%.17g", el[0], el[1]);
    }
    x->goods = fix_format(f, "%sg.%d.%d,Good,tier%d,%s,%d,%d,%d,%s,%d,%s\n", x->goods, t, i, t,
                          piece ? "piece" : "kg",
                          piece                 ? 1
                          : fix_int(x->d, 0, 1) ? 1000000
                                                : 1000,
                          fix_int(x->d, 1, 1000), 1000 + 100 * t + i,
                          fix_int(x->d, 0, 1) ? "c.one" : "c.two", fix_int(x->d, 1, 50), stated);
    x->bom = fix_format(f, "%sr.%d.%d,output,g.%d.%d,1\n", x->bom, t, i, t, i);
    if (t == 0)
        return;
    for (int k = 0; k < x->n_good[t - 1]; k++) {
        double q = fix_int(x->d, 1, 3000) / 1000.0;

        if (k > 0 && fix_int(x->d, 0, 1))
            continue;
        x->bom = fix_format(f, "%sr.%d.%d,input,g.%d.%d,%.3f\n", x->bom, t, i, t - 1, k, q);
        for (int e = 0; e < 2; e++)
            el[e] += q * x->content[t - 1][k][e];
    }
    most = el[0];
    if (fix_int(x->d, 0, 2) ==
        0) { /* a tenth of a unit of swarf, with up to half of what there is */
        double part = 0.1 * fix_int(x->d, 0, 5);

        x->goods = fix_format(f, "%sw.%d.%d,Swarf,scrap,kg,1000000,1,720449,,1,%.17g,0\n", x->goods,
                              t, i, part * most * 10);
        x->bom = fix_format(f, "%sr.%d.%d,byproduct,w.%d.%d,0.1\n", x->bom, t, i, t, i);
        el[0] -= part * most;
    }
}

static inline void net_site(struct net *x, const char *id, const char *tier)
{
    static const char *const allocation[] = {"proportional", "fifo", "priority", "home"};
    static const int review[] = {1, 7, 7, 14};

    x->sites =
        fix_format(x->f, "%s%s,Site,,%s,%s,%d,%d,%d,%d,%d,%s\n", x->sites, id, net_country(x), tier,
                   x->continuous ? 0 : review[fix_int(x->d, 0, 3)], fix_int(x->d, 0, 30),
                   fix_int(x->d, 0, 20), fix_int(x->d, 0, 3) ? 0 : fix_int(x->d, 1, 20),
                   fix_int(x->d, 1, 10), allocation[fix_int(x->d, 0, 3)]);
}

/* Lanes that bring a product of a tier to a site, with shares that add up to 1. */
static inline void net_lanes(struct net *x, const char *to, int t, int i)
{
    int n = x->n_maker[t][i], left = 1000;

    for (int k = 0; k < n; k++) {
        int share = k == n - 1 ? left : fix_int(x->d, 0, left);

        left -= share;
        x->lanes = fix_format(x->f, "%ss.%d.%d.%d,%s,g.%d.%d,%.3f,%s,%s\n", x->lanes, t, i, k, to,
                              t, i, share / 1000.0, net_time(x, 20), net_time(x, 3));
    }
}

static inline void net_makers(struct net *x, int t, int i)
{
    x->n_maker[t][i] = fix_int(x->d, 1, 2);
    for (int k = 0; k < x->n_maker[t][i]; k++) {
        const char *site = fix_format(x->f, "s.%d.%d.%d", t, i, k);

        net_site(x, site, fix_format(x->f, "tier%d", t));
        x->processes = fix_format(
            x->f, "%sp.%d.%d.%d,%s,r.%d.%d,%s,%s,%.3f\n", x->processes, t, i, k, site, t, i,
            fix_int(x->d, 0, 2) ? fix_format(x->f, "%d", fix_int(x->d, 20, 3000)) : "",
            net_time(x, 6), fix_int(x->d, 0, 1) ? 1.0 : fix_int(x->d, 500, 999) / 1000.0);
    }
}

/* Which inputs a recipe has is read back from its text. */
static inline int net_uses(const struct net *x, int t, int i, int k)
{
    return strstr(x->bom, fix_format(x->f, "r.%d.%d,input,g.%d.%d,", t, i, t - 1, k)) != NULL;
}

static inline void net_markets(struct net *x)
{
    int t = NET_TIERS - 1, n = fix_int(x->d, 1, 2);

    for (int m = 0; m < n; m++) {
        const char *site = fix_format(x->f, "z.market.%d", m);

        net_site(x, site, "market");
        for (int i = 0; i < x->n_good[t]; i++) {
            net_lanes(x, site, t, i);
            for (int use = 0; use < 2; use++)
                x->demand = fix_format(
                    x->f, "%s%s,g.%d.%d,%s,%d,%.1f,%s,%s\n", x->demand, site, t, i,
                    use ? "military" : "civil", fix_int(x->d, use ? 0 : 1, use ? 10 : 60),
                    fix_int(x->d, 0, 5) / 10.0,
                    fix_int(x->d, 0, 2)   ? "gamma"
                    : fix_int(x->d, 0, 1) ? "poisson"
                                          : "constant",
                    fix_int(x->d, 0, 1) ? fix_format(x->f, "%d", fix_int(x->d, 0, 30)) : "");
        }
    }
}

/* Fills f with a network. */
static inline void net_random(struct fix *f, struct fix_dice *d)
{
    struct net x = {.f = f,
                    .d = d,
                    .goods = "",
                    .sites = "",
                    .bom = "",
                    .processes = "",
                    .lanes = "",
                    .demand = "",
                    .continuous = fix_int(d, 0, 7) == 0};

    *f = (struct fix){0};
    for (int t = 0; t < NET_TIERS; t++) {
        x.n_good[t] = fix_int(d, 1, NET_GOODS);
        for (int i = 0; i < x.n_good[t]; i++) {
            net_good(&x, t, i);
            net_makers(&x, t, i);
        }
    }
    for (int t = 1; t < NET_TIERS; t++)
        for (int i = 0; i < x.n_good[t]; i++)
            for (int k = 0; k < x.n_good[t - 1]; k++)
                for (int m = 0; m < x.n_maker[t][i] && net_uses(&x, t, i, k); m++)
                    net_lanes(&x, fix_format(f, "s.%d.%d.%d", t, i, m), t - 1, k);
    net_markets(&x);
    fix_table(f, MDL_PRODUCTS,
              fix_format(f,
                         "id,name,stage,unit,quanta_per_unit,value_usd,hs,codes,per_application,"
                         "el_aa_g,el_bb_g\n%s",
                         x.goods));
    fix_table(f, MDL_SITES,
              fix_format(f,
                         "id,name,entity,country,tier,review_d,cover_d,out_cover_d,stretch_cover_d,"
                         "smooth_d,allocation\n%s",
                         x.sites));
    fix_table(f, MDL_BOM, fix_format(f, "recipe,role,product,quantity\n%s", x.bom));
    fix_table(f, MDL_PROCESSES,
              fix_format(f, "id,site,recipe,capacity_d,cycle_d,yield\n%s", x.processes));
    fix_table(f, MDL_LANES,
              fix_format(f, "from,to,product,share,transit_d,customs_d\n%s", x.lanes));
    fix_table(f, MDL_DEMAND,
              fix_format(f, "site,product,end_use,rate_d,cv,dist,patience_d\n%s", x.demand));
    fix_table(f, MDL_ENTITIES, "id,name,country\ncn.a,A,CN\njp.a,A,JP\n"); /* countries of rules */
    fix_table(f, MDL_LISTS, "list,kind,value\nones,code,c.one\ntwos,code,c.two\nall,hs,1\n");
    fix_table(f, MDL_CALENDARS, "country,date,working\nCN,2026-01-20,0\nCN,2026-01-21,0.3\n");
}

/* The inside of `rules`: one to three, each beginning in January and February 2026 or settled. Two
 * offices, o and p, are taken for granted. */
static inline const char *net_rules(struct fix *f, struct fix_dice *d)
{
    static const char *const from[] = {"2025-06-01", "2026-01-05", "2026-01-20", "2026-02-10"};
    static const char *const origin[] = {"", "origin = [ \"CN\" ]; ",
                                         "origin = [ \"CN\", \"JP\" ]; "};
    static const char *const list[] = {"", "list = \"ones\"; ", "list = \"twos\"; ",
                                       "list = \"all\"; "};
    static const char *const use[] = {"", "end_use = [ \"civil\" ]; ",
                                      "end_use = [ \"military\" ]; "};
    static const char *const action[] = {
        "action = \"deny\"; ",
        "action = \"inspect\"; delay_d = \"uniform(1,9)\"; share = "
        "0.5; ",
        "action = \"licence\"; approval = 0.8; ",
        "action = \"licence\"; apply_at = \"ready\"; validity_d = "
        "20.0; "};
    const char *s = "";
    int n = fix_int(d, 1, 3);

    for (int i = 0; i < n; i++)
        s = fix_format(f, "%s%s{ id = \"r%d\"; from = \"%s\"; office = \"%s\"; %s%s%s%s%s%s%s}", s,
                       i ? ", " : "", i, from[fix_int(d, 0, 3)], fix_int(d, 0, 1) ? "o" : "p",
                       origin[fix_int(d, 0, 2)], list[fix_int(d, 0, 3)], use[fix_int(d, 0, 2)],
                       action[fix_int(d, 0, 3)],
                       fix_int(d, 0, 2) ? "" : "undertaking = true; mistaken_civil = 0.2; ",
                       fix_int(d, 0, 2)
                           ? ""
                           : "suspended_from = \"2026-02-15\"; suspended_until = \"2026-02-20\"; ",
                       fix_int(d, 0, 2) ? "" : "until = \"2026-03-05\"; ");
    return s;
}

#define NET_OFFICES                                                                                \
    "offices = ( { id = \"o\"; review_d = \"lognormal(10,0.6)\"; }, { id = \"p\"; review_d = 15; " \
    "reviewers = 8; working_days = true; country = \"CN\"; } );\n"

#endif
