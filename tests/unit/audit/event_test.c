#include "audit/event.h"

#include "data/json_str.h"
#include "audit/record.h"

#include "test.h"

static struct kb_event parsed(const char *text, bool truncated)
{
    struct kb_event event;
    struct kb_err err = {0};
    OK(kb_event_parse(kb_str_c(text), truncated, &event, &err), &err);
    return event;
}

#define HEAD "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"level\":\"Metadata\","

KB_TEST(event, members_in_any_order_and_spelling)
{
    KB_AUTO(kb_arena_done) struct kb_arena arena = {0};
    struct kb_event event = parsed(
        " { \"\\u0076erb\" : \"g\\u0065t\" ,\n\"user\":{ \"groups\":[],\"username\" :\"a\\/b\"},"
        "\"stage\":\"Panic\",\"responseStatus\":{\"code\":101,\"metadata\":{\"a\":[{}]}}, "
        "\"x\":{\"verb\":\"no\"},"
        "\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/"
        "v1\",\"stageTimestamp\":\"2026-01-15T10:00:00.000001Z\"}  ",
        false);
    int64_t code = 0;
    EQ_STR(kb_event_str(&event, KB_M_VERB, &arena), "get");
    EQ_STR(kb_event_str(&event, KB_M_USER_NAME, &arena), "a/b");
    CHECK(kb_event_int(&event, KB_M_STATUS_CODE, &code));
    EQ_INT(code, 101);
    EQ_INT(kb_event_stage(&event), KB_STAGE_PANIC);
    EQ_INT(kb_event_time(&event, KB_M_STAGE_TIME), INT64_C(1768471200000001000));
    EQ_INT(kb_event_time(&event, KB_M_RECEIVED_TIME), KB_EVENT_NO_TIME);
    CHECK(kb_event_is_audit(&event) && !event.truncated && !event.open);
    CHECK(!kb_event_unseen(&event, KB_M_LEVEL) && !kb_event_has(&event, KB_M_LEVEL));
}

KB_TEST(event, last_of_equal_keys_wins)
{
    KB_AUTO(kb_arena_done) struct kb_arena arena = {0};
    struct kb_event event =
        parsed("{\"verb\":\"get\",\"user\":{\"username\":\"a\",\"uid\":\"1\"},\"verb\":\"list\","
               "\"user\":{\"username\":\"b\",\"username\":\"c\"}}",
               false);
    EQ_STR(kb_event_str(&event, KB_M_VERB, &arena), "list");
    EQ_STR(kb_event_str(&event, KB_M_USER_NAME, &arena), "c");
    CHECK(!kb_event_has(&event, KB_M_USER_UID));
}

KB_TEST(event, text_that_only_looks_like_members)
{
    KB_AUTO(kb_arena_done) struct kb_arena arena = {0};
    struct kb_event event =
        parsed("{\"requestURI\":\"/"
               "x?\\\",\\\"verb\\\":\\\"get\",\"requestObject\":{\"verb\":\"a\",\"t\":\"}\\\\\"},"
               "\"verb\":\"delete\"}",
               false);
    EQ_STR(kb_event_str(&event, KB_M_VERB, &arena), "delete");
    EQ_STR(kb_event_str(&event, KB_M_REQUEST_URI, &arena), "/x?\",\"verb\":\"get");
}

KB_TEST(event, what_the_cut_took_is_unseen)
{
    struct kb_event event =
        parsed(HEAD "\"auditID\":\"a\",\"user\":{\"username\":\"u\",\"uid\":\"x", false);
    CHECK(event.truncated && event.open);
    EQ_STR(kb_event_raw(&event, KB_M_USER_NAME), "u");
    CHECK(!kb_event_unseen(&event, KB_M_USER_NAME) && !kb_event_unseen(&event, KB_M_AUDIT_ID));
    CHECK(kb_event_unseen(&event, KB_M_USER_UID) && kb_event_unseen(&event, KB_M_USER_GROUPS));
    CHECK(kb_event_unseen(&event, KB_M_REF_NAME) && kb_event_unseen(&event, KB_M_STAGE));
    event = parsed(
        HEAD "\"user\":{\"username\":\"u\"},\"responseStatus\":{\"code\":20[Truncated...]", false);
    CHECK(kb_event_unseen(&event, KB_M_STATUS_CODE) && event.truncated);
    CHECK(!kb_event_unseen(&event, KB_M_USER_UID));
    event = parsed(HEAD "\"verb\":\"get\"}", true);
    CHECK(event.truncated && !kb_event_unseen(&event, KB_M_USER));
}

KB_TEST(event, what_is_no_json_is_told_with_its_place)
{
    static const char *const bad[] = {"",
                                      "[]",
                                      "x",
                                      "{\"a\" 1}",
                                      "{\"a\":1,}",
                                      "{a:1}",
                                      "{\"a\":01}",
                                      "{\"a\":1}}",
                                      "{\"a\":nul }",
                                      "{\"user\":{\"uid\":\"1\",}}",
                                      "{\"a\":1 \"b\":2}",
                                      "{,}",
                                      "{\"user\":{]}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct kb_event event;
        struct kb_err err = {0};
        FAILS(kb_event_parse(kb_str_c(bad[i]), false, &event, &err), KB_ERR_SYNTAX);
        CHECK(err.msg[0] != '\0');
    }
    struct kb_event event;
    struct kb_err err;
    FAILS(kb_event_parse(KB_STR("{\"a\":1,x"), false, &event, &err), KB_ERR_SYNTAX);
    EQ_C(err.msg, "not JSON at byte 7 of the event");
}

KB_TEST(event, digest_sees_content_only)
{
    struct kb_event a = parsed(HEAD "\"user\":{\"username\":\"x/y\",\"groups\":[\"a\",\"b\"]},"
                                    "\"responseObject\":{\"n\":1,\"e\":{},\"f\":1.5}}",
                               false);
    struct kb_event b =
        parsed("{ \"responseObject\":{\"f\":15e-1, \"e\": { } "
               ",\"n\":1.0},\"@id\":\"7\",\"user\":{\"groups\":[\"a\", \"b\"],"
               "\"username\":\"x\\/\\u0079\"},\"level\":\"Metadata\",\"apiVersion\":\"audit.k8s.io/"
               "v1\",\"kind\":\"Event\"}",
               false);
    struct kb_event c = parsed(HEAD "\"user\":{\"username\":\"x/y\",\"groups\":[\"b\",\"a\"]},"
                                    "\"responseObject\":{\"n\":1,\"e\":{},\"f\":1.5}}",
                               false);
    struct kb_event d = parsed(HEAD "\"user\":{\"username\":\"x/y\",\"groups\":[\"a\",\"b\"]},"
                                    "\"responseObject\":{\"n\":1,\"e\":[],\"f\":1.5}}",
                               false);
    CHECK(kb_event_digest(&a) == kb_event_digest(&b));
    CHECK(kb_event_digest(&a) != kb_event_digest(&c));
    CHECK(kb_event_digest(&a) != kb_event_digest(&d));
    CHECK(kb_event_str_hash(&a, KB_M_USER_NAME) == kb_event_str_hash(&b, KB_M_USER_NAME));
    CHECK(kb_event_str_hash(&a, KB_M_USER_NAME) != kb_event_str_hash(&a, KB_M_LEVEL));
}

KB_TEST(event, annotations)
{
    KB_AUTO(kb_arena_done) struct kb_arena arena = {0};
    struct kb_str value = {0};
    struct kb_event event =
        parsed("{\"annotations\":{\"a/b\":\"x\",\"c\":\"\"},\"verb\":\"get\"}", false);
    CHECK(kb_event_annotation(&event, KB_STR("a/b"), &arena, &value) == KB_FIND_YES);
    EQ_STR(value, "x");
    CHECK(kb_event_annotation(&event, KB_STR("d"), &arena, &value) == KB_FIND_NO);
    event = parsed("{\"annotations\":{\"a/b\":\"x\",\"c\":\"", false);
    CHECK(kb_event_annotation(&event, KB_STR("a/b"), &arena, &value) == KB_FIND_YES);
    CHECK(kb_event_annotation(&event, KB_STR("c"), &arena, &value) == KB_FIND_UNSEEN);
    CHECK(kb_event_annotation(&event, KB_STR("d"), &arena, &value) == KB_FIND_UNSEEN);
    event = parsed("{\"verb\":\"get\"", false);
    CHECK(kb_event_annotation(&event, KB_STR("d"), &arena, &value) == KB_FIND_UNSEEN);
}

KB_TEST(event, strings_decode_as_go_does)
{
    KB_AUTO(kb_arena_done) struct kb_arena arena = {0};
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"{\"verb\":\"\\ud83d\\ude00\\u2028\"}", "\xf0\x9f\x98\x80\xe2\x80\xa8"},
        {"{\"verb\":\"\\ud83dx\"}", "\xef\xbf\xbdx"},
        {"{\"verb\":\"\\ud83d\\ud83d\\ude00\"}", "\xef\xbf\xbd\xf0\x9f\x98\x80"},
        {"{\"verb\":\"\\ude00\"}", "\xef\xbf\xbd"},
        {"{\"verb\":\"a\xff"
         "b\"}",
         "a\xef\xbf\xbd"
         "b"},
        {"{\"verb\":\"\\b\\f\\n\\r\\t\\\\\\\"\\/\"}", "\b\f\n\r\t\\\"/"},
        {"{\"verb\":\"\\u12\"}", "\xef\xbf\xbd"
                                 "12"},
        {"{\"verb\":\"\\q\"}", "\xef\xbf\xbd"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct kb_event event = parsed(rows[i].text, false);
        kb_test_str(kb_event_str(&event, KB_M_VERB, &arena), kb_str_c(rows[i].want), __FILE__,
                    __LINE__);
    }
}

KB_TEST(event, compares_text_with_invalid_bytes_as_decoded)
{
    struct kb_span span = {.p = "a\xff", .n = 2, .kind = KB_SPAN_STRING};
    CHECK(kb_span_is(&span, KB_STR("a\xEF\xBF\xBD")));
    CHECK(!kb_span_is(&span, KB_STR("a")));
}

KB_TEST(event, long_strings_take_no_more_than_they_need)
{
    KB_AUTO(kb_arena_done) struct kb_arena arena = {0};
    static char text[1 << 20];
    struct kb_event event;
    struct kb_err err = {0};
    memset(text, 'x', sizeof text);
    memcpy(text, "{\"verb\":\"\\n", 12);
    text[5000] = '\xff';
    memcpy(text + sizeof text - 2, "\"}", 2);
    OK(kb_event_parse((struct kb_str){text, sizeof text}, false, &event, &err), &err);
    struct kb_str verb = kb_event_str(&event, KB_M_VERB, &arena);
    EQ_UINT(verb.n, sizeof text - 9 - 2 - 1 + 2);
    CHECK(verb.p[0] == '\n' && arena.total < 2 * sizeof text);
}

KB_TEST(event, times_whose_differences_fit)
{
    EQ_INT(kb_event_time_ns(KB_STR("1970-01-01T00:00:00Z")), 0);
    EQ_INT(kb_event_time_ns(KB_STR("2026-01-15T11:00:00.5+01:00")), INT64_C(1768471200500000000));
    EQ_INT(kb_event_time_ns(KB_STR("1969-12-31T23:59:59Z")), KB_EVENT_NO_TIME);
    EQ_INT(kb_event_time_ns(KB_STR("0001-01-01T00:00:00Z")), KB_EVENT_NO_TIME);
    EQ_INT(kb_event_time_ns(KB_STR("9999-12-31T23:59:59Z")), KB_EVENT_NO_TIME);
    EQ_INT(kb_event_time_ns(KB_STR("yesterday")), KB_EVENT_NO_TIME);
    EQ_INT(kb_record_ns(1768471200123), INT64_C(1768471200123000000));
    EQ_INT(kb_record_ns(INT64_MAX), INT64_MIN);
    EQ_INT(kb_record_ns(-1), INT64_MIN);
}
