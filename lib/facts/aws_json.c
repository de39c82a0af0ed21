/* Members of AWS's answers, in whatever case. */
#include "facts/aws_json.h"

#include <stdlib.h>

#include "data/time.h"
#include "facts/rbac_model.h"

enum { KEY_MAX = 96, NAMES_MAX = 4096 };

json_t *kb_aws_get(const json_t *object, const char *key)
{
    char other[KEY_MAX];
    json_t *found = json_object_get(object, key);
    size_t n = strlen(key);
    if (found != NULL || n == 0 || n >= sizeof other) {
        return json_is_null(found) ? NULL : found;
    }
    memcpy(other, key, n + 1);
    other[0] = (char)(other[0] ^ ('a' ^ 'A'));
    found = json_object_get(object, other);
    return json_is_null(found) ? NULL : found;
}

json_t *kb_aws_dig(const json_t *object, const char *way)
{
    char key[KEY_MAX];
    const json_t *at = object;
    json_t *found = NULL;
    struct kb_str rest = kb_str_c(way);
    do {
        struct kb_str step = kb_str_split(rest, '.', &rest);
        if (step.n >= sizeof key) {
            return NULL;
        }
        memcpy(key, step.p, step.n);
        key[step.n] = '\0';
        found = kb_aws_get(at, key);
        at = found;
    } while (found != NULL && rest.n > 0);
    return found;
}

struct kb_str kb_aws_text(const json_t *object, const char *key)
{
    return kb_json_view(kb_aws_get(object, key));
}

bool kb_aws_is(const json_t *object, const char *key, const char *text)
{
    return kb_str_eq_c(kb_aws_text(object, key), text);
}

bool kb_aws_true(const json_t *object, const char *key)
{
    return json_is_true(kb_aws_get(object, key));
}

int64_t kb_aws_int(const json_t *object, const char *key, int64_t none)
{
    const json_t *value = kb_aws_get(object, key);
    return json_is_integer(value) ? json_integer_value(value) : none;
}

bool kb_aws_has(const json_t *array, struct kb_str text)
{
    bool found = false;
    for (size_t i = 0; i < json_array_size(array) && !found; i++) {
        found = kb_str_eq(kb_json_view(json_array_get(array, i)), text);
    }
    return found;
}

bool kb_aws_moment(const json_t *object, const char *key, int64_t *seconds)
{
    static const double far = 9e15;
    const json_t *value = kb_aws_get(object, key);
    struct kb_time time = {0};
    bool text = json_is_string(value) &&
                !kb_failed(kb_time_parse(kb_json_view(value), KB_TIME_STRICT, &time, NULL));
    double number = json_number_value(value);
    bool numeric = json_is_number(value) && number > -far && number < far;
    *seconds = text ? time.s : numeric ? (int64_t)number : 0;
    return text || numeric;
}

struct kb_cel_val kb_aws_bool_or_unknown(const json_t *object, const char *key)
{
    const json_t *value = kb_aws_get(object, key);
    return json_is_boolean(value) ? kb_cel_bool(json_is_true(value)) : kb_aws_unknown();
}

struct kb_cel_val kb_aws_int_or_unknown(const json_t *object, const char *key)
{
    const json_t *value = kb_aws_get(object, key);
    return json_is_integer(value) ? kb_cel_int(json_integer_value(value)) : kb_aws_unknown();
}

struct kb_cel_val kb_aws_text_or_unknown(const json_t *object, const char *key)
{
    const json_t *value = kb_aws_get(object, key);
    return json_is_string(value) ? kb_cel_string(kb_json_view(value)) : kb_aws_unknown();
}

struct kb_cel_val kb_aws_list(struct kb_arena *arena, const json_t *array, const char *key)
{
    struct kb_aws_names names = {0};
    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *item = json_array_get(array, i);
        struct kb_str text = key == NULL ? kb_json_view(item) : kb_aws_text(item, key);
        if (text.n > 0) {
            kb_aws_names_add(&names, arena, text);
        }
    }
    return kb_aws_names_list(&names, arena);
}

bool kb_aws_names_have(const struct kb_aws_names *names, struct kb_str text)
{
    bool found = false;
    for (size_t i = 0; i < names->n && !found; i++) {
        found = kb_str_eq(names->at[i], text);
    }
    return found;
}

void kb_aws_names_add(struct kb_aws_names *names, struct kb_arena *arena, struct kb_str text)
{
    if (names->n >= NAMES_MAX || kb_aws_names_have(names, text)) {
        return;
    }
    if (names->n == names->cap) {
        size_t cap = names->cap == 0 ? 8 : names->cap * 2;
        struct kb_str *at = KB_NEW_ARRAY(arena, cap, struct kb_str);
        for (size_t i = 0; i < names->n; i++) {
            at[i] = names->at[i];
        }
        names->at = at;
        names->cap = cap;
    }
    names->at[names->n++] = text;
}

static int by_bytes(const void *a, const void *b)
{
    return kb_str_cmp(*(const struct kb_str *)a, *(const struct kb_str *)b);
}

struct kb_cel_val kb_aws_names_list(struct kb_aws_names *names, struct kb_arena *arena)
{
    if (names->n > 1) {
        qsort(names->at, names->n, sizeof names->at[0], by_bytes);
    }
    return kb_cel_list(kb_text_list(arena, names->at, names->n));
}
