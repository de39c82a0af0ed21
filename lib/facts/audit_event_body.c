/* audit.event: the written object in general, and its metadata. */
#include "facts/audit_event_body.h"

#include "data/json_str.h"

static bool known_object(const struct kb_audit_row *row, struct kb_str *group,
                         struct kb_str *resource, struct kb_str *subresource)
{
    bool known = kb_audit_text(row, KB_COL_API_GROUP, group);
    known = kb_audit_text(row, KB_COL_RESOURCE, resource) && known;
    return kb_audit_text(row, KB_COL_SUBRESOURCE, subresource) && known;
}

static bool is_listed(struct kb_str group, struct kb_str resource, const char *const *resources)
{
    for (; *resources != NULL; resources++) {
        struct kb_str rest;
        struct kb_str in = kb_str_split(kb_str_c(*resources), '/', &rest);
        if (kb_str_eq(in, group) && kb_str_eq(rest, resource)) {
            return true;
        }
    }
    return false;
}

/* Whether the row writes at all. */
static enum kb_find writes(const struct kb_audit_row *row)
{
    const struct kb_cel_val *value = kb_audit_value(row, KB_COL_WRITES);
    if (value->kind != KB_CEL_BOOL) {
        return KB_FIND_UNSEEN;
    }
    return value->b ? KB_FIND_YES : KB_FIND_NO;
}

enum kb_find kb_audit_writes(const struct kb_audit_row *row, const char *const *resources)
{
    struct kb_str group;
    struct kb_str resource;
    struct kb_str subresource;
    enum kb_find writing = writes(row);
    if (writing == KB_FIND_NO) {
        return KB_FIND_NO;
    }
    if (!known_object(row, &group, &resource, &subresource)) {
        return KB_FIND_UNSEEN;
    }
    return subresource.n == 0 && is_listed(group, resource, resources) ? writing : KB_FIND_NO;
}

struct kb_cel_val kb_audit_not_shown(const struct kb_body *body, struct kb_arena *arena,
                                     enum kb_audit_column column)
{
    return kb_audit_unknown(arena, column, body->why == NULL ? "the body is no JSON" : body->why);
}

struct kb_cel_val kb_audit_body_text(const struct kb_audit_row *row, struct kb_arena *arena,
                                     const char *const *resources, const char *path,
                                     enum kb_audit_column column)
{
    enum kb_find concerned = kb_audit_writes(row, resources);
    if (concerned != KB_FIND_YES) {
        return concerned == KB_FIND_NO ? kb_cel_string(KB_STR(""))
                                       : kb_audit_unknown(arena, column, KB_CUT_OFF);
    }
    const struct kb_body *body = kb_audit_body(row);
    bool whole = body->whole;
    for (size_t i = 0; i < body->n; i++) {
        struct kb_span value;
        whole = kb_span_dig(&body->docs[i], path, &value) && whole;
        if (value.kind == KB_SPAN_STRING && !value.cut) {
            return kb_cel_string(kb_span_text(&value, arena));
        }
    }
    return whole ? kb_cel_string(KB_STR("")) : kb_audit_not_shown(body, arena, column);
}

struct kb_cel_val kb_audit_body_items(const struct kb_audit_row *row, struct kb_arena *arena,
                                      const char *const *resources, const char *path,
                                      kb_item_fn *add, enum kb_audit_column column)
{
    enum kb_find concerned = kb_audit_writes(row, resources);
    struct kb_values values = {0};
    if (concerned == KB_FIND_UNSEEN) {
        return kb_audit_unknown(arena, column, KB_CUT_OFF);
    }
    if (concerned == KB_FIND_NO) {
        return kb_values_list(&values, arena);
    }
    const struct kb_body *body = kb_audit_body(row);
    if (!body->whole) {
        return kb_audit_not_shown(body, arena, column);
    }
    struct kb_span array;
    struct kb_span item;
    bool whole = kb_span_dig(&body->docs[0], path, &array);
    struct kb_scan_each each = kb_scan_each(&array);
    while (kb_scan_next(&each, &item)) {
        add(&item, row, arena, &values, &whole);
    }
    whole = whole && each.status == KB_SCAN_OK;
    return whole ? kb_values_list(&values, arena) : kb_audit_not_shown(body, arena, column);
}

static void add_string(const struct kb_span *item, const struct kb_audit_row *row,
                       struct kb_arena *arena, struct kb_values *out, bool *whole)
{
    (void)row;
    (void)whole;
    if (item->kind == KB_SPAN_STRING) {
        kb_values_add(out, arena, kb_cel_string(kb_span_text(item, arena)));
    }
}

struct kb_cel_val kb_audit_body_list(const struct kb_audit_row *row, struct kb_arena *arena,
                                     const char *const *resources, const char *path,
                                     enum kb_audit_column column)
{
    return kb_audit_body_items(row, arena, resources, path, add_string, column);
}

KB_AUDIT_GET(has_body)
{
    const struct kb_body *body = kb_audit_body(data);
    (void)arena;
    *out = kb_cel_bool(body->n > 0);
}

/* Whether the row's body is an object with metadata: any write but connections. */
static enum kb_find writes_object(const struct kb_audit_row *row)
{
    static const char *const connections[] = {"exec", "attach", "portforward", "proxy"};
    struct kb_str group;
    struct kb_str resource;
    struct kb_str subresource;
    enum kb_find writing = writes(row);
    if (writing == KB_FIND_NO) {
        return KB_FIND_NO;
    }
    if (!known_object(row, &group, &resource, &subresource)) {
        return KB_FIND_UNSEEN;
    }
    for (size_t i = 0; i < sizeof connections / sizeof connections[0]; i++) {
        if (kb_str_eq_c(subresource, connections[i])) {
            return KB_FIND_NO;
        }
    }
    return resource.n > 0 ? writing : KB_FIND_NO;
}

static struct kb_cel_val metadata_map(const struct kb_audit_row *row, struct kb_arena *arena,
                                      const char *path, enum kb_audit_column column)
{
    enum kb_find concerned = writes_object(row);
    if (concerned == KB_FIND_NO) {
        return kb_entries_map(&(struct kb_entries){0}, arena);
    }
    if (concerned == KB_FIND_UNSEEN) {
        return kb_audit_unknown(arena, column, KB_CUT_OFF);
    }
    const struct kb_body *body = kb_audit_body(row);
    struct kb_span object;
    if (!body->whole) {
        return kb_audit_not_shown(body, arena, column);
    }
    bool whole = kb_span_dig(&body->docs[0], path, &object);
    struct kb_cel_val map = kb_value_string_map(&object, arena, &whole);
    return whole ? map : kb_audit_not_shown(body, arena, column);
}

KB_AUDIT_GET(object_labels)
{
    *out = metadata_map(data, arena, "metadata/labels", KB_COL_OBJECT_LABELS);
}

KB_AUDIT_GET(object_annotations)
{
    *out = metadata_map(data, arena, "metadata/annotations", KB_COL_OBJECT_ANNOTATIONS);
}

static struct kb_str controller_kind(const struct kb_span *object, struct kb_arena *arena,
                                     bool *whole)
{
    struct kb_span owners;
    struct kb_span owner;
    struct kb_span value;
    *whole = kb_span_dig(object, "metadata/ownerReferences", &owners) && *whole;
    struct kb_scan_each each = kb_scan_each(&owners);
    while (kb_scan_next(&each, &owner)) {
        (void)kb_span_get(&owner, KB_STR("controller"), &value);
        if (kb_span_true(&value)) {
            (void)kb_span_get(&owner, KB_STR("kind"), &value);
            return kb_span_text(&value, arena);
        }
    }
    *whole = *whole && each.status == KB_SCAN_OK;
    return KB_STR("");
}

KB_AUDIT_GET(owner_kind)
{
    enum kb_find concerned = writes_object(data);
    if (concerned != KB_FIND_YES) {
        *out = concerned == KB_FIND_NO ? kb_cel_string(KB_STR(""))
                                       : kb_audit_unknown(arena, KB_COL_OWNER_KIND, KB_CUT_OFF);
        return;
    }
    const struct kb_body *body = kb_audit_body(data);
    bool whole = body->whole;
    struct kb_str kind = body->n > 0 ? controller_kind(&body->docs[0], arena, &whole) : KB_STR("");
    *out = whole || kind.n > 0 ? kb_cel_string(kind)
                               : kb_audit_not_shown(body, arena, KB_COL_OWNER_KIND);
}
