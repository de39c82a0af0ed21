/* Quoted text: the answers of Go's strconv. */
#include "data/base64.h"
#include "data/quote.h"
#include "rows.h"

enum { OUT_MAX = 1 << 20 };

static bool quotes_as(const json_t *row, struct kb_str text, const char *key,
                      void (*quote)(struct kb_str text, struct kb_buf *out))
{
    KB_AUTO(kb_buf_done) struct kb_buf out = {.max = OUT_MAX};
    KB_AUTO(kb_buf_done) struct kb_buf back = {.max = OUT_MAX};
    quote(text, &out);
    return kb_str_eq(kb_buf_view(&out), kb_rows_str(row, key)) &&
           kb_unquote(kb_buf_view(&out), &back) && kb_str_eq(kb_buf_view(&back), text);
}

static bool run(const json_t *row, void *ctx)
{
    (void)ctx;
    KB_AUTO(kb_buf_done) struct kb_buf text = {.max = OUT_MAX};
    KB_AUTO(kb_buf_done) struct kb_buf out = {.max = OUT_MAX};
    bool invalid = json_is_true(json_object_get(row, "invalid"));
    if (!invalid && !kb_base64_decode(kb_rows_str(row, "base64"), 0, &text, NULL)) {
        return kb_rows_differs(row, "base64 of the case");
    }
    if (kb_str_eq_c(kb_rows_str(row, "kind"), "unquote")) {
        bool ok = kb_unquote(kb_rows_str(row, "quoted"), &out);
        return (ok == !invalid && (invalid || kb_str_eq(kb_buf_view(&out), kb_buf_view(&text)))) ||
               kb_rows_differs(row, "unquote");
    }
    return (quotes_as(row, kb_buf_view(&text), "quoted", kb_quote) &&
            quotes_as(row, kb_buf_view(&text), "quoted_ascii", kb_quote_ascii)) ||
           kb_rows_differs(row, "quote");
}

int main(int argc, char **argv)
{
    return kb_rows_main(argc, argv, run, NULL);
}
