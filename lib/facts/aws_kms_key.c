/* Table kms.key. */
#include "facts/aws_row.h"
#include "facts/aws_tables.h"

#define COLUMNS(X)                                                                                 \
    X(arn, "string", KB_ALWAYS, "ARN of the key.")                                                 \
    X(state, "string", KB_ALWAYS, "\"Enabled\", \"Disabled\", \"PendingDeletion\" and the like.")  \
    X(customer, "bool", KB_ALWAYS, "Whether the customer manages it, not AWS.")                    \
    X(rotatable, "bool", KB_ALWAYS,                                                                \
      "Whether KMS can rotate it by itself: a symmetric key of the customer's made by KMS.")       \
    X(rotation, "bool", KB_ALWAYS, "Whether KMS rotates it; unknown where that was not read.")     \
    X(rotation_days, "int", KB_ALWAYS, "After how many days; 365 where it is not told.")           \
    X(multi_region, "bool", KB_ALWAYS, "Whether it may have replicas in other regions.")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(kms_key, "kms.key",
             "One row a KMS key that was described: those of Secrets, logs, volumes and backups.");

static const char *const by_column[KB_AWS_COLUMNS_MAX] = {
    [C_state] = "kms describe-key",
    [C_rotation] = "kms get-key-rotation-status",
    [C_rotation_days] = "kms get-key-rotation-status",
};

/* The rotation of the key: by the id that the answer names, else by what both were asked about. */
static const json_t *rotation_of(const struct kb_world *world, const struct kb_aws_kept *key,
                                 const json_t *metadata)
{
    KB_AWS_EACH(it, world, "kms get-key-rotation-status", NULL) {
        struct kb_str id = kb_aws_text(it.item, "KeyId");
        struct kb_str subject = it.kept->subject;
        bool same = id.n > 0 ? kb_str_eq(id, kb_aws_text(metadata, "Arn")) ||
                                   kb_str_eq(id, kb_aws_text(metadata, "KeyId"))
                             : subject.n > 0 && (kb_str_eq(subject, key->subject) ||
                                                 kb_str_eq(subject, kb_aws_text(metadata, "Arn")) ||
                                                 kb_str_eq(subject, kb_aws_text(metadata, "KeyId")));
        if (same) {
            return it.item;
        }
    }
    return NULL;
}

static bool is_rotatable(const json_t *metadata)
{
    struct kb_str spec = kb_aws_text(metadata, "KeySpec");
    spec = spec.n > 0 ? spec : kb_aws_text(metadata, "CustomerMasterKeySpec");
    return kb_aws_is(metadata, "KeyManager", "CUSTOMER") &&
           kb_aws_is(metadata, "Origin", "AWS_KMS") &&
           (spec.n == 0 || kb_str_eq_c(spec, "SYMMETRIC_DEFAULT"));
}

/* A Terraform state tells only whether the key is on. */
static struct kb_cel_val state_of(const json_t *metadata)
{
    const json_t *on = kb_aws_get(metadata, "Enabled");
    bool told = kb_aws_text(metadata, "KeyState").n > 0 || !json_is_boolean(on);
    return told ? kb_aws_text_or_unknown(metadata, "KeyState")
                : kb_cel_string(json_is_true(on) ? KB_STR("Enabled") : KB_STR("Disabled"));
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    KB_AWS_EACH(it, world, "kms describe-key", "KeyMetadata") {
        struct kb_aws_row row = kb_aws_row(&kb_table_kms_key, it.kept);
        const json_t *rotation = rotation_of(world, it.kept, it.item);
        row.object = kb_aws_text(it.item, "Arn");
        row.values[C_arn] = kb_cel_string(row.object);
        row.values[C_state] = state_of(it.item);
        row.values[C_customer] = kb_cel_bool(kb_aws_is(it.item, "KeyManager", "CUSTOMER"));
        row.values[C_rotatable] = kb_cel_bool(is_rotatable(it.item));
        row.values[C_rotation] = kb_aws_bool_or_unknown(rotation, "KeyRotationEnabled");
        row.values[C_rotation_days] = rotation == NULL ? kb_aws_unknown()
                                                       : kb_cel_int(kb_aws_int(
                                                             rotation, "RotationPeriodInDays", 365));
        row.values[C_multi_region] = kb_cel_bool(kb_aws_true(it.item, "MultiRegion"));
        row.world = world;
        row.calls = by_column;
        kb_aws_row_give(&row, fn, ctx);
    }
}

static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    static const char *const calls[] = {"kms describe-key"};
    return kb_aws_unread(world, calls, 1, arena);
}

const struct kb_fact_source kb_facts_kms_key = {
    .table = &kb_table_kms_key, .aws = true, .rows = rows, .missing = missing};
