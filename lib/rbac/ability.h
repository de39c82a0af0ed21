/*
 * Abilities: what rules let an attacker do, one row of the table a resource with the verbs that do it.
 *
 * Preconditions of the steps of attack paths are put together of them. A rule is matched as the authorizer
 * matches a request (rbac/authorize.h), so resourceNames hold: of a create without a subresource the name
 * is not known then, and such a rule allows nothing.
 */
#ifndef KB_RBAC_ABILITY_H
#define KB_RBAC_ABILITY_H

#include "rbac/policy.h"

enum kb_ability {
    KB_CAN_EVERYTHING, /* covers every verb on every resource */
    KB_CAN_ESCALATE_CLUSTER_ROLES,
    KB_CAN_CHANGE_CLUSTER_ROLES,
    KB_CAN_BIND_CLUSTER_ROLES, /* in a namespace: by RoleBindings of it */
    KB_CAN_WRITE_CLUSTER_BINDINGS,
    KB_CAN_ESCALATE_ROLES,
    KB_CAN_CHANGE_ROLES,
    KB_CAN_BIND_ROLES,
    KB_CAN_WRITE_BINDINGS,
    KB_CAN_IMPERSONATE_USERS,
    KB_CAN_IMPERSONATE_GROUPS,
    KB_CAN_IMPERSONATE_ACCOUNTS,
    KB_CAN_REQUEST_TOKENS,
    KB_CAN_CREATE_SECRETS,
    KB_CAN_READ_SECRETS,
    KB_CAN_RUN_PODS,      /* pods, or what makes them with a service account of the maker's choice */
    KB_CAN_CHANGE_WORKLOADS, /* the templates of controllers that exist */
    KB_CAN_CHANGE_PODS,
    KB_CAN_EXEC,
    KB_CAN_DEBUG,         /* ephemeral containers */
    KB_CAN_PROXY_NODES,   /* the kubelet's own exec */
    KB_CAN_RELABEL_NAMESPACES,
    KB_CAN_CREATE_VOLUMES,
    KB_CAN_CREATE_CLAIMS,
    KB_CAN_ANNOTATE_ACCOUNTS,
    KB_CAN_CREATE_ACCOUNTS,
    KB_CAN_ALTER_ADMISSION, /* mutating webhooks: every object passes through them */
    KB_CAN_WRITE_API_SERVICES,
    KB_CAN_WRITE_CONFIG_MAPS,
    KB_CAN_OPERATE,       /* objects that make an operator act with its own rights */
    KB_CAN_TAMPER         /* with what records and restrains: events, admission policies, their webhooks */
};

/* One thing that rules allow. */
struct kb_abled {
    enum kb_ability ability;
    const char *verb, *resource; /* as the rule was asked: "create", "pods/exec" */
    const char *account;         /* of KB_CAN_OPERATE: the operator's service account, by name */
    bool namespaced;             /* the resource lies in namespaces */
    struct kb_str name;          /* the only object for which it holds; empty: all */
};
struct kb_abilities {
    const struct kb_abled *at;
    size_t n;
};

/*
 * What the rules allow, through a ClusterRoleBinding (`cluster`) or in the namespace `name_space`. `minor` of
 * Kubernetes 1.<minor>, 0 where not known: before 1.35, get opens an exec session. At most
 * KB_ABILITY_NAMES_MAX names of one rule count. In `arena`, names are those of the rules.
 */
enum { KB_ABILITY_NAMES_MAX = 256 };
struct kb_abilities kb_abilities_of(struct kb_rbac_rules rules, bool cluster, struct kb_str name_space,
                                    unsigned minor, struct kb_arena *arena);

#endif
