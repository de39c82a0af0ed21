/* Pairs of workloads, counted and compared. */
#include "world_facts.h"

#include <stdio.h>
#include <string.h>

#include "facts/net_tables.h"
#include "network/public.h"

struct facts {
    const json_t *params;
    struct kb_world world;
    struct kb_arena arena;
    json_t *found; /* in the form of answers.json */
    struct kb_str tenant_label;
};

static struct kb_cel_val setting(const void *ctx, const char *name)
{
    const struct facts *facts = ctx;
    const char *label = json_string_value(json_object_get(facts->params, "tenant_label"));
    return strcmp(name, "tenantLabel") == 0 && label != NULL
               ? kb_cel_string(kb_str_c(label))
               : (struct kb_cel_val){.kind = KB_CEL_NULL};
}

static json_t *text(struct kb_str s)
{
    return json_stringn(s.p, s.n);
}

/* As the answers write them: "All Connections", "TCP 443". */
static json_t *ports_text(struct facts *facts, kb_net_ports ports)
{
    return ports == KB_NET_ALL_PORTS
               ? json_string("All Connections")
               : text(kb_net_ports_show(&facts->world.network->net, ports, &facts->arena));
}

static void count(json_t *object, const char *key)
{
    json_int_t n = json_integer_value(json_object_get(object, key));
    json_object_set_new(object, key, json_integer(n + 1));
}

static void add_tenants(struct facts *facts, const struct kb_net_group *from,
                        const struct kb_net_group *to, kb_net_ports ports)
{
    struct kb_str a = kb_world_namespace_label(&facts->world, from->name_space, facts->tenant_label);
    struct kb_str b = kb_world_namespace_label(&facts->world, to->name_space, facts->tenant_label);
    if (a.n > 0 && b.n > 0 && !kb_str_eq(a, b)) {
        json_array_append_new(json_object_get(facts->found, "cross_tenant_pairs"),
                              json_pack("[o,o,o]", text(from->object), text(to->object),
                                        ports_text(facts, ports)));
    }
}

static void add_pair(struct facts *facts, const struct kb_net_group *from,
                     const struct kb_net_group *to)
{
    kb_net_ports ports = kb_net_pair(&facts->world.network->net, from, to);
    if (ports == KB_NET_NO_PORTS) {
        return;
    }
    struct kb_str spaces = kb_arena_printf(&facts->arena, "%.*s -> %.*s", KB_FMT(from->name_space),
                                           KB_FMT(to->name_space));
    count(facts->found, "ordered_pairs_reachable");
    if (ports == KB_NET_ALL_PORTS) {
        count(facts->found, "all_ports_pairs");
    }
    count(json_object_get(facts->found, "namespace_pairs"), spaces.p);
    add_tenants(facts, from, to, ports);
}

static void add_world(struct facts *facts, const struct kb_net_group *group)
{
    static const struct {
        enum kb_net_direction direction;
        const char *member;
    } ways[] = {{KB_NET_INGRESS, "world_to_workload"}, {KB_NET_EGRESS, "workload_to_world"}};
    struct kb_net_world *net = &facts->world.network->net;
    for (size_t i = 0; i < 2; i++) {
        kb_net_ports ports = kb_net_world_ports(net, ways[i].direction, group->pod);
        if (ports != KB_NET_NO_PORTS) {
            json_object_set_new(json_object_get(facts->found, ways[i].member), group->object.p,
                                ports_text(facts, ports));
        }
    }
    if (kb_net_ports_has(&net->ports, kb_net_reach_ip(net, group, "169.254.169.254"), KB_NET_TCP, 80)) {
        json_array_append_new(json_object_get(facts->found, "imds_reachable_from"),
                              text(group->object));
    }
}

static void compute(struct facts *facts)
{
    const struct kb_net_model *model = facts->world.network;
    const char *label = json_string_value(json_object_get(facts->params, "tenant_label"));
    facts->tenant_label = kb_str_c(label == NULL ? "" : label);
    facts->found = json_pack("{s:i,s:i,s:i,s:[],s:{},s:{},s:[],s:{}}", "workloads", 0,
                             "ordered_pairs_reachable", 0, "all_ports_pairs", 0,
                             "cross_tenant_pairs", "world_to_workload", "workload_to_world",
                             "imds_reachable_from", "namespace_pairs");
    for (size_t i = 0; i < model->groups.n; i++) {
        const struct kb_net_group *from = &model->groups.at[i];
        if (from->host_network) {
            continue;
        }
        count(facts->found, "workloads");
        add_world(facts, from);
        for (size_t k = 0; k < model->groups.n; k++) {
            if (k != i && !model->groups.at[k].host_network) {
                add_pair(facts, from, &model->groups.at[k]);
            }
        }
    }
}

/* Lists are sets. */
static bool has_item(const json_t *list, const json_t *item)
{
    size_t i;
    json_t *at;
    json_array_foreach(list, i, at) {
        if (json_equal(at, item)) {
            return true;
        }
    }
    return false;
}

static bool is_same(const char *where, const char *member, const json_t *found, const json_t *wanted)
{
    bool same = json_is_array(wanted) ? json_array_size(wanted) == json_array_size(found)
                                      : json_equal(found, wanted);
    size_t i;
    json_t *item;
    json_array_foreach(wanted, i, item) {
        same = same && has_item(found, item);
    }
    if (!same) {
        char *a = json_dumps(found, JSON_ENCODE_ANY | JSON_SORT_KEYS);
        char *b = json_dumps(wanted, JSON_ENCODE_ANY | JSON_SORT_KEYS);
        printf("%s: facts.network.%s: %s, wanted %s\n", where, member, a, b);
        free(a);
        free(b);
    }
    return same;
}

void kb_world_facts(const char *where, const struct kb_sources *sources, const json_t *params,
                    const json_t *facts, struct kb_rows_tally *tally)
{
    struct facts state = {.params = params};
    struct kb_gathered gathered = {0};
    struct kb_err err = {0};
    const char *member;
    json_t *wanted;
    kb_world_init(&state.world, 0, setting, &state);
    struct kb_object_sink objects = kb_world_sink(&state.world);
    struct kb_aws_sink aws = kb_world_aws_sink(&state.world);
    if (kb_failed(kb_gather(sources, &objects, &aws, &gathered, &err))) {
        printf("%s: %s\n", where, err.msg);
        tally->failed++;
    } else {
        kb_world_close(&state.world);
        compute(&state);
        json_object_foreach((json_t *)(uintptr_t)facts, member, wanted) {
            const json_t *found = json_object_get(state.found, member);
            if (found != NULL) {
                bool same = is_same(where, member, found, wanted);
                tally->passed += same;
                tally->failed += !same;
            }
        }
        json_decref(state.found);
    }
    kb_gathered_done(&gathered);
    kb_world_done(&state.world);
    kb_arena_done(&state.arena);
}
