#include "models/rule.h"

static const struct sim_key keys[] = {{0}};

static int check(const struct mdl_scenario *s, const struct mdl_rule *r, struct sim_err *err)
{
    (void)s;
    if (r->licence.office == UINT32_MAX && (r->licence.office_id == NULL || !*r->licence.office_id))
        return sim_tree_fault(r->tree, err, "a licence needs an office: office = \"<id>\"");
    return 0;
}

static void judge(const struct mdl_rule *r, uint32_t number, const struct mdl_shipment *s,
                  struct mdl_verdict *v)
{
    (void)r;
    (void)s;
    mdl_verdict_ask(v, number, MDL_NEED_LICENCE, 0);
}

const struct mdl_policy mdl_policy_licence = {
    .name = "licence",
    .meaning = "goods that match wait for a licence from the rule's office",
    .keys = keys,
    .whys = 1u << MDL_WHY_REFUSED | 1u << MDL_WHY_LICENCE,
    .check = check,
    .judge = judge};
