/* URLs: their parts, in the order in which Go looks for mistakes. */
#include "data/url.h"

#include "data/quote.h"
#include "data/url_escape.h"

/* The text being read, for messages. */
struct reader {
    struct kb_str text;
    struct kb_arena *arena;
    struct kb_err *err;
};

static kb_res fault(const struct reader *r, const char *why, struct kb_str what, const char *after)
{
    KB_AUTO(kb_buf_done) struct kb_buf text = {.max = 300};
    KB_AUTO(kb_buf_done) struct kb_buf shown = {.max = 200};
    kb_quote(kb_str_sub(r->text, 0, 200), &text);
    if (what.p != NULL) {
        kb_quote(kb_str_sub(what, 0, 80), &shown);
    }
    return kb_fail(r->err, KB_ERR_SYNTAX, "parse %.*s: %s%.*s%s", KB_FMT(kb_buf_view(&text)), why,
                   KB_FMT(kb_buf_view(&shown)), after);
}

static kb_res simple_fault(const struct reader *r, const char *why)
{
    return fault(r, why, (struct kb_str){0}, "");
}

static bool is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static struct kb_str lower(struct kb_str s, struct kb_arena *arena)
{
    char *to = kb_arena_alloc(arena, s.n + 1);
    for (size_t i = 0; i < s.n; i++) {
        to[i] = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] | 0x20 : s.p[i]);
    }
    return (struct kb_str){to, s.n};
}

/* "http:" at the front of *rest. */
static kb_res take_scheme(const struct reader *r, struct kb_str *rest, struct kb_str *out)
{
    *out = KB_STR("");
    for (size_t i = 0; i < rest->n; i++) {
        char c = rest->p[i];
        if (c == ':') {
            if (i == 0) {
                return simple_fault(r, "missing protocol scheme");
            }
            *out = lower(kb_str_sub(*rest, 0, i), r->arena);
            *rest = kb_str_sub(*rest, i + 1, rest->n);
            break;
        }
        bool later = i > 0 && ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.');
        if (!is_letter(c) && !later) {
            break;
        }
    }
    return KB_SUCCESS;
}

/* "" or ":" and digits. */
static bool is_port(struct kb_str s)
{
    for (size_t i = 1; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') {
            return false;
        }
    }
    return s.n == 0 || *s.p == ':';
}

static size_t last(struct kb_str s, char c)
{
    size_t i = s.n;
    while (i > 0 && s.p[i - 1] != c) {
        i--;
    }
    return i == 0 ? SIZE_MAX : i - 1;
}

static kb_res take_host(const struct reader *r, struct kb_str host, struct kb_url *out)
{
    size_t from = last(host, ':');
    if (host.n > 0 && *host.p == '[') {
        size_t close = last(host, ']');
        if (close == SIZE_MAX) {
            return simple_fault(r, "missing ']' in host");
        }
        from = close + 1;
    }
    if (from != SIZE_MAX && !is_port(kb_str_sub(host, from, host.n))) {
        return fault(r, "invalid port ", kb_str_sub(host, from, host.n), " after host");
    }
    struct kb_str bad;
    if (!kb_url_unescape(host, KB_URL_HOST, r->arena, &out->host, &bad)) {
        return *bad.p == '%' ? fault(r, "invalid URL escape ", bad, "")
                             : fault(r, "invalid character ", bad, " in host name");
    }
    return KB_SUCCESS;
}

static bool user_ok(struct kb_str user)
{
    for (size_t i = 0; i < user.n; i++) {
        char c = user.p[i];
        if (!is_letter(c) && (c < '0' || c > '9') &&
            (c == '\0' || strchr("-._:~!$&'()*+,;=%@", c) == NULL)) {
            return false;
        }
    }
    return true;
}

/* "user@host:80" */
static kb_res take_authority(const struct reader *r, struct kb_str s, struct kb_url *out)
{
    size_t at = last(s, '@');
    out->has_authority = true;
    out->host = KB_STR("");
    KB_TRY(take_host(r, at == SIZE_MAX ? s : kb_str_sub(s, at + 1, s.n), out));
    if (at == SIZE_MAX) {
        return KB_SUCCESS;
    }
    out->has_user = true;
    out->user = kb_str_sub(s, 0, at);
    if (!user_ok(out->user)) {
        return simple_fault(r, "net/url: invalid userinfo");
    }
    struct kb_str decoded;
    struct kb_str bad;
    return kb_url_unescape(out->user, KB_URL_USER, r->arena, &decoded, &bad)
               ? KB_SUCCESS
               : fault(r, "invalid URL escape ", bad, "");
}

/* May the escaped path stay as it is written? */
static bool path_is_valid(struct kb_str path)
{
    for (size_t i = 0; i < path.n; i++) {
        unsigned char c = (unsigned char)path.p[i];
        bool odd = c == '\0' || strchr("!'()*[]%", c) == NULL;
        if (odd && kb_url_must_escape(c, KB_URL_PATH)) {
            return false;
        }
    }
    return true;
}

static kb_res take_path(const struct reader *r, struct kb_str path, struct kb_url *out)
{
    struct kb_str decoded;
    struct kb_str bad;
    if (!kb_url_unescape(path, KB_URL_PATH, r->arena, &decoded, &bad)) {
        return fault(r, "invalid URL escape ", bad, "");
    }
    out->path = path;
    if (!path_is_valid(path)) {
        KB_AUTO(kb_buf_done) struct kb_buf escaped = {.max = 3 * KB_URL_MAX};
        kb_url_escape(decoded, KB_URL_PATH, &escaped);
        out->path = kb_arena_copy(r->arena, kb_buf_view(&escaped));
    }
    return KB_SUCCESS;
}

static struct kb_str take_query(struct kb_str rest, struct kb_url *out)
{
    size_t mark = kb_str_find(rest, KB_STR("?"), 0);
    out->has_query = mark != SIZE_MAX;
    out->query = out->has_query ? kb_str_sub(rest, mark + 1, rest.n) : KB_STR("");
    return out->has_query ? kb_str_sub(rest, 0, mark) : rest;
}

/* One of Go's two readings: as the target of a request, or with fragment and "//host". */
static kb_res parse(const struct reader *r, struct kb_str rest, bool request, struct kb_url *out)
{
    *out = (struct kb_url){.path = KB_STR(""), .host = KB_STR("")};
    if (kb_str_eq_c(rest, "*")) {
        out->path = rest;
        return KB_SUCCESS;
    }
    KB_TRY(take_scheme(r, &rest, &out->scheme));
    rest = take_query(rest, out);
    if (rest.n == 0 || *rest.p != '/') {
        if (out->scheme.n > 0) {
            out->opaque = rest;
            return KB_SUCCESS;
        }
        if (request) {
            return simple_fault(r, "invalid URI for request");
        }
    }
    bool slashes = kb_str_starts(rest, KB_STR("//"));
    bool three = kb_str_starts(rest, KB_STR("///"));
    if (slashes && (out->scheme.n > 0 || (!request && !three))) {
        struct kb_str authority = kb_str_sub(rest, 2, rest.n);
        size_t end = kb_str_find(authority, KB_STR("/"), 0);
        rest = end == SIZE_MAX ? KB_STR("") : kb_str_sub(authority, end, authority.n);
        KB_TRY(take_authority(r, kb_str_sub(authority, 0, end), out));
    }
    return take_path(r, rest, out);
}

kb_res kb_url_parse(struct kb_str text, struct kb_arena *arena, struct kb_url *out,
                    struct kb_err *err)
{
    struct reader r = {text, arena, err};
    KB_ENSURE(text.n <= KB_URL_MAX, err, KB_ERR_LIMIT, "a URL of more than %d bytes", KB_URL_MAX);
    for (size_t i = 0; i < text.n; i++) {
        if ((unsigned char)text.p[i] < ' ' || text.p[i] == 0x7F) {
            return simple_fault(&r, "net/url: invalid control character in URL");
        }
    }
    if (text.n == 0) {
        return simple_fault(&r, "empty url");
    }
    struct kb_url uri;
    KB_TRY(parse(&r, text, true, &uri));
    size_t hash = kb_str_find(text, KB_STR("#"), 0);
    struct kb_str fragment = hash == SIZE_MAX ? KB_STR("") : kb_str_sub(text, hash + 1, text.n);
    KB_TRY(parse(&r, kb_str_sub(text, 0, hash), false, &uri));
    uri.fragment = fragment;
    uri.has_fragment = fragment.n > 0;
    *out = uri;
    return KB_SUCCESS;
}

/* Where ":port" begins in the host, or its end. */
static size_t port_at(struct kb_str host)
{
    size_t colon = last(host, ':');
    return colon != SIZE_MAX && is_port(kb_str_sub(host, colon, host.n)) ? colon : host.n;
}

struct kb_str kb_url_hostname(const struct kb_url *uri)
{
    struct kb_str host = kb_str_sub(uri->host, 0, port_at(uri->host));
    bool brackets = host.n >= 2 && *host.p == '[' && host.p[host.n - 1] == ']';
    return brackets ? kb_str_sub(host, 1, host.n - 1) : host;
}

struct kb_str kb_url_port(const struct kb_url *uri)
{
    return kb_str_sub(uri->host, port_at(uri->host) + 1, uri->host.n);
}

void kb_url_format(const struct kb_url *uri, struct kb_buf *out)
{
    if (uri->scheme.n > 0) {
        kb_buf_printf(out, "%.*s:", KB_FMT(uri->scheme));
    }
    kb_buf_str(out, uri->opaque);
    if (uri->has_authority && (uri->scheme.n > 0 || uri->host.n > 0 || uri->has_user)) {
        kb_buf_c(out, "//");
        if (uri->has_user) {
            kb_buf_printf(out, "%.*s@", KB_FMT(uri->user));
        }
        kb_url_escape(uri->host, KB_URL_HOST, out);
    }
    kb_buf_str(out, uri->path);
    if (uri->has_query) {
        kb_buf_printf(out, "?%.*s", KB_FMT(uri->query));
    }
    if (uri->has_fragment) {
        kb_buf_printf(out, "#%.*s", KB_FMT(uri->fragment));
    }
}

bool kb_url_query_next(struct kb_str *rest, struct kb_arena *arena, struct kb_str *key,
                       struct kb_str *value)
{
    while (rest->p != NULL && rest->n > 0) {
        struct kb_str pair = kb_str_split(*rest, '&', rest);
        struct kb_str text;
        struct kb_str name = kb_str_split(pair, '=', &text);
        struct kb_str bad;
        text = text.p == NULL ? KB_STR("") : text;
        if (pair.n > 0 && kb_str_find(pair, KB_STR(";"), 0) == SIZE_MAX &&
            kb_url_unescape(name, KB_URL_QUERY, arena, key, &bad) &&
            kb_url_unescape(text, KB_URL_QUERY, arena, value, &bad)) {
            return true;
        }
    }
    return false;
}
