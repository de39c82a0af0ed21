#include "data/base64.h"
#include "data/duration.h"
#include "data/quote.h"
#include "test.h"

static bool decodes(const char *text, unsigned flags, const char *want)
{
    KB_AUTO(kb_buf_done) struct kb_buf out = {.max = 64};
    return CHECK(kb_base64_decode(kb_str_c(text), flags, &out, NULL)) &&
           kb_test_str(kb_buf_view(&out), kb_str_c(want), text, __LINE__);
}

static size_t bad_at(const char *text, unsigned flags)
{
    KB_AUTO(kb_buf_done) struct kb_buf out = {.max = 64};
    size_t bad = SIZE_MAX;
    CHECK(!kb_base64_decode(kb_str_c(text), flags, &out, &bad));
    return bad;
}

KB_TEST(base64, both_alphabets_and_paddings)
{
    decodes("", 0, "");
    decodes("aGVsbG8=", 0, "hello");
    decodes("aGVsbG8", KB_BASE64_UNPADDED, "hello");
    decodes("aGVs\nbG8=\r\n", KB_BASE64_LINES, "hello");
    decodes("Pz8_", KB_BASE64_URL, "???");
    EQ_UINT(bad_at("aGVsbG8", 0), 7);
    EQ_UINT(bad_at("aGVs!", 0), 4);
    EQ_UINT(bad_at("aGVsbG8==", 0), 8);
    EQ_UINT(bad_at("a===", KB_BASE64_UNPADDED), 1);
    EQ_UINT(bad_at("Pz8_", 0), 3);
    KB_AUTO(kb_buf_done) struct kb_buf out = {.max = 64};
    kb_base64_encode(KB_STR("hello"), KB_BASE64_UNPADDED, &out);
    EQ_STR(kb_buf_view(&out), "aGVsbG8");
}

KB_TEST(duration, extremes)
{
    int64_t ns = 0;
    struct kb_err err;
    OK(kb_duration_parse(KB_STR("-2562047h47m16.854775808s"), &ns, &err), &err);
    EQ_INT(ns, INT64_MIN);
    FAILS(kb_duration_parse(KB_STR("2562047h47m16.854775808s"), &ns, &err), KB_ERR_SYNTAX);
    FAILS(kb_duration_parse(KB_STR("1d"), &ns, &err), KB_ERR_SYNTAX);
    KB_AUTO(kb_buf_done) struct kb_buf out = {.max = 64};
    kb_duration_format(INT64_MIN, &out);
    EQ_STR(kb_buf_view(&out), "-2562047h47m16.854775808s");
}

KB_TEST(quote, bytes_that_are_not_text)
{
    KB_AUTO(kb_buf_done) struct kb_buf out = {.max = 64};
    kb_quote(KB_STR("a\0\xff\xe4\xbd"), &out);
    EQ_STR(kb_buf_view(&out), "\"a\\x00\\xff\\xe4\\xbd\"");
    CHECK(!kb_unquote(KB_STR("\"\\xZZ\""), &out));
    CHECK(!kb_unquote(KB_STR("\"\\"), &out));
    CHECK(!kb_unquote(KB_STR("\""), &out));
    CHECK(!kb_unquote(KB_STR("'ab'"), &out));
}
