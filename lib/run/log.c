/*
 * The merge of several log inputs by event time. Knows nothing of requests, stages or copies: that is
 * audit/join.
 */
#include "run/log.h"

#include <stdlib.h>

struct cursor {
    unsigned input;
    struct kb_input *file;
    struct kb_records *records;
    struct kb_record record; /* the one to be given next */
    struct kb_event event;
    bool has_event;
    int64_t time_ns; /* of the record, or of the last one that had a time */
};

struct waiting {
    unsigned input;
    int64_t first_ns; /* KB_LOG_NO_TIME: not known, open at once */
};

struct kb_log {
    struct kb_arena arena;
    struct kb_inputs inputs;
    struct kb_log_stats *stats;
    bool sha256;
    struct waiting *waiting; /* by first time, then number */
    size_t waiting_next, waiting_n;
    struct cursor *open[KB_LOG_OPEN];
    size_t open_n;
    struct cursor *given; /* whose record the caller has */
    uint64_t bytes_done;  /* of inputs that are closed */
    size_t opened;        /* inputs that could be opened */
};

static struct cursor *cursor_open(struct kb_log *log, unsigned input, struct kb_err *err)
{
    const struct kb_input_entry *entry = &log->inputs.at[input];
    struct kb_input *file = NULL;
    if (kb_failed(kb_input_open(entry, log->sha256, &file, err))) {
        return NULL;
    }
    struct cursor *cursor = kb_alloc(sizeof *cursor);
    cursor->input = input;
    cursor->file = file;
    cursor->records = kb_records_open(kb_input_bytes(file), entry->name.p);
    cursor->time_ns = KB_LOG_NO_TIME;
    log->opened++;
    return cursor;
}

static void cursor_free(struct cursor *cursor)
{
    if (cursor != NULL) {
        kb_records_free(cursor->records);
        kb_input_close(cursor->file);
        kb_free(cursor);
    }
}

static int64_t time_of(const struct cursor *cursor)
{
    static const enum kb_member members[] = {KB_M_STAGE_TIME, KB_M_RECEIVED_TIME};
    for (size_t i = 0; cursor->has_event && i < 2; i++) {
        int64_t at_ns = kb_event_time(&cursor->event, members[i]);
        if (at_ns != KB_EVENT_NO_TIME) {
            return at_ns;
        }
    }
    int64_t delivered_ns = kb_record_ns(cursor->record.timestamp_ms);
    return delivered_ns != KB_LOG_NO_TIME ? delivered_ns : cursor->time_ns;
}

static void note_bad(struct kb_log_stats *stats, const struct kb_record *record)
{
    stats->bad++;
    if (stats->places < KB_LOG_PLACES) {
        stats->place[stats->places++] =
            (struct kb_bad_place){record->line, record->offset, record->reason};
    }
}

static void note_time(struct kb_log_stats *stats, const struct cursor *cursor, int64_t at_ns)
{
    if (stats->first_ns == KB_LOG_NO_TIME || at_ns < stats->first_ns) {
        stats->first_ns = at_ns;
    }
    if (stats->last_ns != KB_LOG_NO_TIME && stats->last_ns - at_ns > KB_LOG_SLACK_NS) {
        if (stats->ordered) {
            stats->disorder_line = cursor->record.line;
        }
        stats->ordered = false;
        if (stats->last_ns - at_ns > stats->disorder_ns) {
            stats->disorder_ns = stats->last_ns - at_ns;
        }
    }
    if (stats->last_ns == KB_LOG_NO_TIME || at_ns > stats->last_ns) {
        stats->last_ns = at_ns;
    }
}

static void note_record(struct kb_log_stats *stats, struct cursor *cursor)
{
    struct kb_record *record = &cursor->record;
    stats->records++;
    switch (record->kind) {
    case KB_RECORD_EVENT:
        stats->events++;
        stats->truncated += record->truncated;
        cursor->time_ns = time_of(cursor);
        if (cursor->time_ns != KB_LOG_NO_TIME) {
            note_time(stats, cursor, cursor->time_ns);
        }
        break;
    case KB_RECORD_AUTHENTICATOR:
        stats->authenticator++;
        break;
    case KB_RECORD_OTHER:
        stats->other++;
        stats->other_reason = stats->other_reason == NULL ? record->reason : stats->other_reason;
        break;
    case KB_RECORD_BAD:
        note_bad(stats, record);
        break;
    case KB_RECORD_END:
        break;
    }
}

/* Take the next record of the file; an event that cannot be decoded becomes a bad record. */
static KB_RES cursor_next(struct cursor *cursor, struct kb_err *err)
{
    struct kb_record *record = &cursor->record;
    KB_TRY(kb_records_next(cursor->records, record, err));
    cursor->has_event = false;
    if (record->kind != KB_RECORD_EVENT) {
        return KB_SUCCESS;
    }
    if (kb_failed(kb_event_parse(record->text, record->truncated, &cursor->event, NULL))) {
        record->kind = KB_RECORD_BAD;
        record->reason = "not a well-formed JSON event";
        record->text = kb_str_sub(record->text, 0, KB_RECORD_SHOWN);
        return KB_SUCCESS;
    }
    record->truncated = record->truncated || cursor->event.truncated;
    cursor->has_event = true;
    return KB_SUCCESS;
}

static void finish_stats(struct kb_log *log, struct cursor *cursor, bool at_end)
{
    struct kb_log_stats *stats = &log->stats[cursor->input];
    struct kb_err err = {0};
    bool hashed = log->sha256 && at_end && !kb_failed(kb_input_finish(cursor->file, &err));
    struct kb_input_stats read = kb_input_stats(cursor->file);
    stats->stored = read.stored;
    stats->plain = read.plain;
    stats->kind = read.kind;
    if (hashed && read.has_sha256) {
        memcpy(stats->sha256, read.sha256, sizeof stats->sha256);
    }
    log->bytes_done += read.stored;
}

static void close_cursor(struct kb_log *log, size_t at, bool at_end)
{
    finish_stats(log, log->open[at], at_end);
    cursor_free(log->open[at]);
    log->open[at] = log->open[--log->open_n];
}

/* Move an open cursor to its next record, and close it at the end or at an error. */
static void advance(struct kb_log *log, size_t at)
{
    struct cursor *cursor = log->open[at];
    struct kb_log_stats *stats = &log->stats[cursor->input];
    struct kb_err err = {0};
    if (kb_failed(cursor_next(cursor, &err))) {
        stats->error = err;
        close_cursor(log, at, false);
        return;
    }
    if (cursor->record.kind == KB_RECORD_END) {
        stats->complete = true;
        close_cursor(log, at, true);
        return;
    }
    note_record(stats, cursor);
}

static void open_waiting(struct kb_log *log)
{
    const struct waiting *next = &log->waiting[log->waiting_next++];
    struct kb_log_stats *stats = &log->stats[next->input];
    struct cursor *cursor = cursor_open(log, next->input, &stats->error);
    if (cursor != NULL) {
        log->open[log->open_n++] = cursor;
        advance(log, log->open_n - 1);
    }
}

static size_t earliest(const struct kb_log *log)
{
    size_t best = 0;
    for (size_t i = 1; i < log->open_n; i++) {
        const struct cursor *a = log->open[i];
        const struct cursor *b = log->open[best];
        if (a->time_ns < b->time_ns || (a->time_ns == b->time_ns && a->input < b->input)) {
            best = i;
        }
    }
    return best;
}

/* Open every input whose first event is not later than what would be given next. */
static void open_due(struct kb_log *log)
{
    while (log->waiting_next < log->waiting_n) {
        const struct waiting *next = &log->waiting[log->waiting_next];
        if (log->open_n > 0 && next->first_ns > log->open[earliest(log)]->time_ns) {
            return;
        }
        if (log->open_n == KB_LOG_OPEN) {
            log->stats[next->input].late = true;
            return;
        }
        open_waiting(log);
    }
}

static void step_given(struct kb_log *log)
{
    for (size_t i = 0; log->given != NULL && i < log->open_n; i++) {
        if (log->open[i] == log->given) {
            advance(log, i);
            break;
        }
    }
    log->given = NULL;
}

void kb_log_next(struct kb_log *log, struct kb_log_item *out)
{
    static const struct kb_record end = {.kind = KB_RECORD_END};
    step_given(log);
    open_due(log);
    if (log->open_n == 0) {
        *out = (struct kb_log_item){.record = &end, .time_ns = KB_LOG_NO_TIME};
        return;
    }
    struct cursor *cursor = log->open[log->open_n == 1 ? 0 : earliest(log)];
    log->given = cursor;
    *out = (struct kb_log_item){
        .record = &cursor->record,
        .event = cursor->has_event ? &cursor->event : NULL,
        .time_ns = cursor->time_ns,
        .input = cursor->input,
        .sequence = log->stats[cursor->input].records,
    };
}

/* Opening ---------------------------------------------------------------------------------- */

enum { PEEK_RECORDS = 64 };

/* Time of the first event near the beginning of an input. */
static bool peek(struct kb_log *log, unsigned input, int64_t *first_ns, struct kb_err *err)
{
    bool sha256 = log->sha256;
    log->sha256 = false;
    struct cursor *cursor = cursor_open(log, input, err);
    log->sha256 = sha256;
    *first_ns = KB_LOG_NO_TIME;
    if (cursor == NULL) {
        return false;
    }
    for (int i = 0; i < PEEK_RECORDS && *first_ns == KB_LOG_NO_TIME; i++) {
        if (kb_failed(cursor_next(cursor, NULL)) || cursor->record.kind == KB_RECORD_END) {
            break;
        }
        *first_ns = time_of(cursor);
    }
    cursor_free(cursor);
    return true;
}

static int by_first(const void *a, const void *b)
{
    const struct waiting *x = a;
    const struct waiting *y = b;
    if (x->first_ns != y->first_ns) {
        return x->first_ns < y->first_ns ? -1 : 1;
    }
    return x->input < y->input ? -1 : x->input > y->input;
}

/* Disorder inside a file may put its very first event a little late: inputs are opened that much early. */
static void plan_order(struct kb_log *log)
{
    log->waiting = KB_NEW_ARRAY(&log->arena, log->inputs.n, struct waiting);
    for (size_t i = 0; i < log->inputs.n; i++) {
        struct waiting *at = &log->waiting[log->waiting_n];
        const struct kb_feed *feed = log->inputs.at[i].feed;
        bool is_stdin = kb_str_eq(log->inputs.at[i].path, KB_STR("-"));
        *at = (struct waiting){(unsigned)i, feed != NULL ? feed->first_ns : KB_LOG_NO_TIME};
        if (feed != NULL) {
            log->waiting_n++; /* looking would ask for all of it again */
        } else if (is_stdin || log->inputs.n == 1 ||
            peek(log, (unsigned)i, &at->first_ns, &log->stats[i].error)) {
            at->first_ns -= at->first_ns == KB_LOG_NO_TIME ? 0 : KB_LOG_SLACK_NS;
            log->waiting_n++;
        }
    }
    qsort(log->waiting, log->waiting_n, sizeof *log->waiting, by_first);
}

static void init_stats(struct kb_log *log)
{
    log->stats = KB_NEW_ARRAY(&log->arena, log->inputs.n, struct kb_log_stats);
    for (size_t i = 0; i < log->inputs.n; i++) {
        struct kb_log_stats *stats = &log->stats[i];
        stats->name = log->inputs.at[i].name;
        stats->feed = log->inputs.at[i].feed;
        stats->kind = "plain";
        stats->first_ns = KB_LOG_NO_TIME;
        stats->last_ns = KB_LOG_NO_TIME;
        stats->ordered = true;
    }
}

/* Files first, then feeds. */
static void add_feeds(struct kb_log *log, const struct kb_log_options *options)
{
    size_t n = log->inputs.n;
    struct kb_input_entry *all =
        KB_NEW_ARRAY(&log->arena, n + options->feed_count, struct kb_input_entry);
    for (size_t i = 0; i < n; i++) {
        all[i] = log->inputs.at[i];
    }
    for (size_t i = 0; i < options->feed_count; i++) {
        all[n + i] = options->feeds[i];
    }
    log->inputs.at = all;
    log->inputs.n = n + options->feed_count;
}

static KB_RES find_inputs(struct kb_log *log, const struct kb_log_options *options,
                          struct kb_err *err)
{
    const char **paths = KB_NEW_ARRAY(&log->arena, options->path_count, const char *);
    for (size_t i = 0; i < options->path_count; i++) {
        paths[i] = kb_arena_copy(&log->arena, options->paths[i]).p;
    }
    KB_TRY(kb_inputs_find(&log->arena, paths, options->path_count, &log->inputs, err));
    add_feeds(log, options);
    return KB_SUCCESS;
}

KB_RES kb_log_open(const struct kb_log_options *options, struct kb_log **out, struct kb_err *err)
{
    struct kb_log *log = kb_alloc(sizeof *log);
    log->sha256 = options->sha256;
    kb_res res = find_inputs(log, options, err);
    if (kb_failed(res)) {
        kb_log_close(log);
        return res;
    }
    init_stats(log);
    plan_order(log);
    open_due(log);
    if (log->opened == 0) {
        res = log->stats[0].error.code == KB_OK
                  ? kb_fail(err, KB_ERR_IO, "no input could be opened")
                  : kb_fail(err, log->stats[0].error.code, "%s", log->stats[0].error.msg);
        kb_log_close(log);
        return res;
    }
    *out = log;
    return KB_SUCCESS;
}

void kb_log_close(struct kb_log *log)
{
    if (log == NULL) {
        return;
    }
    for (size_t i = 0; i < log->open_n; i++) {
        cursor_free(log->open[i]);
    }
    kb_arena_done(&log->arena);
    kb_free(log);
}

size_t kb_log_input_count(const struct kb_log *log)
{
    return log->inputs.n;
}

const struct kb_log_stats *kb_log_stats(const struct kb_log *log, size_t input)
{
    return &log->stats[input];
}

uint64_t kb_log_bytes_done(const struct kb_log *log)
{
    uint64_t done = log->bytes_done;
    for (size_t i = 0; i < log->open_n; i++) {
        done += kb_input_stats(log->open[i]->file).stored;
    }
    return done;
}

uint64_t kb_log_bytes_total(const struct kb_log *log)
{
    for (size_t i = 0; i < log->inputs.n; i++) {
        if (log->inputs.at[i].feed != NULL || kb_str_eq(log->inputs.at[i].path, KB_STR("-"))) {
            return 0;
        }
    }
    return log->inputs.size;
}
