/* Who enforces network policies. */
#include <stdlib.h>

#include "facts/net_take.h"

/* DaemonSets by which an engine shows. */
static const struct {
    const char *name;
    enum kb_net_engine engine;
} known[] = {
    {"calico-node", KB_NET_ENGINE_CALICO},     {"canal", KB_NET_ENGINE_CALICO},
    {"cilium", KB_NET_ENGINE_CILIUM},          {"antrea-agent", KB_NET_ENGINE_OTHER},
    {"kube-router", KB_NET_ENGINE_OTHER},      {"ovnkube-node", KB_NET_ENGINE_OTHER},
    {"kube-network-policies", KB_NET_ENGINE_OTHER}, {"weave-net", KB_NET_ENGINE_OTHER},
    {"kube-ovn-cni", KB_NET_ENGINE_OTHER},     {"kindnet", KB_NET_ENGINE_OTHER},
};

static const json_t *container(const json_t *pod, const char *name)
{
    size_t i;
    json_t *at;
    json_array_foreach(kb_json_array(pod, "containers"), i, at) {
        struct kb_str own = KB_STR("");
        if (kb_json_str(at, "name", &own) && kb_str_eq_c(own, name)) {
            return at;
        }
    }
    return NULL;
}

/* The last of equal arguments counts, as Go's flag package has it; "--x" and "--x=true" are true. */
static bool argument_on(const json_t *at, const char *name)
{
    const char *const lists[] = {"command", "args"};
    bool on = false;
    for (size_t k = 0; k < 2; k++) {
        size_t i;
        json_t *arg;
        json_array_foreach(kb_json_array(at, lists[k]), i, arg) {
            struct kb_str value, text = kb_json_view(arg);
            while (text.n > 0 && text.p[0] == '-') {
                text = kb_str_sub(text, 1, text.n);
            }
            struct kb_str key = kb_str_split(text, '=', &value);
            if (kb_str_eq_c(key, name)) {
                on = value.p == NULL || kb_str_eq_c(value, "true") || kb_str_eq_c(value, "1") ||
                     kb_str_eq_c(value, "t") || kb_str_eq_c(value, "T") ||
                     kb_str_eq_c(value, "TRUE") || kb_str_eq_c(value, "True");
            }
        }
    }
    return on;
}

static struct kb_str variable(struct kb_net_model *model, const json_t *at, const char *name)
{
    struct kb_str found = KB_STR("");
    size_t i;
    json_t *env;
    json_array_foreach(kb_json_array(at, "env"), i, env) {
        struct kb_str key = KB_STR(""), value = KB_STR("");
        if (kb_json_str(env, "name", &key) && kb_str_eq_c(key, name)) {
            (void)kb_json_str(env, "value", &value);
            found = value;
        }
    }
    return kb_arena_copy(&model->arena, found);
}

/* "1.18.5" of "…/amazon-k8s-cni:v1.18.5-eksbuild.1@sha256:…"; empty where the tag is none. */
static struct kb_str image_version(struct kb_net_model *model, const json_t *at)
{
    struct kb_str image = KB_STR(""), tag = KB_STR("");
    (void)kb_json_str(at, "image", &image);
    size_t digest = kb_str_find(image, KB_STR("@"), 0), n = 0;
    image = kb_str_sub(image, 0, digest == SIZE_MAX ? image.n : digest);
    for (size_t i = image.n; i > 0 && image.p[i - 1] != '/'; i--) {
        if (image.p[i - 1] == ':') {
            tag = kb_str_sub(image, i, image.n);
        }
    }
    tag = kb_str_starts(tag, KB_STR("v")) ? kb_str_sub(tag, 1, tag.n) : tag;
    while (n < tag.n && ((tag.p[n] >= '0' && tag.p[n] <= '9') || tag.p[n] == '.')) {
        n++;
    }
    return kb_arena_copy(&model->arena, kb_str_sub(tag, 0, n));
}

static void take_aws_node(struct kb_net_model *model, const struct kb_object *object)
{
    struct kb_net_aws_node *node = &model->aws_node;
    const json_t *pod = kb_json_dig(object->json, "spec", "template", "spec", NULL);
    const json_t *cni = container(pod, "aws-node"), *agent = container(pod, "aws-eks-nodeagent");
    const json_t *status = kb_json_object(object->json, "status");
    *node = (struct kb_net_aws_node){
        .found = true,
        .agent = agent != NULL,
        .enforces = argument_on(agent, "enable-network-policy"),
        .event_logs = argument_on(agent, "enable-policy-event-logs"),
        .cloudwatch_logs = argument_on(agent, "enable-cloudwatch-logs"),
        .at = kb_net_named_of(model, object),
        .version = image_version(model, cni),
        .mode = variable(model, cni, "NETWORK_POLICY_ENFORCING_MODE"),
        .group_mode = variable(model, cni, "POD_SECURITY_GROUP_ENFORCING_MODE"),
    };
    (void)kb_json_i64(status, "desiredNumberScheduled", &node->desired);
    (void)kb_json_i64(status, "numberReady", &node->ready);
    (void)kb_json_i64(status, "updatedNumberScheduled", &node->updated);
}

void kb_net_take_daemon_set(struct kb_net_model *model, const struct kb_object *object)
{
    const json_t *status = kb_json_object(object->json, "status");
    if (kb_str_eq_c(object->name_space, "kube-system") && kb_str_eq_c(object->name, "aws-node")) {
        take_aws_node(model, object);
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (kb_str_eq_c(object->name, known[i].name)) {
            struct kb_net_other_engine *other = KB_VEC_PUSH(&model->others);
            *other = (struct kb_net_other_engine){.engine = known[i].engine,
                                                  .at = kb_net_named_of(model, object)};
            (void)kb_json_i64(status, "desiredNumberScheduled", &other->desired);
            (void)kb_json_i64(status, "numberReady", &other->ready);
        }
    }
}

void kb_net_take_config_map(struct kb_net_model *model, const struct kb_object *object)
{
    struct kb_str flag = KB_STR("");
    const json_t *data = kb_json_object(object->json, "data");
    if (kb_str_eq_c(object->name_space, "kube-system") &&
        kb_str_eq_c(object->name, "amazon-vpc-cni") && data != NULL) {
        (void)kb_json_str(data, "enable-network-policy-controller", &flag);
        model->has_config_map = true;
        model->controller_on = kb_str_eq_c(flag, "true");
    }
}

void kb_net_take_node_class(struct kb_net_model *model, const struct kb_object *object)
{
    const json_t *spec = kb_json_object(object->json, "spec");
    struct kb_str policy = KB_STR(""), logs = KB_STR("");
    (void)kb_json_str(spec, "networkPolicy", &policy);
    (void)kb_json_str(spec, "networkPolicyEventLogs", &logs);
    *KB_VEC_PUSH(&model->node_classes) =
        (struct kb_net_named){.kind = object->kind,
                              .at = kb_net_named_of(model, object),
                              .policy = kb_arena_copy(&model->arena, policy),
                              .logs = kb_arena_copy(&model->arena, logs)};
}

static bool is_ready(const json_t *pod)
{
    size_t i;
    json_t *at;
    json_array_foreach(kb_json_dig(pod, "status", "conditions", NULL), i, at) {
        struct kb_str type = KB_STR(""), status = KB_STR("");
        (void)kb_json_str(at, "type", &type);
        (void)kb_json_str(at, "status", &status);
        if (kb_str_eq_c(type, "Ready")) {
            return kb_str_eq_c(status, "True");
        }
    }
    return false;
}

/* A pod of aws-node. */
void kb_net_take_agent(struct kb_net_model *model, const struct kb_object *object)
{
    struct kb_str app = KB_STR(""), revision = KB_STR(""), node = KB_STR("");
    const json_t *labels = kb_object_labels(object);
    const json_t *agent = container(kb_json_object(object->json, "spec"), "aws-eks-nodeagent");
    (void)kb_json_str(labels, "k8s-app", &app);
    if (!kb_str_eq_c(object->name_space, "kube-system") || !kb_str_eq_c(app, "aws-node")) {
        return;
    }
    (void)kb_json_str(labels, "controller-revision-hash", &revision);
    (void)kb_json_str(kb_json_object(object->json, "spec"), "nodeName", &node);
    struct kb_net_agent *at = KB_VEC_PUSH(&model->agents);
    *at = (struct kb_net_agent){.node = kb_map_intern(&model->names, node),
                                .revision = kb_map_intern(&model->names, revision),
                                .ready = is_ready(object->json),
                                .enforces = argument_on(agent, "enable-network-policy")};
    size_t i;
    json_t *status;
    json_array_foreach(kb_json_dig(object->json, "status", "containerStatuses", NULL), i, status) {
        int64_t n = 0;
        (void)kb_json_i64(status, "restartCount", &n);
        at->restarts = n > at->restarts ? n : at->restarts;
    }
}

static bool auto_denies(const struct kb_net_model *model)
{
    bool denies = model->node_classes.n > 0;
    for (size_t i = 0; i < model->node_classes.n; i++) {
        denies = denies && kb_str_eq_c(model->node_classes.at[i].policy, "DefaultDeny");
    }
    return denies;
}

static enum kb_net_engine engine_of(const struct kb_net_model *model, bool daemon_sets_read)
{
    if (model->aws_node.enforces) {
        return KB_NET_ENGINE_VPC_CNI;
    }
    if (model->auto_nodes > 0 && model->controller_on) {
        return KB_NET_ENGINE_AUTO;
    }
    if (model->others.n > 0) {
        return model->others.at[0].engine;
    }
    return daemon_sets_read ? KB_NET_ENGINE_NONE : KB_NET_ENGINE_UNKNOWN;
}

const struct kb_net_profile *kb_net_detect(struct kb_net_model *model, bool daemon_sets_read,
                                           struct kb_str forced)
{
    const struct kb_net_profile *profile = kb_net_profile_find(forced);
    bool strict = false;
    model->engine = engine_of(model, daemon_sets_read);
    if (profile != NULL) {
        model->forced = profile->name;
        return profile;
    }
    if (model->engine == KB_NET_ENGINE_NONE && (model->aws_node.found || model->auto_nodes > 0)) {
        return kb_net_profile_find(KB_STR("none"));
    }
    if (model->engine == KB_NET_ENGINE_VPC_CNI) {
        strict = kb_str_eq_c(model->aws_node.mode, "strict");
    } else if (model->engine == KB_NET_ENGINE_AUTO) {
        strict = auto_denies(model);
    } else { /* also without an agent that is known: somebody unknown may enforce */
        return kb_net_profile_default();
    }
    return kb_net_profile_find(strict ? KB_STR("vpc-cni-strict") : KB_STR("vpc-cni"));
}
