/* The kinds of policies, and taking one. */
#include "network/policy.h"

#include "network/internal.h"

static const struct {
    const char *group, *kind;
    bool namespaced;
} kinds[] = {
#define KIND(sym, group, kind, namespaced) [sym] = {group, kind, namespaced},
    KB_NET_KINDS(KIND)
#undef KIND
};

const char *kb_net_kind_name(enum kb_net_kind kind)
{
    return kinds[kind].kind;
}

const char *kb_net_direction_name(enum kb_net_direction direction)
{
    return direction == KB_NET_INGRESS ? "ingress" : "egress";
}

struct kb_str kb_net_policy_text(const struct kb_net_policy *policy, struct kb_arena *arena)
{
    return kb_arena_printf(arena, "%s/%.*s%s%.*s", kb_net_kind_name(policy->kind),
                           KB_FMT(policy->name_space), policy->name_space.n > 0 ? "/" : "",
                           KB_FMT(policy->name));
}

static bool find_kind(struct kb_str group, struct kb_str kind, enum kb_net_kind *out)
{
    for (int i = 0; i < KB_NET_KIND_COUNT; i++) {
        if (kb_str_eq_c(group, kinds[i].group) && kb_str_eq_c(kind, kinds[i].kind)) {
            *out = (enum kb_net_kind)i;
            return true;
        }
    }
    return false;
}

static bool enforced(const struct kb_net_profile *profile, enum kb_net_kind kind)
{
    switch (kind) {
    case KB_NET_NETWORK_POLICY:
        return !profile->enforces_nothing;
    case KB_NET_ADMIN_POLICY:
    case KB_NET_BASELINE_POLICY:
    case KB_NET_CLUSTER_POLICY:
        return profile->upstream_admin;
    case KB_NET_AWS_CLUSTER_POLICY:
    case KB_NET_AWS_APP_POLICY:
        return profile->aws_policies;
    case KB_NET_KIND_COUNT:
        break;
    }
    return false;
}

void kb_net_world_enforce(struct kb_net_world *world, const struct kb_net_profile *profile)
{
    world->profile = profile;
    for (size_t i = 0; i < world->policies.n; i++) {
        struct kb_net_policy *policy = world->policies.at[i];
        policy->inert = !enforced(profile, policy->kind);
    }
}

bool kb_net_take_policy(struct kb_net_world *world, struct kb_str group, struct kb_str kind,
                        const json_t *object)
{
    enum kb_net_kind id;
    bool is_new;
    if (!find_kind(group, kind, &id)) {
        return false;
    }
    const json_t *meta = json_object_get(object, "metadata");
    struct kb_str name_space = kb_json_view(json_object_get(meta, "namespace"));
    struct kb_net_policy *policy = KB_NEW(&world->arena, struct kb_net_policy);
    *policy = (struct kb_net_policy){
        .kind = id,
        .name = kb_net_intern(world, kb_json_view(json_object_get(meta, "name"))),
        .name_space = kb_net_intern(world, !kinds[id].namespaced ? KB_STR("")
                                           : name_space.n > 0    ? name_space
                                                                 : KB_STR("default")),
        .uid = kb_arena_copy(&world->arena, kb_json_view(json_object_get(meta, "uid"))),
        .resource_version =
            kb_arena_copy(&world->arena, kb_json_view(json_object_get(meta, "resourceVersion"))),
        .created_ns = kb_net_created(meta),
        .types_given = json_array_size(json_object_get(json_object_get(object, "spec"),
                                                       "policyTypes")) > 0,
        .inert = !enforced(world->profile, id),
    };
    struct kb_net_reader r = {world, kb_net_policy_text(policy, &world->arena), policy};
    struct kb_str whole =
        kb_arena_printf(&world->arena, "%.*s/%.*s", KB_FMT(group), KB_FMT(r.object));
    kb_map_add(&world->object_index, whole, &is_new);
    if (!is_new) {
        kb_net_problem(&r, NULL, "is there twice; the first one counts");
        return true;
    }
    if (policy->name_space.n > 0) {
        (void)kb_net_namespace_number(world, policy->name_space);
    }
    const json_t *spec = json_object_get(object, "spec");
    if (kinds[id].namespaced) {
        kb_net_read_network_policy(&r, spec);
    } else {
        kb_net_read_admin_policy(&r, spec);
    }
    *KB_VEC_PUSH(&world->policies) = policy;
    return true;
}
