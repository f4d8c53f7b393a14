#include "models/maker.h"

#include <math.h>

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

void mdl_miss_count_stops(struct mdl_process_state *p, int32_t today)
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

void mdl_miss_book(struct mdl_state *w, uint32_t k, int use, uint32_t binding, uint32_t shock,
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
