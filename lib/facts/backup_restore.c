/* Tables backup.restore, backup.deletion and backup.database. */
#include "facts/backup_rows.h"

static struct kb_cel_val length(int64_t from, int64_t to)
{
    return from == KB_BACKUP_NO_TIME || to == KB_BACKUP_NO_TIME ? kb_cel_absent()
                                                                : kb_cel_duration(to - from);
}

static bool known_phase(struct kb_str phase)
{
    static const char *const phases[] = {
        "", "New", "FailedValidation", "InProgress", "WaitingForPluginOperations",
        "WaitingForPluginOperationsPartiallyFailed", "Finalizing", "FinalizingPartiallyFailed",
        "Completed", "PartiallyFailed", "Failed"};
    bool found = false;
    for (size_t i = 0; i < sizeof phases / sizeof phases[0] && !found; i++) {
        found = kb_str_eq_c(phase, phases[i]);
    }
    return found;
}

/* The shortest time that a tier allows any namespace that was restored. */
static int64_t rto_of(const struct kb_world *world, const struct kb_backup_restore *at)
{
    int64_t found = 0;
    for (size_t i = 0; i < at->namespaces.n; i++) {
        const struct kb_tier *tier = kb_tier_of_namespace(world->backup.tiers, at->namespaces.at[i]);
        bool shorter = tier != NULL && tier->rto_ns > 0 && (found == 0 || tier->rto_ns < found);
        found = shorter ? tier->rto_ns : found;
    }
    return found;
}

#define COLUMNS(X)                                                                                 \
    X("object", "string", KB_ALWAYS, kb_cel_string(row->info.object), "\"Restore/namespace/name\".")\
    X("name", "string", KB_ALWAYS, kb_cel_string(at->at.name), "Its name alone.")                  \
    X("namespace", "string", KB_ALWAYS, kb_cel_string(at->at.name_space), "Its namespace.")        \
    X("phase", "string", KB_ALWAYS, kb_cel_string(at->phase), "status.phase.")                     \
    X("phase_known", "bool", KB_ALWAYS, kb_cel_bool(known_phase(at->phase)), "Whether the phase is one that Velero has.")\
    X("backup", "string", KB_ALWAYS, kb_cel_string(at->backup), "The backup that was restored.")   \
    X("namespaces", "list(string)", KB_ALWAYS, kb_val_texts(arena, at->namespaces), "Namespaces that were restored; none: all.")\
    X("completed", "timestamp", KB_OPTIONAL, kb_val_time(at->completed_ns), "When it ended.")      \
    X("age", "duration", KB_OPTIONAL, kb_val_age(world, at->completed_ns), "Time since then.")     \
    X("length", "duration", KB_OPTIONAL, length(at->started_ns, at->completed_ns), "How long it took.")\
    X("rto", "duration", KB_OPTIONAL, kb_val_aim(rto_of(world, at)), "How long the tiers allow.")  \
    X("errors", "int", KB_ALWAYS, kb_cel_int(at->errors), "Number of errors.")                     \
    X("warnings", "int", KB_ALWAYS, kb_cel_int(at->warnings), "Number of warnings.")               \
    X("items", "int", KB_ALWAYS, kb_cel_int(at->items), "Objects that were restored.")             \
    X("isolated", "bool", KB_ALWAYS, kb_cel_bool(at->isolated),                                    \
      "Whether every namespace was mapped to one of settings.restoreTargets, or the backup is of another cluster.")\
    X("data", "bool", KB_ALWAYS, kb_cel_bool(at->data), "Whether data of volumes was restored.")   \
    X("qualifies", "bool", KB_ALWAYS, kb_val_tri(at->qualifies),                                   \
      "Whether it counts as a test: Completed without errors, isolated, of a schedule's backup.")  \
    X("newest", "bool", KB_ALWAYS, kb_cel_bool(at->newest), "Whether it is the last restore.")     \
    X("later_good", "bool", KB_ALWAYS, kb_cel_bool(at->later_good), "Whether a later one is Completed.")

static const struct kb_column columns[] = {COLUMNS(KB_BACKUP_COLUMN)};

const struct kb_table kb_table_backup_restore = {
    .name = "backup.restore",
    .doc = "One row a Restore of Velero. Velero deletes them together with their backup.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_arena own = {0}, *arena = &own;
    for (size_t i = 0; i < world->backup.restores.n; i++) {
        const struct kb_backup_restore *at = world->backup.restores.at[i];
        struct kb_backup_row made, *row = &made;
        size_t n = 0;
        kb_backup_row_of(&at->at, "Restore", arena, row);
        COLUMNS(KB_BACKUP_VALUE)
        kb_backup_row_give(&kb_table_backup_restore, row, fn, ctx);
        kb_arena_reset(&own);
    }
    kb_arena_done(&own);
}

static const enum kb_kind_id needs[] = {KB_KIND_VELERO_RESTORE};
const struct kb_fact_source kb_facts_backup_restore = {
    .table = &kb_table_backup_restore, .needs = needs, .need_count = 1, .rows = rows};

#define DELETION_COLUMNS(X)                                                                        \
    X("object", "string", KB_ALWAYS, kb_cel_string(row->info.object), "\"DeleteBackupRequest/namespace/name\".")\
    X("backup", "string", KB_ALWAYS, kb_cel_string(at->backup), "The backup to be deleted.")       \
    X("phase", "string", KB_ALWAYS, kb_cel_string(at->phase), "\"New\", \"InProgress\", \"Processed\".")\
    X("errors", "list(string)", KB_ALWAYS, kb_val_texts(arena, at->errors), "What went wrong.")    \
    X("age", "duration", KB_OPTIONAL, kb_val_age(world, at->created_ns), "Time since it was asked for.")

static const struct kb_column deletion_columns[] = {DELETION_COLUMNS(KB_BACKUP_COLUMN)};

const struct kb_table kb_table_backup_deletion = {
    .name = "backup.deletion",
    .doc = "One row a DeleteBackupRequest of Velero: by somebody, or by Velero for a backup that expired.",
    .columns = deletion_columns,
    .n = sizeof deletion_columns / sizeof deletion_columns[0],
};

static void deletion_rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_arena own = {0}, *arena = &own;
    for (size_t i = 0; i < world->backup.deletions.n; i++) {
        const struct kb_backup_deletion *at = world->backup.deletions.at[i];
        struct kb_backup_row made, *row = &made;
        size_t n = 0;
        kb_backup_row_of(&at->at, "DeleteBackupRequest", arena, row);
        DELETION_COLUMNS(KB_BACKUP_VALUE)
        kb_backup_row_give(&kb_table_backup_deletion, row, fn, ctx);
        kb_arena_reset(&own);
    }
    kb_arena_done(&own);
}

static const enum kb_kind_id deletion_needs[] = {KB_KIND_VELERO_DELETE_REQUEST};
const struct kb_fact_source kb_facts_backup_deletion = {.table = &kb_table_backup_deletion,
                                                        .needs = deletion_needs,
                                                        .need_count = 1,
                                                        .rows = deletion_rows};

/* "30d", "4w", "1m" in ns; a month is 30 days. 0: not said. */
static int64_t retention(struct kb_str text)
{
    static const struct {
        char unit;
        int days;
    } units[] = {{'d', 1}, {'w', 7}, {'m', 30}};
    uint64_t count;
    if (text.n < 2 || !kb_str_u64(kb_str_sub(text, 0, text.n - 1), &count) || count > 100000) {
        return 0;
    }
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (text.p[text.n - 1] == units[i].unit) {
            return (int64_t)count * units[i].days * INT64_C(86400) * 1000000000;
        }
    }
    return 0;
}

static bool is_scheduled(const struct kb_world *world, const struct kb_backup_database *at)
{
    bool found = false;
    for (size_t i = 0; i < world->backup.jobs.n && !found; i++) {
        const struct kb_backup_job *job = world->backup.jobs.at[i];
        found = strcmp(job->tool, "cnpg") == 0 && !job->paused && job->times.fires &&
                kb_str_eq(job->at.name_space, at->at.name_space) &&
                kb_str_eq(job->target, at->at.name);
    }
    return found;
}

#define DATABASE_COLUMNS(X)                                                                        \
    X("object", "string", KB_ALWAYS, kb_cel_string(row->info.object), "\"Cluster/namespace/name\".")\
    X("name", "string", KB_ALWAYS, kb_cel_string(at->at.name), "Its name alone.")                  \
    X("namespace", "string", KB_ALWAYS, kb_cel_string(at->at.name_space), "Its namespace.")        \
    X("configured", "bool", KB_ALWAYS, kb_cel_bool(at->configured), "Whether spec.backup says where backups go.")\
    X("scheduled", "bool", KB_ALWAYS, kb_cel_bool(is_scheduled(world, at)),                        \
      "Whether a ScheduledBackup that is not suspended and fires names it.")                       \
    X("archiving", "string", KB_ALWAYS, kb_cel_string(at->archiving),                              \
      "Status of the condition ContinuousArchiving: \"True\", \"False\"; empty.")                  \
    X("archiving_message", "string", KB_ALWAYS, kb_cel_string(at->archiving_message), "What the condition says.")\
    X("good_age", "duration", KB_OPTIONAL, kb_val_age(world, at->last_good_ns), "Time since the last successful backup.")\
    X("retention", "duration", KB_OPTIONAL, kb_val_aim(retention(at->retention)), "How long backups are kept.")\
    X("rpo", "duration", KB_OPTIONAL, kb_val_aim(tier == NULL ? 0 : tier->rpo_ns), "What the namespace's tier asks.")\
    X("ttl_min", "duration", KB_OPTIONAL, kb_val_aim(tier == NULL ? 0 : tier->ttl_min_ns), "Likewise, of keeping.")

static const struct kb_column database_columns[] = {DATABASE_COLUMNS(KB_BACKUP_COLUMN)};

const struct kb_table kb_table_backup_database = {
    .name = "backup.database",
    .doc = "One row a Cluster of CloudNativePG, with its own backups.",
    .columns = database_columns,
    .n = sizeof database_columns / sizeof database_columns[0],
};

static void database_rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_arena own = {0}, *arena = &own;
    for (size_t i = 0; i < world->backup.databases.n; i++) {
        const struct kb_backup_database *at = world->backup.databases.at[i];
        const struct kb_tier *tier =
            kb_tier_of_namespace(world->backup.tiers, at->at.name_space);
        struct kb_backup_row made, *row = &made;
        size_t n = 0;
        kb_backup_row_of(&at->at, "Cluster", arena, row);
        DATABASE_COLUMNS(KB_BACKUP_VALUE)
        kb_backup_row_give(&kb_table_backup_database, row, fn, ctx);
        kb_arena_reset(&own);
    }
    kb_arena_done(&own);
}

static const enum kb_kind_id database_needs[] = {KB_KIND_CNPG_CLUSTER, KB_KIND_CNPG_SCHEDULED_BACKUP};
const struct kb_fact_source kb_facts_backup_database = {.table = &kb_table_backup_database,
                                                        .needs = database_needs,
                                                        .need_count = 2,
                                                        .rows = database_rows};
