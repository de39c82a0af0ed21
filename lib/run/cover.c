/* The coverage statement. */
#include "run/cover.h"

#include <stdlib.h>

enum { MAX_NOTES = 8 };

struct notes {
    struct kb_str at[MAX_NOTES];
    size_t n;
};

static void add_note(struct notes *notes, struct kb_str text)
{
    if (notes->n < MAX_NOTES) {
        notes->at[notes->n++] = text;
    }
}

static struct kb_str error_text(struct kb_arena *arena, const struct kb_err *error)
{
    char text[KB_ERR_MSG_MAX + KB_ERR_FILE_MAX + 32];
    kb_err_format(error, text, sizeof text);
    return kb_arena_copy(arena, kb_str_c(text));
}

static struct kb_str bad_text(struct kb_arena *arena, const struct kb_log_stats *stats)
{
    struct kb_buf text;
    kb_buf_init(&text, 4096);
    kb_buf_printf(&text, "%llu record%s could not be read:", (unsigned long long)stats->bad,
                  stats->bad == 1 ? "" : "s");
    for (size_t i = 0; i < stats->places; i++) {
        const struct kb_bad_place *place = &stats->place[i];
        kb_buf_printf(&text, "%s line %llu (byte %llu): %s", i == 0 ? "" : ";",
                      (unsigned long long)place->line, (unsigned long long)place->offset,
                      place->reason);
    }
    if (stats->bad > stats->places) {
        kb_buf_c(&text, "; …");
    }
    struct kb_str kept = kb_arena_copy(arena, kb_buf_view(&text));
    kb_buf_done(&text);
    return kept;
}

static struct kb_str disorder_text(struct kb_arena *arena, const struct kb_log_stats *stats)
{
    return kb_arena_printf(arena,
                           "not in order of time (first at line %llu, by up to %lld s): copies and "
                           "counts in time windows may not be exact",
                           (unsigned long long)stats->disorder_line,
                           (long long)(stats->disorder_ns / 1000000000));
}

static void note_input(struct kb_arena *arena, const struct kb_log_stats *stats,
                       struct notes *notes)
{
    if (!stats->complete && stats->error.code != KB_OK) {
        add_note(notes, error_text(arena, &stats->error));
    }
    if (stats->bad > 0) {
        add_note(notes, bad_text(arena, stats));
    }
    if (stats->truncated > 0) {
        add_note(notes, kb_arena_printf(arena,
                                        "%llu event%s cut: judged from what is left of %s",
                                        (unsigned long long)stats->truncated,
                                        stats->truncated == 1 ? " is" : "s are",
                                        stats->truncated == 1 ? "it" : "them"));
    }
    if (!stats->ordered) {
        add_note(notes, disorder_text(arena, stats));
    }
    if (stats->late) {
        add_note(notes, KB_STR("too many inputs overlap in time to be read together: copies and "
                               "counts in time windows may not be exact"));
    }
    if (stats->events == 0 && stats->authenticator == 0 && stats->feed == NULL) {
        add_note(notes, stats->other_reason == NULL
                            ? KB_STR("no audit event in it")
                            : kb_arena_printf(arena, "no audit event in it; found instead: %s",
                                              stats->other_reason));
    }
}

static const char *kind_of(const struct kb_log_stats *stats)
{
    if (stats->events > 0) {
        return "audit";
    }
    return stats->authenticator > 0 ? "authenticator" : stats->other > 0 ? "other" : "nothing";
}

/* What a feed knows beyond what came of it. */
static void add_feed(const struct kb_log_stats *stats, struct kb_arena *arena,
                     struct kb_coverage *entry)
{
    struct kb_feed_report report = {0};
    if (stats->feed == NULL) {
        return;
    }
    stats->feed->tell(stats->feed->ctx, &report);
    entry->pages = report.pages;
    entry->duplicates += report.doubled;
    entry->late = report.late;
    entry->waited_ms = report.waited_ms;
    entry->first_request = kb_arena_copy(arena, report.first_request);
    entry->last_request = kb_arena_copy(arena, report.last_request);
}

static struct kb_coverage input_entry(const struct kb_reading *reading, size_t i,
                                      struct kb_arena *arena)
{
    const struct kb_log_stats *stats = kb_log_stats(reading->log, i);
    struct kb_intake_counts counts = kb_intake_counts(reading->intake, (unsigned)i);
    struct notes notes = {.n = 0};
    note_input(arena, stats, &notes);
    struct kb_str *errors = KB_NEW_ARRAY(arena, notes.n, struct kb_str);
    for (size_t k = 0; k < notes.n; k++) {
        errors[k] = notes.at[k];
    }
    struct kb_coverage entry = {
        .source = kb_arena_copy(arena, stats->name),
        .what = kb_str_c(kind_of(stats)),
        .complete = stats->complete && stats->bad == 0,
        .items = stats->events + stats->authenticator,
        .bytes = stats->plain,
        .truncated = stats->truncated,
        .malformed = stats->bad,
        .duplicates = counts.duplicates,
        .conflicts = counts.conflicts,
        .first_ns = stats->first_ns,
        .last_ns = stats->last_ns,
        .errors = errors,
        .error_count = notes.n,
    };
    add_feed(stats, arena, &entry);
    return entry;
}

static struct kb_gap *gaps_of(const struct kb_cover *cover, struct kb_arena *arena)
{
    struct kb_gap *gaps = KB_NEW_ARRAY(arena, cover->gap_count, struct kb_gap);
    for (size_t i = 0; i < cover->gap_count; i++) {
        const struct kb_gap_seen *seen = &cover->gaps[i];
        gaps[i] = (struct kb_gap){
            .what = seen->between_streams ? KB_STR("between streams") : KB_STR("no heartbeat"),
            .from_ns = seen->from_ns,
            .to_ns = seen->to_ns,
        };
    }
    return gaps;
}

static struct kb_coverage heartbeat_entry(const struct kb_reading *reading, struct kb_arena *arena)
{
    const struct kb_cover *cover = &reading->cover;
    struct kb_coverage entry = {
        .source = KB_STR("all inputs"),
        .what = KB_STR("heartbeat"),
        .complete = cover->heartbeats > 0 && cover->gap_total == 0,
        .items = cover->heartbeats,
        .first_ns = cover->first_ns,
        .last_ns = cover->last_ns,
        .gaps = gaps_of(cover, arena),
        .gap_count = cover->gap_count,
    };
    if (cover->heartbeats == 0) {
        struct kb_str *note = KB_NEW(arena, struct kb_str);
        *note = KB_STR("no lease renewals in this log: whether a part of it is missing cannot be told");
        entry.errors = note;
        entry.error_count = 1;
    }
    return entry;
}

const struct kb_coverage *kb_cover_inputs(const struct kb_reading *reading, struct kb_arena *arena,
                                          size_t *n)
{
    size_t inputs = kb_log_input_count(reading->log);
    struct kb_coverage *entries = KB_NEW_ARRAY(arena, inputs + 1, struct kb_coverage);
    uint64_t events = 0;
    for (size_t i = 0; i < inputs; i++) {
        entries[i] = input_entry(reading, i, arena);
        events += kb_log_stats(reading->log, i)->events;
    }
    *n = inputs;
    if (events > 0) {
        entries[(*n)++] = heartbeat_entry(reading, arena);
    }
    return entries;
}

static int by_source(const void *a, const void *b)
{
    const struct kb_coverage *x = a;
    const struct kb_coverage *y = b;
    return kb_str_cmp(x->source, y->source);
}

/* Windows that were read of log groups. */
static size_t add_windows(const struct kb_reading *reading, struct kb_arena *arena,
                          struct kb_coverage *entries)
{
    size_t n = 0;
    for (size_t i = 0; i < kb_log_input_count(reading->log); i++) {
        if (kb_log_stats(reading->log, i)->feed != NULL) {
            entries[n++] = input_entry(reading, i, arena);
        }
    }
    return n;
}

const struct kb_coverage *kb_cover_streams(const struct kb_reading *reading, struct kb_arena *arena,
                                           size_t *n)
{
    const struct kb_cover *cover = &reading->cover;
    size_t most = kb_log_input_count(reading->log) + cover->stream_count + 1;
    struct kb_coverage *all = KB_NEW_ARRAY(arena, most, struct kb_coverage);
    size_t windows = add_windows(reading, arena, all);
    struct kb_coverage *entries = all + windows;
    for (size_t i = 0; i < cover->stream_count; i++) {
        const struct kb_stream_seen *seen = &cover->streams[i];
        entries[i] = (struct kb_coverage){
            .source = kb_arena_copy(arena, seen->name),
            .what = KB_STR("audit"),
            .complete = seen->count[KB_COUNT_MALFORMED] == 0 && !reading->stopped,
            .again = windows > 0,
            .items = seen->events,
            .truncated = seen->count[KB_COUNT_TRUNCATED],
            .malformed = seen->count[KB_COUNT_MALFORMED],
            .duplicates = seen->count[KB_COUNT_DUPLICATES],
            .conflicts = seen->count[KB_COUNT_CONFLICTS],
            .first_ns = seen->first_ns,
            .last_ns = seen->last_ns,
            .has_lag = seen->lag_max_ns != KB_NO_TIME,
            .lag_p99_ns = kb_cover_lag_p99(seen),
            .lag_max_ns = seen->lag_max_ns,
        };
    }
    *n = cover->stream_count;
    if (*n > 0) {
        qsort(entries, *n, sizeof *entries, by_source);
        entries[(*n)++] = heartbeat_entry(reading, arena);
    }
    *n += windows;
    return all;
}

struct kb_str kb_cover_missing(const struct kb_reading *reading, struct kb_arena *arena)
{
    uint64_t bad = 0;
    uint64_t cut = 0;
    struct kb_str first = KB_STR("");
    for (size_t i = 0; i < kb_log_input_count(reading->log); i++) {
        const struct kb_log_stats *stats = kb_log_stats(reading->log, i);
        bad += stats->bad;
        cut += !stats->complete;
        if (first.n == 0 && (stats->bad > 0 || !stats->complete)) {
            first = stats->name;
        }
    }
    if (bad == 0 && cut == 0) {
        return KB_STR("");
    }
    return kb_arena_printf(arena,
                           "not all of the log could be read (bad records: %llu, inputs not read "
                           "to their end: %llu; first: %.*s)",
                           (unsigned long long)bad, (unsigned long long)cut, KB_FMT(first));
}

struct kb_str kb_cover_disorder(const struct kb_reading *reading, struct kb_arena *arena)
{
    for (size_t i = 0; i < kb_log_input_count(reading->log); i++) {
        const struct kb_log_stats *stats = kb_log_stats(reading->log, i);
        if (!stats->ordered || stats->late) {
            return kb_arena_printf(arena, "%.*s is not in order of time", KB_FMT(stats->name));
        }
    }
    return KB_STR("");
}
