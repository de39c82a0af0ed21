/*
 * Times of an event (metav1.MicroTime, always UTC when the API server writes them) as nanoseconds.
 * Other spellings of RFC 3339 come from tools that rewrote the log.
 */
#include "audit/event.h"
#include "data/json_str.h"
#include "data/time.h"

int64_t kb_event_time_ns(struct kb_str text)
{
    struct kb_time time;
    int64_t ns;
    if (text.n == 0 || !kb_time_parse_audit(text, &time) || time.s < 0 ||
        __builtin_mul_overflow(time.s, (int64_t)1000000000, &ns) ||
        __builtin_add_overflow(ns, (int64_t)time.ns, &ns)) {
        return KB_EVENT_NO_TIME;
    }
    return ns;
}

int64_t kb_event_time(const struct kb_event *event, enum kb_member member)
{
    struct kb_str raw = kb_event_raw(event, member);
    char text[64];
    if (event->at[member].escaped) {
        char small[4];
        struct kb_str piece;
        size_t at = 0;
        size_t n = 0;
        while (kb_span_piece(raw, &at, small, &piece)) {
            if (piece.n > sizeof text - n) {
                return KB_EVENT_NO_TIME;
            }
            memcpy(text + n, piece.p, piece.n);
            n += piece.n;
        }
        raw = (struct kb_str){text, n};
    }
    return kb_event_time_ns(raw);
}
