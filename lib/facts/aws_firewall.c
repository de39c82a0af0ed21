/* Table networkfirewall.firewall. */
#include "facts/aws_net.h"
#include "facts/aws_row.h"
#include "facts/aws_tables.h"

#define COLUMNS(X)                                                                                 \
    X(name, "string", KB_ALWAYS, "Name of the firewall.")                                          \
    X(exists, "bool", KB_ALWAYS, "False where the cluster's VPC has no firewall.")                 \
    X(delete_protection, "bool", KB_ALWAYS, "Whether it must be unlocked before it is deleted.")   \
    X(logged, "bool", KB_ALWAYS, "Whether it writes logs of flows or alerts.")                     \
    X(default_drop, "bool", KB_ALWAYS, "Whether its policy drops what no rule lets pass.")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(networkfirewall_firewall, "networkfirewall.firewall",
             "One row an AWS Network Firewall of the cluster's VPC; a row also where there is none.");

static const char *const by_column[KB_AWS_COLUMNS_MAX] = {
    [C_delete_protection] = "network-firewall describe-firewall",
    [C_logged] = "network-firewall describe-logging-configuration",
    [C_default_drop] = "network-firewall describe-firewall-policy",
};

static struct kb_cel_val logged(const struct kb_world *world, struct kb_str arn)
{
    const struct kb_aws_kept *about =
        kb_aws_about(world, "network-firewall describe-logging-configuration", arn);
    if (about != NULL && about->none) {
        return kb_cel_bool(false);
    }
    KB_AWS_EACH(it, world, "network-firewall describe-logging-configuration", NULL) {
        if (kb_str_eq(kb_aws_text(it.item, "FirewallArn"), arn)) {
            const json_t *to =
                kb_aws_dig(it.item, "LoggingConfiguration.LogDestinationConfigs");
            return kb_cel_bool(json_array_size(to) > 0);
        }
    }
    return kb_aws_unknown();
}

static bool any_starts(const json_t *actions, const char *prefix)
{
    bool found = false;
    for (size_t i = 0; i < json_array_size(actions) && !found; i++) {
        found = kb_str_starts(kb_json_view(json_array_get(actions, i)), kb_str_c(prefix));
    }
    return found;
}

/* What the stateless part drops is dropped; what it hands on, the stateful part has to. */
static struct kb_cel_val default_drop(const struct kb_world *world, struct kb_str arn)
{
    KB_AWS_EACH(it, world, "network-firewall describe-firewall-policy", NULL) {
        const json_t *response = kb_aws_get(it.item, "FirewallPolicyResponse");
        const json_t *policy = kb_aws_get(it.item, "FirewallPolicy");
        const json_t *stateless = kb_aws_get(policy, "StatelessDefaultActions");
        if (kb_str_eq(kb_aws_text(response, "FirewallPolicyArn"), arn)) {
            bool on = any_starts(stateless, "aws:forward_to_sfe") &&
                      any_starts(kb_aws_get(policy, "StatefulDefaultActions"), "aws:drop");
            return kb_cel_bool(on || any_starts(stateless, "aws:drop"));
        }
    }
    return kb_aws_unknown();
}

static void give(const struct kb_world *world, const struct kb_aws_kept *kept, const json_t *firewall,
                 kb_row_fn *fn, void *ctx)
{
    struct kb_arena arena = {0};
    struct kb_aws_row row = kb_aws_row(&kb_table_networkfirewall_firewall, kept);
    struct kb_str vpc = kb_arena_printf(&arena, "vpc/%.*s", KB_FMT(kb_net_vpc(world)));
    struct kb_str arn = kb_aws_text(firewall, "FirewallArn");
    bool there = firewall != NULL;
    row.world = world;
    row.calls = by_column;
    row.object = there ? arn : kb_aws_arn(world, "ec2", KB_STR(""), vpc, &arena);
    row.values[C_name] = kb_cel_string(kb_aws_text(firewall, "FirewallName"));
    row.values[C_exists] = kb_cel_bool(there);
    row.values[C_delete_protection] = kb_cel_bool(kb_aws_true(firewall, "DeleteProtection"));
    row.values[C_logged] = there ? logged(world, arn) : kb_cel_bool(false);
    row.values[C_default_drop] =
        there ? default_drop(world, kb_aws_text(firewall, "FirewallPolicyArn")) : kb_cel_bool(false);
    kb_aws_row_give(&row, fn, ctx);
    kb_arena_done(&arena);
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_str vpc = kb_net_vpc(world);
    bool any = false;
    KB_AWS_EACH(it, world, "network-firewall describe-firewall", "Firewall") {
        if (vpc.n > 0 && kb_str_eq(kb_aws_text(it.item, "VpcId"), vpc)) {
            any = true;
            give(world, it.kept, it.item, fn, ctx);
        }
    }
    const struct kb_aws_kept *list = kb_aws_next(world, "network-firewall list-firewalls", NULL);
    bool none = list != NULL && json_array_size(kb_aws_get(list->json, "Firewalls")) == 0;
    bool others = kb_aws_read(world, "network-firewall describe-firewall");
    if (!any && vpc.n > 0 && kb_aws_read(world, "network-firewall list-firewalls") &&
        (none || others)) {
        give(world, list, NULL, fn, ctx);
    }
}

static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    static const char *const calls[] = {"eks describe-cluster", "network-firewall list-firewalls",
                                        "network-firewall describe-firewall"};
    const struct kb_aws_kept *list = kb_aws_next(world, calls[1], NULL);
    bool none = list != NULL && json_array_size(kb_aws_get(list->json, "Firewalls")) == 0;
    return kb_net_unread(world, calls, none ? 2 : 3, arena);
}

const struct kb_fact_source kb_facts_networkfirewall_firewall = {
    .table = &kb_table_networkfirewall_firewall, .aws = true, .rows = rows, .missing = missing};
