/* Table audit.gap. */
#include "facts/audit_gap.h"

#include "facts/getters.h"

KB_GET(STR, kb_audit_gap, stream)
KB_GET(STR, kb_audit_gap, kind)
KB_GET(TIME, kb_audit_gap, from)
KB_GET(TIME, kb_audit_gap, to)
KB_GET(DURATION, kb_audit_gap, length)

static const struct kb_column columns[] = {
    {"stream", "string", KB_ALWAYS, get_stream,
     "The stream that spoke again after the hole; empty where none did."},
    {"kind", "string", KB_ALWAYS, get_kind,
     "\"no-heartbeat\": a minute or more without a lease renewal in any stream; \"between-streams\": the "
     "stream that spoke next begins after the hole."},
    {"from", "timestamp", KB_ALWAYS, get_from, "The last renewal before the hole."},
    {"to", "timestamp", KB_ALWAYS, get_to, "The first renewal after it, or the end of the log."},
    {"length", "duration", KB_ALWAYS, get_length, "How long it is."},
};

const struct kb_table kb_table_audit_gap = {
    .name = "audit.gap",
    .doc = "One row a hole in the log: lease renewals are missing for more than a minute.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct kb_audit_gap *row = data;
    struct kb_str stream = row->stream.n > 0 ? row->stream : KB_STR("end of log");
    *out = (struct kb_row_info){
        .object = kb_arena_printf(arena, "Stream/%.*s", KB_FMT(stream)),
        .evidence = {.source = stream, .locator = KB_STR("lease renewals")},
        .time_ns = row->from,
        .order = row->stream,
    };
}

struct kb_row kb_audit_gap_row(const struct kb_audit_gap *gap)
{
    static const struct kb_row_ops ops = {get, info};
    return (struct kb_row){&kb_table_audit_gap, &ops, gap};
}
