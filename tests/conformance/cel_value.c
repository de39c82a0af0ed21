/* Values of the tables: from JSON, and against JSON. */
#include <math.h>
#include <stdlib.h>

#include "cel_table.h"
#include "data/base64.h"
#include "data/json.h"
#include "data/time.h"

bool cel_zero_has_sign = true;

static const char *tag_of(const json_t *value, json_t **inner)
{
    const char *tag = json_object_iter_key(json_object_iter((json_t *)(uintptr_t)value));
    *inner = tag == NULL ? NULL : json_object_get(value, tag);
    return tag == NULL ? "" : tag;
}

static double to_double(const json_t *json)
{
    if (json_is_number(json)) {
        return json_number_value(json);
    }
    const char *text = json_string_value(json);
    return text == NULL ? 0 : strtod(text, NULL);
}

static int64_t to_i64(const json_t *json)
{
    int64_t i = 0;
    (void)kb_str_i64(kb_json_view(json), &i);
    return i;
}

static uint64_t to_u64(const json_t *json)
{
    uint64_t u = 0;
    (void)kb_str_u64(kb_json_view(json), &u);
    return u;
}

static struct kb_str to_bytes(const json_t *json, struct kb_arena *arena)
{
    struct kb_buf buf;
    kb_buf_init(&buf, 1 << 16);
    (void)kb_base64_decode(kb_json_view(json), 0, &buf, NULL);
    struct kb_str out = kb_arena_copy(arena, kb_buf_view(&buf));
    kb_buf_done(&buf);
    return out;
}

static struct kb_cel_val decode_list(const json_t *json, struct kb_arena *arena)
{
    size_t n = json_array_size(json);
    struct kb_cel_list *list = KB_NEW(arena, struct kb_cel_list);
    struct kb_cel_val *items = KB_NEW_ARRAY(arena, n, struct kb_cel_val);
    for (size_t i = 0; i < n; i++) {
        items[i] = cel_decode(json_array_get(json, i), arena);
    }
    *list = (struct kb_cel_list){items, n};
    return kb_cel_list(list);
}

static struct kb_cel_val decode_map(const json_t *json, struct kb_arena *arena)
{
    size_t n = json_array_size(json);
    struct kb_cel_map *map = KB_NEW(arena, struct kb_cel_map);
    struct kb_cel_map_entry *entries = KB_NEW_ARRAY(arena, n, struct kb_cel_map_entry);
    for (size_t i = 0; i < n; i++) {
        const json_t *pair = json_array_get(json, i);
        entries[i].key = cel_decode(json_array_get(pair, 0), arena);
        entries[i].value = cel_decode(json_array_get(pair, 1), arena);
    }
    *map = (struct kb_cel_map){entries, n};
    return kb_cel_map(map);
}

static struct kb_cel_val decode_timestamp(const json_t *json)
{
    struct kb_time t = {0, 0};
    (void)!kb_failed(kb_time_parse(kb_json_view(json), KB_TIME_STRICT, &t, NULL));
    return kb_cel_timestamp(t.s, t.ns);
}

static struct kb_cel_val decode_optional(const json_t *json, struct kb_arena *arena)
{
    struct kb_cel_val out = {.kind = KB_CEL_OPTIONAL, .opt = NULL};
    if (!json_is_null(json)) {
        struct kb_cel_val *v = KB_NEW(arena, struct kb_cel_val);
        *v = cel_decode(json, arena);
        out.opt = v;
    }
    return out;
}

static bool is(const char *tag, const char *word)
{
    return strcmp(tag, word) == 0;
}

static struct kb_cel_val decode_scalar(const char *tag, const json_t *inner, struct kb_arena *arena)
{
    if (is(tag, "bool")) {
        return kb_cel_bool(json_is_true(inner));
    }
    if (is(tag, "int")) {
        return kb_cel_int(to_i64(inner));
    }
    if (is(tag, "uint")) {
        return kb_cel_uint(to_u64(inner));
    }
    if (is(tag, "double")) {
        return kb_cel_double(to_double(inner));
    }
    if (is(tag, "string")) {
        return kb_cel_string(kb_arena_copy(arena, kb_json_view(inner)));
    }
    if (is(tag, "bytes_base64")) {
        return kb_cel_bytes(to_bytes(inner, arena));
    }
    if (is(tag, "type")) {
        return (struct kb_cel_val){.kind = KB_CEL_TYPE,
                                   .s = kb_arena_copy(arena, kb_json_view(inner))};
    }
    return kb_cel_null();
}

struct kb_cel_val cel_decode(const json_t *value, struct kb_arena *arena)
{
    json_t *inner = NULL;
    const char *tag = tag_of(value, &inner);
    if (is(tag, "list")) {
        return decode_list(inner, arena);
    }
    if (is(tag, "map")) {
        return decode_map(inner, arena);
    }
    if (is(tag, "timestamp")) {
        return decode_timestamp(inner);
    }
    if (is(tag, "duration_ns")) {
        return kb_cel_duration(to_i64(inner));
    }
    if (is(tag, "optional")) {
        return decode_optional(inner, arena);
    }
    return decode_scalar(tag, inner, arena);
}

static bool list_matches(const json_t *want, const struct kb_cel_val *got)
{
    if (got->kind != KB_CEL_LIST || got->list->n != json_array_size(want)) {
        return false;
    }
    for (size_t i = 0; i < got->list->n; i++) {
        if (!cel_matches(json_array_get(want, i), &got->list->items[i])) {
            return false;
        }
    }
    return true;
}

static bool map_matches(const json_t *want, const struct kb_cel_val *got)
{
    if (got->kind != KB_CEL_MAP || got->map->n != json_array_size(want)) {
        return false;
    }
    for (size_t i = 0; i < got->map->n; i++) {
        const json_t *pair = json_array_get(want, i);
        bool found = false;
        for (size_t j = 0; j < got->map->n && !found; j++) {
            found = cel_matches(json_array_get(pair, 0), &got->map->entries[j].key) &&
                    cel_matches(json_array_get(pair, 1), &got->map->entries[j].value);
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

static bool object_matches(const json_t *want, const struct kb_cel_val *got)
{
    if (got->kind != KB_CEL_OBJECT ||
        !kb_str_eq(kb_json_view(json_object_get(want, "object")), kb_cel_type_name(got))) {
        return false;
    }
    const json_t *text = json_object_get(want, "text");
    struct kb_arena arena = {0};
    bool same =
        text == NULL || kb_str_eq(kb_json_view(text), got->obj->type->text(got->obj, &arena));
    kb_arena_done(&arena);
    return same;
}

static bool double_matches(const json_t *want, const struct kb_cel_val *got)
{
    double d = to_double(want);
    if (got->kind != KB_CEL_DOUBLE) {
        return false;
    }
    bool same_sign = !cel_zero_has_sign || (signbit(d) != 0) == (signbit(got->d) != 0);
    return isnan(d) ? isnan(got->d) : d == got->d && same_sign;
}

bool cel_matches(const json_t *want, const struct kb_cel_val *got)
{
    json_t *inner = NULL;
    const char *tag = tag_of(want, &inner);
    if (is(tag, "list")) {
        return list_matches(inner, got);
    }
    if (is(tag, "map")) {
        return map_matches(inner, got);
    }
    if (is(tag, "object")) {
        return object_matches(want, got);
    }
    if (is(tag, "double")) {
        return double_matches(inner, got);
    }
    if (is(tag, "optional")) {
        if (got->kind != KB_CEL_OPTIONAL || json_is_null(inner) != (got->opt == NULL)) {
            return false;
        }
        return got->opt == NULL || cel_matches(inner, got->opt);
    }
    struct kb_arena arena = {0};
    struct kb_cel_val v = cel_decode(want, &arena);
    bool same = v.kind == got->kind && kb_cel_equal(&v, got);
    kb_arena_done(&arena);
    return same;
}
