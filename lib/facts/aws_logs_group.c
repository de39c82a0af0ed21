/* Table logs.group. */
#include "facts/aws_policy.h"
#include "facts/aws_row.h"
#include "facts/aws_tables.h"

#define COLUMNS(X)                                                                                 \
    X(arn, "string", KB_ALWAYS, "ARN of the log group.")                                           \
    X(name, "string", KB_ALWAYS, "Its name: \"/aws/eks/<cluster>/cluster\".")                      \
    X(exists, "bool", KB_ALWAYS, "False where the cluster has no log group.")                      \
    X(retention_days, "int", KB_ALWAYS, "Days that events are kept; 0: for ever.")                 \
    X(kms_key, "string", KB_ALWAYS, "ARN of the KMS key that encrypts it; empty: AWS's own.")      \
    X(log_class, "string", KB_ALWAYS, "\"STANDARD\", \"INFREQUENT_ACCESS\" or \"DELIVERY\".")      \
    X(deletion_protection, "bool", KB_ALWAYS, "Whether it must be unlocked before it is deleted.") \
    X(subscriptions, "list(string)", KB_ALWAYS,                                                    \
      "Destinations of its subscription filters; unknown where those were not read.")              \
    X(metric_filters, "list(string)", KB_ALWAYS, "Names of its metric filters.")                   \
    X(public_policies, "list(string)", KB_ALWAYS,                                                  \
      "Resource policies of the account that let everybody at it.")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(logs_group, "logs.group",
             "One row: the CloudWatch log group of the cluster's control plane; a row also where it "
             "does not exist.");

static const char *const by_column[KB_AWS_COLUMNS_MAX] = {
    [C_subscriptions] = "logs describe-subscription-filters",
    [C_metric_filters] = "logs describe-metric-filters",
    [C_public_policies] = "logs describe-resource-policies",
    [C_deletion_protection] = "logs describe-log-groups",
};

static struct kb_str group_name(const struct kb_world *world, struct kb_arena *arena)
{
    return kb_arena_printf(arena, "/aws/eks/%.*s/cluster", KB_FMT(world->eks.name));
}

/* What filters of the group name under `key`. A filter without a group is of the one asked about. */
static struct kb_cel_val filters(const struct kb_world *world, const char *call, const char *member,
                                 const char *key, struct kb_arena *arena)
{
    struct kb_aws_names names = {0};
    struct kb_str group = group_name(world, arena);
    KB_AWS_EACH(it, world, call, member) {
        struct kb_str of = kb_aws_text(it.item, "logGroupName");
        if (of.n == 0 || kb_str_eq(of, group)) {
            kb_aws_names_add(&names, arena, kb_aws_text(it.item, key));
        }
    }
    return kb_aws_read(world, call) ? kb_aws_names_list(&names, arena) : kb_aws_unknown();
}

static bool is_open(const json_t *policy, struct kb_str arn, struct kb_arena *arena)
{
    struct kb_str inside = kb_arena_printf(arena, "%.*s:*", KB_FMT(arn));
    bool open = false;
    const json_t *statement;
    for (size_t i = 0; !open && (statement = kb_iam_statement(policy, i)) != NULL; i++) {
        open = kb_iam_public(statement) && (kb_iam_covers_resource(statement, arn) ||
                                            kb_iam_covers_resource(statement, inside));
    }
    return open;
}

static struct kb_cel_val public_policies(const struct kb_world *world, struct kb_str arn,
                                         struct kb_arena *arena)
{
    struct kb_aws_names names = {0};
    bool known = kb_aws_read(world, "logs describe-resource-policies");
    KB_AWS_EACH(it, world, "logs describe-resource-policies", "resourcePolicies") {
        KB_AUTO(kb_json_done) json_t *policy =
            kb_iam_policy(kb_aws_text(it.item, "policyDocument"));
        known = known && policy != NULL;
        if (is_open(policy, arn, arena)) {
            kb_aws_names_add(&names, arena, kb_aws_text(it.item, "policyName"));
        }
    }
    return known ? kb_aws_names_list(&names, arena) : kb_aws_unknown();
}

static struct kb_str arn_of(const struct kb_world *world, const json_t *group,
                            struct kb_arena *arena)
{
    struct kb_str arn = kb_aws_text(group, "logGroupArn");
    struct kb_str old = kb_aws_text(group, "arn");
    struct kb_str rest = kb_arena_printf(arena, "log-group:%.*s", KB_FMT(group_name(world, arena)));
    if (arn.n == 0 && kb_str_ends(old, KB_STR(":*"))) {
        arn = kb_str_sub(old, 0, old.n - 2);
    }
    return arn.n > 0 ? arn : kb_aws_arn(world, "logs", KB_STR(""), rest, arena);
}

static void give(const struct kb_world *world, const struct kb_aws_kept *kept, const json_t *group,
                 kb_row_fn *fn, void *ctx)
{
    struct kb_arena arena = {0};
    struct kb_aws_row row = kb_aws_row(&kb_table_logs_group, kept);
    struct kb_str log_class = kb_aws_text(group, "logGroupClass");
    row.object = arn_of(world, group, &arena);
    row.values[C_arn] = kb_cel_string(row.object);
    row.values[C_name] = kb_cel_string(group_name(world, &arena));
    row.values[C_exists] = kb_cel_bool(group != NULL);
    row.values[C_retention_days] = kb_cel_int(kb_aws_int(group, "retentionInDays", 0));
    row.values[C_kms_key] = kb_cel_string(kb_aws_text(group, "kmsKeyId"));
    row.values[C_log_class] = kb_cel_string(log_class.n > 0 ? log_class : KB_STR("STANDARD"));
    row.values[C_deletion_protection] = kb_aws_bool_or_unknown(group, "deletionProtectionEnabled");
    row.values[C_subscriptions] = filters(world, "logs describe-subscription-filters",
                                          "subscriptionFilters", "destinationArn", &arena);
    row.values[C_metric_filters] = filters(world, "logs describe-metric-filters", "metricFilters",
                                           "filterName", &arena);
    row.values[C_public_policies] = public_policies(world, row.object, &arena);
    row.world = world;
    row.calls = by_column;
    kb_aws_row_give(&row, fn, ctx);
    kb_arena_done(&arena);
}

/* Another region may have a group of this name: its ARN tells. */
static bool is_ours(const struct kb_world *world, const json_t *group, struct kb_str name)
{
    enum { REGION = 3, ACCOUNT = 4, PARTS };
    struct kb_aws_home home = kb_aws_home(world);
    struct kb_str part[PARTS], arn = kb_aws_text(group, "arn");
    arn = arn.n > 0 ? arn : kb_aws_text(group, "logGroupArn");
    bool told = arn.n > 0;
    for (size_t i = 0; i < PARTS; i++) {
        part[i] = kb_str_split(arn, ':', &arn);
    }
    return kb_str_eq(kb_aws_text(group, "logGroupName"), name) &&
           (!told || (kb_str_eq(part[REGION], home.region) && kb_str_eq(part[ACCOUNT], home.account)));
}

/* Whether the list is of another place: a group of the cluster's name is in it, and is not the cluster's. */
static bool is_foreign(const struct kb_world *world, struct kb_str name)
{
    bool named = false, ours = false;
    KB_AWS_EACH(it, world, "logs describe-log-groups", "logGroups") {
        named = named || kb_str_eq(kb_aws_text(it.item, "logGroupName"), name);
        ours = ours || is_ours(world, it.item, name);
    }
    return named && !ours;
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_arena arena = {0};
    struct kb_str name = group_name(world, &arena);
    bool found = is_foreign(world, name), known = world->eks.cluster_read;
    KB_AWS_EACH(it, world, "logs describe-log-groups", "logGroups") {
        if (known && !found && is_ours(world, it.item, name)) {
            found = true;
            give(world, it.kept, it.item, fn, ctx);
        }
    }
    if (known && !found && kb_aws_read(world, "logs describe-log-groups")) {
        give(world, kb_aws_next(world, "logs describe-log-groups", NULL), NULL, fn, ctx);
    }
    kb_arena_done(&arena);
}

static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    static const char *const calls[] = {"eks describe-cluster", "logs describe-log-groups"};
    struct kb_str name = group_name(world, arena);
    bool found = false;
    KB_AWS_EACH(it, world, "logs describe-log-groups", "logGroups") {
        found = found || is_ours(world, it.item, name);
    }
    if (is_foreign(world, name)) {
        return KB_STR("aws logs describe-log-groups is of another region or account");
    }
    return kb_aws_unread(world, calls, found ? 1 : 2, arena);
}

const struct kb_fact_source kb_facts_logs_group = {
    .table = &kb_table_logs_group, .aws = true, .rows = rows, .missing = missing};
