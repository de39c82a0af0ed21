/*
 * Quoted text as Go's strconv package writes and reads it.
 * Definition: Go's documentation of strconv.Quote, QuoteToASCII and Unquote; a character is
 * printable as unicode.IsPrint of Unicode 15 says.
 */
#ifndef KB_DATA_QUOTE_H
#define KB_DATA_QUOTE_H

#include "base/mem.h"

/* "text" with what cannot be printed as \n, \x00, \u0000 or \U00000000; bytes that are not UTF-8 as
 * \xff. */
void kb_quote(struct kb_str text, struct kb_buf *out);
/* The same with everything outside ASCII escaped. */
void kb_quote_ascii(struct kb_str text, struct kb_buf *out);
/* The quoting of Go's time package in its messages: bytes below space and above '~' as \x00. */
void kb_quote_bytes(struct kb_str text, struct kb_buf *out);

/* The text of a Go literal in double quotes, back quotes, or single quotes (one character),
 * appended to *out. False where it is not one; *out may then hold a part. */
bool kb_unquote(struct kb_str quoted, struct kb_buf *out);

/* Does Go print the character as it is? */
bool kb_is_print(uint32_t cp);

#endif
