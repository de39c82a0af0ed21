/* Whether one rule allows one request. */
#include "rbac/authorize.h"
#include "rbac/keys.h"

static bool holds(struct kb_rbac_words words, struct kb_str value)
{
    for (size_t i = 0; i < words.n; i++) {
        if (kb_str_eq(words.at[i], value)) {
            return true;
        }
    }
    return false;
}

static bool holds_or_all(struct kb_rbac_words words, struct kb_str value)
{
    return holds(words, KB_STR("*")) || holds(words, value);
}

static bool verb_matches(const struct kb_rbac_rule *rule, struct kb_str verb)
{
    uint32_t bit = kb_rbac_verb_bit(verb);
    if (bit != 0 && bit != UINT32_MAX) {
        return (rule->verb_bits & bit) != 0;
    }
    return holds_or_all(rule->verbs, verb);
}

/* "*" and "*" followed by "/" and the subresource are the only wildcards; "pods/" "*" is literal. */
bool kb_rbac_resource_matches(const struct kb_rbac_rule *rule, struct kb_str combined,
                              struct kb_str subresource)
{
    for (size_t i = 0; i < rule->resources.n; i++) {
        struct kb_str at = rule->resources.at[i];
        bool any_sub = subresource.n > 0 && at.n == subresource.n + 2 &&
                       kb_str_starts(at, KB_STR("*/")) && kb_str_ends(at, subresource);
        if (kb_str_eq_c(at, "*") || kb_str_eq(at, combined) || any_sub) {
            return true;
        }
    }
    return false;
}

static bool resource_allowed(const struct kb_rbac_rule *rule, const struct kb_rbac_request *request)
{
    if (request->subresource.n == 0) {
        return kb_rbac_resource_matches(rule, request->resource, request->subresource);
    }
    char room[KB_RBAC_KEY_ROOM];
    struct kb_arena arena = {0};
    size_t n = request->resource.n + 1 + request->subresource.n;
    char *p = n <= sizeof room ? room : kb_arena_alloc(&arena, n);
    if (request->resource.n > 0) {
        memcpy(p, request->resource.p, request->resource.n);
    }
    p[request->resource.n] = '/';
    memcpy(p + request->resource.n + 1, request->subresource.p, request->subresource.n);
    bool allowed = kb_rbac_resource_matches(rule, (struct kb_str){p, n}, request->subresource);
    kb_arena_done(&arena);
    return allowed;
}

/* A URL that ends in '*' is a prefix, all its trailing stars taken off. */
static bool url_matches(struct kb_str pattern, struct kb_str path)
{
    if (kb_str_eq_c(pattern, "*") || kb_str_eq(pattern, path)) {
        return true;
    }
    if (!kb_str_ends(pattern, KB_STR("*"))) {
        return false;
    }
    while (kb_str_ends(pattern, KB_STR("*"))) {
        pattern.n--;
    }
    return kb_str_starts(path, pattern);
}

static bool path_allowed(const struct kb_rbac_rule *rule, struct kb_str path)
{
    for (size_t i = 0; i < rule->urls.n; i++) {
        if (url_matches(rule->urls.at[i], path)) {
            return true;
        }
    }
    return false;
}

bool kb_rbac_rule_allows(const struct kb_rbac_rule *rule, const struct kb_rbac_request *request)
{
    if (!verb_matches(rule, request->verb)) {
        return false;
    }
    if (request->path_request) {
        return path_allowed(rule, request->path);
    }
    return holds_or_all(rule->groups, request->group) && resource_allowed(rule, request) &&
           (rule->names.n == 0 || holds(rule->names, request->name));
}
