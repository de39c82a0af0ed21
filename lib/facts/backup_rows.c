/* What the tables of backups share. */
#include "facts/backup_rows.h"

#include "facts/cluster_tables.h"
#include "facts/rbac_model.h"

static void get(const void *data, unsigned column, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    *out = ((const struct kb_backup_row *)data)->v[column];
}

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    (void)arena;
    *out = ((const struct kb_backup_row *)data)->info;
}

const struct kb_row_ops kb_backup_row_ops = {get, info};

void kb_backup_row_of(const struct kb_named *at, const char *kind, struct kb_arena *arena,
                      struct kb_backup_row *row)
{
    kb_cluster_row_info(at, kind, arena, &row->info);
}

void kb_backup_row_give(const struct kb_table *table, const struct kb_backup_row *row, kb_row_fn *fn,
                        void *ctx)
{
    struct kb_row out = {table, &kb_backup_row_ops, row};
    fn(ctx, &out);
}

struct kb_cel_val kb_val_age(const struct kb_world *world, int64_t ns)
{
    static const int64_t skew = INT64_C(300) * 1000000000;
    return ns == KB_BACKUP_NO_TIME        ? kb_cel_absent()
           : ns > world->now_ns + skew ? kb_val_unknown()
                                          : kb_cel_duration(world->now_ns - ns);
}

struct kb_cel_val kb_val_texts(struct kb_arena *arena, struct kb_velero_names names)
{
    return kb_cel_list(kb_text_list(arena, names.at, names.n));
}
