/* Taking objects of the cluster. */
#include "cluster/cluster.h"

#include <stdlib.h>

#include "cluster/more.h"

void kb_cluster_done(struct kb_cluster *cluster)
{
    for (size_t i = 0; i < cluster->owned.n; i++) {
        json_decref(cluster->owned.at[i]);
    }
    KB_VEC_DONE(&cluster->owned);
    KB_VEC_DONE(&cluster->workloads);
    KB_VEC_DONE(&cluster->namespaces);
    KB_VEC_DONE(&cluster->service_accounts);
    KB_VEC_DONE(&cluster->nodes);
    KB_VEC_DONE(&cluster->webhooks);
    KB_VEC_DONE(&cluster->budgets);
    KB_VEC_DONE(&cluster->secrets);
    KB_VEC_DONE(&cluster->custom_resources);
    KB_VEC_DONE(&cluster->csi_drivers);
    kb_map_done(&cluster->names);
    kb_map_done(&cluster->namespace_index);
    kb_map_done(&cluster->account_index);
    kb_arena_done(&cluster->arena);
    *cluster = (struct kb_cluster){0};
}

struct kb_named kb_cluster_named(struct kb_cluster *cluster, const struct kb_object *object)
{
    return (struct kb_named){
        .name_space = kb_map_intern(&cluster->names, object->name_space),
        .name = kb_map_intern(&cluster->names, object->name),
        .uid = kb_arena_copy(&cluster->arena, object->uid),
        .resource_version = kb_arena_copy(&cluster->arena, object->resource_version),
        .source = kb_map_intern(&cluster->names, object->source),
    };
}

/* Where a kind has its pod: metadata and spec. */
static const json_t *pod_of(const struct kb_object *object)
{
    const json_t *spec = json_object_get(object->json, "spec");
    if (object->kind->id == KB_KIND_POD) {
        return object->json;
    }
    if (object->kind->id == KB_KIND_CRON_JOB) {
        spec = kb_json_dig(spec, "jobTemplate", "spec", NULL);
    }
    return json_object_get(spec, "template");
}

/* Whether another workload that is read controls this one. */
static bool is_controlled(const struct kb_object *object)
{
    static const char *const kinds[] = {"Deployment", "ReplicaSet", "StatefulSet",
                                        "DaemonSet",  "Job",        "CronJob"};
    size_t i;
    json_t *owner;
    json_array_foreach(kb_json_dig(object->json, "metadata", "ownerReferences", NULL), i, owner) {
        struct kb_str kind = KB_STR("");
        (void)kb_json_str(owner, "kind", &kind);
        for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
            if (json_is_true(json_object_get(owner, "controller")) && kb_str_eq_c(kind, kinds[k])) {
                return true;
            }
        }
    }
    return false;
}

static const struct kb_podspec *read_pod(struct kb_cluster *cluster, const json_t *spec)
{
    struct kb_podspec *pod = KB_NEW(&cluster->arena, struct kb_podspec);
    kb_podspec_read(spec, &cluster->arena, pod);
    return pod;
}

static const json_t *keep(struct kb_cluster *cluster, const json_t *json)
{
    json_t *kept = json == NULL ? NULL : json_deep_copy(json);
    if (kept != NULL) {
        *KB_VEC_PUSH(&cluster->owned) = kept;
    }
    return kept;
}

static int64_t replicas_of(const struct kb_object *object)
{
    int64_t replicas = 1;
    bool has = object->kind->id == KB_KIND_DEPLOYMENT || object->kind->id == KB_KIND_STATEFUL_SET ||
               object->kind->id == KB_KIND_REPLICA_SET;
    (void)kb_json_i64(kb_json_object(object->json, "spec"), "replicas", &replicas);
    return has ? replicas : -1;
}

static void take_workload(struct kb_cluster *cluster, const struct kb_object *object)
{
    const json_t *pod = pod_of(object);
    if (!is_controlled(object)) {
        *KB_VEC_PUSH(&cluster->workloads) = (struct kb_workload){
            .kind = object->kind,
            .at = kb_cluster_named(cluster, object),
            .pod = read_pod(cluster, json_object_get(pod, "spec")),
            .labels = keep(cluster, kb_json_dig(pod, "metadata", "labels", NULL)),
            .replicas = replicas_of(object),
            .spreads_zones = kb_pod_spreads_zones(json_object_get(pod, "spec")),
        };
    }
}

static struct kb_namespace *namespace_at(struct kb_cluster *cluster, struct kb_str name)
{
    struct kb_map_entry *entry = kb_map_add(&cluster->namespace_index, name, NULL);
    if (entry->value.ptr == NULL) {
        struct kb_namespace *made = KB_NEW(&cluster->arena, struct kb_namespace);
        *made = (struct kb_namespace){0};
        entry->value.ptr = made;
    }
    return entry->value.ptr;
}

static void take_namespace(struct kb_cluster *cluster, const struct kb_object *object)
{
    struct kb_namespace *to = namespace_at(cluster, object->name);
    to->at = kb_cluster_named(cluster, object);
    to->labels = keep(cluster, kb_object_labels(object));
    *KB_VEC_PUSH(&cluster->namespaces) = to;
}

static void take_quota(struct kb_cluster *cluster, const struct kb_object *object)
{
    namespace_at(cluster, object->name_space)->quotas++;
}

static void take_limits(struct kb_cluster *cluster, const struct kb_object *object)
{
    namespace_at(cluster, object->name_space)->limit_ranges++;
}

static struct kb_str account_key(struct kb_arena *arena, struct kb_str name_space, struct kb_str name)
{
    return kb_arena_printf(arena, "%.*s/%.*s", KB_FMT(name_space), KB_FMT(name));
}

const struct kb_service_account *kb_cluster_account(const struct kb_cluster *cluster,
                                                    struct kb_str name_space, struct kb_str name)
{
    struct kb_arena arena = {0};
    const struct kb_service_account *account =
        kb_map_get(&cluster->account_index, account_key(&arena, name_space, name));
    kb_arena_done(&arena);
    return account;
}

static void index_accounts(struct kb_cluster *cluster)
{
    struct kb_arena arena = {0};
    for (size_t i = 0; i < cluster->service_accounts.n; i++) {
        struct kb_service_account *account = &cluster->service_accounts.at[i];
        kb_map_set(&cluster->account_index,
                   account_key(&arena, account->at.name_space, account->at.name), account);
    }
    kb_arena_done(&arena);
}

static void take_account(struct kb_cluster *cluster, const struct kb_object *object)
{
    const json_t *value = json_object_get(object->json, "automountServiceAccountToken");
    struct kb_str role = KB_STR("");
    (void)kb_json_str(kb_json_dig(object->json, "metadata", "annotations", NULL),
                      "eks.amazonaws.com/role-arn", &role);
    *KB_VEC_PUSH(&cluster->service_accounts) = (struct kb_service_account){
        .at = kb_cluster_named(cluster, object),
        .automount = json_is_true(value)    ? KB_YES
                     : json_is_false(value) ? KB_NO
                                            : KB_NOT_KNOWN,
        .iam_role = kb_map_intern(&cluster->names, role),
        .malformed = value != NULL && !json_is_boolean(value) && !json_is_null(value),
    };
}

static struct kb_str external_ip(const json_t *node)
{
    const json_t *list = kb_json_dig(node, "status", "addresses", NULL);
    struct kb_str address = KB_STR(""), type;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *at = json_array_get(list, i);
        if (kb_json_str(at, "type", &type) && kb_str_eq_c(type, "ExternalIP")) {
            (void)kb_json_str(at, "address", &address);
        }
    }
    return address;
}

static void take_node(struct kb_cluster *cluster, const struct kb_object *object)
{
    const json_t *info = kb_json_dig(object->json, "status", "nodeInfo", NULL);
    struct kb_node node = {.at = kb_cluster_named(cluster, object)};
    struct kb_str text = KB_STR("");
    (void)kb_json_str(info, "kubeletVersion", &text);
    node.kubelet = kb_map_intern(&cluster->names, text);
    text = KB_STR("");
    (void)kb_json_str(kb_object_labels(object), "topology.kubernetes.io/zone", &text);
    node.zone = kb_map_intern(&cluster->names, text);
    text = KB_STR("");
    (void)kb_json_str(info, "operatingSystem", &text);
    node.os = kb_map_intern(&cluster->names, text);
    node.external_ip = kb_map_intern(&cluster->names, external_ip(object->json));
    node.cordoned = json_is_true(kb_json_dig(object->json, "spec", "unschedulable", NULL));
    *KB_VEC_PUSH(&cluster->nodes) = node;
}

/* A selector that does not take the namespace kube-system, by its standard label. */
static bool spares_kube_system(const json_t *webhook)
{
    struct kb_arena arena = {0};
    struct kb_selector selector;
    const json_t *json = json_object_get(webhook, "namespaceSelector");
    json_t *labels = json_pack("{s:s}", "kubernetes.io/metadata.name", "kube-system");
    bool spares = json_is_object(json) &&
                  !kb_failed(kb_selector_from_json(json, &arena, &selector, NULL)) &&
                  !kb_selector_matches(&selector, labels);
    json_decref(labels);
    kb_arena_done(&arena);
    return spares;
}

static struct kb_str target_of(struct kb_cluster *cluster, const json_t *config)
{
    struct kb_str url = KB_STR(""), name_space = KB_STR(""), name = KB_STR("");
    const json_t *service = kb_json_object(config, "service");
    if (kb_json_str(config, "url", &url)) {
        return kb_arena_copy(&cluster->arena, url);
    }
    (void)kb_json_str(service, "namespace", &name_space);
    (void)kb_json_str(service, "name", &name);
    return kb_arena_printf(&cluster->arena, "service %.*s/%.*s", KB_FMT(name_space), KB_FMT(name));
}

static void take_webhooks(struct kb_cluster *cluster, const struct kb_object *object)
{
    size_t i;
    json_t *webhook;
    json_array_foreach(kb_json_array(object->json, "webhooks"), i, webhook) {
        const json_t *config = kb_json_object(webhook, "clientConfig");
        struct kb_str name = KB_STR(""), policy = KB_STR("Fail"), ca = KB_STR("");
        (void)kb_json_str(webhook, "name", &name);
        (void)kb_json_str(webhook, "failurePolicy", &policy);
        (void)kb_json_str(config, "caBundle", &ca);
        *KB_VEC_PUSH(&cluster->webhooks) = (struct kb_webhook){
            .at = kb_cluster_named(cluster, object),
            .mutating = object->kind->id == KB_KIND_MUTATING_WEBHOOK,
            .name = kb_map_intern(&cluster->names, name),
            .failure_policy = kb_map_intern(&cluster->names, policy),
            .target = target_of(cluster, config),
            .spares_kube_system = spares_kube_system(webhook),
            .has_ca = ca.n > 0,
        };
    }
}

void kb_cluster_take(struct kb_cluster *cluster, const struct kb_object *object)
{
    static void (*const takes[KB_KIND_COUNT])(struct kb_cluster *, const struct kb_object *) = {
        [KB_KIND_NAMESPACE] = take_namespace,
        [KB_KIND_SERVICE_ACCOUNT] = take_account,
        [KB_KIND_NODE] = take_node,
        [KB_KIND_POD] = take_workload,
        [KB_KIND_DEPLOYMENT] = take_workload,
        [KB_KIND_DAEMON_SET] = take_workload,
        [KB_KIND_STATEFUL_SET] = take_workload,
        [KB_KIND_REPLICA_SET] = take_workload,
        [KB_KIND_JOB] = take_workload,
        [KB_KIND_CRON_JOB] = take_workload,
        [KB_KIND_RESOURCE_QUOTA] = take_quota,
        [KB_KIND_LIMIT_RANGE] = take_limits,
        [KB_KIND_VALIDATING_WEBHOOK] = take_webhooks,
        [KB_KIND_MUTATING_WEBHOOK] = take_webhooks,
        [KB_KIND_POD_DISRUPTION_BUDGET] = kb_cluster_take_budget,
        [KB_KIND_SECRET] = kb_cluster_take_secret,
        [KB_KIND_CUSTOM_RESOURCE_DEFINITION] = kb_cluster_take_custom_resource,
        [KB_KIND_CSI_DRIVER] = kb_cluster_take_csi_driver,
        [KB_KIND_VALIDATING_POLICY_BINDING] = kb_cluster_take_policy_binding,
    };
    if (takes[object->kind->id] != NULL) {
        takes[object->kind->id](cluster, object);
    }
}

static int by_named(const struct kb_named *a, const struct kb_named *b)
{
    int order = kb_str_cmp(a->name_space, b->name_space);
    return order != 0 ? order : kb_str_cmp(a->name, b->name);
}

static int by_workload(const void *a, const void *b)
{
    const struct kb_workload *x = a, *y = b;
    int order = by_named(&x->at, &y->at);
    return order != 0 ? order : (int)x->kind->id - (int)y->kind->id;
}

static int by_namespace(const void *a, const void *b)
{
    return by_named(&(*(struct kb_namespace *const *)a)->at,
                    &(*(struct kb_namespace *const *)b)->at);
}

static int by_account(const void *a, const void *b)
{
    return by_named(&((const struct kb_service_account *)a)->at,
                    &((const struct kb_service_account *)b)->at);
}

static int by_node(const void *a, const void *b)
{
    return by_named(&((const struct kb_node *)a)->at, &((const struct kb_node *)b)->at);
}

static int by_webhook(const void *a, const void *b)
{
    const struct kb_webhook *x = a, *y = b;
    int order = (int)x->mutating - (int)y->mutating;
    order = order != 0 ? order : by_named(&x->at, &y->at);
    return order != 0 ? order : kb_str_cmp(x->name, y->name);
}

#define SORT(vec, order)                                                                           \
    do {                                                                                           \
        if ((vec)->n > 1) {                                                                        \
            qsort((vec)->at, (vec)->n, sizeof *(vec)->at, order);                                  \
        }                                                                                          \
    } while (0)

void kb_cluster_close(struct kb_cluster *cluster)
{
    SORT(&cluster->workloads, by_workload);
    SORT(&cluster->namespaces, by_namespace);
    SORT(&cluster->service_accounts, by_account);
    index_accounts(cluster);
    SORT(&cluster->nodes, by_node);
    SORT(&cluster->webhooks, by_webhook);
    for (size_t i = 0; i < cluster->workloads.n; i++) {
        namespace_at(cluster, cluster->workloads.at[i].at.name_space)->workloads++;
    }
}

const struct kb_namespace *kb_cluster_namespace(const struct kb_cluster *cluster, struct kb_str name)
{
    const struct kb_namespace *found = kb_map_get(&cluster->namespace_index, name);
    return found != NULL && found->at.name.n > 0 ? found : NULL;
}

struct kb_str kb_namespace_label(const struct kb_namespace *name_space, struct kb_str label)
{
    return name_space == NULL ? KB_STR("")
                              : kb_json_view(json_object_getn(name_space->labels, label.p, label.n));
}
