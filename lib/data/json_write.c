/* A JSON writer with a small buffer in front of its sink. */
#include "data/json_write.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

enum { FLUSH_AT = 16 << 10, NUMBER_MAX = 40 };

/* Bytes that go out as they are: printable ASCII but for the quote and the backslash. */
static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

/* What a terminal or JavaScript would act on: C0, DEL, C1, line separators, bidirectional controls. */
static bool must_escape(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7F && cp <= 0x9F) || (cp >= 0x2028 && cp <= 0x202E) ||
           (cp >= 0x2066 && cp <= 0x2069);
}

static void quote_special(struct kb_buf *out, uint32_t cp)
{
    static const char short_forms[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    for (size_t i = 0; i + 1 < sizeof short_forms; i += 2) {
        if (cp == (unsigned char)short_forms[i]) {
            kb_buf_char(out, '\\');
            kb_buf_char(out, short_forms[i + 1]);
            return;
        }
    }
    if (must_escape(cp)) {
        kb_buf_printf(out, "\\u%04x", (unsigned)cp);
    } else {
        kb_utf8_add(out, cp);
    }
}

void kb_json_quote(struct kb_buf *out, struct kb_str s)
{
    kb_buf_char(out, '"');
    for (size_t i = 0; i < s.n;) {
        size_t run = i;
        while (run < s.n && is_plain((unsigned char)s.p[run])) {
            run++;
        }
        kb_buf_add(out, s.p + i, run - i);
        i = run;
        if (i < s.n) {
            uint32_t cp;
            size_t n = kb_utf8_decode(kb_str_sub(s, i, s.n), &cp);
            quote_special(out, cp);
            i += n == 0 ? 1 : n;
        }
    }
    kb_buf_char(out, '"');
}

void kb_jsonw_init(struct kb_jsonw *w, struct kb_sink sink, bool pretty)
{
    *w = (struct kb_jsonw){.sink = sink, .pretty = pretty, .res = KB_SUCCESS};
    kb_buf_init(&w->buf, SIZE_MAX / 2);
}

static void flush(struct kb_jsonw *w)
{
    if (!kb_failed(w->res) && w->buf.n > 0) {
        w->res = kb_sink_write(w->sink, kb_buf_view(&w->buf), &w->err);
    }
    kb_buf_clear(&w->buf);
}

static void indent(struct kb_jsonw *w)
{
    if (w->pretty) {
        kb_buf_char(&w->buf, '\n');
        for (unsigned i = 0; i < w->depth; i++) {
            kb_buf_c(&w->buf, "  ");
        }
    }
}

/* What stands before an element or a key: comma, line break. */
static void separate(struct kb_jsonw *w)
{
    if (w->buf.n > FLUSH_AT) {
        flush(w);
    }
    if (w->depth > 0) {
        if (w->open[w->depth].filled) {
            kb_buf_char(&w->buf, ',');
        }
        w->open[w->depth].filled = true;
        indent(w);
    }
}

static void before_value(struct kb_jsonw *w)
{
    assert(w->depth == 0 || w->open[w->depth].array || w->pending);
    if (w->pending) {
        w->pending = false;
    } else {
        separate(w);
    }
}

static void open_as(struct kb_jsonw *w, bool array)
{
    before_value(w);
    assert(w->depth < KB_MAX_JSON_DEPTH);
    kb_buf_char(&w->buf, array ? '[' : '{');
    w->depth++;
    w->open[w->depth].array = array;
    w->open[w->depth].filled = false;
}

void kb_jsonw_object(struct kb_jsonw *w)
{
    open_as(w, false);
}

void kb_jsonw_array(struct kb_jsonw *w)
{
    open_as(w, true);
}

void kb_jsonw_end(struct kb_jsonw *w)
{
    assert(w->depth > 0 && !w->pending);
    bool filled = w->open[w->depth].filled;
    bool array = w->open[w->depth].array;
    w->depth--;
    if (filled) {
        indent(w);
    }
    kb_buf_char(&w->buf, array ? ']' : '}');
}

void kb_jsonw_key_str(struct kb_jsonw *w, struct kb_str key)
{
    assert(w->depth > 0 && !w->open[w->depth].array && !w->pending);
    separate(w);
    kb_json_quote(&w->buf, key);
    kb_buf_c(&w->buf, w->pretty ? ": " : ":");
    w->pending = true;
}

void kb_jsonw_key(struct kb_jsonw *w, const char *key)
{
    kb_jsonw_key_str(w, kb_str_c(key));
}

void kb_jsonw_str(struct kb_jsonw *w, struct kb_str s)
{
    before_value(w);
    kb_json_quote(&w->buf, s);
}

void kb_jsonw_raw(struct kb_jsonw *w, struct kb_str json)
{
    before_value(w);
    kb_buf_str(&w->buf, json);
}

void kb_jsonw_c(struct kb_jsonw *w, const char *s)
{
    if (s == NULL) {
        kb_jsonw_null(w);
    } else {
        kb_jsonw_str(w, kb_str_c(s));
    }
}

void kb_jsonw_i64(struct kb_jsonw *w, int64_t value)
{
    before_value(w);
    kb_buf_printf(&w->buf, "%lld", (long long)value);
}

void kb_jsonw_u64(struct kb_jsonw *w, uint64_t value)
{
    before_value(w);
    kb_buf_printf(&w->buf, "%llu", (unsigned long long)value);
}

void kb_jsonw_double(struct kb_jsonw *w, double value)
{
    char text[NUMBER_MAX];
    if (!isfinite(value)) {
        kb_jsonw_null(w);
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(text, sizeof text, "%.*g", digits, value);
        double again = strtod(text, NULL);
        if (memcmp(&again, &value, sizeof again) == 0) {
            break;
        }
    }
    before_value(w);
    kb_buf_c(&w->buf, text);
    if (strpbrk(text, ".e") == NULL) {
        kb_buf_c(&w->buf, ".0");
    }
}

void kb_jsonw_bool(struct kb_jsonw *w, bool value)
{
    kb_jsonw_raw(w, value ? KB_STR("true") : KB_STR("false"));
}

void kb_jsonw_null(struct kb_jsonw *w)
{
    kb_jsonw_raw(w, KB_STR("null"));
}

static struct kb_str key_view(void *iter)
{
    return (struct kb_str){json_object_iter_key(iter), json_object_iter_key_len(iter)};
}

static void write_children(struct kb_jsonw *w, json_t *value)
{
    if (json_is_object(value)) {
        for (void *i = json_object_iter(value); i != NULL; i = json_object_iter_next(value, i)) {
            kb_jsonw_key_str(w, key_view(i));
            kb_jsonw_json(w, json_object_iter_value(i));
        }
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        kb_jsonw_json(w, json_array_get(value, i));
    }
}

static void write_container(struct kb_jsonw *w, const json_t *value)
{
    union {
        const json_t *in;
        json_t *out;
    } same = {.in = value}; /* jansson's walking takes no const */
    if (json_is_object(value)) {
        kb_jsonw_object(w);
    } else {
        kb_jsonw_array(w);
    }
    write_children(w, same.out);
    kb_jsonw_end(w);
}

void kb_jsonw_json(struct kb_jsonw *w, const json_t *value)
{
    if (json_is_object(value) || json_is_array(value)) {
        write_container(w, value);
    } else if (json_is_string(value)) {
        kb_jsonw_str(w, (struct kb_str){json_string_value(value), json_string_length(value)});
    } else if (json_is_integer(value)) {
        kb_jsonw_i64(w, json_integer_value(value));
    } else if (json_is_real(value)) {
        kb_jsonw_double(w, json_real_value(value));
    } else if (json_is_boolean(value)) {
        kb_jsonw_bool(w, json_is_true(value));
    } else {
        kb_jsonw_null(w);
    }
}

void kb_jsonw_member_str(struct kb_jsonw *w, const char *key, struct kb_str s)
{
    kb_jsonw_key(w, key);
    kb_jsonw_str(w, s);
}

void kb_jsonw_member_c(struct kb_jsonw *w, const char *key, const char *s)
{
    kb_jsonw_key(w, key);
    kb_jsonw_c(w, s);
}

void kb_jsonw_member_i64(struct kb_jsonw *w, const char *key, int64_t value)
{
    kb_jsonw_key(w, key);
    kb_jsonw_i64(w, value);
}

void kb_jsonw_member_u64(struct kb_jsonw *w, const char *key, uint64_t value)
{
    kb_jsonw_key(w, key);
    kb_jsonw_u64(w, value);
}

void kb_jsonw_member_bool(struct kb_jsonw *w, const char *key, bool value)
{
    kb_jsonw_key(w, key);
    kb_jsonw_bool(w, value);
}

void kb_jsonw_member_object(struct kb_jsonw *w, const char *key)
{
    kb_jsonw_key(w, key);
    kb_jsonw_object(w);
}

void kb_jsonw_member_array(struct kb_jsonw *w, const char *key)
{
    kb_jsonw_key(w, key);
    kb_jsonw_array(w);
}

KB_RES kb_jsonw_finish(struct kb_jsonw *w, struct kb_err *err)
{
    while (w->depth > 0) {
        if (w->pending) {
            kb_jsonw_null(w);
        }
        kb_jsonw_end(w);
    }
    if (w->pretty) {
        kb_buf_char(&w->buf, '\n');
    }
    flush(w);
    kb_buf_done(&w->buf);
    if (kb_failed(w->res) && err != NULL) {
        *err = w->err;
    }
    return w->res;
}
