/* What the engine needs to know of a request beside its columns. Not for other tables. */
#ifndef KB_FACTS_AUDIT_EVENT_INFO_H
#define KB_FACTS_AUDIT_EVENT_INFO_H

#include "facts/table.h"

void kb_audit_row_info(const void *data, struct kb_arena *arena, struct kb_row_info *out);

#endif
