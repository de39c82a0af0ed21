#include "audit/reason.h"

#include "data/json.h"
#include "test.h"
#include "test_data.h"

static void eq(const json_t *parsed, const char *key, struct kb_str got)
{
    struct kb_str want = KB_STR("");
    (void)kb_json_str(parsed, key, &want);
    kb_test_str(got, want, __FILE__, __LINE__);
}

KB_TEST(reason, table_of_reasons)
{
    KB_AUTO(kb_arena_done) struct kb_arena arena = {0};
    KB_AUTO(kb_json_done) json_t *cases = test_data_json("audit/reasons.json");
    size_t i;
    json_t *row;
    CHECK(json_array_size(cases) >= 9);
    json_array_foreach(cases, i, row)
    {
        const json_t *parsed = kb_json_object(row, "parsed");
        struct kb_str text = KB_STR("");
        struct kb_reason got = {0};
        bool none = false;
        (void)kb_json_str(row, "reason", &text);
        (void)kb_json_bool(parsed, "unattributed", &none);
        CHECK(kb_reason_parse(text, &arena, &got) == !none);
        eq(parsed, "authorizer", got.authorizer);
        eq(parsed, "bindingKind", got.binding_kind);
        eq(parsed, "bindingName", got.binding);
        eq(parsed, "bindingNamespace", got.binding_namespace);
        eq(parsed, "roleKind", got.role_kind);
        eq(parsed, "roleName", got.role);
        eq(parsed, "subjectKind", got.subject_kind);
        eq(parsed, "subjectName", got.subject);
        eq(parsed, "subjectNamespace", got.subject_namespace);
    }
}

KB_TEST(reason, access_policy_and_its_principal)
{
    KB_AUTO(kb_arena_done) struct kb_arena arena = {0};
    struct kb_reason got = {0};
    CHECK(kb_reason_parse(
        KB_STR("EKS Access Policy: allowed by RoleBinding \"arn:aws-cn:iam::111122223333:role/a+b+"
               "arn:aws-cn:eks::aws:cluster-access-policy/P/shop\" of Role "
               "\"arn:aws-cn:eks::aws:cluster-access-policy/P\" to User \"AROA\""),
        &arena, &got));
    EQ_STR(got.principal, "arn:aws-cn:iam::111122223333:role/a+b");
    EQ_STR(got.policy, "arn:aws-cn:eks::aws:cluster-access-policy/P");
    EQ_STR(got.binding_namespace, "shop");
}

KB_TEST(reason, texts_that_name_no_grant)
{
    KB_AUTO(kb_arena_done) struct kb_arena arena = {0};
    static const char *const texts[] = {
        "RBAC: clusterrole.rbac.authorization.k8s.io \"x\" not found",
        "RBAC: allowed by ClusterRoleBinding \"x\" of ClusterRole \"y\" to Group \"z",
        "RBAC: allowed by ClusterRoleBinding \"x\" of ClusterRole \"y\" to Group \"z\" and more",
        "RBAC: allowed by ClusterRoleBinding x of ClusterRole \"y\" to Group \"z\"",
        ": allowed by ClusterRoleBinding \"x\" of ClusterRole \"y\" to Group \"z\"",
        "RBAC: allowed by ClusterRoleBinding \"\\",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct kb_reason got;
        CHECK(!kb_reason_parse(kb_str_c(texts[i]), &arena, &got));
    }
}
