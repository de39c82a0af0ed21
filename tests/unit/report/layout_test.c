/* Wrapping, and numbers for people. */
#include "report/layout.h"

#include "test.h"

static void wraps(const char *text, size_t column, size_t indent, size_t width, const char *want)
{
    struct kb_buf out;
    kb_buf_init(&out, 4096);
    kb_wrap(&out, kb_str_c(text), column, indent, width);
    kb_test_str(kb_buf_view(&out), kb_str_c(want), __FILE__, __LINE__);
    kb_buf_done(&out);
}

KB_TEST(layout, wraps_at_spaces)
{
    wraps("one two three", 0, 2, 8, "one two\n  three");
    wraps("one two three", 4, 4, 8, "one\n    two\n    three");
    wraps("averyveryverylongword x", 0, 1, 5, "averyveryverylongword\n x");
    wraps("", 0, 0, 10, "");
}

KB_TEST(layout, keeps_line_feeds_and_inner_indent)
{
    wraps("kubectl get \\\n  pods\n\nend", 2, 2, 40, "kubectl get \\\n    pods\n\n  end");
}

static void adds(void (*fn)(struct kb_buf *, uint64_t), uint64_t n, const char *want)
{
    struct kb_buf out;
    kb_buf_init(&out, 64);
    fn(&out, n);
    kb_test_str(kb_buf_view(&out), kb_str_c(want), __FILE__, __LINE__);
    kb_buf_done(&out);
}

static void spans(int64_t ns, const char *want)
{
    struct kb_buf out;
    kb_buf_init(&out, 64);
    kb_add_span(&out, ns);
    kb_test_str(kb_buf_view(&out), kb_str_c(want), __FILE__, __LINE__);
    kb_buf_done(&out);
}

KB_TEST(layout, counts_with_thousands)
{
    adds(kb_add_count, 0, "0");
    adds(kb_add_count, 999, "999");
    adds(kb_add_count, 1204332, "1,204,332");
    adds(kb_add_count, UINT64_MAX, "18,446,744,073,709,551,615");
}

KB_TEST(layout, bytes_with_units)
{
    adds(kb_add_bytes, 0, "0 B");
    adds(kb_add_bytes, 812, "812 B");
    adds(kb_add_bytes, 1234, "1.2 kB");
    adds(kb_add_bytes, 999960, "1.0 MB");
    adds(kb_add_bytes, 123400000, "123 MB");
    adds(kb_add_bytes, 1900000000, "1.9 GB");
}

KB_TEST(layout, spans_in_two_units)
{
    spans(0, "0ns");
    spans(250000000, "250ms");
    spans(INT64_C(60000000000) * 12, "12m");
    spans(INT64_C(3600000000000) * 76 + 5, "3d 4h");
    spans(-INT64_C(90000000000), "-1m 30s");
}
