/* Table net.exposed: what network policies let through to the workloads that the internet is led to. */
#include "facts/net_exposure.h"

#include "facts/cluster_tables.h"
#include "facts/getters.h"
#include "facts/net_tables.h"
#include "network/reach.h"

/* Engines with policies of their own, and what the images of their agents are called. */
enum { ENGINES = 2 };
static const char *const engine_images[ENGINES] = {"calico", "cilium"};
static const int engine_of[KB_KIND_COUNT] = {
    [KB_KIND_CALICO_NETWORK_POLICY] = 1,
    [KB_KIND_CALICO_GLOBAL_NETWORK_POLICY] = 1,
    [KB_KIND_CILIUM_NETWORK_POLICY] = 2,
    [KB_KIND_CILIUM_CLUSTERWIDE_NETWORK_POLICY] = 2,
};
void kb_exposure_policy_take(struct kb_exposure_model *model, const struct kb_object *object)
{
    if (engine_of[object->kind->id] > 0) {
        model->foreign_policies[engine_of[object->kind->id] - 1] = true;
    }
}

struct exposed_row {
    const struct kb_world *world;
    const struct kb_workload *workload;
    struct kb_str kind, name, name_space;
    struct kb_str *via; /* objects that lead the internet, or perhaps it, to the workload */
    size_t via_count;
    bool internet, isolated, judged;
    struct kb_str ports, more;
};

/* Whether some of the addresses first … last are on the internet. */
static bool is_world(const struct kb_ip *first, const struct kb_ip *last)
{
    static const struct kb_cidr inside[] = {
        {{4, {0}}, 8},       {{4, {10}}, 8},        {{4, {100, 64}}, 10},
        {{4, {127}}, 8},     {{4, {169, 254}}, 16}, {{4, {172, 16}}, 12},
        {{4, {192, 168}}, 16}, {{4, {224}}, 3},     {{6, {0}}, 3},
        {{6, {0x40}}, 2},    {{6, {0x80}}, 1},
    };
    for (size_t i = 0; i < sizeof inside / sizeof inside[0]; i++) {
        if (kb_cidr_contains_ip(&inside[i], first) && kb_cidr_contains_ip(&inside[i], last)) {
            return false;
        }
    }
    return true;
}

struct admitted {
    struct kb_net_store *store;
    kb_net_ports ports;
};

static void add_admitted(void *ctx, const struct kb_ip *first, const struct kb_ip *last,
                         kb_net_ports ports)
{
    struct admitted *to = ctx;
    if (is_world(first, last)) {
        to->ports = kb_net_ports_union(to->store, to->ports, ports);
    }
}

static kb_net_ports one_port(struct kb_net_store *store, uint8_t protocol, uint16_t port)
{
    struct kb_net_range range = {protocol, port, port};
    return port == 0 ? KB_NET_NO_PORTS : kb_net_ports_make(store, &range, 1);
}

/* The port of the pod that a port of a Service means. */
static kb_net_ports target_port(struct kb_net_store *store,
                                const struct kb_net_service_listener *port,
                                const struct kb_net_pod *pod)
{
    uint8_t protocol = KB_NET_TCP;
    kb_net_ports ports = KB_NET_NO_PORTS;
    if (!kb_net_protocol_find(port->protocol, &protocol) || port->target_name.n == 0) {
        return one_port(store, protocol, port->target);
    }
    for (size_t i = 0; i < pod->port_count; i++) {
        if (kb_str_eq(pod->ports[i].name, port->target_name) &&
            pod->ports[i].protocol == protocol) {
            ports = kb_net_ports_union(store, ports,
                                       one_port(store, protocol, pod->ports[i].port));
        }
    }
    return ports;
}

static bool is_meant(const struct kb_net_backend *backend, const struct kb_net_service_listener *port)
{
    return (backend->port == 0 && backend->port_name.n == 0) ||
           (backend->port != 0 && backend->port == port->port) ||
           (backend->port_name.n > 0 && kb_str_eq(backend->port_name, port->name));
}

/* The ports of the pod to which an object leads. */
static kb_net_ports led_to(const struct kb_exposure_model *model, struct kb_net_store *store,
                           const struct kb_exposure *row, const struct kb_workload *workload,
                           const struct kb_net_pod *pod)
{
    kb_net_ports ports = KB_NET_NO_PORTS;
    for (size_t i = 0; i < row->backend_count; i++) {
        const struct kb_net_backend *backend = &row->backends[i];
        const struct kb_exposure_part *service = kb_exposure_part_find(
            model, KB_KIND_SERVICE, backend->name_space, backend->service);
        bool selects = service != NULL &&
                       kb_str_eq(service->at.name_space, workload->at.name_space) &&
                       kb_exposure_selects(&service->service.selector, workload);
        for (size_t k = 0; selects && k < service->service.port_count; k++) {
            const struct kb_net_service_listener *port = &service->service.ports[k];
            if (is_meant(backend, port)) {
                ports = kb_net_ports_union(store, ports, target_port(store, port, pod));
            }
        }
    }
    return ports;
}

static bool is_behind(const struct kb_exposure *row, const struct kb_workload *workload)
{
    bool may = row->front.scheme == KB_NET_SCHEME_INTERNET ||
               row->front.scheme == KB_NET_SCHEME_UNKNOWN;
    for (size_t i = 0; may && i < row->workload_count; i++) {
        if (row->workloads[i] == workload) {
            return true;
        }
    }
    return false;
}

static struct kb_str ports_text(struct kb_net_store *store, kb_net_ports ports, struct kb_arena *arena)
{
    enum { MOST = 4096 };
    struct kb_buf text;
    kb_buf_init(&text, MOST);
    kb_net_ports_text(store, ports, &text);
    struct kb_str out = ports == KB_NET_NO_PORTS ? KB_STR("") : kb_arena_copy(arena, kb_buf_view(&text));
    kb_buf_done(&text);
    return out;
}

/* What all policies together let come to the pods of the workload, beyond what leads there. */
static void judge(struct kb_net_world *net, struct exposed_row *row, struct kb_arena *arena)
{
    const struct kb_exposure_model *model = &row->world->exposure;
    kb_net_ports led = KB_NET_NO_PORTS, more = KB_NET_NO_PORTS;
    struct kb_net_store *store = &net->ports;
    uint32_t last = UINT32_MAX;
    row->isolated = true;
    struct kb_net_made_by by = kb_net_made_begin(row->world->network, row->workload);
    for (const struct kb_net_pod *pod; (pod = kb_net_made_next(&by)) != NULL;) {
        if (pod->cls == last) {
            continue;
        }
        struct admitted admitted = {store, KB_NET_NO_PORTS};
        kb_net_ports own = KB_NET_NO_PORTS;
        for (size_t k = 0; k < model->row_count; k++) {
            if (is_behind(&model->rows[k], row->workload)) {
                own = kb_net_ports_union(store, own,
                                         led_to(model, store, &model->rows[k], row->workload, pod));
            }
        }
        kb_net_outside(net, KB_NET_INGRESS, pod, add_admitted, &admitted);
        led = kb_net_ports_union(store, led, own);
        more = kb_net_ports_union(store, more, kb_net_ports_without(store, admitted.ports, own));
        row->isolated = row->isolated && kb_net_isolated(net, pod, KB_NET_INGRESS);
        row->judged = true;
        last = pod->cls;
    }
    row->ports = ports_text(store, led, arena);
    row->more = ports_text(store, more, arena);
}

KB_GET(STR, exposed_row, kind)
KB_GET(STR, exposed_row, name)
KB_GET(STR, exposed_row, name_space)
KB_GET(STR, exposed_row, ports)

static void get_object(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct exposed_row *row = data;
    *out = kb_cel_string(kb_cluster_object(&row->workload->at, row->workload->kind->kind, arena));
}

static void get_via(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct exposed_row *row = data;
    *out = kb_cel_list(kb_text_list(arena, row->via, row->via_count));
}

static void get_internet(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    *out = ((const struct exposed_row *)data)->internet
               ? kb_cel_bool(true)
               : (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
}

static bool has_image(const struct kb_workload *workload, const char *part)
{
    for (size_t i = 0; i < workload->pod->images.n; i++) {
        if (kb_str_find(workload->pod->images.at[i], kb_str_c(part), 0) != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

/* Policies of an engine that is not there do nothing. */
static bool may_run(const struct kb_world *world, const char *image)
{
    for (size_t i = 0; i < world->cluster.workloads.n; i++) {
        const struct kb_workload *workload = &world->cluster.workloads.at[i];
        if (workload->kind->id == KB_KIND_DAEMON_SET && has_image(workload, image)) {
            return true;
        }
    }
    return !kb_world_whole(world, KB_KIND_DAEMON_SET);
}

/* Policies that were not read, or are of an engine whose rules are not known, may close what is open. */
static bool policies_known(const struct exposed_row *row)
{
    const struct kb_world *world = row->world;
    bool known = kb_world_whole(world, KB_KIND_NETWORK_POLICY);
    for (size_t i = 0; i < ENGINES && known; i++) {
        known = !world->exposure.foreign_policies[i] || !may_run(world, engine_images[i]);
    }
    return known;
}

static void get_isolated(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct exposed_row *row = data;
    *out = row->isolated || policies_known(row) ? kb_cel_bool(row->isolated)
                                                : (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
}

static void get_more(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct exposed_row *row = data;
    *out = policies_known(row) ? kb_cel_string(row->more)
                               : (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
}

static const struct kb_column columns[] = {
    {"object", "string", KB_ALWAYS, get_object, "The workload, \"Kind/namespace/name\"."},
    {"kind", "string", KB_ALWAYS, get_kind, "\"Deployment\", \"StatefulSet\" and the like."},
    {"name", "string", KB_ALWAYS, get_name, "Its name alone."},
    {"namespace", "string", KB_ALWAYS, get_name_space, "Its namespace."},
    {"via", "list(string)", KB_ALWAYS, get_via,
     "What leads the internet to it: Services, Ingresses, routes."},
    {"internet", "bool", KB_ALWAYS, get_internet,
     "True; unknown where the scheme of all that leads there is unknown."},
    {"ports", "string", KB_ALWAYS, get_ports, "Ports of its pods to which they lead: \"TCP 8080\"."},
    {"isolated", "bool", KB_ALWAYS, get_isolated,
     "Whether network policies select all of its pods for ingress; unknown where policies were not read, or "
     "are of Calico or Cilium."},
    {"more", "string", KB_ALWAYS, get_more,
     "Ports that policies, or their absence, open to internet addresses beyond these: \"TCP 22\", "
     "\"all\"; empty: none."},
};

const struct kb_table kb_table_net_exposed = {
    .name = "net.exposed",
    .doc = "One row a workload with running pods that a Service, Ingress or route leads the internet to.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct exposed_row *row = data;
    kb_cluster_row_info(&row->workload->at, row->workload->kind->kind, arena, out);
}

/* Fill `via`; false: nothing leads there. */
static bool put_via(const struct kb_exposure_model *model, struct exposed_row *row,
                    struct kb_arena *arena)
{
    row->via = KB_NEW_ARRAY(arena, model->row_count, struct kb_str);
    for (size_t i = 0; i < model->row_count; i++) {
        const struct kb_exposure *from = &model->rows[i];
        if (is_behind(from, row->workload)) {
            row->via[row->via_count++] = kb_cluster_object(&from->at, from->kind->kind, arena);
            row->internet = row->internet || from->front.scheme == KB_NET_SCHEME_INTERNET;
        }
    }
    return row->via_count > 0;
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    struct kb_net_world *net = &world->network->net;
    struct kb_arena arena = {0};
    for (size_t i = 0; i < world->cluster.workloads.n; i++) {
        const struct kb_workload *workload = &world->cluster.workloads.at[i];
        struct exposed_row row = {.world = world,
                                  .workload = workload,
                                  .kind = kb_str_c(workload->kind->kind),
                                  .name = workload->at.name,
                                  .name_space = workload->at.name_space};
        if (put_via(&world->exposure, &row, &arena)) {
            judge(net, &row, &arena);
        }
        if (row.judged) {
            struct kb_row out = {&kb_table_net_exposed, &ops, &row};
            fn(ctx, &out);
        }
        kb_arena_reset(&arena);
    }
    kb_arena_done(&arena);
}

static const enum kb_kind_id needs[] = {
    KB_KIND_SERVICE,        KB_KIND_INGRESS,      KB_KIND_INGRESS_CLASS, KB_KIND_GATEWAY,
    KB_KIND_HTTP_ROUTE,     KB_KIND_NAMESPACE,    KB_KIND_POD,           KB_KIND_DEPLOYMENT,
    KB_KIND_DAEMON_SET,     KB_KIND_STATEFUL_SET, KB_KIND_REPLICA_SET,   KB_KIND_NETWORK_POLICY,
    KB_KIND_ADMIN_NETWORK_POLICY, KB_KIND_BASELINE_ADMIN_NETWORK_POLICY};

const struct kb_fact_source kb_facts_net_exposed = {
    .table = &kb_table_net_exposed,
    .needs = needs,
    .need_count = sizeof needs / sizeof needs[0],
    .rows = rows,
};
