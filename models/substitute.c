#include "models/maker.h"

#include <math.h>

static const struct mdl_substitute *row_of(const struct mdl_state *w, uint32_t k, uint32_t i)
{
    return &w->net->substitute[w->net->process[k].swap[i].row];
}

void mdl_substitute_init(struct mdl_state *w, uint32_t k)
{
    const struct mdl_process *q = &w->net->process[k];
    struct mdl_process_state *p = &w->process[k];

    if (!w->sc->substitution || q->n_swap == 0)
        return;
    p->swap = sim_arena_alloc(&w->run.arena, q->n_swap, sizeof *p->swap);
    for (uint32_t i = 0; i < q->n_swap; i++)
        p->swap[i].ready = SIM_DAY_NONE;
}

struct mdl_swap_state *mdl_substitute_of(const struct mdl_state *w, uint32_t k, uint32_t input)
{
    for (uint32_t i = 0; i < w->net->process[k].n_swap; i++)
        if (w->net->process[k].swap[i].input == input)
            return &w->process[k].swap[i];
    return NULL;
}

/* ---- the day's decisions ---- */

/* Days of what the site requires of the product, met by it or by substitutes. */
static double cover(const struct mdl_state *w, uint32_t point)
{
    const struct mdl_point_state *p = &w->point[point];
    double rate = p->forecast[0] + p->forecast[1] + p->moved;

    return rate > 0 ? (double)(p->on_hand[0] + p->on_hand[1]) / rate : INFINITY;
}

static int32_t change_over(const struct mdl_state *w, uint32_t k, const struct mdl_substitute *s)
{
    struct sim_draws d = sim_draws_at(
        sim_stream_make(w->run.seed, w->run.index, sim_hash_with(w->net->process[k].hash, s->hash),
                        MDL_FOR_CHANGE_OVER),
        0);

    return (int32_t)ceil(fmin(fmax(0, sim_dist_draw(&s->change_over_d, &d)), 1e6));
}

static int is_dear(const struct mdl_state *w, uint32_t k, const struct mdl_substitute *s)
{
    return !isnan(s->price_ratio) &&
           mdl_price_ratio(w, w->net->process[k].site, s->product) >= s->price_ratio;
}

static void decide(struct mdl_state *w, uint32_t k, uint32_t i, int32_t today)
{
    const struct mdl_substitute *s = row_of(w, k, i);
    const struct mdl_process *q = &w->net->process[k];
    struct mdl_swap_state *x = &w->process[k].swap[i];
    int open = (s->from == SIM_DAY_NONE || today >= s->from) &&
               (s->until == SIM_DAY_NONE || today <= s->until),
        dear = open && is_dear(w, k, s);
    double days = cover(w, q->in_point[q->swap[i].input]);

    if (dear || (days < s->cover_d && open)) {
        x->in_use = 1;
        if (x->ready == SIM_DAY_NONE)
            x->ready = today + change_over(w, k, s);
    } else if (days > s->back_cover_d || !open) {
        x->in_use = 0;
    }
    x->thrift = open && s->thrift_y > 0
                    ? fmin(s->limit, s->thrift_y * (double)(today - s->from) / 365.25)
                    : 0;
    x->wanted = x->in_use ? s->limit : x->thrift;
    x->most = x->in_use && today >= x->ready ? s->limit : x->thrift;
    x->chosen = dear ? x->most : x->thrift;
}

/* What is chosen takes no more than there is of the substitute, and by price no more than capacity
 * is left for (*room, in starts): else the product is used. */
static void bound_choice(struct mdl_state *w, uint32_t k, uint32_t i, double *room)
{
    const struct mdl_swap *v = &w->net->process[k].swap[i];
    const struct mdl_process_state *p = &w->process[k];
    struct mdl_swap_state *x = &w->process[k].swap[i];
    double pen = row_of(w, k, i)->penalty, plan = (double)(p->plan_use[0] + p->plan_use[1]), more,
           most;

    for (int u = 0; u < MDL_USES; u++) {
        double need = (double)p->plan_use[u] * mdl_ratio(&v->part);

        if (need > 0)
            x->chosen = fmin(x->chosen, (double)mdl_stock_usable(w, v->point, u) / need);
    }
    x->thrift = fmin(x->thrift, x->chosen);
    more = plan * (x->chosen - x->thrift);
    if (more <= 0 || pen <= 0)
        return;
    most = fmax(0, *room - MDL_USES) * (1 - pen) / pen; /* rounding takes one of each use */
    if (more > most)
        x->chosen = x->thrift + most / plan;
    *room -= fmin(more, most) * pen / (1 - pen) + MDL_USES;
}

void mdl_substitute_day(struct mdl_state *w, uint32_t k, int32_t today)
{
    const struct mdl_process *q = &w->net->process[k];
    const struct mdl_process_state *p = &w->process[k];
    double room = p->cap - (double)(p->plan_use[0] + p->plan_use[1]);

    for (uint32_t i = 0; i < q->n_swap; i++) {
        decide(w, k, i, today);
        for (int u = 0; u < MDL_USES; u++)
            w->point[q->swap[i].point].want[u] +=
                (double)p->fresh_use[u] * p->swap[i].wanted * mdl_ratio(&q->swap[i].part);
        bound_choice(w, k, i, &room);
    }
    mdl_substitute_none(w, k);
}

/* ---- what can be started ---- */

void mdl_substitute_reserve(struct mdl_state *w, uint32_t k, int sign)
{
    const struct mdl_process *q = &w->net->process[k];
    const struct mdl_process_state *p = &w->process[k];

    for (uint32_t i = 0; i < q->n_swap; i++)
        for (int u = 0; u < MDL_USES; u++)
            w->point[q->swap[i].point].need[u] +=
                sign * (int64_t)ceil((double)p->plan_use[u] * p->swap[i].most *
                                     mdl_ratio(&q->swap[i].part));
}

double mdl_substitute_allows(struct mdl_state *w, uint32_t k, uint32_t input, int use, double a)
{
    struct mdl_swap_state *x = mdl_substitute_of(w, k, input);
    double more;

    if (x == NULL)
        return a;
    x->base[use] = a;
    if (a >= 1 && x->chosen <= 0)
        return a;
    more = x->most * fmax(0, mdl_produce_allowed(
                                 w, w->net->process[k].swap[x - w->process[k].swap].point, use, 0));
    return fmin(1, (1 - x->chosen) * a + more);
}

/* Starts whose capacity is lost to penalties in starts made so far, of both uses. */
static int64_t idle(const struct mdl_state *w, uint32_t k)
{
    int64_t sum = 0;

    for (uint32_t i = 0; i < w->net->process[k].n_swap; i++) {
        const struct mdl_swap_state *x = &w->process[k].swap[i];
        double pen = row_of(w, k, i)->penalty;

        for (int u = 0; u < MDL_USES; u++)
            sum += (int64_t)ceil((double)(x->n[u] - x->thrifty[u]) * pen / (1 - pen) - 1e-9);
    }
    return sum;
}

/* Takes starts with a substitute back until those that are left, which take 1 / (1 - penalty) of
 * the capacity of others, fit into it. */
static void pay_penalty(struct mdl_state *w, uint32_t k, uint32_t i, int use, int64_t other)
{
    const struct mdl_process_state *p = &w->process[k];
    struct mdl_swap_state *x = &p->swap[i];
    double pen = row_of(w, k, i)->penalty,
           over = (double)(x->all[use] + other + idle(w, k)) - p->cap;
    int64_t less, most = x->n[use] - x->thrifty[use];

    if (over <= 0 || pen <= 0)
        return;
    less = (int64_t)ceil(over * (1 - pen) - 1e-9);
    less = less < most ? less : most;
    x->n[use] -= less;
    x->all[use] -= less;
    x->idle[use] += less;
}

/* n starts of one use over product and substitute; returns how many can be made. */
static int64_t split(struct mdl_state *w, uint32_t k, uint32_t i, int use, int64_t n)
{
    const struct mdl_process *q = &w->net->process[k];
    const struct mdl_swap *v = &q->swap[i];
    const struct mdl_part *in = &mdl_recipe_of(w, k)->in[v->input];
    struct mdl_process_state *p = &w->process[k];
    struct mdl_swap_state *x = &p->swap[i];
    int64_t of_product = mdl_produce_room(w, q->in_point[v->input], in, p->rem_in[v->input], use),
            of_other = mdl_produce_room(w, v->point, &v->part, x->rem, use), chosen, thrifty,
            product, most;
    double plan = (double)p->plan_use[use];

    if (use == MDL_CIVIL) {
        of_product -= x->all[MDL_MILITARY] - x->n[MDL_MILITARY];
        of_other -= x->n[MDL_MILITARY];
    }
    if (x->base[use] < 1)
        of_product = (int64_t)fmin((double)of_product, x->base[use] * (1 - x->chosen) * plan);
    most = (int64_t)ceil(x->most * plan - 1e-9);
    of_other = of_other < most ? of_other : most;
    of_product = of_product > 0 ? of_product : 0;
    of_other = of_other > 0 ? of_other : 0;
    chosen = (int64_t)(x->chosen * (double)n);
    chosen = chosen < of_other ? chosen : of_other;
    thrifty = (int64_t)(x->thrift * (double)n);
    product = n - chosen < of_product ? n - chosen : of_product;
    x->thrifty[use] = thrifty < chosen ? thrifty : chosen;
    x->n[use] = n - product < of_other ? n - product : of_other;
    x->all[use] = product + x->n[use];
    pay_penalty(w, k, i, use, use == MDL_CIVIL ? x->all[MDL_MILITARY] : 0);
    return x->all[use];
}

int64_t mdl_substitute_clamp(struct mdl_state *w, uint32_t k, int use, int64_t n)
{
    const struct mdl_process *q = &w->net->process[k];
    struct mdl_process_state *p = &w->process[k];
    int64_t own = n - (use == MDL_CIVIL ? p->swap[0].all[MDL_MILITARY] : 0), before;

    own = own > 0 ? own : 0;
    for (uint32_t i = 0; i < q->n_swap; i++)
        p->swap[i].n[use] = p->swap[i].thrifty[use] = 0;
    do {
        before = own;
        for (uint32_t i = 0; i < q->n_swap; i++)
            own = split(w, k, i, use, own);
    } while (own < before);
    for (uint32_t i = 0; i < q->n_swap; i++)
        p->swap[i].left[use] = p->swap[i].n[use];
    return own + (use == MDL_CIVIL ? p->swap[0].all[MDL_MILITARY] : 0);
}

void mdl_substitute_none(struct mdl_state *w, uint32_t k)
{
    for (uint32_t i = 0; i < w->net->process[k].n_swap; i++) {
        struct mdl_swap_state *x = &w->process[k].swap[i];

        for (int u = 0; u < MDL_USES; u++)
            x->n[u] = x->thrifty[u] = x->all[u] = x->left[u] = x->idle[u] = 0;
    }
}

/* ---- starting ---- */

int64_t mdl_substitute_take(struct mdl_state *w, uint32_t k, uint32_t input, int use, int64_t n,
                            double mass[MDL_MAX_ELEMENTS], int64_t *bound)
{
    struct mdl_swap_state *x = mdl_substitute_of(w, k, input);
    const struct mdl_swap *v;
    int64_t with;

    if (x == NULL || x->left[use] == 0)
        return 0;
    v = &w->net->process[k].swap[x - w->process[k].swap];
    with = x->left[use] < n ? x->left[use] : n;
    x->left[use] -= with;
    *bound += mdl_produce_take(w, mdl_recipe_of(w, k), v->point,
                               mdl_produce_scale(with, v->part.num, v->part.den, &x->rem), with,
                               use, mass);
    return with;
}

/* Requirements that substitutes met are none of the product's. */
void mdl_substitute_done(struct mdl_state *w, uint32_t k, int recording)
{
    const struct mdl_process *q = &w->net->process[k];
    struct mdl_process_state *p = &w->process[k];
    int64_t most = 0;

    for (uint32_t i = 0; i < q->n_swap; i++) {
        const struct mdl_swap_state *x = &p->swap[i];
        uint32_t input = q->swap[i].input;
        struct mdl_point_state *product = &w->point[q->in_point[input]];
        double ratio = mdl_ratio(&mdl_recipe_of(w, k)->in[input]);

        most = x->n[0] + x->n[1] > most ? x->n[0] + x->n[1] : most;
        for (int u = 0; u < MDL_USES; u++) {
            double met;

            if (x->n[u] == 0)
                continue;
            met = fmin((double)x->n[u], (double)p->fresh_use[u]) * ratio;
            product->want[u] -= met;
            product->moved_today += met;
        }
        if (recording)
            p->idle += (double)(x->idle[0] + x->idle[1]);
        if (recording && x->in_use && p->turned == SIM_DAY_NONE)
            p->turned = mdl_today(w);
    }
    if (recording)
        p->substituted += (double)most;
}

void mdl_substitute_close(struct mdl_state *w, uint32_t site)
{
    const struct mdl_site *s = &w->net->site[site];
    double weight = 1 / w->sc->forecast_d;

    for (uint32_t i = s->first_point; i < s->first_point + s->n_point; i++) {
        w->point[i].moved += weight * (w->point[i].moved_today - w->point[i].moved);
        w->point[i].moved_today = 0;
    }
}
