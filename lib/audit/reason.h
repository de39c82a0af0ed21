/*
 * The authorizer's reason (annotation authorization.k8s.io/reason): which grant let a request pass.
 *
 *     RBAC: allowed by RoleBinding "NAME/NAMESPACE" of Role "ROLE" to ServiceAccount
 * "NAME/NAMESPACE" EKS Access Policy: allowed by ClusterRoleBinding "PRINCIPAL+POLICY" of
 * ClusterRole "POLICY" to User "ID"
 *
 * Names are quoted as Go's %q does; namespaces stand behind the last slash.
 */
#ifndef KB_AUDIT_REASON_H
#define KB_AUDIT_REASON_H

#include "base/mem.h"

#define KB_REASON_EKS "EKS Access Policy" /* the authorizer of access entries */

struct kb_reason {
    struct kb_str authorizer; /* "RBAC", "EKS Access Policy" */
    struct kb_str binding_kind, binding, binding_namespace;
    struct kb_str role_kind, role;
    struct kb_str subject_kind, subject, subject_namespace;
    struct kb_str policy, principal; /* of an EKS access policy: the ARNs; else empty */
};

/* False for a text that names no grant (empty: system:masters, the Node authorizer; or a
 * refusal's). Its texts are in `text` or in `arena`. */
bool kb_reason_parse(struct kb_str text, struct kb_arena *arena, struct kb_reason *out);

#endif
