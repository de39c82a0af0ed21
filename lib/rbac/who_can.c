/* Every binding whose role allows. */
#include "rbac/who_can.h"

static const struct kb_rbac_rule *first_rule(const struct kb_rbac_role *role,
                                             const struct kb_rbac_request *request)
{
    for (size_t i = 0; role != NULL && i < role->rules.n; i++) {
        if (kb_rbac_rule_allows(&role->rules.at[i], request)) {
            return &role->rules.at[i];
        }
    }
    return NULL;
}

/* Bindings of a namespace speak for requests in it alone. */
static bool in_scope(const struct kb_rbac_binding *binding, const struct kb_rbac_request *request)
{
    return binding->cluster || (!request->path_request && request->name_space.n > 0 &&
                                kb_str_eq(binding->meta.name_space, request->name_space));
}

void kb_rbac_who_can(const struct kb_rbac_policy *policy, const struct kb_rbac_request *request,
                     kb_rbac_visit_fn *fn, void *ctx)
{
    bool more = true;
    for (size_t i = 0; i < policy->bindings.n && more; i++) {
        const struct kb_rbac_binding *binding = policy->bindings.at[i];
        const struct kb_rbac_rule *rule =
            in_scope(binding, request) ? first_rule(binding->role, request) : NULL;
        for (size_t s = 0; rule != NULL && more && s < binding->subject_count; s++) {
            struct kb_rbac_source source = {binding, &binding->subjects[s], rule};
            more = fn(ctx, &source);
        }
    }
}
