/* Worlds of network policies as the tables write them. */
#ifndef KB_TESTS_CONFORMANCE_NETPOL_WORLD_H
#define KB_TESTS_CONFORMANCE_NETPOL_WORLD_H

#include "network/reach.h"

/* Namespaces, pods, nodes, services and policies of a case, closed; `profile` of the case names the engine. A
 * pod is {namespace, name, ip, labels, ports, hostNetwork, hostIP, phase, node}, or an object with a kind.
 * False, and a message, where the profile is not known. Freed with kb_net_world_done either way. */
bool netpol_world(struct kb_net_world *world, const json_t *test);
/* A world before it is closed. */
bool netpol_open(struct kb_net_world *world, const json_t *test);

/* "namespace/pod" or "ip:1.2.3.4". False where there is none. */
bool netpol_end(const struct kb_net_world *world, struct kb_str text, struct kb_net_end *out);

/* The whole file as JSON, plain or gzip: a new reference, or NULL and a message. */
json_t *netpol_load(const char *path);
/* All objects of a YAML file, taken. */
bool netpol_take_yaml(struct kb_net_world *world, const char *path);

/* How many answers for many at once (reach.h) differ from those for each alone. The world must be closed. */
size_t netpol_wrong_rows(struct kb_net_world *world);

#endif
