/* Table ec2.route. */
#include "data/ip.h"
#include "facts/aws_net.h"
#include "facts/aws_row.h"
#include "facts/aws_tables.h"

#define COLUMNS(X)                                                                                 \
    X(target, "string", KB_ALWAYS,                                                                 \
      "Id of the peering connection, transit gateway or virtual private gateway.")                 \
    X(kind, "string", KB_ALWAYS, "\"peering\", \"transit-gateway\" or \"vpn\".")                   \
    X(destination, "string", KB_ALWAYS, "The range or prefix list that goes there.")               \
    X(bits, "int", KB_ALWAYS, "Length of the range's prefix; unknown for a prefix list.")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(ec2_route, "ec2.route",
             "One row a range that leaves the subnets of the cluster for another network: a peering "
             "connection, a transit gateway or a VPN.");

/* The other network behind a route; NULL where it stays, or goes to the internet or an endpoint. */
static const char *target_of(const json_t *route, struct kb_str *target)
{
    static const struct {
        const char *member, *prefix, *kind;
    } kinds[] = {
        {"VpcPeeringConnectionId", "pcx-", "peering"},
        {"TransitGatewayId", "tgw-", "transit-gateway"},
        {"GatewayId", "vgw-", "vpn"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        *target = kb_aws_text(route, kinds[i].member);
        if (kb_str_starts(*target, kb_str_c(kinds[i].prefix))) {
            return kinds[i].kind;
        }
    }
    return NULL;
}

struct kb_str kb_net_destination(const json_t *route)
{
    static const char *const members[] = {"DestinationCidrBlock", "DestinationIpv6CidrBlock",
                                          "DestinationPrefixListId"};
    struct kb_str text = KB_STR("");
    for (size_t i = 0; i < sizeof members / sizeof members[0] && text.n == 0; i++) {
        text = kb_aws_text(route, members[i]);
    }
    return text;
}

struct giver {
    struct kb_arena arena;
    struct kb_aws_names seen; /* "target destination" */
    const struct kb_aws_kept *kept;
    kb_row_fn *fn;
    void *ctx;
};

static void give(struct giver *by, const json_t *route)
{
    struct kb_str target;
    struct kb_cidr cidr;
    const char *kind = target_of(route, &target);
    struct kb_str to = kb_net_destination(route);
    struct kb_str name = kb_arena_printf(&by->arena, "%.*s %.*s", KB_FMT(target), KB_FMT(to));
    if (kind == NULL || kb_aws_names_have(&by->seen, name)) {
        return;
    }
    struct kb_aws_row row = kb_aws_row(&kb_table_ec2_route, by->kept);
    kb_aws_names_add(&by->seen, &by->arena, name);
    row.object = target;
    row.part = to;
    row.values[C_target] = kb_cel_string(target);
    row.values[C_kind] = kb_cel_string(kb_str_c(kind));
    row.values[C_destination] = kb_cel_string(to);
    if (!kb_failed(kb_cidr_parse(to, &cidr, NULL))) {
        row.values[C_bits] = kb_cel_int(cidr.bits);
    }
    kb_aws_row_give(&row, by->fn, by->ctx);
}

static void give_table(struct giver *by, const struct kb_world *world, struct kb_str id)
{
    KB_AWS_EACH(it, world, "ec2 describe-route-tables", "RouteTables") {
        const json_t *routes = kb_aws_get(it.item, "Routes");
        bool same = id.n > 0 && kb_str_eq(kb_aws_text(it.item, "RouteTableId"), id);
        by->kept = it.kept;
        for (size_t k = 0; same && k < json_array_size(routes); k++) {
            give(by, json_array_get(routes, k));
        }
    }
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct giver by = {.fn = fn, .ctx = ctx};
    struct kb_aws_names subnets = {0};
    kb_net_control_subnets(world, &by.arena, &subnets);
    kb_net_node_subnets(world, &by.arena, &subnets);
    for (size_t i = 0; i < subnets.n; i++) {
        give_table(&by, world, kb_net_route_table(world, kb_net_subnet(world, subnets.at[i])));
    }
    kb_arena_done(&by.arena);
}

static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    static const char *const calls[] = {"ec2 describe-route-tables", "ec2 describe-subnets",
                                        "eks describe-cluster", "eks list-nodegroups"};
    struct kb_str unread = kb_net_unread(world, calls, 4, arena);
    return unread.n == 0 && !kb_net_nodegroups_whole(world)
               ? KB_STR("not every node group was described")
               : unread;
}

const struct kb_fact_source kb_facts_ec2_route = {
    .table = &kb_table_ec2_route, .aws = true, .rows = rows, .missing = missing};
