/*
 * The RBAC objects that EKS makes, as public listings of clusters show them (2023 to 2026).
 */
#ifndef KB_RBAC_STOCK_EKS_H
#define KB_RBAC_STOCK_EKS_H

#include "rbac/policy.h"

struct kb_rbac_eks_binding {
    const char *name_space; /* "" for a ClusterRoleBinding */
    const char *name;
    const char *role;     /* a ClusterRole, or a Role of the same namespace */
    const char *subjects; /* "Kind/name,Kind/namespace/name"; NULL: not public */
};

/* By scope and name; NULL. */
const struct kb_rbac_eks_binding *kb_rbac_eks_binding(struct kb_str name_space, struct kb_str name);
/* Whether EKS makes a role of this name there. */
bool kb_rbac_eks_role(struct kb_str name_space, struct kb_str name);
/* Whether all subjects are as listed; where those are not public, whether all are users or groups that
 * only EKS can be ("eks:"), or service accounts of kube-system. */
bool kb_rbac_eks_subjects(const struct kb_rbac_eks_binding *row,
                          const struct kb_rbac_binding *binding);

#endif
