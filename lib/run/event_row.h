/*
 * Rows of audit.event and authenticator.event from what the intake gives.
 */
#ifndef KB_RUN_EVENT_ROW_H
#define KB_RUN_EVENT_ROW_H

#include "facts/audit_event.h"
#include "facts/authenticator_event.h"
#include "run/intake.h"

/* One row at a time: the next one overwrites the last. */
struct kb_event_rows {
    struct kb_audit_cache *cache;
    struct kb_audit_row event;
    struct kb_authenticator_row line;
};

void kb_event_rows_init(struct kb_event_rows *rows);
void kb_event_rows_done(struct kb_event_rows *rows);

/* Valid until the next call, and as long as the event is. */
struct kb_row kb_event_rows_event(struct kb_event_rows *rows, const struct kb_read_event *event);
struct kb_row kb_event_rows_line(struct kb_event_rows *rows, const struct kb_read_line *line);

#endif
