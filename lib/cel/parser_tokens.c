/* What the parser stands on: the token at hand, mistakes, new nodes. */
#include "base/limits.h"
#include "cel/parser.h"

struct kb_str kb_cel_parser_text(const struct kb_cel_parser *p, struct kb_cel_token token)
{
    return kb_str_sub(p->source->text, token.pos, (size_t)token.pos + token.len);
}

void *kb_cel_parser_unexpected(struct kb_cel_parser *p, const char *wanted)
{
    struct kb_str text = kb_cel_parser_text(p, p->token);
    if (p->failed) {
        return NULL;
    }
    const char *what =
        p->token.kind == KB_TOK_BAD ? "token recognition error at" : "mismatched input";
    if (p->token.kind == KB_TOK_EOF) {
        text = KB_STR("<EOF>");
    }
    kb_cel_issue_add(p->source, KB_CEL_PARSE, p->token.pos, "Syntax error: %s '%.*s'%s%s", what,
                     KB_FMT(text), wanted[0] == '\0' ? "" : " expecting ", wanted);
    p->failed = true;
    return NULL;
}

void kb_cel_parser_next(struct kb_cel_parser *p)
{
    p->token = kb_cel_lex(p->source->text, p->token.pos + p->token.len);
    if (p->token.kind == KB_TOK_BAD) {
        kb_cel_parser_unexpected(p, "");
    }
}

bool kb_cel_parser_accept(struct kb_cel_parser *p, enum kb_cel_token_kind kind)
{
    if (p->failed || p->token.kind != kind) {
        return false;
    }
    kb_cel_parser_next(p);
    return true;
}

bool kb_cel_parser_expect(struct kb_cel_parser *p, enum kb_cel_token_kind kind, const char *wanted)
{
    if (p->failed || p->token.kind != kind) {
        kb_cel_parser_unexpected(p, wanted);
        return false;
    }
    kb_cel_parser_next(p);
    return true;
}

void *kb_cel_parser_too_deep(struct kb_cel_parser *p, uint32_t pos)
{
    p->too_big = true;
    if (!p->failed) {
        kb_cel_issue_add(p->source, KB_CEL_PARSE, pos, "expression recursion limit exceeded: %d",
                         KB_MAX_CEL_DEPTH);
    }
    p->failed = true;
    return NULL;
}

struct kb_cel_expr *kb_cel_expr_new(struct kb_cel_parser *p, enum kb_cel_expr_kind kind,
                                    uint32_t pos)
{
    struct kb_cel_expr *expr = KB_NEW(p->arena, struct kb_cel_expr);
    expr->kind = kind;
    expr->pos = pos;
    expr->depth = 1;
    return expr;
}

void kb_cel_expr_deepen(struct kb_cel_parser *p, struct kb_cel_expr *expr,
                        const struct kb_cel_expr *part)
{
    if (part != NULL && part->depth >= expr->depth) {
        expr->depth = (uint16_t)(part->depth + 1);
        if (expr->depth > KB_MAX_CEL_DEPTH) {
            (void)kb_cel_parser_too_deep(p, expr->pos);
        }
    }
}

void kb_cel_expr_args(struct kb_cel_parser *p, struct kb_cel_expr *expr, struct kb_cel_expr **args,
                      size_t n)
{
    expr->args = KB_NEW_ARRAY(p->arena, n, struct kb_cel_expr *);
    expr->n = n;
    for (size_t i = 0; i < n; i++) {
        expr->args[i] = args[i];
        kb_cel_expr_deepen(p, expr, args[i]);
    }
}

struct kb_cel_expr *kb_cel_expr_call(struct kb_cel_parser *p, uint32_t pos, const char *name,
                                     struct kb_cel_expr **args, size_t n)
{
    struct kb_cel_expr *call = kb_cel_expr_new(p, KB_X_CALL, pos);
    call->name = kb_str_c(name);
    kb_cel_expr_args(p, call, args, n);
    return call;
}
