/* Base 64 (RFC 4648 §4, §5). */
#ifndef KB_DATA_BASE64_H
#define KB_DATA_BASE64_H

#include "base/mem.h"

enum kb_base64_flags {
    KB_BASE64_URL = 1,      /* '-' and '_' instead of '+' and '/' */
    KB_BASE64_UNPADDED = 2, /* encode: no '='; decode: '=' may be missing */
    KB_BASE64_LINES = 4     /* decode: CR and LF are skipped */
};

void kb_base64_encode(struct kb_str data, unsigned flags, struct kb_buf *out);
/* Appends to *out. False where the text is not base 64 (bits left over must be zero only in number,
 * not in value, as Go's decoder has it); *bad (may be NULL) is then the offset of the first bad
 * byte. */
bool kb_base64_decode(struct kb_str text, unsigned flags, struct kb_buf *out, size_t *bad);

#endif
