/* What an environment holds: types, variables, functions. */
#ifndef KB_CEL_ENV_H
#define KB_CEL_ENV_H

#include "cel/ast.h"
#include "cel/cel.h"
#include "cel/types.h"

/* Beside enum kb_cel_env_flags: macros of libraries that were not chosen. */
enum { KB_CEL_NO_BIND = 1 << 16, KB_CEL_NO_MATH = 1 << 17 };

/* Which values fit a parameter at run time. */
struct kb_cel_fit {
    uint32_t kinds;       /* bit per enum kb_cel_kind */
    struct kb_str object; /* OBJECT: its type's name; empty: any */
};

struct kb_cel_overload {
    const struct kb_cel_func *func;
    struct kb_cel_signature sig;
    const struct kb_cel_fit *fits;
    bool generic; /* the signature has type variables */
};

struct kb_cel_function {
    const struct kb_cel_overload **at;
    size_t n;
    size_t cap;
};

struct kb_cel_decl {
    struct kb_str name;
    const struct kb_cel_type *type;
    enum kb_cel_ref_kind ref; /* VAR, CONST or TYPE */
    uint32_t index;           /* number of the variable, or of the constant */
    bool optional;
    struct kb_cel_val value; /* CONST, TYPE */
};

struct kb_cel_env {
    unsigned flags;
    struct kb_str container;
    struct kb_arena arena;
    struct kb_cel_types types;
    struct kb_map decls;     /* name → struct kb_cel_decl * */
    struct kb_map functions; /* name → struct kb_cel_function * */
    KB_VEC(const struct kb_cel_decl *) vars;
    KB_VEC(const struct kb_cel_decl *) consts;
    KB_VEC(struct kb_cel_program *) programs;
};

bool kb_cel_fits(const struct kb_cel_fit *fit, const struct kb_cel_val *v);
const struct kb_cel_function *kb_cel_env_function(const struct kb_cel_env *env, struct kb_str name);

/*
 * Look `name` up: from the container outwards, `a.b.name` before `a.name` before `name`; only as it
 * stands where `absolute`. NULL where nothing has that name.
 */
const struct kb_cel_decl *kb_cel_env_lookup(const struct kb_cel_env *env, struct kb_str name,
                                            bool absolute);
const struct kb_cel_function *kb_cel_env_lookup_function(const struct kb_cel_env *env,
                                                         struct kb_str name, bool absolute,
                                                         struct kb_str *full_name);
/* The declared name most like `name`, or an empty text. */
struct kb_str kb_cel_env_similar(const struct kb_cel_env *env, struct kb_str name, bool function);
/* A deep copy into the arena. */
struct kb_cel_val kb_cel_copy(struct kb_arena *arena, const struct kb_cel_val *v);

#endif
