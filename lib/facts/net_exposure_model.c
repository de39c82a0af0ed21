/* Taking what publishes. */
#include "facts/net_exposure.h"

#include "facts/world.h"

static struct kb_named named(struct kb_exposure_model *model, const struct kb_object *object)
{
    return (struct kb_named){
        .name_space = kb_map_intern(&model->names, object->name_space),
        .name = kb_map_intern(&model->names, object->name),
        .uid = kb_arena_copy(&model->arena, object->uid),
        .resource_version = kb_arena_copy(&model->arena, object->resource_version),
        .source = kb_map_intern(&model->names, object->source),
    };
}

static struct kb_str key_of(struct kb_arena *arena, enum kb_kind_id kind, struct kb_str name_space,
                            struct kb_str name)
{
    return kb_arena_printf(arena, "%d/%.*s/%.*s", (int)kind, KB_FMT(name_space), KB_FMT(name));
}

struct kb_exposure_part *kb_exposure_part_find(const struct kb_exposure_model *model,
                                               enum kb_kind_id kind, struct kb_str name_space,
                                               struct kb_str name)
{
    struct kb_arena arena = {0};
    struct kb_exposure_part *part =
        kb_map_get(&model->index, key_of(&arena, kind, name_space, name));
    kb_arena_done(&arena);
    return part;
}

static struct kb_str text(struct kb_exposure_model *model, const json_t *object, const char *key)
{
    struct kb_str value = KB_STR("");
    (void)kb_json_str(object, key, &value);
    return kb_map_intern(&model->names, value);
}

static void read_service(struct kb_exposure_model *model, const struct kb_object *object,
                         struct kb_exposure_part *part)
{
    const json_t *labels = kb_object_labels(object);
    kb_net_read_service(object->json, &model->arena, &part->service);
    part->gateway = text(model, labels, "gateway.networking.k8s.io/gateway-name");
    if (part->gateway.n == 0) {
        part->gateway = text(model, labels, "gateway.envoyproxy.io/owning-gateway-name");
    }
}

static void read_ingress(struct kb_exposure_model *model, const struct kb_object *object,
                         struct kb_exposure_part *part)
{
    kb_net_read_ingress(object->json, &model->arena, &part->ingress);
}

static void read_params(struct kb_exposure_model *model, const struct kb_object *object,
                        struct kb_exposure_part *part)
{
    kb_net_read_class_params(object->json, &model->arena, &part->params);
}

static void read_gateway(struct kb_exposure_model *model, const struct kb_object *object,
                         struct kb_exposure_part *part)
{
    const json_t *ref = kb_json_dig(object->json, "spec", "infrastructure", "parametersRef", NULL);
    kb_net_read_gateway(object->json, &model->arena, &part->gate);
    part->own_params = text(model, ref, "name");
}

static void read_route(struct kb_exposure_model *model, const struct kb_object *object,
                       struct kb_exposure_part *part)
{
    kb_net_read_route(object->json, &model->arena, &part->route);
}

static void read_class(struct kb_exposure_model *model, const struct kb_object *object,
                       struct kb_exposure_part *part)
{
    const json_t *spec = kb_json_object(object->json, "spec");
    const json_t *params = kb_json_object(spec, "parameters");
    part->class.controller = text(model, spec, "controller");
    part->class.group = text(model, params, "apiGroup");
    part->class.params = text(model, params, "name");
    part->class.parameters = params != NULL;
    part->class.is_default = kb_str_eq_c(
        text(model, kb_object_annotations(object), "ingressclass.kubernetes.io/is-default-class"),
        "true");
}

static void read_gateway_class(struct kb_exposure_model *model, const struct kb_object *object,
                               struct kb_exposure_part *part)
{
    const json_t *spec = kb_json_object(object->json, "spec");
    part->class.controller = text(model, spec, "controllerName");
    const json_t *ref = kb_json_object(spec, "parametersRef");
    part->class.params = text(model, ref, "name");
    part->class.params_namespace = text(model, ref, "namespace");
}

static void read_configuration(struct kb_exposure_model *model, const struct kb_object *object,
                               struct kb_exposure_part *part)
{
    kb_net_read_configuration(object->json, &model->arena, &part->params);
}

static void read_binding(struct kb_exposure_model *model, const struct kb_object *object,
                         struct kb_exposure_part *part)
{
    const json_t *ref = kb_json_dig(object->json, "spec", "serviceRef", NULL);
    const json_t *labels = kb_object_labels(object);
    int64_t port = 0;
    (void)kb_json_i64(ref, "port", &port);
    part->binding = (struct kb_net_backend){
        .name_space = part->at.name_space,
        .service = text(model, ref, "name"),
        .port_name = text(model, ref, "port"),
        .port = port > 0 && port <= UINT16_MAX ? (uint16_t)port : 0,
    };
    /* What the controller made for a Service or an Ingress is told of in their row. */
    if (text(model, labels, "service.k8s.aws/stack-name").n > 0 ||
        text(model, labels, "ingress.k8s.aws/stack-name").n > 0 ||
        text(model, labels, "ingress.k8s.aws/stack").n > 0) {
        part->kind = NULL;
    }
}

typedef void read_fn(struct kb_exposure_model *model, const struct kb_object *object,
                     struct kb_exposure_part *part);
static read_fn *const readers[KB_KIND_COUNT] = {
    [KB_KIND_SERVICE] = read_service,
    [KB_KIND_INGRESS] = read_ingress,
    [KB_KIND_INGRESS_CLASS] = read_class,
    [KB_KIND_INGRESS_CLASS_PARAMS] = read_params,
    [KB_KIND_EKS_INGRESS_CLASS_PARAMS] = read_params,
    [KB_KIND_GATEWAY] = read_gateway,
    [KB_KIND_GATEWAY_CLASS] = read_gateway_class,
    [KB_KIND_HTTP_ROUTE] = read_route,
    [KB_KIND_LOAD_BALANCER_CONFIGURATION] = read_configuration,
    [KB_KIND_TARGET_GROUP_BINDING] = read_binding,
};

void kb_exposure_model_take(struct kb_world *world, const struct kb_object *object)
{
    struct kb_exposure_model *model = &world->exposure;
    read_fn *reader = readers[object->kind->id];
    kb_exposure_policy_take(model, object);
    if (reader == NULL) {
        return;
    }
    struct kb_exposure_part *part = KB_NEW(&model->arena, struct kb_exposure_part);
    part->kind = object->kind;
    part->at = named(model, object);
    reader(model, object, part);
    if (part->kind != NULL) {
        *KB_VEC_PUSH(&model->parts) = part;
        struct kb_arena arena = {0};
        kb_map_set(&model->index,
                   key_of(&arena, object->kind->id, object->name_space, object->name), part);
        kb_arena_done(&arena);
    }
}

void kb_exposure_model_done(struct kb_exposure_model *model)
{
    KB_VEC_DONE(&model->parts);
    kb_map_done(&model->names);
    kb_map_done(&model->index);
    kb_map_done(&model->by_namespace);
    kb_arena_done(&model->arena);
    *model = (struct kb_exposure_model){0};
}
