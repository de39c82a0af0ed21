/* NetworkPolicy, and EKS' ApplicationNetworkPolicy, which is one with names of domains. */
#include "network/internal.h"

static const char *const lists[] = {[KB_NET_INGRESS] = "ingress", [KB_NET_EGRESS] = "egress"};
static const char *const peer_lists[] = {[KB_NET_INGRESS] = "from", [KB_NET_EGRESS] = "to"};

static bool given(const json_t *json)
{
    return json != NULL && !json_is_null(json);
}

/* The numeric or named port of an entry, without endPort. */
static bool read_port_value(struct kb_net_reader *r, const struct kb_net_at *at, const json_t *port,
                            struct kb_net_port *out)
{
    if (!given(port)) {
        out->first = 1;
        out->last = KB_NET_PORT_MAX;
        return true;
    }
    if (json_is_integer(port)) {
        bool read = kb_net_read_number(r, KB_NET_AT(at, "port"), port, &out->first);
        out->last = out->first;
        return read;
    }
    return kb_net_read_port_name(r, KB_NET_AT(at, "port"), port, &out->name);
}

static bool read_port(struct kb_net_reader *r, const struct kb_net_at *at, const json_t *json,
                      struct kb_net_port *out)
{
    const json_t *port = json_object_get(json, "port"), *end = json_object_get(json, "endPort");
    *out = (struct kb_net_port){0};
    if (!json_is_object(json)) {
        kb_net_problem(r, at, "is no object");
        return false;
    }
    if (!kb_net_read_protocol(r, KB_NET_AT(at, "protocol"), json_object_get(json, "protocol"),
                              &out->protocol) ||
        !read_port_value(r, at, port, out)) {
        return false;
    }
    if (!given(end)) {
        return true;
    }
    if (!json_is_integer(port)) {
        kb_net_problem(r, KB_NET_AT(at, "endPort"), "needs a port that is a number");
        return false;
    }
    if (!kb_net_read_number(r, KB_NET_AT(at, "endPort"), end, &out->last)) {
        return false;
    }
    if (out->last < out->first) {
        kb_net_problem(r, KB_NET_AT(at, "endPort"), "is below port");
        return false;
    }
    return true;
}

static void read_excepts(struct kb_net_reader *r, const struct kb_net_at *at, const json_t *list,
                         struct kb_net_peer *peer)
{
    size_t n = kb_net_list(r, at, list);
    struct kb_cidr *excepts = KB_NEW_ARRAY(&r->world->arena, n, struct kb_cidr);
    for (size_t i = 0; i < n; i++) {
        const struct kb_net_at *here = KB_NET_AT_INDEX(at, NULL, i);
        struct kb_cidr *except = &excepts[peer->except_count];
        if (!kb_net_read_block(r, here, json_array_get(list, i), except)) {
            continue;
        }
        peer->except_count++;
        if (!kb_cidr_contains(&peer->block, except) || except->bits == peer->block.bits) {
            kb_net_problem(r, here, "is no part of the block that it is excepted from");
        }
    }
    peer->excepts = excepts;
}

static bool read_block_peer(struct kb_net_reader *r, const struct kb_net_at *at, const json_t *json,
                            struct kb_net_peer *out)
{
    const struct kb_net_at *here = KB_NET_AT(at, "ipBlock");
    const json_t *block = json_object_get(json, "ipBlock");
    out->kind = KB_NET_PEER_BLOCK;
    if (given(json_object_get(json, "podSelector")) ||
        given(json_object_get(json, "namespaceSelector"))) {
        kb_net_problem(r, at, "has ipBlock and another peer; it matches nothing");
        return false;
    }
    if (!kb_net_read_block(r, KB_NET_AT(here, "cidr"), json_object_get(block, "cidr"), &out->block)) {
        return false;
    }
    read_excepts(r, KB_NET_AT(here, "except"), json_object_get(block, "except"), out);
    return true;
}

/* Only an egress peer of an ApplicationNetworkPolicy has domain names, and then nothing else. */
static bool has_domains(struct kb_net_reader *r, const struct kb_net_at *at, const json_t *json,
                        enum kb_net_direction direction)
{
    const json_t *names = json_object_get(json, "domainNames");
    if (r->policy->kind != KB_NET_AWS_APP_POLICY || !given(names)) {
        return false;
    }
    if (direction == KB_NET_INGRESS || json_object_size(json) > 1) {
        kb_net_problem(r, at, "domainNames is for egress, and with no other peer; it matches nothing");
    }
    return true;
}

/* False: it is nobody. */
static bool read_peer(struct kb_net_reader *r, const struct kb_net_at *at, const json_t *json,
                      enum kb_net_direction direction, struct kb_net_peer *out)
{
    const json_t *pods = json_object_get(json, "podSelector");
    const json_t *namespaces = json_object_get(json, "namespaceSelector");
    *out = (struct kb_net_peer){.kind = KB_NET_PEER_PODS};
    if (has_domains(r, at, json, direction)) {
        out->kind = KB_NET_PEER_DOMAIN;
        return direction == KB_NET_EGRESS && json_object_size(json) == 1;
    }
    if (given(json_object_get(json, "ipBlock"))) {
        return read_block_peer(r, at, json, out);
    }
    if (!given(pods) && !given(namespaces)) {
        kb_net_problem(r, at, "names no peer; it matches nothing");
        return false;
    }
    if (given(namespaces)) {
        out->namespaces = kb_net_read_select(r, KB_NET_AT(at, "namespaceSelector"), namespaces);
    }
    if (given(pods)) {
        out->pods = kb_net_read_select(r, KB_NET_AT(at, "podSelector"), pods);
    }
    return true;
}

static void read_rule(struct kb_net_reader *r, const struct kb_net_at *at, const json_t *json,
                      enum kb_net_direction direction, struct kb_net_rule *rule)
{
    const struct kb_net_at *peers_at = KB_NET_AT(at, peer_lists[direction]);
    const struct kb_net_at *ports_at = KB_NET_AT(at, "ports");
    const json_t *from = json_object_get(json, peer_lists[direction]);
    const json_t *ports = json_object_get(json, "ports");
    size_t from_n = kb_net_list(r, peers_at, from), ports_n = kb_net_list(r, ports_at, ports);
    struct kb_net_peer *peer = KB_NEW_ARRAY(&r->world->arena, from_n, struct kb_net_peer);
    struct kb_net_port *port = KB_NEW_ARRAY(&r->world->arena, ports_n, struct kb_net_port);
    if (!json_is_object(json)) {
        kb_net_problem(r, at, "is no object; the rule allows nothing");
    }
    *rule = (struct kb_net_rule){.action = KB_NET_ACCEPT, .number = rule->number, .peers = peer,
                                 .ports = port, .any_port = ports_n == 0,
                                 .any_peer = from_n == 0 && json_is_object(json)};
    for (size_t i = 0; i < from_n; i++) {
        rule->peer_count += read_peer(r, KB_NET_AT_INDEX(peers_at, NULL, i), json_array_get(from, i),
                                      direction, &peer[rule->peer_count]);
    }
    for (size_t i = 0; i < ports_n; i++) {
        rule->port_count += read_port(r, KB_NET_AT_INDEX(ports_at, NULL, i),
                                      json_array_get(ports, i), &port[rule->port_count]);
    }
    if (direction == KB_NET_EGRESS && r->policy->kind == KB_NET_AWS_APP_POLICY &&
        r->world->profile->empty_to_dropped) {
        rule->any_peer = false;
    }
}

static void read_rules(struct kb_net_reader *r, const json_t *spec, enum kb_net_direction direction)
{
    struct kb_net_policy *policy = r->policy;
    const struct kb_net_at *at = KB_NET_AT(KB_NET_AT(NULL, "spec"), lists[direction]);
    const json_t *list = json_object_get(spec, lists[direction]);
    size_t n = kb_net_list(r, at, list);
    if (!policy->isolates[direction]) {
        policy->dead_rules[direction] = n;
        return;
    }
    struct kb_net_rule *rules = KB_NEW_ARRAY(&r->world->arena, n, struct kb_net_rule);
    for (size_t i = 0; i < n; i++) {
        rules[i].number = (unsigned)i;
        read_rule(r, KB_NET_AT_INDEX(at, NULL, i), json_array_get(list, i), direction, &rules[i]);
    }
    policy->rules[direction].at = rules;
    policy->rules[direction].n = n;
}

/* Absent or empty: Ingress, and Egress where there are egress rules (SetDefaults_NetworkPolicy). */
static void read_types(struct kb_net_reader *r, const json_t *spec)
{
    const struct kb_net_at *at = KB_NET_AT(KB_NET_AT(NULL, "spec"), "policyTypes");
    const json_t *types = json_object_get(spec, "policyTypes");
    size_t n = kb_net_list(r, at, types);
    if (n == 0) {
        r->policy->isolates[KB_NET_INGRESS] = true;
        r->policy->isolates[KB_NET_EGRESS] = json_array_size(json_object_get(spec, "egress")) > 0;
    }
    for (size_t i = 0; i < n; i++) {
        struct kb_str type = kb_json_view(json_array_get(types, i));
        bool ingress = kb_str_eq_c(type, "Ingress"), egress = kb_str_eq_c(type, "Egress");
        if (!ingress && !egress) {
            kb_net_problem(r, KB_NET_AT_INDEX(at, NULL, i), "is neither Ingress nor Egress");
        }
        r->policy->isolates[KB_NET_INGRESS] = r->policy->isolates[KB_NET_INGRESS] || ingress;
        r->policy->isolates[KB_NET_EGRESS] = r->policy->isolates[KB_NET_EGRESS] || egress;
    }
}

void kb_net_read_network_policy(struct kb_net_reader *r, const json_t *spec)
{
    const json_t *selector = json_object_get(spec, "podSelector");
    r->policy->tier = KB_NET_NAMESPACED;
    if (given(selector)) {
        r->policy->pods = kb_net_read_select(r, KB_NET_AT(KB_NET_AT(NULL, "spec"), "podSelector"),
                                             selector);
    }
    read_types(r, spec);
    read_rules(r, spec, KB_NET_INGRESS);
    read_rules(r, spec, KB_NET_EGRESS);
}
