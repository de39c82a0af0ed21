/* Table net.policy. */
#include "facts/cluster_tables.h"
#include "facts/getters.h"
#include "facts/net_tables.h"

/* A policy that is evaluated, or (`policy` NULL) one of an engine whose rules are not. */
struct policy_row {
    const struct kb_world *world;
    struct kb_net_model *model;
    const struct kb_net_policy *policy;
    const struct kb_net_named *foreign;
    struct kb_str object, kind, group, name, name_space, tie;
    bool in_scope, evaluated, empty_selector, types_given, domains, order_matters, selects_hosts;
    uint64_t dead_ingress, dead_egress, admin_tier;
};

static void unknown(struct kb_cel_val *out)
{
    *out = (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
}

/* Whom a policy selects is not known unless pods and namespaces were read. */
static bool selection_known(const struct policy_row *row)
{
    return row->policy != NULL && kb_world_whole(row->world, KB_KIND_POD) &&
           kb_world_whole(row->world, KB_KIND_NAMESPACE);
}

static void get_pods(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct policy_row *row = data;
    size_t n = row->policy == NULL ? 0 : kb_net_subject_pods(&row->model->net, row->policy);
    if (n > 0 || selection_known(row)) {
        *out = kb_cel_int((int64_t)n);
    } else {
        unknown(out);
    }
}

static void get_templates(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    static const enum kb_kind_id kinds[] = {KB_KIND_DEPLOYMENT, KB_KIND_DAEMON_SET,
                                            KB_KIND_STATEFUL_SET, KB_KIND_JOB, KB_KIND_CRON_JOB};
    (void)arena;
    const struct policy_row *row = data;
    size_t n = row->policy == NULL ? 0 : kb_net_subject_templates(&row->model->net, row->policy);
    bool known = selection_known(row);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        known = known && kb_world_whole(row->world, kinds[i]);
    }
    if (n > 0 || known) {
        *out = kb_cel_int((int64_t)n);
    } else {
        unknown(out);
    }
}

static void get_heeded(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct policy_row *row = data;
    enum kb_net_engine engine = row->model->engine;
    if (engine == KB_NET_ENGINE_UNKNOWN && row->model->forced == NULL &&
        !kb_str_eq_c(row->group, "networking.k8s.io")) {
        unknown(out);
    } else if (row->foreign != NULL) {
        bool calico = kb_str_eq_c(row->group, "crd.projectcalico.org"), found = false;
        for (size_t i = 0; i < row->model->others.n; i++) {
            found = found || row->model->others.at[i].engine ==
                                 (calico ? KB_NET_ENGINE_CALICO : KB_NET_ENGINE_CILIUM);
        }
        *out = kb_cel_bool(found);
    } else {
        *out = kb_cel_bool(!row->policy->inert);
    }
}

static void get_problems(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct policy_row *row = data;
    const struct kb_net_world *net = &row->model->net;
    struct kb_net_text_list texts = {.arena = arena, .max = 20};
    for (size_t i = 0; i < net->problems.n; i++) {
        const struct kb_net_problem *at = &net->problems.at[i];
        if (kb_str_eq(at->object, row->object)) {
            kb_net_text_add(&texts, kb_arena_printf(arena, "%.*s%s%.*s", KB_FMT(at->path),
                                                    at->path.n > 0 ? ": " : "", KB_FMT(at->text)));
        }
    }
    kb_net_texts_put(&texts, out);
}

KB_GET(STR, policy_row, object)
KB_GET(STR, policy_row, kind)
KB_GET(STR, policy_row, group)
KB_GET(STR, policy_row, name)
KB_GET(STR, policy_row, name_space)
KB_GET(STR, policy_row, tie)
KB_GET(BOOL, policy_row, in_scope)
KB_GET(BOOL, policy_row, evaluated)
KB_GET(BOOL, policy_row, empty_selector)
KB_GET(BOOL, policy_row, types_given)
KB_GET(BOOL, policy_row, domains)
KB_GET(BOOL, policy_row, order_matters)
KB_GET(BOOL, policy_row, selects_hosts)
KB_GET(INT, policy_row, dead_ingress)
KB_GET(INT, policy_row, dead_egress)

static const struct kb_column columns[] = {
    {"object", "string", KB_ALWAYS, get_object, "\"Kind/namespace/name\" or \"Kind/name\"."},
    {"kind", "string", KB_ALWAYS, get_kind, "Its kind alone."},
    {"group", "string", KB_ALWAYS, get_group, "Its API group: \"networking.k8s.io\", \"cilium.io\" and so on."},
    {"name", "string", KB_ALWAYS, get_name, "Its name alone."},
    {"namespace", "string", KB_ALWAYS, get_name_space, "Its namespace; empty for cluster-wide ones."},
    {"in_scope", "bool", KB_ALWAYS, get_in_scope,
     "Whether its namespace is none of settings.excludedNamespaces."},
    {"heeded", "bool", KB_ALWAYS, get_heeded,
     "Whether the cluster's engine knows its kind; unknown where the engine is not known."},
    {"evaluated", "bool", KB_ALWAYS, get_evaluated,
     "Whether its rules are evaluated here; those of Calico and Cilium are not."},
    {"pods", "int", KB_ALWAYS, get_pods, "Live pods that it selects; unknown where it is not evaluated."},
    {"templates", "int", KB_ALWAYS, get_templates,
     "Templates of workloads that it selects, with pods or without."},
    {"empty_selector", "bool", KB_ALWAYS, get_empty_selector, "Whether it selects all pods by intention."},
    {"dead_ingress", "int", KB_ALWAYS, get_dead_ingress,
     "Ingress rules without effect, as policyTypes lacks Ingress."},
    {"dead_egress", "int", KB_ALWAYS, get_dead_egress,
     "Egress rules without effect, as policyTypes lacks Egress."},
    {"types_given", "bool", KB_ALWAYS, get_types_given, "Whether policyTypes is written out."},
    {"domains", "bool", KB_ALWAYS, get_domains, "Whether some rule names domains."},
    {"selects_hosts", "bool", KB_ALWAYS, get_selects_hosts,
     "Whether its selector is not empty and fits pods that use the network of their node, which no policy holds."},
    {"tie", "string", KB_ALWAYS, get_tie,
     "Another policy of the same tier and priority that says otherwise of the same traffic; empty."},
    {"order_matters", "bool", KB_ALWAYS, get_order_matters,
     "Whether its meaning hangs on the order of its rules where the engine does not keep to it."},
    {"problems", "list(string)", KB_ALWAYS, get_problems, "What in it cannot be, with its place."},
};

const struct kb_table kb_table_net_policy = {
    .name = "net.policy",
    .doc = "One row a network policy of any kind.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct policy_row *row = data;
    if (row->policy != NULL) {
        kb_net_policy_info(row->world, row->policy, arena, out);
    } else {
        kb_cluster_row_info(&row->foreign->at, row->foreign->kind->kind, arena, out);
    }
}

static bool names_domains(const struct kb_net_policy *policy)
{
    bool found = false;
    for (size_t i = 0; i < policy->rules[KB_NET_EGRESS].n; i++) {
        const struct kb_net_rule *rule = &policy->rules[KB_NET_EGRESS].at[i];
        for (size_t k = 0; k < rule->peer_count && !found; k++) {
            found = rule->peers[k].kind == KB_NET_PEER_DOMAIN;
        }
    }
    return found;
}

/* An empty selector means everybody, and everybody knows that host pods are not meant. */
static bool fits_hosts(const struct kb_net_world *net, const struct kb_net_policy *policy)
{
    bool found = false;
    bool names = policy->pods != NULL && policy->pods->selector.n > 0 && !policy->selects_nothing;
    for (size_t i = 0; names && i < net->classes.n && !found; i++) {
        const struct kb_net_pod *pod = net->classes.at[i].pod;
        found = pod->host_network && kb_str_eq(pod->name_space, policy->name_space) &&
                kb_net_labels_match(&pod->labels, &policy->pods->selector);
    }
    return found;
}

static const char *group_name(enum kb_net_kind kind)
{
#define GROUP(sym, group, kind, namespaced) [sym] = group,
    static const char *const groups[] = {KB_NET_KINDS(GROUP)};
#undef GROUP
    return groups[kind];
}

static void read_row(const struct kb_world *world, const struct kb_net_policy *policy,
                     struct kb_arena *arena, struct policy_row *row)
{
    struct kb_net_world *net = &world->network->net;
    const struct kb_net_policy *tie = kb_net_policy_tie(net, policy);
    *row = (struct policy_row){
        .world = world,
        .model = world->network,
        .policy = policy,
        .object = kb_net_policy_text(policy, arena),
        .kind = kb_str_c(kb_net_kind_name(policy->kind)),
        .group = kb_str_c(group_name(policy->kind)),
        .name = policy->name,
        .name_space = policy->name_space,
        .tie = tie == NULL ? KB_STR("") : kb_net_policy_text(tie, arena),
        .in_scope = !kb_world_setting_has(world, "excludedNamespaces", policy->name_space),
        .evaluated = true,
        .empty_selector = policy->pods == NULL || policy->pods->selector.n == 0,
        .types_given = policy->types_given,
        .domains = names_domains(policy),
        .order_matters = net->profile->order_ignored && kb_net_order_matters(net, policy),
        .selects_hosts = fits_hosts(net, policy),
        .dead_ingress = policy->dead_rules[KB_NET_INGRESS],
        .dead_egress = policy->dead_rules[KB_NET_EGRESS],
    };
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    const struct kb_net_model *model = world->network;
    for (size_t i = 0; i < model->net.policies.n; i++) {
        struct kb_arena arena = {0};
        struct policy_row row;
        read_row(world, model->net.policies.at[i], &arena, &row);
        struct kb_row out = {&kb_table_net_policy, &ops, &row};
        fn(ctx, &out);
        kb_arena_done(&arena);
    }
    for (size_t i = 0; i < model->foreign.n; i++) {
        struct kb_arena arena = {0};
        const struct kb_net_named *at = &model->foreign.at[i];
        struct policy_row row = {
            .world = world,
            .model = world->network,
            .foreign = at,
            .object = kb_cluster_object(&at->at, at->kind->kind, &arena),
            .kind = kb_str_c(at->kind->kind),
            .group = kb_str_c(at->kind->group),
            .name = at->at.name,
            .name_space = at->at.name_space,
            .in_scope = !kb_world_setting_has(world, "excludedNamespaces", at->at.name_space),
            .empty_selector = true,
            .types_given = true,
        };
        struct kb_row out = {&kb_table_net_policy, &ops, &row};
        fn(ctx, &out);
        kb_arena_done(&arena);
    }
}

static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    static const enum kb_kind_id kinds[] = {
        KB_KIND_CALICO_NETWORK_POLICY, KB_KIND_CALICO_GLOBAL_NETWORK_POLICY,
        KB_KIND_CILIUM_NETWORK_POLICY, KB_KIND_CILIUM_CLUSTERWIDE_NETWORK_POLICY,
        KB_KIND_ADMIN_NETWORK_POLICY,  KB_KIND_CLUSTER_NETWORK_POLICY};
    struct kb_str text = kb_net_missing(world, arena);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (!kb_net_kind_whole(world, kinds[i])) {
            text = kb_arena_printf(arena, "%.*s%s%s.%s %s", KB_FMT(text), text.n > 0 ? "; " : "",
                                   kb_kinds[kinds[i]].plural, kb_kinds[kinds[i]].group,
                                   kb_list_state_name(world->lists[kinds[i]].state));
        }
    }
    return text;
}

static const enum kb_kind_id needs[] = {KB_KIND_POD};

const struct kb_fact_source kb_facts_net_policy = {
    .table = &kb_table_net_policy,
    .needs = needs,
    .need_count = sizeof needs / sizeof needs[0],
    .rows = rows,
    .missing = missing,
};
