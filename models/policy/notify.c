#include "models/purpose.h"
#include "models/rule.h"

#include "sim/rng.h"

struct notify {
    struct sim_dist delay_d;
};

static const struct sim_key keys[] = {{"delay_d", "d", SIM_KEY_DIST, 0, 1000, NULL,
                                       offsetof(struct notify, delay_d),
                                       "days from the notification, which goes out with the order, "
                                       "to the day on which goods may leave",
                                       NULL, NULL},
                                      {0}};

static void judge(const struct mdl_rule *r, uint32_t number, const struct mdl_shipment *s,
                  struct mdl_verdict *v)
{
    const struct notify *own = r->own;
    uint64_t name = sim_hash_with(s->lane->hash, r->hash);
    struct sim_draws d = sim_draws_at(sim_stream_make(s->seed, s->run, name, MDL_FOR_NOTICE),
                                      mdl_line_index(s->placed, s->use, s->nth));

    mdl_verdict_ask(v, number, MDL_NEED_NOTICE, sim_dist_draw(&own->delay_d, &d));
}

const struct mdl_policy mdl_policy_notify = {
    .name = "notify",
    .meaning = "goods that match are notified and wait for some days; nobody refuses them",
    .keys = keys,
    .size = sizeof(struct notify),
    .whys = 1u << MDL_WHY_NOTICE,
    .judge = judge};
