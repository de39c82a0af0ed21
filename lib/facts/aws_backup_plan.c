/* Table backup.plan. */
#include "backup/cron_aws.h"
#include "data/tz.h"
#include "facts/aws_policy.h"
#include "facts/aws_row.h"
#include "facts/aws_tables.h"

#define COLUMNS(X)                                                                                 \
    X(plan, "string", KB_ALWAYS, "Name of the AWS Backup plan.")                                   \
    X(rule, "string", KB_ALWAYS, "Name of the rule.")                                              \
    X(covers_cluster, "bool", KB_ALWAYS, "Whether a selection of the plan takes the cluster.")     \
    X(schedule, "string", KB_ALWAYS, "When it runs: a cron or rate expression.")                   \
    X(gap_hours, "int", KB_ALWAYS,                                                                 \
      "Hours between two runs at most, within a year; unknown where the expression is not understood.") \
    X(delete_days, "int", KB_ALWAYS, "Days after which a recovery point is deleted; 0: never.")    \
    X(vault, "string", KB_ALWAYS, "Name of the vault it writes to.")                               \
    X(copied_elsewhere, "bool", KB_ALWAYS,                                                         \
      "Whether it copies to a vault of another region or account, or writes to an air-gapped one.")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(backup_plan, "backup.plan", "One row a rule of an AWS Backup plan.");

static const char *const by_column[KB_AWS_COLUMNS_MAX] = {
    [C_covers_cluster] = "backup get-backup-selection",
};

enum answer { NO, YES, NOT_TOLD };

static bool any_matches(const json_t *patterns, struct kb_str arn)
{
    bool found = false;
    for (size_t i = 0; i < json_array_size(patterns) && !found; i++) {
        found = kb_iam_like(kb_json_view(json_array_get(patterns, i)), arn);
    }
    return found;
}

/* The value of tag "aws:ResourceTag/<key>" or "<key>" of the cluster; empty where it has none. */
static struct kb_str tag_of(const struct kb_world *world, struct kb_str key)
{
    static const struct kb_str prefix = KB_STR_INIT("aws:ResourceTag/");
    struct kb_str name = kb_str_starts(key, prefix) ? kb_str_sub(key, prefix.n, key.n) : key;
    KB_AWS_EACH(it, world, "eks describe-cluster", "cluster") {
        json_t *tags = kb_aws_get(it.item, "tags");
        const char *at;
        json_t *value;
        json_object_foreach(tags, at, value) {
            if (kb_str_eq_c(name, at)) {
                return kb_json_view(value);
            }
        }
    }
    return KB_STR("");
}

static bool condition_holds(const struct kb_world *world, const json_t *condition, const char *key,
                            const char *value, bool like)
{
    struct kb_str tag = tag_of(world, kb_aws_text(condition, key));
    struct kb_str wanted = kb_aws_text(condition, value);
    return like ? kb_iam_like(wanted, tag) : kb_str_eq(wanted, tag);
}

/* Every one of `Conditions` must hold. */
static bool conditions_hold(const struct kb_world *world, const json_t *conditions)
{
    static const struct {
        const char *operator;
        bool like, negated;
    } kinds[] = {{"StringEquals", false, false},
                 {"StringNotEquals", false, true},
                 {"StringLike", true, false},
                 {"StringNotLike", true, true}};
    bool all = true;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const json_t *list = kb_aws_get(conditions, kinds[i].operator);
        for (size_t k = 0; k < json_array_size(list); k++) {
            bool holds = condition_holds(world, json_array_get(list, k), "ConditionKey",
                                         "ConditionValue", kinds[i].like);
            all = all && holds != kinds[i].negated;
        }
    }
    return all;
}

/* Resources and tags together: AWS documents both "and" and "or"; where they disagree nothing is told. */
static enum answer selects(const struct kb_world *world, const json_t *selection)
{
    const json_t *resources = kb_aws_get(selection, "Resources");
    const json_t *tags = kb_aws_get(selection, "ListOfTags");
    bool by_name = any_matches(resources, world->eks.arn), by_tag = false;
    bool named = json_array_size(resources) > 0, tagged = json_array_size(tags) > 0;
    for (size_t i = 0; i < json_array_size(tags); i++) {
        by_tag = by_tag || condition_holds(world, json_array_get(tags, i), "ConditionKey",
                                           "ConditionValue", false);
    }
    if (any_matches(kb_aws_get(selection, "NotResources"), world->eks.arn) ||
        !conditions_hold(world, kb_aws_get(selection, "Conditions"))) {
        return NO;
    }
    if (named && tagged && by_name != by_tag) {
        return NOT_TOLD;
    }
    return (named && by_name) || (tagged && by_tag) ? YES : NO;
}

static struct kb_cel_val covers(const struct kb_world *world, struct kb_str plan)
{
    bool known = world->eks.cluster_read && kb_aws_read(world, "backup list-backup-selections");
    size_t listed = 0, described = 0;
    KB_AWS_EACH(it, world, "backup list-backup-selections", "BackupSelectionsList") {
        listed += kb_str_eq(kb_aws_text(it.item, "BackupPlanId"), plan);
    }
    KB_AWS_EACH(it, world, "backup get-backup-selection", NULL) {
        if (!kb_str_eq(kb_aws_text(it.item, "BackupPlanId"), plan)) {
            continue;
        }
        enum answer answer = selects(world, kb_aws_get(it.item, "BackupSelection"));
        described++;
        known = known && answer != NOT_TOLD;
        if (answer == YES && world->eks.cluster_read) {
            return kb_cel_bool(true);
        }
    }
    return known && described >= listed && (described > 0 || listed > 0) ? kb_cel_bool(false)
                                                                         : kb_aws_unknown();
}

static struct kb_cel_val gap_hours(const struct kb_world *world, const json_t *rule)
{
    enum { YEAR_S = 400 * 86400, FIRES = 20000, HOUR_S = 3600 };
    struct kb_str name = kb_aws_text(rule, "ScheduleExpressionTimezone");
    const struct kb_tz *zone = NULL;
    struct kb_cron cron;
    struct kb_time from = {world->now_ns / 1000000000, 0};
    struct kb_time until = {from.s + YEAR_S, 0};
    kb_res res =
        kb_cron_parse(KB_CRON_AWS, kb_aws_text(rule, "ScheduleExpression"), &cron, NULL);
    if (!kb_failed(res) && name.n > 0) {
        res = kb_tz_find(name, &zone, NULL);
    }
    if (kb_failed(res)) {
        return kb_aws_unknown();
    }
    struct kb_cron_span span = kb_cron_count(&cron, zone, from, until, FIRES);
    return span.max_gap_s < 0 ? kb_aws_unknown()
                              : kb_cel_int((span.max_gap_s + HOUR_S - 1) / HOUR_S);
}

/* "arn:aws:backup:<region>:<account>:backup-vault:<name>" against the cluster's home. */
static bool is_elsewhere(const struct kb_world *world, struct kb_str vault)
{
    struct kb_aws_home home = kb_aws_home(world);
    struct kb_str rest;
    (void)kb_str_split(vault, ':', &rest);
    (void)kb_str_split(rest, ':', &rest);
    (void)kb_str_split(rest, ':', &rest);
    struct kb_str region = kb_str_split(rest, ':', &rest);
    struct kb_str account = kb_str_split(rest, ':', &rest);
    return region.n > 0 && home.region.n > 0 &&
           (!kb_str_eq(region, home.region) || !kb_str_eq(account, home.account));
}

static bool copied_elsewhere(const struct kb_world *world, const json_t *rule)
{
    const json_t *copies = kb_aws_get(rule, "CopyActions");
    bool found = kb_aws_text(rule, "TargetLogicallyAirGappedBackupVaultArn").n > 0;
    for (size_t i = 0; i < json_array_size(copies) && !found; i++) {
        found = is_elsewhere(world, kb_aws_text(json_array_get(copies, i), "DestinationBackupVaultArn"));
    }
    return found;
}

static void give(const struct kb_world *world, const struct kb_aws_each *it, const json_t *rule,
                 kb_row_fn *fn, void *ctx)
{
    struct kb_aws_row row = kb_aws_row(&kb_table_backup_plan, it->kept);
    struct kb_str arn = kb_aws_text(it->item, "BackupPlanArn");
    struct kb_str id = kb_aws_text(it->item, "BackupPlanId");
    struct kb_str schedule = kb_aws_text(rule, "ScheduleExpression");
    const json_t *lifecycle = kb_aws_get(rule, "Lifecycle");
    row.world = world;
    row.calls = by_column;
    row.object = arn.n > 0 ? arn : id;
    row.part = kb_aws_text(rule, "RuleName");
    row.values[C_plan] =
        kb_cel_string(kb_aws_text(kb_aws_get(it->item, "BackupPlan"), "BackupPlanName"));
    row.values[C_rule] = kb_cel_string(row.part);
    row.values[C_covers_cluster] = covers(world, id);
    row.values[C_schedule] = kb_cel_string(schedule);
    row.values[C_gap_hours] = gap_hours(world, rule);
    row.values[C_delete_days] = kb_cel_int(kb_aws_int(lifecycle, "DeleteAfterDays", 0));
    row.values[C_vault] = kb_cel_string(kb_aws_text(rule, "TargetBackupVaultName"));
    row.values[C_copied_elsewhere] = kb_cel_bool(copied_elsewhere(world, rule));
    kb_aws_row_give(&row, fn, ctx);
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    KB_AWS_EACH(it, world, "backup get-backup-plan", NULL) {
        const json_t *rules = kb_aws_dig(it.item, "BackupPlan.Rules");
        for (size_t i = 0; i < json_array_size(rules); i++) {
            give(world, &it, json_array_get(rules, i), fn, ctx);
        }
    }
}

static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    static const char *const calls[] = {"backup get-backup-plan"};
    const struct kb_aws_kept *list = kb_aws_next(world, "backup list-backup-plans", NULL);
    bool none = list != NULL && list->error.n == 0 &&
                json_array_size(kb_aws_get(list->json, "BackupPlansList")) == 0;
    return none ? KB_STR("") : kb_aws_unread(world, calls, 1, arena);
}

/* Who backs up otherwise does not read these settings. */
static const char *absent(const struct kb_world *world)
{
    return kb_world_uses_aws_backup(world) || kb_aws_next(world, "backup get-backup-plan", NULL) != NULL
               ? NULL
               : "settings.backupTool is not aws-backup";
}

const struct kb_fact_source kb_facts_backup_plan = {
    .table = &kb_table_backup_plan, .aws = true, .rows = rows, .missing = missing,
    .absent = absent};
