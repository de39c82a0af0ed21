/* The parser: precedence climbing over google/cel-spec's grammar, in the shape cel-go has given it.
 */
#include "cel/parser.h"

#include "base/limits.h"
#include "cel/literal.h"
#include "cel/macros.h"

static struct kb_cel_expr *parse_expr(struct kb_cel_parser *p);
static struct kb_cel_expr *parse_unary(struct kb_cel_parser *p);

static struct kb_cel_expr *parse_literal(struct kb_cel_parser *p, bool negative, uint32_t pos)
{
    struct kb_cel_expr *expr = kb_cel_expr_new(p, KB_X_LITERAL, pos);
    struct kb_cel_token token = p->token;
    const char *mistake =
        kb_cel_literal(token.kind, kb_cel_parser_text(p, token), negative, p->arena, &expr->value);
    if (mistake != NULL) { /* the reading goes on: more may be wrong */
        kb_cel_issue_add(p->source, KB_CEL_PARSE, token.pos, "%s", mistake);
    }
    kb_cel_parser_next(p);
    return expr;
}

/* Elements up to `close`; each may be preceded by '?'. */
static bool parse_elements(struct kb_cel_parser *p, kb_cel_expr_vec *out, bool **optional)
{
    KB_VEC(bool) marks = {NULL, 0, 0};
    bool any = false;
    while (!p->failed && p->token.kind != KB_TOK_RBRACKET) {
        if (p->token.kind == KB_TOK_COMMA && out->n == 0) { /* [,] is an empty list */
            kb_cel_parser_next(p);
            break;
        }
        bool mark = kb_cel_parser_accept(p, KB_TOK_QUESTION);
        any = any || mark;
        struct kb_cel_expr *element = parse_expr(p);
        if (element == NULL) {
            break;
        }
        *KB_VEC_PUSH(&marks) = mark;
        *KB_VEC_PUSH(out) = element;
        if (!kb_cel_parser_accept(p, KB_TOK_COMMA)) {
            break;
        }
    }
    if (any && marks.n > 0) {
        *optional = KB_NEW_ARRAY(p->arena, marks.n, bool);
        memcpy(*optional, marks.at, marks.n * sizeof(bool));
    }
    KB_VEC_DONE(&marks);
    return kb_cel_parser_expect(p, KB_TOK_RBRACKET, "{']', ','}");
}

static struct kb_cel_expr *parse_list(struct kb_cel_parser *p)
{
    struct kb_cel_expr *expr = kb_cel_expr_new(p, KB_X_LIST, p->token.pos);
    kb_cel_parser_next(p);
    kb_cel_expr_vec elements = {NULL, 0, 0};
    bool ok = parse_elements(p, &elements, &expr->optional_args);
    kb_cel_expr_args(p, expr, elements.at, elements.n);
    KB_VEC_DONE(&elements);
    return ok ? expr : NULL;
}

static bool parse_entry(struct kb_cel_parser *p, kb_cel_expr_vec *out)
{
    struct kb_cel_expr *key = parse_expr(p);
    if (key == NULL || !kb_cel_parser_expect(p, KB_TOK_COLON, "':'")) {
        return false;
    }
    struct kb_cel_expr *value = parse_expr(p);
    if (value == NULL) {
        return false;
    }
    *KB_VEC_PUSH(out) = key;
    *KB_VEC_PUSH(out) = value;
    return true;
}

static struct kb_cel_expr *parse_map(struct kb_cel_parser *p)
{
    struct kb_cel_expr *expr = kb_cel_expr_new(p, KB_X_MAP, p->token.pos);
    kb_cel_parser_next(p);
    kb_cel_expr_vec entries = {NULL, 0, 0};
    KB_VEC(bool) marks = {NULL, 0, 0};
    bool any = false;
    if (p->token.kind == KB_TOK_COMMA) {
        kb_cel_parser_next(p);
    }
    while (!p->failed && p->token.kind != KB_TOK_RBRACE) {
        bool mark = kb_cel_parser_accept(p, KB_TOK_QUESTION);
        any = any || mark;
        *KB_VEC_PUSH(&marks) = mark;
        if (!parse_entry(p, &entries) || !kb_cel_parser_accept(p, KB_TOK_COMMA)) {
            break;
        }
    }
    bool ok = kb_cel_parser_expect(p, KB_TOK_RBRACE, "{'}', ','}");
    kb_cel_expr_args(p, expr, entries.at, entries.n);
    if (any) {
        expr->optional_args = KB_NEW_ARRAY(p->arena, marks.n, bool);
        memcpy(expr->optional_args, marks.at, marks.n * sizeof(bool));
    }
    KB_VEC_DONE(&entries);
    KB_VEC_DONE(&marks);
    return ok ? expr : NULL;
}

/* What follows "(": arguments and ")". The call's args[0] is `receiver` where there is one. */
static struct kb_cel_expr *parse_call(struct kb_cel_parser *p, struct kb_str name, uint32_t pos,
                                      struct kb_cel_expr *receiver)
{
    kb_cel_expr_vec args = {NULL, 0, 0};
    if (receiver != NULL) {
        *KB_VEC_PUSH(&args) = receiver;
    }
    if (!p->failed && p->token.kind != KB_TOK_RPAREN) {
        do {
            struct kb_cel_expr *arg = parse_expr(p);
            if (arg == NULL) {
                break;
            }
            *KB_VEC_PUSH(&args) = arg;
        } while (kb_cel_parser_accept(p, KB_TOK_COMMA));
    }
    struct kb_cel_expr *call = NULL;
    if (kb_cel_parser_expect(p, KB_TOK_RPAREN, "')'")) {
        call = kb_cel_expr_new(p, KB_X_CALL, pos);
        call->name = name;
        call->member = receiver != NULL;
        kb_cel_expr_args(p, call, args.at, args.n);
    }
    KB_VEC_DONE(&args);
    if (call == NULL || (p->flags & KB_CEL_NO_MACROS) != 0) {
        return call;
    }
    return kb_cel_macro_expand(p, call);
}

static bool is_reserved(struct kb_str word)
{
    static const char *const reserved[] = {
        "as",  "break", "const",     "continue", "else",   "for", "function", "if",   "import",
        "let", "loop",  "namespace", "package",  "return", "var", "void",     "while"};
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
        if (kb_str_eq_c(word, reserved[i])) {
            return true;
        }
    }
    return false;
}

static struct kb_cel_expr *parse_ident(struct kb_cel_parser *p)
{
    uint32_t pos = p->token.pos;
    bool absolute = kb_cel_parser_accept(p, KB_TOK_DOT);
    if (p->failed || p->token.kind != KB_TOK_IDENT) {
        return kb_cel_parser_unexpected(p, "IDENTIFIER");
    }
    struct kb_str name = kb_cel_parser_text(p, p->token);
    /* a column may be called "namespace" */
    if ((p->flags & KB_CEL_COLUMNS) == 0 && is_reserved(name)) {
        kb_cel_issue_add(p->source, KB_CEL_PARSE, p->token.pos, "reserved identifier: %.*s",
                         KB_FMT(name));
    }
    kb_cel_parser_next(p);
    uint32_t paren = p->token.pos;
    if (kb_cel_parser_accept(p, KB_TOK_LPAREN)) {
        struct kb_cel_expr *call = parse_call(p, name, paren, NULL);
        if (call != NULL && call->kind == KB_X_CALL) {
            call->absolute = absolute;
        }
        return call;
    }
    struct kb_cel_expr *ident = kb_cel_expr_new(p, KB_X_IDENT, pos);
    ident->name = name;
    ident->absolute = absolute;
    return ident;
}

static struct kb_cel_expr *parse_primary(struct kb_cel_parser *p)
{
    if (p->failed) {
        return NULL;
    }
    enum kb_cel_token_kind kind = p->token.kind;
    if (kind >= KB_TOK_INT && kind <= KB_TOK_NULL) {
        return parse_literal(p, false, p->token.pos);
    }
    if (kind == KB_TOK_IDENT || kind == KB_TOK_DOT) {
        return parse_ident(p);
    }
    if (kind == KB_TOK_LBRACKET) {
        return parse_list(p);
    }
    if (kind == KB_TOK_LBRACE) {
        return parse_map(p);
    }
    if (kb_cel_parser_accept(p, KB_TOK_LPAREN)) {
        struct kb_cel_expr *inner = parse_expr(p);
        return inner != NULL && kb_cel_parser_expect(p, KB_TOK_RPAREN, "')'") ? inner : NULL;
    }
    return kb_cel_parser_unexpected(p, "an expression");
}

static struct kb_cel_expr *parse_select(struct kb_cel_parser *p, struct kb_cel_expr *operand)
{
    uint32_t pos = p->token.pos;
    kb_cel_parser_next(p);
    bool optional = kb_cel_parser_accept(p, KB_TOK_QUESTION);
    if (p->failed || (p->token.kind != KB_TOK_IDENT && p->token.kind != KB_TOK_QUOTED)) {
        return kb_cel_parser_unexpected(p, "IDENTIFIER");
    }
    bool quoted = p->token.kind == KB_TOK_QUOTED;
    struct kb_str name = kb_cel_parser_text(p, p->token);
    name = quoted ? kb_str_sub(name, 1, name.n - 1) : name;
    kb_cel_parser_next(p);
    uint32_t paren = p->token.pos;
    if (!optional && !quoted && kb_cel_parser_accept(p, KB_TOK_LPAREN)) {
        return parse_call(p, name, paren, operand);
    }
    struct kb_cel_expr *expr = kb_cel_expr_new(p, KB_X_SELECT, pos);
    expr->name = name;
    expr->optional = optional;
    kb_cel_expr_args(p, expr, &operand, 1);
    return expr;
}

static struct kb_cel_expr *parse_index(struct kb_cel_parser *p, struct kb_cel_expr *operand)
{
    uint32_t pos = p->token.pos;
    kb_cel_parser_next(p);
    bool optional = kb_cel_parser_accept(p, KB_TOK_QUESTION);
    struct kb_cel_expr *args[2] = {operand, parse_expr(p)};
    if (args[1] == NULL || !kb_cel_parser_expect(p, KB_TOK_RBRACKET, "']'")) {
        return NULL;
    }
    return kb_cel_expr_call(p, pos, optional ? "_[?_]" : "_[_]", args, 2);
}

static bool is_name(const struct kb_cel_expr *expr)
{
    while (expr->kind == KB_X_SELECT && !expr->test && !expr->optional) {
        expr = expr->args[0];
    }
    return expr->kind == KB_X_IDENT;
}

/* T{field: value, …}: read for its grammar, refused by the checker. */
static struct kb_cel_expr *parse_message(struct kb_cel_parser *p, struct kb_cel_expr *type)
{
    struct kb_cel_expr *message = kb_cel_expr_new(p, KB_X_MESSAGE, p->token.pos);
    message->args = KB_NEW(p->arena, struct kb_cel_expr *);
    message->args[0] = type;
    message->n = 1;
    kb_cel_parser_next(p);
    while (!p->failed && p->token.kind != KB_TOK_RBRACE) {
        message->test = true; /* has fields */
        kb_cel_parser_accept(p, KB_TOK_QUESTION);
        if (p->token.kind != KB_TOK_IDENT && p->token.kind != KB_TOK_QUOTED) {
            return kb_cel_parser_unexpected(p, "IDENTIFIER");
        }
        kb_cel_parser_next(p);
        if (!kb_cel_parser_expect(p, KB_TOK_COLON, "':'") || parse_expr(p) == NULL ||
            !kb_cel_parser_accept(p, KB_TOK_COMMA)) {
            break;
        }
    }
    return kb_cel_parser_expect(p, KB_TOK_RBRACE, "'}'") ? message : NULL;
}

static struct kb_cel_expr *parse_member(struct kb_cel_parser *p, struct kb_cel_expr *expr)
{
    while (expr != NULL && !p->failed) {
        if (p->token.kind == KB_TOK_DOT) {
            expr = parse_select(p, expr);
        } else if (p->token.kind == KB_TOK_LBRACKET) {
            expr = parse_index(p, expr);
        } else if (p->token.kind == KB_TOK_LBRACE && is_name(expr)) {
            expr = parse_message(p, expr);
        } else {
            return expr;
        }
    }
    return p->failed ? NULL : expr;
}

static bool is_number_token(enum kb_cel_token_kind kind)
{
    return kind == KB_TOK_INT || kind == KB_TOK_FLOAT;
}

/* An even number of signs is none; the sign next to a number belongs to the number. */
static struct kb_cel_expr *parse_signs(struct kb_cel_parser *p, enum kb_cel_token_kind sign)
{
    uint32_t pos = p->token.pos;
    size_t count = 0;
    while (kb_cel_parser_accept(p, sign)) {
        count++;
    }
    if (sign == KB_TOK_MINUS && count == 1 && !p->failed && is_number_token(p->token.kind)) {
        return parse_member(p, parse_literal(p, true, pos));
    }
    uint32_t minus = p->token.pos;
    bool negative = sign == KB_TOK_NOT && kb_cel_parser_accept(p, KB_TOK_MINUS);
    if (negative && (p->failed || !is_number_token(p->token.kind))) {
        return kb_cel_parser_unexpected(p, "a number");
    }
    struct kb_cel_expr *operand =
        parse_member(p, negative ? parse_literal(p, true, minus) : parse_primary(p));
    if (operand == NULL || count % 2 == 0) {
        return operand;
    }
    return kb_cel_expr_call(p, pos, sign == KB_TOK_NOT ? "!_" : "-_", &operand, 1);
}

static struct kb_cel_expr *parse_unary(struct kb_cel_parser *p)
{
    if (p->failed) {
        return NULL;
    }
    if (p->token.kind == KB_TOK_NOT || p->token.kind == KB_TOK_MINUS) {
        return parse_signs(p, p->token.kind);
    }
    return parse_member(p, parse_primary(p));
}

static const struct {
    enum kb_cel_token_kind token;
    unsigned level; /* higher binds closer */
    const char *name;
} binary[] = {
    {KB_TOK_LT, 1, "_<_"},   {KB_TOK_LE, 1, "_<=_"},   {KB_TOK_GT, 1, "_>_"},
    {KB_TOK_GE, 1, "_>=_"},  {KB_TOK_EQ, 1, "_==_"},   {KB_TOK_NE, 1, "_!=_"},
    {KB_TOK_IN, 1, "@in"},   {KB_TOK_PLUS, 2, "_+_"},  {KB_TOK_MINUS, 2, "_-_"},
    {KB_TOK_STAR, 3, "_*_"}, {KB_TOK_SLASH, 3, "_/_"}, {KB_TOK_PERCENT, 3, "_%_"},
};

static size_t binary_at(const struct kb_cel_parser *p, unsigned level)
{
    size_t n = sizeof binary / sizeof binary[0];
    size_t i = 0;
    while (i < n && (p->failed || binary[i].token != p->token.kind || binary[i].level < level)) {
        i++;
    }
    return i;
}

static struct kb_cel_expr *parse_binary(struct kb_cel_parser *p, unsigned level)
{
    struct kb_cel_expr *left = parse_unary(p);
    while (left != NULL) {
        size_t i = binary_at(p, level);
        if (i == sizeof binary / sizeof binary[0]) {
            break;
        }
        uint32_t pos = p->token.pos;
        kb_cel_parser_next(p);
        struct kb_cel_expr *args[2] = {left, parse_binary(p, binary[i].level + 1)};
        left = args[1] == NULL ? NULL : kb_cel_expr_call(p, pos, binary[i].name, args, 2);
    }
    return p->failed ? NULL : left;
}

/* a && b && c is one node of three operands: its depth does not grow with its length. */
static struct kb_cel_expr *parse_logic(struct kb_cel_parser *p, enum kb_cel_token_kind op)
{
    bool is_or = op == KB_TOK_OR;
    struct kb_cel_expr *first = is_or ? parse_logic(p, KB_TOK_AND) : parse_binary(p, 1);
    if (first == NULL || p->token.kind != op) {
        return first;
    }
    kb_cel_expr_vec terms = {NULL, 0, 0};
    *KB_VEC_PUSH(&terms) = first;
    uint32_t pos = p->token.pos;
    while (kb_cel_parser_accept(p, op)) {
        struct kb_cel_expr *term = is_or ? parse_logic(p, KB_TOK_AND) : parse_binary(p, 1);
        if (term == NULL) {
            break;
        }
        *KB_VEC_PUSH(&terms) = term;
    }
    struct kb_cel_expr *call = kb_cel_expr_call(p, pos, is_or ? "_||_" : "_&&_", terms.at, terms.n);
    KB_VEC_DONE(&terms);
    return p->failed ? NULL : call;
}

static struct kb_cel_expr *parse_conditional(struct kb_cel_parser *p)
{
    struct kb_cel_expr *test = parse_logic(p, KB_TOK_OR);
    uint32_t pos = p->token.pos;
    if (test == NULL || !kb_cel_parser_accept(p, KB_TOK_QUESTION)) {
        return p->failed ? NULL : test;
    }
    struct kb_cel_expr *args[3] = {test, parse_logic(p, KB_TOK_OR), NULL};
    if (args[1] == NULL || !kb_cel_parser_expect(p, KB_TOK_COLON, "':'")) {
        return NULL;
    }
    args[2] = parse_expr(p);
    return args[2] == NULL ? NULL : kb_cel_expr_call(p, pos, "_?_:_", args, 3);
}

static struct kb_cel_expr *parse_expr(struct kb_cel_parser *p)
{
    if (p->failed) {
        return NULL;
    }
    if (p->depth >= KB_MAX_CEL_DEPTH) {
        return kb_cel_parser_too_deep(p, p->token.pos);
    }
    p->depth++;
    struct kb_cel_expr *expr = parse_conditional(p);
    p->depth--;
    return expr;
}

struct kb_cel_expr *kb_cel_parse(struct kb_cel_source *source, struct kb_arena *arena,
                                 unsigned flags, bool *limit)
{
    struct kb_cel_parser p = {.source = source, .arena = arena, .flags = flags};
    kb_cel_parser_next(&p);
    struct kb_cel_expr *expr = parse_expr(&p);
    if (expr != NULL && p.token.kind != KB_TOK_EOF) {
        kb_cel_parser_unexpected(&p, "<EOF>");
    }
    *limit = p.too_big;
    return source->issues.n > 0 ? NULL : expr;
}
