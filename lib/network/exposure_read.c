/* Reading what publishes. A member of another type than its own counts as absent. */
#include "data/json.h"
#include "network/exposure_internal.h"

static struct kb_str text(const json_t *object, const char *key, struct kb_arena *arena)
{
    struct kb_str value = KB_STR("");
    (void)kb_json_str(object, key, &value);
    return kb_arena_copy(arena, value);
}

static uint16_t number(const json_t *object, const char *key)
{
    int64_t value = 0;
    return kb_json_i64(object, key, &value) && value > 0 && value <= UINT16_MAX ? (uint16_t)value : 0;
}

/* The texts of a list; with `key` that member of its objects. */
static struct kb_net_texts texts(const json_t *list, const char *key, struct kb_arena *arena)
{
    struct kb_str *at = KB_NEW_ARRAY(arena, json_array_size(list), struct kb_str);
    size_t n = 0, i;
    json_t *item;
    json_array_foreach(list, i, item) {
        const json_t *value = key == NULL ? item : json_object_get(item, key);
        if (json_is_string(value) && json_string_length(value) > 0) {
            at[n++] = kb_arena_copy(arena, kb_json_view(value));
        }
    }
    return (struct kb_net_texts){at, n};
}

/* Those annotations that something here reads: the others may be long. */
static struct kb_net_labels annotations(const json_t *object, struct kb_arena *arena)
{
    static const char *const prefixes[] = {
        "service.beta.kubernetes.io/", "alb.ingress.kubernetes.io/",
        "nginx.ingress.kubernetes.io/", "kubernetes.io/ingress.class"};
    KB_AUTO(kb_json_done) json_t *kept = json_object();
    const char *key;
    json_t *value;
    bool bad = false;
    json_object_foreach(kb_json_dig(object, "metadata", "annotations", NULL), key, value) {
        for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
            if (kb_str_starts(kb_str_c(key), kb_str_c(prefixes[i]))) {
                json_object_set(kept, key, value);
            }
        }
    }
    return kb_net_labels_read(kept, arena, &bad);
}

static struct kb_net_texts balancer_names(const json_t *object, struct kb_arena *arena)
{
    return texts(kb_json_dig(object, "status", "loadBalancer", "ingress", NULL), "hostname", arena);
}

static void read_port(const json_t *from, struct kb_arena *arena, struct kb_net_service_listener *out)
{
    const json_t *target = json_object_get(from, "targetPort");
    *out = (struct kb_net_service_listener){
        .name = text(from, "name", arena),
        .protocol = text(from, "protocol", arena),
        .app_protocol = text(from, "appProtocol", arena),
        .target_name = text(from, "targetPort", arena),
        .port = number(from, "port"),
        .target = json_is_integer(target) ? number(from, "targetPort") : number(from, "port"),
        .node_port = number(from, "nodePort"),
    };
    if (out->protocol.n == 0) {
        out->protocol = KB_STR("TCP");
    }
}

void kb_net_read_service(const json_t *object, struct kb_arena *arena, struct kb_net_published *out)
{
    const json_t *spec = kb_json_object(object, "spec"), *ports = kb_json_array(spec, "ports");
    const json_t *selector = kb_json_object(spec, "selector");
    struct kb_net_service_listener *at =
        KB_NEW_ARRAY(arena, json_array_size(ports), struct kb_net_service_listener);
    bool bad = false;
    *out = (struct kb_net_published){
        .type = text(spec, "type", arena),
        .balancer_class = text(spec, "loadBalancerClass", arena),
        .annotations = annotations(object, arena),
        .selector = kb_net_labels_read(selector, arena, &bad),
        .has_selector = json_object_size(selector) > 0,
        .ports = at,
        .port_count = json_array_size(ports),
        .ranges = texts(kb_json_array(spec, "loadBalancerSourceRanges"), NULL, arena),
        .external_ips = texts(kb_json_array(spec, "externalIPs"), NULL, arena),
        .hostnames = balancer_names(object, arena),
        .node_ports = !json_is_false(json_object_get(spec, "allocateLoadBalancerNodePorts")),
    };
    for (size_t i = 0; i < out->port_count; i++) {
        read_port(json_array_get(ports, i), arena, &at[i]);
    }
    if (out->type.n == 0) {
        out->type = KB_STR("ClusterIP");
    }
}

struct backends {
    const json_t *object;
    struct kb_arena *arena;
    struct kb_str name_space;
    KB_VEC(struct kb_net_backend) list;
    bool redirects;
};

static void add_backend(struct backends *to, struct kb_net_backend backend)
{
    for (size_t i = 0; i < to->list.n; i++) {
        const struct kb_net_backend *other = &to->list.at[i];
        if (kb_str_eq(other->name_space, backend.name_space) &&
            kb_str_eq(other->service, backend.service) && other->port == backend.port &&
            kb_str_eq(other->port_name, backend.port_name)) {
            return;
        }
    }
    if (backend.service.n > 0) {
        *KB_VEC_PUSH(&to->list) = backend;
    }
}

static const struct kb_net_backend *close_backends(struct backends *from, size_t *n)
{
    struct kb_net_backend *at = KB_NEW_ARRAY(from->arena, from->list.n, struct kb_net_backend);
    *n = from->list.n;
    for (size_t i = 0; i < from->list.n; i++) {
        at[i] = from->list.at[i];
    }
    KB_VEC_DONE(&from->list);
    return at;
}

static void add_action_target(struct backends *to, const json_t *target)
{
    const json_t *port = json_object_get(target, "servicePort");
    uint64_t read = 0;
    struct kb_str name = text(target, "servicePort", to->arena);
    bool number_text = kb_str_u64(name, &read) && read <= UINT16_MAX;
    add_backend(to, (struct kb_net_backend){
                        .name_space = to->name_space,
                        .service = text(target, "serviceName", to->arena),
                        .port_name = number_text ? KB_STR("") : name,
                        .port = json_is_integer(port) ? number(target, "servicePort")
                                                      : (uint16_t)read,
                    });
}

/* A backend that stands in an annotation: alb.ingress.kubernetes.io/actions.<name>. */
static void add_action(struct backends *to, struct kb_str name)
{
    KB_AUTO(kb_json_done) json_t *action = NULL;
    struct kb_str json = KB_STR(""), protocol = KB_STR("");
    const char *key =
        kb_arena_printf(to->arena, "alb.ingress.kubernetes.io/actions.%.*s", KB_FMT(name)).p;
    (void)kb_json_str(kb_json_dig(to->object, "metadata", "annotations", NULL), key, &json);
    if (kb_failed(kb_json_parse(NULL, json, 0, &action, NULL))) {
        return;
    }
    (void)kb_json_str(kb_json_object(action, "redirectConfig"), "protocol", &protocol);
    to->redirects = to->redirects || kb_str_eq_c(protocol, "HTTPS");
    size_t i;
    json_t *target;
    json_array_foreach(kb_json_dig(action, "forwardConfig", "targetGroups", NULL), i, target) {
        add_action_target(to, target);
    }
}

static void add_ingress_backend(struct backends *to, const json_t *backend)
{
    const json_t *service = kb_json_object(backend, "service");
    const json_t *port = kb_json_object(service, "port");
    struct kb_net_backend out = {to->name_space, text(service, "name", to->arena),
                                 text(port, "name", to->arena), number(port, "number")};
    if (kb_str_eq_c(out.port_name, "use-annotation")) {
        add_action(to, out.service);
    } else {
        add_backend(to, out);
    }
}

static void read_rules(const json_t *spec, struct backends *to, struct kb_net_ingress *out)
{
    size_t i, k;
    json_t *rule, *path;
    json_array_foreach(kb_json_array(spec, "rules"), i, rule) {
        struct kb_str host = KB_STR("");
        (void)kb_json_str(rule, "host", &host);
        out->any_host = out->any_host || host.n == 0;
        json_array_foreach(kb_json_dig(rule, "http", "paths", NULL), k, path) {
            add_ingress_backend(to, kb_json_object(path, "backend"));
        }
    }
    if (kb_json_object(spec, "defaultBackend") != NULL) {
        out->any_host = true;
        add_ingress_backend(to, kb_json_object(spec, "defaultBackend"));
    }
}

void kb_net_read_ingress(const json_t *object, struct kb_arena *arena, struct kb_net_ingress *out)
{
    const json_t *spec = kb_json_object(object, "spec");
    struct backends to = {.object = object,
                          .arena = arena,
                          .name_space = text(kb_json_object(object, "metadata"), "namespace", arena)};
    *out = (struct kb_net_ingress){
        .class_name = text(spec, "ingressClassName", arena),
        .annotations = annotations(object, arena),
        .tls = json_array_size(kb_json_array(spec, "tls")) > 0,
        .hosts = texts(kb_json_array(spec, "rules"), "host", arena),
        .hostnames = balancer_names(object, arena),
    };
    read_rules(spec, &to, out);
    out->backends = close_backends(&to, &out->backend_count);
    out->action_redirects = to.redirects;
}

void kb_net_read_class_params(const json_t *object, struct kb_arena *arena,
                              struct kb_net_class_params *out)
{
    const json_t *spec = kb_json_object(object, "spec");
    *out = (struct kb_net_class_params){
        .scheme = text(spec, "scheme", arena),
        .group = text(kb_json_object(spec, "group"), "name", arena),
        .certificate = json_array_size(kb_json_array(spec, "certificateArn")) > 0 ||
                       json_array_size(kb_json_array(spec, "certificateARNs")) > 0,
        .redirect = text(spec, "sslRedirectPort", arena).n > 0,
        .waf = text(spec, "wafv2AclArn", arena).n > 0 || text(spec, "wafv2AclName", arena).n > 0,
        .prefix_lists = json_array_size(kb_json_array(spec, "prefixListsIDs")) > 0,
        .ranges = texts(kb_json_array(spec, "inboundCIDRs"), NULL, arena),
    };
}

void kb_net_read_configuration(const json_t *object, struct kb_arena *arena,
                               struct kb_net_class_params *out)
{
    const json_t *spec = kb_json_object(object, "spec");
    *out = (struct kb_net_class_params){
        .scheme = text(spec, "scheme", arena),
        .waf = text(kb_json_object(spec, "wafV2"), "webACL", arena).n > 0,
        .prefix_lists = json_array_size(kb_json_array(spec, "securityGroupPrefixes")) > 0,
        .own_groups = json_array_size(kb_json_array(spec, "securityGroups")) > 0,
        .prefers_gateway = kb_str_eq_c(text(spec, "mergingMode", arena), "prefer-gateway"),
        .ranges = texts(kb_json_array(spec, "sourceRanges"), NULL, arena),
    };
}

void kb_net_read_gateway(const json_t *object, struct kb_arena *arena, struct kb_net_gateway *out)
{
    const json_t *spec = kb_json_object(object, "spec");
    const json_t *listeners = kb_json_array(spec, "listeners");
    struct kb_net_gateway_listener *at =
        KB_NEW_ARRAY(arena, json_array_size(listeners), struct kb_net_gateway_listener);
    *out = (struct kb_net_gateway){
        .class_name = text(spec, "gatewayClassName", arena),
        .listeners = at,
        .listener_count = json_array_size(listeners),
        .hostnames = texts(kb_json_dig(object, "status", "addresses", NULL), "value", arena),
    };
    for (size_t i = 0; i < out->listener_count; i++) {
        const json_t *from = json_array_get(listeners, i);
        struct kb_str mode = text(kb_json_object(from, "tls"), "mode", arena);
        at[i] = (struct kb_net_gateway_listener){text(from, "protocol", arena),
                                                 number(from, "port"),
                                                 kb_str_eq_c(mode, "Passthrough")};
    }
}

/* A reference's namespace is the route's own where it names none; false: it is to another kind. */
static bool reference(const json_t *from, const char *kind, struct kb_str own, struct kb_arena *arena,
                      struct kb_str *name_space, struct kb_str *name)
{
    struct kb_str other = text(from, "kind", arena);
    *name_space = text(from, "namespace", arena);
    *name = text(from, "name", arena);
    *name_space = name_space->n == 0 ? own : *name_space;
    return other.n == 0 || kb_str_eq_c(other, kind);
}

void kb_net_read_route(const json_t *object, struct kb_arena *arena, struct kb_net_route *out)
{
    const json_t *spec = kb_json_object(object, "spec"), *refs = kb_json_array(spec, "parentRefs");
    struct backends to = {.arena = arena,
                          .name_space = text(kb_json_object(object, "metadata"), "namespace", arena)};
    struct kb_net_parent *parents = KB_NEW_ARRAY(arena, json_array_size(refs), struct kb_net_parent);
    size_t i, k, n = 0;
    json_t *ref, *rule;
    json_array_foreach(refs, i, ref) {
        struct kb_net_parent *to_parent = &parents[n];
        n += reference(ref, "Gateway", to.name_space, arena, &to_parent->name_space, &to_parent->name);
    }
    json_array_foreach(kb_json_array(spec, "rules"), i, rule) {
        json_array_foreach(kb_json_array(rule, "backendRefs"), k, ref) {
            struct kb_net_backend backend = {.port = number(ref, "port")};
            if (reference(ref, "Service", to.name_space, arena, &backend.name_space,
                          &backend.service)) {
                add_backend(&to, backend);
            }
        }
    }
    *out = (struct kb_net_route){.parents = parents,
                                 .parent_count = n,
                                 .hosts = texts(kb_json_array(spec, "hostnames"), NULL, arena)};
    out->backends = close_backends(&to, &out->backend_count);
}
