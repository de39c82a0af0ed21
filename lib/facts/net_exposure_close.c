/* Joining what publishes with its class and its controller. */
#include <stdlib.h>

#include "facts/net_exposure.h"
#include "facts/world.h"

static bool publishes(const struct kb_kind *kind)
{
    return kind->id == KB_KIND_SERVICE || kind->id == KB_KIND_INGRESS ||
           kind->id == KB_KIND_GATEWAY || kind->id == KB_KIND_HTTP_ROUTE ||
           kind->id == KB_KIND_TARGET_GROUP_BINDING;
}

static int by_part(const void *a, const void *b)
{
    const struct kb_exposure_part *x = *(struct kb_exposure_part *const *)a;
    const struct kb_exposure_part *y = *(struct kb_exposure_part *const *)b;
    int order = (int)x->kind->id - (int)y->kind->id;
    order = order != 0 ? order : kb_str_cmp(x->at.name_space, y->at.name_space);
    return order != 0 ? order : kb_str_cmp(x->at.name, y->at.name);
}

static void index_workloads(struct kb_world *world)
{
    for (size_t i = 0; i < world->cluster.workloads.n; i++) {
        bool is_new = false;
        struct kb_map_entry *entry = kb_map_add(&world->exposure.by_namespace,
                                                world->cluster.workloads.at[i].at.name_space, &is_new);
        if (is_new) {
            entry->value.u = i;
        }
    }
}

static void make_rows(struct kb_exposure_model *model)
{
    size_t n = 0;
    if (model->parts.n > 1) {
        qsort(model->parts.at, model->parts.n, sizeof model->parts.at[0], by_part);
    }
    model->rows = KB_NEW_ARRAY(&model->arena, model->parts.n, struct kb_exposure);
    for (size_t i = 0; i < model->parts.n; i++) {
        struct kb_exposure_part *part = model->parts.at[i];
        if (publishes(part->kind)) {
            part->row = &model->rows[n++];
            *part->row = (struct kb_exposure){.kind = part->kind, .at = part->at};
        }
    }
    model->row_count = n;
}

static void close_service(struct kb_world *world, struct kb_exposure_part *part)
{
    struct kb_exposure_model *model = &world->exposure;
    const struct kb_net_published *service = &part->service;
    struct kb_exposure *row = part->row;
    struct kb_net_backend *self = KB_NEW(&model->arena, struct kb_net_backend);
    *self = (struct kb_net_backend){.name_space = part->at.name_space, .service = part->at.name};
    row->type = service->type;
    row->class_name = service->balancer_class;
    row->service = service;
    row->external_ips = service->external_ips;
    row->backends = self;
    row->backend_count = 1;
    kb_net_service_front(service, &model->arena, &row->front);
}

/* The class of an Ingress: its own, by name, or the default; NULL: there is none. */
static const struct kb_exposure_part *class_of(const struct kb_exposure_model *model,
                                               struct kb_str name)
{
    const struct kb_exposure_part *found = NULL;
    if (name.n > 0) {
        return kb_exposure_part_find(model, KB_KIND_INGRESS_CLASS, KB_STR(""), name);
    }
    for (size_t i = 0; i < model->parts.n; i++) {
        const struct kb_exposure_part *part = model->parts.at[i];
        if (part->kind->id == KB_KIND_INGRESS_CLASS && part->class.is_default) {
            found = part;
        }
    }
    return found;
}

static void put_params(const struct kb_world *world, const struct kb_exposure_part *class,
                       struct kb_net_ingress *ingress)
{
    bool eks = class != NULL && kb_str_eq_c(class->class.group, "eks.amazonaws.com");
    const struct kb_exposure_part *params =
        class == NULL ? NULL
                      : kb_exposure_part_find(&world->exposure,
                                              eks ? KB_KIND_EKS_INGRESS_CLASS_PARAMS
                                                  : KB_KIND_INGRESS_CLASS_PARAMS,
                                              KB_STR(""), class->class.params);
    ingress->params = params == NULL ? NULL : &params->params;
    ingress->params_unknown = class == NULL ? !kb_world_whole(world, KB_KIND_INGRESS_CLASS)
                                            : class->class.parameters && params == NULL;
}

/* An Ingress without a class that is told is served by whoever gave it its balancer. */
static enum kb_net_controller controller_of(const struct kb_exposure_part *class, struct kb_str name,
                                            const struct kb_net_ingress *ingress)
{
    enum kb_net_controller controller =
        kb_net_ingress_controller(class == NULL ? name : class->class.controller);
    bool by_lbc = ingress->hostnames.n > 0 &&
                  (kb_str_starts(ingress->hostnames.at[0], KB_STR("k8s-")) ||
                   kb_str_starts(ingress->hostnames.at[0], KB_STR("internal-k8s-")));
    if (controller == KB_NET_BY_NOBODY) {
        return by_lbc ? KB_NET_BY_LBC : KB_NET_BY_OTHER;
    }
    return controller;
}

static void begin_ingress(struct kb_world *world, struct kb_exposure_part *part)
{
    struct kb_net_ingress *ingress = &part->ingress;
    struct kb_str name = ingress->class_name;
    if (name.n == 0) {
        name = kb_net_annotation(&ingress->annotations, "kubernetes.io/ingress.class");
    }
    const struct kb_exposure_part *class = class_of(&world->exposure, name);
    put_params(world, class, ingress);
    part->row->class_name = class != NULL ? class->at.name : name;
    part->row->front.controller = controller_of(class, name, ingress);
    part->row->hosts = ingress->hosts;
    part->row->any_host = ingress->any_host;
    part->row->backends = ingress->backends;
    part->row->backend_count = ingress->backend_count;
}

static bool by_alb(const struct kb_exposure *row)
{
    return row->kind->id == KB_KIND_INGRESS && (row->front.controller == KB_NET_BY_LBC ||
                                                row->front.controller == KB_NET_BY_AUTO_MODE);
}

/* All that share the ALB of the part, the part among them. */
static void close_alb(struct kb_exposure_model *model, struct kb_exposure_part *part)
{
    struct kb_str name = kb_net_alb_group(&part->ingress);
    KB_VEC(const struct kb_net_ingress *) group = {0};
    size_t which = 0;
    for (size_t i = 0; i < model->parts.n; i++) {
        const struct kb_exposure_part *other = model->parts.at[i];
        bool member = name.n > 0 && other->row != NULL && by_alb(other->row) &&
                      kb_str_eq(kb_net_alb_group(&other->ingress), name);
        if (other == part) {
            which = group.n;
        }
        if (other == part || member) {
            *KB_VEC_PUSH(&group) = &other->ingress;
        }
    }
    kb_net_alb_front(group.at, group.n, which, part->row->front.controller, &model->arena,
                     &part->row->front);
    KB_VEC_DONE(&group);
}

static bool shares_name(const struct kb_net_texts *a, const struct kb_net_texts *b)
{
    for (size_t i = 0; i < a->n; i++) {
        for (size_t k = 0; k < b->n; k++) {
            if (kb_str_eq(a->at[i], b->at[k])) {
                return true;
            }
        }
    }
    return false;
}

/* The balancer whose name stands in an Ingress's or a Gateway's status. */
static const struct kb_net_front *front_by_name(const struct kb_exposure_model *model,
                                                const struct kb_net_texts *hostnames)
{
    for (size_t i = 0; i < model->parts.n; i++) {
        const struct kb_exposure_part *part = model->parts.at[i];
        bool balanced = part->kind->id == KB_KIND_SERVICE &&
                        part->row->front.scheme != KB_NET_SCHEME_NONE;
        if (balanced && shares_name(&part->service.hostnames, hostnames)) {
            return &part->row->front;
        }
    }
    return NULL;
}

/* What brings ingress-nginx to the outside: its Service, or an ALB before it. NULL: nothing does, or there
 * are several and they differ. */
static const struct kb_net_front *front_of_nginx(const struct kb_exposure_model *model)
{
    const struct kb_net_front *found = NULL;
    for (size_t i = 0; i < model->row_count; i++) {
        const struct kb_exposure *row = &model->rows[i];
        bool front = row->front.scheme != KB_NET_SCHEME_NONE &&
                     (row->kind->id == KB_KIND_SERVICE || by_alb(row));
        if (front && kb_exposure_runs_nginx(row)) {
            if (found != NULL && found->scheme != row->front.scheme) {
                return NULL;
            }
            found = &row->front;
        }
    }
    return found;
}

static void close_proxy(struct kb_exposure_model *model, struct kb_exposure_part *part)
{
    enum kb_net_controller controller = part->row->front.controller;
    const struct kb_net_front *front = front_by_name(model, &part->ingress.hostnames);
    if (front == NULL && controller == KB_NET_BY_NGINX) {
        front = front_of_nginx(model);
    }
    kb_net_proxy_front(&part->ingress, front, controller, &model->arena, &part->row->front);
}

static const struct kb_net_front *front_of_gateway(const struct kb_exposure_model *model,
                                                   const struct kb_exposure_part *gateway)
{
    for (size_t i = 0; i < model->parts.n; i++) {
        const struct kb_exposure_part *part = model->parts.at[i];
        if (part->kind->id == KB_KIND_SERVICE && kb_str_eq(part->gateway, gateway->at.name) &&
            kb_str_eq(part->at.name_space, gateway->at.name_space)) {
            return &part->row->front;
        }
    }
    return front_by_name(model, &gateway->gate.hostnames);
}

/* Parameters by name; NULL: it names none, or they were not read. */
static const struct kb_net_class_params *params_of(const struct kb_exposure_model *model,
                                                   struct kb_str name_space, struct kb_str name,
                                                   bool *unknown)
{
    const struct kb_exposure_part *part =
        name.n == 0 ? NULL
                    : kb_exposure_part_find(model, KB_KIND_LOAD_BALANCER_CONFIGURATION, name_space,
                                            name);
    *unknown = *unknown || (name.n > 0 && part == NULL);
    return part == NULL ? NULL : &part->params;
}

static void close_gateway(struct kb_world *world, struct kb_exposure_part *part)
{
    struct kb_exposure_model *model = &world->exposure;
    struct kb_net_gateway *gateway = &part->gate;
    const struct kb_net_class_params *of_class = NULL;
    const struct kb_exposure_part *class = kb_exposure_part_find(
        model, KB_KIND_GATEWAY_CLASS, KB_STR(""), gateway->class_name);
    if (class != NULL) {
        gateway->controller = class->class.controller;
        of_class = params_of(model, class->class.params_namespace, class->class.params,
                             &gateway->params_unknown);
    }
    gateway->params = kb_net_merge_params(
        of_class, params_of(model, part->at.name_space, part->own_params, &gateway->params_unknown));
    part->row->class_name = gateway->class_name;
    kb_net_gateway_front(gateway, front_of_gateway(model, part), &model->arena, &part->row->front);
}

/* A route is as open as the most open of its Gateways. */
static void close_route(struct kb_world *world, struct kb_exposure_part *part)
{
    static const int openness[] = {[KB_NET_SCHEME_NONE] = 0,
                                   [KB_NET_SCHEME_INTERNAL] = 1,
                                   [KB_NET_SCHEME_UNKNOWN] = 2,
                                   [KB_NET_SCHEME_INTERNET] = 3};
    const struct kb_net_route *route = &part->route;
    struct kb_exposure *row = part->row;
    for (size_t i = 0; i < route->parent_count; i++) {
        const struct kb_exposure_part *gateway =
            kb_exposure_part_find(&world->exposure, KB_KIND_GATEWAY, route->parents[i].name_space,
                                  route->parents[i].name);
        struct kb_net_front unknown = {.scheme = kb_world_whole(world, KB_KIND_GATEWAY)
                                                     ? KB_NET_SCHEME_NONE
                                                     : KB_NET_SCHEME_UNKNOWN};
        const struct kb_net_front *front = gateway == NULL ? &unknown : &gateway->row->front;
        if (openness[front->scheme] > openness[row->front.scheme]) {
            row->front = *front;
        }
    }
    row->hosts = route->hosts;
    row->any_host = route->hosts.n == 0;
    row->backends = route->backends;
    row->backend_count = route->backend_count;
}

/* Its target group is behind a balancer that somebody made elsewhere. */
static void close_binding(struct kb_world *world, struct kb_exposure_part *part)
{
    (void)world;
    part->row->front = (struct kb_net_front){.controller = KB_NET_BY_LBC,
                                             .scheme = KB_NET_SCHEME_UNKNOWN,
                                             .listeners_unknown = true,
                                             .open = KB_NET_UNSURE};
    part->row->backends = &part->binding;
    part->row->backend_count = 1;
}

static void put_tls(struct kb_exposure *row)
{
    for (size_t i = 0; i < row->front.listener_count; i++) {
        const struct kb_net_listener *listener = &row->front.listeners[i];
        row->tls = row->tls || listener->tls != KB_NET_TLS_NOWHERE || listener->redirects;
    }
}

typedef void close_fn(struct kb_world *world, struct kb_exposure_part *part);

static void close_ingress(struct kb_world *world, struct kb_exposure_part *part)
{
    if (by_alb(part->row)) {
        close_alb(&world->exposure, part);
    }
}

static void close_behind(struct kb_world *world, struct kb_exposure_part *part)
{
    if (!by_alb(part->row)) {
        close_proxy(&world->exposure, part);
    }
}

static void join(struct kb_world *world, struct kb_exposure_part *part)
{
    kb_exposure_join(world, part->row);
}

static void finish(struct kb_world *world, struct kb_exposure_part *part)
{
    (void)world;
    put_tls(part->row);
}

void kb_exposure_model_close(struct kb_world *world)
{
    /* KB_KIND_COUNT: every row. What a step reads, an earlier one has made. */
    static const struct {
        enum kb_kind_id kind;
        close_fn *close;
    } steps[] = {
        {KB_KIND_SERVICE, close_service},     {KB_KIND_INGRESS, begin_ingress},
        {KB_KIND_INGRESS, close_ingress},     {KB_KIND_TARGET_GROUP_BINDING, close_binding},
        {KB_KIND_GATEWAY, close_gateway},     {KB_KIND_HTTP_ROUTE, close_route},
        {KB_KIND_COUNT, join},                {KB_KIND_INGRESS, close_behind},
        {KB_KIND_COUNT, finish},
    };
    struct kb_exposure_model *model = &world->exposure;
    index_workloads(world);
    make_rows(model);
    for (size_t s = 0; s < sizeof steps / sizeof steps[0]; s++) {
        for (size_t i = 0; i < model->parts.n; i++) {
            struct kb_exposure_part *part = model->parts.at[i];
            if (part->row != NULL &&
                (steps[s].kind == KB_KIND_COUNT || steps[s].kind == part->kind->id)) {
                steps[s].close(world, part);
            }
        }
    }
}
