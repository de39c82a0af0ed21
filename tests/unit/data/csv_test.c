#include "data/csv.h"

#include "test.h"

/* Rows joined: fields by '|', rows by ';', an error as its code. */
static void reads(const char *text, const char *want)
{
    struct kb_str rest = kb_str_c(text);
    struct kb_csv *csv = kb_csv_new(kb_bytes_of(&rest), 20, 4);
    struct kb_buf out;
    kb_buf_init(&out, 1000);
    for (int i = 0; i < 20; i++) {
        struct kb_csv_row row;
        struct kb_err err = {0};
        kb_res res = kb_csv_next(csv, &row, &err);
        if (kb_failed(res)) {
            kb_buf_printf(&out, "%s@%u;", kb_code_name(res.code), err.line);
            continue;
        }
        if (row.n == 0) {
            break;
        }
        for (size_t k = 0; k < row.n; k++) {
            kb_buf_printf(&out, "%s%.*s", k > 0 ? "|" : "", KB_FMT(row.fields[k]));
        }
        kb_buf_printf(&out, "@%u;", (unsigned)row.line);
    }
    kb_test_str(kb_buf_view(&out), kb_str_c(want), __FILE__, __LINE__);
    kb_buf_done(&out);
    kb_csv_free(csv);
}

KB_TEST(csv, reads_rows)
{
    reads("", "");
    reads("a,b\nc,d", "a|b@1;c|d@2;");
    reads("\xEF\xBB\xBF" "a,b\r\n\r\nc,\r\n", "a|b@1;c|@3;");
    reads("\"a,\"\"b\"\"\",\"x\ny\"\nz\n", "a,\"b\"|x\ny@1;z@3;");
    reads("\"\"\n,\n", "@1;|@2;");
    reads("a\rb\n", "a\rb@1;");
    reads("\xEF\xBB", "\xEF\xBB@1;"); /* a part of the mark is text */
    reads("\xEFz\n", "\xEFz@1;");
}

static kb_res read_byte(void *ctx, void *buf, size_t n, size_t *got, struct kb_err *err)
{
    return kb_bytes_read(kb_bytes_of(ctx), buf, n < 1 ? n : 1, got, err);
}

KB_TEST(csv, knows_the_mark_byte_by_byte)
{
    struct kb_str rest = KB_STR("\xEF\xBB\xBF\"a\",b\n");
    struct kb_csv *csv = kb_csv_new((struct kb_bytes){read_byte, &rest}, 20, 4);
    struct kb_csv_row row;
    struct kb_err err = {0};
    OK(kb_csv_next(csv, &row, &err), &err);
    EQ_UINT(row.n, 2);
    EQ_STR(row.fields[0], "a");
    kb_csv_free(csv);
}

KB_TEST(csv, bad_rows_do_not_end_the_reading)
{
    reads("a\"b\nc\n", "syntax@1;c@2;");
    reads("\"a\"b,c\nd\n", "syntax@1;d@2;");
    reads("x\n\"a\nb", "x@1;syntax@2;");
    reads("123456789012345678901\nok\n", "limit@1;ok@2;");
    reads("1,2,3,4,5\nok\n", "limit@1;ok@2;");
}

KB_TEST(csv, offsets_count_bytes)
{
    struct kb_str rest = KB_STR("ab,c\r\n\"x\ny\"\nlast\n");
    struct kb_csv *csv = kb_csv_new(kb_bytes_of(&rest), 100, 4);
    struct kb_csv_row row;
    struct kb_err err = {0};
    for (int i = 0; i < 3; i++) {
        OK(kb_csv_next(csv, &row, &err), &err);
    }
    EQ_UINT(row.offset, 12);
    EQ_UINT(row.line, 4);
    kb_csv_free(csv);
}

KB_TEST(csv, writes_what_it_reads_and_no_formulas)
{
    struct kb_buf out;
    kb_buf_init(&out, 1000);
    const struct kb_str fields[] = {KB_STR("a"),    KB_STR("b,c"), KB_STR("d\"e"), KB_STR("f\ng"),
                                    KB_STR("=1+1"), KB_STR("-1"),  KB_STR("@x"),   KB_STR("\tx"),
                                    KB_STR("+1"),   KB_STR("\rx"), KB_STR(""),     KB_STR(" y")};
    struct kb_err err = {0};
    OK(kb_csv_write(kb_sink_of(&out), fields, 12, &err), &err);
    EQ_STR(kb_buf_view(&out), "a,\"b,c\",\"d\"\"e\",\"f\ng\",'=1+1,'-1,'@x,'\tx,'+1,\"'\rx\",,\" y\"\r\n");
    kb_buf_clear(&out);
    OK(kb_csv_write(kb_sink_of(&out), &fields[10], 1, &err), &err);
    EQ_STR(kb_buf_view(&out), "\"\"\r\n");
    kb_buf_done(&out);
}
