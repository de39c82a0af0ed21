/* Table backup.vault. */
#include "facts/aws_policy.h"
#include "facts/aws_row.h"
#include "facts/aws_tables.h"

#define COLUMNS(X)                                                                                 \
    X(arn, "string", KB_ALWAYS, "ARN of the vault.")                                               \
    X(name, "string", KB_ALWAYS, "Name of the vault.")                                             \
    X(locked, "bool", KB_ALWAYS, "Whether Vault Lock is on.")                                      \
    X(immutable, "bool", KB_ALWAYS, "Whether the lock can no longer be taken away (compliance mode).") \
    X(min_days, "int", KB_ALWAYS, "Days that the lock keeps each recovery point at least; 0: not set.") \
    X(customer_key, "bool", KB_ALWAYS, "Whether a key of the customer encrypts it.")               \
    X(deny_delete, "bool", KB_ALWAYS,                                                              \
      "Whether its policy denies the deletion of recovery points to all but named principals.")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(backup_vault, "backup.vault", "One row a vault of AWS Backup.");

static const char *const by_column[KB_AWS_COLUMNS_MAX] = {
    [C_customer_key] = "kms describe-key",
    [C_deny_delete] = "backup get-backup-vault-access-policy",
};

/* The vault says so itself, or the key does where it was described. */
static struct kb_cel_val customer_key(const struct kb_world *world, const json_t *vault)
{
    struct kb_str kind = kb_aws_text(vault, "EncryptionKeyType");
    struct kb_str arn = kb_aws_text(vault, "EncryptionKeyArn");
    if (kind.n > 0) {
        return kb_cel_bool(kb_str_eq_c(kind, "CUSTOMER_MANAGED_KMS_KEY"));
    }
    KB_AWS_EACH(it, world, "kms describe-key", "KeyMetadata") {
        if (arn.n > 0 && kb_str_eq(kb_aws_text(it.item, "Arn"), arn)) {
            return kb_cel_bool(kb_aws_is(it.item, "KeyManager", "CUSTOMER"));
        }
    }
    return arn.n == 0 ? kb_cel_bool(false) : kb_aws_unknown();
}

/* Another region may have a vault of the same name: the ARN tells, where it is told. */
static bool is_of(const json_t *policy, struct kb_str arn, struct kb_str name)
{
    struct kb_str told = kb_aws_text(policy, "BackupVaultArn");
    return told.n > 0 ? kb_str_eq(told, arn) : kb_str_eq(kb_aws_text(policy, "BackupVaultName"), name);
}

static struct kb_cel_val deny_delete(const struct kb_world *world, const struct kb_aws_kept *vault,
                                     struct kb_str arn, struct kb_str name)
{
    static const char *const call = "backup get-backup-vault-access-policy";
    const struct kb_aws_kept *kept =
        vault->subject.n > 0 ? kb_aws_about(world, call, vault->subject) : NULL;
    bool found = false;
    const json_t *statement;
    bool at_home = kb_str_find(arn, kb_aws_home(world).region, 0) != SIZE_MAX;
    kept = kept == NULL && (at_home || arn.n == 0) ? kb_aws_about(world, call, name) : kept;
    if (kept != NULL && kept->none) {
        return kb_cel_bool(false);
    }
    KB_AWS_EACH(it, world, call, NULL) {
        kept = is_of(it.item, arn, name) ? it.kept : kept;
    }
    if (kept == NULL || kept->json == NULL) {
        return kb_aws_unknown();
    }
    KB_AUTO(kb_json_done) json_t *policy = kb_iam_policy(kb_aws_text(kept->json, "Policy"));
    for (size_t i = 0; !found && (statement = kb_iam_statement(policy, i)) != NULL; i++) {
        found = kb_iam_denies_others(statement, KB_STR("backup:DeleteRecoveryPoint"));
    }
    return kb_cel_bool(found);
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    int64_t now_s = world->now_ns / 1000000000;
    KB_AWS_EACH(it, world, "backup describe-backup-vault", NULL) {
        struct kb_aws_row row = kb_aws_row(&kb_table_backup_vault, it.kept);
        int64_t date;
        bool dated = kb_aws_moment(it.item, "LockDate", &date);
        struct kb_str name = kb_aws_text(it.item, "BackupVaultName");
        row.world = world;
        row.calls = by_column;
        row.object = kb_aws_text(it.item, "BackupVaultArn");
        row.values[C_arn] = kb_cel_string(row.object);
        row.values[C_name] = kb_cel_string(name);
        row.values[C_locked] = kb_aws_bool_or_unknown(it.item, "Locked");
        row.values[C_immutable] = kb_cel_bool(dated && date <= now_s);
        row.values[C_min_days] = kb_cel_int(kb_aws_int(it.item, "MinRetentionDays", 0));
        row.values[C_customer_key] = customer_key(world, it.item);
        row.values[C_deny_delete] = deny_delete(world, it.kept, row.object, name);
        kb_aws_row_give(&row, fn, ctx);
    }
}

static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    static const char *const calls[] = {"backup describe-backup-vault"};
    return kb_aws_unread(world, calls, 1, arena);
}

/* Who backs up otherwise does not read these settings. */
static const char *absent(const struct kb_world *world)
{
    return kb_world_uses_aws_backup(world) || kb_aws_next(world, "backup describe-backup-vault", NULL) != NULL
               ? NULL
               : "settings.backupTool is not aws-backup";
}

const struct kb_fact_source kb_facts_backup_vault = {
    .table = &kb_table_backup_vault, .aws = true, .rows = rows, .missing = missing,
    .absent = absent};
