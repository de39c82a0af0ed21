/* Table net.namespace. */
#include "facts/cluster_tables.h"
#include "facts/getters.h"
#include "facts/net_tables.h"

struct space_row {
    const struct kb_world *world;
    const struct kb_namespace *at;
    uint32_t number;
    struct kb_str name, tenant, environment;
    bool in_scope;
    uint64_t pods, covered, policies, other_policies;
};

static void deny(const void *data, enum kb_net_direction direction, struct kb_cel_val *out)
{
    const struct space_row *row = data;
    *out = kb_cel_bool(kb_net_denies_new(&row->world->network->net, row->number, direction));
}

static void get_deny_ingress(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    deny(data, KB_NET_INGRESS, out);
}

static void get_deny_egress(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    deny(data, KB_NET_EGRESS, out);
}

KB_GET(STR, space_row, name)
KB_GET(STR, space_row, tenant)
KB_GET(STR, space_row, environment)
KB_GET(BOOL, space_row, in_scope)
KB_GET(INT, space_row, pods)
KB_GET(INT, space_row, covered)
KB_GET(INT, space_row, policies)
KB_GET(INT, space_row, other_policies)

static const struct kb_column columns[] = {
    {"name", "string", KB_ALWAYS, get_name, "Name of the namespace."},
    {"tenant", "string", KB_ALWAYS, get_tenant, "Value of the label settings.tenantLabel, or empty."},
    {"environment", "string", KB_ALWAYS, get_environment,
     "Value of the label settings.environmentLabel, or empty."},
    {"in_scope", "bool", KB_ALWAYS, get_in_scope,
     "Whether it is none of settings.excludedNamespaces; \"default\" counts once a pod runs there."},
    {"pods", "int", KB_ALWAYS, get_pods, "Its live pods with a network of their own."},
    {"covered_pods", "int", KB_ALWAYS, get_covered,
     "Those of them that some policy selects which the cluster's engine heeds."},
    {"policies", "int", KB_ALWAYS, get_policies,
     "Policies in it that select a live pod and that the cluster's engine heeds."},
    {"other_policies", "int", KB_ALWAYS, get_other_policies,
     "Policies in it that the engine does not know, or that select no pod."},
    {"default_deny_ingress", "bool", KB_ALWAYS, get_deny_ingress,
     "Whether nothing could come to a new pod without labels."},
    {"default_deny_egress", "bool", KB_ALWAYS, get_deny_egress,
     "Whether a new pod without labels could reach nothing, but for port 53."},
};

const struct kb_table kb_table_net_namespace = {
    .name = "net.namespace",
    .doc = "One row a namespace: how its pods are covered by network policies, by effect.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct space_row *row = data;
    kb_cluster_row_info(&row->at->at, "Namespace", arena, out);
    out->name_space = row->name;
}

static void count(const struct kb_net_model *model, struct space_row *row)
{
    const struct kb_net_world *net = &model->net;
    const struct kb_net_namespace *ns = &net->namespaces.at[row->number];
    for (size_t c = ns->class_first; c < ns->class_end; c++) {
        const struct kb_net_class *cls = &net->classes.at[c];
        bool covered = false;
        for (size_t i = 0; i < net->policies.n && !covered; i++) {
            covered = kb_net_selects(net->policies.at[i], cls->pod);
        }
        if (!cls->pod->host_network) {
            row->pods += cls->pods;
            row->covered += covered ? cls->pods : 0;
        }
    }
    for (size_t i = 0; i < net->policies.n; i++) {
        const struct kb_net_policy *policy = net->policies.at[i];
        if (kb_str_eq(policy->name_space, row->name)) {
            bool heeded = !policy->inert && kb_net_subject_pods(net, policy) > 0;
            row->policies += heeded;
            row->other_policies += !heeded;
        }
    }
    for (size_t i = 0; i < model->foreign.n; i++) {
        row->other_policies += kb_str_eq(model->foreign.at[i].at.name_space, row->name);
    }
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    struct kb_net_model *model = world->network;
    bool sure = kb_net_sure(world);
    for (size_t i = 0; sure && i < world->cluster.namespaces.n; i++) {
        const struct kb_namespace *at = world->cluster.namespaces.at[i];
        const struct kb_map_entry *entry = kb_map_find(&model->net.namespace_index, at->at.name);
        if (entry == NULL) {
            continue;
        }
        struct space_row row = {
            .world = world,
            .at = at,
            .number = (uint32_t)entry->value.u,
            .name = at->at.name,
            .tenant = kb_namespace_label(at, kb_world_text_setting(world, "tenantLabel")),
            .environment = kb_namespace_label(at, kb_world_text_setting(world, "environmentLabel")),
        };
        count(model, &row);
        row.in_scope = !kb_world_setting_has(world, "excludedNamespaces", row.name) &&
                       !(kb_str_eq_c(row.name, "default") && row.pods == 0);
        struct kb_row out = {&kb_table_net_namespace, &ops, &row};
        fn(ctx, &out);
    }
}

static const enum kb_kind_id needs[] = {KB_KIND_POD};

const struct kb_fact_source kb_facts_net_namespace = {
    .table = &kb_table_net_namespace,
    .needs = needs,
    .need_count = sizeof needs / sizeof needs[0],
    .rows = rows,
    .missing = kb_net_missing,
};
