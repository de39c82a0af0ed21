/*
 * What an expression is compiled to: a tree of nodes, each with the function that evaluates it.
 * The planner chooses the most special function that the types allow.
 */
#ifndef KB_CEL_PROGRAM_H
#define KB_CEL_PROGRAM_H

#include "cel/env.h"

/* One evaluation. `call` is also what functions get. */
struct kb_cel_frame {
    struct kb_cel_call call;
    const struct kb_cel_activation *activation;
    const struct kb_cel_program *program;
    struct kb_cel_val *locals;
};

struct kb_cel_node;
typedef struct kb_cel_val kb_cel_eval_fn(const struct kb_cel_node *node,
                                         struct kb_cel_frame *frame);

struct kb_cel_node {
    kb_cel_eval_fn *eval;
    const struct kb_cel_node *const *kids;
    uint32_t n;     /* kids */
    uint32_t index; /* variable, local slot, overload count, cost of a loop's step */
    bool optional;  /* a.?b, a[?b] */
    bool test;      /* has(a.b); of == whether it is != */
    bool two;       /* LOOP: has a second variable */
    const bool *optional_kids;
    struct kb_cel_val value; /* CONST; SELECT: the key; the constant operand */
    union {
        const struct kb_cel_overload *const *overloads;
        const struct kb_cel_node *const *chain; /* SELECT, INDEX on a variable: from it outwards */
        const struct kb_map *set;               /* IN: the texts */
        struct kb_regex *regex;                 /* MATCHES */
        const struct kb_cel_loop_plan *loop;
    };
    uint32_t chain_n;
    struct kb_str name; /* of a function or variable, for messages */
};

struct kb_cel_loop_plan {
    enum kb_cel_loop_kind kind;
    const struct kb_cel_node *range, *test, *body;
};

struct kb_cel_program {
    struct kb_cel_env *env;
    const struct kb_cel_node *root;
    const struct kb_cel_expr *tree;
    const struct kb_cel_type *type;
    struct kb_cel_vars vars;
    uint32_t locals;
    KB_VEC(struct kb_regex *) regexes;
    KB_VEC(struct kb_map *) sets;
};

/* Fills program->root from the checked tree. */
void kb_cel_plan(struct kb_cel_program *program, const struct kb_cel_expr *tree);
void kb_cel_program_free(struct kb_cel_program *program);

static inline struct kb_cel_val kb_cel_run(const struct kb_cel_node *node,
                                           struct kb_cel_frame *frame)
{
    return node->eval(node, frame);
}
static inline bool kb_cel_is_bad(const struct kb_cel_val *v)
{
    return v->kind == KB_CEL_ERROR || v->kind == KB_CEL_UNKNOWN;
}
/* Error over unknown, the first error over a later one, unknowns together; `a` may be neither. */
struct kb_cel_val kb_cel_worse(struct kb_arena *arena, struct kb_cel_val a, struct kb_cel_val b);
/* What a call of a function of two arguments is where they are bad: the first of them, unknowns
 * together (cel-go; with more arguments the worse of them). */
struct kb_cel_val kb_cel_first_bad(struct kb_arena *arena, struct kb_cel_val a,
                                   struct kb_cel_val b);
/* An error with a message that needs no copying. */
static inline struct kb_cel_val kb_cel_error_static(const char *message)
{
    return (struct kb_cel_val){.kind = KB_CEL_ERROR, .s = kb_str_c(message)};
}
/* Looks a key up and counts what that costs. */
const struct kb_cel_val *kb_cel_find(struct kb_cel_frame *frame, const struct kb_cel_map *map,
                                     const struct kb_cel_val *key);
/* "<what>: <the key>" as an error. */
struct kb_cel_val kb_cel_key_error(struct kb_arena *arena, const char *what,
                                   const struct kb_cel_val *key);
/* An error where more was spent than is allowed. */
bool kb_cel_overspent(const struct kb_cel_frame *frame);
struct kb_cel_val kb_cel_cost_error(void);
/* `v`'s field or element `key`; `optional`: absent is none; `test`: only whether it is there. */
struct kb_cel_val kb_cel_qualify(struct kb_cel_frame *frame, struct kb_cel_val v,
                                 const struct kb_cel_val *key, bool optional, bool test);

/* eval.c */
kb_cel_eval_fn kb_cel_eval_const, kb_cel_eval_var, kb_cel_eval_local, kb_cel_eval_has_var;
kb_cel_eval_fn kb_cel_eval_and, kb_cel_eval_or, kb_cel_eval_conditional, kb_cel_eval_not;
kb_cel_eval_fn kb_cel_eval_list, kb_cel_eval_map, kb_cel_eval_call, kb_cel_eval_undeclared,
    kb_cel_eval_type_local;
kb_cel_eval_fn kb_cel_eval_optional_or;
/* eval_select.c */
kb_cel_eval_fn kb_cel_eval_select, kb_cel_eval_index, kb_cel_eval_bare_var;
/* eval_fast.c: operators of one shape */
kb_cel_eval_fn kb_cel_eval_equal, kb_cel_eval_equal_text, kb_cel_eval_in_texts, kb_cel_eval_in_set;
kb_cel_eval_fn kb_cel_eval_in, kb_cel_eval_matches;
/* eval_loop.c */
kb_cel_eval_fn kb_cel_eval_loop;

#endif
