/*
 * From bytes to records: the framing of every shape in which audit logs are handed around. What a
 * shape is, is told by its content, never by a name; shapes may be mixed in one stream.
 *
 * Read are: JSON lines, pretty-printed and concatenated JSON, arrays, EventList; pages of filter-
 * and get-log-events; `aws logs tail` text; tab-separated output; S3 export; Lambda, Kinesis and
 * Firehose envelopes; Insights results as JSON and CSV; Elastic and OpenSearch documents;
 * container-runtime and AKS wrappers; the authenticator's log.
 *
 * Memory is constant. A broken line is one bad record and never takes its successors with it.
 */
#ifndef KB_AUDIT_RECORD_H
#define KB_AUDIT_RECORD_H

#include "data/bytes.h"

enum kb_record_kind {
    KB_RECORD_END,           /* nothing more */
    KB_RECORD_EVENT,         /* an audit event */
    KB_RECORD_AUTHENTICATOR, /* a line of aws-iam-authenticator */
    KB_RECORD_OTHER,         /* well-formed, but neither; `reason` says what */
    KB_RECORD_BAD            /* could not be read; `reason` says why */
};

struct kb_record {
    enum kb_record_kind kind;
    /* EVENT: the event's JSON, out of its wrappers, annotation keys as Kubernetes writes them. Its
     * grammar is not checked to the last byte. AUTHENTICATOR: the line. OTHER, BAD: the text it is
     * about, at most KB_RECORD_SHOWN bytes. */
    struct kb_str text;
    bool truncated;     /* EVENT: it is cut; `text` holds what is left */
    const char *reason; /* OTHER, BAD: a few words; else NULL */
    /* Where it came from. Empty and 0 where unknown. */
    uint64_t line;   /* in the (plain) stream, from 1: where the record, or what wraps it, begins */
    uint64_t offset; /* the same in bytes */
    struct kb_str stream;
    struct kb_str log_group;
    struct kb_str event_id;
    int64_t timestamp_ms; /* of the delivery, not of the event; Unix time */
    int64_t ingestion_ms;
};

enum { KB_RECORD_SHOWN = 512 };

/* Nanoseconds of a time above; INT64_MIN where it is unknown, or beyond what fits (an envelope may say
 * anything). */
static inline int64_t kb_record_ns(int64_t ms)
{
    return ms > 0 && ms <= INT64_MAX / 1000000 ? ms * 1000000 : INT64_MIN;
}

struct kb_records;

/* `in` must outlive the reader. `display_name` stands in errors; it is copied. */
struct kb_records *kb_records_open(struct kb_bytes in, const char *display_name);
/* The next record. Its text is valid until the next call. An error (of the source, or an Insights
 * result without @message: KB_ERR_UNSUPPORTED) comes after all that could be read, and ends the
 * reading. */
KB_RES kb_records_next(struct kb_records *records, struct kb_record *out, struct kb_err *err);
void kb_records_free(struct kb_records *records);

#endif
