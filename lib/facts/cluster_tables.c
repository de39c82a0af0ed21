/* Tables serviceaccount, node, webhook, and what the tables of the cluster share. */
#include "facts/cluster_tables.h"

#include "facts/getters.h"

struct kb_str kb_cluster_object(const struct kb_named *at, const char *kind, struct kb_arena *arena)
{
    return at->name_space.n == 0
               ? kb_arena_printf(arena, "%s/%.*s", kind, KB_FMT(at->name))
               : kb_arena_printf(arena, "%s/%.*s/%.*s", kind, KB_FMT(at->name_space),
                                 KB_FMT(at->name));
}

void kb_cluster_row_info(const struct kb_named *at, const char *kind, struct kb_arena *arena,
                         struct kb_row_info *out)
{
    struct kb_world_place place = {at->source, at->uid, at->resource_version};
    struct kb_str object = kb_cluster_object(at, kind, arena);
    *out = (struct kb_row_info){
        .object = object,
        .name_space = at->name_space,
        .evidence = kb_world_evidence(&place, arena),
        .time_ns = INT64_MIN,
        .order = object,
    };
}

enum kb_tri kb_world_token_mounted(const struct kb_world *world, const struct kb_podspec *pod,
                                   struct kb_str name_space)
{
    const struct kb_service_account *account =
        kb_cluster_account(&world->cluster, name_space, pod->service_account);
    if (pod->automount != KB_NOT_KNOWN) {
        return pod->automount;
    }
    if (account != NULL) {
        return account->malformed ? KB_NOT_KNOWN : account->automount == KB_NO ? KB_NO : KB_YES;
    }
    return kb_world_whole(world, KB_KIND_SERVICE_ACCOUNT) ? KB_YES : KB_NOT_KNOWN;
}

struct kb_str kb_world_text_setting(const struct kb_world *world, const char *name)
{
    struct kb_cel_val value = world->setting(world->setting_ctx, name);
    return value.kind == KB_CEL_STRING ? value.s : KB_STR("");
}

struct account_row {
    const struct kb_service_account *at;
    struct kb_str name, name_space;
};

KB_GET(STR, account_row, name)
KB_GET(STR, account_row, name_space)

static void get_automount(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct kb_service_account *at = ((const struct account_row *)data)->at;
    *out = at->malformed ? (struct kb_cel_val){.kind = KB_CEL_UNKNOWN}
                         : kb_cel_bool(at->automount != KB_NO);
}

static const struct kb_column account_columns[] = {
    {"name", "string", KB_ALWAYS, get_name, "Name of the service account."},
    {"namespace", "string", KB_ALWAYS, get_name_space, "Its namespace."},
    {"automount", "bool", KB_ALWAYS, get_automount,
     "Whether its token is put into pods that do not say otherwise (Kubernetes' default)."},
};

const struct kb_table kb_table_serviceaccount = {
    .name = "serviceaccount",
    .doc = "One row a service account of the cluster.",
    .columns = account_columns,
    .n = sizeof account_columns / sizeof account_columns[0],
};

static void account_get(const void *data, unsigned column, struct kb_arena *arena,
                        struct kb_cel_val *out)
{
    account_columns[column].get(data, arena, out);
}

static void account_info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    kb_cluster_row_info(&((const struct account_row *)data)->at->at, "ServiceAccount", arena, out);
}

static void account_rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {account_get, account_info};
    for (size_t i = 0; i < world->cluster.service_accounts.n; i++) {
        const struct kb_service_account *at = &world->cluster.service_accounts.at[i];
        struct account_row row = {.at = at, .name = at->at.name, .name_space = at->at.name_space};
        struct kb_row out = {&kb_table_serviceaccount, &ops, &row};
        fn(ctx, &out);
    }
}

static const enum kb_kind_id account_needs[] = {KB_KIND_SERVICE_ACCOUNT};
const struct kb_fact_source kb_facts_serviceaccount = {
    .table = &kb_table_serviceaccount, .needs = account_needs, .need_count = 1, .rows = account_rows};

struct node_row {
    const struct kb_node *at;
    struct kb_str node_name, kubelet, zone, os, external_ip;
    struct kb_cel_val behind;
};

KB_GET(STR, node_row, node_name)
KB_GET(STR, node_row, kubelet)
KB_GET(STR, node_row, zone)
KB_GET(STR, node_row, os)
KB_GET(STR, node_row, external_ip)

static void get_behind(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    *out = ((const struct node_row *)data)->behind;
}

static const struct kb_column node_columns[] = {
    {"name", "string", KB_ALWAYS, get_node_name, "Name of the node."},
    {"kubelet", "string", KB_ALWAYS, get_kubelet, "Version of its kubelet."},
    {"behind", "int", KB_ALWAYS, get_behind,
     "Minor versions that it is behind the control plane; unknown where that was not read."},
    {"zone", "string", KB_ALWAYS, get_zone, "Its availability zone, or empty."},
    {"os", "string", KB_ALWAYS, get_os, "\"linux\" or \"windows\"."},
    {"external_ip", "string", KB_ALWAYS, get_external_ip,
     "Its address in the internet, or empty."},
};

const struct kb_table kb_table_node = {
    .name = "node",
    .doc = "One row a node of the cluster.",
    .columns = node_columns,
    .n = sizeof node_columns / sizeof node_columns[0],
};

static void node_get(const void *data, unsigned column, struct kb_arena *arena,
                     struct kb_cel_val *out)
{
    node_columns[column].get(data, arena, out);
}

static void node_info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    kb_cluster_row_info(&((const struct node_row *)data)->at->at, "Node", arena, out);
}

static void node_rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {node_get, node_info};
    for (size_t i = 0; i < world->cluster.nodes.n; i++) {
        const struct kb_node *at = &world->cluster.nodes.at[i];
        unsigned own = kb_eks_minor_of(at->kubelet);
        unsigned minor = kb_eks_control_plane_minor(&world->eks);
        bool known = minor != 0 && own != 0;
        struct node_row row = {at, at->at.name, at->kubelet, at->zone, at->os,
                               at->external_ip,
                               known ? kb_cel_int((int64_t)minor - (int64_t)own)
                                     : (struct kb_cel_val){.kind = KB_CEL_UNKNOWN}};
        struct kb_row out = {&kb_table_node, &ops, &row};
        fn(ctx, &out);
    }
}

static const enum kb_kind_id node_needs[] = {KB_KIND_NODE};
const struct kb_fact_source kb_facts_node = {
    .table = &kb_table_node, .needs = node_needs, .need_count = 1, .rows = node_rows};

/* "service namespace/name" */
static bool calls_service(const struct kb_webhook *webhook)
{
    return kb_str_starts(webhook->target, KB_STR("service "));
}

const struct kb_exposure_part *kb_webhook_service(const struct kb_world *world,
                                                  const struct kb_webhook *webhook)
{
    struct kb_str name, rest = kb_str_sub(webhook->target, sizeof "service " - 1, webhook->target.n);
    struct kb_str name_space = kb_str_split(rest, '/', &name);
    return calls_service(webhook)
               ? kb_exposure_part_find(&world->exposure, KB_KIND_SERVICE, name_space, name)
               : NULL;
}

struct webhook_row {
    const struct kb_world *world;
    const struct kb_webhook *at;
    struct kb_str configuration, webhook, failure_policy, target;
    bool mutating, spares_kube_system, has_ca;
};

KB_GET(STR, webhook_row, configuration)
KB_GET(STR, webhook_row, webhook)
KB_GET(STR, webhook_row, failure_policy)
KB_GET(STR, webhook_row, target)
KB_GET(BOOL, webhook_row, mutating)
KB_GET(BOOL, webhook_row, spares_kube_system)
KB_GET(BOOL, webhook_row, has_ca)

static void get_dangling(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct webhook_row *row = data;
    const struct kb_exposure_part *service = kb_webhook_service(row->world, row->at);
    bool dangling = calls_service(row->at) && (service == NULL || service->row->dangling.n > 0);
    bool whole = kb_world_whole(row->world, KB_KIND_SERVICE) && kb_world_workloads_whole(row->world);
    *out = dangling && !whole ? (struct kb_cel_val){.kind = KB_CEL_UNKNOWN} : kb_cel_bool(dangling);
}

static const struct kb_column webhook_columns[] = {
    {"configuration", "string", KB_ALWAYS, get_configuration, "Name of the configuration it is in."},
    {"webhook", "string", KB_ALWAYS, get_webhook, "Name of the webhook."},
    {"mutating", "bool", KB_ALWAYS, get_mutating, "Whether it may change what it sees."},
    {"failure_policy", "string", KB_ALWAYS, get_failure_policy,
     "\"Fail\" or \"Ignore\": what happens when it does not answer."},
    {"target", "string", KB_ALWAYS, get_target, "\"service namespace/name\", or its URL."},
    {"spares_kube_system", "bool", KB_ALWAYS, get_spares_kube_system,
     "Whether its namespaceSelector leaves kube-system out."},
    {"has_ca", "bool", KB_ALWAYS, get_has_ca, "Whether it names the authority of its certificate."},
    {"dangling", "bool", KB_ALWAYS, get_dangling,
     "Whether its Service does not exist, or selects no workload; unknown where these were not all read."},
};

const struct kb_table kb_table_webhook = {
    .name = "webhook",
    .doc = "One row an admission webhook of the cluster.",
    .columns = webhook_columns,
    .n = sizeof webhook_columns / sizeof webhook_columns[0],
};

static void webhook_get(const void *data, unsigned column, struct kb_arena *arena,
                        struct kb_cel_val *out)
{
    webhook_columns[column].get(data, arena, out);
}

static void webhook_info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct webhook_row *row = data;
    const char *kind = row->mutating ? "MutatingWebhookConfiguration"
                                     : "ValidatingWebhookConfiguration";
    kb_cluster_row_info(&row->at->at, kind, arena, out);
    out->order = kb_arena_printf(arena, "%.*s %.*s", KB_FMT(out->object), KB_FMT(row->webhook));
}

static void webhook_rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {webhook_get, webhook_info};
    for (size_t i = 0; i < world->cluster.webhooks.n; i++) {
        const struct kb_webhook *at = &world->cluster.webhooks.at[i];
        struct webhook_row row = {world,        at,           at->at.name,  at->name,
                                  at->failure_policy, at->target, at->mutating,
                                  at->spares_kube_system, at->has_ca};
        struct kb_row out = {&kb_table_webhook, &ops, &row};
        fn(ctx, &out);
    }
}

static const enum kb_kind_id webhook_needs[] = {KB_KIND_VALIDATING_WEBHOOK,
                                                KB_KIND_MUTATING_WEBHOOK};
const struct kb_fact_source kb_facts_webhook = {
    .table = &kb_table_webhook, .needs = webhook_needs, .need_count = 2, .rows = webhook_rows};
