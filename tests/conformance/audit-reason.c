/* The authorizer's reasons, taken apart. */
#include "audit/reason.h"
#include "rbac_table.h"

static bool same(const json_t *wanted, const char *key, struct kb_str got, const char *label)
{
    struct kb_str want = KB_STR("");
    (void)kb_json_str(wanted, key, &want);
    return kb_str_eq(want, got) || kb_rbac_wrong(label, "%s is \"%.*s\", not \"%.*s\"", key, KB_FMT(got),
                                                 KB_FMT(want));
}

/* The policy's name alone, as the tables have it. */
static struct kb_str last_part(struct kb_str arn)
{
    size_t slash = arn.n;
    while (slash > 0 && arn.p[slash - 1] != '/') {
        slash--;
    }
    return kb_str_sub(arn, slash, arn.n);
}

static bool run(const json_t *test, const json_t *whole, const char *label)
{
    struct kb_arena arena = {0};
    struct kb_reason got = {0};
    struct kb_str reason = KB_STR("");
    const json_t *wanted = kb_json_object(test, "parsed");
    (void)whole;
    (void)kb_json_str(test, "reason", &reason);
    bool attributed = !json_is_true(json_object_get(wanted, "unattributed"));
    bool parsed = kb_reason_parse(reason, &arena, &got);
    bool holds = parsed == attributed || kb_rbac_wrong(label, "attributed: %d", (int)parsed);
    const struct {
        const char *key;
        struct kb_str got;
    } members[] = {
        {"authorizer", got.authorizer},           {"bindingKind", got.binding_kind},
        {"bindingName", got.binding},             {"bindingNamespace", got.binding_namespace},
        {"roleKind", got.role_kind},              {"roleName", got.role},
        {"subjectKind", got.subject_kind},        {"subjectName", got.subject},
        {"subjectNamespace", got.subject_namespace}, {"principalArn", got.principal},
        {"accessPolicy", last_part(got.policy)},
    };
    for (size_t i = 0; holds && parsed && i < sizeof members / sizeof members[0]; i++) {
        holds = same(wanted, members[i].key, members[i].got, label);
    }
    kb_arena_done(&arena);
    return holds;
}

static kb_rbac_case_fn *pick(const json_t *whole)
{
    return kb_rbac_has(whole, "reason") ? run : NULL;
}

int main(int argc, char **argv)
{
    return kb_rbac_main(argc, argv, pick);
}
