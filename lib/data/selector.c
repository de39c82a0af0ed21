/* Requirements: what is allowed in one, and whether labels meet it. */
#include "data/selector.h"

#include <stdlib.h>

#include "data/selector_internal.h"

enum { NAME_MAX_BYTES = 63, PREFIX_MAX_BYTES = 253 };

static bool is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* ([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9] */
static bool is_name(struct kb_str s)
{
    if (s.n == 0 || s.n > NAME_MAX_BYTES || !is_alnum(s.p[0]) || !is_alnum(s.p[s.n - 1])) {
        return false;
    }
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!is_alnum(c) && c != '-' && c != '_' && c != '.') {
            return false;
        }
    }
    return true;
}

/* A word of a subdomain: letters in lower case and digits, hyphens between them. */
static bool is_dns_word(struct kb_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        bool letter = (s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9');
        bool inner = i > 0 && i + 1 < s.n;
        if (!letter && !(s.p[i] == '-' && inner)) {
            return false;
        }
    }
    return s.n > 0;
}

/* Such words, joined by dots (RFC 1123). */
static bool is_subdomain(struct kb_str s)
{
    bool valid = s.n > 0 && s.n <= PREFIX_MAX_BYTES;
    for (size_t from = 0; valid && from <= s.n;) {
        size_t dot = kb_str_find(s, KB_STR("."), from);
        size_t end = dot == SIZE_MAX ? s.n : dot;
        valid = is_dns_word(kb_str_sub(s, from, end));
        from = end + 1;
    }
    return valid;
}

bool kb_label_key_valid(struct kb_str key)
{
    size_t slash = kb_str_find(key, KB_STR("/"), 0);
    if (slash == SIZE_MAX) {
        return is_name(key);
    }
    return is_subdomain(kb_str_sub(key, 0, slash)) && is_name(kb_str_sub(key, slash + 1, key.n));
}

bool kb_label_value_valid(struct kb_str value)
{
    return value.n == 0 || is_name(value);
}

static int by_text(const void *a, const void *b)
{
    return kb_str_cmp(*(const struct kb_str *)a, *(const struct kb_str *)b);
}

static void sort_values(struct kb_str *values, size_t n)
{
    if (n > 1) {
        qsort(values, n, sizeof *values, by_text);
    }
}

static bool compares(enum kb_selector_operator op)
{
    return op == KB_SEL_GREATER || op == KB_SEL_LESS;
}

static KB_RES check_count(enum kb_selector_operator op, size_t n, struct kb_err *err)
{
    switch (op) {
    case KB_SEL_IN:
    case KB_SEL_NOT_IN:
        KB_ENSURE(n > 0, err, KB_ERR_INVALID,
                  "values: for 'in', 'notin' operators, values set can't be empty");
        break;
    case KB_SEL_EXISTS:
    case KB_SEL_NOT_EXISTS:
        KB_ENSURE(n == 0, err, KB_ERR_INVALID,
                  "values: values set must be empty for exists and does not exist");
        break;
    case KB_SEL_EQUALS:
    case KB_SEL_DOUBLE_EQUALS:
    case KB_SEL_NOT_EQUALS:
    case KB_SEL_GREATER:
    case KB_SEL_LESS:
        KB_ENSURE(n == 1, err, KB_ERR_INVALID, "values: exactly one value is required");
        break;
    }
    return KB_SUCCESS;
}

KB_RES kb_requirement_add(kb_requirements *to, struct kb_str key, enum kb_selector_operator op,
                          struct kb_str *values, size_t n, struct kb_err *err)
{
    int64_t number;
    KB_ENSURE(kb_label_key_valid(key), err, KB_ERR_INVALID, "key: \"%.*s\" is no valid label key",
              KB_FMT(key));
    sort_values(values, n);
    KB_TRY(check_count(op, n, err));
    KB_ENSURE(!compares(op) || kb_str_i64(values[0], &number), err, KB_ERR_INVALID,
              "values[0]: for 'Gt', 'Lt' operators, the value must be an integer");
    for (size_t i = 0; i < n; i++) {
        KB_ENSURE(kb_label_value_valid(values[i]), err, KB_ERR_INVALID,
                  "values[%zu][%.*s]: \"%.*s\" is no valid label value", i, KB_FMT(key),
                  KB_FMT(values[i]));
    }
    *KB_VEC_PUSH(to) = (struct kb_requirement){key, op, values, n};
    return KB_SUCCESS;
}

void kb_requirements_close(kb_requirements *from, struct kb_arena *arena, struct kb_selector *out)
{
    struct kb_requirement *sorted = KB_NEW_ARRAY(arena, from->n, struct kb_requirement);
    for (size_t i = 0; i < from->n; i++) {
        size_t at = i;
        for (; at > 0 && kb_str_cmp(sorted[at - 1].key, from->at[i].key) > 0; at--) {
            sorted[at] = sorted[at - 1];
        }
        sorted[at] = from->at[i];
    }
    *out = (struct kb_selector){.at = sorted, .n = from->n};
    KB_VEC_DONE(from);
}

static bool among(const struct kb_requirement *r, struct kb_str value)
{
    for (size_t i = 0; i < r->value_count; i++) {
        if (kb_str_eq(r->values[i], value)) {
            return true;
        }
    }
    return false;
}

static bool compare(const struct kb_requirement *r, struct kb_str value)
{
    int64_t a, b;
    if (!kb_str_i64(value, &a) || !kb_str_i64(r->values[0], &b)) {
        return false;
    }
    return r->op == KB_SEL_GREATER ? a > b : a < b;
}

static bool meets(const struct kb_requirement *r, const json_t *labels)
{
    const json_t *label = json_object_getn(labels, r->key.p, r->key.n);
    struct kb_str value = kb_json_view(label);
    switch (r->op) {
    case KB_SEL_IN:
    case KB_SEL_EQUALS:
    case KB_SEL_DOUBLE_EQUALS:
        return label != NULL && among(r, value);
    case KB_SEL_NOT_IN:
    case KB_SEL_NOT_EQUALS:
        return label == NULL || !among(r, value);
    case KB_SEL_EXISTS:
        return label != NULL;
    case KB_SEL_NOT_EXISTS:
        return label == NULL;
    case KB_SEL_GREATER:
    case KB_SEL_LESS:
        break;
    }
    return label != NULL && compare(r, value);
}

bool kb_selector_matches(const struct kb_selector *selector, const json_t *labels)
{
    for (size_t i = 0; i < selector->n; i++) {
        if (!meets(&selector->at[i], labels)) {
            return false;
        }
    }
    return !selector->nothing;
}

static void add_values(const struct kb_requirement *r, struct kb_buf *out)
{
    for (size_t i = 0; i < r->value_count; i++) {
        kb_buf_printf(out, "%s%.*s", i > 0 ? "," : "", KB_FMT(r->values[i]));
    }
}

static void add_text(const struct kb_requirement *r, struct kb_buf *out)
{
    static const char *const signs[] = {
        [KB_SEL_EQUALS] = "=",   [KB_SEL_DOUBLE_EQUALS] = "==", [KB_SEL_NOT_EQUALS] = "!=",
        [KB_SEL_IN] = " in ",    [KB_SEL_NOT_IN] = " notin ",   [KB_SEL_GREATER] = ">",
        [KB_SEL_LESS] = "<",     [KB_SEL_EXISTS] = "",          [KB_SEL_NOT_EXISTS] = "",
    };
    bool set = r->op == KB_SEL_IN || r->op == KB_SEL_NOT_IN;
    kb_buf_printf(out, "%s%.*s%s%s", r->op == KB_SEL_NOT_EXISTS ? "!" : "", KB_FMT(r->key),
                  signs[r->op], set ? "(" : "");
    add_values(r, out);
    kb_buf_c(out, set ? ")" : "");
}

struct kb_str kb_selector_text(const struct kb_selector *selector, struct kb_arena *arena)
{
    struct kb_buf text;
    kb_buf_init(&text, 1 << 20);
    for (size_t i = 0; i < selector->n; i++) {
        kb_buf_c(&text, i > 0 ? "," : "");
        add_text(&selector->at[i], &text);
    }
    struct kb_str kept = kb_arena_copy(arena, kb_buf_view(&text));
    kb_buf_done(&text);
    return kept;
}
