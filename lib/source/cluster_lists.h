/* Listing many kinds at once, over a few connections. */
#ifndef KB_SOURCE_CLUSTER_LISTS_H
#define KB_SOURCE_CLUSTER_LISTS_H

#include "kube/lister.h"

enum { KB_CLUSTER_CONNECTIONS = 3 };

/* List the kinds (NULL: all; Secrets never). Objects come in any order of kinds, one at a time; the reports
 * come at the end, in the order of kinds. */
void kb_cluster_lists(struct kb_kube_client *client, const struct kb_kube_server *server,
                      const struct kb_kind_set *kinds, unsigned page, const struct kb_object_sink *sink);

#endif
