/* Table eks.cluster. */
#include "facts/eks_tables.h"
#include "facts/getters.h"

struct cluster_row {
    struct kb_str arn, name, auth_mode, source;
    bool creator_admin;
    uint64_t minor;
    struct kb_cel_val aws_auth;
};

static void get_aws_auth(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    *out = ((const struct cluster_row *)data)->aws_auth;
}

KB_GET(STR, cluster_row, arn)
KB_GET(STR, cluster_row, name)
KB_GET(STR, cluster_row, auth_mode)
KB_GET(BOOL, cluster_row, creator_admin)
KB_GET(INT, cluster_row, minor)

static const struct kb_column columns[] = {
    {"arn", "string", KB_ALWAYS, get_arn, "ARN of the cluster."},
    {"name", "string", KB_ALWAYS, get_name, "Its name alone, without kind and namespace."},
    {"minor", "int", KB_ALWAYS, get_minor, "Minor version of Kubernetes; 0 where it is not told."},
    {"auth_mode", "string", KB_ALWAYS, get_auth_mode,
     "accessConfig.authenticationMode: \"CONFIG_MAP\", \"API_AND_CONFIG_MAP\" or \"API\"."},
    {"creator_admin", "bool", KB_ALWAYS, get_creator_admin,
     "Whether whoever created the cluster is its admin by that alone."},
    {"aws_auth", "bool", KB_ALWAYS, get_aws_auth,
     "Whether the ConfigMap aws-auth maps anybody; unknown where it was not read."},
};

const struct kb_table kb_table_eks_cluster = {
    .name = "eks.cluster",
    .doc = "One row: the EKS cluster, as aws eks describe-cluster tells it.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    (void)arena;
    const struct cluster_row *row = data;
    *out = (struct kb_row_info){
        .object = row->arn,
        .evidence = {.source = row->source, .locator = KB_STR("eks describe-cluster")},
        .time_ns = INT64_MIN,
        .order = row->arn,
    };
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    const struct kb_eks_model *eks = &world->eks;
    bool known = eks->has_aws_auth || kb_world_whole(world, KB_KIND_CONFIG_MAP);
    struct cluster_row row = {
        .arn = eks->arn,
        .name = eks->name,
        .auth_mode = eks->auth_mode,
        .source = eks->source,
        .creator_admin = eks->creator_admin,
        .minor = eks->minor,
        .aws_auth = known ? kb_cel_bool(eks->aws_auth.entries.n > 0)
                          : (struct kb_cel_val){.kind = KB_CEL_UNKNOWN},
    };
    struct kb_row out = {&kb_table_eks_cluster, &ops, &row};
    if (eks->cluster_read) {
        fn(ctx, &out);
    }
}

static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    (void)arena;
    return world->eks.cluster_read
               ? KB_STR("")
               : KB_STR("the cluster's settings were not read (aws eks describe-cluster)");
}

const struct kb_fact_source kb_facts_eks_cluster = {
    .table = &kb_table_eks_cluster,
    .aws = true,
    .rows = rows,
    .missing = missing,
};
