/* Answers that are worked out for many at once are those that each gets alone. */
#include <stdlib.h>

#include "netpol_world.h"

static size_t wrong_pairs(struct kb_net_world *world)
{
    size_t n = world->classes.n, wrong = 0;
    kb_net_ports *sources = calloc(2 * n + 1, sizeof *sources), *targets = sources + n;
    for (uint32_t one = 0; sources != NULL && one < n; one++) {
        kb_net_sources(world, one, sources);
        kb_net_targets(world, one, targets);
        for (uint32_t other = 0; other < n; other++) {
            wrong += sources[other] != kb_net_between(world, other, one);
            wrong += targets[other] != kb_net_between(world, one, other);
        }
    }
    free(sources);
    return wrong;
}

struct outside {
    struct kb_net_world *world;
    const struct kb_net_pod *subject;
    enum kb_net_direction direction;
    size_t wrong, seen;
};

static void compare(void *ctx, const struct kb_ip *first, const struct kb_ip *last, kb_net_ports ports)
{
    struct outside *o = ctx;
    for (size_t i = 0; i < o->world->space.starts.n; i++) {
        struct kb_net_end end = {.ip = o->world->space.starts.at[i]};
        if (kb_net_ip_cmp(&end.ip, first) >= 0 && kb_net_ip_cmp(&end.ip, last) <= 0) {
            o->wrong += kb_net_one_way(o->world, o->direction, o->subject, &end) != ports;
            o->seen++;
        }
    }
}

static size_t wrong_outside(struct kb_net_world *world)
{
    size_t wrong = 0;
    for (size_t i = 0; i < world->classes.n * KB_NET_DIRECTIONS; i++) {
        struct outside o = {.world = world,
                            .subject = world->classes.at[i / KB_NET_DIRECTIONS].pod,
                            .direction = (enum kb_net_direction)(i % KB_NET_DIRECTIONS)};
        kb_net_outside(world, o.direction, o.subject, compare, &o);
        wrong += o.wrong + (o.seen != world->space.starts.n);
    }
    return wrong;
}

size_t netpol_wrong_rows(struct kb_net_world *world)
{
    return wrong_pairs(world) + wrong_outside(world);
}
