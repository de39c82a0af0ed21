/*
 * Content of an event as one number. Members of an object are added, so that their order is no
 * matter; texts are hashed as decoded; integers by value. Repeated keys all count: a text with them
 * equals only a text with the same ones.
 */
#include <stdlib.h>

#include "audit/event.h"
#include "audit/json_str.h"
#include "base/limits.h"

/* Kinds get different seeds, so that "1" is not 1 and {} is not []. */
static uint64_t kind_seed(enum kb_span_kind kind)
{
    return kb_hash_seed() ^ (0x9e3779b97f4a7c15ULL * (uint64_t)(kind + 1));
}

static uint64_t pair(uint64_t a, uint64_t b)
{
    const uint64_t both[2] = {a, b};
    return kb_hash_bytes(both, sizeof both, kb_hash_seed());
}

static uint64_t text_digest(const struct kb_span *span)
{
    struct kb_str raw = kb_span_raw(span);
    const uint64_t seed = kind_seed(KB_SPAN_STRING);
    char block[256];
    size_t used = 0;
    size_t at = 0;
    char small[4];
    struct kb_str piece;
    uint64_t hash = seed;
    /* Blocks of fixed size, so that the same text is cut at the same places however it is
     * written. */
    while (kb_span_piece(raw, &at, small, &piece)) {
        while (piece.n > 0) {
            size_t n = sizeof block - used < piece.n ? sizeof block - used : piece.n;
            memcpy(block + used, piece.p, n);
            used += n;
            piece = kb_str_sub(piece, n, piece.n);
            if (used == sizeof block) {
                hash = kb_hash_bytes(block, used, hash);
                used = 0;
            }
        }
    }
    return kb_hash_bytes(block, used, hash);
}

static uint64_t number_digest(const struct kb_span *span)
{
    int64_t value;
    if (kb_span_int(span, &value)) {
        return kb_hash_bytes(&value, sizeof value, kind_seed(KB_SPAN_NUMBER));
    }
    char text[64] = {0};
    struct kb_str raw = kb_span_raw(span);
    if (raw.n >= sizeof text) {
        return kb_hash_bytes(raw.p, raw.n, kind_seed(KB_SPAN_NUMBER));
    }
    memcpy(text, raw.p, raw.n);
    double number = strtod(text, NULL);
    if (number >= -9e15 && number <= 9e15 && (double)(int64_t)number == number) {
        value = (int64_t)number;
        return kb_hash_bytes(&value, sizeof value, kind_seed(KB_SPAN_NUMBER));
    }
    return kb_hash_bytes(&number, sizeof number, kind_seed(KB_SPAN_NUMBER));
}

static uint64_t value_digest(const struct kb_span *span, unsigned depth)
{
    enum kb_span_kind kind = span->kind;
    struct kb_str raw = kb_span_raw(span);
    if (span->cut || depth >= KB_MAX_JSON_DEPTH) {
        return kb_hash_bytes(raw.p, raw.n, kind_seed(kind));
    }
    if (kind == KB_SPAN_STRING) {
        return text_digest(span);
    }
    if (kind == KB_SPAN_NUMBER) {
        return number_digest(span);
    }
    uint64_t hash = kind_seed(kind);
    struct kb_scan_each each = kb_scan_each(span);
    struct kb_span value;
    while (kb_scan_next(&each, &value)) {
        uint64_t inner = value_digest(&value, depth + 1);
        hash = each.object ? hash + pair(text_digest(&each.key), inner) : pair(hash, inner);
    }
    if (each.status != KB_SCAN_OK) {
        return kb_hash_bytes(raw.p, raw.n, kind_seed(kind));
    }
    return pair(hash, hash);
}

uint64_t kb_event_digest(const struct kb_event *event)
{
    uint64_t hash = kb_hash_seed() + (event->truncated ? 1 : 0);
    for (size_t i = 0; i < KB_MEMBER_COUNT; i++) {
        if (kb_event_member_in((enum kb_member)i) == KB_IN_EVENT &&
            event->at[i].kind != KB_SPAN_NONE) {
            hash = pair(hash, pair(i, value_digest(&event->at[i], 0)));
        }
    }
    return hash;
}

uint64_t kb_event_str_hash(const struct kb_event *event, enum kb_member member)
{
    const struct kb_span *span = &event->at[member];
    bool text = span->kind == KB_SPAN_STRING && !span->cut;
    return text_digest(text ? span : &(struct kb_span){.p = "", .kind = KB_SPAN_STRING});
}
