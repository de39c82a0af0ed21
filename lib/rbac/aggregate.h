/*
 * Aggregated ClusterRoles: what the controller will make of their labels.
 *
 * Rules: kubernetes pkg/controller/clusterroleaggregation: the union of the rules of the ClusterRoles that
 * any of aggregationRule.clusterRoleSelectors selects, in order of their names, without repeats.
 */
#ifndef KB_RBAC_AGGREGATE_H
#define KB_RBAC_AGGREGATE_H

#include "rbac/policy.h"

/* Whether `role` is selected by the aggregationRule of `into`. */
bool kb_rbac_aggregates(const struct kb_rbac_role *into, const struct kb_rbac_role *role);
/* The rules that the role of an aggregationRule will have; its own of any other. New arrays in `arena`. */
struct kb_rbac_rules kb_rbac_aggregate(const struct kb_rbac_policy *policy,
                                       const struct kb_rbac_role *role, struct kb_arena *arena);

#endif
