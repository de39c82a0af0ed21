/* A copy of what was taken, without what closing made of it. */
#include "network/copy.h"

#include "network/internal.h"

static void copy_selects(const struct kb_net_world *base, struct kb_net_world *out)
{
    for (size_t i = 0; i < base->selects.n; i++) {
        const struct kb_net_select *from = base->selects.entries[i].value.ptr;
        struct kb_net_select *to = KB_NEW(&out->arena, struct kb_net_select);
        *to = (struct kb_net_select){.selector = from->selector, .number = from->number};
        kb_map_set(&out->selects, base->selects.entries[i].key, to);
    }
}

/* Entries stand in the order in which they were made, which is that of the numbers. */
static struct kb_net_select *select_of(const struct kb_net_world *out, const struct kb_net_select *from)
{
    return from == NULL ? NULL : out->selects.entries[from->number].value.ptr;
}

static const struct kb_net_peer *copy_peers(struct kb_net_world *out, const struct kb_net_rule *rule)
{
    struct kb_net_peer *peers = KB_NEW_ARRAY(&out->arena, rule->peer_count, struct kb_net_peer);
    for (size_t i = 0; i < rule->peer_count; i++) {
        peers[i] = rule->peers[i];
        peers[i].namespaces = select_of(out, peers[i].namespaces);
        peers[i].pods = select_of(out, peers[i].pods);
    }
    return peers;
}

static struct kb_net_policy *copy_policy(struct kb_net_world *out, const struct kb_net_policy *from)
{
    struct kb_net_policy *to = KB_NEW(&out->arena, struct kb_net_policy);
    *to = *from;
    to->namespaces = select_of(out, from->namespaces);
    to->pods = select_of(out, from->pods);
    to->subjects = NULL;
    for (int d = 0; d < KB_NET_DIRECTIONS; d++) {
        struct kb_net_rule *rules = KB_NEW_ARRAY(&out->arena, from->rules[d].n, struct kb_net_rule);
        for (size_t i = 0; i < from->rules[d].n; i++) {
            rules[i] = from->rules[d].at[i];
            rules[i].peers = copy_peers(out, &rules[i]);
        }
        to->rules[d].at = rules;
    }
    return to;
}

/* Sets have other numbers there. */
static const struct kb_net_pod_port *copy_ports(struct kb_net_world *out, const struct kb_net_pod *pod)
{
    size_t n = pod->port_count > pod->declared_count ? pod->port_count : pod->declared_count;
    struct kb_net_pod_port *ports = KB_NEW_ARRAY(&out->arena, n, struct kb_net_pod_port);
    for (size_t i = 0; i < n; i++) {
        ports[i] = pod->ports[i];
        ports[i].set = 0;
    }
    return ports;
}

static void copy_pods(const struct kb_net_world *base, struct kb_net_world *out)
{
    struct kb_net_pod *pods = KB_NEW_ARRAY(&out->arena, base->pods.n, struct kb_net_pod);
    for (size_t i = 0; i < base->pods.n; i++) {
        pods[i] = *base->pods.at[i];
        pods[i].cls = UINT32_MAX;
        pods[i].ports = copy_ports(out, &pods[i]);
        *KB_VEC_PUSH(&out->pods) = &pods[i];
    }
}

static void copy_namespaces(const struct kb_net_world *base, struct kb_net_world *out)
{
    for (size_t i = 0; i < base->namespaces.n; i++) {
        struct kb_net_namespace ns = base->namespaces.at[i];
        struct kb_map_entry *entry = kb_map_add(&out->namespace_index, ns.name, NULL);
        entry->value.u = i;
        ns.class_first = ns.class_end = 0;
        *KB_VEC_PUSH(&out->namespaces) = ns;
    }
}

#define COPY_VEC(member)                                                                           \
    for (size_t i = 0; i < base->member.n; i++) {                                                  \
        *KB_VEC_PUSH(&out->member) = base->member.at[i];                                           \
    }

void kb_net_world_copy(const struct kb_net_world *base, struct kb_net_world *out)
{
    kb_net_world_init(out, base->profile);
    out->over_limit = base->over_limit;
    copy_selects(base, out);
    copy_namespaces(base, out);
    copy_pods(base, out);
    COPY_VEC(nodes)
    COPY_VEC(services)
    COPY_VEC(templates)
    COPY_VEC(space.starts)
    for (size_t i = 0; i < base->policies.n; i++) {
        *KB_VEC_PUSH(&out->policies) = copy_policy(out, base->policies.at[i]);
    }
}
