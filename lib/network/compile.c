/* Rules, ready to be asked. */
#include "network/internal.h"

/* The numbers and the names of a rule's ports. */
static void add_ports(struct kb_net_world *world, const struct kb_net_rule *rule,
                      struct kb_net_match *match)
{
    struct kb_net_range *ranges = kb_alloc((rule->port_count + 1) * sizeof *ranges);
    struct kb_net_port *named = KB_NEW_ARRAY(&world->arena, rule->port_count, struct kb_net_port);
    size_t n = 0;
    for (size_t i = 0; i < rule->port_count; i++) {
        const struct kb_net_port *port = &rule->ports[i];
        if (port->name.n > 0) {
            named[match->named_count++] = *port;
        } else {
            ranges[n++] = (struct kb_net_range){port->protocol, port->first, port->last};
        }
    }
    match->named = named;
    match->ports = rule->any_port ? KB_NET_ALL_PORTS : kb_net_ports_make(&world->ports, ranges, n);
    kb_free(ranges);
}

static bool port_fits(const struct kb_net_port *wanted, const struct kb_net_pod_port *port)
{
    return kb_str_eq(wanted->name, port->name) &&
           (wanted->protocol == KB_NET_ANY_PROTOCOL || wanted->protocol == port->protocol);
}

static kb_net_ports set_of(struct kb_net_world *world, const struct kb_net_pod_port *port)
{
    struct kb_net_pod_port *kept = (struct kb_net_pod_port *)(uintptr_t)port;
    if (kept->set == 0) {
        struct kb_net_range one = {port->protocol, port->port, port->port};
        kept->set = kb_net_ports_make(&world->ports, &one, 1);
    }
    return kept->set;
}

kb_net_ports kb_net_match_ports(struct kb_net_world *world, const struct kb_net_match *match,
                                const struct kb_net_pod *pod)
{
    kb_net_ports ports = match->ports;
    bool looks = pod != NULL && !(match->hosts_apart && pod->host_network);
    for (size_t i = 0; looks && i < match->named_count; i++) {
        bool found = false;
        for (size_t j = 0; j < pod->port_count; j++) {
            if (port_fits(&match->named[i], &pod->ports[j]) &&
                (!found || match->named[i].protocol == KB_NET_ANY_PROTOCOL)) {
                ports = kb_net_ports_union(&world->ports, ports, set_of(world, &pod->ports[j]));
                found = true;
            }
        }
    }
    return ports;
}

/* The first namespace, by name, of an admin policy's subject: where the VPC CNI looks for named ports. */
static uint32_t first_namespace(struct kb_net_world *world, const struct kb_net_policy *policy)
{
    const uint64_t *in = kb_net_select_namespaces(world, policy->namespaces);
    uint32_t first = UINT32_MAX;
    for (uint32_t i = 0; i < world->namespaces.n; i++) {
        if (kb_net_bit(in, i) && (first == UINT32_MAX || kb_str_cmp(world->namespaces.at[i].name,
                                                                    world->namespaces.at[first].name) < 0)) {
            first = i;
        }
    }
    return first;
}

/* The VPC CNI writes one list of ports for all pods that a policy selects: a name is each of their ports. */
static void name_once(struct kb_net_world *world, const struct kb_net_policy *policy,
                      struct kb_net_match *match)
{
    uint32_t only = policy->namespaces == NULL ? UINT32_MAX : first_namespace(world, policy);
    kb_net_ports ports = match->ports;
    for (size_t i = kb_net_bits_next(policy->subjects, 0, world->classes.n); i < world->classes.n;
         i = kb_net_bits_next(policy->subjects, i + 1, world->classes.n)) {
        const struct kb_net_pod *pod = world->classes.at[i].pod;
        if (policy->namespaces == NULL || pod->ns == only) {
            ports = kb_net_ports_union(&world->ports, ports, kb_net_match_ports(world, match, pod));
        }
    }
    match->ports = ports;
    match->named_count = 0;
}

void kb_net_push(kb_net_match_list *out, const struct kb_net_match *match)
{
    bool peers = match->any_peer || match->selected != NULL || match->blocks[0] != NULL ||
                 match->blocks[1] != NULL;
    if (peers && (match->ports != KB_NET_NO_PORTS || match->named_count > 0)) {
        *KB_VEC_PUSH(out) = *match;
    }
}

/* A name is a port of a hostNetwork pod that the labels select, on its node's address: for whoever has it. */
static void name_on_host(struct kb_net_world *world, const struct kb_net_match *whole, size_t host,
                         kb_net_match_list *out)
{
    struct kb_net_match match = *whole;
    const struct kb_net_class *cls = &world->classes.at[host];
    uint64_t *bits = KB_NEW_ARRAY(&world->arena, kb_net_words(world->peers), uint64_t);
    for (size_t i = 0; i < world->classes.n; i++) {
        const uint32_t *places = world->classes.at[i].places;
        if (kb_net_bit(world->hosts, i) && places[0] == cls->places[0] && places[1] == cls->places[1]) {
            kb_net_bit_set(bits, i);
        }
    }
    for (int f = 0; f < 2; f++) {
        if (cls->places[f] != UINT32_MAX) {
            kb_net_bit_set(bits, world->classes.n + cls->places[f]);
        }
    }
    match.any_peer = false;
    match.blocks[0] = match.blocks[1] = NULL;
    match.selected = bits;
    match.ports = kb_net_match_ports(world, whole, cls->pod);
    match.named_count = 0;
    kb_net_push(out, &match);
}

static void name_on_hosts(struct kb_net_world *world, const struct kb_net_match *whole,
                          kb_net_match_list *out)
{
    for (size_t i = 0; whole->named_count > 0 && i < whole->rule->peer_count; i++) {
        const struct kb_net_peer *peer = &whole->rule->peers[i];
        const uint64_t *labelled = peer->kind == KB_NET_PEER_PODS
                                       ? kb_net_labelled(world, whole->policy, peer)
                                       : NULL;
        for (size_t j = 0; labelled != NULL && j < world->classes.n; j++) {
            if (kb_net_bit(labelled, j) && kb_net_bit(world->hosts, j)) {
                name_on_host(world, whole, j, out);
            }
        }
    }
}

/* As the VPC CNI resolves a rule: peers by labels, and blocks, which have no ports with names. */
static void resolve_split(struct kb_net_world *world, enum kb_net_direction direction,
                          const struct kb_net_match *whole, kb_net_match_list *out)
{
    struct kb_net_match blocks = *whole, selected = *whole;
    selected.any_peer = false;
    selected.blocks[0] = selected.blocks[1] = NULL;
    blocks.selected = NULL;
    blocks.named_count = 0;
    selected.hosts_apart = true;
    kb_net_push(out, &selected);
    kb_net_push(out, &blocks);
    name_on_hosts(world, whole, out);
    for (size_t i = 0; direction == KB_NET_EGRESS && world->profile->service_addresses &&
                       i < whole->rule->peer_count;
         i++) {
        if (whole->rule->peers[i].kind == KB_NET_PEER_PODS) {
            kb_net_add_services(world, whole->policy, whole->rule, &whole->rule->peers[i], out);
        }
    }
}

/* The first peer of the rule matches no namespace, which for some controllers ends the rule. */
static bool ends_at_first(struct kb_net_world *world, const struct kb_net_policy *policy,
                          const struct kb_net_rule *rule)
{
    if (!world->profile->first_peer_decides || policy->kind != KB_NET_AWS_CLUSTER_POLICY ||
        rule->peer_count == 0 || rule->peers[0].namespaces == NULL) {
        return false;
    }
    const uint64_t *in = kb_net_select_namespaces(world, rule->peers[0].namespaces);
    return kb_net_bits_next(in, 0, world->namespaces.n) == world->namespaces.n;
}

static void compile_rule(struct kb_net_world *world, const struct kb_net_policy *policy,
                         enum kb_net_direction direction, const struct kb_net_rule *rule,
                         kb_net_match_list *out)
{
    struct kb_net_match match = {.policy = policy, .rule = rule, .action = rule->action,
                                 .any_peer = rule->any_peer};
    if (direction == KB_NET_INGRESS && ends_at_first(world, policy, rule)) {
        return;
    }
    for (size_t i = 0; i < rule->peer_count; i++) {
        kb_net_add_peer(world, policy, &rule->peers[i], &match);
    }
    add_ports(world, rule, &match);
    if (!world->profile->named_once) {
        kb_net_push(out, &match);
        return;
    }
    if (direction == KB_NET_INGRESS) {
        name_once(world, policy, &match);
        kb_net_push(out, &match);
        return;
    }
    resolve_split(world, direction, &match, out);
}

struct kb_net_matches kb_net_compile(struct kb_net_world *world, const struct kb_net_policy *policy,
                                     enum kb_net_direction direction)
{
    kb_net_match_list list = {0};
    for (size_t i = 0; i < policy->rules[direction].n; i++) {
        compile_rule(world, policy, direction, &policy->rules[direction].at[i], &list);
    }
    struct kb_net_match *kept = KB_NEW_ARRAY(&world->arena, list.n, struct kb_net_match);
    for (size_t i = 0; i < list.n; i++) {
        kept[i] = list.at[i];
    }
    struct kb_net_matches out = {kept, list.n};
    KB_VEC_DONE(&list);
    return out;
}
