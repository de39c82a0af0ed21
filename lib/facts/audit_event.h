/*
 * Table "audit.event": one row per request. Columns are read from the event when they are asked
 * for, once a row.
 */
#ifndef KB_FACTS_AUDIT_EVENT_H
#define KB_FACTS_AUDIT_EVENT_H

#include "audit/event.h"
#include "facts/table.h"

extern const struct kb_table kb_table_audit_event;

/* Where an event came from. Texts outlive the row; empty and 0 where unknown. */
struct kb_audit_origin {
    struct kb_str source; /* display name of the file, or the log group */
    uint64_t line;        /* from 1 */
    uint64_t offset;      /* bytes */
    uint64_t sequence;    /* number of the record in its source: makes the row's order unique */
    struct kb_str stream;
    struct kb_str event_id;
    int64_t timestamp_ns; /* of the delivery (CloudWatch); KB_EVENT_NO_TIME */
};

/* Decoded columns of the current row, and what rows before it showed of the same objects. One for each reading: rows come
 * in the order of the log. */
struct kb_audit_cache;
struct kb_audit_cache *kb_audit_cache_new(void);
void kb_audit_cache_free(struct kb_audit_cache *cache);

struct kb_audit_row {
    const struct kb_event *event; /* borrowed, with its text */
    struct kb_audit_origin origin;
    bool conflict; /* another record has this audit_id and stage, but other content */
    struct kb_audit_cache *cache;
};

/* Make a row of an event. `row` and what it points to must live, unmoved, as long as the row is
 * read; the cache forgets the row before. */
void kb_audit_row_init(struct kb_audit_row *row, const struct kb_event *event,
                       const struct kb_audit_origin *origin, bool conflict,
                       struct kb_audit_cache *cache);
/* The row as the engine takes it. */
struct kb_row kb_audit_row_view(const struct kb_audit_row *row);

extern const struct kb_row_ops kb_audit_row_ops;

#endif
