#include "audit/skip.h"

#include "audit/unescape.h"
#include "test.h"

typedef enum kb_skip_stop skip_fn(struct kb_skip *state, const char *p, size_t n, size_t *used);

/* Every way of cutting `text` in two must give the same answer. */
static void skips(skip_fn *skip, const char *text, enum kb_skip_stop want, size_t want_used)
{
    size_t n = strlen(text);
    for (size_t cut = 0; cut <= n; cut++) {
        struct kb_skip state = {0};
        size_t used = 0;
        size_t more = 0;
        enum kb_skip_stop stop = skip(&state, text, cut, &used);
        if (stop == KB_SKIP_MORE) {
            stop = skip(&state, text + used, n - used, &more);
        }
        kb_test_check(stop == want && used + more == want_used, __FILE__, __LINE__,
                      "%s cut at %zu: stop %d after %zu, want %d after %zu", text, cut, (int)stop,
                      used + more, (int)want, want_used);
    }
}

KB_TEST(skip, values_end_at_their_bracket)
{
    skips(kb_skip_value, "{}", KB_SKIP_DONE, 2);
    skips(kb_skip_value, "[[{}]]x", KB_SKIP_DONE, 6);
    skips(kb_skip_value, "{\"a\":\"}]\"}x", KB_SKIP_DONE, 10);
    skips(kb_skip_value, "{\"a\":\"\\\"}\"}x", KB_SKIP_DONE, 11);
    skips(kb_skip_value, "{\"a\":\"\\\\\"}x", KB_SKIP_DONE, 10);
    skips(kb_skip_value, "{\"a\":\"\\\\\\\"}\"}", KB_SKIP_DONE, 13);
    skips(kb_skip_value, "{\"a\":1", KB_SKIP_MORE, 6);
    skips(kb_skip_value, "{\"a\n\"}", KB_SKIP_BROKEN, 4);
    skips(kb_skip_value, "{\n}", KB_SKIP_LINE, 2);
    skips(kb_skip_value,
          "{\"0123456789012345678901234567890123456789\":\"0123456789012345678901\\\\\\\\\\\\\\\\\","
          "\"b\":[{\"c\":\"\\\"\\\\\\\"]}]}]}]}]}]}]}\"}]}tail",
          KB_SKIP_DONE, 112);
}

KB_TEST(skip, strings_end_at_their_quote)
{
    skips(kb_skip_string, "\"", KB_SKIP_DONE, 1);
    skips(kb_skip_string, "a\\\"b\\\\\"c", KB_SKIP_DONE, 7);
    skips(kb_skip_string, "a\nb\"", KB_SKIP_BROKEN, 2);
    skips(kb_skip_string, "a\\", KB_SKIP_MORE, 2);
    skips(kb_skip_string,
          "0123456789012345678901234567890123456789012345678901234567890\\\\\\\\\\\"\"x",
          KB_SKIP_DONE, 68);
}

static void line(const char *text, size_t want, bool want_odd)
{
    bool odd = false;
    EQ_UINT(kb_skip_line(text, strlen(text), 0, &odd), want);
    kb_test_check(odd == want_odd, __FILE__, __LINE__, "%s", text);
}

KB_TEST(skip, lines_and_what_may_hold_two_events)
{
    line("abc\ndef", 3, false);
    line("0123456789012345678901234567890\n}{", 31, false);
    line("{\"kind\":\"Event\",\"requestObject\":{\"kind\":\"Event\"}}\n", 49, false);
    line("{\"kind\":\"Event\"}{\"kind\":\"Event\"}\n", 32, true);
    line("{\"kind\":\"Event\"}\t{\"kind\":\"Event\"}\n", 33, true);
    line("{\"kind\":\"Event\"},{\"kind\": \"Event\"}", 34, true);
    line("{\"kind\":\"Event\",\"a\":[{\"kind\":\"Pod\"}]}", 37, false);
    line("{\"x\":\"{{a}}{{b}}\"}", 18, true);
}

static void unescapes(struct kb_str raw, struct kb_str want)
{
    struct kb_buf out;
    kb_buf_init(&out, 1000);
    CHECK(kb_unescape(raw, &out));
    kb_test_str(kb_buf_view(&out), want, __FILE__, __LINE__);
    kb_buf_done(&out);
}

KB_TEST(unescape, all_escapes)
{
    unescapes(KB_STR("plain text longer than one step of sixteen bytes"),
              KB_STR("plain text longer than one step of sixteen bytes"));
    unescapes(KB_STR("\\\"\\\\\\/\\b\\f\\n\\r\\t"), KB_STR("\"\\/\b\f\n\r\t"));
    unescapes(KB_STR("0123456789abcdef\\\"0123456789abcdef\\\""),
              KB_STR("0123456789abcdef\"0123456789abcdef\""));
    unescapes(KB_STR("\\u00e4\\u20AC\\ud83d\\ude00\\u0000"),
              KB_STR("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\0"));
    unescapes(KB_STR("\\ud83d\\u0041\\udc00"), KB_STR("\xef\xbf\xbd" "A\xef\xbf\xbd"));
    unescapes(KB_STR("\\u12"), KB_STR("u12"));
    unescapes(KB_STR("a\\"), KB_STR("a"));
    struct kb_buf small;
    kb_buf_init(&small, 20);
    CHECK(!kb_unescape(KB_STR("0123456789"), &small));
    kb_buf_done(&small);
}
