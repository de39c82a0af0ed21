/* Subjects from words. */
#include "kube-baseline/rbac_subject.h"

KB_RES kb_rbac_subject_read(struct kb_str word, struct kb_rbac_subject *out, struct kb_err *err)
{
    static const struct {
        struct kb_str prefix;
        enum kb_rbac_subject_kind kind;
    } kinds[] = {
        {KB_STR_INIT("User/"), KB_RBAC_USER},
        {KB_STR_INIT("Group/"), KB_RBAC_GROUP},
        {KB_STR_INIT("ServiceAccount/"), KB_RBAC_SERVICE_ACCOUNT},
        {KB_STR_INIT("sa/"), KB_RBAC_SERVICE_ACCOUNT},
    };
    *out = (struct kb_rbac_subject){.kind = KB_RBAC_USER, .name = word};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (kb_str_starts(word, kinds[i].prefix)) {
            out->kind = kinds[i].kind;
            out->name = kb_str_sub(word, kinds[i].prefix.n, word.n);
            break;
        }
    }
    if (out->kind == KB_RBAC_SERVICE_ACCOUNT) {
        out->name_space = kb_str_split(out->name, '/', &out->name);
    } else if (out->kind == KB_RBAC_USER &&
               kb_rbac_split_service_account(out->name, &out->name_space, &out->name)) {
        out->kind = KB_RBAC_SERVICE_ACCOUNT;
    }
    bool whole = out->name.n > 0 &&
                 (out->kind != KB_RBAC_SERVICE_ACCOUNT || out->name_space.n > 0);
    KB_ENSURE(whole, err, KB_ERR_USAGE,
              "\"%.*s\" is no subject: write User/NAME, Group/NAME or ServiceAccount/NAMESPACE/NAME",
              KB_FMT(word));
    return KB_SUCCESS;
}

struct kb_str kb_rbac_subject_user(const struct kb_rbac_subject *subject, struct kb_arena *arena)
{
    if (subject->kind == KB_RBAC_SERVICE_ACCOUNT) {
        return kb_arena_printf(arena, "system:serviceaccount:%.*s:%.*s",
                               KB_FMT(subject->name_space), KB_FMT(subject->name));
    }
    return subject->kind == KB_RBAC_USER ? subject->name : KB_STR("");
}
