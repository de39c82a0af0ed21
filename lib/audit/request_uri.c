/* Paths and queries. */
#include "audit/request_uri.h"

#include "base/utf8.h"

struct kb_request_uri kb_request_uri_split(struct kb_str uri)
{
    struct kb_request_uri out;
    out.path = kb_str_split(uri, '?', &out.query);
    if (out.query.p == NULL) {
        out.query = KB_STR("");
    }
    return out;
}

static int hex(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static bool plain(struct kb_str raw, bool query)
{
    for (size_t i = 0; i < raw.n; i++) {
        if (raw.p[i] == '%' || (query && raw.p[i] == '+')) {
            return false;
        }
    }
    return true;
}

/* `s` with every byte that is no UTF-8 replaced. */
static struct kb_str valid_text(struct kb_str s, struct kb_arena *arena)
{
    if (kb_utf8_valid(s)) {
        return s;
    }
    char *to = kb_arena_alloc(arena, s.n * 3);
    size_t n = 0;
    for (size_t i = 0; i < s.n;) {
        uint32_t cp;
        size_t step = kb_utf8_decode((struct kb_str){s.p + i, s.n - i}, &cp);
        n += kb_utf8_encode(cp, to + n);
        i += step == 0 ? 1 : step;
    }
    return (struct kb_str){to, n};
}

bool kb_request_uri_decode(struct kb_str raw, bool query, struct kb_arena *arena,
                           struct kb_str *out)
{
    *out = raw;
    if (plain(raw, query)) {
        *out = valid_text(raw, arena);
        return true;
    }
    char *to = kb_arena_alloc(arena, raw.n);
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++) {
        char c = raw.p[i];
        if (c == '%') {
            int high = raw.n - i > 2 ? hex(raw.p[i + 1]) : -1;
            int low = raw.n - i > 2 ? hex(raw.p[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return false;
            }
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && query) {
            c = ' ';
        }
        to[n++] = c;
    }
    *out = valid_text((struct kb_str){to, n}, arena);
    return true;
}

bool kb_query_next(struct kb_str *query, struct kb_arena *arena, struct kb_query_param *out)
{
    while (query->n > 0) {
        struct kb_str rest;
        struct kb_str pair = kb_str_split(*query, '&', &rest);
        *query = rest;
        if (pair.n == 0 || memchr(pair.p, ';', pair.n) != NULL) {
            continue;
        }
        struct kb_str value;
        struct kb_str name = kb_str_split(pair, '=', &value);
        value = value.p == NULL ? KB_STR("") : value;
        if (kb_request_uri_decode(name, true, arena, &out->name) &&
            kb_request_uri_decode(value, true, arena, &out->value)) {
            return true;
        }
    }
    return false;
}

bool kb_query_get(struct kb_str query, struct kb_str name, struct kb_arena *arena,
                  struct kb_str *out)
{
    struct kb_query_param param;
    while (kb_query_next(&query, arena, &param)) {
        if (kb_str_eq(param.name, name)) {
            *out = param.value;
            return true;
        }
    }
    return false;
}
