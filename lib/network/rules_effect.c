/* What rules do beside each other. */
#include "network/rules.h"
#include "network/verdict.h"

static bool admits(const struct kb_net_match *match, size_t peer)
{
    return match->any_peer || kb_net_bit(match->selected, peer) ||
           kb_net_bit(match->blocks[0], peer) || kb_net_bit(match->blocks[1], peer);
}

/* A peer's number as a destination, where names of ports are looked up. */
static const struct kb_net_pod *destination(const struct kb_net_world *world,
                                            enum kb_net_direction direction, size_t subject,
                                            size_t peer)
{
    return direction == KB_NET_INGRESS ? world->classes.at[subject].pod
           : peer < world->classes.n   ? world->classes.at[peer].pod
                                       : NULL;
}

/* Ports that the rules of a side, but for one or none, admit to a peer by what they say. */
static kb_net_ports said(struct kb_net_world *world, const struct kb_net_side *side, size_t peer,
                         const struct kb_net_pod *to, const struct kb_net_rule *but)
{
    kb_net_ports sum = KB_NET_NO_PORTS;
    for (size_t i = 0; i < side->tiers[KB_NET_NAMESPACED].n && sum != KB_NET_ALL_PORTS; i++) {
        const struct kb_net_match *match = side->tiers[KB_NET_NAMESPACED].at[i];
        if (match->rule != but && admits(match, peer)) {
            sum = kb_net_ports_union(&world->ports, sum, kb_net_match_ports(world, match, to));
        }
    }
    return sum;
}

static kb_net_ports said_by(struct kb_net_world *world, const struct kb_net_side *side, size_t peer,
                            const struct kb_net_pod *to, const struct kb_net_rule *only)
{
    kb_net_ports sum = KB_NET_NO_PORTS;
    for (size_t i = 0; i < side->tiers[KB_NET_NAMESPACED].n; i++) {
        const struct kb_net_match *match = side->tiers[KB_NET_NAMESPACED].at[i];
        if (match->rule == only && admits(match, peer)) {
            sum = kb_net_ports_union(&world->ports, sum, kb_net_match_ports(world, match, to));
        }
    }
    return sum;
}

/* The peers of a rule's matches, or all. */
static uint64_t *peers_of_rule(const struct kb_net_of_rule *of, const struct kb_net_side *side)
{
    const struct kb_net_world *world = of->world;
    size_t words = kb_net_words(world->peers);
    uint64_t *peers = kb_alloc((words + 1) * sizeof *peers);
    for (size_t i = 0; i < side->tiers[KB_NET_NAMESPACED].n; i++) {
        const struct kb_net_match *match = side->tiers[KB_NET_NAMESPACED].at[i];
        if (match->rule == of->rule) {
            kb_net_bits_or(peers, match->selected, words);
            kb_net_bits_or(peers, match->blocks[0], words);
            kb_net_bits_or(peers, match->blocks[1], words);
        }
        if (match->rule == of->rule && match->any_peer) {
            kb_net_bits_fill(peers, world->peers);
        }
    }
    return peers;
}

static bool covered(const struct kb_net_of_rule *of, size_t subject)
{
    struct kb_net_world *world = of->world;
    const struct kb_net_side *side = world->classes.at[subject].sides[of->direction];
    uint64_t *peers = peers_of_rule(of, side);
    bool all = true;
    for (size_t peer = kb_net_bits_next(peers, 0, world->peers); peer < world->peers && all;
         peer = kb_net_bits_next(peers, peer + 1, world->peers)) {
        const struct kb_net_pod *to = destination(world, of->direction, subject, peer);
        kb_net_ports own = said_by(world, side, peer, to, of->rule);
        all = own == KB_NET_NO_PORTS ||
              kb_net_ports_without(&world->ports, own, said(world, side, peer, to, of->rule)) ==
                  KB_NET_NO_PORTS;
    }
    kb_free(peers);
    return all;
}

bool kb_net_rule_redundant(const struct kb_net_of_rule *of)
{
    const struct kb_net_world *world = of->world;
    const struct kb_net_side *last = NULL;
    bool some = false;
    if (of->policy->tier != KB_NET_NAMESPACED || of->policy->inert) {
        return false;
    }
    for (size_t i = kb_net_bits_next(of->policy->subjects, 0, world->classes.n);
         i < world->classes.n; i = kb_net_bits_next(of->policy->subjects, i + 1, world->classes.n)) {
        const struct kb_net_side *side = world->classes.at[i].sides[of->direction];
        if (side != last && !covered(of, i)) {
            return false;
        }
        last = side;
        some = true;
    }
    return some;
}

/* Whether somewhere in a block that a rule excepts, the class is shut off from what its rules say. */
static bool shut_within(const struct kb_net_of_rule *of, size_t subject, const struct kb_cidr *except)
{
    struct kb_net_world *world = of->world;
    const struct kb_net_side *side = world->classes.at[subject].sides[of->direction];
    size_t first, last;
    kb_net_space_span(&world->space, except, &first, &last);
    for (size_t i = first; i <= last; i++) {
        size_t peer = world->classes.n + i;
        struct kb_net_end end = {.ip = world->space.starts.at[i]};
        const struct kb_net_pod *to = destination(world, of->direction, subject, peer);
        kb_net_ports wanted = said(world, side, peer, to, NULL);
        kb_net_ports got =
            kb_net_one_way(world, of->direction, world->classes.at[subject].pod, &end);
        if (kb_net_ports_without(&world->ports, wanted, got) != KB_NET_NO_PORTS) {
            return true;
        }
    }
    return false;
}

bool kb_net_rule_shuts(const struct kb_net_of_rule *of)
{
    const struct kb_net_world *world = of->world;
    if (!world->profile->except_denies || of->policy->tier != KB_NET_NAMESPACED || of->policy->inert) {
        return false;
    }
    for (size_t i = kb_net_bits_next(of->policy->subjects, 0, world->classes.n);
         i < world->classes.n; i = kb_net_bits_next(of->policy->subjects, i + 1, world->classes.n)) {
        for (size_t k = 0; k < of->rule->peer_count; k++) {
            const struct kb_net_peer *peer = &of->rule->peers[k];
            for (size_t e = 0; e < peer->except_count; e++) {
                if (peer->excepts[e].ip.family == world->family &&
                    shut_within(of, i, &peer->excepts[e])) {
                    return true;
                }
            }
        }
    }
    return false;
}

static bool backs(const struct kb_net_pod *pod, const struct kb_net_service *service)
{
    struct kb_str value;
    bool fits = pod->ns == service->ns && service->selector.n > 0;
    for (size_t i = 0; fits && i < service->selector.n; i++) {
        fits = kb_net_labels_get(&pod->labels, service->selector.at[i].key, &value) &&
               kb_str_eq(value, service->selector.at[i].value);
    }
    return fits;
}

/* The port on a pod behind a port of its Service; 0: there is none. */
static uint16_t target(const struct kb_net_pod *pod, const struct kb_net_service_port *port)
{
    for (size_t i = 0; port->target_name.n > 0 && i < pod->port_count; i++) {
        if (kb_str_eq(pod->ports[i].name, port->target_name) &&
            pod->ports[i].protocol == port->protocol) {
            return pod->ports[i].port;
        }
    }
    return port->target_name.n > 0 ? 0 : port->target;
}

/* Whether the match admits some pod behind the Service on the port, which the subject then cannot use by the
 * Service's address. */
static bool cut_off(struct kb_net_world *world, const struct kb_net_match *match, kb_net_ports open,
                    const struct kb_net_service *service)
{
    const struct kb_net_namespace *ns = &world->namespaces.at[service->ns];
    for (size_t i = kb_net_bits_next(match->selected, ns->class_first, ns->class_end);
         i < ns->class_end; i = kb_net_bits_next(match->selected, i + 1, ns->class_end)) {
        const struct kb_net_pod *pod = world->classes.at[i].pod;
        bool reached = backs(pod, service);
        for (size_t k = 0; reached && k < service->port_count; k++) {
            const struct kb_net_service_port *port = &service->ports[k];
            uint16_t number = target(pod, port);
            kb_net_ports on_pod = kb_net_match_ports(world, match, pod);
            if (number != 0 && kb_net_ports_has(&world->ports, on_pod, port->protocol, number) &&
                !kb_net_ports_has(&world->ports, open, port->protocol, port->port)) {
                return true;
            }
        }
    }
    return false;
}

/* Whether the rule selects pods of the namespace at all: most do not. */
static bool selects_in(const struct kb_net_side *side, const struct kb_net_rule *rule,
                       const struct kb_net_namespace *ns)
{
    bool found = false;
    for (size_t i = 0; i < side->tiers[KB_NET_NAMESPACED].n && !found; i++) {
        const struct kb_net_match *match = side->tiers[KB_NET_NAMESPACED].at[i];
        found = match->rule == rule &&
                kb_net_bits_next(match->selected, ns->class_first, ns->class_end) < ns->class_end;
    }
    return found;
}

static bool rule_cuts(const struct kb_net_of_rule *of, size_t subject,
                      const struct kb_net_service *service)
{
    struct kb_net_world *world = of->world;
    const struct kb_net_side *side = world->classes.at[subject].sides[KB_NET_EGRESS];
    const struct kb_net_namespace *ns = &world->namespaces.at[service->ns];
    struct kb_net_end address = {.ip = service->ip};
    bool cuts = false;
    if (service->ip.family != world->family || !selects_in(side, of->rule, ns)) {
        return false;
    }
    kb_net_ports open =
        kb_net_one_way(world, KB_NET_EGRESS, world->classes.at[subject].pod, &address);
    for (size_t i = 0; i < side->tiers[KB_NET_NAMESPACED].n && open != KB_NET_ALL_PORTS && !cuts; i++) {
        const struct kb_net_match *match = side->tiers[KB_NET_NAMESPACED].at[i];
        cuts = match->rule == of->rule && !match->service && match->selected != NULL &&
               cut_off(world, match, open, service);
    }
    return cuts;
}

const struct kb_net_service *kb_net_rule_cuts_service(const struct kb_net_of_rule *of, size_t *from)
{
    const struct kb_net_world *world = of->world;
    size_t subject = kb_net_bits_next(of->policy->subjects, 0, world->classes.n);
    if (!world->profile->service_addresses || of->direction != KB_NET_EGRESS ||
        of->policy->inert || of->policy->tier != KB_NET_NAMESPACED || subject == world->classes.n) {
        return NULL;
    }
    for (; *from < world->services.n; (*from)++) {
        const struct kb_net_service *service = &world->services.at[*from];
        if (rule_cuts(of, subject, service)) {
            (*from)++;
            return service;
        }
    }
    return NULL;
}

/* The next to which some rule may admit something. */
static size_t next_peer(const struct kb_net_world *world, const struct kb_net_side *side, size_t from)
{
    return side->some == NULL ? from : kb_net_bits_next(side->some, from, world->peers);
}

unsigned kb_net_most_entries(struct kb_net_world *world, const struct kb_net_pod *pod)
{
    unsigned most = 0;
    for (int d = 0; d < KB_NET_DIRECTIONS && !pod->finished; d++) {
        const struct kb_net_side *side = world->classes.at[pod->cls].sides[d];
        size_t bound = 0;
        for (size_t i = 0; i < side->tiers[KB_NET_NAMESPACED].n; i++) {
            bound += side->tiers[KB_NET_NAMESPACED].at[i]->rule->port_count;
        }
        for (size_t peer = next_peer(world, side, 0); bound > most && peer < world->peers;
             peer = next_peer(world, side, peer + 1)) {
            struct kb_net_query q = {.world = world, .direction = (enum kb_net_direction)d,
                                     .side = side, .peer = peer, .families = {true, true}};
            q.destination = destination(world, q.direction, pod->cls, peer);
            unsigned n = kb_net_count_entries(&q);
            most = n > most ? n : most;
        }
    }
    return most;
}
