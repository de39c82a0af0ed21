/* The fronts of what is behind controllers that run in pods, and of Gateways. */
#include "network/exposure_internal.h"

/* What is behind a controller of its own is as open as the controller's Service. */
static void behind(const struct kb_net_front *service, enum kb_net_controller controller,
                   struct kb_net_front *out)
{
    *out = (struct kb_net_front){
        .controller = controller,
        .scheme = service == NULL ? KB_NET_SCHEME_UNKNOWN : service->scheme,
        .open = service == NULL ? KB_NET_UNSURE : service->open,
        .target = KB_NET_TARGET_IP,
    };
    if (service != NULL) {
        out->balancer = service->balancer;
        out->ranges = service->ranges;
        out->own_groups = service->own_groups;
        out->waf = service->waf;
    }
}

/* Whether the balancer before the controller ends TLS. */
static bool ends_tls(const struct kb_net_front *service)
{
    for (size_t i = 0; service != NULL && i < service->listener_count; i++) {
        if (service->listeners[i].tls == KB_NET_TLS_BALANCER) {
            return true;
        }
    }
    return false;
}

static struct kb_net_texts nginx_ranges(const struct kb_net_ingress *ingress, struct kb_arena *arena)
{
    struct kb_net_texts ranges = kb_net_annotation_list(
        &ingress->annotations, "nginx.ingress.kubernetes.io/whitelist-source-range", arena);
    return ranges.n > 0 ? ranges
                        : kb_net_annotation_list(
                              &ingress->annotations,
                              "nginx.ingress.kubernetes.io/allowlist-source-range", arena);
}

void kb_net_proxy_front(const struct kb_net_ingress *ingress, const struct kb_net_front *service,
                        enum kb_net_controller controller, struct kb_arena *arena,
                        struct kb_net_front *out)
{
    enum { HTTP = 80, HTTPS = 443 };
    bool nginx = controller == KB_NET_BY_NGINX;
    struct kb_net_texts ranges =
        nginx ? nginx_ranges(ingress, arena) : (struct kb_net_texts){0};
    struct kb_net_listener *at = KB_NEW_ARRAY(arena, 2, struct kb_net_listener);
    bool redirect = nginx; /* its default for what has TLS */
    (void)kb_net_annotation_says(&ingress->annotations, "nginx.ingress.kubernetes.io/ssl-redirect",
                                 &redirect);
    behind(service, controller, out);
    if (ranges.n > 0 && out->open != KB_NET_NO) {
        out->ranges = ranges;
        out->open = kb_net_ranges_open(&ranges);
    }
    at[0] = (struct kb_net_listener){
        .protocol = KB_STR("HTTP"), .port = HTTP, .redirects = ingress->tls && redirect};
    at[1] = (struct kb_net_listener){
        .protocol = KB_STR("HTTPS"),
        .port = HTTPS,
        .tls = ingress->tls ? KB_NET_TLS_CONTROLLER : KB_NET_TLS_BALANCER};
    out->listeners = at;
    out->listener_count = ingress->tls || ends_tls(service) ? 2 : 1;
}

/* VPC Lattice stays within its network. */
static bool is_lattice(const struct kb_net_gateway *gateway)
{
    return kb_str_eq_c(gateway->controller,
                       "application-networking.k8s.aws/gateway-api-controller");
}

/* gateway.k8s.aws: internal unless its configuration says otherwise. */
static enum kb_net_scheme gateway_scheme(const struct kb_net_gateway *gateway)
{
    struct kb_str scheme = gateway->params.scheme;
    if (is_lattice(gateway)) {
        return KB_NET_SCHEME_INTERNAL;
    }
    return gateway->params_unknown                     ? KB_NET_SCHEME_UNKNOWN
           : scheme.n == 0                             ? KB_NET_SCHEME_INTERNAL
           : kb_str_eq_c(scheme, "internet-facing")    ? KB_NET_SCHEME_INTERNET
           : kb_str_eq_c(scheme, "internal")           ? KB_NET_SCHEME_INTERNAL
                                                       : KB_NET_SCHEME_UNKNOWN;
}

static enum kb_net_answer gateway_open(const struct kb_net_gateway *gateway)
{
    const struct kb_net_class_params *params = &gateway->params;
    struct kb_net_shared shared = {.prefix_lists = params->prefix_lists,
                            .params_unknown = gateway->params_unknown,
                            .own_groups = params->own_groups};
    return kb_net_alb_open(&params->ranges, &shared);
}

struct kb_net_class_params kb_net_merge_params(const struct kb_net_class_params *of_class,
                                               const struct kb_net_class_params *own)
{
    static const struct kb_net_class_params none;
    bool prefers = of_class != NULL && of_class->prefers_gateway;
    const struct kb_net_class_params *first = prefers ? own : of_class;
    const struct kb_net_class_params *second = prefers ? of_class : own;
    first = first == NULL ? &none : first;
    second = second == NULL ? &none : second;
    struct kb_net_class_params out = *first;
    out.scheme = first->scheme.n > 0 ? first->scheme : second->scheme;
    out.ranges = first->ranges.n > 0 ? first->ranges : second->ranges;
    out.waf = first->waf || second->waf;
    out.prefix_lists = first->prefix_lists || second->prefix_lists;
    out.own_groups = first->own_groups || second->own_groups;
    return out;
}

static void put_gateway_front(const struct kb_net_gateway *gateway, const struct kb_net_front *service,
                              struct kb_net_front *out)
{
    bool alb = kb_str_eq_c(gateway->controller, "gateway.k8s.aws/alb");
    bool nlb = kb_str_eq_c(gateway->controller, "gateway.k8s.aws/nlb");
    if (!alb && !nlb && !is_lattice(gateway)) {
        behind(service, KB_NET_BY_OTHER, out);
        return;
    }
    *out = (struct kb_net_front){
        .controller = is_lattice(gateway) ? KB_NET_BY_OTHER : KB_NET_BY_LBC,
        .balancer = alb ? KB_NET_ALB : nlb ? KB_NET_NLB : KB_NET_NO_BALANCER,
        .scheme = alb && kb_net_internal_name(&gateway->hostnames) ? KB_NET_SCHEME_INTERNAL
                                                                   : gateway_scheme(gateway),
        .ranges = gateway->params.ranges,
        .own_groups = gateway->params.own_groups,
        .waf = gateway->params.waf,
        .open = gateway_open(gateway),
    };
}

void kb_net_gateway_front(const struct kb_net_gateway *gateway, const struct kb_net_front *service,
                          struct kb_arena *arena, struct kb_net_front *out)
{
    struct kb_net_listener *at =
        KB_NEW_ARRAY(arena, gateway->listener_count, struct kb_net_listener);
    put_gateway_front(gateway, service, out);
    bool own = out->controller == KB_NET_BY_LBC;
    for (size_t i = 0; i < gateway->listener_count; i++) {
        const struct kb_net_gateway_listener *from = &gateway->listeners[i];
        bool tls = kb_str_eq_c(from->protocol, "HTTPS") || kb_str_eq_c(from->protocol, "TLS");
        at[i] = (struct kb_net_listener){
            .protocol = from->protocol,
            .port = from->port,
            .tls = !tls                ? KB_NET_TLS_NOWHERE
                   : from->passthrough ? KB_NET_TLS_WORKLOAD
                   : own               ? KB_NET_TLS_BALANCER
                                       : KB_NET_TLS_CONTROLLER,
        };
    }
    out->listeners = at;
    out->listener_count = gateway->listener_count;
}
