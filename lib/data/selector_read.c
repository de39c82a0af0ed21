/* Selectors from objects and from text. */
#include <string.h>

#include "data/selector_internal.h"

static KB_RES add_label(kb_requirements *to, const char *key, size_t key_n, const json_t *value,
                        struct kb_arena *arena, struct kb_err *err)
{
    struct kb_str *values = KB_NEW(arena, struct kb_str);
    KB_ENSURE(json_is_string(value), err, KB_ERR_INVALID, "matchLabels: a value is no text");
    *values = kb_arena_copy(arena, kb_json_view(value));
    struct kb_str name = kb_arena_copy(arena, (struct kb_str){key, key_n});
    return kb_requirement_add(to, name, KB_SEL_EQUALS, values, 1, err);
}

static KB_RES find_operator(struct kb_str name, enum kb_selector_operator *out, struct kb_err *err)
{
    static const struct {
        const char *name;
        enum kb_selector_operator op;
    } operators[] = {{"In", KB_SEL_IN},
                     {"NotIn", KB_SEL_NOT_IN},
                     {"Exists", KB_SEL_EXISTS},
                     {"DoesNotExist", KB_SEL_NOT_EXISTS}};
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        if (kb_str_eq_c(name, operators[i].name)) {
            *out = operators[i].op;
            return KB_SUCCESS;
        }
    }
    return kb_fail(err, KB_ERR_INVALID, "\"%.*s\" is not a valid label selector operator",
                   KB_FMT(name));
}

static KB_RES add_expression(kb_requirements *to, const json_t *json, struct kb_arena *arena,
                             struct kb_err *err)
{
    struct kb_str key = KB_STR(""), name = KB_STR("");
    enum kb_selector_operator op = KB_SEL_IN;
    const json_t *list = json_object_get(json, "values");
    size_t n = json_array_size(list);
    struct kb_str *values = KB_NEW_ARRAY(arena, n, struct kb_str);
    (void)kb_json_str(json, "key", &key);
    (void)kb_json_str(json, "operator", &name);
    KB_TRY(find_operator(name, &op, err));
    for (size_t i = 0; i < n; i++) {
        KB_ENSURE(json_is_string(json_array_get(list, i)), err, KB_ERR_INVALID,
                  "matchExpressions: a value is no text");
        values[i] = kb_arena_copy(arena, kb_json_view(json_array_get(list, i)));
    }
    return kb_requirement_add(to, kb_arena_copy(arena, key), op, values, n, err);
}

static KB_RES add_all(kb_requirements *to, const json_t *json, struct kb_arena *arena,
                      struct kb_err *err)
{
    const json_t *labels = json_object_get(json, "matchLabels");
    const json_t *expressions = json_object_get(json, "matchExpressions");
    const char *key;
    size_t key_n;
    json_t *value;
    json_object_keylen_foreach((json_t *)(uintptr_t)labels, key, key_n, value)
    {
        KB_TRY(add_label(to, key, key_n, value, arena, err));
    }
    for (size_t i = 0; i < json_array_size(expressions); i++) {
        KB_TRY(add_expression(to, json_array_get(expressions, i), arena, err));
    }
    return KB_SUCCESS;
}

KB_RES kb_selector_from_json(const json_t *json, struct kb_arena *arena, struct kb_selector *out,
                             struct kb_err *err)
{
    kb_requirements list = {0};
    *out = (struct kb_selector){.nothing = json == NULL || json_is_null(json)};
    if (out->nothing) {
        return KB_SUCCESS;
    }
    KB_ENSURE(json_is_object(json), err, KB_ERR_INVALID, "a label selector is an object");
    kb_res res = add_all(&list, json, arena, err);
    if (kb_failed(res)) {
        KB_VEC_DONE(&list);
        return res;
    }
    kb_requirements_close(&list, arena, out);
    return KB_SUCCESS;
}

/* The lexer of labels.Parse: white space splits, and these characters stand for themselves. */
enum token { WORD, END, OPEN, CLOSE, COMMA, BANG, EQ, EQEQ, NE, GT, LT, IN, NOTIN };

struct parser {
    struct kb_str rest;
    enum token token;
    struct kb_str text; /* of the token */
    struct kb_arena *arena;
    kb_requirements *list;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_special(char c)
{
    return c == '=' || c == '!' || c == '(' || c == ')' || c == ',' || c == '>' || c == '<';
}

static const struct {
    const char *text;
    enum token token;
} signs[] = {{"==", EQEQ}, {"!=", NE}, {")", CLOSE}, {",", COMMA}, {"!", BANG},
             {"=", EQ},    {">", GT},  {"<", LT},    {"(", OPEN}};

static size_t sign_at(struct kb_str rest, enum token *token)
{
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (kb_str_starts(rest, kb_str_c(signs[i].text))) {
            *token = signs[i].token;
            return strlen(signs[i].text);
        }
    }
    return 0;
}

static size_t word_at(struct kb_str rest, enum token *token)
{
    size_t n = 0;
    while (n < rest.n && rest.p[n] != 0 && !is_space(rest.p[n]) && !is_special(rest.p[n])) {
        n++;
    }
    struct kb_str word = kb_str_sub(rest, 0, n);
    *token = kb_str_eq_c(word, "in") ? IN : kb_str_eq_c(word, "notin") ? NOTIN : WORD;
    return n;
}

/* A NUL ends a token as the end of the text does in Go's lexer, which then goes on behind it. */
static void next(struct parser *p)
{
    while (p->rest.n > 0 && is_space(*p->rest.p)) {
        p->rest = kb_str_sub(p->rest, 1, p->rest.n);
    }
    p->token = END;
    size_t n = 0;
    if (p->rest.n > 0 && *p->rest.p != 0) {
        n = is_special(*p->rest.p) ? sign_at(p->rest, &p->token) : word_at(p->rest, &p->token);
    }
    p->text = kb_str_sub(p->rest, 0, n);
    size_t skip = n < p->rest.n && p->rest.p[n] == 0 ? n + 1 : n;
    p->rest = kb_str_sub(p->rest, skip, p->rest.n);
}

static KB_RES unexpected(const struct parser *p, const char *expected, struct kb_err *err)
{
    return kb_fail(err, KB_ERR_SYNTAX, "found '%.*s', expected: %s", KB_FMT(p->text), expected);
}

/* Words of a set or a value may be called like operators. */
static bool is_word(const struct parser *p)
{
    return p->token == WORD || p->token == IN || p->token == NOTIN;
}

static bool among(const struct kb_str *values, size_t n, struct kb_str value)
{
    for (size_t i = 0; i < n; i++) {
        if (kb_str_eq(values[i], value)) {
            return true;
        }
    }
    return false;
}

typedef KB_VEC(struct kb_str) words;

/* One token within the brackets; an empty place between commas is the empty value. */
static KB_RES take_member(struct parser *p, bool *after_comma, words *list, struct kb_err *err)
{
    bool comma = p->token == COMMA;
    if (!comma && !is_word(p)) {
        return unexpected(p, "',', ')' or identifier", err);
    }
    if (!comma && !*after_comma) {
        return unexpected(p, "',' or ')'", err);
    }
    if (!comma || *after_comma) {
        *KB_VEC_PUSH(list) = comma ? KB_STR("") : p->text;
    }
    *after_comma = comma;
    return KB_SUCCESS;
}

static void keep_values(const words *list, struct kb_arena *arena, struct kb_str **values, size_t *n)
{
    *n = 0;
    *values = KB_NEW_ARRAY(arena, list->n, struct kb_str);
    for (size_t i = 0; i < list->n; i++) {
        if (!among(*values, *n, list->at[i])) {
            (*values)[(*n)++] = kb_arena_copy(arena, list->at[i]);
        }
    }
}

/* "(a, b,)" */
static KB_RES take_set(struct parser *p, struct kb_str **values, size_t *n, struct kb_err *err)
{
    words list = {0};
    bool after_comma = true;
    kb_res res = p->token == OPEN ? KB_SUCCESS : unexpected(p, "'('", err);
    for (next(p); !kb_failed(res) && p->token != CLOSE; next(p)) {
        res = take_member(p, &after_comma, &list, err);
    }
    if (after_comma && !kb_failed(res)) {
        *KB_VEC_PUSH(&list) = KB_STR("");
    }
    keep_values(&list, p->arena, values, n);
    KB_VEC_DONE(&list);
    next(p);
    return res;
}

/* The value behind a sign; nothing there is the empty value. */
static KB_RES take_value(struct parser *p, struct kb_str **values, size_t *n, struct kb_err *err)
{
    *values = KB_NEW(p->arena, struct kb_str);
    **values = KB_STR("");
    *n = 1;
    if (is_word(p)) {
        **values = kb_arena_copy(p->arena, p->text);
        next(p);
    } else if (p->token != COMMA && p->token != END) {
        return unexpected(p, "identifier", err);
    }
    return KB_SUCCESS;
}

static KB_RES take_requirement(struct parser *p, struct kb_err *err)
{
    static const struct {
        enum token token;
        enum kb_selector_operator op;
    } operators[] = {{IN, KB_SEL_IN},  {NOTIN, KB_SEL_NOT_IN},         {EQ, KB_SEL_EQUALS},
                     {NE, KB_SEL_NOT_EQUALS}, {EQEQ, KB_SEL_DOUBLE_EQUALS}, {GT, KB_SEL_GREATER},
                     {LT, KB_SEL_LESS}};
    bool absent = p->token == BANG;
    if (absent) {
        next(p);
    }
    if (!is_word(p)) {
        return unexpected(p, "identifier", err);
    }
    struct kb_str key = kb_arena_copy(p->arena, p->text);
    struct kb_str *values = NULL;
    size_t n = 0;
    next(p);
    if (absent || p->token == END || p->token == COMMA) {
        return kb_requirement_add(p->list, key, absent ? KB_SEL_NOT_EXISTS : KB_SEL_EXISTS, NULL, 0,
                                  err);
    }
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        if (operators[i].token == p->token) {
            bool set = p->token == IN || p->token == NOTIN;
            next(p);
            KB_TRY(set ? take_set(p, &values, &n, err) : take_value(p, &values, &n, err));
            return kb_requirement_add(p->list, key, operators[i].op, values, n, err);
        }
    }
    return unexpected(p, "in, notin, =, ==, !=, gt, lt", err);
}

static KB_RES take_all(struct parser *p, struct kb_err *err)
{
    next(p);
    if (p->token == END) {
        return KB_SUCCESS;
    }
    if (!is_word(p) && p->token != BANG) {
        return unexpected(p, "!, identifier, or 'end of string'", err);
    }
    for (;;) {
        KB_TRY(take_requirement(p, err));
        if (p->token == END) {
            return KB_SUCCESS;
        }
        if (p->token != COMMA) {
            return unexpected(p, "',' or 'end of string'", err);
        }
        next(p);
        if (!is_word(p) && p->token != BANG) {
            return unexpected(p, "identifier after ','", err);
        }
    }
}

KB_RES kb_selector_parse(struct kb_str text, struct kb_arena *arena, struct kb_selector *out,
                         struct kb_err *err)
{
    kb_requirements list = {0};
    struct parser p = {.rest = text, .arena = arena, .list = &list};
    *out = (struct kb_selector){0};
    kb_res res = take_all(&p, err);
    if (kb_failed(res)) {
        KB_VEC_DONE(&list);
        return res;
    }
    kb_requirements_close(&list, arena, out);
    return KB_SUCCESS;
}
