/* Table audit.source: one row an input that was read. */
#ifndef KB_FACTS_AUDIT_SOURCE_H
#define KB_FACTS_AUDIT_SOURCE_H

#include "facts/table.h"

struct kb_audit_source {
    struct kb_str source, sha256, kind, error;
    uint64_t bytes, plain_bytes, records, events, bad, truncated, other;
    int64_t first, last; /* ns; KB_ROW_NO_TIME */
    bool complete, ordered;
};

extern const struct kb_table kb_table_audit_source;
/* A row of the table; `source` is borrowed. */
struct kb_row kb_audit_source_row(const struct kb_audit_source *source);

#endif
