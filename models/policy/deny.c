#include "models/rule.h"

static const struct sim_key keys[] = {{0}};

static void judge(const struct mdl_rule *r, uint32_t number, const struct mdl_shipment *s,
                  struct mdl_verdict *v)
{
    (void)r;
    (void)s;
    if (!v->denied)
        v->denied = (int)number + 1;
}

const struct mdl_policy mdl_policy_deny = {.name = "deny",
                                           .meaning = "goods that match do not leave",
                                           .keys = keys,
                                           .whys = 1u << MDL_WHY_DENIED,
                                           .judge = judge};
