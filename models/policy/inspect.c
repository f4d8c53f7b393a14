#include "models/purpose.h"
#include "models/rule.h"

#include "sim/rng.h"

struct inspect {
    double share;
    struct sim_dist delay_d;
};

static const struct sim_key keys[] = {
    {"share", "", SIM_KEY_REAL, 0, 1, "1", offsetof(struct inspect, share),
     "share of order lines that are inspected", NULL, NULL},
    {"delay_d", "d", SIM_KEY_DIST, 0, 1000, NULL, offsetof(struct inspect, delay_d),
     "days of an inspection, once the goods are ready; with an office, of a test in that "
     "laboratory, after its queue",
     NULL, NULL},
    {0}};

static void judge(const struct mdl_rule *r, uint32_t number, const struct mdl_shipment *s,
                  struct mdl_verdict *v)
{
    const struct inspect *own = r->own;
    uint64_t name = sim_hash_with(s->lane->hash, r->hash);
    struct sim_draws d = sim_draws_at(sim_stream_make(s->seed, s->run, name, MDL_FOR_INSPECT),
                                      mdl_line_index(s->placed, s->use, s->nth));

    if (sim_uniform(&d) < own->share)
        mdl_verdict_ask(v, number, MDL_NEED_INSPECTION, sim_dist_draw(&own->delay_d, &d));
}

const struct mdl_policy mdl_policy_inspect = {
    .name = "inspect",
    .meaning = "a share of the goods that match is held for inspection",
    .keys = keys,
    .size = sizeof(struct inspect),
    .whys = 1u << MDL_WHY_INSPECTION,
    .judge = judge};
