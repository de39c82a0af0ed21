/*
 * Content of an event as one number. Members of an object are added, so that their order is no
 * matter; texts are hashed as decoded; integers by value. Repeated keys all count: a text with them
 * equals only a text with the same ones.
 */
#include <stdlib.h>

#include "audit/event.h"
#include "data/json_str.h"
#include "base/limits.h"

/* Kinds get different seeds, so that "1" is not 1 and {} is not []. */
static uint64_t kind_seed(enum kb_span_kind kind)
{
    return kb_hash_seed() ^ (0x9e3779b97f4a7c15ULL * (uint64_t)(kind + 1));
}

/* Two hashes as one; the order counts. */
static uint64_t pair(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 u128;
    const uint64_t seed = kb_hash_seed();
    u128 product = (u128)(a ^ 0xa0761d6478bd642fULL ^ seed) * (b ^ 0xe7037ed1a0b428dbULL);
    uint64_t mixed = (uint64_t)product ^ (uint64_t)(product >> 64);
    return (mixed ^ a) * 0x9e3779b97f4a7c15ULL ^ (mixed >> 29);
}

/* A text is hashed in blocks of this size, so that it is cut at the same places however it is
 * written. */
enum { TEXT_BLOCK = 256 };

static uint64_t plain_digest(struct kb_str text)
{
    uint64_t hash = kind_seed(KB_SPAN_STRING);
    while (text.n >= TEXT_BLOCK) {
        hash = kb_hash_bytes(text.p, TEXT_BLOCK, hash);
        text = kb_str_sub(text, TEXT_BLOCK, text.n);
    }
    return kb_hash_bytes(text.p, text.n, hash);
}

static uint64_t decoded_digest(struct kb_str raw)
{
    uint64_t hash = kind_seed(KB_SPAN_STRING);
    char block[TEXT_BLOCK];
    size_t used = 0;
    size_t at = 0;
    char small[4];
    struct kb_str piece;
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

static uint64_t text_digest(const struct kb_span *span)
{
    return kb_span_is_plain(span) ? plain_digest(kb_span_raw(span))
                                  : decoded_digest(kb_span_raw(span));
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

static uint64_t scalar_digest(const struct kb_span *span)
{
    struct kb_str raw = kb_span_raw(span);
    if (span->cut) {
        return kb_hash_bytes(raw.p, raw.n, kind_seed(span->kind));
    }
    switch ((enum kb_span_kind)span->kind) {
    case KB_SPAN_STRING:
        return text_digest(span);
    case KB_SPAN_NUMBER:
        return number_digest(span);
    case KB_SPAN_OBJECT:
    case KB_SPAN_ARRAY: /* too deep to be looked into */
        return kb_hash_bytes(raw.p, raw.n, kind_seed(span->kind));
    case KB_SPAN_NONE:
    case KB_SPAN_TRUE:
    case KB_SPAN_FALSE:
    case KB_SPAN_NULL:
    default:
        return kind_seed(span->kind);
    }
}

/* The value at the place, which moves behind it: containers are walked in place, so that each byte
 * is seen once. */
static enum kb_scan_status value_digest(struct kb_scan *at, unsigned depth, uint64_t *out)
{
    struct kb_span span;
    bool more = kb_scan_space(at);
    if (!more || (*at->p != '{' && *at->p != '[') || depth >= KB_MAX_JSON_DEPTH) {
        enum kb_scan_status status = kb_scan_value(at, &span);
        *out = scalar_digest(&span);
        return status;
    }
    struct kb_scan_each each = kb_scan_each_at(*at);
    uint64_t hash = kind_seed(each.object ? KB_SPAN_OBJECT : KB_SPAN_ARRAY);
    while (kb_scan_member(&each)) {
        uint64_t inner;
        struct kb_span key = each.key;
        each.status = value_digest(&each.at, depth + 1, &inner);
        hash = each.object ? hash + pair(text_digest(&key), inner) : pair(hash, inner);
    }
    at->p = each.at.p;
    *out = pair(hash, hash);
    return each.status;
}

/* What is cut or no JSON counts by its bytes. */
static uint64_t span_digest(const struct kb_span *span)
{
    uint64_t hash;
    struct kb_scan at = {span->p, span->p + span->n};
    if (span->kind != KB_SPAN_OBJECT && span->kind != KB_SPAN_ARRAY) {
        return scalar_digest(span);
    }
    if (span->cut || value_digest(&at, 0, &hash) != KB_SCAN_OK) {
        return kb_hash_bytes(span->p, span->n, kind_seed(span->kind));
    }
    return hash;
}

uint64_t kb_event_digest(const struct kb_event *event)
{
    uint64_t hash = kb_hash_seed() + (event->truncated ? 1 : 0);
    for (size_t i = 0; i < KB_MEMBER_COUNT; i++) {
        if (kb_event_member_in((enum kb_member)i) == KB_IN_EVENT &&
            event->at[i].kind != KB_SPAN_NONE) {
            hash = pair(hash, pair(i, span_digest(&event->at[i])));
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
