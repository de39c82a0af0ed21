/* What the engine needs to know of a request beside its columns; the places of log lines. */
#ifndef KB_FACTS_AUDIT_EVENT_INFO_H
#define KB_FACTS_AUDIT_EVENT_INFO_H

#include "facts/audit_event.h"

void kb_audit_row_info(const void *data, struct kb_arena *arena, struct kb_row_info *out);

/* "line 3, byte 99, stream s, event e": what is known of it. */
struct kb_str kb_audit_locator(const struct kb_audit_origin *origin, struct kb_arena *arena);
/* A text that is unique in one reading, in order of the records of a source. */
struct kb_str kb_audit_order(const struct kb_audit_origin *origin, struct kb_arena *arena);

#endif
