#include "models/content.h"
#include "models/maker.h"

#include <math.h>
#include <string.h>

int64_t mdl_produce_scale(int64_t n, int64_t num, int64_t den, int64_t *rem)
{
    int64_t small;
    mdl_wide x;

    if (!__builtin_mul_overflow(n, num, &small) && !__builtin_add_overflow(small, *rem, &small)) {
        *rem = small % den;
        return small / den;
    }
    x = (mdl_wide)n * num + *rem;
    *rem = (int64_t)(x % den);
    return (int64_t)(x / den);
}

/* ---- completions ---- */

/* Joint outputs and by-products are kept up to so many days of what is asked for, or to what the
 * site aims at if that is more; beyond that they go to surplus. */
enum { SIDE_COVER_D = 90 };

static int has_joint(const struct mdl_recipe *r)
{
    int joint = 0;

    for (uint32_t j = 1; j < r->n_out; j++)
        joint |= r->out[j].role == MDL_JOINT;
    return joint;
}

static void cap_side_output(struct mdl_state *w, uint32_t point, int recording)
{
    struct mdl_point_state *p = &w->point[point];
    const struct mdl_site *site = &w->net->site[w->net->point[point].site];
    double rate = p->forecast[0] + p->forecast[1],
           days = fmax(SIDE_COVER_D, site->out_cover_d + site->smooth_d + 14);
    int64_t cap = p->owed[0] + p->owed[1] + llround(rate * days);
    int64_t over = p->on_hand[0] + p->on_hand[1] - cap;

    for (int k = MDL_MARKS - 1; k >= 0 && over > 0; k--) {
        int64_t q = over < p->on_hand[k] ? over : p->on_hand[k];
        const struct mdl_product *prod = &w->net->product[w->net->point[point].product];

        for (int e = 0; w->opt.audit && e < prod->n_el; e++)
            for (int o = 0; o < w->net->n_share; o++)
                mdl_ledger(w, w->el_out,
                           w->net->point[point]
                               .site)[(size_t)prod->el[e] * (size_t)w->net->n_share + (size_t)o] +=
                    mdl_units(w, w->net->point[point].product, (double)q) *
                    prod->el_g[prod->el[e]] / 1000 * p->share[k][e * w->net->n_share + o];
        mdl_stock_take(w, point, k, q);
        p->a_surplus += q;
        if (recording)
            p->surplus += q;
        over -= q;
    }
}

/* Part of its content that the output can have: all, but for what substitutes did not bring in.
 * mass: kg taken in for `good` quanta. */
static double filled(const struct mdl_state *w, uint32_t k, int e, double mass, int64_t good)
{
    const struct mdl_recipe *r = mdl_recipe_of(w, k);
    double full = 0;

    if (w->process[k].swap == NULL)
        return 1;
    for (uint32_t j = 0; j < r->n_out; j++)
        full += (double)good * mdl_ratio(&r->out[j]) * w->net->product[r->out[j].product].kg[e];
    return mass < full * (1 - 1e-9) ? mass / full : 1;
}

void mdl_produce_finish(struct mdl_state *w, uint32_t k, int mark, int64_t done)
{
    const struct mdl_process *q = &w->net->process[k];
    const struct mdl_recipe *r = mdl_recipe_of(w, k);
    struct mdl_process_state *p = &w->process[k];
    size_t no2 = (size_t)w->net->n_share;
    int64_t good = mdl_produce_scale(done, llround(1e6 * mdl_ramp_yield(w, k, mdl_today(w))),
                                     1000000, &p->rem_yield);
    int recording = mdl_recording(w, mdl_today(w));
    double gone = (double)done / (double)p->wip[mark];
    double mass[MDL_MAX_ELEMENTS], part[MDL_MAX_ELEMENTS];

    for (int e = 0; e < r->n_el; e++) {
        mass[e] = p->mass[mark][e] * gone;
        p->mass[mark][e] -= mass[e];
        part[e] = filled(w, k, r->el[e], mass[e], good);
    }
    for (uint32_t j = 0; j < r->n_out; j++) {
        const struct mdl_product *prod = &w->net->product[r->out[j].product];
        struct mdl_point_state *o = &w->point[q->out_point[j]];
        int64_t n = mdl_produce_scale(good, r->out[j].num, r->out[j].den, &p->rem_out[j]);

        for (int e = 0; e < r->n_el; e++) {
            int slot = prod->slot[r->el[e]];

            if (slot < 0)
                continue;
            for (size_t i = 0; i < no2; i++)
                w->scratch[(size_t)slot * no2 + i] = p->share[mark][(size_t)e * no2 + i] * part[e];
            mass[e] -= (double)n * prod->kg[r->el[e]] * part[e];
        }
        mdl_stock_add(w, q->out_point[j], mark, n, w->scratch);
        MDL_TRACE(w, finished(w, k, r->out[j].product, n));
        o->a_made += n;
        if (recording)
            o->made += n;
        o->week_made += (double)n;
    }
    for (int e = 0; w->opt.audit && e < r->n_el; e++)
        for (size_t o = 0; o < no2; o++)
            mdl_ledger(w, w->el_out, q->site)[(size_t)r->el[e] * no2 + o] +=
                mass[e] * p->share[mark][(size_t)e * no2 + o];
    p->wip[mark] -= done;
}

/* A day on which a process stands still: all that is in it is due a day later. */
static void stand_still(int64_t *ring, int32_t n, int32_t first)
{
    for (int m = 0; m < MDL_MARKS; m++) {
        int64_t last = ring[(size_t)((first + n - 1) % n) * MDL_MARKS + (size_t)m];

        for (int32_t i = n - 1; i > 0; i--)
            ring[(size_t)((first + i) % n) * MDL_MARKS + (size_t)m] =
                ring[(size_t)((first + i - 1) % n) * MDL_MARKS + (size_t)m];
        ring[(size_t)first * MDL_MARKS + (size_t)m] = last;
    }
}

void mdl_produce_complete(struct mdl_state *w, uint32_t site)
{
    const struct mdl_site *s = &w->net->site[site];
    int32_t today = mdl_today(w);
    int yards = 0;

    if (w->calendar.site && mdl_strike_down(w, site, today)) {
        for (uint32_t k = s->first_process; k < s->first_process + s->n_process; k++) {
            struct mdl_process_state *p = &w->process[k];
            int32_t first = (today - w->day0) % p->n_ring;

            stand_still(p->ring, p->n_ring, first);
            if (p->yard)
                stand_still(p->yard->ring, p->n_ring, first);
        }
        return;
    }
    for (uint32_t k = s->first_process; k < s->first_process + s->n_process; k++) {
        struct mdl_process_state *p = &w->process[k];
        int64_t *due = p->ring + (size_t)((today - w->day0) % p->n_ring) * MDL_MARKS;
        const struct mdl_recipe *r = mdl_recipe_of(w, k);

        for (int m = 0; m < MDL_MARKS; m++)
            if (due[m] > 0) {
                mdl_produce_finish(w, k, m, due[m]);
                due[m] = 0;
            }
        if (p->yard) {
            mdl_defer_arrive(w, k, today);
            yards = 1;
        }
        for (uint32_t j = has_joint(r) ? 0 : 1; j < r->n_out; j++)
            cap_side_output(w, w->net->process[k].out_point[j], mdl_recording(w, today));
    }
    if (yards)
        mdl_defer_complete(w, site);
}

/* ---- what inputs allow ---- */

/* Part of the need of one use that stock of an input allows today: free stock for the military,
 * what that leaves for civilians. Below stretch_cover_d days of cover starts slow down in
 * proportion to the cover. */
double mdl_produce_allowed(const struct mdl_state *w, uint32_t point, int use, double stretch_d)
{
    const struct mdl_point_state *p = &w->point[point];
    double have = (double)mdl_stock_usable(w, point, use), f = 1, rate = p->forecast[use];

    if (use == MDL_CIVIL)
        have -= fmin((double)p->on_hand[MDL_FREE], (double)p->need[MDL_MILITARY]);
    if (p->need[use] > 0)
        f = fmin(1, have / (double)p->need[use]);
    if (stretch_d > 0 && rate > 0)
        f = fmin(f, have / rate / stretch_d);
    return f;
}

/* The least that any input allows to one use, and which input that is: the first product id on a
 * tie; the first input if only rounding binds. */
static double least(struct mdl_state *w, uint32_t k, int use, uint32_t *binding)
{
    const struct mdl_process *q = &w->net->process[k];
    const struct mdl_recipe *r = mdl_recipe_of(w, k);
    double f = 1;

    *binding = r->n_in ? q->in_point[0] : UINT32_MAX;
    for (uint32_t j = 0; j < r->n_in; j++) {
        double a;

        if (r->in[j].kind == MDL_DEFERRABLE)
            continue;
        a = mdl_produce_allowed(w, q->in_point[j], use, w->net->site[q->site].stretch_cover_d);
        if (w->process[k].swap)
            a = mdl_substitute_allows(w, k, j, use, a);
        if (a < f) {
            f = a;
            *binding = q->in_point[j];
        }
    }
    return f;
}

int64_t mdl_produce_room(const struct mdl_state *w, uint32_t point, const struct mdl_part *part,
                         int64_t rem, int use)
{
    mdl_wide room = ((mdl_wide)mdl_stock_usable(w, point, use) * part->den - rem) / part->num;

    return room > INT64_MAX ? INT64_MAX : room > 0 ? (int64_t)room : 0;
}

/* Starts that stock of every input really allows, of one use. */
static int64_t clamp(struct mdl_state *w, uint32_t k, int64_t n, int use)
{
    const struct mdl_process *q = &w->net->process[k];
    const struct mdl_recipe *r = mdl_recipe_of(w, k);
    struct mdl_process_state *p = &w->process[k];

    for (uint32_t j = 0; j < r->n_in; j++) {
        mdl_wide room;

        if (r->in[j].kind == MDL_DEFERRABLE || (p->swap && mdl_substitute_of(w, k, j)))
            continue;
        room = (mdl_wide)mdl_stock_usable(w, q->in_point[j], use) * r->in[j].den - p->rem_in[j];
        if (room < (mdl_wide)n * r->in[j].num)
            n = room > 0 ? (int64_t)(room / r->in[j].num) : 0;
    }
    n = n > 0 ? n : 0;
    return p->swap ? mdl_substitute_clamp(w, k, use, n) : n;
}

/* Adds what is taken of one input to the mix of elements that goes into process. */
static void mix_in(struct mdl_state *w, const struct mdl_recipe *r, const struct mdl_product *prod,
                   const double *share, int64_t q, double mass[MDL_MAX_ELEMENTS])
{
    size_t no2 = (size_t)w->net->n_share;

    for (int e = 0; e < r->n_el; e++) {
        int slot = prod->slot[r->el[e]];
        double kg;

        if (slot < 0)
            continue;
        kg = (double)q * prod->kg[r->el[e]];
        if (kg > 0) {
            mdl_content_mix(w->scratch + (size_t)e * no2, mass[e], share + (size_t)slot * no2, kg,
                            no2);
            mass[e] += kg;
        }
    }
}

int64_t mdl_produce_take(struct mdl_state *w, const struct mdl_recipe *r, uint32_t point,
                         int64_t all, int64_t n, int use, double mass[MDL_MAX_ELEMENTS])
{
    const struct mdl_product *prod = &w->net->product[w->net->point[point].product];
    struct mdl_point_state *p = &w->point[point];
    int64_t civil = p->on_hand[MDL_CIVIL_ONLY] < all ? p->on_hand[MDL_CIVIL_ONLY] : all;
    int64_t part[MDL_MARKS];
    int recording = mdl_recording(w, mdl_today(w));

    if (use == MDL_MILITARY) /* diverted, if anything */
        civil = all > p->on_hand[MDL_FREE] ? all - p->on_hand[MDL_FREE] : 0;
    part[MDL_FREE] = all - civil;
    part[MDL_CIVIL_ONLY] = civil;
    for (int m = 0; m < MDL_MARKS; m++)
        if (part[m] > 0) {
            mix_in(w, r, prod, p->share[m], part[m], mass);
            mdl_stock_take(w, point, m, part[m]);
        }
    p->a_used += all;
    if (recording)
        p->used += all;
    if (use == MDL_MILITARY && civil > 0) {
        w->used_civil_only[w->net->point[point].site] = 1;
        p->diverted_use += recording ? civil : 0;
        return 0;
    }
    return civil > 0 && all > 0 ? (int64_t)(((mdl_wide)n * civil + all - 1) / all) : 0;
}

/* Takes the inputs of n starts of one use, without the deferrable ones if they are unfinished;
 * returns how many of them must be marked civil-only. */
static int64_t consume(struct mdl_state *w, uint32_t k, int64_t n, int use, int unfinished,
                       double mass[MDL_MAX_ELEMENTS])
{
    const struct mdl_process *q = &w->net->process[k];
    const struct mdl_recipe *r = mdl_recipe_of(w, k);
    struct mdl_process_state *p = &w->process[k];
    int64_t bound = 0;

    for (uint32_t j = 0; j < r->n_in; j++) {
        int64_t b = 0, of_it = n, all;

        if (unfinished && r->in[j].kind == MDL_DEFERRABLE)
            continue;
        if (p->swap)
            of_it -= mdl_substitute_take(w, k, j, use, n, mass, &b);
        all = mdl_produce_scale(of_it, r->in[j].num, r->in[j].den, &p->rem_in[j]);
        b += mdl_produce_take(w, r, q->in_point[j], all, of_it, use, mass);
        bound = b > bound ? b : bound;
    }
    return bound < n ? bound : n;
}

/* What a process without inputs brings out of the ground, and the origin that a separation sets. */
static void set_origin(struct mdl_state *w, uint32_t k, int64_t n, double mass[MDL_MAX_ELEMENTS])
{
    const struct mdl_network *net = w->net;
    const struct mdl_recipe *r = mdl_recipe_of(w, k);
    uint32_t site = net->process[k].site, home = net->site[site].country;
    size_t width = (size_t)net->n_share, mined = (size_t)net->n_mined;
    double *in = mdl_ledger(w, w->el_in, site), *out = mdl_ledger(w, w->el_out, site);

    for (int e = 0; (r->separates || r->n_in == 0) && e < r->n_el; e++) {
        double *m = w->scratch + (size_t)e * width, whole = 1;
        size_t own = mined + (r->separates ? (size_t)net->origin_of[home] : 0),
               at = (size_t)r->el[e] * width;

        if (r->n_in == 0) {
            memset(m, 0, width * sizeof *m);
            m[net->mined_of[home]] = 1;
            for (uint32_t j = 0; j < r->n_out; j++)
                mass[e] += (double)n * mdl_ratio(&r->out[j]) /
                           (double)net->product[r->out[j].product].qpu *
                           net->product[r->out[j].product].el_g[r->el[e]] / 1000;
            if (w->opt.audit)
                in[at + (size_t)net->mined_of[home]] += mass[e];
        }
        for (size_t o = mined; w->opt.audit && o < width; o++)
            out[at + o] += mass[e] * m[o];
        if (w->sc->substitution) { /* what was made with substitutes holds less than its content */
            whole = 0;
            for (size_t o = 0; o < mined; o++)
                whole += m[o];
        }
        if (w->opt.audit)
            in[at + own] += mass[e] * whole;
        memset(m + mined, 0, (width - mined) * sizeof *m);
        m[own] = whole;
    }
}

void mdl_produce_add_work(struct mdl_state *w, uint32_t k, int mark, int64_t n,
                          const double mass[MDL_MAX_ELEMENTS], double part)
{
    struct mdl_process_state *p = &w->process[k];
    const struct mdl_recipe *r = mdl_recipe_of(w, k);
    size_t no2 = (size_t)w->net->n_share;

    for (int e = 0; e < r->n_el; e++)
        if (mass[e] > 0) {
            mdl_content_mix(p->share[mark] + (size_t)e * no2, p->mass[mark][e],
                            w->scratch + (size_t)e * no2, mass[e] * part, no2);
            p->mass[mark][e] += mass[e] * part;
        }
    p->wip[mark] += n;
}

/* Puts starts into process: takes their inputs, without the deferrable ones if they are unfinished.
 */
static void begin(struct mdl_state *w, uint32_t k, const int64_t n[MDL_USES], int unfinished,
                  int32_t days, int32_t today)
{
    const struct mdl_recipe *r = mdl_recipe_of(w, k);
    struct mdl_process_state *p = &w->process[k];
    double mass[MDL_MAX_ELEMENTS] = {0};
    int64_t all = n[0] + n[1], part[MDL_MARKS];

    if (all == 0)
        return;
    memset(w->scratch, 0, (size_t)r->n_el * (size_t)w->net->n_share * sizeof(double));
    (void)consume(w, k, n[MDL_MILITARY], MDL_MILITARY, unfinished, mass);
    part[MDL_CIVIL_ONLY] = consume(w, k, n[MDL_CIVIL], MDL_CIVIL, unfinished, mass);
    part[MDL_FREE] = all - part[MDL_CIVIL_ONLY];
    set_origin(w, k, all, mass);
    for (int m = 0; m < MDL_MARKS; m++) {
        double share = (double)part[m] / (double)all;

        if (part[m] == 0)
            continue;
        if (unfinished) {
            mdl_defer_enter(w, k, m, part[m], mass, share, today + days, days == 0);
            continue;
        }
        mdl_produce_add_work(w, k, m, part[m], mass, share);
        p->ring[(size_t)((today + days - w->day0) % p->n_ring) * MDL_MARKS + (size_t)m] += part[m];
    }
}

static void start(struct mdl_state *w, uint32_t k, int64_t n[MDL_USES], int32_t today)
{
    const struct mdl_process *q = &w->net->process[k];
    struct mdl_process_state *p = &w->process[k];
    struct sim_draws d =
        sim_draws_at(sim_stream_make(w->run.seed, w->run.index, q->hash, MDL_FOR_CYCLE),
                     (uint64_t)(uint32_t)today);
    int32_t days = (int32_t)llround(sim_dist_draw(&q->cycle_d, &d));
    int64_t whole[MDL_USES] = {n[0], n[1]};

    days = days < p->n_ring - 1 ? days : p->n_ring - 1;
    for (int u = 0; p->yard && u < MDL_USES; u++)
        whole[u] -= p->yard->now[u];
    begin(w, k, whole, 0, days, today);
    if (p->yard)
        begin(w, k, p->yard->now, 1, days, today);
    if (days == 0)
        for (int m = 0; m < MDL_MARKS; m++) {
            int64_t *now = p->ring + (size_t)((today - w->day0) % p->n_ring) * MDL_MARKS + m;

            if (*now > 0)
                mdl_produce_finish(w, k, m, *now);
            *now = 0;
        }
}

/* ---- the day ---- */

/* Quanta of an input that the day's plan needs, where `share` of the starts take it. */
static int64_t needed(const struct mdl_process_state *p, const struct mdl_part *in, double share,
                      int use)
{
    return (int64_t)ceil((double)p->plan_use[use] * mdl_ratio(in) * share);
}

/* Starts of one use that inputs allow. */
static int64_t startable(struct mdl_state *w, uint32_t k, int use, uint32_t *binding)
{
    int64_t plan = w->process[k].plan_use[use];

    return plan == 0 ? 0 : (int64_t)((double)plan * least(w, k, use, binding));
}

/* Adds what a process's plan needs of its inputs, or takes it away. */
static void reserve(struct mdl_state *w, uint32_t k, int sign)
{
    const struct mdl_process *q = &w->net->process[k];
    const struct mdl_recipe *r = mdl_recipe_of(w, k);

    for (uint32_t j = 0; j < r->n_in; j++) {
        const struct mdl_swap_state *x = w->process[k].swap ? mdl_substitute_of(w, k, j) : NULL;

        for (int u = 0; u < MDL_USES; u++)
            w->point[q->in_point[j]].need[u] +=
                sign * needed(&w->process[k], &r->in[j], x ? 1 - x->thrift : 1, u);
    }
    if (w->process[k].swap)
        mdl_substitute_reserve(w, k, sign);
}

/* What the military planned and cannot start leaves its capacity and its inputs to civilians. */
static void leave_to_civil(struct mdl_state *w, uint32_t k, int64_t military)
{
    struct mdl_process_state *p = &w->process[k];
    int64_t left = p->plan_use[MDL_MILITARY] - military;

    if (left <= 0)
        return;
    reserve(w, k, -1);
    p->plan_use[MDL_MILITARY] = military;
    p->plan_use[MDL_CIVIL] += left;
    if (p->plan_use[MDL_CIVIL] > p->civil_most)
        p->plan_use[MDL_CIVIL] = p->civil_most;
    reserve(w, k, 1);
}

/* What holds starts back: the input that binds, by use; a shock, where it leaves less. */
struct limit {
    uint32_t binding[MDL_USES], shock[MDL_USES], cause;
    int64_t most;
};

/* No more than `most` starts of one use: sets *shock to the cause of the limit where it bites. */
static int64_t limited(int64_t n, int64_t most, uint32_t cause, uint32_t *shock)
{
    if (n <= most && most > 0)
        return n;
    *shock = cause;
    return most;
}

/* Starts of one use that the stock of all inputs allows, what a shock leaves and, where parts can
 * come later, the yard. before: starts of the military that all of it must also allow for. */
static int64_t make(struct mdl_state *w, uint32_t k, int use, int64_t before, struct limit *l)
{
    int64_t n = clamp(w, k, startable(w, k, use, &l->binding[use]) + before, use) - before,
            fits = n;

    if (l->most < INT64_MAX)
        fits = limited(n, l->most - before, l->cause, &l->shock[use]);
    if (w->process[k].yard)
        fits = mdl_defer_limit(w, k, use, fits, before, &l->binding[use]);
    return fits < n && w->process[k].swap ? clamp(w, k, fits + before, use) - before : fits;
}

/* The turn of a process: what it starts, for each use; what it misses is booked. */
static void take_turn(struct mdl_state *w, uint32_t k, int32_t today, int64_t n[MDL_USES])
{
    const struct mdl_process *q = &w->net->process[k];
    struct mdl_process_state *p = &w->process[k];
    struct limit l = {.binding = {UINT32_MAX, UINT32_MAX}, .most = INT64_MAX};

    if (w->calendar.process)
        l.most = mdl_strike_most(w, k, today, &l.cause);
    n[MDL_MILITARY] = make(w, k, MDL_MILITARY, 0, &l);
    leave_to_civil(w, k, n[MDL_MILITARY]);
    n[MDL_CIVIL] = make(w, k, MDL_CIVIL, n[MDL_MILITARY], &l);
    p->start = n[0] + n[1];
    if (p->start < q->batch) {
        p->start = n[0] = n[1] = 0;
        if (p->swap)
            mdl_substitute_none(w, k);
    }
    MDL_TRACE(w, turn(w, k, n, l.binding));
    if (p->start > 0)
        start(w, k, n, today);
    for (int u = 0; u < MDL_USES; u++)
        mdl_miss_book(w, k, u, l.binding[u], l.shock[u], p->fresh_use[u] - n[u], today);
    reserve(w, k, -1);
}

/* Wants of the day's plans: fresh ones, for the forecast, and all, for the day. */
static void plan_all(struct mdl_state *w, uint32_t site, int32_t today)
{
    const struct mdl_site *s = &w->net->site[site];
    double working = mdl_network_working(w->net, s->country, today);

    for (uint32_t i = s->first_point; i < s->first_point + s->n_point; i++)
        w->point[i].behind[0] = w->point[i].behind[1] = 0;
    for (uint32_t k = s->first_process; k < s->first_process + s->n_process; k++) {
        const struct mdl_recipe *r = mdl_recipe_of(w, k);
        const struct mdl_process_state *p = &w->process[k];

        mdl_produce_plan(w, k, today, working);
        if (p->swap)
            mdl_substitute_day(w, k, today);
        if (p->plan == 0)
            continue;
        reserve(w, k, 1);
        for (uint32_t j = 0; j < r->n_in; j++)
            for (int u = 0; u < MDL_USES; u++)
                w->point[w->net->process[k].in_point[j]].want[u] +=
                    (double)p->fresh_use[u] * mdl_ratio(&r->in[j]);
    }
}

void mdl_produce_start(struct mdl_state *w, uint32_t site)
{
    const struct mdl_site *s = &w->net->site[site];
    const uint32_t *turn;
    int32_t today = mdl_today(w);

    plan_all(w, site, today);
    turn = mdl_ration_turns(w, site);
    for (uint32_t i = 0; turn && i < s->n_process; i++)
        reserve(w, turn[i], -1);
    for (uint32_t i = 0; i < s->n_process; i++) {
        uint32_t k = turn ? turn[i] : s->first_process + i;
        const struct mdl_recipe *r = mdl_recipe_of(w, k);
        struct mdl_process_state *p = &w->process[k];
        int64_t n[MDL_USES] = {0};

        if (turn)
            reserve(w, k, 1);
        if (p->plan > 0)
            take_turn(w, k, today, n);
        if (p->swap)
            mdl_substitute_done(w, k, mdl_recording(w, today));
        if (p->yard)
            mdl_defer_close(w, k, mdl_recording(w, today));
        for (int u = 0; u < MDL_USES; u++) {
            p->behind[u] = fmax(0, p->behind[u] + (double)(p->fresh_use[u] - n[u]));
            for (uint32_t j = 0; j < r->n_in; j++)
                w->point[w->net->process[k].in_point[j]].behind[u] +=
                    p->behind[u] * mdl_ratio(&r->in[j]);
        }
        if (mdl_recording(w, today)) {
            p->planned += (double)(p->fresh_use[0] + p->fresh_use[1]);
            p->started += (double)p->start;
            mdl_measure_started(w, k, today, p->start);
            for (int u = 0; u < MDL_USES; u++)
                p->missed += (double)(p->fresh_use[u] > n[u] ? p->fresh_use[u] - n[u] : 0);
            mdl_miss_count_stops(p, today);
        }
    }
    for (uint32_t i = s->first_point; i < s->first_point + s->n_point; i++)
        w->point[i].need[0] = w->point[i].need[1] = 0;
    if (w->sc->substitution)
        mdl_substitute_close(w, site);
}
