/* Peers and subjects of rules. */
#include "network/rules.h"

#include "network/internal.h"

size_t kb_net_subject_pods(const struct kb_net_world *world, const struct kb_net_policy *policy)
{
    size_t n = 0;
    for (size_t i = kb_net_bits_next(policy->subjects, 0, world->classes.n); i < world->classes.n;
         i = kb_net_bits_next(policy->subjects, i + 1, world->classes.n)) {
        n += world->classes.at[i].pods;
    }
    return n;
}

static bool in_namespaces(struct kb_net_world *world, const struct kb_net_policy *policy,
                          struct kb_net_select *namespaces, uint32_t ns)
{
    return namespaces == NULL
               ? kb_str_eq(world->namespaces.at[ns].name, policy->name_space)
               : kb_net_bit(kb_net_select_namespaces(world, namespaces), ns);
}

static size_t count_templates(struct kb_net_world *world, const struct kb_net_policy *policy,
                              struct kb_net_select *namespaces, struct kb_net_select *pods)
{
    size_t n = 0;
    for (size_t i = 0; i < world->templates.n; i++) {
        const struct kb_net_template *at = &world->templates.at[i];
        n += in_namespaces(world, policy, namespaces, at->ns) &&
             (pods == NULL || kb_net_labels_match(&at->labels, &pods->selector));
    }
    return n;
}

size_t kb_net_subject_templates(struct kb_net_world *world, const struct kb_net_policy *policy)
{
    return policy->selects_nothing
               ? 0
               : count_templates(world, policy, policy->namespaces, policy->pods);
}

bool kb_net_selects(const struct kb_net_policy *policy, const struct kb_net_pod *pod)
{
    return !policy->inert && !pod->finished && kb_net_bit(policy->subjects, pod->cls);
}

/* The rule's peers, as sets. */
static struct kb_net_match peers_of(const struct kb_net_of_rule *of)
{
    struct kb_net_match match = {
        .policy = of->policy, .rule = of->rule, .any_peer = of->rule->any_peer};
    for (size_t i = 0; i < of->rule->peer_count; i++) {
        kb_net_add_peer(of->world, of->policy, &of->rule->peers[i], &match);
    }
    return match;
}

bool kb_net_rule_everyone(const struct kb_net_of_rule *of)
{
    const struct kb_net_world *world = of->world;
    struct kb_net_match match = peers_of(of);
    uint8_t family = world->family == 0 ? 4 : world->family;
    const uint64_t *blocks = match.blocks[family == 6];
    bool all = true;
    for (size_t i = 0; i < world->space.starts.n && all && !match.any_peer; i++) {
        all = world->space.starts.at[i].family != family ||
              kb_net_bit(blocks, world->classes.n + i);
    }
    for (size_t i = 0; i < world->classes.n && all && !match.any_peer; i++) {
        all = kb_net_bit(match.selected, i) || kb_net_bit(blocks, i) || kb_net_bit(world->hosts, i);
    }
    return all;
}

bool kb_net_rule_all_namespaces(const struct kb_net_of_rule *of)
{
    struct kb_net_world *world = of->world;
    uint64_t *seen = kb_alloc((kb_net_words(world->namespaces.n) + 1) * sizeof *seen);
    bool some = false, all = true;
    for (size_t i = 0; i < of->rule->peer_count; i++) {
        const struct kb_net_peer *peer = &of->rule->peers[i];
        bool every_pod = peer->pods == NULL ||
                         (peer->pods->selector.n == 0 && !peer->pods->selector.nothing);
        if (peer->kind == KB_NET_PEER_PODS && peer->namespaces != NULL && every_pod) {
            kb_net_bits_or(seen, kb_net_select_namespaces(world, peer->namespaces),
                           kb_net_words(world->namespaces.n));
            some = true;
        }
    }
    for (uint32_t i = 0; i < world->namespaces.n && all; i++) {
        all = kb_net_bit(seen, i);
    }
    kb_free(seen);
    return some && all;
}

bool kb_net_peer_nobody(const struct kb_net_of_rule *of, const struct kb_net_peer *peer)
{
    struct kb_net_world *world = of->world;
    bool every_pod = peer->pods == NULL;
    if (peer->kind != KB_NET_PEER_PODS) {
        return false;
    }
    const uint64_t *bits = kb_net_labelled(world, of->policy, peer);
    if (kb_net_bits_next(bits, 0, world->classes.n) < world->classes.n) {
        return false;
    }
    if (every_pod && peer->namespaces != NULL) { /* a namespace that waits for pods is somebody */
        const uint64_t *in = kb_net_select_namespaces(world, peer->namespaces);
        return kb_net_bits_next(in, 0, world->namespaces.n) == world->namespaces.n;
    }
    return count_templates(world, of->policy, peer->namespaces, peer->pods) == 0;
}

bool kb_net_peer_in(const struct kb_net_of_rule *of, const struct kb_net_peer *peer, uint32_t name_space)
{
    const struct kb_net_namespace *ns = &of->world->namespaces.at[name_space];
    const uint64_t *bits =
        peer->kind == KB_NET_PEER_PODS ? kb_net_labelled(of->world, of->policy, peer) : NULL;
    return kb_net_bits_next(bits, ns->class_first, ns->class_end) < ns->class_end;
}

const struct kb_net_pod *kb_net_peer_host(const struct kb_net_of_rule *of,
                                          const struct kb_net_peer *peer)
{
    const struct kb_net_world *world = of->world;
    const uint64_t *bits =
        peer->kind == KB_NET_PEER_PODS ? kb_net_labelled(of->world, of->policy, peer) : NULL;
    for (size_t i = kb_net_bits_next(bits, 0, world->classes.n); i < world->classes.n;
         i = kb_net_bits_next(bits, i + 1, world->classes.n)) {
        if (kb_net_bit(world->hosts, i)) {
            return world->classes.at[i].pod;
        }
    }
    return NULL;
}

static bool has_port(const struct kb_net_pod *pod, const struct kb_net_port *port)
{
    bool found = false;
    for (size_t i = 0; i < pod->port_count && !found; i++) {
        found = kb_str_eq(pod->ports[i].name, port->name) &&
                (port->protocol == KB_NET_ANY_PROTOCOL || port->protocol == pod->ports[i].protocol);
    }
    return found;
}

bool kb_net_port_unresolved(const struct kb_net_of_rule *of, const struct kb_net_port *port)
{
    const struct kb_net_world *world = of->world;
    struct kb_net_match match = peers_of(of);
    bool some = false;
    if (port->name.n == 0) {
        return false;
    }
    for (size_t i = 0; i < world->classes.n; i++) {
        bool destination =
            of->direction == KB_NET_INGRESS
                ? kb_net_bit(of->policy->subjects, i)
                : match.any_peer || kb_net_bit(match.selected, i) || kb_net_bit(match.blocks[0], i) ||
                      kb_net_bit(match.blocks[1], i);
        if (destination && has_port(world->classes.at[i].pod, port)) {
            return false;
        }
        some = some || destination;
    }
    return some;
}
