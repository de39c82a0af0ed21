/* audit.event: what became of the request. */
#include "data/json_str.h"
#include "facts/audit_event_get.h"

static bool is_one_of(struct kb_str text, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (kb_str_eq_c(text, *words)) {
            return true;
        }
    }
    return false;
}

static bool is_answered(const struct kb_event *event)
{
    enum kb_event_stage stage = kb_event_stage(event);
    return kb_event_has(event, KB_M_RESPONSE_STATUS) ||
           (stage != KB_STAGE_RECEIVED && stage != KB_STAGE_STARTED);
}

#define NO_ANSWER "no answer yet"

KB_AUDIT_GET(code)
{
    const struct kb_audit_row *row = data;
    int64_t code;
    if (kb_event_int(row->event, KB_M_STATUS_CODE, &code)) {
        *out = kb_cel_int(code);
    } else if (kb_event_unseen(row->event, KB_M_STATUS_CODE)) {
        *out = kb_audit_unknown(arena, KB_COL_CODE, KB_CUT_OFF);
    } else if (!is_answered(row->event)) {
        *out = kb_audit_unknown(arena, KB_COL_CODE, NO_ANSWER);
    } else {
        *out = kb_cel_absent();
    }
}

KB_AUDIT_GET(status_reason)
{
    const struct kb_audit_row *row = data;
    *out = kb_audit_member(row, arena, KB_M_STATUS_REASON, KB_COL_STATUS_REASON);
    if (out->kind == KB_CEL_STRING && !is_answered(row->event)) {
        *out = kb_audit_unknown(arena, KB_COL_STATUS_REASON, NO_ANSWER);
    }
}

static struct kb_cel_val annotation(const struct kb_audit_row *row, struct kb_arena *arena,
                                    struct kb_str key, enum kb_audit_column column)
{
    struct kb_str value = KB_STR("");
    enum kb_find found = kb_event_annotation(row->event, key, arena, &value);
    if (found == KB_FIND_UNSEEN) {
        return kb_audit_unknown(arena, column, KB_CUT_OFF);
    }
    if (found == KB_FIND_NO && kb_event_stage(row->event) == KB_STAGE_RECEIVED) {
        return kb_audit_unknown(arena, column, "no decision yet");
    }
    return kb_cel_string(value);
}

KB_AUDIT_GET(decision)
{
    *out = annotation(data, arena, KB_STR("authorization.k8s.io/decision"), KB_COL_DECISION);
}

KB_AUDIT_GET(reason)
{
    *out = annotation(data, arena, KB_STR("authorization.k8s.io/reason"), KB_COL_REASON);
}

KB_AUDIT_GET(annotations)
{
    const struct kb_audit_row *row = data;
    bool whole = !kb_event_unseen(row->event, KB_M_ANNOTATIONS);
    *out = kb_value_string_map(&row->event->at[KB_M_ANNOTATIONS], arena, &whole);
    if (!whole) {
        *out = kb_audit_unknown(arena, KB_COL_ANNOTATIONS, KB_CUT_OFF);
    }
}

KB_AUDIT_GET(failed_open)
{
    const struct kb_cel_val *all = kb_audit_value(data, KB_COL_ANNOTATIONS);
    struct kb_values keys = {0};
    if (all->kind != KB_CEL_MAP) {
        *out = kb_audit_unknown(arena, KB_COL_FAILED_OPEN, KB_CUT_OFF);
        return;
    }
    for (size_t i = 0; i < all->map->n; i++) {
        if (kb_str_starts(all->map->entries[i].key.s, KB_STR("failed-open."))) {
            kb_values_add(&keys, arena, all->map->entries[i].key);
        }
    }
    *out = kb_values_list(&keys, arena);
}

/* Subjects as in binding.subjects. */
static struct kb_str subject_of(const struct kb_reason *reason, struct kb_arena *arena)
{
    const struct kb_str slash = KB_STR("/");
    const struct kb_str parts[] = {reason->subject_kind, slash, reason->subject_namespace,
                                   reason->subject_namespace.n > 0 ? slash : KB_STR(""),
                                   reason->subject};
    return kb_value_concat(arena, parts, sizeof parts / sizeof parts[0]);
}

static struct kb_str binding_of(const struct kb_reason *reason, struct kb_arena *arena)
{
    const struct kb_str parts[] = {reason->binding_namespace,
                                   reason->binding_namespace.n > 0 ? KB_STR("/") : KB_STR(""),
                                   reason->binding};
    return kb_value_concat(arena, parts, sizeof parts / sizeof parts[0]);
}

#define GRANT(id, expression)                                                                      \
    KB_AUDIT_GET(id)                                                                               \
    {                                                                                              \
        const struct kb_reason *grant = kb_audit_reason(data);                                     \
        const struct kb_cel_val *text = kb_audit_value(data, KB_COL_REASON);                       \
        (void)arena;                                                                               \
        if (text->kind != KB_CEL_STRING) {                                                         \
            *out = *text;                                                                          \
        } else {                                                                                   \
            *out = kb_cel_string(grant == NULL ? KB_STR("") : (expression));                       \
        }                                                                                          \
    }

GRANT(grant_kind, grant->binding_kind)
GRANT(grant_binding, binding_of(grant, arena))
GRANT(grant_role_kind, grant->role_kind)
GRANT(grant_role, grant->role)
GRANT(grant_subject, subject_of(grant, arena))

/* Asked of nearly every event, and nearly always RBAC's: then the reason need not be read whole. */
static struct kb_cel_val access(const struct kb_audit_row *row, bool policy)
{
    const struct kb_cel_val *text = kb_audit_value(row, KB_COL_REASON);
    if (text->kind != KB_CEL_STRING) {
        return *text;
    }
    const struct kb_reason *grant =
        kb_str_starts(text->s, KB_STR(KB_REASON_EKS)) ? kb_audit_reason(row) : NULL;
    return kb_cel_string(grant == NULL ? KB_STR("") : policy ? grant->policy : grant->principal);
}

KB_AUDIT_GET(access_policy)
{
    (void)arena;
    *out = access(data, true);
}

KB_AUDIT_GET(access_principal)
{
    (void)arena;
    *out = access(data, false);
}

static struct kb_cel_val verb_among(const struct kb_audit_row *row, struct kb_arena *arena,
                                    const char *const *verbs, enum kb_audit_column column)
{
    struct kb_str verb;
    return kb_audit_text(row, KB_COL_VERB, &verb) ? kb_cel_bool(is_one_of(verb, verbs))
                                                  : kb_audit_unknown(arena, column, KB_CUT_OFF);
}

KB_AUDIT_GET(writes)
{
    static const char *const verbs[] = {"create", "update", "patch", NULL};
    *out = verb_among(data, arena, verbs, KB_COL_WRITES);
}

KB_AUDIT_GET(deletes)
{
    static const char *const verbs[] = {"delete", "deletecollection", NULL};
    *out = verb_among(data, arena, verbs, KB_COL_DELETES);
}

/* dryRun in the options that a delete or an eviction carries. */
static enum kb_find body_dry_run(const struct kb_audit_row *row)
{
    const struct kb_event *event = row->event;
    struct kb_str subresource;
    struct kb_span list = {0};
    struct kb_span item;
    (void)kb_audit_text(row, KB_COL_SUBRESOURCE, &subresource);
    bool eviction = kb_str_eq(subresource, KB_STR("eviction"));
    if (!eviction && !kb_audit_true(row, KB_COL_DELETES)) {
        return KB_FIND_NO;
    }
    const char *path = eviction ? "deleteOptions/dryRun" : "dryRun";
    bool whole = kb_span_dig(&event->at[KB_M_REQUEST_OBJECT], path, &list);
    struct kb_scan_each each = kb_scan_each(&list);
    while (kb_scan_next(&each, &item)) {
        if (kb_span_is(&item, KB_STR("All"))) {
            return KB_FIND_YES;
        }
    }
    bool may_come =
        kb_event_unseen(event, KB_M_REQUEST_OBJECT) && kb_event_level(event) != KB_EVENT_METADATA;
    return whole && !may_come ? KB_FIND_NO : KB_FIND_UNSEEN;
}

KB_AUDIT_GET(dry_run)
{
    struct kb_request_uri uri = kb_audit_uri(data);
    struct kb_query_param param;
    bool found = false;
    while (!found && kb_query_next(&uri.query, arena, &param)) {
        found = kb_str_eq(param.name, KB_STR("dryRun")) && kb_str_eq(param.value, KB_STR("All"));
    }
    enum kb_find in_body = found ? KB_FIND_YES : body_dry_run(data);
    if (kb_audit_value(data, KB_COL_URI)->kind != KB_CEL_STRING && in_body == KB_FIND_NO) {
        in_body = KB_FIND_UNSEEN;
    }
    *out = in_body == KB_FIND_UNSEEN ? kb_audit_unknown(arena, KB_COL_DRY_RUN, KB_CUT_OFF)
                                     : kb_cel_bool(in_body == KB_FIND_YES);
}

/* The API server's own choice: what stands before the first slash of the user agent. */
static struct kb_str agent_manager(const struct kb_audit_row *row)
{
    struct kb_str agent;
    struct kb_str rest;
    (void)kb_audit_text(row, KB_COL_USER_AGENT, &agent);
    return kb_audit_true(row, KB_COL_WRITES) ? kb_str_split(agent, '/', &rest) : KB_STR("");
}

KB_AUDIT_GET(field_manager)
{
    struct kb_str manager = KB_STR("");
    bool named = kb_query_get(kb_audit_uri(data).query, KB_STR("fieldManager"), arena, &manager) &&
                 manager.n > 0;
    bool known = kb_audit_value(data, KB_COL_URI)->kind == KB_CEL_STRING &&
                 kb_audit_value(data, KB_COL_USER_AGENT)->kind == KB_CEL_STRING;
    if (named || known) {
        *out = kb_cel_string(named ? manager : agent_manager(data));
    } else {
        *out = kb_audit_unknown(arena, KB_COL_FIELD_MANAGER, KB_CUT_OFF);
    }
}

KB_AUDIT_GET(succeeded)
{
    const struct kb_cel_val *code = kb_audit_value(data, KB_COL_CODE);
    const struct kb_cel_val *dry = kb_audit_value(data, KB_COL_DRY_RUN);
    bool failed = code->kind == KB_CEL_INT && code->i >= 400;
    if (failed || kb_audit_true(data, KB_COL_DRY_RUN)) {
        *out = kb_cel_bool(false);
    } else if (code->kind == KB_CEL_ABSENT) {
        *out = kb_audit_unknown(arena, KB_COL_CODE, "the record has no code");
    } else if (code->kind != KB_CEL_INT) {
        *out = *code;
    } else {
        *out = dry->kind == KB_CEL_BOOL ? kb_cel_bool(true) : *dry;
    }
}

KB_AUDIT_GET(refused)
{
    const struct kb_cel_val *code = kb_audit_value(data, KB_COL_CODE);
    if (code->kind == KB_CEL_INT) {
        *out = kb_cel_bool(code->i == 401 || code->i == 403);
    } else {
        *out = code->kind == KB_CEL_ABSENT
                   ? kb_audit_unknown(arena, KB_COL_CODE, "the record has no code")
                   : *code;
    }
}

KB_AUDIT_GET(created)
{
    const struct kb_cel_val *code = kb_audit_value(data, KB_COL_CODE);
    struct kb_str verb;
    if (!kb_audit_text(data, KB_COL_VERB, &verb)) {
        *out = kb_audit_unknown(arena, KB_COL_CREATED, KB_CUT_OFF);
        return;
    }
    bool create = kb_str_eq(verb, KB_STR("create"));
    bool may = create ||
               (kb_audit_true(data, KB_COL_WRITES) && (code->kind != KB_CEL_INT || code->i == 201));
    *out = may ? *kb_audit_value(data, KB_COL_SUCCEEDED) : kb_cel_bool(false);
}
