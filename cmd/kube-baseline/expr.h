/* An expression over the rows of one table, as the command line gives it. */
#ifndef KB_CMD_EXPR_H
#define KB_CMD_EXPR_H

#include "facts/table.h"
#include "kube-baseline/app.h"

struct kb_expr {
    struct kb_cel_env *env;
    const struct kb_cel_program *program;
    struct kb_arena texts; /* of defaults of settings */
    struct kb_arena arena; /* of one evaluation */
};

/* Compile `text` with the table's columns and the settings (with their defaults) as variables. Mistakes are told with a caret; the exit
 * status is KUBE_BASELINE_CLEAN or KUBE_BASELINE_USAGE. Freed with kb_expr_done, also after a
 * failure. */
int kb_expr_init(struct kb_expr *expr, const struct kb_app *app, const struct kb_table *table,
                 struct kb_str text);
void kb_expr_done(struct kb_expr *expr);
/* The value for one row; lives until the next evaluation. */
struct kb_cel_val kb_expr_eval(struct kb_expr *expr, const struct kb_row *row);
/* Whether the expression gives a bool (or cannot say before it runs). */
bool kb_expr_is_bool(const struct kb_expr *expr);

#endif
