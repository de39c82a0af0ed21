/* Namespaces, pods, nodes and Services from their JSON. */
#include "base/limits.h"
#include "data/time.h"
#include "network/internal.h"

#define NAME_LABEL "kubernetes.io/metadata.name"

void kb_net_world_init(struct kb_net_world *world, const struct kb_net_profile *profile)
{
    *world = (struct kb_net_world){.profile = profile == NULL ? kb_net_profile_default() : profile};
}

void kb_net_world_done(struct kb_net_world *world)
{
    struct kb_map *maps[] = {&world->names,        &world->selects, &world->namespace_index,
                             &world->object_index, &world->derived, &world->address_pods,
                             &world->service_peers, &world->world_ports};
    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++) {
        kb_map_done(maps[i]);
    }
    kb_net_index_done(&world->pod_index);
    kb_net_index_done(&world->namespace_labels);
    KB_VEC_DONE(&world->namespaces);
    KB_VEC_DONE(&world->pods);
    KB_VEC_DONE(&world->nodes);
    KB_VEC_DONE(&world->services);
    KB_VEC_DONE(&world->templates);
    KB_VEC_DONE(&world->policies);
    KB_VEC_DONE(&world->problems);
    KB_VEC_DONE(&world->classes);
    kb_net_store_done(&world->ports);
    kb_net_space_done(&world->space);
    kb_arena_done(&world->arena);
}

static bool object_is_new(struct kb_net_reader *r)
{
    bool is_new;
    kb_map_add(&r->world->object_index, r->object, &is_new);
    if (!is_new) {
        kb_net_problem(r, NULL, "is there twice; the first one counts");
    }
    return is_new;
}

uint32_t kb_net_namespace_number(struct kb_net_world *world, struct kb_str name)
{
    bool is_new;
    struct kb_map_entry *entry = kb_map_add(&world->namespace_index, name, &is_new);
    if (is_new) {
        struct kb_net_label *label = KB_NEW(&world->arena, struct kb_net_label);
        *label = (struct kb_net_label){KB_STR(NAME_LABEL), entry->key};
        entry->value.u = world->namespaces.n;
        *KB_VEC_PUSH(&world->namespaces) = (struct kb_net_namespace){
            .name = entry->key, .labels = {label, 1}, .implied = true};
    }
    return (uint32_t)entry->value.u;
}

static void take_namespace(struct kb_net_reader *r, const json_t *object)
{
    const json_t *meta = json_object_get(object, "metadata");
    struct kb_str name = kb_json_view(json_object_get(meta, "name"));
    bool bad = false;
    uint32_t number = kb_net_namespace_number(r->world, name);
    struct kb_net_namespace *ns = &r->world->namespaces.at[number];
    json_t *labels = json_copy(json_object_get(meta, "labels"));
    if (!json_is_object(labels)) {
        json_decref(labels);
        labels = json_object();
    }
    /* The API server sees to it that every namespace has its name for a label. */
    json_object_set_new(labels, NAME_LABEL, json_stringn(name.p, name.n));
    ns->labels = kb_net_labels_read(labels, &r->world->arena, &bad);
    ns->implied = false;
    json_decref(labels);
    if (bad) {
        kb_net_problem(r, KB_NET_AT(KB_NET_AT(NULL, "metadata"), "labels"), "a label is no text");
    }
}

/* One address of a family at most, as Kubernetes has it. */
static void add_ip(struct kb_net_reader *r, struct kb_net_pod *pod, const json_t *text)
{
    struct kb_ip ip;
    struct kb_err err;
    if (!json_is_string(text) || json_string_length(text) == 0) {
        return;
    }
    if (kb_failed(kb_ip_parse(kb_json_view(text), &ip, &err))) {
        kb_net_problem(r, KB_NET_AT(NULL, "status"), "%s", err.msg);
        return;
    }
    if (pod->ip_count == 0 || (pod->ip_count == 1 && pod->ips[0].family != ip.family)) {
        pod->ips[pod->ip_count++] = ip;
    }
}

static void read_addresses(struct kb_net_reader *r, struct kb_net_pod *pod, const json_t *status)
{
    const json_t *ips = json_object_get(status, "podIPs");
    struct kb_str host = kb_json_view(json_object_get(status, "hostIP"));
    add_ip(r, pod, json_object_get(status, "podIP"));
    for (size_t i = 0; i < json_array_size(ips); i++) {
        add_ip(r, pod, json_object_get(json_array_get(ips, i), "ip"));
    }
    if (host.n == 0 || kb_failed(kb_ip_parse(host, &pod->host_ip, NULL))) {
        pod->host_ip = pod->host_network && pod->ip_count > 0 ? pod->ips[0] : (struct kb_ip){0};
    }
    if (pod->host_network && pod->ip_count == 0 && pod->host_ip.family != 0) {
        pod->ips[pod->ip_count++] = pod->host_ip;
    }
}

typedef KB_VEC(struct kb_net_pod_port) port_list;

/* Those with names, or those without. */
static void add_ports(struct kb_net_world *world, const json_t *containers, bool init, bool names,
                      port_list *out)
{
    for (size_t i = 0; i < json_array_size(containers); i++) {
        const json_t *container = json_array_get(containers, i);
        const json_t *ports = json_object_get(container, "ports");
        struct kb_str restart = kb_json_view(json_object_get(container, "restartPolicy"));
        for (size_t j = 0; j < json_array_size(ports) && (!init || kb_str_eq_c(restart, "Always")); j++) {
            const json_t *port = json_array_get(ports, j);
            struct kb_str name = kb_json_view(json_object_get(port, "name"));
            json_int_t number = json_integer_value(json_object_get(port, "containerPort"));
            const json_t *protocol = json_object_get(port, "protocol");
            struct kb_net_pod_port read = {.protocol = KB_NET_TCP, .port = (uint16_t)number};
            if ((name.n > 0) != names || number < 1 || number > KB_NET_PORT_MAX ||
                (json_is_string(protocol) &&
                 !kb_net_protocol_find(kb_json_view(protocol), &read.protocol))) {
                continue;
            }
            read.name = kb_net_intern(world, name);
            *KB_VEC_PUSH(out) = read;
        }
    }
}

static void read_ports(struct kb_net_world *world, struct kb_net_pod *pod, const json_t *spec)
{
    port_list ports = {0};
    add_ports(world, json_object_get(spec, "containers"), false, true, &ports);
    add_ports(world, json_object_get(spec, "initContainers"), true, true, &ports);
    pod->port_count = ports.n;
    add_ports(world, json_object_get(spec, "containers"), false, false, &ports);
    add_ports(world, json_object_get(spec, "initContainers"), true, false, &ports);
    struct kb_net_pod_port *kept = KB_NEW_ARRAY(&world->arena, ports.n, struct kb_net_pod_port);
    for (size_t i = 0; i < ports.n; i++) {
        kept[i] = ports.at[i];
    }
    pod->ports = kept;
    pod->declared_count = ports.n;
    KB_VEC_DONE(&ports);
}

int64_t kb_net_created(const json_t *meta)
{
    struct kb_time time, epoch = {0};
    int64_t ns = INT64_MIN;
    struct kb_str text = kb_json_view(json_object_get(meta, "creationTimestamp"));
    bool told = text.n > 0 && !kb_failed(kb_time_parse(text, KB_TIME_STRICT, &time, NULL)) &&
                kb_time_diff(time, epoch, &ns);
    return told ? ns : INT64_MIN;
}

static void read_owner(struct kb_net_world *world, struct kb_net_pod *pod, const json_t *meta)
{
    const json_t *owners = json_object_get(meta, "ownerReferences");
    for (size_t i = 0; i < json_array_size(owners); i++) {
        const json_t *owner = json_array_get(owners, i);
        if (json_is_true(json_object_get(owner, "controller"))) {
            pod->owner_kind = kb_net_intern(world, kb_json_view(json_object_get(owner, "kind")));
            pod->owner_name = kb_net_intern(world, kb_json_view(json_object_get(owner, "name")));
        }
    }
}

static void take_pod(struct kb_net_reader *r, const json_t *object)
{
    struct kb_net_world *world = r->world;
    const json_t *meta = json_object_get(object, "metadata"), *spec = json_object_get(object, "spec");
    const json_t *status = json_object_get(object, "status");
    struct kb_str name_space = kb_json_view(json_object_get(meta, "namespace"));
    struct kb_str phase = kb_json_view(json_object_get(status, "phase"));
    struct kb_str os = kb_json_view(json_object_get(json_object_get(spec, "os"), "name"));
    bool bad = false;
    struct kb_net_pod *pod = KB_NEW(&world->arena, struct kb_net_pod);
    pod->ns = kb_net_namespace_number(world, name_space.n > 0 ? name_space : KB_STR("default"));
    pod->cls = UINT32_MAX;
    pod->name_space = world->namespaces.at[pod->ns].name;
    pod->name = kb_arena_copy(&world->arena, kb_json_view(json_object_get(meta, "name")));
    pod->created_ns = kb_net_created(meta);
    pod->uid = kb_arena_copy(&world->arena, kb_json_view(json_object_get(meta, "uid")));
    pod->node = kb_net_intern(world, kb_json_view(json_object_get(spec, "nodeName")));
    pod->labels = kb_net_labels_read(json_object_get(meta, "labels"), &world->arena, &bad);
    pod->host_network = json_is_true(json_object_get(spec, "hostNetwork"));
    pod->finished = kb_str_eq_c(phase, "Succeeded") || kb_str_eq_c(phase, "Failed");
    pod->unenforced = kb_str_eq_c(os, "windows") ||
                      kb_net_labels_get(&pod->labels, KB_STR("eks.amazonaws.com/fargate-profile"), &os);
    read_owner(world, pod, meta);
    read_ports(world, pod, spec);
    read_addresses(r, pod, status);
    if (bad) {
        kb_net_problem(r, KB_NET_AT(KB_NET_AT(NULL, "metadata"), "labels"), "a label is no text");
    }
    kb_map_set(&world->object_index, r->object, pod);
    *KB_VEC_PUSH(&world->pods) = pod;
}

void kb_net_take_template(struct kb_net_world *world, struct kb_str name_space, const json_t *labels)
{
    bool bad = false;
    if (world->templates.n >= KB_MAX_NET_OBJECTS) {
        world->over_limit = true;
        return;
    }
    *KB_VEC_PUSH(&world->templates) = (struct kb_net_template){
        .ns = kb_net_namespace_number(world, name_space),
        .labels = kb_net_labels_read(labels, &world->arena, &bad),
    };
}

static void take_node(struct kb_net_reader *r, const json_t *object)
{
    struct kb_net_world *world = r->world;
    const json_t *meta = json_object_get(object, "metadata");
    const json_t *list = json_object_get(json_object_get(object, "status"), "addresses");
    struct kb_ip *ips = KB_NEW_ARRAY(&world->arena, json_array_size(list), struct kb_ip);
    struct kb_net_node node = {.ips = ips};
    bool bad = false;
    node.name = kb_net_intern(world, kb_json_view(json_object_get(meta, "name")));
    node.labels = kb_net_labels_read(json_object_get(meta, "labels"), &world->arena, &bad);
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct kb_str text = kb_json_view(json_object_get(json_array_get(list, i), "address"));
        if (!kb_failed(kb_ip_parse(text, &ips[node.ip_count], NULL))) {
            node.ip_count++;
        }
    }
    *KB_VEC_PUSH(&world->nodes) = node;
}

/* A port of a Service: its targetPort is the port itself where none is given. */
static bool read_service_port(struct kb_net_world *world, const json_t *json,
                              struct kb_net_service_port *out)
{
    const json_t *target = json_object_get(json, "targetPort");
    const json_t *protocol = json_object_get(json, "protocol");
    json_int_t port = json_integer_value(json_object_get(json, "port"));
    json_int_t number = json_is_integer(target) ? json_integer_value(target) : port;
    *out = (struct kb_net_service_port){.protocol = KB_NET_TCP};
    if (port < 1 || port > KB_NET_PORT_MAX || number < 0 || number > KB_NET_PORT_MAX ||
        (json_is_string(protocol) && !kb_net_protocol_find(kb_json_view(protocol), &out->protocol))) {
        return false;
    }
    out->port = (uint16_t)port;
    out->target = (uint16_t)number;
    out->target_name = kb_net_intern(world, kb_json_view(target));
    return true;
}

/* Those with an address of their own and a selector. */
static void take_service(struct kb_net_reader *r, const json_t *object)
{
    struct kb_net_world *world = r->world;
    const json_t *meta = json_object_get(object, "metadata"), *spec = json_object_get(object, "spec");
    const json_t *list = json_object_get(spec, "ports");
    struct kb_net_service service = {0};
    bool bad = false;
    if (kb_failed(kb_ip_parse(kb_json_view(json_object_get(spec, "clusterIP")), &service.ip, NULL))) {
        return;
    }
    struct kb_net_service_port *ports =
        KB_NEW_ARRAY(&world->arena, json_array_size(list), struct kb_net_service_port);
    for (size_t i = 0; i < json_array_size(list); i++) {
        service.port_count +=
            read_service_port(world, json_array_get(list, i), &ports[service.port_count]);
    }
    service.ports = ports;
    service.name = kb_net_intern(world, kb_json_view(json_object_get(meta, "name")));
    service.ns = kb_net_namespace_number(world, kb_json_view(json_object_get(meta, "namespace")));
    service.name_space = world->namespaces.at[service.ns].name;
    service.selector = kb_net_labels_read(json_object_get(spec, "selector"), &world->arena, &bad);
    *KB_VEC_PUSH(&world->services) = service;
}

static const struct {
    const char *kind;
    bool namespaced;
    kb_net_read_fn *take;
} core_kinds[] = {{"Namespace", false, take_namespace},
                  {"Pod", true, take_pod},
                  {"Node", false, take_node},
                  {"Service", true, take_service}};

static bool take_core(struct kb_net_world *world, struct kb_str kind, const json_t *object)
{
    const json_t *meta = json_object_get(object, "metadata");
    struct kb_str name = kb_json_view(json_object_get(meta, "name"));
    struct kb_str name_space = kb_json_view(json_object_get(meta, "namespace"));
    name_space = name_space.n > 0 ? name_space : KB_STR("default");
    for (size_t i = 0; i < sizeof core_kinds / sizeof core_kinds[0]; i++) {
        if (!kb_str_eq_c(kind, core_kinds[i].kind)) {
            continue;
        }
        struct kb_str whole = core_kinds[i].namespaced
                                  ? kb_arena_printf(&world->arena, "%.*s/%.*s/%.*s", KB_FMT(kind),
                                                    KB_FMT(name_space), KB_FMT(name))
                                  : kb_arena_printf(&world->arena, "%.*s/%.*s", KB_FMT(kind),
                                                    KB_FMT(name));
        struct kb_net_reader r = {world, whole, NULL};
        if (object_is_new(&r)) {
            core_kinds[i].take(&r, object);
        }
        return true;
    }
    return false;
}

bool kb_net_take(struct kb_net_world *world, const json_t *object)
{
    struct kb_str version = kb_json_view(json_object_get(object, "apiVersion"));
    struct kb_str kind = kb_json_view(json_object_get(object, "kind"));
    struct kb_str rest, group = kb_str_split(version, '/', &rest);
    return kb_net_take_as(world, rest.p == NULL ? KB_STR("") : group, kind, object);
}

bool kb_net_take_as(struct kb_net_world *world, struct kb_str group, struct kb_str kind,
                    const json_t *object)
{
    if (world->object_index.n >= KB_MAX_NET_OBJECTS) {
        world->over_limit = true;
        return false;
    }
    return group.n == 0 ? take_core(world, kind, object)
                          : kb_net_take_policy(world, group, kind, object);
}

const struct kb_net_pod *kb_net_find_pod(const struct kb_net_world *world, struct kb_str name_space,
                                         struct kb_str name)
{
    struct kb_buf key;
    kb_buf_init(&key, KB_MAX_RECORD);
    kb_buf_printf(&key, "Pod/%.*s/%.*s", KB_FMT(name_space), KB_FMT(name));
    const struct kb_net_pod *pod = kb_map_get(&world->object_index, kb_buf_view(&key));
    kb_buf_done(&key);
    return pod;
}
