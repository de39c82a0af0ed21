/*
 * The environment in which a control's expressions are compiled: the columns of its table
 * (variable number = column number), its parameters, the settings, the terms of its area.
 */
#ifndef KB_BASELINE_SCOPE_H
#define KB_BASELINE_SCOPE_H

#include "baseline/profile.h"
#include "baseline/terms.h"

struct kb_scope {
    struct kb_cel_env *env;
    struct kb_arena *arena;        /* of what is compiled */
    struct kb_mistakes *mistakes;
    const struct kb_table *table;
    struct kb_terms terms;
    struct kb_str file, source;    /* the file the expressions stand in, and its text */
};

/* A new environment for `table`; freed by the caller. `settings` are values in order of
 * kb_settings. */
struct kb_cel_env *kb_scope_env(const struct kb_table *table, const struct kb_cel_val *settings);
/* Declare the control's parameters, and no other's, with the profile's values (profile NULL: the defaults). */
void kb_scope_params(struct kb_cel_env *env, const struct kb_control *control,
                     const struct kb_profile *profile);

/* Compile bytes [from, to) of `text`. With `want_bool` a result of another type is a mistake.
 * NULL after mistakes, which carry their place in the file. */
const struct kb_cel_program *kb_scope_compile(const struct kb_scope *scope, const struct kb_text *text,
                                              size_t from, size_t to, bool want_bool);

/* A mistake at byte `offset` of `text`. */
void kb_scope_mistake(const struct kb_scope *scope, const struct kb_text *text, size_t offset,
                      const char *fmt, ...) KB_PRINTF(4, 5);

#endif
