/* From text to tokens (google/cel-spec doc/langdef.md, "Syntax"). Positions are byte offsets. */
#ifndef KB_CEL_LEXER_H
#define KB_CEL_LEXER_H

#include "base/mem.h"

/* symbol, text where it is fixed */
#define KB_CEL_TOKENS(X)                                                                           \
    X(KB_TOK_EOF, "<EOF>")                                                                         \
    X(KB_TOK_IDENT, NULL)                                                                          \
    X(KB_TOK_QUOTED, NULL) /* `a-b` */                                                             \
    X(KB_TOK_INT, NULL)                                                                            \
    X(KB_TOK_UINT, NULL)                                                                           \
    X(KB_TOK_FLOAT, NULL)                                                                          \
    X(KB_TOK_STRING, NULL)                                                                         \
    X(KB_TOK_BYTES, NULL)                                                                          \
    X(KB_TOK_TRUE, "true")                                                                         \
    X(KB_TOK_FALSE, "false")                                                                       \
    X(KB_TOK_NULL, "null")                                                                         \
    X(KB_TOK_IN, "in")                                                                             \
    X(KB_TOK_EQ, "==")                                                                             \
    X(KB_TOK_NE, "!=")                                                                             \
    X(KB_TOK_LE, "<=")                                                                             \
    X(KB_TOK_GE, ">=")                                                                             \
    X(KB_TOK_AND, "&&")                                                                            \
    X(KB_TOK_OR, "||")                                                                             \
    X(KB_TOK_LT, "<")                                                                              \
    X(KB_TOK_GT, ">")                                                                              \
    X(KB_TOK_LBRACKET, "[")                                                                        \
    X(KB_TOK_RBRACKET, "]")                                                                        \
    X(KB_TOK_LBRACE, "{")                                                                          \
    X(KB_TOK_RBRACE, "}")                                                                          \
    X(KB_TOK_LPAREN, "(")                                                                          \
    X(KB_TOK_RPAREN, ")")                                                                          \
    X(KB_TOK_DOT, ".")                                                                             \
    X(KB_TOK_COMMA, ",")                                                                           \
    X(KB_TOK_MINUS, "-")                                                                           \
    X(KB_TOK_NOT, "!")                                                                             \
    X(KB_TOK_QUESTION, "?")                                                                        \
    X(KB_TOK_COLON, ":")                                                                           \
    X(KB_TOK_PLUS, "+")                                                                            \
    X(KB_TOK_STAR, "*")                                                                            \
    X(KB_TOK_SLASH, "/")                                                                           \
    X(KB_TOK_PERCENT, "%")

#define KB_CEL_TOKEN_ENUM(sym, text) sym,
enum kb_cel_token_kind { KB_CEL_TOKENS(KB_CEL_TOKEN_ENUM) KB_TOK_BAD };
#undef KB_CEL_TOKEN_ENUM

struct kb_cel_token {
    enum kb_cel_token_kind kind;
    uint32_t pos;
    uint32_t len;
};

/* The token at or after `pos`, white space and comments skipped. KB_TOK_BAD where no token begins.
 */
struct kb_cel_token kb_cel_lex(struct kb_str source, uint32_t pos);

/*
 * The value of a STRING or BYTES token, escapes resolved, in the arena. False where an escape
 * stands for no code point, or is one that bytes do not have.
 */
bool kb_cel_unescape(struct kb_str token, struct kb_arena *arena, struct kb_str *out);

#endif
