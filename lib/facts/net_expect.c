/* Judging an expectation. */
#include "facts/net_expect.h"

#include "facts/net_tables.h"
#include "network/public.h"

bool kb_net_expect_end_find(const struct kb_net_model *model, struct kb_str name,
                            struct kb_net_expect_end *out)
{
    struct kb_str space = kb_str_sub(name, strlen("namespace/"), name.n);
    bool whole_space = kb_str_starts(name, KB_STR("namespace/"));
    out->world = kb_str_eq_c(name, "world");
    out->address = !kb_failed(kb_ip_parse(name, &out->ip, NULL));
    for (size_t i = 0; i < model->groups.n; i++) {
        const struct kb_net_group *group = &model->groups.at[i];
        if (whole_space ? kb_str_eq(group->name_space, space) && !group->host_network
                        : kb_str_eq(group->object, name)) {
            *KB_VEC_PUSH(&out->groups) = group;
        }
    }
    return out->world || out->address || out->groups.n > 0;
}

static kb_net_ports group_world(struct kb_net_world *net, enum kb_net_direction direction,
                                const struct kb_net_group *group)
{
    kb_net_ports sum = KB_NET_NO_PORTS;
    for (size_t i = 0; i < group->class_count; i++) {
        sum = kb_net_ports_union(
            &net->ports, sum,
            kb_net_world_ports(net, direction, net->classes.at[group->classes[i]].pod));
    }
    return sum;
}

/* One pair, of which at least one end is a workload; `row` has the ports from `a` to each. */
static kb_net_ports pair_ports(struct kb_net_model *model, const struct kb_net_expect_end *from,
                               const struct kb_net_group *a, const struct kb_net_expect_end *to,
                               const struct kb_net_group *b, const kb_net_ports *row)
{
    struct kb_net_world *net = &model->net;
    if (a != NULL && b != NULL) {
        return row[b - model->groups.at];
    }
    if (a == NULL && from->world) {
        return group_world(net, KB_NET_INGRESS, b);
    }
    if (b == NULL && to->world) {
        return group_world(net, KB_NET_EGRESS, a);
    }
    struct kb_net_end source = a == NULL ? kb_net_end_ip(net, &from->ip) : kb_net_end_pod(a->pod);
    struct kb_net_end target = b == NULL ? kb_net_end_ip(net, &to->ip) : kb_net_end_pod(b->pod);
    return kb_net_allowed(net, &source, &target);
}

bool kb_net_expect_port(struct kb_str text, struct kb_net_range *out)
{
    struct kb_str protocol, number = kb_str_split(text, '/', &protocol);
    uint64_t port = 0;
    bool fits = protocol.p == NULL || kb_net_protocol_find(protocol, &out->protocol);
    out->protocol = protocol.p == NULL ? KB_NET_TCP : out->protocol;
    fits = fits && kb_str_u64(number, &port) && port >= 1 && port <= KB_NET_PORT_MAX;
    out->first = out->last = (uint16_t)port;
    return fits;
}

static bool is_open(struct kb_net_world *net, kb_net_ports ports, struct kb_str port)
{
    struct kb_net_range range = {0};
    if (port.n == 0 || !kb_net_expect_port(port, &range)) {
        return ports != KB_NET_NO_PORTS;
    }
    return kb_net_ports_has(&net->ports, ports, (enum kb_net_protocol)range.protocol, range.first);
}

/* One question while it is judged. */
struct judging {
    struct kb_net_model *model;
    const struct kb_net_expectation *expectation;
    const struct kb_net_expect_end *from, *to;
    struct kb_arena *arena;
    kb_net_ports *row; /* from one group to all */
    struct kb_net_expect_answer *out;
};

/* Those from one end, or from outside, to all others. */
static void judge_from(const struct judging *j, const struct kb_net_group *a)
{
    size_t n = j->to->groups.n == 0 ? 1 : j->to->groups.n;
    struct kb_net_world *net = &j->model->net;
    for (size_t k = 0; k < n; k++) {
        const struct kb_net_group *b = j->to->groups.n == 0 ? NULL : j->to->groups.at[k];
        if (a == b) {
            continue;
        }
        kb_net_ports ports = pair_ports(j->model, j->from, a, j->to, b, j->row);
        j->out->ports = kb_net_ports_union(&net->ports, j->out->ports, ports);
        if (is_open(net, ports, j->expectation->port) != j->expectation->must && j->out->holds) {
            j->out->holds = false;
            j->out->reason = kb_arena_printf(j->arena, "%.*s -> %.*s",
                                             KB_FMT(a == NULL ? j->expectation->from : a->object),
                                             KB_FMT(b == NULL ? j->expectation->to : b->object));
        }
    }
}

void kb_net_expectation_judge(struct kb_net_model *model, const struct kb_net_expectation *expectation,
                              const struct kb_net_expect_end *from, const struct kb_net_expect_end *to,
                              struct kb_arena *arena, struct kb_net_expect_answer *out)
{
    kb_net_ports *row = kb_alloc((model->groups.n + 1) * sizeof *row);
    struct judging j = {model, expectation, from, to, arena, row, out};
    *out = (struct kb_net_expect_answer){.holds = true, .ports = KB_NET_NO_PORTS};
    for (size_t i = 0; i == 0 || i < from->groups.n; i++) {
        const struct kb_net_group *a = from->groups.n == 0 ? NULL : from->groups.at[i];
        if (a != NULL && to->groups.n > 0) {
            kb_net_group_targets(model, a, row);
        }
        judge_from(&j, a);
    }
    kb_free(row);
}

bool kb_net_expectation_read(struct kb_str text, struct kb_net_expectation *out)
{
    struct kb_str rest, word = kb_str_split(text, ' ', &rest), arrow;
    out->must = kb_str_eq_c(word, "must");
    if (!out->must && !kb_str_eq_c(word, "must-not")) {
        return false;
    }
    out->from = kb_str_split(rest, ' ', &rest);
    arrow = kb_str_split(rest, ' ', &rest);
    out->to = kb_str_split(rest, ' ', &rest);
    out->port = rest.p == NULL ? KB_STR("") : rest;
    struct kb_net_range range;
    return kb_str_eq_c(arrow, "->") && out->to.n > 0 && out->from.n > 0 &&
           (out->port.n == 0 || kb_net_expect_port(out->port, &range));
}
