#include "baseline/place.h"
#include "test.h"

static const char source[] = "where: a == 1\n"            /* 1 */
                             "require: \"é && bad\"\n"    /* 2 */
                             "block: |\n"                 /* 3 */
                             "  one &&\n"                 /* 4 */
                             "    two\n"                  /* 5 */
                             "fold: >-\n"                 /* 6 */
                             "  one &&\n"                 /* 7 */
                             "  two\n"                    /* 8 */
                             "plain: one &&\n"            /* 9 */
                             "   two three\n";            /* 10 */

static void at(const char *text, unsigned line, unsigned col, unsigned in_line, unsigned in_col,
               unsigned want_line, unsigned want_col)
{
    struct kb_text scalar = {kb_str_c(text), line, col};
    struct kb_place place = kb_place_of(kb_str_c(source), &scalar, in_line, in_col);
    EQ_UINT(place.line, want_line);
    EQ_UINT(place.col, want_col);
}

KB_TEST(place, of_one_line)
{
    at("a == 1", 1, 8, 1, 6, 1, 13);
    at("é && bad", 2, 10, 1, 6, 2, 16);
}

KB_TEST(place, of_a_literal_block)
{
    at("one &&\n  two\n", 3, 8, 1, 5, 4, 7);
    at("one &&\n  two\n", 3, 8, 2, 3, 5, 5);
}

KB_TEST(place, of_folded_text)
{
    at("one && two", 6, 7, 1, 5, 7, 7);
    at("one && two", 6, 7, 1, 8, 8, 3);
    at("one && two three", 9, 8, 1, 1, 9, 8);
    at("one && two three", 9, 8, 1, 12, 10, 8);
}

KB_TEST(place, lines)
{
    EQ_STR(kb_place_line(KB_STR("a\r\nb"), 1), "a");
    EQ_STR(kb_place_line(KB_STR("a\r\nb"), 2), "b");
    EQ_STR(kb_place_line(KB_STR("a\r\nb"), 3), "");
}
