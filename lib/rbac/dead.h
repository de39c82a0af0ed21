/*
 * Dead rules: what can never match a request, and so misleads whoever reads it.
 */
#ifndef KB_RBAC_DEAD_H
#define KB_RBAC_DEAD_H

#include "rbac/policy.h"

/* Why the rule, or a part of it, is dead when it is held through a binding of this scope; NULL: it is not.
 * A static text. */
const char *kb_rbac_dead_rule(const struct kb_rbac_rule *rule, bool cluster);

#endif
