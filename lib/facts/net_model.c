/* Taking objects into the network model. */
#include "facts/net_model.h"

#include "base/limits.h"
#include "facts/cluster_tables.h"
#include "facts/net_take.h"

const char *kb_net_engine_name(enum kb_net_engine engine)
{
#define NAME(sym, text) [sym] = text,
    static const char *const names[] = {KB_NET_ENGINES(NAME)};
#undef NAME
    return names[engine];
}

struct kb_net_model *kb_net_model_new(void)
{
    struct kb_net_model *model = kb_alloc(sizeof *model);
    /* Rules of policies of its own kind are read as the VPC CNI reads them; others do not know the kind. */
    kb_net_world_init(&model->net, kb_net_profile_find(KB_STR("vpc-cni")));
    model->addon_on = model->addon_healthy = KB_NOT_KNOWN;
    return model;
}

void kb_net_model_free(struct kb_net_model *model)
{
    if (model == NULL) {
        return;
    }
    struct kb_map *maps[] = {&model->names,  &model->owners,           &model->group_index,
                             &model->blocks, &model->policy_endpoints, &model->sources,
                             &model->made_index, &model->node_answers,
                             &model->node_addresses};
    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++) {
        kb_map_done(maps[i]);
    }
    KB_VEC_DONE(&model->made);
    KB_VEC_DONE(&model->agents);
    KB_VEC_DONE(&model->others);
    KB_VEC_DONE(&model->foreign);
    KB_VEC_DONE(&model->peer_auths);
    KB_VEC_DONE(&model->group_policies);
    KB_VEC_DONE(&model->node_classes);
    KB_VEC_DONE(&model->endpoints);
    KB_VEC_DONE(&model->endpoint_pods);
    KB_VEC_DONE(&model->resolved);
    KB_VEC_DONE(&model->groups);
    KB_VEC_DONE(&model->resolvers);
    KB_VEC_DONE(&model->api_servers);
    kb_net_world_done(&model->net);
    kb_arena_done(&model->arena);
    kb_free(model);
}

struct kb_named kb_net_named_of(struct kb_net_model *model, const struct kb_object *object)
{
    return (struct kb_named){
        .name_space = kb_map_intern(&model->names, object->name_space),
        .name = kb_map_intern(&model->names, object->name),
        .uid = kb_arena_copy(&model->arena, object->uid),
        .resource_version = kb_arena_copy(&model->arena, object->resource_version),
        .source = kb_map_intern(&model->names, object->source),
    };
}

static void take_engine(struct kb_net_model *model, const struct kb_object *object)
{
    (void)kb_net_take_as(&model->net, kb_str_c(object->kind->group), kb_str_c(object->kind->kind),
                         object->json);
}

/* A policy; rows about it tell the file that it came from. */
static void take_policy(struct kb_net_model *model, const struct kb_object *object)
{
    struct kb_str key = kb_arena_printf(&model->arena, "%s %.*s/%.*s", object->kind->plural,
                                        KB_FMT(object->name_space), KB_FMT(object->name));
    struct kb_str source = kb_map_intern(&model->names, object->source);
    kb_map_set(&model->sources, key, (void *)(uintptr_t)source.p);
    take_engine(model, object);
}

static void take_pod(struct kb_net_model *model, const struct kb_object *object)
{
    take_engine(model, object);
    kb_net_take_agent(model, object);
}

static void take_node(struct kb_net_model *model, const struct kb_object *object)
{
    struct kb_str type = KB_STR("");
    (void)kb_json_str(kb_object_labels(object), "eks.amazonaws.com/compute-type", &type);
    model->auto_nodes += kb_str_eq_c(type, "auto");
    take_engine(model, object);
}

static void take_service(struct kb_net_model *model, const struct kb_object *object)
{
    struct kb_str address = KB_STR("");
    if (kb_str_eq_c(object->name_space, "kube-system") && kb_str_eq_c(object->name, "kube-dns")) {
        (void)kb_json_str(kb_json_object(object->json, "spec"), "clusterIP", &address);
        model->dns_address = kb_arena_copy(&model->arena, address);
    }
    take_engine(model, object);
}

static struct kb_str owner_key(struct kb_net_model *model, struct kb_str kind,
                               struct kb_str name_space, struct kb_str name)
{
    return kb_arena_printf(&model->arena, "%.*s/%.*s/%.*s", KB_FMT(kind), KB_FMT(name_space),
                           KB_FMT(name));
}

/* A controller: who controls it in turn, or the template by which it makes pods. */
static void take_controller(struct kb_net_model *model, const struct kb_object *object)
{
    size_t i;
    json_t *owner;
    json_array_foreach(kb_json_dig(object->json, "metadata", "ownerReferences", NULL), i, owner) {
        struct kb_str kind = KB_STR(""), name = KB_STR("");
        if (json_is_true(json_object_get(owner, "controller")) &&
            kb_json_str(owner, "kind", &kind) && kb_json_str(owner, "name", &name)) {
            struct kb_str key = owner_key(model, kb_str_c(object->kind->kind), object->name_space,
                                          object->name);
            struct kb_str text = owner_key(model, kind, object->name_space, name);
            kb_map_set(&model->owners, key, (void *)(uintptr_t)text.p);
            return;
        }
    }
    const json_t *spec = kb_json_object(object->json, "spec");
    if (object->kind->id == KB_KIND_CRON_JOB) {
        spec = kb_json_dig(spec, "jobTemplate", "spec", NULL);
    }
    kb_net_take_template(&model->net, object->name_space,
                         kb_json_dig(spec, "template", "metadata", "labels", NULL));
    if (object->kind->id == KB_KIND_DAEMON_SET) {
        kb_net_take_daemon_set(model, object);
    }
}

static void take_foreign(struct kb_net_model *model, const struct kb_object *object)
{
    *KB_VEC_PUSH(&model->foreign) =
        (struct kb_net_named){.kind = object->kind, .at = kb_net_named_of(model, object)};
}

static void take_group_policy(struct kb_net_model *model, const struct kb_object *object)
{
    const json_t *spec = kb_json_object(object->json, "spec");
    const json_t *groups = kb_json_dig(spec, "securityGroups", "groupIds", NULL);
    bool selects = kb_json_object(spec, "podSelector") != NULL ||
                   kb_json_object(spec, "serviceAccountSelector") != NULL;
    *KB_VEC_PUSH(&model->group_policies) =
        (struct kb_net_named){.kind = object->kind,
                              .at = kb_net_named_of(model, object),
                              .invalid = !selects || json_array_size(groups) == 0};
}

static void take_crd(struct kb_net_model *model, const struct kb_object *object)
{
    const struct kb_kind *kind = kb_kind_find_resource(object->name);
    if (kind != NULL) {
        model->crd_seen[kind->id] = true;
    }
}

/* Where the API server is reached, beside its Service. */
static void take_slice(struct kb_net_model *model, const struct kb_object *object)
{
    struct kb_str service = KB_STR("");
    size_t i, k;
    json_t *endpoint, *address;
    (void)kb_json_str(kb_object_labels(object), "kubernetes.io/service-name", &service);
    if (!kb_str_eq_c(object->name_space, "default") || !kb_str_eq_c(service, "kubernetes")) {
        return;
    }
    json_array_foreach(kb_json_array(object->json, "endpoints"), i, endpoint) {
        json_array_foreach(kb_json_array(endpoint, "addresses"), k, address) {
            struct kb_ip ip;
            if (!kb_failed(kb_ip_parse(kb_json_view(address), &ip, NULL))) {
                *KB_VEC_PUSH(&model->api_servers) = ip;
            }
        }
    }
}

void kb_net_model_take(struct kb_world *world, const struct kb_object *object)
{
    static kb_net_take_fn *const takes[KB_KIND_COUNT] = {
        [KB_KIND_NAMESPACE] = take_engine,
        [KB_KIND_POD] = take_pod,
        [KB_KIND_NODE] = take_node,
        [KB_KIND_SERVICE] = take_service,
        [KB_KIND_NETWORK_POLICY] = take_policy,
        [KB_KIND_ADMIN_NETWORK_POLICY] = take_policy,
        [KB_KIND_BASELINE_ADMIN_NETWORK_POLICY] = take_policy,
        [KB_KIND_CLUSTER_NETWORK_POLICY] = take_policy,
        [KB_KIND_AWS_CLUSTER_NETWORK_POLICY] = take_policy,
        [KB_KIND_AWS_APPLICATION_NETWORK_POLICY] = take_policy,
        [KB_KIND_DEPLOYMENT] = take_controller,
        [KB_KIND_DAEMON_SET] = take_controller,
        [KB_KIND_STATEFUL_SET] = take_controller,
        [KB_KIND_REPLICA_SET] = take_controller,
        [KB_KIND_JOB] = take_controller,
        [KB_KIND_CRON_JOB] = take_controller,
        [KB_KIND_CONFIG_MAP] = kb_net_take_config_map,
        [KB_KIND_NODE_CLASS] = kb_net_take_node_class,
        [KB_KIND_POLICY_ENDPOINT] = kb_net_take_endpoint,
        [KB_KIND_CALICO_NETWORK_POLICY] = take_foreign,
        [KB_KIND_CALICO_GLOBAL_NETWORK_POLICY] = take_foreign,
        [KB_KIND_CILIUM_NETWORK_POLICY] = take_foreign,
        [KB_KIND_CILIUM_CLUSTERWIDE_NETWORK_POLICY] = take_foreign,
        [KB_KIND_SECURITY_GROUP_POLICY] = take_group_policy,
        [KB_KIND_CUSTOM_RESOURCE_DEFINITION] = take_crd,
        [KB_KIND_ENDPOINT_SLICE] = take_slice,
        [KB_KIND_PEER_AUTHENTICATION] = kb_net_take_peer_auth,
    };
    kb_net_take_fn *take = takes[object->kind->id];
    if (take != NULL) {
        take(world->network, object);
    }
}

void kb_net_model_answer(struct kb_world *world, const struct kb_aws_answer *answer)
{
    struct kb_net_model *model = world->network;
    const json_t *addon = kb_json_object(answer->json, "addon");
    struct kb_str name = KB_STR(""), status = KB_STR(""), values = KB_STR(""), flag = KB_STR("");
    (void)kb_json_str(addon, "addonName", &name);
    if (!kb_str_eq_c(answer->operation, "describe-addon") || !kb_str_eq_c(name, "vpc-cni")) {
        return;
    }
    KB_AUTO(kb_json_done) json_t *settings = NULL;
    (void)kb_json_str(addon, "status", &status);
    (void)kb_json_str(addon, "configurationValues", &values);
    if (values.n == 0 || !kb_failed(kb_json_parse(NULL, values, 0, &settings, NULL))) {
        (void)kb_json_str(settings, "enableNetworkPolicy", &flag);
        bool on = kb_str_eq_c(flag, "true") ||
                  json_is_true(json_object_get(settings, "enableNetworkPolicy"));
        model->addon_on = on ? KB_YES : KB_NO;
    }
    const json_t *issues = kb_json_dig(addon, "health", "issues", NULL);
    model->addon_status = kb_arena_copy(&model->arena, status);
    model->addon_healthy =
        kb_str_eq_c(status, "ACTIVE") && json_array_size(issues) == 0 ? KB_YES : KB_NO;
}

void kb_net_model_close(struct kb_world *world)
{
    struct kb_net_model *model = world->network;
    struct kb_str forced = kb_world_text_setting(world, "networkEngine");
    bool told = kb_world_whole(world, KB_KIND_DAEMON_SET);
    kb_net_world_enforce(&model->net, kb_net_detect(model, told, forced));
    kb_net_close(&model->net);
    kb_net_group_pods(model);
    kb_net_link_workloads(model, &world->cluster);
    kb_net_index_makers(model);
}
