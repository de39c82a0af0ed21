/* Values: making errors and unknowns, names of types, equality. */
#include "cel/value.h"

#include <stdarg.h>
#include <stdio.h>

struct kb_cel_val kb_cel_error(struct kb_arena *arena, const char *fmt, ...)
{
    char text[512];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    size_t len = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
    return (struct kb_cel_val){.kind = KB_CEL_ERROR,
                               .s = kb_arena_copy(arena, (struct kb_str){text, len})};
}

struct kb_cel_val kb_cel_unknown(struct kb_arena *arena, struct kb_str attribute,
                                 struct kb_str reason)
{
    struct kb_cel_unknown *unknown = KB_NEW(arena, struct kb_cel_unknown);
    unknown->attribute = attribute;
    unknown->reason = reason;
    return (struct kb_cel_val){.kind = KB_CEL_UNKNOWN, .unknown = unknown};
}

static bool has_attribute(const struct kb_cel_unknown *list, struct kb_str attribute)
{
    for (; list != NULL; list = list->next) {
        if (kb_str_eq(list->attribute, attribute)) {
            return true;
        }
    }
    return false;
}

struct kb_cel_val kb_cel_merge_unknown(struct kb_arena *arena, struct kb_cel_val a,
                                       struct kb_cel_val b)
{
    const struct kb_cel_unknown *list = a.unknown;
    for (const struct kb_cel_unknown *u = b.unknown; u != NULL; u = u->next) {
        if (!has_attribute(list, u->attribute)) {
            struct kb_cel_unknown *copy = KB_NEW(arena, struct kb_cel_unknown);
            *copy = *u;
            copy->next = list;
            list = copy;
        }
    }
    return (struct kb_cel_val){.kind = KB_CEL_UNKNOWN, .unknown = list};
}

struct kb_str kb_cel_type_name(const struct kb_cel_val *v)
{
    static const struct kb_str names[] = {
        [KB_CEL_NULL] = KB_STR_INIT("null_type"),
        [KB_CEL_BOOL] = KB_STR_INIT("bool"),
        [KB_CEL_INT] = KB_STR_INIT("int"),
        [KB_CEL_UINT] = KB_STR_INIT("uint"),
        [KB_CEL_DOUBLE] = KB_STR_INIT("double"),
        [KB_CEL_STRING] = KB_STR_INIT("string"),
        [KB_CEL_BYTES] = KB_STR_INIT("bytes"),
        [KB_CEL_LIST] = KB_STR_INIT("list"),
        [KB_CEL_MAP] = KB_STR_INIT("map"),
        [KB_CEL_TIMESTAMP] = KB_STR_INIT("google.protobuf.Timestamp"),
        [KB_CEL_DURATION] = KB_STR_INIT("google.protobuf.Duration"),
        [KB_CEL_TYPE] = KB_STR_INIT("type"),
        [KB_CEL_OPTIONAL] = KB_STR_INIT("optional_type"),
        [KB_CEL_OBJECT] = KB_STR_INIT("object"),
        [KB_CEL_ERROR] = KB_STR_INIT("error"),
        [KB_CEL_UNKNOWN] = KB_STR_INIT("unknown"),
        [KB_CEL_ABSENT] = KB_STR_INIT("absent"),
    };
    return v->kind == KB_CEL_OBJECT ? kb_str_c(v->obj->type->name) : names[v->kind];
}

static bool is_number(unsigned kind)
{
    return kind == KB_CEL_INT || kind == KB_CEL_UINT || kind == KB_CEL_DOUBLE;
}

static int order_i64(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int order_u64(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int order_double(double a, double b)
{
    return (a > b) - (a < b);
}

/* The integer is rounded to a double, as cel-go does: 2^63 is no greater than 2^63 - 1. */
static int order_from_double(double a, const struct kb_cel_val *b)
{
    if (b->kind == KB_CEL_INT) {
        return order_double(a, (double)b->i);
    }
    return order_double(a, b->kind == KB_CEL_UINT ? (double)b->u : b->d);
}

static bool is_nan(const struct kb_cel_val *v)
{
    return v->kind == KB_CEL_DOUBLE && v->d != v->d;
}

int kb_cel_order_numbers(const struct kb_cel_val *a, const struct kb_cel_val *b)
{
    if (is_nan(a) || is_nan(b)) {
        return KB_CEL_UNORDERED;
    }
    if (a->kind == KB_CEL_DOUBLE) {
        return order_from_double(a->d, b);
    }
    if (b->kind == KB_CEL_DOUBLE) {
        return -order_from_double(b->d, a);
    }
    if (a->kind == KB_CEL_INT) {
        if (b->kind == KB_CEL_INT) {
            return order_i64(a->i, b->i);
        }
        return a->i < 0 ? -1 : order_u64((uint64_t)a->i, b->u);
    }
    if (b->kind == KB_CEL_UINT) {
        return order_u64(a->u, b->u);
    }
    return b->i < 0 ? 1 : order_u64(a->u, (uint64_t)b->i);
}

/* How many values may still be compared: values that share their parts can be exponentially large.
 */
typedef uint64_t budget;

static bool equal(const struct kb_cel_val *a, const struct kb_cel_val *b, budget *left);
static const struct kb_cel_val *find_key(const struct kb_cel_map *map, const struct kb_cel_val *key,
                                         budget *left);

static bool equal_lists(const struct kb_cel_list *a, const struct kb_cel_list *b, budget *left)
{
    if (a->n != b->n) {
        return false;
    }
    for (size_t i = 0; i < a->n; i++) {
        if (!equal(&a->items[i], &b->items[i], left)) {
            return false;
        }
    }
    return true;
}

static bool equal_maps(const struct kb_cel_map *a, const struct kb_cel_map *b, budget *left)
{
    if (a->n != b->n) {
        return false;
    }
    for (size_t i = 0; i < a->n; i++) {
        const struct kb_cel_val *other = find_key(b, &a->entries[i].key, left);
        if (other == NULL || !equal(&a->entries[i].value, other, left)) {
            return false;
        }
    }
    return true;
}

static bool equal_optionals(const struct kb_cel_val *a, const struct kb_cel_val *b, budget *left)
{
    if (a->opt == NULL || b->opt == NULL) {
        return a->opt == b->opt;
    }
    return equal(a->opt, b->opt, left);
}

static bool equal_same_kind(const struct kb_cel_val *a, const struct kb_cel_val *b, budget *left)
{
    switch ((enum kb_cel_kind)a->kind) {
    case KB_CEL_NULL:
        return true;
    case KB_CEL_BOOL:
        return a->b == b->b;
    case KB_CEL_STRING:
    case KB_CEL_BYTES:
    case KB_CEL_TYPE:
        return kb_str_eq(a->s, b->s);
    case KB_CEL_LIST:
        return equal_lists(a->list, b->list, left);
    case KB_CEL_MAP:
        return equal_maps(a->map, b->map, left);
    case KB_CEL_TIMESTAMP:
        return a->i == b->i && a->nanos == b->nanos;
    case KB_CEL_DURATION:
        return a->i == b->i;
    case KB_CEL_OPTIONAL:
        return equal_optionals(a, b, left);
    case KB_CEL_OBJECT:
        return a->obj->type == b->obj->type && a->obj->type->equal(a->obj, b->obj);
    case KB_CEL_INT:
    case KB_CEL_UINT:
    case KB_CEL_DOUBLE:
    case KB_CEL_ERROR:
    case KB_CEL_UNKNOWN:
    case KB_CEL_ABSENT:
        break;
    }
    return false;
}

static bool equal(const struct kb_cel_val *a, const struct kb_cel_val *b, budget *left)
{
    if (*left == 0) {
        return false;
    }
    (*left)--;
    if (is_number(a->kind)) {
        return is_number(b->kind) && kb_cel_order_numbers(a, b) == 0;
    }
    return a->kind == b->kind && equal_same_kind(a, b, left);
}

bool kb_cel_equal_within(const struct kb_cel_val *a, const struct kb_cel_val *b, uint64_t *left)
{
    return equal(a, b, left);
}

bool kb_cel_equal(const struct kb_cel_val *a, const struct kb_cel_val *b)
{
    budget left = 10 * 1000 * 1000;
    return equal(a, b, &left);
}

static const struct kb_cel_val *find_string(const struct kb_cel_map *map, struct kb_str key)
{
    for (size_t i = 0; i < map->n; i++) {
        const struct kb_cel_val *k = &map->entries[i].key;
        if (k->kind == KB_CEL_STRING && kb_str_eq(k->s, key)) {
            return &map->entries[i].value;
        }
    }
    return NULL;
}

static bool is_scalar(const struct kb_cel_val *v)
{
    return v->kind != KB_CEL_LIST && v->kind != KB_CEL_MAP && v->kind != KB_CEL_OPTIONAL;
}

/* The entry of the very key, or else one of an equal number of another kind. */
static const struct kb_cel_val *find_key(const struct kb_cel_map *map, const struct kb_cel_val *key,
                                         budget *left)
{
    if (key->kind == KB_CEL_STRING) {
        return find_string(map, key->s);
    }
    const struct kb_cel_val *found = NULL;
    for (size_t i = 0; i < map->n; i++) {
        budget one = 1;
        if (equal(&map->entries[i].key, key, is_scalar(key) ? &one : left)) {
            if (map->entries[i].key.kind == key->kind) {
                return &map->entries[i].value;
            }
            found = found == NULL ? &map->entries[i].value : found;
        }
    }
    return found;
}

const struct kb_cel_val *kb_cel_map_find(const struct kb_cel_map *map, const struct kb_cel_val *key)
{
    budget left = 100 * 1000; /* spent on keys that are lists or maps only */
    return find_key(map, key, &left);
}
