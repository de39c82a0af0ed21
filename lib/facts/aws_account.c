/* Table aws.account. */
#include "facts/aws_row.h"
#include "facts/aws_tables.h"

#define COLUMNS(X)                                                                                 \
    X(account, "string", KB_ALWAYS, "Number of the account.")                                      \
    X(region, "string", KB_ALWAYS, "The cluster's region.")                                        \
    X(ebs_encrypted, "bool", KB_ALWAYS, "Whether new EBS volumes are encrypted by default.")       \
    X(snapshot_sharing, "string", KB_ALWAYS,                                                       \
      "\"block-all-sharing\", \"block-new-sharing\" or \"unblocked\".")                            \
    X(macie, "string", KB_ALWAYS, "\"ENABLED\", \"PAUSED\", or \"OFF\" where Macie is not on.")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(aws_account, "aws.account", "One row: the cluster's account and region.");

static const char *const by_column[KB_AWS_COLUMNS_MAX] = {
    [C_ebs_encrypted] = "ec2 get-ebs-encryption-by-default",
    [C_snapshot_sharing] = "ec2 get-snapshot-block-public-access-state",
    [C_macie] = "macie2 get-macie-session",
};

static struct kb_cel_val macie(const struct kb_world *world)
{
    const struct kb_aws_kept *kept = kb_aws_next(world, "macie2 get-macie-session", NULL);
    if (kept != NULL && kept->none) {
        return kb_cel_string(KB_STR("OFF"));
    }
    return kept == NULL || kept->error.n > 0 ? kb_aws_unknown()
                                             : kb_aws_text_or_unknown(kept->json, "status");
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const char *const ebs = "ec2 get-ebs-encryption-by-default";
    static const char *const sharing = "ec2 get-snapshot-block-public-access-state";
    struct kb_aws_home home = kb_aws_home(world);
    const struct kb_aws_kept *by_default = kb_aws_next(world, ebs, NULL);
    const struct kb_aws_kept *state = kb_aws_next(world, sharing, NULL);
    const struct kb_aws_kept *kept = by_default != NULL ? by_default : state;
    kept = kept != NULL ? kept : kb_aws_next(world, "macie2 get-macie-session", NULL);
    struct kb_aws_row row = kb_aws_row(&kb_table_aws_account, kept);
    row.object = home.account;
    row.values[C_account] = kb_cel_string(home.account);
    row.values[C_region] = kb_cel_string(home.region);
    if (by_default != NULL) {
        row.values[C_ebs_encrypted] =
            kb_aws_bool_or_unknown(by_default->json, "EbsEncryptionByDefault");
    }
    if (state != NULL) {
        row.values[C_snapshot_sharing] = kb_aws_text_or_unknown(state->json, "State");
    }
    row.values[C_macie] = macie(world);
    if (home.account.n > 0) {
        row.world = world;
        row.calls = by_column;
        kb_aws_row_give(&row, fn, ctx);
    }
}

static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    static const char *const calls[] = {"eks describe-cluster"};
    return kb_aws_unread(world, calls, 1, arena);
}

const struct kb_fact_source kb_facts_aws_account = {
    .table = &kb_table_aws_account, .aws = true, .rows = rows, .missing = missing};
