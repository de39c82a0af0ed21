/* One function a way of being dead; the first that holds is told. */
#include "rbac/dead.h"

#include "rbac/sensitive.h"

static bool any(struct kb_rbac_words words, bool (*is)(struct kb_str))
{
    for (size_t i = 0; i < words.n; i++) {
        if (is(words.at[i])) {
            return true;
        }
    }
    return false;
}

static bool is_core(struct kb_str group)
{
    return kb_str_eq_c(group, "core");
}

static bool all_subresources(struct kb_str resource)
{
    return resource.n > 2 && kb_str_ends(resource, KB_STR("/*"));
}

static bool has_capital(struct kb_str resource)
{
    for (size_t i = 0; i < resource.n; i++) {
        if (resource.p[i] >= 'A' && resource.p[i] <= 'Z') {
            return true;
        }
    }
    return false;
}

/* Kinds in the singular, which no request names. */
static bool is_singular(struct kb_str resource)
{
    static const char *const kinds[] = {"pod",        "secret",     "configmap",  "service",
                                        "deployment", "statefulset", "daemonset", "job",
                                        "cronjob",    "namespace",  "node",       "role",
                                        "rolebinding", "clusterrole", "ingress",  "event"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (kb_str_eq_c(resource, kinds[i])) {
            return true;
        }
    }
    return false;
}

static bool is_star(struct kb_str text)
{
    return kb_str_eq_c(text, "*");
}

/* Requests of these verbs carry no name, or only with a field selector. */
static bool nameless(struct kb_str verb)
{
    return kb_str_eq_c(verb, "create") || kb_str_eq_c(verb, "list") || kb_str_eq_c(verb, "watch") ||
           kb_str_eq_c(verb, "deletecollection");
}

static bool has_subresource(struct kb_rbac_words resources)
{
    for (size_t i = 0; i < resources.n; i++) {
        if (kb_str_find(resources.at[i], KB_STR("/"), 0) != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

static bool all_nameless(const struct kb_rbac_rule *rule)
{
    for (size_t i = 0; i < rule->verbs.n; i++) {
        if (!nameless(rule->verbs.at[i])) {
            return false;
        }
    }
    return rule->verbs.n > 0 && !has_subresource(rule->resources);
}

static bool all_cluster_scoped(const struct kb_rbac_rule *rule)
{
    for (size_t r = 0; r < rule->resources.n; r++) {
        bool dead = !kb_str_eq_c(rule->resources.at[r], "namespaces");
        for (size_t g = 0; g < rule->groups.n && dead; g++) {
            dead = kb_rbac_is_cluster_scoped(rule->groups.at[g], rule->resources.at[r]);
        }
        if (!dead) {
            return false;
        }
    }
    return rule->resources.n > 0 && rule->groups.n > 0;
}

const char *kb_rbac_dead_rule(const struct kb_rbac_rule *rule, bool cluster)
{
    if (any(rule->groups, is_core)) {
        return "the core group is written \"\", not \"core\"";
    }
    if (any(rule->resources, all_subresources)) {
        return "\"resource/*\" matches no subresource: they are named one by one, or as \"*/name\"";
    }
    if (any(rule->resources, has_capital) || any(rule->resources, is_singular)) {
        return "resources are named in the plural and in lower case";
    }
    if (any(rule->names, is_star)) {
        return "resourceNames has no wildcard: only an object that is called \"*\" matches";
    }
    if (rule->names.n > 0 && all_nameless(rule)) {
        return "requests of these verbs name no object, so that resourceNames matches none";
    }
    if (!cluster && rule->urls.n > 0) {
        return "URLs are in no namespace: a RoleBinding cannot grant them";
    }
    if (!cluster && all_cluster_scoped(rule)) {
        return "these kinds are in no namespace: a RoleBinding cannot grant them";
    }
    return NULL;
}
