/* All that is outside. Most edges of the space are of other pods' policies: there the answer cannot change. */
#include "network/internal.h"
#include "network/reach.h"

/* Where intervals may be treated otherwise than the one before: peers, as in classes.n + an interval. */
struct edges {
    const struct kb_net_world *world;
    uint64_t *at;
};

static void mark_set(const struct edges *edges, const uint64_t *set)
{
    size_t first = edges->world->classes.n / KB_NET_WORD, end = kb_net_words(edges->world->peers);
    uint64_t carry = 0;
    for (size_t i = first; set != NULL && i < end; i++) {
        edges->at[i] |= set[i] ^ (set[i] << 1 | carry);
        carry = set[i] >> (KB_NET_WORD - 1);
    }
}

static void mark(const struct edges *edges, size_t interval)
{
    if (interval < edges->world->space.starts.n) {
        kb_net_bit_set(edges->at, edges->world->classes.n + interval);
    }
}

static void mark_block(const struct edges *edges, const struct kb_cidr *block)
{
    size_t first, last;
    kb_net_space_span(&edges->world->space, block, &first, &last);
    mark(edges, first);
    mark(edges, last + 1);
}

static void mark_rule(const struct edges *edges, const struct kb_net_rule *rule)
{
    for (size_t i = 0; i < rule->peer_count; i++) {
        const struct kb_net_peer *peer = &rule->peers[i];
        if (peer->kind == KB_NET_PEER_BLOCK) {
            mark_block(edges, &peer->block);
        }
        for (size_t k = 0; k < peer->except_count; k++) {
            mark_block(edges, &peer->excepts[k]);
        }
    }
}

static void mark_side(const struct edges *edges, const struct kb_net_side *side)
{
    for (int t = 0; t < KB_NET_TIERS; t++) {
        for (size_t i = 0; i < side->tiers[t].n; i++) {
            const struct kb_net_match *match = side->tiers[t].at[i];
            mark_set(edges, match->selected);
            mark_set(edges, match->blocks[0]);
            mark_set(edges, match->blocks[1]);
            if (side->excepts) {
                mark_rule(edges, match->rule);
            }
        }
    }
}

/* What is said of the subject, its own node, and the families. */
static struct edges find_edges(const struct kb_net_world *world, enum kb_net_direction direction,
                               const struct kb_net_pod *subject)
{
    static const struct kb_ip first_of_v6 = {.family = 6};
    struct edges edges = {world, kb_alloc((kb_net_words(world->peers) + 1) * sizeof(uint64_t))};
    if (!subject->finished) {
        mark_side(&edges, world->classes.at[subject->cls].sides[direction]);
    }
    if (subject->host_ip.family != 0) {
        size_t own = kb_net_space_find(&world->space, &subject->host_ip);
        mark(&edges, own);
        mark(&edges, own + 1);
    }
    mark(&edges, kb_net_space_find(&world->space, &first_of_v6));
    return edges;
}

void kb_net_outside(struct kb_net_world *world, enum kb_net_direction direction,
                    const struct kb_net_pod *subject, kb_net_outside_fn *fn, void *ctx)
{
    const struct kb_ip *starts = world->space.starts.at;
    struct edges edges = find_edges(world, direction, subject);
    struct kb_net_end here = {.ip = starts[0]};
    kb_net_ports ports = kb_net_one_way(world, direction, subject, &here);
    for (size_t first = 0, i = 0; i < world->space.starts.n;) {
        i = kb_net_bits_next(edges.at, world->classes.n + i + 1, world->peers) - world->classes.n;
        bool ends = i == world->space.starts.n;
        here.ip = starts[ends ? first : i];
        kb_net_ports next =
            ends ? KB_NET_NO_PORTS : kb_net_one_way(world, direction, subject, &here);
        if (ends || next != ports || here.ip.family != starts[first].family) {
            struct kb_ip last = kb_net_space_end(&world->space, i - 1);
            fn(ctx, &starts[first], &last, ports);
            first = i;
        }
        ports = next;
    }
    kb_free(edges.at);
}
