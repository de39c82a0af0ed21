/* What tables net.* share. */
#include "base/limits.h"
#include "facts/cluster_tables.h"
#include "facts/net_tables.h"

/* Groups whose kinds are there only where their definitions are. */
static bool is_defined(const struct kb_kind *kind)
{
    static const char *const groups[] = {"policy.networking.k8s.io", "networking.k8s.aws",
                                         "crd.projectcalico.org",    "cilium.io",
                                         "vpcresources.k8s.aws",     "eks.amazonaws.com"};
    bool found = false;
    for (size_t i = 0; i < sizeof groups / sizeof groups[0] && !found; i++) {
        found = strcmp(kind->group, groups[i]) == 0;
    }
    return found;
}

bool kb_net_kind_whole(const struct kb_world *world, enum kb_kind_id kind)
{
    if (kb_world_whole(world, kind)) {
        return true;
    }
    return is_defined(&kb_kinds[kind]) && world->lists[kind].state == KB_LIST_NOT_READ &&
           world->lists[KB_KIND_CUSTOM_RESOURCE_DEFINITION].state == KB_LIST_COMPLETE &&
           !world->network->crd_seen[kind];
}

static void complain(const struct kb_world *world, enum kb_kind_id kind, struct kb_buf *out)
{
    const struct kb_list_report *report = &world->lists[kind];
    if (!kb_net_kind_whole(world, kind)) {
        kb_buf_printf(out, "%s%s%s%s %s", out->n > 0 ? "; " : "", report->kind->plural,
                      report->kind->group[0] == '\0' ? "" : ".", report->kind->group,
                      kb_list_state_name(report->state));
        if (report->reason.n > 0) {
            kb_buf_printf(out, " (%.*s)", KB_FMT(report->reason));
        }
    }
}

/* Policies that the engine heeds beside NetworkPolicy. */
static void complain_of_others(const struct kb_world *world, struct kb_buf *out)
{
    const struct kb_net_model *model = world->network;
    const struct kb_net_profile *profile = model->net.profile;
    if (profile->aws_policies) {
        complain(world, KB_KIND_AWS_CLUSTER_NETWORK_POLICY, out);
        complain(world, KB_KIND_AWS_APPLICATION_NETWORK_POLICY, out);
    }
    if (profile->upstream_admin && model->engine != KB_NET_ENGINE_UNKNOWN) {
        complain(world, KB_KIND_ADMIN_NETWORK_POLICY, out);
        complain(world, KB_KIND_BASELINE_ADMIN_NETWORK_POLICY, out);
        complain(world, KB_KIND_CLUSTER_NETWORK_POLICY, out);
    }
    bool calico = model->engine == KB_NET_ENGINE_CALICO, cilium = model->engine == KB_NET_ENGINE_CILIUM;
    for (size_t i = 0; i < model->foreign.n && model->forced == NULL; i++) {
        bool calicos = kb_str_eq_c(kb_str_c(model->foreign.at[i].kind->group), "crd.projectcalico.org");
        if (calicos ? calico : cilium) {
            kb_buf_printf(out, "%spolicies of %s are there, which are not evaluated",
                          out->n > 0 ? "; " : "", kb_net_engine_name(model->engine));
            return;
        }
    }
    if (calico && model->forced == NULL) {
        complain(world, KB_KIND_CALICO_NETWORK_POLICY, out);
        complain(world, KB_KIND_CALICO_GLOBAL_NETWORK_POLICY, out);
    }
    if (cilium && model->forced == NULL) {
        complain(world, KB_KIND_CILIUM_NETWORK_POLICY, out);
        complain(world, KB_KIND_CILIUM_CLUSTERWIDE_NETWORK_POLICY, out);
    }
}

struct kb_str kb_net_unsure(const struct kb_world *world, struct kb_arena *arena)
{
    enum { MESSAGE_MAX = 4096 };
    struct kb_buf buf;
    kb_buf_init(&buf, MESSAGE_MAX);
    complain(world, KB_KIND_NAMESPACE, &buf);
    complain(world, KB_KIND_NETWORK_POLICY, &buf);
    complain_of_others(world, &buf);
    if (world->network->net.over_limit) {
        kb_buf_printf(&buf, "%smore objects than are kept", buf.n > 0 ? "; " : "");
    }
    struct kb_str text = kb_arena_copy(arena, kb_buf_view(&buf));
    kb_buf_done(&buf);
    return text;
}

static bool engine_known(const struct kb_world *world)
{
    return world->network->forced != NULL || world->network->engine != KB_NET_ENGINE_UNKNOWN ||
           kb_world_whole(world, KB_KIND_DAEMON_SET);
}

struct kb_str kb_net_missing(const struct kb_world *world, struct kb_arena *arena)
{
    struct kb_str text = kb_net_unsure(world, arena);
    return engine_known(world)
               ? text
               : kb_arena_printf(arena, "%.*s%sdaemonsets.apps, which tell who enforces, %s", KB_FMT(text),
                                 text.n > 0 ? "; " : "",
                                 kb_list_state_name(world->lists[KB_KIND_DAEMON_SET].state));
}

bool kb_net_sure(const struct kb_world *world)
{
    struct kb_arena arena = {0};
    bool sure = kb_net_missing(world, &arena).n == 0;
    kb_arena_done(&arena);
    return sure;
}

bool kb_world_setting_has(const struct kb_world *world, const char *setting, struct kb_str text)
{
    struct kb_cel_val value = world->setting(world->setting_ctx, setting);
    return value.kind == KB_CEL_LIST && kb_text_list_has(value.list, text);
}

bool kb_net_in_scope(const struct kb_world *world, const struct kb_net_group *group)
{
    return !group->host_network &&
           !kb_world_setting_has(world, "excludedNamespaces", group->name_space);
}

struct kb_str kb_net_ports_show(struct kb_net_world *net, kb_net_ports ports, struct kb_arena *arena)
{
    struct kb_buf buf;
    if (ports == KB_NET_NO_PORTS) {
        return KB_STR("");
    }
    kb_buf_init(&buf, KB_MAX_ROW_BYTES);
    kb_net_ports_text(&net->ports, ports, &buf);
    struct kb_str text = kb_arena_copy(arena, kb_buf_view(&buf));
    kb_buf_done(&buf);
    return text;
}

kb_net_ports kb_net_pair(struct kb_net_world *net, const struct kb_net_group *from,
                         const struct kb_net_group *to)
{
    kb_net_ports sum = KB_NET_NO_PORTS;
    for (size_t i = 0; i < from->class_count; i++) {
        for (size_t k = 0; k < to->class_count && sum != KB_NET_ALL_PORTS; k++) {
            sum = kb_net_ports_union(&net->ports, sum,
                                     kb_net_between(net, from->classes[i], to->classes[k]));
        }
    }
    return sum;
}

kb_net_ports kb_net_reach_ip(struct kb_net_world *net, const struct kb_net_group *from, const char *address)
{
    kb_net_ports sum = KB_NET_NO_PORTS;
    struct kb_ip ip;
    if (kb_failed(kb_ip_parse(kb_str_c(address), &ip, NULL))) {
        return sum;
    }
    struct kb_net_end to = kb_net_end_ip(net, &ip);
    for (size_t i = 0; i < from->class_count; i++) {
        struct kb_net_end end = kb_net_end_pod(net->classes.at[from->classes[i]].pod);
        sum = kb_net_ports_union(&net->ports, sum, kb_net_allowed(net, &end, &to));
    }
    return sum;
}

void kb_net_policy_info(const struct kb_world *world, const struct kb_net_policy *policy,
                        struct kb_arena *arena, struct kb_row_info *out)
{
    static const char *const plurals[] = {
        [KB_NET_NETWORK_POLICY] = "networkpolicies",
        [KB_NET_ADMIN_POLICY] = "adminnetworkpolicies",
        [KB_NET_BASELINE_POLICY] = "baselineadminnetworkpolicies",
        [KB_NET_CLUSTER_POLICY] = "clusternetworkpolicies",
        [KB_NET_AWS_CLUSTER_POLICY] = "clusternetworkpolicies",
        [KB_NET_AWS_APP_POLICY] = "applicationnetworkpolicies",
    };
    struct kb_str key = kb_arena_printf(arena, "%s %.*s/%.*s", plurals[policy->kind],
                                        KB_FMT(policy->name_space), KB_FMT(policy->name));
    const char *source = kb_map_get(&world->network->sources, key);
    struct kb_world_place place = {source == NULL ? KB_STR("") : kb_str_c(source), policy->uid,
                                   policy->resource_version};
    struct kb_str object = kb_net_policy_text(policy, arena);
    *out = (struct kb_row_info){.object = object,
                                .name_space = policy->name_space,
                                .evidence = kb_world_evidence(&place, arena),
                                .time_ns = INT64_MIN,
                                .order = object};
}

static void add_selector(struct kb_buf *out, const char *word, const struct kb_net_select *select,
                         struct kb_arena *arena)
{
    struct kb_str text = kb_selector_text(&select->selector, arena);
    kb_buf_printf(out, "%s %.*s", word, KB_FMT(text));
}

static void add_block(struct kb_buf *out, const struct kb_net_peer *peer)
{
    kb_cidr_format(&peer->block, out);
    for (size_t i = 0; i < peer->except_count; i++) {
        kb_buf_c(out, i == 0 ? " except " : ", ");
        kb_cidr_format(&peer->excepts[i], out);
    }
}

static void add_peer(struct kb_buf *out, const struct kb_net_peer *peer, struct kb_arena *arena)
{
    bool every_pod = peer->pods == NULL || peer->pods->selector.n == 0;
    bool every_space = peer->namespaces != NULL && peer->namespaces->selector.n == 0;
    switch (peer->kind) {
    case KB_NET_PEER_BLOCK:
        add_block(out, peer);
        return;
    case KB_NET_PEER_DOMAIN:
        kb_buf_c(out, "a domain name");
        return;
    case KB_NET_PEER_NODES:
        add_selector(out, "nodes", peer->pods, arena);
        return;
    case KB_NET_PEER_PODS:
        break;
    }
    if (every_pod) {
        kb_buf_c(out, "all pods");
    } else {
        add_selector(out, "pods", peer->pods, arena);
    }
    if (peer->namespaces == NULL) {
        kb_buf_c(out, " of its namespace");
    } else if (every_space) {
        kb_buf_c(out, " of all namespaces");
    } else {
        add_selector(out, " in namespaces", peer->namespaces, arena);
    }
}

struct kb_str kb_net_peer_text(const struct kb_net_peer *peer, struct kb_arena *arena)
{
    struct kb_buf buf;
    kb_buf_init(&buf, KB_MAX_ROW_BYTES);
    add_peer(&buf, peer, arena);
    struct kb_str text = kb_arena_copy(arena, kb_buf_view(&buf));
    kb_buf_done(&buf);
    return text;
}

static void add_port(struct kb_buf *out, const struct kb_net_port *port)
{
    const char *protocol = port->protocol == KB_NET_ANY_PROTOCOL
                               ? ""
                               : kb_net_protocol_name((enum kb_net_protocol)port->protocol);
    kb_buf_printf(out, "%s%s", protocol, protocol[0] == '\0' ? "" : " ");
    if (port->name.n > 0) {
        kb_buf_str(out, port->name);
    } else if (port->first == port->last) {
        kb_buf_printf(out, "%u", port->first);
    } else {
        kb_buf_printf(out, "%u-%u", port->first, port->last);
    }
}

struct kb_str kb_net_rule_text(const struct kb_net_rule *rule, struct kb_arena *arena)
{
    struct kb_buf buf;
    kb_buf_init(&buf, KB_MAX_ROW_BYTES);
    kb_buf_c(&buf, rule->any_peer ? "anybody" : rule->peer_count == 0 ? "nobody" : "");
    for (size_t i = 0; i < rule->peer_count; i++) {
        kb_buf_c(&buf, i > 0 ? ", or " : "");
        add_peer(&buf, &rule->peers[i], arena);
    }
    kb_buf_c(&buf, rule->any_port ? " on all ports" : rule->port_count == 0 ? " on no port" : " on ");
    for (size_t i = 0; i < rule->port_count; i++) {
        kb_buf_c(&buf, i > 0 ? ", " : "");
        add_port(&buf, &rule->ports[i]);
    }
    struct kb_str text = kb_arena_copy(arena, kb_buf_view(&buf));
    kb_buf_done(&buf);
    return text;
}

void kb_net_text_add(struct kb_net_text_list *texts, struct kb_str text)
{
    if (texts->list.n < texts->max) {
        *KB_VEC_PUSH(&texts->list) = text;
    }
}

void kb_net_texts_put(struct kb_net_text_list *texts, struct kb_cel_val *out)
{
    struct kb_str *kept = KB_NEW_ARRAY(texts->arena, texts->list.n, struct kb_str);
    for (size_t i = 0; i < texts->list.n; i++) {
        kept[i] = texts->list.at[i];
    }
    *out = kb_cel_list(kb_text_list(texts->arena, kept, texts->list.n));
    KB_VEC_DONE(&texts->list);
}
