/* Inside the CloudWatch reader: what its parts share. */
#ifndef KB_SOURCE_CLOUDWATCH_INTERNAL_H
#define KB_SOURCE_CLOUDWATCH_INTERNAL_H

#include "base/map.h"
#include "source/cloudwatch.h"
#include "source/cloudwatch_ask.h"
#include "source/cloudwatch_checkpoint.h"
#include "source/cloudwatch_page.h"
#include "source/line_feed.h"

/* Kinds of streams that are read. The prefix of the API server's own log, "kube-apiserver-", would match
 * those of the audit log as well: it is not read, and this one is told whole. */
enum kb_cw_series { KB_CW_AUDIT, KB_CW_AUTHENTICATOR, KB_CW_SERIES };
extern const char *const kb_cw_prefixes[KB_CW_SERIES];

/* A stream, as the group names it and as it was seen. */
struct kb_cw_stream {
    struct kb_str name;
    bool told;                     /* DescribeLogStreams names it */
    int64_t told_first, told_last; /* ms; KB_CLOUDWATCH_NO_TIME: it does not say */
    int64_t seen_last;             /* ms; KB_CLOUDWATCH_NO_TIME: nothing was read of it */
};

/* What the group is, and what keeps its content from being known. */
struct kb_cw_group {
    int64_t created_ms, kept_from_ms; /* KB_CLOUDWATCH_NO_TIME: no limit is known */
    char account[KB_CHECKPOINT_ACCOUNT_MAX]; /* whose it is; empty: it does not say */
    struct kb_str problem;            /* of listing; in the arena; empty */
    struct kb_map index;              /* of streams, by name: number + 1 */
    KB_VEC(struct kb_cw_stream) streams;
};

struct kb_cw_window {
    struct kb_cloudwatch *cw;
    struct kb_feed feed;
    enum kb_cw_series series;
    struct kb_str stream;    /* read alone, by GetLogEvents; empty: all of the series */
    int64_t from_ms, to_ms;  /* both inclusive */
    bool last;               /* nothing follows it in this run */
    /* Reading */
    struct kb_cw_page page;
    struct kb_buf token;     /* for the next page */
    struct kb_seen_set tokens; /* asked with */
    struct kb_line_feed lines; /* its failure is what is missing, too */
    bool at_end, complete;
    bool over;               /* nothing of it can come any more: it is complete, or what is missing is gone */
    int64_t newest_ms;       /* time of the last event; 0: none yet */
    /* Account */
    bool filled;             /* the page has an event */
    unsigned empty;          /* pages without one, one after the other */
    uint64_t pages, events, doubled, late, waited_ms;
    char first_request[80], last_request[80];
};

struct kb_cloudwatch {
    struct kb_cw_asker asker;
    struct kb_arena arena;
    struct kb_str name, region; /* of the group */
    int64_t now_ms, since_ms, until_ms; /* the run's window: until is exclusive */
    struct kb_checkpoint_place place;   /* zeroed: no checkpoint is kept */
    struct kb_checkpoint before;        /* of the last run; until_ms KB_CLOUDWATCH_NO_TIME: none */
    struct kb_cw_group group;
    struct kb_seen seen;
    struct kb_cw_window *windows;
    struct kb_input_entry *entries;
    size_t window_count;
};

/* -- cloudwatch_group.c -- */

/* The group itself. KB_ERR_NOT_FOUND where there is none; what may not be known goes to group.problem. */
KB_RES kb_cw_read_group(struct kb_cloudwatch *cw, struct kb_err *err);
/* Its streams that may hold events at or after `since_ms`. */
KB_RES kb_cw_read_streams(struct kb_cloudwatch *cw, struct kb_err *err);
struct kb_cw_stream *kb_cw_stream(struct kb_cloudwatch *cw, struct kb_str name);
/* What keeps a window that was read to its end from being whole, into `out`; nothing: it is whole. Whether
 * all of that is gone for good, so that reading again would find no more. */
bool kb_cw_missing(const struct kb_cw_window *window, struct kb_buf *out);

/* -- cloudwatch_read.c -- */

void kb_cw_window_feed(struct kb_cw_window *window);
void kb_cw_window_done(struct kb_cw_window *window);

#endif
