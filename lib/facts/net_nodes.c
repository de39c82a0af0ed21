/*
 * What pods reach on nodes. Pods that the same policies hold reach the same on all nodes but their own, so it is
 * worked out once for each set of policies: which ports are reached, and on which nodes, two of each being enough to
 * leave out any one.
 */
#include "facts/net_tables.h"

enum { DIFFERENT_MAX = 8 }; /* more different answers are not kept */

struct reached {
    kb_net_ports ports;
    struct kb_str nodes[2];
    size_t n;
};

struct node_answer {
    struct reached at[DIFFERENT_MAX];
    size_t n;
    bool lost; /* there were more */
};

static kb_net_ports wanted_ports(struct kb_net_world *net)
{
    static const struct kb_net_range services[] = {
        {KB_NET_TCP, 22, 22},       {KB_NET_TCP, 2379, 2379},   {KB_NET_TCP, 10250, 10250},
        {KB_NET_TCP, 10256, 10256}, {KB_NET_TCP, 30000, 32767}, {KB_NET_UDP, 30000, 32767}};
    return kb_net_ports_make(&net->ports, services, sizeof services / sizeof services[0]);
}

static void note(struct node_answer *answer, kb_net_ports ports, struct kb_str node)
{
    size_t i = 0;
    while (i < answer->n && answer->at[i].ports != ports) {
        i++;
    }
    if (i == DIFFERENT_MAX) {
        answer->lost = true;
        return;
    }
    struct reached *at = &answer->at[i];
    answer->n += i == answer->n;
    at->ports = ports;
    if (at->n < 2 && !(at->n == 1 && kb_str_eq(at->nodes[0], node))) {
        at->nodes[at->n++] = node;
    }
}

/* On all nodes, were none its own. */
static void ask_nodes(struct kb_net_world *net, const struct kb_net_pod *of, struct node_answer *out)
{
    struct kb_net_pod guest = *of, *pod = &guest;
    kb_net_ports wanted = wanted_ports(net);
    guest.host_ip = (struct kb_ip){0};
    for (size_t i = 0; i < net->nodes.n; i++) {
        const struct kb_net_node *node = &net->nodes.at[i];
        for (size_t k = 0; k < node->ip_count; k++) {
            struct kb_net_end from = kb_net_end_pod(pod), to = {.ip = node->ips[k]};
            kb_net_ports open = kb_net_ports_common(&net->ports, kb_net_allowed(net, &from, &to), wanted);
            if (open != KB_NET_NO_PORTS) {
                note(out, open, node->name);
            }
        }
    }
}

static kb_net_ports sum_of(struct kb_net_world *net, const struct node_answer *answer, struct kb_str without)
{
    kb_net_ports sum = KB_NET_NO_PORTS;
    for (size_t i = 0; i < answer->n; i++) {
        const struct reached *at = &answer->at[i];
        bool elsewhere = false;
        for (size_t k = 0; k < at->n; k++) {
            elsewhere = elsewhere || !kb_str_eq(at->nodes[k], without);
        }
        sum = elsewhere ? kb_net_ports_union(&net->ports, sum, at->ports) : sum;
    }
    return sum;
}

static kb_net_ports ask_alone(struct kb_net_world *net, const struct kb_net_pod *pod)
{
    kb_net_ports sum = KB_NET_NO_PORTS, wanted = wanted_ports(net);
    for (size_t i = 0; i < net->nodes.n && sum != wanted; i++) {
        const struct kb_net_node *node = &net->nodes.at[i];
        for (size_t k = 0; k < node->ip_count && !kb_str_eq(node->name, pod->node); k++) {
            struct kb_net_end from = kb_net_end_pod(pod), to = {.ip = node->ips[k]};
            kb_net_ports open = kb_net_allowed(net, &from, &to);
            sum = kb_net_ports_union(&net->ports, sum, kb_net_ports_common(&net->ports, open, wanted));
        }
    }
    return sum;
}

static struct kb_str bytes_of(const struct kb_ip *ip)
{
    return (struct kb_str){(const char *)ip, sizeof *ip};
}

/* Whether the address of the pod's own node is that of the node of this name, and of no other. */
static bool is_at_home(struct kb_net_model *model, const struct kb_net_pod *pod)
{
    const struct kb_net_world *net = &model->net;
    for (size_t i = model->node_addresses.n > 0 ? net->nodes.n : 0; i < net->nodes.n; i++) {
        for (size_t k = 0; k < net->nodes.at[i].ip_count; k++) {
            bool is_new;
            struct kb_map_entry *entry =
                kb_map_add(&model->node_addresses, bytes_of(&net->nodes.at[i].ips[k]), &is_new);
            entry->value.u = is_new || entry->value.u == i ? i : UINT64_MAX;
        }
    }
    const struct kb_map_entry *entry =
        pod->host_ip.family == 0 ? NULL : kb_map_find(&model->node_addresses, bytes_of(&pod->host_ip));
    return entry == NULL || (entry->value.u != UINT64_MAX && kb_str_eq(net->nodes.at[entry->value.u].name, pod->node));
}

kb_net_ports kb_net_node_ports(struct kb_net_model *model, const struct kb_net_pod *pod)
{
    struct kb_net_world *net = &model->net;
    const struct kb_net_class *cls = &net->classes.at[pod->cls];
    if (cls->plain == 0 || cls->exempt || !is_at_home(model, pod)) {
        return ask_alone(net, pod);
    }
    struct {
        const void *side;
        uint64_t family;
    } key = {cls->sides[KB_NET_EGRESS], cls->plain};
    bool is_new;
    struct kb_map_entry *entry =
        kb_map_add(&model->node_answers, (struct kb_str){(const char *)&key, sizeof key}, &is_new);
    if (is_new) {
        struct node_answer *answer = KB_NEW(&model->arena, struct node_answer);
        ask_nodes(net, pod, answer);
        entry->value.ptr = answer;
    }
    const struct node_answer *answer = entry->value.ptr;
    return answer->lost ? ask_alone(net, pod) : sum_of(net, answer, pod->node);
}
