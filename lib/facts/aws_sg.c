/* Whose a security group is. */
#include "facts/aws_net.h"
#include "facts/aws_sg.h"

static const char *const groups_call = "ec2 describe-security-groups";

void kb_sg_scene(const struct kb_world *world, struct kb_arena *arena, struct kb_sg_scene *out)
{
    *out = (struct kb_sg_scene){.world = world, .vpc = kb_net_vpc(world), .whole = true};
    kb_net_control_groups(world, arena, &out->control);
    kb_net_node_groups(world, arena, &out->node, &out->whole);
}

static bool has_tag(const json_t *group, struct kb_str key, const char *value)
{
    const json_t *tags = kb_aws_get(group, "Tags");
    bool found = false;
    for (size_t i = 0; i < json_array_size(tags) && !found; i++) {
        const json_t *tag = json_array_get(tags, i);
        found = kb_str_eq(kb_aws_text(tag, "Key"), key) && kb_aws_is(tag, "Value", value);
    }
    return found;
}

struct kb_cel_val kb_sg_roles(const struct kb_sg_scene *scene, const json_t *group,
                              struct kb_arena *arena)
{
    struct kb_aws_names roles = {0};
    struct kb_str id = kb_aws_text(group, "GroupId");
    struct kb_str tag =
        kb_arena_printf(arena, "kubernetes.io/cluster/%.*s", KB_FMT(scene->world->eks.name));
    if (kb_aws_names_have(&scene->control, id)) {
        kb_aws_names_add(&roles, arena, KB_STR("control-plane"));
    }
    if (kb_aws_names_have(&scene->node, id) || has_tag(group, tag, "owned")) {
        kb_aws_names_add(&roles, arena, KB_STR("node"));
    }
    return scene->vpc.n > 0 ? kb_aws_names_list(&roles, arena) : kb_aws_unknown();
}

const json_t *kb_sg_whole(const struct kb_world *world, const json_t *part)
{
    struct kb_str id = kb_aws_text(part, "GroupId");
    if (kb_aws_get(part, "GroupName") != NULL) {
        return part;
    }
    KB_AWS_EACH(it, world, groups_call, "SecurityGroups") {
        if (kb_str_eq(kb_aws_text(it.item, "GroupId"), id) &&
            kb_aws_get(it.item, "GroupName") != NULL) {
            return it.item;
        }
    }
    return part;
}

struct kb_str kb_sg_arn(const struct kb_world *world, const json_t *group, struct kb_arena *arena)
{
    struct kb_str arn = kb_aws_text(group, "SecurityGroupArn");
    struct kb_str rest =
        kb_arena_printf(arena, "security-group/%.*s", KB_FMT(kb_aws_text(group, "GroupId")));
    return arn.n > 0 ? arn : kb_aws_arn(world, "ec2", kb_aws_text(group, "OwnerId"), rest, arena);
}

struct kb_cel_val kb_sg_ours(const struct kb_sg_scene *scene, const json_t *group)
{
    return scene->vpc.n == 0 || kb_aws_get(group, "VpcId") == NULL
               ? kb_aws_unknown()
               : kb_cel_bool(kb_str_eq(kb_aws_text(group, "VpcId"), scene->vpc));
}

static bool is_described(const struct kb_world *world, struct kb_str id)
{
    KB_AWS_EACH(it, world, groups_call, "SecurityGroups") {
        if (kb_str_eq(kb_aws_text(it.item, "GroupId"), id)) {
            return true;
        }
    }
    return false;
}

static void tell_undescribed(const struct kb_world *world, const struct kb_aws_names *names,
                             struct kb_buf *out)
{
    for (size_t i = 0; i < names->n; i++) {
        if (!is_described(world, names->at[i])) {
            kb_buf_printf(out, "%s%.*s, which the cluster uses, was not described",
                          out->n > 0 ? "; " : "", KB_FMT(names->at[i]));
        }
    }
}

struct kb_str kb_sg_missing(const struct kb_world *world, struct kb_arena *arena)
{
    enum { TEXT_MAX = 2048 };
    static const char *const calls[] = {"ec2 describe-security-groups", "eks describe-cluster",
                                        "eks list-nodegroups"};
    struct kb_buf text = {.max = TEXT_MAX};
    struct kb_sg_scene scene;
    kb_sg_scene(world, arena, &scene);
    kb_buf_str(&text, kb_net_unread(world, calls, 3, arena));
    if (!kb_net_nodegroups_whole(world) && kb_aws_read(world, "eks list-nodegroups")) {
        kb_buf_printf(&text, "%snot every node group was described", text.n > 0 ? "; " : "");
    }
    if (!scene.whole) {
        kb_buf_printf(&text, "%sa launch template of a node group was not read (IAM action "
                             "ec2:DescribeLaunchTemplateVersions)",
                      text.n > 0 ? "; " : "");
    }
    if (kb_aws_read(world, groups_call)) {
        tell_undescribed(world, &scene.control, &text);
        tell_undescribed(world, &scene.node, &text);
    }
    struct kb_str out = kb_arena_copy(arena, kb_buf_view(&text));
    kb_buf_done(&text);
    return out;
}
