/* What holds where no rule speaks. */
#include "network/rules.h"
#include "network/verdict.h"

static void note_default(void *ctx, const struct kb_net_step *step)
{
    bool *open = ctx;
    bool unsaid = step->reason == KB_NET_BY_DEFAULT || step->reason == KB_NET_BY_SELECTION;
    *open = *open || (unsaid && step->action == KB_NET_ACCEPT);
}

bool kb_net_open(struct kb_net_world *world, const struct kb_net_pod *pod,
                 enum kb_net_direction direction)
{
    bool open = false;
    if (pod->finished || pod->host_network) {
        return false;
    }
    if (pod->unenforced || kb_net_isolated(world, pod, direction)) {
        return pod->unenforced;
    }
    const struct kb_net_side *side = world->classes.at[pod->cls].sides[direction];
    for (size_t peer = 0; peer < world->peers && !open; peer++) {
        struct kb_net_query q = {.world = world,
                                 .direction = direction,
                                 .side = side,
                                 .peer = peer,
                                 .families = {true, true},
                                 .fn = note_default,
                                 .ctx = &open};
        q.destination = direction == KB_NET_INGRESS   ? pod
                        : peer < world->classes.n ? world->classes.at[peer].pod
                                                  : NULL;
        (void)kb_net_verdict(&q);
    }
    return open;
}

static bool is_new_pod(const struct kb_net_select *pods)
{
    static const struct kb_net_labels none;
    return pods == NULL || kb_net_labels_match(&none, &pods->selector);
}

/* Whether all that the rule admits is the looking up of names. */
static bool only_names(const struct kb_net_rule *rule)
{
    bool only = !rule->any_port;
    for (size_t i = 0; i < rule->port_count && only; i++) {
        const struct kb_net_port *port = &rule->ports[i];
        only = port->name.n == 0 && port->first == 53 && port->last == 53 &&
               port->protocol != KB_NET_SCTP;
    }
    return only;
}

static bool admits_much(const struct kb_net_rule *rule, enum kb_net_direction direction)
{
    bool peers = rule->any_peer || rule->peer_count > 0;
    bool ports = rule->any_port || rule->port_count > 0;
    return peers && ports && !(direction == KB_NET_EGRESS && only_names(rule));
}

/* A rule of an outer tier that denies everything comes before any that admits. */
static bool tier_denies(struct kb_net_world *world, const struct kb_net_policy *policy,
                        enum kb_net_direction direction)
{
    for (size_t i = 0; i < policy->rules[direction].n; i++) {
        const struct kb_net_rule *rule = &policy->rules[direction].at[i];
        struct kb_net_of_rule of = {world, policy, direction, rule};
        if (rule->action == KB_NET_DENY && rule->any_port &&
            (kb_net_rule_everyone(&of) || kb_net_rule_all_namespaces(&of))) {
            return true;
        }
        if (rule->action != KB_NET_DENY && admits_much(rule, direction)) {
            return false;
        }
    }
    return false;
}

bool kb_net_denies_new(struct kb_net_world *world, uint32_t name_space, enum kb_net_direction direction)
{
    struct kb_str name = world->namespaces.at[name_space].name;
    bool isolated = kb_net_isolates_new(world, name, direction), denied = false;
    for (size_t i = 0; i < world->policies.n; i++) {
        const struct kb_net_policy *policy = world->policies.at[i];
        if (policy->inert || policy->selects_nothing || !is_new_pod(policy->pods)) {
            continue;
        }
        if (policy->tier != KB_NET_NAMESPACED) {
            bool here = policy->namespaces == NULL ||
                        kb_net_bit(kb_net_select_namespaces(world, policy->namespaces), name_space);
            denied = denied || (here && tier_denies(world, policy, direction));
            continue;
        }
        for (size_t k = 0; kb_str_eq(policy->name_space, name) && k < policy->rules[direction].n; k++) {
            if (admits_much(&policy->rules[direction].at[k], direction)) {
                return false;
            }
        }
    }
    return isolated || denied;
}
