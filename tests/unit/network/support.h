/* Small clusters from YAML. */
#ifndef KB_TESTS_UNIT_NETWORK_SUPPORT_H
#define KB_TESTS_UNIT_NETWORK_SUPPORT_H

#include "network/reach.h"
#include "test.h"

/* Take all objects of the YAML text. */
void take(struct kb_net_world *world, const char *yaml);
/* A closed world of the profile named (NULL: the default). Freed with kb_net_world_done. */
struct kb_net_world world_of(const char *profile, const char *yaml);

/* "namespace/pod", or an address. */
struct kb_net_end end_of(const struct kb_net_world *world, const char *text);
/* Ports of a connection, as text, in a buffer that the next call uses again. */
const char *reach(struct kb_net_world *world, const char *from, const char *to);
/* The steps of an explanation: "egress rule accept TCP 80 NetworkPolicy/x/p[0]; …". */
const char *why(struct kb_net_world *world, const char *from, const char *to);
/* All problems: "object path: text", one a line. */
const char *problems(const struct kb_net_world *world);

/* A running pod with the address and labels {app: <name>}. */
#define POD(ns, name, ip, more)                                                                    \
    "---\napiVersion: v1\nkind: Pod\nmetadata: {namespace: " ns ", name: " name                    \
    ", labels: {app: " name "}}\nspec: {" more "}\nstatus: {phase: Running, podIP: '" ip "'}\n"

#endif
