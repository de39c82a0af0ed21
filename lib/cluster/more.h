/* Readers of single kinds, used by kb_cluster_take. */
#ifndef KB_CLUSTER_MORE_H
#define KB_CLUSTER_MORE_H

#include "cluster/cluster.h"

struct kb_named kb_cluster_named(struct kb_cluster *cluster, const struct kb_object *object);

void kb_cluster_take_budget(struct kb_cluster *cluster, const struct kb_object *object);
void kb_cluster_take_secret(struct kb_cluster *cluster, const struct kb_object *object);
void kb_cluster_take_custom_resource(struct kb_cluster *cluster, const struct kb_object *object);
void kb_cluster_take_csi_driver(struct kb_cluster *cluster, const struct kb_object *object);
void kb_cluster_take_policy_binding(struct kb_cluster *cluster, const struct kb_object *object);

/* Whether a PodSpec spreads its pods over zones, or keeps them apart in zones; preferring it counts. */
bool kb_pod_spreads_zones(const json_t *spec);

#endif
