/* Between the readers of kinds that the network model takes. */
#ifndef KB_FACTS_NET_TAKE_H
#define KB_FACTS_NET_TAKE_H

#include "facts/world.h"

typedef void kb_net_take_fn(struct kb_net_model *model, const struct kb_object *object);

struct kb_named kb_net_named_of(struct kb_net_model *model, const struct kb_object *object);
kb_net_take_fn kb_net_take_daemon_set, kb_net_take_config_map, kb_net_take_node_class,
    kb_net_take_agent, kb_net_take_endpoint, kb_net_take_peer_auth;
/* Tell the engine from what was taken; its profile. */
const struct kb_net_profile *kb_net_detect(struct kb_net_model *model, bool daemon_sets_read,
                                           struct kb_str forced);
/* Pods by workload. After the engine's world is closed. */
void kb_net_group_pods(struct kb_net_model *model);
/* Each group with the workload that was read. After kb_net_group_pods. */
void kb_net_link_workloads(struct kb_net_model *model, const struct kb_cluster *cluster);
/* What kb_net_made_begin finds. After the engine's world is closed. */
void kb_net_index_makers(struct kb_net_model *model);

#endif
