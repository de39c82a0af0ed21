/*
 * Network policies of all kinds in one form.
 *
 * Kinds: NetworkPolicy (networking.k8s.io/v1); AdminNetworkPolicy and BaselineAdminNetworkPolicy v1alpha1
 * and ClusterNetworkPolicy v1alpha2 (policy.networking.k8s.io); ClusterNetworkPolicy and
 * ApplicationNetworkPolicy v1alpha1 of EKS (networking.k8s.aws). Rules: kubernetes
 * staging/src/k8s.io/api/networking/v1/types.go, pkg/apis/networking/validation;
 * kubernetes-sigs/network-policy-api apis; the CRDs of amazon-network-policy-controller-k8s.
 */
#ifndef KB_NETWORK_POLICY_H
#define KB_NETWORK_POLICY_H

#include "data/ip.h"
#include "network/labels.h"
#include "network/ports.h"

/* symbol, group, kind, namespaced */
#define KB_NET_KINDS(X)                                                                            \
    X(KB_NET_NETWORK_POLICY, "networking.k8s.io", "NetworkPolicy", true)                           \
    X(KB_NET_ADMIN_POLICY, "policy.networking.k8s.io", "AdminNetworkPolicy", false)                \
    X(KB_NET_BASELINE_POLICY, "policy.networking.k8s.io", "BaselineAdminNetworkPolicy", false)     \
    X(KB_NET_CLUSTER_POLICY, "policy.networking.k8s.io", "ClusterNetworkPolicy", false)            \
    X(KB_NET_AWS_CLUSTER_POLICY, "networking.k8s.aws", "ClusterNetworkPolicy", false)              \
    X(KB_NET_AWS_APP_POLICY, "networking.k8s.aws", "ApplicationNetworkPolicy", true)
#define KB_FIRST(sym, group, kind, namespaced) sym,
enum kb_net_kind { KB_NET_KINDS(KB_FIRST) KB_NET_KIND_COUNT };
#undef KB_FIRST

enum kb_net_direction { KB_NET_INGRESS, KB_NET_EGRESS, KB_NET_DIRECTIONS };

/* In the order of evaluation. */
enum kb_net_tier { KB_NET_ADMIN, KB_NET_NAMESPACED, KB_NET_BASELINE, KB_NET_TIERS };

/* In the order of precedence where the order of rules does not count. */
enum kb_net_action { KB_NET_DENY, KB_NET_ACCEPT, KB_NET_PASS };

/* An interned selector, with what it selects once the world is closed. */
struct kb_net_select {
    struct kb_selector selector;
    size_t number;        /* its place among the world's selectors */
    uint64_t *pods;       /* classes; NULL: not asked yet */
    uint64_t *namespaces; /* likewise */
};

enum kb_net_peer_kind {
    KB_NET_PEER_PODS,
    KB_NET_PEER_BLOCK,
    KB_NET_PEER_NODES, /* by the labels in `pods` */
    KB_NET_PEER_DOMAIN /* a name: which addresses it has is not known */
};

struct kb_net_peer {
    enum kb_net_peer_kind kind;
    struct kb_net_select *namespaces; /* NULL: the policy's own */
    struct kb_net_select *pods;       /* NULL: all */
    struct kb_cidr block;             /* host bits cleared */
    const struct kb_cidr *excepts;
    size_t except_count;
    struct kb_str domain;
};

enum { KB_NET_ANY_PROTOCOL = 0xFF };

struct kb_net_port {
    uint8_t protocol;    /* KB_NET_ANY_PROTOCOL: of a named port, whichever it has */
    struct kb_str name;  /* empty: the numbers count */
    uint16_t first, last;
};

struct kb_net_rule {
    enum kb_net_action action;
    struct kb_str name;  /* mostly empty */
    unsigned number;     /* its place in the list, from 0 */
    bool any_peer, any_port;
    const struct kb_net_peer *peers;
    size_t peer_count;
    const struct kb_net_port *ports;
    size_t port_count;
};

struct kb_net_policy {
    enum kb_net_kind kind;
    enum kb_net_tier tier;
    struct kb_str name_space, name; /* interned */
    struct kb_str uid, resource_version;
    int priority;                     /* of admin and baseline policies; lower ones come first */
    bool isolates[KB_NET_DIRECTIONS]; /* of namespaced policies: the direction is in policyTypes */
    struct kb_net_select *namespaces; /* of the subject; NULL: its own namespace */
    struct kb_net_select *pods;       /* of the subject; NULL: all */
    bool selects_nothing;             /* its subject cannot be read */
    struct {
        const struct kb_net_rule *at;
        size_t n;
    } rules[KB_NET_DIRECTIONS];       /* only those that count: of a direction in policyTypes */
    size_t dead_rules[KB_NET_DIRECTIONS]; /* written for a direction that is not in policyTypes */
    bool inert;                       /* the profile's engine does not know its kind */
    bool types_given;                 /* policyTypes is there: the API server writes it where it is not */
    int64_t created_ns;               /* since 1970; INT64_MIN: not told */
    unsigned problems;                /* reported of it */
    const uint64_t *subjects;         /* classes, once the world is closed */
};

const char *kb_net_kind_name(enum kb_net_kind kind);
/* "NetworkPolicy/shop/deny-all", "AdminNetworkPolicy/tenants". */
struct kb_str kb_net_policy_text(const struct kb_net_policy *policy, struct kb_arena *arena);
/* "ingress", "egress". */
const char *kb_net_direction_name(enum kb_net_direction direction);

#endif
