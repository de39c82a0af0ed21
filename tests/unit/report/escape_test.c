/* Foreign text on a terminal, and its width. */
#include "report/escape.h"

#include "base/utf8.h"
#include "report/width.h"
#include "test.h"

static void escapes(struct kb_str in, const char *want, enum kb_escape_mode mode)
{
    struct kb_buf out;
    kb_buf_init(&out, 4096);
    kb_escape(&out, in, mode);
    kb_test_str(kb_buf_view(&out), kb_str_c(want), __FILE__, __LINE__);
    kb_buf_done(&out);
}

KB_TEST(escape, leaves_visible_text)
{
    escapes(KB_STR("system:serviceaccount:a/b \"q\" Zürich 日本 é"),
            "system:serviceaccount:a/b \"q\" Zürich 日本 é", KB_ESCAPE_FOREIGN);
}

KB_TEST(escape, shows_terminal_control)
{
    escapes(KB_STR("\x1b[2J\x1b]0;t\x07"), "\\x1b[2J\\x1b]0;t\\x07", KB_ESCAPE_FOREIGN);
    escapes(KB_STR("a\r\n\tb\0c\x7f"), "a\\r\\n\\tb\\x00c\\x7f", KB_ESCAPE_FOREIGN);
    escapes(KB_STR("\xc2\x9b"
                   "31m"),
            "\\u009b31m", KB_ESCAPE_FOREIGN);
}

KB_TEST(escape, shows_what_reorders_or_hides)
{
    escapes(KB_STR("a\xe2\x80\xae"
                   "b\xe2\x81\xa6\xe2\x81\xa9"),
            "a\\u202eb\\u2066\\u2069", KB_ESCAPE_FOREIGN);
    escapes(KB_STR("ad\xe2\x80\x8bmin\xef\xbb\xbf\xf3\xa0\x81\x81"),
            "ad\\u200bmin\\ufeff\\U000e0041", KB_ESCAPE_FOREIGN);
}

KB_TEST(escape, shows_invalid_bytes)
{
    escapes(KB_STR("a\xff"
                   "b\xc3"),
            "a\\xffb\\xc3", KB_ESCAPE_FOREIGN);
    escapes(KB_STR("\xed\xa0\x80"), "\\xed\\xa0\\x80", KB_ESCAPE_FOREIGN);
}

KB_TEST(escape, different_texts_print_differently)
{
    escapes(KB_STR("a\\x1b"), "a\\\\x1b", KB_ESCAPE_FOREIGN);
    escapes(KB_STR("DOM\\joe \\"), "DOM\\joe \\", KB_ESCAPE_FOREIGN);
    escapes(KB_STR("\\\n"), "\\\\\\n", KB_ESCAPE_FOREIGN);
    escapes(KB_STR("\\\xff"), "\\\\\\xff", KB_ESCAPE_FOREIGN);
}

KB_TEST(escape, own_text_keeps_commands)
{
    escapes(KB_STR("kubectl get \\\n  pods \x1b"), "kubectl get \\\n  pods \\x1b", KB_ESCAPE_OWN);
}

KB_TEST(width, counts_columns)
{
    EQ_UINT(kb_width(KB_STR("abc")), 3);
    EQ_UINT(kb_width(KB_STR("日本")), 4);
    EQ_UINT(kb_width(KB_STR("e\xcc\x81")), 1);
    EQ_UINT(kb_width(KB_STR("→×…")), 3);
    EQ_UINT(kb_width_fit(KB_STR("日本"), 3), 3);
    EQ_UINT(kb_width_fit(KB_STR("abc"), 9), 3);
}
