#include "data/glob.h"
#include "test.h"

static bool match(const char *pattern, const char *text)
{
    return kb_glob_match(kb_str_c(pattern), kb_str_c(text));
}

KB_TEST(glob, exact_text)
{
    CHECK(match("", ""));
    CHECK(match("kube-system", "kube-system"));
    CHECK(!match("kube-system", "kube-systems"));
    CHECK(!match("kube-system", "kube-syste"));
    CHECK(!match("a", "A"));
}

KB_TEST(glob, star_matches_anything)
{
    CHECK(match("*", ""));
    CHECK(match("*", "a/b"));
    CHECK(match("rbac-*", "rbac-"));
    CHECK(match("a*b*c", "aXbYbZc"));
    CHECK(!match("a*b*c", "aXbYbZ"));
    CHECK(match("arn:aws:iam::*:role/client-*", "arn:aws:iam::111122223333:role/client-x"));
    CHECK(match("**a", "bba"));
    CHECK(!match("aa*aa", "aaa"));
}

KB_TEST(glob, one_code_point)
{
    CHECK(match("a?c", "abc"));
    CHECK(match("a?c", "aéc"));
    CHECK(!match("a?c", "ac"));
    CHECK(!match("?", ""));
}

KB_TEST(glob, classes)
{
    CHECK(match("[a-c]x", "bx"));
    CHECK(!match("[a-c]x", "dx"));
    CHECK(match("[!a-c]", "d"));
    CHECK(!match("[!a-c]", "a"));
    CHECK(match("[]a]", "]"));
    CHECK(match("[a-]", "-"));
    CHECK(match("[é-ü]", "ö"));
    CHECK(match("[a-z0-9]*", "7x"));
}

KB_TEST(glob, escapes)
{
    CHECK(match("a\\*", "a*"));
    CHECK(!match("a\\*", "ab"));
    CHECK(match("[\\]]", "]"));
}

KB_TEST(glob, malformed_matches_nothing)
{
    CHECK(!kb_glob_valid(KB_STR("[a")));
    CHECK(!kb_glob_valid(KB_STR("a\\")));
    CHECK(!kb_glob_valid(KB_STR("[")));
    CHECK(kb_glob_valid(KB_STR("[!]]*?")));
    CHECK(!match("[a", "a"));
    CHECK(!match("*[a", "xa"));
}

KB_TEST(glob, special_characters)
{
    CHECK(kb_glob_special(KB_STR("a*")));
    CHECK(!kb_glob_special(KB_STR("User/jane@example.com")));
}

KB_TEST(glob, bytes_that_are_no_text)
{
    CHECK(match("a\xff*", "a\xff" "b"));
    CHECK(match("?", "\xff"));
    CHECK(!match("\xfe", "\xff"));
}

KB_TEST(glob, many_stars_end)
{
    char text[2001];
    memset(text, 'a', 2000);
    text[2000] = '\0';
    CHECK(!match("*a*a*a*a*a*a*a*a*a*a*a*ab", text));
}
