/* Table ec2.peering. */
#include "facts/aws_net.h"
#include "facts/aws_row.h"
#include "facts/aws_tables.h"

#define COLUMNS(X)                                                                                 \
    X(id, "string", KB_ALWAYS, "Id of the peering connection, or of the transit gateway.")         \
    X(kind, "string", KB_ALWAYS, "\"peering\" or \"transit-gateway\".")                            \
    X(active, "bool", KB_ALWAYS, "Whether packets may pass it.")                                   \
    X(peer_account, "string", KB_ALWAYS, "Account of the other side.")                             \
    X(peer_region, "string", KB_ALWAYS, "Region of the other side; empty where it is not told.")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(ec2_peering, "ec2.peering",
             "One row a peering connection or transit gateway to which the cluster's VPC is attached.");

static void give_peerings(const struct kb_world *world, struct kb_str vpc, kb_row_fn *fn, void *ctx)
{
    KB_AWS_EACH(it, world, "ec2 describe-vpc-peering-connections", "VpcPeeringConnections") {
        const json_t *accepter = kb_aws_get(it.item, "AccepterVpcInfo");
        const json_t *requester = kb_aws_get(it.item, "RequesterVpcInfo");
        bool accepts = kb_str_eq(kb_aws_text(accepter, "VpcId"), vpc);
        bool requests = kb_str_eq(kb_aws_text(requester, "VpcId"), vpc);
        const json_t *peer = accepts ? requester : accepter;
        struct kb_aws_row row = kb_aws_row(&kb_table_ec2_peering, it.kept);
        row.object = kb_aws_text(it.item, "VpcPeeringConnectionId");
        row.values[C_id] = kb_cel_string(row.object);
        row.values[C_kind] = kb_cel_string(KB_STR("peering"));
        row.values[C_active] = kb_cel_bool(kb_aws_is(kb_aws_get(it.item, "Status"), "Code", "active"));
        row.values[C_peer_account] = kb_cel_string(kb_aws_text(peer, "OwnerId"));
        row.values[C_peer_region] = kb_cel_string(kb_aws_text(peer, "Region"));
        if (accepts || requests) {
            kb_aws_row_give(&row, fn, ctx);
        }
    }
}

static void give_attachments(const struct kb_world *world, struct kb_str vpc, kb_row_fn *fn,
                             void *ctx)
{
    KB_AWS_EACH(it, world, "ec2 describe-transit-gateway-vpc-attachments",
                "TransitGatewayVpcAttachments") {
        struct kb_aws_row row = kb_aws_row(&kb_table_ec2_peering, it.kept);
        row.object = kb_aws_text(it.item, "TransitGatewayId");
        row.values[C_id] = kb_cel_string(row.object);
        row.values[C_kind] = kb_cel_string(KB_STR("transit-gateway"));
        row.values[C_active] = kb_cel_bool(kb_aws_is(it.item, "State", "available"));
        row.values[C_peer_account] = kb_cel_string(kb_aws_text(it.item, "VpcOwnerId"));
        row.values[C_peer_region] = kb_cel_string(KB_STR(""));
        if (kb_str_eq(kb_aws_text(it.item, "VpcId"), vpc)) {
            kb_aws_row_give(&row, fn, ctx);
        }
    }
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_str vpc = kb_net_vpc(world);
    if (vpc.n > 0) {
        give_peerings(world, vpc, fn, ctx);
        give_attachments(world, vpc, fn, ctx);
    }
}

static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    static const char *const calls[] = {"ec2 describe-vpc-peering-connections",
                                        "eks describe-cluster"};
    return kb_net_unread(world, calls, 2, arena);
}

const struct kb_fact_source kb_facts_ec2_peering = {
    .table = &kb_table_ec2_peering, .aws = true, .rows = rows, .missing = missing};
