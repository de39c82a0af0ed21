/*
 * Decoding what a span holds: strings (RFC 8259 §7), integers, and members by key.
 *
 * Decoded text is valid UTF-8: invalid bytes and lone surrogates become U+FFFD, as Go's
 * encoding/json does. An escape that is none becomes U+FFFD too.
 */
#ifndef KB_DATA_JSON_STR_H
#define KB_DATA_JSON_STR_H

#include "data/scan.h"
#include "base/mem.h"

/* Text of a string; empty for anything else and for what is cut. In place where nothing is to be
 * decoded, else in `arena`. */
struct kb_str kb_span_text(const struct kb_span *span, struct kb_arena *arena);

/* Whether a string stands in the text as it decodes. */
bool kb_span_is_plain(const struct kb_span *span);

/* Pieces of a string's decoded text, without memory: give the same *at until false. A piece is at
 * most 64 bytes, or a run of the text itself. `small` must live as long as the piece. */
bool kb_span_piece(struct kb_str raw, size_t *at, char small[4], struct kb_str *piece);

/* Whether the string's decoded text is `text`. */
bool kb_span_is(const struct kb_span *span, struct kb_str text);

/* An integer written without fraction and exponent. */
bool kb_span_int(const struct kb_span *span, int64_t *out);
bool kb_span_true(const struct kb_span *span);

/* The member of an object; *out is kind NONE where there is none, it is null, or `object` is no
 * object. False where more may be hidden: the object is cut (the member that was found may then be
 * cut too) or is no JSON behind some place. */
bool kb_span_get(const struct kb_span *object, struct kb_str key, struct kb_span *out);
/* Member of a member …, keys separated by '/': "spec/template/spec". */
bool kb_span_dig(const struct kb_span *object, const char *path, struct kb_span *out);

#endif
