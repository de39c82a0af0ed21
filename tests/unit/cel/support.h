/* Expressions in tests: variables with fixed values, and what comes out as text. */
#ifndef KB_TESTS_UNIT_CEL_SUPPORT_H
#define KB_TESTS_UNIT_CEL_SUPPORT_H

#include "base/mem.h"
#include "cel/cel.h"

/* An environment with these variables; the last has no name. Values of UNKNOWN and ABSENT are fine.
 */
struct cel_var {
    const char *name;
    const char *type;
    bool optional;
    struct kb_cel_val value;
};

struct cel_fixture {
    struct kb_cel_env *env;
    const struct cel_var *vars;
    struct kb_arena arena;
    const struct kb_cel_program *program;
    struct kb_cel_issues issues;
    kb_res res; /* of the last compilation */
};

void cel_fixture_init(struct cel_fixture *f, const struct cel_var *vars, unsigned flags);
void cel_fixture_done(struct cel_fixture *f);
bool cel_compile(struct cel_fixture *f, const char *text);
/* Value, or "line:col message" of the first issue. */
struct kb_str cel_run(struct cel_fixture *f, const char *text);
/* The same without variables. */
struct kb_str cel_run_plain(const char *text, struct kb_arena *arena);

#endif
