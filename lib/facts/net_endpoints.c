/* PolicyEndpoints, kept small: names of pods, and blocks and ports by number. */
#include "base/limits.h"
#include "facts/net_take.h"

enum { ENTRIES_MAX = 4 << 20, PODS_MAX = 1 << 20 };

/* One address is a block of itself. */
static bool read_block(struct kb_str text, struct kb_cidr *out)
{
    if (!kb_failed(kb_cidr_parse(text, out, NULL))) {
        *out = kb_cidr_masked(out);
        return true;
    }
    out->bits = 32;
    bool read = !kb_failed(kb_ip_parse(text, &out->ip, NULL));
    out->bits = read && out->ip.family == 6 ? 128 : 32;
    return read;
}

static bool read_port(const json_t *json, struct kb_net_range *out)
{
    struct kb_str protocol = KB_STR("TCP");
    int64_t first = 1, last = KB_NET_PORT_MAX;
    (void)kb_json_str(json, "protocol", &protocol);
    if (kb_json_i64(json, "port", &first)) {
        last = first;
        (void)kb_json_i64(json, "endPort", &last);
    }
    bool fits = first >= 1 && last >= first && last <= KB_NET_PORT_MAX &&
                kb_net_protocol_find(protocol, &out->protocol);
    out->first = (uint16_t)first;
    out->last = (uint16_t)last;
    return fits;
}

static kb_net_ports read_ports(struct kb_net_model *model, const json_t *list)
{
    size_t n = 0, i;
    json_t *port;
    struct kb_net_range *ranges = kb_alloc((json_array_size(list) + 1) * sizeof *ranges);
    json_array_foreach(list, i, port) {
        n += read_port(port, &ranges[n]);
    }
    kb_net_ports ports = json_array_size(list) == 0
                             ? KB_NET_ALL_PORTS
                             : kb_net_ports_make(&model->net.ports, ranges, n);
    kb_free(ranges);
    return ports;
}

/* "10.0.0.0/8-10.1.0.0/16": excepts do not come into the comparison's order. */
static void write_block(const struct kb_cidr *block, const json_t *excepts, struct kb_buf *out)
{
    size_t i;
    json_t *except;
    kb_cidr_format(block, out);
    json_array_foreach(excepts, i, except) {
        struct kb_cidr cut;
        if (read_block(kb_json_view(except), &cut)) {
            kb_buf_char(out, '-');
            kb_cidr_format(&cut, out);
        }
    }
}

static void take_entries(struct kb_net_model *model, const json_t *list,
                         enum kb_net_direction direction, struct kb_buf *text)
{
    size_t i;
    json_t *entry;
    json_array_foreach(list, i, entry) {
        struct kb_cidr block;
        struct kb_str cidr = KB_STR("");
        bool is_new;
        (void)kb_json_str(entry, "cidr", &cidr);
        if (!read_block(cidr, &block)) {
            continue; /* a name of a domain: only Auto Mode knows what it stands for */
        }
        if (model->resolved.n >= ENTRIES_MAX) {
            model->lost = true;
            return;
        }
        kb_buf_clear(text);
        write_block(&block, kb_json_array(entry, "except"), text);
        struct kb_map_entry *known = kb_map_add(&model->blocks, kb_buf_view(text), &is_new);
        if (is_new) {
            known->value.u = model->blocks.n - 1;
        }
        *KB_VEC_PUSH(&model->resolved) =
            (struct kb_net_resolved){.block = (uint32_t)known->value.u,
                                     .ports = read_ports(model, kb_json_array(entry, "ports")),
                                     .direction = (uint8_t)direction};
    }
}

static void take_pods(struct kb_net_model *model, const json_t *list)
{
    size_t i;
    json_t *pod;
    json_array_foreach(list, i, pod) {
        struct kb_str name = KB_STR("");
        if (model->endpoint_pods.n >= PODS_MAX) {
            model->lost = true;
        } else if (kb_json_str(pod, "name", &name)) {
            *KB_VEC_PUSH(&model->endpoint_pods) = kb_map_intern(&model->names, name);
        }
    }
}

void kb_net_take_endpoint(struct kb_net_model *model, const struct kb_object *object)
{
    const json_t *spec = kb_json_object(object->json, "spec");
    const json_t *of = kb_json_object(spec, "policyRef");
    struct kb_str name = KB_STR(""), name_space = object->name_space;
    struct kb_buf text;
    bool is_new;
    (void)kb_json_str(of, "name", &name);
    (void)kb_json_str(of, "namespace", &name_space);
    struct kb_net_endpoint endpoint = {
        .at = kb_net_named_of(model, object),
        .policy = kb_arena_printf(&model->arena, "%.*s/%.*s", KB_FMT(name_space), KB_FMT(name)),
        .pod_first = model->endpoint_pods.n,
        .entry_first = model->resolved.n,
    };
    kb_buf_init(&text, KB_MAX_RECORD);
    take_pods(model, kb_json_array(spec, "podSelectorEndpoints"));
    take_entries(model, kb_json_array(spec, "ingress"), KB_NET_INGRESS, &text);
    take_entries(model, kb_json_array(spec, "egress"), KB_NET_EGRESS, &text);
    kb_buf_done(&text);
    endpoint.pod_end = model->endpoint_pods.n;
    endpoint.entry_end = model->resolved.n;
    struct kb_map_entry *first = kb_map_add(&model->policy_endpoints, endpoint.policy, &is_new);
    endpoint.next = is_new ? UINT32_MAX : (uint32_t)first->value.u;
    first->value.u = model->endpoints.n;
    *KB_VEC_PUSH(&model->endpoints) = endpoint;
}
