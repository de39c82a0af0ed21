/* Table eks.addon. */
#include "data/semver.h"
#include "facts/aws_row.h"
#include "facts/aws_tables.h"

#define COLUMNS(X)                                                                                 \
    X(arn, "string", KB_ALWAYS, "ARN of the add-on.")                                              \
    X(name, "string", KB_ALWAYS, "Name of the add-on: \"vpc-cni\", \"coredns\" and the like.")     \
    X(version, "string", KB_ALWAYS, "\"v1.20.4-eksbuild.1\" and the like.")                        \
    X(status, "string", KB_ALWAYS, "\"ACTIVE\", \"DEGRADED\" and the like.")                       \
    X(issues, "list(string)", KB_ALWAYS, "Codes of health.issues.")                                \
    X(own_role, "bool", KB_ALWAYS,                                                                 \
      "Whether it has an IAM role of its own, by IRSA or Pod Identity, and not the node's.")        \
    X(compatible, "bool", KB_ALWAYS,                                                               \
      "Whether EKS names its version as one for the cluster's Kubernetes version.")                \
    X(default_version, "string", KB_ALWAYS, "What EKS installs on the cluster's version by itself.") \
    X(minors_behind, "int", KB_ALWAYS,                                                             \
      "Minor versions between it and the newest one for the cluster's version; 100 where the major differs.")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(eks_addon, "eks.addon", "One row an EKS add-on of the cluster.");

static const char *const by_column[KB_AWS_COLUMNS_MAX] = {
    [C_status] = "eks describe-addon",
    [C_issues] = "eks describe-addon",
    [C_own_role] = "eks describe-addon",
    [C_compatible] = "eks describe-addon-versions",
    [C_default_version] = "eks describe-addon-versions",
    [C_minors_behind] = "eks describe-addon-versions",
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

/* What EKS offers of one add-on for the cluster's version. */
struct offers {
    bool any, compatible, whole;
    struct kb_str by_default;
    struct kb_semver newest;
};

static struct kb_str cluster_version(const struct kb_world *world)
{
    KB_AWS_EACH(it, world, "eks describe-cluster", "cluster") {
        if (kb_str_eq(kb_aws_text(it.item, "arn"), world->eks.arn)) {
            return kb_aws_text(it.item, "version");
        }
    }
    return KB_STR("");
}

static void take_offer(struct offers *offers, const json_t *offer, struct kb_str cluster,
                       struct kb_str version)
{
    const json_t *list = kb_aws_get(offer, "compatibilities");
    struct kb_str name = kb_aws_text(offer, "addonVersion");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *entry = json_array_get(list, i);
        struct kb_semver parsed;
        if (!kb_str_eq(kb_aws_text(entry, "clusterVersion"), cluster)) {
            continue;
        }
        offers->compatible = offers->compatible || kb_str_eq(name, version);
        offers->by_default = kb_aws_true(entry, "defaultVersion") ? name : offers->by_default;
        if (!kb_failed(kb_semver_parse(name, true, &parsed, NULL)) &&
            (!offers->any || kb_semver_cmp(&parsed, &offers->newest) > 0)) {
            offers->newest = parsed;
        }
        offers->any = true;
    }
}

static struct offers offers_of(const struct kb_world *world, struct kb_str name,
                               struct kb_str version)
{
    struct offers offers = {.whole = true};
    struct kb_str cluster = cluster_version(world);
    KB_AWS_EACH(it, world, "eks describe-addon-versions", "addons") {
        const json_t *list = kb_aws_get(it.item, "addonVersions");
        if (cluster.n == 0 || !kb_str_eq(kb_aws_text(it.item, "addonName"), name)) {
            continue;
        }
        offers.whole = offers.whole && it.kept->error.n == 0;
        for (size_t i = 0; i < json_array_size(list); i++) {
            take_offer(&offers, json_array_get(list, i), cluster, version);
        }
    }
    return offers;
}

/* An answer about other versions of Kubernetes tells nothing. */
static void fill_versions(struct kb_aws_row *row, const struct kb_world *world,
                          struct kb_str name, struct kb_str version)
{
    enum { ANOTHER_MAJOR = 100 };
    struct offers offers = offers_of(world, name, version);
    struct kb_semver own;
    bool parsed = !kb_failed(kb_semver_parse(version, true, &own, NULL));
    if (offers.compatible || (offers.any && offers.whole)) {
        row->values[C_compatible] = kb_cel_bool(offers.compatible);
    }
    if (offers.by_default.n > 0) {
        row->values[C_default_version] = kb_cel_string(offers.by_default);
    }
    if (offers.any && offers.whole && parsed) {
        bool same = own.major == offers.newest.major;
        bool behind = kb_semver_cmp(&own, &offers.newest) < 0;
        int64_t minors = (int64_t)offers.newest.minor - (int64_t)own.minor;
        row->values[C_minors_behind] = kb_cel_int(!behind ? 0 : same ? minors : ANOTHER_MAJOR);
    }
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
            fill_versions(&row, world, name, kb_aws_text(addon, "addonVersion"));
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
