/* Coverage of a reading. Knows no files and no clock: only what it is told. */
#include "audit/coverage.h"

#include <string.h>

const char *kb_level_name(enum kb_event_level level)
{
    static const char *const names[] = {
        [KB_EVENT_LEVEL_UNKNOWN] = "",
        [KB_EVENT_METADATA] = "Metadata",
        [KB_EVENT_REQUEST] = "Request",
        [KB_EVENT_REQUEST_RESPONSE] = "RequestResponse",
    };
    return names[level];
}

void kb_cover_init(struct kb_cover *cover)
{
    *cover = (struct kb_cover){
        .first_ns = KB_NO_TIME, .last_ns = KB_NO_TIME, .heartbeat_ns = KB_NO_TIME};
}

void kb_cover_done(struct kb_cover *cover)
{
    kb_map_done(&cover->names);
    kb_map_done(&cover->level_names);
    kb_free(cover->streams);
    kb_free(cover->levels);
    kb_free(cover->gaps);
    kb_cover_init(cover);
}

unsigned kb_cover_stream(struct kb_cover *cover, struct kb_str name)
{
    const struct kb_map_entry *known = kb_map_find(&cover->names, name);
    if (known != NULL) {
        return (unsigned)known->value.u;
    }
    if (cover->stream_count >= KB_COVERAGE_STREAMS) {
        cover->streams_full = true;
        return (unsigned)cover->stream_count - 1;
    }
    if (cover->stream_count == KB_COVERAGE_STREAMS - 1) {
        name = KB_STR("other");
    }
    struct kb_map_entry *entry = kb_map_add(&cover->names, name, NULL);
    entry->value.u = cover->stream_count;
    cover->streams = kb_vec_grow(cover->streams, &cover->stream_cap, cover->stream_count + 1,
                                 sizeof *cover->streams);
    struct kb_stream_seen *stream = &cover->streams[cover->stream_count];
    stream->name = entry->key;
    stream->first_ns = KB_NO_TIME;
    stream->last_ns = KB_NO_TIME;
    stream->lag_max_ns = KB_NO_TIME;
    return (unsigned)cover->stream_count++;
}

void kb_cover_count(struct kb_cover *cover, unsigned stream, enum kb_coverage_count what)
{
    cover->streams[stream].count[what]++;
}

static void add_gap(struct kb_cover *cover, const struct kb_stream_seen *stream, int64_t to_ns)
{
    cover->gap_total++;
    if (cover->gap_count >= KB_COVERAGE_GAPS) {
        return;
    }
    cover->gaps =
        kb_vec_grow(cover->gaps, &cover->gap_cap, cover->gap_count + 1, sizeof *cover->gaps);
    cover->gaps[cover->gap_count++] = (struct kb_gap_seen){
        .stream = stream->name,
        .between_streams = stream->first_ns > cover->heartbeat_ns,
        .from_ns = cover->heartbeat_ns,
        .to_ns = to_ns,
    };
}

static bool is_heartbeat(const struct kb_event_seen *event)
{
    return kb_str_eq(event->resource, KB_STR("leases")) &&
           (kb_str_eq(event->verb, KB_STR("update")) || kb_str_eq(event->verb, KB_STR("patch")));
}

static void see_heartbeat(struct kb_cover *cover, struct kb_stream_seen *stream, int64_t at_ns)
{
    stream->heartbeats++;
    if (cover->heartbeats++ == 0) {
        cover->heartbeat_ns = cover->first_ns;
    }
    if (at_ns > cover->heartbeat_ns) {
        if (at_ns - cover->heartbeat_ns > KB_HEARTBEAT_GAP_NS) {
            add_gap(cover, stream, at_ns);
        }
        cover->heartbeat_ns = at_ns;
    }
}

static size_t lag_bucket(int64_t lag_ms)
{
    if (lag_ms < 4) {
        return lag_ms < 0 ? 0 : (size_t)lag_ms;
    }
    unsigned octave = 63U - (unsigned)__builtin_clzll((unsigned long long)lag_ms);
    size_t quarter = (size_t)(lag_ms >> (octave - 2)) & 3;
    size_t bucket = (size_t)(octave - 1) * 4 + quarter;
    return bucket < KB_LAG_BUCKETS ? bucket : KB_LAG_BUCKETS - 1;
}

/* The largest lag that falls into a bucket, in milliseconds. */
static int64_t bucket_end(size_t bucket)
{
    if (bucket < 4) {
        return (int64_t)bucket;
    }
    size_t octave = bucket / 4 + 1;
    int64_t quarter = (int64_t)(bucket % 4);
    return ((quarter + 5) << (octave - 2)) - 1;
}

static void see_lag(struct kb_stream_seen *stream, int64_t lag_ns)
{
    if (stream->lag_max_ns == KB_NO_TIME || lag_ns > stream->lag_max_ns) {
        stream->lag_max_ns = lag_ns;
    }
    stream->lag[lag_bucket(lag_ns / 1000000)]++;
}

int64_t kb_cover_lag_p99(const struct kb_stream_seen *stream)
{
    uint64_t total = 0;
    uint64_t below = 0;
    for (size_t i = 0; i < KB_LAG_BUCKETS; i++) {
        total += stream->lag[i];
    }
    for (size_t i = 0; i < KB_LAG_BUCKETS && total > 0; i++) {
        below += stream->lag[i];
        if (below * 100 >= total * 99) {
            int64_t end_ns = bucket_end(i) * 1000000;
            return end_ns < stream->lag_max_ns ? end_ns : stream->lag_max_ns;
        }
    }
    return KB_NO_TIME;
}

static void see_time(struct kb_cover *cover, struct kb_stream_seen *stream, int64_t at_ns)
{
    if (stream->first_ns == KB_NO_TIME || at_ns < stream->first_ns) {
        stream->first_ns = at_ns;
    }
    if (stream->last_ns != KB_NO_TIME && at_ns - stream->last_ns > stream->silence_ns) {
        stream->silence_ns = at_ns - stream->last_ns;
    }
    if (stream->last_ns == KB_NO_TIME || at_ns > stream->last_ns) {
        stream->last_ns = at_ns;
    }
    if (cover->first_ns == KB_NO_TIME || at_ns < cover->first_ns) {
        cover->first_ns = at_ns;
    }
    if (cover->last_ns == KB_NO_TIME || at_ns > cover->last_ns) {
        cover->last_ns = at_ns;
    }
}

static void add_key_part(char *key, size_t *n, size_t max, struct kb_str part)
{
    for (size_t i = 0; i < part.n && *n + 1 < max; i++) {
        key[(*n)++] = part.p[i];
    }
    key[(*n)++] = '\0';
}

/* The terminated text at `p`. */
static struct kb_str part_at(const char *p)
{
    return (struct kb_str){p, strlen(p)};
}

static struct kb_level_seen *level_row(struct kb_cover *cover, const struct kb_event_seen *event)
{
    char key[512];
    size_t n = 0;
    const struct kb_str parts[] = {event->api_group, event->resource, event->subresource,
                                   event->verb};
    for (size_t i = 0; i < 4; i++) {
        add_key_part(key, &n, sizeof key - 4, parts[i]);
    }
    struct kb_str text = {key, n};
    const struct kb_map_entry *known = kb_map_find(&cover->level_names, text);
    if (known != NULL) {
        return &cover->levels[known->value.u];
    }
    if (cover->level_count >= KB_COVERAGE_LEVELS) {
        cover->levels_full = true;
        return NULL;
    }
    struct kb_map_entry *entry = kb_map_add(&cover->level_names, text, NULL);
    entry->value.u = cover->level_count;
    cover->levels = kb_vec_grow(cover->levels, &cover->level_cap, cover->level_count + 1,
                                sizeof *cover->levels);
    struct kb_level_seen *row = &cover->levels[cover->level_count++];
    row->api_group = part_at(entry->key.p);
    row->resource = part_at(row->api_group.p + row->api_group.n + 1);
    row->subresource = part_at(row->resource.p + row->resource.n + 1);
    row->verb = part_at(row->subresource.p + row->subresource.n + 1);
    return row;
}

static void see_level(struct kb_cover *cover, const struct kb_event_seen *event)
{
    struct kb_level_seen *row =
        event->level == KB_EVENT_LEVEL_UNKNOWN ? NULL : level_row(cover, event);
    if (row == NULL) {
        return;
    }
    if (row->events++ == 0 || event->level < row->lowest) {
        row->lowest = event->level;
    }
    if (event->level > row->highest) {
        row->highest = event->level;
    }
}

void kb_cover_event(struct kb_cover *cover, const struct kb_event_seen *event)
{
    struct kb_stream_seen *stream = &cover->streams[event->stream];
    stream->events++;
    see_level(cover, event);
    if (event->time_ns == KB_NO_TIME) {
        return;
    }
    see_time(cover, stream, event->time_ns);
    if (event->ingestion_ns != KB_NO_TIME) {
        see_lag(stream, event->ingestion_ns - event->time_ns);
    }
    if (is_heartbeat(event)) {
        see_heartbeat(cover, stream, event->time_ns);
    }
}

void kb_cover_finish(struct kb_cover *cover)
{
    if (cover->heartbeats > 0 && cover->last_ns - cover->heartbeat_ns > KB_HEARTBEAT_GAP_NS) {
        const struct kb_stream_seen nobody = {.name = KB_STR_INIT(""), .first_ns = KB_NO_TIME};
        add_gap(cover, &nobody, cover->last_ns);
    }
}
