/*
 * EKS access policies as rules: what an access entry may do beside RBAC.
 *
 * They are decided outside the Kubernetes authorizer of RBAC; the rules of some are published, of others
 * only a name is known: those are an authority of unknown extent.
 */
#ifndef KB_RBAC_ACCESS_POLICY_H
#define KB_RBAC_ACCESS_POLICY_H

#include "rbac/policy.h"

/* Whether the rules of the policy ("AmazonEKSViewPolicy") are published. */
bool kb_access_policy_known(struct kb_str name);
/* Its rules, in the policy's arena; none where it is not known. */
struct kb_rbac_rules kb_access_policy_rules(struct kb_rbac_policy *policy, struct kb_str name);

#endif
