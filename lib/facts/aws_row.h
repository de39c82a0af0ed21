/*
 * Rows of the tables of AWS settings: values computed when the row is made, as many as the table has
 * columns.
 *
 *     #define COLUMNS(X) X(name, "string", KB_ALWAYS, "Its name.") …
 *     enum column { COLUMNS(KB_AWS_ENUM) };
 *     static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
 *     …
 *     struct kb_aws_row row = kb_aws_row(&kb_table_x, kept);
 *     row.values[C_name] = …;
 *     kb_aws_row_give(&row, fn, ctx);
 *
 * A column that is not set is unknown.
 */
#ifndef KB_FACTS_AWS_ROW_H
#define KB_FACTS_AWS_ROW_H

#include "facts/aws_json.h"
#include "facts/aws_model.h"
#include "facts/world.h"

#define KB_AWS_ENUM(name, type, presence, doc) C_##name,
#define KB_AWS_COLUMN(name, type, presence, doc) {#name, type, presence, NULL, doc},
#define KB_AWS_TABLE(id, text_name, text_doc)                                                      \
    const struct kb_table kb_table_##id = {                                                        \
        .name = text_name,                                                                         \
        .doc = text_doc,                                                                           \
        .columns = columns,                                                                        \
        .n = sizeof columns / sizeof columns[0],                                                   \
    }

enum { KB_AWS_COLUMNS_MAX = 40 };

struct kb_aws_row {
    const struct kb_table *table;
    struct kb_str object; /* an ARN, or AWS's id */
    struct kb_str part;   /* tells rows of one object apart; empty */
    const struct kb_aws_kept *kept; /* where it comes from */
    const struct kb_world *world;   /* with `calls`, to say why a column is unknown; NULL: no reason */
    const char *const *calls;       /* for each column the call that it stands on, or NULL */
    struct kb_cel_val values[KB_AWS_COLUMNS_MAX];
};

struct kb_aws_row kb_aws_row(const struct kb_table *table, const struct kb_aws_kept *kept);
void kb_aws_row_give(const struct kb_aws_row *row, kb_row_fn *fn, void *ctx);

/* Whether settings.backupTool names AWS Backup. */
bool kb_world_uses_aws_backup(const struct kb_world *world);
/* "ec2 describe-subnets of x": where in the source. */
struct kb_evidence kb_aws_evidence(const struct kb_aws_kept *kept, struct kb_arena *arena);

#endif
