/* Finding the events of a page. */
#include "source/cloudwatch_page.h"

#include "data/json_str.h"
#include "data/time.h"

static KB_RES damaged(const struct kb_cw_page *page, const char *at, struct kb_err *err)
{
    return kb_fail(err, KB_ERR_CORRUPT, "the answer is damaged or cut at byte %zu of %zu",
                   at == NULL ? 0 : (size_t)(at - page->text.p), page->text.n);
}

/* Over the list of events: each is there to its closing bracket. `each` moves behind it. */
static bool walk_events(struct kb_scan_each *each, struct kb_scan_each *events)
{
    struct kb_span event;
    if (!kb_scan_space(&each->at) || *each->at.p != '[') {
        return false;
    }
    *events = kb_scan_each_at(each->at);
    struct kb_scan_each walk = *events;
    while (kb_scan_next(&walk, &event)) {
    }
    each->at = walk.at;
    each->status = walk.status;
    return walk.status == KB_SCAN_OK;
}

static KB_RES look(struct kb_cw_page *page, struct kb_err *err)
{
    struct kb_str text = kb_buf_view(&page->text);
    struct kb_scan at = {text.p, text.p + text.n};
    struct kb_span token = {0};
    bool listed = false;
    KB_ENSURE(kb_scan_space(&at) && *at.p == '{', err, KB_ERR_CORRUPT,
              "the answer is no JSON object");
    struct kb_scan_each each = kb_scan_each_at(at);
    while (kb_scan_member(&each)) {
        struct kb_span value;
        if (kb_span_is(&each.key, KB_STR("events")) && walk_events(&each, &page->events)) {
            listed = true;
            continue;
        }
        each.status = each.status == KB_SCAN_OK ? kb_scan_value(&each.at, &value) : each.status;
        if (each.status == KB_SCAN_OK && kb_span_is(&each.key, kb_str_c(page->token_name))) {
            token = value;
        }
    }
    if (each.status != KB_SCAN_OK || kb_scan_space(&each.at)) {
        return damaged(page, each.at.p, err);
    }
    KB_ENSURE(listed, err, KB_ERR_CORRUPT, "the answer has no \"events\"");
    KB_ENSURE(token.kind == KB_SPAN_STRING || token.kind == KB_SPAN_NULL || token.kind == KB_SPAN_NONE,
              err, KB_ERR_CORRUPT, "the answer's \"%s\" is no text", page->token_name);
    page->token = kb_span_text(&token, &page->arena);
    return KB_SUCCESS;
}

static kb_res take(void *ctx, struct kb_buf *body, struct kb_err *err)
{
    struct kb_cw_page *page = ctx;
    const char *token_name = page->token_name;
    kb_cw_page_done(page);
    page->token_name = token_name;
    page->text = *body;
    kb_buf_init(body, page->text.max);
    return look(page, err);
}

struct kb_aws_taker kb_cw_page_taker(struct kb_cw_page *page)
{
    return (struct kb_aws_taker){take, page};
}

static void take_member(struct kb_cw_page *page, const struct kb_span *key,
                        const struct kb_span *value, struct kb_cw_event *out, bool *timed, bool *worded)
{
    if (kb_span_is(key, KB_STR("message"))) {
        *worded = value->kind == KB_SPAN_STRING;
        out->raw_message = kb_span_raw(value);
    } else if (kb_span_is(key, KB_STR("timestamp"))) {
        *timed = kb_span_int(value, &out->time_ms) && out->time_ms >= 0 &&
                 out->time_ms / 1000 <= KB_TIME_MAX_S;
    } else if (kb_span_is(key, KB_STR("ingestionTime"))) {
        (void)kb_span_int(value, &out->ingestion_ms);
    } else if (kb_span_is(key, KB_STR("eventId"))) {
        out->id = kb_span_text(value, &page->arena);
    } else if (kb_span_is(key, KB_STR("logStreamName")) && value->kind == KB_SPAN_STRING) {
        out->stream = kb_span_text(value, &page->arena);
        out->raw_stream = kb_span_raw(value);
    }
}

KB_RES kb_cw_page_next(struct kb_cw_page *page, struct kb_cw_event *out, bool *more,
                       struct kb_err *err)
{
    struct kb_span value;
    bool timed = false, worded = false;
    *out = (struct kb_cw_event){.id = KB_STR(""), .stream = KB_STR(""), .raw_stream = KB_STR("")};
    *more = kb_scan_member(&page->events);
    if (!*more) {
        return KB_SUCCESS;
    }
    struct kb_scan_each each = kb_scan_each_at(page->events.at);
    while (each.object && kb_scan_next(&each, &value)) {
        take_member(page, &each.key, &value, out, &timed, &worded);
    }
    page->events.at = each.at;
    KB_ENSURE(timed && worded && each.status == KB_SCAN_OK, err, KB_ERR_CORRUPT,
              "logs: an event without its time or text");
    return KB_SUCCESS;
}

void kb_cw_page_done(struct kb_cw_page *page)
{
    kb_buf_done(&page->text);
    kb_arena_done(&page->arena);
    *page = (struct kb_cw_page){0};
}
