#include "respell.h"

#include "base/utf8.h"
#include "data/json.h"

static uint64_t next(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return *seed >> 33;
}

static void space(unsigned how, uint64_t *seed, struct kb_buf *out)
{
    static const char *const kinds[] = {"", " ", "\n\t", "  \r\n "};
    if ((how & RESPELL_SPACES) != 0) {
        kb_buf_c(out, kinds[next(seed) % 4]);
    }
}

static void escaped(struct kb_str text, struct kb_buf *out)
{
    for (size_t i = 0; i < text.n;) {
        uint32_t cp;
        size_t n = kb_utf8_decode((struct kb_str){text.p + i, text.n - i}, &cp);
        if (cp >= 0x10000) {
            kb_buf_printf(out, "\\u%04X\\u%04x", 0xD800 + ((cp - 0x10000) >> 10),
                          0xDC00 + ((cp - 0x10000) & 0x3FF));
        } else {
            kb_buf_printf(out, "\\u%04x", cp);
        }
        i += n;
    }
}

static void string(struct kb_str text, unsigned how, struct kb_buf *out)
{
    kb_buf_char(out, '"');
    if ((how & RESPELL_ESCAPES) != 0) {
        escaped(text, out);
    } else {
        for (size_t i = 0; i < text.n; i++) {
            unsigned char c = (unsigned char)text.p[i];
            if (c < 0x20 || c == '"' || c == '\\') {
                kb_buf_printf(out, "\\u%04x", c);
            } else {
                kb_buf_char(out, (char)c);
            }
        }
    }
    kb_buf_char(out, '"');
}

static void value(json_t *at, unsigned how, uint64_t *seed, struct kb_buf *out);

static void member(const char *key, size_t n, json_t *at, unsigned how, uint64_t *seed,
                   struct kb_buf *out)
{
    space(how, seed, out);
    string((struct kb_str){key, n}, how, out);
    space(how, seed, out);
    kb_buf_char(out, ':');
    space(how, seed, out);
    value(at, how, seed, out);
    space(how, seed, out);
}

enum { KEYS_MAX = 4096 };

static void object(json_t *at, unsigned how, uint64_t *seed, struct kb_buf *out)
{
    static struct {
        const char *key;
        size_t n;
        json_t *value;
    } rows[KEYS_MAX];
    static size_t used;
    size_t first = used;
    const char *key;
    size_t n;
    json_t *inner;
    json_object_keylen_foreach(at, key, n, inner)
    {
        rows[used].key = key;
        rows[used].n = n;
        rows[used++].value = inner;
    }
    size_t end = used;
    kb_buf_char(out, '{');
    for (size_t i = first; i < end; i++) {
        size_t other = (how & RESPELL_SHUFFLE) != 0 ? i + next(seed) % (end - i) : i;
        key = rows[other].key;
        n = rows[other].n;
        inner = rows[other].value;
        rows[other] = rows[i];
        kb_buf_c(out, i > first ? "," : "");
        member(key, n, inner, how, seed, out);
    }
    kb_buf_char(out, '}');
    used = first;
}

static void value(json_t *at, unsigned how, uint64_t *seed, struct kb_buf *out)
{
    if (json_is_object(at)) {
        object(at, how, seed, out);
    } else if (json_is_string(at)) {
        string(kb_json_view(at), how, out);
    } else if (json_is_array(at)) {
        size_t i;
        json_t *item;
        kb_buf_char(out, '[');
        json_array_foreach(at, i, item)
        {
            kb_buf_c(out, i > 0 ? "," : "");
            space(how, seed, out);
            value(item, how, seed, out);
            space(how, seed, out);
        }
        kb_buf_char(out, ']');
    } else if (json_is_integer(at)) {
        kb_buf_printf(out, "%lld", (long long)json_integer_value(at));
    } else if (json_is_real(at)) {
        kb_buf_printf(out, "%.17g", json_real_value(at));
    } else {
        kb_buf_c(out, json_is_null(at) ? "null" : json_is_true(at) ? "true" : "false");
    }
}

static void noise(struct kb_buf *out)
{
    kb_buf_c(out, "\"x\":\"\\\",\\\"verb\\\":\\\"no\\\",\\\"user\\\":{\\\"username\\\":\\\"no\\\"},"
                  "{[\\\\\",\"metadata\":{\"verb\":\"no\",\"user\":"
                  "{\"username\":\"no\"}},\"deep\":");
    for (int i = 0; i < 400; i++) {
        kb_buf_c(out, i % 2 == 0 ? "[" : "{\"a\":");
    }
    kb_buf_c(out, "1");
    for (int i = 399; i >= 0; i--) {
        kb_buf_c(out, i % 2 == 0 ? "]" : "}");
    }
    kb_buf_char(out, ',');
}

void respell(json_t *tree, unsigned how, uint64_t *seed, struct kb_buf *out)
{
    size_t begin = out->n;
    object(tree, how, seed, out);
    if ((how & (RESPELL_TWICE | RESPELL_NOISE)) == 0) {
        return;
    }
    struct kb_buf all;
    kb_buf_init(&all, out->max);
    kb_buf_char(&all, '{');
    if ((how & RESPELL_TWICE) != 0) {
        kb_buf_c(&all, "\"verb\":\"no\",\"user\":{\"username\":\"no\",\"uid\":\"no\",\"groups\":["
                       "\"no\"],\"extra\":{\"arn\":[\"no\"]}},"
                       "\"level\":7,");
    }
    if ((how & RESPELL_NOISE) != 0) {
        noise(&all);
    }
    kb_buf_add(&all, out->p + begin + 1, out->n - begin - 1);
    out->n = begin;
    kb_buf_str(out, kb_buf_view(&all));
    kb_buf_done(&all);
}
