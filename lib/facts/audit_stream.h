/* Table audit.stream: one row a stream of the log, or a file where streams have no names. */
#ifndef KB_FACTS_AUDIT_STREAM_H
#define KB_FACTS_AUDIT_STREAM_H

#include "facts/table.h"

/* Times and durations in ns; KB_ROW_NO_TIME (facts/getters.h) where there is none. */
struct kb_audit_stream {
    struct kb_str stream;
    int64_t first, last, age, lag_p99, lag_max, longest_silence;
    uint64_t events, requests, truncated, malformed, duplicates, conflicts, orphans, heartbeats;
    uint64_t peers; /* other streams whose time overlaps this one's */
    bool partial;   /* not all was read: there may be more peers */
    bool forgetful; /* requests were forgotten before their end could come: there may be more orphans */
};

extern const struct kb_table kb_table_audit_stream;
/* A row of the table; `stream` is borrowed. */
struct kb_row kb_audit_stream_row(const struct kb_audit_stream *stream);

#endif
