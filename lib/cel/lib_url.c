/*
 * URLs (type kubernetes.URL).
 * Definition: k8s.io/apiserver/pkg/cel/library, urls.
 */
#include "base/limits.h"
#include "cel/lib.h"
#include "data/url.h"

struct object {
    struct kb_cel_object base;
    struct kb_url uri;
};

static const struct kb_url *uri_of(const struct kb_cel_object *object)
{
    return &((const struct object *)object)->uri;
}

static struct kb_str text(const struct kb_cel_object *object, struct kb_arena *arena)
{
    KB_AUTO(kb_buf_done) struct kb_buf out = {.max = 8 * KB_URL_MAX};
    kb_url_format(uri_of(object), &out);
    return kb_arena_copy(arena, kb_buf_view(&out));
}

static bool equal(const struct kb_cel_object *a, const struct kb_cel_object *b)
{
    struct kb_arena arena = {0};
    bool same = kb_str_eq(text(a, &arena), text(b, &arena));
    kb_arena_done(&arena);
    return same;
}

static const struct kb_cel_object_type type = {"kubernetes.URL", equal, text};

static struct kb_cel_val url(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    struct object *object = KB_NEW(call->arena, struct object);
    struct kb_err err;
    object->base.type = &type;
    if (!kb_cel_lib_spend(call, kb_cel_lib_bytes(args[0].s.n))) {
        return kb_cel_lib_overspent();
    }
    if (kb_failed(kb_url_parse(args[0].s, call->arena, &object->uri, &err))) {
        return kb_cel_error(call->arena, "URL parse error during conversion from string: %s",
                            err.msg);
    }
    return kb_cel_lib_object_val(&object->base);
}

static struct kb_cel_val is_url(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    struct kb_url uri;
    if (!kb_cel_lib_spend(call, kb_cel_lib_bytes(args[0].s.n))) {
        return kb_cel_lib_overspent();
    }
    return kb_cel_bool(!kb_failed(kb_url_parse(args[0].s, call->arena, &uri, NULL)));
}

enum member { SCHEME, HOST, HOSTNAME, PORT, PATH };

static struct kb_cel_val member(const struct kb_cel_val *args, enum member which)
{
    const struct kb_cel_object *object = kb_cel_lib_object(&args[0], &type);
    if (object == NULL) {
        return kb_cel_lib_no_overload();
    }
    const struct kb_url *uri = uri_of(object);
    switch (which) {
    case SCHEME:
        return kb_cel_string(uri->scheme);
    case HOST:
        return kb_cel_string(uri->host);
    case HOSTNAME:
        return kb_cel_string(kb_url_hostname(uri));
    case PORT:
        return kb_cel_string(kb_url_port(uri));
    case PATH:
        return kb_cel_string(uri->path);
    }
    return kb_cel_lib_no_overload();
}

#define MEMBER(name, which)                                                                        \
    static struct kb_cel_val name(struct kb_cel_call *call, const struct kb_cel_val *args,         \
                                  size_t n)                                                        \
    {                                                                                              \
        (void)call, (void)n;                                                                       \
        return member(args, which);                                                                \
    }

MEMBER(scheme, SCHEME)
MEMBER(host, HOST)
MEMBER(hostname, HOSTNAME)
MEMBER(port, PORT)
MEMBER(escaped_path, PATH)

/* The value for `key` among entries[0, n), or n. */
static size_t find_key(const struct kb_cel_map_entry *entries, size_t n, struct kb_str key)
{
    size_t i = 0;
    while (i < n && !kb_str_eq(entries[i].key.s, key)) {
        i++;
    }
    return i;
}

/* One value more at the end of a list. */
static struct kb_cel_val appended(struct kb_cel_call *call, const struct kb_cel_list *list,
                                  struct kb_str value)
{
    struct kb_cel_val *items = KB_NEW_ARRAY(call->arena, list->n + 1, struct kb_cel_val);
    if (list->n > 0) {
        memcpy(items, list->items, list->n * sizeof *items);
    }
    items[list->n] = kb_cel_string(value);
    return kb_cel_lib_list(call, items, list->n + 1);
}

static struct kb_cel_val query(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    static const struct kb_cel_list none;
    const struct kb_cel_object *object = kb_cel_lib_object(&args[0], &type);
    if (object == NULL) {
        return kb_cel_lib_no_overload();
    }
    struct kb_str rest = uri_of(object)->query;
    size_t most = 1;
    for (size_t i = 0; i < rest.n; i++) {
        most += rest.p[i] == '&';
    }
    struct kb_cel_map_entry *entries = KB_NEW_ARRAY(call->arena, most, struct kb_cel_map_entry);
    struct kb_cel_map *map = KB_NEW(call->arena, struct kb_cel_map);
    map->entries = entries;
    struct kb_str key;
    struct kb_str value;
    while (kb_url_query_next(&rest, call->arena, &key, &value)) {
        size_t i = find_key(entries, map->n, key);
        const struct kb_cel_list *old = i < map->n ? entries[i].value.list : &none;
        if (!kb_cel_lib_spend(call, 1 + i + old->n)) {
            return kb_cel_lib_overspent();
        }
        map->n += i == map->n;
        entries[i] = (struct kb_cel_map_entry){kb_cel_string(key), appended(call, old, value)};
    }
    return kb_cel_map(map);
}

#define U "kubernetes.URL"

static const struct kb_cel_func funcs[] = {
    {"url", "(string) -> " U, url, 0, "a URL"},
    {"isURL", "(string) -> bool", is_url, 0, "is the text an absolute URL or an absolute path?"},
    {"getScheme", "(" U ") -> string", scheme, KB_CEL_MEMBER, "the scheme, in lower case"},
    {"getHost", "(" U ") -> string", host, KB_CEL_MEMBER, "the host with its port"},
    {"getHostname", "(" U ") -> string", hostname, KB_CEL_MEMBER,
     "the host without port and brackets"},
    {"getPort", "(" U ") -> string", port, KB_CEL_MEMBER, "the port, or an empty text"},
    {"getEscapedPath", "(" U ") -> string", escaped_path, KB_CEL_MEMBER,
     "the path, with its escapes"},
    {"getQuery", "(" U ") -> map(string, list(string))", query, KB_CEL_MEMBER,
     "the query's values by their names"},
};

KB_CEL_LIBRARY(kb_cel_lib_url, "url");
