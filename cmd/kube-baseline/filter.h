/* Which events a `logs` command is asked for: --user, --verb … and --where, all of which must hold.
 */
#ifndef KB_CMD_FILTER_H
#define KB_CMD_FILTER_H

#include "kube-baseline/expr.h"

enum { KB_FILTER_MAX = 8 };

struct kb_filter {
    struct {
        unsigned column;
        const kb_words *globs; /* one must match */
    } tests[KB_FILTER_MAX];
    size_t n;
    bool has_expr;
    struct kb_expr expr;
    struct kb_arena arena; /* of one row */
    uint64_t undecided;    /* events for which --where gave neither true nor false */
    char why[256];         /* of the first of them */
};

/* From the command line; exit status as kb_expr_init. Freed with kb_filter_done, also after a
 * failure. */
int kb_filter_init(struct kb_filter *filter, const struct kb_app *app,
                   const struct kb_table *table);
void kb_filter_done(struct kb_filter *filter);
bool kb_filter_match(struct kb_filter *filter, const struct kb_row *row);

#endif
