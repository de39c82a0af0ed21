/*
 * One audit event (audit.k8s.io/v1 Event) as spans into its JSON text: one walk over the members,
 * decoded only when asked. Any order of keys, any white space; of equal keys the last wins.
 *
 * A text may be cut at its end. What was complete before the cut is there; everything else is
 * "unseen": neither absent nor empty, for it may have come later.
 */
#ifndef KB_AUDIT_EVENT_H
#define KB_AUDIT_EVENT_H

#include "data/scan.h"
#include "base/mem.h"

/* Known members: symbol, object it is in, key. Order is that of the API server's output. */
#define KB_EVENT_MEMBERS(X)                                                                        \
    X(KB_M_KIND, KB_IN_EVENT, "kind")                                                              \
    X(KB_M_API_VERSION, KB_IN_EVENT, "apiVersion")                                                 \
    X(KB_M_LEVEL, KB_IN_EVENT, "level")                                                            \
    X(KB_M_AUDIT_ID, KB_IN_EVENT, "auditID")                                                       \
    X(KB_M_STAGE, KB_IN_EVENT, "stage")                                                            \
    X(KB_M_REQUEST_URI, KB_IN_EVENT, "requestURI")                                                 \
    X(KB_M_VERB, KB_IN_EVENT, "verb")                                                              \
    X(KB_M_USER, KB_IN_EVENT, "user")                                                              \
    X(KB_M_IMPERSONATED, KB_IN_EVENT, "impersonatedUser")                                          \
    X(KB_M_AUTHENTICATION, KB_IN_EVENT, "authenticationMetadata")                                  \
    X(KB_M_SOURCE_IPS, KB_IN_EVENT, "sourceIPs")                                                   \
    X(KB_M_USER_AGENT, KB_IN_EVENT, "userAgent")                                                   \
    X(KB_M_OBJECT_REF, KB_IN_EVENT, "objectRef")                                                   \
    X(KB_M_RESPONSE_STATUS, KB_IN_EVENT, "responseStatus")                                         \
    X(KB_M_REQUEST_OBJECT, KB_IN_EVENT, "requestObject")                                           \
    X(KB_M_RESPONSE_OBJECT, KB_IN_EVENT, "responseObject")                                         \
    X(KB_M_RECEIVED_TIME, KB_IN_EVENT, "requestReceivedTimestamp")                                 \
    X(KB_M_STAGE_TIME, KB_IN_EVENT, "stageTimestamp")                                              \
    X(KB_M_ANNOTATIONS, KB_IN_EVENT, "annotations")                                                \
    X(KB_M_USER_NAME, KB_IN_USER, "username")                                                      \
    X(KB_M_USER_UID, KB_IN_USER, "uid")                                                            \
    X(KB_M_USER_GROUPS, KB_IN_USER, "groups")                                                      \
    X(KB_M_USER_EXTRA, KB_IN_USER, "extra")                                                        \
    X(KB_M_IMP_NAME, KB_IN_IMPERSONATED, "username")                                               \
    X(KB_M_IMP_UID, KB_IN_IMPERSONATED, "uid")                                                     \
    X(KB_M_IMP_GROUPS, KB_IN_IMPERSONATED, "groups")                                               \
    X(KB_M_IMP_EXTRA, KB_IN_IMPERSONATED, "extra")                                                 \
    X(KB_M_REF_RESOURCE, KB_IN_OBJECT_REF, "resource")                                             \
    X(KB_M_REF_NAMESPACE, KB_IN_OBJECT_REF, "namespace")                                           \
    X(KB_M_REF_NAME, KB_IN_OBJECT_REF, "name")                                                     \
    X(KB_M_REF_GROUP, KB_IN_OBJECT_REF, "apiGroup")                                                \
    X(KB_M_REF_VERSION, KB_IN_OBJECT_REF, "apiVersion")                                            \
    X(KB_M_REF_SUBRESOURCE, KB_IN_OBJECT_REF, "subresource")                                       \
    X(KB_M_STATUS_CODE, KB_IN_RESPONSE_STATUS, "code")                                             \
    X(KB_M_STATUS_REASON, KB_IN_RESPONSE_STATUS, "reason")                                         \
    X(KB_M_STATUS_MESSAGE, KB_IN_RESPONSE_STATUS, "message")

enum kb_event_in {
    KB_IN_EVENT,
    KB_IN_USER,
    KB_IN_IMPERSONATED,
    KB_IN_OBJECT_REF,
    KB_IN_RESPONSE_STATUS
};

#define KB_MEMBER_FIRST(sym, in, key) sym,
enum kb_member { KB_EVENT_MEMBERS(KB_MEMBER_FIRST) KB_MEMBER_COUNT };
#undef KB_MEMBER_FIRST

enum kb_event_stage {
    KB_STAGE_UNKNOWN, /* missing, unseen, or another word */
    KB_STAGE_RECEIVED,
    KB_STAGE_STARTED,
    KB_STAGE_COMPLETE,
    KB_STAGE_PANIC
};

enum kb_event_level {
    KB_EVENT_LEVEL_UNKNOWN, /* missing, unseen, or another word */
    KB_EVENT_METADATA,
    KB_EVENT_REQUEST,
    KB_EVENT_REQUEST_RESPONSE
};

/* No time: missing, unseen, not a time, or outside of 1970 to 2262: so that differences of times
 * fit. */
#define KB_EVENT_NO_TIME INT64_MIN

/* Borrows the text it was parsed from. Plain data: may be copied. */
struct kb_event {
    struct kb_str text;
    bool truncated; /* the text is cut (not: audit.k8s.io/truncated, see kb_event_annotation) */
    bool open; /* the event's closing bracket was not seen: what is missing may have been cut off */
    struct kb_span at[KB_MEMBER_COUNT]; /* by enum kb_member */
};

/* The object a member is in. */
enum kb_event_in kb_event_member_in(enum kb_member member);

/*
 * Read one event's text. `truncated`: the framing saw that it is cut; a text that simply ends
 * early, or ends in
 * "[Truncated...]", is cut as well. Not an object, or not JSON before its end: KB_ERR_SYNTAX with
 * the offset in the message. Whether it is an audit event at all is kb_event_is_audit. Over
 * KB_MAX_RECORD: KB_ERR_LIMIT.
 */
KB_RES kb_event_parse(struct kb_str text, bool truncated, struct kb_event *out, struct kb_err *err);

/* kind Event of audit.k8s.io, or so cut that it could be. */
bool kb_event_is_audit(const struct kb_event *event);

/* The member is there and complete. null counts as not there, as in Kubernetes. */
static inline bool kb_event_has(const struct kb_event *event, enum kb_member member)
{
    const struct kb_span *span = &event->at[member];
    return span->kind != KB_SPAN_NONE && span->kind != KB_SPAN_NULL && !span->cut;
}

/* The member is not complete here, and the cut may have taken it (itself or the object it
 * is in). */
bool kb_event_unseen(const struct kb_event *event, enum kb_member member);

/* A string member as written between its quotes, not decoded; empty where it is missing or no
 * string. Equal raw text is equal text; the reverse does not hold where `escaped`. */
static inline struct kb_str kb_event_raw(const struct kb_event *event, enum kb_member member)
{
    const struct kb_span *span = &event->at[member];
    return span->kind == KB_SPAN_STRING && !span->cut ? kb_span_raw(span) : (struct kb_str){"", 0};
}

/* A string member decoded: in place where it holds no escapes and is valid UTF-8, else in `arena`.
 * Empty where it is missing or no string. */
struct kb_str kb_event_str(const struct kb_event *event, enum kb_member member,
                           struct kb_arena *arena);
/* Hash (with the process's seed) of the decoded text of a string member. No memory is taken. */
uint64_t kb_event_str_hash(const struct kb_event *event, enum kb_member member);
/* An integer member. False where it is missing or no integer. */
bool kb_event_int(const struct kb_event *event, enum kb_member member, int64_t *out);
/* KB_M_RECEIVED_TIME or KB_M_STAGE_TIME in ns since 1970; KB_EVENT_NO_TIME. */
int64_t kb_event_time(const struct kb_event *event, enum kb_member member);
/* The same of a text: RFC 3339. Never negative but for KB_EVENT_NO_TIME. */
int64_t kb_event_time_ns(struct kb_str text);

enum kb_event_stage kb_event_stage(const struct kb_event *event);
enum kb_event_level kb_event_level(const struct kb_event *event);

enum kb_find { KB_FIND_NO, KB_FIND_YES, KB_FIND_UNSEEN };
/* The annotation of that key, decoded. UNSEEN where the cut may have taken it. */
enum kb_find kb_event_annotation(const struct kb_event *event, struct kb_str key,
                                 struct kb_arena *arena, struct kb_str *out);

/* Hash of the content of all known members, independent of white space, order of keys, and the way
 * strings and numbers are spelled; for copies that went through other tools. Walks the whole text.
 */
uint64_t kb_event_digest(const struct kb_event *event);

#endif
