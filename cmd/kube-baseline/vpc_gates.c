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
    unsigned box;
    return kb_vpc_find(d, KB_STR("internet"), &box)
               ? box
               : kb_vpc_add(d, KB_STR("internet"), KB_STR("internet"), KB_GRAPH_OUTSIDE, &spot);
}

static unsigned add_gate(struct kb_vpc_drawing *d, const struct gate *gate, struct kb_str id,
                         unsigned vpc)
{
    struct kb_vpc_spot spot = {vpc, KB_VPC_GATES, d->frames[vpc]};
    unsigned box;
    if (kb_vpc_find(d, id, &box)) {
        return box;
    }
    box = kb_vpc_add(d, id, kb_arena_printf(d->arena, "%s %.*s", gate->what, KB_FMT(id)),
                     KB_GRAPH_GATE, &spot);
    if (gate->internet) {
        kb_vpc_join(d, box, internet(d), KB_STR("internet"));
    }
    return box;
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
            !kb_vpc_number(d, kb_aws_text(it.item, "VpcId"), &vpc)) {
            continue;
        }
        box = add_gate(d, gate_named("nat-"), id, vpc);
        if (kb_aws_is(it.item, "ConnectivityType", "private")) {
            kb_graph_add_line(d->graph, box, KB_STR("private"));
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
    kb_graph_add_line(d->graph, box,
                      kb_arena_printf(d->arena, "account %.*s, %.*s", KB_FMT(kb_aws_text(peer, "OwnerId")),
                                      KB_FMT(kb_aws_text(peer, "Region"))));
    kb_graph_add_line(d->graph, box, kb_aws_text(peer, "CidrBlock"));
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
            (!requests && !kb_vpc_number(d, kb_aws_text(accepter, "VpcId"), &vpc))) {
            continue;
        }
        box = add_gate(d, gate_named("pcx-"), id, vpc);
        kb_graph_add_line(d->graph, box, state);
        kb_vpc_join(d, box, add_peer(d, requests ? accepter : requester, vpc), KB_STR("peer"));
    }
}

static void add_attachments(struct kb_vpc_drawing *d)
{
    KB_AWS_EACH(it, d->world, "ec2 describe-transit-gateway-vpc-attachments",
                "TransitGatewayVpcAttachments") {
        unsigned vpc;
        bool live = kb_aws_is(it.item, "State", "available");
        if (!live || !kb_vpc_number(d, kb_aws_text(it.item, "VpcId"), &vpc)) {
            continue;
        }
        struct kb_str id = kb_aws_text(it.item, "TransitGatewayId");
        unsigned box = add_gate(d, gate_named("tgw-"), id, vpc);
        kb_graph_add_line(d->graph, box,
                          kb_arena_printf(d->arena, "attachment %.*s",
                                          KB_FMT(kb_aws_text(it.item, "TransitGatewayAttachmentId"))));
    }
}

static void add_endpoints(struct kb_vpc_drawing *d)
{
    KB_AWS_EACH(it, d->world, "ec2 describe-vpc-endpoints", "VpcEndpoints") {
        struct kb_str vpc_id = kb_aws_text(it.item, "VpcId");
        unsigned vpc, box;
        if (!kb_vpc_number(d, vpc_id, &vpc)) {
            continue;
        }
        struct kb_str key = kb_arena_printf(d->arena, "endpoints %.*s", KB_FMT(vpc_id));
        struct kb_vpc_spot spot = {vpc, KB_VPC_GATES, d->frames[vpc]};
        box = kb_vpc_find(d, key, &box) ? box
                                        : kb_vpc_add(d, key, KB_STR("endpoints"), KB_GRAPH_GATE, &spot);
        kb_graph_add_line(d->graph, box,
                          kb_arena_printf(d->arena, "%.*s, %.*s",
                                          KB_FMT(kb_aws_text(it.item, "ServiceName")),
                                          KB_FMT(kb_aws_text(it.item, "VpcEndpointType"))));
    }
}

static struct kb_str destination_of(const json_t *route)
{
    static const char *const members[] = {"DestinationCidrBlock", "DestinationIpv6CidrBlock",
                                          "DestinationPrefixListId"};
    struct kb_str text = KB_STR("");
    for (size_t i = 0; i < sizeof members / sizeof members[0] && text.n == 0; i++) {
        text = kb_aws_text(route, members[i]);
    }
    return text;
}

static void add_routes(struct kb_vpc_drawing *d, unsigned subnet, unsigned vpc, const json_t *routes)
{
    for (size_t i = 0; i < json_array_size(routes); i++) {
        const json_t *route = json_array_get(routes, i);
        struct kb_str id, to = destination_of(route);
        const struct gate *gate = gate_of(route, &id);
        if (gate == NULL) {
            continue;
        }
        if (kb_aws_is(route, "State", "blackhole")) {
            to = kb_arena_printf(d->arena, "%.*s (blackhole)", KB_FMT(to));
        }
        kb_vpc_join(d, subnet, add_gate(d, gate, id, vpc), to);
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
