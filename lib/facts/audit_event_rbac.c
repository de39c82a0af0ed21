/* audit.event: written roles, bindings and signing requests. */
#include "data/json_str.h"
#include "facts/audit_event_body.h"

#define RBAC "rbac.authorization.k8s.io/"
static const char *const roles[] = {RBAC "roles", RBAC "clusterroles", NULL};
static const char *const bindings[] = {RBAC "rolebindings", RBAC "clusterrolebindings", NULL};
static const char *const requests[] = {"certificates.k8s.io/certificatesigningrequests", NULL};

static void add_rule(const struct kb_span *item, const struct kb_audit_row *row,
                     struct kb_arena *arena, struct kb_values *out, bool *whole)
{
    static const char *const keys[] = {"verbs",         "apiGroups",       "resources",
                                       "resourceNames", "nonResourceURLs", NULL};
    (void)row;
    kb_values_add(out, arena, kb_value_lists_of(item, keys, arena, whole));
}

KB_AUDIT_GET(role_rules)
{
    *out = kb_audit_body_items(data, arena, roles, "rules", add_rule, KB_COL_ROLE_RULES);
}

KB_AUDIT_GET(binding_role_kind)
{
    *out = kb_audit_body_text(data, arena, bindings, "roleRef/kind", KB_COL_BINDING_ROLE_KIND);
}

KB_AUDIT_GET(binding_role)
{
    *out = kb_audit_body_text(data, arena, bindings, "roleRef/name", KB_COL_BINDING_ROLE);
}

static struct kb_str member_text(const struct kb_span *object, const char *key,
                                 struct kb_arena *arena, bool *whole)
{
    struct kb_span value;
    *whole = kb_span_get(object, kb_str_c(key), &value) && *whole;
    return kb_span_text(&value, arena);
}

static void add_subject(const struct kb_span *item, const struct kb_audit_row *row,
                        struct kb_arena *arena, struct kb_values *out, bool *whole)
{
    const struct kb_str slash = KB_STR("/");
    const struct kb_str none = KB_STR("");
    struct kb_str kind = member_text(item, "kind", arena, whole);
    struct kb_str in = member_text(item, "namespace", arena, whole);
    struct kb_str name = member_text(item, "name", arena, whole);
    bool account = kb_str_eq(kind, KB_STR("ServiceAccount"));
    if (account && in.n == 0) {
        (void)kb_audit_text(row, KB_COL_NAMESPACE, &in);
    }
    const struct kb_str parts[] = {kind, slash, account ? in : none, account ? slash : none, name};
    kb_values_add(out, arena,
                  kb_cel_string(kb_value_concat(arena, parts, sizeof parts / sizeof parts[0])));
}

KB_AUDIT_GET(binding_subjects)
{
    *out = kb_audit_body_items(data, arena, bindings, "subjects", add_subject,
                               KB_COL_BINDING_SUBJECTS);
}

KB_AUDIT_GET(csr_signer)
{
    *out = kb_audit_body_text(data, arena, requests, "spec/signerName", KB_COL_CSR_SIGNER);
}

KB_AUDIT_GET(csr_usages)
{
    *out = kb_audit_body_list(data, arena, requests, "spec/usages", KB_COL_CSR_USAGES);
}
