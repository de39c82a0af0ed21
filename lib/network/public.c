/* What is public. */
#include "network/public.h"

#include "network/internal.h"
#include "network/space.h"

static const struct kb_cidr reserved[] = {
    {{4, {0}}, 8},           /* 0.0.0.0/8 */
    {{4, {10}}, 8},
    {{4, {100, 64}}, 10},
    {{4, {127}}, 8},
    {{4, {169, 254}}, 16},
    {{4, {172, 16}}, 12},
    {{4, {192, 168}}, 16},
    {{4, {224}}, 3},
    {{6, {0}}, 128},         /* :: */
    {{6, {[15] = 1}}, 128},  /* ::1 */
    {{6, {0xfc}}, 7},
    {{6, {0xfe, 0x80}}, 10},
    {{6, {0xff}}, 8},
};

/* The next address; false: that was the last of its family. */
static bool next_address(struct kb_ip *ip)
{
    for (int i = ip->family == 4 ? 3 : 15; i >= 0; i--) {
        if (++ip->bytes[i] != 0) {
            return true;
        }
    }
    return false;
}

/* The last address of the reserved block that holds this one; false: none does. */
static bool reserved_end(const struct kb_ip *ip, struct kb_ip *end)
{
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
        if (kb_cidr_contains_ip(&reserved[i], ip)) {
            *end = kb_net_block_end(&reserved[i]);
            return true;
        }
    }
    return false;
}

bool kb_net_is_public(const struct kb_ip *first, const struct kb_ip *last)
{
    struct kb_ip at = *first;
    while (kb_net_ip_cmp(&at, last) <= 0) {
        struct kb_ip end;
        if (!reserved_end(&at, &end)) {
            return true;
        }
        at = end;
        if (!next_address(&at)) {
            return false;
        }
    }
    return false;
}

struct world_ports {
    struct kb_net_world *world;
    kb_net_ports ports;
};

static void add_outside(void *ctx, const struct kb_ip *first, const struct kb_ip *last,
                        kb_net_ports ports)
{
    struct world_ports *sum = ctx;
    if (ports != KB_NET_NO_PORTS && kb_net_is_public(first, last)) {
        sum->ports = kb_net_ports_union(&sum->world->ports, sum->ports, ports);
    }
}

static kb_net_ports ask_world(struct kb_net_world *world, enum kb_net_direction direction,
                              const struct kb_net_pod *subject)
{
    struct world_ports sum = {world, KB_NET_NO_PORTS};
    kb_net_outside(world, direction, subject, add_outside, &sum);
    return sum.ports;
}

/* Pods that the same policies hold, with one address, on nodes without a public one, are alike in this. */
kb_net_ports kb_net_world_ports(struct kb_net_world *world, enum kb_net_direction direction,
                                const struct kb_net_pod *subject)
{
    const struct kb_net_class *cls = subject->finished ? NULL : &world->classes.at[subject->cls];
    bool node_public =
        subject->host_ip.family != 0 && kb_net_is_public(&subject->host_ip, &subject->host_ip);
    if (cls == NULL || cls->plain == 0 || cls->exempt || node_public) {
        return ask_world(world, direction, subject);
    }
    struct {
        const void *side;
        uint32_t port_names, family;
    } key = {cls->sides[direction], cls->port_names, cls->plain};
    bool is_new;
    struct kb_map_entry *entry =
        kb_map_add(&world->world_ports, (struct kb_str){(const char *)&key, sizeof key}, &is_new);
    if (is_new) {
        entry->value.u = ask_world(world, direction, subject);
    }
    return (kb_net_ports)entry->value.u;
}
