/* Percent-encoding in the parts of a URL. */
#ifndef KB_DATA_URL_ESCAPE_H
#define KB_DATA_URL_ESCAPE_H

#include "base/mem.h"

enum kb_url_part { KB_URL_PATH, KB_URL_HOST, KB_URL_USER, KB_URL_QUERY };

/* Must the byte be written as %XX in this part? */
bool kb_url_must_escape(unsigned char c, enum kb_url_part part);
/* The decoded text in the arena. False where it may not be: *bad is then the escape or the
 * character. */
bool kb_url_unescape(struct kb_str s, enum kb_url_part part, struct kb_arena *arena,
                     struct kb_str *out, struct kb_str *bad);
void kb_url_escape(struct kb_str s, enum kb_url_part part, struct kb_buf *out);

#endif
