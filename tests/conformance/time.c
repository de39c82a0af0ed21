/* Times in objects: the answers of metav1.Time and MicroTime. */
#include <inttypes.h>
#include <stdio.h>

#include "data/time.h"
#include "rows.h"

/* null is the zero time; every other thing that is no string is an error. */
static bool parse(const json_t *row, enum kb_time_form form, bool *is_null, struct kb_time *out)
{
    json_t *value = json_loads(kb_rows_text(row, "json"), JSON_DECODE_ANY, NULL);
    *is_null = json_is_null(value);
    struct kb_str text = {json_is_string(value) ? json_string_value(value) : "",
                          json_string_length(value)};
    bool ok = *is_null || !kb_failed(kb_time_parse(text, form, out, NULL));
    json_decref(value);
    return ok;
}

static bool prints(const json_t *row, struct kb_time t, bool micro)
{
    KB_AUTO(kb_buf_done) struct kb_buf utc = {.max = 64};
    KB_AUTO(kb_buf_done) struct kb_buf marshalled = {.max = 64};
    kb_time_format(t, KB_TIME_NANOS, &utc);
    kb_buf_char(&marshalled, '"');
    kb_time_format(t, micro ? KB_TIME_MICROS : KB_TIME_SECONDS, &marshalled);
    kb_buf_char(&marshalled, '"');
    char unix_s[24];
    (void)snprintf(unix_s, sizeof unix_s, "%" PRId64, t.s);
    return (kb_str_eq(kb_buf_view(&utc), kb_rows_str(row, "utc")) &&
            kb_str_eq(kb_buf_view(&marshalled), kb_rows_str(row, "marshalled")) &&
            kb_str_eq_c(kb_rows_str(row, "unix"), unix_s) &&
            json_integer_value(json_object_get(row, "nanos")) == t.ns) ||
           kb_rows_differs(row, "got %.*s", KB_FMT(kb_buf_view(&utc)));
}

static bool run(const json_t *row, void *ctx)
{
    (void)ctx;
    struct kb_time t = {0};
    bool is_null = false;
    bool micro = kb_str_eq_c(kb_rows_str(row, "type"), "MicroTime");
    bool ok = parse(row, micro ? KB_TIME_MICRO : KB_TIME_META, &is_null, &t);
    if (ok != (kb_rows_text(row, "error") == NULL)) {
        return kb_rows_differs(row, "%s is %s", kb_rows_text(row, "json"),
                               ok ? "taken" : "refused");
    }
    if (is_null) {
        return json_is_true(json_object_get(row, "is_zero"));
    }
    return !ok || prints(row, t, micro);
}

int main(int argc, char **argv)
{
    return kb_rows_main(argc, argv, run, NULL);
}
