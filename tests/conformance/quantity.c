/* Quantities: the answers of Kubernetes' resource.Quantity. */
#include "data/quantity.h"
#include "rows.h"

static bool same(const json_t *row, const char *key, const struct kb_buf *got)
{
    return kb_str_eq(kb_buf_view(got), kb_rows_str(row, key)) ||
           kb_rows_differs(row, "%s: got %.*s", key, KB_FMT(kb_buf_view(got)));
}

static bool text_is(const json_t *row, const char *key, const struct kb_quantity *q,
                    void (*print)(const struct kb_quantity *q, struct kb_buf *out))
{
    KB_AUTO(kb_buf_done) struct kb_buf out = {.max = 4096};
    print(q, &out);
    return same(row, key, &out);
}

static void print_decimal(const struct kb_quantity *q, struct kb_buf *out)
{
    struct kb_dec dec;
    kb_quantity_dec(q, &dec);
    kb_dec_format(&dec, out);
}

static void print_value(const struct kb_quantity *q, struct kb_buf *out)
{
    kb_buf_printf(out, "%lld", (long long)kb_quantity_value(q));
}

static void print_milli(const struct kb_quantity *q, struct kb_buf *out)
{
    kb_buf_printf(out, "%lld", (long long)kb_quantity_milli(q));
}

static void print_form(const struct kb_quantity *q, struct kb_buf *out)
{
    static const char *const names[] = {"DecimalSI", "BinarySI", "DecimalExponent"};
    kb_buf_c(out, names[q->format]);
}

static bool run(const json_t *row, void *ctx)
{
    (void)ctx;
    const char *error = kb_rows_text(row, "error");
    struct kb_quantity q;
    struct kb_err err;
    kb_res res = kb_quantity_parse(kb_rows_str(row, "input"), &q, &err);
    if (kb_failed(res) || error != NULL) {
        const char *got = kb_failed(res) ? err.msg : "a value";
        return (error != NULL && strcmp(error, got) == 0) ||
               kb_rows_differs(row, "wanted %s, got %s", error == NULL ? "a value" : error, got);
    }
    return text_is(row, "string", &q, kb_quantity_format) &&
           text_is(row, "canonical", &q, kb_quantity_canonical) &&
           text_is(row, "format", &q, print_form) && text_is(row, "decimal", &q, print_decimal) &&
           text_is(row, "value", &q, print_value) && text_is(row, "milli", &q, print_milli);
}

int main(int argc, char **argv)
{
    return kb_rows_main(argc, argv, run, NULL);
}
