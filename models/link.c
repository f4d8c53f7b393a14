#include "models/draft.h"

#include "sim/rng.h"
#include "sim/source.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Looks an id up and reports it with a suggestion if there is none. */
uint32_t mdl_load_refer(struct mdl_load *l, int t, uint32_t i, const char *head, const char *id,
                        const char *what, const void *rows, uint32_t n, size_t stride,
                        size_t offset)
{
    uint32_t at = mdl_load_find(rows, n, stride, offset, id);

    if (at == UINT32_MAX) {
        const char *near = NULL;
        int best = 1 + (int)strlen(id) / 4;

        for (uint32_t k = 0; k < n && l->faults < 200; k++) {
            const char *const *name = (const void *)((const char *)rows + k * stride + offset);
            int d = sim_distance(id, *name);

            if (d <= best) {
                best = d - 1;
                near = *name;
            }
        }
        if (near)
            MDL_FAULT(l, t, i, head, "no such %s; did you mean '%s'?", what, near);
        else
            MDL_FAULT(l, t, i, head, "no such %s in the network", what);
    }
    return at;
}

#define REFER(l, t, i, head, id, what, rows, n, type, field)                                       \
    mdl_load_refer(l, t, i, head, id, what, rows, n, sizeof(struct type),                          \
                   offsetof(struct type, field))

/* ---- linking, table by table ---- */

static void link_sites(struct mdl_load *l)
{
    struct mdl_network *n = l->n;

    n->country = sim_arena_alloc(n->arena, (size_t)n->n_site + n->n_entity, sizeof *n->country);
    n->tier = sim_arena_alloc(n->arena, n->n_site, sizeof *n->tier);
    for (uint32_t i = 0; i < n->n_site; i++) {
        n->country[i] = n->site[i].country_id;
        n->tier[i] = n->site[i].tier;
    }
    for (uint32_t i = 0; i < n->n_entity; i++)
        n->country[n->n_site + i] = n->entity[i].country;
    n->n_country = mdl_load_unique(n->country, n->n_site + n->n_entity);
    n->n_tier = mdl_load_unique(n->tier, n->n_site);
    for (uint32_t i = 0; i < n->n_site; i++) {
        struct mdl_site *s = &n->site[i];

        s->country = mdl_network_country(n, s->country_id);
        s->hash = sim_hash(s->id);
        s->entity = UINT32_MAX;
        if (s->entity_id && *s->entity_id)
            s->entity = REFER(l, MDL_SITES, i, "entity", s->entity_id, "entity", n->entity,
                              n->n_entity, mdl_entity, id);
    }
    for (uint32_t i = 0; i < n->n_entity; i++) {
        n->entity[i].parent_id = UINT32_MAX;
        if (n->entity[i].parent && *n->entity[i].parent)
            n->entity[i].parent_id = REFER(l, MDL_ENTITIES, i, "parent", n->entity[i].parent,
                                           "entity", n->entity, n->n_entity, mdl_entity, id);
    }
}

/* Greatest common divisor, so that num and den stay small. */
static int64_t gcd(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t t = a % b;

        a = b;
        b = t;
    }
    return a;
}

int mdl_load_part_ratio(struct mdl_part *p, const struct mdl_network *n, uint32_t main_product)
{
    int64_t unit = 1000000000, q = llround(p->units * (double)unit);
    int64_t own = n->product[p->product].qpu, of = n->product[main_product].qpu;
    int64_t g = gcd(q, unit), h = gcd(own, of), a = q / g, b = own / h, c = unit / g, d = of / h;
    int64_t i = gcd(a, d), k = gcd(b, c);

    return !__builtin_mul_overflow(a / i, b / k, &p->num) &&
           !__builtin_mul_overflow(c / k, d / i, &p->den);
}

/* One recipe from rows first..last-1 of bom, which are sorted by role and product. */
static void link_recipe(struct mdl_load *l, struct mdl_recipe *r, uint32_t first, uint32_t last)
{
    struct mdl_network *n = l->n;
    const struct mdl_bom_row *rows = l->rows[MDL_BOM];
    uint32_t mains = 0, main_product = UINT32_MAX;
    int fits = 1;

    r->id = rows[first].recipe;
    r->in = sim_arena_alloc(n->arena, last - first, sizeof *r->in);
    r->out = sim_arena_alloc(n->arena, last - first, sizeof *r->out);
    for (uint32_t i = first; i < last; i++) {
        const struct mdl_bom_row *row = &rows[i];
        struct mdl_part part = {.role = row->role, .kind = row->kind, .units = row->quantity};

        part.product = REFER(l, MDL_BOM, i, "product", row->product, "product", n->product,
                             n->n_product, mdl_product, id);
        r->status = row->status > r->status ? row->status : r->status;
        if (row->quantity * 1e9 < 1 || row->quantity * 1e9 > 9e15)
            MDL_FAULT(l, MDL_BOM, i, "quantity", "must lie between 1e-9 and 9e6");
        if (row->role == MDL_OUTPUT) {
            if (mains++ == 0) {
                main_product = part.product;
                r->place = mdl_load_place(l, MDL_BOM, i);
            }
            if (row->quantity != 1.0)
                MDL_FAULT(l, MDL_BOM, i, "quantity", "the main output has the quantity 1");
        }
        if (part.product == UINT32_MAX)
            continue;
        if (row->kind == MDL_DEFERRABLE && row->role != MDL_INPUT)
            MDL_FAULT(l, MDL_BOM, i, "kind", "only an input can be deferrable");
        r->n_deferrable += row->kind == MDL_DEFERRABLE;
        if (row->role == MDL_INPUT)
            r->in[r->n_in++] = part;
        else
            r->out[r->n_out++] = part;
    }
    if (mains != 1) {
        MDL_FAULT(l, MDL_BOM, first, "recipe",
                  "%u rows with role output; a recipe has exactly one (further ones are joint or "
                  "byproduct)",
                  mains);
        return;
    }
    if (main_product == UINT32_MAX)
        return;
    for (uint32_t i = 0; i < r->n_in; i++)
        fits &= mdl_load_part_ratio(&r->in[i], n, main_product);
    for (uint32_t i = 0; i < r->n_out; i++)
        fits &= mdl_load_part_ratio(&r->out[i], n, main_product);
    if (!fits)
        MDL_FAULT(l, MDL_BOM, first, "recipe",
                  "a quantity in quanta per quantum of the main output is no fraction of 64-bit "
                  "numbers: give it fewer digits");
}

static void link_recipes(struct mdl_load *l, uint32_t n_rows)
{
    struct mdl_network *n = l->n;
    const struct mdl_bom_row *rows = l->rows[MDL_BOM];

    n->recipe = sim_arena_alloc(n->arena, n_rows, sizeof *n->recipe);
    for (uint32_t i = 0, k; i < n_rows; i = k) {
        for (k = i + 1; k < n_rows && strcmp(rows[k].recipe, rows[i].recipe) == 0; k++)
            ;
        link_recipe(l, &n->recipe[n->n_recipe++], i, k);
    }
}

static void link_processes(struct mdl_load *l)
{
    struct mdl_network *n = l->n;

    for (uint32_t i = 0; i < n->n_process; i++) {
        struct mdl_process *p = &n->process[i];
        int64_t qpu;

        p->site = REFER(l, MDL_PROCESSES, i, "site", p->site_id, "site", n->site, n->n_site,
                        mdl_site, id);
        p->recipe = REFER(l, MDL_PROCESSES, i, "recipe", p->recipe_id, "recipe", n->recipe,
                          n->n_recipe, mdl_recipe, id);
        p->hash = sim_hash(p->id);
        if (p->site == UINT32_MAX || p->recipe == UINT32_MAX || n->recipe[p->recipe].n_out == 0)
            continue;
        if (p->from != SIM_DAY_NONE && p->until != SIM_DAY_NONE && p->from > p->until)
            MDL_FAULT(l, MDL_PROCESSES, i, "until", "lies before the first day in service");
        mdl_load_check_ramp(l, i);
        qpu = n->product[n->recipe[p->recipe].out[0].product].qpu;
        if (isnan(p->capacity_d))
            p->capacity_d = INFINITY;
        p->capacity =
            p->capacity_d * (double)qpu < 4e18 ? llround(p->capacity_d * (double)qpu) : INT64_MAX;
        if (p->capacity == INT64_MAX && isfinite(p->capacity_d))
            MDL_FAULT(l, MDL_PROCESSES, i, "capacity_d", "more than 4e18 quanta a day");
        p->batch =
            p->min_batch * (double)qpu < 4e18 ? llround(p->min_batch * (double)qpu) : INT64_MAX;
        if (p->batch == INT64_MAX)
            MDL_FAULT(l, MDL_PROCESSES, i, "min_batch", "more than 4e18 quanta");
        if (n->site[p->site].n_process++ == 0)
            n->site[p->site].first_process = i;
    }
}

static void link_lanes(struct mdl_load *l)
{
    struct mdl_network *n = l->n;

    for (uint32_t i = 0; i < n->n_lane; i++) {
        struct mdl_lane *p = &n->lane[i];

        p->from =
            REFER(l, MDL_LANES, i, "from", p->from_id, "site", n->site, n->n_site, mdl_site, id);
        p->to = REFER(l, MDL_LANES, i, "to", p->to_id, "site", n->site, n->n_site, mdl_site, id);
        p->product = REFER(l, MDL_LANES, i, "product", p->product_id, "product", n->product,
                           n->n_product, mdl_product, id);
        if (p->from == UINT32_MAX || p->to == UINT32_MAX || p->product == UINT32_MAX)
            continue;
        if (p->from == p->to)
            MDL_FAULT(l, MDL_LANES, i, "to", "the lane ends where it begins");
        if (p->id == NULL || *p->id == 0) {
            size_t len = strlen(p->from_id) + strlen(p->to_id) + strlen(p->product_id) + 3;
            char *id = sim_arena_alloc(n->arena, len, 1);

            snprintf(id, len, "%s~%s~%s", p->from_id, p->to_id, p->product_id);
            p->id = id;
        }
        p->hash = sim_hash(p->id);
        p->border = n->site[p->from].country != n->site[p->to].country;
        if (p->share_max < p->share)
            MDL_FAULT(l, MDL_LANES, i, "share_max", "is less than share, %g", p->share);
    }
}

struct named {
    const char *id;
    uint32_t at;
};

static int cmp_named(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int c = strcmp(x->id, y->id);

    return c ? c : (x->at > y->at) - (x->at < y->at);
}

/* Reports every id that more than one row has. s[n] is sorted. */
static void check_ids(struct mdl_load *l, int t, struct named *s, uint32_t n)
{
    char other[SIM_CSV_PLACE];

    qsort(s, n, sizeof *s, cmp_named);
    for (uint32_t i = 1; i < n; i++)
        if (strcmp(s[i - 1].id, s[i].id) == 0) {
            uint32_t a = s[i - 1].at, b = s[i].at,
                     later = l->row_of[t][a] > l->row_of[t][b] ? a : b;

            MDL_FAULT(
                l, t, later, "id", "%s has the same id; an id may be used once",
                sim_csv_other(&l->csv[t], l->row_of[t][later], l->row_of[t][a + b - later], other));
        }
}

static void check_all_ids(struct mdl_load *l)
{
    struct mdl_network *n = l->n;
    struct named *s = sim_arena_alloc(n->arena, (size_t)n->n_process + n->n_lane, sizeof *s);

    for (uint32_t i = 0; i < n->n_process; i++)
        s[i] = (struct named){n->process[i].id, i};
    check_ids(l, MDL_PROCESSES, s, n->n_process);
    for (uint32_t i = 0; i < n->n_lane; i++)
        s[i] = (struct named){n->lane[i].id, i};
    check_ids(l, MDL_LANES, s, n->n_lane);
}

static void link_demand(struct mdl_load *l)
{
    struct mdl_network *n = l->n;

    for (uint32_t i = 0; i < n->n_demand; i++) {
        struct mdl_demand *d = &n->demand[i];
        double sum = 0;

        d->site =
            REFER(l, MDL_DEMAND, i, "site", d->site_id, "site", n->site, n->n_site, mdl_site, id);
        d->product = REFER(l, MDL_DEMAND, i, "product", d->product_id, "product", n->product,
                           n->n_product, mdl_product, id);
        if (d->season_text.n != 0 && d->season_text.n != 12)
            MDL_FAULT(l, MDL_DEMAND, i, "season", "%zu numbers; twelve are needed, or none",
                      d->season_text.n);
        for (size_t m = 0; m < 12; m++) {
            d->season[m] = d->season_text.n == 12 ? d->season_text.x[m] : 1.0;
            sum += d->season[m];
        }
        if (d->season_text.n == 12 && fabs(sum / 12 - 1) > 1e-3)
            MDL_FAULT(l, MDL_DEMAND, i, "season", "the mean is %.6g; it must be 1", sum / 12);
        d->patience_d = isnan(d->patience_real) ? -1 : (int)lround(d->patience_real);
        d->hash = sim_hash_with(sim_hash(d->site_id), sim_hash(d->product_id));
    }
}

/* ---- stock points ---- */

static int cmp_u64(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static void make_points(struct mdl_load *l)
{
    struct mdl_network *n = l->n;
    size_t cap = 2u * (size_t)n->n_lane + n->n_demand, k = 0;
    uint64_t *key;

    for (uint32_t i = 0; i < n->n_process; i++)
        cap += n->recipe[n->process[i].recipe].n_in + n->recipe[n->process[i].recipe].n_out;
    key = sim_arena_alloc(n->arena, cap, sizeof *key);
#define POINT(s, p) (key[k++] = (uint64_t)(s) << 32 | (p))
    for (uint32_t i = 0; i < n->n_lane; i++) {
        POINT(n->lane[i].from, n->lane[i].product);
        POINT(n->lane[i].to, n->lane[i].product);
    }
    for (uint32_t i = 0; i < n->n_demand; i++)
        POINT(n->demand[i].site, n->demand[i].product);
    for (uint32_t i = 0; i < n->n_process; i++) {
        const struct mdl_recipe *r = &n->recipe[n->process[i].recipe];

        for (uint32_t j = 0; j < r->n_in; j++)
            POINT(n->process[i].site, r->in[j].product);
        for (uint32_t j = 0; j < r->n_out; j++)
            POINT(n->process[i].site, r->out[j].product);
    }
#undef POINT
    qsort(key, k, sizeof *key, cmp_u64);
    n->point = sim_arena_alloc(n->arena, k, sizeof *n->point);
    for (size_t i = 0; i < k; i++) {
        struct mdl_point *p;
        struct mdl_site *s = &n->site[key[i] >> 32];
        char *id;
        size_t len;

        if (i > 0 && key[i] == key[i - 1])
            continue;
        p = &n->point[n->n_point];
        p->site = (uint32_t)(key[i] >> 32);
        p->product = (uint32_t)key[i];
        p->cover_d = p->initial = NAN;
        if (s->n_point++ == 0)
            s->first_point = n->n_point;
        len = strlen(s->id) + strlen(n->product[p->product].id) + 2;
        id = sim_arena_alloc(n->arena, len, 1);
        snprintf(id, len, "%s~%s", s->id, n->product[p->product].id);
        p->id = id;
        p->hash = sim_hash(id);
        n->n_point++;
    }
}

/* Two passes over the users of points: count, then fill. */
static void fill_points(struct mdl_network *n, int fill)
{
#define ADD(list, count, pt, v)                                                                    \
    do {                                                                                           \
        struct mdl_point *p_ = &n->point[pt];                                                      \
        if (fill)                                                                                  \
            p_->list[p_->count] = (v);                                                             \
        p_->count++;                                                                               \
    } while (0)
    for (uint32_t i = 0; i < n->n_lane; i++) {
        ADD(lane_in, n_lane_in, n->lane[i].to_point, i);
        ADD(lane_out, n_lane_out, n->lane[i].from_point, i);
    }
    for (uint32_t i = 0; i < n->n_demand; i++)
        ADD(demand, n_demand, n->demand[i].point, i);
    for (int by = 0; by < 2; by++)
        for (uint32_t i = 0; i < n->n_process; i++) {
            const struct mdl_recipe *r = &n->recipe[n->process[i].recipe];

            for (uint32_t j = 0; j < r->n_out; j++)
                if ((r->out[j].role == MDL_BYPRODUCT) == by)
                    ADD(maker, n_maker, n->process[i].out_point[j], i);
            for (uint32_t j = 0; j < r->n_in && by == 0; j++)
                ADD(user, n_user, n->process[i].in_point[j], i);
        }
#undef ADD
}

static void link_points(struct mdl_load *l)
{
    struct mdl_network *n = l->n;

    make_points(l);
    for (uint32_t i = 0; i < n->n_lane; i++) {
        n->lane[i].from_point = mdl_network_point(n, n->lane[i].from, n->lane[i].product);
        n->lane[i].to_point = mdl_network_point(n, n->lane[i].to, n->lane[i].product);
    }
    for (uint32_t i = 0; i < n->n_demand; i++)
        n->demand[i].point = mdl_network_point(n, n->demand[i].site, n->demand[i].product);
    for (uint32_t i = 0; i < n->n_process; i++) {
        struct mdl_process *p = &n->process[i];
        const struct mdl_recipe *r = &n->recipe[p->recipe];

        p->in_point = sim_arena_alloc(n->arena, r->n_in, sizeof *p->in_point);
        p->out_point = sim_arena_alloc(n->arena, r->n_out, sizeof *p->out_point);
        for (uint32_t j = 0; j < r->n_in; j++)
            p->in_point[j] = mdl_network_point(n, p->site, r->in[j].product);
        for (uint32_t j = 0; j < r->n_out; j++) {
            p->out_point[j] = mdl_network_point(n, p->site, r->out[j].product);
            if (r->out[j].role != MDL_BYPRODUCT)
                n->point[p->out_point[j]].wanted = 1;
        }
    }
    fill_points(n, 0);
    for (uint32_t i = 0; i < n->n_point; i++) {
        struct mdl_point *p = &n->point[i];

        p->lane_in = sim_arena_alloc(n->arena, p->n_lane_in, sizeof(uint32_t));
        p->lane_out = sim_arena_alloc(n->arena, p->n_lane_out, sizeof(uint32_t));
        p->maker = sim_arena_alloc(n->arena, p->n_maker, sizeof(uint32_t));
        p->user = sim_arena_alloc(n->arena, p->n_user, sizeof(uint32_t));
        p->demand = sim_arena_alloc(n->arena, p->n_demand, sizeof(uint32_t));
        p->n_lane_in = p->n_lane_out = p->n_maker = p->n_user = p->n_demand = 0;
    }
    fill_points(n, 1);
}

/* ---- what must hold between tables ---- */

/* Contract shares of what a point buys, some of them uncertain, are made to add up to 1. */
static void rescale_shares(struct mdl_load *l)
{
    struct mdl_network *n = l->n;
    const char *loose = mdl_draft_loose(l);

    for (uint32_t i = 0; loose && i < n->n_point; i++) {
        const struct mdl_point *p = &n->point[i];
        double sum = 0;
        int some = 0;

        for (uint32_t k = 0; k < p->n_lane_in; k++) {
            sum += n->lane[p->lane_in[k]].share;
            some |= loose[p->lane_in[k]];
        }
        for (uint32_t k = 0; k < p->n_lane_in && some && sum > 0; k++)
            n->lane[p->lane_in[k]].share /= sum;
    }
}

/* Contract shares of what a point buys add up to 1, and a point that needs something can get it. */
static void check_sources(struct mdl_load *l)
{
    struct mdl_network *n = l->n;

    for (uint32_t i = 0; i < n->n_point; i++) {
        const struct mdl_point *p = &n->point[i];
        double sum = 0;

        for (uint32_t k = 0; k < p->n_lane_in; k++)
            sum += n->lane[p->lane_in[k]].share;
        if (p->n_lane_in > 0 && (sum > 0 || p->n_maker == 0) && fabs(sum - 1) > 1e-4)
            MDL_FAULT(l, MDL_LANES, p->lane_in[0], "share",
                      "the shares of %s bought by %s add up to %.6g; they must add up to 1",
                      n->product[p->product].id, n->site[p->site].id, sum);
        if (p->n_lane_in == 0 && p->n_maker == 0) {
            if (p->n_user > 0)
                MDL_FAULT(l, MDL_PROCESSES, p->user[0], "recipe",
                          "its input %s has no supplier: no lane brings it to %s and nothing there "
                          "makes it",
                          n->product[p->product].id, n->site[p->site].id);
            if (p->n_demand > 0)
                MDL_FAULT(l, MDL_DEMAND, p->demand[0], "product",
                          "no lane brings it to this market");
            if (p->n_lane_out > 0)
                MDL_FAULT(l, MDL_LANES, p->lane_out[0], "from", "%s neither makes nor buys %s",
                          n->site[p->site].id, n->product[p->product].id);
        }
    }
}

/* Every product can be made from nothing but mines: a fixed point over recipes. */
static void check_reachable(struct mdl_load *l)
{
    struct mdl_network *n = l->n;
    char *made = sim_arena_alloc(n->arena, n->n_product, 1);
    char *used = sim_arena_alloc(n->arena, n->n_recipe, 1);
    char *followed = sim_arena_alloc(n->arena, n->n_recipe, 1);

    for (uint32_t i = 0; i < n->n_process; i++)
        followed[n->process[i].recipe] = 1;
    for (int more = 1; more;) {
        more = 0;
        for (uint32_t i = 0; i < n->n_recipe; i++) {
            const struct mdl_recipe *r = &n->recipe[i];
            int ready = followed[i] && !used[i];

            for (uint32_t j = 0; j < r->n_in; j++)
                ready &= made[r->in[j].product];
            if (!ready)
                continue;
            used[i] = 1;
            more = 1;
            for (uint32_t j = 0; j < r->n_out; j++)
                made[r->out[j].product] = 1;
        }
    }
    for (uint32_t i = 0; i < n->n_process; i++)
        if (!used[n->process[i].recipe])
            MDL_FAULT(l, MDL_PROCESSES, i, "recipe",
                      "can never start: an input can only be made from its own output");
}

static void link_stocks(struct mdl_load *l, uint32_t n_rows)
{
    struct mdl_network *n = l->n;
    const struct mdl_stock_row *rows = l->rows[MDL_STOCKS];

    for (uint32_t i = 0; i < n_rows; i++) {
        uint32_t s =
            REFER(l, MDL_STOCKS, i, "site", rows[i].site, "site", n->site, n->n_site, mdl_site, id);
        uint32_t p = REFER(l, MDL_STOCKS, i, "product", rows[i].product, "product", n->product,
                           n->n_product, mdl_product, id);
        uint32_t at;
        static const char *const need[] = {"", "S", "s S", "r Q", "Q"};
        const struct mdl_stock_row *k = &rows[i];

        if (s == UINT32_MAX || p == UINT32_MAX)
            continue;
        at = mdl_network_point(n, s, p);
        if (at == UINT32_MAX) {
            MDL_FAULT(l, MDL_STOCKS, i, "product", "%s neither makes, uses, buys nor sells it",
                      rows[i].site);
            continue;
        }
        if ((k->policy == MDL_BASE_STOCK && isnan(k->S)) ||
            (k->policy == MDL_SS && (isnan(k->s) || isnan(k->S) || k->s > k->S)) ||
            (k->policy == MDL_RQ && (isnan(k->r) || isnan(k->Q) || k->Q <= 0)) ||
            (k->policy == MDL_TQ && (isnan(k->Q) || k->Q <= 0)))
            MDL_FAULT(l, MDL_STOCKS, i, "policy", "needs the columns %s (s not above S, Q above 0)",
                      need[k->policy]);
        for (int c = 0; c < 5; c++) {
            static const char *const head[] = {"s", "S", "r", "Q", "initial"};
            const double units[] = {k->s, k->S, k->r, k->Q, k->initial};

            if (fabs(units[c]) * (double)n->product[p].qpu > 1e18)
                MDL_FAULT(l, MDL_STOCKS, i, head[c], "more than 1e18 quanta");
        }
        n->point[at].policy = k->policy;
        n->point[at].s = k->s;
        n->point[at].S = k->S;
        n->point[at].r = k->r;
        n->point[at].Q = k->Q;
        n->point[at].cover_d = k->cover_d;
        n->point[at].initial = k->initial;
    }
}

static void link_calendars(struct mdl_load *l, uint32_t n_rows)
{
    struct mdl_network *n = l->n;
    const struct mdl_calendar_row *rows = l->rows[MDL_CALENDARS];
    int32_t last = INT32_MIN;

    n->working = sim_arena_alloc(n->arena, n->n_country, sizeof *n->working);
    n->day0 = INT32_MAX;
    for (uint32_t i = 0; i < n_rows; i++) {
        n->day0 = rows[i].date < n->day0 ? rows[i].date : n->day0;
        last = rows[i].date > last ? rows[i].date : last;
    }
    if (n_rows == 0)
        return;
    n->n_day = (uint32_t)(last - n->day0 + 1);
    for (uint32_t i = 0; i < n_rows; i++) {
        uint32_t c = mdl_network_country(n, rows[i].country);

        if (c == UINT32_MAX)
            continue;
        if (n->working[c] == NULL) {
            n->working[c] = sim_arena_alloc(n->arena, n->n_day, sizeof(double));
            for (uint32_t d = 0; d < n->n_day; d++)
                n->working[c][d] = 1;
        }
        n->working[c][rows[i].date - n->day0] = rows[i].working;
    }
}

double mdl_network_working(const struct mdl_network *n, uint32_t country, int32_t day)
{
    if (n->working[country] == NULL || day < n->day0 || day >= n->day0 + (int32_t)n->n_day)
        return 1;
    return n->working[country][day - n->day0];
}

static void link_lists(struct mdl_load *l)
{
    struct mdl_network *n = l->n;

    for (uint32_t i = 0; i < n->n_list; i++) {
        if (n->list[i].kind == MDL_LIST_PRODUCT)
            REFER(l, MDL_LISTS, i, "value", n->list[i].value, "product", n->product, n->n_product,
                  mdl_product, id);
        if (n->list[i].kind == MDL_LIST_ENTITY)
            REFER(l, MDL_LISTS, i, "value", n->list[i].value, "entity", n->entity, n->n_entity,
                  mdl_entity, id);
        if (n->list[i].kind == MDL_LIST_COUNTRY) {
            if (mdl_network_country(n, n->list[i].value) == UINT32_MAX)
                MDL_FAULT(l, MDL_LISTS, i, "value", "no site or company is in that country");
            if (n->list[i].probability < 1)
                MDL_FAULT(l, MDL_LISTS, i, "probability", "a country belongs to a group or not: 1");
        }
        if (n->list[i].kind == MDL_LIST_CATEGORY && mdl_network_entries(n, n->list[i].value) == 0)
            MDL_FAULT(l, MDL_LISTS, i, "value", "catalogue.csv has no such category");
    }
    for (uint32_t i = 0; i < n->n_product && n->n_category > 0; i++)
        if (n->product[i].category && *n->product[i].category &&
            mdl_network_entries(n, n->product[i].category) == 0)
            MDL_FAULT(l, MDL_PRODUCTS, i, "category", "catalogue.csv has no such category");
}

void mdl_load_link(struct mdl_load *l)
{
    link_sites(l);
    link_recipes(l, l->count[MDL_BOM]);
    link_processes(l);
    link_lanes(l);
    link_demand(l);
    link_lists(l);
    if (l->faults)
        return;
    check_all_ids(l);
    link_points(l);
    link_stocks(l, l->count[MDL_STOCKS]);
    link_calendars(l, l->count[MDL_CALENDARS]);
    check_reachable(l);
    rescale_shares(l);
    check_sources(l);
    mdl_load_substitutes(l);
}
