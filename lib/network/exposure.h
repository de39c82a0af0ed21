/*
 * What stands between the internet and the pods: balancers, their scheme, listeners and source ranges.
 *
 * Decided from objects alone, as the controllers decide it: the in-tree AWS provider (cloud-provider-aws
 * pkg/providers/v1/aws.go), the AWS Load Balancer Controller (pkg/service, pkg/ingress), EKS Auto Mode (its
 * user guide), ingress-nginx, and controllers of the Gateway API. What a balancer really is only AWS tells.
 * What the objects leave open stays KB_NET_UNSURE or KB_NET_SCHEME_UNKNOWN.
 */
#ifndef KB_NETWORK_EXPOSURE_H
#define KB_NETWORK_EXPOSURE_H

#include "network/labels.h"

enum kb_net_answer { KB_NET_NO, KB_NET_YES, KB_NET_UNSURE };

#define KB_NET_SCHEMES(X)                                                                          \
    X(KB_NET_SCHEME_NONE, "none")               /* no balancer */                                  \
    X(KB_NET_SCHEME_INTERNAL, "internal")                                                          \
    X(KB_NET_SCHEME_INTERNET, "internet-facing")                                                   \
    X(KB_NET_SCHEME_UNKNOWN, "unknown")
#define KB_NET_CONTROLLERS(X)                                                                      \
    X(KB_NET_BY_NOBODY, "")                                                                        \
    X(KB_NET_BY_IN_TREE, "in-tree")                                                                \
    X(KB_NET_BY_LBC, "aws-load-balancer-controller")                                               \
    X(KB_NET_BY_AUTO_MODE, "eks-auto-mode")                                                        \
    X(KB_NET_BY_NGINX, "ingress-nginx")                                                            \
    X(KB_NET_BY_OTHER, "other")
#define KB_NET_BALANCERS(X)                                                                        \
    X(KB_NET_NO_BALANCER, "")                                                                      \
    X(KB_NET_CLB, "clb")                                                                           \
    X(KB_NET_NLB, "nlb")                                                                           \
    X(KB_NET_ALB, "alb")
#define KB_NET_TARGETS(X)                                                                          \
    X(KB_NET_TARGET_NOT_KNOWN, "")                                                                 \
    X(KB_NET_TARGET_INSTANCE, "instance")       /* by the ports of nodes */                        \
    X(KB_NET_TARGET_IP, "ip")
/* Where TLS ends. */
#define KB_NET_TLS_ENDS(X)                                                                         \
    X(KB_NET_TLS_NOWHERE, "nowhere")                                                               \
    X(KB_NET_TLS_BALANCER, "balancer")                                                             \
    X(KB_NET_TLS_CONTROLLER, "controller")                                                         \
    X(KB_NET_TLS_WORKLOAD, "workload")          /* passed on */
#define KB_FIRST(sym, text) sym,
enum kb_net_scheme { KB_NET_SCHEMES(KB_FIRST) };
enum kb_net_controller { KB_NET_CONTROLLERS(KB_FIRST) };
enum kb_net_balancer { KB_NET_BALANCERS(KB_FIRST) };
enum kb_net_target { KB_NET_TARGETS(KB_FIRST) };
enum kb_net_tls { KB_NET_TLS_ENDS(KB_FIRST) };
#undef KB_FIRST
const char *kb_net_scheme_name(enum kb_net_scheme scheme);
const char *kb_net_controller_name(enum kb_net_controller controller);
const char *kb_net_balancer_name(enum kb_net_balancer balancer);
const char *kb_net_target_name(enum kb_net_target target);
const char *kb_net_tls_name(enum kb_net_tls tls);

struct kb_net_texts {
    const struct kb_str *at;
    size_t n;
};

struct kb_net_listener {
    struct kb_str protocol; /* "TCP", "UDP", "TLS", "HTTP", "HTTPS" */
    uint16_t port;
    enum kb_net_tls tls;
    bool redirects; /* answers with nothing but the way to HTTPS */
};

/* What stands in front of pods. Lists are in the arena that was given. */
struct kb_net_front {
    enum kb_net_controller controller;
    enum kb_net_balancer balancer;
    enum kb_net_scheme scheme;
    enum kb_net_target target;
    const struct kb_net_listener *listeners;
    size_t listener_count;
    bool listeners_unknown;     /* they are written in a way that cannot be read */
    struct kb_net_texts ranges; /* of sources, as written */
    enum kb_net_answer open;    /* every address may connect, as far as ranges and groups say it */
    bool own_groups;            /* security groups of the user: ranges do not count */
    bool waf;
};

/* A Service, as far as it counts here. */
struct kb_net_service_listener {
    struct kb_str name, protocol /* "TCP" */, app_protocol, target_name /* empty: the number */;
    uint16_t port, target, node_port;
};
struct kb_net_published {
    struct kb_str type, balancer_class; /* "ClusterIP", "NodePort", "LoadBalancer", "ExternalName" */
    struct kb_net_labels annotations, selector;
    bool has_selector;
    const struct kb_net_service_listener *ports;
    size_t port_count;
    struct kb_net_texts ranges, external_ips, hostnames /* of its balancer */;
    bool node_ports; /* allocateLoadBalancerNodePorts */
};

/* What a class says (IngressClassParams), or a LoadBalancerConfiguration of a Gateway or its class. */
struct kb_net_class_params {
    struct kb_str scheme, group;
    bool certificate, redirect, waf, prefix_lists, own_groups;
    bool prefers_gateway; /* of a class's configuration: the Gateway's own wins */
    struct kb_net_texts ranges;
};
struct kb_net_backend {
    struct kb_str name_space, service, port_name;
    uint16_t port; /* 0: by name, or any */
};
struct kb_net_ingress {
    struct kb_str class_name; /* spec.ingressClassName, or its old annotation */
    struct kb_net_labels annotations;
    bool tls;                 /* spec.tls is not empty */
    bool any_host;            /* a rule, or the default backend, takes every host */
    struct kb_net_texts hosts, hostnames;
    const struct kb_net_backend *backends; /* Services that it names */
    size_t backend_count;
    bool action_redirects;    /* a backend of its own annotations that leads to HTTPS */
    const struct kb_net_class_params *params; /* NULL: none */
    bool params_unknown;      /* its class names parameters that were not read */
};

/* A Gateway's listener. */
struct kb_net_gateway_listener {
    struct kb_str protocol; /* "HTTP", "HTTPS", "TLS", "TCP", "UDP" */
    uint16_t port;
    bool passthrough;
};
struct kb_net_gateway {
    struct kb_str class_name, controller; /* of its GatewayClass; empty: not known */
    struct kb_net_class_params params;    /* of it and its class together */
    bool params_unknown;                  /* it, or its class, names some that were not read */
    const struct kb_net_gateway_listener *listeners;
    size_t listener_count;
    struct kb_net_texts hostnames;
};

/* A route of the Gateway API. */
struct kb_net_parent {
    struct kb_str name_space, name;
};
struct kb_net_route {
    const struct kb_net_parent *parents; /* Gateways */
    size_t parent_count;
    struct kb_net_texts hosts;
    const struct kb_net_backend *backends;
    size_t backend_count;
};

/* Objects of these kinds as their APIs give them; all texts are copied to the arena. */
void kb_net_read_service(const json_t *object, struct kb_arena *arena, struct kb_net_published *out);
void kb_net_read_ingress(const json_t *object, struct kb_arena *arena, struct kb_net_ingress *out);
/* Of elbv2.k8s.aws and of eks.amazonaws.com. */
void kb_net_read_class_params(const json_t *object, struct kb_arena *arena,
                              struct kb_net_class_params *out);
/* A LoadBalancerConfiguration. */
void kb_net_read_configuration(const json_t *object, struct kb_arena *arena,
                               struct kb_net_class_params *out);
void kb_net_read_gateway(const json_t *object, struct kb_arena *arena, struct kb_net_gateway *out);
void kb_net_read_route(const json_t *object, struct kb_arena *arena, struct kb_net_route *out);

/* The front that a Service makes. Without a balancer: scheme none. */
void kb_net_service_front(const struct kb_net_published *service, struct kb_arena *arena,
                          struct kb_net_front *out);
/* The group of Ingresses that share an ALB: its own name for one that stands alone. */
struct kb_str kb_net_alb_group(const struct kb_net_ingress *ingress);
/* The front of `group[which]` by an ALB, shared by all of the group. */
void kb_net_alb_front(const struct kb_net_ingress *const *group, size_t n, size_t which,
                      enum kb_net_controller controller, struct kb_arena *arena,
                      struct kb_net_front *out);
/* The front of an Ingress or a Gateway behind a controller that runs in pods, which `service` (NULL: not
 * found) brings to the outside. */
void kb_net_proxy_front(const struct kb_net_ingress *ingress, const struct kb_net_front *service,
                        enum kb_net_controller controller, struct kb_arena *arena,
                        struct kb_net_front *out);
/* Both configurations together: what one of them alone says counts, else the class's, or the Gateway's where
 * the class's prefers it. Each may be NULL. */
struct kb_net_class_params kb_net_merge_params(const struct kb_net_class_params *of_class,
                                               const struct kb_net_class_params *own);
void kb_net_gateway_front(const struct kb_net_gateway *gateway, const struct kb_net_front *service,
                          struct kb_arena *arena, struct kb_net_front *out);

/* Which controller an IngressClass's spec.controller, or an old annotation's value, names. */
enum kb_net_controller kb_net_ingress_controller(struct kb_str text);

/* Whether the ranges together admit every address of a family. Unsure: one of them cannot be read. */
enum kb_net_answer kb_net_ranges_open(const struct kb_net_texts *ranges);
/* An annotation split at commas, trimmed; empty where there is none. */
struct kb_net_texts kb_net_annotation_list(const struct kb_net_labels *annotations, const char *key,
                                           struct kb_arena *arena);
/* An annotation's text, trimmed; empty where there is none. */
struct kb_str kb_net_annotation(const struct kb_net_labels *annotations, const char *key);

#endif
