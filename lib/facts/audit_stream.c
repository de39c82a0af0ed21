/* Table audit.stream. */
#include "facts/audit_stream.h"

#include "facts/getters.h"

KB_GET(STR, kb_audit_stream, stream)
KB_GET(TIME, kb_audit_stream, first)
KB_GET(TIME, kb_audit_stream, last)
KB_GET(DURATION, kb_audit_stream, age)
KB_GET(DURATION, kb_audit_stream, lag_p99)
KB_GET(DURATION, kb_audit_stream, lag_max)
KB_GET(DURATION, kb_audit_stream, longest_silence)
KB_GET(INT, kb_audit_stream, events)
KB_GET(INT, kb_audit_stream, requests)
KB_GET(INT, kb_audit_stream, truncated)
KB_GET(INT, kb_audit_stream, malformed)
KB_GET(INT, kb_audit_stream, duplicates)
KB_GET(INT, kb_audit_stream, conflicts)
KB_GET(INT, kb_audit_stream, heartbeats)

static void get_orphans(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct kb_audit_stream *row = data;
    *out = row->orphans > 0 || !row->forgetful ? kb_cel_int((int64_t)row->orphans)
                                               : (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
}

static void get_peers(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct kb_audit_stream *row = data;
    *out = row->peers > 0 || !row->partial ? kb_cel_int((int64_t)row->peers)
                                           : (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
}

static const struct kb_column columns[] = {
    {"stream", "string", KB_ALWAYS, get_stream,
     "Name of the log stream, or of the file where its records name no stream."},
    {"first", "timestamp", KB_OPTIONAL, get_first, "Time of its earliest event."},
    {"last", "timestamp", KB_OPTIONAL, get_last, "Time of its latest event."},
    {"age", "duration", KB_OPTIONAL, get_age,
     "From its latest event to the clock that judges (--now, or the system's)."},
    {"events", "int", KB_ALWAYS, get_events, "Records of events, without copies."},
    {"requests", "int", KB_ALWAYS, get_requests, "Requests: all stages of one count once."},
    {"truncated", "int", KB_ALWAYS, get_truncated, "Events whose text is cut."},
    {"malformed", "int", KB_ALWAYS, get_malformed, "Records that could not be read."},
    {"duplicates", "int", KB_ALWAYS, get_duplicates,
     "True copies of an event already seen, which were dropped."},
    {"conflicts", "int", KB_ALWAYS, get_conflicts,
     "Events with the auditID and stage of another one, but other content."},
    {"orphans", "int", KB_ALWAYS, get_orphans, "Requests that began and did not end in this log; unknown "
     "where none is known and so many were open at once that some were forgotten."},
    {"peers", "int", KB_ALWAYS, get_peers, "Other streams with events from its first to its last one; unknown "
     "where none is known and not all was read."},
    {"heartbeats", "int", KB_ALWAYS, get_heartbeats, "Lease renewals, the natural clock of the log."},
    {"longest_silence", "duration", KB_OPTIONAL, get_longest_silence,
     "Longest time between two of its events."},
    {"lag_p99", "duration", KB_OPTIONAL, get_lag_p99,
     "Ingestion minus stage time, of 99 events in 100 (upper bound); absent where records have no "
     "ingestion time."},
    {"lag_max", "duration", KB_OPTIONAL, get_lag_max, "The longest such lag."},
};

const struct kb_table kb_table_audit_stream = {
    .name = "audit.stream",
    .doc = "One row a stream of the audit log: what came through it.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct kb_audit_stream *row = data;
    *out = (struct kb_row_info){
        .object = kb_arena_printf(arena, "Stream/%.*s", KB_FMT(row->stream)),
        .evidence = {.source = row->stream,
                     .locator = kb_arena_printf(arena, "%llu events",
                                                (unsigned long long)row->events)},
        .time_ns = row->last,
        .order = row->stream,
    };
}

struct kb_row kb_audit_stream_row(const struct kb_audit_stream *stream)
{
    static const struct kb_row_ops ops = {get, info};
    return (struct kb_row){&kb_table_audit_stream, &ops, stream};
}
