/* Table ec2.vpc. */
#include "facts/aws_net.h"
#include "facts/aws_policy.h"
#include "facts/aws_row.h"
#include "facts/aws_tables.h"

#define COLUMNS(X)                                                                                 \
    X(arn, "string", KB_ALWAYS, "ARN of the VPC.")                                                 \
    X(id, "string", KB_ALWAYS, "Its id: \"vpc-…\".")                                               \
    X(flow_log, "bool", KB_ALWAYS,                                                                 \
      "Whether an active flow log of all or of refused traffic is on it, or on every subnet of the " \
      "cluster.")                                                                                  \
    X(flow_log_errors, "list(string)", KB_ALWAYS, "Its flow logs that do not arrive.")             \
    X(is_private, "bool", KB_ALWAYS, "Whether the API server has no public endpoint.")             \
    X(endpoints, "list(string)", KB_ALWAYS,                                                        \
      "Services with an endpoint in it: \"s3\", \"ecr.api\" and the like.")                        \
    X(open_endpoints, "list(string)", KB_ALWAYS,                                                   \
      "Those whose policy lets everybody do everything, on no condition.")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(ec2_vpc, "ec2.vpc", "One row: the cluster's VPC.");

static const char *const by_column[KB_AWS_COLUMNS_MAX] = {
    [C_flow_log] = "ec2 describe-flow-logs",
    [C_flow_log_errors] = "ec2 describe-flow-logs",
    [C_endpoints] = "ec2 describe-vpc-endpoints",
    [C_open_endpoints] = "ec2 describe-vpc-endpoints",
    [C_is_private] = "eks describe-cluster",
};

static bool is_active(const json_t *log)
{
    return kb_aws_is(log, "FlowLogStatus", "ACTIVE") && !kb_aws_is(log, "TrafficType", "ACCEPT");
}

static bool logged(const struct kb_world *world, struct kb_str resource)
{
    KB_AWS_EACH(it, world, "ec2 describe-flow-logs", "FlowLogs") {
        if (is_active(it.item) && kb_str_eq(kb_aws_text(it.item, "ResourceId"), resource)) {
            return true;
        }
    }
    return false;
}

static void fill_flow_logs(struct kb_aws_row *row, const struct kb_world *world, struct kb_str vpc,
                           struct kb_arena *arena)
{
    struct kb_aws_names subnets = {0}, failing = {0};
    kb_net_control_subnets(world, arena, &subnets);
    kb_net_node_subnets(world, arena, &subnets);
    bool each = subnets.n > 0 && kb_net_nodegroups_whole(world);
    for (size_t i = 0; i < subnets.n && each; i++) {
        each = logged(world, subnets.at[i]);
    }
    KB_AWS_EACH(it, world, "ec2 describe-flow-logs", "FlowLogs") {
        struct kb_str of = kb_aws_text(it.item, "ResourceId");
        bool ours = kb_str_eq(of, vpc) || kb_aws_names_have(&subnets, of);
        if (ours && kb_aws_is(it.item, "DeliverLogsStatus", "FAILED")) {
            kb_aws_names_add(&failing, arena, kb_aws_text(it.item, "FlowLogId"));
        }
    }
    if (kb_aws_read(world, "ec2 describe-flow-logs")) {
        row->values[C_flow_log] = kb_cel_bool(each || logged(world, vpc));
        row->values[C_flow_log_errors] = kb_aws_names_list(&failing, arena);
    }
}

/* "com.amazonaws.eu-west-1.ecr.api": "ecr.api"; so in every partition. */
static struct kb_str service_of(struct kb_str name, struct kb_str region)
{
    size_t at = region.n == 0 ? SIZE_MAX : kb_str_find(name, region, 0);
    return at == SIZE_MAX ? name : kb_str_sub(name, at + region.n + 1, name.n);
}

static bool is_open(const json_t *endpoint)
{
    KB_AUTO(kb_json_done) json_t *policy = kb_iam_policy(kb_aws_text(endpoint, "PolicyDocument"));
    bool open = false;
    const json_t *statement;
    for (size_t i = 0; !open && (statement = kb_iam_statement(policy, i)) != NULL; i++) {
        open = !kb_iam_denies(statement) && kb_iam_everybody(statement) &&
               !kb_iam_conditional(statement) &&
               kb_iam_covers_action(statement, KB_STR("any:Action"));
    }
    return open;
}

static void fill_endpoints(struct kb_aws_row *row, const struct kb_world *world, struct kb_str vpc,
                           struct kb_arena *arena)
{
    struct kb_aws_names services = {0}, open = {0};
    struct kb_str region = kb_aws_home(world).region;
    KB_AWS_EACH(it, world, "ec2 describe-vpc-endpoints", "VpcEndpoints") {
        struct kb_str service = service_of(kb_aws_text(it.item, "ServiceName"), region);
        bool there = kb_str_eq(kb_aws_text(it.item, "VpcId"), vpc) &&
                     (kb_aws_is(it.item, "State", "available") ||
                      kb_aws_is(it.item, "State", "Available"));
        if (there) {
            kb_aws_names_add(&services, arena, service);
        }
        if (there && is_open(it.item)) {
            kb_aws_names_add(&open, arena, service);
        }
    }
    if (kb_aws_read(world, "ec2 describe-vpc-endpoints")) {
        row->values[C_endpoints] = kb_aws_names_list(&services, arena);
        row->values[C_open_endpoints] = kb_aws_names_list(&open, arena);
    }
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_arena arena = {0};
    struct kb_str vpc = kb_net_vpc(world);
    const struct kb_aws_kept *kept = kb_aws_next(world, "ec2 describe-flow-logs", NULL);
    kept = kept != NULL ? kept : kb_aws_next(world, "eks describe-cluster", NULL);
    struct kb_aws_row row = kb_aws_row(&kb_table_ec2_vpc, kept);
    struct kb_str rest = kb_arena_printf(&arena, "vpc/%.*s", KB_FMT(vpc));
    const json_t *access = kb_aws_get(kb_net_vpc_config(world), "endpointPublicAccess");
    row.object = kb_aws_arn(world, "ec2", KB_STR(""), rest, &arena);
    row.values[C_arn] = kb_cel_string(row.object);
    row.values[C_id] = kb_cel_string(vpc);
    row.values[C_is_private] =
        json_is_boolean(access) ? kb_cel_bool(json_is_false(access)) : kb_aws_unknown();
    fill_flow_logs(&row, world, vpc, &arena);
    fill_endpoints(&row, world, vpc, &arena);
    if (vpc.n > 0) {
        row.world = world;
        row.calls = by_column;
        kb_aws_row_give(&row, fn, ctx);
    }
    kb_arena_done(&arena);
}

static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    static const char *const calls[] = {"eks describe-cluster"};
    return kb_net_unread(world, calls, 1, arena);
}

const struct kb_fact_source kb_facts_ec2_vpc = {
    .table = &kb_table_ec2_vpc, .aws = true, .rows = rows, .missing = missing};
