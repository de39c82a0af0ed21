/*
 * Attack paths: how an identity comes to more than it was given, step by step.
 *
 * Nodes are identities (users, groups, service accounts, access entries), "runs as any service account of a
 * namespace", "is in any pod of a namespace", and the goals. A step stands on abilities (rbac/ability.h)
 * that one identity holds, all of them; gaining an identity only ever adds rights. What the escalation check
 * forbids without the verbs escalate and bind is no step.
 *
 * Not followed: tokens in existing Secrets (their contents are never read), moving pods to other nodes, the
 * IAM role of nodes, and certificates (EKS does not sign any for API users).
 */
#ifndef KB_RBAC_ATTACK_H
#define KB_RBAC_ATTACK_H

#include "rbac/ability.h"

/* symbol, text */
#define KB_ATTACK_GOALS(X)                                                                         \
    X(KB_ATTACK_CLUSTER_ADMIN, "cluster-admin")                                                    \
    X(KB_ATTACK_NODE_ROOT, "node-root")                                                            \
    X(KB_ATTACK_ALL_SECRETS, "all-secrets")                                                        \
    X(KB_ATTACK_EVIDENCE, "evidence-tamper")                                                       \
    X(KB_ATTACK_AWS_ROLE, "aws-role")
#define KB_FIRST(sym, text) sym,
enum kb_attack_goal { KB_ATTACK_GOALS(KB_FIRST) KB_ATTACK_GOAL_COUNT };
#undef KB_FIRST
const char *kb_attack_goal_name(enum kb_attack_goal goal);

/* How sure a step is: by RBAC alone; with a pod that is there and answers; or only where something that was
 * not read (a policy engine, a label, a trust policy) lets it. */
enum kb_attack_sure { KB_ATTACK_CERTAIN, KB_ATTACK_LIKELY, KB_ATTACK_MAYBE };
const char *kb_attack_sure_name(enum kb_attack_sure sure);

/* What of the cluster counts beside RBAC. Texts and arrays are the caller's, and outlive the search. */
struct kb_attack_account {
    struct kb_str name_space, name, iam_role; /* ARN; empty: none */
};
enum kb_attack_pods { KB_ATTACK_HELD, /* baseline or restricted is enforced */
                      KB_ATTACK_FREE, KB_ATTACK_NOT_KNOWN };
struct kb_attack_namespace {
    struct kb_str name;
    enum kb_attack_pods pods;
};
struct kb_attack_workload {
    struct kb_str name_space, name, account;
    const char *resource; /* "deployments" */
    bool token;           /* the account's token is in its pods */
};
struct kb_attack_entry {
    struct kb_str principal, username;
    const struct kb_str *groups;
    size_t group_count;
    const struct kb_attack_policy {
        struct kb_str name;
        struct kb_rbac_rules rules;
        const struct kb_str *namespaces;
        size_t namespace_count; /* 0: the whole cluster */
    } *policies;
    size_t policy_count;
};
struct kb_attack_scene {
    const struct kb_rbac_policy *policy; /* closed */
    const bool *managed;                 /* by number of the binding: stock */
    const struct kb_attack_account *accounts;
    size_t account_count;
    bool accounts_whole; /* an account that is named and not among them does not exist */
    const struct kb_attack_namespace *namespaces;
    size_t namespace_count;
    bool namespaces_whole;
    const struct kb_attack_workload *workloads;
    size_t workload_count;
    const struct kb_attack_entry *entries;
    size_t entry_count;
    enum kb_attack_sure aws_auth; /* how sure it is that the ConfigMap aws-auth is obeyed */
    bool aws_auth_obeyed;         /* false: it is known not to be */
};

/* A grant that a step stands on: a binding, or an access policy of an entry. */
struct kb_attack_grant {
    const struct kb_rbac_binding *binding;      /* NULL: an access policy */
    const struct kb_attack_entry *entry;
    const struct kb_attack_policy *policy;
};
struct kb_str kb_attack_grant_text(const struct kb_attack_grant *grant, struct kb_arena *arena);

enum { KB_ATTACK_STEP_GRANTS = 3 };
struct kb_attack_step {
    struct kb_str does;  /* "create pods in namespace kube-system" */
    struct kb_str gains; /* "ServiceAccount/kube-system/x", or the goal */
    const struct kb_attack_grant *grants[KB_ATTACK_STEP_GRANTS];
    size_t grant_count;
    enum kb_attack_sure sure;
};

/* The shortest way of one principal to one goal; among the sure ones where there is one. */
struct kb_attack_path {
    struct kb_rbac_subject principal;
    const struct kb_attack_entry *entry; /* the principal is an access entry; NULL: a subject of bindings */
    enum kb_attack_goal goal;
    struct kb_str target; /* ARN of the role; empty */
    const struct kb_attack_step *steps;
    size_t step_count;
    enum kb_attack_sure sure; /* of its least sure step */
    bool cluster_admin;       /* the principal also comes to cluster-admin, as surely */
    bool direct;              /* it was given the goal itself: one step that is a right of its own */
};
struct kb_attack_paths {
    const struct kb_attack_path *at;
    size_t n;
};

/* How many (principal, goal) pairs are gone without the grant; roles of AWS count as one goal. */
struct kb_attack_cut {
    const struct kb_attack_grant *grant;
    size_t cuts, of;
};
struct kb_attack_cuts {
    const struct kb_attack_cut *at;
    size_t n;
};

struct kb_attack;
/* Everything it gives lives in `arena`, or in the scene. */
struct kb_attack *kb_attack_new(const struct kb_attack_scene *scene, struct kb_arena *arena);
void kb_attack_free(struct kb_attack *attack);

/*
 * Paths of every principal that is not stock, in order of goal, principal and target. A principal whose way
 * begins with what its groups are granted is left out where the group has a row. A service account that
 * simply is allowed to take its IAM role has no path to it.
 */
struct kb_attack_paths kb_attack_paths(struct kb_attack *attack);
/* The grants without which most pairs are gone, best first; of at most KB_ATTACK_CUTS_TRIED grants. */
enum { KB_ATTACK_CUTS_TRIED = 50 };
struct kb_attack_cuts kb_attack_cuts(struct kb_attack *attack);

#endif
