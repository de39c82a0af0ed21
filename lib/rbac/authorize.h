/*
 * The authorizer: whether a request is allowed, by which grant, in Kubernetes' own words.
 *
 * Rules: kubernetes plugin/pkg/auth/authorizer/rbac/rbac.go (RuleAllows, VisitRulesFor),
 * staging/src/k8s.io/component-helpers/auth/rbac/validation, pkg/registry/rbac/validation/rule.go.
 */
#ifndef KB_RBAC_AUTHORIZE_H
#define KB_RBAC_AUTHORIZE_H

#include "rbac/policy.h"

/* Attributes of one request, as the authorizer sees them. Texts need not be interned. `groups` are all of
 * the user's, the built-in ones included (kb_rbac_groups_of adds them). */
struct kb_rbac_request {
    struct kb_str user;
    const struct kb_str *groups;
    size_t group_count;
    struct kb_str verb;
    bool path_request; /* `path` instead of a resource */
    struct kb_str path;
    struct kb_str group, resource, subresource, name_space, name;
};

/* One grant: a rule of a role, through a binding, to one of its subjects. */
struct kb_rbac_source {
    const struct kb_rbac_binding *binding;
    const struct kb_rbac_subject *subject;
    const struct kb_rbac_rule *rule;
};

enum kb_rbac_answer_kind {
    KB_RBAC_DENIED,
    KB_RBAC_ALLOWED,
    KB_RBAC_PRIVILEGED /* by the group system:masters, before RBAC is asked: the reason is empty */
};

struct kb_rbac_answer {
    enum kb_rbac_answer_kind kind;
    struct kb_rbac_source source; /* of ALLOWED: the first one */
};

void kb_rbac_authorize(const struct kb_rbac_policy *policy, const struct kb_rbac_request *request,
                       struct kb_rbac_answer *out);

/* RBAC alone, without the privileged group: every grant that holds a rule for the subject's identity in
 * `name_space` (ClusterRoleBindings, then RoleBindings there), in Kubernetes' order. Return false to
 * stop. */
typedef bool kb_rbac_visit_fn(void *ctx, const struct kb_rbac_source *source);
void kb_rbac_visit(const struct kb_rbac_policy *policy, struct kb_str user, const struct kb_str *groups,
                   size_t group_count, struct kb_str name_space, kb_rbac_visit_fn *fn, void *ctx);

/* Whether one rule allows the request's verb on its resource or path. */
bool kb_rbac_rule_allows(const struct kb_rbac_rule *rule, const struct kb_rbac_request *request);
/* Parts of it: `combined` is "resource" or "resource/subresource". */
bool kb_rbac_resource_matches(const struct kb_rbac_rule *rule, struct kb_str combined,
                              struct kb_str subresource);
/* Whether the subject of a binding in `name_space` (empty: cluster-wide) is this user. */
bool kb_rbac_applies(const struct kb_rbac_subject *subject, struct kb_str user,
                     const struct kb_str *groups, size_t group_count);

/* `RBAC: allowed by RoleBinding "name/namespace" of Role "role" to ServiceAccount "name/namespace"`;
 * empty where the answer has no source. */
struct kb_str kb_rbac_reason(const struct kb_rbac_answer *answer, struct kb_arena *arena);
/* The same without "RBAC: allowed by ". */
struct kb_str kb_rbac_source_text(const struct kb_rbac_source *source, struct kb_arena *arena);

/* Groups of a user beside those given: of a service account its own two, system:authenticated of anybody
 * but system:anonymous, who has system:unauthenticated. New array in `arena`, without repeats. */
struct kb_rbac_words kb_rbac_groups_of(struct kb_str user, const struct kb_str *groups, size_t n,
                                       struct kb_arena *arena);
/* "system:serviceaccount:NS:NAME" taken apart; false where it is none (Kubernetes'
 * serviceaccount.SplitUsername). */
bool kb_rbac_split_service_account(struct kb_str user, struct kb_str *name_space, struct kb_str *name);

#endif
