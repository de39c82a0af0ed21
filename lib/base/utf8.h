/* UTF-8: decoding, encoding, validation and counting. Surrogates and overlong forms are invalid. */
#ifndef KB_BASE_UTF8_H
#define KB_BASE_UTF8_H

#include "base/mem.h"

enum { KB_UTF8_BAD = 0xFFFD };

/* Length in bytes of the code point at s.p (s.n > 0), which goes to *cp; 0 and *cp = U+FFFD where
 * the bytes are not valid UTF-8 (callers then step one byte, as Go does). */
size_t kb_utf8_decode(struct kb_str s, uint32_t *cp);
/* Bytes written to out[4]; code points that cannot be encoded become U+FFFD. */
size_t kb_utf8_encode(uint32_t cp, char out[4]);
void kb_utf8_add(struct kb_buf *buf, uint32_t cp);
bool kb_utf8_valid(struct kb_str s);
/* Code points; an invalid byte counts as one. */
size_t kb_utf8_count(struct kb_str s);
/* Byte offset of code point `index`, or s.n when there are not so many. */
size_t kb_utf8_offset(struct kb_str s, size_t index);

#endif
