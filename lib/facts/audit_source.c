/* Table audit.source. */
#include "facts/audit_source.h"

#include "facts/getters.h"

KB_GET(STR, kb_audit_source, source)
KB_GET(STR, kb_audit_source, sha256)
KB_GET(STR, kb_audit_source, kind)
KB_GET(STR, kb_audit_source, error)
KB_GET(INT, kb_audit_source, bytes)
KB_GET(INT, kb_audit_source, plain_bytes)
KB_GET(INT, kb_audit_source, records)
KB_GET(INT, kb_audit_source, events)
KB_GET(INT, kb_audit_source, bad)
KB_GET(INT, kb_audit_source, truncated)
KB_GET(INT, kb_audit_source, other)
KB_GET(TIME, kb_audit_source, first)
KB_GET(TIME, kb_audit_source, last)
KB_GET(BOOL, kb_audit_source, complete)
KB_GET(BOOL, kb_audit_source, ordered)

static const struct kb_column columns[] = {
    {"source", "string", KB_ALWAYS, get_source, "Name of the input."},
    {"sha256", "string", KB_ALWAYS, get_sha256,
     "SHA-256 of its stored bytes, hexadecimal; empty where it was not computed."},
    {"kind", "string", KB_ALWAYS, get_kind, "How it is stored: \"plain\", \"gzip\" or \"zstd\"."},
    {"bytes", "int", KB_ALWAYS, get_bytes, "Bytes as stored."},
    {"plain_bytes", "int", KB_ALWAYS, get_plain_bytes, "Bytes after decompression."},
    {"records", "int", KB_ALWAYS, get_records, "Records of every kind."},
    {"events", "int", KB_ALWAYS, get_events, "Audit events, copies and stages included."},
    {"bad", "int", KB_ALWAYS, get_bad, "Records that could not be read."},
    {"truncated", "int", KB_ALWAYS, get_truncated, "Events whose text is cut."},
    {"other", "int", KB_ALWAYS, get_other, "Records that are no audit events."},
    {"first", "timestamp", KB_OPTIONAL, get_first, "Time of its earliest event."},
    {"last", "timestamp", KB_OPTIONAL, get_last, "Time of its latest event."},
    {"complete", "bool", KB_ALWAYS, get_complete, "It was read to its end."},
    {"ordered", "bool", KB_ALWAYS, get_ordered,
     "No event was more than a minute older than one before it."},
    {"error", "string", KB_ALWAYS, get_error, "Why it was not read to its end; empty otherwise."},
};

const struct kb_table kb_table_audit_source = {
    .name = "audit.source",
    .doc = "One row an input: what was read of it.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct kb_audit_source *row = data;
    *out = (struct kb_row_info){
        .object = kb_arena_printf(arena, "Input/%.*s", KB_FMT(row->source)),
        .evidence = {.source = row->source,
                     .locator = kb_arena_printf(arena, "%llu bytes",
                                                (unsigned long long)row->bytes)},
        .time_ns = row->first,
        .order = row->source,
    };
}

struct kb_row kb_audit_source_row(const struct kb_audit_source *source)
{
    static const struct kb_row_ops ops = {get, info};
    return (struct kb_row){&kb_table_audit_source, &ops, source};
}
