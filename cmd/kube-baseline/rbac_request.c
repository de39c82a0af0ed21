/* From words to attributes. */
#include "kube-baseline/rbac_request.h"

#include "rbac/resources.h"
#include "rbac/sensitive.h"

static bool is_subresource(struct kb_str word)
{
    static const char *const known[] = {
        "*",        "approval", "attach", "binding", "configz",     "ephemeralcontainers",
        "eviction", "exec",     "finalize", "healthz", "log",       "metrics",
        "pods",     "portforward", "proxy", "resize", "scale",      "spec",
        "stats",    "status",   "token",
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (kb_str_eq_c(word, known[i])) {
            return true;
        }
    }
    return false;
}

/* "deployments.apps" and "deploy" to resource and group. */
static KB_RES read_resource(struct kb_str word, struct kb_rbac_request *out, bool *namespaced,
                            struct kb_err *err)
{
    struct kb_str group;
    struct kb_str name = kb_str_split(word, '.', &group);
    bool has_group = group.p != NULL;
    const struct kb_rbac_resource *known =
        kb_rbac_resource_find(name, has_group ? &group : NULL);
    if (kb_str_eq_c(word, "*")) {
        out->resource = out->group = KB_STR("*");
        return KB_SUCCESS;
    }
    KB_ENSURE(known != NULL || has_group, err, KB_ERR_USAGE,
              "\"%.*s\" is no resource of Kubernetes itself: write RESOURCE.GROUP, such as "
              "certificates.cert-manager.io",
              KB_FMT(word));
    out->resource = known != NULL ? kb_str_c(known->plural) : name;
    out->group = known != NULL ? kb_str_c(known->group) : group;
    *namespaced = known != NULL ? known->namespaced : !kb_rbac_is_cluster_scoped(group, name);
    return KB_SUCCESS;
}

KB_RES kb_rbac_request_read(const kb_words *words, struct kb_str name_space, struct kb_arena *arena,
                            struct kb_rbac_request *out, struct kb_err *err)
{
    struct kb_str rest = {0};
    bool namespaced = true;
    (void)arena;
    *out = (struct kb_rbac_request){.verb = words->at[0]};
    struct kb_str what = words->at[1];
    if (what.p[0] == '/') {
        KB_ENSURE(words->n == 2, err, KB_ERR_USAGE, "a path has no object's name after it");
        out->path_request = true;
        out->path = what;
        return KB_SUCCESS;
    }
    KB_TRY(read_resource(kb_str_split(what, '/', &rest), out, &namespaced, err));
    if (rest.n > 0 && is_subresource(rest)) {
        out->subresource = rest;
    } else if (rest.n > 0) {
        KB_ENSURE(words->n == 2, err, KB_ERR_USAGE, "two names: %.*s and %.*s", KB_FMT(rest),
                  KB_FMT(words->at[2]));
        out->name = rest;
    }
    if (words->n > 2) {
        out->name = words->at[2];
    }
    bool is_namespace = kb_str_eq_c(out->resource, "namespaces") && out->group.n == 0;
    out->name_space = is_namespace ? out->name : namespaced ? name_space : KB_STR("");
    return KB_SUCCESS;
}
