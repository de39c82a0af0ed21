/* audit.event: who came. */
#include "data/json_str.h"
#include "audit/principal.h"
#include "facts/audit_event_get.h"

KB_AUDIT_GET(user)
{
    *out = kb_audit_member(data, arena, KB_M_USER_NAME, KB_COL_USER);
}

KB_AUDIT_GET(user_uid)
{
    *out = kb_audit_member(data, arena, KB_M_USER_UID, KB_COL_USER_UID);
}

KB_AUDIT_GET(impersonated)
{
    *out = kb_audit_member(data, arena, KB_M_IMP_NAME, KB_COL_IMPERSONATED);
}

static struct kb_cel_val strings(const struct kb_audit_row *row, struct kb_arena *arena,
                                 enum kb_member member, enum kb_audit_column column)
{
    bool whole = true;
    struct kb_cel_val list = kb_value_strings(&row->event->at[member], arena, &whole);
    return whole && !kb_event_unseen(row->event, member)
               ? list
               : kb_audit_unknown(arena, column, KB_CUT_OFF);
}

KB_AUDIT_GET(groups)
{
    *out = strings(data, arena, KB_M_USER_GROUPS, KB_COL_GROUPS);
}

KB_AUDIT_GET(impersonated_groups)
{
    *out = strings(data, arena, KB_M_IMP_GROUPS, KB_COL_IMPERSONATED_GROUPS);
}

KB_AUDIT_GET(extra)
{
    const struct kb_audit_row *row = data;
    bool whole = !kb_event_unseen(row->event, KB_M_USER_EXTRA);
    *out = kb_value_lists_map(&row->event->at[KB_M_USER_EXTRA], arena, &whole);
    if (!whole) {
        *out = kb_audit_unknown(arena, KB_COL_EXTRA, KB_CUT_OFF);
    }
}

/* First value of the first key that user.extra has; keys end with an empty one. */
static struct kb_cel_val from_extra(const struct kb_audit_row *row, struct kb_arena *arena,
                                    const struct kb_str *keys, enum kb_audit_column column)
{
    const struct kb_span *extra = &row->event->at[KB_M_USER_EXTRA];
    bool whole = !kb_event_unseen(row->event, KB_M_USER_EXTRA);
    for (; keys->n > 0; keys++) {
        struct kb_span list;
        struct kb_span first;
        (void)kb_span_get(extra, *keys, &list);
        struct kb_scan_each each = kb_scan_each(&list);
        if (kb_scan_next(&each, &first) && first.kind == KB_SPAN_STRING && !first.cut) {
            return kb_cel_string(kb_span_text(&first, arena));
        }
    }
    return whole ? kb_cel_string(KB_STR("")) : kb_audit_unknown(arena, column, KB_CUT_OFF);
}

#define NO_KEY KB_STR_INIT("")
#define EXTRA(id, sym, ...)                                                                        \
    KB_AUDIT_GET(id)                                                                               \
    {                                                                                              \
        static const struct kb_str keys[] = {__VA_ARGS__, NO_KEY};                                 \
        *out = from_extra(data, arena, keys, KB_COL_##sym);                                        \
    }
#define AUTHN "authentication.kubernetes.io/"

EXTRA(arn, ARN, KB_STR_INIT("arn"))
EXTRA(canonical_arn, CANONICAL_ARN, KB_STR_INIT("canonicalArn"))
EXTRA(session_name, SESSION_NAME, KB_STR_INIT("sessionName"))
EXTRA(access_key_id, ACCESS_KEY_ID, KB_STR_INIT("accessKeyId"))
EXTRA(principal_id, PRINCIPAL_ID, KB_STR_INIT("principalId"),
      KB_STR_INIT("sigs.k8s.io/aws-iam-authenticator/principalId"))
EXTRA(credential_id, CREDENTIAL_ID, KB_STR_INIT(AUTHN "credential-id"))
EXTRA(pod_name, POD_NAME, KB_STR_INIT(AUTHN "pod-name"))
EXTRA(pod_uid, POD_UID, KB_STR_INIT(AUTHN "pod-uid"))
EXTRA(node_name, NODE_NAME, KB_STR_INIT(AUTHN "node-name"))

KB_AUDIT_GET(account)
{
    const struct kb_audit_row *row = data;
    struct kb_str arn;
    struct kb_str uid;
    bool known = kb_audit_text(row, KB_COL_ARN, &arn);
    known = kb_audit_text(row, KB_COL_USER_UID, &uid) && known;
    struct kb_str account = kb_arn_account(arn);
    if (account.n == 0) {
        account = kb_uid_account(uid);
    }
    *out = known || account.n > 0 ? kb_cel_string(account)
                                  : kb_audit_unknown(arena, KB_COL_ACCOUNT, KB_CUT_OFF);
}

KB_AUDIT_GET(caller)
{
    struct kb_str user;
    *out = kb_audit_text(data, KB_COL_USER, &user)
               ? kb_cel_string(kb_caller_name(kb_caller_of(user)))
               : kb_audit_unknown(arena, KB_COL_CALLER, KB_CUT_OFF);
}

KB_AUDIT_GET(is_system)
{
    struct kb_str user;
    *out = kb_audit_text(data, KB_COL_USER, &user)
               ? kb_cel_bool(kb_caller_is_system(kb_caller_of(user)))
               : kb_audit_unknown(arena, KB_COL_IS_SYSTEM, KB_CUT_OFF);
}

static struct kb_cel_val service_account(const struct kb_audit_row *row, struct kb_arena *arena,
                                         bool name_space, enum kb_audit_column column)
{
    struct kb_str user;
    struct kb_str in = KB_STR("");
    struct kb_str name = KB_STR("");
    if (!kb_audit_text(row, KB_COL_USER, &user)) {
        return kb_audit_unknown(arena, column, KB_CUT_OFF);
    }
    (void)kb_principal_service_account(user, &in, &name);
    return kb_cel_string(name_space ? in : name);
}

KB_AUDIT_GET(sa_namespace)
{
    *out = service_account(data, arena, true, KB_COL_SA_NAMESPACE);
}

KB_AUDIT_GET(sa_name)
{
    *out = service_account(data, arena, false, KB_COL_SA_NAME);
}

static bool holds(const struct kb_cel_val *list, struct kb_str text)
{
    for (size_t i = 0; list->kind == KB_CEL_LIST && i < list->list->n; i++) {
        if (kb_str_eq(list->list->items[i].s, text)) {
            return true;
        }
    }
    return false;
}

KB_AUDIT_GET(impersonated_system)
{
    struct kb_str name;
    bool known = kb_audit_text(data, KB_COL_IMPERSONATED, &name);
    const struct kb_cel_val *in = kb_audit_value(data, KB_COL_IMPERSONATED_GROUPS);
    if (kb_caller_is_system(kb_caller_of(name)) || holds(in, KB_STR("system:masters"))) {
        *out = kb_cel_bool(true);
    } else if (known && in->kind == KB_CEL_LIST) {
        *out = kb_cel_bool(false);
    } else {
        *out = kb_audit_unknown(arena, KB_COL_IMPERSONATED_SYSTEM, KB_CUT_OFF);
    }
}
