/* The engines that are known. */
#include "network/profile.h"

#define VPC_CNI                                                                                    \
    .blocks_match_pods = true, .host = KB_NET_HOST_ADDRESS, .aws_policies = true,                  \
    .own_node_open = true, .one_family = true, .order_ignored = true, .except_denies = true,       \
    .shared_identifiers = true, .named_once = true, .service_addresses = true,                     \
    .selected_opens = true, .first_peer_decides = true, .empty_to_dropped = true,                  \
    .skips_some_nodes = true, .entry_limit = 24

static const struct kb_net_profile profiles[] = {
    {.name = "kubernetes", .blocks_match_pods = true, .host = KB_NET_HOST_OUTSIDE,
     .upstream_admin = true},
    {.name = "vpc-cni", VPC_CNI},
    {.name = "vpc-cni-strict", .strict = true, VPC_CNI},
    {.name = "none", .enforces_nothing = true, .blocks_match_pods = true,
     .host = KB_NET_HOST_OUTSIDE},
};

const struct kb_net_profile *kb_net_profile_find(struct kb_str name)
{
    for (size_t i = 0; i < sizeof profiles / sizeof profiles[0]; i++) {
        if (kb_str_eq_c(name, profiles[i].name)) {
            return &profiles[i];
        }
    }
    return NULL;
}

const struct kb_net_profile *kb_net_profile_default(void)
{
    return &profiles[0];
}
