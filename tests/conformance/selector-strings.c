/* Label selectors as text: apimachinery's labels.Parse. */
#include "selector_row.h"

static bool run(const json_t *row, void *ctx)
{
    (void)ctx;
    struct kb_arena arena = {0};
    struct kb_selector selector;
    struct kb_err err;
    kb_res res = kb_selector_parse(kb_rows_str(row, "text"), &arena, &selector, &err);
    bool ok = kb_selector_row(row, kb_failed(res) ? NULL : &selector, &err);
    kb_arena_done(&arena);
    return ok;
}

int main(int argc, char **argv)
{
    return kb_rows_main(argc, argv, run, NULL);
}
