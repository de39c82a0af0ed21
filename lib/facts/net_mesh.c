/*
 * Table net.mesh: what Istio makes of connections to the pods of a namespace.
 *
 * Of the policies of one scope (mesh: without a selector in the root namespace; namespace; workload) the oldest counts,
 * the narrowest scope wins, and UNSET is what the wider one has; without any, plain text is accepted. Ports of a policy
 * of a workload have modes of their own. Policies with a selector in the root namespace do nothing.
 * (istio pilot/pkg/security/authn, ComposePeerAuthentication; istio.io docs/reference/config/security/peer_authentication.)
 */
#include "facts/cluster_tables.h"
#include "facts/getters.h"
#include "facts/net_tables.h"
#include "facts/net_take.h"

enum { NAMES_MAX = 50 };
#define ROOT "istio-system"

static const char *const modes[] = {
#define NAME(sym, text) [sym] = text,
    KB_NET_MTLS_MODES(NAME)
#undef NAME
};

static enum kb_net_mtls read_mode(const json_t *mtls)
{
    struct kb_str text = KB_STR("");
    (void)kb_json_str(mtls, "mode", &text);
    enum kb_net_mtls mode = KB_NET_MTLS_STRICT;
    while (mode > KB_NET_MTLS_UNSET && !kb_str_eq_c(text, modes[mode])) {
        mode = (enum kb_net_mtls)(mode - 1);
    }
    return mode;
}

void kb_net_take_peer_auth(struct kb_net_model *model, const struct kb_object *object)
{
    const json_t *spec = kb_json_object(object->json, "spec");
    json_t *ports = kb_json_object(spec, "portLevelMtls"), *value;
    const char *key;
    bool bad = false;
    struct kb_net_peer_auth auth = {
        .at = kb_net_named_of(model, object),
        .created_ns = object->created_ns,
        .mode = read_mode(kb_json_object(spec, "mtls")),
        .selector = kb_net_labels_read(kb_json_dig(spec, "selector", "matchLabels", NULL), &model->arena, &bad),
        .ports = KB_NEW_ARRAY(&model->arena, json_object_size(ports), struct kb_net_port_mtls),
    };
    json_object_foreach(ports, key, value) {
        auth.ports[auth.port_count++] =
            (struct kb_net_port_mtls){kb_arena_copy(&model->arena, kb_str_c(key)), read_mode(value)};
    }
    *KB_VEC_PUSH(&model->peer_auths) = auth;
}

/* The older one; of one age the first by name, as no rule says. */
static bool is_before(const struct kb_net_peer_auth *a, const struct kb_net_peer_auth *b)
{
    return b == NULL || a->created_ns < b->created_ns ||
           (a->created_ns == b->created_ns && kb_str_cmp(a->at.name, b->at.name) < 0);
}

static bool has_labels(const struct kb_net_pod *pod, const struct kb_net_labels *wanted)
{
    bool has = true;
    for (size_t i = 0; i < wanted->n && has; i++) {
        struct kb_str value;
        has = kb_net_labels_get(&pod->labels, wanted->at[i].key, &value) && kb_str_eq(value, wanted->at[i].value);
    }
    return has;
}

/* The policy of a namespace as a whole; NULL. */
static const struct kb_net_peer_auth *of_space(const struct kb_net_model *model, struct kb_str space)
{
    const struct kb_net_peer_auth *found = NULL;
    for (size_t i = 0; i < model->peer_auths.n; i++) {
        const struct kb_net_peer_auth *at = &model->peer_auths.at[i];
        bool fits = at->selector.n == 0 && kb_str_eq(at->at.name_space, space);
        found = fits && is_before(at, found) ? at : found;
    }
    return found;
}

static const struct kb_net_peer_auth *of_pod(const struct kb_net_model *model, const struct kb_net_pod *pod)
{
    const struct kb_net_peer_auth *found = NULL;
    for (size_t i = 0; i < model->peer_auths.n; i++) {
        const struct kb_net_peer_auth *at = &model->peer_auths.at[i];
        bool fits = at->selector.n > 0 && kb_str_eq(at->at.name_space, pod->name_space) &&
                    !kb_str_eq_c(pod->name_space, ROOT) && has_labels(pod, &at->selector);
        found = fits && is_before(at, found) ? at : found;
    }
    return found;
}

struct mesh_row {
    const struct kb_world *world;
    const struct kb_namespace *at;
    struct kb_str name, tenant, environment, mtls;
    enum kb_net_mtls mode; /* of pods without a policy of their own */
    bool in_scope, ambient;
    uint64_t pods, meshed_pods;
};

/* What is not strict about one pod: its mode, or ports of it. */
static void add_exception(const struct mesh_row *row, const struct kb_net_pod *pod, struct kb_str object,
                          struct kb_net_text_list *texts)
{
    const struct kb_net_peer_auth *own = of_pod(row->world->network, pod);
    enum kb_net_mtls mode = own == NULL || own->mode == KB_NET_MTLS_UNSET ? row->mode : own->mode;
    if (mode != KB_NET_MTLS_STRICT && own != NULL && own->mode != KB_NET_MTLS_UNSET) {
        kb_net_text_add(texts, kb_arena_printf(texts->arena, "%.*s: %s", KB_FMT(object), modes[mode]));
    }
    for (size_t i = 0; own != NULL && i < own->port_count; i++) {
        enum kb_net_mtls port = own->ports[i].mode;
        if (port != KB_NET_MTLS_UNSET && port != KB_NET_MTLS_STRICT) {
            kb_net_text_add(texts, kb_arena_printf(texts->arena, "%.*s port %.*s: %s", KB_FMT(object),
                                                   KB_FMT(own->ports[i].port), modes[port]));
        }
    }
}

static void get_exceptions(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct mesh_row *row = data;
    const struct kb_net_model *model = row->world->network;
    struct kb_net_text_list texts = {.arena = arena, .max = NAMES_MAX};
    for (size_t i = 0; i < model->groups.n; i++) {
        const struct kb_net_group *group = &model->groups.at[i];
        if (kb_str_eq(group->name_space, row->name) && !group->host_network) {
            add_exception(row, group->pod, group->object, &texts);
        }
    }
    kb_net_texts_put(&texts, out);
}

KB_GET(STR, mesh_row, name)
KB_GET(STR, mesh_row, tenant)
KB_GET(STR, mesh_row, environment)
KB_GET(STR, mesh_row, mtls)
KB_GET(BOOL, mesh_row, in_scope)
KB_GET(INT, mesh_row, pods)
KB_GET(INT, mesh_row, meshed_pods)

static const struct kb_column columns[] = {
    {"name", "string", KB_ALWAYS, get_name, "Name of the namespace."},
    {"tenant", "string", KB_ALWAYS, get_tenant, "Value of the label settings.tenantLabel, or empty."},
    {"environment", "string", KB_ALWAYS, get_environment,
     "Value of the label settings.environmentLabel, or empty."},
    {"in_scope", "bool", KB_ALWAYS, get_in_scope, "Whether it is none of settings.excludedNamespaces."},
    {"pods", "int", KB_ALWAYS, get_pods, "Its live pods with a network of their own."},
    {"meshed_pods", "int", KB_ALWAYS, get_meshed_pods,
     "Those of them with a sidecar (label security.istio.io/tlsMode=istio), or in ambient mode (istio.io/dataplane-mode)."},
    {"mtls", "string", KB_ALWAYS, get_mtls,
     "What holds where no policy is of a workload alone: \"STRICT\", \"PERMISSIVE\" (plain text comes in too) or \"DISABLE\"."},
    {"exceptions", "list(string)", KB_ALWAYS, get_exceptions,
     "Workloads, and ports of them, that policies of their own leave less than strict: \"Deployment/shop/web port 9090: "
     "PERMISSIVE\" (at most 50)."},
};

const struct kb_table kb_table_net_mesh = {
    .name = "net.mesh",
    .doc = "One row a namespace, where Istio is in the cluster: whether connections to its pods must be mutual TLS, by its "
           "PeerAuthentications and those of the root namespace istio-system. Other meshes are not looked at.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct mesh_row *row = data;
    kb_cluster_row_info(&row->at->at, "Namespace", arena, out);
    out->name_space = row->name;
}

static bool label_is(const struct kb_net_labels *labels, const char *key, const char *wanted)
{
    struct kb_str value = KB_STR("");
    (void)kb_net_labels_get(labels, kb_str_c(key), &value);
    return kb_str_eq_c(value, wanted);
}

static void count(struct mesh_row *row)
{
    const struct kb_net_world *net = &row->world->network->net;
    for (size_t i = 0; i < net->pods.n; i++) {
        const struct kb_net_pod *pod = net->pods.at[i];
        if (!kb_str_eq(pod->name_space, row->name) || pod->finished || pod->host_network) {
            continue;
        }
        bool ambient = label_is(&pod->labels, "istio.io/dataplane-mode", "ambient") ||
                       (row->ambient && !label_is(&pod->labels, "istio.io/dataplane-mode", "none"));
        row->pods++;
        row->meshed_pods += ambient || label_is(&pod->labels, "security.istio.io/tlsMode", "istio");
    }
}

static enum kb_net_mtls mode_of(const struct kb_net_model *model, struct kb_str space)
{
    const struct kb_net_peer_auth *own = of_space(model, space), *mesh = of_space(model, KB_STR(ROOT));
    enum kb_net_mtls mode = own == NULL ? KB_NET_MTLS_UNSET : own->mode;
    if (mode == KB_NET_MTLS_UNSET && mesh != NULL) {
        mode = mesh->mode;
    }
    return mode == KB_NET_MTLS_UNSET ? KB_NET_MTLS_PERMISSIVE : mode;
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    /* A policy that was not read may be what makes it strict. */
    bool known = world->lists[KB_KIND_PEER_AUTHENTICATION].state == KB_LIST_COMPLETE &&
                 kb_world_whole(world, KB_KIND_POD);
    for (size_t i = 0; known && i < world->cluster.namespaces.n; i++) {
        const struct kb_namespace *at = world->cluster.namespaces.at[i];
        struct mesh_row row = {
            .world = world,
            .at = at,
            .name = at->at.name,
            .tenant = kb_namespace_label(at, kb_world_text_setting(world, "tenantLabel")),
            .environment = kb_namespace_label(at, kb_world_text_setting(world, "environmentLabel")),
            .mode = mode_of(world->network, at->at.name),
            .in_scope = !kb_world_setting_has(world, "excludedNamespaces", at->at.name),
            .ambient = kb_str_eq_c(kb_namespace_label(at, KB_STR("istio.io/dataplane-mode")), "ambient"),
        };
        row.mtls = kb_str_c(modes[row.mode]);
        count(&row);
        struct kb_row out = {&kb_table_net_mesh, &ops, &row};
        fn(ctx, &out);
    }
}

static const char *absent(const struct kb_world *world)
{
    return world->lists[KB_KIND_PEER_AUTHENTICATION].state == KB_LIST_ABSENT
               ? "Istio is not in the cluster: it has no PeerAuthentications"
               : NULL;
}

static const enum kb_kind_id needs[] = {KB_KIND_PEER_AUTHENTICATION, KB_KIND_NAMESPACE, KB_KIND_POD};

const struct kb_fact_source kb_facts_net_mesh = {
    .table = &kb_table_net_mesh,
    .needs = needs,
    .need_count = sizeof needs / sizeof needs[0],
    .rows = rows,
    .absent = absent,
};
