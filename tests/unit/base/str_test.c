#include "test.h"

KB_TEST(str, finds_and_cuts)
{
    struct kb_str rest;
    EQ_UINT(kb_str_find(KB_STR("abcabc"), KB_STR("c"), 3), 5);
    EQ_UINT(kb_str_find(KB_STR("abc"), KB_STR("x"), 0), SIZE_MAX);
    EQ_UINT(kb_str_find(KB_STR("abc"), KB_STR(""), 3), 3);
    EQ_STR(kb_str_split(KB_STR("a:b:c"), ':', &rest), "a");
    EQ_STR(rest, "b:c");
    EQ_STR(kb_str_sub(KB_STR("abc"), 1, 9), "bc");
    EQ_STR(kb_str_trim(KB_STR(" \t a b\r\n")), "a b");
}

KB_TEST(str, numbers_do_not_overflow)
{
    int64_t i = 0;
    uint64_t u = 0;
    CHECK(kb_str_i64(KB_STR("-9223372036854775808"), &i) && i == INT64_MIN);
    CHECK(!kb_str_i64(KB_STR("9223372036854775808"), &i));
    CHECK(kb_str_u64(KB_STR("18446744073709551615"), &u) && u == UINT64_MAX);
    CHECK(!kb_str_u64(KB_STR("18446744073709551616"), &u));
    CHECK(!kb_str_u64(KB_STR(""), &u) && !kb_str_i64(KB_STR("-"), &i) && !kb_str_u64(KB_STR("1a"), &u));
}

KB_TEST(str, distance)
{
    EQ_UINT(kb_str_distance(KB_STR("verbs"), KB_STR("verb")), 1);
    EQ_UINT(kb_str_distance(KB_STR(""), KB_STR("abc")), 3);
    EQ_UINT(kb_str_distance(KB_STR("kitten"), KB_STR("sitting")), 3);
}

KB_TEST(str, hash_reads_no_further_than_the_text)
{
    char text[40] = {0};
    for (size_t n = 0; n < sizeof text; n++) {
        uint64_t before = kb_hash_bytes(text, n, 1);
        text[n] = 'x';
        EQ_UINT(kb_hash_bytes(text, n, 1), before);
        text[n] = '\0';
    }
    CHECK(kb_hash_bytes("a", 1, 1) != kb_hash_bytes("a", 1, 2));
}
