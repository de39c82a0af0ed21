/*
 * Coverage: what a reading of audit logs saw, and what is missing.
 *
 * Events are told here in (nearly) their order of time. Memory is bounded: a row a stream, a row a
 * kind of request, a row a hole; beyond the maximum the totals stay exact and the table says so.
 *
 * Heartbeat: kube-scheduler and kube-controller-manager renew their leases every two seconds and each
 * node every ten, all logged at level Metadata. A minute without any renewal is lost log, not an idle
 * cluster.
 */
#ifndef KB_AUDIT_COVERAGE_H
#define KB_AUDIT_COVERAGE_H

#include "audit/event.h"
#include "base/map.h"

#define KB_NO_TIME INT64_MIN

enum {
    KB_COVERAGE_STREAMS = 4096,
    KB_COVERAGE_LEVELS = 8192,
    KB_COVERAGE_GAPS = 1000,
    KB_LAG_BUCKETS = 160 /* four to an octave of milliseconds */
};
#define KB_HEARTBEAT_GAP_NS (INT64_C(60) * 1000000000)

/* What is counted beside events. */
enum kb_coverage_count {
    KB_COUNT_REQUESTS,   /* judged: one a request */
    KB_COUNT_TRUNCATED,
    KB_COUNT_MALFORMED,
    KB_COUNT_DUPLICATES,
    KB_COUNT_CONFLICTS,
    KB_COUNT_KINDS
};

struct kb_stream_seen {
    struct kb_str name;
    int64_t first_ns, last_ns; /* of stage times; KB_NO_TIME: no event with a time */
    uint64_t events;
    uint64_t count[KB_COUNT_KINDS];
    uint64_t heartbeats;
    int64_t silence_ns; /* the longest time between two of its events */
    int64_t lag_max_ns; /* ingestion − stage time; KB_NO_TIME: not known */
    uint32_t lag[KB_LAG_BUCKETS];
};

struct kb_gap_seen {
    struct kb_str stream; /* the one that spoke again */
    bool between_streams; /* it begins after the hole: another one ended before it */
    int64_t from_ns, to_ns;
};

/* "Metadata", "Request", "RequestResponse"; "" for KB_EVENT_LEVEL_UNKNOWN. */
const char *kb_level_name(enum kb_event_level level);

struct kb_level_seen {
    struct kb_str api_group, resource, subresource, verb;
    enum kb_event_level lowest, highest;
    uint64_t events;
};

/* One event, as coverage sees it. Texts are read during the call only. */
struct kb_event_seen {
    unsigned stream;
    int64_t time_ns;      /* stageTimestamp, or what stands for it; KB_NO_TIME */
    int64_t ingestion_ns; /* KB_NO_TIME: not known */
    enum kb_event_level level;
    struct kb_str api_group, resource, subresource, verb;
};

struct kb_cover {
    struct kb_map names;  /* stream name -> index */
    struct kb_stream_seen *streams;
    size_t stream_count, stream_cap;
    struct kb_map level_names;
    struct kb_level_seen *levels;
    size_t level_count, level_cap;
    struct kb_gap_seen *gaps;
    size_t gap_count, gap_cap;
    uint64_t gap_total;    /* exact */
    bool streams_full, levels_full;
    int64_t first_ns, last_ns, heartbeat_ns;
    uint64_t heartbeats;
};

void kb_cover_init(struct kb_cover *cover);
void kb_cover_done(struct kb_cover *cover);
/* Number of the stream of that name; the last one, "other", when there are too many. */
unsigned kb_cover_stream(struct kb_cover *cover, struct kb_str name);
void kb_cover_event(struct kb_cover *cover, const struct kb_event_seen *event);
void kb_cover_count(struct kb_cover *cover, unsigned stream, enum kb_coverage_count what);
/* The end: the time after the last heartbeat is looked at too. */
void kb_cover_finish(struct kb_cover *cover);
/* Upper bound of the lag of 99 of 100 events (within a fifth), or KB_NO_TIME. */
int64_t kb_cover_lag_p99(const struct kb_stream_seen *stream);

#endif
