/* Pages of log events, looked at in place. */
#include "source/cloudwatch_page.h"

#include "test.h"

static kb_res give(struct kb_cw_page *page, struct kb_str text, struct kb_err *err)
{
    struct kb_buf body;
    const struct kb_aws_taker taker = kb_cw_page_taker(page);
    kb_buf_init(&body, 1 << 20);
    kb_buf_str(&body, text);
    kb_res res = taker.take(taker.ctx, &body, err);
    CHECK(body.n == 0);
    kb_buf_done(&body);
    return res;
}

static const struct kb_str WHOLE = KB_STR_INIT(
    " {\"searchedLogStreams\": [{\"logStreamName\":\"x\"}],\n\"events\": [\n"
    "{\"logStreamName\":\"kube-apiserver-audit-a\",\"timestamp\":1763978400123,\"message\":"
    "\"{\\\"kind\\\":\\\"Event\\\",\\\"x\\\":\\\"}]\\\\u0026\\\"}\",\"ingestionTime\":1763978401000,"
    "\"eventId\":\"39\\u0030\"},\n"
    "{\"extra\":{\"message\":\"inner\"},\"message\":\"\",\"timestamp\":5}\n"
    "],\"nextToken\":\"t\\/1+=\"} \n");

KB_TEST(page, events_in_their_order_as_they_are_escaped)
{
    struct kb_err err = {0};
    struct kb_cw_event event;
    bool more = false;
    struct kb_cw_page page = {.token_name = "nextToken"};
    OK(give(&page, WHOLE, &err), &err);
    EQ_STR(page.token, "t/1+=");
    OK(kb_cw_page_next(&page, &event, &more, &err), &err);
    CHECK(more);
    EQ_INT(event.time_ms, 1763978400123);
    EQ_INT(event.ingestion_ms, 1763978401000);
    EQ_STR(event.id, "390");
    EQ_STR(event.stream, "kube-apiserver-audit-a");
    EQ_STR(event.raw_message, "{\\\"kind\\\":\\\"Event\\\",\\\"x\\\":\\\"}]\\\\u0026\\\"}");
    OK(kb_cw_page_next(&page, &event, &more, &err), &err);
    CHECK(more && event.id.n == 0 && event.stream.n == 0 && event.raw_message.n == 0);
    EQ_INT(event.time_ms, 5);
    OK(kb_cw_page_next(&page, &event, &more, &err), &err);
    CHECK(!more);
    kb_cw_page_done(&page);
}

/* A page that ends anywhere before its end is never a page. */
KB_TEST(page, every_cut_is_seen)
{
    struct kb_cw_page page = {.token_name = "nextToken"};
    size_t last = WHOLE.n;
    while (WHOLE.p[last - 1] != '}') {
        last--;
    }
    for (size_t n = 0; n < last; n++) {
        struct kb_err err = {0};
        FAILS(give(&page, kb_str_sub(WHOLE, 0, n), &err), KB_ERR_CORRUPT);
    }
    kb_cw_page_done(&page);
}

KB_TEST(page, what_is_no_page)
{
    static const char *const texts[] = {
        "[]", "{}", "{\"events\":null}", "{\"events\":{}}", "{\"events\":[]} x", "<html>",
        "{\"events\":[{]}", "{\"events\":[{} {}]}", "{\"events\":[],}", "{\"events\" []}"};
    struct kb_cw_page page = {.token_name = "nextToken"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct kb_err err = {0};
        CHECK(give(&page, kb_str_c(texts[i]), &err).code == KB_ERR_CORRUPT);
    }
    kb_cw_page_done(&page);
}

KB_TEST(page, an_event_needs_time_and_text)
{
    static const char *const texts[] = {
        "{\"events\":[{\"timestamp\":1}]}", "{\"events\":[{\"message\":\"x\"}]}",
        "{\"events\":[{\"message\":\"x\",\"timestamp\":\"1\"}]}", "{\"events\":[\"x\"]}",
        "{\"events\":[{\"message\":null,\"timestamp\":1}]}", "{\"events\":[{\"a\" 1}]}"};
    struct kb_cw_page page = {.token_name = "nextToken"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct kb_err err = {0};
        struct kb_cw_event event;
        bool more = false;
        OK(give(&page, kb_str_c(texts[i]), &err), &err);
        FAILS(kb_cw_page_next(&page, &event, &more, &err), KB_ERR_CORRUPT);
    }
    kb_cw_page_done(&page);
}

/* A token that cannot be understood is not the end. */
KB_TEST(page, no_token_and_a_token_that_is_no_text)
{
    struct kb_err err = {0};
    struct kb_cw_page page = {.token_name = "nextForwardToken"};
    OK(give(&page, KB_STR("{\"events\":[],\"nextToken\":\"x\"}"), &err), &err);
    EQ_STR(page.token, "");
    OK(give(&page, KB_STR("{\"events\":[],\"nextForwardToken\":null}"), &err), &err);
    EQ_STR(page.token, "");
    FAILS(give(&page, KB_STR("{\"events\":[],\"nextForwardToken\":7}"), &err), KB_ERR_CORRUPT);
    FAILS(give(&page, KB_STR("{\"events\":[],\"nextForwardToken\":{}}"), &err), KB_ERR_CORRUPT);
    kb_cw_page_done(&page);
}
