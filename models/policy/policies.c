#include "models/policy/policy.h"

#define ADDRESS(x) &mdl_policy_##x,
#define WORD(x) #x,

const struct mdl_policy *const mdl_policies[] = {MDL_POLICIES(ADDRESS) NULL};
const char *const mdl_policy_words[] = {MDL_POLICIES(WORD) NULL};

const char *const mdl_why_words[MDL_WHYS] = {
    "unexplained",       "own stock policy", "transport",  "capacity",     "denied",
    "licence refused",   "licence pending",  "inspection", "notification", "quota",
    "exporter declines", "seized",           "shock"};

void mdl_verdict_ask(struct mdl_verdict *v, uint32_t rule, int kind, double days)
{
    sim_bug_if(v->n_ask == MDL_MAX_NEEDS);
    v->ask[v->n_ask++] = (struct mdl_ask){rule, kind, MDL_STRAIGHT, days, SIM_DAY_NONE};
}
