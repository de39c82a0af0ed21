/*
 * Services under the VPC CNI: egress is looked at before a Service's address is translated, so that the
 * controller adds addresses of Services whose own selector meets that of the rule, with the port of the
 * Service behind which the rule's port lies (pkg/resolvers/endpoints.go, pkg/k8s/service_utils.go).
 */
#include "network/internal.h"

static bool leads_to(const struct kb_net_service_port *port, uint16_t number, struct kb_str name)
{
    return port->target_name.n > 0 ? name.n > 0 && kb_str_eq(port->target_name, name)
                                   : number != 0 && port->target == number;
}

/* The Service's port before the number or name that a rule has. */
static const struct kb_net_service_port *listening(const struct kb_net_service *service,
                                                   uint8_t protocol, uint16_t number,
                                                   struct kb_str name)
{
    for (size_t i = 0; i < service->port_count; i++) {
        if (service->ports[i].protocol == protocol && leads_to(&service->ports[i], number, name)) {
            return &service->ports[i];
        }
    }
    return NULL;
}

/* The same by way of a pod's port, which has both a number and a name. */
static const struct kb_net_service_port *listening_by_pod(const struct kb_net_service *service,
                                                          const struct kb_net_pod *pod,
                                                          const struct kb_net_port *wanted)
{
    for (size_t i = 0; i < pod->port_count; i++) {
        const struct kb_net_pod_port *port = &pod->ports[i];
        bool fits = wanted->name.n > 0 ? kb_str_eq(wanted->name, port->name)
                                       : wanted->first == port->port;
        const struct kb_net_service_port *found = NULL;
        if (fits && port->protocol == wanted->protocol) {
            found = listening(service, port->protocol, port->port, port->name);
        }
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

static bool backs(const struct kb_net_pod *pod, const struct kb_net_service *service)
{
    struct kb_str value;
    bool fits = pod->ns == service->ns;
    for (size_t i = 0; fits && i < service->selector.n; i++) {
        fits = kb_net_labels_get(&pod->labels, service->selector.at[i].key, &value) &&
               kb_str_eq(value, service->selector.at[i].value);
    }
    return fits;
}

/* Where the pods of a namespace begin: they stand by namespace and name. */
static size_t first_pod(const struct kb_net_world *world, struct kb_str name_space)
{
    size_t low = 0, high = world->pods.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (kb_str_cmp(world->pods.at[middle]->name_space, name_space) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static const struct kb_net_service_port *find_port(const struct kb_net_world *world,
                                                   const struct kb_net_service *service,
                                                   const struct kb_net_port *wanted)
{
    const struct kb_net_service_port *found =
        listening(service, wanted->protocol, wanted->first, wanted->name);
    size_t first = found == NULL ? first_pod(world, service->name_space) : world->pods.n;
    for (size_t i = first; found == NULL && i < world->pods.n &&
                           world->pods.at[i]->ns == service->ns;
         i++) {
        found = listening_by_pod(service, world->pods.at[i], wanted);
        found = found != NULL && backs(world->pods.at[i], service) ? found : NULL;
    }
    return found;
}

/* False: the rule reaches the Service on no port. */
static bool service_ports(struct kb_net_world *world, const struct kb_net_service *service,
                          const struct kb_net_rule *rule, kb_net_ports *out)
{
    *out = rule->any_port ? KB_NET_ALL_PORTS : KB_NET_NO_PORTS;
    for (size_t i = 0; i < rule->port_count; i++) {
        const struct kb_net_port *port = &rule->ports[i];
        struct kb_net_range range = {port->protocol, port->first, port->last};
        if (port->name.n > 0 || port->first != 1 || port->last != KB_NET_PORT_MAX) {
            const struct kb_net_service_port *found = find_port(world, service, port);
            if (found == NULL) {
                continue;
            }
            range.first = found->port;
            range.last = port->last > port->first && port->last > found->port ? port->last
                                                                              : found->port;
        }
        *out = kb_net_ports_union(&world->ports, *out, kb_net_ports_make(&world->ports, &range, 1));
    }
    return *out != KB_NET_NO_PORTS;
}

/* Addresses with one set of ports are one match. */
static void add_address(struct kb_net_world *world, const struct kb_net_match *match,
                        const struct kb_net_service *service, kb_net_match_list *found)
{
    int family = service->ip.family == 6;
    size_t i = 0;
    while (i < found->n && found->at[i].ports != match->ports) {
        i++;
    }
    if (i == found->n) {
        *KB_VEC_PUSH(found) = *match;
    }
    if (found->at[i].blocks[family] == NULL) {
        found->at[i].blocks[family] =
            KB_NEW_ARRAY(&world->arena, kb_net_words(world->peers), uint64_t);
    }
    kb_net_bit_set((uint64_t *)(uintptr_t)found->at[i].blocks[family],
                   world->classes.n + kb_net_space_find(&world->space, &service->ip));
}

/* What the addresses hang on: many rules say the same of the same peers. */
static struct kb_str key_of(const struct kb_net_policy *policy, const struct kb_net_rule *rule,
                            const struct kb_net_peer *peer, struct kb_buf *key)
{
    kb_buf_add(key, &peer->namespaces, sizeof peer->namespaces);
    kb_buf_add(key, &peer->pods, sizeof peer->pods);
    kb_buf_char(key, rule->any_port ? 'a' : 'p');
    for (size_t i = 0; i < rule->port_count; i++) {
        kb_buf_printf(key, "%u %u %u %zu ", rule->ports[i].protocol, rule->ports[i].first, rule->ports[i].last,
                      rule->ports[i].name.n);
        kb_buf_str(key, rule->ports[i].name);
    }
    if (peer->namespaces == NULL) {
        kb_buf_str(key, policy->name_space);
    }
    return kb_buf_view(key);
}

static void find_addresses(struct kb_net_world *world, const struct kb_net_policy *policy,
                           const struct kb_net_rule *rule, const struct kb_net_peer *peer,
                           kb_net_match_list *found)
{
    const uint64_t *in =
        peer->namespaces == NULL ? NULL : kb_net_select_namespaces(world, peer->namespaces);
    for (size_t i = 0; i < world->services.n; i++) {
        const struct kb_net_service *service = &world->services.at[i];
        struct kb_net_match match = {
            .policy = policy, .rule = rule, .action = rule->action, .service = true};
        if ((in == NULL ? !kb_str_eq(service->name_space, policy->name_space) : !kb_net_bit(in, service->ns)) ||
            service->ip.family != world->family ||
            (peer->pods != NULL &&
             !kb_net_labels_match(&service->selector, &peer->pods->selector)) ||
            !service_ports(world, service, rule, &match.ports)) {
            continue;
        }
        add_address(world, &match, service, found);
    }
}

/* Service addresses that an egress rule's selector admits. */
void kb_net_add_services(struct kb_net_world *world, const struct kb_net_policy *policy,
                         const struct kb_net_rule *rule, const struct kb_net_peer *peer,
                         kb_net_match_list *out)
{
    struct kb_buf key;
    bool is_new;
    kb_buf_init(&key, SIZE_MAX);
    struct kb_map_entry *entry = kb_map_add(&world->service_peers, key_of(policy, rule, peer, &key), &is_new);
    kb_buf_done(&key);
    struct kb_net_matches *kept = entry->value.ptr;
    if (is_new) {
        kb_net_match_list found = {0};
        find_addresses(world, policy, rule, peer, &found);
        struct kb_net_match *at = KB_NEW_ARRAY(&world->arena, found.n, struct kb_net_match);
        for (size_t i = 0; i < found.n; i++) {
            at[i] = found.at[i];
        }
        kept = KB_NEW(&world->arena, struct kb_net_matches);
        *kept = (struct kb_net_matches){at, found.n};
        entry->value.ptr = kept;
        KB_VEC_DONE(&found);
    }
    for (size_t i = 0; i < kept->n; i++) {
        struct kb_net_match match = kept->at[i];
        match.policy = policy;
        match.rule = rule;
        match.action = rule->action;
        kb_net_push(out, &match);
    }
}
