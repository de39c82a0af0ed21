/* A control with its expressions compiled; what the engine runs. */
#ifndef KB_BASELINE_COMPILE_H
#define KB_BASELINE_COMPILE_H

#include "baseline/say.h"

struct kb_columns {
    const unsigned *at; /* ascending */
    size_t n;
};

struct kb_compiled {
    const struct kb_control *control;
    enum kb_severity severity;
    const struct kb_cel_program *where;     /* NULL: every row */
    const struct kb_cel_program *condition; /* of require and forbid; NULL in the others */
    struct kb_say say;
    const unsigned *per;
    size_t per_count;
    int distinct;               /* column, or -1 */
    int fold;                   /* bool column of failures that are told elsewhere, or -1 */
    int64_t max;                /* of a count; -1: none */
    struct kb_columns reads;    /* all columns: the cells of a finding */
    struct kb_columns identity; /* those of `where` and `say` that are no times: what a fingerprint is made of */
};

/* Compile; false after mistakes. `scope` must be over the control's table, with its parameters. */
bool kb_compile(const struct kb_scope *scope, const struct kb_control *control,
                struct kb_compiled *out);

#endif
