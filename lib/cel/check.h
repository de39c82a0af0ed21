/* The type checker: resolves names, chooses overloads, finds each node's type. */
#ifndef KB_CEL_CHECK_H
#define KB_CEL_CHECK_H

#include "cel/env.h"
#include "cel/infer.h"
#include "cel/issues.h"

enum { KB_CEL_MAX_LOCALS = 1024 };

/* A name that a macro binds. */
struct kb_cel_scope {
    struct kb_str name;
    const struct kb_cel_type *type;
    uint32_t slot;
    const struct kb_cel_scope *up;
};

struct kb_cel_checker {
    struct kb_cel_env *env;
    struct kb_cel_source *source;
    struct kb_arena *arena;
    struct kb_cel_infer infer;
    const struct kb_cel_scope *scope;
    uint32_t locals; /* slots in use */
    uint32_t max_locals;
    bool lenient; /* KB_CEL_NO_CHECK: names are resolved, types are not looked at */
};

/* Annotates the tree; mistakes go to the source's issues. Returns the expression's type. */
const struct kb_cel_type *kb_cel_check(struct kb_cel_checker *c, struct kb_cel_expr *expr);

/* For the parts of the checker. */
const struct kb_cel_type *kb_cel_check_expr(struct kb_cel_checker *c, struct kb_cel_expr *expr);
const struct kb_cel_type *kb_cel_check_call(struct kb_cel_checker *c, struct kb_cel_expr *call);
const struct kb_cel_type *kb_cel_check_loop(struct kb_cel_checker *c, struct kb_cel_expr *loop);
/* Dotted text of a chain of names ("a.b.c"), or false. *absolute: written .a.b */
bool kb_cel_qualified(struct kb_cel_checker *c, const struct kb_cel_expr *expr, struct kb_str *out,
                      bool *absolute);
const struct kb_cel_scope *kb_cel_scope_find(const struct kb_cel_checker *c, struct kb_str name);
static inline const struct kb_cel_type *kb_cel_checker_type(struct kb_cel_checker *c,
                                                            enum kb_cel_type_kind kind)
{
    return kb_cel_type_of(&c->env->types, kind);
}
/* Reports "found no matching overload for 'name' applied to '(…)'". */
void kb_cel_no_overload(struct kb_cel_checker *c, uint32_t pos, struct kb_str name, bool member,
                        const struct kb_cel_type *const *types, size_t n);
/* Assigns, or reports "expected type … but found …" at `pos`. */
bool kb_cel_expect_type(struct kb_cel_checker *c, uint32_t pos, const struct kb_cel_type *want,
                        const struct kb_cel_type *got);
struct kb_str kb_cel_checker_text(struct kb_cel_checker *c, const struct kb_cel_type *type);

/* KB_CEL_COLUMNS: reports optional variables that no has() guards. */
void kb_cel_check_columns(struct kb_cel_checker *c, const struct kb_cel_expr *expr);
/* KB_CEL_STRICT: constants that their functions would refuse. */
void kb_cel_check_constants(struct kb_cel_checker *c, const struct kb_cel_expr *expr);

#endif
