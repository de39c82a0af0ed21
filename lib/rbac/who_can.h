/*
 * Who can: every grant that allows a request, whoever asks.
 *
 * Rules: kubernetes plugin/pkg/auth/authorizer/rbac/subject_locator.go. The privileged group
 * system:masters, which every list begins with there, is not among the grants.
 */
#ifndef KB_RBAC_WHO_CAN_H
#define KB_RBAC_WHO_CAN_H

#include "rbac/authorize.h"

/* Give each (binding, subject) whose role allows the request, with the first rule that does, in the
 * policy's order. User and groups of the request are not looked at. Return false to stop. */
void kb_rbac_who_can(const struct kb_rbac_policy *policy, const struct kb_rbac_request *request,
                     kb_rbac_visit_fn *fn, void *ctx);

#endif
