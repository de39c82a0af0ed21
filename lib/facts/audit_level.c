/* Table audit.level. */
#include "facts/audit_level.h"

#include "facts/getters.h"

KB_GET(STR, kb_audit_level, api_group)
KB_GET(STR, kb_audit_level, resource)
KB_GET(STR, kb_audit_level, subresource)
KB_GET(STR, kb_audit_level, verb)
KB_GET(STR, kb_audit_level, lowest)
KB_GET(STR, kb_audit_level, highest)
KB_GET(INT, kb_audit_level, events)

static const struct kb_column columns[] = {
    {"api_group", "string", KB_ALWAYS, get_api_group, "API group; empty for the core group."},
    {"resource", "string", KB_ALWAYS, get_resource, "Resource; empty for other paths."},
    {"subresource", "string", KB_ALWAYS, get_subresource, "Subresource, or empty."},
    {"verb", "string", KB_ALWAYS, get_verb, "Verb of the request."},
    {"lowest", "string", KB_ALWAYS, get_lowest,
     "The least level seen: \"Metadata\", \"Request\" or \"RequestResponse\"."},
    {"highest", "string", KB_ALWAYS, get_highest, "The most level seen."},
    {"events", "int", KB_ALWAYS, get_events, "Events of this kind."},
};

const struct kb_table kb_table_audit_level = {
    .name = "audit.level",
    .doc = "One row a kind of request (group, resource, subresource, verb): the audit level at which it "
           "was really logged.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
    .index_column = "resource",
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct kb_audit_level *row = data;
    struct kb_str kind = kb_arena_printf(
        arena, "%.*s%s%.*s%s%.*s", KB_FMT(row->resource), row->api_group.n > 0 ? "." : "",
        KB_FMT(row->api_group), row->subresource.n > 0 ? "/" : "", KB_FMT(row->subresource));
    *out = (struct kb_row_info){
        .object = kb_arena_printf(arena, "Requests/%.*s %.*s", KB_FMT(row->verb), KB_FMT(kind)),
        .evidence = {.source = KB_STR("all inputs"),
                     .locator = kb_arena_printf(arena, "%llu events",
                                                (unsigned long long)row->events)},
        .time_ns = KB_ROW_NO_TIME,
    };
    out->order = out->object;
}

struct kb_row kb_audit_level_row(const struct kb_audit_level *level)
{
    static const struct kb_row_ops ops = {get, info};
    return (struct kb_row){&kb_table_audit_level, &ops, level};
}
