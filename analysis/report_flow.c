#include "analysis/report_flow_inner.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of series on the page; places of a stage that are shown by themselves, at most. */
enum { ROOM = 200 << 10, PLACES = 6 };
#define SMALL 0.01
#define MAGNET "magnet" /* a stage that networks of magnets have, by this name */
#define NOWHERE ((size_t)-1)

static void sum_up(struct ana_flows *f)
{
    f->sum = sim_arena_alloc(&f->p->arena, f->n_link, sizeof *f->sum);
    f->waits = sim_arena_alloc(&f->p->arena, f->n_link, 1);
    for (size_t i = 0; i < f->n_link; i++)
        for (size_t s = 0; s < f->n_scenario; s++)
            for (size_t m = 0; m < f->n_whole; m++) {
                double held = ana_flow_at(f, &f->held, s, i, m);

                f->sum[i] += ana_flow_at(f, &f->moved, s, i, m) + held;
                f->waits[i] |= held > 0.0;
            }
}

/* ---- stages and places ---- */

static size_t stage_of(struct ana_flows *f, const char *name)
{
    size_t i = 0;

    while (i < f->n_stage && strcmp(f->stage[i].name, name) != 0)
        i++;
    if (i == f->n_stage)
        f->stage[f->n_stage++].name = name;
    return i;
}

static size_t place_of(struct ana_flows *f, size_t stage, const char *country)
{
    size_t i = 0;

    while (i < f->n_place &&
           (f->place[i].stage != stage || strcmp(f->place[i].country, country) != 0))
        i++;
    if (i == f->n_place)
        f->place[f->n_place++] = (struct ana_flow_place){.stage = stage, .country = country};
    return i;
}

struct edge {
    size_t from, to;
    double size;
};
static int by_edge(const void *a, const void *b)
{
    const struct edge *x = a, *y = b;
    int c = (x->size < y->size) - (x->size > y->size);

    c = c ? c : (x->from > y->from) - (x->from < y->from);
    return c ? c : (x->to > y->to) - (x->to < y->to);
}

/* Puts the stages in an order: the largest flows by value go forward, and of the smaller ones those
 * that can. What then goes back is scrap, say. */
static void order_stages(struct ana_flows *f, struct edge *e, size_t n_edge)
{
    struct sim_arena *a = &f->p->arena;
    size_t n = f->n_stage;
    char *reach = sim_arena_alloc(a, n * n, 1), *forward = sim_arena_alloc(a, n_edge, 1);

    qsort(e, n_edge, sizeof *e, by_edge);
    for (size_t i = 0; i < n; i++)
        reach[i * n + i] = 1;
    for (size_t k = 0; k < n_edge; k++) {
        if (reach[e[k].to * n + e[k].from])
            continue;
        forward[k] = 1;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; reach[i * n + e[k].from] && j < n; j++)
                reach[i * n + j] |= reach[e[k].to * n + j];
    }
    for (size_t round = 0; round < n; round++)
        for (size_t k = 0; k < n_edge; k++) {
            struct ana_flow_stage *to = &f->stage[e[k].to];

            if (forward[k] && to->depth <= f->stage[e[k].from].depth)
                to->depth = f->stage[e[k].from].depth + 1;
        }
}

static void find_places(struct ana_flows *f)
{
    struct sim_arena *a = &f->p->arena;
    const struct sim_axis *product = ana_axis(f->p->r, "product");
    const double *value = ana_coord_value(product, "product_value");
    struct edge *e = sim_arena_alloc(a, f->n_link, sizeof *e);
    size_t n_edge = 0;

    f->stage = sim_arena_alloc(a, 2 * f->n_link, sizeof *f->stage);
    f->place = sim_arena_alloc(a, 2 * f->n_link, sizeof *f->place);
    for (int k = 0; k < 2; k++)
        f->at[k] = sim_arena_alloc(a, f->n_link, sizeof **f->at);
    for (size_t i = 0; i < f->n_link; i++) {
        double size = f->sum[i] * (value ? value[f->product_at[i]] : 1.0);
        size_t s[2], k = 0;

        for (int j = 0; j < 2; j++) {
            s[j] = stage_of(f, f->tier[j][i]);
            f->at[j][i] = place_of(f, s[j], f->country[j][i]);
        }
        while (k < n_edge && (e[k].from != s[0] || e[k].to != s[1]))
            k++;
        if (k == n_edge)
            e[n_edge++] = (struct edge){s[0], s[1], 0.0};
        e[k].size += size;
    }
    order_stages(f, e, n_edge);
}

/* ---- measures ---- */

static struct ana_flow_measure *add_measure(struct ana_flows *f, const char *id, const char *name,
                                            const char *unit)
{
    struct ana_flow_measure *m = &f->measure[f->n_measure++];

    *m = (struct ana_flow_measure){.id = id, .name = name, .unit = unit};
    m->group = sim_arena_alloc(&f->p->arena, f->n_place, sizeof *m->group);
    m->pair = sim_arena_alloc(&f->p->arena, f->n_link, sizeof *m->pair);
    m->weight = sim_arena_alloc(&f->p->arena, f->n_link, sizeof *m->weight);
    return m;
}

/* Stages before the one that makes magnets; without one, all. */
static size_t last_depth(const struct ana_flows *f)
{
    for (size_t i = 0; i < f->n_stage; i++)
        if (strcmp(f->stage[i].name, MAGNET) == 0)
            return f->stage[i].depth;
    return f->n_stage;
}

/* Elements, then magnets, then value: what comes after the magnets is worth so much more that
 * nothing else could be seen beside it. */
static void find_measures(struct ana_flows *f)
{
    const struct sim_axis *element = ana_axis(f->p->r, "element"),
                          *product = ana_axis(f->p->r, "product");
    struct ana_cube content = ana_cube_find(f->p->r, "content_kg", "product element");
    const char *const *stage = ana_coord_text(product, "product_stage");
    const double *value = ana_coord_value(product, "product_value");

    f->measure =
        sim_arena_alloc(&f->p->arena, (content.c ? element->n : 0) + 2, sizeof *f->measure);
    for (size_t e = 0; content.c && e < element->n; e++) {
        struct ana_flow_measure *m = add_measure(f, element->label[e], element->label[e], "kg");

        for (size_t i = 0; i < f->n_link; i++)
            m->weight[i] = sim_column_at(content.c, f->product_at[i] * element->n + e);
    }
    if (stage) {
        struct ana_flow_measure *m = add_measure(f, "~magnets", "magnets", "kg");

        for (size_t i = 0; i < f->n_link; i++)
            m->weight[i] =
                strcmp(stage[f->product_at[i]], MAGNET) == 0 && strcmp(f->unit[i], "kg") == 0;
    }
    if (value) {
        struct ana_flow_measure *m =
            add_measure(f, "~value", "magnets and what goes into them", "USD");

        for (size_t i = 0; i < f->n_link; i++)
            if (f->stage[f->place[f->at[0][i]].stage].depth <= last_depth(f))
                m->weight[i] = value[f->product_at[i]];
    }
}

/* ---- groups of a measure ---- */

/* Places of the stage of place i that come before it. */
static size_t rank_of(const struct ana_flows *f, size_t i)
{
    const struct ana_flow_place *p = &f->place[i];
    size_t rank = 0;

    for (size_t k = 0; k < f->n_place; k++) {
        const struct ana_flow_place *q = &f->place[k];
        double x = fmax(p->in, p->out), y = fmax(q->in, q->out);

        if (q->stage == p->stage)
            rank += y > x || (y == x && strcmp(q->country, p->country) < 0);
    }
    return rank;
}

static size_t group_of(struct ana_flow_measure *m, size_t stage, const char *country)
{
    size_t i = 0;

    while (i < m->n_group &&
           (m->group[i].stage != stage || (country == NULL) != (m->group[i].country == NULL) ||
            (country && strcmp(m->group[i].country, country) != 0)))
        i++;
    if (i == m->n_group)
        m->group[m->n_group++] = (struct ana_flow_group){stage, country};
    return i;
}

/* The largest places of each stage by themselves, and those of the focus country. */
static void group_places(struct ana_flows *f, struct ana_flow_measure *m)
{
    m->n_group = 0;
    for (size_t i = 0; i < f->n_place; i++)
        f->place[i].in = f->place[i].out = 0.0;
    for (size_t i = 0; i < f->n_link; i++) {
        double size = m->weight[i] * f->sum[i];

        f->place[f->at[0][i]].out += size;
        f->place[f->at[1][i]].in += size;
    }
    for (size_t i = 0; i < f->n_place; i++) {
        struct ana_flow_place *p = &f->place[i];
        int focus = f->p->c->country && strcmp(f->p->c->country, p->country) == 0;

        p->group = !(fmax(p->in, p->out) > 0.0)       ? NOWHERE
                   : focus || rank_of(f, i) < f->most ? group_of(m, p->stage, p->country)
                                                      : group_of(m, p->stage, NULL);
    }
}

/* Adds a link to its pair, or makes one. */
static void add_to_pair(const struct ana_flows *f, struct ana_flow_measure *m, size_t link)
{
    size_t from = f->place[f->at[0][link]].group, to = f->place[f->at[1][link]].group, k = 0;

    while (k < m->n_pair && (m->pair[k].from != from || m->pair[k].to != to))
        k++;
    if (k == m->n_pair)
        m->pair[m->n_pair++] = (struct ana_flow_pair){.from = from, .to = to};
    m->pair[k].size += m->weight[link] * f->sum[link];
    m->pair[k].waits |= f->waits[link];
}

/* From the links: what the pairs that are left are made of. */
static void fill_pairs(const struct ana_flows *f, struct ana_flow_measure *m)
{
    size_t n = f->n_scenario * f->n_whole;

    for (size_t k = 0; k < m->n_pair; k++) {
        m->pair[k].moved = sim_arena_alloc(&f->p->arena, n, sizeof *m->pair[k].moved);
        m->pair[k].held = sim_arena_alloc(&f->p->arena, n, sizeof *m->pair[k].held);
    }
    for (size_t i = 0; i < f->n_link; i++) {
        size_t from = f->place[f->at[0][i]].group, to = f->place[f->at[1][i]].group;

        for (size_t k = 0; m->weight[i] > 0.0 && k < m->n_pair; k++) {
            struct ana_flow_pair *x = &m->pair[k];

            if (x->from != from || x->to != to)
                continue;
            for (size_t t = 0; t < n; t++) {
                x->moved[t] +=
                    m->weight[i] * ana_flow_at(f, &f->moved, t / f->n_whole, i, t % f->n_whole);
                x->held[t] +=
                    m->weight[i] * ana_flow_at(f, &f->held, t / f->n_whole, i, t % f->n_whole);
            }
        }
    }
}

static int by_pair(const void *a, const void *b)
{
    const struct ana_flow_pair *x = a, *y = b;
    int c = (x->size < y->size) - (x->size > y->size);

    c = c ? c : (x->from > y->from) - (x->from < y->from);
    return c ? c : (x->to > y->to) - (x->to < y->to);
}

/* The part of what moves between its stages, or through a place of the focus country, that a pair
 * is: the larger. */
static void take_share(const struct ana_flows *f, const struct ana_flow_measure *m,
                       struct ana_flow_pair *x)
{
    const char *focus = f->p->c->country;
    double stages = 0.0, from = 0.0, to = 0.0;

    for (size_t k = 0; k < m->n_pair; k++) {
        const struct ana_flow_pair *y = &m->pair[k];

        if (m->group[y->from].stage == m->group[x->from].stage &&
            m->group[y->to].stage == m->group[x->to].stage)
            stages += y->size;
        from += y->from == x->from ? y->size : 0.0;
        to += y->to == x->to ? y->size : 0.0;
    }
    x->share = x->size / stages;
    for (int end = 0; focus && end < 2; end++) {
        const char *country = m->group[end ? x->to : x->from].country;

        if (country && strcmp(country, focus) == 0)
            x->share = fmax(x->share, x->size / (end ? to : from));
    }
}

/* Leaves out small pairs, and says how much that is. */
static void drop_small(const struct ana_flows *f, struct ana_flow_measure *m)
{
    double all = 0.0, out = 0.0;
    size_t n = 0;

    for (size_t k = 0; k < m->n_pair; k++)
        take_share(f, m, &m->pair[k]);
    for (size_t k = 0; k < m->n_pair; k++) {
        const struct ana_flow_pair *x = &m->pair[k];

        all += x->size;
        if (x->share >= f->small)
            m->pair[n++] = *x;
        else
            out += x->size;
    }
    m->n_pair = n;
    m->left_out = all > 0.0 ? out / all : 0.0;
}

static void take_pairs(struct ana_flows *f, struct ana_flow_measure *m)
{
    m->n_pair = 0;
    group_places(f, m);
    for (size_t i = 0; i < f->n_link; i++)
        if (m->weight[i] * f->sum[i] > 0.0)
            add_to_pair(f, m, i);
    drop_small(f, m);
    if (m->n_pair > 0)
        qsort(m->pair, m->n_pair, sizeof *m->pair, by_pair);
}

/* Value of a unit of link i as far as it is the measure's: of an element, by its part of the mass
 * of all elements; none of other measures. */
static double value_of(const struct ana_flows *f, const struct ana_flow_measure *m, size_t i)
{
    const double *value = ana_coord_value(ana_axis(f->p->r, "product"), "product_value");
    double all = 0.0;

    for (size_t k = 0; k < f->n_measure; k++)
        all += f->measure[k].id[0] == '~' ? 0.0 : f->measure[k].weight[i];
    return value && all > 0.0 && m->id[0] != '~' ? value[f->product_at[i]] * m->weight[i] / all
                                                 : 0.0;
}

/* Of all links, and when most waits beyond the first scenario; where nothing ever does, when most
 * moves. */
static void take_totals(const struct ana_flows *f, struct ana_flow_measure *m)
{
    size_t n = f->n_scenario * f->n_whole, best;
    double waits = 0.0;

    m->moved = sim_arena_alloc(&f->p->arena, n, sizeof *m->moved);
    m->held = sim_arena_alloc(&f->p->arena, n, sizeof *m->held);
    for (size_t k = 0; k < n; k++) {
        for (size_t i = 0; i < f->n_link; i++) {
            size_t s = k / f->n_whole, t = k % f->n_whole;

            m->moved[k] += m->weight[i] * ana_flow_at(f, &f->moved, s, i, t);
            m->held[k] += m->weight[i] * ana_flow_at(f, &f->held, s, i, t);
        }
        waits += m->held[k];
    }
    best = f->n_scenario > 1 ? f->n_whole : 0;
    for (size_t k = best; k < n; k++) {
        const double *by = waits > 0.0 ? m->held : m->moved;
        double less = k >= f->n_whole ? by[k % f->n_whole] : 0.0,
               less_best = best >= f->n_whole ? by[best % f->n_whole] : 0.0;

        if (by[k] - less > by[best] - less_best)
            best = k;
    }
    m->scenario = best / f->n_whole;
    m->month = best % f->n_whole;
    for (size_t i = 0; i < f->n_link; i++) {
        double base = m->scenario > 0 ? ana_flow_at(f, &f->held, 0, i, m->month) : 0.0;

        m->waits += value_of(f, m, i) * (ana_flow_at(f, &f->held, m->scenario, i, m->month) - base);
    }
    if (m->held[best] > 0.0)
        m->waits *= 1.0 - (m->scenario > 0 ? m->held[m->month] / m->held[best] : 0.0);
}

/* As many places of each stage as there is room for; then as many pairs. */
static void fit(struct ana_flows *f)
{
    size_t pairs, row = f->n_scenario * f->n_whole * ANA_PACKED;

    f->most = PLACES;
    f->small = SMALL;
    for (;;) {
        pairs = 0;
        for (size_t i = 0; i < f->n_measure; i++) {
            take_pairs(f, &f->measure[i]);
            for (size_t k = 0; k < f->measure[i].n_pair; k++)
                pairs += f->measure[i].pair[k].waits ? 2 : 1;
        }
        if (pairs * row <= ROOM || f->small > 0.5)
            return;
        if (f->most > 1)
            f->most--;
        else
            f->small *= 2.0;
    }
}

/* Leaves out measures of which nothing moves. */
static void take_all(struct ana_flows *f)
{
    size_t n = 0;

    for (size_t i = 0; i < f->n_measure; i++)
        take_totals(f, &f->measure[i]);
    for (size_t i = 0; i < f->n_measure; i++) {
        double all = 0.0;

        for (size_t k = 0; k < f->n_scenario * f->n_whole; k++)
            all += f->measure[i].moved[k];
        if (all > 0.0)
            f->measure[n++] = f->measure[i];
    }
    f->n_measure = n;
    fit(f);
}

size_t ana_flow_first(const struct ana_flows *f)
{
    size_t best = 0;

    for (size_t i = 1; i < f->n_measure; i++)
        if (f->measure[i].waits > f->measure[best].waits)
            best = i;
    return best;
}

/* ---- all of it ---- */

int ana_flow_open(struct ana_flows *f, struct ana_report *p)
{
    const struct sim_result *r = p->r;
    const struct sim_axis *link = ana_axis(r, "link"), *month = ana_axis(r, "month"),
                          *product = ana_axis(r, "product");

    *f = (struct ana_flows){.p = p};
    f->moved = ana_cube_find(r, "link_moved", "scenario link month");
    f->held = ana_cube_find(r, "link_held", "scenario link month");
    if (!f->moved.c || !f->held.c || !product)
        return 0;
    f->country[0] = ana_coord_text(link, "link_from_country");
    f->country[1] = ana_coord_text(link, "link_to_country");
    f->tier[0] = ana_coord_text(link, "link_from_tier");
    f->tier[1] = ana_coord_text(link, "link_to_tier");
    f->product = ana_coord_text(link, "link_product");
    f->unit = ana_coord_text(link, "link_unit");
    f->n_scenario = ana_axis(r, "scenario")->n;
    f->n_month = month->n;
    f->n_whole = ana_report_whole(f->p, "month");
    f->n_link = link->n;
    if (!f->country[0] || !f->country[1] || !f->tier[0] || !f->tier[1] || !f->product || !f->unit ||
        f->n_whole == 0)
        return 0;
    f->product_at = sim_arena_alloc(&f->p->arena, f->n_link, sizeof *f->product_at);
    for (size_t i = 0; i < f->n_link; i++)
        while (f->product_at[i] < product->n &&
               strcmp(product->label[f->product_at[i]], f->product[i]) != 0)
            f->product_at[i]++;
    for (size_t i = 0; i < f->n_link; i++)
        if (f->product_at[i] == product->n)
            return 0;
    return 1;
}

int ana_flow_find(struct ana_flows *f, struct ana_report *p)
{
    if (!ana_flow_open(f, p))
        return 0;
    sum_up(f);
    find_places(f);
    find_measures(f);
    take_all(f);
    return f->n_measure > 0;
}

void ana_flow_take(struct ana_flows *f, struct ana_flow_measure *m)
{
    take_pairs(f, m);
    fill_pairs(f, m);
}
