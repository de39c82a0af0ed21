/* Proposals, by what is wrong. */
#include "facts/net_expect.h"
#include "facts/net_fix_parts.h"
#include "facts/net_tables.h"

static const char *word(enum kb_net_direction direction)
{
    return kb_net_direction_name(direction);
}

static const struct kb_net_pod *pod_of(const struct kb_net_model *model, const struct kb_net_group *group, size_t i)
{
    return model->net.classes.at[group->classes[i]].pod;
}

/* Whether a policy that selects its pods would shut something. */
bool kb_net_fix_is_open(const struct kb_net_model *model, const struct kb_net_group *group,
                    enum kb_net_direction direction)
{
    bool open = false;
    for (size_t i = 0; i < group->class_count && !open; i++) {
        const struct kb_net_pod *pod = pod_of(model, group, i);
        open = !model->net.classes.at[pod->cls].exempt && !kb_net_isolated(&model->net, pod, direction);
    }
    return open;
}

struct kb_str kb_net_fix_name(const struct kb_net_proposing *p, const char *what, const struct kb_net_group *group,
                                 enum kb_net_direction direction)
{
    return kb_arena_printf(p->q->arena, "%s-%.*s-%s", what, KB_FMT(group->name), word(direction));
}

/* Where a pod without policies is shut, a policy of one direction opens the other: pods that are shut there stay so
 * by a policy of both. */
static void hold_other_way(const struct kb_net_proposing *p, json_t *policy)
{
    const struct kb_net_world *net = &p->model->net;
    json_t *spec = json_object_get(policy, "spec"), *types = json_object_get(spec, "policyTypes");
    struct kb_str space = kb_json_view(kb_json_dig(policy, "metadata", "namespace", NULL));
    bool in = kb_str_eq_c(kb_json_view(json_array_get(types, 0)), "Ingress"), all = net->profile->strict;
    struct kb_selector selector;
    if (!all || kb_failed(kb_selector_from_json(json_object_get(spec, "podSelector"), p->q->arena, &selector, NULL))) {
        return;
    }
    for (size_t i = 0; i < net->pods.n && all; i++) {
        const struct kb_net_pod *pod = net->pods.at[i];
        bool held = !pod->finished && !pod->host_network && kb_str_eq(pod->name_space, space) &&
                    kb_net_labels_match(&pod->labels, &selector);
        all = !held || kb_net_isolated(net, pod, in ? KB_NET_EGRESS : KB_NET_INGRESS);
    }
    if (all) {
        json_array_append_new(types, json_string(in ? "Egress" : "Ingress"));
    }
}

void kb_net_fix_add(struct kb_net_proposing *p, json_t *policy)
{
    hold_other_way(p, policy);
    size_t i;
    json_t *at, *meta = json_object_get(policy, "metadata");
    /* Two kinds of workloads may have one name. */
    json_array_foreach(p->out, i, at) {
        if (json_equal(json_object_get(at, "metadata"), meta)) {
            struct kb_str name = kb_json_view(json_object_get(meta, "name"));
            struct kb_str other = kb_arena_printf(p->q->arena, "%.*s-2", KB_FMT(name));
            json_object_set_new(meta, "name", json_stringn(other.p, other.n));
            i = SIZE_MAX; /* from the beginning */
        }
    }
    json_array_append_new(p->out, policy);
}

void kb_net_fix_add_dns(const struct kb_net_proposing *p, json_t *policy, enum kb_net_direction direction)
{
    json_t *peers = direction == KB_NET_EGRESS ? kb_net_fix_dns_peers(p->model) : NULL;
    if (peers != NULL) {
        kb_net_fix_rule(policy, direction, peers, kb_net_fix_dns_ports());
    }
}

/* Groups of a namespace with a network of their own. */
void kb_net_fix_find_groups(const struct kb_net_model *model, struct kb_str name_space, kb_net_fix_groups *out)
{
    for (size_t i = 0; i < model->groups.n; i++) {
        const struct kb_net_group *group = &model->groups.at[i];
        if (kb_str_eq(group->name_space, name_space) && !group->host_network) {
            *KB_VEC_PUSH(out) = group;
        }
    }
}

/* Other pods there, to which it speaks. */
static bool has_company(const struct kb_net_model *model, const struct kb_net_group *group)
{
    kb_net_fix_groups all = {0};
    kb_net_fix_find_groups(model, group->name_space, &all);
    bool company = all.n > 1 || group->pods > 1;
    KB_VEC_DONE(&all);
    return company;
}

/* Shut one workload but for its namespace, names, and what must stay. */
static void isolate(struct kb_net_proposing *p, const struct kb_net_group *group, enum kb_net_direction direction,
                    json_t *selector, bool names)
{
    json_t *policy = kb_net_fix_policy(p->model, group->name_space, kb_net_fix_name(p, "isolate", group, direction),
                                       selector, direction);
    if (has_company(p->model, group)) {
        kb_net_fix_rule(policy, direction, kb_net_fix_same_namespace(), NULL);
    }
    if (names) {
        kb_net_fix_add_dns(p, policy, direction);
    }
    kb_net_fix_keep(p->q, group, direction, policy);
    kb_net_fix_add(p, policy);
}

/* Why a workload cannot be shut by a policy; empty: it can. */
struct kb_str kb_net_fix_hindrance(struct kb_net_proposing *p, const struct kb_net_group *group, enum kb_net_direction direction)
{
    if (group->host_network) {
        return KB_STR("its pods use the network of their node: no NetworkPolicy holds them");
    }
    if (!kb_net_fix_is_open(p->model, group, direction)) {
        if (group->unenforced) {
            return KB_STR("its pods are on nodes where nothing is enforced");
        }
        struct kb_str rules = kb_net_fix_rules(p->q, group, direction);
        return rules.n == 0 ? KB_STR("it is isolated already, and no rule is at work")
                            : kb_arena_printf(p->q->arena,
                                              "it is isolated for %s already, and policies only add up: narrow %.*s",
                                              word(direction), KB_FMT(rules));
    }
    return KB_STR("");
}

static const struct kb_net_group *find_group(struct kb_net_proposing *p, struct kb_str object)
{
    const struct kb_map_entry *entry = kb_map_find(&p->model->group_index, object);
    return entry == NULL ? NULL : &p->model->groups.at[entry->value.u];
}

/* By its own labels; or with others that are open too: those that labels do not tell from it, or all there are. */
static json_t *selector_for(const struct kb_net_proposing *p, const struct kb_net_group *group,
                            enum kb_net_direction direction)
{
    json_t *selector = kb_net_fix_selector(p->model, &group, 1);
    kb_net_fix_groups all = {0}, open = {0}, rest = {0};
    kb_net_fix_find_groups(p->model, group->name_space, &all);
    for (size_t i = 0; i < all.n; i++) {
        if (kb_net_fix_is_open(p->model, all.at[i], direction)) {
            *KB_VEC_PUSH(&open) = all.at[i];
        }
    }
    if (selector == NULL) {
        selector = kb_net_fix_twins(p->model, group, &open, &rest);
    }
    if (selector == NULL && open.n == all.n) {
        selector = json_object();
    }
    KB_VEC_DONE(&all);
    KB_VEC_DONE(&open);
    KB_VEC_DONE(&rest);
    return selector;
}

static void propose_isolation(struct kb_net_proposing *p, enum kb_net_direction direction)
{
    const struct kb_net_group *group = find_group(p, p->q->object);
    if (group == NULL) {
        p->reason = KB_STR("it has no live pods");
        return;
    }
    p->reason = kb_net_fix_hindrance(p, group, direction);
    if (p->reason.n > 0) {
        return;
    }
    json_t *selector = selector_for(p, group, direction);
    if (selector == NULL) {
        p->reason = KB_STR("no labels select its pods and no others of the namespace: give them one of their own");
        return;
    }
    isolate(p, group, direction, selector, true);
}

/* Let some workloads, by a selector that fits them alone, go on with their namespace; takes the selector. */
static void allow_together(struct kb_net_proposing *p, const struct kb_net_group *first, json_t *selector,
                           enum kb_net_direction direction, bool names)
{
    struct kb_str name = kb_arena_printf(p->q->arena, "allow-same-namespace-%s", word(direction));
    json_t *policy = kb_net_fix_policy(p->model, first->name_space, name, selector, direction);
    kb_net_fix_rule(policy, direction, kb_net_fix_same_namespace(), NULL);
    if (names) {
        kb_net_fix_add_dns(p, policy, direction);
    }
    kb_net_fix_add(p, policy);
}

/* Those of `open`, from the first on, that have one of its labels too, where a selector fits these alone: workloads
 * that labels do not tell from each other. They are taken out of `open`. */
static bool allow_twins(struct kb_net_proposing *p, kb_net_fix_groups *open, enum kb_net_direction direction,
                        bool names)
{
    kb_net_fix_groups rest = {0};
    const struct kb_net_group *first = open->at[0];
    json_t *selector = kb_net_fix_twins(p->model, first, open, &rest);
    if (selector != NULL) {
        allow_together(p, first, selector, direction, names);
        KB_VEC_DONE(open);
        *open = rest;
    }
    return selector != NULL;
}

static void drop_first(kb_net_fix_groups *open)
{
    open->n--;
    for (size_t i = 0; i < open->n; i++) {
        open->at[i] = open->at[i + 1];
    }
}

/* What is to stay of one workload beside its namespace. */
static void keep_outside(struct kb_net_proposing *p, const struct kb_net_group *group,
                         enum kb_net_direction direction)
{
    json_t *selector = kb_net_fix_keeps(p->q, group, direction) ? kb_net_fix_selector(p->model, &group, 1) : NULL;
    if (selector != NULL) {
        json_t *policy = kb_net_fix_policy(p->model, group->name_space, kb_net_fix_name(p, "keep", group, direction),
                                           selector, direction);
        kb_net_fix_keep(p->q, group, direction, policy);
        kb_net_fix_add(p, policy);
    }
}

/* Policies for the workloads that are open today, so that the default shuts their namespace from outside only: one
 * for all, or one for each, or for those that cannot be told apart. */
static void keep_open(struct kb_net_proposing *p, kb_net_fix_groups *open, enum kb_net_direction direction,
                      bool names)
{
    json_t *all = open->n > 1 ? kb_net_fix_selector(p->model, open->at, open->n) : NULL;
    if (all != NULL) {
        allow_together(p, open->at[0], all, direction, names);
        for (size_t i = 0; i < open->n; i++) {
            keep_outside(p, open->at[i], direction);
        }
        return;
    }
    while (open->n > 0) {
        const struct kb_net_group *group = open->at[0];
        bool wants = names || has_company(p->model, group) || kb_net_fix_keeps(p->q, group, direction);
        json_t *selector = wants ? kb_net_fix_selector(p->model, &group, 1) : NULL;
        if (selector != NULL) {
            isolate(p, group, direction, selector, names);
        }
        if (selector != NULL || !wants || !allow_twins(p, open, direction, names)) {
            drop_first(open);
        }
    }
}

static void propose_default(struct kb_net_proposing *p, enum kb_net_direction direction)
{
    struct kb_str space, name;
    (void)kb_str_split(p->q->object, '/', &space);
    kb_net_fix_groups all = {0}, open = {0};
    kb_net_fix_find_groups(p->model, space, &all);
    for (size_t i = 0; i < all.n; i++) {
        if (kb_net_fix_is_open(p->model, all.at[i], direction)) {
            *KB_VEC_PUSH(&open) = all.at[i];
        }
    }
    name = kb_arena_printf(p->q->arena, "default-deny-%s", word(direction));
    json_t *deny = kb_net_fix_policy(p->model, space, name, json_object(), direction);
    /* Names for whatever comes, unless that would open them to somebody who is shut today. */
    bool names = direction == KB_NET_EGRESS, at_once = names && open.n == all.n;
    if (at_once) {
        kb_net_fix_add_dns(p, deny, direction);
    }
    kb_net_fix_add(p, deny);
    keep_open(p, &open, direction, names && !at_once);
    KB_VEC_DONE(&all);
    KB_VEC_DONE(&open);
}

static bool reaches_imds(const struct kb_net_proposing *p, const struct kb_net_group *group)
{
    enum { HTTP = 80 };
    struct kb_net_world *net = &p->model->net;
    return kb_net_ports_has(&net->ports, kb_net_reach_ip(net, group, "169.254.169.254"), KB_NET_TCP, HTTP) ||
           kb_net_ports_has(&net->ports, kb_net_reach_ip(net, group, "fd00:ec2::254"), KB_NET_TCP, HTTP);
}

/* One policy for all of the namespace that are alike in this, where labels allow it. */
static void propose_imds(struct kb_net_proposing *p)
{
    const struct kb_net_group *group = find_group(p, p->q->object);
    p->reason = group == NULL ? KB_STR("it has no live pods") : kb_net_fix_hindrance(p, group, KB_NET_EGRESS);
    if (p->reason.n > 0 || group == NULL) {
        return;
    }
    kb_net_fix_groups all = {0}, open = {0};
    kb_net_fix_find_groups(p->model, group->name_space, &all);
    for (size_t i = 0; i < all.n; i++) {
        if (kb_net_fix_is_open(p->model, all.at[i], KB_NET_EGRESS) && reaches_imds(p, all.at[i])) {
            *KB_VEC_PUSH(&open) = all.at[i];
        }
    }
    json_t *selector = kb_net_fix_selector(p->model, open.at, open.n);
    struct kb_str name = KB_STR("no-node-metadata");
    if (selector == NULL || open.n == 1) {
        json_decref(selector);
        selector = selector_for(p, group, KB_NET_EGRESS);
        name = kb_arena_printf(p->q->arena, "no-node-metadata-%.*s", KB_FMT(group->name));
    }
    if (selector == NULL) {
        p->reason = KB_STR("no labels select its pods and no others of the namespace: give them one of their own");
    } else {
        json_t *policy = kb_net_fix_policy(p->model, group->name_space, name, selector, KB_NET_EGRESS);
        kb_net_fix_rule(policy, KB_NET_EGRESS, kb_net_fix_all_but_imds(p->model), NULL);
        kb_net_fix_add(p, policy);
    }
    KB_VEC_DONE(&all);
    KB_VEC_DONE(&open);
}

static void propose_dns(struct kb_net_proposing *p)
{
    const struct kb_net_group *group = find_group(p, p->q->object);
    json_t *peers = kb_net_fix_dns_peers(p->model);
    if (group == NULL || peers == NULL) {
        json_decref(peers);
        p->reason = KB_STR("nothing is known that resolves names here");
        return;
    }
    kb_net_fix_groups all = {0};
    bool open = false;
    kb_net_fix_find_groups(p->model, group->name_space, &all);
    for (size_t i = 0; i < all.n; i++) {
        open = open || kb_net_fix_is_open(p->model, all.at[i], KB_NET_EGRESS);
    }
    KB_VEC_DONE(&all);
    /* For the whole namespace, unless some of it is open, which the policy would shut. */
    json_t *selector = open ? kb_net_fix_selector(p->model, &group, 1) : json_object();
    if (selector == NULL) {
        json_decref(peers);
        p->reason = KB_STR("no labels select its pods and no others of the namespace: give them one of their own");
        return;
    }
    struct kb_str name =
        open ? kb_arena_printf(p->q->arena, "allow-dns-%.*s", KB_FMT(group->name)) : KB_STR("allow-dns");
    json_t *policy = kb_net_fix_policy(p->model, group->name_space, name, selector, KB_NET_EGRESS);
    kb_net_fix_rule(policy, KB_NET_EGRESS, peers, kb_net_fix_dns_ports());
    kb_net_fix_add(p, policy);
}

json_t *kb_net_fix_propose(const struct kb_net_fix_question *question, struct kb_str *reason)
{
    struct kb_net_proposing p = {.q = question, .model = question->model, .out = json_array()};
    if (question->model->net.profile->enforces_nothing) {
        p.reason = KB_STR("nothing enforces policies here: see the control netpol-engine-present");
    }
    switch (p.reason.n > 0 ? KB_NET_FIX_NONE : question->shape) {
    case KB_NET_FIX_NONE:
        break;
    case KB_NET_FIX_NAMESPACE_INGRESS:
    case KB_NET_FIX_NAMESPACE_EGRESS:
        propose_default(&p, question->shape == KB_NET_FIX_NAMESPACE_INGRESS ? KB_NET_INGRESS : KB_NET_EGRESS);
        break;
    case KB_NET_FIX_INGRESS:
    case KB_NET_FIX_EGRESS:
        propose_isolation(&p, question->shape == KB_NET_FIX_INGRESS ? KB_NET_INGRESS : KB_NET_EGRESS);
        break;
    case KB_NET_FIX_IMDS:
        propose_imds(&p);
        break;
    case KB_NET_FIX_DNS:
        propose_dns(&p);
        break;
    case KB_NET_FIX_EXPECTATION:
        kb_net_fix_expectation(&p);
        break;
    }
    if (json_array_size(p.out) > 0) {
        return p.out;
    }
    json_decref(p.out);
    *reason = p.reason.n > 0 ? p.reason : KB_STR("no policy that could be added changes it");
    return NULL;
}
