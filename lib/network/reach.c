/* Pairs of ends. */
#include "network/reach.h"

#include "network/verdict.h"

const char *kb_net_reason_name(enum kb_net_reason reason)
{
#define NAME(sym, text) [sym] = text,
    static const char *const names[] = {KB_NET_REASONS(NAME)};
#undef NAME
    return names[reason];
}

struct kb_net_end kb_net_end_pod(const struct kb_net_pod *pod)
{
    return (struct kb_net_end){.pod = pod};
}

struct kb_net_end kb_net_end_ip(const struct kb_net_world *world, const struct kb_ip *ip)
{
    const struct kb_net_pod *pod = kb_net_find_address(world, ip);
    return (struct kb_net_end){.pod = pod, .ip = *ip};
}

static bool has_address(const struct kb_net_end *end, const struct kb_ip *ip)
{
    if (end->pod == NULL) {
        return kb_ip_equal(&end->ip, ip);
    }
    for (size_t i = 0; i < end->pod->ip_count; i++) {
        if (kb_ip_equal(&end->pod->ips[i], ip)) {
            return true;
        }
    }
    return false;
}

static bool has_family(const struct kb_net_end *end, unsigned family)
{
    if (end->pod == NULL) {
        return end->ip.family == family;
    }
    return (end->pod->ip_count > 0 && end->pod->ips[0].family == family) ||
           (end->pod->ip_count > 1 && end->pod->ips[1].family == family);
}

/* The peer's number, and its address of the cluster's family. */
static void aim(struct kb_net_query *q, const struct kb_net_end *peer)
{
    const struct kb_net_world *world = q->world;
    if (peer->pod == NULL) {
        q->peer = world->classes.n + kb_net_space_find(&world->space, &peer->ip);
        q->address = peer->ip;
        return;
    }
    q->peer = peer->pod->cls;
    for (size_t i = 0; i < peer->pod->ip_count; i++) {
        if (i == 0 || peer->pod->ips[i].family == world->family) {
            q->address = peer->pod->ips[i];
        }
    }
}

/* Whether the subject's policies do not come into it; *out is the answer then. */
static bool exempt(const struct kb_net_query *q, const struct kb_net_pod *subject,
                   const struct kb_net_end *peer, kb_net_ports *out)
{
    const struct kb_net_profile *profile = q->world->profile;
    enum kb_net_reason reason = KB_NET_REASON_COUNT;
    *out = KB_NET_ALL_PORTS;
    if (subject->host_network) {
        reason = KB_NET_NO_SUBJECT;
    } else if (subject->unenforced) {
        reason = KB_NET_UNENFORCED;
    } else if (profile->own_node_open && subject->host_ip.family != 0 &&
               has_address(peer, &subject->host_ip)) {
        reason = KB_NET_BY_NODE;
    } else if (profile->one_family && peer->pod == NULL && q->world->family != 0 &&
               peer->ip.family != q->world->family) {
        /* Pods of an IPv6 cluster leave by an IPv4 address that nobody watches; nothing comes that way. */
        bool leaves = q->world->family == 6 && q->direction == KB_NET_EGRESS;
        reason = KB_NET_BY_FAMILY;
        *out = leaves ? KB_NET_ALL_PORTS : KB_NET_NO_PORTS;
        kb_net_tell(q, reason, leaves ? KB_NET_ACCEPT : KB_NET_DENY, KB_NET_ALL_PORTS, NULL, NULL);
        return true;
    }
    if (reason == KB_NET_REASON_COUNT) {
        return false;
    }
    kb_net_tell(q, reason, KB_NET_ACCEPT, KB_NET_ALL_PORTS, NULL, NULL);
    return true;
}

kb_net_ports kb_net_ask(struct kb_net_query *q, const struct kb_net_pod *subject,
                        const struct kb_net_end *peer)
{
    kb_net_ports out;
    if (subject == NULL) {
        kb_net_tell(q, KB_NET_NO_SUBJECT, KB_NET_ACCEPT, KB_NET_ALL_PORTS, NULL, NULL);
        return KB_NET_ALL_PORTS;
    }
    if (exempt(q, subject, peer, &out)) {
        return out;
    }
    q->side = q->world->classes.at[subject->cls].sides[q->direction];
    q->destination = q->direction == KB_NET_INGRESS ? subject : peer->pod;
    aim(q, peer);
    return kb_net_verdict(q);
}

static kb_net_ports both_ways(struct kb_net_query *q, const struct kb_net_end *from,
                              const struct kb_net_end *to)
{
    q->direction = KB_NET_EGRESS;
    kb_net_ports leaves = kb_net_ask(q, from->pod, to);
    if (leaves == KB_NET_NO_PORTS && q->fn == NULL) {
        return leaves;
    }
    q->direction = KB_NET_INGRESS;
    return kb_net_ports_common(&q->world->ports, leaves, kb_net_ask(q, to->pod, from));
}

/* Traffic is of a family that both ends have; where they have both, either may be admitted. Ends of which
 * nothing is known, or that have none in common, are judged by all the addresses they have. */
static kb_net_ports by_family(struct kb_net_query *q, const struct kb_net_end *from,
                              const struct kb_net_end *to)
{
    bool v4 = has_family(from, 4) && has_family(to, 4);
    bool v6 = has_family(from, 6) && has_family(to, 6);
    q->families[0] = v4 || !v6;
    q->families[1] = !v4;
    kb_net_ports ports = both_ways(q, from, to);
    if (!v4 || !v6 || ports == KB_NET_ALL_PORTS) {
        return ports;
    }
    q->families[0] = false;
    q->families[1] = true;
    return kb_net_ports_union(&q->world->ports, ports, both_ways(q, from, to));
}

static bool is_finished(const struct kb_net_end *end)
{
    return end->pod != NULL && end->pod->finished;
}

kb_net_ports kb_net_explain(struct kb_net_world *world, const struct kb_net_end *from,
                            const struct kb_net_end *to, kb_net_step_fn *fn, void *ctx)
{
    struct kb_net_query q = {.world = world, .direction = KB_NET_EGRESS, .fn = fn, .ctx = ctx};
    if (is_finished(from) || is_finished(to)) {
        kb_net_tell(&q, KB_NET_FINISHED, KB_NET_DENY, KB_NET_ALL_PORTS, NULL, NULL);
        return KB_NET_NO_PORTS;
    }
    if (from->pod != NULL && from->pod == to->pod) {
        kb_net_tell(&q, KB_NET_SAME_POD, KB_NET_ACCEPT, KB_NET_ALL_PORTS, NULL, NULL);
        return KB_NET_ALL_PORTS;
    }
    return by_family(&q, from, to);
}

kb_net_ports kb_net_allowed(struct kb_net_world *world, const struct kb_net_end *from,
                            const struct kb_net_end *to)
{
    return kb_net_explain(world, from, to, NULL, NULL);
}

/* As kb_net_ask(), where the answer needs no look at the rules. */
static bool settled(const struct kb_net_world *world, enum kb_net_direction direction,
                    uint32_t subject, uint32_t peer, kb_net_ports *out)
{
    const struct kb_net_class *cls = &world->classes.at[subject];
    *out = KB_NET_ALL_PORTS;
    if (cls->exempt) {
        return true;
    }
    bool own_node = world->profile->own_node_open && kb_net_bit(world->hosts, peer);
    return !own_node && kb_net_settled(cls->sides[direction], peer, out);
}

kb_net_ports kb_net_between(struct kb_net_world *world, uint32_t from_class, uint32_t to_class)
{
    kb_net_ports leaves, comes;
    bool left = settled(world, KB_NET_EGRESS, from_class, to_class, &leaves);
    bool came = settled(world, KB_NET_INGRESS, to_class, from_class, &comes);
    if ((left && leaves == KB_NET_NO_PORTS) || (came && comes == KB_NET_NO_PORTS)) {
        return KB_NET_NO_PORTS;
    }
    if (left && came) {
        return KB_NET_ALL_PORTS;
    }
    struct kb_net_query q = {.world = world};
    struct kb_net_end from = {.pod = world->classes.at[from_class].pod};
    struct kb_net_end to = {.pod = world->classes.at[to_class].pod};
    return by_family(&q, &from, &to);
}

kb_net_ports kb_net_one_way(struct kb_net_world *world, enum kb_net_direction direction,
                            const struct kb_net_pod *subject, const struct kb_net_end *peer)
{
    struct kb_net_query q = {.world = world, .direction = direction, .families = {true, true}};
    return subject->finished || is_finished(peer) ? KB_NET_NO_PORTS : kb_net_ask(&q, subject, peer);
}

bool kb_net_isolated(const struct kb_net_world *world, const struct kb_net_pod *pod,
                     enum kb_net_direction direction)
{
    if (pod->finished || world->classes.at[pod->cls].exempt) {
        return false;
    }
    const struct kb_net_side *side = world->classes.at[pod->cls].sides[direction];
    return side->isolating_count > 0 || (world->profile->strict && !side->selected);
}

bool kb_net_isolates_new(const struct kb_net_world *world, struct kb_str name_space,
                         enum kb_net_direction direction)
{
    static const struct kb_net_labels none;
    bool selected = false;
    for (size_t i = 0; i < world->policies.n; i++) {
        const struct kb_net_policy *policy = world->policies.at[i];
        if (policy->inert || policy->tier != KB_NET_NAMESPACED ||
            !kb_str_eq(policy->name_space, name_space) ||
            (policy->pods != NULL && !kb_net_labels_match(&none, &policy->pods->selector))) {
            continue;
        }
        if (policy->isolates[direction]) {
            return true;
        }
        selected = true;
    }
    return world->profile->strict && !selected;
}

unsigned kb_net_entries(struct kb_net_world *world, enum kb_net_direction direction,
                        const struct kb_net_pod *subject, const struct kb_net_end *peer)
{
    struct kb_net_query q = {.world = world, .direction = direction, .families = {true, true}};
    if (subject->finished || subject->host_network || is_finished(peer)) {
        return 0;
    }
    q.side = world->classes.at[subject->cls].sides[direction];
    q.destination = direction == KB_NET_INGRESS ? subject : peer->pod;
    aim(&q, peer);
    return kb_net_count_entries(&q);
}
