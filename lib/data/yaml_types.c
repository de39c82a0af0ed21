/* What a YAML scalar means: the core schema of YAML 1.2.2 §10.3.2, and the tree as JSON. */
#include <math.h>
#include <stdlib.h>

#include "data/yaml.h"

enum type { TYPE_TEXT, TYPE_NULL, TYPE_BOOL, TYPE_INT, TYPE_FLOAT };

static bool one_of(struct kb_str s, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (kb_str_eq_c(s, words[i])) {
            return true;
        }
    }
    return false;
}

static const char *const NULLS[] = {"", "~", "null", "Null", "NULL"};
static const char *const TRUES[] = {"true", "True", "TRUE"};
static const char *const FALSES[] = {"false", "False", "FALSE"};
static const char *const SPECIALS[] = {".inf",  ".Inf",  ".INF",  "+.inf", "+.Inf", "+.INF",
                                       "-.inf", "-.Inf", "-.INF", ".nan",  ".NaN",  ".NAN"};

static size_t digits(struct kb_str s, size_t at)
{
    while (at < s.n && s.p[at] >= '0' && s.p[at] <= '9') {
        at++;
    }
    return at;
}

static size_t sign(struct kb_str s)
{
    return s.n > 0 && (s.p[0] == '-' || s.p[0] == '+') ? 1 : 0;
}

/* Value of a hexadecimal digit; 99 where it is none. */
static unsigned digit_value(char c)
{
    return c >= '0' && c <= '9'   ? (unsigned)(c - '0')
           : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
           : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10
                                  : 99;
}

static bool prefixed_int(struct kb_str s, uint64_t *value)
{
    if (s.n < 3 || s.p[0] != '0' || (s.p[1] != 'o' && s.p[1] != 'x')) {
        return false;
    }
    unsigned base = s.p[1] == 'o' ? 8 : 16;
    uint64_t sum = 0;
    for (size_t i = 2; i < s.n; i++) {
        unsigned digit = digit_value(s.p[i]);
        if (digit >= base || __builtin_mul_overflow(sum, (uint64_t)base, &sum) ||
            __builtin_add_overflow(sum, (uint64_t)digit, &sum)) {
            return false;
        }
    }
    *value = sum;
    return true;
}

static bool is_int(struct kb_str s)
{
    uint64_t value;
    size_t from = sign(s);
    size_t to = digits(s, from);
    return (to > from && to == s.n) || prefixed_int(s, &value);
}

/* [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )? */
static bool is_float(struct kb_str s)
{
    if (one_of(s, SPECIALS, sizeof SPECIALS / sizeof *SPECIALS)) {
        return true;
    }
    size_t from = sign(s);
    size_t at = digits(s, from);
    size_t whole = at - from;
    size_t fraction = 0;
    if (at < s.n && s.p[at] == '.') {
        size_t end = digits(s, at + 1);
        fraction = end - at - 1;
        at = end;
    }
    if (whole == 0 && fraction == 0) {
        return false;
    }
    if (at < s.n && (s.p[at] == 'e' || s.p[at] == 'E')) {
        size_t mantissa_end = at++;
        at += at < s.n && (s.p[at] == '-' || s.p[at] == '+') ? 1 : 0;
        size_t end = digits(s, at);
        at = end > at ? end : mantissa_end;
    }
    return at == s.n;
}

static enum type type_of(const struct kb_yaml_node *node)
{
    static const struct {
        const char *tag;
        enum type type;
    } tags[] = {{"null", TYPE_NULL}, {"bool", TYPE_BOOL}, {"int", TYPE_INT}, {"float", TYPE_FLOAT}};
    if (kb_str_eq_c(node->tag, "str") || (!node->plain && node->tag.n == 0)) {
        return TYPE_TEXT;
    }
    struct kb_str s = node->text;
    enum type type = TYPE_TEXT;
    if (one_of(s, NULLS, sizeof NULLS / sizeof *NULLS)) {
        type = TYPE_NULL;
    } else if (one_of(s, TRUES, 3) || one_of(s, FALSES, 3)) {
        type = TYPE_BOOL;
    } else if (is_int(s)) {
        type = TYPE_INT;
    } else if (is_float(s)) {
        type = TYPE_FLOAT;
    }
    for (size_t i = 0; node->tag.n > 0 && i < sizeof tags / sizeof *tags; i++) {
        if (kb_str_eq_c(node->tag, tags[i].tag)) {
            bool fits = type == tags[i].type || (type == TYPE_INT && tags[i].type == TYPE_FLOAT);
            return fits ? tags[i].type : TYPE_TEXT;
        }
    }
    return type;
}

static bool is(const struct kb_yaml_node *node, enum type type)
{
    return node != NULL && node->kind == KB_YAML_SCALAR && type_of(node) == type;
}

bool kb_yaml_null(const struct kb_yaml_node *node)
{
    return is(node, TYPE_NULL);
}

bool kb_yaml_bool(const struct kb_yaml_node *node, bool *out)
{
    if (!is(node, TYPE_BOOL)) {
        return false;
    }
    *out = one_of(node->text, TRUES, 3);
    return true;
}

bool kb_yaml_int(const struct kb_yaml_node *node, int64_t *out)
{
    uint64_t value;
    if (!is(node, TYPE_INT)) {
        return false;
    }
    if (prefixed_int(node->text, &value)) {
        if (value > INT64_MAX) {
            return false;
        }
        *out = (int64_t)value;
        return true;
    }
    return kb_str_i64(node->text, out);
}

static double special(struct kb_str s)
{
    bool nan = s.p[s.n - 1] == 'n' || s.p[s.n - 1] == 'N';
    return nan ? (double)NAN : s.p[0] == '-' ? -HUGE_VAL : HUGE_VAL;
}

bool kb_yaml_float(const struct kb_yaml_node *node, double *out)
{
    uint64_t value;
    if (!is(node, TYPE_INT) && !is(node, TYPE_FLOAT)) {
        return false;
    }
    if (prefixed_int(node->text, &value)) {
        *out = (double)value;
    } else if (one_of(node->text, SPECIALS, sizeof SPECIALS / sizeof *SPECIALS)) {
        *out = special(node->text);
    } else {
        *out = strtod(node->text.p, NULL);
    }
    return true;
}

bool kb_yaml_text(const struct kb_yaml_node *node, struct kb_str *out)
{
    if (!is(node, TYPE_TEXT)) {
        return false;
    }
    *out = node->text;
    return true;
}

const char *kb_yaml_type_name(const struct kb_yaml_node *node)
{
    static const char *const names[] = {"text", "null", "a boolean", "an integer", "a number"};
    if (node == NULL) {
        return "nothing";
    }
    if (node->kind != KB_YAML_SCALAR) {
        return node->kind == KB_YAML_MAP ? "a map" : "a list";
    }
    return names[type_of(node)];
}

const struct kb_yaml_node *kb_yaml_get_str(const struct kb_yaml_node *map, struct kb_str key)
{
    for (size_t i = 0; map != NULL && map->kind == KB_YAML_MAP && i < map->n; i++) {
        if (kb_str_eq(map->pairs[i].key->text, key)) {
            return map->pairs[i].value;
        }
    }
    return NULL;
}

const struct kb_yaml_node *kb_yaml_get(const struct kb_yaml_node *map, const char *key)
{
    return kb_yaml_get_str(map, kb_str_c(key));
}

static kb_res scalar_to_json(const struct kb_yaml_node *node, json_t **out, struct kb_err *err)
{
    bool truth = false;
    int64_t number = 0;
    double real = 0;
    if (kb_yaml_null(node)) {
        *out = json_null();
    } else if (kb_yaml_bool(node, &truth)) {
        *out = json_boolean(truth);
    } else if (kb_yaml_int(node, &number)) {
        *out = json_integer(number);
    } else if (kb_yaml_float(node, &real)) {
        if (!isfinite(real)) {
            return kb_yaml_fail(node, err, KB_ERR_INVALID, "JSON has no %.*s", KB_FMT(node->text));
        }
        *out = json_real(real);
    } else {
        *out = json_stringn(node->text.p, node->text.n);
    }
    return KB_SUCCESS;
}

static kb_res add_child(json_t *to, const struct kb_yaml_node *node, size_t i, struct kb_err *err)
{
    json_t *child = NULL;
    bool map = node->kind == KB_YAML_MAP;
    KB_TRY(kb_yaml_to_json(map ? node->pairs[i].value : node->items[i], &child, err));
    if (map) {
        struct kb_str key = node->pairs[i].key->text;
        (void)json_object_setn_new(to, key.p, key.n, child);
    } else {
        (void)json_array_append_new(to, child);
    }
    return KB_SUCCESS;
}

KB_RES kb_yaml_to_json(const struct kb_yaml_node *node, json_t **out, struct kb_err *err)
{
    if (node->kind == KB_YAML_SCALAR) {
        return scalar_to_json(node, out, err);
    }
    json_t *made = node->kind == KB_YAML_MAP ? json_object() : json_array();
    kb_res res = KB_SUCCESS;
    for (size_t i = 0; i < node->n && !kb_failed(res); i++) {
        res = add_child(made, node, i, err);
    }
    if (kb_failed(res)) {
        json_decref(made);
        return res;
    }
    *out = made;
    return KB_SUCCESS;
}
