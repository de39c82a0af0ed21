/* Rules of admin policies whose order, or whose tie, decides. */
#include "network/internal.h"
#include "network/rules.h"

static bool share(const struct kb_net_world *world, const uint64_t *a, const uint64_t *b)
{
    for (size_t i = 0; i < kb_net_words(world->peers); i++) {
        if (a != NULL && b != NULL && (a[i] & b[i]) != 0) {
            return true;
        }
    }
    return false;
}

/* Some peer and some port of both. Names of ports may be any port. */
static bool overlap(struct kb_net_world *world, const struct kb_net_match *a,
                    const struct kb_net_match *b)
{
    const uint64_t *const left[] = {a->selected, a->blocks[0], a->blocks[1]};
    const uint64_t *const right[] = {b->selected, b->blocks[0], b->blocks[1]};
    bool peers = a->any_peer || b->any_peer;
    for (size_t i = 0; i < 9 && !peers; i++) {
        peers = share(world, left[i / 3], right[i % 3]);
    }
    bool ports = a->named_count > 0 || b->named_count > 0 ||
                 kb_net_ports_common(&world->ports, a->ports, b->ports) != KB_NET_NO_PORTS;
    return peers && ports;
}

static bool contradicts(struct kb_net_world *world, const struct kb_net_policy *policy,
                        const struct kb_net_policy *other)
{
    for (int d = 0; d < KB_NET_DIRECTIONS; d++) {
        struct kb_net_matches a = kb_net_compile(world, policy, (enum kb_net_direction)d);
        struct kb_net_matches b = kb_net_compile(world, other, (enum kb_net_direction)d);
        for (size_t i = 0; i < a.n; i++) {
            for (size_t k = 0; k < b.n; k++) {
                if (a.at[i].action != b.at[k].action && overlap(world, &a.at[i], &b.at[k])) {
                    return true;
                }
            }
        }
    }
    return false;
}

const struct kb_net_policy *kb_net_policy_tie(struct kb_net_world *world,
                                              const struct kb_net_policy *policy)
{
    if (policy->tier == KB_NET_NAMESPACED || policy->inert) {
        return NULL;
    }
    for (size_t i = 0; i < world->policies.n; i++) {
        const struct kb_net_policy *other = world->policies.at[i];
        if (other != policy && !other->inert && other->tier == policy->tier &&
            other->priority == policy->priority &&
            share(world, policy->subjects, other->subjects) && contradicts(world, policy, other)) {
            return other;
        }
    }
    return NULL;
}

bool kb_net_order_matters(struct kb_net_world *world, const struct kb_net_policy *policy)
{
    for (int d = 0; d < KB_NET_DIRECTIONS && policy->tier != KB_NET_NAMESPACED && !policy->inert; d++) {
        struct kb_net_matches all = kb_net_compile(world, policy, (enum kb_net_direction)d);
        for (size_t i = 0; i < all.n; i++) {
            for (size_t k = i + 1; k < all.n; k++) {
                /* What stands first would come second by its action. */
                if (all.at[i].action > all.at[k].action && all.at[i].rule != all.at[k].rule &&
                    overlap(world, &all.at[i], &all.at[k])) {
                    return true;
                }
            }
        }
    }
    return false;
}
