/* What must stay open, as rules. */
#include "facts/net_expect.h"
#include "facts/net_fix_parts.h"

static json_t *world(const struct kb_net_model *model)
{
    json_t *block;
    if (model->net.family == 6) {
        block = kb_net_fix_block(KB_STR("::/0"), "fc00::/7");
    } else {
        static const char *const more[] = {"100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"};
        block = kb_net_fix_block(KB_STR("0.0.0.0/0"), "10.0.0.0/8");
        for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
            json_array_append_new(kb_json_dig(block, "ipBlock", "except", NULL), json_string(more[i]));
        }
    }
    return json_pack("[o]", block);
}

static json_t *address(const struct kb_ip *ip)
{
    struct kb_cidr one = {*ip, ip->family == 4 ? 32 : 128};
    struct kb_buf text = {.max = 128};
    kb_cidr_format(&one, &text);
    json_t *peers = json_pack("[o]", kb_net_fix_block(kb_buf_view(&text), NULL));
    kb_buf_done(&text);
    return peers;
}

static json_t *name_space_peers(struct kb_str name, struct kb_str own)
{
    return kb_str_eq(name, own) ? kb_net_fix_same_namespace()
                                : json_pack("[{s:{s:{s:o}}}]", "namespaceSelector", "matchLabels",
                                            "kubernetes.io/metadata.name", json_stringn(name.p, name.n));
}

json_t *kb_net_fix_end_peers(const struct kb_net_model *model, struct kb_str end, struct kb_str name_space)
{
    struct kb_net_expect_end found = {0};
    json_t *peers = NULL;
    struct kb_str prefix = KB_STR("namespace/");
    if (!kb_net_expect_end_find(model, end, &found)) {
        peers = NULL;
    } else if (found.world) {
        peers = world(model);
    } else if (found.address) {
        peers = address(&found.ip);
    } else if (kb_str_starts(end, prefix)) {
        peers = name_space_peers(kb_str_sub(end, prefix.n, end.n), name_space);
    } else {
        json_t *peer = kb_net_fix_peer(model, found.groups.at[0], name_space);
        peers = peer == NULL ? NULL : json_pack("[o]", peer);
    }
    KB_VEC_DONE(&found.groups);
    return peers;
}

json_t *kb_net_fix_end_ports(struct kb_str port)
{
    struct kb_net_range range = {0};
    if (port.n == 0 || !kb_net_expect_port(port, &range)) {
        return NULL;
    }
    return json_pack("[{s:s, s:i}]", "protocol", kb_net_protocol_name((enum kb_net_protocol)range.protocol),
                     "port", (int)range.first);
}

/* Whether the end is, or holds, the group; and whether it is of the group's own namespace alone. */
static bool holds_group(const struct kb_net_model *model, struct kb_str end, const struct kb_net_group *group,
                        bool *own)
{
    struct kb_net_expect_end found = {0};
    bool holds = false;
    (void)kb_net_expect_end_find(model, end, &found);
    *own = found.groups.n > 0;
    for (size_t i = 0; i < found.groups.n; i++) {
        holds = holds || found.groups.at[i] == group;
        *own = *own && kb_str_eq(found.groups.at[i]->name_space, group->name_space);
    }
    KB_VEC_DONE(&found.groups);
    return holds;
}

/* The entry's other end, where the entry is about the group in this direction and not about its namespace alone. */
static bool concerns(const struct kb_net_fix_question *q, struct kb_str text, const struct kb_net_group *group,
                     enum kb_net_direction direction, struct kb_net_expectation *out)
{
    bool own = false;
    if (!kb_net_expectation_read(text, out) || !out->must) {
        return false;
    }
    bool in = direction == KB_NET_INGRESS;
    struct kb_str other = in ? out->from : out->to;
    return holds_group(q->model, in ? out->to : out->from, group, &own) &&
           (holds_group(q->model, other, group, &own), !own);
}

bool kb_net_fix_keeps(const struct kb_net_fix_question *q, const struct kb_net_group *group,
                      enum kb_net_direction direction)
{
    struct kb_net_expectation e;
    bool keeps = false;
    for (size_t i = 0; i < q->keep_count && !keeps; i++) {
        keeps = concerns(q, q->keep[i], group, direction, &e);
    }
    return keeps;
}

void kb_net_fix_keep(const struct kb_net_fix_question *q, const struct kb_net_group *group,
                     enum kb_net_direction direction, json_t *policy)
{
    for (size_t i = 0; i < q->keep_count; i++) {
        struct kb_net_expectation e;
        if (!concerns(q, q->keep[i], group, direction, &e)) {
            continue;
        }
        json_t *peers = kb_net_fix_end_peers(q->model, direction == KB_NET_INGRESS ? e.from : e.to,
                                             group->name_space);
        if (peers != NULL) { /* else the trial will tell that it is shut */
            kb_net_fix_rule(policy, direction, peers, kb_net_fix_end_ports(e.port));
        }
    }
}
