/* Subnets, routes and security groups of the cluster. */
#include "facts/aws_net.h"

#include "data/ip.h"

static const char *const route_tables = "ec2 describe-route-tables";

const json_t *kb_net_vpc_config(const struct kb_world *world)
{
    KB_AWS_EACH(it, world, "eks describe-cluster", "cluster") {
        if (kb_str_eq(kb_aws_text(it.item, "arn"), world->eks.arn)) {
            return kb_aws_get(it.item, "resourcesVpcConfig");
        }
    }
    return NULL;
}

struct kb_str kb_net_vpc(const struct kb_world *world)
{
    return kb_aws_text(kb_net_vpc_config(world), "vpcId");
}

struct kb_str kb_net_unread(const struct kb_world *world, const char *const *calls, size_t n,
                            struct kb_arena *arena)
{
    struct kb_str unread = kb_aws_unread(world, calls, n, arena);
    return unread.n == 0 && kb_net_vpc(world).n == 0
               ? KB_STR("aws eks describe-cluster names no VPC (IAM action eks:DescribeCluster)")
               : unread;
}

static void add_all(const json_t *array, struct kb_arena *arena, struct kb_aws_names *out)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        kb_aws_names_add(out, arena, kb_json_view(json_array_get(array, i)));
    }
}

void kb_net_node_subnets(const struct kb_world *world, struct kb_arena *arena,
                         struct kb_aws_names *out)
{
    KB_AWS_EACH(it, world, "eks describe-nodegroup", "nodegroup") {
        add_all(kb_aws_get(it.item, "subnets"), arena, out);
    }
}

void kb_net_control_subnets(const struct kb_world *world, struct kb_arena *arena,
                            struct kb_aws_names *out)
{
    add_all(kb_aws_get(kb_net_vpc_config(world), "subnetIds"), arena, out);
}

bool kb_net_nodegroups_whole(const struct kb_world *world)
{
    bool whole = kb_aws_read(world, "eks list-nodegroups");
    KB_AWS_EACH(name, world, "eks list-nodegroups", "nodegroups") {
        bool described = false;
        KB_AWS_EACH(it, world, "eks describe-nodegroup", "nodegroup") {
            described = described || kb_str_eq(kb_aws_text(it.item, "nodegroupName"),
                                               kb_json_view(name.item));
        }
        whole = whole && described;
    }
    return whole;
}

bool kb_net_is_world(struct kb_str text)
{
    enum { V4_BITS = 8, V6_BITS = 16, PRIVATE_MASK = 0xfe, PRIVATE = 0xfc };
    struct kb_cidr cidr;
    if (kb_failed(kb_cidr_parse(text, &cidr, NULL))) {
        return false;
    }
    bool private_v6 = cidr.ip.family == 6 && cidr.bits >= 7 &&
                      (cidr.ip.bytes[0] & PRIVATE_MASK) == PRIVATE;
    return cidr.ip.family == 4 ? cidr.bits < V4_BITS : cidr.bits < V6_BITS && !private_v6;
}

const json_t *kb_net_subnet(const struct kb_world *world, struct kb_str id)
{
    KB_AWS_EACH(it, world, "ec2 describe-subnets", "Subnets") {
        if (kb_str_eq(kb_aws_text(it.item, "SubnetId"), id)) {
            return it.item;
        }
    }
    return NULL;
}

struct kb_cel_val kb_net_zones(const struct kb_world *world, const struct kb_aws_names *subnets,
                               struct kb_arena *arena)
{
    struct kb_aws_names zones = {0};
    for (size_t i = 0; i < subnets->n; i++) {
        struct kb_str zone = kb_aws_text(kb_net_subnet(world, subnets->at[i]), "AvailabilityZone");
        if (zone.n == 0) {
            return kb_aws_unknown();
        }
        kb_aws_names_add(&zones, arena, zone);
    }
    return kb_aws_names_list(&zones, arena);
}

/* Whether the association gives the table to the subnet; *is_main where it is the VPC's main one. */
static bool associated(const json_t *table, struct kb_str subnet, bool *is_main)
{
    const json_t *list = kb_aws_get(table, "Associations");
    bool own = false;
    *is_main = false;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *at = json_array_get(list, i);
        struct kb_str id = kb_aws_text(at, "SubnetId");
        own = own || (id.n > 0 && kb_str_eq(id, subnet));
        *is_main = *is_main || kb_aws_true(at, "Main");
    }
    return own;
}

struct kb_str kb_net_route_table(const struct kb_world *world, const json_t *subnet)
{
    struct kb_str id = kb_aws_text(subnet, "SubnetId");
    struct kb_str vpc = kb_aws_text(subnet, "VpcId");
    struct kb_str main_table = KB_STR("");
    KB_AWS_EACH(it, world, route_tables, "RouteTables") {
        bool is_main;
        if (subnet != NULL && associated(it.item, id, &is_main)) {
            return kb_aws_text(it.item, "RouteTableId");
        }
        if (subnet != NULL && is_main && kb_str_eq(kb_aws_text(it.item, "VpcId"), vpc)) {
            main_table = kb_aws_text(it.item, "RouteTableId");
        }
    }
    return main_table;
}

static bool is_live(const json_t *route)
{
    return !kb_aws_is(route, "State", "blackhole");
}

static struct kb_str target_of(const json_t *route)
{
    static const char *const targets[] = {"NatGatewayId", "GatewayId", "TransitGatewayId",
                                          "VpcPeeringConnectionId", "NetworkInterfaceId",
                                          "InstanceId", "EgressOnlyInternetGatewayId"};
    struct kb_str found = KB_STR("");
    for (size_t k = 0; k < sizeof targets / sizeof targets[0] && found.n == 0; k++) {
        found = kb_aws_text(route, targets[k]);
    }
    return found;
}

struct kb_str kb_net_default_target(const struct kb_world *world, struct kb_str route_table)
{
    struct kb_str found = KB_STR("");
    KB_AWS_EACH(it, world, route_tables, "RouteTables") {
        const json_t *routes = kb_aws_get(it.item, "Routes");
        bool same = kb_str_eq(kb_aws_text(it.item, "RouteTableId"), route_table);
        for (size_t i = 0; same && i < json_array_size(routes) && found.n == 0; i++) {
            const json_t *route = json_array_get(routes, i);
            bool all = kb_aws_is(route, "DestinationCidrBlock", "0.0.0.0/0");
            found = all && is_live(route) ? target_of(route) : found;
        }
    }
    return found;
}

bool kb_net_has_igw(const struct kb_world *world, struct kb_str route_table)
{
    bool found = false;
    KB_AWS_EACH(it, world, route_tables, "RouteTables") {
        const json_t *routes = kb_aws_get(it.item, "Routes");
        bool same = kb_str_eq(kb_aws_text(it.item, "RouteTableId"), route_table);
        for (size_t i = 0; same && i < json_array_size(routes) && !found; i++) {
            const json_t *route = json_array_get(routes, i);
            found = is_live(route) &&
                    kb_str_starts(kb_aws_text(route, "GatewayId"), KB_STR("igw-"));
        }
    }
    return found;
}

/* The zone of a NAT gateway; "regional" for one of all zones; empty where it was not read. */
static struct kb_str nat_zone(const struct kb_world *world, struct kb_str id)
{
    KB_AWS_EACH(it, world, "ec2 describe-nat-gateways", "NatGateways") {
        if (kb_str_eq(kb_aws_text(it.item, "NatGatewayId"), id)) {
            const json_t *subnet = kb_net_subnet(world, kb_aws_text(it.item, "SubnetId"));
            return kb_aws_is(it.item, "AvailabilityMode", "regional")
                       ? KB_STR("regional")
                       : kb_aws_text(subnet, "AvailabilityZone");
        }
    }
    return KB_STR("");
}

struct kb_cel_val kb_net_nat_elsewhere(const struct kb_world *world, struct kb_arena *arena)
{
    struct kb_aws_names subnets = {0}, zones = {0};
    kb_net_node_subnets(world, arena, &subnets);
    for (size_t i = 0; i < subnets.n; i++) {
        const json_t *subnet = kb_net_subnet(world, subnets.at[i]);
        struct kb_str table = kb_net_route_table(world, subnet);
        struct kb_str target = kb_net_default_target(world, table);
        bool by_nat = kb_str_starts(target, KB_STR("nat-"));
        struct kb_str zone = by_nat ? nat_zone(world, target) : KB_STR("regional");
        struct kb_str own = kb_aws_text(subnet, "AvailabilityZone");
        if (table.n == 0 || own.n == 0 || zone.n == 0) {
            return kb_aws_unknown();
        }
        if (!kb_str_eq_c(zone, "regional") && !kb_str_eq(zone, own)) {
            kb_aws_names_add(&zones, arena, own);
        }
    }
    return kb_aws_names_list(&zones, arena);
}

/* Version "4", "$Latest" or "$Default" of a template. */
static bool is_version(const json_t *entry, struct kb_str version)
{
    uint64_t number = 0;
    bool numbered = kb_str_u64(version, &number);
    return numbered ? (uint64_t)kb_aws_int(entry, "VersionNumber", -1) == number
                    : !kb_str_eq_c(version, "$Default") || kb_aws_true(entry, "DefaultVersion");
}

const json_t *kb_net_launch_template(const struct kb_world *world, const json_t *nodegroup,
                                     bool *named)
{
    const json_t *wanted = kb_aws_get(nodegroup, "launchTemplate");
    struct kb_str id = kb_aws_text(wanted, "id");
    struct kb_str version = kb_aws_text(wanted, "version");
    const json_t *found = NULL;
    *named = id.n > 0;
    KB_AWS_EACH(it, world, "ec2 describe-launch-template-versions", "LaunchTemplateVersions") {
        bool same = id.n > 0 && kb_str_eq(kb_aws_text(it.item, "LaunchTemplateId"), id) &&
                    is_version(it.item, version);
        bool newer = found == NULL || kb_aws_int(it.item, "VersionNumber", 0) >
                                          kb_aws_int(found, "VersionNumber", 0);
        found = same && newer ? it.item : found;
    }
    return found;
}

void kb_net_control_groups(const struct kb_world *world, struct kb_arena *arena,
                           struct kb_aws_names *out)
{
    const json_t *config = kb_net_vpc_config(world);
    struct kb_str own = kb_aws_text(config, "clusterSecurityGroupId");
    if (own.n > 0) {
        kb_aws_names_add(out, arena, own);
    }
    add_all(kb_aws_get(config, "securityGroupIds"), arena, out);
}

static void add_template_groups(const json_t *template_version, struct kb_arena *arena,
                                struct kb_aws_names *out)
{
    const json_t *data = kb_aws_get(template_version, "LaunchTemplateData");
    const json_t *interfaces = kb_aws_get(data, "NetworkInterfaces");
    add_all(kb_aws_get(data, "SecurityGroupIds"), arena, out);
    for (size_t i = 0; i < json_array_size(interfaces); i++) {
        add_all(kb_aws_get(json_array_get(interfaces, i), "Groups"), arena, out);
    }
}

void kb_net_node_groups(const struct kb_world *world, struct kb_arena *arena,
                        struct kb_aws_names *out, bool *whole)
{
    KB_AWS_EACH(it, world, "eks describe-nodegroup", "nodegroup") {
        bool named;
        const json_t *template_version = kb_net_launch_template(world, it.item, &named);
        struct kb_str remote =
            kb_json_view(kb_aws_dig(it.item, "resources.remoteAccessSecurityGroup"));
        *whole = *whole && (!named || template_version != NULL);
        add_template_groups(template_version, arena, out);
        if (remote.n > 0) {
            kb_aws_names_add(out, arena, remote);
        }
    }
}
