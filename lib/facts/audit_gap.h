/* Table audit.gap: one row a hole in the log. */
#ifndef KB_FACTS_AUDIT_GAP_H
#define KB_FACTS_AUDIT_GAP_H

#include "facts/table.h"

struct kb_audit_gap {
    struct kb_str stream, kind;
    int64_t from, to, length; /* ns */
};

extern const struct kb_table kb_table_audit_gap;
/* A row of the table; `gap` is borrowed. */
struct kb_row kb_audit_gap_row(const struct kb_audit_gap *gap);

#endif
