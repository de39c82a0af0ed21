/* jansson behind limits; typed members. */
#include "data/json.h"

#include <stdarg.h>

#include "base/limits.h"

struct place {
    unsigned line;
    unsigned col;
};

static struct place place_of(struct kb_str text, size_t offset)
{
    struct place at = {1, 1};
    for (size_t i = 0; i < offset && i < text.n; i++) {
        bool newline = text.p[i] == '\n';
        at.line += newline ? 1 : 0;
        at.col = newline ? 1 : at.col + ((text.p[i] & 0xC0) != 0x80 ? 1 : 0);
    }
    return at;
}

/* Offset of the first bracket that is too deep, or SIZE_MAX. */
static size_t too_deep(struct kb_str text)
{
    unsigned depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (quoted) {
            i += c == '\\' ? 1 : 0;
            quoted = c != '"';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            if (++depth > KB_MAX_JSON_DEPTH) {
                return i;
            }
        } else if ((c == '}' || c == ']') && depth > 0) {
            depth--;
        }
    }
    return SIZE_MAX;
}

KB_RES kb_json_parse(const char *file, struct kb_str text, unsigned flags, json_t **out,
                     struct kb_err *err)
{
    if (text.n > KB_MAX_JSON_FILE) {
        return kb_fail_at(err, KB_ERR_LIMIT, file, 0, 0, "larger than %d bytes", KB_MAX_JSON_FILE);
    }
    size_t deep = too_deep(text);
    if (deep != SIZE_MAX) {
        struct place at = place_of(text, deep);
        return kb_fail_at(err, KB_ERR_LIMIT, file, at.line, at.col, "nested deeper than %d",
                          KB_MAX_JSON_DEPTH);
    }
    json_error_t error;
    size_t how = JSON_DECODE_ANY | JSON_ALLOW_NUL |
                 ((flags & KB_JSON_UNIQUE_KEYS) != 0 ? JSON_REJECT_DUPLICATES : 0U);
    json_t *made = json_loadb(text.n == 0 ? "" : text.p, text.n, how, &error);
    if (made == NULL) {
        return kb_fail_at(err, KB_ERR_SYNTAX, file, error.line > 0 ? (unsigned)error.line : 0,
                          error.column > 0 ? (unsigned)error.column : 0, "%s", error.text);
    }
    *out = made;
    return KB_SUCCESS;
}

void kb_json_done(json_t **json)
{
    json_decref(*json);
    *json = NULL;
}

struct kb_str kb_json_view(const json_t *string)
{
    if (!json_is_string(string)) {
        return KB_STR("");
    }
    return (struct kb_str){json_string_value(string), json_string_length(string)};
}

json_t *kb_json_object(const json_t *object, const char *key)
{
    json_t *member = json_object_get(object, key);
    return json_is_object(member) ? member : NULL;
}

json_t *kb_json_array(const json_t *object, const char *key)
{
    json_t *member = json_object_get(object, key);
    return json_is_array(member) ? member : NULL;
}

bool kb_json_str(const json_t *object, const char *key, struct kb_str *out)
{
    const json_t *member = json_object_get(object, key);
    if (!json_is_string(member)) {
        return false;
    }
    *out = kb_json_view(member);
    return true;
}

bool kb_json_i64(const json_t *object, const char *key, int64_t *out)
{
    const json_t *member = json_object_get(object, key);
    if (!json_is_integer(member)) {
        return false;
    }
    *out = json_integer_value(member);
    return true;
}

bool kb_json_double(const json_t *object, const char *key, double *out)
{
    const json_t *member = json_object_get(object, key);
    if (!json_is_number(member)) {
        return false;
    }
    *out = json_number_value(member);
    return true;
}

bool kb_json_bool(const json_t *object, const char *key, bool *out)
{
    const json_t *member = json_object_get(object, key);
    if (!json_is_boolean(member)) {
        return false;
    }
    *out = json_is_true(member);
    return true;
}

json_t *kb_json_dig(const json_t *object, const char *key, ...)
{
    va_list keys;
    va_start(keys, key);
    json_t *at = json_object_get(object, key);
    for (const char *next = va_arg(keys, const char *); next != NULL && at != NULL;
         next = va_arg(keys, const char *)) {
        at = json_object_get(at, next);
    }
    va_end(keys);
    return at;
}
