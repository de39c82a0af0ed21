/*
 * A page of log events: the text of an answer of FilterLogEvents or GetLogEvents, looked at in place. No tree
 * is built of it, and texts of events stay as JSON escapes them.
 */
#ifndef KB_SOURCE_CLOUDWATCH_PAGE_H
#define KB_SOURCE_CLOUDWATCH_PAGE_H

#include "data/scan.h"
#include "aws/send.h"

/* Zeroed memory is a page without events. */
struct kb_cw_page {
    const char *token_name; /* the member with the token of the next page */
    struct kb_buf text;
    struct kb_arena arena; /* what had to be decoded */
    struct kb_scan_each events;
    struct kb_str token; /* decoded; empty: there is none */
};

/* One event; its texts live as long as the page. */
struct kb_cw_event {
    struct kb_str id, stream; /* decoded; empty: not given */
    struct kb_str raw_stream, raw_message; /* between the quotes, as they stand */
    int64_t time_ms, ingestion_ms; /* ingestion_ms 0: not given */
};

/* Reads an answer into the page, whose text and place are replaced; `page` must outlive it. Its error is
 * KB_ERR_CORRUPT: no JSON, not to its end, without a list of events, or with a token that is no text. */
struct kb_aws_taker kb_cw_page_taker(struct kb_cw_page *page);
/* The next event: *more false at the end. KB_ERR_CORRUPT where it has no time or text. */
KB_RES kb_cw_page_next(struct kb_cw_page *page, struct kb_cw_event *out, bool *more,
                       struct kb_err *err);
void kb_cw_page_done(struct kb_cw_page *page); /* leaves an empty one */

#endif
