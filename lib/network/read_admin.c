/*
 * Policies of administrators: three kinds of policy.networking.k8s.io, and EKS' ClusterNetworkPolicy, in
 * one form. A peer that is not understood closes, as the API asks: an accepting rule matches nothing
 * then, another one denies all.
 */
#include "network/internal.h"

enum peer_bit {
    HAS_NAMESPACES = 1,
    HAS_PODS = 2,
    HAS_NODES = 4,
    HAS_NETWORKS = 8,
    HAS_DOMAINS = 16
};

/* How the kinds differ. */
static const struct dialect {
    const char *accept, *ports;
    unsigned egress_peers; /* of ingress: namespaces and pods in all of them */
    bool protocols;        /* ports are in the form of `protocols` */
    uint8_t named;         /* the protocol of a named port */
    bool may_pass, has_tier;
} dialects[KB_NET_KIND_COUNT] = {
    [KB_NET_ADMIN_POLICY] = {"Allow", "ports", 31, false, KB_NET_ANY_PROTOCOL, true, false},
    [KB_NET_BASELINE_POLICY] = {"Allow", "ports", 15, false, KB_NET_ANY_PROTOCOL, false, false},
    [KB_NET_CLUSTER_POLICY] = {"Accept", "protocols", 31, true, KB_NET_ANY_PROTOCOL, true, true},
    [KB_NET_AWS_CLUSTER_POLICY] = {"Accept", "ports", 27, false, KB_NET_TCP, true, true},
};

static const struct dialect *dialect_of(const struct kb_net_reader *r)
{
    return &dialects[r->policy->kind];
}

static bool given(const json_t *json)
{
    return json != NULL && !json_is_null(json);
}

/* {namespaceSelector, podSelector}: a missing one selects all. */
static void read_pods(struct kb_net_reader *r, const struct kb_net_at *at, const json_t *json,
                      struct kb_net_select **namespaces, struct kb_net_select **pods)
{
    const json_t *ns = json_object_get(json, "namespaceSelector");
    const json_t *labels = json_object_get(json, "podSelector");
    json_t *all = json_object();
    *namespaces = kb_net_read_select(r, KB_NET_AT(at, "namespaceSelector"), given(ns) ? ns : all);
    *pods = kb_net_read_select(r, KB_NET_AT(at, "podSelector"), given(labels) ? labels : all);
    json_decref(all);
}

static void read_subject(struct kb_net_reader *r, const json_t *subject)
{
    const struct kb_net_at *at = KB_NET_AT(KB_NET_AT(NULL, "spec"), "subject");
    const json_t *namespaces = json_object_get(subject, "namespaces");
    const json_t *pods = json_object_get(subject, "pods");
    if (given(namespaces) == given(pods)) {
        kb_net_problem(r, at, "has not exactly one of namespaces and pods; it selects nothing");
        r->policy->selects_nothing = true;
        return;
    }
    if (given(namespaces)) {
        r->policy->namespaces = kb_net_read_select(r, KB_NET_AT(at, "namespaces"), namespaces);
        return;
    }
    read_pods(r, KB_NET_AT(at, "pods"), pods, &r->policy->namespaces, &r->policy->pods);
}

static bool read_span(struct kb_net_reader *r, const struct kb_net_at *at, const json_t *json,
                      struct kb_net_port *out)
{
    if (!kb_net_read_number(r, KB_NET_AT(at, "start"), json_object_get(json, "start"), &out->first) ||
        !kb_net_read_number(r, KB_NET_AT(at, "end"), json_object_get(json, "end"), &out->last)) {
        return false;
    }
    if (out->last < out->first) {
        kb_net_problem(r, KB_NET_AT(at, "end"), "is below start");
        return false;
    }
    return true;
}

/* {portNumber: {protocol, port}}, {portRange: {protocol, start, end}}, {namedPort}. */
static bool read_port(struct kb_net_reader *r, const struct kb_net_at *at, const json_t *json,
                      struct kb_net_port *out)
{
    const json_t *number = json_object_get(json, "portNumber");
    const json_t *range = json_object_get(json, "portRange");
    const json_t *name = json_object_get(json, "namedPort");
    if (given(number) + given(range) + given(name) != 1) {
        kb_net_problem(r, at, "has not exactly one of portNumber, portRange and namedPort");
        return false;
    }
    if (given(name)) {
        out->protocol = dialect_of(r)->named;
        return kb_net_read_port_name(r, KB_NET_AT(at, "namedPort"), name, &out->name);
    }
    const json_t *value = given(number) ? number : range;
    const struct kb_net_at *here = KB_NET_AT(at, given(number) ? "portNumber" : "portRange");
    if (!kb_net_read_protocol(r, KB_NET_AT(here, "protocol"), json_object_get(value, "protocol"),
                              &out->protocol)) {
        return false;
    }
    if (given(range)) {
        return read_span(r, here, range, out);
    }
    bool read = kb_net_read_number(r, KB_NET_AT(here, "port"), json_object_get(number, "port"),
                                   &out->first);
    out->last = out->first;
    return read;
}

/* {number} or {range: {start, end}}; missing: all ports. */
static bool read_destination(struct kb_net_reader *r, const struct kb_net_at *at, const json_t *json,
                             struct kb_net_port *out)
{
    const json_t *number = json_object_get(json, "number"), *range = json_object_get(json, "range");
    if (!given(json)) {
        out->first = 1;
        out->last = KB_NET_PORT_MAX;
        return true;
    }
    if (given(number) == given(range)) {
        kb_net_problem(r, at, "has not exactly one of number and range");
        return false;
    }
    if (given(range)) {
        return read_span(r, KB_NET_AT(at, "range"), range, out);
    }
    bool read = kb_net_read_number(r, KB_NET_AT(at, "number"), number, &out->first);
    out->last = out->first;
    return read;
}

/* {tcp|udp|sctp: {destinationPort}}, {destinationNamedPort}. */
static bool read_protocol(struct kb_net_reader *r, const struct kb_net_at *at, const json_t *json,
                          struct kb_net_port *out)
{
    static const struct {
        const char *member;
        uint8_t protocol;
    } members[] = {{"tcp", KB_NET_TCP}, {"udp", KB_NET_UDP}, {"sctp", KB_NET_SCTP}};
    const json_t *name = json_object_get(json, "destinationNamedPort");
    if (json_object_size(json) != 1) {
        kb_net_problem(r, at, "has not exactly one member");
        return false;
    }
    if (given(name)) {
        out->protocol = dialect_of(r)->named;
        return kb_net_read_port_name(r, KB_NET_AT(at, "destinationNamedPort"), name, &out->name);
    }
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const json_t *value = json_object_get(json, members[i].member);
        if (given(value)) {
            const struct kb_net_at *here = KB_NET_AT(at, members[i].member);
            out->protocol = members[i].protocol;
            return read_destination(r, KB_NET_AT(here, "destinationPort"),
                                    json_object_get(value, "destinationPort"), out);
        }
    }
    kb_net_problem(r, at, "names no protocol that is known");
    return false;
}

static void read_ports(struct kb_net_reader *r, const struct kb_net_at *at, const json_t *list,
                       struct kb_net_rule *rule)
{
    size_t n = kb_net_list(r, at, list);
    struct kb_net_port *ports = KB_NEW_ARRAY(&r->world->arena, n, struct kb_net_port);
    for (size_t i = 0; i < n; i++) {
        const struct kb_net_at *here = KB_NET_AT_INDEX(at, NULL, i);
        struct kb_net_port *port = &ports[rule->port_count];
        *port = (struct kb_net_port){0};
        rule->port_count += dialect_of(r)->protocols
                                ? read_protocol(r, here, json_array_get(list, i), port)
                                : read_port(r, here, json_array_get(list, i), port);
    }
    rule->ports = ports;
    rule->any_port = n == 0;
}

typedef KB_VEC(struct kb_net_peer) peer_list;

static void add_networks(struct kb_net_reader *r, const struct kb_net_at *at, const json_t *list,
                         peer_list *out)
{
    size_t n = kb_net_list(r, at, list);
    for (size_t i = 0; i < n; i++) {
        struct kb_cidr block;
        if (kb_net_read_block(r, KB_NET_AT_INDEX(at, NULL, i), json_array_get(list, i), &block)) {
            *KB_VEC_PUSH(out) = (struct kb_net_peer){.kind = KB_NET_PEER_BLOCK, .block = block};
        }
    }
}

/* The rule may match addresses behind names, which nobody knows here. */
static void add_domains(struct kb_net_reader *r, const struct kb_net_at *at, const json_t *list,
                        enum kb_net_action action, peer_list *out)
{
    size_t n = kb_net_list(r, at, list);
    if (action == KB_NET_DENY) {
        kb_net_problem(r, at, "a denying rule has no domain names; they match nothing");
        return;
    }
    for (size_t i = 0; i < n; i++) {
        struct kb_str name = kb_net_intern(r->world, kb_json_view(json_array_get(list, i)));
        *KB_VEC_PUSH(out) = (struct kb_net_peer){.kind = KB_NET_PEER_DOMAIN, .domain = name};
    }
}

static unsigned members_of(const json_t *json)
{
    static const char *const members[] = {"namespaces", "pods", "nodes", "networks", "domainNames"};
    unsigned found = 0;
    for (unsigned i = 0; i < sizeof members / sizeof members[0]; i++) {
        found |= given(json_object_get(json, members[i])) ? 1U << i : 0;
    }
    return found;
}

/* False: the peer is not understood. */
static bool read_peer(struct kb_net_reader *r, const struct kb_net_at *at, const json_t *json,
                      enum kb_net_direction direction, enum kb_net_action action, peer_list *out)
{
    unsigned allowed = direction == KB_NET_EGRESS ? dialect_of(r)->egress_peers : 3;
    unsigned found = members_of(json);
    struct kb_net_peer peer = {.kind = KB_NET_PEER_PODS};
    if ((found & allowed) == 0 || (found & (found - 1)) != 0 || json_object_size(json) != 1) {
        return false;
    }
    if (found == HAS_NETWORKS) {
        add_networks(r, KB_NET_AT(at, "networks"), json_object_get(json, "networks"), out);
        return true;
    }
    if (found == HAS_DOMAINS) {
        add_domains(r, KB_NET_AT(at, "domainNames"), json_object_get(json, "domainNames"), action, out);
        return true;
    }
    if (found == HAS_PODS) {
        read_pods(r, KB_NET_AT(at, "pods"), json_object_get(json, "pods"), &peer.namespaces,
                  &peer.pods);
    } else if (found == HAS_NAMESPACES) {
        peer.namespaces = kb_net_read_select(r, KB_NET_AT(at, "namespaces"),
                                             json_object_get(json, "namespaces"));
    } else {
        peer.kind = KB_NET_PEER_NODES;
        peer.pods = kb_net_read_select(r, KB_NET_AT(at, "nodes"), json_object_get(json, "nodes"));
    }
    *KB_VEC_PUSH(out) = peer;
    return true;
}

static void close_rule(struct kb_net_rule *rule)
{
    rule->peer_count = 0;
    if (rule->action != KB_NET_ACCEPT) {
        rule->action = KB_NET_DENY;
        rule->any_peer = true;
        rule->any_port = true;
    }
}

static void read_peers(struct kb_net_reader *r, const struct kb_net_at *at, const json_t *list,
                       enum kb_net_direction direction, struct kb_net_rule *rule)
{
    size_t n = kb_net_list(r, at, list);
    peer_list peers = {0};
    bool closed = n == 0;
    if (n == 0) {
        kb_net_problem(r, at, "a rule has at least one peer");
    }
    for (size_t i = 0; i < n; i++) {
        const struct kb_net_at *here = KB_NET_AT_INDEX(at, NULL, i);
        if (!read_peer(r, here, json_array_get(list, i), direction, rule->action, &peers)) {
            kb_net_problem(r, here, "is no peer that is known; the rule %s",
                           rule->action == KB_NET_ACCEPT ? "matches nothing" : "denies all");
            closed = true;
        }
    }
    struct kb_net_peer *kept = KB_NEW_ARRAY(&r->world->arena, peers.n, struct kb_net_peer);
    for (size_t i = 0; i < peers.n; i++) {
        kept[i] = peers.at[i];
    }
    rule->peers = kept;
    rule->peer_count = peers.n;
    KB_VEC_DONE(&peers);
    if (closed) {
        close_rule(rule);
    }
}

static bool read_action(struct kb_net_reader *r, const struct kb_net_at *at, const json_t *json,
                        enum kb_net_action *out)
{
    struct kb_str text = kb_json_view(json);
    const struct dialect *dialect = dialect_of(r);
    if (kb_str_eq_c(text, dialect->accept)) {
        *out = KB_NET_ACCEPT;
    } else if (kb_str_eq_c(text, "Deny")) {
        *out = KB_NET_DENY;
    } else if (dialect->may_pass && kb_str_eq_c(text, "Pass")) {
        *out = KB_NET_PASS;
    } else {
        kb_net_problem(r, at, "is no action of %s; the rule does nothing",
                       kb_net_kind_name(r->policy->kind));
        return false;
    }
    return true;
}

static void read_rules(struct kb_net_reader *r, const json_t *spec, enum kb_net_direction direction)
{
    static const char *const lists[] = {"ingress", "egress"}, *const peers[] = {"from", "to"};
    const struct kb_net_at *at = KB_NET_AT(KB_NET_AT(NULL, "spec"), lists[direction]);
    const json_t *list = json_object_get(spec, lists[direction]);
    size_t n = kb_net_list(r, at, list), kept = 0;
    struct kb_net_rule *rules = KB_NEW_ARRAY(&r->world->arena, n, struct kb_net_rule);
    for (size_t i = 0; i < n; i++) {
        const struct kb_net_at *here = KB_NET_AT_INDEX(at, NULL, i);
        const json_t *json = json_array_get(list, i);
        struct kb_net_rule *rule = &rules[kept];
        *rule = (struct kb_net_rule){
            .number = (unsigned)i,
            .name = kb_net_intern(r->world, kb_json_view(json_object_get(json, "name")))};
        if (!read_action(r, KB_NET_AT(here, "action"), json_object_get(json, "action"),
                         &rule->action)) {
            continue;
        }
        const char *ports = dialect_of(r)->ports;
        read_ports(r, KB_NET_AT(here, ports), json_object_get(json, ports), rule);
        read_peers(r, KB_NET_AT(here, peers[direction]), json_object_get(json, peers[direction]),
                   direction, rule);
        kept++;
    }
    r->policy->rules[direction].at = rules;
    r->policy->rules[direction].n = kept;
}

enum { PRIORITY_MAX = 1000 };

static void read_place(struct kb_net_reader *r, const json_t *spec)
{
    const struct kb_net_at *at = KB_NET_AT(NULL, "spec");
    struct kb_str tier = kb_json_view(json_object_get(spec, "tier"));
    const json_t *priority = json_object_get(spec, "priority");
    json_int_t value = json_is_integer(priority) ? json_integer_value(priority) : -1;
    r->policy->tier = r->policy->kind == KB_NET_BASELINE_POLICY ? KB_NET_BASELINE : KB_NET_ADMIN;
    if (dialect_of(r)->has_tier && !kb_str_eq_c(tier, "Admin")) {
        r->policy->tier = KB_NET_BASELINE;
        if (!kb_str_eq_c(tier, "Baseline")) {
            kb_net_problem(r, KB_NET_AT(at, "tier"), "is neither Admin nor Baseline; it does nothing");
            r->policy->selects_nothing = true;
        }
    }
    if (r->policy->kind == KB_NET_BASELINE_POLICY) {
        return;
    }
    if (value < 0 || value > PRIORITY_MAX) {
        kb_net_problem(r, KB_NET_AT(at, "priority"), "is no number from 0 to 1000; it counts as %d",
                       PRIORITY_MAX);
        value = PRIORITY_MAX;
    }
    r->policy->priority = (int)value;
}

void kb_net_read_admin_policy(struct kb_net_reader *r, const json_t *spec)
{
    if (r->policy->kind == KB_NET_BASELINE_POLICY && !kb_str_eq_c(r->policy->name, "default")) {
        kb_net_problem(r, KB_NET_AT(KB_NET_AT(NULL, "metadata"), "name"),
                       "is not \"default\", the only name there can be");
    }
    read_place(r, spec);
    read_subject(r, json_object_get(spec, "subject"));
    read_rules(r, spec, KB_NET_INGRESS);
    read_rules(r, spec, KB_NET_EGRESS);
}
