/* Following aggregation labels. */
#include "rbac/aggregate.h"

#include "data/selector.h"

enum { ROUNDS_MAX = 8 }; /* edit into admin, view into edit: a loop of labels ends here */

bool kb_rbac_aggregates(const struct kb_rbac_role *into, const struct kb_rbac_role *role)
{
    const json_t *selectors = json_object_get(into->aggregation, "clusterRoleSelectors");
    bool selected = false;
    for (size_t i = 0; i < json_array_size(selectors) && !selected; i++) {
        struct kb_arena arena = {0};
        struct kb_selector selector;
        kb_res res = kb_selector_from_json(json_array_get(selectors, i), &arena, &selector, NULL);
        selected = !kb_failed(res) && kb_selector_matches(&selector, role->meta.labels);
        kb_arena_done(&arena);
    }
    return selected && role->cluster && role != into;
}

typedef KB_VEC(struct kb_rbac_rule) rule_vec;

static bool same_words(struct kb_rbac_words a, struct kb_rbac_words b)
{
    bool same = a.n == b.n;
    for (size_t i = 0; same && i < a.n; i++) {
        same = kb_str_eq(a.at[i], b.at[i]);
    }
    return same;
}

static bool is_known(const rule_vec *rules, const struct kb_rbac_rule *rule)
{
    for (size_t i = 0; i < rules->n; i++) {
        const struct kb_rbac_rule *at = &rules->at[i];
        if (same_words(at->verbs, rule->verbs) && same_words(at->groups, rule->groups) &&
            same_words(at->resources, rule->resources) && same_words(at->names, rule->names) &&
            same_words(at->urls, rule->urls)) {
            return true;
        }
    }
    return false;
}

static void add_rules(const struct kb_rbac_policy *policy, const struct kb_rbac_role *role,
                      unsigned round, rule_vec *out)
{
    for (size_t i = 0; i < role->rules.n && role->aggregation == NULL; i++) {
        if (!is_known(out, &role->rules.at[i])) {
            *KB_VEC_PUSH(out) = role->rules.at[i];
        }
    }
    for (size_t i = 0; i < policy->roles.n && role->aggregation != NULL && round < ROUNDS_MAX; i++) {
        if (kb_rbac_aggregates(role, policy->roles.at[i])) {
            add_rules(policy, policy->roles.at[i], round + 1, out);
        }
    }
}

struct kb_rbac_rules kb_rbac_aggregate(const struct kb_rbac_policy *policy,
                                       const struct kb_rbac_role *role, struct kb_arena *arena)
{
    rule_vec rules = {0};
    add_rules(policy, role, 0, &rules);
    struct kb_rbac_rule *kept = KB_NEW_ARRAY(arena, rules.n, struct kb_rbac_rule);
    for (size_t i = 0; i < rules.n; i++) {
        kept[i] = rules.at[i];
    }
    struct kb_rbac_rules out = {kept, rules.n};
    KB_VEC_DONE(&rules);
    return out;
}
