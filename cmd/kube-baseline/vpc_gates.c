/* What leads out of a VPC, and which subnets lead there. */
#include "kube-baseline/vpc_graph.h"

/* Targets of routes, by how their ids begin. */
static const struct gate {
    const char *member, *prefix, *what;
    bool internet;
} gates[] = {
    {"GatewayId", "igw-", "internet gateway", true},
    {"EgressOnlyInternetGatewayId", "eigw-", "egress-only internet gateway", true},
    {"NatGatewayId", "nat-", "NAT gateway", false},
    {"TransitGatewayId", "tgw-", "Transit Gateway", false},
    {"VpcPeeringConnectionId", "pcx-", "peering", false},
    {"GatewayId", "vgw-", "virtual private gateway", false},
    {"InstanceId", "i-", "instance", false},
    {"NetworkInterfaceId", "eni-", "interface", false},
};

static const struct gate *gate_of(const json_t *route, struct kb_str *id)
{
    for (size_t i = 0; i < sizeof gates / sizeof gates[0]; i++) {
        *id = kb_aws_text(route, gates[i].member);
        if (kb_str_starts(*id, kb_str_c(gates[i].prefix))) {
            return &gates[i];
        }
    }
    return NULL;
}

static unsigned internet(struct kb_vpc_drawing *d)
{
    static const struct kb_vpc_spot spot = {0, KB_VPC_OUTSIDE, KB_GRAPH_NO_FRAME};
    if (d->internet == 0) {
        d->internet = 1 + kb_vpc_add(d, KB_STR(""), KB_STR("internet"), KB_GRAPH_OUTSIDE, &spot);
    }
    return d->internet - 1;
}

/* The box of a gateway, new or not; false where there is no room. */
static bool add_gate(struct kb_vpc_drawing *d, const struct gate *gate, struct kb_str id, unsigned vpc,
                     unsigned *out)
{
    struct kb_vpc_spot spot = {vpc, KB_VPC_GATES, d->frames[vpc]};
    if (kb_vpc_find(d, id, out)) {
        return true;
    }
    if (!kb_vpc_has_room(d, id)) {
        return false;
    }
    *out = kb_vpc_add(d, id, kb_arena_printf(d->arena, "%s %.*s", gate->what, KB_FMT(id)),
                      KB_GRAPH_GATE, &spot);
    if (gate->internet) {
        kb_vpc_join(d, *out, internet(d), KB_STR("internet"));
    }
    return true;
}

static const struct gate *gate_named(const char *prefix)
{
    const struct gate *found = gates;
    for (size_t i = 0; i < sizeof gates / sizeof gates[0]; i++) {
        found = strcmp(gates[i].prefix, prefix) == 0 ? &gates[i] : found;
    }
    return found;
}

static void add_nats(struct kb_vpc_drawing *d)
{
    KB_AWS_EACH(it, d->world, "ec2 describe-nat-gateways", "NatGateways") {
        struct kb_str id = kb_aws_text(it.item, "NatGatewayId");
        struct kb_str in = kb_aws_text(it.item, "SubnetId");
        unsigned vpc, box, subnet;
        bool gone = kb_aws_is(it.item, "State", "deleted") || kb_aws_is(it.item, "State", "deleting");
        if (gone || kb_vpc_find(d, id, &box) ||
            !kb_vpc_number(d, kb_aws_text(it.item, "VpcId"), &vpc) ||
            !add_gate(d, gate_named("nat-"), id, vpc, &box)) {
            continue;
        }
        if (kb_aws_is(it.item, "ConnectivityType", "private")) {
            kb_vpc_line(d, box, KB_STR("private"));
        }
        if (kb_vpc_find(d, in, &subnet)) {
            kb_vpc_join(d, box, subnet, KB_STR("is in"));
        }
    }
}

/* The other side of a peering: a VPC that is drawn, or one that is not ours. */
static unsigned add_peer(struct kb_vpc_drawing *d, const json_t *peer, unsigned band)
{
    struct kb_str id = kb_aws_text(peer, "VpcId");
    struct kb_vpc_spot spot = {band, KB_VPC_OUTSIDE, KB_GRAPH_NO_FRAME};
    unsigned box;
    if (kb_vpc_find(d, id, &box)) {
        return box;
    }
    box = kb_vpc_add(d, id, kb_arena_printf(d->arena, "VPC %.*s", KB_FMT(id)), KB_GRAPH_OUTSIDE, &spot);
    kb_vpc_line(d, box, kb_arena_printf(d->arena, "account %.*s, %.*s", KB_FMT(kb_aws_text(peer, "OwnerId")),
                                      KB_FMT(kb_aws_text(peer, "Region"))));
    kb_vpc_line(d, box, kb_aws_text(peer, "CidrBlock"));
    return box;
}

static void add_peerings(struct kb_vpc_drawing *d)
{
    KB_AWS_EACH(it, d->world, "ec2 describe-vpc-peering-connections", "VpcPeeringConnections") {
        const json_t *accepter = kb_aws_get(it.item, "AccepterVpcInfo");
        const json_t *requester = kb_aws_get(it.item, "RequesterVpcInfo");
        struct kb_str id = kb_aws_text(it.item, "VpcPeeringConnectionId");
        struct kb_str state = kb_aws_text(kb_aws_get(it.item, "Status"), "Code");
        unsigned vpc, box;
        bool requests = kb_vpc_number(d, kb_aws_text(requester, "VpcId"), &vpc);
        if (kb_str_eq_c(state, "deleted") || kb_vpc_find(d, id, &box) ||
            (!requests && !kb_vpc_number(d, kb_aws_text(accepter, "VpcId"), &vpc)) ||
            !add_gate(d, gate_named("pcx-"), id, vpc, &box)) {
            continue;
        }
        kb_vpc_line(d, box, state);
        kb_vpc_join(d, box, add_peer(d, requests ? accepter : requester, vpc), KB_STR("peer"));
    }
}

static void add_attachments(struct kb_vpc_drawing *d)
{
    KB_AWS_EACH(it, d->world, "ec2 describe-transit-gateway-vpc-attachments",
                "TransitGatewayVpcAttachments") {
        struct kb_str id = kb_aws_text(it.item, "TransitGatewayId");
        unsigned vpc, box;
        bool live = kb_aws_is(it.item, "State", "available");
        if (!live || !kb_vpc_number(d, kb_aws_text(it.item, "VpcId"), &vpc) ||
            !add_gate(d, gate_named("tgw-"), id, vpc, &box)) {
            continue;
        }
        kb_vpc_line(d, box, kb_arena_printf(d->arena, "attachment %.*s",
                                          KB_FMT(kb_aws_text(it.item, "TransitGatewayAttachmentId"))));
    }
}

static void add_endpoints(struct kb_vpc_drawing *d)
{
    KB_AWS_EACH(it, d->world, "ec2 describe-vpc-endpoints", "VpcEndpoints") {
        unsigned vpc;
        if (!kb_vpc_number(d, kb_aws_text(it.item, "VpcId"), &vpc)) {
            continue;
        }
        struct kb_vpc_spot spot = {vpc, KB_VPC_GATES, d->frames[vpc]};
        if (d->endpoints[vpc] == 0) {
            d->endpoints[vpc] =
                1 + kb_vpc_add(d, KB_STR(""), KB_STR("endpoints"), KB_GRAPH_GATE, &spot);
        }
        kb_vpc_line(d, d->endpoints[vpc] - 1,
                    kb_arena_printf(d->arena, "%.*s, %.*s",
                                          KB_FMT(kb_aws_text(it.item, "ServiceName")),
                                          KB_FMT(kb_aws_text(it.item, "VpcEndpointType"))));
    }
}

static void add_routes(struct kb_vpc_drawing *d, unsigned subnet, unsigned vpc, const json_t *routes)
{
    for (size_t i = 0; i < json_array_size(routes); i++) {
        const json_t *route = json_array_get(routes, i);
        struct kb_str id, to = kb_net_destination(route);
        const struct gate *gate = gate_of(route, &id);
        unsigned box;
        if (gate == NULL || !add_gate(d, gate, id, vpc, &box)) {
            continue;
        }
        if (kb_aws_is(route, "State", "blackhole")) {
            to = kb_arena_printf(d->arena, "%.*s (blackhole)", KB_FMT(to));
        }
        kb_vpc_join(d, subnet, box, to);
    }
}

static void join_routes(struct kb_vpc_drawing *d)
{
    KB_AWS_EACH(it, d->world, "ec2 describe-subnets", "Subnets") {
        struct kb_str table = kb_net_route_table(d->world, it.item);
        unsigned vpc, subnet;
        if (table.n == 0 || !kb_vpc_number(d, kb_aws_text(it.item, "VpcId"), &vpc) ||
            !kb_vpc_find(d, kb_aws_text(it.item, "SubnetId"), &subnet)) {
            continue;
        }
        KB_AWS_EACH(part, d->world, "ec2 describe-route-tables", "RouteTables") {
            if (kb_str_eq(kb_aws_text(part.item, "RouteTableId"), table)) {
                add_routes(d, subnet, vpc, kb_aws_get(part.item, "Routes"));
            }
        }
    }
}

void kb_vpc_draw_gates(struct kb_vpc_drawing *d)
{
    add_nats(d);
    add_peerings(d);
    add_attachments(d);
    join_routes(d);
    add_endpoints(d);
}
