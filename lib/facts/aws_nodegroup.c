/* Table eks.nodegroup. */
#include "data/time.h"
#include "facts/aws_net.h"
#include "facts/aws_row.h"
#include "facts/aws_tables.h"

#define COLUMNS(X)                                                                                 \
    X(arn, "string", KB_ALWAYS, "ARN of the managed node group.")                                  \
    X(name, "string", KB_ALWAYS, "Name of the node group.")                                        \
    X(status, "string", KB_ALWAYS, "\"ACTIVE\", \"DEGRADED\" and the like.")                       \
    X(issues, "list(string)", KB_ALWAYS, "Codes of health.issues.")                                \
    X(ami_type, "string", KB_ALWAYS, "\"AL2023_x86_64_STANDARD\", \"BOTTLEROCKET_x86_64\" …, \"CUSTOM\".") \
    X(release, "string", KB_ALWAYS, "Version of the image: \"1.34.2-20260304\"; empty for an own one.") \
    X(image_days, "int", KB_ALWAYS,                                                                \
      "Days since the image was built; unknown where its version holds no date.")                  \
    X(ssh_key, "string", KB_ALWAYS, "Name of the SSH key that opens its nodes; empty: none.")      \
    X(ssh_open, "bool", KB_ALWAYS,                                                                 \
      "Whether SSH is opened to everybody: a key without source security groups.")                 \
    X(tokens_required, "bool", KB_ALWAYS,                                                          \
      "Whether its nodes answer requests for metadata with a token only (IMDSv2).")                \
    X(metadata_hops, "int", KB_ALWAYS,                                                             \
      "Hops that an answer with metadata may travel: with 2 it reaches pods.")                     \
    X(disk_encrypted, "bool", KB_ALWAYS, "Whether its launch template encrypts every disk.")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(eks_nodegroup, "eks.nodegroup", "One row a managed node group of the cluster.");

static const char *const by_column[KB_AWS_COLUMNS_MAX] = {
    [C_status] = "eks describe-nodegroup",
    [C_issues] = "eks describe-nodegroup",
    [C_ami_type] = "eks describe-nodegroup",
    [C_ssh_open] = "eks describe-nodegroup",
    [C_tokens_required] = "ec2 describe-launch-template-versions",
    [C_metadata_hops] = "ec2 describe-launch-template-versions",
    [C_disk_encrypted] = "ec2 describe-launch-template-versions",
};

/* The date that ends "1.34.2-20260304". */
static struct kb_cel_val image_days(const struct kb_world *world, struct kb_str release)
{
    enum { DATE = 8, DAY_S = 86400, YEAR = 10000, MONTH = 100 };
    uint64_t date = 0;
    struct kb_str end = kb_str_sub(release, release.n < DATE ? 0 : release.n - DATE, release.n);
    bool dated = release.n > DATE && release.p[release.n - DATE - 1] == '-' &&
                 kb_str_u64(end, &date);
    struct kb_civil day = {.year = (int64_t)(date / YEAR),
                           .month = (int)(date / MONTH % MONTH),
                           .day = (int)(date % MONTH)};
    int64_t age = dated ? world->now_ns / 1000000000 - kb_time_from_civil(&day) : 0;
    return dated ? kb_cel_int(age / DAY_S) : kb_aws_unknown();
}

static struct kb_cel_val disks_encrypted(const json_t *data)
{
    const json_t *list = kb_aws_get(data, "BlockDeviceMappings");
    bool all = true;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *disk = kb_aws_get(json_array_get(list, i), "Ebs");
        all = all && (disk == NULL || kb_aws_true(disk, "Encrypted"));
    }
    return json_array_size(list) > 0 ? kb_cel_bool(all) : kb_aws_unknown();
}

/* Without options in the template the image and the account decide, which is not told here. */
static void fill_template(struct kb_aws_row *row, const struct kb_world *world,
                          const json_t *nodegroup)
{
    bool named;
    const json_t *found = kb_net_launch_template(world, nodegroup, &named);
    const json_t *data = kb_aws_get(found, "LaunchTemplateData");
    const json_t *options = kb_aws_get(data, "MetadataOptions");
    struct kb_str tokens = kb_aws_text(options, "HttpTokens");
    if (kb_aws_is(options, "HttpEndpoint", "disabled")) {
        row->values[C_tokens_required] = kb_cel_bool(true);
        row->values[C_metadata_hops] = kb_cel_int(0);
        return;
    }
    if (tokens.n > 0) {
        row->values[C_tokens_required] = kb_cel_bool(kb_str_eq_c(tokens, "required"));
    }
    row->values[C_metadata_hops] = kb_aws_int_or_unknown(options, "HttpPutResponseHopLimit");
    row->values[C_disk_encrypted] = disks_encrypted(data);
}

static void fill(struct kb_aws_row *row, const struct kb_world *world, const json_t *nodegroup,
                 struct kb_arena *arena)
{
    const json_t *issues = kb_aws_dig(nodegroup, "health.issues");
    const json_t *remote = kb_aws_get(nodegroup, "remoteAccess");
    struct kb_str release = kb_aws_text(nodegroup, "releaseVersion");
    struct kb_str key = kb_aws_text(remote, "ec2SshKey");
    bool sources = json_array_size(kb_aws_get(remote, "sourceSecurityGroups")) > 0;
    row->values[C_status] = kb_aws_text_or_unknown(nodegroup, "status");
    row->values[C_issues] =
        json_is_array(issues) ? kb_aws_list(arena, issues, "code") : kb_aws_unknown();
    row->values[C_ami_type] = kb_aws_text_or_unknown(nodegroup, "amiType");
    row->values[C_release] = kb_cel_string(release);
    row->values[C_image_days] = image_days(world, release);
    row->values[C_ssh_key] = kb_cel_string(key);
    row->values[C_ssh_open] = kb_cel_bool(key.n > 0 && !sources);
    fill_template(row, world, nodegroup);
}

static const json_t *described(const struct kb_world *world, struct kb_str name,
                               const struct kb_aws_kept **kept)
{
    KB_AWS_EACH(it, world, "eks describe-nodegroup", "nodegroup") {
        if (kb_str_eq(kb_aws_text(it.item, "nodegroupName"), name)) {
            *kept = it.kept;
            return it.item;
        }
    }
    return NULL;
}

/* A group that is listed and not described has a row of which nothing is known. */
static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_arena arena = {0};
    KB_AWS_EACH(it, world, "eks list-nodegroups", "nodegroups") {
        struct kb_str name = kb_json_view(it.item);
        const struct kb_aws_kept *kept = it.kept;
        const json_t *nodegroup = described(world, name, &kept);
        struct kb_aws_row row = kb_aws_row(&kb_table_eks_nodegroup, kept);
        struct kb_str rest = kb_arena_printf(&arena, "nodegroup/%.*s/%.*s",
                                             KB_FMT(world->eks.name), KB_FMT(name));
        struct kb_str arn = kb_aws_text(nodegroup, "nodegroupArn");
        row.object = arn.n > 0 ? arn : kb_aws_arn(world, "eks", KB_STR(""), rest, &arena);
        row.values[C_arn] = kb_cel_string(row.object);
        row.values[C_name] = kb_cel_string(name);
        if (nodegroup != NULL) {
            fill(&row, world, nodegroup, &arena);
        }
        row.world = world;
        row.calls = by_column;
        kb_aws_row_give(&row, fn, ctx);
    }
    kb_arena_done(&arena);
}

static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    static const char *const calls[] = {"eks list-nodegroups"};
    return kb_aws_unread(world, calls, 1, arena);
}

const struct kb_fact_source kb_facts_eks_nodegroup = {
    .table = &kb_table_eks_nodegroup, .aws = true, .rows = rows, .missing = missing};
