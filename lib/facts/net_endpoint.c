/* Table net.endpoint. */
#include "facts/cluster_tables.h"
#include "facts/getters.h"
#include "facts/net_compare.h"
#include "network/expected.h"

enum { NAMES_MAX = 20 };

struct endpoint_row {
    const struct kb_world *world;
    const struct kb_net_policy *policy;     /* NULL: there is none any more */
    const struct kb_net_endpoint *endpoint; /* the first; NULL: there is none */
    struct kb_str object, name_space;
    bool resolved, stale;
    uint64_t pods, age_s, endpoints;
    struct kb_cel_val missing_pods, extra_pods, missing_peers, extra_peers;
};

#define VALUE(name)                                                                                \
    static void get_##name(const void *data, struct kb_arena *arena, struct kb_cel_val *out)       \
    {                                                                                              \
        (void)arena;                                                                               \
        *out = ((const struct endpoint_row *)data)->name;                                          \
    }
VALUE(missing_pods)
VALUE(extra_pods)
VALUE(missing_peers)
VALUE(extra_peers)

static void get_age(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    *out = kb_cel_duration((int64_t)((const struct endpoint_row *)data)->age_s * 1000000000);
}

KB_GET(STR, endpoint_row, object)
KB_GET(STR, endpoint_row, name_space)
KB_GET(BOOL, endpoint_row, resolved)
KB_GET(BOOL, endpoint_row, stale)
KB_GET(INT, endpoint_row, pods)
KB_GET(INT, endpoint_row, endpoints)

static const struct kb_column columns[] = {
    {"object", "string", KB_ALWAYS, get_object,
     "The policy; for a PolicyEndpoint whose policy is gone, that."},
    {"namespace", "string", KB_ALWAYS, get_name_space, "Its namespace."},
    {"age", "duration", KB_ALWAYS, get_age, "Time since the policy was created; 0 where that is not told."},
    {"pods", "int", KB_ALWAYS, get_pods,
     "Live pods that it selects, of namespaces that are not excluded, older than two minutes."},
    {"resolved", "bool", KB_ALWAYS, get_resolved, "Whether there is a PolicyEndpoint of it."},
    {"endpoints", "int", KB_ALWAYS, get_endpoints, "How many there are."},
    {"stale", "bool", KB_ALWAYS, get_stale, "Whether it is a PolicyEndpoint whose policy is gone."},
    {"missing_pods", "list(string)", KB_ALWAYS, get_missing_pods,
     "Pods that it selects and that are not in its PolicyEndpoints (at most 20)."},
    {"extra_pods", "list(string)", KB_ALWAYS, get_extra_pods, "Pods there that it does not select."},
    {"missing_peers", "list(string)", KB_ALWAYS, get_missing_peers,
     "Addresses with ports that its rules admit and that are not there: \"ingress 10.0.1.7/32 TCP 80\"."},
    {"extra_peers", "list(string)", KB_ALWAYS, get_extra_peers,
     "Addresses with ports there that its rules do not admit."},
};

const struct kb_table kb_table_net_endpoint = {
    .name = "net.endpoint",
    .doc = "VPC CNI: one row a NetworkPolicy, what its controller resolved of it (PolicyEndpoint) beside what its rules "
           "come to; and one row a PolicyEndpoint whose policy is gone. Pods of the last two minutes do not count.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct endpoint_row *row = data;
    if (row->policy != NULL) {
        kb_net_policy_info(row->world, row->policy, arena, out);
    } else {
        kb_cluster_row_info(&row->endpoint->at, "PolicyEndpoint", arena, out);
    }
}

struct counting {
    const struct kb_world *world;
    uint64_t pods;
};

static void count_pod(void *ctx, const struct kb_net_pod *pod)
{
    enum { ON_ITS_WAY_S = 120 };
    struct counting *counting = ctx;
    bool old = pod->created_ns == INT64_MIN ||
               counting->world->now_ns - pod->created_ns >= (int64_t)ON_ITS_WAY_S * 1000000000;
    counting->pods +=
        old && !kb_world_setting_has(counting->world, "excludedNamespaces", pod->name_space);
}

static void give(struct endpoint_row *row, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    struct kb_row out = {&kb_table_net_endpoint, &ops, row};
    fn(ctx, &out);
}

static void compare(const struct kb_world *world, uint32_t first, struct endpoint_row *row,
                    struct kb_arena *arena)
{
    struct kb_net_drift drift = {{.arena = arena, .max = NAMES_MAX},
                                 {.arena = arena, .max = NAMES_MAX},
                                 {.arena = arena, .max = NAMES_MAX},
                                 {.arena = arena, .max = NAMES_MAX}};
    if (row->policy != NULL) {
        kb_net_compare(world->network, row->policy, first, world->now_ns, &drift);
    }
    kb_net_texts_put(&drift.missing_pods, &row->missing_pods);
    kb_net_texts_put(&drift.extra_pods, &row->extra_pods);
    kb_net_texts_put(&drift.missing_peers, &row->missing_peers);
    kb_net_texts_put(&drift.extra_peers, &row->extra_peers);
}

static void policy_row(const struct kb_world *world, const struct kb_net_policy *policy, kb_row_fn *fn,
                       void *ctx)
{
    struct kb_net_model *model = world->network;
    struct kb_arena arena = {0};
    struct counting counting = {world, 0};
    struct kb_str key = kb_arena_printf(&arena, "%.*s/%.*s", KB_FMT(policy->name_space),
                                        KB_FMT(policy->name));
    const struct kb_map_entry *entry = kb_map_find(&model->policy_endpoints, key);
    uint32_t first = entry == NULL ? UINT32_MAX : (uint32_t)entry->value.u;
    kb_net_selected(&model->net, policy, count_pod, &counting);
    struct endpoint_row row = {
        .world = world,
        .policy = policy,
        .object = kb_net_policy_text(policy, &arena),
        .name_space = policy->name_space,
        .resolved = entry != NULL,
        .pods = counting.pods,
    };
    if (policy->created_ns != INT64_MIN && policy->created_ns < world->now_ns) {
        row.age_s = (uint64_t)(world->now_ns - policy->created_ns) / 1000000000;
    }
    for (uint32_t e = first; e != UINT32_MAX; e = model->endpoints.at[e].next) {
        model->endpoints.at[e].told = true;
        row.endpoints++;
    }
    compare(world, first, &row, &arena);
    give(&row, fn, ctx);
    kb_arena_done(&arena);
}

static bool is_served(const struct kb_net_model *model)
{
    return model->engine == KB_NET_ENGINE_VPC_CNI || model->engine == KB_NET_ENGINE_AUTO;
}

static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    struct kb_str text = kb_net_missing(world, arena);
    bool whole = kb_net_kind_whole(world, KB_KIND_POLICY_ENDPOINT) || !is_served(world->network);
    if (world->network->lost || !whole) {
        text = kb_arena_printf(arena, "%.*s%spolicyendpoints.networking.k8s.aws %s", KB_FMT(text),
                               text.n > 0 ? "; " : "",
                               world->network->lost
                                   ? "more than are kept"
                                   : kb_list_state_name(world->lists[KB_KIND_POLICY_ENDPOINT].state));
    }
    return text;
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_net_model *model = world->network;
    struct kb_arena arena = {0};
    bool served = is_served(model) && missing(world, &arena).n == 0 &&
                  kb_world_whole(world, KB_KIND_POD) && kb_world_whole(world, KB_KIND_SERVICE);
    for (size_t i = 0; served && i < model->net.policies.n; i++) {
        if (model->net.policies.at[i]->kind == KB_NET_NETWORK_POLICY) {
            policy_row(world, model->net.policies.at[i], fn, ctx);
        }
    }
    for (size_t i = 0; served && i < model->endpoints.n; i++) {
        const struct kb_net_endpoint *endpoint = &model->endpoints.at[i];
        struct endpoint_row row = {.world = world, .endpoint = endpoint, .resolved = true,
                                   .stale = true, .name_space = endpoint->at.name_space,
                                   .object = kb_cluster_object(&endpoint->at, "PolicyEndpoint", &arena)};
        if (!endpoint->told) {
            compare(world, UINT32_MAX, &row, &arena);
            give(&row, fn, ctx);
        }
    }
    kb_arena_done(&arena);
}

static const enum kb_kind_id needs[] = {KB_KIND_POD, KB_KIND_SERVICE};

const struct kb_fact_source kb_facts_net_endpoint = {
    .table = &kb_table_net_endpoint,
    .needs = needs,
    .need_count = sizeof needs / sizeof needs[0],
    .rows = rows,
    .missing = missing,
};
