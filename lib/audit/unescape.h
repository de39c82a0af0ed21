/* The text of a JSON string. */
#ifndef KB_AUDIT_UNESCAPE_H
#define KB_AUDIT_UNESCAPE_H

#include "base/mem.h"

/*
 * Add what the inside of a JSON string says (`raw`, without its quotes) to `out`. Lone surrogates
 * become U+FFFD; an escape JSON does not know stands for its second character. False where the
 * result does not fit into out->max, which is checked against the length of `raw`.
 */
bool kb_unescape(struct kb_str raw, struct kb_buf *out);

#endif
