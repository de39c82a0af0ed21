/*
 * What publishes workloads: Services, Ingresses, Gateways, routes and target group bindings, joined with
 * their classes, with the controllers that bring them to the outside, and with the workloads behind them.
 */
#ifndef KB_FACTS_NET_EXPOSURE_H
#define KB_FACTS_NET_EXPOSURE_H

#include "cluster/cluster.h"
#include "network/exposure.h"
#include "network/world.h"

struct kb_world;

/* One object that publishes, or that others publish: a row of net.exposure. */
struct kb_exposure {
    const struct kb_kind *kind;
    struct kb_named at;
    struct kb_str type, class_name; /* of a Service; of any */
    struct kb_net_front front;
    struct kb_net_texts hosts, external_ips;
    bool any_host, tls;             /* a listener ends TLS, or only leads to one that does */
    const struct kb_net_backend *backends;
    size_t backend_count;
    const struct kb_net_published *service; /* NULL: it is none */
    const struct kb_workload **workloads;   /* behind it, in order, without repeats */
    size_t workload_count;
    struct kb_net_texts dangling;   /* backends that lead nowhere, "Service/namespace/name" */
};

/* An object before it is joined. */
struct kb_exposure_part {
    const struct kb_kind *kind;
    struct kb_named at;
    union {
        struct kb_net_published service;
        struct kb_net_ingress ingress;
        struct kb_net_gateway gate;
        struct kb_net_route route;
        struct kb_net_class_params params;
        struct {
            struct kb_str controller, group, params; /* what its parameters are of, and their name */
            struct kb_str params_namespace;
            bool is_default, parameters;
        } class;
        struct kb_net_backend binding;
    };
    struct kb_str gateway; /* of a Service: the Gateway that it was made for */
    struct kb_str own_params; /* of a Gateway: its own parameters */
    struct kb_exposure *row;
};

struct kb_exposure_model {
    struct kb_arena arena;
    struct kb_map names, index; /* index: "Kind group/namespace/name" to the part */
    KB_VEC(struct kb_exposure_part *) parts;
    struct kb_exposure *rows;
    size_t row_count;
    struct kb_map by_namespace; /* first workload of a namespace + 1 */
    bool foreign_policies[2];   /* of Calico, of Cilium: their rules are not read here */
};

void kb_exposure_model_take(struct kb_world *world, const struct kb_object *object);
/* Nothing more comes. The cluster is closed. */
void kb_exposure_model_close(struct kb_world *world);
void kb_exposure_model_done(struct kb_exposure_model *model);

/* NULL: there is none of that name. */
struct kb_exposure_part *kb_exposure_part_find(const struct kb_exposure_model *model,
                                               enum kb_kind_id kind, struct kb_str name_space,
                                               struct kb_str name);
/* Whether the labels of the workload's pods meet the selector of a Service. */
bool kb_exposure_selects(const struct kb_net_labels *selector, const struct kb_workload *workload);
/* Find what is behind a row: workloads, and backends that lead nowhere. */
void kb_exposure_join(struct kb_world *world, struct kb_exposure *row);
/* Whether one of the workloads is an ingress-nginx controller. */
bool kb_exposure_runs_nginx(const struct kb_exposure *row);

/* Notes policies of engines that are not evaluated. */
void kb_exposure_policy_take(struct kb_exposure_model *model, const struct kb_object *object);

#endif
