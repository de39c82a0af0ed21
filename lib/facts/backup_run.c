/* Tables backup.run and backup.volume_run: Backups, PodVolumeBackups and DataUploads of Velero. */
#include "facts/backup_rows.h"

static struct kb_cel_val length(int64_t from, int64_t to)
{
    return from == KB_BACKUP_NO_TIME || to == KB_BACKUP_NO_TIME ? kb_cel_absent()
                                                                : kb_cel_duration(to - from);
}

/* Snapshots that are moved are counted by their uploads. */
static int64_t snapshots_saved(const struct kb_backup_run *at)
{
    int64_t uploads = (int64_t)at->uploads;
    return at->snapshots_done > uploads ? at->snapshots_done : uploads;
}

static struct kb_cel_val count_or_absent(int64_t count)
{
    return count < 0 ? kb_cel_absent() : kb_cel_int(count);
}

static struct kb_cel_val expected_snapshots(const struct kb_world *world,
                                            const struct kb_backup_run *at)
{
    return kb_val_if(kb_world_whole(world, KB_KIND_DATA_UPLOAD), count_or_absent(at->expected_snapshots));
}

static struct kb_cel_val fs_backup(const struct kb_world *world, const struct kb_backup_run *at)
{
    return kb_val_if(at->fs_backup || kb_world_whole(world, KB_KIND_POD_VOLUME_BACKUP),
                     kb_cel_bool(at->fs_backup));
}

#define COLUMNS(X)                                                                                 \
    X("object", "string", KB_ALWAYS, kb_cel_string(row->info.object), "\"Backup/namespace/name\".") \
    X("name", "string", KB_ALWAYS, kb_cel_string(at->at.name), "Its name alone.")                  \
    X("namespace", "string", KB_ALWAYS, kb_cel_string(at->at.name_space), "Its namespace.")        \
    X("schedule", "string", KB_ALWAYS, kb_cel_string(at->schedule), "The schedule that made it; empty.")\
    X("location", "string", KB_ALWAYS, kb_cel_string(at->location), "The storage location it lies in.")\
    X("phase", "string", KB_ALWAYS, kb_cel_string(at->phase), "status.phase; empty where it has no status yet.")\
    X("phase_known", "bool", KB_ALWAYS,                                                            \
      kb_cel_bool(kb_backup_run_ended(at) || kb_backup_run_unfinished(at) ||                       \
                  kb_str_eq_c(at->phase, "Deleting")),                                             \
      "Whether the phase is one that Velero has.")                                                 \
    X("started", "timestamp", KB_OPTIONAL, kb_val_time(at->started_ns), "The data is as of then.") \
    X("completed", "timestamp", KB_OPTIONAL, kb_val_time(at->completed_ns), "When it ended.")      \
    X("expires", "timestamp", KB_OPTIONAL, kb_val_time(at->expires_ns), "When it is to be deleted.")\
    X("age", "duration", KB_OPTIONAL, kb_val_age(world, kb_backup_run_start(at)), "Time since it began.")\
    X("length", "duration", KB_OPTIONAL, length(at->started_ns, at->completed_ns), "How long it took.")\
    X("expired_for", "duration", KB_OPTIONAL, length(at->expires_ns, world->now_ns),                   \
      "Time since it should have been deleted; negative before.")                                  \
    X("newest", "bool", KB_ALWAYS, kb_cel_bool(at->newest),                                        \
      "Whether it is the newest own run of its schedule that has ended (of all without one).")     \
    X("newest_data", "bool", KB_ALWAYS, kb_cel_bool(at->newest_data),                              \
      "The same, of those that are Completed or PartiallyFailed.")                                 \
    X("foreign", "bool", KB_ALWAYS, kb_cel_bool(at->foreign),                                      \
      "Whether it was synced from the bucket: the object was made after the backup was completed.")\
    X("source_version", "string", KB_ALWAYS, kb_cel_string(at->source_version),                    \
      "Version of the cluster that made it.")                                                      \
    X("errors", "int", KB_ALWAYS, kb_cel_int(at->errors), "Number of errors.")                     \
    X("warnings", "int", KB_ALWAYS, kb_cel_int(at->warnings), "Number of warnings.")               \
    X("failure", "string", KB_ALWAYS, kb_cel_string(at->failure), "status.failureReason.")         \
    X("validation_errors", "list(string)", KB_ALWAYS, kb_val_texts(arena, at->problems),           \
      "What Velero found wrong with it.")                                                          \
    X("items", "int", KB_ALWAYS, kb_cel_int(at->items), "Objects that were saved.")                \
    X("usual_items", "int", KB_OPTIONAL, count_or_absent(at->usual_items),                         \
      "Median of the seven runs before; where this is the newest with data and there are three.")  \
    X("partial_recent", "int", KB_ALWAYS, kb_cel_int((int64_t)at->partial_recent),                 \
      "How many of the last seven runs are PartiallyFailed; counted for the newest.")              \
    X("hooks_failed", "int", KB_ALWAYS, kb_cel_int(at->hooks_failed), "Hooks that failed.")        \
    X("operations_failed", "int", KB_ALWAYS, kb_cel_int(at->operations_failed),                    \
      "Asynchronous operations (uploads) that failed.")                                            \
    X("snapshots", "int", KB_ALWAYS, kb_cel_int(at->snapshots), "Volume snapshots attempted.")     \
    X("snapshots_done", "int", KB_ALWAYS, kb_cel_int(at->snapshots_done), "Volume snapshots completed.")\
    X("volumes_saved", "int", KB_ALWAYS, kb_cel_int(snapshots_saved(at)),                          \
      "Volumes that it saved by snapshot, moved or not.")                                          \
    X("volumes_expected", "int", KB_OPTIONAL, expected_snapshots(world, at),                       \
      "Claims that its schedule saves by snapshot; for the newest run.")                           \
    X("fs_backup", "bool", KB_ALWAYS, fs_backup(world, at),                                        \
      "Whether some volume is saved by file system backup.")                                       \
    X("gc_failure", "string", KB_ALWAYS, kb_cel_string(at->gc_failure),                            \
      "Why it could not be deleted when it was due; empty.")

static const struct kb_column columns[] = {COLUMNS(KB_BACKUP_COLUMN)};

const struct kb_table kb_table_backup_run = {
    .name = "backup.run",
    .doc = "One row a Backup of Velero.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_arena own = {0}, *arena = &own;
    for (size_t i = 0; i < world->backup.runs.n; i++) {
        const struct kb_backup_run *at = world->backup.runs.at[i];
        struct kb_backup_row made, *row = &made;
        size_t n = 0;
        kb_backup_row_of(&at->at, "Backup", arena, row);
        COLUMNS(KB_BACKUP_VALUE)
        kb_backup_row_give(&kb_table_backup_run, row, fn, ctx);
        kb_arena_reset(&own);
    }
    kb_arena_done(&own);
}

static const enum kb_kind_id needs[] = {KB_KIND_VELERO_BACKUP};
const struct kb_fact_source kb_facts_backup_run = {
    .table = &kb_table_backup_run, .needs = needs, .need_count = 1, .rows = rows};

#define VOLUME_COLUMNS(X)                                                                          \
    X("object", "string", KB_ALWAYS, kb_cel_string(row->info.object), "\"Kind/namespace/name\".")   \
    X("kind", "string", KB_ALWAYS, kb_cel_string(kb_str_c(kind)), "\"PodVolumeBackup\" or \"DataUpload\".")\
    X("backup", "string", KB_ALWAYS, kb_cel_string(at->backup), "The backup it belongs to.")       \
    X("phase", "string", KB_ALWAYS, kb_cel_string(at->phase), "status.phase.")                     \
    X("message", "string", KB_ALWAYS, kb_cel_string(at->message), "What went wrong.")              \
    X("source", "string", KB_ALWAYS,                                                               \
      kb_cel_string(kb_arena_printf(arena, "%.*s/%.*s", KB_FMT(at->claim_namespace),               \
                                    KB_FMT(at->upload ? at->claim : at->pod))),                    \
      "The claim, or the pod, as \"namespace/name\".")                                             \
    X("volume", "string", KB_ALWAYS, kb_cel_string(at->volume), "The pod's volume.")               \
    X("bytes", "int", KB_ALWAYS, kb_cel_int(at->bytes), "Bytes that were saved.")                  \
    X("newest", "bool", KB_ALWAYS, kb_val_if(kb_world_whole(world, KB_KIND_VELERO_BACKUP), kb_cel_bool(at->newest)),\
      "Whether its backup is the newest own run of its schedule that has ended.")

static const struct kb_column volume_columns[] = {VOLUME_COLUMNS(KB_BACKUP_COLUMN)};

const struct kb_table kb_table_backup_volume_run = {
    .name = "backup.volume_run",
    .doc = "One row a copy of a volume: PodVolumeBackups (file system) and DataUploads (moved snapshots).",
    .columns = volume_columns,
    .n = sizeof volume_columns / sizeof volume_columns[0],
};

static void volume_rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_arena own = {0}, *arena = &own;
    for (size_t i = 0; i < world->backup.volume_runs.n; i++) {
        const struct kb_backup_volume_run *at = world->backup.volume_runs.at[i];
        const char *kind = at->upload ? "DataUpload" : "PodVolumeBackup";
        struct kb_backup_row made, *row = &made;
        size_t n = 0;
        kb_backup_row_of(&at->at, kind, arena, row);
        VOLUME_COLUMNS(KB_BACKUP_VALUE)
        kb_backup_row_give(&kb_table_backup_volume_run, row, fn, ctx);
        kb_arena_reset(&own);
    }
    kb_arena_done(&own);
}

static const enum kb_kind_id volume_needs[] = {KB_KIND_POD_VOLUME_BACKUP, KB_KIND_DATA_UPLOAD};
const struct kb_fact_source kb_facts_backup_volume_run = {
    .table = &kb_table_backup_volume_run, .needs = volume_needs, .need_count = 2, .rows = volume_rows};
