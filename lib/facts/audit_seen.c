/* audit.event: what the log showed of the same object before. */
#include "facts/audit_seen.h"

enum { OBJECTS_MAX = 8192, USERS_MAX = 8192, KEY_MAX_BYTES = 512 };

#define ENFORCE "pod-security.kubernetes.io/enforce"

static bool is_namespace(struct kb_str resource)
{
    return kb_str_eq_c(resource, "namespaces");
}

static bool is_compared(struct kb_str resource)
{
    return is_namespace(resource) || kb_str_eq_c(resource, "validatingwebhookconfigurations") ||
           kb_str_eq_c(resource, "mutatingwebhookconfigurations");
}

/* "resource name" of an object that is compared; empty for the others. */
static struct kb_str key_of(const struct kb_audit_row *row, char *out, size_t size)
{
    struct kb_str resource, subresource, name;
    if (!kb_audit_text(row, KB_COL_RESOURCE, &resource) || !is_compared(resource) ||
        !kb_audit_text(row, KB_COL_SUBRESOURCE, &subresource) || subresource.n > 0 ||
        !kb_audit_text(row, KB_COL_NAME, &name) || name.n == 0 ||
        resource.n + 1 + name.n > size) {
        return KB_STR("");
    }
    memcpy(out, resource.p, resource.n);
    out[resource.n] = ' ';
    memcpy(out + resource.n + 1, name.p, name.n);
    return (struct kb_str){out, resource.n + 1 + name.n};
}

/* False where the event does not show the labels, or the value is longer than any that is valid. */
static bool read_enforce(const struct kb_audit_row *row, struct kb_audit_past *past)
{
    const struct kb_cel_val *labels = kb_audit_value(row, KB_COL_OBJECT_LABELS);
    if (labels->kind != KB_CEL_MAP) {
        return false;
    }
    struct kb_cel_val key = kb_cel_string(KB_STR(ENFORCE));
    const struct kb_cel_val *value = kb_cel_map_find(labels->map, &key);
    if (value != NULL) {
        if (value->s.n >= sizeof past->psa_enforce) {
            return false;
        }
        memcpy(past->psa_enforce, value->s.p, value->s.n);
    }
    return true;
}

static bool read_policies(const struct kb_audit_row *row, struct kb_audit_past *past)
{
    const struct kb_cel_val *policies = kb_audit_value(row, KB_COL_WEBHOOK_POLICIES);
    if (policies->kind != KB_CEL_LIST) {
        return false;
    }
    for (size_t i = 0; i < policies->list->n; i++) {
        past->ignoring_hooks += kb_str_eq_c(policies->list->items[i].s, "Ignore");
    }
    return true;
}

static struct kb_audit_past read_now(const struct kb_audit_row *row)
{
    struct kb_audit_past past = {0};
    struct kb_str resource;
    (void)kb_audit_text(row, KB_COL_RESOURCE, &resource);
    bool shown = is_namespace(resource) ? read_enforce(row, &past) : read_policies(row, &past);
    past.state = shown ? KB_PAST_KNOWN : KB_PAST_UNSEEN;
    return past;
}

/* The place of the object's past; the oldest are forgotten, all at once, where there are too many. */
static struct kb_audit_past *place(struct kb_audit_seen *seen, struct kb_str key)
{
    if (seen->objects.n >= OBJECTS_MAX) {
        kb_map_clear(&seen->objects);
        kb_arena_reset(&seen->arena);
    }
    bool is_new;
    struct kb_map_entry *entry = kb_map_add(&seen->objects, key, &is_new);
    if (is_new) {
        entry->value.ptr = KB_NEW(&seen->arena, struct kb_audit_past);
    }
    return entry->value.ptr;
}

/* Whether the row is about no object that is compared: its past is empty, not unknown. */
static bool is_other(const struct kb_audit_row *row)
{
    struct kb_str resource, subresource;
    return (kb_audit_text(row, KB_COL_RESOURCE, &resource) && !is_compared(resource)) ||
           (kb_audit_text(row, KB_COL_SUBRESOURCE, &subresource) && subresource.n > 0);
}

static bool is_rbac(struct kb_str resource)
{
    return kb_str_eq_c(resource, "roles") || kb_str_eq_c(resource, "clusterroles") ||
           kb_str_eq_c(resource, "rolebindings") || kb_str_eq_c(resource, "clusterrolebindings");
}

/* The row's time, or -1. */
static int64_t time_of(const struct kb_audit_row *row)
{
    const struct kb_cel_val *time = kb_audit_value(row, KB_COL_TIME);
    return time->kind == KB_CEL_TIMESTAMP && time->i >= 0 ? time->i * 1000000000 + time->nanos : -1;
}

static void keep_rbac(struct kb_audit_seen *seen, const struct kb_audit_row *row)
{
    struct kb_str user;
    int64_t now = time_of(row);
    bool changes = kb_audit_true(row, KB_COL_WRITES) || kb_audit_true(row, KB_COL_DELETES);
    if (!changes || !kb_audit_true(row, KB_COL_SUCCEEDED) || now < 0 ||
        !kb_audit_text(row, KB_COL_USER, &user) || user.n > KEY_MAX_BYTES) {
        return;
    }
    if (seen->users.n >= USERS_MAX) {
        kb_map_clear(&seen->users);
    }
    kb_map_add(&seen->users, user, NULL)->value.u = (uint64_t)now;
}

/* Whether a bool column is known to be false. */
static bool is_false(const struct kb_audit_row *row, enum kb_audit_column column)
{
    const struct kb_cel_val *value = kb_audit_value(row, column);
    return value->kind == KB_CEL_BOOL && !value->b;
}

/* How long ago the user of a written workload changed a role or binding. */
static int64_t since_rbac(struct kb_audit_seen *seen, const struct kb_audit_row *row)
{
    struct kb_str resource, user;
    if (kb_audit_text(row, KB_COL_RESOURCE, &resource) && is_rbac(resource)) {
        keep_rbac(seen, row);
        return KB_RBAC_NONE;
    }
    if (seen->users.n == 0 || is_false(row, KB_COL_IS_WORKLOAD) || is_false(row, KB_COL_WRITES)) {
        return KB_RBAC_NONE;
    }
    if (!kb_audit_true(row, KB_COL_IS_WORKLOAD) || !kb_audit_true(row, KB_COL_WRITES) ||
        !kb_audit_text(row, KB_COL_USER, &user)) {
        return KB_RBAC_CUT;
    }
    const struct kb_map_entry *entry = kb_map_find(&seen->users, user);
    if (entry == NULL) {
        return KB_RBAC_NONE;
    }
    int64_t now = time_of(row);
    int64_t then = (int64_t)entry->value.u;
    return now < 0 ? KB_RBAC_CUT : now > then ? now - then : 0;
}

static struct kb_audit_past object_before(struct kb_audit_seen *seen, const struct kb_audit_row *row)
{
    char buffer[KEY_MAX_BYTES];
    struct kb_audit_past before = {0};
    struct kb_str key = key_of(row, buffer, sizeof buffer);
    if (key.n == 0) {
        before.state = is_other(row) ? KB_PAST_KNOWN : KB_PAST_CUT;
        return before;
    }
    const struct kb_audit_past *last = kb_map_get(&seen->objects, key);
    if (!is_false(row, KB_COL_CREATED)) {
        before.state = kb_audit_true(row, KB_COL_CREATED) ? KB_PAST_KNOWN : KB_PAST_CUT;
    } else if (last != NULL) {
        before = *last;
    }
    bool writes = kb_audit_true(row, KB_COL_WRITES);
    if ((writes || kb_audit_true(row, KB_COL_DELETES)) && kb_audit_true(row, KB_COL_SUCCEEDED)) {
        *place(seen, key) = writes ? read_now(row) : (struct kb_audit_past){0};
    }
    return before;
}

struct kb_audit_past kb_audit_seen_row(struct kb_audit_seen *seen, const struct kb_audit_row *row)
{
    struct kb_audit_past before = object_before(seen, row);
    before.rbac_ns = since_rbac(seen, row);
    return before;
}

void kb_audit_seen_done(struct kb_audit_seen *seen)
{
    kb_map_done(&seen->users);
    kb_map_done(&seen->objects);
    kb_arena_done(&seen->arena);
}

static struct kb_cel_val not_known(const struct kb_audit_past *past, struct kb_arena *arena,
                                   enum kb_audit_column column)
{
    const char *why = past->state == KB_PAST_CUT ? KB_CUT_OFF : "not shown before in this log";
    return kb_audit_unknown(arena, column, why);
}

KB_AUDIT_GET(before_rbac)
{
    int64_t ns = kb_audit_before(data)->rbac_ns;
    if (ns == KB_RBAC_CUT) {
        *out = kb_audit_unknown(arena, KB_COL_BEFORE_RBAC, KB_CUT_OFF);
    } else {
        *out = ns == KB_RBAC_NONE ? kb_cel_absent() : kb_cel_duration(ns);
    }
}

KB_AUDIT_GET(before_seen)
{
    const struct kb_audit_past *past = kb_audit_before(data);
    *out = past->state == KB_PAST_CUT ? not_known(past, arena, KB_COL_BEFORE_SEEN)
                                      : kb_cel_bool(past->state == KB_PAST_KNOWN);
}

KB_AUDIT_GET(before_enforce)
{
    const struct kb_audit_past *past = kb_audit_before(data);
    struct kb_str text = {past->psa_enforce, strlen(past->psa_enforce)};
    *out = past->state == KB_PAST_KNOWN ? kb_cel_string(kb_arena_copy(arena, text))
                                        : not_known(past, arena, KB_COL_BEFORE_ENFORCE);
}

KB_AUDIT_GET(before_ignoring)
{
    const struct kb_audit_past *past = kb_audit_before(data);
    *out = past->state == KB_PAST_KNOWN ? kb_cel_int(past->ignoring_hooks)
                                        : not_known(past, arena, KB_COL_BEFORE_IGNORING);
}
