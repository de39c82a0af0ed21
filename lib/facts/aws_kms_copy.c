/* Table kms.copy. */
#include "facts/aws_row.h"
#include "facts/aws_tables.h"

#define COLUMNS(X)                                                                                 \
    X(copy, "string", KB_ALWAYS, "What copies: a storage location, a bucket, a rule of AWS Backup.") \
    X(region, "string", KB_ALWAYS, "Region of the copy; empty where it is not told.")              \
    X(needs_key, "bool", KB_ALWAYS, "Whether a KMS key encrypts the copy.")                        \
    X(key, "string", KB_ALWAYS, "That key, as it is named; empty where none is.")                  \
    X(usable, "bool", KB_ALWAYS, "Whether that key lies in the copy's region and is enabled.")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(kms_copy, "kms.copy",
             "One row a copy of backups outside the cluster's region, or one that a key keeps from being made.");

static const char *const key_call = "kms describe-key";
static const char *const encryption_call = "s3api get-bucket-encryption";
static const char *const replication_call = "s3api get-bucket-replication";

static const char *const by_column[KB_AWS_COLUMNS_MAX] = {
    [C_region] = "backup get-backup-plan",
    [C_needs_key] = "s3api get-bucket-encryption",
    [C_key] = "s3api get-bucket-encryption",
    [C_usable] = "kms describe-key",
};

/* Region of an ARN; empty where the text is none. */
static struct kb_str region_of(struct kb_str arn)
{
    enum { BEFORE = 3 };
    for (size_t i = 0; i < BEFORE; i++) {
        (void)kb_str_split(arn, ':', &arn);
    }
    return kb_str_split(arn, ':', &(struct kb_str){0});
}

/* The bucket's default: known with an empty text where it is no KMS key. */
static bool default_key(const struct kb_world *world, struct kb_str bucket, bool *kms,
                        struct kb_str *key)
{
    const struct kb_aws_kept *kept = kb_aws_about(world, encryption_call, bucket);
    const json_t *list =
        kept == NULL ? NULL : kb_aws_dig(kept->json, "ServerSideEncryptionConfiguration.Rules");
    const json_t *rule =
        kb_aws_get(json_array_get(list, 0), "ApplyServerSideEncryptionByDefault");
    struct kb_str algorithm = kb_aws_text(rule, "SSEAlgorithm");
    *kms = kb_str_starts(algorithm, KB_STR("aws:kms"));
    *key = kb_aws_text(rule, "KMSMasterKeyID");
    return kept != NULL && kept->error.n == 0 && (kept->none || algorithm.n > 0);
}

/* The key's own description: named by ARN or id. */
static const json_t *described(const struct kb_world *world, struct kb_str key)
{
    KB_AWS_EACH(it, world, key_call, "KeyMetadata") {
        bool same = kb_str_eq(kb_aws_text(it.item, "Arn"), key) ||
                    kb_str_eq(kb_aws_text(it.item, "KeyId"), key) ||
                    (it.kept->subject.n > 0 && kb_str_eq(it.kept->subject, key));
        if (key.n > 0 && same) {
            return it.item;
        }
    }
    return NULL;
}

/* Key of a named region. One of another region cannot be used there, whatever its state. */
static struct kb_cel_val usable(const struct kb_world *world, struct kb_str key,
                                struct kb_str region)
{
    const json_t *metadata = described(world, key);
    struct kb_str arn = metadata != NULL ? kb_aws_text(metadata, "Arn") : key;
    struct kb_str lies = kb_str_starts(arn, KB_STR("arn:")) ? region_of(arn) : KB_STR("");
    if (lies.n > 0 && region.n > 0 && !kb_str_eq(lies, region)) {
        return kb_cel_bool(false);
    }
    struct kb_str state = kb_aws_text(metadata, "KeyState");
    return state.n == 0 ? kb_aws_unknown() : kb_cel_bool(kb_str_eq_c(state, "Enabled"));
}

struct copy {
    const struct kb_world *world;
    const struct kb_aws_kept *kept;
    struct kb_str object, part, region, key;
    bool known, needs; /* whether it is known if a key is needed, and if so */
    struct kb_cel_val usable;
};

static void give(const struct copy *copy, kb_row_fn *fn, void *ctx)
{
    struct kb_aws_row row = kb_aws_row(&kb_table_kms_copy, copy->kept);
    row.world = copy->world;
    row.calls = by_column;
    row.object = copy->object;
    row.part = copy->part;
    row.values[C_copy] = kb_cel_string(copy->part.n > 0 ? copy->part : copy->object);
    row.values[C_region] = kb_cel_string(copy->region);
    if (copy->known) {
        row.values[C_needs_key] = kb_cel_bool(copy->needs);
        row.values[C_key] = kb_cel_string(copy->key);
        row.values[C_usable] = copy->usable;
    }
    kb_aws_row_give(&row, fn, ctx);
}

/* Storage locations whose bucket lies in another region: their own key, or the bucket's. */
static void give_locations(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_str home = kb_aws_home(world).region;
    for (size_t i = 0; i < world->backup.locations.n; i++) {
        const struct kb_backup_location *at = world->backup.locations.at[i];
        struct kb_arena arena = {0};
        struct copy copy = {.world = world, .region = at->region, .key = at->kms_key,
                            .kept = kb_aws_about(world, encryption_call, at->bucket)};
        copy.object = kb_arena_printf(&arena, "BackupStorageLocation/%.*s/%.*s",
                                      KB_FMT(at->at.name_space), KB_FMT(at->at.name));
        copy.known = copy.needs = copy.key.n > 0;
        if (!copy.needs) {
            copy.known = default_key(world, at->bucket, &copy.needs, &copy.key);
        }
        copy.usable = copy.needs ? usable(world, copy.key, copy.region) : kb_cel_bool(true);
        if (at->region.n > 0 && home.n > 0 && !kb_str_eq(at->region, home)) {
            give(&copy, fn, ctx);
        }
        kb_arena_done(&arena);
    }
}

/* Objects under a key are copied only where the rule names one for the copy. */
static void give_rule(const struct kb_world *world, const struct kb_aws_kept *kept,
                      const json_t *rule, kb_row_fn *fn, void *ctx)
{
    struct kb_arena arena = {0};
    struct kb_str source = KB_STR("");
    const json_t *to = kb_aws_get(rule, "Destination");
    struct copy copy = {.world = world, .kept = kept, .part = kb_aws_text(to, "Bucket"),
                        .key = kb_aws_text(kb_aws_get(to, "EncryptionConfiguration"), "ReplicaKmsKeyID")};
    copy.object = kb_arena_printf(&arena, "arn:aws:s3:::%.*s", KB_FMT(kept->subject));
    copy.region = region_of(copy.key);
    copy.known = copy.needs = copy.key.n > 0;
    copy.usable = usable(world, copy.key, copy.region);
    if (!copy.needs) {
        copy.known = default_key(world, kept->subject, &copy.needs, &source);
        copy.usable = kb_cel_bool(!copy.needs);
    }
    if (copy.region.n == 0 || !kb_str_eq(copy.region, kb_aws_home(world).region)) {
        give(&copy, fn, ctx);
    }
    kb_arena_done(&arena);
}

static void give_replications(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    KB_AWS_EACH(it, world, replication_call, "ReplicationConfiguration") {
        const json_t *list = kb_aws_get(it.item, "Rules");
        for (size_t i = 0; i < json_array_size(list); i++) {
            const json_t *rule = json_array_get(list, i);
            if (kb_aws_is(rule, "Status", "Enabled")) {
                give_rule(world, it.kept, rule, fn, ctx);
            }
        }
    }
}

static const json_t *vault_of(const struct kb_world *world, struct kb_str arn)
{
    KB_AWS_EACH(it, world, "backup describe-backup-vault", NULL) {
        if (kb_str_eq(kb_aws_text(it.item, "BackupVaultArn"), arn)) {
            return it.item;
        }
    }
    return NULL;
}

/* AWS Backup encrypts a copy with the key of the vault it goes to. */
static void give_plan_copy(const struct kb_world *world, const struct kb_aws_each *it,
                           const json_t *rule, struct kb_str vault, kb_row_fn *fn, void *ctx)
{
    const json_t *to = vault_of(world, vault);
    struct copy copy = {.world = world, .kept = it->kept, .region = region_of(vault), .part = vault};
    struct kb_str arn = kb_aws_text(it->item, "BackupPlanArn");
    (void)rule;
    copy.object = arn.n > 0 ? arn : kb_aws_text(it->item, "BackupPlanId");
    copy.key = kb_aws_text(to, "EncryptionKeyArn");
    copy.known = copy.needs = true;
    copy.usable = copy.key.n == 0 ? kb_aws_unknown() : usable(world, copy.key, copy.region);
    if (copy.region.n > 0 && !kb_str_eq(copy.region, kb_aws_home(world).region)) {
        give(&copy, fn, ctx);
    }
}

static void give_plans(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    KB_AWS_EACH(it, world, "backup get-backup-plan", NULL) {
        const json_t *rules = kb_aws_dig(it.item, "BackupPlan.Rules");
        for (size_t i = 0; i < json_array_size(rules); i++) {
            const json_t *rule = json_array_get(rules, i), *copies = kb_aws_get(rule, "CopyActions");
            for (size_t k = 0; k < json_array_size(copies); k++) {
                struct kb_str vault =
                    kb_aws_text(json_array_get(copies, k), "DestinationBackupVaultArn");
                give_plan_copy(world, &it, rule, vault, fn, ctx);
            }
        }
    }
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    give_locations(world, fn, ctx);
    give_replications(world, fn, ctx);
    give_plans(world, fn, ctx);
}

/* Which copies there are, the tool's own settings tell; the region tells which are elsewhere. What was asked
 * of the other's, and not answered, may be one more. */
static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    static const char *const lists = "backup list-backup-plans", *const plans = "backup get-backup-plan";
    const struct kb_aws_kept *list = kb_aws_next(world, lists, NULL);
    bool backup = kb_world_uses_aws_backup(world);
    bool none = list != NULL && list->error.n == 0 &&
                json_array_size(kb_aws_get(list->json, "BackupPlansList")) == 0;
    const char *calls[4] = {"eks describe-cluster"};
    size_t n = 1;
    if ((backup && !none) || kb_aws_failed(world, plans)) {
        calls[n++] = plans;
    }
    if (!backup || kb_aws_failed(world, replication_call)) {
        calls[n++] = replication_call;
    }
    if (kb_aws_failed(world, lists)) {
        calls[n++] = lists;
    }
    return kb_aws_unread(world, calls, n, arena);
}

static const enum kb_kind_id needs[] = {KB_KIND_VELERO_LOCATION};
const struct kb_fact_source kb_facts_kms_copy = {.table = &kb_table_kms_copy,
                                                 .needs = needs,
                                                 .need_count = 1,
                                                 .aws = true,
                                                 .rows = rows,
                                                 .missing = missing};
