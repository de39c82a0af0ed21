/* Intervals of addresses between the edges of blocks. */
#include "network/space.h"

#include <stdlib.h>

static size_t ip_bytes(const struct kb_ip *ip)
{
    return ip->family == 4 ? 4 : 16;
}

int kb_net_ip_cmp(const struct kb_ip *a, const struct kb_ip *b)
{
    return a->family != b->family ? (int)a->family - (int)b->family
                                  : memcmp(a->bytes, b->bytes, ip_bytes(a));
}

static int compare(const void *a, const void *b)
{
    return kb_net_ip_cmp(a, b);
}

/* One more, or one less, as a number; false where there is none of the family. */
static bool step(struct kb_ip *ip, int by)
{
    uint8_t at_end = by > 0 ? 0xFF : 0;
    for (size_t i = ip_bytes(ip); i > 0; i--) {
        bool carries = ip->bytes[i - 1] == at_end;
        ip->bytes[i - 1] = (uint8_t)(ip->bytes[i - 1] + by);
        if (!carries) {
            return true;
        }
    }
    return false;
}

struct kb_ip kb_net_block_end(const struct kb_cidr *block)
{
    struct kb_ip ip = kb_cidr_masked(block).ip;
    for (size_t i = 0; i < ip_bytes(&ip); i++) {
        size_t first = i * 8;
        if (first >= block->bits) {
            ip.bytes[i] = 0xFF;
        } else if (block->bits - first < 8) {
            ip.bytes[i] |= (uint8_t)(0xFFU >> (block->bits - first));
        }
    }
    return ip;
}

void kb_net_space_done(struct kb_net_space *space)
{
    KB_VEC_DONE(&space->starts);
    space->closed = false;
}

void kb_net_space_cut(struct kb_net_space *space, const struct kb_cidr *block)
{
    struct kb_ip next = kb_net_block_end(block);
    *KB_VEC_PUSH(&space->starts) = kb_cidr_masked(block).ip;
    if (step(&next, 1)) {
        *KB_VEC_PUSH(&space->starts) = next;
    }
}

void kb_net_space_cut_ip(struct kb_net_space *space, const struct kb_ip *ip)
{
    struct kb_cidr block = {*ip, ip->family == 4 ? 32 : 128};
    kb_net_space_cut(space, &block);
}

void kb_net_space_close(struct kb_net_space *space)
{
    size_t kept = 0;
    *KB_VEC_PUSH(&space->starts) = (struct kb_ip){.family = 4};
    *KB_VEC_PUSH(&space->starts) = (struct kb_ip){.family = 6};
    qsort(space->starts.at, space->starts.n, sizeof *space->starts.at, compare);
    for (size_t i = 0; i < space->starts.n; i++) {
        if (i == 0 || compare(&space->starts.at[i], &space->starts.at[kept - 1]) != 0) {
            space->starts.at[kept++] = space->starts.at[i];
        }
    }
    space->starts.n = kept;
    space->closed = true;
}

size_t kb_net_space_find(const struct kb_net_space *space, const struct kb_ip *ip)
{
    size_t low = 0, high = space->starts.n;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (kb_net_ip_cmp(&space->starts.at[middle], ip) <= 0) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

void kb_net_space_span(const struct kb_net_space *space, const struct kb_cidr *block, size_t *first,
                       size_t *last)
{
    struct kb_ip begin = kb_cidr_masked(block).ip, end = kb_net_block_end(block);
    *first = kb_net_space_find(space, &begin);
    *last = kb_net_space_find(space, &end);
}

struct kb_ip kb_net_space_end(const struct kb_net_space *space, size_t interval)
{
    const struct kb_ip *start = &space->starts.at[interval];
    if (interval + 1 < space->starts.n && space->starts.at[interval + 1].family == start->family) {
        struct kb_ip end = space->starts.at[interval + 1];
        (void)step(&end, -1);
        return end;
    }
    struct kb_cidr whole = {*start, 0};
    return kb_net_block_end(&whole);
}
