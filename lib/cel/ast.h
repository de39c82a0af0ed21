/*
 * The tree that the parser makes and the checker annotates. All of it lives in one arena.
 * Macros are nodes of their own: what cel-go expands into loops is told apart here, so that the
 * evaluator runs each as what it is.
 */
#ifndef KB_CEL_AST_H
#define KB_CEL_AST_H

#include "cel/value.h"

enum kb_cel_expr_kind {
    KB_X_LITERAL,
    KB_X_IDENT,
    KB_X_SELECT, /* a.b, a.?b, has(a.b) */
    KB_X_CALL,
    KB_X_LIST,
    KB_X_MAP,
    KB_X_MESSAGE, /* T{…}: there are no message types */
    KB_X_LOOP,    /* the macros that bind a name */
    KB_X_HAS_VAR  /* has(column) */
};

enum kb_cel_loop_kind {
    KB_LOOP_ALL,
    KB_LOOP_EXISTS,
    KB_LOOP_EXISTS_ONE,
    KB_LOOP_MAP, /* also filter, transformList */
    KB_LOOP_TRANSFORM_MAP,
    KB_LOOP_TRANSFORM_ENTRY,
    KB_LOOP_BIND,
    KB_LOOP_OPT_MAP,
    KB_LOOP_OPT_FLAT_MAP
};

struct kb_cel_expr;

struct kb_cel_loop {
    enum kb_cel_loop_kind kind;
    struct kb_cel_expr *range; /* BIND: the value; OPT_*: the optional */
    struct kb_str var[2];      /* var[1].p is NULL with one variable */
    struct kb_cel_expr *test;  /* predicate or filter; NULL where there is none */
    struct kb_cel_expr *body;  /* what is collected; NULL for tests; of BIND and OPT_* the result */
};

/* What a name or a dotted name stands for; set by the checker (or by the planner, unchecked). */
enum kb_cel_ref_kind {
    KB_REF_NONE,
    KB_REF_VAR,   /* index: the variable's number */
    KB_REF_CONST, /* index into the environment's constants */
    KB_REF_LOCAL, /* index: slot of a macro's variable */
    KB_REF_TYPE   /* the name of a type */
};

struct kb_cel_expr {
    enum kb_cel_expr_kind kind;
    uint32_t pos;   /* byte offset in the source */
    uint16_t depth; /* of the tree below, from 1 */
    bool optional;  /* SELECT: a.?b */
    bool test;      /* SELECT: has(a.b); MESSAGE: has fields */
    bool member;    /* CALL: args[0] is the receiver */
    bool absolute;  /* IDENT: written .a */
    enum kb_cel_ref_kind ref;
    uint32_t index;
    struct kb_str name;      /* IDENT, SELECT, CALL, MESSAGE */
    struct kb_cel_val value; /* LITERAL */
    /* SELECT: [operand]; CALL, LIST: all; MAP: key, value, key, value … */
    struct kb_cel_expr **args;
    bool *optional_args; /* LIST: per element, MAP: per entry; NULL: none */
    size_t n;            /* of args; MAP: twice the entries */
    struct kb_cel_loop *loop;
    const struct kb_cel_type *type;               /* set by the checker */
    const struct kb_cel_overload *const *matches; /* CALL: what the checker found */
    size_t match_count;
};

#endif
