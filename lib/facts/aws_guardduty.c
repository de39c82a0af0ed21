/* Table guardduty.detector. */
#include "facts/aws_row.h"
#include "facts/aws_tables.h"

#define COLUMNS(X)                                                                                 \
    X(arn, "string", KB_ALWAYS, "ARN of the detector.")                                            \
    X(exists, "bool", KB_ALWAYS, "False where the region has no detector.")                        \
    X(enabled, "bool", KB_ALWAYS, "Whether the detector is on.")                                   \
    X(eks_audit, "bool", KB_ALWAYS, "Whether it reads the audit logs of EKS.")                     \
    X(eks_runtime, "bool", KB_ALWAYS, "Whether it watches processes of nodes and pods.")           \
    X(uncovered, "list(string)", KB_ALWAYS,                                                        \
      "What ails its watching of the cluster, by guardduty list-coverage; unknown where that was not read, or " \
      "does not name it.")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(guardduty_detector, "guardduty.detector",
             "One row the GuardDuty detector of the region; a row also where there is none.");

static const char *const by_column[KB_AWS_COLUMNS_MAX] = {
    [C_enabled] = "guardduty get-detector",
    [C_eks_audit] = "guardduty get-detector",
    [C_eks_runtime] = "guardduty get-detector",
    [C_uncovered] = "guardduty list-coverage",
};

/* The detector's answer does not name it: the only one is of the only detector. */
static const struct kb_aws_kept *detector(const struct kb_world *world, struct kb_str id)
{
    const struct kb_aws_kept *kept = kb_aws_about(world, "guardduty get-detector", id);
    const struct kb_aws_kept *only = kb_aws_next(world, "guardduty get-detector", NULL);
    bool alone = only != NULL && only->subject.n == 0 &&
                 kb_aws_next(world, "guardduty get-detector", only) == NULL;
    kept = kept == NULL && alone ? only : kept;
    return kept != NULL && kept->error.n == 0 && kept->json != NULL ? kept : NULL;
}

static bool has_feature(const json_t *answer, const char *name)
{
    const json_t *list = kb_aws_get(answer, "Features");
    bool on = false;
    for (size_t i = 0; i < json_array_size(list) && !on; i++) {
        const json_t *feature = json_array_get(list, i);
        on = kb_aws_is(feature, "Name", name) && kb_aws_is(feature, "Status", "ENABLED");
    }
    return on;
}

static bool audits(const json_t *answer)
{
    const json_t *old = kb_aws_dig(answer, "DataSources.Kubernetes.AuditLogs");
    bool listed = kb_aws_get(answer, "Features") != NULL;
    return has_feature(answer, "EKS_AUDIT_LOGS") || (!listed && kb_aws_is(old, "Status", "ENABLED"));
}

static struct kb_cel_val uncovered(const struct kb_world *world, struct kb_arena *arena)
{
    struct kb_aws_names issues = {0};
    bool named = false;
    KB_AWS_EACH(it, world, "guardduty list-coverage", "Resources") {
        const json_t *eks = kb_aws_dig(it.item, "ResourceDetails.EksClusterDetails");
        bool ours = world->eks.name.n > 0 && kb_str_eq(kb_aws_text(eks, "ClusterName"), world->eks.name);
        named = named || ours;
        if (ours && !kb_aws_is(it.item, "CoverageStatus", "HEALTHY")) {
            struct kb_str issue = kb_aws_text(it.item, "Issue");
            kb_aws_names_add(&issues, arena, issue.n > 0 ? issue : KB_STR("unhealthy"));
        }
    }
    bool told = named && kb_aws_read(world, "guardduty list-coverage");
    return issues.n > 0 || told ? kb_aws_names_list(&issues, arena) : kb_aws_unknown();
}

static void give(const struct kb_world *world, struct kb_str id, const struct kb_aws_kept *kept,
                 kb_row_fn *fn, void *ctx)
{
    struct kb_arena arena = {0};
    const struct kb_aws_kept *told = detector(world, id);
    struct kb_aws_row row = kb_aws_row(&kb_table_guardduty_detector, told != NULL ? told : kept);
    struct kb_str rest = kb_arena_printf(&arena, "detector/%.*s", KB_FMT(id));
    row.world = world;
    row.calls = by_column;
    row.object = id.n > 0 ? kb_aws_arn(world, "guardduty", KB_STR(""), rest, &arena)
                          : kb_aws_home(world).account;
    row.values[C_arn] = kb_cel_string(row.object);
    row.values[C_exists] = kb_cel_bool(id.n > 0);
    row.values[C_uncovered] =
        id.n > 0 ? uncovered(world, &arena) : kb_aws_list(&arena, NULL, NULL);
    if (told != NULL || id.n == 0) {
        const json_t *json = id.n == 0 ? NULL : told->json;
        row.values[C_enabled] = kb_cel_bool(kb_aws_is(json, "Status", "ENABLED"));
        row.values[C_eks_audit] = kb_cel_bool(audits(json));
        row.values[C_eks_runtime] = kb_cel_bool(has_feature(json, "RUNTIME_MONITORING") ||
                                                has_feature(json, "EKS_RUNTIME_MONITORING"));
    }
    kb_aws_row_give(&row, fn, ctx);
    kb_arena_done(&arena);
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    bool any = false;
    KB_AWS_EACH(it, world, "guardduty list-detectors", "DetectorIds") {
        any = true;
        give(world, kb_json_view(it.item), it.kept, fn, ctx);
    }
    if (!any && kb_aws_read(world, "guardduty list-detectors")) {
        give(world, KB_STR(""), kb_aws_next(world, "guardduty list-detectors", NULL), fn, ctx);
    }
}

static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    static const char *const calls[] = {"guardduty list-detectors"};
    return kb_aws_unread(world, calls, 1, arena);
}

const struct kb_fact_source kb_facts_guardduty_detector = {
    .table = &kb_table_guardduty_detector, .aws = true, .rows = rows, .missing = missing};
