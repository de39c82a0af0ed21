#include "data/regex.h"

#include "test.h"

static struct kb_regex *compile(const char *pattern)
{
    struct kb_regex *regex = NULL;
    struct kb_err err = {0};
    kb_test_check(!kb_failed(kb_regex_compile(kb_str_c(pattern), &regex, &err)), __FILE__, __LINE__,
                  "%s: %s", pattern, err.msg);
    return regex;
}

static bool matches(const char *pattern, const char *text)
{
    struct kb_regex *regex = compile(pattern);
    bool out = false;
    if (regex != NULL) {
        CHECK(!kb_failed(kb_regex_match(regex, kb_str_c(text), &out, NULL)));
    }
    kb_regex_free(regex);
    return out;
}

static void refused(const char *pattern, const char *want)
{
    struct kb_regex *regex = NULL;
    struct kb_err err = {0};
    FAILS(kb_regex_compile(kb_str_c(pattern), &regex, &err), KB_ERR_SYNTAX);
    kb_test_str(kb_str_c(err.msg), kb_str_c(want), pattern, __LINE__);
    kb_regex_free(regex);
}

KB_TEST(regex, reads_re2)
{
    static const struct {
        const char *pattern;
        const char *text;
        bool want;
    } cases[] = {
        {"^a.c$", "abc", true},
        {"^a.c$", "abc\n", false},
        {"(?s)a.c", "a\nc", true},
        {"a.c", "a\nc", false},
        {"(?m)^b$", "a\nb\nc", true},
        {"(?m)^$", "a\n", true},
        {"(?i)straße", "STRAßE", true},
        {"\\x{1F600}", "😀", true},
        {"\\pN+", "12", true},
        {"\\p{Greek}", "α", true},
        {"\\P{Greek}", "α", false},
        {"\\p{^Greek}", "a", true},
        {"^\\Qa.b*\\E$", "a.b*", true},
        {"^\\Qa.b\\E$", "axb", false},
        {"\\Qa.b", "a.b", true},
        {"[[:alpha:]]", "x", true},
        {"[[:^alpha:]]", "x", false},
        {"[]a]", "]", true},
        {"(?P<n>a)(?<m>b)", "ab", true},
        {"^a{,2}$", "a{,2}", true},
        {"{", "{", true},
        {"\\s", "\v", false},
        {"[[:space:]]", "\v", true},
        {"^\\v$", "\v", true},
        {"^*x", "x", true},
        {"(?:)*", "", true},
        {"\\b*a", "a", true},
        {"(?i)^\\w$", "ſ", true},
        {"(?i)^\\W$", "ſ", false},
        {"^\\w$", "ſ", false},
        {"(?i)^[\\W]$", "k", false},
        {"\\_\\-\\/", "_-/", true},
        {"\\012", "\n", true},
        {"(?-i)a(?i:B)", "ab", true},
        {"(?i:a)B", "ab", false},
        {"[^\\d\\s]", "x", true},
        {"\\z.", "a", false},
        {"#x y", "#x y", true},
        {"(?i)a(?-i)b", "AB", false},
        {"(?)a", "a", true},
        {"((?i)a)b", "AB", false},
        {"a$b|^c", "xc", false},
        {"(?i)^\\p{Lu}$", "a", true},
        {"(?i)^\\P{Lu}$", "a", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kb_test_check(matches(cases[i].pattern, cases[i].text) == cases[i].want, __FILE__, __LINE__,
                      "%s over %s", cases[i].pattern, cases[i].text);
    }
    refused("(?i-)a", "error parsing regexp: invalid or unsupported Perl syntax: `(?i-)`");
    refused("(?i", "error parsing regexp: missing closing ): `(?i`");
}

KB_TEST(regex, refuses_what_re2_refuses)
{
    refused("(?=a)", "error parsing regexp: invalid or unsupported Perl syntax: `(?=`");
    refused("(?<=a)b>", "error parsing regexp: invalid named capture: `(?<=a)b>`");
    refused("(a)\\1", "error parsing regexp: invalid escape sequence: `\\1`");
    refused("a*+", "error parsing regexp: invalid nested repetition operator: `*+`");
    refused("a**", "error parsing regexp: invalid nested repetition operator: `**`");
    refused("*a", "error parsing regexp: missing argument to repetition operator: `*`");
    refused("a{1001}", "error parsing regexp: invalid repeat count: `{1001}`");
    refused("(a{100}){100}", "error parsing regexp: invalid repeat count: `{100}`");
    refused("a{2,1}", "error parsing regexp: invalid repeat count: `{2,1}`");
    refused("(a", "error parsing regexp: missing closing ): `(a`");
    refused("a)", "error parsing regexp: unexpected ): `a)`");
    refused("[a", "error parsing regexp: missing closing ]: `[a`");
    refused("[z-a]", "error parsing regexp: invalid character class range: `z-a`");
    refused("[[:nope:]]", "error parsing regexp: invalid character class range: `[:nope:]`");
    refused("\\C", "error parsing regexp: invalid escape sequence: `\\C`");
    refused("a\\", "error parsing regexp: trailing backslash at end of expression: ``");
    refused("\\p{Nope}", "error parsing regexp: invalid character class range: `\\p{Nope}`");
    refused("(?#c)", "error parsing regexp: invalid or unsupported Perl syntax: `(?#`");
    refused("(?>a)", "error parsing regexp: invalid or unsupported Perl syntax: `(?>`");
    refused("\\Z", "error parsing regexp: invalid escape sequence: `\\Z`");
    refused("(?P<n>a)(?P<n>b)", "error parsing regexp: duplicate capture group name: `n`");
}

KB_TEST(regex, catastrophes_are_limits)
{
    char text[64];
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '!';
    struct kb_regex *regex = compile("^(a|a)*$");
    bool out = false;
    struct kb_err err;
    FAILS(kb_regex_match(regex, (struct kb_str){text, sizeof text}, &out, &err), KB_ERR_LIMIT);
    kb_regex_free(regex);
    char deep[2 * 400 + 1];
    memset(deep, '(', 400);
    memset(deep + 400, ')', 400);
    deep[800] = '\0';
    FAILS(kb_regex_compile(kb_str_c(deep), &regex, &err), KB_ERR_LIMIT);
}

KB_TEST(regex, walks_as_go)
{
    struct kb_regex *regex = compile("a*");
    struct kb_regex_walk walk = {.regex = regex, .text = KB_STR("baab")};
    static const struct kb_regex_span want[] = {{0, 0}, {1, 3}, {4, 4}};
    for (size_t i = 0; i < 3; i++) {
        struct kb_regex_span span = {0};
        bool found = false;
        CHECK(!kb_failed(kb_regex_next(&walk, &span, 1, &found, NULL)) && found);
        EQ_UINT(span.from, want[i].from);
        EQ_UINT(span.to, want[i].to);
    }
    struct kb_regex_span span;
    bool found = true;
    CHECK(!kb_failed(kb_regex_next(&walk, &span, 1, &found, NULL)) && !found);
    kb_regex_free(regex);
}

/* A byte that is not UTF-8 is one character, so that it hides nothing from an expression. */
KB_TEST(regex, text_that_is_not_utf8)
{
    bool out = false;
    struct kb_regex *regex = compile("^.a(.)c$");
    CHECK(!kb_failed(kb_regex_match(regex,
                                    KB_STR("\xff"
                                           "a\xfe"
                                           "c"),
                                    &out, NULL)) &&
          out);
    struct kb_regex_span spans[2];
    CHECK(!kb_failed(kb_regex_find(regex,
                                   KB_STR("\xff"
                                          "a\xfe"
                                          "c"),
                                   0, spans, 2, &out, NULL)) &&
          out);
    EQ_UINT(spans[0].to, 4);
    EQ_UINT(spans[1].from, 2);
    EQ_UINT(spans[1].to, 3);
    kb_regex_free(regex);
    regex = compile("[^a]");
    struct kb_regex_walk walk = {.regex = regex,
                                 .text = KB_STR("a\xff"
                                                "a\xe4\xbd"
                                                "b")};
    static const size_t want[] = {1, 3, 4, 5};
    for (size_t i = 0; i < 4; i++) {
        bool found = false;
        CHECK(!kb_failed(kb_regex_next(&walk, spans, 1, &found, NULL)) && found);
        EQ_UINT(spans[0].from, want[i]);
        EQ_UINT(spans[0].to, want[i] + 1);
    }
    kb_regex_free(regex);
}

KB_TEST(regex, groups)
{
    struct kb_regex *regex = compile("(a)|(?P<b>b)");
    struct kb_regex_span spans[3];
    bool found = false;
    EQ_UINT(kb_regex_groups(regex), 2);
    EQ_UINT(kb_regex_group(regex, KB_STR("b")), 2);
    EQ_UINT(kb_regex_group(regex, KB_STR("c")), 0);
    CHECK(!kb_failed(kb_regex_find(regex, KB_STR("xb"), 0, spans, 3, &found, NULL)) && found);
    EQ_UINT(spans[1].from, SIZE_MAX);
    EQ_UINT(spans[2].from, 1);
    CHECK(!kb_failed(kb_regex_find(regex, KB_STR("xb"), 2, spans, 3, &found, NULL)) && !found);
    kb_regex_free(regex);
}
