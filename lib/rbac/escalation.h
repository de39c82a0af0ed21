/*
 * The escalation check: who may create or change which role and binding, beyond the ordinary verbs.
 *
 * Rules: kubernetes pkg/registry/rbac/{role,clusterrole,rolebinding,clusterrolebinding}/policybased
 * storage.go, pkg/registry/rbac/escalation_check.go.
 */
#ifndef KB_RBAC_ESCALATION_H
#define KB_RBAC_ESCALATION_H

#include "rbac/authorize.h"
#include "rbac/covers.h"

/* symbol, stable id; the first three pass. */
#define KB_RBAC_ESCALATIONS(X)                                                                     \
    X(KB_RBAC_BY_MASTERS, "masters")                                                               \
    X(KB_RBAC_BY_VERB, "verb")       /* escalate, or bind */                                       \
    X(KB_RBAC_BY_COVERS, "covers")   /* the user holds every right of it */                        \
    X(KB_RBAC_NOT_COVERED, "denied")                                                               \
    X(KB_RBAC_NOT_FULL, "denied-aggregation-needs-full-authority")                                 \
    X(KB_RBAC_NO_ROLE, "role-not-found")
#define KB_FIRST(sym, id) sym,
enum kb_rbac_escalation { KB_RBAC_ESCALATIONS(KB_FIRST) };
#undef KB_FIRST
const char *kb_rbac_escalation_name(enum kb_rbac_escalation escalation);
static inline bool kb_rbac_escalation_passes(enum kb_rbac_escalation escalation)
{
    return escalation <= KB_RBAC_BY_COVERS;
}

/* The user, as in a request. */
struct kb_rbac_identity {
    struct kb_str user;
    const struct kb_str *groups; /* all of them */
    size_t group_count;
};

/* Write a role of these rules. `name_space` empty: a ClusterRole. `name` empty: on create, where the name
 * is not known to the authorizer. `aggregated`: it has, or had, an aggregationRule. `missing` (may be
 * NULL) gets what is not covered. */
enum kb_rbac_escalation kb_rbac_may_write_role(const struct kb_rbac_policy *policy,
                                               const struct kb_rbac_identity *who,
                                               struct kb_str name_space, struct kb_str name,
                                               struct kb_rbac_rules rules, bool aggregated,
                                               kb_rbac_atoms *missing);
/* Bind a role. `name_space` is the binding's, empty for a ClusterRoleBinding. */
enum kb_rbac_escalation kb_rbac_may_bind(const struct kb_rbac_policy *policy,
                                         const struct kb_rbac_identity *who,
                                         struct kb_str name_space, bool role_cluster,
                                         struct kb_str role_name, kb_rbac_atoms *missing);

/* Every verb on every resource and every URL: what cluster-admin has. */
extern const struct kb_rbac_rules kb_rbac_full_authority;

/* Whether the user's rules (in `name_space`, with the cluster-wide ones) cover these. */
bool kb_rbac_holds(const struct kb_rbac_policy *policy, const struct kb_rbac_identity *who,
                   struct kb_str name_space, struct kb_rbac_rules rules, kb_rbac_atoms *missing);

#endif
