/* The parts of a NetworkPolicy as JSON. */
#include "facts/net_fix_parts.h"

static json_t *text(struct kb_str s)
{
    return json_stringn(s.p, s.n);
}

static bool is_taken(const struct kb_net_model *model, struct kb_str name_space, struct kb_str name)
{
    bool taken = false;
    for (size_t i = 0; i < model->net.policies.n && !taken; i++) {
        const struct kb_net_policy *at = model->net.policies.at[i];
        taken = at->kind == KB_NET_NETWORK_POLICY && kb_str_eq(at->name_space, name_space) &&
                kb_str_eq(at->name, name);
    }
    return taken;
}

json_t *kb_net_fix_policy(const struct kb_net_model *model, struct kb_str name_space, struct kb_str name,
                          json_t *selector, enum kb_net_direction direction)
{
    struct kb_buf free_name = {.max = 512};
    kb_buf_str(&free_name, name);
    for (unsigned i = 2; is_taken(model, name_space, kb_buf_view(&free_name)); i++) {
        kb_buf_clear(&free_name);
        kb_buf_printf(&free_name, "%.*s-%u", KB_FMT(name), i);
    }
    json_t *policy = json_pack(
        "{s:s, s:s, s:{s:o, s:o}, s:{s:o, s:[s]}}", "apiVersion", "networking.k8s.io/v1", "kind",
        "NetworkPolicy", "metadata", "name", text(kb_buf_view(&free_name)), "namespace", text(name_space), "spec",
        "podSelector", selector, "policyTypes", direction == KB_NET_INGRESS ? "Ingress" : "Egress");
    kb_buf_done(&free_name);
    return policy;
}

void kb_net_fix_rule(json_t *policy, enum kb_net_direction direction, json_t *peers, json_t *ports)
{
    json_t *spec = json_object_get(policy, "spec"), *rule = json_object();
    const char *key = kb_net_direction_name(direction);
    if (json_object_get(spec, key) == NULL) {
        json_object_set_new(spec, key, json_array());
    }
    json_object_set_new(rule, direction == KB_NET_INGRESS ? "from" : "to", peers);
    if (ports != NULL) {
        json_object_set_new(rule, "ports", ports);
    }
    json_array_append_new(json_object_get(spec, key), rule);
}

json_t *kb_net_fix_block(struct kb_str cidr, const char *except)
{
    json_t *block = json_pack("{s:{s:o}}", "ipBlock", "cidr", text(cidr));
    if (except != NULL) {
        json_object_set_new(json_object_get(block, "ipBlock"), "except", json_pack("[s]", except));
    }
    return block;
}

json_t *kb_net_fix_same_namespace(void)
{
    return json_pack("[{s:{}}]", "podSelector");
}

static bool is_resolver(const struct kb_net_group *group)
{
    struct kb_str app = KB_STR("");
    (void)kb_net_labels_get(&group->pod->labels, KB_STR("k8s-app"), &app);
    return kb_str_eq_c(group->name_space, "kube-system") && kb_str_eq_c(app, "kube-dns");
}

json_t *kb_net_fix_dns_peers(const struct kb_net_model *model)
{
    for (size_t i = 0; i < model->groups.n; i++) {
        if (is_resolver(&model->groups.at[i])) {
            return json_pack("[{s:{s:{s:s}}, s:{s:{s:s}}}]", "namespaceSelector", "matchLabels",
                             "kubernetes.io/metadata.name", "kube-system", "podSelector", "matchLabels", "k8s-app",
                             "kube-dns");
        }
    }
    if (model->dns_address.n == 0) {
        return NULL;
    }
    struct kb_buf block = {.max = 128};
    bool v6 = kb_str_find(model->dns_address, KB_STR(":"), 0) != SIZE_MAX;
    kb_buf_printf(&block, "%.*s/%u", KB_FMT(model->dns_address), v6 ? 128U : 32U);
    json_t *peers = json_pack("[o]", kb_net_fix_block(kb_buf_view(&block), NULL));
    kb_buf_done(&block);
    return peers;
}

json_t *kb_net_fix_dns_ports(void)
{
    return json_pack("[{s:s, s:i}, {s:s, s:i}]", "protocol", "UDP", "port", 53, "protocol", "TCP", "port", 53);
}

/* Rules of the other family do nothing where the engine looks at one only. */
json_t *kb_net_fix_all_but_imds(const struct kb_net_model *model)
{
    bool one = model->net.profile->one_family;
    json_t *peers = json_pack("[{s:{}}]", "namespaceSelector");
    if (!one || model->net.family != 6) {
        json_array_append_new(peers, kb_net_fix_block(KB_STR("0.0.0.0/0"), "169.254.169.254/32"));
    }
    if (!one || model->net.family == 6) {
        json_array_append_new(peers, kb_net_fix_block(KB_STR("::/0"), "fd00:ec2::254/128"));
    }
    return peers;
}
