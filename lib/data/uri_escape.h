/* Percent-encoding in the parts of a URL. */
#ifndef KB_DATA_URI_ESCAPE_H
#define KB_DATA_URI_ESCAPE_H

#include "base/mem.h"

enum kb_uri_part { KB_URI_PATH, KB_URI_HOST, KB_URI_USER, KB_URI_QUERY };

/* Must the byte be written as %XX in this part? */
bool kb_uri_must_escape(unsigned char c, enum kb_uri_part part);
/* The decoded text in the arena. False where it may not be: *bad is then the escape or the
 * character. */
bool kb_uri_unescape(struct kb_str s, enum kb_uri_part part, struct kb_arena *arena,
                     struct kb_str *out, struct kb_str *bad);
void kb_uri_escape(struct kb_str s, enum kb_uri_part part, struct kb_buf *out);

#endif
