#include "models/maker.h"

#include <math.h>

static int in_service(const struct mdl_state *w, uint32_t k, int32_t today)
{
    return mdl_ramp_in_service(w, k, today) &&
           (w->sc->prices.n_marginal == 0 || mdl_spot_capacity(w, k, today) > 0);
}

/* Units of the main output a day, as far as it has been ramped up. */
static double capacity_d(const struct mdl_state *w, uint32_t k, int32_t today)
{
    return fmin(w->net->process[k].capacity_d, 1e15) * mdl_ramp_share(w, k, today);
}

/* This process's part of the want of a point: by the stated share, else by capacity, among those in
 * service that make it as their main output; if none does, evenly among those that make it as a
 * joint output. */
static double part_of_want(const struct mdl_state *w, uint32_t point, uint32_t k, int joint,
                           int32_t today)
{
    const struct mdl_point *p = &w->net->point[point];
    double stated = 0, cap = 0, own_cap;
    int n = 0, open = 0;

    if (p->n_maker == 1)
        return 1;
    own_cap = capacity_d(w, k, today);
    for (uint32_t i = 0; i < p->n_maker; i++) {
        const struct mdl_process *q = &w->net->process[p->maker[i]];

        if (!in_service(w, p->maker[i], today))
            continue;
        if (q->out_point[0] != point) {
            n++;
            continue;
        }
        if (joint)
            return 0;
        if (isnan(q->share)) {
            cap += capacity_d(w, p->maker[i], today);
            open++;
        } else {
            stated += q->share;
        }
    }
    if (joint)
        return 1.0 / n;
    if (!isnan(w->net->process[k].share))
        return w->net->process[k].share / (open ? fmax(1, stated) : stated);
    return fmax(0, 1 - stated) * (cap > 0 ? own_cap / cap : 1.0 / open);
}

/* Quanta of a point's product in process at the site, that may serve the military (free) or only
 * civilians. */
static double in_process(const struct mdl_state *w, uint32_t point, int mark)
{
    const struct mdl_point *p = &w->net->point[point];
    double sum = 0;

    for (uint32_t i = 0; i < p->n_maker; i++) {
        const struct mdl_process *q = &w->net->process[p->maker[i]];
        const struct mdl_recipe *r = &w->net->recipe[q->recipe];
        const struct mdl_process_state *s = &w->process[p->maker[i]];
        int64_t wip = s->wip[mark] + (s->yard ? s->yard->wip[mark] : 0);

        if (wip == 0)
            continue;
        for (uint32_t j = 0; j < r->n_out; j++)
            if (q->out_point[j] == point)
                sum += (double)wip * mdl_ratio(&r->out[j]) *
                       mdl_ramp_yield(w, p->maker[i], mdl_today(w));
    }
    return sum;
}

/* Want of a point by end use: owed + target - on hand - in process; free stock covers the military
 * first. */
static void want_of(const struct mdl_state *w, uint32_t point, double span_d, double want[MDL_USES])
{
    const struct mdl_point_state *p = &w->point[point];
    double free_stock = (double)p->on_hand[MDL_FREE] + in_process(w, point, MDL_FREE);
    double bound = (double)p->on_hand[MDL_CIVIL_ONLY] + in_process(w, point, MDL_CIVIL_ONLY);
    double military = (double)p->owed[MDL_MILITARY] + p->forecast[MDL_MILITARY] * span_d;

    want[MDL_MILITARY] = fmax(0, military - free_stock);
    want[MDL_CIVIL] = fmax(0, (double)p->owed[MDL_CIVIL] + p->forecast[MDL_CIVIL] * span_d - bound -
                                  fmax(0, free_stock - military));
}

/* What of the day's plan is planned for the first time: all but what is made up for missed starts,
 * which were planned, wanted and missed on their own days. best: starts a day by the gap. */
static void fresh(struct mdl_process_state *p, const double best[MDL_USES], double smooth_d,
                  double cap)
{
    double first[MDL_USES], all = 0;

    for (int u = 0; u < MDL_USES; u++) {
        p->behind[u] = fmin(p->behind[u], best[u] * smooth_d);
        first[u] = best[u] - p->behind[u] / smooth_d;
        all += first[u];
    }
    for (int u = 0; u < MDL_USES; u++)
        p->fresh_use[u] = (int64_t)ceil(first[u] * (all > cap ? cap / all : 1) - 1e-9);
}

void mdl_produce_plan(struct mdl_state *w, uint32_t k, int32_t today, double working)
{
    const struct mdl_process *q = &w->net->process[k];
    const struct mdl_site *s = &w->net->site[q->site];
    const struct mdl_recipe *r = mdl_recipe_of(w, k);
    struct mdl_process_state *p = &w->process[k];
    double best[MDL_USES] = {0}, all, cap, yield = mdl_ramp_yield(w, k, today);

    p->plan = p->start = 0;
    p->plan_use[0] = p->plan_use[1] = p->civil_most = 0;
    p->fresh_use[0] = p->fresh_use[1] = 0;
    if (!in_service(w, k, today)) {
        p->behind[0] = p->behind[1] = 0;
        return;
    }
    for (uint32_t j = 0; j < r->n_out; j++) {
        double want[MDL_USES], part;

        if (r->out[j].role == MDL_BYPRODUCT)
            continue;
        part = part_of_want(w, q->out_point[j], k, j > 0, today);
        if (part <= 0)
            continue;
        want_of(w, q->out_point[j], p->cycle_mean + s->out_cover_d + s->smooth_d, want);
        part /= mdl_ratio(&r->out[j]) * yield * s->smooth_d;
        for (int u = 0; u < MDL_USES; u++)
            best[u] = fmax(best[u], want[u] * part);
    }
    all = best[0] + best[1];
    cap = q->capacity == INT64_MAX ? 4e18
                                   : (double)q->capacity * working * mdl_ramp_share(w, k, today);
    if (w->calendar.process)
        cap = fmin(4e18, cap * mdl_strike_growth(w, k, today));
    if (w->sc->prices.n_marginal > 0)
        cap *= mdl_spot_capacity(w, k, today);
    p->cap = cap;
    fresh(p, best, s->smooth_d, cap);
    if (all <= 0)
        return;
    for (int u = 0; u < MDL_USES; u++)
        p->plan_use[u] = (int64_t)ceil(best[u] * fmin(1, cap / all) - 1e-9);
    p->civil_most = (int64_t)ceil(fmin(best[MDL_CIVIL], cap) - 1e-9);
    p->plan = p->plan_use[0] + p->plan_use[1];
    if ((double)p->plan > ceil(cap)) { /* by rounding, a quantum or two */
        int64_t over = p->plan - (int64_t)ceil(cap);

        p->plan_use[p->plan_use[MDL_CIVIL] >= over ? MDL_CIVIL : MDL_MILITARY] -= over;
        p->plan -= over;
    }
    if (p->plan < q->batch)
        p->plan = p->plan_use[0] = p->plan_use[1] = 0;
    for (int u = 0; u < MDL_USES; u++)
        if (p->fresh_use[u] > p->plan_use[u])
            p->fresh_use[u] = p->plan_use[u];
}
