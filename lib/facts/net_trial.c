/* What if some policies were there. */
#include "facts/net_take.h"
#include "network/copy.h"

/* The policy that one of this name would replace. */
static void leave_out(struct kb_net_world *net, struct kb_str name_space, struct kb_str name)
{
    size_t kept = 0;
    for (size_t i = 0; i < net->policies.n; i++) {
        const struct kb_net_policy *policy = net->policies.at[i];
        bool same = policy->kind == KB_NET_NETWORK_POLICY &&
                    kb_str_eq(policy->name_space, name_space) && kb_str_eq(policy->name, name);
        if (!same) {
            net->policies.at[kept++] = net->policies.at[i];
        }
    }
    net->policies.n = kept;
}

static void take(struct kb_net_world *net, const json_t *policies)
{
    for (size_t i = 0; i < json_array_size(policies); i++) {
        const json_t *policy = json_array_get(policies, i), *meta = json_object_get(policy, "metadata");
        leave_out(net, kb_json_view(json_object_get(meta, "namespace")),
                  kb_json_view(json_object_get(meta, "name")));
    }
    for (size_t i = 0; i < json_array_size(policies); i++) {
        (void)kb_net_take(net, json_array_get(policies, i));
    }
}

struct kb_net_model *kb_net_trial_new(const struct kb_net_model *base, const json_t *policies)
{
    struct kb_net_model *trial = kb_alloc(sizeof *trial);
    *trial = *base;
    trial->arena = (struct kb_arena){0};
    trial->names = trial->group_index = trial->made_index = (struct kb_map){0};
    trial->node_answers = trial->node_addresses = (struct kb_map){0};
    trial->resolvers.at = NULL;
    trial->resolvers.n = trial->resolvers.cap = 0;
    trial->system_first = trial->system_end = 0;
    trial->made.at = NULL;
    trial->made.n = trial->made.cap = 0;
    trial->groups.at = NULL;
    trial->groups.n = trial->groups.cap = 0;
    kb_net_world_copy(&base->net, &trial->net);
    take(&trial->net, policies);
    kb_net_close(&trial->net);
    kb_net_group_pods(trial);
    for (size_t i = 0; i < trial->groups.n; i++) {
        trial->groups.at[i].workload = base->groups.at[i].workload;
    }
    return trial;
}

void kb_net_trial_free(struct kb_net_model *trial)
{
    if (trial == NULL) {
        return;
    }
    kb_map_done(&trial->names);
    kb_map_done(&trial->group_index);
    kb_map_done(&trial->node_answers);
    kb_map_done(&trial->node_addresses);
    KB_VEC_DONE(&trial->resolvers);
    KB_VEC_DONE(&trial->groups);
    kb_net_world_done(&trial->net);
    kb_arena_done(&trial->arena);
    kb_free(trial);
}
