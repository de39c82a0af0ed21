/* Rules resolved to addresses. */
#include "network/expected.h"

#include "network/internal.h"

struct resolving {
    struct kb_net_world *world;
    const struct kb_net_policy *policy;
    enum kb_net_direction direction;
    kb_net_entry_fn *fn;
    void *ctx;
};

static void tell(const struct resolving *r, struct kb_cidr block, kb_net_ports ports,
                 const struct kb_net_pod *pod)
{
    struct kb_net_entry entry = {.direction = r->direction,
                                 .block = block,
                                 .ports = ports,
                                 .pod = pod,
                                 .unresolved = ports == KB_NET_NO_PORTS};
    r->fn(r->ctx, &entry);
}

static struct kb_cidr whole(const struct kb_ip *ip)
{
    return (struct kb_cidr){*ip, ip->family == 4 ? 32 : 128};
}

/* The ports of a rule on a pod; for ingress those of whichever pods the policy selects. */
static kb_net_ports ports_on(const struct resolving *r, const struct kb_net_match *match,
                             const struct kb_net_pod *pod)
{
    return kb_net_match_ports(r->world, match, r->direction == KB_NET_EGRESS ? pod : NULL);
}

static void tell_pods(const struct resolving *r, const struct kb_net_match *match,
                      const struct kb_net_peer *peer)
{
    const uint64_t *bits = kb_net_labelled(r->world, r->policy, peer);
    for (size_t i = 0; i < r->world->pods.n; i++) {
        const struct kb_net_pod *pod = r->world->pods.at[i];
        if (!pod->finished && pod->ip_count > 0 && kb_net_bit(bits, pod->cls)) {
            tell(r, whole(&pod->ips[0]), ports_on(r, match, pod), pod);
        }
    }
}

static void tell_all(const struct resolving *r, kb_net_ports ports)
{
    struct kb_ip v4 = {.family = 4}, v6 = {.family = 6};
    tell(r, (struct kb_cidr){v4, 0}, ports, NULL);
    tell(r, (struct kb_cidr){v6, 0}, ports, NULL);
}

static void tell_block(const struct resolving *r, const struct kb_net_peer *peer, kb_net_ports ports)
{
    struct kb_net_entry entry = {.direction = r->direction,
                                 .block = peer->block,
                                 .excepts = peer->excepts,
                                 .except_count = peer->except_count,
                                 .ports = ports,
                                 .unresolved = ports == KB_NET_NO_PORTS};
    r->fn(r->ctx, &entry);
}

/* A rule whose names of ports are looked up: for ingress once, on all pods of the policy. */
static struct kb_net_match match_of(const struct resolving *r, const struct kb_net_rule *rule,
                                    const struct kb_net_matches *compiled)
{
    struct kb_net_match match = {.policy = r->policy, .rule = rule, .ports = KB_NET_NO_PORTS};
    for (size_t i = 0; i < compiled->n; i++) {
        const struct kb_net_match *at = &compiled->at[i];
        bool first = match.ports == KB_NET_NO_PORTS && match.named_count == 0;
        if (at->rule == rule && !at->service && first) {
            match.ports = at->ports;
            match.named = at->named;
            match.named_count = at->named_count;
        }
    }
    return match;
}

static void resolve_rule(const struct resolving *r, const struct kb_net_rule *rule,
                         const struct kb_net_matches *compiled)
{
    struct kb_net_match match = match_of(r, rule, compiled);
    if (rule->any_peer) {
        tell_all(r, match.ports);
    }
    for (size_t i = 0; i < rule->peer_count; i++) {
        if (rule->peers[i].kind == KB_NET_PEER_PODS) {
            tell_pods(r, &match, &rule->peers[i]);
        } else if (rule->peers[i].kind == KB_NET_PEER_BLOCK) {
            tell_block(r, &rule->peers[i], match.ports);
        }
    }
    for (size_t i = 0; i < compiled->n; i++) {
        const struct kb_net_match *at = &compiled->at[i];
        for (int f = 0; f < 2 && at->service && at->rule == rule; f++) {
            size_t n = r->world->space.starts.n;
            for (size_t k = 0; at->blocks[f] != NULL && k < n; k++) {
                if (kb_net_bit(at->blocks[f], r->world->classes.n + k)) {
                    tell(r, whole(&r->world->space.starts.at[k]), at->ports, NULL);
                }
            }
        }
    }
}

void kb_net_expect(struct kb_net_world *world, const struct kb_net_policy *policy, kb_net_entry_fn *fn,
                   void *ctx)
{
    for (int d = 0; d < KB_NET_DIRECTIONS; d++) {
        struct resolving r = {world, policy, (enum kb_net_direction)d, fn, ctx};
        struct kb_net_matches compiled = kb_net_compile(world, policy, r.direction);
        for (size_t i = 0; i < policy->rules[d].n; i++) {
            resolve_rule(&r, &policy->rules[d].at[i], &compiled);
        }
    }
}

void kb_net_selected(const struct kb_net_world *world, const struct kb_net_policy *policy,
                     kb_net_pod_fn *fn, void *ctx)
{
    for (size_t i = 0; i < world->pods.n; i++) {
        const struct kb_net_pod *pod = world->pods.at[i];
        if (!pod->finished && kb_net_bit(policy->subjects, pod->cls)) {
            fn(ctx, pod);
        }
    }
}
