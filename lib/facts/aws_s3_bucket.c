/* Table s3.bucket. */
#include "facts/aws_policy.h"
#include "facts/aws_row.h"
#include "facts/aws_tables.h"

#define COLUMNS(X)                                                                                 \
    X(arn, "string", KB_ALWAYS, "ARN of the bucket.")                                              \
    X(name, "string", KB_ALWAYS, "Name of the bucket.")                                            \
    X(backup, "bool", KB_ALWAYS, "Whether it holds backups: settings.backupBuckets, or any but those of logs.") \
    X(audit, "bool", KB_ALWAYS, "Whether it is an archive of logs: settings.auditBuckets.")        \
    X(public_blocked, "bool", KB_ALWAYS,                                                           \
      "Whether all four parts of the public access block are on, for it or for the account.")      \
    X(public_policy, "bool", KB_ALWAYS, "Whether AWS says that its policy is public.")             \
    X(tls_only, "bool", KB_ALWAYS, "Whether its policy denies what does not come by TLS.")         \
    X(undenied, "list(string)", KB_ALWAYS,                                                         \
      "Actions that destroy backups which its policy denies to nobody, such as s3:DeleteObject.")  \
    X(versioning, "bool", KB_ALWAYS, "Whether it keeps old versions.")                             \
    X(lock_days, "int", KB_ALWAYS,                                                                 \
      "Days that Object Lock keeps each object by default; 0: there is no such rule.")             \
    X(lock_mode, "string", KB_ALWAYS, "\"COMPLIANCE\", \"GOVERNANCE\" or empty.")                  \
    X(encryption, "string", KB_ALWAYS, "Default: \"AES256\", \"aws:kms\", \"aws:kms:dsse\".")      \
    X(kms_key, "string", KB_ALWAYS, "Its KMS key; empty where that is AWS's own.")                 \
    X(replicated_to, "list(string)", KB_ALWAYS,                                                    \
      "Buckets to which an enabled rule copies: ARNs.")                                            \
    X(shortest_expiry_days, "int", KB_ALWAYS,                                                      \
      "Days until the hastiest lifecycle rule expires objects; 0: none does.")                     \
    X(expires_old_versions, "bool", KB_ALWAYS, "Whether a lifecycle rule removes old versions.")   \
    X(access_logged, "bool", KB_ALWAYS, "Whether it writes server access logs.")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(s3_bucket, "s3.bucket", "One row a bucket that was asked about.");

static const char *const by_column[KB_AWS_COLUMNS_MAX] = {
    [C_public_blocked] = "s3api get-public-access-block",
    [C_public_policy] = "s3api get-bucket-policy-status",
    [C_tls_only] = "s3api get-bucket-policy",
    [C_undenied] = "s3api get-bucket-policy",
    [C_versioning] = "s3api get-bucket-versioning",
    [C_lock_days] = "s3api get-object-lock-configuration",
    [C_lock_mode] = "s3api get-object-lock-configuration",
    [C_encryption] = "s3api get-bucket-encryption",
    [C_kms_key] = "s3api get-bucket-encryption",
    [C_replicated_to] = "s3api get-bucket-replication",
    [C_shortest_expiry_days] = "s3api get-bucket-lifecycle-configuration",
    [C_expires_old_versions] = "s3api get-bucket-lifecycle-configuration",
    [C_access_logged] = "s3api get-bucket-logging",
};

static const char *const calls[] = {
    "s3api get-bucket-versioning",         "s3api get-bucket-policy",
    "s3api get-bucket-policy-status",      "s3api get-public-access-block",
    "s3api get-bucket-encryption",         "s3api get-object-lock-configuration",
    "s3api get-bucket-replication",        "s3api get-bucket-lifecycle-configuration",
    "s3api get-bucket-logging",
};

/* What is told of one setting of a bucket: known without JSON where there is none of it. */
struct setting {
    bool known;
    const json_t *json;
};

static struct setting setting_of(const struct kb_world *world, const char *call,
                                 struct kb_str bucket)
{
    const struct kb_aws_kept *kept = kb_aws_about(world, call, bucket);
    bool known = kept != NULL && kept->error.n == 0 && (kept->none || kept->json != NULL);
    return (struct setting){known, known ? kept->json : NULL};
}

static bool all_blocked(const json_t *answer)
{
    const json_t *block = kb_aws_get(answer, "PublicAccessBlockConfiguration");
    return kb_aws_true(block, "BlockPublicAcls") && kb_aws_true(block, "IgnorePublicAcls") &&
           kb_aws_true(block, "BlockPublicPolicy") && kb_aws_true(block, "RestrictPublicBuckets");
}

static void fill_public(struct kb_aws_row *row, const struct kb_world *world, struct kb_str bucket,
                        bool has_policy)
{
    struct setting own = setting_of(world, "s3api get-public-access-block", bucket);
    struct setting status = setting_of(world, "s3api get-bucket-policy-status", bucket);
    bool account = false;
    KB_AWS_EACH(it, world, "s3control get-public-access-block", NULL) {
        account = account || all_blocked(it.item);
    }
    bool blocked = account || all_blocked(own.json);
    bool told = blocked || (own.known && !kb_aws_failed(world, "s3control get-public-access-block"));
    row->values[C_public_blocked] = told ? kb_cel_bool(blocked) : kb_aws_unknown();
    if (status.json != NULL) {
        const json_t *policy = kb_aws_get(status.json, "PolicyStatus");
        row->values[C_public_policy] = kb_aws_bool_or_unknown(policy, "IsPublic");
    } else if (status.known || !has_policy) {
        row->values[C_public_policy] = kb_cel_bool(false);
    }
}

/* Whether the statement is about every object of the bucket, and not those of some prefix alone. */
static bool covers_objects(const json_t *statement, struct kb_str bucket_arn, struct kb_arena *arena)
{
    return kb_iam_covers_resource(
        statement, kb_arena_printf(arena, "%.*s/any object of it", KB_FMT(bucket_arn)));
}

static bool denies_plain(const json_t *policy, struct kb_str bucket_arn, struct kb_arena *arena)
{
    bool found = false;
    const json_t *statement;
    for (size_t i = 0; !found && (statement = kb_iam_statement(policy, i)) != NULL; i++) {
        found = kb_iam_denies_plain(statement) && covers_objects(statement, bucket_arn, arena);
    }
    return found;
}

/* Objects are deleted, the bucket's settings are put. */
static bool denied_to_others(const json_t *policy, struct kb_str action, struct kb_str bucket_arn,
                             struct kb_arena *arena)
{
    bool objects = kb_str_starts(action, KB_STR("s3:DeleteObject")), found = false;
    const json_t *statement;
    for (size_t i = 0; !found && (statement = kb_iam_statement(policy, i)) != NULL; i++) {
        found = kb_iam_denies_others(statement, action) &&
                (objects ? covers_objects(statement, bucket_arn, arena)
                         : kb_iam_covers_resource(statement, bucket_arn));
    }
    return found;
}

static void fill_policy(struct kb_aws_row *row, const struct kb_world *world, struct kb_str bucket,
                        struct kb_arena *arena)
{
    static const char *const actions[] = {"s3:DeleteObject", "s3:DeleteObjectVersion",
                                          "s3:PutLifecycleConfiguration", "s3:PutBucketVersioning"};
    struct setting at = setting_of(world, "s3api get-bucket-policy", bucket);
    struct kb_aws_names undenied = {0};
    struct kb_str text = kb_aws_text(at.json, "Policy");
    KB_AUTO(kb_json_done) json_t *policy = kb_iam_policy(text);
    fill_public(row, world, bucket, !at.known || at.json != NULL);
    if (!at.known || (at.json != NULL && policy == NULL)) {
        return;
    }
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (!denied_to_others(policy, kb_str_c(actions[i]), row->object, arena)) {
            kb_aws_names_add(&undenied, arena, kb_str_c(actions[i]));
        }
    }
    row->values[C_tls_only] = kb_cel_bool(denies_plain(policy, row->object, arena));
    row->values[C_undenied] = kb_aws_names_list(&undenied, arena);
}

static void fill_lock(struct kb_aws_row *row, const struct kb_world *world, struct kb_str bucket)
{
    enum { YEAR_DAYS = 365 };
    struct setting versions = setting_of(world, "s3api get-bucket-versioning", bucket);
    struct setting lock = setting_of(world, "s3api get-object-lock-configuration", bucket);
    const json_t *rule =
        kb_aws_dig(lock.json, "ObjectLockConfiguration.Rule.DefaultRetention");
    if (versions.known) {
        row->values[C_versioning] = kb_cel_bool(kb_aws_is(versions.json, "Status", "Enabled"));
    }
    if (lock.known) {
        int64_t years = kb_aws_int(rule, "Years", 0);
        years = years < 0 || years > YEAR_DAYS ? 0 : years;
        row->values[C_lock_days] = kb_cel_int(kb_aws_int(rule, "Days", 0) + years * YEAR_DAYS);
        row->values[C_lock_mode] = kb_cel_string(kb_aws_text(rule, "Mode"));
    }
}

/* A key that AWS manages, by its own description. */
static bool is_of_aws(const struct kb_world *world, struct kb_str key)
{
    KB_AWS_EACH(it, world, "kms describe-key", "KeyMetadata") {
        if (key.n > 0 && kb_str_eq(kb_aws_text(it.item, "Arn"), key)) {
            return kb_aws_is(it.item, "KeyManager", "AWS");
        }
    }
    return false;
}

static void fill_encryption(struct kb_aws_row *row, const struct kb_world *world,
                            struct kb_str bucket)
{
    struct setting at = setting_of(world, "s3api get-bucket-encryption", bucket);
    const json_t *list =
        kb_aws_dig(at.json, "ServerSideEncryptionConfiguration.Rules");
    const json_t *rule =
        kb_aws_get(json_array_get(list, 0), "ApplyServerSideEncryptionByDefault");
    struct kb_str key = kb_aws_text(rule, "KMSMasterKeyID");
    bool own = kb_str_ends(key, KB_STR("alias/aws/s3")) || is_of_aws(world, key);
    if (at.known) {
        row->values[C_encryption] = kb_cel_string(kb_aws_text(rule, "SSEAlgorithm"));
        row->values[C_kms_key] = kb_cel_string(own ? KB_STR("") : key);
    }
}

static void fill_replication(struct kb_aws_row *row, const struct kb_world *world,
                             struct kb_str bucket, struct kb_arena *arena)
{
    struct setting at = setting_of(world, "s3api get-bucket-replication", bucket);
    const json_t *list = kb_aws_dig(at.json, "ReplicationConfiguration.Rules");
    struct kb_aws_names names = {0};
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *rule = json_array_get(list, i);
        if (kb_aws_is(rule, "Status", "Enabled")) {
            kb_aws_names_add(&names, arena, kb_aws_text(kb_aws_get(rule, "Destination"), "Bucket"));
        }
    }
    row->values[C_replicated_to] = at.known ? kb_aws_names_list(&names, arena) : kb_aws_unknown();
}

static void fill_lifecycle(struct kb_aws_row *row, const struct kb_world *world,
                           struct kb_str bucket)
{
    struct setting at = setting_of(world, "s3api get-bucket-lifecycle-configuration", bucket);
    struct setting logs = setting_of(world, "s3api get-bucket-logging", bucket);
    const json_t *list = kb_aws_get(at.json, "Rules");
    int64_t shortest = 0;
    bool old = false;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *rule = json_array_get(list, i);
        bool on = kb_aws_is(rule, "Status", "Enabled");
        int64_t days = on ? kb_aws_int(kb_aws_get(rule, "Expiration"), "Days", 0) : 0;
        shortest = days > 0 && (shortest == 0 || days < shortest) ? days : shortest;
        old = old || (on && kb_aws_get(rule, "NoncurrentVersionExpiration") != NULL);
    }
    if (at.known) {
        row->values[C_shortest_expiry_days] = kb_cel_int(shortest);
        row->values[C_expires_old_versions] = kb_cel_bool(old);
    }
    if (logs.known) {
        row->values[C_access_logged] = kb_cel_bool(kb_aws_get(logs.json, "LoggingEnabled") != NULL);
    }
}

static bool is_listed(const struct kb_world *world, const char *setting, struct kb_str bucket,
                      bool *any)
{
    struct kb_cel_val names = world->setting(world->setting_ctx, setting);
    *any = names.kind == KB_CEL_LIST && names.list->n > 0;
    return *any && kb_text_list_has(names.list, bucket);
}

/* Where the profile names no buckets of backups, all are that hold no logs. */
static void fill_use(struct kb_aws_row *row, const struct kb_world *world, struct kb_str bucket)
{
    bool any_backups, any_logs;
    bool backup = is_listed(world, "backupBuckets", bucket, &any_backups);
    bool audit = is_listed(world, "auditBuckets", bucket, &any_logs);
    row->values[C_backup] = kb_cel_bool(backup || (!any_backups && !audit));
    row->values[C_audit] = kb_cel_bool(audit);
}

static void give(const struct kb_world *world, const struct kb_aws_kept *kept, kb_row_fn *fn,
                 void *ctx)
{
    struct kb_arena arena = {0};
    struct kb_str bucket = kept->subject;
    struct kb_str partition = kb_aws_home(world).partition;
    struct kb_aws_row row = kb_aws_row(&kb_table_s3_bucket, kept);
    partition = partition.n > 0 ? partition : KB_STR("aws");
    row.object = kb_arena_printf(&arena, "arn:%.*s:s3:::%.*s", KB_FMT(partition), KB_FMT(bucket));
    row.values[C_arn] = kb_cel_string(row.object);
    row.values[C_name] = kb_cel_string(bucket);
    fill_use(&row, world, bucket);
    fill_policy(&row, world, bucket, &arena);
    fill_lock(&row, world, bucket);
    fill_encryption(&row, world, bucket);
    fill_replication(&row, world, bucket, &arena);
    fill_lifecycle(&row, world, bucket);
    row.world = world;
    row.calls = by_column;
    kb_aws_row_give(&row, fn, ctx);
    kb_arena_done(&arena);
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_arena arena = {0};
    struct kb_aws_names seen = {0};
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        const struct kb_aws_kept *kept = kb_aws_next(world, calls[i], NULL);
        for (; kept != NULL; kept = kb_aws_next(world, calls[i], kept)) {
            if (kept->subject.n > 0 && !kb_aws_names_have(&seen, kept->subject)) {
                kb_aws_names_add(&seen, &arena, kept->subject);
                give(world, kept, fn, ctx);
            }
        }
    }
    kb_arena_done(&arena);
}

/* Which buckets there are, only these answers tell; each column knows itself whether it was read. */
static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    bool any = false;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0] && !any; i++) {
        any = kb_aws_next(world, calls[i], NULL) != NULL;
    }
    return any ? KB_STR("") : kb_aws_unread(world, calls, 1, arena);
}

const struct kb_fact_source kb_facts_s3_bucket = {
    .table = &kb_table_s3_bucket, .aws = true, .rows = rows, .missing = missing};
