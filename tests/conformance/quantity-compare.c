/* The order of quantities: the answers of Kubernetes' Quantity.Cmp. */
#include "data/quantity.h"
#include "rows.h"

static bool run(const json_t *row, void *ctx)
{
    (void)ctx;
    struct kb_quantity a;
    struct kb_quantity b;
    struct kb_err err;
    if (kb_failed(kb_quantity_parse(kb_rows_str(row, "a"), &a, &err)) ||
        kb_failed(kb_quantity_parse(kb_rows_str(row, "b"), &b, &err))) {
        return kb_rows_differs(row, "%s", err.msg);
    }
    int got = kb_quantity_cmp(&a, &b);
    return got == json_integer_value(json_object_get(row, "cmp")) ||
           kb_rows_differs(row, "got %d", got);
}

int main(int argc, char **argv)
{
    return kb_rows_main(argc, argv, run, NULL);
}
