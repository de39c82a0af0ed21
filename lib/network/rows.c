/* All pairs with one class. */
#include "network/verdict.h"

/* The peers beside hostNetwork pods of which any is admitted at all; NULL: it may be anybody. */
static const uint64_t *only_few(const struct kb_net_world *world, enum kb_net_direction direction,
                                uint32_t subject)
{
    const struct kb_net_class *cls = &world->classes.at[subject];
    const struct kb_net_side *side = cls->sides[direction];
    return cls->exempt || side->open ? NULL : side->some;
}

/*
 * What a side admits hangs on which of its rules the peer meets, within blocks that have exceptions also on where
 * its address is, and on nothing else where no port has a name. So what leaves is kept by side, and what comes in
 * for one destination. Of ends with one address of one family.
 */
struct column {
    struct kb_net_world *world;
    uint32_t to;
    struct kb_net_query query;
    struct kb_net_known comes;
};

static bool is_plain(const struct kb_net_world *world, uint32_t cls, unsigned family)
{
    const struct kb_net_pod *pod = world->classes.at[cls].pod;
    return pod->ip_count == 1 && pod->ips[0].family == family && !kb_net_bit(world->hosts, cls);
}

static kb_net_ports ask(struct column *c, enum kb_net_direction direction, uint32_t subject,
                        uint32_t peer)
{
    struct kb_net_end end = {.pod = c->world->classes.at[peer].pod};
    c->query.direction = direction;
    return kb_net_ask(&c->query, c->world->classes.at[subject].pod, &end);
}

/* False: there is more to it than that. */
static bool find_meeting(const struct column *c, const struct kb_net_side *side, uint32_t peer,
                         struct kb_net_meeting *out, bool *named)
{
    struct kb_net_query q = {.peer = peer, .families = {c->query.families[0], c->query.families[1]}};
    size_t n = side->tiers[KB_NET_NAMESPACED].n;
    bool within = kb_net_bit(side->within, peer);
    *out = (struct kb_net_meeting){.place = 0};
    *named = false;
    if (side->tiers[KB_NET_ADMIN].n > 0 || side->tiers[KB_NET_BASELINE].n > 0 || n > KB_NET_WORD) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        const struct kb_net_match *match = side->tiers[KB_NET_NAMESPACED].at[i];
        bool meets = kb_net_matches_peer(&q, match);
        out->met |= (uint64_t)meets << i;
        out->labelled |= (uint64_t)(within && kb_net_bit(match->selected, peer)) << i;
        *named = *named || (match->named_count > 0 && (meets || within));
    }
    out->place = within ? c->world->classes.at[peer].places[q.families[1]] : 0;
    return true;
}

static bool recall(const struct kb_net_known *known, const struct kb_net_meeting *meeting,
                   kb_net_ports *out)
{
    for (size_t i = 0; i < known->n; i++) {
        const struct kb_net_meeting *at = &known->meetings[i];
        if (at->met == meeting->met && at->labelled == meeting->labelled &&
            at->place == meeting->place) {
            *out = known->ports[i];
            return true;
        }
    }
    return false;
}

static kb_net_ports answer(struct column *c, enum kb_net_direction direction, uint32_t subject,
                           uint32_t peer)
{
    const struct kb_net_class *cls = &c->world->classes.at[subject];
    const struct kb_net_side *side = cls->sides[direction];
    struct kb_net_known *known = direction == KB_NET_INGRESS ? &c->comes : side->known;
    struct kb_net_meeting meeting;
    kb_net_ports out;
    bool named;
    if (cls->exempt) {
        return KB_NET_ALL_PORTS;
    }
    if (kb_net_settled(side, peer, &out)) {
        return out;
    }
    bool own_node = kb_ip_equal(&c->world->classes.at[peer].pod->ips[0], &cls->pod->host_ip);
    bool keeps = !own_node && find_meeting(c, side, peer, &meeting, &named) &&
                 (direction == KB_NET_INGRESS || !named);
    if (keeps && recall(known, &meeting, &out)) {
        return out;
    }
    out = ask(c, direction, subject, peer);
    if (keeps && known->n < KB_NET_KNOWN) {
        known->meetings[known->n] = meeting;
        known->ports[known->n++] = out;
    }
    return out;
}

static kb_net_ports plain_pair(struct column *c, uint32_t from)
{
    kb_net_ports out = answer(c, KB_NET_EGRESS, from, c->to);
    return out == KB_NET_NO_PORTS
               ? out
               : kb_net_ports_common(&c->world->ports, out, answer(c, KB_NET_INGRESS, c->to, from));
}

void kb_net_sources(struct kb_net_world *world, uint32_t to_class, kb_net_ports *out)
{
    const uint64_t *few = only_few(world, KB_NET_INGRESS, to_class);
    const struct kb_net_pod *to = world->classes.at[to_class].pod;
    unsigned family = to->ip_count == 1 ? to->ips[0].family : 0;
    bool plain = family != 0 && is_plain(world, to_class, family);
    struct column column = {.world = world, .to = to_class,
                            .query = {.world = world, .families = {family == 4, family == 6}}};
    for (uint32_t i = 0; i < world->classes.n; i++) {
        bool host = kb_net_bit(world->hosts, i);
        if (few != NULL && !kb_net_bit(few, i) && !(host && world->profile->own_node_open)) {
            out[i] = KB_NET_NO_PORTS;
        } else {
            out[i] = plain && is_plain(world, i, family) ? plain_pair(&column, i)
                                                         : kb_net_between(world, i, to_class);
        }
    }
}

void kb_net_targets(struct kb_net_world *world, uint32_t from_class, kb_net_ports *out)
{
    const uint64_t *few = only_few(world, KB_NET_EGRESS, from_class);
    for (uint32_t i = 0; i < world->classes.n; i++) {
        bool host = kb_net_bit(world->hosts, i);
        bool asks = few == NULL || kb_net_bit(few, i) || (host && world->profile->own_node_open);
        out[i] = asks ? kb_net_between(world, from_class, i) : KB_NET_NO_PORTS;
    }
}
