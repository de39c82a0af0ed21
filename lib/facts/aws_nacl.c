/* Table ec2.nacl. */
#include "facts/aws_net.h"
#include "facts/aws_row.h"
#include "facts/aws_tables.h"

#define COLUMNS(X)                                                                                 \
    X(arn, "string", KB_ALWAYS, "ARN of the network ACL.")                                         \
    X(id, "string", KB_ALWAYS, "Its id: \"acl-…\".")                                               \
    X(node, "bool", KB_ALWAYS, "Whether it holds for a subnet with nodes of a managed node group.") \
    X(open_ports, "list(int)", KB_ALWAYS,                                                          \
      "Of the ports 22, 2379, 2380, 3389, 6443 and 10250 those that it lets in from the internet, by TCP.")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(ec2_nacl, "ec2.nacl", "One row a network ACL.");

static const int64_t ports[] = {22, 2379, 2380, 3389, 6443, 10250};
enum { PORTS = sizeof ports / sizeof ports[0], RULE_LAST = 32767 };

/* Whether the entry decides about a TCP port that comes in from the internet. */
static bool decides(const json_t *entry, int64_t port, bool v6)
{
    struct kb_str protocol = kb_aws_text(entry, "Protocol");
    const json_t *range = kb_aws_get(entry, "PortRange");
    bool any = kb_str_eq_c(protocol, "-1");
    bool tcp = kb_str_eq_c(protocol, "6") || kb_str_eq_c(protocol, "tcp");
    bool in = any || (tcp && kb_aws_int(range, "From", 0) <= port &&
                      port <= kb_aws_int(range, "To", UINT16_MAX));
    struct kb_str from = kb_aws_text(entry, v6 ? "Ipv6CidrBlock" : "CidrBlock");
    return in && !kb_aws_true(entry, "Egress") && kb_net_is_world(from);
}

/* The entry of the lowest number decides; without one it is refused. */
static bool lets_in(const json_t *acl, int64_t port, bool v6)
{
    const json_t *entries = kb_aws_get(acl, "Entries");
    int64_t lowest = RULE_LAST + 1;
    bool allowed = false;
    for (size_t i = 0; i < json_array_size(entries); i++) {
        const json_t *entry = json_array_get(entries, i);
        int64_t number = kb_aws_int(entry, "RuleNumber", RULE_LAST);
        if (number < lowest && decides(entry, port, v6)) {
            lowest = number;
            allowed = kb_aws_is(entry, "RuleAction", "allow");
        }
    }
    return allowed;
}

static struct kb_cel_val open_ports(const json_t *acl, struct kb_arena *arena)
{
    struct kb_cel_val *items = KB_NEW_ARRAY(arena, PORTS, struct kb_cel_val);
    struct kb_cel_list *list = KB_NEW(arena, struct kb_cel_list);
    *list = (struct kb_cel_list){items, 0};
    for (size_t i = 0; i < PORTS; i++) {
        if (lets_in(acl, ports[i], false) || lets_in(acl, ports[i], true)) {
            items[list->n++] = kb_cel_int(ports[i]);
        }
    }
    return kb_cel_list(list);
}

static bool holds_for(const json_t *acl, const struct kb_aws_names *subnets)
{
    const json_t *list = kb_aws_get(acl, "Associations");
    bool found = false;
    for (size_t i = 0; i < json_array_size(list) && !found; i++) {
        found = kb_aws_names_have(subnets, kb_aws_text(json_array_get(list, i), "SubnetId"));
    }
    return found;
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_arena arena = {0};
    struct kb_aws_names nodes = {0};
    bool whole = kb_net_nodegroups_whole(world);
    kb_net_node_subnets(world, &arena, &nodes);
    KB_AWS_EACH(it, world, "ec2 describe-network-acls", "NetworkAcls") {
        struct kb_aws_row row = kb_aws_row(&kb_table_ec2_nacl, it.kept);
        struct kb_str id = kb_aws_text(it.item, "NetworkAclId");
        struct kb_str rest = kb_arena_printf(&arena, "network-acl/%.*s", KB_FMT(id));
        bool node = holds_for(it.item, &nodes);
        row.object = kb_aws_arn(world, "ec2", kb_aws_text(it.item, "OwnerId"), rest, &arena);
        row.values[C_arn] = kb_cel_string(row.object);
        row.values[C_id] = kb_cel_string(id);
        row.values[C_node] = node || whole ? kb_cel_bool(node) : kb_aws_unknown();
        row.values[C_open_ports] = open_ports(it.item, &arena);
        kb_aws_row_give(&row, fn, ctx);
    }
    kb_arena_done(&arena);
}

static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    static const char *const calls[] = {"ec2 describe-network-acls", "eks list-nodegroups"};
    return kb_net_unread(world, calls, 2, arena);
}

const struct kb_fact_source kb_facts_ec2_nacl = {
    .table = &kb_table_ec2_nacl, .aws = true, .rows = rows, .missing = missing};
