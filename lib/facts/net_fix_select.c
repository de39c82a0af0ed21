/* Labels by which a policy selects some pods and no others. */
#include "facts/net_fix_parts.h"

enum { KEYS_MAX = 40, VALUES_MAX = 20 };

/* Keys that people tell workloads apart by, best first; then any other. */
static const char *const favourites[] = {"app.kubernetes.io/name", "app", "k8s-app", "name",
                                         "app.kubernetes.io/component", "component", "app.kubernetes.io/instance"};

/* Labels that controllers and injectors write, and those that change with a release. */
static const char *const passing[] = {"pod-template-hash", "controller-revision-hash", "pod-template-generation",
                                      "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index",
                                      "job-name", "controller-uid", "helm.sh/chart", "chart", "heritage",
                                      "app.kubernetes.io/version", "app.kubernetes.io/managed-by", "version"};
static const char *const passing_groups[] = {"batch.kubernetes.io/", "security.istio.io/", "service.istio.io/",
                                             "topology.kubernetes.io/", "eks.amazonaws.com/", "linkerd.io/",
                                             "kueue.x-k8s.io/"};

struct choosing {
    const struct kb_net_model *model;
    const struct kb_net_group *const *groups;
    size_t n;
    uint32_t ns;
    struct kb_net_label keys[KEYS_MAX]; /* of the first pod of the first group */
    size_t key_count;
};

static bool is_passing(struct kb_str key)
{
    bool found = false;
    for (size_t i = 0; i < sizeof passing / sizeof passing[0] && !found; i++) {
        found = kb_str_eq_c(key, passing[i]);
    }
    for (size_t i = 0; i < sizeof passing_groups / sizeof passing_groups[0] && !found; i++) {
        found = kb_str_starts(key, kb_str_c(passing_groups[i]));
    }
    return found;
}

static bool is_favourite(struct kb_str key, size_t *rank)
{
    for (*rank = 0; *rank < sizeof favourites / sizeof favourites[0]; ++*rank) {
        if (kb_str_eq_c(key, favourites[*rank])) {
            return true;
        }
    }
    return false;
}

static void find_keys(struct choosing *c)
{
    const struct kb_net_labels *labels = &c->groups[0]->pod->labels;
    size_t rank, others = sizeof favourites / sizeof favourites[0];
    for (size_t want = 0; want <= others; want++) {
        for (size_t i = 0; i < labels->n && c->key_count < KEYS_MAX; i++) {
            struct kb_str key = labels->at[i].key;
            bool favourite = is_favourite(key, &rank);
            if (!is_passing(key) && (favourite ? rank == want : want == others)) {
                c->keys[c->key_count++] = labels->at[i];
            }
        }
    }
}

/* Whether the pod is one of those that are to be selected. */
static bool is_wanted(const struct choosing *c, size_t pod)
{
    bool wanted = false;
    for (size_t i = 0; i < c->n && !wanted; i++) {
        wanted = c->model->pod_groups[pod] == (size_t)(c->groups[i] - c->model->groups.at);
    }
    return wanted;
}

/* What a key must say of a pod. */
typedef bool meets_fn(const void *ctx, const struct kb_net_labels *labels);

/* All that are wanted meet it, and none of the others. */
static bool is_exact(const struct choosing *c, meets_fn *meets, const void *ctx)
{
    const struct kb_net_world *net = &c->model->net;
    bool exact = true;
    for (size_t i = 0; i < net->pods.n && exact; i++) {
        const struct kb_net_pod *pod = net->pods.at[i];
        if (pod->ns == c->ns && !pod->finished && !pod->host_network) {
            exact = meets(ctx, &pod->labels) == is_wanted(c, i);
        }
    }
    return exact;
}

struct equals {
    const struct kb_net_label *at[2];
    size_t n;
};

static bool meets_equals(const void *ctx, const struct kb_net_labels *labels)
{
    const struct equals *equals = ctx;
    bool meets = true;
    for (size_t i = 0; i < equals->n && meets; i++) {
        struct kb_str value;
        meets = kb_net_labels_get(labels, equals->at[i]->key, &value) && kb_str_eq(value, equals->at[i]->value);
    }
    return meets;
}

static json_t *match_labels(const struct equals *equals)
{
    json_t *labels = json_object();
    for (size_t i = 0; i < equals->n; i++) {
        struct kb_str key = equals->at[i]->key, value = equals->at[i]->value;
        json_object_setn_new(labels, key.p, key.n, json_stringn(value.p, value.n));
    }
    return json_pack("{s:o}", "matchLabels", labels);
}

/* One label, or two. */
static json_t *by_equals(const struct choosing *c)
{
    for (size_t i = 0; i < c->key_count; i++) {
        struct equals one = {{&c->keys[i], NULL}, 1};
        if (is_exact(c, meets_equals, &one)) {
            return match_labels(&one);
        }
    }
    for (size_t i = 0; i < c->key_count; i++) {
        for (size_t k = i + 1; k < c->key_count; k++) {
            struct equals two = {{&c->keys[i], &c->keys[k]}, 2};
            if (is_exact(c, meets_equals, &two)) {
                return match_labels(&two);
            }
        }
    }
    return NULL;
}

struct in {
    struct kb_str key;
    struct kb_str values[VALUES_MAX];
    size_t n; /* 0: any value */
};

static bool meets_in(const void *ctx, const struct kb_net_labels *labels)
{
    const struct in *in = ctx;
    struct kb_str value;
    bool has = kb_net_labels_get(labels, in->key, &value), meets = has && in->n == 0;
    for (size_t i = 0; i < in->n && has && !meets; i++) {
        meets = kb_str_eq(value, in->values[i]);
    }
    return meets;
}

/* Values of the key on the pods that are wanted, in order; false: too many. */
static bool find_values(const struct choosing *c, struct in *in)
{
    for (size_t i = 0; i < c->model->net.pods.n; i++) {
        const struct kb_net_pod *pod = c->model->net.pods.at[i];
        struct kb_str value;
        if (pod->ns != c->ns || !is_wanted(c, i) || !kb_net_labels_get(&pod->labels, in->key, &value) ||
            (in->n > 0 && meets_in(in, &pod->labels))) {
            continue;
        }
        if (in->n == VALUES_MAX) {
            return false;
        }
        size_t to = in->n++;
        for (; to > 0 && kb_str_cmp(in->values[to - 1], value) > 0; to--) {
            in->values[to] = in->values[to - 1];
        }
        in->values[to] = value;
    }
    return in->n > 0;
}

static json_t *expression(const struct in *in)
{
    json_t *one = json_pack("{s:o, s:s}", "key", json_stringn(in->key.p, in->key.n), "operator",
                            in->n == 0 ? "Exists" : "In");
    if (in->n > 0) {
        json_t *values = json_array();
        for (size_t i = 0; i < in->n; i++) {
            json_array_append_new(values, json_stringn(in->values[i].p, in->values[i].n));
        }
        json_object_set_new(one, "values", values);
    }
    return json_pack("{s:[o]}", "matchExpressions", one);
}

/* One key, whatever its value, or with some values. */
static json_t *by_key(const struct choosing *c)
{
    for (size_t i = 0; i < c->key_count; i++) {
        struct in in = {.key = c->keys[i].key};
        if (is_exact(c, meets_in, &in) || (find_values(c, &in) && is_exact(c, meets_in, &in))) {
            return expression(&in);
        }
    }
    return NULL;
}

json_t *kb_net_fix_selector(const struct kb_net_model *model, const struct kb_net_group *const *groups, size_t n)
{
    struct choosing c = {.model = model, .groups = groups, .n = n};
    if (n == 0) {
        return NULL;
    }
    c.ns = groups[0]->pod->ns;
    find_keys(&c);
    json_t *equal = by_equals(&c);
    return equal != NULL || n == 1 ? equal : by_key(&c);
}

json_t *kb_net_fix_twins(const struct kb_net_model *model, const struct kb_net_group *group,
                         const kb_net_fix_groups *among, kb_net_fix_groups *rest)
{
    const struct kb_net_labels *labels = &group->pod->labels;
    json_t *selector = NULL;
    for (size_t i = 0; i < labels->n && selector == NULL; i++) {
        kb_net_fix_groups twins = {0};
        rest->n = 0;
        for (size_t k = 0; k < among->n; k++) {
            struct kb_str value;
            bool same = kb_net_labels_get(&among->at[k]->pod->labels, labels->at[i].key, &value) &&
                        kb_str_eq(value, labels->at[i].value);
            *(same ? KB_VEC_PUSH(&twins) : KB_VEC_PUSH(rest)) = among->at[k];
        }
        selector = twins.n > 1 ? kb_net_fix_selector(model, twins.at, twins.n) : NULL;
        KB_VEC_DONE(&twins);
    }
    if (selector == NULL) {
        KB_VEC_DONE(rest);
    }
    return selector;
}

json_t *kb_net_fix_peer(const struct kb_net_model *model, const struct kb_net_group *group,
                        struct kb_str name_space)
{
    json_t *selector = group->host_network ? NULL : kb_net_fix_selector(model, &group, 1);
    if (selector == NULL) {
        return NULL;
    }
    json_t *peer = json_object();
    if (!kb_str_eq(group->name_space, name_space)) {
        json_object_set_new(peer, "namespaceSelector",
                            json_pack("{s:{s:o}}", "matchLabels", "kubernetes.io/metadata.name",
                                      json_stringn(group->name_space.p, group->name_space.n)));
    }
    json_object_set_new(peer, "podSelector", selector);
    return peer;
}
