/* The ConfigMap aws-auth as aws-iam-authenticator reads it. */
#include "rbac/aws_auth.h"
#include "rbac_table.h"

static struct kb_str text(const json_t *object, const char *key)
{
    struct kb_str value = KB_STR("");
    (void)kb_json_str(object, key, &value);
    return value;
}

/* "sso:NAME" is how an entry with a permission set is written here. */
static struct kb_str principal(const json_t *wanted, enum kb_aws_auth_kind kind, struct kb_arena *arena)
{
    const json_t *sso = kb_json_object(wanted, "sso");
    if (kind == KB_AWS_AUTH_ACCOUNT) {
        return kb_json_view(wanted);
    }
    return sso != NULL ? kb_arena_printf(arena, "sso:%.*s", KB_FMT(text(sso, "permissionSetName")))
                       : text(wanted, kind == KB_AWS_AUTH_ROLE ? "rolearn" : "userarn");
}

static bool same(const struct kb_aws_auth_entry *entry, const json_t *wanted, struct kb_arena *arena)
{
    struct kb_rbac_words groups = kb_rbac_table_words(json_object_get(wanted, "groups"), arena);
    bool equal = kb_str_eq(entry->principal, principal(wanted, entry->kind, arena)) &&
                 (entry->kind == KB_AWS_AUTH_ACCOUNT ||
                  (kb_str_eq(entry->username, text(wanted, "username")) &&
                   entry->group_count == groups.n));
    for (size_t i = 0; equal && entry->kind != KB_AWS_AUTH_ACCOUNT && i < groups.n; i++) {
        equal = kb_str_eq(entry->groups[i], groups.at[i]);
    }
    return equal;
}

/* Entries of one kind, in order; those that the authenticator drops have a problem here. */
static bool same_list(const struct kb_aws_auth *got, enum kb_aws_auth_kind kind, const json_t *wanted,
                      struct kb_arena *arena, const char *label)
{
    size_t at = 0, n = json_array_size(wanted);
    for (size_t i = 0; i < got->entries.n; i++) {
        const struct kb_aws_auth_entry *entry = &got->entries.at[i];
        if (entry->kind != kind) {
            continue;
        }
        if (at < n && same(entry, json_array_get(wanted, at), arena)) {
            at++;
        } else if (entry->problem.n == 0) {
            return kb_rbac_wrong(label, "not expected: %.*s", KB_FMT(entry->principal));
        }
    }
    return at == n || kb_rbac_wrong(label, "%zu of %zu entries of kind %d", at, n, (int)kind);
}

static bool run(const json_t *test, const json_t *whole, const char *label)
{
    struct kb_arena arena = {0};
    struct kb_aws_auth got = {0};
    const json_t *wanted = kb_json_object(test, "expected");
    (void)whole;
    kb_aws_auth_read(kb_json_object(test, "data"), &arena, &got);
    bool invalid = json_is_true(json_object_get(test, "invalidConfigMap"));
    bool holds = invalid ? got.malformed || kb_rbac_wrong(label, "taken as it is")
                         : same_list(&got, KB_AWS_AUTH_ROLE, kb_json_array(wanted, "roles"), &arena, label) &&
                               same_list(&got, KB_AWS_AUTH_USER, kb_json_array(wanted, "users"), &arena, label) &&
                               same_list(&got, KB_AWS_AUTH_ACCOUNT, kb_json_array(wanted, "accounts"), &arena,
                                         label);
    kb_aws_auth_done(&got);
    kb_arena_done(&arena);
    return holds;
}

static kb_rbac_case_fn *pick(const json_t *whole)
{
    return kb_rbac_has(whole, "data") ? run : NULL;
}

int main(int argc, char **argv)
{
    return kb_rbac_main(argc, argv, pick);
}
