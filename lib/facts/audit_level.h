/* Table audit.level: the audit level seen for each kind of request. */
#ifndef KB_FACTS_AUDIT_LEVEL_H
#define KB_FACTS_AUDIT_LEVEL_H

#include "facts/table.h"

struct kb_audit_level {
    struct kb_str api_group, resource, subresource, verb;
    struct kb_str lowest, highest; /* "Metadata", "Request", "RequestResponse" */
    uint64_t events;
};

extern const struct kb_table kb_table_audit_level;
/* A row of the table; `level` is borrowed. */
struct kb_row kb_audit_level_row(const struct kb_audit_level *level);

#endif
