#include "base/utf8.h"
#include "test.h"

KB_TEST(utf8, refuses_what_is_not_well_formed)
{
    CHECK(kb_utf8_valid(KB_STR("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xb1")));
    CHECK(!kb_utf8_valid(KB_STR("\xc0\x80")));
    CHECK(!kb_utf8_valid(KB_STR("\xed\xa0\x80")));
    CHECK(!kb_utf8_valid(KB_STR("\xf4\x90\x80\x80")));
    CHECK(!kb_utf8_valid(KB_STR("\xe2\x82")));
}

KB_TEST(utf8, encodes_what_it_decodes)
{
    const uint32_t points[] = {0, 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000, 0x10ffff};
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        char bytes[4];
        uint32_t back = 0;
        size_t n = kb_utf8_encode(points[i], bytes);
        EQ_UINT(kb_utf8_decode((struct kb_str){bytes, n}, &back), n);
        EQ_UINT(back, points[i]);
    }
}

KB_TEST(utf8, counts_code_points)
{
    EQ_UINT(kb_utf8_count(KB_STR("a\xc3\xa9z")), 3);
    EQ_UINT(kb_utf8_offset(KB_STR("a\xc3\xa9z"), 2), 3);
    EQ_UINT(kb_utf8_count(KB_STR("\xff\xff")), 2);
}
