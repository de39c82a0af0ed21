/* The front that a Service of type LoadBalancer makes. */
#include "network/exposure_internal.h"

#define LB "service.beta.kubernetes.io/aws-load-balancer-"

static bool is_tcp(const struct kb_net_service_listener *port)
{
    return kb_str_eq_c(port->protocol, "TCP");
}

/* The controller gives its balancers names that begin so, the in-tree provider does not. */
static bool named_by_lbc(const struct kb_net_published *service)
{
    return service->hostnames.n > 0 &&
           kb_str_starts(service->hostnames.at[0], KB_STR("k8s-"));
}

static enum kb_net_controller controller_of(const struct kb_net_published *service)
{
    struct kb_str type = kb_net_annotation(&service->annotations, LB "type");
    if (service->balancer_class.n > 0) {
        return kb_str_eq_c(service->balancer_class, "service.k8s.aws/nlb")    ? KB_NET_BY_LBC
               : kb_str_eq_c(service->balancer_class, "eks.amazonaws.com/nlb") ? KB_NET_BY_AUTO_MODE
                                                                               : KB_NET_BY_OTHER;
    }
    return kb_str_eq_c(type, "external") || kb_str_eq_c(type, "nlb-ip") || named_by_lbc(service)
               ? KB_NET_BY_LBC
               : KB_NET_BY_IN_TREE;
}

/* aws.go, EnsureLoadBalancer: anything but "false" makes it internal; the scheme annotation is not read. */
static enum kb_net_scheme in_tree_scheme(const struct kb_net_published *service)
{
    struct kb_str internal = kb_net_annotation(&service->annotations, LB "internal");
    return internal.n > 0 && !kb_str_eq_c(internal, "false") ? KB_NET_SCHEME_INTERNAL
                                                             : KB_NET_SCHEME_INTERNET;
}

/* model_build_load_balancer.go: the scheme, else the older annotation, else internal. */
static enum kb_net_scheme lbc_scheme(const struct kb_net_published *service)
{
    struct kb_str scheme = kb_net_annotation(&service->annotations, LB "scheme");
    struct kb_str older = kb_net_annotation(&service->annotations, LB "internal");
    bool internal = true;
    if (scheme.n > 0) {
        return kb_str_eq_c(scheme, "internet-facing") ? KB_NET_SCHEME_INTERNET
               : kb_str_eq_c(scheme, "internal")      ? KB_NET_SCHEME_INTERNAL
                                                      : KB_NET_SCHEME_UNKNOWN;
    }
    if (older.n > 0 && !kb_net_annotation_says(&service->annotations, LB "internal", &internal)) {
        return KB_NET_SCHEME_UNKNOWN;
    }
    return internal ? KB_NET_SCHEME_INTERNAL : KB_NET_SCHEME_INTERNET;
}

static void put_scheme(const struct kb_net_published *service, struct kb_net_front *out)
{
    bool nlb = kb_str_eq_c(kb_net_annotation(&service->annotations, LB "type"), "nlb");
    if (out->controller == KB_NET_BY_IN_TREE) {
        out->balancer = nlb ? KB_NET_NLB : KB_NET_CLB;
        out->scheme = !nlb && kb_net_internal_name(&service->hostnames) ? KB_NET_SCHEME_INTERNAL
                                                                        : in_tree_scheme(service);
    } else if (out->controller == KB_NET_BY_OTHER) {
        out->scheme = KB_NET_SCHEME_UNKNOWN;
    } else {
        out->balancer = KB_NET_NLB;
        out->scheme = lbc_scheme(service);
    }
}

static enum kb_net_target target_of(const struct kb_net_published *service,
                                    enum kb_net_controller controller)
{
    struct kb_str kind = kb_net_annotation(&service->annotations, LB "nlb-target-type");
    if (controller == KB_NET_BY_IN_TREE) {
        return KB_NET_TARGET_INSTANCE;
    }
    if (kb_str_eq_c(kind, "ip") || kb_str_eq_c(kind, "nlb-ip") ||
        kb_str_eq_c(kb_net_annotation(&service->annotations, LB "type"), "nlb-ip")) {
        return KB_NET_TARGET_IP;
    }
    return kb_str_eq_c(kind, "instance") || controller == KB_NET_BY_LBC ? KB_NET_TARGET_INSTANCE
                                                                        : KB_NET_TARGET_NOT_KNOWN;
}

/* Without groups of its own, an NLB leaves the ranges to the nodes' groups, which see the client's address
 * only where it is preserved. */
static bool ranges_are_lost(const struct kb_net_published *service, const struct kb_net_front *front)
{
    struct kb_str attributes =
        kb_net_annotation(&service->annotations, LB "target-group-attributes");
    bool without_groups = false;
    (void)kb_net_annotation_says(&service->annotations, LB "disable-nlb-sg", &without_groups);
    bool kept = kb_str_find(attributes, KB_STR("preserve_client_ip.enabled=true"), 0) != SIZE_MAX;
    bool dropped = kb_str_find(attributes, KB_STR("preserve_client_ip.enabled=false"), 0) != SIZE_MAX;
    return without_groups && (dropped || (front->target == KB_NET_TARGET_IP && !kept));
}

static void put_ranges(const struct kb_net_published *service, struct kb_arena *arena,
                       struct kb_net_front *out)
{
    bool prefix_lists =
        kb_net_annotation(&service->annotations, LB "security-group-prefix-lists").n > 0;
    bool more = kb_net_annotation(&service->annotations, LB "extra-security-groups").n > 0;
    out->own_groups = kb_net_annotation(&service->annotations, LB "security-groups").n > 0;
    out->ranges = service->ranges;
    if (out->ranges.n == 0 && out->controller != KB_NET_BY_AUTO_MODE) {
        out->ranges =
            kb_net_annotation_list(&service->annotations,
                                   "service.beta.kubernetes.io/load-balancer-source-ranges", arena);
    }
    enum kb_net_answer open = out->ranges.n > 0   ? kb_net_ranges_open(&out->ranges)
                              : prefix_lists ? KB_NET_UNSURE
                                             : KB_NET_YES;
    if (ranges_are_lost(service, out)) {
        open = KB_NET_YES;
    }
    out->open = out->own_groups || out->controller == KB_NET_BY_OTHER ||
                        (open == KB_NET_NO && (more || prefix_lists))
                    ? KB_NET_UNSURE
                    : open;
}

static bool in_ssl_ports(const struct kb_net_texts *ports, const struct kb_net_service_listener *port)
{
    uint64_t number = 0;
    for (size_t i = 0; i < ports->n; i++) {
        if (kb_str_eq_c(ports->at[i], "*") ||
            (port->name.n > 0 && kb_str_eq(ports->at[i], port->name)) ||
            (kb_str_u64(ports->at[i], &number) && number == port->port)) {
            return true;
        }
    }
    return ports->n == 0;
}

static void put_listeners(const struct kb_net_published *service, struct kb_arena *arena,
                          struct kb_net_front *out)
{
    enum { HTTPS = 443 };
    bool certificate = kb_net_annotation(&service->annotations, LB "ssl-cert").n > 0;
    struct kb_net_texts ssl = kb_net_annotation_list(&service->annotations, LB "ssl-ports", arena);
    struct kb_net_listener *at = KB_NEW_ARRAY(arena, service->port_count, struct kb_net_listener);
    for (size_t i = 0; i < service->port_count; i++) {
        const struct kb_net_service_listener *port = &service->ports[i];
        bool ends = is_tcp(port) && certificate && in_ssl_ports(&ssl, port);
        bool passes = is_tcp(port) && (port->port == HTTPS ||
                                       kb_str_eq_c(port->app_protocol, "https") ||
                                       kb_str_eq_c(port->app_protocol, "kubernetes.io/wss"));
        at[i] = (struct kb_net_listener){
            .protocol = ends ? KB_STR("TLS") : port->protocol,
            .port = port->port,
            .tls = ends     ? KB_NET_TLS_BALANCER
                   : passes ? KB_NET_TLS_WORKLOAD
                            : KB_NET_TLS_NOWHERE,
        };
    }
    out->listeners = at;
    out->listener_count = service->port_count;
}

void kb_net_service_front(const struct kb_net_published *service, struct kb_arena *arena,
                          struct kb_net_front *out)
{
    *out = (struct kb_net_front){0};
    if (!kb_str_eq_c(service->type, "LoadBalancer")) {
        return;
    }
    out->controller = controller_of(service);
    put_scheme(service, out);
    out->target = target_of(service, out->controller);
    put_ranges(service, arena, out);
    put_listeners(service, arena, out);
}
