/* Two ways to the same sets, compared. */
#include "facts/net_compare.h"

#include "base/limits.h"
#include "network/expected.h"

enum { ON_ITS_WAY_S = 120 };

/* What one side says of a block in a direction. */
struct side {
    kb_net_ports wanted, found;
    bool open; /* a named port that nobody has: with the control on such names, not here */
};

struct comparing {
    struct kb_net_model *model;
    int64_t now_ns;
    struct kb_map entries; /* "ingress 10.0.0.1/32" to sides */
    struct kb_map pods, young; /* names of pods; addresses of those on their way */
    struct kb_arena arena;
    struct kb_buf text;
};

static bool is_young(const struct comparing *c, const struct kb_net_pod *pod)
{
    return pod->created_ns != INT64_MIN &&
           c->now_ns - pod->created_ns < (int64_t)ON_ITS_WAY_S * 1000000000;
}

static struct side *side_of(struct comparing *c, enum kb_net_direction direction, struct kb_str block)
{
    bool is_new;
    struct kb_str key = kb_arena_printf(&c->arena, "%s %.*s", kb_net_direction_name(direction),
                                        KB_FMT(block));
    struct kb_map_entry *entry = kb_map_add(&c->entries, key, &is_new);
    if (is_new) {
        struct side *side = KB_NEW(&c->arena, struct side);
        side->wanted = side->found = KB_NET_NO_PORTS;
        entry->value.ptr = side;
    }
    return entry->value.ptr;
}

static void want(void *ctx, const struct kb_net_entry *entry)
{
    struct comparing *c = ctx;
    kb_buf_clear(&c->text);
    kb_cidr_format(&entry->block, &c->text);
    if (entry->pod != NULL && is_young(c, entry->pod)) {
        (void)kb_map_add(&c->young, kb_buf_view(&c->text), NULL);
        return;
    }
    for (size_t i = 0; i < entry->except_count; i++) {
        kb_buf_char(&c->text, '-');
        kb_cidr_format(&entry->excepts[i], &c->text);
    }
    struct side *side = side_of(c, entry->direction, kb_buf_view(&c->text));
    side->open = side->open || entry->unresolved;
    side->wanted = kb_net_ports_union(&c->model->net.ports, side->wanted, entry->ports);
}

static void find_entries(struct comparing *c, uint32_t first)
{
    for (uint32_t e = first; e != UINT32_MAX; e = c->model->endpoints.at[e].next) {
        const struct kb_net_endpoint *endpoint = &c->model->endpoints.at[e];
        for (size_t i = endpoint->entry_first; i < endpoint->entry_end; i++) {
            const struct kb_net_resolved *at = &c->model->resolved.at[i];
            struct side *side = side_of(c, (enum kb_net_direction)at->direction,
                                        c->model->blocks.entries[at->block].key);
            side->found = kb_net_ports_union(&c->model->net.ports, side->found, at->ports);
        }
    }
}

/* Addresses of pods on their way are on neither side. */
static bool is_excused(const struct comparing *c, struct kb_str key)
{
    struct kb_str block;
    (void)kb_str_split(key, ' ', &block);
    return kb_map_find(&c->young, block) != NULL;
}

static void tell_entries(struct comparing *c, struct kb_net_drift *out)
{
    struct kb_net_store *store = &c->model->net.ports;
    for (size_t i = 0; i < c->entries.n; i++) {
        const struct side *side = c->entries.entries[i].value.ptr;
        struct kb_str key = c->entries.entries[i].key;
        if (is_excused(c, key)) {
            continue;
        }
        kb_net_ports lacks = kb_net_ports_without(store, side->wanted, side->found);
        kb_net_ports more = side->open ? KB_NET_NO_PORTS
                                       : kb_net_ports_without(store, side->found, side->wanted);
        struct kb_net_text_list *lists[] = {&out->missing_peers, &out->extra_peers};
        kb_net_ports ports[] = {lacks, more};
        for (int k = 0; k < 2; k++) {
            if (ports[k] != KB_NET_NO_PORTS) {
                struct kb_str text = kb_net_ports_show(&c->model->net, ports[k], lists[k]->arena);
                kb_net_text_add(lists[k], kb_arena_printf(lists[k]->arena, "%.*s %.*s", KB_FMT(key),
                                                          KB_FMT(text)));
            }
        }
    }
}

/* Pods by name: 1 is wanted, 2 was found, 4 does not count. */
static void want_pod(void *ctx, const struct kb_net_pod *pod)
{
    struct comparing *c = ctx;
    bool counts = pod->ip_count > 0 && !is_young(c, pod);
    kb_map_add(&c->pods, pod->name, NULL)->value.u |= counts ? 1 : 4;
}

static void compare_pods(struct comparing *c, const struct kb_net_policy *policy, uint32_t first,
                         struct kb_net_drift *out)
{
    kb_net_selected(&c->model->net, policy, want_pod, c);
    for (uint32_t e = first; e != UINT32_MAX; e = c->model->endpoints.at[e].next) {
        const struct kb_net_endpoint *endpoint = &c->model->endpoints.at[e];
        for (size_t i = endpoint->pod_first; i < endpoint->pod_end; i++) {
            kb_map_add(&c->pods, c->model->endpoint_pods.at[i], NULL)->value.u |= 2;
        }
    }
    for (size_t i = 0; i < c->pods.n; i++) {
        uint64_t state = c->pods.entries[i].value.u;
        struct kb_net_text_list *list = state == 1   ? &out->missing_pods
                                    : state == 2 ? &out->extra_pods
                                                 : NULL;
        if (list != NULL) {
            kb_net_text_add(list, kb_arena_copy(list->arena, c->pods.entries[i].key));
        }
    }
}

void kb_net_compare(struct kb_net_model *model, const struct kb_net_policy *policy, uint32_t first,
                    int64_t now_ns, struct kb_net_drift *out)
{
    struct comparing c = {.model = model, .now_ns = now_ns};
    kb_buf_init(&c.text, KB_MAX_RECORD);
    if (first != UINT32_MAX) {
        kb_net_expect(&model->net, policy, want, &c);
        find_entries(&c, first);
        tell_entries(&c, out);
        compare_pods(&c, policy, first, out);
    }
    kb_buf_done(&c.text);
    kb_map_done(&c.entries);
    kb_map_done(&c.pods);
    kb_map_done(&c.young);
    kb_arena_done(&c.arena);
}
