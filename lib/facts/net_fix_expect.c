/* Proposals for expectations of the profile. */
#include "facts/net_expect.h"
#include "facts/net_fix_parts.h"

/* Admit the other end to, or from, those of this end that are isolated. */
static void admit(struct kb_net_proposing *p, const struct kb_net_expect_end *own, struct kb_str other, struct kb_str port,
                  enum kb_net_direction direction)
{
    for (size_t i = 0; i < own->groups.n; i++) {
        const struct kb_net_group *group = own->groups.at[i];
        json_t *peers = group->host_network || kb_net_fix_is_open(p->model, group, direction)
                            ? NULL
                            : kb_net_fix_end_peers(p->model, other, group->name_space);
        json_t *selector = peers == NULL ? NULL : kb_net_fix_selector(p->model, &group, 1);
        if (selector == NULL) {
            json_decref(peers);
            continue;
        }
        json_t *policy = kb_net_fix_policy(p->model, group->name_space, kb_net_fix_name(p, "allow", group, direction),
                                           selector, direction);
        kb_net_fix_rule(policy, direction, peers, kb_net_fix_end_ports(port));
        kb_net_fix_add(p, policy);
    }
}

/* Peers of the group's own namespace beside those of the end that must not come (or be come to). */
static json_t *others_of(const struct kb_net_proposing *p, const struct kb_net_group *group,
                         const struct kb_net_expect_end *shut)
{
    kb_net_fix_groups all = {0};
    json_t *peers = json_array();
    bool left_out = false;
    kb_net_fix_find_groups(p->model, group->name_space, &all);
    for (size_t i = 0; i < all.n; i++) {
        bool bad = false;
        for (size_t k = 0; k < shut->groups.n && !bad; k++) {
            bad = shut->groups.at[k] == all.at[i];
        }
        left_out = left_out || bad;
        json_t *peer = bad ? NULL : kb_net_fix_peer(p->model, all.at[i], group->name_space);
        if (peer != NULL) {
            json_array_append_new(peers, peer);
        }
    }
    KB_VEC_DONE(&all);
    if (left_out) {
        return peers;
    }
    json_decref(peers);
    return kb_net_fix_same_namespace();
}

/* Shut those of this end that are open against the other end. */
static void shut(struct kb_net_proposing *p, const struct kb_net_expect_end *own, const struct kb_net_expect_end *other,
                 enum kb_net_direction direction)
{
    for (size_t i = 0; i < own->groups.n; i++) {
        const struct kb_net_group *group = own->groups.at[i];
        bool can = !group->host_network && kb_net_fix_is_open(p->model, group, direction);
        json_t *selector = can ? kb_net_fix_selector(p->model, &group, 1) : NULL;
        if (selector == NULL) {
            struct kb_str why = can ? KB_STR("no labels select its pods alone") : kb_net_fix_hindrance(p, group, direction);
            p->reason = kb_arena_printf(p->q->arena, "%.*s: %.*s", KB_FMT(group->object), KB_FMT(why));
            continue;
        }
        json_t *policy = kb_net_fix_policy(p->model, group->name_space, kb_net_fix_name(p, "isolate", group, direction),
                                           selector, direction);
        json_t *peers = others_of(p, group, other);
        if (json_array_size(peers) > 0) {
            kb_net_fix_rule(policy, direction, peers, NULL);
        } else {
            json_decref(peers);
        }
        kb_net_fix_add_dns(p, policy, direction);
        kb_net_fix_keep(p->q, group, direction, policy);
        kb_net_fix_add(p, policy);
    }
}

void kb_net_fix_expectation(struct kb_net_proposing *p)
{
    struct kb_net_expectation e;
    struct kb_net_expect_end from = {0}, to = {0};
    if (!kb_net_expectation_read(p->q->object, &e) || !kb_net_expect_end_find(p->model, e.from, &from) ||
        !kb_net_expect_end_find(p->model, e.to, &to)) {
        p->reason = KB_STR("it cannot be judged");
    } else if (e.must) {
        admit(p, &from, e.to, e.port, KB_NET_EGRESS);
        admit(p, &to, e.from, e.port, KB_NET_INGRESS);
    } else if (to.groups.n > 0) {
        shut(p, &to, &from, KB_NET_INGRESS);
    } else {
        shut(p, &from, &to, KB_NET_EGRESS);
    }
    KB_VEC_DONE(&from.groups);
    KB_VEC_DONE(&to.groups);
}
