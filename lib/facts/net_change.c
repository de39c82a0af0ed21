/* Comparing two models. */
#include "facts/net_change.h"

#include "facts/net_tables.h"

struct comparing {
    struct kb_net_model *before, *after;
    const json_t *policies;
    kb_net_change_fn *fn;
    void *ctx;
    KB_VEC(kb_net_ports) carried; /* 1 + a set of the second store in the first; 0: not looked up */
};

/* A set of the second model's in the store of the first. */
static kb_net_ports carry(struct comparing *c, kb_net_ports ports)
{
    while (c->carried.n <= ports) {
        *KB_VEC_PUSH(&c->carried) = 0;
    }
    if (c->carried.at[ports] == 0) {
        struct kb_net_port_set set = kb_net_ports_get(&c->after->net.ports, ports);
        c->carried.at[ports] = 1 + kb_net_ports_make(&c->before->net.ports, set.at, set.n);
    }
    return c->carried.at[ports] - 1;
}

static void tell(struct comparing *c, struct kb_net_change *change, kb_net_ports before, kb_net_ports after)
{
    struct kb_net_store *store = &c->before->net.ports;
    if (before != after) {
        change->opened = kb_net_ports_without(store, after, before);
        change->closed = kb_net_ports_without(store, before, after);
        c->fn(c->ctx, change);
    }
}

/* Whether a policy is of the group's namespace, so that what it sends and gets may change. */
static bool is_touched(const struct comparing *c, const struct kb_net_group *group)
{
    bool found = false;
    for (size_t i = 0; i < json_array_size(c->policies) && !found && !group->host_network; i++) {
        const json_t *meta = json_object_get(json_array_get(c->policies, i), "metadata");
        found = kb_str_eq(group->name_space, kb_json_view(json_object_get(meta, "namespace")));
    }
    return found;
}

typedef void line_fn(struct kb_net_model *model, const struct kb_net_group *one, kb_net_ports *out);

/* All with one; those that are touched too come once only. */
static void compare_line(struct comparing *c, size_t one, enum kb_net_direction direction)
{
    size_t n = c->before->groups.n;
    bool in = direction == KB_NET_INGRESS;
    line_fn *line = in ? kb_net_group_sources : kb_net_group_targets;
    kb_net_ports *before = kb_alloc((2 * n + 1) * sizeof *before), *after = before + n;
    const struct kb_net_group *group = &c->before->groups.at[one];
    line(c->before, group, before);
    line(c->after, &c->after->groups.at[one], after);
    for (size_t i = 0; i < n; i++) {
        const struct kb_net_group *other = &c->before->groups.at[i];
        struct kb_net_change change = {.from = in ? other : group, .to = in ? group : other};
        if (i != one && !other->host_network && (in || !is_touched(c, other))) {
            tell(c, &change, before[i], carry(c, after[i]));
        }
    }
    kb_free(before);
}

/* Of all its pods. */
static kb_net_ports outside(struct kb_net_model *model, size_t number, enum kb_net_direction direction,
                            const struct kb_ip *ip)
{
    const struct kb_net_group *group = &model->groups.at[number];
    struct kb_net_end end = {.ip = *ip};
    kb_net_ports sum = KB_NET_NO_PORTS;
    for (size_t i = 0; i < group->class_count; i++) {
        const struct kb_net_pod *pod = model->net.classes.at[group->classes[i]].pod;
        sum = kb_net_ports_union(&model->net.ports, sum,
                                 kb_net_one_way(&model->net, direction, pod, &end));
    }
    return sum;
}

/* The trial's addresses are cut at least where those of its base are. Neighbours that changed alike are one. */
static void compare_outside(struct comparing *c, size_t number, enum kb_net_direction direction)
{
    const struct kb_net_group *group = &c->before->groups.at[number];
    const struct kb_net_space *space = &c->after->net.space;
    struct kb_net_change change = {0};
    kb_net_ports before = 0, after = 0;
    for (size_t i = 0; i <= space->starts.n; i++) {
        bool ends = i == space->starts.n;
        kb_net_ports b = 0, a = 0;
        if (!ends) {
            b = outside(c->before, number, direction, &space->starts.at[i]);
            a = carry(c, outside(c->after, number, direction, &space->starts.at[i]));
        }
        if (i > 0 && (ends || a != after || b != before ||
                      space->starts.at[i].family != change.first.family)) {
            change.last = kb_net_space_end(space, i - 1);
            tell(c, &change, before, after);
        }
        if (!ends && (i == 0 || a != after || b != before ||
                      space->starts.at[i].family != change.first.family)) {
            change = (struct kb_net_change){.first = space->starts.at[i]};
            change.from = direction == KB_NET_EGRESS ? group : NULL;
            change.to = direction == KB_NET_INGRESS ? group : NULL;
        }
        before = b;
        after = a;
    }
}

void kb_net_changes(struct kb_net_model *before, struct kb_net_model *after, const json_t *policies,
                    kb_net_change_fn *fn, void *ctx)
{
    struct comparing c = {.before = before, .after = after, .policies = policies, .fn = fn, .ctx = ctx};
    for (int d = 0; d < KB_NET_DIRECTIONS; d++) {
        for (size_t i = 0; i < before->groups.n; i++) {
            if (is_touched(&c, &before->groups.at[i])) {
                compare_line(&c, i, (enum kb_net_direction)d);
            }
        }
    }
    for (size_t i = 0; i < before->groups.n; i++) {
        if (is_touched(&c, &before->groups.at[i])) {
            compare_outside(&c, i, KB_NET_INGRESS);
            compare_outside(&c, i, KB_NET_EGRESS);
        }
    }
    KB_VEC_DONE(&c.carried);
}
