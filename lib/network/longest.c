/*
 * Exceptions under the VPC CNI. Its agent writes each block, each except and each pod's address as a prefix, and
 * the longest prefix that holds an address decides alone. A prefix also gets what the wider ones have,
 * unless some rule of the very same wider block excepts it; the prefix of an except closes, unless some rule
 * has it for a block (aws-network-policy-agent pkg/fwruleprocessor, v1.4.1).
 */
#include "network/verdict.h"

/* One prefix with the address. */
struct link {
    struct kb_cidr block;
    kb_net_ports ports;
};

struct chain {
    KB_VEC(struct link) links; /* from the widest */
    int except;                /* bits of the longest except with the address; -1 */
};

/* A match by labels alone, or of a Service, writes no blocks. */
static bool writes_blocks(const struct kb_net_match *match)
{
    return !match->service &&
           (match->any_peer || match->blocks[0] != NULL || match->blocks[1] != NULL);
}

static bool is_whole(const struct kb_net_query *q, const struct kb_net_match *match)
{
    return kb_net_bit(match->selected, q->peer) ||
           (match->service && kb_net_matches_peer(q, match));
}

static bool holds(const struct kb_net_query *q, const struct kb_net_peer *peer)
{
    return peer->kind == KB_NET_PEER_BLOCK && kb_cidr_contains_ip(&peer->block, &q->address);
}

bool kb_net_in_chain(const struct kb_net_query *q, const struct kb_net_match *match)
{
    bool found = match->any_peer || is_whole(q, match);
    bool within = kb_net_bit(q->side->within, q->peer);
    for (size_t i = 0; within && !found && writes_blocks(match) && i < match->rule->peer_count; i++) {
        found = holds(q, &match->rule->peers[i]);
    }
    return found;
}

static void add_link(const struct kb_net_query *q, struct chain *chain, struct kb_cidr block,
                     kb_net_ports ports)
{
    size_t at = 0;
    while (at < chain->links.n && chain->links.at[at].block.bits < block.bits) {
        at++;
    }
    if (at < chain->links.n && chain->links.at[at].block.bits == block.bits) {
        struct link *link = &chain->links.at[at];
        link->ports = kb_net_ports_union(&q->world->ports, link->ports, ports);
        return;
    }
    (void)KB_VEC_PUSH(&chain->links);
    for (size_t i = chain->links.n - 1; i > at; i--) {
        chain->links.at[i] = chain->links.at[i - 1];
    }
    chain->links.at[at] = (struct link){kb_cidr_masked(&block), ports};
}

static void add_match(const struct kb_net_query *q, const struct kb_net_match *match,
                      struct chain *chain)
{
    kb_net_ports ports = kb_net_match_ports(q->world, match, q->destination);
    if (is_whole(q, match)) {
        uint8_t bits = q->address.family == 4 ? 32 : 128;
        add_link(q, chain, (struct kb_cidr){q->address, bits}, ports);
    }
    if (match->any_peer) {
        add_link(q, chain, (struct kb_cidr){q->address, 0}, ports);
    }
    for (size_t i = 0; writes_blocks(match) && i < match->rule->peer_count; i++) {
        const struct kb_net_peer *peer = &match->rule->peers[i];
        if (!holds(q, peer)) {
            continue;
        }
        add_link(q, chain, peer->block, ports);
        for (size_t j = 0; j < peer->except_count; j++) {
            const struct kb_cidr *except = &peer->excepts[j];
            if (kb_cidr_contains_ip(except, &q->address) && except->bits > chain->except) {
                chain->except = except->bits;
            }
        }
    }
}

static bool same_block(const struct kb_cidr *a, const struct kb_cidr *b)
{
    return a->bits == b->bits && kb_ip_equal(&a->ip, &b->ip);
}

/* Some rule of just this wider block excepts where the narrower one begins. */
static bool excepts_start(const struct kb_net_query *q, const struct kb_cidr *wide,
                          const struct kb_cidr *narrow)
{
    for (size_t i = 0; i < q->side->tiers[KB_NET_NAMESPACED].n; i++) {
        const struct kb_net_match *match = q->side->tiers[KB_NET_NAMESPACED].at[i];
        for (size_t j = 0; writes_blocks(match) && j < match->rule->peer_count; j++) {
            const struct kb_net_peer *peer = &match->rule->peers[j];
            bool group = peer->kind == KB_NET_PEER_BLOCK && same_block(&peer->block, wide);
            for (size_t k = 0; group && k < peer->except_count; k++) {
                if (kb_cidr_contains_ip(&peer->excepts[k], &narrow->ip)) {
                    return true;
                }
            }
        }
    }
    return false;
}

kb_net_ports kb_net_longest(const struct kb_net_query *q, bool *shut)
{
    struct chain chain = {.except = -1};
    if (!kb_net_bit(q->side->within, q->peer)) { /* no block takes from what is said of the address itself */
        return KB_NET_ALL_PORTS;
    }
    for (size_t i = 0; i < q->side->tiers[KB_NET_NAMESPACED].n; i++) {
        add_match(q, q->side->tiers[KB_NET_NAMESPACED].at[i], &chain);
    }
    for (size_t i = 1; i < chain.links.n; i++) {
        struct link *link = &chain.links.at[i];
        for (size_t j = 0; j < i; j++) {
            if (!excepts_start(q, &chain.links.at[j].block, &link->block)) {
                link->ports = kb_net_ports_union(&q->world->ports, link->ports, chain.links.at[j].ports);
            }
        }
    }
    const struct link *last = chain.links.n == 0 ? NULL : &chain.links.at[chain.links.n - 1];
    *shut = chain.except > (last == NULL ? -1 : last->block.bits);
    kb_net_ports ports = last == NULL || *shut ? KB_NET_NO_PORTS : last->ports;
    KB_VEC_DONE(&chain.links);
    return ports;
}
