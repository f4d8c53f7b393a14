/* The gate: every order line that crosses a border is tested against all rules. */
#ifndef MDL_GATE_H
#define MDL_GATE_H

#include "models/world.h"

/* Rules that can ever meet a lane, precomputed; and the days on which anything about the rules
 * changes. Immutable. */
struct mdl_gate {
    const struct mdl_scenario *scenario;
    const struct mdl_network *net;
    uint32_t *first;  /* [n_lane + 1] into rule */
    uint32_t *rule;   /* rule numbers, ascending for each lane */
    char *by_content; /* [n_lane] some rule asks what the goods contain */
    uint32_t n_change;
    int32_t *change; /* [n_change] days, ascending */
    uint32_t n_hoard;
    uint32_t *hoard; /* [n_hoard] rules for which buyers hoard */
    char **point;    /* [n_rule] of [n_point]: covers what it buys; NULL where nobody asks */
    int front_load;  /* some rule is front-loaded */
};

/* Prepares the gate; everything lives in `a`. Returns 0, or SIM_EINPUT if a lane meets more rules
 * that ask for something than an order line can hold (MDL_MAX_NEEDS). */
int mdl_gate_init(struct mdl_gate *g, struct sim_arena *a, const struct mdl_scenario *s,
                  const struct mdl_network *n, struct sim_err *err) SIM_CHECKED;

/* Tests one order line, or one leg of its way. w: what is true in this run; NULL = every rule
 * exists and covers all that it can, nobody is suspected or declines. O(rules of the lane; of all
 * rules for a leg). */
void mdl_gate_judge(const struct mdl_gate *g, const struct mdl_world *w,
                    const struct mdl_shipment *s, struct mdl_verdict *v);

/* Could a rule ever meet goods of this lane on a leg of a detour? */
int mdl_gate_may_meet(const struct mdl_gate *g, uint32_t rule, const struct mdl_lane *lane,
                      const struct mdl_leg *leg);

/* How many changes of the rules lie on or before a day: a line judged at another number is judged
 * again. */
uint32_t mdl_gate_version(const struct mdl_gate *g, int32_t day);

/* The same for one rule: what it refused is not asked for again until it changes. */
uint32_t mdl_gate_rule_version(const struct mdl_gate *g, uint32_t rule, int32_t day);

/* Days of cover that the buyer of a stock point adds because of rules that are announced: the most
 * that any of them says. */
double mdl_gate_hoard_d(const struct mdl_gate *g, const struct mdl_world *w, uint32_t point,
                        int32_t day);

/* Does a rule of this world stand announced that covers what a stock point buys? This and the next
 * are for scenarios with entries of hoarding. */
int mdl_gate_announced(const struct mdl_gate *g, const struct mdl_world *w, uint32_t point,
                       int32_t day);

/* The next first day of such a rule, `delay` days or more after its announcement; SIM_DAY_NONE =
 * none. */
int32_t mdl_gate_coming(const struct mdl_gate *g, const struct mdl_world *w, uint32_t point,
                        int32_t day, int32_t delay);

/* Do exporters hurry goods of this lane, because a rule is announced and not yet in force? */
int mdl_gate_front_load(const struct mdl_gate *g, const struct mdl_world *w, uint32_t lane,
                        int32_t day);

#endif
