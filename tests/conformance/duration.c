/* Durations: the answers of Go's time.ParseDuration. */
#include <inttypes.h>
#include <stdio.h>

#include "data/duration.h"
#include "rows.h"

static bool run(const json_t *row, void *ctx)
{
    (void)ctx;
    const char *error = kb_rows_text(row, "error");
    int64_t ns = 0;
    struct kb_err err;
    kb_res res = kb_duration_parse(kb_rows_str(row, "input"), &ns, &err);
    if (kb_failed(res) || error != NULL) {
        const char *got = kb_failed(res) ? err.msg : "a value";
        return (error != NULL && strcmp(error, got) == 0) ||
               kb_rows_differs(row, "wanted %s, got %s", error == NULL ? "a value" : error, got);
    }
    char text[24];
    (void)snprintf(text, sizeof text, "%" PRId64, ns);
    KB_AUTO(kb_buf_done) struct kb_buf out = {.max = 64};
    kb_duration_format(ns, &out);
    return (kb_str_eq_c(kb_rows_str(row, "nanoseconds"), text) &&
            kb_str_eq(kb_buf_view(&out), kb_rows_str(row, "string"))) ||
           kb_rows_differs(row, "got %s, %.*s", text, KB_FMT(kb_buf_view(&out)));
}

int main(int argc, char **argv)
{
    return kb_rows_main(argc, argv, run, NULL);
}
