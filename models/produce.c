#include "models/content.h"
#include "models/state.h"

#include <math.h>
#include <string.h>

/* Whole quanta of n x num / den, with the remainder carried from day to day. */
static int64_t scale(int64_t n, int64_t num, int64_t den, int64_t *rem)
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

static void finish(struct mdl_state *w, uint32_t k, int mark, int64_t done)
{
    const struct mdl_process *q = &w->net->process[k];
    const struct mdl_recipe *r = mdl_recipe_of(w, k);
    struct mdl_process_state *p = &w->process[k];
    size_t no2 = (size_t)w->net->n_share;
    int64_t good = scale(done, q->yield_num, 1000000, &p->rem_yield);
    int recording = mdl_recording(w, mdl_today(w));
    double gone = (double)done / (double)p->wip[mark];
    double mass[MDL_MAX_ELEMENTS];

    for (int e = 0; e < r->n_el; e++) {
        mass[e] = p->mass[mark][e] * gone;
        p->mass[mark][e] -= mass[e];
    }
    for (uint32_t j = 0; j < r->n_out; j++) {
        const struct mdl_product *prod = &w->net->product[r->out[j].product];
        struct mdl_point_state *o = &w->point[q->out_point[j]];
        int64_t n = scale(good, r->out[j].num, r->out[j].den, &p->rem_out[j]);

        for (int e = 0; e < r->n_el; e++) {
            int slot = prod->slot[r->el[e]];

            if (slot < 0)
                continue;
            memcpy(w->scratch + (size_t)slot * no2, p->share[mark] + (size_t)e * no2,
                   no2 * sizeof(double));
            mass[e] -= (double)n * prod->kg[r->el[e]];
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
static void stand_still(const struct mdl_state *w, uint32_t k, int32_t today)
{
    struct mdl_process_state *p = &w->process[k];
    int32_t n = p->n_ring, first = (today - w->day0) % n;

    for (int m = 0; m < MDL_MARKS; m++) {
        int64_t last = p->ring[(size_t)((first + n - 1) % n) * MDL_MARKS + (size_t)m];

        for (int32_t i = n - 1; i > 0; i--)
            p->ring[(size_t)((first + i) % n) * MDL_MARKS + (size_t)m] =
                p->ring[(size_t)((first + i - 1) % n) * MDL_MARKS + (size_t)m];
        p->ring[(size_t)first * MDL_MARKS + (size_t)m] = last;
    }
}

void mdl_produce_complete(struct mdl_state *w, uint32_t site)
{
    const struct mdl_site *s = &w->net->site[site];
    int32_t today = mdl_today(w);

    if (w->calendar.site && mdl_strike_down(w, site, today)) {
        for (uint32_t k = s->first_process; k < s->first_process + s->n_process; k++)
            stand_still(w, k, today);
        return;
    }
    for (uint32_t k = s->first_process; k < s->first_process + s->n_process; k++) {
        struct mdl_process_state *p = &w->process[k];
        int64_t *due = p->ring + (size_t)((today - w->day0) % p->n_ring) * MDL_MARKS;
        const struct mdl_recipe *r = mdl_recipe_of(w, k);

        for (int m = 0; m < MDL_MARKS; m++)
            if (due[m] > 0) {
                finish(w, k, m, due[m]);
                due[m] = 0;
            }
        for (uint32_t j = has_joint(r) ? 0 : 1; j < r->n_out; j++)
            cap_side_output(w, w->net->process[k].out_point[j], mdl_recording(w, today));
    }
}

/* ---- what inputs allow ---- */

/* Part of the need of one use that stock of an input allows today: free stock for the military,
 * what that leaves for civilians. Below stretch_cover_d days of cover starts slow down in
 * proportion to the cover. */
static double allowed(const struct mdl_state *w, uint32_t point, int use, double stretch_d)
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
static double least(const struct mdl_state *w, uint32_t k, int use, uint32_t *binding)
{
    const struct mdl_process *q = &w->net->process[k];
    const struct mdl_recipe *r = mdl_recipe_of(w, k);
    double f = 1;

    *binding = r->n_in ? q->in_point[0] : UINT32_MAX;
    for (uint32_t j = 0; j < r->n_in; j++) {
        double a = allowed(w, q->in_point[j], use, w->net->site[q->site].stretch_cover_d);

        if (a < f) {
            f = a;
            *binding = q->in_point[j];
        }
    }
    return f;
}

/* Starts that stock of every input really allows, of one use. */
static int64_t clamp(const struct mdl_state *w, uint32_t k, int64_t n, int use)
{
    const struct mdl_process *q = &w->net->process[k];
    const struct mdl_recipe *r = mdl_recipe_of(w, k);

    for (uint32_t j = 0; j < r->n_in; j++) {
        mdl_wide room = (mdl_wide)mdl_stock_usable(w, q->in_point[j], use) * r->in[j].den -
                        w->process[k].rem_in[j];

        if (room < (mdl_wide)n * r->in[j].num)
            n = room > 0 ? (int64_t)(room / r->in[j].num) : 0;
    }
    return n > 0 ? n : 0;
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

/* Takes the inputs of n starts of one use; returns how many of them must be marked civil-only. */
static int64_t consume(struct mdl_state *w, uint32_t k, int64_t n, int use,
                       double mass[MDL_MAX_ELEMENTS])
{
    const struct mdl_process *q = &w->net->process[k];
    const struct mdl_recipe *r = mdl_recipe_of(w, k);
    int64_t bound = 0;
    int recording = mdl_recording(w, mdl_today(w));

    for (uint32_t j = 0; j < r->n_in; j++) {
        struct mdl_point_state *p = &w->point[q->in_point[j]];
        const struct mdl_product *prod = &w->net->product[r->in[j].product];
        int64_t all = scale(n, r->in[j].num, r->in[j].den, &w->process[k].rem_in[j]);
        int64_t civil = p->on_hand[MDL_CIVIL_ONLY] < all ? p->on_hand[MDL_CIVIL_ONLY] : all;
        int64_t part[MDL_MARKS];

        if (use == MDL_MILITARY) /* diverted, if anything */
            civil = all > p->on_hand[MDL_FREE] ? all - p->on_hand[MDL_FREE] : 0;
        part[MDL_FREE] = all - civil;
        part[MDL_CIVIL_ONLY] = civil;

        for (int m = 0; m < MDL_MARKS; m++)
            if (part[m] > 0) {
                mix_in(w, r, prod, p->share[m], part[m], mass);
                mdl_stock_take(w, q->in_point[j], m, part[m]);
            }
        p->a_used += all;
        if (recording)
            p->used += all;
        if (use == MDL_MILITARY && civil > 0) {
            w->used_civil_only[q->site] = 1;
            p->diverted_use += recording ? civil : 0;
        } else if (civil > 0) {
            int64_t b = all > 0 ? (int64_t)(((mdl_wide)n * civil + all - 1) / all) : 0;

            bound = b > bound ? b : bound;
        }
    }
    return bound;
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
        double *m = w->scratch + (size_t)e * width;
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
        if (w->opt.audit)
            in[at + own] += mass[e];
        memset(m + mined, 0, (width - mined) * sizeof *m);
        m[own] = 1;
    }
}

/* Puts n starts into process under one mark, with their elements. */
static void enter(struct mdl_state *w, uint32_t k, int mark, int64_t n,
                  const double mass[MDL_MAX_ELEMENTS], double part, int32_t due)
{
    struct mdl_process_state *p = &w->process[k];
    const struct mdl_recipe *r = mdl_recipe_of(w, k);
    size_t no2 = (size_t)w->net->n_share;

    if (n == 0)
        return;
    for (int e = 0; e < r->n_el; e++)
        if (mass[e] > 0) {
            mdl_content_mix(p->share[mark] + (size_t)e * no2, p->mass[mark][e],
                            w->scratch + (size_t)e * no2, mass[e] * part, no2);
            p->mass[mark][e] += mass[e] * part;
        }
    p->wip[mark] += n;
    p->ring[(size_t)((due - w->day0) % p->n_ring) * MDL_MARKS + (size_t)mark] += n;
}

static void start(struct mdl_state *w, uint32_t k, int64_t n[MDL_USES], int32_t today)
{
    const struct mdl_process *q = &w->net->process[k];
    const struct mdl_recipe *r = mdl_recipe_of(w, k);
    struct mdl_process_state *p = &w->process[k];
    struct sim_draws d =
        sim_draws_at(sim_stream_make(w->run.seed, w->run.index, q->hash, MDL_FOR_CYCLE),
                     (uint64_t)(uint32_t)today);
    int32_t days = (int32_t)llround(sim_dist_draw(&q->cycle_d, &d)), due;
    double mass[MDL_MAX_ELEMENTS] = {0};
    int64_t all = n[0] + n[1], bound;

    days = days < p->n_ring - 1 ? days : p->n_ring - 1;
    due = today + days;
    memset(w->scratch, 0, (size_t)r->n_el * (size_t)w->net->n_share * sizeof(double));
    (void)consume(w, k, n[MDL_MILITARY], MDL_MILITARY, mass);
    bound = consume(w, k, n[MDL_CIVIL], MDL_CIVIL, mass);
    set_origin(w, k, all, mass);
    enter(w, k, MDL_FREE, all - bound, mass, (double)(all - bound) / (double)all, due);
    enter(w, k, MDL_CIVIL_ONLY, bound, mass, (double)bound / (double)all, due);
    if (days == 0)
        for (int m = 0; m < MDL_MARKS; m++) {
            int64_t *now = p->ring + (size_t)((due - w->day0) % p->n_ring) * MDL_MARKS + m;

            if (*now > 0)
                finish(w, k, m, *now);
            *now = 0;
        }
}

/* ---- missed starts ---- */

struct booking {
    struct mdl_process_state *p;
    double best, scale;
    uint32_t cause;
    int keep;
};

static void book(struct booking *b, uint32_t cause, double amount)
{
    if (amount > b->best) {
        b->best = amount;
        b->cause = cause;
    }
    if (!b->keep)
        return;
    for (int i = 0; i < MDL_TOP; i++) {
        if (b->p->cause_amount[i] == 0)
            b->p->cause_id[i] = cause;
        if (b->p->cause_id[i] == cause || i == MDL_TOP - 1) {
            if (b->p->cause_id[i] != cause)
                b->p->cause_id[i] = MDL_WHY_UNEXPLAINED;
            b->p->cause_amount[i] += amount;
            return;
        }
    }
}

static void count_stops(struct mdl_process_state *p, int32_t today)
{
    int64_t fresh = p->fresh_use[0] + p->fresh_use[1];
    int stop = p->plan > 0 && (p->start == 0 || 2 * p->start < fresh);

    if (p->plan > 0 && !stop && p->start < fresh)
        p->slow_days++;
    if (!stop) {
        if (p->plan > 0)
            p->run_days = 0;
        return;
    }
    p->stop_days++;
    if (p->stop_first == SIM_DAY_NONE)
        p->stop_first = today;
    if (p->run_days++ == 0)
        p->run_first = today;
    if (p->run_days > p->longest) {
        p->longest = p->run_days;
        p->longest_first = p->run_first;
    }
}

/* What is missed for a shock is made up for later: what the plant then lacks, and asks for more
 * than usual, has the same cause. */
static void book_shock(struct mdl_state *w, uint32_t k, int use, uint32_t cause, double amount)
{
    if (w->st->cause[cause].why == MDL_WHY_SHOCK)
        mdl_strike_move(w, w->net->process[k].out_point[0], use, amount * w->net->process[k].yield,
                        cause);
}

/* Books missed starts of one use to the causes of the input that bound them, or to the shock that
 * did. */
static void miss(struct mdl_state *w, uint32_t k, int use, uint32_t binding, uint32_t shock,
                 int64_t missed, int32_t today)
{
    struct booking b = {.p = &w->process[k], .best = -1, .keep = mdl_recording(w, today)};
    struct mdl_mix one = {.n = 1, .cause = {shock}, .part = {1}};
    const struct mdl_mix *mix = &one;

    if (missed <= 0 || (binding == UINT32_MAX && shock == 0))
        return;
    if (shock == 0)
        mix = mdl_order_causes(w, binding, use);
    for (uint32_t i = 0; i < mix->n; i++) {
        book(&b, mix->cause[i], mix->part[i] * (double)missed);
        book_shock(w, k, use, mix->cause[i], mix->part[i] * (double)missed);
        MDL_TRACE(w, missed(w, k, use, shock ? UINT32_MAX : binding, mix->cause[i], mix->part[i],
                            missed));
    }
    w->process[k].cause[use] = b.cause;
    w->process[k].cause_until[use] = today + (int32_t)ceil(w->process[k].cycle_mean) + 7;
}

/* ---- the day ---- */

/* Quanta of an input that the day's plan needs. */
static int64_t needed(const struct mdl_process_state *p, const struct mdl_part *in, int use)
{
    return (int64_t)ceil((double)p->plan_use[use] * mdl_ratio(in));
}

/* Starts of one use that inputs allow. */
static int64_t startable(const struct mdl_state *w, uint32_t k, int use, uint32_t *binding)
{
    int64_t plan = w->process[k].plan_use[use];

    return plan == 0 ? 0 : (int64_t)((double)plan * least(w, k, use, binding));
}

/* Adds what a process's plan needs of its inputs, or takes it away. */
static void reserve(struct mdl_state *w, uint32_t k, int sign)
{
    const struct mdl_process *q = &w->net->process[k];
    const struct mdl_recipe *r = mdl_recipe_of(w, k);

    for (uint32_t j = 0; j < r->n_in; j++)
        for (int u = 0; u < MDL_USES; u++)
            w->point[q->in_point[j]].need[u] += sign * needed(&w->process[k], &r->in[j], u);
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

/* No more than `most` starts of one use: sets *shock to the cause of the limit where it bites. */
static int64_t limited(int64_t n, int64_t most, uint32_t cause, uint32_t *shock)
{
    if (n <= most && most > 0)
        return n;
    *shock = cause;
    return most;
}

/* The turn of a process: what it starts, for each use; what it misses is booked. */
static void take_turn(struct mdl_state *w, uint32_t k, int32_t today, int64_t n[MDL_USES])
{
    const struct mdl_process *q = &w->net->process[k];
    struct mdl_process_state *p = &w->process[k];
    uint32_t binding[MDL_USES] = {UINT32_MAX, UINT32_MAX}, cause, shock[MDL_USES] = {0};
    int64_t most = w->calendar.process ? mdl_strike_most(w, k, today, &cause) : INT64_MAX;

    n[MDL_MILITARY] = startable(w, k, MDL_MILITARY, &binding[MDL_MILITARY]);
    n[MDL_MILITARY] = clamp(w, k, n[MDL_MILITARY], MDL_MILITARY);
    if (most < INT64_MAX)
        n[MDL_MILITARY] = limited(n[MDL_MILITARY], most, cause, &shock[MDL_MILITARY]);
    leave_to_civil(w, k, n[MDL_MILITARY]);
    n[MDL_CIVIL] = startable(w, k, MDL_CIVIL, &binding[MDL_CIVIL]);
    n[MDL_CIVIL] = clamp(w, k, n[MDL_CIVIL] + n[MDL_MILITARY], MDL_CIVIL) - n[MDL_MILITARY];
    if (most < INT64_MAX)
        n[MDL_CIVIL] = limited(n[MDL_CIVIL], most - n[MDL_MILITARY], cause, &shock[MDL_CIVIL]);
    p->start = n[0] + n[1];
    if (p->start < q->batch)
        p->start = n[0] = n[1] = 0;
    MDL_TRACE(w, turn(w, k, n, binding));
    if (p->start > 0)
        start(w, k, n, today);
    for (int u = 0; u < MDL_USES; u++)
        miss(w, k, u, binding[u], shock[u], p->fresh_use[u] - n[u], today);
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
    int32_t today = mdl_today(w);

    plan_all(w, site, today);
    for (uint32_t k = s->first_process; k < s->first_process + s->n_process; k++) {
        const struct mdl_recipe *r = mdl_recipe_of(w, k);
        struct mdl_process_state *p = &w->process[k];
        int64_t n[MDL_USES] = {0};

        if (p->plan > 0)
            take_turn(w, k, today, n);
        for (int u = 0; u < MDL_USES; u++) {
            p->behind[u] = fmax(0, p->behind[u] + (double)(p->fresh_use[u] - n[u]));
            for (uint32_t j = 0; j < r->n_in; j++)
                w->point[w->net->process[k].in_point[j]].behind[u] +=
                    p->behind[u] * mdl_ratio(&r->in[j]);
        }
        if (mdl_recording(w, today)) {
            p->planned += (double)(p->fresh_use[0] + p->fresh_use[1]);
            p->started += (double)p->start;
            for (int u = 0; u < MDL_USES; u++)
                p->missed += (double)(p->fresh_use[u] > n[u] ? p->fresh_use[u] - n[u] : 0);
            count_stops(p, today);
        }
    }
    for (uint32_t i = s->first_point; i < s->first_point + s->n_point; i++)
        w->point[i].need[0] = w->point[i].need[1] = 0;
}
