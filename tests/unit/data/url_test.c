#include "data/url.h"

#include "test.h"

static bool refused(const char *text, const char *want)
{
    struct kb_arena arena = {0};
    struct kb_url url;
    struct kb_err err = {0};
    FAILS(kb_url_parse(kb_str_c(text), &arena, &url, &err), KB_ERR_SYNTAX);
    kb_arena_done(&arena);
    return kb_test_str(kb_str_c(err.msg), kb_str_c(want), text, __LINE__);
}

KB_TEST(url, parts)
{
    struct kb_arena arena = {0};
    struct kb_url url = {0};
    struct kb_err err;
    OK(kb_url_parse(KB_STR("HTTPS://u:p@[::1]:8443/a%20b/\xC3\xBC?x=1&x=2&y=a+b#f"), &arena, &url,
                    &err),
       &err);
    EQ_STR(url.scheme, "https");
    EQ_STR(url.host, "[::1]:8443");
    EQ_STR(kb_url_hostname(&url), "::1");
    EQ_STR(kb_url_port(&url), "8443");
    EQ_STR(url.path, "/a%20b/%C3%BC");
    EQ_STR(url.user, "u:p");
    EQ_STR(url.fragment, "f");
    struct kb_str key;
    struct kb_str value;
    struct kb_str rest = url.query;
    CHECK(kb_url_query_next(&rest, &arena, &key, &value));
    EQ_STR(value, "1");
    CHECK(kb_url_query_next(&rest, &arena, &key, &value));
    EQ_STR(value, "2");
    CHECK(kb_url_query_next(&rest, &arena, &key, &value));
    EQ_STR(value, "a b");
    CHECK(!kb_url_query_next(&rest, &arena, &key, &value));
    kb_arena_done(&arena);
}

KB_TEST(url, refuses)
{
    refused("", "parse \"\": empty url");
    refused("relative", "parse \"relative\": invalid URI for request");
    refused("://x", "parse \"://x\": missing protocol scheme");
    refused("http://h:p/", "parse \"http://h:p/\": invalid port \":p\" after host");
    refused("http://[::1/", "parse \"http://[::1/\": missing ']' in host");
    refused("http://a b/", "parse \"http://a b/\": invalid character \" \" in host name");
    refused("http://%41/", "parse \"http://%41/\": invalid URL escape \"%41\"");
    refused("/%zz", "parse \"/%zz\": invalid URL escape \"%zz\"");
    refused("/a\x01", "parse \"/a\\x01\": net/url: invalid control character in URL");
    refused("http://u\x7f@h/",
            "parse \"http://u\\x7f@h/\": net/url: invalid control character in URL");
    refused("http://u\"@h/", "parse \"http://u\\\"@h/\": net/url: invalid userinfo");
}

KB_TEST(url, ends_of_text_are_ends)
{
    static const char *const texts[] = {"/%", "/%2", "http://", "http://@", "a:",   "//",
                                        "/?", "/#",  "*",       "/?%",      "/?&&="};
    struct kb_arena arena = {0};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct kb_url url;
        struct kb_err err = {0};
        bool ok = !kb_failed(kb_url_parse(kb_str_c(texts[i]), &arena, &url, &err));
        kb_test_check(ok || err.msg[0] != '\0', __FILE__, __LINE__, "%s", texts[i]);
        if (ok) {
            KB_AUTO(kb_buf_done) struct kb_buf out = {.max = 64};
            kb_url_format(&url, &out);
            CHECK(out.n <= strlen(texts[i]) && kb_url_port(&url).n == 0);
        }
    }
    kb_arena_done(&arena);
}
