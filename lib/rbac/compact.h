/*
 * Fewer rules that say the same: those of one group and resource (and name) with their verbs joined.
 *
 * Rules: kubernetes pkg/registry/rbac/validation/policy_compact.go.
 */
#ifndef KB_RBAC_COMPACT_H
#define KB_RBAC_COMPACT_H

#include "rbac/policy.h"

/* Rules that are not simple first, as they are, then the joined ones in order of their first. New
 * arrays are in `arena`; texts are borrowed. */
struct kb_rbac_rules kb_rbac_compact(struct kb_rbac_rules rules, struct kb_arena *arena);

#endif
