#include "models/rule.h"

static const char *const measures[] = {"units", "usd", NULL};
static const char *const periods[] = {"month", "quarter", "half-year", "year", NULL};
static const char *const pers[] = {"all", "destination", "exporter", NULL};
static const char *const allots[] = {"first-come", "pro-rata", NULL};

#define AT(field) offsetof(struct mdl_quota, field)
static const struct sim_key keys[] = {
    {"amount", "", SIM_KEY_REAL, 0, 1e15, NULL, AT(amount), "what may leave in a period", NULL,
     NULL},
    {"measure", "", SIM_KEY_WORD, 0, 0, "units", AT(measure),
     "amount counts units of the products, or their value in USD", measures, NULL},
    {"period", "", SIM_KEY_WORD, 0, 0, "year", AT(period), "part of the calendar year it is for",
     periods, NULL},
    {"per", "", SIM_KEY_WORD, 0, 0, "all", AT(per),
     "one quota for all, or split by destination or by exporter as trade normally is", pers, NULL},
    {"allot", "", SIM_KEY_WORD, 0, 0, "first-come", AT(pro_rata),
     "who gets what is left: who asked first, or all who wait in proportion, day by day", allots,
     NULL},
    {"carry_over", "", SIM_KEY_REAL, 0, 1, "0", AT(carry_over),
     "share of what was not used that the next period gets on top", NULL, NULL},
    {0}};

static void judge(const struct mdl_rule *r, uint32_t number, const struct mdl_shipment *s,
                  struct mdl_verdict *v)
{
    (void)r;
    (void)s;
    mdl_verdict_ask(v, number, MDL_NEED_QUOTA, 0);
}

const struct mdl_policy mdl_policy_quota = {
    .name = "quota",
    .meaning = "no more of the goods that match leave in a period than the quota says",
    .keys = keys,
    .size = sizeof(struct mdl_quota),
    .whys = 1u << MDL_WHY_QUOTA,
    .judge = judge};
