/* A world once more, for what would be if a policy were there. */
#ifndef KB_NETWORK_COPY_H
#define KB_NETWORK_COPY_H

#include "network/world.h"

/*
 * A world as `base`, which is closed, was before it was closed: policies can be taken and kb_net_close() works
 * out classes and rules anew. Texts are borrowed from `base`, which must outlive it; pods stand in the same
 * order. Names of objects are not known to it: one that is taken again is there twice, and kb_net_find_pod()
 * finds none. Freed with kb_net_world_done(). Numbers of port sets are its own.
 */
void kb_net_world_copy(const struct kb_net_world *base, struct kb_net_world *out);

#endif
