/* The gate: every order line that crosses a border is tested against all rules. */
#ifndef MDL_GATE_H
#define MDL_GATE_H

#include "models/scenario.h"

/* Rules that can ever meet a lane, precomputed; and the days on which anything about the rules
 * changes. Immutable. */
struct mdl_gate {
    const struct mdl_scenario *scenario;
    const struct mdl_network *net;
    uint32_t *first; /* [n_lane + 1] into rule */
    uint32_t *rule;  /* rule numbers, ascending for each lane */
    uint32_t n_change;
    int32_t *change; /* [n_change] days, ascending */
};

void mdl_gate_init(struct mdl_gate *g, struct sim_arena *a, const struct mdl_scenario *s,
                   const struct mdl_network *n);

/* Tests one order line. exists[n_rule]: the rule exists in this run (NULL = all do). O(rules of the
 * lane). */
void mdl_gate_judge(const struct mdl_gate *g, const char *exists, const struct mdl_shipment *s,
                    struct mdl_verdict *v);

/* How many changes of the rules lie on or before a day: a line judged at another number is judged
 * again. */
uint32_t mdl_gate_version(const struct mdl_gate *g, int32_t day);

/* The same for one rule: what it refused is not asked for again until it changes. */
uint32_t mdl_gate_rule_version(const struct mdl_gate *g, uint32_t rule, int32_t day);

/* Why a rule does or does not match, for `explain`: writes one line of text. Returns 1 if it
 * matches. */
int mdl_gate_explain(const struct mdl_gate *g, uint32_t rule, const struct mdl_shipment *s,
                     char *why, size_t n);

#endif
