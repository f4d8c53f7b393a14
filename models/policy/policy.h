/* Kinds of export-control rule. One file a kind: its keys and what it asks of a shipment that it
 * matches. */
#ifndef MDL_POLICY_H
#define MDL_POLICY_H

#include "models/network.h"

enum { MDL_MAX_NEEDS = 6 };

struct mdl_rule;
struct mdl_scenario;

/* What a rule is asked about: one order line at the border. */
struct mdl_shipment {
    const struct mdl_network *net;
    const struct mdl_lane *lane;
    int use;          /* enum mdl_use: the declared end use */
    int64_t quantity; /* quanta */
    int32_t day;      /* of the test */
    int32_t placed;   /* day the order was placed */
    uint32_t nth; /* among the lines of this lane and end use that were placed that day, from 0 */
    uint64_t seed;
    uint32_t run;
};

/* Index of the draws that belong to one order line: the day it was placed, its end use, and its
 * number among the lines of that lane, use and day. */
static inline uint64_t mdl_line_index(int32_t placed, int use, uint32_t nth)
{
    return (uint64_t)(uint32_t)placed << 17 | (uint64_t)(uint16_t)nth << 1 | (uint64_t)use;
}

/* What all matching rules ask together. A refusal beats everything; licences run in parallel;
 * inspection follows; delays add. Filled by policies, in rule order. */
struct mdl_verdict {
    int denied; /* 1 + number of the first rule that refuses; 0 = none */
    int n_licence;
    uint32_t licence[MDL_MAX_NEEDS]; /* rules that require a licence */
    int n_inspect;
    uint32_t inspect[MDL_MAX_NEEDS]; /* rules under which it is inspected */
    double inspect_d;                /* days, added up */
    int civil_only;                  /* passes under a civil end-use undertaking */
};

struct mdl_policy {
    const char *name; /* the word after `action =` */
    const char *meaning;
    const struct sim_key *keys; /* its own keys; the struct that they fill has `size` bytes */
    size_t size;
    /* Checks what the keys alone cannot (an office that exists). 0 or SIM_EINPUT. May be NULL. */
    int (*check)(const struct mdl_scenario *s, const struct mdl_rule *r, struct sim_err *err);
    /* Adds what the rule asks of a shipment that it matches. Changes nothing else; draws are keyed.
     */
    void (*judge)(const struct mdl_rule *r, uint32_t number, const struct mdl_shipment *s,
                  struct mdl_verdict *v);
};

/* The list of rules: a new kind is a new file and one word here. */
extern const struct mdl_policy mdl_policy_deny, mdl_policy_licence, mdl_policy_inspect;
extern const struct mdl_policy *const mdl_policies[]; /* ended by NULL */

#endif
