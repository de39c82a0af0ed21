/* Table net.node. */
#include "facts/getters.h"
#include "facts/net_tables.h"

struct node_row {
    const struct kb_net_node *node;
    struct kb_str node_name, os, compute, agent;
    bool enforces, current, watched, agent_unread;
    uint64_t pods, restarts;
};

KB_GET(STR, node_row, node_name)
KB_GET(STR, node_row, os)
KB_GET(STR, node_row, compute)
KB_GET(BOOL, node_row, watched)
KB_GET(INT, node_row, pods)

/* Where no agent was seen and not all pods were, there may be one. */
#define OF_AGENT(name, value)                                                                      \
    static void get_##name(const void *data, struct kb_arena *arena, struct kb_cel_val *out)       \
    {                                                                                              \
        (void)arena;                                                                               \
        const struct node_row *row = data;                                                         \
        *out = row->agent_unread ? (struct kb_cel_val){.kind = KB_CEL_UNKNOWN} : (value);          \
    }
OF_AGENT(agent, kb_cel_string(row->agent))
OF_AGENT(enforces, kb_cel_bool(row->enforces))
OF_AGENT(current, kb_cel_bool(row->current))
OF_AGENT(restarts, kb_cel_int((int64_t)row->restarts))

static const struct kb_column columns[] = {
    {"name", "string", KB_ALWAYS, get_node_name, "Name of the node."},
    {"os", "string", KB_ALWAYS, get_os, "\"linux\" or \"windows\"."},
    {"compute", "string", KB_ALWAYS, get_compute, "\"ec2\", \"auto\", \"fargate\" or \"hybrid\"."},
    {"pods", "int", KB_ALWAYS, get_pods,
     "Live pods on it with a network of their own, of namespaces that are not excluded."},
    {"vpc_cni", "bool", KB_ALWAYS, get_watched,
     "Whether the cluster's engine is the VPC CNI with its agent on each node."},
    {"agent", "string", KB_ALWAYS, get_agent, "Its pod of aws-node: \"ready\", \"not ready\" or \"none\"."},
    {"enforces", "bool", KB_ALWAYS, get_enforces,
     "Whether that pod's agent has --enable-network-policy=true."},
    {"current", "bool", KB_ALWAYS, get_current, "Whether it is of the revision that most nodes have."},
    {"restarts", "int", KB_ALWAYS, get_restarts, "Restarts of the container that has most."},
};

const struct kb_table kb_table_net_node = {
    .name = "net.node",
    .doc = "One row a node, with the agent that enforces network policies on it.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct node_row *row = data;
    struct kb_str object = kb_arena_printf(arena, "Node/%.*s", KB_FMT(row->node_name));
    *out = (struct kb_row_info){.object = object, .time_ns = INT64_MIN, .order = object};
}

static const struct kb_net_agent *agent_on(const struct kb_net_model *model, struct kb_str node)
{
    const struct kb_net_agent *found = NULL;
    for (size_t i = 0; i < model->agents.n; i++) {
        const struct kb_net_agent *at = &model->agents.at[i];
        if (kb_str_eq(at->node, node) && (found == NULL || at->ready)) {
            found = at;
        }
    }
    return found;
}

static struct kb_str usual_revision(const struct kb_net_model *model)
{
    struct kb_map counts = {0};
    uint64_t most = 0;
    struct kb_str usual = KB_STR("");
    for (size_t i = 0; i < model->agents.n; i++) {
        struct kb_map_entry *entry = kb_map_add(&counts, model->agents.at[i].revision, NULL);
        if (++entry->value.u > most) {
            most = entry->value.u;
            usual = model->agents.at[i].revision;
        }
    }
    kb_map_done(&counts);
    return usual;
}

static void count_pods(const struct kb_world *world, struct kb_map *counts)
{
    const struct kb_net_world *net = &world->network->net;
    for (size_t i = 0; i < net->pods.n; i++) {
        const struct kb_net_pod *pod = net->pods.at[i];
        if (!pod->finished && !pod->host_network && pod->node.n > 0 &&
            !kb_world_setting_has(world, "excludedNamespaces", pod->name_space)) {
            kb_map_add(counts, pod->node, NULL)->value.u++;
        }
    }
}

static void label(const struct kb_net_node *node, const char *key, const char *instead,
                  struct kb_str *out)
{
    *out = kb_str_c(instead);
    (void)kb_net_labels_get(&node->labels, kb_str_c(key), out);
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    const struct kb_net_model *model = world->network;
    struct kb_str usual = usual_revision(model);
    struct kb_map counts = {0};
    count_pods(world, &counts);
    for (size_t i = 0; i < model->net.nodes.n; i++) {
        const struct kb_net_node *node = &model->net.nodes.at[i];
        const struct kb_net_agent *agent = agent_on(model, node->name);
        const struct kb_map_entry *pods = kb_map_find(&counts, node->name);
        struct node_row row = {
            .node = node,
            .node_name = node->name,
            .agent = agent == NULL ? KB_STR("none")
                     : agent->ready ? KB_STR("ready")
                                    : KB_STR("not ready"),
            .enforces = agent != NULL && agent->enforces,
            .current = agent != NULL && kb_str_eq(agent->revision, usual),
            .watched = model->engine == KB_NET_ENGINE_VPC_CNI,
            .agent_unread = agent == NULL && !kb_world_whole(world, KB_KIND_POD),
            .pods = pods == NULL ? 0 : pods->value.u,
            .restarts = agent == NULL || agent->restarts < 0 ? 0 : (uint64_t)agent->restarts,
        };
        label(node, "kubernetes.io/os", "linux", &row.os);
        label(node, "eks.amazonaws.com/compute-type", "ec2", &row.compute);
        struct kb_row out = {&kb_table_net_node, &ops, &row};
        fn(ctx, &out);
    }
    kb_map_done(&counts);
}

static const enum kb_kind_id needs[] = {KB_KIND_NODE, KB_KIND_POD, KB_KIND_DAEMON_SET};

const struct kb_fact_source kb_facts_net_node = {
    .table = &kb_table_net_node,
    .needs = needs,
    .need_count = sizeof needs / sizeof needs[0],
    .rows = rows,
};
