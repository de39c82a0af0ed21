/* Rows from the intake. */
#include "run/event_row.h"

void kb_event_rows_init(struct kb_event_rows *rows)
{
    *rows = (struct kb_event_rows){.cache = kb_audit_cache_new()};
}

void kb_event_rows_done(struct kb_event_rows *rows)
{
    kb_audit_cache_free(rows->cache);
    rows->cache = NULL;
}

static struct kb_audit_origin origin_of(const struct kb_record *record, struct kb_str source,
                                        uint64_t sequence)
{
    return (struct kb_audit_origin){
        .source = record->log_group.n > 0 ? record->log_group : source,
        .line = record->line,
        .offset = record->offset,
        .sequence = sequence,
        .stream = record->stream,
        .event_id = record->event_id,
        .timestamp_ns = kb_record_ns(record->timestamp_ms),
    };
}

struct kb_row kb_event_rows_event(struct kb_event_rows *rows, const struct kb_read_event *event)
{
    struct kb_audit_origin origin = origin_of(event->record, event->source, event->sequence);
    kb_audit_row_init(&rows->event, event->event, &origin, event->conflict, rows->cache);
    return kb_audit_row_view(&rows->event);
}

struct kb_row kb_event_rows_line(struct kb_event_rows *rows, const struct kb_read_line *line)
{
    struct kb_audit_origin origin = origin_of(line->record, line->source, line->sequence);
    kb_authenticator_row_init(&rows->line, line->record->text, &origin);
    return kb_authenticator_row_view(&rows->line);
}
