/*
 * The public address space: all of IPv4 and IPv6 but what is private, shared, of a link, of the host, or
 * multicast (RFC 1918, 6598, 3927, 1122, 5771, 4193, 4291).
 */
#ifndef KB_NETWORK_PUBLIC_H
#define KB_NETWORK_PUBLIC_H

#include "network/reach.h"

/* Whether some address from first to last, of one family, is public. */
bool kb_net_is_public(const struct kb_ip *first, const struct kb_ip *last);
/* The union of the ports that are open in this direction between the pod and some public address. */
kb_net_ports kb_net_world_ports(struct kb_net_world *world, enum kb_net_direction direction,
                                const struct kb_net_pod *subject);

#endif
