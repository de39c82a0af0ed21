/*
 * Tables of backups: rows whose columns are all computed at once.
 *
 * A table is a list X(name, type, presence, value, doc); KB_BACKUP_COLUMN makes columns of it, KB_BACKUP_VALUE
 * the values, which may use `at`, `world`, `arena`.
 */
#ifndef KB_FACTS_BACKUP_ROWS_H
#define KB_FACTS_BACKUP_ROWS_H

#include "facts/backup_tables.h"
#include "facts/getters.h"

enum { KB_BACKUP_COLUMNS = 48 };

struct kb_backup_row {
    struct kb_row_info info;
    struct kb_cel_val v[KB_BACKUP_COLUMNS];
};

#define KB_BACKUP_COLUMN(name, type, presence, value, doc) {name, type, presence, NULL, doc},
#define KB_BACKUP_VALUE(name, type, presence, value, doc) row->v[n++] = (value);

extern const struct kb_row_ops kb_backup_row_ops;

/* Info of a row about an object of the cluster; `kind` as in its manifest. */
void kb_backup_row_of(const struct kb_named *at, const char *kind, struct kb_arena *arena,
                      struct kb_backup_row *row);
void kb_backup_row_give(const struct kb_table *table, const struct kb_backup_row *row, kb_row_fn *fn,
                        void *ctx);

static inline struct kb_cel_val kb_val_unknown(void)
{
    return (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
}
static inline struct kb_cel_val kb_val_tri(enum kb_tri tri)
{
    return tri == KB_NOT_KNOWN ? kb_val_unknown() : kb_cel_bool(tri == KB_YES);
}
static inline struct kb_cel_val kb_val_if(bool known, struct kb_cel_val value)
{
    return known ? value : kb_val_unknown();
}
/* Absent for KB_BACKUP_NO_TIME. */
static inline struct kb_cel_val kb_val_time(int64_t ns)
{
    struct kb_cel_val out;
    kb_put_time(ns, &out);
    return out;
}
/* now - ns; absent where there is no ns; unknown where that lies ahead by more than clocks differ: the clock that
 * judges is not the one of the objects. */
struct kb_cel_val kb_val_age(const struct kb_world *world, int64_t ns);
/* Absent for 0 and less: no objective, no limit. */
static inline struct kb_cel_val kb_val_aim(int64_t ns)
{
    return ns > 0 ? kb_cel_duration(ns) : kb_cel_absent();
}
struct kb_cel_val kb_val_texts(struct kb_arena *arena, struct kb_velero_names names);

#endif
