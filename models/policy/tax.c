#include "models/rule.h"

struct tax {
    double rate;
};

static const struct sim_key keys[] = {{"rate", "", SIM_KEY_REAL, 0, 10, NULL,
                                       offsetof(struct tax, rate),
                                       "share of the value of the goods, taken when they leave; "
                                       "reported only (tax_usd): nobody buys less for it",
                                       NULL, NULL},
                                      {0}};

static void judge(const struct mdl_rule *r, uint32_t number, const struct mdl_shipment *s,
                  struct mdl_verdict *v)
{
    const struct tax *own = r->own;

    (void)s;
    sim_bug_if(v->n_tax == MDL_MAX_NEEDS);
    v->tax[v->n_tax++] = (struct mdl_levy){number, own->rate};
}

const struct mdl_policy mdl_policy_tax = {.name = "tax",
                                          .meaning = "goods that match are taxed when they leave",
                                          .keys = keys,
                                          .size = sizeof(struct tax),
                                          .judge = judge};
