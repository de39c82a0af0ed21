/*
 * What the controller of the VPC CNI should have written into a policy's PolicyEndpoints: addresses of the pods
 * that it selects, and of the peers of its rules (amazon-network-policy-controller-k8s pkg/resolvers).
 */
#ifndef KB_NETWORK_EXPECTED_H
#define KB_NETWORK_EXPECTED_H

#include "network/world.h"

/* One entry: a block, or one address, with its exceptions, and the ports. The same may come more than once. */
struct kb_net_entry {
    enum kb_net_direction direction;
    struct kb_cidr block;
    const struct kb_cidr *excepts;
    size_t except_count;
    kb_net_ports ports;
    const struct kb_net_pod *pod; /* whose address it is; NULL: of no pod */
    bool unresolved; /* the rule names a port that nobody has: what the controller makes of it is open */
};
typedef void kb_net_entry_fn(void *ctx, const struct kb_net_entry *entry);
typedef void kb_net_pod_fn(void *ctx, const struct kb_net_pod *pod);

/* The world must be closed. */
void kb_net_expect(struct kb_net_world *world, const struct kb_net_policy *policy, kb_net_entry_fn *fn,
                   void *ctx);
/* Every live pod that the policy is about, in the order of the world. */
void kb_net_selected(const struct kb_net_world *world, const struct kb_net_policy *policy,
                     kb_net_pod_fn *fn, void *ctx);

#endif
