/* audit.event: what patches change, and replicas. */
#include "data/json_str.h"
#include "facts/audit_event_body.h"

#define LABELS "/metadata/labels/"

/* Labels of a merge patch: those that are set to null, or all. */
static bool merged(const struct kb_span *patch, bool all, struct kb_arena *arena, struct kb_values *out)
{
    struct kb_span labels;
    struct kb_span value;
    bool whole = kb_span_dig(patch, "metadata/labels", &labels);
    struct kb_scan_each each = kb_scan_each(&labels);
    while (kb_scan_next(&each, &value)) {
        if ((all || value.kind == KB_SPAN_NULL) && !value.cut) {
            kb_values_add(out, arena, kb_cel_string(kb_span_text(&each.key, arena)));
        }
    }
    return whole && each.status == KB_SCAN_OK;
}

/* A key out of a JSON pointer (RFC 6901). */
static struct kb_str unescaped(struct kb_str token, struct kb_arena *arena)
{
    char *to = kb_arena_alloc(arena, token.n);
    size_t n = 0;
    for (size_t i = 0; i < token.n; i++) {
        bool escape = token.p[i] == '~' && i + 1 < token.n;
        i += escape ? 1 : 0;
        to[n++] = !escape ? token.p[i] : token.p[i] == '1' ? '/' : '~';
    }
    return (struct kb_str){to, n};
}

/* Labels of a JSON patch: those that it removes, or all. Where it takes or puts them all at once, which those
 * are is not told. */
static bool pointed(const struct kb_span *patch, bool all, struct kb_arena *arena, struct kb_values *out)
{
    const struct kb_str prefix = KB_STR(LABELS);
    struct kb_span op;
    bool whole = true;
    struct kb_scan_each each = kb_scan_each(patch);
    while (kb_scan_next(&each, &op)) {
        struct kb_span name;
        struct kb_span path;
        whole = kb_span_get(&op, KB_STR("op"), &name) && whole;
        whole = kb_span_get(&op, KB_STR("path"), &path) && whole;
        struct kb_str way = kb_span_text(&path, arena);
        bool changes = !kb_span_is(&name, KB_STR("test"));
        bool wanted = all ? changes : kb_span_is(&name, KB_STR("remove"));
        if (wanted && kb_str_starts(way, prefix)) {
            struct kb_str token = kb_str_sub(way, prefix.n, way.n);
            kb_values_add(out, arena, kb_cel_string(unescaped(token, arena)));
        }
        bool at_once = kb_str_eq_c(way, "/metadata/labels") || kb_str_eq_c(way, "/metadata") || way.n == 0;
        whole = whole && !(changes && at_once);
    }
    return whole && each.status == KB_SCAN_OK;
}

static void put_patched(const struct kb_audit_row *row, enum kb_audit_column column, bool all,
                        struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct kb_span *request = &row->event->at[KB_M_REQUEST_OBJECT];
    struct kb_values keys = {0};
    struct kb_body body;
    struct kb_str verb;
    if (!kb_audit_text(row, KB_COL_VERB, &verb)) {
        *out = kb_audit_unknown(arena, column, KB_CUT_OFF);
        return;
    }
    if (all && kb_str_eq(verb, KB_STR("update"))) {
        *out = kb_audit_unknown(arena, column, "an update does not tell which labels it changes");
        return;
    }
    if (!kb_str_eq(verb, KB_STR("patch"))) {
        *out = kb_values_list(&keys, arena);
        return;
    }
    kb_body_patch(row->event, arena, &body);
    bool seen = kb_event_has(row->event, KB_M_REQUEST_OBJECT) &&
                (request->kind == KB_SPAN_ARRAY ? pointed(request, all, arena, &keys)
                                                : merged(request, all, arena, &keys));
    *out = seen ? kb_values_list(&keys, arena) : kb_audit_not_shown(&body, arena, column);
}

KB_AUDIT_GET(labels_removed)
{
    put_patched(data, KB_COL_LABELS_REMOVED, false, arena, out);
}

KB_AUDIT_GET(labels_patched)
{
    put_patched(data, KB_COL_LABELS_PATCHED, true, arena, out);
}

/* The object has spec.replicas, or is a Scale. */
static enum kb_find has_replicas(const struct kb_audit_row *row)
{
    static const char *const resources[] = {"apps/deployments", "apps/statefulsets",
                                            "apps/replicasets", "/replicationcontrollers", NULL};
    struct kb_str subresource;
    if (kb_audit_true(row, KB_COL_WRITES) && kb_audit_text(row, KB_COL_SUBRESOURCE, &subresource) &&
        kb_str_eq(subresource, KB_STR("scale"))) {
        return KB_FIND_YES;
    }
    return kb_audit_writes(row, resources);
}

KB_AUDIT_GET(replicas)
{
    enum kb_find concerned = has_replicas(data);
    if (concerned != KB_FIND_YES) {
        *out = concerned == KB_FIND_NO ? kb_cel_absent()
                                       : kb_audit_unknown(arena, KB_COL_REPLICAS, KB_CUT_OFF);
        return;
    }
    const struct kb_body *body = kb_audit_body(data);
    bool whole = body->whole;
    for (size_t i = 0; i < body->n; i++) {
        struct kb_span value;
        int64_t count;
        whole = kb_span_dig(&body->docs[i], "spec/replicas", &value) && whole;
        if (kb_span_int(&value, &count)) {
            *out = kb_cel_int(count);
            return;
        }
    }
    /* A Scale's 0 is left out of its JSON. */
    struct kb_str subresource;
    bool scale = kb_audit_text(data, KB_COL_SUBRESOURCE, &subresource) && subresource.n > 0;
    *out = scale ? kb_cel_int(0) : kb_cel_absent();
    if (!whole) {
        *out = kb_audit_not_shown(body, arena, KB_COL_REPLICAS);
    }
}
