/* The table, and the memory of its current row. */
#include "facts/audit_event.h"

#include "facts/audit_event_get.h"
#include "facts/audit_event_info.h"
#include "facts/audit_seen.h"

#define COLUMN(sym, id, label, cel_type, when, text)                                               \
    [KB_COL_##sym] = {.name = (label),                                                             \
                      .type = (cel_type),                                                          \
                      .presence = (when),                                                          \
                      .get = kb_audit_get_##id,                                                    \
                      .doc = (text)},
static const struct kb_column columns[KB_AUDIT_COLUMN_COUNT] = {KB_AUDIT_COLUMNS(COLUMN)};
#undef COLUMN

const struct kb_table kb_table_audit_event = {
    .name = "audit.event",
    .doc = "One row per request to the API server, from its audit log; the stages of a request are "
           "one row.",
    .columns = columns,
    .n = KB_AUDIT_COLUMN_COUNT,
    .index_column = "resource",
};

enum { WORDS = (KB_AUDIT_COLUMN_COUNT + 63) / 64 };

struct kb_audit_cache {
    struct kb_arena arena; /* texts and lists of the columns */
    uint64_t made[WORDS];
    struct kb_audit_shared shared;
    struct kb_audit_seen seen;   /* of the rows before */
    struct kb_audit_past before; /* of the row's object */
    struct kb_cel_val values[KB_AUDIT_COLUMN_COUNT];
};

struct kb_audit_cache *kb_audit_cache_new(void)
{
    return kb_alloc(sizeof(struct kb_audit_cache));
}

void kb_audit_cache_free(struct kb_audit_cache *cache)
{
    if (cache != NULL) {
        kb_audit_seen_done(&cache->seen);
        kb_arena_done(&cache->arena);
        kb_free(cache);
    }
}

void kb_audit_row_init(struct kb_audit_row *row, const struct kb_event *event,
                       const struct kb_audit_origin *origin, bool conflict,
                       struct kb_audit_cache *cache)
{
    *row = (struct kb_audit_row){event, *origin, conflict, cache};
    kb_arena_reset(&cache->arena);
    memset(cache->made, 0, sizeof cache->made);
    cache->shared.has_uri = false;
    cache->shared.has_reason = false;
    cache->shared.has_body = false;
    cache->shared.has_pod = false;
    cache->before = kb_audit_seen_row(&cache->seen, row);
}

const struct kb_audit_past *kb_audit_before(const struct kb_audit_row *row)
{
    return &row->cache->before;
}

struct kb_row kb_audit_row_view(const struct kb_audit_row *row)
{
    return (struct kb_row){&kb_table_audit_event, &kb_audit_row_ops, row};
}

const struct kb_cel_val *kb_audit_value(const struct kb_audit_row *row, enum kb_audit_column column)
{
    struct kb_audit_cache *cache = row->cache;
    uint64_t bit = 1ULL << (column % 64);
    if ((cache->made[column / 64] & bit) == 0) {
        columns[column].get(row, &cache->arena, &cache->values[column]);
        cache->made[column / 64] |= bit;
    }
    return &cache->values[column];
}

bool kb_audit_text(const struct kb_audit_row *row, enum kb_audit_column column, struct kb_str *out)
{
    const struct kb_cel_val *value = kb_audit_value(row, column);
    bool known = value->kind == KB_CEL_STRING;
    *out = known ? value->s : KB_STR("");
    return known;
}

bool kb_audit_true(const struct kb_audit_row *row, enum kb_audit_column column)
{
    const struct kb_cel_val *value = kb_audit_value(row, column);
    return value->kind == KB_CEL_BOOL && value->b;
}

static void decode_uri(const struct kb_audit_row *row, struct kb_audit_shared *shared)
{
    struct kb_str uri;
    (void)kb_audit_text(row, KB_COL_URI, &uri);
    shared->uri = kb_request_uri_split(uri);
}

static void decode_reason(const struct kb_audit_row *row, struct kb_audit_shared *shared)
{
    struct kb_str reason;
    (void)kb_audit_text(row, KB_COL_REASON, &reason);
    shared->reason = (struct kb_reason){0};
    shared->reason_parsed = kb_reason_parse(reason, &row->cache->arena, &shared->reason);
}

struct kb_request_uri kb_audit_uri(const struct kb_audit_row *row)
{
    struct kb_audit_shared *shared = &row->cache->shared;
    if (!shared->has_uri) {
        decode_uri(row, shared);
        shared->has_uri = true;
    }
    return shared->uri;
}

const struct kb_reason *kb_audit_reason(const struct kb_audit_row *row)
{
    struct kb_audit_shared *shared = &row->cache->shared;
    if (!shared->has_reason) {
        decode_reason(row, shared);
        shared->has_reason = true;
    }
    return shared->reason_parsed ? &shared->reason : NULL;
}

const struct kb_body *kb_audit_body(const struct kb_audit_row *row)
{
    struct kb_audit_shared *shared = &row->cache->shared;
    struct kb_str verb;
    if (!shared->has_body) {
        bool patch = kb_audit_text(row, KB_COL_VERB, &verb) && kb_str_eq(verb, KB_STR("patch"));
        kb_body_written(row->event, patch, &row->cache->arena, &shared->body);
        shared->has_body = true;
    }
    return &shared->body;
}

const struct kb_pod_seen *kb_audit_pod(const struct kb_audit_row *row, const char *path)
{
    struct kb_audit_shared *shared = &row->cache->shared;
    if (!shared->has_pod) {
        const struct kb_body *body = kb_audit_body(row);
        shared->pod = (struct kb_pod_seen){.whole = body->whole};
        for (size_t i = 0; i < body->n; i++) {
            kb_pod_read(&body->docs[i], path, !body->whole, &row->cache->arena, &shared->pod);
        }
        shared->has_pod = true;
    }
    return &shared->pod;
}

static void get(const void *data, unsigned column, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    *out = *kb_audit_value(data, (enum kb_audit_column)column);
}

const struct kb_row_ops kb_audit_row_ops = {get, kb_audit_row_info};
