/* JSON values of a wanted CEL type. */
#include "data/duration.h"
#include "data/json.h"
#include "data/time.h"
#include "facts/json_row.h"

typedef kb_res value_fn(json_t *json, struct kb_arena *arena, struct kb_cel_val *out,
                        struct kb_err *err);

static const char *kind_of(const json_t *json)
{
    static const char *const names[] = {
        [JSON_OBJECT] = "a map",   [JSON_ARRAY] = "a list",  [JSON_STRING] = "a text",
        [JSON_INTEGER] = "an int", [JSON_REAL] = "a number", [JSON_TRUE] = "a bool",
        [JSON_FALSE] = "a bool",   [JSON_NULL] = "null",
    };
    return names[json_typeof(json)];
}

static KB_RES no_string(const json_t *json, const char *wanted, struct kb_err *err)
{
    KB_ENSURE(json_is_string(json), err, KB_ERR_INVALID, "is %s, wanted %s", kind_of(json), wanted);
    return KB_SUCCESS;
}

static kb_res read_string(json_t *json, struct kb_arena *arena, struct kb_cel_val *out,
                          struct kb_err *err)
{
    KB_TRY(no_string(json, "a text", err));
    *out = kb_cel_string(kb_arena_copy(arena, kb_json_view(json)));
    return KB_SUCCESS;
}

static kb_res read_bool(json_t *json, struct kb_arena *arena, struct kb_cel_val *out,
                        struct kb_err *err)
{
    (void)arena;
    KB_ENSURE(json_is_boolean(json), err, KB_ERR_INVALID, "is %s, wanted a bool", kind_of(json));
    *out = kb_cel_bool(json_is_true(json));
    return KB_SUCCESS;
}

static kb_res read_int(json_t *json, struct kb_arena *arena, struct kb_cel_val *out,
                       struct kb_err *err)
{
    (void)arena;
    KB_ENSURE(json_is_integer(json), err, KB_ERR_INVALID, "is %s, wanted an int", kind_of(json));
    *out = kb_cel_int(json_integer_value(json));
    return KB_SUCCESS;
}

static kb_res read_double(json_t *json, struct kb_arena *arena, struct kb_cel_val *out,
                          struct kb_err *err)
{
    (void)arena;
    KB_ENSURE(json_is_number(json), err, KB_ERR_INVALID, "is %s, wanted a number", kind_of(json));
    *out = kb_cel_double(json_number_value(json));
    return KB_SUCCESS;
}

static kb_res read_timestamp(json_t *json, struct kb_arena *arena, struct kb_cel_val *out,
                             struct kb_err *err)
{
    struct kb_time time;
    (void)arena;
    KB_TRY(no_string(json, "a timestamp such as \"2026-01-15T10:00:00Z\"", err));
    KB_TRY(kb_time_parse(kb_json_view(json), KB_TIME_STRICT, &time, err));
    *out = kb_cel_timestamp(time.s, time.ns);
    return KB_SUCCESS;
}

static kb_res read_duration(json_t *json, struct kb_arena *arena, struct kb_cel_val *out,
                            struct kb_err *err)
{
    int64_t ns;
    (void)arena;
    KB_TRY(no_string(json, "a duration such as \"1h30m\"", err));
    KB_TRY(kb_duration_parse(kb_json_view(json), &ns, err));
    *out = kb_cel_duration(ns);
    return KB_SUCCESS;
}

/* The type that a value has by itself. */
static struct kb_str own_type(const json_t *json)
{
    static const struct kb_str types[] = {
        [JSON_OBJECT] = KB_STR_INIT("map(string, dyn)"),
        [JSON_ARRAY] = KB_STR_INIT("list(dyn)"),
        [JSON_STRING] = KB_STR_INIT("string"),
        [JSON_INTEGER] = KB_STR_INIT("int"),
        [JSON_REAL] = KB_STR_INIT("double"),
        [JSON_TRUE] = KB_STR_INIT("bool"),
        [JSON_FALSE] = KB_STR_INIT("bool"),
        [JSON_NULL] = KB_STR_INIT("null"),
    };
    return types[json_typeof(json)];
}

static kb_res read_null(json_t *json, struct kb_arena *arena, struct kb_cel_val *out,
                        struct kb_err *err)
{
    (void)arena;
    KB_ENSURE(json_is_null(json), err, KB_ERR_INVALID, "is %s, wanted null", kind_of(json));
    *out = kb_cel_null();
    return KB_SUCCESS;
}

static kb_res read_dyn(json_t *json, struct kb_arena *arena, struct kb_cel_val *out,
                       struct kb_err *err)
{
    return kb_json_value(json, own_type(json), arena, out, err);
}

static KB_RES read_list(json_t *json, struct kb_str item_type, struct kb_arena *arena,
                        struct kb_cel_val *out, struct kb_err *err)
{
    size_t i;
    json_t *item;
    KB_ENSURE(json_is_array(json), err, KB_ERR_INVALID, "is %s, wanted a list", kind_of(json));
    struct kb_cel_val *items = KB_NEW_ARRAY(arena, json_array_size(json) + 1, struct kb_cel_val);
    json_array_foreach(json, i, item)
    {
        KB_TRY_CTX(err, kb_json_value(item, item_type, arena, &items[i], err), "item %zu", i + 1);
    }
    struct kb_cel_list *list = KB_NEW(arena, struct kb_cel_list);
    *list = (struct kb_cel_list){items, json_array_size(json)};
    *out = kb_cel_list(list);
    return KB_SUCCESS;
}

static KB_RES read_map(json_t *json, struct kb_str value_type, struct kb_arena *arena,
                       struct kb_cel_val *out, struct kb_err *err)
{
    const char *key;
    size_t length;
    size_t n = 0;
    json_t *value;
    KB_ENSURE(json_is_object(json), err, KB_ERR_INVALID, "is %s, wanted a map", kind_of(json));
    struct kb_cel_map_entry *entries =
        KB_NEW_ARRAY(arena, json_object_size(json) + 1, struct kb_cel_map_entry);
    json_object_keylen_foreach(json, key, length, value)
    {
        struct kb_cel_map_entry *entry = &entries[n++];
        entry->key = kb_cel_string(kb_arena_copy(arena, (struct kb_str){key, length}));
        KB_TRY_CTX(err, kb_json_value(value, value_type, arena, &entry->value, err), "key '%.*s'",
                   KB_FMT(entry->key.s));
    }
    struct kb_cel_map *map = KB_NEW(arena, struct kb_cel_map);
    *map = (struct kb_cel_map){entries, n};
    *out = kb_cel_map(map);
    return KB_SUCCESS;
}

/* What stands in "before(…)", or p NULL. */
static struct kb_str inside(struct kb_str type, struct kb_str before)
{
    if (!kb_str_starts(type, before) || !kb_str_ends(type, KB_STR(")"))) {
        return (struct kb_str){NULL, 0};
    }
    return kb_str_trim(kb_str_sub(type, before.n, type.n - 1));
}

KB_RES kb_json_value(json_t *json, struct kb_str type, struct kb_arena *arena,
                     struct kb_cel_val *out, struct kb_err *err)
{
    static const struct {
        struct kb_str type;
        value_fn *read;
    } rows[] = {
        {KB_STR_INIT("string"), read_string},
        {KB_STR_INIT("bool"), read_bool},
        {KB_STR_INIT("int"), read_int},
        {KB_STR_INIT("double"), read_double},
        {KB_STR_INIT("timestamp"), read_timestamp},
        {KB_STR_INIT("duration"), read_duration},
        {KB_STR_INIT("dyn"), read_dyn},
        {KB_STR_INIT("null"), read_null},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (kb_str_eq(type, rows[i].type)) {
            return rows[i].read(json, arena, out, err);
        }
    }
    struct kb_str item = inside(type, KB_STR("list("));
    if (item.p != NULL) {
        return read_list(json, item, arena, out, err);
    }
    struct kb_str value = inside(type, KB_STR("map(string,"));
    KB_ENSURE(value.p != NULL, err, KB_ERR_UNSUPPORTED, "type %.*s", KB_FMT(type));
    return read_map(json, value, arena, out, err);
}
