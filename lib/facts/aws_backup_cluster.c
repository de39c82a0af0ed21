/* Table backup.cluster. */
#include "facts/aws_row.h"
#include "facts/aws_tables.h"

#define COLUMNS(X)                                                                                 \
    X(arn, "string", KB_ALWAYS, "ARN of the cluster.")                                             \
    X(protected, "bool", KB_ALWAYS, "Whether AWS Backup has a recovery point of it.")              \
    X(last_backup_hours, "int", KB_OPTIONAL, "Hours since the newest finished one.")               \
    X(newest_status, "string", KB_OPTIONAL,                                                        \
      "Status of the newest whole recovery point: \"COMPLETED\", \"PARTIAL\" and the like.")       \
    X(restore_days, "int", KB_OPTIONAL, "Days since the newest restore of it that completed.")     \
    X(validation, "string", KB_OPTIONAL,                                                           \
      "What validation said of that restore: \"SUCCESSFUL\", \"FAILED\" …, or empty.")             \
    X(failed_jobs, "list(string)", KB_ALWAYS,                                                      \
      "Ids of its backup jobs that failed, expired or were aborted.")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(backup_cluster, "backup.cluster", "One row: what AWS Backup holds of the cluster.");

static const char *const points_call = "backup list-recovery-points-by-resource";
static const char *const restores_call = "backup list-restore-jobs";
static const char *const jobs_call = "backup list-backup-jobs";

static const char *const by_column[KB_AWS_COLUMNS_MAX] = {
    [C_protected] = "backup list-recovery-points-by-resource",
    [C_last_backup_hours] = "backup list-recovery-points-by-resource",
    [C_newest_status] = "backup list-recovery-points-by-resource",
    [C_restore_days] = "backup list-restore-jobs",
    [C_validation] = "backup list-restore-jobs",
    [C_failed_jobs] = "backup list-backup-jobs",
};

enum { DAY_S = 86400, HOUR_S = 3600 };

/* The call tells of one resource, and its answer does not say which: who asked about another by its ARN learns
 * nothing about the cluster. */
static bool is_of_cluster(const struct kb_world *world, const struct kb_aws_kept *kept)
{
    bool named = kb_str_eq_c(kept->call, points_call) && kb_str_starts(kept->subject, KB_STR("arn:"));
    return !named || kb_str_eq(kept->subject, world->eks.arn);
}

/* The newest of a call's items by `key` that `counts`; NULL: there is none. */
static const json_t *newest(const struct kb_world *world, const char *call, const char *member,
                            const char *key, bool (*counts)(const struct kb_world *, const json_t *),
                            int64_t *at)
{
    const json_t *found = NULL;
    int64_t time;
    KB_AWS_EACH(it, world, call, member) {
        bool later = kb_aws_moment(it.item, key, &time) && (found == NULL || time > *at);
        if (later && is_of_cluster(world, it.kept) && counts(world, it.item)) {
            found = it.item;
            *at = time;
        }
    }
    return found;
}

/* A composite recovery point; its parts (volumes) name it as their parent. */
static bool is_whole(const struct kb_world *world, const json_t *point)
{
    (void)world;
    return kb_aws_text(point, "ParentRecoveryPointArn").n == 0 &&
           !kb_aws_is(point, "Status", "CREATING");
}

static bool is_finished(const struct kb_world *world, const json_t *point)
{
    return is_whole(world, point) && (kb_aws_is(point, "Status", "COMPLETED") ||
                                      kb_aws_is(point, "Status", "AVAILABLE"));
}

static bool is_restored(const struct kb_world *world, const json_t *job)
{
    struct kb_str of = kb_aws_text(job, "SourceResourceArn");
    return kb_aws_is(job, "Status", "COMPLETED") && (of.n == 0 || kb_str_eq(of, world->eks.arn));
}

static bool any_of_cluster(const struct kb_world *world)
{
    const struct kb_aws_kept *kept = kb_aws_next(world, points_call, NULL);
    while (kept != NULL && !is_of_cluster(world, kept)) {
        kept = kb_aws_next(world, points_call, kept);
    }
    return kept != NULL;
}

static void fill_points(struct kb_aws_row *row, const struct kb_world *world, int64_t now_s)
{
    int64_t at = 0, finished_at = 0;
    if (!kb_aws_read(world, points_call) || !any_of_cluster(world)) {
        return;
    }
    const json_t *whole =
        newest(world, points_call, "RecoveryPoints", "CreationDate", is_whole, &at);
    const json_t *finished =
        newest(world, points_call, "RecoveryPoints", "CreationDate", is_finished, &finished_at);
    row->values[C_protected] = kb_cel_bool(finished != NULL);
    row->values[C_last_backup_hours] =
        finished == NULL ? kb_cel_absent() : kb_cel_int((now_s - finished_at) / HOUR_S);
    row->values[C_newest_status] =
        whole == NULL ? kb_cel_absent() : kb_aws_text_or_unknown(whole, "Status");
}

static void fill_jobs(struct kb_aws_row *row, const struct kb_world *world, int64_t now_s,
                      struct kb_arena *arena)
{
    int64_t at = 0;
    struct kb_aws_names failed = {0};
    const json_t *restore =
        newest(world, restores_call, "RestoreJobs", "CreationDate", is_restored, &at);
    if (kb_aws_read(world, restores_call)) {
        row->values[C_restore_days] =
            restore == NULL ? kb_cel_absent() : kb_cel_int((now_s - at) / DAY_S);
        row->values[C_validation] = restore == NULL
                                        ? kb_cel_absent()
                                        : kb_cel_string(kb_aws_text(restore, "ValidationStatus"));
    }
    KB_AWS_EACH(it, world, jobs_call, "BackupJobs") {
        bool bad = kb_aws_is(it.item, "State", "FAILED") || kb_aws_is(it.item, "State", "EXPIRED") ||
                   kb_aws_is(it.item, "State", "ABORTED");
        if (bad && kb_str_eq(kb_aws_text(it.item, "ResourceArn"), world->eks.arn)) {
            kb_aws_names_add(&failed, arena, kb_aws_text(it.item, "BackupJobId"));
        }
    }
    if (kb_aws_read(world, jobs_call)) {
        row->values[C_failed_jobs] = kb_aws_names_list(&failed, arena);
    }
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_arena arena = {0};
    struct kb_aws_row row =
        kb_aws_row(&kb_table_backup_cluster, kb_aws_next(world, points_call, NULL));
    int64_t now_s = world->now_ns / 1000000000;
    row.world = world;
    row.calls = by_column;
    row.object = world->eks.arn;
    row.values[C_arn] = kb_cel_string(row.object);
    fill_points(&row, world, now_s);
    fill_jobs(&row, world, now_s, &arena);
    if (world->eks.cluster_read) {
        kb_aws_row_give(&row, fn, ctx);
    }
    kb_arena_done(&arena);
}

static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    static const char *const calls[] = {"eks describe-cluster"};
    return kb_aws_unread(world, calls, 1, arena);
}

/* Who backs up otherwise does not read these settings. */
static const char *absent(const struct kb_world *world)
{
    return kb_world_uses_aws_backup(world) || kb_aws_next(world, "backup list-recovery-points-by-resource", NULL) != NULL
               ? NULL
               : "settings.backupTool is not aws-backup";
}

const struct kb_fact_source kb_facts_backup_cluster = {
    .table = &kb_table_backup_cluster, .aws = true, .rows = rows, .missing = missing,
    .absent = absent};
