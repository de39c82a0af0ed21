/*
 * The space of addresses, cut at the edges of every block that a policy names: within one interval all
 * addresses are treated alike. IPv4 and IPv6 stand side by side.
 */
#ifndef KB_NETWORK_SPACE_H
#define KB_NETWORK_SPACE_H

#include "data/ip.h"

/* Zeroed memory is a space without cuts. */
struct kb_net_space {
    KB_VEC(struct kb_ip) starts; /* sorted once closed; an interval ends before the next start */
    bool closed;
};

void kb_net_space_done(struct kb_net_space *space);
/* Cut around a block, or around one address. */
void kb_net_space_cut(struct kb_net_space *space, const struct kb_cidr *block);
void kb_net_space_cut_ip(struct kb_net_space *space, const struct kb_ip *ip);
/* Put the cuts in order; nothing is cut after it. There is an interval of each family at least. */
void kb_net_space_close(struct kb_net_space *space);

/* The interval that holds the address. */
size_t kb_net_space_find(const struct kb_net_space *space, const struct kb_ip *ip);
/* The intervals *first … *last are the block. */
void kb_net_space_span(const struct kb_net_space *space, const struct kb_cidr *block, size_t *first,
                       size_t *last);
/* The last address of an interval. */
struct kb_ip kb_net_space_end(const struct kb_net_space *space, size_t interval);

/* The last address of a block. */
struct kb_ip kb_net_block_end(const struct kb_cidr *block);
/* Families, then addresses. <0, 0, >0. */
int kb_net_ip_cmp(const struct kb_ip *a, const struct kb_ip *b);

#endif
