/* Table ec2.securitygroup_rule. */
#include "facts/aws_row.h"
#include "facts/aws_sg.h"
#include "facts/aws_tables.h"

#define COLUMNS(X)                                                                                 \
    X(arn, "string", KB_ALWAYS, "ARN of the security group.")                                      \
    X(id, "string", KB_ALWAYS, "Its id: \"sg-…\".")                                                \
    X(name, "string", KB_ALWAYS, "Name of the group.")                                             \
    X(ours, "bool", KB_ALWAYS, "Whether it is in the cluster's VPC.")                              \
    X(roles, "list(string)", KB_ALWAYS,                                                            \
      "What it is for the cluster: \"control-plane\", \"node\"; empty: nothing.")                  \
    X(ingress, "bool", KB_ALWAYS, "Whether the rule lets in; otherwise it lets out.")              \
    X(protocol, "string", KB_ALWAYS, "\"tcp\", \"udp\", \"icmp\", a number, or \"all\".")          \
    X(from_port, "int", KB_ALWAYS, "First port; -1 where the protocol has none.")                  \
    X(to_port, "int", KB_ALWAYS, "Last port; -1 where the protocol has none.")                     \
    X(peer, "string", KB_ALWAYS, "The range, prefix list or group at the other side.")             \
    X(world, "bool", KB_ALWAYS,                                                                    \
      "Whether the range is of the internet: shorter than /8 (IPv6: /16, but for fc00::/7).")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(ec2_securitygroup_rule, "ec2.securitygroup_rule",
             "One row a rule of a security group and a range, prefix list or group that it names.");

struct giver {
    const struct kb_sg_scene *scene;
    const struct kb_aws_kept *kept;
    const json_t *group, *part, *permission; /* `part` has the rules, `group` the name */
    bool ingress;
    kb_row_fn *fn;
    void *ctx;
};

/* "-1" is every protocol with every port; a number is one without a name. */
static void fill_ports(struct kb_aws_row *row, const json_t *permission)
{
    enum { PORT_MAX = 65535 };
    struct kb_str protocol = kb_aws_text(permission, "IpProtocol");
    bool all = kb_str_eq_c(protocol, "-1");
    bool ports = kb_str_eq_c(protocol, "tcp") || kb_str_eq_c(protocol, "udp") ||
                 kb_str_eq_c(protocol, "6") || kb_str_eq_c(protocol, "17");
    int64_t from = kb_aws_int(permission, "FromPort", 0);
    int64_t to = kb_aws_int(permission, "ToPort", PORT_MAX);
    bool any = all || (ports && (from < 0 || to < 0));
    row->values[C_protocol] = kb_cel_string(all ? KB_STR("all") : protocol);
    row->values[C_from_port] = kb_cel_int(any ? 0 : ports ? from : -1);
    row->values[C_to_port] = kb_cel_int(any ? PORT_MAX : ports ? to : -1);
}

static void give(const struct giver *by, struct kb_str peer)
{
    struct kb_arena arena = {0};
    struct kb_aws_row row = kb_aws_row(&kb_table_ec2_securitygroup_rule, by->kept);
    row.object = kb_sg_arn(by->scene->world, by->group, &arena);
    row.values[C_arn] = kb_cel_string(row.object);
    row.values[C_id] = kb_aws_text_or_unknown(by->group, "GroupId");
    row.values[C_name] = kb_aws_text_or_unknown(by->group, "GroupName");
    row.values[C_ours] = kb_sg_ours(by->scene, by->group);
    row.values[C_roles] = kb_sg_roles(by->scene, by->group, &arena);
    row.values[C_ingress] = kb_cel_bool(by->ingress);
    row.values[C_peer] = kb_cel_string(peer);
    row.values[C_world] = kb_cel_bool(kb_net_is_world(peer));
    fill_ports(&row, by->permission);
    row.part = kb_arena_printf(&arena, "%d %.*s %lld %.*s", by->ingress,
                               KB_FMT(row.values[C_protocol].s),
                               (long long)row.values[C_from_port].i, KB_FMT(peer));
    kb_aws_row_give(&row, by->fn, by->ctx);
    kb_arena_done(&arena);
}

const struct kb_sg_peer kb_sg_peers[KB_SG_PEERS] = {{"IpRanges", "CidrIp"},
                                                    {"Ipv6Ranges", "CidrIpv6"},
                                                    {"PrefixListIds", "PrefixListId"},
                                                    {"UserIdGroupPairs", "GroupId"}};

/* Every range, list and group that a permission names. */
static void give_permission(const struct giver *by)
{
    for (size_t i = 0; i < KB_SG_PEERS; i++) {
        const json_t *list = kb_aws_get(by->permission, kb_sg_peers[i].list);
        for (size_t k = 0; k < json_array_size(list); k++) {
            give(by, kb_aws_text(json_array_get(list, k), kb_sg_peers[i].member));
        }
    }
}

static void give_group(struct giver *by, const char *member, bool ingress)
{
    const json_t *list = kb_aws_get(by->part, member);
    by->ingress = ingress;
    for (size_t i = 0; i < json_array_size(list); i++) {
        by->permission = json_array_get(list, i);
        give_permission(by);
    }
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_arena arena = {0};
    struct kb_sg_scene scene;
    kb_sg_scene(world, &arena, &scene);
    KB_AWS_EACH(it, world, "ec2 describe-security-groups", "SecurityGroups") {
        struct giver by = {
            .scene = &scene, .kept = it.kept, .part = it.item, .fn = fn, .ctx = ctx};
        by.group = kb_sg_whole(world, it.item);
        give_group(&by, "IpPermissions", true);
        give_group(&by, "IpPermissionsEgress", false);
    }
    kb_arena_done(&arena);
}

const struct kb_fact_source kb_facts_ec2_securitygroup_rule = {
    .table = &kb_table_ec2_securitygroup_rule, .aws = true, .rows = rows, .missing = kb_sg_missing};
