/* Peers and subjects as sets of classes and of intervals. */
#include "network/internal.h"

const uint64_t *kb_net_select_pods(struct kb_net_world *world, struct kb_net_select *select)
{
    if (select->pods == NULL) {
        select->pods = kb_net_index_select(&world->pod_index, &select->selector, world->peers);
    }
    return select->pods;
}

const uint64_t *kb_net_select_namespaces(struct kb_net_world *world, struct kb_net_select *select)
{
    if (select->namespaces == NULL) {
        select->namespaces = kb_net_index_select(&world->namespace_labels, &select->selector,
                                                 world->namespaces.n);
    }
    return select->namespaces;
}

/* A set that was worked out before for the same key, or a new, empty one. */
static uint64_t *derived(struct kb_net_world *world, struct kb_str key, bool *is_new)
{
    struct kb_map_entry *entry = kb_map_add(&world->derived, key, is_new);
    if (*is_new) {
        entry->value.ptr = KB_NEW_ARRAY(&world->arena, kb_net_words(world->peers), uint64_t);
    }
    return entry->value.ptr;
}

static void add_namespace(const struct kb_net_world *world, uint32_t number, const uint64_t *pods,
                          uint64_t *to)
{
    const struct kb_net_namespace *ns = &world->namespaces.at[number];
    for (size_t i = ns->class_first; i < ns->class_end; i++) {
        if (pods == NULL || kb_net_bit(pods, i)) {
            kb_net_bit_set(to, i);
        }
    }
}

/* Who has an address that one of these hostNetwork pods has: other such pods of the node, and the node. */
static void spread_hosts(const struct kb_net_world *world, uint64_t *bits)
{
    uint64_t *places = kb_alloc(kb_net_words(world->space.starts.n) * sizeof *places);
    for (size_t i = kb_net_bits_next(bits, 0, world->classes.n); i < world->classes.n;
         i = kb_net_bits_next(bits, i + 1, world->classes.n)) {
        for (int f = 0; f < 2 && kb_net_bit(world->hosts, i); f++) {
            uint32_t place = world->classes.at[i].places[f];
            if (place != UINT32_MAX) {
                kb_net_bit_set(places, place);
                kb_net_bit_set(bits, world->classes.n + place);
            }
        }
    }
    for (size_t i = 0; i < world->classes.n; i++) {
        const uint32_t *place = world->classes.at[i].places;
        if (kb_net_bit(world->hosts, i) &&
            ((place[0] != UINT32_MAX && kb_net_bit(places, place[0])) ||
             (place[1] != UINT32_MAX && kb_net_bit(places, place[1])))) {
            kb_net_bit_set(bits, i);
        }
    }
    kb_free(places);
}

/* What the classes are for: hostNetwork pods are no subjects, and peers as the profile says. */
enum use { SUBJECTS, PEERS, LABELLED };

/* Classes by labels of namespace and pod. */
static const uint64_t *by_labels(struct kb_net_world *world, const struct kb_net_policy *policy,
                                 struct kb_net_select *namespaces, struct kb_net_select *pods,
                                 enum use use)
{
    struct {
        const void *namespaces, *pods;
        uint64_t own, use;
    } id = {namespaces, pods, UINT64_MAX, use};
    bool is_new;
    if (namespaces == NULL) {
        id.own = kb_net_namespace_number(world, policy->name_space);
    }
    uint64_t *bits = derived(world, (struct kb_str){(const char *)&id, sizeof id}, &is_new);
    if (!is_new) {
        return bits;
    }
    const uint64_t *labelled = pods == NULL ? NULL : kb_net_select_pods(world, pods);
    const uint64_t *in =
        namespaces == NULL ? NULL : kb_net_select_namespaces(world, namespaces);
    for (uint32_t i = 0; i < world->namespaces.n; i++) {
        if (namespaces == NULL ? i == id.own : kb_net_bit(in, i)) {
            add_namespace(world, i, labelled, bits);
        }
    }
    if (use == PEERS && world->profile->host == KB_NET_HOST_ADDRESS) {
        spread_hosts(world, bits);
    } else if (use != LABELLED) {
        kb_net_bits_and_not(bits, world->hosts, kb_net_words(world->peers));
    }
    return bits;
}

static bool within(const struct kb_net_world *world, const struct kb_net_peer *peer, size_t place)
{
    const struct kb_ip *ip = &world->space.starts.at[place];
    for (size_t i = 0; i < peer->except_count; i++) {
        if (kb_cidr_contains_ip(&peer->excepts[i], ip)) {
            return false;
        }
    }
    return kb_cidr_contains_ip(&peer->block, ip);
}

static const uint64_t *by_block(struct kb_net_world *world, const struct kb_net_peer *peer)
{
    struct kb_buf key;
    bool is_new;
    size_t first, last, family = peer->block.ip.family == 6;
    kb_buf_init(&key, SIZE_MAX);
    kb_cidr_format(&peer->block, &key);
    for (size_t i = 0; i < peer->except_count; i++) {
        kb_buf_char(&key, '-');
        kb_cidr_format(&peer->excepts[i], &key);
    }
    uint64_t *bits = derived(world, kb_buf_view(&key), &is_new);
    kb_buf_done(&key);
    if (!is_new) {
        return bits;
    }
    kb_net_space_span(&world->space, &peer->block, &first, &last);
    for (size_t i = first; i <= last; i++) {
        if (within(world, peer, i)) {
            kb_net_bit_set(bits, world->classes.n + i);
        }
    }
    for (size_t i = 0; world->profile->blocks_match_pods && i < world->classes.n; i++) {
        uint32_t place = world->classes.at[i].places[family];
        if (place != UINT32_MAX && kb_net_bit(bits, world->classes.n + place)) {
            kb_net_bit_set(bits, i);
        }
    }
    return bits;
}

/* The addresses of nodes, and the hostNetwork pods that have them. */
static void add_nodes(struct kb_net_world *world, const struct kb_net_select *select, uint64_t *to)
{
    for (size_t i = 0; i < world->nodes.n; i++) {
        const struct kb_net_node *node = &world->nodes.at[i];
        for (size_t j = 0; j < node->ip_count && kb_net_labels_match(&node->labels, &select->selector);
             j++) {
            size_t place = kb_net_space_find(&world->space, &node->ips[j]);
            kb_net_bit_set(to, world->classes.n + place);
            for (size_t k = 0; k < world->classes.n; k++) {
                if (kb_net_bit(world->hosts, k) &&
                    world->classes.at[k].places[node->ips[j].family == 6] == place) {
                    kb_net_bit_set(to, k);
                }
            }
        }
    }
}

/* The union of what the set held and `more`; the set is copied before it is first added to. */
static const uint64_t *joined(struct kb_net_world *world, const uint64_t *bits, const uint64_t *more)
{
    size_t words = kb_net_words(world->peers);
    if (bits == NULL || bits == more) {
        return more;
    }
    uint64_t *both = KB_NEW_ARRAY(&world->arena, words, uint64_t);
    kb_net_bits_or(both, bits, words);
    kb_net_bits_or(both, more, words);
    return both;
}

void kb_net_add_peer(struct kb_net_world *world, const struct kb_net_policy *policy,
                     const struct kb_net_peer *peer, struct kb_net_match *match)
{
    uint64_t *nodes;
    size_t family = peer->block.ip.family == 6;
    switch (peer->kind) {
    case KB_NET_PEER_PODS:
        match->selected = joined(world, match->selected,
                                 by_labels(world, policy, peer->namespaces, peer->pods, PEERS));
        break;
    case KB_NET_PEER_BLOCK:
        if (!world->profile->one_family || peer->block.ip.family == world->family) {
            match->blocks[family] = joined(world, match->blocks[family], by_block(world, peer));
        }
        break;
    case KB_NET_PEER_NODES:
        nodes = KB_NEW_ARRAY(&world->arena, kb_net_words(world->peers), uint64_t);
        add_nodes(world, peer->pods, nodes);
        match->selected = joined(world, match->selected, nodes);
        break;
    case KB_NET_PEER_DOMAIN:
        break;
    }
}

const uint64_t *kb_net_subjects(struct kb_net_world *world, const struct kb_net_policy *policy)
{
    return policy->selects_nothing
               ? NULL
               : by_labels(world, policy, policy->namespaces, policy->pods, SUBJECTS);
}

const uint64_t *kb_net_labelled(struct kb_net_world *world, const struct kb_net_policy *policy,
                                const struct kb_net_peer *peer)
{
    return by_labels(world, policy, peer->namespaces, peer->pods, LABELLED);
}
