/* The escalation check, in the order of Kubernetes' storage. */
#include "rbac/escalation.h"

const char *kb_rbac_escalation_name(enum kb_rbac_escalation escalation)
{
#define KB_SECOND(sym, id) id,
    static const char *const names[] = {KB_RBAC_ESCALATIONS(KB_SECOND)};
#undef KB_SECOND
    return names[escalation];
}

typedef KB_VEC(const struct kb_rbac_rule *) rule_list;

static bool collect(void *ctx, const struct kb_rbac_source *source)
{
    rule_list *list = ctx;
    *KB_VEC_PUSH(list) = source->rule;
    return true;
}

bool kb_rbac_holds(const struct kb_rbac_policy *policy, const struct kb_rbac_identity *who,
                   struct kb_str name_space, struct kb_rbac_rules rules, kb_rbac_atoms *missing)
{
    rule_list own = {0};
    kb_rbac_visit(policy, who->user, who->groups, who->group_count, name_space, collect, &own);
    bool covered = kb_rbac_covers_each(own.at, own.n, rules, missing);
    KB_VEC_DONE(&own);
    return covered;
}

static bool is_master(const struct kb_rbac_identity *who)
{
    for (size_t i = 0; i < who->group_count; i++) {
        if (kb_str_eq_c(who->groups[i], "system:masters")) {
            return true;
        }
    }
    return false;
}

/* escalate or bind on roles or clusterroles. */
static bool may(const struct kb_rbac_policy *policy, const struct kb_rbac_identity *who,
                const char *verb, bool cluster_role, struct kb_str name_space, struct kb_str name)
{
    struct kb_rbac_answer answer;
    struct kb_rbac_request request = {
        .user = who->user,
        .groups = who->groups,
        .group_count = who->group_count,
        .verb = kb_str_c(verb),
        .group = KB_STR("rbac.authorization.k8s.io"),
        .resource = cluster_role ? KB_STR("clusterroles") : KB_STR("roles"),
        .name_space = name_space,
        .name = name,
    };
    kb_rbac_authorize(policy, &request, &answer);
    return answer.kind != KB_RBAC_DENIED;
}

/* Everything: every verb on every resource, and on every URL. */
static const struct kb_str star = KB_STR_INIT("*");
static const struct kb_rbac_rule everything[] = {
    {.verbs = {&star, 1}, .groups = {&star, 1}, .resources = {&star, 1}, .verb_bits = UINT32_MAX},
    {.verbs = {&star, 1}, .urls = {&star, 1}, .verb_bits = UINT32_MAX},
};
const struct kb_rbac_rules kb_rbac_full_authority = {everything, 2};

enum kb_rbac_escalation kb_rbac_may_write_role(const struct kb_rbac_policy *policy,
                                               const struct kb_rbac_identity *who,
                                               struct kb_str name_space, struct kb_str name,
                                               struct kb_rbac_rules rules, bool aggregated,
                                               kb_rbac_atoms *missing)
{
    if (is_master(who)) {
        return KB_RBAC_BY_MASTERS;
    }
    if (may(policy, who, "escalate", name_space.n == 0, name_space, name)) {
        return KB_RBAC_BY_VERB;
    }
    if (!kb_rbac_holds(policy, who, name_space, rules, missing)) {
        return KB_RBAC_NOT_COVERED;
    }
    if (aggregated && !kb_rbac_holds(policy, who, name_space, kb_rbac_full_authority, NULL)) {
        return KB_RBAC_NOT_FULL;
    }
    return KB_RBAC_BY_COVERS;
}

enum kb_rbac_escalation kb_rbac_may_bind(const struct kb_rbac_policy *policy,
                                         const struct kb_rbac_identity *who,
                                         struct kb_str name_space, bool role_cluster,
                                         struct kb_str role_name, kb_rbac_atoms *missing)
{
    if (is_master(who)) {
        return KB_RBAC_BY_MASTERS;
    }
    if (may(policy, who, "bind", role_cluster, name_space, role_name)) {
        return KB_RBAC_BY_VERB;
    }
    const struct kb_rbac_role *role =
        kb_rbac_find_role(policy, role_cluster ? KB_STR("") : name_space, role_name);
    if (role == NULL) {
        return KB_RBAC_NO_ROLE;
    }
    return kb_rbac_holds(policy, who, name_space, role->rules, missing) ? KB_RBAC_BY_COVERS
                                                                        : KB_RBAC_NOT_COVERED;
}
