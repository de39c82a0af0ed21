/*
 * Who enforces network policies, and what it makes of them.
 *
 * Kubernetes' API leaves questions open, and engines answer them differently; what an answer about
 * reachability assumes is therefore an input. Rules of the VPC CNI: amazon-network-policy-controller-k8s
 * (pkg/resolvers) and aws-network-policy-agent (pkg/fwruleprocessor, pkg/ebpf/c).
 */
#ifndef KB_NETWORK_PROFILE_H
#define KB_NETWORK_PROFILE_H

#include "base/str.h"

/* What a hostNetwork pod is to the selector of a rule. It is never the subject of a policy. */
enum kb_net_host {
    KB_NET_HOST_OUTSIDE, /* nothing: only blocks match its node's address */
    KB_NET_HOST_ADDRESS  /* its node's address: who else has it (the node, other such pods) is matched too */
};

struct kb_net_profile {
    const char *name;
    bool enforces_nothing;    /* there is no engine: policies are words */
    bool strict;              /* a pod that no policy selects is closed, not open */
    bool blocks_match_pods;   /* ipBlock and networks match addresses of pods */
    enum kb_net_host host;
    bool upstream_admin;      /* policy.networking.k8s.io is enforced */
    bool aws_policies;        /* networking.k8s.aws is enforced */
    bool own_node_open;       /* a pod and its own node reach each other, above all policies */
    bool one_family;          /* rules of the other IP family than the cluster's do nothing */
    bool order_ignored;       /* rules of admin policies: priority, then Deny, Accept, Pass; not their order */
    bool except_denies;       /* an except closes its range to wider blocks of other rules too */
    bool shared_identifiers;  /* pods whose names differ after the last dash share all their rules */
    bool named_once;          /* named ports: not in egress to blocks; for ingress the ports of all
                                 selected pods together */
    bool service_addresses;   /* egress by selector admits the cluster addresses of matching Services */
    bool selected_opens;      /* a selected pod's other direction is open, whatever baseline rules say */
    bool first_peer_decides;  /* an admin ingress rule whose first peer matches no namespace is dropped */
    bool empty_to_dropped;    /* an ApplicationNetworkPolicy's egress rule without peers is dropped */
    bool skips_some_nodes;    /* pods on Fargate, Windows and hybrid nodes are not enforced */
    unsigned entry_limit;     /* distinct ports for one address; more are lost. 0: no limit */
};

/* "kubernetes", "vpc-cni", "vpc-cni-strict", "none"; NULL where there is no profile of that name. */
const struct kb_net_profile *kb_net_profile_find(struct kb_str name);
/* What Kubernetes' documents and end-to-end tests say. */
const struct kb_net_profile *kb_net_profile_default(void);

#endif
