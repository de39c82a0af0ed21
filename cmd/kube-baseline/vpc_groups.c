/* Security groups, what they let through, and who is behind them. */
#include "facts/aws_sg.h"
#include "kube-baseline/vpc_graph.h"

enum { GROUPS_MAX = 60, RULES_MAX = 10 };

static const char *const call = "ec2 describe-security-groups";

struct rule {
    unsigned box;
    struct kb_str own, ports;
    bool ingress;
    size_t lines; /* in the box, those that are not shown as well */
};

static struct kb_str ports_of(struct kb_vpc_drawing *d, const json_t *permission)
{
    struct kb_str protocol = kb_aws_text(permission, "IpProtocol");
    int64_t from = kb_aws_int(permission, "FromPort", -1), to = kb_aws_int(permission, "ToPort", -1);
    bool ports = kb_str_eq_c(protocol, "tcp") || kb_str_eq_c(protocol, "udp") ||
                 kb_str_eq_c(protocol, "6") || kb_str_eq_c(protocol, "17");
    if (kb_str_eq_c(protocol, "-1")) {
        return KB_STR("any protocol");
    }
    if (!ports || from < 0 || to < 0) {
        return protocol;
    }
    return from == to ? kb_arena_printf(d->arena, "%.*s %lld", KB_FMT(protocol), (long long)from)
                      : kb_arena_printf(d->arena, "%.*s %lld-%lld", KB_FMT(protocol),
                                        (long long)from, (long long)to);
}

static void tell(struct kb_vpc_drawing *d, struct rule *rule, struct kb_str peer)
{
    struct kb_str who = kb_str_eq(peer, rule->own) ? KB_STR("itself") : peer;
    if (rule->lines++ < RULES_MAX) {
        kb_graph_add_line(d->graph, rule->box,
                          kb_arena_printf(d->arena, "%s %.*s: %.*s", rule->ingress ? "from" : "to",
                                          KB_FMT(who), KB_FMT(rule->ports)));
    }
}

static unsigned everybody(struct kb_vpc_drawing *d)
{
    static const struct kb_vpc_spot spot = {0, KB_VPC_SENDERS, KB_GRAPH_NO_FRAME};
    if (d->everybody == 0) {
        d->everybody = 1 + kb_vpc_add(d, KB_STR(""), KB_STR("any address"), KB_GRAPH_OUTSIDE, &spot);
    }
    return d->everybody - 1;
}

/* One peer of a rule: an arrow from a group that is drawn, or from everybody; else a line. */
static void add_peer(struct kb_vpc_drawing *d, struct rule *rule, struct kb_str peer)
{
    unsigned from;
    bool other = rule->ingress && !kb_str_eq(peer, rule->own) && kb_vpc_find(d, peer, &from);
    if (other) {
        kb_vpc_join(d, from, rule->box, rule->ports);
        return;
    }
    tell(d, rule, peer);
    if (rule->ingress && kb_net_is_world(peer)) {
        kb_vpc_join(d, everybody(d), rule->box, rule->ports);
    }
}

static void add_rules(struct kb_vpc_drawing *d, struct rule *rule, const json_t *permissions)
{
    for (size_t i = 0; i < json_array_size(permissions); i++) {
        const json_t *permission = json_array_get(permissions, i);
        rule->ports = ports_of(d, permission);
        for (size_t p = 0; p < KB_SG_PEERS; p++) {
            const json_t *list = kb_aws_get(permission, kb_sg_peers[p].list);
            for (size_t k = 0; k < json_array_size(list); k++) {
                add_peer(d, rule, kb_aws_text(json_array_get(list, k), kb_sg_peers[p].member));
            }
        }
    }
}

static void add_group_rules(struct kb_vpc_drawing *d, struct kb_str id, unsigned box)
{
    struct rule rule = {.box = box, .own = id};
    for (int out = 0; out < 2; out++) {
        KB_AWS_EACH(it, d->world, call, "SecurityGroups") {
            rule.ingress = out == 0;
            if (kb_str_eq(kb_aws_text(it.item, "GroupId"), id)) {
                add_rules(d, &rule, kb_aws_get(it.item, out == 0 ? "IpPermissions" : "IpPermissionsEgress"));
            }
        }
    }
    if (rule.lines > RULES_MAX) {
        kb_graph_add_line(d->graph, box,
                          kb_arena_printf(d->arena, "and %zu more rules", rule.lines - RULES_MAX));
    }
}

static void add_groups(struct kb_vpc_drawing *d, struct kb_aws_names *ids)
{
    KB_AWS_EACH(it, d->world, call, "SecurityGroups") {
        struct kb_str id = kb_aws_text(it.item, "GroupId");
        struct kb_str name = kb_aws_text(it.item, "GroupName");
        unsigned vpc, known;
        if (name.n == 0 || kb_vpc_find(d, id, &known) ||
            !kb_vpc_number(d, kb_aws_text(it.item, "VpcId"), &vpc)) {
            continue;
        }
        if (ids->n >= GROUPS_MAX) {
            (void)kb_map_add(&d->left_out, id, NULL);
            continue;
        }
        struct kb_vpc_spot spot = {vpc, KB_VPC_GROUPS, d->frames[vpc]};
        (void)kb_vpc_add(d, id, kb_arena_printf(d->arena, "%.*s (%.*s)", KB_FMT(name), KB_FMT(id)),
                         KB_GRAPH_GUARD, &spot);
        kb_aws_names_add(ids, d->arena, id);
    }
}

static void join_users(struct kb_vpc_drawing *d, struct kb_str user, const struct kb_aws_names *groups)
{
    unsigned from, to;
    for (size_t i = 0; i < groups->n && kb_vpc_find(d, user, &from); i++) {
        if (kb_vpc_find(d, groups->at[i], &to)) {
            kb_vpc_join(d, from, to, KB_STR("behind"));
        }
    }
}

static void add_names(struct kb_vpc_drawing *d, const json_t *array, struct kb_aws_names *out)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        kb_aws_names_add(out, d->arena, kb_json_view(json_array_get(array, i)));
    }
}

/* Nodes are behind the groups of their launch template, or, where it names none, behind the cluster's own. */
static void join_nodes(struct kb_vpc_drawing *d, const json_t *nodegroup)
{
    bool named;
    struct kb_aws_names groups = {0};
    struct kb_str arn = kb_aws_text(nodegroup, "nodegroupArn");
    struct kb_str own = kb_aws_text(kb_net_vpc_config(d->world), "clusterSecurityGroupId");
    const json_t *version = kb_net_launch_template(d->world, nodegroup, &named);
    const json_t *data = kb_aws_get(version, "LaunchTemplateData");
    const json_t *interfaces = kb_aws_get(data, "NetworkInterfaces");
    add_names(d, kb_aws_get(data, "SecurityGroupIds"), &groups);
    for (size_t i = 0; i < json_array_size(interfaces); i++) {
        add_names(d, kb_aws_get(json_array_get(interfaces, i), "Groups"), &groups);
    }
    if (groups.n == 0 && own.n > 0 && (!named || version != NULL)) {
        kb_aws_names_add(&groups, d->arena, own);
    }
    join_users(d, arn.n > 0 ? arn : kb_aws_text(nodegroup, "nodegroupName"), &groups);
}

void kb_vpc_draw_groups(struct kb_vpc_drawing *d)
{
    struct kb_aws_names ids = {0}, control = {0};
    add_groups(d, &ids);
    for (size_t i = 0; i < ids.n; i++) {
        unsigned box = 0;
        (void)kb_vpc_find(d, ids.at[i], &box);
        add_group_rules(d, ids.at[i], box);
    }
    kb_net_control_groups(d->world, d->arena, &control);
    join_users(d, d->world->eks.arn, &control);
    KB_AWS_EACH(it, d->world, "eks describe-nodegroup", "nodegroup") {
        join_nodes(d, it.item);
    }
}
