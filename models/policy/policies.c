#include "models/policy/policy.h"

const struct mdl_policy *const mdl_policies[] = {&mdl_policy_deny, &mdl_policy_inspect,
                                                 &mdl_policy_licence, NULL};
