/*
 * What a policy's rules come to: whom they really admit, and what they say without effect.
 *
 * The world must be closed. Answers are computed when asked.
 */
#ifndef KB_NETWORK_RULES_H
#define KB_NETWORK_RULES_H

#include "network/reach.h"

struct kb_net_of_rule {
    struct kb_net_world *world;
    const struct kb_net_policy *policy;
    enum kb_net_direction direction;
    const struct kb_net_rule *rule;
};

/* How many live pods a policy is about, and how many templates of pods beside them it would select. */
size_t kb_net_subject_pods(const struct kb_net_world *world, const struct kb_net_policy *policy);
size_t kb_net_subject_templates(struct kb_net_world *world, const struct kb_net_policy *policy);
/* Whether one policy is about a pod. Its labels decide, and that the policy is in force. */
bool kb_net_selects(const struct kb_net_policy *policy, const struct kb_net_pod *pod);

/* Whether something is admitted only as nobody said anything of it. True of pods on nodes that are not served,
 * false of hostNetwork and finished pods. */
bool kb_net_open(struct kb_net_world *world, const struct kb_net_pod *pod,
                 enum kb_net_direction direction);
/* Whether a new pod without labels would be shut: isolated, or denied by an admin or baseline policy, with
 * no rule that admits something. For egress, names may be looked up (port 53). */
bool kb_net_denies_new(struct kb_net_world *world, uint32_t name_space, enum kb_net_direction direction);

/* Whether all pods and every address of the cluster's family are its peers. */
bool kb_net_rule_everyone(const struct kb_net_of_rule *of);
/* Whether one peer is all pods of every namespace, or several are together. */
bool kb_net_rule_all_namespaces(const struct kb_net_of_rule *of);
/* Whether a peer's labels select no pod, and no template of pods. */
bool kb_net_peer_nobody(const struct kb_net_of_rule *of, const struct kb_net_peer *peer);
/* Whether a peer's labels select some live pod of the namespace. */
bool kb_net_peer_in(const struct kb_net_of_rule *of, const struct kb_net_peer *peer, uint32_t name_space);
/* A hostNetwork pod among the pods that a peer's labels select, or NULL: by it, its node is admitted. */
const struct kb_net_pod *kb_net_peer_host(const struct kb_net_of_rule *of,
                                          const struct kb_net_peer *peer);
/* Whether the name of a port is on none of the rule's destinations, of which there are some. */
bool kb_net_port_unresolved(const struct kb_net_of_rule *of, const struct kb_net_port *port);
/* Whether all that the rule admits other rules admit too, for each pod that it is about. False for rules of
 * admin and baseline policies, and for policies about no pod. */
bool kb_net_rule_redundant(const struct kb_net_of_rule *of);

/* VPC CNI: a block of this rule excepts what other rules admit to the same pods, and it is shut by that. */
bool kb_net_rule_shuts(const struct kb_net_of_rule *of);
/* VPC CNI, egress: a Service whose pods the rule admits while its own address stays shut; NULL. `from`
 * counts Services: start at 0, and go on behind the one found. */
const struct kb_net_service *kb_net_rule_cuts_service(const struct kb_net_of_rule *of, size_t *from);

/* Distinct entries of ports for the peer that has most, in either direction. */
unsigned kb_net_most_entries(struct kb_net_world *world, const struct kb_net_pod *pod);
/* Another admin or baseline policy of the same tier and priority that says otherwise of the same traffic;
 * NULL. */
const struct kb_net_policy *kb_net_policy_tie(struct kb_net_world *world,
                                              const struct kb_net_policy *policy);
/* Whether an engine that keeps to the order of rules and one that does not would differ. */
bool kb_net_order_matters(struct kb_net_world *world, const struct kb_net_policy *policy);

#endif
