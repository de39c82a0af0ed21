/* Table eks.addon. */
#include "facts/aws_row.h"
#include "facts/aws_tables.h"

#define COLUMNS(X)                                                                                 \
    X(arn, "string", KB_ALWAYS, "ARN of the add-on.")                                              \
    X(name, "string", KB_ALWAYS, "Name of the add-on: \"vpc-cni\", \"coredns\" and the like.")     \
    X(version, "string", KB_ALWAYS, "\"v1.20.4-eksbuild.1\" and the like.")                        \
    X(status, "string", KB_ALWAYS, "\"ACTIVE\", \"DEGRADED\" and the like.")                       \
    X(issues, "list(string)", KB_ALWAYS, "Codes of health.issues.")                                \
    X(own_role, "bool", KB_ALWAYS,                                                                 \
      "Whether it has an IAM role of its own, by IRSA or Pod Identity, and not the node's.")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(eks_addon, "eks.addon", "One row an EKS add-on of the cluster.");

static const char *const by_column[KB_AWS_COLUMNS_MAX] = {
    [C_status] = "eks describe-addon",
    [C_issues] = "eks describe-addon",
    [C_own_role] = "eks describe-addon",
};

static const json_t *described(const struct kb_world *world, struct kb_str name,
                               const struct kb_aws_kept **kept)
{
    KB_AWS_EACH(it, world, "eks describe-addon", "addon") {
        if (kb_str_eq(kb_aws_text(it.item, "addonName"), name)) {
            *kept = it.kept;
            return it.item;
        }
    }
    return NULL;
}

static void fill(struct kb_aws_row *row, const json_t *addon, struct kb_arena *arena)
{
    const json_t *issues = kb_aws_dig(addon, "health.issues");
    bool role = kb_aws_text(addon, "serviceAccountRoleArn").n > 0 ||
                json_array_size(kb_aws_get(addon, "podIdentityAssociations")) > 0;
    row->values[C_version] = kb_aws_text_or_unknown(addon, "addonVersion");
    row->values[C_status] = kb_aws_text_or_unknown(addon, "status");
    row->values[C_issues] =
        json_is_array(issues) ? kb_aws_list(arena, issues, "code") : kb_aws_unknown();
    row->values[C_own_role] = kb_cel_bool(role);
}

/* An add-on that is listed and not described has a row of which nothing is known. */
static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_arena arena = {0};
    KB_AWS_EACH(it, world, "eks list-addons", "addons") {
        struct kb_str name = kb_json_view(it.item);
        const struct kb_aws_kept *kept = it.kept;
        const json_t *addon = described(world, name, &kept);
        struct kb_aws_row row = kb_aws_row(&kb_table_eks_addon, kept);
        struct kb_str rest = kb_arena_printf(&arena, "addon/%.*s/%.*s", KB_FMT(world->eks.name),
                                             KB_FMT(name));
        struct kb_str arn = kb_aws_text(addon, "addonArn");
        row.object = arn.n > 0 ? arn : kb_aws_arn(world, "eks", KB_STR(""), rest, &arena);
        row.values[C_arn] = kb_cel_string(row.object);
        row.values[C_name] = kb_cel_string(name);
        if (addon != NULL) {
            fill(&row, addon, &arena);
        }
        row.world = world;
        row.calls = by_column;
        kb_aws_row_give(&row, fn, ctx);
    }
    kb_arena_done(&arena);
}

static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    static const char *const calls[] = {"eks list-addons"};
    return kb_aws_unread(world, calls, 1, arena);
}

const struct kb_fact_source kb_facts_eks_addon = {
    .table = &kb_table_eks_addon, .aws = true, .rows = rows, .missing = missing};
