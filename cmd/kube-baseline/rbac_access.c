/* Asking access policies. */
#include "kube-baseline/rbac_access.h"

#include "data/quote.h"
#include "rbac/access_policy.h"

#define POLICY_ARN "arn:aws:eks::aws:cluster-access-policy/"

/* A namespace of an access policy may end in a star. */
static bool names_namespace(struct kb_str pattern, struct kb_str name)
{
    bool star = kb_str_ends(pattern, KB_STR("*"));
    return star ? kb_str_starts(name, kb_str_sub(pattern, 0, pattern.n - 1)) : kb_str_eq(pattern, name);
}

static bool in_scope(const struct kb_access_policy *policy, const struct kb_rbac_request *request)
{
    bool found = policy->cluster;
    for (size_t i = 0; i < policy->namespace_count && !found && !request->path_request; i++) {
        found = request->name_space.n > 0 && names_namespace(policy->namespaces[i], request->name_space);
    }
    return found;
}

static bool allows(const struct kb_access_policy *policy, const struct kb_rbac_request *request)
{
    bool found = false;
    for (size_t i = 0; i < policy->rules.n && !found; i++) {
        found = kb_rbac_rule_allows(&policy->rules.at[i], request);
    }
    return found;
}

static struct kb_str allowed_text(struct kb_rbac_view *view, const struct kb_access_entry *entry,
                                  const struct kb_access_policy *policy)
{
    struct kb_buf text;
    struct kb_str name = kb_arena_printf(&view->arena, "%.*s+" POLICY_ARN "%.*s",
                                         KB_FMT(entry->principal), KB_FMT(policy->name));
    kb_buf_init(&text, 64 << 10);
    kb_buf_printf(&text, "EKS Access Policy: allowed by %s ",
                  policy->cluster ? "ClusterRoleBinding" : "RoleBinding");
    kb_quote(name, &text);
    kb_buf_c(&text, " of ClusterRole ");
    kb_quote(kb_arena_printf(&view->arena, POLICY_ARN "%.*s", KB_FMT(policy->name)), &text);
    struct kb_str copy = kb_arena_copy(&view->arena, kb_buf_view(&text));
    kb_buf_done(&text);
    return copy;
}

static enum kb_access_answer ask(struct kb_rbac_view *view, const struct kb_access_entry *entry,
                                 const struct kb_rbac_request *request, struct kb_str *reason)
{
    enum kb_access_answer answer = KB_ACCESS_NO;
    for (size_t i = 0; i < entry->policy_count; i++) {
        const struct kb_access_policy *policy = &entry->policies[i];
        if (in_scope(policy, request) && allows(policy, request)) {
            *reason = allowed_text(view, entry, policy);
            return KB_ACCESS_YES;
        }
        if (in_scope(policy, request) && !kb_access_policy_known(policy->name)) {
            *reason = kb_arena_printf(&view->arena, "the rules of access policy %.*s of %.*s are not published",
                                      KB_FMT(policy->name), KB_FMT(entry->principal));
            answer = KB_ACCESS_NOT_KNOWN;
        }
    }
    return answer;
}

/* A user name of an entry may hold {{SessionName}} and the like: any text without a slash. */
static bool is_named(struct kb_str pattern, struct kb_str user)
{
    size_t open = kb_str_find(pattern, KB_STR("{{"), 0);
    size_t close = open == SIZE_MAX ? SIZE_MAX : kb_str_find(pattern, KB_STR("}}"), open);
    if (close == SIZE_MAX) {
        return kb_str_eq(pattern, user);
    }
    struct kb_str before = kb_str_sub(pattern, 0, open);
    struct kb_str after = kb_str_sub(pattern, close + 2, pattern.n);
    if (user.n <= before.n + after.n || !kb_str_starts(user, before) || !kb_str_ends(user, after)) {
        return false;
    }
    struct kb_str between = kb_str_sub(user, before.n, user.n - after.n);
    return kb_str_find(between, KB_STR("/"), 0) == SIZE_MAX;
}

enum kb_access_answer kb_rbac_access_answer(struct kb_rbac_view *view,
                                            const struct kb_rbac_request *request, struct kb_str *reason)
{
    const struct kb_eks_model *eks = &view->world.eks;
    enum kb_access_answer answer = KB_ACCESS_NO;
    for (size_t i = 0; i < eks->entries.n && answer != KB_ACCESS_YES; i++) {
        if (request->user.n > 0 && is_named(eks->entries.at[i]->username, request->user)) {
            enum kb_access_answer one = ask(view, eks->entries.at[i], request, reason);
            answer = one == KB_ACCESS_NO ? answer : one;
        }
    }
    return answer;
}
