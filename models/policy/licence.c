#include "models/scenario.h"

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
    if (v->n_licence < MDL_MAX_NEEDS)
        v->licence[v->n_licence++] = number;
}

const struct mdl_policy mdl_policy_licence = {
    .name = "licence",
    .meaning = "goods that match wait for a licence from the rule's office",
    .keys = keys,
    .check = check,
    .judge = judge};
