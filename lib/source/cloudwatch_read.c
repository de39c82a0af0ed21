/* Reading a window: pages of events in, lines of JSON out. */
#include <stdio.h>

#include "base/limits.h"
#include "source/cloudwatch_internal.h"

enum {
    PAGE_EVENTS = 10000, /* asked for, the most there may be */
    PAGES_MAX = 1000000, /* of a window */
    EMPTY_MAX = 10000,   /* one after the other */
    LINE_MAX = 2 * KB_MAX_RECORD + 4096,
    TOKEN_MAX = 64 << 10,
    TEXT_MAX = 600,
    SELDOM = 50 /* the authenticator writes so much less */
};

static json_t *params_of(const struct kb_cw_window *window)
{
    const struct kb_cloudwatch *cw = window->cw;
    bool one = window->stream.n > 0;
    struct kb_str streams = one ? window->stream : kb_str_c(kb_cw_prefixes[window->series]);
    json_t *params = json_pack("{s:s%,s:s%,s:I,s:I,s:i}", "logGroupName", cw->name.p, cw->name.n,
                               one ? "logStreamName" : "logStreamNamePrefix", streams.p, streams.n,
                               "startTime", (json_int_t)window->from_ms, "endTime",
                               (json_int_t)window->to_ms + one, /* GetLogEvents leaves its end out */
                               "limit", PAGE_EVENTS);
    if (one) {
        (void)json_object_set_new(params, "startFromHead", json_true());
    }
    if (window->token.n > 0) {
        (void)json_object_set_new(params, "nextToken",
                                  json_stringn(window->token.p, window->token.n));
    }
    return params;
}

/* Where the reading goes on. An empty page with a token is not the end, and a token that was asked with
 * before leads nowhere. */
static KB_RES follow(struct kb_cw_window *window, struct kb_err *err)
{
    bool one = window->stream.n > 0;
    struct kb_str token = window->page.token;
    bool same = token.n > 0 && kb_str_eq(token, kb_buf_view(&window->token));
    window->at_end = one ? same || token.n == 0 : token.n == 0;
    KB_ENSURE(!one || token.n > 0, err, KB_ERR_CORRUPT, "logs:GetLogEvents: a page has no token");
    if (window->at_end) {
        return KB_SUCCESS;
    }
    KB_ENSURE(kb_seen_set_add(&window->tokens, kb_seen_key(token), 0), err, KB_ERR_CORRUPT,
              "logs: a page leads back to an earlier one; what follows it cannot be read (request %s)",
              window->last_request);
    KB_ENSURE(token.n <= TOKEN_MAX && window->pages < PAGES_MAX, err, KB_ERR_LIMIT,
              "logs: a window has more than %d pages, or a token of more than %d bytes", PAGES_MAX,
              TOKEN_MAX);
    kb_buf_clear(&window->token);
    kb_buf_str(&window->token, token);
    return KB_SUCCESS;
}

/* Pages without an event are usual where streams are sparse, but not for ever. */
static KB_RES count_empty(struct kb_cw_window *window, struct kb_err *err)
{
    window->empty = window->filled ? 0 : window->empty + 1;
    window->filled = false;
    KB_ENSURE(window->empty <= EMPTY_MAX, err, KB_ERR_LIMIT,
              "logs: %d pages without an event, one after the other, and no end (request %s)", EMPTY_MAX,
              window->last_request);
    return KB_SUCCESS;
}

static KB_RES fetch(struct kb_cw_window *window, struct kb_err *err)
{
    KB_TRY(count_empty(window, err));
    bool one = window->stream.n > 0;
    struct kb_aws_status status;
    const struct kb_aws_taker taker = kb_cw_page_taker(&window->page);
    KB_AUTO(kb_json_done) json_t *params = params_of(window);
    kb_cw_page_done(&window->page);
    window->page.token_name = one ? "nextForwardToken" : "nextToken";
    KB_TRY(kb_cw_ask(&window->cw->asker, one ? KB_CW_GET : KB_CW_FILTER, params, &taker, &status,
                     &window->waited_ms, err));
    window->pages++;
    memcpy(window->last_request, status.request_id, sizeof window->last_request);
    if (window->pages == 1) {
        memcpy(window->first_request, status.request_id, sizeof window->first_request);
    }
    return follow(window, err);
}

/* Its own id; where there is none, its stream, time and text. */
static struct kb_seen_key key_of(const struct kb_cw_event *event)
{
    if (event->id.n > 0) {
        return kb_seen_key(event->id);
    }
    struct kb_seen_key stream = kb_seen_key(event->stream);
    struct kb_seen_key key = kb_seen_key(event->raw_message);
    key.a ^= stream.a + (uint64_t)event->time_ms;
    key.b ^= stream.b;
    return key;
}

static void note_stream(struct kb_cw_window *window, const struct kb_cw_event *event)
{
    struct kb_cw_stream *stream = kb_cw_stream(window->cw, event->stream);
    if (stream != NULL && event->time_ms > stream->seen_last) {
        stream->seen_last = event->time_ms;
    }
}

/* Whether it is to be given: it came neither in this run nor in the last. */
static bool is_new(struct kb_cw_window *window, const struct kb_cw_event *event)
{
    struct kb_cloudwatch *cw = window->cw;
    struct kb_seen_key key = key_of(event);
    note_stream(window, event);
    window->newest_ms = event->time_ms;
    bool first = kb_seen_add(&cw->seen, key, event->time_ms);
    bool before = first && kb_seen_set_has(&cw->before.keys, key);
    window->doubled += !first || before;
    window->late += first && !before && event->time_ms < cw->before.until_ms;
    window->events += first && !before;
    return first && !before;
}

/* As one of FilterLogEvents' events, with its group. Texts were valid between their quotes, and stay so. */
static void write_line(struct kb_cw_window *window, const struct kb_cw_event *event)
{
    struct kb_buf *line = &window->lines.line;
    kb_line_feed_clear(&window->lines);
    kb_buf_printf(line, "{\"timestamp\":%lld", (long long)event->time_ms);
    if (event->ingestion_ms > 0) {
        kb_buf_printf(line, ",\"ingestionTime\":%lld", (long long)event->ingestion_ms);
    }
    kb_buf_c(line, ",\"logGroupName\":");
    kb_json_quote(line, window->cw->name);
    kb_buf_c(line, ",\"logStreamName\":\"");
    kb_buf_str(line, event->raw_stream);
    if (event->id.n > 0) {
        kb_buf_c(line, "\",\"eventId\":");
        kb_json_quote(line, event->id);
        kb_buf_c(line, ",\"message\":\"");
    } else {
        kb_buf_c(line, "\",\"message\":\"");
    }
    kb_buf_str(line, event->raw_message);
    kb_buf_c(line, "\"}\n");
}

/* Whether it is of the streams that were asked for: stand-ins for AWS are known to give all of them. */
static bool is_asked(const struct kb_cw_window *window, const struct kb_cw_event *event)
{
    return window->stream.n > 0 || event->stream.n == 0 ||
           kb_str_starts(event->stream, kb_str_c(kb_cw_prefixes[window->series]));
}

/* The next event of the page; *more false at its end. */
static KB_RES take_event(struct kb_cw_window *window, bool *more, struct kb_err *err)
{
    struct kb_cw_event event;
    KB_TRY_CTX(err, kb_cw_page_next(&window->page, &event, more, err), "request %s",
               window->last_request);
    if (!*more) {
        return KB_SUCCESS;
    }
    window->filled = true;
    if (window->stream.n > 0) {
        event.stream = event.raw_stream = window->stream;
    }
    if (is_asked(window, &event) && is_new(window, &event)) {
        write_line(window, &event);
        KB_ENSURE(!window->lines.line.full, err, KB_ERR_LIMIT, "logs: an event of more than %d bytes",
                  LINE_MAX);
    }
    return KB_SUCCESS;
}

/* At the end: nothing, or what keeps it from being whole. */
static KB_RES conclude(struct kb_cw_window *window, struct kb_err *err)
{
    struct kb_buf missing;
    kb_buf_init(&missing, TEXT_MAX);
    bool for_good = kb_cw_missing(window, &missing);
    window->complete = missing.n == 0;
    window->over = window->complete || for_good;
    kb_res res = window->complete ? KB_SUCCESS
                                  : kb_fail(err, KB_ERR_IO, "%.*s", KB_FMT(kb_buf_view(&missing)));
    kb_buf_done(&missing);
    return res;
}

/* The next line, or the end, where there is none. */
static kb_res next_line(void *ctx, struct kb_err *err)
{
    struct kb_cw_window *window = ctx;
    while (kb_line_feed_empty(&window->lines) && !window->complete) {
        bool more;
        KB_TRY(take_event(window, &more, err));
        if (!more && window->at_end) {
            KB_TRY(conclude(window, err));
        } else if (!more) {
            KB_TRY(fetch(window, err));
        }
    }
    return KB_SUCCESS;
}

static kb_res read_window(void *ctx, void *buf, size_t n, size_t *got, struct kb_err *err)
{
    struct kb_cw_window *window = ctx;
    return kb_line_feed_give(&window->lines, next_line, window, buf, n, got, err);
}

static kb_res open_window(void *ctx, struct kb_bytes *out, struct kb_err *err)
{
    struct kb_cw_window *window = ctx;
    KB_ENSURE(window->pages == 0, err, KB_ERR_USAGE, "a window is read once");
    kb_buf_init(&window->lines.line, LINE_MAX);
    kb_buf_init(&window->token, TOKEN_MAX);
    *out = (struct kb_bytes){read_window, window};
    return KB_SUCCESS;
}

static void close_window(void *ctx)
{
    kb_cw_window_done(ctx);
}

/* Pages come in order of time. */
static double share_of(const struct kb_cw_window *window)
{
    double span = (double)(window->to_ms - window->from_ms) + 1;
    double done = window->newest_ms == 0 ? 0 : (double)(window->newest_ms - window->from_ms) / span;
    bool over = window->complete || kb_failed(window->lines.res);
    return over || done > 1 ? 1 : done < 0 ? 0 : done;
}

static void tell_window(const void *ctx, struct kb_feed_report *out)
{
    const struct kb_cw_window *window = ctx;
    *out = (struct kb_feed_report){
        .pages = window->pages,
        .doubled = window->doubled,
        .late = window->late,
        .waited_ms = window->waited_ms,
        .share = share_of(window),
        .weight = (double)(window->to_ms - window->from_ms) / (window->series == KB_CW_AUDIT ? 1 : SELDOM),
        .first_request = kb_str_c(window->first_request),
        .last_request = kb_str_c(window->last_request),
    };
}

void kb_cw_window_feed(struct kb_cw_window *window)
{
    window->lines.res = KB_SUCCESS;
    window->feed = (struct kb_feed){.ctx = window,
                                    .open = open_window,
                                    .close = close_window,
                                    .tell = tell_window,
                                    .first_ns = window->from_ms * 1000000};
}

/* The account of it stays. */
void kb_cw_window_done(struct kb_cw_window *window)
{
    kb_cw_page_done(&window->page);
    kb_buf_done(&window->lines.line);
    kb_buf_done(&window->token);
    kb_seen_set_done(&window->tokens);
    window->lines.at = 0;
}
