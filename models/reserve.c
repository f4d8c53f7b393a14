#include "models/reserve.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const kinds[] = {"state", "company", NULL};
static const char *const covered[] = {"all", "imports", NULL};
static const char *const allotments[] = {"proportional", "fifo", NULL};

#define AT(field) offsetof(struct mdl_reserve, field)

const struct sim_key mdl_reserve_keys[] = {
    {"id", "", SIM_KEY_ID, 0, 0, NULL, AT(id), "key of the reserve", NULL, NULL},
    {"kind", "", SIM_KEY_WORD, 0, 0, NULL, AT(kind),
     "state: one stockpile for all sites; company: each site has its own, kept apart from its "
     "working stock",
     kinds, NULL},
    MDL_PICK_SITES(mdl_reserve, pick),
    MDL_PICK_PRODUCTS(mdl_reserve, pick),
    {"quantity", "", SIM_KEY_REAL, 0, 1e15, "", AT(quantity),
     "units of each product that a state holds at first", NULL, NULL},
    {"cover_d", "d", SIM_KEY_REAL, 0, 3650, "", AT(cover_d),
     "the same for state or company as days of what the sites buy, on the mean and without "
     "controls",
     NULL, NULL},
    {"cover_of", "", SIM_KEY_WORD, 0, 0, "all", AT(imports),
     "cover_d counts all that the sites buy, or only what comes from abroad (so that the stages of "
     "a home chain are not counted on top of each other)",
     covered, NULL},
    {"from", "", SIM_KEY_DATE, 0, 0, "", AT(from), "first day of release, empty = any", NULL, NULL},
    {"until", "", SIM_KEY_DATE, 0, 0, "", AT(until), "first day without release, empty = open",
     NULL, NULL},
    {"release_cover_d", "d", SIM_KEY_REAL, 0, 3650, "", AT(release_cover_d),
     "a site is served when its stock is below so many days of its need; empty = the cover that it "
     "aims at",
     NULL, NULL},
    {"release_loss", "", SIM_KEY_REAL, 0, 1, "", AT(release_loss),
     "nothing is released before more than this share of planned starts, by value, was missed in "
     "28 days; empty = no such rule",
     NULL, NULL},
    {"rate_d", "", SIM_KEY_REAL, 0, 1e15, "", AT(rate_d),
     "most units of a product released a day; empty = no limit", NULL, NULL},
    {"rate_share", "", SIM_KEY_REAL, 0, 1, "", AT(rate_share),
     "the same as a share of what was there at first; empty = no limit", NULL, NULL},
    {"allot", "", SIM_KEY_WORD, 0, 0, "proportional", AT(fifo),
     "of a state: all that ask in proportion, or who was short first", allotments, NULL},
    {"transit_d", "d", SIM_KEY_REAL, 0, 365, "0", AT(transit_d),
     "of a state: days to a site, and from it", NULL, NULL},
    {"refill_cover_d", "d", SIM_KEY_REAL, 0, 3650, "", AT(refill_cover_d),
     "sites give what they have in stock beyond so many days of their need; empty = no refilling",
     NULL, NULL},
    {"refill_d", "", SIM_KEY_REAL, 0, 1e15, "", AT(refill_d),
     "most units of a product taken in a day", NULL, NULL},
    {"refill_from", "", SIM_KEY_DATE, 0, 0, "", AT(refill_from),
     "first day of refilling, empty = any", NULL, NULL},
    {"source", "", SIM_KEY_STR, 0, 0, "", AT(source), "where the numbers come from", NULL, NULL},
    {0}};

static int check(const struct mdl_reserve *r, struct sim_err *err)
{
    static const char *const only_state[] = {"quantity", "allot", "transit_d"};
    int rc = 0;

    if (isnan(r->quantity) == isnan(r->cover_d))
        rc = sim_tree_fault(r->tree, err, "give either quantity or cover_d");
    if (isnan(r->refill_cover_d) != isnan(r->refill_d))
        rc = sim_tree_fault(r->tree, err, "give both refill_cover_d and refill_d");
    if (r->refill_from != SIM_DAY_NONE && isnan(r->refill_d))
        rc = sim_tree_fault(sim_tree_get(r->tree, "refill_from"), err,
                            "needs refill_cover_d and refill_d");
    if (r->from != SIM_DAY_NONE && r->until != SIM_DAY_NONE && r->until < r->from)
        rc = sim_tree_fault(sim_tree_get(r->tree, "until"), err, "lies before from");
    for (int i = 0; i < 3 && r->kind == MDL_RESERVE_COMPANY; i++)
        if (sim_tree_get(r->tree, only_state[i]))
            rc = sim_tree_fault(sim_tree_get(r->tree, only_state[i]), err,
                                "is for the kind state only");
    return rc;
}

int mdl_reserve_read(const struct sim_tree *list, struct mdl_reserve **to, uint32_t *n,
                     struct sim_arena *a, struct sim_err *err)
{
    static const struct mdl_entries e = {"reserves", mdl_reserve_keys, sizeof(struct mdl_reserve),
                                         offsetof(struct mdl_reserve, tree), NULL};
    void *at;
    int rc = mdl_entries_read(&e, list, &at, n, a, err);

    *to = at;
    for (uint32_t i = 0; i < *n && rc == 0; i++)
        rc |= check(&(*to)[i], err);
    return rc ? SIM_EINPUT : 0;
}

char *mdl_reserve_label(const struct mdl_reserve *r, uint32_t k, const struct mdl_network *net,
                        struct sim_arena *a)
{
    const char *product = net->product[r->stock[k].product].id;
    size_t n = strlen(r->id) + strlen(product) + 2;
    char *to = sim_arena_alloc(a, n, 1);

    snprintf(to, n, "%s~%s", r->id, product);
    return to;
}

double mdl_reserve_low_d(const struct mdl_reserve *r, const struct mdl_network *net, uint32_t point)
{
    const struct mdl_point *p = &net->point[point];

    if (!isnan(r->release_cover_d))
        return r->release_cover_d;
    return isnan(p->cover_d) ? net->site[p->site].cover_d : p->cover_d;
}

static int serves(const struct mdl_reserve *r, const struct mdl_network *net, uint32_t point)
{
    const struct mdl_point *p = &net->point[point];

    return r->pick.sites[p->site] && r->pick.products[p->product] && p->n_lane_in > 0 && !p->wanted;
}

static void list_stocks(struct mdl_reserve *r, struct sim_arena *a, const struct mdl_network *net)
{
    uint32_t *count = sim_arena_alloc(a, net->n_product, sizeof *count),
             *place = sim_arena_alloc(a, net->n_product, sizeof *place);

    for (uint32_t i = 0; i < net->n_point; i++)
        count[net->point[i].product] += (uint32_t)serves(r, net, i);
    r->stock = sim_arena_alloc(a, net->n_product, sizeof *r->stock);
    for (uint32_t p = 0; p < net->n_product; p++)
        if (count[p] > 0) {
            place[p] = r->n_stock++;
            r->stock[place[p]] = (struct mdl_reserve_stock){
                .product = p, .point = sim_arena_alloc(a, count[p], sizeof(uint32_t))};
        }
    for (uint32_t i = 0; i < net->n_point; i++)
        if (serves(r, net, i)) {
            struct mdl_reserve_stock *s = &r->stock[place[net->point[i].product]];

            s->point[s->n_point++] = i;
        }
}

static int link_one(struct mdl_reserve *r, struct sim_arena *a, const struct mdl_network *net,
                    struct sim_err *err)
{
    int rc = mdl_pick_link(&r->pick, r->tree, a, net, err);

    if (rc != 0)
        return rc;
    list_stocks(r, a, net);
    if (r->n_stock == 0)
        rc = sim_tree_fault(r->tree, err, "no picked site buys a picked product");
    for (uint32_t i = 0; i < r->n_stock; i++) {
        const struct mdl_product *p = &net->product[r->stock[i].product];

        if (!isnan(r->quantity) && r->quantity * (double)p->qpu > 4e18)
            rc = sim_tree_fault(sim_tree_get(r->tree, "quantity"), err,
                                "more than can be counted (4e18 quanta) of %s", p->id);
        for (uint32_t k = 0; k < r->stock[i].n_point; k++)
            if (r->refill_cover_d <= mdl_reserve_low_d(r, net, r->stock[i].point[k]))
                return sim_tree_fault(
                    sim_tree_get(r->tree, "refill_cover_d"), err,
                    "%s is served below %g days: what is released would be taken back",
                    net->point[r->stock[i].point[k]].id,
                    mdl_reserve_low_d(r, net, r->stock[i].point[k]));
    }
    return rc;
}

/* A stock point is served by one state reserve at most: it would ask each for all that it lacks. */
static int check_overlap(const struct mdl_reserve *r, uint32_t n, struct sim_arena *a,
                         const struct mdl_network *net, struct sim_err *err)
{
    uint32_t *by = sim_arena_alloc(a, net->n_point, sizeof *by);

    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < r[i].n_stock && r[i].kind == MDL_RESERVE_STATE; k++)
            for (uint32_t j = 0; j < r[i].stock[k].n_point; j++) {
                uint32_t at = r[i].stock[k].point[j];

                if (by[at])
                    return sim_tree_fault(r[i].tree, err, "%s is served by the reserve '%s' too",
                                          net->point[at].id, r[by[at] - 1].id);
                by[at] = i + 1;
            }
    return 0;
}

int mdl_reserve_link(struct mdl_reserve *r, uint32_t n, struct sim_arena *a,
                     const struct mdl_network *net, struct sim_err *err)
{
    int rc = 0;

    for (uint32_t i = 0; i < n; i++)
        rc |= link_one(&r[i], a, net, err);
    rc |= check_overlap(r, n, a, net, err);
    return rc ? SIM_EINPUT : 0;
}
