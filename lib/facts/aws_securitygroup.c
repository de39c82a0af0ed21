/* Table ec2.securitygroup. */
#include "facts/aws_net.h"
#include "facts/aws_row.h"
#include "facts/aws_sg.h"
#include "facts/aws_tables.h"

#define COLUMNS(X)                                                                                 \
    X(arn, "string", KB_ALWAYS, "ARN of the security group.")                                      \
    X(id, "string", KB_ALWAYS, "Its id: \"sg-…\".")                                                \
    X(name, "string", KB_ALWAYS, "Name of the group.")                                             \
    X(is_default, "bool", KB_ALWAYS, "Whether it is the default group of its VPC.")                \
    X(ours, "bool", KB_ALWAYS, "Whether it is in the cluster's VPC.")                              \
    X(roles, "list(string)", KB_ALWAYS,                                                            \
      "What it is for the cluster: \"control-plane\", \"node\"; empty: nothing.")                  \
    X(ingress_rules, "int", KB_ALWAYS, "How many rules let in.")                                   \
    X(egress_rules, "int", KB_ALWAYS, "How many rules let out.")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(ec2_securitygroup, "ec2.securitygroup", "One row a security group.");

/* Over all parts in which the group is told of. */
static struct kb_cel_val count(const struct kb_world *world, const json_t *group, const char *member)
{
    struct kb_str id = kb_aws_text(group, "GroupId");
    size_t n = 0;
    bool told = false;
    KB_AWS_EACH(it, world, "ec2 describe-security-groups", "SecurityGroups") {
        const json_t *list = kb_aws_get(it.item, member);
        bool same = kb_str_eq(kb_aws_text(it.item, "GroupId"), id);
        told = told || (same && json_is_array(list));
        n += same ? json_array_size(list) : 0;
    }
    return told ? kb_cel_int((int64_t)n) : kb_aws_unknown();
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_arena arena = {0};
    struct kb_sg_scene scene;
    kb_sg_scene(world, &arena, &scene);
    KB_AWS_EACH(it, world, "ec2 describe-security-groups", "SecurityGroups") {
        struct kb_aws_row row = kb_aws_row(&kb_table_ec2_securitygroup, it.kept);
        row.object = kb_sg_arn(world, it.item, &arena);
        row.values[C_arn] = kb_cel_string(row.object);
        row.values[C_id] = kb_aws_text_or_unknown(it.item, "GroupId");
        row.values[C_name] = kb_aws_text_or_unknown(it.item, "GroupName");
        row.values[C_is_default] = kb_cel_bool(kb_aws_is(it.item, "GroupName", "default"));
        row.values[C_ours] = kb_sg_ours(&scene, it.item);
        row.values[C_roles] = kb_sg_roles(&scene, it.item, &arena);
        row.values[C_ingress_rules] = count(world, it.item, "IpPermissions");
        row.values[C_egress_rules] = count(world, it.item, "IpPermissionsEgress");
        if (kb_aws_get(it.item, "GroupName") != NULL) {
            kb_aws_row_give(&row, fn, ctx);
        }
    }
    kb_arena_done(&arena);
}

static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    static const char *const calls[] = {"ec2 describe-security-groups", "eks describe-cluster"};
    return kb_net_unread(world, calls, 2, arena);
}

const struct kb_fact_source kb_facts_ec2_securitygroup = {
    .table = &kb_table_ec2_securitygroup, .aws = true, .rows = rows, .missing = missing};
