/* Table organizations.policy. */
#include "facts/aws_policy.h"
#include "facts/aws_row.h"
#include "facts/aws_tables.h"

#define COLUMNS(X)                                                                                 \
    X(account, "string", KB_ALWAYS, "The cluster's account.")                                      \
    X(policies, "list(string)", KB_ALWAYS, "Names of the service control policies that were read.") \
    X(undenied, "list(string)", KB_ALWAYS,                                                         \
      "Actions that destroy evidence and that no policy denies to all but named principals.")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(organizations_policy, "organizations.policy",
             "One row: what the service control policies over the cluster's account deny.");

static const char *const by_target = "organizations list-policies-for-target";
static const char *const describe = "organizations describe-policy";

static const char *const actions[] = {
    "logs:DeleteLogGroup",         "logs:PutRetentionPolicy",  "cloudtrail:StopLogging",
    "cloudtrail:DeleteTrail",      "backup:DeleteBackupVault", "backup:DeleteRecoveryPoint",
    "eks:UpdateClusterConfig",
};

static bool denies(const json_t *policy, struct kb_str action)
{
    bool found = false;
    const json_t *statement;
    for (size_t i = 0; !found && (statement = kb_iam_statement(policy, i)) != NULL; i++) {
        found = kb_iam_scp_denies(statement, action);
    }
    return found;
}

/* Whether a policy over the account has this id. */
static bool in_effect(const struct kb_world *world, struct kb_str id)
{
    KB_AWS_EACH(it, world, by_target, "Policies") {
        if (kb_str_eq(kb_aws_text(it.item, "Id"), id)) {
            return true;
        }
    }
    return false;
}

static bool is_described(const struct kb_world *world, struct kb_str id)
{
    KB_AWS_EACH(it, world, describe, "Policy") {
        if (kb_str_eq(kb_aws_text(kb_aws_get(it.item, "PolicySummary"), "Id"), id)) {
            return true;
        }
    }
    return false;
}

/* Whether what lies over the account is known: who asked for parents has to have been told. */
static bool parents_known(const struct kb_world *world)
{
    return kb_aws_next(world, "organizations list-parents", NULL) == NULL ||
           kb_aws_read(world, "organizations list-parents");
}

static bool all_described(const struct kb_world *world)
{
    bool all = parents_known(world);
    KB_AWS_EACH(it, world, by_target, "Policies") {
        all = all && is_described(world, kb_aws_text(it.item, "Id"));
    }
    return all;
}

static void fill(struct kb_aws_row *row, const struct kb_world *world, struct kb_arena *arena)
{
    struct kb_aws_names names = {0}, denied = {0}, undenied = {0};
    KB_AWS_EACH(it, world, describe, "Policy") {
        const json_t *summary = kb_aws_get(it.item, "PolicySummary");
        KB_AUTO(kb_json_done) json_t *policy = kb_iam_policy(kb_aws_text(it.item, "Content"));
        bool counts = in_effect(world, kb_aws_text(summary, "Id"));
        if (counts) {
            kb_aws_names_add(&names, arena, kb_aws_text(summary, "Name"));
        }
        for (size_t i = 0; counts && i < sizeof actions / sizeof actions[0]; i++) {
            if (denies(policy, kb_str_c(actions[i]))) {
                kb_aws_names_add(&denied, arena, kb_str_c(actions[i]));
            }
        }
    }
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (!kb_aws_names_have(&denied, kb_str_c(actions[i]))) {
            kb_aws_names_add(&undenied, arena, kb_str_c(actions[i]));
        }
    }
    row->values[C_policies] = kb_aws_names_list(&names, arena);
    if (undenied.n == 0 || all_described(world)) {
        row->values[C_undenied] = kb_aws_names_list(&undenied, arena);
    }
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const char *const by_policy[KB_AWS_COLUMNS_MAX] = {
        [C_undenied] = "organizations describe-policy"};
    static const char *const by_parents[KB_AWS_COLUMNS_MAX] = {
        [C_undenied] = "organizations list-parents"};
    struct kb_arena arena = {0};
    struct kb_aws_row row =
        kb_aws_row(&kb_table_organizations_policy, kb_aws_next(world, by_target, NULL));
    row.world = world;
    row.calls = parents_known(world) ? by_policy : by_parents;
    row.object = kb_aws_home(world).account;
    row.values[C_account] = kb_cel_string(row.object);
    fill(&row, world, &arena);
    if (kb_aws_read(world, by_target)) {
        kb_aws_row_give(&row, fn, ctx);
    }
    kb_arena_done(&arena);
}

static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    return kb_aws_unread(world, &by_target, 1, arena);
}

const struct kb_fact_source kb_facts_organizations_policy = {
    .table = &kb_table_organizations_policy, .aws = true, .rows = rows, .missing = missing};
