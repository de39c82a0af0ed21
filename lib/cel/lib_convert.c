/* Conversions between types (google/cel-spec langdef "Type Conversions", cel-go's limits). */
#include <math.h>
#include <stdio.h>

#include "base/utf8.h"
#include "cel/func.h"
#include "cel/libraries.h"
#include "cel/literal.h"
#include "data/duration.h"
#include "data/time.h"

#define UNUSED (void)call, (void)n

static struct kb_cel_val range_error(void)
{
    return (struct kb_cel_val){.kind = KB_CEL_ERROR, .s = KB_STR("range error")};
}

static struct kb_cel_val conversion_error(struct kb_cel_call *call, const struct kb_cel_val *v,
                                          const char *to)
{
    return kb_cel_error(call->arena, "type conversion error from '%.*s' to '%s'",
                        KB_FMT(kb_cel_type_name(v)), to);
}

static struct kb_cel_val same(struct kb_cel_call *call, const struct kb_cel_val *a, size_t n)
{
    UNUSED;
    return a[0];
}

/* Go's strconv.ParseInt: an optional sign and decimal digits. */
static struct kb_cel_val int_of_text(struct kb_cel_call *call, const struct kb_cel_val *a, size_t n)
{
    UNUSED;
    int64_t i = 0;
    return kb_str_i64(a[0].s, &i) ? kb_cel_int(i) : conversion_error(call, &a[0], "int");
}

static struct kb_cel_val int_of_double(struct kb_cel_call *call, const struct kb_cel_val *a,
                                       size_t n)
{
    UNUSED;
    double d = a[0].d;
    bool fits = d > -0x1p63 && d < 0x1p63; /* false for NaN; -2^63 itself is out, as in cel-go */
    return fits ? kb_cel_int((int64_t)d) : range_error();
}

static struct kb_cel_val int_of_uint(struct kb_cel_call *call, const struct kb_cel_val *a, size_t n)
{
    UNUSED;
    return a[0].u <= INT64_MAX ? kb_cel_int((int64_t)a[0].u) : range_error();
}

static struct kb_cel_val int_of_timestamp(struct kb_cel_call *call, const struct kb_cel_val *a,
                                          size_t n)
{
    UNUSED;
    return kb_cel_int(a[0].i);
}

static struct kb_cel_val uint_of_text(struct kb_cel_call *call, const struct kb_cel_val *a,
                                      size_t n)
{
    UNUSED;
    uint64_t u = 0;
    return kb_str_u64(a[0].s, &u) ? kb_cel_uint(u) : conversion_error(call, &a[0], "uint");
}

static struct kb_cel_val uint_of_double(struct kb_cel_call *call, const struct kb_cel_val *a,
                                        size_t n)
{
    UNUSED;
    bool fits = a[0].d >= 0 && a[0].d < 0x1p64;
    return fits ? kb_cel_uint((uint64_t)a[0].d) : range_error();
}

static struct kb_cel_val uint_of_int(struct kb_cel_call *call, const struct kb_cel_val *a, size_t n)
{
    UNUSED;
    return a[0].i >= 0 ? kb_cel_uint((uint64_t)a[0].i) : range_error();
}

static struct kb_cel_val double_of_text(struct kb_cel_call *call, const struct kb_cel_val *a,
                                        size_t n)
{
    UNUSED;
    double d = 0;
    return kb_cel_parse_double(a[0].s, &d) ? kb_cel_double(d)
                                           : conversion_error(call, &a[0], "double");
}

static struct kb_cel_val double_of_int(struct kb_cel_call *call, const struct kb_cel_val *a,
                                       size_t n)
{
    UNUSED;
    return kb_cel_double((double)a[0].i);
}

static struct kb_cel_val double_of_uint(struct kb_cel_call *call, const struct kb_cel_val *a,
                                        size_t n)
{
    UNUSED;
    return kb_cel_double((double)a[0].u);
}

static struct kb_cel_val bool_of_text(struct kb_cel_call *call, const struct kb_cel_val *a,
                                      size_t n)
{
    UNUSED;
    static const char *const words[2][7] = {{"0", "f", "F", "false", "FALSE", "False", NULL},
                                            {"1", "t", "T", "true", "TRUE", "True", NULL}};
    for (size_t truth = 0; truth < 2; truth++) {
        for (const char *const *word = words[truth]; *word != NULL; word++) {
            if (kb_str_eq_c(a[0].s, *word)) {
                return kb_cel_bool(truth == 1);
            }
        }
    }
    return conversion_error(call, &a[0], "bool");
}

static struct kb_cel_val bytes_of_text(struct kb_cel_call *call, const struct kb_cel_val *a,
                                       size_t n)
{
    UNUSED;
    return kb_cel_bytes(a[0].s);
}

static struct kb_cel_val text_of_bytes(struct kb_cel_call *call, const struct kb_cel_val *a,
                                       size_t n)
{
    (void)n;
    call->cost += a[0].s.n / 16;
    if (!kb_utf8_valid(a[0].s)) {
        return kb_cel_error(call->arena, "invalid UTF-8 in bytes, cannot convert to string");
    }
    return kb_cel_string(a[0].s);
}

/* Seconds with as many digits as a double has: "5400s", "-0.5s". */
static struct kb_cel_val text_of_duration(struct kb_cel_call *call, const struct kb_cel_val *a,
                                          size_t n)
{
    (void)n;
    char text[KB_CEL_FIXED_MAX];
    double rest = (double)(a[0].i % KB_NS_PER_S) / 1e9;
    size_t len = kb_cel_format_fixed((double)(a[0].i / KB_NS_PER_S) + rest, text);
    return kb_cel_string(kb_arena_printf(call->arena, "%.*ss", (int)len, text));
}

static struct kb_cel_val text_of(struct kb_cel_call *call, const struct kb_cel_val *a, size_t n)
{
    (void)n;
    struct kb_buf text;
    kb_buf_init(&text, 4096);
    kb_cel_print(&a[0], &text);
    struct kb_str s = kb_arena_copy(call->arena, kb_buf_view(&text));
    kb_buf_done(&text);
    return kb_cel_string(s);
}

static struct kb_cel_val timestamp_of_text(struct kb_cel_call *call, const struct kb_cel_val *a,
                                           size_t n)
{
    (void)n;
    struct kb_time t;
    struct kb_err err;
    if (kb_failed(kb_time_parse(a[0].s, KB_TIME_STRICT, &t, &err))) {
        return kb_cel_error(call->arena, "%s", err.msg);
    }
    if (t.s < KB_TIME_MIN_S || t.s > KB_TIME_MAX_S) {
        return (struct kb_cel_val){.kind = KB_CEL_ERROR, .s = KB_STR("timestamp overflow")};
    }
    struct kb_cel_val out = kb_cel_timestamp(t.s, t.ns);
    out.zone = (int16_t)kb_time_zone_minutes(a[0].s);
    return out;
}

static struct kb_cel_val timestamp_of_int(struct kb_cel_call *call, const struct kb_cel_val *a,
                                          size_t n)
{
    UNUSED;
    if (a[0].i < KB_TIME_MIN_S || a[0].i > KB_TIME_MAX_S) {
        return (struct kb_cel_val){.kind = KB_CEL_ERROR, .s = KB_STR("timestamp overflow")};
    }
    return kb_cel_timestamp(a[0].i, 0);
}

static struct kb_cel_val duration_of_text(struct kb_cel_call *call, const struct kb_cel_val *a,
                                          size_t n)
{
    (void)n;
    int64_t ns = 0;
    if (kb_failed(kb_duration_parse(a[0].s, &ns, NULL))) {
        return conversion_error(call, &a[0], "google.protobuf.Duration");
    }
    return kb_cel_duration(ns);
}

static struct kb_cel_val duration_as_int(struct kb_cel_call *call, const struct kb_cel_val *a,
                                         size_t n)
{
    UNUSED;
    return kb_cel_int(a[0].i);
}

static const struct kb_cel_func funcs[] = {
    {"bool", "(bool) -> bool", same, 0, "itself"},
    {"bool", "(string) -> bool", bool_of_text, 0,
     "from 1 0 t f T F true false TRUE FALSE True False"},
    {"bytes", "(bytes) -> bytes", same, 0, "itself"},
    {"bytes", "(string) -> bytes", bytes_of_text, 0, "its UTF-8"},
    {"double", "(double) -> double", same, 0, "itself"},
    {"double", "(int) -> double", double_of_int, 0, "the nearest double"},
    {"double", "(uint) -> double", double_of_uint, 0, "the nearest double"},
    {"double", "(string) -> double", double_of_text, 0, "from a number's text"},
    {"duration", "(duration) -> duration", same, 0, "itself"},
    {"duration", "(string) -> duration", duration_of_text, 0, "from text such as 1h30m"},
    {"dyn", "(A) -> dyn", same, 0, "the value, its type not checked"},
    {"int", "(int) -> int", same, 0, "itself"},
    {"int", "(double) -> int", int_of_double, 0, "without its fraction"},
    {"int", "(duration) -> int", duration_as_int, 0, "nanoseconds"},
    {"int", "(string) -> int", int_of_text, 0, "from decimal digits"},
    {"int", "(timestamp) -> int", int_of_timestamp, 0, "seconds since 1970"},
    {"int", "(uint) -> int", int_of_uint, 0, "the same number"},
    {"string", "(string) -> string", same, 0, "itself"},
    {"string", "(bool) -> string", text_of, 0, "true or false"},
    {"string", "(bytes) -> string", text_of_bytes, 0, "from UTF-8"},
    {"string", "(double) -> string", text_of, 0, "shortest text of the number"},
    {"string", "(duration) -> string", text_of_duration, 0, "seconds, such as 5400s"},
    {"string", "(int) -> string", text_of, 0, "decimal"},
    {"string", "(timestamp) -> string", text_of, 0, "RFC 3339 in UTC"},
    {"string", "(uint) -> string", text_of, 0, "decimal"},
    {"timestamp", "(timestamp) -> timestamp", same, 0, "itself"},
    {"timestamp", "(string) -> timestamp", timestamp_of_text, 0, "from RFC 3339"},
    {"timestamp", "(int) -> timestamp", timestamp_of_int, 0, "seconds since 1970"},
    {"uint", "(uint) -> uint", same, 0, "itself"},
    {"uint", "(double) -> uint", uint_of_double, 0, "without its fraction"},
    {"uint", "(int) -> uint", uint_of_int, 0, "the same number"},
    {"uint", "(string) -> uint", uint_of_text, 0, "from decimal digits"},
};

const struct kb_cel_library kb_cel_lib_convert = {"convert", funcs, sizeof funcs / sizeof funcs[0]};
