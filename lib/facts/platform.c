/* Table platform: what the cluster as a whole has. */
#include "facts/cluster_tables.h"
#include "facts/getters.h"

struct platform_row {
    const struct kb_world *world;
    struct kb_str object;
    uint64_t nodes;
};

KB_GET(STR, platform_row, object)

enum { MOST_ENGINES = 8, MOST_ZONES = 64 };

/* An empty list of what was not all read says nothing. */
static struct kb_cel_val list_of(const struct kb_world *world, const enum kb_kind_id *kinds,
                                 size_t kind_count, const struct kb_str *at, size_t n,
                                 struct kb_arena *arena)
{
    for (size_t i = 0; i < kind_count && n == 0; i++) {
        if (!kb_world_whole(world, kinds[i])) {
            return (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
        }
    }
    return kb_cel_list(kb_text_list(arena, at, n));
}

static void get_nodes(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct platform_row *row = data;
    *out = kb_world_whole(row->world, KB_KIND_NODE) ? kb_cel_int((int64_t)row->nodes)
                                                    : (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
}

static bool any_namespace_enforces(const struct kb_cluster *cluster)
{
    for (size_t i = 0; i < cluster->namespaces.n; i++) {
        struct kb_str level = kb_namespace_label(cluster->namespaces.at[i],
                                                 KB_STR("pod-security.kubernetes.io/enforce"));
        if (kb_str_eq_c(level, "baseline") || kb_str_eq_c(level, "restricted")) {
            return true;
        }
    }
    return false;
}

/* An engine has a configuration with webhooks in it as long as it has policies. */
static bool has_webhook(const struct kb_cluster *cluster, const char *prefix)
{
    for (size_t i = 0; i < cluster->webhooks.n; i++) {
        const struct kb_webhook *webhook = &cluster->webhooks.at[i];
        if (!webhook->mutating && kb_str_starts(webhook->at.name, kb_str_c(prefix))) {
            return true;
        }
    }
    return false;
}

static bool has_name(const struct kb_str *at, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (kb_str_eq_c(at[i], name)) {
            return true;
        }
    }
    return false;
}

static void get_engines(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    static const char *const webhooks[][2] = {
        {"kyverno", "kyverno-resource-validating-webhook-cfg"},
        {"gatekeeper", "gatekeeper-validating-webhook-configuration"},
        {"kubewarden", "clusteradmissionpolicy-"},
    };
    static const enum kb_kind_id from[] = {KB_KIND_NAMESPACE, KB_KIND_VALIDATING_WEBHOOK,
                                           KB_KIND_VALIDATING_POLICY_BINDING};
    const struct kb_world *world = ((const struct platform_row *)data)->world;
    const struct kb_cluster *cluster = &world->cluster;
    struct kb_str names[MOST_ENGINES];
    size_t n = 0;
    if (any_namespace_enforces(cluster)) {
        names[n++] = KB_STR("pod-security");
    }
    if (cluster->denying_policies > 0) {
        names[n++] = KB_STR("validating-admission-policy");
    }
    for (size_t i = 0; i < sizeof webhooks / sizeof webhooks[0]; i++) {
        if (has_webhook(cluster, webhooks[i][1])) {
            names[n++] = kb_str_c(webhooks[i][0]);
        }
    }
    *out = list_of(world, from, sizeof from / sizeof from[0], names, n, arena);
}

static void get_stores(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    static const char *const resources[][2] = {
        {"external-secrets", "externalsecrets.external-secrets.io"},
        {"secrets-store-csi-driver", "secretproviderclasses.secrets-store.csi.x-k8s.io"},
        {"vault-secrets-operator", "vaultstaticsecrets.secrets.hashicorp.com"},
    };
    static const enum kb_kind_id from[] = {KB_KIND_CUSTOM_RESOURCE_DEFINITION};
    const struct kb_world *world = ((const struct platform_row *)data)->world;
    const struct kb_cluster *cluster = &world->cluster;
    struct kb_str names[MOST_ENGINES];
    size_t n = 0;
    for (size_t i = 0; i < sizeof resources / sizeof resources[0]; i++) {
        if (has_name(cluster->custom_resources.at, cluster->custom_resources.n, resources[i][1])) {
            names[n++] = kb_str_c(resources[i][0]);
        }
    }
    *out = list_of(world, from, 1, names, n, arena);
}

/* Zones that were seen are there; how many there are is not known while nodes are missing. */
static void get_zones(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct kb_world *world = ((const struct platform_row *)data)->world;
    const struct kb_cluster *cluster = &world->cluster;
    struct kb_str zones[MOST_ZONES];
    size_t n = 0;
    for (size_t i = 0; i < cluster->nodes.n && n < MOST_ZONES; i++) {
        const struct kb_node *node = &cluster->nodes.at[i];
        bool known = false;
        for (size_t k = 0; k < n; k++) {
            known = known || kb_str_eq(zones[k], node->zone);
        }
        if (!known && !node->cordoned && node->zone.n > 0) {
            zones[n++] = node->zone;
        }
    }
    *out = kb_world_whole(world, KB_KIND_NODE) ? kb_cel_list(kb_text_list(arena, zones, n))
                                               : (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
}

static const struct kb_column columns[] = {
    {"object", "string", KB_ALWAYS, get_object, "ARN of the cluster, or \"Cluster/cluster\" where AWS was not asked."},
    {"policy_engines", "list(string)", KB_ALWAYS, get_engines,
     "What refuses pods at admission: \"pod-security\" (some namespace enforces baseline or restricted), "
     "\"validating-admission-policy\" (a binding denies), \"kyverno\", \"gatekeeper\", \"kubewarden\" (it has "
     "webhooks; what its policies say is not read). Unknown where none was found and not all was read."},
    {"secret_stores", "list(string)", KB_ALWAYS, get_stores,
     "Stores outside the cluster from which Secrets are made: \"external-secrets\", "
     "\"secrets-store-csi-driver\", \"vault-secrets-operator\". Unknown where none was found and definitions "
     "were not all read."},
    {"nodes", "int", KB_ALWAYS, get_nodes, "Number of nodes that take pods; unknown where nodes were not all read."},
    {"zones", "list(string)", KB_ALWAYS, get_zones,
     "Availability zones of these nodes, in the order of nodes' names; unknown likewise."},
};

const struct kb_table kb_table_platform = {
    .name = "platform",
    .doc = "One row: what the cluster as a whole has.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct platform_row *row = data;
    (void)arena;
    *out = (struct kb_row_info){
        .object = row->object,
        .evidence = {.source = row->world->lists[KB_KIND_NODE].source,
                     .locator = KB_STR("nodes, namespaces, webhooks and definitions, as listed")},
        .time_ns = INT64_MIN,
        .order = row->object,
    };
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    struct platform_row row = {
        .world = world,
        .object = world->eks.arn.n > 0 ? world->eks.arn : KB_STR("Cluster/cluster"),
    };
    for (size_t i = 0; i < world->cluster.nodes.n; i++) {
        row.nodes += !world->cluster.nodes.at[i].cordoned;
    }
    struct kb_row out = {&kb_table_platform, &ops, &row};
    if (world->objects_read) {
        fn(ctx, &out);
    }
}

/* Each column asks for what it needs itself. */
static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    (void)arena;
    return world->objects_read ? KB_STR("") : KB_STR("no cluster objects were read");
}

const struct kb_fact_source kb_facts_platform = {
    .table = &kb_table_platform,
    .rows = rows,
    .missing = missing,
};
