/* From coverage to rows. */
#include "run/tables.h"

#include "facts/audit_event.h"
#include "facts/audit_gap.h"
#include "facts/audit_level.h"
#include "facts/audit_source.h"
#include "facts/audit_stream.h"
#include "facts/authenticator_event.h"
#include "run/cover.h"

static uint64_t peers_of(const struct kb_cover *cover, const struct kb_stream_seen *seen)
{
    uint64_t n = 0;
    for (size_t i = 0; i < cover->stream_count; i++) {
        const struct kb_stream_seen *other = &cover->streams[i];
        bool timed = seen->first_ns != KB_NO_TIME && other->first_ns != KB_NO_TIME;
        n += other != seen && timed && other->first_ns <= seen->last_ns &&
             other->last_ns >= seen->first_ns;
    }
    return n;
}

static void judge_streams(struct kb_engine *engine, const struct kb_cover *cover,
                          const struct kb_intake *intake, bool partial, int64_t now_ns)
{
    for (size_t i = 0; i < cover->stream_count; i++) {
        const struct kb_stream_seen *seen = &cover->streams[i];
        struct kb_audit_stream stream = {
            .stream = seen->name,
            .first = seen->first_ns,
            .last = seen->last_ns,
            .age = seen->last_ns == KB_NO_TIME ? KB_NO_TIME : now_ns - seen->last_ns,
            .lag_p99 = kb_cover_lag_p99(seen),
            .lag_max = seen->lag_max_ns,
            .longest_silence = seen->events < 2 ? KB_NO_TIME : seen->silence_ns,
            .events = seen->events,
            .requests = seen->count[KB_COUNT_REQUESTS],
            .truncated = seen->count[KB_COUNT_TRUNCATED],
            .malformed = seen->count[KB_COUNT_MALFORMED],
            .duplicates = seen->count[KB_COUNT_DUPLICATES],
            .conflicts = seen->count[KB_COUNT_CONFLICTS],
            .orphans = kb_intake_orphans(intake, (unsigned)i),
            .forgetful = kb_intake_forgotten(intake) > 0,
            .peers = peers_of(cover, seen),
            .partial = partial,
            .heartbeats = seen->heartbeats,
        };
        struct kb_row row = kb_audit_stream_row(&stream);
        kb_engine_row(engine, &row);
    }
    kb_engine_table_complete(engine, &kb_table_audit_stream);
    if (cover->streams_full) {
        kb_engine_table_incomplete(engine, &kb_table_audit_stream,
                                   KB_STR("more streams than can be told apart"));
    }
}

static void judge_gaps(struct kb_engine *engine, const struct kb_cover *cover)
{
    for (size_t i = 0; i < cover->gap_count; i++) {
        const struct kb_gap_seen *seen = &cover->gaps[i];
        struct kb_audit_gap gap = {
            .stream = seen->stream,
            .kind = seen->between_streams ? KB_STR("between-streams") : KB_STR("no-heartbeat"),
            .from = seen->from_ns,
            .to = seen->to_ns,
            .length = seen->to_ns - seen->from_ns,
        };
        struct kb_row row = kb_audit_gap_row(&gap);
        kb_engine_row(engine, &row);
    }
    kb_engine_table_complete(engine, &kb_table_audit_gap);
    if (cover->heartbeats == 0) {
        kb_engine_table_incomplete(
            engine, &kb_table_audit_gap,
            KB_STR("the log holds no lease renewals by which holes could be told"));
    }
    if (cover->gap_total > cover->gap_count) {
        kb_engine_table_incomplete(engine, &kb_table_audit_gap,
                                   KB_STR("more holes than can be listed"));
    }
}

static void judge_levels(struct kb_engine *engine, const struct kb_cover *cover)
{
    for (size_t i = 0; i < cover->level_count; i++) {
        const struct kb_level_seen *seen = &cover->levels[i];
        struct kb_audit_level level = {
            .api_group = seen->api_group,
            .resource = seen->resource,
            .subresource = seen->subresource,
            .verb = seen->verb,
            .lowest = kb_str_c(kb_level_name(seen->lowest)),
            .highest = kb_str_c(kb_level_name(seen->highest)),
            .events = seen->events,
        };
        struct kb_row row = kb_audit_level_row(&level);
        kb_engine_row(engine, &row);
    }
    kb_engine_table_complete(engine, &kb_table_audit_level);
    if (cover->levels_full) {
        kb_engine_table_incomplete(engine, &kb_table_audit_level,
                                   KB_STR("more kinds of requests than can be told apart"));
    }
}

static void judge_sources(struct kb_engine *engine, const struct kb_reading *reading)
{
    for (size_t i = 0; i < kb_log_input_count(reading->log); i++) {
        const struct kb_log_stats *stats = kb_log_stats(reading->log, i);
        char error[KB_ERR_MSG_MAX + KB_ERR_FILE_MAX + 32] = "";
        if (!stats->complete) {
            kb_err_format(&stats->error, error, sizeof error);
        }
        struct kb_audit_source source = {
            .source = stats->name,
            .sha256 = kb_str_c(stats->sha256),
            .kind = kb_str_c(stats->kind),
            .error = kb_str_c(error),
            .bytes = stats->stored,
            .plain_bytes = stats->plain,
            .records = stats->records,
            .events = stats->events,
            .bad = stats->bad,
            .truncated = stats->truncated,
            .other = stats->other,
            .first = stats->first_ns,
            .last = stats->last_ns,
            .complete = stats->complete,
            .ordered = stats->ordered,
        };
        struct kb_row row = kb_audit_source_row(&source);
        kb_engine_row(engine, &row);
    }
    kb_engine_table_complete(engine, &kb_table_audit_source);
}

static uint64_t event_count(const struct kb_reading *reading)
{
    uint64_t events = 0;
    for (size_t i = 0; i < kb_log_input_count(reading->log); i++) {
        events += kb_log_stats(reading->log, i)->events;
    }
    return events;
}

static void incomplete(struct kb_engine *engine, const struct kb_table *table, struct kb_str reason)
{
    if (reason.n > 0) {
        kb_engine_table_incomplete(engine, table, reason);
    }
}

/* Nobody asks for an authenticator's log: without one its controls have nothing to speak about. */
static void tell_authenticator(struct kb_engine *engine, const struct kb_reading *reading,
                               struct kb_str missing)
{
    if (reading->lines == 0 && !(reading->fed && missing.n > 0)) {
        kb_engine_table_absent(engine, &kb_table_authenticator_event,
                               KB_STR("no authenticator log among the inputs"));
        return;
    }
    kb_engine_table_complete(engine, &kb_table_authenticator_event);
    incomplete(engine, &kb_table_authenticator_event, missing);
}

static const struct kb_table *const log_tables[] = {&kb_table_audit_event, &kb_table_audit_stream,
                                                    &kb_table_audit_gap, &kb_table_audit_level};

/* What was not read may have held anything: no table of the log is whole then. */
static void tell_missing(struct kb_engine *engine, const struct kb_reading *reading)
{
    struct kb_arena arena = {0};
    struct kb_str missing = kb_cover_missing(reading, &arena);
    struct kb_str none = event_count(reading) > 0
                             ? KB_STR("")
                             : KB_STR("no audit event was found in what was read");
    for (size_t i = 0; i < sizeof log_tables / sizeof log_tables[0]; i++) {
        incomplete(engine, log_tables[i], none.n > 0 ? none : missing);
    }
    incomplete(engine, &kb_table_audit_gap, kb_cover_disorder(reading, &arena));
    tell_authenticator(engine, reading, missing);
    kb_arena_done(&arena);
}

void kb_tables_judge(struct kb_engine *engine, const struct kb_reading *reading, int64_t now_ns)
{
    struct kb_arena arena = {0};
    bool partial = reading->cover.streams_full || kb_cover_missing(reading, &arena).n > 0;
    kb_arena_done(&arena);
    judge_streams(engine, &reading->cover, reading->intake, partial, now_ns);
    judge_gaps(engine, &reading->cover);
    judge_levels(engine, &reading->cover);
    judge_sources(engine, reading);
    kb_engine_table_complete(engine, &kb_table_audit_event);
    tell_missing(engine, reading);
}

void kb_tables_unread(struct kb_engine *engine)
{
    struct kb_str why = KB_STR("no audit log was read: name one with --logs");
    for (size_t i = 0; i < sizeof log_tables / sizeof log_tables[0]; i++) {
        kb_engine_table_incomplete(engine, log_tables[i], why);
    }
    kb_engine_table_incomplete(engine, &kb_table_audit_source, why);
    kb_engine_table_absent(engine, &kb_table_authenticator_event,
                           KB_STR("no authenticator log among the inputs"));
}
