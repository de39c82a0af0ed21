/* Table ec2.subnet. */
#include "facts/aws_net.h"
#include "facts/aws_row.h"
#include "facts/aws_tables.h"

#define COLUMNS(X)                                                                                 \
    X(arn, "string", KB_ALWAYS, "ARN of the subnet.")                                              \
    X(id, "string", KB_ALWAYS, "Its id: \"subnet-…\".")                                            \
    X(cidr, "string", KB_ALWAYS, "Its range of IPv4.")                                             \
    X(zone, "string", KB_ALWAYS, "Its availability zone.")                                         \
    X(ours, "bool", KB_ALWAYS, "Whether it is in the cluster's VPC.")                              \
    X(node, "bool", KB_ALWAYS, "Whether a managed node group has nodes in it.")                    \
    X(control_plane, "bool", KB_ALWAYS, "Whether the control plane has interfaces in it.")         \
    X(public_addresses, "bool", KB_ALWAYS, "Whether what starts in it gets a public address.")     \
    X(internet_route, "bool", KB_ALWAYS, "Whether its route table leads to an internet gateway.")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(ec2_subnet, "ec2.subnet", "One row a subnet.");

static const char *const by_column[KB_AWS_COLUMNS_MAX] = {
    [C_internet_route] = "ec2 describe-route-tables",
    [C_node] = "eks describe-nodegroup",
    [C_public_addresses] = "ec2 describe-subnets",
};

struct scene {
    struct kb_aws_names control, nodes;
    struct kb_str vpc;
    bool routes, groups; /* read */
};

static void fill(struct kb_aws_row *row, const struct kb_world *world, const struct scene *scene,
                 const json_t *subnet)
{
    struct kb_str id = kb_aws_text(subnet, "SubnetId");
    bool node = kb_aws_names_have(&scene->nodes, id);
    row->values[C_arn] = kb_cel_string(row->object);
    row->values[C_id] = kb_cel_string(id);
    row->values[C_cidr] = kb_cel_string(kb_aws_text(subnet, "CidrBlock"));
    row->values[C_zone] = kb_aws_text_or_unknown(subnet, "AvailabilityZone");
    row->values[C_public_addresses] = kb_aws_bool_or_unknown(subnet, "MapPublicIpOnLaunch");
    if (scene->vpc.n > 0) {
        row->values[C_ours] = kb_cel_bool(kb_str_eq(kb_aws_text(subnet, "VpcId"), scene->vpc));
        row->values[C_control_plane] = kb_cel_bool(kb_aws_names_have(&scene->control, id));
    }
    if (node || scene->groups) {
        row->values[C_node] = kb_cel_bool(node);
    }
    struct kb_str table = kb_net_route_table(world, subnet);
    bool leads = kb_net_has_igw(world, table);
    if (table.n > 0 && (scene->routes || leads)) {
        row->values[C_internet_route] = kb_cel_bool(leads);
    }
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_arena arena = {0};
    struct scene scene = {.vpc = kb_net_vpc(world),
                          .routes = kb_aws_read(world, "ec2 describe-route-tables"),
                          .groups = kb_net_nodegroups_whole(world)};
    kb_net_control_subnets(world, &arena, &scene.control);
    kb_net_node_subnets(world, &arena, &scene.nodes);
    KB_AWS_EACH(it, world, "ec2 describe-subnets", "Subnets") {
        struct kb_aws_row row = kb_aws_row(&kb_table_ec2_subnet, it.kept);
        struct kb_str arn = kb_aws_text(it.item, "SubnetArn");
        struct kb_str rest =
            kb_arena_printf(&arena, "subnet/%.*s", KB_FMT(kb_aws_text(it.item, "SubnetId")));
        row.object = arn.n > 0 ? arn
                               : kb_aws_arn(world, "ec2", kb_aws_text(it.item, "OwnerId"), rest,
                                            &arena);
        fill(&row, world, &scene, it.item);
        row.world = world;
        row.calls = by_column;
        kb_aws_row_give(&row, fn, ctx);
    }
    kb_arena_done(&arena);
}

/* A subnet of the nodes that was not described is one about which nothing is known. */
static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    static const char *const calls[] = {"ec2 describe-subnets", "ec2 describe-route-tables",
                                        "eks describe-cluster", "eks list-nodegroups"};
    struct kb_str unread = kb_net_unread(world, calls, 4, arena);
    struct kb_aws_names nodes = {0};
    kb_net_node_subnets(world, arena, &nodes);
    if (unread.n == 0 && !kb_net_nodegroups_whole(world)) {
        unread = KB_STR("not every node group was described");
    }
    for (size_t i = 0; i < nodes.n && unread.n == 0; i++) {
        if (kb_net_subnet(world, nodes.at[i]) == NULL) {
            unread = kb_arena_printf(arena, "%.*s, in which nodes are, was not described",
                                     KB_FMT(nodes.at[i]));
        }
    }
    return unread;
}

const struct kb_fact_source kb_facts_ec2_subnet = {
    .table = &kb_table_ec2_subnet, .aws = true, .rows = rows, .missing = missing};
