/*
 * Audit logs as one stream: many inputs, read together in order of event time.
 *
 * Inputs whose time ranges overlap are merged, so that copies of one record and the events of one
 * window meet. Each input is opened when the reading reaches its first event, at most KB_LOG_OPEN at a
 * time. Where an input's own order, or the number of inputs, does not allow that, the statistics say so.
 */
#ifndef KB_RUN_LOG_H
#define KB_RUN_LOG_H

#include "audit/event.h"
#include "audit/record.h"
#include "source/input.h"

enum {
    KB_LOG_OPEN = 64,  /* inputs read at the same time */
    KB_LOG_PLACES = 5  /* bad records whose places are kept, for each input */
};
/* Disorder inside one input up to this is normal (API servers write when a stage ends). */
#define KB_LOG_SLACK_NS (INT64_C(60) * 1000000000)
#define KB_LOG_NO_TIME INT64_MIN

struct kb_bad_place {
    uint64_t line, offset;
    const char *reason;
};

struct kb_log_stats {
    struct kb_str name;
    const struct kb_feed *feed; /* NULL: a file */
    uint64_t stored, plain;    /* bytes read */
    const char *kind;          /* "plain", "gzip", "zstd" */
    char sha256[65];           /* empty: not asked for, or the reading did not get to the end */
    uint64_t records, events, authenticator, other, bad, truncated;
    int64_t first_ns, last_ns; /* of events; KB_LOG_NO_TIME */
    const char *other_reason;  /* what the first other record was */
    struct kb_bad_place place[KB_LOG_PLACES];
    size_t places;
    bool complete;             /* read to its end without an error */
    bool ordered;              /* no event was older than its predecessors by more than the slack */
    uint64_t disorder_line;    /* the first that was */
    int64_t disorder_ns;       /* by how much at most */
    bool late;                 /* could not be opened in time: too many inputs overlap */
    struct kb_err error;       /* where not complete */
};

struct kb_log_item {
    const struct kb_record *record; /* kind END: nothing more */
    const struct kb_event *event;   /* of an EVENT that could be decoded, else NULL (the record is BAD then) */
    int64_t time_ns;                /* event time; KB_LOG_NO_TIME: none in the record, nor before it */
    unsigned input;                 /* number of the input */
    uint64_t sequence;              /* number of the record in its input, from 1 */
};

struct kb_log;

struct kb_log_options {
    const struct kb_str *paths; /* files and folders; "-" is standard input */
    size_t path_count;
    const struct kb_input_entry *feeds; /* beside the files; they outlive the log */
    size_t feed_count;
    bool sha256;
};

/* Find the inputs and look at the beginning of each. Fails where a path does not exist, or where no input
 * can be opened at all; an input that cannot be read among others is told by its statistics. */
KB_RES kb_log_open(const struct kb_log_options *options, struct kb_log **out, struct kb_err *err);
void kb_log_close(struct kb_log *log);

/* The next item; it is valid until the next call. Never fails: what cannot be read is in the statistics. */
void kb_log_next(struct kb_log *log, struct kb_log_item *out);

size_t kb_log_input_count(const struct kb_log *log);
/* Exact only when the reading has ended. */
const struct kb_log_stats *kb_log_stats(const struct kb_log *log, size_t input);
/* Stored bytes read so far, and of all inputs (0: not known). */
uint64_t kb_log_bytes_done(const struct kb_log *log);
uint64_t kb_log_bytes_total(const struct kb_log *log);

#endif
