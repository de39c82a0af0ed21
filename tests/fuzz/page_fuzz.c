/* Pages of log events: what a tree of the same text holds is what is found without one. */
#include "source/cloudwatch_page.h"

#include "data/json_str.h"
#include "fuzz.h"

static void same(struct kb_cw_page *page, const json_t *events)
{
    struct kb_cw_event event;
    size_t n = 0;
    bool more = true;
    while (more && !kb_failed(kb_cw_page_next(page, &event, &more, NULL))) {
        if (!more) {
            break;
        }
        const json_t *json = json_array_get(events, n++);
        struct kb_str text = KB_STR("");
        struct kb_arena arena = {0};
        const struct kb_span message = {.p = event.raw_message.p,
                                        .n = (uint32_t)event.raw_message.n,
                                        .kind = KB_SPAN_STRING,
                                        .escaped = true};
        KB_HOLDS(json != NULL);
        KB_HOLDS(kb_json_str(json, "message", &text));
        KB_HOLDS(kb_str_eq(kb_span_text(&message, &arena), text));
        kb_arena_done(&arena);
    }
    KB_HOLDS(more || n == json_array_size(events));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t *tree = NULL;
    struct kb_buf body;
    struct kb_cw_page page = {.token_name = "nextToken"};
    const struct kb_aws_taker taker = kb_cw_page_taker(&page);
    kb_buf_init(&body, 1 << 22);
    kb_buf_add(&body, data, size);
    bool read = !kb_failed(taker.take(taker.ctx, &body, NULL));
    bool tree_read = !kb_failed(kb_json_parse(NULL, (struct kb_str){(const char *)data, size}, 0, &tree, NULL));
    const json_t *events = tree_read ? kb_json_array(tree, "events") : NULL;
    if (events != NULL) {
        struct kb_str token = KB_STR("");
        (void)kb_json_str(tree, "nextToken", &token);
        const json_t *next = json_object_get(tree, "nextToken");
        KB_HOLDS(read == (next == NULL || json_is_null(next) || json_is_string(next)));
        KB_HOLDS(kb_str_eq(token, page.token));
        same(&page, events);
    }
    json_decref(tree);
    kb_cw_page_done(&page);
    kb_buf_done(&body);
    return 0;
}
