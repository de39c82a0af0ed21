/* Changes as lines: alike ones of two namespaces are put together. */
#include "run/net_mend_flows.h"

#include "facts/net_change.h"
#include "facts/net_tables.h"

enum { NAMED_MAX = 3 }; /* so many of two namespaces are told by name */

/* Changes between two namespaces, or one and a range, with the same ports. */
struct bundle {
    struct kb_str from, to; /* as one */
    kb_net_ports opened, closed;
    uint64_t count;
    struct kb_net_change first[NAMED_MAX];
};

struct bundling {
    struct kb_arena *arena;
    struct kb_map index;
    KB_VEC(struct bundle) bundles;
    bool opened;
};

static struct kb_str end_text(struct bundling *b, const struct kb_net_change *change,
                              const struct kb_net_group *group, bool whole)
{
    if (group == NULL) {
        return kb_net_range_text(&change->first, &change->last, b->arena);
    }
    return whole ? kb_arena_printf(b->arena, "namespace/%.*s", KB_FMT(group->name_space))
                 : kb_arena_copy(b->arena, group->object);
}

static void on_change(void *ctx, const struct kb_net_change *change)
{
    struct bundling *b = ctx;
    struct kb_str from = end_text(b, change, change->from, true), to = end_text(b, change, change->to, true);
    struct kb_str key = kb_arena_printf(b->arena, "%.*s\n%.*s\n%u\n%u", KB_FMT(from), KB_FMT(to), change->opened,
                                        change->closed);
    bool is_new;
    struct kb_map_entry *entry = kb_map_add(&b->index, key, &is_new);
    if (is_new) {
        entry->value.u = b->bundles.n;
        *KB_VEC_PUSH(&b->bundles) =
            (struct bundle){.from = from, .to = to, .opened = change->opened, .closed = change->closed};
    }
    struct bundle *bundle = &b->bundles.at[entry->value.u];
    if (bundle->count < NAMED_MAX) {
        bundle->first[bundle->count] = *change;
    }
    bundle->count++;
    b->opened = b->opened || change->opened != KB_NET_NO_PORTS;
}

bool kb_net_mend_flows(struct kb_net_model *now, struct kb_net_model *then, const json_t *policies,
                       struct kb_arena *arena, struct kb_net_mend *out)
{
    struct bundling b = {.arena = arena};
    kb_net_changes(now, then, policies, on_change, &b);
    for (size_t i = 0; i < b.bundles.n; i++) {
        const struct bundle *at = &b.bundles.at[i];
        struct kb_str opened = kb_net_ports_show(&now->net, at->opened, arena);
        struct kb_str closed = kb_net_ports_show(&now->net, at->closed, arena);
        if (at->count > NAMED_MAX) {
            *KB_VEC_PUSH(&out->flows) = (struct kb_net_mend_flow){at->from, at->to, opened, closed, at->count};
        }
        for (size_t k = 0; k < at->count && at->count <= NAMED_MAX; k++) {
            const struct kb_net_change *change = &at->first[k];
            *KB_VEC_PUSH(&out->flows) = (struct kb_net_mend_flow){end_text(&b, change, change->from, false),
                                                                  end_text(&b, change, change->to, false), opened,
                                                                  closed, 1};
        }
    }
    kb_map_done(&b.index);
    KB_VEC_DONE(&b.bundles);
    return b.opened;
}
