/* What all rows of AWS settings do. */
#include "facts/aws_row.h"

#include "facts/cluster_tables.h"

static void get(const void *data, unsigned column, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    *out = ((const struct kb_aws_row *)data)->values[column];
}

bool kb_world_uses_aws_backup(const struct kb_world *world)
{
    return kb_str_eq_c(kb_world_text_setting(world, "backupTool"), "aws-backup");
}

struct kb_evidence kb_aws_evidence(const struct kb_aws_kept *kept, struct kb_arena *arena)
{
    if (kept == NULL) {
        return (struct kb_evidence){.source = KB_STR("AWS settings")};
    }
    return (struct kb_evidence){
        .source = kept->source,
        .locator = kept->subject.n == 0 ? kept->call
                                        : kb_arena_printf(arena, "%.*s of %.*s", KB_FMT(kept->call),
                                                          KB_FMT(kept->subject)),
    };
}

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct kb_aws_row *row = data;
    *out = (struct kb_row_info){
        .object = row->object,
        .evidence = kb_aws_evidence(row->kept, arena),
        .time_ns = INT64_MIN,
        .order = row->part.n == 0 ? row->object
                                  : kb_arena_printf(arena, "%.*s %.*s", KB_FMT(row->object),
                                                    KB_FMT(row->part)),
    };
}

struct kb_aws_row kb_aws_row(const struct kb_table *table, const struct kb_aws_kept *kept)
{
    struct kb_aws_row row = {.table = table, .kept = kept};
    for (size_t i = 0; i < KB_AWS_COLUMNS_MAX; i++) {
        row.values[i] = kb_aws_unknown();
    }
    return row;
}

/* Unknown columns say which call, and so which permission, was missing. */
static void explain(struct kb_aws_row *row, struct kb_arena *arena)
{
    for (size_t i = 0; i < row->table->n && row->calls != NULL; i++) {
        const char *call = row->calls[i];
        if (call != NULL && row->values[i].kind == KB_CEL_UNKNOWN) {
            struct kb_str why = kb_aws_unread(row->world, &call, 1, arena);
            why = why.n > 0 ? why : kb_arena_printf(arena, "aws %s does not tell it", call);
            row->values[i] = kb_cel_unknown(arena, kb_str_c(row->table->columns[i].name), why);
        }
    }
}

void kb_aws_row_give(const struct kb_aws_row *row, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    struct kb_arena arena = {0};
    struct kb_aws_row whole = *row;
    struct kb_row out = {row->table, &ops, &whole};
    explain(&whole, &arena);
    fn(ctx, &out);
    kb_arena_done(&arena);
}
