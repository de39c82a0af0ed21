/* One audit event: every member, every span in it, and its digest. */
#include "audit/event.h"
#include "data/json_str.h"
#include "fuzz.h"

static void walk(const struct kb_span *span, unsigned depth, struct kb_arena *arena)
{
    struct kb_scan_each each = kb_scan_each(span);
    struct kb_span value;
    while (depth < 64 && kb_scan_next(&each, &value)) {
        (void)kb_span_text(&each.key, arena);
        struct kb_str text = kb_span_text(&value, arena);
        KB_HOLDS(value.kind != KB_SPAN_STRING || value.cut || kb_span_is(&value, text));
        int64_t number;
        (void)kb_span_int(&value, &number);
        walk(&value, depth + 1, arena);
    }
}

/* The hash of a text does not depend on how it is spelled. */
static void check_spelling(const struct kb_event *event, enum kb_member member,
                           struct kb_arena *arena)
{
    struct kb_str text = kb_event_str(event, member, arena);
    struct kb_buf spelled;
    kb_buf_init(&spelled, 16 << 20);
    kb_buf_c(&spelled, "{\"auditID\":\"");
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        kb_buf_printf(&spelled, c < 0x80 ? "\\u%04x" : "%c", c);
    }
    kb_buf_c(&spelled, "\"}");
    struct kb_event again;
    if (!kb_failed(kb_event_parse(kb_buf_view(&spelled), false, &again, NULL))) {
        KB_HOLDS(kb_str_eq(kb_event_str(&again, KB_M_AUDIT_ID, arena), text));
        KB_HOLDS(kb_event_str_hash(&again, KB_M_AUDIT_ID) == kb_event_str_hash(event, member));
    }
    kb_buf_done(&spelled);
}

static void look(const struct kb_event *event, struct kb_arena *arena)
{
    for (unsigned i = 0; i < KB_MEMBER_COUNT; i++) {
        enum kb_member member = (enum kb_member)i;
        check_spelling(event, member, arena);
        KB_HOLDS(!(kb_event_has(event, member) && kb_event_unseen(event, member)));
        int64_t number;
        (void)kb_event_int(event, member, &number);
        (void)kb_event_time(event, member);
        walk(&event->at[i], 0, arena);
    }
    struct kb_str value;
    (void)kb_event_annotation(event, KB_STR("authorization.k8s.io/decision"), arena, &value);
    (void)kb_event_stage(event);
    (void)kb_event_level(event);
    (void)kb_event_is_audit(event);
    KB_HOLDS(kb_event_digest(event) == kb_event_digest(event));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kb_arena arena = {0};
    struct kb_event event;
    struct kb_err err = {0};
    for (int truncated = 0; truncated < 2; truncated++) {
        if (!kb_failed(kb_event_parse(kb_fuzz_text(data, size), truncated, &event, &err))) {
            look(&event, &arena);
        }
    }
    kb_arena_done(&arena);
    return 0;
}
