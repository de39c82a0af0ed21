/*
 * The tiers: admin policies, then those of the namespace, then baseline ones. In the outer tiers the first
 * rule that matches decides; namespaced policies admit the union of their rules, and what they isolate
 * goes no further.
 */
#include "network/verdict.h"

void kb_net_tell(const struct kb_net_query *q, enum kb_net_reason reason, enum kb_net_action action,
                 kb_net_ports ports, const struct kb_net_policy *policy,
                 const struct kb_net_rule *rule)
{
    if (q->fn != NULL && ports != KB_NET_NO_PORTS) {
        struct kb_net_step step = {q->direction, reason, action, ports, policy, rule};
        q->fn(q->ctx, &step);
    }
}

bool kb_net_matches_peer(const struct kb_net_query *q, const struct kb_net_match *match)
{
    return match->any_peer || kb_net_bit(match->selected, q->peer) ||
           (q->families[0] && kb_net_bit(match->blocks[0], q->peer)) ||
           (q->families[1] && kb_net_bit(match->blocks[1], q->peer));
}

/* What of `rest` an outer tier admits; what it does not decide is left in `rest`. */
static kb_net_ports ask_tier(const struct kb_net_query *q, enum kb_net_tier tier, kb_net_ports *rest)
{
    struct kb_net_store *store = &q->world->ports;
    kb_net_ports open = *rest, admitted = KB_NET_NO_PORTS, passed = KB_NET_NO_PORTS;
    for (size_t i = 0; i < q->side->tiers[tier].n && open != KB_NET_NO_PORTS; i++) {
        const struct kb_net_match *match = q->side->tiers[tier].at[i];
        if (!kb_net_matches_peer(q, match)) {
            continue;
        }
        kb_net_ports ports = kb_net_ports_common(
            store, open, kb_net_match_ports(q->world, match, q->destination));
        kb_net_tell(q, KB_NET_BY_RULE, match->action, ports, match->policy, match->rule);
        if (match->action == KB_NET_ACCEPT) {
            admitted = kb_net_ports_union(store, admitted, ports);
        } else if (match->action == KB_NET_PASS) {
            passed = kb_net_ports_union(store, passed, ports);
        }
        open = kb_net_ports_without(store, open, ports);
    }
    *rest = kb_net_ports_union(store, open, passed);
    return admitted;
}

unsigned kb_net_count_entries(const struct kb_net_query *q)
{
    KB_VEC(struct kb_net_range) seen = {0};
    for (size_t i = 0; i < q->side->tiers[KB_NET_NAMESPACED].n; i++) {
        const struct kb_net_match *match = q->side->tiers[KB_NET_NAMESPACED].at[i];
        if (!kb_net_matches_peer(q, match)) {
            continue;
        }
        kb_net_ports ports = kb_net_match_ports(q->world, match, q->destination);
        struct kb_net_port_set set = kb_net_ports_get(&q->world->ports, ports);
        for (size_t j = 0; j < set.n; j++) {
            size_t k = 0;
            while (k < seen.n && (seen.at[k].protocol != set.at[j].protocol ||
                                  seen.at[k].first != set.at[j].first ||
                                  seen.at[k].last != set.at[j].last)) {
                k++;
            }
            if (k == seen.n) {
                *KB_VEC_PUSH(&seen) = set.at[j];
            }
        }
    }
    unsigned n = (unsigned)seen.n;
    KB_VEC_DONE(&seen);
    return n;
}

static kb_net_ports ask_namespaced(const struct kb_net_query *q, kb_net_ports rest)
{
    struct kb_net_store *store = &q->world->ports;
    kb_net_ports admitted = KB_NET_NO_PORTS;
    unsigned limit = q->world->profile->entry_limit;
    bool longest = q->side->excepts && q->world->profile->except_denies && q->address.family != 0;
    bool shut_all = false;
    kb_net_ports most = longest ? kb_net_longest(q, &shut_all) : KB_NET_ALL_PORTS;
    if (shut_all) {
        kb_net_tell(q, KB_NET_BY_EXCEPT, KB_NET_DENY, rest, NULL, NULL);
        return KB_NET_NO_PORTS;
    }
    for (size_t i = 0; i < q->side->tiers[KB_NET_NAMESPACED].n; i++) {
        const struct kb_net_match *match = q->side->tiers[KB_NET_NAMESPACED].at[i];
        if (admitted == rest && q->fn == NULL) {
            break;
        }
        if (!(longest ? kb_net_in_chain(q, match) : kb_net_matches_peer(q, match))) {
            continue;
        }
        kb_net_ports ports = kb_net_match_ports(q->world, match, q->destination);
        ports = kb_net_ports_common(store, kb_net_ports_common(store, rest, most), ports);
        kb_net_tell(q, KB_NET_BY_RULE, KB_NET_ACCEPT, ports, match->policy, match->rule);
        admitted = kb_net_ports_union(store, admitted, ports);
    }
    if (q->fn != NULL && limit > 0 && kb_net_count_entries(q) > limit) {
        kb_net_tell(q, KB_NET_BY_LIMIT, KB_NET_ACCEPT, admitted, NULL, NULL);
    }
    kb_net_ports shut = kb_net_ports_without(store, rest, admitted);
    for (size_t i = 0; i < q->side->isolating_count; i++) {
        kb_net_tell(q, KB_NET_BY_ISOLATION, KB_NET_DENY, shut, q->side->isolating[i], NULL);
    }
    return admitted;
}

bool kb_net_settled(const struct kb_net_side *side, size_t peer, kb_net_ports *out)
{
    *out = side->open ? KB_NET_ALL_PORTS : KB_NET_NO_PORTS;
    return side->open || (side->some != NULL && !kb_net_bit(side->some, peer));
}

kb_net_ports kb_net_verdict(const struct kb_net_query *q)
{
    struct kb_net_store *store = &q->world->ports;
    kb_net_ports rest = KB_NET_ALL_PORTS;
    if (q->fn == NULL && kb_net_settled(q->side, q->peer, &rest)) {
        return rest;
    }
    rest = KB_NET_ALL_PORTS;
    kb_net_ports admitted = ask_tier(q, KB_NET_ADMIN, &rest);
    if (q->side->isolating_count > 0) {
        return kb_net_ports_union(store, admitted, ask_namespaced(q, rest));
    }
    if (q->side->selected && q->world->profile->selected_opens) {
        kb_net_tell(q, KB_NET_BY_SELECTION, KB_NET_ACCEPT, rest, NULL, NULL);
        return kb_net_ports_union(store, admitted, rest);
    }
    admitted = kb_net_ports_union(store, admitted, ask_tier(q, KB_NET_BASELINE, &rest));
    kb_net_tell(q, KB_NET_BY_DEFAULT, q->world->profile->strict ? KB_NET_DENY : KB_NET_ACCEPT, rest,
                NULL, NULL);
    return q->world->profile->strict ? admitted : kb_net_ports_union(store, admitted, rest);
}
