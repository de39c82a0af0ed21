/* Table net.rule. */
#include "facts/getters.h"
#include "facts/net_tables.h"
#include "network/public.h"
#include "network/space.h"

enum { NAMES_MAX = 20 };

struct rule_row {
    const struct kb_world *world;
    struct kb_net_of_rule of;
    struct kb_str object, kind, name_space, direction, action, text;
    bool in_scope, any_port, any_peer;
    uint64_t number;
};

static bool is_known(const struct rule_row *row)
{
    return kb_world_whole(row->world, KB_KIND_POD) && kb_world_whole(row->world, KB_KIND_NAMESPACE);
}

/* What hangs on who is there: unknown where not all were read. */
#define BY_SELECTION(name, expression)                                                             \
    static void get_##name(const void *data, struct kb_arena *arena, struct kb_cel_val *out)       \
    {                                                                                              \
        (void)arena;                                                                               \
        const struct rule_row *row = data;                                                         \
        *out = is_known(row) ? kb_cel_bool(expression) : (struct kb_cel_val){.kind = KB_CEL_UNKNOWN}; \
    }
BY_SELECTION(everyone, kb_net_rule_everyone(&row->of))
BY_SELECTION(all_namespaces, kb_net_rule_all_namespaces(&row->of))
BY_SELECTION(redundant, kb_net_rule_redundant(&row->of))
BY_SELECTION(shuts, kb_net_rule_shuts(&row->of))

static void get_subjects(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct rule_row *row = data;
    *out = is_known(row) ? kb_cel_int((int64_t)kb_net_subject_pods(row->of.world, row->of.policy))
                         : (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
}

static void get_nobody(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct rule_row *row = data;
    struct kb_net_text_list texts = {.arena = arena, .max = NAMES_MAX};
    for (size_t i = 0; i < row->of.rule->peer_count; i++) {
        if (kb_net_peer_nobody(&row->of, &row->of.rule->peers[i])) {
            kb_net_text_add(&texts, kb_net_peer_text(&row->of.rule->peers[i], arena));
        }
    }
    bool known = is_known(row) && (texts.list.n == 0 || kb_world_workloads_whole(row->world));
    kb_net_texts_put(&texts, out);
    if (!known) {
        *out = (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
    }
}

/* hostNetwork pods by whose selection their nodes are admitted: only where an engine has it so. */
static void get_nodes(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct rule_row *row = data;
    struct kb_net_text_list texts = {.arena = arena, .max = NAMES_MAX};
    bool admits = row->of.direction == KB_NET_INGRESS && row->of.rule->action == KB_NET_ACCEPT &&
                  row->of.world->profile->host == KB_NET_HOST_ADDRESS;
    for (size_t i = 0; i < row->of.rule->peer_count && admits; i++) {
        const struct kb_net_pod *pod = kb_net_peer_host(&row->of, &row->of.rule->peers[i]);
        if (pod != NULL) {
            kb_net_text_add(&texts, kb_arena_printf(arena, "Pod/%.*s/%.*s", KB_FMT(pod->name_space),
                                                    KB_FMT(pod->name)));
        }
    }
    kb_net_texts_put(&texts, out);
}

static void get_unresolved(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct rule_row *row = data;
    struct kb_net_text_list texts = {.arena = arena, .max = NAMES_MAX};
    if (!is_known(row)) {
        *out = (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
        return;
    }
    for (size_t i = 0; i < row->of.rule->port_count; i++) {
        if (kb_net_port_unresolved(&row->of, &row->of.rule->ports[i])) {
            kb_net_text_add(&texts, row->of.rule->ports[i].name);
        }
    }
    kb_net_texts_put(&texts, out);
}

static void add_block(struct kb_net_text_list *texts, const struct kb_cidr *block)
{
    struct kb_buf text = {.max = 128};
    kb_cidr_format(block, &text);
    kb_net_text_add(texts, kb_arena_copy(texts->arena, kb_buf_view(&text)));
    kb_buf_done(&text);
}

enum block_test { PUBLIC_BLOCKS, PRIVATE_BLOCKS, WRONG_FAMILY };

static bool fits(const struct rule_row *row, const struct kb_cidr *block, enum block_test test)
{
    const struct kb_net_world *net = row->of.world;
    struct kb_ip end = kb_net_block_end(block);
    if (test == WRONG_FAMILY) {
        return net->profile->one_family && net->family != 0 && block->ip.family != net->family;
    }
    return kb_net_is_public(&block->ip, &end) == (test == PUBLIC_BLOCKS);
}

static void put_blocks(const struct rule_row *row, enum block_test test, struct kb_arena *arena,
                       struct kb_cel_val *out)
{
    struct kb_net_text_list texts = {.arena = arena, .max = NAMES_MAX * NAMES_MAX};
    for (size_t i = 0; i < row->of.rule->peer_count; i++) {
        const struct kb_net_peer *peer = &row->of.rule->peers[i];
        if (peer->kind == KB_NET_PEER_BLOCK && fits(row, &peer->block, test)) {
            add_block(&texts, &peer->block);
        }
    }
    kb_net_texts_put(&texts, out);
}

#define BLOCKS(name, test)                                                                         \
    static void get_##name(const void *data, struct kb_arena *arena, struct kb_cel_val *out)       \
    {                                                                                              \
        put_blocks(data, test, arena, out);                                                        \
    }
BLOCKS(public_blocks, PUBLIC_BLOCKS)
BLOCKS(private_blocks, PRIVATE_BLOCKS)
BLOCKS(wrong_family, WRONG_FAMILY)

static void get_cut(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct rule_row *row = data;
    struct kb_net_text_list texts = {.arena = arena, .max = NAMES_MAX};
    const struct kb_net_service *service;
    size_t from = 0;
    while ((service = kb_net_rule_cuts_service(&row->of, &from)) != NULL) {
        kb_net_text_add(&texts,
                        kb_arena_printf(arena, "Service/%.*s/%.*s", KB_FMT(service->name_space),
                                        KB_FMT(service->name)));
    }
    kb_net_texts_put(&texts, out);
}

KB_GET(STR, rule_row, object)
KB_GET(STR, rule_row, kind)
KB_GET(STR, rule_row, name_space)
KB_GET(STR, rule_row, direction)
KB_GET(STR, rule_row, action)
KB_GET(STR, rule_row, text)
KB_GET(BOOL, rule_row, in_scope)
KB_GET(BOOL, rule_row, any_port)
KB_GET(BOOL, rule_row, any_peer)
KB_GET(INT, rule_row, number)

static const struct kb_column columns[] = {
    {"object", "string", KB_ALWAYS, get_object, "The policy: \"Kind/namespace/name\" or \"Kind/name\"."},
    {"kind", "string", KB_ALWAYS, get_kind, "Kind of the policy."},
    {"namespace", "string", KB_ALWAYS, get_name_space, "Its namespace; empty for cluster-wide ones."},
    {"in_scope", "bool", KB_ALWAYS, get_in_scope,
     "Whether that is none of settings.excludedNamespaces."},
    {"direction", "string", KB_ALWAYS, get_direction, "\"ingress\" or \"egress\"."},
    {"number", "int", KB_ALWAYS, get_number, "Its place in the list, from 0."},
    {"action", "string", KB_ALWAYS, get_action, "\"accept\", \"deny\" or \"pass\"."},
    {"text", "string", KB_ALWAYS, get_text, "The rule in words."},
    {"subjects", "int", KB_ALWAYS, get_subjects, "Live pods that the policy selects."},
    {"any_peer", "bool", KB_ALWAYS, get_any_peer, "Whether it names no peers, which is everybody."},
    {"any_port", "bool", KB_ALWAYS, get_any_port, "Whether it names no ports, which is all."},
    {"everyone", "bool", KB_ALWAYS, get_everyone,
     "Whether every pod and every address of the cluster's IP family is among its peers."},
    {"all_namespaces", "bool", KB_ALWAYS, get_all_namespaces,
     "Whether all pods of every namespace are, by selectors."},
    {"nobody", "list(string)", KB_ALWAYS, get_nobody,
     "Peers whose labels fit no pod and no template of pods."},
    {"unresolved_ports", "list(string)", KB_ALWAYS, get_unresolved,
     "Names of ports that none of its destinations has, though there are some."},
    {"admitted_nodes", "list(string)", KB_ALWAYS, get_nodes,
     "VPC CNI, ingress: pods with the network of their node that a selector fits; the node is admitted by it."},
    {"public_blocks", "list(string)", KB_ALWAYS, get_public_blocks,
     "CIDR blocks with public addresses, exceptions aside."},
    {"private_blocks", "list(string)", KB_ALWAYS, get_private_blocks, "CIDR blocks without any."},
    {"wrong_family", "list(string)", KB_ALWAYS, get_wrong_family,
     "VPC CNI: blocks of the IP family that the cluster does not use."},
    {"shuts_others", "bool", KB_ALWAYS, get_shuts,
     "VPC CNI: whether one of its exceptions shuts what another rule admits to the same pods."},
    {"cut_services", "list(string)", KB_ALWAYS, get_cut,
     "VPC CNI, egress: Services whose pods it admits while their own address stays shut."},
    {"redundant", "bool", KB_ALWAYS, get_redundant,
     "Whether other rules admit all that it admits, for each of its pods."},
};

const struct kb_table kb_table_net_rule = {
    .name = "net.rule",
    .doc = "One row a rule of a network policy that is evaluated; rules for a direction that policyTypes lacks have none.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct rule_row *row = data;
    kb_net_policy_info(row->world, row->of.policy, arena, out);
    out->order = kb_arena_printf(arena, "%.*s %.*s %08u", KB_FMT(row->object), KB_FMT(row->direction),
                                 (unsigned)row->number);
}

static void give(const struct kb_world *world, const struct kb_net_of_rule *of, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    static const char *const actions[] = {
        [KB_NET_DENY] = "deny", [KB_NET_ACCEPT] = "accept", [KB_NET_PASS] = "pass"};
    struct kb_arena arena = {0};
    struct rule_row row = {
        .world = world,
        .of = *of,
        .object = kb_net_policy_text(of->policy, &arena),
        .kind = kb_str_c(kb_net_kind_name(of->policy->kind)),
        .name_space = of->policy->name_space,
        .direction = kb_str_c(kb_net_direction_name(of->direction)),
        .action = kb_str_c(actions[of->rule->action]),
        .text = kb_net_rule_text(of->rule, &arena),
        .in_scope = !kb_world_setting_has(world, "excludedNamespaces", of->policy->name_space),
        .any_port = of->rule->any_port,
        .any_peer = of->rule->any_peer,
        .number = of->rule->number,
    };
    struct kb_row out = {&kb_table_net_rule, &ops, &row};
    fn(ctx, &out);
    kb_arena_done(&arena);
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_net_world *net = &world->network->net;
    for (size_t i = 0; i < net->policies.n; i++) {
        const struct kb_net_policy *policy = net->policies.at[i];
        for (int d = 0; d < KB_NET_DIRECTIONS; d++) {
            for (size_t k = 0; k < policy->rules[d].n; k++) {
                struct kb_net_of_rule of = {net, policy, (enum kb_net_direction)d,
                                            &policy->rules[d].at[k]};
                give(world, &of, fn, ctx);
            }
        }
    }
}

static const enum kb_kind_id needs[] = {KB_KIND_POD, KB_KIND_SERVICE};

const struct kb_fact_source kb_facts_net_rule = {
    .table = &kb_table_net_rule,
    .needs = needs,
    .need_count = sizeof needs / sizeof needs[0],
    .rows = rows,
    .missing = kb_net_missing,
};
