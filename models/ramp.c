#include "models/maker.h"

#include <math.h>

void mdl_ramp_init(struct mdl_state *w, uint32_t k)
{
    const struct mdl_process *q = &w->net->process[k];
    struct mdl_process_state *p = &w->process[k];
    struct sim_draws d;
    int32_t late;

    p->from = q->from;
    p->until = q->until;
    if (sim_dist_mean(&q->delay_d) <= 0)
        return;
    d = sim_draws_at(
        sim_stream_make(w->run.seed, w->run.index, w->net->site[q->site].hash, MDL_FOR_DELAY), 0);
    late = (int32_t)ceil(fmin(fmax(0, sim_dist_draw(&q->delay_d, &d)), 1e6));
    p->from += late;
    if (p->until != SIM_DAY_NONE)
        p->until += late;
}

int mdl_ramp_in_service(const struct mdl_state *w, uint32_t k, int32_t today)
{
    const struct mdl_process_state *p = &w->process[k];

    return (p->from == SIM_DAY_NONE || today >= p->from) &&
           (p->until == SIM_DAY_NONE || today <= p->until);
}

/* From `first` to `last` along the ramp. */
static double along(const struct mdl_state *w, uint32_t k, int32_t today, double first, double last)
{
    const struct mdl_process *q = &w->net->process[k];
    double t = (double)(today - w->process[k].from);

    if (q->ramp_d <= 0 || t >= q->ramp_d)
        return last;
    return first + (last - first) * pow(t / q->ramp_d, q->ramp_shape);
}

double mdl_ramp_share(const struct mdl_state *w, uint32_t k, int32_t today)
{
    return along(w, k, today, w->net->process[k].ramp_start, 1);
}

double mdl_ramp_yield(const struct mdl_state *w, uint32_t k, int32_t today)
{
    const struct mdl_process *q = &w->net->process[k];

    return isnan(q->yield_start) ? q->yield : along(w, k, today, q->yield_start, q->yield);
}
