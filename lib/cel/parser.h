/* From tokens to the tree. Part of the grammar's shape is in macros.h. */
#ifndef KB_CEL_PARSER_H
#define KB_CEL_PARSER_H

#include "cel/ast.h"
#include "cel/issues.h"
#include "cel/lexer.h"

struct kb_cel_parser {
    struct kb_cel_source *source;
    struct kb_arena *arena; /* of the tree */
    struct kb_cel_token token;
    unsigned flags; /* enum kb_cel_env_flags */
    unsigned depth;
    bool failed;  /* a mistake of grammar: nothing more is read */
    bool too_big; /* over KB_MAX_CEL_DEPTH */
};

/*
 * The tree of the source, or NULL with at least one issue. The first mistake of grammar ends the
 * reading; mistakes within literals and macros are all found. *limit: the expression is too deep.
 */
struct kb_cel_expr *kb_cel_parse(struct kb_cel_source *source, struct kb_arena *arena,
                                 unsigned flags, bool *limit);

struct kb_cel_expr *kb_cel_expr_new(struct kb_cel_parser *p, enum kb_cel_expr_kind kind,
                                    uint32_t pos);
/* Sets depth from the parts; over the limit the parser fails. */
void kb_cel_expr_deepen(struct kb_cel_parser *p, struct kb_cel_expr *expr,
                        const struct kb_cel_expr *part);
/* A call of an operator, or by name. */
struct kb_cel_expr *kb_cel_expr_call(struct kb_cel_parser *p, uint32_t pos, const char *name,
                                     struct kb_cel_expr **args, size_t n);

/* The node's parts. */
void kb_cel_expr_args(struct kb_cel_parser *p, struct kb_cel_expr *expr, struct kb_cel_expr **args,
                      size_t n);

/* The token at hand. On a mistake the parser fails, and nothing is read after that; the functions
 * that return a pointer return NULL, for `return kb_cel_parser_unexpected(…)`. */
void kb_cel_parser_next(struct kb_cel_parser *p);
bool kb_cel_parser_accept(struct kb_cel_parser *p, enum kb_cel_token_kind kind);
bool kb_cel_parser_expect(struct kb_cel_parser *p, enum kb_cel_token_kind kind, const char *wanted);
void *kb_cel_parser_unexpected(struct kb_cel_parser *p, const char *wanted);
void *kb_cel_parser_too_deep(struct kb_cel_parser *p, uint32_t pos);
struct kb_str kb_cel_parser_text(const struct kb_cel_parser *p, struct kb_cel_token token);

typedef KB_VEC(struct kb_cel_expr *) kb_cel_expr_vec;

#endif
