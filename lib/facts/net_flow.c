/* Table net.flow. */
#include "facts/cluster_tables.h"
#include "facts/getters.h"
#include "facts/net_tables.h"

enum { NAMES_MAX = 50 };

struct flow_row {
    struct kb_net_model *model;
    const struct kb_net_group *to;
    const kb_net_ports *from; /* by group: ports on which it reaches the workload */
    size_t first, end; /* of the groups of the other namespace */
    struct kb_str object, ports_text, to_namespace, to_tenant, to_environment, from_namespace, from_tenant,
        from_environment;
    bool to_in_scope, from_in_scope, all_ports;
    kb_net_ports ports;
    const struct kb_world *world;
};

/* Those whose pods reach the workload: hostNetwork pods are nobody's workload here. */
static bool reaches(const struct flow_row *row, size_t i)
{
    const struct kb_net_group *from = &row->model->groups.at[i];
    return from != row->to && !from->host_network && row->from[i] != KB_NET_NO_PORTS;
}

static void get_from(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct flow_row *row = data;
    struct kb_net_text_list texts = {.arena = arena, .max = NAMES_MAX};
    for (size_t i = row->first; i < row->end; i++) {
        if (reaches(row, i)) {
            kb_net_text_add(&texts, row->model->groups.at[i].object);
        }
    }
    kb_net_texts_put(&texts, out);
}

/* There are millions of these where much is open. */
static struct kb_str joined(struct kb_arena *arena, struct kb_str from, struct kb_str to)
{
    static const struct kb_str arrow = KB_STR_INIT(" -> ");
    size_t n = from.n + arrow.n + to.n;
    char *text = kb_arena_alloc(arena, n + 1);
    memcpy(text, from.p, from.n);
    memcpy(text + from.n, arrow.p, arrow.n);
    memcpy(text + from.n + arrow.n, to.p, to.n);
    return (struct kb_str){text, n};
}

static void get_pairs(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct flow_row *row = data;
    struct kb_net_text_list texts = {.arena = arena, .max = NAMES_MAX};
    for (size_t i = row->first; i < row->end; i++) {
        if (reaches(row, i)) {
            kb_net_text_add(&texts, joined(arena, row->model->groups.at[i].object, row->object));
        }
    }
    kb_net_texts_put(&texts, out);
}

/* Ports that its pods say they listen on, and that are reached. */
static void get_declared(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct flow_row *row = data;
    const struct kb_net_pod *pod = row->to->pod;
    struct kb_cel_val *items = KB_NEW_ARRAY(arena, pod->declared_count, struct kb_cel_val);
    struct kb_cel_list *list = KB_NEW(arena, struct kb_cel_list);
    size_t n = 0;
    for (size_t i = 0; i < pod->declared_count; i++) {
        const struct kb_net_pod_port *port = &pod->ports[i];
        if (kb_net_ports_has(&row->model->net.ports, row->ports,
                             (enum kb_net_protocol)port->protocol, port->port)) {
            items[n++] = kb_cel_int(port->port);
        }
    }
    *list = (struct kb_cel_list){items, n};
    *out = kb_cel_list(list);
}

KB_GET(STR, flow_row, object)
KB_GET(STR, flow_row, ports_text)
KB_GET(STR, flow_row, to_namespace)
KB_GET(STR, flow_row, to_tenant)
KB_GET(STR, flow_row, to_environment)
KB_GET(STR, flow_row, from_namespace)
KB_GET(STR, flow_row, from_tenant)
KB_GET(STR, flow_row, from_environment)
KB_GET(BOOL, flow_row, to_in_scope)
KB_GET(BOOL, flow_row, from_in_scope)
KB_GET(BOOL, flow_row, all_ports)

static const struct kb_column columns[] = {
    {"object", "string", KB_ALWAYS, get_object, "The workload that is reached."},
    {"namespace", "string", KB_ALWAYS, get_to_namespace, "Its namespace."},
    {"tenant", "string", KB_ALWAYS, get_to_tenant,
     "Tenant of its namespace (settings.tenantLabel), or empty."},
    {"environment", "string", KB_ALWAYS, get_to_environment,
     "Environment of its namespace (settings.environmentLabel), or empty."},
    {"in_scope", "bool", KB_ALWAYS, get_to_in_scope,
     "Whether its namespace is none of settings.excludedNamespaces."},
    {"from_namespace", "string", KB_ALWAYS, get_from_namespace, "Namespace that reaches it."},
    {"from_tenant", "string", KB_ALWAYS, get_from_tenant, "Tenant of that, or empty."},
    {"from_environment", "string", KB_ALWAYS, get_from_environment, "Environment of that, or empty."},
    {"from_in_scope", "bool", KB_ALWAYS, get_from_in_scope,
     "Whether that namespace is none of settings.excludedNamespaces."},
    {"ports", "string", KB_ALWAYS, get_ports_text,
     "Ports on which some workload there reaches it: \"all\" or \"TCP 80,8000-8010,UDP 53\"."},
    {"all_ports", "bool", KB_ALWAYS, get_all_ports, "Whether all ports are among them."},
    {"declared_ports", "list(int)", KB_ALWAYS, get_declared,
     "Ports among them that its containers declare."},
    {"from", "list(string)", KB_ALWAYS, get_from, "Workloads there that reach it (at most 50)."},
    {"pairs", "list(string)", KB_ALWAYS, get_pairs,
     "The same as \"Kind/namespace/name -> Kind/namespace/name\"."},
};

const struct kb_table kb_table_net_flow = {
    .name = "net.flow",
    .doc = "One row a workload and a namespace of which some pod reaches it, as policies have it. Pods that use the network "
           "of their node are left out.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct flow_row *row = data;
    struct kb_world_place place = {.uid = row->to->pod->uid};
    *out = (struct kb_row_info){
        .object = row->object,
        .name_space = row->to_namespace,
        .evidence = kb_world_evidence(&place, arena),
        .time_ns = INT64_MIN,
        .order = kb_arena_printf(arena, "%.*s %.*s", KB_FMT(row->object),
                                 KB_FMT(row->from_namespace)),
    };
}

static kb_net_ports ports_from(const struct flow_row *row)
{
    struct kb_net_world *net = &row->model->net;
    kb_net_ports sum = KB_NET_NO_PORTS;
    for (size_t i = row->first; i < row->end && sum != KB_NET_ALL_PORTS; i++) {
        if (reaches(row, i)) {
            sum = kb_net_ports_union(&net->ports, sum, row->from[i]);
        }
    }
    return sum;
}

static void label(const struct kb_world *world, struct kb_str name_space, struct kb_str *tenant,
                  struct kb_str *environment, bool *in_scope)
{
    *tenant = kb_world_namespace_label(world, name_space, kb_world_text_setting(world, "tenantLabel"));
    *environment =
        kb_world_namespace_label(world, name_space, kb_world_text_setting(world, "environmentLabel"));
    *in_scope = !kb_world_setting_has(world, "excludedNamespaces", name_space);
}

static void row_of(struct flow_row *row, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    struct kb_arena arena = {0};
    row->ports = ports_from(row);
    if (row->ports != KB_NET_NO_PORTS) {
        row->from_namespace = row->model->groups.at[row->first].name_space;
        label(row->world, row->from_namespace, &row->from_tenant, &row->from_environment,
              &row->from_in_scope);
        row->ports_text = kb_net_ports_show(&row->model->net, row->ports, &arena);
        row->all_ports = row->ports == KB_NET_ALL_PORTS;
        struct kb_row out = {&kb_table_net_flow, &ops, row};
        fn(ctx, &out);
    }
    kb_arena_done(&arena);
}

/* Groups stand by namespace. */
static size_t namespace_end(const struct kb_net_model *model, size_t first)
{
    size_t end = first;
    while (end < model->groups.n &&
           kb_str_eq(model->groups.at[end].name_space, model->groups.at[first].name_space)) {
        end++;
    }
    return end;
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_net_model *model = world->network;
    bool sure = kb_net_sure(world);
    kb_net_ports *from = kb_alloc((model->groups.n + 1) * sizeof *from);
    for (size_t t = 0; sure && t < model->groups.n; t++) {
        const struct kb_net_group *to = &model->groups.at[t];
        struct flow_row row = {.model = model, .world = world, .to = to, .from = from,
                               .object = to->object, .to_namespace = to->name_space};
        if (to->host_network) {
            continue;
        }
        kb_net_group_sources(model, to, from);
        label(world, to->name_space, &row.to_tenant, &row.to_environment, &row.to_in_scope);
        for (size_t i = 0; i < model->groups.n; i = row.end) {
            row.first = i;
            row.end = namespace_end(model, i);
            row_of(&row, fn, ctx);
        }
    }
    kb_free(from);
}

static const enum kb_kind_id needs[] = {KB_KIND_POD};

const struct kb_fact_source kb_facts_net_flow = {
    .table = &kb_table_net_flow,
    .needs = needs,
    .need_count = sizeof needs / sizeof needs[0],
    .rows = rows,
    .missing = kb_net_missing,
};
