/*
 * One verdict per request: stages joined, copies dropped, conflicts noticed, in bounded memory.
 *
 * A request is logged in up to three stages (audit.k8s.io/v1 Event: RequestReceived, ResponseStarted,
 * ResponseComplete or Panic), and overlapping exports hold the same record again. The auditID is no
 * identity: a client chooses it by the Audit-ID header. So stages belong together when auditID, user,
 * verb, URI and received time agree, and records are copies only when auditID, stage and all
 * content agree; one auditID and stage with other content is a conflict, and judged.
 */
#ifndef KB_AUDIT_JOIN_H
#define KB_AUDIT_JOIN_H

#include "base/mem.h"

enum {
    KB_JOIN_RECENT = 1 << 16, /* records remembered to find copies and late stages */
    KB_JOIN_OPEN = 1 << 15,   /* requests remembered as begun */
    KB_JOIN_HELD_BYTES = 2 << 20 /* text of requests that were only received so far */
};

enum kb_join_stage { KB_JOIN_RECEIVED, KB_JOIN_STARTED, KB_JOIN_COMPLETE };

/* What joining needs to know of one record. Hashes are kb_hash_bytes with the process's seed. */
struct kb_join_record {
    enum kb_join_stage stage; /* Panic counts as complete */
    uint64_t audit_stage;    /* hash of auditID and stage */
    uint64_t audit_complete; /* hash of auditID and "ResponseComplete" */
    uint64_t request;        /* hash of auditID, user, verb, URI, received time */
    uint64_t digest;         /* of the whole content */
    unsigned stream;         /* number by which orphans are counted */
    bool has_id;             /* false: no auditID to be seen; such a record is always judged alone */
    struct kb_str text;      /* kept only while a request is held back */
    struct kb_str note;      /* the caller's, kept with the text (where it came from); may be binary */
};

enum kb_join_action {
    KB_JOIN_JUDGE,    /* this record stands for its request */
    KB_JOIN_CONFLICT, /* as JUDGE; another record has this auditID and stage, but other content */
    KB_JOIN_STAGE,    /* a further stage of a request that was judged */
    KB_JOIN_COPY,     /* seen before, to the letter */
    KB_JOIN_HOLD      /* only received so far: kept back until it is answered, or given to `orphan` */
};

/* A held request that was never answered in this log, or for which there is no room any more. */
typedef void kb_join_orphan_fn(void *ctx, struct kb_str text, struct kb_str note);

struct kb_join;

struct kb_join *kb_join_new(kb_join_orphan_fn *orphan, void *ctx);
void kb_join_free(struct kb_join *join);

enum kb_join_action kb_join_add(struct kb_join *join, const struct kb_join_record *record);

/* The end of the reading: gives all held requests to `orphan`, in the order they came. */
void kb_join_finish(struct kb_join *join);

/* Requests of a stream that began and did not end so far. */
uint64_t kb_join_open_count(const struct kb_join *join, unsigned stream);
/* Begun requests that were forgotten for lack of room: their end is judged again where it comes. */
uint64_t kb_join_forgotten(const struct kb_join *join);

#endif
