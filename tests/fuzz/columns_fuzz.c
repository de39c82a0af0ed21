/* One audit event, and its first half: every column, and what the engine asks of a row. */
#include "facts/audit_event.h"
#include "fuzz.h"

static void look(const struct kb_event *event, struct kb_audit_cache *cache, struct kb_arena *arena)
{
    const struct kb_audit_origin origin = {.line = 1, .timestamp_ns = KB_EVENT_NO_TIME};
    struct kb_audit_row row;
    struct kb_row_info info;
    kb_audit_row_init(&row, event, &origin, false, cache);
    for (unsigned i = 0; i < kb_table_audit_event.n; i++) {
        struct kb_cel_val value = {0};
        kb_audit_row_ops.get(&row, i, arena, &value);
        bool optional = kb_table_audit_event.columns[i].presence == KB_OPTIONAL;
        KB_HOLDS(value.kind != KB_CEL_ERROR && (optional || value.kind != KB_CEL_ABSENT));
        KB_HOLDS(event->open || value.kind != KB_CEL_UNKNOWN || value.unknown->reason.n > 0);
    }
    kb_audit_row_ops.info(&row, arena, &info);
    KB_HOLDS(info.object.p != NULL && info.order.p != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kb_arena arena = {0};
    struct kb_audit_cache *cache = kb_audit_cache_new();
    struct kb_event event;
    for (size_t part = 1; part <= 2; part++) {
        if (!kb_failed(kb_event_parse(kb_fuzz_text(data, size / part), part > 1, &event, NULL))) {
            look(&event, cache, &arena);
        }
    }
    kb_audit_cache_free(cache);
    kb_arena_done(&arena);
    return 0;
}
