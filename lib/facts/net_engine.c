/* Table net.engine. */
#include "facts/getters.h"
#include "facts/net_tables.h"

struct engine_row {
    const struct kb_world *world;
    const struct kb_net_model *model;
    struct kb_str object, engine, profile, mode, cni_version, group_mode, addon_status;
    bool forced, agent, agent_flag, event_logs, logs_shipped, healthy;
    uint64_t engines, policies, admin_policies, foreign_policies, security_group_policies, auto_nodes;
};

static void put_tri(enum kb_tri value, struct kb_cel_val *out)
{
    *out = value == KB_NOT_KNOWN ? kb_cel_absent() : kb_cel_bool(value == KB_YES);
}

static void unless_read(const struct engine_row *row, enum kb_kind_id kind, bool value,
                        struct kb_cel_val *out)
{
    *out = kb_world_whole(row->world, kind) ? kb_cel_bool(value)
                                            : (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
}

/* The controller is off only where its ConfigMap says so; a cluster without the ConfigMap has none. */
static void get_controller(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct engine_row *row = data;
    if (row->model->has_config_map) {
        *out = kb_cel_bool(row->model->controller_on);
    } else {
        unless_read(row, KB_KIND_CONFIG_MAP, false, out);
    }
}

static void get_addon(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    put_tri(((const struct engine_row *)data)->model->addon_on, out);
}

static void get_addon_healthy(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    put_tri(((const struct engine_row *)data)->model->addon_healthy, out);
}

static void get_known(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct engine_row *row = data;
    *out = kb_cel_bool(row->model->engine != KB_NET_ENGINE_NONE);
    if (row->model->engine == KB_NET_ENGINE_UNKNOWN) {
        *out = (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
    }
}

/* NodeClasses that do not say what of a pod without policies; only those of Auto Mode have the field. */
static void get_classes(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct engine_row *row = data;
    struct kb_net_text_list texts = {.arena = arena, .max = 100};
    for (size_t i = 0; i < row->model->node_classes.n; i++) {
        if (row->model->node_classes.at[i].policy.n == 0) {
            kb_net_text_add(&texts, row->model->node_classes.at[i].at.name);
        }
    }
    kb_net_texts_put(&texts, out);
}

KB_GET(STR, engine_row, object)
KB_GET(STR, engine_row, engine)
KB_GET(STR, engine_row, profile)
KB_GET(STR, engine_row, mode)
KB_GET(STR, engine_row, cni_version)
KB_GET(STR, engine_row, group_mode)
KB_GET(STR, engine_row, addon_status)
KB_GET(BOOL, engine_row, forced)
KB_GET(BOOL, engine_row, agent)
KB_GET(BOOL, engine_row, agent_flag)
KB_GET(BOOL, engine_row, event_logs)
KB_GET(BOOL, engine_row, logs_shipped)
KB_GET(BOOL, engine_row, healthy)
KB_GET(INT, engine_row, engines)
KB_GET(INT, engine_row, policies)
KB_GET(INT, engine_row, admin_policies)
KB_GET(INT, engine_row, foreign_policies)
KB_GET(INT, engine_row, security_group_policies)
KB_GET(INT, engine_row, auto_nodes)

static const struct kb_named *daemon_set(const struct kb_net_model *model)
{
    return model->aws_node.found ? &model->aws_node.at
           : model->others.n > 0 ? &model->others.at[0].at
                                 : NULL;
}

static const struct kb_column columns[] = {
    {"object", "string", KB_ALWAYS, get_object,
     "What enforces: its DaemonSet, or the cluster's ARN, or \"Cluster\"."},
    {"engine", "string", KB_ALWAYS, get_engine,
     "\"vpc-cni\", \"auto-mode\", \"calico\", \"cilium\", \"other\"; \"none\"; \"unknown\" where DaemonSets were "
     "not read."},
    {"present", "bool", KB_ALWAYS, get_known,
     "Whether something enforces network policies; unknown where it cannot be told."},
    {"profile", "string", KB_ALWAYS, get_profile,
     "The semantics by which reachability is judged: \"kubernetes\", \"vpc-cni\", \"vpc-cni-strict\", \"none\"."},
    {"forced", "bool", KB_ALWAYS, get_forced, "Whether settings.networkEngine names the profile."},
    {"engines", "int", KB_ALWAYS, get_engines, "How many engines enforce side by side."},
    {"agent", "bool", KB_ALWAYS, get_agent,
     "Whether DaemonSet aws-node has the container aws-eks-nodeagent."},
    {"agent_flag", "bool", KB_ALWAYS, get_agent_flag,
     "Whether that has --enable-network-policy=true."},
    {"controller_flag", "bool", KB_ALWAYS, get_controller,
     "Whether ConfigMap amazon-vpc-cni has enable-network-policy-controller true; unknown where it was not "
     "read."},
    {"addon_flag", "bool", KB_OPTIONAL, get_addon,
     "Whether the add-on vpc-cni is configured with enableNetworkPolicy; absent where AWS was not asked."},
    {"addon_status", "string", KB_ALWAYS, get_addon_status, "Status of that add-on, or empty."},
    {"addon_healthy", "bool", KB_OPTIONAL, get_addon_healthy,
     "Whether it is ACTIVE and without issues; absent where AWS was not asked."},
    {"cni_version", "string", KB_ALWAYS, get_cni_version,
     "Version of the image of aws-node: \"1.18.5\"; empty where the tag tells none."},
    {"mode", "string", KB_ALWAYS, get_mode,
     "NETWORK_POLICY_ENFORCING_MODE: \"standard\" (also where it is not set) or \"strict\"."},
    {"event_logs", "bool", KB_ALWAYS, get_event_logs,
     "Whether decisions of policies are logged (--enable-policy-event-logs)."},
    {"logs_shipped", "bool", KB_ALWAYS, get_logs_shipped,
     "Whether they go to CloudWatch (--enable-cloudwatch-logs)."},
    {"healthy", "bool", KB_ALWAYS, get_healthy,
     "Whether as many pods of the DaemonSet are ready as there should be."},
    {"policies", "int", KB_ALWAYS, get_policies, "How many NetworkPolicies there are."},
    {"admin_policies", "int", KB_ALWAYS, get_admin_policies,
     "How many cluster-wide policies the engine heeds."},
    {"foreign_policies", "int", KB_ALWAYS, get_foreign_policies, "How many of Calico and Cilium."},
    {"security_group_policies", "int", KB_ALWAYS, get_security_group_policies,
     "How many SecurityGroupPolicies."},
    {"security_group_mode", "string", KB_ALWAYS, get_group_mode,
     "POD_SECURITY_GROUP_ENFORCING_MODE: \"strict\" (also where it is not set) or \"standard\"."},
    {"auto_nodes", "int", KB_ALWAYS, get_auto_nodes, "Nodes of Auto Mode."},
    {"classes_unset", "list(string)", KB_ALWAYS, get_classes,
     "NodeClasses of Auto Mode without networkPolicy."},
};

const struct kb_table kb_table_net_engine = {
    .name = "net.engine",
    .doc = "One row: what enforces network policies in the cluster.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static struct kb_str object_of(const struct kb_world *world)
{
    const struct kb_named *at = daemon_set(world->network);
    if (at == NULL) {
        return world->eks.arn.n > 0 ? world->eks.arn : KB_STR("Cluster");
    }
    return kb_arena_printf(&world->network->arena, "DaemonSet/%.*s/%.*s", KB_FMT(at->name_space),
                           KB_FMT(at->name));
}

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct engine_row *row = data;
    const struct kb_named *at = daemon_set(row->model);
    struct kb_world_place place = {0};
    if (at != NULL) {
        place = (struct kb_world_place){at->source, at->uid, at->resource_version};
    }
    *out = (struct kb_row_info){.object = row->object,
                                .name_space = at == NULL ? KB_STR("") : at->name_space,
                                .evidence = kb_world_evidence(&place, arena),
                                .time_ns = INT64_MIN,
                                .order = row->object};
}

static void count_policies(const struct kb_net_model *model, struct engine_row *row)
{
    for (size_t i = 0; i < model->net.policies.n; i++) {
        const struct kb_net_policy *policy = model->net.policies.at[i];
        row->policies += policy->kind == KB_NET_NETWORK_POLICY;
        row->admin_policies += policy->tier != KB_NET_NAMESPACED && !policy->inert;
    }
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    const struct kb_net_model *model = world->network;
    const struct kb_net_aws_node *node = &model->aws_node;
    struct engine_row row = {
        .world = world,
        .model = model,
        .object = object_of(world),
        .engine = kb_str_c(kb_net_engine_name(model->engine)),
        .profile = kb_str_c(model->net.profile->name),
        .mode = node->mode.n > 0 ? node->mode : KB_STR("standard"),
        .cni_version = node->version,
        .group_mode = node->group_mode.n > 0 ? node->group_mode : KB_STR("strict"),
        .addon_status = model->addon_status,
        .forced = model->forced != NULL,
        .agent = node->agent,
        .agent_flag = node->enforces,
        .event_logs = node->event_logs,
        .logs_shipped = node->cloudwatch_logs,
        .healthy = node->found ? node->ready >= node->desired
                   : model->others.n > 0
                       ? model->others.at[0].ready >= model->others.at[0].desired
                       : true,
        .engines = (uint64_t)node->enforces + model->others.n,
        .foreign_policies = model->foreign.n,
        .security_group_policies = model->group_policies.n,
        .auto_nodes = model->auto_nodes,
    };
    count_policies(model, &row);
    struct kb_row out = {&kb_table_net_engine, &ops, &row};
    if (world->objects_read) {
        fn(ctx, &out);
    }
}

static const enum kb_kind_id needs[] = {KB_KIND_DAEMON_SET, KB_KIND_NODE};

const struct kb_fact_source kb_facts_net_engine = {
    .table = &kb_table_net_engine,
    .needs = needs,
    .need_count = sizeof needs / sizeof needs[0],
    .rows = rows,
};
