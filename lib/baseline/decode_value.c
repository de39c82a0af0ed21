/* YAML values as CEL values of a given type: parameters, settings, rows of cases. */
#include "baseline/decode.h"
#include "data/duration.h"
#include "data/time.h"

typedef bool value_fn(const struct kb_decode *d, const struct kb_yaml_node *node, struct kb_cel_val *out);

static bool as_bool(const struct kb_decode *d, const struct kb_yaml_node *node, struct kb_cel_val *out)
{
    bool b = false;
    bool ok = kb_decode_bool(d, node, &b);
    *out = kb_cel_bool(b);
    return ok;
}

static bool as_int(const struct kb_decode *d, const struct kb_yaml_node *node, struct kb_cel_val *out)
{
    int64_t i = 0;
    bool ok = kb_yaml_int(node, &i);
    if (!ok) {
        kb_decode_wrong_type(d, node, "an integer");
    }
    *out = kb_cel_int(i);
    return ok;
}

static bool as_uint(const struct kb_decode *d, const struct kb_yaml_node *node, struct kb_cel_val *out)
{
    int64_t i = 0;
    bool ok = kb_decode_count(d, node, &i);
    *out = kb_cel_uint((uint64_t)i);
    return ok;
}

static bool as_double(const struct kb_decode *d, const struct kb_yaml_node *node,
                      struct kb_cel_val *out)
{
    double f = 0;
    bool ok = kb_yaml_float(node, &f);
    if (!ok) {
        kb_decode_wrong_type(d, node, "a number");
    }
    *out = kb_cel_double(f);
    return ok;
}

static bool as_string(const struct kb_decode *d, const struct kb_yaml_node *node,
                      struct kb_cel_val *out)
{
    struct kb_str s = KB_STR("");
    bool ok = kb_decode_text(d, node, &s);
    *out = kb_cel_string(s);
    return ok;
}

static bool as_duration(const struct kb_decode *d, const struct kb_yaml_node *node,
                        struct kb_cel_val *out)
{
    struct kb_err err;
    int64_t ns = 0;
    bool ok = node->kind == KB_YAML_SCALAR && !kb_failed(kb_duration_parse(node->text, &ns, &err));
    if (!ok) {
        kb_decode_wrong_type(d, node, "a duration such as 30m");
    }
    *out = kb_cel_duration(ns);
    return ok;
}

static bool as_timestamp(const struct kb_decode *d, const struct kb_yaml_node *node,
                         struct kb_cel_val *out)
{
    struct kb_err err;
    struct kb_time t = {0, 0};
    bool ok = node->kind == KB_YAML_SCALAR &&
              !kb_failed(kb_time_parse(node->text, KB_TIME_STRICT, &t, &err));
    if (!ok) {
        kb_decode_wrong_type(d, node, "a time such as 2026-01-15T10:00:00Z");
    }
    *out = kb_cel_timestamp(t.s, t.ns);
    return ok;
}

static bool as_dyn(const struct kb_decode *d, const struct kb_yaml_node *node, struct kb_cel_val *out)
{
    bool b;
    int64_t i;
    double f;
    if (node->kind == KB_YAML_SEQ) {
        return kb_decode_value(d, node, KB_STR("list(dyn)"), out);
    }
    if (node->kind == KB_YAML_MAP) {
        return kb_decode_value(d, node, KB_STR("map(string, dyn)"), out);
    }
    if (kb_yaml_null(node)) {
        *out = kb_cel_null();
    } else if (kb_yaml_bool(node, &b)) {
        *out = kb_cel_bool(b);
    } else if (kb_yaml_int(node, &i)) {
        *out = kb_cel_int(i);
    } else if (kb_yaml_float(node, &f)) {
        *out = kb_cel_double(f);
    } else {
        return as_string(d, node, out);
    }
    return true;
}

static const struct {
    const char *type;
    value_fn *decode;
} simple[] = {
    {"bool", as_bool},         {"int", as_int},
    {"uint", as_uint},         {"double", as_double},
    {"string", as_string},     {"duration", as_duration},
    {"timestamp", as_timestamp}, {"dyn", as_dyn},
    {"google.protobuf.Duration", as_duration}, {"google.protobuf.Timestamp", as_timestamp},
};
enum { TYPE_MAX = 128 }; /* bytes: bounds the nesting */
enum { SIMPLE_COUNT = sizeof simple / sizeof simple[0] };

/* The text between "head(" and the last ')', or false. */
static bool inside(struct kb_str type, struct kb_str head, struct kb_str *out)
{
    if (!kb_str_starts(type, head) || !kb_str_ends(type, KB_STR(")"))) {
        return false;
    }
    *out = kb_str_trim(kb_str_sub(type, head.n, type.n - 1));
    return true;
}

static bool decode_list(const struct kb_decode *d, const struct kb_yaml_node *node,
                        struct kb_str item_type, struct kb_cel_val *out)
{
    if (!kb_decode_is(d, node, KB_YAML_SEQ)) {
        return false;
    }
    struct kb_cel_val *items = KB_NEW_ARRAY(d->arena, node->n, struct kb_cel_val);
    bool ok = true;
    for (size_t i = 0; i < node->n; i++) {
        ok = kb_decode_value(d, node->items[i], item_type, &items[i]) && ok;
    }
    struct kb_cel_list *list = KB_NEW(d->arena, struct kb_cel_list);
    *list = (struct kb_cel_list){items, node->n};
    *out = kb_cel_list(list);
    return ok;
}

static bool decode_map(const struct kb_decode *d, const struct kb_yaml_node *node,
                       struct kb_str value_type, struct kb_cel_val *out)
{
    if (!kb_decode_is(d, node, KB_YAML_MAP)) {
        return false;
    }
    struct kb_cel_map_entry *entries = KB_NEW_ARRAY(d->arena, node->n, struct kb_cel_map_entry);
    bool ok = true;
    for (size_t i = 0; i < node->n; i++) {
        entries[i].key = kb_cel_string(kb_arena_copy(d->arena, node->pairs[i].key->text));
        ok = kb_decode_value(d, node->pairs[i].value, value_type, &entries[i].value) && ok;
    }
    struct kb_cel_map *map = KB_NEW(d->arena, struct kb_cel_map);
    *map = (struct kb_cel_map){entries, node->n};
    *out = kb_cel_map(map);
    return ok;
}

bool kb_decode_type_known(struct kb_str type)
{
    struct kb_str rest;
    struct kb_str item;
    if (type.n > TYPE_MAX) {
        return false;
    }
    if (inside(type, KB_STR("list("), &item)) {
        return kb_decode_type_known(item);
    }
    if (inside(type, KB_STR("map("), &item)) {
        struct kb_str key = kb_str_trim(kb_str_split(item, ',', &rest));
        return kb_str_eq_c(key, "string") && kb_decode_type_known(kb_str_trim(rest));
    }
    for (size_t i = 0; i < SIMPLE_COUNT; i++) {
        if (kb_str_eq_c(type, simple[i].type)) {
            return true;
        }
    }
    return false;
}

bool kb_decode_value(const struct kb_decode *d, const struct kb_yaml_node *node, struct kb_str type,
                     struct kb_cel_val *out)
{
    struct kb_str rest;
    struct kb_str item;
    if (inside(type, KB_STR("list("), &item)) {
        return decode_list(d, node, item, out);
    }
    if (inside(type, KB_STR("map("), &item)) {
        (void)kb_str_split(item, ',', &rest);
        return decode_map(d, node, kb_str_trim(rest), out);
    }
    for (size_t i = 0; i < SIMPLE_COUNT; i++) {
        if (kb_str_eq_c(type, simple[i].type)) {
            return simple[i].decode(d, node, out);
        }
    }
    kb_decode_mistake(d, node, "a value of type %.*s cannot be written here", KB_FMT(type));
    return false;
}
